"""Deadlines of a rule set: the day that its guide writes, the day chosen where there is no such day, days of rest.

A guide writes a day (2026-02-10) or a day of every year (02-10). One that no calendar has (2026-11-31) is a fault of
the set, and nobody guesses: the rule waits until the office has chosen a day (`thong_tin.han_da_chon`, "MÃ = ngày").

>>> day_of("02-10", 2026), day_of("2026-11-31", 2026)
('2026-02-10', None)
>>> overflow("2026-11-31")
'2026-12-01'
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, timedelta
from typing import Any, NamedTuple

from .catalog import nearest
from .checking import is_day, shown
from .errors import FieldInvalid, Place, Problem, Severity
from .viet import ngay
from .viet.ngay import ngay_so

CHOICES = "/thong_tin/han_da_chon"
SET = "/thong_tin/bo_quy_tac"
REST = ("thứ Bảy", "Chủ nhật")


class Choice(NamedTuple):
    """One line of `han_da_chon`: the rule's code and the day, either "" where the line does not give it."""

    code: str
    typed: str
    pointer: str

    @property
    def day(self) -> str | None:
        """The day that was typed, ISO; None where it is none."""
        with suppress(FieldInvalid):
            return ngay.to_iso(ngay.parse(self.typed))
        return None


def written(rule: Mapping[str, Any]) -> str:
    """The day as the rule writes it: yyyy-mm-dd or mm-dd; "" where it has none."""
    return str(rule.get("ngay") or rule.get("thang_ngay") or "")


def day_of(typed: object, year: int | None) -> str | None:
    """A deadline as an ISO day: itself, or month and day (`02-10`) of the year; None where there is no such day."""
    text = str(typed)
    text = f"{year}-{text}" if len(text) == 5 and year else text
    return text if is_day(text) else None


def choices(lines: Sequence[Any]) -> list[Choice]:
    """The lines of `han_da_chon` as they were typed."""
    found = []
    for i, line in enumerate(lines):
        code, _, typed = str(line).partition("=")
        found.append(Choice(code.strip(), typed.strip(), f"{CHOICES}/{i}"))
    return found


def chosen(rule: Mapping[str, Any], lines: Sequence[Any], year: int | None) -> str | None:
    """The day that the office chose for a rule whose own day does not exist; None where it chose none that can be."""
    if day_of(written(rule), year) is not None:
        return None
    days = {c.day for c in choices(lines) if c.code == rule.get("ma")}
    day = next(iter(days)) if len(days) == 1 else None
    return day if day is not None and may_stand_for(day, whole(written(rule), year)) else None


def whole(typed: str, year: int | None) -> str:
    """The written day with its year, whether or not it exists."""
    return f"{year}-{typed}" if len(typed) == 5 else typed


def overflow(typed: str) -> str:
    """The day that a day beyond its month's end comes to when one goes on counting: 31/11 is 01/12."""
    year, month, number = (int(part) for part in typed.split("-"))
    return (date(year, month, 1) + timedelta(days=number - 1)).isoformat()


def may_stand_for(day: str, typed: str) -> bool:
    """Whether a chosen day is a reading of the written one: of its month, or the day that it overflows to."""
    try:
        return f"{typed[:7]}-01" <= day <= overflow(typed)
    except ValueError:
        return False


def choice_faults(lines: Sequence[Any], rules: Sequence[Mapping[str, Any]], year: int | None) -> Iterator[Problem]:
    """What is wrong with the chosen days, each at its line."""
    by_code = {str(r["ma"]): r for r in rules if written(r)}
    first: dict[str, str | None] = {}
    for choice in choices(lines):
        found = _choice_fault(choice, by_code, year)
        if found is None and choice.code in first and first[choice.code] != choice.day:
            found = "choice_twice", f"Quy tắc {choice.code} có hai ngày được chọn khác nhau.", "Giữ một ngày."
        first.setdefault(choice.code, choice.day)
        if found is not None:
            yield Problem(Place(pointer=choice.pointer), found[0], "loi", found[1], found[2])


