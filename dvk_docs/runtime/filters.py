"""Filters and tests that run without Jinja. They do what Jinja's of the same name do (a test compares them).

A filter is marked with what it is passed first: `passes` is `environment`, `context` or `eval_context`.
"""

from __future__ import annotations

import math
import operator
from functools import wraps

from .objects import Undefined, missing
from .printing import MAX_TEXT, TooMuch, check_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import Any

MAX_NUMBER = 10_000  # the greatest number that a filter takes as a width, a count ...


def _passes(what: str) -> Callable[[Any], Any]:
    def mark(function: Any) -> Any:
        function.passes = what
        return function

    return mark


def _soft(value: Any) -> Any:
    return value if isinstance(value, str) else str(value)


def _getter(environment: Any, attribute: Any, default: Any = None) -> Callable[[Any], Any]:
    """Return what reads a field by its path (`don_vi.ten`, `0`) through the sandbox."""
    parts = [attribute] if attribute is not None else []
    if isinstance(attribute, str):
        parts = [int(x) if x.isdigit() else x for x in attribute.split(".")]

    def get(item: Any) -> Any:
        for part in parts:
            item = environment.getitem(item, part)
            if default is not None and isinstance(item, Undefined):
                item = default
        return item

    return get


def default(value: Any, default_value: Any = "", boolean: bool = False) -> Any:
    return default_value if isinstance(value, Undefined) or (boolean and not value) else value


@_passes("environment")
def first(environment: Any, seq: Iterable[Any]) -> Any:
    found = next(iter(seq), missing)
    return environment.undefined("No first item, sequence was empty.") if found is missing else found


@_passes("environment")
def last(environment: Any, seq: Any) -> Any:
    found = next(iter(reversed(seq)), missing)
    return environment.undefined("No last item, sequence was empty.") if found is missing else found


def to_int(value: Any, default: int = 0, base: int = 10) -> int:
    try:
        return int(value, base) if isinstance(value, str) else int(value)
    except (TypeError, ValueError):
        try:
            return int(float(value))
        except (TypeError, ValueError, OverflowError):
            return default


@_passes("environment")
def unique(
    environment: Any, value: Iterable[Any], case_sensitive: bool = False, attribute: Any = None
) -> Iterator[Any]:
    get, seen = _getter(environment, attribute), set()
    for item in value:
        key = get(item)
        if isinstance(key, str) and not case_sensitive:
            key = key.lower()
        if key not in seen:
            seen.add(key)
            yield item


@_passes("environment")
def total(environment: Any, iterable: Iterable[Any], attribute: Any = None, start: Any = 0) -> Any:
    return sum(map(_getter(environment, attribute), iterable) if attribute is not None else iterable, start)


def _greatest(pick: Callable[..., Any]) -> Any:
    @_passes("environment")
    def greatest(environment: Any, value: Iterable[Any], case_sensitive: bool = False, attribute: Any = None) -> Any:
        get = _getter(environment, attribute)

        def key(item: Any) -> Any:
            found = get(item)
            return found.lower() if isinstance(found, str) and not case_sensitive else found

        items = list(value)
        if not items:
            return environment.undefined("No aggregated item, sequence was empty.")
        return pick(items, key=key)

    return greatest


def to_places(value: Any, precision: int = 0, method: str = "common") -> Any:
    """The filter `round`: to so many places, to the nearest (`common`), up (`ceil`) or down (`floor`)."""
    if method == "common":
        return round(value, precision)
    if method not in ("ceil", "floor"):
        raise TypeError("method must be common, ceil or floor")
    whole, power = (math.ceil if method == "ceil" else math.floor), 10**precision
    return whole(value * power) / power


@_passes("context")
def each(context: Any, value: Any, *args: Any, **kwargs: Any) -> Iterator[Any]:
    """The filter `map`: a field of each item (`attribute=`), or a filter applied to each."""
    if not value:
        return
    if not args and "attribute" in kwargs:
        get = _getter(context.environment, kwargs.pop("attribute"), kwargs.pop("default", None))
        if kwargs:
            raise TypeError(f"Unexpected keyword argument {next(iter(kwargs))!r}")
    elif not args:
        raise TypeError("map requires a filter argument")
    else:
        name, rest = args[0], args[1:]

        def get(item: Any) -> Any:
            return context.environment.call_filter(name, item, rest, kwargs, context)

    for item in value:
        yield get(item)


def _sift(wanted: bool, by_field: bool) -> Any:
    @_passes("context")
    def sift(context: Any, value: Any, *args: Any, **kwargs: Any) -> Iterator[Any]:
        if not value:
            return
        rest = list(args)
        if by_field and not rest:
            raise TypeError("Missing parameter for attribute name")
        get = _getter(context.environment, rest.pop(0)) if by_field else None
        test = rest.pop(0) if rest else None
        for item in value:
            found = get(item) if get else item
            holds = bool(found) if test is None else context.environment.call_test(test, found, rest, kwargs)
            if bool(holds) is wanted:
                yield item

    return sift


@_passes("eval_context")
def join(eval_ctx: Any, value: Iterable[Any], d: Any = "", attribute: Any = None) -> str:
    if attribute is not None:
        value = map(_getter(eval_ctx.environment, attribute), value)
    items = list(value)
    if eval_ctx.autoescape and (hasattr(d, "__html__") or any(hasattr(x, "__html__") for x in items)):
        from markupsafe import Markup, escape

        return Markup(escape(d)).join(items) if not hasattr(d, "__html__") else d.join(map(_soft, items))
    return str(d).join(map(str, items))


