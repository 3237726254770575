"""Jinja as templates may use it: its sandbox, and the code that yields the bytes of an XML part.

`compile_part(source)` turns a part's Jinja source into a code object, `load(code, light)` into a function that yields
the part piece by piece: static text is bytes constants, every value goes through a printer that escapes it for the
place it stands in. Where the syntax tree joins pieces as text (macros, set blocks) the same code yields text (`joins`).

A part is `light` where it needs nothing of Jinja when it runs: no macro, no filter or test but those of
`runtime.filters` and `viet`. Other parts run on Jinja's own run-time, under the same rules (`runtime.sandbox`). Jinja
is imported here, so this module is imported only when a template is compiled or is not light.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from types import CodeType
from typing import Any

from jinja2 import Environment, StrictUndefined, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.idtracking import VAR_LOAD_PARAMETER
from jinja2.runtime import Context, LoopContext, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import Namespace

from dvk_docs import light
from dvk_docs.runtime import filters, printing, sandbox
from dvk_docs.viet.loc import TEXT_FILTERS

# --- the sandbox on Jinja's own run-time ---------------------------------------------------------------------------


class Work(sandbox.Counting, Context):
    """The context of one render."""


class Sandbox(sandbox.Rules, ImmutableSandboxedEnvironment):
    """Jinja's sandbox under our own, narrower rules."""

    intercepted_binops = frozenset({"*", "**", "+", "%"})
    context_class = Work
    concat = staticmethod(printing.concat)
    own = (Undefined, LoopContext, Namespace)
    classes = (Namespace,)

    def unsafe_undefined(self, obj: Any, attribute: str) -> Any:
        return ImmutableSandboxedEnvironment.unsafe_undefined(self, obj, attribute)

    def reach(self, obj: Any, attribute: str) -> Any:
        return ImmutableSandboxedEnvironment.getattr(self, obj, attribute)

    def call(__self, __context: Any, __obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N805
        __self.may_call(__obj)
        __context.spend(sandbox.CALL)
        return __context.charged(super().call(__context, __obj, *args, **kwargs))


@cache
def environment() -> Environment:
    """Return the one environment of all templates: strict, sandboxed, escaping, with the text filters of `viet.loc`."""
    env = Sandbox(autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True)
    for name in _REFUSED_FILTERS:
        env.filters.pop(name, None)
    env.filters = {**filters.bound(env.filters), **TEXT_FILTERS}
    env.globals.clear()
    env.globals.update(range=sandbox.counted_range, namespace=Namespace, **TEXT_FILTERS)
    return env


_REFUSED_FILTERS = (
    *("attr", "safe", "tojson", "xmlattr", "urlize", "forceescape"),
    *("random", "pprint", "filesizeformat", "format", "center", "wordwrap"),
)


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


STAND_INS = {"{": "\ufdd0", "}": "\ufdd1", "%": "\ufdd2", "_": "\ufdd3"}  # for marks that are meant as marks
_MEANT = {ord(instead): "" if mark == "_" else mark for mark, instead in STAND_INS.items()}


def _plain(text: str) -> str:
    """Return static text without the line ends that were put before tags, its written-out braces as braces."""
    text = text.replace("\n", "").translate(_MEANT)
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
        fixed = tuple(text.encode() for text in texts)
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
        self.writeline(f"yield row({fixed!r}, {made}, {places!r}, {tuple(value.lineno for value in values)!r})")

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


def compile_part(source: str) -> tuple[CodeType, Shape, bool, bool]:
    """Return (code, shape, whether the code needs names of its own, whether it is light) of a part's Jinja source.

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
    alone, python = light.is_light(tree), writer.stream.getvalue()  # type: ignore[attr-defined]
    own_names = next(tree.find_all((nodes.Assign, *_JOINING_NODES)), None) is not None
    python = f"{python}\njoins = {joins!r}\n"
    code = light.compile_light(python) if alone else compile(python, sandbox.FILE, "exec")
    return code, shape, own_names, alone


def names() -> dict[str, Any]:
    """Return what the code of a part that is not light finds beside what it imports from Jinja."""
    return {"environment": environment(), "markup_join": printing.markup_join, "str_join": printing.str_join}


def work(context: Mapping[str, Any]) -> Work:
    """Return the names of one render on Jinja's run-time."""
    env = environment()
    return Work(env, {**env.globals, **context}, None, {})
