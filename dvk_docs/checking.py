"""Checking: every problem in one paper's data or in a year's data, before anything is made.

Each keyword of a schema has one short checker that yields problems, in the user's words with the value typed and
what to type instead. No library's English text reaches the user; a test holds that the jsonschema library
finds the same data valid. A problem's place is a JSON pointer; `with_places` adds the cell.
"""

from __future__ import annotations

import math
import re
from calendar import monthrange
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from .catalog import Catalog, fold, nearest
from .context import is_printed
from .errors import Place, Problem, Severity
from .viet import chu, ho_ten, ngay

LONG_NAME = 120  # letters of a model's name that still read as a name; bieu-mau 1.5
EARLIEST = 1900  # a day before this year is a slip of the hand
FIELDS = 12  # fields that a message lists
LARGEST = 1_000_000_000  # the largest number that a field without its own bound takes
SHOWN = 60  # letters of a typed value that a message repeats
DAY_LIKE = re.compile(r"^(?:(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}))$")
TYPE_WORDS = {
    "string": "chữ",
    "integer": "số nguyên",
    "number": "số",
    "boolean": "có hoặc không",
    "array": "danh sách",
    "object": "nhóm trường",
    "null": "ô trống",
}
TYPE_HINTS = {
    "integer": "Nhập số nguyên, ví dụ {example}.",
    "number": "Nhập số, ví dụ {example}.",
    "boolean": "Nhập “có” hoặc “không”.",
    "string": "Nhập chữ.",
}


@dataclass(frozen=True, slots=True)
class Spot:
    """What is being checked: its schema, its pointer and the label the user knows it by."""

    spec: Mapping[str, Any]
    pointer: str
    name: str = ""

    @property
    def label(self) -> str:
        return str(self.spec.get("title") or self.name or "dữ liệu")

    def problem(self, code: str, message: str, hint: str = "", severity: Severity = "loi") -> Problem:
        return Problem(Place(pointer=self.pointer), code, severity, message, hint)

    def inner(self, name: str | int, spec: Mapping[str, Any]) -> Spot:
        return Spot(spec, f"{self.pointer}/{escape(str(name))}", str(name) if isinstance(name, str) else self.label)


def escape(name: str) -> str:
    """A key as one step of a JSON pointer (RFC 6901)."""
    if "~" not in name and "/" not in name:
        return name
    return name.replace("~", "~0").replace("/", "~1")


def shown(value: Any) -> str:
    """The value as the user typed it, in curly quotes and cut where it is long."""
    text = {True: "có", False: "không"}[value] if isinstance(value, bool) else str(value)
    text = " ".join(text.split())
    for at, _ in chu.illegal(text):
        text = text[:at] + "\N{REPLACEMENT CHARACTER}" + text[at + 1 :]
    return f"“{text if len(text) <= SHOWN else text[:SHOWN].rstrip() + '…'}”"


def label(spec: Mapping[str, Any], value: Any) -> str | None:
    """The printed word of a choice: x-nhan stands parallel to enum; null has none."""
    labels = dict(zip([v for v in spec["enum"] if v is not None], spec["x-nhan"], strict=False))
    return labels.get(value)


def is_day(value: Any) -> bool:
    """Whether a text is a real calendar day, yyyy-mm-dd."""
    try:
        return isinstance(value, str) and len(value) == 10 and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


# --- one checker for each keyword ------------------------------------------------------------------------------------


def is_type(value: Any, kind: str) -> bool:
    """Whether a value is of a JSON Schema type: true is no number, 5.0 is an integer, NaN is nothing."""
    if isinstance(value, bool):
        return kind == "boolean"
    if isinstance(value, float) and not math.isfinite(value):
        return False
    if kind == "integer":
        return isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    return isinstance(value, PYTHON.get(kind, ()))


PYTHON: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "number": (int, float),
    "array": (list,),
    "object": (dict, Mapping),  # dict first: it is told at once
    "null": (type(None),),
}


def types_of(spec: Mapping[str, Any]) -> tuple[str, ...]:
    kinds = spec.get("type", ())
    return (kinds,) if isinstance(kinds, str) else tuple(kinds)


