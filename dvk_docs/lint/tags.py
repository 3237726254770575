"""The tags of a template, each read alone, so that one that is wrong does not hide the next."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dvk_docs.catalog import nearest
from dvk_docs.compiling import readable
from dvk_docs.engine import environment
from dvk_docs.errors import Problem, Severity
from dvk_docs.lint.reading import Line, Part
from dvk_docs.profiles import TAG

if TYPE_CHECKING:
    from jinja2 import nodes

BLOCKS = frozenset({"for", "if", "macro", "call", "filter", "with", "block", "autoescape", "set"})
MIDDLE = frozenset({"else", "elif"})
REFUSED = frozenset({"include", "import", "from", "extends"})
CELL_WORDS = frozenset({"vm", "hm", "cellbg", "colspan"})  # docxtpl's own, for the cell that they stand in
_STARTS = {
    "for": "for a in a",
    "if": "if a",
    "macro": "macro a()",
    "call": "call a()",
    "filter": "filter upper",
    "with": "with",
    "block": "block a",
    "autoescape": "autoescape true",
    "set": "set a",
}
_LEVEL = re.compile(r"\{[{%#](-?)(p|tr|tc|r)(\s)")
_SPACED = re.compile(r"\{[{%]-?\s+(p|tr|tc|r)\s+\w")
_SMART = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'"})
_SINGLE = re.compile(r"(?<!\{)\{\s*[^\W\d]\w*(?:\.\w+)*\s*\}(?!\})|\{ \{|\} \}|\{ %|% \}|[｛｝]+")
_MAX_TAG = 4000  # characters
_MAX_DEPTH = 60  # operations inside each other in one tag
_TOO_HARD = (RecursionError, ValueError, ArithmeticError, LookupError, TypeError, AttributeError, SyntaxError)


@dataclass(slots=True, eq=False)
class Mark:
    """One tag: where it stands, its level (p, tr, tc, r or none), its word (`for`; none for a print) and its tree."""

    line: Line
    start: int
    text: str
    level: str = ""
    word: str = ""
    body: str = ""
    tree: nodes.Template | None = None

    @property
    def is_comment(self) -> bool:
        return self.text.startswith("{#")

    @property
    def opens(self) -> bool:
        return self.word in BLOCKS and not (self.word == "set" and "=" in self.body)

    @property
    def ends(self) -> str:
        """The word whose block this tag ends; none where it ends nothing."""
        return self.word[3:] if self.word.startswith("end") else ""

    def problem(self, code: str, message: str, hint: str = "", severity: Severity = "loi") -> Problem:
        return self.line.problem(code, message, hint, severity, (self.start, self.start + len(self.text)))


def marks_of(part: Part) -> tuple[list[Mark], list[Problem]]:
    """Return the tags of a part in order, and every fault that one tag alone can have."""
    marks: list[Mark] = []
    found: list[Problem] = []
    raw = False
    for line in part.lines:
        for tag in TAG.finditer(line.text):
            mark = _mark(line, tag)
            if mark.word in ("raw", "endraw"):
                raw = mark.word == "raw"
            elif not raw:
                marks.append(mark)
                found += _own_faults(mark)
    return marks, found + list(_loose(part.lines))


def _mark(line: Line, tag: re.Match[str]) -> Mark:
    text = tag.group()
    level = _LEVEL.match(text)
    inner = text[2:-2].strip("-+") if level is None else text[level.end(2) : -2].rstrip("-+")
    inner = inner.strip()
    mark = Mark(line, tag.start(), text, level.group(2) if level else "", body=inner)
    if text.startswith("{%"):
        word = re.match(r"\w*", inner)
        mark.word = word.group() if word else ""
        mark.body = inner[len(mark.word) :].strip()
    return mark


# --- text that should be a tag ------------------------------------------------------------------------------


def _loose(lines: Sequence[Line]) -> Iterator[Problem]:
    """Yield the tags that are open without a close, or stand in two paragraphs, or have a brace too few."""
    rests = [TAG.sub(lambda m: "\0" * len(m.group()), line.text) for line in lines]
    for number, (line, rest) in enumerate(zip(lines, rests, strict=True)):
        opened, closed = _find(rest, ("{{", "{%", "{#")), _find(rest, ("}}", "%}", "#}"))
        following = rests[number + 1] if number + 1 < len(rests) else ""
        before = rests[number - 1] if number else ""
        if opened >= 0 and _splits(rest, following):
            message = "Thẻ bị cắt ra hai đoạn."
            yield line.problem("tag_split", message, "Hãy viết cả thẻ trong một đoạn.", at=(opened, opened + 2))
        elif opened >= 0:
            hint = "Hãy kiểm tra các dấu {{ }}, {% %}."
            yield line.problem("tag_open", "Thẻ mở mà không đóng.", hint, at=(opened, opened + 2))
        elif closed >= 0 and not _splits(before, rest):
            hint = "Hãy kiểm tra các dấu {{ }}, {% %}."
            yield line.problem("tag_close", "Dấu đóng thẻ không có dấu mở.", hint, at=(closed, closed + 2))
        for odd in _SINGLE.finditer(rest) if opened < 0 and closed < 0 else ():
            message = f"“{odd.group()}” giống một thẻ viết thiếu dấu ngoặc nên sẽ in nguyên như vậy."
            yield line.problem("brace_single", message, "Thẻ viết là {{ ten }}.", "canh_bao", odd.span())


def _find(text: str, marks: tuple[str, ...]) -> int:
    places = [at for mark in marks if (at := text.find(mark)) >= 0]
    return min(places, default=-1)


def _splits(first: str, second: str) -> bool:
    """Whether a tag is open at the end of one paragraph and closed before another opens in the next."""
    opened, closed = _find(first, ("{{", "{%", "{#")), _find(second, ("}}", "%}", "#}"))
    again = _find(second, ("{{", "{%", "{#"))
    return opened >= 0 and closed >= 0 and (again < 0 or closed < again)


# --- one tag alone ------------------------------------------------------------------------------------------


def _own_faults(mark: Mark) -> Iterator[Problem]:
    """Yield what is wrong with one tag, and read its tree where nothing is."""
    if mark.is_comment:
        return
    if mark.body.translate(_SMART) != mark.body:
        message = "Trong thẻ có dấu nháy cong; công cụ đọc như nháy thẳng."
        yield mark.problem("smart_quotes", message, "Nên viết bằng nháy thẳng.", "thong_tin")
    if (wrong := _prefix_fault(mark)) is not None:
        yield wrong
    elif len(mark.text) > _MAX_TAG:
        yield mark.problem("tag_syntax", "Thẻ viết sai: dài quá mức.", "Hãy tách thành nhiều thẻ.")
    elif mark.word in REFUSED:
        hint = "Hãy chép hẳn nội dung vào mẫu."
        yield mark.problem("tag_refused", f"Lệnh “{mark.word}” không được dùng trong mẫu.", hint)
    elif mark.text.startswith("{%") and not _known(mark.word):
        yield _unknown_word(mark)
    else:
        yield from _tree_faults(mark)


def _known(word: str) -> bool:
    return word in BLOCKS | MIDDLE | CELL_WORDS or word in {f"end{name}" for name in BLOCKS}


def _unknown_word(mark: Mark) -> Problem:
    if not mark.word:
        return mark.problem("tag_syntax", "Thẻ lệnh để trống.", "Hãy xóa thẻ, hoặc viết lệnh vào.")
    known = sorted(BLOCKS | MIDDLE | {f"end{name}" for name in BLOCKS} | CELL_WORDS)
    level = re.fullmatch(r"(p|tr|tc|r)(for|if|else|elif|endfor|endif)", mark.word)
    near = [f"{level[1]} {level[2]}"] if level else nearest(mark.word, known)
    return mark.problem("unknown_word", f"Không có lệnh “{mark.word}”.", _perhaps(near))


def _perhaps(names: Sequence[str]) -> str:
    return f"Có phải {', '.join(f'“{n}”' for n in names)}?" if names else ""


def _prefix_fault(mark: Mark) -> Problem | None:
    """Return what is wrong with `{%p`, `{%tr`, `{%tc`: docxtpl knows them in one spelling only."""
    if spaced := _SPACED.match(mark.text):
        hint = f"Hãy viết {mark.text[:2]}{spaced[1]} liền nhau."
        return mark.problem("tag_prefix", f"Chữ “{spaced[1]}” phải viết liền dấu mở thẻ.", hint)
    level = _LEVEL.match(mark.text)
    if level is None or mark.level == "r":
        return None
    if level[1] or level[3] != " ":
        hint = f"Hãy viết {mark.text[:2]}{mark.level} rồi dấu cách."
        return mark.problem("tag_prefix", "Dấu mở thẻ viết chưa đúng.", hint)
    return None


def _source(mark: Mark) -> str:
    """Return a whole piece of Jinja that is right exactly where this tag alone is."""
    body = mark.body.translate(_SMART)
    if not mark.word or mark.word in ("cellbg", "colspan"):
        return "{{ " + body + " }}"
    if mark.word in ("vm", "hm"):
        return "{% if a " + body + " %}{% endif %}"
    if mark.word == "elif":
        return "{% if " + body + " %}{% endif %}"
    if mark.word == "else":
        return "{% if a %}{% else " + body + " %}{% endif %}"
    if mark.ends:
        start = f"block {body or 'a'}" if mark.ends == "block" else _STARTS[mark.ends]
        return "{% " + start + " %}{% " + mark.word + " " + body + " %}"
    if mark.opens:
        return "{% " + mark.word + " " + body + " %}{% end" + mark.word + " %}"
    return "{% " + mark.word + " " + body + " %}"


def _tree_faults(mark: Mark) -> Iterator[Problem]:
    from jinja2 import TemplateError

    try:
        mark.tree = environment().parse(_source(mark))
    except TemplateError as error:
        said = readable(str(error))
        yield mark.problem("tag_syntax", f"Thẻ viết sai: {said}.", "Hãy sửa lại thẻ này.")
        return
    except _TOO_HARD:
        yield mark.problem("tag_syntax", "Thẻ viết sai: quá phức tạp.", "Hãy tách thành nhiều thẻ.")
        return
    if _too_deep(mark.tree):
        mark.tree = None
        yield mark.problem("tag_syntax", "Thẻ viết sai: quá phức tạp.", "Hãy tách thành nhiều thẻ.")
        return
    yield from _forbidden(mark, mark.tree)
    yield from _unknown_filters(mark, mark.tree)
    yield from _wrong_arguments(mark, mark.tree)


def _wrong_arguments(mark: Mark, tree: nodes.Template) -> Iterator[Problem]:
    """Yield the filters and functions that are given too many arguments, too few, or one that they do not know."""
    from jinja2 import nodes

    env = environment()
    filters = [(n, n.name, env.filters.get(n.name)) for n in tree.find_all(nodes.Filter)]
    calls = [n for n in tree.find_all(nodes.Call) if isinstance(n.node, nodes.Name)]
    functions = [(n, str(n.node.name), env.globals.get(n.node.name)) for n in calls if isinstance(n.node, nodes.Name)]
    every: list[tuple[nodes.Filter | nodes.Call, str, Any]] = [*filters, *functions]
    for node, name, known in every:
        if known is None or isinstance(known, type) or node.dyn_args is not None or node.dyn_kwargs is not None:
            continue
        value = 1 if isinstance(node, nodes.Filter) else 0
        if not _takes(known, value + len(node.args), [str(k.key) for k in node.kwargs]):
            what = "Bộ lọc" if value else "Hàm"
            message = f"{what} “{name}” được cho thừa, thiếu hoặc sai tên đối số."
            yield mark.problem("wrong_arguments", message, "Hãy xem lại phần trong ngoặc.")


def _takes(function: Callable[..., Any], count: int, names: Sequence[str]) -> bool:
    """Whether a function takes `count` arguments and these names, beside what Jinja passes first."""
    try:
        signature = inspect.signature(function)
    except ValueError:  # a built-in that does not say what it takes
        return True
    first = next(iter(signature.parameters), "")
    try:
        signature.bind(*[None] * (count + (first in ("eval_ctx", "environment", "context"))), **dict.fromkeys(names))
    except TypeError:
        return False
    return True


def _too_deep(tree: nodes.Node) -> bool:
    """Whether an expression is nested beyond what anyone writes; no recursion, since it may be very deep."""
    level: list[nodes.Node] = [tree]
    for _ in range(_MAX_DEPTH):
        level = [child for node in level for child in node.iter_child_nodes()]
        if not level:
            return False
    return True


def _forbidden(mark: Mark, tree: nodes.Template) -> Iterator[Problem]:
    """Yield what reaches for Python's own objects: private names, the filter `attr`, names spelled out as text."""
    from jinja2 import nodes

    if "attr" in _filter_names(tree):
        yield mark.problem("tag_refused", "Bộ lọc “attr” không được dùng trong mẫu.", "Hãy viết tên sau dấu chấm.")
    names = [n.attr for n in tree.find_all(nodes.Getattr)] + [n.name for n in tree.find_all(nodes.Name)]
    names += [n.arg.value for n in tree.find_all(nodes.Getitem) if isinstance(n.arg, nodes.Const)]
    hidden = [n for n in names if isinstance(n, str) and (n.startswith("_") or _INSIDES.fullmatch(n))]
    texts = [n.value for n in tree.find_all(nodes.Const) if isinstance(n.value, str)]
    hidden += [t for t in texts if _PRIVATE.search(t)]
    for name in dict.fromkeys(hidden):
        message = f"“{name}” không được dùng trong mẫu."
        yield mark.problem("tag_refused", message, "Mẫu chỉ được đọc dữ liệu của văn bản.")


