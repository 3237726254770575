"""A row of a table cut where the page ends: each cell keeps what fits and hands the rest on."""

from __future__ import annotations

from dataclasses import replace

from .blocks import LaidBlock, LaidCell, LaidParagraph, LaidRow, space_between


def split_row(row: LaidRow, room: float) -> tuple[LaidRow, LaidRow] | None:
    """The part of `row` that fits into `room` twips and the rest; None where no cell can be cut well there."""
    if any(c.rows > 1 or c.cell.merge for c in row.cells):
        return None
    cut = [_split_cell(cell, room - row.top_border) for cell in row.cells]
    upper, lower = [a for a, _ in cut], [b for _, b in cut]
    stuck = any(cell.blocks and not part.blocks for cell, part in zip(row.cells, upper, strict=True))
    if stuck or not any(cell.blocks for cell in lower):
        return None
    return _row(row, upper), _row(row, lower)


def _row(row: LaidRow, cells: list[LaidCell]) -> LaidRow:
    height = max(cell.full_height for cell in cells) + row.top_border
    return LaidRow(row.row, cells, height, row.top_border, row.keeps_next)


def _split_cell(cell: LaidCell, room: float) -> tuple[LaidCell, LaidCell]:
    upper: list[LaidBlock] = []
    lower: list[LaidBlock] = []
    y = cell.cell.margins.top
    before: LaidBlock | None = None
    for block in cell.blocks:
        y += space_between(before, block) if isinstance(block, LaidParagraph) else 0.0
        if lower or not isinstance(block, LaidParagraph):
            fits = not lower and y + block.height <= room
            (upper if fits else lower).append(block)
        else:
            head, tail = _split_paragraph(block, room - y)
            upper += [head] if head is not None else []
            lower += [tail] if tail is not None else []
        y += block.height
        before = block
    return _cell(cell, upper), _cell(cell, lower)


def _split_paragraph(laid: LaidParagraph, room: float) -> tuple[LaidParagraph | None, LaidParagraph | None]:
    count = len(laid.lines)
    stop = 0
    while stop < count and laid.lines[stop].height <= room:
        room -= laid.lines[stop].height
        stop += 1
    if stop < count and laid.paragraph.look.widow_control:
        stop = count - 2 if count - stop < 2 else stop
        stop = 0 if stop < 2 else stop
    if stop <= 0:
        return None, laid
    if stop == count:
        return laid, None
    look = laid.paragraph.look
    head = replace(laid.paragraph, look=replace(look, after=0.0))
    tail = replace(laid.paragraph, look=replace(look, before=0.0))
    return LaidParagraph(head, laid.lines[:stop]), LaidParagraph(tail, laid.lines[stop:])


def _cell(cell: LaidCell, blocks: list[LaidBlock]) -> LaidCell:
    height, before = 0.0, None
    for block in blocks:
        height += block.height + (space_between(before, block) if isinstance(block, LaidParagraph) else 0.0)
        before = block
    if isinstance(before, LaidParagraph):
        height += before.paragraph.look.after
    return LaidCell(cell.cell, cell.x, cell.width, blocks, height)
