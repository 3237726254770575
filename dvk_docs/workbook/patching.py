"""A workbook as its archive, patched in place: one sheet added, cells put, colours and comments laid on.

Every member that is not touched is kept as it lies. Source: ECMA-376 Part 1, 18.2, 18.3, 18.7, 18.8; Part 4 for the
drawing that a comment needs. Text is written as inline strings, so nothing that begins with = or @ becomes a formula.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from dvk_docs.errors import SourceInvalid

from .grids import letter_of
from .values import NOT_IN_XML

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPES = "[Content_Types].xml"
MARK = 'N("dvk")=0'  # the formula by which a colour of ours is known again
FILLS = {"loi": "FFFFC7CE", "canh_bao": "FFFFEB9C", "thong_tin": "FFDDEBF7"}
MAX_TEXT = 32_000
ORDER = [
    "sheetPr",
    "dimension",
    "sheetViews",
    "sheetFormatPr",
    "cols",
    "sheetData",
    "sheetCalcPr",
    "sheetProtection",
    "protectedRanges",
    "scenarios",
    "autoFilter",
    "sortState",
    "dataConsolidate",
    "customSheetViews",
    "mergeCells",
    "phoneticPr",
    "conditionalFormatting",
    "dataValidations",
    "hyperlinks",
    "printOptions",
    "pageMargins",
    "pageSetup",
    "headerFooter",
    "rowBreaks",
    "colBreaks",
    "customProperties",
    "cellWatches",
    "ignoredErrors",
    "smartTags",
    "drawing",
    "legacyDrawing",
    "legacyDrawingHF",
    "drawingHF",
    "picture",
    "oleObjects",
    "controls",
    "webPublishItems",
    "tableParts",
    "extLst",
]


def tag(name: str) -> str:
    return f"{{{MAIN}}}{name}"


def _parse(data: bytes) -> Element:
    from lxml import etree

    try:
        return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))
    except etree.XMLSyntaxError as error:
        message = "Một phần của tệp Excel đã hỏng nên không ghi được bản kết quả; hãy mở bằng Excel rồi lưu lại."
        raise SourceInvalid(message, "workbook_broken") from error


def to_bytes(root: Element) -> bytes:
    from lxml import etree

    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def new(element: str, /, **attributes: Any) -> Element:
    from lxml import etree

    nsmap: Any = {None: MAIN}  # the stubs know no default namespace
    return etree.Element(tag(element), {k: str(v) for k, v in attributes.items()}, nsmap=nsmap)


class Book:
    """The archive, its parts parsed as they are asked for."""

    def __init__(self, raw: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            self.infos = archive.infolist()
            self.parts = {i.filename: archive.read(i) for i in self.infos if not i.is_dir()}
        self.roots: dict[str, Element] = {}
        self.sheets: dict[str, Sheet] = {}
        self._strings: list[str] | None = None
        self.main = self._main_part()

    def _main_part(self) -> str:
        for relation in self.root("_rels/.rels"):
            if str(relation.get("Type", "")).endswith("/officeDocument"):
                return str(relation.get("Target", "")).lstrip("/")
        return "xl/workbook.xml"

    def root(self, name: str) -> Element:
        if name not in self.roots:
            self.roots[name] = _parse(self.parts[name])
        return self.roots[name]

    def packed(self) -> bytes:
        out = io.BytesIO()
        known = {i.filename: i for i in self.infos}
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in dict.fromkeys([*self.parts, *self.roots]):
                data = to_bytes(self.roots[name]) if name in self.roots else self.parts[name]
                info = zipfile.ZipInfo(name, known[name].date_time if name in known else (1980, 1, 1, 0, 0, 0))
                info.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(info, data)
        return out.getvalue()

    # relations and types

    def relations(self, part: str) -> Element:
        from lxml import etree

        name = posixpath.join(posixpath.dirname(part), "_rels", f"{posixpath.basename(part)}.rels")
        if name not in self.parts and name not in self.roots:
            space = f"{PACKAGE}/relationships"
            nsmap: Any = {None: space}
            self.roots[name] = etree.Element(f"{{{space}}}Relationships", nsmap=nsmap)
        return self.root(name)

    def target(self, part: str, relation: Element) -> str:
        target = str(relation.get("Target", ""))
        return (
            target.lstrip("/")
            if target.startswith("/")
            else posixpath.normpath(posixpath.join(posixpath.dirname(part), target))
        )

    def relate(self, part: str, kind: str, target: str) -> str:
        """Relate a part to another by its absolute name; the relation's id."""
        relations = self.relations(part)
        taken = {str(r.get("Id")) for r in relations}
        number = next(n for n in range(1, 10_000) if f"rIdDvk{n}" not in taken)
        fresh = relations.makeelement(f"{{{PACKAGE}/relationships}}Relationship", {})
        fresh.set("Id", f"rIdDvk{number}")
        fresh.set("Type", f"{REL}/{kind}")
        fresh.set("Target", f"/{target}")
        relations.append(fresh)
        return f"rIdDvk{number}"

    def relate_outside(self, part: str, kind: str, target: str) -> str:
        """Relate a part to a file outside; the relation's id."""
        key = self.relate(part, kind, target)
        relation = next(r for r in self.relations(part) if r.get("Id") == key)
        relation.set("Target", quote(target))
        relation.set("TargetMode", "External")
        return key

    def add_part(self, name: str, data: bytes, content_type: str, extension: str = "") -> None:
        """A new member with its content type: by its name, or by an extension that stands for all."""
        types = self.root(TYPES)
        space = f"{{{PACKAGE}/content-types}}"
        if extension:
            if not any(str(t.get("Extension", "")).lower() == extension for t in types):
                fresh = types.makeelement(f"{space}Default", {"Extension": extension, "ContentType": content_type})
                types.insert(0, fresh)
        else:
            types.append(types.makeelement(f"{space}Override", {"PartName": f"/{name}", "ContentType": content_type}))
        self.parts[name] = data

    def free_name(self, pattern: str) -> str:
        return next(n for i in range(1, 100_000) if (n := pattern.format(i)) not in self.parts and n not in self.roots)

    def shared_strings(self) -> list[str]:
        """The shared strings, read once."""
        if self._strings is None:
            relation = next(
                (r for r in self.relations(self.main) if str(r.get("Type", "")).endswith("/sharedStrings")), None
            )
            name = self.target(self.main, relation) if relation is not None else ""
            items = _parse(self.parts[name]).iter(tag("si")) if name in self.parts else ()
            self._strings = ["".join(t.text or "" for t in item.iter(tag("t"))) for item in items]
        return self._strings

    # sheets

    def _entries(self) -> list[Element]:
        sheets = self.root(self.main).find(tag("sheets"))
        return [] if sheets is None else list(sheets)

    def _part_of(self, entry: Element) -> str:
        key = entry.get(f"{{{REL}}}id")
        relation = next(r for r in self.relations(self.main) if r.get("Id") == key)
        return self.target(self.main, relation)

    def sheet(self, title: str) -> Sheet:
        if title not in self.sheets:
            entry = next(e for e in self._entries() if e.get("name") == title)
            self.sheets[title] = Sheet(self, self._part_of(entry))
        return self.sheets[title]

    def remove_sheet(self, title: str) -> None:
        """Take away a sheet of an earlier answer, with what points to its place among the sheets."""
        entries = self._entries()
        found = next((n for n, e in enumerate(entries) if e.get("name") == title), None)
        if found is None:
            return
        part, key = self._part_of(entries[found]), entries[found].get(f"{{{REL}}}id")
        take_out(entries[found])
        for relation in [r for r in self.relations(self.main) if r.get("Id") == key]:
            take_out(relation)
        for override in [t for t in self.root(TYPES) if t.get("PartName") == f"/{part}"]:
            take_out(override)
        self.roots.pop(part, None)
        self.parts.pop(part, None)
        rels = posixpath.join(posixpath.dirname(part), "_rels", f"{posixpath.basename(part)}.rels")
        self.roots.pop(rels, None)
        self.parts.pop(rels, None)
        self._shift_names(found, -1)

    def insert_first(self, title: str, lines: Sequence[Sequence[str]], links: Mapping[str, str]) -> None:
        """A new first sheet of plain text lines, with links from its cells to cells of the workbook."""
        part = self.free_name("xl/worksheets/sheetDvk{}.xml")
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
        self.add_part(part, to_bytes(new("worksheet")), kind)
        sheet = Sheet(self, part)
        sheet.fill(lines, links)
        root = self.root(self.main)
        sheets = root.find(tag("sheets"))
        if sheets is None:
            return
        numbers = [int(str(e.get("sheetId", "0"))) for e in sheets]
        entry = new("sheet", name=title, sheetId=max(numbers, default=0) + 1)
        entry.set(f"{{{REL}}}id", self.relate(self.main, "worksheet", part))
        sheets.insert(0, entry)
        self._shift_names(0, 1)
        for view in root.iter(tag("workbookView")):
            view.set("activeTab", "0")
            view.set("firstSheet", "0")
        for other in self._entries()[1:]:
            self._unselect(self._part_of(other))

    def _unselect(self, part: str) -> None:
        if b"tabSelected" in self.parts.get(part, b"") or part in self.roots:
            for view in self.root(part).iter(tag("sheetView")):
                _drop(view, "tabSelected")

    def _shift_names(self, first: int, by: int) -> None:
        """Names that belong to a sheet say which by its place."""
        for name in list(self.root(self.main).iter(tag("definedName"))):
            local = name.get("localSheetId")
            if local is None:
                continue
            if by < 0 and int(local) == first:
                take_out(name)
            elif int(local) >= first:
                name.set("localSheetId", str(int(local) + by))

    # looks

    @property
    def styles(self) -> Element:
        relation = next((r for r in self.relations(self.main) if str(r.get("Type", "")).endswith("/styles")), None)
        if relation is None:
            part = "xl/styles.xml"
            kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
            self.add_part(part, _BARE_STYLES.encode(), kind)
            self.relate(self.main, "styles", part)
            return self.root(part)
        return self.root(self.target(self.main, relation))

    def fill_of(self, severity: str) -> int:
        """The number of the differential format that colours a cell."""
        formats = child(self.styles, "dxfs", ("fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles"))
        wanted = FILLS[severity]
        for number, dxf in enumerate(formats):
            colours = [c.get("rgb") for c in dxf.iter(tag("bgColor"))]
            if colours == [wanted] and len(dxf) == 1:
                return number
        dxf = new("dxf")
        pattern = new("patternFill")
        pattern.append(new("bgColor", rgb=wanted))
        fill = new("fill")
        fill.append(pattern)
        dxf.append(fill)
        formats.append(dxf)
        formats.set("count", str(len(formats)))
        return len(formats) - 1

    def look_of(self, name: str) -> int:
        """The number of the cell format of our own text: `text` wraps, `head` and `title` are bold."""
        fonts, xfs = self.styles.find(tag("fonts")), self.styles.find(tag("cellXfs"))
        if fonts is None or xfs is None:
            return 0
        wanted = {"applyAlignment": "1", "applyFont": "1", "quotePrefix": "0"}
        font = 0 if name == "text" else self._bold(fonts)
        for number, xf in enumerate(xfs):
            alignment = xf.find(tag("alignment"))
            plain = xf.get("fillId") == "0" and xf.get("borderId") == "0" and xf.get("numFmtId") == "49"
            wraps = alignment is not None and alignment.get("wrapText") == "1" and alignment.get("vertical") == "top"
            if plain and wraps and xf.get("fontId") == str(font):
                return number
        xf = new("xf", numFmtId=49, fontId=font, fillId=0, borderId=0, xfId=0, **wanted)
        xf.append(new("alignment", vertical="top", wrapText="1"))
        xfs.append(xf)
        xfs.set("count", str(len(xfs)))
        return len(xfs) - 1

    @staticmethod
    def _bold(fonts: Element) -> int:
        from copy import deepcopy

        base = fonts[0] if len(fonts) else new("font")
        bold = deepcopy(base)
        for old in bold.findall(tag("b")):
            bold.remove(old)
        bold.insert(0, new("b"))
        shape = [(e.tag, dict(e.attrib)) for e in bold]
        for number, font in enumerate(fonts):
            if [(e.tag, dict(e.attrib)) for e in font] == shape:
                return number
        fonts.append(bold)
        fonts.set("count", str(len(fonts)))
        return len(fonts) - 1


