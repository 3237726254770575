"""`dvk number next | issue | void | list | audit | setup`: the office's register of document numbers."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dvk_docs.errors import NumberTaken

from .files import save_new
from .saying import say, say_json, say_problems, summary
from .words import PATH, Choice, Commands, Decorated, cli, day_option, json_option

if TYPE_CHECKING:
    from dvk_docs.register import Entry, Register, Wanted

DEFAULT = "so-van-ban.db"
SYSTEMS = ("dang", "nha_nuoc", "mttq")
REFUSED = NumberTaken.exit_status


@cli.group(cls=Commands)
def number() -> None:
    """Sổ số văn bản: lấy số, ghi đã cấp, huỷ, xem, soát.

    Sổ là một tệp trên ổ đĩa của máy văn thư; nhiều người, nhiều cửa sổ cùng lấy số cũng không trùng.
    """


def register_option(function: Decorated) -> Decorated:
    words = f"Tệp sổ (mặc định: {DEFAULT} ở thư mục đang đứng)."
    return click.option("--so", "file", type=PATH, default=Path(DEFAULT), metavar="TỆP", help=words)(function)


def wanted_options(function: Decorated) -> Decorated:
    """What says which series a number is counted in."""
    options: list[Callable[[Decorated], Decorated]] = [
        click.option("--co-quan", "office", metavar="TÊN", help="Cơ quan ban hành, như in trên văn bản."),
        click.option("--ky-hieu", "symbol", metavar="KÝ_HIỆU", help="Ký hiệu cơ quan: ĐU, CB, UBND …"),
        click.option("--loai", "kind", metavar="TÊN_LOẠI", help="Tên loại hoặc ký hiệu của nó: “Tờ trình”, TTr."),
        click.option("--he", "system", type=Choice(SYSTEMS), default="dang", help="Hệ văn bản (mặc định: dang)."),
        click.option("--nhiem-ky-tu", "term", metavar="NGÀY", help="Ngày bắt đầu nhiệm kỳ; chỉ cần nhập lần đầu."),
        click.option("--nhiem-ky-moi", "new_term", is_flag=True, help="Xác nhận mở nhiệm kỳ mới."),
        click.option("--cung", "joint", metavar="KÝ_HIỆU", multiple=True, help="Ký hiệu cơ quan cùng ban hành."),
        click.option("--mat", "secret", is_flag=True, help="Văn bản mật."),
        click.option("--van-ban", "paper", metavar="MÃ", default="", help="Mã văn bản; lấy lại thì vẫn số cũ."),
        click.option("--trich-yeu", "subject", metavar="CHỮ", default="", help="Trích yếu ghi vào sổ."),
    ]
    for option in reversed(options):
        function = option(function)
    return function


def _open(file: Path) -> Register:
    from dvk_docs.register import Register

    return Register(file, datetime.now)


def _wanted(file: Path, day: date | None, **given: Any) -> Wanted:
    """The number that the options ask for; a body that the register knows needs only its name or its symbol."""
    from dvk_docs.register import Wanted

    office, symbol = _office(file, given["office"], given["symbol"], given["system"])
    if not given["kind"]:
        raise click.UsageError("Thiếu --loai, ví dụ --loai “Tờ trình”.")
    return Wanted(
        office,
        symbol,
        given["kind"],
        (day or date.today()).isoformat(),
        he=given["system"],
        paper=given["paper"],
        trich_yeu=given["subject"],
        term_from=term_day(given["term"]),
        new_term=given["new_term"],
        cung=given["joint"],
        mat=given["secret"],
    )


def _office(file: Path, name: str | None, symbol: str | None, system: str) -> tuple[str, str]:
    """The issuer's name and symbol, the one that was not typed from what the register has of the other."""
    if name and symbol:
        return name, symbol
    register = _open(file)
    known = {(e.co_quan, e.office_symbol) for e in (register.entries() if register.is_there else ()) if e.he == system}
    found = {pair for pair in known if name in (None, pair[0]) and symbol in (None, pair[1])}
    if len(found) == 1:
        return found.pop()
    if len(found) > 1 and (name or symbol):
        raise click.UsageError(f"Sổ có nhiều cơ quan như vậy: {'; '.join(sorted(n for n, _ in found))}. Ghi cả hai.")
    raise click.UsageError("Thiếu cơ quan ban hành: ghi --co-quan “Đảng uỷ xã …” và --ky-hieu ĐU.")


