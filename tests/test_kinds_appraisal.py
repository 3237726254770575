"""Appraisal and inspection: what their papers derive from the year, and the rules that hold the year to itself."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from builders import model, small_year

from dvk_docs import derive, rules
from dvk_docs.catalog import Catalog

CATALOG = Catalog()
TODAY = "2026-10-20"
MEMBERS = {"NG01": "truong", "NG02": None, "NG03": "thu_ky", "NG04": None}
Change = Callable[[dict[str, Any]], object]


def person(ma: str, ho_ten: str) -> dict[str, Any]:
    return {"ma": ma, "ho_ten": ho_ten, "gioi_tinh": "nu", "chuc_vu": "Đảng uỷ viên"}


def criteria(*failed: int) -> list[dict[str, Any]]:
    return [{"so": n, "dat": n not in failed, "nhan_xet": f"Minh chứng {n}"} for n in range(1, 9)]


def year() -> dict[str, Any]:
    """Two models appraised by four persons in one meeting: one with all criteria, one with seven."""
    done = {"ngay_phe_duyet": "2026-03-05", "ngay_bao_cao": "2026-09-01", "hop_tham_dinh": "TD01"}
    meeting = {
        "ma": "TD01",
        "loai": "tham_dinh",
        "ten": "Hội nghị thẩm định mô hình",
        "ngay": "2026-09-14",
        "gio_bat_dau": "08:00",
        "gio_ket_thuc": "10:00",
        "dia_diem": "Hội trường xã",
        "chu_tri": "NG01",
        "thu_ky": "NG03",
        "phieu_dong_y": 3,
    }
    made = small_year(
        mo_hinh=[
            model(1, **done, tieu_chi=criteria(), ket_luan_tham_dinh="de_nghi_cong_nhan"),
            model(2, **done, tieu_chi=criteria(7), ket_luan_tham_dinh="bo_sung", ma="MH02"),
        ],
        cuoc_hop=[meeting],
        du_hop=[
            {"cuoc_hop": "TD01", "nguoi": who, "thanh_phan": "thanh_vien", "co_mat": True, "vai_tro": role}
            for who, role in MEMBERS.items()
        ],
        van_ban=[],
    )
    made["nguoi"] += [person("NG03", "Lê Thị Hoa"), person("NG04", "Phạm Thị Mai")]
    for unit in made["don_vi"]:
        unit["thu_truong"] = "NG05"
    made["nguoi"].append(person("NG05", "Vũ Thị Tâm"))
    return made


def row(data: dict[str, Any], table: str, code: str) -> dict[str, Any]:
    return next(r for r in data[table] if r["ma"] == code)


def put(table: str, code: str, **fields: Any) -> Change:
    return lambda data: row(data, table, code).update(fields)


def changed(*changes: Change) -> dict[str, Any]:
    data = copy.deepcopy(year())
    for change in changes:
        change(data)
    return data


def paper(paper_id: str, *changes: Change) -> dict[str, Any]:
    """The context of one paper of the year: its data and what it derives."""
    graph = derive.graph(changed(*changes), CATALOG)
    planned = {p.id: p for p in derive.plan(graph)}
    data = derive.paper_data(graph, planned[paper_id]).data
    return derive.derived(CATALOG.kind_schema(planned[paper_id].kind), data, planned[paper_id].vb["tt"])


def planned(*changes: Change) -> set[str]:
    return {p.id for p in derive.plan(derive.graph(changed(*changes), CATALOG))}


# --- the decision and the plan ---------------------------------------------------------------------------------------

DECISION = "quyet-dinh-thanh-lap-doan-tham-dinh"


def test_the_team_is_who_sits_in_the_appraisal_meetings_leader_first_secretary_last() -> None:
    told = [(d["ho_ten"], d["vai_tro_in"]) for d in paper(DECISION)["thanh_vien"]]
    assert told == [
        ("Nguyễn Văn Minh", "Trưởng đoàn"),
        ("Trần Thị Lan", "Thành viên"),
        ("Phạm Thị Mai", "Thành viên"),
        ("Lê Thị Hoa", "Thư ký"),
    ]


def test_roles_nobody_typed_are_those_of_the_meeting() -> None:
    def no_roles(data: dict[str, Any]) -> None:
        for r in data["du_hop"]:
            r["vai_tro"] = None

    told = {d["ho_ten"]: d["vai_tro"] for d in paper(DECISION, no_roles)["thanh_vien"]}
    assert (told["Nguyễn Văn Minh"], told["Lê Thị Hoa"], told["Phạm Thị Mai"]) == (
        "Trưởng đoàn",
        "Thư ký",
        "Thành viên",
    )


def test_members_typed_for_the_decision_come_first_by_code_or_in_words() -> None:
    typed = [
        {"ai_lam": "NG04", "chuc_danh": "Trưởng đoàn"},
        {"ai_lam": "Ông Đỗ Văn Sơn, Phó Chủ tịch Hội Nông dân, Uỷ viên Mặt trận", "chuc_danh": None},
    ]
    made = paper(
        DECISION,
        lambda d: d["van_ban"].append({"ma": DECISION, "tinh_chat": "lap", "thanh_vien": copy.deepcopy(typed)}),
    )
    assert [(d["ho_ten"], d["chuc_vu"], d["vai_tro_in"]) for d in made["thanh_vien"]] == [
        ("Phạm Thị Mai", "Đảng uỷ viên", "Trưởng đoàn"),
        ("Đỗ Văn Sơn", "Phó Chủ tịch Hội Nông dân, Uỷ viên Mặt trận", "Thành viên"),
    ]


def test_a_decision_that_is_there_already_is_cited_and_not_made_again() -> None:
    there = {"ma": "qd", "tinh_chat": "da_co", "ten_loai": "Quyết định", "so_ky_hieu": "12-QĐ/ĐU", "co_quan": "DU"}
    add = lambda d: d["van_ban"].append({**there, "ngay": "2026-08-20", "trich_yeu": "thành lập Đoàn thẩm định"})  # noqa: E731
    assert DECISION not in planned(add)
    assert paper("bien-ban-tham-dinh.TD01", add)["quyet_dinh_doan"].startswith("Quyết định số 12-QĐ/ĐU, ngày 20/8/2026")


def test_a_year_without_appraisal_plans_none_of_its_papers() -> None:
    def none(data: dict[str, Any]) -> None:
        data.update(cuoc_hop=[], du_hop=[])
        for m in data["mo_hinh"]:
            m.pop("hop_tham_dinh")

    kinds = {i.partition(".")[0] for i in planned(none)}
    assert not kinds & {DECISION, "ke-hoach-tham-dinh", "bien-ban-tham-dinh", "ke-hoach-kiem-tra", "bien-ban-kiem-tra"}


def test_the_plan_lists_the_models_by_meeting_with_the_day_reports_are_due() -> None:
    made = paper("ke-hoach-tham-dinh")
    assert (made["co_cau"], [d["han_bao_cao"] for d in made["lich"]]) == (
        "02 mô hình “Dân vận khéo” năm 2026 (02 mô hình của tập thể)",
        ["11/9/2026", "11/9/2026"],
    )
    assert len(made["tieu_chi"]) == 8


# --- the minutes -----------------------------------------------------------------------------------------------------


def models(*changes: Change) -> list[tuple[str, str]]:
    return [(m["dong_dat"], m["ket_luan_in"]) for m in paper("bien-ban-tham-dinh.TD01", *changes)["mo_hinh"]]


def test_the_minutes_count_the_criteria_of_each_model() -> None:
    assert models() == [("08/08 tiêu chí", "đề nghị công nhận"), ("07/08 tiêu chí", "bổ sung, hoàn thiện")]


def test_a_model_short_of_a_criterion_is_not_proposed_whatever_was_typed() -> None:
    assert models(put("mo_hinh", "MH02", ket_luan_tham_dinh="de_nghi_cong_nhan"))[1][1] == (
        "chưa đủ điều kiện đề nghị công nhận"
    )


@pytest.mark.parametrize(("votes", "said"), [(3, "đề nghị công nhận"), (2, "chưa đủ điều kiện đề nghị công nhận")])
def test_half_of_the_votes_is_not_enough(votes: int, said: str) -> None:
    assert models(put("cuoc_hop", "TD01", phieu_dong_y=votes))[0][1] == said


def test_a_count_typed_alone_tells_the_criteria_only_where_it_is_all_or_none() -> None:
    def typed(n: int) -> Change:
        return put("mo_hinh", "MH01", tieu_chi=[], so_tieu_chi_dat=n)

    assert [models(typed(n))[0][0] for n in (8, 7)] == ["08/08 tiêu chí", "[Chưa nhập: Kết quả của 08 tiêu chí]"]


def test_the_vote_says_who_did_not_agree() -> None:
    assert paper("bien-ban-tham-dinh.TD01")["bieu_quyet_in"] == (
        "03/04 thành viên tán thành, đạt 75%; không tán thành, ý kiến khác 01"
    )


# --- reports and marks -----------------------------------------------------------------------------------------------

REPORT = "bao-cao-ket-qua-mo-hinh.MH01"


def test_a_report_of_a_cell_is_numbered_and_cites_what_came_before() -> None:
    made = paper(REPORT, lambda d: d["van_ban"].append({"ma": REPORT, "tinh_chat": "lap", "so": 7}))
    assert (made["he"], made["so_ky_hieu"], made["ngay"]) == ("dang", "Số 07-BC/DV02", "2026-09-01")
    assert made["van_ban_trien_khai"][0] == "Bản đăng ký xây dựng mô hình, ngày 03/02/2026"


def test_a_report_of_a_person_has_no_number_and_is_confirmed_by_the_cell() -> None:
    made = paper(REPORT, put("mo_hinh", "MH01", tap_the=None, ca_nhan="NG02"))
    assert (made["so_ky_hieu"], made["quyen_han"], made["xac_nhan_cap_uy"]) == ("", None, "Chi bộ thôn Đông")
    assert made["chu_the_in"].startswith("tôi là Trần Thị Lan")


@pytest.mark.parametrize(("kind", "he"), [("phong_ban", "nha_nuoc"), ("doan_the", "mttq"), ("dang_bo", "dang")])
def test_the_head_of_a_report_is_that_of_its_unit(kind: str, he: str) -> None:
    assert paper(REPORT, put("don_vi", "DV02", loai=kind))["he"] == he


SLIP = "phieu-cham-diem.TD01"


def marks(code: str, *of: tuple[str, int, float]) -> Change:
    return put("mo_hinh", code, phieu_cham=[{"nguoi_cham": who, "so": so, "diem": diem} for who, so, diem in of])


def test_a_slip_without_marks_is_a_form_to_fill_in() -> None:
    made = paper(SLIP)
    assert [(len(m["phieu"]), m["phieu"][0]["nguoi_cham"], m["phieu"][0]["tong"]) for m in made["mo_hinh"]] == [
        (1, None, None),
        (1, None, None),
    ]
    assert made["tong_hop"] == []


def test_each_marker_has_a_slip_and_the_models_are_ranked_by_their_mean() -> None:
    first = marks("MH01", ("NG01", 1, 1), ("NG01", 2, 0), ("NG02", 1, 1), ("NG02", 0, 0.5))
    made = paper(SLIP, first, marks("MH02", ("NG01", 1, 1), ("NG01", 2, 1)))
    slips = made["mo_hinh"][0]["phieu"]
    assert [(s["nguoi_cham"], s["tong"]) for s in slips] == [("Nguyễn Văn Minh", 1), ("Trần Thị Lan", 1.5)]
    assert [s["dat_in"] for s in slips[0]["tieu_chi"][:3]] == ["Đạt", "Không đạt", ""]
    assert ([d["trung_binh"] for d in made["tong_hop"]], made["xep_thu"]) == ([1.25, 2], [2, 1])


# --- inspection ------------------------------------------------------------------------------------------------------


def inspected(day: str, **fields: Any) -> Change:
    """The first model inspected on a day; its figures of June and of the year."""
    targets = [
        {"noi_dung": "Đường hoa", "don_vi_tinh": "m", "muc_tieu": 1200, "dat": 1350},
        {"ky": "6 tháng", "noi_dung": "Đường hoa", "don_vi_tinh": "m", "dat": 600},
    ]
    steps = [
        {"noi_dung": "Họp thôn", "thoi_gian": "tháng 3/2026"},
        {"noi_dung": "Tổng kết", "thoi_gian": "tháng 10/2026"},
    ]
    meeting = {
        "ma": "KT01",
        "loai": "kiem_tra",
        "ten": "Kiểm tra",
        "mo_hinh": "MH01",
        "ngay": day,
        "chu_tri": "NG01",
        "tien_do": [{"noi_dung": "Họp thôn", "thuc_hien": "Đã họp", "dung_tien_do": True}, {"noi_dung": "Việc thêm"}],
        **fields,
    }

    def change(data: dict[str, Any]) -> None:
        row(data, "mo_hinh", "MH01").update(muc_tieu=targets, tien_do=steps)
        data["cuoc_hop"].append(meeting)

    return change


@pytest.mark.parametrize(
    ("day", "plan", "reached"),
    [
        ("2026-05-10", "6-thang", ("1.200", "600", "50%")),
        ("2026-06-28", "6-thang", ("1.200", "600", "50%")),
        ("2026-07-01", "nam", ("1.200", "1.350", "112,5%")),
        ("2026-12-20", "nam", ("1.200", "1.350", "112,5%")),
    ],
)
def test_an_inspection_shows_the_figures_of_the_period_of_its_day(
    day: str, plan: str, reached: tuple[str, str, str]
) -> None:
    (target,) = paper("bien-ban-kiem-tra.KT01", inspected(day))["muc_tieu"]
    assert (target["muc_tieu_in"], target["dat_in"], target["ty_le_in"]) == reached
    assert {i for i in planned(inspected(day)) if i.startswith("ke-hoach-kiem-tra")} == {f"ke-hoach-kiem-tra.{plan}"}


def test_what_was_done_stands_beside_what_the_model_planned() -> None:
    steps = paper("bien-ban-kiem-tra.KT01", inspected("2026-05-10"))["tien_do"]
    assert [(s["viec"], s["ke_hoach"], s["thuc_hien"], s["danh_gia"]) for s in steps] == [
        ("Họp thôn", "tháng 3/2026", "Đã họp", "Đúng tiến độ"),
        ("Tổng kết", "tháng 10/2026", None, "Chưa đến kỳ"),
        ("Việc thêm", None, None, "Chưa đến kỳ"),
    ]


def test_june_figures_do_not_stand_among_the_targets_of_the_year() -> None:
    assert len(paper("ke-hoach-mo-hinh.MH01", inspected("2026-05-10"))["chi_tieu"]) == 1


def test_a_meeting_that_inspects_no_model_has_no_minutes() -> None:
    assert not {i for i in planned(inspected("2026-05-10", mo_hinh=None)) if i.startswith("bien-ban-kiem-tra")}


# --- the rules -------------------------------------------------------------------------------------------------------


def found(*changes: Change) -> list[tuple[str, str, str]]:
    graph = derive.graph(changed(*changes), CATALOG)
    return [(p.code, p.severity, p.place.pointer) for p in rules.check(graph, CATALOG, TODAY)]


def attend(who: str, **fields: Any) -> Change:
    return lambda data: next(r for r in data["du_hop"] if r["nguoi"] == who).update(fields)


def second_meeting(data: dict[str, Any]) -> None:
    data["cuoc_hop"].append({**row(data, "cuoc_hop", "TD01"), "ma": "TD02", "gio_bat_dau": "09:00"})


def members_in_words(data: dict[str, Any]) -> None:
    rows = [{"ai_lam": name} for name in ("NG01", "Bà Trần Thị Lan", "NG03")]
    data["van_ban"].append({"ma": DECISION, "tinh_chat": "lap", "thanh_vien": rows})


BROKEN: list[tuple[str, str, str, tuple[Change, ...]]] = [
    ("criteria_count_disagrees", "loi", "/mo_hinh/0/so_tieu_chi_dat", (put("mo_hinh", "MH01", so_tieu_chi_dat=7),)),
    (
        "criterion_unknown",
        "loi",
        "/mo_hinh/0/tieu_chi/8/so",
        (lambda d: d["mo_hinh"][0]["tieu_chi"].append({"so": 9}),),
    ),
    ("criterion_twice", "loi", "/mo_hinh/0/tieu_chi", (lambda d: d["mo_hinh"][0]["tieu_chi"].append({"so": 1}),)),
    ("mark_of_no_criterion", "loi", "/mo_hinh/0/phieu_cham/0/so", (marks("MH01", ("NG01", 9, 1)),)),
    ("mark_too_high", "loi", "/mo_hinh/0/phieu_cham/0/diem", (marks("MH01", ("NG01", 1, -1)),)),
    ("criteria_incomplete", "canh_bao", "/mo_hinh/1/tieu_chi", (lambda d: d["mo_hinh"][1]["tieu_chi"].pop(),)),
    (
        "conclusion_needs_all_criteria",
        "loi",
        "/mo_hinh/1/ket_luan_tham_dinh",
        (put("mo_hinh", "MH02", ket_luan_tham_dinh="de_nghi_cong_nhan"),),
    ),
    (
        "year_papers_days",
        "loi",
        "/cuoc_hop/0/ngay",
        (lambda d: d["van_ban"].append({"ma": DECISION, "tinh_chat": "lap", "ngay": "2026-09-15"}),),
    ),
    ("conclusion_needs_majority", "loi", "/cuoc_hop/0/phieu_dong_y", (put("cuoc_hop", "TD01", phieu_dong_y=2),)),
    ("meeting_votes_within", "loi", "/cuoc_hop/0/phieu_dong_y", (put("cuoc_hop", "TD01", phieu_dong_y=5),)),
    (
        "appraisal_quorum",
        "canh_bao",
        "/cuoc_hop/0/so_trieu_tap",
        (attend("NG02", co_mat=False), attend("NG04", co_mat=False)),
    ),
    (
        "appraisal_chair_leads",
        "loi",
        "/cuoc_hop/0/chu_tri",
        (put("cuoc_hop", "TD01", chu_tri="NG04"), attend("NG04", vai_tro="uy_vien")),
    ),
    ("appraisal_team_roles", "canh_bao", "/du_hop", (attend("NG04", vai_tro="truong"),)),
    ("appraiser_not_in_decision", "canh_bao", "/du_hop/3/nguoi", (members_in_words,)),
    (
        "appraiser_conflict",
        "canh_bao",
        "/mo_hinh/0/hop_tham_dinh",
        (put("don_vi", "DV02", thu_truong="NG04"),),
    ),
    ("appraisal_late", "canh_bao", "/cuoc_hop/0/ngay", (put("cuoc_hop", "TD01", ngay="2026-10-15"),)),
    (
        "inspection_without_model",
        "canh_bao",
        "/cuoc_hop/1/mo_hinh",
        (inspected("2026-05-10", mo_hinh=None),),
    ),
    (
        "inspection_plan_days",
        "loi",
        "/cuoc_hop/1/ngay",
        (
            inspected("2026-05-10"),
            lambda d: d["van_ban"].append(
                {"ma": "ke-hoach-kiem-tra.6-thang", "tinh_chat": "lap", "ngay": "2026-05-11"}
            ),
        ),
    ),
    (
        "inspection_progress_unknown",
        "canh_bao",
        "/cuoc_hop/1/tien_do/0/noi_dung",
        (inspected("2026-05-10", tien_do=[{"noi_dung": "Họp thôn", "dung_tien_do": False}]),),
    ),
    ("team_in_two_places", "canh_bao", "/cuoc_hop/1/gio_bat_dau", (second_meeting,)),
]


@pytest.mark.parametrize(("code", "severity", "pointer", "changes"), BROKEN, ids=[b[0] for b in BROKEN])
def test_what_does_not_agree_is_named_at_its_cell(
    code: str, severity: str, pointer: str, changes: tuple[Change, ...]
) -> None:
    assert code not in {told[0] for told in found()}
    assert (code, severity, pointer) in found(*changes)
