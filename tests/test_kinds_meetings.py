"""Reminders, invitations, launches, commitments, register, prize money: what they derive from a small year."""

from __future__ import annotations

from typing import Any

import pytest
from builders import model, small_year, unit

import dvk_docs as dvk
from dvk_docs import derive
from dvk_docs.catalog import Catalog

UNITS = [
    unit("DU", "Đảng uỷ xã Bình An", "dang_uy"),
    unit("BXDD", "Ban Xây dựng Đảng Đảng uỷ xã Bình An", "ban_xay_dung_dang", quan_ly="DU"),
    *(
        unit(f"DV{n:02}", f"Chi bộ thôn {name}", "chi_bo", quan_ly="DU", truc_thuoc=True, phai_dang_ky=True)
        for n, name in enumerate(["Đông", "Đoài", "Thượng", "Hạ", "Trung"], 1)
    ),
    unit("HPN", "Hội Liên hiệp Phụ nữ xã Bình An", "doan_the", quan_ly="DV05"),
]
GUIDE = {
    "ma": "hd",
    "tinh_chat": "da_co",
    "ten_loai": "Hướng dẫn",
    "so_ky_hieu": "03-HD/ĐU",
    "ngay": "2026-01-20",
    "co_quan": "DU",
    "trich_yeu": "thực hiện phong trào",
}


def paper(year: dict[str, Any], paper_id: str) -> dict[str, Any]:
    """The printed values of one paper of a year: typed and derived."""
    catalog = Catalog()
    g = derive.graph(year, catalog)
    kind, _, code = paper_id.partition(".")
    owner = derive._owner_of(g, kind, code) if code else None
    found = derive.paper_of(g, kind, owner)
    tt = derive.words_of(g, found)
    return derive.derived(catalog.kind_schema(kind), derive.paper_data(g, found, tt).data, tt)


def planned(year: dict[str, Any], kind: str) -> list[str]:
    return [p.id for p in derive.plan(derive.graph(year, Catalog())) if p.kind == kind]


def codes(year: dict[str, Any], today: str = "2026-10-20") -> list[str]:
    return [p.code for p in dvk.check(dvk.Year.from_data(year), ngay=today)]


# --- công văn đôn đốc ------------------------------------------------------------------------------------------------


def reminded(*rows: dict[str, Any], **changes: Any) -> dict[str, Any]:
    models = [
        model(1, tap_the="DV01", ngay_dang_ky="2026-02-03"),
        model(2, tap_the="DV02", ngay_dang_ky="2026-02-05"),
        model(3, tap_the="HPN", ngay_dang_ky="2026-02-02"),
        model(4, tap_the="DV04", ngay_dang_ky="2026-02-02", bien_dong="rut"),
    ]
    return small_year(**{"don_vi": UNITS, "mo_hinh": models, "van_ban": [GUIDE, *rows], **changes})


def letter(**row: Any) -> dict[str, Any]:
    return {"ma": "cong-van-don-doc.dang-ky", "tinh_chat": "lap", "so": 9, "ngay": "2026-02-04", **row}


def test_a_letter_goes_to_those_who_must_but_had_not_by_its_day() -> None:
    found = paper(reminded(letter()), "cong-van-don-doc.dang-ky")
    assert found["chua_nop"] == ["Chi bộ thôn Đoài", "Chi bộ thôn Thượng", "Chi bộ thôn Hạ"]
    assert found["tinh_hinh"].endswith("đã có 02/05 đơn vị thực hiện, tỷ lệ 40%; còn 03 đơn vị chưa thực hiện")
    assert found["han_in"] == "trước ngày 10/02/2026"
    assert not found["co_bang"]


def test_a_later_letter_of_the_same_year_has_fewer_to_remind() -> None:
    found = paper(reminded(letter(ngay="2026-02-12", han_moi=[{"ngay": "2026-02-20"}])), "cong-van-don-doc.dang-ky")
    assert found["chua_nop"] == ["Chi bộ thôn Thượng", "Chi bộ thôn Hạ"]
    assert "đã quá hạn" in found["tinh_hinh"]
    assert found["han_in"] == "trước ngày 20/02/2026"


def test_more_than_three_units_stand_in_a_table() -> None:
    found = paper(reminded(letter(ngay="2026-02-02")), "cong-van-don-doc.dang-ky")
    assert (found["so_chua"], found["co_bang"]) == (4, True)