def check_type(value: Any, spot: Spot) -> Iterator[Problem]:
    wanted = [k for k in types_of(spot.spec) if k != "null"]
    example = spot.spec.get("x-vi-du", 5)
    if "format" in spot.spec:
        yield from check_format(str(value), spot)
    elif wanted and wanted[0] in ("array", "object"):
        yield spot.problem("wrong_type", f"{spot.label} phải là {TYPE_WORDS[wanted[0]]}.")
    elif wanted:
        hint = TYPE_HINTS[wanted[0]].format(example=example)
        yield spot.problem("wrong_type", f"{_said(value, spot)} không phải là {TYPE_WORDS[wanted[0]]}.", hint)


def _said(value: Any, spot: Spot) -> str:
    return f"{shown(value)} ở {spot.label}" if not isinstance(value, (list, Mapping)) else spot.label


def check_enum(value: Any, spot: Spot) -> Iterator[Problem]:
    if value in spot.spec["enum"] and not (isinstance(value, bool) and not any(v is value for v in spot.spec["enum"])):
        return
    choices = [label(spot.spec, v) if "x-nhan" in spot.spec else str(v) for v in spot.spec["enum"] if v is not None]
    near = nearest(str(value), [c for c in choices if c], 1)
    hint = f"Có phải “{near[0]}”?" if near else "Chọn một trong: " + "; ".join(c for c in choices if c) + "."
    yield spot.problem("not_in_list", f"{shown(value)} không có trong danh sách {spot.label}.", hint)


def check_const(value: Any, spot: Spot) -> Iterator[Problem]:
    if value not in (spot.spec["const"], *spot.spec.get("x-doc-duoc", ())) or isinstance(value, bool):
        yield spot.problem(
            "version",
            f"{spot.label} {shown(value)} không phải là {spot.spec['const']}.",
            "Dùng phiên bản công cụ đúng với tệp dữ liệu này.",
        )


def check_format(value: str, spot: Spot) -> Iterator[Problem]:
    if spot.spec["format"] != "date" or (spot.spec.get("x-ngay-khuyet") and ngay.is_partial(value)):
        return
    if is_day(value):
        if int(value[:4]) < EARLIEST:
            message = f"{'/'.join(reversed(value.split('-')))} ở {spot.label} có năm không hợp lý."
            yield spot.problem("day_too_early", message, f"Nhập năm từ {EARLIEST} trở đi, đủ bốn chữ số.")
        return
    found = DAY_LIKE.match(value.strip())
    if not found:
        yield spot.problem(
            "not_a_day",
            f"{shown(value)} ở {spot.label} không phải là một ngày.",
            "Nhập ngày/tháng/năm, ví dụ 05/12/2026.",
        )
        return
    year, month, day = (int(n) for n in (found.group(1, 2, 3) if found.group(1) else found.group(6, 5, 4)))
    typed = f"{day:02}/{month:02}/{year}"
    if not 1 <= month <= 12:
        hint = "Một năm có 12 tháng; nhập ngày/tháng/năm."
    elif year < 1:
        hint = "Nhập năm đủ bốn chữ số."
    elif day > monthrange(year, month)[1] or day < 1:
        hint = f"Tháng {month}/{year} có {monthrange(year, month)[1]} ngày."
    else:
        yield spot.problem(
            "not_a_day",
            f"{shown(value)} ở {spot.label} chưa đúng dạng ngày của dữ liệu.",
            f"Ghi {year}-{month:02}-{day:02}.",
        )
        return
    yield spot.problem("no_such_day", f"{typed} không phải là một ngày có thật.", hint)


def check_pattern(value: str, spot: Spot) -> Iterator[Problem]:
    if re.search(spot.spec["pattern"], value):
        return
    if spot.spec.get("x-gio"):
        yield spot.problem(
            "no_such_time",
            f"{shown(value)} ở {spot.label} không phải là một giờ có thật.",
            "Nhập giờ:phút, ví dụ 08:30.",
        )
    else:
        hint = str(spot.spec.get("x-goi-y", "")) or ("Bỏ dấu chấm ở cuối." if value.endswith(".") else "")
        yield spot.problem("pattern", f"{shown(value)} không đúng dạng của {spot.label}.", hint)


def check_min_length(value: str, spot: Spot) -> Iterator[Problem]:
    if len(value.strip()) < spot.spec["minLength"]:
        yield missing(spot)


def check_max_length(value: str, spot: Spot) -> Iterator[Problem]:
    most = spot.spec["maxLength"]
    if len(value) > most:
        yield spot.problem(
            "too_long", f"{shown(value)} ở {spot.label} dài {len(value)} ký tự.", f"Nhập không quá {most} ký tự."
        )


