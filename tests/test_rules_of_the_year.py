"""The rules of the year, one by one: the sample year keeps each, and one change of the data breaks it and no other."""

from __future__ import annotations

import copy
import json
from collections import Counter
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

import dvk_docs as dvk
from dvk_docs import checking, derive, rules
from dvk_docs.catalog import Catalog, root

YEAR: dict[str, Any] = json.loads((root() / "samples" / "nam-2026.json").read_text(encoding="utf-8"))
TODAY = "2026-10-20"
CATALOG = Catalog()
PROPOSAL = "to-trinh-de-nghi-cong-nhan"

Change = Callable[[dict[str, Any]], object]
Found = Counter[tuple[str, str, str]]  # code, severity, pointer


def row(year: dict[str, Any], table: str, code: str) -> dict[str, Any]:
    return next(r for r in year[table] if r["ma"] == code)


def at(table: str, code: str, field: str) -> str:
    """The pointer of a field of the sample year."""
    return f"/{table}/{[r['ma'] for r in YEAR[table]].index(code)}/{field}"


def put(table: str, code: str, **fields: Any) -> Change:
    return lambda year: row(year, table, code).update(fields)


def drop(table: str, code: str, *fields: str) -> Change:
    return lambda year: [row(year, table, code).pop(f) for f in fields]


def each(*changes: Change) -> Change:
    return lambda year: [change(year) for change in changes]


def add(table: str, **fields: Any) -> Change:
    return lambda year: year[table].append(fields)


def without(table: str, code: str) -> Change:
    return lambda year: year[table].remove(row(year, table, code))


def row_of(table: str, code: str, field: str, place: int, **fields: Any) -> Change:
    return lambda year: row(year, table, code)[field][place].update(fields)


DRAFT = put("van_ban", PROPOSAL, trang_thai="du_thao")
NOTICE, REQUEST = "thong-bao-ket-qua-tham-dinh", "to-trinh-cong-nhan-mo-hinh"


def made_elsewhere(year: dict[str, Any]) -> None:
    """The notice of the appraisal and the request for recognition were made without the tool: typed as they are."""
    for code, own in ((NOTICE, "tb-tham-dinh"), (REQUEST, "ttr-cong-nhan")):
        old = row(year, "van_ban", code)
        kept = {"ngay": old["ngay"], "tinh_chat": "da_co", "ma": own}
        old.clear()
        old.update(kept)
    row(year, "van_ban", "tb-tham-dinh").update(
        ten_loai="Thông báo", so_ky_hieu="40-TB/ĐU", co_quan="DU", trich_yeu="kết quả thẩm định mô hình năm 2026"
    )
    row(year, "van_ban", "ttr-cong-nhan").update(
        ten_loai="Tờ trình", so_ky_hieu="12-TTr/BXDĐ", co_quan="BXDD", trich_yeu="đề nghị công nhận mô hình năm 2026"
    )
    cited = row(year, "van_ban", "quyet-dinh-cong-nhan")["can_cu"]
    cited[cited.index(NOTICE)] = "tb-tham-dinh"


def found(*changes: Change, day: str = TODAY) -> Found:
    year = copy.deepcopy(YEAR)
    for change in changes:
        change(year)
    read = dvk.Year.from_data(year)
    known = {p.place.pointer for p in read.problems if p.severity == "loi"}
    said = [*read.problems, *checking.check_year(read.data, read.places, CATALOG, known)]
    said += rules.check(derive.graph(read.data, CATALOG, read.places), CATALOG, day, known)
    return Counter({(p.code, p.severity, p.place.pointer) for p in said})  # no paper's own data is looked at


@pytest.fixture(scope="module")
def kept() -> Found:
    return found()


def as_it_is(year: dict[str, Any]) -> None:
    """No change."""


class Case(NamedTuple):
    """One change; what it breaks, how grave, where; the day; what must be changed first for it to count."""

    code: str
    severity: str
    pointer: str
    change: Change
    before: Change = as_it_is
    day: str = TODAY


