"""Making one paper: its data checked, its context derived, its template rendered.

    check -> derived values, words of the regime in force on its date -> template with that regime's looks -> DOCX

The year and its check are here too, since both are the same pipeline one step earlier. Files are touched only by
`read`, by the templates of a kind, and by `save`.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from .catalog import Catalog, unknown
from .errors import DataInvalid, KindUnknown, OutputInvalid, Place, Problem, Report, SourceInvalid

if TYPE_CHECKING:
    from .derive import Graph, Paper
    from .expressions import Record
    from .sources import Source
    from .templating import Template

TEMPORARY = ".~dvk-"  # how the name of a file still being written begins
HEADLESS = ("missing_sheet", "missing_column")  # codes of a header that is not there: what it held is blank, so follows
NEWER = ("version", "version_newer")  # codes of data that another version of the schema describes: no paper is sure


# --- the year --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Year:
    """One year's data by `nam.schema.json`, the place of every value, and what reading it had to say."""

    data: Mapping[str, Any]
    places: Mapping[str, Place] = field(default_factory=dict)  # JSON pointer -> where it was typed
    problems: tuple[Problem, ...] = ()
    name: str = ""  # of the file; "" for data handed over

    @classmethod
    def from_data(cls, data: Mapping[str, Any], name: str = "") -> Year:
        """The year of data handed over by a program, in the shape that reading a file gives."""
        from . import sources

        if not isinstance(data, Mapping):
            raise SourceInvalid("Dữ liệu của năm phải là một đối tượng có các bảng của năm.", "json_shape")
        return cls._of(sources.from_data(data, name=name))

    @classmethod
    def _of(cls, source: Source) -> Year:
        return cls(source.data, source.places, source.problems, source.name)

    @property
    def sha256(self) -> str:
        """Of the data, however it was typed: a workbook and a JSON file of one year have the same."""
        from . import sources

        return sources.digest(self.data)


# --- one kind --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Document:
    """A paper that was made."""

    kind: str
    docx: bytes

    def pdf(self, engine: str = "builtin") -> bytes:
        """The paper as PDF; raise `TemplateInvalid` for what the engine cannot draw, `ToolMissing` without a font."""
        from . import pdf

        return pdf.convert(self.docx, engine)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the paper whole or not at all; raise `OutputInvalid` where it cannot be written."""
        target = Path(path)
        save({target: self.docx})
        return target


class Kind:
    """One kind of paper: its schema, its template, and what both can do with data."""

    def __init__(self, stem: str, catalog: Catalog, templates: Path | None = None) -> None:
        """`templates` is an office's own folder; its `<stem>.docx` keeps its looks and takes only the words."""
        self.stem = stem
        self.catalog = catalog
        self.schema: dict[str, Any] = catalog.kind_schema(stem)
        self._folder = templates
        self._bytes: dict[str, bytes] = {}

    @property
    def title(self) -> str:
        return str(self.schema.get("title", self.stem))

    @property
    def systems(self) -> tuple[str, ...]:
        """The systems that the kind has papers in; a paper of a kind of several names its own as `he`."""
        return self.catalog.systems(self.stem)

    def system(self, data: Mapping[str, Any]) -> str:
        """The system that a paper's data belongs to; the kind's first where it names none of the kind's own."""
        named = data.get("he")
        return named if isinstance(named, str) and named in self.systems else self.systems[0]

    def template_of(self, he: str = "") -> bytes:
        """The Word template of a system as it lies: the office's own, else the kind's."""
        he = he or self.systems[0]
        if he not in self._bytes:
            own = self._own(he)
            self._bytes[he] = own.read_bytes() if own else self.catalog.template_bytes(self.stem, he)
        return self._bytes[he]

    def _own(self, he: str) -> Path | None:
        return self.catalog.own_template(self._folder, self.stem, he) if self._folder else None

    @property
    def template_bytes(self) -> bytes:
        """The Word template of the kind's first system."""
        return self.template_of()

    def template_sha256(self, he: str = "") -> str:
        return hashlib.sha256(self.template_of(he)).hexdigest()

    def check(self, data: object) -> Report:
        """Every problem of one paper's data, by its JSON pointer."""
        from . import checking

        return Report.of(checking.check_paper(self.schema, data))

    def make(self, data: Mapping[str, Any], kieu_dau: str = "moi") -> Document:
        """The paper of this data; raise `DataInvalid` with every problem.

        The regime is the one in force on its `ngay`, else on the last day of its `nam`. `kieu_dau` (moi | cu) is how
        the office places tone marks; it touches the template's own words only.
        """
        report = self.check(data)
        if not report.ok:
            raise DataInvalid(report)
        return self.render(data, day_of(data), kieu_dau)

    def render(self, data: Mapping[str, Any], day: str, kieu_dau: str = "moi") -> Document:
        """The paper of data already checked, by the regime in force on `day` (ISO)."""
        from . import derive, tall_rows

        he = self.system(data)
        profile = self.profile(day, he)
        context = derive.derived(self.schema, data, profile.tt, kieu_dau)
        return Document(self.stem, self.template(profile, kieu_dau, he).render(context, tall_rows.settled))

    def template(self, profile: Any, kieu_dau: str = "moi", he: str = "") -> Template:
        """The template of a system, compiled, with the looks of `profile`; an office's own template keeps its looks."""
        own_page = self.schema.get("x-trang-rieng") is True
        looks = None if self._own(he or self.systems[0]) else profile
        return _template(self.template_of(he), looks, kieu_dau, own_page)

    @property
    def has_own_template(self) -> bool:
        """Whether an office's own template takes the place of the kind's, in any of its systems."""
        return any(self._own(he) for he in self.systems)

    def profile(self, day: str, he: str = "") -> Any:
        """The format profile of a system (the kind's first where none is named) in force on `day`."""
        from . import profiles

        return profiles.at(he or self.systems[0], day, profiles.load_all(self.catalog.profiles_folder()))


