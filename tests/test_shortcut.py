"""The short way of `dvk make`: the same bytes as the ordinary way, or nothing at all."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dvk_docs import catalog as catalog_module
from dvk_docs import checking, context, derive, expressions, folders, kept, making, shortcut, sources
from dvk_docs.runtime.formulas import Formulas
from dvk_docs.shortcut import run

KIND = "quyet-dinh-cong-nhan"
DATA = catalog_module.root() / "samples" / KIND / "day-du.json"
KINDS = {stem: making.kind(stem) for stem in making.kinds()}
SAMPLES = sorted(p for p in (catalog_module.root() / "samples").glob("*/*.json") if p.parent.name in KINDS)


@pytest.fixture(scope="module", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A cache of our own, in which each kind is kept."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("DVK_CACHE", raising=False)
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        patch.setenv("LOCALAPPDATA", str(tmp_path_factory.mktemp("cache")))
        making._templates.clear()
        for file in SAMPLES:
            shortcut.keep(KINDS[file.parent.name], making.day_of(json.loads(file.read_text(encoding="utf-8"))))
        yield


def made(file: Path, target: Path, *options: str, kind: str = "") -> int | None:
    return run(["make", kind or file.parent.name, str(file), "-o", str(target), *options])


@pytest.mark.parametrize("file", SAMPLES, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_the_short_way_gives_each_sample_as_the_ordinary_way_does(file: Path, tmp_path: Path) -> None:
    one = KINDS[file.parent.name]
    source = sources.read(file, one.schema)
    if made(file, tmp_path / "a.docx") is None:
        plain = len(one.systems) == 1 and not source.problems and not any(one.check(source.data))
        assert not plain, "a plain sample did not go the short way"
        pytest.skip("this sample has something to look at")
    assert (tmp_path / "a.docx").read_bytes() == one.make(source.data).docx


def test_most_samples_go_the_short_way(tmp_path: Path) -> None:
    gone = [made(file, tmp_path / f"{n}.docx") for n, file in enumerate(SAMPLES)]
    assert gone.count(0) > len(gone) // 2


SOURCES = sorted({source for one in KINDS.values() for source in shortcut._formulas(one.schema)})


@pytest.mark.parametrize("source", SOURCES)
def test_each_expression_of_a_schema_runs_without_jinja(source: str) -> None:
    expressions.light_code(source, "moi")


@pytest.mark.parametrize("file", SAMPLES, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_the_expressions_give_without_jinja_what_they_give_with_it(file: Path) -> None:
    one = KINDS[file.parent.name]
    data, tt = json.loads(file.read_text(encoding="utf-8")), one.profile("2026-06-01").tt
    formulas = Formulas({s: expressions.light_code(s, "moi") for s in shortcut._formulas(one.schema)})
    assert context.derived(one.schema, data, tt, formulas) == derive.derived(one.schema, data, tt)


def test_a_warm_start_imports_nothing_heavy(tmp_path: Path) -> None:
    code = (
        "import sys; from dvk_docs import shortcut; assert shortcut.run(sys.argv[1:]) == 0;"
        "print([m for m in ('jinja2', 'click', 'lxml', 'typing', 'pathlib', 'dataclasses', 'inspect', 'zipfile')"
        " if m in sys.modules], file=sys.stderr)"
    )
    words = ["make", KIND, str(DATA), "-o", str(tmp_path / "a.docx")]
    done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, encoding="utf-8", check=True)
    assert done.stderr.splitlines()[-1] == "[]"


def test_the_program_makes_the_same_paper_the_second_time(tmp_path: Path) -> None:
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache")}
    (tmp_path / "cache").mkdir()
    out = []
    for n in range(2):
        words = ["make", KIND, str(DATA), "-o", str(tmp_path / f"{n}.docx")]
        program = [sys.executable, "-m", "dvk_docs", *words]
        done = subprocess.run(program, capture_output=True, encoding="utf-8", check=True, env=environment)
        out.append((done.stdout.replace(f"{n}.docx", "x.docx"), done.stderr, (tmp_path / f"{n}.docx").read_bytes()))
    assert out[0] == out[1]


# --- where there is any doubt ---------------------------------------------------------------------------------------


def changed(**changes: Any) -> str:
    return json.dumps({**json.loads(DATA.read_text(encoding="utf-8")), **changes}, ensure_ascii=False)


def lacking(name: str) -> str:
    return json.dumps({k: v for k, v in json.loads(DATA.read_text(encoding="utf-8")).items() if k != name})


DOUBTFUL = {
    "no JSON": "{",
    "a list": "[]",
    "a field twice": '{"nam": 2026, "nam": 2027}',
    "a field missing": lacking("danh_sach"),
    "an unknown field": changed(khong_co=1),
    "a wrong type": changed(nam="hai nghìn"),
    "no such day": changed(ngay="2026-02-30"),
    "an early day": changed(ngay="0206-02-20"),
    "a control character": changed(dieu_2="a\u0007"),
    "a blank text": changed(dieu_2="  "),
    "an empty list": changed(danh_sach=[]),
    "quotes around a name": changed(danh_sach=[{"ten": "“Tủ sách”", "chu_the": "Chi bộ", "la_tap_the": True}]),
    "not a number": changed(nam=float("nan")),
    "a fraction": changed(nam=2026.5),
    "a yes for a number": changed(nam=True),
    "a year": changed(thong_tin={"nam": 2026}),
}


@pytest.mark.parametrize("name", DOUBTFUL)
def test_doubtful_data_is_left_to_the_ordinary_way(name: str, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(DOUBTFUL[name], encoding="utf-8")
    assert made(tmp_path / "a.json", tmp_path / "a.docx", kind=KIND) is None
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.json"]


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["make"],
        ["check", str(DATA)],
        ["make", KIND, str(DATA), "--pdf"],
        ["make", KIND, str(DATA), "-o", "a.pdf"],
        ["make", KIND, str(DATA), "-o"],
        ["make", "../x", str(DATA)],
        ["make", "khong-co", str(DATA)],
        ["make", KIND, "khong-co.json"],
        ["make", KIND, str(DATA), "-o", "khong/co/thu/muc/a.docx"],
        ["make", KIND, str(DATA), str(DATA)],
    ],
    ids=lambda words: " ".join(map(str, words))[-40:],
)
def test_a_command_that_is_not_plain_is_left_to_the_ordinary_way(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(words) is None
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_is_replaced_only_when_that_is_asked(tmp_path: Path) -> None:
    target = tmp_path / "a.docx"
    target.write_bytes(b"cua van thu")
    assert made(DATA, target) is None
    assert target.read_bytes() == b"cua van thu"
    assert made(DATA, target, "--ghi-de") == 0
    assert made(DATA, target) == 0, "the same paper again changes nothing"


@pytest.mark.skipif(not hasattr(os, "symlink") or sys.platform == "win32", reason="needs symbolic links")
def test_a_link_is_left_to_the_ordinary_way(tmp_path: Path) -> None:
    (tmp_path / "a.docx").symlink_to(tmp_path / "b.docx")
    assert made(DATA, tmp_path / "a.docx", "--ghi-de") is None


def test_what_was_kept_for_another_file_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = shortcut._name(KIND)
    monkeypatch.setattr(shortcut.kept, "version", lambda files: "another version")
    assert shortcut._name(KIND) != name
    assert made(DATA, tmp_path / "a.docx") is None


def test_a_broken_cache_is_left_to_the_ordinary_way(tmp_path: Path) -> None:
    name, index = shortcut._known(KIND)
    folder = kept.folder()
    assert folder is not None
    file = Path(folder) / shortcut._plan(name, shortcut._at(index["profiles"], "2026-06-01"))
    whole = file.read_bytes()
    try:
        for broken in (b"", whole[:-1], b"x" * len(whole), whole[:40] + b"\0" + whole[41:]):
            file.write_bytes(broken)
            assert made(DATA, tmp_path / "a.docx") is None
        file.unlink()
        assert made(DATA, tmp_path / "a.docx") is None
    finally:
        file.write_bytes(whole)


def test_the_short_way_looks_where_the_catalogue_looks() -> None:
    assert Path(shortcut._root()) == folders.root().resolve()


# --- what it calls right is right -----------------------------------------------------------------------------------

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**10), 10**10)
    | st.floats()
    | st.text(max_size=6)
    | st.sampled_from(["2026-02-28", "2026-02-30", "“a”", "a.", "1000", "a\x07", "x" * 400]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["ten", "x", "so"]), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(SAMPLES), st.data())
def test_what_is_called_plainly_right_has_no_error(file: Path, draw: st.DataObject) -> None:
    schema = KINDS[file.parent.name].schema
    data = json.loads(file.read_text(encoding="utf-8"))
    for _ in range(draw.draw(st.integers(0, 2))):
        holder: Any = data
        while True:
            keys = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
            if not keys:
                break
            key = draw.draw(st.sampled_from(keys))
            if not isinstance(holder[key], (dict, list)) or draw.draw(st.booleans()):
                holder[key] = draw.draw(VALUES)
                break
            holder = holder[key]
    try:
        shaped = shortcut._shaped(data, schema)
        sure = shortcut._sure(shaped, schema)
    except (shortcut.Doubt, ValueError, OverflowError):
        return
    assert shaped == sources.canonical(data, schema)
    if sure:
        assert not [p for p in checking.check_value(shaped, checking.Spot(schema, "")) if p.severity == "loi"]
