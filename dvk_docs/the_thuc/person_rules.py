"""C06: a citizen's number, a telephone number and a day of birth that agree with each other and with the sex."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from dvk_docs.errors import Problem

from .findings import Case
from .lines import Line
from .words import entry, pattern

_ID = re.compile(r"(?<!\d)\d{12}(?!\d)")
_DIGITS = re.compile(r"(?<!\d)[\d][\d .]{6,20}\d(?!\d)")
_BIRTH = re.compile(r"(?:(\d{1,2})[/.-](\d{1,2})[/.-])?((?:19|20)\d{2})(?!\d)")
_PHONE = re.compile(r"^(?:\+?84|0)\d+$")


def person_rule(case: Case) -> Iterator[Problem]:
    """The facts of a person in one paragraph, in lines that follow each other, or in one row of a table."""
    yield from _in_prose(case, [line for line in case.paper.lines if line.text and not line.table])
    yield from _in_tables(case)


# --- prose -----------------------------------------------------------------------------------------------------------


def _in_prose(case: Case, lines: Sequence[Line]) -> Iterator[Problem]:
    birth: int | None = None
    sex = ""
    for line in lines:
        text = line.key
        if re.search(r"^\W*(họ và tên|họ, tên|họ tên)\b|đồng chí |(?<!\w)(ông|bà) ", text):
            birth, sex = None, "nam" if re.search(r"(?<!\w)ông [^\W\d_]", text) else ""
        birth = _birth_in(text) or birth
        sex = _sex_in(text) or sex
        if pattern("nguoi", "cccd").search(text):
            for number in _ID.findall(text):
                yield from _citizen(case, line, number, birth, sex)
            yield from _too_short(case, line)
        yield from _telephone_in(case, line)


def _birth_in(text: str) -> int | None:
    label = pattern("nguoi", "ngay_sinh").search(text)
    found = _BIRTH.search(text, label.end()) if label else None
    return int(found[3]) if found else None


def _sex_in(text: str) -> str:
    found = re.search(r"giới tính\W*(nam|nữ)\b", text)
    return found[1] if found else ""


def _too_short(case: Case, line: Line) -> Iterator[Problem]:
    """A citizen's number of another length; nine digits are an old CMND."""
    found = pattern("nguoi", "cccd").search(line.key)
    rest = line.key[found.end() :] if found else ""
    number = re.match(r"[\s:số]*(\d{8,15})(?!\d)", rest)
    if number and len(number[1]) != 12:
        message = f"Số định danh “{number[1]}” có {len(number[1])} chữ số; cần 12."
        yield case.found("C06", line, message, "Xem lại số.", source=entry("nguoi", "source"), words=number[1])


def _telephone_in(case: Case, line: Line) -> Iterator[Problem]:
    label = re.search(rf"(?<!\w){entry('nguoi', 'dien_thoai')}\W{{0,3}}(?=[+\d(])", line.key)
    found = _DIGITS.search(line.key, label.end() - 1) if label else None
    if label and found and found.start() - label.end() <= 2:
        yield from _telephone(case, line, found.group())


def _telephone(case: Case, line: Line, typed: str) -> Iterator[Problem]:
    digits = re.sub(r"[ .]", "", typed)
    if digits.startswith("84") and len(digits) > 10:
        digits = f"0{digits[2:]}"
    mobile = re.fullmatch(r"0[35789]\d{8}", digits)
    fixed = re.fullmatch(r"02\d{8,9}", digits)
    short = re.fullmatch(r"1[89]00\d{4,6}|1\d{2,3}", digits)
    if not (mobile or fixed or short):
        message = f"Số điện thoại “{typed.strip()}” không đúng dạng ({len(digits)} chữ số)."
        source = entry("nguoi", "source_dien_thoai")
        yield case.found(
            "C06", line, message, "Di động 10 chữ số, cố định 11 chữ số.", source=source, words=typed.strip()
        )


def _citizen(case: Case, line: Line, number: str, birth: int | None, sex: str) -> Iterator[Problem]:
    """The parts of a number: province, century and sex, two digits of the year."""
    source = entry("nguoi", "source")

    def wrong(what: str) -> Problem:
        return case.found("C06", line, f"Số định danh {number} {what}.", "Xem lại số.", source=source, words=number)

    province, century = int(number[:3]), int(number[3])
    if not 1 <= province <= entry("nguoi", "ma_tinh_den"):
        yield wrong(f"có mã nơi đăng ký khai sinh {number[:3]}, ngoài 001 - 096")
    if century > 3:
        yield wrong(f"có chữ số thứ tư là {century}, không khớp năm sinh")
        return
    year = 1900 + 100 * (century // 2) + int(number[4:6])
    if birth is not None and birth != year:
        yield wrong(f"cho năm sinh {year}, khác năm sinh đã ghi {birth}")
    if sex and (sex == "nữ") != bool(century % 2):
        yield wrong(f"là của {'nữ' if century % 2 else 'nam'}, khác giới tính đã ghi")


# --- tables ----------------------------------------------------------------------------------------------------------


def _in_tables(case: Case) -> Iterator[Problem]:
    tables: dict[int, list[Line]] = {}
    for line in case.paper.lines:
        if line.table and line.text:
            tables.setdefault(line.table, []).append(line)
    for lines in tables.values():
        yield from _table(case, lines)


def _table(case: Case, lines: Sequence[Line]) -> Iterator[Problem]:
    columns: dict[str, int] = {}
    rows: dict[int, dict[int, list[Line]]] = {}
    for line in lines:
        rows.setdefault(line.row, {}).setdefault(line.column, []).append(line)
    for _row, cells in sorted(rows.items()):
        heads = _headers(cells)
        if heads:
            columns = columns or heads
            continue
        if columns:
            yield from _person(case, cells, columns)


def _headers(cells: dict[int, list[Line]]) -> dict[str, int]:
    """Which column holds what, where this row is the head of a table."""
    out: dict[str, int] = {}
    for column, lines in cells.items():
        text = " ".join(line.key for line in lines)
        if _ID.search(text) or _BIRTH.search(text):
            continue
        for name in ("cccd", "dien_thoai", "ngay_sinh", "gioi_tinh"):
            if len(text) < 60 and re.search(rf"(?<!\w)(?:{entry('nguoi', name)})(?!\w)", text):
                out.setdefault(name, column)
    return out


def _person(case: Case, cells: dict[int, list[Line]], columns: dict[str, int]) -> Iterator[Problem]:
    def said(name: str) -> list[Line]:
        return cells.get(columns.get(name, -1), [])

    birth = next((int(m[3]) for x in said("ngay_sinh") if (m := _BIRTH.search(x.key))), None)
    sex = next((x.key for x in said("gioi_tinh") if x.key in ("nam", "nữ")), "")
    for line in said("cccd"):
        for number in re.findall(r"(?<!\d)\d{8,15}(?!\d)", line.key):
            if len(number) == 12:
                yield from _citizen(case, line, number, birth, sex)
            else:
                message = f"Số định danh “{number}” có {len(number)} chữ số; cần 12."
                yield case.found("C06", line, message, "Xem lại số.", source=entry("nguoi", "source"), words=number)
    for line in said("dien_thoai"):
        if re.fullmatch(r"[+\d][\d .]{6,}", line.key):
            yield from _telephone(case, line, line.key)
