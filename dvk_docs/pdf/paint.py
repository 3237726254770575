"""Pages painted: the one module that knows reportlab.

Text is real text: one string for each stretch of one look, blanks widened by `Tw`, so that it can be searched and
copied. Same pages, same bytes.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import reportlab
from reportlab import rl_config
from reportlab.pdfbase import pdfdoc, pdfmetrics
from reportlab.pdfgen import canvas

from . import PRODUCER, dress
from .cutting import Cut, Type, kept_cut, stream
from .dress import About
from .fonts import Fonts
from .lines import HARD_BLANK, Bit, Gap, Image, Line, Word
from .pages import Page, Rule
from .truetype import Face

_LEADERS = {"dot": ".", "hyphen": "-", "underscore": "_", "middleDot": "·"}
_TOUCH = 1.0  # twips between two lines that are one
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Book:
    """What a reader shows beside the pages of a book; pages are counted from 0."""

    outline: tuple[tuple[str, int], ...] = ()  # bookmarks: title and page
    labels: tuple[tuple[int, str, str], ...] = ()  # page, style of the numbers from there on ("": none), prefix


def paint(pages: Sequence[Page], fonts: Fonts, about: About | None = None, book: Book | None = None) -> bytes:
    """The PDF of the pages, with empty signature fields where bookmarks ask for them: no clock, no unembedded font."""
    with _lock:  # reportlab keeps this switch for the whole process
        before, rl_config.useA85 = rl_config.useA85, 0
        try:
            return _paint(pages, fonts, about or About(), book or Book())
        finally:
            rl_config.useA85 = before


def _paint(pages: Sequence[Page], fonts: Fonts, about: About, book: Book) -> bytes:
    pdfmetrics.registerFont(_NoFont())
    first = _NoFont.fontName  # else reportlab puts an unembedded Helvetica into each file
    paper = canvas.Canvas(io.BytesIO(), pageCompression=1, invariant=1, lang=dress.LANGUAGE, initialFontName=first)
    types = {face: Type(face) for face in fonts.faces.values()}
    places = dress.fields(pages)
    for at, page in enumerate(pages):
        for place in places:
            if place.page == at:
                _leave_field(paper, place)
        _open_at(paper, book, at)
        _Sheet(paper, page, types).paint()
    _dress(paper._doc, about)
    return written(paper, [kind for kind in types.values() if kind.name])


# --- fonts -----------------------------------------------------------------------------------------------------------


class _NoFont:
    """Stands for the font that a canvas begins with."""

    fontName = "DvkNone"  # noqa: N815
    _dynamicFont = 1  # noqa: N815
    _multiByte = 0  # noqa: N815

    @property
    def face(self) -> Any:
        return pdfmetrics.TypeFace(self.fontName)


@lru_cache(maxsize=8)
def _whole(path: Path) -> Any:
    """A font file read to be cut."""
    from reportlab.pdfbase import ttfonts

    return ttfonts.TTFontFace(str(path))


def _cut(face: Face, letters: Sequence[int], number: int) -> Cut:
    """A face cut to `letters`; of several subsets in one document each has its own number."""
    from reportlab.pdfbase import ttfonts

    whole = _whole(face.path)
    name = (ttfonts.SUBSETN(number) + b"+" + whole.name).decode("latin-1")
    program = bytes(whole.makeSubset(letters))
    described = {
        "Ascent": whole.ascent,
        "CapHeight": whole.capHeight,
        "Descent": whole.descent,
        "Flags": whole.flags & ~ttfonts.FF_NONSYMBOLIC | ttfonts.FF_SYMBOLIC,
        "FontBBox": pdfdoc.PDFArray(whole.bbox),
        "FontName": pdfdoc.PDFName(name),
        "ItalicAngle": whole.italicAngle,
        "MissingWidth": whole.defaultWidth,
        "StemV": whole.stemV,
        "Type": pdfdoc.PDFName("FontDescriptor"),
    }
    font = {
        "BaseFont": pdfdoc.PDFName(name),
        "FirstChar": 0,
        "LastChar": len(letters) - 1,
        "Subtype": pdfdoc.PDFName("TrueType"),
        "Type": pdfdoc.PDFName("Font"),
        "Widths": pdfdoc.PDFArray([whole.getCharWidth(letter) for letter in letters]),
    }
    return Cut(
        stream(program, b" /Length1 %d" % len(program)),
        stream(ttfonts.makeToUnicodeCMap(name, letters).encode("ascii")),
        _open(described) + b" /FontFile2 ",
        _open(font),
    )


def _open(entries: dict[str, object]) -> bytes:
    return bytes(pdfdoc.PDFDictionary(entries).format(pdfdoc.DummyDoc())).removesuffix(b"\n>>")


@lru_cache(maxsize=8)
def _fixed(face: Face, letters: tuple[int, ...]) -> Cut:
    return kept_cut(face, letters, 0, _cut, f"reportlab {reportlab.Version}")


class _Ready(pdfdoc.PDFObject):  # type: ignore[misc]
    """An object that is already written, but for its references to others."""

    def __init__(self, *parts: Any) -> None:
        self.parts = parts

    def format(self, document: Any) -> bytes:
        return b"".join(part if isinstance(part, bytes) else part.format(document) for part in self.parts)


def _add_fonts(document: Any, kind: Type) -> None:
    """The objects of a face: a font for each of its subsets."""
    for number, letters in enumerate(kind.subsets):
        cut = _cut(kind.face, letters, number) if number else _fixed(kind.face, tuple(letters))
        name = f"{kind.name}+{number}"
        program = document.Reference(_Ready(cut.program), f"program:{name}")
        descriptor = document.Reference(_Ready(cut.descriptor, program, b"\n>>"), f"descriptor:{name}")
        to_text = document.Reference(_Ready(cut.to_text), f"toText:{name}")
        head = cut.font + f" /Name /{name} /FontDescriptor ".encode()
        font = document.Reference(_Ready(head, descriptor, b" /ToUnicode ", to_text, b"\n>>"), name)
        document.idToObject["BasicFonts"].dict[name] = font


# --- the file --------------------------------------------------------------------------------------------------------


def _open_at(paper: canvas.Canvas, book: Book, at: int) -> None:
    """The bookmarks and the label that begin at the page that is being painted."""
    for number, (title, page) in enumerate(book.outline):
        if page == at:
            paper.bookmarkPage(f"phan{number}")
            paper.addOutlineEntry(title, f"phan{number}")
            paper.showOutline()
    for page, style, prefix in book.labels:
        if page == at:
            paper.addPageLabel(at, style or None, 1 if style else None, prefix or None)


def _leave_field(paper: canvas.Canvas, place: dress.Field) -> None:
    """An empty signature field on the page that is being painted. It has an appearance, as PDF/A asks, of nothing."""
    left, foot, right, top = map(number, place.box)
    room = f"[0 0 {number(place.box[2] - place.box[0])} {number(place.box[3] - place.box[1])}]"
    nothing = {"Type": "/XObject", "Subtype": "/Form", "BBox": room, "Resources": "<< >>"}
    document = paper._doc
    look = document.Reference(pdfdoc.PDFStream(pdfdoc.PDFDictionary(nothing), b"", []))
    widget = {
        "Type": "/Annot",
        "Subtype": "/Widget",
        "FT": "/Sig",
        "T": pdfdoc.PDFString(place.name),
        "TU": pdfdoc.PDFString(place.label),
        "F": 4,  # to be printed
        "Rect": f"[{left} {foot} {right} {top}]",
        "P": document.thisPageRef(),
        "AP": pdfdoc.PDFDictionary({"N": look}),
    }
    paper._addAnnotation(pdfdoc.PDFDictionary(widget), place.name)
    form = getattr(document.Catalog, "AcroForm", None)
    if form is None:
        form = document.Catalog.AcroForm = pdfdoc.PDFDictionary({"Fields": pdfdoc.PDFArray([])})
    form["Fields"].sequence.append(document.refAnnotation(place.name))


def _dress(document: Any, about: About) -> None:
    """Say what the file is: its properties twice, its language, its colours."""
    known = {"Title": about.title, "Author": about.author, "Producer": PRODUCER}
    document.info = pdfdoc.PDFDictionary({k: pdfdoc.PDFString(v) for k, v in known.items() if v})
    entries = pdfdoc.PDFDictionary({"Type": "/Metadata", "Subtype": "/XML"})
    colors = document.Reference(_Ready(_colors()))
    intent = b"[<< /Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (sRGB) /Info (sRGB) /DestOutputProfile "
    catalog = document.Catalog
    catalog.__NoDefault__ = [*catalog.__NoDefault__, "OutputIntents"]
    catalog.OutputIntents = _Ready(intent, colors, b" >>]")
    catalog.Metadata = pdfdoc.PDFStream(entries, dress.xmp(about, PRODUCER), [])
    catalog.MarkInfo = _Ready(b"<< /Marked false >>")
    if about.title:
        catalog.ViewerPreferences = _Ready(b"<< /DisplayDocTitle true >>")


@cache
def _colors() -> bytes:
    return stream(dress.srgb(), b" /N 3")


def written(paper: canvas.Canvas, types: Sequence[Type]) -> bytes:
    """The file, sealed. As reportlab writes it, but for the line end that PDF/A asks for before `endstream`."""
    document = paper._doc
    for kind in types:
        _add_fonts(document, kind)
    root, info = document.Reference(document.Catalog), document.Reference(document.info)
    document.Outlines.prepare(document, paper)
    if document.Outlines.ready < 0:
        document.Catalog.Outlines = None
    out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    offsets: list[int] = []
    while len(offsets) + 1 in document.numberToId:  # more of them come up while these are written
        offsets.append(len(out))
        name = document.numberToId[len(offsets)]
        thing = document.idToObject[name]
        text, end = pdfdoc.PDFIndirectObject(name, thing).format(document), b"endstream\nendobj\n"
        bare = text.endswith(end) and not isinstance(thing, _Ready)
        out += text.removesuffix(end) + b"\n" + end if bare else text
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(offsets) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    ends = (len(offsets) + 1, root.format(document), info.format(document), dress.UNSEALED, table)
    out += b"trailer\n<< /Size %d /Root %s /Info %s\n%s >>\nstartxref\n%d\n%%%%EOF\n" % ends
    return dress.sealed(bytes(out))


# --- pages -----------------------------------------------------------------------------------------------------------


def number(value: float) -> str:
    """A number as PDF writes it: at most three places, no exponent.

    >>> number(12.0), number(0.12345), number(-0.0001)
    ('12', '0.123', '0')
    """
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _finish(made: Any, *, plain: bool) -> None:
    """Say of a page what reportlab would, in fewer words; `plain` where it shows nothing but text and lines."""
    made.Contents = _Ready(stream(made.stream.encode("latin-1")))  # codes of letters, not text
    made.MediaBox = _Ready(f"[0 0 {number(made.pagewidth)} {number(made.pageheight)}]".encode())
    made.Trans = made.Rotate = None
    if plain:
        made.Resources = _Ready(b"<< /Font ", pdfdoc.PDFObjectReference("BasicFonts"), b" >>")


@dataclass(slots=True)
class Stretch:
    """Letters of one look that are drawn in one go; points from the left edge."""

    word: Word  # its first: the look of all
    parts: list[str]
    x: float
    stretch: float  # points added to each blank
    width: float  # without what the blanks are stretched by; of a line of one look only where a stroke needs it

    @property
    def words(self) -> str:
        return "".join(self.parts)


def _of_one_look(line: Line, x: float) -> Stretch | None:
    """A line of words that all look the same, as most do, in one go."""
    first = line.bits[0] if line.bits else None
    if not isinstance(first, Word):
        return None
    look = first.look
    words = [bit.words for bit in line.bits if isinstance(bit, Word) and bit.look is look]
    if len(words) < len(line.bits) or HARD_BLANK in words:
        return None
    text = "".join(words)
    width = sum([bit.width / 20 for bit in line.bits]) if look.underline or look.strike else 0.0
    return Stretch(first, [text.rstrip(" ") or text], x, line.stretch / 20, width)


def _says(line: Line) -> bool:
    """Whether a line has words: that of an empty cell has none."""
    return any(isinstance(bit, Word) and not bit.blank for bit in line.bits)


def _goes_back(this: tuple[float, float, Line], following: tuple[float, float, Line]) -> bool:
    """Whether the next line is painted at the left of this one and about as high, as under a heading of two rows.

    A reader that goes by height takes the two for one line; a blank must part them.
    """
    size = max((bit.size for bit in this[2].bits if isinstance(bit, Word)), default=0.0)
    return following[0] + following[2].left < this[0] + this[2].left and abs(following[1] - this[1]) < size * 20


def joined(rules: Iterable[Rule]) -> list[Rule]:
    """The rules, those of one line that touch and look alike made one.

    Each cell has lines of its own: neighbours share the one between them, and where two ends only meet, a screen shows
    a pale seam.
    """
    lines: dict[tuple[bool, float, float, str], list[Rule]] = {}
    for rule in rules:
        upright = rule.x1 == rule.x2
        at = round(rule.x1 if upright else rule.y1, 1)
        lines.setdefault((upright, at, rule.width, rule.color), []).append(rule)
    return [rule for (upright, *_), line in lines.items() for rule in _of_one_line(line, upright)]


def _of_one_line(rules: list[Rule], upright: bool) -> list[Rule]:
    ends = sorted((min(e), max(e)) for e in ((r.y1, r.y2) if upright else (r.x1, r.x2) for r in rules))
    parts = [ends[0]]
    for start, end in ends[1:]:
        if start > parts[-1][1] + _TOUCH:
            parts.append((start, end))
        else:
            parts[-1] = (parts[-1][0], max(parts[-1][1], end))
    if upright:
        return [replace(rules[0], y1=start, y2=end) for start, end in parts]
    return [replace(rules[0], x1=start, x2=end) for start, end in parts]


@dataclass(slots=True)
class _Pen:
    """What the text state of the page holds now."""

    blank: float = 0.0
    spacing: float = 0.0
    color: str = ""
    font: tuple[str, float] = ("", 0.0)
    code: list[str] = field(default_factory=list)


class _Sheet:
    """One page on the canvas."""

    def __init__(self, paper: Any, page: Page, types: dict[Face, Type]) -> None:
        self.paper = paper
        self.page = page
        self.types = types
        self.height = page.section.height / 20
        self.pen = _Pen()
        self.rules: list[Rule] = list(page.rules)
        self.images: list[tuple[Image, float, float]] = []

    def paint(self) -> None:
        self.paper.setPageSize((self.page.section.width / 20, self.height))
        self._fills()
        spoken = [text for text in self.page.texts if _says(text[2])]
        following = dict(zip(map(id, spoken), spoken[1:], strict=False))
        for text in self.page.texts:
            x, base, line = text
            y = self.height - base / 20
            stretches = list(self._stretches(line, x, y))
            if stretches and id(text) in following and _goes_back(text, following[id(text)]):
                stretches[-1].parts = [*stretches[-1].parts, " "]
            for stretch in stretches:
                self._text(stretch, y)
        self._end_text()
        self._lines()
        for image, x, y in self.images:
            reader = canvas.ImageReader(io.BytesIO(image.picture.data))
            self.paper.drawImage(reader, x, y, image.width / 20, image.height / 20, mask="auto")
        self.paper.showPage()
        _finish(self.paper._doc.Pages.pages[-1], plain=not self.images)

    # --- text

    def _stretches(self, line: Line, column: float, y: float) -> Iterator[Stretch]:
        """The words of a line joined where they look the same; leaders of tabs are letters too."""
        x, look, extra = (column + line.left) / 20, None, 0.0
        whole = _of_one_look(line, x)
        if whole is not None:
            yield whole
            return
        gaps = [place for place, bit in enumerate(line.bits) if isinstance(bit, Gap)]
        last_gap = gaps[-1] if gaps else -1
        now: Stretch | None = None
        for place, bit in enumerate(line.bits):
            if not isinstance(bit, Word):
                if now is not None:
                    yield now
                now = None
                yield from self._leader(bit, x)
                x = self._past(bit, x, y)
                continue
            words, width = bit.words, bit.width / 20
            # a hard blank is drawn as a blank, so it must not stand where blanks are widened
            wanted = line.stretch / 20 if place > last_gap and words != HARD_BLANK else 0.0
            if now is not None and bit.look is look and wanted == extra:
                now.parts.append(words)
                now.width += width
            else:
                if now is not None:
                    yield now
                look, extra = bit.look, wanted
                now = Stretch(bit, [words], x, extra, width)
            x += width + (extra * len(words) if bit.blank else 0.0)
        if now is not None:
            words = now.words.rstrip(" ")
            now.parts = [words] if words else now.parts
            yield now

    def _past(self, bit: Bit, x: float, y: float) -> float:
        if isinstance(bit, Image):
            self.images.append((bit, x, y))
        return x + bit.width / 20

    def _leader(self, bit: Bit, x: float) -> Iterator[Stretch]:
        letter = _LEADERS.get(bit.leader) if isinstance(bit, Gap) else None
        if not isinstance(bit, Gap) or letter is None or bit.width <= 0:
            return
        width = bit.face.widths[ord(letter)] * bit.look.size * 20
        words = letter * int(bit.width / width)
        if words:
            word = Word(bit.face, bit.look.size, words, bit.look, width * len(words))
            yield Stretch(word, [words], x, 0.0, word.width / 20)

    def _text(self, stretch: Stretch, y: float) -> None:
        word, look = stretch.word, stretch.word.look
        y += look.raised + {"superscript": look.size * 0.33, "subscript": look.size * -0.08}.get(look.vertical, 0.0)
        self._set_state(stretch)
        kind = self.types[word.face]
        kind.name = kind.name or f"F{1 + sum(bool(other.name) for other in self.types.values())}"
        start = f"1 0 0 1 {number(stretch.x)} {number(y)} Tm "
        for subset, letters in kind.coded(stretch.words):
            self._set_font(f"/{kind.name}+{subset}", word.size)
            self.pen.code.append(f"{start}({letters}) Tj")
            start = ""  # the pen goes on by itself
        if look.underline or look.strike:
            width = stretch.width + stretch.stretch * stretch.words.count(" ")
            self._strokes(stretch, y, width)

    def _set_state(self, stretch: Stretch) -> None:
        pen, look = self.pen, stretch.word.look
        spacing = look.spacing / 20
        color = "" if look.color == "000000" else look.color
        if spacing != pen.spacing:
            pen.spacing = spacing
            pen.code.append(f"{number(spacing)} Tc")
        if stretch.stretch != pen.blank:
            pen.blank = stretch.stretch
            pen.code.append(f"{number(stretch.stretch)} Tw")
        if color != pen.color:
            pen.color = color
            pen.code.append(f"{_rgb(color)} rg")

    def _set_font(self, name: str, size: float) -> None:
        if self.pen.font != (name, size):
            self.pen.font = (name, size)
            self.pen.code.append(f"{name} {number(size)} Tf")

    def _strokes(self, stretch: Stretch, y: float, width: float) -> None:
        size, look = stretch.word.size, stretch.word.look
        blanks = len(stretch.words) - len(stretch.words.rstrip(" "))
        for wanted, up in ((look.underline, -0.1), (look.strike, 0.25)):
            if wanted and blanks < len(stretch.words):
                at = (self.height - y - up * size) * 20
                left = stretch.x * 20
                self.rules.append(Rule(left, at, left + width * 20, at, size * 20 * 0.05, look.color))

    def _end_text(self) -> None:
        if self.pen.code:
            ends = (["0 Tw"] if self.pen.blank else []) + (["0 Tc"] if self.pen.spacing else [])
            self.paper._code += ["BT", *self.pen.code, *ends, "ET"]

    # --- lines and fields of colour

    def _lines(self) -> None:
        if not self.rules:
            return
        code, width, color = ["q"], -1.0, "none"
        for rule in joined(self.rules):
            if rule.width != width:
                width = rule.width
                code.append(f"{number(width / 20)} w")
            if rule.color.replace("000000", "") != color:
                color = rule.color.replace("000000", "")
                code.append(f"{_rgb(color)} RG")
            start = f"{number(rule.x1 / 20)} {number(self.height - rule.y1 / 20)} m"
            code.append(f"{start} {number(rule.x2 / 20)} {number(self.height - rule.y2 / 20)} l S")
        self.paper._code += [*code, "Q"]

    def _fills(self) -> None:
        for fill in self.page.fills:
            box = (fill.x / 20, self.height - (fill.y + fill.height) / 20, fill.width / 20, fill.height / 20)
            self.paper._code.append(f"q {_rgb(fill.color)} rg {' '.join(map(number, box))} re f Q")


def is_picture(data: bytes) -> bool:
    """Whether `data` is a picture that can be painted, to its last pixel."""
    try:
        canvas.ImageReader(io.BytesIO(data)).getRGBData()
    except Exception:  # whatever the many readers of pictures raise for a broken one
        return False
    return True


def _rgb(color: str) -> str:
    """RRGGBB as three parts of one; "" is black."""
    if len(color) != 6:
        return "0 0 0"
    return " ".join(number(int(color[i : i + 2], 16) / 255) for i in (0, 2, 4))
