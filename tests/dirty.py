"""Builders of workbooks as clerks make them: a clean year, and one habit (or fault) of a hand laid on it."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Callable
from copy import copy
from datetime import datetime
from functools import cache
from typing import Any

import openpyxl

from dvk_docs import workbook
from dvk_docs.catalog import Catalog

SCHEMA = Catalog().year_schema()
Edit = Callable[[Any], None]

CLEAN: dict[str, Any] = {
    "phien_ban": 3,
    "thong_tin": {"nam": 2026, "bo_quy_tac": "xa-2026", "ten_xa": "Bình An", "loai_xa": "xa", "dia_danh": "Bình An",
                  "cap_tren": "thanh_pho", "dang_bo_cap_tren": "Đảng bộ thành phố Minh Hà", "dau_moi": "DV01",
                  "noi_nhan_de_nghi": "Ban Tuyên giáo và Dân vận Thành uỷ", "nguoi_ky": "NG01"},
    "don_vi": [
        {"ma": "DV01", "ten": "Chi bộ thôn Đông", "loai": "chi_bo", "phai_dang_ky": True, "so_nguoi": 32},
        {"ma": "DV02", "ten": "Hội Liên hiệp Phụ nữ xã", "loai": "doan_the", "phai_dang_ky": True, "so_nguoi": 1500},
        {"ma": "DV03", "ten": "Trường Tiểu học Bình An", "loai": "truong_hoc", "dien_thoai": "02393851234"},
    ],
    "nguoi": [
        {"ma": "NG01", "ho_ten": "Nguyễn Văn Minh", "gioi_tinh": "nam", "ngay_sinh": "1975-12-05", "chuc_vu": "Bí thư",
         "don_vi": "DV01", "que_quan": "xã Bình An, thành phố Minh Hà", "dien_thoai": "0912345678"},
        {"ma": "NG02", "ho_ten": "Trần Thị Hoà", "gioi_tinh": "nu", "ngay_sinh": "1985-03-02", "don_vi": "DV01"},
        {"ma": "NG03", "ho_ten": "Lê Đức Thuỷ", "gioi_tinh": "nam", "ngay_sinh": "1990-02-28", "don_vi": "DV02"},
    ],
    "mo_hinh": [
        {"ma": "MH01", "ten": "Đường hoa tự quản", "linh_vuc": "van_hoa_xa_hoi", "loai_hinh": "xay_moi",
         "tap_the": "DV01", "ngay_dang_ky": "2026-02-05", "cong_nhan": True, "so_tieu_chi_dat": 8,
         "thuc_trang": ["Đường thôn còn rác.", "Chưa có người phụ trách."],
         "nguon_luc": [{"ten": "Xã hội hoá", "don_vi_tinh": "đồng", "du_kien": 1500000}]},
        {"ma": "MH02", "ten": "Tổ hoà giải kiểu mẫu", "linh_vuc": "van_hoa_xa_hoi", "loai_hinh": "nhan_rong",
         "tap_the": "DV02", "ngay_dang_ky": "2026-02-12", "so_tieu_chi_dat": 7},
        {"ma": "MH03", "ten": "Vườn rau sạch", "linh_vuc": "kinh_te", "loai_hinh": "duy_tri",
         "ca_nhan": "NG02", "ngay_dang_ky": "2026-02-20"},
    ],
    "cuoc_hop": [{"ma": "HOP01", "loai": "tham_dinh", "ten": "Hội nghị thẩm định", "ngay": "2026-09-15",
                  "gio_bat_dau": "08:05"}],
}  # fmt: skip


@cache
def clean_bytes() -> bytes:
    return workbook.write(SCHEMA, CLEAN, {"bo_quy_tac": ["xa-2026"]})


def made(*edits: Edit) -> bytes:
    """The clean workbook after these hands."""
    book = openpyxl.load_workbook(io.BytesIO(clean_bytes()))
    for edit in edits:
        edit(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def column(sheet: Any, title: str) -> int:
    """The number of the column under this title, in whatever row the header stands now."""
    for row in sheet.iter_rows(max_row=12):
        for cell in row:
            if isinstance(cell.value, str) and cell.value.rstrip(" *") == title:
                return int(cell.column)
    raise KeyError(title)


def header(sheet: Any, title: str) -> Any:
    return next(c for r in sheet.iter_rows(max_row=12) for c in r if str(c.value).rstrip(" *") == title)


def put(sheet: str, title: str, row: int, value: Any, number_format: str = "") -> Edit:
    def edit(book: Any) -> None:
        cell = book[sheet].cell(row, column(book[sheet], title))
        cell.value = value
        if number_format:
            cell.number_format = number_format

    return edit


def rename(sheet: str, title: str, words: str) -> Edit:
    def edit(book: Any) -> None:
        header(book[sheet], title).value = words

    return edit


def retitle(sheet: str, words: str) -> Edit:
    def edit(book: Any) -> None:
        book[sheet].title = words

    return edit


def above(sheet: str, *lines: str) -> Edit:
    """Lines of a letterhead over the table; the example row goes."""

    def edit(book: Any) -> None:
        book[sheet].delete_rows(2)
        book[sheet].insert_rows(1, len(lines) + 1)
        for number, words in enumerate(lines, 1):
            book[sheet].cell(number, 1).value = words
            book[sheet].merge_cells(start_row=number, end_row=number, start_column=1, end_column=6)

    return edit


def below(sheet: str, *rows: dict[int, Any]) -> Edit:
    """Rows under the table: column number -> words."""

    def edit(book: Any) -> None:
        start = book[sheet].max_row + 1
        for offset, cells in enumerate(rows):
            for number, value in cells.items():
                book[sheet].cell(start + offset, number).value = value

    return edit


def in_order(sheet: str, order: Callable[[list[int]], list[int]]) -> Edit:
    """The columns in another order."""

    def edit(book: Any) -> None:
        page = book[sheet]
        rows = [[copy(c.value) for c in row] for row in page.iter_rows(max_row=page.max_row, max_col=page.max_column)]
        formats = [[c.number_format for c in row] for row in page.iter_rows(max_row=page.max_row)]
        for number, source in enumerate(order(list(range(page.max_column))), 1):
            for row in range(page.max_row):
                page.cell(row + 1, number).value = rows[row][source]
                page.cell(row + 1, number).number_format = formats[row][source]

    return edit


def counted(sheet: str) -> Edit:
    """A running number before the first column."""

    def edit(book: Any) -> None:
        page = book[sheet]
        page.insert_cols(1)
        page.cell(1, 1).value = "STT"
        for row in range(3, page.max_row + 1):
            page.cell(row, 1).value = row - 2

    return edit


def numbered(sheet: str) -> Edit:
    """The row (1) (2) (3) under the header, in the place of the example."""

    def edit(book: Any) -> None:
        for number in range(1, book[sheet].max_column + 1):
            book[sheet].cell(2, number).value = f"({number})"

    return edit


def split(sheet: str, title: str, parts: tuple[str, str], first: Callable[[str], tuple[str, str]]) -> Edit:
    """One column under a merged header over two, the header in two rows; the others merged downwards."""

    def edit(book: Any) -> None:
        page = book[sheet]
        at = column(page, title)
        page.delete_rows(2)
        page.insert_rows(2)
        page.insert_cols(at + 1)
        page.merge_cells(start_row=1, end_row=1, start_column=at, end_column=at + 1)
        page.cell(2, at).value, page.cell(2, at + 1).value = parts
        for number in range(1, page.max_column + 1):
            if number not in (at, at + 1):
                page.merge_cells(start_row=1, end_row=2, start_column=number, end_column=number)
        for row in range(3, page.max_row + 1):
            if page.cell(row, at).value:
                page.cell(row, at).value, page.cell(row, at + 1).value = first(str(page.cell(row, at).value))

    return edit


def under(sheet: str, words: str, titles: tuple[str, str], short: tuple[str, str]) -> Edit:
    """Two neighbouring columns under one merged header."""

    def edit(book: Any) -> None:
        page = book[sheet]
        at = column(page, titles[0])
        page.delete_rows(2)
        page.insert_rows(2)
        for number in range(1, page.max_column + 1):
            if number not in (at, at + 1):
                page.merge_cells(start_row=1, end_row=2, start_column=number, end_column=number)
        page.cell(1, at).value, page.cell(1, at + 1).value = words, None
        page.merge_cells(start_row=1, end_row=1, start_column=at, end_column=at + 1)
        page.cell(2, at).value, page.cell(2, at + 1).value = short

    return edit


def merged_down(sheet: str, title: str, first: int, last: int) -> Edit:
    def edit(book: Any) -> None:
        at = column(book[sheet], title)
        book[sheet].merge_cells(start_row=first, end_row=last, start_column=at, end_column=at)

    return edit


def every_text(change: Callable[[str], str]) -> Edit:
    """Each typed text of the tables changed; headers and codes left."""

    def edit(book: Any) -> None:
        for page in book.worksheets[1:9]:
            for row in page.iter_rows(min_row=3, min_col=2):
                for cell in row:
                    if isinstance(cell.value, str) and not cell.value.isascii():
                        cell.value = change(cell.value)

    return edit


def nfd(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def group_rows(sheet: str) -> Edit:
    """A row that names a field of work, over the models of it."""

    def edit(book: Any) -> None:
        page = book[sheet]
        page.insert_rows(3)
        page.cell(3, 1).value = "I. VĂN HOÁ - XÃ HỘI"
        page.merge_cells(start_row=3, end_row=3, start_column=1, end_column=8)

    return edit


def spaced(sheet: str) -> Edit:
    def edit(book: Any) -> None:
        book[sheet].insert_rows(4, 5)

    return edit


DAY = datetime(2026, 2, 5)

# A habit: its hand, and the codes of what is said of it. All read to the clean year.
HABITS: dict[str, tuple[tuple[Edit, ...], frozenset[str]]] = {
    name: (edits, frozenset(codes.split()))
    for name, edits, codes in [
        ("dòng tiêu đề cơ quan ở trên", (above("Mô hình", "ĐẢNG UỶ XÃ BÌNH AN", "DANH SÁCH MÔ HÌNH NĂM 2026"),), ""),
        ("tên bảng ở trên mọi trang", (above("Đơn vị", "DANH SÁCH"), above("Người", "DANH SÁCH", "(Kèm theo)")), ""),
        ("tiêu đề xuống dòng", (rename("Mô hình", "Tên mô hình", "Tên\nmô hình"),), ""),
        ("tiêu đề chữ hoa, có dấu sao", (rename("Người", "Họ và tên", "HỌ VÀ TÊN (*)"),), ""),
        ("tiêu đề không dấu", (rename("Mô hình", "Lĩnh vực", "Linh vuc"),), "column_understood"),
        ("tiêu đề có đơn vị trong ngoặc", (rename("Đơn vị", "Tên đơn vị", "Tên đơn vị (ghi đủ)"),), ""),
        ("tiêu đề có số", (rename("Mô hình", "Tên mô hình", "2. Tên mô hình"),), ""),
        ("tên cột quen gọi khác", (rename("Người", "Họ và tên", "Họ tên"), rename("Người", "Nơi cư trú", "Trú quán"),
                                  rename("Mô hình", "Tên mô hình", "Tên gọi")), "column_understood"),
        ("tên cột bỏ chữ mã", (rename("Người", "Đơn vị (mã)", "Đơn vị công tác"),), "column_understood"),
        ("khoá dữ liệu làm tiêu đề", (rename("Mô hình", "Ngày đăng ký", "ngay_dang_ky"),), "column_understood"),
        ("kiểu dấu cũ trong tiêu đề", (rename("Đơn vị", "Tổ chức đảng trực thuộc Đảng uỷ",
                                           "Tổ chức đảng trực thuộc Đảng ủy"),), ""),
        ("cột theo thứ tự ngược", (in_order("Người", lambda c: c[::-1]),), ""),
        ("cột số thứ tự", (counted("Mô hình"),), ""),
        ("cột lạ", (rename("Mô hình", "Biến động", "Biến động"), put("Mô hình", "Mã", 1, "Mã *"),
                   lambda b: b["Mô hình"].cell(1, 25, "Ý kiến của tôi") and None), "unknown_column"),
        ("dòng đánh số cột", (numbered("Người"),), ""),
        ("tiêu đề hai tầng", (split("Người", "Quê quán", ("Xã", "Tỉnh"),
                                 lambda t: (t.split(", ")[0], t.split(", ")[1])),), "column_understood"),
        ("tiêu đề hai tầng, hai cột có sẵn", (under("Mô hình", "Thời gian", ("Bắt đầu", "Hoàn thành"),
                                              ("Bắt đầu", "Hoàn thành")),), "column_understood"),
        ("dòng cộng", (below("Mô hình", {1: "Tổng cộng", 2: "3 mô hình"}),), "row_set_aside"),
        ("dòng cộng ở cột tên", (below("Đơn vị", {2: "Cộng", 17: 1532}),), "row_set_aside"),
        ("phần ký bên dưới", (below("Mô hình", {2: "Tổng số: 3"}, {}, {5: "Bình An, ngày 5 tháng 3 năm 2026"},
                                 {2: "NGƯỜI LẬP BIỂU", 6: "T/M BAN THƯỜNG VỤ"}, {}, {2: "Trần Thị Hoà", 6: "Lê An"}),),
         "row_set_aside"),
        ("dòng tên nhóm", (group_rows("Mô hình"),), "row_set_aside"),
        ("dòng trống xen giữa", (spaced("Mô hình"), spaced("Người")), ""),
        ("tên trang khác", (retitle("Mô hình", "DS mô hình 2026"), retitle("Người", "Cán bộ")), "sheet_understood"),
        ("tên trang không dấu", (retitle("Đơn vị", "Don vi"), retitle("Cuộc họp", "CUOC HOP ")), "sheet_understood"),
        ("tên trang vô nghĩa", (retitle("Mô hình", "Sheet3"), retitle("Chi tiết", "Sheet5")), "sheet_understood"),
        ("ngày viết ngắn", (put("Người", "Ngày sinh", 4, "2/3/85"),), "repaired_date"),
        ("ngày gạch nối", (put("Người", "Ngày sinh", 3, "05-12-1975"),), ""),
        ("ngày viết bằng chữ", (put("Mô hình", "Ngày đăng ký", 3, "ngày 5 tháng 2 năm 2026"),), "repaired_date"),
        ("ngày có khoảng trắng", (put("Mô hình", "Ngày đăng ký", 3, "5 / 2 / 2026 "),), "repaired_date repaired_text"),
        ("ngày của Excel", (put("Mô hình", "Ngày đăng ký", 3, DAY, "dd/mm/yyyy"),), ""),
        ("số điện thoại mất số 0", (put("Người", "Điện thoại", 3, 912345678),), "repaired_phone"),
        ("số điện thoại có định dạng", (put("Người", "Điện thoại", 3, 912345678, "0000000000"),), ""),
        ("đánh dấu v", (put("Mô hình", "Được công nhận", 3, "V"),), "repaired_mark"),
        ("đánh dấu ✓", (put("Mô hình", "Được công nhận", 3, "✓"),), ""),
        ("đánh dấu 1", (put("Mô hình", "Được công nhận", 3, 1),), ""),
        ("đánh dấu có", (put("Đơn vị", "Phải đăng ký mô hình", 3, "Có"),), ""),
        ("tiền có chữ đ", (put("Chi tiết", "Mục tiêu", 4, "1.500.000đ"),), "repaired_money"),
        ("tiền có chữ đồng", (put("Chi tiết", "Mục tiêu", 4, "1.500.000 đồng"),), "repaired_money"),
        ("số có dấu chấm", (put("Đơn vị", "Tổng số cán bộ, đảng viên, hội viên", 4, "1.500"),), ""),
        ("gộp ô lĩnh vực", (merged_down("Mô hình", "Lĩnh vực", 3, 4),), "repaired_merged"),
        ("gộp ô đơn vị", (merged_down("Người", "Đơn vị (mã)", 3, 4),), "repaired_merged"),
        ("gộp ô thuộc về", (merged_down("Chi tiết", "Thuộc về", 3, 4),), "repaired_merged"),
        ("khoảng trắng thừa", (every_text(lambda t: f" {t.replace(' ', '  ', 1)} "),), "repaired_text"),
        ("khoảng trắng cứng", (every_text(lambda t: t.replace(" ", "\u00a0")),), "repaired_text"),
        ("ký tự ẩn", (every_text(lambda t: f"\u200b{t}\ufeff"),), "repaired_text"),
        ("dấu gõ rời", (every_text(nfd),), "repaired_text"),
        ("chữ Đ sai mã", (every_text(lambda t: t.replace("Đ", "\u00d0")),), "repaired_text"),
        ("kiểu dấu cũ trong lựa chọn", (put("Mô hình", "Lĩnh vực", 3, "Văn hoá -  Xã hội"),), "repaired_text"),
        ("giờ viết nói", (put("Cuộc họp", "Giờ bắt đầu", 3, "8h05"),), "repaired_time"),
        ("tên trong ngoặc kép", (put("Mô hình", "Tên mô hình", 3, "“Đường hoa tự quản”"),), "repaired_quotes"),
    ]
}  # fmt: skip


def without(sheet: str, title: str) -> Edit:
    def edit(book: Any) -> None:
        book[sheet].delete_cols(column(book[sheet], title))

    return edit


def without_sheet(sheet: str) -> Edit:
    def edit(book: Any) -> None:
        del book[sheet]

    return edit


def in_font(sheet: str, title: str, row: int, font: str, words: str) -> Edit:
    def edit(book: Any) -> None:
        cell = book[sheet].cell(row, column(book[sheet], title))
        cell.value = words
        cell.font = openpyxl.styles.Font(name=font)

    return edit


def lost_row(label: str) -> Edit:
    """A row of the form taken out."""

    def edit(book: Any) -> None:
        page = book.worksheets[0]
        row = next(c.row for r in page.iter_rows(max_col=1) for c in r if str(c.value).rstrip(" *") == label)
        for cell in page[row]:
            cell.value = None

    return edit


# A fault: its hand, and where it is named by which code. Nothing else of the year is an error.
FAULTS: dict[str, tuple[Edit, str, str, str]] = {
    "tháng 25": (put("Người", "Ngày sinh", 3, "3/25/1990"), "Người", "D3", "no_such_day"),
    "ngày 31/11": (put("Mô hình", "Ngày đăng ký", 3, "31/11/2026"), "Mô hình", "J3", "no_such_day"),
    "ngày 29/2 năm thường": (put("Mô hình", "Ngày đăng ký", 4, "29-02-2026"), "Mô hình", "J4", "no_such_day"),
    "ngày chữ không có thật": (put("Mô hình", "Ngày đăng ký", 5, "31 tháng 4 năm 2026"), "Mô hình", "J5", "not_a_day"),
    "chữ ở ô ngày": (put("Mô hình", "Ngày đăng ký", 3, "đầu tháng 2"), "Mô hình", "J3", "not_a_day"),
    "chỉ có năm ở ô ngày": (put("Mô hình", "Ngày đăng ký", 3, 2026), "Mô hình", "J3", "not_a_day"),
    "chữ ở ô số": (put("Mô hình", "Số tiêu chí đạt", 3, "tám"), "Mô hình", "O3", "wrong_type"),
    "số quá mức": (put("Mô hình", "Số tiêu chí đạt", 3, 9), "Mô hình", "O3", "too_large"),
    "số âm": (put("Đơn vị", "Tổng số cán bộ, đảng viên, hội viên", 3, -1), "Đơn vị", "Q3", "too_small"),
    "số lẻ": (put("Mô hình", "Số tiêu chí đạt", 3, 7.5), "Mô hình", "O3", "wrong_type"),
    "lĩnh vực lạ": (put("Mô hình", "Lĩnh vực", 3, "Thể thao"), "Mô hình", "C3", "not_in_list"),
    "loại hình lạ": (put("Mô hình", "Loại hình", 4, "Làm lại"), "Mô hình", "D4", "not_in_list"),
    "giới tính lạ": (put("Người", "Giới tính", 3, "Ông"), "Người", "C3", "not_in_list"),
    "đánh dấu lạ": (put("Mô hình", "Được công nhận", 3, "?"), "Mô hình", "R3", "wrong_type"),
    "thiếu tên mô hình": (put("Mô hình", "Tên mô hình", 3, None), "Mô hình", "B3", "missing"),
    "thiếu lĩnh vực": (put("Mô hình", "Lĩnh vực", 5, None), "Mô hình", "C5", "missing"),
    "thiếu mã": (put("Người", "Mã", 5, None), "Người", "A5", "missing"),
    "thiếu họ tên": (put("Người", "Họ và tên", 4, None), "Người", "B4", "missing"),
    "trùng mã": (put("Người", "Mã", 5, "NG01"), "Người", "A5", "duplicate_code"),
    "mã có dấu": (put("Người", "Mã", 5, "Người 5"), "Người", "A5", "pattern"),
    "đơn vị lạ": (put("Mô hình", "Tập thể thực hiện (mã đơn vị)", 3, "DV9"), "Mô hình", "E3", "reference_unknown"),
    "người không có": (put("Mô hình", "Cá nhân thực hiện (mã người)", 5, "NG99"), "Mô hình", "F5", "reference_unknown"),
    "thuộc về mã lạ": (put("Chi tiết", "Thuộc về", 3, "MH77"), "Chi tiết", "A3", "owner_unknown"),
    "thuộc về để trống": (put("Chi tiết", "Thuộc về", 3, None), "Chi tiết", "A3", "owner_unknown"),
    "mục lạ": (put("Chi tiết", "Mục", 3, "Thực chất"), "Chi tiết", "B3", "unknown_muc"),
    "mục để trống": (put("Chi tiết", "Mục", 3, None), "Chi tiết", "B3", "unknown_muc"),
    "công thức lỗi": (put("Mô hình", "Tên mô hình", 3, "#REF!"), "Mô hình", "B3", "cell_error"),
    "công thức chưa tính": (put("Mô hình", "Tên mô hình", 3, '=A3&" x"'), "Mô hình", "B3", "formula_without_value"),
    "chữ TCVN3": (in_font("Mô hình", "Tên mô hình", 3, ".VnTime", "§­êng hoa tù qu¶n"), "Mô hình", "B3", "old_font"),
    "chữ VNI": (in_font("Người", "Họ và tên", 3, "VNI-Times", "Nguyeãn Vaên Minh"), "Người", "B3", "old_font"),
    "mất cột bắt buộc": (without("Mô hình", "Lĩnh vực"), "Mô hình", "A1", "missing_column"),
    "mất cột mã": (without("Người", "Mã"), "Người", "A1", "missing_column"),
    "mất trang": (without_sheet("Người"), "Người", "", "missing_sheet"),
    "mất trang chi tiết": (without_sheet("Chi tiết"), "Chi tiết", "", "missing_sheet"),
    "hai cột cùng tên": (rename("Mô hình", "Phạm vi, địa bàn", "Lĩnh vực"), "Mô hình", "G1", "duplicate_header"),
    "tiêu đề lạ thay cột bắt buộc": (rename("Mô hình", "Lĩnh vực", "Lãnh vực nào"), "Mô hình", "C1", "missing_column"),
    "dòng dưới phần ký": (
        below("Mô hình", {2: "NGƯỜI LẬP BIỂU"}, {}, {1: "MH09", 2: "Nuôi ong", 3: "Kinh tế", 4: "Nhân rộng"}),
        "Mô hình", "A8", "below_the_end",
    ),
    "ký tự cấm": (put("Mô hình", "Tên mô hình", 3, "Đường hoa_x0007_"), "Mô hình", "B3", "illegal_character"),
    "xếp loại lạ": (put("Cuộc họp", "Loại cuộc họp", 3, "Họp kín"), "Cuộc họp", "B3", "not_in_list"),
    "giờ không có thật": (put("Cuộc họp", "Giờ bắt đầu", 3, "25h70"), "Cuộc họp", "G3", "no_such_time"),
    "chủ trì không có": (put("Cuộc họp", "Chủ trì (mã người)", 3, "NG50"), "Cuộc họp", "J3", "reference_unknown"),
    "mất dòng ở thông tin chung": (lost_row("Địa danh ghi trên văn bản"), "Thông tin chung", "A13", "missing_row"),
    "lặp tiêu đề hai lần": (rename("Người", "Dân tộc", "Tôn giáo"), "Người", "L1", "duplicate_header"),
}  # fmt: skip
