"""What layout needs to know of a TrueType file: its letters, their widths, the height of a line.

Widths and heights are parts of the em (1.0 = the size of the type). Source: OpenType specification 1.9 (cmap 4 and 12,
head, hhea, hmtx, name).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from struct import error as StructError  # noqa: N812
from struct import unpack_from

from dvk_docs import kept

_CODE = ("pdf/truetype.py",)


@dataclass(frozen=True)
class Face:
    """One style of a family of type."""

    path: Path
    family: str
    widths: Mapping[int, float] = field(repr=False)  # code point -> width
    ascent: float
    descent: float
    gap: float
    digest: str = ""  # a name of what the file holds

    def __hash__(self) -> int:
        return hash(self.path)


class FontUnreadable(ValueError):
    """The file is no TrueType font that can be read here."""


def read_face(path: Path) -> Face:
    """The face in a .ttf file, from an earlier run where it was kept; raise `FontUnreadable`."""
    try:
        data = path.read_bytes()
        name = kept.key("face", kept.version(_CODE), data)
        found = kept.read(name)
        if found is None:
            found = _read(path, data)
            kept.write(name, found)
    except (OSError, StructError, KeyError, IndexError, UnicodeDecodeError) as error:
        raise FontUnreadable(f"{path}: {error}") from error
    family, widths, ascent, descent, gap = found
    return Face(path, family, widths, ascent, descent, gap, name)


def _read(path: Path, data: bytes) -> tuple[str, dict[int, float], float, float, float]:
    """Family, widths, ascent, descent and gap of a face."""
    if data[:4] not in (b"\0\1\0\0", b"true"):
        raise FontUnreadable(f"{path}: không phải phông TrueType")
    tables = {data[i : i + 4].decode("latin1"): unpack_from(">L", data, i + 8)[0] for i in _records(data)}
    em = unpack_from(">H", data, tables["head"] + 18)[0]
    ascent, descent, gap = unpack_from(">hhh", data, tables["hhea"] + 4)
    advances = list(_advances(data, tables))
    glyphs = dict(_glyphs(data, tables["cmap"]))
    widths = {code: advances[min(glyph, len(advances) - 1)] / em for code, glyph in glyphs.items()}
    return _family(data, tables["name"]), widths, ascent / em, -descent / em, gap / em


def _records(data: bytes) -> range:
    return range(12, 12 + 16 * int(unpack_from(">H", data, 4)[0]), 16)


def _advances(data: bytes, tables: Mapping[str, int]) -> Iterator[int]:
    count = unpack_from(">H", data, tables["hhea"] + 34)[0]
    for number in range(count):
        yield unpack_from(">H", data, tables["hmtx"] + 4 * number)[0]


def _family(data: bytes, start: int) -> str:
    _, count, strings = unpack_from(">HHH", data, start)
    for number in range(count):
        platform, _, _, name, size, offset = unpack_from(">HHHHHH", data, start + 6 + 12 * number)
        if name == 1 and platform == 3:
            at = start + strings + offset
            return data[at : at + size].decode("utf-16-be")
    return ""


def _glyphs(data: bytes, start: int) -> Iterator[tuple[int, int]]:
    """Each code point with its glyph, from the best Unicode table."""
    found: dict[int, int] = {}
    for number in range(unpack_from(">H", data, start + 2)[0]):
        platform, encoding, offset = unpack_from(">HHL", data, start + 4 + 8 * number)
        if platform == 0 or (platform == 3 and encoding in (1, 10)):
            found[unpack_from(">H", data, start + offset)[0]] = start + offset
    if 12 in found:
        yield from _format_12(data, found[12])
    elif 4 in found:
        yield from _format_4(data, found[4])
    else:
        raise FontUnreadable("phông không có bảng chữ Unicode")


def _format_12(data: bytes, at: int) -> Iterator[tuple[int, int]]:
    for group in range(unpack_from(">L", data, at + 12)[0]):
        first, last, glyph = unpack_from(">LLL", data, at + 16 + 12 * group)
        for code in range(first, last + 1):
            yield code, glyph + code - first


def _format_4(data: bytes, at: int) -> Iterator[tuple[int, int]]:
    double = unpack_from(">H", data, at + 6)[0]
    ends, starts = at + 14, at + 16 + double
    for segment in range(0, double, 2):
        last, first = unpack_from(">H", data, ends + segment)[0], unpack_from(">H", data, starts + segment)[0]
        delta = unpack_from(">h", data, starts + double + segment)[0]
        where = starts + 2 * double + segment
        offset = unpack_from(">H", data, where)[0]
        for code in range(first, min(last, 0xFFFE) + 1):
            glyph = code if not offset else unpack_from(">H", data, where + offset + 2 * (code - first))[0]
            if glyph or not offset:
                glyph = (glyph + delta) & 0xFFFF
            if glyph:
                yield code, glyph
