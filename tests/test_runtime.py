"""The light run-time does what Jinja's does: the same output, the same refusals."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dvk_docs import engine, light
from dvk_docs.errors import DvkError, TemplateInvalid
from dvk_docs.runtime import filters, sandbox
from dvk_docs.template_source import build
from dvk_docs.templating import Template
from dvk_docs.testing import outline
from dvk_docs.viet import HOMES
from dvk_docs.viet.loc import TEXT_FILTERS

DATA: dict[str, Any] = {
    "a": "Chữ & <b>",
    "n": 7,
    "x": 2.5,
    "none": None,
    "co": True,
    "rong": [],
    "so": [3, 1, 2, 3],
    "ds": [{"ten": "An", "n": 2, "don_vi": {"ten": "xã"}}, {"ten": "Bình", "n": None, "don_vi": {"ten": "xã"}}],
}

TAGS = [
    "{{ a }}|{{ n }}|{{ x }}|{{ co }}|{{ none }}",
    "{{ a|upper }} {{ a|lower }} {{ a|capitalize }} {{ ' a '|trim }} {{ 'xax'|trim('x') }}",
    "{{ a|replace('Chữ', 'Lời') }} {{ 'aaa'|replace('a', 'b', 2) }}",
    "{{ none|upper }}{{ none|default('-') }}|{{ khong|default('-') }}|{{ ''|d('-', true) }}",
    "{{ so|length }} {{ so|count }} {{ so|first }} {{ so|last }} {{ so|sum }} {{ so|join(', ') }} {{ so|unique|join }}",
    "{{ ds|map(attribute='ten')|join(', ') }} {{ ds|map(attribute='don_vi.ten')|unique|list|length }}",
    "{{ ds|map(attribute='khong', default='?')|join }} {{ so|map('string')|join('-') }} {{ ['a']|map('hoa')|first }}",
    "{{ ds|selectattr('n')|map(attribute='ten')|first }} {{ ds|rejectattr('n', 'none')|list|length }}",
    "{{ so|select('gt', 1)|join }} {{ so|reject('eq', 3)|join }} {{ so|select('odd')|join }}"
    " {{ so|reject|list|length }}",
    "{{ ds|sum(attribute='n') }}",
    "{{ so|max }} {{ so|min }} {{ [n, 0]|max }} {{ ['b', 'A', 'C']|min }} {{ ['b', 'A', 'C']|max(true) }}",
    "{{ (ds|max(attribute='ten')).ten }} {{ (ds|min(false, 'don_vi.ten')).ten }} {{ (so|select|max) }}",
    "{{ rong|max }}",
    "{{ rong|min }}",
    "{{ rong|max|default('-') }}",
    "{{ ['a', 1]|max }}",
    "{{ ds|max(attribute='n') }}",
    "{{ n|round }} {{ x|round }} {{ 2.675|round(1) }} {{ 2.4449|round(2, 'ceil') }} {{ 2.55|round(1, 'floor') }}",
    "{{ 1234|round(-2) }} {{ 42.55|round(precision=1, method='common') }}",
    "{{ x|round(1, 'other') }}",
    "{{ a|round }}",
    "{{ none|round }}",
    "{{ ds|first|upper }}",
    "{{ '42.9'|int }} {{ 'x'|int }} {{ 'x'|int(5) }} {{ 'ff'|int(0, 16) }} {{ -3|abs }}",
    "{{ rong|first }}",
    "{{ rong|join }}|{{ none|join }}",
    "{% for d in ds %}{{ loop.index }}/{{ loop.length }}/{{ loop.revindex }}/{{ loop.revindex0 }}/{{ loop.depth }}"
    "{{ loop.first }}{{ loop.last }}{{ loop.cycle('a', 'b') }}{{ loop.changed(d.don_vi.ten) }} {% endfor %}",
    "{% for k in so %}{{ loop.previtem if not loop.first }}<{{ k }}>{{ loop.nextitem if not loop.last }} {% endfor %}",
    "{% for k in so %}{{ loop.nextitem }}{% endfor %}",
    "{% for k in so if k > 1 %}{{ k }}"
    "{{ loop.index }}{% else %}không{% endfor %}{% for k in rong %}a{% else %}b{% endfor %}",
    "{% for k, v in {'a': 1, 'b': 2}.items() %}{{ k }}{{ v }}{% endfor %}",
    "{% for i in range(3) %}{{ i }}{% endfor %}{{ range(2000)|list|length }}",
    "{% set y = a ~ '!' %}"
    "{{ y }}{% set n2 = namespace(k=0) %}{% for k in so %}{% set n2.k = n2.k + k %}{% endfor %}{{ n2.k }}",
    "{% with z = n * 2 %}{{ z }}{% endwith %}{{ 7 // 2 }} {{ 7 % 4 }} {{ 7 / 2 }} {{ -n }}"
    " {{ 2 * 'ab' }} {{ 'a' + 'b' }}",
    "{{ 'có' if co else 'không' }}|{{ 'có' if not co }}|{{ a if none is none }}|{{ 1 < 2 < 3 }}|"
    "{{ 2 in so }}|{{ 9 not in so }}",
    "{{ so[0] }}{{ so[1:] | join }}{{ so[9] }}",
    "{{ ds[0]['ten'] }}{{ ds[0].ten.upper() }}{{ a.startswith('Chữ') }}{{ ds[0].get('khong', '-') }}",
    "{{ khong }}",
    "{{ ds[0].khong }}",
    "{{ khong.gi }}",
    "{{ a.khong }}",
    "{{ none.gi }}",
    "{{ khong is defined }}{{ a is defined }}{{ khong is undefined }}{{ n is odd }}"
    "{{ n is divisibleby 7 }}{{ a is string }}",
    "{{ n is integer }}{{ x is float }}{{ co is boolean }}{{ co is true }}{{ n is eq 7 }}{{ n is in so }}{{ n > 6 }}",
    "{{ hai_so(n) }} {{ n|hai_so }} {{ hoa_dau('a') }} {{ [a, none]|noi('; ') }}",
    "{{ hai_so('x') }}",
    "{{ n + a }}",
    "{{ 1 // 0 }}",
    "{{ ds }}",
    "{{ 'x' ~ ds }}",
    "{{ n() }}",
    "{{ a.upper }}",
    "{{ a.khong() }}",
    "{{ namespace }}",
    "{{ range }}",
    "{{ loop }}",
    "{{ ds|map(attribute='ten', lạ=1)|list }}".replace("lạ", "la"),
    "{{ so|map }}",
    "{{ so|selectattr }}",
    "{{ n|join }}",
    "{{ n|length }}",
    "{{ n|first }}",
    "{{ so|sum(attribute='ten') }}",
]


def answer(tag: str, data: dict[str, Any], run_time: str) -> str:
    """What a tag prints, or the code and the place of its refusal."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DVK_CACHE", "0")
        if run_time == "jinja":
            patch.setattr(light, "is_light", lambda *_: False)
        try:
            return outline(Template(build(f"Nội dung: {tag}")).render(data))
        except TemplateInvalid as error:
            return " ".join(f"{p.code} {p.place.where} {p.place.words}" for p in error.report)
        except DvkError as error:
            return type(error).__name__


