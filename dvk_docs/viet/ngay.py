"""Ngày: a calendar day. Typed d/m/yyyy, held as `datetime.date` (ISO text in the data), printed as the Party prints it.

Source: Hướng dẫn 05-HD/VPTW, mục 4.2.2 (days under 10 and months 1, 2 get a leading 0); the same in Hướng dẫn
36-HD/VPTW and Nghị định 30/2020/NĐ-CP, Phụ lục I, mục II.4.b.

>>> to_text(parse("5/2/2026"))
'ngày 05 tháng 02 năm 2026'
>>> to_text(parse("2026-03-15"))
'ngày 15 tháng 3 năm 2026'
>>> ngay_so("2026-09-30"), ngay_so("2026-02-05")
('30/9/2026', '05/02/2026')
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime, timedelta

from ..errors import FieldInvalid

FIRST_YEAR, LAST_YEAR = 1900, 2100
_TYPED = r"([0-9]{1,2})([/.-])([0-9]{1,2})\2([0-9]{4})"
_ISO = r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})"
_PARTIAL = r"[0-9]{4}(-(0[1-9]|1[0-2]))?"
_WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
_HINT = "Hãy gõ ngày/tháng/năm, ví dụ 05/02/2026."


def parse(typed: str) -> date:
    """Return the day that `typed` names (d/m/yyyy, d-m-yyyy, d.m.yyyy or ISO yyyy-mm-dd).

    Raise `FieldInvalid`: `not_a_day` (not of that shape), `no_such_day` (31/02), `year_out_of_range` (1900 to 2100).
    """
    text = typed.strip()
    if found := re.fullmatch(_TYPED, text):
        return _day(typed, int(found[4]), int(found[3]), int(found[1]))
    if found := re.fullmatch(_ISO, text):
        return _day(typed, int(found[1]), int(found[2]), int(found[3]))
    raise FieldInvalid(f"“{typed}” không phải là ngày viết đúng dạng.", "not_a_day", _HINT)


def _day(typed: str, year: int, month: int, day: int) -> date:
    try:
        found = date(year, month, day)
    except ValueError:
        raise FieldInvalid(f"“{typed}” không phải là một ngày có thật.", "no_such_day", _HINT) from None
    if not FIRST_YEAR <= year <= LAST_YEAR:
        message = f"Năm của ngày “{typed}” phải từ {FIRST_YEAR} đến {LAST_YEAR}."
        raise FieldInvalid(message, "year_out_of_range", "Hãy xem lại năm.")
    return found


def to_input(day: date) -> str:
    return f"{day.day}/{day.month}/{day.year:04}"


def to_text(day: date) -> str:
    return f"ngày {day.day:02} tháng {_month(day)} năm {day.year}"


def _month(day: date) -> str:
    return f"{day.month:02}" if day.month < 3 else str(day.month)


def from_iso(text: str) -> date:
    """Return the day of an ISO text exactly `yyyy-mm-dd`; raise `FieldInvalid` where there is none."""
    if len(text) != 10 or not re.fullmatch(_ISO, text):
        raise FieldInvalid(f"“{text}” không phải là ngày viết dạng năm-tháng-ngày.", "not_a_day", "Ví dụ: 2026-02-05.")
    return parse(text)


def to_iso(day: date) -> str:
    return f"{day.year:04}-{day.month:02}-{day.day:02}"


def held(value: str | date) -> date:
    """The day of a value of the data: an ISO text, or a date as it is."""
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else from_iso(value)


# --- as the papers print it ------------------------------------------------------------------------------------------


def is_partial(text: object) -> bool:
    """Whether a text is a day of which only the year, or the year and month, is known: 1985, 1985-03.

    >>> [is_partial(t) for t in ("1985", "1985-03", "1985-13", "1985-03-02", "85")]
    [True, True, False, False, False]
    """
    found = isinstance(text, str) and re.fullmatch(_PARTIAL, text)
    return bool(found) and FIRST_YEAR <= int(str(text)[:4]) <= LAST_YEAR


_IN_TEXT = re.compile(r"(?<![\d/])(?:([0-9]{1,2})(?:/|\s+tháng\s+))?([0-9]{1,2})(?:/|\s+năm\s+)([0-9]{4})(?![\d/])")


def ngay_trong(text: str | None) -> str | None:
    """The last day that a text names (ISO), a month counting as its last day; None where it names none.

    >>> ngay_trong("trước ngày 30/9/2026"), ngay_trong("tháng 9 - tháng 11 năm 2026"), ngay_trong("quý IV")
    ('2026-09-30', '2026-11-30', None)
    """
    days = []
    for day, month, year in _IN_TEXT.findall(text or ""):
        try:
            days.append(date(int(year), int(month), int(day or monthrange(int(year), int(month))[1])))
        except ValueError:
            continue  # no such day: the checks of texts name it
    return max(days).isoformat() if days else None


def ngay_so(ngay: str | date | None) -> str:
    """30/9/2026 for running text and tables; a blank day prints nothing, of a partial one what is known.

    >>> ngay_so("1985-03"), ngay_so("1985-02"), ngay_so("1985")
    ('3/1985', '02/1985', '1985')
    """
    if not ngay:
        return ""
    if isinstance(ngay, str) and is_partial(ngay):
        year, _, month = ngay.partition("-")
        return f"{month if month < '03' else month.lstrip('0')}/{year}" if month else year
    day = held(ngay)
    return f"{day.day:02}/{_month(day)}/{day.year}"


def ngay_dai(ngay: str | date | None, nam: int | str | None = None) -> str:
    """The long form; a day still blank leaves room for the pen, with the year if it is known.

    >>> ngay_dai(None, 2026)
    'ngày      tháng      năm 2026'
    """
    if not ngay:
        return f"ngày      tháng      năm {'     ' if nam is None else nam}"
    return to_text(held(ngay))


def thu_trong_tuan(ngay: str | date | None) -> str:
    """The day of the week.

    >>> thu_trong_tuan("2026-03-26"), thu_trong_tuan("2026-03-29")
    ('thứ Năm', 'Chủ nhật')
    """
    return _WEEKDAYS[held(ngay).weekday()] if ngay else ""


def thang_nam(ngay: str | date | None) -> str:
    """The month and year.

    >>> thang_nam("2026-03-01"), thang_nam("2026-02-01")
    ('tháng 3/2026', 'tháng 02/2026')
    """
    if not ngay:
        return ""
    day = held(ngay)
    return f"tháng {_month(day)}/{day.year}"


def khoang_thoi_gian(tu: str | date | None, den: str | date | None) -> str:
    """A span of days; with one end blank only the other is printed.

    >>> khoang_thoi_gian("2026-03-01", "2026-10-31")
    'từ ngày 01/3/2026 đến ngày 31/10/2026'
    """
    parts = (f"từ ngày {ngay_so(tu)}" if tu else "", f"đến ngày {ngay_so(den)}" if den else "")
    return " ".join(p for p in parts if p)


def cong_ngay(ngay: str | date | None, so: int | None) -> str:
    """The ISO day so many days after (before, where negative); a blank day gives nothing, nor one past the calendar.

    >>> cong_ngay("2026-09-14", -3), cong_ngay("2026-02-27", 3), cong_ngay(None, 3)
    ('2026-09-11', '2026-03-02', '')
    """
    if not ngay or so is None or (isinstance(ngay, str) and is_partial(ngay)):
        return ""
    try:
        return to_iso(held(ngay) + timedelta(days=so))
    except OverflowError:
        return ""
