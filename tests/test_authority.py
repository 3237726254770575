"""Who may issue and sign what: the matrix itself, and its findings at the cells of a year."""

from __future__ import annotations

import copy
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import dvk_docs as dvk
from dvk_docs.authority import Signature, body_of, matrix, may_issue, signature_faults

DAY = date(2026, 10, 1)


@pytest.mark.parametrize(
    ("body", "kind", "signed", "severity"),
    [
        ("chi_bo", "Chỉ thị", "", "loi"),
        ("CHI BỘ THÔN ĐÔNG", "chỉ thị", "", "loi"),
        ("chi_bo", "Nghị quyết", "", ""),
        ("chi_bo", "Quy chế", "", ""),
        ("dang_bo", "Thông tri", "", "loi"),
        ("dang_bo", "Hướng dẫn", "T/M Đảng uỷ", "loi"),
        ("dang_bo", "Hướng dẫn", "T/M Ban Thường vụ", ""),
        ("dang_bo", "Quy chế", "T/M BAN THƯỜNG VỤ", "loi"),
        ("dang_bo", "Quy chế", "", ""),
        ("dang_uy", "Chỉ thị", "T/M Ban Thường vụ", ""),
        ("dang_uy", "Quy chế", "T/M Ban Thường vụ", "canh_bao"),
        ("dang_uy", "Thông tri", "", "canh_bao"),
        ("ubnd", "Chỉ thị", "", ""),
    ],
)
def test_a_body_issues_what_the_matrix_lets_it(body: str, kind: str, signed: str, severity: str) -> None:
    verdict = may_issue(body, kind, DAY, signed)
    assert ("" if verdict.allowed else verdict.severity) == severity
    assert verdict.allowed or verdict.source


def test_before_the_new_rule_the_same_is_only_a_warning() -> None:
    assert may_issue("chi_bo", "Chỉ thị", "2026-01-08").severity == "canh_bao"
    assert may_issue("chi_bo", "Chỉ thị", "2026-01-09").severity == "loi"


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("ĐẢNG UỶ XÃ BÌNH AN", "dang_uy"),
        ("Đảng ủy Trường Trung học phổ thông Bình An", "dang_bo"),
        ("Chi bộ thôn Đông", "chi_bo"),
        ("ỦY BAN NHÂN DÂN XÃ BÌNH AN", "ubnd"),
        ("Câu lạc bộ", None),
    ],
)
def test_a_body_is_known_by_its_name(name: str, body: str | None) -> None:
    assert body_of(name) == body


def codes(body: str, system: str, quyen_han: str, chuc_vu: str, **more: Any) -> list[tuple[str, str]]:
    return [(f.field, f.code) for f in signature_faults(Signature(body, system, quyen_han, chuc_vu, **more))]


@pytest.mark.parametrize(
    ("body", "system", "quyen_han", "chuc_vu"),
    [
        ("dang_uy", "dang", "T/M Ban Thường vụ", "Phó Bí thư"),
        ("dang_uy", "dang", "T/M ĐẢNG ỦY", "BÍ THƯ"),
        ("dang_uy", "dang", "T/M Ban Thường vụ", "Phó Bí thư Thường trực"),
        ("dang_uy", "dang", "T/L Ban Thường vụ", "Chánh Văn phòng"),
        ("dang_uy", "dang", "T/L Ban Thường vụ", "Trưởng Ban Xây dựng Đảng"),
        ("chi_bo", "dang", "T/M Chi bộ", "Bí thư"),
        ("ubkt", "dang", "T/M Uỷ ban Kiểm tra", "Phó Chủ nhiệm"),
        ("ban_xay_dung_dang", "dang", "", "Trưởng ban"),
        ("ban_xay_dung_dang", "dang", "Trưởng ban", ""),
        ("ban_xay_dung_dang", "dang", "K/T Trưởng ban", "Phó Trưởng ban"),
        ("ban_xay_dung_dang", "dang", "Q. Trưởng ban", ""),
        ("ban_xay_dung_dang", "dang", "", "Phó Trưởng ban"),  # in charge, no head yet
        ("ubnd", "nha_nuoc", "TM. Uỷ ban nhân dân", "Chủ tịch"),
        ("ubnd", "nha_nuoc", "TM. Uỷ ban nhân dân\nKT. Chủ tịch", "Phó Chủ tịch"),
        ("ubnd", "nha_nuoc", "KT. Chủ tịch", "Phó Chủ tịch"),
        ("ubnd", "nha_nuoc", "Chủ tịch", ""),
        ("ubnd", "nha_nuoc", "TUQ. Chủ tịch", "Chánh Văn phòng"),
        ("ubnd", "dang", "T/M Uỷ ban nhân dân", "Chủ tịch"),  # Mẫu 01B in the Party's form
        ("mttq", "mttq", "TM. Ban Thường trực", "Chủ tịch"),
        ("khac", "", "T/M Tổ", "Tổ trưởng"),
        ("chi_bo", "dang", "", ""),
    ],
)
def test_the_signatures_of_the_rule_pass(body: str, system: str, quyen_han: str, chuc_vu: str) -> None:
    assert codes(body, system, quyen_han, chuc_vu) == []


