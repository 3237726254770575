"""The PDF engine of this package: a .docx read, laid out and painted, without any office program."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from dvk_docs import ooxml
from dvk_docs.errors import TemplateInvalid

from . import dress, fonts
from .blocks import Layout
from .fonts import Fonts
from .limits import limits
from .lines import Measure, Rules
from .pages import Page, pages_of

if TYPE_CHECKING:
    from dvk_docs.errors import Problem


def convert(docx: bytes) -> bytes:
    """The PDF of `docx`.

    Raise `TemplateInvalid` naming each construct that cannot be drawn, `LetterMissing` for a letter that the font
    lacks, `ToolMissing` where there is no font.
    """
    from .paint import paint

    document = ooxml.read(docx)
    refuse_limits(document)
    found = fonts.find()
    return paint(lay_out(document, found), found, dress.about(document))


def lay_out(document: ooxml.Document, found: Fonts) -> list[Page]:
    """The pages of a document, not yet painted."""
    modern = document.compat >= 15
    rules = Rules(shrink=0.25 if modern else 0.0, old_places=not modern)
    return pages_of(document, Layout(_measure(found), rules, document.default_tab))


@lru_cache(maxsize=2)
def _measure(found: Fonts) -> Measure:
    return Measure(found)


def supports(docx: bytes) -> tuple[Problem, ...]:
    """What in `docx` this engine cannot draw, each with its place; empty where it can draw all."""
    return limits(ooxml.read(docx))


def refuse_limits(document: ooxml.Document) -> None:
    from dvk_docs.errors import Report

    found = limits(document)
    if found:
        raise TemplateInvalid(Report(found))
