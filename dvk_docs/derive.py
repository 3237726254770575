"""The bridge from the year to its papers: the graph of records, the plan of papers, one paper's data and context.

The year (nam.schema.json) becomes records that know their place: references are resolved, every field is there (blank =
None or an empty list), labels and derived values stand beside what was typed. A kind's `x-moi`, `x-khi` and `x-tu` are
then evaluated over it. A wrong value is left out of the graph, since checking has named it; `touched` says which fields
a paper read, so that a broken cell blocks the papers that read it and no other (design decision 12).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import Any, NamedTuple

from . import context, deadlines
from .catalog import PLAIN_WORDS, Catalog, fold
from .checking import EARLIEST, LARGEST, is_day, label
from .errors import KindUnknown, Place, Problem, Report, TemplateInvalid
from .expressions import Expression, Reads, Record, Scope, Tracker, Unworkable, compiled, vien_dan_day_du
from .targets import targets
from .viet import kieu_dau, ngay
from .viet.so_van_ban import ky_hieu
from .viet.van_ban import cho_trong

PAPER_FIELDS = ("quyen_han", "chuc_vu_ky", "trich_yeu", "ngay", "noi_nhan")  # of x-van-ban: plain expressions
OWN_ROW = ("ma", "tinh_chat", "so", "ngay", "ngay_du_kien", "trang_thai")  # say which paper it is, and its state
SPELLING = "/thong_tin/kieu_dau"
ASIDE = "?"  # before a pointer that was read only to see that its row belongs elsewhere: it blocks no paper
IN_BRACES = re.compile(r"\{([^{}]+)\}")  # in the words of a rule set: an expression over the year
ROW_FIELDS = ("so", "ngay_du_kien", "tep", "ghi_chu")  # only ever typed


class PaperData(NamedTuple):
    """One paper's own data, where each value of it was typed, and every field of the year that it read."""

    data: dict[str, Any]
    origins: dict[str, str]  # pointer in the paper -> pointer in the year
    touched: frozenset[str]  # pointers in the year


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper that the year calls for."""

    id: str  # kind, or kind.MÃ
    kind: str
    moi: Record | None
    vb: Record
    stage: str  # x-giai-doan
    bo: str  # x-bo: made all or none; "" alone


@dataclass(slots=True)
class Graph:
    """The year as records, with the names that expressions may use."""

    year: Mapping[str, Any]
    catalog: Catalog
    schema: Mapping[str, Any]
    tracker: Tracker
    globals: Record
    places: Mapping[str, Any] | None = None
    former: tuple[Graph, ...] = ()  # other years, the newest first; what is read there blocks no paper
    index: dict[str, dict[str, Record]] = field(default_factory=dict)  # table -> mã -> record
    twins: dict[str, list[str]] = field(default_factory=dict)  # mã of several rows -> the pointer of each
    by_pointer: dict[str, Record] = field(default_factory=dict)  # /table/3 -> its record
    papers: dict[str, Record] = field(default_factory=dict)
    worked_out: dict[str, dict[str, Record]] = field(default_factory=dict)  # table of x-bang-suy-ra -> mã -> record
    planned: dict[tuple[str, ...], tuple[list[Paper], Reads]] = field(default_factory=dict)  # by the kinds there were
    stopped: dict[str, tuple[Paper, Problem]] = field(default_factory=dict)  # by id: what a blank keeps from the plan

    @property
    def nam(self) -> int | None:
        """The year of the movement; None where it was not typed."""
        value = _read(self.globals, "thong_tin", "nam")
        return value if isinstance(value, int) else None

    @property
    def kieu_dau(self) -> str:
        return _read(self.globals, "thong_tin", "kieu_dau") or "moi"

    def evaluate(self, source: str, local: Mapping[str, Any] | None = None) -> Any:
        """The value of an expression over the year and `local` names."""
        return compiled(source, self.kieu_dau)(Scope(local or {}, self.globals))

    def trace(self, source: str, local: Mapping[str, Any] | None = None) -> tuple[Any, tuple[str, ...]]:
        """The value and the pointers that were read for it, the last read last."""
        return self.tracker.during(lambda: self.evaluate(source, local))

    def owns(self, record: Record) -> bool:
        """Whether a record is of this year, not of a former one."""
        return record.belongs_to(self.tracker)

    def rows(self, table: str) -> list[Record]:
        value = dict.__getitem__(self.globals, table)
        return list(value) if isinstance(value, list) else []


def _read(record: Any, *path: str) -> Any:
    """A field without noting the read: for the machinery's own use."""
    for name in path:
        record = dict.get(record, name) if isinstance(record, dict) else None
    return record


# --- the graph -------------------------------------------------------------------------------------------------------


def graph(
    year: Mapping[str, Any],
    catalog: Catalog,
    places: Mapping[str, Any] | None = None,
    former: Sequence[Mapping[str, Any]] = (),
) -> Graph:
    """The year's graph. It stands whatever the year holds: what does not fit its field is left out.

    `former` are the data of earlier years, the newest first: `nam_truoc` in expressions.
    """
    schema = catalog.year_schema()
    tracker = Tracker()
    before = tuple(graph(data, catalog) for data in former)
    g = Graph(year, catalog, schema, tracker, Record({}, "", tracker), places, before)
    for name, spec in schema["properties"].items():
        dict.__setitem__(g.globals, name, _value(year.get(name), spec, f"/{name}", tracker))
    _link(g)
    _derive_globals(g)
    return g


