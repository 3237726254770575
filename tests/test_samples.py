"""Every kind's samples: each gives its golden text, is valid Word, and holds nothing that should not be on paper."""

from __future__ import annotations

import io
import json
import re
import zipfile
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

import dvk_docs as dvk
from dvk_docs import catalog as catalog_module
from dvk_docs.catalog import Catalog
from dvk_docs.cli import run
from dvk_docs.testing import outline, schema_faults

SAMPLES = catalog_module.root() / "samples"
KINDS = Catalog().kinds()
FILES = sorted(p for p in SAMPLES.glob("*/*.json") if p.parent.name in KINDS)
LEFTOVER = re.compile(r"\{\{|\}\}|\{%|%\}|\bNone\b|\bundefined\b|\bnan\b", re.IGNORECASE)


def name(file: Path) -> str:
    return f"{file.parent.name}/{file.stem}"


@lru_cache(maxsize=512)
def made(file: Path) -> bytes:
    """The paper of a sample, made once for all that is asked of it."""
    return made_anew(file)


def made_anew(file: Path) -> bytes:
    data: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return dvk.kind(file.parent.name).make(data).docx


def text_of(docx: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(docx)) as z:
        parts = [n for n in z.namelist() if n.startswith("word/") and n.endswith(".xml")]
        return "\n".join(z.read(n).decode("utf-8") for n in parts)


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_has_a_minimal_a_full_and_trap_samples(kind: str) -> None:
    stems = {p.stem for p in FILES if p.parent.name == kind}
    assert {"toi-thieu", "day-du"} <= stems and len(stems) >= 4


@pytest.mark.parametrize("file", FILES, ids=name)
def test_a_sample_gives_its_golden_text(file: Path, golden: Any) -> None:
    golden.check(file.with_suffix(".txt"), outline(made(file)))


@pytest.mark.parametrize("file", FILES, ids=name)
def test_a_made_paper_is_valid_wordprocessingml(file: Path) -> None:
    assert schema_faults(made(file)) == []


@pytest.mark.parametrize("file", FILES, ids=name)
def test_a_made_paper_holds_no_tag_and_no_none(file: Path) -> None:
    assert LEFTOVER.findall(re.sub(r"<[^>]+>", " ", text_of(made(file)))) == []


@pytest.mark.parametrize("file", FILES, ids=name)
def test_a_sample_read_as_a_file_makes_the_same_paper(file: Path, tmp_path: Path) -> None:
    out = tmp_path / "a.docx"
    assert run(["make", file.parent.name, str(file), "-o", str(out)]) == 0
    assert out.read_bytes() == made(file)


@pytest.mark.parametrize("file", FILES, ids=name)
def test_the_same_sample_gives_the_same_bytes(file: Path) -> None:
    assert made_anew(file) == made(file)


@pytest.mark.parametrize("file", FILES, ids=name)
def test_a_made_paper_passes_the_format_checker_under_the_profile_of_its_day(file: Path) -> None:
    assert [(p.code, str(p.place), p.message) for p in dvk.check_format(made(file)).problems] == []
