"""A .docx resolved to what it will look like: `read(docx) -> Document`, typed, with nothing left to inherit.

Sections, paragraphs, letters, tabs, lists, tables (grid, merges, borders, margins, repeated rows), running headers and
footers, PAGE and NUMPAGES, inline pictures. There is no drawing here: the format checker reads the same model. What is
not known is named in `Document.problems`.
"""

from __future__ import annotations

from .model import (
    Block,
    Border,
    Break,
    Cell,
    Document,
    Look,
    Margins,
    Number,
    Paragraph,
    ParagraphLook,
    Picture,
    Piece,
    Row,
    Section,
    Tab,
    Table,
    TabStop,
    Text,
    paragraphs_of,
)
from .reader import read

__all__ = [
    "Block",
    "Border",
    "Break",
    "Cell",
    "Document",
    "Look",
    "Margins",
    "Number",
    "Paragraph",
    "ParagraphLook",
    "Picture",
    "Piece",
    "Row",
    "Section",
    "Tab",
    "TabStop",
    "Table",
    "Text",
    "paragraphs_of",
    "read",
]
