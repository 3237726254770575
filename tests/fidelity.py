"""How like LibreOffice's our layout is, over every sample paper, papers with made-up data and
papers that no template makes: three figures a set.

A second line leaves out the papers of which LibreOffice itself prints less than all: it cuts off the foot of a row that
may not be parted and stands whole on no page. Each of them is named with the letters that it loses.

LibreOffice sets all of them in one batch. Run by hand (LibreOffice and pypdfium2 must be installed):
    python tests/fidelity.py [papers with made-up data, 220] [seed, 2026]
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from builder_papers import builder_papers
from papers import kind_papers
from positions import Likeness, Spot, compare, our_spots, spots_of

from dvk_docs import catalog, ooxml, pdf
from dvk_docs.catalog import Catalog
from dvk_docs.making import kind
from dvk_docs.pdf import builtin, fonts


@dataclass(frozen=True, slots=True)
class Result:
    """One paper: its pages by us and by LibreOffice, how its words agree, the letters that LibreOffice loses."""

    name: str
    ours: int
    theirs: int
    likeness: Likeness
    lost: int


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
        document = ooxml.read(papers[name])
        pages = builtin.lay_out(document, fonts.find())
        count, spots = spots_of(theirs)
        ours = our_spots(pages)
        out.append(Result(name, len(pages), count, compare(ours, spots), letters_lost(document, ours, spots)))
    return out


def letters_lost(document: ooxml.Document, ours: list[Spot], theirs: list[Spot]) -> int:
    """How many letters stand on our pages and not on theirs; words of heads that pages repeat are not counted."""
    heads = {word for words in _head_words(document) for word in words.split()}
    here, there = (Counter("".join(s.word for s in spots if s.word not in heads)) for spots in (ours, theirs))
    return sum(count for letter, count in (here - there).items() if letter.isalpha())


def _head_words(document: ooxml.Document) -> Iterator[str]:
    for section in document.sections:
        for table in section.blocks:
            for row in table.rows if isinstance(table, ooxml.Table) else ():
                if row.is_head:
                    yield from (p.words for c in row.cells for p in c.blocks if isinstance(p, ooxml.Paragraph))


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
    print("set            papers     pages  line starts  within 1 pt")
    for name, papers in (
        ("samples", dict(all_samples(samples))),
        ("made-up data", dict(kind_papers(samples, count, seed))),
        ("no template", dict(builder_papers(count // 4, seed))),
    ):
        found = results(papers)
        print(f"{name:13} {figures(found)}", flush=True)
        print(f"{'printed whole':13} {figures([r for r in found if not r.lost])}", flush=True)
        for result in found:
            if result.ours != result.theirs or result.lost:
                lost = f", which loses {result.lost} letters" if result.lost else ""
                print(f"    {result.name}: {result.ours} pages, LibreOffice {result.theirs}{lost}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]))
