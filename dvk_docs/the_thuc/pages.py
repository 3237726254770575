"""On which page each line stands, where the document can be laid out here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dvk_docs.errors import DvkError
from dvk_docs.ooxml import Document

from .lines import Line

_ENOUGH = 40  # letters by which a paragraph is found again


def numbered(document: Document, lines: Sequence[Line]) -> tuple[list[Line], int]:
    """The lines with their pages, and how many pages there are; 0 where they cannot be known."""
    texts = _page_texts(document)
    if not texts:
        return list(lines), 0
    page, at = 0, 0
    out: list[Line] = []
    for line in lines:
        wanted = _bare(line.raw)[:_ENOUGH]
        if wanted:
            found = _seek(texts, wanted, page, at)
            if found is not None:
                page, at = found
        out.append(replace(line, page=page + 1))
    return out, len(texts)


def _seek(texts: Sequence[str], wanted: str, page: int, at: int) -> tuple[int, int] | None:
    """The page and the place of `wanted` from here on; a line that a page parts is found by its beginning."""
    for number in range(page, min(page + 3, len(texts))):
        start = texts[number].find(wanted, at if number == page else 0)
        if start >= 0:
            return number, start
    if texts[page].endswith(wanted[:8]):
        return page, len(texts[page])
    return None


def _bare(text: str) -> str:
    return "".join(text.split()).replace("\u2011", "-")


def _page_texts(document: Document) -> list[str]:
    """The letters of each page without blanks; empty where there is no font or something cannot be drawn."""
    from dvk_docs.pdf import builtin, fonts, limits

    if any(p.code.startswith("unknown_cols") for p in document.problems):
        return []
    serious = ("cannot_draw_section", "unknown_cols", "unknown_framePr", "unknown_tblpPr")
    if any(p.code in serious for p in limits.limits(document)):
        return []
    try:
        pages = builtin.lay_out(document, fonts.find())
    except (DvkError, ArithmeticError, LookupError, ValueError):
        return []
    return [_bare("".join(_words(line) for _, _, line in page.texts)) for page in pages]


def _words(line: object) -> str:
    return "".join(getattr(bit, "words", "") for bit in getattr(line, "bits", ()))
