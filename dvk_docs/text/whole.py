"""A text as the rules see it: its passages, and the day on which it is judged."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from .lines import Line, Passage, passages

HEAD = 40  # passages in which the head of a paper stands
_DATED = re.compile(r"ngày\s+(\d{1,2})\s+tháng\s+(\d{1,2})\s+năm\s+(\d{4})\s*$")
_CITED = re.compile(r"(?<![\w/-])\d{1,5}\s?[-/][^\s,;()]{2,25},?\s+ngày\s+(\d{1,2})[/-](\d{1,2})[/-](\d{4})")


@dataclass(frozen=True)
class Whole:
    """The passages of one text. `day` is its own date where given or found; `since` a day it cannot be older than."""

    passages: Sequence[Passage]
    given: date | None = None

    @classmethod
    def of(cls, lines: Sequence[Line], day: date | None = None) -> Whole:
        return cls(passages(lines), day)

    @cached_property
    def day(self) -> date | None:
        return self.given or self._printed

    @cached_property
    def _printed(self) -> date | None:
        """The date of the head: a short line that ends with ngày … tháng … năm …"""
        for passage in self.passages[:HEAD]:
            found = _DATED.search(passage.text)
            if found and len(passage.text) < 70:
                return real_day(int(found[1]), int(found[2]), int(found[3]))
        return None

    @cached_property
    def since(self) -> date | None:
        """The text's day; where it prints none, the latest date of a paper that it cites."""
        if self.day:
            return self.day
        cited = (real_day(int(d), int(m), int(y)) for p in self.passages for d, m, y in _CITED.findall(p.text))
        return max((d for d in cited if d), default=None)

    @cached_property
    def kind(self) -> str:
        """The title of the paper in small letters: the first line all in capitals that names a kind of paper."""
        for passage in self.passages[:HEAD]:
            words = passage.text.strip().casefold()
            if passage.is_capitals and words.startswith(_KINDS):
                return words
        return ""


_KINDS = (
    "báo cáo",
    "biên bản",
    "kế hoạch",
    "quyết định",
    "hướng dẫn",
    "tờ trình",
    "thông báo",
    "chỉ thị",
    "nghị quyết",
    "quy định",
    "quy chế",
    "chương trình",
    "đề án",
    "kết luận",
    "danh sách",
    "giấy",
    "bản đăng ký",
)


def real_day(day: int, month: int, year: int) -> date | None:
    """The day of the calendar, or None."""
    try:
        return date(year, month, day)
    except ValueError:
        return None
