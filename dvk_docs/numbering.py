"""Numbers from the register for the papers of a year, taken before any of them is made; never typed into the workbook.

    numbered = assign(year, register, today)      one transaction: numbers for all that can be made, or for none
    make_dossier(numbered.year, folder, numbers=numbered.numbers)
    settle(register, numbered, made)              what was made has its number in hand

A number typed in the sheet wins and is recorded; where the register says otherwise, that is a `loi` at its cell. A run
that fails between taking and making leaves the numbers reserved for those papers, and the next run gets the same ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from os import PathLike
from pathlib import Path
from typing import Any

from .catalog import Catalog
from .checking import is_day
from .derive import Graph, Paper, graph, plan
from .errors import DvkError, FieldInvalid, Place, Problem
from .expressions import Record
from .making import CheckedYear, Year, examine
from .register import Entry, NumbersRefused, Refusal, Register, Wanted
from .viet import so_van_ban

IN_MANIFEST = "so_tu_so"  # paper id -> its number, of those that the register gave
NUMBER_PART = "so_ky_hieu"  # of x-bo-phan: the kinds that print a number of their own
STATE_NUMBER = re.compile(r"(?:Số\s*:?\s*)?0*([1-9][0-9]{0,5})\s*/\s*[^\W\d_]+(?:-[^\W\d_]+)+")
WHOLE_YEAR = "ca-nam"
PASSED_OVER = ("before_term", "kind_unknown", "kind_ambiguous", "takes_no_number", "blank", "term_unknown")


@dataclass(frozen=True, slots=True)
class Numbered:
    """A year whose papers have their numbers."""

    year: Year  # as typed, with what the register had to say among its problems
    numbers: Mapping[str, int]  # paper id -> the number that the register gave it
    entries: tuple[Entry, ...] = ()  # of those numbers
    recorded: int = 0  # numbers typed by hand that the register now has


@dataclass(frozen=True, slots=True)
class _Ask:
    """One number to take or to record, and where in the year it would be typed."""

    id: str  # of the paper; its own row's mã for one that is there already
    wanted: Wanted
    pointer: str
    ours: bool  # one of the papers that are made here
    carried: bool = False  # its number is not typed: an earlier run wrote it in the paper

    @property
    def takes(self) -> bool:
        """Whether its number is the register's to give."""
        return self.wanted.so is None or self.carried

    def anew(self) -> _Ask:
        """The same without the number of the earlier run, which the register does not have for it."""
        return replace(self, wanted=replace(self.wanted, so=None), carried=False)


def assign(
    year: Year | Mapping[str, Any],
    register: Register,
    today: date,
    *,
    stage: str = WHOLE_YEAR,
    term_from: str = "",
    known: Mapping[str, int] | None = None,
    packs: Sequence[str | PathLike[str]] = (),
    templates: str | PathLike[str] | None = None,
    nam_truoc: Sequence[Year | Mapping[str, Any]] = (),
) -> Numbered:
    """Take a number for each paper of the stage that has none and can be made; record those that were typed.

    `known` are the numbers that an earlier run wrote in the papers: a register that does not have them records them.
    """
    year = year if isinstance(year, Year) else Year.from_data(year)
    found = graph(year.data, Catalog([Path(p) for p in packs]), year.places)
    asks = list(_asks(found, stage, term_from, known or {}))
    problems: list[Problem] = []
    while True:
        numbers, refused = _previewed(register, asks)
        if refused:
            problems += [p for ask, refusal in refused if not ask.carried for p in _problem(ask, refusal, year)]
            gone = {ask.id for ask, _ in refused}
            asks = [a.anew() if a.carried else a for a in asks if a.carried or a.id not in gone]
            continue
        noted = replace(year, problems=(*year.problems, *problems))
        trial = with_numbers(noted, numbers)
        checked = examine(trial, today, packs=packs, templates=templates, nam_truoc=nam_truoc)
        blocked = _blocked(checked) & set(numbers)
        if not blocked:
            break
        asks = [a for a in asks if a.id not in blocked or not a.takes]
    entries = register.reserve_all([a.wanted for a in asks]) if asks else []
    given = {a.id: e for a, e in zip(asks, entries, strict=True) if a.takes}
    typed = sum(not a.takes for a in asks)
    return Numbered(noted, {i: e.so for i, e in given.items()}, tuple(given.values()), typed)


