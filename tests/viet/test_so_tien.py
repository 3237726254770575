from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dvk_docs.errors import FieldInvalid
from dvk_docs.viet import so_tien


@given(st.integers(0, 10**15))
def test_an_amount_survives_being_typed_and_read(dong: int) -> None:
    assert so_tien.parse(so_tien.to_input(dong)) == dong == so_tien.parse(so_tien.to_text(dong))


@pytest.mark.parametrize("typed", ["1500000", "1.500.000", "1.500.000 đồng", "1.500.000đ", "1.500.000 VNĐ"])
def test_the_same_amount_is_typed_in_several_ways(typed: str) -> None:
    assert so_tien.parse(typed) == 1_500_000


@pytest.mark.parametrize("typed", ["", "đồng", "-5", "1,5 đồng", "1.5", "một triệu"])
def test_what_is_no_amount_is_refused(typed: str) -> None:
    with pytest.raises(FieldInvalid) as refused:
        so_tien.parse(typed)
    assert refused.value.code == "not_money"


def test_an_amount_in_words_opens_with_a_capital() -> None:
    assert so_tien.bang_chu(21_000_000) == "Hai mươi mốt triệu đồng"
