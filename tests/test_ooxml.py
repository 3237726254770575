"""A .docx resolved to what it will look like, and what is not known named with its place."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from docx_parts import PAGE, STYLES, docx, p, row, table
from hypothesis import given, settings
from hypothesis import strategies as st

from dvk_docs import ooxml
from dvk_docs.errors import TemplateInvalid
from dvk_docs.ooxml import Number, Paragraph, Tab, Table, Text
from dvk_docs.package import pack, unpack


def read(body: str, **more: str) -> ooxml.Document:
    return ooxml.read(docx(body, **more))  # type: ignore[arg-type]


def first(body: str, **more: str) -> Paragraph:
    block = read(body, **more).sections[0].blocks[0]
    assert isinstance(block, Paragraph)
    return block


def codes(body: str, **more: str) -> list[str]:
    return [problem.code for problem in read(body, **more).problems]


def field(instruction: str, result: str = "") -> str:
    def mark(kind: str) -> str:
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

    shown = f"{mark('separate')}<w:r><w:t>{result}</w:t></w:r>" if result else ""
    return f"<w:p>{mark('begin')}<w:r><w:instrText>{instruction}</w:instrText></w:r>{shown}{mark('end')}</w:p>"


def test_direct_formatting_wins_over_the_style_and_the_style_over_the_defaults() -> None:
    style = (
        '<w:style w:type="paragraph" w:styleId="A"><w:name w:val="DVK Nội dung"/><w:pPr><w:jc w:val="both"/>'
        '<w:spacing w:before="120"/></w:pPr><w:rPr><w:b/></w:rPr></w:style>'
    )
    look = '<w:pStyle w:val="A"/><w:jc w:val="center"/>'
    found = first(p("chữ", look, '<w:b w:val="0"/><w:i/>'), styles=STYLES + style)
    text = found.pieces[0]
    assert isinstance(text, Text)
    assert (found.style, found.look.align, found.look.before) == ("DVK Nội dung", "center", 120)
    assert (text.look.size, text.look.bold, text.look.italic) == (14, False, True)


def test_a_style_that_is_based_on_itself_is_read() -> None:
    loop = '<w:style w:type="paragraph" w:styleId="A"><w:name w:val="A"/><w:basedOn w:val="A"/></w:style>'
    assert first(p("x", '<w:pStyle w:val="A"/>'), styles=STYLES + loop).words == "x"


def test_a_tab_that_the_style_sets_can_be_cleared() -> None:
    style = (
        '<w:style w:type="paragraph" w:styleId="A"><w:name w:val="A"/><w:pPr><w:tabs><w:tab w:val="left" w:pos="900"/>'
        '<w:tab w:val="right" w:pos="9000" w:leader="dot"/></w:tabs></w:pPr></w:style>'
    )
    look = '<w:pStyle w:val="A"/><w:tabs><w:tab w:val="clear" w:pos="900"/></w:tabs>'
    assert [(t.position, t.kind, t.leader) for t in first(p("x", look), styles=STYLES + style).look.tabs] == [
        (9000, "right", "dot")
    ]


def test_page_numbers_are_fields_and_other_fields_keep_their_result() -> None:
    number = first(field(" PAGE ", "7"))
    assert [type(x) for x in number.pieces] == [Number]
    assert first(field(" REF muc ", "mục 2")).words == "mục 2"


def test_a_field_saved_without_its_result_is_named() -> None:
    assert codes('<w:p><w:fldSimple w:instr=" DATE "/></w:p>') == ["unknown_fldSimple"]
    assert codes(field(" TIME ")) == ["unknown_fldSimple"]
    assert codes(field(" XE mục ")) == []


def test_deleted_words_are_not_read_and_inserted_ones_are() -> None:
    body = "<w:p><w:ins><w:r><w:t>mới</w:t></w:r></w:ins><w:del><w:r><w:delText>cũ</w:delText></w:r></w:del></w:p>"
    assert first(body).words == "mới"


def test_a_content_control_is_walked_into() -> None:
    body = f"<w:sdt><w:sdtContent>{p('trong khung')}</w:sdtContent></w:sdt>"
    assert first(body).words == "trong khung"


def test_rows_and_cells_inside_content_controls_are_read_in_their_order() -> None:
    held = f"<w:sdt><w:sdtContent>{row('b', 'c')}</w:sdtContent></w:sdt>"
    found = read(table(row("a", "a"), held, row("d", "d"))).paragraphs()
    assert [paragraph.words for paragraph in found] == ["a", "a", "b", "c", "d", "d"]


def test_what_a_newer_word_wrote_is_read_in_its_older_form() -> None:
    mc = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    older = "<mc:Fallback><w:t>chữ</w:t></mc:Fallback>"
    for choice in ("", '<mc:Choice Requires="x"/>'):
        body = f"<w:p><w:r><mc:AlternateContent {mc}>{choice}{older}</mc:AlternateContent></w:r></w:p>"
        assert first(body).words == "chữ"


def test_capitals_are_what_is_read() -> None:
    assert first(p("đảng uỷ", "", "<w:caps/>")).words == "ĐẢNG UỶ"


def test_a_table_has_its_grid_its_spans_and_its_rules() -> None:
    merged = '<w:tr><w:tc><w:tcPr><w:gridSpan w:val="2"/><w:vMerge w:val="restart"/></w:tcPr><w:p/></w:tc></w:tr>'
    found = read(table(row("a", "b", look="<w:tblHeader/>"), merged)).sections[0].blocks[0]
    assert isinstance(found, Table)
    assert found.grid == (4000, 5000)
    assert [(r.is_head, r.can_split) for r in found.rows] == [(True, True), (False, True)]
    assert [(c.column, c.span, c.merge) for c in found.rows[1].cells] == [(0, 2, "restart")]
    assert found.borders["insideH"].width == 10


def test_a_list_has_its_number_and_its_indent() -> None:
    listed = docx(p("một", '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>') * 2)
    from dvk_docs.package import pack, unpack

    parts = unpack(listed)
    w = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    level = '<w:lvl w:ilvl="0"><w:start w:val="3"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/><w:pPr>'
    numbering = (
        f'<w:numbering {w}><w:abstractNum w:abstractNumId="0">{level}<w:ind w:left="720" w:hanging="360"/></w:pPr>'
        '</w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    )
    parts["word/numbering.xml"] = numbering.encode()
    one, two = ooxml.read(pack(parts)).paragraphs()
    assert (one.words, two.words) == ("3.\tmột", "4.\tmột")
    assert isinstance(one.pieces[1], Tab)
    assert (one.look.left, one.look.first) == (720, -360)


@pytest.mark.parametrize(
    "body,code",
    [
        (p("x", "", '<w:kern w:val="28"/>'), "unknown_kern"),
        (p("x", "", "<w:smallCaps/>"), "unknown_smallCaps"),
        ('<w:p><w:r><w:footnoteReference w:id="1"/></w:r></w:p>', "unknown_footnoteReference"),
        (p("x", "<w:framePr/>"), "unknown_framePr"),
    ],
)
def test_what_is_not_known_is_named(body: str, code: str) -> None:
    assert codes(body) == [code]


def test_columns_of_text_are_named() -> None:
    assert codes(p("x"), page=PAGE.replace("</w:sectPr>", '<w:cols w:num="2"/></w:sectPr>')) == ["unknown_cols"]


def test_a_problem_has_its_place() -> None:
    (problem,) = read(table(row("a", p("b", "", '<w:highlight w:val="yellow"/>')))).problems
    assert problem.place.where == "bảng 1, hàng 1, ô 2, đoạn 1"
    assert problem.message == "Có chữ tô nền, ngoài phần mà công cụ đọc được."


def test_what_is_no_word_document_is_refused() -> None:
    with pytest.raises(TemplateInvalid):
        ooxml.read(b"%PDF-1.7")


def test_every_template_is_read_whole(samples: Path) -> None:
    from dvk_docs.catalog import Catalog

    catalog = Catalog()
    for kind in catalog.kinds():
        read = [ooxml.read(catalog.template_bytes(kind, he)) for he in catalog.systems(kind)]
        assert [document.problems for document in read if document.problems] == []


THEME = (
    '<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:themeElements><a:fontScheme name="x">'
    '<a:majorFont><a:latin typeface="Arial"/></a:majorFont><a:minorFont><a:latin typeface="Calibri"/></a:minorFont>'
    "</a:fontScheme></a:themeElements></a:theme>"
)


def test_a_font_of_the_theme_is_named_and_wins_over_a_name_beside_it() -> None:
    words = p("chữ", run='<w:rFonts w:ascii="Times New Roman" w:asciiTheme="minorHAnsi"/>')
    parts = unpack(docx(words))
    parts["word/theme/theme1.xml"] = THEME.encode()
    paragraph = next(ooxml.read(pack(parts)).paragraphs())
    assert isinstance(paragraph.pieces[0], Text)
    assert paragraph.pieces[0].look.font == "Calibri"


def test_both_sides_the_gutter_and_a_frame_are_read() -> None:
    parts = unpack(docx(p("1", '<w:framePr w:xAlign="center"/>'), page=PAGE.replace('gutter="0"', 'gutter="284"')))
    parts["word/settings.xml"] = parts["word/settings.xml"].replace(b"<w:compat>", b"<w:mirrorMargins/><w:compat>")
    found = ooxml.read(pack(parts))
    assert (found.mirrored, found.sections[0].gutter, next(found.paragraphs()).look.frame) == (True, 284, "center")
    assert {problem.code for problem in found.problems} == {"unknown_gutter", "unknown_framePr"}


def test_a_strangers_link_to_its_template_is_passed_over_by_who_only_looks() -> None:
    parts = unpack(docx(p("chữ")))
    link = (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r9" '
        b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate" '
        b'Target="file:///C:/mau.dotm" TargetMode="External"/></Relationships>'
    )
    parts["word/_rels/settings.xml.rels"] = link
    with pytest.raises(TemplateInvalid):
        ooxml.read(pack(parts))
    assert next(ooxml.read(pack(parts), only_look=True).paragraphs()).words == "chữ"


@pytest.mark.parametrize("number", ["", "abc", "NaN", "99999999999", "-5"])
def test_a_number_that_is_none_is_read_as_the_office_programs_read_it(number: str) -> None:
    look = f'<w:outlineLvl w:val="{number}"/><w:ind w:left="{number}"/>'
    cell = f'<w:tr><w:tc><w:tcPr><w:gridSpan w:val="{number}"/></w:tcPr><w:p/></w:tc></w:tr>'
    body = p("chữ", look, f'<w:sz w:val="{number}"/><w:position w:val="{number}"/>') + table(cell)
    assert read(body, page=PAGE).sections[0].blocks


# --- files of strangers, and what documents share --------------------------------------------------------------------


def with_part(document: bytes, name: str, change: Callable[[str], bytes]) -> bytes:
    parts = unpack(document)
    return pack({**parts, name: change(parts[name].decode())})


def test_what_is_unknown_in_a_style_is_named_in_each_document_that_uses_it() -> None:
    style = '<w:style w:type="paragraph" w:styleId="A"><w:name w:val="A"/><w:rPr><w:em w:val="dot"/></w:rPr></w:style>'
    used, unused = p("chữ", '<w:pStyle w:val="A"/>'), p("chữ")
    found = [codes(body, styles=STYLES + style) for body in (used, used, unused)]
    assert found == [["unknown_em"], ["unknown_em"], []]


def test_two_documents_with_other_themes_do_not_share_their_fonts() -> None:
    styles = STYLES.replace('w:ascii="Times New Roman"', 'w:asciiTheme="minorHAnsi"')
    space = "http://schemas.openxmlformats.org/drawingml/2006/main"
    fonts = []
    for name in ("Cambria", "Calibri"):
        theme = f'<a:theme xmlns:a="{space}"><a:minorFont><a:latin typeface="{name}"/></a:minorFont></a:theme>'
        document = pack({**unpack(docx(p("chữ"), styles=styles)), "word/theme/theme1.xml": theme.encode()})
        fonts.append(next(ooxml.read(document).paragraphs()).mark.font)
    assert fonts == ["Cambria", "Calibri"]


def test_a_part_in_utf_16_is_read() -> None:
    document = with_part(
        docx(p("Đảng uỷ")), "word/document.xml", lambda text: text.replace("UTF-8", "UTF-16").encode("utf-16")
    )
    assert [paragraph.words for paragraph in ooxml.read(document).paragraphs()] == ["Đảng uỷ"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused_wherever_it_stands(encoding: str) -> None:
    said = f"{'<!-- x -->' * 300}<!DOCTYPE a [<!ENTITY b 'c'>]><w:document"
    document = with_part(
        docx(p("chữ")),
        "word/document.xml",
        lambda text: text.replace("<w:document", said).replace("UTF-8", encoding).encode(encoding),
    )
    with pytest.raises(TemplateInvalid):
        ooxml.read(document)


@pytest.mark.parametrize(
    "around", [("<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>"), ("<w:sdt><w:sdtContent>", "</w:sdtContent></w:sdt>")]
)
def test_what_is_nested_without_end_is_refused(around: tuple[str, str]) -> None:
    before, after = around
    assert read(before * 40 + p("chữ") + after * 40).sections
    with pytest.raises(TemplateInvalid):
        read(before * 20_000 + p("chữ") + after * 20_000)


@settings(deadline=None, max_examples=150)
@given(st.lists(st.tuples(st.integers(0, 600), st.integers(0, 255)), min_size=1, max_size=3), st.booleans())
def test_a_spoiled_archive_is_read_or_refused_as_zipfile_would(flips: list[tuple[int, int]], at_end: bool) -> None:
    spoiled = bytearray(docx(p("chữ")))
    for place, value in flips:
        spoiled[-1 - place if at_end else place] = value
    try:
        with zipfile.ZipFile(io.BytesIO(spoiled)) as archive:
            wanted = {info.filename: archive.read(info) for info in archive.infolist() if not info.is_dir()}
    except (
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        EOFError,
        RuntimeError,
        OSError,
        ValueError,
        IndexError,
    ):
        wanted = {}
    try:
        assert unpack(bytes(spoiled), only_look=True) == wanted
    except TemplateInvalid as error:
        assert "word/document.xml" not in wanted or "quá lớn" in str(error)
