"""The one expression language: sandboxed Jinja expressions over records that know their place.

Kinds (`x-tu`, `x-suy-ra`, `x-moi`, `x-khi`), the year's named sets and the rules are all written in it. A name that
does not exist is an error; a field that is blank is None, and what hangs on a blank is blank (`nay.tap_the.ten`).
Nothing dangerous can be reached: no private names, no methods but a few of text, no `**`, no growing of text, and the
size of a result is bounded. Jinja itself is imported at the first expression, not before.

>>> evaluate("ds|selectattr('dat')|list|length", {"ds": [{"dat": True}, {"dat": None}]})
1
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from importlib import metadata
from typing import TYPE_CHECKING, Any

from . import kept
from .errors import FieldInvalid, Place, Problem, Report, TemplateInvalid
from .runtime import formulas
from .viet import kieu_dau as _kieu_dau
from .viet.loc import TEXT_FUNCTIONS
from .viet.ngay import ngay_dai, ngay_so
from .viet.so_van_ban import ky_hieu
from .viet.van_ban import thuong_dau

if TYPE_CHECKING:
    from types import CodeType

    from jinja2 import Template, nodes
    from jinja2.sandbox import SandboxedEnvironment

MAX_SOURCE = 4000  # characters of one expression
MAX_KEPT = 8192  # expressions whose code is kept between runs
WORTH_KEEPING = 20  # newly compiled expressions that are worth a file
NO_NUMBER = "[chưa có số]"
NO_DAY = "[chưa có ngày]"


class Unworkable(TemplateInvalid):
    """An expression that the values at hand cannot be put through; of other values it may be right.

    `blank` says that a blank was among them: something was compared or reckoned with it.
    """

    blank = False


# --- records ---------------------------------------------------------------------------------------------------------


class Reads:
    """What was read for one value that is kept: noted whole, and taken apart once, where the reader is done."""

    __slots__ = ("_backwards", "pointers")

    def __init__(self, pointers: tuple[str, ...]) -> None:
        self.pointers = pointers
        self._backwards: dict[str, None] | None = None

    @property
    def backwards(self) -> dict[str, None]:
        """The pointers, the last read first."""
        if self._backwards is None:
            self._backwards = dict.fromkeys(reversed(self.pointers))
        return self._backwards


class Tracker:
    """Notes which fields of the year are read, in order; what a cached value read is noted again at each use."""

    __slots__ = ("reads",)

    def __init__(self) -> None:
        self.reads: dict[str | Reads, None] = {}

    def note(self, pointer: str | Reads) -> None:
        self.reads.pop(pointer, None)  # the last read stands last: it is the origin of a plain path
        self.reads[pointer] = None

    def during(self, work: Callable[[], Any]) -> tuple[Any, tuple[str, ...]]:
        """The result of `work` and the pointers that it read; the caller's own reads are kept apart.

        What was read for work that failed is the caller's: it says where the fault lies.
        """
        outer, self.reads = self.reads, {}
        try:
            value = work()
            return value, _in_order(self.reads)
        except Exception:
            for read in self.reads:
                outer.pop(read, None)
                outer[read] = None
            raise
        finally:
            self.reads = outer

    def attempt(self, work: Callable[[], Any]) -> tuple[Any, tuple[str, ...], TemplateInvalid | None]:
        """As `during`, but for work that may fail: its result, what it read until then, and the fault."""
        outer, self.reads = self.reads, {}
        try:
            return work(), _in_order(self.reads), None
        except TemplateInvalid as error:
            return None, _in_order(self.reads), error
        finally:
            self.reads = outer


def _in_order(reads: dict[str | Reads, None]) -> tuple[str, ...]:
    """The pointers, each at its last read."""
    backwards: dict[str, None] = {}
    for read in reversed(reads):
        if isinstance(read, Reads):
            backwards.update(read.backwards)  # one that is there stays where it is
        else:
            backwards.setdefault(read)
    return tuple(reversed(backwards))


class Record(dict[str, Any]):
    """One row of the year: a dict that knows its JSON pointer; equal only to itself; derived fields come on access."""

    __slots__ = ("_busy", "_done", "_lazy", "_tracker", "own_pointer", "pointer")

    def __init__(
        self,
        fields: Mapping[str, Any],
        pointer: str,
        tracker: Tracker,
        lazy: Mapping[str, Callable[[], Any]] | None = None,
    ) -> None:
        super().__init__(fields)
        self.pointer = pointer
        self._tracker = tracker
        self._lazy: dict[str, Callable[[], Any]] = dict(lazy or {})
        self._done: dict[str, tuple[Any, Reads]] = {}
        self._busy: set[str] = set()

    def belongs_to(self, tracker: Tracker) -> bool:
        """Whether the reads of this record are noted in `tracker`: those of another year's are noted elsewhere."""
        return self._tracker is tracker

    def derive(self, name: str, work: Callable[[], Any]) -> None:
        """Give the record a field that is worked out on its first access."""
        self._lazy[name] = work

    def has(self, name: object) -> bool:
        return name in self

    def __contains__(self, name: object) -> bool:
        return name in self._lazy or dict.__contains__(self, name)

    def __getitem__(self, name: str) -> Any:
        if name in self._lazy:
            return self._derived(name)
        value = dict.__getitem__(self, name)
        self._tracker.note(f"{self.pointer}/{name}")
        return value

    def get(self, name: str, default: Any = None) -> Any:
        return self[name] if self.has(name) else default

    def _derived(self, name: str) -> Any:
        if name not in self._done:
            if name in self._busy:
                raise TemplateInvalid(f"Giá trị “{name}” được suy ra từ chính nó.")
            self._busy.add(name)
            try:
                value, pointers = self._tracker.during(self._lazy[name])
            finally:
                self._busy.discard(name)
            self._done[name] = value, Reads(pointers)
        value, reads = self._done[name]
        if reads.pointers:
            self._tracker.note(reads)
        return value

    def __eq__(self, other: object) -> bool:
        return self is other

    def __ne__(self, other: object) -> bool:
        return self is not other

    def __hash__(self) -> int:  # type: ignore[override]
        return id(self)

    def __repr__(self) -> str:
        return f"Record({self.pointer})"


