"""The dossier: every paper the year calls for, in one folder, with a manifest from which a later run goes on.

Nothing of the clerk's is overwritten. A paper whose inputs are the same is left alone; one whose inputs changed is
replaced while its file is as we wrote it (by SHA-256); a file changed by hand is kept, and the new paper laid beside it
as `... (lap lai).docx` with the changed fields named. Papers of one set (`x-bo`) are made all or none. The same year
gives the same folder, byte for byte.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from glob import escape
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import __version__, numbering
from .agreement import check_folder
from .errors import OutputInvalid, Place, Problem, Report, TemplateInvalid
from .making import (
    TEMPORARY,
    CheckedPaper,
    CheckedYear,
    FileBusy,
    Task,
    Year,
    as_day,
    examine,
    free_name,
    render,
    save,
    why_not,
    writable,
)
from .sources import digest
from .viet import ten_tep

if TYPE_CHECKING:
    from .book import Books, Bound, Lying

MANIFEST = "ho-so.json"
WHOLE_YEAR = "ca-nam"
BESIDE = "lap lai"
TOOLS = ("docxtpl", "jinja2", "lxml", "python-docx")


@dataclass(frozen=True, slots=True)
class Binding:
    """How papers are bound: one book for each set (`mot-quyen`) or for each nominee (`moi-doi-tuong`)."""

    way: str
    sheet_numbers: bool = False  # each page bears its number in the book: for the archive's copy
    engine: str = "builtin"  # of the papers' pages; cover and contents are always drawn here


Progress = Callable[[int, int, str], None]  # done, of how many, the paper's id


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one paper. `note` is one sentence where there is something to say.

    `file` holds the paper now; of a blocked one, its earlier version, where one lies in the folder.
    """

    id: str
    title: str
    state: str  # made | kept | beside (the file changed by hand is kept, the new one lies beside it) | blocked | extra
    file: Path | None = None
    note: str = ""
    problems: tuple[Problem, ...] = ()
    fields: tuple[str, ...] = ()  # labels of the fields that changed since the paper was made
    because_of: tuple[str, ...] = ()  # ids of the papers of its set that hold it back, where it has no fault itself
    day: str = ""  # ISO: its day, else its planned one

    def as_dict(self) -> dict[str, object]:
        return {
            "id": self.id,
            "title": self.title,
            "state": self.state,
            "file": self.file.name if self.file else None,
            "note": self.note,
            "fields": list(self.fields),
            "because_of": list(self.because_of),
            "problems": [p.as_dict() for p in self.problems],
        }


@dataclass(frozen=True, slots=True)
class Result:
    """What a run did. Programs read the lists; `exit_status` is what the command line ends with."""

    folder: Path
    outcomes: tuple[Outcome, ...]
    report: Report
    manifest_path: Path
    notes: tuple[str, ...] = ()
    books: tuple[Bound, ...] = ()  # where the papers were to be bound
    disagreements: tuple[Problem, ...] = ()  # of the files as they lie: with the year's data, and among themselves

    def _of(self, *states: str) -> tuple[Outcome, ...]:
        return tuple(o for o in self.outcomes if o.state in states)

    @property
    def made(self) -> tuple[Outcome, ...]:
        """Papers written in this run, those laid beside a file changed by hand among them."""
        return self._of("made", "beside")

    @property
    def kept(self) -> tuple[Outcome, ...]:
        """Papers left as they lie."""
        return self._of("kept")

    @property
    def blocked(self) -> tuple[Outcome, ...]:
        """Papers not made, each with the problems that stand in its way."""
        return self._of("blocked")

    @property
    def extra(self) -> tuple[Outcome, ...]:
        """Papers of an earlier run that the year no longer calls for; their files are left."""
        return self._of("extra")

    @property
    def exit_status(self) -> int:
        """0 all made of good data; 5 some made, or all made and a `loi` is left in the data; 3, 4 nothing made."""
        if not self.blocked and self.report.ok:
            return (
                5
                if any(p.severity == "loi" for p in self.disagreements) or any(b.state == "blocked" for b in self.books)
                else 0
            )
        if self.made or self.kept:
            return 5
        faults = {p.code for o in self.blocked for p in o.problems if p.place.part}
        return 4 if faults else 3

    def as_dict(self) -> dict[str, object]:
        return {
            "folder": str(self.folder),
            "manifest": self.manifest_path.name,
            "papers": [o.as_dict() for o in self.outcomes],
            "problems": [p.as_dict() for p in self.report],
            "notes": list(self.notes),
            **({"disagreements": [p.as_dict() for p in self.disagreements]} if self.disagreements else {}),
            **({"books": [b.as_dict() for b in self.books]} if self.books else {}),
        }


