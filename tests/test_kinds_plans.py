"""The guide and the plans of the year: whose words they print, what is counted, numbered, cited and dated by itself."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest

import dvk_docs as dvk
from dvk_docs import derive, rules
from dvk_docs.catalog import Catalog
from dvk_docs.testing import outline

GUIDE, PLAN, OF_A_BODY = "huong-dan-phong-trao", "ke-hoach-phong-trao", "ke-hoach-phong-trao-khoi"
PEOPLE = [
    {"ma": "N1", "ho_ten": "Lê Quang Hoà", "gioi_tinh": "nam", "chuc_vu_ky": "Phó Bí thư", "don_vi": "DU"},
    {"ma": "N2", "ho_ten": "Phạm Thị Vân", "gioi_tinh": "nu", "chuc_vu": "Phó Chủ tịch", "don_vi": "UB"},
    {"ma": "N3", "ho_ten": "Trần Văn Đạt", "gioi_tinh": "nam", "chuc_vu_ky": "Bí thư", "don_vi": "CB"},
]
UNITS = [
    {"ma": "DU", "ten": "Đảng uỷ xã Hoà An", "loai": "dang_uy", "ky_hieu": "ĐU", "thu_truong": "N1"},
    {"ma": "BX", "ten": "Ban Xây dựng Đảng Đảng uỷ xã Hoà An", "loai": "ban_xay_dung_dang", "ky_hieu": "BXDĐ"},
    {"ma": "UB", "ten": "Uỷ ban nhân dân xã Hoà An", "loai": "ubnd", "ky_hieu": "UBND", "thu_truong": "N1"},
    {"ma": "MT", "ten": "Uỷ ban Mặt trận Tổ quốc Việt Nam xã Hoà An", "loai": "mttq", "ky_hieu": "MTTQ-BTT"},
    {"ma": "CB", "ten": "Chi bộ thôn Đông", "loai": "chi_bo", "ky_hieu": "CB", "thu_truong": "N3"},
]
ABOVE = {
    "ma": "hd-tren",
    "tinh_chat": "cap_tren",
    "ten_loai": "Hướng dẫn",
    "so_ky_hieu": "12-HD/BTGDVTU",
    "ngay": "2026-01-10",
    "co_quan_ngoai": "Ban Tuyên giáo và Dân vận Tỉnh uỷ",
    "trich_yeu": "thực hiện phong trào năm 2026",
}


def row(kind: str, so: int, ngay: str, **more: Any) -> dict[str, Any]:
    return {"ma": kind, "tinh_chat": "lap", "so": so, "ngay": ngay, **more}


def year(*papers: dict[str, Any], catalog: Catalog | None = None, **info: Any) -> derive.Graph:
    """A commune's year with these rows of sheet Văn bản under the guide of the level above."""
    place = {"ten_xa": "Hoà An", "loai_xa": "xa", "dia_danh": "Hoà An", "cap_tren": "tinh", "dau_moi": "BX"}
    more = {"dang_bo_cap_tren": "Đảng bộ tỉnh", "noi_nhan_de_nghi": "Ban Tuyên giáo và Dân vận Tỉnh uỷ"}
    facts = {"nam": 2026, "bo_quy_tac": "xa-2026", "nguoi_ky": "N1", **place, **more, **info}
    units = [{**u, "chuc_vu_thu_truong": "Bí thư" if u["ma"] in ("DU", "CB") else "Chủ tịch"} for u in UNITS]
    units[-1]["quyen_han"] = "T/M Chi bộ"
    tables = {"don_vi": units, "nguoi": PEOPLE, "mo_hinh": [], "van_ban": [ABOVE, *papers]}
    return derive.graph({"phien_ban": 3, "thong_tin": facts, **tables}, catalog or Catalog())


def papers(g: derive.Graph, kind: str) -> list[derive.Paper]:
    return [p for p in derive.plan(g) if p.kind == kind]


def data(g: derive.Graph, kind: str) -> dict[str, Any]:
    (paper,) = papers(g, kind)
    return derive.paper_data(g, paper).data


def text(g: derive.Graph, kind: str) -> str:
    return outline(dvk.kind(kind).make(data(g, kind)).docx)


def test_a_year_without_their_rows_plans_none_of_them() -> None:
    assert [p.kind for p in derive.plan(year()) if p.stage == "trien-khai"] == []


