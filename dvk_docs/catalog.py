"""The catalogue: every kind of paper, its schema, template, samples, and the dated rule sets, found by folder.

The data lie at the top of the source tree, and inside the package in a wheel (`folders`). A third party's kinds are a
folder too (a pack): `data_schemas/` and `templates/vi|nguon`, or the files flat in it.
"""

from __future__ import annotations

import json
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any

from .errors import KindUnknown, Place, SourceInvalid
from .folders import root

__all__ = ["Catalog", "fold", "nearest", "root"]

SUFFIX = ".schema.json"
LAST = 1_000_000  # x-thu-tu of a kind that gives none


class Catalog:
    """The kinds of this package and of the given packs; everything read is kept."""

    def __init__(self, packs: Sequence[Path] = ()) -> None:
        self.packs = tuple(Path(p) for p in packs)
        for pack in self.packs:
            if not pack.is_dir():
                raise SourceInvalid(f"Không có thư mục mẫu thêm {pack}.", "pack_missing", Place(file=str(pack)))
        self._files = self._find()
        self._schemas: dict[str, dict[str, Any]] = {}

    def _find(self) -> dict[str, Path]:
        """Stem -> its schema file; the package's kinds in the order of `x-thu-tu`, then each pack's."""
        found: dict[str, Path] = {}
        for base in (root(), *self.packs):
            paths = [p for folder in (base / "data_schemas", base) for p in folder.glob(f"*{SUFFIX}") if p.is_file()]
            ordered = sorted(paths, key=lambda p: (_read_json(p).get("x-thu-tu", LAST), p.name))
            found.update({p.name.removesuffix(SUFFIX): p for p in ordered})
        return found

    # --- kinds

    def kinds(self) -> list[str]:
        return list(self._files)

    def has(self, kind: str) -> bool:
        return kind in self._files

    def kind_schema(self, kind: str) -> dict[str, Any]:
        """One paper's schema with its `allOf` blocks merged in: properties in order, required united."""
        if kind not in self._schemas:
            path = self._path(kind)
            self._schemas[kind] = _flatten(_read_json(path), path.parent)
        return self._schemas[kind]

    def _path(self, kind: str) -> Path:
        if kind not in self._files:
            raise KindUnknown(unknown("loại văn bản", kind, self.kinds()))
        return self._files[kind]

    def template_path(self, kind: str) -> Path | None:
        """The kind's Word template; None where a pack gives only the source text."""
        for base in self._bases(kind):
            for path in (base / "templates" / "vi" / f"{kind}.docx", base / f"{kind}.docx"):
                if path.is_file():
                    return path
        return None

    def source_path(self, kind: str) -> Path | None:
        """The text from which the kind's template is built."""
        for base in self._bases(kind):
            for path in (base / "templates" / "nguon" / f"{kind}.txt", base / f"{kind}.txt"):
                if path.is_file():
                    return path
        return None

    def template_bytes(self, kind: str) -> bytes:
        """The kind's Word template, built from its source text where that is all there is."""
        path = self.template_path(kind)
        if path is not None:
            return path.read_bytes()
        source = self.source_path(kind)
        if source is None:
            raise KindUnknown(f"Loại văn bản “{kind}” chưa có tệp mẫu {kind}.docx hoặc {kind}.txt.")
        from . import template_source

        return bytes(template_source.build(source.read_text(encoding="utf-8")))

    def _bases(self, kind: str) -> tuple[Path, ...]:
        folder = self._path(kind).parent
        home = folder.parent if folder.name == "data_schemas" else folder
        return (home,)

    def samples(self, kind: str) -> Path:
        """The folder with the kind's samples; it may not exist."""
        home = self._bases(kind)[0]
        inside = home / "samples" / kind
        return inside if inside.is_dir() or home == root() else home / kind

    # --- the year and its rules

    def year_schema(self) -> dict[str, Any]:
        return _read_json(root() / "data_schemas" / "chung" / "nam.schema.json")

    def profiles_folder(self) -> Path:
        return root() / "data_schemas" / "quy_dinh" / "the-thuc"

    def rule_sets(self) -> list[str]:
        """The names of the local rule sets, which `thong_tin.bo_quy_tac` chooses from."""
        return list(self._rule_files())

    def _rule_files(self) -> dict[str, Path]:
        found: dict[str, Path] = {}
        for base in (root() / "data_schemas" / "quy_dinh" / "dia-phuong", *(p / "quy_dinh" for p in self.packs)):
            found.update({p.stem: p for p in sorted(base.glob("*.toml"))})
        return found

    def rule_set(self, name: str) -> dict[str, Any]:
        """One local rule set by its name, or `chung`, the rules that hold everywhere."""
        if name == "chung":
            return _read_toml(root() / "data_schemas" / "quy_dinh" / "chung.toml")
        files = self._rule_files()
        if name not in files:
            raise KindUnknown(unknown("bộ quy tắc", name, list(files)))
        return _read_toml(files[name])


def unknown(what: str, name: str, known: Sequence[str]) -> str:
    """Không có loại văn bản “x”; gần nhất: “y”. The nearest by letters without marks."""
    near = nearest(name, known)
    tail = "; gần nhất: " + ", ".join(f"“{n}”" for n in near) if near else ""
    return f"Không có {what} “{name}”{tail}."


def nearest(name: str, known: Sequence[str], count: int = 3) -> list[str]:
    """The known names that look most like `name`, whatever their marks, case and separators."""
    by_fold = {fold(k): k for k in known}
    return [by_fold[f] for f in get_close_matches(fold(name), list(by_fold), count, 0.6)]


def fold(text: str) -> str:
    """Letters without marks, lower case, one space for any separator: for comparing, never for printing."""
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    letters = "".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))
    return " ".join(letters.casefold().split())


def _flatten(schema: dict[str, Any], folder: Path) -> dict[str, Any]:
    """The schema with each `allOf` block merged in front of its own fields, and `$defs` resolved in them."""
    flat = {k: v for k, v in schema.items() if k not in ("allOf", "properties", "required")}
    properties: dict[str, Any] = {}
    required: dict[str, None] = {}
    for block in schema.get("allOf", []):
        part = _resolve(block["$ref"], schema, folder) if "$ref" in block else block
        properties.update(part.get("properties", {}))
        required.update(dict.fromkeys(part.get("required", [])))
    properties.update(schema.get("properties", {}))
    required.update(dict.fromkeys(schema.get("required", [])))
    return {"type": "object", **flat, "required": list(required), "properties": properties}


def _resolve(ref: str, schema: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    name, _, pointer = ref.partition("#")
    node: Any = schema
    if name:
        path = folder / name
        node = _read_json(path if path.is_file() else root() / "data_schemas" / name)
    for part in [p for p in pointer.split("/") if p]:
        node = node[part]
    return dict(node)


@lru_cache(maxsize=256)
def _read_json(path: Path) -> dict[str, Any]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as e:
        message = f"Tệp {path.name} không phải JSON đúng: dòng {e.lineno}, cột {e.colno}."
        raise SourceInvalid(
            message, "json_syntax", Place(file=str(path), where=f"dòng {e.lineno}, cột {e.colno}")
        ) from None
    if not isinstance(data, dict):
        raise SourceInvalid(f"Tệp {path.name} phải là một đối tượng JSON.", "json_shape", Place(file=str(path)))
    return data


@lru_cache(maxsize=64)
def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as e:
        raise SourceInvalid(
            f"Tệp {path.name} không phải TOML đúng: {e}.", "toml_syntax", Place(file=str(path))
        ) from None
