"""Words typed twice: the same word again, a run of words again, a body's level again after its name.

A word that doubles with a sense (xanh xanh, dần dần) and two words that only meet at their edges (Uỷ ban ban hành) are
right. Lists: tieng.toml, tu-ghep.txt.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from ..errors import Problem
from . import lexicon
from .lines import Passage
from .syllables import is_syllable
from .words import Word, known_pairs, light_words

SOURCE = "Danh sách từ láy: tieng"
LONGEST_RUN = 12
_OFFICE = frozenset(
    [
        "ban",
        "đảng",
        "uỷ",
        "hội",
        "bí",
        "chi",
        "đoàn",
        "bộ",
        "sở",
        "phòng",
        "uỷ",
        "thường",
        "vụ",
        "chấp",
        "hành",
        "trung",
        "ương",
        "công",
        "nghị",
    ]
)


@lru_cache(maxsize=1)
def _doubling() -> frozenset[str]:
    doubled = {w[0] for w in lexicon.compounds() if len(w) == 2 and w[0] == w[1]}
    return frozenset(lexicon.key(lexicon.table("tieng")["lay"]).split()) | doubled


@lru_cache(maxsize=1)
def _levels() -> tuple[tuple[str, ...], ...]:
    return tuple(lexicon.syllables_of(name) for name in lexicon.table("tieng")["trung_cap"])


def check_repeats(passage: Passage) -> Iterator[Problem]:
    words = passage.words
    for n in range(1, len(words)):
        if words[n].key == words[n - 1].key and words[n].joined and _is_slip(words, n):
            typed = passage.text[words[n - 1].start : words[n].end]
            place = passage.place(words[n - 1].start, words[n].end)
            message = f"Lặp từ: “{typed}”."
            yield Problem(place, "word_repeated", "loi", message, f"Bỏ một từ “{words[n].typed}”.", SOURCE)
    yield from _check_runs(passage, words)
    yield from _check_levels(passage, words)


def _is_slip(words: Sequence[Word], n: int) -> bool:
    """Whether a word is there twice by mistake."""
    word = words[n]
    if word.key in _doubling() or not is_syllable(word.key):
        return False
    if (
        len(word.key) == 1
        or (n > 1 and words[n - 2].key == word.key)
        or (n + 1 < len(words) and words[n + 1].key == word.key)
    ):
        return len(word.key) > 1 and not (n > 1 and words[n - 2].key == word.key)
    if (
        word.typed[0].isupper()
        and words[n - 1].typed[0].isupper()
        and not word.typed.isupper()
        and word.key not in _OFFICE
    ):
        return False  # a name: Thanh Thanh
    return not _meet(words, n)


def _meet(words: Sequence[Word], n: int) -> bool:
    """Whether one word ends and another begins with the same syllable: Uỷ ban | ban hành."""
    known = lexicon.compounds() if words[n].key in light_words() else known_pairs()
    ends = n > 1 and words[n - 1].joined and (words[n - 2].key, words[n - 1].key) in known
    begins = n + 1 < len(words) and words[n + 1].joined and (words[n].key, words[n + 1].key) in known
    if words[n].typed[0].isupper() and not words[n - 1].typed[0].isupper() and (ends or begins):
        return True
    return ends and begins


def _check_runs(passage: Passage, words: Sequence[Word]) -> Iterator[Problem]:
    """Two words or more again at once: “đoàn viên, hội viên, đoàn viên, hội viên”."""
    at: dict[tuple[str, str], int] = {}
    n = 0
    while n < len(words) - 1:
        pair = (words[n].key, words[n + 1].key)
        before = at.get(pair)
        at[pair] = n
        size = n - before if before is not None else 0
        if before is not None and 2 <= size <= LONGEST_RUN and _again(words, before, n, size):
            start, end = words[before].start, words[n + size - 1].end
            message = f"Lặp cụm từ: “{' '.join(passage.text[start:end].split())}”."
            yield Problem(passage.place(start, end), "phrase_repeated", "canh_bao", message, "Bỏ cụm thừa.", SOURCE)
            n += size
            at.clear()
            continue
        n += 1


def _again(words: Sequence[Word], first: int, again: int, size: int) -> bool:
    """Whether the run of `size` words stands twice, whole both times."""
    end = again + size
    if end > len(words) or any(words[first + i].key != words[again + i].key for i in range(size)):
        return False
    gaps = [words[i].gap for i in range(first + 1, end)]
    if "|" in gaps or len({w.key for w in words[first:again]}) < 2:
        return False
    if all(g == " " for g in gaps):
        return size > 2 or _is_word(words, first, size)
    if size < 3 or _goes_across(words, first) or _goes_across(words, end):
        return False
    listed = any(words[i].gap != " " for i in range(first + 1, again))
    return listed or end == len(words) or words[end].gap != " "


def _goes_across(words: Sequence[Word], at: int) -> bool:
    """Whether a known word goes over the edge before `at`."""
    return 0 < at < len(words) and words[at].joined and (words[at - 1].key, words[at].key) in known_pairs()


def _is_word(words: Sequence[Word], first: int, size: int) -> bool:
    """A run of two again is a slip where it is a word and no function words meet by chance: xây dựng xây dựng."""
    keys = tuple(w.key for w in words[first : first + size])
    return keys in known_pairs() and light_words().isdisjoint(keys)


def _check_levels(passage: Passage, words: Sequence[Word]) -> Iterator[Problem]:
    """A body with its level named again and no proper name after it: Tỉnh uỷ tỉnh."""
    for keys in _levels():
        for n in range(len(words) - len(keys) + 1):
            if words[n].key != keys[0]:
                continue
            part = words[n : n + len(keys)]
            if tuple(w.key for w in part) != keys or not all(w.joined for w in part[1:]) or part[0].typed.isupper():
                continue
            after = words[n + len(keys) : n + len(keys) + 1]
            if after and after[0].joined and after[0].typed[0].isupper():
                continue
            typed = passage.text[part[0].start : part[-1].end]
            place = passage.place(part[0].start, part[-1].end)
            yield Problem(
                place, "level_repeated", "canh_bao", f"“{typed}” nêu cấp hai lần.", "Bỏ từ chỉ cấp đứng sau.", SOURCE
            )
