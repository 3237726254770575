"""The papers of registration, from small years: who is counted, which lists agree, what each form of a place prints."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import dvk_docs as dvk
from dvk_docs import derive
from dvk_docs.catalog import Catalog
from dvk_docs.testing import outline

CATALOG = Catalog()
UNITS = [
    {
        "ma": "DU",
        "ten": "Đảng uỷ xã Bình An",
        "loai": "dang_uy",
        "ky_hieu": "ĐU",
        "thu_truong": "N1",
        "chuc_vu_thu_truong": "Bí thư",
    },
    {
        "ma": "XDD",
        "ten": "Ban Xây dựng Đảng Đảng uỷ xã Bình An",
        "loai": "ban_xay_dung_dang",
        "ky_hieu": "BXDĐ",
        "thu_truong": "N2",
        "chuc_vu_thu_truong": "Trưởng ban",
    },
    *(
        {
            "ma": f"CB{n}",
            "ten": f"Chi bộ thôn {n}",
            "loai": "chi_bo",
            "quan_ly": "DU",
            "truc_thuoc": True,
            "phai_dang_ky": True,
            "ky_hieu": "CB",
            "thu_truong": "N3",
            "chuc_vu_thu_truong": "Bí thư",
            "quyen_han": "T/M Chi bộ",
        }
        for n in range(1, 4)
    ),
]
PEOPLE = [
    {
        "ma": "N1",
        "ho_ten": "Lê Văn Hoà",
        "gioi_tinh": "nam",
        "chuc_vu": "Bí thư Đảng uỷ",
        "chuc_vu_ky": "Bí thư",
        "don_vi": "DU",
    },
    {"ma": "N2", "ho_ten": "Ngô Thị Liên", "gioi_tinh": "nu", "chuc_vu": "Trưởng Ban Xây dựng Đảng", "don_vi": "XDD"},
    {
        "ma": "N3",
        "ho_ten": "Phan Văn Đạt",
        "gioi_tinh": "nam",
        "chuc_vu": "Bí thư Chi bộ",
        "chuc_vu_ky": "Bí thư",
        "don_vi": "CB1",
    },
]
REVIEW = {
    "ma": "RS",
    "loai": "ra_soat",
    "ten": "Họp rà soát",
    "ngay": "2026-02-25",
    "gio_bat_dau": "08:00",
    "gio_ket_thuc": "10:00",
    "dia_diem": "Phòng họp Đảng uỷ",
    "chu_tri": "N2",
    "thu_ky": "N1",
    "so_trieu_tap": 5,
    "so_co_mat": 4,
    "noi_dung": ["Rà soát đăng ký."],
}


def model(number: int, unit: str = "CB1", **more: Any) -> dict[str, Any]:
    return {
        "ma": f"MH{number}",
        "ten": f"Mô hình số {number}",
        "linh_vuc": "kinh_te",
        "loai_hinh": "xay_moi",
        "tap_the": unit,
        "ngay_dang_ky": "2026-02-03",
        **more,
    }


def year(*models: dict[str, Any], **more: Any) -> dict[str, Any]:
    info = {
        "nam": 2026,
        "bo_quy_tac": "xa-2026",
        "ten_xa": "Bình An",
        "loai_xa": "xa",
        "dia_danh": "Bình An",
        "cap_tren": "thanh_pho",
        "dang_bo_cap_tren": "Đảng bộ thành phố Minh Hà",
        "noi_nhan_de_nghi": "Ban Tuyên giáo và Dân vận Thành uỷ Minh Hà",
        "dau_moi": "XDD",
        "nguoi_ky": "N1",
        **more.pop("thong_tin", {}),
    }
    tables = {"don_vi": UNITS, "nguoi": PEOPLE, "cuoc_hop": [REVIEW], **more}
    return {"phien_ban": 3, "thong_tin": info, "mo_hinh": list(models), **tables}


def papers(
    data: dict[str, Any], kind: str, catalog: Catalog = CATALOG
) -> Iterator[tuple[derive.Paper, dict[str, Any]]]:
    g = derive.graph(data, catalog)
    for paper in derive._papers_of(g, kind):
        yield paper, derive.paper_data(g, paper).data


def paper(data: dict[str, Any], kind: str) -> dict[str, Any]:
    """The data of the one paper of a kind."""
    ((_, found),) = papers(data, kind)
    return found


def text(data: dict[str, Any], kind: str) -> str:
    return outline(dvk.kind(kind).make(paper(data, kind)).docx)


FOUR = (
    model(1, ngay_phe_duyet="2026-03-05"),
    model(2, "CB2", ngay_phe_duyet="2026-03-05", loai_hinh="nhan_rong", linh_vuc="van_hoa_xa_hoi"),
    model(3, "CB2", bien_dong="bo_sung", nhan_xet_dang_ky=["Thiếu số liệu nền."]),
    model(4, "CB2", bien_dong="khong_duyet"),
)


def test_the_minutes_of_the_review_conclude_on_each_registration() -> None:
    found = paper(year(*FOUR), "tham-dinh-dang-ky")
    assert [m["ket_luan"] for m in found["danh_sach"]] == ["dong_y", "dong_y", "bo_sung", "khong"]
    said = text(year(*FOUR), "tham-dinh-dang-ky")
    assert "có 02 mô hình được đồng ý, 01 mô hình phải bổ sung, hoàn thiện và 01 mô hình không được đồng ý." in said
    assert "được triệu tập 05 đồng chí; có mặt 04 đồng chí, đạt 80%; vắng mặt 01 đồng chí." in said


def test_a_registration_that_came_after_the_review_is_not_in_its_minutes() -> None:
    found = paper(year(model(1), model(2, ngay_dang_ky="2026-02-26")), "tham-dinh-dang-ky")
    assert [m["ten_mo_hinh"] for m in found["danh_sach"]] == ["Mô hình số 1"]


def test_two_registrations_of_one_name_are_told() -> None:
    same = text(year(model(1, ten="Đường hoa"), model(2, "CB2", ten="đường hoa")), "tham-dinh-dang-ky")
    assert same.count("Trùng tên với mô hình khác") == 2


@pytest.mark.parametrize(("when", "told"), [("cung-dang-ky", "thiếu kế hoạch"), ("sau-phe-duyet", "Ô: Đăng ký ||")])
def test_a_plan_is_missed_only_where_it_comes_with_the_registration(when: str, told: str, place: Any) -> None:
    assert told in place(f'thoi_diem_ke_hoach = "{when}"', "tham-dinh-dang-ky", model(1))


@pytest.fixture
def place(tmp_path: Path) -> Any:
    """The text of one paper, or of each, under a place's own words."""

    def made(words: str, kind: str, *models: dict[str, Any], **more: Any) -> str:
        (tmp_path / "quy_dinh").mkdir(exist_ok=True)
        (tmp_path / "quy_dinh" / "noi-khac.toml").write_text(
            f'ten = "Nơi khác"\ndua_tren = "xa-2026"\n{words}\n', "utf-8"
        )
        data = year(*models, thong_tin={"bo_quy_tac": "noi-khac"}, **more)
        found = papers(data, kind, Catalog([tmp_path]))
        return "\n".join(outline(dvk.kind(kind).make(d).docx) for _, d in found)

    return made