def check_minimum(value: float, spot: Spot) -> Iterator[Problem]:
    if value < spot.spec["minimum"]:
        yield spot.problem(
            "too_small", f"{shown(value)} ở {spot.label} nhỏ quá.", f"Nhập từ {spot.spec['minimum']} trở lên."
        )


def check_maximum(value: float, spot: Spot) -> Iterator[Problem]:
    if value > spot.spec["maximum"]:
        yield spot.problem(
            "too_large", f"{shown(value)} ở {spot.label} lớn quá.", f"Nhập không quá {spot.spec['maximum']}."
        )


def check_min_items(value: Sequence[Any], spot: Spot) -> Iterator[Problem]:
    least = spot.spec["minItems"]
    if len(value) < least:
        yield spot.problem("too_few", f"{spot.label} có {len(value)} dòng.", f"Cần ít nhất {least} dòng.")


def check_max_items(value: Sequence[Any], spot: Spot) -> Iterator[Problem]:
    most = spot.spec["maxItems"]
    if len(value) > most:
        yield spot.problem("too_many", f"{spot.label} có {len(value)} dòng.", f"Không quá {most} dòng.")


def check_letters(value: str, spot: Spot) -> Iterator[Problem]:
    """A letter that no Word file may hold. Source: XML 1.0, production [2] Char."""
    found = dict.fromkeys(code for _, code in chu.illegal(value))
    if found:
        message = f"{spot.label} có ký tự {', '.join(found)} không ghi được vào tệp Word: {shown(value)}."
        yield spot.problem("illegal_character", message, "Xóa ký tự đó rồi gõ lại.")


def check_name(value: str, spot: Spot) -> Iterator[Problem]:
    """What may be wrong with a person's name: a warning, since names are free. Source: bieu-mau 1.3."""
    for doubt in ho_ten.problems(value):
        yield spot.problem(doubt.code, str(doubt), doubt.hint, "canh_bao")


def check_model_name(value: str, spot: Spot) -> Iterator[Problem]:
    if len(value) > LONG_NAME:
        yield spot.problem(
            "long_name",
            f"{spot.label} dài {len(value)} ký tự: {shown(value)}.",
            f"Tên nên ngắn gọn, dễ nhớ, không quá {LONG_NAME} ký tự.",
            "canh_bao",
        )


Check = Callable[[Any, Spot], Iterator[Problem]]
ANY: Mapping[str, Check] = {"enum": check_enum, "const": check_const}
TEXT: Mapping[str, Check] = {
    "format": check_format,
    "pattern": check_pattern,
    "maxLength": check_max_length,
    "x-ho-ten": check_name,
    "x-ten-mo-hinh": check_model_name,
}
NUMBER: Mapping[str, Check] = {"minimum": check_minimum, "maximum": check_maximum}
LIST: Mapping[str, Check] = {"minItems": check_min_items, "maxItems": check_max_items}


def missing(spot: Spot) -> Problem:
    hint = str(spot.spec.get("x-goi-y", ""))
    return spot.problem("missing", f"Chưa nhập {spot.label}.", hint)


def check_value(value: Any, spot: Spot) -> Iterator[Problem]:
    """Every problem of one value and of all that it holds."""
    kinds = types_of(spot.spec)
    if value is None and kinds and "null" not in kinds:
        yield missing(spot)
        return
    if kinds and not any(is_type(value, k) for k in kinds):
        yield from check_type(value, spot)
        return
    yield from _run(ANY, value, spot)
    if isinstance(value, str):
        yield from check_text(value, spot)
    elif isinstance(value, Mapping):
        yield from check_object(value, spot)
    elif isinstance(value, list):
        yield from _run(LIST, value, spot)
        for i, item in enumerate(value):
            yield from check_value(item, spot.inner(i, spot.spec.get("items", {})))
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        if abs(value) > LARGEST and "maximum" not in spot.spec:
            message = f"{shown(value)} ở {spot.label} lớn quá."
            yield spot.problem("number_absurd", message, f"Nhập không quá {LARGEST:,}.".replace(",", "."))
        yield from _run(NUMBER, value, spot)


