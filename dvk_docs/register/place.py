"""Where a register may lie: a disk of this machine. On a network share or in a synced folder a number can go out twice.

SQLite's locks are kept by the system that holds the file; NFS and SMB do not keep them surely, and a synced folder
gives each machine a copy of its own (sqlite.org, “How To Corrupt An SQLite Database File”, 2.1).
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from pathlib import Path, PurePath

REMOTE_DRIVE = 4  # DRIVE_REMOTE of GetDriveTypeW
NETWORK = frozenset(
    (
        *(
            "nfs",
            "nfs3",
            "nfs4",
            "cifs",
            "smb",
            "smb2",
            "smb3",
            "smbfs",
            "afs",
            "coda",
            "ncpfs",
            "davfs",
            "webdav",
            "afpfs",
        ),
        *(
            "ceph",
            "glusterfs",
            "lustre",
            "gfs",
            "gfs2",
            "ocfs2",
            "beegfs",
            "gpfs",
            "pvfs2",
            "orangefs",
            "moosefs",
            "mfs",
        ),
        *("vboxsf", "vmhgfs", "prl_fs", "acfs"),
    )
)
LOCAL_FUSE = frozenset(["fuseblk", "fuse.ntfs", "fuse.ntfs-3g", "fuse.exfat", "fuse.ext2", "fuse.lxcfs", "fuse.portal"])
SYNCED = re.compile(r"(?i)(onedrive|google ?drive|dropbox|icloud ?drive|mega ?sync|nextcloud|owncloud)( - .*)?")
UNC = re.compile(r"^(?:\\\\|//)(?:[?.][\\/](?i:unc)[\\/]|(?![?.][\\/])[^\\/])")


def why_not_here(
    path: Path,
    *,
    system: str = os.name,
    mounts: Callable[[], str] | None = None,
    drive_type: Callable[[str], int] | None = None,
) -> str | None:
    """Why a register may not lie at `path`, as a Vietnamese clause; None where it may.

    `mounts` gives the text of /proc/self/mounts and `drive_type` the answer of GetDriveTypeW for a root such as `Z:\\`.
    """
    typed, real = str(path), _real(path)
    if any(UNC.match(name) for name in (typed, real)):
        return "là thư mục chia sẻ trên mạng"
    if system == "nt":
        if (drive_type or _drive_type)(_drive(real) or _drive(typed)) == REMOTE_DRIVE:
            return f"nằm trên ổ mạng {_drive(real) or _drive(typed)}"
    else:
        kind = _file_system(real, (mounts or _mounts)())
        if _is_network(kind):
            return f"nằm trên ổ mạng ({kind})"
    synced = next((part for part in PurePath(real).parts[:-1] if SYNCED.fullmatch(part)), "")
    return f"nằm trong thư mục đồng bộ {synced}, mỗi máy giữ một bản" if synced else None


def _real(path: Path) -> str:
    """The path with links and mapped drives followed, as far as the system can tell."""
    try:
        return os.path.realpath(path)
    except (OSError, ValueError):
        return str(path)


def _drive(path: str) -> str:
    r"""`Z:\` of `Z:\so\so.db`, or of `\\?\Z:\so.db`."""
    found = re.match(r"(?:[\\/]{2}[?.][\\/])?([A-Za-z]:)", path)
    return f"{found[1]}\\" if found else ""


def _drive_type(drive: str) -> int:
    if sys.platform != "win32" or not drive:
        return 0
    import ctypes

    return int(ctypes.windll.kernel32.GetDriveTypeW(drive))


def _mounts() -> str:
    for file in ("/proc/self/mounts", "/proc/mounts"):
        try:
            return Path(file).read_text(encoding="utf-8", errors="surrogateescape")
        except OSError:
            continue
    return ""


def _file_system(path: str, mounts: str) -> str:
    """The type of the file system that holds `path`: of the longest mount point above it, the last one mounted."""
    best, kind = -1, ""
    for line in mounts.splitlines():
        fields = line.split()
        if len(fields) < 3:
            continue
        point = re.sub(r"\\([0-7]{3})", lambda m: chr(int(m[1], 8)), fields[1])
        point = point.encode("latin-1", "surrogateescape").decode("utf-8", "replace") if "\\" in fields[1] else point
        inside = path == point or path.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= best:
            best, kind = len(point), fields[2]
    return kind


def _is_network(kind: str) -> bool:
    name = kind.lower()
    if name in NETWORK or name in {f"fuse.{n}" for n in NETWORK}:
        return True
    return name.startswith("fuse") and name not in LOCAL_FUSE and name != "fuse"