def settle(register: Register, numbered: Numbered, made: Iterable[str]) -> None:
    """Note that the papers of these ids lie there with their numbers: nobody waits for those any more."""
    ids = set(made)
    held = [e for (i, _), e in zip(numbered.numbers.items(), numbered.entries, strict=True) if i in ids]
    if held:
        register.in_hand(held)


def with_numbers(year: Year, numbers: Mapping[str, int]) -> Year:
    """The year as if the numbers stood in sheet Văn bản, where that says none; the year handed over is left alone."""
    rows = year.data.get("van_ban") or []
    if not numbers or not isinstance(rows, list):
        return year
    left, new = dict(numbers), []
    for row in rows:
        number = left.pop(str(row.get("ma")), None) if isinstance(row, Mapping) else None
        new.append({**row, "so": number} if number is not None and row.get("so") in (None, "") else row)
    new += [{"ma": code, "tinh_chat": "lap", "so": number} for code, number in left.items()]
    return replace(year, data={**year.data, "van_ban": new})


def carried(
    year: Year | Mapping[str, Any], numbers: Mapping[str, int], packs: Sequence[str | PathLike[str]] = ()
) -> tuple[Year, dict[str, int]]:
    """The year with the numbers of the papers that it calls for; and all the numbers but those typed since."""
    year = year if isinstance(year, Year) else Year.from_data(year)
    if not numbers:
        return year, {}
    vbs = {p.id: p.vb for p in plan(graph(year.data, Catalog([Path(p) for p in packs]), year.places))}
    left = {i: n for i, n in numbers.items() if i not in vbs or vbs[i]["so"] is None}
    return with_numbers(year, {i: n for i, n in left.items() if i in vbs}), left


def plain(found: Any) -> dict[str, int]:
    """The numbers as a manifest holds them; whatever else stands there is left out."""
    if not isinstance(found, Mapping):
        return {}
    return {str(k): v for k, v in found.items() if isinstance(v, int) and not isinstance(v, bool) and v > 0}


# --- which papers take a number --------------------------------------------------------------------------------------


def _asks(found: Graph, stage: str, term_from: str, known: Mapping[str, int]) -> Iterator[_Ask]:
    """The numbers typed in the sheet, then one for each paper without: in the order of their days."""
    papers = [p for p in plan(found) if _has_number(found.catalog.kind_schema(p.kind))]
    term = term_from or str(found.evaluate("thong_tin.nhiem_ky_tu") or "")
    yield from _typed_elsewhere(found, term)
    blank: list[tuple[str, int, _Ask]] = []
    for order, paper in enumerate(papers):
        ask = _of_paper(found, paper, term)
        if ask is not None and ask.wanted.so is not None:
            yield ask
        elif ask is not None and stage in (WHOLE_YEAR, paper.stage):
            if paper.id in known:
                ask = replace(ask, wanted=replace(ask.wanted, so=known[paper.id]), carried=True)
            blank.append((ask.wanted.day, order, ask))
    yield from (ask for _, _, ask in sorted(blank, key=lambda b: b[:2]))


def _has_number(schema: Mapping[str, Any]) -> bool:
    """Whether papers of a kind have a number of their own; what is attached to another paper has none."""
    return NUMBER_PART in schema.get("x-bo-phan", ()) and "x-kem" not in schema


