"""Shared fixtures: the data folders (source tree or wheel) and golden text."""

from __future__ import annotations

import difflib
import gc
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from dvk_docs.catalog import Catalog

# Years are large and hold few circles: looking for these as often as Python does took a fifth of the suite's time.
gc.set_threshold(100_000, 50, 100)

# No test speaks of time: a busy machine is no fault of the code.
settings.register_profile("any-machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any-machine")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the golden text anew")


class Golden:
    """Compares text with a golden file, or writes it when the run was asked to."""

    def __init__(self, update: bool) -> None:
        self.update = update

    def check(self, file: Path, text: str) -> None:
        if self.update:
            file.write_text(text, encoding="utf-8", newline="\n")
            return
        assert file.exists(), f"no golden text {file.name}: run `make golden` and read it"
        wanted = file.read_text(encoding="utf-8")
        if text != wanted:
            diff = difflib.unified_diff(wanted.splitlines(), text.splitlines(), "golden", "made", lineterm="", n=1)
            pytest.fail("\n".join(["the made text differs from its golden text:", *list(diff)[:60]]))


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    return Golden(bool(request.config.getoption("--update-golden")))


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return Catalog()


@pytest.fixture(scope="session")
def samples() -> Path:
    from dvk_docs import catalog as module

    return module.root() / "samples"
