"""Where each word stands on paper: by our layout, and as LibreOffice set it.

The golden files in `tests/pdf_positions/` hold LibreOffice's positions, so the suite compares without it. To make them
anew (LibreOffice and pypdfium2 must be installed):  python tests/positions.py tests/pdf_positions
"""

from __future__ import annotations

import difflib
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from dvk_docs import pdf
from dvk_docs.catalog import Catalog
from dvk_docs.making import kind
from dvk_docs.pdf.lines import Line, Word
from dvk_docs.pdf.pages import Page

SAMPLES = ("day-du", "ten-rat-dai", "bon-muoi-mo-hinh")


@dataclass(frozen=True, slots=True)
class Spot:
    """A word: its page from 0, its left edge and base line in points from the top left corner."""

    page: int
    x: float
    y: float
    word: str


@dataclass(frozen=True, slots=True)
class Likeness:
    """How two settings of one document agree."""

    words: int
    near: int  # within 1 pt, on the same page
    lines: int
    moved: int  # words that begin a line in one and not in the other


def our_spots(pages: Iterable[Page]) -> list[Spot]:
    """The words of pages that were laid out, in the order in which they are painted."""
    return [
        Spot(number, x / 20, base / 20, word)
        for number, page in enumerate(pages)
        for column, base, line in page.texts
        for x, word in _words(line, column)
    ]


def _words(line: Line, column: float) -> Iterator[tuple[float, str]]:
    x, start, word = column + line.left, 0.0, ""
    for bit in line.bits:
        if isinstance(bit, Word) and not bit.blank:
            start = start if word else x
            word += bit.words
            x += bit.width
            continue
        if word:
            yield start, word
        word = ""
        x += bit.width + (line.stretch * len(bit.words) if isinstance(bit, Word) else 0.0)
    if word:
        yield start, word


def compare(ours: list[Spot], theirs: list[Spot]) -> Likeness:
    pairs = _pairs([s.word for s in ours], [s.word for s in theirs])
    near = lines = moved = 0
    for (i, j), before in zip(pairs, [(-1, -1), *pairs], strict=False):
        a, b = ours[i], theirs[j]
        near += a.page == b.page and abs(a.x - b.x) <= 1 and abs(a.y - b.y) <= 1
        if before == (i - 1, j - 1) and i:
            left, right = _begins(ours[i - 1], a), _begins(theirs[j - 1], b)
            lines += right
            moved += left != right
    return Likeness(len(theirs), near, lines + 1, moved)


def _pairs(ours: list[str], theirs: list[str]) -> list[tuple[int, int]]:
    """Which word is which; words in another order (cells of one row read in turn) are matched all the same."""
    if ours == theirs:
        return [(at, at) for at in range(len(ours))]
    matcher = difflib.SequenceMatcher(None, ours, theirs, autojunk=False)
    return [(b.a + k, b.b + k) for b in matcher.get_matching_blocks() for k in range(b.size)]


def _begins(before: Spot, spot: Spot) -> bool:
    return before.page != spot.page or abs(before.y - spot.y) > 1


# --- golden files ----------------------------------------------------------------------------------------------------


def load(file: Path) -> tuple[int, list[Spot]]:
    """The pages and the words of a golden file: one row a line, [page, base, [[x, word] ...]], tenths of a point."""
    data = json.loads(file.read_text(encoding="utf-8"))
    return data["pages"], [Spot(page, x / 10, y / 10, word) for page, y, words in data["lines"] for x, word in words]


def dump(file: Path, pages: int, spots: list[Spot]) -> None:
    lines: list[tuple[int, int, list[tuple[int, str]]]] = []
    for spot in spots:
        place = (spot.page, round(spot.y * 10))
        if not lines or lines[-1][:2] != place:
            lines.append((*place, []))
        lines[-1][2].append((round(spot.x * 10), spot.word))
    rows = ",\n".join(json.dumps(line, ensure_ascii=False, separators=(",", ":")) for line in lines)
    file.write_text(f'{{"pages":{pages},"lines":[\n{rows}\n]}}\n', encoding="utf-8", newline="\n")


def sample_papers(samples: Path) -> dict[str, bytes]:
    """`kind.sample` -> DOCX, of the samples that the golden files hold."""
    out: dict[str, bytes] = {}
    for stem in Catalog().kinds():
        for name in SAMPLES:
            file = samples / stem / f"{name}.json"
            if file.exists():
                out[f"{stem}.{name}"] = kind(stem).make(json.loads(file.read_text(encoding="utf-8"))).docx
    return out


# --- LibreOffice's own -----------------------------------------------------------------------------------------------


def spots_of(document: bytes) -> tuple[int, list[Spot]]:
    """The pages and the words of a PDF, read by pypdfium2."""
    import pypdfium2

    paper = pypdfium2.PdfDocument(document)
    spots = [spot for number, page in enumerate(paper) for spot in _page_spots(number, page)]
    return len(paper), spots


def _page_spots(number: int, page: object) -> Iterator[Spot]:
    word: list[tuple[str, float]] = []
    y0 = last = end = 0.0
    for letter, x, y, right, size in _letters(page):
        apart = abs(y - y0) > 0.6 or x < last - 0.5 or x > end + size * 0.12  # a blank that was not written
        if word and (letter.isspace() or apart):
            yield from _without_leaders(number, word, y0)
            word = []
        if not letter.isspace():
            y0 = y0 if word else y
            word.append((letter, x))
            last, end = x, right
    yield from _without_leaders(number, word, y0)


def _without_leaders(number: int, word: list[tuple[str, float]], y: float) -> Iterator[Spot]:
    """The words in a row of letters: the dots of a tab are none, and part what stands before and behind them."""
    letters = "".join(letter for letter, _ in word)
    for found in re.finditer(r"(?:(?!\.{4}).)+(?<!\.{4})", letters):
        text = found.group().lstrip("." if found.start() else "")
        if text:
            yield Spot(number, word[found.end() - len(text)][1], y, text)


def _letters(page: object) -> Iterator[tuple[str, float, float, float, float]]:
    """Each letter: left edge, base line, right edge with the room of the letter, size."""
    import ctypes

    import pypdfium2.raw as raw

    height = page.get_height()  # type: ignore[attr-defined]
    text = page.get_textpage()  # type: ignore[attr-defined]
    x, y, box = ctypes.c_double(), ctypes.c_double(), raw.FS_RECTF()
    for at in range(raw.FPDFText_CountChars(text)):
        if raw.FPDFText_IsGenerated(text, at) != 1:
            raw.FPDFText_GetCharOrigin(text, at, ctypes.byref(x), ctypes.byref(y))
            raw.FPDFText_GetLooseCharBox(text, at, ctypes.byref(box))
            letter = chr(raw.FPDFText_GetUnicode(text, at)).replace("\x02", "-")  # a hyphen that ends a line
            yield letter, x.value, height - y.value, box.right, raw.FPDFText_GetFontSize(text, at)


def write_golden(folder: Path, papers: Mapping[str, bytes]) -> None:
    made = pdf.convert_all(list(papers.values()), "libreoffice")
    folder.mkdir(exist_ok=True)
    for name, document in zip(papers, made, strict=True):
        dump(folder / f"{name}.json", *spots_of(document))


if __name__ == "__main__":
    from dvk_docs import catalog

    write_golden(Path(sys.argv[1]), sample_papers(catalog.root() / "samples"))
