"""Kiểu dấu: where the tone mark stands in oa, oe, uy: `moi` (hoà, khoẻ, uỷ) or `cu` (hòa, khỏe, ủy).

The mark is moved only in an open syllable and never after q: soát, hoạch, quý stay as they are. Texts are NFC and keep
their length. Source: Quyết định 1989/QĐ-BGDĐT, Điều 8 (`moi`); the Party's papers print `moi`, many offices type `cu`.

>>> to_cu("Đảng uỷ, hoá, khoẻ, UỶ BAN; quý, soát, hoạch, ngoài")
'Đảng ủy, hóa, khỏe, ỦY BAN; quý, soát, hoạch, ngoài'
>>> to_moi("Đảng ủy, hóa, khỏe, ỦY BAN; quý, soát")
'Đảng uỷ, hoá, khoẻ, UỶ BAN; quý, soát'
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from ..errors import FieldInvalid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    KieuDau = Literal["moi", "cu"]

TONES = "\u0300\u0301\u0303\u0309\u0323"  # huyền, sắc, ngã, hỏi, nặng
_PAIRS = (("o", "a"), ("o", "e"), ("u", "y"))


def _toned(letter: str) -> str:
    """The five toned forms of `letter`, small and capital, in one fixed order."""
    return "".join(unicodedata.normalize("NFC", base + tone) for base in (letter, letter.upper()) for tone in TONES)


_AFTER = r"(?![^\W\d_]|[\u0300-\u036f])"  # an open syllable: no letter and no loose mark follows


@cache
def _before() -> str:
    """No vowel and no q stands before."""
    vowels = "aeiouy" + "".join(_toned(v) for v in "aăâeêioôơuưy") + "ăâêôơư"
    return rf"(?<![q{vowels}{(vowels + 'q').upper()}])"


@cache
def _typed(kieu: KieuDau) -> re.Pattern[str]:
    """The syllables that are typed in this way; compiled when they are first looked for."""
    return _pattern("cu" if kieu == "moi" else "moi")


def _pattern(to: KieuDau) -> re.Pattern[str]:
    pairs = [f"[{a}{a.upper()}][{_toned(b)}]" if to == "cu" else f"[{_toned(a)}][{b}{b.upper()}]" for a, b in _PAIRS]
    return re.compile(f"{_before()}(?:{'|'.join(pairs)}){_AFTER}")


def _swap(found: re.Match[str]) -> str:
    """The two vowels with the tone mark on the other one; each letter keeps its case."""
    marks = unicodedata.normalize("NFD", found.group())  # o a tone, or o tone a
    moved = marks[0] + marks[2] + marks[1]
    return unicodedata.normalize("NFC", moved)


def to_moi(text: str) -> str:
    """Return `text` with the mark on the main vowel: uỷ, hoá, khoẻ."""
    return _typed("cu").sub(_swap, text)


def to_cu(text: str) -> str:
    """Return `text` with the mark on the first vowel: ủy, hóa, khỏe."""
    return _typed("moi").sub(_swap, text)


def chuyen(text: str, kieu: str) -> str:
    """Return `text` in the office's tone placement, `moi` or `cu`; raise `FieldInvalid` for any other word."""
    if kieu not in ("moi", "cu"):
        raise FieldInvalid(f"Kiểu dấu “{kieu}” không có; hãy chọn “moi” (uỷ) hoặc “cu” (ủy).", "no_such_kieu_dau")
    return to_moi(text) if kieu == "moi" else to_cu(text)


def dem(text: str) -> tuple[int, int]:
    """Count the syllables of `text` typed in each way: (moi, cu). Both above zero: the text mixes them.

    >>> dem("Đảng uỷ xã, Ủy ban")
    (1, 1)
    """
    return len(_typed("moi").findall(text)), len(_typed("cu").findall(text))


moi, cu, theo = to_moi, to_cu, chuyen
