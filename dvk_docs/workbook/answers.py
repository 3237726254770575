"""The answer to a clerk in her own workbook: a copy with the bad cells coloured and commented, and what to mend.

The copy is made by patching the XML inside the archive, so that looks, drop-downs, shapes and formats stay as they lie:

- a colour over each bad cell (a conditional format of ours, so the cell's own look is not touched) and a comment;
- two last columns, "Kết quả kiểm tra" and "Chi tiết lỗi", beside each table;
- a first sheet with the counts and a link to each cell.

An answered copy is valid input: what an earlier answer laid on it is taken away before the next one, and `read` passes
over it. Source of the layout: ECMA-376 Part 1, 18.3 (worksheets), 18.7 (comments).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dvk_docs.errors import Place, Problem, Severity, SourceInvalid

from .grids import BROKEN, Grid, grids_of
from .layout import Layout
from .patching import Book, Sheet
from .reading import RESULT_HEADS, RESULT_SHEET, Extent, extents

GRAVE: dict[Severity, int] = {"loi": 2, "canh_bao": 1, "thong_tin": 0}
WORD = {2: "Cần sửa", 1: "Nên xem lại", 0: "Tốt"}
HOW = "Sửa ngay ở những ô tô màu (đỏ: lỗi; vàng: cảnh báo; xanh: đã tự chỉnh), lưu lại rồi kiểm tra lại."
UNFIT = "Bảng {} có phần đã hỏng nên không ghi được bản kết quả; hãy mở bằng Excel rồi lưu lại."
SHOWN = 5_000  # problems listed in the first sheet; every one is at its cell


@dataclass(slots=True)
class Rows:
    """One sheet: its records and what was found in it, by cell and by row."""

    extent: Extent
    cells: dict[str, list[Problem]] = field(default_factory=dict)
    of_row: dict[int, list[Problem]] = field(default_factory=dict)

    @property
    def bad(self) -> int:
        return sum(1 for row in self.extent.rows if self._worst(row) == GRAVE["loi"])

    def _worst(self, row: int) -> int:
        return max((GRAVE[p.severity] for p in self.of_row.get(row, ())), default=0)

    def result(self, row: int) -> tuple[str, str]:
        """The words of the two last columns for a row."""
        said = [p for p in self.of_row.get(row, ()) if GRAVE[p.severity]]
        return WORD[self._worst(row)], "\n".join(f"{p.place.cell}: {_sentence(p)}" for p in said)


def answer(raw: bytes, year_schema: Mapping[str, Any], problems: Iterable[Problem], file_name: str = "") -> bytes:
    """A copy of the workbook `raw` with the problems laid at their cells; raise `SourceInvalid` for no workbook."""
    found = list(problems)
    grids = grids_of(raw, file_name)
    try:
        return _answered(raw, grids, year_schema, found)
    except BROKEN as error:  # a part that reading passes over, but that cannot be written on
        raise SourceInvalid(UNFIT.format(file_name), "workbook_broken", Place(file=file_name)) from error


def _answered(raw: bytes, grids: list[Grid], year_schema: Mapping[str, Any], found: Sequence[Problem]) -> bytes:
    book = Book(raw)
    sheets = _by_sheet(extents(grids, Layout(year_schema)), found)
    book.remove_sheet(RESULT_SHEET)
    for title, rows in sheets.items():
        _lay_on(book.sheet(title), rows)
    book.insert_first(RESULT_SHEET, *_summary(sheets, found))
    return book.packed()


def _by_sheet(found: Sequence[Extent], problems: Sequence[Problem]) -> dict[str, Rows]:
    sheets = {extent.title: Rows(extent) for extent in found}
    for problem in problems:
        rows, cell = sheets.get(problem.place.sheet), problem.place.cell
        if rows is None or not cell or not (digits := cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")).isdigit():
            continue
        rows.cells.setdefault(cell, []).append(problem)
        rows.of_row.setdefault(int(digits), []).append(problem)
    return sheets


def _lay_on(sheet: Sheet, rows: Rows) -> None:
    sheet.remove_answer(RESULT_HEADS)
    colours: dict[Severity, list[str]] = {}
    for cell, here in rows.cells.items():
        worst = max(here, key=lambda p: GRAVE[p.severity])
        colours.setdefault(worst.severity, []).append(cell)
        sheet.comment(cell, "\n".join(_sentence(p) for p in here))
    for severity in GRAVE:
        if cells := colours.get(severity):
            sheet.colour(severity, cells)
    extent = rows.extent
    at = extent.last_column + 1
    sheet.put(extent.head_row, at, RESULT_HEADS[0], "head")
    sheet.put(extent.head_row, at + 1, RESULT_HEADS[1], "head")
    sheet.widen(at, (16, 60))
    for row in sorted({*extent.rows, *rows.of_row} - {extent.head_row}):
        state, details = rows.result(row)
        if row > extent.head_row and (row in extent.rows or details):
            sheet.put(row, at, state, "text")
            sheet.put(row, at + 1, details, "text")


def _sentence(problem: Problem) -> str:
    return f"{problem.message} {problem.hint}".strip()


def _summary(sheets: Mapping[str, Rows], problems: Sequence[Problem]) -> tuple[list[list[str]], dict[str, str]]:
    """The lines of the first sheet, and its links: a cell of it -> a cell of the workbook."""
    errors, warnings = (sum(p.severity == s for p in problems) for s in ("loi", "canh_bao"))
    lines = [
        ["KẾT QUẢ KIỂM TRA BẢNG TÍNH"],
        [f"{errors} lỗi cần sửa, {warnings} cảnh báo nên xem lại." if errors or warnings else "Không có lỗi."],
        [HOW],
        [],
        ["Trang", "Kết quả"],
    ]
    links: dict[str, str] = {}
    for title, rows in sheets.items():
        good = len(rows.extent.rows) - rows.bad
        lines.append([title, f"{good} dòng tốt, {rows.bad} dòng cần sửa"])
        links[f"A{len(lines)}"] = f"'{_quoted(title)}'!A1"
    lines += [[], ["Trang", "Ô", "Mức", "Nội dung"]]
    for problem in sorted(problems, key=lambda p: -GRAVE[p.severity])[:SHOWN]:
        place, word = problem.place, {"loi": "Lỗi", "canh_bao": "Cảnh báo", "thong_tin": "Đã chỉnh"}[problem.severity]
        lines.append([place.sheet, place.cell, word, _sentence(problem)])
        if place.sheet in sheets and place.cell:
            links[f"B{len(lines)}"] = f"'{_quoted(place.sheet)}'!{place.cell}"
    if len(problems) > SHOWN:
        lines.append(["", "", "", f"… và {len(problems) - SHOWN} chỗ khác, xem tại từng ô."])
    return lines, links


def _quoted(title: str) -> str:
    return title.replace("'", "''")


# --- a list of papers

FILE_HEAD = "Tệp đã lập"


def answer_list(
    raw: bytes, extent: Extent, states: Mapping[int, tuple[str, Sequence[Problem]]], problems: Sequence[Problem]
) -> bytes:
    """A copy of a list with the state of each row, what is wrong in it and a link to the file made of it."""
    try:
        return _answered_list(Book(raw), extent, states, problems)
    except BROKEN as error:
        raise SourceInvalid(UNFIT.format(extent.title), "workbook_broken", Place(sheet=extent.title)) from error


def _answered_list(
    book: Book, extent: Extent, states: Mapping[int, tuple[str, Sequence[Problem]]], problems: Sequence[Problem]
) -> bytes:
    rows = _by_sheet([Extent(extent.title, extent.head_row, extent.last_column, sorted(states))], problems)
    book.remove_sheet(RESULT_SHEET)
    sheet = book.sheet(extent.title)
    sheet.remove_answer((*RESULT_HEADS, FILE_HEAD))
    _lay_on(sheet, rows[extent.title])
    at = extent.last_column + 3
    sheet.put(extent.head_row, at, FILE_HEAD, "head")
    sheet.widen(at, (50,))
    for row, (file, _) in states.items():
        if file:
            sheet.put(row, at, file, "text")
            sheet.link(row, at, file)
    book.insert_first(RESULT_SHEET, *_summary(rows, problems))
    return book.packed()


def answer_csv(states: Mapping[int, tuple[str, Sequence[Problem]]]) -> bytes:
    """The states of a list that is no .xlsx, as a CSV that Excel opens: row, state, file, what is wrong."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(["Dòng", RESULT_HEADS[0], FILE_HEAD, RESULT_HEADS[1]])
    for row, (file, found) in states.items():
        state = WORD[0] if file else WORD[2]
        details = " ".join(_sentence(p) for p in found if GRAVE[p.severity])
        writer.writerow([row, state, file, f"'{details}" if details[:1] in ("=", "+", "-", "@") else details])
    return out.getvalue().encode("utf-8-sig")
