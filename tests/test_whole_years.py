"""A whole year under each rule set: every paper made, none against another; ten contradictions, all named."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
import years
from docx_parts import retype

import dvk_docs as dvk
from dvk_docs import leaving, ooxml, text, workbook
from dvk_docs.catalog import Catalog
from dvk_docs.cli import run

END = "2026-12-20"
RULES = [p.rules for p in years.PLACES]
BOUND = "xa-xuan-hung"  # the year that the command line makes and binds, below


def year_of(samples: Path, rules: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((samples / "nam" / f"{rules}.json").read_text(encoding="utf-8"))
    return found


def test_there_is_a_sample_year_for_each_rule_set() -> None:
    assert set(RULES) == set(Catalog().rule_sets())


@pytest.mark.parametrize("place", years.PLACES, ids=RULES)
def test_the_sample_year_is_what_its_script_makes(samples: Path, place: years.Place) -> None:
    assert years.Making(place).year() == year_of(samples, place.rules)


@pytest.mark.parametrize("rules", RULES)
def test_the_year_has_the_size_of_a_commune(samples: Path, rules: str) -> None:
    found = year_of(samples, rules)
    assert 20 <= len(found["mo_hinh"]) <= 40 and len(found["don_vi"]) >= 22


@pytest.mark.parametrize("rules", [r for r in RULES if r != BOUND])
def test_every_paper_of_the_year_is_made_and_none_is_against_another(samples: Path, tmp_path: Path, rules: str) -> None:
    result = dvk.make_dossier(dvk.read(samples / "nam" / f"{rules}.json"), tmp_path, today=END)
    assert [str(p) for p in result.report.errors] == []
    assert [(o.id, o.note) for o in result.blocked] == []
    assert [(p.code, p.place.file, p.message) for p in result.disagreements] == []
    assert len(result.made) >= 150


def test_the_five_years_together_make_every_kind(samples: Path) -> None:
    from dvk_docs import derive

    made = set()
    catalog = Catalog()
    for rules in RULES:
        made |= {paper.kind for paper in derive.plan(derive.graph(year_of(samples, rules), catalog))}
    of_books = {k for k in catalog.kinds() if "x-vai-tro-quyen" in catalog.kind_schema(k)}
    own_page = {k for k in catalog.kinds() if "x-vai-tro-cong" in catalog.kind_schema(k)}
    assert set(catalog.kinds()) - made - of_books - own_page <= WHEN_ASKED


WHEN_ASKED = {"cong-van-don-doc", "ke-hoach-bieu-duong"}
"""Kinds that a clean year may do without: nobody is to be urged, no conference this year."""


# --- ten contradictions ----------------------------------------------------------------------------------------------


def row(year: dict[str, Any], table: str, **known: Any) -> dict[str, Any]:
    found: dict[str, Any] = next(r for r in year[table] if all(r.get(k) == v for k, v in known.items()))
    return found


def pointer(year: dict[str, Any], table: str, **known: Any) -> str:
    return f"/{table}/{year[table].index(row(year, table, **known))}"


def contradictory(year: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """Spoil a year in eight ways; for each what is to be named, and where."""
    said: dict[str, tuple[str, str]] = {}
    row(year, "cuoc_hop", ma="BX01")["so_trieu_tap"] += 1
    said["a count"] = ("attendance_adds_up", f"{pointer(year, 'cuoc_hop', ma='BX01')}/so_trieu_tap")
    model = row(year, "mo_hinh", ma="MH01")
    model["ngay_ra_mat"] = "2026-02-27"
    said["a date order"] = ("model_days", f"{pointer(year, 'mo_hinh', ma='MH01')}/ngay_ra_mat")
    nominee = row(year, "dien_hinh", ma="DH02")
    other = row(year, "mo_hinh", ma=nominee["mo_hinh"])
    del other["ngay_dang_ky"]
    said["an unregistered nominee"] = (
        "approved_is_registered",
        f"{pointer(year, 'mo_hinh', ma=nominee['mo_hinh'])}/ngay_dang_ky",
    )
    chair = row(year, "cuoc_hop", ma="TD02")["chu_tri"]
    row(year, "du_hop", cuoc_hop="TD02", nguoi=chair)["co_mat"] = False
    said["an absent chair"] = ("chair_present", f"{pointer(year, 'cuoc_hop', ma='TD02')}/chu_tri")
    row(year, "mo_hinh", ma="MH05")["ngay_dang_ky"] = "2026-02-13"
    said["a deadline missed"] = ("R004-DK-02", f"{pointer(year, 'mo_hinh', ma='MH05')}/ngay_dang_ky")
    year["don_vi"].append({"ma": "MOI", "ten": "Chi bộ Quỹ tín dụng", "loai": "chi_bo", "quan_ly": "DU"})
    year["don_vi"][-1] |= {"truc_thuoc": True, "ky_hieu": "CB"}
    said["a quota short"] = ("R004-CT-03", f"{pointer(year, 'don_vi', ma='MOI')}/truc_thuoc")
    row(year, "van_ban", ma="quyet-dinh-cong-nhan")["co_quan"] = "BXDD"
    said["a wrong authority"] = ("R004-CN-01", f"{pointer(year, 'van_ban', ma='quyet-dinh-cong-nhan')}/co_quan")
    twin = {k: v for k, v in row(year, "dien_hinh", ma="DH01").items() if k != "de_nghi"}
    year["dien_hinh"].append({**twin, "ma": "DH99"})
    said["a double award"] = ("awarded_twice", f"{pointer(year, 'dien_hinh', ma='DH99')}/khen_boi")
    return said


def test_contradictions_of_the_data_are_named_at_their_cells(samples: Path) -> None:
    year = copy.deepcopy(year_of(samples, "xa-2026"))
    wanted = contradictory(year)
    found = {(p.code, p.place.pointer) for p in dvk.check(year, END)}
    assert {what: place for what, place in wanted.items() if place not in found} == {}


def test_a_name_and_an_annex_that_a_paper_has_wrong_are_named_at_the_paper(samples: Path, tmp_path: Path) -> None:
    year = dvk.read(samples / "nam" / "xa-2026.json")
    dvk.make_dossier(year, tmp_path, today=END, stage="de-nghi")
    name = row(year_of(samples, "xa-2026"), "mo_hinh", ma="MH01")["ten"]
    retype(next(tmp_path.glob("37-*.docx")), name, name.replace("hoa", "hoả"))
    proposal = next(tmp_path.glob("33-*.docx"))
    retype(proposal, "xem xét, công nhận", "xem xét, công nhận (theo Phụ lục 02 gửi kèm)")
    result = dvk.make_dossier(year, tmp_path, today=END, stage="de-nghi")
    assert [(p.code, p.place.file[:2]) for p in result.disagreements] == [("name_differs", "37")]
    held = {a.candidate.id: [r.code for r in a.reasons] for a in leaving.pass_gate(result).answers if not a.ready}
    assert held == {"to-trinh-de-nghi-cong-nhan": ["annex_missing"], "danh-sach-de-nghi": ["held"]}
    said = [p.code for p in text.check(text.lines_of_document(ooxml.read(proposal.read_bytes())))]
    assert "annex_missing" in said


# --- from a blank workbook to the bound dossier ----------------------------------------------------------------------


def test_three_commands_lead_from_a_blank_workbook_to_the_bound_dossier(samples: Path, tmp_path: Path) -> None:
    """`workbook`, filling it in, `check`, `dossier`: thirty models, every paper, three bound sets; 0 is all made."""
    blank, filled, folder = tmp_path / "trong.xlsx", tmp_path / "nam.xlsx", tmp_path / "ho-so"
    assert run(["workbook", "--bo-quy-tac", BOUND, "-o", str(blank)]) == 0
    fill(filled, year_of(samples, BOUND))
    assert run(["check", str(filled), "--ngay", END]) == 0
    words = ["dossier", str(filled), "-o", str(folder), "--ngay", END, "--dong-quyen", "mot-quyen"]
    assert run(words) == 0
    assert len(list(folder.glob("*.docx"))) >= 150 and len(list(folder.rglob("*.pdf"))) == 3


def fill(file: Path, data: dict[str, Any]) -> None:
    """The workbook as a clerk fills it in."""
    catalog = Catalog()
    assert len(data["mo_hinh"]) == 30
    file.write_bytes(workbook.write(catalog.year_schema(BOUND), data, {"bo_quy_tac": catalog.rule_sets()}))
