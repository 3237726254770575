"""Deadlines: days that do not exist and what is chosen instead, days of rest, a commune's day before its province's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from builders import small_year

from dvk_docs import deadlines, derive, rules
from dvk_docs.catalog import Catalog

CATALOG = Catalog()
RULES = [{"ma": "A-1", "ngay": "2026-11-31"}, {"ma": "A-2", "thang_ngay": "03-06"}]


def faults(*lines: str) -> list[tuple[str, str]]:
    return [(p.code, p.place.pointer) for p in deadlines.choice_faults(lines, RULES, 2026)]


@pytest.mark.parametrize("day", ["30/11/2026", "2026-11-30", "01/12/2026", "15/11/2026"])
def test_a_day_of_the_month_or_the_one_it_overflows_to_may_be_chosen(day: str) -> None:
    assert faults(f"A-1 = {day}") == []
    assert deadlines.chosen(RULES[0], [f"A-1 = {day}"], 2026) is not None


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("A-1 = 31/11/2026", "no_such_day"),
        ("A-1 = cuối tháng", "no_such_day"),
        ("A-1 = 02/12/2026", "choice_far"),
        ("A-1 = 30/11/2027", "choice_far"),
        ("A-9 = 30/11/2026", "choice_unknown"),
        ("A-2 = 05/3/2026", "choice_not_needed"),
        ("A-1", "choice_unreadable"),
        ("= 30/11/2026", "choice_unreadable"),
        ("", "choice_unreadable"),
    ],
)
def test_a_choice_that_cannot_be_used_is_named_at_its_cell(line: str, code: str) -> None:
    assert faults(line) == [(code, "/thong_tin/han_da_chon/0")]
    assert deadlines.chosen(RULES[0], [line], 2026) is None


def test_two_choices_that_differ_are_none() -> None:
    lines = ["A-1 = 30/11/2026", "A-1 = 29/11/2026"]
    assert faults(*lines) == [("choice_twice", "/thong_tin/han_da_chon/1")]
    assert deadlines.chosen(RULES[0], lines, 2026) is None


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("2026-02-28", "thứ Bảy"),
        ("2026-04-26", "Chủ nhật, Ngày Giỗ Tổ Hùng Vương"),
        ("2026-02-17", "Tết Nguyên đán"),
        ("2026-04-30", "Ngày Chiến thắng"),
        ("2026-11-30", ""),
    ],
)
def test_a_day_of_rest_is_known_by_its_name(day: str, name: str) -> None:
    assert deadlines.rest_day(day, CATALOG.holidays()) == name


def test_each_year_of_the_table_has_both_lunar_holidays() -> None:
    rows = CATALOG.holidays()["am_lich"]
    assert [str(r["tu"])[:4] for r in rows] == [str(y) for y in range(2023, 2031) for _ in range(2)]
    assert all(str(r["tu"]) <= str(r["den"]) for r in rows)


def with_choice(*lines: str) -> dict[str, Any]:
    year = small_year()
    year["thong_tin"]["han_da_chon"] = list(lines)
    return year


def test_the_deadline_is_blank_until_a_day_is_chosen() -> None:
    before, after = (derive.graph(y, CATALOG) for y in (small_year(), with_choice("R004-BC-02 = 30/11/2026")))
    assert before.evaluate("quy_dinh.moc_han.bao_cao_nam") is None
    assert after.evaluate("quy_dinh.moc_han.bao_cao_nam") == "2026-11-30"
    codes = {p.code: p.severity for p in rules.check(after, CATALOG, "2026-12-20")}
    assert (codes["rule_day_invalid"], codes["R004-BC-02"]) == ("thong_tin", "canh_bao")


def pack(folder: Path, commune: str) -> Catalog:
    (folder / "quy_dinh").mkdir()
    (folder / "quy_dinh" / "tinh.toml").write_text('ten = "Tỉnh"\n[moc_han]\nbao_cao_nam = "12-10"\n', encoding="utf-8")
    text = f'ten = "Xã"\ndua_tren = "tinh"\n[moc_han]\nbao_cao_nam = "{commune}"\n'
    (folder / "quy_dinh" / "xa.toml").write_text(text, encoding="utf-8")
    return Catalog([folder])


@pytest.mark.parametrize(("commune", "told"), [("12-05", 0), ("12-10", 1), ("12-20", 1)])
def test_a_commune_s_deadline_lies_before_its_province_s(tmp_path: Path, commune: str, told: int) -> None:
    catalog = pack(tmp_path, commune)
    year = small_year(bo_quy_tac="xa")
    hits = [
        p
        for p in rules.check(derive.graph(year, catalog), catalog, "2026-01-05")
        if p.code == "deadline_not_before_upper"
    ]
    assert len(hits) == told
    assert all((p.severity, p.place.pointer) == ("canh_bao", "/thong_tin/bo_quy_tac") for p in hits)


def test_the_sets_of_this_package_keep_that_order() -> None:
    for name in CATALOG.rule_sets():
        assert list(deadlines.stack_faults(CATALOG.rule_layers(name), {}, 2026)) == [], name


def test_the_workbook_of_a_rule_set_offers_only_its_fields() -> None:
    def offered(name: str) -> tuple[list[str], list[str]]:
        field = CATALOG.year_schema(name)["properties"]["mo_hinh"]["items"]["properties"]["linh_vuc"]
        return field["enum"], field["x-nhan"]

    codes, labels = offered("xa-2026")
    assert codes == [row["ma"] for row in CATALOG.rule_set("xa-2026")["linh_vuc"]]
    assert labels[2] == "Quốc phòng - an ninh, dân tộc - tôn giáo"
    assert len(offered("")[0]) == 6
