"""PDF made here: what a reader finds in it, what it refuses, and that it stands as LibreOffice would set it."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pypdf
import pytest
from docx_parts import PAGE, docx, p, row, table
from hypothesis import given
from hypothesis import strategies as st
from positions import compare, load, our_spots, sample_papers

from dvk_docs import ooxml, pdf
from dvk_docs.errors import FieldInvalid, TemplateInvalid, ToolMissing
from dvk_docs.making import Document
from dvk_docs.ooxml import Look
from dvk_docs.pdf import builtin, doctor, fonts
from dvk_docs.pdf.lines import Breaker, Line, Measure, Rules, parts_of
from dvk_docs.pdf.pages import Page, Rule
from dvk_docs.pdf.paint import joined
from dvk_docs.pdf.truetype import FontUnreadable, read_face
from dvk_docs.viet.be_rong import VIETNAMESE

GOLDEN = Path(__file__).parent / "pdf_positions"


def pages(body: str, compat: int = 14, page: str = PAGE) -> list[Page]:
    return builtin.lay_out(ooxml.read(docx(body, compat=compat, page=page)), fonts.find())


def lines(page: Page) -> list[str]:
    return ["".join(getattr(bit, "words", "") for bit in line.bits).strip() for _, _, line in page.texts]


def has_fonts() -> bool:
    try:
        fonts.find()
    except ToolMissing:
        return False
    return True


pytestmark = pytest.mark.skipif(not has_fonts(), reason="no font with the Vietnamese letters: dvk doctor --fix")


def reading(document: bytes) -> list[str]:
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(document)).pages]


def refused(body: str) -> list[tuple[str, str]]:
    return [(problem.code, problem.place.where) for problem in pdf.supports(docx(body))]


# --- as LibreOffice sets it ------------------------------------------------------------------------------------------


def test_samples_stand_on_paper_as_libreoffice_sets_them(samples: Path) -> None:
    papers = sample_papers(samples)
    assert sorted(file.stem for file in GOLDEN.glob("*.json")) == sorted(papers)  # `make positions` makes them
    found = []
    for name, document in papers.items():
        ours = builtin.lay_out(ooxml.read(document), fonts.find())
        count, theirs = load(GOLDEN / f"{name}.json")
        assert len(ours) == count, name
        found.append(compare(our_spots(ours), theirs))
    words, line_starts = sum(f.words for f in found), sum(f.lines for f in found)
    assert sum(f.near for f in found) >= 0.998 * words
    assert sum(f.moved for f in found) <= 0.0002 * line_starts


# --- what is in the file ---------------------------------------------------------------------------------------------


def test_every_vietnamese_letter_can_be_read_back_in_each_style() -> None:
    for run in ("", "<w:b/>", "<w:i/>", "<w:b/><w:i/>"):
        text = "".join(reading(pdf.convert(docx(p(" ".join(VIETNAMESE), "", run)))))
        assert set(VIETNAMESE) <= set(text)


def test_the_same_document_gives_the_same_bytes() -> None:
    document = docx(p("Đảng uỷ xã Bình An") + table(row("a", "b")))
    assert pdf.convert(document) == pdf.convert(document)


def test_only_embedded_fonts_are_named() -> None:
    made = pdf.convert(docx(p("Số 15-QĐ/ĐU")))
    reader = pypdf.PdfReader(io.BytesIO(made))
    used = [f.get_object() for f in reader.pages[0]["/Resources"]["/Font"].values()]  # type: ignore[index]
    assert used
    assert all("/FontFile2" in f["/FontDescriptor"] for f in used)
    assert b"/Helvetica" not in made
    assert b"/Times-Roman" not in made


def test_a_rare_sign_goes_with_the_rest_of_its_line() -> None:
    assert "Ω lớn, ₫ nhỏ, Ж" in reading(pdf.convert(docx(p("Ω lớn, ₫ nhỏ, Ж"))))[0]


def test_a_letter_that_the_font_lacks_stops_the_paper_by_name() -> None:
    with pytest.raises(FieldInvalid) as caught:
        pdf.convert(docx(p("ký") + p("chữ 漢 lạ")))
    assert caught.value.code == "letter_missing"
    assert str(caught.value) == "Phông chữ không có ký tự “漢” (U+6F22) trong “漢” ở đoạn 2."


@pytest.mark.parametrize("odd", ["😀", "\ue000", "ậ\u0332", "x\u0301", "\u0301", "\u2028", "\ufffd", "한"])
def test_a_letter_that_would_be_a_box_or_a_stray_mark_stops_the_paper(odd: str) -> None:
    with pytest.raises(FieldInvalid) as caught:
        pdf.convert(docx(p("ký") + table(row("a", f"chữ {odd}"))))
    assert caught.value.code == "letter_missing"
    assert "bảng 1, hàng 1, ô 2, đoạn 1" in str(caught.value)


@pytest.mark.parametrize("nothing", [*"\u00ad\u200b\u200c\u200d\u200e\u202a\u2060\ufe0f\ufeff"])
def test_what_has_no_width_leaves_no_box_and_no_gap(nothing: str) -> None:
    plain_pages, odd = (pages(p(words)) for words in ("Dân vận", f"{nothing}Dân{nothing} v{nothing}ận{nothing}"))
    assert our_spots(odd) == our_spots(plain_pages)
    assert reading(pdf.convert(docx(p(f"Dân v{nothing}ận")))) == ["Dân vận"]


def test_a_letter_typed_with_its_marks_apart_is_drawn_as_one() -> None:
    apart = unicodedata.normalize("NFD", " ".join(VIETNAMESE))
    assert our_spots(pages(p(apart))) == our_spots(pages(p(" ".join(VIETNAMESE))))


def test_a_paper_has_its_pdf() -> None:
    assert Document("x", docx(p("chữ"))).pdf().startswith(b"%PDF-1.7")


# --- pages -----------------------------------------------------------------------------------------------------------


def test_a_heading_stays_with_the_table_below_it() -> None:
    filler = p("x") * 44
    heading = p("Tiến độ", "<w:keepNext/>")
    body = filler + heading + table(row("STT", "Việc", look="<w:cantSplit/><w:tblHeader/>"), row("1", "Họp"))
    first, second = pages(body)
    assert "Tiến độ" not in lines(first)
    assert lines(second) == ["Tiến độ", "STT", "Việc", "1", "Họp"]


def test_the_lines_of_neighbouring_cells_are_drawn_in_one_go() -> None:
    grid = table(row("1", "một"), row("2", "hai"))
    drawn = joined(pages(grid)[0].rules)
    assert len([rule for rule in drawn if rule.x1 == rule.x2]) == 3  # left, between, right
    assert len([rule for rule in drawn if rule.y1 == rule.y2]) == 3


def test_lines_apart_or_of_another_look_stay_apart() -> None:
    first = Rule(0, 0, 100, 0, 10)
    others = [Rule(150, 0, 200, 0, 10), Rule(100, 0, 150, 0, 20), Rule(100, 0, 150, 0, 10, "FF0000")]
    assert joined([first, *others]) == [first, *others]


def test_the_head_of_a_table_stands_on_each_page() -> None:
    rows = [row(str(n), "việc") for n in range(1, 101)]
    made = pages(table(row("STT", "Việc", look="<w:cantSplit/><w:tblHeader/>"), *rows))
    assert len(made) == 3
    assert all(lines(page)[:2] == ["STT", "Việc"] for page in made)
    assert [words for page in made for words in lines(page) if words.isdigit()] == [str(n) for n in range(1, 101)]


@pytest.mark.parametrize("look", ["", "<w:cantSplit/>"])
def test_a_row_taller_than_a_page_loses_nothing(look: str) -> None:
    tall = "".join(p(f"dòng {n}") for n in range(120))
    made = pages(table(row("1", tall, look=look)))
    assert [words for page in made for words in lines(page)][1:] == [f"dòng {n}" for n in range(120)]
    assert all(line_y <= 16838 - 1134 for page in made for _, line_y, _ in page.texts)


def test_a_row_that_fits_on_no_page_is_parted_where_it_begins() -> None:
    tall = "".join(p(f"dòng {n}") for n in range(120))
    made = pages(p("x") * 10 + table(row("1", "ngắn"), row("2", tall, look="<w:cantSplit/>")))
    assert lines(made[0])[10:15] == ["1", "ngắn", "2", "dòng 0", "dòng 1"]
    assert [words for page in made for words in lines(page) if "dòng" in words] == [f"dòng {n}" for n in range(120)]


def test_the_space_after_the_last_line_of_a_cell_must_fit_when_its_row_is_parted() -> None:
    """As LibreOffice parts it, but for a single line that is alone in its cell."""

    def body(*cells: str) -> str:  # the row has room for two lines, and not for the space after them
        fill = f'<w:cantSplit/><w:trHeight w:val="{16838 - 2 * 1134 - 700}" w:hRule="exact"/>'
        return table(row("", "", look=fill), row(*cells, look=""), columns=(4000, 3000))

    two, one = (p(words, '<w:spacing w:before="40" w:after="40"/>') for words in ("dài " * 13, "ngắn"))
    assert [len(lines(page)) for page in pages(body(two, one))] == [4, 1]
    assert [len(lines(page)) for page in pages(body(two, ""))] == [4, 1]
    assert lines(pages(body(p("dài " * 30), p()))[0])[2:] == ["dài " * 8 + "dài", "dài " * 8 + "dài", ""]


def test_the_part_of_a_row_that_goes_on_stands_in_the_middle_of_its_cell() -> None:
    middle = '<w:tcPr><w:vAlign w:val="center"/></w:tcPr>'
    parted = row("".join(p(f"a{n}") for n in range(20)), "".join(p(f"b{n}") for n in range(60)), look="")
    page = pages(p("x") * 30 + table(parted.replace("<w:tcPr/>", middle)))[1]
    left, right = ([spot.y for spot in our_spots([page]) if spot.word[0] == letter] for letter in "ab")
    assert len(left) < 10 < len(right)
    assert sum(left) / len(left) == pytest.approx(sum(right) / len(right))


def test_what_libreoffice_deals_to_two_pages_is_not_kept_together() -> None:
    """It begins a page after 25 paragraphs before it lays them out, and looks at them no more where they are right."""

    def last_of_first(at: int) -> str:
        look = '<w:spacing w:line="500" w:lineRule="exact"/>'
        body = "".join(p(f"p{n}", look + ("<w:keepNext/>" if n in (at, at + 1) else "")) for n in range(1, 61))
        foot = 16838 - 1134 - 500 * (at + 1) - 20
        return lines(pages(body, page=PAGE.replace('w:bottom="1134"', f'w:bottom="{foot}"'))[0])[-1]

    assert (last_of_first(25), last_of_first(23)) == ("p25", "p22")


def test_rows_held_by_a_merged_cell_do_not_leave_an_empty_page() -> None:
    def high(words: str, height: int, merge: str) -> str:
        made = row("cạnh", words, look=f'<w:cantSplit/><w:trHeight w:val="{height}"/>')
        return made.replace("<w:tcPr/>", f"<w:tcPr>{merge}</w:tcPr>", 1)

    merged = (("một", 6000, '<w:vMerge w:val="restart"/>'), ("hai", 6000, "<w:vMerge/>"), ("ba", 4000, "<w:vMerge/>"))
    first, second = pages(table(high("đầu", 400, ""), *(high(*each) for each in merged)))
    assert lines(first)[-2:] == ["một", "hai"]
    assert lines(second) == ["ba"]


def test_a_last_row_goes_on_with_what_must_stand_behind_it() -> None:
    kept = "<w:keepNext/>"
    body = p("x") * 38 + table(row("1", "việc"), row(p("Cộng", kept), "1"))
    signature = table(row("Nơi nhận", p("ký") * 8, look="<w:cantSplit/>"))
    first, second = pages(body + p("Danh sách có 01 việc", kept) + signature)
    assert lines(first)[-2:] == ["1", "việc"]
    assert lines(second)[:3] == ["Cộng", "1", "Danh sách có 01 việc"]


def test_paragraphs_that_stay_together_begin_a_page_even_if_they_fill_more_than_one() -> None:
    made = pages(p("x") * 30 + "".join(p(f"giữ {n}", "<w:keepNext/>") for n in range(60)) + p("cuối"))
    assert lines(made[0]) == ["x"] * 30
    assert lines(made[1])[0] == "giữ 0"


def test_no_line_stands_alone_at_the_foot_of_a_page() -> None:
    body = p("x") * 44 + p("chữ " * 40)
    first, second = pages(body)
    assert (lines(first)[-1], len(lines(second))) == ("x", 3)


def nested(inner: str) -> float:
    """Where the line behind a table stands whose one cell holds `inner`."""
    cell = f"<w:tbl><w:tblPr/><w:tblGrid><w:gridCol w:w='6000'/></w:tblGrid><w:tr><w:tc>{inner}</w:tc></w:tr></w:tbl>"
    return our_spots(pages(cell + p("sau")))[-1].y


def test_the_empty_paragraph_behind_a_table_in_a_cell_takes_no_room() -> None:
    inside = table(row("a"))
    assert nested(inside + p("", '<w:spacing w:after="200"/>')) == nested(inside + p("", ""))
    assert nested(inside + p("b")) - nested(inside + p("")) == pytest.approx(16.1)  # one line of 14 pt


def test_the_space_after_the_paragraph_above_a_table_in_a_cell_counts() -> None:
    inside = table(row("a")) + p("")
    above = [nested(p("b", f'<w:spacing w:after="{after}"/>') + inside) for after in (0, 200)]
    assert above[1] - above[0] == pytest.approx(10)


def test_the_space_after_a_page_break_s_own_paragraph_stays_on_its_page() -> None:
    body = p("một") + p("", '<w:spacing w:after="400"/>').replace("</w:p>", '<w:r><w:br w:type="page"/></w:r></w:p>')
    alone, broken = (our_spots(pages(each))[-1].y for each in (p("hai"), body + p("hai")))
    assert broken == pytest.approx(alone)


def test_what_must_stay_together_fills_the_page_that_a_break_began() -> None:
    broken = p("").replace("</w:p>", '<w:r><w:br w:type="page"/></w:r></w:p>')
    made = pages(p("một") + broken + p("giữ", "<w:keepNext/>") * 100 + p("cuối"))
    assert len(lines(made[1])) == len(lines(made[2]))


def test_the_room_that_a_multiple_adds_below_the_last_line_may_reach_out_of_the_page() -> None:
    look = '<w:spacing w:line="360" w:lineRule="auto"/>'
    foot = 16838 - 1134 - 2 * 483 - 322 - 10  # two lines of one and a half, and one plain line
    page = PAGE.replace('w:bottom="1134"', f'w:bottom="{foot}"')
    assert [len(lines(each)) for each in pages(p("x", look) * 6, page=page)] == [3, 3]


def test_the_line_that_closes_a_table_is_added_to_the_least_height_of_its_last_row() -> None:
    last = row("a", "b", look='<w:trHeight w:val="900"/>')
    below = [our_spots(pages(table(last, borders=borders) + p("sau")))[-1].y for borders in (True, False)]
    assert below[0] - below[1] == pytest.approx(0.5)


def test_a_double_page_border_stands_around_the_text_of_each_page() -> None:
    side = '<w:{} w:val="double" w:sz="8" w:space="10"/>'
    frame = f"<w:pgBorders>{''.join(map(side.format, ('top', 'left', 'bottom', 'right')))}</w:pgBorders>"
    section = PAGE.replace("</w:sectPr>", f"{frame}</w:sectPr>")
    made = pages(p("một", "<w:pageBreakBefore/>") + p("hai", "<w:pageBreakBefore/>"), page=section)
    assert [len(page.rules) for page in made] == [8, 8]
    left = made[0].section.left
    assert {rule.x1 for rule in made[0].rules if rule.x1 == rule.x2 < left} == {left - 210, left - 250}


def test_a_page_border_at_the_edge_of_the_sheet_is_refused() -> None:
    frame = '<w:pgBorders w:offsetFrom="page"><w:top w:val="single" w:sz="8"/></w:pgBorders>'
    found = pdf.supports(docx(p("chữ"), page=PAGE.replace("</w:sectPr>", f"{frame}</w:sectPr>")))
    assert [problem.code for problem in found] == ["unknown_pgBorders"]


def test_landscape_pages_may_follow_portrait_ones() -> None:
    turned = PAGE.replace('w:w="11906" w:h="16838"', 'w:w="16838" w:h="11906" w:orient="landscape"')
    first, second = pages(p("dọc", PAGE) + p("ngang"), page=turned)
    assert (first.section.width, second.section.width) == (11906, 16838)
    assert (first.number, second.number) == (1, 2)


def test_word_2013_pulls_a_word_up_where_blanks_may_shrink() -> None:
    body = p("Đảng uỷ xã Bình An phát động phong trào thi đua dân vận khéo năm 2026 " * 12, '<w:jc w:val="both"/>')
    old, new = (len(lines(pages(body, compat)[0])) for compat in (14, 15))
    assert new <= old


def test_dotted_leaders_reach_to_the_tab() -> None:
    tabs = '<w:tabs><w:tab w:val="right" w:pos="9000" w:leader="dot"/></w:tabs>'
    body = f"<w:p><w:pPr>{tabs}</w:pPr><w:r><w:t>Mục</w:t><w:tab/><w:t>12</w:t></w:r></w:p>"
    assert "....." in reading(pdf.convert(docx(body)))[0]


# --- what it refuses -------------------------------------------------------------------------------------------------


def test_what_cannot_be_drawn_is_refused_with_its_place_and_the_other_engine() -> None:
    with pytest.raises(TemplateInvalid) as caught:
        pdf.convert(docx(p("a") + p("b", "", '<w:rFonts w:ascii="Arial"/>')))
    (problem,) = caught.value.report
    assert (problem.code, problem.place.where) == ("cannot_draw_font", "đoạn 2")
    assert "--engine libreoffice" in problem.hint


def test_a_fault_in_many_places_is_one_sentence_with_the_first_of_them() -> None:
    with pytest.raises(TemplateInvalid) as caught:
        pdf.convert(docx(p("b", "", '<w:rFonts w:ascii="Arial"/>') * 30))
    (problem,) = caught.value.report
    assert problem.place.where == "đoạn 1; đoạn 2; đoạn 3 và 27 chỗ khác"


@pytest.mark.parametrize(
    "body,code",
    [
        (p("x", "", '<w:u w:val="double"/>'), "cannot_draw_underline"),
        (p("x", '<w:pBdr><w:left w:val="single" w:sz="4"/></w:pBdr>'), "cannot_draw_border"),
        ("<w:p><w:r><w:pict/></w:r></w:p>", "unknown_pict"),
    ],
)
def test_a_construct_beyond_the_subset_is_named(body: str, code: str) -> None:
    assert refused(body) == [(code, "đoạn 1")]


def test_what_we_make_is_never_refused(samples: Path) -> None:
    for document in sample_papers(samples).values():
        assert pdf.supports(document) == ()


# --- fonts and the other engine --------------------------------------------------------------------------------------


def test_a_face_without_vietnamese_letters_is_not_taken() -> None:
    face = fonts.find().faces[False, False]
    old = replace(face, widths={code: width for code, width in face.widths.items() if code < 0x1EA0})
    (fault,) = fonts.faults(old, False, False)
    assert fault.startswith("thiếu 97 chữ, như ")


def test_a_face_of_other_widths_is_not_taken() -> None:
    bold = fonts.find().faces[True, False]
    other = replace(bold, family="Tựa Times", widths={c: w * 1.01 for c, w in bold.widths.items()})
    assert "bề rộng khác" in fonts.faults(other, True, False)[0]


def test_a_file_that_is_no_font_is_named(tmp_path: Path) -> None:
    for name in fonts.FAMILIES["Tinos"][0]:
        (tmp_path / name).write_bytes(b"not a font")
    (candidate,) = fonts.candidates([tmp_path])
    assert candidate.fonts is None
    assert candidate.faults[0] == "Tinos-Regular.ttf: không đọc được"
    with pytest.raises(FontUnreadable):
        read_face(tmp_path / "Tinos-Bold.ttf")


def test_no_font_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "search_order", lambda: [tmp_path])
    with pytest.raises(ToolMissing, match=r"dvk doctor --fix"):
        fonts.find()
    assert [f.ok for f in doctor.examine() if f.needed] == [False]


def test_fonts_that_were_fetched_are_found_in_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "cache_folder", lambda: tmp_path / "phong")
    doctor.keep(fonts.find().folder, {})
    assert any(candidate.fonts for candidate in fonts.candidates([tmp_path / "phong"]))


# --- files -----------------------------------------------------------------------------------------------------------


def command(*words: object) -> int:
    from dvk_docs import cli

    return cli.run([str(word) for word in words])


def test_the_command_makes_a_pdf_and_leaves_a_foreign_one_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, target = tmp_path / "a.docx", tmp_path / "a.pdf"
    source.write_bytes(docx(p("một")))
    assert command("pdf", source, "-o", target) == 0
    source.write_bytes(docx(p("hai")))
    assert command("pdf", source, "-o", target) == 0
    assert "hai" in reading(target.read_bytes())[0]
    target.write_bytes(b"%PDF-1.7 signed elsewhere")
    assert command("pdf", source, "-o", target) == 3
    assert "đã có" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["a.docx", "link.docx", "./a.docx"])
def test_the_word_file_is_never_written_over_by_its_pdf(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    source = tmp_path / "a.docx"
    source.write_bytes(docx(p("một")))
    (tmp_path / "link.docx").symlink_to(source)
    assert command("pdf", source, "-o", tmp_path / name, "--ghi-de") == 3
    assert "không ghi đè lên được" in capsys.readouterr().err
    assert source.read_bytes() == docx(p("một"))


def test_a_pdf_is_written_under_a_name_that_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "a.docx"
    source.write_bytes(docx(p("một")))
    assert command("pdf", source, "-o", tmp_path / "b.docx") == 3
    assert "không phải .docx" in capsys.readouterr().err
    assert command("pdf", source, "-o", tmp_path / "TTr số 1.2026") == 0
    assert {file.name for file in tmp_path.iterdir()} == {"a.docx", "TTr số 1.2026.pdf"}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "không phải tệp Word"),
        (b"%PDF-1.7", "đã là PDF"),
        (b"\xd0\xcf\x11\xe0 OLE", "đời cũ (.doc) hoặc có mật khẩu"),
        (docx(p("một"))[:900], "không phải tệp Word"),
    ],
    ids=["empty", "PDF", "locked", "cut"],
)
def test_what_is_no_word_file_is_told_as_such_not_as_a_template(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], data: bytes, said: str
) -> None:
    (tmp_path / "a.docx").write_bytes(data)
    assert command("pdf", tmp_path / "a.docx", "-o", tmp_path / "b.pdf") in (3, 4)
    message = capsys.readouterr().err
    assert said in message and "mẫu" not in message
    assert not (tmp_path / "b.pdf").exists()


def test_the_doctor_says_which_font_is_used(capsys: pytest.CaptureFixture[str]) -> None:
    assert command("doctor") == 0
    assert fonts.find().family in capsys.readouterr().out


def test_a_dossier_has_its_pdfs_but_for_a_signed_one(samples: Path, tmp_path: Path) -> None:
    year = samples / "nam-2026.json"
    assert command("dossier", year, "-o", tmp_path, "--giai-doan", "cong-nhan", "--pdf", "--ngay", "2026-10-20") == 0
    words: Sequence[Path] = sorted(tmp_path.glob("*.docx"))
    assert [file.with_suffix(".pdf") for file in words] == sorted(tmp_path.glob("*.pdf"))
    signed = words[0].with_suffix(".pdf")
    signed.write_bytes(signed.read_bytes() + b"/ByteRange")
    before = signed.read_bytes()
    assert command("dossier", year, "-o", tmp_path, "--giai-doan", "cong-nhan", "--pdf", "--ngay", "2026-10-20") == 5
    assert signed.read_bytes() == before


# --- what is kept between papers -------------------------------------------------------------------------------------


WORDS = st.lists(st.sampled_from(["a", "b", " ", "a ", " b", "-", "/", "1", "\xa0"]), min_size=1).map("".join)


@given(st.lists(st.lists(st.tuples(WORDS, st.booleans()), max_size=4)))
def test_a_paper_stands_the_same_whatever_was_laid_out_before(paragraphs: list[list[tuple[str, bool]]]) -> None:
    looks = {bold: Look(size=14.0, bold=bold) for bold in (False, True)}
    used, found = Measure(fonts.find()), list[list[list[Line]]]()
    for _ in range(2):
        for measure in (used, Measure(fonts.find())):
            found.append([])
            for runs in paragraphs:
                pieces = tuple(ooxml.Text(words, looks[bold]) for words, bold in runs)
                whole = ooxml.Paragraph("", ooxml.ParagraphLook(align="both"), looks[False], pieces, "đoạn")
                breaker = Breaker(whole, 2000.0, measure, Rules(shrink=0.25), 720.0)
                found[-1].append(breaker.lines(parts_of(whole, measure, {})))
    assert found[0] == found[1] == found[2] == found[3]


def test_the_bytes_do_not_depend_on_what_an_earlier_run_kept(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(docx(p("Đảng uỷ, m² Ω", run="<w:b/>") + p("(a)\\ Ж", run="<w:i/>")))
    made, folder = [], tmp_path / "cache" / "dvk-docs"
    for kept in ("0", "1", "1", "1"):
        place = {"DVK_CACHE": kept, "XDG_CACHE_HOME": str(tmp_path / "cache"), "DVK_PHONG": str(fonts.find().folder)}
        words = [sys.executable, "-m", "dvk_docs", "pdf", "a.docx", "-o", f"{len(made)}.pdf"]
        subprocess.run(words, cwd=tmp_path, env=os.environ | place, check=True, capture_output=True)
        made.append((tmp_path / f"{len(made)}.pdf").read_bytes())
        assert folder.is_dir() == (kept == "1")
        if len(made) == 3:
            for file in folder.iterdir():
                file.write_bytes(b"x" + file.read_bytes())
    assert len(set(made)) == 1
