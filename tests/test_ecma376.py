"""Every paper of the sample year against the ECMA-376 schemas, by the Open XML SDK's own validator where it is at hand.

The validator is a program (environment variable DVK_OOXML_VALIDATOR names it); without it `schema_faults` alone judges.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

import dvk_docs as dvk
from dvk_docs.testing import schema_faults

VALIDATOR = shutil.which(os.environ.get("DVK_OOXML_VALIDATOR", "ooxml-validator"))


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory, samples: Path) -> list[Path]:
    folder = tmp_path_factory.mktemp("ho-so")
    dvk.make_dossier(dvk.read(samples / "nam-2026.json"), folder, today="2026-10-20")
    return sorted(folder.glob("*.docx"))


def test_every_paper_of_the_year_keeps_the_order_of_elements(papers: list[Path]) -> None:
    assert {p.name: faults for p in papers if (faults := schema_faults(p.read_bytes()))} == {}


@pytest.mark.skipif(not VALIDATOR, reason="no Open XML validator (DVK_OOXML_VALIDATOR)")
def test_every_paper_of_the_year_is_valid_by_the_open_xml_validator(papers: list[Path]) -> None:
    faults = {}
    for paper in papers:
        answer = subprocess.run(
            [str(VALIDATOR), str(paper)],
            capture_output=True,
            check=False,
            env={**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"},
        )
        said = json.loads(answer.stdout)
        if not said["ok"]:
            faults[paper.name] = said["errors"][:3]
    assert faults == {}
