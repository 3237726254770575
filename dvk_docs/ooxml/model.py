"""A document as it will look: every length in twips (1/20 pt), every size of type in points.

Nothing here is a default waiting to be resolved: a `Look` is what the letters get after defaults, styles and direct
formatting. Source of the names: ECMA-376 Part 1, 17.3 (paragraphs, runs), 17.4 (tables), 17.6 (sections).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from dvk_docs.errors import Problem

Side = Literal["top", "left", "bottom", "right", "insideH", "insideV", "between", "bar"]


@dataclass(frozen=True, slots=True)
class Border:
    width: float  # twips
    style: str  # single, double, dotted ...
    space: float = 0.0  # twips between it and the text
    color: str = ""  # RRGGBB; "" = automatic


@dataclass(frozen=True, slots=True)
class TabStop:
    position: float  # twips from the left edge of the text, not of the indent
    kind: str = "left"  # left | center | right | decimal | bar
    leader: str = ""  # dot | hyphen | underscore | middleDot


@dataclass(frozen=True, slots=True)
class Look:
    """How letters look."""

    font: str = "Times New Roman"
    size: float = 10.0
    bold: bool = False
    italic: bool = False
    underline: str = ""  # "" | single | double ...
    strike: bool = False
    caps: bool = False
    color: str = ""  # RRGGBB; "" = automatic
    vertical: str = ""  # "" | superscript | subscript
    spacing: float = 0.0  # twips added after each letter
    raised: float = 0.0  # points above the base line
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class ParagraphLook:
    """How a paragraph stands."""

    align: str = "left"  # left | center | right | both
    left: float = 0.0
    right: float = 0.0
    first: float = 0.0  # negative: hanging
    before: float = 0.0
    after: float = 0.0
    line: float = 240.0  # in 240ths of a line for rule auto, else twips
    rule: str = "auto"  # auto | exact | atLeast
    keep_next: bool = False
    keep_lines: bool = False
    widow_control: bool = True
    page_break_before: bool = False
    contextual: bool = False
    tabs: tuple[TabStop, ...] = ()
    borders: Mapping[str, Border] = field(default_factory=dict)
    numbering: tuple[str, int] | None = None  # numId and level
    outline_level: int | None = None
    frame: str = ""  # how its frame (w:framePr) stands across the page: left | center | right; "" = in no frame


@dataclass(frozen=True, slots=True)
class Text:
    words: str
    look: Look


@dataclass(frozen=True, slots=True)
class Tab:
    look: Look


@dataclass(frozen=True, slots=True)
class Break:
    kind: Literal["line", "page"]
    look: Look


@dataclass(frozen=True, slots=True)
class Number:
    """A field that layout fills in: PAGE or NUMPAGES."""

    name: str
    look: Look


@dataclass(frozen=True, slots=True)
class Picture:
    data: bytes
    width: float
    height: float
    look: Look


Piece: TypeAlias = Text | Tab | Break | Number | Picture


@dataclass(frozen=True, slots=True)
class Paragraph:
    style: str  # the w:name of its style; "" where it has none
    look: ParagraphLook
    mark: Look  # of the paragraph mark: the height of an empty line
    pieces: tuple[Piece, ...]
    where: str  # đoạn 12; bảng 2, hàng 3, ô 1, đoạn 1
    bookmarks: tuple[str, ...] = ()  # those that begin in it, or right before it

    @property
    def words(self) -> str:
        """The text alone; a tab is a tab, a break a line end."""
        out: list[str] = []
        for piece in self.pieces:
            if isinstance(piece, Text):
                out.append(piece.words)
            elif isinstance(piece, Tab | Break):
                out.append("\t" if isinstance(piece, Tab) else "\n")
        return "".join(out)


@dataclass(frozen=True, slots=True)
class Margins:
    """The empty room inside a cell."""

    top: float = 0.0
    left: float = 108.0
    bottom: float = 0.0
    right: float = 108.0


@dataclass(frozen=True, slots=True)
class Cell:
    column: int  # of the grid, from 0
    span: int
    blocks: tuple[Block, ...]
    merge: str = ""  # "" | restart | continue (the cell goes on from the row above)
    vertical: str = "top"  # top | center | bottom
    borders: Mapping[str, Border | None] = field(default_factory=dict)  # None: none here, whatever the table says
    margins: Margins = field(default_factory=Margins)
    shade: str = ""  # RRGGBB


@dataclass(frozen=True, slots=True)
class Row:
    cells: tuple[Cell, ...]
    height: float = 0.0
    height_rule: str = "auto"  # auto | atLeast | exact
    can_split: bool = True
    is_head: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    rows: tuple[Row, ...]
    grid: tuple[float, ...]
    align: str = "left"
    indent: float = 0.0
    borders: Mapping[str, Border] = field(default_factory=dict)
    margins: Margins = field(default_factory=Margins)
    where: str = ""


Block: TypeAlias = Paragraph | Table


@dataclass(frozen=True, slots=True)
class Section:
    """A run of pages of one size."""

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    header: float  # from the edge of the paper to the running header
    footer: float
    blocks: tuple[Block, ...] = ()
    title_page: bool = False
    start: int | None = None  # first page number
    kind: str = "nextPage"
    headers: Mapping[str, tuple[Block, ...]] = field(default_factory=dict)  # default | first | even
    footers: Mapping[str, tuple[Block, ...]] = field(default_factory=dict)
    gutter: float = 0.0  # added to the binding edge
    borders: Mapping[str, Border] = field(default_factory=dict)  # of the page; `space` is counted from the text


@dataclass(frozen=True, slots=True)
class Document:
    sections: tuple[Section, ...]
    default_tab: float = 720.0
    compat: int = 12  # the Word version whose layout rules it asks for: 14 = Word 2010, 15 = Word 2013 and later
    problems: tuple[Problem, ...] = ()  # what the reader does not know, each with its place
    title: str = ""
    mirrored: bool = False  # printed on both sides: left and right change places on even pages
    even_pages: bool = False  # even pages have running headers of their own

    def paragraphs(self) -> Iterator[Paragraph]:
        """Every paragraph of the body, those of tables too, in reading order."""
        for section in self.sections:
            yield from paragraphs_of(section.blocks)


def paragraphs_of(blocks: tuple[Block, ...]) -> Iterator[Paragraph]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block
        else:
            for row in block.rows:
                for cell in row.cells:
                    yield from paragraphs_of(cell.blocks)