def make_dossier(
    year: Year | Mapping[str, Any],
    folder: str | os.PathLike[str],
    *,
    stage: str = WHOLE_YEAR,
    today: date | str | None = None,
    packs: Sequence[str | os.PathLike[str]] = (),
    templates: str | os.PathLike[str] | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
    numbers: Mapping[str, int] | None = None,
    binding: Binding | None = None,
    nam_truoc: Sequence[Year | Mapping[str, Any]] = (),
) -> Result:
    """Make the papers of `stage` (or of the whole year) into `folder`; raise `OutputInvalid` where it is not writable.

    `today` is the day that deadlines are measured against (ISO or date; None is the machine's day). `templates` is the
    office's own folder of Word templates. `executor` renders papers in parallel: threads or processes. `numbers` are
    those that the register gave, by the paper's id; a paper keeps the one that an earlier run wrote in it. `binding`
    says how they are bound as well; raise `ToolMissing` where that needs a font or a program, the papers being made.
    `nam_truoc` are earlier years that the rules may look back at.
    """
    target = Path(folder)
    year, given = numbering.carried(year, {**_Journal(target).numbers(), **(numbers or {})}, packs)
    checked = examine(year, as_day(today), packs=packs, templates=templates, nam_truoc=nam_truoc)
    before = _open_folder(target, checked.year)
    journal = _Journal(target)
    own = str(templates or "")
    run = _Run(checked, target, before, tuple(str(p) for p in packs), own, executor, progress, journal, given)
    try:
        journal.begin(given)
        outcomes = run.make(stage)
    except BaseException:  # a run that was stopped: what it made is known to the next one
        with suppress(OutputInvalid):
            run.save_manifest()
            journal.end()
        raise
    run.save_manifest()
    journal.end()
    everything = (*outcomes, *_extra(checked, before, target))
    found = check_folder(checked, {o.id: f for o in outcomes if (f := _judged(o, target, checked)) is not None})
    result = Result(target, everything, checked.report, target / MANIFEST, before.notes, disagreements=found)
    if binding is None:
        return replace(result, notes=(*before.notes, *_stale(before.books, target)))
    books = run.bind(binding)
    return replace(result, notes=(*before.notes, *books.notes), books=books.bound)


def _judged(outcome: Outcome, folder: Path, checked: CheckedYear) -> Path | None:
    """The file that stands for a paper: of one changed by hand that very file, not the copy laid beside it."""
    if outcome.state not in ("made", "kept", "beside") or outcome.file is None:
        return None
    if outcome.state != "beside":
        return outcome.file
    return folder / _names(checked.papers)[outcome.id]


def numbers_in(folder: str | os.PathLike[str]) -> dict[str, int]:
    """The numbers from the register that the papers of a folder have, by the paper's id."""
    return _Journal(Path(folder)).numbers()


def _stale(books: Mapping[str, Mapping[str, Any]], folder: Path) -> Iterable[str]:
    """What is to be said of books that an earlier run bound of papers as they were then."""
    if not books:
        return ()
    from .book import stale

    return stale(books, folder)


def _lying(outcome: Outcome, name: str) -> Lying:
    """What there is to bind of a paper: of one changed by hand that very file, not the one laid beside it."""
    from .book import Lying

    if outcome.state == "blocked":
        return Lying(name)
    if outcome.state == "beside" and outcome.file is not None:
        note = f"Quyển dùng {name} như đang có (đã sửa tay), chưa theo bản lập lại {outcome.file.name}."
        return Lying(name, outcome.file.with_name(name), note)
    return Lying(name, outcome.file)


