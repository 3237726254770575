"""Who holds a reservation: the process that asked for it, told apart from a later one that got the same number.

A process is named by its machine, its id and the moment it started, so a process id that the system gave away again is
not taken for the one that died.
"""

from __future__ import annotations

import os
import platform
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Holder:
    """One process: the machine's name, the process id, a mark of when it started ("" where the system tells none)."""

    machine: str
    pid: int
    started: str

    def to_text(self) -> str:
        return f"{self.pid} {self.started or '-'} {self.machine}"

    @classmethod
    def from_text(cls, text: str) -> Holder | None:
        pid, _, rest = text.partition(" ")
        started, _, machine = rest.partition(" ")
        return cls(machine, int(pid), started.removeprefix("-")) if pid.isdigit() else None


def me() -> Holder:
    return Holder(platform.node(), os.getpid(), _started(os.getpid()))


def is_alive(holder: Holder) -> bool:
    """Whether the process still runs. One of another machine cannot be seen from here and counts as gone."""
    if holder.machine != platform.node() or not _runs(holder.pid):
        return False
    return not holder.started or _started(holder.pid) == holder.started


def _runs(pid: int) -> bool:
    if sys.platform == "win32":
        return bool(_started(pid))
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True  # of another user
    return _state(pid) != "Z"


def _stat(pid: int) -> list[str]:
    """The fields of /proc/<pid>/stat after the name, which may hold blanks; empty where there is no such file."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    return []


def _state(pid: int) -> str:
    fields = _stat(pid)
    return fields[0] if fields else ""


def _started(pid: int) -> str:
    """A mark of the process's start: boot and clock ticks on Linux, the creation time on Windows; "" elsewhere."""
    if sys.platform == "win32":
        return _windows_started(pid)
    fields = _stat(pid)
    if len(fields) < 20:
        return ""
    boot = ""
    with suppress(OSError):
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="utf-8").strip()[:8]
    return f"{boot}.{fields[19]}"


def _windows_started(pid: int) -> str:
    if sys.platform != "win32":
        return ""
    import ctypes

    kernel = ctypes.windll.kernel32
    handle = kernel.OpenProcess(0x1000, False, pid)  # PROCESS_QUERY_LIMITED_INFORMATION
    if not handle:
        return ""
    times = [ctypes.c_uint64() for _ in range(4)]
    code = ctypes.c_ulong()
    try:
        alive = kernel.GetExitCodeProcess(handle, ctypes.byref(code)) and code.value == 259  # STILL_ACTIVE
        kernel.GetProcessTimes(handle, *(ctypes.byref(t) for t in times))
        return str(times[0].value) if alive else ""
    finally:
        kernel.CloseHandle(handle)
