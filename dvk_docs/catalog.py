"""The catalogue: every kind of paper, its schema, template, samples, and the dated rule sets, found by folder.

The data lie at the top of the source tree, and inside the package in a wheel (`folders`). A third party's kinds are a
folder too (a pack): `data_schemas/` and `templates/vi|nguon`, or the files flat in it.
"""

from __future__ import annotations

import json
import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any

from .errors import DvkError, KindUnknown, Place, Problem, Report, SourceInvalid, TemplateInvalid
from .folders import root

__all__ = ["Catalog", "fold", "nearest", "root"]

SUFFIX = ".schema.json"
SHOWN = 8  # names that a message lists
LAST = 1_000_000  # x-thu-tu of a kind that gives none
TYPES = frozenset(("string", "integer", "number", "boolean", "array", "object", "null"))
CODE = re.compile(r"[a-z0-9][a-z0-9-]*")
WORDS = (
    "title",
    "x-giai-doan",
    "x-bo",
    "x-kem",
    "x-moi",
    "x-khi",
    "x-kho",
    "x-he-theo",
)  # of a kind: text where they stand
BY_HAND = ("ca_van_ban", "phu_luc")  # x-dien-tay: the whole paper, its annexes
PLAIN_WORDS = ("ten_loai", "ky_hieu_loai")  # of x-van-ban: printed as they are, not worked out


