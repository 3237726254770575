"""What is rendered is what docxtpl renders with autoescape on; and any text printed is read back."""

from __future__ import annotations

import io
import json
import os
import pickle
import re
import threading
import unicodedata
import zipfile
from pathlib import Path
from typing import Any

import docx
import pytest
from docxtpl import DocxTemplate, InlineImage, Listing, RichText
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from peer import by_docxtpl, canonical

from dvk_docs import catalog as catalog_module
from dvk_docs import derive, kept, profiles
from dvk_docs.catalog import Catalog
from dvk_docs.errors import DataInvalid, TemplateInvalid
from dvk_docs.making import Kind
from dvk_docs.package import pack, unpack
from dvk_docs.profiles import w
from dvk_docs.template_source import build
from dvk_docs.templating import Template
from dvk_docs.testing import outline, schema_faults

KINDS = catalog_module.Catalog().kinds()
SAMPLES = sorted(p for p in (catalog_module.root() / "samples").glob("*/*.json") if p.parent.name in KINDS)


@pytest.mark.parametrize("file", SAMPLES, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_each_template_gives_with_each_sample_what_docxtpl_gives(file: Path) -> None:
    kind = Kind(file.parent.name, Catalog())
    data = json.loads(file.read_text(encoding="utf-8"))
    he = kind.system(data)
    profile = kind.profile(data.get("ngay") or f"{data.get('nam') or 9999}-12-31", he)
    source = profiles.apply(kind.template_of(he), profile)
    context = derive.derived(kind.schema, data, profile.tt, "moi")
    ours = unpack(Template(source).render(context))["word/document.xml"]
    theirs = zipfile.ZipFile(io.BytesIO(by_docxtpl(source, dict(context)))).read("word/document.xml")
    assert canonical(ours) == canonical(theirs)


def paragraphs_of(source: str) -> bytes:
    return build(source)


LANGUAGE = {
    "spaces": "Nội dung: a {%- if x %} b {%- endif %} c",
    "nested": "Nội dung: {%p for d in ds %}\nNội dung: {{ d.ten }}:{% for n in d.so %} {{ n }}{% endfor %}\nNội dung: {%p endfor %}",  # noqa: E501
    "comment": "Nội dung: a{# bỏ #}b",
    "quotes": "Nội dung: {{ x|default(“không”) }}",
    "filter block": "Nội dung: {% filter upper %}{{ ds[0].ten }}{% endfilter %}",
    "macro": "Nội dung: {% macro m(t) %}[{{ t }}]{% endmacro %}{{ m(x) }}{{ m(ds[0].ten) }}",
    "set": "Nội dung: {% set y = x ~ '!' %}{{ y }}",
    "set block": "Nội dung: {% set y %}<{{ x }}>{% endset %}{{ y }}".replace("<", "(").replace(">", ")"),
    "else of a loop": "Nội dung: {% for d in [] %}a{% else %}b{% endfor %}",
    "loop": "Nội dung: {% for d in ds %}{{ loop.index }}/{{ loop.length }} {{ d.ten }}{{ ', ' if not loop.last }}{% endfor %}",  # noqa: E501
    "with": "Nội dung: {% with z = x %}{{ z }}{% endwith %}",
    "namespace": "Nội dung: {% set n = namespace(k=0) %}{% for d in ds %}{% set n.k = n.k + 1 %}{% endfor %}{{ n.k }}",
    "rows": "@ bang: 1 1\n|| Ô: {%tr for d in ds %}\n|| Ô: {{ d.ten }} || Ô: {{ loop.index }}\n|| Ô: {%tr endfor %}\n@ het",  # noqa: E501
    "cells": "@ bang: 1 1 1\n|| Ô: {%tc for d in ds %} || Ô: {{ d.ten }} || Ô: {%tc endfor %}\n@ het",
    "vertical merge": "@ bang: 1 1\n|| Ô: {%tr for d in ds %}\n|| Ô: {% vm %}{{ x }} || Ô: {{ d.ten }}\n|| Ô: {%tr endfor %}\n@ het",  # noqa: E501
    "colour": "@ bang: 1 1\n|| Ô: {% cellbg x2 %}a || Ô: b\n@ het",
    "span": "@ bang: 1 1\n|| Ô: {% colspan 2 %}{{ x }} || Ô: b\n@ het",
}
CONTEXT = {"x": "A & <b>", "x2": "FF00AA", "ds": [{"ten": "An", "so": [1, 2]}, {"ten": "Bình", "so": []}]}


@pytest.mark.parametrize("name", LANGUAGE)
def test_docxtpl_tag_language(name: str) -> None:
    source = build(LANGUAGE[name])
    ours = unpack(Template(source).render(CONTEXT))["word/document.xml"]
    theirs = zipfile.ZipFile(io.BytesIO(by_docxtpl(source, dict(CONTEXT)))).read("word/document.xml")
    assert canonical(ours) == canonical(theirs)


def test_rich_text_and_listing_are_printed_as_docxtpl_prints_them() -> None:
    source = build("Nội dung: a {{r dam }} b\nNội dung: {{ liet_ke }}")
    context = {"dam": RichText("đậm & <b>", bold=True), "liet_ke": Listing("một\n<hai>")}
    ours = unpack(Template(source).render(context))["word/document.xml"]
    theirs = zipfile.ZipFile(io.BytesIO(by_docxtpl(source, context))).read("word/document.xml")
    assert canonical(ours) == canonical(theirs)


def test_a_plain_text_where_a_rich_one_may_stand_is_a_run() -> None:
    document = Template(build("Nội dung: a {{r x }} b")).render({"x": "A & B"})
    assert outline(document) == "Nội dung: a A & B b\n"
    assert schema_faults(document) == []


def test_an_inline_image_is_refused_by_name_with_the_way_round() -> None:
    source = build("Nội dung: {{ anh }}")
    with pytest.raises(TemplateInvalid) as caught:
        Template(source).render({"anh": InlineImage(DocxTemplate(io.BytesIO(source)), "a.png")})
    (problem,) = caught.value.report.problems
    assert (problem.code, problem.place.where) == ("object_refused", "đoạn 1")
    assert "InlineImage" in problem.message and "Word" in problem.hint


def test_a_rich_text_that_is_broken_xml_is_refused() -> None:
    text = RichText("a")
    text.xml = "<w:r><w:t>a</w:r>"
    with pytest.raises(TemplateInvalid) as caught:
        Template(build("Nội dung: {{r x }}")).render({"x": text})
    assert caught.value.report.problems[0].code == "broken_xml"


def test_tags_that_cut_across_paragraphs_are_found_on_the_document() -> None:
    template = Template(build("Nội dung: a {% if x %} b\nNội dung: c {% endif %} d\nNội dung: e"))
    assert outline(template.render({"x": True})).count("\n") == 3
    parts = unpack(build("Nội dung: a"))
    body = parts["word/document.xml"].replace(b">a</w:t>", b">a {% if x %}</w:t></w:r>{% endif %}")
    with pytest.raises(TemplateInvalid):
        Template(pack({**parts, "word/document.xml": body})).render({"x": False})


# --- places of errors at run time ---------------------------------------------------------------------------


TABLE = "@ bang: 1 1\n|| Ô: {%tr for d in danh_sach %}\n|| Ô: {{ loop.index }} || Ô: {{ d.ten }}\n|| Ô: {%tr endfor %}\n@ het"  # noqa: E501


@pytest.mark.parametrize(
    "source", [TABLE, TABLE.replace("loop.index", "d.so"), TABLE.replace("loop.index", "loop.length")]
)
def test_an_error_in_the_47th_row_names_the_row(source: str) -> None:
    rows: list[dict[str, Any]] = [{"ten": f"hàng {n}", "so": n} for n in range(100)]
    del rows[46]["ten"]
    with pytest.raises(TemplateInvalid) as caught:
        Template(build(source)).render({"danh_sach": rows})
    (problem,) = caught.value.report.problems
    assert (problem.code, problem.place.where) == ("unknown_name", "bảng 1, hàng 2, ô 2")
    assert "“ten”" in problem.message and "ở dòng 47 của {%tr for d in danh_sach %}" in problem.message


def test_a_filter_that_fails_in_an_inner_loop_names_the_inner_row() -> None:
    source = "Nội dung: {% for d in ds %}{% for n in d %}{{ 1 // n }}{% endfor %}{% endfor %}"
    with pytest.raises(TemplateInvalid) as caught:
        Template(build(source)).render({"ds": [[1], [1, 1, 0], [1]]})
    assert "ở dòng 3 của {% for n in d %}" in caught.value.report.problems[0].message


# --- any text in, the same text out -------------------------------------------------------------------------

LEGAL = st.characters(
    exclude_categories=("Cs",),
    exclude_characters=[chr(c) for c in range(32) if c not in (9, 10, 13)] + ["\ufffe", "\uffff"],
)
EVERYWHERE = Template(
    build(
        "Nội dung: [{{ a }}]\nNội dung: [{{ a }}] và [{{ b }}] {% if b %}[{{ b }}]{% endif %}\n"
        "Nội dung: {{r a }}\nNội dung: {% set c = a ~ b %}[{{ c }}]\n" + TABLE
    )
)


def read_back(paragraph: Any) -> str:
    marks = {w("br"): "\n", w("tab"): "\t"}
    return "".join(marks.get(e.tag, e.text or "") for e in paragraph.iter(w("t"), w("br"), w("tab")))


@settings(max_examples=300, deadline=None)
@given(st.text(LEGAL, max_size=60), st.text(LEGAL, max_size=60))
def test_any_text_in_any_field_is_read_back_equal(a: str, b: str) -> None:
    made = EVERYWHERE.render({"a": a, "b": b, "danh_sach": [{"ten": a}, {"ten": b}]})
    root = etree.fromstring(unpack(made)["word/document.xml"])
    found = [read_back(p) for p in root.iter(w("p"))]
    first, second = (re.sub("\r\n|[\r\u2028\u2029]", "\n", unicodedata.normalize("NFC", text)) for text in (a, b))
    assert found[0] == f"[{first}]"
    assert found[1] == f"[{first}] và [{second}] " + (f"[{second}]" if b else "")
    assert found[2] == first
    assert found[3] == f"[{unicodedata.normalize('NFC', first + second)}]" or found[3] == f"[{first}{second}]"
    assert found[4:8] == ["1", first, "2", second]


def test_the_docx_opens_in_python_docx_and_the_properties_are_printed(tmp_path: Path) -> None:
    parts = unpack(build("Nội dung: {{ a }}"))
    if "docProps/core.xml" not in parts:
        pytest.skip("the template has no properties")
    parts["docProps/core.xml"] = re.sub(
        rb"<dc:title>.*?</dc:title>|<dc:title/>|(?=</cp:coreProperties>)",
        b"<dc:title>{{ a }}</dc:title>",
        parts["docProps/core.xml"],
        count=1,
    )
    file = tmp_path / "a.docx"
    file.write_bytes(Template(pack(parts)).render({"a": "A & B\nC"}))
    assert docx.Document(str(file)).core_properties.title == "A & B\nC"


# --- settings, streams, processes ---------------------------------------------------------------------------


@pytest.mark.parametrize(("codec", "level"), [("zlib", 0), ("zlib", 3), ("zlib", 6), ("zlib", 9), ("isal", 2)])
def test_codec_and_level_change_the_bytes_not_the_parts(codec: str, level: int) -> None:
    if codec == "isal":
        pytest.importorskip("isal")
    template = Template(build(TABLE), codec=codec, level=level)
    made = template.render({"danh_sach": [{"ten": "An"}] * 50})
    assert template.codec == f"{codec} {level}"
    assert unpack(made) == unpack(Template(build(TABLE)).render({"danh_sach": [{"ten": "An"}] * 50}))
    assert zipfile.ZipFile(io.BytesIO(made)).testzip() is None


def test_a_stream_of_rows_gives_the_same_document(tmp_path: Path) -> None:
    rows = [{"ten": f"Nguyễn Văn {n}"} for n in range(3000)]
    template = Template(build(TABLE))
    with (tmp_path / "a.docx").open("w+b") as file:
        template.render_to({"danh_sach": iter(rows)}, file)
    assert unpack((tmp_path / "a.docx").read_bytes()) == unpack(template.render({"danh_sach": rows}))


def test_a_stream_names_the_row_of_an_error(tmp_path: Path) -> None:
    with (tmp_path / "a.docx").open("w+b") as file, pytest.raises(TemplateInvalid, match="ở dòng 47 của"):
        Template(build(TABLE)).render_to({"danh_sach": ({"ten": "a"} if n != 46 else {} for n in range(99))}, file)


def test_a_template_goes_to_another_process_and_through_threads() -> None:
    template = pickle.loads(pickle.dumps(Template(build(TABLE), level=6)))
    assert template.codec == "zlib 6"
    made: list[bytes] = []
    context = [{"danh_sach": [{"ten": f"{n} {m}"} for m in range(40)]} for n in range(8)]
    threads = [threading.Thread(target=lambda c=c: made.append(template.render(c))) for c in context]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(made) == sorted(template.render(c) for c in context)


@pytest.mark.parametrize("start", ["spawn"])
def test_a_template_renders_in_the_processes_of_an_executor(start: str) -> None:
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    template = Template(build(TABLE))
    contexts = [{"danh_sach": [{"ten": f"{n} {m}"} for m in range(5)]} for n in range(6)]
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context(start)) as pool:
        made = list(pool.map(template.render, contexts))
    assert made == [template.render(c) for c in contexts]


