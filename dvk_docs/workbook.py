"""The year as an Excel workbook: nine sheets made from the year's schema, and the same data read back with its cells.

`write` gives a blank or filled workbook, always the same bytes for the same data; `read` is its inverse and says the
cell of every value, of blanks too. The schema's x- words decide everything: x-trang (sheet), x-khoa, x-tro, x-la-ma,
x-nhan (labels), x-muc with x-cot (rows of the tall sheet), x-dong-o (a list in one cell), x-gio, x-vi-du, x-goi-y.

openpyxl is imported by no other module, and here only when a workbook is written or read.
"""

from __future__ import annotations

import io
import math
import re
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from difflib import get_close_matches
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, cast

from .errors import DataInvalid, Place, Problem, Report, Severity, SourceInvalid
from .viet import chu

Style = Literal["stop", "warning", "information"]

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

HIDDEN = "_dvk"
EXAMPLE = "Ví dụ:"
FORM_HEAD = ("Nội dung", "Giá trị", "Giải thích")
GUIDE_HEAD = "Các Mục của sheet"
OWNER, ITEM, PROSE = "Thuộc về", "Mục", "Nội dung"
FIRST_ROW = 3  # 1 header, 2 example
ROOM = 2000  # rows that drop-downs and formats cover
MAX_ROWS, MAX_COLUMNS, MAX_CELL = 20_000, 100, 32_767
OLDEST = date(1910, 1, 1)  # an older day is written as text: Excel's calendar is wrong before 1/3/1900
TRUE_WORDS, FALSE_WORDS = {"x", "có", "1", "✓", "✔", "true", "đúng"}, {"không", "0", "false", "sai"}
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
BROKEN = (
    KeyError, ValueError, TypeError, IndexError, AttributeError, OSError, EOFError, RuntimeError, SyntaxError,
    NotImplementedError, AssertionError, zipfile.BadZipFile, zlib.error,
)  # fmt: skip


# --- words and values


def fold(text: str) -> str:
    """The text for comparing: no case, spaces or punctuation; the place of the tone mark in a word does not matter.

    >>> fold("Văn hoá -  xã hội *") == fold("văn hóa - xã hội")
    True
    >>> fold("Sở") == fold("Số")
    False
    """
    return "".join(c for c in chu.so_sanh(text) if c.isalnum())


def clean(text: str) -> str:
    """Typed text as data holds it: NFC, one kind of line end, no space around."""
    return chu.nfc(text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def split_lines(text: str, mode: bool | str = True) -> list[str]:
    """The list that one cell holds: a line each; where `mode` is ";", semicolons part items too."""
    parts = re.split(r"[;\n]" if mode == ";" else r"\n", text)
    return [p for p in map(clean, parts) if p]


def kinds_of(schema: Mapping[str, Any]) -> set[str]:
    """The JSON types a field may have, without null."""
    typed = schema.get("type", "string")
    return {t for t in ([typed] if isinstance(typed, str) else typed) if t != "null"}


def choices(schema: Mapping[str, Any]) -> list[tuple[Any, str]]:
    """(code, label) of each value of an enum, without null."""
    codes = [c for c in schema.get("enum", ()) if c is not None]
    labels = schema.get("x-nhan") or [str(c) for c in codes]
    return list(zip(codes, labels, strict=False))


def is_date(schema: Mapping[str, Any]) -> bool:
    return schema.get("format") == "date"


def as_day(text: str) -> str | None:
    """The ISO day that typed text (d/m/yyyy, d-m-yyyy, d.m.yyyy or yyyy-m-d) names; None where there is none."""
    if found := re.fullmatch(r"(\d{1,2})\s*([/.-])\s*(\d{1,2})\s*\2\s*(\d{4})", text):
        day, month, year = int(found[1]), int(found[3]), int(found[4])
    elif found := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", text):
        year, month, day = int(found[1]), int(found[2]), int(found[3])
    else:
        return None
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def as_number(text: str, whole: bool) -> int | float | None:
    """A number typed as text the Vietnamese way (1.200 and 12,5) or the plain way (12.5); None where it is none."""
    plain = re.sub(r"\s", "", text)
    if re.fullmatch(r"-?[1-9]\d{0,2}(\.\d{3})+(,\d+)?", plain):
        plain = plain.replace(".", "")
    plain = plain.replace(",", ".", 1)
    if re.fullmatch(r"-?\d{1,300}", plain):
        return int(plain)
    if not re.fullmatch(r"-?\d{1,15}\.\d{1,15}", plain):
        return None
    return plain_number(float(plain)) if not whole or float(plain).is_integer() else None


def plain_number(value: int | float) -> int | float:
    """The number as Excel keeps it, to 15 digits; 12 for 12.0, which Excel and JSON write in two ways.

    >>> plain_number(12.0), plain_number(0.1 + 0.2)
    (12, 0.3)
    """
    if not isinstance(value, float) or not math.isfinite(value):
        return value
    kept = float(f"{value:.15g}")
    if not math.isfinite(kept):
        return value
    return int(kept) if kept.is_integer() and abs(kept) < 1e15 else kept


# --- the schema seen as sheets


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
        return tuple(_table(k, s, k in needed) for k, s in found if "x-trang" in s)

    @property
    def tall_sheet(self) -> str:
        return str(self.schema["x-chi-tiet"]["trang"])

    @property
    def tall_columns(self) -> list[str]:
        return list(self.schema["x-chi-tiet"]["cot"])

    def with_lists(self) -> list[Table]:
        return [t for t in self.tables if t.lists and t.id_key]

    def in_order(self) -> list[Table | None]:
        """The sheets as they stand in the file; None is the tall sheet."""
        by_key = {t.key: t for t in self._all}
        keys = self.schema.get("x-thu-tu-trang") or [*by_key, "chi_tiet"]
        return [by_key.get(k) for k in keys]


def _table(key: str, schema: Mapping[str, Any], required: bool) -> Table:
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
    )


def is_prose(schema: Mapping[str, Any]) -> bool:
    return "properties" not in schema.get("items", {})


# --- writing


def write(
    year_schema: Mapping[str, Any],
    data: Mapping[str, Any] | None = None,
    lists: Mapping[str, Sequence[str]] | None = None,
) -> bytes:
    """The year as .xlsx bytes; `data` None gives a blank workbook, `lists` the drop-downs of x-danh-muc fields.

    Raises `DataInvalid` with every value that no cell can hold as it is.
    """
    return _Writer(Layout(year_schema), data or {}, lists or {}).bytes()


