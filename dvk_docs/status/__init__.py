"""Where the year stands on a day: what is due and what is late, how far each model has come, what each unit owes.

    found = status(year, day)     what a leader asks, as plain records
    text(found)                   the same as lines for a terminal
    page(found)                   the same as one page of HTML with its two charts; it needs no network

The steps of a model and the duties of a unit are data (`x-tien-trinh` of the year's schema), the deadlines are the
rule set's own rules. An event that lies after the day has not happened yet.
"""

from __future__ import annotations

from .deadlines import Deadline, deadlines
from .page import is_ours, page
from .standing import Duty, Line, Standing, Step, Unit, status
from .text import text

__all__ = ["Deadline", "Duty", "Line", "Standing", "Step", "Unit", "deadlines", "is_ours", "page", "status", "text"]