def _value(value: Any, spec: Mapping[str, Any], pointer: str, tracker: Tracker) -> Any:
    """The value as the graph holds it: None, [] or the default for what is blank or does not fit."""
    kinds = context.types(spec)
    if "array" in kinds:
        items = value if isinstance(value, list) else []
        made = [_value(v, spec["items"], f"{pointer}/{i}", tracker) for i, v in enumerate(items)]
        return [v for v in made if v is not None]
    if "object" in kinds:
        return _record(value, spec, pointer, tracker) if isinstance(value, Mapping) or pointer == "/thong_tin" else None
    if value is None or value == "" or not _fits(value, kinds, spec):
        return spec.get("x-mac-dinh")
    return int(value) if isinstance(value, float) and "integer" in kinds else value


def _record(value: Any, spec: Mapping[str, Any], pointer: str, tracker: Tracker) -> Record:
    row = value if isinstance(value, Mapping) else {}
    fields: dict[str, Any] = {}
    for name, part in spec.get("properties", {}).items():
        fields[name] = _value(row.get(name), part, f"{pointer}/{name}", tracker)
    record = Record(fields, pointer, tracker)
    for name, part in spec.get("properties", {}).items():
        if "x-nhan" in part:
            record.derive(f"{name}_nhan", lambda n=name, p=part: label(p, record[n]))  # type: ignore[misc]
    return record


PYTHON: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int, float),
    "number": (int, float),
    "boolean": (bool,),
}


def _fits(value: Any, kinds: tuple[str, ...], spec: Mapping[str, Any]) -> bool:
    if isinstance(value, bool) and "boolean" not in kinds:
        return False
    if isinstance(value, float) and not (isfinite(value) and ("number" in kinds or value.is_integer())):
        return False
    if kinds and not any(isinstance(value, PYTHON.get(k, ())) for k in kinds):
        return False
    if spec.get("format") == "date" and not (is_day(value) and int(value[:4]) >= EARLIEST):
        return bool(spec.get("x-ngay-khuyet")) and ngay.is_partial(value)
    if isinstance(value, (int, float)) and abs(value) > LARGEST:
        return False
    return "enum" not in spec or value in spec["enum"]


def _link(g: Graph) -> None:
    """Put records where references stand; a reference to nobody is None (checking names it)."""
    for table, spec in g.schema["properties"].items():
        key = spec.get("x-khoa")
        if key:
            g.index[table] = {code: row for row in reversed(g.rows(table)) if (code := _read(row, key))}
            for row in g.rows(table):
                g.twins.setdefault(str(_read(row, key)).casefold(), []).append(f"{row.pointer}/{key}")
    for table, spec in g.schema["properties"].items():
        if context.types(spec) == ("object",):
            _link_record(g, dict.__getitem__(g.globals, table), spec)
        elif "items" in spec:
            for row in g.rows(table):
                g.by_pointer[row.pointer] = row
                _link_record(g, row, spec["items"])
                _derive_record(g, row, spec["items"], table)
                _derive_nested(g, row, spec["items"], table)


def _link_record(g: Graph, record: Record, spec: Mapping[str, Any]) -> None:
    for name, part in spec["properties"].items():
        code = _read(record, name)
        target = part.get("x-tro")
        if target and code is not None:
            dict.__setitem__(record, name, g.index.get(target, {}).get(code))
            if not g.index.get(target):
                record.derive(name, lambda r=record, n=name, t=target: _of_nothing(g, r, n, t))  # type: ignore[misc]
            elif len(g.twins.get(code.casefold(), ())) > 1:
                record.derive(name, lambda r=record, n=name, c=code: _doubtful(g, r, n, c))  # type: ignore[misc]
        target = part.get("items", {}).get("x-tro")
        if target:
            record.derive(name, lambda r=record, n=name, t=target: _cited_all(g, r, n, t))  # type: ignore[misc]


def _cited_all(g: Graph, record: Record, name: str, table: str) -> list[Record]:
    """The records of a list of codes; those of nobody are left out."""
    found = [_cited(g, table, code) for code in _read(record, name)]
    g.tracker.note(f"{record.pointer}/{name}")
    return [r for r in found if r is not None]


def _of_nothing(g: Graph, record: Record, name: str, table: str) -> Any:
    """A reference into a table without rows: whoever reads it reads the table, where that is said."""
    for pointer in (f"{record.pointer}/{name}", f"/{table}"):
        g.tracker.note(pointer)
    return dict.get(record, name)


def _doubtful(g: Graph, record: Record, name: str, code: str) -> Any:
    """The record of a code that several rows have: whoever reads it reads the codes of them all."""
    for pointer in (*g.twins[code.casefold()], f"{record.pointer}/{name}"):
        g.tracker.note(pointer)
    return dict.get(record, name)


def _cited(g: Graph, table: str, code: str) -> Record | None:
    """A cited paper: one of ours by its id, or a row of the table."""
    kind, _, _ = code.partition(".")
    return paper_record(g, code) if g.catalog.has(kind) else g.index.get(table, {}).get(code)


def _derive_record(g: Graph, record: Record, spec: Mapping[str, Any], table: str) -> None:
    for name, source in spec.get("x-suy-ra", {}).items():
        record.derive(name, lambda s=source: _derived_value(g, record, s, table))  # type: ignore[misc]


