"""Rules of the page: size and margins (P01, S01), font and colour (P02), page numbers (P16, S15)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from dvk_docs.errors import Problem
from dvk_docs.ooxml import Block, Number, Section, Text, paragraphs_of
from dvk_docs.profiles import Limit

from .findings import Case, figure, others, wanted
from .legacy import is_legacy_font
from .lines import Line
from .words import entry

_MM = 25.4 / 1440
_SIDES = (("top", "trên"), ("bottom", "dưới"), ("left", "trái"), ("right", "phải"))
_LIMITS = {"top": "le_tren", "bottom": "le_duoi", "left": "le_trai", "right": "le_phai"}


def page_rule(case: Case) -> Iterator[Problem]:
    """P01, S01: the sheet and its four margins, in each section."""
    rule = "P01" if case.party else "S01"
    if case.document is None:
        return
    seen: set[str] = set()
    for number, section in enumerate(case.document.sections):
        found = "; ".join((*_sheet_faults(case, section), *_margin_faults(case, section)))
        if found and found not in seen:
            seen.add(found)
            where = "thiết lập trang" if len(case.document.sections) == 1 else f"thiết lập trang của phần {number + 1}"
            yield case.found(rule, None, f"{found}.", "Sửa trong Layout, Page Setup.", where=where)


def _sheet_faults(case: Case, section: Section) -> Iterator[str]:
    wide, tall = case.limit("kho_rong"), case.limit("kho_cao")
    if wide is None or tall is None:
        return
    short, long = sorted((section.width * _MM, section.height * _MM))
    papers = case.paper.kind in entry("kho_a5", "loai") and case.party
    if papers and abs(short - entry("kho_a5", "rong")) < 1 and abs(long - entry("kho_a5", "cao")) < 1:
        return
    if not (_near(wide, short) and _near(tall, long)):
        yield f"Khổ giấy {figure(section.width * _MM)} x {figure(section.height * _MM)} mm, cần A4 210 x 297 mm"


def _near(limit: Limit, value: float) -> bool:
    return limit.holds(value) or any(isinstance(v, (int, float)) and abs(v - value) <= 1 for v in limit.values)


def _margins(section: Section) -> dict[str, float]:
    sides = {side: getattr(section, side) * _MM for side, _ in _SIDES}
    sides["left"] += section.gutter * _MM
    return sides


def _margin_faults(case: Case, section: Section) -> Iterator[str]:
    limits = {side: limit for side in _LIMITS if (limit := case.limit(_LIMITS[side])) is not None}
    if len(limits) < 4:
        return
    found = _margins(section)
    choices = [limits]
    if section.width > section.height:  # on its side the binding edge is at the top or at the bottom
        turned = {"top": "left", "bottom": "right", "left": "bottom", "right": "top"}
        other = {"top": "right", "bottom": "left", "left": "top", "right": "bottom"}
        choices = [{s: limits[o] for s, o in turn.items()} for turn in (turned, other)] + [limits] * (not case.party)
    faults = min((_side_faults(found, choice) for choice in choices), key=len)
    yield from faults


def _side_faults(found: Mapping[str, float], limits: Mapping[str, Limit]) -> list[str]:
    return [
        f"Lề {name} {figure(found[side])} mm, cần {wanted(limits[side])}"
        for side, name in _SIDES
        if not limits[side].holds(round(found[side], 2))
    ]


# --- font and colour -------------------------------------------------------------------------------------------------


def font_rule(case: Case) -> Iterator[Problem]:
    """P02 (S01 for the font of a State paper): Times New Roman, black. A legacy font is C01's."""
    if case.document is None or case.profile is None:
        return
    rule = "P02" if case.party else "S01"
    fonts: dict[str, list[Line]] = {}
    colours: dict[str, list[Line]] = {}
    for line in case.paper.lines:
        for span in line.spans:
            if not any(c.isalnum() for c in span.words):
                continue
            if not _is_font(span, case.profile.font) and not is_legacy_font(span.look.font):
                fonts.setdefault(span.look.font, []).append(line)
            if not _is_black(span):
                colours.setdefault(span.look.color, []).append(line)
    for font, lines in fonts.items():
        message = f"Chữ phông {font}{others(lines)}; cần {case.profile.font}."
        yield case.found(rule, lines[0], message, "Chọn đoạn đó và đổi phông chữ.")
    for colour, lines in colours.items():
        message = f"Chữ màu {colour}{others(lines)}; cần màu đen."
        yield case.found(rule, lines[0], message, "Chọn đoạn đó và đổi màu chữ về Tự động (Automatic).")


def _is_font(span: Text, wanted: str) -> bool:
    return span.look.font.casefold().replace(" ", "").startswith(wanted.casefold().replace(" ", ""))


