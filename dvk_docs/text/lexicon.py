"""The lists that the text rules read: words, names, laws, symbols, syllables; all data
(data_schemas/quy_dinh/chinh-ta).

Read once and kept. Words are compared in small letters with the tone mark on the main vowel (`key`).
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ..catalog import root
from ..viet.kieu_dau import to_moi

_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class SyllableTables:
    onsets: frozenset[str]
    rimes: frozenset[str]
    after_qu: frozenset[str]
    after_gi: frozenset[str]
    only_front: frozenset[str]
    never_front: frozenset[str]
    stops: tuple[str, ...]
    exceptions: frozenset[str]


@lru_cache(maxsize=1)
def _folder_texts() -> Mapping[str, str]:
    folder = root() / "data_schemas" / "quy_dinh" / "chinh-ta"
    return {p.name: unicodedata.normalize("NFC", p.read_text(encoding="utf-8")) for p in sorted(folder.iterdir())}


@lru_cache(maxsize=32)
def table(name: str) -> Mapping[str, Any]:
    """One TOML file of the folder, by its stem."""
    return tomllib.loads(_folder_texts()[f"{name}.toml"])


@lru_cache(maxsize=8192)
def key(text: str) -> str:
    """A text for comparing: small letters, the mark on the main vowel, single spaces."""
    return to_moi(" ".join(text.lower().split()))


@lru_cache(maxsize=8192)
def syllables_of(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(key(text)))


@lru_cache(maxsize=1)
def syllable_tables() -> SyllableTables:
    data = table("am-tiet")
    exceptions = data["ngoai_le"]

    def words(name: str) -> frozenset[str]:
        return frozenset(data[name].split())

    return SyllableTables(
        onsets=words("phu_am_dau"),
        rimes=words("van"),
        after_qu=words("van_sau_qu"),
        after_gi=words("van_sau_gi"),
        only_front=words("truoc_e_i"),
        never_front=words("khong_truoc_e_i"),
        stops=tuple(data["tac"].split()),
        exceptions=frozenset(w for group in exceptions.values() for w in group.split()),
    )


@lru_cache(maxsize=1)
def compounds() -> frozenset[tuple[str, ...]]:
    """Words of two to four syllables."""
    lines = to_moi(_folder_texts()["tu-ghep.txt"]).splitlines()
    return frozenset(tuple(line.split()) for line in lines if line and not line.startswith("#"))


@lru_cache(maxsize=1)
def phrases() -> frozenset[tuple[str, ...]]:
    """The office's phrases, names of bodies, laws and titles, as syllables."""
    data = table("cum-tu")
    groups = ("co_quan", "luat", "chuc_danh", "the_loai", "cum_tu", "khong_bo_tieng", "gach_noi_ten")
    return frozenset(s for group in groups for phrase in data[group] if len(s := syllables_of(phrase)) > 1)


@lru_cache(maxsize=1)
def names() -> frozenset[tuple[str, ...]]:
    """The phrases that are written with capitals: bodies, laws, titles."""
    data = table("cum-tu")
    return frozenset(syllables_of(name) for group in ("co_quan", "luat", "chuc_danh") for name in data[group])


@lru_cache(maxsize=1)
def never_shortened() -> tuple[tuple[str, ...], ...]:
    """Phrases of four syllables or more that lose their sense when one inside is left out."""
    data = table("cum-tu")
    found = {syllables_of(p) for group in ("co_quan", "luat", "khong_bo_tieng") for p in data[group]}
    return tuple(sorted(s for s in found if len(s) > 3))


def regex_of(names: Iterable[str]) -> str:
    """An alternation of literal names, the longest first."""
    return "|".join(re.escape(n) for n in sorted(set(names), key=lambda n: (-len(n), n)))
