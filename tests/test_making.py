"""One paper: checked, made, saved whole; and the year checked."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from builders import TODAY, kind_schema, small_year, write_pack

import dvk_docs as dvk
from dvk_docs import making
from dvk_docs.testing import outline, schema_faults

SLIP = "phieu-theo-doi"
DATA = {"nam": 2026, "ten": "Bếp ấm"}


@pytest.fixture
def slips(tmp_path: Path) -> dvk.Kind:
    return dvk.kind(SLIP, packs=[write_pack(tmp_path / "goi")])


def places_in(report: dvk.Report) -> list[tuple[str, str]]:
    return [(p.place.pointer, p.code) for p in report.errors]


# --- one paper -------------------------------------------------------------------------------------------------------


def test_a_twelfth_kind_is_a_folder_of_data(tmp_path: Path) -> None:
    pack = write_pack(tmp_path / "goi")
    assert dvk.kinds(packs=[pack])[-1] == SLIP
    assert dvk.kinds(packs=[pack])[:-1] == dvk.kinds()
    document = dvk.kind(SLIP, packs=[pack]).make(DATA)
    assert "Nội dung: Mô hình “Bếp ấm” năm 2026" in outline(document.docx)
    assert schema_faults(document.docx) == []
    result = dvk.make_dossier(small_year(), tmp_path / "ho-so", today=TODAY, packs=[pack])
    assert f"77-{SLIP}-MH01.docx" in {o.file.name for o in result.made if o.file}


def test_an_unknown_kind_is_refused_with_the_nearest_names(tmp_path: Path) -> None:
    with pytest.raises(dvk.KindUnknown, match=SLIP):
        dvk.kind("phieu-theo-do", packs=[write_pack(tmp_path / "goi")])


def test_data_that_is_not_valid_is_refused_with_every_problem(slips: dvk.Kind) -> None:
    with pytest.raises(dvk.DataInvalid) as refused:
        slips.make({"nam": "hai nghìn", "la": 1})
    assert places_in(refused.value.report) == [("/ten", "missing"), ("/nam", "wrong_type"), ("/la", "unknown_field")]


@pytest.mark.parametrize("text", ["A & B < C > \"D\" 'E'", "{{ nam }} {% if x %}", "Đ" * 300, "“Dân vận khéo”"])
def test_legal_text_comes_out_as_typed(slips: dvk.Kind, text: str) -> None:
    assert text in outline(slips.make({**DATA, "pham_vi": text}).docx)


def test_decomposed_letters_come_out_composed(slips: dvk.Kind) -> None:
    assert "Thôn Đoài ấp" in outline(slips.make({**DATA, "pham_vi": "Thôn Đoài ấp"}).docx)


def test_a_control_character_is_refused_at_its_place(slips: dvk.Kind) -> None:
    with pytest.raises(dvk.DataInvalid) as refused:
        slips.make({**DATA, "pham_vi": "thôn\x0bĐông"})
    assert places_in(refused.value.report) == [("/pham_vi", "illegal_character")]


def test_the_same_data_gives_the_same_bytes(slips: dvk.Kind) -> None:
    assert slips.make(DATA).docx == slips.make(dict(reversed(DATA.items()))).docx


def test_the_office_s_spelling_touches_the_template_s_words_only(tmp_path: Path) -> None:
    pack = write_pack(tmp_path / "goi", source="Tên loại: PHIẾU\nNội dung: Đảng uỷ: {{ dong }}\n")
    document = dvk.kind(SLIP, packs=[pack]).make({**DATA, "ten": "Khoẻ, uỷ, ủy"}, kieu_dau="cu")
    assert "Đảng ủy: Mô hình “Khoẻ, uỷ, ủy”" in outline(document.docx)


def test_the_regime_is_the_one_in_force_on_the_paper_s_day(tmp_path: Path) -> None:
    day = {"ngay": {"title": "Ngày", "type": ["string", "null"], "format": "date"}}
    properties = {**kind_schema()["properties"], **day}
    pack = write_pack(tmp_path / "goi", source="Nội dung: {{ tt.kinh_trinh }}\n", properties=properties)
    slip = dvk.kind(SLIP, packs=[pack])
    before, after = (outline(slip.make({**DATA, "ngay": d}).docx) for d in ("2026-05-26", "2026-05-27"))
    assert before != after
    assert slip.profile("2026-05-26").code != slip.profile("2026-05-27").code


# --- saving ----------------------------------------------------------------------------------------------------------


def test_a_document_is_saved_whole_with_the_folders_it_needs(tmp_path: Path) -> None:
    file = dvk.Document(SLIP, b"abc").save(tmp_path / "a" / "b.docx")
    assert file.read_bytes() == b"abc"
    assert [p.name for p in file.parent.iterdir()] == ["b.docx"]


def test_a_document_is_not_saved_over_a_folder(tmp_path: Path) -> None:
    with pytest.raises(dvk.OutputInvalid, match="là một thư mục"):
        dvk.Document(SLIP, b"abc").save(tmp_path)


def test_of_several_files_none_is_written_when_one_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "tep").write_bytes(b"mine")
    with pytest.raises(dvk.OutputInvalid, match="là một tệp"):
        making.save({tmp_path / "a.docx": b"a", tmp_path / "tep" / "b.docx": b"b"})
    assert [p.name for p in tmp_path.iterdir()] == ["tep"]


# --- the year --------------------------------------------------------------------------------------------------------


def test_a_small_year_has_no_error() -> None:
    assert [str(p) for p in dvk.check(small_year(), TODAY).errors] == []


def test_every_wrong_value_of_a_year_is_named_at_once() -> None:
    year = small_year()
    year["mo_hinh"][0]["den_ngay"] = "31/11/2026"
    year["mo_hinh"][2]["tap_the"] = "DV99"
    del year["nguoi"][1]["ho_ten"]
    found = places_in(dvk.check(year, TODAY))
    assert {("/mo_hinh/0/den_ngay", "no_such_day"), ("/mo_hinh/2/tap_the", "reference_unknown")} <= set(found)
    assert ("/nguoi/1/ho_ten", "missing") in found
    assert len(found) == len(set(found))


def test_one_wrong_cell_is_one_problem_however_many_papers_read_it() -> None:
    year = small_year()
    del year["nguoi"][0]["ho_ten"]
    assert [p for p in places_in(dvk.check(year, TODAY)) if p[0] == "/nguoi/0/ho_ten"] == [
        ("/nguoi/0/ho_ten", "missing")
    ]


def test_a_value_that_only_a_paper_needs_is_reported_at_its_record(tmp_path: Path) -> None:
    properties = {"ten": {"title": "Nơi làm", "type": "string", "minLength": 1, "x-tu": "moi.pham_vi"}}
    pack = write_pack(tmp_path / "goi", source="Nội dung: {{ ten }}\n", properties=properties, required=["ten"])
    year = small_year()
    del year["mo_hinh"][1]["pham_vi"]
    assert ("/mo_hinh/1/pham_vi", "missing") in places_in(dvk.check(year, TODAY, packs=[pack]))


def test_a_year_from_a_file_and_from_data_has_one_hash(tmp_path: Path) -> None:
    file = tmp_path / "nam.json"
    file.write_text(json.dumps(small_year(), ensure_ascii=False, indent=3), encoding="utf-8")
    assert dvk.read(file).sha256 == dvk.Year.from_data(small_year()).sha256
    assert dvk.read(str(file)).name == "nam.json"


@pytest.mark.parametrize("day", [TODAY, date(2026, 1, 5)])
def test_today_is_a_date_or_its_text(day: date | str) -> None:
    assert dvk.check(small_year(), day).problems == dvk.check(small_year(), TODAY).problems


@pytest.mark.parametrize(
    "data", [{}, {"phien_ban": 1}, {"thong_tin": 5, "mo_hinh": {}}, {"mo_hinh": [None, 7, []], "don_vi": "x"}]
)
def test_any_data_gets_a_report_and_no_crash(data: dict[str, Any]) -> None:
    assert not dvk.check(data, TODAY).ok


def test_data_that_is_no_record_is_refused() -> None:
    with pytest.raises(dvk.SourceInvalid):
        dvk.Year.from_data([])  # type: ignore[arg-type]
