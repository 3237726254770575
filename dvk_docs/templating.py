"""A Word template: compiled once, rendered with a context as often as wanted.

`Template(source).render(context) -> bytes` is the only door. The tag language is docxtpl's (Jinja tags in Word, `{%p`,
`{%tr`); docxtpl prepares the tags once, when the template is compiled, and a render touches only parts that hold tags:
all other members of the file were deflated when it was compiled. A compiled template is kept in the user's cache folder
(`kept`), so the next run needs neither docxtpl nor lxml.

Strict: an unknown name raises `TemplateInvalid` with its paragraph or cell and the turn of the loop, never a blank.
Escaped: any text in is the same text out (NFC); a new line is a line break, a tab a tab, None prints nothing; a
character that XML forbids raises `DataInvalid` (`illegal_character`). Sandboxed: a template is untrusted. Same
template, context, codec and level, same bytes. That a part is well-formed is proven when it is compiled, or else
checked on every document. Safe in threads; goes to other processes as its source.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from dvk_docs import archive, kept
from dvk_docs.errors import DataInvalid, Place, Problem, Report, TemplateInvalid
from dvk_docs.package import DOCUMENT, refuse, unpack
from dvk_docs.profiles import TAG, own_texts, parse, to_bytes, w

if TYPE_CHECKING:
    from jinja2 import Environment
    from lxml.etree import _Element as Element

    from dvk_docs.engine import Root, Shape, Work

CODEC = f"zlib {archive.LEVELS['zlib']}"  # the default, as a manifest names it; a template's own: `Template.codec`
MAX_OUTPUT = 500_000_000  # bytes of one part of one document
_PARTS = re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml|docProps/core\.xml")
_MANY = 64  # pieces joined at a time
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_EMPTY_CELLS = (
    (b"</w:tcPr></w:tc>", b"</w:tcPr><w:p/></w:tc>"),
    (b"<w:tc></w:tc>", b"<w:tc><w:p/></w:tc>"),
    (b"</w:tbl></w:tc>", b"</w:tbl><w:p/></w:tc>"),
)
_OVERLAP = 32  # longer than any of them


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
    """A part with tags, ready to run; for each line of its source, the tag that stands on it."""

    name: str
    root: Root
    lines: tuple[Tag | None, ...]
    loops: tuple[tuple[int, int], ...]  # first and last line of each
    own_names: bool  # it sets names that other parts must not see
    checked: bool  # not proven well-formed: each document is checked
    cells: bool  # a cell may lose all its paragraphs
    grid: bool  # rows may differ in their cells
    drawings: bool  # a loop repeats drawings

    @property
    def whole_only(self) -> bool:
        return self.grid or self.drawings or self.root.joins


class Template:
    """A compiled template. Raises `TemplateInvalid` where the file or a tag is not right.

    `codec` is `zlib` or `isal`, `level` its level; None is the codec's own default (`archive.LEVELS`).
    """

    def __init__(self, source: str | Path | bytes, *, codec: str = "zlib", level: int | None = None) -> None:
        data = source if isinstance(source, bytes) else Path(source).read_bytes()
        self._set_up(lambda: data, (data,), codec, level)
        self.name = "" if isinstance(source, bytes) else Path(source).name

    @classmethod
    def of(
        cls, make: Callable[[], bytes], key: Sequence[str | bytes], *, codec: str = "zlib", level: int | None = None
    ) -> Template:
        """Return the template that `make()` gives; not called where one is kept for `key`, which names all it needs."""
        template = cls.__new__(cls)
        template.name = ""
        template._set_up(make, ("made", *key), codec, level)
        return template

    def _set_up(self, make: Callable[[], bytes], key: Sequence[str | bytes], codec: str, level: int | None) -> None:
        self._source = cache(make)
        self._codec = archive.codec(codec, level)
        name = kept.key(*_versions(), *key)
        known = kept.read(name)
        if known is None:
            known = _compile(self._source())
            kept.write(name, known)
        fixed, tags, parts = known
        self._fixed = archive.Members(*fixed)
        self.tags: tuple[Tag, ...] = tuple(Tag(*tag) for tag in tags)
        self._parts = tuple(_loaded(part, self.tags) for part in parts)

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (self._source(), self.name, self._codec.name, self._codec.level)

    @property
    def codec(self) -> str:
        """Codec and level, as a manifest names them: `zlib 3`."""
        return str(self._codec)

    def render(self, context: Mapping[str, Any]) -> bytes:
        """Return the DOCX of `context`; raise `TemplateInvalid` (a tag) or `DataInvalid` (a character XML forbids)."""
        from dvk_docs.engine import work

        shared = work(context)
        made = ((part.name, _pieces(part, shared, context)) for part in self._parts)
        return archive.archive(self._fixed, made, self._codec)

    def render_to(self, context: Mapping[str, Any], file: BinaryIO) -> None:
        """Write the DOCX of `context` to `file` piece by piece: for tables of thousands of rows.

        A list of the context may be a generator, then no row stays in memory. `file` must be seekable; after an error
        what it holds is of no use.
        """
        from dvk_docs.engine import work

        shared = work(context)
        made = ((part.name, _pieces(part, shared, context)) for part in self._parts)
        archive.write(self._fixed, made, self._codec, file)


def _again(source: bytes, name: str, codec: str, level: int) -> Template:
    template = Template(source, codec=codec, level=level)
    template.name = name
    return template


def environment() -> Environment:
    """Return the one environment of all templates: strict, sandboxed, escaping, with the text filters of `viet.loc`."""
    from dvk_docs.engine import environment as sandbox

    return sandbox()


# --- compiling ----------------------------------------------------------------------------------------------


@cache
def _versions() -> tuple[str | bytes, ...]:
    """Return what a compiled template depends on besides its source."""
    from importlib.util import find_spec

    import jinja2

    spec = find_spec("docxtpl")
    peers = [Path(spec.origin).with_name("template.py")] if spec and spec.origin else []
    here = [
        Path(__file__).with_name(f"{name}.py") for name in ("templating", "engine", "archive", "package", "profiles")
    ]
    return (jinja2.__version__, *(path.read_bytes() for path in [*here, *peers] if path.is_file()))


def _compile(source: bytes) -> tuple[Any, Any, Any]:
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
    """Return one part as it is kept: name, code, for each line the number of its tag or -1, loops, and what to mend."""
    prepared = _prepare(root)
    lines = _tag_of_line(prepared, tags)
    code, shape, own_names = _compiled(prepared, lines, name)
    numbers = {id(tag): before + n for n, tag in enumerate(tags)}
    words = " ".join(tag.text for tag in tags)
    return (
        name,
        code,
        tuple(-1 if tag is None else numbers[id(tag)] for tag in lines),
        tuple(shape.loops),
        own_names,
        not shape.proven,
        re.search(r"[%#}]\}</w:tc>", prepared) is not None,
        re.search(r"\{%-?\s*(tc\s|colspan|hm\b)", words) is not None,
        shape.drawings,
    )


def _loaded(part: Sequence[Any], tags: Sequence[Tag]) -> _Part:
    from dvk_docs.engine import load

    name, code, lines, *rest = part
    return _Part(name, load(code), tuple(None if n < 0 else tags[n] for n in lines), *rest)


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


def _compiled(prepared: str, lines: Sequence[Tag | None], part: str) -> tuple[Any, Shape, bool]:
    from jinja2 import TemplateError, TemplateSyntaxError

    from dvk_docs.engine import Refused, compile_part

    try:
        return compile_part(_DECLARATION + prepared)
    except Refused as error:
        raise _at(_line(lines, error.line), part, "tag_refused", "Thẻ này không được dùng trong mẫu.") from error
    except TemplateSyntaxError as error:
        message = f"Thẻ viết sai: {readable(error.message or '')}."
        raise _at(_line(lines, error.lineno), part, "tag_syntax", message) from error
    except (TemplateError, RecursionError, SyntaxError, MemoryError) as error:
        raise _at(None, part, "tag_syntax", f"Thẻ viết sai: {readable(str(error))}.") from error


def _line(lines: Sequence[Tag | None], number: int) -> Tag | None:
    """Return the tag on line `number`, or the last one before it."""
    return next((tag for tag in reversed(lines[:number]) if tag), None)


def _at(tag: Tag | None, part: str, code: str, message: str, hint: str = "") -> TemplateInvalid:
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


# --- rendering ----------------------------------------------------------------------------------------------


def _pieces(part: _Part, shared: Work, context: Mapping[str, Any]) -> Iterable[bytes]:
    """Return the bytes of one part in pieces; whole where it must be mended as a whole."""
    from dvk_docs.engine import work

    names = work(context) if part.own_names else shared
    pieces = _run(part, names, context)
    if part.whole_only:
        pieces = iter((_mended(part, b"".join(pieces)),))
    elif part.cells:
        pieces = _overlapping(pieces)
    return _checked(part, pieces) if part.checked else pieces


def _mended(part: _Part, whole: bytes) -> bytes:
    if part.cells:
        whole = _with_paragraphs(whole)
    if part.grid:
        whole = _with_grids(part.name, whole)
    if part.drawings:
        whole = _with_numbers(whole)
    return whole


def _run(part: _Part, work: Work, context: Mapping[str, Any]) -> Iterator[bytes]:
    """Yield what the template yields, some pieces joined at a time; errors get their place."""
    try:
        size, rest = 0, part.root.run(work)
        while some := list(islice(rest, _MANY)):
            joined = "".join(some).encode() if part.root.joins else b"".join(some)
            size += len(joined)
            if size > MAX_OUTPUT:
                raise OverflowError("văn bản quá lớn")
            yield joined
    except Exception as error:
        raise _located(part, work, context, error) from error


def _with_paragraphs(whole: bytes) -> bytes:
    """Give a cell that lost all its paragraphs an empty one: Word repairs a file where it has none."""
    for empty, mended in _EMPTY_CELLS:
        whole = whole.replace(empty, mended)
    return whole


def _overlapping(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Mend cells over the borders of pieces: the end of each waits for the next one."""
    waiting = b""
    for piece in pieces:
        waiting = _with_paragraphs(waiting + piece)
        cut = max(0, len(waiting) - _OVERLAP)
        yield waiting[:cut]
        waiting = waiting[cut:]
    yield waiting


