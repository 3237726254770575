"""The folder of what is ready: `trinh-ky/` or `phat-hanh/`. Never anything that is not.

What an earlier run laid there and is no longer ready is taken away while it is as we wrote it; a file that was changed
there (signed, stamped) is left and named.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from dvk_docs.making import save, writable

SIGN, ISSUE = "trinh-ky", "phat-hanh"  # the folders
LIST = "ban-ra.json"  # what we wrote there: name -> SHA-256


@dataclass(frozen=True, slots=True)
class Released:
    """What lies in the folder now; `notes` is one sentence for each file that was left as it was."""

    folder: Path
    files: tuple[Path, ...]
    removed: tuple[str, ...]
    notes: tuple[str, ...]


def release(folder: Path, files: Mapping[str, bytes]) -> Released:
    """Lay the files down in `folder`, all or none, and take away ours of before that are not among them."""
    before = _before(folder)
    changed = {name for name in (*before, *files) if _is_changed(folder / name, before.get(name), files.get(name))}
    wanted = {name: data for name, data in files.items() if name not in changed}
    hashes = {name: _sha256(data) for name, data in wanted.items()}
    kept = {name: before[name] for name in changed if name in before}
    removed = tuple(name for name in before if name not in files and name not in changed and _drop(folder / name))
    text = json.dumps({**kept, **hashes}, ensure_ascii=False, sort_keys=True, indent=1)
    save({**{folder / name: data for name, data in wanted.items()}, folder / LIST: f"{text}\n".encode()})
    notes = tuple(_said(name, name in files) for name in sorted(changed))
    return Released(folder, tuple(folder / name for name in sorted(wanted)), removed, notes)


def _said(name: str, is_ready: bool) -> str:
    if is_ready:
        return f"{name}: tệp trong thư mục đã được sửa hoặc ký nên được giữ nguyên."
    return f"{name}: văn bản chưa sẵn sàng nhưng tệp cũ trong thư mục đã được sửa hoặc ký nên được giữ nguyên."


def _before(folder: Path) -> dict[str, str]:
    """What we wrote there in earlier runs; a name that leads elsewhere is not ours."""
    with suppress(OSError, ValueError, AttributeError):
        found = json.loads((folder / LIST).read_text(encoding="utf-8"))
        return {str(k): str(v) for k, v in found.items() if Path(str(k)).name == str(k)}
    return {}


def _is_changed(file: Path, ours: str | None, new: bytes | None) -> bool:
    """Whether a file lies there that is neither what we wrote nor what we would write."""
    if not writable(file).is_file():
        return False
    try:
        there = _sha256(file.read_bytes())
    except OSError:
        return True
    return there not in (ours, _sha256(new) if new is not None else None)


def _drop(file: Path) -> bool:
    with suppress(OSError):
        file.unlink()
        return True
    return False


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
