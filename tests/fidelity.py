"""How like LibreOffice's our layout is, over every sample paper and papers with made-up data: three figures a set.

LibreOffice sets all of them in one batch. Run by hand (LibreOffice and pypdfium2 must be installed):
    python tests/fidelity.py [papers with made-up data, 220] [seed, 2026]
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from papers import kind_papers
from positions import Likeness, compare, our_spots, spots_of

from dvk_docs import catalog, ooxml, pdf
from dvk_docs.catalog import Catalog
from dvk_docs.making import kind
from dvk_docs.pdf import builtin, fonts


@dataclass(frozen=True, slots=True)
class Result:
    """One paper: its pages by us and by LibreOffice, and how its words agree."""

    name: str
    ours: int
    theirs: int
    likeness: Likeness


@dataclass(frozen=True, slots=True)
class Figures:
    """A set of papers: parts of one."""

    papers: int
    pages: float  # papers of as many pages
    lines: float  # lines that begin with the same word
    words: float  # words within 1 pt

    def __str__(self) -> str:
        return f"{self.papers:7} {self.pages:9.2%} {self.lines:12.3%} {self.words:12.2%}"


def all_samples(samples: Path) -> Iterator[tuple[str, bytes]]:
    """Every paper of `samples/<kind>/*.json`."""
    for stem in Catalog().kinds():
        made = kind(stem)
        for file in sorted((samples / stem).glob("*.json")):
            yield f"{stem}.{file.stem}", made.make(json.loads(file.read_text(encoding="utf-8"))).docx


def results(papers: Mapping[str, bytes]) -> list[Result]:
    """Each paper laid out here and by one batch of LibreOffice."""
    out = []
    for name, theirs in zip(papers, pdf.convert_all(list(papers.values()), "libreoffice"), strict=True):
        pages = builtin.lay_out(ooxml.read(papers[name]), fonts.find())
        count, spots = spots_of(theirs)
        out.append(Result(name, len(pages), count, compare(our_spots(pages), spots)))
    return out


def figures(found: list[Result]) -> Figures:
    lines = sum(r.likeness.lines for r in found)
    words = sum(r.likeness.words for r in found)
    return Figures(
        len(found),
        sum(r.ours == r.theirs for r in found) / len(found),
        1 - sum(r.likeness.moved for r in found) / lines,
        sum(r.likeness.near for r in found) / words,
    )


def main(count: int = 220, seed: int = 2026) -> None:
    samples = catalog.root() / "samples"
    print("set           papers     pages  line starts  within 1 pt")
    for name, papers in (
        ("samples", dict(all_samples(samples))),
        ("made-up data", dict(kind_papers(samples, count, seed))),
    ):
        found = results(papers)
        print(f"{name:12} {figures(found)}", flush=True)
        for result in found:
            if result.ours != result.theirs:
                print(f"    {result.name}: {result.ours} pages, LibreOffice {result.theirs}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]))
