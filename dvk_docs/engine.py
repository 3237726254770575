"""Jinja as templates may use it: a sandbox with bounds, and code that yields the bytes of an XML part.

`environment()` is the one sandbox. `compile_part(source)` turns a part's Jinja source into a code object, `load(code)`
into a function that yields the part piece by piece: static text is bytes constants, every value goes through a printer
that escapes it for the place it stands in. Where the syntax tree joins pieces as text (macros, set blocks) the same
code yields text (`joins`). Jinja is imported here, so this module is imported only when a template is used.

Bounds: `MAX_STEPS` turns of loops and calls a render, `MAX_TEXT` characters of a text that a template builds.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from functools import cache
from types import CodeType
from typing import Any
from xml.parsers import expat

import markupsafe
from jinja2 import Environment, StrictUndefined, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.exceptions import SecurityError
from jinja2.idtracking import VAR_LOAD_PARAMETER
from jinja2.runtime import Context, LoopContext, Macro, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import Namespace

MAX_STEPS = 3_000_000  # turns of loops and calls, one render
_CALL = 10  # steps that a call counts
MAX_TEXT = 1_000_000  # characters of a text, items of a list that a template builds
MAX_REPEAT = 1000  # how often a template may repeat a text with `*`; the longest range
MAX_NUMBER = 10_000  # the greatest number that a filter takes as a width, a count ...
FILE = "<dvk template>"  # what the frames of compiled templates are called

ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
BREAK = '</w:t><w:br/><w:t xml:space="preserve">'
_TAB = '</w:t><w:tab/><w:t xml:space="preserve">'
_LINE_END = re.compile("\r\n|[\r\n\u2028\u2029]")
_BARE_AMP = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[0-9a-fA-F]+);)")


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


# --- printers: a value as the bytes of an XML part ------------------------------------------------------------


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
        return markupsafe.escape(value).encode()
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
    text: str
    if isinstance(value, str) and not isinstance(value, markupsafe.Markup):
        text = markupsafe.escape(unicodedata.normalize("NFC", value))
    elif hasattr(value, "__html__"):
        if type(value).__name__ in {"InlineImage", "Subdoc", "SubDoc"}:
            raise NotText(type(value).__name__)
        text = unicodedata.normalize("NFC", str(value.__html__()))
    elif isinstance(value, bytes) or _says_nothing(value):
        raise NotText(type(value).__name__)
    else:
        text = markupsafe.escape(str(value))
    if ILLEGAL.search(text):
        raise IllegalCharacter(str(value))
    return str(text), "<" in text or _BARE_AMP.search(text) is not None


def _says_nothing(value: Any) -> bool:
    """Whether `str(value)` is Python's own picture of an object: a list, a record, a function, a generator."""
    own: Any = type(value).__str__
    return own is object.__str__ and not isinstance(value, int | float)


def _broken(text: str) -> str:
    return _LINE_END.sub(BREAK, text).replace("\t", _TAB)


def _well_formed(text: str, before: str, after: str) -> str:
    """Return ready-made XML with its line ends broken; raise `NotXml` where it would break the part."""
    text = _broken(text)
    if "<!" in text or "<?" in text:
        raise NotXml
    try:
        expat.ParserCreate().Parse(f"<x>{before}{text}{after}</x>".encode(), True)
    except expat.ExpatError as error:
        raise NotXml from error
    return text


_PRINTERS: Mapping[str, Callable[[Any], bytes]] = {
    "_T": in_text,
    "_A": in_attribute,
    "_R": in_paragraph,
    "_P": in_body,
}


_SEPARATOR = "`"  # between values that are looked at together; one that holds it is printed alone


def row(form: bytes, values: tuple[Any, ...], places: str, lines: tuple[int, ...]) -> bytes:
    """Return `form` with `values` put in: all at once where no character needs a look, else one by one.

    `places` says which printer each needs (`T`, `A`), `lines` on which line of the source its tag stands.
    """
    try:
        text = _SEPARATOR.join(values)
    except TypeError:
        text = "\n"
    if text.isprintable() and (text.isascii() or unicodedata.is_normalized("NFC", text)):  # then each part of it is
        if "&" in text or "<" in text or ">" in text or '"' in text or "'" in text:
            text = (
                str(markupsafe.escape(text)) if all(type(v) is str for v in values) else _SEPARATOR * (len(values) + 1)
            )
        pieces = text.encode().split(b"`")
        if len(pieces) == len(values):
            return form % tuple(pieces)
    out = []
    for place, value, line in zip(places, values, lines, strict=True):
        try:
            out.append(in_text(value) if place == "T" else in_attribute(value))
        except Exception as error:
            error.dvk_line = line  # type: ignore[attr-defined]
            raise
    return form % tuple(out)


