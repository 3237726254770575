"""A module imports only what stands before it in one list, so nobody has to remember the order."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import dvk_docs

LAYERS = [
    "folders",
    "errors",
    "units",
    "roles",
    "package",
    "archive",
    "kept",
    "viet",
    "tall_rows",
    "runtime",
    "context",
    "light",
    "expressions",
    "profiles",
    "template_source",
    "catalog",
    "workbook",
    "sources",
    "checking",
    "authority",
    "targets",
    "deadlines",
    "derive",
    "rules",
    "engine",
    "compiling",
    "templating",
    "lint",
    "ooxml",
    "pdf",
    "making",
    "shortcut",
    "the_thuc",
    "text",
    "register",
    "numbering",
    "batch",
    "agreement",
    "gate",
    "book",
    "dossier",
    "leaving",
    "status",
    "cli",
]
PACKAGE = Path(dvk_docs.__file__).parent
FREE = {"__init__", "__main__", "testing"}  # the public face, the entry and the test builders stand above all layers


def present_layers() -> list[str]:
    names = {p.stem if p.is_file() else p.name for p in PACKAGE.iterdir() if p.suffix == ".py" or p.is_dir()}
    return sorted(n for n in names if not n.startswith("_") and n not in FREE)


def imported_layers(layer: str) -> set[str]:
    """The layers of this package that any file of `layer` imports, inside functions too."""
    files = [PACKAGE / f"{layer}.py"] if (PACKAGE / f"{layer}.py").exists() else sorted((PACKAGE / layer).rglob("*.py"))
    found: set[str] = set()
    for file in files:
        depth = len(file.relative_to(PACKAGE).parts)
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                module = node.module or ""
                if node.level:
                    if node.level < depth:
                        continue
                    module = f"dvk_docs.{module}".rstrip(".")
                if module == "dvk_docs":
                    found |= {a.name for a in node.names if not a.name.startswith("__")}
                elif module.startswith("dvk_docs."):
                    found.add(module.split(".")[1])
            elif isinstance(node, ast.Import):
                found |= {a.name.split(".")[1] for a in node.names if a.name.startswith("dvk_docs.")}
    return found


@pytest.mark.parametrize("layer", present_layers())
def test_every_module_has_its_place_in_the_order(layer: str) -> None:
    assert layer in LAYERS


@pytest.mark.parametrize("layer", present_layers())
def test_a_layer_imports_only_the_layers_before_it(layer: str) -> None:
    assert imported_layers(layer) <= set(LAYERS[: LAYERS.index(layer) + 1])


ADAPTERS = [
    ("openpyxl", {"writing", "grids"}),
    ("docxtpl", {"compiling", "templating"}),
    ("reportlab", {"paint"}),
    ("pypdf", {"foreign"}),
    ("pypdfium2", {"preview"}),
]


@pytest.mark.parametrize("library,owners", ADAPTERS)
def test_each_outside_library_has_one_adapter(library: str, owners: set[str]) -> None:
    users = {
        p.stem
        for p in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(p.read_text(encoding="utf-8")))
        if (isinstance(node, ast.Import) and any(a.name.split(".")[0] == library for a in node.names))
        or (isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == library)
    }
    assert users <= owners
