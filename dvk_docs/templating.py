"""A Word template: compiled once, rendered with a context as often as wanted.

`Template(source).render(context) -> bytes` is the only door. The tag language is docxtpl's (Jinja tags in Word, `{%p`,
`{%tr`); docxtpl prepares the tags once, when the template is compiled (`compiling`), and a render touches only parts
that hold tags: all other members of the file were deflated when it was compiled. A compiled template is kept in the
user's cache folder (`kept`), so the next run needs no docxtpl, no lxml and, unless a tag asks for it, no Jinja.

Strict: an unknown name raises `TemplateInvalid` with its paragraph or cell and the turn of the loop, never a blank.
Escaped: any text in is the same text out (NFC); a new line is a line break, a tab a tab, None prints nothing; a
character that XML forbids raises `DataInvalid` (`illegal_character`). Sandboxed: a template is untrusted. Same
template, context, codec and level, same bytes. That a part is well-formed is proven when it is compiled, or else
checked on every document. Safe in threads; goes to other processes as its source.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from itertools import islice

from dvk_docs import archive, kept
from dvk_docs.runtime.printing import PRINTERS, as_text, concat, row
from dvk_docs.runtime.sandbox import FILE, NAMES, Work
from dvk_docs.runtime.sandbox import environment as light_environment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path
    from types import CodeType
    from typing import Any, BinaryIO

    from jinja2 import Environment

    from dvk_docs.compiling import Tag
    from dvk_docs.errors import DataInvalid, TemplateInvalid

CODEC = f"zlib {archive.LEVELS['zlib']}"  # the default, as a manifest names it; a template's own: `Template.codec`
MAX_OUTPUT = 500_000_000  # bytes of one part of one document
_MANY = 64  # pieces joined at a time
_EMPTY_CELLS = (
    (b"</w:tcPr></w:tc>", b"</w:tcPr><w:p/></w:tc>"),
    (b"<w:tc></w:tc>", b"<w:tc><w:p/></w:tc>"),
    (b"</w:tbl></w:tc>", b"</w:tbl><w:p/></w:tc>"),
)
_OVERLAP = 32  # longer than any of them
_CODE = (
    *("templating.py", "compiling.py", "engine.py", "light.py", "archive.py", "package.py", "profiles.py"),
    *("runtime", "viet"),
)


class Root:
    """The code of a part ready to run: `run(work)` yields it in pieces, bytes or (where it `joins`) text.

    A `light` part runs without Jinja.
    """

    __slots__ = ("_debug", "joins", "light", "run")

    def __init__(self, code: CodeType, light: bool) -> None:
        names: dict[str, Any] = {"row": row}
        if light:
            names.update(NAMES, environment=light_environment())
        else:
            from dvk_docs import engine

            names.update(engine.names())
        exec(code, names)
        self.joins, self.light = bool(names["joins"]), light
        names.update({name: as_text(p) if self.joins else p for name, p in PRINTERS.items()})
        if not light:
            names.update(engine.names(), concat=concat)
        self.run: Callable[[Any], Iterator[Any]] = names["root"]
        self._debug: str = names["debug_info"]

    def work(self, context: Mapping[str, Any]) -> Any:
        """Return the names of one render."""
        if self.light:
            return Work(light_environment(), context)
        from dvk_docs import engine

        return engine.work(context)

    def line(self, error: BaseException) -> int:
        """Return the line of the source that was running when `error` rose; 0 where it is not known."""
        if line := getattr(error, "dvk_line", 0):
            return int(line)
        number, trace = 0, error.__traceback__
        while trace is not None:
            if trace.tb_frame.f_code.co_filename == FILE:
                number = trace.tb_lineno
            trace = trace.tb_next
        pairs = [pair.split("=") for pair in self._debug.split("&") if pair]
        return next((int(source) for source, code in reversed(pairs) if int(code) <= number), 0)

    def turns(self, error: BaseException) -> dict[int, int]:
        """Return in which turn each `loop` stood when `error` rose, by the id of what it goes over.

        A loop that was asked for its last or next item is a turn behind its rows.
        """
        found, trace = dict[int, int](), error.__traceback__
        while trace is not None:
            if trace.tb_frame.f_code.co_filename == FILE:
                for loop in trace.tb_frame.f_locals.values():
                    if type(loop).__name__ in ("Loop", "LoopContext"):
                        found[id(getattr(loop, "_items", None) or getattr(loop, "_iterable", None))] = loop.index
            trace = trace.tb_next
        return found


class _Part:
    """A part with tags, ready to run, and what is to be mended after it.

    `lines`: for each line of its source the number of the tag that stands on it, or -1; `loops`: first and last line of
    each; `own_names`: it sets names that other parts must not see; `checked`: not proven well-formed, so each document
    is checked; `cells`: a cell may lose all its paragraphs; `grid`: rows may differ in their cells; `drawings`: a loop
    repeats drawings.
    """

    __slots__ = ("cells", "checked", "drawings", "grid", "lines", "loops", "name", "own_names", "root", "whole_only")

    def __init__(self, kept_part: Sequence[Any]) -> None:
        self.name, code, light, self.lines, self.loops, *rest = kept_part
        self.own_names, self.checked, self.cells, self.grid, self.drawings = rest
        self.root = Root(code, light)
        self.whole_only = self.grid or self.drawings or self.root.joins


class Template:
    """A compiled template. Raises `TemplateInvalid` where the file or a tag is not right.

    `codec` is `zlib` or `isal`, `level` its level; None is the codec's own default (`archive.LEVELS`).
    """

    def __init__(self, source: str | Path | bytes, *, codec: str = "zlib", level: int | None = None) -> None:
        data = source if isinstance(source, bytes) else _read(source)
        self._set_up(lambda: data, (data,), codec, level)
        self.name = "" if isinstance(source, bytes) else re.split(r"[\\/]", str(source))[-1]

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
        name = kept.key(version(), *key)
        known = kept.read(name)
        if known is None or not _same_peers(known[0]):
            from dvk_docs.compiling import compiled

            known = (peers(), compiled(self._source()))
            kept.write(name, known)
        self._take(known[1], codec, level)

    @classmethod
    def from_kept(cls, compiled: Sequence[Any]) -> Template:
        """Return the template of what `as_kept` gave, by the default codec; it stays in this process."""
        template = cls.__new__(cls)
        template.name = ""
        template._take(compiled, "zlib", None)
        return template

    @property
    def as_kept(self) -> Sequence[Any]:
        """The template compiled, plain enough for `kept.write`; it holds code."""
        return self._compiled

    def _take(self, compiled: Sequence[Any], codec: str, level: int | None) -> None:
        self._compiled = compiled
        self._codec = archive.codec(codec, level)
        fixed, self._tags, parts = compiled
        self._fixed = archive.Members(*fixed)
        self._parts = tuple(map(_Part, parts))

    @property
    def tags(self) -> tuple[Tag, ...]:
        """The tags in the order of the file, each with its place."""
        from dvk_docs.compiling import Tag

        return tuple(Tag(*tag) for tag in self._tags)

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (self._source(), self.name, self._codec.name, self._codec.level)

    @property
    def codec(self) -> str:
        """Codec and level, as a manifest names them: `zlib 3`."""
        return str(self._codec)

    def render(self, context: Mapping[str, Any], finish: Callable[[str, bytes], bytes] | None = None) -> bytes:
        """Return the DOCX of `context`; raise `TemplateInvalid` (a tag) or `DataInvalid` (a character XML forbids).

        `finish(name, bytes)` gives what stands in the file in place of each part with tags, of its name and its bytes.
        """
        made = self._made(context)
        if finish:
            made = ((name, (finish(name, b"".join(pieces)),)) for name, pieces in made)
        return archive.archive(self._fixed, made, self._codec)

    def render_to(self, context: Mapping[str, Any], file: BinaryIO) -> None:
        """Write the DOCX of `context` to `file` piece by piece: for tables of thousands of rows.

        A list of the context may be a generator, then no row stays in memory. `file` must be seekable; after an error
        what it holds is of no use.
        """
        archive.write(self._fixed, self._made(context), self._codec, file)

    def _made(self, context: Mapping[str, Any]) -> Iterator[tuple[str, Iterable[bytes]]]:
        """Yield each part with tags: its name, its bytes in pieces. Parts that set no names share theirs."""
        shared: dict[bool, Any] = {}
        for part in self._parts:
            light = part.root.light
            if part.own_names or light not in shared:
                shared[light] = part.root.work(context)
            yield part.name, _pieces(self, part, shared[light], context)
            if part.own_names:
                del shared[light]


def _read(path: str | Path) -> bytes:
    with open(path, "rb") as file:  # noqa: PTH123
        return file.read()


def _again(source: bytes, name: str, codec: str, level: int) -> Template:
    template = Template(source, codec=codec, level=level)
    template.name = name
    return template


def environment() -> Environment:
    """Return Jinja's environment that templates are compiled by: strict, sandboxed, escaping, with our filters."""
    from dvk_docs import engine

    return engine.environment()


