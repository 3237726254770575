"""References of a text to its own parts: mục 1, phần VI; điểm b khoản 2 Điều 3; whether there is such a part.

A reference into another paper (Điều 9 Luật ..., mục III Hướng dẫn số ...) is not ours to judge, nor one whose paper the
text leaves open. Source: K21; how parts are cited: Nghị định 30/2020/NĐ-CP, Phụ lục I, mục II.6 and Phụ lục II.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..errors import Problem
from .lines import Passage
from .outline import Node, Outline, below, letter_value, marker_of, roman
from .whole import Whole
from .words import tail

SOURCE = "K21"
LONGEST = 300  # letters of one chain of references
_VALUE = (
    r"(?:thứ\s+(?:nhất|hai|ba|tư|năm|sáu|bảy)|\d{1,3}(?:\.\d{1,2}){0,4}(?![\d%]|[.,]\d)|"
    r"[IVXL]{1,6}(?!\w)|[a-zđA-ZĐ](?!\w))"
)
_WORDS = r"(?:điểm|khoản|điều|tiểu mục|mục|phần|chương)"
_PART = re.compile(
    rf"\b({_WORDS})\s+({_VALUE})(?!\s*(?:triệu|nghìn|ngàn|tỷ|đồng|%|người|hộ|năm\b|tháng\b|ngày\b))", re.I
)
_MORE = re.compile(
    rf"\s*(?:,|và|hoặc|đến|;|-)\s*(?={_VALUE}(?:\W|$))({_VALUE})(?!\s*(?:triệu|nghìn|tỷ|đồng|%|người|hộ))"
)
_JOIN = re.compile(r"\s*(?:,|của|thuộc|trong|tại|ở)?\s*", re.I)
_AND = re.compile(r"\s*(?:,|;|và|hoặc|hay|đến)\s*(?:(?:tại|các|theo|của)\s+)*", re.I)
PAPER = (
    r"(?:bộ luật|luật|nghị định|nghị quyết|thông tư|quyết định|quy định|quy chế|chỉ thị|kết luận|"
    r"hướng dẫn|kế hoạch|chương trình|"
    r"thông báo|công văn|đề án|hiến pháp|pháp lệnh|điều lệ|hợp đồng|báo cáo|tờ trình|văn bản|thông "
    r"tri|nội quy|hương ước|quy ước|phụ lục|dự thảo|biên bản|tài liệu|đề cương)"
)
_AFTER = re.compile(
    rf"\s*,?\s*(?:(?:của|trong|tại|thuộc|theo|bản|ban hành kèm theo|kèm theo|"
    rf"ở)\s+)*({PAPER})\b\s*(này|trên|nêu trên|nói trên)?",
    re.I,
)
_BEFORE = re.compile(
    rf"\b{PAPER}\s+(?:số\s+)?(?:[\dA-ZĐ]|thi đua|tổ chức)|\b(?:Luật|Bộ luật|Hiến pháp|Điều lệ|Hiệp "
    rf"định|Công ước|Nghị định thư|BLHS|BLDS)\b"
)
_OF_OTHERS = re.compile(
    r"\s*(?:của|trong)?\s*(?:Luật|Bộ luật|Hiến pháp|Điều lệ|Nghị|Thông tư|Hiệp|Công ước|Tuyên ngôn|"
    r"[A-ZĐ]{2,}|\d{1,4}[-/])"
)
_ORDER = ("phần", "chương", "mục", "tiểu mục", "điều", "khoản", "điểm")
_LEVELS = {
    "phần": ("phan", "la_ma", "hoa"),
    "chương": ("chuong",),
    "mục": ("muc", "la_ma", "hoa", "so", "so_dong", "chu", "so_trong"),
    "tiểu mục": ("tieu_muc", "so", "so2"),
    "điều": ("dieu",),
    "khoản": ("so", "so_dong", "so_trong"),
    "điểm": ("chu", "so", "so_dong", "so_trong", "so2", "la_ma_nho"),
}
_ORDINALS = {"nhất": 1, "hai": 2, "ba": 3, "tư": 4, "năm": 5, "sáu": 6, "bảy": 7}


@dataclass(frozen=True, slots=True)
class Part:
    """One step of a reference: its word and the number or letter as typed."""

    word: str
    shown: str


@dataclass(frozen=True, slots=True)
class Reference:
    """A chain of steps: điểm b khoản 2 Điều 3. `own` where the text says that it means itself (Quy định này)."""

    start: int
    end: int
    parts: tuple[Part, ...]
    own: bool


def check_references(passage: Passage, index: int, outline: Outline) -> Iterator[Problem]:
    """Every reference in a passage to a part that the text does not have."""
    text = passage.text
    for reference in references(text, outline.node_at[index].level == "dieu"):
        node = outline.node_at[index]
        scope = _root(node)
        verdict = _missing(reference, scope, node, outline)
        itself = not verdict and _is_itself(reference, node, scope)
        if not verdict and not itself:
            continue
        typed = " ".join(text[reference.start : reference.end].split())
        place = passage.place(reference.start, reference.end)
        if verdict:
            message = f"Dẫn “{typed}” nhưng trong văn bản {verdict}."
            yield Problem(place, "dangling_reference", "loi", message, "Xem lại số mục được dẫn.", SOURCE)
        else:
            message = f"“{typed}” chính là phần đang viết: dẫn chiếu vào chính nó."
            yield Problem(place, "self_reference", "canh_bao", message, "Dẫn đến mục cụ thể hơn.", SOURCE)


def references(text: str, in_article: bool = False) -> list[Reference]:
    """The references of a text that are, or may be, to its own parts."""
    marker = marker_of(text)
    found: list[Reference] = []
    at = len(marker.shown) if marker else 0
    while match := _PART.search(text, at):
        start = match.start()
        chains, end = _chains(text, match)
        at = end
        after = _AFTER.match(text, end)
        own = bool(after and after[2])
        if (after and not after[2]) or (not own and _is_of_another(text, start, end)):
            continue
        found += [Reference(start, end, parts, own) for parts in chains if own or _is_plain(parts, text, start)]
    return found


def _chains(text: str, match: re.Match[str]) -> tuple[list[tuple[Part, ...]], int]:
    """The chains that begin at a match (several where it lists: khoản 1, 2 Điều 5), and where they end."""
    steps: list[list[Part]] = []
    end = match.start()
    found: re.Match[str] | None = match
    all_chains: list[tuple[Part, ...]] = []
    while found and found.end() - match.start() < LONGEST:
        word = " ".join(found[1].lower().split())
        if steps and _ORDER.index(word) >= _ORDER.index(steps[-1][0].word):
            all_chains += _product(steps)
            steps = []
        values = [found[2]]
        end = found.end()
        while more := _MORE.match(text, end):
            values.append(more[1])
            end = more.end()
        steps.append([Part(word, v) for v in values])
        found = _PART.match(text, _JOIN.match(text, end).end()) or _PART.match(text, _and_end(text, end))  # type: ignore[union-attr]
    return [*all_chains, *_product(steps)], end


def _and_end(text: str, end: int) -> int:
    found = _AND.match(text, end)
    return found.end() if found else end


def _product(steps: Sequence[Sequence[Part]]) -> list[tuple[Part, ...]]:
    chains: list[tuple[Part, ...]] = [()]
    for step in steps:
        chains = [(*chain, part) for chain in chains for part in step][:40]
    return chains


def _is_of_another(text: str, start: int, end: int) -> bool:
    """Whether the sentence speaks of another paper before or right after the reference."""
    return bool(_BEFORE.search(text, max(0, start - 2000), start) or _OF_OTHERS.match(text, end))


def is_of_another_paper(text: str, start: int, end: int) -> bool:
    """Whether what stands in a text from `start` to `end` is a part of another paper, as far as the sentence says."""
    after = _AFTER.match(text, end)
    if after:
        return not after[2]
    begin = max(
        text.rfind(". ", max(0, start - 1000), start), text.rfind("; ", max(0, start - 1000), start), start - 1000, 0
    )
    cited = re.search(r"(?:số\s+\d|Luật|Nghị định|Thông tư)[^.;]{0,80}$", text[begin:start])
    return bool(cited) or bool(_OF_OTHERS.match(text, end))


def _is_plain(parts: Sequence[Part], text: str, start: int) -> bool:
    """Whether a reference that names no paper is one to judge: a chain, a Roman part, an article, or what a word
    points to."""
    first = parts[0]
    if len(parts) > 1 or first.word in ("điều", "chương"):
        return True
    pointed = re.search(r"(?:tại|theo|nêu ở|nêu tại|ở|trong|thuộc|xem)\s*$|\($", tail(text, start, 12), re.I)
    return (
        first.word in ("mục", "phần", "tiểu mục")
        and bool(pointed)
        and (first.shown[0].isdigit() or roman(first.shown) > 0)
    )


# --- whether there is such a part -------------------------------------------------------------------------------------


def _root(node: Node) -> Node:
    return list(node.ancestors)[-1]


def _values(part: Part) -> tuple[int, int, int]:
    """The number, Roman number and letter that the typed value may be."""
    shown = part.shown
    if shown.lower().startswith("thứ"):
        return _ORDINALS.get(shown.lower().split()[-1], 0), 0, 0
    if shown.isdigit():
        return int(shown), 0, 0
    return 0, roman(shown), letter_value(shown) if len(shown) == 1 else 0


def _fits(node: Node, part: Part) -> bool:
    if node.level not in _LEVELS[part.word] and not ("." in part.shown and node.level.startswith("so")):
        return False
    number, as_roman, letter = _values(part)
    if "." in part.shown:
        return node.shown == part.shown
    if node.level in ("phan", "chuong", "muc", "tieu_muc", "dieu"):
        return node.value in (number, as_roman) and node.value > 0
    if node.level == "la_ma":
        return node.value == (as_roman or (number if part.word == "phần" else 0))
    if node.level in ("chu", "hoa"):
        return node.value == letter and node.value > 0
    if node.level == "la_ma_nho":
        return node.shown == part.shown
    return node.value == number and number > 0


def _missing(reference: Reference, scope: Node, here: Node, outline: Outline) -> str:
    """What the text lacks of a reference, in words; "" where it is there or cannot be judged."""
    steps = sorted(reference.parts, key=lambda p: _ORDER.index(p.word))
    candidates: list[Node] = [scope]
    for number, part in enumerate(steps):
        levels = _LEVELS[part.word]
        if number == 0:
            dotted = [name for name in outline.by_level if name.startswith("so")] if "." in part.shown else []
            known = [n for level in (*levels, *dotted) for n in outline.by_level.get(level, ())]
            if not known:
                return f"không có {part.word} nào" if reference.own and part.word in ("điều", "chương") else ""
            found = [n for n in known if _fits(n, part)]
        else:
            found = [n for c in candidates for n in below(c) if _fits(n, part)]
        if not found:
            return _what_is_missing(steps, number)
        candidates = found
    return ""


def _what_is_missing(steps: Sequence[Part], number: int) -> str:
    part = steps[number]
    within = f" trong {steps[number - 1].word} {steps[number - 1].shown}" if number else ""
    return f"không có {part.word} {part.shown}{within}"


def _is_itself(reference: Reference, here: Node, scope: Node) -> bool:
    """Whether a reference names the very part that it stands in."""
    steps = sorted(reference.parts, key=lambda p: -_ORDER.index(p.word))
    around = [n for n in here.ancestors if n.level]
    if len(steps) < 2 or not around:
        return False
    at = next((i for i, n in enumerate(around) if _fits(n, steps[0])), None)
    return at is not None and all(any(_fits(n, part) for n in around[at:]) for part in steps[1:])


def check_references_whole(whole: Whole) -> Iterator[Problem]:
    """The numbering and the references of a whole text."""
    outline = Outline(whole.passages)
    yield from outline.problems
    for index, passage in enumerate(whole.passages):
        yield from check_references(passage, index, outline)
