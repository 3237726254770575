"""The words of a passage with their places, and which neighbours are one word of the language."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from ..viet.kieu_dau import to_moi
from . import lexicon

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")


@dataclass(frozen=True, slots=True)
class Word:
    """One written syllable: where it stands, as typed, for comparing, and what stands before it."""

    start: int
    end: int
    typed: str
    key: str
    gap: str  # between the word before and this one: " ", ", ", " - " ...; "|" where nothing may go across

    @property
    def joined(self) -> bool:
        return self.gap == " "


def tail(text: str, at: int, size: int) -> str:
    """The `size` letters before `at`: what a rule looks back on, whatever the length of the text."""
    return text[max(0, at - size) : at]


def same_length_key(text: str) -> str:
    """`lexicon.key` without touching spaces, of the same length as the text."""
    small = text.lower()
    if len(small) != len(text):
        small = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    return to_moi(small)


def words_of(text: str) -> list[Word]:
    """The words of a text in order."""
    small = same_length_key(text)
    found: list[Word] = []
    before = 0
    for match in _WORD.finditer(text):
        gap = " ".join(text[before : match.start()].split()) if found else "|"
        between = text[before : match.start()]
        hyphen = gap in ("-", "–") and between != gap  # with a space beside it: kinh tế - xã hội, not dang-ky
        shown = " " if between and not gap else ", " if gap == "," else " - " if hyphen else "|"
        found.append(Word(match.start(), match.end(), match.group(), small[match.start() : match.end()], shown))
        before = match.end()
    return found


@lru_cache(maxsize=1)
def known_words() -> frozenset[tuple[str, ...]]:
    """Every compound, office phrase and pair that is right, as syllables."""
    right = (lexicon.syllables_of(pair) for pair in lexicon.table("tieng")["dung"])
    return lexicon.compounds() | lexicon.phrases() | frozenset(right)


@lru_cache(maxsize=1)
def known_pairs() -> frozenset[tuple[str, ...]]:
    """Every two neighbouring syllables of a compound or of an office phrase."""
    return frozenset(pair for word in known_words() for pair in pairwise(word))


def pairs(words: Sequence[Word]) -> list[bool]:
    """For each word, whether it and the word after it are neighbours in a known word."""
    known = known_pairs()
    found = [b.joined and (a.key, b.key) in known for a, b in pairwise(words)]
    return [*found, False]


@lru_cache(maxsize=1)
def light_words() -> frozenset[str]:
    """Function words and very common single words."""
    return frozenset(lexicon.key(lexicon.table("tieng")["hu_tu"]).split())
