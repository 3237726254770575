"""Every error and every problem this package can name.

DvkError           each carries its exit status for the command line
    KindUnknown       2  no such kind; the message names the nearest ones
    ChoiceNeeded      2  several papers fit; the message lists the choices
    SourceInvalid     3  a file that cannot be read at all
    DataInvalid       3  holds a Report: every Problem
    OutputInvalid     3  a place that cannot be written to
    NumberTaken       3  a document number that is already used
    TemplateInvalid   4  a template that is not valid, with its places
    ToolMissing       6  a font, an office program; says how to get it

What a problem is made of (`problems`) comes in when it is first used: a run in which nothing goes wrong does not pay.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .problems import Place, Problem, Report, Severity

__all__ = [
    "ChoiceNeeded",
    "DataInvalid",
    "DvkError",
    "FieldInvalid",
    "KindUnknown",
    "NumberTaken",
    "OutputInvalid",
    "Place",
    "Problem",
    "Report",
    "Severity",
    "SourceInvalid",
    "TemplateInvalid",
    "ToolMissing",
]


def __getattr__(name: str) -> object:
    if name in ("Place", "Problem", "Report", "Severity"):
        from . import problems

        return getattr(problems, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


class DvkError(Exception):
    """Anything a user of the package can put right. `exit_status` is what the command line ends with."""

    exit_status = 1


class FieldInvalid(DvkError):
    """One value that is not what its field holds; the checker turns it into a Problem with a place."""

    exit_status = 3

    def __init__(self, message: str, code: str = "invalid", hint: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.hint = hint


class KindUnknown(DvkError):
    exit_status = 2


class ChoiceNeeded(DvkError):
    exit_status = 2


class SourceInvalid(DvkError):
    """A file that cannot be read at all. `code` is stable English; `place` names the file and, for JSON, the line."""

    exit_status = 3

    def __init__(self, message: str, code: str = "unreadable", place: Place | None = None) -> None:
        from .problems import Place

        super().__init__(message)
        self.code = code
        self.place = place or Place()


class DataInvalid(DvkError):
    """Data that no paper can be made of; `report` holds every problem."""

    exit_status = 3

    def __init__(self, report: Report) -> None:
        super().__init__("\n".join(str(p) for p in report.errors) or "Dữ liệu chưa hợp lệ.")
        self.report = report


class OutputInvalid(DvkError):
    exit_status = 3


class NumberTaken(DvkError):
    exit_status = 3


class TemplateInvalid(DvkError):
    """A template that cannot be used; `report` holds each fault with its part, paragraph or cell, and words."""

    exit_status = 4

    def __init__(self, report: Report | str) -> None:
        from .problems import Place, Problem, Report

        if isinstance(report, str):
            report = Report((Problem(Place(), "template_invalid", "loi", report),))
        super().__init__("\n".join(str(p) for p in report) or "Mẫu không hợp lệ.")
        self.report = report


class ToolMissing(DvkError):
    exit_status = 6