@pytest.mark.parametrize("tag", TAGS)
def test_a_tag_gives_the_same_on_both_run_times(tag: str) -> None:
    assert light.is_light(engine.environment().parse(tag)), "this case is to run on the light one"
    assert answer(tag, DATA, "light") == answer(tag, DATA, "jinja")


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text("aà&<\n", max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["ten", "n"]), inner, max_size=2),
    max_leaves=5,
)
ANY = (
    "{{ v|default('-') }}",
    "{{ v|length }}|{{ v|first }}",
    "{{ v|join(';') }}",
    "{{ v|upper }}{{ v|int }}",
    "{{ v|map(attribute='ten')|list|length }}{{ v|selectattr('n')|list|length }}",
    "{{ v|sum }}",
    "{{ v|unique|list|length }}",
    "{{ v.ten }}|{{ v[0] }}",
    "{{ v ~ 'x' }}{{ v == 1 }}{{ v in [1, none] }}",
    "{% for d in v %}{{ loop.index }}{{ d }}{{ d.ten }}{{ ', ' if not loop.last }}{% endfor %}",
)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(ANY), VALUES)
def test_any_value_gives_the_same_on_both_run_times(tag: str, value: Any) -> None:
    assert answer(tag, {"v": value}, "light") == answer(tag, {"v": value}, "jinja")


@pytest.mark.parametrize(
    "tag",
    [
        "{% macro m() %}a{% endmacro %}{{ m() }}",
        "{% set x %}a{% endset %}{{ x }}",
        "{{ a|title }}",
        "{{ a is callable }}",
        "{{ so|map(a)|list }}",
        "{{ so|map('title')|list }}",
        "{{ so|select('callable')|list }}",
        "{{ so|map(*so)|list }}",
        "{% for x in so recursive %}{{ x }}{% endfor %}",
        "{% filter upper %}a{% endfilter %}",
    ],
)
def test_what_needs_jinja_is_not_light(tag: str) -> None:
    assert not light.is_light(engine.environment().parse(tag))


def test_no_light_filter_is_one_that_jinja_refuses_here() -> None:
    known = engine.environment()
    assert set(filters.FILTERS) <= set(known.filters)
    assert set(filters.TESTS) <= set(known.tests)
    assert set(sandbox.environment().globals) | set(HOMES) == set(known.globals)


def test_every_text_filter_is_in_the_table_of_its_homes() -> None:
    assert set(TEXT_FILTERS) == set(HOMES)
    assert all(TEXT_FILTERS[name].__module__ == f"dvk_docs.viet.{home}" for name, home in HOMES.items())
