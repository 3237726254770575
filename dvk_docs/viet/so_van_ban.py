"""Số văn bản: the number and symbol of a paper of the Party, `05-QĐ/ĐU`: number, hyphen, type, slash, body.

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

from ..errors import FieldInvalid

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


def so_ky_hieu_dang(so: int | str | None, loai: str | None, cq: str | None) -> str:
    """The number line under the body's name; a number still blank leaves room for the văn thư."""
    number = ROOM if so is None or so == "" else f" {int(so):02}"
    return f"Số{number}-{loai or ''}/{cq or ''}"