class Catalog:
    """The kinds of this package and of the given packs; everything read is kept.

    A pack's kind that cannot be used is left out of `kinds()`; `faults` says why, by schema file and field.
    """

    def __init__(self, packs: Sequence[Path] = ()) -> None:
        self.packs = tuple(Path(p) for p in packs)
        for pack in self.packs:
            if not pack.is_dir():
                raise SourceInvalid(f"Không có thư mục mẫu thêm {pack}.", "pack_missing", Place(file=str(pack)))
        self.faults: list[Problem] = []
        self._broken: dict[str, tuple[Problem, ...]] = {}
        self._schemas: dict[str, dict[str, Any]] = {}
        self._files = self._find()
        for kind in [k for k, path in self._files.items() if self._of_pack(path)]:
            found = tuple(self._kind_faults(kind))
            if found:
                self.leave_out(kind, *found)

    def _find(self) -> dict[str, Path]:
        """Stem -> its schema file; the package's kinds in the order of `x-thu-tu`, then each pack's."""
        found: dict[str, Path] = {}
        for base in (root(), *self.packs):
            paths = [p for folder in (base / "data_schemas", base) for p in folder.glob(f"*{SUFFIX}") if p.is_file()]
            ordered = sorted(paths, key=lambda p: (_order(p), p.name))
            found.update({p.name.removesuffix(SUFFIX): p for p in ordered})
        return found

    def _of_pack(self, path: Path) -> bool:
        return path.parent != root() / "data_schemas"

    def is_own(self, kind: str) -> bool:
        """Whether a kind is one of this package, not of a pack."""
        return not self._of_pack(self._path(kind))

    def _kind_faults(self, kind: str) -> Iterator[Problem]:
        path = self._files[kind]
        try:
            schema = self.kind_schema(kind)
        except SourceInvalid as error:
            yield Problem(error.place, error.code, "loi", str(error), f"Sửa tệp {path.name}.")
            return
        for pointer, what in _schema_faults(schema, self.stages()):
            yield fault(path, pointer, what)
        host = schema.get("x-kem")
        if isinstance(host, str) and host not in self._files:
            yield fault(path, "/x-kem", unknown("loại văn bản", host, list(self._files)).rstrip("."))
        if not isinstance(schema.get("x-he", []), list):
            return
        for he in self.systems(kind):
            if self.template_path(kind, he) is None and self.source_path(kind, he) is None:
                stem = self._stems(kind, he)[0]
                message = f"Loại văn bản “{schema.get('title', kind)}” chưa có tệp mẫu {stem}.docx hoặc {stem}.txt."
                place = Place(pointer="/title", file=str(path), where=path.name)
                yield Problem(place, "template_missing", "loi", message, "Thêm tệp mẫu vào thư mục mẫu thêm.")
            elif self.template_path(kind, he) is None:
                yield from self._source_faults(kind, he)

    def _source_faults(self, kind: str, he: str) -> Iterator[Problem]:
        """What is wrong with the text that the kind's template is built from; each with the file's name and line."""
        path = self.source_path(kind, he)
        try:
            self.template_bytes(kind, he)
        except TemplateInvalid as error:
            for problem in error.report:
                where = ", ".join(x for x in (path.name if path else "", str(problem.place)) if x)
                yield replace(problem, place=Place(pointer="/title", file=str(path), where=where))
        except (OSError, ValueError):
            place = Place(pointer="/title", file=str(path), where=path.name if path else "")
            yield Problem(place, "template_unreadable", "loi", "Tệp mẫu không đọc được.", "Lưu lại tệp với mã UTF-8.")

    def leave_out(self, kind: str, *problems: Problem) -> None:
        """Take a kind that cannot be used out of `kinds()`; the problems say why."""
        self._broken[kind] = problems
        self._files.pop(kind, None)
        self._schemas.pop(kind, None)
        self.faults.extend(problems)

    def broken(self, error: DvkError, kind: str, field: str) -> Problem:
        """An expression of a kind that could not be worked out, as a problem that names the file and the field."""
        what = error.report.problems[0].message if isinstance(error, TemplateInvalid) else str(error)
        return fault(self._path(kind), f"/{field}", what.rstrip("."))

    def stages(self) -> list[str]:
        """The codes of the stages of a year."""
        return [stage["ma"] for stage in self.year_schema().get("x-giai-doan", [])]

    def title(self, kind: str) -> str:
        """How a message names a kind: its title, not its stem."""
        return str(self.kind_schema(kind).get("title", kind))

    # --- kinds

    def kinds(self) -> list[str]:
        return list(self._files)

    def has(self, kind: str) -> bool:
        return kind in self._files

    def kind_schema(self, kind: str) -> dict[str, Any]:
        """One paper's schema with its `allOf` blocks merged in: properties in order, required united."""
        if kind not in self._schemas:
            path = self._path(kind)
            self._schemas[kind] = _flat(path)
        return self._schemas[kind]

    def _path(self, kind: str) -> Path:
        if kind in self._broken:
            raise TemplateInvalid(Report(self._broken[kind]))
        if kind not in self._files:
            raise KindUnknown(unknown("loại văn bản", kind, self.kinds()))
        return self._files[kind]

    def systems(self, kind: str) -> tuple[str, ...]:
        """The systems that the kind has papers in (`dang`, `nha_nuoc` ...); the first is the usual one."""
        return tuple(str(he) for he in self.kind_schema(kind).get("x-he") or ("dang",))

    def _stems(self, kind: str, he: str) -> list[str]:
        """How the template of a system may be named, best first: `giay-khen.nha-nuoc`, then that of its base system."""
        systems = self.systems(kind)
        if systems == ("dang",):
            return [kind]
        from . import profiles

        known = profiles.load_all(self.profiles_folder())
        own = he or systems[0]
        base = next((p.base for p in reversed(known) if p.system == own), "")
        return [*(f"{kind}.{name.replace('_', '-')}" for name in (own, base) if name), kind]

    def template_path(self, kind: str, he: str = "") -> Path | None:
        """The kind's Word template for a system (its first where none is named); None where there is only a source."""
        for base in self._bases(kind):
            for stem in self._stems(kind, he):
                for path in (base / "templates" / "vi" / f"{stem}.docx", base / f"{stem}.docx"):
                    if path.is_file():
                        return path
        return None

    def source_path(self, kind: str, he: str = "") -> Path | None:
        """The text from which the kind's template is built."""
        for base in self._bases(kind):
            for stem in self._stems(kind, he):
                for path in (base / "templates" / "nguon" / f"{stem}.txt", base / f"{stem}.txt"):
                    if path.is_file():
                        return path
        return None

    def template_bytes(self, kind: str, he: str = "") -> bytes:
        """The kind's Word template, built from its source text where that is all there is."""
        path = self.template_path(kind, he)
        if path is not None:
            return path.read_bytes()
        source = self.source_path(kind, he)
        if source is None:
            raise KindUnknown(f"Loại văn bản “{kind}” chưa có tệp mẫu {kind}.docx hoặc {kind}.txt.")
        from . import profiles, template_source

        profile = profiles.newest(he or self.systems(kind)[0], profiles.load_all(self.profiles_folder()))
        return bytes(template_source.build(source.read_text(encoding="utf-8"), profile=profile))

    def own_template(self, folder: Path, kind: str, he: str = "") -> Path | None:
        """An office's own template of the kind in `folder`; None where it has none."""
        return next((p for stem in self._stems(kind, he) if (p := folder / f"{stem}.docx").is_file()), None)

    def _bases(self, kind: str) -> tuple[Path, ...]:
        folder = self._path(kind).parent
        home = folder.parent if folder.name == "data_schemas" else folder
        return (home,)

    def samples(self, kind: str) -> Path:
        """The folder with the kind's samples; it may not exist."""
        home = self._bases(kind)[0]
        inside = home / "samples" / kind
        return inside if inside.is_dir() or home == root() else home / kind

    # --- the year and its rules

    def year_schema(self, rule_set: str = "") -> dict[str, Any]:
        """The year's schema; for a rule set, without the fields that only other rules need (`x-can-khi`).

        A choice whose values the rule set lists (`x-chi-gom`: the name of the list) offers only these, in their order.
        """
        whole = _read_json(root() / "data_schemas" / "chung" / "nam.schema.json")
        return _needed(whole, {**self.rule_set("chung")["mac_dinh"], **self.rule_set(rule_set)}) if rule_set else whole

    def law(self, table: str, day: str) -> list[dict[str, Any]]:
        """What `quy_dinh/phap-luat.toml` has in force on a day (ISO): `van_ban` (what papers cite) or `muc` (sums)."""
        rows: list[dict[str, Any]] = _read_toml(root() / "data_schemas" / "quy_dinh" / "phap-luat.toml").get(table, [])
        return [r for r in rows if str(r["tu_ngay"]) <= day and day <= str(r.get("den_ngay", "9999"))]

    def profiles_folder(self) -> Path:
        return root() / "data_schemas" / "quy_dinh" / "the-thuc"

    def rule_sets(self) -> list[str]:
        """The names of the local rule sets, which `thong_tin.bo_quy_tac` chooses from."""
        return list(self._rule_files())

    def _rule_files(self) -> dict[str, Path]:
        found: dict[str, Path] = {}
        for base in (root() / "data_schemas" / "quy_dinh" / "dia-phuong", *(p / "quy_dinh" for p in self.packs)):
            found.update({p.stem: p for p in sorted(base.glob("*.toml"))})
        return found

    def rule_set(self, name: str) -> dict[str, Any]:
        """One local rule set by its name, or `chung`, the rules that hold everywhere.

        A set may stand on another (`dua_tren`): its words come over those of the other, its rules after them, without
        those that it leaves out (`bo_quy_tac`). What its guide says stands beside it in `huong-dan/<name>.toml`.
        """
        if name == "chung":
            return _read_toml(root() / "data_schemas" / "quy_dinh" / "chung.toml")
        return self._stacked(name, ())

    def rule_layers(self, name: str) -> list[dict[str, Any]]:
        """The own words of a rule set and of each set that it stands on, itself first."""
        layers: list[dict[str, Any]] = []
        self._stacked(name, (), layers)
        return layers

    def holidays(self) -> dict[str, Any]:
        """The public holidays: `co_dinh` (mm-dd) and `am_lich` (days of the years that the table knows)."""
        return _read_toml(root() / "data_schemas" / "quy_dinh" / "ngay-nghi.toml")

    def _stacked(self, name: str, above: tuple[str, ...], layers: list[dict[str, Any]] | None = None) -> dict[str, Any]:
        files = self._rule_files()
        if name not in files:
            raise KindUnknown(unknown("bộ quy tắc", name, list(files)))
        if name in above:
            raise SourceInvalid(f"Bộ quy tắc “{name}” dựa trên chính nó.", "rules_cycle", Place(file=str(files[name])))
        guide = files[name].parent.parent / "huong-dan" / files[name].name
        own = {**(_read_toml(guide) if guide.is_file() else {}), **_read_toml(files[name])}
        if layers is not None:
            layers.append(own)
        if "dua_tren" not in own:
            return own
        below = self._stacked(str(own["dua_tren"]), (*above, name), layers)
        left = set(own.get("bo_quy_tac", ()))
        rules = [{"nguon_bo": below.get("nguon", ""), **r} for r in below.get("quy_tac", []) if r["ma"] not in left]
        return {**_over(below, own), "quy_tac": [*rules, *own.get("quy_tac", [])]}


