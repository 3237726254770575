"""Many papers bound in one PDF: `bind(parts, about) -> bytes`.

Own papers are laid out once (`lay_out`) and painted on one canvas, so that they share their fonts; pages of others'
files go under empty pages of ours, on which a signed one is marked as a copy, the original being attached untouched.
The book has a bookmark for each part and page labels: the cover and the contents are not counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from dvk_docs import ooxml
from dvk_docs.ooxml import Look, Section
from dvk_docs.units import Mm

from . import builtin, fonts
from .dress import About
from .foreign import Foreign, Slot, laid_under
from .lines import Line, Measure, Word
from .pages import Fill, Page, Rule
from .paint import Book, paint

COVER_LABEL = "Bìa"
COPY_MARK = "BẢN SAO – bản gốc có chữ ký số đính kèm tệp này"
SHEET_MARK = "Tờ số {}"
_COPY = Look(size=9, bold=True, color="B00000")
_SHEET = Look(size=10)
_EDGE = Mm(4.5).twips  # of marks, from the edge of the sheet
_ROOM = Mm(1).twips  # around their letters
Numbering = Literal["cover", "contents", "body"]


@dataclass(frozen=True, slots=True)
class Laid:
    """A paper of ours on its pages, not yet painted."""

    pages: tuple[Page, ...]

    @property
    def count(self) -> int:
        return len(self.pages)


@dataclass(frozen=True, slots=True)
class Part:
    """One paper of a book."""

    title: str  # of its bookmark
    source: Laid | Foreign
    numbering: Numbering = "body"

    @property
    def count(self) -> int:
        """How many pages it has."""
        return self.source.count


def lay_out(docx: bytes) -> Laid:
    """The pages of a paper; raise `TemplateInvalid` naming what cannot be drawn, `ToolMissing` without a font."""
    document = ooxml.read(docx)
    builtin.refuse_limits(document)
    pages = builtin.lay_out(document, fonts.find())
    return Laid(tuple(replace(page, places=[]) for page in pages))  # a bound copy is not signed any more


def bind(parts: Sequence[Part], about: About, *, numbered: bool = False) -> bytes:
    """The book of `parts` in their order; `numbered`: each page of the body bears its number. Same parts, same bytes.

    Raise `LetterMissing` for a letter of a mark that the font lacks, `ToolMissing` where there is no font.
    """
    found = fonts.find()
    marks = _Marks(Measure(found))
    pages: list[Page] = []
    slots: list[Slot] = []
    outline: list[tuple[str, int]] = []
    labels: dict[Numbering, int] = {}
    for part in parts:
        outline.append((part.title, len(pages)))
        labels.setdefault(part.numbering, len(pages))
        if isinstance(part.source, Foreign):
            slots += [Slot(len(pages) + n, part.source, n) for n in range(part.count)]
        for page in _pages_of(part.source, marks):
            number = len(pages) + 1 - labels["body"] if part.numbering == "body" else 0
            over = isinstance(part.source, Foreign)
            pages.append(marks.numbered(page, number, over) if numbered and number else page)
    painted = paint(pages, found, about, Book(tuple(outline), tuple(_labels(labels))))
    attached = [part.source for part in parts if isinstance(part.source, Foreign) and part.source.signed]
    return laid_under(painted, slots, attached) if slots else painted


def _labels(begins: dict[Numbering, int]) -> Iterator[tuple[int, str, str]]:
    """Page from 0, style of its number ("" none), words before it."""
    styles: dict[Numbering, tuple[str, str]] = {
        "cover": ("", COVER_LABEL),
        "contents": ("ROMAN_LOWER", ""),
        "body": ("ARABIC", ""),
    }
    for numbering, at in begins.items():
        yield (at, *styles[numbering])


def _pages_of(source: Laid | Foreign, marks: _Marks) -> Iterator[Page]:
    if isinstance(source, Laid):
        yield from source.pages
        return
    for width, height in source.sizes:
        section = Section(width * 20, height * 20, 0, 0, 0, 0, 0, 0)
        page = Page(section, 0, False)
        yield marks.copy(page) if source.signed else page


class _Marks:
    """Words set over pages that are already laid out."""

    def __init__(self, measure: Measure) -> None:
        self.measure = measure

    def copy(self, page: Page) -> Page:
        """The page with the mark of a copy at the middle of its upper edge, framed."""
        width, _ = self._size(COPY_MARK, _COPY)
        return self._marked(page, COPY_MARK, _COPY, (page.section.width - width) / 2, over=True, framed=True)

    def numbered(self, page: Page, number: int, over: bool) -> Page:
        """The page with its number in the book at the upper right corner."""
        words = SHEET_MARK.format(number)
        width, _ = self._size(words, _SHEET)
        return self._marked(page, words, _SHEET, page.section.width - width - Mm(9).twips, over=over)

    def _size(self, words: str, look: Look) -> tuple[float, float]:
        above, below = self.measure.height(look)
        return self.measure.width(look, look.size, words, "dấu đóng quyển"), above + below

    def _marked(
        self, page: Page, words: str, look: Look, x: float, *, over: bool = False, framed: bool = False
    ) -> Page:
        """A copy of the page with `words` on it; `over` what may stand there already: on a white ground."""
        width, height = self._size(words, look)
        ascent = self.measure.height(look)[0]
        word = Word(self.measure.face(look), look.size, words, look, width)
        line = Line(height, ascent, 0.0, 0.0, [word], "end")
        left, top, right, foot = x - _ROOM, _EDGE - _ROOM, x + width + _ROOM, _EDGE + height + _ROOM
        ground = [Fill(left, top, right - left, foot - top, "FFFFFF")] if over else []
        corners = [(left, top), (right, top), (right, foot), (left, foot)]
        sides = zip(corners, [*corners[1:], corners[0]], strict=True)
        frame = [Rule(*start, *end, 10.0, look.color) for start, end in sides] if framed else []
        texts = [(x, _EDGE + ascent, line), *page.texts]
        return replace(page, texts=texts, fills=[*page.fills, *ground], rules=[*page.rules, *frame])
