"""What is odd in a register: holes, jumps, days out of order, numbers kept too long, callers that died.

| code | severity | meaning |
|---|---|---|
| number_twice | loi | two live entries print the same number, of one issuer in one period and one tên loại |
| days_out_of_order | loi | a larger number has an earlier day |
| day_outside_period | loi | issued on a day that is not in the period of its series |
| issued_without_day | loi | given out, its day not recorded |
| number_gap | canh_bao | numbers between the first and the last that the register does not have |
| number_beyond | canh_bao | a number typed far beyond the one before it: a slip of the hand, most often |
| caller_died | canh_bao | reserved by a process that ended before it said that it had the number |
| reserved_too_long | canh_bao | reserved more than `kept_days` days ago and still not issued |
| number_before_register | thong_tin | numbers before the first that the register knows |
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import groupby, pairwise

from ..errors import Place, Problem, Severity
from ..viet.ngay import ngay_so
from ..viet.so_dem import hai_so
from .entries import Entry
from .holder import Holder

FAR = 50  # numbers that a jump leaves out before it is taken for a slip


def audit(
    entries: Sequence[Entry], today: date, file: str, *, kept_days: int, alive: Callable[[Holder], bool]
) -> Iterator[Problem]:
    """Every finding of a register's entries, given by series and number."""
    for _, group in groupby(entries, key=lambda e: e.series):
        series = list(group)
        yield from _holes(series, file)
        yield from _days(series, file)
    yield from _twice(entries, file)
    for entry in entries:
        yield from _waiting(entry, today, file, kept_days, alive)


def _problem(entry: Entry, file: str, code: str, severity: Severity, message: str, hint: str = "") -> Problem:
    place = Place(file=file, where=f"{entry.nhom}, {entry.co_quan}, {entry.ky}", words=entry.so_ky_hieu)
    return Problem(place, code, severity, message, hint)


def _range(first: int, last: int) -> str:
    return hai_so(first) if first == last else f"{hai_so(first)}–{hai_so(last)}"


def _holes(series: Sequence[Entry], file: str) -> Iterator[Problem]:
    first = series[0]
    if first.so > 1:
        words = f"Số {_range(1, first.so - 1)} không có trong sổ, trước số đầu tiên {first.so_ky_hieu}."
        yield _problem(first, file, "number_before_register", "thong_tin", words, "Có thể cấp từ trước khi dùng sổ.")
    for before, after in pairwise(series):
        missing = after.so - before.so - 1
        if missing >= FAR:
            words = f"Số {after.so_ky_hieu} nhảy cách {missing} số so với {before.so_ky_hieu}."
            yield _problem(after, file, "number_beyond", "canh_bao", words, "Xem lại có gõ nhầm số không.")
        elif missing:
            words = f"Thiếu số {_range(before.so + 1, after.so - 1)} giữa {before.so_ky_hieu} và {after.so_ky_hieu}."
            hint = "Ghi số đã cấp (dvk number issue), hoặc ghi huỷ kèm lý do."
            yield _problem(after, file, "number_gap", "canh_bao", words, hint)


def _days(series: Sequence[Entry], file: str) -> Iterator[Problem]:
    issued = [e for e in series if e.state == "issued"]
    for entry in issued:
        if not entry.ngay:
            words = f"Số {entry.so_ky_hieu} đã cấp mà sổ chưa ghi ngày."
            yield _problem(entry, file, "issued_without_day", "loi", words, "Ghi ngày ban hành.")
        elif entry.ky.startswith("năm ") and entry.ky != f"năm {entry.ngay[:4]}":
            words = f"Số {entry.so_ky_hieu} thuộc dãy số {entry.ky} mà ngày ban hành là {ngay_so(entry.ngay)}."
            yield _problem(entry, file, "day_outside_period", "loi", words, "Xem lại ngày ban hành.")
    latest: Entry | None = None
    for entry in (e for e in issued if e.ngay):
        if latest is not None and entry.ngay < latest.ngay:
            words = (
                f"Số {entry.so_ky_hieu} ngày {ngay_so(entry.ngay)} lớn hơn số {latest.so_ky_hieu} "
                f"mà ngày lại trước {ngay_so(latest.ngay)}."
            )
            yield _problem(entry, file, "days_out_of_order", "loi", words, "Xem lại số hoặc ngày ban hành.")
        elif latest is None or entry.ngay > latest.ngay:
            latest = entry


def _twice(entries: Sequence[Entry], file: str) -> Iterator[Problem]:
    """One printed number for two papers of one tên loại and period: two series that should have been one."""
    first: dict[tuple[str, str, str], Entry] = {}
    for entry in (e for e in entries if e.state != "void"):
        other = first.setdefault((entry.so_ky_hieu, entry.ten_loai, entry.co_quan.casefold()), entry)
        if other is not entry and other.ky == entry.ky:
            words = f"Số {entry.so_ky_hieu} có hai lần trong {entry.ky}: {other.paper or '?'} và {entry.paper or '?'}."
            yield _problem(entry, file, "number_twice", "loi", words, "Huỷ một trong hai (dvk number void).")


def _waiting(
    entry: Entry, today: date, file: str, kept_days: int, alive: Callable[[Holder], bool]
) -> Iterator[Problem]:
    if entry.state != "reserved":
        return
    holder = Holder.from_text(entry.holder) if entry.holder else None
    mine = f" cho văn bản {entry.paper}" if entry.paper else ""
    if holder is not None and not alive(holder):
        words = (
            f"Số {entry.so_ky_hieu} được giữ{mine} lúc {entry.reserved_at} mà chương trình lấy số đã dừng giữa chừng."
        )
        hint = "Chạy lại việc đó để dùng đúng số này, hoặc huỷ số kèm lý do (dvk number void)."
        yield _problem(entry, file, "caller_died", "canh_bao", words, hint)
    days = (today - date.fromisoformat(entry.reserved_at[:10])).days
    if days > kept_days:
        words = f"Số {entry.so_ky_hieu} được giữ{mine} đã {days} ngày mà chưa cấp."
        yield _problem(entry, file, "reserved_too_long", "canh_bao", words, "Ghi ngày ban hành, hoặc huỷ số kèm lý do.")
