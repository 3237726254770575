"""The same paper on the last day of one guide and the first of the next differs as the guides do, and in nothing else.

Source: the comparison of HD 36-HD/VPTW and HD 05-HD/VPTW (HD 05-HD/VPTW, mục 6.2.3, 9.2.4, 9.2.5).
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

import dvk_docs as dvk
from dvk_docs.catalog import Catalog, root
from dvk_docs.testing import outline

SAMPLES = root() / "samples"
OLD, NEW = "2026-05-26", "2026-05-27"


def of_the_party(file: Path) -> bool:
    kind, data = dvk.kind(file.parent.name), json.loads(file.read_text(encoding="utf-8"))
    return kind.system(data) == "dang" and not kind.schema.get("x-trang-rieng")


def of_a_kind(folder: Path) -> Path | None:
    """Its fullest sample that is of the Party."""
    files = sorted(folder.glob("*.json"), key=lambda f: (f.stem != "day-du", f.name))
    return next((f for f in files if of_the_party(f)), None)


FILES = [f for f in (of_a_kind(SAMPLES / kind) for kind in sorted(Catalog().kinds())) if f is not None]


def on(day: str, file: Path) -> str:
    data: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    kind = dvk.kind(file.parent.name)
    dated = {"ngay": day} if "ngay" in kind.schema["properties"] else {}
    return outline(kind.render({**data, **dated}, day).docx)


def as_before(text: str) -> str:
    """A paper of the guide of 2026 as the guide of 2018 has it: addressee, căn cứ, nơi nhận, and the day."""
    text = text.replace("//Kính trình://", "//Kính gửi://")
    text = re.sub(r"(?<=Nơi nhận: - )([^¶|\n]*);(?= ¶| \|\||\n)", r"\1,", text)
    lines = text.splitlines(keepends=True)
    cited = [n for n, line in enumerate(lines) if line.startswith("Căn cứ: - ")]
    for n in cited:
        lines[n] = lines[n].replace("Căn cứ: - ", "Căn cứ: ", 1)
    if cited:
        lines[cited[-1]] = re.sub(r"\.\n$", ",\n", lines[cited[-1]])
    return "".join(lines).replace("27 tháng 5 năm 2026", "26 tháng 5 năm 2026").replace("27/5/2026", "26/5/2026")


def test_every_kind_of_the_party_is_held() -> None:
    own = {k for k in Catalog().kinds() if "dang" in Catalog().systems(k)}
    kept = {k for k in own if Catalog().kind_schema(k).get("x-trang-rieng")}
    assert {f.parent.name for f in FILES} == own - kept


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.parent.name)
def test_a_paper_differs_across_the_change_of_guide_as_the_guides_do(file: Path) -> None:
    assert as_before(on(NEW, file)) == on(OLD, file)


@pytest.mark.parametrize("day", [OLD, NEW])
def test_a_proposal_is_addressed_as_its_day_asks(day: str) -> None:
    text = on(day, SAMPLES / "to-trinh-de-nghi-cong-nhan" / "day-du.json")
    words = {OLD: ("//Kính gửi://", "- Như trên,"), NEW: ("//Kính trình://", "- Như trên;")}[day]
    assert [word for word in words if word not in text] == []
    assert text.index("__Nơi nhận__") < text.index("Quyền hạn:")  # bottom left, on both days


@pytest.mark.parametrize(("day", "first", "last"), [(OLD, "Căn cứ: Căn cứ ", ","), (NEW, "Căn cứ: - Căn cứ ", ".")])
def test_the_last_citation_ends_as_its_day_asks(day: str, first: str, last: str) -> None:
    lines = on(day, SAMPLES / "quyet-dinh-cong-nhan" / "day-du.json").splitlines()
    cited = [line for line in lines if line.startswith("Căn cứ:")]
    assert len(cited) > 1
    assert cited[0].startswith(first)
    assert [line[-1] for line in cited] == [";"] * (len(cited) - 1) + [last]