def _with_grids(name: str, whole: bytes) -> bytes:
    """Make each table's grid as wide as its widest row, the width of the table kept."""
    from lxml import etree

    root = parse(name, whole)
    for table in root.iter(w("tbl")):
        grid = table.find(w("tblGrid"))
        if grid is None:
            continue
        columns = grid.findall(w("gridCol"))
        rows = [row.findall(w("tc")) for row in table.iter(w("tr"))]
        most, spanned = max(map(len, rows), default=0), max((sum(map(_span, row)) for row in rows), default=0)
        wanted = max(most, min(spanned, len(columns)))
        if wanted == len(columns) or not columns:
            continue
        widths = [float(c.get(w("w")) or 0) for c in columns]
        if wanted > len(columns):
            share = sum(widths) / wanted
            widths = [x * len(columns) / wanted for x in widths] + [share] * (wanted - len(columns))
        else:
            lost = sum(widths[wanted:])
            widths = [x + int(lost / wanted) for x in widths[:wanted]] if wanted else []
        for column in columns:
            grid.remove(column)
        for width in widths:
            etree.SubElement(grid, w("gridCol"), {w("w"): str(int(width))})
    return to_bytes(root)


def _span(cell: Element) -> int:
    span = cell.find(f"{w('tcPr')}/{w('gridSpan')}")
    return 1 if span is None else int(span.get(w("val")) or 1)


