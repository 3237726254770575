"""Bề rộng: how wide words are, which the lines under them are measured by."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dvk_docs.viet.be_rong import be_rong


def test_the_title_of_the_state_is_as_wide_as_on_paper() -> None:
    assert round(be_rong("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 12, dam=True), 1) == 88.3


@given(st.text(), st.text())
def test_words_are_as_wide_as_their_parts(one: str, two: str) -> None:
    import unicodedata

    whole = unicodedata.normalize("NFC", one + two)
    if whole == unicodedata.normalize("NFC", one) + unicodedata.normalize("NFC", two):
        assert abs(be_rong(whole, 14) - be_rong(one, 14) - be_rong(two, 14)) < 1e-6


def test_of_several_lines_the_widest_counts() -> None:
    assert be_rong(["a", "aaa", ""], 12) == be_rong("aaa", 12)
