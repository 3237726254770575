"""The register of numbers: what is counted together, what is refused, and that no number goes out twice."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
import taking_numbers
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dvk_docs.errors import ChoiceNeeded, FieldInvalid, NumberTaken
from dvk_docs.register import NumbersRefused, Register, RegisterInvalid, Wanted
from dvk_docs.register.holder import Holder
from dvk_docs.register.place import why_not_here

NOW = datetime(2026, 10, 1, 8, 30)
TODAY = date(2026, 10, 2)
PROPOSAL = Wanted("Đảng uỷ xã Bình An", "ĐU", "Tờ trình", "2026-10-08", term_from="2025-07-01")
DECISION = replace(PROPOSAL, ten_loai="Quyết định")
STATE = Wanted("Uỷ ban nhân dân xã Bình An", "UBND", "Quyết định", "2026-10-08", he="nha_nuoc")


@pytest.fixture
def book(tmp_path: Path) -> Register:
    return Register(tmp_path / "so.db", lambda: NOW)


def taken(book: Register, *wanted: Wanted) -> list[str]:
    return [book.reserve(w).so_ky_hieu for w in wanted]


def refusal(book: Register, wanted: Wanted) -> str:
    with pytest.raises(NumbersRefused) as refused:
        book.reserve(wanted)
    return refused.value.code


def codes(book: Register, today: date = TODAY, alive: bool = True, kept_days: int = 30) -> list[str]:
    return [p.code for p in book.audit(today, kept_days=kept_days, alive=lambda holder: alive)]


# --- what is counted together ----------------------------------------------------------------------------------------


def test_each_kind_of_each_issuer_begins_at_one(book: Register) -> None:
    cell = replace(PROPOSAL, co_quan="Chi bộ thôn Đông", ky_hieu="CB")
    other = replace(cell, co_quan="Chi bộ thôn Đoài")
    assert taken(book, PROPOSAL, PROPOSAL, DECISION, cell, other) == [
        "01-TTr/ĐU",
        "02-TTr/ĐU",
        "01-QĐ/ĐU",
        "01-TTr/CB",
        "01-TTr/CB",
    ]


@pytest.mark.parametrize("name", ["ĐẢNG ỦY XÃ BÌNH AN", "Đảng ủy  xã Bình An ", "Đảng u\u0309y xã Bình An"])
def test_one_issuer_spelt_another_way_is_the_same(book: Register, name: str) -> None:
    assert taken(book, PROPOSAL, replace(PROPOSAL, co_quan=name)) == ["01-TTr/ĐU", "02-TTr/ĐU"]


def test_the_party_counts_on_over_the_new_year_and_anew_in_a_new_term(book: Register) -> None:
    later = replace(PROPOSAL, day="2027-02-01")
    new_term = replace(PROPOSAL, day="2030-08-01", term_from="2030-07-20")
    assert taken(book, PROPOSAL, later, new_term) == ["01-TTr/ĐU", "02-TTr/ĐU", "01-TTr/ĐU"]


def test_a_known_term_need_not_be_typed_again(book: Register) -> None:
    assert taken(book, PROPOSAL, replace(PROPOSAL, term_from="")) == ["01-TTr/ĐU", "02-TTr/ĐU"]


def test_a_paper_of_before_the_term_is_counted_in_the_one_before(book: Register) -> None:
    old = replace(PROPOSAL, day="2024-05-01", term_from="2020-06-15")
    assert taken(book, old, PROPOSAL, replace(old, term_from="2025-07-01")) == ["01-TTr/ĐU", "01-TTr/ĐU", "02-TTr/ĐU"]


def test_two_days_for_one_term_are_refused_unless_confirmed(book: Register) -> None:
    book.reserve(PROPOSAL)
    other = replace(PROPOSAL, term_from="2025-07-02")
    assert refusal(book, other) == "term_conflict"
    assert taken(book, replace(other, new_term=True)) == ["01-TTr/ĐU"]


def test_the_day_of_a_term_known_by_its_year_is_written_in(book: Register) -> None:
    by_year = replace(PROPOSAL, term_from="2025")
    assert taken(book, by_year, PROPOSAL, by_year) == ["01-TTr/ĐU", "02-TTr/ĐU", "03-TTr/ĐU"]
    assert {e.ky for e in book.entries()} == {"nhiệm kỳ từ 01/7/2025"}


def test_a_term_that_nobody_told_is_asked_for(book: Register) -> None:
    assert refusal(book, replace(PROPOSAL, term_from="")) == "term_unknown"


def test_the_state_counts_by_year(book: Register) -> None:
    assert taken(book, STATE, STATE, replace(STATE, day="2027-01-02")) == ["01/QĐ-UBND", "02/QĐ-UBND", "01/QĐ-UBND"]


def test_a_state_office_may_count_all_kinds_in_one_series(book: Register) -> None:
    book.set("nha_nuoc", "chung")
    plan = replace(STATE, ten_loai="Kế hoạch")
    secret = replace(STATE, mat=True)
    assert taken(book, STATE, plan, secret) == ["01/QĐ-UBND", "02/KH-UBND", "01/QĐ-UBND"]


@pytest.mark.parametrize(("setting", "second"), [("rieng", "01-QĐ/ĐU"), ("chung", "02-QĐ/ĐU")])
def test_decisions_and_regulations_share_a_series_only_where_the_office_says_so(
    book: Register, setting: str, second: str
) -> None:
    book.set("qd_quy_dinh", setting)
    assert taken(book, DECISION, replace(DECISION, ten_loai="Quy định")) == ["01-QĐ/ĐU", second]


def test_a_setting_does_not_change_under_numbers_that_were_given(book: Register) -> None:
    book.reserve(DECISION)
    with pytest.raises(RegisterInvalid) as refused:
        book.set("qd_quy_dinh", "chung")
    assert refused.value.code == "setting_in_use"
    book.set("qd_quy_dinh", "rieng")


def test_a_joint_paper_takes_the_number_of_the_lead(book: Register) -> None:
    joint = replace(PROPOSAL, cung=("UBND",))
    assert taken(book, PROPOSAL, joint, PROPOSAL) == ["01-TTr/ĐU", "02-TTr/ĐU-UBND", "03-TTr/ĐU"]


def test_a_congress_counts_all_its_papers_in_one_series(book: Register) -> None:
    congress = Wanted("Đại hội đại biểu Đảng bộ xã Bình An lần thứ I", "ĐH", "Nghị quyết", "2025-08-01")
    assert taken(book, congress, replace(congress, ten_loai="Biên bản")) == ["01-NQ/ĐH", "02-BB/ĐH"]


@pytest.mark.parametrize("kind", ["Danh sách", "Phụ lục", "Trích ngang thành tích"])
def test_a_list_takes_no_number(book: Register, kind: str) -> None:
    assert refusal(book, replace(PROPOSAL, ten_loai=kind)) == "takes_no_number"


def test_a_copy_of_the_party_has_a_number_only_under_the_old_guide(book: Register) -> None:
    copy = replace(PROPOSAL, ten_loai="Bản sao")
    assert taken(book, replace(copy, day="2026-05-26")) == ["01-BS/ĐU"]
    assert refusal(book, replace(copy, day="2026-05-27")) == "takes_no_number"


def test_copies_of_the_state_share_one_series(book: Register) -> None:
    assert taken(book, replace(STATE, ten_loai="Sao y"), replace(STATE, ten_loai="SL")) == ["01/SY-UBND", "02/SL-UBND"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"ten_loai": "Tờ khai"}, "kind_unknown"),
        ({"ten_loai": "QĐ"}, "kind_ambiguous"),
        ({"ten_loai": " "}, "blank"),
        ({"co_quan": ""}, "blank"),
        ({"he": "khác"}, "system_unknown"),
        ({"day": "2026-02-30"}, "no_such_day"),
        ({"term_from": "hè 2025"}, "term_invalid"),
        ({"so": 0}, "number_invalid"),
        ({"so": True}, "number_invalid"),
        ({"day": "2024-01-01"}, "before_term"),
    ],
)
def test_what_cannot_be_numbered_is_refused(book: Register, change: dict[str, object], code: str) -> None:
    assert refusal(book, replace(PROPOSAL, **change)) == code  # type: ignore[arg-type]
    assert book.entries() == []


# --- one paper, one number -------------------------------------------------------------------------------------------


def test_a_paper_asked_for_again_keeps_its_number(book: Register) -> None:
    mine = replace(PROPOSAL, paper="2026:to-trinh")
    assert taken(book, mine, PROPOSAL, mine) == ["01-TTr/ĐU", "02-TTr/ĐU", "01-TTr/ĐU"]


def test_a_typed_number_is_recorded_and_the_next_follows_it(book: Register) -> None:
    typed = replace(PROPOSAL, so=35, paper="x")
    assert taken(book, typed, PROPOSAL) == ["35-TTr/ĐU", "36-TTr/ĐU"]
    assert [e.typed for e in book.entries()] == [True, False]


def test_typed_numbers_are_recorded_before_any_is_taken(book: Register) -> None:
    entries = book.reserve_all([PROPOSAL, replace(PROPOSAL, so=1, paper="x")])
    assert [e.so for e in entries] == [2, 1]


def test_a_number_taken_by_hand_and_then_typed_belongs_to_that_paper(book: Register) -> None:
    book.reserve(PROPOSAL)
    assert taken(book, replace(PROPOSAL, so=1, paper="x"), replace(PROPOSAL, paper="x")) == ["01-TTr/ĐU", "01-TTr/ĐU"]


def test_a_typed_number_that_the_register_denies_is_refused(book: Register) -> None:
    book.reserve(replace(PROPOSAL, paper="x"))
    book.void(book.reserve(replace(PROPOSAL, paper="y")), "viết sai")
    assert refusal(book, replace(PROPOSAL, paper="x", so=7)) == "number_disagrees"
    assert refusal(book, replace(PROPOSAL, paper="z", so=1)) == "number_taken"
    assert refusal(book, replace(PROPOSAL, paper="z", so=2)) == "number_void"
    assert refusal(book, replace(DECISION, paper="x")) == "paper_has_number"


def test_all_are_given_or_none(book: Register) -> None:
    with pytest.raises(NumbersRefused) as refused:
        book.reserve_all([PROPOSAL, replace(PROPOSAL, ten_loai="Danh sách"), replace(PROPOSAL, so=0)])
    assert [r.index for r in refused.value.refusals] == [1, 2]
    assert book.entries() == []


def test_looking_ahead_keeps_nothing(book: Register) -> None:
    assert [e.so for e in book.preview([PROPOSAL, PROPOSAL])] == [1, 2]
    assert not book.is_there
    book.reserve(PROPOSAL)
    assert [e.so for e in book.preview([PROPOSAL])] == [2]
    assert taken(book, PROPOSAL) == ["02-TTr/ĐU"]


def test_a_void_number_is_not_given_again(book: Register) -> None:
    book.void(book.reserve(PROPOSAL), "viết sai")
    assert taken(book, PROPOSAL) == ["02-TTr/ĐU"]


def test_a_void_number_is_given_again_where_the_office_says_so(book: Register) -> None:
    book.set("so_da_huy", "dung_lai")
    book.void(book.reserve(PROPOSAL), "viết sai")
    assert taken(book, PROPOSAL, PROPOSAL) == ["01-TTr/ĐU", "02-TTr/ĐU"]


def test_a_paper_whose_number_is_void_takes_another(book: Register) -> None:
    mine = replace(PROPOSAL, paper="x")
    book.void(book.reserve(mine), "viết sai")
    assert taken(book, mine) == ["02-TTr/ĐU"]


def test_a_number_is_void_only_for_a_reason(book: Register) -> None:
    entry = book.reserve(PROPOSAL)
    with pytest.raises(FieldInvalid):
        book.void(entry, "  ")
    assert book.entries()[0].state == "reserved"


def test_an_issued_number_has_one_day_and_no_void_one_is_issued(book: Register) -> None:
    entry = book.issue(book.reserve(PROPOSAL), "2026-10-08", "x", "về việc thử")
    assert (entry.state, entry.ngay, entry.paper, entry.trich_yeu) == ("issued", "2026-10-08", "x", "về việc thử")
    assert book.issue(entry, "2026-10-08").state == "issued"
    with pytest.raises(NumberTaken):
        book.issue(entry, "2026-10-09")
    void = book.void(book.reserve(PROPOSAL), "bỏ")
    with pytest.raises(NumberTaken):
        book.issue(void, "2026-10-08")


def test_a_number_is_found_as_printed_or_by_its_paper(book: Register) -> None:
    cell = replace(PROPOSAL, co_quan="Chi bộ thôn Đông", ky_hieu="CB")
    for wanted in (replace(PROPOSAL, paper="x"), cell, replace(cell, co_quan="Chi bộ thôn Đoài")):
        book.reserve(wanted)
    assert book.find("Số 1-TTr/ĐU") == book.find("x")
    assert book.find("01-TTr/CB", "chi bộ thôn Đoài").co_quan == "Chi bộ thôn Đoài"
    with pytest.raises(ChoiceNeeded):
        book.find("01-TTr/CB")
    with pytest.raises(NumberTaken):
        book.find("99-TTr/ĐU")


# --- audit -----------------------------------------------------------------------------------------------------------


def issued(number: int, day: str, **more: object) -> Wanted:
    return replace(PROPOSAL, so=number, day=day, issued=True, **more)  # type: ignore[arg-type]


def test_a_sound_register_has_nothing_to_tell(book: Register) -> None:
    book.reserve_all([issued(1, "2026-01-05"), issued(2, "2026-01-05"), issued(3, "2026-02-01")])
    assert codes(book) == []


@pytest.mark.parametrize(
    ("numbers", "told"),
    [
        ([(1, "2026-01-05"), (3, "2026-01-06")], ["number_gap"]),
        ([(1, "2026-01-05"), (90, "2026-01-06")], ["number_beyond"]),
        ([(4, "2026-01-05"), (5, "2026-01-06")], ["number_before_register"]),
        ([(1, "2026-03-05"), (2, "2026-01-06")], ["days_out_of_order"]),
    ],
)
def test_what_is_odd_is_told(book: Register, numbers: list[tuple[int, str]], told: list[str]) -> None:
    book.reserve_all([issued(n, day) for n, day in numbers])
    assert codes(book) == told


def test_a_void_number_is_no_gap(book: Register) -> None:
    book.reserve(issued(1, "2026-01-05"))
    book.void(book.reserve(PROPOSAL), "viết sai")
    book.reserve(issued(3, "2026-01-06"))
    assert codes(book) == []


def test_a_day_of_another_year_is_told_for_the_state(book: Register) -> None:
    book.issue(book.reserve(STATE), "2027-01-04")
    assert codes(book) == ["day_outside_period"]


def test_two_spellings_of_a_term_that_print_one_number_twice_are_told(book: Register) -> None:
    book.reserve(PROPOSAL)
    with sqlite3.connect(book.path) as db:  # as if another program had written it
        db.execute("UPDATE so_van_ban SET day_so = 'khác'")
    db.close()
    book.reserve(PROPOSAL)
    assert codes(book) == ["number_twice"]


def test_a_number_kept_too_long_is_told(book: Register) -> None:
    book.reserve(PROPOSAL)
    assert codes(book, date(2026, 10, 31)) == []
    assert codes(book, date(2026, 11, 1)) == ["reserved_too_long"]
    assert codes(book, date(2026, 10, 5), kept_days=3) == ["reserved_too_long"]


def test_a_reservation_whose_caller_is_gone_is_told_until_it_is_in_hand(book: Register) -> None:
    entry = book.reserve(replace(PROPOSAL, paper="x"))
    assert codes(book, alive=True) == []
    assert codes(book, alive=False) == ["caller_died"]
    (found,) = book.audit(TODAY, alive=lambda holder: False)
    assert found.message == (
        "Số 01-TTr/ĐU được giữ cho văn bản x lúc 2026-10-01T08:30:00 mà chương trình lấy số đã dừng giữa chừng."
    )
    book.in_hand([entry])
    assert codes(book, alive=False) == []


def test_this_process_is_alive_and_its_number_given_again_is_not_it() -> None:
    from dvk_docs.register.holder import is_alive, me

    assert is_alive(me()) and Holder.from_text(me().to_text()) == me()
    assert not is_alive(replace(me(), machine="máy khác"))
    assert not me().started or not is_alive(replace(me(), started="0.1"))


# --- several at once, and killed -------------------------------------------------------------------------------------


def test_processes_that_are_killed_at_random_never_share_a_number(tmp_path: Path) -> None:
    taken = taking_numbers.run(tmp_path, takers=4, count=40, kills=8)
    assert len(taken.returned) == len(set(taken.returned)) >= 160
    assert set(taken.returned) <= {e.so for e in taken.entries}
    assert taken.lost <= taken.told_by_audit
    assert taken.killed


DIES = """
import os, sys, signal
sys.path.insert(0, {tests!r})
from taking_numbers import SERIES
from dvk_docs.register import Register
Register({file!r}).reserve(SERIES)
os.kill(os.getpid(), {signal})
"""


def test_a_caller_that_dies_with_its_number_is_told_by_audit(book: Register) -> None:
    code = DIES.format(tests=str(Path(__file__).parent), file=str(book.path), signal=int(signal.SIGTERM))
    subprocess.run([sys.executable, "-c", code], check=False, env=taking_numbers.same_package())
    assert [e.so for e in book.entries()] == [1]
    assert [p.code for p in book.audit(TODAY)] == ["caller_died"]


KILLED_IN_A_TRANSACTION = """
import os, signal
from datetime import datetime
from pathlib import Path
from dvk_docs.register.book import Book
with Book(Path({file!r})).writing() as db:
    db.execute("PRAGMA cache_size = 1")
    db.execute("UPDATE so_van_ban SET trich_yeu = hex(randomblob(40000))")
    os.kill(os.getpid(), {signal})
