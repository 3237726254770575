"""One file for each kind of Vietnamese value, and the table of the text filters that they give."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

HOMES: dict[str, str] = {
    "hoa": "van_ban",
    "hoa_dau": "van_ban",
    "thuong_dau": "van_ban",
    "ngoac_kep": "ten_mo_hinh",
    "ngay_so": "ngay",
    "ngay_dai": "ngay",
    "ngay_trong": "ngay",
    "thang_nam": "ngay",
    "khoang_thoi_gian": "ngay",
    "cong_ngay": "ngay",
    "thu_trong_tuan": "ngay",
    "gio_chu": "gio",
    "lich_gio": "lich",
    "lich_chong": "lich",
    "hai_so": "so_dem",
    "so_thap_phan": "so_dem",
    "ty_le": "so_dem",
    "bang_chu": "so_dem",
    "dem_phan": "so_dem",
    "noi": "van_ban",
    "dong_co": "van_ban",
    "liet_ke": "van_ban",
    "bo_cham": "van_ban",
    "theo_kieu_dau": "van_ban",
    "cat_sau": "van_ban",
    "bo_dau_cau": "van_ban",
    "so_ky_hieu_dang": "so_van_ban",
    "dong_so_ky_hieu": "so_van_ban",
    "ky_hieu": "so_van_ban",
    "be_rong": "be_rong",
    "vi_tri": "so_dem",
    "la_ma": "so_dem",
    "trung_binh": "so_dem",
    "xep_hang": "so_dem",
    "cong_theo_don_vi": "so_dem",
    "tron_len": "so_tien",
    "tien_bang_chu": "so_tien",
    "dong_can_cu": "van_ban",
    "dong_noi_nhan": "van_ban",
    "hoa_quyen_han": "van_ban",
    "sap_theo_ten": "sap_xep",
    "cho_trong": "van_ban",
}
"""Each text filter of expressions and templates, and the module that it lives in."""


def text_filter(name: str) -> Callable[..., Any]:
    """Return one text filter; its module is imported only now."""
    from importlib import import_module

    found: Callable[..., Any] = getattr(import_module(f"{__name__}.{HOMES[name]}"), name)
    return found