def _as_text(printer: Callable[[Any], bytes]) -> Callable[[Any], str]:
    return lambda value: printer(value).decode()


# --- the sandbox -----------------------------------------------------------------------------------------------

_TEXT_METHODS = frozenset(
    (
        *("upper", "lower", "title", "capitalize", "strip", "lstrip", "rstrip", "removeprefix", "removesuffix"),
        *("split", "rsplit", "splitlines", "startswith", "endswith", "isdigit", "isalpha", "isupper", "islower"),
        *("count", "find", "index"),
    )
)
_METHODS: Sequence[tuple[type, frozenset[str]]] = (
    (str, _TEXT_METHODS),
    (Mapping, frozenset({"items", "keys", "values", "get"})),
    (list, frozenset({"index", "count"})),
    (tuple, frozenset({"index", "count"})),
    (date, frozenset({"isoformat", "weekday", "isoweekday", "date", "time"})),
    (time, frozenset({"isoformat"})),
)


class Work(Context):
    """The context of one render: names, and how much the render has done so far."""

    spent = 0

    def spend(self, steps: int) -> None:
        self.spent += steps
        if self.spent > MAX_STEPS:
            raise TooMuch

    def rows(self, items: Any, line: int) -> Iterable[Any]:
        """Return `items` for the loop on `line`, counted, so that an error can say in which turn it rose."""
        rows: _Items | _Counted
        if type(items) in (list, tuple):
            self.spend(len(items))
            rows = _Items(items)
        else:
            rows = _Counted(self, iter(items))
        self.__dict__.setdefault("loops", {})[line] = rows
        return rows

    def row(self, line: int) -> int:
        """Return in which turn (1 is the first) the loop on `line` stands; 0 where it does not run."""
        rows = self.__dict__.get("loops", {}).get(line)
        return rows.turn if rows is not None else 0


class _Items:
    """A list that is looped over at the speed of a list and still tells where it is."""

    __slots__ = ("_items", "_rows")

    def __init__(self, items: Sequence[Any]) -> None:
        self._items, self._rows = items, iter(items)

    def __iter__(self) -> Iterator[Any]:
        return self._rows

    def __len__(self) -> int:
        return len(self._items)

    @property
    def turn(self) -> int:
        state = self._rows.__reduce__()  # (iter, (items,), next index); exhausted: no index
        return state[2] if len(state) > 2 and isinstance(state[2], int) else 0


class _Counted:
    """Any other iterable, counted turn by turn: a stream of rows may be longer than memory."""

    __slots__ = ("_rows", "_work", "turn")

    def __init__(self, work: Work, rows: Iterator[Any]) -> None:
        self._work, self._rows, self.turn = work, rows, 0

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        try:
            item = next(self._rows)
        except StopIteration:
            self.turn = 0
            raise
        self.turn += 1
        self._work.spend(1)
        return item


