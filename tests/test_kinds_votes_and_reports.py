"""Appraisal told, recognition asked for, votes counted, the movement reported: what those papers derive from a year."""

from __future__ import annotations

import copy
import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import dvk_docs as dvk
from dvk_docs import derive
from dvk_docs.catalog import Catalog
from dvk_docs.making import Kind
from dvk_docs.testing import outline

CATALOG = Catalog()
Data = dict[str, Any]
NOTICE, REQUEST = "thong-bao-ket-qua-tham-dinh", "to-trinh-cong-nhan-mo-hinh"


@pytest.fixture
def year(samples: Path) -> Data:
    return copy.deepcopy(json.loads((samples / "nam-2026.json").read_text(encoding="utf-8")))


def row(data: Data, table: str, code: str) -> Data:
    return next(r for r in data[table] if r["ma"] == code)


def planned(data: Data, kind: str) -> dict[str, derive.Paper]:
    """The papers of one kind that the year calls for, by their ids."""
    return {p.id: p for p in derive._papers_of(derive.graph(data, CATALOG), kind)}


def paper(data: Data, paper_id: str) -> Data:
    """One paper's own data with all that it derives."""
    kind = paper_id.partition(".")[0]
    g = derive.graph(data, CATALOG)
    found = next(p for p in derive._papers_of(g, kind) if p.id == paper_id)
    return derive.derived(CATALOG.kind_schema(kind), derive.paper_data(g, found).data, derive.words_of(g, found))


def text(data: Data, paper_id: str) -> str:
    kind = paper_id.partition(".")[0]
    g = derive.graph(data, CATALOG)
    found = next(p for p in derive._papers_of(g, kind) if p.id == paper_id)
    return outline(Kind(kind, CATALOG).make(derive.paper_data(g, found).data).docx)


# --- the appraisal told, recognition asked for -----------------------------------------------------------------------


def test_the_notice_counts_what_the_appraisal_concluded(year: Data) -> None:
    row(year, "mo_hinh", "MH01")["ket_luan_tham_dinh"] = "bo_sung"
    assert paper(year, NOTICE)["tong_hop"] == (
        "Có 14 mô hình được thẩm định, trong đó 09 mô hình đủ điều kiện đề nghị công nhận, 04 mô hình phải bổ sung, "
        "hoàn thiện và 01 mô hình không đề nghị công nhận"
    )


def test_the_request_holds_the_models_that_the_appraisal_put_forward_and_names_those_found_later(year: Data) -> None:
    row(year, "mo_hinh", "MH01")["ket_luan_tham_dinh"] = "bo_sung"
    asked = paper(year, REQUEST)
    assert asked["co_cau"].startswith("09 mô hình “Dân vận khéo” cấp xã năm 2026, trong đó 07 mô hình của tập thể")
    assert [d["chu_the"] for d in asked["bo_sung"]] == ["Hội Liên hiệp Phụ nữ xã Bình An"]


def test_the_decision_cites_the_request_that_the_year_makes_with_its_gap_while_it_has_no_number(year: Data) -> None:
    for field in ("so", "ngay"):
        del row(year, "van_ban", REQUEST)[field]
    cited = paper(year, "quyet-dinh-cong-nhan")["can_cu"][-1]
    assert cited == "Xét đề nghị của Ban Xây dựng Đảng tại Tờ trình số [chưa có số]-TTr/BXDĐ, ngày [chưa có ngày]"
    assert "[chưa có số]-TTr/BXDĐ" in str(paper(year, "bien-ban-binh-xet")["to_trinh_lien_quan"])


