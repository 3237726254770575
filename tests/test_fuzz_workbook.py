"""Workbooks that are broken in any way: an answer in words or the data, never a traceback, never a partial file.

`DVK_FUZZ=5000 pytest tests/test_fuzz_workbook.py` runs as many cases; each case is its seed, so a failure is repeated
by its number alone.
"""

from __future__ import annotations

import io
import os
import random
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import dirty
import pytest

from dvk_docs import checking, cli, sources, workbook
from dvk_docs.catalog import Catalog
from dvk_docs.errors import DvkError

CASES = int(os.environ.get("DVK_FUZZ", "60"))
BATCH = 20
VALUES = (
    "=1+1", "@SUM(A1)", "+84", "-5", "1e308", "9" * 400, "\u202e\u200f", "😀" * 50, "<x>&amp;", "31/02/2026", "0",
    "-0.0", "TRUE", "#REF!", "_x0000_", "_x005F_x0041_", "a" * 40_000, "\n\n\n", "Ví dụ:", "NaN", "12:61", "MH01",
    "Tổng cộng", "Ð\u00ad",
)  # fmt: skip


def bytes_flipped(raw: bytes, chance: random.Random) -> bytes:
    data = bytearray(raw)
    for _ in range(chance.randint(1, 30)):
        data[chance.randrange(len(data))] = chance.randrange(256)
    return bytes(data)


def cut_short(raw: bytes, chance: random.Random) -> bytes:
    return raw[: chance.randrange(len(raw))] + bytes(chance.randrange(3))


def _rewritten(raw: bytes, change: Callable[[str, bytes], bytes | None]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if (data := change(name, old.read(name))) is not None:
                new.writestr(name, data)
    return out.getvalue()


def part_broken(raw: bytes, chance: random.Random) -> bytes:
    """One XML part with a tag lost, doubled or renamed, an attribute changed, or the part itself gone."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        victim = chance.choice(archive.namelist())

    def change(name: str, data: bytes) -> bytes | None:
        if name != victim:
            return data
        kind = chance.randrange(7)
        tags = list(re.finditer(rb"<[^>]{1,200}>", data))
        if kind == 0 or not tags:
            return None
        tag = chance.choice(tags)
        if kind == 1:
            return data[: tag.start()] + data[tag.end() :]
        if kind == 2:
            return data[: tag.end()] + tag[0] + data[tag.end() :]
        if kind == 3:
            numbers = list(re.finditer(rb'"(\d+)"', data))
            spot = chance.choice(numbers) if numbers else tag
            value = chance.choice([b'"-1"', b'"99999999999"', b'"x"', b'""', b'"1.5"'])
            return data[: spot.start()] + value + data[spot.end() :] if numbers else data
        if kind == 4:
            return b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]>' + data
        if kind == 5:
            return data.replace(tag[0], tag[0][:1] + b"z:" + tag[0][1:], 1)
        return data[: chance.randrange(len(data))]

    return _rewritten(raw, change)


def cells_changed(raw: bytes, chance: random.Random) -> bytes:
    """Cells of any sheet with any value in them."""

    def put(book: object) -> None:
        sheets = book.worksheets  # type: ignore[attr-defined]
        for _ in range(chance.randint(1, 25)):
            cell = chance.choice(sheets).cell(chance.randint(1, 60), chance.randint(1, 25))
            if type(cell).__name__ == "Cell":
                value = chance.choice(VALUES)
                cell.value = value[:32_000] if chance.random() < 0.8 else chance.choice([1.5, -3, True, 10**15, 45_000])
                cell.number_format = chance.choice(["General", "@", "dd/mm/yyyy", "0000000000", "h:mm", "[$-42A]x"])

    return dirty.made(put)


MUTATIONS = (bytes_flipped, cut_short, part_broken, part_broken, cells_changed)


def case(seed: int) -> bytes:
    chance = random.Random(seed)
    mutate = MUTATIONS[seed % len(MUTATIONS)]
    raw = mutate(dirty.clean_bytes(), chance)
    return part_broken(raw, chance) if mutate is cells_changed and chance.random() < 0.2 else raw


@pytest.mark.parametrize("start", range(0, CASES, BATCH))
def test_a_broken_workbook_gives_words_or_data(start: int) -> None:
    catalog = Catalog()
    for seed in range(start, min(start + BATCH, CASES)):
        try:
            raw = case(seed)
            source = sources.parse(raw, "nam.xlsx", dirty.SCHEMA)
            found = [*source.problems, *checking.check_year(source.data, source.places, catalog, set())]
            if seed % 3 == 0:
                workbook.read(workbook.answer(raw, dirty.SCHEMA, found, "nam.xlsx"), dirty.SCHEMA, "nam.xlsx")
        except DvkError as refused:
            assert str(refused), seed
        except Exception as error:
            pytest.fail(f"seed {seed}: {type(error).__name__}: {error}")


@pytest.mark.parametrize("seed", [1, 2, 3, 4, 7])
def test_a_broken_workbook_leaves_no_partial_file(
    seed: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "nam.xlsx"
    file.write_bytes(case(seed))
    assert cli.run(["check", str(file), "-o", str(tmp_path / "ra.xlsx"), "--ngay", "1/3/2026"]) in (0, 3)
    assert "Traceback" not in capsys.readouterr().err
    assert {p.name for p in tmp_path.iterdir()} <= {"nam.xlsx", "ra.xlsx"}