@_passes("eval_context")
def replace(eval_ctx: Any, s: Any, old: Any, new: Any, count: int | None = None) -> str:
    made: str = _soft(s).replace(_soft(old), _soft(new), -1 if count is None else count)
    return made


@_passes("eval_context")
def as_list(eval_ctx: Any, value: Iterable[Any]) -> list[Any]:
    return list(value)


def upper(s: Any) -> str:
    return str(_soft(s).upper())


def lower(s: Any) -> str:
    return str(_soft(s).lower())


def capitalize(s: Any) -> str:
    return str(_soft(s).capitalize())


def trim(value: Any, chars: str | None = None) -> str:
    return str(_soft(value).strip(chars))


FILTERS: Mapping[str, Callable[..., Any]] = {
    "abs": abs,
    "capitalize": capitalize,
    "count": len,
    "d": default,
    "default": default,
    "first": first,
    "int": to_int,
    "join": join,
    "last": last,
    "length": len,
    "list": as_list,
    "lower": lower,
    "map": each,
    "max": _greatest(max),
    "min": _greatest(min),
    "reject": _sift(False, False),
    "rejectattr": _sift(False, True),
    "replace": replace,
    "round": to_places,
    "select": _sift(True, False),
    "selectattr": _sift(True, True),
    "string": _soft,
    "sum": total,
    "trim": trim,
    "unique": unique,
    "upper": upper,
}
FILTER_NAMED = {"map": 0}  # filters that name another filter, and in which argument
TEST_NAMED = {"select": 0, "reject": 0, "selectattr": 1, "rejectattr": 1}  # or a test


def _is_sequence(value: Any) -> bool:
    return hasattr(value, "__len__") and hasattr(value, "__getitem__")


def _divides(value: Any, number: Any) -> bool:
    return bool(value % number == 0)


TESTS: Mapping[str, Callable[..., Any]] = {
    **dict.fromkeys(("eq", "==", "equalto"), operator.eq),
    **dict.fromkeys(("ne", "!="), operator.ne),
    **dict.fromkeys(("gt", ">", "greaterthan"), operator.gt),
    **dict.fromkeys(("lt", "<", "lessthan"), operator.lt),
    **dict.fromkeys(("ge", ">="), operator.ge),
    **dict.fromkeys(("le", "<="), operator.le),
    "boolean": lambda value: value is True or value is False,
    "defined": lambda value: not isinstance(value, Undefined),
    "divisibleby": _divides,
    "even": lambda value: value % 2 == 0,
    "false": lambda value: value is False,
    "float": lambda value: isinstance(value, float),
    "in": lambda value, seq: value in seq,
    "integer": lambda value: isinstance(value, int) and value is not True and value is not False,
    "none": lambda value: value is None,
    "odd": lambda value: value % 2 == 1,
    "string": lambda value: isinstance(value, str),
    "true": lambda value: value is True,
    "undefined": lambda value: isinstance(value, Undefined),
}


# --- bounds: what a template's own filters may not do ---------------------------------------------------------------

TEXT_FIRST = frozenset(
    (
        *("upper", "lower", "title", "capitalize", "trim", "replace"),
        *("string", "indent", "truncate", "striptags", "urlencode", "e", "escape"),
    )
)
NUMBERS = ("batch", "slice", "round", "sum")


def bound(filters: Mapping[str, Callable[..., Any]]) -> dict[str, Callable[..., Any]]:
    """Return the filters with bounds: a text filter prints None as nothing, none takes or makes anything huge."""
    made = dict(filters)
    for name in TEXT_FIRST & set(made):
        made[name] = _bounded(made[name])
    for name in NUMBERS:
        if name in made:
            made[name] = _bounded(made[name], text=False)
    made["join"] = _joined(made["join"])
    return made


def _passed_first(function: Callable[..., Any]) -> int:
    """Return how many arguments come before the value."""
    return 1 if hasattr(function, "passes") or hasattr(function, "jinja_pass_arg") else 0


def _bounded(function: Callable[..., Any], *, text: bool = True) -> Callable[..., Any]:
    at, name = _passed_first(function), getattr(function, "__name__", "").removeprefix("do_")

    @wraps(function)
    def bounded(*args: Any, **kwargs: Any) -> Any:
        extra = [*args[at + 1 :], *kwargs.values()]
        if any(isinstance(x, int) and abs(x) > MAX_NUMBER for x in extra) or (
            not text and any(isinstance(x, list | tuple) for x in extra)
        ):
            raise TooMuch
        if text and len(args) > at:
            if args[at] is None:
                return ""
            check_text(args[at])
            _check_growth(name, args[at], extra)
        return function(*args, **kwargs)

    return bounded


def _check_growth(name: str, value: Any, extra: Sequence[Any]) -> None:
    """Refuse what would grow beyond `MAX_TEXT`: each place of a text may take the longest of the arguments."""
    longest = max((x if isinstance(x, int) else len(x) for x in extra if isinstance(x, int | str)), default=0)
    places = 1
    if name in ("replace", "indent"):
        old = str(extra[0]) if name == "replace" and extra else "\n"
        places = str(value).count(old) + 1
    if len(str(value)) > MAX_TEXT or places * longest > MAX_TEXT:
        raise TooMuch


def _joined(function: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function)
    def joined(eval_ctx: Any, value: Any, d: Any = "", attribute: Any = None) -> Any:
        items = map(_getter(eval_ctx.environment, attribute), value) if attribute is not None else value
        items = [x for x in items if x is not None]
        for item in items:
            check_text(item)
        if len(str(d)) * len(items) > MAX_TEXT:
            raise TooMuch
        made = function(eval_ctx, items, d)
        if len(made) > MAX_TEXT:
            raise TooMuch
        return made

    return joined
