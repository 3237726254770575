"""What a rule works on, and how it says what it found.

A rule is a generator of `Problem`s over a `Case`. The severity and the clause come from data; what rests on a source
that nobody has seen is at most a warning and says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

from dvk_docs.errors import Place, Problem, Severity
from dvk_docs.ooxml import Document
from dvk_docs.profiles import Limit, Profile

from .elements import Paper
from .lines import Line
from .words import rules

UNSEEN = "Chưa thấy điều khoản nên chỉ nhắc."
_NEAR = 60  # letters of the words that a place shows
_SHOWN = 3  # places that a finding names before it only counts


@dataclass(frozen=True, slots=True)
class Unjudged:
    """Rules that could not be judged, and why."""

    rules: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Issued:
    """A number that is already taken: for rule P19 (and the uniqueness of S04)."""

    number: str  # 05-QĐ/ĐU
    day: date
    kind: str = ""  # quyết định: tells two kinds with one symbol apart
    office: str = ""  # tells two bodies with one symbol apart
    period: str = ""  # the term or year in which it was counted


@dataclass
class Case:
    """One paper under one profile."""

    paper: Paper
    document: Document | None
    profile: Profile | None
    day: date
    pages: int = 0  # 0: not known
    issued: Sequence[Issued] | None = None
    unjudged: list[Unjudged] = field(default_factory=list)

    @property
    def party(self) -> bool:
        return self.paper.system == "dang"

    def limit(self, name: str) -> Limit | None:
        return None if self.profile is None else self.profile.limits.get(name)

    def word(self, name: str, default: str = "") -> str:
        return default if self.profile is None else self.profile.words.get(name, default)

    def found(
        self,
        rule: str,
        line: Line | None,
        message: str,
        hint: str = "",
        *,
        severity: Severity | None = None,
        source: str = "",
        confirmed: bool = True,
        words: str = "",
        where: str = "",
    ) -> Problem:
        """One finding of `rule`, at a line or at a place in words."""
        entry = rules()[rule]
        grave: Severity = severity or entry.severity
        if not confirmed or (self.paper.system == "mttq" and rule.startswith("S")):
            grave = "thong_tin" if grave == "thong_tin" else "canh_bao"
            hint = f"{hint} {UNSEEN}".strip()
        place = Place(part="word/document.xml", where=where) if line is None else _place(line, words)
        return Problem(place, rule, grave, message, hint, source or self._source(rule))

    def _source(self, rule: str) -> str:
        source = rules()[rule].source
        if self.profile is not None and self.profile.code == "DANG_HD36":
            return source.replace("HD 05-HD/VPTW", "HD 36-HD/VPTW, tương ứng HD 05-HD/VPTW")
        return source

    def cannot(self, ids: str, reason: str) -> None:
        self.unjudged.append(Unjudged(tuple(ids.split()), reason))


Check: TypeAlias = Callable[[Case], Iterator[Problem]]


def _place(line: Line, words: str) -> Place:
    text = words or line.text
    shown = text if len(text) <= _NEAR else f"{text[: _NEAR - 1]}…"
    return Place(part=line.part, where=line.place, words=shown)


def others(lines: Sequence[Line]) -> str:
    """The other places of a finding that is said once: ` (và đoạn 7, đoạn 9, 4 chỗ nữa)`.

    >>> others([])
    ''
    """
    rest = list(dict.fromkeys(line.place for line in lines[1:]))
    if not rest:
        return ""
    shown = ", ".join(rest[:_SHOWN])
    more = f" và {len(rest) - _SHOWN} chỗ nữa" if len(rest) > _SHOWN else ""
    return f" (cũng vậy ở {shown}{more})"


def figure(value: float) -> str:
    """A measure as Vietnamese writes it: 12,7; 14.

    >>> figure(12.7), figure(14.0), figure(19.96)
    ('12,7', '14', '20')
    """
    return f"{round(value, 1):g}".replace(".", ",")


def wanted(limit: Limit) -> str:
    """What a limit asks for, in words.

    >>> wanted(Limit(min=18, max=22, unit="pt", source="x")), wanted(Limit(values=(15.0,), unit="pt", source="x"))
    ('từ 18 đến 22 pt', '15 pt')
    """
    unit = f" {limit.unit}" if limit.unit in ("mm", "pt") else " dòng" if limit.unit == "dong" else ""
    if limit.values:
        return " hoặc ".join(figure(v) if isinstance(v, (int, float)) else v for v in limit.values) + unit
    if limit.min is not None and limit.max is not None:
        return f"từ {figure(limit.min)} đến {figure(limit.max)}{unit}"
    if limit.min is not None:
        return f"ít nhất {figure(limit.min)}{unit}"
    return f"nhiều nhất {figure(limit.max or 0)}{unit}"


def size_fault(case: Case, rule: str, line: Line | None, name: str, what: str, *, grave: bool = False) -> list[Problem]:
    """A size of letters that its limit does not hold: a warning, unless the rule itself names the size."""
    limit = case.limit(name)
    looks = line.looks if line else None
    if limit is None or looks is None or limit.holds(looks.size):
        return []
    message = f"{what} cỡ {figure(looks.size)}; cần {wanted(limit)}."
    severity: Severity | None = None if grave else "canh_bao"
    return [
        case.found(rule, line, message, severity=severity, source=limit.source, confirmed=limit.confirmed),
    ]