_PRIVATE = re.compile(r"__[A-Za-z]")
_INSIDES = re.compile(  # attributes of functions, generators, frames and classes that jinja2.sandbox calls internal
    r"self|mro|func_\w+|(gi|cr|ag)_(frame|code)|f_(globals|locals|builtins|back)|tb_(frame|next)|co_code"
)


def _filter_names(tree: nodes.Template) -> list[str]:
    """Return the filters a tag names, those handed to `map` too."""
    from jinja2 import nodes

    found = [*tree.find_all(nodes.Filter)]
    given = [n.args[0] for n in found if n.name == "map" and n.args]
    return [*(n.name for n in found), *(str(g.value) for g in given if isinstance(g, nodes.Const))]


def _test_names(tree: nodes.Template) -> list[str]:
    """Return the tests a tag names, those handed to `select`, `selectattr` and their opposites too."""
    from jinja2 import nodes

    places = {"select": 0, "reject": 0, "selectattr": 1, "rejectattr": 1}
    found = [n for n in tree.find_all(nodes.Filter) if n.name in places and len(n.args) > places[n.name]]
    given = [n.args[places[n.name]] for n in found]
    return [*(n.name for n in tree.find_all(nodes.Test)), *(str(g.value) for g in given if isinstance(g, nodes.Const))]


def _unknown_filters(mark: Mark, tree: nodes.Template) -> Iterator[Problem]:
    env = environment()
    for name in dict.fromkeys(_filter_names(tree)):
        if name not in env.filters and name != "attr":
            yield mark.problem("unknown_filter", f"Không có bộ lọc “{name}”.", _perhaps(nearest(name, [*env.filters])))
    for name in dict.fromkeys(_test_names(tree)):
        if name not in env.tests:
            yield mark.problem("unknown_test", f"Không có phép thử “{name}”.", _perhaps(nearest(name, [*env.tests])))
