"""The gate: what marks of unfinished work it sees in a file, and that nothing unready is ever let through."""

from __future__ import annotations

import copy
import io
import json
import re
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import dvk_docs as dvk
from dvk_docs import cli, gate, leaving
from dvk_docs.gate import Candidate, Fault, faults, judge, page_data
from dvk_docs.gate.answers import format_faults
from dvk_docs.testing import outline

DECISION = "quyet-dinh-cong-nhan"
TODAY = "2026-10-20"


def edited(docx: bytes, *changes: tuple[str, str, str]) -> bytes:
    """The file with text of its parts replaced, once each: (part, old, new); a part that is not there is added."""
    with zipfile.ZipFile(io.BytesIO(docx)) as archive:
        parts = {n: archive.read(n) for n in archive.namelist()}
    for part, old, new in changes:
        text = parts.get(part, b"").decode("utf-8")
        assert old in text
        parts[part] = text.replace(old, new, 1).encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


BODY = "word/document.xml"


def paper(*lines: str) -> bytes:
    """A Word file with these paragraphs; one that begins with `<` is taken as XML."""
    from dvk_docs import template_source

    docx = bytes(template_source.build("Nội dung: thân\n"))
    made = "".join(
        x if x.startswith("<") else f'<w:p><w:r><w:t xml:space="preserve">{x}</w:t></w:r></w:p>' for x in lines
    )
    with zipfile.ZipFile(io.BytesIO(docx)) as archive:
        body = archive.read(BODY).decode("utf-8")
    found = re.search(r"<w:p[ >].*?</w:p>", body, re.DOTALL)
    assert found
    return edited(docx, (BODY, found.group(), made))


def codes(*lines: str, for_issue: bool = False) -> list[str]:
    return [f.code for f in faults(paper(*lines), for_issue=for_issue)]


# --- marks of unfinished work ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Kính trình {{ noi_nhan }}", "tag_left"),
        ("{% if x %}", "tag_left"),
        ("a {# ghi chú #} b", "tag_left"),
        ("[Chưa nhập: Thực trạng]", "gap_left"),
        ("[chưa nhập Thực trạng]", "gap_left"),
        ("Người lập ........", "dotted_line"),
        ("Người lập ……", "dotted_line"),
        ("Người lập: ____", "dotted_line"),
        ("Người lập . . . . .", "dotted_line"),
        ("gồm … …", "dotted_line"),
        ("có mặt lúc … giờ", "dotted_line"),
        ("Căn cứ Hướng dẫn số      -HD/ĐU, ngày 20/01/2026", "citation_blank"),
        ("Căn cứ Quyết định số /QĐ-UBND ngày 02/3/2026", "citation_blank"),
        ("Căn cứ Hướng dẫn số 03-HD/ĐU, ngày      tháng      năm 2026 của", "citation_blank"),
        ("Căn cứ Hướng dẫn số 03-HD/ĐU, ngày 05 tháng    năm 2026 của", "citation_blank"),
        ("Căn cứ Hướng dẫn số 03-HD/ĐU, ngày   /  /2026", "citation_blank"),
        ("Căn cứ Quyết định số [chưa có số]-QĐ/ĐU, ngày 30/9/2026", "citation_blank"),
    ],
)
def test_each_mark_of_unfinished_work_is_seen(text: str, code: str) -> None:
    assert codes(text) == [code]


@pytest.mark.parametrize(
    "text",
    [
        "Kinh phí: 1.500.000 đồng, v.v...",
        "Người, vật, việc … đều có",
        "-----",
        "*",
        "Căn cứ Hướng dẫn số 03-HD/ĐU, ngày 20/01/2026 của Đảng uỷ xã;",
        "ngày 08 tháng 10 năm 2026",
        "Ngày tháng năm",
        "Ngày, tháng, năm sinh: 05/3/1980",
        "Từ tháng 3 năm 2026 đến tháng 10 năm 2026.",
        "Số lượng: 12 - Hộ gia đình",
        "Tập hợp { a, b } và 100 %",
        "số 12/QĐ-UBND và 03-HD/ĐU",
        "Năm 2026; tháng 10/2026",
    ],
)
def test_what_is_finished_is_let_be(text: str) -> None:
    assert codes(text) == []


