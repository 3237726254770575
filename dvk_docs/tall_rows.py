"""Rows of lists where pages end: which are let go over the foot of a page, and which holds what closes the list.

A row of ours stays on one page, which is good for rows of a few lines. One of more than half a page leaves a hole on
the page before; LibreOffice even cuts off what of it stands on no page, so that letters are lost on paper. Such a row
is let go (its `w:cantSplit` is taken out; ECMA-376 Part 1, 17.4.6). Its height is estimated from the widths of Times
New Roman. Frames without lines, as that of the signatures, stay whole at any height.

The words that close a list (“Danh sách có 14 tập thể ...”) are its last row, without lines, and never begin a page: the
row before stays with them, and with a row of totals the one before that (`w:keepNext`; 17.3.1.15). Which row of a loop
is the last one is known only once it is filled. LibreOffice keeps row with row on any page, but the last row with what
follows a table only where the table stands on one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

_DOCUMENT = "word/document.xml"
_LIST = b'<w:tblStyle w:val="DvkBang"/>'
_WHOLE = b"<w:cantSplit/>"
_TABLE, _TABLE_END, _ROW_END, _CELL_END = b"<w:tbl>", b"</w:tbl>", b"</w:tr>", b"</w:tc>"
_CLOSING, _TOTAL = b'<w:pStyle w:val="DvkGhiChu"/>', b'<w:pStyle w:val="DvkODam"/>'
_LOOK = re.compile(rb'<w:pPr><w:pStyle w:val="\w+"/>(?!<w:keepNext/>)')
_SIZE, _LINE = 12.0, 276  # points and twips: of the letters of a list and their line
_PART = 0.5  # of the text of a page
_MARGINS = 2 * 1134  # twips
_FEW = 230  # bytes: a shorter cell holds less than sixty letters, no tall row in the narrowest column
_WIDTH = re.compile(rb'<w:tcW w:w="(\d+)"')
_PARAGRAPH = re.compile(rb"<w:p[ >].*?</w:p>", re.S)
_WORDS = re.compile(rb"<w:t(?: [^>]*)?>([^<]*)|<w:br/>|<w:tab/>")
_MARGIN = re.compile(rb'<w:tblCellMar><w:left w:w="(\d+)"')
_HEIGHT = re.compile(rb'<w:pgSz [^>]*w:h="(\d+)"')


def settled(name: str, part: bytes) -> bytes:
    """A part of a paper with its too tall rows let go, the last row of a list held; the same bytes without such."""
    if name != _DOCUMENT or _LIST not in part:
        return part
    out, at = [], 0
    while (end := part.find(_TABLE_END, at)) >= 0:
        begin = max(part.rfind(_TABLE, at, end), at)  # of a table in a cell the inner one, then the rest of the outer
        out += [part[at:begin], _held(_table(part[begin:end], _room(part, end)))]
        at = end
        out.append(part[at : at + len(_TABLE_END)])
        at += len(_TABLE_END)
    return b"".join((*out, part[at:]))


def _held(table: bytes) -> bytes:
    """The table with the last row of its list kept with the words that close it; one that may part is let be."""
    if _CLOSING not in table or _LIST not in table[:200]:
        return table
    rows = table.split(_ROW_END)  # the last piece is what stands behind the last row
    at = len(rows) - 2
    if _CLOSING not in rows[at]:
        return table
    while at > 0 and _WHOLE in rows[at - 1] and b"<w:tblHeader/>" not in rows[at - 1]:
        at -= 1
        rows[at] = _LOOK.sub(rb"\g<0><w:keepNext/>", rows[at])
        if _TOTAL not in rows[at]:
            break
    return _ROW_END.join(rows)


def _room(part: bytes, at: int) -> float:
    """The height that a row may have: of the page that the section of `at` is set on."""
    found = _HEIGHT.search(part, at)
    return (int(found.group(1)) - _MARGINS) * _PART if found else float("inf")


def _table(table: bytes, room: float) -> bytes:
    if _LIST not in table[:200]:
        return table
    margin = _MARGIN.search(table)
    sides = 2 * int(margin.group(1)) if margin else 0
    return _ROW_END.join([_row(row, sides, room) for row in table.split(_ROW_END)])


def _row(row: bytes, sides: int, room: float) -> bytes:
    cells = [cell for cell in row.split(_CELL_END) if len(cell) >= _FEW]
    if not cells or _WHOLE not in row or b"<w:vMerge" in row or b"<w:tblHeader/>" in row:
        return row
    is_tall = any(_lines(cell, sides) * _LINE > room for cell in cells)
    return row.replace(_WHOLE, b"", 1) if is_tall else row


def _lines(cell: bytes, sides: int) -> int:
    """How many lines a cell has, about."""
    found = _WIDTH.search(cell)
    if found is None:
        return 0
    paragraphs = (b" ".join(_texts(p)).decode() for p in _PARAGRAPH.findall(cell))
    return sum(_wrapped(words.replace("&amp;", "&"), int(found.group(1)) - sides) for words in paragraphs)


def _texts(paragraph: bytes) -> Iterator[bytes]:
    return (found.group(1) or b"" for found in _WORDS.finditer(paragraph))


def _wrapped(words: str, width: int) -> int:
    """The lines of a paragraph in a column of `width` twips; a word longer than it takes as many as it fills."""
    lines, x = 1, 0.0
    for word in words.split():
        wide = _width(word)
        if x and x + wide > width:
            lines, x = lines + 1, 0.0
        more = int(wide // max(width, 1))
        lines, x = lines + more, x + wide - more * width + _width(" ")
    return lines


@lru_cache(maxsize=4096)
def _width(word: str) -> float:
    from .viet.be_rong import be_rong

    return be_rong(word, _SIZE) * 1440 / 25.4
