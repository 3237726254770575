"""Lengths on paper. A length carries its unit in its type, so that no call can mix two units.

>>> Mm(30).twips
1701
>>> Pt(14).half_points
28
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Mm:
    """A length on paper, in millimetres. Word counts in twips: 1440 to the inch of 25.4 mm."""

    value: float

    @property
    def twips(self) -> int:
        return round(self.value * 1440 / 25.4)


@dataclass(frozen=True, order=True)
class Pt:
    """A size of type or a space between lines, in points of 1/72 inch."""

    value: float

    @property
    def twips(self) -> int:
        return round(self.value * 20)

    @property
    def half_points(self) -> int:
        return round(self.value * 2)
