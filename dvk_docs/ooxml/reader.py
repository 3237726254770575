"""One .docx read whole: parts, settings, sections, blocks."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import replace

from dvk_docs.errors import TemplateInvalid
from dvk_docs.package import DOCUMENT, refuse, unpack

from .model import Block, Border, Document, Look, Paragraph, ParagraphLook, Piece, Section, Tab, Text
from .numbering import Label, Numbering
from .properties import border, letters, paragraph_changes, run_changes, standing
from .runs import Runs
from .styles import Sheet, Styles, sheet_of
from .tables import Tables
from .theme import name_theme_fonts, theme_fonts
from .unknown import Unknown
from .xml import Element, R, W, child, children, is_on, length, names, parsed, val, whole

_SECTION = names(
    "headerReference footerReference footnotePr endnotePr type pgSz pgMar paperSrc pgNumType titlePg "
    "noEndnote formProt printerSettings sectPrChange"
)
_BLOCKS_PASSED = names(
    "sectPr bookmarkEnd proofErr permStart permEnd commentRangeStart commentRangeEnd tcPr "
    "moveFromRangeStart moveFromRangeEnd moveToRangeStart moveToRangeEnd del moveFrom"
)
_MOST_NESTED = 60  # tables in tables: a broken file must be refused, not run through for ever
_BOOKMARK = f"{W}bookmarkStart"
STYLES = "word/styles.xml"
_DC = "{http://purl.org/dc/elements/1.1/}"


def read(docx: bytes, *, only_look: bool = False) -> Document:
    """The document as it will look; raise `TemplateInvalid` for what is no .docx.

    What the reader does not know stands in `problems`, each with its place; the rest is read all the same. With
    `only_look` macros and links to outside are passed over: for who only looks at a stranger's file.
    """
    try:
        return _Reader(unpack(docx, only_look=only_look)).document()
    except RecursionError as error:  # controls in controls without end
        raise _broken(DOCUMENT) from error


class _Reader:
    def __init__(self, parts: Mapping[str, bytes]) -> None:
        self._parts = parts
        self._unread = Unknown()
        self._theme: dict[str, str] = {}
        self._theme = theme_fonts(self._root("word/theme/theme1.xml"))
        self._styles = Styles(self._sheet(), self._unread)
        self._numbering = Numbering(self._root("word/numbering.xml"))
        self._tables = Tables(self._styles, self._cell_blocks, self._unread)
        self._part = DOCUMENT
        self._depth = 0  # of tables in tables
        self._links: dict[str, dict[str, str]] = {}
        self._bookmarks: list[str] = []  # between paragraphs: they belong to the next one

    def _sheet(self) -> Sheet:
        try:
            return sheet_of(self._parts.get(STYLES), self._theme)
        except ValueError as error:
            raise _broken(STYLES) from error

    def _root(self, part: str) -> Element | None:
        if part not in self._parts:
            return None
        try:
            root = parsed(self._parts[part])
        except ValueError as error:
            raise _broken(part) from error
        if self._theme:
            name_theme_fonts(root, self._theme)
        return root

    def document(self) -> Document:
        root = self._root(DOCUMENT)
        body = child(root, "body")
        if body is None:
            raise _broken(DOCUMENT)
        sections = tuple(self._sections(body))
        settings = self._root("word/settings.xml")
        if is_on(child(settings, "evenAndOddHeaders")):
            self._unread("evenAndOddHeaders")
        tab = child(settings, "defaultTabStop")
        return Document(
            sections,
            720.0 if tab is None else length(tab, "val", 720.0),
            _compat(settings),
            self._unread.problems,
            self._title(),
            is_on(child(settings, "mirrorMargins")),
            is_on(child(settings, "evenAndOddHeaders")),
        )

    def _title(self) -> str:
        core = self._root("docProps/core.xml")
        title = None if core is None else core.find(f"{_DC}title")
        return "" if title is None else (title.text or "").strip()

    # --- sections

    def _sections(self, body: Element) -> Iterator[Section]:
        blocks: list[Block] = []
        for element, block in self._blocks(body, "", ""):
            blocks.append(block)
            ends = child(child(element, "pPr"), "sectPr")
            if ends is not None:
                yield self._section(ends, tuple(blocks))
                blocks = []
        last = child(body, "sectPr")
        if last is not None:
            yield self._section(last, tuple(blocks))
        elif blocks:
            raise _broken(DOCUMENT)

    def _section(self, element: Element, blocks: tuple[Block, ...]) -> Section:
        self._unread.where = "thiết lập trang"
        size, margin = child(element, "pgSz"), child(element, "pgMar")
        if size is None or margin is None:
            raise _broken(DOCUMENT)
        self._name_unknown(element, margin)
        number = val(child(element, "pgNumType"), "start")
        return Section(
            width=length(size, "w"),
            height=length(size, "h"),
            left=abs(length(margin, "left")),
            right=abs(length(margin, "right")),
            top=abs(length(margin, "top")),
            bottom=abs(length(margin, "bottom")),
            header=length(margin, "header"),
            footer=length(margin, "footer"),
            blocks=blocks,
            title_page=is_on(child(element, "titlePg")),
            start=whole(number) if number else None,
            kind=val(child(element, "type"), default="nextPage"),
            headers=self._running(element, "headerReference"),
            footers=self._running(element, "footerReference"),
            gutter=length(margin, "gutter"),
            borders=_page_borders(child(element, "pgBorders")),
        )

    def _name_unknown(self, element: Element, margin: Element) -> None:
        if length(margin, "gutter"):
            self._unread("gutter")
        for name, inner in children(element):
            plain = (
                name in _SECTION
                or (name == "cols" and val(inner, "num", "1") == "1")
                or (name == "docGrid" and val(inner, "type", "default") == "default")
                or (name == "vAlign" and val(inner) == "top")
                or (name in ("bidi", "rtlGutter") and not is_on(inner))
                or (name == "pgBorders" and _frames_the_text(inner))
                or (name == "textDirection" and val(inner) == "lrTb")
            )
            if not plain:
                self._unread(name)

    def _running(self, element: Element, name: str) -> dict[str, tuple[Block, ...]]:
        """The running headers or footers of a section: default, first, even."""
        out: dict[str, tuple[Block, ...]] = {}
        before, self._bookmarks = self._part, []
        for reference in element.findall(W + name):
            part = self._target(before, str(reference.get(f"{R}id")))
            root = self._root(part)
            if root is not None:
                self._part = self._unread.part = part
                out[val(reference, "type")] = tuple(b for _, b in self._blocks(root, "", ""))
        self._part = self._unread.part = before
        return out

    # --- relationships

    def _target(self, part: str, link: str) -> str:
        """The name of the member that a relationship of `part` points to; "" where there is none."""
        if part not in self._links:
            folder, name = posixpath.split(part)
            root = self._root(f"{folder}/_rels/{name}.rels")
            found = {} if root is None else {str(e.get("Id")): str(e.get("Target")) for e in root}
            self._links[part] = {k: posixpath.normpath(posixpath.join(folder, t)).lstrip("/") for k, t in found.items()}
        return self._links[part].get(link, "")

    def _media(self, link: str) -> bytes | None:
        return self._parts.get(self._target(self._part, link))

    # --- blocks

    def _blocks(self, element: Element, table_style: str, where: str) -> Iterator[tuple[Element, Block]]:
        paragraphs = tables = 0
        prefix = f"{where}, " if where else ""
        for name, inner in self._flat(element):
            if name == "p":
                paragraphs += 1
                yield inner, self._paragraph(inner, table_style, f"{prefix}đoạn {paragraphs}")
            else:
                tables += 1
                yield inner, self._tables.read(inner, f"{prefix}bảng {tables}")

    def _flat(self, element: Element) -> Iterator[tuple[str, Element]]:
        """Paragraphs and tables, those inside content controls too."""
        for name, inner in children(element):
            if name in ("p", "tbl"):
                yield name, inner
            elif name in ("sdt", "sdtContent", "customXml", "ins", "moveTo"):
                yield from self._flat(inner)
            elif name == "bookmarkStart":
                self._bookmarks.append(val(inner, "name"))
            elif name not in _BLOCKS_PASSED and name not in ("sdtPr", "sdtEndPr", "customXmlPr"):
                self._unread(name)

    def _cell_blocks(self, cell: Element, style: str, where: str) -> tuple[Block, ...]:
        self._depth += 1
        if self._depth > _MOST_NESTED:
            raise _broken(DOCUMENT)
        blocks = tuple(block for _, block in self._blocks(cell, style, where))
        self._depth -= 1
        return blocks

    def _paragraph(self, element: Element, table_style: str, where: str) -> Paragraph:
        self._unread.where = where
        properties = child(element, "pPr")
        style = val(child(properties, "pStyle"))
        base, look = self._styles.paragraph(style, table_style)
        stand, mark = base, look
        if properties is not None:
            stand = standing(base, paragraph_changes(properties, self._unread))
            mark = letters(look, run_changes(child(properties, "rPr"), self._unread))
        label = self._label(stand)
        if label is not None:
            stand = self._numbered(base, label, properties)
        runs = Runs(self._styles, self._media, self._unread)
        runs.read(element, look)
        pieces = (*_label_pieces(label, mark, self._unread), *runs.pieces)
        self._bookmarks += [val(mark, "name") for mark in element.iter(_BOOKMARK)]
        bookmarks = tuple(dict.fromkeys(self._bookmarks)) if self._bookmarks else ()  # LibreOffice writes some twice
        self._bookmarks = []
        return Paragraph(self._styles.name(style), stand, mark, pieces, where, bookmarks)

    def _label(self, stand: ParagraphLook) -> Label | None:
        if stand.numbering is None or stand.numbering[0] == "0":
            return None
        unknown = self._numbering.unknown_format(*stand.numbering)
        if unknown:
            self._unread("bullet" if unknown == "bullet" else "numFmt")
        return self._numbering.label(*stand.numbering)

    def _numbered(self, base: ParagraphLook, label: Label, own: Element | None) -> ParagraphLook:
        """The level's indents stand between the style and the direct formatting."""
        return standing(standing(base, paragraph_changes(label.paragraph, _ignore)), paragraph_changes(own, _ignore))