def test_text_in_tables_boxes_headers_and_split_runs_is_read() -> None:
    split = "<w:p><w:r><w:t>{</w:t></w:r><w:r><w:t>{ x }</w:t></w:r><w:r><w:t>}</w:t></w:r></w:p>"
    box = "<w:p><w:r><w:pict><w:p><w:r><w:t>[Chưa nhập: x]</w:t></w:r></w:p></w:pict></w:r></w:p>"
    assert codes(split, box) == ["tag_left", "gap_left"]
    docx = dvk.kind(DECISION)
    sample = json.loads((dvk.making.catalog_of(()).samples(DECISION) / "day-du.json").read_text(encoding="utf-8"))
    made = docx.make(sample).docx
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        header = next(n for n in archive.namelist() if re.fullmatch(r"word/header\d*\.xml", n))
    again = edited(made, (header, "</w:p>", "<w:r><w:t>......</w:t></w:r></w:p>"))
    assert [f.code for f in faults(again)] == ["dotted_line"]


@pytest.mark.parametrize(
    ("xml", "code"),
    [
        ('<w:p><w:ins w:id="1" w:author="a"><w:r><w:t>thêm</w:t></w:r></w:ins></w:p>', "change_left"),
        ('<w:p><w:del w:id="1" w:author="a"><w:r><w:delText>bớt</w:delText></w:r></w:del></w:p>', "change_left"),
        ('<w:p><w:pPr><w:pPrChange w:id="1" w:author="a"><w:pPr/></w:pPrChange></w:pPr></w:p>', "change_left"),
        ('<w:p><w:r><w:commentReference w:id="0"/></w:r></w:p>', "comment_left"),
        ("<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent><w:p/></w:sdtContent></w:sdt>", "gap_left"),
        ('<w:p><w:pPr><w:tabs><w:tab w:val="right" w:leader="dot" w:pos="9000"/></w:tabs></w:pPr>'
         "<w:r><w:t>Người lập</w:t><w:tab/></w:r></w:p>", "dotted_line"),
    ],
    ids=["inserted", "deleted", "look-changed", "comment", "prompt", "leader"],
)  # fmt: skip
def test_each_mark_that_word_keeps_is_seen(xml: str, code: str) -> None:
    assert codes(xml) == [code]


def test_a_leader_that_leads_to_a_page_number_is_no_dotted_line() -> None:
    tabs = '<w:pPr><w:tabs><w:tab w:val="right" w:leader="dot" w:pos="9000"/></w:tabs></w:pPr>'
    assert codes(f"<w:p>{tabs}<w:r><w:t>Tờ trình</w:t><w:tab/><w:t>3</w:t></w:r></w:p>") == []


def test_a_comment_whose_mark_was_deleted_is_seen() -> None:
    ns = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    comments = f'<w:comments {ns}><w:comment w:id="0"/></w:comments>'
    assert [f.code for f in faults(edited(paper("x"), ("word/comments.xml", "", comments)))] == ["comment_left"]


@pytest.mark.parametrize(
    ("by_hand", "seen"),
    [
        ("", ["dotted_line", "dotted_line", "citation_blank", "own_day_blank", "gap_left"]),
        (gate.ANNEX, ["dotted_line", "gap_left"]),
        (gate.WHOLE, ["gap_left"]),
    ],
)
def test_what_is_left_for_a_pen_is_no_unfinished_work(by_hand: str, seen: list[str]) -> None:
    form = paper("Lý do: ......", "Mẫu số 01B", "Tên: ......", "Theo số      -QĐ/ĐU của", DAY_BLANK, "[Chưa nhập: x]")
    assert [f.code for f in faults(form, for_issue=True, by_hand=by_hand)] == seen


def test_a_form_s_own_number_and_day_wait_for_a_pen(tmp_path: Path) -> None:
    file = tmp_path / "a.docx"
    file.write_bytes(paper("x"))
    one = Candidate("a", "A", file, parts=("so_ky_hieu", "dia_danh_ngay"))
    for by_hand, told in (("", ["own_number_blank", "own_day_blank"]), (gate.WHOLE, [])):
        (answer,) = judge([replace(one, by_hand=by_hand)], True, nothing)
        assert [r.code for r in answer.reasons] == told


DAY_BLANK = "Bình An, ngày      tháng      năm 2026"
OWN = [
    ("Số      -TTr/ĐU", "own_number_blank"),
    (DAY_BLANK, "own_day_blank"),
    ("(Kèm theo Tờ trình số      -TTr/ĐU, ngày      tháng      năm 2026 của Đảng uỷ)", "host_blank"),
]