def _over(below: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """The words of both, the own ones first; a table is united, anything else is replaced."""
    both = {
        k: _over(below[k], v) if isinstance(v, dict) and isinstance(below.get(k), dict) else v for k, v in own.items()
    }
    return {**below, **both}


def _needed(schema: Mapping[str, Any], words: Mapping[str, Any]) -> dict[str, Any]:
    """The schema without the fields whose `x-can-khi` names a word that the rule set leaves blank or false."""
    made: dict[str, Any] = dict(schema)
    for name, part in schema.get("properties", {}).items():
        record = part.get("items", part)
        if "properties" not in record:
            continue
        needed = {k: v for k, v in record["properties"].items() if "x-can-khi" not in v or words.get(v["x-can-khi"])}
        kept = {k: _narrowed(v, words.get(v["x-chi-gom"])) if "x-chi-gom" in v else v for k, v in needed.items()}
        if kept != record["properties"]:
            record = {**record, "properties": kept}
            made["properties"] = {**made["properties"], name: {**part, "items": record} if "items" in part else record}
    return made


def _narrowed(spec: Mapping[str, Any], listed: Sequence[Mapping[str, Any]] | None) -> Mapping[str, Any]:
    """A choice with the values that a rule set lists (`{ma, ten}`), in its order; as it is where it lists none."""
    labels = dict(zip(spec["enum"], spec.get("x-nhan", spec["enum"]), strict=False))
    codes = [row["ma"] for row in listed or () if row["ma"] in labels]
    return {**spec, "enum": codes, "x-nhan": [labels[c] for c in codes]} if codes else spec


def unknown(what: str, name: str, known: Sequence[str]) -> str:
    """Không có loại văn bản “x”; gần nhất: “y”. The nearest by letters without marks."""
    near = nearest(name, known)
    if near:
        tail = "; gần nhất: " + ", ".join(f"“{n}”" for n in near)
    elif len(known) > SHOWN:
        tail = "; xem danh sách bằng lệnh dvk kinds"
    else:
        tail = "; hiện có: " + ", ".join(f"“{n}”" for n in known) if known else ""
    return f"Không có {what} “{name}”{tail}."


def nearest(name: str, known: Sequence[str], count: int = 3) -> list[str]:
    """The known names that look most like `name`, whatever their marks, case and separators."""
    by_fold = {fold(k): k for k in known}
    return [by_fold[f] for f in get_close_matches(fold(name), list(by_fold), count, 0.6)]


def fold(text: str) -> str:
    """Letters without marks, lower case, one space for any separator: for comparing, never for printing."""
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    letters = "".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))
    return " ".join(letters.casefold().split())