class Sandbox(ImmutableSandboxedEnvironment):
    """A record's own fields first, then a short list of harmless methods; nothing of Python's objects."""

    intercepted_binops = frozenset({"*", "**", "+", "%"})
    context_class = Work
    concat = staticmethod(lambda pieces: _concat(pieces))

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, Mapping) and attribute in obj:
            return obj[attribute]
        if attribute.startswith("_"):
            return self.unsafe_undefined(obj, attribute)
        if isinstance(obj, Undefined | LoopContext | Namespace):
            return super().getattr(obj, attribute)
        if isinstance(obj, Macro) or (callable(obj) and not hasattr(type(obj), "__html__")):
            return self.unsafe_undefined(obj, attribute)
        try:
            value = getattr(obj, attribute)
        except AttributeError:
            return self.undefined(obj=obj, name=attribute)
        allowed = any(isinstance(obj, kind) and attribute in names for kind, names in _METHODS)
        return self.unsafe_undefined(obj, attribute) if callable(value) and not allowed else value

    def getitem(self, obj: Any, argument: Any) -> Any:
        try:
            return obj[argument]
        except (TypeError, LookupError, AttributeError):
            if isinstance(argument, str):
                return self.getattr(obj, str(argument))
        return self.undefined(obj=obj, name=argument)

    def call(__self, __context: Any, __obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N805
        if isinstance(__obj, type) and __obj is not Namespace:
            raise SecurityError("class")
        __context.spend(_CALL)
        value = super().call(__context, __obj, *args, **kwargs)
        if isinstance(value, range):
            __context.spend(len(value))
        return value

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        if operator == "**" or (operator == "%" and isinstance(left, str)):
            raise TooMuch
        sizes = [len(x) for x in (left, right) if isinstance(x, str | list | tuple)]
        whole = [x for x in (left, right) if isinstance(x, int)]
        if operator == "*" and (
            (sizes and whole and (whole[0] > MAX_REPEAT or sizes[0] * whole[0] > MAX_TEXT))
            or (len(whole) == 2 and sum(x.bit_length() for x in whole) > 4096)
        ):
            raise TooMuch
        if operator == "+" and sum(sizes) > MAX_TEXT:
            raise TooMuch
        return self.binop_table[operator](left, right)


@cache
def environment() -> Environment:
    """Return the one environment of all templates: strict, sandboxed, escaping, with the text filters of `viet.loc`."""
    from dvk_docs.viet.loc import TEXT_FILTERS

    env = Sandbox(autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True)
    for name in _REFUSED_FILTERS:
        env.filters.pop(name, None)
    for name in _TEXT_FIRST & set(env.filters):
        env.filters[name] = _bounded(env.filters[name])
    for name in ("batch", "slice", "round", "sum"):
        env.filters[name] = _bounded(env.filters[name], text=False)
    env.filters["join"] = _joined(env.filters["join"])
    env.globals.clear()
    env.globals["range"] = lambda *bounds: range(*bounds)[:MAX_REPEAT]
    env.globals["namespace"] = Namespace
    env.filters.update(TEXT_FILTERS)
    env.globals.update(TEXT_FILTERS)
    return env


_REFUSED_FILTERS = (
    *("attr", "safe", "tojson", "xmlattr", "urlize", "forceescape"),
    *("random", "pprint", "filesizeformat", "format", "center", "wordwrap"),
)
_TEXT_FIRST = frozenset(
    (
        *("upper", "lower", "title", "capitalize", "trim", "replace"),
        *("string", "indent", "truncate", "striptags", "urlencode"),
    )
)


def _bounded(function: Callable[..., Any], *, text: bool = True) -> Callable[..., Any]:
    """Return a filter that prints None as nothing, takes no huge number and makes no huge text."""

    @functools.wraps(function)
    def bounded(*args: Any, **kwargs: Any) -> Any:
        extra = [*args[1:], *kwargs.values()]
        if any(isinstance(x, int) and abs(x) > MAX_NUMBER for x in extra) or (
            not text and any(isinstance(x, list | tuple) for x in extra)
        ):
            raise TooMuch
        at = 1 if hasattr(function, "jinja_pass_arg") else 0
        if text and len(args) > at and args[at] is None:
            return ""
        if text and sum(len(x) for x in args if isinstance(x, str)) > MAX_TEXT:
            raise TooMuch
        if function.__name__ == "do_replace" and len(args) > at + 2:
            _check_replace(str(args[at]), str(args[at + 1]), str(args[at + 2]))
        return function(*args, **kwargs)

    return bounded


def _check_replace(whole: str, old: str, new: str) -> None:
    if (whole.count(old) + 1) * len(new) > MAX_TEXT:
        raise TooMuch


def _joined(join: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(join)
    def joined(eval_ctx: Any, value: Any, d: Any = "", attribute: Any = None) -> Any:
        items = [x for x in value if x is not None]
        if len(str(d)) * len(items) > MAX_TEXT:
            raise TooMuch
        made = join(eval_ctx, items, d, attribute)
        if len(made) > MAX_TEXT:
            raise TooMuch
        return made

    return joined


def _concat(pieces: Iterable[Any]) -> str:
    """Join the texts of a macro or a set block; no more of them than `MAX_TEXT` characters."""
    pieces = list(pieces)
    if sum(map(len, pieces)) > MAX_TEXT:
        raise TooMuch
    return "".join(pieces)


def _markup_join(pieces: Iterable[Any]) -> markupsafe.Markup:
    """Join the sides of `~`, each escaped unless it is ready-made; None is nothing."""
    return markupsafe.Markup(_concat([markupsafe.escape("" if x is None else x) for x in pieces]))


# --- generating the code ---------------------------------------------------------------------------------------

_REFUSED_NODES = (
    nodes.Include,
    nodes.Import,
    nodes.FromImport,
    nodes.Extends,
    nodes.Block,
    nodes.ScopedEvalContextModifier,
    nodes.EvalContextModifier,
)
_JOINING_NODES = (nodes.Macro, nodes.CallBlock, nodes.FilterBlock, nodes.AssignBlock)


def _plain(text: str) -> str:
    """Return static text without the line ends that were put before tags, its written-out braces as braces."""
    text = text.replace("\n", "")
    for written, meant in (("{_{", "{{"), ("}_}", "}}"), ("{_%", "{%"), ("%_}", "%}")):
        text = text.replace(written, meant)
    return text


class _Writer(CodeGenerator):
    """Writes the code of a part: printers instead of `escape`, counted loops, a record's field without a call."""

    joins = False
    direct = False

    def _output_const_repr(self, group: Iterable[Any]) -> str:
        text = _plain("".join(map(str, group)))
        return repr(text if self.joins else text.encode())

    def _output_child_to_const(self, node: nodes.Expr, frame: Frame, finalize: Any) -> str:
        if not isinstance(node, nodes.TemplateData):
            raise nodes.Impossible
        return super()._output_child_to_const(node, frame, finalize)

    def visit_Output(self, node: nodes.Output, frame: Frame) -> None:  # noqa: N802
        if self.joins or frame.buffer is not None:
            super().visit_Output(node, frame)
            return
        texts: list[str] = [""]
        values: list[nodes.Expr] = []
        for child in node.nodes:
            if isinstance(child, nodes.TemplateData):
                texts[-1] += _plain(child.data)
            elif getattr(child, "dvk_printer", "_T") in ("_T", "_A"):
                values.append(child)
                texts.append("")
            else:
                self._row(texts, values, frame)
                texts, values = [""], []
                self.writeline("yield ", child)
                self._output_child_pre(child, frame, None)
                self.visit(child, frame)
                self.write(")")
        self._row(texts, values, frame)

    def _row(self, texts: Sequence[str], values: Sequence[nodes.Expr], frame: Frame) -> None:
        """Write one `yield` of the texts with the values between them."""
        if not values:
            if texts[0]:
                self.writeline(f"yield {texts[0].encode()!r}")
            return
        form = "%b".join(text.replace("%", "%%") for text in texts).encode()
        made, records = self.temporary_identifier(), self._records(values, frame)
        if records:  # their fields at once; a record that lacks one is asked one field at a time
            self.writeline(f"{made} = None")
            self.writeline(f"if {' and '.join(f'type({name}) is dict' for name in records)}:")
            self.indent()
            self.writeline("try:")
            self.indent()
            self.direct = True
            self._values(made, values, frame)
            self.direct = False
            self.outdent()
            self.writeline("except KeyError: pass")
            self.outdent()
            self.writeline(f"if {made} is None:")
            self.indent()
        self._values(made, values, frame)
        if records:
            self.outdent()
        places = "".join(getattr(value, "dvk_printer", "_T")[1] for value in values)
        self.writeline(f"yield row({form!r}, {made}, {places!r}, {tuple(value.lineno for value in values)!r})")

    def _records(self, values: Sequence[nodes.Expr], frame: Frame) -> list[str]:
        """Return the loop variables of which fields are printed as they are."""
        fields = [v for v in values if isinstance(v, nodes.Getattr) and not _is_loop(v.node)]
        return sorted({name for v in fields if (name := self._plain_name(v.node, frame)) is not None})

    def _values(self, made: str, values: Sequence[nodes.Expr], frame: Frame) -> None:
        self.writeline(f"{made} = (", values[0])
        for value in values:
            self.newline(value)
            name = self._plain_name(value.node, frame) if isinstance(value, nodes.Getattr) else None
            if self.direct and isinstance(value, nodes.Getattr) and name and not _is_loop(value.node):
                self.write(f"{name}[{value.attr!r}],")
                continue
            number = isinstance(value, nodes.Getattr) and _is_loop(value.node) and value.attr in _LOOP_NUMBERS
            self.write("str(" if number else "(")
            self.visit(value, frame)
            self.write("),")
        self.writeline(")")

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        self.write(f"{getattr(node, 'dvk_printer', '_T')}(")

    def _output_child_post(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        self.write(")")

    def visit(self, node: nodes.Node, *args: Any, **kwargs: Any) -> Any:
        line = node.__dict__.pop("dvk_loop", None)
        if line is None:
            return super().visit(node, *args, **kwargs)
        self.write("context.rows(")
        super().visit(node, *args, **kwargs)
        self.write(f", {line})")
        return None

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802
        name = self._plain_name(node.node, frame)
        if name is None:
            super().visit_Getattr(node, frame)
            return
        key = repr(node.attr)
        if _is_loop(node.node) and node.attr in _LOOP_NUMBERS:
            self.write(f"({name}.{node.attr} if type({name}) is LoopContext else environment.getattr({name}, {key}))")
            return
        self.write(
            f"({name}[{key}] if type({name}) is dict and {key} in {name} else environment.getattr({name}, {key}))"
        )

    def _plain_name(self, node: nodes.Node, frame: Frame) -> str | None:
        """Return the Python name of a loop variable, which is always there."""
        if not isinstance(node, nodes.Name) or node.ctx != "load":
            return None
        name = frame.symbols.ref(node.name)
        load = frame.symbols.find_load(name)
        bound = load is not None and load[0] == VAR_LOAD_PARAMETER and not self.parameter_is_undeclared(name)
        return name if bound else None


_LOOP_NUMBERS = frozenset({"index", "index0", "revindex", "revindex0", "length", "depth", "depth0"})


def _is_loop(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Name) and node.name == "loop"


class Refused(Exception):
    """A construct that a template may not use, with its line."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


class Shape:
    """What a part's syntax tree says of its XML, read once in document order.

    `proven`: whatever the branches taken, the XML is well-formed. `drawings`: a loop repeats drawings. `loops`: first
    and last line of each loop. Each output node is told where it stands, so that it gets the right printer.
    """

    def __init__(self, tree: nodes.Template) -> None:
        self.proven, self.drawings, self.loops = True, False, list[tuple[int, int]]()
        self._stack: list[str] = []
        self._tag = ""  # an unfinished tag: its text so far
        self._depth = 0
        self._walk(tree.body)
        self.proven = self.proven and not self._stack and not self._tag

    def _walk(self, body: Iterable[nodes.Node]) -> None:
        for node in body:
            if isinstance(node, nodes.Output):
                self._output(node)
            elif isinstance(node, nodes.If):
                self._branches([node.body, *(branch.body for branch in node.elif_), node.else_])
            elif isinstance(node, nodes.For):
                self._loop(node)
            elif isinstance(node, nodes.Scope | nodes.With):
                self._walk(node.body)
            elif isinstance(node, _JOINING_NODES):
                self.proven = False
                stack, self._stack, tag, self._tag = self._stack, ["w:t"], self._tag, ""
                self._walk(node.body)
                self._stack, self._tag = stack, tag

    def _loop(self, node: nodes.For) -> None:
        self.loops.append((node.lineno, _last_line(node)))
        if not node.recursive:
            node.iter.dvk_loop = node.lineno  # type: ignore[attr-defined]
        self._depth += 1
        self._branches([node.body, []])
        self._depth -= 1
        self._branches([node.else_, []])

    def _branches(self, bodies: Sequence[Sequence[nodes.Node]]) -> None:
        """Walk each body from the same place; all of them must end in the same place."""
        stack, tag, ends = list(self._stack), self._tag, []
        for body in bodies:
            self._stack, self._tag = list(stack), tag
            self._walk(body)
            ends.append((list(self._stack), bool(self._tag), self._tag.count('"') % 2))
        if any(end != ends[0] for end in ends):
            self.proven = False
            self._stack, self._tag = list(stack), tag

    def _output(self, node: nodes.Output) -> None:
        for child in node.nodes:
            if isinstance(child, nodes.TemplateData):
                self._text(child.data)
            else:
                child.dvk_printer = self._printer()  # type: ignore[attr-defined]

    def _printer(self) -> str:
        if self._tag:
            return "_A"
        holder = self._stack[-1] if self._stack else ""
        return _HOLDERS.get(holder, "_A")

    def _text(self, text: str) -> None:
        if self._depth and "<wp:docPr" in text:
            self.drawings = True
        if self._tag:
            head, closed, text = text.partition(">")
            self._tag += head
            if not closed:
                return
            self._close(self._tag)
            self._tag = ""
        pieces = text.split("<")[1:]
        for n, piece in enumerate(pieces, 1):
            tag, closed, _ = piece.partition(">")
            if closed:
                self._close(tag)
            elif n == len(pieces):
                self._tag = f"<{tag}"
            else:
                self.proven = False

    def _close(self, tag: str) -> None:
        """Take note of one whole tag, without its brackets."""
        tag = tag.removeprefix("<")
        if tag.startswith(("?", "!")) or tag.endswith("/"):
            return
        if not tag.startswith("/"):
            self._stack.append(tag.split()[0] if tag else "")
        elif self._stack and self._stack[-1] == tag[1:].strip():
            self._stack.pop()
        else:
            self.proven = False


_HOLDERS: Mapping[str, str] = {
    "w:t": "_T",
    **dict.fromkeys(("w:p", "w:hyperlink", "w:smartTag", "w:fldSimple", "w:ins"), "_R"),
    **dict.fromkeys(("w:body", "w:tc", "w:hdr", "w:ftr", "w:footnote", "w:endnote", "w:txbxContent"), "_P"),
}


def _last_line(node: nodes.Node) -> int:
    return max([node.lineno, *(child.lineno or 0 for child in node.find_all(nodes.Node))])


def compile_part(source: str) -> tuple[CodeType, Shape, bool]:
    """Return (code, shape, whether the code needs names of its own) of a part's Jinja source.

    Raise jinja2's `TemplateSyntaxError`, or `Refused` for a construct that has no place in a Word template.
    """
    env = environment()
    tree = env.parse(source)
    refused = next(tree.find_all(_REFUSED_NODES), None)
    if refused is not None:
        raise Refused(refused.lineno)
    shape = Shape(tree)
    joins = any(True for _ in tree.find_all(_JOINING_NODES)) or any(n.recursive for n in tree.find_all(nodes.For))
    writer = _Writer(env, None, None)
    writer.joins = joins
    writer.visit(tree)
    python = f"{writer.stream.getvalue()}\njoins = {joins!r}\n"  # type: ignore[attr-defined]
    own_names = next(tree.find_all((nodes.Assign, *_JOINING_NODES)), None) is not None
    return compile(python, FILE, "exec"), shape, own_names


@dataclass(frozen=True, slots=True)
class Root:
    """A part ready to run: `run(work)` yields it in pieces, bytes or (where it `joins`) text."""

    run: Callable[[Work], Iterator[Any]]
    joins: bool
    debug: tuple[tuple[int, int], ...]  # (line of the source, line of the code)

    def line(self, error: BaseException) -> int:
        """Return the line of the source that was running when `error` rose; 0 where it is not known."""
        if line := getattr(error, "dvk_line", 0):
            return int(line)
        number, trace = 0, error.__traceback__
        while trace is not None:
            if trace.tb_frame.f_code.co_filename == FILE:
                number = trace.tb_lineno
            trace = trace.tb_next
        return next((source for source, code in reversed(self.debug) if code <= number), 0)


def load(code: CodeType) -> Root:
    """Return the part that `compile_part` compiled."""
    names: dict[str, Any] = {"environment": environment(), "row": row}
    exec(code, names)
    joins = bool(names["joins"])
    names.update({name: _as_text(p) if joins else p for name, p in _PRINTERS.items()})
    names.update(markup_join=_markup_join, str_join=_concat, concat=_concat)
    pairs = (pair.split("=") for pair in names["debug_info"].split("&") if pair)
    return Root(names["root"], joins, tuple((int(a), int(b)) for a, b in pairs))


def work(context: Mapping[str, Any]) -> Work:
    """Return the names of one render."""
    env = environment()
    return Work(env, {**env.globals, **context}, None, {})
