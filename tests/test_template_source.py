"""The notation of the template sources, and the Word files built from it."""

from __future__ import annotations

import io
import re
import zipfile
from functools import cache
from pathlib import Path

import pytest

from dvk_docs import template_source
from dvk_docs.errors import TemplateInvalid
from dvk_docs.package import unpack
from dvk_docs.template_source import build, expand
from dvk_docs.testing import normalised, outline, schema_faults
from dvk_docs.units import Mm

SOURCES = sorted(template_source.SOURCES.glob("*.txt"))

EVERY_WORD = """# a remark
> dau-dang
Tên loại: TỜ TRÌNH
Trích yếu: {{ trich_yeu }}
Gạch: -----
Kính trình: //{{ tt.kinh_trinh }}//: {{ noi }}{{ tt.ket }}
Nội dung: {%p for doan in cac_doan %}
Nội dung: {{ doan }}
Nội dung: {%p endfor %}
@ ngat-trang
Nội dung: chữ **đậm** và //nghiêng// và __gạch__, **//cả hai//** ↵ dòng hai ⇥ sau tab & <dấu>
@ bang: 12 60 93 ; tieu-de=1 ; vien=co
|| Ô tiêu đề: STT || Ô tiêu đề: Tên || Ô tiêu đề: Mô hình
|| Ô: {%tr for d in danh_sach %}
|| Ô giữa: {{ loop.index }} || Ô: {{ d.ten }} ¶ Ghi chú: {{ d.xom }} || Ô:
|| Ô: {%tr endfor %}
|| Ô đậm: Tổng || << || Ô phải: 7
|| ^^ || Ô: hai || Ô: ba
@ het
> ky-dang
"""


CERTIFICATE = """@ kho: ngang 12
@ bang: 9 120 120 9 ; vien=khung ; cao=9,150,9
|| Ô: || Ô: || Ô: || Ô:
|| Ô: || Giữa đậm: GIẤY KHEN || << || Ô:
|| Ô: || Ô: || Ô: || Ô:
@ het
@ phan: doc
Nội dung: phần sau
"""


@cache
def every_template() -> dict[str, bytes]:
    """What each source builds, by its name."""
    return template_source.build_all()


def document_xml(docx: bytes) -> str:
    return unpack(docx)["word/document.xml"].decode()


def fault(source: str) -> str:
    with pytest.raises(TemplateInvalid) as caught:
        build(source)
    return str(caught.value)


def test_every_word_of_the_notation_survives_being_built_and_read() -> None:
    assert outline(build(EVERY_WORD)) == normalised(EVERY_WORD)


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: p.stem)
def test_a_source_survives_being_built_and_read(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert outline(every_template()[path.stem]) == normalised(source)


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: p.stem)
def test_a_built_template_has_nothing_that_word_would_repair(path: Path) -> None:
    assert schema_faults(every_template()[path.stem]) == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: p.stem)
def test_the_committed_template_is_what_its_source_builds(path: Path) -> None:
    committed = template_source.BUILT / f"{path.stem}.docx"
    assert committed.read_bytes() == every_template()[path.stem], "hãy chạy make templates"


def test_no_template_is_committed_without_a_source() -> None:
    assert {p.stem for p in template_source.BUILT.glob("*.docx")} == {p.stem for p in SOURCES}


def test_a_part_counts_its_own_pages_on_its_own_sheet() -> None:
    made = build(CERTIFICATE)
    assert outline(made) == normalised(CERTIFICATE)
    assert schema_faults(made) == []
    first, second = re.findall("<w:sectPr>.*?</w:sectPr>", document_xml(made))
    assert 'w:orient="landscape"' in first and "pgNumType" not in first
    assert 'w:orient="landscape"' not in second and '<w:pgNumType w:start="1"/>' in second
    assert set(re.findall(r'w:(?:top|bottom|left|right)="(\d+)"', first)) == {"680"}


def test_a_frame_has_a_band_around_and_a_line_around_what_it_holds() -> None:
    cells = re.findall("<w:tc>.*?</w:tc>", document_xml(build(CERTIFICATE)))
    sides = [sorted(re.findall(r"<w:(top|left|bottom|right) ", cell)) for cell in cells]
    assert sides[0] == ["left", "top"]
    assert sides[1] == ["bottom", "top"]  # the band above what it holds
    assert sides[5] == ["bottom", "left", "right", "top"]  # what it holds
    assert ["w:fill=" in cell for cell in cells] == [n != 5 for n in range(len(cells))]