def _flat(path: Path) -> dict[str, Any]:
    """The flat schema of a file; raise `SourceInvalid` naming the file and the field where it cannot be had."""
    try:
        return _flatten(_read_json(path), path.parent)
    except SourceInvalid as error:
        if error.code != "kind_invalid":
            raise
        at, place = error.place.pointer, Place(pointer=error.place.pointer, file=str(path), where=path.name)
        raise SourceInvalid(f"Tệp {path.name}, {at}: {error}.", error.code, place) from None
    except (AttributeError, KeyError, TypeError, ValueError, OSError):
        message = f"Tệp {path.name}: allOf, properties hoặc required không đúng dạng của lược đồ."
        raise SourceInvalid(message, "kind_invalid", Place(pointer="/properties", file=str(path))) from None


def _flatten(schema: dict[str, Any], folder: Path) -> dict[str, Any]:
    """The schema with each `allOf` block merged in front of its own fields, and `$defs` resolved in them."""
    flat = {k: v for k, v in schema.items() if k not in ("allOf", "properties", "required")}
    properties: dict[str, Any] = {}
    required: dict[str, None] = {}
    for n, block in enumerate(schema.get("allOf", [])):
        part = _resolve(block["$ref"], schema, folder, f"/allOf/{n}") if "$ref" in block else block
        properties.update(part.get("properties", {}))
        required.update(dict.fromkeys(part.get("required", [])))
    properties.update(schema.get("properties", {}))
    required.update(dict.fromkeys(schema.get("required", [])))
    return {"type": "object", **flat, "required": list(required), "properties": properties}


