"""Lịch: the clock of a programme. Each row says when in its own way: 08:00 - 08:15, 8h30, or how long, 15 phút.

A row that says how long follows the one before it; a row that says only its beginning lasts until the next begins.

>>> lich_gio(["10 phút", "5 phút", "08:30 - 08:45"], "08:00")
[['08:00', '08:10'], ['08:10', '08:15'], ['08:30', '08:45']]
>>> lich_gio(["8h", "8h15", "cuối buổi"])
[['08:00', '08:15'], ['08:15', ''], ['', '']]
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import time

from ..errors import FieldInvalid
from . import gio

_LENGTH = re.compile(r"([0-9]{1,3})\s*(?:phút|p|')", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*(?:[-–—]|\bđến\b|\btới\b)\s*", re.IGNORECASE)
_DAY = 24 * 60


def lich_gio(cac_dong: Iterable[object] | None, bat_dau: str | None = None) -> list[list[str]]:
    """Beginning and end (HH:MM) of each row of a programme that begins at `bat_dau`; "" where it is not known."""
    return [[_text(start), _text(end)] for start, end in _minutes(cac_dong, bat_dau)]


def lich_chong(cac_dong: Iterable[object] | None, bat_dau: str | None = None) -> int:
    """The number, from 1, of the first row that begins before the one before it has ended, or ends before it begins.

    >>> lich_chong(["08:00 - 08:30", "08:20 - 08:40"]), lich_chong(["08:00", "5 phút", "08:05"])
    (2, 0)
    """
    reached = 0
    for number, (start, end) in enumerate(_minutes(cac_dong, bat_dau), 1):
        if (start is not None and start < reached) or (start is not None and end is not None and end < start):
            return number
        reached = max(reached, start or 0, end or 0)
    return 0


def _minutes(rows: Iterable[object] | None, begins: str | None) -> list[tuple[int | None, int | None]]:
    """Each row as minutes of the day."""
    clock = _minute(begins or "")
    found: list[tuple[int | None, int | None]] = []
    for row in rows or ():
        text = re.sub(r"^từ\s+", "", " ".join(str(row or "").split()), flags=re.IGNORECASE)
        length = _LENGTH.fullmatch(text)
        if length:
            start, end = clock, None if clock is None else min(clock + int(length[1]), _DAY - 1)
        else:
            parts = _BETWEEN.split(text, maxsplit=1)
            start, end = _minute(parts[0]), _minute(parts[1]) if len(parts) > 1 else None
        if found and found[-1][1] is None and found[-1][0] is not None and start is not None and start > found[-1][0]:
            found[-1] = (found[-1][0], start)
        found.append((start, end))
        clock = end
    return found


def _minute(text: str) -> int | None:
    try:
        found: time = gio.parse(text)
    except FieldInvalid:
        return None
    return found.hour * 60 + found.minute


def _text(minute: int | None) -> str:
    return "" if minute is None else f"{minute // 60:02}:{minute % 60:02}"
