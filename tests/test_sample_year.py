"""The believable year of the sample commune, from workbook and from JSON, whole and with one thing broken at a time."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import dvk_docs as dvk
from dvk_docs import workbook
from dvk_docs.catalog import Catalog
from dvk_docs.making import examine
from dvk_docs.testing import outline

TODAY = "2026-10-20"


@pytest.fixture(scope="module")
def data(samples: Path) -> dict[str, Any]:
    return json.loads((samples / "nam-2026.json").read_text(encoding="utf-8"))


def as_workbook(data: dict[str, Any], folder: Path) -> Path:
    catalog = Catalog()
    schema = catalog.year_schema(data["thong_tin"]["bo_quy_tac"])
    file = folder / "nam.xlsx"
    file.write_bytes(workbook.write(schema, data, {"bo_quy_tac": catalog.rule_sets()}))
    return file


def made(year: dvk.Year, folder: Path) -> dict[str, bytes]:
    dvk.make_dossier(year, folder, today=TODAY)
    return {p.name: p.read_bytes() for p in sorted(folder.iterdir())}


def papers_of(files: dict[str, bytes]) -> dict[str, bytes]:
    return {name: content for name, content in files.items() if name.endswith(".docx")}


def test_the_sample_workbook_is_the_sample_json(samples: Path, data: dict[str, Any], tmp_path: Path) -> None:
    assert as_workbook(data, tmp_path).read_bytes() == (samples / "nam-2026.xlsx").read_bytes()


@pytest.fixture(scope="module")
def read(samples: Path) -> dvk.Year:
    return dvk.read(samples / "nam-2026.xlsx")


@pytest.mark.parametrize("today", ["2026-01-05", "2026-02-20", "2026-06-30", TODAY, "2026-12-31"])
def test_the_sample_year_has_no_error_on_any_day(read: dvk.Year, today: str) -> None:
    report = dvk.check(read, ngay=today)
    assert [str(p) for p in report.errors] == []


@pytest.fixture(scope="module")
def of_the_workbook(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The folder that the sample workbook gives."""
    return made(dvk.read(samples / "nam-2026.xlsx"), tmp_path_factory.mktemp("xlsx"))


def test_workbook_and_json_make_the_same_bytes(
    samples: Path, tmp_path: Path, of_the_workbook: dict[str, bytes]
) -> None:
    two = made(dvk.read(samples / "nam-2026.json"), tmp_path)
    assert papers_of(of_the_workbook) == papers_of(two)


def test_the_year_gives_at_least_thirty_papers_and_the_same_folder_twice(
    samples: Path, tmp_path: Path, of_the_workbook: dict[str, bytes]
) -> None:
    assert of_the_workbook == made(dvk.read(samples / "nam-2026.xlsx"), tmp_path)
    assert len([n for n in of_the_workbook if n.endswith(".docx")]) >= 30


def nominees_said(text: str) -> set[int]:
    """The numbers of nominees that a paper's text states: as a total, or as collectives and persons."""
    totals = {int(n) for n in re.findall(r"(\d\d) điển hình", text)}
    parts = re.findall(r"(\d\d) tập thể(?:,| và) (\d\d) cá nhân", text)
    return totals | {int(units) + int(persons) for units, persons in parts}


def test_one_nominee_less_is_one_less_in_the_text_of_four_papers(
    data: dict[str, Any], tmp_path: Path, of_the_workbook: dict[str, bytes]
) -> None:
    stems = ("to-trinh-de-nghi", "bien-ban-binh-xet", "trich-ngang", "danh-sach-de-nghi")

    def said(papers: dict[str, bytes]) -> dict[str, set[int]]:
        found = {
            stem: [nominees_said(outline(docx)) for name, docx in papers.items() if stem in name] for stem in stems
        }
        return {stem: counts[0] for stem, counts in found.items() if counts}

    less = copy.deepcopy(data)
    nominee = next(r for r in reversed(less["dien_hinh"]) if r.get("de_nghi") and r.get("tap_the"))
    del nominee["de_nghi"]
    assert said(papers_of(of_the_workbook)) == {stem: {7} for stem in stems}
    assert said(papers_of(made(dvk.Year.from_data(less), tmp_path))) == {stem: {6} for stem in stems}


def index(data: dict[str, Any], table: str, **known: Any) -> int:
    return next(i for i, r in enumerate(data[table]) if all(r.get(k) == v for k, v in known.items()))


Break = Callable[[dict[str, Any]], str]
BREAKS: dict[str, Break] = {}


def breaks(function: Break) -> Break:
    BREAKS[function.__name__] = function
    return function


@breaks
def a_day_that_does_not_exist(d: dict[str, Any]) -> str:
    d["mo_hinh"][2]["den_ngay"] = "31/11/2026"
    return "/mo_hinh/2/den_ngay"


