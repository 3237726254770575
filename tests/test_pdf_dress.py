"""What a PDF carries beside its pages: places to sign at, what it is, its colours, its seal."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pypdf
import pytest
from docx_parts import docx, p, row, table
from positions import sample_papers

from dvk_docs import ooxml, pdf, template_source
from dvk_docs.errors import ToolMissing
from dvk_docs.pdf import dress, fonts
from dvk_docs.units import Mm


def has_fonts() -> bool:
    try:
        fonts.find()
    except ToolMissing:
        return False
    return True


pytestmark = pytest.mark.skipif(not has_fonts(), reason="no font with the Vietnamese letters: dvk doctor --fix")


def place(name: str, number: int = 1) -> str:
    return f'<w:bookmarkStart w:id="{number}" w:name="{name}"/><w:bookmarkEnd w:id="{number}"/>'


def marked(*names: str, look: str = '<w:spacing w:before="960"/>') -> str:
    """A paragraph with bookmarks and no words."""
    marks = "".join(place(name, number) for number, name in enumerate(names))
    return f"<w:p><w:pPr>{look}</w:pPr>{marks}</w:p>"


def opened(made: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(made))


def fields(made: bytes) -> dict[str, Any]:
    return dict(opened(made).get_fields() or {})


def boxes(made: bytes) -> dict[str, tuple[float, ...]]:
    """The places of the fields of the first page, in points from its lower left corner."""
    found = [note.get_object() for note in opened(made).pages[0].get("/Annots", [])]
    return {str(f["/T"]): tuple(map(float, f["/Rect"])) for f in found}


def bookmarks(document: bytes) -> list[str]:
    return [name for paragraph in ooxml.read(document).paragraphs() for name in paragraph.bookmarks]


# --- places to sign at -----------------------------------------------------------------------------------------------


def test_each_signer_and_each_seal_of_a_paper_has_an_empty_field(samples: Path) -> None:
    papers = sample_papers(samples)
    wanted = {
        "quyet-dinh-cong-nhan.day-du": ["Ky_nguoi_ky", "Dau_co_quan"],
        "bien-ban-binh-xet.day-du": ["Ky_thu_ky", "Ky_chu_tri", "Dau_co_quan"],
        "dang-ky-mo-hinh.day-du": ["Ky_tham_dinh", "Dau_tham_dinh", "Ky_nguoi_ky"],
    }
    for name, names in wanted.items():
        found = fields(pdf.convert(papers[name]))
        assert sorted(found) == sorted(names)
        assert {(f["/FT"], f.get("/V")) for f in found.values()} == {("/Sig", None)}


def test_a_body_without_a_seal_gets_no_field_for_one(samples: Path) -> None:
    assert bookmarks(sample_papers(samples)["ke-hoach-mo-hinh.day-du"]) == ["Ky_nguoi_ky"]


def test_a_paper_that_marks_no_place_has_no_form() -> None:
    made = pdf.convert(docx(p("chữ") + marked("Muc_1")))
    assert "/AcroForm" not in opened(made).root_object


def test_the_field_lies_between_the_title_and_the_name() -> None:
    look = '<w:jc w:val="center"/>'
    cell = p("PHÓ BÍ THƯ", look) + marked("Ky_a") + p("Phạm Đức Thịnh", look)
    made = pdf.convert(docx(table(row("", cell))))
    ((_, foot, _, top),) = boxes(made).values()
    lines: list[tuple[float, str]] = []
    opened(made).pages[0].extract_text(visitor_text=lambda text, cm, tm, f, s: lines.append((tm[5], text.strip())))
    at = {text: y for y, text in lines if text}
    assert at["PHÓ BÍ THƯ"] > top > foot > at["Phạm Đức Thịnh"] + 9  # above the letters, which are 9 pt high


def test_the_seal_covers_the_left_third_of_the_signature() -> None:
    found = boxes(pdf.convert(docx(table(row("", marked("Ky_a", "Dau_a"))))))
    left, foot, right, top = found["Ky_a"]
    seal = found["Dau_a"]
    assert seal[2] == pytest.approx(left + (right - left) / 3, abs=0.01)
    assert seal[2] - seal[0] == pytest.approx(seal[3] - seal[1], abs=0.01)
    assert seal[2] - seal[0] == pytest.approx(Mm(36).twips / 20, abs=0.01)
    assert (seal[1] + seal[3]) / 2 == pytest.approx((foot + top) / 2, abs=0.01)


def test_the_field_stands_on_the_page_of_its_place_and_draws_nothing() -> None:
    plain = p("x") * 60
    made = opened(pdf.convert(docx(plain + marked("Ky_a"))))
    assert [len(page.get("/Annots", [])) for page in made.pages] == [0, 1]
    widget = made.pages[1]["/Annots"][0].get_object()  # type: ignore[index]
    assert widget["/AP"]["/N"].get_data().strip() == b""
    assert widget["/F"] == 4
    assert widget["/P"] == made.pages[1]


def test_two_places_of_one_name_are_one_field() -> None:
    assert list(fields(pdf.convert(docx(marked("Ky_a") + marked("Ky_a"))))) == ["Ky_a"]


def test_a_place_between_paragraphs_belongs_to_the_next_one() -> None:
    (_, second) = ooxml.read(docx(p("một") + place("Ky_a") + p("hai"))).paragraphs()
    assert (second.words, second.bookmarks) == ("hai", ("Ky_a",))


def test_every_signer_of_a_template_has_a_place_and_who_has_no_signer_has_none() -> None:
    signers = {"DVK Chữ ký", "DVK Giấy khen chữ ký"}
    for name, built in template_source.build_all().items():
        found = [p for p in ooxml.read(built).paragraphs() if p.bookmarks or p.style in signers]
        assert {p.style for p in found} <= signers, name
        assert all(p.bookmarks and p.bookmarks[0].startswith("Ky_") for p in found), name


def test_the_places_survive_being_saved_by_libreoffice(samples: Path, tmp_path: Path) -> None:
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice is not installed")
    source = tmp_path / "a.docx"
    source.write_bytes(sample_papers(samples)["bien-ban-binh-xet.day-du"])
    words = [program, f"-env:UserInstallation={(tmp_path / 'lo').as_uri()}", "--headless", "--convert-to", "docx"]
    subprocess.run(
        [*words, "--outdir", str(tmp_path / "out"), str(source)], check=True, capture_output=True, timeout=120
    )
    saved = (tmp_path / "out" / "a.docx").read_bytes()
    assert sorted(bookmarks(saved)) == sorted(bookmarks(source.read_bytes()))


# --- what it is ------------------------------------------------------------------------------------------------------


def test_the_file_says_what_paper_it_is_and_whose(samples: Path) -> None:
    made = opened(pdf.convert(sample_papers(samples)["quyet-dinh-cong-nhan.day-du"]))
    title, author = "QUYẾT ĐỊNH công nhận mô hình “Dân vận khéo” cấp xã năm 2026", "ĐẢNG UỶ XÃ BÌNH AN"
    assert made.metadata == {"/Title": title, "/Author": author, "/Producer": "dvk-docs"}
    root = made.root_object
    assert root["/Lang"] == "vi-VN"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]  # type: ignore[index]
    said = root["/Metadata"].get_data().decode()  # type: ignore[attr-defined]
    assert f">{title}<" in said
    assert f">{author}<" in said


def test_the_file_does_not_call_itself_pdf_a_since_no_validator_said_so() -> None:
    assert b"pdfaid" not in pdf.convert(docx(p("chữ")))


def test_signs_of_xml_in_a_title_are_words() -> None:
    said = dress.xmp(dress.About("A < B & C", "Đ"), "x").decode()
    assert "A &lt; B &amp; C" in said


def test_a_paper_without_roles_keeps_the_title_of_its_properties() -> None:
    made = opened(pdf.convert(docx(p("chữ"))))
    assert made.metadata == {"/Producer": "dvk-docs"}
    assert "/ViewerPreferences" not in made.root_object


def test_the_colours_of_the_file_are_those_of_screens() -> None:
    cms = pytest.importorskip("PIL.ImageCms", reason="Pillow has no colour management here")
    image = pytest.importorskip("PIL.Image")
    intent = opened(pdf.convert(docx(p("chữ")))).root_object["/OutputIntents"][0]  # type: ignore[index]
    profile = cms.ImageCmsProfile(io.BytesIO(intent["/DestOutputProfile"].get_data()))
    colors = [(255, 0, 0), (10, 200, 30), (1, 2, 250)]
    turn = cms.buildTransform(profile, cms.ImageCmsProfile(cms.createProfile("sRGB")), "RGB", "RGB")
    assert [cms.applyTransform(image.new("RGB", (1, 1), c), turn).getpixel((0, 0)) for c in colors] == colors


def test_every_stream_ends_as_an_archive_asks_for(samples: Path) -> None:
    made = pdf.convert(sample_papers(samples)["quyet-dinh-cong-nhan.day-du"])
    assert re.match(rb"%PDF-1\.7\n%[\x80-\xff]{4}\n", made)
    streams = list(re.finditer(rb"/Length (\d+)\b(?:(?!stream).)*\nstream\n", made, re.DOTALL))
    assert len(streams) == made.count(b"endstream") > 8
    for found in streams:
        end = found.end() + int(found[1])
        assert made[end : end + 10] == b"\nendstream"


def test_nothing_in_the_file_acts_or_lies_outside_it(samples: Path) -> None:
    made = pdf.convert(sample_papers(samples)["dang-ky-mo-hinh.day-du"])
    for word in (
        b"/JavaScript",
        b"/JS",
        b"/OpenAction",
        b"/AA ",
        b"/URI",
        b"/Encrypt",
        b"/NeedAppearances",
        b"Helvetica",
    ):
        assert word not in made


# --- its seal --------------------------------------------------------------------------------------------------------


def test_a_file_of_ours_is_known_until_a_byte_of_it_changes(tmp_path: Path) -> None:
    made, file = pdf.convert(docx(p("chữ"))), tmp_path / "a.pdf"
    file.write_bytes(made)
    assert pdf.is_ours(file)
    for changed in (made + b"\n", made.replace(b"vi-VN", b"vi-VM", 1), made[:-7], b""):
        file.write_bytes(changed)
        assert not pdf.is_ours(file)


def test_other_words_give_another_id() -> None:
    one, two = (opened(pdf.convert(docx(p(words)))).trailer["/ID"] for words in ("một", "hai"))
    assert one != two
