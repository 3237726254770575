"""Rendering: strict, escaped, sandboxed, the same bytes each time."""

from __future__ import annotations

import io
import unicodedata
import zipfile
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dvk_docs.errors import DataInvalid, TemplateInvalid
from dvk_docs.package import pack, unpack
from dvk_docs.template_source import build
from dvk_docs.templating import Template
from dvk_docs.testing import outline, schema_faults

TABLE = """Nội dung: {{ dau }}
@ bang: 1 2 ; tieu-de=1
|| Ô tiêu đề: STT || Ô tiêu đề: Tên
|| Ô: {%tr for d in ds %}
|| Ô giữa: {{ loop.index }} || Ô: {{ d.ten }}
|| Ô: {%tr endfor %}
@ het
"""


def printed(source: str, **context: Any) -> str:
    return outline(Template(build(source)).render(context))


def refused(source: str, **context: Any) -> tuple[str, str, str]:
    """The code, the place and the words of the one problem that a source gives."""
    with pytest.raises(TemplateInvalid) as caught:
        Template(build(source)).render(context)
    (problem,) = caught.value.report.problems
    return problem.code, problem.place.where, problem.message


def test_values_print_as_they_are() -> None:
    assert printed("Nội dung: {{ a }}", a="A & B <select> “x” {{ y }} {% z %}") == (
        "Nội dung: A & B <select> “x” {{ y }} {% z %}\n"
    )


def test_none_and_the_empty_text_print_nothing() -> None:
    assert printed("Nội dung: a{{ a }}b{{ b }}c", a=None, b="") == "Nội dung: abc\n"


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r", "\u2028"])
def test_a_new_line_is_a_line_break(line_end: str) -> None:
    assert printed("Nội dung: {{ a }}", a=f"một{line_end}<hai>") == "Nội dung: một ↵ <hai>\n"


def test_a_tab_is_a_tab() -> None:
    assert printed("Nội dung: {{ a }}", a="một\thai") == "Nội dung: một ⇥ hai\n"


def test_spaces_are_kept() -> None:
    assert printed("Nội dung: {{ a }}", a="Số      -TTr/ĐU") == "Nội dung: Số      -TTr/ĐU\n"


def test_text_is_printed_in_nfc_and_a_decomposed_tag_is_found() -> None:
    source = unicodedata.normalize("NFD", "Nội dung: Đảng uỷ {{ a }}")
    assert printed(source, a=unicodedata.normalize("NFD", "Bình")) == "Nội dung: Đảng uỷ Bình\n"


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(blacklist_categories=("Cs", "Cc", "Cn")), max_size=40).map(str.strip))
def test_any_text_in_is_the_same_text_out(text: str) -> None:
    document = TEMPLATE.render({"a": f"[{text}]"})
    wanted = unicodedata.normalize("NFC", text).replace("\u2028", " ↵ ").replace("\u2029", " ↵ ")
    assert outline(document) == f"Nội dung: [{wanted}]\n"


TEMPLATE = Template(build("Nội dung: {{ a }}"))


@pytest.mark.parametrize("mark", ["\x00", "\x0b", "\x1f", "\ufffe"])
def test_a_character_that_word_cannot_hold_is_named_with_its_field(mark: str) -> None:
    with pytest.raises(DataInvalid) as caught:
        Template(build(TABLE)).render({"dau": "a", "ds": [{"ten": "a"}, {"ten": f"b{mark}"}]})
    (problem,) = caught.value.report.problems
    assert (problem.code, problem.place.pointer) == ("illegal_character", "/ds/1/ten")


def test_an_unknown_name_is_an_error_at_its_paragraph() -> None:
    code, where, message = refused("Nội dung: a\nNội dung: b {{ khong_co }}")
    assert (code, where) == ("unknown_name", "đoạn 2")
    assert "“khong_co”" in message


def test_an_unknown_name_in_a_table_is_an_error_at_its_cell() -> None:
    source = TABLE.replace("d.ten", "d.tem")
    code, where, message = refused(source, dau="x", ds=[{"ten": "a"}])
    assert (code, where) == ("unknown_name", "bảng 1, hàng 3, ô 2")
    assert "“tem”" in message


def test_an_unknown_list_of_a_loop_is_an_error_at_its_row() -> None:
    code, where, _ = refused(TABLE, dau="x")
    assert (code, where) == ("unknown_name", "bảng 1, hàng 2, ô 1")


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("{{ a | khong_co_bo_loc }}", "tag_syntax"),
        ("{% if a %}", "tag_syntax"),
        ("{{ a b }}", "tag_syntax"),
        ("{{ a", "tag_open"),
        ("{% include 'x' %}", "tag_refused"),
        ("{{ ''.__class__.__mro__ }}", "unknown_name"),
        ("{{ a | safe }}", "tag_syntax"),
        ("{{ ds }}", "not_text"),
        ("{{ 'a' * 1000000000 }}", "tag_failed"),
        ("{{ 9 ** 99999999 }}", "tag_failed"),
        ("{{ 1 / 0 }}", "tag_failed"),
    ],
)
def test_a_bad_or_forbidden_tag_is_refused(tag: str, code: str) -> None:
    found, _, message = refused(f"Nội dung: {tag}", a="a", ds=["b"])
    assert found in {code, "tag_refused"}
    assert "<w:" not in message


