"""Marks that come in pairs and marks typed twice: quotes, brackets, ,, .. ;, and marks of a mark-up left in the text.

A pair may open in one paragraph and close in a later one where the quotation has several paragraphs (an article of a
law).
Source: Nghị định 30/2020/NĐ-CP, Phụ lục I (a text ends its marks); quotes: the-thuc C2 (either kind, one kind in a
text).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..errors import Problem
from .lines import Passage, has_markup
from .whole import Whole
from .words import tail

SOURCE = "Quy tắc dấu câu; Nghị định 30/2020/NĐ-CP, Phụ lục I"
_OPEN = {"“": "”", "(": ")", "[": "]", "«": "»", "{": "}"}
_CLOSE = {close: open_ for open_, close in _OPEN.items()}
_NAMES = {"“": "ngoặc kép", '"': "ngoặc kép", "(": "ngoặc đơn", "[": "ngoặc vuông", "«": "ngoặc kép", "{": "ngoặc nhọn"}
_MARK = re.compile(r"[“”„\"()\[\]«»{}]")
_ITEM = re.compile(
    r"(?:^\s*(?:[-+•]\s*)?|[;:,.(/]\s*|\b(?:điểm|khoản|mục|tiết|và|hoặc|đến)\s+)"
    r"(?:[0-9]{1,3}(?:\.[0-9]{1,3})*|[a-zđA-ZĐ]|[ivx]{1,4}|[IVX]{1,4}|\*+)$"
)
_DOUBLED = re.compile(
    r"(?<![.,;:!?…])(?:,,|;;|::|,\.|\.,|;\.|\.;|:\.|\.:|,;|;,|,:|:,|:;|;:)(?![.,;:!?])|(?<![.…])\.\.(?![.…])"
)
_BEFORE_QUOTE = (
    " ([{<“/\\|-–+=,:;&\t\n«\"'"  # what a straight quote that opens stands behind; = { , in code and formulas
)
_PREFIX = re.compile(r"(?:^|[(=,\[{] ?)[fFrRbBuU]{1,2}$")  # f"..." of a program
_FEW = 6  # paragraphs over which a pair may stretch


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark of a pair, in the passage `index`."""

    index: int
    at: int
    char: str
    opens: bool


def check_marks_whole(whole: Whole) -> Iterator[Problem]:
    """Every mark without its pair, every doubled mark, and the two kinds of quotes in one text."""
    loose: list[Mark] = []
    for index, passage in enumerate(whole.passages):
        loose += _loose(passage.text, index)
        yield from _check_doubled(passage)
    yield from _check_loose(whole, loose)
    yield from _check_kinds(whole)
    yield from _check_markup(whole)


def _loose(text: str, index: int) -> list[Mark]:
    """The marks of one passage that find no pair in it."""
    stack: list[Mark] = []
    loose: list[Mark] = []
    for match in _MARK.finditer(text):
        mark = _mark(text, index, match.start())
        if mark is None:
            continue
        if mark.opens:
            stack.append(mark)
            continue
        pair = next((m for m in reversed(stack) if _pairs(m.char, mark.char)), None)
        if pair is None:
            loose.append(mark)
        else:
            while stack and stack[-1] is not pair:
                loose.append(stack.pop())
            stack.pop()
    return sorted([*loose, *stack], key=lambda m: m.at)


def _mark(text: str, index: int, at: int) -> Mark | None:
    char = text[at]
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    if char == "„":
        return Mark(index, at, "“", True)
    if char == '"':
        if before.isdigit() and re.match(r"\s*[x×]\s*\d", text[at + 1 : at + 6]):
            return None  # inches
        starts = not before or before in _BEFORE_QUOTE or _PREFIX.search(tail(text, at, 4)) is not None
        opens = starts and bool(after) and after not in " .,;:!?)]”"
        return Mark(index, at, '"', opens)
    if (
        char == ")"
        and _ITEM.search(f"{'' if at <= 24 else '…'}{tail(text, at, 24)}")
        and text.count("(", max(0, at - 2000), at) <= text.count(")", max(0, at - 2000), at)
    ):
        return None  # a) 1) of a list
    if char in ")(" and (before in ":;=" and before) and after in ("", " ", ".", ")"):
        return None  # a smile
    return Mark(index, at, "“" if char == "“" else char, char in _OPEN)


def _pairs(opening: str, closing: str) -> bool:
    if opening in '“"' and closing in '”"':
        return True
    return _OPEN.get(opening) == closing


