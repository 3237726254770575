"""A Word template: compiled once, rendered with a context as often as wanted.

`Template(source).render(context) -> bytes` is the only door. The tag language is docxtpl's (Jinja tags in Word, `{%p`,
`{%tr`); docxtpl prepares the tags once, when the template is compiled, and a render touches only parts that hold tags.

Strict: an unknown name raises `TemplateInvalid` with its paragraph or cell, never a blank. Escaped: any text in is the
same text out (NFC); a new line is a line break, a tab a tab, None prints nothing; a character that XML forbids raises
`DataInvalid` (`illegal_character`). Sandboxed: a template is untrusted. Same template and context, same bytes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from dvk_docs.errors import DataInvalid, Place, Problem, Report, TemplateInvalid
from dvk_docs.package import DOCUMENT, pack, refuse, unpack
from dvk_docs.profiles import TAG, own_texts, parse, w

if TYPE_CHECKING:
    from jinja2 import Environment
    from jinja2 import Template as Compiled
    from lxml.etree import _Element as Element

_PARTS = re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_MAX_REPEAT = 1000  # how often a template may repeat a text with `*`


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag of a template with its place: part, paragraph or cell, and the words around it."""

    text: str
    part: str
    where: str
    words: str

    @property
    def place(self) -> Place:
        return Place(part=self.part, where=self.where, words=self.words)


@dataclass(frozen=True, slots=True)
class _Part:
    """A part with tags: the compiled source; for each of its lines, the tag that stands on it."""

    name: str
    compiled: Compiled
    lines: tuple[Tag | None, ...]


class Template:
    """A compiled template. Raises `TemplateInvalid` where the file or a tag is not right."""

    def __init__(self, source: str | Path | bytes) -> None:
        self.name = "" if isinstance(source, bytes) else Path(source).name
        parts = unpack(source if isinstance(source, bytes) else Path(source).read_bytes())
        self._static = parts
        self._parts: list[_Part] = []
        self.tags: tuple[Tag, ...] = ()
        for name, data in parts.items():
            if _PARTS.fullmatch(name):
                self._compile(name, data)

    def _compile(self, name: str, data: bytes) -> None:
        root = parse(name, data)
        if name == DOCUMENT and root.tag != w("document"):
            message = "Tệp mẫu lưu ở dạng Strict Open XML nên không đọc được."
            raise refuse("strict_docx", message, "Hãy lưu lại ở dạng Word Document (.docx).", name)
        for text in root.iter(w("t")):
            text.text = unicodedata.normalize("NFC", text.text or "")
            text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        tags = tuple(_tags(name, root))
        if not tags:
            return
        self.tags += tags
        prepared = _prepare(root)
        lines = _tag_of_line(prepared, tags)
        self._parts.append(_Part(name, _compiled(prepared, lines, name), lines))

    def render(self, context: Mapping[str, Any]) -> bytes:
        """Return the DOCX of `context`; raise `TemplateInvalid` (a tag) or `DataInvalid` (a character XML forbids)."""
        made = dict(self._static)
        for part in self._parts:
            made[part.name] = _render(part, context).encode("utf-8")
        return pack(made)


# --- the tags and their places ------------------------------------------------------------------------------


def _tags(part: str, root: Element) -> Iterator[Tag]:
    for where, paragraph in paragraphs(root):
        text = "".join(t.text or "" for t in own_texts(paragraph))
        for tag in TAG.finditer(text):
            near = text[max(0, tag.start() - 25) : tag.end() + 25].strip()
            yield Tag(tag.group(), part, where, near)
        rest = TAG.sub("", text)
        if "{{" in rest or "{%" in rest:
            message = "Thẻ mở mà không đóng."
            raise refuse("tag_open", message, "Hãy kiểm tra các dấu {{ }}, {% %}.", part, where, text.strip()[:60])


def paragraphs(root: Element) -> Iterator[tuple[str, Element]]:
    """Yield (place in words, paragraph) of a part in order: `đoạn 3`; `bảng 1, hàng 2, ô 1`."""
    plain, tables = 0, {table: n for n, table in enumerate(root.iter(w("tbl")), 1)}
    for paragraph in root.iter(w("p")):
        cell = _above(paragraph, "tc")
        if cell is None:
            plain += 1
            yield f"đoạn {plain}", paragraph
            continue
        row, table = _above(cell, "tr"), _above(cell, "tbl")
        if row is None or table is None:
            continue
        rows, cells = [r for r in table if r.tag == w("tr")], [c for c in row if c.tag == w("tc")]
        yield f"bảng {tables[table]}, hàng {_number(rows, row)}, ô {_number(cells, cell)}", paragraph


