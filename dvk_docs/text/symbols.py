"""Numbers and symbols of papers, and abbreviations: 22-KII/ĐU, 15 -KH/ĐU, HDND, VP/HU, Kế hoạch số 05-HD/ĐU.

A body that is not in the list is left alone unless it is one stroke away from one that is, or from another in the text.
Source: Hướng dẫn 05-HD/VPTW, mục 3; Nghị định 30/2020/NĐ-CP, Phụ lục I, mục II.3 and Phụ lục III. Lists: ky-hieu.toml.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from ..errors import Problem
from . import lexicon
from .lines import Passage
from .whole import Whole
from .words import tail

SOURCE = "Hướng dẫn 05-HD/VPTW, mục 3; Nghị định 30/2020/NĐ-CP, Phụ lục III"
_UP = "A-ZĐÂĂÊÔƠƯ"
_PARTY = re.compile(
    rf"(?<![\w/-])(\d{{1,5}})(\s*)-(\s*)([{_UP}][{_UP}a-zđ0-9]{{0,6}})(\s*)/(\s*)([{_UP}][{_UP}a-zđ0-9]{{0,12}}(?:-[{_UP}]{{2,12}})*)(?![\w/])"
)
_STATE = re.compile(
    rf"(?<![\w/-])(\d{{1,5}})(\s*)/((?:\d{{4}}/)?)(\s*)([{_UP}][{_UP}a-zđ0-9]{{0,6}})(\s*)-(\s*)([{_UP}][{_UP}a-zđ0-9]{{0,12}}(?:-[{_UP}]{{2,12}})*)(?![\w/])"
)
_CAPITALS = re.compile(rf"(?<![\w/&.-])[{_UP}]{{4,12}}(?![\w/&-])")
_SLASHED = re.compile(rf"(?<![\w/-])([{_UP}]{{1,6}})/([{_UP}]{{1,8}})(?![\w/-])")
_STROKES = (
    ("II", "H"),
    ("I", "L"),
    ("I", "1"),
    ("I", "H"),
    ("D", "Đ"),
    ("0", "O"),
    ("O", "Ô"),
    ("U", "Ư"),
    ("VI", "VH"),
    ("Q", "O"),
    ("C", "G"),
    ("TII", "TH"),
    ("II", "U"),
    ("O", "D"),
)


@dataclass(frozen=True, slots=True)
class Symbol:
    """A number and symbol as typed: where, its number, type and body, and whether spaces stand inside."""

    start: int
    end: int
    number: str
    type: str
    body: str
    spaced: bool
    party: bool


def symbols(text: str) -> list[Symbol]:
    """Every number and symbol in a text, in order."""
    if "/" not in text:
        return []
    found = []
    for match in _PARTY.finditer(text):
        number, a, b, kind, c, d, body = match.groups()
        found.append(Symbol(*match.span(), number, kind, body, bool(a + b + c + d), True))
    for match in _STATE.finditer(text):
        number, a, year, b, kind, c, d, body = match.groups()
        found.append(Symbol(*match.span(), number + "/" + year, kind, body, bool(a + b + c + d), False))
    return sorted(found, key=lambda s: s.start)


@lru_cache(maxsize=1)
def _types() -> frozenset[str]:
    return frozenset(lexicon.table("ky-hieu")["ky_hieu"]["loai"])


@lru_cache(maxsize=1)
def _bodies() -> frozenset[str]:
    return frozenset(lexicon.table("ky-hieu")["ky_hieu"]["co_quan"])


@lru_cache(maxsize=1)
def _short() -> frozenset[str]:
    return frozenset(lexicon.table("ky-hieu")["viet_tat"]["tu"]) | {b for b in _bodies() if len(b) > 3}


def check_symbols_whole(whole: Whole) -> Iterator[Problem]:
    """Every malformed symbol and abbreviation of a text."""
    found = [(p, s) for p in whole.passages for s in symbols(p.text)]
    counts = Counter(s.body for _, s in found)
    cited: set[tuple[str, str, str]] = set()
    for passage, symbol in found:
        yield from _check_symbol(passage, symbol, counts)
        yield from _check_name(passage, symbol, cited)
    tokens = Counter(m for p in whole.passages for m in _CAPITALS.findall(p.text) if not p.is_capitals)
    for passage in whole.passages:
        yield from _check_short(passage, tokens)
        yield from _check_marks(passage)


@lru_cache(maxsize=1)
def _joined() -> re.Pattern[str]:
    """A number, type and body with whatever stands between them."""
    types, bodies = lexicon.regex_of(_types()), lexicon.regex_of(_bodies())
    return re.compile(rf"\b[Ss]ố\s*:?\s*(\d{{1,5}})([-/]?)({types})([-/]?)({bodies})(?![\w/-])")


def _check_marks(passage: Passage) -> Iterator[Problem]:
    """15-KH-ĐU, 15/KH/ĐU, 15-KHĐU: the marks between the parts are lost or taken for each other."""
    if "số" not in passage.key:
        return
    for found in _joined().finditer(passage.text):
        if (found[2], found[4]) not in (("-", "/"), ("/", "-")):
            typed = passage.text[found.start(1) : found.end()]
            message = f"Ký hiệu “{typed}” thiếu hoặc sai dấu giữa số, tên loại và cơ quan."
            hint = f"Viết “{found[1]}-{found[3]}/{found[5]}” (Đảng) hoặc “{found[1]}/{found[3]}-{found[5]}” (Nhà nước)."
            place = passage.place(found.start(1), found.end())
            yield Problem(place, "symbol_malformed", "loi", message, hint, SOURCE)


def _check_symbol(passage: Passage, symbol: Symbol, counts: Mapping[str, int]) -> Iterator[Problem]:
    typed = passage.text[symbol.start : symbol.end]
    place = passage.place(symbol.start, symbol.end)
    if symbol.spaced:
        right = re.sub(r"\s+", "", typed)
        yield Problem(
            place, "symbol_spaced", "loi", f"Số, ký hiệu “{typed}” có dấu cách bên trong.", f"Viết “{right}”.", SOURCE
        )
    body_first = not symbol.party and symbol.type not in _types()  # 12/UBND-VX: a công văn has no type
    right_type = "" if symbol.type in _types() or body_first else _nearest(symbol.type, _types())
    if right_type or (symbol.type not in _types() and any(c.isdigit() for c in symbol.type)):
        hint = f"Có phải “{right_type}”?" if right_type else "Xem lại ký hiệu tên loại."
        message = f"Ký hiệu “{typed}”: không có tên loại nào viết tắt là {symbol.type}."
        yield Problem(place, "symbol_malformed", "loi", message, hint, SOURCE)
    if (
        body_first
        and symbol.type not in _bodies()
        and (right := _nearest(symbol.type, _types()))
        and symbol.body in _bodies()
    ):
        message = f"Ký hiệu “{typed}”: không có tên loại nào viết tắt là {symbol.type}."
        yield Problem(place, "symbol_malformed", "loi", message, f"Có phải “{right}”?", SOURCE)
    for body in symbol.body.split("-"):
        if body not in _bodies() and (right := _other_body(body, counts)):
            message = f"Ký hiệu “{typed}”: cơ quan “{body}” như gõ sai."
            yield Problem(place, "symbol_malformed", "canh_bao", message, f"Có phải “{right}”?", SOURCE)


def _other_body(body: str, counts: Mapping[str, int]) -> str:
    """The body of the list, or the one written more often in the text, that is one stroke away."""
    if right := _nearest(body, _bodies()):
        return right
    often = [b for b in counts if counts[b] > counts.get(body, 0) and b != body and len(b) > 2]
    return _nearest(body, often)


def _nearest(typed: str, known: Iterable[str]) -> str:
    """The known symbol of which a typed one is a misreading: strokes taken for others (H as II), D for Đ, two
    swapped."""
    names = sorted(known)
    found = [k for k in names if k != typed and _one_misreading(typed, k)]
    return min(found, key=lambda k: (abs(len(k) - len(typed)), k)) if found else ""


@lru_cache(maxsize=4096)
def _one_misreading(typed: str, right: str) -> bool:
    if typed == right or abs(len(typed) - len(right)) > 2:
        return False
    if len(right) < 3 and typed.upper() == right:
        return False
    if typed.upper() == right.upper():
        return True
    for a, b in _STROKES:
        for wrong, good in ((a, b), (b, a)):
            at = typed.find(wrong)
            while at >= 0:
                if typed[:at] + good + typed[at + len(wrong) :] == right:
                    return True
                at = typed.find(wrong, at + 1)
    if len(typed) == len(right) and len(right) > 3:
        odd = [n for n in range(len(right)) if typed[n] != right[n]]
        if len(odd) == 2 and odd[1] == odd[0] + 1:
            return typed[odd[0]] == right[odd[1]] and typed[odd[1]] == right[odd[0]]
        return all({typed[n], right[n]} == {"D", "Đ"} for n in odd)
    return False


# --- the words before a symbol ----------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _named() -> re.Pattern[str]:
    names = lexicon.regex_of(lexicon.table("ky-hieu")["ten_loai"])
    return re.compile(rf"(?<!\w)({names})\s+(số\s*:?\s*)?$", re.I)


def _check_name(passage: Passage, symbol: Symbol, cited: set[tuple[str, str, str]]) -> Iterator[Problem]:
    """Kế hoạch số 05-HD/ĐU; and a paper cited for the first time without the word số."""
    before = tail(passage.text, symbol.start, 40)
    found = _named().search(before)
    if not found:
        return
    typed = passage.text[symbol.start : symbol.end]
    place = passage.place(symbol.start, symbol.end)
    name = " ".join(found[1].lower().split())
    right = lexicon.table("ky-hieu")["ten_loai"][name]
    if symbol.type in _types() and symbol.type not in right:
        message = f"“{found[1]}” mang ký hiệu {right[0]}, không phải {symbol.type} (“{typed}”)."
        yield Problem(place, "symbol_type_mismatch", "canh_bao", message, "Xem lại tên loại hoặc ký hiệu.", SOURCE)
    key = (symbol.number, symbol.type, symbol.body)
    if not found[2] and key not in cited:
        message = f"“{found[1]} {typed}” thiếu chữ “số” trước số, ký hiệu."
        yield Problem(
            place,
            "citation_without_so",
            "thong_tin",
            message,
            f"Viết “{found[1]} số {typed}”.",
            "Hướng dẫn 05-HD/VPTW, mục 6.1.4",
        )
    cited.add(key)


# --- abbreviations ----------------------------------------------------------------------------------------------------


def _check_short(passage: Passage, counts: Mapping[str, int]) -> Iterator[Problem]:
    text = passage.text
    if not passage.is_capitals:
        for match in _CAPITALS.finditer(text):
            typed = match.group()
            if typed in _short() or counts[typed] > 2:
                continue
            if right := _nearest(typed, _short()):
                place = passage.place(*match.span())
                message = f"Chữ viết tắt “{typed}” như gõ sai."
                yield Problem(place, "abbreviation_malformed", "canh_bao", message, f"Có phải “{right}”?", SOURCE)
    for match in _SLASHED.finditer(text):
        whole = match[1] + match[2]
        if (whole in _short() and match[2] not in _bodies() | {"ĐU"}) or whole in ("VPHU", "VPTU", "VPĐU"):
            place = passage.place(*match.span())
            message = f"Chữ viết tắt “{match.group()}” có dấu gạch chéo thừa."
            yield Problem(place, "abbreviation_malformed", "canh_bao", message, f"Viết “{whole}”.", SOURCE)
