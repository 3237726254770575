"""Tables as they will look: the table's style, its own properties, then each row and cell."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from .model import Block, Border, Cell, Margins, Row, Table
from .properties import border
from .styles import Styles
from .unknown import Unknown
from .xml import Element, W, child, children, is_on, length, names, twips, val, whole

_TABLE = names(
    "tblStyle tblW jc tblInd tblBorders tblCellMar tblLayout tblLook tblOverlap tblStyleRowBandSize "
    "tblStyleColBandSize tblCaption tblDescription tblPrChange"
)
_ROW = names("trHeight cantSplit tblHeader gridBefore gridAfter wBefore wAfter cnfStyle jc ins trPrChange")
_CELL = names("tcW gridSpan vMerge vAlign tcBorders tcMar shd noWrap hideMark cnfStyle tcPrChange cellIns")
_ALIGN = {"start": "left", "end": "right"}
_SIDES = {"start": "left", "end": "right"}
_WRAPPERS = names("sdt sdtContent customXml ins moveTo")
_MARGINS = names("top left bottom right")

BlocksOf = Callable[[Element, str, str], tuple[Block, ...]]  # (cell, its table style, where) -> blocks


@dataclass
class _Frame:
    """What the style and the table's own properties say together."""

    align: str = "left"
    indent: float = 0.0
    borders: dict[str, Border | None] = field(default_factory=dict)
    margins: Margins = field(default_factory=Margins)


class Tables:
    """Reads tables; `blocks_of` reads what stands in a cell."""

    def __init__(self, styles: Styles, blocks_of: BlocksOf, unread: Unknown) -> None:
        self._styles = styles
        self._blocks_of = blocks_of
        self._unread = unread

    def read(self, element: Element, where: str) -> Table:
        """The table `element`, which stands at `where`."""
        self._unread.where = where
        own = child(element, "tblPr")
        style = val(child(own, "tblStyle"))
        frame = _frame(own, style, self._styles, self._unread)
        found = enumerate(_within(element, "tr"), 1)
        rows = tuple(self._row(row, f"{where}, hàng {number}", style, frame) for number, row in found)
        grid = tuple(length(column, "w") for column in element.findall(f"{W}tblGrid/{W}gridCol"))
        borders = {side: b for side, b in frame.borders.items() if b is not None}
        return Table(rows, grid, frame.align, frame.indent, borders, frame.margins, where)

    def _row(self, element: Element, where: str, style: str, frame: _Frame) -> Row:
        properties = child(element, "trPr")
        self._unread.where = where
        for name, _ in children(properties) if properties is not None else ():
            if name not in _ROW:
                self._unread(name)
        if child(element, "tblPrEx") is not None:
            self._unread("tblPrEx")
        height = child(properties, "trHeight")
        return Row(
            tuple(self._cells(element, where, style, frame)),
            0.0 if height is None else length(height, "val"),
            "auto" if height is None else val(height, "hRule", "atLeast"),
            not is_on(child(properties, "cantSplit")),
            is_on(child(properties, "tblHeader")),
        )

    def _cells(self, row: Element, where: str, style: str, frame: _Frame) -> Iterator[Cell]:
        column = max(0, whole(val(child(child(row, "trPr"), "gridBefore"))))
        for number, element in enumerate(_cell_elements(row), 1):
            place = f"{where}, ô {number}"
            self._unread.where = place
            cell = self._cell(element, column, style, frame, place)
            yield cell
            column += cell.span

    def _cell(self, element: Element, column: int, style: str, frame: _Frame, place: str) -> Cell:
        properties = child(element, "tcPr")
        found = [] if properties is None else children(properties)
        own = dict(reversed(found))  # of two of one name the first
        for name, inner in found:
            if name not in _CELL and not (name == "textDirection" and val(inner) == "lrTb"):
                self._unread(name)
        merge, sides = own.get("vMerge"), own.get("tcBorders")
        merged = "" if merge is None else val(merge, default="continue")
        shade = val(own.get("shd"), "fill", "auto")
        return Cell(
            column,
            max(1, whole(val(own.get("gridSpan")), 1)),
            () if merged == "continue" else self._blocks_of(element, style, place),
            merged,
            val(own.get("vAlign"), default="top"),
            {} if sides is None else {_SIDES.get(side, side): border(e) for side, e in children(sides)},
            _margins(own.get("tcMar"), frame.margins),
            "" if shade in ("auto", "FFFFFF") else shade,
        )


def _frame(own: Element | None, style: str, styles: Styles, unread: Unknown) -> _Frame:
    frame = _Frame()
    for element in styles.chain(style, "table"):
        if element.find(W + "tblStylePr") is not None:
            unread("tblStylePr")
        _apply(frame, child(element, "tblPr"), unread)
    _apply(frame, own, unread)
    return frame


def _apply(frame: _Frame, properties: Element | None, unread: Unknown) -> None:
    for name, element in children(properties) if properties is not None else ():
        if name == "jc":
            frame.align = _ALIGN.get(val(element), val(element))
        elif name == "tblInd":
            frame.indent = length(element, "w")
        elif name == "tblBorders":
            frame.borders.update({_SIDES.get(side, side): border(e) for side, e in children(element)})
        elif name == "tblCellMar":
            frame.margins = _margins(element, frame.margins)
        elif name not in _TABLE and not (name == "bidiVisual" and not is_on(element)):
            unread(name)


def _margins(element: Element | None, base: Margins) -> Margins:
    if element is None:
        return base
    found = {_SIDES.get(side, side): twips(val(e, "w")) for side, e in children(element)}
    return replace(base, **{side: width for side, width in found.items() if side in _MARGINS})


def _cell_elements(row: Element) -> list[Element]:
    return list(_within(row, "tc"))


def _within(element: Element, wanted: str) -> Iterator[Element]:
    """The rows of a table or the cells of a row in their order, those inside content controls too."""
    for name, inner in children(element):
        if name == wanted:
            yield inner
        elif name in _WRAPPERS:
            yield from _within(inner, wanted)
