"""Defects of a text: each class is found in words of its own, and a clean paper has none."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dvk_docs import text
from dvk_docs.cli import run
from dvk_docs.errors import Problem

CLEAN = (Path(__file__).parent / "text" / "ke-hoach.txt").read_text(encoding="utf-8")


def found(words: str, day: date | None = None) -> list[tuple[str, str]]:
    """The code and the words of each finding in a text."""
    return [(p.code, p.place.words) for p in problems(words, day)]


def problems(words: str, day: date | None = None) -> list[Problem]:
    return list(text.check(text.lines_of_text(words), day))


def codes(words: str, day: date | None = None) -> list[str]:
    return [code for code, _ in found(words, day)]


def test_a_clean_paper_has_no_finding() -> None:
    assert found(CLEAN) == []


def test_the_day_of_a_text_is_the_one_it_prints() -> None:
    assert text.day_of(text.lines_of_text(CLEAN)) == date(2026, 3, 12)


# --- each class alone -------------------------------------------------------------------------------------------------

DAY = date(2026, 9, 1)
FOUND = [
    ("Hoàn thành trước ngày 31/9/2026.", "no_such_day"),
    ("Họp ngày 30 tháng 02 năm 2026 tại xã.", "no_such_day"),
    ("Tổng kết ngày 29/02/2027.", "no_such_day"),
    ("Tổ chức vào ngày 12/13/2026.", "no_such_day"),
    ("Báo cáo hằng năm trước ngày 31/6.", "no_such_day"),
    ("Sinh hoạt chuyên đề trong tháng 13 năm 2026.", "no_such_month"),
    ("Hoàn thành trong quý V/2026.", "no_such_quarter"),
    ("Khai mạc lúc 25 giờ 00.", "no_such_time"),
    ("Từ ngày 20/10/2026 đến ngày 05/10/2026.", "span_reversed"),
    ("Chương trình giai đoạn 2030 - 2025.", "span_reversed"),
    ("Họp vào thứ Hai, ngày 01/9/2026.", "weekday_wrong"),
    ("Các chi bộ gửi báo cáo trước ngày 15/8/2026.", "deadline_past"),
    ("Thực hiện Kế hoạch số 05-KH/ĐU, ngày 10/10/2026 của Đảng uỷ.", "citation_later"),
    ("Nghị định số 30/2020/NĐ-CP ngày 05/3/2021 của Chính phủ.", "citation_year"),
    ("I. MỘT\nII. HAI\nIV. BỐN", "item_number_jump"),
    ("1. Một;\n2. Hai;\n2. Ba;\n4. Bốn.", "item_number_repeated"),
    ("a) Một;\nb) Hai;\nd) Ba.", "item_number_jump"),
    ("1. Một\n1.1. Một;\n1.2. Hai;\n2. Hai\n1.3. Ba.", "item_parent_wrong"),
    ("Bước 1. Chuẩn bị\nBước 2. Làm\nBước 4. Kiểm tra", "item_number_jump"),
    ("Điều 1. Một\nĐiều 2. Hai\nĐiều 2. Ba", "item_number_repeated"),
    ("I. MỘT\n1. Một.\nII. HAI\n1. Theo mục 4, phần I kế hoạch này.", "dangling_reference"),
    ("Điều 1. Một\n1. Một.\n2. Hai.\nĐiều 2. Theo khoản 5 Điều 1.", "dangling_reference"),
    ("Điều 1. Một.\nĐiều 2. Hai.\nNơi nhận:\n- Như Điều 5;\n- Lưu VP.", "dangling_reference"),
    ("Thực hiện mô hình “Vườn rau sạch ở các chi hội.", "unbalanced_mark"),
    ("Các thôn (xóm, bản thực hiện.", "unbalanced_mark"),
    ('Xây dựng mô hình "Ngõ xanh" và Ngõ sạch".', "unbalanced_mark"),
    ("Giao cho cho chi bộ thôn.", "word_repeated"),
    ("Ban Ban Thường vụ giao nhiệm vụ.", "word_repeated"),
    ("Cán bộ, hội viên, cán bộ, hội viên tham gia.", "phrase_repeated"),
    ("Báo cáo về Tỉnh uỷ tỉnh theo quy định.", "level_repeated"),
    ("Thực hiện Kế hoạch số 15-KII/ĐU.", "symbol_malformed"),
    ("Thực hiện Kế hoạch số 15 -KH/ĐU.", "symbol_spaced"),
    ("Thực hiện Kế hoạch số 15-KH-ĐU.", "symbol_malformed"),
    ("Thực hiện Kế hoạch số 15-KHĐU.", "symbol_malformed"),
    ("Thực hiện Kế hoạch số 15-HD/ĐU.", "symbol_type_mismatch"),
    ("Theo đề nghị của HDND và các đơn vị.", "abbreviation_malformed"),
    ("Giao Hội Nông dân huyện phối hợp.", "body_ended"),
    ("Báo cáo Huyện uỷ kết quả.", "body_ended"),
    ("Phối hợp với Sở Thông tin và Truyền thông.", "body_ended"),
    ("Trên địa bàn tỉnh Quảng Nam.", "body_ended"),
    ("Căn cứ Nghị định số 98/2023/NĐ-CP của Chính phủ.", "law_ended"),
    ("Căn cứ Luật Thi đua, khen thưởng năm 2003.", "law_ended"),
    ("Lập danh sách (theo Mẫu số 03).", "annex_missing"),
    ("Đăng ký theo biểu mẫu kèm theo.\nNơi nhận:\n- Lưu VP.", "annex_missing"),
    ("Ban Thuờng vụ giao nhiệm vụ.", "misspelt"),
    ("Nâng cao hiêụ quả.", "misspelt"),
    ("Tăng cường kiếm tra, giám sát.", "phrase_misspelt"),
    ("Uỷ ban nhân dan xã phối hợp.", "phrase_misspelt"),
    ("Hội Liên hiệp Phụ nử xã.", "phrase_misspelt"),
    ("Phối hợp với Mặt trận Tổ quóc.", "misspelt"),
    ("Giao Uỷ ban dân xã tổ chức.", "word_missing"),
    ("Tiếp tục thực chỉ thị về công tác dân vận.", "word_missing"),
    ("Phát huy dânvận trong xã.", "words_glued"),
    ("Theo Luật chính quyền địa phương.", "law_name"),
    ("Ban Xây dựng Đảng và Ban xây dựng Đảng.", "name_varies"),
    ("T/M BAN THƯỜNG VỤ\nBÍ THƯ\nTrần văn Minh", "name_not_capital"),
    ("Các tổ chức chính trị, xã hội phối hợp.", "hyphen_missing"),
    ("Công nhận 07 điển hình: 04 tập thể, 02 cá nhân.", "sum_wrong"),
    ("Có 40 mô hình, trong đó 30 mô hình của tập thể và 12 mô hình của cá nhân.", "sum_wrong"),
    ("Hồ sơ gồm 05 (bốn) bộ.", "number_words_differ"),
    ("Số tiền 1.500.000 đồng (Một triệu ba trăm nghìn đồng).", "number_words_differ"),
    ("Số phiếu đồng ý 20/25 phiếu, đạt 85%.", "ratio_wrong"),
    ("Đảng viên nữ chiếm 120%.", "share_over_whole"),
    ("Mỗi chi bộ một mô hình,, một việc.", "doubled_mark"),
]


@pytest.mark.parametrize("words,code", FOUND, ids=[f"{c}-{n}" for n, (_, c) in enumerate(FOUND)])
def test_a_defect_is_found_by_its_rule_alone(words: str, code: str) -> None:
    assert codes(words, DAY) == [code]


TRAPS = (Path(__file__).parent / "text" / "khong-sai.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("words", TRAPS, ids=range(len(TRAPS)))
def test_what_only_looks_wrong_is_left_alone(words: str) -> None:
    assert found(words, DAY) == []


def test_a_name_inside_a_longer_one_is_told_once() -> None:
    words = "Các tổ chức chính trị - xã hội. Giao các tổ chức chính trị xã hội ở cơ sở."
    assert codes(words) == ["hyphen_missing"]


CODE = [
    'report = dvk.check(year, ngay="2026-10-20", today="2026-10-21")',
    'print(kind.check({"nam": 2026, "ten":"A"}).problems, f"{nam}")',
    'Chạy lệnh rồi xem:\n```python\nx = f("a  b, (c\n```\nXong thì đóng lại.',
    'Gõ `tim "abc` rồi nhấn phím.',
]


@pytest.mark.parametrize("words", CODE)
def test_the_marks_of_a_program_are_no_marks_of_the_text(words: str) -> None:
    assert "unbalanced_mark" not in codes(words)


def test_a_form_that_only_names_what_stands_before_it_is_no_missing_annex() -> None:
    words = "Công cụ lập bản đăng ký (Mẫu 01B), kế hoạch (Mẫu 01A)."
    assert codes(words) == []
    assert codes(f"{words}\nNơi nhận:\n- Lưu VP.") == ["annex_missing", "annex_missing"]
    assert codes(words.replace("(Mẫu 01A)", "theo Mẫu 01A")) == ["annex_missing"]


README = Path(__file__).parents[1] / "README.md"


@pytest.mark.skipif(not README.exists(), reason="README.md is not part of the wheel")
def test_the_readme_has_no_defect_of_its_code_and_its_names() -> None:
    text = README.read_text(encoding="utf-8")
    assert set(codes(text)) & {"annex_missing", "unbalanced_mark"} == set()


def test_a_body_that_had_ended_is_told_once_with_how_often_it_stands() -> None:
    told = [p.message for p in problems("Báo cáo Huyện uỷ.\n\nGửi Huyện uỷ.\n\nTrình Huyện uỷ.", DAY)]
    assert told == ["“Huyện uỷ” không còn từ sau ngày 30/6/2025 (và 2 chỗ nữa)."]


def test_the_command_tells_the_defects_of_the_wording(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "ke-hoach.txt"
    file.write_text(CLEAN.replace("ngày 30/6/2026", "ngày 31/6/2026"), encoding="utf-8")
    assert run(["format-check", str(file), "--json"]) == 3
    told = [(p["code"], p["place"]["where"]) for p in json.loads(capsys.readouterr().out)["problems"]]
    assert ("no_such_day", "dòng 32") in told


# --- any clean text with one defect put into it -----------------------------------------------------------------------

Injected = tuple[str, str]  # the text, the code that must be told


def _replaced(old: str, new: str, code: str) -> Callable[[random.Random], Injected]:
    return lambda _: (CLEAN.replace(old, new, 1), code)


def no_such_day(chance: random.Random) -> Injected:
    day, month = chance.choice([(31, 4), (31, 6), (31, 9), (31, 11), (30, 2), (32, 5), (12, 14)])
    return CLEAN.replace("ngày 30/6/2026", f"ngày {day}/{month}/2026"), "no_such_day"


def a_mark_lost(chance: random.Random) -> Injected:
    at = chance.choice([m.start() for m in re.finditer("[“”(]|(?<=[^abc0-9])\\)", CLEAN)])
    return CLEAN[:at] + CLEAN[at + 1 :], "unbalanced_mark"


def a_word_twice(chance: random.Random) -> Injected:
    words = list(re.finditer(r"(?<= )(của|và|các|được|theo|tại|về|trong|những|cho)(?= )", CLEAN))
    found = chance.choice(words)
    return CLEAN[: found.end()] + f" {found.group()}" + CLEAN[found.end() :], "word_repeated"


def a_number_jumps(chance: random.Random) -> Injected:
    old, new = chance.choice([("III. TỔ", "V. TỔ"), ("c) Tổng kết", "e) Tổng kết")])
    return CLEAN.replace(old, new), "item_number_jump"


def a_dangling_reference(chance: random.Random) -> Injected:
    part = chance.choice(["điểm đ, mục 1, phần II", "điểm a, mục 7, phần II", "mục 1, phần VI", "mục 5, phần III"])
    return CLEAN.replace("điểm a, mục 1, phần II", part), "dangling_reference"


def a_symbol_misread(chance: random.Random) -> Injected:
    symbol = chance.choice(["12-HO/BTGDVTU", "12-HD/BTGDVTII", "12-HD/BTGOVTU", "12-HD/BTGDTVU"])
    return CLEAN.replace("12-HD/BTGDVTU", symbol), "symbol_malformed"


def a_mark_of_a_letter_lost(chance: random.Random) -> Injected:
    right, wrong = chance.choice(
        [
            ("thực hiện;", "thực hiên;"),
            ("Uỷ ban nhân dân", "Uỷ ban nhân dan"),
            ("Mặt trận Tổ quốc", "Mặt trân Tổ quốc"),
            ("chất lượng", "chất lương"),
            ("Văn phòng Đảng uỷ tham mưu", "Văn phóng Đảng uỷ tham mưu"),
        ]
    )
    return CLEAN.replace(right, wrong, 1), "phrase_misspelt"


INJECTORS: list[Callable[[random.Random], Injected]] = [
    no_such_day,
    a_mark_lost,
    a_word_twice,
    a_number_jumps,
    a_dangling_reference,
    a_symbol_misread,
    a_mark_of_a_letter_lost,
    _replaced("thứ Sáu, ngày 15/5/2026", "thứ Bảy, ngày 15/5/2026", "weekday_wrong"),
    _replaced("ngày 25/4/2026", "ngày 15/4/2026", "span_reversed"),
    _replaced("trước ngày 10/4/2026", "trước ngày 10/02/2026", "deadline_past"),
    _replaced("quý II", "quý VI", "no_such_quarter"),
    _replaced("7 giờ 30", "7 giờ 90", "no_such_time"),
    _replaced("theo Phụ lục 1)", "theo Phụ lục 1, mẫu số 02)", "annex_missing"),
    _replaced("10 (mười)", "10 (chín)", "number_words_differ"),
    _replaced("04 thành viên", "05 thành viên", "sum_wrong"),
    _replaced("chiếm 80%", "chiếm 180%", "share_over_whole"),
    _replaced("tại các chi bộ", "tại các chi bộ và Huyện uỷ", "body_ended"),
    _replaced("Luật Thực hiện dân chủ", "Luật dân chủ", "law_name"),
    _replaced("chính trị - xã hội", "chính trị, xã hội", "hyphen_missing"),
    _replaced("Phạm Đức Thịnh", "Phạm đức Thịnh", "name_not_capital"),
    _replaced("1. Ban Xây dựng Đảng", "1. Ban Xây Dựng Đảng", "name_varies"),
]


@given(st.sampled_from(INJECTORS), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_one_defect_put_into_a_clean_paper_is_told_and_nothing_else(
    inject: Callable[[random.Random], Injected], chance: random.Random
) -> None:
    words, code = inject(chance)
    assert set(codes(words)) == {code}


@given(st.text(max_size=400))
@settings(max_examples=60, deadline=None)
def test_any_text_is_checked_without_a_fault_of_ours(words: str) -> None:
    assert all(p.message and p.place.where for p in problems(words))


def test_a_name_of_another_people_holds_no_paper_back() -> None:
    line = "Bà H'Hen Niê và ông Y Kđăm, dân tộc Ê Đê, tham gia mô hình."
    assert [p for p in text.check(text.lines_of_text(line), None) if p.severity == "loi"] == []
