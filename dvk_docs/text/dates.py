"""Dates and times of a text: days, months, quarters and hours that do not exist, spans that end before they begin,
weekdays that are another, deadlines already past, papers cited before they were issued.

Source: the calendar; Hướng dẫn 05-HD/VPTW, mục 4.2 and Nghị định 30/2020/NĐ-CP, Phụ lục I, mục II.4 for how dates
are written.
"""

from __future__ import annotations

import itertools
import re
from calendar import isleap, monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from ..errors import Problem
from .lines import Passage
from .whole import Whole, real_day
from .words import tail

SOURCE = "Lịch dương; K10, K11"
FIRST_YEAR, LAST_YEAR = 1850, 2100

_SHORT = re.compile(r"(?<![\d/.,\-–])(\d{1,2})\s?([/.-])\s?(\d{1,2})\s?\2\s?(\d{4})(?![\d/]|[.,-]\d)")
_BARE = re.compile(r"\bngày\s+(\d{1,2})\s?[/-]\s?(\d{1,2})(?![\d/]|\s?[/.-]\s?\d|\s+tháng)", re.I)
_BARE_TO = re.compile(r"\bđến\s+(?:hết\s+)?(?:ngày\s+)?(\d{1,2})/(\d{1,2})(?![\d/]|\s?[/.-]\s?\d)", re.I)
_LONG = re.compile(
    r"\b(?:ngày|mồng|mùng)\s+(\d{1,2})\s+tháng\s+(\d{1,2})(?!\d)(?:\s*[,/]?\s*(?:năm\s+)?(\d{4})(?!\d))?", re.I
)
_ODD_YEAR = re.compile(r"\bngày\s+\d{1,2}[/-]\d{1,2}[/-](?:\d{3}|\d{5,})(?![\d/])", re.I)
_MONTH = re.compile(r"(?<!\d )(?<!\d)\btháng\s+(\d{1,2})(?!\d)(?:\s?/\s?(\d{4}))?(?!\s+ngày)(?!,\d|\.\d|%)", re.I)
_WAGE = re.compile(r"(?:lương|thưởng|thu nhập|thứ)\s+$", re.I)
_QUARTER = re.compile(r"\bquý\s+([IVX]{1,4}|\d{1,2})(?![\w.,]\w|\w)", re.I)
_QUARTERS = frozenset(("I", "II", "III", "IV", "1", "2", "3", "4", "01", "02", "03", "04"))
_TIME = re.compile(r"\b(lúc|hồi|vào|từ|đến|giờ)[:\s]\s*(\d{1,2})\s?(?:giờ|h|g|:)\s?(\d{2})?(?!\d)", re.I)
_YEARS = re.compile(
    r"\b(giai đoạn|nhiệm kỳ|nhiệm kì|năm học|niên khoá|niên khóa|từ năm)\s+(\d{4})\s*(?:[-–]|"
    r"đến(?:\s+năm)?)\s*(\d{4})(?!\d)",
    re.I,
)
_TO = re.compile(r"\s*(?:,?\s*(?:đến|tới)(?:\s+hết)?(?:\s+ngày)?|[-–])\s*(?:ngày\s*)?", re.I)
_FROM = re.compile(r"(?:\btừ(?:\s+ngày)?\s*|\()$", re.I)
_WEEKDAY = re.compile(
    r"(?:^|[,;(:]\s*|\b(?:vào|sáng|chiều|tối|trưa|từ|đến|trước|phút|giờ|ngày|và)\s+)"
    r"(thứ\s+(?:hai|ba|tư|năm|sáu|bảy|bẩy|[2-7])|chủ nhật|chúa nhật)\s*[,(]?\s*(?=(?:ngày\s+)?\d)",
    re.I,
)
_WEEKDAYS = {
    "hai": 0,
    "ba": 1,
    "tư": 2,
    "năm": 3,
    "sáu": 4,
    "bảy": 5,
    "bẩy": 5,
    "2": 0,
    "3": 1,
    "4": 2,
    "5": 3,
    "6": 4,
    "7": 5,
}
_NAMES = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
_BEFORE = re.compile(
    r"(?:\btrước|\bchậm nhất|\bmuộn nhất|\bhạn cuối|\bthời hạn|\bhạn)(?:\s+(?:là|vào|đến|"
    r"cùng))*(?:\s+(?:hết\s+)?ngày)?\s*:?\s*$",
    re.I,
)
_TASK = re.compile(r"\b(?:gửi|nộp|báo cáo|hoàn thành|đăng ký|tổng hợp|xong|lập|thẩm định|xây dựng|đề xuất)\b", re.I)
_PAST = re.compile(
    r"\b(?:đã|sinh|được ban hành|ban hành|có hiệu lực|thành lập|tuổi|xảy ra|theo quy định cũ|trước "
    r"đây|từng|công tác)\b",
    re.I,
)
_REPORTS = ("báo cáo", "biên bản", "danh sách")
_CITATION = re.compile(r"\bsố\s+(\d{1,5}\s?[-/][^\s,;()]{2,25}),?\s+(?:ký\s+)?$", re.I)
_NUMBER_YEAR = re.compile(r"^\d{1,5}/(\d{4})/")