@pytest.mark.parametrize(("text", "code"), OWN)
def test_its_own_number_and_day_may_wait_for_the_signature_and_not_longer(text: str, code: str) -> None:
    assert codes(text) == []
    assert codes(text, for_issue=True) == [code]


@pytest.mark.parametrize("docx", [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0" + b"\0" * 600])
def test_a_file_that_cannot_be_read_is_not_ready(docx: bytes) -> None:
    assert [f.code for f in faults(docx)] == ["unreadable"]


# --- answers ---------------------------------------------------------------------------------------------------------


def nothing(docx: bytes, day: date | None) -> list[Fault]:
    return []


def test_an_error_of_the_format_checker_holds_a_paper_back(tmp_path: Path) -> None:
    file = tmp_path / "a.docx"
    file.write_bytes(paper("x"))
    one = Candidate("a", "A", file)
    assert judge([one], False, nothing)[0].ready
    (answer,) = judge([one], False, lambda docx, day: [Fault("P12", "P12: kết thúc sai.")])
    assert not answer.ready and [r.code for r in answer.reasons] == ["P12"]


def test_no_rule_of_format_holds_back_what_is_no_formal_paper(tmp_path: Path) -> None:
    file = tmp_path / "a.docx"
    file.write_bytes(paper("x"))
    found = [Fault("P01", "P01: lề."), Fault("C01", "C01: chữ.")]
    for parts, told in ((("quyen_han",), ["C01"]), (("ten_loai", "quyen_han"), ["P01", "C01"]), ((), ["P01", "C01"])):
        (answer,) = judge([Candidate("a", "A", file, parts=parts)], False, lambda docx, day: found)
        assert [r.code for r in answer.reasons] == told


def test_a_paper_without_a_file_or_held_is_not_ready(tmp_path: Path) -> None:
    answers = judge([Candidate("a", "A", None), Candidate("b", "B", None, ("Chưa lập được.",))], False, nothing)
    assert [[r.code for r in a.reasons] for a in answers] == [["no_file"], ["held"]]
    (gone,) = judge([Candidate("c", "C", tmp_path / "khong-co.docx")], False, nothing)
    assert [r.code for r in gone.reasons] == ["unreadable"]


BODY_END = ("Nơi nhận:", "- Lưu VP.")


def held(tmp_path: Path, *texts: str, beside: tuple[Path, ...] = ()) -> list[str]:
    """What the gate says is not there of a paper of these paragraphs."""
    file = tmp_path / "31-quyet-dinh.docx"
    file.write_bytes(paper(*texts))
    (answer,) = judge([Candidate("a", "A", file)], False, nothing, beside=beside)
    return [r.code for r in answer.reasons]


def other(tmp_path: Path, name: str, *texts: str) -> tuple[Path, ...]:
    (tmp_path / name).write_bytes(paper(*texts))
    return (tmp_path / name,)


DECISION_HEAD = ("Số 15-QĐ/ĐU", "QUYẾT ĐỊNH")
LISTED = "Điều 1. Công nhận 10 mô hình (có danh sách kèm theo)."
LIST = ("DANH SÁCH", "mô hình được công nhận", "(Kèm theo Quyết định số 15-QĐ/ĐU, ngày 30/9/2026)")


@pytest.mark.parametrize(
    "text",
    [
        LISTED,
        "Đăng ký theo Mẫu 01A kèm theo.",
        "Gửi kèm theo Mẫu số 01A để các chi bộ dùng.",
        "Kèm theo Quyết định này: danh sách mô hình (Phụ lục 01).",
        "Kèm theo Quyết định này là danh sách các mô hình.",
        "Báo cáo kết quả (có biểu số liệu kèm theo).",
        "Lập hồ sơ theo đề cương gửi kèm.",
        "Công nhận theo Tờ trình số 11-TTr/ĐU các mô hình (có danh sách kèm theo).",
    ],
)
def test_an_annex_that_is_nowhere_holds_its_paper(tmp_path: Path, text: str) -> None:
    assert held(tmp_path, *DECISION_HEAD, text, *BODY_END) == ["annex_missing"]


@pytest.mark.parametrize(
    "text",
    [
        "Tiền thưởng kèm theo Giấy khen thực hiện theo quy định.",
        "- Quyết định số 15-QĐ/ĐU, ngày 30/9/2026 và danh sách kèm theo.",
        "Thực hiện theo biểu mẫu ban hành kèm theo Hướng dẫn số 05-HD/VPTW.",
        "Các chi bộ gửi báo cáo, kèm theo danh sách về Đảng uỷ trước ngày 20/11.",
        "Đăng ký theo Mẫu 01A của Hướng dẫn.",
        "(Kèm theo Quyết định số 15-QĐ/ĐU, ngày 30/9/2026)",
        "Học sinh kèm cha mẹ ở nhà.",
    ],
)
def test_what_another_paper_or_office_sends_is_no_annex_of_this_one(tmp_path: Path, text: str) -> None:
    assert held(tmp_path, *DECISION_HEAD, text, *BODY_END) == []


def test_an_annex_inside_the_paper_is_there(tmp_path: Path) -> None:
    assert held(tmp_path, *DECISION_HEAD, LISTED, *BODY_END, *LIST) == []
    assert held(tmp_path, *DECISION_HEAD, "Đăng ký theo Mẫu 01A kèm theo.", *BODY_END, "Mẫu 01A") == []


def test_an_annex_that_is_a_file_of_its_own_is_there(tmp_path: Path) -> None:
    texts = (*DECISION_HEAD, LISTED, *BODY_END)
    assert held(tmp_path, *texts, beside=other(tmp_path, "32.docx", *LIST)) == []
    assert held(tmp_path, *texts, beside=other(tmp_path, "33.docx", "DANH SÁCH", "mô hình")) == []
    form = other(tmp_path, "bm.docx", "Mẫu 01A", "BẢN ĐĂNG KÝ")
    assert held(tmp_path, *DECISION_HEAD, "Đăng ký theo Mẫu 01A kèm theo.", *BODY_END, beside=form) == []


def test_the_list_of_another_decision_is_not_the_annex(tmp_path: Path) -> None:
    texts = (*DECISION_HEAD, LISTED, *BODY_END)
    for pointer in ("(Kèm theo Quyết định số 16-QĐ/ĐU, ngày 30/9/2026)", "(Kèm theo Tờ trình số 15-TTr/ĐU)"):
        found = other(tmp_path, "32.docx", "DANH SÁCH", "mô hình", pointer)
        assert held(tmp_path, *texts, beside=found) == ["annex_missing"]


@pytest.mark.parametrize(
    ("name", "is_there"),
    [("32-danh-sach.pdf", True), ("Phụ lục.xlsx", True), ("31-kem-danh-sach.pdf", True), ("bien-ban.pdf", False)],
)
def test_a_scan_or_a_workbook_is_an_annex_by_its_name(tmp_path: Path, name: str, is_there: bool) -> None:
    (tmp_path / name).write_bytes(b"%PDF-")
    found = held(tmp_path, *DECISION_HEAD, LISTED, *BODY_END, beside=(tmp_path / name,))
    assert (found == []) == is_there


def test_the_page_puts_ready_papers_of_a_kind_in_one_row(tmp_path: Path) -> None:
    file = tmp_path / "a.docx"
    file.write_bytes(paper("x"))
    bad = tmp_path / "b.docx"
    bad.write_bytes(paper("{{ a }}", "......", "[Chưa nhập: b]", "số -HD/ĐU và", "____ tên ____ tên ____"))
    due = [Candidate(f"k.{2 * n}", "Kế hoạch", file) for n in range(11)] + [Candidate("t", "Tờ trình", bad)]
    data = page_data(judge(due, False, nothing), 2026, False)
    assert [(r["ten"], r.get("ma"), r["so_luong"], r["san_sang"]) for r in data["van_ban"]] == [
        ("Kế hoạch", "0, 2, 4, 6, 8, 10, 12, 14 và 3 mã khác", 11, True),
        ("Tờ trình", None, 1, False),
    ]
    assert data["van_ban"][1]["ly_do"][0] == "Còn thẻ của mẫu chưa được thay (gần “{{ a }}”)."
    assert (data["so_san_sang"], data["so_chua"]) == (11, 1)


@pytest.mark.parametrize(
    ("codes", "named"),
    [
        (["MH08", "MH09", "MH10", "MH11"], "MH08–MH11"),
        (["MH01", "MH02", "MH04", "MH05", "MH06"], "MH01, MH02, MH04–MH06"),
        (["DU", "UBND"], "DU, UBND"),
        (["DH1", "MH2", "MH03"], "DH1, MH2, MH03"),
        (["A99", "A100", "A101"], "A99–A101"),
        (["A1", "A3", "A5", "A7", "A9", "B1", "B3", "B5", "C1", "C2"], "A1, A3, A5, A7, A9, B1, B3, B5 và 2 mã khác"),
    ],
)
def test_codes_that_count_on_are_named_by_their_ends(tmp_path: Path, codes: list[str], named: str) -> None:
    file = tmp_path / "a.docx"
    file.write_bytes(paper("x"))
    answers = judge([Candidate(f"k.{c}", "Kế hoạch", file) for c in codes], False, nothing)
    assert [r["ma"] for r in page_data(answers, 2026, False)["van_ban"]] == [named]


def test_a_defect_of_the_wording_is_said_without_its_code() -> None:
    found = [f for f in format_faults(paper("Họp ngày 31/02/2026."), date(2026, 6, 1)) if f.code == "no_such_day"]
    assert [f.message for f in found] == ["“31/02/2026” không phải là một ngày có thật."]


# --- a folder --------------------------------------------------------------------------------------------------------


Run = Callable[..., dvk.Result]


@pytest.fixture(scope="module")
def year(samples: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((samples / "nam-2026.json").read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def first(year: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> dvk.Result:
    """The stage of recognition, made once."""
    return dvk.make_dossier(year, tmp_path_factory.mktemp("dau") / "ho-so", today=TODAY, stage="cong-nhan")


@pytest.fixture
def whole(first: dvk.Result, tmp_path: Path) -> dvk.Result:
    """The same in a folder of the test's own."""
    folder = tmp_path / "ho-so"
    shutil.copytree(first.folder, folder)
    outcomes = tuple(replace(o, file=folder / o.file.name if o.file else None) for o in first.outcomes)
    return replace(first, folder=folder, outcomes=outcomes, manifest_path=folder / first.manifest_path.name)


def of_the_decision(made: dvk.Result) -> dvk.Result:
    """What was made, as if the decision and its list were all: the other papers say nothing of these."""
    return replace(made, outcomes=tuple(o for o in made.outcomes if o.id in (DECISION, "danh-sach-cong-nhan")))


@pytest.fixture
def result(whole: dvk.Result) -> dvk.Result:
    return of_the_decision(whole)


@pytest.fixture
def again(result: dvk.Result, year: dict[str, Any]) -> Run:
    """Make it again in that folder, of changed data."""

    def run(**changes: Any) -> dvk.Result:
        data = copy.deepcopy(year)
        row = next(r for r in data["van_ban"] if r["ma"] == DECISION)
        row.update(changes)
        next(r for r in data["van_ban"] if r["ma"] == "to-trinh-de-nghi-cong-nhan")["trang_thai"] = "du_thao"
        return of_the_decision(dvk.make_dossier(data, result.folder, today=TODAY, stage="cong-nhan"))

    return run


def file_of(result: dvk.Result, kind: str = DECISION) -> Path:
    return next(o.file for o in result.outcomes if o.id == kind and o.file)


def names(folder: Path) -> set[str]:
    return {p.name for p in folder.glob("*.docx")}


def answers_of(result: dvk.Result, **options: Any) -> dict[str, gate.Answer]:
    return {a.candidate.id: a for a in leaving.pass_gate(result, **options).answers}


def spoil(result: dvk.Result, text: str) -> Path:
    file = file_of(result)
    file.write_bytes(edited(file.read_bytes(), (BODY, "Điều 2.", f"Điều 2. {text} ")))
    return file


def test_a_made_dossier_is_ready_to_sign_and_to_issue(whole: dvk.Result) -> None:
    papers = names(whole.folder)
    for for_issue, folder in ((False, gate.SIGN), (True, gate.ISSUE)):
        passed = leaving.pass_gate(whole, for_issue=for_issue)
        assert [str(r) for a in passed.answers for r in a.reasons] == []
        assert passed.exit_status == 0
        assert names(whole.folder / folder) == papers | {"00-san-sang-trinh-ky.docx"}
        assert (whole.folder / folder / file_of(whole).with_suffix(".pdf").name).read_bytes()[:5] == b"%PDF-"


def test_what_the_clerk_edited_is_what_is_judged_and_released(result: dvk.Result, again: Run) -> None:
    spoil(result, "Nay quyết định")
    kept = again()
    assert leaving.pass_gate(kept).exit_status == 0
    released = kept.folder / gate.SIGN / file_of(result).name
    assert released.read_bytes() == file_of(result).read_bytes()


def test_what_is_not_ready_is_held_back_and_the_page_says_why(result: dvk.Result) -> None:
    file = spoil(result, "........")
    passed = leaving.pass_gate(result)
    held = [(a.candidate.id, [r.code for r in a.reasons]) for a in passed.answers if not a.ready]
    assert held == [(DECISION, ["dotted_line"])] and passed.exit_status == 5
    assert file.name not in names(result.folder / gate.SIGN)
    page = outline((result.folder / gate.SIGN / "00-san-sang-trinh-ky.docx").read_bytes())
    assert "01 văn bản chưa" in page and "Còn dòng chấm để điền" in page


def test_what_is_no_longer_ready_is_taken_out_again(result: dvk.Result) -> None:
    leaving.pass_gate(result)
    released = result.folder / gate.SIGN / file_of(result).name
    assert released.is_file()
    spoil(result, "{{ x }}")
    passed = leaving.pass_gate(result)
    assert not released.exists() and not released.with_suffix(".pdf").exists()
    assert released.name in passed.released.removed


def test_what_was_signed_in_the_folder_is_left_and_named(result: dvk.Result) -> None:
    leaving.pass_gate(result)
    released = (result.folder / gate.SIGN / file_of(result).name).with_suffix(".pdf")
    signed = released.read_bytes() + b"\n% signed"
    released.write_bytes(signed)
    assert any(released.name in note for note in leaving.pass_gate(result).released.notes)
    spoil(result, "{{ x }}")
    notes = leaving.pass_gate(result).released.notes
    assert released.read_bytes() == signed
    assert any(released.name in note and "chưa sẵn sàng" in note for note in notes)


def test_a_pdf_that_was_signed_beside_the_paper_goes_along_as_it_is(result: dvk.Result) -> None:
    signed = file_of(result).with_suffix(".pdf")
    signed.write_bytes(b"%PDF-1.7 signed")
    leaving.pass_gate(result, for_issue=True)
    assert (result.folder / gate.ISSUE / signed.name).read_bytes() == b"%PDF-1.7 signed"


def test_a_draft_without_number_may_be_signed_and_not_go_out(again: Run) -> None:
    made = again(so=None)
    assert answers_of(made)[DECISION].ready
    to_issue = answers_of(made, for_issue=True)
    assert "own_number_blank" in {r.code for r in to_issue[DECISION].reasons}
    assert "host_blank" in {r.code for r in to_issue["danh-sach-cong-nhan"].reasons}


def test_a_paper_that_the_data_block_is_not_ready_though_an_older_one_lies_there(again: Run) -> None:
    (reason,) = answers_of(again(ngay="31/9/2026"))[DECISION].reasons
    assert reason.code == "held" and "không phải là một ngày có thật" in str(reason)


def test_a_decision_waits_for_its_list(result: dvk.Result) -> None:
    listed = next(o.file for o in result.outcomes if o.id == "danh-sach-cong-nhan" and o.file)
    aside = listed.rename(result.folder.parent / listed.name)
    assert [r.code for r in answers_of(result)[DECISION].reasons] == ["annex_missing"]
    aside.rename(listed.with_name("danh sách.docx"))
    assert answers_of(result)[DECISION].ready


def test_two_versions_of_one_paper_are_not_ready(result: dvk.Result, again: Run) -> None:
    spoil(result, "Nay quyết định")
    for made in (again(so=16), again(so=16)):  # made beside, then kept
        assert "Có hai bản" in str(answers_of(made)[DECISION].reasons[0])


def test_the_command_says_which_and_why_and_ends_with_five(
    samples: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["dossier", str(samples / "nam-2026.json"), "-o", str(tmp_path), "--ngay", "20/10/2026"]
    words += ["--giai-doan", "cong-nhan", "--trinh-ky"]
    assert cli.run(words) == 0
    assert re.search(r"Sẵn sàng (\d+)/\1 văn bản", capsys.readouterr().out)
    file = next(tmp_path.glob(f"*{DECISION}.docx"))
    file.write_bytes(edited(file.read_bytes(), (BODY, "Điều 2.", "[Chưa nhập: Điều 2]")))
    assert cli.run([*words, "--json"]) == 5
    said = json.loads(capsys.readouterr().out)
    (held,) = [p for p in said["gates"][0]["papers"] if not p["ready"]]
    assert held["id"] == DECISION and held["reasons"][0]["code"] == "gap_left"
