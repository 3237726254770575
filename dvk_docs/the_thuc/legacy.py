"""Letters of the time before Unicode: TCVN3 (.VnTime) and VNI fonts, by the font's name or by what their codes show."""

from __future__ import annotations

import re
from functools import cache

from .words import entry

_TCVN3_WORDS = re.compile(r"[^\W\d_]*[®¨©ªµ¶·¸¹»¼½¾][^\W\d_]*|[A-Za-z]+[ÆÇÈÉÊËÌÎÏÑÒÓÔÕÖ×ØÜÞß]+[a-z]*")
_VNI_WORDS = re.compile(
    r"\b[A-Za-zñÑ]*[aeouyAEOUY][ùøûõïåäëüÙØÛÕÏÅÄËÜ][a-z]*\b|\b[a-z]*ñ[aeouy][ùøûõïåäëüâêôáàéèíìóòúù]"
)
_MARKS = re.compile(r"[®¨©ªµ¶·¸¹»¼½¾]")


@cache
def is_legacy_font(font: str) -> bool:
    """Whether a font shows Vietnamese only with the codes of its own."""
    name = font.casefold().strip()
    return any(re.search(shape, name) for shape in entry("bang_ma_cu", "phong"))


def legacy_words(text: str) -> list[str]:
    """The words that only such a font can show.

    >>> legacy_words("§¶ng céng s¶n"), legacy_words("Ñaûng uûy"), legacy_words("Đảng uỷ 5µm Ångström")
    (['¶ng', 's¶n'], ['Ñaûng', 'uûy'], [])
    """
    tcvn3 = [w for w in _TCVN3_WORDS.findall(text) if _MARKS.search(w) and any(c.isalpha() and c < "z" for c in w)]
    vni = [w for w in _VNI_WORDS.findall(text) if not any(c in "ăâđêôơưĂÂĐÊÔƠƯ" for c in w)]
    found = [w for w in dict.fromkeys([*tcvn3, *vni]) if len(w) > 1]
    return found if len(found) > 1 else []
