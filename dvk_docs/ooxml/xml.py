"""The few ways in which this package looks into the XML of a part.

Read with the parser of the standard library: its elements are plain objects, twice as quick to walk as those of lxml.
"""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element as Element
from xml.etree.ElementTree import ParseError, XMLParser

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_LENGTH = re.compile(r"(-?(?:\d+\.?\d*|\.\d+))(pt|cm|mm|in|pc)?$")
_MOST = 100_000.0  # twips, or a count: far beyond any paper, near enough for a broken file to be laid out
_UNITS = {"pt": 20.0, "cm": 1440 / 2.54, "mm": 144 / 2.54, "in": 1440.0, "pc": 240.0}


class _Full(dict[str, str]):
    """name -> its full name in the main namespace."""

    def __missing__(self, name: str) -> str:
        return self.setdefault(name, W + name)


class _Short(dict[str, str]):
    """Full name -> the name alone; one outside the main namespace keeps its own."""

    def __missing__(self, tag: str) -> str:
        if len(self) > _MOST_NAMES:  # a stranger's file may hold any names
            self.clear()
        return self.setdefault(tag, tag.removeprefix(W))


_MOST_NAMES = 2_000
_full, _short = _Full(), _Short()


def parsed(data: bytes) -> Element:
    """The root of a part; raise `ValueError` for what is not XML, or declares a document type."""
    if any(mark in data for mark in _DOCTYPES):
        raise ValueError("DOCTYPE")
    parser = XMLParser()
    try:
        parser.feed(data)
        root: Element = parser.close()
    except (ParseError, LookupError) as error:
        raise ValueError(str(error)) from error
    return root


_DOCTYPES = [b"<!DOCTYPE", "<!DOCTYPE".encode("utf-16-le"), "<!DOCTYPE".encode("utf-16-be")]


def children(element: Element) -> list[tuple[str, Element]]:
    """Each child element with its name; a name outside WordprocessingML keeps its namespace."""
    return [(_short[child.tag], child) for child in element]


def child(element: Element | None, name: str) -> Element | None:
    return None if element is None else element.find(_full[name])


def val(element: Element | None, name: str = "val", default: str = "") -> str:
    """An attribute of the main namespace; `default` where the element or the attribute is absent."""
    return default if element is None else element.get(_full[name], default)


def is_on(element: Element | None) -> bool:
    """A toggle: absent is off, present without a value is on."""
    return element is not None and element.get(_full["val"], "1") not in ("0", "false", "off", "none")


def twips(text: str) -> float:
    """A length in twips, or with its unit ("2pt"); 0 for what is no length.

    >>> twips("240"), twips("2pt"), twips("auto")
    (240.0, 40.0, 0.0)
    """
    found = _LENGTH.match(text)
    return _bounded(float(found[1]) * _UNITS.get(found[2] or "", 1.0)) if found else 0.0


def _bounded(number: float) -> float:
    return max(-_MOST, min(_MOST, number))


def amount(text: str, default: float = 0.0, unit: float = 1.0) -> float:
    """A number of units as it is written; `default` for what is none, as the office programs read a broken file.

    >>> amount("28"), amount("abc", 24.0), amount("99999999999"), amount("360000", unit=1 / 635)
    (28.0, 24.0, 100000.0, 566.9291338582677)
    """
    try:
        number = float(text) * unit
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
    value = element.get(_full[name])
    return default if value is None else twips(value)


def names(text: str) -> frozenset[str]:
    """The set of the names in `text`."""
    return frozenset(text.split())