# --- what is kept between runs -----------------------------------------------------------------------------


def test_a_kept_template_is_used_only_from_a_folder_of_the_users_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DVK_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    kept.write("a", (1, "hai"))
    assert kept.read("a") == (1, "hai")
    folder = tmp_path / "dvk-docs"
    assert folder.stat().st_mode & 0o777 == 0o700
    folder.chmod(0o755)
    assert kept.read("a") is None
    folder.chmod(0o700)
    (folder / "a").write_bytes(b"x" * 40)
    assert kept.read("a") is None
    monkeypatch.setenv("DVK_CACHE", "0")
    assert kept.folder() is None


def test_what_every_run_uses_is_kept_longer_than_what_was_used_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DVK_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(kept, "_MAX_FILES", 10)
    names = ["every run", *(f"once {n}" for n in range(9))]
    for age, name in enumerate(names):
        kept.write(name, name)
        os.utime(tmp_path / "dvk-docs" / name, (1000 + age, 1000 + age))
    assert kept.read("every run") == "every run"
    kept.write("one more", 1)
    assert sorted(set(names) - {p.name for p in (tmp_path / "dvk-docs").iterdir()}) == ["once 0", "once 1"]
    assert kept.read("every run") == "every run"


def test_a_kept_template_renders_the_same_without_docxtpl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import subprocess
    import sys

    monkeypatch.delenv("DVK_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    file = tmp_path / "a.docx"
    file.write_bytes(build(TABLE))
    wanted = Template(file).render({"danh_sach": [{"ten": "An"}]})
    script = (
        "import sys, hashlib; from pathlib import Path; from dvk_docs.templating import Template;"
        "made = Template(sys.argv[1]).render({'danh_sach': [{'ten': 'An'}]});"
        "print(hashlib.sha256(made).hexdigest(), [m for m in ('docxtpl', 'lxml', 'docx') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script, str(file)], capture_output=True, text=True, check=True)
    import hashlib

    assert done.stdout.split() == [hashlib.sha256(wanted).hexdigest(), "[]"]


def test_an_illegal_character_is_named_with_its_field_in_a_property_too() -> None:
    with pytest.raises(DataInvalid):
        Template(build(TABLE)).render({"danh_sach": [{"ten": "a\x01"}]})