@lru_cache(maxsize=1)
def version() -> str:
    """Return what a compiled template depends on in this package: other code, other results."""
    return kept.version(_CODE)


def peers() -> tuple[tuple[str, int, int], ...]:
    """Return the files of other packages that a template was compiled by: path, size, time of change."""
    import docxtpl.template
    import jinja2.compiler
    import jinja2.parser

    return tuple(_stamp(str(module.__file__)) for module in (jinja2.compiler, jinja2.parser, docxtpl.template))


def _same_peers(found: Sequence[Sequence[Any]]) -> bool:
    """Whether the packages that a kept template was compiled by are the ones that are installed."""
    return all(_stamp(path) == (path, size, changed) for path, size, changed in found)


def _stamp(path: str) -> tuple[str, int, int]:
    import os

    try:
        state = os.stat(path)  # noqa: PTH116
    except OSError:
        return path, -1, 0
    return path, state.st_size, state.st_mtime_ns


# --- rendering ----------------------------------------------------------------------------------------------


def _pieces(template: Template, part: _Part, work: Any, context: Mapping[str, Any]) -> Iterable[bytes]:
    """Return the bytes of one part in pieces; whole where it must be mended as a whole."""
    pieces = _run(template, part, work, context)
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


def _run(template: Template, part: _Part, work: Any, context: Mapping[str, Any]) -> Iterator[bytes]:
    """Yield what the template yields, some pieces joined at a time; errors get their place."""
    try:
        size, rest = 0, part.root.run(work)
        while some := list(islice(rest, _MANY)):
            joined = "".join(some).encode() if part.root.joins else b"".join(_flat(some))
            size += len(joined)
            if size > MAX_OUTPUT:
                raise OverflowError("văn bản quá lớn")
            yield joined
    except Exception as error:
        raise _located(template, part, work, context, error) from error


