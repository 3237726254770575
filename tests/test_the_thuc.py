"""The format checker: for each rule a paper that keeps it and one that breaks only it, named at its place."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from broken_papers import (
    BROKEN,
    MENTION,
    PARTY_ANNEX,
    STATE_ANNEX,
    Broken,
    annexed,
    party_pages,
    quy_dinh,
    state_pages,
)
from hypothesis import given
from hypothesis import strategies as st
from strangers import STRANGERS, loose
from typed_papers import (
    BODY,
    CENTRE,
    PARTY_PROSE,
    Typed,
    cells,
    kinh,
    page_number,
    paged,
    para,
    party,
    party_letter,
    state,
    state_letter,
)

import dvk_docs as dvk
from dvk_docs import text, the_thuc
from dvk_docs.cli import run
from dvk_docs.errors import DvkError, SourceInvalid
from dvk_docs.package import unpack
from dvk_docs.profiles import parse, w
from dvk_docs.register import Register, Wanted
from dvk_docs.the_thuc import Issued
from dvk_docs.the_thuc.words import rules

GOOD: dict[str, Callable[[], Typed]] = {
    "party": party,
    "party_letter": party_letter,
    "state": state,
    "state_letter": state_letter,
}


def found(docx: bytes) -> list[tuple[str, str]]:
    """The rule and the words of each finding."""
    return [(p.code, p.place.words) for p in dvk.check_format(docx).problems]


@pytest.mark.parametrize("name", GOOD)
def test_a_good_paper_typed_by_hand_has_no_finding(name: str) -> None:
    assert found(GOOD[name]().file()) == []


def test_a_colon_after_so_is_named_at_the_number() -> None:
    assert found(party().file(number=para("Số: 12-TTr/ĐU", CENTRE))) == [("P05", "Số: 12-TTr/ĐU")]


def test_the_report_names_system_kind_day_profile_and_what_was_not_judged() -> None:
    report = dvk.check_format(party().file())
    assert (report.system, report.kind, report.profile, str(report.day)) == (
        "dang",
        "tờ trình",
        "DANG_HD05",
        "2026-09-15",
    )
    assert [one.rules for one in report.not_judged] == [("P19",)]


def test_the_command_says_each_finding_and_ends_with_3(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "to-trinh.docx"
    file.write_bytes(party().file(number=para("Số: 12-TTr/ĐU", CENTRE)))
    assert run(["format-check", str(file)]) == 3
    assert "P05: Sau chữ “Số” không có dấu hai chấm." in capsys.readouterr().out


def test_the_command_gives_a_document_to_programs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "to-trinh.docx"
    file.write_bytes(party().file())
    assert run(["format-check", str(file), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["profile"] == "DANG_HD05"


@pytest.mark.parametrize("data,code", [(b"", "empty"), (b"PK\x03\x04hong", "not_docx"), (b"%PDF-1.4", "not_docx")])
def test_a_file_that_cannot_be_read_is_refused_in_one_sentence(data: bytes, code: str) -> None:
    with pytest.raises(SourceInvalid) as error:
        dvk.check_format(data)
    assert error.value.code == code


# --- each rule alone -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("broken", BROKEN, ids=lambda b: f"{b.rule}-{b.name.replace(' ', '_')}")
def test_what_breaks_one_rule_is_named_by_that_rule_alone_at_its_place(broken: Broken) -> None:
    problems = dvk.check_format(broken.docx, issued=broken.issued).problems
    assert [p.code for p in problems] == [broken.rule]
    assert broken.words in problems[0].place.words
    assert broken.where in problems[0].place.where


def test_every_rule_is_broken_by_a_test() -> None:
    assert {b.rule for b in BROKEN} == set(rules())


KEPT = {
    "a number free and in order": (party().file(), (Issued("11-TTr/ĐU", date(2026, 8, 2)),)),
    "a number of an earlier term": (
        party().file(),
        (Issued("12-TTr/ĐU", date(2025, 2, 3), period="2020"), Issued("11-TTr/ĐU", date(2026, 8, 2), period="2025")),
    ),
    "a number of another body": (
        party().file(),
        (Issued("12-TTr/ĐU", date(2026, 3, 2), office="Đảng uỷ xã Bình Minh"),),
    ),
    "a State number of last year": (state().file(), (Issued("31/QĐ-UBND", date(2025, 3, 2)),)),
    "page numbers in the middle from page 2": (party_pages(page_number()), None),
    "page numbers in a frame": (party_pages(page_number('<w:framePr w:xAlign="center"/>')), None),
    "page numbers of the State": (state_pages(page_number(size=13)), None),
    "an annex named, pointing back, counting from 1": (annexed(party(), PARTY_ANNEX, mention=MENTION), None),
    "a Roman annex of the State": (annexed(state(), STATE_ANNEX, mention=MENTION), None),
}


@pytest.mark.parametrize("name", KEPT)
def test_a_paper_that_keeps_the_rule_has_no_finding(name: str) -> None:
    docx, issued = KEPT[name]
    assert [(p.code, p.message) for p in dvk.check_format(docx, issued=issued).problems] == []


# --- the two regimes of the Party ------------------------------------------------------------------------------------


def dated(day: str, **changes: str) -> bytes:
    return party().file(date=para(f"Bình An, {day}", CENTRE, i=True), **changes)


def test_a_paper_of_the_new_guide_breaks_the_old_one_a_day_before_it() -> None:
    assert found(dated("ngày 27 tháng 5 năm 2026")) == []
    assert found(dated("ngày 26 tháng 5 năm 2026")) == [
        ("P13", "- Xét đề nghị của Ban Xây dựng Đảng."),
        ("P15", "- Như trên;"),
    ]


def test_a_paper_of_the_old_guide_breaks_the_new_one_from_its_first_day() -> None:
    old = {
        "kinh": kinh("Kính gửi: ", "Ban Thường vụ Tỉnh uỷ Hưng Thịnh."),
        "basis1": para("Căn cứ Quyết định số 05-QĐ/TU, ngày 10/02/2026 của Tỉnh uỷ Hưng Thịnh;", BODY),
        "basis2": para("Xét đề nghị của Ban Xây dựng Đảng,", BODY),
        "item1": para("- Như trên,", size=12),
        "item2": para("- Các chi bộ trực thuộc,", size=12),
        "item": para(PARTY_PROSE, BODY.replace('w:line="380"', 'w:line="480"')),
    }
    assert found(dated("ngày 26 tháng 5 năm 2026", **old)) == []
    assert [rule for rule, _ in found(dated("ngày 27 tháng 5 năm 2026", **old))] == ["P10", "P13", "P13", "P11", "P15"]


@pytest.mark.parametrize(
    "symbol,day,rules_broken",
    [
        ("QĐi", "ngày 26 tháng 5 năm 2026", set()),
        ("QĐ", "ngày 26 tháng 5 năm 2026", set()),
        ("QĐi", "ngày 27 tháng 5 năm 2026", {"P05"}),
        ("QĐ", "ngày 27 tháng 5 năm 2026", set()),
    ],
)
def test_the_symbol_of_a_quy_dinh_follows_the_day(symbol: str, day: str, rules_broken: set[str]) -> None:
    codes = {rule for rule, _ in found(quy_dinh(symbol, day))}
    assert codes & {"P05"} == rules_broken


# --- the page of the docs --------------------------------------------------------------------------------------------

PAGE = Path(__file__).parents[1] / "docs" / "kiem-the-thuc.md"
GRAVE = {"loi": "lỗi", "canh_bao": "cảnh báo", "thong_tin": "thông tin"}


def table_of_rules() -> list[str]:
    tests = {rule: ", ".join(b.name for b in BROKEN if b.rule == rule) for rule in rules()}
    return [f"| {r.id} | {r.title} | {GRAVE[r.severity]} | {r.source} | {tests[r.id]} |" for r in rules().values()]


@pytest.mark.skipif(not PAGE.exists(), reason="the wheel carries no docs")
def test_the_table_of_the_docs_lists_each_rule_its_clause_and_its_tests() -> None:
    rows = [x for x in PAGE.read_text(encoding="utf-8").splitlines() if x.startswith(("| P", "| S", "| C"))]
    assert rows == table_of_rules()


# --- strangers' files ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", STRANGERS)
def test_a_good_paper_is_good_however_it_was_typed(name: str) -> None:
    report = dvk.check_format(STRANGERS[name])
    assert [(p.code, p.place.where, p.message) for p in report.problems] == []
    assert report.kind and report.number and report.issuer


def test_a_font_of_the_theme_is_judged_by_its_name() -> None:
    theme = (
        '<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:themeElements><a:fontScheme>'
        '<a:majorFont><a:latin typeface="Cambria"/></a:majorFont><a:minorFont><a:latin typeface="{}"/></a:minorFont>'
        "</a:fontScheme></a:themeElements></a:theme>"
    )
    paper = party()
    paper.styles = paper.styles.replace('w:ascii="Times New Roman"', 'w:asciiTheme="minorHAnsi"')
    paper.extra = {"word/theme/theme1.xml": theme.format("Times New Roman").encode()}
    assert found(paper.file()) == []
    paper.extra = {"word/theme/theme1.xml": theme.format("Calibri").encode()}
    assert [rule for rule, _ in found(paper.file())] == ["P02"]


def all_told(docx: bytes) -> list[str]:
    """The codes of format and of wording together, as the command tells them."""
    found = the_thuc.read(docx)
    report = the_thuc.check_source(found)
    assert found.document is not None
    defects = text.check(text.lines_of_document(found.document), report.day)
    return [p.code for p in the_thuc.with_others(report, found, defects).problems]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("Giao Huyện uỷ Bình An theo dõi.", ["P18"]),
        ("Giao Huyện uỷ, UBND huyện theo dõi.", ["P18", "body_ended"]),
        ("Giao các chi bộ,, thôn theo dõi.", ["C03"]),
        ("Giao  các chi bộ,, thôn theo dõi.", ["C03", "doubled_mark"]),
    ],
)
def test_one_fault_is_told_once_and_another_beside_it_too(words: str, told: list[str]) -> None:
    assert sorted(all_told(party().file(prose=para(words, BODY)))) == told


def test_a_doubled_dot_at_the_end_is_told_by_the_rule_of_the_end_alone() -> None:
    assert all_told(party().file(end=para("Đảng uỷ xã kính trình xem xét..", BODY))) == ["P12"]


def test_a_text_is_judged_by_its_words_and_its_looks_are_said_to_be_unknown() -> None:
    text = "\n".join(
        [
            "ĐẢNG BỘ TỈNH HƯNG THỊNH    ĐẢNG CỘNG SẢN VIỆT NAM",
            "ĐẢNG UỶ XÃ BÌNH AN",
            "*                    Bình An, ngày 15 tháng 9 năm 2026",
            "Số: 12-BC/ĐU",
            "BÁO CÁO",
            "kết quả thực hiện phong trào năm 2026",
            "-----",
            PARTY_PROSE,
            "Nơi nhận:",
            "- Tỉnh uỷ Hưng Thịnh;",
            "- Lưu Văn phòng Đảng uỷ.",
            "T/M BAN THƯỜNG VỤ",
            "BÍ THƯ",
            "Nguyễn Văn Minh",
        ]
    )
    report = dvk.check_format(text.encode())
    assert [(p.code, p.place.where) for p in report.problems] == [("P05", "dòng 4")]
    assert ("P01", "P02", "P11", "P16") in [one.rules for one in report.not_judged]


@pytest.mark.parametrize("words", ["§¶ng bé x· ®· chØ ®¹o c¸c chi bé", "Ñaûng uûy xaõ ñaõ chæ ñaïo caùc chi boä"])
def test_letters_of_a_code_before_unicode_are_told_by_their_look(words: str) -> None:
    problems = dvk.check_format(party().file(item=para(words, BODY))).problems
    assert "C01" in {p.code for p in problems}


# --- the copy with comments ------------------------------------------------------------------------------------------


def comments_of(docx: bytes) -> list[str]:
    root = parse("word/comments.xml", unpack(docx)["word/comments.xml"])
    return ["".join(t.text or "" for t in comment.iter(w("t"))) for comment in root]


def test_the_copy_has_a_comment_at_each_finding_with_rule_and_clause() -> None:
    docx = party().file(number=para("Số: 12-TTr/ĐU", CENTRE), star="")
    texts = comments_of(the_thuc.annotate(docx, dvk.check_format(docx)))
    assert [text[:4] for text in texts] == ["P04:", "P05:"]
    assert all("HD 05-HD/VPTW" in text for text in texts)


def test_the_copy_marks_the_paragraph_of_the_finding() -> None:
    docx = party().file(end=para("Ban Thường vụ Đảng uỷ xã kính trình Ban Thường vụ Tỉnh uỷ xem xét./.", BODY))
    marked = the_thuc.annotate(docx, dvk.check_format(docx))
    root = parse("word/document.xml", unpack(marked)["word/document.xml"])
    (start,) = root.iter(w("commentRangeStart"))
    holder = start.getparent()
    assert holder is not None
    assert "".join(t.text or "" for t in holder.iter(w("t"))).endswith("xem xét./.")


def test_the_copy_of_a_signed_file_carries_no_signature_and_the_report_says_it_was_signed() -> None:
    paper = party()
    paper.extra = {"_xmlsignatures/origin.sigs": b"", "_xmlsignatures/sig1.xml": b"<Signature/>"}
    docx = paper.file(star="")
    report = dvk.check_format(docx)
    assert report.signed
    assert not [name for name in unpack(the_thuc.annotate(docx, report)) if name.startswith("_xmlsignatures")]


def test_the_command_never_writes_over_the_paper(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "to-trinh.docx"
    file.write_bytes(party().file())
    assert run(["format-check", str(file), "-o", str(file)]) == 3
    assert "không ghi đè văn bản gốc" in capsys.readouterr().err
    assert file.read_bytes() == party().file()


def test_the_command_names_the_profiles_where_another_is_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "to-trinh.docx"
    file.write_bytes(party().file())
    assert run(["format-check", str(file), "--profile", "DANG_HD99"]) != 0
    assert "DANG_HD05" in capsys.readouterr().err


@given(st.integers(0, 4000), st.binary(min_size=1, max_size=8))
def test_a_file_with_any_bytes_changed_is_judged_or_refused_in_a_sentence(at: int, change: bytes) -> None:
    data = party().file()
    spoilt = data[:at] + change + data[at + len(change) :]
    with suppress(DvkError):
        dvk.check_format(spoilt)


@given(st.text(max_size=300))
def test_any_text_is_judged(text: str) -> None:
    with suppress(SourceInvalid):
        dvk.check_format(text.encode("utf-8", "surrogatepass"))


def test_a_paper_without_a_day_is_judged_on_the_day_given() -> None:
    docx = party().file(date=para("Bình An, ngày      tháng      năm 2026", CENTRE, i=True))
    report = dvk.check_format(docx, day=date(2026, 5, 1))
    assert report.profile == "DANG_HD36"
    assert report.notes == ("Văn bản chưa ghi ngày; xét theo ngày 01/05/2026 đã cho.",)


def test_the_command_says_the_defects_of_the_text_beside_the_format(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "to-trinh.docx"
    words = "1. Kết quả thực hiện đến ngày 31/9/2026: các chi bộ đã đăng ký đủ số mô hình được giao trong năm."
    file.write_bytes(party().file(item=para(words, BODY)))
    assert run(["format-check", str(file), "--json"]) == 3
    problems = json.loads(capsys.readouterr().out)["problems"]
    assert [(p["code"], p["place"]["where"]) for p in problems] == [("no_such_day", "trang 1, đoạn 8")]


def test_what_a_rule_names_at_a_place_the_defects_do_not_name_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "to-trinh.docx"
    file.write_bytes(party().file(date=para("Bình An, ngày 31 tháng 9 năm 2026", CENTRE, i=True)))
    assert run(["format-check", str(file), "--json", "--ngay", "1/10/2026"]) == 3
    assert [p["code"] for p in json.loads(capsys.readouterr().out)["problems"]] == ["P06"]


def test_a_paper_on_an_earlier_year_without_a_day_is_judged_at_the_end_of_that_year() -> None:
    text = "KẾ HOẠCH\nthực hiện phong trào “Dân vận khéo” năm 2023\n-----\nThực hiện sự chỉ đạo của cấp trên.\n"
    report = dvk.check_format(f"{text}T/M BAN THƯỜNG VỤ\nBÍ THƯ\nNguyễn Văn Minh".encode())
    assert (report.assumed_day, report.profile) == (date(2023, 12, 31), "DANG_HD36")


def test_the_command_judges_the_number_by_the_register(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = Register(tmp_path / "so.db")
    taken = Wanted("Đảng uỷ xã Bình An", "ĐU", "Tờ trình", "2026-03-02", so=12, term_from="2025-07-01", issued=True)
    book.reserve(taken)
    file = tmp_path / "to-trinh.docx"
    file.write_bytes(party().file())
    assert run(["format-check", str(file), "--json", "--so", str(tmp_path / "so.db")]) == 3
    report = json.loads(capsys.readouterr().out)
    assert [p["code"] for p in report["problems"]] == ["P19"]
    assert report["not_judged"] == []


def test_a_certificate_is_no_paper_of_the_office_and_only_its_words_are_judged() -> None:
    body = (
        para("ĐẢNG CỘNG SẢN VIỆT NAM", CENTRE, 16, b=True)
        + para("TẶNG", CENTRE, b=True)
        + para("GIẤY KHEN", CENTRE, 40)
    )
    report = dvk.check_format(loose(body, para("Bà Trần Thị Lan, sinh năm 1990, số CCCD 001199012345", CENTRE, 20)))
    assert (report.kind, [p.code for p in report.problems]) == ("giấy khen", ["C06"])
    assert any("hiện vật" in one.reason for one in report.not_judged)


def test_the_youth_union_has_rules_of_its_own_and_is_not_judged_by_others() -> None:
    head = cells(
        para("ĐẢNG UỶ XÃ BÌNH AN", CENTRE)
        + para("BCH ĐOÀN XÃ BÌNH AN", CENTRE, b=True)
        + para("Số: 12-KH/ĐTN", CENTRE),
        para("ĐOÀN TNCS HỒ CHÍ MINH", CENTRE, b=True, u=True)
        + para("Bình An, ngày 15 tháng 9 năm 2026", CENTRE, i=True),
    )
    report = dvk.check_format(loose(head, para("KẾ HOẠCH", CENTRE, 15, b=True), para(PARTY_PROSE, BODY)))
    assert (report.system, report.problems) == ("none", ())


def test_a_paper_of_two_hundred_paragraphs_says_a_fault_of_all_of_them_once() -> None:
    loose_lines = BODY.replace('w:line="380" w:lineRule="exact"', 'w:line="240" w:lineRule="auto"')
    paper = party()
    paper.page, paper.header = paged(paper.page), page_number()
    problems = dvk.check_format(paper.file(item=para(PARTY_PROSE, loose_lines) * 200)).problems
    assert [p.code for p in problems] == ["P11"]
    assert "196 chỗ nữa" in problems[0].message


def test_a_paper_with_its_month_alone_is_judged_by_the_regime_of_that_month() -> None:
    blank = "ngày      tháng 3 năm 2026"
    report = dvk.check_format(party().file(date=para(f"Bình An, {blank}", CENTRE, i=True)))
    assert (report.profile, report.assumed_day) == ("DANG_HD36", date(2026, 3, 31))


def test_a_narrative_after_the_bases_leaves_their_last_mark_open() -> None:
    narrative = (
        "- Trên cơ sở Chương trình hành động của Ban Chấp hành Đảng bộ xã, Đảng uỷ xây dựng chương trình như sau:"
    )
    docx = party().file(basis2=para("- Căn cứ Quy chế làm việc;", BODY) + para(narrative, BODY))
    assert found(docx) == []


def test_a_basis_that_runs_over_in_a_bare_text_is_one() -> None:
    text = "\n".join(
        [
            "ĐẢNG CỘNG SẢN VIỆT NAM",
            "ĐẢNG BỘ TỈNH HƯNG THỊNH",
            "ĐẢNG UỶ XÃ BÌNH AN",
            "*",
            "Số 12-QĐ/ĐU",
            "Bình An, ngày 15 tháng 9 năm 2026",
            "QUYẾT ĐỊNH",
            "thành lập tổ công tác",
            "-----",
            "- Căn cứ Quy chế làm việc của Ban Chấp hành Đảng bộ",
            "xã khoá I;",
            "- Xét đề nghị của Ban Xây dựng Đảng.",
            "BAN THƯỜNG VỤ ĐẢNG UỶ QUYẾT ĐỊNH",
            "Điều 1. Thành lập tổ công tác.",
            "Nơi nhận:",
            "- Như Điều 1;",
            "- Lưu Văn phòng Đảng uỷ.",
            "T/M BAN THƯỜNG VỤ",
            "BÍ THƯ",
            "Nguyễn Văn Minh",
        ]
    )
    assert [(p.code, p.message) for p in dvk.check_format(text.encode()).problems] == []
