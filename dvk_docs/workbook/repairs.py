"""Repairs: a cell typed in a usual way that is not the field's own, put right, and the sentence that says so.

Nothing is guessed. A day is read day first, always: 3/25/1990 stays as typed, for the checker to refuse. A lost zero is
put back only where the number's length proves it. Text of the old fonts (TCVN3, VNI) is never changed unasked: what it
most likely says is proposed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from dvk_docs.errors import Severity
from dvk_docs.viet import chu

from .values import MARKS, as_clock, as_number, as_phone, is_date, kinds_of, plain_number

_DAY = re.compile(
    r"(?:ngày\s*)?(\d{1,2})\s*(?:[/.\-–]|tháng)\s*(\d{1,2})\s*(?:[/.\-–]|năm)\s*(\d{2}|\d{4})\.?", re.IGNORECASE
)
_MONTH = re.compile(r"(?:tháng\s*)?(\d{1,2})\s*(?:[/.\-–]|năm)\s*(\d{4})", re.IGNORECASE)
_YEAR = re.compile(r"(?:năm\s*)?((?:19|20)\d{2})", re.IGNORECASE)
_PLAIN_DAY = re.compile(r"\d{1,2}([/.-])\d{1,2}\1\d{4}|\d{4}-\d{1,2}-\d{1,2}")
_MONEY = re.compile(r"([\d.,\s]+)(?:đ|đồng|vnđ|vnd|₫)\.?", re.IGNORECASE)
THIS_CENTURY = 30  # 85 is 1985, 26 is 2026
BORN = 15  # a person born in 15 was born in 2015, one born in 26 in 1926

WORDS = {
    "line_end": "dấu xuống dòng lạ",
    "unseen": "ký tự ẩn",
    "space": "khoảng trắng lạ",
    "spaces": "khoảng trắng thừa",
    "edges": "khoảng trắng thừa",
    "lookalike": "chữ Đ gõ sai mã",
    "nfc": "dấu gõ rời (Unicode tổ hợp)",
}
_SPACES = re.compile(r"(?<=\S) {2,}(?=\S)")


@dataclass(frozen=True, slots=True)
class Repair:
    """A value as it is read, and what is said of it."""

    value: Any
    code: str
    message: str
    severity: Severity = "thong_tin"
    hint: str = ""


def clean_text(text: str) -> tuple[str, tuple[str, ...]]:
    """The text as data holds it, and what was put right in it, as words.

    >>> clean_text("Ðường  hoa\\u00a0")
    ('Đường hoa', ('khoảng trắng lạ', 'chữ Đ gõ sai mã', 'khoảng trắng thừa'))
    """
    if text.isascii() and "  " not in text and text.isprintable() and text == text.strip():
        return text, ()
    cleaned, done = chu.sua(text)
    single = _SPACES.sub(" ", cleaned)
    codes = (*done, *(("spaces",) if single != cleaned else ()))
    return single, tuple(dict.fromkeys(WORDS[code] for code in codes if code != "line_end"))


def text_repair(done: tuple[str, ...]) -> Repair:
    """What is said of text that was cleaned: the same sentence for the same habit, so that a column is said once."""
    return Repair(None, "repaired_text", f"Đã chỉnh {', '.join(done)} trong ô.")


def repair(typed: Any, value: Any, schema: Mapping[str, Any]) -> Repair | None:
    """How the value that was read of a cell is put right by its field; None where it stands as it is."""
    if not isinstance(value, str):
        return None
    kinds = kinds_of(schema)
    if is_date(schema):
        return _day(value, typed, schema)
    if "x-gio" in schema:
        clock = as_clock(value)
        return Repair(clock, "repaired_time", f"Đã đọc “{value}” là {clock}.") if clock else None
    if "boolean" in kinds and value.casefold() in MARKS:
        message = f"Đã đọc “{value}” là đánh dấu có."
        return Repair(True, "repaired_mark", message, "canh_bao", "Nếu đúng, hãy gõ x; nếu sai, gõ “không”.")
    if kinds & {"integer", "number"}:
        return _amount(value, "number" not in kinds)
    return _digits(typed, value, schema)


def _day(value: str, typed: Any, schema: Mapping[str, Any]) -> Repair | None:
    shown = value if not isinstance(typed, str) else typed.strip()
    if _PLAIN_DAY.fullmatch(shown):
        return None
    born = bool(schema.get("x-ngay-sinh"))
    day = day_of(shown, born)
    if day is None and schema.get("x-ngay-khuyet"):
        day = partial_day_of(shown)
        return Repair(day, "repaired_date", f"Đã đọc “{shown}” là {spoken(day)}.") if day and day != shown else None
    return Repair(day, "repaired_date", f"Đã đọc “{shown}” là ngày {spoken(day)}.") if day else None


def day_of(text: str, born: bool = False) -> str | None:
    """The ISO day of text typed in a usual way, day first; None where it names none.

    >>> [day_of(t) for t in ("2/3/85", "05-12-1975", "ngày 5 tháng 2 năm 2026", "3/25/1990", "31/11/26")]
    ['1985-03-02', '1975-12-05', '2026-02-05', None, None]
    """
    found = _DAY.fullmatch(text.strip())
    if not found:
        return None
    year = int(found[3])
    if len(found[3]) == 2:
        year += 2000 if year <= (BORN if born else THIS_CENTURY) else 1900
    try:
        return date(year, int(found[2]), int(found[1])).isoformat()
    except ValueError:
        return None


def partial_day_of(text: str) -> str | None:
    """yyyy-mm or yyyy of a day of which no more is known.

    >>> partial_day_of("tháng 3 năm 1985"), partial_day_of("1985"), partial_day_of("13/1985")
    ('1985-03', '1985', None)
    """
    if found := _MONTH.fullmatch(text.strip()):
        return f"{found[2]}-{int(found[1]):02}" if 1 <= int(found[1]) <= 12 else None
    found = _YEAR.fullmatch(text.strip())
    return found[1] if found else None


def spoken(day: str) -> str:
    """05/02/2026 of an ISO day; tháng 02/2026; năm 2026."""
    parts = day.split("-")
    return "/".join(reversed(parts)) if len(parts) == 3 else f"tháng {parts[1]}/{parts[0]}" if len(parts) == 2 else day


def _amount(value: str, whole: bool) -> Repair | None:
    """1.500.000đ is a number of đồng."""
    found = _MONEY.fullmatch(value)
    number = as_number(found[1].strip().rstrip(".,"), whole) if found else None
    return None if number is None else Repair(number, "repaired_money", f"Đã đọc “{value}” là {number}.")


def _digits(typed: Any, value: str, schema: Mapping[str, Any]) -> Repair | None:
    """A number of digits that lost its first zeros where Excel took it for a quantity."""
    if "x-so-chu-so" in schema and isinstance(typed, int | float) and not isinstance(typed, bool):
        digits = str(plain_number(typed))
        wanted = [n for n in schema["x-so-chu-so"] if len(digits) < n]
        if digits.isdigit() and len(wanted) == 1 and len(digits) not in schema["x-so-chu-so"]:
            full = digits.zfill(wanted[0])
            return Repair(full, "repaired_digits", f"Đã thêm lại số 0 mà Excel bỏ ở đầu: {full}.")
    if schema.get("x-dien-thoai") and value[:1] != "0" and (phone := as_phone(typed)):
        return Repair(phone, "repaired_phone", f"Đã thêm lại số 0 mà Excel bỏ ở đầu số điện thoại: {phone}.")
    return None
