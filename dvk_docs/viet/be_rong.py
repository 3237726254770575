"""Bề rộng: the widths of Times New Roman, in 2048ths of the em: what a face must have to break lines as Word does.

Measured on Liberation Serif 2.1.5, which was made to these widths; Tinos 1.33 has the same. An accented letter is as
wide as its base letter (ơ and ư are bases of their own).

>>> round(width_of("ầ", False, False) * 2048) == round(width_of("a", False, False) * 2048) == 909
True
>>> round(be_rong("Độc lập - Tự do - Hạnh phúc", 13, dam=True), 1)  # mm
56.1
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

PLAIN = "".join(map(chr, range(32, 127))) + "đĐơƠưƯ‘’“”–—…"
_VOWELS = "aăâeêioôơuưy"
_TONES = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
_HORNS = {"o": "ơ", "u": "ư", "O": "Ơ", "U": "Ư"}


def _letters() -> Iterator[str]:
    for vowel in _VOWELS:
        for tone in _TONES:
            letter = unicodedata.normalize("NFC", vowel + tone)
            yield from (letter, letter.upper())
    yield from "đĐ"


VIETNAMESE = "".join(x for x in dict.fromkeys(_letters()) if not x.isascii())
"""The 134 letters of Vietnamese beyond ASCII."""

_REGULAR = """
512 682 836 1024 1024 1706 1593 369 682 682 1024 1155 512 682 512 569 1024 1024 1024 1024 1024 1024 1024 1024 1024
1024 569 569 1155 1155 1155 909 1886 1479 1366 1366 1479 1251 1139 1479 1479 682 797 1479 1251 1821 1479 1479 1139
1479 1366 1139 1251 1479 1479 1933 1479 1479 1251 682 569 682 961 1024 682 909 1024 909 1024 909 682 1024 1024 569 569
1024 569 1593 1024 1024 1024 1024 682 797 569 1024 1024 1479 1024 1024 909 983 410 983 1108 1024 1479 1083 1479 1110
1589 682 682 909 909 1024 2048 2048
"""
_BOLD = """
512 682 1137 1024 1024 2048 1706 569 682 682 1024 1167 512 682 512 569 1024 1024 1024 1024 1024 1024 1024 1024 1024
1024 682 682 1167 1167 1167 1024 1905 1479 1366 1479 1479 1366 1251 1593 1593 797 1024 1593 1366 1933 1479 1593 1251
1593 1479 1139 1366 1479 1479 2048 1479 1479 1366 682 569 682 1190 1024 682 1024 1139 909 1139 909 682 1024 1139 569
682 1139 569 1706 1139 1024 1139 1139 909 797 682 1139 1024 1479 1024 1024 909 807 451 807 1065 1139 1479 1134 1593
1229 1630 682 682 1024 1024 1024 2048 2048
"""
_ITALIC = """
512 682 860 1024 1024 1706 1593 438 682 682 1024 1382 512 682 512 569 1024 1024 1024 1024 1024 1024 1024 1024 1024
1024 682 682 1382 1382 1382 1024 1884 1251 1251 1366 1479 1251 1251 1479 1479 682 909 1366 1139 1706 1366 1479 1251
1479 1251 1024 1139 1479 1251 1706 1251 1139 1139 797 569 797 864 1024 682 1024 1024 909 1024 909 569 1024 1024 569
569 909 569 1479 1024 1024 1024 1024 797 797 569 1024 909 1366 909 909 797 819 563 819 1108 1024 1479 1093 1479 1117
1544 682 682 1139 1139 1024 1821 1821
"""
_BOLD_ITALIC = """
512 797 1137 1024 1024 1706 1593 569 682 682 1024 1167 512 682 512 569 1024 1024 1024 1024 1024 1024 1024 1024 1024
1024 682 682 1167 1167 1167 1024 1704 1366 1366 1366 1479 1366 1366 1479 1593 797 1024 1366 1251 1821 1479 1479 1251
1479 1366 1139 1251 1479 1366 1821 1366 1251 1251 682 569 682 1167 1024 682 1024 1024 909 1024 909 682 1024 1139 569
569 1024 569 1593 1139 1024 1024 1024 797 797 569 1139 909 1366 1024 909 797 713 451 713 1167 1024 1479 1099 1479 1227
1587 682 682 1024 1024 1024 2048 2048
"""

WIDTHS = {
    (bold, italic): dict(zip(PLAIN, (int(x) / 2048 for x in row.split()), strict=True))
    for bold, italic, row in (
        (False, False, _REGULAR),
        (True, False, _BOLD),
        (False, True, _ITALIC),
        (True, True, _BOLD_ITALIC),
    )
}


def base(letter: str) -> str:
    """The letter whose width this one has."""
    parts = unicodedata.normalize("NFD", letter)
    return _HORNS.get(parts[0], parts[0]) if "\u031b" in parts else parts[0]


def width_of(letter: str, bold: bool, italic: bool) -> float:
    """The width of a letter of `PLAIN` or `VIETNAMESE`, as part of the em."""
    return WIDTHS[bold, italic][letter if letter in PLAIN else base(letter)]


def be_rong(chu: object, co: float, dam: bool = False, nghieng: bool = False) -> float:
    """How wide the words are on one line, in mm, at `co` points; of several lines (a list) the widest.

    A letter that Times New Roman is not measured for counts as an n.

    >>> be_rong(["a", "aa"], 14) == be_rong("aa", 14) > be_rong("", 14) == 0
    True
    """
    if isinstance(chu, (list, tuple)):
        return max((be_rong(dong, co, dam, nghieng) for dong in chu), default=0.0)
    letters = unicodedata.normalize("NFC", "" if chu is None else str(chu))
    known = (x if x in PLAIN or x in VIETNAMESE else "n" for x in letters)
    return sum(width_of(x, dam, nghieng) for x in known) * co * 25.4 / 72