def test_the_request_proposes_what_the_review_agreed_to_and_counts_the_rest() -> None:
    said = text(year(*FOUR), "to-trinh-phe-duyet-dang-ky")
    assert "đã nhận 04 đăng ký mô hình" in said
    assert "Danh mục đề nghị phê duyệt có 02 mô hình. Theo chủ thể: 02 mô hình của tập thể." in said
    assert "“Mô hình số 3” của Chi bộ thôn 2: phải bổ sung, hoàn thiện. Thiếu số liệu nền." in said


def test_the_request_compares_with_the_targets_of_the_place() -> None:
    found = paper(year(*FOUR), "to-trinh-phe-duyet-dang-ky")["doi_chieu"]
    assert [(d["yeu_cau"], d["thuc_te"]) for d in found] == [(5, 3), (1, 3), (3, 2)]  # the refused one is not counted


def test_the_notice_lists_the_approved_models_and_cites_the_request() -> None:
    rows = [{"ma": "to-trinh-phe-duyet-dang-ky", "tinh_chat": "lap", "so": 5, "ngay": "2026-02-27"}]
    said = text(year(*FOUR, van_ban=rows), "thong-bao-phe-duyet-dang-ky")
    assert "đồng ý danh mục 02 mô hình “Dân vận khéo” năm 2026" in said
    assert "Xét đề nghị của Ban Xây dựng Đảng tại Tờ trình số 05-TTr/BXDĐ, ngày 27/02/2026" in said
    assert "Mô hình số 3" not in said


