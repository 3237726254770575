"""Context: what a template is given, made from one paper's data that was checked and its schema's words.

It never doubts the data and knows no engine: `evaluate(source, names, outer)` works out one `x-suy-ra` expression, by
Jinja (`derive`) or without it (`shortcut`).
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    Evaluate = Callable[[str, Mapping[str, Any], Mapping[str, Any]], Any]


def derived(
    schema: Mapping[str, Any], data: Mapping[str, Any], tt: Mapping[str, Any], evaluate: Evaluate
) -> dict[str, Any]:
    """One paper's context: its data, `x-suy-ra` values, None or [] for what is blank, marked gaps by `x-trong`."""
    properties: Mapping[str, Any] = schema["properties"]
    context = {name: _blank(spec) if is_blank(data.get(name)) else data[name] for name, spec in properties.items()}
    for name, spec in properties.items():
        if "x-suy-ra" in spec:
            context[name] = evaluate(spec["x-suy-ra"], context, {"tt": tt})
        elif isinstance(context[name], list) and "properties" in spec.get("items", {}):
            context[name] = _rows(spec, context[name], context, tt, evaluate)
    for name, spec in properties.items():
        if spec.get("x-trong") == "gach" and is_blank(context[name]) and is_printed(spec, context):
            context[name] = _gap(spec)
    return {**context, "tt": tt}


def is_printed(spec: Mapping[str, Any], data: Mapping[str, Any]) -> bool:
    """Whether a field is on this paper: where other fields of it hold one of the values that `x-chi-khi` names."""
    return all(data.get(name) in values for name, values in spec.get("x-chi-khi", {}).items())


def _rows(
    spec: Mapping[str, Any], rows: list[Any], context: Mapping[str, Any], tt: Mapping[str, Any], evaluate: Evaluate
) -> list[dict[str, Any]]:
    properties: Mapping[str, Any] = spec["items"]["properties"]
    made = []
    for i, row in enumerate(rows):
        line = {name: _blank(part) if is_blank(row.get(name)) else row[name] for name, part in properties.items()}
        outer = {"stt": i + 1, "van_ban_nay": context, "tt": tt}
        for name, part in properties.items():
            if "x-suy-ra" in part:
                line[name] = evaluate(part["x-suy-ra"], line, outer)
            elif isinstance(line[name], list) and "properties" in part.get("items", {}):
                line[name] = _rows(part, line[name], context, tt, evaluate)
        for name, part in properties.items():
            if part.get("x-trong") == "gach" and is_blank(line[name]):
                line[name] = _gap(part)
        made.append({"stt": i + 1, **line})
    return made


def is_blank(value: Any) -> bool:
    return value is None or value == "" or value == []


def types(spec: Mapping[str, Any]) -> tuple[str, ...]:
    """The types that a schema names."""
    kinds = spec.get("type", ())
    return (kinds,) if isinstance(kinds, str) else tuple(kinds)


def _blank(spec: Mapping[str, Any]) -> Any:
    return [] if "array" in types(spec) else None


def _gap(spec: Mapping[str, Any]) -> Any:
    """[Chưa nhập: Thực trạng]; a list has it as its one item, a list of rows in the first field of its one row."""
    gap = f"[Chưa nhập: {spec.get('title', '')}]"
    if "array" not in types(spec):
        return gap
    fields = spec.get("items", {}).get("properties")
    if not fields:
        return [gap]
    first = next(iter(fields))
    return [{"stt": 1, **{name: _blank(part) for name, part in fields.items()}, first: gap}]
