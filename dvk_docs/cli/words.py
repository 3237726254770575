"""click in Vietnamese: commands, help, options and choices, and the group that all commands join."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import click

from dvk_docs import __version__
from dvk_docs.errors import DvkError

ENGINES = ("builtin", "libreoffice")
BINDINGS = ("mot-quyen", "moi-doi-tuong")  # as in book.plan, which is not imported for a word
YEAR_SUFFIXES = (".xlsx", ".xlsm", ".json", ".xls")


class Vietnamese(click.Command):
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


class Commands(Vietnamese, click.Group):
    """The commands; a year's file in place of a command means: check it and make its dossier."""

    command_class = Vietnamese

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        Vietnamese.format_options(self, ctx, formatter)
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


def usage_sentence(error: click.UsageError) -> str:
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
    from dvk_docs.catalog import nearest

    shown = [str(c.name) for c in cli.commands.values() if not c.hidden]
    near = nearest(name, shown, 1)
    hint = f"Có phải {near[0]}?" if near else f"Các lệnh: {', '.join(shown)}."
    return f"Không có lệnh {name}. {hint}"


class Day(click.ParamType[date]):
    """A day typed d/m/yyyy or yyyy-mm-dd."""

    name = "ngày"

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:
        return "NGÀY"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        from dvk_docs.viet import ngay

        if isinstance(value, date):
            return value
        with suppress(ValueError):
            return date.fromisoformat(value)
        try:
            return ngay.parse(value)
        except DvkError:
            self.fail(f"“{value}” không phải là một ngày có thật. Nhập như 20/10/2026.", param, ctx)


class PathName(click.ParamType[Path]):
    """A file or folder; an empty name (of an unset variable in a script) is wrong use, not the current folder."""

    name = "tệp"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        if not str(value).strip():
            self.fail("Tên tệp hoặc thư mục để trống.", param, ctx)
        return Path(value)


class Choice(click.Choice[str]):
    """A choice that says its words in Vietnamese when another is typed."""

    def get_invalid_choice_message(self, value: Any, ctx: click.Context | None) -> str:
        return f"“{value}” không có trong danh sách: {', '.join(self.choices)}."


class Stage(click.ParamType[str]):
    """A stage of the year, as the year's schema lists them; `ca-nam` is the whole year."""

    name = "giai đoạn"

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:
        return "GIAI_ĐOẠN"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from dvk_docs.catalog import Catalog

        known = [*Catalog().stages(), "ca-nam"]
        if value not in known:
            self.fail(f"“{value}” không có trong danh sách: {', '.join(known)}.", param, ctx)
        return str(value)


Decorated = Callable[..., Any]
PATH = PathName()
STAGE = Stage()


def packs_option(function: Decorated) -> Decorated:
    words = "Thư mục chứa loại văn bản thêm (dùng được nhiều lần)."
    return click.option("--pack", "packs", multiple=True, type=PATH, metavar="THƯ_MỤC", help=words)(function)


def day_option(function: Decorated) -> Decorated:
    return click.option("--ngay", type=Day(), help="Tính các mốc hạn theo ngày này (mặc định: hôm nay).")(function)


def former_option(function: Decorated) -> Decorated:
    words = "Tệp của một năm trước, để so chỉ tiêu và đếm số lần trong nhiều năm (dùng được nhiều lần)."
    return click.option("--nam-truoc", "former", multiple=True, type=PATH, metavar="TỆP", help=words)(function)


def json_option(function: Decorated) -> Decorated:
    return click.option("--json", "as_json", is_flag=True, help="In kết quả dạng JSON cho chương trình khác.")(function)


def looks_option(function: Decorated) -> Decorated:
    return click.option("--mau", "templates", type=PATH, metavar="THƯ_MỤC", help="Thư mục mẫu Word riêng của cơ quan.")(
        function
    )


def engine_option(function: Decorated) -> Decorated:
    words = "Cách lập PDF: builtin (không cần cài gì, mặc định) hoặc libreoffice."
    return click.option("--engine", type=Choice(ENGINES), default=ENGINES[0], help=words)(function)


def pdf_options(function: Decorated) -> Decorated:
    words = "Lập thêm bản PDF cùng tên bên cạnh bản Word."
    return engine_option(click.option("--pdf", "with_pdf", is_flag=True, help=words)(function))


def binding_options(function: Decorated) -> Decorated:
    words = "Đóng quyển PDF: một quyển cho cả bộ hồ sơ, hoặc mỗi tập thể, cá nhân một quyển."
    numbers = click.option("--danh-so-to", "sheet_numbers", is_flag=True, help="In số tờ trên mọi trang của quyển.")
    return click.option("--dong-quyen", "binding", type=Choice(BINDINGS), help=words)(numbers(function))


file_argument = click.argument("file", metavar="TỆP", type=PATH)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, "--version", message="dvk %(version)s", help="Xem phiên bản.")
def cli() -> None:
    """Lập mọi văn bản của một năm phong trào “Dân vận khéo” từ một bảng tính.

    \b
    dvk workbook -o nam-2026.xlsx    tạo bảng tính trống để điền
    dvk nam-2026.xlsx                kiểm tra rồi lập cả hồ sơ vào thư mục nam-2026-ho-so
    """
