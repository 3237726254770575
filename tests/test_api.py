"""The public names of the package, as the README uses them."""

from __future__ import annotations

from pathlib import Path

import pytest
from builders import TODAY, small_year

import dvk_docs as dvk


def test_every_public_name_is_there() -> None:
    assert [n for n in dvk.__all__ if not hasattr(dvk, n)] == []
    assert set(dvk.__all__) <= set(dir(dvk))


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="khong_co"):
        dvk.khong_co  # noqa: B018


def test_errors_carry_their_exit_status() -> None:
    statuses = {
        e.__name__: e.exit_status for e in (dvk.KindUnknown, dvk.DataInvalid, dvk.TemplateInvalid, dvk.ToolMissing)
    }
    assert statuses == {"KindUnknown": 2, "DataInvalid": 3, "TemplateInvalid": 4, "ToolMissing": 6}


def test_a_program_makes_the_papers_of_a_year(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    year = dvk.Year.from_data(small_year())
    assert dvk.check(year, TODAY).ok
    result = dvk.make_dossier(year, tmp_path / "ho-so", today=TODAY)
    assert result.made and not result.blocked
    assert dvk.Template(result.made[0].file).render({})
    assert capsys.readouterr() == ("", "")
