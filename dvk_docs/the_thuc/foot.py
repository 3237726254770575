"""The foot of a paper: who signs, the recipients, and where the foot begins and ends."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from .lines import Line
from .words import LARGE, SMALL, names, pattern

RECIPIENTS = re.compile(r"^nơi nhận\b\s*:?")
FORMULA = re.compile(
    r"^(t/m|t\.m|tm\.?|k/t|kt\.?|t/l|tl\.?|tuq\.?|t/uq|uq\.|q\.|q/)\s*[^\W\d_]{2,}"
    r"|^quyền (chủ tịch|bí thư|trưởng|giám đốc|hiệu trưởng|chánh|viện trưởng)\b|^(thay mặt|ký thay) "
)
NAME = re.compile(
    rf"^(?:[^\W\d_]+\.?\s?(?:[IVX]+)?[.,]?\s*)?[{LARGE}][{SMALL}]*['’]?(?:\s+[{LARGE}]?[{SMALL}]+){{1,6}}$"
)
_ITEM = re.compile(r"^[-–+•*]")


@dataclass
class Signature:
    """One signature: the formula and titles in order, then the name."""

    lines: list[Line] = field(default_factory=list)
    name: Line | None = None
    column: int = 0


@dataclass
class Foot:
    """All that stands below the content."""

    label: Line | None = None  # Nơi nhận
    items: list[Line] = field(default_factory=list)
    signatures: list[Signature] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)


def is_authority(line: Line) -> bool:
    """A formula in capitals (T/M BAN THƯỜNG VỤ), or a title that stands alone."""
    if len(line.text) > 80 or not _capitals(line.text):
        return False
    return bool(FORMULA.match(line.key)) or bool(pattern("ky", "chuc_vu").match(line.key))


def _capitals(text: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    return len(letters) > 2 and sum(c.isupper() for c in letters) >= 0.8 * len(letters)


def bounds(lines: Sequence[Line], start: int) -> tuple[int, int]:
    """Where the first foot after `start` begins, and where it ends; both len(lines) where there is none."""
    begin = next((n for n in range(start, len(lines)) if _begins(lines, n)), None)
    if begin is None:
        return len(lines), len(lines)
    if lines[begin].table:
        table = lines[begin].table
        while begin > start and lines[begin - 1].table == table:
            begin -= 1
        end = begin
        while end < len(lines) and lines[end].table == table:
            end += 1
        return begin, _after_table(lines, begin, end)
    return begin, _plain_end(lines, begin)


def _begins(lines: Sequence[Line], n: int) -> bool:
    """A Nơi nhận, or an authority that a name follows soon: headings in capitals are no authority."""
    line = lines[n]
    if RECIPIENTS.match(line.key) and len(line.text) < 25:
        return True
    if not is_authority(line):
        return False
    if FORMULA.match(line.key):
        return True
    if line.table and line.columns > 3:
        return False  # a table of data
    return _has_name_soon(lines, n)


def _has_name_soon(lines: Sequence[Line], n: int) -> bool:
    blank = 0
    for line in lines[n + 1 : n + 16]:
        if not line.text:
            blank += 1
        elif line.column == lines[n].column and is_name(line):
            return True
        elif len(line.text) > 90:
            return False
    return False


def is_name(line: Line) -> bool:
    if line.key.strip("().") in names("ky", "khong_phai_ten"):
        return False
    return 4 < len(line.text) < 60 and not _capitals(line.text) and bool(NAME.match(line.text))


def _after_table(lines: Sequence[Line], begin: int, end: int) -> int:
    """A name, or the recipients, typed below the table of the foot belong to it."""
    below = next((n for n in range(end, min(end + 4, len(lines))) if lines[n].text), None)
    if below is not None and RECIPIENTS.match(lines[below].key) and len(lines[below].text) < 25:
        end = below + 1
        while end < len(lines) and (_ITEM.match(lines[end].text) or not lines[end].text) and not lines[end].new_page:
            end += 1
        return end
    if any(is_name(line) and line.column > 0 for line in lines[begin:end]):
        return end
    for n in range(end, min(end + 12, len(lines))):
        if not lines[n].text:
            continue
        return n + 1 if is_name(lines[n]) and not lines[n].new_page else end
    return end


def _plain_end(lines: Sequence[Line], begin: int) -> int:
    """Lines without a table: to the last name before prose, a new page or another heading."""
    end, n = begin + 1, begin + 1
    named = is_signed = False
    while n < len(lines):
        line = lines[n]
        if line.text:
            item = bool(_ITEM.match(line.text)) or bool(RECIPIENTS.match(line.key))
            authority = is_authority(line)
            is_signed = is_signed or authority or is_authority(lines[begin])
            name = is_name(line)
            wrapped = not named and len(line.text) < 80 and not line.new_page
            if line.new_page and named:
                break
            if not (item or authority or name or wrapped):
                break
            if named and not (item or authority or name):
                break
            named = named or (name and is_signed)
            end = n + 1
        n += 1
    return end


def find(lines: Sequence[Line]) -> Foot:
    """The parts of the foot that `lines` hold."""
    foot = Foot(lines=[line for line in lines if line.text])
    foot.label = next((line for line in foot.lines if RECIPIENTS.match(line.key)), None)
    rest = [line for line in foot.lines if line is not foot.label]
    if foot.label is not None:
        below = foot.lines[foot.lines.index(foot.label) + 1 :]
        foot.items = _items(foot.label, rest if foot.label.table else below)
    taken = {id(line) for line in foot.items}
    _signatures(foot, [line for line in rest if id(line) not in taken])
    return foot


def _items(label: Line, rest: Sequence[Line]) -> list[Line]:
    """The recipients: below the label in its column, up to an authority or a name on its own."""
    out: list[Line] = []
    for line in rest:
        if label.table and (line.table != label.table or line.column != label.column):
            continue
        if not label.table and label.columns == 2 and line.columns == 2 and line.column != label.column:
            continue
        if is_authority(line):
            if not label.table and label.columns == 1:
                break
            continue
        if not _ITEM.match(line.text) and out and _ended(out[-1]):
            break
        if not _ITEM.match(line.text) and not out and is_name(line) and not line.key.startswith("như"):
            continue
        out.append(line)
    return out


def _ended(line: Line) -> bool:
    return line.text.endswith(".")


def _signatures(foot: Foot, lines: Sequence[Line]) -> None:
    """Blocks by column; a new formula after a name begins another block."""
    open_blocks: dict[tuple[int, int], Signature] = {}
    waiting: dict[tuple[int, int], list[Line]] = {}  # capitals right above an authority: the body it signs for
    for line in lines:
        at = (line.table, line.column)
        above = waiting.pop(at, [])
        block = open_blocks.get(at) or (_near(foot, line) if is_name(line) else None)
        if is_authority(line) or (block is not None and block.name is None and _capitals(line.text)):
            if block is None or block.name is not None:
                block = open_blocks[at] = Signature(above, column=line.column)
                foot.signatures.append(block)
            block.lines.append(line)
        elif block is not None and block.name is None and is_name(line):
            block.name = line
        elif _capitals(line.text) and len(line.text) < 80:
            waiting[at] = [*above, line]


def _near(foot: Foot, line: Line) -> Signature | None:
    """The last block without a name, for a name that stands outside its column."""
    open_blocks = [block for block in foot.signatures if block.name is None]
    return open_blocks[-1] if open_blocks else None
