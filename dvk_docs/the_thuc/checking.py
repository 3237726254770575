"""One paper checked: read, taken apart, put under the profile of its day, and held to each rule."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone
from functools import cache
from pathlib import Path

from dvk_docs import profiles
from dvk_docs.catalog import Catalog
from dvk_docs.errors import DvkError, Place, Problem, Report
from dvk_docs.profiles import Profile

from . import body_rules, elements, foot_rules, head_rules, kind_rules, page_rules, person_rules, text_rules
from .elements import Paper
from .findings import Case, Check, Issued, Unjudged
from .lines import Line
from .reading import Source, read
from .words import rules

SYSTEMS = {"dang": "văn bản của Đảng", "nha_nuoc": "văn bản hành chính nhà nước", "mttq": "Mặt trận, đoàn thể"}

_COMMON: tuple[Check, ...] = (
    text_rules.code_rule,
    text_rules.tone_rule,
    text_rules.blank_rule,
    text_rules.number_format_rule,
    text_rules.capital_rule,
    person_rules.person_rule,
)
_BOTH: tuple[Check, ...] = (
    page_rules.page_rule,
    page_rules.font_rule,
    head_rules.date_rule,
    kind_rules.bases_rule,
    body_rules.body_rule,
    body_rules.end_rule,
    foot_rules.signature_rule,
    foot_rules.recipients_rule,
    page_rules.number_rule,
    body_rules.annex_rule,
    foot_rules.register_rule,
)
_PARTY: tuple[Check, ...] = (
    head_rules.title_rule,
    head_rules.issuer_rule,
    head_rules.number_words_rule,
    kind_rules.kind_rule,
    kind_rules.subject_rule,
    kind_rules.letter_rule,
    kind_rules.submission_rule,
    body_rules.district_rule,
)
_STATE: tuple[Check, ...] = (
    head_rules.nation_rule,
    head_rules.state_issuer_rule,
    head_rules.state_number_rule,
    kind_rules.state_subject_rule,
    kind_rules.addressee_rule,
    kind_rules.decision_rule,
    kind_rules.in_force_rule,
)
_LOOKS = "P01 P02 P11 P16"
_STATE_LOOKS = "S01 S08 S15"


@dataclass(frozen=True, slots=True)
class FormatReport:
    """What the checker found in one paper, and what it could not judge."""

    system: str  # dang | nha_nuoc | mttq | none
    kind: str  # tờ trình; "" where none was found
    day: date | None  # of the paper itself; None where it is blank
    assumed_day: date  # the day on which it was judged
    profile: str  # DANG_HD05; "" where no regime was found
    problems: tuple[Problem, ...]
    not_judged: tuple[Unjudged, ...] = ()
    notes: tuple[str, ...] = ()  # what was assumed, in sentences
    number: str = ""
    issuer: str = ""
    pages: int = 0
    signed: bool = False

    @property
    def report(self) -> Report:
        return Report(self.problems)

    @property
    def errors(self) -> tuple[Problem, ...]:
        return self.report.errors

    @property
    def ok(self) -> bool:
        return not self.errors

    def as_dict(self) -> dict[str, object]:
        """Plain data for `--json`."""
        return {
            "ok": self.ok,
            "system": self.system,
            "kind": self.kind,
            "day": self.day.isoformat() if self.day else None,
            "judged_on": self.assumed_day.isoformat(),
            "profile": self.profile,
            "number": self.number,
            "issuer": self.issuer,
            "pages": self.pages,
            "signed": self.signed,
            "problems": [p.as_dict() for p in self.problems],
            "not_judged": [{"rules": list(u.rules), "reason": u.reason} for u in self.not_judged],
            "notes": list(self.notes),
        }


def check_format(
    source: bytes | str | Path,
    profile: str = "auto",
    day: date | None = None,
    *,
    issued: Iterable[Issued] | None = None,
) -> FormatReport:
    """Check one paper: the bytes of a file, or its path.

    `profile` is a profile's code, or `auto`: the regime of the paper's own system in force on its own day. `day` stands
    in for a day that the paper does not show. `issued` are the numbers taken before (rule P19). Raise `SourceInvalid`
    for a file that cannot be read, `DvkError` for a profile that there is not.
    """
    return check_source(read(source), profile, day, issued=issued)


def check_source(
    found: Source, profile: str = "auto", day: date | None = None, *, issued: Iterable[Issued] | None = None
) -> FormatReport:
    """Check a paper that `read` has read."""
    chosen = _named(profile)
    paper = elements.find(found.lines, found.document is not None, chosen.system if chosen else "")
    notes: list[str] = list(found.notes)
    judged = _day(paper, day, notes)
    if chosen is None and paper.system != "none":
        chosen = profiles.at(paper.system, judged, _all())
        notes += _outside(chosen, judged)
    case = Case(paper, found.document, chosen, judged, found.pages, list(issued) if issued is not None else None)
    problems = _each_once(list(_problems(case, found)))
    return FormatReport(
        paper.system,
        paper.kind or (paper.kind_line.text.lower() if paper.kind_line else ""),
        paper.day,
        judged,
        chosen.code if chosen else "",
        tuple(_ordered(problems, paper.lines)),
        tuple(_unjudged(case, found)),
        tuple(notes),
        paper.head.number.text if paper.head.number else "",
        " ".join(line.text for line in paper.head.issuers),
        found.pages,
        found.signed,
    )


def _all() -> tuple[Profile, ...]:
    return profiles.load_all(_folder())


@cache
def _folder() -> Path:
    return Catalog().profiles_folder()


def _named(code: str) -> Profile | None:
    if code.casefold() == "auto":
        return None
    found = next((p for p in _all() if p.code.casefold() == code.casefold()), None)
    if found is None:
        known = ", ".join(p.code for p in _all())
        raise DvkError(f"Không có quy định thể thức “{code}”. Có: auto, {known}.")
    return found


def today() -> date:
    """The day in Vietnam."""
    return datetime.now(timezone(timedelta(hours=7))).date()


def _day(paper: Paper, day: date | None, notes: list[str]) -> date:
    """The day on which the paper is judged, and how it was come by."""
    if paper.day is not None:
        return paper.day
    if day is not None:
        notes.append(f"Văn bản chưa ghi ngày; xét theo ngày {day:%d/%m/%Y} đã cho.")
        return day
    written = elements.year_of(paper)
    now = today()
    if written is not None and (written[1] or written[0] != now.year):
        assumed = _end_of(*written, now)
        notes.append(f"Văn bản chưa ghi ngày, chỉ ghi tháng, năm; xét theo ngày {assumed:%d/%m/%Y}.")
        return assumed
    spoken = elements.year_spoken_of(paper)
    if written is None and spoken is not None and spoken < now.year:
        assumed = date(spoken, 12, 31)
        notes.append(f"Văn bản không ghi ngày; trích yếu nói về năm {spoken} nên xét theo ngày {assumed:%d/%m/%Y}.")
        return assumed
    notes.append(f"Không đọc được ngày của văn bản; xét theo hôm nay, {now:%d/%m/%Y}. Dùng --ngay để chọn ngày khác.")
    return now


def _end_of(year: int, month: int | None, now: date) -> date:
    """The last day of a month or a year that is past, the first of one to come; today within the present one."""
    if (year, month or now.month) == (now.year, now.month):
        return now
    if (year, month or 12) > (now.year, now.month):
        return date(year, month or 1, 1)
    return date(year, month or 12, monthrange(year, month or 12)[1])


def _outside(profile: Profile, day: date) -> list[str]:
    if day.isoformat() < profile.from_day:
        return [f"Văn bản có trước mọi quy định đã nạp; xét theo {profile.code}."]
    return []


# --- the rules of a system -------------------------------------------------------------------------------------------


def _problems(case: Case, found: Source) -> Iterator[Problem]:
    paper = case.paper
    thing = paper.thing
    if paper.system == "none" or thing:
        ids = [r.id for r in rules().values() if r.system != "chung"]
        other = "hiện vật khen thưởng hoặc lá phiếu, không phải văn bản hành chính"
        reason = other if thing else "không nhận ra hệ văn bản nào"
        case.cannot(" ".join(ids), reason)
    else:
        for check in (*(_PARTY if case.party else _STATE), *_BOTH):
            yield from check(case)
    for check in _COMMON:
        yield from check(case)


def _unjudged(case: Case, found: Source) -> Iterator[Unjudged]:
    if case.document is None and case.paper.system != "none":
        yield Unjudged(tuple((_LOOKS if case.party else _STATE_LOOKS).split()), "tệp chữ không có cách trình bày")
    if case.document is not None and not found.pages:
        yield Unjudged((), "không dàn được trang ở đây nên chỗ sai chỉ ghi số đoạn, không ghi số trang")
    if found.hidden:
        yield Unjudged((), f"không đọc được: {', '.join(found.hidden)}")
    seen: set[str] = set()
    for one in case.unjudged:
        fresh = tuple(rule for rule in one.rules if rule not in seen)
        seen.update(fresh)
        if fresh:
            yield Unjudged(fresh, one.reason)


_SAID_ALREADY = {
    "symbol_malformed": ("P05", "S04"),
    "symbol_spaced": ("P05", "S04"),
    "symbol_type_mismatch": ("P05", "S04"),
    "no_such_day": ("P06", "S05"),
    "no_such_month": ("P06", "S05"),
    "annex_unnamed": ("P17", "S14"),
}  # a defect of the text that a rule of format, which is for that one line, names at the same place
_SAID_BY_NAME = {
    "body_ended": ("P18",),
    "law_ended": ("S16",),
    "doubled_mark": ("C03", "P12", "S09"),
}  # one that a rule of format names where its message or its place has the same words; told of others, both stay
_QUOTED = re.compile(r"“([^”]+)”")


def with_others(report: FormatReport, found: Source, more: Iterable[Problem]) -> FormatReport:
    """The report with problems that others found in the same file: placed by page and part, all in one order."""
    pages = {line.where: line.place for line in found.lines}
    part = "" if found.document is None else "word/document.xml"
    placed = [
        replace(p, place=replace(p.place, pointer="", part=part, where=pages.get(p.place.where, p.place.where)))
        for p in more
    ]
    placed = [p for p in placed if not any(_says(said, p) for said in report.problems)]
    return replace(report, problems=tuple(_ordered([*report.problems, *placed], found.lines)))


def _says(said: Problem, other: Problem) -> bool:
    """Whether a finding of format tells what a defect of the text would tell again."""
    if said.place.where == other.place.where and said.code in _SAID_ALREADY.get(other.code, ()):
        return True
    if said.code not in _SAID_BY_NAME.get(other.code, ()):
        return False
    named = _QUOTED.search(other.message)
    words = named[1].casefold() if named else ""
    if other.code == "doubled_mark":
        there = said.place.where == other.place.where or other.place.where in said.message
        return there and words in (said.message if said.code == "C03" else said.place.words) and _is_of_marks(said)
    return bool(words) and words in said.message.casefold()


def _is_of_marks(said: Problem) -> bool:
    """Whether a finding of C03 is of marks, not of blanks; the rules of the end always are."""
    return said.code != "C03" or said.message.startswith("Dấu câu")


def _each_once(problems: Sequence[Problem]) -> list[Problem]:
    """The findings without a doubled mark (C03) at the end of the text, which P12 and S09 name by their clause."""
    ends = [p.place for p in problems if p.code in ("P12", "S09")]
    return [p for p in problems if not any(_is_end(p, end) for end in ends)]


def _is_end(problem: Problem, end: Place) -> bool:
    """Whether a finding of C03 is of the very marks with which the text ends, and of no other place."""
    quoted = _QUOTED.search(problem.message)
    if problem.code != "C03" or quoted is None or not problem.message.endswith(f"{quoted[0]}."):
        return False
    marks = re.search(r"[.;,:]\s?[.;,:]$", quoted[1])
    return marks is not None and problem.place.where == end.where and end.words.endswith(quoted[1])


def _ordered(problems: Sequence[Problem], lines: Sequence[Line]) -> list[Problem]:
    """In the order of the paper; what has no line comes first; each said once."""
    order = {line.place: n for n, line in reversed([*enumerate(lines)])}
    return sorted(dict.fromkeys(problems), key=lambda p: order.get(p.place.where, -1))