def _choice_fault(
    choice: Choice, by_code: Mapping[str, Mapping[str, Any]], year: int | None
) -> tuple[str, str, str] | None:
    """Code, message and hint of what is wrong with one line; None where it can be used."""
    example = "Ghi mã quy tắc = ngày/tháng/năm, mỗi hạn một lần."
    if not choice.code or not choice.typed:
        return (
            "choice_unreadable",
            f"Hạn đã chọn {shown(choice.code or choice.typed)} chưa đủ mã quy tắc và ngày.",
            example,
        )
    if choice.code not in by_code:
        near = nearest(choice.code, list(by_code), 1)
        hint = f"Có phải “{near[0]}”?" if near else "Xem mã ở lời báo của công cụ."
        return "choice_unknown", f"Bộ quy tắc không có hạn nào mang mã {shown(choice.code)}.", hint
    if choice.day is None:
        message = f"{shown(choice.typed)} chọn cho quy tắc {choice.code} không phải là một ngày có thật."
        return "no_such_day", message, example
    typed = whole(written(by_code[choice.code]), year)
    if is_day(typed):
        message = f"Hạn của quy tắc {choice.code} là {ngay_so(typed)}, một ngày có thật; ngày chọn không được dùng."
        return "choice_not_needed", message, "Xoá dòng này."
    if not may_stand_for(choice.day, typed):
        message = f"{ngay_so(choice.day)} chọn cho quy tắc {choice.code} quá xa ngày hướng dẫn ghi ({said(typed)})."
        return (
            "choice_far",
            message,
            f"Chọn một ngày trong tháng {typed[5:7]}, muộn nhất là {ngay_so(overflow(typed))}.",
        )
    return None


def said(typed: str) -> str:
    """31/11/2026 of 2026-11-31, whether or not there is such a day."""
    return "/".join(reversed(typed.split("-")))


def set_fault(rule: Mapping[str, Any], lines: Sequence[Any], year: int | None, source: str) -> Iterator[Problem]:
    """That the day of a rule does not exist, and what is used instead."""
    typed = written(rule)
    if not typed or day_of(typed, year) is not None or (len(typed) == 5 and year is None):
        return
    typed, day = whole(typed, year), chosen(rule, lines, year)
    message = f"Quy tắc {rule['ma']} ghi {said(typed)}, không phải là một ngày có thật"
    if day is not None:
        message, hint = f"{message}; đang dùng {ngay_so(day)} đã chọn.", ""
    else:
        near = rule.get("ngay_thay_the") or overflow(typed)
        message = f"{message}; chưa có ngày nào được dùng thay."
        hint = "Hỏi lại cơ quan ban hành rồi ghi vào ô “Hạn đã chọn thay cho ngày không có thật” ở Thông tin chung"
        hint = f"{hint}, ví dụ {rule['ma']} = {'/'.join(reversed(str(near).split('-')))}."
    severity: Severity = "thong_tin" if day is not None else "canh_bao"
    yield Problem(Place(pointer=SET), "rule_day_invalid", severity, message, hint, source)


def rest_day(day: str, holidays: Mapping[str, Sequence[Mapping[str, Any]]]) -> str:
    """Whose day off an ISO day is: thứ Bảy, Chủ nhật, Quốc khánh ...; "" for a working day. `ngay-nghi.toml`."""
    named = [str(h["ten"]) for h in holidays.get("co_dinh", ()) if str(h["ngay"]) == day[5:]]
    named += [str(h["ten"]) for h in holidays.get("am_lich", ()) if str(h["tu"]) <= day <= str(h["den"])]
    number = date.fromisoformat(day).weekday()
    return ", ".join([*([REST[number - 5]] if number >= 5 else []), *named])


def rest_note(rule: Mapping[str, Any], day: str, rest: str, source: str) -> Problem:
    """That a deadline falls on a day of rest (K30)."""
    code = "deadline_weekend" if rest.startswith(REST) else "deadline_holiday"
    message = f"Hạn {ngay_so(day)} của quy tắc {rule['ma']} rơi vào {rest}."
    return Problem(Place(pointer=SET), code, "thong_tin", message, "Nên hoàn thành trước đó.", source)


def stack_faults(layers: Sequence[Mapping[str, Any]], words: Mapping[str, str], year: int | None) -> Iterator[Problem]:
    """A deadline that is not earlier than the same one of a set below: the commune's must leave the province's time.

    `layers` are the own words of the sets, the chosen one first; `words` how a deadline is called. bieu-mau 7.3, K11.
    """
    for i, upper in enumerate(layers):
        for name, typed in upper.get("moc_han", {}).items():
            day = day_of(typed, year)
            for lower in layers[i + 1 :]:
                limit = day_of(lower.get("moc_han", {}).get(name), year)
                if day is not None and limit is not None and day >= limit:
                    message = (
                        f"Hạn {words.get(name, name)} của “{upper.get('ten', '')}” là {ngay_so(day)}, "
                        f"không sớm hơn hạn {ngay_so(limit)} của “{lower.get('ten', '')}”."
                    )
                    hint = f"Sửa mốc {name} trong bộ quy tắc: hạn của cấp dưới phải trước hạn của cấp trên."
                    yield Problem(Place(pointer=SET), "deadline_not_before_upper", "canh_bao", message, hint, "K11")
