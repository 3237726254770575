"""`dvk template lint | fields`: a Word template looked at before there is data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from dvk_docs.errors import TemplateInvalid

from .files import read_bytes, save_new
from .saying import say, say_json, say_problems, summary
from .words import PATH, Commands, cli, json_option, packs_option

_template_file = click.argument("file", metavar="TỆP.docx", type=PATH)


@cli.group(cls=Commands)
def template() -> None:
    """Soát một mẫu Word trước khi có dữ liệu; liệt kê những gì mẫu cần."""


@template.command("lint")
@_template_file
@click.option("--kind", metavar="LOẠI", help="Đối chiếu với các mục của loại văn bản này (xem dvk kinds).")
@click.option("-o", "--output", metavar="TỆP", type=PATH, help="Ghi bản sao của mẫu, có chú thích ở từng chỗ sai.")
@json_option
@packs_option
def lint_template(file: Path, kind: str | None, output: Path | None, as_json: bool, packs: tuple[str, ...]) -> int:
    """Chỉ ra mọi chỗ sai của mẫu: dvk template lint mau.docx --kind LOẠI"""
    from dvk_docs import lint, making

    docx = read_bytes(file)
    schema = making.kind(kind, packs).schema if kind else None
    report = lint.lint(docx, schema)
    if as_json:
        say_json({"ok": report.ok, "problems": [p.as_dict() for p in report]})
    else:
        say_problems(report)
        say(summary(report))
    if output is not None:
        save_new(output, lint.annotate(docx, report), overwrite=False)
        say(f"Đã ghi mẫu có chú thích {output}.", err=True)
    return 0 if report.ok else TemplateInvalid.exit_status


@template.command("fields")
@_template_file
@json_option
def template_fields(file: Path, as_json: bool) -> None:
    """Liệt kê những mục mà mẫu cần: dvk template fields mau.docx"""
    from dvk_docs import lint

    skeleton = lint.fields(read_bytes(file))
    if as_json:
        say_json(skeleton)
    else:
        _say_fields(skeleton, "")


def _say_fields(spec: dict[str, Any], indent: str) -> None:
    """Say the fields of a record, one a line, what they hold beneath them."""
    words = {"array": "danh sách", "object": "nhóm", "integer": "số", "number": "số", "boolean": "có/không"}
    for name, part in spec.get("properties", {}).items():
        blank = ", có thể trống" if part.get("x-co-the-trong") else ""
        say(f"{indent}{name}: {words.get(part.get('type', ''), 'chữ')}{blank}")
        _say_fields(part, indent + "    ")
        _say_fields(part.get("items", {}), indent + "    ")
