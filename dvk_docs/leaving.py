"""What leaves a dossier: each paper through the gate, and the ready ones with their PDF into a folder of their own."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from glob import escape
from pathlib import Path
from typing import Any

from . import gate
from .catalog import Catalog
from .dossier import BESIDE, Outcome, Result
from .errors import ToolMissing
from .gate import Answer, Candidate, Released
from .making import Kind

PAGE_ROLE = ("x-vai-tro-cong", "san_sang")  # the kind that the page is made of says so
READY, PARTLY, NONE_READY = 0, 5, 3  # exit statuses
ANNEXES = (".pdf", ".doc", ".xls", ".xlsx", ".odt", ".ods", ".jpg", ".jpeg", ".png", ".tif")  # known by their names
SHOWN = 2  # problems that one reason names


@dataclass(frozen=True, slots=True)
class Gate:
    """What the gate said of each paper, and what it let through."""

    answers: tuple[Answer, ...]
    released: Released
    left_out: tuple[str, ...] = ()  # PDFs that could not be made, one sentence each

    @property
    def ready(self) -> tuple[Answer, ...]:
        return tuple(a for a in self.answers if a.ready)

    @property
    def exit_status(self) -> int:
        """0 all ready; 5 some; 3 none."""
        if len(self.ready) == len(self.answers):
            return PARTLY if self.left_out else READY
        return PARTLY if self.ready else NONE_READY

    def as_dict(self) -> dict[str, object]:
        return {
            "folder": str(self.released.folder),
            "files": [f.name for f in self.released.files],
            "removed": list(self.released.removed),
            "notes": [*self.released.notes, *self.left_out],
            "papers": [a.as_dict() for a in self.answers],
        }


def pass_gate(
    result: Result, *, for_issue: bool = False, packs: Sequence[str | os.PathLike[str]] = (), engine: str = "builtin"
) -> Gate:
    """Judge every paper of a dossier as it lies there; lay the ready ones into `trinh-ky/` (or `phat-hanh/`).

    Their PDFs stand beside them; one that was signed goes along as it is. Raise `OutputInvalid` where the folder cannot
    be written.
    """
    catalog = Catalog([Path(p) for p in packs])
    answers = gate.judge(list(_candidates(result, catalog)), for_issue, beside=_beside(result))
    files = {a.candidate.file.name: a.docx for a in answers if a.ready and a.candidate.file is not None}
    files |= _page(answers, result, catalog, for_issue)
    pdfs, left_out = _pdfs(files, result.folder, engine)
    target = result.folder / (gate.ISSUE if for_issue else gate.SIGN)
    return Gate(tuple(answers), gate.release(target, {**files, **pdfs}), left_out)


def _candidates(result: Result, catalog: Catalog) -> Iterator[Candidate]:
    """Each paper that is due, with its file or why there is none to judge."""
    for outcome in result.outcomes:
        if outcome.state == "extra":
            continue
        held = (*_held(outcome), *_disagreeing(outcome, result))
        schema = catalog.kind_schema(outcome.id.partition(".")[0])
        day = date.fromisoformat(outcome.day) if outcome.day else None
        file = None if any(_held(outcome)) else outcome.file
        parts, by_hand = tuple(schema.get("x-bo-phan", ())), str(schema.get("x-dien-tay", ""))
        yield Candidate(outcome.id, outcome.title, file, held, parts, day, by_hand)


def _beside(result: Result) -> list[Path]:
    """The files of a dossier that an annex may be: those of papers that are due and made, and the clerk's own."""
    idle = {o.file for o in result.outcomes if o.state in ("blocked", "extra")}
    found = sorted(f for f in result.folder.iterdir() if f.is_file() and not f.name.startswith((".", "~")))
    words = {f.stem for f in found if f.suffix.lower() == ".docx"}
    return [
        f
        for f in found
        if f not in idle
        and f"({BESIDE}" not in f.name
        and (f.suffix.lower() == ".docx" or (f.suffix.lower() in ANNEXES and f.stem not in words))
    ]


def _held(outcome: Outcome) -> Iterator[str]:
    if outcome.state == "blocked":
        said = [f"{p.place}: {p.message}" if str(p.place) else p.message for p in outcome.problems[:SHOWN]]
        more = f" và {len(outcome.problems) - SHOWN} lỗi khác" if len(outcome.problems) > SHOWN else ""
        yield f"Chưa lập được: {' '.join(said)}{more}" if said else outcome.note or "Chưa lập được."
    elif outcome.file is not None:
        stem = outcome.file.stem.partition(f" ({BESIDE}")[0]
        copies = sorted(outcome.file.parent.glob(f"{escape(stem)} ({BESIDE}*).docx"))
        if copies:
            yield f"Có hai bản: {stem}.docx và {copies[0].name}; giữ bản đúng với tên {stem}.docx rồi chạy lại."


def _disagreeing(outcome: Outcome, result: Result) -> Iterator[str]:
    """What the paper's file says against the year's data or another paper."""
    for problem in result.disagreements:
        if outcome.file is not None and problem.severity == "loi" and problem.place.file == outcome.file.name:
            yield f"{problem.place.where.partition(', ')[2].capitalize()}: {problem.message}"


def _page(answers: Sequence[Answer], result: Result, catalog: Catalog, for_issue: bool) -> dict[str, bytes]:
    """The page as a Word file; nothing where no kind has that role."""
    stem = next((k for k in catalog.kinds() if catalog.kind_schema(k).get(PAGE_ROLE[0]) == PAGE_ROLE[1]), None)
    nam = _year(result.manifest_path)
    if stem is None or nam is None or not answers:
        return {}
    kind = Kind(stem, catalog)
    return {f"00-{stem}.docx": kind.make(gate.page_data(answers, nam, for_issue)).docx}


def _year(manifest: Path) -> int | None:
    with suppress(OSError, ValueError):
        nam: Any = json.loads(manifest.read_text(encoding="utf-8")).get("nam")
        return nam if isinstance(nam, int) else None
    return None


def _pdfs(files: Mapping[str, bytes], folder: Path, engine: str) -> tuple[dict[str, bytes], tuple[str, ...]]:
    """The PDF of each file by its name, and one sentence for each that could not be had."""
    from . import pdf

    signed: dict[str, bytes] = {}
    wanted: dict[Path, bytes] = {}
    for name, docx in files.items():
        beside = (folder / name).with_suffix(".pdf")
        if beside.is_file() and not pdf.is_ours(beside):
            signed[beside.name] = beside.read_bytes()
        else:
            wanted[beside] = docx
    try:
        made, refused = pdf.convert_each(wanted, engine)
    except ToolMissing as error:
        return signed, (f"Chưa lập được PDF: {error}",)
    left_out = tuple(f"{target.name}: {why}" for target, why in refused.items())
    return {**signed, **{target.name: data for target, data in made.items()}}, left_out