def check_text(value: str, spot: Spot) -> Iterator[Problem]:
    if spot.spec.get("minLength") and not value.strip():
        yield missing(spot)
        return
    yield from check_letters(value, spot)
    if "minLength" in spot.spec:
        yield from check_min_length(value, spot)
    yield from _run(TEXT, value, spot)


def _run(checks: Mapping[str, Check], value: Any, spot: Spot) -> Iterator[Problem]:
    for keyword, check in checks.items():
        if keyword in spot.spec:
            yield from check(value, spot)


def check_object(value: Mapping[str, Any], spot: Spot) -> Iterator[Problem]:
    properties: Mapping[str, Any] = spot.spec.get("properties", {})
    for name in spot.spec.get("required", ()):
        if name not in value:
            yield missing(spot.inner(name, properties.get(name, {})))
    for name, part in value.items():
        if name in properties:
            yield from check_value(part, spot.inner(name, properties[name]))
        elif spot.spec.get("additionalProperties") is False:
            yield unknown_field(name, spot.inner(name, {}), properties)
    if "anyOf" in spot.spec:
        yield from check_any_of(value, spot)


def unknown_field(name: str, spot: Spot, properties: Mapping[str, Any]) -> Problem:
    near = nearest(name, list(properties), 1)
    if near:
        hint = f"Có phải “{near[0]}” ({properties[near[0]].get('title', near[0])})?"
    else:
        hint = (
            f"Các trường dùng được: {', '.join(list(properties)[:FIELDS])}{' …' if len(properties) > FIELDS else ''}."
        )
    return spot.problem("unknown_field", f"Không có trường {shown(name)}.", hint)


def check_any_of(value: Mapping[str, Any], spot: Spot) -> Iterator[Problem]:
    """At least one of the alternatives holds; their required fields are what to fill in."""
    choices: Sequence[Mapping[str, Any]] = spot.spec["anyOf"]
    if any(not any(check_value(value, Spot({"type": "object", **c}, spot.pointer))) for c in choices):
        return
    properties = spot.spec.get("properties", {})
    names = dict.fromkeys(properties.get(n, {}).get("title", n) for c in choices for n in c.get("required", ()))
    yield spot.problem("no_alternative", "Phải có ít nhất một trong các mục: " + ", ".join(names) + ".")


# --- one paper -------------------------------------------------------------------------------------------------------


def check_paper(schema: Mapping[str, Any], data: Any) -> Iterator[Problem]:
    """Every problem in one paper's own data; prose that may stay blank is a warning."""
    typed = {**schema, "properties": {n: p for n, p in schema["properties"].items() if "x-suy-ra" not in p}}
    if isinstance(data, Mapping):
        data = {n: v for n, v in data.items() if "x-suy-ra" not in schema["properties"].get(n, {})}
    yield from check_value(data, Spot(typed, ""))
    if isinstance(data, Mapping):
        yield from _blank_prose(typed, data, "")


def _blank_prose(spec: Mapping[str, Any], data: Mapping[str, Any], base: str) -> Iterator[Problem]:
    for name, part in spec.get("properties", {}).items():
        value = data.get(name)
        pointer = f"{base}/{escape(name)}"
        if part.get("x-trong") == "gach" and value in (None, "", []) and is_printed(part, data):
            message = f"Chưa nhập {part.get('title', name)}; bản in để chỗ trống có đánh dấu."
            yield Problem(Place(pointer=pointer), "blank_prose", "canh_bao", message)
        if isinstance(value, list) and "properties" in part.get("items", {}):
            for i, row in enumerate(value):
                if isinstance(row, Mapping):
                    yield from _blank_prose(part["items"], row, f"{pointer}/{i}")


# --- the year --------------------------------------------------------------------------------------------------------


def check_year(
    year: Any, places: Mapping[str, Place] | None, catalog: Catalog, known: Collection[str] = ()
) -> Iterator[Problem]:
    """Every problem in the shape of a year's data: fields, references, codes used twice, rows alike.

    `known` holds the pointers that reading the file has named; what lies there is not said again. The faults of the
    packs' kinds come first: their kinds are left out of the year.
    """
    schema = catalog.year_schema()
    found = [*catalog.faults, *check_value(year, Spot(schema, ""))]
    if isinstance(year, Mapping):
        found = _whole_columns(found, year, schema)
        found += check_references(year, schema, catalog)
        found += check_codes(year, schema, places or {})
        found += check_alike(year, schema, catalog.rule_set("chung").get("trung_dong", []), places or {})
        found += check_lists(year, schema, catalog)
        found += check_circles(year, schema)
    if known:
        found = [p for p in found if p.code not in FOLLOWING or not _is_known(p.place.pointer, known)]
    yield from with_places(found, places or {})


