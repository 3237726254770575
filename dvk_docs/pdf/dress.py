"""What a PDF carries beside its pages: who made which paper, its colours, the places to sign at, a seal of its bytes.

The dressing is that of PDF/A-2b (ISO 19005-2): XMP, an sRGB output intent, nothing outside the file. The file does not
call itself PDF/A: only a validator may say so. Nothing here depends on the clock.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from struct import pack

from dvk_docs.ooxml import Document
from dvk_docs.roles import PREFIX
from dvk_docs.units import Mm

from .pages import Page, Place

LANGUAGE = "vi-VN"
TYPE, SUMMARY, ISSUER = (PREFIX + role for role in ("Tên loại", "Trích yếu", "Cơ quan ban hành"))


# --- what the paper is -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class About:
    """What a reader shows in the window's title and in the properties; "" where it is not known."""

    title: str = ""
    author: str = ""


def about(document: Document) -> About:
    """The type and summary of the paper and the body that issues it, by the roles of its paragraphs."""
    title: list[str] = []
    author: list[str] = []
    before = ""
    for paragraph in document.paragraphs():
        words = " ".join(paragraph.words.split())
        if words and paragraph.style == ISSUER and (not author or before == ISSUER):
            author.append(words)
        if words and (
            (paragraph.style == TYPE and not title) or (paragraph.style == SUMMARY and before in (TYPE, SUMMARY))
        ):
            title.append(words)
        before = paragraph.style if words else before
    return About(" ".join(title) or document.title, " ".join(author))


def _escaped(words: str) -> str:
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def xmp(paper: About, producer: str) -> bytes:
    """The metadata of the file (ISO 16684-1), saying the same as its information dictionary."""
    title, author = (_escaped(words) for words in (paper.title, paper.author))
    said = {
        "dc:title": f'<rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt>' if title else "",
        "dc:creator": f"<rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq>" if author else "",
        "dc:language": f"<rdf:Bag><rdf:li>{LANGUAGE}</rdf:li></rdf:Bag>",
        "dc:format": "application/pdf",
        "pdf:Producer": _escaped(producer),
    }
    lines = "\n".join(f"<{name}>{value}</{name}>" for name, value in said.items() if value)
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n'
        '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">'
        f'\n{lines}\n</rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end="w"?>'
    ).encode()


# --- its colours -----------------------------------------------------------------------------------------------------

_D50 = (0.9642, 1.0, 0.8249)
_PRIMARIES = {"r": (0.43607, 0.22249, 0.01392), "g": (0.38515, 0.71687, 0.09708), "b": (0.14307, 0.06061, 0.71410)}
_ADAPTED = (1.04788, 0.02292, -0.05022, 0.02959, 0.99048, -0.01707, -0.00925, 0.01508, 0.75168)  # D65 to D50
_CURVE = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)


@cache
def srgb() -> bytes:
    """The colour space of screens, IEC 61966-2-1, as a profile by ICC.1:2004-10 (version 4.2), 548 bytes or so."""
    curve = b"para\0\0\0\0\0\3\0\0" + _fixed(*_CURVE)
    tags = {
        b"desc": _text("sRGB"),
        b"cprt": _text("CC0"),
        b"wtpt": _xyz(_D50),
        b"chad": b"sf32\0\0\0\0" + _fixed(*_ADAPTED),
    }
    for color, primary in _PRIMARIES.items():
        tags |= {f"{color}XYZ".encode(): _xyz(primary), f"{color}TRC".encode(): curve}
    at = 128 + 4 + 12 * len(tags)
    table, data = pack(">L", len(tags)), b""
    places: dict[bytes, int] = {}
    for name, value in tags.items():  # the three curves are one
        if value not in places:
            places[value] = at + len(data)
            data += value + b"\0" * (-len(value) % 4)
        table += name + pack(">LL", places[value], len(value))
    head = pack(">L4sL4s4s4s12s4s", at + len(data), b"\0" * 4, 0x04200000, b"mntr", b"RGB ", b"XYZ ", _DAY, b"acsp")
    return head + b"\0" * 28 + _fixed(*_D50) + b"\0" * 48 + table + data