def file_name(paper: CheckedPaper) -> str:
    """NN-<kind>[-<mã>].docx in ASCII, the stem at most 80 letters; NN is the kind's place in the order of a year."""
    number = f"{paper.kind.schema.get('x-thu-tu', 99):02}"
    return ten_tep.ten_tep(number, paper.kind.stem, paper.code) + ".docx"


def _names(papers: Iterable[CheckedPaper]) -> dict[str, str]:
    """A file name for each id; of two that would get the same name, the second has a part of its id's hash."""
    names: dict[str, str] = {}
    for paper in papers:
        name = file_name(paper)
        if name.casefold() in {n.casefold() for n in names.values()}:
            name = f"{name.removesuffix('.docx')[:71]}-{_sha256(paper.id.encode())[:8]}.docx"
        names[paper.id] = name
    return names


# --- one paper against what lies in the folder -----------------------------------------------------------------------

Version = Mapping[str, Any]  # of the manifest: tep, sha256, dau_vao


@dataclass(frozen=True, slots=True)
class _Job:
    """One paper that nothing blocks, what it is made of now, and what the manifest says of it."""

    paper: CheckedPaper
    target: Path
    entry: Mapping[str, Any]  # {} where the manifest does not know it
    inputs: Mapping[str, Any]
    lies: str | None  # SHA-256 of the file there now; "" where it cannot be read; None where there is no file

    @property
    def versions(self) -> list[Version]:
        """What earlier runs wrote, the newest first: the one laid beside, then the paper itself."""
        return [v for v in (self.entry.get("lap_lai"), self.entry) if v]

    @property
    def untouched(self) -> Version | None:
        """The version of ours that lies there, to the byte."""
        return next((v for v in self.versions if v["sha256"] == self.lies), None)

    @property
    def kept_because(self) -> str | None:
        """The note with which the file is left alone without rendering; None where the paper must be rendered."""
        if self.lies is None:
            return None
        ours = self.untouched
        if ours is not None and ours["dau_vao"] == self.inputs:
            return ""
        if self.paper.state == "phat_hanh":
            return "Văn bản đã phát hành, không lập lại." if self.changed else ""
        if ours is None and any(self._stands(v) for v in self.versions):
            return "Tệp đã được sửa tay, giữ nguyên."
        return None

    def _stands(self, version: Version) -> bool:
        """Whether this version was made of the same data and template, and still lies in or beside its place."""
        return self._same(version) and (version is self.entry or self.target.with_name(version["tep"]).is_file())

    def _same(self, version: Version) -> bool:
        return _without_tools(version["dau_vao"]) == _without_tools(self.inputs)

    @property
    def changed(self) -> tuple[str, ...]:
        """Labels of what differs from the version that lies there, else from the last one made."""
        last = self.untouched or next(iter(self.versions), None)
        return _changed(self.paper, last["dau_vao"], self.inputs) if last else ()

    @property
    def stale(self) -> bool:
        """Whether the copy laid beside says what the data no longer say."""
        last = self.entry.get("lap_lai")
        return last is not None and not self._same(last) and self.paper.state != "phat_hanh"

    def beside(self, docx: bytes) -> Path:
        """Where the new paper goes when the file there is kept; the same bytes are never laid down twice."""
        copies = sorted(self.target.parent.glob(f"{escape(self.target.stem)} ({BESIDE}*).docx"))
        alike = next((c for c in copies if _sha256_of(c) == _sha256(docx)), None)
        if alike is not None:
            return alike
        last = self.entry.get("lap_lai")
        if last and _sha256_of(self.target.with_name(last["tep"])) in (last["sha256"], None):
            return self.target.with_name(last["tep"])
        return free_name(self.target, BESIDE)


@dataclass(frozen=True, slots=True)
class _Step:
    """What to write for one paper, what to tell, and what the manifest shall hold."""

    job: _Job
    target: Path
    data: bytes | None  # None: nothing to write
    outcome: Outcome
    entry: Mapping[str, Any]

    def moved_to(self, other: Path, why: str) -> _Step:
        """The same paper in another file, because its own is open elsewhere or read-only."""
        note = f"Tệp {self.target.name} {why} nên bản mới được ghi vào {other.name}."
        version = _version(other, self.data or b"", self.job.inputs)
        entry = {**self.job.entry, "lap_lai": version} if self.job.entry else version
        return replace(self, target=other, outcome=replace(self.outcome, file=other, note=note), entry=entry)


