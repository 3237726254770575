from __future__ import annotations

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dvk_docs.errors import FieldInvalid
from dvk_docs.viet import gio


@given(st.times().map(lambda t: t.replace(second=0, microsecond=0)))
def test_a_time_survives_being_typed_and_read(moment: time) -> None:
    assert gio.parse(gio.to_input(moment)) == moment == gio.parse(gio.to_text(moment))


@pytest.mark.parametrize("typed", ["8:00", "08:00", "08:00:00", "8h", "8h00", "8 giờ", "8 giờ 00 phút", "08g00"])
def test_the_same_time_is_typed_in_several_ways(typed: str) -> None:
    assert gio.gio_chu(typed) == "08 giờ 00 phút"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("24:00", "no_such_time"),
        ("8:60", "no_such_time"),
        ("8", "not_a_time"),
        ("8:5", "not_a_time"),
        ("", "not_a_time"),
    ],
)
def test_what_is_no_time_is_refused(typed: str, code: str) -> None:
    with pytest.raises(FieldInvalid) as refused:
        gio.parse(typed)
    assert refused.value.code == code


def test_a_blank_time_prints_nothing() -> None:
    assert gio.gio_chu(None) == gio.gio_chu("") == ""
    assert gio.gio_chu(time(0, 0)) == "00 giờ 00 phút"
