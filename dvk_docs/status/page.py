"""The standing of a year as one page of HTML: its template is data (`templates/trang`), every value is escaped."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from dvk_docs.folders import root
from dvk_docs.viet.ngay import ngay_so

from .standing import Standing
from .text import STATES, shortened

FILE = "tinh-hinh.html"
MARK = 'name="generator" content="dvk status"'
WIDTH = 100.0  # of a chart's bars, per cent


def is_ours(file: Path) -> bool:
    """Whether a file is a page that was written here, which a later one may replace."""
    with suppress(OSError), file.open("rb") as stream:
        return MARK.encode() in stream.read(1024)
    return False


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a chart: its whole and its filled part, in per cent of the widest."""

    name: str
    count: int
    part: int
    width: float
    filled: float


def bars(rows: Sequence[tuple[str, int, int]]) -> list[Bar]:
    """The rows (name, count, part of it) as bars; the widest is 100.

    >>> [(b.width, b.filled) for b in bars([("a", 4, 1), ("b", 2, 2)])]
    [(100.0, 25.0), (50.0, 50.0)]
    """
    widest = max((count for _, count, _ in rows), default=0) or 1
    return [
        Bar(name, count, part, round(count * WIDTH / widest, 1), round(part * WIDTH / widest, 1))
        for name, count, part in rows
    ]


def page(found: Standing) -> str:
    """The page as text; the same standing gives the same text."""
    from jinja2 import Environment, StrictUndefined

    env = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    env.filters.update(ngay_so=lambda day: ngay_so(day) if day else "chưa rõ", ngan=shortened)
    source = (root() / "templates" / "trang" / FILE).read_text(encoding="utf-8")
    total = len(found.live)
    return env.from_string(source).render(
        s=found,
        ngay=ngay_so(found.day.isoformat()),
        states=STATES,
        fields=bars(found.by_field),
        steps=bars([(name, count, count) for name, count in (("Mô hình", total), *found.by_step)]),
        owing=sum(len(names) for _, names in found.owing),
        errors=[p for p in found.problems if p.severity == "loi"],
        pressing=[d for d in found.deadlines if d.state in ("qua-han", "sap-den", "khong-ro")],
    )
