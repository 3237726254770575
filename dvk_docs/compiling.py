"""Compiling a template: its tags found with their places, prepared by docxtpl, turned into code once.

`compiled(docx)` gives what `templating` renders from, plain enough to be kept between runs. docxtpl and lxml are
imported here alone of what a render needs, so a render from what was kept imports neither.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dvk_docs import archive
from dvk_docs.engine import STAND_INS, Refused, Shape, compile_part
from dvk_docs.errors import Place, Problem, Report, TemplateInvalid
from dvk_docs.package import DOCUMENT, refuse, unpack
from dvk_docs.profiles import TAG, own_texts, parse, w

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_PARTS = re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml|docProps/core\.xml")
_OPEN = ("{{", "{%", "{#")
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'


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


def compiled(source: bytes) -> tuple[Any, Any, Any]:
    """Return (fixed members, tags, parts) of a template, plain enough to be kept."""
    members, tags, parts = unpack(source), list[tuple[str, str, str, str]](), list[tuple[Any, ...]]()
    for name in [n for n in members if _PARTS.fullmatch(n)]:
        root = _root(name, members[name])
        own = tuple(_tags(name, root)) if name.startswith("word/") else tuple(_plain_tags(name, root))
        if own:
            parts.append(_compiled_part(name, root, own, len(tags)))
            tags += [(t.text, t.part, t.where, t.words) for t in own]
            del members[name]
    fixed = archive.members(members)
    return (fixed.data, fixed.directory, fixed.count), tuple(tags), tuple(parts)


def _root(name: str, data: bytes) -> Element:
    root = parse(name, data)
    if name == DOCUMENT and root.tag != w("document"):
        message = "Tệp mẫu lưu ở dạng Strict Open XML nên không đọc được."
        raise refuse("strict_docx", message, "Hãy lưu lại ở dạng Word Document (.docx).", name)
    for text in root.iter(w("t")):
        text.text = unicodedata.normalize("NFC", text.text or "")
        text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return root


def _compiled_part(name: str, root: Element, tags: Sequence[Tag], before: int) -> tuple[Any, ...]:
    """Return one part as it is kept (`templating._Part`): name, code, light, lines, loops, what is to be mended."""
    prepared = _prepare(root)
    lines = _tag_of_line(prepared, tags)
    code, shape, own_names, light = _compiled(prepared, lines, name)
    numbers = {id(tag): before + n for n, tag in enumerate(tags)}
    words = " ".join(tag.text for tag in tags)
    return (
        name,
        code,
        light,
        tuple(-1 if tag is None else numbers[id(tag)] for tag in lines),
        tuple(shape.loops),
        own_names,
        not shape.proven,
        re.search(r"[%#}]\}</w:tc>", prepared) is not None,
        re.search(r"\{%-?\s*(tc\s|colspan|hm\b)", words) is not None,
        shape.drawings,
    )


# --- the tags and their places ------------------------------------------------------------------------------


def _tags(part: str, root: Element) -> Iterator[Tag]:
    for where, paragraph in paragraphs(root):
        text = "".join(t.text or "" for t in own_texts(paragraph))
        for tag in TAG.finditer(text):
            near = text[max(0, tag.start() - 25) : tag.end() + 25].strip()
            yield Tag(tag.group(), part, where, near)
        rest = TAG.sub("", text)
        if any(mark in rest for mark in _OPEN):
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

    for paragraph in root.iter(w("p")):
        _shield(paragraph)
    source = etree.tostring(root, encoding="unicode").replace("\r", " ").replace("\n", " ")
    source = re.sub(r"<w:tcPr([^<>]*)/>", r"<w:tcPr\1></w:tcPr>", source)  # so that a colour or a span goes inside
    prepared = str(DocxTemplate.patch_xml(None, source))  # it reads nothing of the instance
    prepared = prepared.translate(_INSIDE_BACK)
    return re.sub(r"(?=\{\{|\{%|\{#)", "\n", prepared)


# Characters that docxtpl's preparation would misread, and what stands for them meanwhile: noncharacters of Unicode.
_INSIDE = {"%": "\ufdd4", "}": "\ufdd5", "“": "\ufdd6", "”": "\ufdd7"}  # in a tag: a modulo, a dict, a quoted quote
_INSIDE_BACK = str.maketrans({instead: letter for letter, instead in _INSIDE.items()})
_WRITTEN_OUT = re.compile(r"\{_%|%_\}|\{_\{|\}_\}")  # braces that are meant as braces
_STRING = re.compile(r"'[^'‘’]*'")


def _shield(paragraph: Element) -> None:
    """Put stand-ins for what would be misread into the texts of a paragraph, however Word has split them in runs."""
    texts = list(own_texts(paragraph))
    whole = "".join(text.text or "" for text in texts)
    if "{" not in whole and "}" not in whole:
        return
    letters = list(whole)
    for tag in TAG.finditer(whole):
        for at in range(tag.start() + 2, tag.end() - 2):
            letters[at] = _INSIDE.get(letters[at], letters[at]) if letters[at] in "%}" else letters[at]
        for string in _STRING.finditer(whole, tag.start() + 2, tag.end() - 2):
            for at in range(string.start(), string.end()):
                letters[at] = _INSIDE.get(letters[at], letters[at])
    for found in _WRITTEN_OUT.finditer(whole):
        for at in range(found.start(), found.end()):
            letters[at] = STAND_INS[letters[at]]
    at = 0
    for text in texts:
        length = len(text.text or "")
        text.text = "".join(letters[at : at + length])
        at += length


def _tag_of_line(prepared: str, tags: Sequence[Tag]) -> tuple[Tag | None, ...]:
    """Return for each line the tag that it begins with; docxtpl moves some tags and adds some of its own."""
    out: list[Tag | None] = []
    keys, at = [_tag_key(tag.text) for tag in tags], 0
    for line in prepared.split("\n"):
        found = None
        if tag := TAG.match(line):
            key = _tag_key(tag.group())
            found = next((n for n in range(at, min(at + 12, len(keys))) if keys[n] == key), None)
        if found is not None:
            at = max(at, found if found > at + 1 else found + 1)
        out.append(None if found is None else tags[found])
    return tuple(out)


def _tag_key(tag: str) -> str:
    """Return the words of a tag without marks, row letters and spaces.

    >>> _tag_key("{%tr for a in b %}") == _tag_key("{%  for a in b -%}"), _tag_key("{{ a }}")
    (True, 'a')
    """
    inner = re.sub(r"^(tr|tc|p|r|colspan|cellbg)\s", "", tag[2:-2].strip("-+ \xa0"))
    inner = inner.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return re.sub(r"[\s“”‘’\"']", "", inner)


def _plain_tags(part: str, root: Element) -> Iterator[Tag]:
    """Yield the tags of a part without paragraphs: the properties of the file."""
    for element in root.iter():
        text = unicodedata.normalize("NFC", element.text or "") if isinstance(element.tag, str) else ""
        if "{" in text:
            element.text = text
            name = str(element.tag).rpartition("}")[2]
            yield from (Tag(tag.group(), part, f"thuộc tính {name}", text[:60]) for tag in TAG.finditer(text))
            if any(mark in TAG.sub("", text) for mark in _OPEN):
                message, hint = "Thẻ mở mà không đóng.", "Hãy kiểm tra các dấu {{ }}, {% %}."
                raise refuse("tag_open", message, hint, part, f"thuộc tính {name}", text[:60])


def _compiled(prepared: str, lines: Sequence[Tag | None], part: str) -> tuple[Any, Shape, bool, bool]:
    from jinja2 import TemplateError, TemplateSyntaxError

    try:
        return compile_part(_DECLARATION + prepared)
    except Refused as error:
        raise fault(line_tag(lines, error.line), part, "tag_refused", "Thẻ này không được dùng trong mẫu.") from error
    except TemplateSyntaxError as error:
        message = f"Thẻ viết sai: {readable(error.message or '')}."
        raise fault(line_tag(lines, error.lineno), part, "tag_syntax", message) from error
    except (TemplateError, RecursionError, SyntaxError, MemoryError) as error:
        raise fault(None, part, "tag_syntax", f"Thẻ viết sai: {readable(str(error))}.") from error


def line_tag(lines: Sequence[Tag | None], number: int) -> Tag | None:
    """Return the tag on line `number`, or the last one before it."""
    return next((tag for tag in reversed(lines[:number]) if tag), None)


def fault(tag: Tag | None, part: str, code: str, message: str, hint: str = "") -> TemplateInvalid:
    """Return the error of one tag, or of a part where no tag is known."""
    place = tag.place if tag else Place(part=part)
    return TemplateInvalid(Report((Problem(place, code, "loi", message, hint),)))


def readable(message: str) -> str:
    """Return a Jinja message without XML, in Vietnamese where it is one that authors meet."""
    plain = re.sub(r"<[^>]*>", "", message).strip().rstrip(".")
    for pattern, words in _SAID:
        if found := re.search(pattern, plain):
            return found.expand(words)
    return plain


_SAID = (
    (r"Expected an expression, got 'end of (?:print )?statement", "chưa viết gì sau dấu mở hoặc sau một phép tính"),
    (r"expected token '([^']*)', got 'end of (?:print )?statement'", r"thiếu “\1”"),
    (r"expected token 'end of (?:print )?statement', got '([^']*)'", r"thừa “\1”"),
    (r"expected token '([^']*)', got '([^']*)'", r"chờ “\1” mà gặp “\2”"),
    (r"unexpected (?:char )?'([^']*)'", r"không hiểu “\1”"),
    (r"unexpected end of template", "thẻ chưa viết hết"),
    (r"[Nn]o filter named '([^']*)'", r"không có bộ lọc “\1”"),
    (r"[Nn]o test named '([^']*)'", r"không có phép thử “\1”"),
    (r"[Uu]nknown tag '([^']*)'", r"không có lệnh “\1”, hoặc lệnh đứng sai chỗ"),
    (r"Unexpected end of template", "thiếu thẻ kết thúc (endfor, endif)"),
)
