"""A kind of document and a locality are data: no Python file of the package names one."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import dvk_docs
from dvk_docs.catalog import Catalog

PACKAGE = Path(dvk_docs.__file__).parent
FILES = sorted(p for p in PACKAGE.rglob("*.py") if "_data" not in p.parts)


def strings_of(file: Path) -> list[str]:
    """Every string constant of a file but its docstrings."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    return [
        n.value
        for n in ast.walk(tree)
        if isinstance(n, ast.Constant) and isinstance(n.value, str) and id(n) not in docs
    ]


@pytest.mark.parametrize("file", FILES, ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_no_python_file_names_a_kind_or_a_locality(file: Path) -> None:
    catalog = Catalog()
    names = [*catalog.kinds(), *catalog.rule_sets()]
    assert [(name, text) for text in strings_of(file) for name in names if name in text] == []
