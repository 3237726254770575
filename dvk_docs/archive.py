"""The zip of a DOCX written by hand: members that never change are deflated once, the others are put behind them.

Same members, codec and level, same bytes: fixed dates, fixed order, no extra fields (PKWARE APPNOTE 4.3). Codecs:
`zlib` (standard library, level 0 to 9) and `isal` (optional, level 0 to 3, faster and larger).
"""

from __future__ import annotations

import struct
import zlib

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any, BinaryIO

FIRST = ("[Content_Types].xml", "_rels/.rels")
LEVELS: Mapping[str, int] = {"zlib": 3, "isal": 2}  # the level of each codec when none is asked for
_STATIC_LEVEL = 6  # of members that never change: paid once
_DAY = 1 << 5 | 1  # 1 January 1980, the first day a zip can hold


class Codec:
    """How members are deflated; `start()` gives an object with compress() and flush()."""

    __slots__ = ("crc32", "level", "name", "start")

    def __init__(self, name: str, level: int, crc32: Any, start: Any) -> None:
        self.name, self.level, self.crc32, self.start = name, level, crc32, start

    def __str__(self) -> str:
        return f"{self.name} {self.level}"

    def deflate(self, data: bytes) -> bytes:
        stream = self.start()
        return bytes(stream.compress(data) + stream.flush())


def codec(name: str = "zlib", level: int | None = None) -> Codec:
    """Return a codec; raise `ToolMissing` where its library is not installed, `ValueError` for one not known."""
    if name not in LEVELS:
        raise ValueError(f"codec {name!r}: zlib | isal")
    wanted = LEVELS[name] if level is None else level
    if name == "zlib":
        return Codec(name, wanted, zlib.crc32, lambda: zlib.compressobj(wanted, zlib.DEFLATED, -15))
    try:
        from isal import isal_zlib
    except ImportError as error:
        from dvk_docs.errors import ToolMissing

        raise ToolMissing("Chưa cài bộ nén isal. Hãy chạy: pip install 'dvk-docs[fast]'.") from error
    return Codec(name, wanted, isal_zlib.crc32, lambda: isal_zlib.compressobj(level=wanted, wbits=-15))


class Members:
    """Members already deflated: their bytes as they lie in the archive, and their entries in its directory."""

    __slots__ = ("count", "data", "directory")

    def __init__(self, data: bytes, directory: bytes, count: int) -> None:
        self.data, self.directory, self.count = data, directory, count


def members(parts: Mapping[str, bytes]) -> Members:
    """Return the members that never change, the content types and the package's links first."""
    data, directory, at = [], [], 0
    fixed = codec("zlib", _STATIC_LEVEL)
    for name in [n for n in FIRST if n in parts] + [n for n in parts if n not in FIRST]:
        label, whole = name.encode(), parts[name]
        crc, packed = fixed.crc32(whole), fixed.deflate(whole)
        data += [_local(label, crc, len(packed), len(whole)), packed]
        directory.append(_entry(label, crc, len(packed), len(whole), at))
        at += 30 + len(label) + len(packed)
    return Members(b"".join(data), b"".join(directory), len(parts))


def archive(fixed: Members, made: Iterable[tuple[str, Iterable[bytes]]], how: Codec) -> bytes:
    """Return the archive of the fixed members and of those just made (name, bytes in pieces)."""
    data, directory, at, count = [fixed.data], [fixed.directory], len(fixed.data), fixed.count
    for name, pieces in made:
        label, crc, size, stream = name.encode(), 0, 0, how.start()
        packed = []
        for piece in pieces:  # deflated while it lies in the processor's cache
            crc, size = how.crc32(piece, crc), size + len(piece)
            packed.append(stream.compress(piece))
        packed.append(stream.flush())
        length = sum(map(len, packed))
        data += [_local(label, crc, length, size), *packed]
        directory.append(_entry(label, crc, length, size, at))
        at += 30 + len(label) + length
        count += 1
    entries = b"".join(directory)
    return b"".join((*data, entries, _end(count, len(entries), at)))


def write(fixed: Members, made: Iterable[tuple[str, Iterable[bytes]]], how: Codec, file: BinaryIO) -> None:
    """Write the archive to `file` (it can be moved about in: sizes are put in behind); members come in pieces."""
    start = file.tell()
    file.write(fixed.data)
    directory, at, count = [fixed.directory], len(fixed.data), fixed.count
    for name, pieces in made:
        label = name.encode()
        file.write(_local(label, 0, 0, 0))
        stream, crc, size, packed = how.start(), 0, 0, 0
        for piece in pieces:
            crc, size = how.crc32(piece, crc), size + len(piece)
            packed += file.write(stream.compress(piece))
        packed += file.write(stream.flush())
        file.seek(start + at)
        file.write(_local(label, crc, packed, size))
        directory.append(_entry(label, crc, packed, size, at))
        at += 30 + len(label) + packed
        file.seek(start + at)
        count += 1
    entries = b"".join(directory)
    file.write(entries + _end(count, len(entries), at))


def _flags(label: bytes) -> int:
    return 0 if label.isascii() else 0x800  # a name in UTF-8


_LOCAL = struct.Struct("<4sHHHHHLLLHH").pack
_ENTRY = struct.Struct("<4sHHHHHHLLLHHHHHLL").pack


def _local(label: bytes, crc: int, packed: int, size: int) -> bytes:
    return _LOCAL(b"PK\3\4", 20, _flags(label), 8, 0, _DAY, crc, packed, size, len(label), 0) + label


def _entry(label: bytes, crc: int, packed: int, size: int, at: int) -> bytes:
    head = (b"PK\1\2", 20, 20, _flags(label), 8, 0, _DAY, crc, packed, size, len(label), 0, 0, 0, 0, 0, at)
    return _ENTRY(*head) + label


def _end(count: int, size: int, at: int) -> bytes:
    return struct.pack("<4sHHHHLLH", b"PK\5\6", 0, 0, count, count, size, at, 0)
