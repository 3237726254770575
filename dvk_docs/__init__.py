"""dvk-docs: from one year of data, every paper of a commune's “Dân vận khéo” year.

The public names come in when they are first used, so that `import dvk_docs` costs nothing:

    year = dvk_docs.read("nam-2026.xlsx")          data and the place of every value
    report = dvk_docs.check(year)                  every problem, with its cell
    result = dvk_docs.make_dossier(year, "ho-so")  the papers of the year
    document = dvk_docs.kind("...").make(data)     one paper; document.docx are its bytes
    dvk_docs.Template("mau.docx").render({...})    bytes, from any Word template
    dvk_docs.check_format("to-trinh.docx")         what breaks the rules of format in force on its day
"""

from __future__ import annotations

TYPE_CHECKING = False

__version__ = "0.1.0"

_HOMES = {
    "Document": "making",
    "Kind": "making",
    "Year": "making",
    "check": "making",
    "kind": "making",
    "kinds": "making",
    "read": "making",
    "Outcome": "dossier",
    "Result": "dossier",
    "make_dossier": "dossier",
    "Template": "templating",
    "FormatReport": "the_thuc",
    "check_format": "the_thuc",
    **dict.fromkeys(
        [
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
            "SourceInvalid",
            "TemplateInvalid",
            "ToolMissing",
        ],
        "errors",
    ),
}

if TYPE_CHECKING:
    from typing import Any

    from .dossier import Outcome, Result, make_dossier
    from .errors import (
        ChoiceNeeded,
        DataInvalid,
        DvkError,
        FieldInvalid,
        KindUnknown,
        NumberTaken,
        OutputInvalid,
        Place,
        Problem,
        Report,
        SourceInvalid,
        TemplateInvalid,
        ToolMissing,
    )
    from .making import Document, Kind, Year, check, kind, kinds, read
    from .templating import Template
    from .the_thuc import FormatReport, check_format

__all__ = [
    "ChoiceNeeded",
    "DataInvalid",
    "Document",
    "DvkError",
    "FieldInvalid",
    "FormatReport",
    "Kind",
    "KindUnknown",
    "NumberTaken",
    "Outcome",
    "OutputInvalid",
    "Place",
    "Problem",
    "Report",
    "Result",
    "SourceInvalid",
    "Template",
    "TemplateInvalid",
    "ToolMissing",
    "Year",
    "check",
    "check_format",
    "kind",
    "kinds",
    "make_dossier",
    "read",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f".{_HOMES[name]}", __name__), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])
