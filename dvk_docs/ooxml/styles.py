"""Styles resolved: document defaults, then the chain of `basedOn`, the farthest first (ECMA-376 Part 1, 17.7.2).

The papers of a year share the parts that hold their styles, so a part is read once (`sheet_of`), and what each of its
styles gives is found once; what is not known in a style is named anew in each document that uses it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from .model import Look, ParagraphLook
from .properties import Changes, Unread, letters, paragraph_changes, run_changes, standing
from .theme import name_theme_fonts
from .xml import Element, child, children, parsed, val

_MAX_CHAIN = 50  # a style that is based on itself must not hang the reader
_BARE = ParagraphLook(widow_control=False)  # without w:pPrDefault LibreOffice lets single lines stand alone
_MOST_SHARED = 500_000  # bytes of a part; a larger one is not held for the next document


class _Paragraph(NamedTuple):
    stand: ParagraphLook
    look: Look
    unknown: tuple[str, ...]


class _Run(NamedTuple):
    changes: Changes
    unknown: tuple[str, ...]


class Sheet:
    """What one part with styles says, each style resolved when it is first asked for."""

    def __init__(self, root: Element | None) -> None:
        self.raw: dict[str, Element] = {}
        self.defaults = _Paragraph(_BARE, Look(), ())
        self._default_ids: dict[str, str] = {}
        self._paragraphs: dict[tuple[str, str], _Paragraph] = {}
        self._runs: dict[str, _Run] = {}
        for name, element in children(root) if root is not None else ():
            if name == "docDefaults":
                self._read_defaults(element)
            elif name == "style":
                self._read_style(element)

    def _read_defaults(self, element: Element) -> None:
        run = child(child(element, "rPrDefault"), "rPr")
        paragraph = child(element, "pPrDefault")
        unknown: list[str] = []
        bare = _BARE if paragraph is None else ParagraphLook()
        stand = standing(bare, paragraph_changes(child(paragraph, "pPr"), unknown.append))
        look = letters(Look(), run_changes(run, unknown.append))
        self.defaults = _Paragraph(stand, look, tuple(unknown))

    def _read_style(self, element: Element) -> None:
        self.raw[val(element, "styleId")] = element
        if val(element, "default") in ("1", "true", "on"):
            self._default_ids[val(element, "type")] = val(element, "styleId")

    def name(self, style: str) -> str:
        return val(child(self.raw.get(style or self._default_ids.get("paragraph", "")), "name"))

    def chain(self, style: str, kind: str = "paragraph") -> list[Element]:
        out: list[Element] = []
        style = style if style in self.raw else self._default_ids.get(kind, "")
        while style in self.raw and len(out) < _MAX_CHAIN:
            out.append(self.raw[style])
            style = val(child(self.raw[style], "basedOn"))
        return out[::-1]

    def paragraph(self, style: str, table_style: str) -> _Paragraph:
        key = (style, table_style)
        if key not in self._paragraphs:
            chain = (self.chain(table_style, "table") if table_style else []) + self.chain(style)
            unknown: list[str] = []
            stand, look, _ = self.defaults
            for element in chain:
                stand = standing(stand, paragraph_changes(child(element, "pPr"), unknown.append))
                look = letters(look, run_changes(child(element, "rPr"), unknown.append))
            self._paragraphs[key] = _Paragraph(stand, look, tuple(unknown))
        return self._paragraphs[key]

    def run(self, style: str) -> _Run:
        if style not in self._runs:
            changes: Changes = {}
            unknown: list[str] = []
            for element in self.chain(style, "character"):
                changes.update(run_changes(child(element, "rPr"), unknown.append))
            self._runs[style] = _Run(changes, tuple(unknown))
        return self._runs[style]


def sheet_of(part: bytes | None, theme: Mapping[str, str]) -> Sheet:
    """The styles of a part, in a document with the fonts of `theme`; raise `ValueError` for what is not XML."""
    if part is None:
        return Sheet(None)
    fonts = tuple(theme.items())
    return _shared(part, fonts) if len(part) <= _MOST_SHARED else _read(part, fonts)


def _read(part: bytes, fonts: tuple[tuple[str, str], ...]) -> Sheet:
    root = parsed(part)
    name_theme_fonts(root, dict(fonts))
    return Sheet(root)


_shared = lru_cache(maxsize=8)(_read)


class Styles:
    """The looks that the styles give in one document; what is not known goes to `unread`, once for each style."""

    def __init__(self, sheet: Sheet, unread: Unread) -> None:
        self._sheet = sheet
        self._unread = unread
        self._told: set[object] = set()
        self._tell("", sheet.defaults.unknown)

    def _tell(self, key: object, unknown: tuple[str, ...]) -> None:
        if unknown and key not in self._told:
            self._told.add(key)
            for name in unknown:
                self._unread(name)

    def name(self, style: str) -> str:
        """The w:name of a style id (of the default paragraph style for ""); office programs rewrite the ids."""
        return self._sheet.name(style)

    def chain(self, style: str, kind: str = "paragraph") -> list[Element]:
        """The elements of a style and of those that it is based on, the farthest first."""
        return self._sheet.chain(style, kind)

    def paragraph(self, style: str, table_style: str = "") -> tuple[ParagraphLook, Look]:
        """The looks of a paragraph of `style` and of its letters, before direct formatting."""
        stand, look, unknown = self._sheet.paragraph(style, table_style)
        self._tell((style, table_style), unknown)
        return stand, look

    def run(self, style: str) -> Changes:
        """What a character style changes."""
        changes, unknown = self._sheet.run(style)
        self._tell(("", "", style), unknown)
        return changes