def _derived_value(g: Graph, record: Record, source: str, table: str, **more: Any) -> Any:
    """The value; a row that points to another record of this table was looked at, but is no part of the value."""
    value, reads = g.trace(source, {"nay": record, **more})
    for aside in (True, False):  # those put aside first: the last read is the origin
        for pointer in reads:
            if _points_elsewhere(g, pointer, table, record) == aside:
                g.tracker.note(f"{ASIDE}{pointer.removeprefix(ASIDE)}" if aside else pointer)
    return value


def _points_elsewhere(g: Graph, pointer: str, table: str, record: Record) -> bool:
    if pointer.startswith(ASIDE):
        return True
    owner, _, name = pointer.rpartition("/")
    row = g.by_pointer.get(owner)
    if row is None or row is record:
        return False
    part = g.schema["properties"][owner.split("/")[1]]["items"]["properties"].get(name, {})
    return part.get("x-tro") == table and dict.get(row, name) is not record


def _derive_nested(g: Graph, record: Record, spec: Mapping[str, Any], table: str) -> None:
    """The rows of a record's lists: each knows its owner (`cha`) and has what `x-suy-ra` of its list derives."""
    for name, part in spec["properties"].items():
        words = part.get("items", {}).get("x-suy-ra", {})
        for row in (_read(record, name) or []) if words else []:
            row.derive("cha", lambda r=record: r)
            for key, source in words.items():
                row.derive(key, lambda s=source, r=row, c=record: _derived_value(g, r, s, table, cha=c))


def _worked_out(g: Graph, name: str) -> dict[str, Record]:
    """A table that nobody types (`x-bang-suy-ra`): rows with a mã, from the rule set or from other tables.

    A fault of such a row stands at the choice of the rule set, or at the row that it was made from.
    """
    if name not in g.worked_out:
        spec = g.schema["x-bang-suy-ra"][name]
        rows: dict[str, Record] = {}
        for fields in g.evaluate(spec["x-tu"]) or []:
            owner = next((v for v in fields.values() if isinstance(v, Record)), None)
            row = Record(fields, owner.pointer if owner is not None else "/thong_tin/bo_quy_tac", g.tracker)
            for key, source in spec.get("x-suy-ra", {}).items():
                row.derive(key, lambda s=source, r=row: g.evaluate(s, {"nay": r}))  # type: ignore[misc]
            rows[str(_read(row, "ma"))] = row
        g.worked_out[name] = rows
    return g.worked_out[name]


def _pairs(firsts: Sequence[Any], first: str, seconds: Sequence[Any], second: str) -> list[dict[str, Any]]:
    """Each of the firsts with each of the seconds, as rows with a mã of both: `ghep(don_vi, 'dv', ky, 'ky')`."""
    return [{"ma": f"{_read(a, 'ma')}.{_read(b, 'ma')}", first: a, second: b} for a in firsts for b in seconds]


def _known(g: Graph, text: Any, *tables: str) -> Record | None:
    """The record of one of the tables whose mã the text is; None for any other text."""
    found = (g.index.get(table, {}).get(text) for table in tables)
    return next((row for row in found if row is not None), None) if isinstance(text, str) else None


def _spoken(g: Graph, text: Any) -> Any:
    """A cell that may hold a mã or words: a person's name with office, a unit's or a model's name, else the words."""
    row = _known(g, text, "nguoi", "don_vi", "mo_hinh")
    if row is None:
        return text
    return next(row[name] for name in ("ten_day_du", "ten_ngoac", "ten") if row.has(name))


def _derive_globals(g: Graph) -> None:
    for name, source in {**g.schema.get("x-suy-ra-dau", {}), **g.schema.get("x-tap", {})}.items():
        g.globals.derive(name, lambda s=source: g.evaluate(s))  # type: ignore[misc]
    for name in g.schema.get("x-bang-suy-ra", {}):
        g.globals.derive(name, lambda n=name: list(_worked_out(g, n).values()))  # type: ignore[misc]
    g.globals.derive("ghep", lambda: safe(_pairs))
    g.globals.derive("nguoi_co_ma", lambda: safe(lambda text: _known(g, text, "nguoi")))
    g.globals.derive("don_vi_co_ma", lambda: safe(lambda text: _known(g, text, "don_vi")))
    g.globals.derive("ten_cua", lambda: safe(lambda text: _spoken(g, text)))
    g.globals.derive("nam", lambda: g.evaluate("thong_tin.nam"))
    g.globals.derive("nam_truoc", lambda: [f.globals for f in g.former])
    g.globals.derive("cua_nam_truoc", lambda: safe(lambda table, texts: _former_record(g, table, texts)))
    g.globals.derive("quy_dinh", lambda: _rule_words(g))
    g.globals.derive(
        "van_ban_cua", lambda: safe(lambda kind, code=None: paper_record(g, f"{kind}.{code}" if code else kind))
    )
    g.globals.derive("tim_van_ban", lambda: safe(lambda paper_id: _find_paper(g, paper_id)))
    g.globals.derive("cac_van_ban", lambda: [paper.vb for paper in plan(g)])
    g.globals.derive("la_ma_van_ban", lambda: safe(lambda code: _is_paper_id(g, code)))
    g.globals.derive("can_cu_luat", lambda: safe(lambda work, he, day: _law_lines(g, work, he, day)))
    g.globals.derive("doi_chieu", lambda: safe(lambda luc: _targets(g, luc)))
    g.globals.derive("muc_luat", lambda: safe(lambda name, day: _law_sum(g, name, day)))
    g.globals.derive("co_van_ban", lambda: safe(lambda kind: _is_called_for(g, kind)))


