"""The text of a PDF is the text of its paper: what is searched is found, what is copied is what was written.

Two readers are asked, pypdf and poppler's pdftotext. A word of the paper may come back in parts only where a line broke
in it; two words never come back as one.
"""

from __future__ import annotations

import io
import shutil
import subprocess
from collections import Counter
from pathlib import Path
from xml.sax.saxutils import escape

import pypdf
import pytest
from docx_parts import docx, p, row, table
from hypothesis import given, settings
from hypothesis import strategies as st
from positions import sample_papers

from dvk_docs import ooxml, pdf
from dvk_docs.errors import ToolMissing
from dvk_docs.pdf import builtin, fonts
from dvk_docs.pdf.lines import plain
from dvk_docs.template_source import build
from dvk_docs.viet.be_rong import VIETNAMESE


def has_fonts() -> bool:
    try:
        fonts.find()
    except ToolMissing:
        return False
    return True


pytestmark = pytest.mark.skipif(not has_fonts(), reason="no font with the Vietnamese letters: dvk doctor --fix")


def by_pypdf(made: bytes) -> list[str]:
    return " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(made)).pages).split()


def by_poppler(made: bytes, folder: Path) -> list[str]:
    file = folder / "a.pdf"
    file.write_bytes(made)
    words = ["pdftotext", "-raw", "-nodiag", str(file), "-"]
    return subprocess.run(words, capture_output=True, encoding="utf-8", check=True).stdout.split()


def laid(document: bytes) -> list[str]:
    """The words of each line as laid out, in the order of painting."""
    pages = builtin.lay_out(ooxml.read(document), fonts.find())
    lines = ("".join(getattr(bit, "words", " ") for bit in line.bits) for page in pages for _, _, line in page.texts)
    return [word for line in lines for word in line.split()]


def written(document: bytes) -> list[str]:
    """The words of the body of the paper, as they were written."""
    return [word for paragraph in ooxml.read(document).paragraphs() for word in plain(paragraph.words).split()]


@pytest.fixture(scope="module")
def papers(samples: Path) -> dict[str, tuple[bytes, bytes]]:
    """Each sample paper as Word file and as PDF."""
    return {name: (document, pdf.convert(document)) for name, document in sample_papers(samples).items()}


def test_pypdf_gives_every_word_in_its_order_whole_or_broken_at_a_line(papers: dict[str, tuple[bytes, bytes]]) -> None:
    for name, (document, made) in papers.items():
        if not name.endswith(".day-du"):
            continue  # pypdf is slow; the other reader takes them all
        found = by_pypdf(made)
        assert found == laid(document), name
        together = "".join(found)
        broken = Counter(written(document)) - Counter(found)
        assert [word for word in broken if word not in together] == [], name
        assert sum(broken.values()) <= 0.05 * len(found), name


def test_poppler_gives_the_words_of_each_paper_in_their_order(
    papers: dict[str, tuple[bytes, bytes]], tmp_path: Path
) -> None:
    if shutil.which("pdftotext") is None:
        pytest.skip("poppler's pdftotext is not installed")
    for name, (document, made) in papers.items():
        assert by_poppler(made, tmp_path) == laid(document), name


def test_no_column_is_so_narrow_that_it_parts_a_word(papers: dict[str, tuple[bytes, bytes]]) -> None:
    for name, (document, _) in papers.items():
        parted = Counter(written(document)) - Counter(laid(document))
        assert [word for word in parted if "-" not in word and "/" not in word] == [], name


letters = st.sampled_from(VIETNAMESE + "abcdeghiklmnopqrstuvxyzABCDĐ0123456789.,;:()“”‘’…%&<>²Ω₫Ж")
words = st.lists(st.text(letters, min_size=1, max_size=9), min_size=1, max_size=60)


@settings(deadline=None, max_examples=40)
@given(
    words,
    st.sampled_from(["both", "center", "left"]),
    st.sampled_from(["", "<w:b/>", "<w:i/>", '<w:u w:val="single"/>']),
)
def test_any_words_come_back_as_they_were_written(some: list[str], align: str, run: str) -> None:
    text = escape(" ".join(some))
    body = p(text, f'<w:jc w:val="{align}"/>', run) + table(row("1", p(text)), columns=(2000, 6000))
    document = docx(body)
    found = by_pypdf(pdf.convert(document))
    assert found == laid(document)
    assert "".join(found) == "".join([*some, "1", *some])


HEADING = """@ bang: 40 40 40{more} ; tieu-de=2
|| Ô tiêu đề: Theo ↵ lĩnh vực || << || Ô giữa: Số ↵ người ↵ tham ↵ gia{cell}
|| Ô giữa: KT || Ô giữa: QP ↵ AN ↵ DT ↵ TG || ^^{cell}
@ het"""


@pytest.mark.parametrize(("more", "cell"), [("", ""), (" 45", " || Ô:")], ids=["beside it", "behind an empty cell"])
def test_the_last_word_of_a_high_cell_does_not_join_the_row_that_goes_on_beside_it(more: str, cell: str) -> None:
    found = by_pypdf(pdf.convert(build(HEADING.format(more=more, cell=cell))))
    assert found == ["Theo", "lĩnh", "vực", "Số", "người", "tham", "gia", "KT", "QP", "AN", "DT", "TG"]


def test_a_word_with_a_rare_sign_in_it_is_one_word() -> None:
    document = docx(p("dài 12 m²Ωx³, Жa"))
    assert by_pypdf(pdf.convert(document)) == ["dài", "12", "m²Ωx³,", "Жa"]


def test_more_rare_letters_than_one_subset_holds_come_back() -> None:
    widths = fonts.find().faces[False, False].widths
    rare = [chr(code) for code in (*range(0x100, 0x180), *range(0x400, 0x500)) if code in widths]
    assert len(rare) > 256
    some = ["".join(rare[at : at + 7]) for at in range(0, len(rare), 7)]
    assert by_pypdf(pdf.convert(docx(p(" ".join(some)) + p(r"(a\b) " + some[0])))) == [*some, r"(a\b)", some[0]]
