"""A plain sheet of one kind of paper: a row a paper, the columns under the fields' own titles or usual names.

What is the same in every paper (the office, the signer) may stand once in a sheet "Chung", label beside value. A field
that is a table cannot stand in one cell: a kind that needs one is refused by name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dvk_docs.errors import Place, Problem, SourceInvalid

from .finding import Names, find_head
from .grids import Grid
from .layout import HIDDEN, Column, Layout, Table
from .reading import RESULT_SHEET, Extent, Understood, _Reader
from .values import bare

ROWS = "dong"
COMMON = ("chung", "thongtinchung", "dungchung")


@dataclass(frozen=True, slots=True)
class ListRow:
    """One row of the list: its number in the sheet, the paper's data, their places, and what reading it had to say."""

    number: int
    data: dict[str, Any]
    places: Mapping[str, Place]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class PaperList:
    """A sheet of papers of one kind; `problems` speak of the whole sheet."""

    rows: tuple[ListRow, ...]
    problems: tuple[Problem, ...]
    columns: tuple[Understood, ...]
    extent: Extent | None
    common: Mapping[str, Any] = field(default_factory=dict)


def fits(grids: Sequence[Grid], kind_schema: Mapping[str, Any]) -> int:
    """How many of a kind's fields the headers of the best sheet name."""
    names = Names.of(_table(kind_schema).aliases)
    return max((len(find_head(g, names).at) for g in _sheets(grids)), default=0)


def read_list(grids: Sequence[Grid], kind_schema: Mapping[str, Any], file_name: str = "") -> PaperList:
    """The rows of the sheet whose headers name most of the kind's fields; raise `SourceInvalid` where none does."""
    table = _table(kind_schema)
    names = Names.of(table.aliases)
    sheets = _sheets(grids)
    best = max(sheets, key=lambda g: len(find_head(g, names).at), default=None)
    if best is None or not find_head(best, names).at:
        wanted = ", ".join(f"“{c.title}”" for c in table.columns if c.required)
        message = f"Tệp {file_name} không có sheet nào có các cột của loại văn bản này ({wanted})."
        raise SourceInvalid(message, "no_header", Place(file=file_name))
    reader = _ListReader(Layout(_YEAR), [best], file_name)
    common = reader.common([g for g in sheets if bare(g.title) in COMMON and g is not best], table)
    return reader.rows(table, best, common)


def _sheets(grids: Sequence[Grid]) -> list[Grid]:
    return [g for g in grids if g.title not in (HIDDEN, RESULT_SHEET)]


_YEAR: Mapping[str, Any] = {"properties": {}, "x-chi-tiet": {"trang": "", "cot": []}}


def _table(schema: Mapping[str, Any]) -> Table:
    """The kind's typed fields as the columns of one table; what is derived, or a table itself, is no column."""
    needed = set(schema.get("required", ()))
    typed = {k: s for k, s in schema["properties"].items() if "x-suy-ra" not in s}
    flat = {k: s for k, s in typed.items() if "properties" not in s.get("items", {}) and "properties" not in s}
    columns = tuple(Column(k, _in_cell(s), k in needed) for k, s in flat.items())
    aliases = {c.title: (c.key, *c.schema.get("x-ten-khac", ())) for c in columns}
    return Table(ROWS, "", "", False, columns, (), (), aliases)


def _in_cell(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """A list of texts is a line each in its cell."""
    kinds = schema.get("type", "string")
    is_list = "array" in ([kinds] if isinstance(kinds, str) else kinds)
    return {**schema, "x-dong-o": schema.get("x-dong-o", True)} if is_list else schema


class _ListReader(_Reader):
    """The reader of a year's tables, for one table whose rows are papers."""

    def common(self, grids: Sequence[Grid], table: Table) -> dict[str, Any]:
        """The values that stand once, beside their labels."""
        names = Names.of(table.aliases)
        by_title = {c.title: c for c in table.columns}
        found: dict[str, Any] = {}
        for grid in grids:
            for row, cells in grid.rows.items():
                (label_at, label), *rest = sorted(cells.items())
                hit = names.find(str(label.value)) if rest and isinstance(label.value, str) else None
                if hit:
                    self._take(found, by_title[hit[0]], rest[0][1], f"/{ROWS}/chung", (grid, row, rest[0][0]))
                elif rest and label_at == min(cells):
                    message = f"Dòng “{label.value}” không phải mục của loại văn bản này nên không được đọc."
                    self._say("unknown_row", "thong_tin", message, self._place("", grid, row, label_at))
        return found

    def rows(self, table: Table, grid: Grid, common: Mapping[str, Any]) -> PaperList:
        columns = tuple(Column(c.key, c.schema, c.required and c.key not in common) for c in table.columns)
        missing = {c.title for c in columns if not c.required}
        self._records(Table(ROWS, grid.title, "", False, columns, (), (), table.aliases), grid)
        records = self.data.get(ROWS, [])
        extent = self.extents.get(grid.title)
        numbers = extent.rows if extent else []
        whole = [p for p in self.problems if not p.place.pointer.startswith(f"/{ROWS}/")]
        whole = [p for p in whole if not (p.code == "missing_column" and _title(p) in missing)]
        rows = list(zip(numbers, records, strict=True))
        places, problems = _by_row(self.places), self._problems_by_row()
        shared = {p.removeprefix("/chung"): q for p, q in places.get("chung", {}).items() if p.startswith("/chung/")}
        made: list[ListRow] = []
        for index, (number, record) in enumerate(rows):
            own = places.get(str(index), {})
            blank = {p: q for p, q in shared.items() if p.split("/")[1] not in record}
            at = {p.removeprefix(f"/{index}"): q for p, q in own.items()}
            made.append(ListRow(number, {**common, **record}, {**at, **blank}, tuple(problems.get(str(index), ()))))
        return PaperList(tuple(made), tuple(whole), tuple(self.columns), extent, common)

    def _problems_by_row(self) -> dict[str, list[Problem]]:
        found: dict[str, list[Problem]] = {}
        for problem in self.problems:
            if problem.place.pointer.startswith(f"/{ROWS}/"):
                found.setdefault(problem.place.pointer.split("/")[2], []).append(problem)
        return found


def _by_row(places: Mapping[str, Place]) -> dict[str, dict[str, Place]]:
    """The places below each row: "3" -> {/3/ten: ...}."""
    found: dict[str, dict[str, Place]] = {}
    for pointer, place in places.items():
        if pointer.startswith(f"/{ROWS}/"):
            own = pointer.removeprefix(f"/{ROWS}")
            found.setdefault(own.split("/")[1], {})[own] = place
    return found


def _title(problem: Problem) -> str:
    """The title that a sentence on a missing column names."""
    return problem.message.partition("“")[2].partition("”")[0]
