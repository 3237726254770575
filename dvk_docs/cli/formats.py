"""`dvk format-check`: a paper held to the rules of format in force on its day."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dvk_docs.errors import DataInvalid, OutputInvalid, Problem, SourceInvalid

from .files import save_new
from .saying import say, say_json, say_problems, summary
from .words import PATH, Day, cli, json_option

if TYPE_CHECKING:
    from dvk_docs.the_thuc import FormatReport, Issued, Source

_SHOWN = 8  # rules that one sentence names
_PROFILE = "Quy định dùng để xét: auto (theo hệ và ngày của văn bản) hoặc mã như DANG_HD05."
_DAY = "Ngày dùng để xét khi văn bản chưa ghi ngày (mặc định: hôm nay)."


@cli.command("format-check")
@click.argument("file", metavar="TỆP", type=PATH)
@click.option("--profile", default="auto", metavar="MÃ", help=_PROFILE)
@click.option("--ngay", "day", type=Day(), help=_DAY)
@click.option("-o", "--output", metavar="TỆP", type=PATH, help="Ghi bản sao .docx có chú thích ở từng chỗ sai.")
@click.option("--so", "register", type=PATH, metavar="TỆP", help="Sổ số văn bản, để xét số trùng và thứ tự số.")
@json_option
def format_check(
    file: Path, profile: str, day: date | None, output: Path | None, register: Path | None, as_json: bool
) -> int:
    """Kiểm tra thể thức một văn bản Word hoặc tệp chữ: dvk format-check to-trinh.docx"""
    from dvk_docs import the_thuc

    if output is not None and _same(output, file):
        raise OutputInvalid("Bản sao có chú thích phải ghi ra tệp khác, không ghi đè văn bản gốc.")
    found = the_thuc.read(file)
    report = _with_defects(found, the_thuc.check_source(found, profile, day, issued=_issued(register)), day)
    if as_json:
        say_json(report.as_dict())
    else:
        _say(report)
    if output is not None:
        save_new(output, the_thuc.annotate(file, report), overwrite=False)
        say(f"Đã ghi bản sao có chú thích {output}.", err=True)
        if report.signed:
            say("Bản sao này không còn chữ ký số; văn bản gốc giữ nguyên.", err=True)
    return 0 if report.ok else DataInvalid.exit_status


def _issued(register: Path | None) -> list[Issued] | None:
    """The numbers that a register has given out; None where no register was named."""
    if register is None:
        return None
    from dvk_docs.register import Register
    from dvk_docs.the_thuc import Issued

    book = Register(register)
    if not book.is_there:
        raise SourceInvalid(f"Không có tệp sổ {register}. Hãy kiểm tra lại đường dẫn.", "unreadable")
    return [
        Issued(e.so_ky_hieu, date.fromisoformat(e.ngay), e.ten_loai, e.co_quan, e.series.rpartition("|")[2])
        for e in book.entries()
        if e.state == "issued" and e.ngay
    ]


def _with_defects(found: Source, report: FormatReport, day: date | None) -> FormatReport:
    """The report with the defects of the text itself: dates that do not exist, dangling references, typos."""
    from dvk_docs import text, the_thuc

    lines = text.lines_of_text(found.text) if found.document is None else text.lines_of_document(found.document)
    return the_thuc.with_others(report, found, text.check(lines, report.day or day))


def _same(one: Path, other: Path) -> bool:
    try:
        return one.resolve() == other.resolve()
    except OSError:
        return False


def _say(report: FormatReport) -> None:
    from dvk_docs.the_thuc.checking import SYSTEMS

    system = SYSTEMS.get(report.system, "không nhận ra hệ văn bản")
    kind = report.kind or "không rõ tên loại"
    say(f"{system[:1].upper()}{system[1:]}: {kind}. Xét theo {report.profile or 'các quy tắc chung về chữ'}.")
    for note in report.notes:
        say(note)
    say_coded(report)
    for one in report.not_judged:
        named = ", ".join(one.rules) if len(one.rules) <= _SHOWN else "thể thức"
        say(f"Chưa xét {named}: {one.reason}." if one.rules else f"Lưu ý: {one.reason}.")
    if report.signed:
        say("Tệp đã ký số: chỉ đọc, không sửa.")
    say(summary(report.report))


def say_coded(report: FormatReport) -> None:
    """The findings, each after the id of its rule (P05, S09); a defect of the wording has none."""
    from dataclasses import replace

    say_problems(replace(p, message=_sentence(p), place=replace(p.place, part="")) for p in report.problems)


def _sentence(problem: Problem) -> str:
    return f"{problem.code}: {problem.message}" if problem.code.isupper() else problem.message