def _resolve(ref: str, schema: Mapping[str, Any], folder: Path, pointer: str) -> dict[str, Any]:
    name, _, inside = str(ref).partition("#")
    node: Any = schema
    try:
        if name:
            path = folder / name
            node = _read_json(path if path.is_file() else root() / "data_schemas" / name)
        for part in [p for p in inside.split("/") if p]:
            node = node[part]
        return dict(node)
    except (KeyError, TypeError, ValueError, OSError):
        place = Place(pointer=f"{pointer}/$ref", file=str(folder), where=pointer)
        raise SourceInvalid(f"Không có khối trường “{ref}”", "kind_invalid", place) from None


def _order(path: Path) -> float:
    """The kind's place among the others; one that gives none, or no number, stands last."""
    try:
        order = _read_json(path).get("x-thu-tu", LAST)
    except (SourceInvalid, ValueError, OSError):
        return LAST
    return order if isinstance(order, int) and not isinstance(order, bool) else LAST


# --- what is wrong with a pack's kind --------------------------------------------------------------------------------


def fault(path: Path, pointer: str, what: str) -> Problem:
    """A fault of a kind's schema, placed by its file and the pointer of the field in it."""
    place = Place(pointer=pointer, file=str(path), where=path.name)
    return Problem(place, "kind_invalid", "loi", f"{what}.", f"Sửa {pointer} trong tệp {path.name}.")


Fault = tuple[str, str]  # pointer in the schema, what is wrong


def _schema_faults(schema: Mapping[str, Any], stages: Sequence[str]) -> Iterator[Fault]:
    """Every fault of a flat schema that would stop a paper, or silently change which papers are made."""
    yield from ((f"/{w}", f"{w} phải là chữ") for w in WORDS if w in schema and not isinstance(schema[w], str))
    order = schema.get("x-thu-tu", 0)
    if not isinstance(order, int) or isinstance(order, bool):
        yield "/x-thu-tu", f"x-thu-tu phải là số nguyên, không phải “{order}”"
    stage, bo = schema.get("x-giai-doan", ""), schema.get("x-bo", "")
    if isinstance(stage, str) and stage and stage not in stages:
        yield "/x-giai-doan", unknown("giai đoạn", stage, stages).rstrip(".")
    if isinstance(bo, str) and bo and not CODE.fullmatch(bo):
        yield "/x-bo", f"x-bo “{bo}” phải là chữ thường không dấu, số và dấu -"
    if schema.get("x-dien-tay", BY_HAND[0]) not in BY_HAND:
        yield "/x-dien-tay", f"x-dien-tay phải là {' hoặc '.join(BY_HAND)}"
    systems = schema.get("x-he", ["dang"])
    if not isinstance(systems, list) or not systems or not all(isinstance(x, str) for x in systems):
        yield "/x-he", "x-he phải là danh sách tên hệ văn bản"
    elif len(systems) > 1 and not isinstance(schema.get("x-he-theo"), str):
        yield "/x-he", "loại có nhiều hệ văn bản thì cần x-he-theo, biểu thức cho biết văn bản thuộc hệ nào"
    for word in ("x-moi", "x-khi", "x-he-theo"):
        if isinstance(schema.get(word), str):
            yield from _expression_faults(schema[word], f"/{word}")
    words = schema.get("x-van-ban", {})
    if not isinstance(words, Mapping):
        yield "/x-van-ban", "x-van-ban phải là nhóm trường"
    else:
        for name, source in words.items():
            if name not in PLAIN_WORDS:
                yield from _expression_faults(source, f"/x-van-ban/{name}")
    yield from _object_faults(schema, "")


