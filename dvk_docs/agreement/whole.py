"""All the checks over all the papers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from dvk_docs.errors import Problem

from .citations import check_citations, check_own
from .counts import check_between, check_within
from .known import Known
from .names import check_names
from .reading import Paper, Reading

Printed = Callable[[Paper], Reading]


def disagreements(papers: Sequence[Paper], known: Known, printed: Printed) -> Iterator[Problem]:
    """Every disagreement, paper by paper, then between papers. `printed`: a paper as its data print it now."""
    for paper in papers:
        yield from check_own(paper, known)
        yield from check_citations(paper, known)
        yield from check_names(paper, known, lambda p=paper: printed(p))
        yield from check_within(paper)
    yield from check_between(papers)