class _Writer:
    def __init__(self, layout: Layout, data: Mapping[str, Any], lists: Mapping[str, Sequence[str]]) -> None:
        from openpyxl import Workbook

        self.layout, self.data, self.lists = layout, data, lists
        self.book: Workbook = Workbook()
        self.look = _Look()
        self.problems: list[Problem] = []
        self.hidden_columns = 1

    def bytes(self) -> bytes:
        self.book.remove(self.book.worksheets[0])
        order = self.layout.in_order()
        for table in order:
            self.book.create_sheet(table.sheet if table else self.layout.tall_sheet)
        self._hidden_sheet()
        self._refuse_unknown(self.data, self.layout.schema["properties"], "")
        for table in order:
            if table is None:
                self._tall()
            elif table is self.layout.form:
                self._form(table)
            else:
                self._records(table)
        if self.problems:
            raise DataInvalid(Report.of(self.problems))
        return _same_bytes(self.book)

    def _hidden_sheet(self) -> None:
        """Sheet `_dvk`: the version of the schema and, a column each, the lists of the drop-downs."""
        sheet = self.book.create_sheet(HIDDEN)
        sheet.sheet_state = "veryHidden"
        sheet["A1"] = "phien_ban"
        sheet["A2"] = self.layout.version
        for table in self.layout.with_lists():
            if table.id_key in {c.key for c in table.columns}:
                self._name_ids(table)
        for table in self.layout.tables:
            if table.id_key and f"MA_{table.key}" not in self.book.defined_names:
                self._name_ids(table)

    def _name_ids(self, table: Table) -> None:
        from openpyxl.utils import get_column_letter

        number = [c.key for c in table.columns].index(table.id_key) + 1
        letter = get_column_letter(number)
        sheet = f"'{table.sheet}'!"
        whole = f"{sheet}${letter}${FIRST_ROW}:${letter}${ROOM}"
        self._name(f"MA_{table.key}", f"OFFSET({sheet}${letter}${FIRST_ROW},0,0,MAX(1,COUNTA({whole})),1)")

    def _name(self, name: str, formula: str) -> str:
        from openpyxl.workbook.defined_name import DefinedName

        self.book.defined_names[name] = DefinedName(name, attr_text=formula)
        return name

    def _list_name(self, name: str, values: Sequence[str]) -> str:
        """A defined name for a list kept in the hidden sheet; the name itself."""
        from openpyxl.utils import get_column_letter

        if name in self.book.defined_names:
            return name
        self.hidden_columns += 1
        sheet, number = self.book[HIDDEN], self.hidden_columns
        sheet.cell(1, number, name)
        for row, value in enumerate(values, 2):
            self.look.text(_cell(sheet, row, number), value)
        letter = get_column_letter(number)
        return self._name(name, f"{HIDDEN}!${letter}$2:${letter}${len(values) + 1}")

    # the form

    def _form(self, table: Table) -> None:
        sheet = self.book[table.sheet]
        for letter, width in zip("ABC", (48, 52, 78), strict=True):
            sheet.column_dimensions[letter].width = width
        row = 1
        for words in guide(self.layout):
            cell = _cell(sheet, row, 1)
            self.look.text(cell, words)
            (self.look.title if row == 1 else self.look.note)(cell)
            sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=3)
            sheet.row_dimensions[row].height = 16.0 * max(1, math.ceil(len(words) / 150)) + 3
            row += 1
        row += 1
        for number, words in enumerate(FORM_HEAD, 1):
            self.look.header(_cell(sheet, row, number), words, required=False)
        record, group = self._dict(self.data.get(table.key), f"/{table.key}"), ""
        self._refuse_unknown(record, {c.key: c for c in (*table.columns, *table.lists)}, f"/{table.key}")
        for column in table.columns:
            if (named := str(column.schema.get("x-nhom", ""))) != group:
                group, row = named, row + 1
                for number in (1, 2, 3):
                    self.look.group(_cell(sheet, row, number), named if number == 1 else "")
            row += 1
            self.look.header(_cell(sheet, row, 1), column.header, column.required, left=True)
            self._put(_cell(sheet, row, 2), record.get(column.key), column, f"/{table.key}/{column.key}")
            _cell(sheet, row, 2).alignment = self.look.left
            self.look.text(_cell(sheet, row, 3), explanation(column, self.lists))
            self.look.note(_cell(sheet, row, 3))
            _fit_height(sheet, row)
            self._validate(sheet, f"B{row}", column, f"{table.key}_{column.key}")
        self._tall_guide(sheet, row + 2)
        _page(sheet, None)

    def _tall_guide(self, sheet: Worksheet, row: int) -> None:
        """Below the form: which Mục there are, whose they are and which columns each one uses."""
        head = (f"{GUIDE_HEAD} {self.layout.tall_sheet}", "Dùng cho sheet", "Các cột cần điền")
        for number, words in enumerate(head, 1):
            self.look.header(_cell(sheet, row, number), words, required=False)
        for table in self.layout.with_lists():
            for column in table.lists:
                row += 1
                used = [PROSE] if is_prose(column.schema) else [_tall_words(c) for c in _inner(column)]
                for number, words in enumerate((str(column.schema["x-muc"]), table.sheet, "; ".join(used)), 1):
                    self.look.text(_cell(sheet, row, number), words)
                    self.look.note(_cell(sheet, row, number))

    # the sheets of records

    def _records(self, table: Table) -> None:
        sheet = self.book[table.sheet]
        for number, column in enumerate(table.columns, 1):
            self._column(sheet, number, column)
            letter = _cell(sheet, 1, number).column_letter
            self._validate(sheet, f"{letter}{FIRST_ROW}:{letter}{ROOM}", column, f"{table.key}_{column.key}")
            self._example(_cell(sheet, 2, number), column, number == 1)
        for index, item in enumerate(self._list(self.data.get(table.key), f"/{table.key}")):
            pointer = f"/{table.key}/{index}"
            record = self._dict(item, pointer)
            self._refuse_unknown(record, {c.key: c for c in (*table.columns, *table.lists)}, pointer)
            for number, column in enumerate(table.columns, 1):
                cell = _cell(sheet, FIRST_ROW + index, number)
                self._put(cell, record.get(column.key), column, f"{pointer}/{column.key}")
                if number == 1 and fold(str(cell.value or "")).startswith(fold(EXAMPLE)):
                    message = f"Ô đầu dòng không được bắt đầu bằng “{EXAMPLE}”."
                    self._refuse(f"{pointer}/{column.key}", "example_text", message)
            _fit_height(sheet, FIRST_ROW + index)
        _page(sheet, "C2")

    def _column(self, sheet: Worksheet, number: int, column: Column) -> None:
        self.look.header(_cell(sheet, 1, number), column.header, column.required)
        dimension = sheet.column_dimensions[_cell(sheet, 1, number).column_letter]
        dimension.width = _width(column)
        dimension.number_format = _format(column.schema)
        dimension.font, dimension.alignment = self.look.font, self.look.wrap

    def _example(self, cell: Cell, column: Column, first: bool) -> None:
        self._put(cell, column.schema.get("x-vi-du"), column, "")
        if first:
            cell.number_format = "@"
            self.look.text(cell, f"{EXAMPLE} {cell.value}" if cell.value is not None else EXAMPLE)
        self.look.example(cell)

    # the tall sheet

    def _tall(self) -> None:
        sheet, columns, owners = self.book[self.layout.tall_sheet], self.layout.tall_columns, self.layout.with_lists()
        for number, words in enumerate(columns, 1):
            wide = {"title": words, "x-rong": 70 if words == PROSE else 30 if words == ITEM else 18}
            self._column(sheet, number, Column(words, wide, words in (OWNER, ITEM, PROSE)))
        names = list(dict.fromkeys(str(c.schema["x-muc"]) for t in owners for c in t.lists))
        self._drop_down(sheet, columns, ITEM, self._list_name("DM_muc", names), "Chọn Mục của bản ghi ở cột Thuộc về.")
        where = ", ".join(t.sheet for t in owners)
        self._hint(sheet, columns, OWNER, f"Mã của dòng ở sheet {where} mà nội dung này thuộc về.")
        self._hint(sheet, columns, PROSE, "Mỗi lần Alt+Enter là một đoạn. Có thể viết tiếp ở dòng khác.")
        self._tall_example(sheet, columns, owners)
        row = FIRST_ROW
        for table in owners:
            for index, record in enumerate(self.data.get(table.key) or ()):
                for cells, pointer in self._tall_rows(table, record, f"/{table.key}/{index}"):
                    for number, words in enumerate(columns, 1):
                        self._put_tall(_cell(sheet, row, number), cells.get(words), pointer)
                    _fit_height(sheet, row)
                    row += 1
        _page(sheet, "C2")

    def _tall_rows(self, table: Table, record: Any, pointer: str) -> Iterator[tuple[dict[str, Any], str]]:
        if not isinstance(record, Mapping):
            return
        for column in table.lists:
            items = self._list(record.get(column.key), f"{pointer}/{column.key}")
            start = {OWNER: record.get(table.id_key), ITEM: column.schema["x-muc"]}
            if items and not start[OWNER]:
                message = f"Bản ghi cần mã để ghi được {column.title} vào sheet {self.layout.tall_sheet}."
                self._refuse(f"{pointer}/{column.key}", "owner_unknown", message)
            elif is_prose(column.schema):
                for text in _fitting(items):
                    yield {**start, PROSE: text}, f"{pointer}/{column.key}"
            else:
                fields = {c.key: str(c.schema["x-cot"]) for c in _inner(column)}
                for number, item in enumerate(items):
                    at = f"{pointer}/{column.key}/{number}"
                    self._refuse_unknown(self._dict(item, at), fields, at)
                    yield {**start, **{fields[k]: v for k, v in self._dict(item, at).items() if k in fields}}, at

    def _put_tall(self, cell: Cell, value: Any, pointer: str) -> None:
        kind = "number" if isinstance(value, int | float) and not isinstance(value, bool) else "string"
        self._put(cell, value, Column("", {"type": kind}, False), pointer)

    def _tall_example(self, sheet: Worksheet, columns: list[str], owners: list[Table]) -> None:
        if not owners:
            return
        table = owners[0]
        first = next(c for c in table.columns if c.key == table.id_key)
        shown = {
            OWNER: f"{EXAMPLE} {first.schema.get('x-vi-du', '')}".strip(),
            ITEM: str(table.lists[0].schema["x-muc"]),
            PROSE: "Đoạn thứ nhất.\nĐoạn thứ hai (xuống dòng bằng Alt+Enter).",
        }
        for number, words in enumerate(columns, 1):
            cell = _cell(sheet, 2, number)
            self.look.text(cell, shown.get(words, ""))
            self.look.example(cell)

    def _hint(self, sheet: Worksheet, columns: list[str], words: str, hint: str) -> None:
        self._drop_down(sheet, columns, words, "", hint)

    def _drop_down(self, sheet: Worksheet, columns: list[str], words: str, name: str, hint: str) -> None:
        letter = _cell(sheet, 1, columns.index(words) + 1).column_letter
        self._add_validation(sheet, f"{letter}{FIRST_ROW}:{letter}{ROOM}", words, hint, name, "stop")

    # one cell

    def _put(self, cell: Cell, value: Any, column: Column, pointer: str) -> None:
        schema = column.schema
        cell.number_format = _format(schema)
        self.look.plain(cell)
        try:
            typed = to_cell(value, schema)
        except _Unfit as e:
            self._refuse(pointer, e.code, str(e))
            return
        if isinstance(typed, str):
            self.look.text(cell, typed)
        elif typed is not None:
            cell.value = typed
            if isinstance(typed, int | float):
                cell.number_format = "General"

    def _validate(self, sheet: Worksheet, area: str, column: Column, name: str) -> None:
        schema, hint = column.schema, str(column.schema.get("x-goi-y", ""))
        named = self.lists.get(str(schema.get("x-danh-muc", "")))
        if "enum" in schema:
            names = [label for _, label in choices(schema)]
            self._add_validation(sheet, area, column.title, hint, self._list_name(f"DM_{name}", names), "stop")
        elif named:
            self._add_validation(sheet, area, column.title, hint, self._list_name(f"DM_{name}", named), "warning")
        elif "x-tro" in schema:
            listed = f"MA_{schema['x-tro']}"
            tail = f"Mã của một dòng ở sheet {self._sheet_of(str(schema['x-tro']))}."
            self._add_validation(sheet, area, column.title, f"{hint} {tail}".strip(), listed, "warning")
        elif "boolean" in kinds_of(schema):
            tail = "Đánh x nếu có; để trống nếu không."
            listed = self._list_name("DM_x", ["x"])
            self._add_validation(sheet, area, column.title, f"{hint} {tail}".strip(), listed, "warning")
        elif is_date(schema):
            tail = "Gõ ngày/tháng/năm, ví dụ 05/02/2026."
            self._add_validation(sheet, area, column.title, f"{hint} {tail}".strip(), "", "warning", kind="date")
        elif hint or "x-gio" in schema:
            tail = "Gõ giờ:phút, ví dụ 08:00." if "x-gio" in schema else ""
            self._add_validation(sheet, area, column.title, f"{hint} {tail}".strip(), "", "warning")

    def _sheet_of(self, key: str) -> str:
        return next((t.sheet for t in self.layout.tables if t.key == key), key)

    def _add_validation(
        self, sheet: Worksheet, area: str, title: str, hint: str, name: str, style: Style, kind: str = ""
    ) -> None:
        from openpyxl.worksheet.datavalidation import DataValidation

        rule = DataValidation(allow_blank=True)
        if name:
            rule.type, rule.formula1 = "list", name
            rule.error = "Giá trị này không có trong danh sách; hãy chọn ở mũi tên bên phải ô."
        elif kind == "date":
            rule.type, rule.operator, rule.formula1, rule.formula2 = "date", "between", "3654", "73050"
            rule.error = "Đây chưa phải một ngày có thật; hãy gõ ngày/tháng/năm (hoặc năm-tháng-ngày)."
        rule.errorTitle, rule.errorStyle = "Kiểm tra lại", style
        rule.showErrorMessage, rule.showInputMessage = bool(rule.type), bool(hint)
        if hint:
            rule.promptTitle, rule.prompt = title[:32], hint[:255]
        rule.add(area)
        sheet.add_data_validation(rule)

    # what no cell can hold

    def _refuse(self, pointer: str, code: str, message: str) -> None:
        self.problems.append(Problem(Place(pointer), code, "loi", message))

    def _refuse_unknown(self, record: Mapping[str, Any], known: Mapping[str, Any], pointer: str) -> None:
        for key in record:
            if key not in known:
                self._refuse(f"{pointer}/{key}", "unknown_field", f"Không có trường “{key}” trong sổ.")

    def _list(self, value: Any, pointer: str) -> list[Any]:
        if value is None or isinstance(value, list | tuple):
            return list(value or ())
        self._refuse(pointer, "wrong_type", "Chỗ này phải là một danh sách.")
        return []

    def _dict(self, value: Any, pointer: str) -> Mapping[str, Any]:
        if value is None or isinstance(value, Mapping):
            return value or {}
        self._refuse(pointer, "wrong_type", "Chỗ này phải là một đối tượng có các trường.")
        return {}


