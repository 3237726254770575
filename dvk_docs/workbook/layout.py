"""The year's schema seen as sheets: tables, columns, headers, and the fixed words of the workbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

HIDDEN = "_dvk"
EXAMPLE = "Ví dụ:"
FORM_HEAD = ("Nội dung", "Giá trị", "Giải thích")
GUIDE_HEAD = "Các Mục của sheet"
OWNER, ITEM, PROSE = "Thuộc về", "Mục", "Nội dung"
TALL = "chi_tiet"  # the tall sheet among the sheets, and the start of the pointer of a row that is nobody's
FIRST_ROW = 3  # 1 header, 2 example
MAX_ROWS, MAX_COLUMNS, MAX_CELL = 20_000, 100, 32_767


@dataclass(frozen=True)
class Column:
    """One field: its key, schema and header."""

    key: str
    schema: Mapping[str, Any]
    required: bool

    @property
    def title(self) -> str:
        return str(self.schema.get("title", self.key))

    @property
    def header(self) -> str:
        return f"{self.title} *" if self.required else self.title


@dataclass(frozen=True)
class Table:
    """One property of the year that has a sheet: records (an array) or the form (an object)."""

    key: str
    sheet: str
    id_key: str
    required: bool
    columns: tuple[Column, ...]  # one cell each
    lists: tuple[Column, ...]  # rows of the tall sheet (x-muc)
    sheets: tuple[str, ...] = ()  # names under which its sheet may stand, its own first
    aliases: Mapping[str, Sequence[str]] = field(default_factory=dict)  # a title -> other usual names


@dataclass(frozen=True)
class Layout:
    """What the year's schema says of the workbook."""

    schema: Mapping[str, Any]

    @cached_property
    def version(self) -> int:
        return int(self.schema.get("properties", {}).get("phien_ban", {}).get("const", 1))

    @cached_property
    def form(self) -> Table:
        return next(t for t in self._all if self.schema["properties"][t.key].get("type") == "object")

    @cached_property
    def tables(self) -> tuple[Table, ...]:
        return tuple(t for t in self._all if t is not self.form)

    @cached_property
    def _all(self) -> tuple[Table, ...]:
        needed = self.schema.get("required", ())
        found = self.schema["properties"].items()
        others = self.schema.get("x-ten-khac", {})
        return tuple(_table(k, s, k in needed, others.get(k, {})) for k, s in found if "x-trang" in s)

    @property
    def tall_sheet(self) -> str:
        return str(self.schema["x-chi-tiet"]["trang"])

    @property
    def tall_sheets(self) -> tuple[str, ...]:
        """The names under which the tall sheet may stand, its own first."""
        return (self.tall_sheet, *self.schema.get("x-ten-khac", {}).get(TALL, {}).get("", ()))

    @property
    def tall_columns(self) -> list[str]:
        return list(self.schema["x-chi-tiet"]["cot"])

    @property
    def tall_aliases(self) -> dict[str, Sequence[str]]:
        others = self.schema.get("x-ten-khac", {}).get(TALL, {})
        return {title: others.get(title, ()) for title in self.tall_columns}

    @property
    def tall_filled(self) -> frozenset[str]:
        """The columns of the tall sheet whose merged cells speak for each row they span."""
        return frozenset(self.schema["x-chi-tiet"].get("gop-dong", ()))

    def with_lists(self) -> list[Table]:
        return [t for t in self.tables if t.lists and t.id_key]

    def in_order(self) -> list[Table | None]:
        """The sheets as they stand in the file; None is the tall sheet."""
        by_key = {t.key: t for t in self._all}
        keys = self.schema.get("x-thu-tu-trang") or [*by_key, TALL]
        return [by_key.get(k) for k in keys]


def _table(key: str, schema: Mapping[str, Any], required: bool, others: Mapping[str, Sequence[str]]) -> Table:
    record = schema if schema.get("type") == "object" else schema["items"]
    needed = record.get("required", ())
    columns = [Column(k, s, k in needed) for k, s in record["properties"].items()]
    return Table(
        key,
        str(schema["x-trang"]),
        str(schema.get("x-khoa", "")),
        required,
        tuple(c for c in columns if "x-muc" not in c.schema),
        tuple(c for c in columns if "x-muc" in c.schema),
        (str(schema["x-trang"]), *others.get("", ())),
        {c.title: (*others.get(c.key, ()), c.key) for c in columns if "x-muc" not in c.schema},
    )


def is_prose(schema: Mapping[str, Any]) -> bool:
    return "properties" not in schema.get("items", {})


def inner_columns(column: Column) -> list[Column]:
    """The fields of one row of an x-muc list."""
    items = column.schema["items"]
    return [Column(k, s, k in items.get("required", ())) for k, s in items["properties"].items()]