def test_a_letter_names_no_kind_and_is_numbered_in_its_own_series() -> None:
    found = paper(reminded(letter()), "cong-van-don-doc.dang-ky")
    assert found["so_ky_hieu"] == "Số 09-CV/BXDD"
    assert found["trich_yeu"] == "về việc đôn đốc đăng ký mô hình “Dân vận khéo” năm 2026"
    assert found["van_ban_giao_viec"].startswith("Hướng dẫn số 03-HD/ĐU, ngày 20/01/2026 của Đảng uỷ xã Bình An")


def test_a_letter_of_the_state_has_the_symbol_of_the_body_and_of_the_work_alone() -> None:
    office = unit("UBND", "Uỷ ban nhân dân xã Bình An", "ubnd", chuc_vu_thu_truong="Chủ tịch")
    found = paper(reminded(letter(co_quan="UBND"), don_vi=[*UNITS, office]), "cong-van-don-doc.dang-ky")
    assert (found["he"], found["so_ky_hieu"]) == ("nha_nuoc", "Số: 09/UBND-DV")
    assert found["trich_yeu"].startswith("V/v đôn đốc")
    assert (found["quyen_han"], found["chuc_vu_ky"]) == ("TM. UỶ BAN NHÂN DÂN", "CHỦ TỊCH")


def test_reports_are_counted_by_what_each_unit_handed_in() -> None:
    units = [dict(u) for u in UNITS]
    units[2]["bao_cao_nop"] = [{"ky": "6 tháng", "ngay": "2026-06-20"}]
    units[3]["bao_cao_nop"] = [{"ky": "6 tháng", "ngay": "2026-07-05"}, {"ky": "Năm"}]
    row = letter(ma="cong-van-don-doc.6-thang", ngay="2026-07-01")
    found = paper(reminded(row, don_vi=units), "cong-van-don-doc.6-thang")
    assert (found["so_da"], found["so_phai"], found["so_chua"]) == (1, 5, 4)
    assert found["viec"] == "gửi báo cáo 6 tháng đầu năm phong trào thi đua “Dân vận khéo” năm 2026"


def test_nobody_is_reminded_of_what_nobody_has_begun_or_all_have_done() -> None:
    kind = "cong-van-don-doc"
    assert planned(reminded(mo_hinh=[]), kind) == []
    assert planned(reminded(), kind) == ["cong-van-don-doc.dang-ky"]
    everyone = [model(n, tap_the=f"DV{n:02}") for n in range(1, 6)]
    assert planned(reminded(mo_hinh=everyone), kind) == []


def test_the_code_of_a_reminder_is_not_that_of_a_period_of_the_same_name() -> None:
    g = derive.graph(reminded(), Catalog())
    record = derive.paper_record(g, "cong-van-don-doc.nam")
    assert record["trich_yeu"].startswith("về việc đôn đốc gửi báo cáo năm")


def test_a_new_deadline_lies_after_the_letter() -> None:
    late, good = ([{"ngay": day}] for day in ("2026-02-04", "2026-02-09"))
    assert "new_deadline_past" in codes(reminded(letter(han_moi=late)))
    assert "new_deadline_past" not in codes(reminded(letter(han_moi=good)))


# --- giấy mời --------------------------------------------------------------------------------------------------------

PEOPLE = [
    {"ma": "NG01", "ho_ten": "Nguyễn Văn Minh", "gioi_tinh": "nam", "chuc_vu": "Bí thư", "chuc_vu_ky": "Bí thư"},
    {"ma": "NG02", "ho_ten": "Trần Thị Lan", "gioi_tinh": "nu", "chuc_vu": "Chi uỷ viên", "don_vi": "DV01"},
    {"ma": "NG03", "ho_ten": "Lê Thị Hoa", "gioi_tinh": "nu", "chuc_vu": "Chủ tịch Hội Nông dân xã"},
]
COMING = [
    {"cuoc_hop": "RM01", "nguoi": "NG01", "thanh_phan": "thanh_vien", "co_mat": True},
    {"cuoc_hop": "RM01", "nguoi": "NG02", "thanh_phan": "thanh_vien", "co_mat": True},
    {"cuoc_hop": "RM01", "nguoi": "NG03", "thanh_phan": "khach_moi", "co_mat": True},
]
PLEDGES = [
    {"ten": "Chi hội Phụ nữ thôn Đông"},
    {"ten": "Cụm hộ số 1", "so_ho": 11, "ngay": "2026-03-26"},
    {"ten": "Hộ ông Vũ Văn Tám", "so_ho": 1},
]


