"""Lọc: every text filter and function of expressions and templates, by name.

What needs the year's graph (citations, papers of a kind) is not here.

>>> TEXT_FILTERS["hai_so"](7), TEXT_FUNCTIONS["ngay_dai"](None, 2026)
('07', 'ngày      tháng      năm 2026')
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .gio import gio_chu
from .ngay import khoang_thoi_gian, ngay_dai, ngay_so, thang_nam
from .sap_xep import sap_theo_ten
from .so_dem import bang_chu, dem_phan, hai_so, so_thap_phan, ty_le
from .so_van_ban import so_ky_hieu_dang
from .ten_mo_hinh import ngoac_kep
from .van_ban import (
    bo_cham,
    bo_dau_cau,
    cat_sau,
    cho_trong,
    dong_can_cu,
    dong_noi_nhan,
    hoa,
    hoa_dau,
    hoa_quyen_han,
    noi,
    theo_kieu_dau,
    thuong_dau,
)

_ALL: tuple[Callable[..., Any], ...] = (
    hoa,
    hoa_dau,
    thuong_dau,
    ngoac_kep,
    ngay_so,
    ngay_dai,
    thang_nam,
    khoang_thoi_gian,
    gio_chu,
    hai_so,
    so_thap_phan,
    ty_le,
    bang_chu,
    dem_phan,
    noi,
    bo_cham,
    theo_kieu_dau,
    cat_sau,
    bo_dau_cau,
    so_ky_hieu_dang,
    dong_can_cu,
    dong_noi_nhan,
    hoa_quyen_han,
    sap_theo_ten,
    cho_trong,
)

TEXT_FUNCTIONS: dict[str, Callable[..., Any]] = {f.__name__: f for f in _ALL}
"""Called by name: `ngay_dai(ngay, nam)`."""

TEXT_FILTERS: dict[str, Callable[..., Any]] = dict(TEXT_FUNCTIONS)
"""Applied with a bar: `so|hai_so`. The same names: each filter is also a function."""
