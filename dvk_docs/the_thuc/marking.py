"""A copy of a paper with a Word comment at each finding; the paper itself is never touched."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from dvk_docs.errors import Problem, Report, SourceInvalid
from dvk_docs.lint import comments
from dvk_docs.lint import reading as parts_of
from dvk_docs.package import DOCUMENT, unpack
from dvk_docs.profiles import own_texts, parse

from .checking import FormatReport
from .reading import load

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_PAGE = re.compile(r"^trang \d+, ")
_SIGNATURES = "_xmlsignatures/"
_RELS, _TYPES = "_rels/.rels", "[Content_Types].xml"


def annotate(source: bytes | str | Path, report: FormatReport) -> bytes:
    """The bytes of a copy with the findings of `report` as comments.

    The copy of a signed file carries no signature any more: a changed file cannot. Raise `SourceInvalid` for what is
    no .docx.
    """
    data, _ = load(source)
    if not data.startswith(b"PK"):
        raise SourceInvalid("Chỉ tệp Word .docx mới ghi được chú thích.", "not_docx")
    parts = _unsigned(unpack(data, only_look=True))
    roots, _ = parts_of.parse_all(parts)
    if not comments.can_hold(parts, roots):
        raise SourceInvalid("Tệp Word có phần bị hỏng nên không ghi được chú thích.", "not_docx")
    lines = [parts_of.Line(DOCUMENT, where, _said(p), p) for where, p in _places(roots[DOCUMENT])]
    return comments.annotated(parts, roots, Report.of(map(_as_comment, report.problems)), lines)


def _as_comment(problem: Problem) -> Problem:
    where = _PAGE.sub("", problem.place.where)
    words = problem.place.words.rstrip("…")
    source = f" [{problem.source}]" if problem.source else ""
    message = f"{problem.code}: {problem.message} {problem.hint}".strip() + source
    return replace(problem, message=message, hint="", source="", place=replace(problem.place, where=where, words=words))


def _unsigned(parts: dict[str, bytes]) -> dict[str, bytes]:
    """The parts without a digital signature, its relation and its content types."""
    if not any(name.startswith(_SIGNATURES) for name in parts):
        return parts
    from lxml import etree

    kept = {name: data for name, data in parts.items() if not name.startswith(_SIGNATURES)}
    for name, attribute in ((_RELS, "Target"), (_TYPES, "PartName")):
        if name in kept:
            root = parse(name, kept[name])
            for element in [e for e in root if _SIGNATURES in str(e.get(attribute, ""))]:
                root.remove(element)
            kept[name] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return kept


# --- the same places as the reader gives -----------------------------------------------------------------------------

_HOLDERS = ("sdt", "sdtContent", "customXml", "ins", "moveTo")


def _places(root: Element) -> Iterator[tuple[str, Element]]:
    body = next(iter(root), None)
    if body is not None:
        yield from _blocks(body, "")


def _blocks(holder: Element, where: str) -> Iterator[tuple[str, Element]]:
    paragraphs = tables = 0
    prefix = f"{where}, " if where else ""
    for element in _flat(holder):
        if parts_of.local(element) == "p":
            paragraphs += 1
            yield f"{prefix}đoạn {paragraphs}", element
        else:
            tables += 1
            yield from _table(element, f"{prefix}bảng {tables}")


def _flat(holder: Element) -> Iterator[Element]:
    for element in holder:
        name = parts_of.local(element)
        if name in ("p", "tbl"):
            yield element
        elif name in _HOLDERS:
            yield from _flat(element)


def _table(table: Element, where: str) -> Iterator[tuple[str, Element]]:
    rows = [e for e in table if parts_of.local(e) == "tr"]
    for at, row in enumerate(rows, 1):
        for number, cell in enumerate(_cells(row), 1):
            yield from _blocks(cell, f"{where}, hàng {at}, ô {number}")


def _cells(row: Element) -> list[Element]:
    own = [e for e in row if parts_of.local(e) == "tc"]
    controls = [e for e in row if parts_of.local(e) == "sdt"]
    return own + [c for s in controls for e in s if parts_of.local(e) == "sdtContent" for c in e]


def _said(paragraph: Element) -> str:
    return "".join(t.text or "" for t in own_texts(paragraph))
