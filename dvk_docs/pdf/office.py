"""The other PDF engine: LibreOffice, when it is installed and asked for by name.

It runs with a profile of its own, one batch a call, under a time limit; and it is refused where the machine's fonts
would make it put another font in the place of Times New Roman without a word.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from dvk_docs.errors import ToolMissing

from .fonts import candidates, package_name, system_folders

SECONDS_EACH = 60  # for one document; a batch gets this for each, and once more for the start
PROGRAM = "DVK_SOFFICE"
_NAMES = ("soffice", "libreoffice")
_PLACES = (
    r"C:\Program Files\LibreOffice\program\soffice.exe",
    r"C:\Program Files (x86)\LibreOffice\program\soffice.exe",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
)
_MISSING = (
    "Chưa cài LibreOffice nên không dùng được “--engine libreoffice”. "
    "Hãy cài LibreOffice (gói libreoffice-writer), hoặc bỏ tuỳ chọn đó."
)
_NOTHING = "LibreOffice không lập được PDF của văn bản này."


def program() -> Path:
    """The office program; raise `ToolMissing` where there is none."""
    named = os.environ.get(PROGRAM)
    found = [named] if named else [*map(shutil.which, _NAMES), *_PLACES]
    for path in found:
        if path and Path(path).is_file():
            return Path(path)
    raise ToolMissing(_MISSING)


def check_fonts() -> None:
    """Raise `ToolMissing` where LibreOffice would find no font with the letters and widths of Times New Roman."""
    if not any(candidate.fonts for candidate in candidates(system_folders())):
        message = f"LibreOffice sẽ tự đổi phông vì máy chưa có phông Times đủ chữ tiếng Việt. Hãy cài {package_name()}."
        raise ToolMissing(message)


def convert_all(documents: Sequence[bytes], seconds_each: float = SECONDS_EACH) -> list[bytes]:
    """The PDFs of `documents`, in their order, by one run of the program.

    Raise `ToolMissing` where there is no program, no font, where it does not end in time or gives no PDF.
    """
    out = []
    for made in convert_each(documents, seconds_each):
        if isinstance(made, str):
            raise ToolMissing(made)
        out.append(made)
    return out


def convert_each(documents: Sequence[bytes], seconds_each: float = SECONDS_EACH) -> list[bytes | str]:
    """The PDF of each of `documents`, or a sentence that says why there is none.

    One run makes them all. A document on which the program breaks down or does not end takes the ones behind it with
    it: those without a PDF are tried once more, each by itself. Raise `ToolMissing` where there is no program, no font.
    """
    soffice = program()
    check_fonts()
    made = _batch(soffice, documents, seconds_each)
    if len(documents) > 1:
        for at, document in enumerate(documents):
            if isinstance(made[at], str):
                made[at] = _batch(soffice, [document], seconds_each)[0]
    return made


def _batch(soffice: Path, documents: Sequence[bytes], seconds_each: float) -> list[bytes | str]:
    if not documents:
        return []
    with tempfile.TemporaryDirectory(prefix="dvk-office-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        files = [folder / f"{number:05}.docx" for number in range(len(documents))]
        for file, document in zip(files, documents, strict=True):
            file.write_bytes(document)
        why = _run(soffice, folder, files, seconds_each * (len(files) + 1))
        return [_result(file.with_suffix(".pdf")) or why or _NOTHING for file in files]


def _run(soffice: Path, folder: Path, files: Sequence[Path], seconds: float) -> str:
    """Run the program over `files`; "" where it ended well, else a sentence."""
    profile = (folder / "profile").as_uri()
    words = [str(soffice), f"-env:UserInstallation={profile}", "--headless", "--norestore", "--convert-to", "pdf"]
    try:
        ended = subprocess.run(
            [*words, "--outdir", str(folder), *map(str, files)],
            check=False,
            capture_output=True,
            timeout=seconds,
        )
    except subprocess.TimeoutExpired:
        return f"LibreOffice không xong sau {seconds:.0f} giây nên đã bị dừng."
    except OSError as error:
        return f"LibreOffice không chạy được: {error.strerror or error}."
    return f"LibreOffice dừng giữa chừng (mã {ended.returncode})." if ended.returncode else ""


def _result(file: Path) -> bytes:
    """The PDF; empty where there is none, or only the beginning of one."""
    made = file.read_bytes() if file.is_file() else b""
    return made if b"%%EOF" in made[-32:] else b""
