"""The short way of `dvk make LOẠI tệp.json`: one paper's own data, all else kept from an earlier run.

An interpreter that imports click, Jinja and the checks of a whole year takes longer to start than a paper takes to
make. So a first run keeps what the kind and the regime give (schema, expressions and template as code), under a name
that is a digest of every file it was made from; the next run reads that, looks whether the data is plainly right, and
makes the paper with the same context and the same template. Wherever there is any doubt (an option, a file that is
there, a value that is not plainly right, an error) `run` returns None with nothing written, and the ordinary way
(`cli`) does the work and finds the words. So both give the same bytes, or the short way gives none.
"""

from __future__ import annotations

import os
import re
import sys
import unicodedata

from . import context, kept

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from .making import Kind

_KIND = r"[a-z0-9]+(-[a-z0-9]+)*"
_MOST = 2_000_000  # bytes of a file of data; a longer one goes the ordinary way
_LARGEST = 1_000_000_000  # the largest number that a field without its own bound takes (checking)
_EARLIEST = 1900  # the earliest year of a day (checking)
_UNPRINTED = "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]"  # what no Word file may hold (viet.chu)
_QUOTES = "“”‘’\"'«»„"  # around a model's name: the ordinary way takes them off
_CODE = (
    *("templating.py", "compiling.py", "engine.py", "light.py", "archive.py", "package.py", "profiles.py", "runtime"),
    *("viet", "shortcut.py", "context.py", "expressions.py", "checking.py", "sources.py", "catalog.py", "making.py"),
)


class Doubt(Exception):
    """The ordinary way is to look at it."""


# --- the way ---------------------------------------------------------------------------------------------------------


def run(argv: Sequence[str]) -> int | None:
    """Make the paper of a plain `make` command and return 0; None, with nothing written, where it is not plain."""
    try:
        kind, file, output, overwrite = _words(argv)
        name, index = _known(kind)
        data = _data(file)
        day = data.get("ngay") or f"{data.get('nam') or 9999}-12-31"
        plan = kept.read(_plan(name, _at(index["profiles"], day)))
        if plan is None:
            return None
        docx = _made(plan, _shaped(data, plan["schema"]))
        _save(output or f"{kind}.docx", file, docx, overwrite)
    except Exception:
        return None
    return _say(f"Đã lập {output or f'{kind}.docx'}.")


def _words(argv: Sequence[str]) -> tuple[str, str, str, bool]:
    """Return (kind, file, output, whether to overwrite) of a command without other options."""
    words, plain, output, overwrite = list(argv), list[str](), "", False
    if not words or words.pop(0) != "make" or os.environ.get("DVK_CACHE") == "0":
        raise Doubt
    while words:
        word = words.pop(0)
        if word in ("-o", "--output") and words and not output:
            output = words.pop(0)
            if not output.lower().endswith(".docx") or os.path.basename(output).startswith((".", "-")):
                raise Doubt
        elif word == "--ghi-de":
            overwrite = True
        elif word.startswith("-"):
            raise Doubt
        else:
            plain.append(word)
    if len(plain) != 2 or not re.fullmatch(_KIND, plain[0]) or (output and os.path.normpath(output) != output):
        raise Doubt
    return plain[0], plain[1], output, overwrite


def _root() -> str:
    """The folder of the data (`folders.root`)."""
    package = os.path.dirname(os.path.realpath(__file__))
    inside = os.path.join(package, "_data")
    return inside if os.path.isdir(inside) else os.path.dirname(package)


def _known(kind: str) -> tuple[str, Any]:
    """Return the name under which a kind's things are kept, and what is kept there."""
    name = _name(kind)
    found = kept.read(name)
    if not _is_fresh(found):
        raise Doubt
    return name, found


def _is_fresh(found: Any) -> bool:
    """Whether something was kept, by the packages that are installed now."""
    return found is not None and all(_stamp(path) == (size, changed) for path, size, changed in found["peers"])


def _name(kind: str) -> str:
    """A digest of every file that a paper of this kind is made from."""
    root = _root()
    schemas = os.path.join(root, "data_schemas")
    files = [os.path.join(schemas, f"{kind}.schema.json"), *_templates(os.path.join(root, "templates", "vi"), kind)]
    for folder in (os.path.join(schemas, "chung"), os.path.join(schemas, "quy_dinh", "the-thuc")):
        files += sorted(entry.path for entry in os.scandir(folder) if entry.is_file())
    parts: list[bytes | str] = ["make", kind, root, kept.version(_CODE)]
    for path in files:
        with open(path, "rb") as file:
            parts += [os.path.basename(path), file.read()]
    return kept.key(*parts)