def day_of(data: Mapping[str, Any]) -> str:
    """The day (ISO) by whose regime one paper's own data is made."""
    return str(data.get("ngay") or f"{data.get('nam') or 9999}-12-31")


_templates: dict[tuple[str, str, str, bool], Template] = {}


def _template(source: bytes, profile: Any, kieu_dau: str, own_page: bool) -> Template:
    """The compiled template, kept by what it was made from; at most 200 of them."""
    from . import profiles
    from .templating import Template

    key = (hashlib.sha256(source).hexdigest(), profile.code if profile else "", kieu_dau, own_page)
    if key not in _templates:
        if len(_templates) >= 200:
            _templates.clear()
        _templates[key] = Template(profiles.apply(source, profile, kieu_dau, own_page) if profile else source)
    return _templates[key]


@lru_cache(maxsize=8)
def catalog_of(packs: tuple[str, ...]) -> Catalog:
    return Catalog([Path(p) for p in packs])


@lru_cache(maxsize=256)
def _kept_kind(stem: str, packs: tuple[str, ...], templates: str, template_sha256: str) -> Kind:
    """The kind, kept as long as its template is the same (`template_sha256` is only there to tell)."""
    return Kind(stem, catalog_of(packs), Path(templates) if templates else None)


@dataclass(frozen=True, slots=True)
class Task:
    """All that one paper needs to be rendered, plain, so that it can go to another process."""

    kind: str
    packs: tuple[str, ...]
    templates: str
    data: Mapping[str, Any]
    day: str
    kieu_dau: str
    template_sha256: str = ""  # of the template it is to be made with: a changed file is read again


def render(task: Task) -> bytes:
    """The bytes of one paper; kinds and templates are kept between calls in one process."""
    kept = _kept_kind(task.kind, task.packs, task.templates, task.template_sha256)
    return kept.render(task.data, task.day, task.kieu_dau).docx


# --- the public doors ------------------------------------------------------------------------------------------------


def kinds(packs: Sequence[str | os.PathLike[str]] = ()) -> list[str]:
    """The stems of all kinds, in the order of their papers in a year."""
    return Catalog([Path(p) for p in packs]).kinds()


def kind(
    stem: str, packs: Sequence[str | os.PathLike[str]] = (), templates: str | os.PathLike[str] | None = None
) -> Kind:
    """One kind by its stem; raise `KindUnknown` naming the nearest ones."""
    catalog = Catalog([Path(p) for p in packs])
    if not catalog.has(stem):
        message = unknown("loại văn bản", stem, catalog.kinds())
        raise KindUnknown(f"{message} Xem các loại hiện có bằng lệnh dvk kinds.")
    return Kind(stem, catalog, _folder_of(templates))


def _folder_of(templates: str | os.PathLike[str] | None) -> Path | None:
    if not templates:
        return None
    folder = Path(templates)
    with suppress(OSError):  # a name too long for the system
        if folder.is_dir():
            return folder
    raise SourceInvalid(f"Không có thư mục mẫu {folder}.", "templates_missing", Place(file=str(folder)))


