"""Sheets as clerks make them: each habit reads to the clean year, and what was put right is said."""

from __future__ import annotations

import random

import dirty
import openpyxl
import pytest

from dvk_docs import checking, sources
from dvk_docs.catalog import Catalog
from dvk_docs.errors import Problem

CLEAN = sources.parse(dirty.clean_bytes(), "nam.xlsx", dirty.SCHEMA)


def test_the_clean_year_reads_as_it_was_written_without_a_word() -> None:
    assert (CLEAN.data, CLEAN.problems) == (dirty.CLEAN, ())


@pytest.mark.parametrize("habit", dirty.HABITS)
def test_a_habit_reads_to_the_same_data_and_is_said(habit: str) -> None:
    edits, codes = dirty.HABITS[habit]
    source = sources.parse(dirty.made(*edits), "nam.xlsx", dirty.SCHEMA)
    assert source.data == dirty.CLEAN
    assert {p.code for p in source.problems} == codes
    assert all(p.place.sheet for p in source.problems)


TEXTS = [h for h in dirty.HABITS if h in ("khoảng trắng thừa", "ký tự ẩn", "dấu gõ rời", "ngày viết ngắn")]
LAYOUTS = ["tên cột quen gọi khác", "cột theo thứ tự ngược", "dòng cộng", "tên trang khác", "giờ viết nói"]


@pytest.mark.parametrize("seed", range(6))
def test_habits_mixed_read_to_the_same_data(seed: int) -> None:
    chance = random.Random(seed)
    chosen = [chance.choice(TEXTS), *chance.sample(LAYOUTS[:3], 2), "giờ viết nói", "tên trang khác"]
    edits = [edit for habit in chosen for edit in dirty.HABITS[habit][0]]
    source = sources.parse(dirty.made(*edits), "nam.xlsx", dirty.SCHEMA)
    assert source.data == dirty.CLEAN
    assert {p.severity for p in source.problems} <= {"thong_tin", "canh_bao"}


def errors_of(raw: bytes) -> list[Problem]:
    source = sources.parse(raw, "nam.xlsx", dirty.SCHEMA)
    known = {p.place.pointer for p in source.problems if p.severity == "loi"}
    found = [*source.problems, *checking.check_year(source.data, source.places, Catalog(), known)]
    return [p for p in found if p.severity == "loi"]


def test_the_clean_year_has_no_error() -> None:
    assert errors_of(dirty.clean_bytes()) == []


@pytest.mark.parametrize("fault", dirty.FAULTS)
def test_a_fault_is_named_at_its_cell(fault: str) -> None:
    edit, sheet, cell, code = dirty.FAULTS[fault]
    first, *others = errors_of(dirty.made(edit))
    assert (first.code, first.place.sheet, first.place.cell) == (code, sheet, cell)
    assert others == [] or code == "missing_column"  # a lost column of codes leaves others without what they name


def test_what_an_old_font_says_is_proposed_and_not_put_in_place() -> None:
    (problem,) = errors_of(dirty.made(dirty.FAULTS["chữ TCVN3"][0]))
    assert problem.hint == "Hãy gõ lại bằng Unicode; có phải “Đường hoa tự quản”?"


FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Phan", "Vũ", "Đặng", "Bùi", "Đỗ")
MIDDLE = ("Văn", "Thị", "Đức", "Hữu", "Xuân", "Ngọc", "Minh", "Thanh")
GIVEN = ("An", "Hoà", "Hoa", "Thuỷ", "Thuý", "Minh", "Lan", "Đông", "Bình", "Sơn", "Tý", "Quý", "Khoẻ", "Uyên", "Dũng")


def list_of_400() -> list[str]:
    names = [f"{f} {m} {g}" for f in FAMILY for m in MIDDLE for g in GIVEN]
    return random.Random(400).sample(names, 400)


def test_of_400_rows_with_every_habit_the_one_duplicate_is_found_and_no_other() -> None:
    names = list_of_400()
    habits = [lambda n: f"{n}  ", dirty.nfd, lambda n: n.replace(" ", "\u00a0"), str, lambda n: n.replace(" ", "  ", 1)]

    def edit(book: openpyxl.Workbook) -> None:
        page = book["Người"]
        for number, name in enumerate([*names, names[17]]):
            page.cell(number + 6, 1).value = f"P{number:03}"
            page.cell(number + 6, 2).value = habits[number % len(habits)](name)
            page.cell(number + 6, 3).value = "Nam"
            page.cell(number + 6, 8).value = "DV03"

    raw = dirty.made(edit)
    (twice,) = errors_of(raw)
    assert (twice.code, twice.place.cell) == ("duplicate_row", "A406")
    assert "ô A23" in twice.message
    source = sources.parse(raw, "nam.xlsx", dirty.SCHEMA)
    repaired = [p.place.cell for p in source.problems if p.code == "repaired_text"]
    changed = [f"B{n + 6}" for n in range(401) if n % len(habits) != 3]
    assert repaired == changed


def test_one_name_in_two_units_is_two_people() -> None:
    raw = dirty.made(dirty.put("Người", "Họ và tên", 5, "Nguyễn Văn Minh"))
    assert errors_of(raw) == []


@pytest.mark.parametrize("typed", ["Trường TH  Bình An – cơ sở 2", "trường TH Bình An - cơ sở 2"])
def test_a_unit_typed_with_another_dash_or_case_is_the_same_unit(typed: str) -> None:
    first = dirty.put("Đơn vị", "Tên đơn vị", 4, "Trường TH Bình An - cơ sở 2")
    (twice,) = errors_of(dirty.made(first, dirty.put("Đơn vị", "Tên đơn vị", 5, typed)))
    assert (twice.code, twice.place.cell) == ("duplicate_row", "A5")
