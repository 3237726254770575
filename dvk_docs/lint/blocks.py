"""Which tag ends which: pairs of one part, and what is wrong with how they stand in paragraphs, rows and cells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dvk_docs.errors import Problem
from dvk_docs.lint.reading import above, local
from dvk_docs.lint.tags import MIDDLE, Mark
from dvk_docs.profiles import own_texts, w

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

HOLDERS = {"p": "đoạn", "tr": "hàng", "tc": "ô"}
MAX_NESTED = 20  # as many loops inside each other as Python compiles
UNSEEN = frozenset(  # what takes no place between two paragraphs or tables
    [
        "bookmarkStart",
        "bookmarkEnd",
        "proofErr",
        "permStart",
        "permEnd",
        "commentRangeStart",
        "commentRangeEnd",
        "pPr",
        "rPr",
        "trPr",
        "tblPr",
        "tblGrid",
        "tcPr",
        "tblPrEx",
    ]
)


@dataclass(slots=True, eq=False)
class Block:
    """A block: the tag that opens it, its `else` tags, and the tag that ends it where there is one."""

    opening: Mark
    middles: list[Mark] = field(default_factory=list)
    ending: Mark | None = None


def holder(mark: Mark) -> Element | None:
    """Return the element that goes with the tag: its paragraph, row or cell; None for a tag within a line."""
    if mark.level == "p":
        return mark.line.element
    return above(mark.line.element, mark.level) if mark.level in ("tr", "tc") else None


def blocks_of(marks: Sequence[Mark]) -> tuple[list[Block], list[Problem]]:
    """Return the blocks of a part that have an end, and each fault of opening, ending and order."""
    pairing = _Pairing()
    for mark in marks:
        pairing.take(mark)
    pairing.finish()
    found = pairing.found
    for block in pairing.done:
        found += [p for one in (*block.middles, block.ending) if one for p in _level_faults(block.opening, one)]
        found += _empty(block)
    for mark in marks:
        found += _alone(mark)
        found += _dashes(mark)
    return pairing.done, found


class _Pairing:
    """Takes the tags in order; `late` holds blocks that another block's end has cut."""

    def __init__(self) -> None:
        self.open: list[Block] = []
        self.late: list[Block] = []
        self.done: list[Block] = []
        self.found: list[Problem] = []

    def take(self, mark: Mark) -> None:
        if mark.opens:
            self.open.append(Block(mark))
            if len(self.open) == MAX_NESTED + 1:
                message = f"Khối {mark.text} nằm trong {MAX_NESTED} khối khác: quá nhiều khối lồng nhau."
                self.found.append(mark.problem("too_deep", message, "Hãy bớt các khối lồng nhau."))
        elif mark.word in MIDDLE:
            self._middle(mark)
        elif mark.ends:
            self._end(mark)

    def _middle(self, mark: Mark) -> None:
        word = self.open[-1].opening.word if self.open else ""
        if word == "if" or (word == "for" and mark.word == "else"):
            if any(m.word == "else" for m in self.open[-1].middles):
                self.found.append(mark.problem("else_twice", f"“{mark.word}” đứng sau một “else” của cùng khối."))
            self.open[-1].middles.append(mark)
            return
        self.found.append(mark.problem("else_outside", f"“{mark.word}” không đứng trong khối if nào."))

    def _end(self, mark: Mark) -> None:
        depth = next((i for i in reversed(range(len(self.open))) if self.open[i].opening.word == mark.ends), None)
        if depth is not None:
            block = self.open[depth]
            self.late += self.open[depth + 1 :]
            del self.open[depth:]
            block.ending = mark
            self.done.append(block)
            return
        cut = next((b for b in reversed(self.late) if b.opening.word == mark.ends), None)
        if cut is not None:
            self.late.remove(cut)
            message = (
                f"Thẻ này kết thúc khối {cut.opening.text} ở {cut.opening.line.where}, khối đó cắt ngang khối khác."
            )
            self.found.append(mark.problem("block_crosses", message, "Khối mở sau phải đóng trước."))
            return
        message = f"Thẻ kết thúc {mark.text} không có thẻ mở “{mark.ends}”."
        self.found.append(mark.problem("block_not_opened", message, "Hãy xóa thẻ này hoặc thêm thẻ mở."))

    def finish(self) -> None:
        for block in [*self.open, *self.late]:
            opening = block.opening
            message = f"Khối {opening.text} không có thẻ kết thúc."
            spelled = "{%" + opening.level + " end" + opening.word + " %}"
            self.found.append(opening.problem("block_not_closed", message, f"Hãy thêm {spelled}."))


# --- where the two tags of a block stand --------------------------------------------------------------------


def _level_faults(opening: Mark, other: Mark) -> Iterator[Problem]:
    if opening.level != other.level:
        message = f"Khối mở bằng {opening.text} ở {opening.line.where} mà gặp {other.text}: hai thẻ khác loại."
        spelled = "{%" + opening.level + " " + other.word + " %}"
        yield other.problem("block_mixed", message, f"Hãy viết {spelled}.")
        return
    first, second = holder(opening), holder(other)
    if first is not None and second is not None:
        if first.getparent() is not second.getparent():
            name = {"p": "ô hoặc thân văn bản", "tr": "bảng", "tc": "hàng"}[opening.level]
            message = f"Khối {opening.text} ở {opening.line.where} và {other.text} không nằm trong cùng một {name}."
            yield other.problem("block_crosses_cells", message, "Hãy đặt hai thẻ ở cùng một chỗ.")
    elif opening.level in ("", "r"):
        yield from _inline_faults(opening, other)


