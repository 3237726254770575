"""What a name of a template may hold: by the schema of the paper (`Spec`), or by how the template uses it (`Need`)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Shape = Literal["any", "list", "group", "text"]
Path = tuple[str, ...]
ITEM = "*"  # the step of a path into the rows of a list


class Value:
    """A value of which nothing is known: it may be anything and have any field."""

    shape: Shape = "any"

    def attr(self, name: str) -> Value | None:
        """Return the field `name`; None where there is none."""
        return ANY

    def item(self) -> Value:
        """Return one item of a list."""
        return ANY

    def names(self) -> list[str]:
        """Return the fields that are known."""
        return []

    def touch(self, how: str) -> None:
        """Note that the value was used: `blank` (asked whether it is there), `compared`, `whole`, or as a type."""


class _Text(Value):
    """A text, a number or a truth value."""

    shape: Shape = "text"

    def attr(self, name: str) -> Value | None:
        return None


@dataclass(slots=True)
class ListOf(Value):
    """A list that the template makes itself."""

    of: Value
    shape: Shape = "list"

    def attr(self, name: str) -> Value | None:
        return None

    def item(self) -> Value:
        return self.of


@dataclass(slots=True)
class Group(Value):
    """A record with the given fields, such as `loop`."""

    fields: Mapping[str, Value]
    shape: Shape = "group"

    def attr(self, name: str) -> Value | None:
        return self.fields.get(name)

    def names(self) -> list[str]:
        return list(self.fields)


ANY, TEXT = Value(), _Text()
_LOOP_WORDS = ["index", "index0", "revindex", "revindex0", "first", "last", "length", "depth", "depth0"]


def loop_value(item: Value) -> Group:
    """Return what `loop` holds inside a loop over items like `item`."""
    return Group({**dict.fromkeys(_LOOP_WORDS, TEXT), "previtem": item, "nextitem": item, "cycle": ANY, "changed": ANY})


# --- by the schema ------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Ledger:
    """Which fields of a schema a template reads; `whole` are those handed on with all they hold."""

    schema: Mapping[str, Any]
    used: dict[Path, Mapping[str, Any]] = field(default_factory=dict)
    whole: set[Path] = field(default_factory=set)
    infer: Callable[[Path, str], Value] | None = None  # what a derived field holds, by its path and expression

    def reads(self, path: Path) -> bool:
        return path in self.used or any(path[:n] in self.whole for n in range(len(path)))


class Spec(Value):
    """A value of a schema: `path` is where it stands, `extra` the fields that the machinery adds to it."""

    def __init__(self, spec: Any, path: Path, ledger: Ledger, extra: Mapping[str, Value] | None = None) -> None:
        self.spec = resolved(spec, ledger.schema)
        self.path = path
        self.ledger = ledger
        self.extra = extra or {}
        self.shape = _shape(self.spec)

    def attr(self, name: str) -> Value | None:
        if self.shape != "group":
            return ANY if self.shape == "any" else None
        properties = self.spec.get("properties")
        if properties is None:
            return ANY
        if name in properties:
            path = (*self.path, name)
            self.ledger.used[path] = properties[name]
            return Spec(properties[name], path, self.ledger)
        return self.extra.get(name)

    def item(self) -> Value:
        if self.shape == "list" and "items" not in self.spec:
            return self._derived().item()
        if self.shape != "list":
            return ANY
        return Spec(self.spec["items"], (*self.path, ITEM), self.ledger, {"stt": TEXT})

    def _derived(self) -> Value:
        source, infer = self.spec.get("x-suy-ra"), self.ledger.infer
        return infer(self.path, source) if infer is not None and isinstance(source, str) else ANY

    def names(self) -> list[str]:
        return [*self.spec.get("properties", {}), *self.extra]

    def touch(self, how: str) -> None:
        if how == "whole":
            self.ledger.whole.add(self.path)


def resolved(spec: Any, root: Mapping[str, Any], depth: int = 0) -> Mapping[str, Any]:
    """Return a schema with its own `$ref`, `allOf`, `anyOf` and `oneOf` merged in: what a value of it may have."""
    if not isinstance(spec, Mapping) or depth > 8:
        return {}
    parts = [resolved(_pointed(root, spec.get("$ref")), root, depth + 1)] if "$ref" in spec else []
    for word in ("allOf", "anyOf", "oneOf"):
        some = spec.get(word)
        parts += [resolved(one, root, depth + 1) for one in some] if isinstance(some, list) else []
    if not parts:
        return spec
    out: dict[str, Any] = {}
    for part in (*parts, spec):
        merged = {**out.get("properties", {}), **part.get("properties", {})}
        kinds = [*types(out), *(k for k in types(part) if k not in types(out))]
        out = {**out, **part, **({"properties": merged} if merged else {}), **({"type": kinds} if kinds else {})}
    return out


def _pointed(root: Mapping[str, Any], ref: Any) -> Any:
    node: Any = root
    for step in str(ref).removeprefix("#").split("/")[1:] if str(ref).startswith("#") else ["?"]:
        node = node.get(step.replace("~1", "/").replace("~0", "~")) if isinstance(node, Mapping) else None
    return node


def types(spec: Mapping[str, Any]) -> list[str]:
    """Return the JSON types a schema allows; none where it does not say."""
    given = spec.get("type", [])
    return [given] if isinstance(given, str) else [str(t) for t in given]


def _shape(spec: Mapping[str, Any]) -> Shape:
    kinds = [t for t in types(spec) if t != "null"]
    if kinds == ["array"]:
        return "list"
    if kinds == ["object"] or (not kinds and "properties" in spec):
        return "group"
    return "text" if kinds and not {"array", "object"} & set(kinds) else "any"


def all_fields(spec: Any, root: Mapping[str, Any], path: Path = ()) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Yield (path, schema) of every field, a field before what it holds."""
    whole = resolved(spec, root)
    if len(path) > 12:
        return
    for name, part in whole.get("properties", {}).items():
        yield (*path, name), part
        yield from all_fields(part, root, (*path, name))
    if "items" in whole:
        yield from all_fields(whole["items"], root, (*path, ITEM))