def safe(function: Any) -> Any:
    """Mark a function as one that expressions may call."""
    function.dvk_safe = True
    return function


def _rule_words(g: Graph) -> Any:
    """The chosen rule set as a record: quy_dinh.linh_vuc, quy_dinh.so_bo ...; blank where there is no such set."""
    name = g.evaluate("thong_tin.bo_quy_tac")
    try:
        found = g.catalog.rule_set(name) if name else {}
    except KindUnknown:
        found = {}
    base = g.catalog.rule_set("chung")["mac_dinh"]
    words = {**base, **{k: v for k, v in found.items() if k != "quy_tac"}}
    record = Record({}, "/thong_tin/bo_quy_tac", g.tracker)
    for word, value in words.items():
        record.derive(word, lambda v=value: _said(g, v))  # type: ignore[misc]
    record.derive("moc_han", lambda: _days(g, {**base["moc_han"], **words["moc_han"]}, found.get("quy_tac", [])))
    return record


def _days(g: Graph, typed: Mapping[str, Any], rules: Sequence[Mapping[str, Any]]) -> dict[str, str | None]:
    """The deadlines as ISO days; one that the guide writes and no calendar has is the day chosen for it, or None."""
    days = {name: deadlines.day_of(day, g.nam) for name, day in typed.items()}
    lines = g.evaluate("thong_tin.han_da_chon") or []
    for rule in rules:
        if days.get(rule.get("moc_han", ""), "") is None:
            days[rule["moc_han"]] = deadlines.chosen(rule, lines, g.nam)
    return days


def _said(g: Graph, value: Any) -> Any:
    """A rule set's words as papers print them: in the office's tone placement, what stands in `{}` worked out."""
    if isinstance(value, str):
        return IN_BRACES.sub(lambda found: _worked_in(g, found[1]), kieu_dau.chuyen(value, g.kieu_dau))
    if isinstance(value, list):
        return [_said(g, part) for part in value]
    return {name: _said(g, part) for name, part in value.items()} if isinstance(value, dict) else value


def _worked_in(g: Graph, source: str) -> str:
    """The text of an expression in a guide's words; `{han.dang_ky}`: a deadline, the marked gap where it is no day."""
    if not source.startswith("han."):
        value = g.evaluate(source)
        return "" if value is None else str(value)
    day = g.evaluate("quy_dinh.moc_han").get(source[4:])
    return ngay.ngay_so(day) if day else cho_trong(None, "ngày của một mốc hạn")


def _former_record(g: Graph, table: str, texts: Sequence[str]) -> Record | None:
    """The row of an earlier year, the newest first, that a text names: by its mã, or by its name within the text."""
    for year in g.former:
        rows = [row for row in year.rows(table) if _read(row, "ma")]
        for text in texts or ():
            coded = next(
                (row for row in rows if str(_read(row, "ma")).casefold() == str(text).strip().casefold()), None
            )
            named = [row for row in rows if fold(str(_read(row, "ten") or "")) and _names(text, row)]
            found = coded or max(named, key=lambda row: len(str(_read(row, "ten"))), default=None)
            if found is not None:
                return found
    return None


def _names(text: str, row: Record) -> bool:
    return f" {fold(str(_read(row, 'ten')))} " in f" {fold(str(text))} "


def _law_lines(g: Graph, work: str, he: str, day: str) -> list[str]:
    """Căn cứ Luật …: what papers of a system cite for a piece of work, in force on the day."""
    known = g.catalog.law("van_ban", day)
    return [f"Căn cứ {row['can_cu']}" for row in known if work in row["nhom"] and he in row["he"]]


def _law_sum(g: Graph, name: str, day: str) -> Any:
    """A sum or a factor that the law sets, in force on the day: with its `gia_tri`, `source`, `confirmed`; or None."""
    return next((dict(row) for row in g.catalog.law("muc", day) if row["ten"] == name), None)


def _targets(g: Graph, luc: str) -> list[dict[str, Any]]:
    """The targets of a piece of work beside what the year has (`targets`); none where the rule set is not there.

    What was read to count is not noted: a paper that says a target is not met is not held back because it is not.
    """
    name = g.evaluate("thong_tin.bo_quy_tac")
    try:
        rules = g.catalog.rule_set(name)["quy_tac"] if name else []
    except (KindUnknown, KeyError):
        rules = []
    return g.tracker.during(lambda: list(targets(rules, luc, g.evaluate)))[0]  # type: ignore[no-any-return]


def _find_paper(g: Graph, paper_id: str | None) -> Record | None:
    """The record of a paper that has a row or whose kind is there; None where this catalogue has no such kind."""
    if not paper_id:
        return None
    known = g.catalog.has(paper_id.partition(".")[0]) or paper_id in g.index.get("van_ban", {})
    return paper_record(g, paper_id) if known else None


