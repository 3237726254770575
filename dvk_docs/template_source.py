"""Template sources: one line a paragraph, built into the Word files of `templates/vi`.

    python -m dvk_docs.template_source            build every templates/nguon/*.txt
    python -m dvk_docs.template_source --check    exit 1 where a committed file is not what its source builds

The notation is the one golden text is written in (`testing.outline` reads a DOCX back into it):

    Vai trò: words {{ tag }} **bold** //italic// __underlined__ ↵ new line ⇥ tab
    > khoi                          a shared block, templates/nguon/khoi/khoi.txt
    # a remark
    @ kho: ngang                    first line: the sheet lies on its side (`@ kho: ngang 12`: all margins 12 mm;
                                               `@ kho: doc 12 a5`: on half a sheet)
    @ khung                         a double line around the text of every page
    @ ngat-trang                    the next paragraph begins a page
    @ phan: doc                     what follows is a part of its own: new page, pages counted from 1, upright or ngang
    @ bang: 12 60 93 ; tieu-de=1 ; vien=co     a table: widths (mm, scaled to the text), head rows, borders;
                                               cao=40,90: least heights of its rows (mm), what they hold in the middle
                                               vien=khung: a decorated frame around the inner cells
                                               le=0.8: room left and right of a cell's words (mm; usually 1.5)
    || Ô: one ¶ Ô: second paragraph || <<      a row; << joins the cell at the left, ^^ the one above
    || Ô: {%tr for d in danh_sach %}           a row that only holds a tag
    || Ghi chú: words || << || <<              last row: closes the list; no lines, never alone on a page
    @ het                           end of the table
    Chữ ký: [[Ky_nguoi_ky]]         a place to sign at, a Word bookmark: nothing on paper, a field in the PDF

Faults raise `TemplateInvalid` with the line. The bytes depend on nothing but the source and the profile.
"""

from __future__ import annotations

import re
import sys
import unicodedata
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from xml.sax.saxutils import escape

from dvk_docs import folders, profiles
from dvk_docs.errors import Report, TemplateInvalid
from dvk_docs.package import pack, refuse
from dvk_docs.profiles import TAG, Frame, Page, Profile
from dvk_docs.units import Mm, Pt

_ROOT = folders.root()
SOURCES = _ROOT / "templates" / "nguon"
BUILT = _ROOT / "templates" / "vi"
RULES = _ROOT / "data_schemas" / "quy_dinh" / "the-thuc"
CELL_MARGIN, ABOVE_TABLE = Mm(1.5), Pt(6)
ABOVE_NUMBER, LEAST_HEADER = Mm(7.5), Mm(4.5)  # room that a page number needs in a small margin; what a printer reaches
PARAGRAPH_MARK, LEFT, ABOVE = " ¶ ", "<<", "^^"
_MARKS = {"**": "b", "//": "i", "__": "u"}
PLACE = re.compile(r"\[\[([A-Za-z]\w{0,39})\]\]", re.ASCII)  # a bookmark: Word takes 40 letters, digits, underscores
_MARK = re.compile(r"(?<!\*)\*\*(?!\*)|(?<!/)//(?!/)|(?<!_)__(?!_)")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph: its role, and runs of (words, marks), the marks being letters of `biu`."""

    role: str
    runs: tuple[tuple[str, str], ...]
    new_page: bool = False
    keep_next: bool = False
    before_table: bool = False

    @property
    def text(self) -> str:
        return "".join(words for words, _ in self.runs)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its paragraphs, or what it joins (`<<` the cell at the left, `^^` the one above)."""

    paragraphs: tuple[Paragraph, ...] = ()
    joins: str = ""


@dataclass(slots=True)
class Table:
    """A table: column widths as given (mm), number of repeated head rows, lines, row heights (mm), room in cells."""

    widths: list[float]
    head: int = 0
    lines: str = "co"  # co | khong | khung
    heights: tuple[float, ...] = ()
    margin: Mm = CELL_MARGIN
    rows: list[list[Cell]] = field(default_factory=list)

    @property
    def borders(self) -> bool:
        return self.lines == "co"


@dataclass(frozen=True, slots=True)
class Part:
    """Where a part of its own begins: a new page, counted from 1, upright or on its side."""

    turned: bool


Block = Paragraph | Table | Part


