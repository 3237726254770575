"""PDFs that others made, scans and signed papers: read without trust, and laid under pages of ours.

The one module that knows pypdf. A page of such a file is taken as it looks, turned and cropped, with the stamps and
signatures that stand in its annotations; its own bytes are never written to. A file that cannot be taken whole is
refused with its name.
"""

from __future__ import annotations

import hashlib
import io
import logging
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, count
from pathlib import PurePath
from typing import Any

from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    RectangleObject,
    StreamObject,
    TextStringObject,
)

from dvk_docs.errors import Place, SourceInvalid

from .dress import UNSEALED, sealed

LARGEST = 300_000_000  # bytes of one file
LONGEST = 3_000  # pages of one file
WIDEST = 14_400.0  # points of one side: 5 m, the limit of ISO 32000
_SIGNED = re.compile(rb"/ByteRange\s*\[")
_HIDDEN = 2 | 32  # annotation flags Hidden and NoView (ISO 32000-1, 12.5.3)
_UNSEEN = ("/Link", "/Popup")  # annotations without a look of their own
logging.getLogger("pypdf").addHandler(logging.NullHandler())  # what it finds odd is no news for the user


@dataclass(frozen=True)
class Foreign:
    """A PDF that was not made here."""

    name: str  # of the file
    data: bytes
    sizes: tuple[tuple[float, float], ...]  # width and height of each page as it is shown, points
    signed: bool  # by a digital signature
    unembedded: tuple[str, ...] = ()  # fonts that are named but not in the file

    @property
    def count(self) -> int:
        return len(self.sizes)

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


def is_signed(data: bytes) -> bool:
    """Whether a PDF carries a digital signature: its dictionary may never be compressed (ISO 32000-1, 12.8.1)."""
    return _SIGNED.search(data) is not None


def read(name: str, data: bytes) -> Foreign:
    """The pages of a PDF; raise `SourceInvalid` naming the file where it cannot be taken whole."""
    if len(data) > LARGEST:
        raise refused(name, "quá lớn", f"tệp nặng {len(data) // 1_000_000} MB, nhiều nhất là {LARGEST // 1_000_000} MB")
    if b"%PDF-" not in data[:1024]:
        raise refused(name, "không phải là tệp PDF", "tệp trống" if not data else "nội dung không bắt đầu bằng %PDF")
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted:
            raise refused(name, "có đặt mật khẩu", "hãy lưu lại bản không đặt mật khẩu")
        if len(reader.pages) > LONGEST:
            raise refused(name, "quá dài", f"{len(reader.pages)} trang, nhiều nhất là {LONGEST} trang")
        sizes = tuple(_Seen(page).size for page in reader.pages)
        fonts = tuple(sorted({font for page in reader.pages for font in _unembedded(page)}))
    except SourceInvalid:
        raise
    except Exception as error:  # what a broken file makes a reader raise has no end
        raise refused(name, "bị hỏng", "hãy quét hoặc lưu lại tệp") from error
    if not sizes:
        raise refused(name, "không có trang nào", "hãy quét hoặc lưu lại tệp")
    if any(not 1 <= side <= WIDEST for size in sizes for side in size):
        raise refused(name, "có trang khổ bất thường", "mỗi cạnh phải dài từ 1 point đến 5 m")
    return Foreign(name, data, sizes, is_signed(data), fonts)


def refused(name: str, what: str, way: str) -> SourceInvalid:
    return SourceInvalid(f"Tệp {name} {what} nên không đóng quyển được: {way}.", "pdf_unusable", Place(file=name))


def _unembedded(page: Any) -> Iterator[str]:
    """The fonts of a page, those of its stamps left out, that the reader's machine must have."""
    resources = page.get("/Resources", DictionaryObject()).get_object()
    for reference in resources.get("/Font", DictionaryObject()).get_object().values():
        font = reference.get_object()
        inner = font["/DescendantFonts"].get_object()[0].get_object() if "/DescendantFonts" in font else font
        look = inner.get("/FontDescriptor", DictionaryObject()).get_object()
        if font.get("/Subtype") != "/Type3" and not {"/FontFile", "/FontFile2", "/FontFile3"} & set(look):
            yield str(font.get("/BaseFont", "/?"))[1:]


# --- one page as it is seen ------------------------------------------------------------------------------------------


