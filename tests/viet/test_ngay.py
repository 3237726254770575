from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dvk_docs.errors import FieldInvalid
from dvk_docs.viet import ngay

DAYS = st.dates(date(ngay.FIRST_YEAR, 1, 1), date(ngay.LAST_YEAR, 12, 31))


@given(DAYS)
def test_a_day_survives_being_typed_and_read(day: date) -> None:
    assert ngay.parse(ngay.to_input(day)) == day


@given(DAYS)
def test_a_day_survives_as_iso(day: date) -> None:
    assert ngay.from_iso(ngay.to_iso(day)) == day == ngay.held(ngay.to_iso(day))


@given(st.text())
def test_any_text_is_a_day_or_refused(text: str) -> None:
    try:
        ngay.parse(text)
    except FieldInvalid as refused:
        assert refused.code in ("not_a_day", "no_such_day", "year_out_of_range")


@pytest.mark.parametrize("typed", ["5/2/2026", "05/02/2026", " 5-2-2026 ", "5.2.2026", "2026-02-05"])
def test_the_same_day_is_typed_in_several_ways(typed: str) -> None:
    assert ngay.parse(typed) == date(2026, 2, 5)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("31/02/2026", "no_such_day"),
        ("29/2/2026", "no_such_day"),
        ("31/4/2026", "no_such_day"),
        ("0/1/2026", "no_such_day"),
        ("1/13/2026", "no_such_day"),
        ("2026-02-30", "no_such_day"),
        ("5/2/26", "not_a_day"),
        ("5/2-2026", "not_a_day"),
        ("tháng 3", "not_a_day"),
        ("", "not_a_day"),
        ("٥/٢/٢٠٢٦", "not_a_day"),
        ("1/1/1026", "year_out_of_range"),
        ("1/1/2206", "year_out_of_range"),
    ],
)
def test_what_is_no_day_is_refused_by_code(typed: str, code: str) -> None:
    with pytest.raises(FieldInvalid) as refused:
        ngay.parse(typed)
    assert refused.value.code == code


def test_the_message_quotes_what_was_typed() -> None:
    with pytest.raises(FieldInvalid, match=r"^“31/02/2026” không phải là một ngày có thật\.$") as refused:
        ngay.parse("31/02/2026")
    assert refused.value.hint == "Hãy gõ ngày/tháng/năm, ví dụ 05/02/2026."


def test_a_leap_day_is_a_day() -> None:
    assert ngay.to_text(ngay.parse("29/2/2028")) == "ngày 29 tháng 02 năm 2028"


@pytest.mark.parametrize(
    ("iso", "short", "long"),
    [
        ("2026-01-09", "09/01/2026", "ngày 09 tháng 01 năm 2026"),
        ("2026-02-10", "10/02/2026", "ngày 10 tháng 02 năm 2026"),
        ("2026-03-05", "05/3/2026", "ngày 05 tháng 3 năm 2026"),
        ("2026-09-30", "30/9/2026", "ngày 30 tháng 9 năm 2026"),
        ("2026-12-31", "31/12/2026", "ngày 31 tháng 12 năm 2026"),
    ],
)
def test_small_days_and_the_first_two_months_are_padded(iso: str, short: str, long: str) -> None:
    assert (ngay.ngay_so(iso), ngay.ngay_dai(iso, 2026)) == (short, long)


@pytest.mark.parametrize("text", ["2026-2-5", "05/02/2026", "2026-02-05T00:00", ""])
def test_iso_in_the_data_is_exact(text: str) -> None:
    with pytest.raises(FieldInvalid):
        ngay.from_iso(text)


def test_a_date_of_a_program_prints_too() -> None:
    assert ngay.ngay_so(date(2026, 2, 5)) == "05/02/2026"
    assert ngay.ngay_so(datetime(2026, 2, 5, 8, 30)) == "05/02/2026"


def test_a_blank_day_leaves_room() -> None:
    assert ngay.ngay_so(None) == ngay.thang_nam(None) == ngay.khoang_thoi_gian(None, None) == ""
    assert ngay.ngay_dai(None, 2026) == "ngày" + " " * 6 + "tháng" + " " * 6 + "năm 2026"


def test_a_span_may_have_one_end() -> None:
    assert ngay.khoang_thoi_gian("2026-03-01", None) == "từ ngày 01/3/2026"
    assert ngay.khoang_thoi_gian(None, "2026-10-31") == "đến ngày 31/10/2026"