def launch(**changes: Any) -> dict[str, Any]:
    return {
        "ma": "RM01",
        "loai": "ra_mat",
        "ten": "Hội nghị ra mắt mô hình",
        "mo_hinh": "MH01",
        "ngay": "2026-03-26",
        "gio_bat_dau": "8:00",
        "gio_ket_thuc": "09:30",
        "dia_diem": "Nhà văn hoá",
        "chu_tri": "NG01",
        "thu_ky": "NG02",
        "ket_luan": ["Thống nhất ra mắt."],
        **changes,
    }


def launched(*rows: dict[str, Any], meeting: dict[str, Any] | None = None, **of_model: Any) -> dict[str, Any]:
    dates = {"ngay_phe_duyet": "2026-03-05", "ngay_ra_mat": "2026-03-26", "tap_the": "DV01", "cam_ket": PLEDGES}
    first = model(1, **{**dates, **of_model})
    held = [meeting or launch()]
    return small_year(don_vi=UNITS, nguoi=PEOPLE, mo_hinh=[first], cuoc_hop=held, du_hop=COMING, van_ban=[GUIDE, *rows])


def invitation(day: str, of: str = "RM01") -> dict[str, Any]:
    return {"ma": f"giay-moi.{of}", "tinh_chat": "lap", "so": 3, "ngay": day}


def test_an_invitation_calls_those_of_the_meeting_but_its_chair_on_a_weekday_worked_out() -> None:
    found = paper(launched(), "giay-moi.RM01")
    assert [p["dong"] for p in found["thanh_phan_moi"]] == [
        "Bà Lê Thị Hoa, Chủ tịch Hội Nông dân xã",
        "Bà Trần Thị Lan, Chi uỷ viên, Chi bộ thôn Đông",
    ]
    assert found["thoi_gian"] == "08 giờ 00 phút, thứ Năm, ngày 26/3/2026"
    assert found["co_quan_moi"] == "Chi bộ thôn Đông"


def test_an_invitation_is_of_the_system_of_the_body_that_holds_the_meeting() -> None:
    body = unit("UBND", "Uỷ ban nhân dân xã Bình An", "ubnd", chuc_vu_thu_truong="Chủ tịch")
    front = unit("MTTQ-BTT", "Uỷ ban Mặt trận Tổ quốc Việt Nam xã Bình An", "mttq", chuc_vu_thu_truong="Chủ tịch")
    for code, he, number in (("UBND", "nha_nuoc", "/GM-UBND"), ("MTTQ-BTT", "mttq", "/GM-MTTQ-BTT")):
        year = launched(meeting=launch(don_vi=code))
        year["don_vi"] = [*UNITS, body, front]
        found = paper(year, "giay-moi.RM01")
        assert (found["he"], found["so_ky_hieu"].endswith(number)) == (he, True)
        assert found["quyen_han"].startswith("TM. ")


def test_a_meeting_without_a_day_or_people_calls_nobody() -> None:
    assert planned(launched(meeting=launch(ngay=None)), "giay-moi") == []
    year = launched()
    year["du_hop"] = []
    assert planned(year, "giay-moi") == []


@pytest.mark.parametrize(
    ("day", "code"),
    [("2026-03-26", "invitation_day"), ("2026-03-25", "invitation_late"), ("2026-03-24", "")],
)
def test_an_invitation_goes_out_two_days_before(day: str, code: str) -> None:
    found = [c for c in codes(launched(invitation(day))) if "invitation" in c]
    assert found == ([code] if code else [])


@pytest.mark.parametrize(("day", "late"), [("2026-03-24", True), ("2026-03-23", False)])
def test_one_to_an_appraisal_goes_out_three_days_before(day: str, late: bool) -> None:
    year = launched(invitation(day), meeting=launch(loai="tham_dinh", mo_hinh=None))
    assert ("appraisal_invitation_late" in codes(year)) == late


# --- ra mắt, cam kết -------------------------------------------------------------------------------------------------


def programme(*times: str) -> list[dict[str, Any]]:
    return [{"thoi_gian": t, "noi_dung": f"Phần {n}"} for n, t in enumerate(times, 1)]


def test_a_programme_runs_on_from_the_hour_of_the_meeting() -> None:
    found = paper(
        launched(meeting=launch(chuong_trinh=programme("10 phút", "8h10", "8h25"))), "chuong-trinh-ra-mat.RM01"
    )
    assert [p["gio_in"] for p in found["phan"]] == [
        "08 giờ 00 phút - 08 giờ 10 phút",
        "08 giờ 10 phút - 08 giờ 25 phút",
        "08 giờ 25 phút",
    ]


def test_a_meeting_without_a_programme_has_the_usual_one() -> None:
    found = paper(launched(), "chuong-trinh-ra-mat.RM01")
    assert found["phan"][0]["gio"] == ["08:00", "08:10"]
    assert found["phan"][-1]["noi_dung"] == "Bế mạc"


