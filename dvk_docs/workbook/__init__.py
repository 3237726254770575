"""The year as an Excel workbook: nine sheets made from the year's schema, and the same data read back with its cells.

`write` gives a blank or filled workbook, always the same bytes for the same data; `read` is its inverse and says the
cell of every value, of blanks too. The schema's x- words decide everything: x-trang (sheet), x-khoa, x-tro, x-la-ma,
x-nhan (labels), x-muc with x-cot (rows of the tall sheet), x-dong-o (a list in one cell), x-gio, x-vi-du, x-goi-y.

openpyxl is imported by no other module, and here only when a workbook is written or read.
"""

from __future__ import annotations

from .answers import answer
from .layout import MAX_CELL, MAX_COLUMNS, MAX_ROWS
from .reading import RESULT_SHEET, Understood, read, understood
from .repairs import clean_text, text_repair
from .values import as_number, bare, clean, fold, from_cell, kinds_of, plain_number, split_lines
from .writing import write

__all__ = [
    "MAX_CELL",
    "MAX_COLUMNS",
    "MAX_ROWS",
    "RESULT_SHEET",
    "Understood",
    "answer",
    "as_number",
    "bare",
    "clean",
    "clean_text",
    "fold",
    "from_cell",
    "kinds_of",
    "plain_number",
    "read",
    "split_lines",
    "text_repair",
    "understood",
    "write",
]
