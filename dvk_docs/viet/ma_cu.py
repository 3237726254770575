"""Mã cũ: text typed with the old one-byte fonts (.VnTime … is TCVN3, VNI-Times … is VNI), told by the font's name.

The letters of such text are other letters of Unicode, so it cannot be told by its words alone. What it says is
proposed, never put in place unasked. Source: TCVN 5712:1993, table VN3; VNI-Windows character set.

>>> code_of(".VnTimeH"), code_of("VNI-Times"), code_of("Times New Roman")
('TCVN3', 'VNI', None)
>>> to_unicode("§¶ng bé x· B×nh An", ".VnTime"), to_unicode("Ñaûng boä xaõ Bình An", "VNI-Times")
('Đảng bộ xã Bình An', 'Đảng bộ xã Bình An')
>>> to_unicode("®¶ng uû", ".VnTimeH")
'ĐẢNG UỶ'
"""

from __future__ import annotations

import re
from typing import Literal

from .chu import nfc

OldCode = Literal["TCVN3", "VNI"]

_TCVN3 = str.maketrans(
    "¡¢£¤¥¦§¨©ª«¬\u00ad®µ¶·¸¹»¼½¾ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞßáâãäåæçèéêëìíîïñòóôõö÷øùúûüýþ",
    "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ",
)
_ACUTE, _GRAVE, _HOOK, _TILDE, _DOT = "\u0301", "\u0300", "\u0309", "\u0303", "\u0323"
_CIRCUMFLEX, _BREVE = "\u0302", "\u0306"
_AFTER = {  # a letter that follows a vowel is its marks
    "ù": _ACUTE, "ø": _GRAVE, "û": _HOOK, "õ": _TILDE, "ï": _DOT,
    "â": _CIRCUMFLEX, "á": _CIRCUMFLEX + _ACUTE, "à": _CIRCUMFLEX + _GRAVE, "å": _CIRCUMFLEX + _HOOK,
    "ã": _CIRCUMFLEX + _TILDE, "ä": _CIRCUMFLEX + _DOT,
    "ê": _BREVE, "é": _BREVE + _ACUTE, "è": _BREVE + _GRAVE, "ú": _BREVE + _HOOK, "ü": _BREVE + _TILDE,
    "ë": _BREVE + _DOT,
}  # fmt: skip
_ALONE = {"ô": "ơ", "ö": "ư", "ñ": "đ", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}
_PAIR = re.compile(f"([aeouyôö])([{''.join(_AFTER)}])|([{''.join(_ALONE)}])", re.IGNORECASE)


def code_of(font: str) -> OldCode | None:
    """The old code that a font is of, by its name; None for a Unicode font."""
    name = font.strip().lower()
    if name.startswith(".vn"):
        return "TCVN3"
    return "VNI" if name.startswith("vni-") else None


def to_unicode(text: str, font: str) -> str:
    """What text typed with this font most likely says, in NFC; the text itself where the font is no old one."""
    code = code_of(font)
    if code is None:
        return text
    said = text.translate(_TCVN3) if code == "TCVN3" else _PAIR.sub(_of_vni, text)
    capitals = code == "TCVN3" and font.strip().lower().endswith("h")
    return nfc(said.upper() if capitals else said)


def _of_vni(found: re.Match[str]) -> str:
    if found[3]:
        return _same_case(_ALONE[found[3].lower()], found[3])
    base = found[1]
    letter = _same_case(_ALONE.get(base.lower(), base.lower()), base)
    return letter + _AFTER[found[2].lower()]


def _same_case(letter: str, like: str) -> str:
    return letter.upper() if like.isupper() else letter
