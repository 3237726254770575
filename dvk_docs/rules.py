"""Rules: cross-checks of a whole year, as data. TOML says which check, over which records, how grave, by which clause.

    [[quy_tac]]
    ma = "R004-RM-01"                     # its code, never reworded
    kiem = "bat_buoc_khi"                 # the named check, below
    voi_moi = "mo_hinh_cong_nhan"         # expression: for each of these (`nay`)
    khi = "nay.loai_hinh == 'xay_moi'"    # expression: only these
    thi = "nay.ngay_ra_mat"               # expression: must be true
    o = "nay.ngay_ra_mat"                 # expression: the last field that it reads is the one to mend; or "/mo_hinh"
    thong_bao = "'Mô hình ' ~ nay.ten_ngoac ~ ' chưa có ngày ra mắt.'"
    goi_y = "Nhập ngày ra mắt."           # plain text
    muc = "loi"                           # loi | canh_bao | thong_tin
    nguon = "II.1, Lưu ý 2"
    tu_giai_doan = "cong-nhan"            # counts from this stage on ...
    han = 2026-03-31                      # ... or once this day has passed ("03-31": of every year)

`chung.toml` holds everywhere; the year's own rule set (`thong_tin.bo_quy_tac`) holds beside it. A day of `truoc_ngay`
is `ngay` or `thang_ngay`; `moc_han` names the deadline of the set that it is. Of former years (`nam_truoc`) a rule may
read everything; what it finds stands at a field of this year.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import islice, pairwise, takewhile
from typing import Any

from . import deadlines
from .authority import Fault, Signature, may_issue, signature_faults
from .catalog import fold
from .checking import wrong_values
from .derive import ASIDE, Graph, blocks, plan
from .errors import DvkError, KindUnknown, Place, Problem, Severity, TemplateInvalid
from .expressions import Record
from .viet import so_van_ban
from .viet.ngay import ngay_so

SAID = ("thong_bao", "ten_goi")  # what a message reads is no ground for it


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a set, the graph it judges, and today (ISO)."""

    words: Mapping[str, Any]
    graph: Graph
    today: str
    source: str  # the rule set's own name, before the clause
    reads: dict[str, None] = field(default_factory=dict)  # what was read to judge the record at hand
    of_set: dict[str, None] = field(default_factory=dict)  # what was read to choose the records
    sorted_set: list[str] = field(default_factory=list)  # the same in order, so that one record's stand together

    def value(self, key: str, scope: Mapping[str, Any] | None = None) -> Any:
        """The value of the rule's expression `key`; None where the rule has none. A number stands for itself."""
        source = self.words.get(key)
        if not isinstance(source, str):
            return source
        value, reads = self.graph.trace(source, {"hom_nay": self.today, **(scope or {})})
        if key not in SAID:
            self.reads.update(dict.fromkeys(reads))
        return value

    def echoes(self, bad: Collection[str]) -> bool:
        """Whether a value that was read to judge the record at hand is one of those already named."""
        reads = [pointer.removeprefix(ASIDE) for pointer in self.reads]
        return any(blocks(pointer, reads) for pointer in bad if pointer)

    def members(self) -> Iterator[Any]:
        """The records to judge: `voi_moi` where `khi` holds; a rule without `voi_moi` judges once."""
        records = self.value("voi_moi") or [] if "voi_moi" in self.words else [None]
        self.of_set.update(self.reads)
        for record in records:
            self.begin(record)
            if "khi" not in self.words or self.value("khi", {"nay": record}):
                yield record

    def begin(self, record: Any) -> None:
        """Forget what was read for the record before; of the set itself only this record's own fields count."""
        own = f"{getattr(record, 'pointer', '')}/"
        self.reads.clear()
        if own.count("/") > 2:
            self.reads.update(dict.fromkeys(self._of_set_under(own)))

    def _of_set_under(self, own: str) -> list[str]:
        """What was read of one record (`own`: its pointer and a slash) to choose the records."""
        if len(self.sorted_set) != len(self.of_set):  # it only grows
            self.sorted_set[:] = sorted(self.of_set)
        first = bisect_left(self.sorted_set, own)
        return list(takewhile(lambda read: read.startswith(own), islice(self.sorted_set, first, None)))

    def pointer(self, scope: Mapping[str, Any], key: str = "o") -> str:
        """The field to mend: the last that `o` reads, the pointer that it is, or the record itself."""
        source = self.words.get(key, "")
        if source.startswith("/"):
            return str(source)
        if source:
            reads = self.graph.trace(source, {"hom_nay": self.today, **scope})[1]
            own = self._own(scope)
            if reads and (reads[-1].count("/") > 1 or own.count("/") < 2):
                return reads[-1]  # a row of its own says more than a whole sheet
        return self._own(scope)

    def _own(self, scope: Mapping[str, Any]) -> str:
        """The record's own place; none for one of another year."""
        record = scope.get("nay")
        return record.pointer if isinstance(record, Record) and self.graph.owns(record) else ""

    def problem(
        self, default: str, scope: Mapping[str, Any], *, severity: Severity | None = None, pointer: str | None = None
    ) -> Problem:
        message = self.value("thong_bao", scope) or default
        clause = str(self.words.get("nguon", ""))
        source = f"{self.source}, {clause}" if self.source and clause else clause
        place = Place(pointer=self.pointer(scope) if pointer is None else pointer)
        grade: Severity = severity or self.words.get("muc", "loi")
        return Problem(place, str(self.words["ma"]), grade, str(message), str(self.words.get("goi_y", "")), source)