@pytest.mark.parametrize(
    ("body", "system", "quyen_han", "chuc_vu", "found"),
    [
        ("dang_uy", "dang", "K/T Bí thư", "Phó Bí thư", ("quyen_han", "deputy_signs_for_collective")),
        ("chi_bo", "dang", "K/T Bí thư", "Phó Bí thư", ("quyen_han", "deputy_signs_for_collective")),
        ("dang_uy", "dang", "TM. Đảng uỷ", "Bí thư", ("quyen_han", "signing_form")),
        ("dang_uy", "dang", "TUQ. Ban Thường vụ", "Chánh Văn phòng", ("quyen_han", "signing_form")),
        ("ubnd", "nha_nuoc", "T/M Uỷ ban nhân dân", "Chủ tịch", ("quyen_han", "signing_form")),
        ("ubnd", "nha_nuoc", "TM Uỷ ban nhân dân", "Chủ tịch", ("quyen_han", "signing_form")),
        ("ban_xay_dung_dang", "dang", "T/M Ban Xây dựng Đảng", "Trưởng ban", ("quyen_han", "signing_not_collective")),
        ("chi_bo", "dang", "T/M Chi uỷ", "Bí thư", ("quyen_han", "signing_for_other_body")),
        ("chi_bo", "dang", "", "Bí thư", ("quyen_han", "collective_without_form")),
        ("dang_uy", "dang", "T/M Ban Thường vụ", "Uỷ viên", ("chuc_vu_ky", "title_for_collective")),
        ("dang_uy", "dang", "T/M Đảng uỷ", "Phó Bí thư Đảng uỷ xã", ("chuc_vu_ky", "title_with_body")),
        ("ubnd", "nha_nuoc", "TM. Uỷ ban nhân dân", "Chủ tịch UBND xã", ("chuc_vu_ky", "title_with_body")),
        ("ban_xay_dung_dang", "dang", "Trưởng Ban Xây dựng Đảng", "", ("quyen_han", "title_with_body")),
        ("dang_uy", "dang", "T/L Ban Thường vụ", "Phó Bí thư", ("quyen_han", "delegate_is_head")),
        ("ban_xay_dung_dang", "dang", "K/T Trưởng ban", "Trưởng ban", ("chuc_vu_ky", "deputy_title")),
        ("ubnd", "nha_nuoc", "TM. Uỷ ban nhân dân", "Phó Chủ tịch", ("chuc_vu_ky", "deputy_without_kt")),
    ],
)
def test_a_signature_that_breaks_one_rule_is_told_at_its_field(
    body: str, system: str, quyen_han: str, chuc_vu: str, found: tuple[str, str]
) -> None:
    assert codes(body, system, quyen_han, chuc_vu) == [found]


def test_a_deputy_signs_for_a_head_that_there_is() -> None:
    assert codes("ban_xay_dung_dang", "dang", "", "Phó Trưởng ban", has_head=True) == [
        ("chuc_vu_ky", "deputy_without_kt")
    ]
    assert codes("ban_xay_dung_dang", "dang", "", "Phó Trưởng ban", has_head=True, is_head=True) == []


BEFORE = [
    "TS.",
    "Ths",
    "PGS. TS",
    "PGS.TS.",
    "Bác sĩ",
    "Thiếu tá",
    "đ/c",
    "Thạc sỹ",
    "BSCKI.",
    "Th.S",
    "Ông",
    "Đồng chí",
]


@pytest.mark.parametrize("name", [f"{before} Nguyễn Văn An" for before in BEFORE])
def test_nothing_stands_before_the_name_of_who_signs(name: str) -> None:
    assert codes("chi_bo", "dang", "T/M Chi bộ", "Bí thư", ho_ten=name) == [("ho_ten", "title_before_name")]


@pytest.mark.parametrize(
    "name", ["Nguyễn Văn An", "Ngô Bá Khá", "Cử Văn Nam", "Sĩ Thị Hoa", "Bs", "Ông Thị Mai", "Tạ Thị Tá", ""]
)
def test_a_plain_name_passes(name: str) -> None:
    assert codes("chi_bo", "dang", "T/M Chi bộ", "Bí thư", ho_ten=name) == []


