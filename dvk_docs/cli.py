"""The command line, a thin skin: it reads words, calls one library function, says the result, sets the exit status.

Exit status: 0 all made or no error found; 1 ours; 2 wrong use; 3 a `loi` found, or nothing could be made; 4 template
not valid; 5 some made, the rest named, or all made and a `loi` left; 6 a tool or font is missing. With `--json` one
document goes to stdout and all else to stderr.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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
    Place,
    Problem,
    Report,
    SourceInvalid,
    TemplateInvalid,
    ToolMissing,
)

if TYPE_CHECKING:
    from .dossier import Result
    from .making import CheckedPaper, CheckedYear, Kind, Year

STAGES = ("dang-ky", "cong-nhan", "de-nghi", "ca-nam")
ENGINES = ("builtin", "libreoffice")
YEAR_SUFFIXES = (".xlsx", ".xlsm", ".json", ".xls")
MISUSE = 2
SHOWN = 5  # places that one sentence names before it only counts
OTHER_FILES = (".xlsx", ".xlsm", ".xls", ".json", ".pdf", ".doc", ".odt", ".txt", ".zip")
HEADERS = (
    "missing_sheet",
    "missing_column",
    "missing_row",
    "version",
    "version_newer",
    "duplicate_key",
)  # causes of other errors
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
        is_file = args[0].lower().endswith(YEAR_SUFFIXES) or _is_file(args[0])
        if "nam" in self.commands and args[0] not in self.commands and is_file:
            return "nam", self.commands["nam"], args
        return super().resolve_command(ctx, args)


def _is_file(name: str) -> bool:
    with suppress(OSError, ValueError):  # a name that the system does not take
        return Path(name).is_file()
    return False


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
        return _no_such_command(str(getattr(error, "command_name", "")))
    return "Thừa chữ trong câu lệnh." if "unexpected extra" in error.message else error.message


def _no_such_command(name: str) -> str:
    from .catalog import nearest

    shown = [str(c.name) for c in cli.commands.values() if not c.hidden]
    near = nearest(name, shown, 1)
    hint = f"Có phải {near[0]}?" if near else f"Các lệnh: {', '.join(shown)}."
    return f"Không có lệnh {name}. {hint}"


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


class _PathName(click.ParamType[Path]):
    """A file or folder; an empty name (of an unset variable in a script) is wrong use, not the current folder."""

    name = "tệp"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        if not str(value).strip():
            self.fail("Tên tệp hoặc thư mục để trống.", param, ctx)
        return Path(value)


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
_PATH = _PathName()


def _packs(function: Decorated) -> Decorated:
    words = "Thư mục chứa loại văn bản thêm (dùng được nhiều lần)."
    return click.option("--pack", "packs", multiple=True, type=_PATH, metavar="THƯ_MỤC", help=words)(function)


def _day(function: Decorated) -> Decorated:
    return click.option("--ngay", type=_Day(), help="Tính các mốc hạn theo ngày này (mặc định: hôm nay).")(function)


def _json(function: Decorated) -> Decorated:
    return click.option("--json", "as_json", is_flag=True, help="In kết quả dạng JSON cho chương trình khác.")(function)


def _looks(function: Decorated) -> Decorated:
    return click.option(
        "--mau", "templates", type=_PATH, metavar="THƯ_MỤC", help="Thư mục mẫu Word riêng của cơ quan."
    )(function)


def _engine(function: Decorated) -> Decorated:
    words = "Cách lập PDF: builtin (không cần cài gì, mặc định) hoặc libreoffice."
    return click.option("--engine", type=_Choice(ENGINES), default=ENGINES[0], help=words)(function)


def _pdf(function: Decorated) -> Decorated:
    words = "Lập thêm bản PDF cùng tên bên cạnh bản Word."
    return _engine(click.option("--pdf", "with_pdf", is_flag=True, help=words)(function))


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
def kinds(as_json: bool, packs: tuple[Path, ...]) -> None:
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
def workbook(output: Path, source: Path | None, packs: tuple[Path, ...]) -> None:
    """Tạo bảng tính trống để điền: dvk workbook -o nam-2026.xlsx"""
    from . import making
    from . import workbook as sheets

    if output.suffix.lower() != ".xlsx":
        output = output.with_name(f"{output.name}.xlsx")
    catalog = making.catalog_of(tuple(map(str, packs)))
    data = _whole(making.read(source)) if source else None
    written = sheets.write(catalog.year_schema(), data, {"bo_quy_tac": catalog.rule_sets()})
    if source and data is not None:
        _refuse_loss(source, data, written, output.name)
    _save_new(output, written, overwrite=False)
    say(f"Đã tạo bảng tính {output}.")


def _whole(year: Year) -> Mapping[str, Any]:
    """The data of a year of which everything was read; what was repaired is said."""
    if any(p.severity == "loi" for p in year.problems):
        raise DataInvalid(Report(year.problems))
    say_problems(year.problems, err=True)
    return year.data


def _refuse_loss(source: Path, data: Mapping[str, Any], written: bytes, name: str) -> None:
    """Raise `SourceInvalid` where the workbook, read again, lacks a value of the data it was made from."""
    from . import sources

    there = set(_values(sources.parse(written, name).data, ""))
    lost = [pointer for pointer in _values(data, "") if pointer not in there]
    if lost:
        more = f" và {len(lost) - SHOWN} chỗ khác" if len(lost) > SHOWN else ""
        message = f"Bảng tính không có chỗ cho {', '.join(lost[:SHOWN])}{more} của tệp {source.name} nên chưa được tạo."
        raise SourceInvalid(f"{message} Hãy sửa các chỗ đó rồi chạy lại; dvk check {source} nói rõ từng chỗ.", "lost")


def _values(data: Any, pointer: str) -> Iterator[str]:
    """The JSON pointer of every single value."""
    if isinstance(data, (Mapping, list)):
        for key, value in data.items() if isinstance(data, Mapping) else enumerate(data):
            yield from _values(value, f"{pointer}/{key}")
    else:
        yield pointer


def _read_year(file: Path) -> Year:
    """The year of a file; raise `SourceInvalid` for one paper's own data, which `make` takes."""
    from . import making

    year = making.read(file)
    known = making.catalog_of(()).year_schema()["properties"]
    if year.data and {"thong_tin", "phien_ban"}.isdisjoint(year.data) and not set(year.data) <= set(known):
        message = f"Tệp {file.name} là dữ liệu của một văn bản, không phải của cả năm."
        raise SourceInvalid(f"{message} Hãy dùng: dvk make LOẠI {file}", "paper_data")
    return year


