"""Nhiệm kỳ: the terms of each committee, in which the Party counts its numbers anew.

A term begins with the close of the congress or, for a committee that was appointed, on the effective day of the
deciding paper (HD 05-HD/VPTW, mục 3.1.1, trang 6). Two days typed for one term would make two series of one, so a term
that begins within a year of a known one must be confirmed.
"""

from __future__ import annotations

import re
import sqlite3
from datetime import date

from ..errors import FieldInvalid
from ..viet.ngay import ngay_so
from .series import Series, Wanted

YEAR = re.compile(r"\d{4}")
NEAR = 365  # days between two days that may well be one term's


def period(db: sqlite3.Connection, series: Series, wanted: Wanted) -> tuple[str, str]:
    """The period that the paper's day falls in: its key, and how a person says it."""
    if series.ky == "nam":
        return wanted.day[:4], f"năm {wanted.day[:4]}"
    if series.ky == "dai_hoi":
        return "dai-hoi", "đại hội"
    term = _term(db, series.co_quan, wanted)
    return f"nk{term['id']}", f"nhiệm kỳ từ {_said(term['tu'])}"


def _said(start: str) -> str:
    return f"năm {start}" if YEAR.fullmatch(start) else ngay_so(start)


def _day(start: str) -> str:
    """The day that a start stands for; of a year alone, its first."""
    return f"{start}-01-01" if YEAR.fullmatch(start) else start


def _term(db: sqlite3.Connection, office: str, wanted: Wanted) -> sqlite3.Row:
    known = sorted(db.execute("SELECT * FROM nhiem_ky WHERE co_quan = ?", (office,)), key=lambda t: _day(t["tu"]))
    start = wanted.term_from
    if start and (YEAR.fullmatch(start) is None and not _is_day(start)):
        raise FieldInvalid(f"“{start}” không phải là ngày bắt đầu nhiệm kỳ.", "term_invalid", "Nhập như 01/07/2025.")
    if start and _day(start) > wanted.day:
        return _before(known, start, wanted)
    same = next((t for t in known if start and _same(t["tu"], start)), None)
    if same is not None:
        return _refined(db, same, start)
    if start:
        return _opened(db, office, known, start, wanted)
    found = [t for t in known if _day(t["tu"]) <= wanted.day]
    if not found:
        message = f"Sổ chưa biết nhiệm kỳ của {wanted.co_quan} ngày {ngay_so(wanted.day)}."
        raise FieldInvalid(message, "term_unknown", "Nhập ngày bắt đầu nhiệm kỳ (--nhiem-ky-tu 01/07/2025).")
    last: sqlite3.Row = found[-1]
    return last


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _same(known: str, start: str) -> bool:
    """Whether two starts are one term's: the same day, or the same year where one of them is only a year."""
    if YEAR.fullmatch(known) or YEAR.fullmatch(start):
        return known[:4] == start[:4]
    return known == start


def _refined(db: sqlite3.Connection, term: sqlite3.Row, start: str) -> sqlite3.Row:
    """The term, its day written in where only its year was known."""
    if YEAR.fullmatch(term["tu"]) and not YEAR.fullmatch(start):
        db.execute("UPDATE nhiem_ky SET tu = ? WHERE id = ?", (start, term["id"]))
        db.execute(
            "UPDATE so_van_ban SET ky = ? WHERE day_so LIKE ?", (f"nhiệm kỳ từ {_said(start)}", f"%|nk{term['id']}")
        )
        term = db.execute("SELECT * FROM nhiem_ky WHERE id = ?", (term["id"],)).fetchone()
    return term


def _before(known: list[sqlite3.Row], start: str, wanted: Wanted) -> sqlite3.Row:
    """The term before `start`, for a paper dated earlier."""
    found = [t for t in known if _day(t["tu"]) <= wanted.day and not _same(t["tu"], start)]
    if not found:
        message = f"Ngày văn bản {ngay_so(wanted.day)} trước ngày bắt đầu nhiệm kỳ {_said(start)}."
        raise FieldInvalid(message, "before_term", "Sửa ngày văn bản, hoặc nhập nhiệm kỳ trước đó.")
    return found[-1]


def _opened(db: sqlite3.Connection, office: str, known: list[sqlite3.Row], start: str, wanted: Wanted) -> sqlite3.Row:
    near = next((t for t in known if abs(_apart(t["tu"], start)) < NEAR), None)
    if near is not None and not wanted.new_term:
        message = f"Sổ đang ghi nhiệm kỳ của {wanted.co_quan} từ {_said(near['tu'])}, khác với {_said(start)} vừa nhập."
        hint = "Nhập đúng ngày đã ghi; nếu quả là nhiệm kỳ mới thì thêm --nhiem-ky-moi."
        raise FieldInvalid(message, "term_conflict", hint)
    db.execute("INSERT INTO nhiem_ky (co_quan, tu) VALUES (?, ?)", (office, start))
    row: sqlite3.Row = db.execute("SELECT * FROM nhiem_ky WHERE co_quan = ? AND tu = ?", (office, start)).fetchone()
    return row


def _apart(one: str, other: str) -> int:
    return (date.fromisoformat(_day(one)) - date.fromisoformat(_day(other))).days
