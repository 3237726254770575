"""What the kinds print from a year: who decided, whose votes count, what is cited, how marks and labels come out."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import dvk_docs as dvk
from dvk_docs import making
from dvk_docs.dossier import file_name
from dvk_docs.testing import outline

TODAY = "2026-10-20"
Made = Callable[[dict[str, Any]], Mapping[str, str]]


@pytest.fixture
def data(samples: Path) -> dict[str, Any]:
    return copy.deepcopy(json.loads((samples / "nam-2026.json").read_text(encoding="utf-8")))


class Papers(Mapping[str, str]):
    """The papers of a year by the names of their files, each printed when it is asked for."""

    def __init__(self, year: dvk.Year) -> None:
        self.checked = making.examine(year, date.fromisoformat(TODAY))
        whole = [p for p in self.checked.papers if not p.problems]
        self.papers = {file_name(p).removesuffix(".docx").split("-", 1)[1]: p for p in whole}

    def __getitem__(self, name: str) -> str:
        paper = self.papers[name]
        return outline(paper.kind.render(paper.data, paper.day, self.checked.kieu_dau).docx)

    def __iter__(self) -> Iterator[str]:
        return iter(self.papers)

    def __len__(self) -> int:
        return len(self.papers)


@pytest.fixture
def papers() -> Made:
    return lambda year: Papers(dvk.Year.from_data(year))


@pytest.fixture(scope="module")
def plain(samples: Path) -> Papers:
    """The papers of the sample year as it stands."""
    return Papers(dvk.read(samples / "nam-2026.json"))


def row(data: dict[str, Any], table: str, **known: Any) -> dict[str, Any]:
    found: dict[str, Any] = next(r for r in data[table] if all(r.get(k) == v for k, v in known.items()))
    return found


def test_the_collective_that_decided_is_named_where_the_decision_is_cited(data: dict[str, Any], papers: Made) -> None:
    data["thong_tin"]["danh_nghia_cong_nhan"] = "ban_thuong_vu"
    made = papers(data)
    assert "ngày 30/9/2026 của Ban Thường vụ Đảng uỷ xã Bình An)" in made["danh-sach-cong-nhan"]
    assert "của Ban Thường vụ Đảng uỷ xã Bình An" in made["bao-cao-thanh-tich-tap-the-DH01"]
    assert "ngày 30/9/2026 của Ban Thường vụ Đảng uỷ xã Bình An về" in made["to-trinh-de-nghi-cong-nhan"]
    assert "Ban Thường vụ Đảng uỷ xã Bình An tổ chức họp" in made["bien-ban-binh-xet"]
    assert "Cơ quan ban hành: ĐẢNG UỶ XÃ BÌNH AN" in made["quyet-dinh-cong-nhan"]


def test_a_decision_of_the_whole_committee_is_cited_as_its_own(plain: Mapping[str, str]) -> None:
    assert "ngày 30/9/2026 của Đảng uỷ xã Bình An)" in plain["danh-sach-cong-nhan"]
    assert ", Đảng uỷ xã Bình An tổ chức họp" in plain["bien-ban-binh-xet"]


def test_the_decision_cites_the_paper_that_asked_for_it(plain: Mapping[str, str]) -> None:
    cited = "Tờ trình số 12-TTr/BXDĐ, ngày 21/9/2026"
    assert f"Xét đề nghị của Ban Xây dựng Đảng tại {cited}." in plain["quyet-dinh-cong-nhan"]
    assert f"Hội nghị xem xét {cited} của Ban Xây dựng Đảng" in plain["bien-ban-binh-xet"]


@pytest.mark.parametrize("change", [{"ngay": "2026-10-05"}, {"co_quan": "DU"}, {"ten_loai": "Báo cáo"}])
def test_a_paper_that_did_not_ask_for_it_is_not_cited(
    data: dict[str, Any], papers: Made, change: dict[str, str]
) -> None:
    request = row(data, "van_ban", ma="to-trinh-cong-nhan-mo-hinh")
    typed = {"ma": "ttr", "tinh_chat": "da_co", "ten_loai": "Tờ trình", "so_ky_hieu": "12-TTr/BXDĐ", "co_quan": "BXDD"}
    request.clear()
    request.update({**typed, "ngay": "2026-09-21", "trich_yeu": "đề nghị công nhận mô hình", **change})
    made = papers(data)
    assert "12-TTr/BXDĐ" not in made["quyet-dinh-cong-nhan"]
    assert "12-TTr/BXDĐ" not in made.get("bien-ban-binh-xet", "")


@pytest.mark.parametrize(
    ("votes", "printed"),
    [({"phieu_thu_ve": 14, "phieu_hop_le": 14}, "14/14"), ({"phieu_thu_ve": None, "phieu_hop_le": None}, "14/14")],
)
def test_the_share_is_of_the_valid_votes_or_of_those_present(
    data: dict[str, Any], papers: Made, votes: dict[str, int | None], printed: str
) -> None:
    meeting = row(data, "cuoc_hop", loai="binh_xet")
    meeting.update(votes)
    for name in [name for name, value in votes.items() if value is None]:
        del meeting[name]
    assert printed in papers(data)["bien-ban-binh-xet"]


def test_no_more_than_the_share_is_not_recognised(samples: Path) -> None:
    paper = json.loads((samples / "bien-ban-binh-xet" / "day-du.json").read_text(encoding="utf-8"))
    paper["mo_hinh"][0]["dong_y"] = paper["mo_hinh"][0]["tong"] // 2
    text = outline(dvk.kind("bien-ban-binh-xet").make(paper).docx)
    assert "50% || Ô: Không công nhận" in text
    assert "thống nhất công nhận 09 mô hình" in text


def test_a_model_without_dates_is_drafted_with_gaps(data: dict[str, Any], papers: Made) -> None:
    model = row(data, "mo_hinh", ma="MH10")  # registered, not yet recognised
    del model["tu_ngay"], model["den_ngay"]
    made = papers(data)
    plan = made["ke-hoach-mo-hinh-MH10"]
    assert "từ [Chưa nhập: Thời gian bắt đầu] đến [Chưa nhập: Thời gian kết thúc]." in plan
    assert "[Chưa nhập: Thời gian hoàn thành]" in made["dang-ky-mo-hinh-MH10"]


def test_labels_are_in_the_tone_placement_of_the_office(
    data: dict[str, Any], papers: Made, plain: Mapping[str, str]
) -> None:
    assert not [n for n, text in plain.items() if "Văn hóa - xã hội" in text]
    data["thong_tin"]["kieu_dau"] = "cu"
    made = papers(data)
    assert not [n for n, text in made.items() if "Văn hoá - xã hội" in text]
    assert "Văn hóa - xã hội" in made["danh-sach-cong-nhan"]
    assert "CẤP ỦY ↵ TRỰC TIẾP" in made["bao-cao-thanh-tich-tap-the-DH01"]


def test_a_dot_typed_at_the_end_is_not_printed_twice(data: dict[str, Any], papers: Made) -> None:
    data["thong_tin"]["noi_nhan_de_nghi"] += "."
    for person in data["nguoi"]:
        if person.get("chuc_vu"):
            person["chuc_vu"] += "."
    for model in data["mo_hinh"]:
        if model.get("pham_vi"):
            model["pham_vi"] += "."
    made = papers(data)
    lines = {n: re.sub(r"\.{4,}", "", text) for n, text in made.items()}  # without the lines left for a pen
    twice = {n: re.findall(r".{20}(?:\.\.|\.;|\.,| \.).{5}", text) for n, text in lines.items()}
    assert {n: found for n, found in twice.items() if found} == {}
    assert "Thành uỷ Minh Hà xem xét" in made["to-trinh-de-nghi-cong-nhan"]


def test_a_post_that_names_its_body_is_printed_without_the_unit(data: dict[str, Any], papers: Made) -> None:
    row(data, "nguoi", ma="NG24")["chuc_vu"] = "Bí thư Chi bộ"
    text = papers(data)["bien-ban-binh-xet"]
    assert "Chuyên viên Ban Xây dựng Đảng;" in text
    assert "Bí thư Chi bộ Trung tâm Phục vụ hành chính công" in text


@pytest.mark.parametrize("returned,enough", [(12, True), (14, False)])
def test_the_rule_counts_votes_as_the_minutes_print_them(data: dict[str, Any], returned: int, enough: bool) -> None:
    meeting = row(data, "cuoc_hop", loai="binh_xet")
    del meeting["phieu_hop_le"]
    meeting["phieu_thu_ve"] = returned
    number = next(i for i, m in enumerate(data["mo_hinh"]) if m.get("cong_nhan"))
    data["mo_hinh"][number]["phieu_dong_y"] = 7
    report = dvk.check(dvk.Year.from_data(data), ngay=TODAY)
    short = [p for p in report.errors if p.place.pointer.startswith(f"/mo_hinh/{number}/") and "mới có 07" in p.message]
    assert (short == []) is enough
    assert all(f"07/{returned:02}" in p.message for p in short)
