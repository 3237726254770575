"""Blocks put on pages: page breaks, widows and orphans, what stays with what, running headers, repeated table heads.

The flow is a row of units, each a paragraph or one row of a table, so that one rule of keeping holds for both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from dvk_docs.ooxml import Block, Border, Document, Paragraph, Section

from .blocks import LaidBlock, LaidCell, LaidParagraph, LaidRow, LaidTable, Layout, border_of, space_between
from .dealing import Dealt, dealt
from .lines import Line
from .splitting import Cut, Pending, Room, cut, cut_before_last, pending

SLACK = 0.6  # twips by which a line may reach below the text area: rounding of the office programs


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line; twips from the top left corner of the page."""

    x1: float
    y1: float
    x2: float
    y2: float
    width: float
    color: str = ""


@dataclass(frozen=True, slots=True)
class Fill:
    x: float
    y: float
    width: float
    height: float
    color: str


@dataclass(frozen=True, slots=True)
class Place:
    """A bookmark: the room of its paragraph with the space before it."""

    name: str
    x: float
    y: float
    width: float
    height: float


@dataclass(slots=True)
class Page:
    section: Section
    number: int
    first: bool  # of its section
    texts: list[tuple[float, float, Line]] = field(default_factory=list)  # left edge of the column, base line
    rules: list[Rule] = field(default_factory=list)
    fills: list[Fill] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)


def pages_of(document: Document, layout: Layout) -> list[Page]:
    """All pages; the running headers are laid out last, when the number of pages is known."""
    pages: list[Page] = []
    document = replace(
        document, sections=tuple(_without_bare_end(s) for s in document.sections[:-1]) + document.sections[-1:]
    )
    deal = dealt(document) if layout.rules.dealt else [Dealt()] * len(document.sections)
    for section, dealt_out in zip(document.sections, deal, strict=True):
        number = section.start - 1 if section.start is not None else pages[-1].number if pages else 0
        flow = _Flow(section, layout, number, bool(pages))
        flow.loose, flow.dealt_tables = (
            {at: page - len(pages) for at, page in found.items()} for found in (dealt_out.last, dealt_out.tables)
        )
        pages += flow.pages()
    layout.numbers["NUMPAGES"] = str(len(pages))
    for page in pages:
        _Running(page, layout).draw()
        page.rules += _frame_of(page.section)
    return pages


def _without_bare_end(section: Section) -> Section:
    """A section without the empty paragraph that only ends it, so that it begins no page.

    LibreOffice sets none, but where the section begins with a table.
    """
    *before, last = section.blocks or (None,)
    is_bare = bool(before) and isinstance(last, Paragraph) and not last.pieces
    return replace(section, blocks=tuple(before)) if is_bare and isinstance(before[0], Paragraph) else section


def _frame_of(section: Section) -> Iterator[Rule]:
    """The page borders: a line on each side, two of them for a double one, outside the text by their `space`."""
    edges = section.borders
    out = {side: (edges[side].space if side in edges else 0.0) for side in ("top", "left", "bottom", "right")}
    for side, edge in edges.items():
        for step in (0.0, 2.0) if edge.style == "double" else (0.0,):
            more = edge.width * (step + 0.5)
            left, right = section.left - out["left"] - more, section.width - section.right + out["right"] + more
            top, foot = section.top - out["top"] - more, section.height - section.bottom + out["bottom"] + more
            half = edge.width / 2  # corners are closed
            ends = {
                "top": (left - half, top, right + half, top),
                "bottom": (left - half, foot, right + half, foot),
                "left": (left, top, left, foot),
                "right": (right, top, right, foot),
            }
            yield Rule(*ends[side], edge.width, edge.color)


# --- drawing on a page -----------------------------------------------------------------------------------------------


