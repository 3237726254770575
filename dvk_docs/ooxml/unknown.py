"""What the reader does not know, named in the user's words with its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dvk_docs.errors import Problem

_WORDS = {
    "anchor": "hình hoặc khung đặt tự do",
    "bullet": "dấu đầu dòng của phông riêng (Wingdings, Symbol ...)",
    "chart": "biểu đồ hoặc hình vẽ",
    "cols": "trang chia nhiều cột",
    "endnoteReference": "chú thích cuối văn bản",
    "evenAndOddHeaders": "đầu trang riêng cho trang chẵn",
    "fldSimple": "trường tự tính (ngày, mục lục ...) chưa có kết quả",
    "footnoteReference": "chú thích cuối trang",
    "framePr": "đoạn đặt trong khung",
    "gutter": "lề đóng gáy",
    "highlight": "chữ tô nền",
    "hMerge": "ô gộp ngang kiểu cũ",
    "kern": "chỉnh khoảng cách cặp chữ (kerning)",
    "numFmt": "kiểu đánh số lạ",
    "object": "đối tượng nhúng",
    "oMath": "công thức",
    "pgBorders": "viền trang",
    "pict": "hình vẽ kiểu cũ",
    "ptab": "tab canh theo lề",
    "shd": "nền chữ",
    "smallCaps": "chữ hoa nhỏ",
    "srcRect": "ảnh đã cắt bớt",
    "sym": "ký hiệu của phông riêng",
    "tblStylePr": "kiểu bảng có định dạng theo hàng, cột",
    "tblpPr": "bảng đặt tự do",
    "tblPrEx": "hàng có định dạng bảng riêng",
    "textDirection": "chữ xoay",
    "vAlign": "canh dọc cả trang",
    "w": "chữ co giãn ngang",
}


class Unknown:
    """Collects problems; `part` and `where` are the place that is being read, kept up to date by the reader."""

    def __init__(self) -> None:
        self.part = "word/document.xml"
        self.where = ""
        self._found: dict[tuple[str, str, str], Problem] = {}

    def __call__(self, name: str) -> None:
        name = name.rpartition("}")[2]
        words = _WORDS.get(name, f"thành phần “{name}”")
        message = f"Có {words}, ngoài phần mà công cụ đọc được."
        from dvk_docs.errors import Place, Problem

        place = Place(part=self.part, where=self.where)
        self._found.setdefault((self.part, self.where, name), Problem(place, f"unknown_{name}", "loi", message))

    @property
    def problems(self) -> tuple[Problem, ...]:
        return tuple(self._found.values())
