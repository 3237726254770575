"""The standing of a year as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from dvk_docs.viet.ngay import ngay_so

from .deadlines import Deadline
from .standing import Standing

STATES = {
    "xong": "xong",
    "xong-muon": "xong, có việc muộn",
    "qua-han": "QUÁ HẠN",
    "sap-den": "sắp đến hạn",
    "con-han": "còn hạn",
    "khong-ro": "chưa rõ ngày",
}
SHOWN = 6  # names that one line gives before it only counts


def text(found: Standing) -> str:
    """The standing in words, by parts: what is due, the models, the units, the papers."""
    return "\n".join(_lines(found))


def _lines(found: Standing) -> Iterator[str]:
    year = f" năm {found.nam}" if found.nam else ""
    yield f"Tình hình phong trào{year}, {found.place}, đến ngày {ngay_so(found.day.isoformat())}"
    yield ""
    yield "Mốc hạn"
    yield from (f"  {line}" for d in found.deadlines for line in due_lines(d))
    yield ""
    yield f"Mô hình: {len(found.live):02}"
    yield from (f"  {name}: {count:02}" for name, count in found.by_step)
    for model in found.live:
        if model.missing or model.errors:
            errors = f"; {model.errors:02} lỗi" if model.errors else ""
            yield f"  {model.code} {model.name}: {'còn thiếu ' + model.missing if model.missing else 'đủ'}{errors}"
    yield ""
    count = sum(len(names) for _, names in found.owing)
    yield f"Đơn vị phải đăng ký: {len(found.units):02}; còn nợ việc đã đến hạn: {count:02}"
    for owed, names in found.owing:
        yield f"  {'; '.join(owed)} ({len(names):02}): {'; '.join(names)}"
    yield from (f"  Lập {title} ({code})" for code, title in found.letters)
    yield ""
    yield "Văn bản"
    for title, total, issued, blocked in found.papers:
        stopped = f", {blocked:02} chưa lập được" if blocked else ""
        yield f"  {title}: {total:02} văn bản, {issued:02} đã phát hành{stopped}"


def due_lines(deadline: Deadline) -> Iterator[str]:
    """One deadline: its day, what, how far; and under it who is missing or late, where it has passed."""
    day = ngay_so(deadline.day) if deadline.day else "chưa rõ ngày"
    done = f"{deadline.done:02}/{deadline.total:02}" if deadline.total > 1 else ""
    detail = ", ".join(x for x in (done, STATES[deadline.state]) if x)
    yield f"Trước {day}: {deadline.what} ({detail})" if deadline.day else f"{deadline.what} ({detail})"
    if deadline.state == "qua-han" and deadline.missing:
        yield f"    chưa có: {shortened(deadline.missing)}"
    if deadline.late:
        yield f"    muộn: {shortened(deadline.late)}"


def shortened(names: tuple[str, ...]) -> str:
    """The first names, and how many more there are."""
    more = len(names) - SHOWN
    return "; ".join(names[:SHOWN]) + (f"; và {more:02} nữa" if more > 0 else "")
