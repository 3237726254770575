"""docxtpl's tag language on documents as python-docx and Word write them: what it renders, we render."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import docx
import pytest
from docx.document import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docxtpl import DocxTemplate, Listing, RichText, RichTextParagraph
from lxml import etree
from peer import differing_parts

from dvk_docs.errors import DataInvalid, TemplateInvalid
from dvk_docs.package import pack, unpack
from dvk_docs.profiles import w
from dvk_docs.template_source import build
from dvk_docs.templating import Template

CONTEXT: dict[str, Any] = {
    "ten": "Nguyễn & <Văn> An",
    "so": 7,
    "co": True,
    "khong": False,
    "mau": "FF8800",
    "rong": [],
    "hang": [
        {"nhan": "a", "o": ["1", "2", "3"], "mau": "00FF00"},
        {"nhan": "b", "o": ["4", "5", "6"], "mau": "0000FF"},
    ],
    "cot": ["x", "y", "z"],
    "nhom": [{"ten": "N1", "nguoi": [{"ten": "An"}, {"ten": "Bình"}]}, {"ten": "N2", "nguoi": [{"ten": "Cúc"}]}],
}


def paragraphs(*texts: str) -> Callable[[Document], None]:
    def fill(document: Document) -> None:
        for text in texts:
            document.add_paragraph(text)

    return fill


def table(*rows: tuple[str, ...]) -> Callable[[Document], None]:
    def fill(document: Document) -> None:
        made = document.add_table(len(rows), max(map(len, rows)))
        for cells, texts in zip(made.rows, rows, strict=True):
            for cell, text in zip(cells.cells, texts, strict=False):
                cell.text = text

    return fill


def split(*pieces: str) -> Callable[[Document], None]:
    """One paragraph whose text Word has split into runs, with a proofing mark between them."""

    def fill(document: Document) -> None:
        paragraph = document.add_paragraph()
        for n, piece in enumerate(pieces):
            paragraph.add_run(piece).bold = bool(n % 2)
            paragraph._p.append(OxmlElement("w:proofErr"))

    return fill


def in_margins(document: Document) -> None:
    section = document.sections[0]
    section.header.paragraphs[0].text = "{{ ten }} – {% for c in cot %}{{ c }}{% endfor %}"
    section.footer.paragraphs[0].text = "{% if co %}Trang của {{ ten }}{% endif %}"
    document.add_paragraph("{{ ten }}")


def spanned(document: Document) -> None:
    made = document.add_table(2, 4)
    made.rows[0].cells[0].text = "{%tc for c in cot %}"
    made.rows[0].cells[1].text = "{% hm %}{{ ten }}"
    made.rows[0].cells[2].text = "{%tc endfor %}"
    made.rows[1].cells[0].text = "{%tc for c in cot %}"
    made.rows[1].cells[1].text = "{{ c }}"
    made.rows[1].cells[2].text = "{%tc endfor %}"


def spanned_twice(document: Document) -> None:
    spanned(document)
    cell = document.tables[0].rows[0].cells[1]._tc
    span = OxmlElement("w:gridSpan")
    span.set(qn("w:val"), "2")
    cell.get_or_add_tcPr().append(span)


def bare_cells(document: Document) -> None:
    """Cells whose properties are an empty element, as pandoc writes them."""
    table(("{% cellbg mau %}a", "{% colspan 2 %}b", "c"))(document)
    for cell in document.element.iter(qn("w:tcPr")):
        for child in list(cell):
            cell.remove(child)


LANGUAGE: dict[str, Callable[[Document], None]] = {
    "nested loops": paragraphs(
        "{%p for n in nhom %}",
        "{{ n.ten }}:",
        "{%p for d in n.nguoi %}",
        "- {{ d.ten }}",
        "{%p endfor %}",
        "{%p endfor %}",
    ),
    "dynamic table": table(
        ("Nhãn", "{%tc for c in cot %}", "{{ c }}", "{%tc endfor %}"),
        ("{%tr for h in hang %}",),
        ("{{ h.nhan }}", "{%tc for o in h.o %}", "{{ o }}", "{%tc endfor %}"),
        ("{%tr endfor %}",),
    ),
    "horizontal merge": spanned,
    "horizontal merge of a span": spanned_twice,
    "vertical merge": table(("{%tr for h in hang %}",), ("{% vm %}{{ ten }}", "{{ h.nhan }}"), ("{%tr endfor %}",)),
    "vertical merge of groups": table(
        ("{%tr for n in nhom %}",),
        ("{%tr for d in n.nguoi %}",),
        ("{% vm %}{{ n.ten }}", "{{ d.ten }}"),
        ("{%tr endfor %}",),
        ("{%tr endfor %}",),
    ),
    "colours of cells": table(
        ("{%tr for h in hang %}",), ("{% cellbg h.mau %}{{ h.nhan }}", "{{ h.o[0] }}"), ("{%tr endfor %}",)
    ),
    "less cells after a loop": table(
        ("{%tc for c in cot[:1] %}", "{{ c }}", "{%tc endfor %}", "b"), ("1", "2", "3", "4")
    ),
    "joined paragraphs": paragraphs(
        "Một {{ ten }}", "{%- if co %} hai", "{%- endif %} ba", "bốn {% if co -%}", "năm{% endif %}"
    ),
    "comments": paragraphs("a{# bỏ {{ ten }} #}b", "{#p cả đoạn #}", "c"),
    "spaces": paragraphs("  hai  {{ ten }}  ba  ", "{{ ten }} {{ so }}"),
    "split runs": split("a {", "{ t", "en }", "} b {% i", "f co %}c{% end", "if %} d"),
    "smart quotes": paragraphs("{% if ten == “x” %}a{% else %}b{% endif %} {{ khong_co|default(‘x’) }}"),
    "comparison signs": paragraphs(
        "{% if so > 5 and so < 9 %}a{% endif %} {{ so >= 7 }} {{ 'a' if so != 7 else '&' }}"
    ),
    "header and footer": in_margins,
    "rows by condition": table(
        ("{%tr if co %}",), ("{{ ten }}", "1"), ("{%tr else %}",), ("b", "2"), ("{%tr endif %}",)
    ),
    "filters": paragraphs(
        "{{ ten|upper }} {{ cot|join(', ') }} {{ cot|length }} {{ cot|map('upper')|join }} {{ so|string }}"
    ),
    "set and with": paragraphs("{%p set y = so + 1 %}", "{{ y }} {% with z = y %}{{ z }}{% endwith %}"),
    "empty loop": paragraphs("{%p for r in rong %}", "{{ r }}", "{%p else %}", "không có", "{%p endfor %}"),
    "line ends and tabs": paragraphs("[{{ 'a\\nb' }}]"),
    "run tags": paragraphs("a {%r if co %}b{%r endif %} c"),
    "macro": paragraphs("{% macro m(x) %}[{{ x }}]{% endmacro %}{{ m(ten) }} {{ m(so) }}"),
}


def docx_of(fill: Callable[[Document], None]) -> bytes:
    document, out = docx.Document(), io.BytesIO()
    fill(document)
    for style in document.styles.element.findall(qn("w:style")):
        if style.get(qn("w:type")) == "table" and not style.get(qn("w:default")):
            style.getparent().remove(style)  # 700 KB that nothing here uses
    document.save(out)
    return out.getvalue()


@pytest.mark.parametrize("name", LANGUAGE)
def test_what_docxtpl_renders_we_render(name: str) -> None:
    assert differing_parts(docx_of(LANGUAGE[name]), CONTEXT) == []


def text_of(document: bytes) -> list[str]:
    return [p.text for p in docx.Document(io.BytesIO(document)).paragraphs]


# --- what docxtpl has put right since its last release ---------------------------------------------------------------


def test_a_modulo_and_a_dict_may_stand_in_a_paragraph_tag() -> None:
    fill = paragraphs("{%p set x = so % 4 %}", "{%p set d = {'a': x} %}", "{{ d['a'] }} {{ {'b': so % 3}['b'] }}")
    assert text_of(Template(docx_of(fill)).render(CONTEXT)) == ["3 1"]


def test_a_modulo_may_stand_in_a_row_tag() -> None:
    rows = table(("{%tr for n in [1, 2, 3] if n % 2 %}",), ("{{ n }}",), ("{%tr endfor %}",))
    made = docx.Document(io.BytesIO(Template(docx_of(rows)).render({})))
    assert [c.text for row in made.tables[0].rows for c in row.cells] == ["1", "3"]


@pytest.mark.parametrize(
    "written,meant", [("{_%", "{%"), ("%_}", "%}"), ("{_{", "{{"), ("}_}", "}}"), ("{a_{b", "{a_{b")]
)
def test_braces_written_out_are_braces_however_the_runs_are_split(written: str, meant: str) -> None:
    document = docx.Document()
    document.add_paragraph(f"a {written} b {{{{ so }}}}")
    letters = document.add_paragraph()
    for letter in written:
        letters.add_run(letter)
    out = io.BytesIO()
    document.save(out)
    assert text_of(Template(out.getvalue()).render(CONTEXT)) == [f"a {meant} b 7", meant]


def test_a_colour_and_a_span_go_inside_cell_properties_that_were_empty() -> None:
    root = etree.fromstring(unpack(Template(docx_of(bare_cells)).render(CONTEXT))["word/document.xml"])
    inside = [[child.tag for child in cell] for cell in root.iter(w("tcPr"))]
    assert inside[:2] == [[w("shd")], [w("gridSpan")]]
    assert next(root.iter(w("shd"))).get(w("fill")) == "FF8800"


def test_a_quote_in_curly_marks_inside_a_string_stays_curly() -> None:
    assert text_of(Template(docx_of(paragraphs("{{ ten_khac|default('mô hình “A”') }}"))).render({})) == ["mô hình “A”"]


def test_text_that_looks_like_a_written_out_brace_is_printed_as_it_is() -> None:
    assert text_of(Template(docx_of(paragraphs("[{{ ten }}]"))).render({"ten": "{_{ x }_} {_% y %_}"})) == [
        "[{_{ x }_} {_% y %_}]"
    ]


# --- value objects ---------------------------------------------------------------------------------------------------


def rich_paragraphs() -> RichTextParagraph:
    made = RichTextParagraph()
    made.add("một", parastyle="Normal")
    made.add(RichText("hai & <b>", italic=True), parastyle="Heading1")
    return made


def several() -> RichText:
    made = RichText("một")
    made.add(" hai", italic=True)
    return made


OBJECTS: dict[str, tuple[str, Any]] = {
    "rich text": ("a {{r x }} b", RichText("đậm & <b>\nhai", bold=True, color="FF0000", size=28, font="Arial")),
    "rich text of several": ("{{r x }}", several()),
    "rich text under a condition": ("{% if x %}{{r x }}{% endif %}", RichText("a", underline=True)),
    "rich paragraphs": ("{{p x }}", rich_paragraphs()),
    "listing": ("a {{ x }} b", Listing("một & hai\nba <bốn>")),
}


@pytest.mark.parametrize("name", OBJECTS)
def test_a_value_object_of_docxtpl_is_printed_as_it_prints_it(name: str) -> None:
    text, value = OBJECTS[name]
    source = docx_of(paragraphs(text))
    ours = text_of(Template(source).render({"x": value}))
    template, out = DocxTemplate(io.BytesIO(source)), io.BytesIO()
    template.render({"x": value}, autoescape=True)
    template.save(out)
    assert ours == text_of(out.getvalue())


def test_a_rich_text_without_its_r_is_not_lost() -> None:
    assert text_of(Template(docx_of(paragraphs("a {{ x }} b"))).render({"x": RichText("đậm", bold=True)})) == [
        "a đậm b"
    ]


def test_a_link_of_a_rich_text_keeps_its_relation() -> None:
    source = docx_of(paragraphs("{{r x }}"))
    text = RichText("xem", url_id="rId99")
    made = unpack(Template(source).render({"x": text}))["word/document.xml"]
    assert b'<w:hyperlink r:id="rId99"' in made


@pytest.mark.parametrize("mark", ["\a", "\f"])
def test_a_listing_with_a_new_paragraph_or_page_is_refused_with_the_way_round(mark: str) -> None:
    with pytest.raises(TemplateInvalid) as caught:
        Template(docx_of(paragraphs("{{ x }}"))).render({"x": Listing(f"một{mark}hai")})
    (problem,) = caught.value.report.problems
    assert problem.code == "object_refused"
    assert "Listing" in problem.message and "{%p for" in problem.hint


def test_a_subdocument_is_refused_by_name_with_the_way_round() -> None:
    class Subdoc:
        def __html__(self) -> str:
            return "<w:p/>"

    with pytest.raises(TemplateInvalid) as caught:
        Template(docx_of(paragraphs("{{p x }}"))).render({"x": Subdoc()})
    (problem,) = caught.value.report.problems
    assert problem.code == "object_refused" and "Subdoc" in problem.message and "{%p for" in problem.hint


# --- notes, drawings, properties -------------------------------------------------------------------------------------

NOTES = """<w:{kind}s xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">
<w:{kind} w:id="-1" w:type="separator"><w:p><w:r><w:separator/></w:r></w:p></w:{kind}>
<w:{kind} w:id="1"><w:p><w:r>
<w:t>Theo {{{{ ten }}}}{{% for c in cot %}}, {{{{ c }}}}{{% endfor %}}</w:t></w:r></w:p></w:{kind}>
</w:{kind}s>"""


@pytest.mark.parametrize("kind", ["footnote", "endnote"])
def test_tags_in_notes_are_rendered_and_placed(kind: str) -> None:
    name = f"word/{kind}s.xml"
    parts = {**unpack(build("Nội dung: {{ ten }}")), name: NOTES.format(kind=kind).encode()}
    template = Template(pack(parts))
    made = etree.fromstring(unpack(template.render(CONTEXT))[name])
    assert "".join(t.text for t in made.iter(w("t"))) == "Theo Nguyễn & <Văn> An, x, y, z"
    with pytest.raises(TemplateInvalid) as caught:
        template.render({"ten": "x"})
    assert caught.value.report.problems[0].place.part == name


DRAWING = (
    '<w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">'
    '<wp:docPr id="1" name="Hình"/></wp:inline></w:drawing></w:r>'
)


def test_drawings_that_a_loop_repeats_have_ids_of_their_own() -> None:
    parts = unpack(build("Nội dung: đầu\nNội dung: {%p for c in cot %}\nNội dung: {{ c }}\nNội dung: {%p endfor %}"))
    document = parts["word/document.xml"].replace(b"{{ c }}</w:t></w:r>", b"{{ c }}</w:t></w:r>" + DRAWING.encode())
    document = document.replace("đầu</w:t></w:r>".encode(), "đầu</w:t></w:r>".encode() + DRAWING.encode())
    made = unpack(Template(pack({**parts, "word/document.xml": document})).render(CONTEXT))["word/document.xml"]
    ids = [e.get("id") for e in etree.fromstring(made).iter("{*}docPr")]
    assert len(ids) == 4 and len(set(ids)) == 4


def test_every_core_property_may_hold_tags() -> None:
    document = docx.Document()
    document.add_paragraph("a")
    for name in ("author", "category", "comments", "keywords", "subject", "title"):
        setattr(document.core_properties, name, f"{name}: {{{{ ten }}}}")
    out = io.BytesIO()
    document.save(out)
    made = docx.Document(io.BytesIO(Template(out.getvalue()).render(CONTEXT))).core_properties
    for name in ("author", "category", "comments", "keywords", "subject", "title"):
        assert getattr(made, name) == f"{name}: {CONTEXT['ten']}"


def test_a_forbidden_character_is_named_with_the_pointer_of_its_value() -> None:
    with pytest.raises(DataInvalid) as caught:
        Template(docx_of(paragraphs("{{ nhom[0].nguoi[1].ten|upper }}"))).render(
            {"nhom": [{"nguoi": [{"ten": "a"}, {"ten": "b\x0cc"}]}]}
        )
    assert caught.value.report.problems[0].place.pointer == "/nhom/0/nguoi/1/ten"
