"""Commendation, by the State and by the Party: who issues a paper decides its system, its law and its sums."""

from __future__ import annotations

import copy
import json
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import dvk_docs as dvk
from dvk_docs import derive, template_source, workbook
from dvk_docs.catalog import Catalog
from dvk_docs.errors import TemplateInvalid
from dvk_docs.making import Kind, examine
from dvk_docs.testing import outline

TODAY = dvk.making.as_day("2026-10-20")
CATALOG = Catalog()
DAYS = ("2024-07-01", "2025-06-30", "2025-07-01", "2026-06-30", "2026-07-01", "2027-02-28", "2030-01-01")
Data = dict[str, Any]


@pytest.fixture
def data(samples: Path) -> Data:
    return copy.deepcopy(json.loads((samples / "nam-2026.json").read_text(encoding="utf-8")))


def row(data: Data, table: str, **known: Any) -> Data:
    found: Data = next(r for r in data[table] if all(r.get(k) == v for k, v in known.items()))
    return found


def paper(data: Data, paper_id: str) -> str:
    """One paper of the year as golden text."""
    graph = derive.graph(data, CATALOG)
    kind, _, code = paper_id.partition(".")
    moi = next(m for m in graph.evaluate(CATALOG.kind_schema(kind)["x-moi"]) if m["ma"] == code)
    own = derive.paper_of(graph, kind, moi)
    return outline(Kind(kind, CATALOG).make(derive.paper_data(graph, own).data).docx)


def errors(data: Data) -> set[tuple[str, str]]:
    report = dvk.check(dvk.Year.from_data(data), ngay=TODAY)
    return {(p.code, p.place.pointer) for p in report.errors}


# --- the system of a paper -------------------------------------------------------------------------------------------


def test_the_decision_of_the_chairman_is_a_paper_of_the_state(data: Data) -> None:
    text = paper(data, "quyet-dinh-khen-thuong.UBND")
    assert "Quốc hiệu: CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM" in text
    assert "Số ký hiệu: Số: 412/QĐ-UBND" in text
    assert "Giữa đậm: CHỦ TỊCH UỶ BAN NHÂN DÂN XÃ BÌNH AN" in text
    assert "Giữa đậm: QUYẾT ĐỊNH:\n" in text
    assert "hiệu lực từ ngày ký./.\n" in text
    assert "Quyền hạn: CHỦ TỊCH ¶ Chữ ký" in text
    assert "- Lưu: VT." in text
    assert "ĐẢNG CỘNG SẢN" not in text and "Dấu sao" not in text


def test_the_decision_of_the_committee_is_a_paper_of_the_party(data: Data) -> None:
    text = paper(data, "quyet-dinh-khen-thuong.DU")
    assert "Tiêu đề Đảng: ĐẢNG CỘNG SẢN VIỆT NAM" in text
    assert "Số ký hiệu: Số 16-QĐ/ĐU" in text
    assert "Giữa đậm: BAN THƯỜNG VỤ ĐẢNG UỶ QUYẾT ĐỊNH\n" in text
    assert "./." not in text and "Quốc hiệu" not in text


def test_a_deputy_signs_for_the_chairman(data: Data) -> None:
    row(data, "van_ban", ma="quyet-dinh-khen-thuong.UBND")["nguoi_ky"] = "NG10"
    signed = r"KT\. CHỦ TỊCH ¶ [^:]*: PHÓ CHỦ TỊCH ¶ [^¶]*¶ [^:]*: Trịnh Văn Hải"
    assert re.search(signed, paper(data, "quyet-dinh-khen-thuong.UBND"))
    assert re.search(signed, paper(data, "giay-khen.DH07"))


def test_a_proposal_of_the_front_has_its_head_and_signs_for_its_standing_board(data: Data) -> None:
    data["thong_tin"]["dau_moi"] = "MTTQ"
    text = paper(data, "to-trinh-khen-thuong.UBND")
    head = "Cơ quan cấp trên: UỶ BAN MẶT TRẬN TỔ QUỐC ↵ VIỆT NAM XÃ BÌNH AN ¶ Cơ quan ban hành: BAN THƯỜNG TRỰC"
    assert head in text
    assert "Kính trình: Kính gửi: Chủ tịch Uỷ ban nhân dân xã Bình An\n" in text
    assert "Quyền hạn: TM. BAN THƯỜNG TRỰC ¶ Chức vụ ký: CHỦ TỊCH" in text


