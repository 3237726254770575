"""`dvk pdf | doctor`: a paper as PDF, and whether this machine has what that takes."""

from __future__ import annotations

from pathlib import Path

import click

from dvk_docs.errors import SourceInvalid, ToolMissing

from .files import save_pdf
from .saying import say, say_json
from .words import PATH, cli, engine_option, json_option


@cli.command("pdf")
@click.argument("file", metavar="TỆP", type=PATH)
@click.option("-o", "--output", metavar="TỆP", type=PATH, help="Tệp .pdf sẽ ghi (mặc định: cùng tên, cạnh tệp Word).")
@click.option("--ghi-de", "overwrite", is_flag=True, help="Cho phép thay tệp đã có.")
@engine_option
def make_pdf(file: Path, output: Path | None, overwrite: bool, engine: str) -> None:
    """Chuyển một văn bản Word sang PDF: dvk pdf to-trinh.docx -o to-trinh.pdf"""
    try:
        docx = file.read_bytes()
    except OSError as error:
        raise SourceInvalid(f"Không đọc được tệp {file}: {error.strerror or error}.", "unreadable") from error
    save_pdf(output or file.with_suffix(".pdf"), docx, engine, overwrite)


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
