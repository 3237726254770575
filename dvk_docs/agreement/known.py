"""What the year knows of its papers and names, for holding texts against it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dvk_docs.errors import TemplateInvalid

if TYPE_CHECKING:
    from dvk_docs.derive import Graph

NAMED = (("nguoi", "ho_ten"), ("don_vi", "ten"), ("mo_hinh", "ten"))  # table, field
SHORT = 5  # letters: a shorter name is too often a part of other words


@dataclass(frozen=True, slots=True)
class Listed:
    """One paper that can be cited."""

    id: str
    kind: str  # tên loại
    number: str  # 15-QĐ/ĐU
    day: str  # ISO

    @property
    def key(self) -> str:
        return key_of(self.number)

    @property
    def series(self) -> str:
        """The number without its figure: what papers of one office and tên loại share."""
        return series_of(self.number)


@dataclass(frozen=True, slots=True)
class Known:
    """The year's papers by number and by series, the symbols of its offices, and its names."""

    nam: int | None
    papers: tuple[Listed, ...]
    offices: frozenset[str]  # ĐU, BXDĐ, UBND ...
    names: frozenset[str]

    @classmethod
    def of(cls, graph: Graph, planned: Iterable[Any]) -> Known:
        """Of a year: `planned` are the records of its own papers; the listed ones come from the year itself."""
        rows = [*planned, *graph.rows("van_ban")]
        papers = {(p.id, p.number): p for p in _all_listed(rows) if p.number}
        offices = {str(u["ky_hieu"]) for u in graph.rows("don_vi") if u["ky_hieu"]}
        names = {str(r[f]) for table, f in NAMED for r in graph.rows(table) if r[f] and len(r[f]) >= SHORT}
        return cls(graph.nam, tuple(papers.values()), frozenset(offices), frozenset(names))

    def by_number(self, number: str) -> list[Listed]:
        key = key_of(number)
        return [p for p in self.papers if p.key == key]

    def of_day(self, number: str, day: str) -> list[Listed]:
        """The papers of the same office and tên loại on that day."""
        series = series_of(number)
        return [p for p in self.papers if p.series == series and p.day == day]

    def is_ours(self, number: str) -> bool:
        """Whether the number's office is one of the year's."""
        return re.split(r"[-/]", number, maxsplit=2)[-1] in self.offices


def _all_listed(rows: Iterable[Mapping[str, Any]]) -> Iterator[Listed]:
    """Each row as listed; a paper that cannot be worked out (two rows share its code) was named by the check."""
    for row in rows:
        with suppress(TemplateInvalid):
            yield _listed(row)


def _listed(row: Mapping[str, Any]) -> Listed:
    values = {name: row.get(name) for name in ("ma", "ten_loai", "so_ky_hieu", "ngay")}
    return Listed(*(str(values[n] or "") for n in ("ma", "ten_loai", "so_ky_hieu", "ngay")))


def key_of(number: str) -> str:
    """A number to compare by: 05-QĐ/ĐU and 5-QĐ/ĐU are one."""
    figure, _, rest = re.sub(r"\s+", "", number).partition("-" if "-" in number.split("/")[0] else "/")
    return f"{figure.lstrip('0')}|{rest}".casefold()


def series_of(number: str) -> str:
    return key_of(number).partition("|")[2]
