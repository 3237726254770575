"""Finding the table in a sheet as clerks lay it out: which sheet it is, where its header stands, what each column is.

A header may stand below a title, span two rows with merged cells, break its lines, carry `*`, a unit in brackets or a
number, lie in another order or under another usual name (`x-ten-khac` of the schema). Accents, case and spacing do not
count where the words alone decide. Nothing here speaks or raises: `Head` says what was understood and how.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from .grids import Grid
from .values import bare, clean, fold

HEAD_ROWS = 40  # a header further down is no header
Way = Literal["exact", "alias", "words", "parts"]
WAYS: tuple[Way, ...] = ("exact", "alias", "words", "words")  # by the level of the name that was found

_BRACKETS = re.compile(r"\s*[(\[][^)\]]*[)\]]\s*")
_NUMBER = re.compile(r"^\s*[(\[]?\s*(\d{1,2}|[ivx]{1,4}|[a-zđ])\s*[)\].:-]\s*", re.IGNORECASE)
_COUNTER = frozenset({"stt", "tt", "sott", "sothutu", "so"})


@dataclass(frozen=True, slots=True)
class Names:
    """The names under which each title may stand, from the surest to the loosest."""

    levels: tuple[Mapping[str, str], ...]  # a folded name -> the title

    @classmethod
    def of(cls, aliases: Mapping[str, Sequence[str]]) -> Names:
        """Of titles with their other usual names; a name that two titles share on one level stands for neither.

        >>> names = Names.of({"Đơn vị (mã)": ["Cơ quan"], "Họ và tên": ["Tên cán bộ"]})
        >>> names.find("ĐƠN VỊ"), names.find("2. co quan *"), names.find("Ho va ten (viết hoa)"), names.find("Khác")
        (('Đơn vị (mã)', 2), ('Đơn vị (mã)', 3), ('Họ và tên', 3), None)
        """
        exact = [(title, fold(title)) for title in aliases]
        others = [(title, fold(name)) for title, names in aliases.items() for name in names]
        short = [(title, fold(_bare_words(n))) for title, names in aliases.items() for n in (title, *names)]
        loose = [(title, bare(n)) for title, names in aliases.items() for n in (title, *names)]
        loose += [(title, bare(_bare_words(n))) for title, names in aliases.items() for n in (title, *names)]
        return cls(tuple(_unshared(pairs) for pairs in (exact, others, short, loose)))

    def find(self, typed: str) -> tuple[str, int] | None:
        """The title that a header means, and how loosely (0 is to the letter); None where it is nobody's."""
        words = clean(typed)
        forms = list(dict.fromkeys((words, _bare_words(words), _NUMBER.sub("", _bare_words(words)))))
        for level, names in enumerate(self.levels):
            key = bare if level == len(self.levels) - 1 else fold
            for form in forms:
                if form and (title := names.get(key(form))):
                    return title, level
        return None


def _bare_words(text: str) -> str:
    """Without what stands in brackets.

    >>> _bare_words("Đơn vị (mã)"), _bare_words("(1) Tên")
    ('Đơn vị', 'Tên')
    """
    return _BRACKETS.sub(" ", text).strip() or text


