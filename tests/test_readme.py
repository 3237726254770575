"""What the README shows is run: its Python block, and each `dvk` command it names is one there is."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest

from dvk_docs import catalog
from dvk_docs.cli import cli

README = Path(__file__).parents[1] / "README.md"
pytestmark = pytest.mark.skipif(not README.exists(), reason="README.md is not part of the wheel")


def test_the_python_block_runs(tmp_path: Path) -> None:
    block = re.search(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert block
    for folder in ("samples", "templates"):
        shutil.copytree(catalog.root() / folder, tmp_path / folder)
    here = Path.cwd()
    os.chdir(tmp_path)
    try:
        exec(compile(block.group(1), "README.md", "exec"), {})
    finally:
        os.chdir(here)
    assert len(list((tmp_path / "ho-so").glob("*.docx"))) >= 30


def test_each_command_named_is_one_there_is() -> None:
    words = set(re.findall(r"`dvk ([a-z]+)[ `]", README.read_text(encoding="utf-8")))
    assert words and words <= set(cli.commands)


def test_the_two_commands_for_a_fresh_machine_stand_near_the_top() -> None:
    head = "\n".join(README.read_text(encoding="utf-8").splitlines()[:30])
    assert "```\nmake demo\nmake test\n```" in head
