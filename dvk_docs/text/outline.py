"""The numbering of a text: each numbered paragraph as a node under the one it belongs to, and where the count goes
wrong.

Levels are told by their look (Phần, Chương, Mục, Điều, A. I. 1. 1.1. 1) a) (1) (i)), their order by the text itself. A
list may begin anew at 1 anywhere, or go on across its parents; Điều goes on through the whole text. Source of the
levels: Hướng dẫn 05-HD/VPTW, mục 6.2.4; Nghị định 30/2020/NĐ-CP, Phụ lục I, mục II.6.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from ..errors import Problem
from . import lexicon
from .lines import Passage

SOURCE = "Hướng dẫn 05-HD/VPTW, mục 6.2.4; Nghị định 30/2020/NĐ-CP, Phụ lục I, mục II.6"
LETTERS = "abcdđeghiklmnopqrstuvxy"
_LATIN = "abcdefghijklmnopqrstuvwxyz"
_ORDINALS = {"nhất": 1, "hai": 2, "ba": 3, "tư": 4, "năm": 5, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9, "mười": 10}
_NAMED = {"phần": "phan", "chương": "chuong", "mục": "muc", "tiểu mục": "tieu_muc", "điều": "dieu"}
_TOP = ("phan", "chuong", "muc", "tieu_muc", "dieu", "la_ma")  # a level above the list that was open before it

_WORDED = re.compile(
    r"(phần|chương|tiểu mục|mục|điều)\s+(?:thứ\s+(\w+)|([IVXL]{1,6}|\d{1,3}))(?=\s*[.:](?:\s|$)|\s*$|\s+\S)", re.I
)
_ROMAN = re.compile(r"([IVXL]{1,6})\s?[.\-–/)]\s*(?=\S)")
_CAPITAL = re.compile(r"([A-HK-NĐ])\s?[.\-–/)]\s+(?=\S)")
_DOTTED = re.compile(r"(\d{1,2}(?:\.\d{1,2}){1,4})(?:[.)]|\s?[-:])?\s+(?=[^\W\d_]|[“\"(])")
_NUMBER = re.compile(r"(\d{1,3})(?:\s?\.|\s?/|\s-|-(?=\s))\s*(?=[^\d\s])")
_CLOSED = re.compile(r"(\d{1,2})\)\s*(?=\S)")
_ENCLOSED = re.compile(r"\((\d{1,2})\)\s*(?=\S)")
_SMALL_ROMAN = re.compile(r"\(?(i{2,3}|iv|vi{1,3}|ix|xi{0,3}|i|v)\)\s*(?=\S)")
_LETTER = re.compile(r"\(?([a-zđ])(?:\)|\.(?=\s))\s*(?=\S)")
_LABEL_END = re.compile(r"\s+(?:số\s+)?(\d{1,2}|[IVX]{1,4})\s*([.:])\s*(?=(\S))")
_FRESH = re.compile(
    r"(?:ĐẢNG CỘNG SẢN VIỆT NAM|CỘNG H[ÒO][ÀA] XÃ HỘI|PHỤ LỤC|BIỂU MẪU|Nơi nhận|NƠI NHẬN)|(?:Phụ lục|"
    r"Biểu mẫu|Mẫu|Biểu)\s+(?:số\s+)?[0-9IVX]+\w?\s*$",
    re.M,
)


@dataclass(frozen=True, slots=True)
class Marker:
    """The number at the head of a paragraph: 1.2. is level so2, value 2, prefix 1."""

    level: str
    value: int
    shown: str
    prefix: str = ""


@dataclass(slots=True, eq=False)
class Node:
    """A numbered paragraph. `last` holds the last number of each list under it, `shift` how far a slip moved its
    count."""

    level: str
    value: int
    shown: str
    index: int  # of its passage
    parent: Node | None = None
    children: list[Node] = field(default_factory=list)
    last: dict[str, int] = field(default_factory=dict)
    shift: dict[str, int] = field(default_factory=dict)

    @property
    def ancestors(self) -> Iterator[Node]:
        node: Node | None = self
        while node is not None:
            yield node
            node = node.parent


def roman(text: str) -> int:
    """The value of a Roman number rightly written; 0 for any other letters."""
    values = {"I": 1, "V": 5, "X": 10, "L": 50}
    numbers = [values.get(c, 0) for c in text]
    total = sum(-a if a < b else a for a, b in zip(numbers, [*numbers[1:], 0], strict=True))
    return total if text and 0 < total < 90 and to_roman(total) == text else 0


def to_roman(value: int) -> str:
    out = ""
    for size, letters in ((50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")):
        while value >= size:
            out, value = out + letters, value - size
    return out


def letter_value(letter: str) -> int:
    return LETTERS.find(letter.lower()) + 1


# --- the marker of one paragraph --------------------------------------------------------------------------------------


def marker_of(text: str, open_levels: Sequence[Node] = ()) -> Marker | None:
    """The number that a paragraph begins with; `open_levels` tells i) of a), b) ... h) from i) of i), ii)."""
    if found := _WORDED.match(text):
        return _worded(found)
    if found := _DOTTED.match(text):
        prefix, _, last = found[1].rpartition(".")
        return Marker(f"so{found[1].count('.') + 1}", int(last), found[1], prefix)
    for pattern, level in ((_ENCLOSED, "so_trong"), (_CLOSED, "so_dong"), (_NUMBER, "so")):
        if found := pattern.match(text):
            return Marker(level, int(found[1]), found[1])
    return _lettered(text, open_levels)


def _worded(found: re.Match[str]) -> Marker | None:
    level = _NAMED[" ".join(found[1].lower().split())]
    after = found.string[found.end() :].lstrip()
    if not found[1][0].isupper() or (after[:1] not in ("", ".", ":") and (level == "dieu" or not after.isupper())):
        return None  # a sentence that begins with the word
    shown = found[2] or found[3]
    value = _ORDINALS.get(shown.lower(), 0) if found[2] else int(shown) if shown.isdigit() else roman(shown)
    return Marker(level, value, f"{found[1]} {'thứ ' if found[2] else ''}{shown}") if value else None


def _lettered(text: str, open_levels: Sequence[Node]) -> Marker | None:
    last = {level: value for node in open_levels for level, value in node.last.items()}
    if found := _ROMAN.match(text):
        expected = last.get("hoa")
        if value := roman(found[1]):
            as_letter = len(found[1]) == 1 and expected and letter_value(found[1]) == expected + 1
            return Marker("hoa", letter_value(found[1]), found[1]) if as_letter else Marker("la_ma", value, found[1])
    if found := _CAPITAL.match(text):
        return Marker("hoa", letter_value(found[1]), found[1])
    if found := _SMALL_ROMAN.match(text):
        as_letter = len(found[1]) == 1 and last.get("chu", 0) == letter_value(found[1]) - 1
        if not as_letter and (value := roman(found[1].upper())):
            return Marker("la_ma_nho", value, found[1])
    if (found := _LETTER.match(text)) and letter_value(found[1]):
        return Marker("chu", letter_value(found[1]), found[1])
    return None


# --- the tree ---------------------------------------------------------------------------------------------------------


class Outline:
    """The numbered paragraphs of a text as trees, one for each paper, form or annex in it, and what is wrong with
    them."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._passages = passages
        self.problems: list[Problem] = []
        self.roots: list[Node] = []
        self.node_at: list[Node] = []  # for each passage, the numbered paragraph that it belongs to
        self._stack: list[Node] = []
        self._ever: dict[str, int] = {}
        self._quoted = 0
        self._inline: dict[str, int] = {}  # the last number of a list inside a paragraph, by its level
        self._begin(0)
        for index, passage in enumerate(passages):
            self._take(index, passage)
            self.node_at.append(self._stack[-1])

    @cached_property
    def by_level(self) -> dict[str, list[Node]]:
        """Every node by its level, in order."""
        found: dict[str, list[Node]] = {}
        for root in self.roots:
            for node in below(root):
                found.setdefault(node.level, []).append(node)
        return found

    def _begin(self, index: int) -> None:
        root = Node("", 0, "", index)
        self.roots.append(root)
        self._stack = [root]
        self._ever = {}

    def _take(self, index: int, passage: Passage) -> None:
        if passage.cell:
            return
        if index and _FRESH.match(passage.text):
            self._begin(index)
            return
        quoted = self._is_quoted(passage.text)
        marker = None if quoted else marker_of(passage.text, self._stack)
        run_on = marker is not None and self._inline.get(marker.level) == marker.value - 1
        for level, value in _inline_numbers(passage.text):
            self._inline[level] = value
        if marker is None or run_on:
            return
        parent = self._parent(marker)
        self._add(index, marker, parent)

    def _is_quoted(self, text: str) -> bool:
        """Whether a paragraph stands in a quotation of several paragraphs, as an article of a law that is amended."""
        inside = self._quoted > 0
        balance = text.count("“") - text.count("”")
        if inside or (text.startswith("“") and balance > 0):
            self._quoted = max(0, self._quoted + balance)
        return inside

    def _name(self, marker: Marker) -> str:
        return f"{marker.level}:{marker.prefix}" if marker.prefix else marker.level

    def _parent(self, marker: Marker) -> Node:
        """The node under which a number counts: the nearest whose list it goes on with, else where it may begin one."""
        name = self._name(marker)
        listed = [n for n in reversed(self._stack) if name in n.last]
        for node in listed:
            if marker.value in self._next(node, name):
                return node
        if marker.value == 1 or not listed:
            return self._fresh_parent(marker, bool(listed))
        return listed[0]

    def _next(self, node: Node, name: str) -> tuple[int, ...]:
        last = node.last[name]
        extra = (_latin_next(last),) if name == "chu" else ()
        return (last + 1, last + 1 + node.shift.get(name, 0), *extra)

    def _fresh_parent(self, marker: Marker, restarts: bool) -> Node:
        if marker.prefix:
            by_number = [n for n in reversed(self._stack) if n.shown == marker.prefix]
            return by_number[0] if by_number else self._above(marker)
        if marker.level in _TOP:
            return self._above(marker)
        if restarts:
            return next(n for n in reversed(self._stack) if self._name(marker) in n.last)
        return self._stack[-1]

    def _above(self, marker: Marker) -> Node:
        """The nearest open node that such a level can stand under."""
        rank = _rank(marker.level)
        return next((n for n in reversed(self._stack) if _rank(n.level) < rank), self._stack[0])

    def _add(self, index: int, marker: Marker, parent: Node) -> None:
        name = self._name(marker)
        last = parent.last.get(name)
        through = self._ever.get(name)
        goes_on = through is not None and marker.value == through + 1
        fresh = marker.value == 1 or (last is None and goes_on)
        expected = self._next(parent, name) if last is not None else (1,)
        if last is not None and marker.value == last and marker.value != 1:
            self._say_repeated(index, marker)
            parent.shift[name] = parent.shift.get(name, 0) + 1
        elif not fresh and marker.value not in expected:
            self._say_jump(index, marker, last)
            parent.shift.pop(name, None)
        elif marker.value != (last or 0) + 1:
            parent.shift.pop(name, None)
        self._check_first_twice(index, marker, parent)
        self._check_prefix(index, marker)
        while self._stack[-1] is not parent:
            self._stack.pop()
        node = Node(marker.level, marker.value, marker.shown, index, parent)
        parent.children.append(node)
        parent.last[name] = marker.value
        self._ever[name] = marker.value
        self._stack.append(node)

    # --- what is wrong

    def _check_first_twice(self, index: int, marker: Marker, parent: Node) -> None:
        """1. 1. 2.: the first number twice, told by the 2 that follows and no heading between the two."""
        if marker.value != 2:
            return
        same = [n for n in parent.children if n.level == marker.level and not marker.prefix][-2:]
        if len(same) == 2 and [n.value for n in same] == [1, 1] and not same[0].children:
            between = self._passages[same[0].index + 1 : same[1].index]
            if not any(_is_heading(p.text) for p in between):
                self._say_repeated(same[1].index, Marker(marker.level, 1, same[1].shown))

    def _place(self, index: int, shown: str) -> tuple[Passage, int]:
        return self._passages[index], len(shown)

    def _say(self, index: int, marker: Marker, code: str, severity: str, message: str, hint: str) -> None:
        passage, end = self._place(index, marker.shown)
        grave = "loi" if severity == "loi" else "canh_bao"
        self.problems.append(Problem(passage.place(0, end), code, grave, message, hint, SOURCE))  # type: ignore[arg-type]

    def _say_repeated(self, index: int, marker: Marker) -> None:
        message = f"Hai mục liền nhau cùng mang số “{marker.shown}”."
        self._say(index, marker, "item_number_repeated", "loi", message, "Đánh lại số các mục.")

    def _say_jump(self, index: int, marker: Marker, last: int | None) -> None:
        if last is None:
            if marker.value > 3 or (marker.level not in ("so", "la_ma", "dieu", "chu") and not marker.prefix):
                return
            message = f"Danh sách bắt đầu bằng số “{marker.shown}”, thiếu mục đầu."
            self._say(index, marker, "item_number_jump", "canh_bao", message, "Đánh số từ đầu hoặc thêm mục còn thiếu.")
            return
        before = self._shown(marker, last)
        if marker.value < last:
            message = f"Sau mục {before} lại đến mục “{marker.shown}”."
            self._say(
                index, marker, "item_number_back", "loi", message, f"Có phải mục {self._shown(marker, last + 1)}?"
            )
        else:
            message = f"Sau mục {before} là mục “{marker.shown}”: nhảy số."
            hint = f"Có phải mục {self._shown(marker, last + 1)}, hay thiếu một mục?"
            self._say(index, marker, "item_number_jump", "loi", message, hint)

    def _shown(self, marker: Marker, value: int) -> str:
        if marker.level == "chu":
            return LETTERS[value - 1] if value <= len(LETTERS) else "?"
        if marker.level in ("la_ma", "la_ma_nho"):
            return to_roman(value) if marker.level == "la_ma" else to_roman(value).lower()
        if marker.level == "hoa":
            return LETTERS[value - 1].upper() if value <= len(LETTERS) else "?"
        return f"{marker.prefix}.{value}" if marker.prefix else str(value)

    def _check_prefix(self, index: int, marker: Marker) -> None:
        """1.2 stands in 1; a text that numbers 1.1 under I has I for it."""
        if not marker.prefix:
            return
        level = "so" if "." not in marker.prefix else f"so{marker.prefix.count('.') + 1}"
        open_nodes = [n for n in self._stack if n.level == level]
        if open_nodes and open_nodes[-1].shown != marker.prefix:
            above = [n for n in self._stack if n.level in ("la_ma", "muc", "dieu", "chuong")]
            if above and str(above[-1].value) == marker.prefix:
                return
            message = f"Mục “{marker.shown}” đứng trong mục {open_nodes[-1].shown}."
            self._say(
                index, marker, "item_parent_wrong", "loi", message, f"Có phải {open_nodes[-1].shown}.{marker.value}?"
            )