class _Unfit(Exception):
    """A value that no cell can hold as it is."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def to_cell(value: Any, schema: Mapping[str, Any]) -> str | int | float | date | None:
    """What is typed in the cell for a value of the data; raises `_Unfit` where no cell can hold it."""
    if value is None or value == "" or value == []:
        return None
    if "x-dong-o" in schema and isinstance(value, list | tuple):
        if not all(isinstance(v, str) for v in value):
            raise _Unfit("wrong_type", "Mỗi phần tử của danh sách phải là chữ.")
        value = ("; " if schema["x-dong-o"] == ";" else "\n").join(value)
    if isinstance(value, bool):
        return "x" if value else "không"
    if isinstance(value, int | float):
        return _number_cell(value)
    if not isinstance(value, str):
        raise _Unfit("wrong_type", "Giá trị này không ghi được vào một ô.")
    if is_date(schema) and as_day(value) == value and date.fromisoformat(value) >= OLDEST:
        return date.fromisoformat(value)
    text = str(dict(choices(schema)).get(value, value))
    if NOT_IN_XML.search(text):
        raise _Unfit("control_character", "Chữ có ký tự điều khiển mà Excel không nhận; hãy xoá ký tự đó.")
    if len(text.encode("utf-16-le", "surrogatepass")) // 2 > MAX_CELL:
        raise _Unfit("too_long", f"Chữ dài quá {MAX_CELL} ký tự, một ô Excel không chứa được.")
    return text


def _number_cell(value: int | float) -> str | int | float:
    if isinstance(value, float) and not math.isfinite(value):
        raise _Unfit("wrong_type", "Giá trị này không phải là một số.")
    value = plain_number(value)
    return str(value) if isinstance(value, int) and abs(value) >= 10**15 else value  # Excel keeps 15 digits


def _fitting(items: list[Any]) -> Iterator[Any]:
    """Paragraphs joined by line ends into as few texts as one cell each can hold; what is no text as it is."""
    held: list[str] = []
    for item in items:
        if not isinstance(item, str):
            yield item
            continue
        if held and sum(2 * len(h) + 1 for h in held) + 2 * len(item) > MAX_CELL:
            yield "\n".join(held)
            held = []
        held.append(item)
    if held:
        yield "\n".join(held)


def _inner(column: Column) -> list[Column]:
    """The fields of one row of an x-muc list."""
    items = column.schema["items"]
    return [Column(k, s, k in items.get("required", ())) for k, s in items["properties"].items()]


def _tall_words(column: Column) -> str:
    named = str(column.schema["x-cot"])
    star = " *" if column.required else ""
    return f"{named}{star}" if fold(named) == fold(column.title) else f"{named}{star} ({column.title})"


def _width(column: Column) -> float:
    schema = column.schema
    if "x-rong" in schema:
        return float(schema["x-rong"])
    if is_date(schema) or "x-gio" in schema or kinds_of(schema) <= {"integer", "number", "boolean"}:
        return 14
    if "x-khoa" in schema or "x-tro" in schema or "pattern" in schema:
        return 16
    longest = max(
        [
            16 if "enum" in schema else 22,
            *(len(label) + 3 for _, label in choices(schema)),
            len(str(schema.get("x-vi-du", ""))) + 2,
        ]
    )
    return float(min(36, longest))


def _format(schema: Mapping[str, Any]) -> str:
    """Text for whatever is text, so that Excel turns no 3/2026 into a day and no 0912... into a number."""
    if is_date(schema):
        return "dd/mm/yyyy"
    return "General" if kinds_of(schema) & {"integer", "number"} else "@"


def explanation(column: Column, lists: Mapping[str, Sequence[str]]) -> str:
    """The third column of the form: the hint, the choices, the default, an example."""
    schema, labels = column.schema, dict(choices(column.schema))
    parts = [str(schema.get("x-goi-y", ""))]
    if labels:
        parts.append("Chọn: " + " / ".join(labels.values()) + ".")
    elif names := lists.get(str(schema.get("x-danh-muc", ""))):
        parts.append("Chọn: " + " / ".join(names) + ".")
    if (default := schema.get("x-mac-dinh")) is not None:
        parts.append(f"Để trống: {labels.get(default, default)}.")
    if (example := schema.get("x-vi-du")) is not None:
        parts.append(f"Ví dụ: {labels.get(example, example)}")
    return " ".join(p for p in parts if p)


def guide(layout: Layout) -> list[str]:
    """The text above the form: what the file is and how it is filled."""
    tall, owners = layout.tall_sheet, ", ".join(t.sheet for t in layout.with_lists())
    return [
        str(layout.schema.get("title", "Sổ dữ liệu của năm")).upper(),
        "Sổ này giữ mọi dữ liệu của một năm phong trào. Nhập mỗi điều một lần; "
        "các văn bản, danh sách, con số đều lấy từ đây.",
        "Điền bảng bên dưới trước, rồi lần lượt các sheet tiếp theo. Ô chưa biết thì để trống, bổ sung sau.",
        "Dấu * và nền vàng ở tiêu đề: bắt buộc phải điền. Nền xanh: điền khi có.",
        f"Dòng 2 của mỗi sheet, chữ nghiêng nền xám, bắt đầu bằng “{EXAMPLE}”, là dòng mẫu: không bao giờ được đọc. "
        f"Nhập từ dòng {FIRST_ROW}.",
        "Mã (MH01, NG01, DV01 …) do cơ quan tự đặt, mỗi dòng một mã, không trùng nhau trong cả tệp. "
        "Sheet khác nhắc tới dòng đó bằng mã.",
        f"Sheet {tall}: các nội dung dài và danh sách của từng dòng ở sheet {owners}. Mỗi dòng ghi mã ({OWNER}) và "
        f"{ITEM}; bảng cuối trang này cho biết mỗi {ITEM} dùng cột nào.",
        "Trong một ô, mỗi lần bấm Alt+Enter là một đoạn (hoặc một mục của danh sách).",
        "Ngày gõ ngày/tháng/năm (05/02/2026). Nếu Excel hiện ra một ngày khác, hãy gõ 2026-02-05. "
        "Ô có mũi tên: chọn trong danh sách.",
        "Có thể thêm dòng, lọc, sắp xếp, ẩn cột; không đổi tên sheet và tiêu đề cột.",
        "Bước tiếp theo: lưu, đóng tệp rồi chạy lệnh  dvk <tên tệp>  (hoặc kéo tệp thả vào biểu tượng dvk): "
        "công cụ kiểm tra từng ô rồi lập các văn bản.",
    ]


class _Look:
    """Fonts and colours; the only place that names them."""

    def __init__(self) -> None:
        from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

        side = Side(style="thin", color="BFBFBF")
        self.border = Border(left=side, right=side, top=side, bottom=side)
        self.font = Font(name="Times New Roman", size=12)
        self.bold = Font(name="Times New Roman", size=12, bold=True)
        self.large = Font(name="Times New Roman", size=15, bold=True)
        self.italic = Font(name="Times New Roman", size=12, italic=True, color="7F7F7F")
        self.wrap = Alignment(wrap_text=True, vertical="top")
        self.left = Alignment(wrap_text=True, vertical="top", horizontal="left")
        self.middle = Alignment(wrap_text=True, vertical="center", horizontal="center")
        self.needed = PatternFill("solid", fgColor="FFE699")
        self.free = PatternFill("solid", fgColor="DDEBF7")
        self.grey = PatternFill("solid", fgColor="EDEDED")
        self.green = PatternFill("solid", fgColor="C6E0B4")

    def text(self, cell: Cell, words: str) -> None:
        """Write text that stays text, whatever it begins with (= + - @ #N/A)."""
        if not words:
            return
        cell.value = re.sub("_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", words)
        cell.data_type = "s"
        cell.quotePrefix = words[0] in "=+-@'"

    def plain(self, cell: Cell) -> None:
        cell.font, cell.alignment, cell.border = self.font, self.wrap, self.border

    def header(self, cell: Cell, words: str, required: bool, left: bool = False) -> None:
        self.text(cell, words)
        cell.font, cell.border = self.bold, self.border
        cell.alignment = self.wrap if left else self.middle
        cell.fill = self.needed if required else self.free

    def group(self, cell: Cell, words: str) -> None:
        self.text(cell, words)
        cell.font, cell.fill, cell.border = self.bold, self.green, self.border

    def example(self, cell: Cell) -> None:
        cell.font, cell.fill, cell.alignment, cell.border = self.italic, self.grey, self.wrap, self.border

    def title(self, cell: Cell) -> None:
        cell.font, cell.alignment = self.large, self.wrap

    def note(self, cell: Cell) -> None:
        cell.font, cell.alignment = self.font, self.wrap


def _cell(sheet: Worksheet, row: int, column: int) -> Cell:
    cell: Any = sheet.cell(row, column)
    return cast("Cell", cell)


def _fit_height(sheet: Worksheet, row: int) -> None:
    """Make a filled row as high as its longest text needs: not every office program does so on opening."""
    lines = 1
    for cell in sheet[row]:
        if isinstance(cell.value, str):
            room = sheet.column_dimensions[cell.column_letter].width * 1.15
            lines = max(lines, sum(max(1, math.ceil(len(part) / room)) for part in cell.value.split("\n")))
    if lines > 1:
        sheet.row_dimensions[row].height = min(409.0, 16.0 * lines + 2)


def _page(sheet: Worksheet, frozen: str | None) -> None:
    from openpyxl.worksheet.properties import PageSetupProperties

    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    if frozen:
        sheet.freeze_panes = frozen
        sheet.print_title_rows = "1:1"
        sheet.row_dimensions[1].height = 50


def _same_bytes(book: Workbook) -> bytes:
    """The saved workbook with every date fixed: the same data gives the same bytes."""
    moment = datetime(1980, 1, 1)
    book.properties.creator = "dvk-docs"
    book.properties.created = moment
    saved, out = io.BytesIO(), io.BytesIO()
    book.save(saved)
    with zipfile.ZipFile(saved) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>1980-01-01T00:00:00Z", content)
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            new.writestr(info, content)
    return out.getvalue()


# --- reading


@dataclass(frozen=True, slots=True)
class Raw:
    """One cell as it lies in the file."""

    value: Any
    number_format: str = "General"
    fault: str = ""  # formula_without_value, cell_error


@dataclass(slots=True)
class Grid:
    """One sheet: its rows that hold anything, by number; columns count from 1."""

    title: str
    rows: dict[int, dict[int, Raw]] = field(default_factory=dict)
    cut: bool = False


def read(
    raw: bytes, year_schema: Mapping[str, Any], file_name: str = ""
) -> tuple[dict[str, Any], dict[str, Place], list[Problem]]:
    """The data of a workbook, the place of every value (of blanks too) by JSON pointer, and the problems of the file.

    Raises `SourceInvalid` for bytes that are no workbook. A value that is not of its type stays as typed, for the
    checker to report at its place.
    """
    reader = _Reader(Layout(year_schema), _grids(raw, file_name), file_name)
    reader.read()
    return reader.data, reader.places, reader.problems


def _grids(raw: bytes, file_name: str) -> list[Grid]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl speaks of drop-downs and styles it does not keep
            return _load(raw)
    except SourceInvalid as e:
        raise SourceInvalid(str(e), e.code, Place(file=file_name)) from None
    except BROKEN:
        message = f"Tệp {file_name} không mở được như một sổ Excel; hãy mở bằng Excel rồi lưu lại dạng .xlsx."
        raise SourceInvalid(message, "workbook_broken", Place(file=file_name)) from None


def _load(raw: bytes) -> list[Grid]:
    has_formulas = _look_inside(raw)
    grids = _sheets(raw, data_only=True)
    if has_formulas:
        for grid, formulas in zip(grids, _sheets(raw, data_only=False), strict=True):
            for row, cells in formulas.rows.items():
                for column, cell in cells.items():
                    if cell.fault == "formula" and column not in grid.rows.get(row, {}):
                        grid.rows.setdefault(row, {})[column] = Raw(None, fault="formula_without_value")
            grid.rows = dict(sorted(grid.rows.items()))
    return grids


def _look_inside(raw: bytes) -> bool:
    """Whether some cell holds a formula; refuses XML that defines entities."""
    found = False
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        for name in archive.namelist():
            if name.endswith((".xml", ".rels", ".vml")):
                content = archive.read(name)
                if any("<!DOCTYPE".encode(code) in content for code in ("ascii", "utf-16-le", "utf-16-be")):
                    raise SourceInvalid("Tệp Excel có khai báo XML lạ nên không được mở.", "workbook_unsafe")
                found |= name.startswith("xl/worksheets/") and re.search(rb"<(\w+:)?f[\s>/]", content) is not None
    return found


def _sheets(raw: bytes, data_only: bool) -> list[Grid]:
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

    reader = _excel_reader()(io.BytesIO(raw), read_only=True, data_only=data_only, keep_links=False)
    reader.read()
    try:
        return [_grid(s) for s in reader.wb.worksheets if isinstance(s, ReadOnlyWorksheet)]
    finally:
        reader.wb.close()


def _excel_reader() -> Callable[..., Any]:
    """openpyxl's reader, with shared strings as they lie (its own drops `x005F_`) and no care for looks."""
    from openpyxl.cell.text import Text
    from openpyxl.reader.excel import ExcelReader
    from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS
    from openpyxl.xml.functions import iterparse

    class Reader(ExcelReader):
        def read_strings(self) -> None:
            package: Any = self.package
            part = package.find(SHARED_STRINGS)
            if part is None:
                return
            with self.archive.open(part.PartName[1:]) as source:
                for _, node in iterparse(source):
                    if node.tag == f"{{{SHEET_MAIN_NS}}}si":
                        text: Any = Text.from_tree(node)
                        self.shared_strings.append(text.content)
                        node.clear()

        def read_properties(self) -> None: ...

        def read_custom(self) -> None: ...

        def read_theme(self) -> None: ...

    return Reader


def _unescape(text: str) -> str:
    """Text as Excel means it: _x000D_ is one character, _x005F_ a plain underscore."""
    return re.sub("_x([0-9A-Fa-f]{4})_", lambda m: chr(int(m[1], 16)), text)


def _grid(sheet: Any) -> Grid:
    grid = Grid(str(sheet.title))
    sheet.reset_dimensions()
    rows = sheet.iter_rows(max_row=MAX_ROWS + 1, max_col=MAX_COLUMNS)
    for number, cells in enumerate(rows, 1):
        held = {c: raw for c, cell in enumerate(cells, 1) if (raw := _raw(cell)) is not None}
        if held and number > MAX_ROWS:
            grid.cut = True
        elif held:
            grid.rows[number] = held
    return grid


def _raw(cell: Any) -> Raw | None:
    value = cell.value
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    kind = cell.data_type
    if kind == "f":
        return Raw(None, fault="formula")
    if isinstance(value, str):
        value = _unescape(value)
    return Raw(value, str(cell.number_format or "General"), "cell_error" if kind == "e" else "")


class _Reader:
    def __init__(self, layout: Layout, grids: list[Grid], file_name: str) -> None:
        self.layout, self.grids, self.file = layout, grids, file_name
        self.data: dict[str, Any] = {}
        self.places: dict[str, Place] = {"": Place(file=file_name)}
        self.problems: list[Problem] = []
        self.owners: dict[str, list[tuple[Table, dict[str, Any], str]]] = {}

    def read(self) -> None:
        self._version()
        form = self.layout.form
        if grid := self._sheet(form.sheet, form.key, form.required):
            self._form(form, grid)
        for table in self.layout.tables:
            if grid := self._sheet(table.sheet, table.key, table.required):
                self._records(table, grid)
        if grid := self._sheet(self.layout.tall_sheet, "", False):
            self._tall(grid)
        order = list(self.layout.schema["properties"])
        self.data = dict(sorted(self.data.items(), key=lambda kv: order.index(kv[0])))

    def _version(self) -> None:
        grid = next((g for g in self.grids if g.title == HIDDEN), None)
        typed = self._held(grid, 2, 1).value if grid else None
        found = typed if isinstance(typed, int) else self.layout.version
        if "phien_ban" in self.layout.schema["properties"]:
            self.data["phien_ban"] = found
            self.places["/phien_ban"] = Place("/phien_ban", self.file)
        if found > self.layout.version:
            message = (
                f"Sổ này lập bằng phiên bản {found}, mới hơn phiên bản {self.layout.version} của công cụ đang dùng;"
                " hãy cập nhật công cụ."
            )
            self._say("version_newer", "loi", message, Place("/phien_ban", self.file))

    def _say(self, code: str, severity: Severity, message: str, place: Place, hint: str = "") -> None:
        self.problems.append(Problem(place, code, severity, message, hint))

    def _place(self, pointer: str, grid: Grid, row: int, column: int) -> Place:
        return Place(pointer, self.file, grid.title, f"{_letter(column)}{row}")

    @staticmethod
    def _held(grid: Grid, row: int, column: int) -> Raw:
        return grid.rows.get(row, {}).get(column) or Raw(None)

    # sheets and headers

    def _sheet(self, title: str, key: str, required: bool) -> Grid | None:
        wanted = fold(title)
        pointer = f"/{key}" if key else ""
        for grid in self.grids:
            if fold(grid.title) == wanted:
                self.places.setdefault(pointer, Place(pointer, self.file, grid.title, f"A{FIRST_ROW}"))
                if grid.cut:
                    message = f"Sheet {grid.title} dài quá {MAX_ROWS} dòng; các dòng sau đó không được đọc."
                    self._say("too_many_rows", "loi", message, Place(pointer, self.file, grid.title))
                return grid
        names = ", ".join(f"“{g.title}”" for g in self.grids if g.title != HIDDEN) or "không có sheet nào"
        message = f"Không thấy sheet “{title}”; trong tệp có: {names}."
        place = Place(pointer, self.file)
        if key:
            self.places[pointer] = place
        self._say("missing_sheet", "loi" if required else "canh_bao", message, place, "Hãy đặt lại đúng tên sheet.")
        return None

    def _header_row(self, grid: Grid, titles: Sequence[str]) -> int:
        """The row among the first that holds most of the headers (someone may have put a title above them)."""
        wanted = {fold(t) for t in titles}
        best, most = 1, 0
        for number in [n for n in grid.rows if n <= 30]:
            count = len(wanted & {fold(str(raw.value)) for raw in grid.rows[number].values()})
            if count > most:
                best, most = number, count
        return best

    def _headers(self, grid: Grid, row: int, titles: Mapping[str, bool], pointer: str) -> dict[str, int]:
        """Title -> column number; speaks of headers that are missing, doubled or unknown. `titles`: required or not."""
        by_fold = {fold(t): t for t in titles}
        found: dict[str, int] = {}
        for number, raw in grid.rows.get(row, {}).items():
            title = by_fold.get(fold(str(raw.value)))
            place = self._place(pointer, grid, row, number)
            if title is None:
                message = f"Cột “{clean(str(raw.value))}” không có trong mẫu nên không được đọc."
                self._say("unknown_column", "thong_tin", message, place)
            elif title in found:
                message = f"Hai cột cùng tiêu đề “{title}”; chỉ cột {_letter(found[title])} được đọc."
                self._say("duplicate_header", "loi", message, place, "Hãy xoá hoặc đổi tên một cột.")
            else:
                found[title] = number
        for title, required in titles.items():
            if title not in found:
                message = f"Sheet {grid.title} thiếu cột “{title}”."
                place = self._place(pointer, grid, row, 1)
                hint = f"Hãy đặt lại tiêu đề “{title}” ở dòng {row}."
                self._say("missing_column", "loi" if required else "canh_bao", message, place, hint)
        return found

    # the form

    def _form(self, table: Table, grid: Grid) -> None:
        head = self._header_row(grid, FORM_HEAD)
        at = {fold(str(raw.value)): number for number, raw in grid.rows.get(head, {}).items()}
        label_at, value_at = at.get(fold(FORM_HEAD[0]), 1), at.get(fold(FORM_HEAD[1]), 2)
        by_fold = {fold(c.title): c for c in table.columns}
        known = {fold(str(c.schema.get("x-nhom", ""))) for c in table.columns}
        record: dict[str, Any] = {}
        rows: dict[str, int] = {}
        for number in [n for n in grid.rows if n > head]:
            label = clean(str(self._held(grid, number, label_at).value or ""))
            if fold(label).startswith(fold(GUIDE_HEAD)):
                break
            column = by_fold.get(fold(label))
            if column and column.key not in rows:
                rows[column.key] = number
                at_cell = (grid, number, value_at)
                self._take(record, column, self._held(*at_cell), f"/{table.key}", at_cell)
            elif label and fold(label) not in known and self._held(grid, number, value_at).value is not None:
                place = self._place(f"/{table.key}", grid, number, label_at)
                message = f"Dòng “{label}” không có trong mẫu hoặc bị lặp nên không được đọc."
                self._say("unknown_row", "canh_bao", message, place)
        for column in table.columns:
            if column.key not in rows:
                pointer = f"/{table.key}/{column.key}"
                self.places[pointer] = place = self._place(pointer, grid, head, label_at)
                message = f"Sheet {grid.title} thiếu dòng “{column.title}”."
                hint = "Hãy đặt lại dòng này trong bảng."
                self._say("missing_row", "loi" if column.required else "canh_bao", message, place, hint)
        self.places[f"/{table.key}"] = self._place(f"/{table.key}", grid, head, label_at)
        self.data[table.key] = record

    # records

    def _records(self, table: Table, grid: Grid) -> None:
        pointer = f"/{table.key}"
        head = self._header_row(grid, [c.title for c in table.columns])
        at = self._headers(grid, head, {c.title: c.required for c in table.columns}, pointer)
        self.places[pointer] = self._place(pointer, grid, max(FIRST_ROW, head + 1), 1)
        records: list[dict[str, Any]] = []
        used, marked = sorted(at.values()), at.get(table.columns[0].title)
        for row in [n for n in grid.rows if n > head]:
            if not any(column in grid.rows[row] for column in used) or self._is_example(grid, row, marked):
                continue
            own = f"{pointer}/{len(records)}"
            record: dict[str, Any] = {}
            self.places[own] = self._place(own, grid, row, used[0])
            for column in table.columns:
                number = at.get(column.title)
                raw = self._held(grid, row, number) if number else Raw(None)
                self._take(record, column, raw, own, (grid, row, number or used[0]))
            self._own(table, record, own, self._place(own, grid, row, at.get(self._id_title(table), used[0])))
            records.append(record)
        if records:
            self.data[table.key] = records

    def _is_example(self, grid: Grid, row: int, column: int | None) -> bool:
        """Whether the row is marked in its first field, wherever that column was moved to."""
        first = self._held(grid, row, column or min(grid.rows[row])).value
        return isinstance(first, str) and first.strip().casefold().startswith(EXAMPLE.casefold())

    @staticmethod
    def _id_title(table: Table) -> str:
        return next((c.title for c in table.columns if c.key == table.id_key), "")

    def _own(self, table: Table, record: dict[str, Any], pointer: str, place: Place) -> None:
        """Remember whose rows of the tall sheet these may be, and where its lists would be typed."""
        if table.id_key and isinstance(mark := record.get(table.id_key), str):
            self.owners.setdefault(mark.casefold(), []).append((table, record, pointer))
        for column in table.lists:
            own = f"{pointer}/{column.key}"
            self.places[own] = Place(own, self.file, place.sheet, place.cell)

    def _take(self, record: dict[str, Any], column: Column, raw: Raw, pointer: str, at: tuple[Grid, int, int]) -> None:
        """Put the cell's value in the record, its place under its pointer, and what is wrong among the problems."""
        own = f"{pointer}/{column.key}"
        place = self.places[own] = self._place(own, *at)
        if not self._sound(raw, column.title, place):
            return
        value = from_cell(raw.value, column.schema, raw.number_format)
        if value is None:
            return
        record[column.key] = value
        if isinstance(value, list):
            for index in range(len(value)):
                self.places[f"{own}/{index}"] = self._place(f"{own}/{index}", *at)

    def _sound(self, raw: Raw, title: str, place: Place) -> bool:
        """Whether the cell holds a value at all; says so where it holds a formula's failure."""
        if raw.fault == "formula_without_value":
            message = f"Ô {title} là công thức chưa có kết quả."
            hint = "Hãy mở tệp bằng Excel rồi lưu lại, hoặc gõ thẳng giá trị."
            self._say("formula_without_value", "loi", message, place, hint)
        elif raw.fault:
            self._say("cell_error", "loi", f"Ô {title} đang báo lỗi {raw.value}; hãy gõ lại giá trị.", place)
        return not raw.fault

    # the tall sheet

    def _tall(self, grid: Grid) -> None:
        titles = {words: words in (OWNER, ITEM, PROSE) for words in self.layout.tall_columns}
        head = self._header_row(grid, list(titles))
        at = self._headers(grid, head, titles, "")
        if OWNER not in at or ITEM not in at:
            return
        for row in [n for n in grid.rows if n > head]:
            if any(column in grid.rows[row] for column in at.values()) and not self._is_example(grid, row, at[OWNER]):
                self._tall_row(grid, row, at)

    def _tall_row(self, grid: Grid, row: int, at: Mapping[str, int]) -> None:
        owner, item = (_text(self._held(grid, row, at[t]).value, "") for t in (OWNER, ITEM))
        found = self.owners.get(owner.casefold(), []) if owner else []
        found = [f for f in found if f[1][f[0].id_key] == owner] or found
        if not found:
            self._owner_unknown(owner, self._place("", grid, row, at[OWNER]))
            return
        for table, record, pointer in found:
            column = next((c for c in table.lists if fold(str(c.schema["x-muc"])) == fold(item)), None)
            if column is not None:
                (self._prose if is_prose(column.schema) else self._row)(record, column, pointer, (grid, row), at)
                return
        self._item_unknown(item, found[0][0], self._place(found[0][2], grid, row, at[ITEM]))

    def _owner_unknown(self, owner: str, place: Place) -> None:
        if not owner:
            self._say("owner_unknown", "loi", "Chưa điền “Thuộc về”: dòng này là của mã nào?", place)
            return
        near = self._near(owner, [r[t.id_key] for group in self.owners.values() for t, r, _ in group if t.lists])
        self._say("owner_unknown", "loi", f"Không có mã “{owner}” trong tệp.", place, near)

    def _item_unknown(self, item: str, table: Table, place: Place) -> None:
        names = [str(c.schema["x-muc"]) for c in table.lists]
        if not names:
            message = f"Dòng của sheet {table.sheet} không có nội dung ở sheet {self.layout.tall_sheet}."
        else:
            message = f"Mục “{item}” không có cho sheet {table.sheet}." if item else "Chưa chọn Mục."
        self._say("unknown_muc", "loi", message, place, self._near(item, names))

    @staticmethod
    def _near(typed: str, names: Sequence[str]) -> str:
        near = get_close_matches(typed, list(dict.fromkeys(names)), 3, 0.5)
        return "Gần nhất: " + ", ".join(f"“{n}”" for n in near) + "." if near else ""

    def _prose(
        self, record: dict[str, Any], column: Column, pointer: str, where: tuple[Grid, int], at: Mapping[str, int]
    ) -> None:
        grid, row = where
        number = at.get(PROSE)
        self._unused(grid, row, at, {PROSE}, column)
        if number is None:
            return
        own = f"{pointer}/{column.key}"
        if not record.get(column.key):
            self.places[own] = self._place(own, grid, row, number)
        for text in self._paragraphs(grid, row, number, own):
            values = record.setdefault(column.key, [])
            spot = f"{own}/{len(values)}"
            self.places[spot] = self._place(spot, grid, row, number)
            values.append(text)

    def _paragraphs(self, grid: Grid, row: int, number: int, pointer: str) -> list[str]:
        cell, place = self._held(grid, row, number), self._place(pointer, grid, row, number)
        return split_lines(_text(cell.value, cell.number_format)) if self._sound(cell, PROSE, place) else []

    def _row(
        self, record: dict[str, Any], column: Column, pointer: str, where: tuple[Grid, int], at: Mapping[str, int]
    ) -> None:
        grid, row = where
        fields = _inner(column)
        self._unused(grid, row, at, {str(c.schema["x-cot"]) for c in fields}, column)
        numbers = {c.key: at.get(str(c.schema["x-cot"])) for c in fields}
        first = at.get(PROSE) or at[ITEM]
        own = f"{pointer}/{column.key}"
        if not record.get(column.key):
            self.places[own] = self._place(own, grid, row, first)
        if not any(n in grid.rows[row] for n in numbers.values()):
            return
        values = record.setdefault(column.key, [])
        spot = f"{own}/{len(values)}"
        self.places[spot] = self._place(spot, grid, row, first)
        item: dict[str, Any] = {}
        for inner in fields:
            number = numbers[inner.key]
            raw = self._held(grid, row, number) if number else Raw(None)
            self._take(item, inner, raw, spot, (grid, row, number or first))
        values.append(item)

    def _unused(self, grid: Grid, row: int, at: Mapping[str, int], used: set[str], column: Column) -> None:
        for title, number in at.items():
            if title not in {OWNER, ITEM, *used} and number in grid.rows[row]:
                message = f"Mục “{column.schema['x-muc']}” không dùng cột “{title}” nên ô này không được đọc."
                self._say("unused_cell", "canh_bao", message, self._place("", grid, row, number))


def _letter(number: int) -> str:
    """1 -> A, 27 -> AA."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def from_cell(value: Any, schema: Mapping[str, Any], number_format: str = "General") -> Any:
    """The data's value for what a cell holds; None for a blank; text that does not fit its type stays as typed."""
    if isinstance(value, str):
        value = clean(value)
    if value is None or value == "":
        return None
    kinds = kinds_of(schema)
    if is_date(schema):
        return _day_value(value, number_format)
    if "boolean" in kinds:
        return _bool_value(value)
    if kinds & {"integer", "number"}:
        return _number_value(value, number_format, "number" not in kinds)
    text = _time_text(value) if "x-gio" in schema else _text(value, number_format)
    if "x-dong-o" in schema:
        return split_lines(text, schema["x-dong-o"]) or None
    if "enum" in schema:
        return _code(text, schema)
    return text


def _day_value(value: Any, number_format: str) -> str:
    if isinstance(value, datetime | date):
        day = value.date() if isinstance(value, datetime) else value
        serial = (day - date(1899, 12, 30)).days
        return str(serial) if 1900 <= serial <= 2100 else day.isoformat()  # a bare year typed where a day belongs
    text = _text(value, number_format)
    return as_day(text) or text


def _bool_value(value: Any) -> Any:
    if isinstance(value, bool):
        return value
    text = _text(value, "General")
    if text.casefold() in TRUE_WORDS:
        return True
    return False if text.casefold() in FALSE_WORDS else text


def _number_value(value: Any, number_format: str, whole: bool) -> Any:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return plain_number(value)
    text = _text(value, number_format)
    number = as_number(text, whole)
    return text if number is None else number


def _code(text: str, schema: Mapping[str, Any]) -> Any:
    pairs = choices(schema)
    for code, label in pairs:
        if text in (code, label):
            return code
    near = [code for code, label in pairs if fold(text) in (fold(label), fold(str(code)))]
    return near[0] if len(near) == 1 else text


def _time_text(value: Any) -> str:
    """HH:MM for a clock time however Excel holds it; typed text as typed."""
    if isinstance(value, datetime | time):
        return f"{value.hour:02}:{value.minute:02}"
    if isinstance(value, float) and 0 <= value < 1:
        value = timedelta(days=value)
    if isinstance(value, timedelta):
        minutes = round(value.total_seconds() / 60)
        return f"{minutes // 60:02}:{minutes % 60:02}"
    return _text(value, "General")


def _text(value: Any, number_format: str) -> str:
    """Any cell as the text that Excel shows for it: 0912345678 with its zero, a day as dd/mm/yyyy, 12,5."""
    if value is None:
        return ""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, bool):
        return "x" if value else "không"
    if isinstance(value, datetime | date):
        month_only = number_format and "d" not in number_format.lower()
        return f"{value.month}/{value.year}" if month_only else f"{value.day:02}/{value.month:02}/{value.year}"
    if isinstance(value, time | timedelta):
        return _time_text(value)
    value = plain_number(value)
    if isinstance(value, int):
        return str(value).zfill(len(number_format)) if re.fullmatch("0+", number_format) else str(value)
    return str(value).replace(".", ",")