def check(graph: Graph, catalog: Any, ngay: date | str, known: Collection[str] = ()) -> Iterator[Problem]:
    """Every problem that the rules in force find in the year, as of the day `ngay`.

    A rule says nothing of a record for which it read a wrong value: that value is named already, by checking or by
    reading the file (`known`: the pointers that reading has named). A kind that cannot be planned is told first.
    """
    today = ngay.isoformat() if isinstance(ngay, date) else ngay
    told = len(catalog.faults)
    plan(graph)
    yield from catalog.faults[told:]
    bad = wrong_values(graph.year, catalog) | set(known) if isinstance(graph.year, Mapping) else set(known)
    stages = begun(graph, catalog)
    for rule in of_year(graph, catalog, today):
        if counts(rule, stages):
            yield from judge(rule, bad)
        elif deadlines.written(rule.words):
            yield from day_notes(rule)
    yield from _set_faults(graph, catalog)


def of_year(graph: Graph, catalog: Any, ngay: date | str) -> Iterator[Rule]:
    """Every rule that the year is judged by, begun or not: the common ones, then those of its rule set."""
    today = ngay.isoformat() if isinstance(ngay, date) else ngay
    for name in ("chung", graph.evaluate("thong_tin.bo_quy_tac")):
        try:
            found = catalog.rule_set(name) if name else {}
        except KindUnknown:
            continue  # checking has named it
        for words in found.get("quy_tac", []):
            yield Rule(words, graph, today, str(words.get("nguon_bo", found.get("nguon", ""))))


def _set_faults(graph: Graph, catalog: Any) -> Iterator[Problem]:
    """What is wrong with the local set itself, or with the days chosen for it."""
    name = graph.evaluate("thong_tin.bo_quy_tac")
    try:
        found = catalog.rule_set(name) if name else {}
    except KindUnknown:
        return  # checking has named it
    if not found:
        return
    words = catalog.rule_set("chung").get("ten_moc", {})
    yield from deadlines.stack_faults(catalog.rule_layers(name), words, graph.nam)
    lines = graph.evaluate("thong_tin.han_da_chon") or []
    yield from deadlines.choice_faults(lines, found.get("quy_tac", []), graph.nam)


def begun(graph: Graph, catalog: Any) -> set[str]:
    """The stages that the year's data show to have begun (`giai_doan` in chung.toml)."""
    return {stage for stage, source in catalog.rule_set("chung")["giai_doan"].items() if graph.evaluate(source)}


def counts(rule: Rule, stages: set[str]) -> bool:
    """Whether the rule is judged: its stage has begun, or its deadline has passed; a rule with neither always is."""
    stage, typed = rule.words.get("tu_giai_doan"), rule.words.get("han")
    if stage is None and typed is None:
        return True
    deadline = deadlines.day_of(typed, rule.graph.nam)
    return stage in stages or (deadline is not None and rule.today >= deadline)


