"""The format checker: for each rule a paper that keeps it and one that breaks only it, named at its place."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typed_papers import CENTRE, Typed, para, party, party_letter, state, state_letter

import dvk_docs as dvk
from dvk_docs.cli import run
from dvk_docs.errors import SourceInvalid

GOOD: dict[str, Callable[[], Typed]] = {
    "party": party,
    "party_letter": party_letter,
    "state": state,
    "state_letter": state_letter,
}


def found(docx: bytes) -> list[tuple[str, str]]:
    """The rule and the words of each finding."""
    return [(p.code, p.place.words) for p in dvk.check_format(docx).problems]


@pytest.mark.parametrize("name", GOOD)
def test_a_good_paper_typed_by_hand_has_no_finding(name: str) -> None:
    assert found(GOOD[name]().file()) == []


def test_a_colon_after_so_is_named_at_the_number() -> None:
    assert found(party().file(number=para("Số: 12-TTr/ĐU", CENTRE))) == [("P05", "Số: 12-TTr/ĐU")]


def test_the_report_names_system_kind_day_profile_and_what_was_not_judged() -> None:
    report = dvk.check_format(party().file())
    assert (report.system, report.kind, report.profile, str(report.day)) == (
        "dang",
        "tờ trình",
        "DANG_HD05",
        "2026-09-15",
    )
    assert [one.rules for one in report.not_judged] == [("P19",)]


def test_the_command_says_each_finding_and_ends_with_3(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "to-trinh.docx"
    file.write_bytes(party().file(number=para("Số: 12-TTr/ĐU", CENTRE)))
    assert run(["format-check", str(file)]) == 3
    assert "P05: Sau chữ “Số” không có dấu hai chấm." in capsys.readouterr().out


def test_the_command_gives_a_document_to_programs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "to-trinh.docx"
    file.write_bytes(party().file())
    assert run(["format-check", str(file), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["profile"] == "DANG_HD05"


@pytest.mark.parametrize("data,code", [(b"", "empty"), (b"PK\x03\x04hong", "not_docx"), (b"%PDF-1.4", "not_docx")])
def test_a_file_that_cannot_be_read_is_refused_in_one_sentence(data: bytes, code: str) -> None:
    with pytest.raises(SourceInvalid) as error:
        dvk.check_format(data)
    assert error.value.code == code