def _check_loose(whole: Whole, loose: list[Mark]) -> Iterator[Problem]:
    """What stays loose once quotations of several paragraphs are paired."""
    waiting: list[Mark] = []
    found: list[Mark] = []
    for mark in loose:
        text = whole.passages[mark.index].text
        if mark.opens:
            waiting.append(mark)
            continue
        near = [m for m in waiting if _pairs(m.char, mark.char) and _may_stretch(whole, m, mark, text)]
        if near:
            waiting.remove(near[-1])
        else:
            found.append(mark)
    for mark in sorted([*found, *waiting], key=lambda m: (m.index, m.at)):
        yield _loose_problem(whole.passages[mark.index], mark)


def _may_stretch(whole: Whole, opening: Mark, closing: Mark, text: str) -> bool:
    """Whether a quotation may run from one paragraph to a later one: it opens or closes a paragraph, or a line was
    cut."""
    if not 0 < closing.index - opening.index <= 200:
        return False
    begun = whole.passages[opening.index].text
    opens_whole = not begun[: opening.at].strip(" -–+•")
    closes_whole = not text[closing.at + 1 :].strip(' .,;:!?”")/') and len(text) > 1
    next_to = closing.index - opening.index == 1
    ended = begun.rstrip().endswith((".", ";", ":", "!", "?"))
    lines = not whole.passages[opening.index].lines[0].where and len(whole.passages[opening.index].lines) > 1
    cut = next_to and (not ended or (lines and not re.match(r"[-+*•\d(]|[IVX]+[.-]|[a-zđ]\)", text)))
    if closing.char in '”"':
        return (
            cut
            or (opens_whole and (closes_whole or closing.index - opening.index <= _FEW))
            or (closes_whole and begun[: opening.at].rstrip().endswith(":"))
        )
    return cut or (opens_whole and closes_whole and closing.index - opening.index <= _FEW)


def _loose_problem(passage: Passage, mark: Mark) -> Problem:
    name = _NAMES[mark.char if mark.opens or mark.char == '"' else _CLOSE[mark.char]]
    place = passage.place(mark.at, mark.at + 1)
    if mark.opens:
        pair = '"' if mark.char == '"' else _OPEN[mark.char]
        message, hint = f"Dấu {name} {mark.char} mở mà không đóng.", f"Thêm {pair} sau phần được trích hoặc bỏ dấu mở."
    else:
        message, hint = (
            f"Dấu {name} {mark.char} đóng mà không mở.",
            "Thêm dấu mở ở đầu phần được trích hoặc bỏ dấu đóng.",
        )
    return Problem(place, "unbalanced_mark", "loi", message, hint, SOURCE)


def _check_doubled(passage: Passage) -> Iterator[Problem]:
    for match in _DOUBLED.finditer(passage.text):
        start = match.start()
        if (
            re.search(r"v\.v$|\bTP$|\bTs$|\bThS$|/$|\b[A-ZĐ]$", tail(passage.text, start, 12))
            or "..." in passage.text[start : start + 4]
        ):
            continue
        message = f"Hai dấu câu liền nhau: “{match.group()}”."
        yield Problem(passage.place(start, match.end()), "doubled_mark", "canh_bao", message, "Giữ một dấu.", SOURCE)


def _check_kinds(whole: Whole) -> Iterator[Problem]:
    """Straight and curly quotes in one text, said once, at the first of the rarer kind."""
    straight = [(p, at) for p in whole.passages for at in _quotes(p.text, '"')]
    curly = [(p, at) for p in whole.passages for at in _quotes(p.text, "“")]
    if not straight or not curly:
        return
    count = (len(straight) + 1) // 2
    if min(count, len(curly)) < 2:
        return
    passage, at = straight[0] if count <= len(curly) else curly[0]
    message = f'Văn bản dùng lẫn hai kiểu ngoặc kép: {len(curly)} cặp cong “ ” và {count} cặp thẳng " ".'
    yield Problem(
        passage.place(at, at + 1), "quotes_mixed", "thong_tin", message, "Dùng một kiểu trong cả văn bản.", SOURCE
    )


def _quotes(text: str, char: str) -> Iterator[int]:
    return (n for n, c in enumerate(text) if c == char)


def _check_markup(whole: Whole) -> Iterator[Problem]:
    lines = [(p, line) for p in whole.passages for line in p.lines if has_markup(line.text)]
    if lines:
        passage = lines[0][0]
        message = f"Còn sót ký hiệu định dạng của tệp chuyển đổi (dấu *, #) ở {len(lines)} dòng."
        yield Problem(passage.place(0, 1), "markup_left", "canh_bao", message, "Xóa các ký hiệu này.", SOURCE)
