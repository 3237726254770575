"""What carries a year: rule sets that stand on others, tables that nobody types, fields that only some rules need."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dvk_docs import derive, workbook
from dvk_docs.catalog import Catalog
from dvk_docs.errors import SourceInvalid

BASE = 'ten = "Tỉnh"\nnguon = "HD tỉnh"\nso_bo = 2\n[moc_han]\ndang_ky = "03-31"\nbao_cao_nam = "02-30"\n'
RULE = '[[quy_tac]]\nma = "{}"\nkiem = "bat_buoc_khi"\nthi = "false"\nthong_bao = "\'Sai.\'"\n'


@pytest.fixture
def pack(tmp_path: Path) -> Catalog:
    """A pack with a set of a province and one of a commune that stands on it."""
    folder = tmp_path / "quy_dinh"
    folder.mkdir()
    (folder / "tinh.toml").write_text(BASE + RULE.format("T-1") + RULE.format("T-2"), encoding="utf-8")
    own = 'ten = "Xã"\nnguon = "KH xã"\ndua_tren = "tinh"\nbo_quy_tac = ["T-2"]\n[moc_han]\ndang_ky = "03-06"\n'
    (folder / "xa.toml").write_text(own + RULE.format("X-1"), encoding="utf-8")
    (folder / "vong.toml").write_text('dua_tren = "vong"\n', encoding="utf-8")
    return Catalog([tmp_path])


def graph(catalog: Catalog, **tables: Any) -> derive.Graph:
    year = {"phien_ban": 3, "thong_tin": {"nam": 2026, "bo_quy_tac": "xa-2026", **tables.pop("thong_tin", {})}}
    return derive.graph({**year, "don_vi": [], "nguoi": [], "mo_hinh": [], **tables}, catalog)


def test_a_set_stands_on_another_its_own_words_first(pack: Catalog) -> None:
    found = pack.rule_set("xa")
    assert (found["ten"], found["so_bo"], found["moc_han"]) == (
        "Xã",
        2,
        {"dang_ky": "03-06", "bao_cao_nam": "02-30"},
    )


def test_the_rules_below_come_first_with_their_own_source_and_can_be_left_out(pack: Catalog) -> None:
    rules = pack.rule_set("xa")["quy_tac"]
    assert [(r["ma"], r.get("nguon_bo")) for r in rules] == [("T-1", "HD tỉnh"), ("X-1", None)]


def test_a_set_that_stands_on_itself_is_refused_by_name(pack: Catalog) -> None:
    with pytest.raises(SourceInvalid, match="“vong” dựa trên chính nó"):
        pack.rule_set("vong")


def test_deadlines_are_days_of_the_year_and_one_that_does_not_exist_is_blank(pack: Catalog) -> None:
    g = graph(pack, thong_tin={"bo_quy_tac": "xa"})
    assert g.evaluate("quy_dinh.moc_han") == {"dang_ky": "2026-03-06", "bao_cao_nam": None}


def test_a_word_that_no_rule_set_says_has_its_usual_value() -> None:
    assert graph(Catalog()).evaluate("[quy_dinh.so_ngay_bao_cao_truoc, quy_dinh.ban_chi_dao]") == [3, False]


def guide(pack: Catalog, words: str) -> derive.Graph:
    """A year of the pack's commune, whose guide says these words."""
    folder = pack.packs[0] / "huong-dan"
    folder.mkdir()
    (folder / "xa.toml").write_text(words, encoding="utf-8")
    return graph(pack, thong_tin={"bo_quy_tac": "xa", "kieu_dau": "cu"})


def test_a_guides_words_name_the_year_and_its_deadlines_in_the_offices_spelling(pack: Catalog) -> None:
    g = guide(pack, 'ho_so = ["Đảng uỷ nhận trước ngày {han.dang_ky}, năm {nam}{thong_tin.ten_xa}"]\n')
    assert g.evaluate("quy_dinh.ho_so") == ["Đảng ủy nhận trước ngày 06/3/2026, năm 2026"]


def test_a_guide_never_prints_a_day_that_does_not_exist(pack: Catalog) -> None:
    g = guide(pack, 'luu_y_chi_tieu = ["Trước ngày {han.bao_cao_nam}"]\n')
    assert g.evaluate("quy_dinh.luu_y_chi_tieu") == ["Trước ngày [Chưa nhập: ngày của một mốc hạn]"]


@pytest.mark.parametrize("name", Catalog().rule_sets())
def test_every_word_of_every_guide_can_be_printed_and_is_one_that_papers_know(name: str) -> None:
    g = graph(Catalog(), thong_tin={"bo_quy_tac": name, "dau_moi": "A"}, don_vi=UNITS)
    known = set(Catalog().rule_set("chung")["mac_dinh"])
    own = {w for w in Catalog().rule_set(name) if w not in ("ten", "nguon", "dua_tren", "bo_quy_tac", "quy_tac")}
    assert own <= known
    assert [text for word in sorted(own) for text in texts(g.evaluate(f"quy_dinh.{word}")) if "{" in text] == []


def texts(value: Any) -> Iterator[str]:
    """Every text in a value."""
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for part in [value] if isinstance(value, str) else parts:
        yield from [part] if isinstance(part, str) else texts(part)


UNITS = [{"ma": "A", "ten": "Chi bộ A", "loai": "chi_bo", "phai_dang_ky": True}]


def test_a_table_worked_out_has_records_with_codes_that_papers_can_be_of() -> None:
    g = graph(Catalog(), don_vi=UNITS)
    assert [row["ma"] for row in g.evaluate("ky_don_vi")] == ["A.6-thang", "A.nam"]
    assert g.evaluate("ky_don_vi[0].don_vi.ten") == "Chi bộ A"
    record = derive._record_by_code(g, "A.nam")
    assert record is not None and record["ky"]["den_ngay"] == "2026-11-15"


def test_a_cell_may_hold_a_code_or_words() -> None:
    person = {"ma": "N1", "ho_ten": "Lê Thị Hoa", "gioi_tinh": "nu", "chuc_vu": "Trưởng thôn Đông"}
    g = graph(Catalog(), don_vi=UNITS, nguoi=[person])
    said = ["ten_cua('N1')", "ten_cua('A')", "ten_cua('Chi đoàn')", "ten_cua(none)"]
    assert [g.evaluate(s) for s in said] == ["Bà Lê Thị Hoa, Trưởng thôn Đông", "Chi bộ A", "Chi đoàn", None]


def test_a_field_that_only_other_rules_need_is_not_in_the_workbook_and_not_missed(pack: Catalog) -> None:
    written = workbook.write(pack.year_schema("xa"), {"phien_ban": 3, "thong_tin": {}})
    data, _, problems = workbook.read(written, pack.year_schema(), "nam.xlsx")
    assert "kinh_phi_nam" in pack.year_schema()["properties"]["thong_tin"]["properties"]
    assert "kinh_phi_nam" not in pack.year_schema("xa")["properties"]["thong_tin"]["properties"]
    assert (data["thong_tin"], [p for p in problems if p.code == "missing_row"]) == ({}, [])


def test_a_paper_has_what_the_muc_of_its_row_say_and_nothing_where_it_has_no_row() -> None:
    row = {"ma": "quyet-dinh-cong-nhan", "tinh_chat": "lap", "nhiem_vu": ["Báo cáo kết quả"]}
    said = "[van_ban_cua('quyet-dinh-cong-nhan').nhiem_vu, van_ban_cua('bien-ban-binh-xet').nhiem_vu]"
    assert graph(Catalog(), don_vi=UNITS, van_ban=[row]).evaluate(said) == [["Báo cáo kết quả"], []]
