"""Targets: what a rule asks of the whole year beside what the year has, for the papers that compare them.

A rule with the word `chi_tieu` is a target that papers print: its name, its unit, and the work it belongs to (`luc`).
The figures are those that the rule itself judges by, so a paper never says other than the check does.

    chi_tieu = {ten = "Mô hình đăng ký của toàn xã", don_vi = "mô hình", luc = "dang-ky"}
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

Evaluate = Callable[[str, Mapping[str, Any]], Any]  # an expression and its own names -> its value


def targets(rules: Iterable[Mapping[str, Any]], luc: str, evaluate: Evaluate) -> Iterator[dict[str, Any]]:
    """Each target of a piece of work: `chi_tieu` (its name), `yeu_cau`, `thuc_te` (figures), `don_vi`, `dat`."""
    for rule in rules:
        told = rule.get("chi_tieu", {})
        if told.get("luc") != luc or rule.get("kiem") not in FIGURES:
            continue
        wanted, found = FIGURES[rule["kiem"]](_Of(rule, evaluate))
        yield {
            "ma": rule["ma"],
            "chi_tieu": told["ten"],
            "yeu_cau": wanted,
            "thuc_te": found,
            "don_vi": told.get("don_vi", ""),
            "dat": found >= wanted,
        }


class _Of:
    """One rule and what its expressions give."""

    def __init__(self, rule: Mapping[str, Any], evaluate: Evaluate) -> None:
        self.rule, self.evaluate = rule, evaluate

    def value(self, key: str, **scope: Any) -> Any:
        """The value of the rule's expression; a number stands for itself."""
        source = self.rule.get(key)
        return self.evaluate(source, scope) if isinstance(source, str) else source

    def count(self, **scope: Any) -> int:
        """How many of `tap` meet `loc`."""
        members = self.value("tap", **scope) or []
        return sum(1 for m in members if "loc" not in self.rule or self.value("loc", **scope, nay=m))


def _counted(of: _Of) -> tuple[Any, Any]:
    return of.value("gia_tri"), of.count()


def _each_unit(of: _Of) -> tuple[Any, Any]:
    """All units, and those that have enough."""
    units, least = of.value("don_vi") or [], of.value("gia_tri")
    return len(units), sum(1 for unit in units if of.count(dv=unit) >= least)


def _share(of: _Of) -> tuple[Any, Any]:
    part, whole = of.value("tu") or 0, of.value("mau") or 0
    return of.value("gia_tri"), round(part * 100 / whole, 1) if whole else 0


FIGURES: Mapping[str, Callable[[_Of], tuple[Any, Any]]] = {
    "dem_toi_thieu": _counted,
    "moi_don_vi_toi_thieu": _each_unit,
    "ty_le_toi_thieu": _share,
}