def _number(group: Sequence[Element], one: Element) -> int:
    return group.index(one) + 1 if one in group else 0


def _above(element: Element, tag: str) -> Element | None:
    holder = element.getparent()
    while holder is not None and holder.tag != w(tag):
        holder = holder.getparent()
    return holder


def _prepare(root: Element) -> str:
    """Return the Jinja source of a part; each tag begins a line (the line ends are dropped after rendering)."""
    from docxtpl import DocxTemplate
    from lxml import etree

    source = etree.tostring(root, encoding="unicode").replace("\r", " ").replace("\n", " ")
    prepared = str(DocxTemplate.patch_xml(None, source))  # it reads nothing of the instance
    return re.sub(r"(?=\{\{|\{%|\{#)", "\n", prepared)


def _tag_of_line(prepared: str, tags: Sequence[Tag]) -> tuple[Tag | None, ...]:
    lines = prepared.split("\n")
    opened = [line.startswith(("{{", "{%", "{#")) for line in lines]
    if sum(opened) != len(tags):  # docxtpl added tags of its own ({% vm %}): no place rather than a wrong one
        return (None,) * len(lines)
    following = iter(tags)
    return tuple(next(following) if is_tag else None for is_tag in opened)


def _compiled(prepared: str, lines: Sequence[Tag | None], part: str) -> Compiled:
    from jinja2 import TemplateError, TemplateSyntaxError, nodes

    env = environment()
    try:
        tree = env.parse(prepared)
        banned = next(tree.find_all((nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends)), None)
        if banned is not None:
            raise _at(_line(lines, banned.lineno), part, "tag_refused", "Thẻ này không được dùng trong mẫu.")
        return env.from_string(prepared)
    except TemplateSyntaxError as error:
        message = f"Thẻ viết sai: {_readable(error.message or '')}."
        raise _at(_line(lines, error.lineno), part, "tag_syntax", message) from error
    except TemplateError as error:
        raise _at(None, part, "tag_syntax", f"Thẻ viết sai: {_readable(str(error))}.") from error


def _line(lines: Sequence[Tag | None], number: int) -> Tag | None:
    """Return the tag on line `number`, or the last one before it."""
    return next((tag for tag in reversed(lines[:number]) if tag), None)


def _at(tag: Tag | None, part: str, code: str, message: str, hint: str = "") -> TemplateInvalid:
    place = tag.place if tag else Place(part=part)
    return TemplateInvalid(Report((Problem(place, code, "loi", message, hint),)))


def _readable(message: str) -> str:
    """Return a Jinja message without XML, in Vietnamese where it is one that authors meet."""
    plain = re.sub(r"<[^>]*>", "", message).strip().rstrip(".")
    for pattern, words in _SAID:
        if found := re.search(pattern, plain):
            return found.expand(words)
    return plain


_SAID = (
    (r"[Nn]o filter named '([^']*)'", r"không có bộ lọc “\1”"),
    (r"[Nn]o test named '([^']*)'", r"không có phép thử “\1”"),
    (r"[Uu]nknown tag '([^']*)'", r"không có lệnh “\1”, hoặc lệnh đứng sai chỗ"),
    (r"Unexpected end of template", "thiếu thẻ kết thúc (endfor, endif)"),
    (r"expected token '([^']*)', got '([^']*)'", r"chờ “\1” mà gặp “\2”"),
    (r"unexpected (?:char )?'([^']*)'", r"không hiểu “\1”"),
)


# --- rendering ----------------------------------------------------------------------------------------------


class _IllegalCharacter(Exception):
    """A value holds a character that XML forbids."""

    def __init__(self, value: str) -> None:
        super().__init__(value)
        self.value = value


class _NotText(Exception):
    """A tag prints a list or a record."""


@cache
def environment() -> Environment:
    """Return the one environment of all templates: strict, sandboxed, escaping, with the text filters of `viet.loc`."""
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    class Sandbox(ImmutableSandboxedEnvironment):
        intercepted_binops = frozenset({"*", "**"})

        def getattr(self, obj: Any, attribute: str) -> Any:
            return obj[attribute] if isinstance(obj, dict) and attribute in obj else super().getattr(obj, attribute)

        def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
            sized = any(isinstance(x, str | list | tuple) for x in (left, right))
            if operator == "**" or (sized and max(x for x in (left, right) if isinstance(x, int)) > _MAX_REPEAT):
                raise OverflowError
            return left * right

    env = Sandbox(autoescape=True, undefined=StrictUndefined, finalize=_printed, keep_trailing_newline=True)
    for name in ("safe", "tojson", "xmlattr", "urlize", "forceescape", "random", "pprint", "filesizeformat"):
        env.filters.pop(name, None)
    env.globals.clear()
    env.globals["range"] = lambda *bounds: range(*bounds)[:_MAX_REPEAT]
    _install_filters(env)
    return env