@cli.command()
@_file
@_json
@_day
@_packs
def check(file: Path, as_json: bool, ngay: date | None, packs: tuple[Path, ...]) -> int:
    """Kiểm tra dữ liệu, chỉ ra từng ô sai: dvk check nam-2026.xlsx"""
    from . import making

    report = making.check(_read_year(file), ngay, packs=packs)
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
    templates: Path | None,
    packs: tuple[Path, ...],
) -> None:
    """Lập một văn bản: dvk make LOẠI nam-2026.xlsx --chon MH01

    TỆP là dữ liệu của cả năm, hoặc một tệp JSON chỉ chứa dữ liệu của văn bản này.
    """
    from . import checking, dossier, making, sources

    one = making.kind(kind, packs, templates)
    output = _docx_name(output, file) if output else None
    if _is_year(file, one):
        checked = making.examine(making.read(file), making.as_day(ngay), packs=packs, templates=templates)
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
    target = output or Path(name)
    _save_new(target, docx, overwrite)
    say(f"Đã lập {target}.")
    if with_pdf:
        _save_pdf(target.with_suffix(".pdf"), docx, engine, overwrite)


def _docx_name(output: Path, file: Path) -> Path:
    """The .docx to write; raise `OutputInvalid` for the data's own file, or a name that says another kind of file."""
    from . import making

    target, suffix = making.writable(output), output.suffix.lower()
    if output == file or (target.exists() and file.exists() and target.samefile(file)):
        raise OutputInvalid(f"{output} là tệp dữ liệu đang đọc, không ghi đè lên được. Hãy chọn tên tệp .docx khác.")
    if suffix in OTHER_FILES:
        raise OutputInvalid(f"Văn bản được ghi thành tệp Word, không phải {suffix}. Hãy chọn tên tệp .docx.")
    return output if suffix == ".docx" else output.with_name(f"{output.name}.docx")


