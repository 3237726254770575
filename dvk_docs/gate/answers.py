"""Which papers are ready, and the one page that says so."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any

from dvk_docs.errors import DvkError

from .annexes import missing_annexes
from .files import WHOLE, Fault, faults

NUMBER, DAY = "so_ky_hieu", "dia_danh_ngay"  # of x-bo-phan: parts that a paper shows
FORM_RULE = re.compile(r"[PS]\d\d")  # rules of a văn bản's format; those of its words (C01) hold for all
REASONS = 4  # that the page prints of one paper; the rest is counted
CODES = 8  # of one kind that a row names; a run of numbers (MH01–MH14) is one
NUMBERED = re.compile(r"(\D*)([0-9]{1,9})")  # MH01


@dataclass(frozen=True, slots=True)
class Candidate:
    """One paper that is due, and the file that lies there for it."""

    id: str
    title: str
    file: Path | None
    held: tuple[str, ...] = ()  # why it is not ready whatever the file says: not made, two versions
    parts: tuple[str, ...] = ()  # x-bo-phan of its kind
    day: date | None = None  # its day, else the planned one: the regime that it is held to
    by_hand: str = ""  # x-dien-tay of its kind

    @property
    def is_formal(self) -> bool:
        """Whether it is a văn bản, with a name or a body; a certificate is none, and no rule of format is for it."""
        return not self.parts or bool({"ten_loai", "noi_dung"} & set(self.parts))


@dataclass(frozen=True, slots=True)
class Answer:
    """Yes, or every reason why not."""

    candidate: Candidate
    reasons: tuple[Fault, ...]
    docx: bytes = field(default=b"", repr=False)  # the very bytes that were judged

    @property
    def ready(self) -> bool:
        return not self.reasons

    def as_dict(self) -> dict[str, object]:
        reasons = [{"code": r.code, "message": r.message, "words": r.words} for r in self.reasons]
        file = self.candidate.file
        return {"id": self.candidate.id, "file": file.name if file else None, "ready": self.ready, "reasons": reasons}


Checker = Callable[[bytes, date | None], Iterable[Fault]]


def judge(
    candidates: Iterable[Candidate], for_issue: bool, checker: Checker | None = None, beside: Sequence[Path] = ()
) -> list[Answer]:
    """One answer for each paper, in their order; `beside` are the files among which their annexes may be."""
    return [_answer(candidate, for_issue, checker or format_faults, beside) for candidate in candidates]


def _answer(candidate: Candidate, for_issue: bool, checker: Checker, beside: Sequence[Path]) -> Answer:
    held = [Fault("held", reason) for reason in candidate.held]
    if candidate.file is None:
        return Answer(candidate, tuple(held) or (Fault("no_file", "Chưa có tệp."),))
    try:
        docx = candidate.file.read_bytes()
    except OSError as error:
        return Answer(candidate, (*held, Fault("unreadable", f"Không đọc được tệp: {error.strerror or error}.")))
    found = faults(docx, for_issue=for_issue, by_hand=candidate.by_hand)
    if not any(f.code == "unreadable" for f in found):
        found += [f for f in checker(docx, candidate.day) if candidate.is_formal or not FORM_RULE.fullmatch(f.code)]
        found += missing_annexes(docx, [file for file in beside if file != candidate.file])
        found += _own_parts(docx, candidate, found) if for_issue and candidate.by_hand != WHOLE else []
    return Answer(candidate, (*held, *found), docx)


@lru_cache(maxsize=256)
def format_faults(docx: bytes, day: date | None) -> tuple[Fault, ...]:
    """The errors of the format checker and of the text itself, each with the id of its rule.

    Found once for the same bytes: a paper is judged for the signature and again for its issue.
    """
    return tuple(_format_faults(docx, day))


def _format_faults(docx: bytes, day: date | None) -> Iterator[Fault]:
    from dvk_docs import text, the_thuc

    try:
        found = the_thuc.read(docx)
        report = the_thuc.check_source(found, "auto", day)
        lines = text.lines_of_text(found.text) if found.document is None else text.lines_of_document(found.document)
        problems = [*report.errors, *(p for p in text.check(lines, report.day or day) if p.severity == "loi")]
    except DvkError as error:
        yield Fault("unreadable", str(error))
        return
    for problem in problems:
        rule = f"{problem.code}: " if problem.code.isupper() else ""  # a defect of the wording has no rule to name
        yield Fault(problem.code, f"{rule}{problem.message}", problem.place.words)


def _own_parts(docx: bytes, candidate: Candidate, found: Sequence[Fault]) -> list[Fault]:
    """A number or a day that its kind shows and that the file does not have at all."""
    from dvk_docs.the_thuc import check_format

    told = {f.code for f in found}
    missing = {NUMBER: Fault("own_number_blank", "Chưa có số."), DAY: Fault("own_day_blank", "Chưa có ngày.")}
    wanted = [fault for part, fault in missing.items() if part in candidate.parts and fault.code not in told]
    if not wanted or "unreadable" in told:
        return []
    report = check_format(docx, day=candidate.day)
    there = {"own_number_blank": any(c.isdigit() for c in report.number), "own_day_blank": report.day is not None}
    return [fault for fault in wanted if not there[fault.code]]


# --- the page --------------------------------------------------------------------------------------------------------


def page_data(answers: Sequence[Answer], nam: int, for_issue: bool) -> dict[str, Any]:
    """The data of the page “Sẵn sàng trình ký”: ready papers of one kind in one row, each of the others in its own."""
    rows: list[dict[str, Any]] = []
    for (_, ready), group in groupby(answers, key=lambda a: (a.candidate.title, a.ready)):
        members = list(group)
        rows += [_ready_row(members)] if ready else [_waiting_row(a) for a in members]
    return {
        "nam": nam,
        "buoc": "phat_hanh" if for_issue else "trinh_ky",
        "van_ban": rows,
        "so_san_sang": sum(a.ready for a in answers),
        "so_chua": sum(not a.ready for a in answers),
    }


def _ready_row(members: Sequence[Answer]) -> dict[str, Any]:
    runs = _runs([c for c in (a.candidate.id.partition(".")[2] for a in members) if c])
    more = sum(len(run) for run in runs[CODES:])
    named = ", ".join(n for run in runs[:CODES] for n in ([f"{run[0]}–{run[-1]}"] if len(run) > 2 else run))
    return _row(members[0], named + (f" và {more} mã khác" if more else ""), len(members), True, [])


def _runs(codes: Sequence[str]) -> list[list[str]]:
    """Codes that count on without a hole stand together: [[MH01, MH02, MH03], [MH05], [DU]]."""
    runs: list[list[str]] = []
    for code in codes:
        if runs and _next_code(runs[-1][-1]) == code:
            runs[-1].append(code)
        else:
            runs.append([code])
    return runs


def _next_code(code: str) -> str | None:
    """MH10 of MH09; None of a code without a number at its end."""
    found = NUMBERED.fullmatch(code)
    return f"{found[1]}{int(found[2]) + 1:0{len(found[2])}}" if found else None


def _waiting_row(answer: Answer) -> dict[str, Any]:
    said = list(dict.fromkeys(map(str, answer.reasons)))
    more = [f"Và {len(said) - REASONS} chỗ khác."] if len(said) > REASONS else []
    return _row(answer, answer.candidate.id.partition(".")[2], 1, False, [*said[:REASONS], *more])


def _row(answer: Answer, codes: str, count: int, ready: bool, reasons: Sequence[str]) -> dict[str, Any]:
    row: Mapping[str, Any] = {
        "ten": answer.candidate.title,
        "ma": codes,
        "so_luong": count,
        "san_sang": ready,
        "ly_do": list(reasons),
    }
    return {k: v for k, v in row.items() if v not in ("", [])}
