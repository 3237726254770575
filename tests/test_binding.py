"""Any set bound, and whatever lies among the signed papers: scans turned and stamped, signed files, spoiled ones."""

from __future__ import annotations

import hashlib
import io
import json
import re
import shutil
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdf
import pytest
from builders import TODAY, small_year, write_pack
from docx_parts import docx, p
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf.generic import ArrayObject, DictionaryObject, FloatObject, NameObject, NumberObject, StreamObject

import dvk_docs as dvk
from dvk_docs import cli, pdf
from dvk_docs.book import FOLDER, SIGNED, volumes
from dvk_docs.dossier import Binding
from dvk_docs.errors import ToolMissing
from dvk_docs.making import as_day, examine
from dvk_docs.pdf import binding, fonts, foreign
from dvk_docs.pdf.dress import About
from dvk_docs.viet.be_rong import VIETNAMESE

SLIP = "phieu-theo-doi"
BO = "bo-rieng"
Make = Callable[..., dvk.Result]


def has_fonts() -> bool:
    try:
        fonts.find()
    except ToolMissing:
        return False
    return True


pytestmark = pytest.mark.skipif(not has_fonts(), reason="no font with the Vietnamese letters: dvk doctor --fix")


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Bind the three slips of a small year, a set of its own, into one folder."""
    pack = write_pack(tmp_path / "goi", **{"x-bo": BO})

    def run(way: str = "mot-quyen", numbered: bool = False, **changes: Any) -> dvk.Result:
        how = Binding(way, numbered)
        return dvk.make_dossier(small_year(**changes), tmp_path / "ho-so", today=TODAY, packs=[pack], binding=how)

    return run


def reader(result: dvk.Result, number: int = 0) -> pypdf.PdfReader:
    file = result.books[number].file
    assert file is not None, result.books[number].note
    return pypdf.PdfReader(io.BytesIO(file.read_bytes()))


def slip(result: dvk.Result, n: int = 1) -> Path:
    return result.folder / f"77-{SLIP}-MH0{n}.docx"


def texts(book: pypdf.PdfReader) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in book.pages]


def renamed(name: str) -> list[dict[str, Any]]:
    models: list[dict[str, Any]] = small_year()["mo_hinh"]
    models[0]["ten"] = name
    return models


def sign(folder: Path, name: str, data: bytes) -> Path:
    """Lay a file among the signed ones."""
    file = folder / "ho-so" / SIGNED / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)
    return file


def scan(words: str = "BẢN QUÉT", pages: int = 1, **changes: Any) -> bytes:
    """A PDF of another's making: turned, cropped or stamped as `changes` say of its first page."""
    body = "".join(p(f"{words} {n}", "<w:pageBreakBefore/>" if n else "") for n in range(pages))
    writer = pypdf.PdfWriter(clone_from=pypdf.PdfReader(io.BytesIO(pdf.convert(docx(body)))))
    for key, value in changes.items():
        writer.pages[0][NameObject(key)] = value
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def named(values: dict[str, Any]) -> DictionaryObject:
    return DictionaryObject({NameObject(key): value for key, value in values.items()})


def numbers(*values: float) -> ArrayObject:
    return ArrayObject(FloatObject(value) for value in values)


def digitally_signed(words: str = "BẢN KÝ SỐ") -> bytes:
    """A PDF with the dictionary of a digital signature; with which key it was signed plays no part here."""
    return scan(words, **{"/Mark": named({"/Type": NameObject("/Sig"), "/ByteRange": numbers(0, 10, 20, 30)})})


# --- any set ---------------------------------------------------------------------------------------------------------


def test_a_set_of_a_pack_is_bound_without_a_word_of_python(make: Make) -> None:
    result = make()
    assert [b.id for b in result.books] == [BO]
    pages = texts(reader(result))
    assert "Bộ số" not in pages[0]
    assert [n for n in (1, 2, 3) if f"Mô hình “Tuyến đường hoa số {n}”" in " ".join(pages[2:])] == [1, 2, 3]


def test_each_member_s_book_holds_their_papers_only(make: Make) -> None:
    result = make("moi-doi-tuong")
    assert [b.id for b in result.books] == [f"{BO}.MH0{n}" for n in (1, 2, 3)]
    words = " ".join(texts(reader(result, 1)))
    assert "Tuyến đường hoa số 2" in words
    assert "Tuyến đường hoa số 1" not in words


