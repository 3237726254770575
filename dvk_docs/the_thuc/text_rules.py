"""Rules of the letters themselves, in any paper: C01 code, C02 tone marks, C03 blanks, C04 numbers, C05 capitals."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date

from dvk_docs.errors import Problem
from dvk_docs.viet import kieu_dau

from .findings import Case, others
from .legacy import is_legacy_font, legacy_words
from .lines import Line
from .words import LARGE, SMALL, capital_source, capitals, entry, one_tone

_LOOKALIKE = {"\u00d0": "Đ", "\u0189": "Đ", "\u00f0": "đ"}
_STRAY = re.compile("[\u0300-\u036f]")
_SHOWN_WORDS = 3


def code_rule(case: Case) -> Iterator[Problem]:
    """C01: composed Unicode, the right Đ, no letters of TCVN3 or VNI."""
    split: list[Line] = []
    wrong: dict[str, list[Line]] = {}
    fonts: dict[str, list[Line]] = {}
    for line in case.paper.lines:
        if unicodedata.normalize("NFC", line.raw) != line.raw or _STRAY.search(line.raw):
            split.append(line)
        for letter in _LOOKALIKE:
            if letter in line.raw:
                wrong.setdefault(letter, []).append(line)
        for span in line.spans:
            if span.words.strip() and is_legacy_font(span.look.font):
                fonts.setdefault(span.look.font, []).append(line)
    if split:
        message = f"Chữ gõ bằng Unicode tổ hợp{others(split)}; cần Unicode dựng sẵn."
        yield case.found("C01", split[0], message, "Đổi bảng mã sang Unicode dựng sẵn.")
    for letter, lines in wrong.items():
        message = f"Ký tự “{letter}” (U+{ord(letter):04X}) không phải chữ {_LOOKALIKE[letter]}{others(lines)}."
        yield case.found("C01", lines[0], message, f"Gõ lại chữ {_LOOKALIKE[letter]}.")
    for font, lines in fonts.items():
        message = f"Chữ dùng phông {font} của bảng mã cũ{others(lines)}; cần Unicode."
        yield case.found("C01", lines[0], message, "Chuyển mã sang Unicode.")
    if not fonts:
        yield from _legacy_text(case)


def _legacy_text(case: Case) -> Iterator[Problem]:
    lines = [line for line in case.paper.lines if line.text and legacy_words(line.text)]
    if lines:
        words = ", ".join(legacy_words(lines[0].text)[:_SHOWN_WORDS])
        message = f"Chữ có vẻ ở bảng mã cũ TCVN3 hoặc VNI ({words}){others(lines)}."
        yield case.found("C01", lines[0], message, "Chuyển mã sang Unicode.")


def tone_rule(case: Case) -> Iterator[Problem]:
    """C02: uỷ and ủy in one paper; which one is the office's choice."""
    counts = [(kieu_dau.dem(line.text), line) for line in case.paper.lines if line.text]
    new = [line for (moi, _), line in counts if moi]
    old = [line for (_, cu), line in counts if cu]
    if new and old:
        rare, many = (old, "hoà, uỷ") if len(old) <= len(new) else (new, "hòa, ủy")
        message = f"Văn bản dùng lẫn hai kiểu đặt dấu thanh; phần lớn theo kiểu “{many}”{others(rare)}."
        yield case.found("C02", rare[0], message, "Thống nhất một kiểu.")


# --- blanks and marks ------------------------------------------------------------------------------------------------

_BEFORE = re.compile(rf"(?<=[^\s.…_(\[“\"/-]) +[,;:?!)\]”](?!\S*[a-z]\))|(?<=[{SMALL}]) +\.(?=\s|$)(?!\.)")
_DOUBLE = re.compile(r"(?<=[^\s.…_]) {2,}(?=[^\s.…_-])")
_MISSING = re.compile(rf"(?<=[{SMALL}])[,;](?=[{SMALL}{LARGE}])|(?<=[{SMALL}][{SMALL}])[.?!](?=[{LARGE}][{SMALL}])")
_INSIDE = re.compile(r"[(“] +(?=\w)")
_TWICE = re.compile(r"(?<![.,;:])[,;:]{2,}|(?<!\.)\.\.(?!\.)|[,;]\.(?!\.)|(?<!\.)\.[,;](?!\.)")
_SPARED = re.compile(r"https?://\S+|www\.\S+|\S+@\S+|v\.v\S*|\S+\.(?:docx?|xlsx?|pdf|vn|com)\b")
_ABBREVIATED = re.compile(r"(?:^|\W)(?:TP|Tp|TX|TT|Th|Ths|ThS|TS|GS|PGS|BS|KS|St|P|Q|TL|TM|KT|TUQ|Nxb|NXB|v\.v|Đ|Ô)$")
_KEPT_ROOM = re.compile(r"Số {2,}|ngày {2,}|tháng {2,}|năm {2,}", re.IGNORECASE)