def _is_known(pointer: str, known: Collection[str]) -> bool:
    """Whether reading the file has named this place, or a row without its mã the row of it."""
    row, _, name = pointer.rpartition("/")
    return pointer in known or (name == "ma" and row in known)


FOLLOWING = ("missing", "sheet_blank", "column_blank")  # what a value that could not be read leaves behind


def _whole_columns(found: Iterable[Problem], year: Mapping[str, Any], schema: Mapping[str, Any]) -> list[Problem]:
    """The problems, with a required field that is blank in every row of a table said once, at the table."""
    found = list(found)
    blank: dict[tuple[str, str], int] = {}
    for problem in found:
        parts = problem.place.pointer.split("/")
        if problem.code == "missing" and len(parts) == 4:
            blank[parts[1], parts[3]] = blank.get((parts[1], parts[3]), 0) + 1
    whole = {key for key, count in blank.items() if count > 1 and count == len(rows_of(year, key[0]))}
    kept: list[Problem] = []
    for problem in found:
        table, _, rest = problem.place.pointer[1:].partition("/")
        key = (table, rest.rpartition("/")[2])
        if problem.code != "missing" or rest.count("/") != 1 or key not in whole:
            kept.append(problem)
            continue
        if key in blank:
            spec = schema["properties"][table]
            name = spec["items"]["properties"][key[1]].get("title", key[1])
            message = f"Cột {name} của sheet {spec.get('x-trang', table)} trống ở cả {blank.pop(key)} dòng."
            hint = "Xem lại tiêu đề cột ở dòng 1, rồi nhập từng dòng."
            kept.append(Problem(Place(pointer=f"/{table}"), "column_blank", "loi", message, hint))
    return kept


def wrong_values(year: Mapping[str, Any], catalog: Catalog) -> set[str]:
    """The pointers of the values that do not fit their field, are missing from it, or name nobody.

    A row without its mã has lost what other sheets say of it (`x-muc`), so these fields of it are wrong too.
    """
    schema = catalog.year_schema()
    found = [*check_value(year, Spot(schema, "")), *check_references(year, schema, catalog)]
    wrong = {p.place.pointer for p in found if p.severity == "loi"}
    for table, spec in schema["properties"].items():
        parts = [n for n, part in spec.get("items", {}).get("properties", {}).items() if "x-muc" in part]
        for i, _ in rows_of(year, table) if "x-khoa" in spec and parts else []:
            if f"/{table}/{i}/{spec['x-khoa']}" in wrong:
                wrong.update(f"/{table}/{i}/{name}" for name in parts)
    return wrong


def rows_of(year: Mapping[str, Any], table: str) -> list[tuple[int, Mapping[str, Any]]]:
    value = year.get(table)
    return [(i, row) for i, row in enumerate(value) if isinstance(row, Mapping)] if isinstance(value, list) else []


def codes_of(year: Mapping[str, Any], schema: Mapping[str, Any]) -> dict[str, dict[str, int]]:
    """Table -> code -> index of its first row."""
    codes: dict[str, dict[str, int]] = {}
    for table, spec in schema["properties"].items():
        if "x-khoa" in spec:
            codes[table] = {}
            for i, row in rows_of(year, table):
                code = row.get(spec["x-khoa"])
                if isinstance(code, str) and code:
                    codes[table].setdefault(code, i)
    return codes