def term_day(typed: str | None) -> str:
    """2025-07-01 of 01/07/2025; a year stands for itself."""
    from dvk_docs.viet import ngay

    if not typed or (len(typed) == 4 and typed.isdigit()):
        return typed or ""
    try:
        return date.fromisoformat(typed).isoformat()
    except ValueError:
        return ngay.parse(typed).isoformat()


@number.command("next")
@register_option
@wanted_options
@day_option
@json_option
def next_number(file: Path, ngay: date | None, as_json: bool, **given: Any) -> None:
    """Lấy số tiếp theo: dvk number next --co-quan "Đảng uỷ xã …" --ky-hieu ĐU --loai "Tờ trình"

    Số được giữ ngay, không ai khác lấy được. Ký xong thì ghi dvk number issue; không dùng thì dvk number void.
    """
    register, wanted = _open(file), _wanted(file, ngay, **given)
    if not register.is_there:
        register.preview([wanted])  # refuses at once what cannot be numbered: no empty register is left behind
        say(f"Chưa có sổ {file} nên tạo sổ mới; số đã cấp từ trước thì ghi bằng dvk number issue.", err=True)
    entry = register.reserve(wanted)
    say_json(entry.as_dict()) if as_json else say(entry.so_ky_hieu)
    register.in_hand([entry])


@number.command("issue")
@click.argument("words", metavar="SỐ_KÝ_HIỆU")
@register_option
@wanted_options
@day_option
@json_option
def issue_number(words: str, file: Path, ngay: date | None, as_json: bool, **given: Any) -> None:
    """Ghi số đã ký, đã phát hành: dvk number issue 16-TTr/ĐU --ngay 08/10/2026

    Số chưa có trong sổ (cấp từ trước, ghi tay) được ghi thêm nếu có --loai và cơ quan; SỐ_KÝ_HIỆU khi đó là con số.
    """
    from dataclasses import replace

    register = _open(file)
    day = ngay or date.today()
    if given["kind"]:
        wanted = replace(_wanted(file, day, **given), so=_plain(words), issued=True)
        entry = register.reserve(wanted)
    else:
        found = register.find(words, given["office"] or "")
        entry = register.issue(found, day.isoformat(), given["paper"], given["subject"])
    say_json(entry.as_dict()) if as_json else say(f"Đã ghi {entry}.")


def _plain(words: str) -> int:
    """16 of 16 or 16-TTr/ĐU."""
    digits = words.strip().removeprefix("Số").lstrip(": ").split("-")[0].split("/")[0].strip()
    if not digits.isascii() or not digits.isdigit():
        raise click.UsageError(f"“{words}” không bắt đầu bằng một con số.")
    return int(digits)


@number.command("void")
@click.argument("words", metavar="SỐ_KÝ_HIỆU")
@click.option("--ly-do", "reason", metavar="CHỮ", required=True, help="Vì sao huỷ; được ghi vào sổ.")
@click.option("--co-quan", "office", metavar="TÊN", default="", help="Cơ quan, khi nhiều cơ quan có số này.")
@register_option
@json_option
def void_number(words: str, reason: str, office: str, file: Path, as_json: bool) -> None:
    """Huỷ một số, kèm lý do; số đã huỷ không cấp lại: dvk number void 16-TTr/ĐU --ly-do "viết sai" """
    register = _open(file)
    entry = register.void(register.find(words, office), reason)
    say_json(entry.as_dict()) if as_json else say(f"Đã ghi {entry}: {entry.reason}.")


