"""The workbook: what is written is read back the same, with the cell of every value."""

from __future__ import annotations

import io
import unicodedata
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from functools import cache
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from dvk_docs import workbook
from dvk_docs.catalog import Catalog
from dvk_docs.errors import DataInvalid, Place, Problem, SourceInvalid

SCHEMA = Catalog().year_schema()
LISTS = {"bo_quy_tac": ["xa-2026"]}


def year(**changes: Any) -> dict[str, Any]:
    """A small year; a test names only what it is about."""
    return {
        "phien_ban": 3,
        "thong_tin": {"nam": 2026, "loai_xa": "xa", "ten_xa": "Bình An"},
        "don_vi": [{"ma": "DV01", "ten": "Chi bộ thôn Đông", "loai": "chi_bo"}],
        "nguoi": [{"ma": "NG01", "ho_ten": "Nguyễn Văn Minh", "gioi_tinh": "nam"}],
        "mo_hinh": [{"ma": "MH01", "ten": "Đường hoa", "linh_vuc": "kinh_te", "loai_hinh": "xay_moi"}],
        **changes,
    }


def model(**changes: Any) -> dict[str, Any]:
    return {"ma": "MH01", "ten": "Đường hoa", "linh_vuc": "kinh_te", "loai_hinh": "xay_moi", **changes}


Edit = Callable[[Any], None]


@cache
def small() -> bytes:
    return workbook.write(SCHEMA, year(), LISTS)


@cache
def blank() -> Any:
    """The blank workbook, only to be looked at."""
    return openpyxl.load_workbook(io.BytesIO(workbook.write(SCHEMA)))


