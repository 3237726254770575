"""Formatting as it is written: the changes that one `w:pPr` or `w:rPr` makes to a look.

A change that this reader does not know is handed to `unread`, with its name; what cannot be seen is let go.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeAlias

from .model import Border, Look, ParagraphLook, TabStop
from .xml import Element, W, amount, children, is_on, length, names, val, whole

Unread: TypeAlias = Callable[[str], None]
Changes: TypeAlias = dict[str, Any]

# Seen by the spelling checker, other scripts or the editor, never on paper.
_UNSEEN_RUN = names(
    "lang noProof bCs iCs szCs webHidden specVanish rStyle rPrChange snapToGrid cs rtl ins del moveFrom moveTo"
)
_UNSEEN_PARAGRAPH = names(
    "pStyle rPr sectPr suppressAutoHyphens autoSpaceDE autoSpaceDN adjustRightInd snapToGrid divId cnfStyle kinsoku "
    "wordWrap overflowPunct topLinePunct suppressLineNumbers textAlignment pPrChange"
)
_LARGEST = 1638.0  # points; Word takes no more
_ALIGN = {"start": "left", "end": "right", "distribute": "both"}


def border(element: Element) -> Border | None:
    """The border, or None for "no border here"."""
    style = val(element, default="nil")
    if style in ("nil", "none"):
        return None
    color = val(element, "color", "auto")
    space = amount(val(element, "space")) * 20
    return Border(max(0.0, amount(val(element, "sz"), 4.0)) / 8 * 20, style, space, "" if color == "auto" else color)


# --- letters ---------------------------------------------------------------------------------------------------------


def _font(element: Element) -> Changes:
    name = element.get(W + "ascii") or element.get(W + "hAnsi")
    return {"font": name} if name else {}


def _size(element: Element) -> Changes:
    size = amount(val(element)) / 2
    return {"size": min(size, _LARGEST)} if size > 0 else {}


def _color(element: Element) -> Changes:
    color = val(element)
    return {"color": "" if color == "auto" else color}


def _vertical(element: Element) -> Changes:
    return {"vertical": val(element).replace("baseline", "")}


def _underline(element: Element) -> Changes:
    return {"underline": val(element, default="none").replace("none", "")}


_RUN: Mapping[str, Callable[[Element], Changes]] = {
    "rFonts": _font,
    "sz": lambda e: _size(e),
    "b": lambda e: {"bold": is_on(e)},
    "i": lambda e: {"italic": is_on(e)},
    "u": _underline,
    "strike": lambda e: {"strike": is_on(e)},
    "caps": lambda e: {"caps": is_on(e)},
    "color": _color,
    "vertAlign": _vertical,
    "spacing": lambda e: {"spacing": length(e, "val")},
    "position": lambda e: {"raised": amount(val(e)) / 2},
    "vanish": lambda e: {"hidden": is_on(e)},
}
# Of no effect at these values.
_PLAIN_RUN: Mapping[str, frozenset[str]] = {
    "kern": frozenset({"0"}),
    "w": frozenset({"100"}),
    "highlight": frozenset({"none"}),
    "em": frozenset({"none"}),
    "effect": frozenset({"none"}),
}
_TOGGLES = names("smallCaps dstrike outline shadow emboss imprint")


def run_changes(properties: Element | None, unread: Unread) -> Changes:
    """What a `w:rPr` changes, as fields of `Look`."""
    out: Changes = {}
    for name, element in children(properties) if properties is not None else ():
        if name in _RUN:
            out.update(_RUN[name](element))
        elif not _is_plain_run(name, element):
            unread(name)
    return out


def _is_plain_run(name: str, element: Element) -> bool:
    if name in _UNSEEN_RUN or name.startswith("{"):  # w14 effects carry a plain form beside them
        return True
    if name == "shd":
        return val(element, "fill", "auto") in ("auto", "FFFFFF")
    return (name in _TOGGLES and not is_on(element)) or val(element) in _PLAIN_RUN.get(name, ())


def letters(base: Look, changes: Changes) -> Look:
    return replace(base, **changes) if changes else base


# --- paragraphs ------------------------------------------------------------------------------------------------------


def _indents(element: Element) -> Changes:
    out: Changes = {}
    for key, name in (("left", "left"), ("left", "start"), ("right", "right"), ("right", "end")):
        if element.get(W + name) is not None:
            out[key] = length(element, name)
    if element.get(W + "firstLine") is not None:
        out["first"] = length(element, "firstLine")
    if element.get(W + "hanging") is not None:
        out["first"] = -length(element, "hanging")
    return out


def _spacing(element: Element) -> Changes:
    out: Changes = {k: length(element, k) for k in ("before", "after") if element.get(W + k) is not None}
    if element.get(W + "line") is not None:
        out["line"] = length(element, "line")
        out["rule"] = val(element, "lineRule", "auto")
    return out


def _tabs(element: Element) -> Changes:
    stops = [(val(e), TabStop(length(e, "pos"), _ALIGN.get(val(e), val(e)), _leader(e))) for _, e in children(element)]
    return {"tabs": stops}


def _leader(element: Element) -> str:
    return val(element, "leader").replace("none", "")


def _borders(element: Element) -> Changes:
    found = {name: border(e) for name, e in children(element)}
    return {"borders": {name: b for name, b in found.items() if b is not None}}


def _numbering(element: Element) -> Changes:
    number = element.find(W + "numId")
    level = element.find(W + "ilvl")
    return {} if number is None else {"numbering": (val(number), whole(val(level)))}


_PARAGRAPH: Mapping[str, Callable[[Element], Changes]] = {
    "jc": lambda e: {"align": _ALIGN.get(val(e), val(e))},
    "ind": _indents,
    "spacing": _spacing,
    "keepNext": lambda e: {"keep_next": is_on(e)},
    "keepLines": lambda e: {"keep_lines": is_on(e)},
    "widowControl": lambda e: {"widow_control": is_on(e)},
    "pageBreakBefore": lambda e: {"page_break_before": is_on(e)},
    "contextualSpacing": lambda e: {"contextual": is_on(e)},
    "tabs": _tabs,
    "pBdr": _borders,
    "numPr": _numbering,
    "outlineLvl": lambda e: {"outline_level": whole(val(e))},
    "framePr": lambda e: {"frame": val(e, "xAlign") or "left"},
}
_READ_NOT_DRAWN = names("framePr")  # known to a reader, beyond what can be laid out


def paragraph_changes(properties: Element | None, unread: Unread) -> Changes:
    """What a `w:pPr` changes, as fields of `ParagraphLook`; its tabs are a list of additions and clearings."""
    out: Changes = {}
    for name, element in children(properties) if properties is not None else ():
        if name in _PARAGRAPH:
            out.update(_PARAGRAPH[name](element))
        if name in _READ_NOT_DRAWN or (name not in _PARAGRAPH and not _is_plain_paragraph(name, element)):
            unread(name)
    return out


def _is_plain_paragraph(name: str, element: Element) -> bool:
    if name in _UNSEEN_PARAGRAPH:
        return True
    if name == "shd":
        return val(element, "fill", "auto") in ("auto", "FFFFFF")
    if name == "textDirection":
        return val(element) == "lrTb"
    return name in ("bidi", "mirrorIndents") and not is_on(element)


def standing(base: ParagraphLook, changes: Changes) -> ParagraphLook:
    """The look of a paragraph after `changes`."""
    if not changes:
        return base
    if "tabs" in changes:
        stops = {s.position: s for s in base.tabs}
        for kind, stop in changes["tabs"]:
            stops.pop(stop.position, None) if kind == "clear" else stops.__setitem__(stop.position, stop)
        changes = {**changes, "tabs": tuple(sorted(stops.values(), key=lambda s: s.position))}
    return replace(base, **changes)