OF_ANOTHER = each(drop("mo_hinh", "MH13", "ca_nhan"), put("mo_hinh", "MH13", tap_the="DV06", nguoi_phu_trach="NG04"))


def award(text: str, nam: int) -> Change:
    return lambda year: row(year, "dien_hinh", "DH01")["khen_thuong"].append({"nam": nam, "ten": text})


def another_plan_of_one_cell(year: dict[str, Any]) -> None:
    """The two plans of Chi bộ thôn Đông, numbered 3 and 4, after its plan of the movement."""
    row(year, "mo_hinh", "MH02").update(tap_the="DV01")
    for code, so in (("MH01", 3), ("MH02", 4)):
        year["van_ban"].append({"ma": f"ke-hoach-mo-hinh.{code}", "tinh_chat": "lap", "so": so, "ngay": "2026-02-05"})


def cites_less(code: str) -> Change:
    return lambda year: row(year, "van_ban", PROPOSAL)["can_cu"].remove(code)


CITES = at("van_ban", PROPOSAL, "can_cu")
WORDS = "Chi bộ đã vận động Nhân dân làm đường hoa và giữ đường sạch mỗi tuần một lần cùng các chi hội trong thôn"

CASES = [
    # citations (K05)
    Case(
        "citation_numbered",
        "loi",
        at("van_ban", NOTICE, "so_ky_hieu"),
        drop("van_ban", "tb-tham-dinh", "so_ky_hieu"),
        made_elsewhere,
    ),
    Case(
        "citation_of_own_numbered",
        "loi",
        at("van_ban", "quyet-dinh-cong-nhan", "so"),
        drop("van_ban", "quyet-dinh-cong-nhan", "so"),
        put("van_ban", "quyet-dinh-khen-thuong.DU", so=20),  # the gap before it is told already
    ),
    *(
        Case("proposal_citations", "loi", CITES, cites_less(code))
        for code in ("hd-cap-tren", "huong-dan-phong-trao", "quyet-dinh-cong-nhan", "bien-ban-binh-xet")
    ),
    Case("proposal_citations_draft", "canh_bao", CITES, cites_less("hd-cap-tren"), DRAFT),
    # confirmations of the reports
    *(
        Case("R004-HS-03b", "loi", at("dien_hinh", "DH01", field), drop("dien_hinh", "DH01", field))
        for field in ("ngay_bao_cao", "ngay_xac_nhan_truc_tiep", "ngay_xac_nhan_de_nghi")
    ),
    # targets of a model kept up
    Case("R004-CT-05", "loi", at("mo_hinh", "MH02", "muc_tieu"), drop("mo_hinh", "MH02", "muc_tieu")),
    Case(
        "R004-CT-05",
        "loi",
        at("mo_hinh", "MH02", "muc_tieu/1/muc_tieu"),
        row_of("mo_hinh", "MH02", "muc_tieu", 1, muc_tieu=6),
    ),
    Case(
        "R004-CT-05c",
        "canh_bao",
        at("mo_hinh", "MH02", "muc_tieu/1/muc_tieu"),
        row_of("mo_hinh", "MH02", "muc_tieu", 1, muc_tieu=5),
    ),
    # who signs, numbers, symbols, seals, recipients
    Case(
        "signer_not_of_the_committee",
        "canh_bao",
        at("van_ban", PROPOSAL, "nguoi_ky"),
        put("van_ban", PROPOSAL, nguoi_ky="NG24"),
    ),
    Case(
        "number_gap",
        "canh_bao",
        f"/van_ban/{len(YEAR['van_ban']) + 1}/so",
        put("van_ban", "ke-hoach-mo-hinh.MH02", so=9),
        another_plan_of_one_cell,
    ),
    Case(
        "number_symbol_kind",
        "loi",
        f"/van_ban/{len(YEAR['van_ban'])}/so_ky_hieu",
        put("van_ban", "tb-khac", so_ky_hieu="19-CTr/ĐU"),
        add(
            "van_ban",
            ma="tb-khac",
            tinh_chat="da_co",
            ten_loai="Thông báo",
            so_ky_hieu="19-TB/ĐU",
            ngay="2026-03-02",
            co_quan="DU",
            trich_yeu="phân công nhiệm vụ",
        ),
    ),
    Case(
        "number_symbol_office",
        "canh_bao",
        f"/van_ban/{len(YEAR['van_ban'])}/so_ky_hieu",
        put("van_ban", "bc-khac", so_ky_hieu="07-BC/BTG"),
        add(
            "van_ban",
            ma="bc-khac",
            tinh_chat="da_co",
            ten_loai="Báo cáo",
            so_ky_hieu="07-BC/BXDĐ",
            ngay="2026-06-02",
            co_quan="BXDD",
            trich_yeu="tình hình tháng 5",
        ),
    ),
    Case("cell_has_no_seal", "canh_bao", at("don_vi", "DV01", "co_con_dau"), put("don_vi", "DV01", co_con_dau=True)),
    Case(
        "issuer_authority",
        "loi",
        f"/van_ban/{len(YEAR['van_ban'])}/ten_loai",
        put("van_ban", "kh-cb", ten_loai="Quy định"),
        add(
            "van_ban",
            ma="kh-cb",
            tinh_chat="da_co",
            ten_loai="Quy chế",
            so_ky_hieu="01-QC/CB",
            ngay="2026-02-01",
            co_quan="DV01",
            trich_yeu="làm việc",
        ),
    ),
    Case(
        "recipients_without_file_line",
        "canh_bao",
        at("van_ban", "quyet-dinh-cong-nhan", "noi_nhan"),
        lambda year: row(year, "van_ban", "quyet-dinh-cong-nhan")["noi_nhan"].pop(),
    ),
    # chains of days (K12)
    Case(
        "guidance_days",
        "loi",
        at("van_ban", "huong-dan-phong-trao", "ngay"),
        put("van_ban", "hd-cap-tren", ngay="2026-01-21"),
        put("van_ban", "huong-dan-phong-trao", can_cu=["nq-dai-hoi"]),  # else its citation of that paper is told too
    ),
    Case(
        "year_papers_days",
        "loi",
        at("van_ban", NOTICE, "ngay"),
        put("van_ban", "tb-tham-dinh", ngay="2026-09-15"),
        made_elsewhere,
    ),
    Case(
        "year_papers_days",
        "loi",
        at("van_ban", NOTICE, "ngay"),
        put("van_ban", NOTICE, ngay="2026-09-15"),
    ),
    Case(
        "year_papers_days",
        "loi",
        at("van_ban", REQUEST, "ngay"),
        put("van_ban", "ttr-cong-nhan", ngay="2026-09-17"),
        made_elsewhere,
    ),
    Case(
        "year_papers_days",
        "loi",
        at("cuoc_hop", "HOP05", "ngay"),
        put("van_ban", "ttr-cong-nhan", ngay="2026-09-26"),
        made_elsewhere,
    ),
    Case(
        "model_ends_after_registering",
        "loi",
        at("mo_hinh", "MH10", "den_ngay"),
        put("mo_hinh", "MH10", tu_ngay="2026-01-15", den_ngay="2026-02-01"),
    ),
    Case(
        "report_after_recognition",
        "canh_bao",
        at("dien_hinh", "DH01", "ngay_bao_cao"),
        put("dien_hinh", "DH01", ngay_bao_cao="2026-09-29"),
    ),
    # subsets
    Case(
        "recognised_has_report", "loi", at("mo_hinh", "MH01", "ngay_bao_cao"), drop("mo_hinh", "MH01", "ngay_bao_cao")
    ),
    Case(
        "recognised_has_meeting",
        "loi",
        at("mo_hinh", "MH01", "hop_tham_dinh"),
        drop("mo_hinh", "MH01", "hop_tham_dinh"),
    ),
    # plans, launches, reports
    Case(
        "R004-KH-01",
        "loi",
        at("mo_hinh", "MH10", "noi_dung"),
        drop("mo_hinh", "MH10", "muc_dich_yeu_cau", "noi_dung", "bien_phap", "tien_do"),
    ),
    Case(
        "R004-KH-01-nhac",
        "canh_bao",
        at("mo_hinh", "MH10", "noi_dung"),
        drop("mo_hinh", "MH10", "muc_dich_yeu_cau", "noi_dung", "bien_phap", "tien_do"),
        lambda year: [year.update(dien_hinh=[]), [m.pop("cong_nhan", None) for m in year["mo_hinh"]]],
        day="2026-02-05",
    ),
    Case("R004-RM-01", "loi", at("mo_hinh", "MH10", "ngay_ra_mat"), drop("mo_hinh", "MH10", "ngay_ra_mat")),
    Case("R004-HS-01b", "loi", at("dien_hinh", "DH01", "cach_lam"), drop("dien_hinh", "DH01", "cach_lam")),
    Case("R004-HS-01c", "loi", at("dien_hinh", "DH07", "ket_qua"), drop("dien_hinh", "DH07", "ket_qua")),
    # nominees
    Case("R004-DH-02", "loi", at("dien_hinh", "DH07", "tieu_chi_3"), drop("dien_hinh", "DH07", "tieu_chi_3")),
    Case(
        "R004-DH-02-nhac",
        "canh_bao",
        at("dien_hinh", "DH07", "tieu_chi_3"),
        drop("dien_hinh", "DH07", "tieu_chi_3"),
        DRAFT,
    ),
    Case("R004-DH-02b", "loi", at("dien_hinh", "DH06", "lanh_dao_2"), drop("dien_hinh", "DH06", "lanh_dao_2")),
    Case(
        "R004-DH-02b-nhac",
        "canh_bao",
        at("dien_hinh", "DH06", "lanh_dao_1"),
        drop("dien_hinh", "DH06", "lanh_dao_1"),
        DRAFT,
    ),
    Case(
        "R004-DH-04",
        "loi",
        at("dien_hinh", "DH08", "vai_tro"),
        drop("dien_hinh", "DH08", "vai_tro"),
        OF_ANOTHER,
    ),
    Case(
        "R004-DH-04-nhac",
        "canh_bao",
        at("dien_hinh", "DH08", "vai_tro"),
        drop("dien_hinh", "DH08", "vai_tro"),
        each(DRAFT, OF_ANOTHER),
    ),
    Case(
        "merit_awarded_before",
        "canh_bao",
        at("dien_hinh", "DH01", "khen_thuong"),
        award("Giấy khen mô hình tuyến đường hoa tự quản thôn Đông", 2025),
    ),
    Case(
        "merit_awarded_before",
        "canh_bao",
        at("dien_hinh", "DH01", "khen_thuong"),
        award("Bằng khen về phong trào Dân vận khéo", 2026),
    ),
    Case(
        "summary_long",
        "canh_bao",
        at("dien_hinh", "DH01", "tom_tat"),
        put("dien_hinh", "DH01", tom_tat=["một việc làm thật"] * 76),
    ),
    Case(
        "summaries_alike",
        "canh_bao",
        at("dien_hinh", "DH02", "tom_tat"),
        each(put("dien_hinh", "DH01", tom_tat=[WORDS]), put("dien_hinh", "DH02", tom_tat=[WORDS])),
    ),
    # recognition and the appraisal
    Case(
        "R004-CN-02",
        "loi",
        "/thong_tin/noi_nhan_de_nghi",
        lambda year: year["thong_tin"].update(noi_nhan_de_nghi="Văn phòng Thành uỷ Minh Hà"),
    ),
    Case(
        "R004-TD-03",
        "loi",
        "/van_ban",
        without("van_ban", "quyet-dinh-thanh-lap-doan-tham-dinh"),
        each(*(put("van_ban", code, trang_thai="du_thao") for code in ("ke-hoach-tham-dinh", NOTICE))),
    ),
    Case(
        "R004-TD-03",
        "loi",
        "/van_ban",
        put("van_ban", "tb-tham-dinh", trich_yeu="kết quả kiểm tra"),
        made_elsewhere,
    ),
    # meetings
    Case(
        "meeting_hours", "loi", at("cuoc_hop", "HOP01", "gio_ket_thuc"), put("cuoc_hop", "HOP01", gio_ket_thuc="14:00")
    ),
    Case(
        "one_review_meeting",
        "canh_bao",
        f"/cuoc_hop/{len(YEAR['cuoc_hop'])}/loai",
        add("cuoc_hop", ma="HOP09", loai="binh_xet", ten="Họp bình xét lần hai"),
    ),
    # what a registration should hold
    Case(
        "situation_without_figures",
        "canh_bao",
        at("mo_hinh", "MH10", "thuc_trang"),
        put("mo_hinh", "MH10", thuc_trang=["Đường còn hẹp, nhiều rác."]),
    ),
    Case(
        "forces_too_few",
        "canh_bao",
        at("mo_hinh", "MH10", "luc_luong"),
        lambda year: row(year, "mo_hinh", "MH10").update(luc_luong=[{"ten": "Đoàn viên"}]),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_one_change_breaks_one_rule_at_its_cell(case: Case, kept: Found) -> None:
    before = kept if case.before is as_it_is and case.day == TODAY else found(case.before, day=case.day)
    assert case.code not in {code for code, _, _ in before}
    new = found(case.before, case.change, day=case.day) - before
    told = Counter({key: n for key, n in new.items() if key[0] != "blank_prose"})  # said of any blank text
    assert told == Counter([(case.code, case.severity, case.pointer)])


@pytest.mark.parametrize("code", sorted({case.code for case in CASES}))
def test_the_sample_year_keeps_each_rule(code: str, kept: Found) -> None:
    assert code not in {name for name, _, _ in kept}
    assert "rule_invalid" not in {name for name, _, _ in kept}


def test_the_year_without_an_appraisal_meeting_is_told() -> None:
    def no_meeting(year: dict[str, Any]) -> None:
        year["cuoc_hop"] = [m for m in year["cuoc_hop"] if m["loai"] != "tham_dinh"]
        year["du_hop"] = [d for d in year["du_hop"] if d["cuoc_hop"] in {m["ma"] for m in year["cuoc_hop"]}]
        for model in year["mo_hinh"]:
            model.pop("hop_tham_dinh", None)

    assert ("R004-TD-03b", "canh_bao", "/cuoc_hop") in found(no_meeting)


def test_a_model_found_later_needs_no_report_nor_meeting() -> None:
    codes = {code for code, _, _ in found(drop("mo_hinh", "MH16", "ngay_bao_cao", "hop_tham_dinh"))}
    assert not codes & {"recognised_has_report", "recognised_has_meeting"}


def test_before_the_appraisal_a_new_model_may_still_be_launched_later() -> None:
    def spring(year: dict[str, Any]) -> None:
        year["dien_hinh"] = []
        row(year, "mo_hinh", "MH10").pop("ngay_ra_mat")
        for model in year["mo_hinh"]:
            for field in ("ket_luan_tham_dinh", "cong_nhan", "so_tieu_chi_dat", "phieu_dong_y", "hop_tham_dinh"):
                model.pop(field, None)

    late = ("R004-RM-01", "loi", at("mo_hinh", "MH10", "ngay_ra_mat"))
    assert late not in found(spring, day="2026-05-05")
    assert late in found(spring, day="2026-09-14")  # the day of the first meeting


def test_the_dates_of_a_report_may_wait_while_the_proposal_is_a_draft() -> None:
    later = drop("dien_hinh", "DH01", "ngay_xac_nhan_de_nghi")
    assert "R004-HS-03b" not in {code for code, _, _ in found(DRAFT, later)}


def test_the_head_of_the_committee_may_sign() -> None:
    head = put("van_ban", PROPOSAL, nguoi_ky="NG02")
    assert "signer_not_of_the_committee" not in {code for code, _, _ in found(head)}


def test_a_draft_may_cite_what_has_no_number_yet() -> None:
    no_number = each(made_elsewhere, drop("van_ban", "tb-tham-dinh", "so_ky_hieu"))
    draft = put("van_ban", "quyet-dinh-cong-nhan", trang_thai="du_thao")
    assert "citation_numbered" not in {code for code, _, _ in found(draft, no_number)}
