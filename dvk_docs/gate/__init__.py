"""The gate: what may go to the leader's desk, and what may go out. Judged on the file that lies there, edited or not.

    found = faults(docx, day)                  every reason why one Word file is not ready
    answers = judge(candidates, for_issue)     one answer a paper: ready, or why not
    release(folder, answers, pdfs)             the ready ones and one page that says so, and nothing else

`trinh_ky`: the format checker finds no error, and there is no leftover tag, marked gap, dotted line, comment, tracked
change or blank citation; its own number and day may be blank. `phat_hanh` also wants these (design decision 13). What
its kind leaves for a pen (`x-dien-tay`) is no fault at either.
"""

from __future__ import annotations

from .answers import Answer, Candidate, judge, page_data
from .files import ANNEX, WHOLE, Fault, faults
from .releasing import ISSUE, SIGN, Released, release

__all__ = [
    "ANNEX",
    "ISSUE",
    "SIGN",
    "WHOLE",
    "Answer",
    "Candidate",
    "Fault",
    "Released",
    "faults",
    "judge",
    "page_data",
    "release",
]
