"""Tables that are no .xlsx: .xls and .ods through python-calamine (an extra), .csv by the standard library.

Each comes as the same grids. What these files do not carry (number formats, fonts) is lost before it is read, so a
code that lost its zeros stays as it is. A CSV is read whatever its mark, its code (UTF-8, UTF-16, cp1258), its comma.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable
from typing import Any, Literal

from dvk_docs.errors import Place, SourceInvalid, ToolMissing

from .grids import Grid, Raw, letter_of
from .layout import MAX_COLUMNS, MAX_ROWS

Form = Literal["xls", "ods", "csv"]
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_ERRORS = ("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!")


def grids_of_other(raw: bytes, file_name: str, form: Form) -> list[Grid]:
    """The sheets of the file; raise `SourceInvalid` for a broken one, `ToolMissing` where its reader is not there."""
    return [_csv(raw, file_name)] if form == "csv" else _calamine(raw, file_name, form)


def _calamine(raw: bytes, file_name: str, form: Form) -> list[Grid]:
    try:
        from python_calamine import CalamineWorkbook
    except ImportError:
        message = f"Chưa cài bộ đọc tệp .{form}; hãy lưu tệp {file_name} lại dạng .xlsx, hoặc cài thêm python-calamine."
        raise ToolMissing(message) from None
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(raw))
        return [_of_calamine(name, book) for name in book.sheet_names]
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:  # a fault inside the reader comes as a panic, which is no Exception
        password = "password" in type(error).__name__.lower() or "password" in str(error).lower()
        if password:
            message = f"Tệp {file_name} có mật khẩu; hãy mở ra, bỏ mật khẩu rồi lưu lại."
            raise SourceInvalid(message, "encrypted", Place(file=file_name)) from None
        message = f"Tệp {file_name} không mở được như một bảng tính; hãy mở bằng Excel rồi lưu lại dạng .xlsx."
        raise SourceInvalid(message, "workbook_broken", Place(file=file_name)) from None


def _of_calamine(name: str, book: Any) -> Grid:
    sheet = book.get_sheet_by_name(name)
    grid = _grid(name, sheet.to_python(skip_empty_area=False))
    for (top, left), (bottom, right) in getattr(sheet, "merged_cell_ranges", None) or ():
        if top < MAX_ROWS and left < MAX_COLUMNS:
            grid.merged.append((top + 1, left + 1, bottom + 1, right + 1))
    return grid


def _csv(raw: bytes, file_name: str) -> Grid:
    text = _decoded(raw, file_name)
    csv.field_size_limit(1_000_000)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=_comma(text), strict=False))
    except csv.Error as error:
        message = f"Tệp {file_name} không đọc được như một bảng CSV ({error}); hãy lưu lại từ Excel."
        raise SourceInvalid(message, "csv_broken", Place(file=file_name)) from None
    return _grid("CSV", lines)


def _decoded(raw: bytes, file_name: str) -> str:
    for mark, code in _MARKS:
        if raw.startswith(mark):
            return raw.decode(code, "replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        pass
    if b"\0" in raw:
        message = f"Tệp {file_name} không phải bảng CSV; hãy lưu lại từ Excel dạng CSV UTF-8."
        raise SourceInvalid(message, "not_utf8", Place(file=file_name))
    try:
        return raw.decode("cp1258")
    except UnicodeDecodeError as error:
        message = f"Tệp {file_name} không phải mã UTF-8 (dòng {raw[: error.start].count(10) + 1})."
        raise SourceInvalid(
            f"{message} Hãy lưu lại từ Excel dạng CSV UTF-8.", "not_utf8", Place(file=file_name)
        ) from None


def _comma(text: str) -> str:
    """What parts the cells: of ; , tab and | the one that the first lines hold most evenly outside quotes."""
    lines = [line for line in text.splitlines()[:30] if line.strip()]

    def score(mark: str) -> tuple[int, int]:
        counts = [sum(part.count(mark) for part in line.split('"')[::2]) for line in lines]
        held = [n for n in counts if n]
        return (len(held), min(held, default=0))

    return max((";", "\t", ",", "|"), key=score)


def _grid(title: str, lines: Iterable[Iterable[Any]]) -> Grid:
    grid = Grid(title)
    for row, values in enumerate(lines, 1):
        held: dict[int, Raw] = {}
        for column, value in enumerate(values, 1):
            if value is None or (isinstance(value, str) and not value.strip()):
                continue
            if row > MAX_ROWS:
                grid.below = grid.below or f"{letter_of(column)}{row}"
            elif column > MAX_COLUMNS:
                grid.beside = grid.beside or f"{letter_of(column)}{row}"
            else:
                fault = "cell_error" if isinstance(value, str) and value.strip() in _ERRORS else ""
                held[column] = Raw(value, "General", fault)
        if held:
            grid.rows[row] = held
        if grid.below:
            break
    return grid
