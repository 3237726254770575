from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dvk_docs.viet import sap_xep


@pytest.mark.parametrize(
    "ordered",
    [
        "An Ánh Ăn Ân Dũng Đạt Đức Em Êm Oanh Ôn Ơn Uyên Ước",
        "ma mà mả mã má mạ man mát măng mặt mất mây",
        "y ỳ ỷ ỹ ý ỵ",
        "Fan Giang Hà Jin Khánh Vũ Win Xuân Yên Zung",
    ],
)
def test_the_order_is_that_of_the_vietnamese_alphabet(ordered: str) -> None:
    words = ordered.split()
    mixed = random.Random(7).sample(words, len(words))
    assert sorted(mixed, key=sap_xep.khoa) == words


def test_people_go_by_given_name_then_family_name() -> None:
    names = ["Lê Thị Hà", "Vũ Đức An", "Bùi Thị Hà", "Trần Văn Ân", "Đỗ Văn Hạ", "Hà"]
    ordered = ["Vũ Đức An", "Trần Văn Ân", "Hà", "Bùi Thị Hà", "Lê Thị Hà", "Đỗ Văn Hạ"]
    assert sap_xep.sap_theo_ten(names) == ordered


def test_tone_placement_does_not_change_the_order() -> None:
    assert sap_xep.khoa("Hoà")[:2] == sap_xep.khoa("Hòa")[:2]


def test_rows_are_sorted_by_a_field_of_a_record() -> None:
    rows = [{"nguoi": {"ho_ten": "Lê Văn Đạt"}}, {"nguoi": None}, {"nguoi": {"ho_ten": "Lê Văn Dũng"}}]
    assert sap_xep.sap_theo_ten(rows, "nguoi.ho_ten") == [rows[1], rows[2], rows[0]]
    people = [{"ho_ten": "Vũ Ba"}, {"ho_ten": "Vũ An"}]
    assert sap_xep.sap_theo_ten(people) == people[::-1] == sap_xep.sap_theo_ten(people, attribute="ho_ten")


def test_equal_names_keep_their_order() -> None:
    rows = [{"ho_ten": "Lê An", "stt": n} for n in range(5)]
    assert sap_xep.sap_theo_ten(rows) == rows


@given(st.lists(st.text()))
def test_any_texts_can_be_sorted_and_none_is_lost(texts: list[str]) -> None:
    assert sorted(sap_xep.sap_theo_ten(texts)) == sorted(texts)
