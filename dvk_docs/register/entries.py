"""One number of a register, and what became of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from ..errors import NumberTaken

STATES = {"reserved": "đang giữ", "issued": "đã cấp", "void": "đã huỷ"}


@dataclass(frozen=True, slots=True)
class Entry:
    """A number as the register has it. Days and times are ISO; "" where there is none."""

    so: int
    so_ky_hieu: str  # as printed, without the word Số: 16-TTr/ĐU
    state: str  # reserved | issued | void
    he: str
    co_quan: str
    office_symbol: str  # ĐU, UBND
    ten_loai: str
    nhom: str  # the series within the issuer: the tên loại, or the name of a shared series
    ky: str  # the period as a person says it: năm 2026; nhiệm kỳ từ 01/7/2025
    paper: str
    trich_yeu: str
    ngay: str  # of issue
    typed: bool  # typed by hand somewhere, not given out by the register
    reserved_at: str
    issued_at: str
    voided_at: str
    reason: str  # why it is void
    series: str  # the key of its series
    holder: str  # the process that asked for it, until it has the number in hand

    @classmethod
    def of(cls, row: sqlite3.Row) -> Entry:
        return cls(
            row["so"],
            row["so_ky_hieu"],
            row["trang_thai"],
            row["he"],
            row["co_quan"],
            row["ky_hieu"],
            row["ten_loai"],
            row["nhom"],
            row["ky"],
            row["van_ban"],
            row["trich_yeu"],
            row["ngay"],
            bool(row["nhap_tay"]),
            row["giu_luc"],
            row["cap_luc"],
            row["huy_luc"],
            row["ly_do"],
            row["day_so"],
            row["giu_boi"],
        )

    def as_dict(self) -> dict[str, object]:
        """The entry as plain data, for `--json` and for a backup."""
        return {name: getattr(self, name) for name in self.__slots__ if name != "holder"}

    def __str__(self) -> str:
        return f"{self.so_ky_hieu} ({STATES[self.state]}, {self.co_quan}, {self.ky})"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why one wanted number was not given. `index` is its place among those asked for."""

    index: int
    code: str  # number_taken | number_void | number_disagrees | paper_has_number | takes_no_number ...
    message: str
    hint: str = ""


class NumbersRefused(NumberTaken):
    """Not one number was given, since these could not be."""

    def __init__(self, refusals: Iterable[Refusal]) -> None:
        self.refusals = tuple(refusals)
        super().__init__("\n".join(f"{r.message} {r.hint}".strip() for r in self.refusals))

    @property
    def code(self) -> str:
        return self.refusals[0].code if self.refusals else "number_taken"