# --- by how the template uses it ----------------------------------------------------------------------------


class Need(Value):
    """A value that the template needs; it grows as the template is read."""

    def __init__(self) -> None:
        self.fields: dict[str, Need] = {}
        self.rows: Need | None = None
        self.told: set[str] = set()

    def attr(self, name: str) -> Value | None:
        return self.fields.setdefault(name, Need())

    def item(self) -> Value:
        if self.rows is None:
            self.rows = Need()
        return self.rows

    def touch(self, how: str) -> None:
        self.told.add(how)

    @property
    def optional(self) -> bool:
        """Whether the template asks if it is there, or does nothing but ask."""
        return "blank" in self.told or (not self.fields and self.rows is None and self.told <= {"compared"})

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema skeleton of this value."""
        out = self._typed()
        if self.optional:
            out["x-co-the-trong"] = True
        return out

    def _typed(self) -> dict[str, Any]:
        if self.rows is not None or "list" in self.told:
            return {"type": "array", "items": self.rows.schema() if self.rows else {}}
        if self.fields:
            return self.group_schema()
        kinds = [how for how in ("integer", "number", "boolean") if how in self.told]
        if "date" in self.told:
            return {"type": "string", "format": "date"}
        if kinds:
            return {"type": kinds[0]}
        return {"type": "string"} if "text" in self.told else {}

    def group_schema(self) -> dict[str, Any]:
        """Return the skeleton of a record: its fields, and which of them cannot be blank."""
        properties = {name: need.schema() for name, need in self.fields.items()}
        required = [name for name, need in self.fields.items() if not need.optional]
        return {"type": "object", "properties": properties, **({"required": required} if required else {})}
