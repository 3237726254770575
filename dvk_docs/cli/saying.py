"""What is said to the person at the terminal, or to a program: sentences on one stream, one document on the other."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from dvk_docs.errors import DataInvalid, DvkError, Place, Problem, Report, SourceInvalid, TemplateInvalid

if TYPE_CHECKING:
    from dvk_docs.dossier import Result

SHOWN = 5  # places that one sentence names before it only counts
HEADERS = (
    "missing_sheet",
    "missing_column",
    "missing_row",
    "version",
    "version_newer",
    "duplicate_key",
)  # causes of other errors


def say(text: str = "", *, err: bool = False) -> None:
    click.echo(text, err=err)


def say_json(document: object) -> None:
    say(json.dumps(document, ensure_ascii=False, indent=1))


def say_problems(problems: Iterable[Problem], *, err: bool = False) -> None:
    for problem in problems:
        say(str(problem), err=err)


def summary(report: Report) -> str:
    """Có 2 lỗi, 5 cảnh báo. / Không có lỗi."""
    warnings = sum(p.severity == "canh_bao" for p in report)
    tail = f", {warnings} cảnh báo" if warnings else ""
    return f"Có {len(report.errors)} lỗi{tail}." if report.errors else f"Không có lỗi{tail}."


def say_error(error: DvkError) -> None:
    if isinstance(error, (DataInvalid, TemplateInvalid)) and len(error.report):
        say_problems(error.report, err=True)
        return
    place = str(error.place) if isinstance(error, SourceInvalid) and error.place.sheet else ""
    say(f"Lỗi: {place}: {error}" if place else f"Lỗi: {error}", err=True)


def error_document(error: DvkError) -> dict[str, object]:
    problems = error.report if isinstance(error, (DataInvalid, TemplateInvalid)) else ()
    found = [p.as_dict() for p in problems]
    return {"ok": False, "error": str(error), "exit_status": error.exit_status, "problems": found}


def ours(error: Exception) -> int:
    """An error of the program itself: one sentence; the trace only for who asks for it."""
    if os.environ.get("DVK_DEBUG") == "1":
        import traceback

        traceback.print_exc()
    kind = type(error).__name__
    say(f"Lỗi của chương trình ({kind}), không phải do dữ liệu; đặt DVK_DEBUG=1 và chạy lại để xem chi tiết.", err=True)
    return 1


def say_result(result: Result, *, reasons: bool = True) -> None:
    """What became of the papers; `reasons` are left out where the whole report was said already."""
    for outcome in result.outcomes:
        if outcome.state != "blocked" and outcome.note:
            name = f"{outcome.file.name}: " if outcome.file and outcome.file.name not in outcome.note else ""
            say(f"{name}{outcome.note}")
    for note in result.notes:
        say(note)
    for line in causes(result, reasons):
        say(line)
    for problem in result.disagreements:
        say(f"{problem.place.where or problem.place.file}: {problem.message}")
    say_books(result)
    warnings = sum(p.severity == "canh_bao" for p in result.report)
    if reasons and warnings:
        say(f"Có {warnings} cảnh báo; xem bằng lệnh dvk check.")
    parts = [f"Đã lập {len(result.made)} văn bản"]
    parts += [f"giữ nguyên {len(result.kept)}"] if result.kept else []
    parts += [f"chưa lập được {len(result.blocked)}"] if result.blocked else []
    grave = sum(p.severity == "loi" for p in result.disagreements)
    parts += [f"{grave} chỗ trong văn bản không khớp"] if grave else []
    parts += ["dữ liệu còn lỗi"] if not result.blocked and not result.report.ok else []
    say(f"{', '.join(parts)}. Hồ sơ ở: {result.folder.resolve()}")


def say_books(result: Result) -> None:
    """The books that were bound, and of the others why not."""
    names = {b.id: b.title if b.state == "blocked" or b.file is None else b.file.name for b in result.books}
    for sentence in dict.fromkeys(f"{names[b.id]}: {b.note}" for b in result.books if b.note):
        say(sentence)
    done = [b for b in result.books if b.state != "blocked"]
    if done and done[0].file:
        kept = sum(b.state == "kept" for b in done)
        tail = f" ({kept} quyển giữ nguyên)" if kept else ""
        say(f"Đã đóng {len(done)} quyển, {sum(b.pages for b in done)} trang{tail}, ở: {done[0].file.parent.resolve()}")


def causes(result: Result, reasons: bool) -> Iterator[str]:
    """Each cause once, headers first, and under it the papers that it stops; then who waits for others of its set."""
    alike: dict[object, list[Problem]] = {}
    for problem in headers_first([*result.report.errors, *(p for o in result.blocked for p in o.problems)]):
        key = (problem.code, problem.message, problem.hint, problem.source, problem.place.sheet or problem.place.part)
        alike.setdefault(key, []).append(problem)
    stops: dict[tuple[str, ...], list[str]] = {}
    for problems in alike.values():
        ids = tuple(o.id for o in result.blocked if not o.because_of and not set(problems).isdisjoint(o.problems))
        if reasons or any(p not in result.report.problems for p in problems):
            stops.setdefault(ids, []).append(_said_once(problems))
    for ids, sentences in stops.items():
        yield from sentences
        if ids and reasons:
            yield f"    Chưa lập {_listed(result, ids)}."
    if not reasons and result.blocked:
        yield f"Chưa lập {_listed(result, [o.id for o in result.blocked])}."
    yield from _waiting(result) if reasons else ()
    earlier = [o.file.name for o in result.blocked if o.file]
    if earlier:
        yield f"Bản cũ vẫn còn, theo dữ liệu trước: {', '.join(earlier)}."


def headers_first(problems: Sequence[Problem]) -> list[Problem]:
    return sorted(dict.fromkeys(problems), key=lambda p: p.code not in HEADERS)


def grouped(problems: Iterable[Problem]) -> Iterator[str]:
    """The problems in their order, those of one sheet that differ only in their cells as one sentence.

    Of errors and warnings every cell is named, since each is to be seen to; of notices the first few.
    """
    alike: dict[object, list[Problem]] = {}
    for problem in problems:
        key = (problem.severity, problem.code, problem.message, problem.hint, problem.source, problem.place.sheet)
        alike.setdefault(key if problem.place.cell else problem, []).append(problem)
    for group in alike.values():
        yield _said_once(group, SHOWN if group[0].severity == "thong_tin" else len(group))


def _said_once(problems: Sequence[Problem], most: int = SHOWN) -> str:
    """The problem; of several that differ only in their places, one sentence with `most` of those places."""
    first = problems[0]
    if len(problems) == 1:
        return str(first)
    places = [p.place.cell if p.place.cell else str(p.place) for p in problems]
    shown = f"{', '.join(places[:most])}{' …' if len(places) > most else ''} ({len(places)} chỗ)"
    cell = first.place.cell
    return str(replace(first, place=replace(first.place, cell=shown) if cell else Place(where=shown)))


def _waiting(result: Result) -> Iterator[str]:
    """The papers held back by others of their set."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for outcome in result.blocked:
        if outcome.because_of:
            groups.setdefault(outcome.because_of, []).append(outcome.id)
    for others, ids in groups.items():
        yield f"Cùng bộ hồ sơ với {_by_kind(others)} nên chưa lập {_listed(result, ids)}."


def _listed(result: Result, ids: Sequence[str]) -> str:
    """phieu.MH02 – Phiếu theo dõi; 4 văn bản: phieu.MH01, MH02; bia; or all of them in one word."""
    if len(ids) == 1:
        return f"{ids[0]} – {next(o.title for o in result.outcomes if o.id == ids[0])}"
    if len(ids) == sum(o.state != "extra" for o in result.outcomes):
        return f"cả {len(ids)} văn bản"
    return f"{len(ids)} văn bản: {_by_kind(ids)}"


def _by_kind(ids: Iterable[str]) -> str:
    codes: dict[str, list[str]] = {}
    for kind, _, code in (i.partition(".") for i in ids):
        codes.setdefault(kind, []).append(code)
    return "; ".join(f"{kind}.{', '.join(found)}" if found[0] else kind for kind, found in codes.items())
