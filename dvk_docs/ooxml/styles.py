"""Styles resolved: document defaults, then the chain of `basedOn`, the farthest first (ECMA-376 Part 1, 17.7.2)."""

from __future__ import annotations

from .model import Look, ParagraphLook
from .properties import Changes, Unread, letters, paragraph_changes, run_changes, standing
from .xml import Element, child, children, val

_MAX_CHAIN = 50  # a style that is based on itself must not hang the reader


class Styles:
    """The looks that the styles of one document give; each is resolved once."""

    def __init__(self, root: Element | None, unread: Unread) -> None:
        self._unread = unread
        self._raw: dict[str, Element] = {}
        self._defaults = (ParagraphLook(), Look())
        self._default_ids: dict[str, str] = {}
        self._paragraphs: dict[tuple[str, str], tuple[ParagraphLook, Look]] = {}
        self._runs: dict[str, Changes] = {}
        for name, element in children(root) if root is not None else ():
            if name == "docDefaults":
                self._read_defaults(element)
            elif name == "style":
                self._read_style(element)

    def _read_defaults(self, element: Element) -> None:
        run = child(child(element, "rPrDefault"), "rPr")
        paragraph = child(child(element, "pPrDefault"), "pPr")
        self._defaults = (
            standing(ParagraphLook(), paragraph_changes(paragraph, self._unread)),
            letters(Look(), run_changes(run, self._unread)),
        )

    def _read_style(self, element: Element) -> None:
        self._raw[val(element, "styleId")] = element
        if val(element, "default") in ("1", "true", "on"):
            self._default_ids[val(element, "type")] = val(element, "styleId")

    def name(self, style: str) -> str:
        """The w:name of a style id (of the default paragraph style for ""); office programs rewrite the ids."""
        return val(child(self._raw.get(style or self._default_ids.get("paragraph", "")), "name"))

    def chain(self, style: str, kind: str = "paragraph") -> list[Element]:
        """The elements of a style and of those that it is based on, the farthest first."""
        out: list[Element] = []
        style = style if style in self._raw else self._default_ids.get(kind, "")
        while style in self._raw and len(out) < _MAX_CHAIN:
            out.append(self._raw[style])
            style = val(child(self._raw[style], "basedOn"))
        return out[::-1]

    def paragraph(self, style: str, table_style: str = "") -> tuple[ParagraphLook, Look]:
        """The looks of a paragraph of `style` and of its letters, before direct formatting."""
        key = (style, table_style)
        if key not in self._paragraphs:
            chain = (self.chain(table_style, "table") if table_style else []) + self.chain(style)
            stand, look = self._defaults
            for element in chain:
                stand = standing(stand, paragraph_changes(child(element, "pPr"), self._unread))
                look = letters(look, run_changes(child(element, "rPr"), self._unread))
            self._paragraphs[key] = (stand, look)
        return self._paragraphs[key]

    def run(self, style: str) -> Changes:
        """What a character style changes."""
        if style not in self._runs:
            out: Changes = {}
            for element in self.chain(style, "character"):
                out.update(run_changes(child(element, "rPr"), self._unread))
            self._runs[style] = out
        return self._runs[style]