def _keep(job: _Job, note: str) -> _Step:
    entry = job.entry
    if job.stale:  # our own copy of other data: taken away (`_clear`) unless someone changed it
        copy = job.target.with_name(entry["lap_lai"]["tep"])
        ours = _sha256_of(copy) == entry["lap_lai"]["sha256"]
        note += f" Đã bỏ {copy.name} vì bản đó theo dữ liệu trước." if ours else ""
        entry = {k: v for k, v in entry.items() if k != "lap_lai"}
    outcome = _outcome(job.paper, "kept", file=job.target, note=note.strip(), fields=job.changed if note else ())
    return _Step(job, job.target, None, outcome, entry)


def _step(job: _Job, docx: bytes) -> _Step:
    """What to do with a paper that was rendered anew."""
    version = _version(job.target, docx, job.inputs)
    if job.lies == version["sha256"]:
        return _Step(job, job.target, None, _outcome(job.paper, "kept", file=job.target), version)
    if job.lies is None or job.untouched is not None:
        return _Step(job, job.target, docx, _outcome(job.paper, "made", file=job.target, fields=job.changed), version)
    other = job.beside(docx)
    why = "đã được sửa tay" if job.entry else "có từ trước, không do lần chạy trước lập"
    what = f" Đã đổi: {', '.join(job.changed)}." if job.changed else ""
    note = f"Tệp {job.target.name} {why} nên được giữ nguyên; bản mới là {other.name}.{what}"
    base = job.entry or {**_version(job.target, b"", {}), "sha256": ""}
    entry = {**base, "lap_lai": _version(other, docx, job.inputs)}
    return _Step(job, other, docx, _outcome(job.paper, "beside", file=other, note=note, fields=job.changed), entry)


def _clear(step: _Step) -> None:
    """Take away the copy that an earlier run laid beside, once nothing stands on it and while it is as we wrote it."""
    beside = step.job.entry.get("lap_lai")
    if beside and beside["tep"] not in (step.target.name, step.entry.get("lap_lai", {}).get("tep")):
        old = step.target.with_name(beside["tep"])
        if _sha256_of(old) == beside["sha256"]:
            with suppress(OSError):
                old.unlink()


def _version(file: Path, docx: bytes, inputs: Mapping[str, Any]) -> dict[str, Any]:
    return {"tep": file.name, "sha256": _sha256(docx), "dau_vao": inputs}


def _inputs(paper: CheckedPaper, kieu_dau: str) -> dict[str, Any]:
    """What a paper's bytes depend on: a hash of each field, of its template and schema, the regime, the tools."""
    he = paper.kind.system(paper.data)
    profile = paper.kind.profile(paper.day, he)
    return {
        "du_lieu": {name: digest(value)[:16] for name, value in sorted(paper.data.items())},
        "mau": paper.kind.template_sha256(he),
        "luoc_do": digest(paper.kind.schema),
        "the_thuc": f"{profile.code} {digest(repr(profile))[:16]}",
        "kieu_dau": kieu_dau,
        "cong_cu": digest(tool_versions())[:16],
    }


REST = {"mau": "mẫu in", "luoc_do": "cấu trúc dữ liệu", "the_thuc": "quy định thể thức", "kieu_dau": "cách đặt dấu"}


