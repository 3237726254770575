"""Reading what a command names, and writing what it makes without losing what lies there."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from dvk_docs.errors import OutputInvalid, SourceInvalid

from .saying import say

if TYPE_CHECKING:
    from dvk_docs.making import Year

OTHER_FILES = (".docx", ".xlsx", ".xlsm", ".xls", ".json", ".pdf", ".doc", ".odt", ".txt", ".zip")
_WRITTEN = {".docx": "Văn bản được ghi thành tệp Word", ".pdf": "Bản PDF được ghi thành tệp .pdf"}


def read_year(file: Path) -> Year:
    """The year of a file; raise `SourceInvalid` for one paper's own data, which `make` takes."""
    from dvk_docs import making

    year = making.read(file)
    known = making.catalog_of(()).year_schema()["properties"]
    if year.data and {"thong_tin", "phien_ban"}.isdisjoint(year.data) and not set(year.data) <= set(known):
        message = f"Tệp {file.name} là dữ liệu của một văn bản, không phải của cả năm."
        raise SourceInvalid(f"{message} Hãy dùng: dvk make LOẠI {file}", "paper_data")
    return year


def read_former(files: Sequence[Path]) -> list[Year]:
    """The earlier years of `--nam-truoc`; raise `SourceInvalid` as `read_year` does."""
    return [read_year(file) for file in files]


def named(output: Path, source: Path, suffix: str) -> Path:
    """The file to write, of the kind that `suffix` (.docx, .pdf) says, made from `source`.

    Raise `OutputInvalid` for the source itself, which is never written over, and a name that says another kind of file.
    """
    from dvk_docs import making

    target, typed = making.writable(output), output.suffix.lower()
    if output == source or (target.exists() and source.exists() and target.samefile(source)):
        raise OutputInvalid(f"{output} là tệp dữ liệu đang đọc, không ghi đè lên được. Hãy chọn tên tệp {suffix} khác.")
    if typed in OTHER_FILES and typed != suffix:
        raise OutputInvalid(f"{_WRITTEN[suffix]}, không phải {typed}. Hãy chọn tên tệp {suffix}.")
    return output if typed == suffix or target.is_dir() else output.with_name(f"{output.name}{suffix}")


def save_new(target: Path, data: bytes, overwrite: bool) -> None:
    """Write a file; one that is there already is left alone unless the user said so, or it is the same to the byte."""
    from dvk_docs import making

    if making.writable(target).is_file() and not overwrite and not holds(target, data):
        raise OutputInvalid(f"Tệp {target} đã có và khác nội dung sắp ghi. Hãy chọn tên khác hoặc xoá tệp cũ trước.")
    making.save({target: data})


def holds(file: Path, data: bytes) -> bool:
    """Whether a file has these very bytes."""
    with suppress(OSError):
        return file.read_bytes() == data
    return False


def save_pdf(target: Path, docx: bytes, engine: str, overwrite: bool) -> None:
    """Write a PDF; one that was made here and not signed may be made anew."""
    from dvk_docs import pdf

    save_new(target, pdf.convert(docx, engine), overwrite or pdf.is_ours(target))
    say(f"Đã lập {target}.")


def read_bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        reason = "không có" if isinstance(error, FileNotFoundError) else "không đọc được"
        raise SourceInvalid(f"Tệp {file} {reason}. Hãy kiểm tra lại đường dẫn.", "unreadable") from error
