"""Our layout against LibreOffice's own, live: papers with made-up data, set by one batch of the office program.

Rows taller than a page are left out here: how LibreOffice parts them is not wholly known. `tests/fidelity.py` has them.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from builder_papers import builder_papers
from fidelity import figures, results
from papers import kind_papers

from dvk_docs.errors import ToolMissing
from dvk_docs.pdf import fonts, office


def missing() -> str:
    """Why the live comparison cannot be made here; "" where it can."""
    try:
        office.program()
        office.check_fonts()
        fonts.find()
    except ToolMissing as error:
        return str(error)
    return ""


def test_papers_with_made_up_data_stand_as_libreoffice_sets_them(samples: Path) -> None:
    pytest.importorskip("pypdfium2")
    if missing():
        pytest.skip(missing())
    found = results(dict(kind_papers(samples, 34, seed=7, most_rows=40, most_in_row=20)))
    assert [(r.name, r.ours, r.theirs) for r in found if r.ours != r.theirs] == []
    assert figures(found).lines >= 0.999
    assert figures(found).words >= 0.995


def test_papers_of_no_template_of_ours_stand_as_libreoffice_sets_them() -> None:
    pytest.importorskip("pypdfium2")
    if missing():
        pytest.skip(missing())
    found = results(dict(builder_papers(15, seed=5)))
    assert [(r.name, r.ours, r.theirs) for r in found if r.ours != r.theirs] == []
    assert figures(found).lines >= 0.999
    assert figures(found).words >= 0.995


def test_the_same_seed_gives_the_same_papers(samples: Path) -> None:
    once, twice = (dict(kind_papers(samples, 3, seed=1, most_rows=9)) for _ in range(2))
    assert once == twice
    assert dict(builder_papers(3)) == dict(builder_papers(3))
