"""Problem, Place, Report: one thing that is wrong, where it stands, and all of them together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

Severity = Literal["loi", "canh_bao", "thong_tin"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: a JSON pointer and, where known, the file, sheet and cell it was typed in.

    For a template: `part` (word/document.xml), `where` (đoạn 12; bảng 2, hàng 3, ô 1) and `words` around it.
    """

    pointer: str = ""
    file: str = ""
    sheet: str = ""
    cell: str = ""
    part: str = ""
    where: str = ""
    words: str = ""

    def __str__(self) -> str:
        if self.sheet:
            return f"sheet {self.sheet}, ô {self.cell}" if self.cell else f"sheet {self.sheet}"
        if self.where and self.pointer and not self.part:
            return f"{self.where} ({self.pointer})"
        if self.part or self.where:
            near = f" (gần “{self.words}”)" if self.words else ""
            return ", ".join(x for x in (self.part, self.where) if x) + near
        return self.pointer or self.file


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong or worth knowing, said once, in one Vietnamese sentence."""

    place: Place
    code: str  # no_such_day: for programs and tests, never reworded
    severity: Severity
    message: str  # one Vietnamese sentence
    hint: str = ""  # what to type instead
    source: str = ""  # the clause, where a rule is behind it

    def __str__(self) -> str:
        label = {"loi": "LỖI", "canh_bao": "Cảnh báo", "thong_tin": "Thông tin"}[self.severity]
        text = f"{label}: {self.place}: {self.message}" if str(self.place) else f"{label}: {self.message}"
        if self.hint:
            text += f" {self.hint}"
        return f"{text} [{self.source}]" if self.source else text

    def as_dict(self) -> dict[str, object]:
        """The problem as plain data for `--json`; empty parts of the place are left out."""
        place = {k: v for k in Place.__slots__ if (v := getattr(self.place, k))}
        return {
            "place": place,
            "code": self.code,
            "severity": self.severity,
            "message": self.message,
            "hint": self.hint,
            "source": self.source,
        }


@dataclass(frozen=True, slots=True)
class Report:
    """All problems found at once, in the order of the data."""

    problems: tuple[Problem, ...] = field(default_factory=tuple)

    @classmethod
    def of(cls, problems: Iterable[Problem]) -> Report:
        return cls(tuple(problems))

    @property
    def errors(self) -> tuple[Problem, ...]:
        return tuple(p for p in self.problems if p.severity == "loi")

    @property
    def ok(self) -> bool:
        return not self.errors

    def __iter__(self) -> Iterator[Problem]:
        return iter(self.problems)

    def __len__(self) -> int:
        return len(self.problems)

    def __add__(self, other: Report) -> Report:
        return Report(self.problems + other.problems)
