"""When the suite runs against the built wheel: it is the wheel that is imported, and it is the source tree whole.

The code and the data of the wheel are those of the source tree byte for byte, so what only computes need not be
tested twice; the wheel run (Makefile) tests beside this that the data are found there and that the commands work.
"""

from __future__ import annotations

import os
from importlib import metadata
from pathlib import Path

import pytest

import dvk_docs

EXPECTED = os.environ.get("DVK_EXPECT_AT")
SOURCE = Path(os.environ.get("DVK_SOURCE_AT", "."))
HOMES = {
    "dvk_docs": "dvk_docs",
    "templates": "dvk_docs/_data/templates",
    "data_schemas": "dvk_docs/_data/data_schemas",
    "samples": "dvk_docs/_data/samples",
}  # folder of the source tree -> where it lies in the wheel
of_the_wheel = pytest.mark.skipif(not EXPECTED, reason="only when the suite runs against the wheel")


def files(folder: Path) -> dict[str, bytes]:
    """Every file of a folder by its path there, but for what Python or the system leaves behind."""
    found = (p for p in folder.rglob("*") if p.is_file() and "__pycache__" not in p.parts and p.name[0] not in ".~")
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in found}


@of_the_wheel
def test_the_package_under_test_is_the_built_wheel() -> None:
    assert Path(dvk_docs.__file__).is_relative_to(Path(EXPECTED or ""))


@of_the_wheel
@pytest.mark.parametrize("folder", HOMES)
def test_the_wheel_holds_every_file_of_the_source_tree_as_it_is_there(folder: str) -> None:
    in_wheel = {k: v for k, v in files(Path(EXPECTED or "") / HOMES[folder]).items() if not k.startswith("_data/")}
    in_tree = files(SOURCE / folder)
    assert len(in_tree) > 10
    assert sorted(in_wheel) == sorted(in_tree)
    assert [name for name, data in in_tree.items() if in_wheel[name] != data] == []


@of_the_wheel
def test_the_wheel_has_the_command() -> None:
    (site,) = metadata.distributions(name="dvk-docs", path=[EXPECTED or ""])
    (command,) = site.entry_points.select(group="console_scripts", name="dvk")
    assert command.value == "dvk_docs.__main__:main"
    assert callable(command.load())
