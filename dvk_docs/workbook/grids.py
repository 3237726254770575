"""The sheets of a file as grids of raw cells, whatever program wrote it."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from dvk_docs.errors import Place, SourceInvalid
from dvk_docs.viet import ma_cu

from .layout import MAX_COLUMNS, MAX_ROWS

BROKEN = (
    KeyError, ValueError, TypeError, IndexError, AttributeError, OSError, EOFError, RuntimeError, SyntaxError,
    NotImplementedError, AssertionError, StopIteration, zipfile.BadZipFile, zlib.error,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Raw:
    """One cell as it lies in the file."""

    value: Any
    number_format: str = "General"
    fault: str = ""  # formula_without_value, cell_error
    old_font: str = ""  # the font of an old one-byte code that the text was typed with


@dataclass(slots=True)
class Grid:
    """One sheet: its rows that hold anything, by number; columns count from 1."""

    title: str
    rows: dict[int, dict[int, Raw]] = field(default_factory=dict)
    below: str = ""  # the first cell with a value under MAX_ROWS
    beside: str = ""  # the first cell with a value right of MAX_COLUMNS
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)  # first row, column; last row, column


def grids_of(raw: bytes, file_name: str) -> list[Grid]:
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
    """The cells that hold anything; of those beyond the bounds, where the first one stands."""
    from openpyxl.cell.read_only import ReadOnlyCell

    grid, book = Grid(str(sheet.title)), sheet.parent
    old = {n: str(f.name) for n, f in enumerate(book._fonts) if f.name and ma_cu.code_of(str(f.name))}
    with sheet._get_source() as source:
        parser: Any = _sheet_parser()(
            source,
            sheet._shared_strings,
            data_only=book.data_only,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )
        for number, cells in parser.rows():
            held: dict[int, Raw] = {}
            for cell in cells:
                if cell["value"] is None or (raw := _raw(ReadOnlyCell(sheet, **cell), old)) is None:
                    continue
                at = int(cell["column"])
                if number > MAX_ROWS:
                    grid.below = grid.below or f"{letter_of(at)}{number}"
                elif at > MAX_COLUMNS:
                    grid.beside = grid.beside or f"{letter_of(at)}{number}"
                else:
                    held[at] = raw
            if held:
                grid.rows.setdefault(number, held)
        grid.merged = _merged(parser)
    return grid


def _sheet_parser() -> Callable[..., Any]:
    """openpyxl's parser of rows and cells, which lets go of each row it has read: a million empty ones take no room."""
    from xml.etree.ElementTree import iterparse  # entities were refused before

    from openpyxl.worksheet._reader import DATA_TAG, MERGE_TAG, ROW_TAG, WorkSheetParser
    from openpyxl.worksheet.merge import MergeCells

    class Parser(WorkSheetParser):
        def rows(self) -> Iterator[tuple[int, list[dict[str, Any]]]]:
            holder: Any = None
            for event, element in iterparse(self.source, events=("start", "end")):
                if event == "start":
                    holder = element if element.tag == DATA_TAG else holder
                elif element.tag == ROW_TAG:
                    yield self.parse_row(element)
                    self.row_dimensions.clear()
                    if holder is not None:
                        holder.clear()
                elif element.tag == MERGE_TAG:
                    self.merged_cells = MergeCells.from_tree(element)

    return Parser


def _merged(parser: Any) -> list[tuple[int, int, int, int]]:
    """The merged ranges within the bounds; openpyxl keeps them when it has parsed the rows."""
    ranges = getattr(parser.merged_cells, "mergeCell", None) or ()
    found = [(r.min_row, r.min_col, r.max_row, r.max_col) for r in ranges]
    return sorted(r for r in found if r[0] <= MAX_ROWS and r[1] <= MAX_COLUMNS)


def _raw(cell: Any, old_fonts: Mapping[int, str]) -> Raw | None:
    value = cell.value
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    kind = cell.data_type
    if kind == "f":
        return Raw(None, fault="formula")
    if isinstance(value, str):
        value = _unescape(value)
    font = old_fonts.get(cell.style_array.fontId, "") if old_fonts and isinstance(value, str) else ""
    return Raw(value, str(cell.number_format or "General"), "cell_error" if kind == "e" else "", font)


def letter_of(number: int) -> str:
    """1 -> A, 27 -> AA."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
