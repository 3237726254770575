"""Figures that contradict themselves: a sum that is not its parts, words beside figures, shares over the whole, tables.

Parts are added up only where the text gives them as the parts (07 điển hình: 4 tập thể, 3 cá nhân); after “trong đó”
parts may overlap, so only two that share out the whole are added. Source: K03, K04, K17.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ..errors import FieldInvalid, Problem
from ..viet import so_dem
from .lines import Passage
from .whole import Whole
from .words import tail

SOURCE = "K03, K04, K17"
_N = r"(?<![\w.,/%-])\d{1,3}(?:\.\d{3})*(?![\w/%]|[.,]\d)"
_NOUN = r"[^\W\d_]+(?: (?!và |cùng )[^\W\d_]+){0,7}"
_ITEM = re.compile(rf"\s*(?:(?:có|và|với|cùng|gồm)\s+)*({_N})\s+({_NOUN})")
_NEXT = re.compile(r"\s*(?:,|;|và|\+)\s*(?:và\s+)?")
_TOTAL = re.compile(
    rf"({_N})\s+({_NOUN}?)\s*(:|\(\s*(?:gồm|trong đó|gồm có|bao gồm)?\s*:?|,?\s+(?:gồm có|bao gồm|"
    rf"gồm)\s*:?|,?\s+trong đó(?:\s+có)?\s*:?)(?=\s*(?:có\s+)?\d)",
    re.I,
)
_UNITS = frozenset(
    [
        "triệu",
        "nghìn",
        "ngàn",
        "tỷ",
        "tỉ",
        "đồng",
        "ngày",
        "tháng",
        "năm",
        "giờ",
        "phút",
        "km",
        "m",
        "ha",
        "kg",
        "tấn",
        "tạ",
        "lần",
        "lượt",
        "mét",
        "lít",
        "công",
        "suất",
        "điểm",
        "tuổi",
        "khoá",
        "khóa",
        "cấp",
        "bước",
        "quý",
        "trang",
        "bản",
        "tờ",
        "tuần",
        "vòng",
    ]
)
_SHARES = (
    ("tập thể", "cá nhân"),
    ("nam", "nữ"),
    ("đồng ý", "không đồng ý"),
    ("tán thành", "không tán thành"),
    ("chính thức", "dự bị"),
    ("hợp lệ", "không hợp lệ"),
    ("có mặt", "vắng"),
)
_BOTH = re.compile(
    r"(?<![\w.,/])(\d{1,3}(?:\.\d{3})*)\s*(đồng)?\s*\((?:bằng chữ\s*:\s*)?([^\W\d_]+(?:[ ,]+[^\W\d_]+){0,25})\.?\)",
    re.I,
)
_NUMERALS = frozenset(
    [
        "không",
        "một",
        "mốt",
        "hai",
        "ba",
        "bốn",
        "tư",
        "năm",
        "lăm",
        "nhăm",
        "sáu",
        "bảy",
        "bẩy",
        "tám",
        "chín",
        "mười",
        "mươi",
        "trăm",
        "linh",
        "lẻ",
        "nghìn",
        "ngàn",
        "triệu",
        "tỷ",
        "tỉ",
    ]
)
_SAME = {
    "lẻ": "linh",
    "ngàn": "nghìn",
    "tỉ": "tỷ",
    "tư": "bốn",
    "mốt": "một",
    "lăm": "năm",
    "nhăm": "năm",
    "bẩy": "bảy",
}
_SHARE = re.compile(
    r"\b(?:chiếm|phiếu[^.;%]{0,40}?)\s*(?:đạt\s*)?(?:tỷ lệ|tỉ lệ)?\s*(?:khoảng|gần|trên)?\s*(\d{1,4}(?:,\d+)?)\s?%",
    re.I,
)
_RATIO = re.compile(
    r"(?<![\w/.,-])(\d{1,5})/(\d{1,5})(?![\w/])((?:\s+[^\W\d_]+){0,8}?)\s*[,(]?\s*(?:chiếm|đạt|bằng|"
    r"tương đương|=)?\s*(?:tỷ lệ|tỉ lệ)?\s*(\d{1,3}(?:,\d+)?)\s?%",
    re.I,
)
_NOT_RATIO = re.compile(r"\b(?:tăng|giảm|vượt|so với|hơn|trong đó|còn|kế hoạch|chỉ tiêu)\b", re.I)
_VOTE = re.compile(
    r"(?<![\w/.,-])(\d{1,5})/(\d{1,5})\s+(?:phiếu|đại biểu|đồng chí|đảng viên|người|thành viên|uỷ "
    r"viên|ủy viên)\b(?=[^.;]{0,60}(?:đồng ý|tán thành|nhất trí|biểu quyết|có mặt|dự họp|tham dự))",
    re.I,
)
_FIGURE = re.compile(r"-?\d{1,3}(?:\.\d{3})*(?:,\d+)?|\d+(?:,\d+)?")
_SUM_ROW = ("tổng", "tổng cộng", "cộng", "tổng số", "cộng chung", "tổng toàn xã")


def check_counts(passage: Passage) -> Iterator[Problem]:
    """What the figures of one passage contradict."""
    if not any(c.isdigit() for c in passage.text):
        return
    yield from _check_sums(passage)
    yield from _check_words(passage)
    yield from _check_shares(passage)


def _number(text: str) -> int:
    return int(text.replace(".", ""))


def _problem(passage: Passage, span: tuple[int, int], code: str, message: str, hint: str) -> Problem:
    severity = "loi" if code == "number_words_differ" else "canh_bao"
    return Problem(passage.place(*span), code, severity, message, hint, SOURCE)  # type: ignore[arg-type]


# --- a total and its parts --------------------------------------------------------------------------------------------


def _check_sums(passage: Passage) -> Iterator[Problem]:
    text = passage.text
    for found in _TOTAL.finditer(text):
        parts, end = _parts(text, found.end())
        total = _number(found[1])
        if (
            not parts
            or _is_unit(found[2])
            or re.search(r"(?:số|ngày|tháng|điều|khoản|mục|quý|năm|từ|đến)\s*$", tail(text, found.start(), 12), re.I)
        ):
            continue
        share = "trong đó" in found[3].lower()
        if not _adds_up(total, parts, share, whole_list=_closed(text, end, found[3])):
            counted = " + ".join(str(n) for n, _ in parts)
            typed = " ".join(text[found.start() : end].split())
            message = f"“{typed}”: {counted} = {sum(n for n, _ in parts)}, không phải {found[1]}."
            yield _problem(passage, (found.start(), end), "sum_wrong", message, "Xem lại tổng và từng phần.")


def _parts(text: str, at: int) -> tuple[list[tuple[int, str]], int]:
    parts: list[tuple[int, str]] = []
    end = at
    while item := _ITEM.match(text, at):
        if _is_unit(item[2]):
            return [], at
        parts.append((_number(item[1]), item[2].lower()))
        end = item.end()
        step = _NEXT.match(text, end)
        if not step:
            break
        at = step.end()
    return (parts, end) if len(parts) > 1 else ([], end)


def _is_unit(noun: str) -> bool:
    return bool(noun) and noun.lower().split()[0] in _UNITS


def _closed(text: str, end: int, opening: str) -> bool:
    """Whether the list of parts is at its end: a bracket closes, or the sentence ends."""
    after = text[end:].lstrip()
    return after[:1] == ")" if opening.startswith("(") else after[:1] in ("", ".", ";", ")")


def _adds_up(total: int, parts: Sequence[tuple[int, str]], share: bool, whole_list: bool) -> bool:
    count = sum(n for n, _ in parts)
    if share:
        pair = len(parts) == 2 and any(_is_share(parts, a, b) for a, b in _SHARES)
        return count == total if pair else max(n for n, _ in parts) <= total
    return count == total or not whole_list


def _is_share(parts: Sequence[tuple[int, str]], a: str, b: str) -> bool:
    first, second = parts[0][1], parts[1][1]
    names = (re.search(rf"\b{a}\b", first), re.search(rf"\b{b}\b", second))
    back = (re.search(rf"\b{b}\b", first), re.search(rf"\b{a}\b", second))
    return all(names) or all(back)


# --- figures and words ------------------------------------------------------------------------------------------------


def _check_words(passage: Passage) -> Iterator[Problem]:
    """05 (bốn); 1.500.000 đồng (Bằng chữ: ...)."""
    for found in _BOTH.finditer(passage.text):
        words = [w for w in re.split(r"[ ,]+", found[3].lower()) if w not in ("đồng", "chẵn", "chẳn")]
        if not words or any(w not in _NUMERALS for w in words):
            continue
        number = _number(found[1])
        right = so_dem.bang_chu(number)
        if _plain(words) != _plain(right.split()):
            message = f"“{found.group()}”: số và chữ khác nhau."
            yield _problem(passage, found.span(), "number_words_differ", message, f"{found[1]} đọc là “{right}”.")


def _plain(words: Sequence[str]) -> list[str]:
    """Number words with the regional and positional forms made one."""
    same = [_SAME.get(w, w) for w in words]
    return [w for n, w in enumerate(same) if w != "linh" and not (w == "không" and same[n + 1 : n + 2] == ["trăm"])]


# --- shares -----------------------------------------------------------------------------------------------------------


def _check_shares(passage: Passage) -> Iterator[Problem]:
    text = passage.text
    for found in _SHARE.finditer(text):
        if float(found[1].replace(",", ".")) > 100 and not _NOT_RATIO.search(found.group()):
            yield _problem(
                passage,
                found.span(),
                "share_over_whole",
                f"“{found.group()}”: phần không thể lớn hơn 100%.",
                "Xem lại tỷ lệ.",
            )
    for found in _RATIO.finditer(text):
        part, whole, typed = int(found[1]), int(found[2]), found[4]
        if (
            not whole
            or part > whole
            or _NOT_RATIO.search(found[3])
            or (whole <= 12 and part <= 31 and not found[3].strip())
        ):
            continue
        decimals = len(typed.partition(",")[2])
        real = part * 100 / whole
        if abs(real - float(typed.replace(",", "."))) > 1.01 * 10**-decimals:
            right = f"{real:.{max(decimals, 1)}f}".replace(".", ",")
            yield _problem(
                passage,
                found.span(),
                "ratio_wrong",
                f"“{found.group().strip()}”: {part}/{whole} là {right}%.",
                "Xem lại tử số, mẫu số hoặc tỷ lệ.",
            )
    for found in _VOTE.finditer(text):
        if int(found[1]) > int(found[2]) > 0:
            yield _problem(
                passage,
                found.span(),
                "share_over_whole",
                f"“{found.group()}”: phần lớn hơn toàn bộ.",
                "Xem lại hai số.",
            )


# --- tables -----------------------------------------------------------------------------------------------------------

Grid = dict[int, dict[int, list[Passage]]]


def check_tables_whole(whole: Whole) -> Iterator[Problem]:
    """The running numbers and the sum rows of every table."""
    tables: dict[int, Grid] = {}
    for passage in whole.passages:
        if passage.cell:
            table, row, column = passage.cell
            tables.setdefault(table, {}).setdefault(row, {}).setdefault(column, []).append(passage)
    for grid in tables.values():
        if len(grid) > 2:
            yield from _check_running(grid)
            yield from _check_sum_row(grid)


def _words(cells: Sequence[Passage]) -> str:
    return " ".join(p.text for p in cells).strip()


def _check_running(grid: Grid) -> Iterator[Problem]:
    """STT 1, 2, 4: only where the first column is headed STT and holds numbers; a 1 begins anew."""
    rows = sorted(grid)
    head = next(
        (r for r in rows[:3] if _words(grid[r].get(1, [])).strip(" .").upper() in ("STT", "TT", "SỐ TT", "SỐ THỨ TỰ")),
        None,
    )
    if head is None:
        return
    last = 0
    for row in rows[rows.index(head) + 1 :]:
        cells = grid[row].get(1, [])
        typed = _words(cells).strip(" .)")
        if not typed.isdigit():
            last = 0 if typed else last
            continue
        value = int(typed)
        numbered = [_words(grid[row].get(c, [])).strip("() ") for c in grid[row]]
        if numbered == [str(n) for n in range(value, value + len(numbered))] and len(numbered) > 2:
            continue  # the row that numbers the columns
        if last and value not in (1, last + 1):
            what = "trùng số" if value == last else "nhảy số"
            code = "row_number_repeated" if value == last else "row_number_jump"
            yield _problem(
                cells[0],
                (0, len(typed)),
                code,
                f"Số thứ tự trong bảng {what}: sau {last} là {value}.",
                f"Có phải {last + 1}?",
            )
        last = value


def _figure(text: str) -> float | None:
    typed = text.strip(" *")
    if not typed or not _FIGURE.fullmatch(typed):
        return None
    try:
        return float(so_dem.parse(typed))
    except FieldInvalid:
        return None


def _check_sum_row(grid: Grid) -> Iterator[Problem]:
    rows = sorted(grid)
    for at, row in enumerate(rows):
        cells = [_words(grid[row][c]).lower().strip(" :.") for c in sorted(grid[row])]
        if not any(c in _SUM_ROW for c in cells[:2]) or at < 2:
            continue
        above = rows[1:at]
        if any(not _words(grid[r].get(1, [])).strip(" .").isdigit() and _words(grid[r].get(1, [])) for r in above[1:]):
            return  # groups with sums of their own
        for column in sorted(grid[row]):
            total = _figure(_words(grid[row][column]))
            figures = [f for r in above if (f := _figure(_words(grid[r].get(column, [])))) is not None]
            if total is None or column == 1 or len(figures) < 2 or len(figures) < len(above) - 1:
                continue
            if abs(sum(figures) - total) > 0.51 and abs(sum(figures[1:]) - total) > 0.51 and total != len(figures):
                typed = _words(grid[row][column])
                message = (
                    f"Dòng tổng ghi {typed}, các dòng trên cộng lại là {so_dem.so_thap_phan(round(sum(figures), 2))}."
                )
                yield _problem(grid[row][column][0], (0, len(typed)), "sum_wrong", message, "Xem lại dòng tổng.")
        return