def _object_faults(spec: Mapping[str, Any], base: str) -> Iterator[Fault]:
    properties = spec.get("properties", {})
    if not isinstance(properties, Mapping):
        yield f"{base}/properties", "properties phải là nhóm trường"
        return
    required = spec.get("required", [])
    if not isinstance(required, list):
        yield f"{base}/required", "required phải là danh sách tên trường"
    else:
        yield from (
            (f"{base}/required", f"required nhắc tới trường “{name}” không có trong properties")
            for name in required
            if name not in properties
        )
    for name, part in properties.items():
        yield from _field_faults(part, f"{base}/properties/{name}")


def _field_faults(spec: Any, at: str) -> Iterator[Fault]:
    if not isinstance(spec, Mapping):
        yield at, "Trường phải là một đối tượng JSON"
        return
    kinds = spec.get("type", [])
    for kind in [kinds] if not isinstance(kinds, list) else kinds:
        if kind not in TYPES:
            yield f"{at}/type", f"“{kind}” không phải là kiểu dữ liệu; dùng {', '.join(sorted(TYPES))}"
    for word, python in (("enum", list), ("minLength", int), ("maxLength", int), ("minItems", int), ("maxItems", int)):
        if word in spec and not isinstance(spec[word], python):
            yield f"{at}/{word}", f"{word} phải là {'danh sách' if python is list else 'số nguyên'}"
    for word in ("minimum", "maximum"):
        if word in spec and not isinstance(spec[word], (int, float)):
            yield f"{at}/{word}", f"{word} phải là số"
    if "pattern" in spec:
        try:
            re.compile(spec["pattern"])
        except (re.error, TypeError):
            yield f"{at}/pattern", f"pattern “{spec['pattern']}” không phải là biểu thức chính quy"
    for word in ("x-tu", "x-suy-ra"):
        if word in spec:
            yield from _expression_faults(spec[word], f"{at}/{word}")
    if "items" in spec:
        yield from _field_faults(spec["items"], f"{at}/items")
    if "properties" in spec or "required" in spec:
        yield from _object_faults(spec, at)


def _expression_faults(source: Any, at: str) -> Iterator[Fault]:
    from .expressions import compiled

    if not isinstance(source, str):
        yield at, "Chỗ này phải là một biểu thức, viết trong ngoặc kép"
        return
    try:
        compiled(source)
    except TemplateInvalid as error:
        yield at, error.report.problems[0].message.rstrip(".")


@lru_cache(maxsize=256)
def _read_json(path: Path) -> dict[str, Any]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as e:
        message = f"Tệp {path.name} không phải JSON đúng: dòng {e.lineno}, cột {e.colno}."
        raise SourceInvalid(
            message, "json_syntax", Place(file=str(path), where=f"dòng {e.lineno}, cột {e.colno}")
        ) from None
    if not isinstance(data, dict):
        raise SourceInvalid(f"Tệp {path.name} phải là một đối tượng JSON.", "json_shape", Place(file=str(path)))
    return data


@lru_cache(maxsize=64)
def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as e:
        raise SourceInvalid(
            f"Tệp {path.name} không phải TOML đúng: {e}.", "toml_syntax", Place(file=str(path))
        ) from None
