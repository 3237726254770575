from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dvk_docs.viet import ten_mo_hinh


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("“Ánh sáng an toàn”", "Ánh sáng an toàn"),
        ('"Ánh sáng an toàn"', "Ánh sáng an toàn"),
        ("'Ánh sáng an toàn'", "Ánh sáng an toàn"),
        ("« Ánh sáng an toàn »", "Ánh sáng an toàn"),
        ("“ “Ánh sáng an toàn” ”", "Ánh sáng an toàn"),
        ('""Ánh sáng an toàn""', "Ánh sáng an toàn"),
        ('"Tổ "Ánh sáng" an toàn"', 'Tổ "Ánh sáng" an toàn'),
        ("“Tổ “Ánh sáng””", "Tổ “Ánh sáng”"),
        ('""', ""),
        ("“”", ""),
    ],
)
def test_outer_quotes_are_taken_off_and_reported(typed: str, name: str) -> None:
    assert ten_mo_hinh.bo_ngoac_ngoai(typed) == (name, True)


@pytest.mark.parametrize(
    "typed",
    ["Ánh sáng", "“Bếp ấm” và “Tủ sách”", '"Bếp ấm" và "Tủ sách"', "Tổ “Ánh sáng”", '"Bếp ấm', '"', ""],
)
def test_what_is_not_quoted_as_a_whole_stays(typed: str) -> None:
    assert ten_mo_hinh.bo_ngoac_ngoai(typed) == (typed, False)


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("Ánh sáng", "“Ánh sáng”"),
        ('"Ánh sáng"', "“Ánh sáng”"),
        ("Tổ “Ánh sáng” an toàn", "“Tổ “Ánh sáng” an toàn”"),
        ("“Bếp ấm” và “Tủ sách”", "““Bếp ấm” và “Tủ sách””"),
        ("“Bếp ấm", "“Bếp ấm”"),
        ("Bếp ấm”", "“Bếp ấm”"),
        (None, ""),
        ("", ""),
        ("“”", ""),
    ],
)
def test_a_name_is_printed_in_one_pair_of_curly_quotes(typed: str | None, text: str) -> None:
    assert ten_mo_hinh.ngoac_kep(typed) == text


@given(st.text("ab “”\"'‘’«»(") | st.text())
def test_quoting_twice_is_quoting_once(text: str) -> None:
    once = ten_mo_hinh.ngoac_kep(text)
    assert ten_mo_hinh.ngoac_kep(once) == once


@given(st.text("ab “”\"'‘’"))
def test_what_is_printed_always_pairs(text: str) -> None:
    made = ten_mo_hinh.ngoac_kep(text)
    assert made.count("“") == made.count("”")


@given(st.text("ab “”\"'‘’«»"))
def test_taking_quotes_off_twice_is_once(text: str) -> None:
    name, _ = ten_mo_hinh.bo_ngoac_ngoai(text)
    assert ten_mo_hinh.bo_ngoac_ngoai(name) == (name, False)


def test_a_lone_quote_is_not_a_name() -> None:
    assert ten_mo_hinh.ngoac_kep("““") == ten_mo_hinh.ngoac_kep("”") == ""