def test_the_guide_cites_what_it_carries_out_by_number_and_day() -> None:
    opening = text(year(row(GUIDE, 3, "2026-01-20"), nhiem_ky_tu=2025, nhiem_ky_den=2030), GUIDE)
    assert "Hướng dẫn số 12-HD/BTGDVTU, ngày 10/01/2026 của Ban Tuyên giáo và Dân vận Tỉnh uỷ" in opening
    assert "Quyết định số 23-QĐ/TW, ngày 30/7/2021 của Bộ Chính trị" in opening
    assert "Nghị quyết Đại hội Đảng bộ xã Hoà An, nhiệm kỳ 2025 - 2030, Ban Thường vụ Đảng uỷ xã Hoà An" in opening


def test_a_board_of_the_district_issues_its_plan_and_its_head_signs() -> None:
    g = year(row(PLAN, 22, "2023-02-06", co_quan="BD"), nam=2023)
    units = [
        {"ma": "HU", "ten": "Huyện uỷ Yên Lâm", "loai": "huyen_uy"},
        {"ma": "BD", "ten": "Ban Dân vận Huyện uỷ Yên Lâm", "loai": "ban_dan_van", "quan_ly": "HU", "thu_truong": "N3"},
    ]
    more = {"ky_hieu": "BDVHU", "chuc_vu_thu_truong": "Trưởng ban"}
    said = data(
        derive.graph({**g.year, "don_vi": [*g.year["don_vi"], units[0], {**units[1], **more}]}, g.catalog), PLAN
    )
    assert (said["co_quan_cap_tren"], said["co_quan"]) == ("HUYỆN UỶ YÊN LÂM", "BAN DÂN VẬN")
    assert (said["quyen_han"], said["nguoi_ky"], said.get("chuc_vu_ky")) == ("TRƯỞNG BAN", "Trần Văn Đạt", None)
    assert said["co_quan_ban_hanh"] == "Ban Dân vận Huyện uỷ Yên Lâm"


def test_parts_number_themselves_and_references_follow() -> None:
    made = dvk.kind(GUIDE)
    said = data(year(row(GUIDE, 3, "2026-01-20")), GUIDE)
    assert "điểm a, mục 1, phần IV Hướng dẫn này" in outline(made.make(said).docx)
    without = {k: v for k, v in said.items() if not k.startswith("tieu_chi")}
    lines = outline(made.make(without).docx)
    assert "Mục lớn: IV- TỔ CHỨC THỰC HIỆN" in lines and "phần IV" not in lines


@pytest.mark.parametrize("name", Catalog().rule_sets())
def test_the_guide_of_each_place_makes_a_guide_and_a_plan(name: str) -> None:
    g = year(row(GUIDE, 3, "2026-01-20"), row(PLAN, 6, "2026-01-23"), bo_quy_tac=name)
    for kind in (GUIDE, PLAN):
        said = data(g, kind)
        assert [p for p in dvk.kind(kind).check(said).problems if p.severity == "loi"] == []
        assert said["muc_dich_yeu_cau"] and said["phan_cong"] and "{" not in text(g, kind)


def test_the_eight_criteria_and_the_fields_are_those_of_the_rule_set() -> None:
    said = data(year(row(GUIDE, 3, "2026-01-20")), GUIDE)
    assert (len(said["tieu_chi_mo_hinh"]), len(said["tieu_chi_dien_hinh_ca_nhan"]), len(said["ho_so"])) == (8, 6, 5)
    assert [field["ten"] for field in said["linh_vuc"]][:2] == ["Kinh tế", "Văn hoá - xã hội"]


def test_the_clerks_own_words_go_before_the_guides() -> None:
    own = {"muc_dich": ["Làm cho phong trào thiết thực."], "phan_cong": [{"ai_lam": "UB", "noi_dung": "Lo kinh phí."}]}
    said = data(year(row(GUIDE, 3, "2026-01-20", **own)), GUIDE)
    assert said["muc_dich_yeu_cau"] == own["muc_dich"]
    assert said["phan_cong"] == [{"ten": "Uỷ ban nhân dân xã Hoà An", "nhiem_vu": ["Lo kinh phí."]}]


def test_a_deadline_that_is_no_day_is_a_marked_gap(tmp_path: Path) -> None:
    for folder, words in (
        ("quy_dinh", 'ten = "X"\nlinh_vuc = [{ma = "kinh_te", ten = "Kinh tế"}]\n[moc_han]\nbao_cao_nam = "11-31"\n'),
        ("huong-dan", 'moc_han_noi = [{viec = "Báo cáo năm", han = "bao_cao_nam", noi_nhan = "Đảng uỷ"}]\n'),
    ):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x.toml").write_text(words, encoding="utf-8")
    g = year(row(GUIDE, 3, "2026-01-20"), catalog=Catalog([tmp_path]), bo_quy_tac="x")
    lines = text(g, GUIDE)
    assert "Báo cáo năm || Ô giữa: [Chưa nhập: Ngày của mốc hạn]" in lines and "31/11" not in lines