@dataclass(frozen=True, slots=True)
class Outline:
    """A whole source: on its side or not, what it holds in order, framed or not, its margin (mm; 0: the regime's).

    `half`: on A5, half the regime's sheet.
    """

    turned: bool
    blocks: tuple[Block, ...]
    framed: bool = False
    margin: float = 0
    half: bool = False


# --- reading the notation -----------------------------------------------------------------------------------


def blocks_in(folder: Path) -> dict[str, str]:
    """Return the shared blocks of a folder: stem -> source text."""
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.txt"))}


@cache
def _shared() -> Mapping[str, str]:
    return blocks_in(SOURCES / "khoi")


@cache
def _newest() -> Profile:
    return profiles.newest("dang", profiles.load_all(RULES))


def expand(source: str, blocks: Mapping[str, str] | None = None) -> str:
    """Return `source` with its shared blocks put in, without remarks and empty lines."""
    known = _shared() if blocks is None else blocks
    return "\n".join(text for _, text in _lines(source, known))


def _lines(source: str, blocks: Mapping[str, str], inside: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    """Yield (place, line) of each line that says something."""
    for number, line in enumerate(unicodedata.normalize("NFC", source).splitlines(), 1):
        where = f"dòng {number}" + (f" của khối {inside[-1]}" if inside else "")
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        if not text.startswith("> "):
            yield where, text
            continue
        name = text[2:].strip()
        if name not in blocks or name in inside:
            raise _fault(where, f"Không có khối dùng chung “{name}”.", f"Các khối có: {', '.join(sorted(blocks))}.")
        yield from _lines(blocks[name], blocks, (*inside, name))


def _fault(where: str, message: str, hint: str = "") -> TemplateInvalid:
    return refuse("source_invalid", message, hint, where=where)


def read(source: str, roles: Mapping[str, object], blocks: Mapping[str, str] | None = None) -> Outline:
    """Return the paragraphs and tables of a source; raise `TemplateInvalid` with the line of the first fault."""
    reader = _Reader(roles)
    for where, line in _lines(source, _shared() if blocks is None else blocks):
        reader.take(where, line)
    return reader.finish()


class _Reader:
    """Takes the lines one by one and gathers the blocks."""

    def __init__(self, roles: Mapping[str, object]) -> None:
        self.roles = roles
        self.turned = False
        self.framed = False
        self.margin = 0.0
        self.half = False
        self.new_page = False
        self.table: Table | None = None
        self.places: set[str] = set()
        self.blocks: list[Block] = []

    def take(self, where: str, line: str) -> None:
        if line.startswith("@"):
            self._directive(where, line[1:].strip())
        elif line.startswith("||"):
            self._row(where, line)
        elif self.table is not None:
            raise _fault(where, "Trong bảng chỉ có các dòng “|| ...”.", "Hãy kết thúc bảng bằng “@ het”.")
        else:
            self.blocks.append(replace(self._paragraph(where, line), new_page=self.new_page))
            self.new_page = False

    def _directive(self, where: str, text: str) -> None:
        name, _, rest = (part.strip() for part in text.partition(":"))
        sheet = re.fullmatch(r"(doc|ngang)(?: +(\d+(?:\.\d+)?))?( +a5)?", rest)
        if name == "kho" and not self.blocks and sheet:
            self.turned, self.margin, self.half = sheet[1] == "ngang", float(sheet[2] or 0), bool(sheet[3])
        elif text == "khung" and not self.blocks:
            self.framed = True
        elif name == "phan" and self.blocks and self.table is None and rest in ("doc", "ngang"):
            self.blocks.append(Part(rest == "ngang"))
        elif name == "ngat-trang":
            self.new_page = True
        elif name == "bang" and self.table is None:
            self.table = _table(where, rest)
        elif name == "het" and self.table is not None and self.table.rows:
            self.blocks.append(self.table)
            self.table = None
        else:
            raise _fault(where, f"Không hiểu chỉ dẫn “@ {text}” ở chỗ này.")

    def _row(self, where: str, line: str) -> None:
        if self.table is None:
            raise _fault(where, "Hàng “|| ...” đứng ngoài bảng.", "Hãy mở bảng bằng “@ bang: ...”.")
        texts = [t.strip() for t in re.split(r"(?:^|\s)\|\|(?:\s|$)", line)[1:]]
        cells = [self._cell(where, text) for text in texts]
        if len(cells) == 1 and "{%tr " in texts[0]:
            cells += [Cell(joins=LEFT)] * (len(self.table.widths) - 1)
        if len(cells) != len(self.table.widths):
            raise _fault(where, f"Hàng có {len(cells)} ô, bảng có {len(self.table.widths)} cột.")
        if cells[0].joins == LEFT or (not self.table.rows and any(c.joins == ABOVE for c in cells)):
            raise _fault(where, "Ô gộp không có ô nào để gộp vào.")
        self.table.rows.append(cells)

    def _cell(self, where: str, text: str) -> Cell:
        if text in (LEFT, ABOVE):
            return Cell(joins=text)
        return Cell(tuple(self._paragraph(where, part) for part in re.split(r"\s+¶\s+", text)))

    def _paragraph(self, where: str, line: str) -> Paragraph:
        role, colon, text = line.partition(":")
        if not colon or role.strip() not in self.roles:
            raise _fault(where, f"Không có vai trò “{role.strip()[:40]}”.", f"Các vai trò: {', '.join(self.roles)}.")
        for name in PLACE.findall(text):
            if name in self.places:
                raise _fault(where, f"Chỗ ký “{name}” được đánh dấu hai lần.", "Hãy đặt mỗi chỗ ký một tên riêng.")
            self.places.add(name)
        return Paragraph(role.strip(), tuple(_runs(where, text.strip())))

    def finish(self) -> Outline:
        if self.table is not None:
            raise _fault("cuối tệp", "Bảng chưa kết thúc.", "Hãy thêm dòng “@ het”.")
        return Outline(self.turned, tuple(self.blocks), self.framed, self.margin, self.half)


def _table(where: str, text: str) -> Table:
    widths, *options = (part.strip() for part in text.split(";"))
    given = dict(option.partition("=")[::2] for option in options)
    known = set(given) <= {"tieu-de", "vien", "cao", "le"} and given.get("vien", "co") in ("co", "khong", "khung")
    heights = [h for h in given.get("cao", "").split(",") if h]
    margin = given.get("le", str(CELL_MARGIN.value))
    known = known and all(re.fullmatch(r"\d+(\.\d+)?", h) for h in [*heights, margin])
    if not known or not re.fullmatch(r"\d+(\.\d+)?( +\d+(\.\d+)?)*", widths) or not given.get("tieu-de", "0").isdigit():
        raise _fault(where, f"Không hiểu cách mở bảng “{text}”.", "Ví dụ: @ bang: 12 60 93 ; tieu-de=1 ; vien=co")
    head, lines = int(given.get("tieu-de", "0")), given.get("vien", "co")
    return Table([float(x) for x in widths.split()], head, lines, tuple(float(h) for h in heights), Mm(float(margin)))


def _runs(where: str, text: str) -> Iterator[tuple[str, str]]:
    """Yield (words, marks) of a line: `**a** b` -> ('a', 'b'), (' b', ''). Marks inside tags are left alone."""
    on: set[str] = set()
    gathered: list[tuple[str, str]] = []
    start = 0
    for tag in [*TAG.finditer(text), None]:
        plain = text[start : tag.start() if tag else len(text)]
        at = 0
        for mark in _MARK.finditer(plain):
            if mark.group() == "//" and "i" not in on and plain[: mark.start()].endswith(":"):  # an address: https://
                continue
            gathered.append((plain[at : mark.start()], "".join(sorted(on))))
            on ^= {_MARKS[mark.group()]}
            at = mark.end()
        gathered.append((plain[at:], "".join(sorted(on))))
        if tag:
            gathered.append((tag.group(), "".join(sorted(on))))
            start = tag.end()
    if on:
        raise _fault(where, f"Dấu đậm, nghiêng hoặc gạch chân chưa đóng: “{text[:60]}”.")
    yield from join_runs(gathered)


def join_runs(runs: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield the runs with neighbours of the same marks joined and empty ones left out."""
    words, marks = "", ""
    for text, own in runs:
        if not text:
            continue
        if own != marks and words:
            yield words, marks
            words = ""
        words, marks = words + text, own
    if words:
        yield words, marks


# --- writing Word -------------------------------------------------------------------------------------------


def build(
    source: str, *, title: str = "", profile: Profile | None = None, blocks: Mapping[str, str] | None = None
) -> bytes:
    """Return the DOCX template that `source` describes, looks from `profile` (default: the newest of the Party)."""
    looks = profile or _newest()
    outline = read(source, looks.roles, blocks)
    parts = {
        "[Content_Types].xml": _CONTENT_TYPES,
        "_rels/.rels": _RELS,
        "word/document.xml": _document(outline, looks),
        "word/_rels/document.xml.rels": _DOCUMENT_RELS,
        "word/styles.xml": _styles(looks),
        "word/settings.xml": _SETTINGS,
        "word/fontTable.xml": _FONTS.replace("FONT", escape(looks.font)),
        "word/header1.xml": _HEADER,
        "docProps/core.xml": _CORE.replace("TITLE", escape(title or _title(outline))),
        "docProps/app.xml": _APP,
    }
    return pack({name: (_XML + text).encode("utf-8") for name, text in parts.items()}, stored=True)


def _title(outline: Outline) -> str:
    """The type of the paper as the template prints it; empty where it is a tag."""
    names = (b.text for b in outline.blocks if isinstance(b, Paragraph) and b.role == "Tên loại")
    return next((name for name in names if "{" not in name), "")


_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_NS = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_MEMBERS = ("styles", "settings", "fontTable", "header1")
_KINDS = ("styles", "settings", "fontTable", "header")
_CONTENT_TYPES = (
    f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_WORD_TYPE}.document.main+xml"/>'
    + "".join(
        f'<Override PartName="/word/{part}.xml" ContentType="{_WORD_TYPE}.{kind}+xml"/>'
        for part, kind in (
            ("styles", "styles"),
            ("settings", "settings"),
            ("fontTable", "fontTable"),
            ("header1", "header"),
        )
    )
    + '<Override PartName="/docProps/core.xml"'
    ' ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
    '<Override PartName="/docProps/app.xml"'
    ' ContentType="application/vnd.openxmlformats-officedocument.extended-properties+xml"/></Types>'
)
_RELS = (
    f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/>'
    f'<Relationship Id="rId2" Type="{_PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/>'
    f'<Relationship Id="rId3" Type="{_OFFICE}/extended-properties" Target="docProps/app.xml"/></Relationships>'
)
_DOCUMENT_RELS = (
    f'<Relationships xmlns="{_PACKAGE}/relationships">'
    + "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/{kind}" Target="{target}.xml"/>'
        for n, (kind, target) in enumerate(
            (("styles", "styles"), ("settings", "settings"), ("fontTable", "fontTable"), ("header", "header1")), 1
        )
    )
    + "</Relationships>"
)
_SETTINGS = (
    f'<w:settings {_NS}><w:defaultTabStop w:val="720"/><w:characterSpacingControl w:val="doNotCompress"/>'
    "<w:compat><w:doNotExpandShiftReturn/>"
    + "".join(
        f'<w:compatSetting w:name="{name}" w:uri="http://schemas.microsoft.com/office/word" w:val="{value}"/>'
        for name, value in (
            ("compatibilityMode", 14),
            ("overrideTableStyleFontSizeAndJustification", 1),
            ("enableOpenTypeFeatures", 1),
            ("doNotFlipMirrorIndents", 1),
        )
    )
    + '</w:compat><w:themeFontLang w:val="vi-VN"/><w:decimalSymbol w:val=","/><w:listSeparator w:val=";"/></w:settings>'
)
_FONTS = (
    f'<w:fonts {_NS}><w:font w:name="FONT"><w:panose1 w:val="02020603050405020304"/><w:charset w:val="00"/>'
    '<w:family w:val="roman"/><w:pitch w:val="variable"/></w:font></w:fonts>'
)
_FIELD = "".join(
    f"<w:r>{part}</w:r>"
    for part in (
        '<w:fldChar w:fldCharType="begin"/>',
        '<w:instrText xml:space="preserve"> PAGE </w:instrText>',
        '<w:fldChar w:fldCharType="separate"/>',
        "<w:t>2</w:t>",
        '<w:fldChar w:fldCharType="end"/>',
    )
)
_HEADER = f'<w:hdr {_NS}><w:p><w:pPr><w:pStyle w:val="{profiles.style_id("Số trang")}"/></w:pPr>{_FIELD}</w:p></w:hdr>'
_CORE = (
    f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    '<dcterms:created xsi:type="dcterms:W3CDTF">1980-01-01T00:00:00Z</dcterms:created><dc:creator></dc:creator>'
    "<dc:language>vi-VN</dc:language><dc:title>TITLE</dc:title></cp:coreProperties>"
)
_APP = (
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    "<Application>dvk-docs</Application></Properties>"
)
_BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)


def _styles(profile: Profile) -> str:
    font = escape(profile.font)
    defaults = (
        f'<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="{font}" w:hAnsi="{font}" w:eastAsia="{font}"'
        f' w:cs="{font}"/>'
        '<w:sz w:val="28"/><w:szCs w:val="28"/><w:lang w:val="vi-VN" w:eastAsia="vi-VN" w:bidi="ar-SA"/></w:rPr>'
        "</w:rPrDefault><w:pPrDefault/></w:docDefaults>"
    )
    normal = (
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>'
    )
    table = (
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
        '<w:uiPriority w:val="99"/><w:semiHidden/><w:unhideWhenUsed/>'
        '<w:tblPr><w:tblInd w:w="0" w:type="dxa"/></w:tblPr></w:style>'
    )
    roles = "".join(profiles.style_xml(role, look, font) for role, look in profile.roles.items())
    lined = (
        '<w:style w:type="table" w:customStyle="1" w:styleId="DvkBang"><w:name w:val="DVK Bảng"/>'
        '<w:basedOn w:val="TableNormal"/><w:uiPriority w:val="59"/>'
        f"<w:tblPr><w:tblBorders>{_BORDERS}</w:tblBorders></w:tblPr></w:style>"
    )
    return f"<w:styles {_NS}>{defaults}{normal}{table}{lined}{roles}</w:styles>"


_TINY = (
    '<w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/><w:rPr><w:sz w:val="2"/>'
    '<w:szCs w:val="2"/></w:rPr></w:pPr></w:p>'
)
_TINY_KEPT = _TINY.replace("<w:pPr>", "<w:pPr><w:keepNext/>")


def _document(outline: Outline, profile: Profile) -> str:
    blocks = _kept(outline.blocks)
    out: list[str] = []
    turned, page, parts = outline.turned, _page(profile, outline.turned, outline), 0
    for number, block in enumerate(blocks):
        if isinstance(block, Paragraph):
            out.append(_paragraph_xml(block))
            continue
        if isinstance(block, Part):
            out.append(_ends_part(_section(turned, page, parts, outline.framed)))
            turned, page, parts = block.turned, _page(profile, block.turned, outline), parts + 1
            continue
        if number and isinstance(blocks[number - 1], Table):
            out.append(_TINY_KEPT if _signs(block) else _TINY)
        out.append(_table_xml(block, page, profile.frame))
    if not blocks or isinstance(blocks[-1], Table) or _is_a_tag(blocks[-1]):
        out.append(_TINY)
    section = _section(turned, page, parts, outline.framed)
    return f"<w:document {_NS}><w:body>{''.join(out)}{section}</w:body></w:document>"


def _page(profile: Profile, turned: bool, outline: Outline) -> Page:
    sheet, margin = profile.page, outline.margin
    if outline.half:
        sheet = replace(sheet, width=float(int(sheet.height / 2)), height=sheet.width)
    page = sheet.turned() if turned else sheet
    if not margin:
        return page
    header = min(page.header, max(margin - ABOVE_NUMBER.value, LEAST_HEADER.value))
    return replace(page, top=margin, bottom=margin, left=margin, right=margin, header=header)


def _ends_part(section: str) -> str:
    """The tiny paragraph that closes a part: what stands after it is laid out by the next part's page."""
    return _TINY.replace("</w:pPr></w:p>", f"{section}</w:pPr></w:p>")


def _is_a_tag(block: Block) -> bool:
    """Whether a paragraph only holds a tag: it is gone once the template is filled."""
    return isinstance(block, Paragraph) and block.text.startswith("{%p")


def _signs(block: Block) -> bool:
    """Whether a block is one that people sign in."""
    paragraphs = [p for row in block.rows for c in row for p in c.paragraphs] if isinstance(block, Table) else []
    return any(p.role == "Quyền hạn" for p in paragraphs)


def _kept(blocks: Sequence[Block]) -> list[Block]:
    """Mark what stays with what comes next: the words before a signature block, and what says that a list follows.

    The words before a table with lines leave room for its upper line.
    """
    out = [_leads(block) if isinstance(block, Paragraph) else block for block in blocks]
    ends = -1
    for number, before in _followed(blocks):
        block, ends = blocks[number], number
        if isinstance(block, Table):
            out = [_before_table(b, block) if at in before else b for at, b in enumerate(out)]
    return [
        _on_one_sheet(block, last=number == ends) if isinstance(block, Table) and _signs(block) else block
        for number, block in enumerate(out)
    ]


def _before_table(last: Block, table: Table) -> Block:
    if not isinstance(last, Paragraph):
        return last
    return replace(last, keep_next=last.keep_next or _signs(table), before_table=table.borders)


def _leads(paragraph: Paragraph) -> Paragraph:
    """Keep what ends with a colon on the sheet of what it says will follow."""
    words = TAG.sub(lambda tag: "" if tag.group().startswith("{%") else "x", paragraph.text).rstrip()
    return replace(paragraph, keep_next=paragraph.keep_next or words.endswith(":"))


def _followed(blocks: Sequence[Block]) -> Iterator[tuple[int, set[int]]]:
    """Each block that stays once the template is filled, and those of which one then stands just before it."""
    last: set[int] = set()
    inside: list[tuple[set[int], set[int]]] = []  # of each branching: what stands before it, the ends of its branches
    for number, block in enumerate(blocks):
        tag = _tag_name(block)
        if not tag:
            yield number, last
            last = {number}
        elif tag in ("if", "for"):
            inside.append((last, set()))
        elif inside and tag in ("else", "elif"):
            before, ends = inside.pop()
            inside.append((before if tag == "elif" else set(), ends | last))
            last = before
        elif inside and tag in ("endif", "endfor"):
            last = last.union(*inside.pop())


def _tag_name(block: Block) -> str:
    """What a paragraph that only holds a tag does: if, else, endif, for ...; empty for all else."""
    return block.text[4:].split()[0] if isinstance(block, Paragraph) and _only_tag(block) else ""


def _on_one_sheet(table: Table, last: bool) -> Table:
    """Return a signature block of which no row but the last may end a sheet.

    At the end of a paper none may: the tiny paragraph that Word asks for behind a table would get a sheet of its own.
    """
    kept = len(table.rows) - (not last)
    rows = [
        [replace(cell, paragraphs=tuple(replace(p, keep_next=True) for p in cell.paragraphs)) for cell in row]
        for row in table.rows[:kept]
    ]
    return replace(table, rows=[*rows, *table.rows[kept:]])


def _only_tag(block: Block) -> bool:
    return isinstance(block, Paragraph) and block.text.startswith("{%p ")


_FRAME = "".join(
    f'<w:{side} w:val="double" w:sz="6" w:space="{space}" w:color="auto"/>'
    for side, space in (("top", 14), ("left", 12), ("bottom", 14), ("right", 12))
)


def _section(turned: bool, page: Page, parts: int, framed: bool) -> str:
    """The page of a part; `parts` stand before it: each counts its pages from 1."""
    attributes = profiles.section_page(page)
    size, margins = (
        " ".join(f'w:{key}="{value}"' for key, value in attributes[tag].items()) for tag in ("pgSz", "pgMar")
    )
    orient = ' w:orient="landscape"' if turned else ""
    frame = f'<w:pgBorders w:offsetFrom="text">{_FRAME}</w:pgBorders>' if framed else ""
    numbered = '<w:pgNumType w:start="1"/>' if parts else ""
    return (
        f'<w:sectPr><w:headerReference w:type="default" r:id="rId4"/><w:pgSz {size}{orient}/><w:pgMar {margins}/>'
        f"{frame}{numbered}<w:titlePg/></w:sectPr>"
    )


def _paragraph_xml(paragraph: Paragraph) -> str:
    direct = f'<w:pStyle w:val="{profiles.style_id(paragraph.role)}"/>'
    direct += "<w:keepNext/>" if paragraph.keep_next else ""
    direct += "<w:pageBreakBefore/>" if paragraph.new_page else ""
    direct += f'<w:spacing w:after="{ABOVE_TABLE.twips}"/>' if paragraph.before_table else ""
    return f"<w:p><w:pPr>{direct}</w:pPr>{''.join(_run_xml(*run) for run in paragraph.runs)}</w:p>"


_DIRECT = {"b": "<w:b/><w:bCs/>", "i": "<w:i/><w:iCs/>", "u": '<w:u w:val="single"/>'}


def _run_xml(words: str, marks: str) -> str:
    named = PLACE.split(words)  # words, name, words ...
    texts = [_words_xml(part, marks) if part else "" for part in named[::2]]
    return "".join(map("".join, zip(texts, [*map(_place_xml, named[1::2]), ""], strict=True)))


def _place_xml(name: str) -> str:
    """A bookmark of no width. Its id comes from its name, so that it depends on nothing else."""
    number = zlib.crc32(name.encode()) & 0x7FFFFFFF
    return f'<w:bookmarkStart w:id="{number}" w:name="{name}"/><w:bookmarkEnd w:id="{number}"/>'


def _words_xml(words: str, marks: str) -> str:
    direct = "".join(_DIRECT[mark] for mark in marks)
    pieces = re.split(r"\s*(↵|⇥)\s*", words)
    text = "".join(
        {"↵": "<w:br/>", "⇥": "<w:tab/>"}.get(piece) or f'<w:t xml:space="preserve">{escape(piece)}</w:t>'
        for piece in pieces
        if piece
    )
    return f"<w:r>{f'<w:rPr>{direct}</w:rPr>' if direct else ''}{text}</w:r>"


def scaled(widths: Sequence[float], text_width: float) -> list[int]:
    """Return column widths in twips that fill `text_width` (mm) exactly.

    >>> scaled([1, 2], 30), sum(scaled([1, 1, 1], 165)) == Mm(165).twips
    ([567, 1134], True)
    """
    total, whole = sum(widths), Mm(text_width).twips
    edges = [round(whole * sum(widths[:n]) / total) for n in range(len(widths) + 1)]
    return [right - left for left, right in pairwise(edges)]


def _table_xml(table: Table, page: Page, frame: Frame) -> str:
    widths = scaled(table.widths, page.text_width)
    margin = table.margin.twips if table.borders else 0
    sides = "".join(f'<w:{side} w:w="{size}" w:type="dxa"/>' for side, size in (("left", margin), ("right", margin)))
    style = "DvkBang" if table.borders else "TableNormal"
    properties = (
        f'<w:tblPr><w:tblStyle w:val="{style}"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f'<w:tblInd w:w="{margin}" w:type="dxa"/>{f"<w:tblBorders>{_BORDERS}</w:tblBorders>" if table.borders else ""}'
        f'<w:tblLayout w:type="fixed"/><w:tblCellMar>{sides}</w:tblCellMar></w:tblPr>'
    )
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    rows = "".join(_row_xml(table, number, widths, frame) for number in range(len(table.rows)))
    return f"<w:tbl>{properties}<w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>"


def _row_xml(table: Table, number: int, widths: Sequence[int], frame: Frame) -> str:
    head = "<w:tblHeader/>" if number < table.head else ""
    height = f'<w:trHeight w:val="{Mm(table.heights[number]).twips}"/>' if number < len(table.heights) else ""
    cells, row = [], table.rows[number]
    for column, cell in enumerate(row):
        if cell.joins == LEFT:
            continue
        span = 1 + next((n for n, c in enumerate(row[column + 1 :]) if c.joins != LEFT), len(row) - column - 1)
        cells.append(_cell_xml(table, number, column, span, sum(widths[column : column + span]), frame))
    return f"<w:tr><w:trPr><w:cantSplit/>{height}{head}</w:trPr>{''.join(cells)}</w:tr>"


def _cell_xml(table: Table, number: int, column: int, span: int, width: int, frame: Frame) -> str:
    cell = table.rows[number][column]
    below = table.rows[number + 1][column].joins == ABOVE if number + 1 < len(table.rows) else False
    merge = "<w:vMerge/>" if cell.joins == ABOVE else '<w:vMerge w:val="restart"/>' if below else ""
    grid = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    middle = table.borders or (table.heights and table.lines == "khong")
    align = '<w:vAlign w:val="center"/>' if middle else ""
    framed = _framed(table, number, column, span, frame) if table.lines == "khung" else _open(table, number)
    paragraphs = cell.paragraphs or (Paragraph("Ô", ()),)
    text = "".join(_paragraph_xml(p) for p in paragraphs)
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{grid}{merge}{framed}{align}</w:tcPr>{text}</w:tc>'


def _open(table: Table, number: int) -> str:
    """No lines around the words that close a list."""
    paragraphs = table.rows[number][0].paragraphs
    if not table.borders or number + 1 < len(table.rows) or not paragraphs or paragraphs[0].role != "Ghi chú":
        return ""
    return '<w:tcBorders><w:left w:val="nil"/><w:bottom w:val="nil"/><w:right w:val="nil"/></w:tcBorders>'


def _framed(table: Table, number: int, column: int, span: int, frame: Frame) -> str:
    """The lines and the ground of one cell of a frame: the band around, and the line around what it holds.

    The inner line is given to the cells on both of its sides, since the ground of one may be painted over the other's.
    """
    rows, columns = len(table.rows), len(table.widths)
    last = column + span - 1
    outer = {"top": number == 0, "left": column == 0, "bottom": number == rows - 1, "right": last == columns - 1}
    if any(outer.values()):
        inside = 0 < number < rows - 1, column > 0 and last < columns - 1
        beside = {"top": number == rows - 1 and inside[1], "left": column == columns - 1 and inside[0]}
        beside |= {"bottom": number == 0 and inside[1], "right": last == 0 and inside[0]}
        widths = {side: frame.outer if outer[side] else frame.inner * beside[side] for side in outer}
        return _lines_of(widths, frame.color) + f'<w:shd w:val="clear" w:color="auto" w:fill="{frame.fill}"/>'
    inner = {"top": number == 1, "left": column == 1, "bottom": number == rows - 2, "right": last == columns - 2}
    return _lines_of({side: frame.inner * on for side, on in inner.items()}, frame.color)


def _lines_of(widths: Mapping[str, float], color: str) -> str:
    """The lines of a cell by side, in points; 0 is none."""
    line = 'w:val="single" w:sz="{}" w:space="0" w:color="{}"'
    drawn = (f"<w:{side} {line.format(round(width * 8), color)}/>" for side, width in widths.items() if width)
    return f"<w:tcBorders>{''.join(drawn)}</w:tcBorders>"


# --- the command that maintainers run -----------------------------------------------------------------------


def profile_of(stem: str) -> Profile:
    """The newest profile of the system that a template's name says: `giay-khen.nha-nuoc`; of the Party by default."""
    _, _, system = stem.partition(".")
    return profiles.newest(system.replace("-", "_") or "dang", profiles.load_all(RULES))


def build_all(sources: Path = SOURCES) -> dict[str, bytes]:
    """Return every template of a folder: stem -> DOCX. A fault names its file."""
    out, blocks = {}, blocks_in(sources / "khoi")
    for path in sorted(sources.glob("*.txt")):
        try:
            out[path.stem] = build(path.read_text(encoding="utf-8"), blocks=blocks, profile=profile_of(path.stem))
        except TemplateInvalid as error:
            named = (replace(p, place=replace(p.place, file=path.name, part=path.name)) for p in error.report)
            raise TemplateInvalid(Report.of(named)) from error
    return out


def main(arguments: Sequence[str]) -> int:
    """Build the templates, or with --check say which committed ones are not what their sources build."""
    try:
        made = build_all()
    except TemplateInvalid as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_status
    stale = [n for n, data in made.items() if not (p := BUILT / f"{n}.docx").is_file() or p.read_bytes() != data]
    if "--check" in arguments:
        extra = [path.name for path in sorted(BUILT.glob("*.docx")) if path.stem not in made]
        for name in [f"{n}.docx" for n in stale] + extra:
            sys.stderr.write(f"{name}: khác với bản dựng từ mã nguồn; hãy chạy make templates.\n")
        return 1 if stale or extra else 0
    BUILT.mkdir(parents=True, exist_ok=True)
    for name in stale:
        (BUILT / f"{name}.docx").write_bytes(made[name])
        sys.stdout.write(f"{name}.docx\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