class _Seen:
    """A page as a reader shows it: cropped, turned, its annotations painted."""

    def __init__(self, page: Any) -> None:
        self.page = page
        box, whole = _upright(page.cropbox), _upright(page.mediabox)
        self.left, self.foot = max(box[0], whole[0]), max(box[1], whole[1])
        self.right, self.top = min(box[2], whole[2]), min(box[3], whole[3])
        self.turned = int(page.get("/Rotate", 0) or 0) % 360
        self.unit = float(page.get("/UserUnit", 1))
        self.content = self._content()

    @property
    def size(self) -> tuple[float, float]:
        across, up = (self.right - self.left) * self.unit, (self.top - self.foot) * self.unit
        return (up, across) if self.turned in (90, 270) else (across, up)

    def _content(self) -> bytes:
        contents = self.page.get("/Contents")
        contents = None if contents is None else contents.get_object()
        parts = contents if isinstance(contents, ArrayObject) else [contents]
        streams = [part.get_object() for part in parts if part is not None]
        return b"\n".join(stream.get_data() for stream in streams if isinstance(stream, StreamObject))

    def matrix(self) -> list[float]:
        """From the page's own coordinates to those of a page that is shown upright from (0, 0)."""
        turns = {
            0: (1, 0, 0, 1, -self.left, -self.foot),
            90: (0, -1, 1, 0, -self.foot, self.right),
            180: (-1, 0, 0, -1, self.right, self.top),
            270: (0, 1, -1, 0, self.top, -self.left),
        }
        return [value * self.unit for value in turns[self.turned]]

    def form(self, writer: PdfWriter) -> StreamObject:
        """The page as a form: its content, and over it each annotation that has a look."""
        box = [self.left, self.foot, self.right, self.top]
        inner = _form(writer, self.content, box, self.page.get("/Resources"), group=self.page.get("/Group"))
        inside: dict[str, Any] = {"/Page": inner}
        code = [b"/Page Do"]
        for number, (look, place) in enumerate(_looks(self.page)):
            inside[f"/A{number}"] = look.clone(writer)
            code.append(b"q %s cm /A%d Do Q" % (" ".join(map(_number, place)).encode(), number))
        names = {NameObject(name): _reference(writer, form) for name, form in inside.items()}
        resources = DictionaryObject({NameObject("/XObject"): DictionaryObject(names)})
        return _form(writer, b"\n".join(code), box, resources, self.matrix())


def _upright(box: Iterable[Any]) -> tuple[float, float, float, float]:
    """Left, foot, right and top of a box, which any two opposite corners may name (ISO 32000-1, 7.9.5)."""
    x1, y1, x2, y2 = map(float, box)
    return min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)


def _looks(page: Any) -> Iterator[tuple[StreamObject, list[float]]]:
    """The look of each annotation that is shown, and the matrix that sets it in its place (ISO 32000-1, 12.5.5)."""
    annotations: Any = page.get("/Annots", ArrayObject()).get_object()
    for reference in annotations or ():
        annotation = reference.get_object()
        if not isinstance(annotation, DictionaryObject) or annotation.get("/Subtype") in _UNSEEN:
            continue
        look = annotation.get("/AP", DictionaryObject()).get_object().get("/N")
        look = None if look is None else look.get_object()
        if isinstance(look, DictionaryObject) and not isinstance(look, StreamObject):
            look = look.get(annotation.get("/AS", "/Off"))
            look = None if look is None else look.get_object()
        if isinstance(look, StreamObject) and "/Rect" in annotation and not int(annotation.get("/F", 0)) & _HIDDEN:
            rect: Any = annotation["/Rect"]
            place = _placed(look, [float(x) for x in rect])
            if place is not None:
                yield look, place


def _placed(look: StreamObject, rect: Sequence[float]) -> list[float] | None:
    x1, y1, x2, y2 = (float(x) for x in look.get("/BBox", (0, 0, 0, 0)))
    a, b, c, d, e, f = (float(x) for x in look.get("/Matrix", (1, 0, 0, 1, 0, 0)))
    xs = [a * x + c * y + e for x in (x1, x2) for y in (y1, y2)]
    ys = [b * x + d * y + f for x in (x1, x2) for y in (y1, y2)]
    left, right = sorted((rect[0], rect[2]))
    foot, top = sorted((rect[1], rect[3]))
    if max(xs) <= min(xs) or max(ys) <= min(ys) or right <= left or top <= foot:
        return None  # an empty field
    wide, high = (right - left) / (max(xs) - min(xs)), (top - foot) / (max(ys) - min(ys))
    return [wide, 0, 0, high, left - min(xs) * wide, foot - min(ys) * high]


def _number(value: float) -> str:
    return f"{value:.5f}".rstrip("0").rstrip(".") or "0"


def _form(
    writer: PdfWriter,
    code: bytes,
    box: Sequence[float],
    resources: Any,
    matrix: Sequence[float] = (),
    group: Any = None,
) -> StreamObject:
    plain = DecodedStreamObject()
    plain.set_data(code)
    form = plain.flate_encode(9)
    form[NameObject("/Type")], form[NameObject("/Subtype")] = NameObject("/XObject"), NameObject("/Form")
    form[NameObject("/BBox")] = RectangleObject(tuple(box))
    own = DictionaryObject() if resources is None else resources.get_object()
    form[NameObject("/Resources")] = own.clone(writer)
    if matrix:
        form[NameObject("/Matrix")] = ArrayObject(FloatObject(_number(x)) for x in matrix)
    if group is not None:
        form[NameObject("/Group")] = group.get_object().clone(writer)
    return form