@pytest.mark.parametrize(
    "line", ["@ kho: ngang 1x", "@ phan: ngang", "@ bang: 1 2 ; vien=hoa", "@ bang: 1 ; cao=a", "@ bang: 1 ; le=-1"]
)
def test_a_directive_that_is_not_right_is_named(line: str) -> None:
    assert "Không hiểu" in fault(f"{line}\n|| Ô: a\n@ het")


def test_the_same_source_gives_the_same_bytes() -> None:
    assert build(EVERY_WORD) == build(EVERY_WORD)


def test_a_built_template_depends_on_no_compression_and_no_clock() -> None:
    with zipfile.ZipFile(io.BytesIO(build(EVERY_WORD))) as archive:
        assert {(i.compress_type, i.date_time) for i in archive.infolist()} == {(0, (1980, 1, 1, 0, 0, 0))}


def test_expand_puts_shared_blocks_in_and_leaves_remarks_out() -> None:
    assert expand("# lời\n> k\n\nNội dung: b", {"k": "Nội dung: a"}) == "Nội dung: a\nNội dung: b"


def test_columns_fill_the_text_width_on_both_sheets() -> None:
    for head, width in (("@ kho: doc", 165), ("@ kho: ngang", 257)):
        xml = document_xml(build(f"{head}\n@ bang: 1 2 4\n|| Ô: a || Ô: b || Ô: c\n@ het"))
        total = sum(int(n) for n in re.findall(r'<w:gridCol w:w="(\d+)"', xml))
        assert total == Mm(width).twips


def test_a_sheet_on_its_side_has_its_binding_margin_at_the_top() -> None:
    xml = document_xml(build("@ kho: ngang\nNội dung: a"))
    assert '<w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/>' in xml
    assert '<w:pgMar w:top="1701" w:right="1134" w:bottom="850" w:left="1134"' in xml


def test_head_rows_repeat_and_no_row_is_split() -> None:
    xml = document_xml(build("@ bang: 1 1 ; tieu-de=1\n|| Ô: a || Ô: b\n|| Ô: c || Ô: d\n@ het"))
    assert xml.count("<w:tblHeader/>") == 1
    assert xml.count("<w:cantSplit/>") == 2


def test_two_tables_have_a_paragraph_between_them_and_one_after() -> None:
    xml = document_xml(build("@ bang: 1\n|| Ô: a\n@ het\n@ bang: 1\n|| Ô: b\n@ het"))
    assert "</w:tbl><w:tbl>" not in xml
    assert "</w:tbl><w:sectPr" not in xml


def test_the_last_words_stay_on_the_page_of_the_signature() -> None:
    xml = document_xml(build("Nội dung: đầu\nNội dung: cuối\n> ky-dang"))
    assert [p for p in re.findall(r"<w:p>.*?</w:p>", xml) if "<w:keepNext/>" in p and "cuối" in p]
    assert not [p for p in re.findall(r"<w:p>.*?</w:p>", xml) if "<w:keepNext/>" in p and "đầu" in p]


def kept(source: str) -> list[str]:
    """The paragraphs that stay on the page of the next one by themselves, not by their style."""
    paragraphs = re.findall(r"<w:p>.*?</w:p>", document_xml(build(source)))
    return ["".join(re.findall(r"<w:t [^>]*>([^<]*)", each)) for each in paragraphs if "<w:keepNext/>" in each]


@pytest.mark.parametrize("ends", [":", "{{ tt.hai_cham }}:", "như sau: {% if co %}{% endif %}"])
def test_what_says_that_more_follows_stays_on_its_page(ends: str) -> None:
    assert kept(f"Nội dung: gồm {ends}\nNội dung: - một.") == [f"gồm {ends}"]


def test_a_value_behind_a_colon_says_nothing_of_what_follows() -> None:
    assert kept("Nội dung: Địa điểm: {{ dia_diem }}\nNội dung: - một.") == []


