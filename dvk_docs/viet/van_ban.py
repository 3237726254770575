"""Văn bản: lines and phrases of a paper: căn cứ, nơi nhận, quyền hạn, names cut short, lists joined.

`tt` holds the fixed words of the format profile (`can_cu_dau`, `can_cu_cuoi`, `noi_nhan_ngan`): a mapping or an object.
Source: Hướng dẫn 05-HD/VPTW, mục 6.2.3 (căn cứ), 9.2.5 (nơi nhận), 7.1 (quyền hạn).

>>> dong_can_cu(["Căn cứ A;", "Xét đề nghị của B"], {"can_cu_dau": "- ", "can_cu_cuoi": "."})
['- Căn cứ A;', '- Xét đề nghị của B.']
>>> dong_noi_nhan(["- Như trên", "Lưu VPĐU.", "Các chi bộ,"], {"noi_nhan_ngan": ";"})
['- Như trên;', '- Các chi bộ;', '- Lưu VPĐU.']
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

from . import kieu_dau

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_LEAD = r"^\s*[-–—+•*]\s+"


def _text(value: object) -> str:
    """A value as text; raise `TypeError` for a list or a record, whose Python picture is no text."""
    if isinstance(value, (list, tuple, Mapping)):
        raise TypeError("cần một đoạn chữ, không phải danh sách hay nhóm dữ liệu")
    return "" if value is None else str(value)


def _word(tt: Any, name: str, default: str) -> str:
    """A fixed word of the profile; `default` (the words in force) where the profile has none."""
    found = tt.get(name) if isinstance(tt, Mapping) else getattr(tt, name, None)
    return default if found is None else str(found)


def _bare(lines: Iterable[object] | str | None) -> list[str]:
    """The lines that are not blank, without the dash and the end mark that were typed."""
    if isinstance(lines, str):
        lines = lines.splitlines()
    bare = (re.sub(_LEAD, "", _text(line)).strip().rstrip(" ;,.:") for line in lines or ())
    return [line for line in bare if line]


def dong_can_cu(cac_dong: Iterable[object] | str | None, tt: Any = None) -> list[str]:
    """The căn cứ, each with its mark before and `;` after; the last ends with the profile's own mark."""
    dau, cuoi = _word(tt, "can_cu_dau", "- "), _word(tt, "can_cu_cuoi", ".")
    lines = _bare(cac_dong)
    return [f"{dau}{line}{cuoi if at == len(lines) else ';'}" for at, line in enumerate(lines, 1)]


def dong_noi_nhan(cac_dong: Iterable[object] | str | None, tt: Any = None) -> list[str]:
    """The recipients, `- ` before and the profile's separator after; Lưu stands last and the last ends with a dot."""
    lines = sorted(_bare(cac_dong), key=_is_luu)
    ngan = _word(tt, "noi_nhan_ngan", ";")
    return [f"- {line}{'.' if at == len(lines) else ngan}" for at, line in enumerate(lines, 1)]


def _is_luu(line: str) -> bool:
    return re.match(r"lưu\b", unicodedata.normalize("NFC", line), re.IGNORECASE) is not None


def hoa(value: object) -> str:
    """Upper case; a blank prints nothing."""
    return _text(value).upper()


def hoa_dau(value: object) -> str:
    """The first letter in capital, the rest as it is.

    >>> hoa_dau("đảng uỷ xã Bình An"), hoa_dau("“dân vận”")
    ('Đảng uỷ xã Bình An', '“Dân vận”')
    """
    return _first(_text(value), str.upper)


def thuong_dau(value: object) -> str:
    """The first letter small, the rest as it is; a first word in capitals (UBND) is left alone.

    >>> thuong_dau("Số 05-TTr/ĐU"), thuong_dau("UBND xã")
    ('số 05-TTr/ĐU', 'UBND xã')
    """
    text = _text(value)
    word = re.search(r"[^\W\d_]+", text)
    if word and len(word.group()) > 1 and word.group().isupper():
        return text
    return _first(text, str.lower)


def _first(text: str, change: Any) -> str:
    found = re.match(r"[“\"'‘(\s]*", text)
    at = found.end() if found else 0
    return text[:at] + str(change(text[at : at + 1])) + text[at + 1 :]


