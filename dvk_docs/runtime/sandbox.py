"""What a template may reach, and how far it may go: one set of rules, whatever run-time the template runs on.

`Rules` is mixed into the light environment here and into Jinja's in `engine`, so a template is held to the same rules
on both. A record's own fields come first, then a short list of harmless methods; nothing of Python's objects.
"""

from __future__ import annotations

import operator
import types
from collections.abc import Mapping
from functools import cache

from dvk_docs.viet import HOMES, text_filter

from . import filters, printing
from .objects import Loop, Namespace, StrictUndefined, Undefined, missing
from .printing import MAX_TEXT, TooMuch

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import Any

FILE = "<dvk template>"  # what the frames of compiled templates are called
MAX_STEPS = 3_000_000  # turns of loops and calls, one render
CALL = 10  # steps that a call counts
MAX_REPEAT = 1000  # how often a template may repeat a text with `*`; the longest range

_TEXT_METHODS = frozenset(
    (
        *("upper", "lower", "title", "capitalize", "strip", "lstrip", "rstrip", "removeprefix", "removesuffix"),
        *("split", "rsplit", "splitlines", "startswith", "endswith", "isdigit", "isalpha", "isupper", "islower"),
        *("count", "find", "index"),
    )
)


_INSIDE = (  # Python's own workings: none of their fields is a template's business
    *(types.GeneratorType, types.CoroutineType, types.AsyncGeneratorType, types.FrameType, types.CodeType),
    *(types.TracebackType, types.ModuleType, BaseException),
)


@cache
def _methods() -> Sequence[tuple[type, frozenset[str]]]:
    from datetime import date, time

    return (
        (str, _TEXT_METHODS),
        (Mapping, frozenset({"items", "keys", "values", "get"})),
        (list, frozenset({"index", "count"})),
        (tuple, frozenset({"index", "count"})),
        (date, frozenset({"isoformat", "weekday", "isoweekday", "date", "time"})),
        (time, frozenset({"isoformat"})),
    )