def judge(rule: Rule, bad: Collection[str] = ()) -> Iterator[Problem]:
    """What one rule finds; a rule that cannot be judged is itself a problem, and the others go on."""
    try:
        for problem in CHECKS[rule.words["kiem"]](rule):
            if not rule.echoes(bad):
                yield problem
    except (DvkError, KeyError, TypeError, ValueError) as e:
        what = e.report.problems[0].message if isinstance(e, TemplateInvalid) else f"{type(e).__name__}: {e}"
        message = f"Quy tắc {rule.words.get('ma', '?')} không xét được: {what}"
        yield Problem(
            Place(pointer="/thong_tin/bo_quy_tac"), "rule_invalid", "canh_bao", message, "Sửa tệp bộ quy tắc."
        )


def spoken_name(record: Any) -> str:
    """How a message names a record: its name, else its code."""
    for name in ("ten", "ho_ten", "ten_loai", "ma"):
        if isinstance(record, Mapping) and name in record and record[name]:
            return f"“{record[name]}”"
    return "dòng này"


# --- counts ----------------------------------------------------------------------------------------------------------


def _matching(rule: Rule, key: str = "tap", **scope: Any) -> list[Any]:
    members = rule.value(key, scope) or []
    return [m for m in members if "loc" not in rule.words or rule.value("loc", {**scope, "nay": m})]


def dem_toi_thieu(rule: Rule) -> Iterator[Problem]:
    """At least `gia_tri` of `tap` meet `loc`."""
    least = rule.value("gia_tri")
    found = len(_matching(rule))
    if found < least:
        yield rule.problem(f"Mới có {found:02}, cần ít nhất {least:02}.", {"dem": found, "gia_tri": least})


def moi_don_vi_toi_thieu(rule: Rule) -> Iterator[Problem]:
    """Each unit of `don_vi` (`dv`) has at least `gia_tri` of `tap` meeting `loc`."""
    least = rule.value("gia_tri")
    for unit in rule.value("don_vi"):
        rule.begin(None)
        found = len(_matching(rule, dv=unit))
        if found < least:
            scope = {"nay": unit, "dv": unit, "dem": found, "gia_tri": least}
            yield rule.problem(f"{spoken_name(unit)} mới có {found:02}, cần ít nhất {least:02}.", scope)


def ty_le_toi_thieu(rule: Rule) -> Iterator[Problem]:
    """`tu` / `mau` is at least `gia_tri` per cent."""
    part, whole, least = rule.value("tu"), rule.value("mau"), rule.value("gia_tri")
    if whole and part * 100 < least * whole:
        yield rule.problem(
            f"Mới đạt {part:02}/{whole:02}, cần ít nhất {least}%.", {"tu": part, "mau": whole, "gia_tri": least}
        )


def tap_con(rule: Rule) -> Iterator[Problem]:
    """Each of `con` is in `cha`, but for those that meet `ngoai_le`."""
    whole = rule.value("cha") or []
    part = rule.value("con") or []
    rule.of_set.update(rule.reads)
    for record in part:
        rule.begin(record)
        if record in whole or rule.value("ngoai_le", {"nay": record}):
            continue
        yield rule.problem(f"{spoken_name(record)} chưa có trong danh sách của bước trước.", {"nay": record})


def tan_suat(rule: Rule) -> Iterator[Problem]:
    """At least `so_lan` times in the `so_nam` years that end with this one, this year's rows and those of former years.

    `su_kien` gives records with an `ngay`, or days; `loc` sifts them. What lies less than `cach_thang` months after one
    counted belongs to it. Too few years are there to say that it is too seldom: that is said, and no more.
    """
    least, years = rule.value("so_lan"), rule.value("so_nam")
    if rule.graph.nam is None or ("khi" in rule.words and not rule.value("khi")):
        return
    wanted = set(range(rule.graph.nam - years + 1, rule.graph.nam + 1))
    days = sorted(d for d in _days(rule) if int(d[:4]) in wanted)
    found = len(_apart(days, rule.words.get("cach_thang", 0)))
    lacking = len(wanted - {rule.graph.nam, *(f.nam for f in rule.graph.former)})
    if found < least and lacking:
        message = (
            f"Quy tắc {rule.words['ma']} tính trong {years:02} năm mà mới có dữ liệu của {years - lacking:02} năm."
        )
        hint = f"Thêm tệp của {lacking:02} năm còn thiếu bằng --nam-truoc để xét được."
        yield _about(rule, "former_years_needed", "thong_tin", message, hint)
    elif found < least:
        scope = {"dem": found, "so_lan": least, "so_nam": years}
        yield rule.problem(f"Mới có {found:02} lần trong {years:02} năm, quy định ít nhất {least:02} lần.", scope)


