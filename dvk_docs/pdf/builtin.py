"""The PDF engine of this package: a .docx read, laid out and painted, without any office program."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from dvk_docs import ooxml
from dvk_docs.errors import TemplateInvalid

from . import dress, fonts
from .blocks import Layout
from .fonts import Fonts
from .limits import limits, too_tall
from .lines import Measure, Rules
from .pages import Page, pages_of

if TYPE_CHECKING:
    from dvk_docs.errors import Problem

_NAMED = 3  # places of one fault


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
    """The pages of a document, not yet painted; raise `TemplateInvalid` where rows are too low for their text."""
    modern = document.compat >= 15
    rules = Rules(shrink=0.25 if modern else 0.0, old_places=not modern)
    layout = Layout(_measure(found), rules, document.default_tab)
    pages = pages_of(document, layout)
    _refuse(tuple(dict.fromkeys(map(too_tall, layout.too_low))))
    return pages


@lru_cache(maxsize=2)
def _measure(found: Fonts) -> Measure:
    return Measure(found)


def supports(docx: bytes) -> tuple[Problem, ...]:
    """What in `docx` this engine cannot draw, each with its place; empty where it can draw all.

    Raise as `convert` does for a letter that the font lacks.
    """
    document = ooxml.read(docx)
    found = limits(document)
    if not found:
        try:
            lay_out(document, fonts.find())
        except TemplateInvalid as error:
            return error.report.problems
    return found


def refuse_limits(document: ooxml.Document) -> None:
    _refuse(limits(document))


def _refuse(found: tuple[Problem, ...]) -> None:
    if found:
        from dvk_docs.errors import Report

        raise TemplateInvalid(Report(tuple(_together(found))))


def _together(found: tuple[Problem, ...]) -> Iterator[Problem]:
    """What stands in many places said once, with the first of them: a paper in another font is one sentence long."""
    alike: dict[tuple[str, str, str], list[Problem]] = {}
    for problem in found:
        alike.setdefault((problem.code, problem.message, problem.place.part), []).append(problem)
    for first, *others in alike.values():
        places = list(dict.fromkeys(p.place.where for p in (first, *others)))
        more = f" và {len(places) - _NAMED} chỗ khác" if len(places) > _NAMED else ""
        yield replace(first, place=replace(first.place, where="; ".join(places[:_NAMED]) + more))