def _is_paper_id(g: Graph, code: str | None) -> bool:
    """Whether a code is `<kind>` or `<kind>.<mã>` of a kind that is there and a code that is there."""
    kind, _, owner = (code or "").partition(".")
    if not g.catalog.has(kind):
        return False
    one_for_each = g.catalog.kind_schema(kind).get("x-moi")
    if not owner or not one_for_each:
        return bool(owner) == bool(one_for_each)
    if _owner_of(g, kind, owner) is not None:
        return True
    g.evaluate(one_for_each)  # notes the tables: of a code nobody can say that it is wrong while its table is
    return False


def _is_called_for(g: Graph, kind: str) -> bool:
    if kind in g.index.get("van_ban", {}):
        return True
    return g.catalog.has(kind) and any(True for _ in _papers_of(g, kind))


# --- papers ----------------------------------------------------------------------------------------------------------


def plan(g: Graph) -> list[Paper]:
    """The papers that the year calls for, in the order of the kinds and then of the rows.

    A kind whose `x-moi`, `x-khi` or `x-van-ban` can never be worked out is left out of the catalogue, with its fault. A
    paper of which they cannot be worked out because of what this year holds is put into `stopped`, with the cell.
    """
    kinds = tuple(g.catalog.kinds())
    if kinds not in g.planned:
        papers, reads = g.tracker.during(lambda: [paper for kind in kinds for paper in _sound_papers(g, kind)])
        g.planned[kinds] = papers, Reads(reads)
    papers, read = g.planned[kinds]
    g.tracker.note(read)
    return list(papers)


def _sound_papers(g: Graph, kind: str) -> list[Paper]:
    schema = g.catalog.kind_schema(kind)
    papers: list[Paper] = []
    try:
        members = _worked(g, kind, None, "x-moi", lambda: g.evaluate(schema["x-moi"])) if "x-moi" in schema else [None]
        for moi in members or []:
            paper = paper_of(g, kind, moi)
            if not _lies_there(g, paper.id) and _is_due(g, schema, paper) and _has_sound_words(g, schema, paper):
                papers.append(paper)
    except _NeverRight as error:
        g.catalog.leave_out(kind, error.problem)
        for paper_id in [i for i, (paper, _) in g.stopped.items() if paper.kind == kind]:
            del g.stopped[paper_id]
        return []
    return papers


def _is_due(g: Graph, schema: Mapping[str, Any], paper: Paper) -> bool:
    due = _worked(g, paper.kind, paper, "x-khi", lambda: _due(g, schema, paper))
    return due is not None and bool(due)


def _due(g: Graph, schema: Mapping[str, Any], paper: Paper) -> Any:
    return "x-khi" not in schema or bool(g.evaluate(schema["x-khi"], {"moi": paper.moi, "vb": paper.vb}))


def _has_sound_words(g: Graph, schema: Mapping[str, Any], paper: Paper) -> bool:
    """Whether what the paper says of itself can be worked out; where not, it is stopped."""
    for name in schema.get("x-van-ban", ()):
        field_ = f"x-van-ban/{name}"
        if paper.vb.has(name):
            _worked(g, paper.kind, paper, field_, lambda n=name: paper.vb[n])  # type: ignore[misc]
        if paper.id in g.stopped:
            return False
    return True


class _NeverRight(Exception):
    """A word of a kind that no year could work out."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def _worked(g: Graph, kind: str, paper: Paper | None, field_: str, work: Callable[[], Any]) -> Any:
    """What `work` gives; None where this year's values stop it, the paper (else the kind's) then being in `stopped`."""
    value, reads, error = g.tracker.attempt(work)
    for read in reads:
        g.tracker.note(read)
    if error is not None:
        paper = paper or paper_of(g, kind)
        problem = stopping(g, paper, error, reads)
        if problem is None:
            if not isinstance(error, Unworkable) or not error.blank:
                raise _NeverRight(g.catalog.broken(error, kind, field_))
            problem = g.catalog.broken(error, kind, field_)
        g.stopped[paper.id] = paper, problem
    return value


def stopping(g: Graph, paper: Paper, error: TemplateInvalid, reads: Sequence[str]) -> Problem | None:
    """The cell of this year that keeps a paper's expression from being worked out; None where none does.

    It is the last blank that was read; where the expression wants something else, the last that was read.
    """
    if not isinstance(error, Unworkable):
        return None
    own = [r for r in reversed(reads) if r != SPELLING and not r.startswith(ASIDE)]
    cell = next((r for r in own if _held(g, r) in (None, "", [])), None)
    if cell is None and (error.blank or isinstance(error.__cause__, TypeError)):
        return None
    cell = cell or next(iter(own), None)
    if cell is None:
        return None
    title, blank = g.catalog.title(paper.kind), _held(g, cell) in (None, "", [])
    what = "còn trống" if blank else "có giá trị không tính được"
    message = f"{title}: chưa lập được vì {field_title(g.schema, cell)} {what}."
    hint = "Nhập ô này rồi lập lại." if blank else "Sửa ô này rồi lập lại."
    return Problem(Place(pointer=cell), "field_needed", "loi", message, hint)


def _held(g: Graph, pointer: str) -> Any:
    """What the graph holds at a pointer: None for a blank, and for a wrong value."""
    node: Any = g.globals
    for name in pointer.split("/")[1:]:
        if isinstance(node, list):
            node = next((r for r in node if isinstance(r, Record) and r.pointer.rpartition("/")[2] == name), None)
        else:
            node = _read(node, name)
    return node


def field_title(schema: Mapping[str, Any], pointer: str) -> str:
    """How a message names a field of the year: its title in the schema in quotes; of a table, its sheet's name."""
    part: Mapping[str, Any] = schema
    for name in pointer.split("/")[1:]:
        part = part.get("items", {}) if name.isdigit() else part.get("properties", {}).get(name, {})
    name = str(part.get("x-trang") or part.get("title") or pointer.rpartition("/")[2])
    return f"sheet {name}" if "x-trang" in part else f"ô “{name}”"