def _days(rule: Rule) -> Iterator[str]:
    """The days of `su_kien` in this year's data and in each former year's."""
    for graph in (rule.graph, *rule.graph.former):
        one = rule if graph is rule.graph else replace(rule, graph=graph, reads={}, of_set={})
        for event in _matching(one, "su_kien"):
            day = event["ngay"] if isinstance(event, Mapping) else event
            if day:
                yield str(day)


def _apart(days: Sequence[str], months: int) -> list[str]:
    """The days, each at least `months` months after the one before that counts."""
    kept: list[str] = []
    for day in days:
        if not kept or _month(day) - _month(kept[-1]) >= months:
            kept.append(day)
    return kept


def _month(day: str) -> int:
    return int(day[:4]) * 12 + int(day[5:7])


# --- days ------------------------------------------------------------------------------------------------------------


def deadline(rule: Rule) -> str | None:
    """The rule's day (`ngay`, or `thang_ngay` of the year); where there is no such day, the one chosen, else None."""
    day = deadlines.day_of(deadlines.written(rule.words), rule.graph.nam)
    return day or deadlines.chosen(rule.words, _chosen_lines(rule), rule.graph.nam)


def _chosen_lines(rule: Rule) -> list[Any]:
    return rule.graph.evaluate("thong_tin.han_da_chon") or []


def day_notes(rule: Rule) -> Iterator[Problem]:
    """What is to be said of a rule's day itself: that there is no such day, or that it is a day of rest (K30)."""
    yield from deadlines.set_fault(rule.words, _chosen_lines(rule), rule.graph.nam, _clause(rule))
    day = deadline(rule)
    rest = deadlines.rest_day(day, rule.graph.catalog.holidays()) if day else ""
    if day and rest:
        yield deadlines.rest_note(rule.words, day, rest, _clause(rule))


def _about(rule: Rule, code: str, severity: Severity, message: str, hint: str) -> Problem:
    """A problem of the rule itself, not of the year's data."""
    return Problem(Place(pointer="/thong_tin/bo_quy_tac"), code, severity, message, hint, _clause(rule))


def _clause(rule: Rule) -> str:
    return ", ".join(x for x in (rule.source, str(rule.words.get("nguon", ""))) if x)


def truoc_ngay(rule: Rule) -> Iterator[Problem]:
    """`su_kien` lies before the day; on the day is a warning; none although the day has come is `thieu` (a warning)."""
    yield from day_notes(rule)
    limit = deadline(rule)
    for record in rule.members() if limit else []:
        scope = {"nay": record, "han": limit}
        event = rule.value("su_kien", scope)
        what = rule.words.get("ten", "Việc này")
        if event and event > str(limit):
            yield rule.problem(f"{what}: {ngay_so(event)}, muộn hơn hạn trước ngày {ngay_so(limit)}.", scope)
        elif event == limit:
            message = f"{what}: đúng ngày {ngay_so(limit)}; quy định là trước ngày này."
            yield rule.problem(message, scope, severity="canh_bao")
        elif not event and rule.today >= str(limit):
            message = f"{what}: đã đến hạn trước ngày {ngay_so(limit)} mà chưa có ngày thực hiện."
            yield rule.problem(message, scope, severity=rule.words.get("thieu", "canh_bao"))


