"""The expressions of schemas (`x-suy-ra`) on the light run-time: code that was kept, or a plain path.

`Fields` says what an expression may reach; it is mixed into Jinja's sandbox too (`expressions`). A blank's field is
blank. An error of any kind leaves the work to `expressions`, which finds the words for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from . import filters
from .objects import Loop, Namespace, StrictUndefined, Undefined, missing
from .printing import TooMuch
from .sandbox import NAMES, Environment, Words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType
    from typing import Any

TEXT_METHODS = frozenset(("startswith", "endswith", "strip", "lower", "upper", "split"))
MAX_TEXT = 1_000_000  # characters of one result
MAX_ITEMS = 100_000  # items of one result
MAX_OPERAND = 1e12  # of `*` and `%`


class Fields:
    """What an expression may reach: fields of records, a few methods of text, items by number."""

    own: tuple[type, ...] = ()
    undefined: Any

    def unsafe_undefined(self, obj: Any, attribute: str) -> Any:
        raise NotImplementedError

    def reach(self, obj: Any, attribute: str) -> Any:
        raise NotImplementedError

    def getattr(self, obj: Any, attribute: str) -> Any:
        return self.look(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        return self.look(obj, argument)

    def look(self, obj: Any, name: Any) -> Any:
        """Return a field of `obj`, or what is undefined."""
        if obj is None:
            return None
        if isinstance(name, str) and name.startswith("_"):
            return self.unsafe_undefined(obj, name)
        if isinstance(obj, (dict, Mapping)):  # dict first: it is told at once
            return obj[name] if name in obj else self.undefined(obj=obj, name=name)
        if isinstance(obj, str) and name in TEXT_METHODS:
            return getattr(obj, name)
        if isinstance(obj, (str, list, tuple)) and isinstance(name, (int, slice)):
            try:
                return obj[name]
            except IndexError:
                return self.undefined(obj=obj, name=str(name))
        if isinstance(obj, self.own):
            return self.reach(obj, name)
        return self.undefined(obj=obj, name=name)


def text(value: Any) -> str:
    """A part of a `~`: a blank prints nothing."""
    return "" if value is None else str(value)


def is_text_method(function: Any) -> bool:
    name, owner = getattr(function, "__name__", ""), getattr(function, "__self__", None)
    return name in TEXT_METHODS and isinstance(owner, str)


class _Environment(Fields, Environment):
    """What the code of an expression asks its environment for. It does not escape: its result is data, not XML."""

    own = (Undefined, Loop, Namespace)
    undefined = StrictUndefined
    autoescape = False

    def __init__(self) -> None:
        self.filters = Words({**filters.FILTERS, "_in": text})
        self.tests = filters.TESTS
        self.globals = Words()

    def call(self, context: Any, function: Any, /, *args: Any, **kwargs: Any) -> Any:
        if not (is_text_method(function) or function in self.globals.values()):
            raise TypeError("call")
        kwargs.pop("_loop_vars", None)
        return function(*args, **kwargs)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        numbers = isinstance(left, (int, float)) and isinstance(right, (int, float))
        if operator == "**" or not numbers or max(abs(left), abs(right)) > MAX_OPERAND:
            raise TooMuch
        return self.binops[operator](left, right)


class _Work:
    """The names of one expression: its own, the outer ones, then the functions of the language."""

    def __init__(self, environment: _Environment, names: Mapping[str, Any], outer: Mapping[str, Any]) -> None:
        self.environment = self.eval_ctx = environment
        self._all = (names, outer, environment.globals)
        self.vars: dict[str, Any] = {}
        self.exported_vars: set[str] = set()

    def resolve_or_missing(self, name: str) -> Any:
        return next((names[name] for names in self._all if name in names), missing)


class Formulas:
    """Expressions by their source: code, or None for a plain path. Call it with a source and the names in reach."""

    def __init__(self, codes: Mapping[str, CodeType | None]) -> None:
        self._environment = _Environment()
        self._codes = codes
        self._roots: dict[str, Callable[[Any], Iterator[Any]]] = {}

    def __call__(self, source: str, names: Mapping[str, Any], outer: Mapping[str, Any]) -> Any:
        code, work = self._codes[source], _Work(self._environment, names, outer)
        value = self._walk(source, work) if code is None else self._run(source, code, work)
        if isinstance(value, Undefined):
            raise LookupError(source)
        value = list(value) if isinstance(value, Iterator) else value
        if isinstance(value, (str, list, tuple)) and len(value) > (MAX_TEXT if isinstance(value, str) else MAX_ITEMS):
            raise TooMuch
        return value

    def _walk(self, source: str, work: _Work) -> Any:
        first, *rest = source.split(".")
        value = work.resolve_or_missing(first)
        if value is missing:
            raise LookupError(source)
        for name in rest:
            value = self._environment.look(value, name)
            if isinstance(value, Undefined):
                raise LookupError(source)
        return value

    def _run(self, source: str, code: CodeType, work: _Work) -> Any:
        if source not in self._roots:
            names: dict[str, Any] = {**NAMES, "environment": self._environment}
            exec(code, names)
            self._roots[source] = names["root"]
        for _ in self._roots[source](work):
            pass
        return work.vars["result"]
