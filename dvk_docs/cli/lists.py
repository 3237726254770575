"""`dvk make LOẠI danh-sach.xlsx -o THƯ_MỤC`: many papers of one kind from a plain list."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from dvk_docs.errors import OutputInvalid, SourceInvalid

from .files import read_bytes, save_new, save_pdf
from .saying import grouped, say

if TYPE_CHECKING:
    from dvk_docs.making import Kind


def make(kind: Kind, file: Path, output: Path | None, row: int | None, names: str, pdf_engine: str) -> int:
    """Make the papers of a list, or of one row of it; the exit status."""
    from dvk_docs import batch, making, sources

    papers = sources.read_list(file, kind.schema)
    if papers is None:
        raise SourceInvalid(f"Tệp {file} không phải một danh sách mỗi dòng một văn bản.", "not_a_list")
    if row is not None:
        return _one(kind, batch.preview(kind, papers, row), output or Path(f"{kind.stem}-dong-{row}.docx"), pdf_engine)
    folder = output or file.with_name(f"{file.stem}-{kind.stem}")
    if folder.is_file() or folder.suffix.lower() in (".docx", ".pdf"):
        raise OutputInvalid(f"Danh sách có {len(papers.rows)} văn bản nên -o phải là một thư mục, không phải {folder}.")
    result = batch.make_batch(kind, papers, folder, names)
    answer = batch.result_file(result, file)
    making.save({answer: batch.answered(result, papers, read_bytes(file), answer)})
    for outcome in result.made if pdf_engine else ():
        if outcome.file:
            save_pdf(outcome.file.with_suffix(".pdf"), outcome.file.read_bytes(), pdf_engine, overwrite=False)
    for line in grouped(result.problems):
        say(line)
    bad = len(result.outcomes) - len(result.made)
    tail = f", {bad} dòng chưa lập được" if bad else ""
    say(f"Đã lập {len(result.made)} văn bản{tail}. Kết quả từng dòng: {answer.resolve()}")
    return result.exit_status


def _one(kind: Kind, docx: bytes, target: Path, pdf_engine: str) -> int:
    if target.suffix.lower() != ".docx":
        target = target.with_name(f"{target.name}.docx")
    save_new(target, docx, overwrite=False)
    say(f"Đã lập {target}.")
    if pdf_engine:
        save_pdf(target.with_suffix(".pdf"), docx, pdf_engine, overwrite=False)
    return 0
