"""`dvk pdf | preview | doctor`: a paper as PDF, its pages as pictures, and whether this machine has what that takes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import click

from dvk_docs.errors import OutputInvalid, SourceInvalid, ToolMissing

from .files import holds, named, read_bytes, save_pdf
from .saying import say, say_json
from .words import PATH, cli, engine_option, json_option


@cli.command("pdf")
@click.argument("file", metavar="TỆP", type=PATH)
@click.option("-o", "--output", metavar="TỆP", type=PATH, help="Tệp .pdf sẽ ghi (mặc định: cùng tên, cạnh tệp Word).")
@click.option("--ghi-de", "overwrite", is_flag=True, help="Cho phép thay tệp đã có.")
@engine_option
def make_pdf(file: Path, output: Path | None, overwrite: bool, engine: str) -> None:
    """Chuyển một văn bản Word sang PDF: dvk pdf to-trinh.docx -o to-trinh.pdf"""
    data = read_bytes(file)
    if _is_pdf(data):
        raise SourceInvalid(f"Tệp {file} đã là PDF. Hãy đưa vào tệp Word (.docx).", "not_a_document")
    _check_word(data, "tệp Word (.docx)")
    save_pdf(named(output or file.with_suffix(".pdf"), file, ".pdf"), data, engine, overwrite)


class Pages(click.ParamType[list[tuple[int, int]]]):
    """Pages typed as 2, 1-3 or 1-3,7: ranges with both ends."""

    name = "trang"

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:
        return "TRANG"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> list[tuple[int, int]]:
        found = [re.fullmatch(r"\s*(\d{1,6})\s*(?:-\s*(\d{1,6})\s*)?", part, re.ASCII) for part in value.split(",")]
        ranges = [(int(f[1]), int(f[2] or f[1])) for f in found if f]
        if len(ranges) < len(found) or any(first > last for first, last in ranges):
            self.fail(f"“{value}” không phải là số trang. Nhập như 2, 1-3 hoặc 1-3,7.", param, ctx)
        return ranges


class Dots(click.ParamType[int]):
    """Dots to the inch."""

    name = "dpi"

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:
        return "SỐ"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        from dvk_docs.pdf.preview import HIGHEST, LOWEST

        if not re.fullmatch(r"\d{1,4}", str(value), re.ASCII) or not LOWEST <= int(value) <= HIGHEST:
            self.fail(f"Độ nét là một số từ {LOWEST} đến {HIGHEST}.", param, ctx)
        return int(value)


@cli.command()
@click.argument("file", metavar="TỆP", type=PATH)
@click.option("-o", "--output", metavar="THƯ_MỤC", type=PATH, required=True, help="Thư mục ghi các ảnh PNG.")
@click.option("--trang", "wanted", type=Pages(), default=None, help="Chỉ vẽ các trang này, như 1-3 (mặc định: tất cả).")
@click.option("--dpi", type=Dots(), default=100, help="Độ nét, điểm trên inch (mặc định: 100).")
@click.option("--ghi-de", "overwrite", is_flag=True, help="Cho phép thay ảnh đã có.")
@engine_option
def preview(
    file: Path, output: Path, wanted: list[tuple[int, int]] | None, dpi: int, overwrite: bool, engine: str
) -> None:
    """Vẽ từng trang của tệp Word hoặc PDF thành ảnh PNG: dvk preview to-trinh.docx -o anh"""
    from dvk_docs import making
    from dvk_docs.pdf.preview import pictures

    pages = pictures(_as_pdf(read_bytes(file), engine), wanted or (), dpi)
    files = {output / f"{file.stem}-{number:0{max(2, len(str(count)))}}.png": data for number, count, data in pages}
    other = [target for target, data in files.items() if making.writable(target).exists() and not holds(target, data)]
    if other and not overwrite:
        message = f"Ảnh {other[0].name} đã có trong {output} và khác ảnh sắp ghi"
        raise OutputInvalid(f"{message}. Hãy chọn thư mục khác, hoặc thêm --ghi-de.")
    making.save(files)
    say(f"Đã vẽ {len(files)} trang vào {output}.")


def _as_pdf(data: bytes, engine: str) -> bytes:
    """A PDF as it is; a Word file laid out."""
    from dvk_docs import pdf

    if _is_pdf(data):
        return data
    _check_word(data, "tệp Word (.docx) hay PDF")
    return pdf.convert(data, engine)


def _is_pdf(data: bytes) -> bool:
    return b"%PDF-" in data[:1024]


def _check_word(data: bytes, wanted: str) -> None:
    """Raise `SourceInvalid` for what can be told from the first bytes to be no .docx."""
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        message = "Tệp này là tệp Word đời cũ (.doc) hoặc có mật khẩu."
        raise SourceInvalid(f"{message} Hãy mở bằng Word và lưu lại ở dạng .docx không mật khẩu.", "old_word")
    if not data.startswith(b"PK"):
        raise SourceInvalid(f"Tệp này không phải {wanted}, hoặc đã hỏng.", "not_a_document")


@cli.command()
@click.option("--fix", is_flag=True, help="Tải phông còn thiếu qua trình cài gói của máy (apt-get hoặc npm).")
@json_option
def doctor(fix: bool, as_json: bool) -> int:
    """Xem máy có đủ phông và công cụ để lập PDF không; thiếu thì sửa: dvk doctor --fix"""
    from dvk_docs.pdf import doctor as doctors

    if fix:
        doctors.mend()
    found = doctors.examine()
    if as_json:
        say_json([{"ok": f.ok, "needed": f.needed, "message": f.message} for f in found])
    else:
        for finding in found:
            say(finding.message)
    return ToolMissing.exit_status if any(f.needed and not f.ok for f in found) else 0