def _templates(folder: str, kind: str) -> list[str]:
    """Every template of a kind: `phieu.docx`, `phieu.nha-nuoc.docx`; one that has only its source is not looked for."""
    names = sorted(n for n in os.listdir(folder) if n.endswith(".docx") and n.split(".", 1)[0] == kind)
    if not names:
        raise FileNotFoundError(kind)
    return [os.path.join(folder, name) for name in names]


def _plan(name: str, profile: str) -> str:
    return kept.key(name, profile)


def _at(profiles: Sequence[Sequence[str]], day: str) -> str:
    """The code of the profile in force on `day` (`profiles.at`)."""
    in_force = [code for since, code in profiles if since <= day]
    return in_force[-1] if in_force else profiles[0][1]


def _stamp(path: str) -> tuple[int, int]:
    state = os.stat(path)
    return state.st_size, state.st_mtime_ns


# --- the data --------------------------------------------------------------------------------------------------------


def _data(path: str) -> dict[str, Any]:
    """The data of a JSON file that holds one object, in UTF-8, no key twice in one object."""
    import json

    with open(path, "rb") as file:
        if os.fstat(file.fileno()).st_size > _MOST:
            raise Doubt
        raw = file.read(_MOST + 1)
    text = raw.decode()
    if len(raw) > _MOST or text[:1] != "{" or "\0" in text:
        raise Doubt

    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        made = {unicodedata.normalize("NFC", key): value for key, value in found}
        if len(made) < len(found):
            raise Doubt
        return made

    def doubt(token: str) -> Any:
        raise Doubt

    data: dict[str, Any] = json.loads(text, object_pairs_hook=pairs, parse_constant=doubt)
    return data