def check_references(year: Mapping[str, Any], schema: Mapping[str, Any], catalog: Catalog) -> Iterator[Problem]:
    codes = codes_of(year, schema)
    every = {code for known in codes.values() for code in known}
    empty: dict[str, list[str]] = {}  # table without a row -> the codes of it that are named

    def check(value: Any, spec: Mapping[str, Any], pointer: str) -> Iterator[Problem]:
        if isinstance(value, list):
            for i, item in enumerate(value):
                yield from check(item, {"title": spec.get("title"), **spec.get("items", {})}, f"{pointer}/{i}")
        target = spec.get("x-tro")
        if not target or not isinstance(value, str) or not value or value in codes.get(target, {}):
            return
        kind, _, code = value.partition(".")
        if target == "van_ban" and catalog.has(kind) and (not code or code in every):
            return
        if target != "van_ban" and not rows_of(year, target):
            empty.setdefault(target, []).append(value)
            return
        near = nearest(value, list(codes.get(target, {})), 1)
        sheet = schema["properties"][target].get("x-trang", target)
        hint = (
            f"Có phải “{near[0]}”?"
            if near
            else f"Thêm dòng có mã {shown(value)} vào sheet {sheet} hoặc chọn mã có sẵn."
        )
        yield Spot(spec, pointer).problem(
            "reference_unknown", f"{shown(value)} ở {spec.get('title')} không có trong sheet {sheet}.", hint
        )

    for table, spec in schema["properties"].items():
        if spec.get("type") == "object" and isinstance(year.get(table), Mapping):
            for name, part in spec["properties"].items():
                yield from check(year[table].get(name), part, f"/{table}/{name}")
        for i, row in rows_of(year, table):
            for name, part in spec["items"]["properties"].items():
                yield from check(row.get(name), part, f"/{table}/{i}/{name}")
    for target, named in empty.items():
        if target not in year and target in schema["required"]:
            continue  # said as missing
        sheet = schema["properties"][target].get("x-trang", target)
        message = (
            f"Sheet {sheet} chưa có dòng nào mà có {len(named):02} ô nhắc tới mã của sheet này: {shown(named[0])}."
        )
        yield Problem(Place(pointer=f"/{target}"), "sheet_blank", "loi", message, f"Nhập các dòng của sheet {sheet}.")


def check_circles(year: Mapping[str, Any], schema: Mapping[str, Any]) -> Iterator[Problem]:
    """A row that names itself, or comes back to itself by the rows that it names (DV01 under DV02 under DV01)."""
    for table, spec in schema["properties"].items():
        key = spec.get("x-khoa")
        for name, part in spec["items"]["properties"].items() if key else []:
            if table not in (part.get("x-tro"), part.get("items", {}).get("x-tro")):
                continue
            links = {
                row[key]: _named(row.get(name)) for _, row in rows_of(year, table) if isinstance(row.get(key), str)
            }
            for i, row in rows_of(year, table):
                for at, code in enumerate(_named(row.get(name))):
                    if isinstance(row.get(key), str) and row[key] in _reached(code, links):
                        pointer = f"/{table}/{i}/{name}" + (f"/{at}" if isinstance(row[name], list) else "")
                        yield _circle(Spot(part, pointer), row[key], code)


def _named(value: Any) -> list[str]:
    codes = value if isinstance(value, list) else [value]
    return [c for c in codes if isinstance(c, str) and c]


def _reached(code: str, links: Mapping[str, Sequence[str]]) -> set[str]:
    """Every code that one comes to from `code`, itself too."""
    reached, waiting = set[str](), [code]
    while waiting:
        now = waiting.pop()
        if now not in reached:
            reached.add(now)
            waiting.extend(links.get(now, ()))
    return reached


def _circle(spot: Spot, own: str, code: str) -> Problem:
    if own == code:
        message = f"{shown(code)} ở {spot.label} là mã của chính dòng này."
    else:
        message = f"{shown(code)} ở {spot.label} dẫn vòng trở lại {shown(own)}."
    return spot.problem("reference_circle", message, "Chọn mã khác, hoặc để trống.")


def check_lists(year: Mapping[str, Any], schema: Mapping[str, Any], catalog: Catalog) -> Iterator[Problem]:
    """Values chosen from a list that the catalogue holds (`x-danh-muc`)."""
    lists = {"bo_quy_tac": catalog.rule_sets}
    for table, spec in schema["properties"].items():
        head = year.get(table)
        for name, part in spec.get("properties", {}).items():
            value = head.get(name) if isinstance(head, Mapping) else None
            if "x-danh-muc" in part and isinstance(value, str) and value:
                known = lists[part["x-danh-muc"]]()
                yield from check_enum(value, Spot({"title": part["title"], "enum": known}, f"/{table}/{name}"))