class Scope(Mapping[str, Any]):
    """Names an expression may use: the local ones first, then the outer scope, then the functions of the language."""

    __slots__ = ("layers",)

    def __init__(self, local: Mapping[str, Any], outer: Mapping[str, Any] | None = None) -> None:
        self.layers: tuple[Mapping[str, Any], ...] = (*_layers(local), *_layers({} if outer is None else outer))

    def __getitem__(self, name: str) -> Any:
        for layer in self.layers:
            if name in layer:
                return layer[name]
        raise KeyError(name)

    def __contains__(self, name: object) -> bool:
        return any(name in layer for layer in self.layers)

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(name for layer in self.layers for name in layer))

    def __len__(self) -> int:
        return len(list(iter(self)))


def _layers(names: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...]:
    return names.layers if isinstance(names, Scope) else (names,)


# --- citations -------------------------------------------------------------------------------------------------------


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def vien_dan(paper: Any, tt: Any = None) -> str:
    """Quyết định số 15-QĐ/ĐU, ngày 30/9/2026; what is still unknown is said in brackets.

    `tt`: the words of the paper that cites; one of the State writes the day out and puts no comma before it.
    """
    kind = _text(_field(paper, "ten_loai")) or "Văn bản"
    number = _field(paper, "so_ky_hieu")
    symbol = _field(paper, "ky_hieu_loai")
    if not number and symbol:
        office = _field(paper, "co_quan")
        number = ky_hieu(NO_NUMBER, symbol, _text(_field(office, "ky_hieu")), _field(paper, "tt"))
    day = _field(paper, "ngay")
    short, long = (ngay_so(day), ngay_dai(day)) if day else (NO_DAY, f"ngày {NO_DAY}")
    form = _text(_field(tt, "vien_dan_ngay")) or ", ngày {ngay_so}"
    when = form.format(ngay_so=short, ngay_dai=long)
    return f"{kind} số {number}{when}" if number else f"{kind} {when.lstrip(', ')}"