def _ignore(name: str) -> None:
    """For properties that were read, and named, once before."""


def _label_pieces(label: Label | None, mark: Look, unread: Unknown) -> list[Piece]:
    if label is None:
        return []
    look = replace(letters(mark, run_changes(label.run, unread)), font=mark.font)
    after: dict[str, list[Piece]] = {"tab": [Tab(look)], "space": [Text(" ", look)]}
    return [Text(label.words, look), *after.get(label.suffix, [])]


def _frames_the_text(borders: Element) -> bool:
    """Whether page borders stand around the text of every page: those at the edge of the sheet are not drawn."""
    return val(borders, "offsetFrom", "text") == "text" and val(borders, "display", "allPages") == "allPages"


def _page_borders(element: Element | None) -> dict[str, Border]:
    found = {} if element is None else {name: border(inner) for name, inner in children(element)}
    return {name: edge for name, edge in found.items() if edge is not None}


def _compat(settings: Element | None) -> int:
    for setting in settings.iter(f"{W}compatSetting") if settings is not None else ():
        if val(setting, "name") == "compatibilityMode":
            return whole(val(setting), 12)
    return 12


def _broken(part: str) -> TemplateInvalid:
    return refuse("not_docx", "Tệp Word đã hỏng hoặc thiếu thân văn bản.", "Hãy mở bằng Word và lưu lại.", part=part)