def test_a_paper_is_cited_as_the_citing_system_writes_a_day(data: Data) -> None:
    cited = "Tờ trình số 14-TTr/BXDĐ ngày 12 tháng 10 năm 2026."
    assert f"Theo đề nghị của Ban Xây dựng Đảng tại {cited}" in paper(data, "quyet-dinh-khen-thuong.UBND")
    cited = "Tờ trình số 13-TTr/BXDĐ, ngày 12/10/2026."
    assert f"Xét đề nghị của Ban Xây dựng Đảng tại {cited}" in paper(data, "quyet-dinh-khen-thuong.DU")


# --- law and sums by the day of the decision -------------------------------------------------------------------------


def dated(data: Data, day: str) -> str:
    row(data, "van_ban", ma="to-trinh-khen-thuong.UBND")["ngay"] = day
    row(data, "van_ban", ma="quyet-dinh-khen-thuong.UBND")["ngay"] = day
    return paper(data, "quyet-dinh-khen-thuong.UBND")


@pytest.mark.parametrize(("day", "cited"), [("2026-09-30", False), ("2026-10-01", True)])
def test_a_law_is_cited_from_the_day_it_is_in_force(data: Data, day: str, cited: bool) -> None:
    assert ("06/2026/QH16" in dated(data, day)) is cited


@pytest.mark.parametrize(("day", "decree"), [("2025-06-30", "98/2023"), ("2025-07-01", "152/2025")])
def test_a_decree_is_cited_while_it_is_in_force(data: Data, day: str, decree: str) -> None:
    assert re.findall(r"Nghị định số (\d+/\d+)/NĐ-CP", dated(data, day)) == [decree]


@pytest.mark.parametrize(
    ("day", "sums"),
    [
        ("2026-06-30", ["1.410.000", "710.000", "1.060.000", "3.180.000"]),
        ("2026-07-01", ["1.520.000", "760.000", "1.140.000", "3.420.000"]),
    ],
)
def test_the_sums_are_those_of_the_day_rounded_up(data: Data, day: str, sums: list[str]) -> None:
    text = dated(data, day)
    assert re.findall(r"Ô phải: \**([\d.]+)", text) == sums
    assert f"tổng số {sums[-1]} đồng (bằng chữ: ba triệu" in text


def test_the_office_s_own_sum_wins_and_none_is_printed_where_none_is_known(data: Data) -> None:
    assert "theo quy định hiện hành" in paper(data, "quyet-dinh-khen-thuong.DU")
    data["thong_tin"].update(muc_thuong_tap_the=1_000_000, muc_thuong_ca_nhan=500_000)
    assert "tổng số 2.500.000 đồng" in paper(data, "quyet-dinh-khen-thuong.DU")


def test_a_rate_that_was_not_seen_in_the_decree_is_said(data: Data) -> None:
    report = dvk.check(dvk.Year.from_data(data), ngay=TODAY)
    said = [p for p in report if p.code == "award_rate_unconfirmed"]
    assert [p.place.pointer for p in said] == ["/dien_hinh/6/khen_boi", "/dien_hinh/7/khen_boi"]


@pytest.mark.parametrize("table", ["van_ban", "muc"])
def test_each_law_and_each_sum_has_its_source_and_follows_the_one_before(table: str) -> None:
    path = template_source.RULES.parent / "phap-luat.toml"
    rows = tomllib.loads(path.read_text(encoding="utf-8"))[table]
    assert [r for r in rows if not r["source"] or not isinstance(r["confirmed"], bool)] == []
    assert [r for r in rows if "den_ngay" in r and r["den_ngay"] < r["tu_ngay"]] == []
    assert all(len(CATALOG.law("muc", day)) == len({r["ten"] for r in CATALOG.law("muc", day)}) for day in DAYS)


# --- the certificates ------------------------------------------------------------------------------------------------


def test_each_certificate_has_the_number_the_day_and_the_place_of_its_decision(data: Data) -> None:
    year = examine(dvk.Year.from_data(data), TODAY)
    own = {p.id: p.data for p in year.papers if p.id.startswith("giay-khen.")}
    lists = [p.data["danh_sach"] for p in year.papers if p.id.startswith("quyet-dinh-khen-thuong.")]
    assert len(own) == sum(map(len, lists)) == 6
    state = [own[f"giay-khen.{code}"] for code in ("DH04", "DH07", "DH08")]
    assert [(d["so"], d["ngay"], d["so_vang"]) for d in state] == [(412, "2026-10-16", n) for n in (1, 2, 3)]


