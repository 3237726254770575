"""Test papers without end: our kinds with made-up data of all lengths. The same seed gives the same papers."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from dvk_docs.catalog import Catalog
from dvk_docs.making import kind

_TEXT = (
    "Đảng uỷ xã Bình An phát động phong trào thi đua dân vận khéo năm 2026 nhằm nâng cao nhận thức trách nhiệm của cấp "
    "uỷ, chính quyền, Mặt trận Tổ quốc và các tổ chức chính trị - xã hội về công tác dân vận; vận động Nhân dân hiến "
    "đất mở rộng đường giao thông nông thôn, chỉnh trang nhà cửa, trồng hoa, phân loại rác thải tại nguồn. Mô hình "
    "“Tuyến đường hoa tự quản” có 162 hộ tham gia, đạt 98,5% kế hoạch; tiết kiệm 47 triệu đồng giai đoạn 2025-2026 "
    "theo Quyết định số 15-QĐ/ĐU ngày 05/02/2026, Hướng dẫn 07-HD/ĐU (có danh sách kèm theo), điện thoại 0912.345.678; "
    "nghiêng nghiêng khuỷu khuyếch trương ở I; đ/c Nguyễn Thị Ánh Tuyết, Bí thư Chi bộ – Trưởng thôn, phụ trách chung"
)
WORDS = _TEXT.split()
LENGTHS = (1, 2, 3, 5, 8, 13, 21, 34, 55, 90, 160)
IN_A_ROW = 45  # words
ROWS = (0, 1, 2, 3, 4, 7, 12, 25, 60, 130, 400)


def sentence(dice: random.Random, most: int = 90) -> str:
    """Some words, up to `most` of them."""
    count = min(dice.choice(LENGTHS), most)
    start = dice.randrange(len(WORDS))
    words = [WORDS[(start + n) % len(WORDS)] if dice.random() < 0.8 else dice.choice(WORDS) for n in range(count)]
    text = " ".join(words).strip(" .,;-–")
    return text[:1].upper() + text[1:] or "Chữ"


# --- our kinds -------------------------------------------------------------------------------------------------------


def kind_papers(
    samples: Path, count: int, seed: int = 2026, most_rows: int = 400, most_in_row: int = IN_A_ROW
) -> Iterator[tuple[str, bytes]]:
    """`count` papers of our kinds in turn, each with its own data.

    `most_rows` bounds the longest list, `most_in_row` the words of one text in a row of a list: beyond it rows come to
    be taller than a page.
    """
    stems = Catalog().kinds()
    for number in range(count):
        stem = stems[number % len(stems)]
        yield f"{stem}.{number:03}", _paper(samples, stem, random.Random(f"{seed} {number}"), most_rows, most_in_row)


def _paper(samples: Path, stem: str, dice: random.Random, most_rows: int, most_in_row: int) -> bytes:
    made = kind(stem)
    bases = sorted((samples / stem).glob("*.json"))
    for _ in range(40):
        base = json.loads(dice.choice(bases).read_text(encoding="utf-8"))
        data = _Filler(dice, most_rows, most_in_row).fill(base, made.schema)
        if made.check(data).ok:
            return made.make(data).docx
    raise AssertionError(f"no valid data found for {stem}")


class _Filler:
    """Changes the data of a sample: other words, other lengths of lists, nothing that its schema forbids."""

    def __init__(self, dice: random.Random, most_rows: int, most_in_row: int) -> None:
        self.dice = dice
        self.most_in_row = most_in_row
        self.most_rows = most_rows
        self.change = dice.choice((0.1, 0.3, 0.6))  # part of the fields that get other words
        self.most_words = dice.choice((6, 20, 60, 160))
        self.long_left = 1  # lists that may be long

    def fill(self, value: Any, schema: Mapping[str, Any], in_row: bool = False) -> Any:
        if isinstance(value, Mapping):
            rules = schema.get("properties", {})
            return {key: self.fill(inner, rules.get(key, {}), in_row) for key, inner in value.items()}
        if isinstance(value, list):
            return self._list(value, schema, in_row)
        if isinstance(value, str) and self._is_free(schema) and self.dice.random() < self.change:
            return sentence(self.dice, min(self.most_words, self.most_in_row) if in_row else self.most_words)
        return value

    def _list(self, value: list[Any], schema: Mapping[str, Any], in_row: bool) -> list[Any]:
        items = schema.get("items", {})
        of_rows = bool(value) and isinstance(value[0], Mapping)
        if not value or self.dice.random() < 0.4:
            return [self.fill(inner, items, in_row or of_rows) for inner in value]
        count = self.dice.choice(ROWS if of_rows and self.long_left else (1, 2, 3) if in_row else (1, 2, 3, 5, 9))
        self.long_left -= of_rows and count > 12
        count = min(max(count, schema.get("minItems", 0)), schema.get("maxItems", self.most_rows), self.most_rows)
        return [self.fill(value[n % len(value)], items, in_row or of_rows) for n in range(count)]

    @staticmethod
    def _is_free(schema: Mapping[str, Any]) -> bool:
        tight = ("format", "pattern", "enum", "const", "x-ho-ten", "x-nhan", "maxLength")
        return "string" in str(schema.get("type")) and not any(word in schema for word in tight)
