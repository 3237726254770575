from __future__ import annotations

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dvk_docs.viet import van_ban

HD05 = {"can_cu_dau": "- ", "can_cu_cuoi": ".", "noi_nhan_ngan": ";"}
HD36 = {"can_cu_dau": "", "can_cu_cuoi": ",", "noi_nhan_ngan": ","}


def test_can_cu_end_as_the_profile_says() -> None:
    lines = ["Quy chế làm việc của Đảng uỷ;", "- Xét đề nghị của Ban Xây dựng Đảng."]
    assert van_ban.dong_can_cu(lines, HD05) == [
        "- Quy chế làm việc của Đảng uỷ;",
        "- Xét đề nghị của Ban Xây dựng Đảng.",
    ]
    assert van_ban.dong_can_cu(lines, HD36) == ["Quy chế làm việc của Đảng uỷ;", "Xét đề nghị của Ban Xây dựng Đảng,"]


def test_one_can_cu_is_the_last_one() -> None:
    assert van_ban.dong_can_cu(["Luật A ,;"], HD05) == ["- Luật A."]


def test_noi_nhan_end_as_the_profile_says_and_luu_is_last() -> None:
    lines = ["Lưu VPĐU", "– Như trên,", "Các chi bộ;", " "]
    assert van_ban.dong_noi_nhan(lines, HD05) == ["- Như trên;", "- Các chi bộ;", "- Lưu VPĐU."]
    assert van_ban.dong_noi_nhan(lines, HD36) == ["- Như trên,", "- Các chi bộ,", "- Lưu VPĐU."]


def test_the_profile_may_be_an_object_or_absent() -> None:
    assert van_ban.dong_can_cu(["A"], SimpleNamespace(**HD36)) == ["A,"]
    assert van_ban.dong_can_cu(["A", "B"]) == ["- A;", "- B."]


@pytest.mark.parametrize("blank", [None, [], "", [None, " "], "\n"])
def test_no_lines_give_no_lines(blank: list[str] | str | None) -> None:
    assert van_ban.dong_can_cu(blank, HD05) == van_ban.dong_noi_nhan(blank, HD05) == []


@given(st.lists(st.text()))
def test_lines_printed_and_typed_again_are_the_same(lines: list[str]) -> None:
    for make in (van_ban.dong_can_cu, van_ban.dong_noi_nhan):
        once = make(lines, HD05)
        assert make(once, HD05) == once


@pytest.mark.parametrize(
    ("text", "words", "left"),
    [
        ("Ban Xây dựng Đảng Đảng uỷ xã Bình An", "Đảng uỷ", "Ban Xây dựng Đảng"),
        ("Ban Xây dựng Đảng Đảng ủy xã Bình An", "Đảng uỷ", "Ban Xây dựng Đảng"),
        ("Ban Xây dựng Đảng Đảng uỷ", "Đảng ủy", "Ban Xây dựng Đảng"),
        ("Văn phòng", "Đảng uỷ", "Văn phòng"),
        ("Đảng uỷ xã Bình An", "Đảng uỷ", "Đảng uỷ xã Bình An"),
        ("Ban Đảng uỷviên", "Đảng uỷ", "Ban Đảng uỷviên"),
        (None, "Đảng uỷ", ""),
        ("a", "", "a"),
    ],
)
def test_a_name_is_cut_before_the_words(text: str | None, words: str, left: str) -> None:
    assert van_ban.cat_sau(text, words) == left


@pytest.mark.parametrize(
    ("text", "words", "left"),
    [
        ("Đảng bộ Trường Tiểu học", "Đảng bộ", "Trường Tiểu học"),
        ("Đảng uỷ xã", "Đảng ủy", "xã"),
        ("Chi bộ thôn Đông", "Đảng bộ", "Chi bộ thôn Đông"),
        ("Đảng bộ", "Đảng bộ", "Đảng bộ"),
        ("Đảng bộphận", "Đảng bộ", "Đảng bộphận"),
    ],
)
def test_the_words_that_open_a_name_are_dropped(text: str, words: str, left: str) -> None:
    assert van_ban.bo_dau_cau(text, words) == left


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("T/M Chi bộ", "T/M CHI BỘ"),
        ("K/T Trưởng ban", "K/T TRƯỞNG BAN"),
        ("Q. Trưởng ban", "Q. TRƯỞNG BAN"),
        (None, ""),
    ],
)
def test_the_authority_is_in_capitals(typed: str | None, text: str) -> None:
    assert van_ban.hoa_quyen_han(typed) == text


def test_a_first_letter_changes_and_the_rest_stays() -> None:
    assert van_ban.hoa_dau("ủy ban MTTQ") == "Ủy ban MTTQ"
    assert van_ban.thuong_dau("Về việc A") == "về việc A"
    assert van_ban.thuong_dau("MTTQ xã") == "MTTQ xã"
    assert van_ban.hoa_dau("") == van_ban.thuong_dau(None) == van_ban.hoa(None) == ""


def test_blank_values_are_not_joined() -> None:
    assert van_ban.noi(["a", None, "", "b", 0]) == "a, b, 0"
    assert van_ban.noi("abc", "; ") == "abc"
    assert van_ban.noi(None) == ""


def test_a_gap_is_marked_and_a_value_is_not() -> None:
    assert van_ban.cho_trong(None, "Thực trạng") == van_ban.cho_trong(" ", "Thực trạng") == "[Chưa nhập: Thực trạng]"
    assert van_ban.cho_trong([], "Kết quả") == ["[Chưa nhập: Kết quả]"]
    assert van_ban.cho_trong(["a"], "Kết quả") == ["a"]
    assert van_ban.cho_trong(False, "Dấu") is False


@pytest.mark.parametrize(
    ("typed", "left"),
    [("Minh Hà.", "Minh Hà"), ("Bí thư.; ,", "Bí thư"), ("a. b", "a. b"), ("15%", "15%"), (" .", ""), (None, "")],
)
def test_the_marks_that_end_a_field_are_dropped(typed: str | None, left: str) -> None:
    assert van_ban.bo_cham(typed) == left


def test_a_word_of_ours_takes_the_tone_placement_of_the_office() -> None:
    assert van_ban.theo_kieu_dau("Văn hóa", "moi") == van_ban.theo_kieu_dau("Văn hóa") == "Văn hoá"
    assert van_ban.theo_kieu_dau("Văn hoá", "cu") == "Văn hóa"
    assert van_ban.theo_kieu_dau(None, "cu") == ""
