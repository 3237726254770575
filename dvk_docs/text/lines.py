"""The lines of a text, and the passages they make: a paragraph as it was meant, whatever lines a file cut it into.

`Line` is one paragraph of a Word file, one cell, or one line of a text file. A text file made from a PDF cuts a
paragraph at the right margin; `passages` puts such lines together again, so that a rule sees whole sentences, and each
passage still knows the line of every letter.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from ..errors import Place
from ..ooxml import Block, Document, Table
from ..viet.doan_ma import khong_ma
from .words import Word, same_length_key, words_of

Cell = tuple[int, int, int]  # table, row, column, each from 1
AROUND = 36  # letters shown on each side of what a problem is about
WIDE = 130  # a file whose long lines are longer than this is not cut at a margin
SHORT = 40  # and one whose lines are shorter is a list

_MARKER = re.compile(
    r"(?:[-+*•▪–—][ \t]|#|[|]|\(?[0-9]{1,2}\)|[0-9]{1,2}(?:\.[0-9]{1,2}){0,4}[.)/]?[ \t]+\S|[0-9]{1,2}[.)](?![0-9])"
    r"|[IVXL]{1,6}[.)/-]|\(?[a-zđA-ZĐ]\)|[a-zđA-ZĐ]\.[ \t]|(?:Phần|Chương|Mục|Điều|Bước|Phụ lục|Mẫu số)[ \t]+[0-9IVX]"
    r"|(?:Nơi nhận|Kính gửi|Kính trình|Số)\b)"
)
_ENDED = (".", ";", ":", "!", "?", "…", "”.", "./.")
_STRONG = re.compile(r"\*{2,}")
_EMPHASIS = re.compile(r"(?<![\w*])\*(?=[^\s*)][^*\n]{0,400}\*)|(?<=[^\s*(])\*(?![\w*])")
_HEADING = re.compile(r"^#{1,6}[ \t]+", re.M)


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph, cell or line: its number from 1, its words, where it stands (đoạn 12; bảng 2, hàng 3, ô 1).

    `where` is empty for a line of a text file, which may be a part of a paragraph.
    """

    number: int
    text: str
    where: str = ""
    cell: Cell | None = None

    @property
    def named(self) -> str:
        return self.where or f"dòng {self.number}"


@dataclass(frozen=True)
class Passage:
    """A paragraph: its words, and from which letter on they stand on which line."""

    text: str
    starts: tuple[int, ...]
    lines: tuple[Line, ...]

    @property
    def cell(self) -> Cell | None:
        return self.lines[0].cell

    @cached_property
    def key(self) -> str:
        """The text for comparing, letter by letter: small letters, the mark on the main vowel."""
        return same_length_key(self.text)

    @cached_property
    def words(self) -> list[Word]:
        return words_of(self.text)

    @property
    def number(self) -> int:
        return self.lines[0].number

    def line_at(self, at: int) -> Line:
        return self.lines[max(0, bisect_right(self.starts, at) - 1)]

    def place(self, start: int, end: int | None = None) -> Place:
        """Where letters stand: the line, and the words around them, cut at spaces."""
        end = start if end is None else end
        left, right = max(0, start - AROUND), min(len(self.text), end + AROUND)
        if left and (cut := self.text.find(" ", left, start)) >= 0:
            left = cut + 1
        if right < len(self.text) and (cut := self.text.rfind(" ", end, right)) >= 0:
            right = cut
        words = " ".join(self.text[left:right].split())
        return Place(pointer=f"/{self.line_at(start).number}", where=self.line_at(start).named, words=words)

    @property
    def is_capitals(self) -> bool:
        return self.text.upper() == self.text and self.text.lower() != self.text


_LOOKALIKE = str.maketrans({"\u00d0": "Đ", "\u0189": "Đ", "\u00f0": "đ"})  # a fault of the code, not of the spelling


def plain(text: str) -> str:
    """The words without the marks of a mark-up that a conversion left: **bold**, *italic*, # heading."""
    text = text.translate(_LOOKALIKE)
    if "*" in text:
        text = _EMPHASIS.sub("", _STRONG.sub("", text))
    return _HEADING.sub("", text) if "#" in text else text


def has_markup(text: str) -> bool:
    return "**" in text or bool(_HEADING.match(text.lstrip()))


# --- from a file ------------------------------------------------------------------------------------------------------


