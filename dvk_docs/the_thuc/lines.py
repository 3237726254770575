"""A document as the lines that a reader sees, each with its look, its place, and the column it stands in.

A paragraph with hard line breaks is several lines. A line that tabs or runs of blanks cut in two, with a part of the
head or of the foot in it (`ĐẢNG UỶ XÃ A -> ĐẢNG CỘNG SẢN VIỆT NAM`), is one line for each column.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from dvk_docs.ooxml import Block, Border, Break, Cell, Document, Number, Paragraph, ParagraphLook, Row, Tab, Table, Text
from dvk_docs.profiles import PREFIX, role_key

from .words import LARGE, SMALL, key, pattern

_SEPARATOR = re.compile(r"\t+| {4,}")
_RIGHT = re.compile(
    r"^(đảng cộng sản việt nam|cộng hoà xã hội chủ nghĩa việt nam|độc lập-tự do-hạnh phúc|nơi nhận:?"
    r"|(t/m|tm\.|k/t|kt\.|t/l|tl\.|tuq\.|q\.) ?\w.*"
    rf"|[^\W\d_][^\d/]{{1,40}}, ?ngày\b[^{SMALL}]*tháng[^{SMALL}]*năm[^{SMALL}]*)$"
)
_NAME = re.compile(rf"^([{LARGE}][{SMALL}]*\.? ?){{2,6}}$")


@dataclass(frozen=True, slots=True)
class Looks:
    """What the letters of a line mostly look like."""

    size: float
    bold: bool
    italic: bool
    underline: bool


@dataclass(frozen=True, eq=False)
class Line:
    """One line. `raw` is as typed, `text` in NFC with single blanks; `stand` is None for a bare text."""

    raw: str
    where: str
    spans: tuple[Text, ...] = ()
    stand: ParagraphLook | None = None
    role: str = ""
    column: int = 0
    columns: int = 1  # in its row
    table: int = 0  # 0: in no table
    row: int = 0
    section: int = 0
    paragraph: int = 0
    opens: bool = True  # the first line of its paragraph
    closes: bool = True
    tabbed: bool = False  # begins with a tab
    drawn: bool = False  # a shape stands in its paragraph
    ruled: bool = False  # a border of its cell or paragraph lies under it
    whole: str = ""  # the text of the whole paragraph
    page: int = 0  # 0: not known
    new_page: bool = False
    part: str = field(default="word/document.xml")

    @cached_property
    def text(self) -> str:
        return " ".join(unicodedata.normalize("NFC", self.raw).split())

    @cached_property
    def key(self) -> str:
        return key(self.text)

    @cached_property
    def upper(self) -> bool:
        """All in capitals."""
        letters = [c for c in self.text if c.isalpha()]
        return len(letters) > 1 and all(c.isupper() for c in letters)

    @cached_property
    def looks(self) -> Looks | None:
        """The looks of most letters; None for a bare text."""
        return _looks(self.spans)

    @property
    def centred(self) -> bool:
        return self.stand is not None and self.stand.align == "center"

    @property
    def bold(self) -> bool:
        return self.looks is not None and self.looks.bold

    @property
    def italic(self) -> bool:
        return self.looks is not None and self.looks.italic

    @property
    def place(self) -> str:
        """trang 2, đoạn 14."""
        return f"trang {self.page}, {self.where}" if self.page else self.where

    def part_looks(self, start: int, end: int) -> Looks | None:
        """The looks of the letters from `start` to `end` of `raw`."""
        at, out = 0, []
        for span in self.spans:
            low, high = max(start, at), min(end, at + len(span.words))
            if low < high:
                out.append(replace(span, words=span.words[low - at : high - at]))
            at += len(span.words)
        return _looks(tuple(out))


def _looks(spans: Sequence[Text]) -> Looks | None:
    weights: dict[str, Counter[float]] = {name: Counter() for name in ("size", "bold", "italic", "underline")}
    for span in spans:
        count = sum(not c.isspace() for c in span.words)
        if count:
            weights["size"][span.look.size] += count
            weights["bold"][span.look.bold] += count
            weights["italic"][span.look.italic] += count
            weights["underline"][bool(span.look.underline)] += count
    if not weights["size"]:
        return None
    most = {name: counter.most_common(1)[0][0] for name, counter in weights.items()}
    return Looks(most["size"], bool(most["bold"]), bool(most["italic"]), bool(most["underline"]))


# --- a Word document -------------------------------------------------------------------------------------------------


def of_document(document: Document) -> list[Line]:
    """Every line of the body, in reading order."""
    drawn = {p.place.where for p in document.problems if p.code in ("unknown_anchor", "unknown_pict", "unknown_chart")}
    return list(_Walk(drawn).document(document))


class _Walk:
    def __init__(self, drawn: set[str]) -> None:
        self._drawn = drawn
        self._paragraphs = self._tables = 0

    def document(self, document: Document) -> Iterator[Line]:
        for number, section in enumerate(document.sections):
            fresh = number > 0 and section.kind != "continuous"
            for line in self._blocks(section.blocks, Line("", "", section=number)):
                yield replace(line, new_page=True) if fresh else line
                fresh = fresh and not line.text

    def _blocks(self, blocks: Sequence[Block], base: Line, cell: Cell | None = None) -> Iterator[Line]:
        for block in blocks:
            if isinstance(block, Paragraph):
                yield from self._paragraph(block, base)
            else:
                yield from self._table(block, base)

    def _table(self, table: Table, base: Line) -> Iterator[Line]:
        self._tables += 1
        number = base.table or self._tables
        for at, row in enumerate(table.rows):
            cells = [cell for cell in row.cells if cell.merge != "continue"]
            for column, cell in enumerate(row.cells):
                if cell.merge == "continue":
                    continue
                side = base.column if base.table else column
                inside = replace(base, column=side, columns=len(row.cells), table=number, row=at + 1)
                lines = list(self._blocks(cell.blocks, inside, cell))
                if lines and _ruled(table, row, cell, at) and len(cells) < 4:
                    lines[-1] = replace(lines[-1], ruled=True)
                yield from lines

    def _paragraph(self, paragraph: Paragraph, base: Line) -> Iterator[Line]:
        self._paragraphs += 1
        look = paragraph.look
        role = role_key(paragraph.style.removeprefix(PREFIX)) if paragraph.style.startswith(PREFIX) else ""
        base = replace(
            base,
            where=paragraph.where,
            stand=look,
            role=role,
            paragraph=self._paragraphs,
            drawn=paragraph.where in self._drawn or _has_drawing(paragraph),
            ruled=bool({"bottom", "top", "between"} & set(look.borders)),
            whole=" ".join(unicodedata.normalize("NFC", paragraph.words).split()),
            new_page=look.page_break_before,
        )
        pieces = _lines_of(paragraph)
        for number, (spans, page) in enumerate(pieces):
            opens, closes = number == 0, number == len(pieces) - 1
            new = page or (base.new_page and opens)
            yield from _columns(base, spans, opens=opens, closes=closes, new_page=new)


def _ruled(table: Table, row: Row, cell: Cell, at: int) -> bool:
    """Whether a line is drawn under a cell."""
    own = cell.borders.get("bottom", _UNSAID)
    if own is not _UNSAID:
        return own is not None
    return ("bottom" if at == len(table.rows) - 1 else "insideH") in table.borders


_UNSAID = Border(0, "unsaid")


def _has_drawing(paragraph: Paragraph) -> bool:
    return any(not isinstance(piece, Text | Tab | Break | Number) for piece in paragraph.pieces)


def _lines_of(paragraph: Paragraph) -> list[tuple[list[Text], bool]]:
    """The spans of each line of a paragraph; a tab is a span of its own. True: the line begins a page."""
    lines: list[tuple[list[Text], bool]] = [([], False)]
    for piece in paragraph.pieces:
        if isinstance(piece, Text):
            lines[-1][0].append(piece)
        elif isinstance(piece, Tab):
            lines[-1][0].append(Text("\t", piece.look))
        elif isinstance(piece, Break):
            lines.append(([], piece.kind == "page"))
    return lines


def _columns(base: Line, spans: Sequence[Text], *, opens: bool, closes: bool, new_page: bool) -> Iterator[Line]:
    raw = "".join(span.words for span in spans)
    tabbed = raw.startswith("\t")
    whole = replace(base, raw=raw, spans=tuple(spans), tabbed=tabbed, opens=opens, closes=closes, new_page=new_page)
    cut = None if base.table else _cut(raw)
    if cut is None:
        yield whole
        return
    for column, (start, end) in enumerate(((0, cut[0]), (cut[1], len(raw)))):
        part = tuple(_slice(spans, start, end))
        yield replace(whole, raw=raw[start:end], spans=part, column=column, columns=2, tabbed=False)


def _cut(raw: str) -> tuple[int, int] | None:
    """Where a line parts in two columns: from, to; None where it is one."""
    for gap in _SEPARATOR.finditer(raw):
        left, right = raw[: gap.start()].strip(), raw[gap.end() :].strip()
        if not left or not right:
            continue
        near = key(right)
        title = right.isupper() and pattern("ky", "chuc_vu").match(near) is not None
        name = left.startswith(("-", "–", "+")) and _NAME.match(right) is not None
        star = left == "*" and "ngày" in near
        if _RIGHT.match(near) or title or name or star:
            return gap.start(), gap.end()
    return None


def _slice(spans: Sequence[Text], start: int, end: int) -> Iterator[Text]:
    at = 0
    for span in spans:
        low, high = max(start, at), min(end, at + len(span.words))
        if low < high:
            yield replace(span, words=span.words[low - at : high - at])
        at += len(span.words)


# --- a bare text -----------------------------------------------------------------------------------------------------


def of_text(text: str) -> list[Line]:
    """The lines of a .txt: places are line numbers; there are no looks."""
    out: list[Line] = []
    for number, raw in enumerate(text.splitlines(), 1):
        raw = re.sub(r"^#+ |^\*\*(?=\S)|\*\*$", "", raw)
        base = Line("", f"dòng {number}", paragraph=number, whole=" ".join(raw.split()), part="")
        cut = _cut(raw)
        if cut is None:
            out.append(replace(base, raw=raw))
        else:
            out.append(replace(base, raw=raw[: cut[0]], columns=2))
            out.append(replace(base, raw=raw[cut[1] :], columns=2, column=1))
    return out
