"""Reading the workbook: the data, the cell of every value, and what is wrong or was repaired."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from dvk_docs.errors import Place, Problem, Severity, SourceInvalid

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
    PHONE,
    PROSE,
    TALL,
    Column,
    Layout,
    Table,
    inner_columns,
    is_prose,
)
from .values import MARKS, as_clock, as_phone, as_text, bare, clean, fold, from_cell, kinds_of, split_lines

if TYPE_CHECKING:
    pass


def read(
    raw: bytes, year_schema: Mapping[str, Any], file_name: str = ""
) -> tuple[dict[str, Any], dict[str, Place], list[Problem]]:
    """The data of a workbook, the place of every value (of blanks too) by JSON pointer, and the problems of the file.

    Raises `SourceInvalid` for bytes that are no workbook. A value that is not of its type stays as typed, for the
    checker to report at its place.
    """
    reader = _Reader(Layout(year_schema), grids_of(raw, file_name), file_name)
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

    def read(self) -> None:
        self._refuse_other_books()
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

    def _refuse_other_books(self) -> None:
        known = {fold(t.sheet) if t else fold(self.layout.tall_sheet) for t in self.layout.in_order()}
        if not any(g.title == HIDDEN or fold(g.title) in known for g in self.grids):
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

    def _say(self, code: str, severity: Severity, message: str, place: Place, hint: str = "") -> None:
        self.problems.append(Problem(place, code, severity, message, hint))

    def _place(self, pointer: str, grid: Grid, row: int, column: int) -> Place:
        return Place(pointer, self.file, grid.title, f"{letter_of(column)}{row}")

    @staticmethod
    def _held(grid: Grid, row: int, column: int) -> Raw:
        return grid.rows.get(row, {}).get(column) or Raw(None)

    # sheets and headers

    def _sheet(self, title: str, key: str) -> Grid | None:
        wanted = fold(title)
        pointer = f"/{key}" if key else ""
        for grid in self.grids:
            if fold(grid.title) == wanted:
                self.places.setdefault(pointer, Place(pointer, self.file, grid.title, f"A{FIRST_ROW}"))
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
        """The row among the first that holds most of the headers (someone may have put a title above them)."""
        wanted = {fold(t) for t in titles}
        best, most = 1, 0
        for number in [n for n in grid.rows if n <= 30]:
            count = len(wanted & {fold(str(raw.value)) for raw in grid.rows[number].values()})
            if count > most:
                best, most = number, count
        return best

    def _headers(
        self, grid: Grid, row: int, titles: Sequence[str], pointer: str
    ) -> tuple[dict[str, int], dict[str, int]]:
        """Title -> column number, of the columns there are and of where each missing one most likely stood.

        Speaks of headers that are missing, doubled or unknown.
        """
        by_fold = {fold(t): t for t in titles}
        found: dict[str, int] = {}
        others: dict[int, str] = {}
        for number, raw in grid.rows.get(row, {}).items():
            title = by_fold.get(fold(str(raw.value)))
            if title is None:
                others[number] = clean(str(raw.value))
            elif title in found:
                message = f"Hai cột cùng tiêu đề “{title}”; chỉ cột {letter_of(found[title])} được đọc."
                place = self._place(pointer, grid, row, number)
                self._say("duplicate_header", "loi", message, place, "Hãy xoá hoặc đổi tên một cột.")
            else:
                found[title] = number
        lost = _likely(titles, found, others)
        if not found and not grid.beside:
            self._say_no_header(grid, titles, pointer)
            return found, lost
        for title, number in lost.items() if not grid.beside else ():
            self._say_missing(grid, title, others.get(number, ""), self._place(pointer, grid, row, number))
        for number, typed in others.items():
            if number not in lost.values():
                message = f"Cột “{typed}” không có trong mẫu nên không được đọc."
                self._say("unknown_column", "thong_tin", message, self._place(pointer, grid, row, number))
        return found, lost

    def _say_missing(self, grid: Grid, title: str, typed: str, place: Place) -> None:
        hint = f"Hãy đặt lại tiêu đề “{title}” ở ô {place.cell}"
        hint += f", nay ghi “{typed}”." if typed else "."
        self._say("missing_column", "loi", f"Sheet {grid.title} thiếu cột “{title}”.", place, hint)

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
        if not rows:
            self._say_no_header(grid, FORM_HEAD, f"/{table.key}")
        for column in table.columns:
            if column.key not in rows:
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
        head = self._header_row(grid, [c.title for c in table.columns])
        at, lost = self._headers(grid, head, [c.title for c in table.columns], pointer)
        if table.lists and self._id_title(table) not in at:
            self.all_owners = False
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
                cell = (grid, row, number) if number else (grid, head, lost[column.title])
                self._take(record, column, raw, own, cell)
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
        value = self._repaired(raw, value, column, place)
        record[column.key] = value
        if isinstance(value, list):
            for index in range(len(value)):
                self.places[f"{own}/{index}"] = self._place(f"{own}/{index}", *at)

    def _repaired(self, raw: Raw, value: Any, column: Column, place: Place) -> Any:
        """The value, put right and said where it was typed in a common way that is not the field's own."""
        schema = column.schema
        if "x-gio" in schema and isinstance(value, str) and (clock := as_clock(value)):
            self._say("repaired_time", "thong_tin", f"Đã đọc “{value}” là {clock}.", place)
            return clock
        if "boolean" in kinds_of(schema) and isinstance(value, str) and value.casefold() in MARKS:
            message = f"Đã đọc “{value}” ở cột {column.title} là đánh dấu có."
            self._say("repaired_mark", "canh_bao", message, place, "Nếu đúng, hãy gõ x; nếu sai, gõ “không”.")
            return True
        is_phone = "x-la-ma" in schema and fold(column.title) == fold(PHONE)
        if is_phone and isinstance(value, str) and value[:1] != "0" and (phone := as_phone(raw.value)):
            message = f"Đã thêm lại số 0 mà Excel bỏ ở đầu số điện thoại: {phone}."
            self._say("repaired_phone", "thong_tin", message, place)
            return phone
        return value

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
        titles = self.layout.tall_columns
        head = self._header_row(grid, titles)
        at, _ = self._headers(grid, head, titles, "")
        if OWNER not in at or ITEM not in at:
            return
        for row in [n for n in grid.rows if n > head]:
            if any(column in grid.rows[row] for column in at.values()) and not self._is_example(grid, row, at[OWNER]):
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
        return split_lines(as_text(cell.value, cell.number_format)) if self._sound(cell, PROSE, place) else []

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
