"""Documents as hostile as they come: drawn with every letter they show, or refused by name, place and other engine.

Those drawn were compared once with LibreOffice: the same words on the same pages (`python tests/hostile_papers.py`).
"""

from __future__ import annotations

import io
import re

import pypdf
import pytest
from hostile_papers import DRAWN, REFUSED, shown_words
from positions import our_spots

from dvk_docs import ooxml, pdf
from dvk_docs.errors import DvkError, TemplateInvalid, ToolMissing
from dvk_docs.pdf import builtin, fonts


def has_fonts() -> bool:
    try:
        fonts.find()
    except ToolMissing:
        return False
    return True


pytestmark = pytest.mark.skipif(not has_fonts(), reason="no font with the Vietnamese letters: dvk doctor --fix")


@pytest.mark.parametrize("name", DRAWN)
def test_every_letter_of_what_is_drawn_is_in_the_pdf(name: str) -> None:
    made = pdf.convert(DRAWN[name])
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(made)).pages)
    assert sorted(re.sub(r"\s", "", text)) == sorted(re.sub(r"\s", "", shown_words(DRAWN[name])))


def test_a_picture_is_as_large_as_it_says() -> None:
    (page,) = builtin.lay_out(ooxml.read(DRAWN["a picture"]), fonts.find())
    assert page.texts[0][2].height == pytest.approx(360000 / 635, abs=80)  # twips; the descent of the letters beside it


def test_a_table_in_a_cell_does_not_hang_out_of_it() -> None:
    """LibreOffice: only a table of the text itself stands left of it by the margin of its cells."""
    spots = our_spots(builtin.lay_out(ooxml.read(DRAWN["a table in a table"]), fonts.find()))
    inner, below = (next(s.x for s in spots if s.word == word) for word in ("trong", "sau"))
    assert inner - below == pytest.approx(5.4)


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_drawn_is_refused_by_name(name: str) -> None:
    document, code = REFUSED[name]
    found = pdf.supports(document)
    assert code in [problem.code for problem in found]
    assert all(problem.place.where and "--engine libreoffice" in problem.hint for problem in found)
    with pytest.raises(TemplateInvalid) as caught:
        pdf.convert(document)
    assert re.search(r"đoạn \d|bảng \d|thiết lập trang", str(caught.value))


@pytest.mark.parametrize("name", [*DRAWN, *REFUSED])
def test_a_hostile_document_cut_off_anywhere_is_an_error_with_words(name: str) -> None:
    whole = DRAWN[name] if name in DRAWN else REFUSED[name][0]
    for part in (0, 30, len(whole) // 2, len(whole) - 10):
        with pytest.raises(DvkError):
            pdf.convert(whole[:part])
