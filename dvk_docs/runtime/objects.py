"""What a template meets beside its data: a name that is not there, the loop it stands in, a namespace.

They do what Jinja's objects of the same name do; an error is raised as Jinja's own, which is imported only then.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any, NoReturn


class _Missing:
    def __repr__(self) -> str:
        return "missing"


missing = _Missing()


class Undefined:
    """A name that is not there: prints nothing, is false, holds nothing; a field of it is an error."""

    __slots__ = ("_hint", "_name", "_obj", "_unsafe")

    def __init__(self, hint: str | None = None, obj: Any = missing, name: Any = None, unsafe: bool = False) -> None:
        self._hint, self._obj, self._name, self._unsafe = hint, obj, name, unsafe

    def _fail(self, *_: Any, **__: Any) -> NoReturn:
        """Raise jinja2's `UndefinedError` (`SecurityError` for what is refused) in jinja2's words."""
        from jinja2 import StrictUndefined, UndefinedError
        from jinja2.exceptions import SecurityError
        from jinja2.utils import missing as none

        obj = none if self._obj is missing else self._obj
        StrictUndefined(
            self._hint, obj, self._name, SecurityError if self._unsafe else UndefinedError
        )._fail_with_undefined_error()
        raise AssertionError

    def __getattr__(self, name: str) -> Any:
        if name[:2] == "__":  # so that `hasattr` gets an answer
            raise AttributeError(name)
        self._fail()

    def __str__(self) -> str:
        return ""

    def __len__(self) -> int:
        return 0

    def __iter__(self) -> Iterator[Any]:
        yield from ()

    def __bool__(self) -> bool:
        return False

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return id(type(self))

    def __call__(self, *_: Any, **__: Any) -> Any:
        self._fail()

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = __call__
    __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = __pow__ = __rpow__ = __pos__ = __neg__ = __call__
    __lt__ = __le__ = __gt__ = __ge__ = __getitem__ = __int__ = __float__ = __complex__ = __call__


class StrictUndefined(Undefined):
    """A name that is not there: anything but asking whether it is there is an error."""

    __slots__ = ()
    __str__ = __len__ = __iter__ = __bool__ = __eq__ = __ne__ = __hash__ = __contains__ = Undefined._fail


class Namespace:
    """What `namespace(a=1)` gives: names that a loop may set so that they outlive it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        object.__setattr__(self, "_names", dict(*args, **kwargs))

    def __getattribute__(self, name: str) -> Any:
        names = object.__getattribute__(self, "_names")
        if name == "__class__":
            return object.__getattribute__(self, name)
        if name in names:
            return names[name]
        raise AttributeError(name)

    def __setitem__(self, name: str, value: Any) -> None:
        object.__getattribute__(self, "_names")[name] = value

    def __repr__(self) -> str:
        return "<Namespace>"


class Loop:
    """The `loop` of a for: where it stands, what comes before and after. Iterates as (item, loop)."""

    index0 = -1
    depth0, depth = 0, 1

    def __init__(self, items: Iterable[Any], undefined: type[Undefined]) -> None:
        self._items, self._iterator, self._undefined = items, iter(items), undefined
        self._length: int | None = None
        self._after: Any = missing
        self._current: Any = missing
        self._before: Any = missing
        self._changed: Any = missing

    def __iter__(self) -> Loop:
        return self

    def __next__(self) -> tuple[Any, Loop]:
        if self._after is missing:
            item = next(self._iterator)
        else:
            item, self._after = self._after, missing
        self.index0 += 1
        self._before, self._current = self._current, item
        return item, self

    @property
    def index(self) -> int:
        return self.index0 + 1

    @property
    def length(self) -> int:
        """How many items there are; what has no length is read to its end."""
        if self._length is None:
            try:
                self._length = len(self._items)  # type: ignore[arg-type]
            except TypeError:
                rest = list(self._iterator)
                self._iterator = iter(rest)
                self._length = len(rest) + self.index + (self._after is not missing)
        return self._length

    def __len__(self) -> int:
        return self.length

    @property
    def revindex(self) -> int:
        return self.length - self.index0

    @property
    def revindex0(self) -> int:
        return self.length - self.index

    @property
    def first(self) -> bool:
        return self.index0 == 0

    def _peek(self) -> Any:
        if self._after is missing:
            self._after = next(self._iterator, missing)
        return self._after

    @property
    def last(self) -> bool:
        return self._peek() is missing

    @property
    def previtem(self) -> Any:
        return self._undefined("there is no previous item") if self.first else self._before

    @property
    def nextitem(self) -> Any:
        after = self._peek()
        return self._undefined("there is no next item") if after is missing else after

    def cycle(self, *args: Any) -> Any:
        if not args:
            raise TypeError("no items for cycling given")
        return args[self.index0 % len(args)]

    def changed(self, *value: Any) -> bool:
        if self._changed == value:
            return False
        self._changed = value
        return True

    def __call__(self, items: Any) -> NoReturn:
        raise TypeError("The loop must have the 'recursive' marker to be called recursively.")

    def __repr__(self) -> str:
        return f"<Loop {self.index}>"
