"""Giờ: a time of day. Typed 8:00, 8h00 or 8 giờ 30, held as `datetime.time` (HH:MM in the data), printed in words.

>>> to_text(parse("8h"))
'08 giờ 00 phút'
>>> gio_chu("14:05")
'14 giờ 05 phút'
"""

from __future__ import annotations

import re
from datetime import time

from ..errors import FieldInvalid

_CLOCK = r"([0-9]{1,2})(?::([0-9]{2})(?::[0-9]{2})?"  # 8:00, 08:00:00
_WORDS = r"|\s*(?:h|g|giờ)\s*(?:([0-9]{1,2})\s*(?:'|p|phút)?)?)"  # 8h, 8h30, 8 giờ 30 phút
_HINT = "Hãy gõ giờ:phút, ví dụ 08:00."


def parse(typed: str) -> time:
    """Return the time that `typed` names; raise `FieldInvalid`: `not_a_time`, or `no_such_time` (25:00)."""
    found = re.fullmatch(_CLOCK + _WORDS, typed.strip(), re.IGNORECASE)
    if not found:
        raise FieldInvalid(f"“{typed}” không phải là giờ viết đúng dạng.", "not_a_time", _HINT)
    try:
        return time(int(found[1]), int(found[2] or found[3] or 0))
    except ValueError:
        raise FieldInvalid(f"“{typed}” không phải là giờ có thật.", "no_such_time", _HINT) from None


def to_input(gio: time) -> str:
    return f"{gio.hour:02}:{gio.minute:02}"


def to_text(gio: time) -> str:
    return f"{gio.hour:02} giờ {gio.minute:02} phút"


def gio_chu(gio: str | time | None) -> str:
    """08 giờ 00 phút; a blank time prints nothing."""
    if gio is None or gio == "":
        return ""
    return to_text(gio if isinstance(gio, time) else parse(gio))
