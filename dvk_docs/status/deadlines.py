"""The deadlines of a year: each rule that says “before a day”, with how many have kept it, as of a day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from dvk_docs import rules
from dvk_docs.errors import DvkError

if TYPE_CHECKING:
    from dvk_docs.catalog import Catalog
    from dvk_docs.derive import Graph

SOON = 30  # days ahead that count as soon
CHECK = "truoc_ngay"


@dataclass(frozen=True, slots=True)
class Deadline:
    """One deadline: `day` is ISO, "" where the guide names a day that does not exist and none was chosen.

    `state`: xong (all done in time) | xong-muon (all done, some late) | qua-han | sap-den (within 30 days) | con-han |
    khong-ro (no day). `late` names what was done late, `missing` what is not done yet.
    """

    rule: str
    what: str
    day: str
    to: str
    source: str
    total: int
    done: int
    state: str
    late: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


def deadlines(graph: Graph, catalog: Catalog, today: date) -> list[Deadline]:
    """Every deadline of the year's rules, the earliest first; those without a day last."""
    found = [d for rule in rules.of_year(graph, catalog, today) for d in _judged(rule, today)]
    return sorted(found, key=lambda d: (d.day or "9999", d.rule))


def _judged(rule: rules.Rule, today: date) -> Iterator[Deadline]:
    if rule.words["kiem"] != CHECK:
        return
    try:
        yield _deadline(rule, today)
    except (DvkError, KeyError, TypeError, ValueError):
        return  # a rule that cannot be judged is named by the check of the year


def _deadline(rule: rules.Rule, today: date) -> Deadline:
    limit = rules.deadline(rule) or ""
    late, missing, done, total = [], [], 0, 0
    for record in rule.members():
        total += 1
        event = rule.value("su_kien", {"nay": record, "han": limit})
        name = "" if record is None else rules.spoken_name(record)
        if not event or event > today.isoformat():
            missing.append(name)
            continue
        done += 1
        if limit and event > limit:
            late.append(name)
    source = ", ".join(x for x in (rule.source, str(rule.words.get("nguon", ""))) if x)
    state = _state(limit, today, all_done=bool(total) and done == total, late=bool(late))
    shown: Any = rule.words.get("ten") or rule.words["ma"]
    return Deadline(
        str(rule.words["ma"]),
        str(shown),
        limit,
        str(rule.words.get("noi_nhan", "")),
        source,
        total,
        done,
        state,
        tuple(n for n in late if n),
        tuple(n for n in missing if n),
    )


def _state(limit: str, today: date, *, all_done: bool, late: bool) -> str:
    if all_done:
        return "xong-muon" if late else "xong"
    if not limit:
        return "khong-ro"
    if today.isoformat() >= limit:
        return "qua-han"
    return "sap-den" if today + timedelta(days=SOON) >= date.fromisoformat(limit) else "con-han"
