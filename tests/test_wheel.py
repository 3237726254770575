"""When the suite runs against the built wheel, it is the wheel that is imported."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import dvk_docs

EXPECTED = os.environ.get("DVK_EXPECT_AT")


@pytest.mark.skipif(not EXPECTED, reason="only when the suite runs against the wheel")
def test_the_package_under_test_is_the_built_wheel() -> None:
    assert Path(dvk_docs.__file__).is_relative_to(Path(EXPECTED or ""))
