"""The bridge: records, papers, one paper's data with the place of each value, and the context of a template."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from builders import write_pack

from dvk_docs import derive
from dvk_docs.catalog import Catalog, root
from dvk_docs.errors import KindUnknown, TemplateInvalid

CATALOG = Catalog()
SAMPLE: dict[str, Any] = json.loads((root() / "samples" / "nam-2026.json").read_text(encoding="utf-8"))


def year(**changes: Any) -> dict[str, Any]:
    """The smallest year with something in each table that a test is about."""
    return {
        "phien_ban": 3,
        "thong_tin": {
            "nam": 2026,
            "ten_xa": "Bình An",
            "loai_xa": "xa",
            "cap_tren": "thanh_pho",
            "dau_moi": "BX",
            "nguoi_ky": "NG01",
        },
        "don_vi": [
            {"ma": "DU", "ten": "Đảng uỷ xã Bình An", "loai": "dang_uy", "ky_hieu": "ĐU"},
            {"ma": "BX", "ten": "Ban Xây dựng Đảng Đảng ủy xã Bình An", "loai": "ban_xay_dung_dang"},
            {"ma": "DV01", "ten": "Chi bộ thôn Đông", "loai": "chi_bo", "quan_ly": "DU", "thu_truong": "NG01"},
        ],
        "nguoi": [{"ma": "NG01", "ho_ten": "Nguyễn Văn Minh", "gioi_tinh": "nam", "don_vi": "DV01"}],
        "mo_hinh": [
            {"ma": "MH01", "ten": "Đường hoa", "linh_vuc": "kinh_te", "loai_hinh": "xay_moi", "tap_the": "DV01"}
        ],
        **changes,
    }


def graph(**changes: Any) -> derive.Graph:
    return derive.graph(year(**changes), CATALOG)


# --- records


def test_references_are_records_and_choices_have_their_labels() -> None:
    g = graph()
    assert g.evaluate("mo_hinh[0].tap_the.thu_truong.ho_ten") == "Nguyễn Văn Minh"
    assert g.evaluate("mo_hinh[0].linh_vuc_nhan") == "Kinh tế"
    assert g.evaluate("dau_moi.tieu_de_2") == "BAN XÂY DỰNG ĐẢNG"


def test_every_field_is_there_blank_or_by_its_default() -> None:
    g = graph()
    assert g.evaluate("mo_hinh[0].ca_nhan") is None
    assert g.evaluate("mo_hinh[0].thuc_trang") == []
    assert g.evaluate("thong_tin.nguong_dong_y") == 50
    assert g.evaluate("cuoc_hop") == []
    assert g.evaluate("hop_binh_xet.ngay") is None


def test_what_does_not_fit_is_left_out() -> None:
    g = graph(
        mo_hinh=[
            "x",
            {
                "ma": 5,
                "ten": ["a"],
                "tap_the": "KHONG",
                "ngay_dang_ky": "2026-02-31",
                "so_tieu_chi_dat": True,
                "phieu_dong_y": 5.0,
            },
        ],
        nguoi="x",
    )
    model = "mo_hinh[0]"
    assert (
        g.evaluate(f"[{model}.ma, {model}.ten, {model}.tap_the, {model}.ngay_dang_ky, {model}.so_tieu_chi_dat]")
        == [None] * 5
    )
    assert g.evaluate(f"{model}.phieu_dong_y ~ ''") == "5"
    assert g.evaluate("nguoi") == []
    assert g.rows("mo_hinh")[0].pointer == "/mo_hinh/1"


@pytest.mark.parametrize("table", [t for t in SAMPLE if isinstance(SAMPLE[t], list)])
def test_a_year_without_one_table_still_has_a_graph_and_a_plan(table: str) -> None:
    papers = derive.plan(derive.graph({k: v for k, v in SAMPLE.items() if k != table}, CATALOG))
    assert isinstance(papers, list)


def test_an_empty_year_calls_for_nothing() -> None:
    assert derive.plan(derive.graph({}, CATALOG)) == []


# --- papers


def test_the_sample_year_calls_for_its_papers_in_order() -> None:
    papers = derive.plan(derive.graph(SAMPLE, CATALOG))
    assert len(papers) >= 30
    assert len({p.id for p in papers}) == len(papers)
    kinds = [p.kind for p in papers]
    assert kinds == sorted(kinds, key=CATALOG.kinds().index)


def test_a_row_of_the_sheet_overrides_the_kind_field_by_field() -> None:
    plain = graph().evaluate("van_ban_cua('quyet-dinh-cong-nhan')")
    assert (plain["so"], plain["so_ky_hieu"], plain["ngay_ap_dung"]) == (None, None, "2026-12-31")
    assert plain["nguoi_ky"]["ma"] == "NG01"
    row = {"ma": "quyet-dinh-cong-nhan", "tinh_chat": "lap", "so": 5, "ngay": "2026-09-30", "trich_yeu": "khác"}
    typed = graph(van_ban=[row]).evaluate("van_ban_cua('quyet-dinh-cong-nhan')")
    assert (typed["so_ky_hieu"], typed["trich_yeu"], typed["ngay_ap_dung"]) == ("05-QĐ/ĐU", "khác", "2026-09-30")
    assert typed["nguoi_ky"]["ma"] == "NG01"


def test_an_attached_paper_shares_its_host_s_signer() -> None:
    row = {"ma": "quyet-dinh-cong-nhan", "tinh_chat": "lap", "ngay": "2026-09-30", "quyen_han": "T/M Đảng uỷ"}
    vb = graph(van_ban=[row]).evaluate("van_ban_cua('danh-sach-cong-nhan')")
    assert (vb["quyen_han"], vb["ngay"]) == ("T/M Đảng uỷ", "2026-09-30")


def test_papers_may_cite_each_other() -> None:
    rows = [
        {
            "ma": "quyet-dinh-cong-nhan",
            "tinh_chat": "lap",
            "so": 5,
            "ngay": "2026-09-30",
            "can_cu": ["bien-ban-binh-xet"],
        },
        {
            "ma": "bien-ban-binh-xet",
            "tinh_chat": "lap",
            "so": 2,
            "ngay": "2026-09-25",
            "can_cu": ["quyet-dinh-cong-nhan"],
        },
    ]
    lines = graph(van_ban=rows).evaluate("van_ban_cua('quyet-dinh-cong-nhan').can_cu_dong")
    cited = "Căn cứ Biên bản số 02-BB/ĐU, ngày 25/9/2026 của Ban Thường vụ Đảng uỷ xã Bình An"
    assert any(line.startswith(cited) for line in lines)


def test_a_paper_of_no_kind_and_no_row_is_named() -> None:
    with pytest.raises(KindUnknown, match="khong-co"):
        graph().evaluate("van_ban_cua('khong-co')")
    assert graph().evaluate("tim_van_ban('khong-co')") is None


# --- one paper's data


def test_each_value_knows_where_it_was_typed() -> None:
    g = graph(mo_hinh=[{**year()["mo_hinh"][0], "ngay_dang_ky": "2026-02-03"}])
    paper = derive.paper_of(g, "dang-ky-mo-hinh", g.rows("mo_hinh")[0])
    data = derive.paper_data(g, paper, {})
    assert data.data["ten_mo_hinh"] == "Đường hoa"
    assert data.origins["/ten_mo_hinh"] == "/mo_hinh/0/ten"
    assert data.origins["/thuc_trang"] == "/mo_hinh/0/thuc_trang"
    assert "thuc_trang" not in data.data
    assert data.origins["/chu_the"] == "/don_vi/2/ten"


def test_a_paper_of_one_record_reads_no_other_record_of_the_table() -> None:
    g = derive.graph(SAMPLE, CATALOG)
    data = derive.paper_data(g, derive.paper_of(g, "dang-ky-mo-hinh", g.rows("mo_hinh")[0]))
    assert not derive.blocks("/mo_hinh/1/ten", data.touched)
    assert derive.blocks("/mo_hinh/0/ten", data.touched)
    assert derive.blocks("/mo_hinh/0", data.touched)
    assert derive.blocks("", data.touched)


def test_a_list_reads_its_own_rows_and_not_the_prose_of_others() -> None:
    g = derive.graph(SAMPLE, CATALOG)
    data = derive.paper_data(g, derive.paper_of(g, "danh-sach-de-nghi"))
    assert derive.blocks("/dien_hinh/0/de_nghi", data.touched)
    assert not derive.blocks("/mo_hinh/3/tien_do/0/noi_dung", data.touched)


@pytest.mark.parametrize(
    ("problem", "read", "expected"),
    [
        ("/mo_hinh", "/mo_hinh/3/ten", True),
        ("/mo_hinh", "/mo_hinh_khac/3/ten", False),
        ("/mo_hinh", "/mo_hinh", True),
        ("/mo_hinh/3", "/mo_hinh/3/ten", True),
        ("/mo_hinh/3", "/mo_hinh/30/ten", False),
        ("/van_ban/2/can_cu/0", "/van_ban/2/can_cu", True),
        ("/mo_hinh/3/ten", "/mo_hinh", False),
    ],
)
def test_a_problem_blocks_who_read_what_it_touches(problem: str, read: str, expected: bool) -> None:
    assert derive.blocks(problem, {read}) is expected


def test_one_nominee_fewer_changes_the_count_of_every_paper() -> None:
    def counts(data: dict[str, Any]) -> list[int]:
        g = derive.graph(data, CATALOG)
        lists = ("danh-sach-de-nghi", "trich-ngang", "to-trinh-de-nghi-cong-nhan")
        made = [derive.paper_data(g, derive.paper_of(g, kind)).data for kind in lists]
        return [len(d.get("tap_the", [])) + len(d.get("ca_nhan", [])) for d in made]

    fewer = copy.deepcopy(SAMPLE)
    next(d for d in fewer["dien_hinh"] if d.get("de_nghi"))["de_nghi"] = False
    assert counts(SAMPLE) == [7, 7, 7]
    assert counts(fewer) == [6, 6, 6]


def test_the_data_of_every_paper_of_the_sample_year_is_plain_json() -> None:
    g = derive.graph(SAMPLE, CATALOG)
    for paper in derive.plan(g):
        data = derive.paper_data(g, paper).data
        assert json.loads(json.dumps(data)) == data, paper.id


# --- the context

SCHEMA: dict[str, Any] = {
    "properties": {
        "ten": {"title": "Tên", "type": "string"},
        "ghi_chu": {"title": "Ghi chú", "type": ["string", "null"]},
        "thuc_trang": {"title": "Thực trạng", "type": "array", "items": {"type": "string"}, "x-trong": "gach"},
        "dong": {
            "title": "Dòng",
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "so": {"title": "Số", "type": ["integer", "null"]},
                    "y": {"title": "Ý", "type": ["string", "null"], "x-trong": "gach"},
                    "in_ra": {
                        "title": "In",
                        "type": "string",
                        "x-suy-ra": "stt ~ '. ' ~ van_ban_nay.ten ~ (so|hai_so)",
                    },
                },
            },
        },
        "dem": {"title": "Đếm", "type": "string", "x-suy-ra": "(dong|length)|hai_so ~ ' dòng' ~ tt.ket"},
        "dem_hoa": {"title": "Đếm hoa", "type": "string", "x-suy-ra": "dem|hoa"},
    }
}


def test_the_context_has_every_field_and_the_derived_values_in_order() -> None:
    made = derive.derived(SCHEMA, {"ten": "A", "dong": [{"so": 3, "y": "x"}, {}], "dem": "typed"}, {"ket": "."})
    assert (made["dem"], made["dem_hoa"], made["ghi_chu"]) == ("02 dòng.", "02 DÒNG.", None)
    assert made["thuc_trang"] == ["[Chưa nhập: Thực trạng]"]
    assert [row["in_ra"] for row in made["dong"]] == ["1. A03", "2. A"]
    assert [row["y"] for row in made["dong"]] == ["x", "[Chưa nhập: Ý]"]
    assert made["tt"] == {"ket": "."}


def test_the_context_leaves_the_data_as_it_was() -> None:
    data = {"ten": "A", "dong": [{"so": 3}]}
    derive.derived(SCHEMA, data, {"ket": "."})
    assert data == {"ten": "A", "dong": [{"so": 3}]}


def test_a_pack_s_kind_is_planned_like_ours(tmp_path: Path) -> None:
    schema = {
        "title": "Giấy xác nhận",
        "type": "object",
        "x-moi": "mo_hinh",
        "x-khi": "moi.tap_the",
        "x-van-ban": {"ten_loai": "Giấy xác nhận", "co_quan": "dang_uy"},
        "properties": {"ten": {"title": "Tên", "type": "string", "x-tu": "moi.ten|ngoac_kep"}},
    }
    (tmp_path / "giay-xac-nhan.schema.json").write_text(json.dumps(schema), encoding="utf-8")
    (tmp_path / "giay-xac-nhan.txt").write_text("Nội dung: {{ ten }}\n", encoding="utf-8")
    g = derive.graph(year(), Catalog([tmp_path]))
    (paper,) = [p for p in derive.plan(g) if p.kind == "giay-xac-nhan"]
    assert (paper.id, derive.paper_data(g, paper).data) == ("giay-xac-nhan.MH01", {"ten": "“Đường hoa”"})


def test_a_code_of_two_rows_blocks_who_reads_either() -> None:
    twin = {"ma": "DV01", "ten": "Chi bộ thôn Tây", "loai": "chi_bo"}
    models = [
        {**year()["mo_hinh"][0], "ngay_dang_ky": "2026-02-03"},
        {**year()["mo_hinh"][0], "ma": "MH02", "tap_the": "BX", "ngay_dang_ky": "2026-02-03"},
    ]
    g = graph(don_vi=[*year()["don_vi"], twin], mo_hinh=models)
    blocked = [
        derive.blocks("/don_vi/3/ma", derive.paper_data(g, derive.paper_of(g, "dang-ky-mo-hinh", m), {}).touched)
        for m in g.rows("mo_hinh")
    ]
    assert blocked == [True, False]


@pytest.mark.parametrize(
    "broken",
    [
        "/thong_tin/kieu_dau",
        "/mo_hinh/0/ket_luan_tham_dinh",
        "/van_ban/{decision}/trang_thai",
        "/van_ban/{decision}/can_cu/1",
        "/van_ban/{decision}/can_cu",
    ],
)
def test_a_decision_waits_for_what_it_stands_on(broken: str) -> None:
    g = derive.graph(SAMPLE, CATALOG)
    decision = [row["ma"] for row in SAMPLE["van_ban"]].index("quyet-dinh-cong-nhan")
    broken = broken.format(decision=decision)
    assert derive.blocks(broken, derive.paper_data(g, derive.paper_of(g, "quyet-dinh-cong-nhan")).touched)


def test_a_decision_does_not_wait_for_the_appraisal_of_a_model_it_does_not_name() -> None:
    g = derive.graph(SAMPLE, CATALOG)
    other = next(i for i, m in enumerate(SAMPLE["mo_hinh"]) if not m.get("cong_nhan"))
    touched = derive.paper_data(g, derive.paper_of(g, "quyet-dinh-cong-nhan")).touched
    assert not derive.blocks(f"/mo_hinh/{other}/ket_luan_tham_dinh", touched)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"x-khi": "moi.khong_co"}, "/x-khi"),
        ({"x-moi": "bang_khong_co"}, "/x-moi"),
        ({"x-van-ban": {"ten_loai": "Giấy", "trich_yeu": "moi.khong_co"}}, "/x-van-ban/trich_yeu"),
    ],
)
def test_a_kind_that_cannot_be_planned_is_left_out_by_its_file_and_field(
    tmp_path: Path, changes: dict[str, Any], field: str
) -> None:
    catalog = Catalog([write_pack(tmp_path, **changes)])
    papers = derive.plan(derive.graph(SAMPLE, catalog))
    assert [p.id for p in papers] == [p.id for p in derive.plan(derive.graph(SAMPLE, CATALOG))]
    assert [p.place.pointer for p in catalog.faults] == [field]
    assert catalog.faults[0].place.file.endswith("phieu-theo-doi.schema.json")
    assert "phieu-theo-doi" not in catalog.kinds()


BLANKS = [
    {"x-khi": "moi.phieu_dong_y > 3"},
    {"x-khi": "moi.phieu_dong_y * 2 > 3"},
    {"x-moi": "mo_hinh|sort(attribute='phieu_dong_y')"},
    {"x-moi": "mo_hinh|selectattr('phieu_dong_y', '>', 3)"},
    {"x-van-ban": {"ten_loai": "Giấy", "trich_yeu": "'cho ' ~ (moi.phieu_dong_y + 1) ~ ' hộ'"}},
]


@pytest.mark.parametrize("changes", BLANKS, ids=[f"{next(iter(c))}-{n}" for n, c in enumerate(BLANKS)])
def test_a_blank_stops_its_paper_by_the_cell_and_leaves_the_kind_for_other_years(
    tmp_path: Path, changes: dict[str, Any]
) -> None:
    catalog = Catalog([write_pack(tmp_path, **changes)])
    full = copy.deepcopy(SAMPLE)
    for row in full["mo_hinh"]:
        row["phieu_dong_y"] = 10
    blank = copy.deepcopy(full)
    del blank["mo_hinh"][2]["phieu_dong_y"]
    stopped = derive.graph(blank, catalog)
    derive.plan(stopped)
    assert [p.place.pointer for _, p in stopped.stopped.values()] == ["/mo_hinh/2/phieu_dong_y"]
    assert "phieu-theo-doi" in catalog.kinds()
    assert catalog.faults == []
    found = [p for p in derive.plan(derive.graph(full, catalog)) if p.kind == "phieu-theo-doi"]
    assert len(found) == len(full["mo_hinh"])


def test_a_blank_that_stops_one_paper_stops_no_other_of_its_kind(tmp_path: Path) -> None:
    catalog = Catalog([write_pack(tmp_path, **{"x-khi": "moi.phieu_dong_y > 3"})])
    changed = copy.deepcopy(SAMPLE)
    for row in changed["mo_hinh"]:
        row["phieu_dong_y"] = 10
    changed["mo_hinh"][0].pop("phieu_dong_y")
    found = {p.id for p in derive.plan(derive.graph(changed, catalog)) if p.kind == "phieu-theo-doi"}
    assert found == {f"phieu-theo-doi.{row['ma']}" for row in changed["mo_hinh"][1:]}


def minutes(changed: dict[str, Any]) -> frozenset[str]:
    """What the minutes of the voting meeting read of a year."""
    g = derive.graph(changed, CATALOG)
    (paper,) = [p for p in derive.plan(g) if p.kind == "bien-ban-binh-xet"]
    return derive.paper_data(g, paper).touched


def test_the_minutes_lean_on_the_rows_of_their_own_meeting_only() -> None:
    changed = copy.deepcopy(SAMPLE)
    own = next(i for i, row in enumerate(SAMPLE["du_hop"]) if row["cuoc_hop"] == "HOP05")
    other = next(i for i, row in enumerate(SAMPLE["du_hop"]) if row["cuoc_hop"] == "HOP01")
    changed["du_hop"].append(dict(SAMPLE["du_hop"][other]))
    changed["du_hop"][other]["cuoc_hop"] = "HOP99"
    touched = minutes(changed)
    assert derive.blocks(f"/du_hop/{own}", touched)
    assert derive.blocks(f"/du_hop/{own}/cuoc_hop", touched)
    assert not derive.blocks(f"/du_hop/{other}/cuoc_hop", touched)
    assert not derive.blocks(f"/du_hop/{len(SAMPLE['du_hop'])}", touched)


def test_a_reference_into_a_table_without_rows_reads_the_table() -> None:
    g = graph(dien_hinh=[{"ma": "DH01", "mo_hinh": "MH01"}], mo_hinh=[])
    assert "/mo_hinh" in g.trace("dien_hinh[0].mo_hinh")[1]


def test_an_absurd_day_or_number_is_left_out() -> None:
    g = graph(cuoc_hop=[{"ma": "H", "loai": "khac", "ten": "Họp", "ngay": "0001-01-01", "so_trieu_tap": 10**400}])
    assert g.evaluate("[cuoc_hop[0].ngay, cuoc_hop[0].so_trieu_tap]") == [None, None]


def test_an_expression_of_a_pack_that_cannot_be_worked_out_names_its_field(tmp_path: Path) -> None:
    properties = {"ten": {"title": "Tên", "type": "string", "x-tu": "moi.khong_co"}}
    g = derive.graph(SAMPLE, Catalog([write_pack(tmp_path, properties=properties, required=[])]))
    paper = next(p for p in derive.plan(g) if p.kind == "phieu-theo-doi")
    with pytest.raises(TemplateInvalid) as raised:
        derive.paper_data(g, paper)
    (told,) = raised.value.report
    assert (told.place.where, told.place.pointer) == ("phieu-theo-doi.schema.json", "/properties/ten/x-tu")


def test_the_office_s_spelling_is_the_origin_of_no_value() -> None:
    assert (
        derive._origin(("/mo_hinh/0/linh_vuc", "?/du_hop/1/cuoc_hop", "/thong_tin/kieu_dau")) == "/mo_hinh/0/linh_vuc"
    )
