"""Many papers of one kind from a plain list: a row a paper, a bad row does not stop the rest.

Each row that is whole becomes one file in a folder; the state of each row, and the link to its file, is written into a
copy of the list that lies beside the papers. Nothing of the clerk's is overwritten: a file that is there already and
says something else is kept, and the new one takes the next free name.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .checking import with_places
from .errors import DataInvalid, Place, Problem, Report, SourceInvalid
from .making import Kind, free_name, save
from .viet import ten_tep
from .workbook import ListRow, PaperList

_FIELD = re.compile(r"\{([^{}]+)\}")


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """What became of one row. `problems` are its errors, or what is worth knowing of a paper that was made."""

    row: int  # its number in the sheet
    file: Path | None  # None: not made
    problems: tuple[Problem, ...]

    def as_dict(self) -> dict[str, object]:
        name = self.file.name if self.file else None
        return {"row": self.row, "file": name, "problems": [p.as_dict() for p in self.problems]}


@dataclass(frozen=True, slots=True)
class BatchResult:
    """What a run over a list did; `exit_status` as for a dossier: 0 all made, 5 some, 3 none."""

    folder: Path
    outcomes: tuple[RowOutcome, ...]
    notes: tuple[Problem, ...]  # of the whole sheet

    @property
    def made(self) -> tuple[RowOutcome, ...]:
        return tuple(o for o in self.outcomes if o.file)

    @property
    def exit_status(self) -> int:
        if len(self.made) == len(self.outcomes) and self.outcomes:
            return 0
        return 5 if self.made else 3

    @property
    def problems(self) -> tuple[Problem, ...]:
        return (*self.notes, *(p for o in self.outcomes for p in o.problems))


def check_row(kind: Kind, row: ListRow) -> tuple[Problem, ...]:
    """Every problem of one row, at its cells."""
    return Report.of([*row.problems, *with_places(kind.check(row.data), row.places)]).problems


def preview(kind: Kind, papers: PaperList, number: int) -> bytes:
    """The paper of one row as DOCX; raise `SourceInvalid` where there is no such row, `DataInvalid` for a bad one."""
    row = next((r for r in papers.rows if r.number == number), None)
    if row is None:
        known = f"các dòng {papers.rows[0].number}–{papers.rows[-1].number}" if papers.rows else "không có dòng nào"
        raise SourceInvalid(f"Danh sách không có văn bản ở dòng {number}; có {known}.", "no_such_row")
    report = Report(check_row(kind, row))
    if not report.ok:
        raise DataInvalid(report)
    return kind.make(row.data).docx


def make_batch(kind: Kind, papers: PaperList, folder: str | os.PathLike[str], names: str = "") -> BatchResult:
    """Make a paper of each whole row into `folder`; raise `OutputInvalid` where it cannot be written.

    `names` is how a file is called, fields in braces by their title or key: "{Số} {Tên mô hình}"; without it the row's
    number and its first text. Raise `SourceInvalid` for a field that the kind has not.
    """
    target = Path(folder)
    fields = _fields(kind, names)
    taken: set[Path] = set()
    outcomes: list[RowOutcome] = []
    for row in papers.rows:
        problems = check_row(kind, row)
        if any(p.severity == "loi" for p in problems):
            outcomes.append(RowOutcome(row.number, None, problems))
            continue
        docx = kind.make(row.data).docx
        file = _place(target / _name(kind, row, names, fields), docx, taken)
        if file not in taken and not _holds(file, docx):
            save({file: docx})
        taken.add(file)
        outcomes.append(RowOutcome(row.number, file, problems))
    return BatchResult(target, tuple(outcomes), papers.problems)


def _fields(kind: Kind, names: str) -> dict[str, str]:
    """The key of each field that a pattern of names mentions."""
    properties: Mapping[str, Any] = kind.schema["properties"]
    by_title = {str(s.get("title", k)).casefold(): k for k, s in properties.items()}
    found: dict[str, str] = {}
    for words in _FIELD.findall(names):
        key = words.strip() if words.strip() in properties else by_title.get(words.strip().casefold())
        if key is None:
            message = f"Tên tệp nhắc tới “{words}”, mà loại văn bản này không có mục đó."
            raise SourceInvalid(message, "name_field", Place(where=names))
        found[words] = key
    return found


def _name(kind: Kind, row: ListRow, names: str, fields: Mapping[str, str]) -> str:
    """The file's name in ASCII."""
    if names:
        filled = _FIELD.sub(lambda m: str(row.data.get(fields[m[1]]) or ""), names.removesuffix(".docx"))
        return f"{ten_tep.ten_tep(filled) or f'dong-{row.number}'}.docx"
    properties = kind.schema["properties"]
    texts = (row.data.get(k) for k, s in properties.items() if k in kind.schema.get("required", ()) and k in row.data)
    first = next((t for t in texts if isinstance(t, str)), "")
    return f"{ten_tep.ten_tep(f'{row.number:03}', kind.stem, first)}.docx"


def _place(file: Path, docx: bytes, taken: set[Path]) -> Path:
    """Where the paper goes: its own name, unless another paper of this run or another file has it."""
    for number in range(1, 10_000):
        found = file if number == 1 else file.with_name(f"{file.stem} ({number}){file.suffix}")
        if found not in taken and (not found.exists() or _holds(found, docx)):
            return found
    return free_name(file, taken=taken)


def _holds(file: Path, docx: bytes) -> bool:
    with suppress(OSError):
        return file.read_bytes() == docx
    return False


def result_file(result: BatchResult, source: Path) -> Path:
    """Where the answered copy of the list lies: beside the papers, in the list's own kind of file."""
    suffix = source.suffix if source.suffix.lower() in (".xlsx", ".xlsm") else ".csv"
    return result.folder / f"{ten_tep.ten_tep(source.stem) or 'danh-sach'}-ket-qua{suffix}"


def answered(result: BatchResult, papers: PaperList, raw: bytes, file: Path) -> bytes:
    """The copy of the list with each row's state and the link to its paper."""
    from . import workbook

    states = {o.row: (o.file.name if o.file else "", o.problems) for o in result.outcomes}
    if file.suffix.lower() == ".csv" or papers.extent is None:
        return workbook.answer_csv(states)
    return workbook.answer_list(raw, papers.extent, states, result.problems)