_BARE_STYLES = (
    f'<styleSheet xmlns="{MAIN}"><fonts count="1"><font/></fonts><fills count="2"><fill><patternFill/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="1"><xf/></cellXfs></styleSheet>'
)


def _drop(element: Element, attribute: str) -> None:
    if attribute in element.attrib:
        del element.attrib[attribute]


def take_out(element: Element) -> None:
    holder = element.getparent()
    if holder is not None:
        holder.remove(element)


def child(root: Element, name: str, before: Sequence[str]) -> Element:
    """The child of that name, made after those that stand before it."""
    found = root.find(tag(name))
    if found is None:
        found = new(name)
        places = [n for n, e in enumerate(root) if e.tag in {tag(b) for b in before}]
        root.insert(places[-1] + 1 if places else 0, found)
    return found


class Sheet:
    """One worksheet of the book."""

    def __init__(self, book: Book, part: str) -> None:
        self.book, self.part = book, part
        self.rows: dict[int, Element] = {}

    @property
    def root(self) -> Element:
        return self.book.root(self.part)

    def _ordered(self, name: str) -> Element:
        return child(self.root, name, ORDER[: ORDER.index(name)])

    # cells

    def _row(self, number: int) -> Element:
        data = self._ordered("sheetData")
        if not self.rows:
            self.rows = {int(str(r.get("r"))): r for r in data if str(r.get("r", "")).isdigit()}
        if number not in self.rows:
            row = new("row", r=number)
            later = [n for n in self.rows if n > number]
            data.insert(list(data).index(self.rows[min(later)]) if later else len(data), row)
            self.rows[number] = row
        return self.rows[number]

    def put(self, row: int, column: int, text: str, look: str) -> None:
        """Put text in a cell, in the place of what stands there; an empty text leaves the cell blank."""
        name = f"{letter_of(column)}{row}"
        line = self._row(row)
        _drop(line, "spans")
        cell = next((c for c in line if c.get("r") == name), None)
        if cell is None:
            cell = new("c", r=name)
            after = [n for n, c in enumerate(line) if column_of(str(c.get("r", ""))) < column]
            line.insert(after[-1] + 1 if after else 0, cell)
        for old in list(cell):
            cell.remove(old)
        cell.set("s", str(self.book.look_of(look)))
        _drop(cell, "t")
        if text:
            cell.set("t", "inlineStr")
            held, words = new("is"), new("t")
            words.text = NOT_IN_XML.sub(" ", text)[:MAX_TEXT]
            words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
            held.append(words)
            cell.append(held)

    def widen(self, column: int, widths: Sequence[float]) -> None:
        """Set the widths of the columns from `column` on, where none is set yet."""
        columns = self._ordered("cols")
        for number, width in enumerate(widths, column):
            spans = [(int(str(c.get("min"))), int(str(c.get("max")))) for c in columns]
            if not any(first <= number <= last for first, last in spans):
                at = sum(1 for first, _ in spans if first < number)
                columns.insert(at, new("col", min=number, max=number, width=width, customWidth=1))
        if not len(columns):
            take_out(columns)
        dimension = self.root.find(tag("dimension"))
        if dimension is not None:
            take_out(dimension)

    def fill(self, lines: Sequence[Sequence[str]], links: Mapping[str, str]) -> None:
        """Make an empty sheet of these lines, printed as wide as a page on its side."""
        properties = new("sheetPr")
        properties.append(new("pageSetUpPr", fitToPage=1))
        self.root.append(properties)
        self.root.append(new("sheetData"))
        self.root.append(new("pageSetup", paperSize=9, orientation="landscape", fitToWidth=1, fitToHeight=0))
        heads = {1, *(n for n, line in enumerate(lines, 1) if line and line[0] == "Trang")}
        self.widen(1, (24, 12, 12, 110))
        for number, line in enumerate(lines, 1):
            for column, text in enumerate(line, 1):
                self.put(number, column, text, "head" if number in heads else "text")
        merged = self._ordered("mergeCells")
        for number in (1, 2, 3):
            merged.append(new("mergeCell", ref=f"A{number}:D{number}"))
        for number, line in enumerate(lines, 1):
            if len(line) == 2:
                merged.append(new("mergeCell", ref=f"B{number}:D{number}"))
        merged.set("count", str(len(merged)))
        if links:
            found = self._ordered("hyperlinks")
            for cell, target in links.items():
                found.append(new("hyperlink", ref=cell, location=target, display=target))

    def link(self, row: int, column: int, target: str) -> None:
        """Link a cell to a file beside the workbook."""
        found = self._ordered("hyperlinks")
        cell = f"{letter_of(column)}{row}"
        for old in [h for h in found if h.get("ref") == cell]:
            found.remove(old)
        link = new("hyperlink", ref=cell)
        link.set(f"{{{REL}}}id", self.book.relate_outside(self.part, "hyperlink", target))
        found.append(link)

    # colours and comments

    def colour(self, severity: str, cells: Sequence[str]) -> None:
        """Colour cells, over their own look, until the next answer takes it away."""
        rules = list(self.root.iter(tag("cfRule")))
        block = new("conditionalFormatting", sqref=" ".join(cells))
        top = max((int(str(r.get("priority", "0"))) for r in rules), default=0) + 1
        rule = new("cfRule", type="expression", dxfId=self.book.fill_of(severity), priority=top)
        formula = new("formula")
        formula.text = MARK
        rule.append(formula)
        block.append(rule)
        names = {tag(n) for n in ORDER[: ORDER.index("conditionalFormatting") + 1]}
        places = [n for n, e in enumerate(self.root) if e.tag in names]
        self.root.insert(places[-1] + 1 if places else 0, block)

    def comment(self, cell: str, text: str) -> None:
        """Lay a comment on a cell; one of the clerk's own is kept, and ours added to its words."""
        from . import notes

        notes.add(self.book, self.part, cell, NOT_IN_XML.sub(" ", text)[:MAX_TEXT])

    def remove_answer(self, heads: Sequence[str]) -> None:
        """Take away what an earlier answer laid here: colours, comments, and the columns under our headers."""
        from . import notes

        for block in list(self.root.iter(tag("conditionalFormatting"))):
            for rule in [r for r in block if (f := r.find(tag("formula"))) is not None and f.text == MARK]:
                block.remove(rule)
            if not len(block):
                take_out(block)
        notes.remove_own(self.book, self.part)
        self._remove_columns(heads)

    def _remove_columns(self, heads: Sequence[str]) -> None:
        ours = {column_of(str(c.get("r", ""))) for c in self.root.iter(tag("c")) if self._text(c) in heads}
        if not ours:
            return
        for row in self.root.iter(tag("row")):
            for cell in [c for c in row if column_of(str(c.get("r", ""))) in ours]:
                row.remove(cell)

    def _text(self, cell: Element) -> str:
        """The words of a cell, inline or shared."""
        if cell.get("t") == "inlineStr":
            return "".join(t.text or "" for t in cell.iter(tag("t")))
        value = cell.find(tag("v"))
        if cell.get("t") == "s" and value is not None and str(value.text).isdigit():
            strings = self.book.shared_strings()
            return strings[int(str(value.text))] if int(str(value.text)) < len(strings) else ""
        return value.text or "" if value is not None and cell.get("t") == "str" else ""


def column_of(name: str) -> int:
    number = 0
    for letter in re.sub(r"[^A-Z]", "", name.upper()):
        number = number * 26 + ord(letter) - 64
    return number
