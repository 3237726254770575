"""Pages as PNG pictures, for people and for tests: the one module that knows pypdfium2 (the extra `preview`)."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from dvk_docs.errors import SourceInvalid, ToolMissing

DPI = 100
LOWEST, HIGHEST = 20, 600  # dots to the inch
MAX_BYTES = 300_000_000  # of the PDF
MAX_PAGES = 500  # of one call
MAX_DOTS = 60_000_000  # of one page: an A3 sheet at 450 dpi
_MISSING = (
    "Chưa có gói pypdfium2 nên không vẽ được ảnh trang. "
    "Cài bằng: pip install pypdfium2 (hoặc pip install 'dvk-docs[preview]')."
)
_PASSWORD = 4  # FPDF_ERR_PASSWORD


def pictures(pdf: bytes, wanted: Sequence[tuple[int, int]] = (), dpi: int = DPI) -> Iterator[tuple[int, int, bytes]]:
    """Each page asked for, with how many the file has: (number from 1, number of pages, PNG).

    `wanted` holds ranges of pages, both ends counted; none means all. Raise `SourceInvalid` for a file that is broken,
    has a password or is too large, and for a page that it has not; `ToolMissing` without pypdfium2.
    """
    with _opened(pdf) as document:
        count = len(document)
        for number in _numbers(wanted, count):
            yield number, count, _picture(document, number, dpi / 72)


def _numbers(wanted: Sequence[tuple[int, int]], count: int) -> list[int]:
    beyond = [end for first, last in wanted for end in (first, last) if not 1 <= end <= count]
    if beyond:
        raise SourceInvalid(f"Không có trang {beyond[0]}: tệp có {count} trang.", "no_such_page")
    found = sorted({n for first, last in wanted or [(1, count)] for n in range(first, last + 1)})
    if not found:
        raise SourceInvalid("Tệp PDF không có trang nào.", "no_pages")
    if len(found) > MAX_PAGES:
        message = f"Mỗi lần vẽ được nhiều nhất {MAX_PAGES} trang, ở đây có {len(found)}."
        raise SourceInvalid(f"{message} Hãy chọn bớt bằng --trang, ví dụ --trang 1-{MAX_PAGES}.", "too_many_pages")
    return found


@contextmanager
def _opened(pdf: bytes) -> Iterator[Any]:
    try:
        import pypdfium2
    except ImportError as error:
        raise ToolMissing(_MISSING) from error
    if len(pdf) > MAX_BYTES:
        raise SourceInvalid(f"Tệp PDF lớn quá {MAX_BYTES // 1_000_000} MB nên không vẽ ảnh trang.", "too_large")
    try:
        document = pypdfium2.PdfDocument(pdf)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == _PASSWORD and b"/Encrypt" in pdf:  # the code may be an earlier file's
            raise SourceInvalid("Tệp PDF có mật khẩu. Hãy bỏ mật khẩu rồi chạy lại.", "encrypted") from error
        raise SourceInvalid("Tệp PDF đã hỏng hoặc không phải là PDF. Hãy lập lại tệp.", "broken_pdf") from error
    try:
        document.init_forms()  # so that the picture of a signature is drawn too
        yield document
    except pypdfium2.PdfiumError as error:
        raise SourceInvalid("Tệp PDF có trang hỏng nên không vẽ được. Hãy lập lại tệp.", "broken_pdf") from error
    finally:
        document.close()


def _picture(document: Any, number: int, scale: float) -> bytes:
    page = document[number - 1]
    width, height = page.get_size()
    if not 0 < width * height * scale * scale <= MAX_DOTS:
        raise SourceInvalid(f"Trang {number} quá lớn để vẽ ở độ nét này. Hãy giảm --dpi.", "too_large")
    out = io.BytesIO()
    page.render(scale=scale).to_pil().convert("RGB").save(out, "PNG")
    page.close()
    return out.getvalue()
