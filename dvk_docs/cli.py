"""The command line, a thin skin: it reads words, calls one library function, says the result, sets the exit status.

Exit status: 0 all made or no error found; 1 ours; 2 wrong use; 3 a `loi` found, or nothing could be made; 4 template
not valid; 5 some made, the rest named; 6 a tool or font is missing. With `--json` one document goes to stdout and all
else to stderr.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from . import __version__
from .errors import (
    ChoiceNeeded,
    DataInvalid,
    DvkError,
    OutputInvalid,
    Problem,
    Report,
    SourceInvalid,
    TemplateInvalid,
    ToolMissing,
)

if TYPE_CHECKING:
    from .dossier import Outcome, Result
    from .making import CheckedPaper, CheckedYear, Year

STAGES = ("dang-ky", "cong-nhan", "de-nghi", "ca-nam")
ENGINES = ("builtin", "libreoffice")
YEAR_SUFFIXES = (".xlsx", ".xlsm", ".json", ".xls")
MISUSE = 2
PARTLY = 5  # some made, the rest named


# --- click in Vietnamese ---------------------------------------------------------------------------------------------


class _Vietnamese(click.Command):
    """Help with Vietnamese headings."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix="Cách dùng: ")

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        words = {"[OPTIONS]": "[TUỲ CHỌN]", "COMMAND [ARGS]...": "LỆNH ..."}
        return [words.get(piece, piece) for piece in super().collect_usage_pieces(ctx)]

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        options = [p for p in self.get_params(ctx) if isinstance(p, click.Option)]
        rows = [r for p in options if (r := p.get_help_record(ctx)) is not None]
        if rows:
            with formatter.section("Tuỳ chọn"):
                formatter.write_dl(rows)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "Xem hướng dẫn này."
        return option