@pytest.mark.parametrize(
    ("times", "code"),
    [
        (("08:00 - 08:30", "08:20 - 08:40"), "programme_overlaps"),
        (("07:30 - 08:10",), "programme_before_meeting"),
        (("08:00 - 09:00", "40 phút"), "programme_after_meeting"),
        (("08:00 - 08:30", "08:30 - 08:40"), ""),
    ],
)
def test_the_hours_of_a_programme_follow_each_other_within_the_meeting(times: tuple[str, ...], code: str) -> None:
    found = [c for c in codes(launched(meeting=launch(chuong_trinh=programme(*times)))) if "programme" in c]
    assert found == ([code] if code else [])


def test_minutes_count_the_pledges_and_households_of_the_model() -> None:
    found = paper(launched(), "bien-ban-ra-mat.RM01")
    assert (found["so_cam_ket"], found["so_ho"]) == (3, 12)
    assert (found["so_co_mat"], found["tong"], found["so_vang"]) == (2, 2, 0)


def test_minutes_without_names_take_the_counts_of_the_meeting() -> None:
    year = launched(meeting=launch(so_trieu_tap=98, so_co_mat=92))
    year["du_hop"] = COMING[2:]
    found = paper(year, "bien-ban-ra-mat.RM01")
    assert (found["so_co_mat"], found["tong"], found["so_vang"]) == (92, 98, 6)


def test_no_minutes_of_a_launch_that_has_not_been_concluded() -> None:
    assert planned(launched(meeting=launch(ket_luan=[])), "bien-ban-ra-mat") == []
    assert planned(launched(meeting=launch(ket_luan=[])), "chuong-trinh-ra-mat") == ["chuong-trinh-ra-mat.RM01"]


def test_the_day_of_a_launch_is_that_of_its_model() -> None:
    assert "launch_day" in codes(launched(ngay_ra_mat="2026-03-27"))
    assert "launch_day" not in codes(launched())


def test_only_a_new_model_is_launched() -> None:
    assert "launch_of_old_model" in codes(launched(loai_hinh="nhan_rong"))
    assert "launch_of_old_model" not in codes(launched())


def test_the_people_pledge_under_the_name_of_the_country_the_party_under_its_own() -> None:
    assert paper(launched(), "ban-cam-ket.MH01")["he"] == "nha_nuoc"
    party = paper(launched(cam_ket=[{"ten": "DV02"}, {"ten": "Đảng viên Lê Văn Hùng"}]), "ban-cam-ket.MH01")
    assert (party["he"], party["quyen_han"]) == ("dang", "T/M CHI BỘ THÔN ĐÔNG")
    assert party["ben_cam_ket"][0]["ten"] == "Chi bộ thôn Đoài"
    assert "signer_authority" not in codes(launched())


def test_a_pledge_names_each_target_of_the_plan_once() -> None:
    length = {"noi_dung": "Chiều dài", "don_vi_tinh": "m"}
    targets = [{**length, "muc_tieu": 1200}, {**length, "ky": "6 tháng", "dat": 700}]
    assert [t["dong"] for t in paper(launched(muc_tieu=targets), "ban-cam-ket.MH01")["chi_tieu"]] == [
        "chiều dài 1.200 m"
    ]


def test_only_new_models_with_pledges_have_the_paper() -> None:
    assert planned(launched(), "ban-cam-ket") == ["ban-cam-ket.MH01"]
    assert planned(launched(cam_ket=[]), "ban-cam-ket") == []
    assert planned(launched(loai_hinh="duy_tri"), "ban-cam-ket") == []


def test_a_pledge_is_signed_on_the_day_of_the_launch_and_says_three_things() -> None:
    late = [{"ten": "Cụm hộ số 1", "ngay": "2026-04-02"}]
    assert "pledge_day" in codes(launched(cam_ket=late))
    assert "pledge_points_few" in codes(launched(noi_dung_cam_ket=["Một.", "Hai."]))
    kept = codes(launched(noi_dung_cam_ket=["Một.", "Hai.", "Ba."]))
    assert not {"pledge_day", "pledge_points_few"} & set(kept)


# --- sổ theo dõi, tiền thưởng ----------------------------------------------------------------------------------------


