"""The format checker: any Word file or text, ours or a stranger's, against the regime in force on its own day.

    report = check_format("to-trinh.docx")            system, kind, day, profile, problems, what could not be judged
    marked = annotate("to-trinh.docx", report)        a copy with a Word comment at each finding

A finding is a `Problem` whose code is the id of its rule (P05, S09, C01; the table: docs/kiem-the-thuc.md). What a rule
measures stands in the format profiles and in `data_schemas/quy_dinh/kiem-the-thuc/`; no number of a rule stands here.
"""

from __future__ import annotations

from .checking import FormatReport, check_format, check_source, with_others
from .findings import Issued, Unjudged
from .marking import annotate
from .reading import Source, read

__all__ = [
    "FormatReport",
    "Issued",
    "Source",
    "Unjudged",
    "annotate",
    "check_format",
    "check_source",
    "read",
    "with_others",
]