def test_a_column_called_like_a_method_is_the_column() -> None:
    assert printed("Nội dung: {{ d.items }} {{ d.values }}", d={"items": "a", "values": "b"}) == "Nội dung: a b\n"


def test_rows_are_repeated_and_the_table_stays_whole() -> None:
    document = Template(build(TABLE)).render({"dau": "x", "ds": [{"ten": "Bình"}, {"ten": "An"}]})
    assert outline(document).splitlines()[2:] == [
        "|| Ô tiêu đề: STT || Ô tiêu đề: Tên",
        "|| Ô giữa: 1 || Ô: Bình",
        "|| Ô giữa: 2 || Ô: An",
        "@ het",
    ]
    assert schema_faults(document) == []


def test_a_cell_that_loses_all_its_paragraphs_keeps_an_empty_one() -> None:
    source = "@ bang: 1\n|| Ô: {%p if co %} ¶ Ô: a ¶ Ô: {%p endif %}\n@ het"
    assert schema_faults(Template(build(source)).render({"co": False})) == []


def test_the_same_data_gives_the_same_bytes_from_two_compilations() -> None:
    context = {"dau": "x\ny", "ds": [{"ten": "Bình"}]}
    assert Template(build(TABLE)).render(context) == Template(build(TABLE)).render(context)


def test_a_render_leaves_no_trace_for_the_next() -> None:
    template = Template(build(TABLE))
    first = template.render({"dau": "x", "ds": []})
    template.render({"dau": "y", "ds": [{"ten": "a"}]})
    assert template.render({"dau": "x", "ds": []}) == first


def test_members_without_tags_are_copied_as_they_lie() -> None:
    source = build(TABLE)
    made = unpack(Template(source).render({"dau": "x", "ds": []}))
    assert {n for n, data in unpack(source).items() if made[n] != data} == {"word/document.xml"}


def test_the_archive_has_a_fixed_date_and_begins_with_the_content_types() -> None:
    with zipfile.ZipFile(io.BytesIO(TEMPLATE.render({"a": "x"}))) as archive:
        assert archive.namelist()[0] == "[Content_Types].xml"
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_tag_that_word_has_split_into_runs_is_one_tag() -> None:
    parts = unpack(build("Nội dung: a {{ ten }}{{ sai }}"))
    split = b'</w:t></w:r><w:proofErr w:type="spellStart"/><w:r><w:rPr><w:b/></w:rPr><w:t>'
    document = parts["word/document.xml"].replace(b"{{ ten }}", b"{" + split + b"{ te" + split + b"n }" + split + b"}")
    template = Template(pack({**parts, "word/document.xml": document}))
    assert "a Bình" in outline(template.render({"ten": "Bình", "sai": ""})).replace("**", "")
    with pytest.raises(TemplateInvalid) as caught:
        template.render({"ten": "Bình"})
    assert caught.value.report.problems[0].place.where == "đoạn 1"


def test_the_text_filters_are_there_as_filters_and_as_functions() -> None:
    assert printed("Nội dung: {{ n|hai_so }} {{ hai_so(n) }}", n=7) == "Nội dung: 07 07\n"


def test_a_function_may_be_called_inside_a_loop() -> None:
    source = "Nội dung: {%p for d in ds %}\nNội dung: {{ hai_so(d) }}\nNội dung: {%p endfor %}"
    assert outline(Template(build(source)).render({"ds": [1, 2]})) == "Nội dung: 01\nNội dung: 02\n"


def test_a_strict_open_xml_file_is_refused() -> None:
    parts = unpack(build("Nội dung: a"))
    strict = parts["word/document.xml"].replace(
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main", b"urn:strict"
    )
    with pytest.raises(TemplateInvalid, match="Strict"):
        Template(pack({**parts, "word/document.xml": strict}))


def with_member(name: str, data: bytes) -> bytes:
    return pack({**unpack(build("Nội dung: a")), name: data})


@pytest.mark.parametrize(
    ("docx", "code"),
    [
        (b"", "not_docx"),
        (b"PK\x03\x04 khong phai", "not_docx"),
        (pack({"a.txt": b"a"}), "not_docx"),
        (with_member("word/document.xml", b"<w:document"), "not_xml"),
        (with_member("word/vbaProject.bin", b"x"), "macro"),
        (with_member("word/a.xml", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"), "dtd"),
        (with_member("word/a.bin", bytes(60_000_000)), "too_large"),
        (
            with_member(
                "word/_rels/a.xml.rels",
                b'<R><R Type="a/attachedTemplate" Target="http://x" TargetMode="External"/></R>',
            ),
            "external_link",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_is_not_to_be_trusted_is_refused(docx: bytes, code: str) -> None:
    with pytest.raises(TemplateInvalid) as caught:
        Template(docx)
    assert caught.value.report.problems[0].code == code
