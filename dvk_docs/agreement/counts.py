"""Counts: “07 điển hình, trong đó 03 tập thể, 04 cá nhân” against the rows of a list, and between related papers."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from dvk_docs.errors import Problem

from .citations import problem
from .reading import Paper

WHAT = "mô hình|điển hình"
WHO = "tập thể|cá nhân|hộ gia đình"
PARTS = rf"(?:\d{{1,4}}\s+(?:{WHO})(?:\s*(?:,|;|và)\s*)?){{2,3}}"
CLAIM = re.compile(
    rf"(?:(?P<total>\d{{1,4}})\s+(?P<what>{WHAT})\b[^.;:\d()]{{0,70}}[,(:]?"
    rf"\s*(?:trong đó|gồm|cụ thể)?(?:\s*có)?:?\s*\(?)?"
    rf"(?P<parts>{PARTS})",
    re.IGNORECASE,
)
PART = re.compile(rf"(\d{{1,4}})\s+({WHO})", re.IGNORECASE)
LISTED = re.compile(rf"Danh sách (?:này )?(?:gồm )?có (\d{{1,4}})\s+({WHAT}|{WHO})", re.IGNORECASE)
GROUP = re.compile(rf"(?:[IVX]+|[A-Z]|\d+)[.)]\s*({WHO})\b", re.IGNORECASE)
NUMBERED = re.compile(r"\d{1,4}\.?")


@dataclass(frozen=True, slots=True)
class Claim:
    """What one sentence counts: `what` is điển hình, mô hình or "" (only its parts are said)."""

    at: int  # paragraph
    what: str
    total: int | None
    parts: Mapping[str, int]
    words: str


def claims(paper: Paper) -> list[Claim]:
    """Every count of a paper that says its parts."""
    found = []
    for at, text in enumerate(paper.reading.paragraphs, 1):
        for match in CLAIM.finditer(text):
            parts = {who.casefold(): int(n) for n, who in PART.findall(match["parts"])}
            total = int(match["total"]) if match["total"] else None
            found.append(Claim(at, (match["what"] or "").casefold(), total, parts, match[0].strip()))
    return found


def grouped_rows(paper: Paper) -> dict[str, int]:
    """Rows under the groups “I. Tập thể”, “II. Cá nhân” of the paper's tables; {} where it has no such table."""
    rows: dict[str, int] = defaultdict(int)
    for table in paper.reading.tables:
        group = ""
        for cells in table:
            words = next((c for c in cells if c), "")
            head = GROUP.match(words)
            if head and len([c for c in cells if c]) == 1:
                group = head[1].casefold()
                rows[group] += 0
            elif group and cells and NUMBERED.fullmatch(cells[0]):
                rows[group] += 1
    return dict(rows)


def check_within(paper: Paper) -> Iterator[Problem]:
    """One paper: its counts among themselves, and against the rows of its own list."""
    said = claims(paper)
    by_what: dict[str, Claim] = {}
    for claim in said:
        if claim.total is not None and claim.total != sum(claim.parts.values()):
            message = (
                f"Văn bản ghi {claim.total:02} {claim.what} mà các phần cộng lại là {sum(claim.parts.values()):02}."
            )
            yield problem(paper, claim.at, "count_not_its_parts", "loi", message, claim.words)
        first = by_what.setdefault(claim.what, claim)
        if claim.what and first is not claim and _differs(first, claim):
            message = f"Văn bản ghi “{first.words}” (đoạn {first.at}) và “{claim.words}”."
            yield problem(paper, claim.at, "count_two_ways", "loi", message, claim.words)
    yield from _closing(paper)
    rows = grouped_rows(paper)
    ways = {tuple(sorted(c.parts.items())) for c in said}
    if not rows or len(ways) != 1:
        return
    for who, count in dict(next(iter(ways))).items():
        if who in rows and rows[who] != count:
            claim = next(c for c in said if c.parts.get(who) == count)
            message = f"Văn bản ghi {count:02} {who}, danh sách trong văn bản có {rows[who]:02} {who}."
            yield problem(paper, claim.at, "count_not_of_list", "loi", message, claim.words)


def _closing(paper: Paper) -> Iterator[Problem]:
    """“Danh sách có 20 mô hình” against the numbered rows of the one list that the paper has."""
    lists = [t for t in paper.reading.tables if _rows(t)]
    for at, text in enumerate(paper.reading.paragraphs, 1):
        found = LISTED.match(text)
        if found and len(lists) == 1 and not grouped_rows(paper) and found[2].casefold() in WHAT.split("|"):
            rows = _rows(lists[0])
            if rows != int(found[1]):
                message = f"Cuối danh sách ghi {found[1]} {found[2]}, danh sách có {rows:02} dòng đánh số."
                yield problem(paper, at, "count_not_of_list", "loi", message, text[:80])


def _rows(table: Sequence[Sequence[str]]) -> int:
    return sum(bool(cells and NUMBERED.fullmatch(cells[0])) and len(cells) > 1 for cells in table)


def check_between(papers: Sequence[Paper]) -> Iterator[Problem]:
    """Related papers: each thing that both count has one number; a paper of which one alone counts it is not judged."""
    by_id = {p.id: p for p in papers}
    said = {p.id: _settled(p) for p in papers}
    for paper in papers:
        for other in sorted(paper.related & by_id.keys()):
            if other >= paper.id and paper.id in by_id[other].related:
                continue  # each pair once
            for what in said[paper.id].keys() & said[other].keys():
                mine, theirs = said[paper.id][what], said[other][what]
                if _differs(mine, theirs):
                    there = f"{by_id[other].title} ({by_id[other].file})"
                    message = f"Văn bản ghi “{mine.words}”; {there} ghi “{theirs.words}”."
                    yield problem(paper, mine.at, "count_differs", "loi", message, mine.words)


def _settled(paper: Paper) -> dict[str, Claim]:
    """What a paper counts, each thing it counts in one way only."""
    found: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims(paper):
        if claim.what:
            found[claim.what].append(claim)
    return {what: own[0] for what, own in found.items() if not any(_differs(own[0], c) for c in own)}


def _differs(one: Claim, other: Claim) -> bool:
    totals = one.total is not None and other.total is not None and one.total != other.total
    return totals or any(other.parts.get(who, n) != n for who, n in one.parts.items())
