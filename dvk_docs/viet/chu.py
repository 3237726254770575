"""Chữ: typed text made fit to print, and the keys by which two spellings of one name are found to be one.

Text is NFC everywhere after `clean`. Nothing is guessed: `clean` changes only what cannot be seen or is the wrong code
of a right letter, and `sua` says what was changed. Source: TCVN 6909:2001; comparing: biểu mẫu, mục Chuẩn chữ.

>>> clean("  Ðảng\\u00a0bộ\\u200b ") == "Đảng bộ"
True
>>> illegal("a\\x07b")
[(1, 'U+0007')]
>>> so_sanh("Uỷ ban – MTTQ") == so_sanh("ủy  ban-MTTQ")
True
>>> fold("Đảng uỷ  xã “Bình An”")
'dang uy xa "binh an"'
"""

from __future__ import annotations

import re
import unicodedata

from . import kieu_dau

_ZERO_WIDTH = "[\u00ad\u200b\u200c\u200d\u2060\ufeff]"
_WIDE_SPACE = "[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]"
_LINE_END = "\r\n|[\r\x0b\x0c\x85\u2028\u2029]"
_LOOKALIKE = str.maketrans({"\u00d0": "Đ", "\u0189": "Đ", "\u00f0": "đ"})
_EDGES = r"(?<![ \t])[ \t]++(?=\n|\Z)"
_TO_MEND = re.compile(f"{_LINE_END}|{_ZERO_WIDTH}|{_WIDE_SPACE}|[\u00d0\u0189\u00f0]|[ \\t](?=\\n|\\Z)")
_DASH = " ?[-\u2010-\u2015\u2212\ufe58\ufe63\uff0d] ?"
_DOUBLE = "[\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033\uff02]|''"
_ILLEGAL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")  # Cc but \n \t, Cs, two that are none
_SINGLE = "[\u2018\u2019\u201a\u201b\u2032\u02bc\uff07`´]"


def nfc(text: str) -> str:
    """Return `text` in composed Unicode."""
    return unicodedata.normalize("NFC", text)


def clean(text: str) -> str:
    """Return `text` in NFC, without unseen characters or spaces at the ends; lines end in a plain newline."""
    return sua(text)[0]


def sua(text: str) -> tuple[str, tuple[str, ...]]:
    """Return the cleaned text and the codes of what was changed: nfc, line_end, space, unseen, lookalike, edges.

    >>> sua("Ð a ")
    ('Đ a', ('lookalike', 'edges'))
    """
    if not _TO_MEND.search(text) and unicodedata.is_normalized("NFC", text) and text == text.strip():
        return text, ()  # as nearly every text is
    steps = (
        ("line_end", lambda t: re.sub(_LINE_END, "\n", t)),
        ("unseen", lambda t: re.sub(_ZERO_WIDTH, "", t)),
        ("space", lambda t: re.sub(_WIDE_SPACE, " ", t)),
        ("lookalike", lambda t: t.translate(_LOOKALIKE)),
        ("nfc", nfc),
        ("edges", lambda t: re.sub(_EDGES, "", t).strip()),
    )
    done: list[str] = []
    for code, step in steps:
        after = step(text)
        if after != text:
            done.append(code)
        text = after
    return text, tuple(done)


def illegal(text: str) -> list[tuple[int, str]]:
    """Return (index, U+XXXX) of each character no Word file can hold: controls but \\n \\t, surrogates, U+FFFE, U+FFFF.

    Source: XML 1.0, production [2] Char; the C1 controls are refused too, no font draws them.
    """
    return [(found.start(), f"U+{ord(found[0]):04X}") for found in _ILLEGAL.finditer(text)]


def so_sanh(text: str) -> str:
    """The key under which two spellings of one name are equal; accents count.

    Case, spaces, dashes, quotes and tone placement do not count.
    """
    return _same_marks(kieu_dau.to_moi(nfc(clean(text).casefold())))


def fold(text: str) -> str:
    """The key for searching: like `so_sanh`, and without accents. Two different names may share it (số, sở)."""
    return _same_marks(bo_dau(so_sanh(text)).casefold())


def bo_dau(text: str) -> str:
    """Return `text` without tone and vowel marks, đ as d.

    >>> bo_dau("Đường Nguyễn Văn Cừ")
    'Duong Nguyen Van Cu'
    """
    letters = unicodedata.normalize("NFD", text.translate(str.maketrans("đĐ", "dD")))
    return nfc("".join(c for c in letters if not unicodedata.combining(c)))


def _same_marks(text: str) -> str:
    text = re.sub(_SINGLE, "'", text)
    text = re.sub(_DOUBLE, '"', text)
    return re.sub(_DASH, "-", " ".join(text.split()))
