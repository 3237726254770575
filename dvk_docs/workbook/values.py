"""The words and values of cells: how text is compared, and what a cell's content is as data."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from dvk_docs.viet import chu

NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
MARKS = {"v"}  # a tick typed as a letter: read as yes, and said, for it may also stand for vắng
TRUE_WORDS, FALSE_WORDS = {"x", "có", "1", "✓", "✔", "true", "đúng"}, {"không", "0", "false", "sai"}


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """The text for comparing: no case, spaces or punctuation; the place of the tone mark in a word does not matter.

    >>> fold("Văn hoá -  xã hội *") == fold("văn hóa - xã hội")
    True
    >>> fold("Sở") == fold("Số")
    False
    """
    return "".join(c for c in chu.so_sanh(text) if c.isalnum())


def bare(text: str) -> str:
    """The text for likening: as `fold`, and no diacritics.

    >>> bare("Lĩnh vực Đảng")
    'linhvucdang'
    """
    return "".join(c for c in unicodedata.normalize("NFD", fold(text)) if c.isalnum()).replace("đ", "d")


def clean(text: str) -> str:
    """Typed text as data holds it: NFC, one kind of line end, one space between words, nothing unseen or around."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    return re.sub(r"(?<=\S) {2,}(?=\S)", " ", chu.clean(text))


def split_lines(text: str, mode: bool | str = True) -> list[str]:
    """The list that one cell holds: a line each; where `mode` is ";", semicolons part items too."""
    parts = re.split(r"[;\n]" if mode == ";" else r"\n", text)
    return [p for p in map(clean, parts) if p]


def kinds_of(schema: Mapping[str, Any]) -> set[str]:
    """The JSON types a field may have, without null."""
    typed = schema.get("type", "string")
    return {t for t in ([typed] if isinstance(typed, str) else typed) if t != "null"}


def choices(schema: Mapping[str, Any]) -> list[tuple[Any, str]]:
    """(code, label) of each value of an enum, without null."""
    codes = [c for c in schema.get("enum", ()) if c is not None]
    labels = schema.get("x-nhan") or [str(c) for c in codes]
    return list(zip(codes, labels, strict=False))


def is_date(schema: Mapping[str, Any]) -> bool:
    return schema.get("format") == "date"


def as_day(text: str) -> str | None:
    """The ISO day that typed text (d/m/yyyy, d-m-yyyy, d.m.yyyy or yyyy-m-d) names; None where there is none."""
    if found := re.fullmatch(r"(\d{1,2})\s*([/.-])\s*(\d{1,2})\s*\2\s*(\d{4})", text):
        day, month, year = int(found[1]), int(found[3]), int(found[4])
    elif found := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", text):
        year, month, day = int(found[1]), int(found[2]), int(found[3])
    else:
        return None
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def as_number(text: str, whole: bool) -> int | float | None:
    """A number typed as text the Vietnamese way (1.200 and 12,5) or the plain way (12.5); None where it is none."""
    plain = re.sub(r"\s", "", text)
    if re.fullmatch(r"-?[1-9]\d{0,2}(\.\d{3})+(,\d+)?", plain):
        plain = plain.replace(".", "")
    plain = plain.replace(",", ".", 1)
    if re.fullmatch(r"-?\d{1,300}", plain):
        return int(plain)
    if not re.fullmatch(r"-?\d{1,15}\.\d{1,15}", plain):
        return None
    return plain_number(float(plain)) if not whole or float(plain).is_integer() else None


def as_clock(text: str) -> str | None:
    """HH:MM of a time typed the spoken way; None where it is none, or where it is typed with a colon already.

    >>> [as_clock(t) for t in ("8h05", "8 giờ 05", "08.05", "8h", "25h00", "8:05")]
    ['08:05', '08:05', '08:05', '08:00', None, None]
    """
    hours, minutes = r"([01]?\d|2[0-3])", r"([0-5]\d)"
    spoken = rf"{hours}\s*(?:h|g|giờ)\s*(?:{minutes}\s*(?:'|p|ph|phút)?)?"
    found = re.fullmatch(spoken, text.casefold()) or re.fullmatch(rf"{hours}\.{minutes}", text)
    return f"{int(found[1]):02}:{found[2] or '00'}" if found else None