def test_the_register_holds_each_model_with_what_the_year_knows_of_it() -> None:
    checked = {"ma": "KT01", "loai": "kiem_tra", "ten": "Kiểm tra", "mo_hinh": "MH01", "ngay": "2026-06-10"}
    year = launched(cong_nhan=True, so_tieu_chi_dat=8, ket_luan_tham_dinh="de_nghi_cong_nhan")
    year["cuoc_hop"].append({**checked, "ket_qua": "dung_tien_do"})
    year["mo_hinh"].append(model(2, tap_the="DV02", bien_dong="rut"))
    year["dien_hinh"] = [{"ma": "DH01", "mo_hinh": "MH01", "tap_the": "DV01", "de_nghi": True, "khen_boi": "DU"}]
    year["van_ban"].append({"ma": "quyet-dinh-cong-nhan", "tinh_chat": "lap", "so": 15, "ngay": "2026-09-30"})
    first, second = paper(year, "so-theo-doi-mo-hinh")["danh_sach"]
    assert first["kiem_tra"][0]["dong"] == "10/6/\n2026: đúng tiến độ"
    assert first["cong_nhan_in"] == "15-QĐ/DU,\n30/9/\n2026"
    assert (first["cap_tren"], first["khen"][0]["dong"]) == ("Đã đề nghị", "Giấy khen của Ban Thường vụ Đảng uỷ")
    assert (second["bien_dong"], second["cong_nhan_in"]) == ("Rút đăng ký", "")


def prized(day: str, **info: Any) -> dict[str, Any]:
    body = unit("UBND", "Uỷ ban nhân dân xã Bình An", "ubnd", chuc_vu_thu_truong="Chủ tịch")
    row = {"ma": "quyet-dinh-khen-thuong.UBND", "tinh_chat": "lap", "so": 412, "ngay": day}
    rewarded = [
        {"ma": "DH01", "ca_nhan": "NG03", "khen_boi": "UBND"},
        {"ma": "DH02", "tap_the": "HPN", "khen_boi": "UBND"},
        {"ma": "DH03", "tap_the": "DV01", "khen_boi": "DU"},
    ]
    year = small_year(don_vi=[*UNITS, body], nguoi=PEOPLE, dien_hinh=rewarded, van_ban=[row])
    year["thong_tin"].update(info)
    return year


@pytest.mark.parametrize(
    ("day", "total", "words"),
    [
        ("2026-06-30", 2_120_000, "Hai triệu một trăm hai mươi nghìn đồng"),
        ("2026-07-01", 2_280_000, "Hai triệu hai trăm tám mươi nghìn đồng"),
    ],
)
def test_prize_money_is_by_the_law_on_the_day_of_the_decision(day: str, total: int, words: str) -> None:
    found = paper(prized(day), "du-toan-khen-thuong.UBND")
    assert (found["tong"], found["bang_chu"]) == (total, words)
    assert [d["he_so_in"] for d in found["danh_sach_xep"]] == ["0,6", "0,3"]
    assert "412/QĐ-UBND" in found["kem_theo"]


def test_a_sum_that_was_typed_has_no_factor() -> None:
    found = paper(prized("2026-10-16", muc_thuong_tap_the=1_500_000), "du-toan-khen-thuong.UBND")
    assert [(d["he_so_in"], d["so_tien"]) for d in found["danh_sach_xep"]] == [("", 1_500_000), ("0,3", 760_000)]


def test_only_the_state_pays_by_this_list() -> None:
    assert planned(prized("2026-10-16"), "du-toan-khen-thuong") == ["du-toan-khen-thuong.UBND"]


def test_a_blank_year_calls_for_none_of_these() -> None:
    blank = small_year(mo_hinh=[])
    kinds = ("cong-van-don-doc", "giay-moi", "chuong-trinh-ra-mat", "bien-ban-ra-mat", "ban-cam-ket")
    assert [k for k in (*kinds, "so-theo-doi-mo-hinh", "du-toan-khen-thuong") if planned(blank, k)] == []


def test_a_pledge_of_the_people_names_no_office_and_is_not_blamed_for_it() -> None:
    blamed = dvk.check_format(dvk.kind("ban-cam-ket").make(SIGNED).docx)
    assert (blamed.system, [p.code for p in blamed.problems]) == ("nha_nuoc", [])


SIGNED: dict[str, Any] = {
    "he": "nha_nuoc",
    "nam": 2026,
    "dia_danh": "Bình An",
    "ngay": "2026-03-26",
    "trich_yeu": "Thực hiện mô hình “Đường hoa”",
    "mo_hinh": "Đường hoa",
    "ben_nhan": "Chi bộ thôn Đông",
    "ben_cam_ket": [{"ten": "Ông Vũ Văn Tám"}],
    "noi_dung": ["Giữ sạch đường"],
    "nguoi_ky": "Nguyễn Văn Minh",
}