def _is_black(span: Text) -> bool:
    """Black, automatic, or so dark that print shows black."""
    colour = span.look.color
    if len(colour) != 6:
        return True
    try:
        parts = [int(colour[at : at + 2], 16) for at in (0, 2, 4)]
    except ValueError:
        return True
    return max(parts) <= int(entry("mau_chu", "den_den"))


# --- page numbers ----------------------------------------------------------------------------------------------------


def number_rule(case: Case) -> Iterator[Problem]:
    """P16, S15: none on the first page, then at the top, in the middle."""
    if case.document is None or case.profile is None:
        return
    rule = "P16" if case.party else "S15"
    sections = _inherited(case.document.sections)
    first = sections[0]
    shown = _numbers(first["headers"].get("first" if case.document.sections[0].title_page else "default", ()))
    shown += _numbers(first["footers"].get("first" if case.document.sections[0].title_page else "default", ()))
    starts_shown = bool(shown) and (case.document.sections[0].start in (None, 0, 1))
    if starts_shown:
        message = "Trang 1 có số trang; trang đầu không đánh số."
        yield case.found(rule, None, message, "Chọn “Different First Page” trong Header & Footer.", where="đầu trang 1")
    yield from _later_pages(case, rule, sections, starts_shown)


def _later_pages(
    case: Case, rule: str, sections: Sequence[Mapping[str, Mapping[str, tuple[Block, ...]]]], starts_shown: bool
) -> Iterator[Problem]:
    assert case.document is not None
    head = [n for s in sections for n in _numbers(s["headers"].get("default", ()))]
    foot = [n for s in sections for n in _numbers(s["footers"].get("default", ()))]
    if not head and foot:
        yield case.found(rule, None, "Số trang ở cuối trang; cần ở giữa, phía trên trang.", where="cuối trang")
        return
    if not head:
        if case.pages > 1:
            if _longest(case) < 2:
                return  # annexes count from 1 again, and no part has a second page
            message = f"Văn bản có {case.pages} trang mà không đánh số trang từ trang 2."
            yield case.found(rule, None, message, "Chèn số trang ở giữa, phía trên trang.", where="đầu trang 2")
        elif not case.pages and not starts_shown:
            case.cannot(rule, "không dàn được trang để biết văn bản có mấy trang")
        return
    if not any(place == "center" for place, _ in head):
        yield case.found(rule, None, "Số trang không ở giữa trang.", "Canh giữa số trang.", where="đầu trang 2")
    yield from _number_measures(case, rule, head)


def _longest(case: Case) -> int:
    """The pages of the longest part that counts its pages on its own."""
    assert case.document is not None
    part = 0
    parts: dict[int, int] = {}
    for number, section in enumerate(case.document.sections):
        part = number if section.start == 1 or section.width > section.height else part
        parts[number] = part
    annexed = {line.section for annex in case.paper.annexes for line in annex[:1]}
    pages: dict[tuple[int, bool], set[int]] = {}
    for line in case.paper.lines:
        if line.text:
            pages.setdefault((parts[line.section], line.section in annexed), set()).add(line.page)
    return max((max(p) - min(p) + 1 for p in pages.values()), default=0)


def _number_measures(case: Case, rule: str, head: Sequence[tuple[str, Number]]) -> Iterator[Problem]:
    assert case.document is not None
    limit = case.limit("so_trang_cach_mep")
    edge = case.document.sections[0].header * _MM
    if limit is not None and not limit.holds(round(edge, 2)):
        message = f"Số trang cách mép trên {figure(edge)} mm; cần {wanted(limit)}."
        yield case.found(rule, None, message, source=limit.source, confirmed=limit.confirmed, where="đầu trang 2")
    size = case.limit("co_so_trang")
    wrong = [n for _, n in head if size is not None and not size.holds(n.look.size)]
    if wrong and size is not None:
        message = f"Số trang cỡ {figure(wrong[0].look.size)}; cần {wanted(size)}."
        problem = case.found(rule, None, message, severity="canh_bao", source=size.source, where="đầu trang 2")
        yield problem


def _inherited(sections: Sequence[Section]) -> list[dict[str, dict[str, tuple[Block, ...]]]]:
    """The running headers and footers of each section, those of the section before where it has none of its own."""
    out: list[dict[str, dict[str, tuple[Block, ...]]]] = []
    for section in sections:
        before = out[-1] if out else {"headers": {}, "footers": {}}
        out.append(
            {
                "headers": {**before["headers"], **section.headers},
                "footers": {**before["footers"], **section.footers},
            }
        )
    return out


def _numbers(blocks: tuple[Block, ...]) -> list[tuple[str, Number]]:
    """Each page number of a running header: how it stands, and itself."""
    return [
        (paragraph.look.frame or paragraph.look.align, piece)
        for paragraph in paragraphs_of(blocks)
        for piece in paragraph.pieces
        if isinstance(piece, Number) and piece.name == "PAGE"
    ]
