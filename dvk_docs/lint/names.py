"""The names of a template in their scope: loop variables and what they hold, against a schema or to learn the needs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from dvk_docs.catalog import nearest
from dvk_docs.engine import environment
from dvk_docs.errors import Severity
from dvk_docs.lint.tags import Mark
from dvk_docs.lint.values import ANY, TEXT, ListOf, Need, Value, loop_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jinja2 import nodes

Tell = Callable[[Mark | None, str, str, str, Severity], None]  # mark, code, sentence, way out, severity
_SAME = frozenset(
    [
        "list",
        "sort",
        "unique",
        "reverse",
        "select",
        "reject",
        "selectattr",
        "rejectattr",
        "sap_theo_ten",
        "default",
        "d",
    ]
)
_ONE = frozenset(["first", "last", "min", "max", "random"])
_BY_FIELD = frozenset({"selectattr", "rejectattr", "groupby"})  # their first argument names a field
_HINTS = {
    "ngay_so": "date",
    "thang_nam": "date",
    "ngay_dai": "date",
    "thu_trong_tuan": "date",
    "hai_so": "integer",
    "bang_chu": "integer",
    "so_thap_phan": "number",
    "round": "number",
    "abs": "number",
}
_LOOP = "Hãy đặt thẻ giữa {% for ... %} và {% endfor %}."
_METHODS = frozenset(n for kind in (str, list, dict) for n in dir(kind) if not n.startswith("_"))


@dataclass(slots=True)
class Frame:
    """The names that one block adds: a loop's variable, a macro's arguments."""

    word: str
    names: dict[str, Value] = field(default_factory=dict)


class Names:
    """Reads tags in order and resolves every name in them; `tell` takes what is wrong."""

    def __init__(self, root: Value, tell: Tell, extra: dict[str, Value] | None = None) -> None:
        self.root = root
        self.tell = tell
        self.frames = [Frame("", dict(extra or {}))]
        self.mark: Mark | None = None
        self.guarded = False

    # --- tags

    def read(self, marks: Sequence[Mark]) -> None:
        for mark in marks:
            self.mark = mark
            if mark.word in ("vm", "hm") and mark.line.where.startswith("bảng") and not self._in_loop():
                self._say("loop_outside", f"Thẻ {{% {mark.word} %}} chỉ gộp được ô nằm trong một vòng lặp.", _LOOP)
            if mark.ends:
                self._leave(mark.ends)
            elif mark.tree is not None:
                self._enter(mark)
            elif mark.opens:
                self.frames.append(Frame(mark.word))

    def _in_loop(self) -> bool:
        return any("loop" in frame.names for frame in self.frames)

    def _leave(self, word: str) -> None:
        depth = next((i for i in reversed(range(1, len(self.frames))) if self.frames[i].word == word), None)
        if depth is None:
            return
        gone = self.frames[depth:]
        del self.frames[depth:]
        if word in ("if", "filter", "autoescape"):  # Jinja keeps what is set inside these
            for frame in gone:
                self.frames[-1].names.update(frame.names)

    def _enter(self, mark: Mark) -> None:
        from jinja2 import nodes

        body = mark.tree.body if mark.tree else []
        node = body[0] if body else None
        if isinstance(node, nodes.Output):
            for one in node.nodes:
                self._print(one)
        elif isinstance(node, nodes.If) and mark.word in ("if", "elif"):
            self.tested(node.test)
            if mark.word == "if":
                self.frames.append(Frame("if"))
        elif isinstance(node, nodes.For) and mark.word == "for":
            self._loop(node)
        elif isinstance(node, nodes.Assign):
            value = self.value(node.node)
            self._bind(self.frames[-1].names, node.target, value)
        elif mark.opens and node is not None:
            self._other(mark.word, node)

    def _print(self, node: nodes.Node) -> None:
        from jinja2 import nodes

        if isinstance(node, nodes.TemplateData):
            return
        value = self.value(node)
        if value.shape in ("list", "group"):
            what = "cả một danh sách" if value.shape == "list" else "cả một nhóm dữ liệu"
            hint = "Hãy dùng {%p for ... %}." if value.shape == "list" else "Hãy in từng mục của nhóm."
            self._say("not_text", f"Thẻ này in {what}.", hint)
        value.touch("text")

    def _loop(self, node: nodes.For) -> None:
        value = self.value(node.iter)
        if value.shape in ("text", "group"):
            what = "một chữ hoặc một số" if value.shape == "text" else "một nhóm dữ liệu"
            self._say(
                "not_a_list", f"Vòng lặp này chạy trên {what}, không phải một danh sách.", "Hãy lặp trên một danh sách."
            )
        item = value.item() if value.shape in ("list", "any") else ANY
        frame = Frame("for", {"loop": loop_value(item)})
        self._bind(frame.names, node.target, item)
        self.frames.append(frame)
        if node.test is not None:
            self.tested(node.test)

    def _bind(self, names: dict[str, Value], target: nodes.Node, value: Value) -> None:
        from jinja2 import nodes

        if isinstance(target, nodes.Name):
            names[target.name] = value
        elif isinstance(target, nodes.Tuple):
            parts = value.parts if isinstance(value, _Row) else ()
            for i, one in enumerate(target.items):
                self._bind(names, one, parts[i] if i < len(parts) else ANY)

    def _other(self, word: str, node: nodes.Node) -> None:
        """Enter a macro, call, filter, with, block, autoescape or a set that has a body."""
        from jinja2 import nodes

        frame = Frame(word)
        if isinstance(node, nodes.Macro):
            self.frames[-1].names[node.name] = ANY
            frame.names.update(dict.fromkeys(("caller", "varargs", "kwargs"), ANY))
        if isinstance(node, nodes.Macro | nodes.CallBlock):
            frame.names.update({arg.name: ANY for arg in node.args})
        if isinstance(node, nodes.CallBlock):
            self.value(node.call)
        if isinstance(node, nodes.With):
            for target, source in zip(node.targets, node.values, strict=True):
                self._bind(frame.names, target, self.value(source))
        self.frames.append(frame)
        if isinstance(node, nodes.AssignBlock) and isinstance(node.target, nodes.Name):
            self.frames[-2].names[node.target.name] = TEXT

    # --- expressions

    def tested(self, node: nodes.Node) -> None:
        """Read a condition: a bare name in it asks whether the value is there."""
        from jinja2 import nodes

        if isinstance(node, nodes.And | nodes.Or):
            self.tested(node.left)
            self.tested(node.right)
        elif isinstance(node, nodes.Not):
            self.tested(node.node)
        else:
            value = self.value(node)
            if isinstance(node, nodes.Name | nodes.Getattr | nodes.Getitem):
                value.touch("blank")

    def value(self, node: nodes.Node | None) -> Value:
        """Return what an expression may hold; tell every name in it that is not there."""
        reader = getattr(self, f"_{type(node).__name__.lower()}", None)
        if reader is not None:
            return reader(node)  # type: ignore[no-any-return]
        for child in node.iter_child_nodes() if node is not None else ():
            self.value(child).touch("whole")
        return ANY

    def _name(self, node: nodes.Name) -> Value:
        if node.name == "loop" and not self._in_loop():
            self._say("loop_outside", "“loop” chỉ có trong một vòng lặp.", _LOOP)
            return ANY
        found = self._lookup(node.name)
        if found is not None:
            return found
        if not node.name.startswith("_") and node.name != "self":
            self._missing(node.name, self._known(), "")
        return ANY

    def _lookup(self, name: str) -> Value | None:
        local = next((f.names[name] for f in reversed(self.frames) if name in f.names), None)
        if local is not None:
            return local
        if isinstance(self.root, Need) and name in environment().globals:
            return ANY
        found = self.root.attr(name)
        return ANY if found is None and name in environment().globals else found

    def _known(self) -> list[str]:
        return [*self.root.names(), *(n for f in self.frames for n in f.names)]

    def _getattr(self, node: nodes.Getattr) -> Value:
        return self._child(self.value(node.node), node.attr)

    def _getitem(self, node: nodes.Getitem) -> Value:
        from jinja2 import nodes

        base = self.value(node.node)
        if isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, str):
            return self._child(base, node.arg.value)
        self.value(node.arg).touch("integer")
        return base if isinstance(node.arg, nodes.Slice) else base.item()

    def _child(self, base: Value, name: str) -> Value:
        if name.startswith("_"):
            return ANY
        found = base.attr(name)
        if found is not None:
            return found
        inside = {"list": "một danh sách", "text": "một chữ hoặc một số"}.get(base.shape, "")
        self._missing(name, base.names(), inside)
        return ANY

    def _missing(self, name: str, known: Sequence[str], inside: str) -> None:
        near = nearest(name, [*dict.fromkeys(known)])
        hint = f"Có phải {', '.join(f'“{n}”' for n in near)}?" if near else "Hãy sửa tên trong thẻ."
        message = f"Tên “{name}” không có trong dữ liệu của văn bản này."
        if inside:
            message = f"Không lấy được “{name}”: trước dấu chấm là {inside}."
            hint = (
                "Hãy lặp bằng {%p for ... %} rồi lấy từng mục."
                if "danh sách" in inside
                else "Hãy bỏ phần sau dấu chấm."
            )
        self._say("unknown_name", message, hint, "canh_bao" if self.guarded else "loi")

    def _say(self, code: str, message: str, hint: str, severity: Severity = "loi") -> None:
        self.tell(self.mark, code, message, hint, severity)

    def _call(self, node: nodes.Call) -> Value:
        from jinja2 import nodes

        self._arguments(node)
        target = node.node
        if isinstance(target, nodes.Getattr):
            base = self.value(target.node)
            base.touch("whole")
            if target.attr not in _METHODS and base.shape != "any":
                self._not_a_function(target.attr)
            return ANY
        if isinstance(target, nodes.Name):
            local = any(target.name in f.names for f in self.frames)
            if not local and target.name not in environment().globals:
                self._not_a_function(target.name)
            return ListOf(TEXT) if target.name == "range" and not local else ANY
        self.value(target)
        return ANY

    def _not_a_function(self, name: str) -> None:
        if not name.startswith("_"):
            near = nearest(name, sorted(environment().globals))
            hint = f"Có phải {', '.join(f'“{n}”' for n in near)}?" if near else "Hãy bỏ dấu ngoặc sau tên."
            self._say("unknown_function", f"Không có hàm “{name}”.", hint)

    def _arguments(self, node: nodes.Call | nodes.Filter | nodes.Test) -> None:
        extra = [n for n in (node.dyn_args, node.dyn_kwargs) if n is not None]
        for one in [*node.args, *(k.value for k in node.kwargs), *extra]:
            self.value(one).touch("whole")

    def _filter(self, node: nodes.Filter) -> Value:
        if node.name in ("default", "d"):
            with self._guard():
                base = self.value(node.node)
            base.touch("blank")
        else:
            base = self.value(node.node) if node.node is not None else TEXT
        self._arguments(node)
        attribute = _attribute(node)
        how = "boolean" if node.name in ("selectattr", "rejectattr") and len(node.args) == 1 else "text"
        item = self._fields(base.item(), attribute, how) if attribute else None
        return self._filtered(node, base, item)

    def _filtered(self, node: nodes.Filter, base: Value, item: Value | None) -> Value:
        """Return what a filter makes of `base`; `item` is the field of its rows that the filter names."""
        name = node.name
        if name in _SAME:
            if name not in ("default", "d"):
                base.touch("list")
            return base if base.shape != "text" or name in ("default", "d") else ANY
        if name in _ONE:
            return base.item()
        if name == "map":
            return ListOf(item or ANY)
        if name == "groupby":
            return ListOf(_Row((item or ANY, base)))
        if name in ("batch", "slice"):
            return ListOf(base)
        if name in ("length", "count", "join", "sum", "noi"):
            base.touch("list")
            if item is None and name not in ("length", "count"):
                base.item().touch("text")
            return TEXT
        base.touch(_HINTS.get(name, "text"))
        base.touch("whole")
        return ANY if name not in _HINTS else TEXT

    def _fields(self, item: Value, dotted: str, how: str) -> Value:
        """Return the field of a row that a filter names as text: 'mo_hinh.ma'."""
        for name in dotted.split("."):
            if not name.isidentifier():
                return ANY
            item = self._child(item, name)
        item.touch(how)
        return item

    def _test(self, node: nodes.Test) -> Value:
        with self._guard(on=node.name in ("defined", "undefined")):
            value = self.value(node.node)
        value.touch("blank" if node.name in ("defined", "undefined", "none") else "compared")
        self._arguments(node)
        return TEXT

    @contextmanager
    def _guard(self, on: bool = True) -> Iterator[None]:
        """Inside, a name that is not there is no more than a warning."""
        before, self.guarded = self.guarded, self.guarded or on
        try:
            yield
        finally:
            self.guarded = before

    def _condexpr(self, node: nodes.CondExpr) -> Value:
        self.tested(node.test)
        first, second = self.value(node.expr1), self.value(node.expr2) if node.expr2 is not None else TEXT
        return self._either(first, second)

    def _or(self, node: nodes.Or) -> Value:
        first = self.value(node.left)
        first.touch("blank")
        return self._either(first, self.value(node.right))

    def _and(self, node: nodes.And) -> Value:
        first = self.value(node.left)
        first.touch("blank")
        return self._either(first, self.value(node.right))

    def _either(self, first: Value, second: Value) -> Value:
        shapes = {first.shape, second.shape}
        if shapes == {"text"}:
            for one in (first, second):
                one.touch("text")
            return TEXT
        if isinstance(first, Need):
            return first
        return first if first.shape == second.shape or second.shape == "text" else ANY

    def _not(self, node: nodes.Not) -> Value:
        self.tested(node.node)
        return TEXT

    def _compare(self, node: nodes.Compare) -> Value:
        for one in (node.expr, *(o.expr for o in node.ops)):
            self.value(one).touch("compared")
        return TEXT

    def _concat(self, node: nodes.Concat) -> Value:
        for one in node.nodes:
            self.value(one).touch("text")
        return TEXT

    def _add(self, node: nodes.Add) -> Value:
        left, right = self.value(node.left), self.value(node.right)
        if "list" in (left.shape, right.shape):
            return left if left.shape == "list" else right
        for one in (left, right):
            one.touch("number")
        return ANY

    def _arithmetic(self, node: Any) -> Value:
        self.value(node.left).touch("number")
        self.value(node.right).touch("number")
        return TEXT

    _sub = _mul = _div = _floordiv = _mod = _arithmetic

    def _list(self, node: nodes.List) -> Value:
        for one in node.items:
            value = self.value(one)
            value.touch("text")
            value.touch("whole")
        return ListOf(ANY)

    def _const(self, node: nodes.Const) -> Value:
        return TEXT

    def _templatedata(self, node: nodes.TemplateData) -> Value:
        return TEXT


@dataclass(slots=True)
class _Row(Value):
    """One row of `groupby`: what the rows share, and the rows."""

    parts: tuple[Value, ...]


def _attribute(node: nodes.Filter) -> str:
    """Return the field that a filter names: `map(attribute='ten')`, `selectattr('ten')`."""
    from jinja2 import nodes

    given = [k.value for k in node.kwargs if k.key == "attribute"]
    if node.name in _BY_FIELD:
        given += node.args[:1]
    constants = [g.value for g in given if isinstance(g, nodes.Const)]
    return next((c for c in constants if isinstance(c, str)), "")