def read(path: str | os.PathLike[str]) -> Year:
    """The year typed in a workbook or a JSON file; raise `SourceInvalid` for a file that cannot be read at all."""
    from . import sources

    return Year._of(sources.read(Path(path)))


def check(
    year: Year | Mapping[str, Any],
    ngay: date | str | None = None,
    *,
    packs: Sequence[str | os.PathLike[str]] = (),
    nam_truoc: Sequence[Year | Mapping[str, Any]] = (),
) -> Report:
    """Every problem of the year: reading, schema, cross-checks, rules as of `ngay`, each paper that it calls for.

    `nam_truoc` are earlier years, in any order, that the rules may look back at; raise `SourceInvalid` for one that is
    not earlier, or is there twice.
    """
    return examine(year, as_day(ngay), packs=packs, nam_truoc=nam_truoc).report


def as_day(ngay: date | str | None) -> date:
    """`ngay` as a day; None is the day of the machine."""
    if ngay is None:
        return date.today()
    return ngay if isinstance(ngay, date) else date.fromisoformat(ngay)


# --- the year checked ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CheckedPaper:
    """One paper that the year calls for, with its data and every `loi` that stands in its way."""

    id: str  # kind[.mã]
    kind: Kind
    stage: str
    bo: str  # the set it is made with, all or none
    state: str  # du_thao | trinh_ky | phat_hanh
    day: str  # ISO; picks the regime
    data: Mapping[str, Any]
    problems: tuple[Problem, ...]
    moi: Record | None = None  # the record that it is made for
    vb: Record | None = None  # its own record: number, day, summary ...

    @property
    def code(self) -> str:
        """The mã of the record it is made for; "" for one a year."""
        return self.id.partition(".")[2]


@dataclass(frozen=True, slots=True)
class CheckedYear:
    """The year with its report and its papers in order."""

    year: Year
    today: date
    kieu_dau: str
    report: Report
    papers: tuple[CheckedPaper, ...]
    graph: Graph
    kinds: Mapping[str, Kind]


def examine(
    year: Year | Mapping[str, Any],
    today: date,
    *,
    packs: Sequence[str | os.PathLike[str]] = (),
    templates: str | os.PathLike[str] | None = None,
    nam_truoc: Sequence[Year | Mapping[str, Any]] = (),
) -> CheckedYear:
    """Check the year and each paper it calls for, all at once; `nam_truoc` as in `check`."""
    from . import checking, derive, expressions, rules

    year = year if isinstance(year, Year) else Year.from_data(year)
    former = former_years(year, nam_truoc)
    catalog = Catalog([Path(p) for p in packs])
    graph = derive.graph(year.data, catalog, year.places, [f.data for f in former])
    known = {p.place.pointer for p in year.problems if p.severity == "loi"}
    found = [*year.problems, *_unread(former)]
    found += checking.check_year(year.data, year.places, catalog, known)
    found += checking.with_places(rules.check(graph, catalog, today, known), year.places)
    own = _folder_of(templates)
    kinds = {stem: Kind(stem, catalog, own) for stem in catalog.kinds()}
    called_for = _called_for(graph, found)
    made = [_examine_paper(graph, paper, kinds[paper.kind], year, found, doubts) for paper, doubts in called_for]
    report = Report.of(_once([*found, *(p for _, own in made for p in own)]))
    papers = _whole_sets([paper for paper, _ in made], kinds)
    expressions.keep_compiled()
    return CheckedYear(year, today, graph.kieu_dau, report, papers, graph, kinds)


def former_years(year: Year, given: Sequence[Year | Mapping[str, Any]]) -> list[Year]:
    """The earlier years, the newest first; raise `SourceInvalid` for one without its year, not earlier, or twice."""
    own, found = _number(year), dict[int, Year]()
    for one in given:
        one = one if isinstance(one, Year) else Year.from_data(one)
        number, name = _number(one), f"Tệp {one.name}" if one.name else "Dữ liệu năm trước"
        if number is None:
            _refuse(one, "former_without_year", f"{name} không ghi năm phong trào nên không dùng làm năm trước được.")
        elif own is not None and number >= own:
            _refuse(one, "former_not_before", f"{name} là của năm {number}, không phải năm trước của năm {own}.")
        elif number in found:
            _refuse(one, "former_twice", f"{name} và một tệp khác cùng là của năm {number}. Hãy bỏ một tệp.")
        else:
            found[number] = one
    return [found[number] for number in sorted(found, reverse=True)]