def test_a_kind_says_itself_in_which_books_it_stands(tmp_path: Path) -> None:
    pack = write_pack(tmp_path / "goi", **{"x-bo": BO, "x-quyen": ["moi-doi-tuong"]})
    checked = examine(small_year(), as_day(TODAY), packs=[pack])
    assert volumes(checked, "mot-quyen") == []
    assert [v.code for v in volumes(checked, "moi-doi-tuong")] == ["MH01", "MH02", "MH03"]


@pytest.mark.parametrize("number", [51, 10**9])
def test_a_number_of_copies_that_is_none_is_told(samples: Path, number: int) -> None:
    year = json.loads((samples / "nam-2026.json").read_text(encoding="utf-8"))
    year["thong_tin"]["so_bo_ho_so"] = number
    with pytest.raises(dvk.DataInvalid, match=f"là {number}, không phải là số từ 1 đến 50"):
        volumes(examine(year, as_day("2026-10-20")), "mot-quyen")


def test_the_number_of_copies_comes_from_the_local_rules_where_none_is_typed(samples: Path) -> None:
    year = json.loads((samples / "nam-2026.json").read_text(encoding="utf-8"))
    del year["thong_tin"]["so_bo_ho_so"]
    found = volumes(examine(year, as_day("2026-10-20")), "moi-doi-tuong")
    assert len(found) == 7 * 3
    assert {v.copies for v in found} == {3}


def test_a_second_run_leaves_the_book_and_a_deleted_one_comes_back_the_same(make: Make) -> None:
    file = make().books[0].file
    assert file is not None
    before, time = file.read_bytes(), file.stat().st_mtime_ns
    assert [b.state for b in make().books] == ["kept"]
    assert file.stat().st_mtime_ns == time
    file.unlink()
    assert make().books[0].state == "made"
    assert file.read_bytes() == before


def test_a_changed_paper_makes_the_book_anew(make: Make) -> None:
    make()
    result = make(mo_hinh=renamed("Bếp ấm"))
    assert [b.state for b in result.books] == ["made"]
    assert "Bếp ấm" in " ".join(texts(reader(result)))


def test_the_word_file_that_the_clerk_changed_is_bound_though_the_data_moved_on(make: Make) -> None:
    slip(make()).write_bytes(docx(p("CÁN BỘ ĐÃ SỬA")))
    assert "CÁN BỘ ĐÃ SỬA" in " ".join(texts(reader(make())))
    result = make(mo_hinh=renamed("Bếp ấm"))
    assert "CÁN BỘ ĐÃ SỬA" in " ".join(texts(reader(result)))
    assert f"{slip(result).name} như đang có (đã sửa tay)" in result.books[0].note


def test_a_book_that_someone_changed_is_kept_and_the_new_one_laid_beside(make: Make) -> None:
    first = make()
    file = first.books[0].file
    assert file is not None
    file.write_bytes(file.read_bytes() + b"\n%signed")
    slip(first).write_bytes(docx(p("khác")))
    for _ in range(2):
        assert make().books[0].state in ("beside", "kept")
        assert file.read_bytes().endswith(b"%signed")
        assert [f.name for f in file.parent.iterdir() if f != file] == [f"{BO} (lap lai).pdf"]


def test_a_book_of_papers_that_changed_since_is_named(make: Make, tmp_path: Path) -> None:
    file = slip(make())
    file.write_bytes(docx(p("khác")))
    again = dvk.make_dossier(small_year(), tmp_path / "ho-so", today=TODAY, packs=[tmp_path / "goi"])
    assert f"bản cũ của {file.name}; chạy lại với --dong-quyen mot-quyen." in " ".join(again.notes)
    assert make().notes == ()


