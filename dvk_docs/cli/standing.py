"""The command that tells where the year stands: due, late, missing, on the terminal or as one page to look at."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from pathlib import Path

import click

from .files import read_year, save_new
from .saying import say, say_json
from .words import PATH, cli, day_option, file_argument, json_option, packs_option


@cli.command("status")
@file_argument
@click.option("-o", "--output", metavar="TỆP", type=PATH, help="Ghi thành một trang .html có biểu đồ.")
@day_option
@json_option
@packs_option
def status(file: Path, output: Path | None, ngay: date | None, as_json: bool, packs: tuple[Path, ...]) -> int:
    """Năm đang ở đâu: việc đến hạn, quá hạn, còn thiếu: dvk status nam-2026.xlsx"""
    from dvk_docs import status as standing

    found = standing.status(read_year(file), ngay, packs=packs)
    if output is not None:
        if output.suffix.lower() not in (".html", ".htm"):
            output = output.with_name(f"{output.name}.html")
        save_new(output, standing.page(found).encode("utf-8"), standing.is_ours(output))
    if as_json:
        say_json(asdict(found) | {"day": found.day.isoformat(), "problems": [p.as_dict() for p in found.problems]})
    elif output is not None:
        say(f"Đã ghi trang tình hình: {output}")
    else:
        say(standing.text(found))
    return 0
