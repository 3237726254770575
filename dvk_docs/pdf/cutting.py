"""Faces cut to the letters that a PDF shows, and how letters are coded in its strings.

Each face is embedded as one subset that is the same in every document (ASCII, the Vietnamese letters, common signs), so
that it is cut once, and kept between runs; a rare sign goes to a further subset of its own. Which library cuts is the
business of `paint`.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from dvk_docs import kept
from dvk_docs.viet.be_rong import VIETNAMESE

from .truetype import Face

SIGNS = "‘’“”–—…•·°×±§½€₫²³≤≥"
_BLANK, _HARD_BLANK = 32, 0xA0  # a hard blank is drawn, and copied, as a blank
_MOST_RARE = 255 - 33  # letters in a further subset: code 0 is for none, 32 for the blank
_ESCAPED = {0x0D: r"\r", 0x28: r"\(", 0x29: r"\)", 0x5C: r"\\"}  # ISO 32000-1, 7.3.4.2
_CODE = ("pdf/cutting.py", "pdf/paint.py", "pdf/truetype.py")


class Cut(NamedTuple):
    """The objects of one font of a PDF as they are written, but for the references between them."""

    program: bytes  # stream: the TrueType file
    to_text: bytes  # stream: the letters by their codes
    descriptor: bytes  # dictionary, still open: a reference to the program and “>>” are to follow
    font: bytes  # dictionary, still open: name, descriptor, to_text and “>>” are to follow


Cutter: TypeAlias = Callable[[Face, Sequence[int], int], Cut]  # (face, letters by code, number of the subset)


def stream(data: bytes, entries: bytes = b"") -> bytes:
    """A stream object of `data`, deflated; `entries` are further ones of its dictionary."""
    small = zlib.compress(data)
    return b"<< /Filter /FlateDecode /Length %d%s >>\nstream\n%s\nendstream" % (len(small), entries, small)


class RareLetter(Exception):
    """A letter that is not in the fixed subset."""


class _Codes(dict[int, str]):
    """Each letter as it is written in a string, by its code point."""

    def __init__(self, letters: Iterable[int]) -> None:
        found = {letter: _ESCAPED.get(code, chr(code)) for code, letter in enumerate(letters) if letter}
        super().__init__(found | {_HARD_BLANK: " "})

    def __missing__(self, letter: int) -> str:
        raise RareLetter(letter)


@lru_cache(maxsize=16)
def fixed_letters(face: Face) -> tuple[int, ...]:
    """The letter of each code in the fixed subset of a face; 0 where there is none. ASCII has its own codes."""
    codes = [0] * 256
    codes[32:127] = range(32, 127)
    free = [*range(1, 32), *range(127, 256)]
    letters = [ord(letter) for letter in VIETNAMESE + SIGNS if ord(letter) in face.widths]
    for code, letter in zip(free, letters, strict=False):
        codes[code] = letter
    return tuple(codes)


@lru_cache(maxsize=16)
def _fixed_codes(letters: tuple[int, ...]) -> _Codes:
    return _Codes(letters)


def kept_cut(face: Face, letters: Sequence[int], number: int, cut: Cutter, maker: str) -> Cut:
    """What `cut` gives, from an earlier run where it was kept; `maker` names the library and its version."""
    if not face.digest:
        return cut(face, letters, number)
    name = kept.key("cut", maker, zlib.ZLIB_RUNTIME_VERSION, kept.version(_CODE), face.digest, repr((letters, number)))
    found = kept.read(name)
    if found is None:
        found = cut(face, letters, number)
        kept.write(name, tuple(found))
    return Cut(*found)


class Type:
    """One face in one document: its subsets, the fixed one first."""

    def __init__(self, face: Face) -> None:
        self.face = face
        self.name = ""  # in the document; given by the painter when the first words are written
        self.subsets: list[list[int]] = [list(fixed_letters(face))]
        self._codes: list[Mapping[int, str]] = [_fixed_codes(tuple(self.subsets[0]))]
        self._rare: dict[int, tuple[int, str]] = {}  # letter -> subset and how it is written

    def coded(self, words: str) -> list[tuple[int, str]]:
        """`words` as strings of a PDF, without the brackets, each with the number of its subset."""
        try:
            return [(0, words.translate(self._codes[0]))]
        except RareLetter:
            return self._parted(words)

    def _parted(self, words: str) -> list[tuple[int, str]]:
        out: list[tuple[int, str]] = []
        for letter in map(ord, words):
            try:
                subset, written = 0, self._codes[0][letter]
            except RareLetter:
                subset, written = self._rare.get(letter) or self._add(letter)
            if out and out[-1][0] == subset:
                out[-1] = (subset, out[-1][1] + written)
            else:
                out.append((subset, written))
        return out

    def _add(self, letter: int) -> tuple[int, str]:
        """Give a rare letter its code."""
        if len(self._rare) % _MOST_RARE == 0:
            self.subsets.append([0] * _BLANK + [_BLANK])
        subset = self.subsets[-1]
        code = len(subset)
        subset.append(letter)
        self._rare[letter] = (len(self.subsets) - 1, _ESCAPED.get(code, chr(code)))
        return self._rare[letter]
