"""Họ tên: a person's name. Each syllable begins with a capital; no figures, no title before it.

Source: Nghị định 30/2020/NĐ-CP, Phụ lục II, mục II.1 (capitals); Hướng dẫn 05-HD/VPTW, mục 7.1 (no học hàm, học vị,
quân hàm, “đ/c” before the name).

>>> parse(" Nguyễn  Văn Bình ")
'Nguyễn Văn Bình'
>>> [p.code for p in problems("Nguyễn văn 2")]
['name_has_digit', 'name_not_capital']
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..errors import FieldInvalid
from . import chu

_TITLE = re.compile(r"(đ/c|đồng chí|ông|bà|anh|chị|ts|ths|pgs|gs|bs)\b[.\s]", re.IGNORECASE)
_ODD = re.compile(r"[^\w\s'’.\-]|_")


def parse(typed: str) -> str:
    """Return the name with single spaces; raise the first `FieldInvalid` of `problems`."""
    for problem in problems(typed):
        raise problem
    return " ".join(chu.clean(typed).split())


def to_input(ho_ten: str) -> str:
    return ho_ten


def to_text(ho_ten: str) -> str:
    return ho_ten


def problems(typed: str) -> Iterator[FieldInvalid]:
    """Yield each thing that is wrong with the name, as an error not raised.

    Codes: name_missing, name_has_digit, name_has_mark, name_has_title, name_in_capitals, name_not_capital.
    """
    name = " ".join(chu.clean(typed).split())
    if not name:
        yield FieldInvalid("Chưa nhập họ tên.", "name_missing", "Hãy gõ họ và tên.")
        return
    if any(c.isdigit() for c in name):
        yield FieldInvalid(f"Họ tên “{name}” có chữ số.", "name_has_digit", "Hãy bỏ chữ số.")
    if found := _ODD.search(name):
        yield FieldInvalid(f"Họ tên “{name}” có dấu lạ “{found.group()}”.", "name_has_mark", "Hãy bỏ dấu đó.")
    if _has_title(name):
        hint = "Chức danh gõ ở cột khác, ở đây chỉ gõ họ tên."
        yield FieldInvalid(f"Trước họ tên “{name}” còn danh xưng.", "name_has_title", hint)
    words = name.split()
    if any(len(w) > 1 for w in words) and all(w.isupper() for w in words):
        yield FieldInvalid(f"Họ tên “{name}” viết in hoa cả chữ.", "name_in_capitals", f"Hãy gõ: {_capital(words)}.")
    elif any(w[0].islower() for w in words):
        message = f"Họ tên “{name}” chưa viết hoa chữ cái đầu mọi âm tiết."
        yield FieldInvalid(message, "name_not_capital", f"Hãy gõ: {_capital(words)}.")


def _has_title(name: str) -> bool:
    """Whether a title stands before the name; family names that look like one (Ông, Anh) need two more words."""
    found = _TITLE.match(name)
    if not found:
        return False
    return len(name[found.end() :].split()) > (1 if found.group(1).casefold() in ("ông", "anh") else 0)


def _capital(words: list[str]) -> str:
    return " ".join(w[:1].upper() + (w[1:].lower() if w.isupper() else w[1:]) for w in words)