@pytest.mark.parametrize(
    "entry", [{"id": 1}, "x", {"id": "a", "cach": "b", "tep": "c", "sha256": "d", "so_trang": 1, "phan": [1]}]
)
def test_an_entry_of_the_manifest_that_is_no_book_is_passed_over(make: Make, entry: object) -> None:
    manifest = make().manifest_path
    known = json.loads(manifest.read_text(encoding="utf-8"))
    manifest.write_text(json.dumps({**known, "quyen": [entry, *known["quyen"]]}), encoding="utf-8")
    assert [b.state for b in make().books] == ["kept"]


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_the_other_engine_draws_what_ours_cannot(make: Make, tmp_path: Path) -> None:
    slip(make()).write_bytes(docx(p("chữ Arial", "", '<w:rFonts w:ascii="Arial" w:hAnsi="Arial"/>')))
    how = Binding("mot-quyen", engine="libreoffice")
    packs = [tmp_path / "goi"]
    result = dvk.make_dossier(small_year(), tmp_path / "ho-so", today=TODAY, packs=packs, binding=how)
    assert "chữ Arial" in " ".join(texts(reader(result)))


def test_a_blocked_paper_leaves_the_book_unmade_and_says_why(make: Make) -> None:
    result = make(mo_hinh=renamed(""))
    assert [b.state for b in result.books] == ["blocked"]
    assert f"{SLIP}.MH01" in result.books[0].note
    assert not (result.folder / FOLDER).exists()


def test_a_construct_that_cannot_be_drawn_names_its_file_and_the_other_engine(make: Make) -> None:
    slip(make()).write_bytes(docx(p("chữ", "", '<w:rFonts w:ascii="Arial" w:hAnsi="Arial"/>')))
    result = make()
    assert (result.books[0].state, result.exit_status) == ("blocked", 5)
    assert f"LỖI: {slip(result).name}, đoạn 1: Có phông Arial" in result.books[0].note
    assert "--engine libreoffice" in result.books[0].note


def test_sheet_numbers_stand_on_every_page_only_when_asked_for(make: Make) -> None:
    assert "Tờ số" not in " ".join(texts(reader(make()))[2:])
    found = [re.findall(r"Tờ số (\d+)", text) for text in texts(reader(make(numbered=True)))]
    assert found == [[], [], ["1"], ["2"], ["3"]]


def test_a_book_says_every_vietnamese_letter_back(make: Make) -> None:
    slip(make()).write_bytes(docx("".join(p(" ".join(VIETNAMESE), "", run) for run in ("", "<w:b/>", "<w:i/>"))))
    assert set(VIETNAMESE) <= set(" ".join(texts(reader(make()))))


def test_contents_of_several_pages_do_not_shift_what_they_say(make: Make) -> None:
    model = small_year()["mo_hinh"][0]
    book = reader(make(mo_hinh=[{**model, "ma": f"M{n:03}", "ten": f"Mô hình thứ {n}"} for n in range(60)]))
    labels, pages = book.page_labels, texts(book)
    assert labels[0] == "Bìa"
    assert labels.index("1") > 3
    for n in (0, 31, 59):
        assert f"Mô hình thứ {n}” " in pages[labels.index(str(n + 1))]


# --- what was signed -------------------------------------------------------------------------------------------------


def test_a_scan_of_the_signed_paper_takes_its_place(make: Make, tmp_path: Path) -> None:
    sign(tmp_path, f"77-{SLIP}-MH02.pdf", scan("BẢN QUÉT", pages=2))
    book = reader(make())
    pages = texts(book)
    assert "Tuyến đường hoa số 2” năm" not in " ".join(pages[2:])
    assert [n for n, text in enumerate(pages) if "BẢN QUÉT" in text] == [3, 4]
    assert "2-3" in pages[1]
    assert "BẢN SAO" not in " ".join(pages)
    assert not book.attachments


@pytest.mark.parametrize(
    "name", ["77-Phieu-theo-doi-MH01.PDF", f"77-{SLIP}-MH01.signed.signed.pdf", f"77-{SLIP}-MH01_da-ky.pdf"]
)
def test_the_name_may_be_as_signing_programs_leave_it(make: Make, tmp_path: Path, name: str) -> None:
    sign(tmp_path, name, scan())
    assert "BẢN QUÉT" in " ".join(texts(reader(make())))


def test_a_digitally_signed_paper_is_marked_on_its_pages_and_its_original_attached(make: Make, tmp_path: Path) -> None:
    original = digitally_signed()
    file = sign(tmp_path, f"77-{SLIP}-MH01.pdf", original)
    book = reader(make())
    pages = texts(book)
    assert "BẢN KÝ SỐ" in pages[2]
    assert ["BẢN SAO – bản gốc có chữ ký số đính kèm" in text for text in pages] == [False, False, True, False, False]
    attached = book.attachments[file.name][0]
    assert hashlib.sha256(attached).hexdigest() == hashlib.sha256(original).hexdigest()
    assert file.read_bytes() == original


