"""Checking: every problem by its place and code, in the user's words; the jsonschema library agrees on validity."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from builders import write_pack
from hypothesis import given, settings
from hypothesis import strategies as st

from dvk_docs.catalog import Catalog, root
from dvk_docs.checking import check_paper, check_year, place_of, with_places
from dvk_docs.errors import Place, Problem

CATALOG = Catalog()
SAMPLE: dict[str, Any] = json.loads((root() / "samples" / "nam-2026.json").read_text(encoding="utf-8"))


def year(**changes: Any) -> dict[str, Any]:
    """The smallest valid year; a test names only what it is about."""
    head = {
        "nam": 2026,
        "ten_xa": "Bình An",
        "loai_xa": "xa",
        "dia_danh": "Bình An",
        "cap_tren": "thanh_pho",
        "dang_bo_cap_tren": "Đảng bộ thành phố Minh Hà",
        "noi_nhan_de_nghi": "Ban Tuyên giáo và Dân vận Thành uỷ Minh Hà",
        "bo_quy_tac": "xa-2026",
        "dau_moi": "DU",
        "nguoi_ky": "NG01",
    }
    return {
        "phien_ban": 3,
        "thong_tin": {**head, **changes.pop("thong_tin", {})},
        "don_vi": [{"ma": "DU", "ten": "Đảng uỷ xã Bình An", "loai": "dang_uy"}],
        "nguoi": [{"ma": "NG01", "ho_ten": "Nguyễn Văn Minh", "gioi_tinh": "nam"}],
        "mo_hinh": [],
        **changes,
    }


def model(**changes: Any) -> dict[str, Any]:
    return {"ma": "MH01", "ten": "Đường hoa", "linh_vuc": "kinh_te", "loai_hinh": "xay_moi", "tap_the": "DU", **changes}


def person(ma: str, ho_ten: str, **more: Any) -> dict[str, Any]:
    return {"ma": ma, "ho_ten": ho_ten, "gioi_tinh": "nam", **more}


def problems(data: Any, places: dict[str, Place] | None = None) -> list[Problem]:
    return list(check_year(data, places, CATALOG))


def found(data: Any) -> list[tuple[str, str]]:
    return [(p.place.pointer, p.code) for p in problems(data)]


def test_the_smallest_year_and_the_sample_year_have_no_error() -> None:
    assert found(year()) == []
    assert [str(p) for p in problems(SAMPLE) if p.severity == "loi"] == []


@pytest.mark.parametrize(
    ("data", "expected", "message"),
    [
        (year(nguoi=[{"ma": "NG01", "gioi_tinh": "nam"}]), ("/nguoi/0/ho_ten", "missing"), "Chưa nhập Họ và tên."),
        (year(nguoi=[person("NG01", "  ")]), ("/nguoi/0/ho_ten", "missing"), "Chưa nhập Họ và tên."),
        (year(thong_tin={"nam": None}), ("/thong_tin/nam", "missing"), "Chưa nhập Năm phong trào."),
        (
            year(thong_tin={"nam": "abc"}),
            ("/thong_tin/nam", "wrong_type"),
            "“abc” ở Năm phong trào không phải là số nguyên.",
        ),
        (
            year(thong_tin={"nam": True}),
            ("/thong_tin/nam", "wrong_type"),
            "“có” ở Năm phong trào không phải là số nguyên.",
        ),
        (year(thong_tin={"nam": 1999}), ("/thong_tin/nam", "too_small"), "“1999” ở Năm phong trào nhỏ quá."),
        (year(thong_tin={"nam": 2999}), ("/thong_tin/nam", "too_large"), "“2999” ở Năm phong trào lớn quá."),
        (
            year(thong_tin={"loai_xa": "thôn"}),
            ("/thong_tin/loai_xa", "not_in_list"),
            "“thôn” không có trong danh sách Loại đơn vị.",
        ),
        (
            year(thong_tin={"bo_quy_tac": "xa-2025"}),
            ("/thong_tin/bo_quy_tac", "not_in_list"),
            "“xa-2025” không có trong danh sách Bộ quy tắc địa phương.",
        ),
        (
            year(mo_hinh=[model(ngay_dang_ky="2026-11-31")]),
            ("/mo_hinh/0/ngay_dang_ky", "no_such_day"),
            "31/11/2026 không phải là một ngày có thật.",
        ),
        (
            year(mo_hinh=[model(ngay_dang_ky="31/11/2026")]),
            ("/mo_hinh/0/ngay_dang_ky", "no_such_day"),
            "31/11/2026 không phải là một ngày có thật.",
        ),
        (
            year(mo_hinh=[model(ngay_dang_ky="hôm qua")]),
            ("/mo_hinh/0/ngay_dang_ky", "not_a_day"),
            "“hôm qua” ở Ngày đăng ký không phải là một ngày.",
        ),
        (year(mo_hinh=[model(ma="mô hình")]), ("/mo_hinh/0/ma", "pattern"), "“mô hình” không đúng dạng của Mã."),
        (year(mo_hinh=[model(xyz=1)]), ("/mo_hinh/0/xyz", "unknown_field"), "Không có trường “xyz”."),
        (year(mo_hinhs=[]), ("/mo_hinhs", "unknown_field"), "Không có trường “mo_hinhs”."),
        (year(mo_hinh="x"), ("/mo_hinh", "wrong_type"), "Mô hình phải là danh sách."),
        (year(mo_hinh=["x"]), ("/mo_hinh/0", "wrong_type"), "Mô hình phải là nhóm trường."),
        (year(phien_ban=9), ("/phien_ban", "version"), "Phiên bản “9” không phải là 3."),
        (
            year(mo_hinh=[model(tap_the="DV99")]),
            ("/mo_hinh/0/tap_the", "reference_unknown"),
            "“DV99” ở Tập thể thực hiện (mã đơn vị) không có trong sheet Đơn vị.",
        ),
        (
            year(van_ban=[{"ma": "a", "tinh_chat": "da_co", "can_cu": ["b"]}]),
            ("/van_ban/0/can_cu/0", "reference_unknown"),
            "“b” ở Căn cứ (mã văn bản, cách nhau dấu chấm phẩy) không có trong sheet Văn bản.",
        ),
        (
            year(mo_hinh=[model(ten="a\x07b")]),
            ("/mo_hinh/0/ten", "illegal_character"),
            "Tên mô hình có ký tự U+0007 không ghi được vào tệp Word: “a\ufffdb”.",
        ),
        (
            year(cuoc_hop=[{"ma": "H", "loai": "khac", "ten": "Họp", "gio_bat_dau": "25:00"}]),
            ("/cuoc_hop/0/gio_bat_dau", "no_such_time"),
            "“25:00” ở Giờ bắt đầu không phải là một giờ có thật.",
        ),
        (
            year(mo_hinh=[model(ma="NG01")]),
            ("/mo_hinh/0/ma", "duplicate_code"),
            "Mã “NG01” đã dùng ở sheet Người, dòng thứ 1.",
        ),
        (
            year(nguoi=[person("NG01", "Nguyễn Văn Minh"), person("NG02", "nguyễn  văn Minh")]),
            ("/nguoi/1", "duplicate_row"),
            "Dòng này trùng Họ và tên với sheet Người, dòng thứ 1: “nguyễn văn Minh”.",
        ),
    ],
    ids=lambda x: x[1] if isinstance(x, tuple) else "",
)
def test_a_problem_is_named_by_its_place_and_said_in_the_user_s_words(
    data: Any, expected: tuple[str, str], message: str
) -> None:
    hits = [p for p in problems(data) if (p.place.pointer, p.code) == expected]
    assert [p.message for p in hits] == [message]
    assert hits[0].severity == "loi"


@pytest.mark.parametrize(
    ("data", "hint"),
    [
        (year(mo_hinh=[model(ngay_dang_ky="2026-11-31")]), "Tháng 11/2026 có 30 ngày."),
        (year(mo_hinh=[model(ngay_dang_ky="2026-13-01")]), "Một năm có 12 tháng; nhập ngày/tháng/năm."),
        (year(mo_hinh=[model(tap_the="du")]), "Có phải “DU”?"),
        (year(mo_hinh=[model(linh_vuc="Kinh te")]), "Có phải “Kinh tế”?"),
        (year(mo_hinh=[model(ngay_dang_kys="2026-02-03")]), "Có phải “ngay_dang_ky” (Ngày đăng ký)?"),
        (year(thong_tin={"nam": "abc"}), "Nhập số nguyên, ví dụ 2026."),
    ],
)
def test_a_problem_says_what_to_type(data: Any, hint: str) -> None:
    assert hint in [p.hint for p in problems(data)]


def test_all_problems_are_found_at_once() -> None:
    data = year(mo_hinh=[model(ten="", linh_vuc="x", ngay_dang_ky="2026-02-30", tap_the="KHONG")])
    assert {code for _, code in found(data)} == {"missing", "not_in_list", "no_such_day", "reference_unknown"}


def test_a_paper_may_be_cited_by_its_id_without_a_row() -> None:
    rows = [{"ma": "a", "tinh_chat": "da_co", "can_cu": ["quyet-dinh-cong-nhan", "dang-ky-mo-hinh.MH01"]}]
    assert found(year(van_ban=rows, mo_hinh=[model()])) == []


def test_two_people_of_one_name_are_told_apart_by_their_birthdays() -> None:
    born = [person("A", "Lê Văn An", ngay_sinh="1970-01-01"), person("B", "Lê Văn An", ngay_sinh="1980-01-01")]
    assert found(year(nguoi=[*year()["nguoi"], *born])) == []


def test_two_names_that_differ_by_a_mark_are_two_people() -> None:
    assert found(year(nguoi=[*year()["nguoi"], person("A", "Lê Thị Hoa"), person("B", "Lê Thị Hoà")])) == []


def test_a_name_typed_without_marks_beside_one_with_them_is_a_warning() -> None:
    rows = [*year()["nguoi"], person("A", "Lê Thị Hoà"), person("B", "Le Thi Hoa")]
    assert [(p.code, p.severity, p.place.pointer) for p in problems(year(nguoi=rows))] == [
        ("near_duplicate", "canh_bao", "/nguoi/2/ho_ten")
    ]


def test_one_model_of_two_subjects_is_a_warning() -> None:
    units = [*year()["don_vi"], {"ma": "D2", "ten": "Chi bộ thôn Đông", "loai": "chi_bo"}]
    data = year(don_vi=units, mo_hinh=[model(), model(ma="MH02", tap_the="D2")])
    assert [(p.code, p.severity) for p in problems(data)] == [("near_duplicate", "canh_bao")]


def test_odd_names_are_warnings_only() -> None:
    data = year(mo_hinh=[model(ten="Mô hình " + "rất dài " * 40)], nguoi=[person("NG01", "nguyễn văn minh")])
    assert {(p.code, p.severity) for p in problems(data)} == {
        ("long_name", "canh_bao"),
        ("name_not_capital", "canh_bao"),
    }


def test_what_is_no_year_at_all_is_said() -> None:
    for data in (None, 5, "x", []):
        assert [p.severity for p in problems(data)] == ["loi"]


def test_problems_get_the_cell_of_the_nearest_part() -> None:
    places = {
        "/nguoi/0": Place(sheet="Người", cell="A5", file="n.xlsx"),
        "/nguoi/0/ma": Place(sheet="Người", cell="B5"),
    }
    assert place_of("/nguoi/0/ho_ten", places) == Place("/nguoi/0/ho_ten", file="n.xlsx", sheet="Người", cell="A5")
    assert place_of("/mo_hinh/0", places) == Place("/mo_hinh/0")
    (placed,) = with_places([Problem(Place("/nguoi/0/ma"), "x", "loi", "x")], places)
    assert (placed.place.cell, placed.place.pointer) == ("B5", "/nguoi/0/ma")


def test_both_places_of_a_code_used_twice_are_named() -> None:
    places = {"/nguoi/0/ma": Place(sheet="Người", cell="A5"), "/mo_hinh/0/ma": Place(sheet="Mô hình", cell="A7")}
    (problem,) = problems(year(mo_hinh=[model(ma="ng01")]), places)
    assert str(problem).startswith("LỖI: sheet Mô hình, ô A7: Mã “ng01” đã dùng ở sheet Người, ô A5.")


# --- one paper

PAPER: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["ten"],
    "properties": {
        "ten": {"title": "Tên", "type": "string", "minLength": 1},
        "prose": {"title": "Thực trạng", "type": "array", "items": {"type": "string"}, "x-trong": "gach"},
        "in_ra": {"title": "In", "type": "string", "x-suy-ra": "ten"},
        "a": {
            "title": "Tập thể",
            "type": "array",
            "items": {"type": "object", "properties": {"b": {"title": "B", "type": "string"}}},
        },
        "c": {"title": "Cá nhân", "type": "array"},
    },
    "anyOf": [
        {"required": ["a"], "properties": {"a": {"minItems": 1}}},
        {"required": ["c"], "properties": {"c": {"minItems": 1}}},
    ],
}


def in_paper(data: Any) -> list[tuple[str, str, str]]:
    return [(p.place.pointer, p.code, p.severity) for p in check_paper(PAPER, data)]


def test_prose_may_stay_blank_with_a_warning_and_derived_values_are_not_asked_for() -> None:
    assert in_paper({"ten": "A", "c": [1]}) == [("/prose", "blank_prose", "canh_bao")]
    assert in_paper({"ten": "A", "c": [1], "prose": ["x"], "in_ra": 5}) == []


def test_one_of_several_parts_must_be_there() -> None:
    (problem,) = list(check_paper(PAPER, {"ten": "A", "prose": ["x"], "a": []}))
    assert (problem.code, problem.message) == ("no_alternative", "Phải có ít nhất một trong các mục: Tập thể, Cá nhân.")


def test_the_place_leads_into_a_row() -> None:
    assert in_paper({"ten": "A", "prose": ["x"], "a": [{"b": 5}]}) == [("/a/0/b", "wrong_type", "loi")]


# --- the jsonschema library agrees


def library_says_valid(schema: dict[str, Any], data: Any) -> bool:
    checker = jsonschema.FormatChecker(["date"])
    return jsonschema.Draft202012Validator(schema, format_checker=checker).is_valid(data)


SHAPE = {
    "missing",
    "wrong_type",
    "not_in_list",
    "no_such_day",
    "not_a_day",
    "pattern",
    "no_such_time",
    "too_long",
    "too_small",
    "too_large",
    "too_few",
    "unknown_field",
    "version",
    "no_alternative",
}


def we_say_valid(data: Any) -> bool:
    from dvk_docs.checking import Spot, check_value

    return not [p for p in check_value(data, Spot(CATALOG.year_schema(), "")) if p.code in SHAPE]


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 3000),
    st.floats(allow_nan=False, allow_infinity=False, width=16),
    st.sampled_from(
        ["", "x", "2026-02-28", "2026-02-30", "kinh_te", "nam", "MH 1", "08:30", "xa", "31/11/2026", "a.b"]
    ),
    st.lists(st.sampled_from(["x", 5, None, {}]), max_size=2),
    st.just({}),
)


@settings(deadline=None)
@given(st.data())
def test_the_library_and_we_agree_on_the_shape_of_a_year(draw: st.DataObject) -> None:
    data = copy.deepcopy(year(mo_hinh=[model()], cuoc_hop=[{"ma": "H", "loai": "khac", "ten": "Họp"}]))
    table = draw.draw(st.sampled_from(["thong_tin", "don_vi", "nguoi", "mo_hinh", "cuoc_hop"]))
    row = data[table] if isinstance(data[table], dict) else data[table][0]
    spec = CATALOG.year_schema()["properties"][table]
    names = [*spec.get("items", spec)["properties"], "la"]
    row[draw.draw(st.sampled_from(names))] = draw.draw(VALUES)
    assert we_say_valid(data) == library_says_valid(CATALOG.year_schema(), data)


def break_one(field: str, value: Any) -> Callable[[dict[str, Any]], None]:
    return lambda data: data["mo_hinh"][0].update({field: value})


@pytest.mark.parametrize(
    "field", ["ten", "linh_vuc", "tu_ngay", "so_tieu_chi_dat", "cong_nhan", "thuc_trang", "muc_tieu"]
)
@pytest.mark.parametrize("value", [None, "", "x", 99, -1, 2.5, True, [], ["x"], [5], {}, [{}], "2026-02-30"])
def test_the_library_and_we_agree_field_by_field(field: str, value: Any) -> None:
    data = copy.deepcopy(SAMPLE)
    break_one(field, value)(data)
    assert we_say_valid(data) == library_says_valid(CATALOG.year_schema(), data)


# --- said once, and what no schema can say


def circles(data: dict[str, Any]) -> list[tuple[str, str]]:
    return [(p.place.pointer, p.message) for p in check_year(data, {}, CATALOG) if p.code == "reference_circle"]


def test_a_row_that_names_itself_or_comes_back_to_itself() -> None:
    data = copy.deepcopy(SAMPLE)
    at = {unit["ma"]: i for i, unit in enumerate(data["don_vi"])}
    data["don_vi"][at["DV01"]]["quan_ly"] = "DV01"
    (own,) = circles(data)
    assert own[0] == f"/don_vi/{at['DV01']}/quan_ly"
    assert own[1].endswith("là mã của chính dòng này.")
    data["don_vi"][at["DV01"]]["quan_ly"] = "DV02"
    data["don_vi"][at["DV02"]]["quan_ly"] = "DV01"
    assert [p for p, _ in circles(data)] == [f"/don_vi/{at[c]}/quan_ly" for c in ("DV01", "DV02")]
    assert circles(SAMPLE) == []


def test_a_paper_that_cites_itself() -> None:
    data = copy.deepcopy(SAMPLE)
    i = next(i for i, paper in enumerate(data["van_ban"]) if paper["ma"] == "quyet-dinh-cong-nhan")
    data["van_ban"][i]["can_cu"] = ["quyet-dinh-cong-nhan"]
    assert [p for p, _ in circles(data)] == [f"/van_ban/{i}/can_cu/0"]


def test_a_day_before_1900_and_a_number_of_400_digits() -> None:
    meeting = {"ma": "H", "loai": "khac", "ten": "Họp", "ngay": "0001-01-01", "so_trieu_tap": 10**400}
    told = {p.place.pointer: p for p in check_year(year(cuoc_hop=[meeting]), {}, CATALOG) if p.severity == "loi"}
    assert told["/cuoc_hop/0/ngay"].code == "day_too_early"
    assert told["/cuoc_hop/0/so_trieu_tap"].hint == "Nhập không quá 1.000.000.000."
    assert len(told["/cuoc_hop/0/so_trieu_tap"].message) < 200


def test_a_required_column_that_is_blank_in_every_row_is_said_once() -> None:
    data = copy.deepcopy(SAMPLE)
    for row in data["mo_hinh"]:
        row.pop("linh_vuc")
    (told,) = [p for p in check_year(data, {}, CATALOG) if p.severity == "loi"]
    assert (told.code, told.place.pointer) == ("column_blank", "/mo_hinh")
    assert told.message == f"Cột Lĩnh vực của sheet Mô hình trống ở cả {len(data['mo_hinh'])} dòng."
    assert [p for p in check_year(data, {}, CATALOG, {"/mo_hinh"}) if p.severity == "loi"] == []


def test_a_table_that_is_not_there_is_said_once() -> None:
    data = {k: v for k, v in copy.deepcopy(SAMPLE).items() if k != "mo_hinh"}
    assert [(p.code, p.place.pointer) for p in check_year(data, {}, CATALOG) if p.severity == "loi"] == [
        ("missing", "/mo_hinh")
    ]
    data["mo_hinh"] = []
    assert [p.code for p in check_year(data, {}, CATALOG) if p.severity == "loi"] == ["sheet_blank"]


def test_a_row_without_its_code_that_reading_has_named_is_not_said_again() -> None:
    data = copy.deepcopy(SAMPLE)
    data["mo_hinh"][4].pop("ma")
    assert [p.code for p in check_year(data, {}, CATALOG, {"/mo_hinh/4"}) if p.severity == "loi"] == []


def test_a_field_that_is_like_no_other_says_which_there_are() -> None:
    (told,) = [p for p in check_year(year(zzzzz=1), {}, CATALOG) if p.code == "unknown_field"]
    assert told.hint.startswith("Các trường dùng được: phien_ban, thong_tin, don_vi")


def test_the_faults_of_a_pack_are_told_with_the_year_and_at_no_cell(tmp_path: Path) -> None:
    catalog = Catalog([write_pack(tmp_path, **{"x-thu-tu": "a"})])
    (told,) = [p for p in check_year(SAMPLE, {"": Place(file="so.xlsx")}, catalog) if p.severity == "loi"]
    assert (told.code, told.place.pointer) == ("kind_invalid", "/x-thu-tu")
    assert "phieu-theo-doi.schema.json" in str(told)
