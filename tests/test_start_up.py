"""Starting is cheap: help and the bare import load nothing heavy."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("lxml", "docx", "docxtpl", "openpyxl", "reportlab", "pypdf", "jinja2", "jsonschema", "babel", "PIL")
CODE = """
import sys
{act}
print(",".join(m for m in {heavy!r} if m in sys.modules))
"""
HELP = """
from dvk_docs import cli
assert cli.run(["--help"]) == 0
assert cli.run(["dossier", "--help"]) == 0
"""


@pytest.mark.parametrize("act", ["import dvk_docs", "import dvk_docs.cli", HELP], ids=["import", "cli", "help"])
def test_nothing_heavy_is_imported(act: str) -> None:
    code = CODE.format(act=act, heavy=HEAVY)
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    assert answer.stdout.splitlines()[-1] == ""


def test_the_module_runs_as_a_program() -> None:
    answer = subprocess.run(
        [sys.executable, "-m", "dvk_docs", "--version"], capture_output=True, encoding="utf-8", check=True
    )
    assert answer.stdout.startswith("dvk ")
