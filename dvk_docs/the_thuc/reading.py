"""A file as the checker takes it: a .docx or a bare text, with everything else refused in one clear sentence."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dvk_docs import ooxml
from dvk_docs.errors import Place, SourceInvalid, TemplateInvalid
from dvk_docs.ooxml import Document
from dvk_docs.viet.doan_ma import khong_ma

from . import lines as views
from . import pages
from .lines import Line

MAX_TEXT = 5_000_000  # bytes of a bare text
MAX_FILE = 100_000_000
MAX_LINES = 40_000
_OLE = b"\xd0\xcf\x11\xe0"
_SIGNED = (b"_xmlsignatures/", b"digital-signature/origin")
_UNREAD = {
    "unknown_anchor": "hình, khung chữ đặt tự do",
    "unknown_pict": "hình vẽ, khung chữ kiểu cũ",
    "unknown_footnoteReference": "chú thích cuối trang",
    "unknown_object": "đối tượng nhúng",
    "unknown_oMath": "công thức",
    "unknown_altChunk": "phần chèn từ tệp khác",
}


@dataclass(frozen=True, slots=True)
class Source:
    """What was read."""

    lines: list[Line]
    document: Document | None  # None for a bare text
    pages: int = 0
    signed: bool = False
    hidden: tuple[str, ...] = ()  # what stands in the file and could not be read
    notes: tuple[str, ...] = ()
    text: str = ""  # of a bare text


def load(source: bytes | str | Path) -> tuple[bytes, str]:
    """The bytes of a file and its name; raise `SourceInvalid` where it cannot be read."""
    if isinstance(source, (bytes, bytearray, memoryview)):
        return bytes(source), ""
    if not isinstance(source, (str, os.PathLike)):
        raise SourceInvalid("Cần đường dẫn của tệp hoặc nội dung tệp (bytes).", "unreadable")
    path = Path(source)
    try:
        if path.stat().st_size > MAX_FILE:
            raise SourceInvalid("Tệp quá lớn nên không kiểm tra.", "too_large", Place(file=path.name))
        return path.read_bytes(), path.name
    except OSError as error:
        reason = "không có" if isinstance(error, FileNotFoundError) else "không đọc được"
        raise SourceInvalid(f"Tệp {path} {reason}. Hãy kiểm tra lại đường dẫn.", "unreadable") from error
    except ValueError as error:
        raise SourceInvalid("Tên tệp không dùng được.", "unreadable") from error


def read(source: bytes | str | Path) -> Source:
    """Read a file without trust; raise `SourceInvalid` naming what is wrong with it."""
    data, name = load(source)
    place = Place(file=name)
    if not data:
        raise SourceInvalid("Tệp rỗng, không có gì để kiểm tra.", "empty", place)
    if data.startswith(b"PK"):
        return _word(data, place)
    if data.startswith(_OLE):
        raise _ole(data, place)
    for magic, what in ((b"%PDF", "PDF"), (b"{\\rtf", "RTF"), (b"\x89PNG", "ảnh"), (b"\xff\xd8\xff", "ảnh")):
        if data.startswith(magic):
            hint = "Hãy kiểm tra tệp Word .docx gốc của văn bản."
            raise SourceInvalid(f"Đây là tệp {what}, không đọc được thể thức. {hint}", "not_docx", place)
    return _text(data, place)


def _ole(data: bytes, place: Place) -> SourceInvalid:
    if "EncryptedPackage".encode("utf-16-le") in data:
        message = "Tệp đặt mật khẩu nên không đọc được. Hãy mở bằng Word, bỏ mật khẩu rồi lưu lại."
        return SourceInvalid(message, "encrypted", place)
    message = "Tệp Word đời cũ (.doc) không đọc được. Hãy mở bằng Word và lưu lại ở dạng .docx."
    return SourceInvalid(message, "old_doc", place)


# --- Word ------------------------------------------------------------------------------------------------------------


def _word(data: bytes, place: Place) -> Source:
    try:
        document = ooxml.read(data, only_look=True)
    except TemplateInvalid as error:
        raise _refused(error, data, place) from error
    except (ValueError, LookupError, ArithmeticError, RecursionError) as error:
        raise SourceInvalid(
            "Tệp Word hỏng hoặc có phần không đọc được. Hãy mở bằng Word và lưu lại.", "not_docx", place
        ) from error
    found = views.of_document(document)
    if len(found) > MAX_LINES:
        raise SourceInvalid(f"Tệp quá dài ({len(found)} dòng) nên không kiểm tra.", "too_large", place)
    numbered, count = pages.numbered(document, found)
    hidden = dict.fromkeys(_UNREAD[p.code] for p in document.problems if p.code in _UNREAD)
    notes = [] if any(line.text for line in found) else ["Tệp không có chữ nào đọc được; có thể là bản quét dạng ảnh."]
    signed = any(mark in data for mark in _SIGNED)
    return Source(numbered, document, count, signed, tuple(hidden), tuple(notes))


def _refused(error: TemplateInvalid, data: bytes, place: Place) -> SourceInvalid:
    problem = error.report.problems[0]
    if problem.code == "too_large":
        return SourceInvalid(
            "Tệp Word mở ra quá lớn nên không được nhận. Hãy bỏ bớt ảnh rồi lưu lại.", "too_large", place
        )
    if problem.code == "dtd":
        return SourceInvalid("Tệp Word có khai báo DOCTYPE nên không được nhận.", "dtd", place)
    if b"purl.oclc.org/ooxml" in data or b"xl/workbook" in data or b"ppt/" in data:
        message = "Tệp không phải văn bản Word thường. Hãy lưu lại ở dạng Word Document (.docx)."
        return SourceInvalid(message, "not_docx", place)
    message = "Tệp không phải tệp Word .docx hoặc đã hỏng. Hãy mở bằng Word và lưu lại ở dạng .docx."
    return SourceInvalid(message, "not_docx", place)


# --- a bare text -----------------------------------------------------------------------------------------------------


def _text(data: bytes, place: Place) -> Source:
    if len(data) > MAX_TEXT:
        raise SourceInvalid("Tệp chữ quá lớn nên không kiểm tra.", "too_large", place)
    text, notes = _decoded(data, place)
    text = khong_ma(text)
    return Source(views.of_text(text), None, notes=tuple(notes), text=text)


def _decoded(data: bytes, place: Place) -> tuple[str, Sequence[str]]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace"), ()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        if b"\0" in data:
            raise SourceInvalid("Tệp không phải văn bản chữ.", "not_text", place) from None
        return data.decode("cp1252", errors="replace"), ("Tệp chữ không ở mã UTF-8; đọc theo mã Windows.",)
    if "\0" in text:
        raise SourceInvalid("Tệp không phải văn bản chữ.", "not_text", place)
    return text, ()
