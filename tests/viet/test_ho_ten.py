from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dvk_docs.errors import FieldInvalid
from dvk_docs.viet import ho_ten


@pytest.mark.parametrize("name", ["Nguyễn Văn Bình", "H'Hen Niê", "Y Ê-ban", "Lê An", "K’Brê"])
def test_a_name_is_taken_as_it_is(name: str) -> None:
    assert ho_ten.parse(name) == name


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("", "name_missing"),
        ("  ", "name_missing"),
        ("Nguyễn Văn 2", "name_has_digit"),
        ("Nguyễn Văn Bình;", "name_has_mark"),
        ("Nguyễn Văn Bình (A)", "name_has_mark"),
        ("Ông Nguyễn Văn Bình", "name_has_title"),
        ("TS. Nguyễn Văn Bình", "name_has_title"),
        ("NGUYỄN VĂN BÌNH", "name_in_capitals"),
        ("Nguyễn văn Bình", "name_not_capital"),
        ("đinh Thị Mai", "name_not_capital"),
    ],
)
def test_a_fault_of_a_name_has_its_code(name: str, code: str) -> None:
    assert [p.code for p in ho_ten.problems(name)] == [code]


def test_dong_chi_before_a_name_is_a_title() -> None:
    assert "name_has_title" in [p.code for p in ho_ten.problems("đ/c Nguyễn Văn Bình")]


def test_a_family_name_that_looks_like_a_title_is_a_name() -> None:
    assert ho_ten.parse("Ông Minh") == "Ông Minh"


def test_the_hint_writes_the_name_out() -> None:
    with pytest.raises(FieldInvalid) as refused:
        ho_ten.parse("NGUYỄN VĂN BÌNH")
    assert refused.value.hint == "Hãy gõ: Nguyễn Văn Bình."


@given(st.text())
def test_a_name_taken_is_taken_again(text: str) -> None:
    try:
        name = ho_ten.parse(text)
    except FieldInvalid:
        return
    assert ho_ten.parse(name) == name
