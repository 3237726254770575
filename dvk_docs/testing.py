"""Comparers for tests, public: a DOCX as golden text, and its faults against ECMA-376.

`outline(docx)` writes a document in the notation of the template sources (`template_source`), so golden text and source
read alike: `outline(build(source)) == normalised(source)`. `schema_faults(docx)` lists what Word would have to repair.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dvk_docs import template_source
from dvk_docs.package import DOCUMENT, unpack
from dvk_docs.profiles import PREFIX, parse, w

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_MARKS = (("b", "**"), ("i", "//"), ("u", "__"))


# --- golden text --------------------------------------------------------------------------------------------


def outline(docx: bytes) -> str:
    """Return the document, one line a paragraph: `Vai trò: words`; tables as `|| ... || ...`, `@ bang` to `@ het`."""
    parts = unpack(docx)
    roles = _roles(parse("word/styles.xml", parts["word/styles.xml"]))
    body = parse(DOCUMENT, parts[DOCUMENT])[0]
    sections = list(body.iter(w("sectPr")))
    lines = [_sheet_said(_turned(sections[0]), _margin(sections[0]))] if sections else []
    lines = [line for line in lines if line]
    lines += ["@ khung"] if body.find(f"{w('sectPr')}/{w('pgBorders')}") is not None else []
    for element in body:
        if element.tag == w("p") and element.find(f"{w('pPr')}/{w('sectPr')}") is not None:
            sections.pop(0)
            lines.append(f"@ phan: {'ngang' if _turned(sections[0]) else 'doc'}")
        elif element.tag == w("p"):
            lines += _paragraph_lines(element, roles)
        elif element.tag == w("tbl"):
            lines += ["@ bang", *_rows(element, roles), "@ het"]
    return "\n".join(lines) + "\n"


def _sheet_said(turned: bool, margin: float) -> str:
    """`@ kho: ngang 12`; "" for a sheet upright with the margins of its regime."""
    own = f" {margin:g}" if margin else ""
    return f"@ kho: {'ngang' if turned else 'doc'}{own}" if turned or margin else ""


def _turned(section: Element) -> bool:
    size = section.find(w("pgSz"))
    return size is not None and size.get(w("orient")) == "landscape"


def _margin(section: Element) -> float:
    """The one margin of a sheet that has the same on all sides (mm); 0 where they differ."""
    margins = section.find(w("pgMar"))
    sides = {margins.get(w(side)) for side in ("top", "right", "bottom", "left")} if margins is not None else set()
    return round(int(sides.pop() or 0) * 25.4 / 1440, 1) if len(sides) == 1 else 0


def _roles(styles: Element) -> dict[str, str]:
    """Return style id -> role; a style that is no role gives its name in square brackets."""
    out = {}
    for style in styles.iter(w("style")):
        name = unicodedata.normalize("NFC", _value(style.find(w("name"))))
        out[str(style.get(w("styleId")))] = name.removeprefix(PREFIX) if name.startswith(PREFIX) else f"[{name}]"
    return out


def _value(element: Element | None) -> str:
    return "" if element is None else str(element.get(w("val"), ""))


def _paragraph_lines(paragraph: Element, roles: Mapping[str, str]) -> list[str]:
    text = _paragraph_text(paragraph, roles)
    if text is None:
        return []
    new_page = paragraph.find(f"{w('pPr')}/{w('pageBreakBefore')}") is not None
    return ["@ ngat-trang", text] if new_page else [text]


def _paragraph_text(paragraph: Element, roles: Mapping[str, str]) -> str | None:
    """Return `Vai trò: words`, or None for an empty paragraph without a role (a spacer)."""
    style = _value(paragraph.find(f"{w('pPr')}/{w('pStyle')}"))
    words = _marked(list(template_source.join_runs([_run(run) for run in paragraph.iter(w("r"))])))
    if not style and not words:
        return None
    return f"{roles.get(style, '[Normal]')}: {words}".rstrip()


def _run(run: Element) -> tuple[str, str]:
    words = "".join(
        {w("br"): " ↵ ", w("tab"): " ⇥ "}.get(str(e.tag), e.text or "")
        for e in run
        if e.tag in (w("t"), w("br"), w("tab"))
    )
    properties = run.find(w("rPr"))
    on = [m for m, _ in _MARKS if properties is not None and _is_on(properties.find(w(m)))]
    return words, "".join(on)


def _is_on(element: Element | None) -> bool:
    return element is not None and _value(element) not in ("0", "false", "none", "off")


def _marked(runs: Sequence[tuple[str, str]]) -> str:
    """Return the words with their marks: ('a', 'b') -> `**a**`."""
    out = []
    for words, on in runs:
        marks = [mark for letter, mark in _MARKS if letter in on]
        out.append("".join(marks) + words + "".join(reversed(marks)))
    return "".join(out)


def _rows(table: Element, roles: Mapping[str, str]) -> Iterator[str]:
    for row in table.iter(w("tr")):
        cells: list[str] = []
        for cell in row.findall(w("tc")):
            properties = cell.find(w("tcPr"))
            cells.append(_cell_text(cell, properties, roles))
            if "{%tr " not in cells[-1]:
                cells += [template_source.LEFT] * (_span(properties) - 1)
        yield "|| " + " || ".join(cells)


def _span(properties: Element | None) -> int:
    span = None if properties is None else properties.find(w("gridSpan"))
    return 1 if span is None else int(_value(span))


def _cell_text(cell: Element, properties: Element | None, roles: Mapping[str, str]) -> str:
    merge = None if properties is None else properties.find(w("vMerge"))
    if merge is not None and _value(merge) in ("", "continue"):
        return template_source.ABOVE
    texts = [text for p in cell.findall(w("p")) if (text := _paragraph_text(p, roles)) is not None]
    return template_source.PARAGRAPH_MARK.join(texts)


def normalised(source: str, blocks: Mapping[str, str] | None = None) -> str:
    """Return a source as `outline` would print what it builds: blocks put in, marks in one order, no table options."""
    known = template_source.read(source, _AnyRole(), blocks)
    lines = [line for line in [_sheet_said(known.turned, known.margin)] if line]
    lines += ["@ khung"] if known.framed else []
    for block in known.blocks:
        if isinstance(block, template_source.Part):
            lines.append(f"@ phan: {'ngang' if block.turned else 'doc'}")
        elif isinstance(block, template_source.Paragraph):
            lines += ["@ ngat-trang"] if block.new_page else []
            lines.append(_said(block))
        else:
            lines += ["@ bang", *(_row_said(row) for row in block.rows), "@ het"]
    return "\n".join(lines) + "\n"


class _AnyRole(dict[str, object]):
    """Takes any role: a golden text may be older than the list of roles."""

    def __contains__(self, key: object) -> bool:
        return True


def _said(paragraph: template_source.Paragraph) -> str:
    words = template_source.PLACE.sub("", _marked(paragraph.runs))  # a bookmark has no words
    return f"{paragraph.role}: {words}".rstrip()


def _row_said(row: Sequence[template_source.Cell]) -> str:
    texts = [c.joins or template_source.PARAGRAPH_MARK.join(_said(p) for p in c.paragraphs) for c in row]
    return "|| " + " || ".join(texts[:1] if "{%tr " in texts[0] else texts)


# --- faults against ECMA-376 --------------------------------------------------------------------------------

_P_PR = (
    "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs"
    " suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd"
    " snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment"
    " textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange"
)
_R_PR = (
    "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof snapToGrid"
    " vanish webHidden color spacing w kern position sz szCs highlight u effect bdr shd fitText vertAlign rtl cs"
    " em lang eastAsianLayout specVanish oMath"
)
_TBL_PR = (
    "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc tblCellSpacing tblInd"
    " tblBorders shd tblLayout tblCellMar tblLook tblCaption tblDescription tblPrChange"
)
_TC_PR = (
    "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign hideMark"
    " headers cellIns cellDel cellMerge tcPrChange"
)
_TR_PR = (
    "cnfStyle divId gridBefore gridAfter wBefore wAfter cantSplit trHeight tblHeader tblCellSpacing jc hidden ins del"
    " trPrChange"
)
_SECT_PR = (
    "headerReference footerReference footnotePr endnotePr type pgSz pgMar paperSrc pgBorders lnNumType pgNumType"
    " cols formProt vAlign noEndnote titlePg textDirection bidi rtlGutter docGrid printerSettings sectPrChange"
)
_STYLE = (
    "name aliases basedOn next link autoRedefine hidden uiPriority semiHidden unhideWhenUsed qFormat locked"
    " personal personalCompose personalReply rsid pPr rPr tblPr trPr tcPr tblStylePr"
)
_SETTINGS = (
    "writeProtection view zoom removePersonalInformation removeDateAndTime doNotDisplayPageBoundaries"
    " displayBackgroundShape printPostScriptOverText printFractionalCharacterWidth printFormsData"
    " embedTrueTypeFonts embedSystemFonts saveSubsetFonts saveFormsData mirrorMargins alignBordersAndEdges"
    " bordersDoNotSurroundHeader bordersDoNotSurroundFooter gutterAtTop hideSpellingErrors hideGrammaticalErrors"
    " activeWritingStyle proofState formsDesign attachedTemplate linkStyles stylePaneFormatFilter"
    " stylePaneSortMethod documentType mailMerge revisionView trackRevisions doNotTrackMoves doNotTrackFormatting"
    " documentProtection autoFormatOverride styleLockTheme styleLockQFSet defaultTabStop autoHyphenation"
    " consecutiveHyphenLimit hyphenationZone doNotHyphenateCaps showEnvelope summaryLength clickAndTypeStyle"
    " defaultTableStyle evenAndOddHeaders bookFoldRevPrinting bookFoldPrinting bookFoldPrintingSheets"
    " drawingGridHorizontalSpacing drawingGridVerticalSpacing displayHorizontalDrawingGridEvery"
    " displayVerticalDrawingGridEvery doNotUseMarginsForDrawingGridOrigin drawingGridHorizontalOrigin"
    " drawingGridVerticalOrigin doNotShadeFormData noPunctuationKerning characterSpacingControl printTwoOnOne"
    " strictFirstAndLastChars noLineBreaksAfter noLineBreaksBefore savePreviewPicture doNotValidateAgainstSchema"
    " saveInvalidXml ignoreMixedContent alwaysShowPlaceholderText doNotDemarcateInvalidXml saveXmlDataOnly"
    " useXSLTWhenSaving saveThroughXslt showXMLTags alwaysMergeEmptyNamespace updateFields hdrShapeDefaults"
    " footnotePr endnotePr compat docVars rsids mathPr attachedSchema themeFontLang clrSchemeMapping"
    " doNotIncludeSubdocsInStats doNotAutoCompressPictures forceUpgrade captions readModeInkLockDown smartTagType"
    " schemaLibrary shapeDefaults doNotEmbedSmartTags decimalSymbol listSeparator"
)
# ECMA-376 Part 1 (transitional): the children that each element may have, in their order
ORDER: Mapping[str, tuple[str, ...]] = {
    "pPr": tuple(_P_PR.split()),
    "rPr": tuple(_R_PR.split()),
    "tblPr": tuple(_TBL_PR.split()),
    "tcPr": tuple(_TC_PR.split()),
    "trPr": tuple(_TR_PR.split()),
    "sectPr": tuple(_SECT_PR.split()),
    "style": tuple(_STYLE.split()),
    "settings": tuple(_SETTINGS.split()),
    "tblBorders": ("top", "left", "start", "bottom", "right", "end", "insideH", "insideV"),
    "tcBorders": ("top", "left", "start", "bottom", "right", "end", "insideH", "insideV", "tl2br", "tr2bl"),
    "tblCellMar": ("top", "left", "start", "bottom", "right", "end"),
    "tblGrid": ("gridCol", "tblGridChange"),
    "compat": ("doNotExpandShiftReturn", "compatSetting"),
    "styles": ("docDefaults", "latentStyles", "style"),
    "docDefaults": ("rPrDefault", "pPrDefault"),
}
_ANY_ORDER = frozenset({"trPr"})  # CT_TrPrBase is a choice
_MANY = frozenset(
    {
        "headerReference",
        "footerReference",
        "gridCol",
        "compatSetting",
        "style",
        "tblStylePr",
        "smartTagType",
        "attachedSchema",
    }
)
# what may hold what, for the elements that bear text
INSIDE: Mapping[str, frozenset[str]] = {
    "body": frozenset({"p", "tbl", "sectPr", "bookmarkStart", "bookmarkEnd", "sdt", "proofErr"}),
    "tbl": frozenset({"tblPr", "tblGrid", "tr", "bookmarkStart", "bookmarkEnd"}),
    "tr": frozenset({"tblPrEx", "trPr", "tc", "bookmarkStart", "bookmarkEnd"}),
    "tc": frozenset({"tcPr", "p", "tbl", "bookmarkStart", "bookmarkEnd"}),
    "p": frozenset({"pPr", "r", "hyperlink", "bookmarkStart", "bookmarkEnd", "proofErr", "fldSimple", "sdt"})
    | {"commentRangeStart", "commentRangeEnd"},
    "r": frozenset({"rPr", "t", "br", "tab", "fldChar", "instrText", "noBreakHyphen", "softHyphen", "sym", "drawing"})
    | {"commentReference"},
}


def schema_faults(docx: bytes) -> list[str]:
    """Return what is not right in the parts of a DOCX, in words; an empty list where Word has nothing to repair.

    Looks at the order of children, cells without a last paragraph, rows against the grid, styles that are used but
    not there, and relations that lead nowhere. It is a check of what we write, not a whole validator.
    """
    parts = unpack(docx)
    out = [
        fault
        for name, data in parts.items()
        if name.startswith("word/") and name.endswith(".xml")
        for fault in _part_faults(name, data)
    ]
    return out + _style_faults(parts) + _relation_faults(parts)


def _part_faults(name: str, data: bytes) -> Iterator[str]:
    for element in parse(name, data).iter():
        if not isinstance(element.tag, str):
            continue
        tag = _local(element)
        if tag in ORDER:
            yield from _order_faults(name, tag, element)
        if tag in INSIDE:
            strange = [_local(child) for child in element if _local(child) not in INSIDE[tag]]
            yield from (f"{name}: {child} đứng trong {tag}" for child in strange)
        if tag == "tbl":
            yield from _grid_faults(name, element)
        if tag == "tc" and (len(element) == 0 or _local(element[-1]) != "p"):
            yield f"{name}: ô không kết thúc bằng một đoạn"
        if tag == "body" and (len(element) < 2 or _local(element[-1]) != "sectPr" or _local(element[-2]) == "tbl"):
            yield f"{name}: thân văn bản không kết thúc bằng một đoạn rồi sectPr"


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _order_faults(name: str, tag: str, element: Element) -> Iterator[str]:
    children = [_local(child) for child in element if str(child.tag).startswith(w("")[:-1])]
    allowed = ORDER[tag]
    yield from (f"{name}: {tag} không có {child}" for child in children if child not in allowed)
    known = [child for child in children if child in allowed]
    places = [allowed.index(child) for child in known]
    if tag not in _ANY_ORDER and places != sorted(places):
        yield f"{name}: {tag} sai thứ tự: {' '.join(known)}"
    twice = {child for child in known if known.count(child) > 1 and child not in _MANY}
    yield from (f"{name}: {tag} có hai {child}" for child in sorted(twice))


def _grid_faults(name: str, table: Element) -> Iterator[str]:
    grid = table.find(w("tblGrid"))
    columns = 0 if grid is None else len(grid)
    if not table.findall(w("tr")):
        yield f"{name}: bảng không có hàng"
    for row in table.findall(w("tr")):
        spans = sum(_span(cell.find(w("tcPr"))) for cell in row.findall(w("tc")))
        if spans != columns:
            yield f"{name}: hàng có {spans} cột, lưới có {columns}"


def _style_faults(parts: Mapping[str, bytes]) -> list[str]:
    styles = parse("word/styles.xml", parts["word/styles.xml"])
    known = [str(style.get(w("styleId"))) for style in styles.iter(w("style"))]
    out = [f"word/styles.xml: hai kiểu cùng mã {style}" for style in sorted(set(known)) if known.count(style) > 1]
    used = {
        (name, _value(e))
        for name, data in parts.items()
        if name.startswith("word/") and name.endswith(".xml")
        for tag in ("pStyle", "rStyle", "tblStyle", "basedOn")
        for e in parse(name, data).iter(w(tag))
    }
    return out + [f"{name}: không có kiểu {style}" for name, style in sorted(used) if style not in known]


def _relation_faults(parts: Mapping[str, bytes]) -> list[str]:
    if "word/_rels/document.xml.rels" not in parts:
        return ["word/_rels/document.xml.rels: không có"]
    relations = parse("word/_rels/document.xml.rels", parts["word/_rels/document.xml.rels"])
    targets: dict[str, Any] = {str(r.get("Id")): r for r in relations}
    out = [
        f"word/document.xml: liên kết {r.get('Target')} không có phần nào"
        for r in targets.values()
        if r.get("TargetMode") != "External" and f"word/{r.get('Target')}".replace("word//word", "word") not in parts
    ]
    key = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
    used = [str(e.get(key)) for e in parse(DOCUMENT, parts[DOCUMENT]).iter() if e.get(key)]
    return out + [f"{DOCUMENT}: không có liên kết {one}" for one in used if one not in targets]