def test_a_certificate_keeps_its_own_page(data: Data) -> None:
    text = paper(data, "giay-khen.DH08")
    assert text.startswith("@ kho: ngang 12\n")
    assert "Giấy khen người: Hộ gia đình ông Phạm Đình Khải" in text


def test_one_commended_less_is_one_less_in_each_paper(data: Data) -> None:
    assert "Tặng Giấy khen cho 01 tập thể, 01 cá nhân và 01 hộ gia đình" in paper(data, "quyet-dinh-khen-thuong.UBND")
    del row(data, "dien_hinh", ma="DH07")["khen_boi"]
    assert "Tặng Giấy khen cho 01 tập thể và 01 hộ gia đình" in paper(data, "quyet-dinh-khen-thuong.UBND")
    assert "tặng Giấy khen cho 01 tập thể và 01 hộ gia đình" in paper(data, "to-trinh-khen-thuong.UBND")
    assert "Số sổ vàng: 02" in paper(data, "giay-khen.DH08")


# --- what may not be ------------------------------------------------------------------------------------------------


def by_the_front(d: Data) -> None:
    row(d, "dien_hinh", ma="DH07")["khen_boi"] = "MTTQ"


def under_discipline(d: Data) -> None:
    row(d, "nguoi", ma="NG24")["ky_luat"] = True


def twice(d: Data) -> None:
    d["dien_hinh"].append({**row(d, "dien_hinh", ma="DH07"), "ma": "DH99", "khen_boi": "DU", "de_nghi": None})


def nobody(d: Data) -> None:
    d["dien_hinh"].append({"ma": "DH99", "khen_boi": "UBND"})


def before_it_was_proposed(d: Data) -> None:
    row(d, "van_ban", ma="quyet-dinh-khen-thuong.UBND")["ngay"] = "2026-10-11"


def test_a_union_s_head_keeps_its_whole_name(data: Data) -> None:
    row(data, "van_ban", ma="to-trinh-khen-thuong.UBND")["co_quan"] = "HPN"
    assert "Cơ quan ban hành: HỘI LIÊN HIỆP PHỤ NỮ XÃ BÌNH AN ¶" in paper(data, "to-trinh-khen-thuong.UBND")


def nominee_without_a_model(d: Data) -> None:
    del row(d, "dien_hinh", ma="DH07")["mo_hinh"]


@pytest.mark.parametrize(
    ("change", "code", "pointer"),
    [
        (by_the_front, "awarder_cannot_award", "/dien_hinh/6/khen_boi"),
        (under_discipline, "awarded_under_discipline", "/nguoi/23/ky_luat"),
        (twice, "awarded_twice", "/dien_hinh/6/khen_boi"),
        (nobody, "awarded_without_subject", "/dien_hinh/9/ca_nhan"),
        (before_it_was_proposed, "award_after_proposal", "/van_ban/quyet-dinh-khen-thuong.UBND/ngay"),
        (nominee_without_a_model, "nominee_has_model", "/dien_hinh/6/mo_hinh"),
    ],
)
def test_what_may_not_be_is_an_error_at_its_cell(
    data: Data, change: Callable[[Data], None], code: str, pointer: str
) -> None:
    rows = {r["ma"]: str(i) for i, r in enumerate(data["van_ban"])}
    pointer = "/".join(rows.get(part, part) for part in pointer.split("/"))
    before = errors(data)
    change(data)
    assert (code, pointer) in errors(data) - before


def test_a_commendation_without_a_model_needs_none(data: Data) -> None:
    data["dien_hinh"].append({"ma": "DH99", "ca_nhan": "NG26", "khen_boi": "UBND"})
    assert errors(data) == set()
    assert "phong trào thi đua “Dân vận khéo” năm 2026 ||" in paper(data, "giay-khen.DH99").replace(" ¶", " ||")


# --- the workbook of the version before ------------------------------------------------------------------------------


def without_newer(spec: Any) -> Any:
    """A schema as it was in version 1: without the fields that came later."""
    if isinstance(spec, list):
        return [without_newer(x) for x in spec]
    if not isinstance(spec, dict):
        return spec
    return {
        k: without_newer(v) for k, v in spec.items() if not (isinstance(v, dict) and v.get("x-tu-phien-ban", 0) > 1)
    }


def known_to(schema: Any, data: Any) -> Any:
    """The part of a year's data that a former schema has fields for."""
    if isinstance(data, list):
        return [known_to(schema.get("items", {}), x) for x in data]
    if not isinstance(data, dict):
        return data
    return {k: known_to(schema["properties"][k], v) for k, v in data.items() if k in schema.get("properties", {})}