def _flat(pieces: Sequence[Any]) -> list[bytes]:
    """Return the pieces, those of each row (a list) in their place."""
    flat: list[bytes] = []
    for piece in pieces:
        if type(piece) is list:
            flat += piece
        else:
            flat.append(piece)
    return flat


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

    from dvk_docs.profiles import parse, to_bytes, w

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


def _span(cell: Any) -> int:
    from dvk_docs.profiles import w

    span = cell.find(f"{w('tcPr')}/{w('gridSpan')}")
    return 1 if span is None else int(span.get(w("val")) or 1)


def _with_numbers(whole: bytes) -> bytes:
    """Number the drawings anew: a loop repeats their ids."""
    numbers = iter(range(1001, 1001 + whole.count(b"<wp:docPr")))
    return re.sub(rb'(<wp:docPr\b[^>]*?\bid=")\d*', lambda found: found[1] + b"%d" % next(numbers), whole)


def _checked(part: _Part, pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the pieces; raise `TemplateInvalid` where together they are not well-formed."""
    from xml.parsers import expat

    from dvk_docs.compiling import fault

    parser = expat.ParserCreate()
    try:
        for piece in pieces:
            parser.Parse(piece, False)
            yield piece
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        message = "Các thẻ lệnh của mẫu cắt ngang đoạn, ô hoặc hàng nên văn bản làm ra bị hỏng."
        raise fault(
            None, part.name, "broken_xml", message, "Hãy mở và đóng {% %} trong cùng một đoạn hoặc hàng."
        ) from error


def _located(
    template: Template, part: _Part, work: Any, context: Mapping[str, Any], error: Exception
) -> DataInvalid | TemplateInvalid:
    """Return the error of a render with its code, its tag, and the turn of the loop that it rose in."""
    from dvk_docs.compiling import fault, line_tag
    from dvk_docs.errors import DataInvalid, TemplateInvalid
    from dvk_docs.runtime.printing import IllegalCharacter

    if isinstance(error, TemplateInvalid | DataInvalid):
        return error
    if isinstance(error, IllegalCharacter):
        return _illegal(error.value, context)
    tags = template.tags
    lines = [None if n < 0 else tags[n] for n in part.lines]
    number = part.root.line(error)
    code, message, hint = _words_of(error)
    turn = _turn(part, lines, work, number, error)
    return fault(line_tag(lines, number), part.name, code, f"{message}{turn}.", hint)


def _words_of(error: BaseException) -> tuple[str, str, str]:
    """Return (code, message without its full stop, hint) of what went wrong in a tag."""
    from jinja2 import UndefinedError
    from jinja2.exceptions import SecurityError

    from dvk_docs.compiling import readable
    from dvk_docs.runtime import printing

    said = str(error)
    if isinstance(error, printing.NotText):
        return _not_text(error.kind)
    if isinstance(error, printing.NotXml):
        return "broken_xml", "Thẻ này in một đoạn XML hỏng hoặc đặt sai chỗ", "Hãy dùng {{r ... }} cho RichText."
    if isinstance(error, printing.TooMuch):
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
    if kind[-2:] in ("\\a", "\\f"):
        name, _, mark = kind.partition(" ")
        what = "đoạn mới" if mark == "\\a" else "trang mới"
        message = f"Thẻ này in {name} có dấu {mark} ({what}), dấu này không dùng được ở đây"
        return "object_refused", message, "Hãy đưa từng đoạn vào mẫu bằng {%p for ... %}."
    return "not_text", "Thẻ này in cả một danh sách hoặc một nhóm dữ liệu", "Hãy dùng {%p for ... %}."


def _turn(part: _Part, lines: Sequence[Tag | None], work: Any, number: int, error: BaseException) -> str:
    """Return `, ở dòng 47 của {%tr for d in ds %}` for each loop that line `number` stands in, the innermost first."""
    from dvk_docs.compiling import line_tag

    said, known = "", part.root.turns(error)
    inside = sorted(((first, last) for first, last in part.loops if first <= number <= last), reverse=True)
    for first, _ in inside:
        tag = line_tag(lines, first)
        if tag and (turn := known.get(id(work.loop(first))) or work.row(first)):
            said += f", ở dòng {turn} của {tag.text}"
    return said


def _illegal(value: str, context: Mapping[str, Any]) -> DataInvalid:
    import unicodedata

    from dvk_docs.errors import DataInvalid, Place, Problem, Report
    from dvk_docs.runtime.printing import illegal, without_illegal

    found = illegal(unicodedata.normalize("NFC", value))
    bad = [(at, text) for at, text in _texts("", context) if illegal(text)]
    near = [at for at, text in bad if text == value] or [at for at, text in bad if text in value]
    near += [at for at, text in bad if found and found.group() in text]  # changed by a filter on its way
    shown = without_illegal(value, "\N{REPLACEMENT CHARACTER}")[:60]
    message = f"“{shown}” có ký tự không in được (mã U+{ord(found.group()) if found else 0:04X})."
    problem = Problem(
        Place(near[0] if near else ""), "illegal_character", "loi", message, "Hãy xóa ký tự đó rồi gõ lại chỗ ấy."
    )
    return DataInvalid(Report((problem,)))


def _texts(pointer: str, value: Any) -> Iterator[tuple[str, str]]:
    from collections.abc import Mapping

    if isinstance(value, str):
        yield pointer, value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _texts(f"{pointer}/{str(key).replace('~', '~0').replace('/', '~1')}", item)
    elif isinstance(value, list | tuple):
        for number, item in enumerate(value):
            yield from _texts(f"{pointer}/{number}", item)
