"""Tên mô hình: the name of a model, always printed in curly quotes, whatever quotes were typed around it.

Source: biểu mẫu, mục Chuẩn chữ (tên mô hình luôn trong “ ”).

>>> to_text(parse('"Ánh sáng an toàn"'))
'“Ánh sáng an toàn”'
>>> ngoac_kep("Tổ “Ánh sáng” an toàn")
'“Tổ “Ánh sáng” an toàn”'
>>> bo_ngoac_ngoai("“Bếp ấm” và “Tủ sách”")
('“Bếp ấm” và “Tủ sách”', False)
"""

from __future__ import annotations

from . import chu

_MOST = 100  # pairs of quotes taken off one text
_CLOSE = {"“": "”", "‘": "’", '"': '"', "'": "'", "«": "»", "„": "”"}


def parse(typed: str) -> str:
    """Return the name without the quotes typed around it; quotes inside it stay."""
    return bo_ngoac_ngoai(chu.clean(typed))[0]


def to_input(ten: str) -> str:
    return ten


def to_text(ten: str) -> str:
    return ngoac_kep(ten)


def bo_ngoac_ngoai(text: str) -> tuple[str, bool]:
    """Return the text without quotes around the whole of it, and whether any were taken off (a repair to report)."""
    core = text.strip()
    for _ in range(_MOST):
        if not _has_outer(core):
            break
        core = core[1:-1].strip()
    return (core, True) if core != text.strip() else (text, False)


def ngoac_kep(value: object) -> str:
    """The name in curly quotes; quotes typed around it go first, so that twice is once. A blank name prints nothing.

    A quote that was left open inside is closed, so that what is printed always pairs.
    """
    if isinstance(value, (list, tuple, dict)):
        raise TypeError("cần một cái tên, không phải danh sách hay nhóm dữ liệu")
    core = _without_half("" if value is None else str(value))
    core = bo_ngoac_ngoai(_paired(core))[0].strip()
    return f"“{core}”" if core else ""


def _has_outer(text: str) -> bool:
    """Whether the quote that opens `text` closes at its last character: “a” và “b” is two pairs, not one."""
    if len(text) < 2 or _CLOSE.get(text[0]) != text[-1]:
        return False
    depth = 0
    for at, letter in enumerate(text):
        if letter not in (text[0], text[-1]):
            continue
        depth += 1 if _opens(text, at) else -1
        if depth == 0:
            return at == len(text) - 1
    return False


def _opens(text: str, at: int) -> bool:
    """Whether the quote at `at` opens; a straight one, or a run of them, opens at the start and after a space."""
    letter = text[at]
    if letter not in "\"'":
        return letter in _CLOSE
    before, after = text[:at].rstrip(letter), text[at:].lstrip(letter)
    if not before and not after:
        return at < len(text) // 2
    return bool(after) and (not before or before[-1].isspace() or before[-1] in "(“‘[")


def _without_half(text: str) -> str:
    """The text without outer quotes, nor one outer quote that has no partner: “Bếp ấm -> Bếp ấm."""
    for _ in range(_MOST):
        before, text = text, bo_ngoac_ngoai(text)[0].strip()
        spare = text.count("“") - text.count("”")
        if spare > 0:
            text = text.removeprefix("“").strip()
        elif spare < 0:
            text = text.removesuffix("”").strip()
        if text == before:
            break
    return text


def _paired(text: str) -> str:
    depth = low = 0
    for letter in text:
        depth += (letter == "“") - (letter == "”")
        low = min(low, depth)
    return "“" * -low + text + "”" * (depth - low)
