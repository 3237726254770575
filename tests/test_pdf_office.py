"""The LibreOffice engine, with a script in the place of the program: its own profile, time, batches, breakdowns."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from docx_parts import docx, p

from dvk_docs import pdf
from dvk_docs.errors import ToolMissing
from dvk_docs.pdf import fonts, office

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the script that stands for LibreOffice is a shell's")

MAKE = 'printf "%%PDF-1.7 of %s\\n%%%%EOF\\n" "$(wc -c < "$f")" > "${f%.docx}.pdf"'


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Where the script writes the words of each of its runs, a line a run."""
    return tmp_path / "runs.txt"


@pytest.fixture
def soffice(tmp_path: Path, log: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The script; for each .docx that it is given it runs the shell line that a test writes to `each.sh` beside it."""
    script = tmp_path / "soffice"
    each = tmp_path / "each.sh"
    each.write_text(MAKE, encoding="utf-8")
    body = f'echo "$@" >> {log}\nfor f in "$@"; do case "$f" in *.docx) . {each};; esac; done\n'
    script.write_text(f"#!/bin/sh\n{body}", encoding="utf-8")
    script.chmod(0o755)
    monkeypatch.setenv(office.PROGRAM, str(script))
    monkeypatch.setattr(office, "check_fonts", lambda: None)
    return each


def runs(log: Path) -> list[list[str]]:
    return [line.split() for line in log.read_text(encoding="utf-8").splitlines()]


def test_a_batch_is_one_run_with_a_profile_of_its_own(soffice: Path, log: Path) -> None:
    papers = [docx(p("chữ " * count)) for count in (1, 400, 2000)]
    made = pdf.convert_all(papers, "libreoffice")
    assert [int(document.split()[2]) for document in made] == [len(paper) for paper in papers]
    assert len(runs(log)) == 1
    (profile,) = (word for word in runs(log)[0] if "UserInstallation" in word)
    assert str(Path.home()) not in profile
    assert not Path(profile.removeprefix("-env:UserInstallation=file://")).exists()  # nothing is left behind


def test_two_runs_share_no_profile(soffice: Path, log: Path) -> None:
    for _ in range(2):
        pdf.convert(docx(p("chữ")), "libreoffice")
    assert len({word for run in runs(log) for word in run if "UserInstallation" in word}) == 2


def test_a_document_that_breaks_the_program_down_stops_no_other(soffice: Path, log: Path, tmp_path: Path) -> None:
    soffice.write_text(f'case $(wc -c < "$f") in {len(docx(p("hỏng")))}) exit 139;; *) {MAKE};; esac', encoding="utf-8")
    papers = {tmp_path / name: docx(p(text)) for name, text in (("a", "một hai"), ("b", "hỏng"), ("c", "ba bốn năm"))}
    made, refused = pdf.convert_each(papers, "libreoffice")
    assert sorted(path.name for path in made) == ["a", "c"]
    assert refused == {tmp_path / "b": "LibreOffice dừng giữa chừng (mã 139)."}
    assert len(runs(log)) == 3  # the batch, then those without a PDF each by itself


def test_half_a_pdf_is_none(soffice: Path) -> None:
    soffice.write_text('printf "%%PDF-1.7 half" > "${f%.docx}.pdf"', encoding="utf-8")
    with pytest.raises(ToolMissing, match="không lập được PDF"):
        pdf.convert(docx(p("chữ")), "libreoffice")


def test_a_program_that_does_not_end_is_stopped(soffice: Path) -> None:
    soffice.write_text("exec sleep 30", encoding="utf-8")
    with pytest.raises(ToolMissing, match="không xong"):
        office.convert_all([docx(p("chữ"))], seconds_each=0.1)


def test_a_program_that_cannot_be_run_says_so(tmp_path: Path, soffice: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "text").write_text("no program", encoding="utf-8")
    monkeypatch.setenv(office.PROGRAM, str(tmp_path / "text"))
    with pytest.raises(ToolMissing, match="LibreOffice không chạy được"):
        pdf.convert(docx(p("chữ")), "libreoffice")


def test_no_document_starts_no_program(soffice: Path, log: Path) -> None:
    assert pdf.convert_all([], "libreoffice") == []
    assert not log.exists()


def test_no_office_program_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(office.PROGRAM, str(tmp_path / "none"))
    with pytest.raises(ToolMissing, match="libreoffice-writer"):
        pdf.convert(docx(p("chữ")), "libreoffice")


def test_a_machine_whose_fonts_would_be_exchanged_is_refused(
    soffice: Path, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    monkeypatch.setenv(office.PROGRAM, str(soffice.parent / "soffice"))
    monkeypatch.setattr(office, "candidates", lambda folders: [fonts.Candidate("Times", (), ("thiếu chữ",), None)])
    with pytest.raises(ToolMissing, match="tự đổi phông"):
        pdf.convert(docx(p("chữ")), "libreoffice")
    assert not log.exists()


def test_the_command_says_what_is_missing_and_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from dvk_docs import cli

    monkeypatch.setenv(office.PROGRAM, str(tmp_path / "none"))
    (tmp_path / "a.docx").write_bytes(docx(p("chữ")))
    words = ["pdf", str(tmp_path / "a.docx"), "-o", str(tmp_path / "a.pdf"), "--engine", "libreoffice"]
    assert cli.run(words) == ToolMissing.exit_status
    assert "libreoffice-writer" in capsys.readouterr().err
    assert not (tmp_path / "a.pdf").exists()
