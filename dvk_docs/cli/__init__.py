"""The command line, a thin skin: it reads words, calls one library function, says the result, sets the exit status.

Exit status: 0 all made or no error found; 1 ours; 2 wrong use; 3 a `loi` found, or nothing could be made; 4 template
not valid; 5 some made, the rest named, or all made and a `loi` left; 6 a tool or font is missing. With `--json` one
document goes to stdout and all else to stderr.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import NoReturn

import click

from dvk_docs.errors import DvkError

from . import data, formats, numbers, papers, pdfs, standing, templates  # each joins its commands to the group
from .saying import error_document, ours, say, say_error, say_json
from .words import cli, usage_sentence

MISUSE = 2

__all__ = ["cli", "data", "formats", "main", "numbers", "papers", "pdfs", "run", "standing", "templates"]


def main(argv: Sequence[str] | None = None) -> NoReturn:
    """The console script."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, ValueError):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    sys.exit(run(sys.argv[1:] if argv is None else argv))


def run(argv: Sequence[str]) -> int:
    """Run one command line; every error becomes its sentence on stderr and its exit status."""
    try:
        status = cli.main(args=list(argv), prog_name="dvk", standalone_mode=False)
        return status if isinstance(status, int) else 0
    except click.UsageError as error:
        return _misuse(error)
    except click.ClickException as error:
        say(error.format_message(), err=True)
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        say("Đã dừng theo yêu cầu.", err=True)
        return 1
    except DvkError as error:
        say_error(error)
        if "--json" in argv:
            say_json(error_document(error))
        return error.exit_status
    except BrokenPipeError:
        sys.stderr.close()
        return 1
    except Exception as error:
        return ours(error)


def _misuse(error: click.UsageError) -> int:
    if error.__class__.__name__ == "NoArgsIsHelpError":
        say(error.format_message())
        return MISUSE
    say(f"Lỗi: {usage_sentence(error)}", err=True)
    command = error.ctx.command_path if error.ctx else "dvk"
    say(f"Xem cách dùng: {command} --help", err=True)
    return MISUSE
