"""Lọc: every text filter and function of expressions and templates, by name.

What needs the year's graph (citations, papers of a kind) is not here. The table of them is `viet.HOMES`.

>>> TEXT_FILTERS["hai_so"](7), TEXT_FUNCTIONS["ngay_dai"](None, 2026)
('07', 'ngày      tháng      năm 2026')
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from . import HOMES, text_filter

TEXT_FUNCTIONS: dict[str, Callable[..., Any]] = {name: text_filter(name) for name in HOMES}
"""Called by name: `ngay_dai(ngay, nam)`."""

TEXT_FILTERS: dict[str, Callable[..., Any]] = dict(TEXT_FUNCTIONS)
"""Applied with a bar: `so|hai_so`. The same names: each filter is also a function."""
