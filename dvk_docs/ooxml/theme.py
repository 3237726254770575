"""Fonts that a run takes from the theme of the document (ECMA-376 Part 1, 20.1.4.1.16 and 17.3.2.26)."""

from __future__ import annotations

from collections.abc import Mapping

from .xml import Element, W

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


def theme_fonts(root: Element | None) -> dict[str, str]:
    """The Latin fonts of a theme part: {"major": ..., "minor": ...}; empty where there is none."""
    out: dict[str, str] = {}
    for kind in ("major", "minor") if root is not None else ():
        latin = None if root is None else root.find(f".//{_A}{kind}Font/{_A}latin")
        if latin is not None and latin.get("typeface"):
            out[kind] = str(latin.get("typeface"))
    return out


def name_theme_fonts(root: Element, fonts: Mapping[str, str]) -> None:
    """Write the name of the font where a run names the theme: the theme wins over a name in the same element."""
    for element in root.iter(f"{W}rFonts"):
        theme = element.get(f"{W}asciiTheme") or element.get(f"{W}hAnsiTheme")
        name = fonts.get(theme[:5]) if theme else None
        if name:
            element.set(f"{W}ascii", name)