class Rules:
    """The rules. `own` are the run-time's own objects that have fields; `reach` gets a field of one of them."""

    own: tuple[type, ...] = ()
    classes: tuple[type, ...] = ()  # that may be called
    undefined: Any
    binops: Mapping[str, Callable[[Any, Any], Any]] = {"*": operator.mul, "+": operator.add, "%": operator.mod}

    def unsafe_undefined(self, obj: Any, attribute: str) -> Any:
        raise NotImplementedError

    def reach(self, obj: Any, attribute: str) -> Any:
        raise NotImplementedError

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, Mapping) and attribute in obj:
            return obj[attribute]
        if attribute.startswith("_"):
            return self.unsafe_undefined(obj, attribute)
        if isinstance(obj, self.own):
            return self.reach(obj, attribute)
        if isinstance(obj, _INSIDE) or (callable(obj) and not hasattr(type(obj), "__html__")):
            return self.unsafe_undefined(obj, attribute)
        try:
            value = getattr(obj, attribute)
        except AttributeError:
            return self.undefined(obj=obj, name=attribute)
        if not callable(value):
            return value
        allowed = any(isinstance(obj, kind) and attribute in names for kind, names in _methods())
        return value if allowed else self.unsafe_undefined(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        try:
            return obj[argument]
        except (TypeError, LookupError, AttributeError):
            if isinstance(argument, str):
                return self.getattr(obj, str(argument))
        return self.undefined(obj=obj, name=argument)

    def may_call(self, function: Any) -> None:
        """Raise jinja2's `SecurityError` for a class, or for what says that it is not safe to call."""
        if (isinstance(function, type) and function not in self.classes) or (
            not isinstance(function, Undefined)
            and (getattr(function, "unsafe_callable", False) or getattr(function, "alters_data", False))
        ):
            from jinja2.exceptions import SecurityError

            raise SecurityError(type(function).__name__)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        if operator == "**" or (operator == "%" and isinstance(left, str)):
            raise TooMuch
        sizes = [len(x) for x in (left, right) if isinstance(x, str | list | tuple)]
        whole = [x for x in (left, right) if isinstance(x, int)]
        if operator == "*" and (
            (sizes and whole and (whole[0] > MAX_REPEAT or sizes[0] * whole[0] > MAX_TEXT))
            or (len(whole) == 2 and sum(x.bit_length() for x in whole) > 4096)
        ):
            raise TooMuch
        if operator == "+" and sum(sizes) > MAX_TEXT:
            raise TooMuch
        return self.binops[operator](left, right)


OWN_WORDS = ("_loop_vars", "_block_vars")  # which Jinja's code hands to each call inside a loop or a block


class Counting:
    """How much one render has done so far, and where its loops stand."""

    spent = 0

    def spend(self, steps: int) -> None:
        self.spent += steps
        if self.spent > MAX_STEPS:
            raise TooMuch

    def rows(self, items: Any, line: int) -> Iterable[Any]:
        """Return `items` for the loop on `line`, counted, so that an error can say in which turn it rose."""
        rows: _Items | _Counted
        if type(items) in (list, tuple):
            self.spend(len(items))
            rows = _Items(items)
        else:
            rows = _Counted(self, iter(items))
        self.__dict__.setdefault("loops", {})[line] = rows
        return rows

    def loop(self, line: int) -> Any:
        """Return what the loop on `line` goes over; None where it never ran."""
        return self.__dict__.get("loops", {}).get(line)

    def row(self, line: int) -> int:
        """Return in which turn (1 is the first) the loop on `line` stands; 0 where it does not run."""
        rows = self.loop(line)
        return rows.turn if rows is not None else 0

    def charged(self, value: Any) -> Any:
        """Return what a call gave; a range costs its length."""
        if isinstance(value, range):
            self.spend(len(value))
        return value


class _Items:
    """A list that is looped over at the speed of a list and still tells where it is."""

    __slots__ = ("_items", "_rows")

    def __init__(self, items: Sequence[Any]) -> None:
        self._items, self._rows = items, iter(items)

    def __iter__(self) -> Iterator[Any]:
        return self._rows

    def __len__(self) -> int:
        return len(self._items)

    @property
    def turn(self) -> int:
        state = self._rows.__reduce__()  # (iter, (items,), next index); exhausted: no index
        return state[2] if len(state) > 2 and isinstance(state[2], int) else 0


class _Counted:
    """Any other iterable, counted turn by turn: a stream of rows may be longer than memory."""

    __slots__ = ("_rows", "_work", "turn")

    def __init__(self, work: Counting, rows: Iterator[Any]) -> None:
        self._work, self._rows, self.turn = work, rows, 0

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        try:
            item = next(self._rows)
        except StopIteration:
            self.turn = 0
            raise
        self.turn += 1
        self._work.spend(1)
        return item


def counted_range(*bounds: int) -> range:
    """The function `range` of templates."""
    return range(*bounds)[:MAX_REPEAT]


# --- the light run-time --------------------------------------------------------------------------------------------


class Words(dict[str, "Callable[..., Any]"]):
    """Filters or functions by name; a Vietnamese one is imported when it is first asked for."""

    def __missing__(self, name: str) -> Callable[..., Any]:
        if name not in HOMES:
            raise KeyError(name)
        found = self[name] = text_filter(name)
        return found

    def __contains__(self, name: object) -> bool:
        return super().__contains__(name) or name in HOMES


class Environment(Rules):
    """What the code of a light template asks its environment for; escaping, strict, sandboxed."""

    own = (Undefined, Loop, Namespace)
    classes = (Namespace,)
    undefined = StrictUndefined
    autoescape = True
    concat = staticmethod(printing.concat)

    def __init__(self) -> None:
        self.filters = Words(filters.bound(filters.FILTERS))
        self.tests = filters.TESTS
        self.globals = Words({"range": counted_range, "namespace": Namespace})

    @property
    def environment(self) -> Environment:
        """As the evaluation context of a filter it is its own environment."""
        return self

    def unsafe_undefined(self, obj: Any, attribute: str) -> Any:
        hint = f"access to attribute {attribute!r} of {type(obj).__name__!r} object is unsafe."
        return self.undefined(hint, obj, attribute, True)

    def reach(self, obj: Any, attribute: str) -> Any:
        try:
            return getattr(obj, attribute)
        except AttributeError:
            return self.undefined(obj=obj, name=attribute)

    def call(self, context: Any, function: Any, /, *args: Any, **kwargs: Any) -> Any:
        self.may_call(function)
        for name in OWN_WORDS:
            kwargs.pop(name, None)
        context.spend(CALL)
        for name in ("_loop_vars", "_block_vars"):  # what Jinja's code hands to calls inside a loop
            kwargs.pop(name, None)
        return context.charged(function(*args, **kwargs))

    def call_filter(self, name: str, value: Any, args: Any, kwargs: Any, context: Any) -> Any:
        function = self.filters[name]
        first = {"environment": self, "context": context, "eval_context": self}.get(getattr(function, "passes", ""))
        return function(value, *args, **kwargs) if first is None else function(first, value, *args, **kwargs)

    def call_test(self, name: str, value: Any, args: Any, kwargs: Any) -> Any:
        return self.tests[name](value, *args, **kwargs)


class Work(Counting):
    """The names of one render on the light run-time, as the code of a template asks for them."""

    def __init__(self, environment: Environment, names: Mapping[str, Any]) -> None:
        self.environment = self.eval_ctx = environment
        self._names = names
        self.vars: dict[str, Any] = {}
        self.exported_vars: set[str] = set()

    def resolve_or_missing(self, name: str) -> Any:
        if name in self._names:
            return self._names[name]
        known = self.environment.globals
        return known[name] if name in known else missing  # noqa: SIM401 - `get` knows nothing of `__missing__`


@cache
def environment() -> Environment:
    """Return the one light environment of all templates."""
    return Environment()


NAMES: Mapping[str, Any] = {  # what the code of a template imports from jinja2.runtime
    "LoopContext": Loop,
    "Namespace": Namespace,
    "TemplateRuntimeError": RuntimeError,
    "Undefined": Undefined,
    "internalcode": lambda function: function,
    "missing": missing,
    "markup_join": printing.markup_join,
    "str_join": printing.str_join,
}
