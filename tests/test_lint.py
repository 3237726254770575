"""Lint: each fault of a template is named at its place, before there is data; ours have none."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dvk_docs import cli
from dvk_docs.catalog import Catalog
from dvk_docs.errors import DvkError, Problem, TemplateInvalid
from dvk_docs.lint import annotate, fields, lint
from dvk_docs.lint.values import resolved
from dvk_docs.package import DOCUMENT, pack, unpack
from dvk_docs.template_source import build
from dvk_docs.templating import Template
from dvk_docs.testing import schema_faults

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "ten": {"title": "Tên", "type": "string"},
        "so": {"title": "Số", "type": ["integer", "null"]},
        "nhom": {"title": "Nhóm", "type": "object", "properties": {"ma": {"type": "string"}}},
        "ds": {
            "title": "Danh sách",
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "ho_ten": {"title": "Họ tên", "type": "string"},
                    "viec": {"title": "Việc", "type": "array", "items": {"type": "string"}},
                },
            },
        },
    },
}
ALL_USED = (
    "Nội dung: {{ ten }} {{ so }} {{ nhom.ma }}\n"
    "Nội dung: {% for d in ds %}{{ d.ho_ten }}{% for v in d.viec %}{{ v }}{% endfor %}{% endfor %}\n"
)
ROW = "@ bang: 1 2\n|| Ô: {%tr for d in ds %}\n|| Ô: a || Ô: {{ d.ho_ten }}\n|| Ô: {%tr endfor %}\n@ het\n"


def found(docx: bytes, schema: dict[str, Any] | None = None) -> list[tuple[str, str]]:
    return [(p.code, p.place.where) for p in lint(docx, schema)]


def text(*lines: str) -> bytes:
    """A template of these paragraphs."""
    return build("\n".join(f"Nội dung: {line}" for line in lines))


def changed(
    change: Callable[[str], str], source: str = "Nội dung: một\nNội dung: {{ ten }}", part: str = DOCUMENT
) -> bytes:
    """A template with one part rewritten."""
    parts = unpack(build(source))
    return pack({**parts, part: change(parts[part].decode("utf-8")).encode("utf-8")})


def in_paragraph_2(xml: str, source: str = "Nội dung: một\nNội dung: {{ ten }}") -> bytes:
    """A template with `xml` put at the end of its second paragraph."""

    def change(document: str) -> str:
        first = document.index("</w:p>") + 6
        second = document.index("</w:p>", first)
        return document[:second] + xml + document[second:]

    return changed(change, source)


def relation(kind: str, target: str) -> bytes:
    link = f'<Relationship Id="rIdX" Type="http://x/{kind}" Target="{target}" TargetMode="External"/>'
    end = "</Relationships>"
    return changed(lambda rels: rels.replace(end, link + end), part="word/_rels/document.xml.rels")


def member(name: str, data: bytes) -> bytes:
    return pack({**unpack(text("a")), name: data})


TWO_CELLS = "@ bang: 1 2\n|| Ô: {} || Ô: {}\n@ het\n"
NESTED = "<w:tbl><w:tblPr/><w:tblGrid><w:gridCol w:w='1'/></w:tblGrid><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>"


# --- tags that stop or spoil a render: one fault each ---------------------------------------------------------------

BROKEN: dict[str, tuple[bytes, str, str]] = {
    "a loop without an end": (text("a", "{%p for d in ds %}", "{{ d }}"), "block_not_closed", "đoạn 2"),
    "a condition without an end": (text("{% if a %}x"), "block_not_closed", "đoạn 1"),
    "an end without a start": (text("a", "b", "{%p endfor %}"), "block_not_opened", "đoạn 3"),
    "crossing blocks": (
        text("{%p for d in ds %}", "{%p if d %}", "a", "{%p endfor %}", "{%p endif %}"),
        "block_crosses",
        "đoạn 5",
    ),
    "a paragraph loop ended as a row": (
        build("@ bang: 1\n|| Ô: {%p for d in ds %} ¶ Ô: a\n|| Ô: {%tr endfor %}\n@ het"),
        "block_mixed",
        "bảng 1, hàng 2, ô 1",
    ),
    "a row loop ended as a paragraph": (
        build("@ bang: 1\n|| Ô: {%tr for d in ds %}\n|| Ô: a\n@ het\nNội dung: {%p endfor %}"),
        "block_mixed",
        "đoạn 1",
    ),
    "an inline condition ended as a paragraph": (text("{% if a %}b", "{%p endif %}"), "block_mixed", "đoạn 2"),
    "an else of another level": (text("{%p if a %}", "b {% else %}", "{%p endif %}"), "block_mixed", "đoạn 2"),
    "a loop over the edge of a cell": (
        build(TWO_CELLS.format("{% for d in ds %}a", "b{% endfor %}")),
        "block_crosses_cells",
        "bảng 1, hàng 1, ô 2",
    ),
    "paragraph tags in two cells": (
        build(TWO_CELLS.format("{%p if a %} ¶ Ô: b", "{%p endif %} ¶ Ô: c")),
        "block_crosses_cells",
        "bảng 1, hàng 1, ô 2",
    ),
    "a row loop over two tables": (
        build(
            "@ bang: 1\n|| Ô: {%tr if a %}\n|| Ô: b\n@ het\nNội dung: c\n@ bang: 1\n|| Ô: d\n|| Ô: {%tr endif %}\n@ het"
        ),
        "block_crosses_cells",
        "bảng 2, hàng 2, ô 1",
    ),
    "an else outside": (text("a", "{% else %}"), "else_outside", "đoạn 2"),
    "an elif in a loop": (text("{% for a in b %}c{% elif d %}e{% endfor %}"), "else_outside", "đoạn 1"),
    "two elses": (text("{% if a %}b{% else %}c{% else %}d{% endif %}"), "else_twice", "đoạn 1"),
    "a row tag with other words in its row": (
        build("@ bang: 1 2\n|| Ô: {%tr if a %} || Ô: mất\n|| Ô: b || Ô: c\n|| Ô: {%tr endif %} || Ô:\n@ het"),
        "row_not_alone",
        "bảng 1, hàng 1, ô 1",
    ),
    "a paragraph tag with other words": (text("mất {%p if a %}", "b", "{%p endif %}"), "paragraph_not_alone", "đoạn 1"),
    "a cell tag with other words": (
        build("@ bang: 1 2 3\n|| Ô: {%tc if a %} mất || Ô: b || Ô: {%tc endif %}\n@ het"),
        "cell_not_alone",
        "bảng 1, hàng 1, ô 1",
    ),
    "a row tag outside a table": (text("a", "{%tr if a %}", "{%tr endif %}"), "outside_table", "đoạn 2"),
    "a merge tag outside a table": (text("{% vm %}"), "outside_table", "đoạn 1"),
    "a print without an expression": (text("a", "{{ }}"), "tag_syntax", "đoạn 2"),
    "two names side by side": (text("{{ a b }}"), "tag_syntax", "đoạn 1"),
    "a bracket that stays open": (text("a", "{{ (a }}"), "tag_syntax", "đoạn 2"),
    "a loop without in": (text("{%p for d ds %}", "a", "{%p endfor %}"), "tag_syntax", "đoạn 1"),
    "an end with too many words": (text("{% if a %}b{% endif a %}"), "tag_syntax", "đoạn 1"),
    "an empty command": (text("{% %}"), "tag_syntax", "đoạn 1"),
    "an unknown command": (text("a", "{% fro d in ds %}"), "unknown_word", "đoạn 2"),
    "a prefix stuck to its word": (text("a", "{%pfor d in ds %}"), "unknown_word", "đoạn 2"),
    "a prefix with a space before it": (text("{% p set a = 1 %}"), "tag_prefix", "đoạn 1"),
    "a filter with an argument too few": (text("a", "{{ ten|replace('a') }}"), "wrong_arguments", "đoạn 2"),
    "a filter with arguments it does not take": (text("{{ ten|upper(1, 2) }}"), "wrong_arguments", "đoạn 1"),
    "a filter with an argument of another name": (text("{{ so|hai_so(rong=3) }}"), "wrong_arguments", "đoạn 1"),
    "a function without its argument": (text("{{ hai_so() }}"), "wrong_arguments", "đoạn 1"),
    "the loop outside of a loop": (text("a", "{{ loop.index }}"), "loop_outside", "đoạn 2"),
    "a vertical merge outside of a loop": (
        build(TWO_CELLS.format("{% vm %}a", "b")),
        "loop_outside",
        "bảng 1, hàng 1, ô 1",
    ),
    "a comment over two paragraphs": (text("a {# b", "c {{ ten }} #} d"), "tag_split", "đoạn 1"),
    "an unknown filter": (text("a", "{{ a|ngay_sso }}"), "unknown_filter", "đoạn 2"),
    "an unknown test": (text("{{ 'x' if a is co else '' }}"), "unknown_test", "đoạn 1"),
    "an unknown function": (text("{{ ngay_dia(a) }}"), "unknown_function", "đoạn 1"),
    "a tag without a close": (text("a", "{{ ten"), "tag_open", "đoạn 2"),
    "a tag closed by one brace": (text("{{ ten }"), "tag_open", "đoạn 1"),
    "a tag without an opening": (text("a", "ten }}"), "tag_close", "đoạn 2"),
    "a tag over two paragraphs": (text("a", "{{ ten", "|hoa }} b"), "tag_split", "đoạn 2"),
    "a dash that takes words away": (text("a", "b {%- if c %}d{% endif %}"), "dash_loses", "đoạn 2"),
    "an include": (text("{% include 'a.docx' %}"), "tag_refused", "đoạn 1"),
    "an import": (text("a", "{% import 'a' as b %}"), "tag_refused", "đoạn 2"),
    "an extends": (text("{% extends 'a' %}"), "tag_refused", "đoạn 1"),
    "a private attribute": (text("a", "{{ ''.__class__ }}"), "tag_refused", "đoạn 2"),
    "a private key": (text("{{ a['__init__'] }}"), "tag_refused", "đoạn 1"),
    "a private attribute by a filter": (text("{{ a|attr('__class__') }}"), "tag_refused", "đoạn 1"),
    "a tower of loops": (text("{% for a in b %}" * 30 + "{{ a }}" + "{% endfor %}" * 30), "too_deep", "đoạn 1"),
    "a name of a thousand parts": (text("{{ a" + ".b" * 1500 + " }}"), "tag_syntax", "đoạn 1"),
    "a thousand negations": (text("{{ " + "not " * 900 + "a }}"), "tag_syntax", "đoạn 1"),
    "a thousand brackets": (text("{{ " + "(" * 1000 + "a" + ")" * 1000 + " }}"), "tag_syntax", "đoạn 1"),
    "a private key put together": (text("{{ a['__cla' ~ 'ss__'] }}"), "tag_refused", "đoạn 1"),
    "a private attribute in a format": (text("{{ '{0.__class__}'.format(a) }}"), "tag_refused", "đoạn 1"),
    "a private attribute of rows": (text("{{ a|map('attr', 'b')|join }}"), "tag_refused", "đoạn 1"),
    "an inside of python": (text("{{ a.gi_frame.f_back }}"), "tag_refused", "đoạn 1"),
    "an unknown filter handed to map": (text("{{ a|map('khong')|join }}"), "unknown_filter", "đoạn 1"),
    "an unknown test handed to a selection": (text("{{ a|selectattr('b', 'la')|join }}"), "unknown_test", "đoạn 1"),
    "a fault in the page head": (
        changed(lambda x: x.replace("</w:p>", "<w:r><w:t>{{ a b }}</w:t></w:r></w:p>", 1), part="word/header1.xml"),
        "tag_syntax",
        "đoạn 1",
    ),
    "a fault in a property of the file": (
        changed(
            lambda x: re.sub(r"<dc:title>.*?</dc:title>", "<dc:title>{{ a b }}</dc:title>", x), part="docProps/core.xml"
        ),
        "tag_syntax",
        "thuộc tính title",
    ),
    "a list printed": (text("{{ [1, 2] }}"), "not_text", "đoạn 1"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_template_is_named_at_its_place(name: str) -> None:
    docx, code, where = BROKEN[name]
    report = lint(docx)
    assert (code, where) in [(p.code, p.place.where) for p in report.errors]
    assert {p.code for p in report.errors} == {code}
    assert not report.ok


# --- names against the schema ---------------------------------------------------------------------------------------

MISNAMED: dict[str, tuple[str, str, str]] = {
    "an unknown name": ("{{ tem }}", "unknown_name", "ten"),
    "an unknown field of a row": ("{% for d in ds %}{{ d.ho_tem }}{% endfor %}", "unknown_name", "ho_ten"),
    "an unknown field of a group": ("{{ nhom.mã }}", "unknown_name", "ma"),
    "a row outside its loop": ("{% for d in ds %}{% endfor %}{{ d.ho_ten }}", "unknown_name", ""),
    "a field of a list": ("{{ ds.ho_ten }}", "unknown_name", "{%p for"),
    "an unknown list": ("{% for d in dss %}a{% endfor %}", "unknown_name", "ds"),
    "an unknown field in a condition": ("{% if tenn %}a{% endif %}", "unknown_name", "ten"),
    "an unknown field in a filter": ("{{ ds|map(attribute='ho')|join }}", "unknown_name", ""),
    "an unknown field in a selection": ("{{ ds|selectattr('ho_te')|list|length }}", "unknown_name", "ho_ten"),
    "an unknown field of the inner row": (
        "{% for d in ds %}{% for v in d.viecs %}{{ v }}{% endfor %}{% endfor %}",
        "unknown_name",
        "viec",
    ),
    "an unknown word of the loop": ("{% for d in ds %}{{ loop.chi_so }}{% endfor %}", "unknown_name", ""),
    "an unknown fixed word": ("{{ tt.kinh_trin }}", "unknown_name", "kinh_trinh"),
    "a list printed whole": ("{{ ds }}", "not_text", "{%p for"),
    "a group printed whole": ("{{ nhom }}", "not_text", ""),
    "a list of texts printed whole": ("{% for d in ds %}{{ d.viec or '' }}{% endfor %}", "not_text", ""),
    "a loop over a text": ("{% for c in ten %}{{ c }}{% endfor %}", "not_a_list", ""),
    "a loop over a number": ("{% for c in so %}{{ c }}{% endfor %}", "not_a_list", ""),
}


@pytest.mark.parametrize("name", MISNAMED)
def test_a_name_that_the_schema_lacks_is_named_with_the_nearest(name: str) -> None:
    tag, code, hint = MISNAMED[name]
    report = lint(build(f"{ALL_USED}Nội dung: {tag}"), SCHEMA)
    assert {(p.code, p.place.where) for p in report.errors} == {(code, "đoạn 3")}
    assert hint in report.errors[0].hint


@pytest.mark.parametrize(
    "tag",
    [
        "{% for d in ds|selectattr('viec')|sort(attribute='ho_ten') %}{{ loop.index }}{{ d.stt }}{% endfor %}",
        "{% for a, b in ds|groupby('ho_ten') %}{{ a }}{% for d in b %}{{ d.ho_ten }}{% endfor %}{% endfor %}",
        "{% set dau = ds|first %}{{ dau.ho_ten }}{{ ds[0].ho_ten }}",
        "{% if so is none %}a{% elif so > 3 %}b{% else %}c{% endif %}",
        "{% with d = ds|last %}{{ d.ho_ten }}{% endwith %}",
        "{% macro o(x) %}{{ x }}{% endmacro %}{{ o(ten) }}",
        "{{ ds|map(attribute='ho_ten')|join(', ') }} {{ tt.kinh_trinh }} {{ ten.upper() }} {{ 'x' if ds else '' }}",
        "{% for i in range(3) %}{{ i }}{% endfor %}{{ (ds|length or None)|hai_so }}",
        "{% raw %}{{ khong_phai_the }}{% endraw %}",
        "{# một lời nhắc {{ khong_phai_the } #}",
        "{{ ten|default('') }}{{ nhom['ma'] }}",
    ],
)
def test_names_are_followed_through_scopes(tag: str) -> None:
    assert found(build(f"{ALL_USED}Nội dung: {tag}"), SCHEMA) == []


def test_a_name_that_is_only_asked_for_is_a_warning() -> None:
    report = lint(build(f"{ALL_USED}Nội dung: {{% if cu is defined %}}a{{% endif %}}"), SCHEMA)
    assert [(p.code, p.severity) for p in report] == [("unknown_name", "canh_bao")]


def test_fields_that_no_tag_reads_are_told_by_their_pointer() -> None:
    report = lint(build("Nội dung: {{ ten }}\nNội dung: {% for d in ds %}{{ d.ho_ten }}{% endfor %}"), SCHEMA)
    assert [(p.place.pointer, p.severity) for p in report] == [
        ("/so", "thong_tin"),
        ("/nhom", "thong_tin"),
        ("/ds/*/viec", "thong_tin"),
    ]


def test_a_field_that_a_derived_field_reads_is_used() -> None:
    schema = {
        "type": "object",
        "properties": {
            "a": {"type": "string"},
            "b": {"type": "string", "x-suy-ra": "a ~ '.'"},
            "c": {"type": "string", "x-suy-ra": "b|hoa"},
            "d": {"type": "string"},
        },
    }
    assert [p.place.pointer for p in lint(text("{{ c }}"), schema)] == ["/d"]


def test_a_derived_list_has_the_rows_that_it_is_made_of() -> None:
    properties = {**SCHEMA["properties"], "chon": {"type": "array", "x-suy-ra": "ds|selectattr('viec')|list"}}
    schema = {**SCHEMA, "properties": properties}
    tag = "{% for c in chon %}{{ c.ho_ten }}{{ c.ho_tem }}{% endfor %}"
    assert found(build(f"{ALL_USED}Nội dung: {tag}"), schema) == [("unknown_name", "đoạn 3")]


def test_a_schema_with_definitions_and_choices_is_followed() -> None:
    schema = {
        "$defs": {"dong": {"type": "object", "properties": {"ten": {"type": "string"}}}},
        "type": "object",
        "properties": {
            "ds": {"type": "array", "items": {"$ref": "#/$defs/dong"}},
            "n": {"anyOf": [{"type": "null"}, {"$ref": "#/$defs/dong"}]},
        },
    }
    docx = text("{% for d in ds %}{{ d.ten }}{{ d.sai }}{% endfor %}", "{{ n.ten }}{{ n.sai }}")
    assert found(docx, schema) == [("unknown_name", "đoạn 1"), ("unknown_name", "đoạn 2")]


# --- risks ----------------------------------------------------------------------------------------------------------

RUN = "<w:r><w:t>a</w:t></w:r>"
FIELD = (
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>{}</w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
)
RISKY: dict[str, tuple[bytes, str, str]] = {
    "tracked insertion": (in_paragraph_2(f'<w:ins w:id="1" w:author="a">{RUN}</w:ins>'), "tracked_change", "đoạn 2"),
    "tracked deletion": (
        in_paragraph_2('<w:del w:id="1" w:author="a"><w:r><w:delText>a</w:delText></w:r></w:del>'),
        "tracked_change",
        "đoạn 2",
    ),
    "a comment": (in_paragraph_2('<w:r><w:commentReference w:id="0"/></w:r>'), "comment", "đoạn 2"),
    "a bound content control": (
        in_paragraph_2(
            f'<w:sdt><w:sdtPr><w:dataBinding w:xpath="/a"/></w:sdtPr><w:sdtContent>{RUN}</w:sdtContent></w:sdt>'
        ),
        "bound_control",
        "đoạn 2",
    ),
    "kerning": (in_paragraph_2('<w:r><w:rPr><w:kern w:val="2"/></w:rPr><w:t>a</w:t></w:r>'), "kern", "đoạn 2"),
    "an embedded object": (in_paragraph_2("<w:r><w:object/></w:r>"), "embedded_object", "đoạn 2"),
    "a field that includes a file": (
        in_paragraph_2(FIELD.format(' INCLUDETEXT "c:/a.docx"')),
        "field_outside",
        "đoạn 2",
    ),
    "a field of a mail merge": (in_paragraph_2('<w:fldSimple w:instr=" MERGEFIELD ten "/>'), "merge_field", "đoạn 2"),
    "a dde field": (in_paragraph_2(FIELD.format("DDEAUTO c:/cmd.exe")), "field_outside", "đoạn 2"),
    "a simple field that links": (in_paragraph_2('<w:fldSimple w:instr="LINK a"/>'), "field_outside", "đoạn 2"),
    "a tag in a property": (in_paragraph_2('<w:bookmarkStart w:id="1" w:name="{{ a }}"/>'), "tag_hidden", "đoạn 2"),
    "another document inside": (
        changed(lambda x: x.replace("<w:sectPr", "<w:altChunk/><w:sectPr", 1)),
        "alt_chunk",
        "",
    ),
    "a single brace": (text("a", "{ ten }"), "brace_single", "đoạn 2"),
    "an empty loop": (text("{% for d in ds %} {% endfor %}"), "empty_loop", "đoạn 1"),
    "an empty loop of paragraphs": (text("a", "{%p for d in ds %}", "{%p endfor %}"), "empty_loop", "đoạn 2"),
    "an empty loop of rows": (
        build("@ bang: 1\n|| Ô: a\n|| Ô: {%tr for d in ds %}\n|| Ô: {%tr endfor %}\n@ het"),
        "empty_loop",
        "bảng 1, hàng 2, ô 1",
    ),
    "a condition over two paragraphs": (text("a{% if b %}c", "d{% endif %}"), "block_spans_paragraphs", "đoạn 2"),
    "cells repeated": (
        build("@ bang: 1 2 3\n|| Ô: {%tc for d in ds %} || Ô: {{ d }} || Ô: {%tc endfor %}\n@ het"),
        "cells_repeated",
        "bảng 1, hàng 1, ô 1",
    ),
    "a row short of a cell": (
        changed(lambda x: x.replace("<w:tblGrid>", '<w:tblGrid><w:gridCol w:w="9"/>', 1), ROW),
        "grid_mismatch",
        "bảng 1, hàng 2",
    ),
    "a table without a grid": (
        changed(lambda x: x[: x.index("<w:tblGrid>")] + x[x.index("</w:tblGrid>") + 12 :], ROW),
        "grid_missing",
        "bảng 1",
    ),
    "two tables in touch": (
        changed(lambda x: x.replace("</w:tbl>", f"</w:tbl>{NESTED}", 1), ROW),
        "tables_joined",
        "bảng 2",
    ),
    "a tag paragraph between two tables": (
        changed(
            lambda x: x.replace("</w:tbl>", "</w:tbl><w:p><w:r><w:t>{%p set a = 1 %}</w:t></w:r></w:p>" + NESTED, 1),
            ROW,
        ),
        "tables_joined",
        "bảng 2",
    ),
    "a table repeated with nothing between": (
        changed(
            lambda x: x.replace(
                "<w:sectPr",
                "<w:p><w:r><w:t>{%p for d in ds %}</w:t></w:r></w:p>"
                + NESTED
                + "<w:p><w:r><w:t>{%p endfor %}</w:t></w:r></w:p><w:p/><w:sectPr",
                1,
            )
        ),
        "tables_joined",
        "đoạn 3",
    ),
    "a tag in a part that is not rendered": (
        member("word/charts/chart1.xml", b"<c>{{ a }}</c>"),
        "tag_unmerged",
        "",
    ),
    "an embedded workbook": (member("word/embeddings/a.xlsx", b"x"), "embedded_object", ""),
    "mail merge": (
        changed(lambda x: x.replace("<w:compat>", "<w:mailMerge/><w:compat>", 1), part="word/settings.xml"),
        "mail_merge",
        "",
    ),
}


@pytest.mark.parametrize("name", RISKY)
def test_a_risk_is_a_warning_at_its_place(name: str) -> None:
    docx, code, where = RISKY[name]
    report = lint(docx)
    assert [(p.code, p.place.where, p.severity) for p in report] == [(code, where, "canh_bao")]


REFUSED: dict[str, tuple[bytes, str]] = {
    "no archive": (b"khong phai", "not_docx"),
    "no document": (pack({"a.txt": b"a"}), "not_docx"),
    "broken XML": (member(DOCUMENT, b"<w:document"), "not_xml"),
    "a macro": (member("word/vbaProject.bin", b"x"), "macro"),
    "entities": (member("word/a.xml", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"), "dtd"),
    "an attached template": (relation("attachedTemplate", "http://x/a.dotx"), "attached_template"),
    "a picture by link": (relation("image", "http://x/a.png"), "external_link"),
    "an archive that swells": (member("word/a.bin", bytes(60_000_000)), "too_large"),
    "strict open xml": (
        changed(lambda x: x.replace("http://schemas.openxmlformats.org/wordprocessingml/2006/main", "urn:strict")),
        "strict_docx",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_is_not_to_be_trusted_is_an_error(name: str) -> None:
    docx, code = REFUSED[name]
    assert [(p.code, p.severity) for p in lint(docx)] == [(code, "loi")]


def test_a_refused_file_still_shows_its_other_faults() -> None:
    parts = unpack(text("{{ a b }}"))
    docx = pack({**parts, "word/vbaProject.bin": b"x"})
    assert {p.code for p in lint(docx)} == {"macro", "tag_syntax"}


def test_all_faults_come_at_once_in_the_order_of_the_document() -> None:
    docx = text("{{ a b }}", "{{ a|khong }}", "{%p for d in ds %}", "{{ x", "{{ tem }}")
    assert found(docx, {"type": "object", "properties": {}, "additionalProperties": False}) == [
        ("tag_syntax", "đoạn 1"),
        ("unknown_filter", "đoạn 2"),
        ("unknown_name", "đoạn 2"),
        ("block_not_closed", "đoạn 3"),
        ("unknown_name", "đoạn 3"),
        ("tag_open", "đoạn 4"),
        ("unknown_name", "đoạn 5"),
    ]


def test_curly_quotes_in_a_tag_are_only_told() -> None:
    report = lint(text("{{ a or “x” }}"))
    assert [(p.code, p.severity) for p in report] == [("smart_quotes", "thong_tin")]


def test_a_template_that_word_has_split_into_runs_is_read_whole() -> None:
    document = Document()
    paragraph = document.add_paragraph("a ")
    for piece in ("{", "{ te", "n|kho", "ng }", "}"):
        paragraph.add_run(piece).bold = True
    out = io.BytesIO()
    document.save(out)
    assert ("unknown_filter", "đoạn 1") in found(out.getvalue())


# --- our own --------------------------------------------------------------------------------------------------------


OURS = [(kind, he) for kind in Catalog().kinds() for he in Catalog().systems(kind)]


@pytest.mark.parametrize(("kind", "he"), OURS)
def test_our_own_templates_have_no_fault(kind: str, he: str, catalog: Catalog) -> None:
    docx = catalog.template_bytes(kind, he)
    assert [str(p) for p in lint(docx, catalog.kind_schema(kind)) if p.severity != "thong_tin"] == []
    assert [str(p) for p in lint(docx)] == []


@pytest.mark.parametrize(("kind", "he"), OURS)
def test_our_own_templates_need_only_what_their_schema_has(kind: str, he: str, catalog: Catalog) -> None:
    schema = catalog.kind_schema(kind)
    assert _beyond(fields(catalog.template_bytes(kind, he)), schema, schema) <= {"/tt"}


def _beyond(needed: dict[str, Any], schema: dict[str, Any], root: dict[str, Any], path: str = "") -> set[str]:
    """The pointers of fields that `needed` has and `schema` has not."""
    out: set[str] = set()
    schema = dict(resolved(schema, root))
    for name, part in needed.get("properties", {}).items():
        own = schema.get("properties", {}).get(name)
        out |= {f"{path}/{name}"} if own is None else _beyond(part, own, root, f"{path}/{name}")
    if "items" in needed and "items" in schema:
        out |= _beyond(needed["items"], schema.get("items", {}), root, path)
    return out


# --- what a template needs ------------------------------------------------------------------------------------------


def test_the_needs_are_nested_as_the_template_uses_them() -> None:
    source = (
        "Nội dung: {{ ten }} {{ ngay|ngay_so }} {{ so|hai_so }} {{ nhom.ma }} {% set x = 1 %}{{ x }}\n"
        "Nội dung: {% if ghi_chu %}{{ ghi_chu }}{% endif %}{{ 'a' if la_nu else 'b' }}\n" + ROW
    )
    assert fields(build(source)) == {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": {
            "ten": {"type": "string"},
            "ngay": {"type": "string", "format": "date"},
            "so": {"type": "integer"},
            "nhom": {"type": "object", "properties": {"ma": {"type": "string"}}, "required": ["ma"]},
            "ghi_chu": {"type": "string", "x-co-the-trong": True},
            "la_nu": {"x-co-the-trong": True},
            "ds": {
                "type": "array",
                "items": {"type": "object", "properties": {"ho_ten": {"type": "string"}}, "required": ["ho_ten"]},
            },
        },
        "required": ["ten", "ngay", "so", "nhom", "ds"],
    }


def test_a_loop_inside_a_loop_is_a_list_inside_a_list() -> None:
    docx = text("{% for d in ds %}{{ loop.index }}{% for v in d.viec if v.xong %}{{ v.ten }}{% endfor %}{% endfor %}")
    rows = fields(docx)["properties"]["ds"]["items"]
    assert rows["properties"]["viec"]["items"]["properties"] == {
        "xong": {"x-co-the-trong": True},
        "ten": {"type": "string"},
    }


def test_the_needs_of_a_file_that_is_no_docx_are_refused() -> None:
    with pytest.raises(TemplateInvalid):
        fields(b"x")


# --- comments in Word -----------------------------------------------------------------------------------------------

FAULTY = ROW.replace("d.ho_ten", "d.ho_tem") + "Nội dung: {{ tem }}\nNội dung: {{ a b }}"


def comments_of(docx: bytes) -> list[str]:
    return [c.text for c in Document(io.BytesIO(docx)).comments]


def test_each_fault_is_a_comment_of_dvk_at_its_paragraph() -> None:
    docx = build(FAULTY)
    report = lint(docx, SCHEMA)
    marked = annotate(docx, report)
    assert len(comments_of(marked)) == len(report.errors) + 1  # and one for what stands nowhere: the unused fields
    assert {c.author for c in Document(io.BytesIO(marked)).comments} == {"dvk"}
    cell = Document(io.BytesIO(marked)).tables[0].rows[1].cells[1]
    assert cell.paragraphs[0]._p.xpath("./w:commentRangeStart")
    assert schema_faults(marked) == []


def test_annotating_again_replaces_the_comments() -> None:
    docx = build(FAULTY)
    report = lint(docx, SCHEMA)
    once = annotate(docx, report)
    assert comments_of(annotate(once, report)) == comments_of(once)


def test_comments_of_an_earlier_run_are_one_warning() -> None:
    docx = build(FAULTY)
    marked = annotate(docx, lint(docx))
    assert [str(p.place) for p in lint(marked) if p.code == "comment"] == ["word/comments.xml"]


def test_comments_of_others_are_kept() -> None:
    document = Document(io.BytesIO(build(FAULTY)))
    document.add_comment(document.paragraphs[-1].runs, text="Ý kiến của văn phòng", author="Lan")
    out = io.BytesIO()
    document.save(out)
    assert "Ý kiến của văn phòng" in comments_of(annotate(out.getvalue(), lint(out.getvalue())))


def test_the_same_report_gives_the_same_bytes() -> None:
    docx = build(FAULTY)
    assert annotate(docx, lint(docx)) == annotate(docx, lint(docx))


def test_an_annotated_template_still_renders() -> None:
    docx = build(ROW + "Nội dung: {{ ten }}\nNội dung: { ten }")
    marked = annotate(docx, lint(docx))
    assert len(comments_of(marked)) == 1
    assert schema_faults(Template(marked).render({"ds": [{"ho_ten": "Lan"}], "ten": "a"})) == []


@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice")
def test_an_annotated_template_opens_in_an_office_program(tmp_path: Path) -> None:
    docx = build(FAULTY)
    (tmp_path / "mau.docx").write_bytes(annotate(docx, lint(docx, SCHEMA)))
    home = f"-env:UserInstallation=file://{tmp_path}/lo"
    command = [
        "soffice",
        home,
        "--headless",
        "--convert-to",
        "odt",
        "--outdir",
        str(tmp_path),
        str(tmp_path / "mau.docx"),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    import zipfile

    with zipfile.ZipFile(tmp_path / "mau.odt") as archive:
        assert archive.read("content.xml").count(b"<office:annotation ") == len(lint(docx, SCHEMA).errors) + 1


# --- whatever the file ----------------------------------------------------------------------------------------------

WHOLE = build(ALL_USED + ROW + "Nội dung: {% if so %}a{% else %}b{% endif %} {# c #}")
MEMBERS = unpack(WHOLE)
PIECES = [
    "{{",
    "}}",
    "{%",
    "%}",
    "{%p for a in b %}",
    "{%tr endfor %}",
    "{% endif %}",
    "</w:p><w:p>",
    "<w:tbl>",
    "</w:tc>",
    "|",
    "(",
    "'",
]


def never_fails(docx: bytes) -> None:
    """Lint, fields and annotate give an answer or a `DvkError`."""
    problems: list[Problem] = list(lint(docx, SCHEMA))
    try:
        fields(docx)
        annotate(docx, lint(docx, SCHEMA))
    except DvkError:
        assert problems


slow = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@slow
@given(st.data())
def test_any_change_of_the_bytes_is_an_answer(data: st.DataObject) -> None:
    raw = bytearray(WHOLE)
    for _ in range(data.draw(st.integers(1, 8))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(len(raw) // 2, len(raw)))
    never_fails(bytes(raw[:cut]))


@slow
@given(
    st.sampled_from([DOCUMENT, "word/header1.xml", "word/_rels/document.xml.rels", "[Content_Types].xml"]), st.data()
)
def test_any_change_of_a_part_is_an_answer(name: str, data: st.DataObject) -> None:
    xml = MEMBERS[name].decode("utf-8")
    for _ in range(data.draw(st.integers(1, 4))):
        at, length = data.draw(st.integers(0, len(xml))), data.draw(st.integers(0, 12))
        xml = xml[:at] + data.draw(st.sampled_from(PIECES) | st.text(max_size=6)) + xml[at + length :]
    never_fails(pack({**MEMBERS, name: xml.encode("utf-8", "replace")}))


@slow
@given(st.lists(st.text("{}%# pfortdeni=|.'\"()[]_a1“”-", max_size=30), max_size=6))
def test_any_text_of_paragraphs_is_an_answer(lines: list[str]) -> None:
    document = Document()
    for line in lines:
        document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    never_fails(out.getvalue())


# --- what passes can be rendered ------------------------------------------------------------------------------------

WORDS = ["chữ", "{{ a }}", "{% if a %}x{% else %}y{% endif %}", "{% for d in ds %}{{ d.ten }}{% endfor %}", "{#p c #}"]


def _wrapped(level: str, inner: st.SearchStrategy[list[str]]) -> st.SearchStrategy[list[str]]:
    """Lines in a condition or a loop of a level."""
    words = st.sampled_from(["if a", "for d in ds"])
    return st.builds(
        lambda word, lines: [f"{{%{level} {word} %}}", *lines, f"{{%{level} end{word.split()[0]} %}}"], words, inner
    )


def _flat(found: list[list[str]]) -> list[str]:
    return [line for lines in found for line in lines]


PARAGRAPHS = st.recursive(
    st.sampled_from(WORDS).map(lambda line: [line]),
    lambda more: _wrapped("p", more) | st.lists(more, min_size=1, max_size=2).map(_flat),
    max_leaves=4,
)
ROWS = st.recursive(
    PARAGRAPHS.map(lambda lines: [" ¶ Ô: ".join(lines)]), lambda more: _wrapped("tr", more), max_leaves=2
).map(lambda lines: ["@ bang: 1", "|| Ô: đầu", *(f"|| Ô: {line}" for line in lines), "@ het"])
LINES = st.lists(PARAGRAPHS | ROWS, min_size=1, max_size=3).map(_flat)


def _source(lines: list[str]) -> str:
    return "\n".join(line if line.startswith(("@", "||")) else f"Nội dung: {line}" for line in lines)


def _renders(docx: bytes) -> None:
    for rows in (0, 2):
        for a in ("", "x"):
            made = Template(docx).render({"a": a, "ds": [{"ten": "t"}] * rows, "d": {"ten": "t"}})
            assert [fault for fault in schema_faults(made) if "thứ tự" in fault or " đứng trong " in fault] == []


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(LINES)
def test_a_template_with_whole_blocks_has_no_error_and_renders(lines: list[str]) -> None:
    docx = build(_source(lines))
    assert lint(docx).ok
    _renders(docx)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(LINES, st.data())
def test_a_template_with_a_line_lost_or_moved_is_named_or_renders(lines: list[str], data: st.DataObject) -> None:
    moved = lines.pop(data.draw(st.integers(0, len(lines) - 1)))
    if data.draw(st.booleans()):
        lines.insert(data.draw(st.integers(0, len(lines))), moved)
    try:
        docx = build(_source(lines))
    except TemplateInvalid:
        return
    if lint(docx).ok:
        _renders(docx)


# --- the command line -----------------------------------------------------------------------------------------------


def test_lint_says_each_fault_and_ends_with_4(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, marked = tmp_path / "mau.docx", tmp_path / "da-soat.docx"
    file.write_bytes(text("{{ nam }}", "{{ khong_co }}"))
    status = cli.run(["template", "lint", str(file), "--kind", "trich-ngang", "-o", str(marked), "--json"])
    answer = json.loads(capsys.readouterr().out)
    assert status == 4
    assert [(p["code"], p["place"]["where"]) for p in answer["problems"] if p["severity"] == "loi"] == [
        ("unknown_name", "đoạn 2")
    ]
    assert "Tên “khong_co”" in "".join(comments_of(marked.read_bytes()))


def test_lint_of_a_good_template_ends_with_0(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "mau.docx"
    file.write_bytes(text("{{ ten }}"))
    assert cli.run(["template", "lint", str(file)]) == 0
    assert capsys.readouterr().out == "Không có lỗi.\n"


def test_fields_are_said_nested_or_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "mau.docx"
    file.write_bytes(build(ROW))
    assert cli.run(["template", "fields", str(file)]) == 0
    assert capsys.readouterr().out == "ds: danh sách\n    ho_ten: chữ\n"
    assert cli.run(["template", "fields", str(file), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["required"] == ["ds"]


def test_a_template_that_is_not_there_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["template", "lint", str(tmp_path / "a.docx")]) == 3
    assert "không có" in capsys.readouterr().err
