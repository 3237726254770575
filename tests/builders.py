"""Data that tests start from: the smallest year that yields several papers, and a pack with a kind of its own."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

TODAY = "2026-01-05"  # before every deadline of the year

INFO: dict[str, Any] = {
    "nam": 2026,
    "bo_quy_tac": "xa-2026",
    "ten_xa": "Bình An",
    "loai_xa": "xa",
    "dia_danh": "Bình An",
    "cap_tren": "thanh_pho",
    "dang_bo_cap_tren": "Đảng bộ thành phố Minh Hà",
    "noi_nhan_de_nghi": "Ban Tuyên giáo và Dân vận Thành uỷ Minh Hà",
    "dau_moi": "BXDD",
    "nguoi_ky": "NG01",
    "nguoi_lap_bieu": "NG01",
}


def unit(ma: str, ten: str, loai: str, **more: Any) -> dict[str, Any]:
    signs = {"thu_truong": "NG01", "chuc_vu_thu_truong": "Bí thư", "quyen_han": "T/M " + ten, "noi_luu": "Lưu " + ten}
    return {"ma": ma, "ten": ten, "loai": loai, "ky_hieu": ma, "dia_chi": "xã Bình An", **signs, **more}


def model(n: int, **changes: Any) -> dict[str, Any]:
    """One model, registered in time, run by one of the two chi bộ."""
    return {
        "ma": f"MH{n:02}",
        "ten": f"Tuyến đường hoa số {n}",
        "linh_vuc": ["kinh_te", "van_hoa_xa_hoi", "qpan_dttg", "xay_dung_htct"][n % 4],
        "loai_hinh": "xay_moi",
        "tap_the": f"DV{n % 2 + 1:02}",
        "pham_vi": "thôn Đông",
        "tu_ngay": "2026-03-01",
        "den_ngay": "2026-10-31",
        "ngay_dang_ky": "2026-02-03",
        "nguoi_phu_trach": "NG02",
        **changes,
    }


def small_year(**changes: Any) -> dict[str, Any]:
    """A valid year of three models; a keyword replaces a table, or a field of thong_tin."""
    year: dict[str, Any] = {
        "phien_ban": 3,
        "thong_tin": copy.deepcopy(INFO),
        "don_vi": [
            unit("DU", "Đảng uỷ xã Bình An", "dang_uy"),
            unit("BXDD", "Ban Xây dựng Đảng Đảng uỷ xã Bình An", "ban_xay_dung_dang", quan_ly="DU"),
            unit("DV01", "Chi bộ thôn Đông", "chi_bo", quan_ly="DU", truc_thuoc=True, phai_dang_ky=True),
            unit("DV02", "Chi bộ thôn Đoài", "chi_bo", quan_ly="DU", truc_thuoc=True, phai_dang_ky=True),
        ],
        "nguoi": [
            {
                "ma": "NG01",
                "ho_ten": "Nguyễn Văn Minh",
                "gioi_tinh": "nam",
                "chuc_vu": "Bí thư",
                "chuc_vu_ky": "Bí thư",
            },
            {"ma": "NG02", "ho_ten": "Trần Thị Lan", "gioi_tinh": "nu", "chuc_vu": "Chi uỷ viên", "don_vi": "DV01"},
        ],
        "mo_hinh": [model(1), model(2), model(3)],
    }
    for name, value in changes.items():
        if name in INFO or name == "kieu_dau":
            year["thong_tin"][name] = value
        else:
            year[name] = value
    return year


def kind_schema(**changes: Any) -> dict[str, Any]:
    """A kind that no Python knows: one slip for each model, with its name, place and count of letters."""
    return {
        "title": "Phiếu theo dõi mô hình",
        "type": "object",
        "additionalProperties": False,
        "x-he": ["dang"],
        "x-thu-tu": 77,
        "x-giai-doan": "dang-ky",
        "x-moi": "mo_hinh",
        "x-van-ban": {"ten_loai": "Phiếu", "trich_yeu": "'theo dõi'", "co_quan": "dang_uy"},
        "required": ["nam", "ten"],
        "properties": {
            "nam": {"title": "Năm", "type": "integer", "x-tu": "thong_tin.nam"},
            "ten": {"title": "Tên mô hình", "type": "string", "minLength": 1, "x-tu": "moi.ten"},
            "pham_vi": {"title": "Phạm vi", "type": ["string", "null"], "x-tu": "moi.pham_vi"},
            "dong": {"title": "Dòng tên", "type": "string", "x-suy-ra": "'Mô hình ' ~ (ten|ngoac_kep) ~ ' năm ' ~ nam"},
        },
        **changes,
    }


def write_pack(folder: Path, stem: str = "phieu-theo-doi", source: str = "", **changes: Any) -> Path:
    """A folder with one kind as data: its schema and the text its template is built from."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(kind_schema(**changes), ensure_ascii=False)
    (folder / f"{stem}.schema.json").write_text(text, encoding="utf-8")
    lines = source or "Tên loại: PHIẾU THEO DÕI\nNội dung: {{ dong }}\nNội dung: Phạm vi: {{ pham_vi or 'toàn xã' }}.\n"
    (folder / f"{stem}.txt").write_text(lines, encoding="utf-8")
    return folder