"""


def test_a_writer_killed_in_the_middle_leaves_the_register_as_it_was(book: Register) -> None:
    book.reserve_all([PROPOSAL] * 20)
    before = book.entries()
    code = KILLED_IN_A_TRANSACTION.format(file=str(book.path), signal=int(signal.SIGTERM))
    subprocess.run([sys.executable, "-c", code], check=False, env=taking_numbers.same_package())
    assert book.entries() == before
    assert book.reserve(PROPOSAL).so == 21


def test_threads_that_open_a_new_register_at_once_share_one(tmp_path: Path) -> None:
    def take(n: int) -> int:
        return Register(tmp_path / "so.db", lambda: NOW).reserve(PROPOSAL).so

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(take, range(24))) == list(range(1, 25))
    assert [p.name for p in tmp_path.iterdir()] == ["so.db"]


ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("take"), st.sampled_from(["", "a", "b", "c"])),
        st.tuples(st.just("type"), st.integers(1, 9)),
        st.tuples(st.just("void"), st.integers(0, 9)),
        st.tuples(st.just("issue"), st.integers(0, 9)),
    ),
    max_size=12,
)


@given(acts=ACTS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_done_a_number_that_was_void_or_given_is_never_given_again(
    acts: list[tuple[str, str | int]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    book = Register(tmp_path_factory.mktemp("so") / "so.db", lambda: NOW)
    fresh: list[int] = []
    for act, value in acts:
        entries = book.entries() if book.is_there else []
        if act == "take":
            known = {e.so for e in entries}
            entry = book.reserve(replace(PROPOSAL, paper=str(value)))
            if entry.so in known:
                assert value and next(e for e in entries if e.so == entry.so).paper == value
            fresh.append(entry.so)
        elif act == "type":
            try:
                book.reserve(replace(PROPOSAL, so=int(value)))
            except NumbersRefused:
                assert any(e.so == value and e.state == "void" for e in entries)
        elif entries:
            entry = entries[int(value) % len(entries)]
            if act == "void":
                book.void(entry, "thử")
            elif entry.state == "reserved":
                book.issue(entry, "2026-10-08")
    numbers = [e.so for e in book.entries()] if book.is_there else []
    assert len(numbers) == len(set(numbers)) and set(fresh) <= set(numbers)


# --- the file --------------------------------------------------------------------------------------------------------


def newer(file: Path) -> None:
    with sqlite3.connect(file) as db:
        db.execute("PRAGMA user_version = 9")
    db.close()


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:5000])


def scrambled(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)
    file.write_bytes(data)


def foreign(file: Path) -> None:
    file.unlink()
    with sqlite3.connect(file) as db:
        db.execute("CREATE TABLE so_van_ban (x)")
    db.close()


BAD_FILES: dict[str, tuple[Callable[[Path], object], str]] = {
    "text": (lambda f: f.write_text("Sổ công văn đi", encoding="utf-8"), "not_a_register"),
    "empty": (lambda f: f.write_bytes(b""), "not_a_register"),
    "foreign": (foreign, "not_a_register"),
    "newer": (newer, "version_newer"),
    "cut": (cut, "damaged"),
    "scrambled": (scrambled, "damaged"),
}


@pytest.mark.parametrize("case", BAD_FILES)
def test_a_file_that_is_no_sound_register_is_refused_and_left_as_it_lies(book: Register, case: str) -> None:
    book.reserve(PROPOSAL)
    spoil, code = BAD_FILES[case]
    spoil(book.path)
    before = book.path.read_bytes()
    for act in (lambda: book.reserve(PROPOSAL), book.entries, lambda: book.audit(TODAY)):
        with pytest.raises(RegisterInvalid) as refused:
            act()
        assert refused.value.code == code
    assert book.path.read_bytes() == before
    assert [p.name for p in book.path.parent.iterdir()] == ["so.db"]


def test_a_register_that_is_not_there_is_not_made_by_looking(book: Register) -> None:
    with pytest.raises(RegisterInvalid) as refused:
        book.entries()
    assert refused.value.code == "no_register"
    assert not book.path.exists()


def test_a_folder_in_its_place_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RegisterInvalid) as refused:
        Register(tmp_path).reserve(PROPOSAL)
    assert refused.value.code == "not_a_file"


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root and Windows write whatever the mode says")
def test_a_read_only_register_can_be_looked_at_and_not_written(book: Register) -> None:
    book.reserve(PROPOSAL)
    book.path.chmod(0o444)
    assert len(book.entries()) == 1
    with pytest.raises(RegisterInvalid) as refused:
        book.reserve(PROPOSAL)
    assert refused.value.code == "read_only"


def test_a_register_that_another_program_holds_is_said_so(tmp_path: Path) -> None:
    book = Register(tmp_path / "so.db", lambda: NOW, patience=0.05)
    book.reserve(PROPOSAL)
    held = sqlite3.connect(book.path, isolation_level=None)
    held.execute("BEGIN EXCLUSIVE")
    with pytest.raises(RegisterInvalid) as refused:
        book.reserve(PROPOSAL)
    held.execute("ROLLBACK")
    held.close()
    assert refused.value.code == "locked"
    assert book.reserve(PROPOSAL).so == 2


# --- where it may lie ------------------------------------------------------------------------------------------------

MOUNTS = "\n".join(
    [
        "/dev/sda1 / ext4 rw 0 0",
        "máy:/so /mnt/so nfs4 rw 0 0",
        "//máy/chung /mnt/chung\\040cu cifs rw 0 0",
        "x /mnt/ssh fuse.sshfs rw 0 0",
        "/dev/sdb1 /mnt/usb fuseblk rw 0 0",
        "/dev/sdc1 /mnt/so/trong ext4 rw 0 0",
    ]
)


@pytest.mark.parametrize(
    ("file", "refused"),
    [
        ("/home/an/so.db", False),
        ("/mnt/so/so.db", True),
        ("/mnt/sound/so.db", False),
        ("/mnt/so/trong/so.db", False),
        ("/mnt/chung cu/so.db", True),
        ("/mnt/ssh/a/so.db", True),
        ("/mnt/usb/so.db", False),
        ("//may/chung/so.db", True),
        ("/home/an/OneDrive - Xã/so.db", True),
        ("/home/an/Dropbox/so.db", True),
    ],
)
def test_a_network_share_is_known_by_what_is_mounted_there(file: str, refused: bool) -> None:
    assert bool(why_not_here(Path(file), system="posix", mounts=lambda: MOUNTS)) == refused


@pytest.mark.parametrize(
    ("file", "refused"),
    [
        (r"C:\so\so.db", False),
        (r"Z:\so.db", True),
        (r"\\may\chung\so.db", True),
        (r"\\?\UNC\may\chung\so.db", True),
        (r"\\?\C:\so.db", False),
        (r"\\?\Z:\so.db", True),
    ],
)
def test_a_mapped_drive_is_known_by_its_type(monkeypatch: pytest.MonkeyPatch, file: str, refused: bool) -> None:
    monkeypatch.setattr("dvk_docs.register.place._real", str)
    kinds = {"C:\\": 3, "Z:\\": 4}
    assert bool(why_not_here(Path(file), system="nt", drive_type=lambda drive: kinds.get(drive, 0))) == refused


def test_a_share_is_refused_with_its_reason_before_anything_is_made(tmp_path: Path) -> None:
    with pytest.raises(RegisterInvalid) as refused:
        Register(tmp_path / "so.db", place=lambda path: "nằm trên ổ mạng (cifs)")
    assert refused.value.code == "network_share"
    assert str(refused.value) == (
        f"Sổ {tmp_path / 'so.db'} nằm trên ổ mạng (cifs); ở đó hai máy có thể lấy trùng số. "
        "Hãy đặt sổ trên ổ đĩa của máy văn thư."
    )


# --- the command line ------------------------------------------------------------------------------------------------


@pytest.fixture
def dvk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Run `dvk number ...` on one register; the exit status, what it said, and on stderr."""
    from dvk_docs import cli

    def run(*words: str) -> tuple[int, str, str]:
        status = cli.run(["number", words[0], "--so", str(tmp_path / "so.db"), *words[1:]])
        said = capsys.readouterr()
        return status, said.out, said.err

    return run