def vien_dan_day_du(paper: Any, tt: Any = None) -> str:
    """The citation with its office and subject: ... của Đảng uỷ xã Bình An về ..."""
    office = _field(paper, "tac_gia") or _field(paper, "ten_co_quan")
    subject = _text(_field(paper, "trich_yeu"))
    text = vien_dan(paper, tt) + (f" của {office}" if office else "")
    if not subject:
        return text
    return f"{text} {'' if subject.casefold().startswith('về ') else 'về '}{thuong_dau(subject)}"


def _field(record: Any, name: str) -> Any:
    return record.get(name) if isinstance(record, Mapping) else None


FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    **TEXT_FUNCTIONS,
    "vien_dan": vien_dan,
    "vien_dan_day_du": vien_dan_day_du,
}
"""Each is a filter and a function, in expressions and in templates alike."""

# --- the language ----------------------------------------------------------------------------------------------------

REFUSED_FILTERS = (
    "center",
    "indent",
    "format",
    "pprint",
    "random",
    "slice",
    "wordwrap",
    "xmlattr",
    "urlize",
    "filesizeformat",
    "tojson",
    "attr",
)
REFUSED_GLOBALS = ("lipsum", "cycler", "joiner", "namespace", "dict")
PLAIN_PATH = re.compile(r"(?!(?:true|false|none|True|False|None|not)\b)[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*")
NO_ITEM = re.compile(r"has no (?:attribute|element) '?-?\d+'?$|sequence was empty")  # what an empty list lacks
REASONS = (
    (re.compile(r"'([^']+)' is undefined"), "không có tên “{}”"),
    (re.compile(r"has no (?:attribute|element) '?([^']+)'?"), "không có trường “{}”"),
    (re.compile(r"access to attribute '([^']+)'"), "không được dùng “{}”"),
    (re.compile(r"[Nn]o filter named '([^']+)'"), "không có bộ lọc “{}”"),
    (re.compile(r"not supported between instances of"), "so sánh với ô còn trống hoặc khác kiểu"),
    (re.compile(r"sequence was empty"), "danh sách không có dòng nào"),
    (re.compile(r"unsupported operand|bad operand|'NoneType'"), "tính với ô còn trống hoặc khác kiểu"),
    (re.compile(r"(?:division|modulo) by zero"), "chia cho 0"),
    (re.compile(r"expected token '([^']+)'"), "thiếu “{}” hoặc viết sai chỗ đó"),
    (re.compile(r"unexpected '?([^']+)'?$"), "thừa “{}”"),
    (re.compile(r"[Ee]xpected an expression"), "biểu thức chưa viết hết"),
    (re.compile(r"unexpected char '?(.)"), "không dùng được ký tự “{}”"),
)


def _sandbox() -> type[SandboxedEnvironment]:
    """Jinja's sandbox, narrower: fields first, a few methods of text, small numbers."""
    from jinja2.exceptions import SecurityError
    from jinja2.runtime import LoopContext, Undefined
    from jinja2.sandbox import SandboxedEnvironment
    from jinja2.utils import Namespace

    class Environment(formulas.Fields, SandboxedEnvironment):
        intercepted_binops = frozenset(("*", "**", "%"))
        own = (Undefined, LoopContext, Namespace)

        def look(self, obj: Any, name: Any) -> Any:
            if type(obj) is Record and type(name) is str and not name.startswith("_"):
                return obj[name] if name in obj else self.undefined(obj=obj, name=name)  # as below, told at once
            return super().look(obj, name)

        def unsafe_undefined(self, obj: Any, attribute: str) -> Any:
            return SandboxedEnvironment.unsafe_undefined(self, obj, attribute)

        def reach(self, obj: Any, attribute: str) -> Any:
            return SandboxedEnvironment.getattr(self, obj, attribute)

        def is_safe_callable(self, obj: Any) -> bool:
            return obj in self.globals.values() or getattr(obj, "dvk_safe", False) or formulas.is_text_method(obj)

        def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
            if operator != "**" and (left is None or right is None):
                raise TypeError(f"unsupported operand for {operator}: 'NoneType'")
            numbers = isinstance(left, (int, float)) and isinstance(right, (int, float))
            if operator == "**" or not numbers or max(abs(left), abs(right)) > formulas.MAX_OPERAND:
                raise SecurityError(f"phép tính {operator} chỉ dùng cho số vừa phải")
            return super().call_binop(context, operator, left, right)

    return Environment