def _without_tools(inputs: Mapping[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in inputs.items() if k != "cong_cu"}


def _changed(paper: CheckedPaper, old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[str, ...]:
    before, now = old.get("du_lieu", {}), new["du_lieu"]
    properties = paper.kind.schema["properties"]
    names = [n for n in properties if before.get(n) != now.get(n)] if before else []
    words = [str(properties[n].get("title", n)) for n in names]
    return (*words, *(label for key, label in REST.items() if old and old.get(key) != new[key]))


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _sha256_of(file: Path) -> str | None:
    """Of a file; None where there is none, "" where it cannot be read."""
    try:
        return _sha256(file.read_bytes())
    except FileNotFoundError:
        return None
    except OSError:
        return ""


# --- making the papers of one run ------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Run:
    checked: CheckedYear
    folder: Path
    before: _Before
    packs: tuple[str, ...]
    templates: str
    executor: Executor | None
    progress: Progress | None
    journal: _Journal
    numbers: Mapping[str, int]  # those that the register gave, by the paper's id
    entries: dict[str, Mapping[str, Any]] = field(default_factory=dict)  # new or changed manifest entries
    books: dict[str, Mapping[str, Any]] = field(default_factory=dict)  # the same of the bound books
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    total: int = 0

    def make(self, stage: str) -> list[Outcome]:
        """Make the papers of a stage, set by set; what is done stays done if a later one cannot be written."""
        names = _names(self.checked.papers)
        papers = [p for p in self.checked.papers if stage in (WHOLE_YEAR, p.stage)]
        self.total = len({p.id for p in papers})
        sets: list[list[_Job]] = []
        for group in _sets(papers):
            blocked = _blocked(group, {p.id: self._in_the_way(names[p.id]) for p in group})
            self._note(self._with_earlier(o, names[o.id]) for o in blocked)
            if not blocked:
                sets.append([self._job(p, names[p.id]) for p in group])
        answers = self._render(j for jobs in sets for j in jobs if j.kept_because is None)
        for jobs in sets:
            self._note(self._settle(jobs, answers))
        return [self.outcomes[i] for i in dict.fromkeys(p.id for p in papers)]

    def save_manifest(self) -> None:
        numbers = {numbering.IN_MANIFEST: dict(self.numbers)} if self.numbers else {}
        books = {**self.before.books, **self.books}
        bound = {"quyen": [dict(books[k]) for k in sorted(books)]} if books else {}
        manifest = {**_manifest(self.checked, self.before, self.entries), **numbers, **bound}
        _save_manifest(self.folder, manifest, self.outcomes)

    def _left_by_earlier(self, paper: CheckedPaper, name: str) -> Lying:
        """What an earlier run left of a paper that this one, of another stage, does not make."""
        from .book import Lying

        file = self.folder / name
        return Lying(name, file if not paper.problems and file.is_file() else None, current=False)

    def bind(self, binding: Binding) -> Books:
        """Bind the papers of this run as they lie in the folder, and note the books in the manifest."""
        from .book import make_books

        names = _names(self.checked.papers)
        papers = {p.id: self._left_by_earlier(p, names[p.id]) for p in self.checked.papers}
        papers |= {o.id: _lying(o, names[o.id]) for o in self.outcomes.values()}
        made = make_books(
            self.checked,
            binding.way,
            papers,
            self.folder,
            self.before.books,
            numbered=binding.sheet_numbers,
            engine=binding.engine,
            tools=tool_versions(),
        )
        self.books |= {b.id: b.entry for b in made.bound if b.entry}
        self.save_manifest()
        return made

    def _note(self, outcomes: Iterable[Outcome]) -> None:
        for outcome in outcomes:
            self.outcomes[outcome.id] = outcome
            if self.progress:
                self.progress(len(self.outcomes), self.total, outcome.id)

    def _in_the_way(self, name: str) -> tuple[Problem, ...]:
        """What lies at a paper's place and is no file."""
        target = self.folder / name
        if target.is_file() or not target.exists():
            return ()
        what = "một thư mục" if target.is_dir() else "một tệp đặc biệt"
        message = f"Ở chỗ của tệp {name} đang có {what}."
        place = Place(file=str(target))
        return (Problem(place, "output_taken", "loi", message, "Hãy đổi tên hoặc chuyển đi nơi khác."),)

    def _with_earlier(self, outcome: Outcome, name: str) -> Outcome:
        """A blocked paper with its earlier version, where one lies in the folder: it tells what the data said then."""
        target = self.folder / str(self.before.entries.get(outcome.id, {}).get("tep", name))
        if not target.is_file():
            return outcome
        note = f"{outcome.note} Bản cũ {target.name} vẫn còn, theo dữ liệu trước.".strip()
        return replace(outcome, file=target, note=note)

    def _job(self, paper: CheckedPaper, name: str) -> _Job:
        target = self.folder / name
        inputs = _inputs(paper, self.checked.kieu_dau)
        return _Job(paper, target, self.before.entries.get(paper.id, {}), inputs, _sha256_of(target))

    def _render(self, jobs: Iterable[_Job]) -> Iterator[bytes | TemplateInvalid]:
        tasks = [
            Task(
                j.paper.kind.stem,
                self.packs,
                self.templates,
                j.paper.data,
                j.paper.day,
                self.checked.kieu_dau,
                j.inputs["mau"],
            )
            for j in jobs
        ]
        return iter(self.executor.map(_try_render, tasks) if self.executor else map(_try_render, tasks))

    def _settle(self, jobs: Sequence[_Job], answers: Iterator[bytes | TemplateInvalid]) -> list[Outcome]:
        """Write one set whole, or say why not one of it was written."""
        steps: list[_Step] = []
        faults: dict[str, TemplateInvalid] = {}
        for job in jobs:
            note = job.kept_because
            answer = next(answers) if note is None else b""
            if isinstance(answer, TemplateInvalid):
                faults[job.paper.id] = answer
            else:
                steps.append(_step(job, answer) if note is None else _keep(job, note))
        if faults:
            problems = tuple(p for fault in faults.values() for p in fault.report)
            return [_stopped(j.paper, faults, problems) for j in jobs]
        self.journal.add(steps)
        planned, steps = steps, _write(steps)
        self.journal.add(s for s in steps if s not in planned)
        self.entries |= {s.job.paper.id: s.entry for s in steps}
        return [s.outcome for s in steps]


def _write(steps: Sequence[_Step]) -> list[_Step]:
    """Write the files of one set, all or none; where one of them is open elsewhere, each on its own."""
    try:
        save({s.target: s.data for s in steps if s.data is not None})
    except FileBusy:
        return [_write_one(s) for s in steps]
    for step in steps:
        _clear(step)
    return list(steps)


def _write_one(step: _Step) -> _Step:
    if step.data is None or _sha256_of(step.target) == _sha256(step.data):
        _clear(step)
        return step
    try:
        save({step.target: step.data})
    except FileBusy as busy:
        other = free_name(step.target)
        save({other: step.data})
        return step.moved_to(other, busy.why)
    _clear(step)
    return step


def _try_render(task: Task) -> bytes | TemplateInvalid:
    """A template that is not right blocks its own papers, not the year."""
    try:
        return render(task)
    except TemplateInvalid as error:
        return error


def _sets(papers: Iterable[CheckedPaper]) -> list[list[CheckedPaper]]:
    """The papers by the set they are made with; a paper of no set stands alone."""
    groups: dict[str, list[CheckedPaper]] = {}
    for paper in papers:
        groups.setdefault(f"x-bo {paper.bo}" if paper.bo else paper.id, []).append(paper)
    return list(groups.values())


def _blocked(group: Sequence[CheckedPaper], in_the_way: Mapping[str, tuple[Problem, ...]]) -> list[Outcome]:
    """The whole set with its reasons, when anything stands in the way of one of it."""
    own = {p.id: (*p.problems, *in_the_way[p.id]) for p in group}
    stopped = {i for i, problems in own.items() if problems}
    if not stopped:
        return []
    everything = tuple(dict.fromkeys(problem for problems in own.values() for problem in problems))
    return [_stopped(p, stopped, own[p.id] or everything) for p in group]


def _stopped(paper: CheckedPaper, stopped: Iterable[str], problems: tuple[Problem, ...]) -> Outcome:
    """A paper that is not made: for its own problems, or for those of the papers of its set that are `stopped`."""
    others = () if paper.id in stopped else tuple(sorted(stopped))
    note = f"Cùng bộ hồ sơ với {', '.join(others)} nên chưa lập." if others else ""
    return _outcome(paper, "blocked", note=note, problems=problems, because_of=others)


def _outcome(paper: CheckedPaper, state: str, **more: Any) -> Outcome:
    return Outcome(paper.id, paper.kind.title, state, day=paper.day, **more)


# --- the folder and its manifest -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Before:
    """What earlier runs left in the folder: the manifest's entries by id, its year, and what there is to say of it."""

    entries: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    nam: int | None = None
    notes: tuple[str, ...] = ()
    books: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # of the manifest, by id


def _open_folder(folder: Path, year: Year) -> _Before:
    """Make the folder ready and read what earlier runs wrote down.

    Raise `OutputInvalid` where it is no folder for this year.
    """
    writable(folder / MANIFEST)  # refuses at once what cannot be written to
    save({folder / f"{TEMPORARY}thu": b""})
    written = _Journal(folder).read()
    for left in folder.glob(f"{TEMPORARY}*"):
        if left != _Journal(folder).file:
            with suppress(OSError):
                left.unlink()
    file = folder / MANIFEST
    if not file.exists():
        return _Before(written)
    found = _parse_manifest(file)
    if found is None:
        aside = free_name(file)
        file.replace(aside)
        said = f"Tệp {MANIFEST} không đọc được nên được cất thành {aside.name}; các văn bản được so lại từ đầu."
        return _Before(written, notes=(said,))
    old, new = found["nam"], _year_of(year)
    if old is not None and new is not None and old != new and found["van_ban"]:
        raise OutputInvalid(f"Thư mục {folder} đang giữ hồ sơ năm {old}. Hãy chọn thư mục khác cho năm {new}.")
    books = {entry["id"]: entry for entry in found.get("quyen", []) if _is_book(entry)}
    return _Before({**{entry["id"]: entry for entry in found["van_ban"]}, **written}, old, books=books)


class _Journal:
    """What a run is about to write, a line for each paper, so that the next run knows its files if this one is killed.

    The manifest takes its place at the end. A line counts only while the file that it names has those very bytes.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / f"{TEMPORARY}nhat-ky"

    def numbers(self) -> dict[str, int]:
        """The numbers of the papers that earlier runs made, the last run among them though it was killed."""
        found: dict[str, int] = {}
        with suppress(OSError, ValueError, AttributeError):
            manifest = json.loads((self.folder / MANIFEST).read_text(encoding="utf-8"))
            found |= numbering.plain(manifest.get(numbering.IN_MANIFEST))
        with suppress(OSError, ValueError):
            for line in self.file.read_text(encoding="utf-8").splitlines():
                with suppress(ValueError, AttributeError):
                    found |= numbering.plain(json.loads(line).get(numbering.IN_MANIFEST))
        return found

    def begin(self, numbers: Mapping[str, int]) -> None:
        """Note the numbers before any paper is written."""
        if numbers:
            self._append([json.dumps({numbering.IN_MANIFEST: dict(numbers)}, sort_keys=True)])

    def add(self, steps: Iterable[_Step]) -> None:
        lines = [
            json.dumps({**s.entry, "id": s.job.paper.id, "da_ghi": [s.target.name, _sha256(s.data)]}, sort_keys=True)
            for s in steps
            if s.data is not None
        ]
        if lines:
            self._append(lines)

    def _append(self, lines: Sequence[str]) -> None:
        try:
            with self.file.open("a", encoding="utf-8", newline="\n") as file:
                file.writelines(f"{line}\n" for line in lines)
        except OSError as error:
            raise OutputInvalid(why_not(self.folder, error, self.file)) from error

    def read(self) -> dict[str, dict[str, Any]]:
        """The entries of a run that never ended, by id; a half-written line is passed over."""
        found: dict[str, dict[str, Any]] = {}
        try:
            lines = self.file.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError):
            return {}
        for line in lines:
            with suppress(ValueError, KeyError, TypeError, AttributeError):
                entry = json.loads(line)
                name, sha256 = entry.pop("da_ghi")
                versions = [v for v in (entry, entry.get("lap_lai")) if v is not None]
                if all(_is_version(v) for v in versions) and _sha256_of(self.folder / Path(name).name) == sha256:
                    found[str(entry["id"])] = entry
        return found

    def end(self) -> None:
        with suppress(OSError):
            self.file.unlink(missing_ok=True)


def _parse_manifest(file: Path) -> dict[str, Any] | None:
    """The manifest as plain data; None where it is not one of ours."""
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
        versions = [v for e in found["van_ban"] for v in (e, e.get("lap_lai")) if v is not None]
        good = all(_is_version(v) for v in versions) and all(isinstance(e["id"], str) for e in found["van_ban"])
        good = good and isinstance(found.get("quyen", []), list)
        return found if good and found["phien_ban"] == 1 and isinstance(found["nam"], int | None) else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _is_version(version: Any) -> bool:
    """Whether a part of a manifest names one file of the folder, its hash and its inputs."""
    name, inputs = version["tep"], version["dau_vao"]
    plain = isinstance(name, str) and Path(name).name == name
    return plain and isinstance(version["sha256"], str) and isinstance(inputs.get("du_lieu", {}), dict)


def _is_book(entry: Any) -> bool:
    """Whether an entry of the manifest speaks of a bound book; another is passed over."""
    if not isinstance(entry, dict) or not isinstance(entry.get("so_trang"), int):
        return False
    parts = entry.get("phan", [])
    good = all(isinstance(entry.get(name), str) for name in ("id", "cach", "tep", "sha256")) and isinstance(parts, list)
    return good and all(isinstance(p, dict) and isinstance(p.get("tep"), str) and "sha256" in p for p in parts)


def _year_of(year: Year) -> int | None:
    info = year.data.get("thong_tin")
    nam = info.get("nam") if isinstance(info, Mapping) else None
    return nam if isinstance(nam, int) else None


def _manifest(checked: CheckedYear, before: _Before, made: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """What was made of what; entries of other stages, of blocked papers and of files left over are carried on."""
    nam = _year_of(checked.year)
    entries = {**before.entries, **{k: {**v, "id": k} for k, v in made.items() if v}}
    return {
        "phien_ban": 1,
        "nam": before.nam if nam is None else nam,
        "ngay": checked.today.isoformat(),
        "du_lieu_sha256": checked.year.sha256,
        "cong_cu": tool_versions(),
        "van_ban": [dict(entries[k]) for k in sorted(entries)],
    }


def _save_manifest(folder: Path, manifest: Mapping[str, Any], outcomes: Mapping[str, Outcome]) -> None:
    blocked = sorted(o.id for o in outcomes.values() if o.state == "blocked")
    text = json.dumps({**manifest, "bi_chan": blocked}, ensure_ascii=False, sort_keys=True, indent=1)
    save({folder / MANIFEST: f"{text}\n".encode()})


@cache
def tool_versions() -> dict[str, str]:
    """The versions of everything that a paper's bytes may depend on."""
    found = {"dvk-docs": __version__}
    for name in TOOLS:
        with suppress(metadata.PackageNotFoundError):
            found[name] = metadata.version(name)
    return found


def _extra(checked: CheckedYear, before: _Before, folder: Path) -> list[Outcome]:
    """Papers that an earlier run made and the year no longer calls for; their files are left."""
    wanted = {p.id for p in checked.papers}
    note = "Dữ liệu không còn cần văn bản này; tệp cũ được để nguyên."
    left = [(i, folder / e["tep"]) for i, e in sorted(before.entries.items()) if i not in wanted]
    return [Outcome(i, i, "extra", file, note) for i, file in left if file.exists()]


# --- PDF -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pdfs:
    """The PDFs that lie beside the papers; `left_out` is one sentence for each that was not made."""

    files: tuple[Path, ...]
    left_out: tuple[str, ...]


def add_pdfs(result: Result, engine: str = "builtin") -> Pdfs:
    """Make the PDF of each paper of `result` beside it, from the Word file as it lies now.

    A PDF that was not made here, or was signed since, is left alone and named; so is a paper that cannot be drawn.
    Raise `ToolMissing` where the engine lacks a font or its program.
    """
    from . import pdf

    wanted: dict[Path, bytes] = {}
    left_out: list[str] = []
    for outcome in (*result.made, *result.kept):
        if outcome.file is None or not outcome.file.is_file():
            continue
        target = outcome.file.with_suffix(".pdf")
        if target.exists() and not pdf.is_ours(target):
            left_out.append(f"{target.name}: giữ nguyên tệp PDF đã ký hoặc không do công cụ lập.")
        else:
            wanted[target] = outcome.file.read_bytes()
    made, refused = pdf.convert_each(wanted, engine)
    save(made)
    return Pdfs(tuple(made), (*left_out, *(f"{target.name}: {why}" for target, why in refused.items())))
