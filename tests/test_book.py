"""The bound dossier: its contents tell the right pages, what was signed is left untouched, a bad file is named."""

from __future__ import annotations

import hashlib
import io
import json
import re
import shutil
import unicodedata
from functools import cache
from pathlib import Path

import pytest
from docx import Document
from pypdf import PdfReader, PdfWriter

import dvk_docs as dvk
from dvk_docs import dossier
from dvk_docs.errors import SourceInvalid, ToolMissing
from dvk_docs.pdf import fonts, foreign
from dvk_docs.viet.be_rong import VIETNAMESE

TODAY = "2026-11-20"
SIGNED_PAPER = "bien-ban-binh-xet"
EDITED = "to-trinh-de-nghi-cong-nhan"
SCANNED = "bao-cao-thanh-tich-tap-the-DH01"


@pytest.fixture(scope="module")
def whole(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> dvk.Result:
    """The sample's dossier, bound in one book."""
    try:
        fonts.find()
    except ToolMissing:
        pytest.skip("no font with the Vietnamese letters: dvk doctor --fix")
    return bind(samples, tmp_path_factory.mktemp("quyen") / "ho-so")


@cache
def year_of(file: Path) -> dvk.Year:
    return dvk.read(file)


def bind(samples: Path, folder: Path, way: str = "mot-quyen", *, sheets: bool = False) -> dvk.Result:
    year = year_of(samples / "nam-2026.xlsx")
    return dossier.make_dossier(year, folder, today=TODAY, binding=dossier.Binding(way, sheets))


@pytest.fixture
def folder(whole: dvk.Result, tmp_path: Path) -> Path:
    """A copy of the dossier, to lay signed files into."""
    return Path(shutil.copytree(whole.folder, tmp_path / "ho-so"))


@pytest.fixture(scope="module")
def touched(whole: dvk.Result, samples: Path, tmp_path_factory: pytest.TempPathFactory) -> dvk.Result:
    """The book after one paper was changed by hand, one signed, one scanned, and a stray file laid among them."""
    folder = Path(shutil.copytree(whole.folder, tmp_path_factory.mktemp("ky") / "ho-so"))
    paper = next(folder.glob(f"*{EDITED}*.docx"))
    edited = Document(str(paper))
    edited.paragraphs[-1].add_run("Câu do văn thư thêm.")
    edited.save(str(paper))
    lay_signed(folder, SIGNED)
    lay_signed(folder, scan(7), SCANNED)
    (folder / "da-ky" / "khong-ro.pdf").write_bytes(scan())
    return bind(samples, folder)


def book_file(result: dvk.Result, number: int = 0) -> Path:
    file = result.books[number].file
    assert file is not None
    return file


def parts(result: dvk.Result, number: int = 0) -> list[dict[str, object]]:
    manifest = json.loads(result.manifest_path.read_text(encoding="utf-8"))
    wanted = result.books[number].id
    return list(next(e for e in manifest["quyen"] if e["id"] == wanted)["phan"])


def marks(reader: PdfReader) -> list[tuple[str, int]]:
    """Bookmarks with their pages from 0."""
    return [
        (str(m["/Title"]), reader.get_destination_page_number(m) or 0) for m in reader.outline if hasattr(m, "page")
    ]


def scan(pages: int = 1) -> bytes:
    writer, out = PdfWriter(), io.BytesIO()
    for _ in range(pages):
        writer.add_blank_page(595, 842)
    writer.write(out)
    return out.getvalue()


SIGNED = scan(2) + b"% /ByteRange [0 1 2 3]\n"


def lay_signed(folder: Path, data: bytes, paper: str = SIGNED_PAPER) -> Path:
    """A file in `da-ky` in the place of one paper of the set."""
    target = folder / "da-ky" / f"{next(folder.glob(f'*{paper}*.docx')).stem}.pdf"
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(data)
    return target


def letters(text: str) -> str:
    return "".join(unicodedata.normalize("NFC", text).split()).casefold()


# --- the book ---------------------------------------------------------------------------------------------------------


def test_the_contents_say_the_pages_at_which_the_papers_begin(whole: dvk.Result) -> None:
    reader = PdfReader(book_file(whole))
    begins = [page for _, page in marks(reader)]
    body = begins[2]
    told = " ".join(page.extract_text() for page in reader.pages[begins[1] : body])
    spans = [(p - body + 1, q - body) for p, q in zip(begins[2:], [*begins[3:], len(reader.pages)], strict=True)]
    shown = [f"{a}-{b}" if a != b else str(a) for a, b in spans]
    found = re.sub(r"\s*[–-]\s*", "-", told).split()
    at = 0
    for words in shown:
        assert words in found[at:], f"{words} is not in the contents after {found[max(0, at - 5) : at]}"
        at = found.index(words, at) + 1


def test_the_manifest_tells_the_pages_and_the_digest_of_each_book(whole: dvk.Result) -> None:
    reader = PdfReader(book_file(whole))
    begins = [page for _, page in marks(reader)]
    assert [p["trang_dau"] for p in parts(whole)] == [page - begins[2] + 1 for page in begins[2:]]
    manifest = json.loads(whole.manifest_path.read_text(encoding="utf-8"))
    for entry in manifest["quyen"]:
        assert hashlib.sha256((whole.folder / entry["tep"]).read_bytes()).hexdigest() == entry["sha256"]


def test_each_bookmark_opens_the_paper_it_names(whole: dvk.Result) -> None:
    reader = PdfReader(book_file(whole))
    files = {str(p["id"]): p for p in parts(whole)}
    for (_, page), part in zip(marks(reader)[2:], files.values(), strict=True):
        assert letters(dvk_first_line(whole.folder / str(part["tep"]))) in letters(reader.pages[page].extract_text())


def dvk_first_line(docx: Path) -> str:
    from dvk_docs import ooxml

    return next(p.words for p in ooxml.read(docx.read_bytes()).paragraphs() if len(p.words.split()) > 3)


def test_every_copy_says_on_its_cover_which_one_it_is(whole: dvk.Result) -> None:
    covers = [PdfReader(book_file(whole, n)).pages[0].extract_text() for n in range(len(whole.books))]
    assert [f"Bộ số {n}/3" in cover for n, cover in enumerate(covers, 1)] == [True, True, True]


def test_the_text_can_be_copied_with_its_vietnamese_letters(whole: dvk.Result) -> None:
    text = "".join(page.extract_text() for page in PdfReader(book_file(whole)).pages)
    assert "\ufffd" not in text
    assert len(set(text) & set(VIETNAMESE)) > 100


def test_all_fonts_are_embedded(whole: dvk.Result) -> None:
    for page in PdfReader(book_file(whole)).pages:
        for font in page["/Resources"]["/Font"].values():  # type: ignore[index]
            assert "/FontFile2" in font.get_object()["/FontDescriptor"]


def test_a_second_run_keeps_the_book(whole: dvk.Result, samples: Path, folder: Path) -> None:
    assert [b.state for b in bind(samples, folder).books] == ["kept"] * 3


def test_the_same_year_gives_the_same_book(whole: dvk.Result, samples: Path, tmp_path: Path) -> None:
    again = bind(samples, tmp_path / "khac")
    assert book_file(again).read_bytes() == book_file(whole).read_bytes()


def test_each_nominee_gets_a_book_of_their_own(samples: Path, folder: Path) -> None:
    result = bind(samples, folder, "moi-doi-tuong", sheets=True)
    assert len({b.title for b in result.books}) == len(result.books) / 3
    pages = PdfReader(book_file(result)).pages
    assert "Tờ số 1" in unicodedata.normalize("NFC", "".join(p.extract_text() for p in pages))


def test_what_the_clerk_changed_is_what_is_bound(touched: dvk.Result) -> None:
    text = "".join(p.extract_text() for p in PdfReader(book_file(touched)).pages)
    assert letters("Câu do văn thư thêm.") in letters(text)


# --- what was signed --------------------------------------------------------------------------------------------------


def test_a_signed_file_is_bound_as_a_copy_and_attached_untouched(touched: dvk.Result) -> None:
    reader = PdfReader(book_file(touched))
    part = next(p for p in parts(touched) if p["nguon"] == "ban_ky_so")
    body = marks(reader)[2][1]
    page = reader.pages[body + int(str(part["trang_dau"])) - 1]
    target = next((touched.folder / "da-ky").glob(f"*{SIGNED_PAPER}*"))
    assert target.read_bytes() == SIGNED
    assert reader.attachments[target.name] == [SIGNED]
    assert "BẢN SAO" in unicodedata.normalize("NFC", page.extract_text())


def test_a_scan_takes_the_place_of_the_made_paper(touched: dvk.Result) -> None:
    part = next(p for p in parts(touched) if p["nguon"] == "ban_chup")
    assert int(str(part["trang_cuoi"])) - int(str(part["trang_dau"])) == 6


def test_a_file_that_fits_no_paper_is_told(touched: dvk.Result) -> None:
    assert any("khong-ro.pdf" in note for note in touched.notes)


def locked() -> bytes:
    writer, out = PdfWriter(PdfReader(io.BytesIO(scan()))), io.BytesIO()
    writer.encrypt("mat-khau", algorithm="RC4-128")
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "không phải là tệp PDF"),
        (b"PK\x03\x04 Word", "không phải là tệp PDF"),
        (b"%PDF-1.7\nrubbish", "bị hỏng"),
        (scan(0), "không có trang nào"),
        (locked(), "có đặt mật khẩu"),
    ],
    ids=["empty", "not a PDF", "broken", "no page", "locked"],
)
def test_a_file_that_cannot_be_bound_is_named_with_what_is_wrong(data: bytes, words: str) -> None:
    with pytest.raises(SourceInvalid, match=f"a.pdf.*{words}"):
        foreign.read("a.pdf", data)


def test_a_file_that_cannot_be_bound_holds_its_books_back_and_nothing_is_written(samples: Path, folder: Path) -> None:
    target = lay_signed(folder, locked())
    shutil.rmtree(folder / "dong-quyen")
    result = bind(samples, folder)
    assert {b.state for b in result.books} == {"blocked"}
    assert target.name in result.books[0].note
    assert "có đặt mật khẩu" in result.books[0].note
    assert not (folder / "dong-quyen").exists()
