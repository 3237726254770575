"""The expression language: what it gives, what it refuses, and that it says which expression is wrong."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dvk_docs import expressions
from dvk_docs.errors import DvkError, TemplateInvalid
from dvk_docs.expressions import FUNCTIONS, Record, Scope, Tracker, compiled, evaluate, vien_dan, vien_dan_day_du


def record(pointer: str = "/r", tracker: Tracker | None = None, **fields: Any) -> Record:
    return Record(fields, pointer, tracker or Tracker())


def message(source: str, **scope: Any) -> str:
    with pytest.raises(TemplateInvalid) as raised:
        evaluate(source, scope)
    return str(raised.value)


def test_a_list_is_filtered_and_counted() -> None:
    rows = [record(a=1), record(a=None), record(a=2)]
    assert evaluate("rows|selectattr('a')|list|length", {"rows": rows}) == 2
    assert evaluate("rows|selectattr('a','eq',2)|first", {"rows": rows}) is rows[2]


def test_a_blank_prints_as_nothing_in_a_joined_text() -> None:
    assert evaluate("a ~ ' ' ~ none ~ b", {"a": None, "b": 7}) == " 7"


def test_what_hangs_on_a_blank_is_blank() -> None:
    assert evaluate("nay.tap_the.ten", {"nay": record(tap_the=None)}) is None
    assert evaluate("nay.tap_the.ten or 'x'", {"nay": record(tap_the=None)}) == "x"


def test_a_field_named_like_a_method_is_the_field() -> None:
    assert evaluate("nay.items ~ nay.keys", {"nay": record(items="a", keys="b")}) == "ab"


def test_an_unknown_field_or_name_is_an_error_that_names_it() -> None:
    assert message("nay.tne", nay=record(ten="a")) == "LỖI: Biểu thức “nay.tne” không dùng được: không có trường “tne”."
    assert "không có tên “xyz”" in message("xyz ~ ''")
    assert "không có tên “xyz”" in message("xyz")
    assert "không có trường “items”" in message("nay.items()", nay=record(ten="a"))


@pytest.mark.parametrize(
    "source",
    [
        "''.__class__",
        "x.__class__.__mro__",
        "x|attr('__class__')",
        "x['__class__']",
        "'a' * 100000000",
        "2 ** 9999",
        "9999999999999 * 99999999999999",
        "'%9999999d' % 1",
        "'a'.ljust(99999999)",
        "'{0.__class__}'.format(1)",
        "range(10000000)|list",
        "x|center(99999999)",
        "lipsum()",
        "cycler('a')",
        "x|slice(99999999)|list",
        "x.pop",
        "nay.pointer",
        "nay._tracker",
        "a b",
        "{% set x = 1 %}",
        "",
    ],
)
def test_what_is_not_of_the_language_is_refused(source: str) -> None:
    with pytest.raises(TemplateInvalid):
        evaluate(source, {"x": [1], "nay": record(ten="a")})


def test_the_fixed_words_take_the_office_s_tone_placement_and_data_does_not() -> None:
    scope = {"ten": "Đảng uỷ xã Bình An"}
    assert evaluate("'T/M Đảng uỷ'", scope, "cu") == "T/M Đảng ủy"
    assert evaluate("'Đảng uỷ: ' ~ ten", scope, "cu") == "Đảng ủy: Đảng uỷ xã Bình An"
    assert evaluate("ten", scope, "cu") == "Đảng uỷ xã Bình An"


def test_every_text_function_is_a_filter_and_a_function() -> None:
    assert evaluate("7|hai_so ~ hai_so(7)", {}) == "0707"
    assert evaluate("dem_phan([[4, 'tập thể'], [3, 'cá nhân']])", {}) == "04 tập thể và 03 cá nhân"
    assert {"ngay_so", "so_ky_hieu_dang", "cho_trong", "vien_dan"} <= set(FUNCTIONS)


def test_a_plain_path_and_a_compiled_one_mean_the_same() -> None:
    scope = {"a": record(b=record(c="x"))}
    assert evaluate("a.b.c", scope) == evaluate("(a.b.c)", scope) == "x"


def test_reads_are_noted_in_order_and_again_for_a_value_that_was_kept() -> None:
    tracker = Tracker()
    unit = record("/don_vi/0", tracker, ten="Chi bộ")
    model = record("/mo_hinh/0", tracker, don_vi=unit)
    model.derive("ten_don_vi", lambda: model["don_vi"]["ten"])
    expected = ("Chi bộ", ("/mo_hinh/0/don_vi", "/don_vi/0/ten"))
    assert tracker.during(lambda: model["ten_don_vi"]) == expected
    assert tracker.during(lambda: model["ten_don_vi"]) == expected
    assert not tracker.reads


def test_a_value_derived_from_itself_is_an_error() -> None:
    loop = record()
    loop.derive("a", lambda: loop["a"])
    with pytest.raises(TemplateInvalid, match="chính nó"):
        loop["a"]


SOURCES = [f"a + {n}" for n in range(expressions.WORTH_KEEPING)] + ["'hoà ' ~ a"]


@pytest.fixture
def new_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """Forget all that was compiled, as a new process has; what is kept lies in a folder of the test's own."""

    def forget() -> None:
        expressions._codes.cache_clear()
        expressions._new.clear()
        compiled.cache_clear()

    monkeypatch.delenv("DVK_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    forget()
    yield forget
    forget()


def results() -> list[Any]:
    return [evaluate(source, {"a": 1}, kieu_dau) for source in SOURCES for kieu_dau in ("moi", "cu")]


def test_an_expression_that_an_earlier_run_compiled_is_not_compiled_again(
    new_run: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = results()
    expressions.keep_compiled()
    new_run()
    monkeypatch.setattr(expressions, "_tree", None)
    assert results() == wanted
    assert wanted[-2:] == ["hoà 1", "hòa 1"]


@pytest.mark.parametrize("spoil", [lambda b: b"", lambda b: b[:-1], lambda b: b"x" * len(b)])
def test_what_was_kept_and_is_broken_is_compiled_again(
    new_run: Callable[[], None], tmp_path: Path, spoil: Callable[[bytes], bytes]
) -> None:
    wanted = results()
    expressions.keep_compiled()
    (file,) = (tmp_path / "dvk-docs").iterdir()
    file.write_bytes(spoil(file.read_bytes()))
    new_run()
    assert results() == wanted


def test_records_are_equal_only_to_themselves() -> None:
    assert record(a=1) != record(a=1)
    one = record(a=1)
    assert one == one


def test_local_names_hide_outer_ones() -> None:
    scope = Scope({"a": 1}, {"a": 2, "b": 3})
    assert (scope["a"], scope["b"], sorted(scope), len(scope)) == (1, 3, ["a", "b"], 2)


PAPER = {
    "ten_loai": "Quyết định",
    "so_ky_hieu": "15-QĐ/ĐU",
    "ky_hieu_loai": "QĐ",
    "ngay": "2026-09-30",
    "co_quan": {"ky_hieu": "ĐU"},
    "ten_co_quan": "Đảng uỷ xã Bình An",
    "trich_yeu": "Công nhận mô hình",
}


def test_a_citation_has_number_day_office_and_subject() -> None:
    assert vien_dan(PAPER) == "Quyết định số 15-QĐ/ĐU, ngày 30/9/2026"
    assert (
        vien_dan_day_du(PAPER) == "Quyết định số 15-QĐ/ĐU, ngày 30/9/2026 của Đảng uỷ xã Bình An về công nhận mô hình"
    )
    assert vien_dan_day_du({**PAPER, "trich_yeu": "Về việc A"}).endswith("Bình An về việc A")


def test_a_citation_says_what_is_still_unknown() -> None:
    assert (
        vien_dan({**PAPER, "so_ky_hieu": None, "ngay": None}) == "Quyết định số [chưa có số]-QĐ/ĐU, ngày [chưa có ngày]"
    )
    assert vien_dan({"ten_loai": "Bản đăng ký", "ngay": "2026-02-03"}) == "Bản đăng ký ngày 03/02/2026"


@settings(deadline=None)
@given(st.text(max_size=60))
def test_no_text_of_an_expression_ends_in_anything_but_a_value_or_our_own_error(source: str) -> None:
    with contextlib.suppress(DvkError):
        evaluate(source, {"a": [1, 2], "b": "x", "c": None})


def test_a_division_by_zero_is_said_in_vietnamese() -> None:
    with pytest.raises(TemplateInvalid, match="chia cho 0"):
        evaluate("1 / n", {"n": 0})