def _papers_of(g: Graph, kind: str) -> Iterable[Paper]:
    schema = g.catalog.kind_schema(kind)
    for moi in g.evaluate(schema["x-moi"]) or [] if "x-moi" in schema else [None]:
        paper = paper_of(g, kind, moi)
        if not _lies_there(g, paper.id) and _due(g, schema, paper):
            yield paper


def _lies_there(g: Graph, paper_id: str) -> bool:
    """Whether its row in sheet Văn bản says that the paper is there already: it is cited, and not made again."""
    row = g.index.get("van_ban", {}).get(paper_id)
    return row is not None and _read(row, "tinh_chat") not in (None, "lap")


def paper_of(g: Graph, kind: str, moi: Record | None = None) -> Paper:
    """The paper of one kind for one record, whether or not it is due."""
    schema = g.catalog.kind_schema(kind)
    paper_id = (
        kind if moi is None else f"{kind}.{_read(moi, 'ma') or 'dong-' + str(int(moi.pointer.rsplit('/', 1)[1]) + 1)}"
    )
    vb = _paper_record(g, paper_id, kind, moi)
    return Paper(paper_id, kind, moi, vb, schema.get("x-giai-doan", ""), schema.get("x-bo", ""))


def paper_record(g: Graph, paper_id: str) -> Record:
    """The record of a paper by its id: always one, planned or typed; raise `KindUnknown` for an unknown kind."""
    if paper_id in g.papers:
        return g.papers[paper_id]
    kind, _, code = paper_id.partition(".")
    if not g.catalog.has(kind):
        row = g.index.get("van_ban", {}).get(paper_id)
        if row is not None:
            return row
        g.catalog.kind_schema(kind)  # raises, with the nearest names
    return _paper_record(g, paper_id, kind, _owner_of(g, kind, code))


def _owner_of(g: Graph, kind: str, code: str) -> Record | None:
    """The record that a paper of this kind is of, by its mã: in the worked-out table that `x-moi` names, else anywhere.

    Two such tables may use the same mã: `nam` is a period of reporting and a thing that units are reminded of.
    """
    name = g.catalog.kind_schema(kind).get("x-moi", "")
    if name in g.schema.get("x-bang-suy-ra", {}):
        return _worked_out(g, name).get(code)
    return _record_by_code(g, code)


def _record_by_code(g: Graph, code: str) -> Record | None:
    if not code:
        return None
    found = next((rows[code] for rows in g.index.values() if code in rows), None)
    if found is not None:
        return found
    made = (_worked_out(g, name) for name in g.schema.get("x-bang-suy-ra", {}))
    return next((rows[code] for rows in made if code in rows), None)


def _paper_record(g: Graph, paper_id: str, kind: str, moi: Record | None) -> Record:
    if paper_id in g.papers:
        return g.papers[paper_id]
    schema = g.catalog.kind_schema(kind)
    words: Mapping[str, Any] = schema.get("x-van-ban", {})
    row = g.index.get("van_ban", {}).get(paper_id)
    pointer = row.pointer if row is not None else "/van_ban"
    vb = Record({"id": paper_id, "ma": paper_id, "kind": kind}, pointer, g.tracker)
    g.papers[paper_id] = vb
    if "x-kem" in schema:
        host = _host_of(g, schema["x-kem"], moi, paper_id)
        vb.derive("chinh", lambda: paper_record(g, host))
        words = {**{n: f"vb.chinh.{n}" for n in ("co_quan", "nguoi_ky", "quyen_han", "chuc_vu_ky", "ngay")}, **words}
    scope = {"vb": vb, "moi": moi}

    def typed(name: str) -> Any:
        """What the row of sheet Văn bản says; a field without a row is noted at the row or the sheet."""
        if row is not None:
            return row[name]
        g.tracker.note("/van_ban")
        return None

    def default(name: str) -> Any:
        source = words.get(name)
        return g.evaluate(source, scope) if source else None

    _paper_fields(vb, words, typed, default)
    for name, part in g.schema["properties"].get("van_ban", {}).get("items", {}).get("properties", {}).items():
        if "x-muc" in part:
            vb.derive(name, lambda n=name: typed(n) or [])  # type: ignore[misc]
    _paper_citations(vb, words, typed, default)
    vb.derive("co_dong", lambda: row is not None)
    title = " ".join(x for x in (g.catalog.title(kind), paper_id.partition(".")[2]) if x)
    vb.derive("tieu_de", lambda: title)
    vb.derive("he", lambda: _system(g, schema, scope))
    vb.derive("tt", lambda: g.tracker.during(lambda: _words(g, schema, vb))[0])
    vb.derive("ngay_ap_dung", lambda: vb["ngay"] or vb["ngay_du_kien"] or f"{g.globals['nam'] or 9999}-12-31")
    return vb


