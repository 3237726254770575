"""The answer in a copy of the clerk's own workbook: at the cells, over her own looks, and itself valid input."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

import dirty
import openpyxl
import pytest

from dvk_docs import checking, cli, sources, workbook
from dvk_docs.catalog import Catalog
from dvk_docs.errors import Place, Problem

FAULTS = ("tháng 25", "lĩnh vực lạ", "thiếu tên mô hình", "thuộc về mã lạ")


def problems_of(raw: bytes) -> list[Problem]:
    source = sources.parse(raw, "nam.xlsx", dirty.SCHEMA)
    known = {p.place.pointer for p in source.problems if p.severity == "loi"}
    return [*source.problems, *checking.check_year(source.data, source.places, Catalog(), known)]


def answered(raw: bytes) -> bytes:
    return workbook.answer(raw, dirty.SCHEMA, problems_of(raw), "nam.xlsx")


@pytest.fixture(scope="module")
def bad() -> bytes:
    return dirty.made(*(dirty.FAULTS[f][0] for f in FAULTS))


@pytest.fixture(scope="module")
def copy(bad: bytes) -> bytes:
    return answered(bad)


def opened(raw: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(raw))


def coloured(raw: bytes, sheet: str) -> set[str]:
    ranges = opened(raw)[sheet].conditional_formatting
    return {cell for block in ranges for cell in str(block.sqref).split()}


def column_of_results(raw: bytes, sheet: str) -> dict[int, Sequence[object]]:
    page = opened(raw)[sheet]
    at = next(c.column for c in page[1] if c.value == "Kết quả kiểm tra")
    return {r: (page.cell(r, at).value, page.cell(r, at + 1).value) for r in range(3, page.max_row + 1)}


def test_each_bad_cell_is_coloured_and_says_why(copy: bytes) -> None:
    assert coloured(copy, "Mô hình") == {"B3", "C3"}
    assert opened(copy)["Người"]["D3"].comment.text.startswith("03/25/1990 không phải là một ngày có thật")


def test_two_last_columns_give_the_result_of_each_row(copy: bytes) -> None:
    rows = column_of_results(copy, "Mô hình")
    assert rows[3][0] == "Cần sửa"
    assert str(rows[3][1]).startswith("B3: Chưa nhập Tên mô hình.")
    assert rows[4] == ("Tốt", None)


def test_the_first_sheet_counts_and_links(copy: bytes) -> None:
    first = opened(copy).worksheets[0]
    assert (first.title, first["A2"].value) == ("Kết quả kiểm tra", "4 lỗi cần sửa, 0 cảnh báo nên xem lại.")
    counts = {row[0].value: row[1].value for row in first.iter_rows(min_row=6, max_row=14)}
    assert counts["Mô hình"] == "2 dòng tốt, 1 dòng cần sửa"
    assert {c.hyperlink.location for r in first.iter_rows() for c in r if c.hyperlink} >= {"'Mô hình'!B3", "'Người'!D3"}


def test_the_answered_copy_is_read_as_the_workbook_it_answers(bad: bytes, copy: bytes) -> None:
    before, after = (sources.parse(raw, "nam.xlsx", dirty.SCHEMA) for raw in (bad, copy))
    assert (after.data, after.places, after.problems) == (before.data, before.places, before.problems)


def test_answering_an_answer_changes_nothing_more(copy: bytes) -> None:
    again = answered(copy)
    assert [s.title for s in opened(again).worksheets] == [s.title for s in opened(copy).worksheets]
    assert column_of_results(again, "Mô hình") == column_of_results(copy, "Mô hình")
    assert coloured(again, "Mô hình") == {"B3", "C3"}


def test_a_cell_put_right_where_the_colour_is_loses_it(copy: bytes) -> None:
    book = opened(copy)
    book["Mô hình"]["B3"], book["Mô hình"]["C3"] = "Đường hoa tự quản", "Kinh tế"
    out = io.BytesIO()
    book.save(out)
    again = answered(out.getvalue())
    assert coloured(again, "Mô hình") == set()
    assert opened(again)["Mô hình"]["B3"].comment is None
    assert column_of_results(again, "Mô hình")[3] == ("Tốt", None)


def test_what_the_clerk_has_stays_as_it_lies(bad: bytes, copy: bytes) -> None:
    def looks(raw: bytes) -> list[object]:
        page = opened(raw)["Mô hình"]
        styles = [(c.coordinate, c.font.name, c.fill.fgColor.rgb, c.number_format) for r in page["A1:T5"] for c in r]
        rules = sorted(str(v.sqref) for v in page.data_validations.dataValidation)
        return [styles, rules, page.freeze_panes, sorted(opened(raw).defined_names)]

    assert looks(copy) == looks(bad)


def test_members_that_are_not_touched_are_the_same_to_the_byte(bad: bytes, copy: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(bad)) as old, zipfile.ZipFile(io.BytesIO(copy)) as new:
        same = [n for n in old.namelist() if n in new.namelist() and old.read(n) == new.read(n)]
        assert {"docProps/core.xml", "xl/theme/theme1.xml", "xl/worksheets/sheet10.xml"} <= set(same)


def test_the_clerks_own_comment_is_kept_and_ours_added() -> None:
    def remark(book: openpyxl.Workbook) -> None:
        book["Mô hình"]["C3"].comment = openpyxl.comments.Comment("Hỏi lại anh Minh", "Lan")
        book["Mô hình"]["A4"].comment = openpyxl.comments.Comment("Đã gọi", "Lan")

    raw = dirty.made(dirty.FAULTS["lĩnh vực lạ"][0], remark)
    once = answered(raw)
    twice = answered(once)
    for made in (once, twice):
        page = opened(made)["Mô hình"]
        assert page["C3"].comment.text.startswith("Hỏi lại anh Minh")
        assert page["C3"].comment.text.count("Thể thao") == 1
        assert page["A4"].comment.text == "Đã gọi"


def test_words_that_look_like_a_formula_stay_words() -> None:
    raw = dirty.made(dirty.put("Mô hình", "Lĩnh vực", 3, "'=HYPERLINK(1)"))
    problem = Problem(Place("/mo_hinh/0/linh_vuc", "nam.xlsx", "Mô hình", "C3"), "x", "loi", "=1+1 @x\x07")
    page = opened(workbook.answer(raw, dirty.SCHEMA, [problem], "nam.xlsx"))["Mô hình"]
    assert not [c.coordinate for row in page.iter_rows() for c in row if c.data_type == "f"]


def test_the_original_is_never_touched(tmp_path: Path, bad: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    file, out = tmp_path / "nam.xlsx", tmp_path / "ket-qua.xlsx"
    file.write_bytes(bad)
    assert cli.run(["check", str(file), "-o", str(out)]) == 3
    assert cli.run(["check", str(file), "-o", str(out)]) == 3  # an earlier result is made anew
    assert file.read_bytes() == bad
    assert cli.run(["check", str(file), "-o", str(file)]) == 3
    assert "không bao giờ ghi đè lên tệp gốc" in capsys.readouterr().err
    assert file.read_bytes() == bad


def test_another_file_in_the_way_is_left_alone(tmp_path: Path, bad: bytes) -> None:
    file, out = tmp_path / "nam.xlsx", tmp_path / "khac.xlsx"
    file.write_bytes(bad)
    out.write_bytes(dirty.clean_bytes())
    assert cli.run(["check", str(file), "-o", str(out)]) == 3
    assert out.read_bytes() == dirty.clean_bytes()
