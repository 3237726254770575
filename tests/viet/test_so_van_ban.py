from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dvk_docs.errors import FieldInvalid
from dvk_docs.viet import so_van_ban
from dvk_docs.viet.so_van_ban import SoVanBan

NUMBERS = st.builds(
    SoVanBan,
    st.integers(1, 99999),
    st.sampled_from(["QĐ", "TTr", "CTr", "HD", "KH", "CV", "QĐNS", "QĐi"]),
    st.sampled_from(["ĐU", "BXDĐ", "VPĐU", "TW", "BTGDVTU", "BCĐ-UBKT"]),
)


@given(NUMBERS)
def test_a_number_survives_being_typed_and_read(so: SoVanBan) -> None:
    assert so_van_ban.parse(so_van_ban.to_input(so)) == so == so_van_ban.parse(so_van_ban.to_text(so))


@pytest.mark.parametrize("typed", ["5-QĐ/ĐU", "05-QĐ/ĐU", "Số 05-QĐ/ĐU", "Số: 5 - QĐ / ĐU", "05-QÐ/ÐU"])
def test_the_same_number_is_typed_in_several_ways(typed: str) -> None:
    assert so_van_ban.to_text(so_van_ban.parse(typed)) == "Số 05-QĐ/ĐU"


@pytest.mark.parametrize("typed", ["", "05", "QĐ/ĐU", "00-QĐ/ĐU", "05/QĐ-UBND", "05-qđ/đu", "05-QĐ", "05-QĐ/ĐU x"])
def test_what_is_no_party_number_is_refused(typed: str) -> None:
    with pytest.raises(FieldInvalid) as refused:
        so_van_ban.parse(typed)
    assert refused.value.code == "not_a_so_van_ban"


@given(st.text())
def test_any_text_is_a_number_or_refused(text: str) -> None:
    try:
        so_van_ban.parse(text)
    except FieldInvalid as refused:
        assert refused.code == "not_a_so_van_ban"


def test_the_line_pads_the_number_or_leaves_room() -> None:
    assert so_van_ban.so_ky_hieu_dang(5, "QĐ", "ĐU") == "Số 05-QĐ/ĐU"
    assert so_van_ban.so_ky_hieu_dang(115, "TTr", "ĐU") == "Số 115-TTr/ĐU"
    assert so_van_ban.so_ky_hieu_dang(None, "TTr", "ĐU") == "Số" + " " * 6 + "-TTr/ĐU"
