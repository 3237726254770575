"""Số tiền: an amount in đồng, a whole number. Typed 1.500.000 (đồng), printed 1.500.000 đồng, and in words.

>>> to_text(parse("1.500.000 đồng"))
'1.500.000 đồng'
>>> bang_chu(1_500_000)
'Một triệu năm trăm nghìn đồng'
"""

from __future__ import annotations

import re
from math import ceil

from ..errors import FieldInvalid
from . import so_dem

_UNIT = re.compile(r"(?:đồng|đ|vnđ|vnd|₫)\.?$", re.I)


def parse(typed: str) -> int:
    """Return the amount in đồng; raise `FieldInvalid` (`not_money`) for what is no whole, non-negative amount."""
    try:
        amount = so_dem.parse(_UNIT.sub("", typed.strip()))
    except FieldInvalid:
        amount = -1
    if not isinstance(amount, int) or amount < 0:
        raise FieldInvalid(f"“{typed}” không phải là số tiền.", "not_money", "Hãy gõ số đồng, ví dụ 1.500.000.")
    return amount


def to_input(dong: int) -> str:
    return str(dong)


def to_text(dong: int) -> str:
    return f"{so_dem.so_thap_phan(dong)} đồng"


def tron_len(dong: float | None, den: int = 10_000) -> int | None:
    """The amount rounded up to a multiple of `den`; blank for a blank. Source: NĐ 152/2025/NĐ-CP, Điều 49.

    >>> tron_len(0.6 * 2_530_000), tron_len(0.3 * 2_530_000), tron_len(0.1 * 300_000), tron_len(None)
    (1520000, 760000, 30000, None)
    """
    return None if dong is None else ceil(round(dong / den, 6)) * den


def bang_chu(dong: int) -> str:
    """The amount in words, with a capital and the word đồng, as it stands in brackets after the figure."""
    words = so_dem.bang_chu(dong)
    return f"{words[:1].upper()}{words[1:]} đồng"


tien_bang_chu = bang_chu  # its name among the text filters, beside that of counts
