"""The parts and paragraphs of a template, read so that one fault does not hide the next.

`package.unpack` refuses a template at its first fault; here the rest of it is read all the same, without trust, so that
all faults can be named at once.
"""

from __future__ import annotations

import io
import re
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dvk_docs.compiling import paragraphs
from dvk_docs.errors import Place, Problem, Severity, TemplateInvalid
from dvk_docs.package import DOCUMENT, MAX_BYTES, MAX_MEMBERS, unpack
from dvk_docs.profiles import own_texts, parse, w

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

CORE = "docProps/core.xml"
MERGED = re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml")  # the parts that are rendered
_UNREADABLE = ("not_docx", "too_large")
_SPOILT = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, RuntimeError, OSError, ValueError, LookupError)
_NEAR = 25  # characters each side of a tag


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph of a part: its place in words, its text (NFC) and its element."""

    part: str
    where: str
    text: str
    element: Element

    def problem(
        self, code: str, message: str, hint: str = "", severity: Severity = "loi", at: tuple[int, int] | None = None
    ) -> Problem:
        """A problem of this line; `at` is the span of the text that it is about."""
        start, end = at or (0, 0)
        words = self.text[max(0, start - _NEAR) : (end + _NEAR) if at else 60].strip()
        return Problem(Place(part=self.part, where=self.where, words=words), code, severity, message, hint)


@dataclass(frozen=True, slots=True)
class Part:
    """A part that is rendered: its root and its paragraphs in order."""

    name: str
    root: Element
    lines: tuple[Line, ...]


def members(docx: bytes) -> tuple[dict[str, bytes], list[Problem]]:
    """Return the members of `docx` and what `unpack` refuses of it; no members where it cannot be read at all."""
    try:
        return unpack(docx), []
    except TemplateInvalid as error:
        found = list(error.report)
        return ({} if found[0].code in _UNREADABLE else _untrusted(docx)), found
    except _SPOILT:
        return {}, [_spoilt()]


def _spoilt() -> Problem:
    hint = "Hãy mở bằng Word và lưu lại ở dạng Word Document (.docx)."
    return Problem(Place(), "not_docx", "loi", "Tệp mẫu không phải tệp Word .docx hoặc đã hỏng.", hint)


def _untrusted(docx: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(docx)) as archive:
            infos = [i for i in archive.infolist() if not i.is_dir()]
            if len(infos) > MAX_MEMBERS or sum(i.file_size for i in infos) > MAX_BYTES:
                return {}
            return {i.filename: archive.read(i) for i in infos}
    except _SPOILT:
        return {}


def parse_all(parts: Mapping[str, bytes]) -> tuple[dict[str, Element], list[Problem]]:
    """Return the root of each XML part and relation; a part that is broken or declares a DTD is named and left out."""
    roots, found = {}, []
    for name, data in parts.items():
        if not name.endswith((".xml", ".rels")) or b"<!DOCTYPE" in data:
            continue
        try:
            roots[name] = parse(name, data)
        except TemplateInvalid as error:
            found += list(error.report)
    return roots, found


def merged_parts(roots: Mapping[str, Element]) -> list[Part]:
    """Return the parts that are rendered, the document first."""
    names = sorted((n for n in roots if MERGED.fullmatch(n)), key=lambda n: (n != DOCUMENT, n))
    parts = [Part(name, roots[name], tuple(_lines(name, roots[name]))) for name in names]
    return [*parts, Part(CORE, roots[CORE], tuple(_properties(roots[CORE])))] if CORE in roots else parts


def _properties(root: Element) -> Iterator[Line]:
    """Yield the properties of the file (title, subject) that hold text."""
    for element in root:
        if local(element) and element.text:
            yield Line(CORE, f"thuộc tính {local(element)}", unicodedata.normalize("NFC", element.text), element)


def _lines(part: str, root: Element) -> Iterator[Line]:
    for where, paragraph in paragraphs(root):
        text = "".join(t.text or "" for t in own_texts(paragraph))
        yield Line(part, where, unicodedata.normalize("NFC", text), paragraph)


def above(element: Element, tag: str) -> Element | None:
    """Return the nearest element `w:tag` that holds `element`."""
    holder = element.getparent()
    while holder is not None and holder.tag != w(tag):
        holder = holder.getparent()
    return holder


def local(element: Element) -> str:
    """Return the name of an element without its namespace; "" for a comment."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
