"""Writing the workbook: blank or filled, always the same bytes for the same data."""

from __future__ import annotations

import io
import math
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal, cast

from dvk_docs.errors import DataInvalid, Place, Problem, Report

from .layout import (
    EXAMPLE,
    FIRST_ROW,
    FORM_HEAD,
    GUIDE_HEAD,
    HIDDEN,
    ITEM,
    MAX_CELL,
    OWNER,
    PROSE,
    Column,
    Layout,
    Table,
    inner_columns,
    is_prose,
)
from .values import NOT_IN_XML, as_day, choices, fold, is_date, kinds_of, plain_number

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

Style = Literal["stop", "warning", "information"]
ROOM = 2000  # rows that drop-downs and formats cover
OLDEST = date(1910, 1, 1)  # an older day is written as text: Excel's calendar is wrong before 1/3/1900


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
            _fit_height(sheet, row, len(FORM_HEAD))
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
                used = [PROSE] if is_prose(column.schema) else [_tall_words(c) for c in inner_columns(column)]
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
            _fit_height(sheet, FIRST_ROW + index, len(table.columns))
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
                    _fit_height(sheet, row, len(columns))
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
                fields = {c.key: str(c.schema["x-cot"]) for c in inner_columns(column)}
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
        self.look.plain(cell, _format(schema))
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
        self.plains: dict[str, Any] = {}  # number format -> the style of a plain cell
        self.green = PatternFill("solid", fgColor="C6E0B4")

    def text(self, cell: Cell, words: str) -> None:
        """Write text that stays text, whatever it begins with (= + - @ #N/A)."""
        if not words:
            return
        cell.value = re.sub("_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", words)
        cell.data_type = "s"
        cell.quotePrefix = words[0] in "=+-@'"

    def plain(self, cell: Cell, number_format: str) -> None:
        """A filled cell; what openpyxl found out for the first of a format is taken over for the others."""
        styled: Any = cell
        if number_format in self.plains and not cell.has_style:
            styled._style = copy(self.plains[number_format])
            return
        fresh = not cell.has_style
        cell.number_format = number_format
        cell.font, cell.alignment, cell.border = self.font, self.wrap, self.border
        if fresh:
            self.plains[number_format] = copy(styled._style)

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


def _fit_height(sheet: Worksheet, row: int, columns: int) -> None:
    """Make a filled row as high as its longest text needs: not every office program does so on opening."""
    lines = 1
    for cell in (_cell(sheet, row, number) for number in range(1, columns + 1)):
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
