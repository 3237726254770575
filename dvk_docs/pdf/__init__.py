"""PDF from a .docx, without an office program: `convert(docx) -> bytes`.

The engine `builtin` reads the document (`ooxml`), lays it out by the rules of Word and paints it with the metrics of
Times New Roman. What it cannot draw it refuses, naming the place; the engine `libreoffice` is used only when asked for.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from dvk_docs.errors import FieldInvalid, TemplateInvalid

if TYPE_CHECKING:
    from dvk_docs.errors import Problem

ENGINES = ("builtin", "libreoffice")
PRODUCER = "dvk-docs"


def convert(docx: bytes, engine: str = "builtin") -> bytes:
    """The PDF of one document.

    Raise `TemplateInvalid` naming each construct that cannot be drawn, `FieldInvalid` for a letter that the font
    lacks, `ToolMissing` where a font or the office program is missing.
    """
    return convert_all([docx], engine)[0]


def convert_all(documents: Sequence[bytes], engine: str = "builtin") -> list[bytes]:
    """The PDFs of several documents; LibreOffice is started once for all of them."""
    if engine not in ENGINES:
        raise ValueError(f"no engine {engine!r}: {', '.join(ENGINES)}")
    if engine == "libreoffice":
        from . import office

        return office.convert_all(documents)
    with _seldom_tidied():
        from . import builtin

        return [builtin.convert(document) for document in documents]


@contextmanager
def _seldom_tidied() -> Iterator[None]:
    """Python looks for circles of objects rarely meanwhile: pages hold none, and it took a tenth of the time."""
    before = gc.get_threshold()
    gc.set_threshold(100_000, 50, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def convert_each(documents: Mapping[Path, bytes], engine: str = "builtin") -> tuple[dict[Path, bytes], dict[Path, str]]:
    """The PDFs of documents by name, and why the others could not be made: one that is refused stops no other."""
    made: dict[Path, bytes] = {}
    refused: dict[Path, str] = {}
    if engine == "libreoffice":
        from . import office

        for name, found in zip(documents, office.convert_each(list(documents.values())), strict=True):
            made.update({name: found} if isinstance(found, bytes) else {})
            refused.update({name: found} if isinstance(found, str) else {})
        return made, refused
    for name, docx in documents.items():
        try:
            made[name] = convert(docx, engine)
        except (FieldInvalid, TemplateInvalid) as error:
            refused[name] = str(error)
    return made, refused


def supports(docx: bytes) -> tuple[Problem, ...]:
    """What in `docx` the engine `builtin` cannot draw, each with its place; empty where it can draw all."""
    from . import builtin

    return builtin.supports(docx)


def is_ours(file: str | os.PathLike[str]) -> bool:
    """Whether a PDF was made here and is as it was to the byte, so that it may be made anew: nobody signed it since."""
    from . import dress

    try:
        data = Path(file).read_bytes()
    except OSError:
        return False
    return f"/Producer ({PRODUCER})".encode() in data and dress.is_sealed(data)