def _with_numbers(whole: bytes) -> bytes:
    """Number the drawings anew: a loop repeats their ids."""
    numbers = iter(range(1001, 1001 + whole.count(b"<wp:docPr")))
    return re.sub(rb'(<wp:docPr\b[^>]*?\bid=")\d*', lambda found: found[1] + b"%d" % next(numbers), whole)


def _checked(part: _Part, pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the pieces; raise `TemplateInvalid` where together they are not well-formed."""
    from xml.parsers import expat

    parser = expat.ParserCreate()
    try:
        for piece in pieces:
            parser.Parse(piece, False)
            yield piece
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        message = "Các thẻ lệnh của mẫu cắt ngang đoạn, ô hoặc hàng nên văn bản làm ra bị hỏng."
        raise _at(
            None, part.name, "broken_xml", message, "Hãy mở và đóng {% %} trong cùng một đoạn hoặc hàng."
        ) from error


def _located(part: _Part, work: Work, context: Mapping[str, Any], error: Exception) -> Exception:
    """Return the error of a render with its code, its tag, and the turn of the loop that it rose in."""
    from dvk_docs.engine import IllegalCharacter

    if isinstance(error, TemplateInvalid | DataInvalid):
        return error
    return _illegal(error.value, context) if isinstance(error, IllegalCharacter) else _failed(part, work, error)


def _failed(part: _Part, work: Work, error: BaseException) -> TemplateInvalid:
    number = part.root.line(error)
    code, message, hint = _words_of(error)
    return _at(_line(part.lines, number), part.name, code, f"{message}{_turn(part, work, number)}.", hint)


def _words_of(error: BaseException) -> tuple[str, str, str]:
    """Return (code, message without its full stop, hint) of what went wrong in a tag."""
    from jinja2 import UndefinedError
    from jinja2.exceptions import SecurityError

    from dvk_docs import engine

    said = str(error)
    if isinstance(error, engine.NotText):
        return _not_text(error.kind)
    if isinstance(error, engine.NotXml):
        return "broken_xml", "Thẻ này in một đoạn XML hỏng hoặc đặt sai chỗ", "Hãy dùng {{r ... }} cho RichText."
    if isinstance(error, engine.TooMuch):
        return "tag_refused", "Thẻ này làm văn bản quá lớn hoặc chạy quá lâu", ""
    if isinstance(error, SecurityError):
        return "tag_refused", "Thẻ này dùng điều không được phép trong mẫu", ""
    names = re.findall(r"'([^']*)'", said)
    if isinstance(error, UndefinedError) and names:
        return "unknown_name", f"Tên “{names[-1]}” không có trong dữ liệu của văn bản này", "Hãy sửa tên trong thẻ."
    return "tag_failed", f"Thẻ này không tính được: {readable(said)}", ""


def _not_text(kind: str) -> tuple[str, str, str]:
    if kind == "InlineImage":
        hint = "Hãy đặt sẵn ảnh trong mẫu, hoặc chèn ảnh bằng Word sau khi làm văn bản."
        return "object_refused", "Thẻ này in ảnh InlineImage, loại này không dùng được ở đây", hint
    if kind.lower() == "subdoc":
        hint = "Hãy đưa các đoạn vào mẫu bằng {%p for ... %}, hoặc ghép các tệp bằng Word."
        return "object_refused", "Thẻ này in văn bản con Subdoc, loại này không dùng được ở đây", hint
    return "not_text", "Thẻ này in cả một danh sách hoặc một nhóm dữ liệu", "Hãy dùng {%p for ... %}."


def _turn(part: _Part, work: Work, number: int) -> str:
    """Return `, ở dòng 47 của {%tr for d in ds %}` for the innermost loop that line `number` stands in."""
    inside = sorted(((first, last) for first, last in part.loops if first <= number <= last), reverse=True)
    for first, _ in inside:
        turn, tag = work.row(first), _line(part.lines, first)
        if turn and tag:
            return f", ở dòng {turn} của {tag.text}"
    return ""


def _illegal(value: str, context: Mapping[str, Any]) -> DataInvalid:
    from dvk_docs.engine import ILLEGAL

    code = ord(ILLEGAL.search(unicodedata.normalize("NFC", value)).group())  # type: ignore[union-attr]
    pointer = next(
        (at for at, text in _texts("", context) if text == value or (value and text in value and ILLEGAL.search(text))),
        "",
    )
    shown = ILLEGAL.sub("�", value)[:60]
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
