"""The words of a Word file: paragraphs in order, and tables by rows; nothing of its looks."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from dvk_docs.package import DOCUMENT, unpack
from dvk_docs.profiles import BREAKS, own_texts, parse, w

if TYPE_CHECKING:
    from lxml.etree import _Element as Element


@dataclass(frozen=True, slots=True)
class Reading:
    """A file's paragraphs (those of tables among them), and its tables as rows of cells' words."""

    paragraphs: tuple[str, ...]
    tables: tuple[tuple[tuple[str, ...], ...], ...]

    @property
    def text(self) -> str:
        return "\n".join(self.paragraphs)


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper as it lies: what its data say, and what its file says."""

    id: str
    title: str
    file: str  # the file's name, for messages
    reading: Reading
    data: Mapping[str, Any] = field(default_factory=dict)
    number: str = ""  # its own so_ky_hieu by the year's data
    day: str = ""  # its own day (ISO) by the year's data
    related: frozenset[str] = frozenset()  # ids whose counts must be its own: of its set, its host, its lists


def read(docx: bytes) -> Reading:
    """The words of a Word file; raise `TemplateInvalid` where it is none."""
    root = parse(DOCUMENT, unpack(docx, only_look=True)[DOCUMENT])
    paragraphs = tuple(x for x in map(_words, root.iter(w("p"))) if x)
    return Reading(paragraphs, tuple(_table(t) for t in root.iter(w("tbl"))))


def _words(paragraph: Element) -> str:
    pieces = [(p.text or "") if p.tag == w("t") else " " for p in own_texts(paragraph, BREAKS)]
    return " ".join(unicodedata.normalize("NFC", "".join(pieces)).replace("\N{NO-BREAK SPACE}", " ").split())


def _table(table: Element) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(_cells(row)) for row in table.iterchildren(w("tr")))


def _cells(row: Element) -> Iterator[str]:
    for cell in row.iterchildren(w("tc")):
        yield " ".join(x for x in map(_words, cell.iter(w("p"))) if x)
