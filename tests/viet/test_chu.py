from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dvk_docs.viet import chu


def test_decomposed_text_is_composed() -> None:
    assert chu.clean(unicodedata.normalize("NFD", "Đảng uỷ xã Bình An")) == "Đảng uỷ xã Bình An"


@pytest.mark.parametrize(
    ("typed", "clean", "codes"),
    [
        ("a\u00a0b", "a b", ("space",)),
        ("a\u200bb", "ab", ("unseen",)),
        ("\ufeffa", "a", ("unseen",)),
        ("a\r\nb\rc", "a\nb\nc", ("line_end",)),
        ("a\x0bb", "a\nb", ("line_end",)),
        ("Ðảng", "Đảng", ("lookalike",)),
        (" a \n b ", "a\n b", ("edges",)),
        ("e\u0323\u0302", "ệ", ("nfc",)),
        ("đã sạch", "đã sạch", ()),
    ],
)
def test_a_repair_is_named(typed: str, clean: str, codes: tuple[str, ...]) -> None:
    assert chu.sua(typed) == (clean, codes)


@given(st.text())
def test_clean_twice_is_once(text: str) -> None:
    once = chu.clean(text)
    assert chu.sua(once) == (once, ())


@given(st.text())
def test_a_key_of_a_key_is_the_key(text: str) -> None:
    assert chu.so_sanh(chu.so_sanh(text)) == chu.so_sanh(text)
    assert chu.fold(chu.fold(text)) == chu.fold(text)


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff")))
def test_ordinary_text_has_no_illegal_character(text: str) -> None:
    assert chu.illegal(text + "\n\t") == []


@pytest.mark.parametrize("letter", ["\x00", "\x07", "\x1f", "\r", "\x7f", "\x85", "\ud800", "\ufffe", "\uffff"])
def test_an_illegal_character_is_found_with_its_index(letter: str) -> None:
    assert chu.illegal(f"ab{letter}") == [(2, f"U+{ord(letter):04X}")]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Đảng uỷ xã Bình An", "ĐẢNG ỦY  XÃ BÌNH AN"),
        ("Ban A - Ban B", "Ban A–Ban B"),
        ("Mô hình “Ánh sáng”", 'Mô hình "Ánh sáng"'),
        ("Tổ ‘Ánh sáng’", "Tổ 'Ánh sáng'"),
        ("thôn\u00a0Đông", "thôn Đông"),
    ],
)
def test_spellings_of_one_name_have_one_key(one: str, other: str) -> None:
    assert chu.so_sanh(one) == chu.so_sanh(other)


def test_accents_count_in_comparing_and_not_in_searching() -> None:
    assert chu.so_sanh("số nội vụ") != chu.so_sanh("sở nội vụ")
    assert chu.fold("số nội vụ") == chu.fold("sở nội vụ") == "so noi vu"


def test_a_cell_of_spaces_is_cleaned_quickly() -> None:
    text = ("a" + " " * 30_000) * 4 + "b"
    start = time.perf_counter()
    assert chu.so_sanh(text) == "a a a a b"
    assert time.perf_counter() - start < 1