def check_codes(year: Mapping[str, Any], schema: Mapping[str, Any], places: Mapping[str, Place]) -> Iterator[Problem]:
    """A code names one row of the whole file, since sheet Chi tiết finds its owner by the code alone."""
    first: dict[str, str] = {}
    for table, spec in schema["properties"].items():
        key = spec.get("x-khoa")
        for i, row in rows_of(year, table) if key else []:
            code, pointer = row.get(key), f"/{table}/{i}/{key}"
            if not isinstance(code, str) or not code:
                continue
            if code.casefold() in first:
                message = f"Mã {shown(code)} đã dùng ở {spoken(first[code.casefold()], places, schema)}."
                yield Problem(
                    Place(pointer=pointer), "duplicate_code", "loi", message, "Đặt mã khác cho một trong hai dòng."
                )
            first.setdefault(code.casefold(), pointer)


def check_alike(
    year: Mapping[str, Any], schema: Mapping[str, Any], words: Sequence[Mapping[str, Any]], places: Mapping[str, Place]
) -> Iterator[Problem]:
    """Rows that say the same thing twice: alike but for case, spaces, dashes, quotes and tone placement an error.

    One typed without any marks beside one with them is a warning; Hoa and Hoà are two names.
    """
    for word in words:
        table = word["bang"]
        spec = schema["properties"][table]
        exact: dict[tuple[str, ...], int] = {}
        marked: dict[tuple[str, ...], int] = {}
        plain: dict[tuple[str, ...], int] = {}
        for i, row in rows_of(year, table):
            typed = [str(row.get(n) or "") for n in word["truong"]]
            if not typed[0]:
                continue
            same, loose = tuple(chu.so_sanh(t) for t in typed), tuple(fold(t) for t in typed)
            other = exact.get(same, plain.get(loose) if same != loose else marked.get(loose))
            if other is not None and not _set_apart(row, year[table][other], word.get("khac", ())):
                severity: Severity = word.get("muc", "loi") if same in exact else "canh_bao"
                yield _alike(word, spec, severity, f"/{table}/{i}", spoken(f"/{table}/{other}", places, schema), typed)
            exact.setdefault(same, i)
            (plain if same == loose else marked).setdefault(loose, i)


def _set_apart(row: Mapping[str, Any], other: Mapping[str, Any], fields: Iterable[str]) -> bool:
    """Whether a field that both rows have (a birthday) tells them apart."""
    return any(row.get(f) and other.get(f) and row[f] != other[f] for f in fields)


def _alike(
    word: Mapping[str, Any], spec: Mapping[str, Any], severity: Severity, pointer: str, other: str, typed: Sequence[str]
) -> Problem:
    properties = spec["items"]["properties"]
    what = ", ".join(properties[n]["title"] for n, t in zip(word["truong"], typed, strict=True) if t)
    code = "duplicate_row" if severity == "loi" else "near_duplicate"
    verb = "trùng" if severity == "loi" else "có thể trùng"
    message = f"Dòng này {verb} {what} với {other}: {shown(', '.join(t for t in typed if t))}."
    place = Place(pointer=f"{pointer}/{word['truong'][0]}" if severity != "loi" else pointer)
    return Problem(
        place,
        code,
        severity,
        message,
        word.get("goi_y", "Xóa dòng thừa hoặc ghi rõ chỗ khác nhau."),
        word.get("nguon", ""),
    )


# --- places ----------------------------------------------------------------------------------------------------------


def place_of(pointer: str, places: Mapping[str, Place]) -> Place:
    """Where a pointer was typed: its own cell, or that of the nearest part around it; the pointer is kept."""
    at = pointer
    while at and at not in places:
        at = at.rpartition("/")[0]
    return replace(places[at], pointer=pointer) if at in places else Place(pointer=pointer)


def with_places(problems: Iterable[Problem], places: Mapping[str, Place]) -> Iterator[Problem]:
    """The same problems with their cells."""
    for problem in problems:
        known = problem.place.sheet or problem.place.cell or problem.place.file
        yield problem if known else replace(problem, place=place_of(problem.place.pointer, places))


def spoken(pointer: str, places: Mapping[str, Place], schema: Mapping[str, Any]) -> str:
    """A place inside a sentence: sheet Người, ô A5; without a workbook: sheet Người, dòng thứ 3."""
    place = place_of(pointer, places)
    if place.sheet:
        return str(place)
    parts = pointer.split("/")
    sheet = schema["properties"].get(parts[1], {}).get("x-trang", parts[1])
    return f"sheet {sheet}, dòng thứ {int(parts[2]) + 1}" if len(parts) > 2 and parts[2].isdigit() else f"sheet {sheet}"
