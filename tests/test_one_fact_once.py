"""No fact is typed twice: papers ask nothing of their own, what is derived is not typed, sheets stay narrow."""

from __future__ import annotations

import io

import pytest
from openpyxl import load_workbook

from dvk_docs import workbook
from dvk_docs.catalog import Catalog

CATALOG = Catalog()
KINDS = [k for k in CATALOG.kinds() if "x-vai-tro-cong" not in CATALOG.kind_schema(k)]
YEAR = CATALOG.year_schema()["properties"]
TABLES = {t: s for t, s in YEAR.items() if s.get("type") == "array"}
MANY = 20


def typed() -> dict[str, str]:
    """Every cell of the year that a clerk may fill, by its pointer: what it is called."""
    found = {f"thong_tin/{n}": str(p["title"]) for n, p in YEAR["thong_tin"]["properties"].items()}
    for table, spec in TABLES.items():
        found |= {f"{table}/{n}": str(p["title"]) for n, p in spec["items"]["properties"].items()}
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_a_paper_asks_for_nothing_that_the_year_does_not_give(kind: str) -> None:
    """Each required value of a paper comes from the year (`x-tu`) or from its own fields (`x-suy-ra`)."""
    schema = CATALOG.kind_schema(kind)
    if "x-vai-tro-quyen" in schema:
        pytest.skip("a book's cover and contents are given the book")
    asked = [n for n in schema["required"] if not {"x-tu", "x-suy-ra"} & schema["properties"][n].keys()]
    assert asked == []


@pytest.mark.parametrize("table", TABLES)
def test_what_is_derived_is_not_typed_as_well(table: str) -> None:
    items = TABLES[table]["items"]
    assert set(items["properties"]) & set(items.get("x-suy-ra", {})) <= OVER.get(table, set())


OVER: dict[str, set[str]] = {}
"""Derived over a typed cell: the cell is only read where nothing else says it."""


def test_no_two_cells_ask_for_the_same_thing() -> None:
    """A title in two tables is a thing of each (its mã, its note), or one points to the other."""
    own = {
        "Mã",
        "Ghi chú",
        "Địa chỉ",
        "Điện thoại",
        "Số phiếu đồng ý",
        "Quyền hạn ký",
        "Chức vụ ký",
        "Chức vụ in khi ký",
    }
    places: dict[str, list[str]] = {}
    for pointer, title in typed().items():
        table, name = pointer.split("/")
        spec = YEAR["thong_tin"]["properties"] if table == "thong_tin" else TABLES[table]["items"]["properties"]
        if "x-tro" not in spec[name] and "x-muc" not in spec[name]:
            places.setdefault(title, []).append(pointer)
    assert {t: p for t, p in places.items() if len(p) > 1 and t not in own} == {}


@pytest.mark.parametrize("rules", CATALOG.rule_sets())
def test_a_sheet_has_at_most_twenty_columns(rules: str) -> None:
    schema = CATALOG.year_schema(rules)
    book = load_workbook(io.BytesIO(workbook.write(schema, {"thong_tin": {"bo_quy_tac": rules}})))
    wide = {s.title: s.max_column for s in book if s.sheet_state == "visible" and s.max_column > MANY}
    assert ([s.title for s in book if s.sheet_state == "visible"][:1], len(book.sheetnames) - 1, wide) == (
        ["Thông tin chung"],
        9,
        {},
    )
