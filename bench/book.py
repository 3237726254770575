"""How fast a dossier of 200 pages is bound, and how large it is, against pypdf merging single PDFs. Run: `make bench`.

Both start from the same Word files of the sample commune. Ours lays them out and paints them on one canvas, with
bookmarks and page labels; the peer makes the PDF of each and merges them, as is and with equal objects made one. Each
round is one process of its own, so the start and the reading of fonts are counted; rounds are interleaved and medians
compared, since absolute times move with the machine.
"""

from __future__ import annotations

import argparse
import io
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from itertools import cycle
from pathlib import Path

PAGES = 200
SECONDS, MEGABYTES = 3.0, 0.8  # what is asked of the bound dossier


def ours(files: Sequence[Path]) -> bytes:
    """The book on one canvas."""
    from dvk_docs.pdf import binding
    from dvk_docs.pdf.dress import About

    parts = [binding.Part(file.stem, binding.lay_out(file.read_bytes())) for file in files]
    return binding.bind(parts, About("Hồ sơ 200 trang"))


def merged(files: Sequence[Path]) -> bytes:
    """The single PDFs, one behind the other."""
    return _written(_merged(files))


def merged_small(files: Sequence[Path]) -> bytes:
    """The same, with equal objects made one and the contents compressed."""
    writer = _merged(files)
    for page in writer.pages:
        page.compress_content_streams()
    writer.compress_identical_objects()
    return _written(writer)


def _merged(files: Sequence[Path]):  # type: ignore[no-untyped-def]
    from pypdf import PdfWriter

    from dvk_docs import pdf

    writer = PdfWriter()
    for file in files:
        writer.append(io.BytesIO(pdf.convert(file.read_bytes())), outline_item=file.stem)
    return writer


def _written(writer) -> bytes:  # type: ignore[no-untyped-def]
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


WAYS: dict[str, Callable[[Sequence[Path]], bytes]] = {
    "one canvas (ours)": ours,
    "pypdf, merged": merged,
    "pypdf, merged and made small": merged_small,
}


def word_files(folder: Path) -> list[Path]:
    """The papers of the sample year, over and over, until they have 200 pages."""
    import dvk_docs as dvk
    from dvk_docs import folders
    from dvk_docs.pdf import binding

    dvk.make_dossier(dvk.read(folders.root() / "samples" / "nam-2026.xlsx"), folder, today="2026-10-20")
    papers = sorted(folder.glob("*.docx"))
    counts = {paper: binding.lay_out(paper.read_bytes()).count for paper in papers}
    chosen: list[Path] = []
    pages = 0
    for paper in cycle(papers):
        if pages >= PAGES:
            return chosen
        chosen.append(paper)
        pages += counts[paper]
    return chosen


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--one", nargs="+", metavar=("WAY", "FILE"), help="bind the files this way, as one round does")
    asked = parser.parse_args()
    if asked.one:
        sys.stdout.buffer.write(WAYS[asked.one[0]]([Path(name) for name in asked.one[1:]]))
        return
    with tempfile.TemporaryDirectory() as name:
        files = word_files(Path(name))
        times: dict[str, list[float]] = {way: [] for way in WAYS}
        sizes: dict[str, int] = {}
        for _ in range(asked.rounds):
            for way in WAYS:
                words = [sys.executable, str(Path(__file__)), "--one", way, *map(str, files)]
                start = time.perf_counter()
                made = subprocess.run(words, check=True, capture_output=True).stdout
                times[way].append(time.perf_counter() - start)
                sizes[way] = len(made)
    print(f"A dossier of {PAGES} pages ({len(files)} papers): wall, start included, median of {asked.rounds}")
    for way in WAYS:
        print(f"  {way:30} {statistics.median(times[way]):6.2f} s {sizes[way] / 1e6:7.2f} MB")
    print(f"  asked: at most {SECONDS:.0f} s and {MEGABYTES} MB")


if __name__ == "__main__":
    main()
