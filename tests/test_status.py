"""Where the year stands: what is due, how far each model has come, what each unit owes; as lines and as a page."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from dvk_docs import status
from dvk_docs.cli import run
from dvk_docs.status import Standing

UNITS = [
    {"ma": "DU", "ten": "Đảng uỷ xã Bình An", "loai": "dang_uy", "ky_hieu": "ĐU"},
    {"ma": "A", "ten": "Chi bộ thôn Đông", "loai": "chi_bo", "quan_ly": "DU", "phai_dang_ky": True},
    {"ma": "B", "ten": "Chi bộ thôn <Tây> & Bắc", "loai": "chi_bo", "quan_ly": "DU", "phai_dang_ky": True},
]
MODEL = {
    "ma": "MH01",
    "ten": "Tuyến đường hoa",
    "linh_vuc": "van_hoa_xa_hoi",
    "loai_hinh": "xay_moi",
    "tap_the": "A",
    "ngay_dang_ky": "2026-02-03",
    "noi_dung": ["Trồng hoa dọc đường thôn."],
}


def year(*models: dict[str, Any], **tables: Any) -> dict[str, Any]:
    form = {"nam": 2026, "bo_quy_tac": "xa-2026", "ten_xa": "Bình An", "loai_xa": "xa", "cap_tren": "thanh_pho"}
    return {"phien_ban": 3, "thong_tin": form, "don_vi": UNITS, "nguoi": [], "mo_hinh": list(models), **tables}


def at(day: str, *models: dict[str, Any], **tables: Any) -> Standing:
    return status.status(year(*models, **tables), day)


def steps(found: Standing) -> dict[str, str]:
    return {s.code: s.state for s in found.models[0].steps}


def test_a_step_is_done_when_its_day_has_come_and_not_before() -> None:
    model = {**MODEL, "ngay_ra_mat": "2026-03-26"}
    assert [steps(at(day, model))["ra_mat"] for day in ("2026-03-25", "2026-03-26")] == ["cho", "xong"]


def test_a_step_whose_day_has_passed_is_late_and_one_that_is_not_needed_is_not_asked_for() -> None:
    late = steps(at("2026-03-20", {**MODEL, "ngay_dang_ky": None, "loai_hinh": "nhan_rong"}))
    said = [late[code] for code in ("dang_ky", "ke_hoach", "ra_mat", "bao_cao")]
    assert said == ["qua-han", "xong", "khong-can", "cho"]


def test_what_is_missing_next_is_named() -> None:
    found = at("2026-03-20", MODEL)
    assert [(m.reached, m.missing) for m in found.models] == [("Kế hoạch", "ngày phê duyệt")]


def test_a_model_that_was_withdrawn_is_listed_and_not_counted() -> None:
    found = at("2026-03-20", {**MODEL, "bien_dong": "rut"})
    assert ([m.ended for m in found.models], found.live, found.by_field) == (["Rút đăng ký"], (), ())


def test_fields_and_steps_are_counted() -> None:
    other = {**MODEL, "ma": "MH02", "ten": "Vườn rau", "linh_vuc": "kinh_te", "ngay_dang_ky": None}
    found = at("2026-02-05", MODEL, other)
    assert found.by_field == (("Văn hoá - xã hội", 1, 0), ("Kinh tế", 1, 0))
    assert dict(found.by_step)["Đăng ký"] == 1


def test_units_that_owe_the_same_stand_together() -> None:
    found = at("2026-07-10", MODEL)
    assert found.owing == (
        (("chưa có báo cáo 6 tháng đầu năm",), ("Chi bộ thôn Đông",)),
        (("chưa đăng ký mô hình", "chưa có báo cáo 6 tháng đầu năm"), ("Chi bộ thôn <Tây> & Bắc",)),
    )


def test_a_report_handed_in_is_owed_no_more() -> None:
    units = [*UNITS[:1], {**UNITS[1], "bao_cao_nop": [{"ky": "6 tháng", "ngay": "2026-06-20"}]}]
    found = status.status({**year(MODEL), "don_vi": units}, "2026-07-10")
    assert [(d.code, d.value, d.state) for d in found.units[0].duties][1:] == [
        ("6-thang", "2026-06-20", "xong"),
        ("nam", "", "cho"),
    ]


@pytest.mark.parametrize(
    ("day", "state"), [("2026-01-02", "con-han"), ("2026-02-01", "sap-den"), ("2026-02-10", "qua-han")]
)
def test_a_deadline_comes_near_and_passes(day: str, state: str) -> None:
    found = {d.rule: d for d in at(day, {**MODEL, "ngay_dang_ky": None}).deadlines}
    assert (found["R004-DK-02"].day, found["R004-DK-02"].state) == ("2026-02-10", state)


def test_who_is_late_and_who_is_missing_is_named() -> None:
    late = {**MODEL, "ma": "MH02", "ten": "Vườn rau", "ngay_dang_ky": "2026-02-12"}
    none = {**MODEL, "ma": "MH03", "ten": "Ao cá", "ngay_dang_ky": None}
    found = next(d for d in at("2026-03-01", MODEL, late, none).deadlines if d.rule == "R004-DK-02")
    assert (found.done, found.total, found.late, found.missing) == (2, 3, ("“Vườn rau”",), ("“Ao cá”",))


def test_the_lines_say_what_a_leader_asks() -> None:
    said = status.text(at("2026-07-10", MODEL))
    assert "Trước 10/02/2026: Đăng ký mô hình và kế hoạch gửi Ban Xây dựng Đảng (xong)" in said
    assert "MH01 “Tuyến đường hoa”: còn thiếu ngày phê duyệt" in said


def test_the_page_escapes_what_was_typed_and_needs_nothing_from_outside() -> None:
    page = status.page(at("2026-07-10", {**MODEL, "ten": "<script>alert(1)</script>"}))
    assert "&lt;script&gt;alert(1)" in page and "thôn &lt;Tây&gt; &amp; Bắc" in page
    assert re.findall(r"<script|(?:src|href|url)\s*[=(]|https?:", page) == []


def test_a_blank_year_has_a_page_too() -> None:
    assert "Chưa có mô hình nào." in status.page(status.status({"phien_ban": 3}, "2026-07-10"))


def test_the_command_writes_a_page_and_replaces_only_its_own(samples: Path, tmp_path: Path, capsys: Any) -> None:
    year_file, page, other = str(samples / "nam-2026.json"), tmp_path / "tinh-hinh.html", tmp_path / "khac.html"
    other.write_text("<p>của tôi</p>", encoding="utf-8")
    said = [run(["status", year_file, "--ngay", day, "-o", str(page)]) for day in ("1/3/2026", "1/4/2026")]
    assert said == [0, 0] and "đến ngày 01/4/2026" in page.read_text(encoding="utf-8")
    assert run(["status", year_file, "-o", str(other)]) == 3
    assert other.read_text(encoding="utf-8") == "<p>của tôi</p>"