def test_a_place_that_approves_by_decision_gets_a_decision(place: Any) -> None:
    said = place('van_ban_phe_duyet = "Quyết định"', "thong-bao-phe-duyet-dang-ky", *FOUR)
    assert "Tên loại: QUYẾT ĐỊNH" in said and "-QĐ/ĐU" in said
    assert "BAN THƯỜNG VỤ ĐẢNG UỶ QUYẾT ĐỊNH" in said and "Quy chế làm việc" in said


def test_a_place_whose_plans_come_after_approval_sets_their_day(place: Any) -> None:
    words = 'thoi_diem_ke_hoach = "sau-phe-duyet"\n[moc_han]\nke_hoach = "03-31"'
    assert "gửi Ban Xây dựng Đảng trước ngày 31/3/2026" in place(words, "thong-bao-phe-duyet-dang-ky", *FOUR)


def test_the_report_and_its_table_say_the_same() -> None:
    data = year(*FOUR, van_ban=[{"ma": "bao-cao-dang-ky", "tinh_chat": "lap", "so": 35, "ngay": "2026-03-06"}])
    report, table = paper(data, "bao-cao-dang-ky"), paper(data, "tong-hop-dang-ky")
    assert [m["ten_mo_hinh"] for m in report["danh_sach"]] == [m["ten_mo_hinh"] for m in table["danh_sach"]]
    assert (report["so_da_dang_ky"], report["so_phai_dang_ky"]) == (table["so_da_dang_ky"], table["so_phai_dang_ky"])
    assert table["ngay"] == "2026-03-06"
    assert "Có 02/03 đơn vị phải đăng ký đã có mô hình, đạt 66,7%. Còn 01 đơn vị chưa đăng ký: Chi bộ thôn 3." in text(
        data, "bao-cao-dang-ky"
    )
    assert "(Kèm theo Báo cáo số 35-BC/ĐU, ngày 06/3/2026 của Đảng uỷ xã Bình An)" in text(data, "tong-hop-dang-ky")


def test_a_report_of_the_board_is_signed_by_its_head() -> None:
    row = {"ma": "bao-cao-dang-ky", "tinh_chat": "lap", "so": 3, "co_quan": "XDD"}
    said = text(year(*FOUR, van_ban=[row]), "bao-cao-dang-ky")
    assert "Số 03-BC/BXDĐ" in said and "Quyền hạn: TRƯỞNG BAN" in said and "Ngô Thị Liên" in said


def test_a_model_dropped_later_in_the_year_stays_in_the_papers_of_march() -> None:
    found = paper(year(model(1, ngay_phe_duyet="2026-03-05", bien_dong="loai_bo")), "tong-hop-dang-ky")
    assert len(found["danh_sach"]) == 1


def problems(data: dict[str, Any], code: str) -> list[str]:
    return [p.place.pointer for p in dvk.check(dvk.Year.from_data(data), ngay="2026-03-20").problems if p.code == code]


RULES = [
    ("approved_not_reviewed", {"ngay_phe_duyet": "2026-02-20"}, "/mo_hinh/0/ngay_phe_duyet"),
    ("refused_but_approved", {"ngay_phe_duyet": "2026-03-05", "bien_dong": "khong_duyet"}, "/mo_hinh/0/ngay_phe_duyet"),
]


@pytest.mark.parametrize(("code", "cells", "pointer"), RULES)
def test_an_approval_that_does_not_follow_the_review_is_an_error(code: str, cells: Any, pointer: str) -> None:
    assert problems(year(model(1, ngay_phe_duyet="2026-03-05")), code) == []
    assert problems(year(model(1, **cells)), code) == [pointer]


def test_the_papers_of_approval_follow_each_other() -> None:
    rows = [
        {"ma": "to-trinh-phe-duyet-dang-ky", "tinh_chat": "lap", "ngay": "2026-03-04"},
        {"ma": "thong-bao-phe-duyet-dang-ky", "tinh_chat": "lap", "ngay": "2026-03-03"},
    ]
    assert problems(year(*FOUR, van_ban=rows), "registration_papers_days") == ["/van_ban/1/ngay"]
    rows[1]["ngay"] = "2026-03-05"
    assert problems(year(*FOUR, van_ban=rows), "registration_papers_days") == []