def edited(edit: Edit, data: dict[str, Any] | None = None) -> bytes:
    """The bytes of a small year's workbook after someone changed it."""
    book = openpyxl.load_workbook(io.BytesIO(small() if data is None else workbook.write(SCHEMA, data, LISTS)))
    edit(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read(raw: bytes) -> tuple[dict[str, Any], dict[str, Place], list[Problem]]:
    return workbook.read(raw, SCHEMA, "nam.xlsx")


def codes(problems: list[Problem]) -> list[tuple[str, str, str]]:
    return [(p.code, p.place.sheet, p.place.cell) for p in problems]


def typed(sheet: str, cell: str, value: Any, number_format: str = "") -> dict[str, Any]:
    """The data of the small year after `value` was typed in one cell."""

    def edit(book: Any) -> None:
        book[sheet][cell] = value
        if number_format:
            book[sheet][cell].number_format = number_format

    return read(edited(edit))[0]


def column_of(sheet: str, title: str) -> str:
    return str(next(c.column_letter for c in blank()[sheet][1] if c.value and c.value.rstrip(" *") == title))


# --- what is written


def test_the_workbook_has_nine_sheets_and_a_hidden_one() -> None:
    book = blank()
    visible = [s.title for s in book.worksheets if s.sheet_state == "visible"]
    assert visible == [
        "Thông tin chung", "Đơn vị", "Người", "Mô hình", "Chi tiết", "Cuộc họp", "Dự họp", "Điển hình", "Văn bản",
    ]  # fmt: skip
    assert [s.title for s in book.worksheets if s.sheet_state == "veryHidden"] == ["_dvk"]


def test_no_sheet_has_more_than_twenty_columns() -> None:
    book = blank()
    assert max(s.max_column for s in book.worksheets if s.sheet_state == "visible") <= 20


def test_a_required_column_has_a_star_and_the_example_row_is_marked() -> None:
    sheet = blank()["Mô hình"]
    assert sheet["A1"].value == "Mã *"
    assert sheet["A2"].value == "Ví dụ: MH01"
    assert sheet["A2"].font.italic


def test_the_same_data_gives_the_same_bytes() -> None:
    assert workbook.write(SCHEMA, year(), LISTS) == workbook.write(SCHEMA, year(), LISTS)
    with zipfile.ZipFile(io.BytesIO(workbook.write(SCHEMA))) as archive:
        assert {m.date_time for m in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_drop_down_goes_through_a_defined_name_whose_labels_may_hold_commas() -> None:
    book = blank()
    name = next(v.formula1 for v in book["Mô hình"].data_validations.dataValidation if str(v.sqref).startswith("C3"))
    sheet, cells = next(iter(book.defined_names[name].destinations))
    labels = [c.value for (c,) in book[sheet][cells]]
    assert "Quốc phòng - an ninh, dân tộc - tôn giáo" in labels


def test_a_reference_column_offers_the_codes_of_its_sheet() -> None:
    book = blank()
    assert "MA_don_vi" in {v.formula1 for v in book["Người"].data_validations.dataValidation}
    assert "'Đơn vị'!$A$3" in book.defined_names["MA_don_vi"].attr_text


def test_input_messages_fit_what_excel_allows() -> None:
    book = blank()
    for sheet in book.worksheets:
        for rule in sheet.data_validations.dataValidation:
            assert len(rule.promptTitle or "") <= 32
            assert len(rule.prompt or "") <= 255
            assert len(rule.error or "") <= 225


def test_the_first_sheet_names_the_next_step_and_every_item_of_the_tall_sheet() -> None:
    sheet = blank()["Thông tin chung"]
    words = [str(c.value) for row in sheet.iter_rows() for c in row if c.value]
    assert any("dvk <tên tệp>" in w for w in words)
    assert {"Thực trạng", "Chỉ tiêu", "Danh hiệu thi đua", "Ý kiến phát biểu"} <= set(words)


@pytest.mark.parametrize(
    "text", ["=1+1", "+84 912", "- gạch đầu dòng", "@ten", "#N/A", "'x", "_x0041_", "2026", "TRUE"]
)
def test_text_stays_text_whatever_it_begins_with(text: str) -> None:
    data = year(mo_hinh=[model(ten=text, pham_vi=text, thuc_trang=[text, "b"])])
    assert read(workbook.write(SCHEMA, data))[0] == data


@pytest.mark.parametrize("bad", ["a\x07b", "a\x00", "\ud800", "a\ufffe"])
def test_a_character_that_excel_cannot_hold_is_refused_with_its_place(bad: str) -> None:
    with pytest.raises(DataInvalid) as e:
        workbook.write(SCHEMA, year(mo_hinh=[model(ten=bad)]))
    assert [(p.place.pointer, p.code) for p in e.value.report] == [("/mo_hinh/0/ten", "control_character")]


def test_what_no_cell_can_hold_is_refused_all_at_once() -> None:
    data = year(
        mo_hinh=[model(ten="a" * 40_000, la=1, pham_vi={"a": 1}, so_tieu_chi_dat=float("nan"))],
        nguoi={"a": 1},
        cuoc_hop=[{"ma": "Ví dụ: H1"}, {"ten": "x", "ket_luan": ["a"]}],
    )
    with pytest.raises(DataInvalid) as e:
        workbook.write(SCHEMA, data)
    assert {(p.place.pointer, p.code) for p in e.value.report} == {
        ("/nguoi", "wrong_type"),
        ("/mo_hinh/0/la", "unknown_field"),
        ("/mo_hinh/0/ten", "too_long"),
        ("/mo_hinh/0/pham_vi", "wrong_type"),
        ("/mo_hinh/0/so_tieu_chi_dat", "wrong_type"),
        ("/cuoc_hop/0/ma", "example_text"),
        ("/cuoc_hop/1/ket_luan", "owner_unknown"),
    }


# --- what is read back


def test_a_blank_workbook_reads_as_nothing_typed() -> None:
    assert read(workbook.write(SCHEMA))[::2] == ({"phien_ban": 3, "thong_tin": {}}, [])


def test_a_year_with_lists_reads_back_the_same() -> None:
    data = year(
        thong_tin={"nam": 2026, "kieu_dau": "cu", "khai_quat": ["Đoạn một.", "Đoạn hai."]},
        mo_hinh=[
            model(
                ngay_dang_ky="2026-02-03",
                cong_nhan=False,
                thuc_trang=["Một.", "Hai."],
                muc_tieu=[{"noi_dung": "Hộ", "nen": 12.5, "dat": 1200}, {"ky": "2026", "noi_dung": "Km"}],
            )
        ],
        cuoc_hop=[{"ma": "HOP01", "gio_bat_dau": "08:00", "ket_luan": ["Nhất trí."]}],
        van_ban=[{"ma": "q", "so": 15, "can_cu": ["a", "b"], "noi_nhan": ["Như trên", "Lưu"]}],
    )
    assert read(workbook.write(SCHEMA, data))[::2] == (data, [])


def test_prose_longer_than_one_cell_goes_on_in_the_next_row() -> None:
    data = year(mo_hinh=[model(thuc_trang=["đ" * 20_000, "h" * 20_000])])
    assert read(workbook.write(SCHEMA, data))[0] == data


def test_every_value_has_its_cell_and_so_has_every_blank() -> None:
    data = year(mo_hinh=[model(), model(ma="MH02", thuc_trang=["a", "b"], tien_do=[{"noi_dung": "k"}])])
    places = read(workbook.write(SCHEMA, data))[1]

    def cell(pointer: str) -> tuple[str, str]:
        assert places[pointer].pointer == pointer
        assert places[pointer].file == "nam.xlsx"
        return places[pointer].sheet, places[pointer].cell

    assert cell("/mo_hinh/0/ten") == ("Mô hình", "B3")
    assert cell("/mo_hinh/1/ca_nhan") == ("Mô hình", f"{column_of('Mô hình', 'Cá nhân thực hiện (mã người)')}4")
    assert cell("/mo_hinh/1") == ("Mô hình", "A4")
    assert cell("/mo_hinh/0/thuc_trang") == ("Mô hình", "A3")  # no row yet: the record's own code
    assert cell("/mo_hinh/1/thuc_trang") == cell("/mo_hinh/1/thuc_trang/1") == ("Chi tiết", "D3")
    assert cell("/mo_hinh/1/tien_do/0") == ("Chi tiết", "D4")
    assert cell("/mo_hinh/1/tien_do/0/chu_tri") == ("Chi tiết", "E4")
    assert cell("/dien_hinh") == ("Điển hình", "A3")
    assert cell("/thong_tin/nam")[0] == "Thông tin chung"


def test_a_list_without_text_is_placed_at_its_prepared_row() -> None:
    def edit(book: Any) -> None:
        book["Chi tiết"]["A3"], book["Chi tiết"]["B3"] = "MH01", "Thực trạng"

    data, places, problems = read(edited(edit))
    assert data == year()
    assert (places["/mo_hinh/0/thuc_trang"].cell, problems) == ("D3", [])


@pytest.mark.parametrize(
    "value,number_format,expected",
    [
        (datetime(2026, 2, 5), "", "2026-02-05"),
        (date(2026, 2, 5), "", "2026-02-05"),
        ("5/2/2026", "", "2026-02-05"),
        ("05-02-2026", "", "2026-02-05"),
        ("2026-2-5", "", "2026-02-05"),
        ("31/11/2026", "", "31/11/2026"),
        ("tháng 2", "", "tháng 2"),
        (2026, "dd/mm/yyyy", "2026"),  # a bare year, which Excel shows as 18/07/1905
    ],
)
def test_a_day_is_read_however_it_was_typed(value: Any, number_format: str, expected: str) -> None:
    letter = column_of("Mô hình", "Ngày đăng ký")
    assert typed("Mô hình", f"{letter}3", value, number_format)["mo_hinh"][0]["ngay_dang_ky"] == expected


@pytest.mark.parametrize(
    "value,expected",
    [(7.0, 7), ("7", 7), (" 7 ", 7), ("1.200", 1200), ("bảy", "bảy"), (7.5, 7.5), ("7,5", "7,5"), (True, "x")],
)
def test_a_whole_number_is_read_or_stays_as_typed(value: Any, expected: Any) -> None:
    letter = column_of("Mô hình", "Số tiêu chí đạt")
    assert typed("Mô hình", f"{letter}3", value)["mo_hinh"][0]["so_tieu_chi_dat"] == expected


@pytest.mark.parametrize(
    "text,expected", [("12,5", 12.5), ("12.5", 12.5), ("1.200", 1200), ("1.200,5", 1200.5), ("?", None)]
)
def test_a_decimal_is_read_the_vietnamese_way(text: str, expected: float | None) -> None:
    assert workbook.as_number(text, whole=False) == expected


@pytest.mark.parametrize(
    "value,expected",
    [("x", True), ("X", True), ("Có", True), (1, True), ("✓", True), ("không", False), (0, False), ("?", "?")],
)
def test_a_mark_is_read_as_yes_or_no(value: Any, expected: Any) -> None:
    letter = column_of("Mô hình", "Được công nhận")
    assert typed("Mô hình", f"{letter}3", value)["mo_hinh"][0]["cong_nhan"] == expected


@pytest.mark.parametrize(
    "value,expected",
    [
        ("Văn hoá -  xã hội", "van_hoa_xa_hoi"),
        ("văn hóa - xã hội", "van_hoa_xa_hoi"),
        (unicodedata.normalize("NFD", "Kinh tế"), "kinh_te"),
        ("kinh_te", "kinh_te"),
        ("Thể thao", "Thể thao"),
    ],
)
def test_a_choice_is_read_by_label_or_code(value: str, expected: str) -> None:
    assert typed("Mô hình", "C3", value)["mo_hinh"][0]["linh_vuc"] == expected


def test_two_labels_that_differ_by_tone_placement_are_told_apart() -> None:
    for code in ("moi", "cu"):
        data = year(thong_tin={"kieu_dau": code})
        assert read(workbook.write(SCHEMA, data))[0]["thong_tin"] == {"kieu_dau": code}


def test_a_code_typed_as_a_number_keeps_its_zeros() -> None:
    letter = column_of("Người", "Điện thoại")
    assert typed("Người", f"{letter}3", 912345678, "0000000000")["nguoi"][0]["dien_thoai"] == "0912345678"
    assert typed("Người", f"{letter}3", 912.0)["nguoi"][0]["dien_thoai"] == "912"


@pytest.mark.parametrize("value", [912345678, 912345678.0])
def test_a_phone_number_that_lost_its_zero_gets_it_back_and_that_is_said(value: Any) -> None:
    letter = column_of("Người", "Điện thoại")

    def edit(book: Any) -> None:
        book["Người"][f"{letter}3"] = value

    data, _, (problem,) = read(edited(edit))
    assert data["nguoi"][0]["dien_thoai"] == "0912345678"
    assert (problem.code, problem.severity, problem.place.cell) == ("repaired_phone", "thong_tin", f"{letter}3")


@pytest.mark.parametrize("sheet,title", [("Mô hình", "Tên mô hình"), ("Người", "Điện thoại")])
def test_a_decimal_in_a_column_of_text_reads_with_its_comma(sheet: str, title: str) -> None:
    values = typed(sheet, f"{column_of(sheet, title)}3", 12.5)
    assert "12,5" in values["mo_hinh"][0].values() or "12,5" in values["nguoi"][0].values()


@pytest.mark.parametrize("mark", ["v", "V"])
def test_a_letter_for_a_tick_is_read_as_yes_and_that_is_said(mark: str) -> None:
    letter = column_of("Mô hình", "Được công nhận")

    def edit(book: Any) -> None:
        book["Mô hình"][f"{letter}3"] = mark

    data, _, (problem,) = read(edited(edit))
    assert data["mo_hinh"][0]["cong_nhan"] is True
    assert (problem.code, problem.severity, problem.place.cell) == ("repaired_mark", "canh_bao", f"{letter}3")


@pytest.mark.parametrize(
    "value,expected",
    [("8h05", "08:05"), ("8 giờ 05", "08:05"), ("08.05", "08:05"), ("8 giờ 05 phút", "08:05"), ("14H", "14:00")],
)
def test_a_time_typed_the_spoken_way_is_read_and_that_is_said(value: str, expected: str) -> None:
    letter = column_of("Cuộc họp", "Giờ bắt đầu")

    def edit(book: Any) -> None:
        book["Cuộc họp"][f"{letter}3"] = value

    data, _, (problem,) = read(edited(edit, year(cuoc_hop=[{"ma": "HOP01"}])))
    assert data["cuoc_hop"] == [{"ma": "HOP01", "gio_bat_dau": expected}]
    assert (problem.code, problem.severity, problem.place.cell) == ("repaired_time", "thong_tin", f"{letter}3")
    assert problem.message == f"Đã đọc “{value}” là {expected}."


@pytest.mark.parametrize(
    "value,expected",
    [(time(8, 5), "08:05"), (0.3125, "07:30"), ("8:00", "8:00"), ("tám giờ", "tám giờ"), ("25h00", "25h00")],
)
def test_a_clock_time_is_read_however_excel_holds_it(value: Any, expected: str) -> None:
    data = year(cuoc_hop=[{"ma": "HOP01"}])
    letter = column_of("Cuộc họp", "Giờ bắt đầu")

    def edit(book: Any) -> None:
        book["Cuộc họp"][f"{letter}3"] = value

    assert read(edited(edit, data))[0]["cuoc_hop"] == [{"ma": "HOP01", "gio_bat_dau": expected}]


def test_a_month_that_excel_made_a_day_reads_as_the_month() -> None:
    assert workbook.from_cell(datetime(2026, 3, 1), {"type": "string"}, "mmm-yy") == "3/2026"


def test_text_is_trimmed_and_composed() -> None:
    typed_name = "  " + unicodedata.normalize("NFD", "Đường hoa tự quản") + "\n"
    assert typed("Mô hình", "B3", typed_name)["mo_hinh"][0]["ten"] == "Đường hoa tự quản"


def test_blank_rows_are_skipped_and_inserted_rows_move_nothing() -> None:
    def edit(book: Any) -> None:
        book["Mô hình"].insert_rows(1)
        book["Mô hình"]["A1"] = "DANH SÁCH MÔ HÌNH NĂM 2026"
        book["Mô hình"].insert_rows(4, amount=300)

    data, places, problems = read(edited(edit))
    assert (data, problems) == (year(), [])
    assert places["/mo_hinh/0/ma"].cell == "A304"


def test_headers_match_whatever_their_star_case_spacing_and_tone_placement() -> None:
    def edit(book: Any) -> None:
        book["Mô hình"]["C1"] = "lĩnh  VỰC"
        book["Đơn vị"]["A1"] = " mã*"
        book["Mô hình"].title = "MÔ HÌNH "

    assert read(edited(edit))[::2] == (year(), [])


def test_columns_may_stand_in_another_order() -> None:
    def edit(book: Any) -> None:
        for row in (1, 2, 3):
            sheet = book["Người"]
            sheet.cell(row, 1).value, sheet.cell(row, 2).value = sheet.cell(row, 2).value, sheet.cell(row, 1).value

    data, places, problems = read(edited(edit))
    assert (data, problems) == (year(), [])
    assert places["/nguoi/0/ma"].cell == "B3"


# --- what is wrong with the file


def test_a_missing_sheet_is_named_with_the_sheets_there_are() -> None:
    def edit(book: Any) -> None:
        del book["Người"]
        del book["Văn bản"]

    problems = read(edited(edit))[2]
    assert [(p.code, p.severity, p.place.pointer, p.place.sheet) for p in problems] == [
        ("missing_sheet", "loi", "/nguoi", "Người"),
        ("missing_sheet", "loi", "/van_ban", "Văn bản"),
    ]
    assert str(problems[0]).startswith(
        "LỖI: sheet Người: Không thấy sheet “Người” trong tệp nam.xlsx; trong tệp có: “Thông tin chung”, “Đơn vị”,"
    )


def test_without_the_tall_sheet_no_paper_can_be_trusted() -> None:
    def edit(book: Any) -> None:
        del book["Chi tiết"]

    (problem,) = read(edited(edit))[2]
    assert (problem.code, problem.severity, problem.place.pointer) == ("missing_sheet", "loi", "")


def test_a_renamed_column_is_named_once_where_it_stands() -> None:
    def edit(book: Any) -> None:
        book["Mô hình"]["B1"] = "Gọi là"
        book["Mô hình"]["C1"] = "Linh vuc x"
        book["Mô hình"]["G1"] = None
        book["Mô hình"]["T1"] = "Ý kiến thêm"

    _, places, problems = read(edited(edit))
    assert [(p.code, p.severity, p.place.cell, p.place.pointer) for p in problems] == [
        ("missing_column", "loi", "B1", "/mo_hinh"),
        ("missing_column", "loi", "C1", "/mo_hinh"),
        ("missing_column", "canh_bao", "G1", "/mo_hinh"),  # nothing is typed below it
        ("missing_column", "loi", "T1", "/mo_hinh"),
    ]
    assert problems[0].message == "Sheet Mô hình thiếu cột “Tên mô hình”."
    assert problems[1].hint == "Hãy đặt lại tiêu đề “Lĩnh vực” ở ô C1, nay ghi “Linh vuc x”."
    assert places["/mo_hinh/0/linh_vuc"].cell == "C1"  # what its blank is due to


def test_a_column_that_was_taken_out_is_a_warning_and_one_that_was_added_a_note() -> None:
    def edit(book: Any) -> None:
        book["Mô hình"].delete_cols(5)
        book["Mô hình"]["Z1"] = "Của tôi"

    assert [(p.code, p.severity) for p in read(edited(edit))[2]] == [
        ("missing_column", "canh_bao"),
        ("unknown_column", "thong_tin"),
    ]


@pytest.mark.parametrize("sheet", ["Mô hình", "Thông tin chung", "Chi tiết"])
def test_a_sheet_without_any_header_is_named_once(sheet: str) -> None:
    def edit(book: Any) -> None:
        for row in book[sheet].iter_rows():
            for cell in row:
                if isinstance(cell.value, str):
                    cell.value = None

    problems = read(edited(edit))[2]
    assert [(p.code, p.severity, p.place.sheet) for p in problems] == [("missing_column", "loi", sheet)]


def test_a_header_that_stands_twice_is_an_error_at_the_second() -> None:
    def edit(book: Any) -> None:
        book["Mô hình"]["G1"] = "Mã"

    assert ("duplicate_header", "Mô hình", "G1") in codes(read(edited(edit))[2])


def test_a_row_taken_out_of_the_form_is_named() -> None:
    def edit(book: Any) -> None:
        sheet = book["Thông tin chung"]
        row = next(r for r in range(1, 60) if str(sheet.cell(r, 1).value).startswith("Địa danh"))
        sheet.cell(row, 1).value, sheet.cell(row, 2).value = "Quốc gia", "x"

    problems = read(edited(edit))[2]
    assert [(p.code, p.severity) for p in problems] == [("unknown_row", "canh_bao"), ("missing_row", "loi")]
    assert problems[1].message == "Sheet Thông tin chung thiếu dòng “Địa danh ghi trên văn bản”."


def tall_row(*cells: Any) -> Edit:
    def edit(book: Any) -> None:
        for number, value in enumerate(cells, 1):
            book["Chi tiết"].cell(3, number).value = value

    return edit


@pytest.mark.parametrize(
    "row,code,cell,message",
    [
        (("MH9", "Thực trạng", None, "a"), "owner_unknown", "A3", "Không có mã “MH9” trong tệp."),
        ((None, "Thực trạng", None, "a"), "owner_unknown", "A3", "Chưa điền “Thuộc về”: dòng này là của mã nào?"),
        (("MH01", "Hiện trạng", None, "a"), "unknown_muc", "B3", "Mục “Hiện trạng” không có cho sheet Mô hình."),
        (("MH01", None, None, "a"), "unknown_muc", "B3", "Chưa chọn Mục."),
        (
            ("NG01", "Thực trạng", None, "a"),
            "unknown_muc",
            "B3",
            "Dòng của sheet Người không có nội dung ở sheet Chi tiết.",
        ),
        (
            ("MH01", "Thực trạng", "2026", "a"),
            "unused_cell",
            "C3",
            "Mục “Thực trạng” không dùng cột “Kỳ” nên ô này không được đọc.",
        ),
    ],
)
def test_a_row_of_the_tall_sheet_that_belongs_nowhere_is_named(
    row: tuple[Any, ...], code: str, cell: str, message: str
) -> None:
    (problem,) = read(edited(tall_row(*row)))[2]
    assert (problem.code, problem.place.sheet, problem.place.cell) == (code, "Chi tiết", cell)
    assert problem.message == message
    assert problem.place.pointer in {f"/chi_tiet/3{'/thuoc_ve' * (code == 'owner_unknown')}", "/mo_hinh/0", "/nguoi/0"}


def test_the_item_matches_whatever_its_case_and_the_owner_as_codes_do_everywhere() -> None:
    data, _, problems = read(edited(tall_row(" MH01 ", "thực  trạng", None, "a\n\nb\r\nc")))
    assert (data["mo_hinh"][0]["thuc_trang"], problems) == (["a", "b", "c"], [])
    _, _, (problem,) = read(edited(tall_row("mh01", "Thực trạng", None, "a")))
    assert (problem.code, problem.hint) == ("owner_unknown", "Gần nhất: “MH01”.")


def owned(*marks: str | None) -> Edit:
    """Rows of the tall sheet that belong to these codes."""

    def edit(book: Any) -> None:
        for row, mark in enumerate(marks, 3):
            for column, value in ((1, mark), (2, "Thực trạng"), (4, "a")):
                book["Chi tiết"].cell(row, column).value = value

    return edit


def test_a_code_that_is_nobodys_is_named_once_for_all_its_rows() -> None:
    problems = read(edited(owned("MH05", "MH05", "MH77", "MH05")))[2]
    assert [(p.place.cell, p.message) for p in problems] == [
        ("A3", "Không có mã “MH05” trong tệp (3 dòng, từ dòng 3 đến dòng 6)."),
        ("A5", "Không có mã “MH77” trong tệp."),
    ]


def test_where_a_record_has_no_code_it_is_named_and_not_the_rows_that_may_be_its_own() -> None:
    def edit(book: Any) -> None:
        owned("MH01", "MH01", "MH01")(book)
        book["Mô hình"]["A3"] = None

    (problem,) = read(edited(edit))[2]
    assert (problem.code, problem.severity, problem.place.cell) == ("owner_blank", "loi", "A3")
    assert problem.place.pointer == "/mo_hinh/0"  # only who reads this model is stopped
    assert problem.message == (
        "Dòng này của sheet Mô hình không có mã, mà 3 dòng ở sheet Chi tiết ghi “MH01” thì không thuộc về mã nào."
    )


def test_where_the_codes_themselves_are_missing_the_rows_of_the_tall_sheet_are_not_named() -> None:
    def without_sheet(book: Any) -> None:
        owned("MH01", "MH01")(book)
        del book["Mô hình"]

    def without_column(book: Any) -> None:
        owned("MH01", "MH01")(book)
        book["Mô hình"]["A1"] = "x"

    assert [p.code for p in read(edited(without_sheet))[2]] == ["missing_sheet"]
    assert [p.code for p in read(edited(without_column))[2]] == ["missing_column"]


def test_codes_that_differ_by_case_alone_own_their_own_rows() -> None:
    data = year(mo_hinh=[model(ma="MH01", ghi_chu=["a"]), model(ma="mh01", ghi_chu=["b"])])
    assert read(workbook.write(SCHEMA, data))[0] == data


def test_a_formula_that_was_never_calculated_is_named_at_its_cell() -> None:
    letter = column_of("Mô hình", "Số tiêu chí đạt")

    def edit(book: Any) -> None:
        book["Mô hình"][f"{letter}3"] = "=3+4"
        book["Mô hình"]["B3"] = "#REF!"

    data, _, problems = read(edited(edit))
    assert codes(problems) == [("cell_error", "Mô hình", "B3"), ("formula_without_value", "Mô hình", f"{letter}3")]
    assert "so_tieu_chi_dat" not in data["mo_hinh"][0]


def test_a_workbook_of_a_newer_version_is_said() -> None:
    def edit(book: Any) -> None:
        book["_dvk"]["A2"] = 9

    assert [(p.code, p.severity) for p in read(edited(edit))[2]] == [("version_newer", "loi")]


@pytest.mark.parametrize("more", [1, 2, 30_000])
def test_rows_beyond_the_bound_are_said_and_not_read(more: int) -> None:
    def edit(book: Any) -> None:
        book["Mô hình"].cell(workbook.MAX_ROWS + more, 1).value = "MH99"

    data, _, (problem,) = read(edited(edit))
    assert data == year()
    assert (problem.code, problem.severity, problem.place.pointer) == ("too_many_rows", "loi", "/mo_hinh")
    assert problem.place.cell == f"A{workbook.MAX_ROWS + more}"


def test_columns_beyond_the_bound_are_said_and_not_called_missing() -> None:
    def edit(book: Any) -> None:
        sheet = book["Mô hình"]
        for row in (1, 2, 3):
            sheet.cell(row, workbook.MAX_COLUMNS + 1).value, sheet.cell(row, 7).value = sheet.cell(row, 7).value, None

    data, _, (problem,) = read(edited(edit))
    assert data == year()
    assert (problem.code, problem.severity, problem.place.cell) == ("too_many_columns", "loi", "CW1")
    assert problem.place.pointer == "/mo_hinh"


def test_a_workbook_of_something_else_is_refused_in_one_sentence() -> None:
    out = io.BytesIO()
    openpyxl.Workbook().save(out)
    with pytest.raises(SourceInvalid) as e:
        read(out.getvalue())
    assert (e.value.code, e.value.place.file) == ("other_workbook", "nam.xlsx")
    assert str(e.value) == ("Tệp nam.xlsx không phải sổ do dvk tạo; hãy tạo sổ bằng lệnh dvk workbook rồi nhập vào đó.")


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/worksheets/sheet4.xml", "xl/styles.xml", "[Content_Types].xml"]
)
def test_a_broken_part_is_one_clear_sentence(part: str) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook.write(SCHEMA))) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, content[: len(content) // 2] if name == part else content)
    with pytest.raises(SourceInvalid, match=r"nam\.xlsx không mở được như một sổ Excel"):
        read(out.getvalue())


def test_xml_entities_are_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook.write(SCHEMA))) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "xl/worksheets/sheet2.xml":
                content = b'<!DOCTYPE a [<!ENTITY b "c">]>' + content
            new.writestr(name, content)
    with pytest.raises(SourceInvalid) as e:
        read(out.getvalue())
    assert (e.value.code, e.value.place.file) == ("workbook_unsafe", "nam.xlsx")


