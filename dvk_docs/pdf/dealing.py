"""How LibreOffice deals the blocks of a document out to pages before it lays any of them out.

It guesses how many paragraphs a page holds and begins a page after that many. The layout then moves blocks to where
they belong, but what stays with the next block is not looked at again where the two were dealt to two pages: a heading
may be left at the foot of one. It is looked at again on a page from which a table was moved back, or that begins with
one that could not be, unless what stands before the table stays with it. Found by experiment with LibreOffice 7.4
(`SwLayHelper`); Word does not do it, and nothing else of the guess is seen on paper.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from dvk_docs.ooxml import Block, Break, Document, Paragraph, Table

_FEW = 100  # nodes: a document of no more is dealt by the first of the two numbers
_SMALL, _USUAL, _MOST = 25, 20, 53  # paragraphs of a page
_TABLE = 25  # nodes that a table is taken to be less
_SPARE = 10  # rows by which a table may exceed a page before it is dealt out itself


@dataclass(slots=True)
class Dealt:
    """Of one section: places of blocks, each with the page from 0 that it was dealt to."""

    last: dict[int, int] = field(default_factory=dict)  # paragraphs whose next one was dealt to another page
    tables: dict[int, int] = field(default_factory=dict)


def dealt(document: Document) -> list[Dealt]:
    """How each section was dealt out.

    Where the last paragraph of a page comes to stand on that page it stays there, whatever it is to stay with. A table
    draws what stays with it.
    """
    deal = _Deal(paragraphs_of_a_page(document))
    return [deal.section(section.blocks) for section in document.sections]


def paragraphs_of_a_page(document: Document) -> int:
    """How many paragraphs the guess puts on a page: it goes by the size of the document."""
    body = _Nodes()
    running = _Nodes()
    for section in document.sections:
        body.add(section.blocks)
        for kinds in (section.headers, section.footers):
            running.add_running(kinds)
    count = body.count + 2 - _TABLE * (body.tables + running.tables) - (running.count + 2) // 15
    return _SMALL if count <= _FEW else min(_MOST, _USUAL + count // 1000 * 3)


class _Nodes:
    """Counts as LibreOffice keeps a text: a node for each paragraph, two for each table and each cell."""

    def __init__(self) -> None:
        self.count = 0
        self.tables = 0

    def add(self, blocks: Iterable[Block]) -> None:
        for block in blocks:
            if isinstance(block, Paragraph):
                self.count += 1
                continue
            self.tables += 1
            self.count += 2
            for row in block.rows:
                for cell in row.cells:
                    self.count += 2 + (not cell.blocks)  # a cell that goes on from above holds an empty paragraph
                    self.add(cell.blocks)

    def add_running(self, kinds: Mapping[str, Sequence[Block]]) -> None:
        for blocks in kinds.values():
            self.count += 2
            self.add(blocks)


class _Deal:
    """Pages dealt out so far."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.count = 0  # paragraphs and rows on the page
        self.page = 0

    def section(self, blocks: Sequence[Block]) -> Dealt:
        out = Dealt()
        for at, block in enumerate(blocks):
            begins = at == 0 and self.count > 0
            if isinstance(block, Table):
                out.tables[at] = self._table(block, begins)
                continue
            self.count += 1
            if begins or self.count > self.most or block.look.page_break_before:
                if at:
                    out.last[at - 1] = self.page
                self._turn()
            if any(isinstance(p, Break) and p.kind == "page" for p in block.pieces):
                self._turn()
        return out

    def _turn(self, pages: int = 1) -> None:
        self.page, self.count = self.page + pages, 0

    def _table(self, table: Table, begins: bool) -> int:
        """The page of a table. One that is long, or follows much, is dealt out row by row and ends its page."""
        rows = len(table.rows)
        self.count += rows
        if self.count > self.most + _SPARE:
            each = _rows_of_a_page(table, self.most)
            heads = next((n for n, row in enumerate(table.rows) if not row.is_head), 0)
            cuts = max(0, rows - each - 1) // max(1, each - heads) + 1 if each < rows and heads < each else 0
            self._turn(cuts + 1)
            return self.page - cuts - 1
        if begins or self.count > self.most:
            self._turn()
        return self.page


def _rows_of_a_page(table: Table, most: int) -> int:
    if len(table.rows) > 3 * most:
        return most
    return max(2, most // max(1, len(table.rows[min(1, len(table.rows) - 1)].cells)))
