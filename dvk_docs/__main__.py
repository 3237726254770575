"""`dvk`, and `python -m dvk_docs`: the short way where it can be gone, else the whole command line."""

from __future__ import annotations

import sys


def main() -> None:
    from .shortcut import run

    status = run(sys.argv[1:])
    if status is None:
        from .cli import main as whole

        whole()
    sys.exit(status)


if __name__ == "__main__":
    main()
