"""What carries a year: rule sets that stand on others, tables that nobody types, fields that only some rules need."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from builders import write_pack

from dvk_docs import derive, workbook
from dvk_docs.catalog import Catalog, root
from dvk_docs.checking import check_paper
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
    said = {name: day for name, day in g.evaluate("quy_dinh.moc_han").items() if name in ("dang_ky", "bao_cao_nam")}
    assert said == {"dang_ky": "2026-03-06", "bao_cao_nam": None}


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


PAPER = {"ma": "phieu-theo-doi.MH01", "tinh_chat": "lap"}
MODEL = {"ma": "MH01", "ten": "Đường hoa", "linh_vuc": "kinh_te", "loai_hinh": "xay_moi"}


def planned(folder: Path, *rows: dict[str, Any], **words: Any) -> list[derive.Paper]:
    """The papers of a pack's kind, one for each model, with these rows in sheet Văn bản."""
    catalog = Catalog([write_pack(folder, **{"x-van-ban": {"ten_loai": "Phiếu", **words}})])
    found = derive.plan(graph(catalog, mo_hinh=[MODEL], van_ban=list(rows)))
    return [p for p in found if p.kind == "phieu-theo-doi"]


def test_a_paper_that_lies_there_already_is_cited_and_not_made_again(tmp_path: Path) -> None:
    assert len(planned(tmp_path / "a", PAPER)) == 1
    assert planned(tmp_path / "b", {**PAPER, "tinh_chat": "da_co"}) == []


def test_a_kind_may_be_of_another_ten_loai_by_the_rules_of_the_place(tmp_path: Path) -> None:
    (one,) = planned(tmp_path, ten_loai_theo="quy_dinh.van_ban_phe_duyet", ky_hieu_loai_theo="'T' ~ 'B'")
    assert (one.vb["ten_loai"], one.vb["ky_hieu_loai"]) == ("Thông báo", "TB")


def test_a_kind_may_give_its_papers_names_of_its_own(tmp_path: Path) -> None:
    (one,) = planned(tmp_path, mo_hinh_chinh="moi", trich_yeu="'theo dõi ' ~ vb.mo_hinh_chinh.ten")
    assert one.vb["trich_yeu"] == "theo dõi Đường hoa"


def test_a_field_that_this_paper_does_not_print_is_not_missed() -> None:
    fields = {"mau": {"type": "string"}, "b": {"title": "B", "x-trong": "gach", "x-chi-khi": {"mau": ["rut-gon"]}}}
    told = [list(check_paper({"properties": fields}, {"mau": mau})) for mau in ("rut-gon", "day-du")]
    assert [[p.place.pointer for p in problems] for problems in told] == [["/b"], []]


TARGETS = """
[[quy_tac]]
ma = "T-1"
kiem = "dem_toi_thieu"
tap = "mo_hinh"
loc = "nay.loai_hinh == 'xay_moi'"
gia_tri = 2
chi_tieu = {ten = "Mô hình mới", don_vi = "mô hình", luc = "dang-ky"}
[[quy_tac]]
ma = "T-2"
kiem = "moi_don_vi_toi_thieu"
don_vi = "don_vi"
tap = "mo_hinh"
loc = "nay.tap_the == dv"
gia_tri = 1
chi_tieu = {ten = "Đơn vị có mô hình", don_vi = "đơn vị", luc = "dang-ky"}
[[quy_tac]]
ma = "T-3"
kiem = "ty_le_toi_thieu"
tu = "mo_hinh|length"
mau = "don_vi|length"
gia_tri = 100
chi_tieu = {ten = "Tỷ lệ", don_vi = "%", luc = "cuoi-nam"}
"""


def test_targets_stand_beside_what_the_year_has_by_the_rules_that_judge_them(tmp_path: Path) -> None:
    (tmp_path / "quy_dinh").mkdir()
    (tmp_path / "quy_dinh" / "moi.toml").write_text('ten = "Mới"\n' + TARGETS, encoding="utf-8")
    units = [{"ma": c, "ten": f"Chi bộ {c}", "loai": "chi_bo"} for c in "ABC"]
    models = [{**MODEL, "ma": f"M{n}", "tap_the": "A", "loai_hinh": kind} for n, kind in enumerate(("xay_moi",) * 2)]
    g = graph(Catalog([tmp_path]), thong_tin={"bo_quy_tac": "moi"}, don_vi=units, mo_hinh=models)
    found = [(t["ma"], t["yeu_cau"], t["thuc_te"], t["dat"]) for t in g.evaluate("doi_chieu('dang-ky')")]
    assert found == [("T-1", 2, 2, True), ("T-2", 3, 1, False)]
    assert [(t["yeu_cau"], t["thuc_te"]) for t in g.evaluate("doi_chieu('cuoi-nam')")] == [(100, 66.7)]


def test_a_rule_set_that_is_not_there_has_no_targets() -> None:
    assert graph(Catalog(), thong_tin={"bo_quy_tac": "khong-co"}).evaluate("doi_chieu('dang-ky')") == []


def test_a_kind_may_wait_until_its_paper_has_a_row() -> None:
    g = graph(Catalog(), van_ban=[{"ma": "quyet-dinh-cong-nhan", "tinh_chat": "lap"}])
    assert g.evaluate("[van_ban_cua('quyet-dinh-cong-nhan').co_dong, van_ban_cua('giay-khen').co_dong]") == [
        True,
        False,
    ]


def test_no_word_stands_twice_in_one_place_of_the_year_s_schema() -> None:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        names = [name for name, _ in pairs]
        assert len(names) == len(set(names)), names
        return dict(pairs)

    text = (root() / "data_schemas" / "chung" / "nam.schema.json").read_text(encoding="utf-8")
    assert json.loads(text, object_pairs_hook=once)["title"]