@dataclass(frozen=True, slots=True)
class Mention:
    """A day named in a text: where, its parts; the year may be left to the text around it."""

    start: int
    end: int
    day: int
    month: int
    year: int | None

    @property
    def real(self) -> date | None:
        return real_day(self.day, self.month, self.year) if self.year else None


def mentions(text: str) -> list[Mention]:
    """Every day that a text names, in order."""
    found: dict[int, Mention] = {}
    for match in _SHORT.finditer(text):
        dotted = match[2] != "/" and not re.search(r"ngày\s+$", tail(text, match.start(), 8), re.I)
        if dotted and (not 1900 <= int(match[4]) <= LAST_YEAR or match[2] == "."):
            continue
        found[match.start()] = Mention(match.start(), match.end(), int(match[1]), int(match[3]), int(match[4]))
    for pattern in (_LONG, _BARE):
        for match in pattern.finditer(text):
            year = int(match[3]) if pattern is _LONG and match[3] else None
            start = match.start(1)
            if start not in found:
                found[start] = Mention(start, match.end(), int(match[1]), int(match[2]), year)
    for match in _BARE_TO.finditer(text):
        before = any(m.end <= match.start() <= m.end + 2 for m in found.values())
        if before and match.start(1) not in found:
            found[match.start(1)] = Mention(match.start(1), match.end(), int(match[1]), int(match[2]), None)
    return [found[at] for at in sorted(found)]


def check_dates(passage: Passage, whole: Whole) -> Iterator[Problem]:
    """Every fault of the dates and times in one passage."""
    text = passage.text
    if not re.search(r"\d", text) and "quý" not in text.casefold():
        return
    days = mentions(text)
    year = whole.since.year if whole.since else None
    for day in days:
        yield from _check_day(passage, day, year)
    for match in _ODD_YEAR.finditer(text):
        yield _problem(
            passage,
            match,
            "no_such_day",
            "loi",
            f"“{match.group()}” không phải là một ngày có thật: năm viết sai.",
            "Viết năm bằng bốn chữ số.",
        )
    yield from _check_months(passage, days)
    yield from _check_times(passage)
    yield from _check_spans(passage, days)
    yield from _check_weekdays(passage, days)
    yield from _check_deadlines(passage, days, whole)
    yield from _check_citations(passage, days, whole)


def _problem(
    passage: Passage, at: re.Match[str] | Mention, code: str, severity: str, message: str, hint: str
) -> Problem:
    start, end = (at.start, at.end) if isinstance(at, Mention) else at.span()
    grave = "loi" if severity == "loi" else "canh_bao" if severity == "canh_bao" else "thong_tin"
    return Problem(passage.place(start, end), code, grave, message, hint, SOURCE)  # type: ignore[arg-type]


def _check_day(passage: Passage, day: Mention, year: int | None) -> Iterator[Problem]:
    typed = passage.text[day.start : day.end]
    if not 1 <= day.month <= 12:
        yield _problem(
            passage,
            day,
            "no_such_day",
            "loi",
            f"“{typed}” không phải là một ngày có thật: không có tháng {day.month}.",
            "Xem lại ngày và tháng.",
        )
        return
    last = monthrange(day.year or 2024, day.month)[1] if not day.year or 1 <= day.year <= 9999 else 31
    if not 1 <= day.day <= last:
        hint = (
            f"Tháng {day.month} có {last} ngày; có phải ngày {last}/{day.month}?" if day.day > last else "Xem lại ngày."
        )
        yield _problem(passage, day, "no_such_day", "loi", f"“{typed}” không phải là một ngày có thật.", hint)
    elif day.year and not FIRST_YEAR <= day.year <= LAST_YEAR:
        yield _problem(
            passage, day, "year_out_of_range", "canh_bao", f"Năm của ngày “{typed}” khó có thật.", "Xem lại năm."
        )
    elif not day.year and (day.day, day.month) == (29, 2) and year and not isleap(year):
        yield _problem(
            passage, day, "no_such_day", "canh_bao", f"Năm {year} không có ngày 29/02.", "Có phải ngày 28/02?"
        )


def _check_months(passage: Passage, days: list[Mention]) -> Iterator[Problem]:
    for match in _MONTH.finditer(passage.text):
        inside = any(d.start <= match.start() < d.end for d in days)
        if not inside and not 1 <= int(match[1]) <= 12 and not _WAGE.search(tail(passage.text, match.start(), 16)):
            yield _problem(passage, match, "no_such_month", "loi", f"Không có tháng {match[1]}.", "Tháng từ 1 đến 12.")
    for match in _QUARTER.finditer(passage.text):
        before = tail(passage.text, match.start(), 40).rstrip().rpartition(" ")[2]
        is_name = match.group()[0] == "Q" and before[:1].isupper() and not before.endswith((".", ":", ";"))
        if match[1].upper() not in _QUARTERS and not is_name:
            yield _problem(
                passage, match, "no_such_quarter", "loi", f"Không có quý {match[1]}.", "Một năm có quý I đến quý IV."
            )


