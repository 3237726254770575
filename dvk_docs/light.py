"""Which code runs without Jinja: told by the syntax tree of a template's part, or of an expression."""

from __future__ import annotations

from collections.abc import Collection
from types import CodeType

from jinja2 import nodes

from dvk_docs.runtime import filters
from dvk_docs.runtime.sandbox import FILE
from dvk_docs.viet import HOMES

_LIGHT_NODES = (
    *(nodes.Output, nodes.TemplateData, nodes.If, nodes.For, nodes.Assign, nodes.With, nodes.Scope, nodes.NSRef),
    *(nodes.Name, nodes.Const, nodes.List, nodes.Tuple, nodes.Dict, nodes.Pair, nodes.Getattr, nodes.Getitem),
    *(nodes.Slice, nodes.CondExpr, nodes.Compare, nodes.Operand, nodes.Concat, nodes.Filter, nodes.Test, nodes.Call),
    *(nodes.Keyword, nodes.BinExpr, nodes.UnaryExpr),
)


def is_light(tree: nodes.Template, known: Collection[str] = ()) -> bool:
    """Whether a part or an expression runs without Jinja; `known` are filters beside the light ones."""
    for node in tree.find_all(nodes.Node):
        if not isinstance(node, _LIGHT_NODES):
            return False
        if isinstance(node, nodes.For) and node.recursive:
            return False
        if isinstance(node, nodes.Test) and node.name not in filters.TESTS:
            return False
        if isinstance(node, nodes.Filter) and node.name not in known and not _is_light_filter(node):
            return False
    return True


def _is_light_filter(node: nodes.Filter) -> bool:
    if node.name in HOMES:
        return True
    if node.name not in filters.FILTERS or node.dyn_args is not None or node.dyn_kwargs is not None:
        return False
    named, known = filters.FILTER_NAMED.get(node.name), {*filters.FILTERS, *HOMES}
    if named is None:
        named, known = filters.TEST_NAMED.get(node.name), {*filters.TESTS}
    if named is None or named >= len(node.args):
        return True
    name = node.args[named]
    return isinstance(name, nodes.Const) and name.value in known


def compile_light(python: str) -> CodeType:
    """Return what Jinja wrote as code, without its import from Jinja; the lines keep their numbers."""
    return compile(python[python.index("\n") :], FILE, "exec")
