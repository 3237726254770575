"""The year as an Excel workbook: nine sheets made from the year's schema, and the same data read back with its cells.

`write` gives a blank or filled workbook, always the same bytes for the same data; `read` is its inverse and says the
cell of every value, of blanks too. The schema's x- words decide everything: x-trang (sheet), x-khoa, x-tro, x-la-ma,
x-nhan (labels), x-muc with x-cot (rows of the tall sheet), x-dong-o (a list in one cell), x-gio, x-vi-du, x-goi-y.

openpyxl is imported by no other module, and here only when a workbook is written or read.
"""

from __future__ import annotations

from .answers import answer, answer_csv, answer_list
from .layout import MAX_CELL, MAX_COLUMNS, MAX_ROWS
from .lists import ListRow, PaperList, read_list
from .reading import RESULT_SHEET, Understood, is_year, read, sheets_of, understood
from .repairs import clean_text, text_repair
from .values import as_number, bare, clean, fold, from_cell, kinds_of, plain_number, split_lines
from .writing import write

__all__ = [
    "MAX_CELL",
    "MAX_COLUMNS",
    "MAX_ROWS",
    "RESULT_SHEET",
    "ListRow",
    "PaperList",
    "Understood",
    "answer",
    "answer_csv",
    "answer_list",
    "as_number",
    "bare",
    "clean",
    "clean_text",
    "fold",
    "from_cell",
    "is_year",
    "kinds_of",
    "plain_number",
    "read",
    "read_list",
    "sheets_of",
    "split_lines",
    "text_repair",
    "understood",
    "write",
]