MEETINGS = ("binh_xet", "tham_dinh", "ra_soat", "ra_mat", "khac")  # the kinds of a meeting that version 1 knew


def test_a_workbook_of_the_version_before_is_read_without_a_word(data: Data, tmp_path: Path) -> None:
    catalog = Catalog()
    schema = without_newer(catalog.year_schema())
    schema["properties"]["phien_ban"]["const"] = 1
    data["cuoc_hop"] = [m for m in data["cuoc_hop"] if m["loai"] in MEETINGS]
    kept = {m["ma"] for m in data["cuoc_hop"]}
    data["du_hop"] = [d for d in data["du_hop"] if d["cuoc_hop"] in kept]
    old = known_to(schema, data)
    file = tmp_path / "nam-cu.xlsx"
    file.write_bytes(workbook.write(schema, old, {"bo_quy_tac": catalog.rule_sets()}))
    year = dvk.read(file)
    assert year.data["phien_ban"] == 1
    assert [str(p) for p in year.problems] == []
    report = dvk.check(year, ngay=TODAY)
    assert {p.code for p in report.errors} <= {"paper_code_unknown"}  # rows of papers that need the newer fields


def test_a_workbook_of_this_version_that_lost_a_newer_column_is_told(data: Data, tmp_path: Path) -> None:
    catalog = Catalog()
    schema = without_newer(catalog.year_schema())
    file = tmp_path / "nam.xlsx"
    file.write_bytes(
        workbook.write(schema, {**known_to(schema, data), "dien_hinh": []}, {"bo_quy_tac": catalog.rule_sets()})
    )
    assert {"missing_row"} <= {p.code for p in dvk.read(file).problems}


# --- kinds of several systems in packs and in an office's folder -----------------------------------------------------


def test_an_office_s_own_template_serves_its_own_system_alone(data: Data, tmp_path: Path) -> None:
    own = template_source.build("Nội dung: Mẫu riêng {{ so_ky_hieu }}")
    (tmp_path / "quyet-dinh-khen-thuong.nha-nuoc.docx").write_bytes(own)
    papers = {p.id: p for p in examine(dvk.Year.from_data(data), TODAY, templates=tmp_path).papers}
    texts = {
        code: outline(
            papers[f"quyet-dinh-khen-thuong.{code}"]
            .kind.render(papers[f"quyet-dinh-khen-thuong.{code}"].data, "2026-10-16")
            .docx
        )
        for code in ("UBND", "DU")
    }
    assert texts["UBND"] == "Nội dung: Mẫu riêng Số: 412/QĐ-UBND\n"
    assert "Tiêu đề Đảng" in texts["DU"]


def two_systems(folder: Path, **changes: Any) -> Catalog:
    schema = {
        "title": "Giấy B",
        "type": "object",
        "x-he": ["dang", "nha_nuoc"],
        "x-he-theo": "'nha_nuoc'",
        "required": [],
        "properties": {"he": {"type": "string"}},
        **changes,
    }
    schema = {k: v for k, v in schema.items() if v is not None}
    (folder / "giay-b.schema.json").write_text(json.dumps(schema), encoding="utf-8")
    (folder / "giay-b.dang.txt").write_text("Tiêu đề Đảng: A\n", encoding="utf-8")
    return Catalog([folder])


def test_a_pack_s_kind_of_two_systems_is_built_by_the_looks_of_each(tmp_path: Path) -> None:
    (tmp_path / "giay-b.nha-nuoc.txt").write_text("Quốc hiệu: B\n", encoding="utf-8")
    catalog = two_systems(tmp_path)
    assert catalog.faults == []
    assert outline(catalog.template_bytes("giay-b", "nha_nuoc")) == "Quốc hiệu: B\n"
    assert outline(catalog.template_bytes("giay-b")) == "Tiêu đề Đảng: A\n"


@pytest.mark.parametrize(
    ("changes", "pointer", "why"),
    [({}, "/title", r"giay-b\.nha-nuoc\.docx"), ({"x-he-theo": None}, "/x-he", "x-he-theo")],
)
def test_a_system_without_a_template_or_a_way_to_tell_it_is_named(
    tmp_path: Path, changes: Data, pointer: str, why: str
) -> None:
    catalog = two_systems(tmp_path, **changes)
    assert any(p.place.pointer == pointer and re.search(why, p.message) for p in catalog.faults)
    with pytest.raises(TemplateInvalid):
        catalog.kind_schema("giay-b")
