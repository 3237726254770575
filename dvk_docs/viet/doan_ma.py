"""Đoạn mã: program code inside a text (a README, notes kept in Markdown). Its marks are no marks of the language.

Lines between two fences are blanked; of `code` inside a line only the words stay. Every line keeps its number.

>>> khong_ma('Chạy:\\n```\\nprint("a  b)\\n```\\nrồi gõ `f(x="y)` và đợi.')
'Chạy:\\n\\n\\n\\nrồi gõ `f_x__y_` và đợi.'
>>> khong_ma("```\\nhàng rào không đóng")
'```\\nhàng rào không đóng'
"""

from __future__ import annotations

import re

_FENCE = re.compile(r"^[ \t]*(`{3,}|~{3,})[^\n`]*\n(?:.*\n)*?[ \t]*\1[`~]*[ \t]*$", re.M)
_INLINE = re.compile(r"(?<!`)(`{1,2})(?!`)([^`\n]+)\1(?!`)")
_MARKS = re.compile(r"[^\w\s.-]|\.(?=\.)")


def khong_ma(text: str) -> str:
    """The text with its code put out of sight of the rules of language; as many lines as before."""
    if "`" not in text and "~~~" not in text:
        return text
    text = _FENCE.sub(lambda found: "\n" * found[0].count("\n"), text)
    return _INLINE.sub(lambda found: f"{found[1]}{_MARKS.sub('_', found[2])}{found[1]}", text)