def lines_of_text(text: str) -> list[Line]:
    """The lines of a text file; a line of cells (tabs or bars between them) gives a Line for each cell."""
    found: list[Line] = []
    table = row = 0
    for number, raw in enumerate(unicodedata.normalize("NFC", khong_ma(text.lstrip("\ufeff"))).splitlines(), 1):
        cells = _cells(raw)
        if len(cells) < 2:
            row = row if not raw.strip() and row else 0
            found.append(Line(number, raw.rstrip()))
            continue
        table, row = (table + 1, 1) if not row else (table, row + 1)
        where = f"dòng {number}, ô "
        found += [Line(number, c, f"{where}{n}", (table, row, n)) for n, c in enumerate(cells, 1) if c]
    return found


def _cells(raw: str) -> list[str]:
    line = raw.strip()
    if line.startswith("|") and line.count("|") > 2:
        return [c.strip() for c in line.strip("|").split("|")] if line.strip("|-: ") else []
    parts = [c.strip() for c in raw.strip().split("\t")]
    return parts if len(parts) > 2 or (len(parts) == 2 and len(parts[0]) > 3) else []


def lines_of_document(document: Document) -> list[Line]:
    """The paragraphs and cells of a Word file, in the order they are read; automatic numbers are a part of the
    words."""
    found: list[Line] = []
    for section in document.sections:
        _walk(section.blocks, None, found)
    return found


def _walk(blocks: Iterable[Block], cell: Cell | None, found: list[Line]) -> None:
    for block in blocks:
        if isinstance(block, Table):
            table = 1 + max((line.cell[0] for line in found if line.cell), default=0) if cell is None else cell[0]
            for r, row in enumerate(block.rows, 1):
                for c in row.cells:
                    if c.merge != "continue":
                        _walk(c.blocks, (table, r, c.column + 1), found)
        elif words := unicodedata.normalize("NFC", block.words).strip():
            found.append(Line(len(found) + 1, words, block.where, cell))


# --- to passages ------------------------------------------------------------------------------------------------------


def passages(lines: Sequence[Line]) -> list[Passage]:
    """The paragraphs of a text: lines that were cut at the margin are one again."""
    width = _width(lines)
    found: list[list[tuple[Line, str]]] = []
    gap = 0
    for line in lines:
        words = plain(line.text).replace("\t", " ").strip()
        if not words:
            gap += 1
            continue
        together = (
            bool(found) and not line.where and not found[-1][-1][0].where and gap < (5 if words[0].islower() else 2)
        )
        if together and _goes_on(found[-1][-1][1], words, width, bool(gap)):
            found[-1].append((line, words))
        else:
            found.append([(line, words)])
        gap = 0
    return [_joined(parts) for parts in found]


def _width(lines: Sequence[Line]) -> int:
    """How long a line is that was cut at the margin; 0 where lines are whole paragraphs."""
    lengths = sorted(len(line.text) for line in lines if not line.where and line.text.strip())
    if len(lengths) < 4:
        return 0
    long = lengths[int(len(lengths) * 0.9)]
    return long if SHORT <= long <= WIDE else 0


def _goes_on(before: str, words: str, width: int, gap: bool) -> bool:
    """Whether a line goes on with the line before it, cut at the margin."""
    if not width or (before.upper() == before and before.lower() != before):
        return False
    long = len(before) >= width * 0.72
    mark, _, rest = words.partition(" ")
    small = rest.lstrip()[:1].islower()
    if mark in "-–—" and long and before[-1:].isdigit() and rest.lstrip()[:1].isdigit():
        return True
    if mark == "-" and small and long and not before.endswith((*_ENDED, ",")):
        return True
    if _MARKER.match(words):
        return mark.isdigit() and small and long and not before.endswith(_ENDED)
    if before.endswith(_ENDED) and not before.endswith(("...", "…")):
        return long and not gap and words[0].islower()
    if words[0].islower():
        return long or (not gap and len(before) > width * 0.5) or before.endswith(("”", ",", "“", "-")) or gap
    return long


def _joined(parts: Sequence[tuple[Line, str]]) -> Passage:
    text, starts = "", []
    for _, words in parts:
        if text and not re.search(r"[0-9A-ZĐ]-$", text):
            text += " "
        starts.append(len(text))
        text += words
    return Passage(text, tuple(starts), tuple(line for line, _ in parts))


def sentences(text: str) -> Iterator[tuple[int, str]]:
    """The sentences of a passage with the letter each begins at; ; does not end one."""
    at = 0
    for found in re.finditer(r"[.!?…]+[”\"»)]?\s+(?=[A-ZĐÀ-Ỹ“\"(])", text):
        yield at, text[at : found.end()]
        at = found.end()
    if at < len(text):
        yield at, text[at:]
