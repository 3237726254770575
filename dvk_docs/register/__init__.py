"""The register of document numbers: one SQLite file behind a few calls. A number is never given twice.

    book = Register("so-van-ban.db", clock=datetime.now)
    entry = book.reserve(Wanted("Đảng uỷ xã Bình An", "ĐU", "Tờ trình", "2026-10-08", term_from="2025-07-01"))
    book.in_hand([entry])                    the caller has it; from here on it is no longer a caller that died
    book.issue(entry, "2026-10-08")          signed and given out
    book.void(entry, "viết sai")             never given again
    book.entries(), book.audit(today)

Each number is on the disk before the call that gives it returns. The file stays on one machine's own disk: a network
share is refused (`place`). What is counted together is data (`series`).
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from ..errors import ChoiceNeeded, FieldInvalid, NumberTaken, Problem
from ..viet.ngay import ngay_so
from . import audit as auditing
from .book import PATIENCE, Book, RegisterInvalid, log, settings_of
from .entries import STATES, Entry, NumbersRefused, Refusal
from .holder import Holder, is_alive, me
from .series import Rules, Wanted, clean, office_key, rules_data
from .terms import period

__all__ = [
    "STATES",
    "Entry",
    "NumbersRefused",
    "Refusal",
    "Register",
    "RegisterInvalid",
    "Rules",
    "Wanted",
    "rules_data",
    "same_office",
]

LIVE = ("reserved", "issued")
LARGEST = 999_999  # a number beyond this is a slip of the hand


class Register:
    """A register of numbers in one file. Several processes may use it at once; each call is one transaction.

    `clock` gives the moment that is written beside a number. `place` says why the file may not lie where it does.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        clock: Callable[[], datetime] = datetime.now,
        *,
        patience: float = PATIENCE,
        place: Callable[[Path], str | None] | None = None,
    ) -> None:
        self.book = Book(Path(path), patience=patience, place=place)
        self.clock = clock

    @property
    def path(self) -> Path:
        return self.book.path

    @property
    def is_there(self) -> bool:
        return self.book.is_there

    # --- taking numbers

    def reserve(self, wanted: Wanted) -> Entry:
        """The next number of its series; of a paper that has one already, that one. The file is made where it is not.

        Raise `NumbersRefused` where a typed number is taken, or the paper takes none.
        """
        return self.reserve_all([wanted])[0]

    def reserve_all(self, wanted: Sequence[Wanted]) -> list[Entry]:
        """Numbers for all of them, in this order, or for none."""
        self.book.create()
        with self.book.writing() as db:
            return _Taking(db, self.clock()).all(wanted)

    def preview(self, wanted: Sequence[Wanted]) -> list[Entry]:
        """What `reserve_all` would give now. Nothing is kept, and no file is made."""
        with self.book.writing(keep=False) if self.is_there else self.book.in_memory() as db:
            return _Taking(db, self.clock()).all(wanted)

    def in_hand(self, entries: Iterable[Entry]) -> None:
        """Note that the callers have their numbers: what they hold is no longer lost if they end."""
        with self.book.writing() as db:
            for entry in entries:
                db.execute(
                    "UPDATE so_van_ban SET giu_boi = '' WHERE day_so = ? AND so = ? AND giu_boi = ?",
                    (entry.series, entry.so, entry.holder),
                )

    # --- what becomes of a number

    def issue(self, entry: Entry, day: str, paper: str = "", trich_yeu: str = "") -> Entry:
        """Record that the number was given out on `day` (ISO); raise `NumberTaken` for a void one or another day."""
        _as_day(day)
        with self.book.writing() as db:
            now = self._again(db, entry)
            if now.state == "void":
                raise NumberTaken(f"Số {now.so_ky_hieu} đã huỷ ({now.reason}) nên không cấp được nữa.")
            if now.state == "issued" and now.ngay not in ("", day):
                raise NumberTaken(
                    f"Số {now.so_ky_hieu} đã cấp ngày {ngay_so(now.ngay)}. Hãy huỷ số đó trước nếu ghi sai."
                )
            if paper and now.paper not in ("", paper):
                raise NumberTaken(f"Số {now.so_ky_hieu} đang của văn bản {now.paper}, không phải của {paper}.")
            changed = replace(
                now, state="issued", ngay=day, paper=paper or now.paper, trich_yeu=clean(trich_yeu) or now.trich_yeu
            )
            return self._put(db, changed, "issue", day)

    def void(self, entry: Entry, reason: str) -> Entry:
        """Record that the number is void, and why; it is not given again unless the register's rule says so."""
        if not clean(reason):
            raise FieldInvalid("Chưa ghi lý do huỷ số.", "no_reason", "Ghi lý do bằng --ly-do.")
        with self.book.writing() as db:
            now = self._again(db, entry)
            if now.state == "void":
                return now
            return self._put(db, replace(now, state="void", reason=clean(reason)), "void", clean(reason))

    def set(self, name: str, value: str) -> None:
        """Choose one of the settings of `so-van-ban.toml`; refused once the numbers that it governs have begun."""
        known = rules_data()["thiet_lap"]
        if name not in known or value not in known[name]["gia_tri"]:
            words = "; ".join(f"{k} = {' | '.join(v['gia_tri'])}" for k, v in known.items())
            raise FieldInvalid(f"Không có thiết lập {name} = {value}.", "setting_unknown", f"Các thiết lập: {words}.")
        self.book.create()
        with self.book.writing() as db:
            if Rules(rules_data(), settings_of(db)).setting(name) == value:
                return
            governed = [g for g in rules_data()["nhom"] if name in g.get("khi", {})]
            if governed and any(_governs(g, row) for g in governed for row in db.execute("SELECT * FROM so_van_ban")):
                message = f"Sổ đã có số theo thiết lập trước nên không đổi được “{known[name]['ten']}”."
                raise RegisterInvalid(f"{message} Hãy mở sổ mới cho cách đánh số mới.", "setting_in_use")
            db.execute("INSERT OR REPLACE INTO thiet_lap VALUES (?, ?)", (name, value))
            log(db, self.clock(), "set", name, 0, value)

    # --- looking

    def settings(self) -> Mapping[str, str]:
        """Each setting with the value in force."""
        with self.book.reading() as db:
            rules = Rules(rules_data(), settings_of(db))
        return {name: rules.setting(name) for name in rules.data["thiet_lap"]}

    def entries(self) -> list[Entry]:
        """Every number, by series and then by number."""
        with self.book.reading() as db:
            return _entries(db)

    def find(self, words: str, office: str = "") -> Entry:
        """The one entry that is meant by a number as printed (16-TTr/ĐU) or a paper's id.

        Raise `NumberTaken` where there is none and `ChoiceNeeded` where there are several.
        """
        typed = clean(words).removeprefix("Số").lstrip(": ")
        found = [e for e in self.entries() if typed in (e.so_ky_hieu, e.paper) or _same_number(typed, e)]
        found = [e for e in found if not office or same_office(office, e.co_quan)]
        live = [e for e in found if e.state in LIVE]
        found = live or found
        if not found:
            raise NumberTaken(f"Sổ {self.path.name} không có số hoặc văn bản “{words}”. Xem bằng dvk number list.")
        if len(found) > 1:
            choices = "; ".join(str(e) for e in found)
            raise ChoiceNeeded(f"Có nhiều số “{words}”: {choices}. Hãy chọn bằng --co-quan, hoặc ghi mã văn bản.")
        return found[0]

    def audit(self, today: date, *, kept_days: int = 30, alive: Callable[[Holder], bool] = is_alive) -> list[Problem]:
        """What is odd in the register as of `today`: see `audit`."""
        with self.book.reading() as db:
            found = _entries(db)
        return list(auditing.audit(found, today, str(self.path), kept_days=kept_days, alive=alive))

    # --- inside

    def _again(self, db: sqlite3.Connection, entry: Entry) -> Entry:
        row = db.execute("SELECT * FROM so_van_ban WHERE day_so = ? AND so = ?", (entry.series, entry.so)).fetchone()
        if row is None:
            raise NumberTaken(f"Sổ {self.path.name} không có số {entry.so_ky_hieu}.")
        return Entry.of(row)

    def _put(self, db: sqlite3.Connection, entry: Entry, what: str, note: str) -> Entry:
        now = self.clock().isoformat(timespec="seconds")
        entry = replace(
            entry,
            issued_at=entry.issued_at or (now if entry.state == "issued" else ""),
            voided_at=now if entry.state == "void" else "",
            holder="",
        )
        try:
            _update(
                db,
                entry,
                trang_thai=entry.state,
                ngay=entry.ngay,
                van_ban=entry.paper,
                trich_yeu=entry.trich_yeu,
                cap_luc=entry.issued_at,
                huy_luc=entry.voided_at,
                ly_do=entry.reason,
                giu_boi="",
            )
        except sqlite3.IntegrityError as error:
            raise NumberTaken(f"Văn bản {entry.paper} đã có một số khác trong sổ.") from error
        log(db, self.clock(), what, entry.series, entry.so, note)
        return entry


