"""What a paper says goes with it and that lies nowhere: neither inside the paper nor as a file of its own beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from dvk_docs.errors import DvkError
from dvk_docs.package import DOCUMENT, unpack
from dvk_docs.profiles import parse
from dvk_docs.text import Line, Promise, enclosed, is_in, is_named
from dvk_docs.viet.ten_tep import ten_tep

from .files import SHOWN, Fault, paragraphs

ANNOUNCED = re.compile(r"\b(?:kèm|đính)\b", re.I)


def missing_annexes(docx: bytes, beside: Sequence[Path]) -> Iterator[Fault]:
    """Each annex that the paper announces and that is there nowhere; `beside`: the other files of its dossier."""
    for promise in enclosed(_lines(docx)):
        if not any(_is_it(file, promise) for file in beside):
            message = f"Có nhắc “{promise.words}” nhưng trong văn bản và trong hồ sơ đều không có phần ấy."
            way = " Hãy để tệp ấy vào thư mục hồ sơ hoặc bỏ chỗ nhắc."
            yield Fault("annex_missing", message + way, promise.passage.text[:SHOWN])


def _is_it(file: Path, promise: Promise) -> bool:
    lines = _lines_of(file) if file.suffix.lower() == ".docx" else None
    return is_named(promise, ten_tep(file.stem)) if lines is None else is_in(promise, lines)


def _lines_of(file: Path) -> tuple[Line, ...] | None:
    """The lines of a Word file; None where it cannot be read."""
    try:
        return _read(file.read_bytes())
    except (OSError, DvkError):
        return None


@lru_cache(maxsize=512)
def _read(docx: bytes) -> tuple[Line, ...]:
    return tuple(_lines(docx, whole=True))


def _lines(docx: bytes, whole: bool = False) -> list[Line]:
    """The paragraphs of a Word file as lines; none where it announces nothing and is not wanted `whole`."""
    root = parse(DOCUMENT, unpack(docx, only_look=True)[DOCUMENT])
    found = [Line(p.number, p.text, f"đoạn {p.number}") for p in paragraphs(root)]
    return found if whole or any(ANNOUNCED.search(line.text) for line in found) else []
