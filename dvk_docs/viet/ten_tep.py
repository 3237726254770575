"""Tên tệp: names of files that every Windows keeps: ASCII, no accents, stem of at most 80 characters.

Source: Microsoft, Naming Files, Paths, and Namespaces (reserved names; no dot or space at the end).

>>> ten_tep("05", "to-trinh-de-nghi", "MH 01")
'05-to-trinh-de-nghi-MH-01'
>>> ten_tep("Đảng uỷ: kế hoạch?"), ten_tep("con")
('Dang-uy-ke-hoach', 'con-tep')
>>> khac_nhau(["a", "A", "b"])
['a', 'A-2', 'b']
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable

from . import chu

MAX_STEM = 80
RESERVED = frozenset(("con", "prn", "aux", "nul", *(f"{d}{n}" for d in ("com", "lpt") for n in range(10))))
_OTHER = re.compile(r"[^A-Za-z0-9]+")
_EMPTY = "tep"


def ten_tep(*parts: object) -> str:
    """Return one safe stem of the parts that are not blank, joined by hyphens; never empty."""
    words = (_OTHER.sub("-", chu.bo_dau(chu.clean(str(p)))).strip("-") for p in parts if p is not None)
    return _kept("-".join(w for w in words if w))


def _kept(stem: str, room: int = MAX_STEM) -> str:
    stem = stem[:room].strip("-") or _EMPTY
    return f"{stem}-{_EMPTY}" if stem.casefold() in RESERVED else stem


def chua_dung(stem: str, used: Container[str]) -> str:
    """Return `stem`, or `stem-2`, `stem-3` ... : the first whose casefolded form is not in `used`."""
    found, number = stem, 1
    while found.casefold() in used:
        number += 1
        tail = f"-{number}"
        found = _kept(stem, MAX_STEM - len(tail)) + tail
    return found


def khac_nhau(stems: Iterable[str]) -> list[str]:
    """Return the stems in order, none twice; Windows does not tell a from A."""
    used: set[str] = set()
    out: list[str] = []
    for stem in stems:
        found = chua_dung(stem, used)
        used.add(found.casefold())
        out.append(found)
    return out