def _inline_faults(opening: Mark, other: Mark) -> Iterator[Problem]:
    """Yield what is wrong with a block within lines that ends in another paragraph."""
    one, two = opening.line.element, other.line.element
    if one is two:
        return
    paths = _paths(one, two)
    said = f"Khối {opening.text} mở ở {opening.line.where} mà {other.text} ở {other.line.where}."
    if paths[0] != paths[1] or {"tc", "tr", "tbl"} & set(paths[0]):
        hint = "Hãy dùng {%tr ... %} để lặp hàng, hoặc đóng khối trong cùng ô."
        yield other.problem("block_crosses_cells", said, hint)
    else:
        hint = "Nên dùng {%p ... %} khi khối gồm nhiều đoạn."
        yield other.problem("block_spans_paragraphs", said, hint, "canh_bao")


def _paths(one: Element, two: Element) -> tuple[list[str], list[str]]:
    """Return the names of the elements from the nearest common holder down to each paragraph."""
    lines = [[one, *one.iterancestors()][::-1], [two, *two.iterancestors()][::-1]]
    shared = sum(1 for a, b in zip(*lines, strict=False) if a is b)
    return [local(e) for e in lines[0][shared:]], [local(e) for e in lines[1][shared:]]


def _alone(mark: Mark) -> Iterator[Problem]:
    """Yield where a tag takes its paragraph, row or cell away together with other words, or stands in none."""
    if mark.level not in HOLDERS:
        if mark.word in ("vm", "hm", "cellbg", "colspan") and above(mark.line.element, "tc") is None:
            yield mark.problem("outside_table", f"Thẻ {mark.text} phải đứng trong một ô của bảng.")
        return
    element = holder(mark)
    if element is None:
        hint = "Hãy dùng {%p ... %} cho đoạn."
        yield mark.problem("outside_table", f"Thẻ {mark.text} không đứng trong bảng nào.", hint)
        return
    words = _words(element, mark.level)
    if words.replace(mark.text, "", 1).strip():
        name = HOLDERS[mark.level]
        message = f"Thẻ {mark.text} phải đứng một mình trong {name}; mọi thứ khác trong {name} này sẽ mất."
        code = {"p": "paragraph_not_alone", "tr": "row_not_alone", "tc": "cell_not_alone"}[mark.level]
        yield mark.problem(code, message, f"Hãy chuyển thẻ sang một {name} riêng.")


def _dashes(mark: Mark) -> Iterator[Problem]:
    """Yield where `{%-` or `-%}`, which join two paragraphs, would take other words or other elements with them."""
    before = mark.text.startswith("{%-") and not (_first(mark) and _joins(mark.line.element.getprevious()))
    after = mark.text.endswith("-%}") and not (_last(mark) and _joins(mark.line.element.getnext()))
    if mark.text.startswith("{%") and (before or after):
        message = f"Thẻ {mark.text} có dấu gạch để nối đoạn, ở chỗ này sẽ làm mất chữ hoặc hỏng văn bản."
        yield mark.problem("dash_loses", message, "Hãy bỏ dấu gạch trong thẻ.")


def _first(mark: Mark) -> bool:
    return not mark.level and not mark.line.text[: mark.start].strip()


def _last(mark: Mark) -> bool:
    return not mark.level and not mark.line.text[mark.start + len(mark.text) :].strip()


def _joins(element: Element | None) -> bool:
    """Whether an element is a paragraph whose words can be joined to those of the next: plain runs, no tab stops."""
    if element is None or local(element) != "p" or any(local(e).startswith("ta") for e in element.iter()):
        return False
    return element.find(f"{w('r')}/{w('t')}") is not None


def _words(element: Element, level: str) -> str:
    import unicodedata

    texts = own_texts(element) if level == "p" else element.iter(w("t"))
    return unicodedata.normalize("NFC", "".join(t.text or "" for t in texts))


def _empty(block: Block) -> Iterator[Problem]:
    """Yield where a loop has nothing to repeat."""
    opening, ending = block.opening, block.ending
    if opening.word != "for" or ending is None or block.middles:
        return
    first, second = holder(opening), holder(ending)
    if first is not None and second is not None:
        nothing = next_seen(first) is second
    elif opening.line.element is ending.line.element:
        nothing = not opening.line.text[opening.start + len(opening.text) : ending.start].strip()
    else:
        nothing = False
    if nothing:
        yield opening.problem("empty_loop", f"Vòng lặp {opening.text} không có gì ở giữa.", "", "canh_bao")


def next_seen(element: Element) -> Element | None:
    """Return the next sibling that takes a place in the document."""
    following = element.getnext()
    while following is not None and local(following) in UNSEEN | {""}:
        following = following.getnext()
    return following