def _check_times(passage: Passage) -> Iterator[Problem]:
    for match in _TIME.finditer(passage.text):
        hour, minute = int(match[2]), int(match[3] or 0)
        point = match[1].casefold() in ("lúc", "hồi", "vào")
        if minute > 59 or (hour > 24 and (point or match[3])):
            yield _problem(
                passage,
                match,
                "no_such_time",
                "loi",
                f"“{match.group()}” không phải là một giờ có thật.",
                "Giờ từ 0 đến 24, phút từ 00 đến 59.",
            )


def _check_spans(passage: Passage, days: list[Mention]) -> Iterator[Problem]:
    text = passage.text
    for first, last in itertools.pairwise(days):
        if not _TO.fullmatch(text[first.end : last.start]) or not (
            _FROM.search(tail(text, first.start, 16)) or "đến" in text[first.end : last.start]
        ):
            continue
        begin = real_day(first.day, first.month, first.year or last.year or 2024)
        end = real_day(last.day, last.month, last.year or first.year or 2024)
        over_new_year = not (first.year and last.year) and first.month - last.month >= 6
        if begin and end and end < begin and not over_new_year:
            typed = text[first.start : last.end]
            at = Mention(first.start, last.end, 0, 0, None)
            yield _problem(
                passage,
                at,
                "span_reversed",
                "loi",
                f"Khoảng thời gian “{typed}” kết thúc trước khi bắt đầu.",
                "Xem lại ngày đầu và ngày cuối.",
            )
    for match in _YEARS.finditer(text):
        begin_year, end_year = int(match[2]), int(match[3])
        if end_year < begin_year:
            yield _problem(
                passage,
                match,
                "span_reversed",
                "loi",
                f"“{match.group()}” kết thúc trước khi bắt đầu.",
                "Xem lại năm đầu và năm cuối.",
            )
        elif match[1].casefold() == "năm học" and end_year != begin_year + 1:
            yield _problem(
                passage,
                match,
                "span_odd",
                "canh_bao",
                f"“{match.group()}”: năm học gồm hai năm liền nhau.",
                f"Có phải {begin_year} - {begin_year + 1}?",
            )


def _check_weekdays(passage: Passage, days: list[Mention]) -> Iterator[Problem]:
    for match in _WEEKDAY.finditer(passage.text):
        named = next((d for d in days if match.end() <= d.start <= match.end() + 6), None)
        if named is None or named.real is None:
            continue
        word = match[1].casefold().split()[-1]
        wanted = 6 if match[1].casefold().endswith("nhật") else _WEEKDAYS[word]
        if named.real.weekday() != wanted:
            typed = passage.text[named.start : named.end]
            right = _NAMES[named.real.weekday()]
            yield _problem(
                passage,
                match,
                "weekday_wrong",
                "loi",
                f"Ngày {typed} là {right}, không phải {match[1]}.",
                f"Viết “{right}” hoặc xem lại ngày.",
            )


def _check_deadlines(passage: Passage, days: list[Mention], whole: Whole) -> Iterator[Problem]:
    today = whole.since
    if today is None or whole.kind.startswith(_REPORTS):
        return
    for day in days:
        real = day.real
        if real is None or real >= today or not _BEFORE.search(tail(passage.text, day.start, 40)):
            continue
        begin = max(passage.text.rfind(mark, max(0, day.start - 1000), day.start) for mark in (". ", "; ", "\n")) + 1
        around = passage.text[begin : day.start]
        if _TASK.search(around) and not _PAST.search(around):
            typed = passage.text[day.start : day.end]
            yield _problem(
                passage,
                day,
                "deadline_past",
                "canh_bao",
                f"Hạn {typed} đã qua trước ngày của văn bản ({today.day}/{today.month}/{today.year}).",
                "Xem lại năm, tháng của hạn.",
            )


def _check_citations(passage: Passage, days: list[Mention], whole: Whole) -> Iterator[Problem]:
    for day in days:
        before = re.sub(r"\bngày\s+$", "", tail(passage.text, day.start, 60))
        cited = _CITATION.search(before)
        if not cited or day.real is None:
            continue
        typed = passage.text[day.start : day.end]
        year = _NUMBER_YEAR.match(cited[1])
        if year and abs(int(year[1]) - day.real.year) > 0:
            yield _problem(
                passage,
                day,
                "citation_year",
                "canh_bao",
                f"Văn bản số {cited[1]} không thể ký ngày {typed}: năm trong số và năm của ngày khác nhau.",
                "Xem lại số hoặc ngày của văn bản viện dẫn.",
            )
        elif whole.day and day.real > whole.day:
            yield _problem(
                passage,
                day,
                "citation_later",
                "canh_bao",
                f"Viện dẫn văn bản số {cited[1]} ngày {typed}, sau ngày của chính văn bản này.",
                "Xem lại ngày của văn bản viện dẫn.",
            )
