"""Printers: a value as the bytes of an XML part, escaped for the place that it stands in. NFC; None prints nothing."""

from __future__ import annotations

import re
import unicodedata

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any

MAX_TEXT = 1_000_000  # characters of a text, items of a list that a template builds
_NO_XML = "[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]"  # XML 1.0, production [2] Char
_SPECIAL = "[\x00-\x1f\x85\u2028\u2029\ud800-\udfff\ufffe\uffff]"  # what `_broken` and `_NO_XML` look for, and no more
BREAK = '</w:t><w:br/><w:t xml:space="preserve">'
_TAB = '</w:t><w:tab/><w:t xml:space="preserve">'
_LINE_END = "\r\n|[\r\n\u2028\u2029]"
_BARE_AMP = r"&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[0-9a-fA-F]+);)"


class IllegalCharacter(Exception):
    """A value holds a character that XML forbids."""

    def __init__(self, value: str) -> None:
        super().__init__(value)
        self.value = value


class NotText(Exception):
    """A tag prints something that is no text: a list, a record, a function. `kind` names its class."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


class NotXml(Exception):
    """A ready-made piece of XML (RichText, Markup) is not well-formed where it stands."""


class TooMuch(Exception):
    """A template runs or grows beyond its bounds."""


def illegal(text: str) -> re.Match[str] | None:
    """Return the first character that XML forbids."""
    return re.search(_NO_XML, text)


def without_illegal(text: str, instead: str) -> str:
    return re.sub(_NO_XML, instead, text)


def escape(text: str) -> str:
    """Return a text with the five characters that mean something in XML written out."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace('"', "&#34;").replace("'", "&#39;")


def in_text(value: Any) -> bytes:
    """The bytes of `value` inside a w:t: NFC, escaped; a line end is a break, a tab a tab; None nothing."""
    if type(value) is str:
        if (
            value.isprintable()  # no control or surrogate is
            and not ("&" in value or "<" in value or ">" in value or '"' in value or "'" in value)
            and (value.isascii() or unicodedata.is_normalized("NFC", value))
        ):
            return value.encode()
    elif type(value) is int:
        return b"%d" % value
    elif value is None:
        return b""
    text, ready = _escaped(value)
    if ready:
        wrapped = _well_formed(text, "<w:r><w:t>", "</w:t></w:r>")
        if text.startswith(("<w:r>", "<w:r ", "<w:hyperlink ")):  # a rich text without `{{r`: out of the run and back
            return f'</w:t></w:r>{wrapped}<w:r><w:t xml:space="preserve">'.encode()
        return wrapped.encode()
    return _broken(text).encode()


def in_attribute(value: Any) -> bytes:
    """The bytes of `value` in an attribute or an element that holds plain text: line ends and tabs as characters."""
    if type(value) is str and value.isascii() and value.isprintable():
        return escape(value).encode()
    if value is None:
        return b""
    text, ready = _escaped(value)
    if ready:
        raise NotXml
    return text.replace("\r", "&#13;").replace("\n", "&#10;").replace("\t", "&#9;").encode()


def in_paragraph(value: Any) -> bytes:
    """The bytes of `value` between the runs of a paragraph (`{{r x }}`): ready-made runs, or a text as a run."""
    return _between(value, "<w:r>", "</w:r>")


def in_body(value: Any) -> bytes:
    """The bytes of `value` between paragraphs (`{{p x }}`): ready-made paragraphs, or a text as a paragraph."""
    return _between(value, "<w:p><w:r>", "</w:r></w:p>")


def _between(value: Any, before: str, after: str) -> bytes:
    if value is None or value == "":
        return b""
    text, ready = _escaped(value)
    if ready:
        return _well_formed(text, "", "").encode()
    return f'{before}<w:t xml:space="preserve">{_broken(text)}</w:t>{after}'.encode()


def _escaped(value: Any) -> tuple[str, bool]:
    """Return (XML in NFC, whether it is ready-made XML); raise `NotText`, `IllegalCharacter`."""
    own = False
    if isinstance(value, str) and not hasattr(value, "__html__"):
        text = escape(unicodedata.normalize("NFC", value))
    elif hasattr(value, "__html__"):
        if type(value).__name__ in {"InlineImage", "Subdoc", "SubDoc"}:
            raise NotText(type(value).__name__)
        text, own = unicodedata.normalize("NFC", str(value.__html__())), True
    else:
        check_text(value)
        text = escape(unicodedata.normalize("NFC", str(value)))
    if found := re.search(_NO_XML, text):
        if own and found.group() in "\a\f":  # docxtpl's marks of a new paragraph and a new page
            raise NotText(f"{type(value).__name__} \\{'a' if found.group() == chr(7) else 'f'}")
        raise IllegalCharacter(str(value))
    return text, own and ("<" in text or re.search(_BARE_AMP, text) is not None)


