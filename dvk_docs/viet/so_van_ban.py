"""Số văn bản: the number and symbol of a paper. The Party's is `05-QĐ/ĐU`: number, hyphen, type, slash, body.

The State's and the Front's is `05/QĐ-UBND`, after `Số:`; the marks come from the format profile (`so_nhan`, `so_ngan`,
`ky_hieu_ngan`).

Source: Hướng dẫn 05-HD/VPTW, mục 3 (numbers under 10 get a leading 0; no colon after “Số”; no spaces around the marks;
joint bodies are joined by a hyphen). The same in Hướng dẫn 36-HD/VPTW.

>>> parse("12-HD/BTGDVTU")
SoVanBan(so=12, loai='HD', co_quan='BTGDVTU')
>>> to_text(parse("Số 5-QĐ/ĐU"))
'Số 05-QĐ/ĐU'
>>> so_ky_hieu_dang(None, "QĐ", "ĐU")
'Số      -QĐ/ĐU'
"""

from __future__ import annotations

import re
import unicodedata
from collections import namedtuple
from collections.abc import Mapping

from ..errors import FieldInvalid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_UPPER = "A-ZĐĂÂÊÔƠƯ"
_SHAPE = (
    r"(?:Số\s*(?::\s*)?)?(?P<so>0*[1-9][0-9]{0,5})"
    rf"\s*-\s*(?P<loai>[{_UPPER}]+[a-z]?)"  # CTr, TTr; QĐNS and QĐi on papers from above and before 2026
    rf"\s*/\s*(?P<cq>[{_UPPER}]+(?:-[{_UPPER}]+)*)"
)
ROOM = " " * 6  # the room left for a number written in by hand


class SoVanBan(namedtuple("SoVanBan", ("so", "loai", "co_quan"))):
    """The parts of a number: 5, QĐ, ĐU."""

    __slots__ = ()
    so: int
    loai: str
    co_quan: str


def parse(typed: str) -> SoVanBan:
    """Return the parts of a Party number, with or without the word Số; raise `FieldInvalid` (`not_a_so_van_ban`)."""
    found = re.fullmatch(_SHAPE, unicodedata.normalize("NFC", typed).strip().replace("Ð", "Đ"))
    if not found:
        raise FieldInvalid(
            f"“{typed}” không phải là số, ký hiệu văn bản của Đảng.", "not_a_so_van_ban", "Hãy gõ như 05-QĐ/ĐU."
        )
    return SoVanBan(int(found["so"]), found["loai"], found["cq"])


def to_input(so_van_ban: SoVanBan) -> str:
    return f"{so_van_ban.so:02}-{so_van_ban.loai}/{so_van_ban.co_quan}"


def to_text(so_van_ban: SoVanBan) -> str:
    return f"Số {to_input(so_van_ban)}"


def ky_hieu(so: int | str | None, loai: str | None, cq: str | None, tt: Any = None) -> str:
    """The number and symbol as a citation names it, by the words of the paper's own regime (the Party's by default).

    A tên loại without a symbol, as a công văn of the State, leaves the body's alone after the number.

    >>> state = {"so_ngan": "/", "ky_hieu_ngan": "-"}
    >>> ky_hieu(5, "QĐ", "UBND", state), ky_hieu(5, "QĐ", "ĐU"), ky_hieu(5, "", "UBND-VX", state)
    ('05/QĐ-UBND', '05-QĐ/ĐU', '05/UBND-VX')
    """
    number = f"{so:02}" if isinstance(so, int) else so or ""
    kind = f"{loai}{_word(tt, 'ky_hieu_ngan', '/')}" if loai else ""
    return f"{number}{_word(tt, 'so_ngan', '-')}{kind}{cq or ''}"


def dong_so_ky_hieu(so: int | str | None, loai: str | None, cq: str | None, tt: Any = None) -> str:
    """The number line of any regime; a number still blank leaves room for the văn thư.

    >>> dong_so_ky_hieu(None, "QĐ", "UBND", {"so_nhan": "Số:", "so_ngan": "/", "ky_hieu_ngan": "-"})
    'Số:      /QĐ-UBND'
    """
    blank = so is None or so == ""
    return _word(tt, "so_nhan", "Số") + (ROOM if blank else " ") + ky_hieu("" if blank else int(so or 0), loai, cq, tt)


def _word(tt: Any, name: str, default: str) -> str:
    found = tt.get(name) if isinstance(tt, Mapping) else getattr(tt, name, None)
    return default if found is None else str(found)


def so_ky_hieu_dang(so: int | str | None, loai: str | None, cq: str | None) -> str:
    """The number line under the body's name; a number still blank leaves room for the văn thư."""
    return dong_so_ky_hieu(so, loai, cq)
