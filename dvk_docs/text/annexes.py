"""Annexes and forms: named but not there, there but never named.

An annex is there where a short line is its label (Phụ lục 1, Mẫu số 01A) after the text that names it. One that another
paper carries (Phụ lục I Nghị định ...) is not ours. Source: Hướng dẫn 05-HD/VPTW, mục II.1 (P17); K21.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..errors import Problem
from .lines import Passage
from .outline import roman
from .references import is_of_another_paper
from .whole import Whole
from .words import tail

SOURCE = "Hướng dẫn 05-HD/VPTW, mục II.1; K21"
_WORD = r"(phụ lục|biểu mẫu|mẫu biểu|mẫu|biểu)"
_NAMED = re.compile(
    rf"\b{_WORD}\s+(?:số\s*[:.]?\s*)?((?:0?\d{{1,2}}|[IVX]{{1,5}})(?![.,]?\d)\s?(?:[-.]?[A-ZĐa-d](?!\w))?)(?![\w%])",
    re.I,
)
_LIST = re.compile(
    r"\s*(?:,|và)\s*(?:số\s*)?((?:0?\d{1,2}|[IVX]{1,5})[A-ZĐa-d]?)(?!\w|[.,]?\d|\s*(?:người|hộ|mô "
    r"hình|tập thể|cá nhân|bản|bộ|ngày|tháng|năm|đồng))"
)
_ENCLOSED = re.compile(rf"\b(?:{_WORD[1:-1]}|đề cương|phiếu)(?:\s+\w+){{0,3}}?\s+(?:gửi kèm|kèm theo|đính kèm)", re.I)
_LABEL = re.compile(
    rf"\s*[(\[]?{_WORD}\s*(?:số\s*[:.]?\s*)?((?:0?\d{{1,2}}|[IVX]{{1,5}})\s?[-.]?[A-ZĐa-d]?)?(?=\s*$|\s*[:.)\]\-–]|\s+[A-ZĐÀ-Ỹ“(])",
    re.I,
)
_VERB = re.compile(r"\b(?:theo|tại|gửi|kèm|xem|dùng|lập|điền|trong|ở|của|và|vào|nêu)\s*$|\($", re.I)


@dataclass(frozen=True, slots=True)
class Annex:
    """A form or annex by its family (phụ lục; mẫu and biểu mẫu are one) and number."""

    family: str
    number: str


def _annex(word: str, number: str) -> Annex:
    family = "phụ lục" if "phụ" in word.lower() else "mẫu"
    shown = re.sub(r"[\s.\-]", "", number).upper()
    digits = re.match(r"0*(\d+)(.*)", shown)
    if digits:
        return Annex(family, digits[1] + digits[2])
    letters = re.match(r"([IVX]+)(.*)", shown)
    value = roman(letters[1]) if letters else 0
    return Annex(family, f"{value}{letters[2]}" if letters and value else shown)


def label(passage: Passage) -> Annex | None:
    """The annex whose label a short line is; number "" where it has none."""
    text = passage.text
    found = _LABEL.match(text) if len(text) < 160 else None
    if not found or (passage.cell is None and text.rstrip().endswith((";", ",")) and len(text) > 30):
        return None
    capital = found[1].isupper() or found[1][0].isupper()
    alone = len(text.strip()) == len(found[1])
    if not capital or (not found[2] and not found[1].isupper() and not alone):
        return None
    return _annex(found[1], found[2] or "")


def check_annexes_whole(whole: Whole) -> Iterator[Problem]:
    """Each annex that the text names and does not have, or has and does not name; each once."""
    labels: dict[Annex, int] = {}
    label_at: set[int] = set()
    for index, passage in enumerate(whole.passages):
        if annex := label(passage):
            labels.setdefault(annex, index)
            label_at.add(index)
    end = next((n for n, p in enumerate(whole.passages) if p.text.startswith(("Nơi nhận", "NƠI NHẬN"))), None)
    forms = end is not None and _goes_on(whole, end)
    named: set[Annex] = set()
    told: set[Annex] = set()
    for index, passage in enumerate(whole.passages):
        for annex, start, stop in mentions(passage, index in label_at):
            named.add(annex)
            if end is None and not labels and annex.family == "mẫu" and _only_names(passage.text, start, stop):
                continue
            if annex in told or annex in labels or has_family(annex, labels):
                continue
            told.add(annex)
            typed = " ".join(passage.text[start:stop].split())
            lacks = "không phần nào kèm theo mang nhãn ấy" if forms else "không có trong văn bản"
            message = f"Nhắc đến “{typed}” nhưng {lacks}."
            yield Problem(
                passage.place(start, stop), "annex_missing", "canh_bao", message, "Kèm theo hoặc bỏ chỗ nhắc.", SOURCE
            )
        if not labels and not told and not named and index not in label_at:
            yield from _check_enclosed(passage, whole, index)
    yield from _check_unnamed(whole, labels, named)


def _only_names(text: str, start: int, end: int) -> bool:
    """Whether a form in brackets is but the name of what stands before it: bản đăng ký (Mẫu 01B)."""
    return text[:start].rstrip().endswith("(") and text[end:].lstrip().startswith(")")


def has_family(annex: Annex, labels: Iterable[Annex]) -> bool:
    """Whether the only annex of its family has no number: Phụ lục 1 named, PHỤ LỤC there."""
    same = [a for a in labels if a.family == annex.family]
    return len(same) == 1 and not same[0].number


def mentions(passage: Passage, is_label: bool) -> Iterator[tuple[Annex, int, int]]:
    """Each form or annex that a passage points to, and from which letter to which."""
    text = passage.text
    for found in _NAMED.finditer(text):
        if is_label and found.start() < 4:
            continue
        if is_of_another_paper(text, found.start(), found.end()):
            continue
        pointed = _VERB.search(tail(text, found.start(), 14)) or re.match(
            r"\s*\)|\s*(?:gửi kèm|kèm|đính kèm)", text[found.end() : found.end() + 30]
        )
        only_bracket = passage.cell is not None and not re.search(r"\w\s*$", tail(text, found.start(), 14))
        if (not pointed or only_bracket) and found[1].lower() in ("mẫu", "biểu"):
            continue
        yield _annex(found[1], found[2]), found.start(), found.end()
        end = found.end()
        while more := _LIST.match(text, end):
            yield _annex(found[1], more[1]), found.start(), more.end()
            end = more.end()


def _check_enclosed(passage: Passage, whole: Whole, index: int) -> Iterator[Problem]:
    """“biểu mẫu gửi kèm” with nothing after the end of the text."""
    found = _ENCLOSED.search(passage.text)
    if not found or is_of_another_paper(passage.text, found.start(), found.end()):
        return
    end = next((n for n, p in enumerate(whole.passages) if p.text.startswith(("Nơi nhận", "NƠI NHẬN"))), None)
    if end is None or _goes_on(whole, end):
        return
    message = f"Nhắc đến “{found.group()}” nhưng sau văn bản không có gì kèm theo."
    yield Problem(
        passage.place(found.start(), found.end()),
        "annex_missing",
        "canh_bao",
        message,
        "Kèm theo hoặc bỏ chỗ nhắc.",
        SOURCE,
    )


def _goes_on(whole: Whole, end: int) -> bool:
    """Whether more than recipients and a signature stands after Nơi nhận."""
    after = [p for p in whole.passages[end + 1 :] if not p.text.lstrip().startswith("-")]
    return len(after) > 12


def _check_unnamed(whole: Whole, labels: dict[Annex, int], named: set[Annex]) -> Iterator[Problem]:
    """An annex that the text before it never speaks of; a paper that is nothing but the annex is left alone."""
    families = {a.family for a in named}
    first: dict[str, int] = {}
    for index, passage in enumerate(whole.passages):
        for family in ("phụ lục", "mẫu"):
            if family not in first and family in passage.key:
                first[family] = index
    for annex, position in labels.items():
        spoken_of = annex.family not in families and first.get(annex.family, position) < position
        if annex in named or not annex.number or position < 12 or spoken_of:
            continue
        passage = whole.passages[position]
        message = f"“{passage.text[:60]}” không được nhắc đến trong văn bản."
        yield Problem(passage.place(0), "annex_unnamed", "canh_bao", message, "Nhắc đến ở phần thân hoặc bỏ.", SOURCE)
