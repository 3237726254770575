"""Tables of a template: rows against the grid, cells that a loop repeats, tables that Word would join."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from dvk_docs.errors import Place, Problem
from dvk_docs.lint.blocks import Block, holder, next_seen
from dvk_docs.lint.reading import Part, local
from dvk_docs.lint.tags import MIDDLE, Mark
from dvk_docs.profiles import w

if TYPE_CHECKING:
    from lxml.etree import _Element as Element


def table_faults(part: Part, marks: Sequence[Mark], blocks: Sequence[Block]) -> Iterator[Problem]:
    """Yield the faults of the tables of a part."""
    numbers = {table: n for n, table in enumerate(part.root.iter(w("tbl")), 1)}
    gone = {h: m for m in marks if m.level and (h := holder(m)) is not None}
    for table, number in numbers.items():
        yield from _grid(part, table, number, gone)
        yield from _joined(part, table, numbers, gone)
    for block in blocks:
        yield from _loop(block, gone)


def _grid(part: Part, table: Element, number: int, gone: Mapping[Element, Mark]) -> Iterator[Problem]:
    grid = table.find(w("tblGrid"))
    columns = 0 if grid is None else len(grid.findall(w("gridCol")))
    if not columns:
        message = "Bảng không có lưới cột nên cột có thể lệch."
        yield _at(part, f"bảng {number}", "grid_missing", message, "Hãy mở bằng Word rồi lưu lại.")
        return
    for place, row in enumerate(table.findall(w("tr")), 1):
        looped = any(cell in gone for cell in row.findall(w("tc")))
        if row in gone or looped or row.find(w("sdt")) is not None:
            continue
        taken = sum(_span(cell, "tcPr", "gridSpan", 1) for cell in row.findall(w("tc")))
        taken += _span(row, "trPr", "gridBefore", 0) + _span(row, "trPr", "gridAfter", 0)
        if taken != columns:
            message = f"Hàng có {taken} cột mà lưới của bảng có {columns} cột."
            yield _at(part, f"bảng {number}, hàng {place}", "grid_mismatch", message, "Hãy gộp hoặc tách ô cho đủ cột.")


def _span(element: Element, holder_name: str, name: str, otherwise: int) -> int:
    found = element.find(f"{w(holder_name)}/{w(name)}")
    value = "" if found is None else str(found.get(w("val"), ""))
    return int(value) if value.isascii() and value.isdigit() and len(value) < 6 else otherwise


def _at(part: Part, where: str, code: str, message: str, hint: str) -> Problem:
    return Problem(Place(part=part.name, where=where), code, "canh_bao", message, hint)


def _joined(
    part: Part, table: Element, numbers: Mapping[Element, int], gone: Mapping[Element, Mark]
) -> Iterator[Problem]:
    """Yield where another table follows with no paragraph between: tag paragraphs go away, and Word joins the two."""
    following, between = next_seen(table), []
    while following is not None and following in gone:
        between.append(gone[following])
        following = next_seen(following)
    if following is None or local(following) != "tbl" or any(m.word in MIDDLE for m in between):
        return
    message = f"Bảng {numbers[table]} và bảng {numbers[following]} không có đoạn nào ở giữa nên Word nối làm một."
    yield _at(part, f"bảng {numbers[following]}", "tables_joined", message, "Hãy thêm một đoạn trống giữa hai bảng.")


def _loop(block: Block, gone: Mapping[Element, Mark]) -> Iterator[Problem]:
    """Yield where a loop makes cells beyond the grid, or tables one straight after the other."""
    opening, ending = block.opening, block.ending
    if opening.level == "tc":
        message = f"Khối {opening.text} làm số ô của hàng thay đổi theo dữ liệu nên độ rộng các cột thay đổi theo."
        yield opening.problem("cells_repeated", message, "Nên lặp theo hàng bằng {%tr ... %}.", "canh_bao")
    if opening.word != "for" or opening.level != "p" or ending is None:
        return
    seen, last = [], holder(ending)
    element = next_seen(opening.line.element)
    while element is not None and element is not last:
        seen += [element] if element not in gone else []
        element = next_seen(element)
    if seen and element is last and local(seen[0]) == local(seen[-1]) == "tbl":
        message = f"Vòng lặp {opening.text} lặp lại bảng mà không có đoạn ở giữa nên Word nối các bảng làm một."
        yield opening.problem("tables_joined", message, "Hãy thêm một đoạn trống sau bảng.", "canh_bao")
