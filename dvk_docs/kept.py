"""What is kept between runs, in the user's own cache folder: compiled templates, expressions, fonts read and cut.

Some of it is code, so the folder must be the user's alone: made 0700, and never read or written where it is a link,
belongs to another user, or others may enter it; a kept file that is a link or another user's is not read either.
`DVK_CACHE=0` keeps nothing. A name is a digest of all that the kept thing was made from (`key`), and the code of
this package is part of it (`version`). Anything wrong with a kept file means that the work is done again.
"""

from __future__ import annotations

import marshal
import os
import stat
import sys
from hashlib import sha256

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

_MAX_FILES = 2000  # the papers of a large year cut some seven hundred fonts
_DIGEST = 32
_WINDOWS = sys.platform == "win32"


def folder() -> str | None:
    """Return the folder, made if need be; None where nothing may be kept."""
    if os.environ.get("DVK_CACHE") == "0":
        return None
    home = os.environ.get("LOCALAPPDATA" if _WINDOWS else "XDG_CACHE_HOME")
    base = home or os.path.join(os.path.expanduser("~"), ".cache")
    if not os.path.isabs(base):
        return None
    path = os.path.join(base, "dvk-docs")
    try:
        os.makedirs(path, 0o700, exist_ok=True)
        return path if _own(os.lstat(path), stat.S_ISDIR) else None
    except OSError:
        return None


def _own(state: os.stat_result, shape: Any) -> bool:
    """Whether no other user can change it. On Windows the profile folder guards it."""
    if not shape(state.st_mode):
        return False
    return _WINDOWS or (state.st_uid == os.geteuid() and not state.st_mode & 0o077)


def key(*parts: bytes | str) -> str:
    """Return the name of what is kept for `parts` and this Python."""
    digest = sha256(f"{sys.version}{sys.implementation.cache_tag}{marshal.version}".encode())
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()


def version(files: Iterable[str]) -> str:
    """Return a digest of modules (files and folders of this package, or whole paths): other code, other results."""
    here, digest = os.path.dirname(os.path.abspath(__file__)), sha256()
    for name in files:
        path = os.path.join(here, name)
        try:
            inside = [path] if path.endswith(".py") else sorted(entry.path for entry in os.scandir(path))
            for file in inside:
                if file.endswith(".py"):
                    with open(file, "rb") as source:
                        digest.update(source.read())
        except OSError:
            digest.update(b"?")
    return digest.hexdigest()


def read(name: str) -> Any:
    """Return what was kept under `name`; None where there is nothing, or nothing that can be trusted."""
    place = folder()
    if place is None:
        return None
    try:
        handle = os.open(os.path.join(place, name), os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
        with open(handle, "rb") as file:
            state = os.fstat(handle)
            data = file.read() if _own(state, stat.S_ISREG) else b""
        _used(os.path.join(place, name))
        if sha256(data[_DIGEST:]).digest() != data[:_DIGEST]:
            return None
        return marshal.loads(data[_DIGEST:])
    except (OSError, ValueError, EOFError, TypeError):
        return None


def write(name: str, value: Any) -> None:
    """Keep `value` (what `marshal` takes) under `name`; a cache that cannot be written is no fault."""
    place = folder()
    if place is None:
        return
    temporary = os.path.join(place, f"{name}.{os.getpid()}")
    try:
        data = marshal.dumps(value)
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(handle, "wb") as file:
            file.write(sha256(data).digest() + data)
        os.replace(temporary, os.path.join(place, name))
        _tidy(place)
    except (OSError, ValueError):
        return


def _used(path: str) -> None:
    """Note that a file was used now, so that what every run needs is not the first to go."""
    try:
        os.utime(path)
    except OSError:
        return


def _tidy(place: str) -> None:
    """Where there are more than `_MAX_FILES`, remove those that were not used for longest, a tenth more than needed."""
    if len(os.listdir(place)) <= _MAX_FILES:
        return
    with os.scandir(place) as entries:
        files = [(entry.stat().st_mtime, entry.path) for entry in entries if entry.is_file()]
    for _, path in sorted(files)[: -_MAX_FILES * 9 // 10]:
        os.unlink(path)