def trong_quy(rule: Rule) -> Iterator[Problem]:
    """`su_kien` lies in the quarter `quy` of the year; none although the quarter is over is `thieu` (a warning)."""
    quarter, year = rule.words["quy"], rule.graph.nam
    for record in rule.members():
        event = rule.value("su_kien", {"nay": record})
        scope = {"nay": record, "su_kien": event}
        if event and ((int(event[5:7]) + 2) // 3 != quarter or (year and int(event[:4]) != year)):
            yield rule.problem(f"{ngay_so(event)} không thuộc quý {quarter} của năm phong trào.", scope)
        elif not event and year and rule.today > f"{year}-{quarter * 3:02}-31":
            severity = rule.words.get("thieu", "canh_bao")
            yield rule.problem(f"Đã hết quý {quarter} mà chưa có ngày thực hiện.", scope, severity=severity)


def cach_it_nhat(rule: Rule) -> Iterator[Problem]:
    """`su_kien` lies at least `so_ngay` days before `moc`."""
    for record in rule.members():
        scope = {"nay": record}
        event, mark = rule.value("su_kien", scope), rule.value("moc", scope)
        days = rule.words["so_ngay"]
        if event and mark and date.fromisoformat(mark) - date.fromisoformat(event) < timedelta(days=days):
            message = f"{spoken_name(record)}: ngày {ngay_so(event)} chưa trước ngày {ngay_so(mark)} đủ {days:02} ngày."
            yield rule.problem(message, scope)


def thu_tu_ngay(rule: Rule) -> Iterator[Problem]:
    """The days of `chuoi` never go back: each is not before the nearest one given before it."""
    yield from _chain(
        rule, lambda before, after: before <= after, "{name}: {after} {a} đứng trước {before} {b}.", ngay_so
    )


def thu_tu_so(rule: Rule) -> Iterator[Problem]:
    """The numbers of `chuoi` never grow: each is at most the nearest one given before it."""
    text = "{name}: {after} ({a}) nhiều hơn {before} ({b})."
    yield from _chain(rule, lambda before, after: before >= after, text, str)


def _chain(
    rule: Rule, holds: Callable[[Any, Any], bool], text: str, printed: Callable[[Any], str]
) -> Iterator[Problem]:
    for record in rule.members():
        before: tuple[Any, str, tuple[str, ...]] | None = None
        for link in rule.words["chuoi"]:
            scope = {"nay": record}
            value, reads = rule.graph.trace(link["gia_tri"], scope)
            if value is None:
                continue
            if before is not None and not holds(before[0], value):
                message = text.format(
                    name=rule.value("ten_goi", scope) or spoken_name(record),
                    after=link["nhan"],
                    a=printed(value),
                    before=before[1],
                    b=printed(before[0]),
                )
                pointer = rule.pointer(scope) if "o" in rule.words else (reads[-1] if reads else "")
                rule.begin(None)  # only the two that are compared count
                rule.reads.update(dict.fromkeys((*before[2], *reads)))
                yield rule.problem(message, scope, pointer=pointer)
            before = (value, link["nhan"], reads)


# --- fields ----------------------------------------------------------------------------------------------------------


def bat_buoc_khi(rule: Rule) -> Iterator[Problem]:
    """Where `khi` holds, `thi` holds too."""
    for record in rule.members():
        if not rule.value("thi", {"nay": record}):
            yield rule.problem(f"{spoken_name(record)} chưa đúng quy định.", {"nay": record})


def bang_nhau(rule: Rule) -> Iterator[Problem]:
    """`trai` equals `phai`, where both are known."""
    for record in rule.members():
        left, right = rule.value("trai", {"nay": record}), rule.value("phai", {"nay": record})
        if left is not None and right is not None and left != right:
            scope = {"nay": record, "trai": left, "phai": right}
            yield rule.problem(f"{spoken_name(record)}: {left} khác {right}.", scope)


def thuoc_tap(rule: Rule) -> Iterator[Problem]:
    """`truong` is one of `gia_tri`."""
    allowed = rule.value("gia_tri")
    for record in rule.members():
        value = rule.value("truong", {"nay": record})
        if value is not None and value not in allowed:
            yield rule.problem(
                f"{spoken_name(record)}: “{value}” không thuộc danh mục.", {"nay": record, "gia_tri": value}
            )


def du_tieu_chi(rule: Rule) -> Iterator[Problem]:
    """`dat`, the number of criteria met, is at least `toi_thieu`."""
    least = rule.words["toi_thieu"]
    for record in rule.members():
        met = rule.value("dat", {"nay": record})
        if met is None or met < least:
            scope = {"nay": record, "dat": met or 0, "toi_thieu": least}
            yield rule.problem(f"{spoken_name(record)} mới đạt {met or 0:02}/{least:02} tiêu chí.", scope)


def muc_toi_thieu(rule: Rule) -> Iterator[Problem]:
    """`truong` stands on the ladder `thang` not below `gia_tri`."""
    ladder = rule.words["thang"]
    for record in rule.members():
        value = rule.value("truong", {"nay": record})
        if value not in ladder or ladder.index(value) < ladder.index(rule.words["gia_tri"]):
            yield rule.problem(f"{spoken_name(record)} chưa đạt mức tối thiểu.", {"nay": record, "gia_tri": value})


def tham_quyen(rule: Rule) -> Iterator[Problem]:
    """The office of `truong` is of one of the sorts `co_quan`; one only written has one of the names `ten` in it."""
    names = [fold(name) for name in rule.words.get("ten", ())]
    for record in rule.members():
        office = rule.value("truong", {"nay": record})
        if isinstance(office, str):
            if office and not any(name in fold(office) for name in names):
                scope = {"nay": record, "co_quan": office}
                yield rule.problem(f"“{office}” không có thẩm quyền ở việc này.", scope)
        elif office is not None and office["loai"] not in rule.words["co_quan"]:
            yield rule.problem(
                f"{spoken_name(office)} không có thẩm quyền ban hành văn bản này.", {"nay": record, "co_quan": office}
            )


def quyen_ban_hanh(rule: Rule) -> Iterator[Problem]:
    """The issuer of each paper may issue its tên loại on its day (`tham-quyen.toml`)."""
    for record in rule.members():
        office, kind, signed = record["co_quan"], record["ten_loai"], record["quyen_han"] or ""
        if office is None or not office["loai"] or not kind:
            continue
        day = record.get("ngay_ap_dung") or record["ngay"] or rule.today
        verdict = may_issue(office["loai"], kind, day, signed)
        if not verdict.allowed:
            message = f"{office['ten']} không ban hành {kind.lower()}: {verdict.reason}."
            found = rule.problem(message, {"nay": record}, severity=verdict.severity)
            yield replace(found, source=verdict.source)


def quyen_ky(rule: Rule) -> Iterator[Problem]:
    """Each paper is signed as its issuer's matrix says; a fault stands at the field it was typed in."""
    for record in rule.members():
        office, signer = record["co_quan"], record["nguoi_ky"]
        if office is None or not office["loai"] or not (record["quyen_han"] or record["chuc_vu_ky"]):
            continue  # a person who signs for himself
        head = office["thu_truong"]
        signature = Signature(
            office["loai"],
            _system(rule, record),
            record["quyen_han"] or "",
            record["chuc_vu_ky"] or "",
            signer["ho_ten"] or "" if signer is not None else "",
            is_head=head is not None and head == signer,
            has_head=head is not None,
        )
        for fault in signature_faults(signature):
            yield _of_signature(rule, record, fault)


def _system(rule: Rule, record: Any) -> str:
    """dang | nha_nuoc | mttq of a paper; of one that is only listed, what its number says, else ""."""
    if record.get("he"):
        return str(record["he"])
    if record.get("kind"):
        return str(rule.graph.catalog.kind_schema(record["kind"]).get("x-he", ["dang"])[0])
    try:
        so_van_ban.parse(record["so_ky_hieu"] or "")
    except DvkError:
        return ""
    return "dang"


def _of_signature(rule: Rule, record: Any, fault: Fault) -> Problem:
    """The fault at the field that was read for it: of the paper, of its office or of the person who signs."""
    path = "nguoi_ky.ho_ten" if fault.field == "ho_ten" else fault.field
    for source in (f"nay.{path}", "nay.nguoi_ky"):
        reads = rule.graph.trace(source, {"nay": record})[1]
        pointer = next((r for r in reversed(reads) if r.count("/") > 1 and not r.startswith(ASIDE)), "")
        if pointer:
            break
    place = Place(pointer=pointer or record.pointer)
    return Problem(place, fault.code, fault.severity, fault.message, fault.hint, fault.source)


def ho_so_du(rule: Rule) -> Iterator[Problem]:
    """Every paper of `loai` is planned or listed, for each record its own; an unknown kind is not judged.

    `nhan_ra` says how a paper that was typed under a mã of its own is known: `{loai, ten_loai, chu}`, the words that
    its summary holds; with it a kind that the catalogue lacks is judged too, by its `ten`. `co_ngay`: each has its day.
    """
    catalog, rows = rule.graph.catalog, rule.graph.rows("van_ban")
    dated = rule.words.get("co_ngay", False)
    planned = {vb["id"] for vb in rule.graph.evaluate("cac_van_ban") if vb["ngay"] or not dated}
    planned |= {str(row["ma"]) for row in rows if row["tinh_chat"] != "lap" and (row["ngay"] or not dated)}
    planned |= {f"{p.kind}.{code}" for p in plan(rule.graph) if p.id in planned for code in _pointed_to(p.moi)}
    known = {word["loai"]: word for word in rule.words.get("nhan_ra", ())}
    for record in rule.members():
        if record is not None:
            rule.reads[f"{record.pointer}/ma"] = None
        for kind in (k for k in rule.words["loai"] if k in known or catalog.has(k)):
            wanted = f"{kind}.{record['ma']}" if record is not None else kind
            there = wanted in planned or any(p.startswith(f"{kind}.") for p in planned if record is None)
            if not there and not (kind in known and any(_is_such(row, known[kind]) for row in rows)):
                title = catalog.title(kind) if catalog.has(kind) else known[kind]["ten"]
                owner = spoken_name(record) if record is not None else "Hồ sơ"
                rule.reads.update({f"{row.pointer}/ngay": None for row in rows if dated and row["ma"] == wanted})
                yield rule.problem(f"{owner} thiếu văn bản “{title}”.", {"nay": record, "loai": title})


def _pointed_to(moi: Any) -> Iterator[str]:
    """The codes of the records that a paper's own record points to: the minutes of a meeting are those of its model."""
    for value in dict.values(moi) if isinstance(moi, Record) else ():
        if isinstance(value, Record) and value.get("ma"):
            yield str(value["ma"])


def _is_such(row: Any, word: Mapping[str, str]) -> bool:
    """Whether a typed row of sheet Văn bản is the paper that a rule tells by its tên loại and words."""
    issued = row["tinh_chat"] == "da_co" and row["ten_loai"] == word["ten_loai"]
    return issued and f" {fold(word['chu'])} " in f" {fold(row['trich_yeu'] or '')} "


def so_bo(rule: Rule) -> Iterator[Problem]:
    """`truong`, the number of copies, is at least `gia_tri`."""
    value, least = rule.value("truong"), rule.value("gia_tri")
    if value is not None and value < least:
        yield rule.problem(f"Ghi {value:02} bộ, quy định {least:02} bộ.", {"nay": None, "gia_tri": least})


def xac_nhan(rule: Rule) -> Iterator[Problem]:
    """Each body of `co_quan` that must confirm is known; its day may still be blank."""
    for record in rule.members():
        for body in rule.words["co_quan"]:
            confirmed, reads = rule.graph.trace(body["gia_tri"], {"nay": record})
            rule.reads.update(dict.fromkeys(reads))
            if not confirmed:
                scope = {"nay": record, "nhan": body["nhan"]}
                pointer = rule.graph.trace(body["o"], {"nay": record})[1][-1:]
                message = f"{spoken_name(record)} chưa xác định được {body['nhan']}."
                yield rule.problem(message, scope, pointer=pointer[0] if pointer else None)


def khong_giong(rule: Rule) -> Iterator[Problem]:
    """No two of `voi_moi` share more than `nguong` per cent of the five-word runs of their texts `van`."""
    texts = [(record, _runs(" ".join(rule.value("van", {"nay": record})))) for record in rule.members()]
    rule.begin(None)
    for i, (record, runs) in enumerate(texts):
        for other, others in texts[:i]:
            share = len(runs & others) * 100 // min(len(runs), len(others)) if runs and others else 0
            if share > rule.words["nguong"]:
                message = f"{spoken_name(record)} và {spoken_name(other)} giống nhau {share}%."
                yield rule.problem(message, {"nay": record, "khac": other, "giong": share})


def _runs(text: str) -> set[tuple[str, ...]]:
    words = text.casefold().split()
    return {tuple(words[i : i + 5]) for i in range(len(words) - 4)} if len(words) >= 20 else set()


# --- numbers ---------------------------------------------------------------------------------------------------------


def _numbered(rule: Rule) -> dict[Any, list[tuple[int, Any]]]:
    """The numbered papers of `voi_moi` by series: one office, tên loại and symbol in one term (the Party) or year."""
    series: dict[Any, list[tuple[int, Any]]] = {}
    for paper in rule.members():
        office, number, symbol = paper["co_quan"], paper["so"], paper.get("ky_hieu_loai")
        if number is None and paper["so_ky_hieu"]:
            try:
                typed = so_van_ban.parse(paper["so_ky_hieu"])
            except DvkError:
                continue  # another system's number
            number, symbol = typed.so, typed.loai
        if number is not None and symbol and office is not None:
            key = (office, paper["ten_loai"], symbol, _period(rule, paper))
            series.setdefault(key, []).append((number, paper))
    rule.begin(None)  # a paper whose number is wrong is in no series
    return series


def _period(rule: Rule, paper: Any) -> str:
    """The committee's term or the year that a paper's number is counted in; one without a day is of this one."""
    day, now = paper["ngay"] or "", str(rule.graph.nam or "")
    if _system(rule, paper) in ("nha_nuoc", "mttq"):
        return day[:4] or now
    begun = rule.graph.evaluate("thong_tin.nhiem_ky_tu")
    return "trước" if begun and day and day[:4] < str(begun) else "này"


def khong_trung_so(rule: Rule) -> Iterator[Problem]:
    """No number twice in one series."""
    for papers in _numbered(rule).values():
        first: dict[int, Any] = {}
        for number, paper in papers:
            other = first.setdefault(number, paper)
            if other is not paper:
                name = other.get("tieu_de") or f"{other['ten_loai']} mã {other['ma']}"
                message = f"Số {other['so_ky_hieu']} đã dùng cho {name}."
                yield rule.problem(message, {"nay": paper, "khac": other})


def so_tang_theo_ngay(rule: Rule) -> Iterator[Problem]:
    """In one series a later day has a larger number."""
    for papers in _numbered(rule).values():
        dated = sorted(((p["ngay"], n, p) for n, p in papers if p["ngay"]), key=lambda x: x[:2])
        for (day, number, before), (later, next_number, after) in pairwise(dated):
            if next_number < number:
                message = (
                    f"Số {after['so_ky_hieu']} ngày {ngay_so(later)} nhỏ hơn số {before['so_ky_hieu']} "
                    f"của ngày trước đó {ngay_so(day)}."
                )
                for paper in (before, after):  # a wrong cell of its office puts a paper into another series
                    rule.reads.update(dict.fromkeys(rule.graph.trace("nay.co_quan", {"nay": paper})[1]))
                yield rule.problem(message, {"nay": after, "khac": before})


CHECKS: Mapping[str, Callable[[Rule], Iterator[Problem]]] = {
    f.__name__: f
    for f in (
        dem_toi_thieu,
        moi_don_vi_toi_thieu,
        ty_le_toi_thieu,
        tap_con,
        tan_suat,
        truoc_ngay,
        trong_quy,
        cach_it_nhat,
        thu_tu_ngay,
        thu_tu_so,
        bat_buoc_khi,
        bang_nhau,
        thuoc_tap,
        du_tieu_chi,
        muc_toi_thieu,
        tham_quyen,
        quyen_ban_hanh,
        quyen_ky,
        ho_so_du,
        so_bo,
        xac_nhan,
        khong_giong,
        khong_trung_so,
        so_tang_theo_ngay,
    )
}