def _host_of(g: Graph, host: str, moi: Record | None, paper_id: str) -> str:
    """The paper that one is attached to: where both are made of each member of a set, that of the same member."""
    code = paper_id.partition(".")[2]
    return f"{host}.{code}" if moi is not None and "x-moi" in g.catalog.kind_schema(host) else host


def _paper_fields(vb: Record, words: Mapping[str, Any], typed: Any, default: Any) -> None:
    for name in words:  # a kind's own names too: vb.hop, the meeting that it is of
        vb.derive(name, lambda n=name: default(n))  # type: ignore[misc]
    for name in PAPER_FIELDS:
        vb.derive(name, lambda n=name: typed(n) or default(n) or ([] if n == "noi_nhan" else None))  # type: ignore[misc]
    for name in ROW_FIELDS:
        vb.derive(name, lambda n=name: typed(n))  # type: ignore[misc]
    for name in PLAIN_WORDS:  # as they stand, or by the expression `<word>_theo`
        given = words.get(name)
        vb.derive(name, lambda n=name, w=given: (typed(n) if n == "ten_loai" else None) or default(f"{n}_theo") or w)  # type: ignore[misc]
    vb.derive("tinh_chat", lambda: typed("tinh_chat") or "lap")
    vb.derive("trang_thai", lambda: typed("trang_thai") or "du_thao")
    vb.derive("co_quan", lambda: typed("co_quan") or default("co_quan"))
    vb.derive("ten_co_quan", lambda: vb["co_quan"]["ten"] if vb["co_quan"] else typed("co_quan_ngoai"))
    vb.derive("tac_gia", lambda: default("tac_gia") or vb["ten_co_quan"])  # who a citation says it is of
    vb.derive("nguoi_ky", lambda: typed("nguoi_ky") or default("nguoi_ky"))
    vb.derive("ky_hieu_co_quan", lambda: default("ky_hieu_co_quan") or (vb["co_quan"] or {}).get("ky_hieu"))
    vb.derive("so_ky_hieu", lambda: typed("so_ky_hieu") or _symbol(vb))


def _symbol(vb: Record) -> str | None:
    """15-QĐ/ĐU, by the paper's own system 15/QĐ-UBND; None while there is no number."""
    number, office = vb["so"], vb["co_quan"]
    return ky_hieu(number, vb["ky_hieu_loai"], vb["ky_hieu_co_quan"], vb["tt"]) if number and office else None


def _paper_citations(vb: Record, words: Mapping[str, Any], typed: Any, default: Any) -> None:
    vb.derive("can_cu", lambda: typed("can_cu") or [p for p in default("can_cu") or [] if p is not None])
    vb.derive(
        "can_cu_dong",
        lambda: [
            *(default("can_cu_dau") or []),
            *(f"Căn cứ {vien_dan_day_du(p, vb['tt'])}" for p in vb["can_cu"]),
            *(default("can_cu_them") or []),
        ],
    )


# --- one paper's data ------------------------------------------------------------------------------------------------


def paper_data(
    g: Graph, paper: Paper, tt: Mapping[str, Any] | None = None, more: Mapping[str, Any] | None = None
) -> PaperData:
    """One paper's own data by the `x-tu` of its kind; blank values are left out, so that it reads like typed data.

    `more` are further names that its expressions may use: `quyen`, the book whose cover or contents it is.
    """
    schema = g.catalog.kind_schema(paper.kind)
    words = tt if tt is not None else words_of(g, paper)
    scope = Scope({"moi": paper.moi, "vb": paper.vb, "tt": words, **(more or {})}, g.globals)
    origins: dict[str, str] = {}
    touched = set(_always_read(g, paper))
    try:
        data = _object(g, schema["properties"], scope, "", origins, touched)
    except TemplateInvalid as error:
        if g.catalog.is_own(paper.kind):
            raise
        field_ = _field_of(schema, error.report.problems[0].place.words) or "properties"
        raise TemplateInvalid(Report((g.catalog.broken(error, paper.kind, field_),))) from error
    touched.update(_leant_on(g, tuple(touched)))
    return PaperData(data, origins, frozenset(touched))


def paper_data_or_faults(g: Graph, paper: Paper) -> tuple[PaperData | None, tuple[Problem, ...]]:
    """One paper's data; None, with what is to blame, where it was stopped or an expression of it fails."""
    if paper.id in g.stopped:
        return None, (g.stopped[paper.id][1],)
    data, reads, error = g.tracker.attempt(lambda: paper_data(g, paper))
    if error is None:
        return data, ()
    cause = error.__cause__ if isinstance(error.__cause__, TemplateInvalid) else error  # a pack's names its file
    problem = stopping(g, paper, cause, reads)
    return None, (problem,) if problem is not None else error.report.problems


def _field_of(spec: Mapping[str, Any], words: str) -> str:
    """properties/ten/x-tu: the field of a schema whose expression begins with these words; "" where there is none."""
    for name, part in spec.get("properties", {}).items():
        if words and str(part.get("x-tu", "")).startswith(words):
            return f"properties/{name}/x-tu"
        inner = _field_of(part.get("items", {}), words)
        if inner:
            return f"properties/{name}/items/{inner}"
    return ""


