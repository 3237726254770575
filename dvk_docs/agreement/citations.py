"""Numbers and days: those of cited papers against the year's register, and a paper's own against its data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from dvk_docs.errors import Place, Problem, Severity
from dvk_docs.viet.ngay import ngay_so

from .known import Known, Listed
from .reading import Paper

_LETTER = "A-ZĐĂÂÊÔƠƯ"
NUMBER = rf"0*[1-9]\d{{0,5}}\s?[-/]\s?[{_LETTER}][{_LETTER}a-zđ]*\s?[-/]\s?[{_LETTER}]+(?:-[{_LETTER}]+)*"
DAY = r"(?P<d>\d{1,2})(?:/|\s+tháng\s+)(?P<m>\d{1,2})(?:/|\s+năm\s+)(?P<y>\d{4})"
CITATION = re.compile(rf"(?:(?P<kind>[^\W\d_]+(?:\s[^\W\d_]+)?)\s+)?số:?\s+(?P<number>{NUMBER})(?:,?\s+ngày\s+{DAY})?")
OWN_NUMBER = re.compile(rf"Số\s*:?\s*(?P<number>{NUMBER})")
LONG_DAY = DAY.replace("(?:/|\\s+", "(?:\\s+")  # in words only
OWN_DAY = re.compile(rf"[^\d;.:]{{1,40}},\s+ngày\s+{LONG_DAY}")
HEAD = 14  # paragraphs in which a paper's own number and day stand
AROUND = 40


@dataclass(frozen=True, slots=True)
class Citation:
    """A paper that is named in a text: its tên loại as far as it was read, its number, its day (ISO, or "")."""

    kind: str
    number: str
    day: str
    words: str


def citations(text: str) -> Iterator[Citation]:
    """Every number with what stands before and after it."""
    for found in CITATION.finditer(text):
        start, end = max(0, found.start() - AROUND // 2), min(len(text), found.end() + AROUND // 2)
        yield Citation(found["kind"] or "", found["number"], _iso(found), text[start:end].strip())


def _iso(found: re.Match[str]) -> str:
    with suppress(TypeError, ValueError):  # no day there, or one that does not exist: the text's own check names it
        return date(int(found["y"]), int(found["m"]), int(found["d"])).isoformat()
    return ""


def check_citations(paper: Paper, known: Known) -> Iterator[Problem]:
    """What a paper cites, against the year's papers."""
    for number, text in enumerate(paper.reading.paragraphs, 1):
        if OWN_NUMBER.fullmatch(text):
            continue
        for cited in citations(text):
            yield from _citation(paper, number, cited, known)


def _citation(paper: Paper, at: int, cited: Citation, known: Known) -> Iterator[Problem]:
    found = known.by_number(cited.number)
    if found:
        yield from _of_known(paper, at, cited, found, known)
        return
    same_day = known.of_day(cited.number, cited.day) if cited.day else []
    if same_day:
        right = ", ".join(dict.fromkeys(p.number for p in same_day))
        message = f"Viện dẫn số {cited.number}, ngày {ngay_so(cited.day)}, mà văn bản ngày ấy mang số {right}."
        yield problem(paper, at, "citation_number_differs", "loi", message, cited.words)
    elif cited.day and known.is_ours(cited.number) and known.nam and cited.day.startswith(str(known.nam)):
        message = f"Viện dẫn số {cited.number}, ngày {ngay_so(cited.day)}; sheet Văn bản không có văn bản ấy."
        yield problem(paper, at, "citation_unknown", "canh_bao", message, cited.words)


def _of_known(paper: Paper, at: int, cited: Citation, found: list[Listed], known: Known) -> Iterator[Problem]:
    days = sorted({p.day for p in found if p.day})
    if cited.day and days and cited.day not in days and _is_one_paper(cited.day, days):
        message = f"Viện dẫn số {cited.number} ghi ngày {ngay_so(cited.day)}, văn bản ấy là ngày {ngay_so(days[0])}."
        yield problem(paper, at, "citation_day_differs", "loi", message, cited.words)
    kinds = {p.kind.casefold() for p in found if p.kind}
    said = cited.kind.casefold()
    if kinds and said in _kinds(known) and said not in kinds:
        right = next(p.kind for p in found if p.kind)
        message = f"Viện dẫn số {cited.number} gọi là {cited.kind}, văn bản ấy là {right}."
        yield problem(paper, at, "citation_kind_differs", "loi", message, cited.words)


def _is_one_paper(day: str, days: list[str]) -> bool:
    """Whether a number of that day must be the paper of one of the days: a number of another year may be another's."""
    return any(day[:4] == known[:4] or day[5:] == known[5:] for known in days)


def _kinds(known: Known) -> set[str]:
    return {p.kind.casefold() for p in known.papers}


def check_own(paper: Paper, known: Known) -> Iterator[Problem]:
    """A paper's own number and day, in its head or at its end, against the year's data."""
    for at, text in enumerate(paper.reading.paragraphs[:HEAD], 1):
        found = OWN_NUMBER.fullmatch(text)
        if found is not None:
            yield from _own_number(paper, at, found["number"], known)
    day = next(((n, m) for n, t in enumerate(paper.reading.paragraphs, 1) if (m := OWN_DAY.fullmatch(t))), None)
    if day is None or not paper.day:
        return
    at, found = day
    said = _iso(found)
    if said and said != paper.day:
        message = f"Văn bản ghi ngày {ngay_so(said)}, dữ liệu của năm là ngày {ngay_so(paper.day)}."
        yield problem(paper, at, "own_day_differs", "loi", message, paper.reading.paragraphs[at - 1])


def _own_number(paper: Paper, at: int, said: str, known: Known) -> Iterator[Problem]:
    mine = {p.key for p in known.papers if p.number == paper.number}
    if not paper.number:
        message = f"Văn bản ghi số {said} mà sheet Văn bản chưa có số của văn bản này."
        yield problem(paper, at, "own_number_unlisted", "canh_bao", message, said)
    elif not any(p.key in mine for p in known.by_number(said)):
        message = f"Văn bản ghi số {said}, dữ liệu của năm là số {paper.number}."
        yield problem(paper, at, "own_number_differs", "loi", message, said)


def problem(paper: Paper, at: int, code: str, severity: Severity, message: str, words: str) -> Problem:
    """A problem of a paper's text, at its file and paragraph."""
    place = Place(file=paper.file, where=f"{paper.file}, đoạn {at}", words=words)
    hint = "Sửa văn bản, hoặc sửa dữ liệu rồi lập lại."
    return Problem(place, code, severity, message, hint, "K05, K06" if code.startswith(("cit", "own")) else "")