def hoa_quyen_han(value: object) -> str:
    """The authority line as it is printed.

    >>> hoa_quyen_han("T/M Chi bộ"), hoa_quyen_han("K/T Trưởng ban")
    ('T/M CHI BỘ', 'K/T TRƯỞNG BAN')
    """
    return _text(value).upper()


def cat_sau(value: object, cum_tu: str) -> str:
    """The text before the words `cum_tu`; whole where they are not found or open it. Tone placement does not matter.

    >>> cat_sau("Ban Xây dựng Đảng Đảng ủy xã Bình An", "Đảng uỷ")
    'Ban Xây dựng Đảng'
    """
    text = unicodedata.normalize("NFC", _text(value))
    found = _words(cum_tu).search(_same(text)) if cum_tu.strip() else None
    before = text[: found.start()].rstrip() if found else ""
    return before or text


def bo_dau_cau(value: object, dau: str) -> str:
    """The text without the words `dau` that open it; whole where they do not, or where nothing would be left.

    >>> bo_dau_cau("Đảng bộ Trường Tiểu học Bình An", "Đảng bộ")
    'Trường Tiểu học Bình An'
    """
    text = unicodedata.normalize("NFC", _text(value))
    found = _words(dau).match(_same(text)) if dau.strip() else None
    rest = text[found.end() :].lstrip() if found else ""
    return rest or text


def _same(text: str) -> str:
    """The text for finding words: one case, one tone placement, the same length."""
    low = text.lower()
    return kieu_dau.to_moi(low if len(low) == len(text) else text)


def _words(words: str) -> re.Pattern[str]:
    plain = _same(unicodedata.normalize("NFC", words)).split()
    return re.compile(r"(?<!\w)" + r"\s+".join(map(re.escape, plain)) + r"(?!\w)")


def dong_co(dong: Iterable[Any] | None, chu: str) -> list[str]:
    """The lines that hold the words, whatever their case.

    >>> dong_co(["- Như trên", "- Ban Tuyên giáo (để báo cáo)", None], "Báo cáo")
    ['- Ban Tuyên giáo (để báo cáo)']
    """
    wanted = chu.casefold()
    return [str(x) for x in dong or () if x is not None and wanted in str(x).casefold()]


def noi(values: Iterable[object] | str | None, sep: str = ", ") -> str:
    """The values that are not blank, joined.

    >>> noi(["a", None, "", "b"], "; ")
    'a; b'
    """
    values = [values] if isinstance(values, str) else values or ()
    return sep.join(str(v) for v in values if v is not None and v != "")


def liet_ke(values: Iterable[object] | None) -> str:
    """The values that are not blank as one phrase, with `và` before the last.

    >>> liet_ke(["14/9/2026", "15/9/2026", None, "16/9/2026"]), liet_ke(["a"]), liet_ke([])
    ('14/9/2026, 15/9/2026 và 16/9/2026', 'a', '')
    """
    texts = [_text(v) for v in values or () if v is not None and v != ""]
    return " và ".join([", ".join(texts[:-1]), texts[-1]] if len(texts) > 1 else texts)


def bo_cham(value: object) -> str:
    """The text without the dots, semicolons and commas that end it: what is printed before a mark of its own.

    >>> bo_cham("Thành uỷ Minh Hà."), bo_cham("Phó Bí thư.;"), bo_cham(None)
    ('Thành uỷ Minh Hà', 'Phó Bí thư', '')
    """
    return _text(value).rstrip(" \u00a0.;,")


def theo_kieu_dau(value: object, kieu: str | None = None) -> str:
    """A word of ours (a label, the name of a field of work) in the office's tone placement, `moi` where none is chosen.

    >>> theo_kieu_dau("Văn hóa - xã hội", "moi"), theo_kieu_dau("Văn hoá", "cu")
    ('Văn hoá - xã hội', 'Văn hóa')
    """
    return kieu_dau.chuyen(_text(value), kieu or "moi")


def cho_trong(value: Any, nhan: str) -> Any:
    """The value or, where it is blank, the marked gap; a list gets a list of one.

    >>> cho_trong("", "Thực trạng"), cho_trong([], "Kết quả"), cho_trong(0, "Số")
    ('[Chưa nhập: Thực trạng]', ['[Chưa nhập: Kết quả]'], 0)
    """
    gap = f"[Chưa nhập: {nhan}]"
    if isinstance(value, (list, tuple)):
        return list(value) or [gap]
    blank = value is None or (isinstance(value, str) and not value.strip())
    return gap if blank else value
