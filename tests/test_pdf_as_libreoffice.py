"""How LibreOffice 7.4 sets what our layout must set alike: each fact as trying widths and heights on it showed it."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from docx_parts import PAGE, docx, p, row, table
from positions import our_spots

from dvk_docs import ooxml, template_source
from dvk_docs.making import kind
from dvk_docs.package import DOCUMENT, unpack
from dvk_docs.pdf import builtin, fonts
from dvk_docs.pdf.blocks import _edges
from dvk_docs.pdf.lines import _drifting
from dvk_docs.tall_rows import settled

WIDE = 9355  # twips of text on a page of `PAGE`
ROOM = 16838 - 2 * 1134
NO_WIDOWS = '<w:widowControl w:val="0"/>'


def lines_of(words: str, width: int, size: int = 28, run: str = "") -> list[str]:
    """The lines of a paragraph as wide as `width` twips."""
    look = f'{NO_WIDOWS}<w:ind w:right="{WIDE - width}"/>'
    pages = builtin.lay_out(ooxml.read(docx(p(words, look, f'{run}<w:sz w:val="{size}"/>'))), fonts.find())
    bits = [line.bits for page in pages for _, _, line in page.texts]
    return ["".join(getattr(bit, "words", "") for bit in line).strip() for line in bits]


def exact(words: str, height: int, *, keeps: bool = False) -> str:
    """A paragraph of one line of `height` twips."""
    look = f'{"<w:keepNext/>" if keeps else ""}{NO_WIDOWS}<w:spacing w:line="{height}" w:lineRule="exact"/>'
    return p(words, look)


def pages_of(body: str, **how: str) -> dict[str, int]:
    """The page of each word."""
    return {s.word: s.page for s in our_spots(builtin.lay_out(ooxml.read(docx(body, **how)), fonts.find()))}  # type: ignore[arg-type]


def filling(room: int, paragraphs: int) -> str:
    return "".join(exact("đầy", room // paragraphs + (room % paragraphs if not n else 0)) for n in range(paragraphs))


# --- lines -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "size,least", [(22, 1281), (23, 1339), (24, 1397), (25, 1455), (26, 1513), (27, 1572), (28, 1630), (30, 1746)]
)
def test_a_line_is_full_to_the_twip(size: int, least: int) -> None:
    fits, not_any_more = (lines_of("“Tuyến đường hoa tự quản", width, size)[0] for width in (least, least - 1))
    assert (fits, not_any_more) == ("“Tuyến đường", "“Tuyến")


@pytest.mark.parametrize("more,least", [("", 1606), (" HOA", 1607)])
def test_the_rounded_width_counts_where_few_wide_letters_are_left(more: str, least: int) -> None:
    whole, parted = (lines_of(f"TUYẾN ĐƯỜNG{more}", width, 22)[0] for width in (least, least - 1))
    assert (whole, parted) == ("TUYẾN ĐƯỜNG", "TUYẾN")


def test_italic_letters_need_no_room_behind_them() -> None:
    assert [lines_of("TUYẾN ĐƯỜNG HOA", width, 24, "<w:i/>")[0] for width in (1667, 1668)] == ["TUYẾN", "TUYẾN ĐƯỜNG"]


@pytest.mark.parametrize(
    "words,width,size,expected",
    [
        ("thôn/xã/phường 12/NQ-HĐND", 969, 26, ["thôn/", "xã/", "phường", "12/NQ-", "HĐND"]),
        ("định 01-HD/BTGDVTU, đ/c", 842, 26, ["định", "01-", "HD/BT", "GDVT", "U, đ/c"]),
        ("15 tổ/đội 15-QĐ/ĐU 98,5%", 743, 28, ["15", "tổ/đội", "15-", "QĐ/Đ", "U", "98,5%"]),
        ("và/hoặc A-B/C-D", 513, 28, ["và/", "hoặ", "c A-", "B/C", "-D"]),
        ("UBND-VX ... (5)/ĐU", 1100, 28, ["UBND-", "VX ...", "(5)/ĐU"]),
        ("QĐ/ĐU ... 3/2", 700, 28, ["QĐ/", "ĐU ...", "3/2"]),
        ("a/b/c ; b đ/c", 508, 26, ["a/b/c", "; b", "đ/c"]),
    ],
)
def test_a_line_ends_where_a_slash_a_dash_or_a_sign_lets_it(
    words: str, width: int, size: int, expected: list[str]
) -> None:
    assert lines_of(words, width, size) == expected


def test_no_letter_of_any_line_is_lost() -> None:
    dice = random.Random(3)
    signs = [
        "15-QĐ/ĐU",
        "a/b/c",
        "...",
        ") x",
        "; b",
        "http://a.vn/b",
        "2025-2026",
        "nghiêng",
        "“Dân",
        "/",
        "–",
        "0912.345.678",
    ]
    for _ in range(400):
        words = " ".join(dice.choices(signs, k=dice.randint(1, 9)))
        found = lines_of(words, dice.randint(120, 3000))
        assert "".join(found).replace(" ", "") == words.replace(" ", "")


def test_a_justified_line_of_one_run_is_filled_by_whole_twips_and_a_little() -> None:
    assert _drifting(3.76, 17, ()) == pytest.approx(3 - 0.7 + 16 / 17)
    assert _drifting(3.0, 2, ()) == 3.0


def test_a_run_begins_where_the_full_room_puts_it() -> None:
    stretch = _drifting(9.9, 20, (15,))
    assert 15 * (9.9 - stretch) <= 16
    assert 20 * stretch - (15 * 9.9 + 5 * 8.3) <= 16


# --- columns ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "grid,edges",
    [
        ((692, 873, 1566, 1204, 10235), [0, 692, 1564, 3131, 4334, 14570]),
        ((3307, 3307, 3307), [0, 3307, 6614, 9921]),  # a third: as LibreOffice's new table has it
        ((1567,) * 6, [0, 1567, 3133, 4701, 6268, 7834, 9402]),
        ((5000,), [0, 5000]),
        ((), [0]),
    ],
)
def test_columns_end_at_ten_thousandths_of_the_table(grid: Sequence[int], edges: list[int]) -> None:
    assert _edges([float(column) for column in grid]) == edges


def test_cells_without_margins_are_narrower_by_the_lines_of_the_first_cell() -> None:
    line = '<w:tcBorders><w:right w:val="single" w:sz="24"/></w:tcBorders>'
    found = []
    for more in ("", line):
        body = table(row("x", "một hai"), columns=(3000, 860), borders=False)
        margins = '<w:tblPr><w:tblCellMar><w:left w:w="0"/><w:right w:w="0"/></w:tblCellMar>'
        body = body.replace("<w:tcPr/>", f"<w:tcPr>{more}</w:tcPr>", 1).replace("<w:tblPr>", margins)
        spots = our_spots(builtin.lay_out(ooxml.read(docx(body)), fonts.find()))
        found.append(len({spot.y for spot in spots}))
    assert found == [1, 2]


# --- pages -----------------------------------------------------------------------------------------------------------


SPACE = '<w:spacing w:before="240"/>'
BREAK = '<w:r><w:br w:type="page"/></w:r>'
TOPS = {
    "section": f"<w:p><w:pPr>{PAGE}</w:pPr></w:p>{p('hai', SPACE)}",
    "asked for": p("hai", f"<w:pageBreakBefore/>{SPACE}"),
    "broken": f"<w:p>{BREAK}</w:p>{p('hai', SPACE)}",
    "broken within": f"<w:p><w:pPr>{SPACE}</w:pPr>{BREAK}<w:r><w:t>hai</w:t></w:r></w:p>",
    "full": exact("đầy", ROOM - 322) + p("hai", SPACE),
}


@pytest.mark.parametrize("compat,kept", [(14, {"section", "asked for", "broken", "broken within"}), (15, {"section"})])
def test_the_space_before_stays_at_the_top_of_a_page_that_the_text_begins(compat: int, kept: set[str]) -> None:
    found = set()
    for name, body in TOPS.items():
        last = our_spots(builtin.lay_out(ooxml.read(docx(p("một") + body, compat=compat)), fonts.find()))[-1]
        assert last.page == 1
        found |= {name} if last.y > 80 else set()
    assert found == kept


@pytest.mark.parametrize("rows,page", [(1, 0), (2, 1)])
def test_a_table_of_one_row_stays_with_no_paragraph_behind_it(rows: int, page: int) -> None:
    cell = exact("bảng", 500, keeps=True)
    body = filling(ROOM - 500 * rows - 100, 10) + table(*[row(cell, cell)] * rows, borders=False) + exact("sau", 400)
    assert pages_of(body) == {"đầy": 0, "bảng": page, "sau": 1}


@pytest.mark.parametrize("first,page", [("p", 1), ("table", 2)])
def test_an_empty_paragraph_that_only_ends_a_section_begins_a_page_only_behind_a_table(first: str, page: int) -> None:
    begins = {"p": exact("đầu", 500), "table": table(row(exact("đầu", 500), exact("đầu", 500)), borders=False)}[first]
    body = begins + filling(ROOM - 500 - 10, 10) + f"<w:p><w:pPr>{PAGE}</w:pPr></w:p>" + p("sau")
    assert pages_of(body) == {"đầu": 0, "đầy": 0, "sau": page}


def test_a_table_that_keeps_all_its_rows_parts_on_the_page_that_it_begins() -> None:
    rows = [row(exact(words, ROOM // 2, keeps=True), "x") for words in ("một", "hai", "ba")]
    body = exact("trên", 20, keeps=True) + table(*rows, borders=False)
    assert {word: page for word, page in pages_of(body).items() if word != "x"} == {
        "trên": 0,
        "một": 0,
        "hai": 1,
        "ba": 1,
    }


@pytest.mark.parametrize("defaults,page", [("<w:pPrDefault/>", 1), ("", 0)])
def test_single_lines_stand_alone_where_a_file_has_no_defaults_for_paragraphs(defaults: str, page: int) -> None:
    letters = '<w:rPr><w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman"/><w:sz w:val="28"/></w:rPr>'
    styles = f"<w:docDefaults><w:rPrDefault>{letters}</w:rPrDefault>{defaults}</w:docDefaults>"
    assert pages_of(filling(ROOM - 500, 10) + p("đầu " + "chữ " * 25), styles=styles)["đầu"] == page


HEADING = exact("mục", ROOM // 20, keeps=True) + exact("sau", 900) + exact("cuối", 500) * 110


def page_of_heading(before: str, items: int) -> int:
    """The page of a heading at the foot of a page of `items` paragraphs whose next paragraph does not fit there."""
    height = ROOM // items
    rest = filling(ROOM - height, items - 1) if items > 1 else ""
    return pages_of(before + rest + HEADING.replace(f'w:line="{ROOM // 20}"', f'w:line="{height}"', 1))["mục"]


def test_a_heading_stays_where_the_guess_ends_a_page_behind_it() -> None:
    assert [page_of_heading("", items) for items in (19, 20, 21)] == [1, 0, 1]


@pytest.mark.parametrize("keeps,page", [(False, 2), (True, 1)])
def test_it_goes_on_where_a_table_left_its_page_unless_text_stays_with_the_table(keeps: bool, page: int) -> None:
    height = ROOM // 30
    cells = [exact("bảng", height)] * 2
    above = (
        filling(ROOM - 5 * height, 25) + exact("trước", height, keeps=keeps) + table(*[row(*cells)] * 4, borders=False)
    )
    assert page_of_heading(above, 11) == page


@pytest.mark.parametrize("table_next,page", [(True, 1), (False, 0)])
def test_it_goes_on_with_a_heading_of_a_table_that_would_fit_behind_it(table_next: bool, page: int) -> None:
    height = ROOM // 21
    cells = [exact("bảng", 900)] * 2
    then = table(*[row(*cells)] * 4, borders=False) if table_next else exact("sau", 3000)
    heading = exact("mục", height, keeps=True) + exact("mục", height - 20, keeps=True).replace("mục", "mục-con")
    body = filling(19 * height, 19) + heading + then + exact("cuối", 500) * 110
    assert pages_of(body)["mục"] == page


# --- rows taller than half a page ------------------------------------------------------------------------------------


def in_list(words: str) -> bytes:
    """A page with a list of one row."""
    style = '<w:tblPr><w:tblStyle w:val="DvkBang"/>'
    body = table(row("1", words), columns=(700, 3000)).replace("<w:tblPr>", style)
    return (body.replace("<w:tcPr/>", '<w:tcPr><w:tcW w:w="3000" w:type="dxa"/></w:tcPr>') + PAGE).encode()


def test_a_row_of_a_few_lines_stays_whole_and_one_of_half_a_page_is_let_go() -> None:
    few, many = in_list("nghiêng " * 60), in_list("nghiêng " * 160)
    assert settled(DOCUMENT, few) == few
    assert settled(DOCUMENT, many) == many.replace(b"<w:cantSplit/>", b"")


def test_a_row_held_by_a_merged_cell_stays_whole() -> None:
    merged = in_list("nghiêng " * 160).replace(b'w:type="dxa"/>', b'w:type="dxa"/><w:vMerge w:val="restart"/>', 1)
    assert settled(DOCUMENT, merged) == merged


def test_the_frame_of_the_signatures_stays_whole_at_any_height() -> None:
    frame = in_list("nghiêng " * 900).replace(b"DvkBang", b"TableNormal")
    assert settled(DOCUMENT, frame) == frame


CLOSED = "@ bang: 20 80\n{}|| Ghi chú: Danh sách có 99 tập thể. || <<\n@ het\n"


@pytest.mark.parametrize(
    ("rows", "held"),
    [
        (("|| Ô: 1 || Ô: một", "|| Ô: 2 || Ô: hai"), ["2", "hai"]),
        (("|| Ô: 1 || Ô: một", "|| Ô: 2 || Ô: hai", "|| Ô đậm: Tổng || Ô: 3"), ["2", "hai", "Tổng", "3"]),
    ],
)
def test_the_last_row_of_a_list_stays_with_the_words_that_close_it(rows: tuple[str, ...], held: list[str]) -> None:
    made = template_source.build(CLOSED.format("".join(f"{row}\n" for row in rows)))
    document = settled(DOCUMENT, unpack(made)[DOCUMENT]).decode()
    kept = re.findall(r"<w:keepNext/></w:pPr><w:r>.*?<w:t[^>]*>([^<]*)", document)
    assert kept == held


def closed_alone(data: dict[str, Any]) -> bool:
    """Whether the words that close the list stand on a page without the last row of it."""
    made = kind("quyet-dinh-khen-thuong").make(data).docx
    spots = our_spots(builtin.lay_out(ooxml.read(made), fonts.find()))
    page = next(s.page for s, after in pairwise(reversed(spots)) if (after.word, s.word) == ("Danh", "sách"))
    return str(len(data["danh_sach"])) not in [s.word for s in spots if s.page == page]


def test_the_words_that_close_a_list_of_any_length_never_begin_a_page(samples: Path) -> None:
    file = samples / "quyet-dinh-khen-thuong" / "bon-muoi-doi-tuong.json"
    data = json.loads(file.read_text(encoding="utf-8"))
    assert [n for n in range(9, 41) if closed_alone({**data, "danh_sach": data["danh_sach"][:n]})] == []


def test_a_paper_with_a_row_taller_than_a_page_loses_no_letter(samples: Path) -> None:
    data = json.loads((samples / "trich-ngang" / "day-du.json").read_text(encoding="utf-8"))
    data["tap_the"][0]["tom_tat"] = ["Vận động từng hộ góp công làm đường hoa. " * 150]
    made = kind("trich-ngang").make(data).docx
    assert unpack(made)[DOCUMENT].count(b"<w:cantSplit/>") < unpack(made)[DOCUMENT].count(b"<w:tr>")
    words = [spot.word for spot in our_spots(builtin.lay_out(ooxml.read(made), fonts.find()))]
    assert words.count("góp") >= 150
