"""The lists that the checker goes by: kinds and their symbols, bodies, titles, bases in force, capitals; and the rules.

All of it is data (`data_schemas/quy_dinh/kiem-the-thuc/*.toml`), read once. Patterns are matched on `key(text)`: small
letters, one tone placement, one kind of dash and of quotes.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from dvk_docs import folders
from dvk_docs.errors import Severity
from dvk_docs.viet import chu, kieu_dau

_MARKED = "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ"
SMALL = f"a-z{_MARKED}"  # inside a class of a pattern: Unicode does not keep the cases of Vietnamese apart
LARGE = f"A-Z{_MARKED.upper()}"


def key(text: str) -> str:
    """The text for comparing: small letters, tones on the main vowel, plain dashes and quotes, single blanks.

    >>> key("ĐẢNG ỦY  XÃ – Độc lập")
    'đảng uỷ xã-độc lập'
    """
    return chu.so_sanh(text)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the checker: its id, what it is about, how grave, and the clause."""

    id: str
    system: str  # dang | nha_nuoc | chung
    title: str
    severity: Severity
    source: str


@dataclass(frozen=True, slots=True)
class Body:
    """A kind of issuer: the pattern of its name, of the line above it, its symbols, the level of its authority."""

    pattern: str
    symbols: tuple[str, ...]
    above: str | None  # pattern of the line above; "" = none stands there; None = not judged
    above_is: str  # this entry is meant only where the line above matches
    level: str
    wrong: str  # why such a name is wrong, "" where it is right


@dataclass(frozen=True, slots=True)
class Basis:
    """A law or decree and the days on which it may be cited as a basis."""

    name: str
    pattern: str
    since: date
    until: date | None
    instead: str


@dataclass(frozen=True, slots=True)
class Capital:
    """A rule of capitals: the pattern of what is wrong."""

    code: str
    title: str
    wrong: re.Pattern[str]
    right: str
    unless_before: re.Pattern[str] | None
    unless_after: re.Pattern[str] | None


def _read(name: str) -> dict[str, Any]:
    path = folders.root() / "data_schemas" / "quy_dinh" / "kiem-the-thuc" / f"{name}.toml"
    return tomllib.loads(unicodedata.normalize("NFC", path.read_text(encoding="utf-8")))


@cache
def rules() -> Mapping[str, Rule]:
    """Every rule by its id, in order."""
    return {k: Rule(k, e["he"], e["ten"], e["muc"], e["source"]) for k, e in _read("dieu").items()}


@cache
def lists() -> Mapping[str, Any]:
    """The lists as they stand in danh-muc.toml."""
    return _read("danh-muc")


def entry(*path: str) -> Any:
    """One entry of the lists: `entry("ky", "chuc_vu")`."""
    found: Any = lists()
    for name in path:
        found = found[name]
    return found


@cache
def pattern(*path: str) -> re.Pattern[str]:
    """A pattern of the lists, compiled; it is meant for `key(text)`."""
    return re.compile(entry(*path))


@cache
def names(*path: str) -> frozenset[str]:
    """The names of a list, as `key` gives them."""
    return frozenset(key(name) for name in entry(*path))


@cache
def kinds(system: str) -> Mapping[str, tuple[str, ...]]:
    """Every kind of a system with its symbols, the longest name first."""
    own = "dang" if system == "dang" else "nha_nuoc"
    both = {**entry("the_loai", own), **entry("giay_to", own)}
    return {key(k): tuple(v) for k, v in sorted(both.items(), key=lambda e: -len(e[0]))}


def symbols_of(kind: str, system: str, day: date | None) -> tuple[str, ...]:
    """The symbols of a kind on a day, those of an earlier regime with them."""
    found = kinds(system).get(kind, ())
    old = lists().get("ky_hieu_cu", {}).get(system, {}).get(kind)
    if old and day is not None and day <= old["den"]:
        found += tuple(old["ky_hieu"])
    return found


def kind_in(text: str, system: str) -> str:
    """The kind whose name opens `text` (`key`); "" where there is none."""
    for name in kinds(system):
        if text == name or text.startswith(f"{name} "):
            return name
    return ""


@cache
def bodies(system: str) -> Sequence[Body]:
    own = "dang" if system == "dang" else "nha_nuoc"
    return [
        Body(
            e["mau"],
            tuple(e["ky_hieu"]),
            e.get("cap_tren"),
            e.get("cap_tren_la", ""),
            e.get("cap", ""),
            e.get("sai", ""),
        )
        for e in entry("co_quan", own)
    ]


def body_of(name: str, above: str, system: str) -> Body | None:
    """What kind of issuer `name` is under `above` (both `key`)."""
    for body in bodies(system):
        if re.search(body.pattern, name) and (not body.above_is or re.search(body.above_is, above)):
            return body
    return None


@cache
def bases() -> Sequence[Basis]:
    found = _read("can-cu")["can_cu"]
    return [Basis(e["ten"], e["mau"], e["tu"], e.get("den"), e.get("thay", "")) for e in found]


@cache
def capitals() -> Sequence[Capital]:
    return [
        Capital(
            e["ma"],
            e["ten"],
            re.compile(e["sai"].replace("{thường}", SMALL).replace("{HOA}", LARGE)),
            e.get("dung", ""),
            re.compile(e["tru"]) if e.get("tru") else None,
            re.compile(e["tru_sau"]) if e.get("tru_sau") else None,
        )
        for e in _read("viet-hoa")["quy_tac"]
    ]


@cache
def capital_source(system: str) -> str:
    data = _read("viet-hoa")
    return str(data["source_dang"] if system == "dang" else data["source"])


def one_tone(text: str) -> str:
    """`text` with one tone placement, of the same length: for patterns that mind the case."""
    return kieu_dau.to_moi(unicodedata.normalize("NFC", text))
