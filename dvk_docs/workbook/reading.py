"""Reading the workbook: the data, the cell of every value, and what is wrong or was repaired."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, cast

from dvk_docs.errors import Place, Problem, Severity, SourceInvalid
from dvk_docs.viet import ma_cu

from .finding import HEAD_ROWS, Head, Names, assign_sheets, find_head, kind_of_row
from .grids import Grid, Raw, grids_of, letter_of
from .layout import (
    EXAMPLE,
    FIRST_ROW,
    FORM_HEAD,
    GUIDE_HEAD,
    HIDDEN,
    ITEM,
    MAX_COLUMNS,
    MAX_ROWS,
    OWNER,
    PROSE,
    TALL,
    Column,
    Layout,
    Table,
    inner_columns,
    is_prose,
)
from .repairs import clean_text, repair, text_repair
from .values import as_text, bare, clean, fold, from_cell, split_lines

RESULT_SHEET = "Kết quả kiểm tra"  # what an answer laid in the workbook, and reading passes over
RESULT_HEADS = ("Kết quả kiểm tra", "Chi tiết lỗi")
OUR_HEADS = (*RESULT_HEADS, "Tệp đã lập")
ROOMY = 1_000  # more headers than any sheet has: the form is known by its name alone


@dataclass(frozen=True, slots=True)
class Understood:
    """How one column was read: the sheet, its letter, the header typed, the title it was taken for, and by what."""

    sheet: str
    column: str  # C, or C, D where its parts stand in two
    typed: str
    title: str
    way: str  # exact | alias | words | parts


def understood(
    raw: bytes, year_schema: Mapping[str, Any], file_name: str = "", form: str = "xlsx"
) -> tuple[Understood, ...]:
    """How each column of a workbook is understood, sheet by sheet; raises as `read` does."""
    reader = _Reader(Layout(year_schema), sheets_of(raw, file_name, form), file_name)
    reader.read()
    return tuple(reader.columns)


def is_year(grids: list[Grid], year_schema: Mapping[str, Any]) -> bool:
    """Whether these sheets hold a year: the hidden sheet of our workbook, or two of its tables by their names."""
    names = {fold(t.sheet) if t else fold(Layout(year_schema).tall_sheet) for t in Layout(year_schema).in_order()}
    return any(g.title == HIDDEN for g in grids) or sum(fold(g.title) in names for g in grids) > 1


@dataclass(slots=True)
class Extent:
    """Where a table lies in its sheet: its header row, its last column, the rows of its records."""

    title: str
    head_row: int
    last_column: int
    rows: list[int]


def extents(grids: list[Grid], layout: Layout) -> list[Extent]:
    """Where each table of a workbook lies, in the order of its sheets."""
    reader = _Reader(layout, grids, "")
    reader.read()
    order = [g.title for g in grids]
    return sorted(reader.extents.values(), key=lambda e: order.index(e.title))


def sheets_of(raw: bytes, file_name: str = "", form: str = "xlsx") -> list[Grid]:
    """The sheets of a workbook (xlsx, xls, ods) or of a CSV; raises as `read` does."""
    if form == "xlsx":
        return grids_of(raw, file_name)
    from .elsewhere import grids_of_other

    return grids_of_other(raw, file_name, cast(Any, form))


def read(
    raw: bytes, year_schema: Mapping[str, Any], file_name: str = "", form: str = "xlsx"
) -> tuple[dict[str, Any], dict[str, Place], list[Problem]]:
    """The data of a workbook, the place of every value (of blanks too) by JSON pointer, and the problems of the file.

    Raises `SourceInvalid` for bytes that are no workbook. A value that is not of its type stays as typed, for the
    checker to report at its place.
    """
    reader = _Reader(Layout(year_schema), sheets_of(raw, file_name, form), file_name)
    reader.read()
    return reader.data, reader.places, reader.problems


class _Reader:
    def __init__(self, layout: Layout, grids: list[Grid], file_name: str) -> None:
        self.layout, self.grids, self.file = layout, grids, file_name
        self.data: dict[str, Any] = {}
        self.places: dict[str, Place] = {"": Place(file=file_name)}
        self.problems: list[Problem] = []
        self.owners: dict[str, list[tuple[Table, dict[str, Any], str]]] = {}
        self.nameless: list[tuple[Table, Place]] = []  # records whose code is blank, at the cell of the code
        self.orphans: dict[str, list[int]] = {}  # a code that is nobody's -> its rows of the tall sheet
        self.all_owners = True  # every sheet and column of codes is there
        self.sheets: dict[str, Grid] = {}
        self.columns: list[Understood] = []
        self.extents: dict[str, Extent] = {}

    def read(self) -> None:
        self._find_sheets()
        self._version()
        form = self.layout.form
        if grid := self._sheet(form.sheet, form.key):
            self._form(form, grid)
        for table in self.layout.tables:
            if grid := self._sheet(table.sheet, table.key):
                self._records(table, grid)
            elif table.lists:
                self.all_owners = False
        if grid := self._sheet(self.layout.tall_sheet, ""):
            self._tall(grid)
        order = list(self.layout.schema["properties"])
        self.data = dict(sorted(self.data.items(), key=lambda kv: order.index(kv[0])))

    def _find_sheets(self) -> None:
        """Say which sheet holds which table; raise `SourceInvalid` where not one is known."""
        form = self.layout.form
        wanted: dict[str, tuple[Sequence[str], Names, int]] = {form.key: (form.sheets, Names.of({}), ROOMY)}
        for table in self.layout.tables:
            least = max(2, sum(c.required for c in table.columns))
            wanted[table.key] = (table.sheets, Names.of(table.aliases), least)
        wanted[""] = (self.layout.tall_sheets, Names.of(self.layout.tall_aliases), 3)
        self.sheets = assign_sheets([g for g in self.grids if g.title not in (HIDDEN, RESULT_SHEET)], wanted)
        if not self.sheets and not any(g.title == HIDDEN for g in self.grids):
            message = f"Tệp {self.file} không phải sổ do dvk tạo; hãy tạo sổ bằng lệnh dvk workbook rồi nhập vào đó."
            raise SourceInvalid(message, "other_workbook", Place(file=self.file))

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

    def _newer(self, column: Column) -> bool:
        """Whether the workbook need not have the field (its version or rules had none): nothing is missing then."""
        if "x-can-khi" in column.schema:
            return True
        return int(column.schema.get("x-tu-phien-ban", 0)) > int(self.data.get("phien_ban", self.layout.version))

    def _say(self, code: str, severity: Severity, message: str, place: Place, hint: str = "") -> None:
        self.problems.append(Problem(place, code, severity, message, hint))

    def _place(self, pointer: str, grid: Grid, row: int, column: int) -> Place:
        return Place(pointer, self.file, grid.title, f"{letter_of(column)}{row}")

    @staticmethod
    def _held(grid: Grid, row: int, column: int) -> Raw:
        return grid.rows.get(row, {}).get(column) or Raw(None)

    # sheets and headers

    def _sheet(self, title: str, key: str) -> Grid | None:
        pointer = f"/{key}" if key else ""
        if grid := self.sheets.get(key):
            self.places.setdefault(pointer, Place(pointer, self.file, grid.title, f"A{FIRST_ROW}"))
            if fold(grid.title) != fold(title):
                place = Place(pointer, self.file, grid.title)
                self._say("sheet_understood", "thong_tin", f"Đã đọc sheet “{grid.title}” là sheet “{title}”.", place)
            self._beyond(grid, pointer)
            return grid
        names = ", ".join(f"“{g.title}”" for g in self.grids if g.title != HIDDEN) or "không có sheet nào"
        message = f"Không thấy sheet “{title}” trong tệp {self.file}; trong tệp có: {names}."
        place = Place(pointer, self.file, title)
        if key:
            self.places[pointer] = place
        self._say("missing_sheet", "loi", message, place, "Hãy đặt lại đúng tên sheet.")
        return None

    def _beyond(self, grid: Grid, pointer: str) -> None:
        """Speak of values outside the part of the sheet that is read."""
        if grid.below:
            message = f"Sheet {grid.title} dài quá {MAX_ROWS} dòng; từ ô này trở xuống không được đọc."
            place = Place(pointer, self.file, grid.title, grid.below)
            self._say("too_many_rows", "loi", message, place, "Hãy chuyển dữ liệu lên trên hoặc xoá các dòng thừa.")
        if grid.beside:
            message = f"Sheet {grid.title} rộng quá {MAX_COLUMNS} cột; từ ô này sang phải không được đọc."
            place = Place(pointer, self.file, grid.title, grid.beside)
            self._say("too_many_columns", "loi", message, place, "Hãy chuyển dữ liệu sang trái hoặc xoá các cột thừa.")

    def _header_row(self, grid: Grid, titles: Sequence[str]) -> int:
        """The row among the first that holds most of the words (someone may have put a title above them)."""
        wanted = {fold(t) for t in titles}
        best, most = 1, 0
        for number in [n for n in grid.rows if n <= HEAD_ROWS]:
            count = len(wanted & {fold(str(raw.value)) for raw in grid.rows[number].values()})
            if count > most:
                best, most = number, count
        return best

    def _head(
        self, grid: Grid, aliases: Mapping[str, Sequence[str]], needed: frozenset[str], pointer: str
    ) -> tuple[Head, dict[str, int]]:
        """The header, and where each title that is missing most likely stood.

        Speaks of headers that are missing, doubled or unknown, and of each that was understood by other words.
        """
        head, titles = find_head(grid, Names.of(aliases)).without(OUR_HEADS), list(aliases)
        last = max(head.typed, default=max(head.used, default=1))
        self.extents[grid.title] = Extent(grid.title, head.last if head.at else 1, last, [])
        for number, title in head.doubled.items():
            message = f"Hai cột cùng tiêu đề “{title}”; chỉ cột {letter_of(head.columns[title])} được đọc."
            place = self._place(pointer, grid, head.first, number)
            self._say("duplicate_header", "loi", message, place, "Hãy xoá hoặc đổi tên một cột.")
        lost = _likely(titles, head.columns, head.unknown)
        if not head.at and not grid.beside:
            self._say_no_header(grid, titles, pointer)
            return head, lost
        self._say_understood(grid, head, pointer)
        marked = head.columns.get(titles[0])
        rows = [n for n in grid.rows if n > head.last and not self._is_example(grid, n, marked)]
        held = {number for row in rows for number in grid.rows[row]}
        for title, number in lost.items() if not grid.beside else ():
            typed = head.unknown.get(number, "")
            grave = title in needed or bool(typed) or number in held - {*head.typed}
            self._say_missing(grid, title, typed, self._place(pointer, grid, head.first, number), grave)
        for number, typed in head.unknown.items():
            if number not in lost.values():
                message = f"Cột “{typed}” không có trong mẫu nên không được đọc."
                self._say("unknown_column", "thong_tin", message, self._place(pointer, grid, head.first, number))
        return head, lost

    def _say_understood(self, grid: Grid, head: Head, pointer: str) -> None:
        for title, columns in head.at.items():
            letters = ", ".join(letter_of(n) for n in columns)
            typed = [_one_line(head.typed[n]) for n in columns]
            self.columns.append(Understood(grid.title, letters, "; ".join(typed), title, head.ways[title]))
            if head.ways[title] != "exact":
                said = f"cột “{typed[0]}”" if len(columns) == 1 else f"các cột “{'”, “'.join(typed)}”"
                place = self._place(pointer, grid, head.first, columns[0])
                self._say("column_understood", "thong_tin", f"Đã đọc {said} là “{title}”.", place)

    def _say_missing(self, grid: Grid, title: str, typed: str, place: Place, grave: bool) -> None:
        hint = f"Hãy đặt lại tiêu đề “{title}” ở ô {place.cell}"
        hint += f", nay ghi “{_one_line(typed)}”." if typed else "."
        severity: Severity = "loi" if grave else "canh_bao"
        self._say("missing_column", severity, f"Sheet {grid.title} thiếu cột “{title}”.", place, hint)

    def _say_no_header(self, grid: Grid, titles: Sequence[str], pointer: str) -> None:
        message = f"Sheet {grid.title} không còn dòng tiêu đề ({', '.join(titles[:3])}, …)."
        hint = "Hãy chép lại dòng tiêu đề từ sổ mới do lệnh dvk workbook tạo."
        self._say("missing_column", "loi", message, Place(pointer, self.file, grid.title, "A1"), hint)

    # the form

    def _form(self, table: Table, grid: Grid) -> None:
        head = self._header_row(grid, FORM_HEAD)
        at = {fold(str(raw.value)): number for number, raw in grid.rows.get(head, {}).items()}
        label_at, value_at = at.get(fold(FORM_HEAD[0]), 1), at.get(fold(FORM_HEAD[1]), 2)
        by_fold = {fold(c.title): c for c in table.columns}
        known = {fold(str(c.schema.get("x-nhom", ""))) for c in table.columns}
        record: dict[str, Any] = {}
        rows: dict[str, int] = {}
        last = max((n for n, raw in grid.rows.get(head, {}).items() if str(raw.value) not in RESULT_HEADS), default=2)
        self.extents[grid.title] = Extent(grid.title, head, last, [])
        for number in [n for n in grid.rows if n > head]:
            label = clean(str(self._held(grid, number, label_at).value or ""))
            if fold(label).startswith(fold(GUIDE_HEAD)):
                break
            column = by_fold.get(fold(label))
            if column and column.key not in rows:
                rows[column.key] = number
                self.extents[grid.title].rows.append(number)
                at_cell = (grid, number, value_at)
                self._take(record, column, self._held(*at_cell), f"/{table.key}", at_cell)
            elif label and fold(label) not in known and self._held(grid, number, value_at).value is not None:
                place = self._place(f"/{table.key}", grid, number, label_at)
                message = f"Dòng “{label}” không có trong mẫu hoặc bị lặp nên không được đọc."
                self._say("unknown_row", "canh_bao", message, place)
        if not rows:
            self._say_no_header(grid, FORM_HEAD, f"/{table.key}")
        for column in table.columns:
            if column.key not in rows and not self._newer(column):
                pointer = f"/{table.key}/{column.key}"
                self.places[pointer] = place = self._place(pointer, grid, head, label_at)
                message = f"Sheet {grid.title} thiếu dòng “{column.title}”."
                if rows:
                    self._say("missing_row", "loi", message, place, "Hãy đặt lại dòng này trong bảng.")
        self.places[f"/{table.key}"] = self._place(f"/{table.key}", grid, head, label_at)
        self.data[table.key] = record

    # records

    def _records(self, table: Table, grid: Grid) -> None:
        pointer = f"/{table.key}"
        columns = self._known_columns(table, grid)
        needed = frozenset(c.title for c in columns if c.required)
        aliases = {c.title: table.aliases[c.title] for c in columns}
        head, lost = self._head(grid, aliases, needed, pointer)
        at = head.columns
        if table.lists and self._id_title(table) not in at:
            self.all_owners = False
        self.places[pointer] = self._place(pointer, grid, max(FIRST_ROW, head.last + 1), 1)
        filled = [n for c in table.columns if c.schema.get("x-gop-dong") for n in head.at.get(c.title, ())]
        self._fill_down(grid, head, filled)
        key, marks = at.get(self._id_title(table)), [at[t] for t in needed if t in at]
        records: list[dict[str, Any]] = []
        for row in self._record_rows(grid, head, key, marks, at.get(table.columns[0].title)):
            own = f"{pointer}/{len(records)}"
            record: dict[str, Any] = {}
            self.places[own] = self._place(own, grid, row, head.used[0])
            for column in columns:
                raw, cell = self._raw_of(grid, row, head, column.title, lost)
                self._take(record, column, raw, own, cell)
            self._own(table, record, own, self._place(own, grid, row, key or head.used[0]))
            records.append(record)
        if records:
            self.data[table.key] = records

    def _known_columns(self, table: Table, grid: Grid) -> list[Column]:
        """The columns that a workbook of its version has; a newer one only where its header stands there."""
        there = {fold(str(raw.value)) for number, row in grid.rows.items() if number <= 30 for raw in row.values()}
        return [c for c in table.columns if not self._newer(c) or fold(c.title) in there]

    def _raw_of(
        self, grid: Grid, row: int, head: Head, title: str, lost: Mapping[str, int]
    ) -> tuple[Raw, tuple[Grid, int, int]]:
        """The cell of a title in a row (its parts joined, where it stands under several headers), and its place."""
        columns = head.at.get(title, ())
        if not columns:
            return Raw(None), (grid, head.first, lost[title])
        held = [(n, self._held(grid, row, n)) for n in columns]
        full = [(n, raw) for n, raw in held if raw.value is not None or raw.fault]
        if len(full) > 1 and not any(raw.fault for _, raw in full):
            return Raw(", ".join(as_text(raw.value, raw.number_format) for _, raw in full)), (grid, row, columns[0])
        number, raw = full[0] if full else held[0]
        return raw, (grid, row, number)

    def _fill_down(self, grid: Grid, head: Head, filled: Sequence[int]) -> None:
        """A merged cell speaks for each row it spans where the column says so; elsewhere the other rows are named."""
        for top, left, bottom, right in grid.merged:
            if top <= head.last or bottom == top or left not in head.used or left != right:
                continue
            raw = grid.rows.get(top, {}).get(left)
            rows = [r for r in range(top + 1, min(bottom, max(grid.rows)) + 1) if grid.rows.get(r)]
            if raw is None or not rows:
                continue
            place = self._place("", grid, top, left)
            span = f"{letter_of(left)}{top}:{letter_of(left)}{bottom}"
            if left not in filled:
                message = f"Ô gộp {span} chỉ được đọc cho dòng {top}; các dòng dưới coi như để trống."
                self._say("merged_cells", "canh_bao", message, place, "Hãy bỏ gộp ô rồi gõ đủ từng dòng.")
                continue
            for row in rows:
                grid.rows[row].setdefault(left, raw)
            message = f"Đã đọc ô gộp {span} cho từng dòng {top}–{bottom}."
            self._say("repaired_merged", "thong_tin", message, place)

    def _record_rows(
        self, grid: Grid, head: Head, key: int | None, needed: Sequence[int], marked: int | None
    ) -> Iterator[int]:
        """The rows that are records; every other row that holds something is said."""
        ended = 0
        for row in [n for n in grid.rows if n > head.last]:
            if not any(column in grid.rows[row] for column in head.used) or self._is_example(grid, row, marked):
                continue
            kind = kind_of_row(grid, row, head, key, needed)
            if kind == "record" and not ended:
                self.extents[grid.title].rows.append(row)
                yield row
            elif kind == "record" and all(n in grid.rows[row] for n in needed):
                message = f"Dòng {row} nằm dưới phần ký (dòng {ended}) nên không được đọc."
                place = self._place("", grid, row, min(grid.rows[row]))
                self._say("below_the_end", "loi", message, place, "Hãy chuyển dòng này lên trên phần ký.")
            elif kind != "numbers" and not ended:
                self._say_set_aside(grid, row, kind)
                ended = row if kind == "end" else 0

    def _say_set_aside(self, grid: Grid, row: int, kind: str) -> None:
        number = min(grid.rows[row])
        words = _one_line(str(grid.rows[row][number].value))
        what = {
            "header": "tiêu đề lặp lại",
            "total": "dòng cộng",
            "group": "dòng tên nhóm",
            "end": "phần ký, nên bảng dừng ở đây",
        }[kind]
        place = self._place("", grid, row, number)
        self._say("row_set_aside", "thong_tin", f"Không đọc dòng {row} “{words}”: {what}.", place)

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
            self.owners.setdefault(mark, []).append((table, record, pointer))
        elif table.lists:
            self.nameless.append((table, Place(pointer, self.file, place.sheet, place.cell)))
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
        record[column.key] = value = self._repaired(raw, value, column, place)
        if isinstance(value, list):
            for index in range(len(value)):
                self.places[f"{own}/{index}"] = self._place(f"{own}/{index}", *at)

    def _repaired(self, raw: Raw, value: Any, column: Column, place: Place) -> Any:
        """The value, put right and said where it was typed in a usual way that is not the field's own."""
        if isinstance(raw.value, str) and (done := clean_text(raw.value)[1]):
            said = text_repair(done)
            self._say(said.code, said.severity, said.message, place, said.hint)
        mended = repair(raw.value, value, column.schema)
        if mended is None:
            return value
        self._say(mended.code, mended.severity, mended.message, place, mended.hint)
        return mended.value

    def _sound(self, raw: Raw, title: str, place: Place) -> bool:
        """Whether the cell holds a value at all; says so of a formula's failure, and of text in an old font's code."""
        if raw.old_font and not str(raw.value).isascii():
            said = ma_cu.to_unicode(str(raw.value), raw.old_font)
            code = ma_cu.code_of(raw.old_font)
            message = f"Ô {title} gõ bằng phông {raw.old_font} (mã {code}) nên chữ in ra sẽ sai."
            self._say("old_font", "loi", message, place, f"Hãy gõ lại bằng Unicode; có phải “{_one_line(said)}”?")
        if raw.fault == "formula_without_value":
            message = f"Ô {title} là công thức chưa có kết quả."
            hint = "Hãy mở tệp bằng Excel rồi lưu lại, hoặc gõ thẳng giá trị."
            self._say("formula_without_value", "loi", message, place, hint)
        elif raw.fault:
            self._say("cell_error", "loi", f"Ô {title} đang báo lỗi {raw.value}; hãy gõ lại giá trị.", place)
        return not raw.fault

    # the tall sheet

    def _tall(self, grid: Grid) -> None:
        head, _ = self._head(grid, self.layout.tall_aliases, frozenset((OWNER, ITEM, PROSE)), "")
        at = head.columns
        if OWNER not in at or ITEM not in at:
            return
        self._fill_down(grid, head, [at[title] for title in self.layout.tall_filled if title in at])
        for row in self._record_rows(grid, head, at[OWNER], [at[OWNER], at[ITEM]], at[OWNER]):
            self._tall_row(grid, row, at)
        self._say_orphans(grid, at[OWNER])

    def _tall_row(self, grid: Grid, row: int, at: Mapping[str, int]) -> None:
        owner, item = (as_text(self._held(grid, row, at[t]).value, "") for t in (OWNER, ITEM))
        found = self.owners.get(owner, [])
        if not found:
            self.orphans.setdefault(owner, []).append(row)
            return
        for table, record, pointer in found:
            column = next((c for c in table.lists if fold(str(c.schema["x-muc"])) == fold(item)), None)
            if column is not None:
                (self._prose if is_prose(column.schema) else self._row)(record, column, pointer, (grid, row), at)
                return
        self._item_unknown(item, found[0][0], self._place(found[0][2], grid, row, at[ITEM]))

    def _say_orphans(self, grid: Grid, at: int) -> None:
        """Speak of the rows that are nobody's, once for each code; of none where the codes themselves are missing.

        Their pointers touch no record. Where a record has no code, the rows may be its own, so it is named instead.
        """
        if not self.all_owners:
            return
        for row in self.orphans.pop("", ()):
            message, place = "Chưa điền “Thuộc về”: dòng này là của mã nào?", self._nobody(grid, row, at)
            self._say("owner_unknown", "loi", message, place)
        rows = sum(map(len, self.orphans.values()))
        for table, place in self.nameless if rows else ():
            codes = ", ".join(f"“{c}”" for c in self.orphans)
            message = f"Dòng này của sheet {table.sheet} không có mã, mà {rows} dòng ở sheet {grid.title} ghi {codes}"
            self._say("owner_blank", "loi", f"{message} thì không thuộc về mã nào.", place, "Hãy gõ lại mã vào ô này.")
        for owner, found in self.orphans.items() if len(self.orphans) > len(self.nameless) else ():
            near = self._near(owner, [r[t.id_key] for group in self.owners.values() for t, r, _ in group if t.lists])
            also = f" ({len(found)} dòng, từ dòng {found[0]} đến dòng {found[-1]})" if len(found) > 1 else ""
            message = f"Không có mã “{owner}” trong tệp{also}."
            self._say("owner_unknown", "loi", message, self._nobody(grid, found[0], at), near)

    def _nobody(self, grid: Grid, row: int, column: int) -> Place:
        return self._place(f"/{TALL}/{row}/thuoc_ve", grid, row, column)

    def _item_unknown(self, item: str, table: Table, place: Place) -> None:
        names = [str(c.schema["x-muc"]) for c in table.lists]
        if not names:
            message = f"Dòng của sheet {table.sheet} không có nội dung ở sheet {self.layout.tall_sheet}."
        else:
            message = f"Mục “{item}” không có cho sheet {table.sheet}." if item else "Chưa chọn Mục."
        self._say("unknown_muc", "loi", message, place, self._near(item, names))

    @staticmethod
    def _near(typed: str, names: Sequence[str]) -> str:
        near = [n for n in dict.fromkeys(names) if fold(n) == fold(typed)]
        near = near or get_close_matches(typed, list(dict.fromkeys(names)), 3, 0.5)
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
        if not self._sound(cell, PROSE, place):
            return []
        if isinstance(cell.value, str) and (done := clean_text(cell.value)[1]):
            said = text_repair(done)
            self._say(said.code, said.severity, said.message, place)
        return split_lines(as_text(cell.value, cell.number_format))

    def _row(
        self, record: dict[str, Any], column: Column, pointer: str, where: tuple[Grid, int], at: Mapping[str, int]
    ) -> None:
        grid, row = where
        fields = inner_columns(column)
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
                self._say("unused_cell", "canh_bao", message, self._place(f"/{TALL}/{row}", grid, row, number))


def _likely(titles: Sequence[str], found: Mapping[str, int], others: Mapping[int, str]) -> dict[str, int]:
    """Where each title that is not found most likely stood: the nearest header in words, or the place after its
    neighbour; column 1 where that is another's.

    >>> _likely(["Mã", "Tên", "Loại"], {"Mã": 1, "Loại": 3}, {2: "Gọi là"})
    {'Tên': 2}
    >>> _likely(["Mã", "Tên", "Lĩnh vực"], {"Mã": 1, "Tên": 2}, {7: "Linh vuc x"})
    {'Lĩnh vực': 7}
    """
    likely: dict[str, int] = {}
    before = 0
    for title in titles:
        if title in found:
            before = found[title]
            continue
        free = {bare(typed): number for number, typed in others.items() if number not in likely.values()}
        near = get_close_matches(bare(title), list(free), 1, 0.6)
        taken = {*found.values(), *likely.values()}
        before = free[near[0]] if near else before + 1
        likely[title] = before if near or before not in taken else 1
    return likely


def _one_line(text: str) -> str:
    """The words of a header on one line, shortened."""
    words = " ".join(text.split())
    return words if len(words) <= 60 else f"{words[:57]}…"