@lru_cache(maxsize=1)
def environment() -> SandboxedEnvironment:
    """The sandboxed Jinja environment of the language; templates may use it too (it does not escape by itself)."""
    from jinja2 import StrictUndefined

    env = _sandbox()(undefined=StrictUndefined)
    for name in REFUSED_FILTERS:
        env.filters.pop(name, None)
    for name in REFUSED_GLOBALS:
        env.globals.pop(name, None)
    env.filters.update(FUNCTIONS)
    env.filters["_in"] = formulas.text
    env.globals.update(FUNCTIONS)
    return env


@lru_cache(maxsize=1)
def _context() -> Callable[..., Any]:
    """Jinja's context, its names looked up in the layers of a `Scope`; an expression sets none of its own."""
    from jinja2.runtime import Context
    from jinja2.utils import missing

    class Names(Context):
        def resolve_or_missing(self, key: str) -> Any:
            for layer in self.parent.layers:  # type: ignore[attr-defined]
                if key in layer:
                    return layer[key]
            return missing

    return Names


@lru_cache(maxsize=1)
def _undefined() -> type:
    from jinja2 import Undefined

    return Undefined


@lru_cache(maxsize=1)
def _faults() -> tuple[type[Exception], ...]:
    """What may go wrong in an expression through no fault of ours."""
    from jinja2 import TemplateError

    return TemplateError, FieldInvalid, TypeError, ValueError, ArithmeticError, LookupError, RecursionError


class Expression:
    """One compiled expression; call it with a scope."""

    __slots__ = ("_path", "_template", "source")

    def __init__(self, source: str, kieu_dau: str) -> None:
        self.source = source
        self._path = PLAIN_PATH.fullmatch(source) is not None
        self._template = None if self._path else _template(source, kieu_dau)

    def __call__(self, scope: Mapping[str, Any]) -> Any:
        try:
            value = self._walk(scope) if self._path else self._render(scope)
        except _faults() as e:
            raise (_unworkable if _is_of_values(e) else _invalid)(self.source, e) from e
        return _bounded(value, self.source)

    def _walk(self, scope: Mapping[str, Any]) -> Any:
        """A plain path (`vb.co_quan.ten`) needs no compiling; it means the same."""
        env, undefined = environment(), _undefined()
        first, *rest = self.source.split(".")
        value = (
            scope[first]
            if first in scope
            else env.globals[first]
            if first in env.globals
            else env.undefined(name=first)
        )
        for name in rest:
            value = env.getattr(value, name)
            if isinstance(value, undefined):
                break
        if isinstance(value, undefined):
            str(value)  # raises, and says which name
        return value

    def _render(self, scope: Mapping[str, Any]) -> Any:
        assert self._template is not None
        env = environment()
        context = _context()(env, Scope(scope, env.globals), None, {})
        for _ in self._template.root_render_func(context):
            pass
        value = context.vars["result"]
        if isinstance(value, _undefined()):
            str(value)  # raises, and says which name
        return list(value) if isinstance(value, Iterator) else value


def _tree(source: str, kieu_dau: str) -> nodes.Template:
    """The syntax tree of an expression; raise `TemplateInvalid` where it is none."""
    from jinja2 import TemplateError, nodes
    from jinja2.parser import Parser

    env = environment()
    try:
        if len(source) > MAX_SOURCE:
            raise ValueError(f"dài quá {MAX_SOURCE} ký tự")
        parser = Parser(env, source, state="variable")
        tree = parser.parse_expression()
        if not parser.stream.eos:
            parser.fail("thừa chữ sau biểu thức")
        root = nodes.Template([nodes.Assign(nodes.Name("result", "store"), tree, lineno=1)], lineno=1)
        _set_words(root, kieu_dau)
        root.set_environment(env)
        return root
    except (TemplateError, ValueError, RecursionError) as e:
        raise _invalid(source, e) from e


def _template(source: str, kieu_dau: str) -> Template:
    """The expression compiled; raise `TemplateInvalid` where it is none."""
    from jinja2 import TemplateError

    env, codes = environment(), _codes()
    code = codes.get((source, kieu_dau))
    if code is None:
        try:
            code = env.compile(_tree(source, kieu_dau))
        except (TemplateError, ValueError, RecursionError) as e:
            raise _invalid(source, e) from e
        if len(codes) < MAX_KEPT:
            codes[source, kieu_dau] = code
            _new.append(source)
    return env.template_class.from_code(env, code, env.make_globals(None))