def _number(year: Year) -> int | None:
    head = year.data.get("thong_tin")
    number = head.get("nam") if isinstance(head, Mapping) else None
    return number if isinstance(number, int) and not isinstance(number, bool) else None


def _refuse(year: Year, code: str, message: str) -> NoReturn:
    raise SourceInvalid(message, code, Place(file=year.name))


def _unread(former: Sequence[Year]) -> Iterator[Problem]:
    """That a former year was not read whole: what is compared with it may be wanting."""
    for year in former:
        count = sum(p.severity == "loi" for p in year.problems)
        if count:
            message = f"Tệp năm trước {year.name} có {count:02} chỗ chưa đọc được; việc so với năm ấy có thể thiếu."
            hint = f"Kiểm tra tệp ấy: dvk check {year.name}"
            yield Problem(Place(file=year.name), "former_year_doubtful", "canh_bao", message, hint)


def _whole_sets(papers: Sequence[CheckedPaper], kinds: Mapping[str, Kind]) -> tuple[CheckedPaper, ...]:
    """The papers, those of a set blocked where the set lacks a paper that there is one of a year."""
    there = {paper.kind.stem for paper in papers}
    lacks: dict[str, list[Problem]] = {}
    for stem, kind in kinds.items():
        bo = kind.schema.get("x-bo")
        if bo and "x-moi" not in kind.schema and stem not in there:
            message = f"Bộ hồ sơ chưa đủ: thiếu {kind.title}."
            hint = "Nhập dữ liệu để lập văn bản đó; các văn bản của một bộ được lập cùng nhau."
            lacks.setdefault(bo, []).append(Problem(Place(), "set_incomplete", "loi", message, hint))
    return tuple(replace(paper, problems=(*paper.problems, *lacks.get(paper.bo, ()))) for paper in papers)


def _examine_paper(
    graph: Graph, paper: Paper, kind: Kind, year: Year, found: Sequence[Problem], doubts: frozenset[str]
) -> tuple[CheckedPaper, list[Problem]]:
    """The paper, and the problems of its own data that the year's check has not named at the same place."""
    from . import checking, derive

    data, faults = derive.paper_data_or_faults(graph, paper)
    if data is None:  # an expression that cannot be worked out stops its own paper
        return _stopped(graph, paper, kind, year, found, faults)
    reads = data.touched | doubts | ({f"{paper.moi.pointer}/ma"} if paper.moi is not None else set())
    reads |= _same_paper(graph, reads)
    errors = [p for p in found if p.severity == "loi"]
    blocking = [p for p in errors if p.code in NEWER]
    blocking += [p for p in errors if not _is_quota(p) and derive.blocks(p.place.pointer, reads)]
    named = {p.place.pointer for p in errors}
    records = {_record_of(p.place.pointer) for p in blocking if p.place.pointer.count("/") > 1}
    headless = any(p.code in HEADLESS or p.place.pointer.count("/") == 1 for p in blocking)
    own: list[Problem] = []
    for problem in kind.check(data.data):
        pointer = derive.origin_of(problem.place.pointer, data.origins)
        follows = problem.code == "missing" and _record_of(pointer) in records  # of a wrong cell, which is named
        follows |= headless and problem.code in ("missing", "no_alternative", "too_few")
        if not follows and not any(pointer == n or pointer.startswith(f"{n}/") for n in named):
            message = problem.message if pointer.count("/") > 1 else f"{kind.title}: {problem.message}"
            own.append(replace(problem, place=Place(pointer), message=message))
    own = list(checking.with_places(own, year.places))
    blocking += [p for p in own if p.severity == "loi"]
    vb = paper.vb
    state, day = vb["trang_thai"], vb["ngay_ap_dung"]
    checked = CheckedPaper(paper.id, kind, paper.stage, paper.bo, state, day, data.data, tuple(blocking), paper.moi, vb)
    return checked, own


