"""What in a Word file shows that it is not finished: by its text and by the marks that Word keeps in it.

| code | what |
|---|---|
| tag_left | {{ }}, {% %}, {# #}: a tag of the template |
| gap_left | `[Chưa nhập: ...]`, or a field of Word that still shows its prompt |
| dotted_line | dots, ellipses, underscores or a leader left to be filled in |
| comment_left | a comment of Word |
| change_left | a tracked change |
| citation_blank | the number or the day of a paper that is cited |
| own_number_blank, own_day_blank | only before it goes out: its own number, its own day |
| host_blank | only before it goes out: number and day of the paper that it is attached to |
| annex_missing | what it says goes with it (`annexes`) lies neither in it nor beside it |

A form that is filled in with a pen is meant to have dotted lines, a blank number and a blank day: `by_hand` says how
much of the paper is one, `WHOLE` or from its first `ANNEX` on.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dvk_docs.errors import TemplateInvalid
from dvk_docs.package import DOCUMENT, unpack
from dvk_docs.profiles import BREAKS, own_texts, parse, w

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

TEXT_PARTS = re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml")
CHANGES = (
    *("ins", "del", "moveFrom", "moveTo", "rPrChange", "pPrChange", "tblPrChange", "trPrChange", "tcPrChange"),
    *("sectPrChange", "tblGridChange", "tblPrExChange", "numberingChange", "cellIns", "cellDel", "cellMerge"),
)
WHOLE, ANNEX = "ca_van_ban", "phu_luc"  # x-dien-tay: what of a paper is filled in by hand
LEADERS = ("dot", "underscore", "hyphen", "heavy", "middleDot")

TAG = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")
GAP = re.compile(r"\[\s*chưa nhập\b", re.IGNORECASE)
UNCITED = re.compile(r"\[\s*chưa có (?:số|ngày)\b", re.IGNORECASE)  # how a citation prints what it lacks
FILL = r"[\s.…_]"  # what stands where something is to be written
DOTS = re.compile(r"\.{4,}|…\s*[….]|_{3,}|(?:\.\s){4,}|(?i:\b(?:số|ngày|tháng|năm|giờ|phút|lúc)\s*:?\s*(?:…|\.{3}))")
RULE = re.compile(r"[_\s]+")  # a line drawn under a heading
NUMBER = re.compile(rf"(?<!\w)[Ss]ố\s*:?{FILL}*[-/]\s*[A-ZĐ]\w*\s*[-/]?")
DAY = re.compile(
    rf"(?i)ngày(?:{FILL}{{2,}}|[.…_]+){FILL}*tháng|ngày{FILL}*\d{{0,2}}{FILL}*tháng(?:{FILL}{{2,}}|[.…_]+){FILL}*năm"
    rf"|tháng\s*\d{{1,2}}\s*năm\s*(?:[.…_]|20[.…_]|$)|ngày\s*[.…_]*\s*/\s*[.…_]*\s*/|(?<=,)\s*ngày\s{{2,}}(?=của)"
)
OWN_NUMBER = re.compile(rf"(?:[Ss]ố|SỐ)\s*:?{FILL}*[-/]\s*\S+")
OWN_DAY = re.compile(
    rf"(?i)(?:[^;.]{{0,80}}[,:]\s*)?ngày{FILL}*\d{{0,2}}{FILL}*tháng{FILL}*\d{{0,2}}{FILL}*năm{FILL}*\d{{0,4}}{FILL}*"
)
HOST = re.compile(r"\(\s*(?:ban hành )?kèm theo\b.*", re.IGNORECASE | re.DOTALL)
ANNEX_HEAD = re.compile(r"(?:phụ lục|biểu mẫu|mẫu|biểu)(?: số)?\s*(?:\d{1,2}[a-z]?|[ivx]{1,5})?\s*[.:]?", re.IGNORECASE)
SHOWN = 60
HEAD = 12  # paragraphs in which underscores alone are a drawn line


@dataclass(frozen=True, slots=True)
class Fault:
    """One reason why a file is not ready: a stable code, a Vietnamese sentence, the words around the place."""

    code: str
    message: str
    words: str = ""

    def __str__(self) -> str:
        return f"{self.message.rstrip('.')} (gần “{self.words}”)." if self.words else self.message


@dataclass(frozen=True, slots=True)
class Paragraph:
    number: int  # in its part, from 1
    text: str
    element: Element


def faults(docx: bytes, *, for_issue: bool = False, by_hand: str = "") -> list[Fault]:
    """Every mark of unfinished work in a Word file, each once; `for_issue` also wants its own number and day.

    `by_hand` is WHOLE, ANNEX or blank: where blanks are left for a pen.
    """
    try:
        parts = unpack(docx, only_look=True)
        found = list(_faults(parts, for_issue, by_hand))
    except TemplateInvalid:
        return [Fault("unreadable", "Tệp Word không đọc được; có thể đã hỏng hoặc có mật khẩu.")]
    return list({(f.code, f.message, f.words): f for f in found}.values())


def _faults(parts: Mapping[str, bytes], for_issue: bool, by_hand: str) -> Iterator[Fault]:
    names = [DOCUMENT, *(n for n in sorted(parts) if TEXT_PARTS.fullmatch(n) and n != DOCUMENT)]
    for name in names:
        root = parse(name, parts[name])
        yield from _marks(root)
        is_form = by_hand == WHOLE
        for paragraph in paragraphs(root):
            is_form |= by_hand == ANNEX and ANNEX_HEAD.fullmatch(paragraph.text.strip()) is not None
            yield from _text_faults(paragraph)
            yield from _uncited(paragraph.text) if is_form else _left_blank(paragraph, for_issue)
    yield from _comments(parts)


def paragraphs(root: Element) -> Iterator[Paragraph]:
    """Each paragraph with its text as it is read: tabs and breaks as blanks, hard blanks as blanks."""
    for number, element in enumerate(root.iter(w("p")), 1):
        pieces = [(p.text or "") if p.tag == w("t") else "\t" for p in own_texts(element, BREAKS)]
        text = unicodedata.normalize("NFC", "".join(pieces)).replace("\N{NO-BREAK SPACE}", " ")
        yield Paragraph(number, text, element)


# --- text ------------------------------------------------------------------------------------------------------------


def _text_faults(paragraph: Paragraph) -> Iterator[Fault]:
    """What no pen fills: a tag of the template, a marked gap."""
    text = paragraph.text
    if found := TAG.search(text):
        yield Fault("tag_left", "Còn thẻ của mẫu chưa được thay.", _near(text, found))
    if found := GAP.search(text):
        yield Fault("gap_left", "Còn chỗ chưa nhập.", _near(text, found))


def _left_blank(paragraph: Paragraph, for_issue: bool) -> Iterator[Fault]:
    """What is to be written in still: a dotted line, a number or a day."""
    text = paragraph.text
    rule = paragraph.number <= HEAD and RULE.fullmatch(text)
    if (found := DOTS.search(text)) and not rule:
        yield Fault("dotted_line", "Còn dòng chấm để điền.", _near(text, found))
    elif not rule and _ends_in_leader(paragraph):
        yield Fault("dotted_line", "Còn dòng chấm để điền.", text.strip()[-SHOWN:])
    yield from _blanks(text.strip(), for_issue)


def _blanks(text: str, for_issue: bool) -> Iterator[Fault]:
    """A number or a day that is not filled in: of its own, of the paper it is attached to, or of one that is cited."""
    if UNCITED.search(text):
        yield from _uncited(text)
        return
    number, day = NUMBER.search(text), DAY.search(text)
    if number and OWN_NUMBER.fullmatch(text):
        if for_issue:
            yield Fault("own_number_blank", "Chưa có số.", text)
    elif day and OWN_DAY.fullmatch(text):
        if for_issue:
            yield Fault("own_day_blank", "Chưa có ngày.", " ".join(text.split()))
    elif (number or day) and HOST.fullmatch(text):
        if for_issue:
            yield Fault("host_blank", "Chưa có số, ngày của văn bản mà nó kèm theo.", " ".join(text.split()))
    else:
        for found in (x for x in (number, day) if x):
            yield Fault("citation_blank", "Viện dẫn còn trống số hoặc ngày.", _near(text, found))


def _uncited(text: str) -> Iterator[Fault]:
    """A citation that prints what it lacks: no pen fills that."""
    if found := UNCITED.search(text):
        yield Fault("citation_blank", "Viện dẫn còn trống số hoặc ngày.", _near(text, found))


def _near(text: str, found: re.Match[str]) -> str:
    """The words around a place, whole."""
    start, end = max(0, found.start() - SHOWN // 3), min(len(text), found.end() + SHOWN // 3)
    while start and not text[start - 1].isspace():
        start -= 1
    while end < len(text) and not text[end].isspace():
        end += 1
    return " ".join(text[start:end].split())


def _ends_in_leader(paragraph: Paragraph) -> bool:
    """Whether a tab with a leader stands where nothing follows: a dotted line drawn by Word."""
    leaders = [t for t in paragraph.element.iter(w("tab")) if t.get(w("leader")) in LEADERS]
    return bool(leaders) and paragraph.text.endswith("\t")


# --- marks of Word ---------------------------------------------------------------------------------------------------


def _marks(root: Element) -> Iterator[Fault]:
    changed = next((e for e in root.iter(*map(w, CHANGES))), None)
    if changed is not None:
        words = "".join(t.text or "" for t in changed.iter(w("t"), w("delText")))
        message = "Còn thay đổi đang theo dõi (Track Changes) chưa chấp nhận."
        yield Fault("change_left", message, " ".join(words.split())[:SHOWN])
    prompt = next((e for e in root.iter(w("showingPlcHdr"))), None)
    if prompt is not None:
        yield Fault("gap_left", "Còn ô nhập của Word chưa điền.")
    if next((e for e in root.iter(w("commentReference"))), None) is not None:
        yield Fault("comment_left", "Còn chú thích (Comment).")


def _comments(parts: Mapping[str, bytes]) -> Iterator[Fault]:
    """Comments that are kept in the file, those whose mark was deleted too."""
    for name in ("word/comments.xml",):
        root = parse(name, parts[name]) if name in parts else None
        if root is not None and next((c for c in root.iter(w("comment"))), None) is not None:
            yield Fault("comment_left", "Còn chú thích (Comment).")
