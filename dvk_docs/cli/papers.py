"""`dvk make | dossier | <tệp>`: one paper, or all of the year."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dvk_docs.errors import ChoiceNeeded, DataInvalid, DvkError, Report, SourceInvalid, ToolMissing

from . import lists, numbers
from .files import named, read_former, read_year, save_new, save_pdf
from .saying import headers_first, say, say_error, say_json, say_problems, say_result
from .words import (
    PATH,
    STAGE,
    Decorated,
    binding_options,
    cli,
    day_option,
    file_argument,
    former_option,
    json_option,
    looks_option,
    packs_option,
    pdf_options,
)

if TYPE_CHECKING:
    from dvk_docs.dossier import Result
    from dvk_docs.leaving import Gate
    from dvk_docs.making import CheckedPaper, CheckedYear, Kind, Year

PARTLY = 5  # some made, the rest named


@cli.command()
@click.argument("kind", metavar="LOẠI")
@file_argument
@click.option("-o", "--output", metavar="TỆP", type=PATH, help="Tệp .docx sẽ ghi.")
@click.option("--dong", "row", type=click.IntRange(1), metavar="SỐ", help="Chỉ lập dòng này của danh sách (xem thử).")
@click.option("--ten-tep", "names", default="", metavar="MẪU", help="Tên tệp theo cột, như “{Số} {Tên mô hình}”.")
@click.option("--chon", metavar="MÃ", help="Mã của mô hình, điển hình … khi loại này có nhiều văn bản.")
@click.option("--ghi-de", "overwrite", is_flag=True, help="Cho phép thay tệp đã có.")
@pdf_options
@day_option
@looks_option
@former_option
@packs_option
def make(
    kind: str,
    file: Path,
    output: Path | None,
    row: int | None,
    names: str,
    chon: str | None,
    overwrite: bool,
    with_pdf: bool,
    engine: str,
    ngay: date | None,
    templates: Path | None,
    former: tuple[Path, ...],
    packs: tuple[Path, ...],
) -> int:
    """Lập một văn bản: dvk make LOẠI nam-2026.xlsx --chon MH01

    TỆP là dữ liệu của cả năm, hoặc một tệp JSON chỉ chứa dữ liệu của văn bản này. TỆP cũng có thể là một danh sách
    (Excel, CSV), mỗi dòng một văn bản: dvk make LOẠI danh-sach.xlsx -o THƯ_MỤC
    """
    from dvk_docs import checking, dossier, making, shortcut, sources

    one = making.kind(kind, packs, templates)
    if former and (sources.is_list(file) or not _is_year(file, one)):
        raise click.UsageError("--nam-truoc chỉ dùng với tệp dữ liệu của cả năm.")
    if sources.is_list(file):
        return lists.make(one, file, output, row, names, engine if with_pdf else "")
    if row is not None or names:
        raise click.UsageError("--dong và --ten-tep chỉ dùng với danh sách mỗi dòng một văn bản.")
    output = named(output, file, ".docx") if output else None
    if _is_year(file, one):
        day, before = making.as_day(ngay), read_former(former)
        checked = making.examine(making.read(file), day, packs=packs, templates=templates, nam_truoc=before)
        paper = _choose(checked, kind, chon)
        if paper.problems:
            raise DataInvalid(Report(paper.problems))
        docx, name = paper.kind.render(paper.data, paper.day, checked.kieu_dau).docx, dossier.file_name(paper)
    else:
        if chon is not None:
            raise click.UsageError("--chon chỉ dùng với tệp dữ liệu của cả năm; tệp này là của một văn bản.")
        source = sources.read(file, one.schema)
        report = Report.of([*source.problems, *checking.with_places(one.check(source.data), source.places)])
        if not report.ok:
            raise DataInvalid(report)
        docx, name = one.make(source.data).docx, f"{kind}.docx"
        shortcut.keep(one, making.day_of(source.data))
    target = output or Path(name)
    save_new(target, docx, overwrite)
    say(f"Đã lập {target}.")
    if with_pdf:
        save_pdf(target.with_suffix(".pdf"), docx, engine, overwrite)
    return 0


def _is_year(file: Path, one: Kind) -> bool:
    """Whether a file holds a year: a workbook does; JSON is told by which schema has more of its top-level words."""
    from dvk_docs import making, sources

    source = sources.read(file, {})
    if source.kind_of_file != "json":
        return True
    year, paper = (set(s["properties"]) for s in (making.catalog_of(()).year_schema(), one.schema))
    return len((year - paper) & set(source.data)) > len((paper - year) & set(source.data))


def _choose(checked: CheckedYear, kind: str, code: str | None) -> CheckedPaper:
    """The one paper of this kind that is meant; raise `ChoiceNeeded` with the choices."""
    from dvk_docs.catalog import nearest

    code = code.strip() if code is not None else None
    papers = [p for p in checked.papers if p.kind.stem == kind]
    found = [p for p in papers if code in (None, p.code, p.id)]
    if len(found) == 1:
        return found[0]
    if not papers:
        raise SourceInvalid(f"Dữ liệu năm nay chưa cần văn bản “{kind}”.", "not_due")
    codes = [p.code or p.id for p in papers]
    if code is None:
        raise ChoiceNeeded(f"Có nhiều văn bản “{kind}”. Hãy chọn bằng --chon một trong: {'; '.join(codes)}.")
    near = nearest(code, codes, 1)
    hint = f"Có phải {near[0]}? " if near else ""
    raise ChoiceNeeded(f"Không có mã {code} cho “{kind}”. {hint}Hãy chọn bằng --chon một trong: {'; '.join(codes)}.")


def number_options(function: Decorated) -> Decorated:
    """Taking numbers from the register before the papers are made."""
    options: list[Callable[[Decorated], Decorated]] = [
        click.option("--cap-so", "take_numbers", is_flag=True, help="Lấy số từ sổ cho văn bản chưa có số."),
        click.option("--so", "register", type=PATH, metavar="TỆP", help="Tệp sổ (mặc định: so-van-ban.db cạnh TỆP)."),
        click.option("--nhiem-ky-tu", "term", metavar="NGÀY", help="Ngày bắt đầu nhiệm kỳ, để đánh số."),
    ]
    for option in reversed(options):
        function = option(function)
    return function


@cli.command()
@file_argument
@click.option("-o", "--output", "folder", metavar="THƯ_MỤC", type=PATH, required=True, help="Nơi ghi hồ sơ.")
@click.option(
    "--giai-doan", "stage", type=STAGE, default="ca-nam", help="Chỉ lập văn bản của một giai đoạn; mặc định: ca-nam."
)
@number_options
@click.option("--trinh-ky", "to_sign", is_flag=True, help="Đưa văn bản đã sẵn sàng vào thư mục trinh-ky.")
@click.option("--phat-hanh", "to_issue", is_flag=True, help="Như trên, đòi cả số và ngày; vào thư mục phat-hanh.")
@binding_options
@pdf_options
@day_option
@looks_option
@former_option
@json_option
@packs_option
def dossier(
    file: Path,
    folder: Path,
    stage: str,
    take_numbers: bool,
    register: Path | None,
    term: str | None,
    to_sign: bool,
    to_issue: bool,
    binding: str | None,
    sheet_numbers: bool,
    with_pdf: bool,
    engine: str,
    ngay: date | None,
    templates: Path | None,
    former: tuple[Path, ...],
    as_json: bool,
    packs: tuple[Path, ...],
) -> int:
    """Lập cả hồ sơ của năm: dvk dossier nam-2026.xlsx -o ho-so"""
    options: dict[str, Any] = {"stage": stage, "today": ngay, "templates": templates, "packs": packs}
    options |= {"nam_truoc": read_former(former), **_binding(binding, sheet_numbers, engine)}
    given: dict[str, str] = {}  # paper id -> the number from the register
    if take_numbers:
        book = file.with_name(numbers.DEFAULT) if register is None else register
        result, given = _run_numbered(read_year(file), folder, book, numbers.term_day(term), options, as_json)
    elif register is not None or term is not None:
        raise click.UsageError("--so và --nhiem-ky-tu đi cùng --cap-so.")
    else:
        result = _run_dossier(read_year(file), folder, **options)
    gates = [_gate(result, issue, packs, engine) for issue, on in ((False, to_sign), (True, to_issue)) if on]
    status = max([result.exit_status, *(g.exit_status for g in gates)]) if gates else result.exit_status
    if as_json:
        said: dict[str, object] = {"gates": [g.as_dict() for g in gates]} if gates else {}
        said |= {"numbers": given} if take_numbers else {}
        say_json({**result.as_dict(), **said, "exit_status": status})
    else:
        say_result(result)
        for passed in gates:
            _say_gate(passed)
    return max(status, _add_pdfs(result, engine, as_json)) if with_pdf else status


def _binding(way: str | None, sheet_numbers: bool, engine: str) -> dict[str, Any]:
    """What `make_dossier` is to be told of binding."""
    from dvk_docs.dossier import Binding

    if way is None and sheet_numbers:
        raise click.UsageError("--danh-so-to đi cùng --dong-quyen.")
    return {} if way is None else {"binding": Binding(way, sheet_numbers, engine)}


def _gate(result: Result, for_issue: bool, packs: tuple[Path, ...], engine: str) -> Gate:
    from dvk_docs import leaving

    return leaving.pass_gate(result, for_issue=for_issue, packs=packs, engine=engine)


def _say_gate(passed: Gate) -> None:
    """Which papers may leave, and of each of the others why not."""
    for answer in passed.answers:
        if not answer.ready:
            say(f"Chưa sẵn sàng: {answer.candidate.id} – {answer.candidate.title}")
            for reason in dict.fromkeys(map(str, answer.reasons)):
                say(f"    {reason}")
    for name in passed.released.removed:
        say(f"Đã bỏ {name} khỏi {passed.released.folder.name} vì chưa sẵn sàng.")
    for note in (*passed.released.notes, *passed.left_out):
        say(note, err=True)
    ready, total = len(passed.ready), len(passed.answers)
    say(f"Sẵn sàng {ready}/{total} văn bản, ở: {passed.released.folder.resolve()}")


def _run_numbered(
    year: Year, folder: Path, file: Path, term: str, options: dict[str, Any], quiet: bool
) -> tuple[Result, dict[str, str]]:
    """Take the numbers, make the dossier, note which papers lie there with theirs; the numbers by paper."""
    from dvk_docs import dossier as making_all
    from dvk_docs import making, numbering
    from dvk_docs.register import Register

    book = Register(file, datetime.now)
    known, today = making_all.numbers_in(folder), making.as_day(options["today"])
    asked = {k: v for k, v in options.items() if k not in ("today", "binding")}
    numbered = numbering.assign(year, book, today, term_from=term, known=known, **asked)
    result = _run_dossier(numbered.year, folder, numbers=numbered.numbers, **options)
    numbering.settle(book, numbered, [o.id for o in (*result.made, *result.kept)])
    if not quiet:
        for entry in numbered.entries:
            say(f"Số {entry.so_ky_hieu}: {entry.paper.partition(':')[2]}.")
        say(f"Sổ {file}: {len(numbered.entries)} số cho văn bản chưa có số; ghi {numbered.recorded} số đã nhập.")
    return result, {i: e.so_ky_hieu for i, e in zip(numbered.numbers, numbered.entries, strict=True)}


def _add_pdfs(result: Result, engine: str, quiet: bool) -> int:
    """Make the PDF of each paper of the dossier; return the exit status of the whole."""
    from dvk_docs import dossier as making_all

    added = making_all.add_pdfs(result, engine)
    for sentence in added.left_out:
        say(sentence, err=True)
    if not quiet:
        say(f"Đã lập {len(added.files)} tệp PDF.")
    if not added.left_out:
        return result.exit_status
    return PARTLY if added.files or result.made else ToolMissing.exit_status


@cli.command("nam", hidden=True)
@file_argument
@day_option
@looks_option
@packs_option
def whole_year(file: Path, ngay: date | None, templates: Path | None, packs: tuple[Path, ...]) -> int:
    """Kiểm tra rồi lập cả hồ sơ vào thư mục cạnh tệp."""
    try:
        year = read_year(file)
        folder = file.with_name(f"{file.stem}-ho-so")
        result = _run_dossier(year, folder, today=ngay, templates=templates, packs=packs)
        say_problems(headers_first(result.report.problems))
        say_result(result, reasons=False)
        return result.exit_status
    except DvkError as error:
        say_error(error)
        return error.exit_status
    finally:
        _wait()


def _wait() -> None:
    """Keep the window open when the program was started by drag and drop."""
    if _owns_its_window() or os.environ.get("DVK_CHO") == "1":
        with suppress(EOFError, KeyboardInterrupt):
            input("Nhấn Enter để đóng.")


def _owns_its_window() -> bool:
    """Whether this is Windows and no shell shares the console: only the launcher and Python are attached to it."""
    if os.name != "nt" or not sys.stdout.isatty():
        return False
    import ctypes

    ids = (ctypes.c_uint * 8)()
    return int(getattr(ctypes, "windll").kernel32.GetConsoleProcessList(ids, 8)) <= 2  # noqa: B009


def _run_dossier(year: Year, folder: Path, **options: Any) -> Result:
    from dvk_docs import dossier as making_all

    if not sys.stderr.isatty():
        return making_all.make_dossier(year, folder, **options)
    with click.progressbar(length=1, label="Đang lập", file=sys.stderr) as bar:

        def tell(done: int, total: int, name: str) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        return making_all.make_dossier(year, folder, progress=tell, **options)