class _Commands(_Vietnamese, click.Group):
    """The commands; a year's file in place of a command means: check it and make its dossier."""

    command_class = _Vietnamese

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        _Vietnamese.format_options(self, ctx, formatter)
        self.format_commands(ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        shown = [c for c in self.commands.values() if not c.hidden]
        with formatter.section("Lệnh"):
            formatter.write_dl([(str(c.name), c.get_short_help_str(80)) for c in shown])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        is_file = args[0].lower().endswith(YEAR_SUFFIXES) or Path(args[0]).is_file()
        if args[0] not in self.commands and is_file:
            return "nam", self.commands["nam"], args
        return super().resolve_command(ctx, args)


def _usage_sentence(error: click.UsageError) -> str:
    """What was wrong with the words of a command, in one Vietnamese sentence."""
    from click import exceptions as e

    name = "/".join(error.param.opts) if isinstance(error, e.BadParameter) and error.param else ""
    if isinstance(error, e.MissingParameter):
        param = error.param
        return f"Thiếu {param.make_metavar(error.ctx) if isinstance(param, click.Argument) and error.ctx else name}."
    if isinstance(error, e.NoSuchOption):
        near = f" Có phải {error.possibilities[0]}?" if error.possibilities else ""
        return f"Không có tuỳ chọn {error.option_name}.{near}"
    if isinstance(error, e.BadOptionUsage):
        return f"Tuỳ chọn {error.option_name} cần một giá trị đi kèm."
    if isinstance(error, e.BadParameter):
        return error.message if error.message.endswith(".") and name == "" else f"{name}: {error.message}"
    if type(error).__name__ == "NoSuchCommand":
        return f"Không có lệnh {getattr(error, 'command_name', '')}."
    return "Thừa chữ trong câu lệnh." if "unexpected extra" in error.message else error.message


class _Day(click.ParamType[date]):
    """A day typed d/m/yyyy or yyyy-mm-dd."""

    name = "ngày"

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:
        return "NGÀY"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        from .viet import ngay

        if isinstance(value, date):
            return value
        with suppress(ValueError):
            return date.fromisoformat(value)
        try:
            return ngay.parse(value)
        except DvkError:
            self.fail(f"“{value}” không phải là một ngày có thật. Nhập như 20/10/2026.", param, ctx)


class _Choice(click.Choice[str]):
    """A choice that says its words in Vietnamese when another is typed."""

    def get_invalid_choice_message(self, value: Any, ctx: click.Context | None) -> str:
        return f"“{value}” không có trong danh sách: {', '.join(self.choices)}."


# --- saying things ---------------------------------------------------------------------------------------------------


def say(text: str = "", *, err: bool = False) -> None:
    click.echo(text, err=err)


def say_json(document: object) -> None:
    say(json.dumps(document, ensure_ascii=False, indent=1))


def say_problems(problems: Iterable[Problem], *, err: bool = False) -> None:
    for problem in problems:
        say(str(problem), err=err)


def summary(report: Report) -> str:
    """Có 2 lỗi, 5 cảnh báo. / Không có lỗi."""
    warnings = sum(p.severity == "canh_bao" for p in report)
    tail = f", {warnings} cảnh báo" if warnings else ""
    return f"Có {len(report.errors)} lỗi{tail}." if report.errors else f"Không có lỗi{tail}."


def main(argv: Sequence[str] | None = None) -> NoReturn:
    """The console script."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, ValueError):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    sys.exit(run(sys.argv[1:] if argv is None else argv))


def run(argv: Sequence[str]) -> int:
    """Run one command line; every error becomes its sentence on stderr and its exit status."""
    try:
        status = cli.main(args=list(argv), prog_name="dvk", standalone_mode=False)
        return status if isinstance(status, int) else 0
    except click.UsageError as error:
        return _misuse(error)
    except click.ClickException as error:
        say(error.format_message(), err=True)
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        say("Đã dừng theo yêu cầu.", err=True)
        return 1
    except DvkError as error:
        _say_error(error)
        if "--json" in argv:
            say_json(_error_document(error))
        return error.exit_status
    except BrokenPipeError:
        sys.stderr.close()
        return 1
    except Exception as error:
        return _ours(error)


def _misuse(error: click.UsageError) -> int:
    if error.__class__.__name__ == "NoArgsIsHelpError":
        say(error.format_message())
        return MISUSE
    say(f"Lỗi: {_usage_sentence(error)}", err=True)
    command = error.ctx.command_path if error.ctx else "dvk"
    say(f"Xem cách dùng: {command} --help", err=True)
    return MISUSE


def _say_error(error: DvkError) -> None:
    if isinstance(error, (DataInvalid, TemplateInvalid)) and len(error.report):
        say_problems(error.report, err=True)
        return
    place = str(error.place) if isinstance(error, SourceInvalid) and error.place.sheet else ""
    say(f"Lỗi: {place}: {error}" if place else f"Lỗi: {error}", err=True)


def _error_document(error: DvkError) -> dict[str, object]:
    problems = error.report if isinstance(error, (DataInvalid, TemplateInvalid)) else ()
    found = [p.as_dict() for p in problems]
    return {"ok": False, "error": str(error), "exit_status": error.exit_status, "problems": found}


def _ours(error: Exception) -> int:
    """An error of the program itself: one sentence; the trace only for who asks for it."""
    if os.environ.get("DVK_DEBUG") == "1":
        import traceback

        traceback.print_exc()
    kind = type(error).__name__
    say(f"Lỗi của chương trình ({kind}), không phải do dữ liệu; đặt DVK_DEBUG=1 và chạy lại để xem chi tiết.", err=True)
    return 1


# --- the commands ----------------------------------------------------------------------------------------------------

Decorated = Callable[..., Any]


def _packs(function: Decorated) -> Decorated:
    words = "Thư mục chứa loại văn bản thêm (dùng được nhiều lần)."
    return click.option("--pack", "packs", multiple=True, metavar="THƯ_MỤC", help=words)(function)


def _day(function: Decorated) -> Decorated:
    return click.option("--ngay", type=_Day(), help="Tính các mốc hạn theo ngày này (mặc định: hôm nay).")(function)


def _json(function: Decorated) -> Decorated:
    return click.option("--json", "as_json", is_flag=True, help="In kết quả dạng JSON cho chương trình khác.")(function)


def _looks(function: Decorated) -> Decorated:
    return click.option("--mau", "templates", metavar="THƯ_MỤC", help="Thư mục mẫu Word riêng của cơ quan.")(function)


def _engine(function: Decorated) -> Decorated:
    words = "Cách lập PDF: builtin (không cần cài gì, mặc định) hoặc libreoffice."
    return click.option("--engine", type=_Choice(ENGINES), default=ENGINES[0], help=words)(function)


def _pdf(function: Decorated) -> Decorated:
    words = "Lập thêm bản PDF cùng tên bên cạnh bản Word."
    return _engine(click.option("--pdf", "with_pdf", is_flag=True, help=words)(function))


_PATH: Any = click.Path(path_type=Path)
_file = click.argument("file", metavar="TỆP", type=_PATH)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, "--version", message="dvk %(version)s", help="Xem phiên bản.")
def cli() -> None:
    """Lập mọi văn bản của một năm phong trào “Dân vận khéo” từ một bảng tính.

    \b
    dvk workbook -o nam-2026.xlsx    tạo bảng tính trống để điền
    dvk nam-2026.xlsx                kiểm tra rồi lập cả hồ sơ vào thư mục nam-2026-ho-so
    """


@cli.command()
@_json
@_packs
def kinds(as_json: bool, packs: tuple[str, ...]) -> None:
    """Liệt kê các loại văn bản lập được."""
    from . import making

    found = [making.kind(stem, packs) for stem in making.kinds(packs)]
    if as_json:
        say_json([{"kind": k.stem, "title": k.title, "stage": k.schema.get("x-giai-doan", "")} for k in found])
        return
    width = max((len(k.stem) for k in found), default=0)
    for k in found:
        say(f"{k.stem:{width}}  {k.title}")


@cli.command()
@click.option("-o", "--output", metavar="TỆP", type=_PATH, required=True, help="Tệp .xlsx sẽ ghi.")
@click.option("--tu", "source", metavar="TỆP", type=_PATH, help="Điền sẵn từ tệp năm này (JSON hoặc Excel).")
@_packs
def workbook(output: Path, source: Path | None, packs: tuple[str, ...]) -> None:
    """Tạo bảng tính trống để điền: dvk workbook -o nam-2026.xlsx"""
    from . import making
    from . import workbook as sheets

    if output.suffix.lower() != ".xlsx":
        output = output.with_name(f"{output.name}.xlsx")
    catalog = making.catalog_of(packs)
    data = making.read(source).data if source else None
    written = sheets.write(catalog.year_schema(), data, {"bo_quy_tac": catalog.rule_sets()})
    _save_new(output, written, overwrite=False)
    say(f"Đã tạo bảng tính {output}.")


@cli.command()
@_file
@_json
@_day
@_packs
def check(file: Path, as_json: bool, ngay: date | None, packs: tuple[str, ...]) -> int:
    """Kiểm tra dữ liệu, chỉ ra từng ô sai: dvk check nam-2026.xlsx"""
    from . import making

    report = making.check(making.read(file), ngay, packs=packs)
    if as_json:
        say_json({"ok": report.ok, "problems": [p.as_dict() for p in report]})
    else:
        say_problems(report)
        say(summary(report))
    return 0 if report.ok else DataInvalid.exit_status


@cli.command()
@click.argument("kind", metavar="LOẠI")
@_file
@click.option("-o", "--output", metavar="TỆP", type=_PATH, help="Tệp .docx sẽ ghi.")
@click.option("--chon", metavar="MÃ", help="Mã của mô hình, điển hình … khi loại này có nhiều văn bản.")
@click.option("--ghi-de", "overwrite", is_flag=True, help="Cho phép thay tệp đã có.")
@_pdf
@_day
@_looks
@_packs
def make(
    kind: str,
    file: Path,
    output: Path | None,
    chon: str | None,
    overwrite: bool,
    with_pdf: bool,
    engine: str,
    ngay: date | None,
    templates: str | None,
    packs: tuple[str, ...],
) -> None:
    """Lập một văn bản: dvk make LOẠI nam-2026.xlsx --chon MH01

    TỆP là dữ liệu của cả năm, hoặc một tệp JSON chỉ chứa dữ liệu của văn bản này.
    """
    from . import checking, dossier, making, sources

    one = making.kind(kind, packs, templates)
    if _is_year(file):
        checked = making.examine(making.read(file), making.as_day(ngay), packs=packs, templates=templates)
        paper = _choose(checked, kind, chon)
        if paper.problems:
            raise DataInvalid(Report(paper.problems))
        docx, name = paper.kind.render(paper.data, paper.day, checked.kieu_dau).docx, dossier.file_name(paper)
    else:
        source = sources.read(file, one.schema)
        report = Report.of(checking.with_places(one.check(source.data), source.places))
        if not report.ok:
            raise DataInvalid(report)
        docx, name = one.make(source.data).docx, f"{kind}.docx"
    target = output or Path(name)
    _save_new(target, docx, overwrite)
    say(f"Đã lập {target}.")
    if with_pdf:
        _save_pdf(target.with_suffix(".pdf"), docx, engine, overwrite)


def _is_year(file: Path) -> bool:
    """Whether a file holds a year; one paper's JSON has none of a year's top-level words."""
    from . import sources

    source = sources.read(file, {}) if file.suffix.lower() == ".json" else None
    return source is None or not {"thong_tin", "phien_ban"}.isdisjoint(source.data)


def _choose(checked: CheckedYear, kind: str, code: str | None) -> CheckedPaper:
    """The one paper of this kind that is meant; raise `ChoiceNeeded` with the choices."""
    papers = [p for p in checked.papers if p.kind.stem == kind]
    found = [p for p in papers if code in (None, p.code, p.id)]
    if len(found) == 1:
        return found[0]
    if not papers:
        raise SourceInvalid(f"Dữ liệu năm nay chưa cần văn bản “{kind}”.", "not_due")
    choices = "; ".join(p.code or p.id for p in papers)
    said = f"Không có mã {code} cho" if code else "Có nhiều văn bản"
    raise ChoiceNeeded(f"{said} “{kind}”. Hãy chọn bằng --chon một trong: {choices}.")


def _save_new(target: Path, data: bytes, overwrite: bool) -> None:
    """Write a file; one that is there already is left alone unless the user said so, or it is the same to the byte."""
    from . import making

    if target.is_file() and not overwrite and target.read_bytes() != data:
        raise OutputInvalid(f"Tệp {target} đã có và khác nội dung sắp ghi. Hãy chọn tên khác hoặc xoá tệp cũ trước.")
    making.save({target: data})


def _save_pdf(target: Path, docx: bytes, engine: str, overwrite: bool) -> None:
    """Write a PDF; one that was made here and not signed may be made anew."""
    from . import pdf

    _save_new(target, pdf.convert(docx, engine), overwrite or pdf.is_ours(target))
    say(f"Đã lập {target}.")


@cli.command("pdf")
@click.argument("file", metavar="TỆP", type=_PATH)
@click.option("-o", "--output", metavar="TỆP", type=_PATH, help="Tệp .pdf sẽ ghi (mặc định: cùng tên, cạnh tệp Word).")
@click.option("--ghi-de", "overwrite", is_flag=True, help="Cho phép thay tệp đã có.")
@_engine
def make_pdf(file: Path, output: Path | None, overwrite: bool, engine: str) -> None:
    """Chuyển một văn bản Word sang PDF: dvk pdf to-trinh.docx -o to-trinh.pdf"""
    try:
        docx = file.read_bytes()
    except OSError as error:
        raise SourceInvalid(f"Không đọc được tệp {file}: {error.strerror or error}.", "unreadable") from error
    _save_pdf(output or file.with_suffix(".pdf"), docx, engine, overwrite)


@cli.command()
@click.option("--fix", is_flag=True, help="Tải phông còn thiếu qua trình cài gói của máy (apt-get hoặc npm).")
@_json
def doctor(fix: bool, as_json: bool) -> int:
    """Xem máy có đủ phông và công cụ để lập PDF không; thiếu thì sửa: dvk doctor --fix"""
    from .pdf import doctor as doctors

    if fix:
        doctors.mend()
    found = doctors.examine()
    if as_json:
        say_json([{"ok": f.ok, "needed": f.needed, "message": f.message} for f in found])
    else:
        for finding in found:
            say(finding.message)
    return ToolMissing.exit_status if any(f.needed and not f.ok for f in found) else 0


@cli.command()
@_file
@click.option("-o", "--output", "folder", metavar="THƯ_MỤC", type=_PATH, required=True, help="Nơi ghi hồ sơ.")
@click.option("--giai-doan", "stage", type=_Choice(STAGES), default="ca-nam", help="Chỉ lập văn bản của một giai đoạn.")
@_pdf
@_day
@_looks
@_json
@_packs
def dossier(
    file: Path,
    folder: Path,
    stage: str,
    with_pdf: bool,
    engine: str,
    ngay: date | None,
    templates: str | None,
    as_json: bool,
    packs: tuple[str, ...],
) -> int:
    """Lập cả hồ sơ của năm: dvk dossier nam-2026.xlsx -o ho-so"""
    from . import making

    result = _run_dossier(making.read(file), folder, stage=stage, today=ngay, templates=templates, packs=packs)
    if as_json:
        say_json({**result.as_dict(), "exit_status": result.exit_status})
    else:
        _say_result(result)
    return _add_pdfs(result, engine, as_json) if with_pdf else result.exit_status


def _add_pdfs(result: Result, engine: str, quiet: bool) -> int:
    """Make the PDF of each paper of the dossier; return the exit status of the whole."""
    from . import dossier as making_all

    added = making_all.add_pdfs(result, engine)
    for sentence in added.left_out:
        say(sentence, err=True)
    if not quiet:
        say(f"Đã lập {len(added.files)} tệp PDF.")
    if not added.left_out:
        return result.exit_status
    return PARTLY if added.files or result.made else ToolMissing.exit_status


@cli.command("nam", hidden=True)
@_file
@_day
@_looks
@_packs
def whole_year(file: Path, ngay: date | None, templates: str | None, packs: tuple[str, ...]) -> int:
    """Kiểm tra rồi lập cả hồ sơ vào thư mục cạnh tệp."""
    from . import making

    try:
        year = making.read(file)
        folder = file.with_name(f"{file.stem}-ho-so")
        result = _run_dossier(year, folder, today=ngay, templates=templates, packs=packs)
        say_problems(result.report)
        _say_result(result, reasons=False)
        return result.exit_status
    except DvkError as error:
        _say_error(error)
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
    from . import dossier as making_all

    if not sys.stderr.isatty():
        return making_all.make_dossier(year, folder, **options)
    with click.progressbar(length=1, label="Đang lập", file=sys.stderr) as bar:

        def tell(done: int, total: int, name: str) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        return making_all.make_dossier(year, folder, progress=tell, **options)


def _say_result(result: Result, *, reasons: bool = True) -> None:
    """What became of the papers; `reasons` are left out where the whole report was said already."""
    said: set[Problem] = set()
    for outcome in result.outcomes:
        _say_outcome(outcome, reasons, said)
    for note in result.notes:
        say(note)
    if reasons:
        _say_rest(result)
    parts = [f"Đã lập {len(result.made)} văn bản"]
    parts += [f"giữ nguyên {len(result.kept)}"] if result.kept else []
    parts += [f"chưa lập được {len(result.blocked)}"] if result.blocked else []
    say(f"{', '.join(parts)}. Hồ sơ ở: {result.folder.resolve()}")


def _say_rest(result: Result) -> None:
    """The errors that stand in the way of no paper, and how many warnings there are."""
    said = {problem for outcome in result.blocked for problem in outcome.problems}
    say_problems(problem for problem in result.report.errors if problem not in said)
    warnings = sum(p.severity == "canh_bao" for p in result.report)
    if warnings:
        say(f"Có {warnings} cảnh báo; xem bằng lệnh dvk check.")


def _say_outcome(outcome: Outcome, reasons: bool, said: set[Problem]) -> None:
    """One paper where there is something to say; a reason that was `said` for another paper is only pointed to."""
    if outcome.state == "blocked":
        say(f"Chưa lập {outcome.id} – {outcome.title}. {outcome.note}".rstrip())
        of_template = any(p.place.part for p in outcome.problems)
        for problem in outcome.problems if not outcome.note and (reasons or of_template) else ():
            say(f"    {problem.place}: lỗi đã nêu ở trên." if problem in said else f"    {problem}")
            said.add(problem)
    elif outcome.note:
        name = f"{outcome.file.name}: " if outcome.file and outcome.file.name not in outcome.note else ""
        say(f"{name}{outcome.note}")


if __name__ == "__main__":
    main()
