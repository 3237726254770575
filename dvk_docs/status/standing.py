"""How far each model has come and what each unit owes, by the steps and duties that the year's schema gives as data."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from dvk_docs import making
from dvk_docs.checking import is_day

from .deadlines import Deadline, deadlines

if TYPE_CHECKING:
    from dvk_docs.derive import Graph
    from dvk_docs.errors import Problem
    from dvk_docs.expressions import Record

STEPS = "x-tien-trinh"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a model: `state` is xong | qua-han (not done, its day has passed) | cho | khong-can."""

    code: str
    title: str
    state: str
    day: str = ""  # ISO: when it was done, where a day is known


@dataclass(frozen=True, slots=True)
class Line:
    """One model: how far it has come (`reached`), what is missing next, how many errors its rows have."""

    code: str
    name: str
    subject: str
    group: str  # its field
    steps: tuple[Step, ...]
    reached: str
    missing: str
    ended: str  # why it no longer counts; "" while it does
    errors: int


@dataclass(frozen=True, slots=True)
class Duty:
    """What a unit owes: `value` as it prints, `state` as of a step."""

    code: str
    title: str
    value: str
    state: str
    is_day: bool  # the value is an ISO day, "" while there is none; else a count


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit that must register, with its duties and what it owes, in words."""

    code: str
    name: str
    duties: tuple[Duty, ...]
    owes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """A year on a day. `by_field`: (field, models, recognised); `by_step`: (step, models that have passed it)."""

    place: str
    nam: int | None
    day: date
    deadlines: tuple[Deadline, ...]
    models: tuple[Line, ...]
    units: tuple[Unit, ...]
    by_field: tuple[tuple[str, int, int], ...]
    by_step: tuple[tuple[str, int], ...]
    papers: tuple[tuple[str, int, int, int], ...]  # stage, of how many papers, issued, blocked
    letters: tuple[tuple[str, str], ...]  # papers that urge: id, title with what for
    problems: tuple[Problem, ...]  # errors and warnings of the year

    @property
    def owing(self) -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
        """What is owed and the units that owe it: those that owe the same stand together, the many first."""
        groups: dict[tuple[str, ...], list[str]] = {}
        for unit in self.units:
            if unit.owes:
                groups.setdefault(unit.owes, []).append(unit.name)
        ordered = sorted(groups.items(), key=lambda pair: -len(pair[1]))
        return tuple((owed, tuple(names)) for owed, names in ordered)

    @property
    def live(self) -> tuple[Line, ...]:
        """The models that count."""
        return tuple(m for m in self.models if not m.ended)

    def counted(self, code: str) -> int:
        """How many models that count have passed a step."""
        return sum(any(s.code == code and s.state == "xong" for s in m.steps) for m in self.live)


def status(
    year: making.Year | Mapping[str, Any],
    ngay: date | str | None = None,
    *,
    packs: Sequence[str | os.PathLike[str]] = (),
) -> Standing:
    """Where the year stands on `ngay` (today where none is given)."""
    today = making.as_day(ngay)
    checked = making.examine(year, today, packs=packs)
    g = checked.graph
    words = g.schema[STEPS]
    problems = checked.report.problems
    models = tuple(_model(g, m, words["mo_hinh"], today, problems) for m in g.evaluate(words["mo_hinh"]["tap"]))
    units = tuple(_unit(g, u, words["don_vi"], today) for u in g.evaluate(words["don_vi"]["tap"]))
    live = [m for m in models if not m.ended]
    return Standing(
        str(g.evaluate("ten_dia_phuong") or ""),
        g.nam,
        today,
        tuple(deadlines(g, g.catalog, today)),
        models,
        units,
        _by_field(live),
        _by_step(live, words["mo_hinh"]["buoc"]),
        tuple(_by_stage(g, checked)),
        tuple(_letters(g, checked)),
        tuple(problems),
    )


# --- models ----------------------------------------------------------------------------------------------------------


def _model(g: Graph, row: Record, words: Mapping[str, Any], today: date, problems: Sequence[Problem]) -> Line:
    scope = {"nay": row, "hom_nay": today.isoformat()}
    steps = tuple(_step(g, words_, scope, today) for words_ in words["buoc"])
    done = [s for s in steps if s.state == "xong"]
    wanting = [w for w, s in zip(words["buoc"], steps, strict=True) if s.state in ("cho", "qua-han")]
    missing = next((str(w["thieu"]) for w in wanting if not w.get("tuy_chon")), "")
    own = sum(p.severity == "loi" and f"{p.place.pointer}/".startswith(f"{row.pointer}/") for p in problems)
    said = [str(g.evaluate(words[name], scope) or "") for name in ("ten", "chu_the", "nhom", "dung")]
    reached = done[-1].title if done else ""
    return Line(str(row["ma"] or ""), said[0], said[1], said[2], steps, reached, missing, said[3], own)


def _step(g: Graph, words: Mapping[str, Any], scope: Mapping[str, Any], today: date) -> Step:
    code, title = str(words["ma"]), str(words["ten"])
    if "khi" in words and not g.evaluate(words["khi"], scope):
        return Step(code, title, "khong-can")
    value = g.evaluate(words["dat"], scope)
    day = value if is_day(value) else ""
    if value and not (day and day > today.isoformat()):
        return Step(code, title, "xong", day)
    return Step(code, title, "khong-can" if words.get("tuy_chon") else _waiting(g, words.get("han"), today))


def _waiting(g: Graph, name: str | None, today: date) -> str:
    """Of what is not done: whether the day that the rule set gives it has come."""
    limit = g.evaluate("quy_dinh.moc_han")
    day = limit.get(name) if name and isinstance(limit, Mapping) else None
    return "qua-han" if day and today.isoformat() >= day else "cho"


def _by_field(models: Sequence[Line]) -> tuple[tuple[str, int, int], ...]:
    recognised = Counter(m.group for m in models if any(s.code == "cong_nhan" and s.state == "xong" for s in m.steps))
    return tuple((name, count, recognised[name]) for name, count in Counter(m.group for m in models).items())


def _by_step(models: Sequence[Line], words: Sequence[Mapping[str, Any]]) -> tuple[tuple[str, int], ...]:
    passed = Counter(s.code for m in models for s in m.steps if s.state == "xong")
    return tuple((str(w["ten"]), passed[str(w["ma"])]) for w in words)


# --- units -----------------------------------------------------------------------------------------------------------


def _unit(g: Graph, row: Record, words: Mapping[str, Any], today: date) -> Unit:
    pairs = [*_counted(g, row, words["viec"], today), *_dated(g, row, words["viec_theo"], today)]
    return Unit(
        str(row["ma"] or ""),
        str(g.evaluate(words["ten"], {"nay": row}) or ""),
        tuple(duty for duty, _ in pairs),
        tuple(owed for duty, owed in pairs if duty.state == "qua-han"),
    )


def _counted(g: Graph, row: Record, words: Sequence[Mapping[str, Any]], today: date) -> Iterator[tuple[Duty, str]]:
    for duty in words:
        count = g.evaluate(duty["so"], {"nay": row}) or 0
        state = "xong" if count else _waiting(g, duty.get("han"), today)
        yield Duty(str(duty["ma"]), str(duty["ten"]), f"{count:02}", state, is_day=False), str(duty["thieu"])


def _dated(g: Graph, row: Record, words: Mapping[str, Any], today: date) -> Iterator[tuple[Duty, str]]:
    for task in g.evaluate(words["tap"]) or []:
        scope = {"nay": row, "viec": task}
        day = g.evaluate(words["ngay"], scope)
        done = day if is_day(day) and day <= today.isoformat() else ""
        state = "xong" if done else _waiting(g, g.evaluate(words["han"], scope), today)
        title = str(g.evaluate(words["ten"], scope))
        yield Duty(str(task["ma"]), title, done, state, is_day=True), str(g.evaluate(words["thieu"], scope))


# --- papers ----------------------------------------------------------------------------------------------------------


def _by_stage(g: Graph, checked: making.CheckedYear) -> Iterator[tuple[str, int, int, int]]:
    for stage in g.schema["x-giai-doan"]:
        own = [p for p in checked.papers if p.stage == stage["ma"]]
        if own:
            issued = sum(p.state == "phat_hanh" for p in own)
            yield str(stage["ten"]), len(own), issued, sum(bool(p.problems) for p in own)


def _letters(g: Graph, checked: making.CheckedYear) -> Iterator[tuple[str, str]]:
    """The planned papers that urge units to do what they owe: those made for a row of the urging table."""
    urged = {id(row) for row in g.evaluate("viec_don_doc") or []}
    for paper in checked.papers:
        if paper.moi is not None and id(paper.moi) in urged:
            yield paper.id, f"{paper.kind.title}: {paper.moi['ten']}"
