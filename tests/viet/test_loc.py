from __future__ import annotations

import subprocess
import sys

import pytest

from dvk_docs.viet import loc

NAMES = [
    "hoa",
    "hoa_dau",
    "thuong_dau",
    "ngoac_kep",
    "ngay_so",
    "ngay_dai",
    "thang_nam",
    "khoang_thoi_gian",
    "thu_trong_tuan",
    "gio_chu",
    "lich_gio",
    "lich_chong",
    "hai_so",
    "so_thap_phan",
    "ty_le",
    "bang_chu",
    "dem_phan",
    "noi",
    "cat_sau",
    "bo_dau_cau",
    "so_ky_hieu_dang",
    "dong_can_cu",
    "dong_noi_nhan",
    "hoa_quyen_han",
    "sap_theo_ten",
    "cho_trong",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_both_a_filter_and_a_function(name: str) -> None:
    assert loc.TEXT_FILTERS[name] is loc.TEXT_FUNCTIONS[name]


@pytest.mark.parametrize(
    "name",
    [
        "hoa",
        "hoa_dau",
        "thuong_dau",
        "ngoac_kep",
        "ngay_so",
        "thang_nam",
        "thu_trong_tuan",
        "gio_chu",
        "hai_so",
        "so_thap_phan",
        "bang_chu",
    ],
)
def test_a_blank_prints_nothing(name: str) -> None:
    assert loc.TEXT_FILTERS[name](None) == ""


def test_no_heavy_library_is_loaded() -> None:
    code = (
        "import sys, dvk_docs.viet.loc; print([m for m in ('jinja2', 'docx', 'openpyxl', 'lxml') if m in sys.modules])"
    )
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )
