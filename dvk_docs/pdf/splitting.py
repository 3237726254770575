"""Where a table is parted by the foot of a page: the rows that stay, those that go on, a row cut in two.

The order of the tries is LibreOffice's: first a row itself may be parted, then the table between two rows; where
neither can be, the whole table moves. A row that may not be parted moves to a new page first, and is parted only where
it is taller than that. In a parted row lines may stand alone, and the part that stays stands at the top of its cells. A
paragraph that is not the first of its cell, or is empty, begins only where its space after would fit behind its first
line; how much of that space counts behind the last paragraph goes by what the cells to the left do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from .blocks import LaidBlock, LaidCell, LaidParagraph, LaidRow, LaidTable, space_between

MANY_ROWS = 64  # a table of more rows does not stay with what follows it


@dataclass(slots=True)
class Pending:
    """What of a table waits for a place: its rows, or rests of rows, without the heads repeated on each page."""

    table: LaidTable
    rows: list[LaidRow]
    is_parted: bool = False  # some of it stands on an earlier page

    @property
    def heads(self) -> list[LaidRow]:
        return self.table.rows[: self.table.heads]

    @property
    def height(self) -> float:
        return total(self.heads) + total(self.rows)

    @property
    def keeps_next(self) -> bool:
        """Whether the whole table stays with what follows: every row of it must say so."""
        return not self.is_parted and len(self.table.rows) <= MANY_ROWS and all_keep(self.rows)


@dataclass(slots=True)
class Cut:
    here: list[LaidRow]
    rest: list[LaidRow]


def pending(table: LaidTable) -> Pending:
    return Pending(table, table.rows[table.heads :])


def all_keep(rows: Sequence[LaidRow]) -> bool:
    return bool(rows) and all(row.keeps_next for row in rows)


def total(rows: Sequence[LaidRow]) -> float:
    return sum(row.height for row in rows)


# --- between rows ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Room:
    """The room for a table on a page, in twips."""

    left: float
    page: float  # of the whole page
    fresh: bool = False  # nothing stands above
    only_kept: bool = False  # nothing stands above but what stays with the table
    spare: float = 0.0  # of the bottom margin: a row that fits a page, but not below the heads, reaches into it

    def tallest(self, heads: float) -> float:
        """The height of the tallest row that stands whole on a page, below heads of `heads` twips."""
        return min(self.page, self.page - heads + self.spare)


def cut(waiting: Pending, room: Room) -> Cut | None:
    """What of the table stays here; None where it moves whole."""
    rows, heads = waiting.rows, total(waiting.heads)
    keeps = not ((room.fresh or (room.only_kept and len(rows) > 1)) and all_keep(rows))
    if not rows or (keeps and len(rows) == 1 and rows[0].keeps_next and not room.fresh):
        return None
    kept = next((n for n, row in enumerate(rows) if not row.keeps_next), len(rows)) if keeps else 0
    below = replace(room, left=room.left - heads)
    for part_rows in (True, False):
        if not part_rows and len(rows) < 2:
            break
        if heads + total(rows[: kept + (not part_rows)]) > room.left and not room.fresh:
            break
        found = _cut(rows, below, room.tallest(heads), keeps=keeps, part_rows=part_rows)
        if found is not None:
            return found
    return None


def _cut(rows: Sequence[LaidRow], room: Room, tallest: float, *, keeps: bool, part_rows: bool) -> Cut | None:
    at = _first_that_does_not_fit(rows, room.left)
    row, left = rows[at], room.left - total(rows[:at])
    if room.fresh and at == 0 and not part_rows:  # it stays all the same, and what follows goes on
        return Cut([rows[0]], list(rows[1:]))
    giant = row.height > tallest
    if room.fresh and at == 0 and not row.may_part and not giant:
        return Cut([row], list(rows[1:]))
    may_part = row.may_part or giant
    if part_rows and may_part and not (keeps and row.keeps_next):
        parts = split_row(row, left - row.bottom_line)
        return None if parts is None else Cut([*rows[:at], parts[0]], [parts[1], *rows[at + 1 :]])
    at = _before_kept(rows, at, fresh=room.fresh, tallest=tallest) if keeps else at
    return Cut(list(rows[:at]), list(rows[at:])) if at else None


def _first_that_does_not_fit(rows: Sequence[LaidRow], room: float) -> int:
    """The row at which the page ends, each row before it with the line that would close the table there."""
    at = 0
    while at + 1 < len(rows) and room >= rows[at].height + rows[at].bottom_line:
        room -= rows[at].height
        at += 1
    return at


def _before_kept(rows: Sequence[LaidRow], at: int, *, fresh: bool, tallest: float) -> int:
    """Go back over rows that stay with the next one, but not to the top of a page.

    Rows held only by merged cells part where they are at the top of a page, or if all of them stand on no page.
    """
    back = end = at
    while back and rows[back - 1].keeps_next:
        back -= 1
    while end + 1 < len(rows) and rows[end].keeps_next:
        end += 1
    merged = all(row.is_merged for row in rows[back:at]) and (fresh or total(rows[back : end + 1]) > tallest)
    return at if merged or (back == 0 and fresh) else back


def cut_before_last(waiting: Pending) -> Cut | None:
    """The table without its last row, which stays with what follows; None where all of it must."""
    rows = waiting.rows
    if not rows:
        return None
    at = _before_kept(rows, len(rows) - 1, fresh=False, tallest=float("inf"))
    return Cut(rows[:at], rows[at:]) if at > 0 else None


# --- within a row ----------------------------------------------------------------------------------------------------


def split_row(row: LaidRow, room: float) -> tuple[LaidRow, LaidRow] | None:
    """The part of `row` that fits into `room` twips and the rest; None where no cell can be cut well there."""
    if any(c.rows > 1 or c.cell.merge for c in row.cells):
        return None
    split = _split_cells(row, room - row.top_border)
    upper, lower = [a for a, _ in split], [b for _, b in split]
    bare = any(cell.blocks and not part.blocks for cell, part in zip(row.cells, upper, strict=True))
    if (bare and not row.is_rest) or not any(c.blocks for c in upper) or not any(c.blocks for c in lower):
        return None
    above = _part(row, upper)
    below = replace(_part(row, lower), is_rest=True, is_part=False, least=max(0.0, row.least - above.height))
    below.height = max(below.height + row.closing, below.least)
    return above, below


def _part(row: LaidRow, cells: list[LaidCell]) -> LaidRow:
    height = max(cell.full_height for cell in cells) + row.top_border
    return replace(row, cells=cells, height=height, is_part=True)


def _split_cells(row: LaidRow, room: float) -> list[tuple[LaidCell, LaidCell]]:
    """Both parts of each cell. The space after the last paragraph counts in the cells behind one that goes on.

    Where none goes on it counts in all; then a row whose first cell would go on is not parted.
    """
    split, goes_on = [], False
    for cell in row.cells:
        split.append(_split_cell(cell, room, goes_on))
        goes_on = goes_on or bool(split[-1][1].blocks)
    if goes_on or _split_cell(row.cells[0], room, True)[1].blocks:
        return split
    return [_split_cell(cell, room, True) for cell in row.cells]


def _split_cell(cell: LaidCell, room: float, spaced: bool) -> tuple[LaidCell, LaidCell]:
    """Both parts of a cell; `spaced` where the space after its last paragraph must fit as well."""
    upper: list[LaidBlock] = []
    lower: list[LaidBlock] = []
    y = cell.cell.margins.top
    before: LaidBlock | None = None
    for block in cell.blocks:
        if lower:
            lower.append(block)
            continue
        y += space_between(before, block)
        head, tail = _split_block(block, room - y, first=not upper, spaced=spaced and block is cell.blocks[-1])
        upper += [head] if head is not None else []
        lower += [tail] if tail is not None else []
        y += block.height
        before = block
    return _cell(cell, upper), _cell(cell, lower)


def _split_block(
    block: LaidBlock, room: float, *, first: bool, spaced: bool
) -> tuple[LaidBlock | None, LaidBlock | None]:
    if isinstance(block, LaidParagraph):
        return _split_paragraph(block, room, first=first, spaced=spaced)
    return (block, None) if block.height <= room else _split_table(block, room)


def _split_table(table: LaidTable, room: float) -> tuple[LaidTable | None, LaidTable | None]:
    waiting = pending(table)
    found = cut(waiting, Room(room, float("inf")))
    if found is None or not found.rest:
        return None, table
    upper, lower = ([*waiting.heads, *rows] for rows in (found.here, found.rest))
    return replace(table, rows=upper), replace(table, rows=lower)


def _split_paragraph(
    laid: LaidParagraph, room: float, *, first: bool, spaced: bool
) -> tuple[LaidParagraph | None, LaidParagraph | None]:
    lines, after = laid.lines, laid.paragraph.look.after
    if lines[0].height + (0.0 if first and lines[0].bits else after) > room:
        return None, laid
    if laid.height + (after if spaced and len(lines) > 1 else 0.0) <= room:
        return laid, None
    stop = 1
    room -= lines[0].height
    while stop < len(lines) - 1 and lines[stop].height <= room:
        room -= lines[stop].height
        stop += 1
    if stop == len(lines):  # a single line with a border that does not fit
        return None, laid
    head = replace(laid.paragraph, look=replace(laid.paragraph.look, after=0.0))
    rest = LaidParagraph(laid.paragraph, lines[stop:])  # with the space before again
    return LaidParagraph(head, lines[:stop]), rest


def _cell(cell: LaidCell, blocks: list[LaidBlock]) -> LaidCell:
    height, before = 0.0, None
    for block in blocks:
        height += space_between(before, block) + block.height
        before = block
    if isinstance(before, LaidParagraph):
        height += before.paragraph.look.after
    return replace(cell, blocks=blocks, height=height)
