"""A Vietnamese syllable: onset, rime and tone, and whether they go together. The tables are data
(chinh-ta/am-tiet.toml).

Source: the spelling rules of Quyết định 1989/QĐ-BGDĐT; a stopped rime (-c -ch -p -t) has only two tones.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from ..viet.kieu_dau import TONES
from . import lexicon

_FREE = ("oa", "oe", "uy")  # the open rimes whose mark may stand on either vowel
_MARKED = "ăâêôơư"
_SHARP_HEAVY = ("\u0301", "\u0323")


@dataclass(frozen=True, slots=True)
class Parts:
    onset: str
    rime: str
    tone: str  # a combining mark, or ""
    at: int  # the letter of the rime that carries the mark; -1 where there is none


@lru_cache(maxsize=20_000)
def toneless(word: str) -> tuple[str, str, int]:
    """A word in small letters without its tone mark, the mark, and the letter that carried it."""
    letters, tone, at = "", "", -1
    for n, letter in enumerate(word.lower()):
        marks = unicodedata.normalize("NFD", letter)
        found = [m for m in marks if m in TONES]
        if found:
            tone, at = tone + "".join(found), n
        letters += unicodedata.normalize("NFC", "".join(m for m in marks if m not in TONES))
    return letters, tone, at


def split(word: str) -> Parts | None:
    """The onset, rime and tone of a syllable; None where no onset and rime of the tables give it."""
    tables = lexicon.syllable_tables()
    letters, tone, at = toneless(word)
    if len(tone) > 1:
        return None
    for size in (3, 2, 1, 0):
        onset, rime = letters[:size], letters[size:]
        if (size and onset not in tables.onsets) or not rime:
            continue
        if _fits(onset, rime, tables) and _tone_fits(rime, tone, tables):
            return Parts(onset, rime, tone, at - size)
    return None


def _fits(onset: str, rime: str, tables: lexicon.SyllableTables) -> bool:
    if onset == "qu":
        return rime in tables.after_qu
    if onset == "gi":
        return rime in tables.after_gi
    front = rime[0] in "eêi" or (rime[0] == "y" and onset == "k")
    if onset in tables.only_front and not front:
        return False
    if onset in tables.never_front and front:
        return onset == "g" and rime[0] == "i"
    if rime.startswith("yê") and onset:
        return False
    return rime in tables.rimes


def _tone_fits(rime: str, tone: str, tables: lexicon.SyllableTables) -> bool:
    return tone in _SHARP_HEAVY if rime.endswith(tables.stops) else True


@lru_cache(maxsize=20_000)
def is_syllable(word: str) -> bool:
    """Whether a word is one Vietnamese syllable, its mark on the right letter."""
    parts = split(word)
    return parts is not None and (parts.at < 0 or _mark_fits(parts))


def _mark_fits(parts: Parts) -> bool:
    """Whether the tone mark stands on the letter that the rules give it to (either one in an open oa, oe, uy)."""
    rime = parts.rime
    vowels = "".join(v for v in rime if v in "aeiouyăâêôơư")
    marked = [n for n, v in enumerate(vowels) if v in _MARKED]
    if marked:
        return parts.at == marked[-1] or (vowels == "ưa" and parts.at == 0)
    if len(vowels) == 1:
        return parts.at == 0
    if rime != vowels:
        return parts.at == len(vowels) - 1
    if rime in _FREE:
        return True
    return parts.at == (1 if len(vowels) == 3 or rime in ("uê", "uơ") else 0)


@lru_cache(maxsize=20_000)
def fold(word: str) -> str:
    """Small letters without any mark; đ is d."""
    letters = unicodedata.normalize("NFD", word.lower().replace("đ", "d"))
    return "".join(c for c in letters if not unicodedata.combining(c))
