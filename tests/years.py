"""Sample years of a real commune's size, one for each rule set: 30 units, 24 to 36 models, every stage of the year.

    python tests/years.py      writes samples/nam/<bộ quy tắc>.json

People and places are invented; every figure of a result follows from its target, so that no two papers disagree.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from year_models import MODELS

Row = dict[str, Any]
SURNAMES = ["Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Phan", "Vũ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý"]
MIDDLES = {
    "nam": ["Văn", "Đức", "Xuân", "Quang", "Minh", "Hữu", "Công"],
    "nu": ["Thị", "Thị Thu", "Thị Ngọc", "Thị Thanh"],
}
GIVEN = {
    "nam": [
        "An",
        "Bình",
        "Chiến",
        "Dũng",
        "Giang",
        "Hải",
        "Hùng",
        "Khánh",
        "Lâm",
        "Mạnh",
        "Nam",
        "Phong",
        "Quân",
        "Sơn",
        "Tài",
        "Tuấn",
        "Vinh",
    ],
    "nu": [
        "Ánh",
        "Bích",
        "Dung",
        "Hạnh",
        "Hiền",
        "Hoa",
        "Hương",
        "Lan",
        "Liên",
        "Loan",
        "Mai",
        "Nga",
        "Oanh",
        "Phương",
        "Thảo",
        "Xuân",
    ],
}
VILLAGES = ["Đông", "Tây", "Nam", "Bắc", "Thượng", "Hạ", "Trung", "Bến", "Chùa", "Giếng", "Đồi", "Sông", "Cầu", "Chợ"]
BODIES = {
    "chi_bo": "A",
    "phu_nu": "HPN",
    "nong_dan": "HND",
    "doan": "DTN",
    "mttq": "MTTQ",
    "cong_an": "CBCA",
    "quan_su": "CBQS",
    "truong": "CBTHCS",
    "y_te": "CBYT",
    "dang": "CBDANG",
    "ubnd": "DBUB",
}
UPPER = ("HPN", "HND", "DTN", "MTTQ", "DBUB")  # ba cấp: đăng ký với Ban Dân vận Huyện uỷ
APPROVED_BY_DECISION = ("ha-tinh-tinh",)
FREE = ("chi_bo", "phu_nu", "nong_dan", "doan", "mttq", "truong", "cong_an", "quan_su", "dang", "ubnd", "y_te")
FORCES = [
    ("Đảng viên chi bộ", "nòng cốt, đến từng nhà"),
    ("Hội viên, đoàn viên", "trực tiếp thực hiện"),
    ("Nhân dân trên địa bàn", "bàn, làm và giám sát"),
]


@dataclass(frozen=True)
class Place:
    """One commune, its rule set and the days that its guide sets."""

    rules: str
    nam: int
    ten: str
    tinh: str  # của đảng bộ cấp trên
    cap: str  # thanh_pho | tinh
    to: str  # nơi nhận hồ sơ đề nghị
    guide: str  # số, ký hiệu hướng dẫn cấp trên
    guide_by: str
    seed: int
    models: int
    registered: str  # MM-DD
    don_vi_dan_cu: str = "thôn"
    khac: str = "qpan_dttg"  # mã của lĩnh vực quốc phòng - an ninh
    villages: int = 14
    criteria: int = 5  # tiêu chí mô hình mà hướng dẫn nêu
    june: str = "06-17"  # ngày báo cáo 6 tháng của xã
    december: str = "12-02"
    surveys: bool = False  # mô hình được duyệt phải có khảo sát
    steering: bool = False  # có Ban Chỉ đạo
    district: bool = False  # ba cấp: Khối Dân vận xã, Ban Dân vận Huyện uỷ
    each_person: bool = False  # each unit registers one model of a person too


PLACES = [
    Place(
        "xa-2026",
        2026,
        "Tân Phú",
        "thành phố Minh Hà",
        "thanh_pho",
        "Ban Tuyên giáo và Dân vận Thành uỷ Minh Hà",
        "12-HD/BTGDVTU",
        "Ban Tuyên giáo và Dân vận Thành uỷ Minh Hà",
        4,
        26,
        "02-04",
        criteria=8,
        june="06-18",
        december="11-25",
    ),
    Place(
        "xa-xuan-hung",
        2026,
        "Xuân Lộc",
        "tỉnh Hồng Lam",
        "tinh",
        "Ban Tuyên giáo và Dân vận Tỉnh uỷ Hồng Lam",
        "20-HD/BTGDVTU",
        "Ban Tuyên giáo và Dân vận Tỉnh uỷ Hồng Lam",
        1,
        30,
        "02-27",
        "thôn",
        "quoc_phong_an_ninh",
        7,
        each_person=True,
        june="06-03",
        december="12-03",
        surveys=True,
        steering=True,
    ),
    Place(
        "ha-tinh-tinh",
        2026,
        "Cẩm Sơn",
        "tỉnh Hồng Lam",
        "tinh",
        "Ban Tuyên giáo và Dân vận Tỉnh uỷ Hồng Lam",
        "05-HD/BTGDVTU",
        "Ban Tuyên giáo và Dân vận Tỉnh uỷ Hồng Lam",
        0,
        24,
        "02-20",
        "thôn",
        "quoc_phong_an_ninh",
        june="07-02",
        december="12-02",
        surveys=True,
        steering=True,
    ),
    Place(
        "ha-tinh-chi-thi-45",
        2026,
        "Kỳ Thanh",
        "tỉnh Hồng Lam",
        "tinh",
        "Ban Tuyên giáo và Dân vận Tỉnh uỷ Hồng Lam",
        "05-HD/BTGDVTU",
        "Ban Tuyên giáo và Dân vận Tỉnh uỷ Hồng Lam",
        2,
        26,
        "02-18",
        "thôn",
        "quoc_phong_an_ninh",
        criteria=3,
        steering=True,
    ),
    Place(
        "huyen-2023",
        2023,
        "An Thịnh",
        "huyện Vân Khê",
        "tinh",
        "Ban Dân vận Huyện uỷ Vân Khê",
        "01-HD/BDVHU",
        "Ban Dân vận Huyện uỷ Vân Khê",
        3,
        26,
        "02-20",
        "thôn",
        "quoc_phong_an_ninh",
        district=True,
    ),
]


class Making:
    """One year in the making: names are drawn in order, so that the same place gives the same year."""

    def __init__(self, place: Place) -> None:
        self.p, self.rng, self.used = place, random.Random(place.seed), set[str]()
        self.xa = f"xã {place.ten}"
        self.units: list[Row] = []
        self.people: list[Row] = []
        self.models: list[Row] = []
        self.meetings: list[Row] = []
        self.present: list[Row] = []
        self.best: list[Row] = []
        self.papers: list[Row] = []

    def day(self, month_day: str, more: int = 0) -> str:
        """A working day: a Saturday or Sunday moves on to Monday."""
        found = date.fromisoformat(f"{self.p.nam}-{month_day}") + timedelta(days=more)
        return (found + timedelta(days={5: 2, 6: 1}.get(found.weekday(), 0))).isoformat()

    def after(self, month_day: str, working: int) -> str:
        """The day so many working days after another."""
        found = date.fromisoformat(self.day(month_day))
        for _ in range(working):
            found += timedelta(days={4: 3}.get(found.weekday(), 1))
        return found.isoformat()

    # --- people and units

    def person(self, unit: str, office: str, **more: Any) -> str:
        sex = self.rng.choice(["nam", "nam", "nu"])
        while (
            name := " ".join((self.rng.choice(SURNAMES), self.rng.choice(MIDDLES[sex]), self.rng.choice(GIVEN[sex])))
        ) in self.used:
            pass
        self.used.add(name)
        code = f"NG{len(self.people) + 1:02}"
        born = f"{self.p.nam - self.rng.randint(31, 57)}-{self.rng.randint(1, 12):02}-{self.rng.randint(1, 28):02}"
        home = f"{self.p.don_vi_dan_cu} {self.rng.choice(VILLAGES)}, {self.xa}"
        row = {
            "ma": code,
            "ho_ten": name,
            "gioi_tinh": sex,
            "ngay_sinh": born,
            "chuc_vu": office,
            "don_vi": unit,
            "tru_quan": home,
            "dan_toc": "Kinh",
            **more,
        }
        self.people.append(row)
        return code

    def unit(self, code: str, name: str, kind: str, head: str, **more: Any) -> None:
        size = self.rng.randint(9, 64)
        row = {
            "ma": code,
            "ten": name,
            "loai": kind,
            "quan_ly": "DU",
            "dia_chi": f"trung tâm {self.xa}",
            "thu_truong": head,
            "so_nguoi": size,
            "so_nu": size // 3,
        }
        self.units.append({**row, **more})

    def offices(self) -> None:
        xa = self.xa
        head = self.person("DU", "Bí thư Đảng uỷ", chuc_vu_ky="Bí thư", lanh_dao=True)
        deputy = self.person("DU", "Phó Bí thư Thường trực Đảng uỷ", chuc_vu_ky="Phó Bí thư", lanh_dao=True)
        self.head, self.deputy = head, deputy
        party = {"co_con_dau": True}
        self.unit(
            "DU",
            f"Đảng uỷ {xa}",
            "dang_uy",
            head,
            quan_ly=None,
            ky_hieu="ĐU",
            chuc_vu_thu_truong="Bí thư",
            quyen_han="T/M Đảng uỷ",
            noi_luu="Lưu Văn phòng Đảng uỷ",
            **party,
        )
        self.build = self.person(
            "CBDANG", "Uỷ viên Ban Thường vụ, Trưởng Ban Xây dựng Đảng", chuc_vu_ky="Trưởng ban", lanh_dao=True
        )
        self.unit(
            "BXDD",
            f"Ban Xây dựng Đảng Đảng uỷ {xa}",
            "ban_xay_dung_dang",
            self.build,
            ky_hieu="BXDĐ",
            chuc_vu_thu_truong="Trưởng ban",
            noi_luu="Lưu Ban Xây dựng Đảng",
            **party,
        )
        self.clerk = self.person("CBDANG", "Đảng uỷ viên, Chánh Văn phòng Đảng uỷ", chuc_vu_ky="Chánh Văn phòng")
        self.unit(
            "VPDU",
            f"Văn phòng Đảng uỷ {xa}",
            "van_phong_dang_uy",
            self.clerk,
            ky_hieu="VPĐU",
            chuc_vu_thu_truong="Chánh Văn phòng",
            noi_luu="Lưu Văn phòng Đảng uỷ",
            **party,
        )
        self.control = self.person("CBDANG", "Uỷ viên Ban Thường vụ, Chủ nhiệm Uỷ ban Kiểm tra", chuc_vu_ky="Bí thư")
        self.unit(
            "UBKT",
            f"Uỷ ban Kiểm tra Đảng uỷ {xa}",
            "ubkt",
            self.control,
            ky_hieu="UBKTĐU",
            chuc_vu_thu_truong="Chủ nhiệm",
            noi_luu="Lưu Uỷ ban Kiểm tra",
            **party,
        )
        self.writer = self.person("CBDANG", "Chuyên viên Ban Xây dựng Đảng")
        offices = (
            "Phó Trưởng Ban Xây dựng Đảng",
            "Phó Chủ tịch Uỷ ban Mặt trận Tổ quốc Việt Nam xã",
            "Phó Chủ tịch Hội đồng nhân dân xã",
            "Phó Chủ nhiệm Uỷ ban Kiểm tra",
        )
        self.experts = [self.person("CBDANG", office) for office in offices]
        self.villages()
        self.chair = self.person(
            "DBUB", "Phó Bí thư Đảng uỷ, Chủ tịch Uỷ ban nhân dân xã", chuc_vu_ky="Bí thư", lanh_dao=True
        )
        self.cell("CBDANG", f"Chi bộ các cơ quan Đảng {xa}", self.control)
        self.unit(
            "DBUB",
            f"Đảng bộ Uỷ ban nhân dân {xa}",
            "dang_bo",
            self.chair,
            ky_hieu="ĐU",
            truc_thuoc=True,
            phai_dang_ky=True,
            chuc_vu_thu_truong="Bí thư",
            quyen_han="T/M Đảng uỷ",
            noi_luu="Lưu Đảng uỷ",
        )
        for code, name, office in self.others():
            self.cell(code, f"Chi bộ {name}", self.person(code, office, chuc_vu_ky="Bí thư"))
        self.front()

    def others(self) -> Iterator[tuple[str, str, str]]:
        ten = self.p.ten
        yield "CBCA", f"Công an {self.xa}", "Uỷ viên Ban Thường vụ, Trưởng Công an xã"
        yield "CBQS", f"Quân sự {self.xa}", "Đảng uỷ viên, Chỉ huy trưởng Ban Chỉ huy Quân sự xã"
        yield "CBTHCS", f"Trường Trung học cơ sở {ten}", f"Hiệu trưởng Trường Trung học cơ sở {ten}"
        yield "CBTH", f"Trường Tiểu học {ten}", f"Hiệu trưởng Trường Tiểu học {ten}"
        yield "CBMN", f"Trường Mầm non {ten}", f"Hiệu trưởng Trường Mầm non {ten}"
        yield "CBYT", f"Trạm Y tế {self.xa}", "Trạm trưởng Trạm Y tế xã"

    def cell(self, code: str, name: str, head: str, **more: Any) -> None:
        words = {
            "ky_hieu": "CB",
            "truc_thuoc": True,
            "phai_dang_ky": True,
            "chuc_vu_thu_truong": "Bí thư",
            "quyen_han": "T/M Chi bộ",
            "noi_luu": "Lưu Chi bộ",
        }
        self.unit(code, name, "chi_bo", head, **{**words, **more})

    def villages(self) -> None:
        for n, name in enumerate(VILLAGES[: self.p.villages], 1):
            thon = f"{self.p.don_vi_dan_cu} {name}"
            head = self.person(f"A{n:02}", f"Bí thư Chi bộ, Trưởng {thon}", chuc_vu_ky="Bí thư")
            self.people[-1]["tru_quan"] = f"{thon}, {self.xa}"
            self.cell(f"A{n:02}", f"Chi bộ {thon}", head, dia_chi=f"{thon}, {self.xa}")

    def front(self) -> None:
        xa, party = self.xa, {"co_con_dau": True, "quan_ly": "CBDANG"}
        bodies = [
            (
                "MTTQ",
                f"Uỷ ban Mặt trận Tổ quốc Việt Nam {xa}",
                "mttq",
                "Chủ tịch Uỷ ban Mặt trận Tổ quốc Việt Nam xã",
                "Chủ tịch",
                "T/M Ban Thường trực",
                "MTTQ-BTT",
            )
        ]
        bodies += [
            (
                "HPN",
                f"Hội Liên hiệp Phụ nữ {xa}",
                "doan_the",
                "Chủ tịch Hội Liên hiệp Phụ nữ xã",
                "Chủ tịch",
                "T/M Ban Thường vụ",
                "HPN",
            )
        ]
        bodies += [
            (
                "HND",
                f"Hội Nông dân {xa}",
                "doan_the",
                "Chủ tịch Hội Nông dân xã",
                "Chủ tịch",
                "T/M Ban Thường vụ",
                "HND",
            )
        ]
        bodies += [
            (
                "DTN",
                f"Đoàn Thanh niên Cộng sản Hồ Chí Minh {xa}",
                "doan_the",
                "Bí thư Đoàn xã",
                "Bí thư",
                "T/M Ban Thường vụ",
                "ĐTN",
            )
        ]
        self.heads = {}
        for code, name, kind, office, title, right, symbol in bodies:
            self.heads[code] = self.person("CBDANG", f"Đảng uỷ viên, {office}", chuc_vu_ky=title)
            self.unit(
                code,
                name,
                kind,
                self.heads[code],
                ky_hieu=symbol,
                chuc_vu_thu_truong=title,
                quyen_han=right,
                noi_luu="Lưu Văn thư",
                **party,
            )
        self.unit(
            "UBND",
            f"Uỷ ban nhân dân {xa}",
            "ubnd",
            self.chair,
            ky_hieu="UBND",
            co_con_dau=True,
            quan_ly="DBUB",
            chuc_vu_thu_truong="Chủ tịch",
            quyen_han="T/M Uỷ ban nhân dân",
            noi_luu="Lưu Văn thư",
        )
        if self.p.district:
            block = self.person(
                "CBDANG", "Phó Bí thư Thường trực Đảng uỷ, Trưởng Khối Dân vận xã", chuc_vu_ky="Trưởng khối"
            )
            self.unit(
                "KDV",
                f"Khối Dân vận {xa}",
                "khoi_dan_van",
                block,
                ky_hieu="KDV",
                chuc_vu_thu_truong="Trưởng khối",
                noi_luu="Lưu Khối Dân vận",
            )
            upper = self.person("BDV", "Trưởng Ban Dân vận Huyện uỷ", chuc_vu_ky="Trưởng ban")
            self.unit(
                "BDV",
                "Ban Dân vận Huyện uỷ Vân Khê",
                "ban_dan_van",
                upper,
                quan_ly=None,
                ky_hieu="BDVHU",
                co_con_dau=True,
                chuc_vu_thu_truong="Trưởng ban",
                noi_luu="Lưu Ban Dân vận",
            )
        self.unit(
            "HDTDKT",
            f"Hội đồng Thi đua - Khen thưởng {xa}",
            "hoi_dong",
            self.chair,
            quan_ly="DBUB",
            ky_hieu="HĐTĐKT",
            chuc_vu_thu_truong="Chủ tịch Hội đồng",
        )

    # --- models

    def all_models(self) -> None:
        """A model for each party cell first, then those of the mass bodies, up to the place's number."""
        specs = list(MODELS)
        cells = [u["ma"] for u in self.units if u.get("phai_dang_ky")]
        owners: list[tuple[str, bool]] = [(c, False) for c in cells]
        owners += [(c, True) for c in cells] if self.p.each_person else []
        owners += [(c, False) for c in ("HPN", "HND", "DTN", "MTTQ", "A01", "A02", "A03")]
        for n, (owner, alone) in enumerate(owners[: self.p.models]):
            fit = next((s for s in specs if BODIES.get(s[3]) == owner), None) or next(s for s in specs if s[3] in FREE)
            specs.remove(fit)
            self.model(n, fit, owner, alone)

    def model(self, n: int, spec: tuple[Any, ...], owner: str, alone: bool) -> None:
        name, field, kind, _, situation, tasks, ways, goals = spec
        unit = next(u for u in self.units if u["ma"] == owner)
        local = owner.startswith("A")
        thon = unit["ten"].removeprefix("Chi bộ ") if local else self.xa
        a, b = self.rng.randint(24, 180), self.rng.randint(3, 9)
        registered = self.day(self.p.registered, -self.rng.randint(0, 6))
        code = f"MH{n + 1:02}"
        figures = [self.goal(g) for g in goals]
        june = [
            {
                "ky": "6 tháng",
                "noi_dung": g["noi_dung"],
                "don_vi_tinh": g["don_vi_tinh"],
                "dat": round(g["muc_tieu"] * 0.45),
            }
            for g in figures
        ]
        short = n % 12 == 11  # one in twelve falls behind: it is not recognised
        row: Row = {
            "ma": code,
            "ten": f"{name} {thon}" if local else name,
            "linh_vuc": self.p.khac if field == "quoc_phong_an_ninh" else field,
            "loai_hinh": kind,
            **({"ca_nhan": self.member(owner)} if alone else {"tap_the": owner}),
            "pham_vi": thon,
            "tu_ngay": self.day("03-16"),
            "den_ngay": self.day("10-30"),
            "ngay_dang_ky": registered,
            "nguoi_phu_trach": self.heads["MTTQ"],
            "thuc_trang": [situation.format(thon=thon, a=a, b=b)],
            "hieu_qua_du_kien": [
                f"{g['noi_dung']} đạt {g['muc_tieu']:,} {g['don_vi_tinh']}.".replace(",", ".") for g in figures
            ],
            "muc_dich_yeu_cau": [
                "Giải quyết việc Nhân dân đang cần ở cơ sở; dân bàn, dân làm, dân giám sát.",
                "Việc làm thiết thực, không hình thức, duy trì được lâu dài.",
            ],
            "noi_dung": [t.format(thon=thon, a=a, b=b) for t in tasks],
            "bien_phap": [*ways, f"Rút kinh nghiệm hằng tháng tại {thon}, ghi sổ theo dõi mô hình {code}."],
            "luc_luong": [{"ten": f, "vai_tro": w, "so_luong": self.rng.randint(12, 90)} for f, w in FORCES],
            "muc_tieu": [*figures, *june],
            "tuyen_truyen": [
                {"noi_dung": "Họp bàn với Nhân dân", "don_vi_tinh": "buổi", "dat": 6 + b},
                {"noi_dung": "Tin trên loa truyền thanh", "don_vi_tinh": "tin", "dat": 8 + b},
            ],
            "minh_chung": [
                {"ten": "Sổ theo dõi, ảnh từng buổi", "ngay": self.day("08-31"), "so_to": 12},
                {"ten": "Biên bản họp bàn với Nhân dân", "ngay": self.day("03-16"), "so_to": 3},
            ],
            "kha_nang_nhan_rong": [f"Cách làm đơn giản, chi phí thấp; các nơi khác trong {self.xa} làm theo được."],
            "doi_tuong": [f"Nhân dân, các tổ chức trên địa bàn {thon}."],
            "san_pham": ["Kết quả theo chỉ tiêu, kèm hồ sơ, ảnh."],
            "viec_kho": [f"Việc tồn tại nhiều năm ở {thon} đã được Nhân dân bàn và tự tay làm xong."],
            "han_che": ["Hồ sơ, ảnh từng buổi lưu chưa đều do người giữ sổ kiêm nhiệm."],
            "bai_hoc": ["Làm điểm trước, công khai chi phí, để dân tự so sánh."],
            "phuong_huong": [f"Giữ kết quả, nhân ra các nơi khác trong {self.xa} vào năm {self.p.nam + 1}."],
            "kho_khan": ["Kinh phí ban đầu phải tự cân đối; người trực tiếp làm còn mỏng."],
            "thuan_loi": [f"Nhân dân {thon} đồng tình; các đoàn thể cùng làm."],
            "de_xuat_chu_truong": ["Đề nghị cấp uỷ đồng ý chủ trương, cử người theo dõi mô hình."],
            "nguon_luc": [
                {"ten": "Nhân dân đóng góp", "don_vi_tinh": "triệu đồng", "du_kien": 20 + b, "dat": 24 + b},
                {"ten": "Ngày công", "don_vi_tinh": "ngày công", "du_kien": a, "dat": a + b},
            ],
            "phan_cong": [
                {"ai_lam": unit["ten"], "noi_dung": "Tổ chức thực hiện, báo cáo hằng tháng"},
                {"ai_lam": self.heads["MTTQ"], "noi_dung": "Theo dõi, giúp đỡ"},
            ],
            "lich_kiem_tra": [
                {"noi_dung": "Khảo sát", "thoi_gian": f"tháng 2/{self.p.nam}"},
                {"noi_dung": "Kiểm tra", "thoi_gian": f"tháng 6 và tháng 8/{self.p.nam}"},
                {"noi_dung": "Tổng kết, báo cáo", "thoi_gian": f"tháng 9/{self.p.nam}"},
            ],
            "tien_do": [
                {
                    "noi_dung": "Họp bàn, phân công",
                    "chu_tri": "Chủ thể mô hình",
                    "phoi_hop": "Ban công tác Mặt trận",
                    "thoi_gian": f"tháng 3/{self.p.nam}",
                    "san_pham": "Biên bản phân công",
                },
                {
                    "noi_dung": "Làm điểm, rút kinh nghiệm",
                    "chu_tri": "Chủ thể mô hình",
                    "phoi_hop": "Các đoàn thể",
                    "thoi_gian": f"tháng 4 - 5/{self.p.nam}",
                    "san_pham": "Cách làm thống nhất",
                },
                {
                    "noi_dung": "Làm đại trà, tổng kết",
                    "chu_tri": "Chủ thể mô hình",
                    "phoi_hop": "Các đoàn thể",
                    "thoi_gian": f"tháng 6 - 10/{self.p.nam}",
                    "san_pham": "Kết quả theo chỉ tiêu",
                },
            ],
        }
        self.models.append(row)
        self.done(row, n, short)

    def member(self, owner: str) -> str:
        """A person of a unit who is not its head: the head confirms what the person reports."""
        return self.person(owner, "Phó Bí thư Chi bộ" if owner.startswith("A") else "Đảng viên, Tổ trưởng Tổ dân vận")

    def goal(self, spec: tuple[str, str, int, int]) -> Row:
        words, unit, base, aim = spec
        reached = round(aim * self.rng.uniform(1.0, 1.12))
        return {"noi_dung": words, "don_vi_tinh": unit, "nen": base, "muc_tieu": aim, "dat": reached}

    def done(self, row: Row, n: int, short: bool) -> None:
        """What became of a model: approved, launched where new, reported, appraised, recognised."""
        row["ngay_phe_duyet"] = self.day("03-05")
        if self.p.district and row.get("tap_the") in UPPER:
            row["noi_nhan_dang_ky"] = ["BDV"]  # a body of the commune's level registers with the district
        if row["loai_hinh"] == "xay_moi":
            row["ngay_ra_mat"] = self.day("03-24", n % 9)
        else:
            row["mo_hinh_goc"] = [
                f"Mô hình cùng tên được công nhận năm {self.p.nam - 1}, nay mở rộng với mục tiêu cao hơn."
            ]
        row["ngay_bao_cao"] = self.day("09-04")
        row["hop_tham_dinh"] = f"TD{n % 3 + 1:02}"
        row["ket_luan_tham_dinh"] = "bo_sung" if short else "de_nghi_cong_nhan"
        results = [
            f"{g['noi_dung']} đạt {g['dat']:,} {g['don_vi_tinh']}, vượt hoặc bằng mục tiêu đăng ký.".replace(
                ",", ".", 1
            )
            for g in row["muc_tieu"]
            if "ky" not in g
        ]
        row["ket_qua"] = results
        row["tieu_chi"] = [
            {"so": n, "dat": not (short and n == self.p.criteria), "nhan_xet": CRITERIA[n - 1]}
            for n in range(1, self.p.criteria + 1)
        ]
        row["nhan_rong"] = [{"noi_dung": f"Hai đơn vị khác trong {self.xa}"}]
        row["cach_lam"] = [f"{row['bien_phap'][0]} {row['bien_phap'][1]}"]
        row["suc_lan_toa"] = [f"Cách làm đã được hai đơn vị trong {self.xa} đến học và làm theo."]
        if short:
            last = [g for g in row["muc_tieu"] if "ky" not in g][-1]
            last["dat"] = round(last["muc_tieu"] * 0.7)
            row["ket_qua"] = [results[0], f"{last['noi_dung']} chưa đạt mục tiêu, tiếp tục thực hiện."]
        elif not (self.p.district and row.get("tap_the") in UPPER):
            row["cong_nhan"] = True
            row["phieu_dong_y"] = 15

    # --- meetings

    def meeting(
        self, code: str, kind: str, name: str, day: str, hours: tuple[str, str], who: list[str], **more: Any
    ) -> None:
        chair, clerk = who[0], more.pop("thu_ky", self.writer)
        members = list(dict.fromkeys([*who, clerk]))
        place = more.pop("dia_diem", f"Phòng họp Đảng uỷ {self.xa}")
        row = {
            "ma": code,
            "loai": kind,
            "ten": name,
            "ngay": day,
            "gio_bat_dau": hours[0],
            "gio_ket_thuc": hours[1],
            "dia_diem": place,
            "chu_tri": chair,
            "thu_ky": clerk,
            "so_trieu_tap": len(members),
        }
        roles = more.pop("vai_tro", {})
        self.meetings.append({**row, **more})
        for person in members:
            role = {"vai_tro": roles[person]} if person in roles else {}
            self.present.append({"cuoc_hop": code, "nguoi": person, "thanh_phan": "thanh_vien", "co_mat": True, **role})

    def all_meetings(self) -> None:
        nam, xa = self.p.nam, self.xa
        core = [self.build, self.heads["MTTQ"], self.heads["HPN"], self.heads["HND"], self.heads["DTN"]]
        self.meeting(
            "RS01",
            "ra_soat",
            f"Họp rà soát đăng ký mô hình “Dân vận khéo” năm {nam}",
            self.day("03-02"),
            ("14:00", "16:30"),
            core,
            noi_dung=[
                f"Rà soát {len(self.models)} bản đăng ký và kế hoạch xây dựng mô hình; đối chiếu tên gọi, lĩnh vực, loại hình, chủ thể và chỉ tiêu của từng mô hình."
            ],
            ket_luan=["Nhất trí trình Ban Thường vụ Đảng uỷ phê duyệt danh mục mô hình đăng ký."],
        )
        self.model_meetings()
        team = {self.deputy: "truong", self.build: "pho", self.writer: "thu_ky"}
        for n in (1, 2, 3):
            self.meeting(
                f"TD{n:02}",
                "tham_dinh",
                f"Hội nghị thẩm định mô hình “Dân vận khéo” năm {nam}, buổi thứ {('nhất', 'hai', 'ba')[n - 1]}",
                self.day("09-14", n - 1),
                ("08:00", "11:15"),
                [self.deputy, self.build, *self.experts],
                vai_tro=team,
                noi_dung=[
                    "Đại diện chủ thể báo cáo kết quả thực hiện từng mô hình; Đoàn xem hồ sơ và kiểm tra thực tế."
                ],
                ket_luan=[
                    "Các mô hình đạt đủ tiêu chí được đề nghị công nhận; mô hình còn chỉ tiêu chưa đạt thì bổ sung, hoàn thiện."
                ],
                y_kien=[
                    {
                        "ai_lam": self.experts[1],
                        "noi_dung": "Hồ sơ, sổ sách của các mô hình đầy đủ; Nhân dân được bàn và được biết.",
                    }
                ],
            )
        voters = [
            self.head,
            self.deputy,
            self.build,
            self.control,
            self.clerk,
            self.chair,
            *self.heads.values(),
            *(u["thu_truong"] for u in self.units if u["ma"] in ("CBCA", "CBQS", "CBTHCS", "CBYT")),
        ]
        self.meeting(
            "BX01",
            "binh_xet",
            f"Họp bình xét mô hình, điển hình “Dân vận khéo” năm {nam}",
            self.day("09-24"),
            ("08:00", "10:30"),
            voters,
            thu_ky=self.clerk,
            hinh_thuc="phieu_kin",
            vai_tro=dict.fromkeys(voters[-3:], "kiem_phieu"),
            phieu_phat_ra=len(voters),
            phieu_thu_ve=len(voters),
            phieu_hop_le=len(voters),
            noi_dung=["Xem xét kết quả thẩm định và bỏ phiếu công nhận mô hình, đề nghị điển hình."],
            ket_luan=["Nhất trí công nhận các mô hình có quá nửa số phiếu đồng ý."],
        )
        self.votes = len(voters)
        council = [self.chair, self.build, *self.experts]
        self.meeting(
            "HD01",
            "hoi_dong",
            "Họp Hội đồng Thi đua - Khen thưởng xét khen thưởng phong trào thi đua “Dân vận khéo”",
            self.day("10-14"),
            ("14:00", "15:30"),
            council,
            don_vi="HDTDKT",
            dia_diem=f"Phòng họp Uỷ ban nhân dân {xa}",
            hinh_thuc="phieu_kin",
            vai_tro={self.chair: "truong", self.build: "pho", self.writer: "thu_ky"},
            noi_dung=[
                "Xét tờ trình đề nghị tặng Giấy khen cho tập thể, cá nhân trong phong trào thi đua “Dân vận khéo”."
            ],
            ket_luan=["Nhất trí trình Chủ tịch Uỷ ban nhân dân xã quyết định."],
        )

    def resolution(self, n: int, row: Row, head: str) -> None:
        """The cell resolves upon the model before it is registered."""
        cell = row.get("tap_the") or next(p["don_vi"] for p in self.people if p["ma"] == row["ca_nhan"])
        size = next(u["so_nguoi"] for u in self.units if u["ma"] == cell)
        chair = next(u["thu_truong"] for u in self.units if u["ma"] == cell)
        code = f"SH{n + 1:02}"
        self.meetings.append(
            {
                "ma": code,
                "loai": "sinh_hoat",
                "ten": f"Sinh hoạt chi bộ bàn xây dựng mô hình “{row['ten']}”",
                "mo_hinh": row["ma"],
                "don_vi": cell,
                "ngay": self.after("02-02", n // 4),
                "gio_bat_dau": "19:30",
                "gio_ket_thuc": "21:00",
                "dia_diem": f"Nhà văn hoá {row['pham_vi']}",
                "chu_tri": chair,
                "so_trieu_tap": size,
                "so_co_mat": size - 1,
                "phieu_dong_y": size - 1,
                "danh_gia_tinh_hinh": list(row["thuc_trang"]),
                "noi_dung": list(row["noi_dung"]),
                "phan_cong": [{"ai_lam": chair, "noi_dung": "Chỉ đạo chung"}],
                "ket_luan": ["Chi bộ thống nhất xây dựng mô hình, phân công đảng viên phụ trách."],
            }
        )

    def survey(self, n: int, row: Row, head: str, own: Row) -> None:
        """The situation looked at before the model is approved."""
        hours = (("08:00", "09:00"), ("09:30", "10:30"), ("14:00", "15:00"))[n % 3]
        self.meeting(
            f"KS{n + 1:02}",
            "khao_sat",
            f"Khảo sát thực trạng để xây dựng mô hình “{row['ten']}”",
            self.after("02-09", n // 3),
            hours,
            [self.build, head],
            **own,
            ket_qua="phu_hop",
            noi_dung=list(row["thuc_trang"]),
            ket_luan=["Việc xây dựng mô hình là phù hợp với tình hình, nguyện vọng của Nhân dân."],
        )

    def model_meetings(self) -> None:
        for n, row in enumerate(self.models):
            head = row.get("ca_nhan") or next(u["thu_truong"] for u in self.units if u["ma"] == row["tap_the"])
            where = f"Nhà văn hoá {row['pham_vi']}" if row["pham_vi"] != self.xa else f"Hội trường {self.xa}"
            own: Row = {"mo_hinh": row["ma"], "dia_diem": where}
            if self.p.each_person:
                self.resolution(n, row, head)
            if self.p.surveys:
                self.survey(n, row, head, own)
            if row.get("ngay_ra_mat"):
                self.meeting(
                    f"RM{n + 1:02}",
                    "ra_mat",
                    f"Hội nghị ra mắt mô hình “Dân vận khéo” “{row['ten']}”",
                    row["ngay_ra_mat"],
                    ("08:00", "09:30"),
                    [head, self.build, self.heads["MTTQ"]],
                    so_co_mat=None,
                    **own,
                    chuong_trinh=[
                        {
                            "thoi_gian": "08:00 - 08:15",
                            "noi_dung": "Ổn định, giới thiệu đại biểu",
                            "ai_lam": "Ban tổ chức",
                        },
                        {
                            "thoi_gian": "08:15 - 08:40",
                            "noi_dung": "Công bố danh mục được duyệt, báo cáo kế hoạch",
                            "ai_lam": head,
                        },
                        {"thoi_gian": "08:40 - 09:10", "noi_dung": "Ký cam kết", "ai_lam": "Các hộ, đoàn thể"},
                        {"thoi_gian": "09:10 - 09:30", "noi_dung": "Phát biểu chỉ đạo, bế mạc", "ai_lam": self.build},
                    ],
                    y_kien=[
                        {
                            "ai_lam": self.build,
                            "noi_dung": "Đề nghị chủ thể mô hình làm từ việc nhỏ, công khai kết quả hằng tháng.",
                        }
                    ],
                    ket_luan=["Mô hình được ra mắt và thực hiện từ ngày hôm nay."],
                )
                row["noi_dung_cam_ket"] = [
                    "Thực hiện đúng nội dung, tiến độ đã bàn.",
                    "Vận động gia đình, người thân cùng tham gia.",
                    "Giữ gìn kết quả chung, không để tái diễn.",
                ]
                row["cam_ket"] = [
                    {"ten": "Ban công tác Mặt trận", "dia_chi": row["pham_vi"], "ngay": row["ngay_ra_mat"]},
                    {"ten": "Chi hội Phụ nữ", "dia_chi": row["pham_vi"], "ngay": row["ngay_ra_mat"]},
                ]
            for half, month_day in ((1, "05-18"), (2, "08-17")):
                day, hours = (
                    self.after(month_day, n // 3),
                    (("08:00", "09:00"), ("09:30", "10:30"), ("14:00", "15:00"))[n % 3],
                )
                self.meeting(
                    f"KT{half}{n + 1:02}",
                    "kiem_tra",
                    f"Kiểm tra mô hình “Dân vận khéo” “{row['ten']}”",
                    day,
                    hours,
                    [self.build, head],
                    **own,
                    ket_qua="dung_tien_do",
                    uu_diem=["Việc làm đúng kế hoạch, có sổ theo dõi; Nhân dân đồng tình."],
                    han_che=["Ảnh, biên bản từng buổi lưu chưa đều."],
                    nguyen_nhan=["Người giữ hồ sơ kiêm nhiệm nhiều việc."],
                    khac_phuc=[{"noi_dung": "Bổ sung ảnh, biên bản vào hồ sơ", "han": self.day(month_day, 30)}],
                )

    # --- nominees and papers

    def nominees(self) -> None:
        chosen = [m for m in self.models if m.get("cong_nhan")][:8]
        for n, row in enumerate(chosen, 1):
            code = row.get("tap_the") or next(p["don_vi"] for p in self.people if p["ma"] == row["ca_nhan"])
            unit = next(u for u in self.units if u["ma"] == code)
            alone = n % 3 == 0 or "ca_nhan" in row
            chosen_one = row.get("ca_nhan") or (self.member(code) if alone else unit["thu_truong"])
            person = next(p for p in self.people if p["ma"] == chosen_one)
            base: Row = {
                "ma": f"DH{n:02}",
                "mo_hinh": row["ma"],
                "phieu_dong_y": self.votes,
                "phieu_khong": 0,
                "phieu_khac": 0,
                "de_nghi": True,
                "xep_loai": "tot" if n % 2 else "xuat_sac",
                "nam_xep_loai": self.p.nam - 1,
            }
            base |= {"ca_nhan": person["ma"]} if alone else {"tap_the": unit["ma"]}
            base |= {
                "van_ban_xep_loai": f"Thông báo số 88-TB/ĐU, ngày 22/12/{self.p.nam - 1} của Đảng uỷ {self.xa}",
                "khen_boi": "UBND" if n % 2 else "DU",
            }
            base |= {
                "ngay_bao_cao": self.day("10-01"),
                "ngay_xac_nhan_truc_tiep": self.day("10-05"),
                "ngay_xac_nhan_de_nghi": self.day("10-07"),
            }
            base["phieu_hoi_dong"] = [{"noi_dung": "Giấy khen", "dong_y": len(self.experts) + 3, "khong_dong_y": 0}]
            base |= self.merits(row, unit, person, alone)
            self.best.append({k: v for k, v in base.items() if v is not None})

    def merits(self, row: Row, unit: Row, person: Row, alone: bool) -> Row:
        who = person["ho_ten"] if alone else unit["ten"]
        words: Row = {
            "thuan_loi": [f"{who} được Nhân dân {row['pham_vi']} tin cậy; các đoàn thể cùng vào cuộc."],
            "kho_khan": [row["thuc_trang"][0]],
            "cach_lam": [*row["noi_dung"], *row["bien_phap"]],
            "ket_qua": list(row["ket_qua"]),
            "suc_lan_toa": [f"Từ mô hình {row['ma']} của {who}, hai đơn vị khác trong {self.xa} đã làm theo."],
            "xay_dung_dang": [f"{who} chấp hành tốt chủ trương của Đảng, pháp luật của Nhà nước; đoàn kết, dân chủ."],
            "tom_tat": [f"{who} thực hiện mô hình “{row['ten']}”: " + " ".join(row["ket_qua"])],
        }
        if not alone:
            return {
                **words,
                "dac_diem": [f"{unit['ten']} có {unit['so_nguoi']} người, trong đó {unit['so_nu']} nữ."],
                "chuc_nang": [f"Lãnh đạo, tổ chức thực hiện nhiệm vụ chính trị được giao tại {row['pham_vi']}."],
            }
        words |= {
            "vai_tro": [
                f"Đồng chí {who} trực tiếp đề xuất, tổ chức thực hiện và chịu trách nhiệm chính về mô hình “{row['ten']}”."
            ],
            "chuc_nang": [f"{person['chuc_vu']}."],
        }
        for n in range(1, 7):
            words[f"tieu_chi_{n}"] = [f"{TRAITS[n - 1].format(who=who, noi=row['pham_vi'])}"]
        if person.get("lanh_dao"):
            words |= {
                "lanh_dao_1": [f"Trực tiếp chỉ đạo xây dựng mô hình “{row['ten']}”."],
                "lanh_dao_2": ["Đơn vị do đồng chí phụ trách được xếp loại hoàn thành tốt nhiệm vụ trở lên."],
            }
        return words

    def paper(self, code: str, day: str, number: tuple[str, str] | None = None, **more: Any) -> None:
        row: Row = {"ma": code, "tinh_chat": "lap", "ngay": day, "trang_thai": "trinh_ky"}
        if number:
            self.numbers[number] = self.numbers.get(number, 2) + 1
            row["so"] = self.numbers[number]
        self.papers.append({**row, **more})

    def reports(self) -> None:
        """What each unit and the commune report in June and at the year's end."""
        nam = self.p.nam
        half, whole = {"ky": "6 tháng"}, {"ky": "Năm"}
        for n, unit in enumerate(u for u in self.units if u.get("phai_dang_ky")):
            unit["bao_cao_nop"] = [
                {**half, "ngay": self.after("05-25", n % 5)},
                {**whole, "ngay": self.after("11-16", n % 5)},
            ]
        party = self.units[0]
        party["chi_dao"] = [
            {**k, "noi_dung": w}
            for k, w in (
                (
                    half,
                    "Ban Thường vụ Đảng uỷ ban hành hướng dẫn, kế hoạch; phê duyệt danh mục mô hình, phân công theo dõi từng mô hình.",
                ),
                (
                    whole,
                    "Kiểm tra hai đợt, thẩm định tại chỗ, công nhận mô hình đủ tiêu chí; biểu dương tập thể, cá nhân làm tốt.",
                ),
            )
        ]
        party["so_lieu"] = [
            {**k, "noi_dung": "Văn bản chỉ đạo đã ban hành", "don_vi_tinh": "văn bản", "dat": v}
            for k, v in ((half, 6), (whole, 14))
        ]
        party["so_lieu"] += [
            {**k, "noi_dung": "Lượt người dự quán triệt", "don_vi_tinh": "lượt người", "dat": v}
            for k, v in ((half, 1120), (whole, 1960))
        ]
        party["han_che"] = [
            {
                **half,
                "noi_dung": "Một số mô hình làm chậm, hồ sơ lưu chưa đều; nguyên nhân do người phụ trách kiêm nhiệm.",
            },
            {
                **whole,
                "noi_dung": "Còn mô hình chưa đạt chỉ tiêu; nguyên nhân do nguồn lực huy động giữa các thôn chưa đều.",
            },
        ]
        party["phuong_huong"] = [
            {
                **half,
                "noi_dung": "Thẩm định mô hình",
                "chu_tri": "BXDD",
                "phoi_hop": "MTTQ",
                "thoi_gian": f"tháng 9/{nam}",
                "san_pham": "Biên bản thẩm định",
            },
            {
                **whole,
                "noi_dung": "Nhân rộng mô hình đã được công nhận",
                "chu_tri": "BXDD",
                "phoi_hop": "MTTQ",
                "thoi_gian": f"tháng 3/{nam + 1}",
                "san_pham": "Danh mục đăng ký",
            },
        ]
        party["kien_nghi"] = [{**whole, "noi_dung": "Đề nghị cấp trên tổ chức cho các xã trao đổi cách làm."}]

    def all_papers(self) -> None:
        p, d = self.p, self.day
        self.numbers: dict[tuple[str, str], int] = {}
        self.desk = "KDV" if p.district else "BXDD"
        above = {
            "ma": "hd-cap-tren",
            "tinh_chat": "cap_tren",
            "ten_loai": "Hướng dẫn",
            "so_ky_hieu": p.guide,
            "ngay": d("01-10"),
            "co_quan_ngoai": p.guide_by,
            "trich_yeu": f"thực hiện phong trào thi đua “Dân vận khéo” năm {p.nam}",
        }
        self.papers.append(above)
        if p.steering:
            members = [
                (self.head, "Trưởng ban"),
                (self.deputy, "Phó Trưởng ban Thường trực"),
                (self.build, "Uỷ viên"),
                (self.heads["MTTQ"], "Uỷ viên"),
            ]
            self.paper(
                "quyet-dinh-ban-chi-dao",
                d("01-15"),
                ("DU", "QĐ"),
                thanh_vien=[
                    {"ai_lam": who, "chuc_danh": role, "phu_trach": f"các {p.don_vi_dan_cu} trong xã"}
                    for who, role in members
                ],
                nhiem_vu=[
                    "Chỉ đạo, kiểm tra việc thực hiện phong trào; tháo gỡ khó khăn ở cơ sở.",
                    "Định kỳ báo cáo Ban Thường vụ Đảng uỷ.",
                ],
            )
        self.paper("huong-dan-phong-trao", d("01-20"), ("DU", "HD"))
        self.paper("ke-hoach-phong-trao", d("01-22"), ("DU", "KH"))
        self.paper("tham-dinh-dang-ky", d("03-02"), (self.desk, "BB"))
        self.paper("to-trinh-phe-duyet-dang-ky", d("03-03"), (self.desk, "TTr"))
        approval = "QĐ" if p.rules in APPROVED_BY_DECISION else "TB"
        self.paper("thong-bao-phe-duyet-dang-ky", d("03-05"), ("DU", approval))
        self.paper("bao-cao-dang-ky", d("03-06"), ("DU", "BC"))
        self.paper("tong-hop-dang-ky", d("03-06"))
        for body, head in (("UBND", "Công chức Văn hoá - Xã hội"), ("MTTQ", "Ban công tác Mặt trận")):
            steps = [
                {
                    "noi_dung": words,
                    "chu_tri": head,
                    "phoi_hop": "Các đoàn thể",
                    "thoi_gian": f"tháng {month}/{p.nam}",
                    "san_pham": made,
                }
                for words, month, made in (
                    ("Chọn việc, chọn nơi làm", 3, "Danh mục việc"),
                    ("Làm điểm, rút kinh nghiệm", 6, "Cách làm thống nhất"),
                    ("Tổng kết", 10, "Báo cáo"),
                )
            ]
            self.paper(
                f"ke-hoach-phong-trao-khoi.{body}",
                d("01-26"),
                (body, "KH"),
                giai_phap=[
                    "Chọn việc Nhân dân đang cần, làm đến nơi đến chốn.",
                    "Công khai việc làm, kinh phí để Nhân dân giám sát.",
                ],
                tien_do=steps,
                phan_cong=[{"ai_lam": head, "noi_dung": "Đầu mối theo dõi, tổng hợp"}],
            )
        self.paper(
            "ke-hoach-kiem-tra.6-thang",
            d("05-11"),
            ("DU", "KH"),
            thanh_vien=[
                {"ai_lam": self.build, "chuc_danh": "Trưởng đoàn"},
                {"ai_lam": self.experts[0], "chuc_danh": "Phó trưởng đoàn"},
                {"ai_lam": self.writer, "chuc_danh": "Thư ký"},
            ],
        )
        self.paper("bao-cao-ket-qua-phong-trao.6-thang", d(p.june), ("DU", "BC"))
        self.paper("quyet-dinh-thanh-lap-doan-tham-dinh", d("08-24"), ("DU", "QĐ"))
        self.paper("ke-hoach-tham-dinh", d("08-26"), ("DU", "KH"))
        self.paper(
            "thong-bao-ket-qua-tham-dinh",
            d("09-18"),
            ("DU", "TB"),
            danh_gia=["Các mô hình bám sát việc cần ở cơ sở, có kết quả đo đếm được."],
            yeu_cau=["Mô hình chưa đạt tiếp tục hoàn thiện trước ngày 30/11."],
        )
        self.paper(
            "to-trinh-cong-nhan-mo-hinh",
            d("09-21"),
            (self.desk, "TTr"),
            kien_nghi=["Xem xét, công nhận các mô hình trong danh sách."],
        )
        self.paper("bien-ban-binh-xet", d("09-24"), ("DU", "BB"))
        self.paper("quyet-dinh-cong-nhan", d("09-28"), ("DU", "QĐ"))
        self.paper("to-trinh-de-nghi-cong-nhan", d("10-08"), ("DU", "TTr"))
        self.paper("to-trinh-khen-thuong.DU", d("10-12"), (self.desk, "TTr"))
        self.paper("to-trinh-khen-thuong.UBND", d("10-12"), (self.desk, "TTr"))
        self.paper("bien-ban-hop-hoi-dong", d("10-14"), ("HD", "BB"))
        self.paper("quyet-dinh-khen-thuong.DU", d("10-16"), ("DU", "QĐ"))
        self.paper("quyet-dinh-khen-thuong.UBND", d("10-16"), ("UBND", "QĐ"))
        self.paper("bao-cao-ket-qua-phong-trao.nam", d(p.december), ("DU", "BC"))

    def year(self) -> Row:
        self.offices()
        self.all_models()
        self.all_meetings()
        self.nominees()
        self.reports()
        self.all_papers()
        p = self.p
        total = sum(bool(m.get("cong_nhan")) for m in self.models)
        form: Row = {
            "nam": p.nam,
            "bo_quy_tac": p.rules,
            "ten_xa": p.ten,
            "loai_xa": "xa",
            "dia_danh": p.ten,
            "cap_tren": p.cap,
            "dang_bo_cap_tren": f"Đảng bộ {p.tinh}",
            "noi_nhan_de_nghi": p.to,
            "nhiem_ky_tu": 2025 if p.nam > 2024 else 2020,
            "nhiem_ky_den": 2030 if p.nam > 2024 else 2025,
            "dau_moi": "KDV" if p.district else "BXDD",
            "nguoi_ky": self.deputy,
            "nguoi_lap_bieu": self.writer,
            "danh_nghia_cong_nhan": "dang_uy",
            **({"kinh_phi_nam": 60_000_000} if p.steering else {}),
            **({"han_da_chon": ["R004-BC-02 = 30/11/2026"]} if p.rules == "xa-2026" else {}),
            "nguong_dong_y": 50,
            "so_bo_ho_so": 3,
            "kieu_dau": "moi",
            "khai_quat": [
                f"Năm {p.nam}, các tổ chức, cá nhân trên địa bàn {self.xa} đăng ký {len(self.models):02} mô hình; đã công nhận {total:02} mô hình cấp xã.",
                "Các mô hình giải quyết việc cụ thể ở thôn, ở cơ quan, được Nhân dân bàn, làm và hưởng.",
            ],
        }
        for row in self.models:
            if "phieu_dong_y" in row:
                row["phieu_dong_y"] = self.votes
        return {
            "phien_ban": 3,
            "thong_tin": form,
            "don_vi": [{k: v for k, v in u.items() if v is not None} for u in self.units],
            "nguoi": self.people,
            "mo_hinh": self.models,
            "cuoc_hop": [{k: v for k, v in m.items() if v is not None} for m in self.meetings],
            "du_hop": self.present,
            "dien_hinh": self.best,
            "van_ban": self.papers,
        }


CRITERIA = [
    "Có bản đăng ký, thuộc một lĩnh vực",
    "Có kế hoạch; mô hình mới đã ra mắt",
    "Tuyên truyền bằng họp dân, loa truyền thanh",
    "Có ba lực lượng tham gia, có nguồn Nhân dân đóng góp",
    "Cách làm cụ thể, đo đếm được",
    "Giải quyết việc Nhân dân đang cần",
    "Có nơi đã làm theo",
    "Hồ sơ lưu đủ, có ảnh, biên bản",
]
TRAITS = [
    "{who} gương mẫu, nói đi đôi với làm, được Nhân dân {noi} tin cậy.",
    "Gần dân, nghe dân; mỗi tuần {who} dành một buổi đến từng nhà ở {noi}.",
    "Có cách làm mới: {who} làm điểm trước, công khai chi phí rồi mới nhân ra.",
    "{who} phối hợp tốt với Mặt trận, các đoàn thể ở {noi}, không làm thay.",
    "Kết quả của việc {who} làm đo đếm được và giữ được lâu dài ở {noi}.",
    "{who} giữ đoàn kết, có trách nhiệm, không có đơn thư, khiếu nại.",
]


def main() -> None:
    folder = Path(__file__).resolve().parent.parent / "samples" / "nam"
    folder.mkdir(parents=True, exist_ok=True)
    for place in PLACES:
        text = json.dumps(Making(place).year(), ensure_ascii=False, indent=1)
        (folder / f"{place.rules}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
