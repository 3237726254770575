"""Names: each name that a paper's data give must stand in its text, letter by letter."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Any

from dvk_docs.errors import Problem

from .citations import problem
from .known import Known
from .reading import Paper

NEAR = 0.8  # of a name's letters: as much alike is the same name, typed otherwise
QUOTES = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-"})


def plain(text: str) -> str:
    """For comparing: case, quotes, dashes and blanks do not count; letters and marks do."""
    return re.sub(r"\s*-\s*", "-", " ".join(text.translate(QUOTES).casefold().split()))


def names_in(data: Any, known: Known) -> set[str]:
    """The year's names that the values of a paper's data are, or hold."""
    whole = _folded(known.names)
    text = "\n".join(dict.fromkeys(_texts(data)))
    return {name for folded, name in whole.items() if folded in text and _holds(text, folded)}


@lru_cache(maxsize=8)
def _folded(names: frozenset[str]) -> dict[str, str]:
    """The names by what they are compared by."""
    return {plain(name): name for name in sorted(names)}


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield plain(value)
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, (list, tuple)):
        for part in value:
            yield from _texts(part)


def _holds(text: str, name: str) -> bool:
    """Whether a name stands in a text as whole words."""
    start = text.find(name)
    while start >= 0:
        end = start + len(name)
        if not (start and text[start - 1].isalnum()) and not (end < len(text) and text[end].isalnum()):
            return True
        start = text.find(name, start + 1)
    return False


def check_names(paper: Paper, known: Known, printed: Any) -> Iterator[Problem]:
    """Each name of the data that is not in the text. `printed()` is the paper as its data print it now: what that
    does not show either (a field that only decides something) is not missed."""
    lines = [plain(t) for t in paper.reading.paragraphs]
    text = "\n".join(lines)
    missing = [n for n in sorted(names_in(paper.data, known)) if not _holds(text, plain(n))]
    if not missing:
        return
    fresh = "\n".join(plain(t) for t in printed().paragraphs)
    for name in missing:
        if not _holds(fresh, plain(name)):
            continue
        at, near = _nearest(plain(name), lines)
        if near:
            message = f"Tên trong văn bản là “{near}”, trong dữ liệu là “{name}”."
            yield problem(paper, at, "name_differs", "loi", message, paper.reading.paragraphs[at - 1][:80])
        else:
            message = f"Văn bản không còn tên “{name}” có trong dữ liệu."
            yield problem(paper, 1, "name_lost", "loi", message, "")


def _nearest(name: str, lines: list[str]) -> tuple[int, str]:
    """The words of a line that are most like the name, and the line's number; "" where none is near."""
    size = len(name.split())
    best, found = NEAR, (1, "")
    matcher = SequenceMatcher(b=name, autojunk=False)
    for number, line in enumerate(lines, 1):
        words = line.split()
        for width in (size, size - 1, size + 1):
            for start in range(len(words) - width + 1 if width > 0 else 0):
                window = " ".join(words[start : start + width]).strip('",.;:()')
                matcher.set_seq1(window)
                if matcher.real_quick_ratio() > best and matcher.quick_ratio() > best and matcher.ratio() > best:
                    best, found = matcher.ratio(), (number, window)
    return found