def _install_filters(env: Environment) -> None:
    from dvk_docs.viet.loc import TEXT_FILTERS

    env.filters.update(TEXT_FILTERS)
    env.globals.update(TEXT_FILTERS)


def _printed(value: Any) -> Any:
    """Return what a tag prints of `value`: None nothing; text in NFC, with its new lines and tabs as Word's."""
    from markupsafe import Markup, escape

    if value is None:
        return ""
    if isinstance(value, list | dict | tuple | set):
        raise _NotText
    if not isinstance(value, str) or (value.isascii() and value.isprintable()):
        return value
    text = unicodedata.normalize("NFC", value)
    if _ILLEGAL.search(text):
        raise _IllegalCharacter(str(value))
    if not any(mark in text for mark in "\n\r\t\u2028\u2029"):
        return Markup(text) if isinstance(value, Markup) else text
    safe = str(value if isinstance(value, Markup) else escape(text))
    safe = re.sub("\r\n|[\r\n\u2028\u2029]", f"</w:t><w:br/>{_OPEN}", safe)
    return Markup(safe.replace("\t", f"</w:t><w:tab/>{_OPEN}"))


_OPEN = '<w:t xml:space="preserve">'
_EMPTY_CELL = re.compile(r"(</w:tcPr>|<w:tc>)(?=</w:tc>)|(?<=</w:tbl>)(?=</w:tc>)")


def _render(part: _Part, context: Mapping[str, Any]) -> str:
    from jinja2 import TemplateError

    try:
        text = part.compiled.render(dict(context))
    except _IllegalCharacter as error:
        raise _illegal(error.value, context) from error
    except _NotText as error:
        message = "Thẻ này in cả một danh sách hoặc một nhóm dữ liệu."
        raise _at(_failing(part, error), part.name, "not_text", message, "Hãy dùng {%p for ... %}.") from error
    except TemplateError as error:
        _explain(part, error)
    except (TypeError, ValueError, ArithmeticError, LookupError, AttributeError, RecursionError) as error:
        message = f"Thẻ này không tính được: {_readable(str(error))}."
        raise _at(_failing(part, error), part.name, "tag_failed", message) from error
    whole = text.replace("\n", "")
    if part.name == DOCUMENT:
        whole = _EMPTY_CELL.sub(r"\1<w:p/>", whole)
    return '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' + whole


def _explain(part: _Part, error: Exception) -> NoReturn:
    from jinja2 import UndefinedError
    from jinja2.exceptions import SecurityError

    tag, said = _failing(part, error), str(error)
    names = re.findall(r"'([^']*)'", said)
    if isinstance(error, SecurityError):
        raise _at(tag, part.name, "tag_refused", "Thẻ này dùng điều không được phép trong mẫu.") from error
    if isinstance(error, UndefinedError) and names:
        message = f"Tên “{names[-1]}” không có trong dữ liệu của văn bản này."
        raise _at(tag, part.name, "unknown_name", message, "Hãy sửa tên trong thẻ.") from error
    raise _at(tag, part.name, "tag_failed", f"Thẻ này không tính được: {_readable(said)}.") from error


def _failing(part: _Part, error: BaseException) -> Tag | None:
    """Return the tag that was being printed when `error` rose: Jinja maps its frames to lines of the source."""
    number, trace = 0, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename in ("<template>", "<unknown>"):
            number = trace.tb_lineno
        trace = trace.tb_next
    return _line(part.lines, number)


def _illegal(value: str, context: Mapping[str, Any]) -> DataInvalid:
    code = ord(_ILLEGAL.search(unicodedata.normalize("NFC", value)).group())  # type: ignore[union-attr]
    pointer = next(
        (
            at
            for at, text in _texts("", context)
            if text == value or (value and text in value and _ILLEGAL.search(text))
        ),
        "",
    )
    shown = _ILLEGAL.sub("�", value)[:60]
    message = f"“{shown}” có ký tự không in được (mã U+{code:04X})."
    problem = Problem(Place(pointer), "illegal_character", "loi", message, "Hãy xóa ký tự đó rồi gõ lại chỗ ấy.")
    return DataInvalid(Report((problem,)))


def _texts(pointer: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield pointer, value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _texts(f"{pointer}/{str(key).replace('~', '~0').replace('/', '~1')}", item)
    elif isinstance(value, list | tuple):
        for number, item in enumerate(value):
            yield from _texts(f"{pointer}/{number}", item)
