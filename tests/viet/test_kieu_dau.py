from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dvk_docs.errors import FieldInvalid
from dvk_docs.viet import kieu_dau

LETTERS = "aoeuyiqhtgcnAOEUYQ àáảãạòóỏõọèéẻẽẹùúủũụỳýỷỹỵÀÒỦỶẠÓ.,-"


@pytest.mark.parametrize(
    ("cu", "moi"),
    [
        ("ủy", "uỷ"),
        ("Ủy ban", "Uỷ ban"),
        ("ỦY BAN", "UỶ BAN"),
        ("hóa", "hoá"),
        ("HÓA", "HOÁ"),
        ("hòa", "hoà"),
        ("khỏe", "khoẻ"),
        ("tùy", "tuỳ"),
        ("lũy thừa", "luỹ thừa"),
        ("tọa đàm", "toạ đàm"),
        ("xòe", "xoè"),
        ("ủy.", "uỷ."),
        ("(ủy)", "(uỷ)"),
        ("ủy2", "uỷ2"),
    ],
)
def test_an_open_syllable_goes_both_ways(cu: str, moi: str) -> None:
    assert kieu_dau.to_moi(cu) == moi
    assert kieu_dau.to_cu(moi) == cu


@pytest.mark.parametrize(
    "word",
    [
        "soát",
        "hoạch",
        "quý",
        "Quý",
        "QUÝ",
        "quỳ",
        "quỷ",
        "quỵ",
        "ngoài",
        "thoải",
        "khuỷu",
        "hoàn",
        "khoản",
        "toàn",
        "khuyến",
        "tuyên",
        "thuyết",
        "huyện",
        "của",
        "mùa",
        "búa",
        "qúy",
        "loét",
        "xoáy",
        "ngoằn",
        "ngoèo",
        "Huỳnh",
        "nguyệt",
        "quả",
        "quà",
    ],
)
def test_a_closed_syllable_or_one_after_q_stays(word: str) -> None:
    assert kieu_dau.to_moi(word) == word
    assert kieu_dau.to_cu(word) == word


@given(st.text(LETTERS))
def test_only_the_place_of_the_tone_changes(text: str) -> None:
    for made in (kieu_dau.to_moi(text), kieu_dau.to_cu(text)):
        assert len(made) == len(text)
        assert made.isupper() == text.isupper()
        assert sorted(unicodedata.normalize("NFD", made)) == sorted(unicodedata.normalize("NFD", text))


@given(st.text(LETTERS))
def test_twice_is_once_and_the_two_ways_meet(text: str) -> None:
    moi, cu = kieu_dau.to_moi(text), kieu_dau.to_cu(text)
    assert kieu_dau.to_moi(moi) == moi == kieu_dau.to_moi(cu)
    assert kieu_dau.to_cu(cu) == cu == kieu_dau.to_cu(moi)
    assert kieu_dau.dem(moi)[1] == 0 == kieu_dau.dem(cu)[0]


@given(st.text())
def test_any_text_comes_back(text: str) -> None:
    assert len(kieu_dau.to_cu(kieu_dau.to_moi(text))) == len(text)


def test_the_office_chooses_by_name() -> None:
    assert kieu_dau.chuyen("Đảng uỷ", "cu") == "Đảng ủy"
    assert kieu_dau.chuyen("Đảng ủy", "moi") == "Đảng uỷ"


def test_an_unknown_choice_is_refused() -> None:
    with pytest.raises(FieldInvalid) as refused:
        kieu_dau.chuyen("Đảng uỷ", "khac")
    assert refused.value.code == "no_such_kieu_dau"


def test_mixed_ways_in_one_text_are_counted() -> None:
    assert kieu_dau.dem("Uỷ ban, Ủy ban, tuỳ, quý") == (2, 1)