@pytest.mark.parametrize("kind", [NOTICE, REQUEST])
def test_what_was_made_elsewhere_is_not_made_again(year: Data, kind: str) -> None:
    names = {NOTICE: ("Thông báo", "DU", "kết quả thẩm định"), REQUEST: ("Tờ trình", "BXDD", "công nhận mô hình")}
    ten_loai, office, subject = names[kind]
    old = row(year, "van_ban", kind)
    old.clear()
    old.update(
        ma="cu",
        tinh_chat="da_co",
        ten_loai=ten_loai,
        co_quan=office,
        trich_yeu=subject,
        ngay="2026-09-21",
        so_ky_hieu="9",
    )
    row(year, "van_ban", "quyet-dinh-cong-nhan").pop("can_cu")
    assert planned(year, kind) == {}
    assert f"{ten_loai} số 9, ngày 21/9/2026" in " ".join(paper(year, "quyet-dinh-cong-nhan")["can_cu"])


@pytest.mark.parametrize("kind", [NOTICE, REQUEST])
def test_a_year_without_an_appraisal_calls_for_neither(year: Data, kind: str) -> None:
    year["van_ban"] = []
    for model in year["mo_hinh"]:
        model.pop("ket_luan_tham_dinh", None)
    assert planned(year, kind) == {}


# --- votes -----------------------------------------------------------------------------------------------------------

BALLOT, TALLY, COUNCIL = "phieu-bieu-quyet", "bien-ban-kiem-phieu", "bien-ban-hop-hoi-dong"


def voting_by(data: Data, rule: str, monkeypatch: pytest.MonkeyPatch) -> Data:
    """The sample year under a rule set that counts shares on this."""
    monkeypatch.setitem(CATALOG.rule_set("chung")["mac_dinh"], "mau_so_ty_le", rule)
    row(data, "cuoc_hop", "HOP05").update(phieu_phat_ra=13, phieu_thu_ve=12, phieu_hop_le=11)
    row(data, "mo_hinh", "MH01")["phieu_dong_y"] = 9
    return data


