"""Rules of the content: how it stands (P11, S08), how it ends (P12, S09), annexes (P17, S14), dead bodies (P18)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise

from dvk_docs.errors import Problem
from dvk_docs.ooxml import ParagraphLook
from dvk_docs.profiles import Limit

from .elements import ANNEX, POINTER
from .findings import Case, figure, others, size_fault, wanted
from .lines import Line
from .words import entry, pattern

_PROSE = 70  # letters of a paragraph that is surely more than a heading
_TWIPS_MM = 25.4 / 1440
_HEADING = re.compile(r"^((phần|chương|mục|tiểu mục|điều) [\divxlc]+|[ivxlc]+[.)-]|\d+(\.\d+)*[.)]|[a-zđ][.)])")
_ROMAN = re.compile(r"^[ivxlc]+$")


def prose_of(case: Case) -> list[Line]:
    """The first line of each paragraph of prose: no tables, no headings, no lines in the middle."""
    return [
        line
        for line in case.paper.body
        if line.opens and not line.table and line.stand is not None and not line.centred and len(line.whole) >= _PROSE
    ]


def body_rule(case: Case) -> Iterator[Problem]:
    """P11, S08: size, justified, first line, lines, gaps; each kind of fault is said once with all its places."""
    if case.document is None or case.paper.form:
        if case.paper.form:
            case.cannot("P11" if case.party else "S08", "biểu mẫu hoặc danh sách: không xét cách trình bày đoạn văn")
        return
    rule = "P11" if case.party else "S08"
    lines = prose_of(case)
    for what, wrong, limit in _body_faults(case, lines):
        message = f"{what}{others(wrong)}."
        source = limit.source if limit else ""
        yield case.found(rule, wrong[0], message, source=source, confirmed=limit is None or limit.confirmed)


def _body_faults(case: Case, lines: Sequence[Line]) -> Iterator[tuple[str, list[Line], Limit | None]]:
    size = case.limit("co_noi_dung")
    if size is not None:
        for value, wrong in _by(lines, lambda x: x.looks.size if x.looks else None, size):
            yield f"Nội dung cỡ {figure(value)}; cần {wanted(size)}", wrong, size
    loose = [x for x in lines if x.stand is not None and x.stand.align != "both"]
    if loose:
        yield "Đoạn văn chưa dàn đều hai lề", loose, case.limit("cach_doan")
    indent = case.limit("lui_dau_dong")
    if indent is not None:
        for value, wrong in _by(lines, _indent, indent):
            yield f"Chữ đầu dòng lùi {figure(value)} mm; cần {wanted(indent)}", wrong, indent
    yield from _spacing_faults(case, lines)


def _by(lines: Sequence[Line], measure: object, limit: Limit) -> Iterator[tuple[float, list[Line]]]:
    """The lines whose measure the limit does not hold, by that measure."""
    found: dict[float, list[Line]] = {}
    for line in lines:
        value = measure(line)  # type: ignore[operator]
        if value is not None and not limit.holds(round(value, 2)):
            found.setdefault(round(value, 1), []).append(line)
    yield from found.items()


def _indent(line: Line) -> float | None:
    """Where the first letter stands from the left margin, mm; a tab goes to the next stop."""
    look = line.stand
    if look is None:
        return None
    at = look.left + look.first
    if line.tabbed:
        stops = [s.position for s in look.tabs if s.position > at + 1]
        default = (at // 720 + 1) * 720
        at = min([*stops, default]) if stops else default
    return at * _TWIPS_MM


def _spacing_faults(case: Case, lines: Sequence[Line]) -> Iterator[tuple[str, list[Line], Limit | None]]:
    spacing, gap = case.limit("dong"), case.limit("cach_doan")
    if spacing is not None:
        wrong = [x for x in lines if x.stand is not None and not _spaced(x.stand, spacing)]
        by_words: dict[str, list[Line]] = {}
        for line in wrong:
            if line.stand is not None:
                by_words.setdefault(_spacing_words(line.stand), []).append(line)
        exactly = " (Exactly)" if spacing.unit == "pt" else ""
        for words, group in by_words.items():
            yield f"Giãn dòng {words}; cần {wanted(spacing)}{exactly}", group, spacing
    if gap is not None:
        before = _before(case)
        narrow = [x for x in _gapped(case, lines) if not gap.holds(_gap(before[x], x))]
        if narrow:
            room = figure(_gap(before[narrow[0]], narrow[0]))
            yield f"Khoảng cách đoạn {room} pt; cần {wanted(gap)}", narrow, gap


def _spaced(look: ParagraphLook, limit: Limit) -> bool:
    if limit.unit == "pt":
        return look.rule == "exact" and limit.holds(round(look.line / 20, 2))
    if look.rule == "auto":
        return limit.holds(round(look.line / 240, 3))
    return 13 <= look.line / 20 <= 24  # an exact height that is single to one and a half lines of 13 - 14 pt


def _spacing_words(look: ParagraphLook) -> str:
    if look.rule == "auto":
        return f"{figure(look.line / 240)} lần dòng đơn" if look.line != 240 else "dòng đơn (Single)"
    return f"{'đúng' if look.rule == 'exact' else 'ít nhất'} {figure(look.line / 20)} pt"


def _gapped(case: Case, lines: Sequence[Line]) -> list[Line]:
    """The paragraphs of prose that follow another paragraph of the content directly."""
    before = _before(case)
    return [x for x in lines if (a := before.get(x)) is not None and a.text and not a.table and a.stand is not None]


def _before(case: Case) -> dict[Line, Line]:
    """The paragraph before each."""
    return {own: above for above, own in pairwise(x for x in case.paper.lines if x.opens)}


def _gap(before: Line, line: Line) -> float:
    """The room between a paragraph and the one before, pt."""
    above, own = before.stand, line.stand
    if above is None or own is None:
        return 0.0
    if above.contextual and own.contextual:
        return 0.0
    return (above.after + own.before) / 20


# --- the end ---------------------------------------------------------------------------------------------------------

_END_QUOTES = "”\"'’)]"


def end_rule(case: Case) -> Iterator[Problem]:
    """P12, S09: the content of a paper of the Party ends with `.`, of the State with `./.`."""
    paper = case.paper
    rule = "P12" if case.party else "S09"
    if paper.form:
        case.cannot(rule, "biểu mẫu hoặc danh sách: không xét dấu kết thúc")
        return
    last = paper.body[-1] if paper.body else None
    if last is None or not paper.foot.lines:
        case.cannot(rule, "không nhận ra chỗ kết thúc nội dung")
        return
    if last.table:
        case.cannot(rule, "nội dung kết thúc bằng một bảng")
        return
    mark = case.word("ket", "." if case.party else "./.")
    text = last.text.rstrip(_END_QUOTES + " ") if not last.text.endswith(mark) else last.text
    if mark == "./.":
        if not text.endswith("./."):
            yield case.found(
                rule, last, "Nội dung văn bản kết thúc bằng “./.”.", "Thêm “./.” vào cuối.", words=_tail(last)
            )
    elif text.endswith("./.") or re.search(r"[/.]\s*/\s*\.?$|\.\s*\.$", text):
        message = "Nội dung văn bản của Đảng kết thúc bằng dấu chấm, không phải “./.”."
        yield case.found(rule, last, message, "Chỉ để một dấu chấm.", words=_tail(last))
    elif not text.endswith("."):
        yield case.found(rule, last, "Nội dung văn bản kết thúc bằng dấu chấm.", "Thêm dấu chấm.", words=_tail(last))


def _tail(line: Line) -> str:
    return line.text if len(line.text) <= 50 else line.text[-50:]


# --- annexes ---------------------------------------------------------------------------------------------------------


def annex_rule(case: Case) -> Iterator[Problem]:
    """P17, S14: an annex is named in the text, numbered (Arabic; the State Roman), points back, has its own pages."""
    rule = "P17" if case.party else "S14"
    annexes = [a for a in case.paper.annexes if ANNEX.match(a[0].key) and a[0].key.startswith("phụ lục")]
    text = " ".join(x.key for x in case.paper.body)
    if annexes and not re.search(r"phụ lục|kèm theo|biểu|danh sách", text):
        message = "Nội dung văn bản không nhắc đến phụ lục kèm theo."
        yield case.found(rule, annexes[0][0], message, "Thêm chỉ dẫn “(Phụ lục kèm theo)” trong nội dung.")
    for annex in annexes:
        yield from _annex_number(case, rule, annex[0], len(annexes))
        yield from size_fault(case, rule, annex[0], "co_phu_luc", "Chữ “Phụ lục”")
        if len(annex) > 1 and annex[1].upper:
            yield from size_fault(case, rule, annex[1], "co_phu_luc_ten", "Tên phụ lục")
        if not any(POINTER.match(x.key) for x in annex[:8]):
            message = "Dưới tiêu đề phụ lục thiếu dòng “(Kèm theo ... số ..., ngày ... của ...)”."
            yield case.found(rule, annex[0], message, "Thêm dòng chỉ dẫn.")
    yield from _annex_pages(case, rule, annexes)


def _annex_number(case: Case, rule: str, line: Line, count: int) -> Iterator[Problem]:
    found = ANNEX.match(line.key)
    number = found["n"] if found else None
    if number is None:
        if count > 1:
            yield case.found(rule, line, "Có từ hai phụ lục nên mỗi phụ lục cần số thứ tự.", "Đánh số phụ lục.")
    elif case.party and _ROMAN.match(number):
        yield case.found(rule, line, "Phụ lục của văn bản Đảng đánh số bằng chữ số Ả-rập.", "Viết “Phụ lục 1”.")
    elif not case.party and number[0].isdigit():
        yield case.found(rule, line, "Phụ lục của văn bản nhà nước đánh số La Mã.", "Viết “Phụ lục I”.")


def _annex_pages(case: Case, rule: str, annexes: Sequence[Sequence[Line]]) -> Iterator[Problem]:
    if case.document is None:
        return
    for annex in annexes:
        first = annex[0]
        if first.section == 0:
            if not first.new_page and case.pages and first.page == _foot_page(case):
                yield case.found(rule, first, "Phụ lục cần sang trang riêng.", "Ngắt trang trước phụ lục.")
            elif case.pages:
                message = "Phụ lục cần đánh số trang riêng, từ trang 1."
                yield case.found(rule, first, message, "Ngắt phần (section) và đặt số trang bắt đầu từ 1.")
        elif case.document.sections[first.section].start != 1 and not _repeats(annexes, annex):
            message = "Phụ lục cần đánh số trang riêng, từ trang 1."
            yield case.found(rule, first, message, "Đặt số trang của phần này bắt đầu từ 1.")


def _repeats(annexes: Sequence[Sequence[Line]], annex: Sequence[Line]) -> bool:
    """Whether an earlier annex stands in the same section: then one finding is enough."""
    return any(a[0].section == annex[0].section for a in annexes[: list(annexes).index(annex)])


def _foot_page(case: Case) -> int:
    return max((x.page for x in case.paper.foot.lines), default=0)


# --- bodies that are no more -----------------------------------------------------------------------------------------

_CITED_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(20\d\d|19\d\d)|năm (20\d\d|19\d\d)|(?<!\d)(20[01]\d|202[0-5])(?!\d)")


def district_rule(case: Case) -> Iterator[Problem]:
    """P18: no body of the district level after 30/6/2025, but in what is history."""
    until = entry("cap_huyen", "den")
    if case.day <= until:
        return
    shape, past = pattern("cap_huyen", "ten"), pattern("cap_huyen", "tru")
    wrong: dict[str, list[Line]] = {}
    for line in case.paper.lines:
        found = shape.search(line.key)
        if found and not past.search(line.key) and not _is_history(line.key, until):
            wrong.setdefault(found.group().strip(), []).append(line)
    for name, lines in wrong.items():
        message = f"“{name}” không còn từ ngày 01/7/2025{others(lines)}."
        source = entry("cap_huyen", "source")
        yield case.found("P18", lines[0], message, "Thay bằng cơ quan hiện nay.", source=source)


def _is_history(text: str, until: date) -> bool:
    """Whether the sentence cites a day or a year in which such bodies still were."""
    for found in _CITED_DAY.finditer(text):
        year = int(found[3] or found[4] or found[5])
        if year < until.year or (found[3] and year == until.year and int(found[2]) <= until.month):
            return True
    return False