def _shaped(value: Any, spec: Mapping[str, Any]) -> Any:
    """The data as `sources.canonical` gives it."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n"))
    if isinstance(value, float):
        if value.is_integer() or abs(value) == float("inf") or float(f"{value:.15g}") != value:
            raise Doubt
    elif isinstance(value, dict):
        fields = spec.get("properties") or {}
        order = {key: number for number, key in enumerate(fields)}
        made = {}
        for key, held in sorted(value.items(), key=lambda pair: order.get(pair[0], len(order))):
            shaped = _shaped(held, fields.get(key) or {})
            if not (shaped is None or shaped == [] or (isinstance(shaped, str) and not shaped.strip())):
                made[key] = shaped
        return made
    elif isinstance(value, list):
        items = spec.get("items") or {}
        if ("x-muc" in spec or "x-dong-o" in spec) and "properties" not in items:  # the ordinary way parts its lines
            mark = ";" if spec.get("x-dong-o", True) == ";" else "\n"
            if any(x is None or (isinstance(x, str) and ("\n" in x or mark in x or not x.strip())) for x in value):
                raise Doubt
        return [_shaped(item, items) for item in value]
    return value


def _sure(value: Any, spec: Mapping[str, Any]) -> bool:
    """Whether `checking.check_value` surely finds no error in a value; False where it might."""
    kinds = context.types(spec)
    if value is None or (kinds and not any(_is_type(value, kind) for kind in kinds)):
        return False
    if ("enum" in spec and (isinstance(value, bool) or value not in spec["enum"])) or (
        "const" in spec and (isinstance(value, bool) or value != spec["const"])
    ):
        return False
    if isinstance(value, str):
        return _sure_text(value, spec)
    if isinstance(value, dict):
        return _sure_record(value, spec)
    if isinstance(value, list):
        inner = spec.get("items", {})
        return spec.get("minItems", 0) <= len(value) <= spec.get("maxItems", len(value)) and all(
            _sure(item, inner) for item in value
        )
    if isinstance(value, bool):
        return True
    return bool(-_LARGEST <= value <= _LARGEST and spec.get("minimum", value) <= value <= spec.get("maximum", value))


def _is_type(value: Any, kind: str) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    if kind == "integer":
        return isinstance(value, int)
    pythons: Mapping[str, Any] = {"string": str, "number": (int, float), "array": list, "object": dict}
    return isinstance(value, pythons.get(kind, ()))


def _sure_text(value: str, spec: Mapping[str, Any]) -> bool:
    if not value.isprintable() and re.search(_UNPRINTED, value):
        return False
    if len(value.strip()) < spec.get("minLength", 0) or len(value) > spec.get("maxLength", len(value)):
        return False
    if "pattern" in spec and not re.search(spec["pattern"], value):
        return False
    if spec.get("x-ten-mo-hinh") and any(quote in value for quote in _QUOTES):
        from .viet.ten_mo_hinh import bo_ngoac_ngoai

        if bo_ngoac_ngoai(value)[1]:
            return False
    return spec.get("format", "date") == "date" and ("format" not in spec or _is_day(value))


def _is_day(value: str) -> bool:
    from datetime import date

    return len(value) == 10 and date.fromisoformat(value).isoformat() == value and int(value[:4]) >= _EARLIEST


def _sure_record(value: Mapping[str, Any], spec: Mapping[str, Any]) -> bool:
    fields = spec.get("properties", {})
    if not all(name in value for name in spec.get("required", ())):
        return False
    for name, part in value.items():
        if name in fields and not _sure(part, fields[name]):
            return False
        if name not in fields and spec.get("additionalProperties") is False:
            return False
    return "anyOf" not in spec or any("'x-" not in repr(c) and _sure_record(value, c) for c in spec["anyOf"])


# --- the paper -------------------------------------------------------------------------------------------------------


def _made(plan: Mapping[str, Any], data: dict[str, Any]) -> bytes:
    """The paper of data that is plainly right."""
    from .runtime.formulas import Formulas
    from .tall_rows import settled
    from .templating import Template

    schema = plan["schema"]
    of_the_year, of_the_paper = plan["words"]
    if len(of_the_year & set(data)) > len(of_the_paper & set(data)):  # the data of a whole year
        raise Doubt
    fields = schema["properties"]
    typed = {**schema, "properties": {n: part for n, part in fields.items() if "x-suy-ra" not in part}}
    if not _sure({n: v for n, v in data.items() if "x-suy-ra" not in fields.get(n, {})}, typed):
        raise Doubt
    names = context.derived(schema, data, plan["tt"], Formulas(plan["formulas"]))
    return Template.from_kept(plan["template"]).render(names, settled)


def _save(output: str, source: str, docx: bytes, overwrite: bool) -> None:
    """Write the paper under a temporary name and move it; a file that is there is replaced only if that was asked."""
    if os.path.lexists(output):
        if os.path.islink(output) or not os.path.isfile(output) or os.path.samefile(output, source):
            raise Doubt
        if not overwrite:
            with open(output, "rb") as file:
                if file.read() != docx:
                    raise Doubt
        if not os.access(output, os.W_OK):
            raise Doubt
    folder, name = os.path.split(output)
    temporary = os.path.join(folder, f".~dvk-{os.getpid()}-{name}")
    try:
        with open(temporary, "xb") as file:
            file.write(docx)
        os.replace(temporary, output)
    except OSError:
        if os.path.lexists(temporary):
            os.unlink(temporary)
        raise


def _say(sentence: str) -> int:
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        print(sentence, flush=True)
    except OSError:
        return 1
    return 0


# --- what is kept ----------------------------------------------------------------------------------------------------


def keep(kind: Kind, day: str) -> None:
    """Keep what `run` needs for papers of one of this package's kinds, by the regime in force on `day`."""
    from . import expressions, folders, profiles, templating
    from .catalog import Catalog

    if len(kind.systems) > 1:
        return  # whose template it is, its data alone tells
    if kind.catalog.packs or kind.has_own_template or os.path.realpath(folders.root()) != os.path.realpath(_root()):
        return
    profile = kind.profile(day)
    known = profiles.load_all(kind.catalog.profiles_folder())
    try:
        name = _name(kind.stem)
        if _is_fresh(kept.read(name)) and kept.read(_plan(name, profile.code)) is not None:
            return
        formulas = {source: expressions.light_code(source, "moi") for source in sorted(set(_formulas(kind.schema)))}
    except (LookupError, OSError):
        return
    year, paper = (set(schema["properties"]) for schema in (Catalog().year_schema(), kind.schema))
    plan = {
        "schema": kind.schema,
        "formulas": formulas,
        "tt": dict(profile.tt),
        "words": (frozenset(year - paper), frozenset(paper - year)),  # at the top of one and not of the other
        "template": kind.template(profile).as_kept,
    }
    kept.write(_plan(name, profile.code), plan)
    index = [(p.from_day, p.code) for p in known if p.system == profile.system]
    kept.write(name, {"profiles": index, "peers": templating.peers()})


def _formulas(spec: Any) -> list[str]:
    """Every `x-suy-ra` of a schema."""
    if isinstance(spec, dict):
        own = [spec["x-suy-ra"]] if isinstance(spec.get("x-suy-ra"), str) else []
        return own + [source for part in spec.values() for source in _formulas(part)]
    return []