def _of_paper(found: Graph, paper: Paper, term: str) -> _Ask | None:
    vb, office = paper.vb, paper.vb["co_quan"]
    if office is None or not vb["ten_loai"] or not office["ky_hieu"]:
        return None  # checking names what is missing
    system = str(found.catalog.kind_schema(paper.kind).get("x-he", ["dang"])[0])
    system = str(vb["he"]) if vb.has("he") and vb["he"] else system  # a kind of several systems
    wanted = Wanted(
        str(office["ten"]),
        str(vb["ky_hieu_co_quan"]),
        str(vb["ten_loai"]),
        str(vb["ngay_ap_dung"]),
        he=system,
        paper=_paper_key(found, paper.id),
        trich_yeu=str(vb["trich_yeu"] or ""),
        so=vb["so"] if vb["so"] is not None else _typed_whole(vb),
        term_from=term if system == "dang" else "",
        ky_hieu_loai=vb["ky_hieu_loai"] or None,
        issued=vb["trang_thai"] == "phat_hanh" and bool(vb["so"] and vb["ngay"]),
    )
    pointer = f"{vb.pointer}/so" if vb.pointer.count("/") > 1 else vb.pointer
    return _Ask(paper.id, wanted, pointer, ours=True)


def _typed_whole(vb: Record) -> int | None:
    """The number of a paper whose whole symbol was typed instead: 15 of 15-QĐ/ĐU."""
    number = _number_of(vb) if vb["so_ky_hieu"] else None
    return number[1] if number is not None else None


def _paper_key(found: Graph, code: str) -> str:
    return f"{found.nam or ''}:{code}"


def _typed_elsewhere(found: Graph, term: str) -> Iterator[_Ask]:
    """The numbers of papers that our own offices issued and that are only listed: the next number comes after them."""
    for row in found.rows("van_ban"):
        office = row["co_quan"]
        if row["tinh_chat"] != "da_co" or office is None or not is_day(row["ngay"]):
            continue
        number = _number_of(row)
        if number is None or not row["ten_loai"] or not office["ky_hieu"]:
            continue
        system, so = number
        wanted = Wanted(
            str(office["ten"]),
            str(office["ky_hieu"]),
            str(row["ten_loai"]),
            str(row["ngay"]),
            he=system,
            paper=_paper_key(found, str(row["ma"])),
            trich_yeu=str(row["trich_yeu"] or ""),
            so=so,
            term_from=term if system == "dang" else "",
            issued=True,
        )
        yield _Ask(str(row["ma"]), wanted, f"{row.pointer}/so_ky_hieu", ours=False)


def _number_of(row: Record) -> tuple[str, int] | None:
    """The system and the number of a typed 03-HD/ĐU or 15/QĐ-UBND."""
    typed = str(row["so_ky_hieu"] or "")
    try:
        return "dang", so_van_ban.parse(typed).so
    except (FieldInvalid, DvkError):
        found = STATE_NUMBER.fullmatch(typed.strip())
        return ("nha_nuoc", int(found[1])) if found else None


# --- what the register says ------------------------------------------------------------------------------------------


def _previewed(register: Register, asks: Sequence[_Ask]) -> tuple[dict[str, int], list[tuple[_Ask, Refusal]]]:
    """The numbers that the papers without one would get, or what would be refused."""
    try:
        entries = register.preview([a.wanted for a in asks])
    except NumbersRefused as error:
        return {}, [(asks[r.index], r) for r in error.refusals]
    return {a.id: e.so for a, e in zip(asks, entries, strict=True) if a.takes}, []


def _problem(ask: _Ask, refusal: Refusal, year: Year) -> Iterator[Problem]:
    """A refusal at the cell of the number; of a paper only listed, what the register cannot count is no fault."""
    if not ask.ours and refusal.code in PASSED_OVER:
        return
    pointer = "/thong_tin/nhiem_ky_tu" if refusal.code.startswith("term_") else ask.pointer
    place = year.places.get(pointer) or year.places.get(pointer.rpartition("/")[0]) or Place(pointer=pointer)
    yield Problem(replace(place, pointer=pointer), refusal.code, "loi", f"{ask.id}: {refusal.message}", refusal.hint)


def _blocked(checked: CheckedYear) -> set[str]:
    """The papers that would not be made: for their own problems, or for those of their set."""
    stopped = {p.id for p in checked.papers if p.problems}
    sets = {p.bo for p in checked.papers if p.bo and p.id in stopped}
    return stopped | {p.id for p in checked.papers if p.bo in sets}