def below(node: Node) -> Iterator[Node]:
    for child in node.children:
        yield child
        yield from below(child)


_IN_TEXT = re.compile(r"(?<=[\s:;,.])(?:\((\d{1,2})\)|(\d{1,2})\)|([a-zđ])\))\s")


def _inline_numbers(text: str) -> Iterator[tuple[str, int]]:
    """The numbers of a list that stands inside a paragraph: (1) ...; (2) ..., a) ...; b) ..."""
    for found in _IN_TEXT.finditer(text):
        level, shown = ("so_trong", found[1]) if found[1] else ("so_dong", found[2]) if found[2] else ("chu", found[3])
        yield level, int(shown) if shown.isdigit() else letter_value(shown)


def _is_heading(text: str) -> bool:
    return len(text) < 120 and not text.rstrip().endswith((".", ";", ","))


def _latin_next(last: int) -> int:
    """The value after a letter for who counts a b c d e f: d then e."""
    letter = LETTERS[last - 1] if 0 < last <= len(LETTERS) else ""
    at = _LATIN.find(letter)
    return letter_value(_LATIN[at + 1]) if 0 <= at < 25 else 0


_RANKS = {
    "": -1,
    "phan": 0,
    "hoa": 1,
    "chuong": 1,
    "la_ma": 2,
    "muc": 3,
    "tieu_muc": 4,
    "dieu": 5,
    "so": 6,
    "so2": 7,
    "so3": 8,
    "so4": 9,
}


