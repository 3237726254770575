"""Bodies and papers that are no more on the day of the text, and papers cited with another's date or body.

A body that the text names as past (trước đây, cũ, in a citation of that time) is right. A text that prints no date is
judged on the latest paper that it cites: what had ended by then has ended. Lists: co-quan.toml, van-ban.toml.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from ..errors import Problem
from . import lexicon
from .dates import mentions
from .lines import Passage
from .whole import Whole

_NUMBER = re.compile(r"(?<![\w/-])(\d{1,5})(-[A-ZĐ][A-ZĐa-z]*/[A-ZĐ]+|/\d{4}/[A-ZĐ][A-ZĐ0-9-]*)(?![\w/])")
_ENDING = re.compile(
    r"thay thế|bãi bỏ|hết hiệu lực|sửa đổi|bổ sung một số|chấm dứt|thay cho|trước đây|huỷ bỏ|hủy bỏ|cũ\b", re.I
)
_ISSUER = re.compile(
    r"(?:,?\s*ngày\s+[\d/.-]+)?\s*,?\s*của\s+(Ban Chấp hành Trung ương|Bộ Chính trị|Ban Bí thư|Chính "
    r"phủ|Quốc hội|Thủ tướng)",
    re.I,
)
_DATED = re.compile(r",?\s*(?:ký\s+)?ngày\s+(\d{1,2})[/-](\d{1,2})[/-](\d{4})")
_YEAR = re.compile(r"\bnăm\s+(\d{4})\b")
_NEAR = 60


@dataclass(frozen=True, slots=True)
class Ended:
    """A name that stands for nothing after a day."""

    until: date
    instead: str
    source: str
    not_before: tuple[str, ...]


@lru_cache(maxsize=1)
def _ended() -> tuple[re.Pattern[str], Mapping[str, Ended]]:
    data = lexicon.table("co-quan")
    names: dict[str, Ended] = {}
    for item in data["het"]:
        entry = Ended(item["den"], item["thay"], item["nguon"], tuple(item.get("tru", ())))
        names.update({lexicon.key(name): entry for name in item["cum"]})
    provinces = data["tinh"]
    for name, heir in provinces["ten"].items():
        names[f"tỉnh {lexicon.key(name)}"] = Ended(provinces["den"], heir, provinces["nguon"], ())
    return re.compile(rf"(?<!\w)(?:{lexicon.regex_of(names)})(?!\w)"), names


@lru_cache(maxsize=1)
def _papers() -> Mapping[str, Mapping[str, Any]]:
    return {item["so"]: item for item in lexicon.table("van-ban")["van_ban"]}


def check_validity(passage: Passage, whole: Whole) -> Iterator[Problem]:
    """What a passage names that had ended on the text's day, and citations that the list knows otherwise."""
    yield from _check_citations(passage, whole)
    if whole.since is not None:
        yield from _check_bodies(passage, whole.since)
        yield from _check_laws(passage, whole.since)


def _check_bodies(passage: Passage, today: date) -> Iterator[Problem]:
    pattern, names = _ended()
    small = passage.key
    told: set[Ended] = set()
    for match in pattern.finditer(small):
        entry = names[match.group()]
        if today <= entry.until or entry in told or _is_past(passage.text, small, match, entry):
            continue
        told.add(entry)
        typed = passage.text[match.start() : match.end()]
        day = f"{entry.until.day}/{entry.until.month}/{entry.until.year}"
        message = f"“{typed}” không còn từ sau ngày {day}."
        yield Problem(
            passage.place(*match.span()), "body_ended", "canh_bao", message, f"Nay là {entry.instead}.", entry.source
        )


def _is_past(text: str, small: str, match: re.Match[str], entry: Ended) -> bool:
    """Whether the words around say that the body is spoken of as it was, or the name goes on to another's."""
    data = lexicon.table("co-quan")["da_qua"]
    start, end = match.span()
    after = small[end : end + 40].lstrip(" ,(")
    if any(small[end : end + 60].lstrip().startswith(word) for word in entry.not_before):
        return True
    if any(
        small[end : end + 60].lstrip(" ,").startswith(lexicon.key(word)) for word in data["sau"]
    ) or after.startswith("cũ"):
        return True
    begin = max(
        small.rfind(". ", max(0, start - 120), start), small.rfind("; ", max(0, start - 120), start), start - 120, 0
    )
    before = small[begin:start]
    if any(re.search(rf"(?<!\w){re.escape(lexicon.key(word))}(?!\w)", before[-_NEAR:]) for word in data["truoc"]):
        return True
    days = [m.real for m in mentions(text[begin:start]) if m.real]
    years = [int(y) for y in _YEAR.findall(text[begin : end + 60])]
    return any(d <= entry.until for d in days) or any(y < entry.until.year for y in years)


def _check_laws(passage: Passage, today: date) -> Iterator[Problem]:
    small = passage.key
    for item in lexicon.table("van-ban")["luat"]:
        at = small.find(lexicon.key(item["cum"]))
        if at >= 0 and today > item["den"] and not _ENDING.search(passage.text):
            typed = passage.text[at : at + len(item["cum"])]
            yield _paper_ended(passage, at, at + len(typed), typed, item)


def _paper_ended(passage: Passage, start: int, end: int, typed: str, item: Mapping[str, Any]) -> Problem:
    until: date = item["den"]
    message = f"“{typed}” hết hiệu lực từ sau ngày {until.day}/{until.month}/{until.year}."
    hint = f"Nay là {item['thay']}." if item.get("thay") else "Xem văn bản thay thế."
    return Problem(passage.place(start, end), "law_ended", "canh_bao", message, hint, "Danh sách văn bản: van-ban")


def _check_citations(passage: Passage, whole: Whole) -> Iterator[Problem]:
    text = passage.text
    for match in _NUMBER.finditer(text):
        item = _papers().get(match.group()) or _papers().get(f"0{match.group()}")
        if item is None:
            continue
        cited_date = _DATED.match(text, match.end())
        if cited_date and _other_day(cited_date, item.get("ngay")):
            continue  # another paper of the same number: a new term, another year
        if issuer := _other_issuer(text, match.end(), item.get("co_quan", "")):
            message = f"Văn bản {match.group()} là của {item['co_quan']}, không phải của {issuer}."
            yield Problem(
                passage.place(*match.span()),
                "citation_issuer",
                "canh_bao",
                message,
                f"Viết “của {item['co_quan']}”.",
                "Danh sách văn bản: van-ban",
            )
        until = item.get("den")
        begin = max(text.rfind(". ", max(0, match.start() - 1000), match.start()), match.start() - 1000, 0)
        if until and whole.since and whole.since > until and not _ENDING.search(text[begin : match.end() + 80]):
            yield _paper_ended(passage, match.start(), match.end(), match.group(), item)


def _other_day(cited: re.Match[str], known: date | None) -> bool:
    return known is not None and (int(cited[1]), int(cited[2]), int(cited[3])) != (known.day, known.month, known.year)


def _other_issuer(text: str, end: int, known: str) -> str:
    found = _ISSUER.match(text, end)
    if not found or not known or found[1].lower() == known.lower():
        return ""
    return found[1]