def blank_rule(case: Case) -> Iterator[Problem]:
    """C03: no blank before a mark, one after it, no double blanks; each fault is said once with its places.

    Lines of the head and blanks to fill are spared.
    """
    spared = {id(line) for line in case.paper.head.lines}
    faults: dict[str, list[tuple[Line, str]]] = {}
    for line in case.paper.lines:
        found = _blank_fault(line) if line.text and id(line) not in spared else None
        if found is not None:
            faults.setdefault(found[0], []).append((line, found[1]))
    for what, places in faults.items():
        line, near = places[0]
        yield case.found("C03", line, f"{what}: “{near}”{others([x for x, _ in places])}.", words=near)


def _blank_fault(line: Line) -> tuple[str, str] | None:
    raw = _SPARED.sub(lambda m: "x" * len(m.group()), unicodedata.normalize("NFC", line.raw)).strip()
    if re.search(r"[.…_]{4,}|\t", raw) or _KEPT_ROOM.search(raw):
        return None
    for shape, what in (
        (_BEFORE, "Thừa khoảng trắng trước dấu câu"),
        (_INSIDE, "Thừa khoảng trắng sau dấu mở ngoặc"),
        (_DOUBLE, "Có hai khoảng trắng liền nhau"),
        (_MISSING, "Thiếu khoảng trắng sau dấu câu"),
        (_TWICE, "Dấu câu gõ lặp"),
    ):
        for found in shape.finditer(raw):
            if shape is _MISSING and _ABBREVIATED.search(raw[: found.start()]):
                continue
            near = raw[max(0, found.start() - 20) : found.end() + 15].strip()
            if shape is _TWICE and raw.endswith("./.") and found.end() >= len(raw) - 1:
                continue
            return what, near
    return None


# --- numbers and days ------------------------------------------------------------------------------------------------

_SHORT_DAY = re.compile(r"(?<![\d/.-])(\d{1,2})([/.-])(\d{1,2})\2((?:19|20)\d{2})(?![\d/-])(?! \d\d:\d\d)")
_LONG_DAY = re.compile(r"\bngày (\d{1,2}) tháng (\d{1,2}) năm ((?:19|20)\d{2})(?!\d)")
_COMMAS = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3}){2,}(?![\d,])|(?<![\d.,])\d{1,3},\d{3}(?= ?(?:đồng|đ\b|VNĐ|VND))")
_NO_COUNT = "".join(
    f"(?<!{word} )" for word in ("số", "Số", "điều", "Điều", "khoản", "mục", "Mục", "thứ", "nhóm", "quý", "cấp")
)  # after these a figure is no count
_UNGROUPED = re.compile(r"(?<![\d.,/-])\d{5,}(?= ?(?:đồng|VNĐ|VND)\b)")


def number_format_rule(case: Case) -> Iterator[Problem]:
    """C04: days padded as the guides do, dots between thousands, counts under ten with a leading zero."""
    days: list[tuple[Line, str, str]] = []
    for line in case.paper.lines:
        if line is case.paper.head.date or not line.text:
            continue
        days += [(line, found.group(), right) for found, right in _wrong_days(line)]
        yield from _money(case, line)
    yield from _counts(case)
    if days:
        line, typed, right = days[0]
        message = f"Ngày “{typed}” viết chưa đúng{others([x for x, _, _ in days])}."
        yield case.found("C04", line, message, f"Viết {right}.", source=entry("so_dem", "source_ngay"), words=typed)


