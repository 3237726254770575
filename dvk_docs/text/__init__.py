"""Defects of a text by general rules: `check(lines, day) -> Iterator[Problem]`, for a .txt or a Word file alike.

Dates that do not exist, references into nothing, numbers that jump, marks without a pair, words typed twice or wrong,
malformed symbols, bodies and laws that had ended on the text's day, annexes that are not there, one name in several
spellings, sums that are not their parts. The rules quote no text; what they know is data
(data_schemas/quy_dinh/chinh-ta),
each list with its source. A finding is `loi` (sure), `canh_bao` (likely) or `thong_tin` (style); it names the line and
the words around. Nothing is changed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from ..errors import Problem
from .annexes import check_annexes_whole
from .counts import check_counts, check_tables_whole
from .dates import check_dates
from .enclosed import Promise, enclosed, is_in, is_named
from .lines import Line, Passage, lines_of_document, lines_of_text
from .marks import check_marks_whole
from .names import check_names_whole
from .outline import check_labels
from .references import check_references_whole
from .repeats import check_repeats
from .spelling import check_spelling
from .symbols import check_symbols_whole
from .validity import check_validity
from .whole import Whole

__all__ = ["Line", "Promise", "check", "day_of", "enclosed", "is_in", "is_named", "lines_of_document", "lines_of_text"]

ONCE = ("body_ended", "law_ended")  # a name is told where it first stands, with how often it stands
MANY = 10  # words run together in one text: the file's fault, not the typist's

OF_A_WHOLE: tuple[Callable[[Whole], Iterator[Problem]], ...] = (
    check_references_whole,
    lambda whole: check_labels(whole.passages),
    check_annexes_whole,
    check_marks_whole,
    check_symbols_whole,
    check_names_whole,
    check_tables_whole,
)
OF_A_PASSAGE: tuple[Callable[[Passage], Iterator[Problem]], ...] = (check_repeats, check_spelling, check_counts)
OF_A_DATED_PASSAGE: tuple[Callable[[Passage, Whole], Iterator[Problem]], ...] = (check_dates, check_validity)


def check(lines: Sequence[Line], day: date | None = None) -> Iterator[Problem]:
    """Yield every defect of a text, in the order of its lines. `day`: the text's own date; without it, the one
    printed."""
    whole = Whole.of(lines, day)
    found: list[Problem] = []
    for rule in OF_A_WHOLE:
        found += rule(whole)
    for passage in whole.passages:
        for plain in OF_A_PASSAGE:
            found += plain(passage)
        for dated in OF_A_DATED_PASSAGE:
            found += dated(passage, whole)
    yield from sorted(_summed(found), key=lambda p: int(p.place.pointer[1:] or 0))


def _summed(found: Sequence[Problem]) -> Iterator[Problem]:
    """The findings; an ended body once for each name, and once where a file made from a PDF runs its words together."""
    glued = [p for p in found if p.code == "words_glued"]
    ended = Counter(p.message.casefold() for p in found if p.code in ONCE)
    for problem in found:
        if problem.code in ONCE:
            times = ended.pop(problem.message.casefold(), 0)
            if times > 1:
                problem = replace(problem, message=f"{problem.message[:-1]} (và {times - 1} chỗ nữa).")
            if times:
                yield problem
        elif len(glued) <= MANY or problem.code != "words_glued":
            yield problem
    if len(glued) > MANY:
        message = f"{len(glued)} chỗ có tiếng viết liền nhau, như do chuyển từ PDF."
        yield replace(glued[0], message=message, hint="Soát lại dấu cách cả văn bản.")


def day_of(lines: Sequence[Line]) -> date | None:
    """The date that a text prints at its head, or None."""
    return Whole.of(lines).day