def test_annexes_are_named_in_the_text_and_say_what_they_go_with() -> None:
    lines = text(year(row(PLAN, 6, "2026-01-23")), PLAN)
    assert "Kèm theo Kế hoạch này: bản tổng hợp đăng ký mô hình “Dân vận khéo” (Phụ lục 01);" in lines
    assert lines.count("(Kèm theo Kế hoạch số 06-KH/ĐU, ngày 23/01/2026 của Ban Thường vụ Đảng uỷ xã Hoà An)") == 2


BODIES = [("UB", "nha_nuoc"), ("MT", "mttq"), ("CB", "dang")]


@pytest.mark.parametrize(("code", "system"), BODIES)
def test_each_body_with_a_row_has_its_plan_in_its_own_system(code: str, system: str) -> None:
    g = year(row(GUIDE, 3, "2026-01-20"), row(f"{OF_A_BODY}.{code}", 2, "2026-01-28"))
    (paper,) = papers(g, OF_A_BODY)
    day = "ngày 20/01/2026" if system == "dang" else "ngày 20 tháng 01 năm 2026"
    cited = derive.paper_data(g, paper).data["can_cu"][0]
    assert paper.vb["he"] == system and "03-HD/ĐU" in cited and day in cited


def test_a_deputy_signs_the_plan_of_the_peoples_committee_for_its_head() -> None:
    said = data(year(row(GUIDE, 3, "2026-01-20"), row(f"{OF_A_BODY}.UB", 45, "2026-01-29", nguoi_ky="N2")), OF_A_BODY)
    assert said["quyen_han"].splitlines() == ["TM. UỶ BAN NHÂN DÂN", "KT. CHỦ TỊCH"]
    assert (said["chuc_vu_ky"], said["nguoi_ky"]) == ("PHÓ CHỦ TỊCH", "Phạm Thị Vân")


def test_a_party_cell_has_no_place_for_a_seal() -> None:
    g = year(row(GUIDE, 3, "2026-01-20"), row(f"{OF_A_BODY}.CB", 2, "2026-01-31"))
    said = data(g, OF_A_BODY)
    parts = zipfile.ZipFile(io.BytesIO(dvk.kind(OF_A_BODY).make(said).docx))
    document = parts.read("word/document.xml").decode()
    assert "Ky_nguoi_ky" in document and "Dau_co_quan" not in document


# --- the steering committee, the conference ---------------------------------------------------------------------------

STEERING, PRAISE = "quyet-dinh-ban-chi-dao", "ke-hoach-bieu-duong"
MEMBERS = [{"ai_lam": "N1", "chuc_danh": "Trưởng ban"}, {"ai_lam": "N2", "phu_trach": "Khối chính quyền"}]
MEETING = {
    "ma": "BD1",
    "loai": "bieu_duong",
    "ten": "Hội nghị biểu dương",
    "ngay": "2026-11-17",
    "dia_diem": "Hội trường xã",
}


@pytest.fixture
def steered(tmp_path: Path) -> Catalog:
    """A pack whose rule set has a steering committee and two conferences in five years."""
    (tmp_path / "quy_dinh").mkdir()
    words = 'ten = "X"\ndua_tren = "xa-2026"\nban_chi_dao = true\nbieu_duong_so_lan = 2\nbieu_duong_so_nam = 5\n'
    (tmp_path / "quy_dinh" / "x.toml").write_text(words, encoding="utf-8")
    return Catalog([tmp_path])


def found(g: derive.Graph, code: str) -> list[str]:
    return [p.place.pointer for p in rules.check(g, g.catalog, "2026-12-20") if p.code == code]


def test_a_steering_committee_is_set_up_only_where_the_rules_have_one(steered: Catalog) -> None:
    decision = row(STEERING, 4, "2026-01-22", thanh_vien=MEMBERS)
    assert papers(year(decision), STEERING) == []
    said = data(year(decision, catalog=steered, bo_quy_tac="x"), STEERING)
    assert [(m["ho_ten"], m["chuc_danh"]) for m in said["thanh_vien"]] == [
        ("Lê Quang Hoà", "Trưởng ban"),
        ("Phạm Thị Vân", "Thành viên"),
    ]


