"""What the built-in engine cannot draw, named with its place: it refuses, it never draws something else instead."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from dvk_docs.ooxml import Block, Document, Look, Paragraph, Picture, Row, Section, Tab, Table, Text, paragraphs_of

if TYPE_CHECKING:
    from dvk_docs.errors import Problem

FONTS = frozenset(["Times New Roman", "Liberation Serif", "Tinos", "Times"])
HINT = "Hãy bỏ chi tiết đó, hoặc dùng LibreOffice: thêm “--engine libreoffice”."
_ALIGNS = frozenset(["left", "center", "right", "both"])
_TABS = frozenset(["left", "center", "right", "clear", "num"])
_BORDERS = frozenset(["single", "thick"])
_PAGE_BORDERS = _BORDERS | {"double"}
_FROM_THE_RIGHT = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")  # Hebrew, Arabic and their like
_LEAST = 1440.0  # twips of text width and height: less is no page


def limits(document: Document) -> tuple[Problem, ...]:
    """Every construct of the document that is beyond this engine, each place and reason once."""
    found = [replace(p, hint=p.hint or HINT) for p in document.problems]
    for section in document.sections:
        if section.kind not in ("nextPage", "continuous") or (
            section.kind == "continuous" and len(document.sections) > 1
        ):
            found.append(_limit("section", "ngắt phần không sang trang mới", "thiết lập trang"))
        if _has_no_room(section):
            found.append(_limit("page", "lề chiếm gần hết trang giấy", "thiết lập trang"))
        if any(edge.style not in _PAGE_BORDERS for edge in section.borders.values()):
            found.append(_limit("border", "viền trang không phải nét đơn, nét đôi", "thiết lập trang"))
        for blocks in (section.blocks, *section.headers.values(), *section.footers.values()):
            found += _of_blocks(blocks)
    return tuple(dict.fromkeys(found))


def _has_no_room(section: Section) -> bool:
    width = section.width - section.left - section.right
    return min(width, section.height - section.top - section.bottom) < _LEAST


def too_tall(where: str) -> Problem:
    """Of a row of exact height that its text does not fit: its last lines would be lost, or lie on the next row."""
    return _limit("row", "hàng bảng cao cố định, thấp hơn chữ trong hàng", where)


def _limit(code: str, what: str, where: str) -> Problem:
    from dvk_docs.errors import Place, Problem

    place = Place(part="word/document.xml", where=where)
    return Problem(place, f"cannot_draw_{code}", "loi", f"Có {what}, ngoài phần mà công cụ vẽ được.", HINT)


def _of_blocks(blocks: tuple[Block, ...]) -> Iterator[Problem]:
    for paragraph in paragraphs_of(blocks):
        yield from _of_paragraph(paragraph)
    for table in _tables(blocks):
        yield from _of_table(table)


def _of_paragraph(paragraph: Paragraph) -> Iterator[Problem]:
    look, where = paragraph.look, paragraph.where
    if look.align not in _ALIGNS:
        yield _limit("align", f"kiểu canh lề “{look.align}”", where)
    if any(stop.kind not in _TABS for stop in look.tabs) and any(isinstance(p, Tab) for p in paragraph.pieces):
        yield _limit("tab", "tab canh theo dấu thập phân", where)
    odd = {side for side, b in look.borders.items() if side not in ("top", "bottom") or b.style not in _BORDERS}
    if odd:
        yield _limit("border", "viền đoạn không phải nét đơn trên, dưới", where)
    for piece in paragraph.pieces:
        if isinstance(piece, Text) and piece.words.strip():
            yield from _of_look(piece.look, where)
            if not piece.words.isascii() and _FROM_THE_RIGHT.search(piece.words):
                yield _limit("direction", "chữ viết từ phải sang trái", where)
        elif isinstance(piece, Picture) and not _can_be_drawn(piece):
            yield _limit("picture", "ảnh hỏng hoặc thuộc kiểu không đọc được", where)


def _can_be_drawn(picture: Picture) -> bool:
    from .paint import is_picture

    return is_picture(picture.data)


def _of_look(look: Look, where: str) -> Iterator[Problem]:
    if look.font not in FONTS:
        yield _limit("font", f"phông {look.font}", where)
    if look.underline not in ("", "single"):
        yield _limit("underline", "gạch chân không phải nét đơn", where)


def _tables(blocks: tuple[Block, ...]) -> Iterator[Table]:
    for block in blocks:
        if isinstance(block, Table):
            yield block
            for row in block.rows:
                for cell in row.cells:
                    yield from _tables(cell.blocks)


def _of_table(table: Table) -> Iterator[Problem]:
    if not table.grid or not all(row.cells for row in table.rows):
        yield _limit("grid", "bảng không có lưới cột", table.where)
    styles = {b.style for b in table.borders.values()}
    styles |= {b.style for row in table.rows for c in row.cells for b in c.borders.values() if b is not None}
    if styles - _BORDERS:
        yield _limit("border", f"viền bảng kiểu {', '.join(sorted(styles - _BORDERS))}", table.where)
    for number, row in enumerate(table.rows, 1):
        yield from _of_row(row, f"{table.where}, hàng {number}")


def _of_row(row: Row, where: str) -> Iterator[Problem]:
    sides = {side for cell in row.cells for side in cell.borders}
    if sides - {"top", "left", "bottom", "right"}:
        yield _limit("border", "đường chéo trong ô", where)