@pytest.mark.parametrize(
    ("words", "last"),
    [
        ("Nội dung: a\nNội dung: {%p if x %}\nNội dung: b\nNội dung: {%p endif %}", ["a", "b"]),
        ("Nội dung: a\nNội dung: {%p for d in x %}\nNội dung: b\nNội dung: {%p endfor %}", ["a", "b"]),
        (
            "Nội dung: a\nGiữa: {%p if x %}\nNội dung: b\nGiữa: {%p else %}\nNội dung: c\nGiữa: {%p endif %}",
            ["b", "c"],
        ),
        (
            "Nội dung: a\nNội dung: {%p if x %}\nNội dung: b\nNội dung: {%p elif y %}\nNội dung: {%p endif %}",
            ["a", "b"],
        ),
    ],
    ids=["a branch", "a loop", "two branches", "a branch of nothing"],
)
def test_whatever_is_left_out_the_last_words_stay_with_the_signature(words: str, last: list[str]) -> None:
    signature = "@ bang: 1 ; vien=khong\n|| Quyền hạn: KÝ\n@ het"
    assert [text for text in kept(f"{words}\n{signature}") if len(text) == 1] == last


def test_a_signature_that_ends_a_paper_leaves_no_empty_page_behind_it() -> None:
    signature = "@ bang: 1 ; vien=khong\n|| Quyền hạn: KÝ\n@ het"
    assert kept(signature) == ["KÝ"]  # with the tiny paragraph that Word asks for behind a table
    assert kept(f"{signature}\nNội dung: phần sau") == []


def test_a_table_of_many_columns_may_give_its_words_less_room() -> None:
    source = "@ bang: 1 1 ; le=0.8\n|| Ô: a || Ô: b\n@ het"
    assert f'<w:left w:w="{Mm(0.8).twips}" w:type="dxa"/>' in document_xml(build(source))


def test_the_page_number_stands_clear_of_the_text_in_a_small_margin() -> None:
    xml = document_xml(build("@ kho: doc 12 a5\nNội dung: a"))
    assert f'w:top="{Mm(12).twips}"' in xml
    assert f'w:header="{Mm(4.5).twips}"' in xml


def test_a_web_address_and_a_line_to_fill_in_are_no_marks() -> None:
    assert outline(build("Nội dung: https://vi.dụ/a và ____ và ***")) == "Nội dung: https://vi.dụ/a và ____ và ***\n"


def test_marks_inside_a_tag_are_left_to_jinja() -> None:
    assert "{{ a ** 2 }}" in outline(build("Nội dung: {{ a ** 2 }}"))


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("Lạ: a", "Không có vai trò “Lạ”"),
        ("chữ không vai trò", "Không có vai trò"),
        ("> không-có", "Không có khối dùng chung"),
        ("|| Ô: a", "ngoài bảng"),
        ("@ bang: 1 1\n|| Ô: a\n@ het", "Hàng có 1 ô, bảng có 2 cột"),
        ("@ bang: 1 1\n|| << || Ô: a\n@ het", "không có ô nào để gộp"),
        ("@ bang: 1 1\n|| ^^ || Ô: a\n@ het", "không có ô nào để gộp"),
        ("@ bang: 1\n|| Ô: a", "Bảng chưa kết thúc"),
        ("@ bang: rộng\n|| Ô: a\n@ het", "Không hiểu cách mở bảng"),
        ("@ bang: 1\nNội dung: a\n@ het", "Trong bảng chỉ có"),
        ("Nội dung: **a", "chưa đóng"),
        ("Nội dung: a\n@ kho: ngang", "Không hiểu chỉ dẫn"),
        ("Chữ ký: [[Ky_a]]\nChữ ký: [[Ky_a]]", "đánh dấu hai lần"),
    ],
)
def test_a_fault_is_named_with_its_line(source: str, said: str) -> None:
    message = fault(source)
    assert said in message
    assert "dòng" in message or "cuối tệp" in message


def test_a_block_that_holds_itself_is_refused() -> None:
    with pytest.raises(TemplateInvalid):
        build("> a", blocks={"a": "> a"})


def test_the_first_page_has_no_number() -> None:
    parts = unpack(build("Nội dung: a"))
    assert b"<w:titlePg/>" in parts["word/document.xml"]
    assert b" PAGE " in parts["word/header1.xml"]


def test_a_fault_in_a_paper_is_found() -> None:
    parts = unpack(build("Nội dung: a"))
    broken = parts["word/document.xml"].replace(b"<w:pPr>", b"<w:pPr><w:jc w:val='left'/>")
    assert any("sai thứ tự" in f for f in schema_faults(_again(parts, broken)))


def _again(parts: dict[str, bytes], document: bytes) -> bytes:
    from dvk_docs.package import pack

    return pack({**parts, "word/document.xml": document})