@breaks
def a_model_without_a_name(d: dict[str, Any]) -> str:
    del d["mo_hinh"][1]["ten"]
    return "/mo_hinh/1/ten"


@breaks
def an_unknown_field_of_work(d: dict[str, Any]) -> str:
    d["mo_hinh"][3]["linh_vuc"] = "Thể thao"
    return "/mo_hinh/3/linh_vuc"


@breaks
def a_reference_to_nobody(d: dict[str, Any]) -> str:
    d["mo_hinh"][0]["tap_the"] = "DV99"
    d["mo_hinh"][0].pop("ca_nhan", None)
    return "/mo_hinh/0/tap_the"


@breaks
def a_count_that_is_a_word(d: dict[str, Any]) -> str:
    i = index(d, "cuoc_hop", loai="binh_xet")
    d["cuoc_hop"][i]["phieu_thu_ve"] = "mười bốn"
    return f"/cuoc_hop/{i}/phieu_thu_ve"


@breaks
def two_units_with_one_code(d: dict[str, Any]) -> str:
    i = index(d, "don_vi", ma=d["mo_hinh"][0]["tap_the"])
    d["don_vi"][i + 1]["ma"] = d["don_vi"][i]["ma"]
    return f"/don_vi/{i + 1}/ma"


@breaks
def an_hour_that_is_not_one(d: dict[str, Any]) -> str:
    i = index(d, "cuoc_hop", loai="binh_xet")
    d["cuoc_hop"][i]["gio_bat_dau"] = "25:00"
    return f"/cuoc_hop/{i}/gio_bat_dau"


@breaks
def an_end_before_its_beginning(d: dict[str, Any]) -> str:
    d["mo_hinh"][4]["den_ngay"] = "2025-01-31"
    return "/mo_hinh/4/den_ngay"


@breaks
def more_votes_than_voters(d: dict[str, Any]) -> str:
    d["dien_hinh"][0]["phieu_dong_y"] = 99
    return "/dien_hinh/0/phieu_dong_y"


@breaks
def a_report_confirmed_before_it_was_signed(d: dict[str, Any]) -> str:
    i = next(i for i, r in enumerate(d["dien_hinh"]) if r.get("ngay_xac_nhan_truc_tiep"))
    d["dien_hinh"][i]["ngay_xac_nhan_truc_tiep"] = "2026-01-02"
    return f"/dien_hinh/{i}/ngay_xac_nhan_truc_tiep"


def test_there_are_ten_ways_to_break_a_cell() -> None:
    assert len(BREAKS) == 10


@pytest.mark.parametrize("way", BREAKS)
def test_a_broken_cell_is_named_and_stops_the_papers_that_it_touches_only(
    way: str, data: dict[str, Any], tmp_path: Path
) -> None:
    broken = copy.deepcopy(data)
    pointer = BREAKS[way](broken)
    year = dvk.read(as_workbook(broken, tmp_path))
    checked = examine(year, date.fromisoformat(TODAY))
    report, place = checked.report, year.places[pointer]
    named = {(p.place.sheet, p.place.cell) for p in report.errors}
    assert (place.sheet, place.cell) in named, [str(p) for p in report.errors]
    assert len([paper for paper in checked.papers if not paper.problems]) >= 10
    assert [paper for paper in checked.papers if paper.problems]


def test_the_papers_with_a_problem_are_blocked_and_the_others_made(data: dict[str, Any], tmp_path: Path) -> None:
    broken = copy.deepcopy(data)
    a_day_that_does_not_exist(broken)
    year = dvk.Year.from_data(broken)
    papers = examine(year, date.fromisoformat(TODAY)).papers
    held = {paper.id for paper in papers if paper.problems}
    held |= {paper.id for paper in papers if paper.bo and paper.bo in {p.bo for p in papers if p.problems}}
    result = dvk.make_dossier(year, tmp_path, today=TODAY)
    assert {o.id for o in result.blocked} == held
    assert {o.id for o in result.made} == {paper.id for paper in papers} - held


def test_a_set_that_lacks_one_of_its_papers_is_not_made(data: dict[str, Any], tmp_path: Path) -> None:
    year = copy.deepcopy(data)
    year["cuoc_hop"] = [m for m in year["cuoc_hop"] if m["loai"] != "binh_xet"]
    held = {m["ma"] for m in year["cuoc_hop"]}
    year["du_hop"] = [r for r in year["du_hop"] if r["cuoc_hop"] in held]
    result = dvk.make_dossier(dvk.Year.from_data(year), tmp_path / "ho-so", today=TODAY)
    stems = {outcome.id.partition(".")[0] for outcome in result.blocked}
    assert {"to-trinh-de-nghi-cong-nhan", "trich-ngang", "danh-sach-de-nghi"} <= stems
    assert "bien-ban-binh-xet" not in {outcome.id for outcome in result.made}
    assert "quyet-dinh-cong-nhan" in {outcome.id for outcome in result.made}