MEETING = {
    "ma": "SH",
    "loai": "sinh_hoat",
    "ten": "Sinh hoạt Chi bộ thôn 1",
    "don_vi": "CB1",
    "ngay": "2026-01-30",
    "so_trieu_tap": 20,
    "so_co_mat": 18,
    "phieu_dong_y": 17,
    "phan_cong": [{"ai_lam": "N3", "noi_dung": "phụ trách chung"}],
}


def test_a_resolution_is_of_the_models_of_its_cell_and_says_who_voted() -> None:
    said = text(year(model(1), model(2), model(3, "CB2"), cuoc_hop=[MEETING]), "nghi-quyet-mo-hinh")
    assert "có 18/20 đảng viên dự họp, đạt 90%. Sau khi thảo luận, Chi bộ thôn 1 quyết nghị:" in said
    assert "Thống nhất xây dựng 02 mô hình:" in said and "Mô hình số 3" not in said
    assert "Đồng chí Phan Văn Đạt, Bí thư Chi bộ: phụ trách chung." in said
    assert "với 17/20 đảng viên tán thành (đạt 85%)." in said


def test_a_resolution_without_the_majority_is_an_error_and_never_reads_as_passed() -> None:
    data = year(model(1), cuoc_hop=[{**MEETING, "phieu_dong_y": 10}])
    assert problems(data, "resolution_majority") == ["/cuoc_hop/0/phieu_dong_y"]
    assert "thông qua với" not in text(data, "nghi-quyet-mo-hinh")
    assert problems(year(model(1), cuoc_hop=[{**MEETING, "phieu_dong_y": 11}]), "resolution_majority") == []


def test_a_survey_takes_its_figures_from_the_targets_before_the_model() -> None:
    survey = {
        **REVIEW,
        "ma": "KS",
        "loai": "khao_sat",
        "mo_hinh": "MH1",
        "ngay": "2026-01-15",
        "ket_qua": "can_dieu_chinh",
    }
    targets = [{"noi_dung": "Hộ nghèo", "don_vi_tinh": "hộ", "nen": 12, "muc_tieu": 5}, {"noi_dung": "Đường hoa"}]
    data = year(model(1, muc_tieu=targets), cuoc_hop=[survey])
    found = paper(data, "bien-ban-khao-sat")["so_lieu_nen"]
    assert found == [{"chi_tieu": "Hộ nghèo", "don_vi": "hộ", "gia_tri": 12, "thoi_diem": "2026-01-15"}]
    said = text(data, "bien-ban-khao-sat")
    assert "cần điều chỉnh trước khi đăng ký" in said and "ĐẠI DIỆN CHỦ THỂ" in said


def test_one_who_asks_for_himself_has_no_number_and_asks_his_own_cell() -> None:
    alone = model(1, tap_the=None, ca_nhan="N3", de_xuat_chu_truong=["Cho chủ trương."])
    said = text(year(alone), "to-trinh-xin-chu-truong")
    assert "Chi bộ thôn 1." in said and "Số" not in said.split("Tên loại")[0]
    assert "Số      -TTr/CB" in text(year(model(1, de_xuat_chu_truong=["Cho chủ trương."])), "to-trinh-xin-chu-truong")


def test_a_model_of_the_front_is_asked_for_in_its_own_form() -> None:
    front = {
        "ma": "MT",
        "ten": "Uỷ ban Mặt trận Tổ quốc Việt Nam xã Bình An",
        "loai": "mttq",
        "ky_hieu": "MTTQ-BTT",
        "thu_truong": "N2",
        "chuc_vu_thu_truong": "Chủ tịch",
        "quyen_han": "T/M Ban Thường trực",
    }
    said = text(
        year(model(1, "MT", de_xuat_chu_truong=["Cho chủ trương."]), don_vi=[*UNITS, front]), "to-trinh-xin-chu-truong"
    )
    assert "CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM" in said and "TM. BAN THƯỜNG TRỰC" in said and "/TTr-MTTQ-BTT" in said


def test_a_model_of_which_nothing_is_told_asks_for_nothing() -> None:
    assert list(papers(year(model(1)), "to-trinh-xin-chu-truong")) == []


