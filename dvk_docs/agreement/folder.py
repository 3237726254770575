"""The papers of a checked year as they lie in a folder, held against its data and each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from dvk_docs.errors import Problem, TemplateInvalid

from .known import Known
from .reading import Paper, Reading, read
from .whole import disagreements

if TYPE_CHECKING:
    from dvk_docs.making import CheckedPaper, CheckedYear


def check_folder(checked: CheckedYear, files: Mapping[str, Path]) -> tuple[Problem, ...]:
    """Every disagreement of the Word files, by paper id; one that cannot be read is left to the gate, which names it.

    Of a paper that the year knows twice (one record for each of its rows) each file is judged by its own data.
    """
    known = Known.of(checked.graph, [p.vb for p in checked.papers if p.vb is not None])
    planned = {p.id: p for p in checked.papers if p.id in files}
    related = _related(checked.papers)
    papers = []
    for paper_id, paper in planned.items():
        with suppress(OSError, TemplateInvalid):
            reading = read(files[paper_id].read_bytes())
            papers.append(_paper(paper, files[paper_id].name, reading, related))

    def printed(paper: Paper) -> Reading:
        made = planned[paper.id]
        return read(made.kind.render(made.data, made.day, checked.kieu_dau).docx)

    return tuple(disagreements(papers, known, printed))


def _paper(paper: CheckedPaper, file: str, reading: Reading, related: Mapping[str, frozenset[str]]) -> Paper:
    vb = paper.vb
    number, day = (str(vb["so_ky_hieu"] or ""), str(vb["ngay"] or "")) if vb is not None else ("", "")
    title = " ".join(x for x in (paper.kind.title, paper.code) if x)
    return Paper(paper.id, title, file, reading, paper.data, number, day, related.get(paper.id, frozenset()))


def _related(papers: Iterable[CheckedPaper]) -> dict[str, frozenset[str]]:
    """For each paper those that speak of the same list: of its set, and the paper that it is attached to."""
    groups: dict[str, set[str]] = defaultdict(set)
    for paper in papers:
        if paper.moi is None:
            groups[paper.bo or paper.id].add(paper.id)
            groups[str(paper.kind.schema.get("x-kem", paper.id))].add(paper.id)
    found: dict[str, set[str]] = defaultdict(set)
    for group in groups.values():
        for member in group:
            found[member] |= group - {member}
    return {k: frozenset(v) for k, v in found.items()}