def _reference(writer: PdfWriter, thing: Any) -> Any:
    known = getattr(thing, "indirect_reference", None)
    return known if known is not None and known.pdf is writer else writer._add_object(thing)


# --- a book that holds such pages ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Slot:
    """A page of ours that waits for a page of another's file to be laid under it; both counted from 0."""

    at: int
    file: Foreign
    page: int


def laid_under(book: bytes, slots: Sequence[Slot], attached: Iterable[Foreign] = ()) -> bytes:
    """Our book with the pages of others under its own, and files attached to it, untouched: same input, same bytes.

    Raise `SourceInvalid` naming the file of a page that cannot be taken over.
    """
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(book)))
    readers: dict[str, PdfReader] = {}
    for slot in slots:
        key = slot.file.sha256
        try:
            readers[key] = readers.get(key) or PdfReader(io.BytesIO(slot.file.data))
            _lay_under(writer, writer.pages[slot.at], _Seen(readers[key].pages[slot.page]))
        except Exception as error:  # a fault in what a page only names is found when that is copied
            raise refused(slot.file.name, "bị hỏng", f"trang {slot.page + 1}; hãy quét hoặc lưu lại tệp") from error
    _attach(writer, attached)
    for _ in range(3):  # what a font names becomes one before the font does: file, descriptor, font
        writer.compress_identical_objects(remove_duplicates=True, remove_unreferenced=True)
    writer.pdf_header, writer._ID = "%PDF-1.7", None
    out = io.BytesIO()
    writer.write(out)
    body, end, tail = out.getvalue().rpartition(b">>\nstartxref")
    return sealed(body + UNSEALED + b"\n" + end + tail)


def _lay_under(writer: PdfWriter, page: Any, seen: _Seen) -> None:
    form = writer._add_object(seen.form(writer))
    resources = page["/Resources"].get_object()
    own = DictionaryObject(resources.items())  # one of its own: the pages of a book may share theirs
    own[NameObject("/XObject")] = DictionaryObject({NameObject("/Under"): form})
    page[NameObject("/Resources")] = own
    under = DecodedStreamObject()
    under.set_data(b"q /Under Do Q\n")
    contents = page.get("/Contents")
    above = [] if contents is None else [contents.indirect_reference or writer._add_object(contents)]
    page[NameObject("/Contents")] = ArrayObject([writer._add_object(under), *above])


def _attach(writer: PdfWriter, files: Iterable[Foreign]) -> None:
    """Files kept in the book as they are (ISO 32000-1, 7.11.4), by name."""
    names: list[Any] = []
    specs: list[Any] = []
    for name, file in sorted(_by_name(files).items()):
        spec = writer._add_object(_file_spec(writer, file, name))
        names += [TextStringObject(name), spec]
        specs.append(spec)
    if specs:
        tree = writer._add_object(DictionaryObject({NameObject("/Names"): ArrayObject(names)}))
        root = writer._root_object
        known = root.get("/Names", DictionaryObject()).get_object()
        known[NameObject("/EmbeddedFiles")] = tree
        root[NameObject("/Names")] = known
        root[NameObject("/AF")] = ArrayObject(specs)


def _by_name(files: Iterable[Foreign]) -> dict[str, Foreign]:
    """Each file once, under a name of its own: those of one name in two folders are `ban-ky.pdf`, `ban-ky (2).pdf`."""
    found: dict[str, Foreign] = {}
    for file in {f.sha256: f for f in files}.values():
        path = PurePath(file.name)
        others = (f"{path.stem} ({number}){path.suffix}" for number in count(2))
        found[next(name for name in chain([file.name], others) if name not in found)] = file
    return found


def _file_spec(writer: PdfWriter, file: Foreign, name: str) -> DictionaryObject:
    plain = DecodedStreamObject()
    plain.set_data(file.data)
    stream = plain.flate_encode(9)
    check = ByteStringObject(hashlib.md5(file.data, usedforsecurity=False).digest())
    words: Mapping[str, Any] = {"/Size": NumberObject(len(file.data)), "/CheckSum": check}
    stream[NameObject("/Type")], stream[NameObject("/Subtype")] = (
        NameObject("/EmbeddedFile"),
        NameObject("/application/pdf"),
    )
    stream[NameObject("/Params")] = DictionaryObject({NameObject(k): v for k, v in words.items()})
    reference = writer._add_object(stream)
    ends = DictionaryObject({NameObject("/F"): reference, NameObject("/UF"): reference})
    spec: Mapping[str, Any] = {
        "/Type": NameObject("/Filespec"),
        "/F": TextStringObject(name),
        "/UF": TextStringObject(name),
        "/EF": ends,
        "/AFRelationship": NameObject("/Source"),
        "/Desc": TextStringObject("Bản gốc có chữ ký số"),
    }
    return DictionaryObject({NameObject(k): v for k, v in spec.items()})