def _always_read(g: Graph, paper: Paper) -> Iterator[str]:
    """What every paper reads by being made: the office's spelling, its own row of sheet Văn bản, its record's code."""
    yield SPELLING
    if paper.vb.pointer.count("/") > 1:
        yield from (f"{paper.vb.pointer}/{name}" for name in OWN_ROW)
    if paper.moi is not None:
        yield from g.twins.get(str(_read(paper.moi, "ma")).casefold(), ())


def _leant_on(g: Graph, touched: Iterable[str]) -> Iterator[str]:
    """The fields that a read field stands on where it says yes (`dua_vao`): recognition stands on the appraisal."""
    words: Mapping[str, Mapping[str, list[str]]] = g.catalog.rule_set("chung").get("dua_vao", {})
    for pointer in touched:
        parts = pointer.split("/")
        if len(parts) == 4 and parts[3] in words.get(parts[1], {}):
            row = g.year[parts[1]][int(parts[2])]
            if row.get(parts[3]):
                yield from (f"/{parts[1]}/{parts[2]}/{name}" for name in words[parts[1]][parts[3]])


def words_of(g: Graph, paper: Paper) -> Mapping[str, str]:
    """The fixed words of the regime that the paper belongs to on its date."""
    words: Mapping[str, str] = paper.vb["tt"]
    return words


def _words(g: Graph, schema: Mapping[str, Any], vb: Record) -> Mapping[str, str]:
    from . import profiles

    systems = schema.get("x-he") or ["dang"]
    he = vb["he"] if vb["he"] in systems else systems[0]  # a system that the kind has not is named by its check
    return profiles.at(he, vb["ngay_ap_dung"], profiles.load_all(g.catalog.profiles_folder())).tt


def _system(g: Graph, schema: Mapping[str, Any], scope: Mapping[str, Any]) -> str:
    """The system of a paper: by `x-he-theo` where its kind has several (who issues it decides), else the kind's."""
    systems = schema.get("x-he") or ["dang"]
    found = g.evaluate(schema["x-he-theo"], scope) if len(systems) > 1 and "x-he-theo" in schema else None
    return str(found or systems[0])


def _object(
    g: Graph, properties: Mapping[str, Any], scope: Scope, base: str, origins: dict[str, str], touched: set[str]
) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for name, spec in properties.items():
        if "x-tu" not in spec:
            continue
        expression = compiled(spec["x-tu"], g.kieu_dau)
        value, reads = g.tracker.during(lambda e=expression: e(scope))  # type: ignore[misc]
        touched.update(reads)
        pointer = f"{base}/{name}"
        if reads:
            origins[pointer] = _origin(reads)
        value = _plain(g, value, spec, expression, scope, pointer, origins, touched)
        if value is not None and value != "" and value != []:
            data[name] = value
    return data


def _origin(reads: Sequence[str]) -> str:
    """The field that a value came from: the last read, but not the office's spelling or a row put aside."""
    own = (r for r in reversed(reads) if r != SPELLING and not r.startswith(ASIDE))
    return next(own, reads[-1])


def _plain(
    g: Graph,
    value: Any,
    spec: Mapping[str, Any],
    expression: Expression,
    scope: Scope,
    pointer: str,
    origins: dict[str, str],
    touched: set[str],
) -> Any:
    """Plain data of a value: a row for each record of a list, by the item's own `x-tu`."""
    if not isinstance(value, (list, tuple)):
        if isinstance(value, Mapping):
            return dict(value)
        return value
    properties = spec.get("items", {}).get("properties", {})
    if not any("x-tu" in p for p in properties.values()):
        return [dict(v) if isinstance(v, Mapping) else v for v in value]
    rows = []
    for i, record in enumerate(value):
        if isinstance(record, Record):
            origins[f"{pointer}/{i}"] = record.pointer
        inner = Scope({spec.get("x-dong", "dong"): record, "dong": record, "stt": i + 1}, scope)
        rows.append(_object(g, properties, inner, f"{pointer}/{i}", origins, touched))
    return rows


def origin_of(pointer: str, origins: Mapping[str, str]) -> str:
    """Where in the year a pointer of the paper was typed: its own origin, or that of the nearest part around it.

    >>> origin_of("/ds/0/ten/2", {"/ds": "/mo_hinh", "/ds/0/ten": "/nguoi/3/ho_ten"})
    '/nguoi/3/ho_ten'
    """
    while pointer:
        if pointer in origins:
            return origins[pointer]
        pointer = pointer.rpartition("/")[0]
    return ""


def blocks(problem_pointer: str, touched: Iterable[str]) -> bool:
    """Whether a problem at this place of the year touches what a paper read.

    A field blocks who read the field; a record (`/mo_hinh/3`) or a table (`/mo_hinh`: its sheet or a column of it is
    not there) who read any field in it; the file itself ("") everyone.
    """
    if problem_pointer == "":
        return True
    for read in touched:
        if read == problem_pointer or read.startswith(problem_pointer + "/"):
            return True
        if read.count("/") > 2 and problem_pointer.startswith(read + "/"):
            return True
    return False


# --- the context of a template ---------------------------------------------------------------------------------------


def derived(
    schema: Mapping[str, Any], data: Mapping[str, Any], tt: Mapping[str, Any], kieu_dau: str = "moi"
) -> dict[str, Any]:
    """One paper's context (`context.derived`), its expressions in the office's tone placement."""
    return context.derived(
        schema, data, tt, lambda source, names, outer: compiled(source, kieu_dau)(Scope(names, outer))
    )
