"""Where the data lies: templates, schemas, rules and samples stand beside the package, or inside it in a wheel."""

from __future__ import annotations

from pathlib import Path


def root() -> Path:
    """The folder that holds templates/, data_schemas/ and samples/: the source tree's, or the wheel's own copy."""
    package = Path(__file__).resolve().parent
    inside = package / "_data"
    return inside if inside.is_dir() else package.parent