NEXT = ["next", "--co-quan", "Đảng uỷ xã Bình An", "--ky-hieu", "ĐU", "--loai", "TTr", "--nhiem-ky-tu", "01/07/2025"]


def test_the_commands_take_issue_void_and_list(dvk: Callable[..., tuple[int, str, str]]) -> None:
    status, out, err = dvk(*NEXT)
    assert (status, out) == (0, "01-TTr/ĐU\n") and "tạo sổ mới" in err
    assert dvk("next", "--ky-hieu", "ĐU", "--loai", "Tờ trình", "--van-ban", "x")[1:] == ("02-TTr/ĐU\n", "")
    assert dvk("issue", "1-TTr/ĐU", "--ngay", "08/10/2026")[0] == 0
    assert dvk("issue", "35", "--loai", "Báo cáo", "--ky-hieu", "ĐU", "--ngay", "06/03/2026")[0] == 0
    assert dvk("void", "x", "--ly-do", "viết sai")[0] == 0
    status, out, _ = dvk("list", "--json")
    assert [(e["so_ky_hieu"], e["state"]) for e in json.loads(out)] == [
        ("35-BC/ĐU", "issued"),
        ("01-TTr/ĐU", "issued"),
        ("02-TTr/ĐU", "void"),
    ]
    assert "02-TTr/ĐU: đã huỷ; x; lý do: viết sai" in dvk("list")[1]
    assert dvk("list", "--csv", "--loai", "Báo cáo")[1].splitlines()[1].startswith("35-BC/ĐU,2026-03-06,Báo cáo")