@pytest.mark.parametrize(
    ("code", "more", "pointer"),
    [
        (
            "request_days",
            {"van_ban": [{"ma": "to-trinh-xin-chu-truong.MH1", "tinh_chat": "lap", "ngay": "2026-02-10"}]},
            "/mo_hinh/0/ngay_dang_ky",
        ),
        (
            "cell_meeting_days",
            {"cuoc_hop": [{**MEETING, "mo_hinh": "MH1", "ngay": "2026-02-10"}]},
            "/mo_hinh/0/ngay_dang_ky",
        ),
    ],
)
def test_what_comes_before_registering_is_dated_before_it(code: str, more: Any, pointer: str) -> None:
    assert problems(year(model(1), **more), code) == [pointer]
    assert problems(year(model(1, ngay_dang_ky="2026-02-12"), **more), code) == []


WHOLE = model(
    1,
    dia_chi=None,
    pham_vi="thôn 1",
    thuc_trang=["Thôn có 120 hộ."],
    hieu_qua_du_kien=["Đường sạch."],
    muc_tieu=[{"noi_dung": "Đường hoa", "don_vi_tinh": "m", "muc_tieu": 900}],
    noi_dung=["Trồng hoa."],
    bien_phap=["Chia cụm hộ."],
    doi_tuong=["120 hộ dân."],
    luc_luong=[{"ten": "Chi hội Phụ nữ", "so_luong": 40}],
    nguon_luc=[{"ten": "Đóng góp", "don_vi_tinh": "triệu đồng", "du_kien": 60}],
    san_pham=["900 m đường hoa."],
    kha_nang_nhan_rong=["Làm được ở thôn khác."],
    tien_do=[{"noi_dung": "Họp dân", "thoi_gian": "tháng 3/2026"}],
    den_ngay="2026-10-31",
)
del WHOLE["dia_chi"]
FORMS = {
    "01a-01b": ("Dự kiến hiệu quả mang lại", "đăng ký ¶ Quyền hạn: T/M CHI BỘ"),
    "chin-truong": ("9. Khả năng duy trì, nhân rộng", "(khu dân cư)"),
    "rut-gon": ("5. Tiến độ thực hiện", "Xác nhận của chi uỷ ¶ Giữa nghiêng: (Chi bộ thôn 1)"),
}


@pytest.mark.parametrize("form", FORMS)
def test_one_record_fills_each_form_of_registration_with_no_gap(form: str, place: Any) -> None:
    units = [{**u, "dia_chi": "thôn 1, xã Bình An"} for u in UNITS]
    said = place(f'mau_dang_ky = "{form}"', "dang-ky-mo-hinh", WHOLE, don_vi=units)
    assert all(words in said for words in FORMS[form])
    assert "[Chưa nhập" not in said


MISSING = {
    "01a-01b": {"dia_chi", "thuc_trang", "hieu_qua_du_kien", "thoi_gian_hoan_thanh"},
    "chin-truong": {
        *("dia_chi", "thuc_trang", "thoi_gian_hoan_thanh", "pham_vi", "chi_tieu", "noi_dung", "cach_thuc", "doi_tuong"),
        *("luc_luong", "nguon_luc", "san_pham", "kha_nang_nhan_rong"),
    },
    "rut-gon": {"chi_tieu", "noi_dung", "lo_trinh"},
}


@pytest.mark.parametrize("form", MISSING)
def test_each_form_tells_what_it_lacks_and_nothing_that_it_does_not_print(
    form: str, place: Any, tmp_path: Path
) -> None:
    printed = place(f'mau_dang_ky = "{form}"', "dang-ky-mo-hinh", model(1))
    data = year(model(1), thong_tin={"bo_quy_tac": "noi-khac"})
    ((_, found),) = papers(data, "dang-ky-mo-hinh", Catalog([tmp_path]))
    told = {p.place.pointer[1:] for p in dvk.kind("dang-ky-mo-hinh").check(found).problems if p.code == "blank_prose"}
    assert told == MISSING[form]
    assert printed.count("[Chưa nhập") >= len(told)


@pytest.mark.parametrize(
    ("name", "home"),
    [
        ("Chi bộ thôn 1", True),
        ("Tổ dân phố số 3", True),
        ("Chi bộ Công an xã", False),
        ("Trường Tiểu học Bình An", False),
    ],
)
def test_a_unit_is_of_a_neighbourhood_by_its_name(name: str, home: bool) -> None:
    g = derive.graph(year(don_vi=[{"ma": "A", "ten": name, "loai": "khac"}]), CATALOG)
    assert g.evaluate("don_vi[0].la_khu_dan_cu") is home


