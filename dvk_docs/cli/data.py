"""`dvk kinds | workbook | check`: what can be made, the sheet to fill, what is wrong in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dvk_docs.errors import DataInvalid, Report, SourceInvalid

from .files import read_former, read_year, save_new
from .saying import SHOWN, grouped, say, say_json, say_problems, summary
from .words import PATH, cli, day_option, file_argument, former_option, json_option, packs_option

if TYPE_CHECKING:
    from dvk_docs.making import Year

OWN_PAGE = "x-vai-tro-cong"  # a page that the gate makes of its own answers is no paper of the year


@cli.command()
@json_option
@packs_option
def kinds(as_json: bool, packs: tuple[Path, ...]) -> None:
    """Liệt kê các loại văn bản lập được."""
    from dvk_docs import making

    found = [k for k in (making.kind(stem, packs) for stem in making.kinds(packs)) if OWN_PAGE not in k.schema]
    if as_json:
        say_json([{"kind": k.stem, "title": k.title, "stage": k.schema.get("x-giai-doan", "")} for k in found])
        return
    width = max((len(k.stem) for k in found), default=0)
    for k in found:
        say(f"{k.stem:{width}}  {k.title}")


@cli.command()
@click.option("-o", "--output", metavar="TỆP", type=PATH, required=True, help="Tệp .xlsx sẽ ghi.")
@click.option("--tu", "source", metavar="TỆP", type=PATH, help="Điền sẵn từ tệp năm này (JSON hoặc Excel).")
@click.option("--bo-quy-tac", "rules", metavar="TÊN", default="", help="Chỉ gồm các cột mà bộ quy tắc này cần.")
@packs_option
def workbook(output: Path, source: Path | None, rules: str, packs: tuple[Path, ...]) -> None:
    """Tạo bảng tính trống để điền: dvk workbook -o nam-2026.xlsx"""
    from dvk_docs import making
    from dvk_docs import workbook as sheets

    if output.suffix.lower() != ".xlsx":
        output = output.with_name(f"{output.name}.xlsx")
    catalog = making.catalog_of(tuple(map(str, packs)))
    data = _whole(making.read(source)) if source else None
    schema = catalog.year_schema(rules)
    if rules and data is None:
        data = {"thong_tin": {"bo_quy_tac": rules}}
    written = sheets.write(schema, data, {"bo_quy_tac": catalog.rule_sets()})
    if source and data is not None:
        _refuse_loss(source, data, written, output.name)
    save_new(output, written, overwrite=False)
    say(f"Đã tạo bảng tính {output}.")


def _whole(year: Year) -> Mapping[str, Any]:
    """The data of a year of which everything was read; what was repaired is said."""
    if any(p.severity == "loi" for p in year.problems):
        raise DataInvalid(Report(year.problems))
    say_problems(year.problems, err=True)
    return year.data


def _refuse_loss(source: Path, data: Mapping[str, Any], written: bytes, name: str) -> None:
    """Raise `SourceInvalid` where the workbook, read again, lacks a value of the data it was made from."""
    from dvk_docs import sources

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


@cli.command()
@file_argument
@click.option("-o", "--output", metavar="TỆP", type=PATH, help="Ghi bản sao có tô màu và ghi chú ở ô sai.")
@click.option("--cot", "with_columns", is_flag=True, help="In cả cách hiểu từng cột của bảng tính.")
@json_option
@day_option
@former_option
@packs_option
def check(
    file: Path,
    output: Path | None,
    with_columns: bool,
    as_json: bool,
    ngay: date | None,
    former: tuple[Path, ...],
    packs: tuple[Path, ...],
) -> int:
    """Kiểm tra dữ liệu, chỉ ra từng ô sai: dvk check nam-2026.xlsx -o ket-qua.xlsx"""
    from dvk_docs import making, sources

    report = making.check(read_year(file), ngay, packs=packs, nam_truoc=read_former(former))
    if output is not None:
        answered = sources.answer(file, report, output)
        save_new(output, answered, overwrite=sources.is_answer(output))
        say(f"Đã ghi bản kết quả {output}.", err=as_json)
    columns = sources.columns(file) if with_columns or as_json else ()
    if as_json:
        found = [
            {"sheet": c.sheet, "column": c.column, "typed": c.typed, "title": c.title, "way": c.way} for c in columns
        ]
        say_json({"ok": report.ok, "problems": [p.as_dict() for p in report], "columns": found})
    else:
        for column in columns:
            say(f"sheet {column.sheet}, cột {column.column} “{column.typed}” → {column.title}")
        for line in grouped(report):
            say(line)
        say(summary(report))
    return 0 if report.ok else DataInvalid.exit_status
