from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dvk_docs.errors import FieldInvalid
from dvk_docs.viet import so_dem


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "không"),
        (1, "một"),
        (10, "mười"),
        (11, "mười một"),
        (14, "mười bốn"),
        (15, "mười lăm"),
        (20, "hai mươi"),
        (21, "hai mươi mốt"),
        (24, "hai mươi tư"),
        (55, "năm mươi lăm"),
        (100, "một trăm"),
        (101, "một trăm linh một"),
        (105, "một trăm linh năm"),
        (110, "một trăm mười"),
        (121, "một trăm hai mươi mốt"),
        (1000, "một nghìn"),
        (1005, "một nghìn không trăm linh năm"),
        (1015, "một nghìn không trăm mười lăm"),
        (2026, "hai nghìn không trăm hai mươi sáu"),
        (10_000, "mười nghìn"),
        (1_000_005, "một triệu không trăm linh năm"),
        (1_500_000, "một triệu năm trăm nghìn"),
        (1_005_000, "một triệu không trăm linh năm nghìn"),
        (2_000_000_001, "hai tỷ không trăm linh một"),
        (1_000_000_000_000, "một nghìn tỷ"),
        (1_000_005_000_000_000, "một triệu không trăm linh năm tỷ"),
        (-7, "âm bảy"),
        (12.5, "mười hai phẩy năm"),
        (0.25, "không phẩy hai mươi lăm"),
    ],
)
def test_numbers_are_read_as_in_the_north(number: float, words: str) -> None:
    assert so_dem.bang_chu(number) == words


def read(words: str) -> int:
    """The number that words name, read back independently of how they were written."""
    head, found, rest = words.rpartition(" tỷ")
    if found:
        return read(head) * 10**9 + read(rest.strip() or "không")
    digits = {
        "không": 0,
        "một": 1,
        "mốt": 1,
        "hai": 2,
        "ba": 3,
        "bốn": 4,
        "tư": 4,
        "năm": 5,
        "lăm": 5,
        "sáu": 6,
        "bảy": 7,
    }
    digits |= {"tám": 8, "chín": 9}
    total = group = last = 0
    for word in words.split():
        if word in ("nghìn", "triệu"):
            total, group, last = total + (group + last) * {"nghìn": 1000, "triệu": 10**6}[word], 0, 0
        elif word in ("trăm", "mươi"):
            group, last = group + last * {"trăm": 100, "mươi": 10}[word], 0
        elif word == "mười":
            group += 10
        elif word != "linh":
            last = digits[word]
    return total + group + last


@given(st.integers(0, 10**18 - 1))
def test_words_name_the_number_again(number: int) -> None:
    assert read(so_dem.bang_chu(number)) == number


@given(st.integers(0, 10**6))
def test_words_of_smaller_numbers_name_it_again(number: int) -> None:
    words = so_dem.bang_chu(number)
    assert read(words) == number
    assert words == " ".join(words.split())


@given(st.integers(-(10**17), 10**17) | st.integers(-(10**8), 10**8).map(lambda n: n / 100))
def test_a_number_survives_being_typed_and_read(number: float) -> None:
    assert so_dem.parse(so_dem.to_input(number)) == number == so_dem.parse(so_dem.to_text(number))


@given(st.text() | st.text("0123456789.,-"))
def test_any_text_is_a_number_or_refused(text: str) -> None:
    try:
        so_dem.parse(text)
    except FieldInvalid as refused:
        assert refused.code in ("not_a_number", "number_out_of_range")


@pytest.mark.parametrize("typed", ["", "1.5", "1,200.5", "12.00", "1 200", "bảy", "1e3", "٣"])
def test_a_doubtful_number_is_refused(typed: str) -> None:
    with pytest.raises(FieldInvalid) as refused:
        so_dem.parse(typed)
    assert refused.value.code == "not_a_number"


def test_an_endless_number_is_refused() -> None:
    with pytest.raises(FieldInvalid) as refused:
        so_dem.parse("9" * 5000)
    assert refused.value.code == "number_out_of_range"


@pytest.mark.parametrize("number", [float("nan"), float("inf"), 10**18])
def test_what_cannot_be_printed_is_refused(number: float) -> None:
    with pytest.raises(FieldInvalid):
        so_dem.so_thap_phan(number)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (12.5, "12,5"),
        (1200, "1.200"),
        (1200.0, "1.200"),
        (0.1 + 0.2, "0,3"),
        (0, "0"),
        (-0.0, "0"),
        (-1234.5, "-1.234,5"),
    ],
)
def test_a_figure_has_the_vietnamese_marks(number: float, text: str) -> None:
    assert so_dem.so_thap_phan(number) == text


def test_a_count_has_two_digits_and_no_marks() -> None:
    assert [so_dem.hai_so(n) for n in (0, 7, 10, 1200, 7.0, None)] == ["00", "07", "10", "1200", "07", ""]


@pytest.mark.parametrize(
    ("tu", "mau", "text"),
    [
        (9, 8, "112,5%"),
        (1, 2, "50%"),
        (2, 3, "66,7%"),
        (0, 5, "0%"),
        (9999, 10_000, "99,99%"),
        (1, 4000, "0,03%"),
        (5, 0, ""),
        (None, 5, ""),
        (5, None, ""),
        (0.3, 0.1, "300%"),
    ],
)
def test_a_share_is_never_rounded_to_all_or_nothing(tu: float | None, mau: float | None, text: str) -> None:
    assert so_dem.ty_le(tu, mau) == text


@pytest.mark.parametrize(
    ("phan", "text"),
    [
        ([[4, "tập thể"], [3, "cá nhân"]], "04 tập thể và 03 cá nhân"),
        ([[7, "tập thể"], [0, "cá nhân"]], "07 tập thể"),
        ([[None, "tập thể"], [12, "cá nhân"]], "12 cá nhân"),
        ([[1, "a"], [2, "b"], [3, "c"]], "01 a, 02 b và 03 c"),
        ([[0, "a"]], ""),
        ([], ""),
    ],
)
def test_a_zero_part_is_not_printed(phan: list[list[object]], text: str) -> None:
    assert so_dem.dem_phan(phan) == text