def _wrong_days(line: Line) -> Iterator[tuple[re.Match[str], str]]:
    """Each day that is not written as the guides do; a column of data may hold days padded in full."""
    data = bool(line.table) and line.columns > 2
    for found in _SHORT_DAY.finditer(line.text):
        right = _right_day(found, found[2])
        if right and not (data and len(found[1]) == len(found[3]) == 2):
            yield found, right
    for found in _LONG_DAY.finditer(line.text):
        right = _right_long(found)
        if right:
            yield found, right


def _right_day(found: re.Match[str], mark: str) -> str:
    """The day as the guides write it; "" where it is so already, or where it is no day (that is another's to say)."""
    try:
        day = date(int(found[4]), int(found[3]), int(found[1]))
    except ValueError:
        return ""
    month = f"{day.month:02}" if day.month < 3 else str(day.month)
    right = f"{day.day:02}/{month}/{day.year}"
    return "" if found.group() == right or mark == "." else right


def _right_long(found: re.Match[str]) -> str:
    try:
        day = date(int(found[3]), int(found[2]), int(found[1]))
    except ValueError:
        return ""
    month = f"{day.month:02}" if day.month < 3 else str(day.month)
    right = f"ngày {day.day:02} tháng {month} năm {day.year}"
    return "" if found.group() == right else right


def _money(case: Case, line: Line) -> Iterator[Problem]:
    source = entry("so_dem", "source_nghin")
    for found in _COMMAS.finditer(line.text):
        right = found.group().replace(",", ".")
        message = f"Số “{found.group()}” dùng dấu phẩy sau hàng nghìn; cần dấu chấm."
        yield case.found("C04", line, message, f"Viết {right}.", source=source, words=found.group())
    for found in _UNGROUPED.finditer(line.text):
        right = f"{int(found.group()):,}".replace(",", ".")
        message = f"Số tiền “{found.group()}” chưa có dấu chấm sau hàng nghìn."
        yield case.found("C04", line, message, f"Viết {right}.", source=source, words=found.group())


def _counts(case: Case) -> Iterator[Problem]:
    """Counts below ten of what is counted in formal lists; said once."""
    nouns = "|".join(map(re.escape, sorted(entry("so_dem", "danh_tu"), key=len, reverse=True)))
    shape = re.compile(rf"(?<![\w.,/%-])(?<![-–] ){_NO_COUNT}([1-9]) (?:{nouns})\b")
    found = [(line, m) for line in case.paper.lines if line.text and (m := shape.search(line.text))]
    if found:
        line, first = found[0]
        message = f"Số đếm dưới 10 nên có số 0 đứng trước (“{first.group()}”){others([x for x, _ in found])}."
        source = entry("so_dem", "source")
        hint = f"Viết 0{first.group()}."
        yield case.found("C04", line, message, hint, source=source, confirmed=False, words=first.group())


# --- capitals --------------------------------------------------------------------------------------------------------


def capital_rule(case: Case) -> Iterator[Problem]:
    """C05: the rules H1-H16 that can be told without knowing the world; each wrong word is said once."""
    source = capital_source(case.paper.system)
    judged = [(line, one_tone(line.text)) for line in case.paper.lines if line.text and not line.upper]
    for rule in capitals():
        wrong: dict[str, list[Line]] = {}
        for line, text in judged:
            for found in rule.wrong.finditer(text):
                if rule.unless_before and rule.unless_before.search(text[: found.start()]):
                    continue
                if rule.unless_after and rule.unless_after.search(text[found.end() :]):
                    continue
                if found.group().strip():
                    wrong.setdefault(line.text[found.start() : found.end()].strip(), []).append(line)
        for word, lines in wrong.items():
            yield _capital(case, rule.code, rule.title, rule.right, word, lines, source)


def _capital(case: Case, code: str, title: str, right: str, word: str, lines: Sequence[Line], source: str) -> Problem:
    near = _around(lines[0].text, word)
    message = f"Viết hoa chưa đúng ở “{near}”: {title}{others(lines)}."
    hint = f"Viết {right}." if right else f"Viết “{word[:1].upper()}{word[1:]}”."
    return case.found("C05", lines[0], message, hint, source=f"{source} ({code})", words=near)


def _around(text: str, word: str) -> str:
    at = text.find(word)
    start = text.rfind(" ", 0, max(at - 8, 0)) + 1 if at > 8 else 0
    end = text.find(" ", min(at + len(word) + 8, len(text)))
    return text[start : end if end > 0 else len(text)].strip()
