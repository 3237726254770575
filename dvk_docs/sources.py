"""Sources: the file a user hands over (.json or .xlsx), read into plain data with the place of every value.

What a file is, its content says, not its name. Both kinds come out in one canonical shape, so the same year typed in
Excel and in JSON gives the same data and the same hash: text in NFC, blanks absent, keys in the schema's order. What
cannot be read at all raises `SourceInvalid` in one sentence with a way out; the rest is listed as problems.
"""

from __future__ import annotations

import hashlib
import io
import json
import math
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NoReturn

from . import catalog, workbook
from .errors import Place, Problem, SourceInvalid
from .viet import chu, ten_mo_hinh

MAX_BYTES, MAX_UNPACKED, MAX_RATIO = 50_000_000, 300_000_000, 200
MAX_MEMBERS, MAX_DEPTH, MAX_SEARCHED = 10_000, 50, 5_000_000
SMALL = 10_000_000  # an archive that unpacks to less is no bomb, whatever its ratio
ZIP, EMPTY_ZIP, OLE = b"PK\x03\x04", b"PK\x05\x06", bytes.fromhex("D0CF11E0A1B11AE1")
TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|[^\s{}\[\]:,"]+|\n')

FileKind = Literal["json", "xlsx", "xls", "ods", "csv"]
TABLES = (".csv", ".tsv", ".txt")  # names of text files that hold a table


@dataclass(frozen=True, slots=True)
class Source:
    """One file as data: canonical, with places by JSON pointer, what was repaired or wrong, and the data's hash."""

    data: dict[str, Any]
    places: Mapping[str, Place]
    problems: tuple[Problem, ...]
    sha256: str  # of the canonical JSON: the same for the workbook and the JSON of one year
    name: str
    kind_of_file: FileKind


def read(path: str | Path, year_schema: Mapping[str, Any] | None = None) -> Source:
    """Read a year (or, with its schema given, one paper) from a .json or .xlsx file; raise `SourceInvalid` if none."""
    path = Path(path)
    return parse(_bytes(path), path.name, year_schema)


def parse(raw: bytes, name: str, year_schema: Mapping[str, Any] | None = None) -> Source:
    """The same for bytes already in memory; `name` is only said in messages and places. A workbook is always a year."""
    kind = detect(raw, name)
    known = year_schema is not None and (kind == "json" or "x-chi-tiet" in year_schema)
    schema = year_schema if known and year_schema is not None else catalog.Catalog().year_schema()
    data, places, problems = _read_json(raw, name) if kind == "json" else workbook.read(raw, schema, name, kind)
    problems += _passed_over(raw, name) if kind == "xlsx" else []
    return _source(data, places, problems, schema, name, kind)


def columns(path: str | Path, year_schema: Mapping[str, Any] | None = None) -> tuple[workbook.Understood, ...]:
    """How each column of a year's workbook is understood; () for another kind of file; raises as `read` does."""
    path = Path(path)
    raw = _bytes(path)
    kind = detect(raw, path.name)
    if kind == "json":
        return ()
    return workbook.understood(raw, year_schema or catalog.Catalog().year_schema(), path.name, kind)


def read_list(path: str | Path, kind_schema: Mapping[str, Any]) -> workbook.PaperList | None:
    """The rows of a plain sheet of one kind (a row a paper); None where the file holds a year, or one paper's JSON."""
    path = Path(path)
    raw = _bytes(path)
    kind = detect(raw, path.name)
    if kind == "json":
        return None
    grids = workbook.sheets_of(raw, path.name, kind)
    if workbook.is_year(grids, catalog.Catalog().year_schema()):
        return None
    return workbook.read_list(grids, kind_schema, path.name)


def is_list(path: str | Path) -> bool:
    """Whether a file is a table that is not a year's workbook."""
    path = Path(path)
    raw = _bytes(path)
    kind = detect(raw, path.name)
    return kind != "json" and not workbook.is_year(
        workbook.sheets_of(raw, path.name, kind), catalog.Catalog().year_schema()
    )


def answer(path: str | Path, problems: Iterable[Problem], output: str | Path) -> bytes:
    """A copy of a year's workbook with the problems laid at their cells, to be written to `output`.

    Raise `SourceInvalid` where the file is no workbook, or `output` is the file itself or of another kind.
    """
    path, output = Path(path), Path(output)
    raw = _bytes(path)
    if detect(raw, path.name) != "xlsx":
        _refuse(
            "not_a_workbook", f"Tệp {path.name} không phải sổ Excel nên không có bản kết quả; hãy bỏ -o.", path.name
        )
    if output.exists() and output.samefile(path):
        message = f"{output} là tệp đang kiểm tra; bản kết quả không bao giờ ghi đè lên tệp gốc. Hãy chọn tên khác."
        _refuse("same_file", message, path.name)
    wanted = path.suffix.lower() if path.suffix.lower() in (".xlsx", ".xlsm") else ".xlsx"
    if output.suffix.lower() != wanted:
        _refuse("wrong_suffix", f"Bản kết quả của {path.name} phải có đuôi {wanted}. Hãy đặt lại tên.", path.name)
    return workbook.answer(raw, catalog.Catalog().year_schema(), problems, path.name)


def is_answer(path: str | Path) -> bool:
    """Whether a file is a result that was written here before, and so may be written anew."""
    try:
        with zipfile.ZipFile(path) as archive:
            return workbook.RESULT_SHEET.encode() in archive.read("xl/workbook.xml")
    except (OSError, KeyError, ValueError, zipfile.BadZipFile):
        return False


def _passed_over(raw: bytes, name: str) -> list[Problem]:
    """What the workbook carries and reading never runs or follows: said, so that nobody counts on it."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        names = [n.lower() for n in archive.namelist()]
    found: list[Problem] = []
    if any(n.endswith("vbaproject.bin") for n in names):
        message = f"Tệp {name} có macro; macro không được chạy, chỉ dữ liệu trong ô được đọc."
        found.append(Problem(Place(file=name), "macro_ignored", "thong_tin", message))
    if any(n.startswith("xl/externallinks/externallink") for n in names):
        message = f"Tệp {name} có liên kết tới tệp khác; liên kết không được mở, chỉ giá trị đã lưu trong ô được đọc."
        found.append(Problem(Place(file=name), "link_ignored", "thong_tin", message))
    return found


def from_data(data: Mapping[str, Any], year_schema: Mapping[str, Any] | None = None, name: str = "") -> Source:
    """A source made from data already in memory, in the same canonical shape."""
    schema = catalog.Catalog().year_schema() if year_schema is None else year_schema
    return _source(data, {}, [], schema, name, "json")


def _source(
    data: Mapping[str, Any],
    places: dict[str, Place],
    problems: list[Problem],
    schema: Mapping[str, Any],
    name: str,
    kind: FileKind,
) -> Source:
    try:
        shaped = canonical(data, schema)
    except SourceInvalid as e:
        _refuse(e.code, f"Tệp {name} không đọc được: {e}" if name else str(e), name)
    repaired: list[Problem] = []
    if isinstance(schema.get("properties"), Mapping):
        shaped = _repair(shaped, schema, "", places, name, repaired)
    return Source(shaped, places, (*problems, *repaired), digest(shaped), name, kind)


def digest(data: Any) -> str:
    """SHA-256 of the canonical JSON of the data, whatever the order of its keys."""
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


# --- the file


def _bytes(path: Path) -> bytes:
    place = Place(file=str(path))
    try:
        if path.is_dir():
            raise SourceInvalid(f"{path} là một thư mục; hãy chỉ đúng tệp .xlsx hoặc .json.", "is_folder", place)
        if not path.exists():
            raise SourceInvalid(f"Không tìm thấy tệp {path}; hãy kiểm tra lại tên và thư mục.", "not_found", place)
        if not path.is_file():
            raise SourceInvalid(f"{path} không phải là một tệp thường.", "not_a_file", place)
        if path.stat().st_size > MAX_BYTES:
            raise SourceInvalid(_too_large(path.name), "too_large", place)
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except PermissionError:
        message = f"Không được đọc tệp {path.name}; nếu tệp đang mở trong Excel hãy đóng lại, hoặc xin quyền đọc tệp."
        raise SourceInvalid(message, "no_permission", place) from None
    except (OSError, ValueError) as e:
        raise SourceInvalid(f"Không đọc được tệp {path.name}: {e}.", "unreadable", place) from None
    if len(raw) > MAX_BYTES:
        raise SourceInvalid(_too_large(path.name), "too_large", place)
    return raw


def _too_large(name: str) -> str:
    return f"Tệp {name} lớn quá {MAX_BYTES // 1_000_000} MB; dữ liệu một năm nhỏ hơn nhiều, hãy kiểm tra lại tệp."


def detect(raw: bytes, name: str = "") -> FileKind:
    """What the bytes are, whatever the name says; raises `SourceInvalid` that names what they are instead."""
    if not raw.strip(b"\0 \t\r\n"):
        _refuse("empty_file", f"Tệp {name} rỗng, không có dữ liệu.", name)
    if raw.startswith((ZIP, EMPTY_ZIP)):
        return _detect_zip(raw, name)
    if raw.startswith(OLE):
        return _detect_ole(raw, name)
    head = raw[:4096].lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n")
    if head[:1] not in (b"{", b"[") and not name.lower().endswith(".json"):
        if name.lower().endswith(TABLES) and head[:1] != b"<" and head[:5] != b"%PDF-":
            return "csv"
        _refuse_text(head, name)
    return "json"


def _refuse_text(head: bytes, name: str) -> NoReturn:
    if head[:1] == b"<":
        message = f"Tệp {name} thật ra là một trang HTML hoặc XML; hãy mở bằng Excel rồi lưu lại dạng .xlsx."
        _refuse("not_a_workbook", message, name)
    if head[:5] == b"%PDF-":
        _refuse("not_a_workbook", f"Tệp {name} là PDF; hãy đưa sổ .xlsx hoặc tệp .json.", name)
    _refuse("unknown_file", f"Tệp {name} không phải sổ Excel (.xlsx) hay tệp JSON.", name)


def _detect_zip(raw: bytes, name: str) -> FileKind:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError):
        message = f"Tệp {name} bị hỏng hoặc chép chưa hết; hãy lấy lại tệp gốc."
        _refuse("workbook_broken", message, name)
    names = {m.filename for m in members}
    if {"content.xml", "mimetype"} <= names and _is_ods(raw):
        _refuse_bomb(raw, members, name)
        return "ods"
    if "xl/workbook.xml" not in names or "[Content_Types].xml" not in names:
        _refuse("not_a_workbook", f"Tệp {name} {_what_zip(names)}; hãy đưa sổ Excel dạng .xlsx.", name)
    _refuse_bomb(raw, members, name)
    return "xlsx"


def _refuse_bomb(raw: bytes, members: list[zipfile.ZipInfo], name: str) -> None:
    size = sum(m.file_size for m in members)
    if size > MAX_UNPACKED or len(members) > MAX_MEMBERS or size > max(SMALL, MAX_RATIO * len(raw)):
        _refuse("too_large", f"Tệp {name} giải nén ra quá lớn nên không được mở.", name)
    if any(m.flag_bits & 1 for m in members):
        _refuse("encrypted", _encrypted(name), name)


def _is_ods(raw: bytes) -> bool:
    with suppress(zipfile.BadZipFile, OSError, RuntimeError, zlib.error), zipfile.ZipFile(io.BytesIO(raw)) as archive:
        if archive.getinfo("mimetype").file_size < 200:
            return archive.read("mimetype").strip() == b"application/vnd.oasis.opendocument.spreadsheet"
    return False


def _what_zip(names: set[str]) -> str:
    if "word/document.xml" in names:
        return "là văn bản Word"
    if "xl/workbook.bin" in names:
        return "là sổ Excel dạng .xlsb"
    if "content.xml" in names and "mimetype" in names:
        return "là tệp LibreOffice"
    return "là tệp nén, không phải sổ Excel"


def _detect_ole(raw: bytes, name: str) -> FileKind:
    if "EncryptedPackage".encode("utf-16-le") in raw:
        _refuse("encrypted", _encrypted(name), name)
    if not any(stream.encode("utf-16-le") in raw for stream in ("Workbook\0", "Book\0")):
        _refuse_old(name)
    return "xls"


def _refuse_old(name: str) -> NoReturn:
    message = f"Tệp {name} là Excel đời cũ (.xls); hãy mở bằng Excel, chọn Lưu thành (Save As) dạng .xlsx rồi đưa lại."
    _refuse("old_excel", message, name)


def _encrypted(name: str) -> str:
    return f"Tệp {name} có mật khẩu; hãy mở bằng Excel, bỏ mật khẩu rồi lưu lại."


def _refuse(code: str, message: str, name: str, where: str = "") -> NoReturn:
    raise SourceInvalid(message, code, Place(file=name, where=where))


# --- JSON


def _read_json(raw: bytes, name: str) -> tuple[dict[str, Any], dict[str, Place], list[Problem]]:
    text = _decode(raw, name)
    doubled: list[str] = []

    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        seen: dict[str, Any] = {}
        for key, value in found:
            key = chu.nfc(key)
            if key in seen:
                doubled.append(key)
            seen[key] = value
        return seen

    data = _loads(text, name, pairs)
    if not isinstance(data, dict):
        _refuse("json_shape", f"Tệp {name} phải là một đối tượng JSON {{…}} của cả năm.", name)
    if len(text) > MAX_SEARCHED:
        return data, {}, [_doubled(key, Place(file=name)) for key in dict.fromkeys(doubled)]
    places: dict[str, Place] = {}
    twice: dict[str, Place] = {}
    inside: set[str] = set()  # pointers in a value that stands twice: it is named, they are not
    for pointer, line in _lines(text):
        place = Place(pointer, name, where=f"dòng {line}")
        if pointer in places and (outer := pointer.rpartition("/")[0]) not in twice and outer not in inside:
            twice[pointer] = place
        elif pointer in places:
            inside.add(pointer)
        places[pointer] = place
    return data, places, [_doubled(_key(pointer), place) for pointer, place in twice.items()]


def _decode(raw: bytes, name: str) -> str:
    code = json.detect_encoding(raw)
    try:
        return raw.decode(code)
    except UnicodeDecodeError as e:
        line = raw[: e.start].count(b"\n") + 1
        message = f"Tệp {name} không phải mã UTF-8 (dòng {line}); hãy lưu lại tệp bằng mã UTF-8."
        _refuse("not_utf8", message, name, f"dòng {line}")


def _loads(text: str, name: str, pairs: Any) -> Any:
    def refuse(token: str, why: str) -> NoReturn:
        where = _where(text, token)
        shown = token if len(token) <= 20 else f"{token[:12]}… ({len(token)} ký tự)"
        _refuse("json_number", f"Tệp {name} có {shown} ở {where}, {why}.", name, where)

    def fraction(token: str) -> float:
        number = float(token)
        return number if math.isfinite(number) else refuse(token, "một số quá lớn")

    def whole(token: str) -> int:
        try:
            return int(token)
        except ValueError:
            refuse(token, "một số quá dài")

    def constant(token: str) -> NoReturn:
        refuse(token, "không phải là một số")

    try:
        return json.loads(text, object_pairs_hook=pairs, parse_constant=constant, parse_float=fraction, parse_int=whole)
    except json.JSONDecodeError as e:
        where = f"dòng {e.lineno}, cột {e.colno}"
        message = f"Tệp {name} sai cú pháp JSON ở {where}: {_syntax(e.msg)}."
        _refuse("json_syntax", message, name, where)
    except RecursionError:
        _refuse("json_depth", f"Tệp {name} lồng nhau quá {MAX_DEPTH} lớp.", name)


def _where(text: str, token: str) -> str:
    """Line and column of the first such token outside of strings.

    >>> _where('{"NaN":\\n 1, "b": NaN}', "NaN")
    'dòng 2, cột 10'
    """
    at = next((m.start() for m in TOKEN.finditer(text) if m[0] == token), 0)
    return f"dòng {text.count(chr(10), 0, at) + 1}, cột {at - text.rfind(chr(10), 0, at)}"


def _syntax(message: str) -> str:
    """Python's words for a fault in JSON, in Vietnamese."""
    known = {
        "Expecting ',' delimiter": "thiếu dấu phẩy giữa hai phần",
        "Expecting ':' delimiter": "thiếu dấu hai chấm sau tên trường",
        "Expecting value": "thiếu một giá trị",
        "Expecting property name enclosed in double quotes": "thiếu tên trường trong ngoặc kép, hoặc thừa dấu phẩy",
        "Illegal trailing comma before end of object": "thừa dấu phẩy trước dấu }",
        "Illegal trailing comma before end of array": "thừa dấu phẩy trước dấu ]",
        "Unterminated string starting at": "chuỗi chữ chưa đóng ngoặc kép",
        "Invalid control character at": "trong chuỗi chữ có ký tự xuống dòng hoặc điều khiển",
        "Invalid \\escape": "dấu \\ dùng sai trong chuỗi chữ",
        "Invalid \\uXXXX escape": "mã \\u dùng sai trong chuỗi chữ",
        "Extra data": "còn thừa chữ sau khi đã hết dữ liệu",
    }
    return next((words for start, words in known.items() if message.startswith(start)), "chỗ này không đúng")


def _lines(text: str) -> Iterator[tuple[str, int]]:
    """(pointer, line) of every value of valid JSON text, in one pass over its tokens."""
    line = 1
    stack: list[tuple[str, int]] = []  # the pointer of each open container; the index in it, -1 for an object
    key: str | None = None
    awaiting_key = False
    for match in TOKEN.finditer(text):
        token = match[0]
        if token == "\n":
            line += 1
        elif token in "]}":
            stack.pop()
            awaiting_key = False
        elif token == ",":
            awaiting_key = stack[-1][1] < 0
            if not awaiting_key:
                stack[-1] = (stack[-1][0], stack[-1][1] + 1)
        elif awaiting_key and token != ":":
            key, awaiting_key = _step(json.loads(token, strict=False)), False
        elif token != ":":
            pointer = "" if not stack else f"{stack[-1][0]}/{key if stack[-1][1] < 0 else stack[-1][1]}"
            yield pointer, line
            if token in "{[":
                stack.append((pointer, -1 if token == "{" else 0))
                awaiting_key = token == "{"


def _step(key: str) -> str:
    return chu.nfc(key).replace("~", "~0").replace("/", "~1")


def _key(pointer: str) -> str:
    """The last step of a pointer as the key it stands for."""
    return pointer.rpartition("/")[2].replace("~1", "/").replace("~0", "~")


def _doubled(key: str, place: Place) -> Problem:
    message = f"Trường “{key}” xuất hiện hai lần trong cùng một đối tượng; chỉ giá trị sau được đọc."
    return Problem(place, "duplicate_key", "loi", message, "Hãy xoá một lần.")


# --- one shape


def canonical(data: Mapping[str, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
    """The data as both readers give it: NFC, blanks and empty lists absent, whole numbers whole, keys in order.

    A false is a value: someone said no. Nothing else is taken from text. Idempotent.
    """
    shaped = _shape(data, schema, 0)
    return shaped if isinstance(shaped, dict) else {}


def _shape(value: Any, schema: Mapping[str, Any], depth: int) -> Any:
    if depth > MAX_DEPTH:
        raise SourceInvalid(f"Dữ liệu lồng nhau quá {MAX_DEPTH} lớp.", "json_depth")
    if isinstance(value, str):
        return chu.nfc(value.replace("\r\n", "\n").replace("\r", "\n"))
    if isinstance(value, float):
        if not math.isfinite(value):
            raise SourceInvalid("Dữ liệu có một số vô hạn hoặc không phải số.", "json_number")
        return workbook.plain_number(value)
    if isinstance(value, Mapping):
        return _shape_record(value, schema, depth)
    if isinstance(value, list | tuple):
        return _shape_list(value, schema, depth)
    return value


def _shape_record(value: Mapping[str, Any], schema: Mapping[str, Any], depth: int) -> dict[str, Any]:
    fields: Mapping[str, Any] = schema.get("properties") or {}
    order = {key: number for number, key in enumerate(fields)}
    record: dict[str, Any] = {}
    for key, held in sorted(value.items(), key=lambda pair: order.get(str(pair[0]), len(order))):
        name = chu.nfc(str(key))
        field = fields.get(name) or {}
        shaped = _shape(held, field, depth + 1)
        if not _blank(shaped):
            record[name] = shaped
    return record


def _blank(value: Any) -> bool:
    return value is None or value == [] or (isinstance(value, str) and not value.strip())


def _shape_list(value: list[Any] | tuple[Any, ...], schema: Mapping[str, Any], depth: int) -> list[Any]:
    """The items of a list; paragraphs (x-muc, x-dong-o) one to an item, blank ones left out."""
    items: Mapping[str, Any] = schema.get("items") or {}
    shaped = [_shape(v, items, depth + 1) for v in value]
    if not ("x-muc" in schema or "x-dong-o" in schema) or "properties" in items:
        return shaped
    mode = schema.get("x-dong-o", True)
    parted: list[Any] = []
    for held in shaped:
        if isinstance(held, str):
            many = "\n" in held or (mode == ";" and ";" in held)
            parted.extend(workbook.split_lines(held, mode) if many or not held.strip() else [held])
        elif held is not None:
            parted.append(held)
    return parted


# --- repairs


def _repair(
    value: Any, schema: Mapping[str, Any], pointer: str, places: Mapping[str, Place], name: str, said: list[Problem]
) -> Any:
    """The value without unseen letters, and the quotes typed around each x-ten-mo-hinh text off, each one said."""
    if isinstance(value, dict):
        fields: Mapping[str, Any] = schema.get("properties") or {}
        mended = ((k, _repair(v, fields.get(k) or {}, f"{pointer}/{k}", places, name, said)) for k, v in value.items())
        return {k: v for k, v in mended if not _blank(v)}
    if isinstance(value, list):
        items: Mapping[str, Any] = schema.get("items") or {}
        return [_repair(v, items, f"{pointer}/{i}", places, name, said) for i, v in enumerate(value)]
    if isinstance(value, str):
        value, done = workbook.clean_text(value)
        if done:
            place = places.get(pointer) or Place(pointer, name)
            repaired = workbook.text_repair(done)
            said.append(Problem(place, repaired.code, repaired.severity, repaired.message))
    if isinstance(value, str) and schema.get("x-ten-mo-hinh"):
        bare, taken = ten_mo_hinh.bo_ngoac_ngoai(value)
        if not taken or not bare:
            return value
        place = places.get(pointer) or Place(pointer, name)
        message = f"Đã bỏ dấu ngoặc kép gõ quanh tên {value.strip()}; ngoặc kép được thêm khi in."
        said.append(Problem(place, "repaired_quotes", "thong_tin", message))
        return bare
    return value
