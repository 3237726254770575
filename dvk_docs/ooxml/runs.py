"""The inside of a paragraph: runs, fields, pictures, as pieces with their looks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from .model import Break, Look, Number, Picture, Piece, Tab, Text
from .properties import letters, run_changes
from .styles import Styles
from .unknown import Unknown
from .xml import Element, R, amount, child, children, names, val

_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_PIC = "{http://schemas.openxmlformats.org/drawingml/2006/picture}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_TWIPS = 1 / 635  # in one EMU
FIELDS = ("PAGE", "NUMPAGES")
_UNSEEN_FIELDS = names("XE TC TA RD SET PRIVATE")
_WALKED = names("hyperlink ins moveTo smartTag customXml sdtContent dir bdo")
_PASSED = names(
    "pPr rPr del moveFrom bookmarkStart bookmarkEnd proofErr permStart permEnd commentRangeStart commentRangeEnd "
    "commentReference lastRenderedPageBreak sdtPr sdtEndPr softHyphen annotationRef delText delInstrText "
    "moveFromRangeStart moveFromRangeEnd moveToRangeStart moveToRangeEnd smartTagPr customXmlPr"
)

Media: TypeAlias = Callable[[str], bytes | None]  # relationship id -> the bytes of the picture


class Runs:
    """Reads the pieces of one paragraph; a field may reach over several runs, so there is state."""

    def __init__(self, styles: Styles, media: Media, unread: Unknown) -> None:
        self._styles = styles
        self._media = media
        self._unread = unread
        self._field: list[str] = []  # the instruction of each open field; nested fields stack
        self._state: list[str] = []  # code | result | hidden
        self.pieces: list[Piece] = []

    def read(self, element: Element, look: Look) -> None:
        """Append the pieces of a paragraph, or of any element that holds runs."""
        for name, inner in children(element):
            if name == "r":
                self._run(inner, look)
            elif name == "fldSimple":
                self._simple_field(inner, look)
            elif name in _WALKED:
                self.read(inner, look)
            elif name == "sdt":
                content = child(inner, "sdtContent")
                if content is not None:
                    self.read(content, look)
            elif name == f"{_MC}AlternateContent":
                self._alternative(inner, look, self.read)
            elif name not in _PASSED:
                self._unread(name)

    def _alternative(self, element: Element, look: Look, read: Callable[[Element, Look], None]) -> None:
        choice = next((e for e in element.iterfind(f"{_MC}Choice") if len(e)), element.find(f"{_MC}Fallback"))
        if choice is not None:
            read(choice, look)

    def _run(self, element: Element, look: Look) -> None:
        properties = child(element, "rPr")
        if properties is not None:
            style = child(properties, "rStyle")
            if style is not None:
                look = letters(look, self._styles.run(val(style)))
            look = letters(look, run_changes(properties, self._unread))
        if not look.hidden:
            self._content(element, look)

    def _content(self, element: Element, look: Look) -> None:
        for name, inner in children(element):
            if name in ("fldChar", "instrText"):
                self._field_part(name, inner, look)
            elif self._state and self._state[-1] != "result":
                continue
            elif name in _CONTENT:
                self.pieces.append(_CONTENT[name](inner, look))
            elif name == "drawing":
                self._drawing(inner, look)
            elif name == "br":
                self._break(inner, look)
            elif name == f"{_MC}AlternateContent":
                self._alternative(inner, look, self._content)
            elif name not in _PASSED:
                self._unread(name)

    def _break(self, element: Element, look: Look) -> None:
        kind = val(element, "type", "textWrapping")
        if kind == "column":
            self._unread("cols")
        self.pieces.append(Break("page" if kind == "page" else "line", look))

    # --- fields

    def _field_part(self, name: str, element: Element, look: Look) -> None:
        kind = val(element, "fldCharType")
        if name == "instrText":
            if self._field:
                self._field[-1] += element.text or ""
        elif kind == "begin":
            self._field.append("")
            self._state.append("code")
        elif kind == "separate" and self._state:
            self._state[-1] = "hidden" if self._number(self._field[-1], look) else "result"
        elif kind == "end" and self._state:
            if self._state[-1] == "code" and not self._number(self._field[-1], look):
                self._name_empty(self._field[-1])
            self._field.pop()
            self._state.pop()

    def _simple_field(self, element: Element, look: Look) -> None:
        first = child(child(element, "r"), "rPr")
        own = letters(look, run_changes(first, self._unread))
        instruction = val(element, "instr")
        if not self._number(instruction, own):
            if child(element, "r") is None:
                self._name_empty(instruction)
            self.read(element, look)

    def _name_empty(self, instruction: str) -> None:
        """A field that shows something, saved without what it shows: nobody but Word can fill it in."""
        words = instruction.split()
        if words and words[0].upper() not in _UNSEEN_FIELDS:
            self._unread("fldSimple")

    def _number(self, instruction: str, look: Look) -> bool:
        """Append the number that layout fills in; False where the field keeps the result that it was saved with."""
        words = instruction.split()
        if not words or words[0].upper() not in FIELDS:
            return False
        self.pieces.append(Number(words[0].upper(), look))
        return True

    # --- pictures

    def _drawing(self, element: Element, look: Look) -> None:
        inline = element.find(f"{_WP}inline")
        if inline is None:
            self._unread("anchor")
            return
        extent = inline.find(f"{_WP}extent")
        blip = next(inline.iter(f"{_A}blip"), None)
        data = None if blip is None else self._media(str(blip.get(f"{R}embed")))
        if extent is None or data is None or next(inline.iter(f"{_PIC}pic"), None) is None:
            self._unread("chart")
            return
        cut = next(inline.iter(f"{_A}srcRect"), None)
        if cut is not None and len(cut.attrib):
            self._unread("srcRect")
        width, height = (amount(extent.get(side, "0"), unit=_TWIPS) for side in ("cx", "cy"))
        self.pieces.append(Picture(data, width, height, look))


def _words(element: Element, look: Look) -> Piece:
    text = element.text or ""
    return Text(text.upper() if look.caps else text, look)


_CONTENT: Mapping[str, Callable[[Element, Look], Piece]] = {
    "t": _words,
    "tab": lambda e, look: Tab(look),
    "cr": lambda e, look: Break("line", look),
    "noBreakHyphen": lambda e, look: Text("\u2011", look),
}
