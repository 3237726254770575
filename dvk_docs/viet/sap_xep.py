"""Sắp xếp: Vietnamese ABC order. Letters come first, tones only break ties: ngang, huyền, hỏi, ngã, sắc, nặng.

Source: Unicode CLDR, collation vi (ă â đ ê ô ơ ư are letters of their own; ch, ng, th ... are not). Lists of people
go by given name, then family and middle names.

>>> sorted("mạ má mã mả mà ma".split(), key=khoa)
['ma', 'mà', 'mả', 'mã', 'má', 'mạ']
>>> sorted(["Trần Văn Đạt", "Lê Thị Dũng", "Bùi Văn An"], key=khoa_ten)
['Bùi Văn An', 'Lê Thị Dũng', 'Trần Văn Đạt']
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping

from . import kieu_dau

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_RANK = {letter: (3, at) for at, letter in enumerate(_LETTERS)}
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}

Key = tuple[tuple[tuple[int, int], ...], tuple[int, ...], str]


def khoa(text: str) -> Key:
    """The key of a text: ranks of its letters, then its tones, then the text itself (capitals first)."""
    letters: list[tuple[int, int]] = []
    tones: list[int] = []
    plain = kieu_dau.to_moi(unicodedata.normalize("NFC", text.casefold()))
    for letter in plain:
        base, tone = _split(letter)
        letters.append(_rank(base))
        tones.append(tone)
    return tuple(letters), tuple(tones), text


def khoa_ten(ho_ten: str) -> tuple[Key, Key]:
    """The key of a person: the given name (the last word), then what stands before it."""
    before, _, given = " ".join(ho_ten.split()).rpartition(" ")
    return khoa(given), khoa(before)


def _split(letter: str) -> tuple[str, int]:
    """A letter without its tone, and the rank of the tone: ậ -> â, 5."""
    marks = unicodedata.normalize("NFD", letter)
    tone = next((_TONES[m] for m in marks if m in _TONES), 0)
    return unicodedata.normalize("NFC", "".join(m for m in marks if m not in _TONES)), tone


def _rank(base: str) -> tuple[int, int]:
    """Spaces before marks, marks before digits, digits before letters, then every other letter by its code."""
    if base in _RANK:
        return _RANK[base]
    if base.isspace():
        return 0, 0
    first = ord(base[0]) if base else 0
    return (2, first) if base.isdigit() else (4, first) if base.isalpha() else (1, first)


def sap_theo_ten(rows: Iterable[Any], attribute: str | None = None) -> list[Any]:
    """Return the rows in ABC order by given name; equal names keep their order.

    `attribute`: the field with the name, dots lead into a record (`nguoi.ho_ten`); without it, texts are names and
    records have `ho_ten`.
    """
    return sorted(rows, key=lambda row: khoa_ten(_name(row, attribute)))


def _name(row: Any, attribute: str | None) -> str:
    if attribute is None and isinstance(row, str):
        return row
    for part in (attribute or "ho_ten").split("."):
        row = row.get(part) if isinstance(row, Mapping) else None
    return "" if row is None else str(row)