def _is_year(file: Path, one: Kind) -> bool:
    """Whether a file holds a year: a workbook does; JSON is told by which schema has more of its top-level words."""
    from . import making, sources

    source = sources.read(file, {})
    if source.kind_of_file == "xlsx":
        return True
    year, paper = (set(s["properties"]) for s in (making.catalog_of(()).year_schema(), one.schema))
    return len((year - paper) & set(source.data)) > len((paper - year) & set(source.data))


def _choose(checked: CheckedYear, kind: str, code: str | None) -> CheckedPaper:
    """The one paper of this kind that is meant; raise `ChoiceNeeded` with the choices."""
    from .catalog import nearest

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


def _save_new(target: Path, data: bytes, overwrite: bool) -> None:
    """Write a file; one that is there already is left alone unless the user said so, or it is the same to the byte."""
    from . import making

    if making.writable(target).is_file() and not overwrite and not _holds(target, data):
        raise OutputInvalid(f"Tệp {target} đã có và khác nội dung sắp ghi. Hãy chọn tên khác hoặc xoá tệp cũ trước.")
    making.save({target: data})


def _holds(file: Path, data: bytes) -> bool:
    with suppress(OSError):
        return file.read_bytes() == data
    return False


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
    templates: Path | None,
    as_json: bool,
    packs: tuple[Path, ...],
) -> int:
    """Lập cả hồ sơ của năm: dvk dossier nam-2026.xlsx -o ho-so"""
    result = _run_dossier(_read_year(file), folder, stage=stage, today=ngay, templates=templates, packs=packs)
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
def whole_year(file: Path, ngay: date | None, templates: Path | None, packs: tuple[Path, ...]) -> int:
    """Kiểm tra rồi lập cả hồ sơ vào thư mục cạnh tệp."""
    try:
        year = _read_year(file)
        folder = file.with_name(f"{file.stem}-ho-so")
        result = _run_dossier(year, folder, today=ngay, templates=templates, packs=packs)
        say_problems(_headers_first(result.report.problems))
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
    for outcome in result.outcomes:
        if outcome.state != "blocked" and outcome.note:
            name = f"{outcome.file.name}: " if outcome.file and outcome.file.name not in outcome.note else ""
            say(f"{name}{outcome.note}")
    for note in result.notes:
        say(note)
    for line in _causes(result, reasons):
        say(line)
    warnings = sum(p.severity == "canh_bao" for p in result.report)
    if reasons and warnings:
        say(f"Có {warnings} cảnh báo; xem bằng lệnh dvk check.")
    parts = [f"Đã lập {len(result.made)} văn bản"]
    parts += [f"giữ nguyên {len(result.kept)}"] if result.kept else []
    parts += [f"chưa lập được {len(result.blocked)}"] if result.blocked else []
    parts += ["dữ liệu còn lỗi"] if not result.blocked and not result.report.ok else []
    say(f"{', '.join(parts)}. Hồ sơ ở: {result.folder.resolve()}")


def _causes(result: Result, reasons: bool) -> Iterator[str]:
    """Each cause once, headers first, and under it the papers that it stops; then who waits for others of its set."""
    alike: dict[object, list[Problem]] = {}
    for problem in _headers_first([*result.report.errors, *(p for o in result.blocked for p in o.problems)]):
        key = (problem.code, problem.message, problem.hint, problem.source, problem.place.sheet or problem.place.part)
        alike.setdefault(key, []).append(problem)
    stops: dict[tuple[str, ...], list[str]] = {}
    for problems in alike.values():
        ids = tuple(o.id for o in result.blocked if not o.because_of and not set(problems).isdisjoint(o.problems))
        if reasons or any(p not in result.report.problems for p in problems):
            stops.setdefault(ids, []).append(_said_once(problems))
    for ids, sentences in stops.items():
        yield from sentences
        if ids and reasons:
            yield f"    Chưa lập {_listed(result, ids)}."
    if not reasons and result.blocked:
        yield f"Chưa lập {_listed(result, [o.id for o in result.blocked])}."
    yield from _waiting(result) if reasons else ()
    earlier = [o.file.name for o in result.blocked if o.file]
    if earlier:
        yield f"Bản cũ vẫn còn, theo dữ liệu trước: {', '.join(earlier)}."


def _headers_first(problems: Sequence[Problem]) -> list[Problem]:
    return sorted(dict.fromkeys(problems), key=lambda p: p.code not in HEADERS)