@number.command("list")
@register_option
@click.option("--co-quan", "office", metavar="TÊN", default="", help="Chỉ số của cơ quan này.")
@click.option("--loai", "kind", metavar="TÊN_LOẠI", default="", help="Chỉ tên loại này.")
@click.option("--csv", "as_csv", is_flag=True, help="In dạng CSV, mở được bằng Excel.")
@click.option("-o", "--output", metavar="TỆP", type=PATH, help="Ghi bản CSV vào tệp này (sao lưu).")
@json_option
def list_numbers(file: Path, office: str, kind: str, as_csv: bool, output: Path | None, as_json: bool) -> None:
    """Xem sổ; --json hoặc --csv để sao lưu, chuyển đi."""
    from dvk_docs.register import same_office

    entries = [e for e in _open(file).entries() if not office or same_office(office, e.co_quan)]
    entries = [e for e in entries if kind.casefold() in ("", e.ten_loai.casefold(), e.nhom.casefold())]
    if output is not None:
        save_new(output, ("\ufeff" + _csv(entries)).encode(), overwrite=False)
        say(f"Đã ghi {len(entries)} số vào {output}.", err=True)
    if as_json:
        say_json([e.as_dict() for e in entries])
    elif as_csv:
        say(_csv(entries).rstrip("\n"))
    elif output is None:
        _say_entries(entries)


def _say_entries(entries: list[Entry]) -> None:
    from dvk_docs.register import STATES
    from dvk_docs.viet.ngay import ngay_so

    heading = ""
    for entry in entries:
        now = f"{entry.nhom} – {entry.co_quan}, {entry.ky}"
        if now != heading:
            heading = now
            say(heading)
        more = [ngay_so(entry.ngay), entry.paper, entry.trich_yeu, entry.reason and f"lý do: {entry.reason}"]
        say("; ".join(x for x in (f"  {entry.so_ky_hieu}: {STATES[entry.state]}", *more) if x))
    say(f"{len(entries)} số.")


COLUMNS = {
    "so_ky_hieu": "Số, ký hiệu",
    "ngay": "Ngày ban hành",
    "ten_loai": "Tên loại",
    "trich_yeu": "Trích yếu",
    "co_quan": "Cơ quan ban hành",
    "ky": "Kỳ đánh số",
    "state": "Trạng thái",
    "paper": "Mã văn bản",
    "reserved_at": "Giữ lúc",
    "issued_at": "Cấp lúc",
    "voided_at": "Huỷ lúc",
    "reason": "Lý do huỷ",
}


def _csv(entries: list[Entry]) -> str:
    from dvk_docs.register import STATES

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS.values())
    for entry in entries:
        row = {**entry.as_dict(), "state": STATES[entry.state]}
        writer.writerow([_harmless(str(row[name])) for name in COLUMNS])
    return out.getvalue()


def _harmless(text: str) -> str:
    """Text that a spreadsheet does not take for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


class Days(click.ParamType[int]):
    """A count of days, typed in digits."""

    name = "số ngày"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        text = str(value).strip()
        if not (text.isascii() and text.isdigit() and len(text) < 6):
            self.fail(f"“{value}” không phải là số ngày. Nhập như 30.", param, ctx)
        return int(text)


@number.command("audit")
@register_option
@click.option("--giu-qua", "kept_days", type=Days(), default=30, metavar="SỐ_NGÀY", help="Số ngày giữ tối đa.")
@day_option
@json_option
def audit_numbers(file: Path, kept_days: int, ngay: date | None, as_json: bool) -> int:
    """Soát sổ: số hở, số trùng, ngày không theo số, số giữ quá lâu, số bị bỏ dở."""
    from dvk_docs.errors import Report

    report = Report.of(_open(file).audit(ngay or date.today(), kept_days=kept_days))
    if as_json:
        say_json({"ok": report.ok, "problems": [p.as_dict() for p in report]})
    else:
        say_problems(report)
        say(summary(report))
    return 0 if report.ok else REFUSED


@number.command("setup")
@register_option
@click.argument("choices", metavar="[TÊN=GIÁ_TRỊ]...", nargs=-1)
def setup_register(file: Path, choices: tuple[str, ...]) -> None:
    """Xem hoặc chọn cách đánh số của sổ, trước khi lấy số: dvk number setup qd_quy_dinh=chung"""
    from dvk_docs.register import rules_data

    register = _open(file)
    for choice in choices:
        name, _, value = choice.partition("=")
        register.set(name.strip(), value.strip())
    chosen = register.settings() if register.is_there else {}
    for name, rule in rules_data()["thiet_lap"].items():
        value = chosen.get(name, rule["mac_dinh"])
        say(f"{name}={value}: {rule['ten']}: {rule['nhan'][rule['gia_tri'].index(value)]} [{rule['nguon']}]")