class Pen:
    """Puts laid blocks on one page."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def paragraph(self, laid: LaidParagraph, x: float, y: float, width: float, lines: Sequence[Line]) -> float:
        """Draw `lines` of a paragraph from `y` down; return the foot of the last one."""
        look = laid.paragraph.look
        if laid.paragraph.bookmarks and lines and lines[0] is laid.lines[0]:
            room = (x + look.left, y - look.before, width - look.left - look.right, look.before + laid.height)
            self.page.places += [Place(name, *room) for name in laid.paragraph.bookmarks]
        y = self._frame(laid, x + look.left, x + width - look.right, y, sum(line.height for line in lines))
        for line in lines:
            self.page.texts.append((x, y + line.ascent, line))
            y += line.height
        return y

    def _frame(self, laid: LaidParagraph, left: float, right: float, y: float, height: float) -> float:
        borders = laid.paragraph.look.borders
        top, bottom = borders.get("top"), borders.get("bottom")
        if top:
            self._rule(left, y + top.width / 2, right, y + top.width / 2, top)
            y += top.width + top.space
        if bottom:
            at = y + height + bottom.space + bottom.width / 2
            self._rule(left, at, right, at, bottom)
        return y

    def _rule(self, x1: float, y1: float, x2: float, y2: float, border: Border) -> None:
        self.page.rules.append(Rule(x1, y1, x2, y2, border.width, border.color))

    def stack(self, blocks: Sequence[LaidBlock], x: float, y: float, width: float) -> float:
        """Draw blocks above each other; return the foot of the last one."""
        before: LaidBlock | None = None
        for block in blocks:
            y += space_between(before, block)
            if isinstance(block, LaidParagraph):
                y = self.paragraph(block, x, y, width, block.lines)
                bottom = block.paragraph.look.borders.get("bottom")
                y += bottom.width + bottom.space if bottom else 0.0
            else:
                for place, row in enumerate(block.rows):
                    y = self.row(block, row, x, y, top=place == 0, last=block.rows[-1].number)
            before = block
        return y

    def row(self, table: LaidTable, row: LaidRow, x: float, y: float, *, top: bool, last: int) -> float:
        """Draw one row (or a part of one), `top` where it is the first on its page; return its foot.

        `last` is the number of the table's last row on this page: a cell over several rows ends there at the latest.
        """
        for cell in row.cells:
            if cell.cell.merge != "continue":
                reach = min(row.number + cell.rows, last + 1)
                under = [r for r in table.rows if row.number < r.number < reach] if cell.rows > 1 else []
                height = row.height + sum(r.height for r in under)
                parted = row.is_part or reach < row.number + cell.rows
                closing = [row, *under][-1].closing
                self._cell(row, cell, x, y, height, closing=closing, parted=parted)
            self._sides(table, row.number, cell, x, y, y + row.height, top or row.number == 0)
        return y + row.height

    def _cell(
        self, row: LaidRow, cell: LaidCell, x: float, y: float, height: float, *, closing: float, parted: bool
    ) -> None:
        """Draw a cell of `height` twips, the line that closes the table (`closing`) among them."""
        margins = cell.cell.margins
        if cell.cell.shade:
            self.page.fills.append(Fill(x + cell.x, y, cell.width, height, cell.cell.shade))
        free = 0.0 if parted else max(0.0, height - row.top_border - closing - cell.full_height)
        down = {"center": free / 2, "bottom": free}.get(cell.cell.vertical, 0.0)
        width = cell.width - cell.left - cell.right
        self.stack(cell.blocks, x + cell.x + cell.left, y + row.top_border + margins.top + down, width)

    def _sides(self, table: LaidTable, number: int, cell: LaidCell, x: float, y: float, foot: float, top: bool) -> None:
        model = cell.cell
        left, right = x + cell.x, x + cell.x + cell.width
        for side, at, outer in (
            ("left", left, model.column == 0),
            ("right", right, model.column + model.span >= len(table.table.grid)),
        ):
            border = border_of(table, model, side, outer)
            if border:
                self._rule(at, y, at, foot, border)
        over = border_of(table, model, "top", top)
        if over and (top or model.merge != "continue"):
            self._rule(left, y + over.width / 2, right, y + over.width / 2, over)
        under = border_of(table, model, "bottom", True)
        if under and number == table.rows[-1].number:
            self._rule(left, foot - under.width / 2, right, foot - under.width / 2, under)


class _Running:
    """The running header and footer of one page."""

    def __init__(self, page: Page, layout: Layout) -> None:
        self.page = page
        self.layout = layout
        self.section = page.section
        self.width = self.section.width - self.section.left - self.section.right

    def blocks(self, kinds: Mapping[str, tuple[Block, ...]]) -> list[LaidBlock]:
        name = "first" if self.section.title_page and self.page.first else "default"
        self.layout.numbers["PAGE"] = str(self.page.number)
        return self.layout.blocks(kinds.get(name, ()), self.width)

    def top(self) -> float:
        """Where the text of the page begins: a tall header pushes it down."""
        found = self.blocks(self.section.headers)
        height = self.section.header + self.layout.stack_height(found) if found else 0.0
        return max(self.section.top, height)

    def bottom(self) -> float:
        found = self.blocks(self.section.footers)
        foot = self.section.height - self.section.bottom
        if not found:
            return foot
        return min(foot, self.section.height - self.section.footer - self.layout.stack_height(found))

    def draw(self) -> None:
        """Draw both before the text of the page, so that whoever copies the page reads its number first."""
        body, self.page.texts = self.page.texts, []
        pen = Pen(self.page)
        pen.stack(self.blocks(self.section.headers), self.section.left, self.section.header, self.width)
        foot = self.blocks(self.section.footers)
        y = self.section.height - self.section.footer - self.layout.stack_height(foot)
        pen.stack(foot, self.section.left, y, self.width)
        self.page.texts += body


# --- the flow --------------------------------------------------------------------------------------------------------


class _Flow:
    """The pages of one section."""

    def __init__(self, section: Section, layout: Layout, number: int, follows: bool) -> None:
        self.section = section
        self.loose: Mapping[int, int] = {}  # blocks that stay with no other where they stand on this page
        self.dealt_tables: Mapping[int, int] = {}  # the page that each table was dealt to
        self.tight: set[int] = set()  # pages of which no block is loose
        self.layout = layout
        self.number = number
        self.follows = follows  # another section
        self.width = section.width - section.left - section.right
        self.made: list[Page] = []
        self.y = self.top = self.bottom = 0.0
        self.fresh = True  # nothing stands on the page yet
        self.only_kept = True  # nothing but paragraphs that stay with the next one
        self.hard = False  # the page was begun by a break that the text holds
        self.before: LaidBlock | None = None
        self.pen = Pen(Page(section, 0, True))

    def pages(self) -> list[Page]:
        self._new_page()
        blocks = self.layout.blocks(self.section.blocks, self.width)
        for at, block in enumerate(blocks):
            if isinstance(block, LaidParagraph):
                self._place_paragraph(block, blocks, at)
            else:
                self._place_table(block, blocks, at)
        return self.made

    def _new_page(self) -> None:
        self.number += 1
        page = Page(self.section, self.number, not self.made)
        self.made.append(page)
        self.pen = Pen(page)
        running = _Running(page, self.layout)
        self.top, self.bottom = running.top(), running.bottom()
        self.y = self.top
        self.before = None
        self.fresh = self.only_kept = True

    def _room(self) -> float:
        return self.bottom + SLACK - self.y

    def _page(self) -> float:
        return self.bottom + SLACK - self.top

    def _spare(self) -> float:
        """How far a row may reach into the bottom margin."""
        return (self.section.height - self.bottom) / 2

    # --- what stays together

    def _must_move(self, blocks: Sequence[LaidBlock], at: int) -> bool:
        """Whether a block that stays with the next ones would be parted from them by the foot of this page."""
        if self.only_kept or not self._keeps(blocks, at):
            return False  # a page that holds nothing but what is kept is not left once more
        return not self._stays_together(blocks, at, 0.0, self.before)

    def _keeps(self, blocks: Sequence[LaidBlock], at: int) -> bool:
        here = len(self.made) - 1
        loose = self.loose.get(at) == here and here not in self.tight and not self._draws_back(blocks, at)
        return not loose and _keeps(blocks[at]) and not _stands_alone(blocks, at)

    def _draws_back(self, blocks: Sequence[LaidBlock], at: int) -> bool:
        """Whether headings of a table follow that would fit here: LibreOffice tries them, and looks at `at` again."""
        end, before, height = at, self.before, 0.0
        while end < len(blocks) and isinstance(block := blocks[end], LaidParagraph) and _stays(block):
            height += space_between(before, block) + block.height
            before, end = block, end + 1
        return at + 1 < end < len(blocks) and isinstance(blocks[end], LaidTable) and height <= self._room()

    def _stays_together(self, blocks: Sequence[LaidBlock], at: int, above: float, before: LaidBlock | None) -> bool:
        """Whether the blocks from `at` on that stay together, and the beginning of what follows them, fit here.

        They begin `above` twips below the pen, behind the block `before`.
        """
        while at < len(blocks) and self._keeps(blocks, at):
            above += space_between(before, blocks[at]) + blocks[at].height
            if above > self._room():
                return False
            before = blocks[at]
            at += 1
        return at == len(blocks) or self._begins_here(blocks[at], before, above)

    def _begins_here(self, block: LaidBlock, before: LaidBlock | None, above: float) -> bool:
        """Whether at least the beginning of a block stands on this page, `above` twips below the pen."""
        room = self._room() - above - space_between(before, block)
        if isinstance(block, LaidParagraph):
            tall = above + least(block) > self.bottom - self.top
            return least(block) <= room or tall
        waiting = pending(block)
        return waiting.height <= room or cut(waiting, Room(room, self._page(), spare=self._spare())) is not None

    # --- paragraphs

    def _place_paragraph(self, laid: LaidParagraph, blocks: Sequence[LaidBlock], at: int) -> None:
        look = laid.paragraph.look
        if (look.page_break_before and not self.fresh) or self._must_move(blocks, at):
            self._new_page()
        if not self._drops_space(look.page_break_before):
            self.y += space_between(self.before, laid)
        self.hard = False
        if laid.border_height:
            self._place_framed(laid)
        else:
            self._place_lines(laid)
        self.before = None if self.hard else laid  # a page that a break begins knows nothing of the one before
        self.only_kept = self.hard or (self.only_kept and look.keep_next)

    def _drops_space(self, asked: bool) -> bool:
        """Space before is dropped at the top of a page, but not where a section begins.

        Nor, in Word 2010, on a page that the text asks for.
        """
        kept = self.layout.rules.old_places and (self.hard or asked)
        return self.fresh and len(self.made) > 1 and not kept

    def _place_framed(self, laid: LaidParagraph) -> None:
        if laid.height > self._room() and not self.fresh:
            self._new_page()
            self.y += laid.paragraph.look.before
        self.y = self.pen.paragraph(laid, self.section.left, self.y, self.width, laid.lines)
        bottom = laid.paragraph.look.borders.get("bottom")
        self.y += bottom.width + bottom.space if bottom else 0.0
        self.fresh = False

    def _place_lines(self, laid: LaidParagraph) -> None:
        start, count = 0, len(laid.lines)
        while start < count:
            stop = self._stop(laid, start)
            if stop > start:
                part = laid.lines[start:stop]
                self.y = self.pen.paragraph(laid, self.section.left, self.y, self.width, part)
                self.fresh = False
            forced = stop > start and laid.lines[stop - 1].end == "page"
            start = stop
            if start < count or forced:
                self._new_page()
                self.hard = forced and start >= count
                if forced and start < count and self.layout.rules.old_places:
                    self.y += laid.paragraph.look.before

    def _stop(self, laid: LaidParagraph, start: int) -> int:
        """The line before which the page ends: what fits, less what would stand alone."""
        lines, look = laid.lines, laid.paragraph.look
        count, stop, room = len(lines), start, self._room()
        while stop < count and lines[stop].height - lines[stop].hangs <= room:
            room -= lines[stop].height
            stop += 1
            if lines[stop - 1].end == "page":
                return stop
        if stop < count:
            if look.keep_lines and not self.fresh:
                stop = start if start == 0 else stop
            elif look.widow_control:
                stop = count - 2 if count - stop < 2 else stop
                stop = start if start == 0 and stop < 2 else max(stop, start)
            if stop == start and self.fresh:
                stop = start + 1
        return stop

    # --- tables

    def _place_table(self, table: LaidTable, blocks: Sequence[LaidBlock], at: int) -> None:
        waiting = pending(table)
        if waiting.keeps_next and self._must_move(blocks, at):
            self._new_page()
        page, here = self.dealt_tables.get(at, 0), len(self.made) - 1
        begins = here == page and self.fresh and bool(page or self.follows)
        if (here < page or begins) and not _stays(blocks[at - 1] if at else None):
            self.tight.add(page)
        self.y += 0.0 if self.fresh else space_between(self.before, table)
        while waiting.height > self._room() or self._last_row_goes_on(waiting, blocks, at):
            found = self._cut(waiting, blocks, at)
            if found is None and not self.fresh:
                self._new_page()
                continue
            if found is None or not found.rest:
                break
            self._draw_rows(table, [*waiting.heads, *found.here])
            self._close(table, found.here[-1])
            self._new_page()
            waiting = Pending(table, found.rest, is_parted=True)
        self._draw_rows(table, [*waiting.heads, *waiting.rows])
        self.before = table

    def _cut(self, waiting: Pending, blocks: Sequence[LaidBlock], at: int) -> Cut | None:
        if waiting.height <= self._room():
            return cut_before_last(waiting)
        return cut(waiting, Room(self._room(), self._page(), self.fresh, self.only_kept, self._spare()))

    def _last_row_goes_on(self, waiting: Pending, blocks: Sequence[LaidBlock], at: int) -> bool:
        """The last row stays with what follows the table, only while the table stands on one page."""
        if self.fresh and cut_before_last(waiting) is None:
            return False
        keeps = bool(waiting.rows) and waiting.rows[-1].keeps_next and not waiting.is_parted
        if not keeps or at + 1 == len(blocks) or _stands_alone(blocks, at):
            return False
        return not self._stays_together(blocks, at + 1, waiting.height, blocks[at])

    def _draw_rows(self, table: LaidTable, rows: Sequence[LaidRow]) -> None:
        for place, row in enumerate(rows):
            last = rows[-1].number
            self.y = self.pen.row(table, row, self.section.left, self.y, top=place == 0, last=last)
        self.fresh = self.fresh and not rows
        self.only_kept = self.fresh

    def _close(self, table: LaidTable, row: LaidRow) -> None:
        """The line under the last row of a page."""
        for cell in row.cells:
            border = border_of(table, cell.cell, "bottom", False) or table.table.borders.get("bottom")
            if border is not None:
                left = self.section.left + cell.x
                self.pen.page.rules.append(Rule(left, self.y, left + cell.width, self.y, border.width, border.color))


def _keeps(block: LaidBlock) -> bool:
    return block.paragraph.look.keep_next if isinstance(block, LaidParagraph) else pending(block).keeps_next


def _stands_alone(blocks: Sequence[LaidBlock], at: int) -> bool:
    """A table of a single row stays with no paragraph that follows it, whatever it says (LibreOffice)."""
    block = blocks[at]
    is_single = isinstance(block, LaidTable) and len(block.rows) == 1
    return is_single and isinstance(blocks[min(at + 1, len(blocks) - 1)], LaidParagraph)


def _stays(block: LaidBlock | None) -> bool:
    return isinstance(block, LaidParagraph) and block.paragraph.look.keep_next


def least(laid: LaidParagraph) -> float:
    """The height of the least part of a paragraph that may stand at the foot of a page."""
    look, lines = laid.paragraph.look, laid.lines
    if look.keep_lines:
        return laid.height
    count = 1
    if look.widow_control:
        count = len(lines) if len(lines) <= 3 else 2
    return sum(line.height for line in lines[:count]) - lines[count - 1].hangs