def _said_once(problems: Sequence[Problem]) -> str:
    """The problem; of several that differ only in their places, one sentence with those places."""
    from dataclasses import replace

    first = problems[0]
    if len(problems) == 1:
        return str(first)
    places = [p.place.cell if p.place.cell else str(p.place) for p in problems]
    shown = f"{', '.join(places[:SHOWN])}{' …' if len(places) > SHOWN else ''} ({len(places)} chỗ)"
    cell = first.place.cell
    return str(replace(first, place=replace(first.place, cell=shown) if cell else Place(where=shown)))


def _waiting(result: Result) -> Iterator[str]:
    """The papers held back by others of their set."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for outcome in result.blocked:
        if outcome.because_of:
            groups.setdefault(outcome.because_of, []).append(outcome.id)
    for others, ids in groups.items():
        yield f"Cùng bộ hồ sơ với {_by_kind(others)} nên chưa lập {_listed(result, ids)}."


def _listed(result: Result, ids: Sequence[str]) -> str:
    """phieu.MH02 – Phiếu theo dõi; 4 văn bản: phieu.MH01, MH02; bia; or all of them in one word."""
    if len(ids) == 1:
        return f"{ids[0]} – {next(o.title for o in result.outcomes if o.id == ids[0])}"
    if len(ids) == sum(o.state != "extra" for o in result.outcomes):
        return f"cả {len(ids)} văn bản"
    return f"{len(ids)} văn bản: {_by_kind(ids)}"


def _by_kind(ids: Iterable[str]) -> str:
    codes: dict[str, list[str]] = {}
    for kind, _, code in (i.partition(".") for i in ids):
        codes.setdefault(kind, []).append(code)
    return "; ".join(f"{kind}.{', '.join(found)}" if found[0] else kind for kind, found in codes.items())


# --- templates -------------------------------------------------------------------------------------------------------

_template_file = click.argument("file", metavar="TỆP.docx", type=_PATH)


@cli.group(cls=_Commands)
def template() -> None:
    """Soát một mẫu Word trước khi có dữ liệu; liệt kê những gì mẫu cần."""


@template.command("lint")
@_template_file
@click.option("--kind", metavar="LOẠI", help="Đối chiếu với các mục của loại văn bản này (xem dvk kinds).")
@click.option("-o", "--output", metavar="TỆP", type=_PATH, help="Ghi bản sao của mẫu, có chú thích ở từng chỗ sai.")
@_json
@_packs
def lint_template(file: Path, kind: str | None, output: Path | None, as_json: bool, packs: tuple[str, ...]) -> int:
    """Chỉ ra mọi chỗ sai của mẫu: dvk template lint mau.docx --kind LOẠI"""
    from . import lint, making

    docx = _read_template(file)
    schema = making.kind(kind, packs).schema if kind else None
    report = lint.lint(docx, schema)
    if as_json:
        say_json({"ok": report.ok, "problems": [p.as_dict() for p in report]})
    else:
        say_problems(report)
        say(summary(report))
    if output is not None:
        _save_new(output, lint.annotate(docx, report), overwrite=False)
        say(f"Đã ghi mẫu có chú thích {output}.", err=True)
    return 0 if report.ok else TemplateInvalid.exit_status


@template.command("fields")
@_template_file
@_json
def template_fields(file: Path, as_json: bool) -> None:
    """Liệt kê những mục mà mẫu cần: dvk template fields mau.docx"""
    from . import lint

    skeleton = lint.fields(_read_template(file))
    if as_json:
        say_json(skeleton)
    else:
        _say_fields(skeleton, "")


def _read_template(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        reason = "không có" if isinstance(error, FileNotFoundError) else "không đọc được"
        raise SourceInvalid(f"Tệp {file} {reason}. Hãy kiểm tra lại đường dẫn.", "unreadable") from error


def _say_fields(spec: dict[str, Any], indent: str) -> None:
    """Say the fields of a record, one a line, what they hold beneath them."""
    words = {"array": "danh sách", "object": "nhóm", "integer": "số", "number": "số", "boolean": "có/không"}
    for name, part in spec.get("properties", {}).items():
        blank = ", có thể trống" if part.get("x-co-the-trong") else ""
        say(f"{indent}{name}: {words.get(part.get('type', ''), 'chữ')}{blank}")
        _say_fields(part, indent + "    ")
        _say_fields(part.get("items", {}), indent + "    ")


if __name__ == "__main__":
    main()