def _governs(group: Mapping[str, object], row: sqlite3.Row) -> bool:
    kinds = group.get("ten_loai")
    return group.get("he") == row["he"] and (not isinstance(kinds, list) or row["ten_loai"] in kinds)


def _entries(db: sqlite3.Connection) -> list[Entry]:
    return [Entry.of(row) for row in db.execute("SELECT * FROM so_van_ban ORDER BY day_so, so")]


def same_office(one: str, other: str) -> bool:
    """Whether two names are of one issuer: case, blanks and tone placement aside."""
    return office_key(one) == office_key(other)


def _update(db: sqlite3.Connection, entry: Entry, **columns: object) -> None:
    sets = ", ".join(f"{name} = ?" for name in columns)
    db.execute(f"UPDATE so_van_ban SET {sets} WHERE day_so = ? AND so = ?", (*columns.values(), entry.series, entry.so))


def _same_number(typed: str, entry: Entry) -> bool:
    """5-QĐ/ĐU for 05-QĐ/ĐU."""
    return typed.lstrip("0") == entry.so_ky_hieu.lstrip("0")


def _as_day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise FieldInvalid(f"“{text}” không phải là một ngày có thật.", "no_such_day") from None


class _Taking:
    """Numbers being taken in one transaction."""

    def __init__(self, db: sqlite3.Connection, now: datetime) -> None:
        self.db = db
        self.now = now
        self.holder = me().to_text()
        self.rules = Rules(rules_data(), settings_of(db))
        self.refusals: list[Refusal] = []

    def all(self, wanted: Sequence[Wanted]) -> list[Entry]:
        """Those that were typed first, since they win; raise `NumbersRefused` for all that could not be had."""
        given: dict[int, Entry] = {}
        for index in sorted(range(len(wanted)), key=lambda i: wanted[i].so is None):
            try:
                given[index] = self.one(wanted[index])
            except FieldInvalid as error:
                self.refusals.append(Refusal(index, error.code, str(error), error.hint))
        if self.refusals:
            raise NumbersRefused(sorted(self.refusals, key=lambda r: r.index))
        return [given[i] for i in range(len(wanted))]

    def one(self, wanted: Wanted) -> Entry:
        _as_day(wanted.day)
        wanted = replace(
            wanted, co_quan=clean(wanted.co_quan), ky_hieu=clean(wanted.ky_hieu), paper=clean(wanted.paper)
        )
        series = self.rules.series(wanted)
        key, said = period(self.db, series, wanted)
        day_so = series.key(key)
        held = self._held(wanted.paper)
        if wanted.so is not None:
            return self._typed(wanted, day_so, series.nhom, series.symbol, said, held)
        if held is not None:
            if held.series != day_so:
                message = f"Văn bản {wanted.paper} đang giữ số {held.so_ky_hieu} ở dãy số khác."
                raise FieldInvalid(message, "paper_has_number", "Huỷ số đó (dvk number void) rồi lấy số mới.")
            return self._issued(held, wanted)
        number = self._reused(day_so) or self._last(day_so) + 1
        return self._insert(wanted, day_so, number, series.nhom, series.symbol, said)

    def _typed(self, wanted: Wanted, day_so: str, nhom: str, symbol: str, said: str, held: Entry | None) -> Entry:
        """A number typed by hand: recorded as it is, unless the register says otherwise of it or of its paper."""
        number = wanted.so or 0
        if isinstance(wanted.so, bool) or not 1 <= number <= LARGEST:
            raise FieldInvalid(f"“{wanted.so}” không phải là số văn bản.", "number_invalid", "Nhập số từ 1 trở lên.")
        if held is not None and (held.series, held.so) != (day_so, number):
            text = self.rules.text(number, symbol, wanted)
            message = f"Sổ đã cấp số {held.so_ky_hieu} cho văn bản này, dữ liệu lại ghi {text}."
            hint = f"Sửa số trong bảng tính, hoặc huỷ số trong sổ: dvk number void {held.so_ky_hieu}."
            raise FieldInvalid(message, "number_disagrees", hint)
        row = self.db.execute("SELECT * FROM so_van_ban WHERE day_so = ? AND so = ?", (day_so, number)).fetchone()
        if row is None:
            return self._insert(wanted, day_so, number, nhom, symbol, said)
        there = Entry.of(row)
        if there.state == "void":
            message = f"Số {there.so_ky_hieu} đã huỷ ({there.reason})."
            raise FieldInvalid(message, "number_void", "Dùng số khác, hoặc bỏ trống để lấy số từ sổ.")
        if wanted.paper and there.paper not in ("", wanted.paper):
            message = f"Số {there.so_ky_hieu} đã cấp cho văn bản {there.paper}."
            raise FieldInvalid(message, "number_taken", "Sửa số trong bảng tính, hoặc bỏ trống để lấy số từ sổ.")
        if wanted.paper and not there.paper:
            _update(self.db, there, van_ban=wanted.paper, giu_boi="")
        return self._issued(replace(there, paper=wanted.paper or there.paper, holder=""), wanted)

    def _held(self, paper: str) -> Entry | None:
        """The number that a paper holds."""
        if not paper:
            return None
        row = self.db.execute(
            "SELECT * FROM so_van_ban WHERE van_ban = ? AND trang_thai <> 'void'", (paper,)
        ).fetchone()
        return Entry.of(row) if row is not None else None

    def _last(self, day_so: str) -> int:
        return int(
            self.db.execute("SELECT coalesce(max(so), 0) FROM so_van_ban WHERE day_so = ?", (day_so,)).fetchone()[0]
        )

    def _reused(self, day_so: str) -> int | None:
        """The smallest void number, where the register's rule gives void numbers again."""
        if self.rules.setting("so_da_huy") != "dung_lai":
            return None
        where = "WHERE day_so = ? AND trang_thai = 'void'"
        number: int | None = self.db.execute(f"SELECT min(so) FROM so_van_ban {where}", (day_so,)).fetchone()[0]
        if number is not None:
            self.db.execute("DELETE FROM so_van_ban WHERE day_so = ? AND so = ?", (day_so, number))
        return number

    def _insert(self, wanted: Wanted, day_so: str, number: int, nhom: str, symbol: str, said: str) -> Entry:
        typed, now = wanted.so is not None, self.now.isoformat(timespec="seconds")
        row: dict[str, object] = {
            "day_so": day_so,
            "so": number,
            "trang_thai": "issued" if wanted.issued else "reserved",
            "he": wanted.he,
            "co_quan": wanted.co_quan,
            "ky_hieu": wanted.ky_hieu,
            "ten_loai": self.rules.kind(wanted)[0],
            "nhom": nhom,
            "ky": said,
            "so_ky_hieu": self.rules.text(number, symbol, wanted),
            "van_ban": wanted.paper,
            "trich_yeu": clean(wanted.trich_yeu),
            "ngay": wanted.day if wanted.issued else "",
            "nhap_tay": int(typed),
            "giu_luc": now,
            "giu_boi": "" if typed or wanted.issued else self.holder,
            "cap_luc": now if wanted.issued else "",
        }
        marks = ", ".join("?" * len(row))
        self.db.execute(f"INSERT INTO so_van_ban ({', '.join(row)}) VALUES ({marks})", tuple(row.values()))
        log(self.db, self.now, "record" if typed else "reserve", day_so, number, wanted.paper)
        return self._entry(day_so, number)

    def _issued(self, entry: Entry, wanted: Wanted) -> Entry:
        """The entry, noted as given out where the paper is. A day typed anew for the same paper wins."""
        if wanted.issued and entry.state == "issued" and entry.ngay != wanted.day and not wanted.paper:
            message = f"Số {entry.so_ky_hieu} đã cấp ngày {ngay_so(entry.ngay)}."
            raise FieldInvalid(message, "number_taken", "Xem lại số, hoặc ghi mã văn bản (--van-ban) để sửa ngày.")
        if wanted.issued and (entry.state, entry.ngay) != ("issued", wanted.day):
            _update(
                self.db,
                entry,
                trang_thai="issued",
                ngay=wanted.day,
                cap_luc=self.now.isoformat(timespec="seconds"),
                giu_boi="",
            )
            log(self.db, self.now, "issue", entry.series, entry.so, wanted.day)
        return self._entry(entry.series, entry.so)

    def _entry(self, day_so: str, number: int) -> Entry:
        return Entry.of(
            self.db.execute("SELECT * FROM so_van_ban WHERE day_so = ? AND so = ?", (day_so, number)).fetchone()
        )