_DAY = pack(">6H", 2000, 1, 1, 0, 0, 0)


def _fixed(*numbers: float) -> bytes:
    return b"".join(pack(">l", round(number * 65536)) for number in numbers)


def _xyz(point: Sequence[float]) -> bytes:
    return b"XYZ \0\0\0\0" + _fixed(*point)


def _text(words: str) -> bytes:
    data = words.encode("utf-16-be")
    return pack(">4s4xLL4sLL", b"mluc", 1, 12, b"enUS", len(data), 28) + data


# --- the places to sign at -------------------------------------------------------------------------------------------

SIGNATURE, SEAL = "ky_", "dau_"  # how the bookmarks begin, in small letters
_SIGNATURE_WIDTH = Mm(50)
_SEAL_SIZE = Mm(36)  # a seal in its real size is smaller
_LABELS = {SIGNATURE: "Chữ ký số của người ký", SEAL: "Chữ ký số của cơ quan, tổ chức"}


@dataclass(frozen=True, slots=True)
class Field:
    """An empty signature field; the box in points from the lower left corner of its page: left, foot, right, top."""

    name: str
    label: str
    page: int  # from 0
    box: tuple[float, float, float, float]


def fields(pages: Sequence[Page]) -> list[Field]:
    """The fields that the bookmarks of the paper ask for; of two of one name the first."""
    found: dict[str, Field] = {}
    for number, page in enumerate(pages):
        for place in page.places:
            kind = next((k for k in (SIGNATURE, SEAL) if place.name.casefold().startswith(k)), None)
            if kind is not None and place.name not in found:
                found[place.name] = Field(place.name, _LABELS[kind], number, _box(kind, place, page))
    return list(found.values())


def _box(kind: str, place: Place, page: Page) -> tuple[float, float, float, float]:
    """The signature in the middle of its room; a seal where it covers the left third of the signature.

    Source: Nghị định 30/2020/NĐ-CP, Phụ lục I, Phần I, mục II.7.d and II.8.a; Hướng dẫn 05-HD/VPTW, mục 7.2.2 and 8.
    """
    width = min(place.width, _SIGNATURE_WIDTH.twips)
    left, right = place.x + (place.width - width) / 2, place.x + (place.width + width) / 2
    top, foot = place.y, place.y + place.height
    if kind == SEAL:
        right = left + width / 3
        left, middle = right - _SEAL_SIZE.twips, (top + foot) / 2
        top, foot = middle - _SEAL_SIZE.twips / 2, middle + _SEAL_SIZE.twips / 2
    whole, high = page.section.width, page.section.height
    left, right = max(left, 0.0), min(right, whole)
    return left / 20, (high - min(foot, high)) / 20, right / 20, (high - max(top, 0.0)) / 20


# --- its seal --------------------------------------------------------------------------------------------------------

UNSEALED = b"/ID [<" + b"0" * 32 + b"><" + b"0" * 32 + b">]"
_SEALED = re.compile(rb"/ID \[<([0-9A-F]{32})><\1>\]")


def sealed(pdf: bytes) -> bytes:
    """The file with the digest of its own bytes as its id: same bytes, same id."""
    return _with_id(pdf, pdf.rindex(UNSEALED))


def is_sealed(pdf: bytes) -> bool:
    """Whether a file is to the byte what `sealed` gave: neither signed nor changed since."""
    found = list(_SEALED.finditer(pdf, max(0, len(pdf) - 1024)))
    if not found:
        return False
    at = found[-1].start()
    return _with_id(pdf[:at] + UNSEALED + pdf[at + len(UNSEALED) :], at) == pdf


def _with_id(pdf: bytes, at: int) -> bytes:
    digest = hashlib.sha256(pdf).hexdigest()[:32].upper().encode()
    return pdf[:at] + b"/ID [<" + digest + b"><" + digest + b">]" + pdf[at + len(UNSEALED) :]