def as_phone(value: Any) -> str | None:
    """The phone number whose first zero Excel dropped when it took it for a number; None where it is no such number.

    >>> as_phone(912345678), as_phone(912345678.0), as_phone("912345678"), as_phone(12)
    ('0912345678', '0912345678', None, None)
    """
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    digits = str(plain_number(value))
    return f"0{digits}" if re.fullmatch(r"[35789]\d{8}|2\d{9}", digits) else None


def plain_number(value: int | float) -> int | float:
    """The number as Excel keeps it, to 15 digits; 12 for 12.0, which Excel and JSON write in two ways.

    >>> plain_number(12.0), plain_number(0.1 + 0.2)
    (12, 0.3)
    """
    if not isinstance(value, float) or not math.isfinite(value):
        return value
    kept = float(f"{value:.15g}")
    if not math.isfinite(kept):
        return value
    return int(kept) if kept.is_integer() and abs(kept) < 1e15 else kept


def from_cell(value: Any, schema: Mapping[str, Any], number_format: str = "General") -> Any:
    """The data's value for what a cell holds; None for a blank; text that does not fit its type stays as typed."""
    if isinstance(value, str):
        value = clean(value)
    if value is None or value == "":
        return None
    kinds = kinds_of(schema)
    if is_date(schema):
        return _day_value(value, number_format)
    if "boolean" in kinds:
        return _bool_value(value)
    if kinds & {"integer", "number"}:
        return _number_value(value, number_format, "number" not in kinds)
    text = _time_text(value) if "x-gio" in schema else as_text(value, number_format)
    if "x-dong-o" in schema:
        return split_lines(text, schema["x-dong-o"]) or None
    if "enum" in schema:
        return _code(text, schema)
    return text


def _day_value(value: Any, number_format: str) -> str:
    if isinstance(value, datetime | date):
        day = value.date() if isinstance(value, datetime) else value
        serial = (day - date(1899, 12, 30)).days
        return str(serial) if 1900 <= serial <= 2100 else day.isoformat()  # a bare year typed where a day belongs
    text = as_text(value, number_format)
    return as_day(text) or text


def _bool_value(value: Any) -> Any:
    if isinstance(value, bool):
        return value
    text = as_text(value, "General")
    if text.casefold() in TRUE_WORDS:
        return True
    return False if text.casefold() in FALSE_WORDS else text


def _number_value(value: Any, number_format: str, whole: bool) -> Any:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return plain_number(value)
    text = as_text(value, number_format)
    number = as_number(text, whole)
    return text if number is None else number


def _code(text: str, schema: Mapping[str, Any]) -> Any:
    pairs = choices(schema)
    for code, label in pairs:
        if text in (code, label):
            return code
    others = [(code, name) for code, names in schema.get("x-nhan-khac", {}).items() for name in names]
    near = {code for code, label in (*pairs, *others) if fold(text) in (fold(label), fold(str(code)))}
    return near.pop() if len(near) == 1 else text


def _time_text(value: Any) -> str:
    """HH:MM for a clock time however Excel holds it; typed text as typed."""
    if isinstance(value, datetime | time):
        return f"{value.hour:02}:{value.minute:02}"
    if isinstance(value, float) and 0 <= value < 1:
        value = timedelta(days=value)
    if isinstance(value, timedelta):
        minutes = round(value.total_seconds() / 60)
        return f"{minutes // 60:02}:{minutes % 60:02}"
    return as_text(value, "General")


def as_text(value: Any, number_format: str) -> str:
    """Any cell as the text that Excel shows for it: 0912345678 with its zero, a day as dd/mm/yyyy, 12,5."""
    if value is None:
        return ""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, bool):
        return "x" if value else "không"
    if isinstance(value, datetime | date):
        month_only = number_format and "d" not in number_format.lower()
        return f"{value.month}/{value.year}" if month_only else f"{value.day:02}/{value.month:02}/{value.year}"
    if isinstance(value, time | timedelta):
        return _time_text(value)
    value = plain_number(value)
    if isinstance(value, int):
        return str(value).zfill(len(number_format)) if re.fullmatch("0+", number_format) else str(value)
    return str(value).replace(".", ",")