def test_audit_ends_with_three_where_something_is_wrong(dvk: Callable[..., tuple[int, str, str]]) -> None:
    dvk(*NEXT)
    assert dvk("audit")[0] == 0
    dvk("issue", "1-TTr/ĐU", "--ngay", "08/10/2026")
    dvk("issue", "2", "--loai", "TTr", "--ky-hieu", "ĐU", "--ngay", "01/10/2026")
    status, out, _ = dvk("audit", "--json")
    assert status == 3 and [p["code"] for p in json.loads(out)["problems"]] == ["days_out_of_order"]


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["next", "--loai", "TTr"], 2, "Thiếu cơ quan ban hành"),
        (["next", "--co-quan", "A", "--ky-hieu", "B"], 2, "Thiếu --loai"),
        (["next", "--co-quan", "A", "--ky-hieu", "B", "--loai", "CV"], 3, "chưa biết nhiệm kỳ"),
        (["next", "--co-quan", "A", "--ky-hieu", "B", "--loai", "Danh sách"], 3, "không có số riêng"),
        (["issue", "chín", "--co-quan", "A", "--ky-hieu", "B", "--loai", "CV"], 2, "không bắt đầu bằng một con số"),
        (["issue", "09-CV/B"], 3, "Không có sổ"),
        (["void", "09-CV/B"], 2, "--ly-do"),
        (["list"], 3, "Không có sổ"),
        (["setup", "lạ=x"], 3, "Không có thiết lập"),
    ],
)
def test_wrong_use_is_one_sentence_and_makes_no_register(
    dvk: Callable[..., tuple[int, str, str]], tmp_path: Path, words: list[str], status: int, said: str
) -> None:
    got, _, err = dvk(*words)
    assert got == status and said in err
    assert list(tmp_path.iterdir()) == []


def test_a_backup_opens_in_a_spreadsheet_and_runs_no_formula(
    dvk: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    dvk(*NEXT, "--trich-yeu", "=1+1")
    assert dvk("list", "-o", str(tmp_path / "so.csv"))[0] == 0
    text = (tmp_path / "so.csv").read_text(encoding="utf-8-sig")
    assert ",'=1+1," in text


def test_the_settings_are_shown_and_chosen(dvk: Callable[..., tuple[int, str, str]]) -> None:
    assert "qd_quy_dinh=rieng" in dvk("setup")[1]
    assert "qd_quy_dinh=chung" in dvk("setup", "qd_quy_dinh=chung")[1]
    assert "qd_quy_dinh=chung" in dvk("setup")[1]
