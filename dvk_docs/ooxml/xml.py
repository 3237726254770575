"""The few ways in which this package looks into the XML of a part."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from lxml.etree import _Element

    Element: TypeAlias = _Element
else:
    Element: TypeAlias = object

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_LENGTH = re.compile(r"(-?(?:\d+\.?\d*|\.\d+))(pt|cm|mm|in|pc)?$")
_MOST = 100_000.0  # twips, or a count: far beyond any paper, near enough for a broken file to be laid out
_UNITS = {"pt": 20.0, "cm": 1440 / 2.54, "mm": 144 / 2.54, "in": 1440.0, "pc": 240.0}


def children(element: Element) -> Iterator[tuple[str, Element]]:
    """Each child element with its name; a name outside WordprocessingML keeps its namespace."""
    for child in element:
        tag = child.tag
        if isinstance(tag, str):  # not a comment
            yield (tag[len(W) :] if tag.startswith(W) else tag), child


def child(element: Element | None, name: str) -> Element | None:
    return None if element is None else element.find(W + name)


def val(element: Element | None, name: str = "val", default: str = "") -> str:
    """An attribute of the main namespace; `default` where the element or the attribute is absent."""
    return default if element is None else str(element.get(W + name, default))


def is_on(element: Element | None) -> bool:
    """A toggle: absent is off, present without a value is on."""
    return element is not None and element.get(W + "val", "1") not in ("0", "false", "off", "none")


def twips(text: str) -> float:
    """A length in twips, or with its unit ("2pt"); 0 for what is no length.

    >>> twips("240"), twips("2pt"), twips("auto")
    (240.0, 40.0, 0.0)
    """
    found = _LENGTH.match(text)
    return _bounded(float(found[1]) * _UNITS.get(found[2] or "", 1.0)) if found else 0.0


def _bounded(number: float) -> float:
    return max(-_MOST, min(_MOST, number))


def amount(text: str, default: float = 0.0) -> float:
    """A number as it is written; `default` for what is none, as the office programs read a broken file.

    >>> amount("28"), amount("abc", 24.0), amount("99999999999")
    (28.0, 24.0, 100000.0)
    """
    try:
        number = float(text)
    except ValueError:
        return default
    return default if number != number else _bounded(number)


def whole(text: str, default: int = 0) -> int:
    """A whole number, by the same rule.

    >>> whole("3"), whole("x", 1), whole("")
    (3, 1, 0)
    """
    return int(amount(text, default))


def length(element: Element, name: str, default: float = 0.0) -> float:
    value = element.get(W + name)
    return default if value is None else twips(str(value))


def names(text: str) -> frozenset[str]:
    """The set of the names in `text`."""
    return frozenset(text.split())
