"""A cell typed in a usual way that is not the field's own: put right where it is sure, else left as typed."""

from __future__ import annotations

from datetime import date
from typing import Any

import dirty
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dvk_docs import sources
from dvk_docs.workbook.repairs import clean_text, day_of, repair

CARD = {"type": "string", "x-la-ma": True, "x-so-chu-so": [9, 12]}
DAY = {"type": "string", "format": "date"}
BIRTH = {**DAY, "x-ngay-sinh": True, "x-ngay-khuyet": True}


def mended(typed: Any, read: str, schema: dict[str, Any]) -> Any:
    found = repair(typed, read, schema)
    return found.value if found else read


@pytest.mark.parametrize(
    "typed,expected",
    [(38085001234, "038085001234"), (183456789, "183456789"), (1234567, "1234567"), ("38085001234", "38085001234")],
)
def test_zeros_come_back_to_a_number_of_digits_only_where_its_length_proves_them(typed: Any, expected: str) -> None:
    assert mended(typed, str(typed), CARD) == expected


@pytest.mark.parametrize(
    "typed,expected",
    [
        ("1975", "1975"), ("năm 1975", "1975"), ("3/1985", "1985-03"), ("tháng 3 năm 1985", "1985-03"),
        ("2/3/26", "1926-03-02"), ("13/1985", "13/1985"),
    ],
)  # fmt: skip
def test_a_birth_may_lack_its_day_or_month(typed: str, expected: str) -> None:
    assert mended(typed, typed, BIRTH) == expected


@pytest.mark.parametrize("typed", ["3/25/1990", "31/11/26", "1975", "3/1985", "tháng 2", "32/1/2026", "5/2", "0/0/00"])
def test_what_names_no_day_of_the_year_stays_as_typed(typed: str) -> None:
    assert mended(typed, typed, DAY) == typed


@given(st.dates(min_value=date(1931, 1, 1), max_value=date(2030, 12, 31)))
def test_a_day_is_read_day_first_in_every_way_of_typing_it(day: Any) -> None:
    ways = (
        f"{day.day}/{day.month}/{day.year % 100:02}",
        f"{day.day:02}-{day.month:02}-{day.year}",
        f"{day.day}.{day.month}.{day.year}",
        f"ngày {day.day} tháng {day.month} năm {day.year}",
    )
    assert {day_of(way) for way in ways} == {day.isoformat()}


@given(st.text(max_size=60))
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    once, _ = clean_text(text)
    assert clean_text(once) == (once, ())


def test_a_partial_birth_reads_prints_and_is_no_error() -> None:
    raw = dirty.made(dirty.put("Người", "Ngày sinh", 3, "năm 1975"), dirty.put("Người", "Ngày sinh", 4, "3/1985"))
    source = sources.parse(raw, "nam.xlsx", dirty.SCHEMA)
    assert [p.get("ngay_sinh") for p in source.data["nguoi"]] == ["1975", "1985-03", "1990-02-28"]
    assert [p.message for p in source.problems] == ["Đã đọc “năm 1975” là 1975.", "Đã đọc “3/1985” là tháng 03/1985."]