def test_originals_of_one_name_in_two_folders_are_both_attached(make: Make, tmp_path: Path) -> None:
    originals = [digitally_signed("KÝ MỘT"), digitally_signed("KÝ HAI")]
    rows = [{"ma": f"{SLIP}.MH0{n}", "tinh_chat": "lap", "tep": f"don-vi-{n}/ban-ky.pdf"} for n in (1, 2)]
    for row, original in zip(rows, originals, strict=True):
        sign(tmp_path, row["tep"], original)
    attached = reader(make(van_ban=rows)).attachments
    assert attached == {"ban-ky.pdf": [originals[0]], "ban-ky (2).pdf": [originals[1]]}


def test_a_page_may_be_named_by_any_two_of_its_corners(make: Make, tmp_path: Path) -> None:
    corners = {"/MediaBox": numbers(595, 842, 0, 0), "/CropBox": numbers(550, 60, 50, 800)}
    sign(tmp_path, f"77-{SLIP}-MH01.pdf", scan(**corners))
    page = reader(make()).pages[2]
    assert [float(side) for side in page.mediabox] == [0, 0, 500, 740]
    assert "BẢN QUÉT" in page.extract_text()


def test_a_paper_signed_beside_its_word_file_is_bound_as_signed(make: Make) -> None:
    slip(make()).with_suffix(".pdf").write_bytes(digitally_signed())
    assert "BẢN KÝ SỐ" in " ".join(texts(reader(make())))


def test_the_file_named_in_the_sheet_comes_first(make: Make, tmp_path: Path) -> None:
    sign(tmp_path, "cong-van-den.pdf", scan("THEO SHEET"))
    sign(tmp_path, f"77-{SLIP}-MH01.pdf", scan("THEO TÊN"))
    row = {"ma": f"{SLIP}.MH01", "tinh_chat": "lap", "tep": "cong-van-den.pdf"}
    words = " ".join(texts(reader(make(van_ban=[row]))))
    assert "THEO SHEET" in words
    assert "THEO TÊN" not in words


@pytest.mark.parametrize("name", ["khong-co.pdf", "a\0b.pdf", "x" * 300])
def test_a_file_named_in_the_sheet_that_is_not_there_stops_the_book(make: Make, name: str) -> None:
    result = make(van_ban=[{"ma": f"{SLIP}.MH01", "tinh_chat": "lap", "tep": name}])
    assert [b.state for b in result.books] == ["blocked"]


def test_a_file_that_fits_no_paper_is_named_but_no_leavings_of_the_system(make: Make, tmp_path: Path) -> None:
    sign(tmp_path, "la-lung.pdf", scan())
    sign(tmp_path, "Thumbs.db", b"junk")
    notes = " ".join(make().notes)
    assert "la-lung.pdf" in notes
    assert "Thumbs" not in notes


