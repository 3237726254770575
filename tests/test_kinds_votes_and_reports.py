"""Appraisal told, recognition asked for, votes counted, the movement reported: what those papers derive from a year."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from dvk_docs import derive
from dvk_docs.catalog import Catalog
from dvk_docs.making import Kind
from dvk_docs.testing import outline

CATALOG = Catalog()
Data = dict[str, Any]
NOTICE, REQUEST = "thong-bao-ket-qua-tham-dinh", "to-trinh-cong-nhan-mo-hinh"


@pytest.fixture
def year(samples: Path) -> Data:
    return copy.deepcopy(json.loads((samples / "nam-2026.json").read_text(encoding="utf-8")))


def row(data: Data, table: str, code: str) -> Data:
    return next(r for r in data[table] if r["ma"] == code)


def planned(data: Data, kind: str) -> dict[str, derive.Paper]:
    """The papers of one kind that the year calls for, by their ids."""
    return {p.id: p for p in derive._papers_of(derive.graph(data, CATALOG), kind)}


def paper(data: Data, paper_id: str) -> Data:
    """One paper's own data with all that it derives."""
    kind = paper_id.partition(".")[0]
    g = derive.graph(data, CATALOG)
    found = next(p for p in derive._papers_of(g, kind) if p.id == paper_id)
    return derive.derived(CATALOG.kind_schema(kind), derive.paper_data(g, found).data, derive.words_of(g, found))


def text(data: Data, paper_id: str) -> str:
    kind = paper_id.partition(".")[0]
    g = derive.graph(data, CATALOG)
    found = next(p for p in derive._papers_of(g, kind) if p.id == paper_id)
    return outline(Kind(kind, CATALOG).make(derive.paper_data(g, found).data).docx)


# --- the appraisal told, recognition asked for -----------------------------------------------------------------------


def test_the_notice_counts_what_the_appraisal_concluded(year: Data) -> None:
    row(year, "mo_hinh", "MH01")["ket_luan_tham_dinh"] = "bo_sung"
    assert paper(year, NOTICE)["tong_hop"] == (
        "Có 14 mô hình được thẩm định, trong đó 09 mô hình đủ điều kiện đề nghị công nhận, 04 mô hình phải bổ sung, "
        "hoàn thiện và 01 mô hình không đề nghị công nhận"
    )


def test_the_request_holds_the_models_that_the_appraisal_put_forward_and_names_those_found_later(year: Data) -> None:
    row(year, "mo_hinh", "MH01")["ket_luan_tham_dinh"] = "bo_sung"
    asked = paper(year, REQUEST)
    assert asked["co_cau"].startswith("09 mô hình “Dân vận khéo” cấp xã năm 2026, trong đó 07 mô hình của tập thể")
    assert [d["chu_the"] for d in asked["bo_sung"]] == ["Hội Liên hiệp Phụ nữ xã Bình An"]


def test_the_decision_cites_the_request_that_the_year_makes_with_its_gap_while_it_has_no_number(year: Data) -> None:
    for field in ("so", "ngay"):
        del row(year, "van_ban", REQUEST)[field]
    cited = paper(year, "quyet-dinh-cong-nhan")["can_cu"][-1]
    assert cited == "Xét đề nghị của Ban Xây dựng Đảng tại Tờ trình số [chưa có số]-TTr/BXDĐ, ngày [chưa có ngày]"
    assert "[chưa có số]-TTr/BXDĐ" in str(paper(year, "bien-ban-binh-xet")["to_trinh_lien_quan"])


@pytest.mark.parametrize("kind", [NOTICE, REQUEST])
def test_what_was_made_elsewhere_is_not_made_again(year: Data, kind: str) -> None:
    names = {NOTICE: ("Thông báo", "DU", "kết quả thẩm định"), REQUEST: ("Tờ trình", "BXDD", "công nhận mô hình")}
    ten_loai, office, subject = names[kind]
    old = row(year, "van_ban", kind)
    old.clear()
    old.update(
        ma="cu",
        tinh_chat="da_co",
        ten_loai=ten_loai,
        co_quan=office,
        trich_yeu=subject,
        ngay="2026-09-21",
        so_ky_hieu="9",
    )
    row(year, "van_ban", "quyet-dinh-cong-nhan").pop("can_cu")
    assert planned(year, kind) == {}
    assert f"{ten_loai} số 9, ngày 21/9/2026" in " ".join(paper(year, "quyet-dinh-cong-nhan")["can_cu"])


@pytest.mark.parametrize("kind", [NOTICE, REQUEST])
def test_a_year_without_an_appraisal_calls_for_neither(year: Data, kind: str) -> None:
    year["van_ban"] = []
    for model in year["mo_hinh"]:
        model.pop("ket_luan_tham_dinh", None)
    assert planned(year, kind) == {}
