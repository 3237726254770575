"""An error while a template runs names its tag, where that stands, and the row of each loop around it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import docx
import pytest

from dvk_docs.errors import Problem, TemplateInvalid
from dvk_docs.template_source import build
from dvk_docs.templating import Template

TABLE = "@ bang: 1 1\n|| Ô: {%tr for d in ds %}\n|| Ô: {{ d.so }} || Ô: {{ TAG }}\n|| Ô: {%tr endfor %}\n@ het"
PARAGRAPHS = "Nội dung: {%p for d in ds %}\nNội dung: {{ d.so }}: {{ TAG }}\nNội dung: {%p endfor %}"
BROKEN = {  # a tag, and what the 47th row holds so that it fails there and nowhere else
    "a missing key": ("d.ten", {"so": 47}),
    "a missing key in a filter": ("d.ten|upper", {"so": 47}),
    "a missing key of a record in a record": ("d.ten.ho", {"so": 47, "ten": {"dem": "x"}}),
    "a filter that fails": ("d.ten|hai_so", {"so": 47, "ten": "không phải số"}),
    "a function that fails": ("hai_so(d.ten)", {"so": 47, "ten": "không phải số"}),
    "a sum that fails": ("1 + d.ten", {"so": 47, "ten": "chữ"}),
    "a division by nothing": ("1 // d.ten", {"so": 47, "ten": 0}),
    "a list for a text": ("d.ten", {"so": 47, "ten": ["a"]}),
    "a filter of Jinja that fails": ("d.ten|round(2)", {"so": 47, "ten": "chữ"}),
    "a missing part of a joined text": ("d.ten ~ d.khong", {"so": 47, "ten": "a"}),
}
RIGHT = {"d.ten.ho": {"ten": {"ho": "a"}}, "d.ten ~ d.khong": {"ten": "a", "khong": "b"}}


def rows(tag: str, bad: dict[str, Any]) -> Iterator[dict[str, Any]]:
    number = any(mark in tag for mark in ("hai_so", "+", "//", "round"))
    for n in range(1, 101):
        yield bad if n == 47 else {"so": n, **RIGHT.get(tag, {"ten": 7 if number else "tên"})}


def problem(source: str | bytes, context: dict[str, Any]) -> Problem:
    with pytest.raises(TemplateInvalid) as caught:
        Template(build(source) if isinstance(source, str) else source).render(context)
    (found,) = caught.value.report.problems
    return found


@pytest.mark.parametrize("name", BROKEN)
@pytest.mark.parametrize(
    "source,where", [(TABLE, "bảng 1, hàng 2, ô 2"), (PARAGRAPHS, "đoạn 2")], ids=["table", "paragraphs"]
)
def test_what_fails_in_the_47th_row_is_named_with_its_row(name: str, source: str, where: str) -> None:
    tag, bad = BROKEN[name]
    found = problem(source.replace("TAG", tag), {"ds": list(rows(tag, bad))})
    kind = "tr" if source == TABLE else "p"
    assert (found.place.part, found.place.where) == ("word/document.xml", where)
    assert tag in found.place.words
    assert f", ở dòng 47 của {{%{kind} for d in ds %}}" in found.message
    assert "<w:" not in found.message


def test_each_loop_around_the_tag_is_named_with_its_row() -> None:
    source = (
        "Nội dung: {%p for n in nhom %}\nNội dung: {%p for d in n.nguoi %}\nNội dung: {{ d.ten }}\n"
        "Nội dung: {%p endfor %}\nNội dung: {%p endfor %}"
    )
    nhom = [{"nguoi": [{"ten": "a"}]}, {"nguoi": []}, {"nguoi": [{"ten": "b"}, {"ten": "c"}, {}]}]
    found = problem(source, {"nhom": nhom})
    assert found.place.where == "đoạn 3"
    assert "ở dòng 3 của {%p for d in n.nguoi %}, ở dòng 3 của {%p for n in nhom %}" in found.message


@pytest.mark.parametrize("asked", ["loop.last", "loop.nextitem is defined", "loop.first", "loop.length > 1"])
@pytest.mark.parametrize("bad", [2, 3, 5])
def test_a_loop_that_looks_ahead_is_named_with_the_row_it_stands_in(asked: str, bad: int) -> None:
    rows = [{} if n == bad else {"ten": "a"} for n in range(1, 6)]
    found = problem(f"Nội dung: {{% for d in ds %}}{{{{ {asked} }}}}{{{{ d.ten }}}}{{% endfor %}}", {"ds": rows})
    assert f"ở dòng {bad} của" in found.message


def test_a_row_that_is_only_counted_is_named_too() -> None:
    source = "Nội dung: {% for d in ds|selectattr('co') %}{{ d.ten }}{% endfor %}"
    rows = [{"co": n % 2, "ten": "a"} for n in range(9)] + [{"co": 1}]
    assert "ở dòng 5 của" in problem(source, {"ds": rows}).message


def test_after_a_loop_its_rows_are_not_named() -> None:
    source = "Nội dung: {% for d in ds %}{{ d }}{% endfor %}\nNội dung: {{ khong_co }}"
    found = problem(source, {"ds": [1, 2, 3]})
    assert found.place.where == "đoạn 2"
    assert "dòng" not in found.message


@pytest.mark.parametrize("part,text", [("header", "word/header1.xml"), ("footer", "word/footer1.xml")])
def test_a_tag_in_a_margin_is_named_in_its_part(part: str, text: str) -> None:
    document, out = docx.Document(), io.BytesIO()
    margin = getattr(document.sections[0], part)
    margin.paragraphs[0].text = "Trang"
    margin.add_paragraph("{% for d in ds %}{{ d.ten }}{% endfor %}")
    document.save(out)
    found = problem(out.getvalue(), {"ds": [{"ten": "a"}, {}]})
    assert (found.place.part, found.place.where) == (text, "đoạn 2")
    assert "ở dòng 2 của {% for d in ds %}" in found.message


def test_a_tag_in_a_property_is_named_with_the_property() -> None:
    document, out = docx.Document(), io.BytesIO()
    document.core_properties.title = "{{ khong_co }}"
    document.save(out)
    found = problem(out.getvalue(), {})
    assert (found.place.part, found.place.where) == ("docProps/core.xml", "thuộc tính title")


def test_a_condition_that_fails_is_named_at_its_own_tag() -> None:
    found = problem("Nội dung: a\nNội dung: {%p if d.khong > 3 %}\nNội dung: b\nNội dung: {%p endif %}", {"d": {}})
    assert found.place.where == "đoạn 2" and "khong" in found.message


def test_the_list_of_a_loop_that_is_no_list_is_named_at_the_loop() -> None:
    found = problem("Nội dung: a {% for d in ds %}{{ d }}{% endfor %}", {"ds": 7})
    assert found.code == "tag_failed" and "{% for d in ds %}" in found.place.words


def test_a_dict_in_a_list_in_a_dict_is_followed() -> None:
    source = "Nội dung: {% for d in xa.thon[1].ho %}{{ d.chu.ten }}{% endfor %}"
    found = problem(source, {"xa": {"thon": [{}, {"ho": [{"chu": {"ten": "a"}}, {"chu": {}}]}]}})
    assert "“ten”" in found.message and "ở dòng 2 của {% for d in xa.thon[1].ho %}" in found.message
