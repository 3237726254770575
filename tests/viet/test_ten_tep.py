from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dvk_docs.viet import ten_tep


@given(st.lists(st.text() | st.none(), max_size=4))
def test_a_stem_is_always_safe(parts: list[str | None]) -> None:
    stem = ten_tep.ten_tep(*parts)
    assert re.fullmatch(r"[A-Za-z0-9]+(-[A-Za-z0-9]+)*", stem)
    assert len(stem) <= ten_tep.MAX_STEM
    assert stem.casefold() not in ten_tep.RESERVED
    assert ten_tep.ten_tep(stem) == stem


@given(st.lists(st.text(max_size=3) | st.just("a" * 90)))
def test_no_two_stems_are_one_file_on_windows(parts: list[str]) -> None:
    stems = ten_tep.khac_nhau(ten_tep.ten_tep(p) for p in parts)
    assert len({s.casefold() for s in stems}) == len(parts)
    assert all(len(s) <= ten_tep.MAX_STEM for s in stems)


@pytest.mark.parametrize("word", ["con", "PRN", "nul", "COM1", "lpt9", "com0"])
def test_a_reserved_word_gets_a_tail(word: str) -> None:
    assert ten_tep.ten_tep(word) == f"{word}-tep"


def test_accents_and_marks_go() -> None:
    assert ten_tep.ten_tep("10", "Quyết định: “Đảng uỷ”/2026") == "10-Quyet-dinh-Dang-uy-2026"


def test_a_third_file_of_one_name_is_numbered_three() -> None:
    assert ten_tep.khac_nhau(["a", "a", "A", "a-2"]) == ["a", "a-2", "A-3", "a-2-2"]
