"""Numbers from the register in the papers of a year: taken first, kept, never typed into the workbook."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

import dvk_docs as dvk
from dvk_docs import cli, dossier, numbering
from dvk_docs.register import Register, Wanted
from dvk_docs.testing import outline

TODAY = date(2026, 10, 20)
DECISION = "quyet-dinh-cong-nhan"
PROPOSAL = "to-trinh-de-nghi-cong-nhan"


@pytest.fixture
def data(samples: Path) -> dict[str, Any]:
    """The sample year, no commendation and no plans of bodies, its decision and its proposal without a number."""
    year: dict[str, Any] = json.loads((samples / "nam-2026.json").read_text(encoding="utf-8"))
    others = ("khen-thuong", "phong-trao-khoi")  # papers of the State, whose numbers know no term
    year["van_ban"] = [row for row in year["van_ban"] if not any(part in row["ma"] for part in others)]
    for row in year["dien_hinh"]:
        row.pop("khen_boi", None)
    for row in year["van_ban"]:
        if row["ma"] in (DECISION, PROPOSAL):
            del row["so"]
        if row["ma"] == "quyet-dinh-thanh-lap-doan-tham-dinh":
            row["so"] = 12
    return year


@pytest.fixture
def book(tmp_path: Path) -> Register:
    return Register(tmp_path / "so.db", lambda: datetime(2026, 10, 20, 8))


def row(year: dict[str, Any], code: str) -> dict[str, Any]:
    found: dict[str, Any] = next(r for r in year["van_ban"] if r["ma"] == code)
    return found


def assign(year: dict[str, Any], book: Register, **more: Any) -> numbering.Numbered:
    return numbering.assign(year, book, TODAY, term_from="2025-07-01", **more)


def test_each_paper_without_a_number_gets_the_next_of_its_series(data: dict[str, Any], book: Register) -> None:
    typed = copy.deepcopy(data)
    numbered = assign(data, book)
    assert numbered.numbers == {DECISION: 13, PROPOSAL: 1}  # the sheet lists 12-QĐ/ĐU of the same term
    assert data == typed and numbered.year.data == typed


def test_numbers_typed_in_the_sheet_are_recorded(data: dict[str, Any], book: Register) -> None:
    there = {"ma": "ket-luan", "tinh_chat": "da_co", "ten_loai": "Kết luận", "co_quan": "DU"}
    data["van_ban"].append({**there, "so_ky_hieu": "07-KL/ĐU", "ngay": "2026-01-20", "trich_yeu": "công tác dân vận"})
    assign(data, book)
    typed = {e.so_ky_hieu: (e.state, e.ngay) for e in book.entries() if e.typed}
    assert typed["07-KL/ĐU"] == ("issued", "2026-01-20")
    assert typed["02-BB/ĐU"] == ("reserved", "")
    assert "12-HD/BTGDVTU" not in typed  # of a body that is not ours


def test_a_symbol_typed_whole_is_a_number_typed(data: dict[str, Any], book: Register) -> None:
    row(data, DECISION)["so_ky_hieu"] = "15-QĐ/ĐU"
    assert list(assign(data, book).numbers) == [PROPOSAL]
    assert book.find("15-QĐ/ĐU").paper == f"2026:{DECISION}"


def test_a_paper_given_out_is_recorded_with_its_day(data: dict[str, Any], book: Register) -> None:
    row(data, DECISION).update(so=15, trang_thai="phat_hanh")
    assign(data, book)
    entry = book.find("15-QĐ/ĐU")
    assert (entry.state, entry.ngay, entry.typed) == ("issued", "2026-09-30", True)


def test_the_same_year_again_takes_the_same_numbers(data: dict[str, Any], book: Register) -> None:
    first = assign(data, book)
    before = [(e.so_ky_hieu, e.paper) for e in book.entries()]
    assert assign(data, book).numbers == first.numbers
    assert [(e.so_ky_hieu, e.paper) for e in book.entries()] == before


def test_a_number_that_the_register_denies_is_an_error_at_its_cell(data: dict[str, Any], book: Register) -> None:
    assign(data, book)
    at = data["van_ban"].index(row(data, DECISION))
    row(data, DECISION)["so"] = 14
    numbered = assign(data, book)
    found = [p for p in numbered.year.problems if p.code == "number_disagrees"]
    assert [p.place.pointer for p in found] == [f"/van_ban/{at}/so"]
    assert found[0].severity == "loi"
    assert found[0].message == f"{DECISION}: Sổ đã cấp số 13-QĐ/ĐU cho văn bản này, dữ liệu lại ghi 14-QĐ/ĐU."
    blocked = {p.id for p in dvk.making.examine(numbered.year, TODAY).papers if p.problems}
    assert {DECISION, PROPOSAL} <= blocked  # the proposal cites the decision


def test_a_number_of_another_paper_is_an_error(data: dict[str, Any], book: Register) -> None:
    wanted = Wanted("Đảng uỷ xã Bình An", "ĐU", "Quyết định", "2026-09-01", term_from="2025-07-01", paper="khác", so=15)
    book.reserve(wanted)
    row(data, DECISION)["so"] = 15
    assert "number_taken" in {p.code for p in assign(data, book).year.problems}


def test_a_paper_that_cannot_be_made_takes_no_number(data: dict[str, Any], book: Register) -> None:
    row(data, PROPOSAL)["ngay"] = "31/9/2026"
    assert list(assign(data, book).numbers) == [DECISION]


def test_a_set_that_cannot_be_made_takes_no_number(data: dict[str, Any], book: Register) -> None:
    data["dien_hinh"][0]["ngay_bao_cao"] = "31/9/2026"  # a report of the set that the proposal belongs to
    assert list(assign(data, book).numbers) == [DECISION]


def test_another_stage_takes_none(data: dict[str, Any], book: Register) -> None:
    assert assign(data, book, stage="dang-ky").numbers == {}


def test_without_a_known_term_nothing_is_taken_and_it_is_said_where(data: dict[str, Any], book: Register) -> None:
    del data["thong_tin"]["nhiem_ky_tu"]
    numbered = numbering.assign(data, book, TODAY)
    assert numbered.numbers == {}
    assert [str(e) for e in book.entries() if e.he == "dang"] == []  # what the State issued knows no term
    assert {(p.code, p.place.pointer) for p in numbered.year.problems} == {("term_unknown", "/thong_tin/nhiem_ky_tu")}


# --- the dossier -----------------------------------------------------------------------------------------------------


@pytest.fixture
def make(data: dict[str, Any], book: Register, tmp_path: Path) -> Callable[..., dvk.Result]:
    """Take numbers and make the papers of one stage into one folder."""

    def run(take: bool = True, stage: str = "cong-nhan") -> dvk.Result:
        folder = tmp_path / "ho-so"
        if not take:
            return dvk.make_dossier(data, folder, today=TODAY, stage=stage)
        numbered = assign(data, book, known=dossier.numbers_in(folder), stage=stage)
        result = dvk.make_dossier(numbered.year, folder, today=TODAY, numbers=numbered.numbers, stage=stage)
        numbering.settle(book, numbered, [o.id for o in (*result.made, *result.kept)])
        return result

    return run


def text(result: dvk.Result, kind: str) -> str:
    file = next(o.file for o in result.outcomes if o.id == kind and o.file)
    return outline(file.read_bytes())


def test_the_numbers_stand_in_the_papers_that_have_and_cite_them_and_in_the_manifest(
    make: Callable[..., dvk.Result],
) -> None:
    result = make(stage="ca-nam")
    assert "Số 13-QĐ/ĐU" in text(result, DECISION)
    assert "13-QĐ/ĐU" in text(result, PROPOSAL) and "Số 01-TTr/ĐU" in text(result, PROPOSAL)
    manifest = json.loads(result.manifest_path.read_text(encoding="utf-8"))
    assert manifest["so_tu_so"] == {DECISION: 13, PROPOSAL: 1}


def test_a_later_run_keeps_them_with_the_register_or_without(
    make: Callable[..., dvk.Result], book: Register, data: dict[str, Any]
) -> None:
    make()
    assert make(take=False).made == ()
    assert make().made == ()
    book.path.unlink()  # a new register learns them from the papers
    assert make().made == ()
    assert book.find("13-QĐ/ĐU").paper == f"2026:{DECISION}"
    assert not [p for p in book.audit(TODAY, alive=lambda h: False) if p.code == "caller_died"]


def test_a_number_typed_later_wins_over_the_one_of_the_folder(
    make: Callable[..., dvk.Result], data: dict[str, Any]
) -> None:
    make()
    row(data, DECISION)["so"] = 20
    result = make(take=False)
    assert "Số 20-QĐ/ĐU" in text(result, DECISION)
    assert "so_tu_so" not in json.loads(result.manifest_path.read_text(encoding="utf-8"))


def test_a_void_number_is_replaced_by_the_next(make: Callable[..., dvk.Result], book: Register) -> None:
    make()
    book.void(book.find("13-QĐ/ĐU"), "viết sai")
    assert "Số 14-QĐ/ĐU" in text(make(), DECISION)


def test_a_run_that_fails_leaves_the_numbers_to_the_next(
    make: Callable[..., dvk.Result], book: Register, data: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(dossier, "_write", lambda steps: (_ for _ in ()).throw(dvk.OutputInvalid("đĩa đầy")))
        with pytest.raises(dvk.OutputInvalid):
            make()
    held = {e.so_ky_hieu for e in book.entries() if e.state == "reserved" and not e.typed}
    assert held == {"13-QĐ/ĐU"}
    told = {p.place.words for p in book.audit(TODAY, alive=lambda holder: False) if p.code == "caller_died"}
    assert told == held
    assert "Số 13-QĐ/ĐU" in text(make(), DECISION)
    assert not [p for p in book.audit(TODAY, alive=lambda h: False) if p.code == "caller_died"]


def test_the_command_takes_numbers_into_a_register_beside_the_data(
    data: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "nam.json"
    file.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    before = file.read_bytes()
    words = ["dossier", str(file), "-o", str(tmp_path / "hs"), "--ngay", "20/10/2026", "--giai-doan", "cong-nhan"]
    assert cli.run([*words, "--cap-so", "--nhiem-ky-tu", "01/07/2025"]) == 0
    assert "Số 13-QĐ/ĐU: quyet-dinh-cong-nhan." in capsys.readouterr().out
    assert (tmp_path / "so-van-ban.db").is_file() and file.read_bytes() == before
    assert cli.run([*words, "--so", "so.db"]) == 2
    assert "đi cùng --cap-so" in capsys.readouterr().err
