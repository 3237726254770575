"""What a paper says goes with it: “(có danh sách kèm theo)”, “Kèm theo Kế hoạch này: ... (Phụ lục 01)”.

`enclosed(lines)` gives what is promised and not inside the paper; `is_in(promise, lines, name)` whether another file is
it, by its own head or, where it cannot be read, by its name. What another paper carries (danh sách kèm theo Quyết định
số 15 ...) and what others are asked to send in is no promise. Source: Hướng dẫn 05-HD/VPTW, mục II.1 (P17).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from ..viet.ten_tep import ten_tep
from .annexes import Annex, has_family, label, mentions
from .lines import Line, Passage
from .references import PAPER, is_of_another_paper
from .whole import HEAD, Whole
from .words import same_length_key

TITLE = 12  # passages in which the heading of an annex stands, where it is a file of its own
FAMILIES = (  # words for one thing: a table that is announced as biểu may be headed BẢNG
    ("danh sách",),
    ("biểu mẫu", "mẫu biểu", "mẫu", "biểu", "bản tổng hợp", "bảng", "tổng hợp"),
    ("phụ lục",),
    ("đề cương",),
    ("phiếu",),
    ("chương trình",),
    ("dự toán",),
    ("quy chế",),
    ("nội quy",),
    ("lịch",),
    ("sơ đồ",),
    ("dự thảo",),
    ("trích ngang", "bản trích ngang"),
)
_NOUNS = "|".join(sorted((noun for family in FAMILIES for noun in family), key=len, reverse=True))
_WITH = r"(?:ban hành\s+)?(?:kèm\s+theo|gửi\s+kèm|đính\s+kèm)(?:\s+theo)?"
_THIS = rf"(?:{PAPER}|công văn)\s+(?:này|trên)"
_BEFORE = re.compile(
    rf"(?<!\w)({_NOUNS})\b([^.;:(),]{{0,90}}?)\s{_WITH}(?=\s*(?:$|[).,;:/])|\s+(?:{_THIS}|này|là|và|tại|để|do)(?!\w))",
    re.I,
)
_AFTER = re.compile(
    rf"(?<!\w){_WITH}(?:\s+{_THIS})?\s*:?\s+(?:(?:là|gồm|có|các|những|bản|bộ|tờ|\d{{1,2}})\s+)*({_NOUNS})(?!\w)", re.I
)
_IN_BRACKET = re.compile(r"\(\s*(?:có |xem |chi tiết |theo |tại |ở )*$", re.I)
_END = re.compile(r"[.;](?!\w)")
_CLAUSE = re.compile(r"[^.;]+(?:\.(?=\w)[^.;]*)*")
_ASKED = re.compile(r"\b(?:gửi|nộp|báo cáo)\b.{0,120}?\bvề\b|\btrước ngày\b|\bđề nghị\b", re.I)
_HAS_WITH = re.compile(rf"(?<!\w){_WITH}(?!\w)", re.I)
_POINTER = re.compile(rf"\s*[(\[]\s*{_WITH}\b", re.I)
_HOST = re.compile(rf"\s*[(\[]\s*{_WITH}\s+({PAPER}|công văn)\b(?:\s+số\s*:?\s*(\d+(?:\s*[-/]\s*[^\s,;)]+)?))?", re.I)
_OWN_NUMBER = re.compile(r"\s*số\s*:?\s*(\d[^\s,;]*)\s*$", re.I)


@dataclass(frozen=True, slots=True)
class Promise:
    """What a paper says goes with it: the words, where they stand, its number where it has one, and who says so."""

    words: str
    passage: Passage
    annex: Annex | None
    nouns: tuple[str, ...]  # the words that its heading may begin with
    host: str  # the tên loại of the paper in small letters; "" where it shows none
    number: str  # its number and symbol; "" while it has none


def enclosed(lines: Sequence[Line]) -> Iterator[Promise]:
    """What the paper says goes with it and does not have inside, each once."""
    whole = Whole.of(lines)
    labels = {found for passage in whole.passages if (found := label(passage))}
    told: set[object] = set()
    for index, passage in enumerate(whole.passages):
        if _POINTER.match(passage.text) or _is_heading(passage, _ALL):
            continue
        for promise in _promises(passage, whole):
            key = promise.annex or promise.nouns
            if key not in told and not _is_inside(promise, whole.passages[index + 1 :], labels):
                told.add(key)
                yield promise


def _promises(passage: Passage, whole: Whole) -> Iterator[Promise]:
    text = passage.text
    host, number = _self(whole.passages)
    numbered = list(mentions(passage, False))
    for annex, start, end in numbered:
        if _HAS_WITH.search(_clause(text, start)) and not _is_asked(text, start):
            yield Promise(" ".join(text[start:end].split()), passage, annex, (), host, number)
    for found, own in [*((f, True) for f in _BEFORE.finditer(text)), *((f, False) for f in _AFTER.finditer(text))]:
        at, end = found.span(1)[0], found.end()
        if any(start < _end_of_clause(text, end) and at < stop for _, start, stop in numbered):
            continue  # danh sách ... (Phụ lục 01) is one thing
        bracket = _IN_BRACKET.search(text[:at])
        if (own and not bracket and is_of_another_paper(text, at, end)) or (not own and _is_asked(text, at)):
            continue
        yield Promise(" ".join(found[0].split()), passage, None, _family(found[1]), host, number)


def _end_of_clause(text: str, at: int) -> int:
    found = _END.search(text, at)
    return found.start() if found else len(text)


def _clause(text: str, at: int) -> str:
    """The sentence, or the part of it between semicolons, with what introduces its list."""
    opened = re.match(rf"[^.;:]*{_WITH}[^.;:]*:", text, re.I)
    part = next((f[0] for f in _CLAUSE.finditer(text) if f.start() <= at < f.end()), text)
    return f"{opened[0]} {part}" if opened and opened.end() <= at else part


def _is_asked(text: str, at: int) -> bool:
    """Whether others are asked to send it in: gửi báo cáo kèm theo danh sách về Đảng uỷ trước ngày 20/11."""
    start = text.rfind("(", 0, at)
    in_bracket = start >= 0 and ")" not in text[start:at]
    return not in_bracket and _ASKED.search(_clause(text, at)) is not None


@cache
def _family(noun: str) -> tuple[str, ...]:
    key = " ".join(noun.lower().split())
    return next(family for family in FAMILIES if key in family)


_ALL = tuple(noun for family in FAMILIES for noun in family)


def _is_heading(passage: Passage, nouns: tuple[str, ...]) -> bool:
    """DANH SÁCH, DANH SÁCH ĐỀ NGHỊ ..., or the bare word on a line of its own; an annex may be headed PHỤ LỤC."""
    text = " ".join(passage.text.split())
    if len(text) > 160:
        return False
    for noun in (*nouns, "phụ lục"):
        if text.lower().startswith(noun) and (text[: len(noun)].isupper() or len(text) == len(noun)):
            return not text[len(noun) : len(noun) + 1].isalpha()
    return False


def _is_inside(promise: Promise, after: Sequence[Passage], labels: set[Annex]) -> bool:
    if promise.annex is not None:
        return promise.annex in labels or has_family(promise.annex, labels)
    return any(_POINTER.match(p.text) or _is_heading(p, promise.nouns) for p in after)


def _self(passages: Sequence[Passage]) -> tuple[str, str]:
    """The tên loại and the number that a paper prints at its head."""
    number = next((f[1] for p in passages[:HEAD] if (f := _OWN_NUMBER.fullmatch(p.text))), "")
    kinds = (p.text for p in passages[:HEAD] if p.is_capitals)
    kind = next((f[0] for text in kinds if (f := re.match(PAPER, text.strip(), re.I))), "")
    return same_length_key(kind), number


def is_in(promise: Promise, lines: Sequence[Line]) -> bool:
    """Whether the file of these lines is what the paper promises: headed as that, and of no other paper."""
    head = Whole.of(lines).passages[:TITLE]
    if promise.annex is not None:
        named = any(label(passage) == promise.annex for passage in head)
    else:
        named = any(_is_heading(passage, promise.nouns) for passage in head)
    return named and all(_may_be_of(promise, found) for p in head if (found := _HOST.match(p.text)))


def is_named(promise: Promise, name: str) -> bool:
    """Whether the name of a file that cannot be read (a scan, a workbook) says that it is the annex.

    The name in plain letters and hyphens: `danh-sach`, `32-danh-sach-cong-nhan`, `quyet-dinh-15-kem-danh-sach`.
    """
    if promise.annex is not None:
        word = "phu-luc" if promise.annex.family == "phụ lục" else "(?:bieu-mau|mau-bieu|mau|bieu)"
        words = [rf"{word}-(?:so-)?0*{re.escape(promise.annex.number)}"]
    else:
        words = [ten_tep(noun) for noun in (*promise.nouns, "phụ lục")]
    return re.match(rf"(?:\d+-|.*-kem-(?:theo-)?)?(?:{'|'.join(words)})(?:-|$)", name, re.I) is not None


def _may_be_of(promise: Promise, pointer: re.Match[str]) -> bool:
    """Whether “(Kèm theo Quyết định số 15-QĐ/ĐU ...)” may mean the paper that promises."""
    if promise.host and not promise.host.startswith(same_length_key(pointer[1])):
        return False
    number, own = (same_length_key("".join(text.split())) for text in (pointer[2] or "", promise.number))
    return not (number and own) or own == number or (number.isdigit() and re.split(r"[-/]", own)[0] == number)
