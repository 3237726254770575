"""Compiled templates kept between runs, in the user's own cache folder.

What is kept is code, so the folder must be the user's alone: made 0700, and never read or written where it is a link,
belongs to another user, or others may enter it. `DVK_CACHE=0` keeps nothing. Anything wrong with a kept file means
that the template is compiled again.
"""

from __future__ import annotations

import hashlib
import marshal
import os
import stat
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

_MAX_FILES = 500
_DIGEST = 32


def folder() -> Path | None:
    """Return the folder, made if need be; None where nothing may be kept."""
    if os.environ.get("DVK_CACHE") == "0":
        return None
    home = os.environ.get("LOCALAPPDATA") if sys.platform == "win32" else os.environ.get("XDG_CACHE_HOME")
    try:
        path = (Path(home) if home else Path.home() / ".cache") / "dvk-docs"
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        return path if _own(path) else None
    except (OSError, RuntimeError):
        return None


def _own(path: Path) -> bool:
    """Whether `path` is a folder that no other user can change. On Windows the profile folder guards it."""
    state = path.lstat()
    if not stat.S_ISDIR(state.st_mode):
        return False
    return sys.platform == "win32" or (state.st_uid == os.geteuid() and not state.st_mode & 0o077)


def key(*parts: bytes | str) -> str:
    """Return the name of what is kept for `parts`, this Python and these versions."""
    digest = hashlib.sha256(f"{sys.version}{sys.implementation.cache_tag}{marshal.version}".encode())
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()


def read(name: str) -> Any:
    """Return what was kept under `name`; None where there is nothing, or nothing that can be trusted."""
    place = folder()
    if place is None:
        return None
    try:
        data = (place / name).read_bytes()
        if hashlib.sha256(data[_DIGEST:]).digest() != data[:_DIGEST]:
            return None
        return marshal.loads(data[_DIGEST:])
    except (OSError, ValueError, EOFError, TypeError):
        return None


def write(name: str, value: Any) -> None:
    """Keep `value` (what `marshal` takes) under `name`; a cache that cannot be written is no fault."""
    place = folder()
    if place is None:
        return
    temporary = place / f"{name}.{os.getpid()}"
    with suppress(OSError, ValueError):
        data = marshal.dumps(value)
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(hashlib.sha256(data).digest() + data)
        temporary.replace(place / name)
        _tidy(place)


def _tidy(place: Path) -> None:
    """Remove the oldest files beyond `_MAX_FILES`."""
    with os.scandir(place) as entries:
        files = [(entry.stat().st_mtime, entry.path) for entry in entries if entry.is_file()]
    for _, path in sorted(files)[:-_MAX_FILES]:
        with suppress(OSError):
            Path(path).unlink()