# --- for all input

LEGAL = st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\ufffe\uffff")
TEXT = st.text(LEGAL, max_size=40).map(workbook.clean).filter(bool)
DAY = st.dates(date(1850, 1, 1), date(2200, 1, 1)).map(date.isoformat)
CODE = st.from_regex(r"[A-Za-z][A-Za-z0-9._-]{0,8}", fullmatch=True)


def value_of(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Any value that a field may hold, blanks left out."""
    kinds = workbook.kinds_of(schema)
    if "enum" in schema:
        return st.sampled_from([c for c in schema["enum"] if c is not None])
    if schema.get("format") == "date":
        return DAY
    if "array" in kinds and "properties" in schema["items"]:
        return st.lists(record_of(schema["items"]), min_size=1, max_size=3)
    if "array" in kinds:
        item = TEXT.filter(lambda t: ";" not in t)
        return st.lists(item, min_size=1, max_size=3)
    if "boolean" in kinds:
        return st.booleans()
    if "number" in kinds:
        return st.integers(-(10**20), 10**20) | st.floats(-1e9, 1e9, allow_subnormal=False).map(workbook.plain_number)
    if "integer" in kinds:
        return st.integers(-(10**20), 10**20)
    return st.sampled_from(["00:00", "8:05", "23:59"]) if "x-gio" in schema else TEXT


def record_of(schema: dict[str, Any], **fixed: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    needed = {k: value_of(schema["properties"][k]) for k in schema.get("required", ()) if k not in fixed}
    others = {k: value_of(s) for k, s in schema["properties"].items() if k not in needed and k not in fixed}
    return st.fixed_dictionaries({**fixed, **needed}, optional=others)


@st.composite
def small_years(draw: st.DrawFn) -> dict[str, Any]:
    made = {"phien_ban": 3, "thong_tin": draw(record_of(SCHEMA["properties"]["thong_tin"]))}
    marks = iter(draw(st.lists(CODE, min_size=20, max_size=20, unique_by=str.casefold)))
    for key in draw(st.lists(st.sampled_from(["mo_hinh", "nguoi", "cuoc_hop", "van_ban"]), max_size=2, unique=True)):
        items = SCHEMA["properties"][key]["items"]
        made[key] = [draw(record_of(items, ma=st.just(next(marks)))) for _ in range(draw(st.integers(1, 2)))]
    return made


@settings(
    max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate]
)
@given(small_years())
def test_read_after_write_gives_the_same_year(data: dict[str, Any]) -> None:
    back, places, problems = read(workbook.write(SCHEMA, data, LISTS))
    assert (back, problems) == (data, [])
    assert set(pointers(data)) <= set(places)


def pointers(value: Any, at: str = "") -> list[str]:
    """The pointer of every value of plain data."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [at, *(p for k, v in inner for p in pointers(v, f"{at}/{k}"))]


@settings(max_examples=60, deadline=None)
@given(st.text(LEGAL), st.booleans())
def test_a_typed_text_is_read_without_a_crash_whatever_its_field(text: str, whole: bool) -> None:
    for column in SCHEMA["properties"]["mo_hinh"]["items"]["properties"].values():
        assert not isinstance(workbook.from_cell(text, column), bytes)
    assert not isinstance(workbook.as_number(text, whole), bool)
