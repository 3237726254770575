"""Số đếm: counts and figures. Typed 1.200 or 12,5, held as int or float, printed with the Vietnamese marks.

Counts in a paper have two digits: Hướng dẫn 05-HD/VPTW, mục 5.2.1, itself writes “05 dấu gạch nối”. A dot stands
between groups of three, a comma before decimals: Luật Kế toán, chữ số sử dụng trong kế toán.

>>> hai_so(7), so_thap_phan(1234567.5), ty_le(9, 8), bang_chu(1_000_005)
('07', '1.234.567,5', '112,5%', 'một triệu không trăm linh năm')
>>> dem_phan([[4, "tập thể"], [3, "cá nhân"]])
'04 tập thể và 03 cá nhân'
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal

from ..errors import FieldInvalid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

Number = int | float | Decimal

_TYPED = r"(-?)([0-9]{1,3}(?:\.[0-9]{3})+|[0-9]+)(?:,([0-9]+))?"
_EXACT = Context(prec=60, rounding=ROUND_HALF_UP)
_PLACES = Decimal("1e-9")  # a sum of floats is printed without its binary dust
_UNITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_GROUPS = ("", " nghìn", " triệu")
LIMIT = 10**18
_ROMAN = (
    *((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL")),
    *((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")),
)


def parse(typed: str) -> int | float:
    """Return the number that `typed` names (7, 07, 1.200, 12,5); raise `FieldInvalid` (`not_a_number`)."""
    found = re.fullmatch(_TYPED, typed.strip())
    if not found:
        message = f"“{typed}” không phải là số viết đúng dạng."
        raise FieldInvalid(message, "not_a_number", "Phần nghìn dùng dấu chấm, phần lẻ dùng dấu phẩy: 1.200 hoặc 12,5.")
    whole = found[1] + found[2].replace(".", "")
    if len(whole.lstrip("-0")) > 18:
        raise _too_large(typed)
    return float(f"{whole}.{found[3]}") if found[3] else int(whole)


def to_input(number: Number) -> str:
    return to_text(number).replace(".", "")


def to_text(number: Number) -> str:
    return so_thap_phan(number)


def hai_so(so: int | float | None) -> str:
    """A count with at least two digits; a blank count prints nothing."""
    if so is None:
        return ""
    return so_thap_phan(so) if isinstance(so, float) and not so.is_integer() else f"{int(so):02}"


def so_thap_phan(so: Number | None) -> str:
    """The number as the papers print it; at most nine decimals; a blank number prints nothing."""
    if so is None:
        return ""
    value = _decimal(so).quantize(_PLACES, context=_EXACT).normalize(_EXACT)
    text = f"{value + 0:,f}"  # + 0: no minus before a zero
    return text.translate(str.maketrans(",.", ".,"))


def _decimal(number: Number) -> Decimal:
    value = number if isinstance(number, Decimal) else Decimal(str(number))
    if not value.is_finite() or abs(value) >= LIMIT:
        raise _too_large(str(number))
    return value


def _too_large(number: str) -> FieldInvalid:
    message = f"Số “{number[:40]}” lớn quá mức in được."
    return FieldInvalid(message, "number_out_of_range", "Hãy gõ số có nhiều nhất 18 chữ số.")


def ty_le(tu: Number | None, mau: Number | None) -> str:
    """The share of `tu` in `mau`, one decimal; nothing to divide by prints nothing.

    A share that is not whole is never rounded to 0% or 100%: it gets more decimals.

    >>> ty_le(1, 3), ty_le(7, 7), ty_le(1999, 2000), ty_le(3, 0)
    ('33,3%', '100%', '99,95%', '')
    """
    if tu is None or not mau:
        return ""
    share = _EXACT.divide(_decimal(tu) * 100, _decimal(mau))
    for places in (1, 2, 3, 4):
        rounded = share.quantize(Decimal(1).scaleb(-places), context=_EXACT)
        if rounded not in (0, 100) or rounded == share:
            break
    return so_thap_phan(rounded) + "%"


def dem_phan(phan: Iterable[Sequence[Any]]) -> str:
    """Parts of a count as one phrase; a part of zero is left out.

    >>> dem_phan([[4, "tập thể"], [0, "cá nhân"]]), dem_phan([[1, "a"], [2, "b"], [12, "c"]])
    ('04 tập thể', '01 a, 02 b và 12 c')
    """
    texts = [f"{hai_so(so)} {ten}" for so, ten in phan if so]
    return " và ".join([", ".join(texts[:-1]), texts[-1]] if len(texts) > 1 else texts)


def vi_tri(ds: object, muc: object) -> int | None:
    """The place of a thing in a list, from 1; None where it is not in it.

    >>> vi_tri(["a", "b"], "b"), vi_tri([], "b")
    (2, None)
    """
    found = (n for n, one in enumerate(ds if isinstance(ds, (list, tuple)) else (), 1) if one == muc)
    return next(found, None)


def la_ma(so: int | None) -> str:
    """The number of a part in Roman letters, 1 to 3999; a blank number prints nothing.

    >>> la_ma(1), la_ma(4), la_ma(19), la_ma(None)
    ('I', 'IV', 'XIX', '')
    """
    if so is None:
        return ""
    if not 1 <= so < 4000:
        raise _too_large(str(so))
    letters = ""
    for value, mark in _ROMAN:
        letters += mark * (so // value)
        so %= value
    return letters


def trung_binh(cac_so: Iterable[Number | None], so_le: int = 2) -> int | float | None:
    """The mean of the numbers that are given, rounded half up; None where there is none.

    >>> trung_binh([8, 9, None]), trung_binh([7, 7, 8]), trung_binh([9, 9]), trung_binh([])
    (8.5, 7.33, 9, None)
    """
    known = [_decimal(so) for so in cac_so if so is not None]
    if not known:
        return None
    mean = _EXACT.divide(sum(known, Decimal()), Decimal(len(known)))
    rounded = mean.quantize(Decimal(1).scaleb(-so_le), context=_EXACT)
    return int(rounded) if rounded == int(rounded) else float(rounded)


def xep_hang(cac_diem: Iterable[Any]) -> list[int | None]:
    """The rank of each, the highest first; equal ones share a rank, and one without a mark has none.

    A mark is a number, or a list of numbers that is compared one by one (what decides where the first are equal).

    >>> xep_hang([8.5, 9, 9, None]), xep_hang([[9, 3], [9, 4], [9, None]])
    ([3, 1, 1, None], [2, 1, 3])
    """
    keys = [_rank_key(diem) for diem in cac_diem]
    return [None if key is None else 1 + sum(k is not None and k > key for k in keys) for key in keys]


def _rank_key(mark: Any) -> tuple[Number, ...] | None:
    parts = list(mark) if isinstance(mark, (list, tuple)) else [mark]
    if not parts or parts[0] is None:
        return None
    return tuple(float("-inf") if part is None else part for part in parts)


_DONG, _NGHIN, _TRIEU, _TY = Decimal("0.000001"), Decimal("0.001"), Decimal(1), Decimal(1000)
_MONEY = {"đồng": _DONG, "vnđ": _DONG, "vnd": _DONG, "nghìn đồng": _NGHIN, "ngàn đồng": _NGHIN, "triệu đồng": _TRIEU}
_MONEY |= {"tỷ đồng": _TY, "tỉ đồng": _TY}


def cong_theo_don_vi(ds: Iterable[Any] | None, so: str = "dat") -> list[dict[str, Any]]:
    """The sums of the rows by unit of measure, in the order of the units; money is one sum, in millions.

    A row without a figure counts for nothing; one without a unit stands apart.

    >>> cong_theo_don_vi([{"don_vi_tinh": "công", "dat": 365}, {"don_vi_tinh": "Triệu đồng", "dat": 74.5},
    ...     {"don_vi_tinh": "đồng", "dat": 500_000}, {"don_vi_tinh": "công", "dat": 0.5}])
    [{'don_vi_tinh': 'công', 'tong': 365.5}, {'don_vi_tinh': 'triệu đồng', 'tong': 75}]
    """
    sums: dict[str, tuple[str, Decimal]] = {}
    for row in ds or ():
        figure = row.get(so)
        if figure is None or isinstance(figure, bool):
            continue
        unit = " ".join(str(row.get("don_vi_tinh") or "").split())
        factor = _MONEY.get(unit.casefold())
        unit = unit if factor is None else "triệu đồng"
        shown, total = sums.get(unit.casefold(), (unit, Decimal(0)))
        sums[unit.casefold()] = (shown, total + _decimal(figure) * (factor or 1))
    return [{"don_vi_tinh": unit, "tong": _number(total)} for unit, total in sums.values()]


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


# --- in words ---------------------------------------------------------------------------------------------------------


def bang_chu(so: Number | None) -> str:
    """The number in words, as the north reads it (linh, nghìn, mốt, tư, lăm), under 10 to the 18th.

    >>> bang_chu(21), bang_chu(24), bang_chu(15), bang_chu(104), bang_chu(2_000_000_000)
    ('hai mươi mốt', 'hai mươi tư', 'mười lăm', 'một trăm linh bốn', 'hai tỷ')
    >>> bang_chu(12.05)
    'mười hai phẩy không năm'
    """
    if so is None:
        return ""
    text = so_thap_phan(so).replace(".", "")
    minus, text = ("âm ", text[1:]) if text.startswith("-") else ("", text)
    whole, _, decimals = text.partition(",")
    return minus + _whole(int(whole)) + (f" phẩy {_decimals(decimals)}" if decimals else "")


def _decimals(digits: str) -> str:
    rest = digits.lstrip("0")
    return " ".join(["không"] * (len(digits) - len(rest)) + [_whole(int(rest))])


def _whole(n: int) -> str:
    """A whole number from zero; each billion is read as a number of its own: một nghìn tỷ."""
    if n == 0:
        return "không"
    billions, rest = divmod(n, 10**9)
    parts = [_whole(billions) + " tỷ"] if billions else []
    for power in (2, 1, 0):
        group = rest // 1000**power % 1000
        if group:  # an empty group is not read; a later one is read with its hundreds
            parts.append(_three(group, full=bool(parts)) + _GROUPS[power])
    return " ".join(parts)


def _three(n: int, full: bool) -> str:
    """A number under 1000; `full`: its hundreds are read even when there are none (không trăm linh năm)."""
    hundreds, rest = divmod(n, 100)
    words = [f"{_UNITS[hundreds]} trăm"] if hundreds or full else []
    if 0 < rest < 10 and words:
        words.append("linh")
    if rest:
        words.append(_two(rest))
    return " ".join(words)


def _two(n: int) -> str:
    tens, unit = divmod(n, 10)
    if tens == 0:
        return _UNITS[unit]
    head = "mười" if tens == 1 else f"{_UNITS[tens]} mươi"
    if unit == 0:
        return head
    special = {5: "lăm"} if tens == 1 else {1: "mốt", 4: "tư", 5: "lăm"}
    return f"{head} {special.get(unit, _UNITS[unit])}"