def _stopped(
    graph: Graph, paper: Paper, kind: Kind, year: Year, found: Sequence[Problem], faults: Sequence[Problem]
) -> tuple[CheckedPaper, list[Problem]]:
    """A paper whose data cannot be worked out, with the cell that is to blame; what is named there already says it."""
    from . import checking

    day = f"{graph.nam or 9999}-12-31"
    cells = {p.place.pointer for p in faults if not p.place.file and p.place.pointer}
    named = [p for p in found if p.severity == "loi" and p.place.pointer in cells]
    said = {p.place.pointer for p in named}
    told = list(checking.with_places([p for p in faults if p.place.pointer not in said], year.places))
    blocking = (*named, *told)
    checked = CheckedPaper(paper.id, kind, paper.stage, paper.bo, "du_thao", day, {}, blocking, paper.moi, paper.vb)
    return checked, [p for p in told if p.place.pointer in cells]


def _same_paper(graph: Graph, reads: Iterable[str]) -> set[str]:
    """The codes of all rows that describe one paper, where one of them was read by its id: which holds, none can say.

    A field read in every one of them was looked at in passing, as when the rows of a table are sifted.
    """
    read = set(reads)
    found: set[str] = set()
    for paper_id, vb in graph.papers.items():
        twins = graph.twins.get(paper_id.casefold(), [])
        if len(twins) < 2:
            continue
        fields = {pointer.removeprefix(vb.pointer) for pointer in read if pointer.startswith(f"{vb.pointer}/")}
        rows = [_record_of(twin) for twin in twins]
        if any(f"{row}{name}" not in read for row in rows for name in fields):
            found.update(twins)
    return found


def _is_quota(problem: Problem) -> bool:
    """Whether a rule speaks of a whole table: an error of the year, but none of any record that a paper reads."""
    return bool(problem.source) and problem.place.pointer.count("/") == 1


def _record_of(pointer: str) -> str:
    """/mo_hinh/3 of /mo_hinh/3/ten; /thong_tin/nam of itself, since its fields stand alone."""
    parts = pointer.split("/")
    return "/".join(parts[:3])


def _once(problems: Iterable[Problem]) -> Iterator[Problem]:
    """The problems without those that say again, for another paper, what is wrong with one cell."""
    seen: set[object] = set()
    for problem in problems:
        pointer = problem.place.pointer
        key = (pointer, problem.code) if pointer.count("/") > 2 else problem
        if key not in seen:
            seen.add(key)
            yield problem


def _called_for(graph: Graph, found: Sequence[Problem]) -> list[tuple[Paper, frozenset[str]]]:
    """The plan in order, and with it the papers that only a wrong cell keeps out, each with those cells.

    Of such a paper nobody can say that it is not due, so it is named with the blocked ones.
    """
    from . import derive

    planned = [(paper, frozenset[str]()) for paper in derive.plan(graph)]
    planned += [(paper, frozenset[str]()) for paper, _ in graph.stopped.values()]
    ids = {paper.id for paper, _ in planned}
    wrong = {p.place.pointer for p in found if p.severity == "loi" and not _is_quota(p)}
    stems = graph.catalog.kinds()
    for stem in stems if wrong else []:
        planned += [(p, cells) for p, cells in _doubtful(graph, stem, wrong) if p.id not in ids]
    return sorted(planned, key=lambda one: stems.index(one[0].kind))


def _doubtful(graph: Graph, stem: str, wrong: set[str]) -> Iterator[tuple[Paper, frozenset[str]]]:
    """The papers of a kind whose `x-khi` reads a wrong cell, or whose `x-moi` reads one of their own record."""
    from . import derive

    schema = graph.catalog.kind_schema(stem)
    members: list[Any] = [None]
    cells: set[str] = set()
    if "x-moi" in schema:
        found, reads, _ = graph.tracker.attempt(lambda: graph.evaluate(schema["x-moi"]))
        members, cells = list(found or []), wrong & set(reads)
        read = {pointer.split("/")[1] for pointer in cells}
        tables = sorted(read & {m.pointer.split("/")[1] for m in members} if members else read)
        rows = [row for table in tables for row in graph.rows(table)]
        members += [r for r in rows if r not in members and any(c.startswith(f"{r.pointer}/") for c in cells)]
    for moi in members:
        paper = derive.paper_of(graph, stem, moi)
        own = {c for c in cells if moi is not None and c.startswith(f"{moi.pointer}/")}
        if "x-khi" in schema:
            scope = {"moi": moi, "vb": paper.vb}
            own |= wrong & set(graph.tracker.attempt(lambda s=scope: graph.evaluate(schema["x-khi"], s))[1])  # type: ignore[misc]
        if own:
            yield paper, frozenset(own)