def _rank(level: str) -> int:
    return _RANKS.get(level, 20)


# --- named steps: Bước 1, Bước 2 --------------------------------------------------------------------------------------


def check_labels(passages: Sequence[Passage]) -> Iterator[Problem]:
    """Named items in a row (Bước 1, Bước 2): the count, and the mark and letter after the number."""
    names = lexicon.regex_of(lexicon.table("tieng")["nhan_thu_tu"])
    pattern = re.compile(rf"(?:[-+*•]\s*)?({names}){_LABEL_END.pattern}")
    last: dict[str, tuple[int, str, bool]] = {}
    for passage in passages:
        found = None if passage.cell else pattern.match(passage.text)
        if not found:
            continue
        name, shown, mark, capital = found[1], found[2], found[3], found[4][0].isupper()
        value = int(shown) if shown.isdigit() else roman(shown)
        before = last.get(name)
        last[name] = (value, mark, capital)
        if before is None or value == 1:
            continue
        place = passage.place(found.start(1), found.end(2))
        if value == before[0]:
            yield Problem(
                place, "item_number_repeated", "loi", f"Hai mục cùng là “{name} {shown}”.", "Đánh lại số.", SOURCE
            )
        elif value != before[0] + 1:
            message = f"Sau {name} {before[0]} là “{name} {shown}”: nhảy số."
            yield Problem(place, "item_number_jump", "loi", message, f"Có phải {name} {before[0] + 1}?", SOURCE)
        if mark != before[1]:
            message = f"“{name} {shown}{mark}” viết khác mục trước ({name} {before[0]}{before[1]})."
            yield Problem(place, "label_style", "thong_tin", message, "Dùng một dấu sau số.", SOURCE)
        elif capital != before[2] and found[4].isalpha():
            message = f"Sau “{name} {shown}{mark}” viết {'hoa' if capital else 'thường'}, khác mục trước."
            yield Problem(place, "label_style", "thong_tin", message, "Viết hoa hoặc viết thường như nhau.", SOURCE)