def test_a_new_decision_renews_and_replaces_the_one_before(steered: Catalog) -> None:
    office = {"tinh_chat": "da_co", "ten_loai": "Quyết định", "co_quan": "DU"}
    old = {"ma": "cu", "so_ky_hieu": "27-QĐ/ĐU", "ngay": "2025-08-15", **office}
    subject = "thành lập Ban Chỉ đạo phong trào thi đua “Dân vận khéo”"
    decision = row(STEERING, 4, "2026-01-22", thanh_vien=MEMBERS)
    lines = text(year(decision, {**old, "trich_yeu": subject}, catalog=steered, bo_quy_tac="x"), STEERING)
    assert "Kiện toàn Ban Chỉ đạo phong trào thi đua “Dân vận khéo” xã Hoà An gồm 02 đồng chí" in lines
    assert "và thay thế Quyết định số 27-QĐ/ĐU, ngày 15/8/2025." in lines


@pytest.mark.parametrize(
    ("members", "code"),
    [
        (MEMBERS[1:], "steering_one_head"),
        ([MEMBERS[0], {"ai_lam": "N2", "chuc_danh": "Trưởng ban"}], "steering_one_head"),
        ([*MEMBERS, {"ai_lam": "N2"}], "steering_member_twice"),
    ],
)
def test_a_committee_has_one_head_and_nobody_twice(members: list[dict[str, Any]], code: str) -> None:
    decision = row(STEERING, 4, "2026-01-22")
    assert found(year({**decision, "thanh_vien": MEMBERS}), code) == []
    assert found(year({**decision, "thanh_vien": members}), code) == ["/van_ban/1/thanh_vien"]


def praised(*papers: dict[str, Any], catalog: Catalog | None = None, **info: Any) -> derive.Graph:
    """A year with a conference and one unit and one person commended."""
    g = year(row(GUIDE, 3, "2026-01-20"), *papers, catalog=catalog, **info)
    awarded = [{"ma": "D1", "tap_the": "CB", "khen_boi": "UB"}, {"ma": "D2", "ca_nhan": "N3", "khen_boi": "UB"}]
    return derive.graph({**g.year, "cuoc_hop": [MEETING], "dien_hinh": awarded}, g.catalog)


def test_a_conference_has_its_plan_which_counts_who_is_commended() -> None:
    (paper,) = papers(praised(), PRAISE)
    said = derive.paper_data(praised(), paper).data
    assert (paper.id, [(b["so"], b["ten"]) for b in said["bieu_duong"]]) == (
        f"{PRAISE}.BD1",
        [(1, "tập thể"), (1, "cá nhân")],
    )


def test_a_conference_of_several_years_names_the_term_so_far(steered: Catalog) -> None:
    term = {"nhiem_ky_tu": 2025, "nhiem_ky_den": 2030}
    g = praised(catalog=steered, bo_quy_tac="x", **term)
    assert data(g, PRAISE)["giai_doan"] == "giai đoạn 2025 - 2026"
    assert data(praised(**term), PRAISE)["giai_doan"] == "năm 2026"


def test_a_plan_does_not_come_after_its_conference() -> None:
    days = {
        day: found(praised(row(f"{PRAISE}.BD1", 40, day)), "conference_after_its_plan")
        for day in ("2026-10-19", "2026-11-18")
    }
    assert days["2026-10-19"] == [] and len(days["2026-11-18"]) == 1


def test_a_body_does_not_plan_before_the_guide() -> None:
    def told(day: str) -> list[str]:
        return found(year(row(GUIDE, 3, "2026-01-20"), row(f"{OF_A_BODY}.UB", 5, day)), "body_plan_after_guide")

    assert told("2026-01-29") == [] and told("2026-01-19") == ["/van_ban/2/ngay"]


def test_the_bodies_plan_as_many_models_as_the_commune_must_have() -> None:
    def told(*targets: int) -> int:
        rows = [
            row(
                f"{OF_A_BODY}.{c}",
                5,
                "2026-01-29",
                chi_tieu=[{"noi_dung": "M", "don_vi_tinh": "mô hình", "muc_tieu": n}],
            )
            for c, n in zip(("UB", "MT"), targets, strict=True)
        ]
        return len(found(year(row(GUIDE, 3, "2026-01-20"), *rows), "body_plans_short_of_target"))

    assert (told(3, 2), told(2, 2)) == (0, 1)
