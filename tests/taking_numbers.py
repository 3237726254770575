"""Many processes take numbers from one register and are killed at random: run by the tests, or by hand with counts.

python tests/taking_numbers.py 8 1000 40     8 takers, 1,000 numbers each, at least 40 killed
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import dvk_docs
from dvk_docs.errors import Problem
from dvk_docs.register import Entry, Register, Wanted

SERIES = Wanted("Đảng uỷ xã Bình An", "ĐU", "Công văn", "2026-10-08", term_from="2025-07-01")


def take(file: Path, log: Path, count: int) -> None:
    """Take numbers until `count` are in the log: each is written there only after the call that gave it returned."""
    register = Register(file)
    log.touch()
    done = len(log.read_text(encoding="ascii").split())
    with log.open("ab", buffering=0) as told:
        for _ in range(count - done):
            told.write(b"%d\n" % register.reserve(SERIES).so)


@dataclass(frozen=True)
class Taken:
    """What came of it: the numbers that calls returned, the register's entries, what its audit says."""

    returned: list[int]
    entries: list[Entry]
    findings: list[Problem]
    killed: int

    @property
    def lost(self) -> set[int]:
        """Numbers that were reserved by a call that never returned."""
        return {e.so for e in self.entries} - set(self.returned)

    @property
    def told_by_audit(self) -> set[int]:
        printed = {p.place.words for p in self.findings if p.code == "caller_died"}
        return {e.so for e in self.entries if e.so_ky_hieu in printed}


def run(folder: Path, takers: int, count: int, kills: int, seed: int = 1) -> Taken:
    """Let `takers` processes take `count` numbers each, killing and starting them again until all have them."""
    chance, file = random.Random(seed), folder / "so.db"
    logs = [folder / f"nguoi-{n}.txt" for n in range(takers)]
    running = {n: _start(file, logs[n], count) for n in range(takers)}
    killed = 0
    while running:
        for n, process in list(running.items()):
            if process.poll() is not None:
                del running[n]
                if process.returncode != 0:  # one that ends by itself ends well
                    raise AssertionError(f"a taker failed: {process.returncode}")
        if running and killed < kills:
            time.sleep(chance.uniform(0.05, 0.4))
            n = chance.choice(sorted(running))
            running[n].send_signal(signal.SIGKILL if os.name != "nt" else signal.SIGTERM)
            if running[n].wait() != 0:
                killed += 1
                running[n] = _start(file, logs[n], count)
        else:
            time.sleep(0.05)
    register = Register(file)
    returned = [int(word) for log in logs for word in log.read_text(encoding="ascii").split()]
    return Taken(returned, register.entries(), register.audit(date.today()), killed)


def _start(file: Path, log: Path, count: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, __file__, "take", str(file), str(log), str(count)], env=same_package())


def same_package() -> dict[str, str]:
    """The environment in which a child imports the very package that this process has."""
    return {**os.environ, "PYTHONPATH": str(Path(dvk_docs.__file__).parent.parent)}


if __name__ == "__main__":
    if sys.argv[1] == "take":
        take(Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]))
    else:
        begun = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            taken = run(Path(folder), *map(int, sys.argv[1:4]))
        twice = len(taken.returned) - len(set(taken.returned))
        unknown = set(taken.returned) - {e.so for e in taken.entries}
        silent = taken.lost - taken.told_by_audit
        print(f"{len(taken.returned)} numbers returned, {taken.killed} processes killed")
        print(f"given twice {twice}, returned but not recorded {len(unknown)}")
        print(f"reserved by a call that never returned {len(taken.lost)}, of these not told by audit {len(silent)}")
        print(f"{time.monotonic() - begun:.0f} s")
