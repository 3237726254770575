"""The rules of the five localities, one by one: a year keeps each, and one change of its data breaks that rule alone.

The rules are those of the catalogue of forms, section 7: 31 + 13 + 8 + 6 + 10.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from builders import INFO, model, unit, write_pack

from dvk_docs import derive, rules
from dvk_docs.catalog import Catalog
from dvk_docs.checking import wrong_values
from dvk_docs.workbook import values

Year = dict[str, Any]
Change = Callable[[Year], object]

CATALOG = Catalog()
TYPED = ("to-trinh-xin-chu-truong", "nghi-quyet-mo-hinh")  # kinds that a rule asks for, typed in the year


# --- a year that keeps every rule of every set -----------------------------------------------------------------------


def person(n: int, **more: Any) -> dict[str, Any]:
    return {"ma": f"NG{n:02}", "ho_ten": "Trần Thị Lan", "gioi_tinh": "nu", "chuc_vu": "Chi uỷ viên", **more}


def units(nam: int) -> list[dict[str, Any]]:
    reports = [{"ky": "6 tháng", "ngay": f"{nam}-05-30"}, {"ky": "Năm", "ngay": f"{nam}-11-28"}]
    cells = [
        unit(f"DV{n:02}", f"Chi bộ thôn {n}", "chi_bo", quan_ly="DU", truc_thuoc=True, phai_dang_ky=True)
        for n in (1, 2, 3)
    ]
    return [
        unit("DU", "Đảng uỷ xã Bình An", "dang_uy"),
        unit("BXDD", "Ban Xây dựng Đảng Đảng uỷ xã Bình An", "ban_xay_dung_dang", quan_ly="DU"),
        *({**cell, "bao_cao_nop": copy.deepcopy(reports)} for cell in cells),
        unit("UBND", "Uỷ ban nhân dân xã Bình An", "ubnd", chuc_vu_thu_truong="Chủ tịch", quan_ly="DU"),
        unit("MT", "Uỷ ban Mặt trận Tổ quốc Việt Nam xã Bình An", "mttq", quan_ly="DU"),
        unit("KDV", "Khối Dân vận xã Bình An", "khoi_dan_van", quan_ly="DU"),
        unit("BDV", "Ban Dân vận Huyện uỷ", "ban_dan_van"),
        unit("BCD", "Ban Chỉ đạo phong trào xã Bình An", "ban_chi_dao", quan_ly="DU"),
    ]


def whole_model(n: int, nam: int, **more: Any) -> dict[str, Any]:
    """A model with all that registration, plan, launch and appraisal ask for."""
    days = {
        "tu_ngay": "03-01",
        "den_ngay": "10-31",
        "ngay_dang_ky": "02-03",
        "ngay_phe_duyet": "03-05",
        "ngay_ra_mat": "03-26",
        "ngay_bao_cao": "09-01",
    }
    texts = ("thuc_trang", "hieu_qua_du_kien", "muc_dich_yeu_cau", "noi_dung", "bien_phap", "cach_lam", "ket_qua")
    return {
        **model(n, linh_vuc="kinh_te"),
        **{name: f"{nam}-{day}" for name, day in days.items()},
        **{name: [f"Nội dung {name} của mô hình {n}, 10 hộ."] for name in (*texts, "suc_lan_toa")},
        "luc_luong": [{"ten": "Đoàn viên"}, {"ten": "Hội viên"}],
        "nguon_luc": [{"ten": "Nhân dân đóng góp", "du_kien": 10}],
        "muc_tieu": [{"noi_dung": "Hộ tham gia", "nen": 100, "muc_tieu": 120, "dat": 130}],
        "tien_do": [{"noi_dung": "Họp dân", "thoi_gian": "tháng 3"}],
        "cam_ket": [{"ten": "Ông Nguyễn Văn Minh", "ngay": f"{nam}-03-26"}],
        "hop_tham_dinh": "TD01",
        "so_tieu_chi_dat": 8,
        "ket_luan_tham_dinh": "de_nghi_cong_nhan",
        "cong_nhan": True,
        **more,
    }


def not_approved(n: int, nam: int, **more: Any) -> dict[str, Any]:
    """A model whose registration was sent back to be completed: not approved, and it goes no further."""
    later = ("ngay_phe_duyet", "ngay_ra_mat", "ngay_bao_cao", "hop_tham_dinh", "so_tieu_chi_dat", "tien_do")
    one = whole_model(n, nam, loai_hinh="nhan_rong", bien_dong="bo_sung", **more)
    return {k: v for k, v in one.items() if k not in (*later, "ket_luan_tham_dinh", "cong_nhan")}


def models(nam: int) -> list[dict[str, Any]]:
    return [
        *(whole_model(n, nam, tap_the=f"DV{n:02}") for n in (1, 2, 3)),
        *(whole_model(n, nam, tap_the=None, ca_nhan=f"NG1{n - 3}") for n in (4, 5)),
        whole_model(6, nam, tap_the=None, ca_nhan="NG13", loai_hinh="duy_tri"),
        not_approved(7, nam, tap_the="DV01"),
        not_approved(8, nam, tap_the="MT", noi_nhan_dang_ky=["BDV"]),
    ]


def meetings(nam: int) -> list[dict[str, Any]]:
    def one(ma: str, loai: str, day: str, **more: Any) -> dict[str, Any]:
        return {"ma": ma, "loai": loai, "ten": f"Cuộc họp {ma}", "ngay": f"{nam}-{day}", **more}

    return [
        one("RS01", "ra_soat", "02-25"),
        *(one(f"KS{n:02}", "khao_sat", "02-20", mo_hinh=f"MH{n:02}") for n in range(1, 7)),
        *(one(f"RM{n:02}", "ra_mat", "03-26", mo_hinh=f"MH{n:02}") for n in range(1, 7)),
        one("KT01", "kiem_tra", "05-20"),
        one("TD01", "tham_dinh", "09-15"),
        one("BX01", "binh_xet", "09-25"),
        one("BD01", "bieu_duong", "10-14"),
    ]


def nominee(n: int, nam: int, **more: Any) -> dict[str, Any]:
    texts = [*(f"tieu_chi_{i}" for i in range(1, 7)), "lanh_dao_1", "lanh_dao_2", "vai_tro", "cach_lam", "ket_qua"]
    return {
        "ma": f"DH{n:02}",
        "de_nghi": True,
        "khen_boi": "UBND",
        "xep_loai": "tot",
        "nam_xep_loai": nam,
        "ngay_bao_cao": f"{nam}-10-01",
        "ngay_xac_nhan_truc_tiep": f"{nam}-10-02",
        "ngay_xac_nhan_de_nghi": f"{nam}-10-03",
        **{name: [f"Việc {name} của điển hình số {n}."] for name in texts},
        **more,
    }


def nominees(nam: int) -> list[dict[str, Any]]:
    return [
        *(nominee(n, nam, mo_hinh=f"MH{n:02}", tap_the=f"DV{n:02}") for n in (1, 2, 3)),
        *(nominee(n, nam, mo_hinh=f"MH{n:02}", ca_nhan=f"NG1{n - 3}") for n in (4, 5, 6)),
        nominee(7, nam, mo_hinh="MH01", ca_nhan="NG14"),
    ]


def papers(nam: int) -> list[dict[str, Any]]:
    def ours(ma: str, day: str, **more: Any) -> dict[str, Any]:
        return {"ma": ma, "tinh_chat": "lap", "ngay": f"{nam}-{day}", **more}

    def there(ma: str, kind: str, day: str, about: str, **more: Any) -> dict[str, Any]:
        named = {"ten_loai": kind, "trich_yeu": about, "ngay": f"{nam}-{day}"}
        return {"ma": ma, "tinh_chat": "da_co", "co_quan": "DU", **named, **more}

    upper = {"tinh_chat": "cap_tren", "co_quan": None, "co_quan_ngoai": "Ban Tuyên giáo và Dân vận Tỉnh uỷ"}
    return [
        ours("tong-hop-dang-ky", "03-06"),
        ours("quyet-dinh-cong-nhan", "09-30"),
        ours("to-trinh-de-nghi-cong-nhan", "10-08", trang_thai="trinh_ky"),
        ours("quyet-dinh-khen-thuong.UBND", "10-16"),
        ours("muc-luc-ho-so", "12-10"),
        there("tb-phe-duyet", "Thông báo", "03-05", "phê duyệt danh mục mô hình"),
        there("qd-doan", "Quyết định", "08-20", "thành lập Đoàn thẩm định mô hình"),
        there("tb-tham-dinh", "Thông báo", "09-18", "kết quả thẩm định mô hình"),
        there("ttr-cong-nhan", "Tờ trình", "09-21", "đề nghị công nhận mô hình", co_quan="KDV"),
        there("ke-hoach-tham-dinh", "Kế hoạch", "08-21", "thẩm định mô hình"),
        there("bien-ban-tham-dinh", "Biên bản", "09-15", "thẩm định mô hình"),
        there("bao-cao-ket-qua-mo-hinh.MH01", "Báo cáo", "09-01", "kết quả thực hiện mô hình"),
        there("bao-cao-ket-qua-phong-trao.6-thang", "Báo cáo", "06-20", "kết quả phong trào 6 tháng"),
        there("bao-cao-ket-qua-phong-trao.nam", "Báo cáo", "11-20", "kết quả phong trào năm"),
        there("cv-bieu-duong", "Công văn", "10-10", "hội nghị biểu dương điển hình cấp tỉnh", **upper),
        *(
            there(f"{kind}.MH{n:02}", "Tờ trình" if kind == TYPED[0] else "Nghị quyết", "01-20", "xây dựng mô hình")
            for n in range(1, 9)
            for kind in TYPED
        ),
    ]


@cache
def _kept(rule_set: str) -> Year:
    nam = 2023 if rule_set == "huyen-2023" else 2026
    chosen = {"han_da_chon": ["R004-BC-02 = 30/11/2026"]} if rule_set == "xa-2026" else {}
    info = {**INFO, "nam": nam, "bo_quy_tac": rule_set, "kinh_phi_nam": 30_000_000, **chosen}
    info["dau_moi"] = "KDV" if rule_set == "huyen-2023" else "BXDD"
    people = [person(1, chuc_vu_ky="Bí thư"), person(2, don_vi="DV01"), person(11, don_vi="DV01", lanh_dao=True)]
    return {
        "phien_ban": 3,
        "thong_tin": info,
        "don_vi": units(nam),
        "nguoi": [*people, person(12, don_vi="DV02"), person(13, don_vi="DV03"), person(14, don_vi="DV01")],
        "mo_hinh": models(nam),
        "cuoc_hop": meetings(nam),
        "dien_hinh": nominees(nam),
        "van_ban": papers(nam),
    }


def keeps(rule_set: str) -> Year:
    """A year that keeps every rule of the set; each call gives another copy."""
    return copy.deepcopy(_kept(rule_set))


def empty_years(*years: int, meeting: str = "") -> list[Year]:
    """Former years in which nothing was done, but for one meeting of commendation on a day."""
    info = {"bo_quy_tac": "ha-tinh-tinh"}
    made: list[Year] = [{"phien_ban": 3, "thong_tin": {**info, "nam": n}} for n in years]
    for year in made:
        if meeting[:4] == str(year["thong_tin"]["nam"]):
            year["cuoc_hop"] = [{"ma": "BD", "loai": "bieu_duong", "ten": "Hội nghị", "ngay": meeting}]
    return made


# --- one change each -------------------------------------------------------------------------------------------------


def row(year: Year, table: str, code: str) -> dict[str, Any]:
    return next(r for r in year[table] if r["ma"] == code)


def put(table: str, code: str, **fields: Any) -> Change:
    return lambda year: row(year, table, code).update(fields)


def drop(table: str, code: str, *fields: str) -> Change:
    return lambda year: [row(year, table, code).pop(f) for f in fields]


def without(table: str, *codes: str) -> Change:
    return lambda year: year.update({table: [r for r in year[table] if r["ma"] not in codes]})


def info(**fields: Any) -> Change:
    return lambda year: year["thong_tin"].update(fields)


def each(*changes: Change) -> Change:
    return lambda year: [change(year) for change in changes]


def add(table: str, **fields: Any) -> Change:
    return lambda year: year[table].append(fields)


def spring(year: Year) -> None:
    """The year before the appraisal: nothing is recognised, nobody is nominated."""
    year["dien_hinh"] = []
    later = ("cong_nhan", "ket_luan_tham_dinh", "so_tieu_chi_dat", "ngay_bao_cao", "hop_tham_dinh")
    for one in year["mo_hinh"]:
        for name in later:
            one.pop(name, None)


def as_it_is(year: Year) -> None:
    """No change."""


class Case(NamedTuple):
    """A rule, the place it is told at, the change that breaks it; what comes before, the day, former years."""

    ma: str
    place: tuple[str, str, str] | str  # table, mã, field; or the pointer
    change: Change
    severity: str = "loi"
    before: Change = as_it_is
    day: str = "12-20"
    former: Sequence[Year] = ()
    broken_by: Sequence[Year] | None = None  # the former years of the broken year, where these break it


LONG = "Vận động bà con cùng nhau ra sức làm cho con đường từ đầu xóm đi tới cuối xóm lúc nào cũng sạch và đẹp"
FOUR = (2022, 2023, 2024, 2025)
ONCE = empty_years(*FOUR, meeting="2024-10-15")
NEVER = empty_years(*FOUR)


def model_at(code: str, field: str) -> tuple[str, str, str]:
    return "mo_hinh", code, field


COMMUNE_2026 = [
    Case(
        "R004-CT-01",
        "/mo_hinh",
        each(*(put("mo_hinh", f"MH{n:02}", bien_dong="rut") for n in range(4, 8))),
        before=spring,
        day="03-20",
    ),
    Case(
        "R004-CT-02",
        "/mo_hinh",
        lambda y: [m.update(loai_hinh="duy_tri") for m in y["mo_hinh"]],
        before=spring,
        day="03-20",
    ),
    Case(
        "R004-CT-03",
        ("don_vi", "DV09", "truc_thuoc"),
        add("don_vi", **unit("DV09", "Chi bộ Trường học", "chi_bo", quan_ly="DU", truc_thuoc=True)),
    ),
    Case("R004-CT-04", "/dien_hinh", drop("dien_hinh", "DH07", "de_nghi")),
    Case(
        "R004-CT-05",
        model_at("MH06", "muc_tieu/0/muc_tieu"),
        lambda y: row(y, "mo_hinh", "MH06")["muc_tieu"][0].update(muc_tieu=100),
    ),
    Case("R004-DK-01", model_at("MH01", "linh_vuc"), put("mo_hinh", "MH01", linh_vuc="quoc_phong_an_ninh")),
    Case("R004-DK-02", model_at("MH01", "ngay_dang_ky"), put("mo_hinh", "MH01", ngay_dang_ky="2026-02-11")),
    Case("R004-DK-03", ("van_ban", "tong-hop-dang-ky", "ngay"), put("van_ban", "tong-hop-dang-ky", ngay="2026-03-20")),
    Case("R004-DK-04", ("nguoi", "NG12", "tru_quan"), drop("nguoi", "NG12", "don_vi"), "canh_bao"),
    Case("R004-RM-01", model_at("MH01", "ngay_ra_mat"), drop("mo_hinh", "MH01", "ngay_ra_mat")),
    Case("R004-RM-02", model_at("MH01", "cam_ket"), drop("mo_hinh", "MH01", "cam_ket"), "canh_bao"),
    Case(
        "R004-KH-01",
        model_at("MH01", "noi_dung"),
        drop("mo_hinh", "MH01", "muc_dich_yeu_cau", "noi_dung", "bien_phap", "tien_do"),
    ),
    Case("R004-TD-01", model_at("MH01", "ngay_bao_cao"), put("mo_hinh", "MH01", ngay_bao_cao="2026-09-13")),
    Case("R004-TD-02", model_at("MH01", "so_tieu_chi_dat"), put("mo_hinh", "MH01", so_tieu_chi_dat=7)),
    Case("R004-TD-03", "/van_ban", without("van_ban", "qd-doan")),
    Case(
        "R004-CN-01",
        ("van_ban", "quyet-dinh-cong-nhan", "co_quan"),
        put("van_ban", "quyet-dinh-cong-nhan", co_quan="UBND"),
    ),
    Case("R004-CN-02", "/thong_tin/noi_nhan_de_nghi", info(noi_nhan_de_nghi="Văn phòng Thành uỷ")),
    Case("R004-CN-03", model_at("MH02", "cong_nhan"), drop("mo_hinh", "MH02", "cong_nhan")),
    Case("R004-DH-01", ("dien_hinh", "DH01", "xep_loai"), put("dien_hinh", "DH01", xep_loai="hoan_thanh")),
    Case("R004-DH-02", ("dien_hinh", "DH05", "tieu_chi_3"), drop("dien_hinh", "DH05", "tieu_chi_3")),
    Case("R004-DH-03", ("dien_hinh", "DH04", "mo_hinh"), put("mo_hinh", "MH04", loai_hinh="duy_tri")),
    Case("R004-DH-04", ("dien_hinh", "DH07", "vai_tro"), drop("dien_hinh", "DH07", "vai_tro")),
    Case("R004-HS-01", "/cuoc_hop", without("cuoc_hop", "BX01")),
    Case("R004-HS-02", "/thong_tin/so_bo_ho_so", info(so_bo_ho_so=2)),
    Case("R004-HS-03", ("don_vi", "DV01", "quan_ly"), drop("don_vi", "DV01", "quan_ly")),
    Case(
        "R004-HS-04",
        ("van_ban", "to-trinh-de-nghi-cong-nhan", "ngay"),
        put("van_ban", "to-trinh-de-nghi-cong-nhan", ngay="2026-10-16"),
    ),
    Case(
        "R004-BC-01",
        ("van_ban", "bao-cao-ket-qua-phong-trao.6-thang", "ngay"),
        put("van_ban", "bao-cao-ket-qua-phong-trao.6-thang", ngay="2026-07-01"),
    ),
    Case(
        "R004-BC-02",
        ("van_ban", "bao-cao-ket-qua-phong-trao.nam", "ngay"),
        put("van_ban", "bao-cao-ket-qua-phong-trao.nam", ngay="2026-12-01"),
    ),
    Case("R004-KT-01", ("dien_hinh", "DH01", "khen_boi"), put("dien_hinh", "DH01", khen_boi="MT")),
    Case(
        "R004-KT-02",
        "/dien_hinh",
        each(without("cuoc_hop", "BD01"), lambda y: [d.pop("khen_boi") for d in y["dien_hinh"]]),
        "thong_tin",
    ),
    Case("R004-LT-01", "/van_ban", without("van_ban", "muc-luc-ho-so"), "canh_bao"),
]

PROVINCE = [
    Case("R000-DK-01", model_at("MH01", "linh_vuc"), put("mo_hinh", "MH01", linh_vuc="qpan_dttg")),
    Case("R000-DK-02", ("van_ban", "tong-hop-dang-ky", "ngay"), put("van_ban", "tong-hop-dang-ky", ngay="2026-04-05")),
    Case("R000-DK-03", model_at("MH07", "den_ngay"), drop("mo_hinh", "MH07", "den_ngay")),
    Case("R000-DK-04", model_at("MH01", "ngay_phe_duyet"), without("cuoc_hop", "KS01")),
    Case("R000-KH-01", model_at("MH01", "nguon_luc"), drop("mo_hinh", "MH01", "nguon_luc")),
    Case("R000-KT-01", "/cuoc_hop", without("cuoc_hop", "KT01")),
    Case("R000-TC-01", model_at("MH01", "suc_lan_toa"), drop("mo_hinh", "MH01", "suc_lan_toa")),
    Case(
        "R000-TC-02",
        model_at("MH02", "cong_nhan"),
        each(without("cuoc_hop", "BD01"), drop("dien_hinh", "DH02", "khen_boi")),
    ),
    Case(
        "R000-TC-03", ("dien_hinh", "DH01", "ngay_xac_nhan_de_nghi"), drop("dien_hinh", "DH01", "ngay_xac_nhan_de_nghi")
    ),
    Case("R000-TC-04", ("dien_hinh", "DH01", "cap_tren_cong_nhan"), put("dien_hinh", "DH01", cap_tren_cong_nhan=True)),
    Case(
        "R000-CN-01",
        ("van_ban", "quyet-dinh-cong-nhan", "ngay"),
        put("van_ban", "quyet-dinh-cong-nhan", ngay="2026-12-01"),
    ),
    Case(
        "R000-BC-01",
        ("van_ban", "bao-cao-ket-qua-phong-trao.nam", "ngay"),
        put("van_ban", "bao-cao-ket-qua-phong-trao.nam", ngay="2026-12-12"),
    ),
    Case("R000-BD-01", "/cuoc_hop", as_it_is, "canh_bao", former=ONCE, broken_by=NEVER),
]

COMMUNE_YEARLY = [
    Case("R001-CT-01", ("don_vi", "DV03", "phai_dang_ky"), put("mo_hinh", "MH03", tap_the="DV01")),
    Case("R001-CT-02", ("don_vi", "DV03", "phai_dang_ky"), put("nguoi", "NG13", don_vi="DV01")),
    Case("R001-DK-01", model_at("MH01", "ngay_dang_ky"), put("mo_hinh", "MH01", ngay_dang_ky="2026-03-10")),
    Case("R001-DK-02", model_at("MH01", "linh_vuc"), put("mo_hinh", "MH01", linh_vuc="qpan_dttg")),
    Case("R001-DK-03", model_at("MH01", "pham_vi"), drop("mo_hinh", "MH01", "pham_vi")),
    Case(
        "R001-BC-01",
        ("don_vi", "DV01", "bao_cao_nop/0/ngay"),
        lambda y: row(y, "don_vi", "DV01")["bao_cao_nop"][0].update(ngay="2026-06-08"),
    ),
    Case(
        "R001-BC-02",
        ("don_vi", "DV01", "bao_cao_nop/1/ngay"),
        lambda y: row(y, "don_vi", "DV01")["bao_cao_nop"][1].update(ngay="2026-12-08"),
    ),
    Case("R001-TT-01", model_at("MH01", "ma"), without("van_ban", "nghi-quyet-mo-hinh.MH01"), "canh_bao"),
]

DIRECTIVE = [
    Case("R002-BD-01", "/cuoc_hop", as_it_is, "canh_bao", former=ONCE, broken_by=NEVER),
    Case("R002-BD-02", "/van_ban", without("van_ban", "cv-bieu-duong"), "canh_bao", former=ONCE),
    Case("R002-BD-03", ("cuoc_hop", "BD01", "ngay"), put("cuoc_hop", "BD01", ngay="2026-12-01"), "thong_tin"),
    Case(
        "R002-TC-01",
        "/cuoc_hop",
        each(*(put("cuoc_hop", code, loai="khac") for code in ("KT01", "TD01"))),
        "canh_bao",
    ),
    Case(
        "R002-KP-01",
        "/thong_tin/kinh_phi_nam",
        lambda y: y["thong_tin"].pop("kinh_phi_nam"),
        "canh_bao",
    ),
    Case("R002-TC-02", "/thong_tin/noi_nhan_de_nghi", info(noi_nhan_de_nghi="Văn phòng Tỉnh uỷ"), "thong_tin"),
]

DISTRICT_2023 = [
    Case("R003-DK-01", model_at("MH01", "ngay_dang_ky"), put("mo_hinh", "MH01", ngay_dang_ky="2023-03-01")),
    Case("R003-DK-02", model_at("MH01", "noi_nhan_dang_ky"), put("mo_hinh", "MH01", noi_nhan_dang_ky=["BDV"])),
    Case("R003-DK-03", model_at("MH08", "noi_nhan_dang_ky"), drop("mo_hinh", "MH08", "noi_nhan_dang_ky")),
    Case("R003-DK-04", model_at("MH01", "ten"), put("mo_hinh", "MH01", ten=LONG), "canh_bao"),
    Case("R003-DK-05", model_at("MH01", "linh_vuc"), put("mo_hinh", "MH01", linh_vuc="qpan_dttg"), "canh_bao"),
    Case("R003-DK-06", model_at("MH01", "thuc_trang"), drop("mo_hinh", "MH01", "thuc_trang")),
    Case("R003-DK-07", model_at("MH01", "ngay_phe_duyet"), drop("mo_hinh", "MH01", "ngay_phe_duyet")),
    Case("R003-CN-01", model_at("MH08", "cong_nhan"), put("mo_hinh", "MH08", cong_nhan=True)),
    Case(
        "R003-CN-02",
        ("van_ban", "quyet-dinh-cong-nhan", "co_quan"),
        put("van_ban", "quyet-dinh-cong-nhan", co_quan="UBND"),
    ),
    Case("R003-CN-03", ("van_ban", "ttr-cong-nhan", "co_quan"), put("van_ban", "ttr-cong-nhan", co_quan="DU")),
]

SETS = {
    "xa-2026": COMMUNE_2026,
    "ha-tinh-tinh": PROVINCE,
    "xa-xuan-hung": COMMUNE_YEARLY,
    "ha-tinh-chi-thi-45": DIRECTIVE,
    "huyen-2023": DISTRICT_2023,
}
CASES = [(name, case) for name, cases in SETS.items() for case in cases]


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """The catalogue, with a stub of each kind that a rule asks for and that is not there yet."""
    folder: Path = tmp_path_factory.mktemp("goi")
    missing = [kind for kind in TYPED if not CATALOG.has(kind)]
    for kind in missing:
        write_pack(folder, kind, **{"x-moi": "[]"})
    return Catalog([folder]) if missing else CATALOG


Found = list[tuple[str, str, str]]  # code, severity, pointer


def found(year: Year, day: str, catalog: Catalog, former: Sequence[Year] = ()) -> Found:
    """What the local rules find; the general ones are tested elsewhere."""
    graph = derive.graph(year, catalog, None, list(former))
    today = f"{year['thong_tin']['nam']}-{day}"
    problems = [p for p in rules.check(graph, catalog, today) if p.code.startswith("R00") or p.code == "rule_invalid"]
    return [(p.code, p.severity, p.place.pointer) for p in problems]


@cache
def _found_kept(rule_set: str, day: str, catalog: Catalog) -> Found:
    return found(keeps(rule_set), day, catalog)


def pointer(year: Year, place: tuple[str, str, str] | str) -> str:
    if isinstance(place, str):
        return place
    table, code, field = place
    return f"/{table}/{[r['ma'] for r in year[table]].index(code)}/{field}"


@pytest.mark.parametrize(("rule_set", "case"), CASES, ids=lambda x: x.ma if isinstance(x, Case) else "")
def test_one_change_breaks_that_rule_alone_at_its_place(rule_set: str, case: Case, catalog: Catalog) -> None:
    year = keeps(rule_set)
    case.before(year)
    plain = case.before is as_it_is and not case.former
    before = _found_kept(rule_set, case.day, catalog) if plain else found(year, case.day, catalog, case.former)
    assert before == []
    case.change(year)
    assert wrong_values(year, catalog) == set()
    told = found(year, case.day, catalog, case.former if case.broken_by is None else case.broken_by)
    assert {code for code, _, _ in told} == {case.ma}
    assert (case.ma, case.severity, pointer(year, case.place)) in told


@pytest.mark.parametrize("rule_set", SETS)
@pytest.mark.parametrize("day", ["01-05", "02-20", "04-10", "07-01", "10-20", "12-31"])
def test_the_year_keeps_its_set_on_any_day(rule_set: str, day: str, catalog: Catalog) -> None:
    assert _found_kept(rule_set, day, catalog) == []


def own_rules(name: str) -> list[dict[str, Any]]:
    return list(CATALOG.rule_layers(name)[0].get("quy_tac", []))


def test_all_sixty_eight_rules_are_there_and_tried() -> None:
    counts = {name: len(cases) for name, cases in SETS.items()}
    assert counts == {
        "xa-2026": 31,
        "ha-tinh-tinh": 13,
        "xa-xuan-hung": 8,
        "ha-tinh-chi-thi-45": 6,
        "huyen-2023": 10,
    }
    assert sum(counts.values()) == len({case.ma for _, case in CASES}) == 68
    for name, cases in SETS.items():
        assert {case.ma for case in cases} <= {rule["ma"] for rule in own_rules(name)}


@pytest.mark.parametrize("name", SETS)
def test_each_rule_has_its_clause_a_severity_and_a_way_out(name: str) -> None:
    for rule in own_rules(name):
        assert rule["nguon"] and rule["goi_y"] and rule["muc"] in ("loi", "canh_bao", "thong_tin"), rule["ma"]


@pytest.mark.parametrize("name", SETS)
def test_a_rule_s_day_is_the_set_s_deadline_of_that_name(name: str) -> None:
    deadlines = CATALOG.rule_set(name).get("moc_han", {})
    for rule in own_rules(name):
        if "moc_han" in rule:
            assert str(deadlines[rule["moc_han"]]) == str(rule.get("ngay") or rule["thang_ngay"]), rule["ma"]


@pytest.mark.parametrize("name", SETS)
def test_no_rule_fails_on_an_empty_year(name: str) -> None:
    year: Year = {"phien_ban": 3, "thong_tin": {"bo_quy_tac": name}, "don_vi": [], "nguoi": [], "mo_hinh": []}
    for whole in (year, {**year, "thong_tin": {"bo_quy_tac": name, "nam": 2026}}):
        problems = rules.check(derive.graph(whole, CATALOG), CATALOG, "2026-12-31")
        assert [str(p) for p in problems if p.code == "rule_invalid"] == []


def test_a_registration_is_addressed_to_whom_the_model_says_else_to_the_year_s_own_office() -> None:
    graph = derive.graph(keeps("huyen-2023"), CATALOG)
    registrations = {p.id: p for p in derive.plan(graph) if p.kind == "dang-ky-mo-hinh"}

    def addressed(code: str) -> str:
        return str(derive.paper_data(graph, registrations[f"dang-ky-mo-hinh.{code}"]).data["kinh_gui"])

    assert (addressed("MH01"), addressed("MH08")) == ("Khối Dân vận xã Bình An", "Ban Dân vận Huyện uỷ")


def test_a_period_that_no_report_is_of_is_told_at_its_cell() -> None:
    year = keeps("xa-xuan-hung")
    row(year, "don_vi", "DV01")["bao_cao_nop"][0]["ky"] = "6 tháng đầu năm"
    told = [p for p in rules.check(derive.graph(year, CATALOG), CATALOG, "2026-12-20") if p.code == "period_unknown"]
    assert [(p.severity, p.place.pointer) for p in told] == [("canh_bao", "/don_vi/2/bao_cao_nop/0/ky")]


@pytest.mark.parametrize("typed", ["Phát triển kinh tế", "lĩnh vực Kinh Tế", "Kinh tế", "kinh_te"])
def test_a_field_may_be_typed_as_other_localities_call_it(typed: str) -> None:
    field = CATALOG.year_schema()["properties"]["mo_hinh"]["items"]["properties"]["linh_vuc"]
    assert values.from_cell(typed, field) == "kinh_te"