# --- files -----------------------------------------------------------------------------------------------------------


def save(files: Mapping[Path, bytes]) -> None:
    """Write all the files or none: each under a temporary name beside its place, then all moved there.

    Raise `OutputInvalid` where one cannot be written; a file open in another program is named in the error.
    """
    written: dict[Path, Path] = {}
    try:
        for name, data in files.items():
            target = writable(name)
            written[target] = _write_beside(target, data)
        for target, temporary in written.items():
            _move(temporary, target)
    finally:
        for temporary in written.values():
            with suppress(OSError):
                temporary.unlink(missing_ok=True)


def writable(path: Path) -> Path:
    """The file to write for this path, a symbolic link followed; raise `OutputInvalid` where no file can stand."""
    target = Path(path)
    try:
        if target.is_symlink():
            target = Path(os.path.realpath(target))
        mode = target.stat().st_mode
    except FileNotFoundError:
        return target
    except ValueError:
        raise OutputInvalid(f"Đường dẫn {str(path)!r} có ký tự không dùng được. Hãy chọn tên khác.") from None
    except OSError as error:
        raise OutputInvalid(why_not(path.parent, error, path)) from error
    if stat.S_ISDIR(mode):
        raise OutputInvalid(f"{path} là một thư mục, không ghi thành tệp được. Hãy chọn tên tệp khác.")
    if not stat.S_ISREG(mode):
        message = f"{path} không phải là một tệp thường (thiết bị, ống dẫn …) nên không ghi vào. Hãy chọn tên tệp khác."
        raise OutputInvalid(message)
    return target


def _write_beside(target: Path, data: bytes) -> Path:
    temporary = target.with_name(f"{TEMPORARY}{os.getpid()}-{target.name}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(data)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise OutputInvalid(why_not(target.parent, error, target)) from error
    return temporary


def _move(temporary: Path, target: Path) -> None:
    try:
        temporary.replace(target)
    except PermissionError as error:
        locked = "bị đặt chỉ đọc" if target.exists() and not os.access(target, os.W_OK) else ""
        why = locked or "đang mở trong chương trình khác"
        way = "Hãy bỏ thuộc tính chỉ đọc" if locked else "Hãy đóng tệp"
        raise FileBusy(f"Tệp {target.name} {why} nên không thay được. {way} rồi chạy lại.", why) from error
    except OSError as error:
        raise OutputInvalid(why_not(target.parent, error, target)) from error


class FileBusy(OutputInvalid):
    """One file that is open elsewhere or read-only (`why`, as words); its folder can be written to."""

    def __init__(self, message: str, why: str) -> None:
        super().__init__(message)
        self.why = why


def why_not(folder: Path, error: OSError, path: Path) -> str:
    """Why the system would not write `path` into `folder`, and what to do: two sentences."""
    if error.errno == errno.ENAMETOOLONG:
        return f"Tên {path} dài quá mức máy cho phép. Hãy chọn tên ngắn hơn."
    if error.errno == errno.ELOOP:
        return f"{path} là một liên kết chỉ vòng về chính nó. Hãy chọn tên tệp khác."
    if isinstance(error, (NotADirectoryError, FileExistsError)):
        return f"{folder} là một tệp (hoặc nằm trong một tệp), không phải thư mục. Hãy chọn thư mục khác."
    if isinstance(error, PermissionError) or error.errno == errno.EROFS:
        return f"Không được phép ghi vào thư mục {folder}. Hãy chọn thư mục khác, ví dụ trong Documents."
    if error.errno == errno.ENOSPC:
        return f"Ổ đĩa chứa {folder} đã đầy. Hãy xoá bớt tệp hoặc chọn ổ khác."
    return f"Không ghi được vào {folder}: {error.strerror or error}. Hãy chọn thư mục khác."


def free_name(path: Path, mark: str = "2", taken: Iterable[Path] = ()) -> Path:
    """The first of `name (2).docx`, `name (3).docx` ... that does not exist.

    With a word: `name (word).docx`, `name (word 2).docx` ...
    """
    others = set(taken)
    for n in range(2, 10_000):
        tail = str(n) if mark == "2" else (mark if n == 2 else f"{mark} {n - 1}")
        found = path.with_name(f"{path.stem} ({tail}){path.suffix}")
        if not found.exists() and found not in others:
            return found
    raise OutputInvalid(f"Thư mục {path.parent} có quá nhiều bản của {path.name}. Hãy dọn bớt.")
