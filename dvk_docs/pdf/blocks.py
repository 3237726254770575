"""Paragraphs and tables with their lines broken and their heights known, not yet on a page. Lengths in twips."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from dvk_docs.ooxml import Block, Border, Cell, Paragraph, Row, Table

from .lines import Breaker, Line, Measure, Rules, parts_of

_PARTS, _NEW_TABLE, _HAIR = 10_000, 65_535, 1e-9
LONG_SPAN = 4  # cells merged over more rows than this may be parted by a page


@dataclass(slots=True)
class LaidParagraph:
    paragraph: Paragraph
    lines: list[Line]

    @property
    def text_height(self) -> float:
        return sum(line.height for line in self.lines)

    @property
    def border_height(self) -> float:
        borders = self.paragraph.look.borders
        return (
            0.0 if not borders else sum(b.width + b.space for side, b in borders.items() if side in ("top", "bottom"))
        )

    @property
    def height(self) -> float:
        return self.text_height + self.border_height


@dataclass(slots=True)
class LaidCell:
    cell: Cell
    x: float
    width: float
    blocks: list[LaidBlock]
    height: float  # of what stands in it, without its margins
    left: float = 0.0  # room beside what stands in it
    right: float = 0.0
    rows: int = 1  # that it reaches over

    @property
    def full_height(self) -> float:
        return self.height + self.cell.margins.top + self.cell.margins.bottom


@dataclass(slots=True)
class LaidRow:
    row: Row
    cells: list[LaidCell]
    number: int  # in its table, from 0
    height: float = 0.0
    top_border: float = 0.0
    bottom_line: float = 0.0  # the line that closes the table where a page ends after this row
    closing: float = 0.0  # the bottom border of the last row, within its height
    least: float = 0.0  # the height that it asks for
    keeps_next: bool = False
    is_merged: bool = False  # a cell of it reaches into the next row
    is_part: bool = False  # cut by a page
    is_rest: bool = False  # goes on from an earlier page

    @property
    def may_part(self) -> bool:
        return self.row.can_split and self.row.height_rule != "exact"


@dataclass(slots=True)
class LaidTable:
    table: Table
    rows: list[LaidRow]
    x: float
    heads: int = 0  # rows repeated on each page

    @property
    def height(self) -> float:
        return sum(row.height for row in self.rows)


LaidBlock: TypeAlias = LaidParagraph | LaidTable


def space_between(before: LaidBlock | None, block: LaidBlock) -> float:
    """The larger of the space after and the space before, not their sum; contextual spacing drops its own side.

    A table has no space before: that after the paragraph above it counts.
    """
    if not isinstance(block, LaidParagraph):
        return before.paragraph.look.after if isinstance(before, LaidParagraph) else 0.0
    look = block.paragraph.look
    above = look.before
    if not isinstance(before, LaidParagraph):
        return above
    other = before.paragraph.look
    below = other.after
    if before.paragraph.style == block.paragraph.style:
        above = 0.0 if look.contextual else above
        below = 0.0 if other.contextual else below
    return max(above, below)


class Layout:
    """Lays blocks out for a width; `numbers` holds PAGE and NUMPAGES as far as they are known."""

    def __init__(self, measure: Measure, rules: Rules, default_tab: float) -> None:
        self.measure = measure
        self.rules = rules
        self.default_tab = default_tab
        self.numbers: dict[str, str] = {"PAGE": "1", "NUMPAGES": "1"}
        self._depth = 0  # of tables in tables
        self.too_low: list[str] = []  # where rows of exact height stand that their text does not fit

    def blocks(self, blocks: Iterable[Block], width: float) -> list[LaidBlock]:
        return [self.paragraph(b, width) if isinstance(b, Paragraph) else self.table(b, width) for b in blocks]

    def paragraph(self, paragraph: Paragraph, width: float) -> LaidParagraph:
        breaker = Breaker(paragraph, width, self.measure, self.rules, self.default_tab)
        return LaidParagraph(paragraph, breaker.lines(parts_of(paragraph, self.measure, self.numbers)))

    def stack_height(self, blocks: Sequence[LaidBlock], *, last_space: bool = False) -> float:
        """The height of blocks above each other; in a cell the space after the last paragraph counts."""
        y, before = 0.0, None
        for block in blocks:
            y += space_between(before, block) + block.height
            before = block
        if last_space and isinstance(before, LaidParagraph):
            y += before.paragraph.look.after
        return y

    # --- tables

    def table(self, table: Table, width: float) -> LaidTable:
        edges = _edges(table.grid)
        pads = _pads(table)
        x = self._table_x(table, edges[-1], width, pads[0])
        self._depth += 1
        rows = [
            LaidRow(row, [self._cell(cell, edges, x, table, pads) for cell in row.cells], number)
            for number, row in enumerate(table.rows)
        ]
        self._depth -= 1
        _reach_over_rows(rows)
        laid = LaidTable(table, rows, x, _heads(table.rows))
        _set_heights(laid)
        self.too_low += [f"{table.where}, hàng {row.number + 1}" for row in rows if _is_too_low(row)]
        for row in rows:
            row.keeps_next = _keeps_next(row)
        _keep_merged_rows(rows)
        return laid

    def _table_x(self, table: Table, table_width: float, width: float, pad: float) -> float:
        if table.align == "center":
            return (width - table_width) / 2
        if table.align == "right":
            return width - table_width
        hangs_out = self.rules.old_places and not self._depth  # not a table in a cell
        return table.indent - (pad if hangs_out else 0.0)

    def _cell(self, cell: Cell, edges: Sequence[float], x: float, table: Table, pads: tuple[float, float]) -> LaidCell:
        right = edges[min(cell.column + cell.span, len(edges) - 1)]
        left = edges[min(cell.column, len(edges) - 1)]
        before = pads[0] if cell.margins.left == table.margins.left else cell.margins.left
        behind = pads[1] if cell.margins.right == table.margins.right else cell.margins.right
        blocks = _without_empty_end(self.blocks(cell.blocks, right - left - before - behind))
        height = self.stack_height(blocks, last_space=True)
        return LaidCell(cell, x + left, right - left, blocks, height, before, behind)


def _without_empty_end(blocks: list[LaidBlock]) -> list[LaidBlock]:
    """The blocks of a cell less the empty paragraph that a file must set behind a table at its end.

    Word and LibreOffice give it no room.
    """
    if len(blocks) > 1 and isinstance(blocks[-2], LaidTable) and isinstance(blocks[-1], LaidParagraph):
        return blocks[:-1] if not any(line.bits for line in blocks[-1].lines) else blocks
    return blocks


def _edges(grid: Sequence[float]) -> list[float]:
    """Where the columns of a table begin and end, from its left edge.

    LibreOffice keeps a column's end as a ten-thousandth of the table, then takes whole twips of it: a twip or two less
    or more than the file says, so that a word fits a narrow column or does not. Columns that stand where the equal ones
    of its new table stood are not moved, and are exact where their number parts 65535. (1,500 tables tried, no other.)
    """
    whole, end, edges = sum(grid), 0.0, [0.0]
    equal = grid and not _NEW_TABLE % len(grid)
    for number, column in enumerate(grid[:-1], 1):
        end += column
        part = int(end * _PARTS / whole + 0.5) if whole else 0
        if equal and part == int(number * _PARTS / len(grid) + 0.5):
            edges.append(float(int(number * whole / len(grid) + _HAIR)))
        else:
            edges.append(float(int(part * whole / _PARTS + _HAIR)))
    return [*edges, whole] if grid else edges


def _pads(table: Table) -> tuple[float, float]:
    """The room at the sides of what stands in each cell: its margins, but at least half the table's outer lines.

    LibreOffice takes both lines from the first cell, which may have its own, and holds all cells to them.
    """
    first = next((cell.borders for row in table.rows for cell in row.cells), {})
    left, right = (first.get(side, table.borders.get(side)) for side in ("left", "right"))
    return max(table.margins.left, _half(left)), max(table.margins.right, _half(right))


def _half(line: Border | None) -> float:
    return 0.0 if line is None else round(line.width / 2 - 0.01)


def _is_too_low(row: LaidRow) -> bool:
    """Whether letters of a row of exact height would be cut off; an empty paragraph may be."""
    if row.row.height_rule != "exact":
        return False
    return any(_letters_height(cell) > row.height for cell in row.cells if cell.rows == 1)


def _letters_height(cell: LaidCell) -> float:
    """Down to the base line of the last line with letters."""
    y, foot, before = cell.cell.margins.top, 0.0, None
    for block in cell.blocks:
        y += space_between(before, block)
        if isinstance(block, LaidParagraph):
            bases = [n for n, line in enumerate(block.lines) if line.bits]
            if bases:
                foot = y + sum(line.height for line in block.lines[: bases[-1]]) + block.lines[bases[-1]].ascent
        elif block.rows:
            foot = y + block.height
        y += block.height
        before = block
    return foot


def _heads(rows: Sequence[Row]) -> int:
    count = 0
    while count < len(rows) and rows[count].is_head:
        count += 1
    return count if count < len(rows) else 0


def _keeps_next(row: LaidRow) -> bool:
    """A row stays with the next one when the first paragraph of its first cell does."""
    first = row.cells[0].blocks[:1] if row.cells else []
    return bool(first) and isinstance(first[0], LaidParagraph) and first[0].paragraph.look.keep_next


def _reach_over_rows(rows: Sequence[LaidRow]) -> None:
    for number, row in enumerate(rows):
        for cell in row.cells:
            if cell.cell.merge == "restart":
                below = number + 1
                while below < len(rows) and any(_goes_on(c.cell, cell.cell.column) for c in rows[below].cells):
                    below += 1
                cell.rows = below - number


def _goes_on(cell: Cell, column: int) -> bool:
    return cell.column == column and cell.merge == "continue"


def _keep_merged_rows(rows: Sequence[LaidRow]) -> None:
    for number, row in enumerate(rows):
        reach = max((c.rows for c in row.cells if c.rows <= LONG_SPAN), default=1)
        for other in rows[number : number + reach - 1]:
            other.keeps_next = other.is_merged = True


def border_of(laid: LaidTable, cell: Cell, side: str, outer: bool) -> Border | None:
    """The cell's own border, else the table's: its frame for an outer side, its inner lines else."""
    if side in cell.borders:
        return cell.borders[side]
    inner = "insideH" if side in ("top", "bottom") else "insideV"
    return laid.table.borders.get(side if outer else inner)


def _set_heights(laid: LaidTable) -> None:
    """Row height = its content and its top border; the last row holds the bottom border too."""
    for number, row in enumerate(laid.rows):
        row.top_border = _thickest(laid, row, "top", number == 0)
        if number:
            row.top_border = max(row.top_border, _own_bottom(laid.rows[number - 1]))
        last = number == len(laid.rows) - 1
        row.bottom_line = _thickest(laid, row, "bottom", last)
        row.closing = row.bottom_line if last else 0.0
        content = max((c.full_height for c in row.cells if c.rows == 1 and c.cell.merge != "continue"), default=0.0)
        row.least = row.row.height
        row.height = max(content + row.top_border, row.least) + row.closing
        if row.row.height_rule == "exact":
            row.height = row.row.height
    for number, row in enumerate(laid.rows):
        for cell in row.cells:
            reached = laid.rows[number : number + cell.rows]
            if cell.rows > 1:
                reached[-1].height += max(0.0, cell.full_height + row.top_border - sum(r.height for r in reached))


def _thickest(laid: LaidTable, row: LaidRow, side: str, outer: bool) -> float:
    found = [border_of(laid, c.cell, side, outer) for c in row.cells]
    return max((b.width for b in found if b is not None), default=0.0)


def _own_bottom(row: LaidRow) -> float:
    """The thickest line that cells ask for below themselves: it lies in the next row."""
    found = [c.cell.borders.get("bottom") for c in row.cells]
    return max((b.width for b in found if b is not None), default=0.0)
