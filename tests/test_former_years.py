"""Former years: the rules look back at them, what is read there blocks nothing, and a wrong file is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from builders import model, small_year

import dvk_docs as dvk
from dvk_docs import cli, derive, rules, workbook
from dvk_docs.catalog import Catalog
from dvk_docs.errors import SourceInvalid

CATALOG = Catalog()
TODAY = "2026-03-15"


def target(**fields: Any) -> dict[str, Any]:
    return {"noi_dung": "Hộ tham gia", "don_vi_tinh": "hộ", **fields}


def kept_up(goal: float, origin: str = "MH07", **more: Any) -> dict[str, Any]:
    """A year with a model kept up whose target is `goal`."""
    one = model(1, loai_hinh="duy_tri", mo_hinh_goc=[origin], muc_tieu=[target(muc_tieu=goal, **more)])
    return small_year(mo_hinh=[one, model(2), model(3)])


def before(nam: int = 2025, **fields: Any) -> dict[str, Any]:
    year = small_year(mo_hinh=[model(7, ten="Đường hoa thôn Đông", muc_tieu=[target(**fields)])])
    year["thong_tin"]["nam"] = nam
    return year


def told(year: dict[str, Any], *former: dict[str, Any]) -> list[tuple[str, str]]:
    g = derive.graph(year, CATALOG, None, former)
    return [(p.code, p.place.pointer) for p in rules.check(g, CATALOG, TODAY) if p.code.startswith("R004-CT-05")]


PLACE = "/mo_hinh/0/muc_tieu/0/muc_tieu"


@pytest.mark.parametrize("origin", ["MH07", "Mô hình “Đường hoa thôn Đông” của Chi bộ thôn Đông"])
def test_a_model_kept_up_is_compared_with_last_year_s_target(origin: str) -> None:
    assert told(kept_up(120, origin), before(muc_tieu=100)) == []
    assert told(kept_up(100, origin), before(muc_tieu=100)) == [("R004-CT-05", PLACE)]
    assert told(kept_up(90, origin), before(nen=10, muc_tieu=100)) == [("R004-CT-05", PLACE)]
    assert told(kept_up(5, origin), before(nen=10, muc_tieu=7)) == []  # the fewer the better


def test_without_the_file_it_is_compared_with_the_base_figure() -> None:
    assert told(kept_up(120, nen=100)) == []
    assert told(kept_up(100, nen=100)) == [("R004-CT-05", PLACE)]
    assert told(kept_up(120)) == [("R004-CT-05", "/mo_hinh/0/muc_tieu")]


def test_the_newest_year_that_knows_the_model_counts() -> None:
    assert told(kept_up(120), before(2025, muc_tieu=150, nen=0), before(2024, muc_tieu=100)) == [("R004-CT-05", PLACE)]


def test_former_years_come_newest_first_whatever_order_they_are_given_in() -> None:
    year = dvk.Year.from_data(small_year())
    from dvk_docs.making import former_years

    given = [before(2023), before(2025), before(2024)]
    assert [y.data["thong_tin"]["nam"] for y in former_years(year, given)] == [2025, 2024, 2023]


def test_a_read_of_a_former_year_is_no_read_of_this_one() -> None:
    g = derive.graph(small_year(), CATALOG, None, [before(muc_tieu=1)])
    value, reads = g.trace("nam_truoc[0].mo_hinh[0].ten")
    assert (value, reads) == ("Đường hoa thôn Đông", ())


def test_a_rule_that_needs_more_years_says_so_and_no_more() -> None:
    words = {"ma": "X", "kiem": "tan_suat", "su_kien": "cuoc_hop", "so_lan": 2, "so_nam": 3, "muc": "canh_bao"}

    def judged(*former: dict[str, Any]) -> list[str]:
        g = derive.graph(small_year(), CATALOG, None, former)
        return [p.code for p in rules.judge(rules.Rule(words, g, TODAY, ""))]

    meeting = {"ma": "H1", "loai": "bieu_duong", "ten": "Hội nghị"}
    two = [{**meeting, "ngay": "2024-10-15"}, {**meeting, "ma": "H2", "ngay": "2024-12-15"}]
    assert judged() == ["former_years_needed"]
    assert judged(before(2025), before(2024)) == ["X"]
    assert judged(before(2025), {**before(2024), "cuoc_hop": two}) == []
    assert judged({**before(2024), "cuoc_hop": two}) == []  # enough, whatever the other year holds


@pytest.mark.parametrize(
    ("former", "code"),
    [
        ([before(2026)], "former_not_before"),
        ([before(2027)], "former_not_before"),
        ([before(2025), before(2025)], "former_twice"),
        ([{"phien_ban": 3}], "former_without_year"),
    ],
)
def test_a_year_that_is_no_former_year_is_refused(former: list[dict[str, Any]], code: str) -> None:
    with pytest.raises(SourceInvalid) as refused:
        dvk.check(small_year(), TODAY, nam_truoc=former)
    assert refused.value.code == code


def write(folder: Path, name: str, data: dict[str, Any]) -> str:
    (folder / name).write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    return str(folder / name)


def test_the_commands_take_former_years_and_refuse_other_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    this, last = write(tmp_path, "nay.json", kept_up(100)), write(tmp_path, "truoc.json", before(muc_tieu=100))
    paper = write(tmp_path, "van-ban.json", {"ten_mo_hinh": "x", "kinh_gui": "y"})

    def said(*words: str) -> str:
        status = cli.run(words)
        return f"{status} {''.join(capsys.readouterr())}"

    assert "giữ nguyên mức năm trước (100)" in said("check", this, "--nam-truoc", last, "--ngay", "15/3/2026")
    assert "cùng là của năm 2025" in said("check", this, "--nam-truoc", last, "--nam-truoc", last)
    assert "không phải của cả năm" in said("check", this, "--nam-truoc", paper)
    assert "Không tìm thấy" in said("dossier", this, "-o", str(tmp_path / "a"), "--nam-truoc", "khong.xlsx")
    assert not (tmp_path / "a").exists()
    assert said("make", "dang-ky-mo-hinh", paper, "--nam-truoc", last).startswith("2 Lỗi: --nam-truoc")


@pytest.mark.parametrize("version", [1, 2])
def test_a_workbook_of_an_old_version_is_a_former_year(tmp_path: Path, version: int) -> None:
    data = {**before(muc_tieu=100), "phien_ban": version}
    file = tmp_path / "nam-2025.xlsx"
    file.write_bytes(workbook.write(CATALOG.year_schema(), data, {"bo_quy_tac": CATALOG.rule_sets()}))
    report = dvk.check(kept_up(100), TODAY, nam_truoc=[dvk.read(file)])
    assert "R004-CT-05" in [p.code for p in report.problems]