@pytest.mark.parametrize(
    ("rule", "share"),
    [("trieu_tap", "60%"), ("co_mat", "64,3%"), ("phieu_phat_ra", "69,2%"), ("phieu_hop_le", "81,8%")],
)
def test_a_share_is_of_what_the_rules_say_and_the_same_in_both_minutes(
    year: Data, rule: str, share: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    voting_by(year, rule, monkeypatch)
    counted = {d["ten"]: d["ty_le"] for d in paper(year, TALLY)["mo_hinh"]}
    reviewed = {d["ten"]: d["ty_le"] for d in paper(year, "bien-ban-binh-xet")["mo_hinh"]}
    name = row(year, "mo_hinh", "MH01")["ten"]
    assert (counted[name], reviewed[name]) == (share, share)


def test_the_ballots_against_are_what_is_left_of_the_valid_ones(year: Data) -> None:
    row(year, "mo_hinh", "MH06")["phieu_y_kien_khac"] = [{"dat": 1}]
    votes = {d["ten"]: (d["dong_y"], d["khong_dong_y"], d["khac"]) for d in paper(year, TALLY)["mo_hinh"]}
    assert votes[row(year, "mo_hinh", "MH06")["ten"]] == (13, 0, 1)
    assert votes[row(year, "mo_hinh", "MH12")["ten"]] == (11, 3, None)


def test_the_ballot_the_tally_and_the_request_hold_the_same_models_in_the_same_order(year: Data) -> None:
    lists = [[d["ten"] for d in paper(year, kind)[name]] for kind, name in ((BALLOT, "mo_hinh"), (TALLY, "mo_hinh"))]
    assert lists[0] == lists[1] == [d["ten"] for d in paper(year, REQUEST)["danh_sach"]]


def test_hands_raised_need_no_ballot_and_no_tally(year: Data) -> None:
    row(year, "cuoc_hop", "HOP05")["hinh_thuc"] = "gio_tay"
    assert planned(year, BALLOT) == planned(year, TALLY) == {}


def test_a_ballot_is_on_half_a_sheet_and_names_nobody_who_votes(year: Data) -> None:
    docx = Kind(BALLOT, CATALOG).make(
        derive.paper_data(derive.graph(year, CATALOG), planned(year, BALLOT)[BALLOT]).data
    )
    with zipfile.ZipFile(io.BytesIO(docx.docx)) as archive:
        body = archive.read("word/document.xml").decode()
    assert re.findall(r'<w:pgSz w:w="(\d+)" w:h="(\d+)"', body) == [("8391", "11906")]
    assert not any(person["ho_ten"] in body for person in year["nguoi"] if person["ma"] in ("NG02", "NG05", "NG09"))


def test_the_two_thresholds_of_the_council_are_apart(year: Data) -> None:
    held = paper(year, COUNCIL)
    assert (held["ty_le_co_mat"], held["du_dieu_kien"]) == ("85,7%", True)
    for member in [d for d in year["du_hop"] if d["cuoc_hop"] == "HD01"][3:]:
        member["co_mat"] = False
    held = paper(year, COUNCIL)
    assert (held["ty_le_co_mat"], held["du_dieu_kien"]) == ("42,9%", False)
    assert [d["ty_le"] for d in held["danh_sach"]] == ["100%", "100%", "85,7%"]  # of all members, present or not


def test_the_decision_of_the_chairman_cites_the_minutes_of_the_council_and_that_of_the_party_does_not(
    year: Data,
) -> None:
    cited = {code: " ".join(paper(year, f"quyet-dinh-khen-thuong.{code}")["can_cu"]) for code in ("UBND", "DU")}
    assert "Biên bản số 06/BB-HĐTĐKT ngày 14 tháng 10 năm 2026" in cited["UBND"]
    assert "HĐTĐKT" not in cited["DU"]


@pytest.mark.parametrize("of_party", [False, True], ids=["Nhà nước", "Đảng"])
def test_the_name_of_a_council_breaks_behind_its_first_words_in_either_head(year: Data, of_party: bool) -> None:
    council = next(unit for unit in year["don_vi"] if unit["loai"] == "hoi_dong")
    council.pop("quan_ly", None)
    if of_party:
        council["quan_ly"] = next(u["ma"] for u in year["don_vi"] if u["loai"] == "dang_uy")
    minutes = next(i for i in planned(year, "bien-ban-hop-hoi-dong"))
    made = paper(year, minutes)
    assert made["he"] == ("dang" if of_party else "nha_nuoc")
    assert made["co_quan_dong"] == ["HỘI ĐỒNG", "THI ĐUA - KHEN THƯỞNG"]
    lines = text(year, minutes).split("Số")[0]
    assert re.search(r"HỘI ĐỒNG (?:↵|¶ Cơ quan ban hành:) THI ĐUA - KHEN THƯỞNG", lines)


def broken(year: Data) -> set[tuple[str, str]]:
    report = dvk.check(dvk.Year.from_data(year), ngay="2026-10-20")
    return {(p.code, p.place.pointer) for p in report.problems}


def of_council(year: Data) -> list[Data]:
    return [d for d in year["du_hop"] if d["cuoc_hop"] == "HD01"]


def at_row(year: Data, table: str, code: str, field: str) -> str:
    return f"/{table}/{[r['ma'] for r in year[table]].index(code)}/{field}"


def test_each_rule_of_the_votes_is_kept_by_the_sample_year_and_broken_by_one_change(year: Data) -> None:
    tellers = [i for i, d in enumerate(year["du_hop"]) if d.get("vai_tro") == "kiem_phieu"]
    changes: dict[str, tuple[Callable[[Data], object], str]] = {
        "tally_team_small": (
            lambda y: y["du_hop"][tellers[0]].pop("vai_tro"),
            at_row(year, "cuoc_hop", "HOP05", "hinh_thuc"),
        ),
        "tally_member_considered": (
            lambda y: row(y, "dien_hinh", "DH07").update(ca_nhan="NG05"),
            f"/du_hop/{tellers[0]}/vai_tro",
        ),
        "council_votes_within": (
            lambda y: row(y, "dien_hinh", "DH08")["phieu_hoi_dong"][0].update(dong_y=8),
            at_row(year, "dien_hinh", "DH08", "phieu_hoi_dong/0/dong_y"),
        ),
        "council_quorum": (
            lambda y: [d.update(co_mat=False) for d in of_council(y)[3:]],
            at_row(year, "cuoc_hop", "HD01", "so_trieu_tap"),
        ),
        "awarded_council_votes_enough": (
            lambda y: row(y, "dien_hinh", "DH08")["phieu_hoi_dong"][0].update(dong_y=3),
            at_row(year, "dien_hinh", "DH08", "phieu_hoi_dong/0/dong_y"),
        ),
    }
    kept = broken(year)
    assert not {code for code, _ in kept} & set(changes)
    for code, (change, pointer) in changes.items():
        other = copy.deepcopy(year)
        change(other)
        assert (code, pointer) in broken(other), code


# --- the movement reported -------------------------------------------------------------------------------------------

REPORT, TABLES = "bao-cao-ket-qua-phong-trao", "bieu-so-lieu-phong-trao"
MADE = {"6-thang", "nam", "DV01.6-thang", "DV01.nam", "UBND.nam", "MTTQ.nam"}
COUNTS = ("so_dang_ky", "so_phe_duyet", "so_ra_mat", "so_bao_cao", "so_tham_dinh", "so_cong_nhan")


def test_a_body_reports_the_periods_that_it_has_words_for(year: Data) -> None:
    assert set(planned(year, REPORT)) == {f"{REPORT}.{code}" for code in MADE}
    assert set(planned(year, TABLES)) == {f"{TABLES}.{code}" for code in MADE}
    for unit in year["don_vi"]:
        unit.pop("chi_dao", None)
    assert planned(year, REPORT) == planned(year, TABLES) == {}


def test_june_is_told_in_december_as_it_was_in_june(year: Data) -> None:
    as_of_june = copy.deepcopy(year)
    as_of_june["dien_hinh"], as_of_june["van_ban"] = [], [v for v in year["van_ban"] if v.get("ngay", "") < "2026-07"]
    for model in as_of_june["mo_hinh"]:
        for field in ("ngay_bao_cao", "hop_tham_dinh", "so_tieu_chi_dat", "ket_luan_tham_dinh", "cong_nhan"):
            model.pop(field, None)
    left_later = row(year, "mo_hinh", "MH10")
    left_later.update(bien_dong="rut", bien_dong_ngay=[{"ngay": "2026-08-01"}])
    june, december = (text(data, f"{REPORT}.6-thang") for data in (as_of_june, year))
    assert june == december
    assert "toàn xã có 14 mô hình đăng ký" in december and "668,8 triệu đồng; 850 công" in december
    assert "toàn xã có 13 mô hình đăng ký" in text(year, f"{REPORT}.nam")


def test_each_step_of_the_year_holds_no_more_models_than_the_one_before(year: Data) -> None:
    told = paper(year, f"{REPORT}.nam")
    own = [told[name] - (told["so_phat_hien"] if name in COUNTS[3:] else 0) for name in COUNTS]
    assert own == [14, 14, 7, 13, 13, 9]  # launched: only new ones must be
    assert own[0] >= own[1] >= own[3] >= own[4] >= own[5]
    assert told["so_dang_ky"] == told["so_xay_moi"] + told["so_nhan_rong"] + told["so_duy_tri"]
    assert told["so_dang_ky"] == sum(len([d for d in n["dong"] if not d["phat_hien"]]) for n in told["nhom"])


def test_the_reports_go_up_three_ways(year: Data) -> None:
    to = {code: paper(year, f"{REPORT}.{code}")["kinh_gui"] for code in ("DV01.nam", "UBND.nam", "nam")}
    assert to == {
        "DV01.nam": "Ban Xây dựng Đảng Đảng uỷ xã Bình An",
        "UBND.nam": "Ban Thường vụ Đảng uỷ xã Bình An",
        "nam": "Ban Tuyên giáo và Dân vận Thành uỷ Minh Hà",
    }
    signed = {code: text(year, f"{REPORT}.{code}") for code in ("DV01.nam", "UBND.nam", "MTTQ.nam", "nam")}
    assert "T/M CHI BỘ ¶ Chức vụ ký: BÍ THƯ" in signed["DV01.nam"] and "Số 04-BC/CB" in signed["DV01.nam"]
    assert "TM. UỶ BAN NHÂN DÂN ¶ Chức vụ ký: CHỦ TỊCH" in signed["UBND.nam"]
    assert "TM. BAN THƯỜNG TRỰC ¶ Chức vụ ký: CHỦ TỊCH" in signed["MTTQ.nam"]
    assert "T/M BAN THƯỜNG VỤ ¶ Chức vụ ký: PHÓ BÍ THƯ" in signed["nam"]


def test_the_tables_have_the_same_totals_as_the_report_and_are_attached_to_it(year: Data) -> None:
    for code in MADE:
        told, table = paper(year, f"{REPORT}.{code}"), paper(year, f"{TABLES}.{code}")
        assert {n: told[n] for n in (*COUNTS, "so_nguoi", "so_khen")} == {
            n: table[n] for n in (*COUNTS, "so_nguoi", "so_khen")
        }
        assert sum(len(h["dang_ky"]) for h in table["hang"]) == table["so_dang_ky"]
        assert round(sum(h["kinh_phi"] for h in table["hang"]), 6) == table["kinh_phi"]
        assert sum(len([d for d in h["dien_hinh"] if d["khen"]]) for h in table["hang"]) == table["so_khen"]
    assert "Báo cáo số 62-BC/ĐU, ngày 20/11/2026" in paper(year, f"{TABLES}.nam")["kem_theo"]
    assert "Báo cáo số 04-BC/CB, ngày 16/11/2026" in paper(year, f"{TABLES}.DV01.nam")["kem_theo"]


def test_a_target_is_held_against_the_figure_that_the_report_tells(year: Data) -> None:
    row(year, "mo_hinh", "MH12")["bien_dong"] = "rut"
    told = paper(year, f"{REPORT}.nam")
    shown = {d["dem"]: (d["ket_qua_in"], d["danh_gia"]) for d in told["chi_tieu"]}
    assert shown["ty_le_don_vi"] == ("91,7%", "Chưa đạt") and "11/12" in told["cau_don_vi"]
    assert shown["dang_ky"] == (f"{told['so_dang_ky']:02}", "Đạt")
    assert shown["dien_hinh"] == ("07 (đang đề nghị)", "Chờ công nhận")


def test_the_rows_of_june_are_on_no_paper_of_the_registration(year: Data) -> None:
    assert "980" not in text(year, "dang-ky-mo-hinh.MH01")
    assert "210" not in text(year, "ke-hoach-mo-hinh.MH01")


def test_a_report_dated_before_its_figures_were_closed_is_told(year: Data) -> None:
    assert "report_before_figures_closed" not in {code for code, _ in broken(year)}
    row(year, "van_ban", f"{REPORT}.6-thang")["ngay"] = "2026-06-10"
    assert ("report_before_figures_closed", at_row(year, "van_ban", f"{REPORT}.6-thang", "ngay")) in broken(year)


def test_money_is_summed_in_one_unit_and_other_things_in_theirs(year: Data) -> None:
    model = row(year, "mo_hinh", "MH14")
    model["nguon_luc"] = [
        {"ten": "a", "don_vi_tinh": "đồng", "dat": 400_000},
        {"ten": "b", "don_vi_tinh": "Tỷ đồng", "dat": 0.002},
        {"ten": "c", "don_vi_tinh": "m2", "dat": 120},
    ]
    told = paper(year, f"{REPORT}.UBND.nam")
    assert told["tong_nguon_luc"] == [
        {"don_vi_tinh": "triệu đồng", "tong": 44.4},
        {"don_vi_tinh": "m2", "tong": 120},
    ]
