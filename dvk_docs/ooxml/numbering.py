"""Automatic numbers of paragraphs: the words, the indents, and the count so far (ECMA-376 Part 1, 17.9)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .xml import Element, W, child, names, val, whole

_ROMAN = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"))
_ROMAN_LOW = ((9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
_BULLETS = {"\uf0b7": "•", "\u00b7": "•", "\uf02d": "-", "\uf0a7": "▪"}
_PRIVATE = re.compile(r"[\ue000-\uf8ff]")  # signs of Symbol, Wingdings and the like: no letters of any other font
FORMATS = names("decimal bullet lowerLetter upperLetter lowerRoman upperRoman decimalZero none")


@dataclass(frozen=True, slots=True)
class Label:
    """The number of one paragraph."""

    words: str
    suffix: str  # tab | space | nothing
    paragraph: Element | None  # the level's w:pPr
    run: Element | None


class Numbering:
    """The lists of one document; `label` counts, so it is called once for each paragraph, in order."""

    def __init__(self, root: Element | None) -> None:
        self._levels: dict[str, dict[int, Element]] = {}
        self._counts: dict[str, dict[int, int]] = {}
        if root is None:
            return
        abstract = {val(e, "abstractNumId"): e for e in root.findall(W + "abstractNum")}
        for number in root.findall(W + "num"):
            base = abstract.get(val(child(number, "abstractNumId")))
            levels = {} if base is None else {whole(val(e, "ilvl")): e for e in base.findall(W + "lvl")}
            for change in number.findall(W + "lvlOverride"):
                own = child(change, "lvl")
                if own is not None:
                    levels[whole(val(change, "ilvl"))] = own
            self._levels[val(number, "numId")] = levels

    def label(self, number: str, level: int) -> Label | None:
        """The next number of a list; None where there is no such list (numId 0 takes a paragraph out of one)."""
        levels = self._levels.get(number, {})
        if level not in levels:
            return None
        element = levels[level]
        self._count(number, level)
        counts = self._counts[number]
        pattern = val(child(element, "lvlText"))
        words = re.sub(r"%(\d)", lambda m: self._shown(levels, counts, int(m[1]) - 1), pattern)
        if val(child(element, "numFmt")) == "bullet":
            words = _BULLETS.get(words, words)
        suffix = val(child(element, "suff"), default="tab")
        return Label(words, suffix, child(element, "pPr"), child(element, "rPr"))

    def unknown_format(self, number: str, level: int) -> str:
        """The name of a number format that is not known here; "" where all is well."""
        element = self._levels.get(number, {}).get(level)
        name = val(child(element, "numFmt"), default="decimal")
        if name == "bullet" and _PRIVATE.search(
            _BULLETS.get(val(child(element, "lvlText")), val(child(element, "lvlText")))
        ):
            return "bullet"
        return "" if name in FORMATS else name

    def _count(self, number: str, level: int) -> None:
        counts = self._counts.setdefault(number, {})
        counts[level] = counts.get(level, self._start(number, level) - 1) + 1
        for deeper in [k for k in counts if k > level]:
            del counts[deeper]

    def _start(self, number: str, level: int) -> int:
        return max(0, whole(val(child(self._levels[number].get(level), "start")), 1))

    def _shown(self, levels: dict[int, Element], counts: dict[int, int], level: int) -> str:
        return spelled(counts.get(level, 1), val(child(levels.get(level), "numFmt"), default="decimal"))


def spelled(count: int, style: str) -> str:
    """A number in one of the formats of a list.

    >>> spelled(4, "upperRoman"), spelled(3, "lowerLetter"), spelled(12, "decimal"), spelled(7, "decimalZero")
    ('IV', 'c', '12', '07')
    """
    if style in ("lowerLetter", "upperLetter"):
        letter = chr(97 + (count - 1) % 26) * ((count - 1) // 26 + 1)
        return letter if style == "lowerLetter" else letter.upper()
    if style in ("lowerRoman", "upperRoman"):
        roman = _roman(count)
        return roman if style == "upperRoman" else roman.lower()
    return "" if style == "none" else f"{count:02}" if style == "decimalZero" else str(count)


def _roman(count: int) -> str:
    out = ""
    for value, letters in _ROMAN + _ROMAN_LOW:
        while count >= value:
            out += letters
            count -= value
    return out