# --- what is kept between runs ---------------------------------------------------------------------------------------

_new: list[str] = []  # compiled in this process and not kept yet


@lru_cache(maxsize=1)
def _kept_name() -> str:
    return kept.key("expressions", metadata.version("jinja2"), kept.version(("expressions.py", "runtime", "viet")))


@lru_cache(maxsize=1)
def _codes() -> dict[tuple[str, str], CodeType]:
    """The code of each expression that this or an earlier run compiled, by its source and tone placement."""
    found = kept.read(_kept_name())
    return found if isinstance(found, dict) else {}


def keep_compiled() -> None:
    """Keep what this run compiled for the next one, once it is more than a handful."""
    if len(_new) < WORTH_KEEPING:
        return
    _new.clear()
    others = kept.read(_kept_name())
    known = {**(others if isinstance(others, dict) else {}), **_codes()}
    kept.write(_kept_name(), dict(list(known.items())[-MAX_KEPT:]))


def light_code(source: str, kieu_dau: str) -> CodeType | None:
    """The code of an expression for `runtime.formulas`, None for a plain path; `LookupError` where it needs Jinja."""
    from . import light

    if PLAIN_PATH.fullmatch(source):
        return None
    tree = _tree(source, kieu_dau)
    if not light.is_light(tree, {"_in"}):
        raise LookupError(source)
    return light.compile_light(str(environment().compile(tree, raw=True)))


def _set_words(root: Any, kieu_dau: str) -> None:
    """Put the office's tone placement on the fixed words; let a blank part of a `~` print nothing, not None."""
    from jinja2 import nodes

    for text in root.find_all(nodes.Const):
        if isinstance(text.value, str):
            text.value = _kieu_dau.chuyen(text.value, kieu_dau)
    for concat in list(root.find_all(nodes.Concat)):
        concat.nodes = [
            n
            if isinstance(n, nodes.Const) and n.value is not None
            else nodes.Filter(n, "_in", [], [], None, None, lineno=n.lineno)
            for n in concat.nodes
        ]


def _bounded(value: Any, source: str) -> Any:
    if isinstance(value, (str, list, tuple)) and len(value) > (
        formulas.MAX_TEXT if isinstance(value, str) else formulas.MAX_ITEMS
    ):
        raise TemplateInvalid(f"Biểu thức “{source}” cho kết quả quá lớn.")
    return value


def _invalid(source: str, error: Exception) -> TemplateInvalid:
    return TemplateInvalid(_told(source, error))


def _unworkable(source: str, error: Exception) -> Unworkable:
    found = Unworkable(_told(source, error))
    found.blank = "None" in str(error)
    return found


def _told(source: str, error: Exception) -> Report:
    message = f"Biểu thức “{source}” không dùng được: {_reason(error)}."
    return Report((Problem(Place(words=source[:80]), "expression_invalid", "loi", message),))


def _is_of_values(error: Exception) -> bool:
    """Whether the values are at fault (a blank compared, a list without a first), not a name that there never is."""
    from jinja2 import TemplateError

    if isinstance(error, TemplateError):
        return NO_ITEM.search(str(error)) is not None
    return not isinstance(error, RecursionError)


def _reason(error: Exception) -> str:
    """What went wrong, in Vietnamese where it is a common thing."""
    text = str(getattr(error, "message", None) or error).splitlines()[0].rstrip(".")
    for pattern, words in REASONS:
        found = pattern.search(text)
        if found:
            return words.format(*found.groups())
    return text


@lru_cache(maxsize=8192)
def compiled(source: str, kieu_dau: str = "moi") -> Expression:
    """The expression, compiled once; the words it prints are in the office's tone placement."""
    return Expression(source, kieu_dau)


def evaluate(source: str, scope: Mapping[str, Any], kieu_dau: str = "moi") -> Any:
    """The value of `source` in `scope`; raise `TemplateInvalid`, naming the expression, where it has none."""
    return compiled(source, kieu_dau)(scope)