def check_text(value: Any) -> None:
    """Refuse a list or a record where a text is wanted: its Python picture is no text. Raise `NotText`."""
    if isinstance(value, bytes) or _says_nothing(value):
        raise NotText(type(value).__name__)


def _says_nothing(value: Any) -> bool:
    """Whether `str(value)` is Python's own picture of an object: a list, a record, a function, a generator."""
    own: Any = type(value).__str__
    return own is object.__str__ and not isinstance(value, int | float)


def _broken(text: str) -> str:
    if not re.search(_SPECIAL, text):
        return text
    return re.sub(_LINE_END, BREAK, text).replace("\t", _TAB)


def _well_formed(text: str, before: str, after: str) -> str:
    """Return ready-made XML with its line ends broken; raise `NotXml` where it would break the part."""
    from xml.parsers import expat

    text = _broken(text)
    if "<!" in text or "<?" in text:
        raise NotXml
    try:
        expat.ParserCreate().Parse(f"<x>{before}{text}{after}</x>".encode(), True)
    except expat.ExpatError as error:
        raise NotXml from error
    return text


PRINTERS: Mapping[str, Callable[[Any], bytes]] = {
    "_T": in_text,
    "_A": in_attribute,
    "_R": in_paragraph,
    "_P": in_body,
}


_SEPARATOR = "`"  # between values that are looked at together; one that holds it is printed alone


def row(fixed: tuple[bytes, ...], values: tuple[Any, ...], places: str, lines: tuple[int, ...]) -> list[bytes]:
    """Return the `fixed` texts with `values` between them: all at once where no character needs a look, else singly.

    `places` says which printer each value needs (`T`, `A`), `lines` on which line of the source its tag stands.
    """
    out: list[Any] = [None] * (len(values) + len(fixed))
    out[::2] = fixed
    try:
        text = _SEPARATOR.join(values)
    except TypeError:
        text = "\n"
    if text.isprintable() and (text.isascii() or unicodedata.is_normalized("NFC", text)):  # then each part of it is
        if "&" in text or "<" in text or ">" in text or '"' in text or "'" in text:
            text = escape(text) if all(type(v) is str for v in values) else _SEPARATOR * (len(values) + 1)
        pieces = text.encode().split(b"`")
        if len(pieces) == len(values):
            out[1::2] = pieces
            return out
    at = 1
    for place, value, line in zip(places, values, lines, strict=True):
        try:
            out[at] = in_text(value) if place == "T" else in_attribute(value)
        except Exception as error:
            error.dvk_line = line  # type: ignore[attr-defined]
            raise
        at += 2
    return out


def as_text(printer: Callable[[Any], bytes]) -> Callable[[Any], str]:
    return lambda value: printer(value).decode()


def concat(pieces: Iterable[Any]) -> str:
    """Join the texts of a macro or a set block, or the sides of `~`; no more of them than `MAX_TEXT` characters."""
    pieces = list(pieces)
    if sum(map(len, pieces)) > MAX_TEXT:
        raise TooMuch
    return "".join(pieces)


def str_join(pieces: Iterable[Any]) -> str:
    """Join the sides of a `~` between texts of the template alone."""
    return concat([_side(x) for x in pieces])


def _side(value: Any) -> str:
    """One side of a `~` as text; raise `NotText` for a list or a record."""
    check_text(value)
    return "" if value is None else str(value)


def markup_join(pieces: Iterable[Any]) -> str:
    """Join the sides of `~`; None is nothing. Plain text stays plain, so that a filter after it sees its letters."""
    pieces = list(pieces)
    if not any(hasattr(x, "__html__") for x in pieces):
        return concat([x if type(x) is str else _side(x) for x in pieces])
    import markupsafe

    return markupsafe.Markup(concat([x if hasattr(x, "__html__") else markupsafe.escape(_side(x)) for x in pieces]))
