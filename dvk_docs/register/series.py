"""Which series a paper's number belongs to, and how the number is printed. The rules are `quy_dinh/so-van-ban.toml`.

A series is one issuer, one tên loại (or a group that shares numbers) and one period: the committee's term for the
Party, the calendar year for the State. A joint paper stands in the lead body's series; a list or appendix takes none.
"""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from ..errors import FieldInvalid
from ..folders import root
from ..viet.kieu_dau import to_moi
from ..viet.so_dem import hai_so

DEFAULT_SYSTEM = "dang"


@dataclass(frozen=True, slots=True)
class Wanted:
    """One number that is asked for, or one that was typed (`so`) and is to be recorded."""

    co_quan: str  # the issuer's name as printed; of a joint paper the lead
    ky_hieu: str  # its symbol: ĐU, UBND
    ten_loai: str  # Tờ trình
    day: str  # ISO: the paper's day, else its planned day; it says which term or year
    he: str = DEFAULT_SYSTEM  # dang | nha_nuoc | mttq
    paper: str = ""  # the paper that it is for; asked again for the same paper, the same number comes back
    trich_yeu: str = ""
    so: int | None = None  # typed by hand: it wins, and is recorded
    term_from: str = ""  # the day (or only the year) on which the committee's term began; "" as the register knows it
    new_term: bool = False  # the caller is sure that `term_from` opens a term, near as it is to another
    ky_hieu_loai: str | None = None  # symbol of the tên loại, where it is not the one of the rules
    cung: tuple[str, ...] = ()  # symbols of the bodies that issue it together with the lead
    mat: bool = False
    issued: bool = False  # signed and given out on `day`: recorded as such

    def named(self) -> str:
        return f"{self.ten_loai} của {self.co_quan}"


@dataclass(frozen=True, slots=True)
class Series:
    """Where a wanted number is counted. `ky` is nam | nhiem_ky | dai_hoi."""

    he: str
    co_quan: str  # folded: case, tone placement and blanks do not part two series
    nhom: str
    ky: str
    symbol: str  # of the tên loại
    confirmed: bool = True
    source: str = ""

    def key(self, period: str) -> str:
        return "|".join((self.he, self.co_quan, self.nhom.casefold(), period))


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules as data, and the choices that one register has made among them."""

    data: Mapping[str, Any]
    settings: Mapping[str, str] = field(default_factory=dict)

    def setting(self, name: str) -> str:
        return self.settings.get(name) or str(self.data["thiet_lap"][name]["mac_dinh"])

    def series(self, wanted: Wanted) -> Series:
        """The series of a wanted number; raise `FieldInvalid` for what takes none, or is not known."""
        system = self.data["he"].get(wanted.he)
        if system is None:
            known = ", ".join(self.data["he"])
            raise FieldInvalid(f"Không có hệ văn bản “{wanted.he}”; hiện có: {known}.", "system_unknown")
        for name, value in (("Cơ quan ban hành", wanted.co_quan), ("Tên loại", wanted.ten_loai)):
            if not value.strip():
                raise FieldInvalid(f"{name} để trống nên chưa lấy được số.", "blank")
        kind, symbol = self.kind(wanted)
        group = self._group(wanted, kind)
        if group is not None and not group["day"]:
            why = str(group.get("vi", ""))
            raise FieldInvalid(f"{kind} không có số riêng: {why}.", "takes_no_number", str(group.get("nguon", "")))
        name = str(group["day"]).format(ten_loai=kind) if group else kind
        rule = group or system
        period = str((group or {}).get("ky", system["ky"]))
        return Series(
            wanted.he, office_key(wanted.co_quan), name, period, symbol, bool(rule["confirmed"]), str(rule["nguon"])
        )

    def kind(self, wanted: Wanted) -> tuple[str, str]:
        """The tên loại and its symbol, of either typed: (Tờ trình, TTr)."""
        table: Mapping[str, str] = self.data["ky_hieu"][wanted.he]
        typed = clean(wanted.ten_loai)
        by_name = {_key(name): (name, symbol) for name, symbol in table.items()}
        found = by_name.get(_key(typed))
        if found is None:
            names = [name for name, symbol in table.items() if symbol and symbol == typed]
            if len(names) > 1:
                message = f"Ký hiệu {typed} là của {' và '.join(names)}; hãy ghi tên loại đầy đủ."
                raise FieldInvalid(message, "kind_ambiguous")
            found = (names[0], typed) if names else None
        if wanted.ky_hieu_loai is not None:
            return (found[0] if found else typed, wanted.ky_hieu_loai)
        if found is None and any(_key(typed) in map(_key, g.get("ten_loai", ())) for g in self.data["nhom"]):
            return typed, ""
        if found is None:
            raise FieldInvalid(
                f"Chưa biết ký hiệu của tên loại “{typed}”.", "kind_unknown", "Ghi thêm ký hiệu của tên loại."
            )
        return found

    def _group(self, wanted: Wanted, kind: str) -> Mapping[str, Any] | None:
        """The first group that the paper falls in; None: its tên loại has a series of its own."""
        for group in self.data["nhom"]:
            if group.get("he", wanted.he) != wanted.he or group.get("mat", wanted.mat) != wanted.mat:
                continue
            if "ten_loai" in group and _key(kind) not in map(_key, group["ten_loai"]):
                continue
            if "ky_hieu_co_quan" in group and wanted.ky_hieu not in group["ky_hieu_co_quan"]:
                continue
            if any(self.setting(name) != value for name, value in group.get("khi", {}).items()):
                continue
            if not str(group.get("tu_ngay", "")) <= wanted.day <= str(group.get("den_ngay", "9999")):
                continue
            found: Mapping[str, Any] = group
            return found
        return None

    def text(self, number: int, symbol: str, wanted: Wanted) -> str:
        """The number as printed: 05-QĐ/ĐU, 15/QĐ-UBND; joint bodies joined by a hyphen; a State công văn 05/UBND."""
        office = "-".join(x for x in (wanted.ky_hieu, *wanted.cung) if x)
        text = str(self.data["he"][wanted.he]["mau"]).format(so=hai_so(number), loai=symbol, co_quan=office)
        return text.replace("/-", "/").strip("-/")


def clean(text: str) -> str:
    """Text as it is kept: NFC, single blanks."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def _key(text: str) -> str:
    return to_moi(clean(text)).casefold()


def office_key(name: str) -> str:
    """The same for two spellings of one issuer: case, blanks and tone placement (ủy, uỷ) aside."""
    return _key(name).replace("|", "/")


@lru_cache(maxsize=1)
def rules_data() -> Mapping[str, Any]:
    file = root() / "data_schemas" / "quy_dinh" / "so-van-ban.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))