def encrypted() -> bytes:
    writer = pypdf.PdfWriter(clone_from=pypdf.PdfReader(io.BytesIO(scan())))
    writer.encrypt("mật khẩu", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def without_pages() -> bytes:
    out = io.BytesIO()
    pypdf.PdfWriter().write(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("suffix", "data", "said"),
    [
        ("pdf", lambda: b"", "tệp trống"),
        ("jpg", lambda: b"\xff\xd8\xff", "không phải là tệp PDF"),
        ("pdf", lambda: scan()[: len(scan()) // 3], "bị hỏng"),
        ("pdf", encrypted, "mật khẩu"),
        ("pdf", without_pages, "không có trang nào"),
        (
            "pdf",
            lambda: scan(**{"/MediaBox": numbers(0, 0, 99999, 10), "/CropBox": numbers(0, 0, 99999, 10)}),
            "bất thường",
        ),
    ],
    ids=["empty", "picture", "cut", "encrypted", "no page", "huge page"],
)
def test_a_signed_file_that_cannot_be_used_is_named_and_nothing_is_written(
    make: Make, tmp_path: Path, suffix: str, data: Callable[[], bytes], said: str
) -> None:
    file = sign(tmp_path, f"77-{SLIP}-MH01.{suffix}", data())
    result = make()
    assert (result.books[0].state, result.exit_status) == ("blocked", 5)
    assert said in result.books[0].note
    assert file.name in result.books[0].note
    assert not (result.folder / FOLDER).exists()


def test_a_signed_file_too_large_is_refused_before_it_is_read(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(foreign, "LARGEST", 100)
    sign(tmp_path, f"77-{SLIP}-MH01.pdf", scan())
    assert "quá lớn" in make().books[0].note


SCAN = scan(pages=2) if has_fonts() else b"%PDF-"
SPOTS = st.tuples(st.integers(0, len(SCAN) - 1), st.integers(0, 255))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(SCAN)), st.lists(SPOTS, max_size=40))
def test_a_spoiled_file_is_bound_or_refused_in_words(cut: int, changes: list[tuple[int, int]]) -> None:
    data = bytearray(SCAN)
    for at, byte in changes:
        data[at] = byte
    try:
        file = foreign.read("x.pdf", bytes(data if len(changes) > 2 else data[:cut]))
        binding.bind([binding.Part("x", file)], About("x"))
    except dvk.SourceInvalid as refused:
        assert "x.pdf" in str(refused)


@pytest.mark.parametrize("turn", [0, 90, 180, 270, -90])
def test_a_page_of_another_s_stands_as_a_reader_shows_it(make: Make, tmp_path: Path, turn: int) -> None:
    pypdfium2 = pytest.importorskip("pypdfium2", reason="needs pypdfium2 to see the page")
    data = scan(**{"/Rotate": NumberObject(turn), "/CropBox": numbers(50, 60, 550, 800)})
    sign(tmp_path, f"77-{SLIP}-MH01.pdf", data)
    file = make().books[0].file
    assert file is not None
    theirs = pypdfium2.PdfDocument(data)[0].render(scale=0.5).to_pil().convert("L")
    ours = pypdfium2.PdfDocument(file)[2].render(scale=0.5).to_pil().convert("L")
    assert ours.size == theirs.size
    assert ours.point(lambda v: 255 * (v > 128)).tobytes() == theirs.point(lambda v: 255 * (v > 128)).tobytes()


def test_a_stamp_in_an_annotation_is_seen_in_the_book(make: Make, tmp_path: Path) -> None:
    pypdfium2 = pytest.importorskip("pypdfium2", reason="needs pypdfium2 to see the page")
    stamp = StreamObject()
    stamp._data = zlib.compress(b"1 0 0 rg 0 0 10 10 re f")
    stamp.update(named({"/Subtype": NameObject("/Form"), "/Filter": NameObject("/FlateDecode")}))
    stamp[NameObject("/BBox")] = numbers(0, 0, 10, 10)
    rect = numbers(300, 400, 500, 600)
    note = named({"/Subtype": NameObject("/Stamp"), "/Rect": rect, "/AP": named({"/N": stamp})})
    sign(tmp_path, f"77-{SLIP}-MH01.pdf", scan(**{"/Annots": ArrayObject([note])}))
    file = make().books[0].file
    assert file is not None
    seen = pypdfium2.PdfDocument(file)[2].render(scale=1).to_pil().convert("RGB")
    assert seen.getpixel((400, seen.height - 500)) == (255, 0, 0)


# --- the command -----------------------------------------------------------------------------------------------------


def test_the_command_binds_and_says_where(samples: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "ho-so"
    words = ["dossier", str(samples / "nam-2026.json"), "-o", str(folder), "--ngay", "2026-10-20"]
    assert cli.run([*words, "--danh-so-to"]) == 2
    assert "--dong-quyen" in capsys.readouterr().err
    asked = [*words, "--giai-doan", "de-nghi", "--dong-quyen", "mot-quyen", "--danh-so-to"]
    assert cli.run(asked) == 5
    assert capsys.readouterr().out.count("chưa lập: bien-ban-binh-xet.") == 1
    assert cli.run([*words, "--giai-doan", "cong-nhan"]) == 0
    assert cli.run(asked) == 0  # with what the earlier stage left in the folder
    assert "Đã đóng 3 quyển, " in capsys.readouterr().out
    assert len(list((folder / FOLDER).glob("*.pdf"))) == 3
