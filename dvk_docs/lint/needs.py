"""A template against the schema of its paper, and the skeleton of what a template needs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from dvk_docs.catalog import Catalog
from dvk_docs.engine import environment
from dvk_docs.errors import Place, Problem, Severity
from dvk_docs.lint.names import Names, Tell
from dvk_docs.lint.tags import Mark
from dvk_docs.lint.values import ANY, ITEM, TEXT, Group, Ledger, Need, Path, Spec, Value, all_fields

DRAFT = "https://json-schema.org/draft/2020-12/schema"
_FIXED = "Lời cố định của thể thức, công cụ tự điền."


@cache
def _fixed_words() -> Group:
    """Return `tt`: the fixed words that any of the format profiles has."""
    from dvk_docs import profiles

    found = profiles.load_all(Catalog().profiles_folder())
    return Group(dict.fromkeys((word for profile in found for word in profile.words), TEXT))


def alone(parts: Sequence[Sequence[Mark]]) -> list[Problem]:
    """Return the misuses that show without a schema: functions that are not there, a list of the template's printed."""
    found: list[Problem] = []
    for marks in parts:
        Names(Need(), _teller(found)).read(marks)
    return found


def against(schema: Mapping[str, Any], parts: Sequence[Sequence[Mark]]) -> list[Problem]:
    """Return every name that `schema` lacks, each misuse of one, and every field that no tag reads.

    `parts` are the tags of each part, in order. A field read by the `x-suy-ra` of a field that is read counts as read.
    """
    ledger = Ledger(schema)
    derived = _Derived(ledger)
    ledger.infer = derived.value
    found: list[Problem] = []
    for marks in parts:
        Names(Spec(schema, (), ledger), _teller(found), {"tt": _fixed_words()}).read(marks)
    derived.follow()
    return [*found, *_unused(ledger)]


def _teller(found: list[Problem]) -> Tell:
    def tell(mark: Mark | None, code: str, message: str, hint: str, severity: Severity) -> None:
        if mark is not None:
            found.append(mark.problem(code, message, hint, severity))

    return tell


class _Derived:
    """Reads the expressions of derived fields (`x-suy-ra`), each in the scope of its own record."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.inside: set[Path] = set()

    def follow(self) -> None:
        """Note as read what the derived fields that are read are made of."""
        done: set[Path] = set()
        while fresh := [p for p in self.ledger.used if p not in done]:
            for path in fresh:
                done.add(path)
                source = self.ledger.used[path].get("x-suy-ra")
                if isinstance(source, str):
                    self.value(path, source).touch("whole")

    def value(self, path: Path, source: str) -> Value:
        """Return what the derived field at `path` holds; nothing is known of one that is made of itself."""
        from jinja2 import TemplateError, nodes

        try:
            tree = environment().parse("{{ " + source + " }}")
        except (TemplateError, RecursionError, ValueError):
            return ANY  # the check of the schemas names it
        output = tree.body[0] if tree.body else None
        if path in self.inside or not isinstance(output, nodes.Output):
            return ANY
        whole = Spec(self.ledger.schema, (), self.ledger)
        extra: dict[str, Value] = {"tt": _fixed_words(), "stt": TEXT, "van_ban_nay": whole}
        self.inside.add(path)
        made = Names(_row(path[:-1], self.ledger), lambda *_: None, extra).value(output.nodes[0])
        self.inside.discard(path)
        return made


def _row(path: Path, ledger: Ledger) -> Value:
    value: Value = Spec(ledger.schema, (), ledger)
    for step in path:
        value = value.item() if step == ITEM else (value.attr(step) or value)
    return value


def _unused(ledger: Ledger) -> Iterator[Problem]:
    told: set[Path] = set()
    for path, spec in all_fields(ledger.schema, ledger.schema):
        if ledger.reads(path) or any(path[:n] in told for n in range(len(path))):
            continue
        told.add(path)
        message = f"Mẫu không dùng mục “{spec.get('title') or path[-1]}”."
        yield Problem(Place("/" + "/".join(path)), "unused_field", "thong_tin", message)


def skeleton(parts: Sequence[Sequence[Mark]]) -> dict[str, Any]:
    """Return what the tags need as a JSON Schema skeleton."""
    root = Need()
    for marks in parts:
        Names(root, lambda *_: None).read(marks)
    if "tt" in root.fields:
        words = root.fields.pop("tt").schema()
        made = root.group_schema()
        made["properties"]["tt"] = {**words, "description": _FIXED}
    else:
        made = root.group_schema()
    return {"$schema": DRAFT, **made}
