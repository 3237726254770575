"""A template is not to be trusted: known ways out of Jinja's sandbox, bombs, and files that are not plain Word."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest

from dvk_docs import light
from dvk_docs.errors import TemplateInvalid
from dvk_docs.package import pack, unpack
from dvk_docs.runtime import sandbox
from dvk_docs.template_source import build
from dvk_docs.templating import Template

DATA: dict[str, Any] = {
    "a": "chữ",
    "n": 7,
    "ds": [{"ten": "An"}, {"ten": "Bình"}],
    "p": Path(__file__),
    "f": len,
    "e": ValueError("x"),
    "m": zipfile,
}

TAGS = [
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ a.__class__ }}",
    "{{ a['__class__'] }}",
    "{{ a|attr('__class__') }}",
    "{{ ds.__init__.__globals__ }}",
    "{{ hoa.__globals__ }}",
    "{{ hoa['__globals__'] }}",
    "{{ hoa_dau.__code__ }}",
    "{{ self.__init__ }}",
    "{{ self._TemplateReference__context }}",
    "{{ cycler.__init__.__globals__.os }}",
    "{{ joiner('x') }}",
    "{{ lipsum() }}",
    "{{ '{0.__class__}'.format(a) }}",
    "{{ '{0.__class__}'.format_map(ds) }}",
    "{{ ('{0.__class__.__init__}'|format)(a) }}",
    "{{ '%99999999d' % n }}",
    "{{ ds|map(attribute='__class__')|join }}",
    "{{ ds|map('attr', '__class__')|join }}",
    "{{ ds|groupby('__class__')|length }}{{ ds|map(attribute='ten.__class__')|first }}",
    "{{ p.read_text() }}",
    "{{ p.parent.iterdir()|list|length }}",
    "{{ p.open }}",
    "{{ f.__self__ }}",
    "{{ range.__name__ }}",
    "{% for x in ds recursive %}{{ loop.__init__ }}{% endfor %}",
    "{% macro m() %}x{% endmacro %}{{ m.__class__ }}",
    "{% macro m() %}x{% endmacro %}{{ m._func }}",
    "{{ namespace.__init__.__globals__ }}",
    "{{ ds.append({'ten': 'x'}) }}",
    "{{ ds[0].update({'ten': 'x'}) }}",
    "{{ ds.clear() }}",
    "{% include 'a' %}",
    "{% import 'a' as b %}",
    "{% from 'a' import b %}",
    "{% extends 'a' %}",
    "{% block b %}x{% endblock %}",
    "{% autoescape false %}{{ a }}{% endautoescape %}",
    "{{ a|safe }}",
    "{{ ds|tojson }}",
    "{{ ds|pprint }}",
    "{{ a|xmlattr }}",
    "{{ 'a' * 1000000000 }}",
    "{{ ['a'] * 1000000000 }}",
    "{{ (['a'] * 1000) * 1000 * 1000 }}",
    "{{ 9 ** 99999999 }}",
    "{% set b = 'x' * 1000 %}" + "{% set b = b ~ b %}" * 40 + "{{ b }}",
    "{% set b = 'x' * 1000 %}" + "{% set b = b + b %}" * 40 + "{{ b }}",
    "{% set b = 'x' * 1000 %}" + "{% set b %}{{ b }}{{ b }}{% endset %}" * 40 + "{{ b }}",
    "{% set b = 99999999 %}" + "{% set b = b * b %}" * 40 + "{{ b }}",
    "{{ 'a'|center(1000000000) }}",
    "{{ 'a'|indent(1000000000) }}",
    "{{ 'a'.ljust(1000000000) }}",
    "{{ 'a'.zfill(1000000000) }}",
    "{{ 'a\\tb'.expandtabs(1000000000) }}",
    "{{ ds|batch(1000000000, 'x')|list|length }}",
    "{{ ds|slice(1000000000)|list|length }}",
    "{{ 1.5|round(1000000000, 'floor') }}",
    "{{ ('x' * 1000)|replace('x', 'y' * 1000)|replace('y', 'z' * 1000) }}",
    "{{ range(1000)|join('x' * 1000 ~ 'y' * 1000) }}",
    "{% for a in range(1000) %}{% for b in range(1000) %}{% for c in range(1000) %}{% endfor %}{% endfor %}{% endfor %}",  # noqa: E501
    "{% for a in range(1000) %}{% for b in range(1000) %}{% for c in range(1000) %}{{ c }}{% endfor %}{% endfor %}"
    "{% endfor %}",
    "{% for x in [1, 2] recursive %}{% if loop.depth < 60 %}{{ loop([1, 2]) }}{% endif %}{% endfor %}",
    "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(60) }}",
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "{{ f }}",
    "{{ ds.index }}",
    "{{ p.__reduce__() }}",
    "{{ a.encode() }}",
    "{{ (ds|map('hoa')).gi_frame.f_globals }}",
    "{{ (ds|selectattr('ten')).gi_code.co_name }}",
    "{{ (ds|map('hoa'))['gi_frame'].f_back.f_globals.keys()|list|length }}",
    "{{ [ds|map('hoa')]|map(attribute='gi_frame.f_code.co_name')|first }}",
    "{{ [ds|map('hoa')]|sum(attribute='gi_running') }}",
    "{{ ds|sort(attribute='__class__')|length }}",
    "{{ ds|min(attribute='__class__') }}",
    "{{ ds|map('selectattr', '__class__')|list }}",
    "{{ e.__traceback__ }}",
    "{{ e.args }}",
    "{{ e.with_traceback }}",
    "{{ m.os }}",
    "{{ m.__dict__ }}",
    "{% for x in ds %}{{ loop }}{{ loop._iterable }}{% endfor %}",
    "{% for x in ds %}{{ loop.cycle.__self__ }}{% endfor %}",
    "{% for x in ds %}{{ loop.cycle.__func__.__globals__ }}{% endfor %}",
    "{% for x in ds %}{{ loop(ds) }}{% endfor %}",
    "{% set n = namespace() %}{{ n.__class__ }}{{ n._names }}",
    "{{ (a if false).__class__ }}",
    "{{ (a if false)._fail }}",
    "{{ caller() }}",
    "{{ varargs }}",
    "{{ environment }}",
    "{{ context.environment }}",
    "{{ row }}",
    "{{ __builtins__ }}",
    "{{ resolve('a') }}",
    "{{ url_for.__globals__ }}",
    "{{ config.items() }}",
    "{{ get_flashed_messages.__globals__ }}",
    "{{ ('x' * 1000)|replace(old='x', new='y' * 1000)|replace(old='y', new='z' * 1000) }}",
    "{{ ('\\n' * 1000 * 1000)|indent(10000)|length }}",
    "{{ ('\\n' * 1000 * 1000)|indent('x' * 1000)|length }}",
    "{% debug %}",
    "{% do ds.append(1) %}",
]


@pytest.mark.parametrize("tag", [t for t in TAGS if t.startswith("{% for a in range(1000)")], ids=["empty", "printing"])
def test_a_loop_without_end_is_stopped_by_the_bound_of_a_render(tag: str) -> None:
    with pytest.raises(TemplateInvalid):
        Template(build(f"Nội dung: {tag}")).render(DATA)


# On each of the two run-times; what repeats itself never runs on the light one.
RUNS = [
    (run, tag)
    for tag in TAGS
    for run in ("light", "jinja")
    if run == "jinja" or not ("macro" in tag or "recursive" in tag)
]


@pytest.mark.parametrize(("run_time", "tag"), RUNS, ids=lambda value: value[:60])
def test_an_attack_by_tags_is_refused_at_its_place(run_time: str, tag: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DVK_CACHE", "0")
    monkeypatch.setattr(sandbox, "MAX_STEPS", 100_000)  # the bound itself is tried below
    if run_time == "jinja":
        monkeypatch.setattr(light, "is_light", lambda *_: False)
    with pytest.raises(TemplateInvalid) as caught:
        Template(build(f"Nội dung: {tag}")).render(DATA)
    (problem,) = caught.value.report.problems
    assert problem.place.part == "word/document.xml"
    assert "<w:" not in problem.message
    assert DATA["ds"] == [{"ten": "An"}, {"ten": "Bình"}]


@pytest.mark.parametrize("spelled", ["{{ range(10 ** 9)|length }}", "{{ range(1000000000)|length }}"])
def test_a_range_is_never_longer_than_its_bound(spelled: str) -> None:
    template = Template(build(f"Nội dung: {spelled}"))
    try:
        made = unpack(template.render({}))["word/document.xml"]
    except TemplateInvalid:
        return
    assert b">1000<" in made


def member(name: str, data: bytes) -> bytes:
    return pack({**unpack(build("Nội dung: a")), name: data})


def link(kind: str) -> bytes:
    base = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
    line = b'<R><R Id="r" Type="' + base + kind.encode() + b'" Target="file:///etc/passwd" TargetMode="External"/></R>'
    return member("word/_rels/document.xml.rels", line)


def laughs() -> bytes:
    lines = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY l0 "ha">{lines}]><a>&l9;</a>'.encode()


FILES = {
    "zip bomb": (member("word/media/a.bin", bytes(60_000_000)), "too_large"),
    "many members": (pack({**unpack(build("Nội dung: a")), **{f"a/{n}": b"" for n in range(600)}}), "too_large"),
    "billion laughs": (member("word/document.xml", laughs()), "dtd"),
    "entity in a header": (member("word/header1.xml", laughs()), "dtd"),
    "entity of a file": (
        member("word/styles.xml", b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'),
        "dtd",
    ),
    "entity in links": (member("word/_rels/x.xml.rels", laughs()), "dtd"),
    "macro": (member("word/vbaProject.bin", b"x"), "macro"),
    "control": (member("word/activeX/activeX1.xml", b"<a/>"), "macro"),
    "linked template": (link("attachedTemplate"), "external_link"),
    "linked picture": (link("image"), "external_link"),
    "linked object": (link("oleObject"), "external_link"),
    "linked frame": (link("frame"), "external_link"),
    "not a zip": (b"{{ a }}", "not_docx"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_attacks_is_refused(name: str) -> None:
    docx, code = FILES[name]
    with pytest.raises(TemplateInvalid) as caught:
        Template(docx)
    assert caught.value.report.problems[0].code == code


def test_a_member_whose_size_lies_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.docx"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in unpack(build("Nội dung: a")).items():
            archive.writestr(name, data)
        archive.writestr("word/b.bin", bytes(1_000_000))
    data = bytearray(file.read_bytes())
    at = data.rfind(b"PK\x01\x02")
    data[at + 24 : at + 28] = (10).to_bytes(4, "little")
    with pytest.raises(TemplateInvalid):
        Template(bytes(data))