AFTER = 'thoi_diem_ke_hoach = "sau-phe-duyet"'


def test_plans_made_after_approval_are_of_approved_models_and_cite_it(place: Any) -> None:
    said = place(AFTER, "ke-hoach-mo-hinh", *FOUR)
    assert said.count("Tên loại: KẾ HOẠCH") == 2
    assert "phê duyệt danh mục mô hình “Dân vận khéo” năm 2026" in said and "ngày      tháng      năm 2026" in said


def test_a_plan_dated_before_the_approval_is_an_error_where_plans_come_after_it(place: Any, tmp_path: Path) -> None:
    place(AFTER, "ke-hoach-mo-hinh", *FOUR)
    rows = [{"ma": "ke-hoach-mo-hinh.MH1", "tinh_chat": "lap", "ngay": "2026-03-01"}]

    def told(**info: Any) -> list[str]:
        data = dvk.Year.from_data(year(*FOUR, van_ban=rows, **info))
        report = dvk.check(data, ngay="2026-03-20", packs=[tmp_path])
        return [p.place.pointer for p in report.problems if p.code == "plan_after_approval"]

    assert told(thong_tin={"bo_quy_tac": "noi-khac"}) == ["/van_ban/0/ngay"]
    assert told() == []


@pytest.mark.parametrize(("words", "second"), [("", True), ('stt_tong_hop = "theo-nhom"', False)])
def test_the_table_numbers_its_rows_as_the_place_has_it(words: str, second: bool, place: Any) -> None:
    rows = [{"ma": "bao-cao-dang-ky", "tinh_chat": "lap", "so": 3, "ngay": "2026-03-06"}]
    assert ("Ô giữa: 2 ||" in place(words, "tong-hop-dang-ky", *FOUR, van_ban=rows)) is second


def test_any_list_of_fields_makes_the_table_and_its_sums_agree(place: Any) -> None:
    five = ("kinh_te", "van_hoa_xa_hoi", "quoc_phong_an_ninh", "qpan_dttg", "xay_dung_htct")
    words = "linh_vuc = [" + ", ".join(f'{{ma = "{m}", ten = "Lĩnh vực {m}"}}' for m in five) + "]"
    models = [model(n, linh_vuc=m, ngay_phe_duyet="2026-03-05") for n, m in enumerate((*five, "kinh_te", "khac"), 1)]
    for kind in ("tong-hop-dang-ky", "bao-cao-dang-ky", "thong-bao-phe-duyet-dang-ky"):
        said = place(words, kind, *models)
        assert "Lĩnh vực kinh_te" in said and "Lĩnh vực khác" in said, kind
        assert "07 mô hình" in said, kind


FIGURES = [
    {"noi_dung": "Đường hoa", "don_vi_tinh": "m", "nen": 0, "muc_tieu": 900},
    {"noi_dung": "Đường hoa", "don_vi_tinh": "m", "ky": "6 tháng", "dat": 400},
    {"noi_dung": "Đường hoa", "don_vi_tinh": "m", "ky": "Năm", "dat": 950},
]


@pytest.mark.parametrize("kind", ["dang-ky-mo-hinh", "ke-hoach-mo-hinh", "to-trinh-xin-chu-truong", "tong-hop-dang-ky"])
def test_a_target_with_figures_of_june_and_december_is_one_target(kind: str) -> None:
    one = model(1, muc_tieu=FIGURES, de_xuat_chu_truong=["Cho chủ trương."], ngay_phe_duyet="2026-03-05")
    assert text(year(one), kind).count("Đường hoa") == 1


def test_a_report_that_says_a_target_is_not_met_is_not_held_back_by_it() -> None:
    data = year(*(model(n, ngay_phe_duyet="2026-03-05", noi_dung=["Làm đường."]) for n in range(1, 6)))
    short = [p.place.pointer for p in dvk.check(dvk.Year.from_data(data), ngay="2026-03-20").errors]
    g = derive.graph(data, CATALOG)
    (due,) = derive._papers_of(g, "bao-cao-dang-ky")
    made = derive.paper_data(g, due)
    assert short == ["/don_vi/3/truc_thuoc", "/don_vi/4/truc_thuoc"]
    assert (made.data["doi_chieu"][2]["yeu_cau"], made.data["doi_chieu"][2]["thuc_te"]) == (3, 1)
    assert not any(derive.blocks(pointer, made.touched) for pointer in short)
