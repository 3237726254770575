"""`dvk`, and `python -m dvk_docs`: the short way where it can be gone, else the whole command line."""

from __future__ import annotations

import gc
import sys


def main() -> None:
    from .shortcut import run

    gc.set_threshold(100_000, 50, 100)  # a run is short, and a year holds few circles: looking seldom saves a tenth
    status = run(sys.argv[1:])
    if status is None:
        from .cli import main as whole

        whole()
    sys.exit(status)


if __name__ == "__main__":
    main()