def test_what_rests_on_no_seen_clause_is_a_warning() -> None:
    faults = list(signature_faults(Signature("mttq", "mttq", "KT. Chủ tịch", "Phó Chủ tịch")))
    assert {f.severity for f in faults} == {"canh_bao"}


def test_each_row_of_the_matrix_has_its_clause() -> None:
    rows = [*matrix()["ban_hanh"], *matrix()["ky"], *matrix()["dau"].values()]
    assert all(row["nguon"] and isinstance(row["confirmed"], bool) for row in rows)


# --- at the cells of a year ------------------------------------------------------------------------------------------


@pytest.fixture
def year(samples: Path) -> dict[str, Any]:
    return copy.deepcopy(json.loads((samples / "nam-2026.json").read_text(encoding="utf-8")))


def at(year: dict[str, Any], table: str, code: str) -> tuple[dict[str, Any], str]:
    """A row and its pointer."""
    n = next(i for i, r in enumerate(year[table]) if r["ma"] == code)
    return year[table][n], f"/{table}/{n}"


def told(year: dict[str, Any]) -> set[tuple[str, str, str]]:
    return {(p.place.pointer, p.code, p.severity) for p in dvk.check(year, "2026-10-20").problems}


def test_a_cell_that_issues_a_directive_is_an_error_at_that_row(year: dict[str, Any]) -> None:
    row, pointer = at(year, "van_ban", "bao-cao-dang-ky")
    row.update(tinh_chat="da_co", ten_loai="Chỉ thị", so_ky_hieu="01-CT/CB", co_quan="DV01")
    assert (f"{pointer}/ten_loai", "issuer_authority", "loi") in told(year)


def test_the_signature_typed_for_a_paper_is_judged_at_its_cells(year: dict[str, Any]) -> None:
    row, pointer = at(year, "van_ban", "quyet-dinh-cong-nhan")
    row.update(quyen_han="K/T Bí thư", chuc_vu_ky="Phó Bí thư Đảng uỷ xã")
    assert told(year) >= {
        (f"{pointer}/quyen_han", "deputy_signs_for_collective", "loi"),
        (f"{pointer}/chuc_vu_ky", "title_with_body", "loi"),
    }


def test_the_title_of_a_person_is_judged_where_it_is_typed_and_stops_his_papers(year: dict[str, Any]) -> None:
    person, pointer = at(year, "nguoi", "NG01")
    person["chuc_vu_ky"] = "Phó Bí thư Đảng uỷ"
    assert (f"{pointer}/chuc_vu_ky", "title_with_body", "loi") in told(year)
    checked = dvk.making.examine(year, date(2026, 10, 20))
    blocked = {p.id for p in checked.papers if any(q.code == "title_with_body" for q in p.problems)}
    assert "quyet-dinh-cong-nhan" in blocked and "dang-ky-mo-hinh.MH01" not in blocked


def test_a_degree_before_the_name_is_an_error_at_the_person_who_signs(year: dict[str, Any]) -> None:
    person, pointer = at(year, "nguoi", "NG01")
    person["ho_ten"] = "ThS. Trần Đức Thịnh"
    assert (f"{pointer}/ho_ten", "title_before_name", "loi") in told(year)


def test_the_formula_of_a_unit_is_judged_in_its_row(year: dict[str, Any]) -> None:
    unit, pointer = at(year, "don_vi", "DV01")
    unit["quyen_han"] = "TM. Chi bộ"
    assert (f"{pointer}/quyen_han", "signing_form", "loi") in told(year)


def numbers_told(year: dict[str, Any]) -> set[str]:
    return {code for _, code, _ in told(year) if code in ("number_taken", "number_order")}


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"ten_loai": "Quyết định", "so_ky_hieu": "14-QĐ/ĐU", "ngay": "2026-08-21"}, {"number_taken"}),
        ({"ten_loai": "Quy định", "so_ky_hieu": "14-QĐ/ĐU", "ngay": "2026-08-21"}, set()),  # a series of its own
        ({"ten_loai": "Quyết định", "so_ky_hieu": "14-QĐ/ĐU", "ngay": "2024-08-21"}, set()),  # of the term before
        ({"ten_loai": "Quyết định", "so_ky_hieu": "09-QĐ/ĐU", "ngay": "2026-09-01"}, {"number_order"}),
    ],
)
def test_numbers_are_compared_within_one_kind_and_one_term(
    year: dict[str, Any], change: dict[str, str], found: set[str]
) -> None:
    row = {"ma": "khac", "tinh_chat": "da_co", "co_quan": "DU", "trich_yeu": "về việc khác", **change}
    year["van_ban"].append(row)
    assert numbers_told(year) == found