def _unshared(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    found = [(title, name) for title, name in dict.fromkeys(pairs) if name]
    shared = Counter(name for _, name in found)
    return {name: title for title, name in found if shared[name] == 1}


@dataclass(frozen=True, slots=True)
class Head:
    """A header as it was understood. Rows and columns count from 1; `last` is the row above the first record."""

    first: int
    last: int
    at: Mapping[str, tuple[int, ...]]  # a title -> its column, or the columns of its parts
    ways: Mapping[str, Way]
    typed: Mapping[int, str]  # every header cell there is, by column
    doubled: Mapping[int, str] = field(default_factory=dict)  # a column whose title stands already -> the title

    @property
    def columns(self) -> dict[str, int]:
        """The column of each title; of one in parts, the first."""
        return {title: columns[0] for title, columns in self.at.items()}

    @property
    def used(self) -> list[int]:
        return sorted(number for columns in self.at.values() for number in columns)

    def without(self, words: Sequence[str]) -> Head:
        """The header without columns that stand under these words."""
        return replace(self, typed={n: w for n, w in self.typed.items() if w not in words})

    @property
    def unknown(self) -> dict[int, str]:
        """Headers that are nobody's, but for the running number, which says nothing."""
        known = {*self.used, *self.doubled}
        return {n: words for n, words in self.typed.items() if n not in known and bare(words) not in _COUNTER}


def find_head(grid: Grid, names: Names) -> Head:
    """The header of a sheet: the row, or the two rows, that hold the most titles; none in row 1 where there is none."""
    rows = [n for n in grid.rows if n <= HEAD_ROWS]
    one = max([Head(1, 1, {}, {}, _texts(grid, 1)), *(_one_row(grid, row, names) for row in rows)], key=_score)
    two = max((_two_rows(grid, row, names) for row in rows), key=_score, default=one)
    gain = len(two.at) - len(one.at)
    return two if gain > 0 or (gain == 0 and two.at and two.first == one.first) else one


def _score(head: Head) -> tuple[int, int, int]:
    """More titles win; of as many, those to the letter, then the fewest words that are nobody's (prose above)."""
    return len(head.at), sum(way == "exact" for way in head.ways.values()), -len(head.unknown)


def _texts(grid: Grid, row: int) -> dict[int, str]:
    return {number: clean(str(raw.value)) for number, raw in grid.rows.get(row, {}).items()}


def _one_row(grid: Grid, row: int, names: Names) -> Head:
    last = max([row, *(bottom for top, _, bottom, _ in grid.merged if top == row and bottom <= row + 2)])
    return _head(row, last if _empty(grid, row + 1, last) else row, _texts(grid, row), {}, names)


def _empty(grid: Grid, first: int, last: int) -> bool:
    return all(not grid.rows.get(row) for row in range(first, last + 1))


def _two_rows(grid: Grid, row: int, names: Names) -> Head:
    """A header whose upper words span the lower ones; nothing where the row below does not stand under merged words."""
    upper, lower = _texts(grid, row), _texts(grid, row + 1)
    spans = [(left, right) for top, left, bottom, right in grid.merged if top == bottom == row and right > left]
    over = {n: upper[left] for left, right in spans if left in upper for n in range(left, right + 1)}
    if not over or not lower or any(number in upper and number not in over for number in lower):
        return Head(row, row, {}, {}, {})
    words = {**{n: w for n, w in upper.items() if n not in over}, **lower}
    return _head(row, row + 1, words, {n: w for n, w in over.items() if n in lower}, names)


def _head(first: int, last: int, words: Mapping[int, str], over: Mapping[int, str], names: Names) -> Head:
    claims: dict[str, list[tuple[int, int]]] = {}  # a title -> (looseness, column)
    parts: dict[str, list[int]] = {}
    for number, typed in sorted(words.items()):
        upper = over.get(number, "")
        forms = [f"{upper} {typed}", f"{typed} {upper}", typed] if upper else [typed]
        hit = next((found for form in forms if (found := names.find(form))), None)
        if hit:
            claims.setdefault(hit[0], []).append((hit[1], number))
        elif upper and (whole := names.find(upper)):
            parts.setdefault(whole[0], []).append(number)
    at: dict[str, tuple[int, ...]] = {}
    ways: dict[str, Way] = {}
    doubled: dict[int, str] = {}
    for title, claimed in claims.items():
        level, column = min(claimed)
        at[title], ways[title] = (column,), WAYS[level]
        doubled |= {number: title for loose, number in claimed if number != column and loose == level}
    for title, columns in parts.items():
        if title not in at:
            at[title], ways[title] = tuple(columns), "parts"
    shown = {n: f"{over[n]} – {w}" if n in over else w for n, w in words.items()}
    return Head(first, last, at, ways, shown, doubled)


# --- which sheet


def assign_sheets(grids: Sequence[Grid], wanted: Mapping[str, tuple[Sequence[str], Names, int]]) -> dict[str, Grid]:
    """The sheet of each table: by its name, by another usual name, by its words, at last by its headers.

    `wanted` gives for each table its names (the first is its own), the names of its columns, and how many of them a
    sheet must hold to be known by its headers alone.
    """
    found: dict[str, Grid] = {}
    free = list(grids)

    def claim(key: str, grid: Grid) -> None:
        found[key] = grid
        free.remove(grid)

    for fits in (_own_name, _other_name, _inside):
        for key, (titles, _, _) in wanted.items():
            near = [g for g in free if key not in found and fits(g.title, titles)]
            if len(near) == 1 or (near and fits is _own_name):
                claim(key, near[0])
    scores = sorted(_by_headers(free, {k: v for k, v in wanted.items() if k not in found}), key=lambda s: -s[0])
    for _, key, grid in scores:
        if key not in found and grid in free:
            claim(key, grid)
    return found


def _own_name(sheet: str, titles: Sequence[str]) -> bool:
    return fold(sheet) == fold(titles[0])


def _other_name(sheet: str, titles: Sequence[str]) -> bool:
    return any(bare(sheet) == bare(title) for title in titles)


def _inside(sheet: str, titles: Sequence[str]) -> bool:
    """DS mô hình 2026, 3. Mo hinh, Mô hình (2): the words of the name among others that say nothing."""
    words = set(re.findall(r"[^\W\d_]+", sheet.casefold()))
    rest = {bare(w) for w in words} - _EMPTY
    wanted = ({bare(w) for w in re.findall(r"[^\W\d_]+", title.casefold())} - _EMPTY for title in titles)
    return bool(rest) and any(rest == words for words in wanted)


_EMPTY = frozenset(
    "ds danh sach bang bieu sheet trang nam xa phuong copy ban sao cua va cac moi final".split()  # noqa: SIM905
)


def _by_headers(
    grids: Sequence[Grid], wanted: Mapping[str, tuple[Sequence[str], Names, int]]
) -> Iterator[tuple[int, str, Grid]]:
    """Of each sheet the one table that its headers fit best; none where two fit as well."""
    for grid in grids:
        scores = [(len(find_head(grid, names).at), key, least) for key, (_, names, least) in wanted.items()]
        good = sorted(((n, key) for n, key, least in scores if n >= least), reverse=True)
        if good and (len(good) == 1 or good[0][0] > good[1][0]):
            yield good[0][0], good[0][1], grid


# --- what a row below the header is

RowKind = Literal["record", "numbers", "header", "total", "group", "end"]

_TOTAL = re.compile(r"^\s*(tổng\s+cộng|tổng\s+số|cộng|tổng)\b", re.IGNORECASE)
_SIGNED = re.compile(
    r"^\s*(người\s+lập|thủ\s+trưởng|nơi\s+nhận|xác\s+nhận|[tk]\s*/\s*[ml]\b|[tk][ml]\.|\(?ký,|ghi\s+chú\s*:"
    r"|(.{0,40},\s*)?ngày\s+[\d.…]+\s*tháng)",
    re.IGNORECASE,
)
_GROUP = re.compile(r"^\s*([IVX]{1,5}|[A-ZĐ]|\d{1,2})\s*[.)/-]\s*[^\W\d]")


def kind_of_row(grid: Grid, row: int, head: Head, key: int | None, needed: Sequence[int]) -> RowKind:
    """What a row is. `key` is the column of the record's code, `needed` the columns that every record fills.

    A row is only set aside where its words say so and it lacks what a record needs: a record that forgot its code is
    a record with an error, not a row to skip.
    """
    cells = grid.rows[row]
    texts = [str(raw.value) for _, raw in sorted(cells.items()) if isinstance(raw.value, str)]
    if row == head.last + 1 and _is_numbers(cells, head):
        return "numbers"
    if sum(fold(str(raw.value)) == fold(head.typed.get(n, "")) for n, raw in cells.items()) >= max(2, len(cells) - 1):
        return "header"
    lacks = [n for n in needed if n not in cells]
    if not texts or (key is not None and key in cells and not _speaks(str(cells[key].value))):
        return "record"
    if (lacks or _speaks(texts[0])) and _TOTAL.match(texts[0]):
        return "total"
    if lacks and len(cells) <= max(3, len(head.used) // 4) and any(_SIGNED.match(text) for text in texts):
        return "end"
    if len(cells) == 1 and len(needed) > 1 and min(cells) <= head.used[0] + 1 and _GROUP.match(texts[0]):
        return "group"
    return "record"


def _speaks(text: str) -> bool:
    return bool(_TOTAL.match(text) or _SIGNED.match(text) or _GROUP.match(text))


def _is_numbers(cells: Mapping[int, object], head: Head) -> bool:
    """The row (1) (2) (3) … under a header: each cell one number or letter, in order."""
    words = [re.sub(r"[()\s.\[\]]", "", str(getattr(raw, "value", raw))) for _, raw in sorted(cells.items())]
    numbers = [int(w) for w in words if w.isdigit()]
    short = all(re.fullmatch(r"\d{1,2}|[A-Za-z]", w) for w in words)
    return (
        len(words) >= 3
        and short
        and len(numbers) >= 2
        and numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    )
