"""Files as strangers make them: good papers in the many ways in which offices type them."""

# ruff: noqa: E501 - papers read better unbroken

from __future__ import annotations

from typed_papers import (
    BODY,
    CENTRE,
    PARTY_PROSE,
    STATE_BODY,
    STYLES,
    UNDERLINED,
    Typed,
    cells,
    kinh,
    para,
    party,
    party_letter,
    runs,
    state,
    state_letter,
)

PAGE = party().page
TWO = '<w:tabs><w:tab w:val="center" w:pos="2200"/><w:tab w:val="center" w:pos="7000"/></w:tabs>'
SHAPE = (
    '<w:r><w:drawing><wp:anchor xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"/>'
    "</w:drawing></w:r>"
)
PICT = '<w:r><w:pict><v:line xmlns:v="urn:schemas-microsoft-com:vml" from="1,1" to="2,1"/></w:pict></w:r>'


def loose(*blocks: str, page: str = PAGE, styles: str = STYLES, **more: str) -> bytes:
    """A document of these blocks."""
    paper = Typed({"all": "".join(blocks)}, page, lambda p: p["all"], styles=styles)
    for name, value in more.items():
        setattr(paper, name, value)
    return paper.file()


def two(left: str, right: str, look_left: str = "", look_right: str = "") -> str:
    """One line of the head or foot typed with tabs: each half in its own look."""
    halves = f"<w:r><w:tab/></w:r>{runs(left, look_left)}<w:r><w:tab/></w:r>{runs(right, look_right)}"
    return f"<w:p><w:pPr>{TWO}</w:pPr>{halves}</w:p>"


def size(points: float, more: str = "") -> str:
    return f'{more}<w:sz w:val="{round(points * 2)}"/>'


def by_tabs() -> bytes:
    p = party().parts
    head = [
        two("ĐẢNG BỘ TỈNH HƯNG THỊNH", "ĐẢNG CỘNG SẢN VIỆT NAM", size(14), size(15, "<w:b/>") + UNDERLINED),
        two("ĐẢNG UỶ XÃ BÌNH AN", "", "<w:b/>"),
        two("*", "Bình An, ngày 15 tháng 9 năm 2026", "", "<w:i/>"),
        two("Số 12-TTr/ĐU", ""),
    ]
    body = [p[x] for x in ("kind", "subject", "dashes", "kinh", "basis1", "basis2", "prose", "item", "end")]
    foot = [
        two("Nơi nhận:", "T/M BAN THƯỜNG VỤ", UNDERLINED, "<w:b/>"),
        two("- Như trên;", "BÍ THƯ", size(12)),
        two("- Các chi bộ trực thuộc;", "", size(12)),
        two("- Lưu Văn phòng Đảng uỷ.", "Nguyễn Văn Minh", size(12), "<w:b/>"),
    ]
    return loose(*head, *body, *foot)


def row(*inside: str, spans: tuple[int, ...] = ()) -> str:
    out = []
    for number, cell in enumerate(inside):
        span = f'<w:gridSpan w:val="{spans[number]}"/>' if spans else ""
        out.append(f"<w:tc><w:tcPr>{span}</w:tcPr>{cell}</w:tc>")
    return f"<w:tr>{''.join(out)}</w:tr>"


def grid(*rows: str, columns: int = 3) -> str:
    cols = '<w:gridCol w:w="3000"/>' * columns
    return f"<w:tbl><w:tblPr/><w:tblGrid>{cols}</w:tblGrid>{''.join(rows)}</w:tbl>"


def by_rows_and_merged_cells() -> bytes:
    p = party().parts
    head = grid(
        row(p["above"] + p["issuer"] + p["star"], para(), p["title"]),
        row(p["number"], p["date"], spans=(1, 2)),
    )
    body = "".join(p[x] for x in ("kind", "subject", "dashes", "kinh", "basis1", "basis2", "prose", "item", "end"))
    foot = grid(
        row(p["label"] + p["item1"] + p["item2"] + p["kept"], p["formula"] + p["office"], spans=(1, 2)),
        row(para(), p["name"], spans=(1, 2)),
    )
    return loose(head, body, foot, para())


def ruled_by_a_shape(shape: str = SHAPE) -> bytes:
    bare = para("ĐẢNG CỘNG SẢN VIỆT NAM", CENTRE, 15, b=True)
    return party().file(title=bare + f"<w:p>{shape}</w:p>")


def ruled_by_an_old_shape() -> bytes:
    bare = para("ĐẢNG CỘNG SẢN VIỆT NAM", CENTRE, 15, b=True).replace("</w:p>", f"{PICT}</w:p>")
    return party().file(title=bare)


def ruled_by_a_border() -> bytes:
    look = f'<w:pBdr><w:bottom w:val="single" w:sz="6" w:space="1"/></w:pBdr>{CENTRE}'
    return party().file(title=para("ĐẢNG CỘNG SẢN VIỆT NAM", look, 15, b=True))


def old_tones() -> bytes:
    """ĐẢNG ỦY all through."""
    paper = party()
    swap = {"Uỷ": "Ủy", "uỷ": "ủy", "UỶ": "ỦY"}
    parts = dict(paper.parts)
    for new, old in swap.items():
        parts = {k: v.replace(new, old) for k, v in parts.items()}
    return Typed(parts, paper.page, paper.order).file()


def spaced_by_a_style() -> bytes:
    style = (
        '<w:style w:type="paragraph" w:styleId="Than"><w:name w:val="Thân bài"/><w:basedOn w:val="Normal"/><w:pPr>'
        '<w:spacing w:before="120" w:line="360" w:lineRule="exact"/><w:ind w:firstLine="567"/><w:jc w:val="both"/></w:pPr>'
        "</w:style>"
    )
    paper = party()
    paper.styles = STYLES + style
    look = '<w:pStyle w:val="Than"/>'
    return paper.file(prose=para(PARTY_PROSE, look))


def mirrored() -> bytes:
    paper = party()
    paper.settings = "<w:mirrorMargins/>"
    return paper.file()


def draft(number: str = "Số      -TTr/ĐU", day: str = "Bình An, ngày      tháng      năm 2026") -> bytes:
    return party().file(number=para(number, CENTRE), date=para(day, CENTRE, i=True))


def state_draft() -> bytes:
    number = para("Số:       /QĐ-UBND", CENTRE, 13)
    return state().file(number=number, date=para("Bình An, ngày …. tháng …. năm 2026", CENTRE, 13, i=True))


def state_deputy() -> bytes:
    return state_letter().file(
        formula=para("TM. UỶ BAN NHÂN DÂN", CENTRE, b=True) + para("KT. CHỦ TỊCH", CENTRE, b=True),
        office=para("PHÓ CHỦ TỊCH", CENTRE, b=True),
    )


def joint() -> bytes:
    """Two bodies: the lead on the right, each title with the name of its body."""
    p = party().parts
    head = cells(
        para("UỶ BAN KIỂM TRA TỈNH UỶ HƯNG THỊNH - CÔNG AN TỈNH HƯNG THỊNH", CENTRE, b=True)
        + p["star"]
        + para("Số 03-QC/UBKTTU-CA", CENTRE),
        p["title"] + para("Hưng Thịnh, ngày 15 tháng 9 năm 2026", CENTRE, i=True),
    )
    body = para("QUY CHẾ", CENTRE, 15, b=True) + para("phối hợp công tác", CENTRE, 15, b=True) + p["dashes"] + p["end"]
    left = para("GIÁM ĐỐC CÔNG AN TỈNH HƯNG THỊNH", CENTRE, b=True) + para() * 4 + para("Trần Văn Hai", CENTRE, b=True)
    right = para("CHỦ NHIỆM UỶ BAN KIỂM TRA TỈNH UỶ", CENTRE, b=True) + para() * 4 + para("Lê Văn Ba", CENTRE, b=True)
    notes = p["label"] + p["item2"] + para("- Lưu Văn phòng Tỉnh uỷ.", size=12)
    return loose(head, body, cells(left, right), notes)


def central_guide() -> bytes:
    """The guide itself: its first page and its foot."""
    head = cells(
        para("BAN CHẤP HÀNH TRUNG ƯƠNG", CENTRE)
        + para("VĂN PHÒNG", CENTRE, b=True)
        + para("*", CENTRE)
        + para("Số 05-HD/VPTW", CENTRE),
        para("ĐẢNG CỘNG SẢN VIỆT NAM", CENTRE, 15, b=True, u=True)
        + para("Hà Nội, ngày 27 tháng 5 năm 2026", CENTRE, i=True),
    )
    body = [
        para("HƯỚNG DẪN", CENTRE, 15, b=True),
        para("thể thức và kỹ thuật trình bày văn bản của Đảng", CENTRE, 15, b=True),
        para("-----", CENTRE),
        para(
            "Thực hiện Quy định số 399-QĐ/TW, ngày 09/01/2026 của Ban Bí thư Trung ương Đảng về thể loại, thẩm quyền ban "
            "hành và thể thức văn bản của Đảng, Văn phòng Trung ương Đảng hướng dẫn như sau:",
            BODY,
            15,
        ),
        para("Phần I", CENTRE, 15, b=True),
        para("HƯỚNG DẪN CHUNG", CENTRE, 15, b=True),
        para("1. Phạm vi điều chỉnh và đối tượng áp dụng", BODY, 15, b=True),
        para("1.1. Phạm vi điều chỉnh", BODY, 15, b=True, i=True),
        para("a) Thể thức và kỹ thuật trình bày văn bản giấy và văn bản điện tử của Đảng.", BODY, 15),
        para(
            "3. Giao Cục Lưu trữ, Văn phòng Trung ương Đảng kiểm tra, theo dõi việc thực hiện Hướng dẫn này.", BODY, 15
        ),
    ]
    notes = [
        f"<w:p>{runs('Nơi nhận', UNDERLINED)}{runs(':')}</w:p>",
        para("- Các đồng chí Uỷ viên Trung ương Đảng;", size=12),
        para("- Văn phòng Trung ương Đảng và các cơ quan", size=12),
        para("chuyên trách tham mưu, giúp việc;", size=12),
        para("- Lưu Văn phòng Trung ương Đảng.", size=12),
    ]
    signs = [
        para("K/T CHÁNH VĂN PHÒNG", CENTRE, b=True),
        para("PHÓ CHÁNH VĂN PHÒNG", CENTRE),
        para() * 4,
        para("Lê Khánh Toàn", CENTRE, b=True),
    ]
    return loose(head, *body, para(), cells("".join(notes), "".join(signs)), para())


def decision() -> bytes:
    """A quyết định of a ban thường vụ, with articles."""
    return party().file(
        number=para("Số 35-QĐ/ĐU", CENTRE),
        kind=para("QUYẾT ĐỊNH", CENTRE, 15, b=True),
        subject=para("khen thưởng tổ chức đảng và đảng viên năm 2026", CENTRE, 15, b=True),
        kinh="",
        prose=para("BAN THƯỜNG VỤ ĐẢNG UỶ QUYẾT ĐỊNH", CENTRE, b=True),
        item=para("Điều 1. Tặng Giấy khen cho 03 chi bộ và 05 đảng viên hoàn thành xuất sắc nhiệm vụ năm 2026.", BODY),
        end=para(
            "Điều 2. Văn phòng Đảng uỷ, Ban Xây dựng Đảng và các chi bộ, đảng viên có tên chịu trách nhiệm thi hành.",
            BODY,
        ),
        item1=para("- Như Điều 2;", size=12),
    )


def with_lists() -> bytes:
    """A kế hoạch whose headings and bullets are automatic."""
    return party().file(
        number=para("Số 12-KH/ĐU", CENTRE),
        kind=para("KẾ HOẠCH", CENTRE, 15, b=True),
        subject=para("thực hiện phong trào thi đua “Dân vận khéo” năm 2026", CENTRE, 15, b=True),
        kinh="",
        basis1="",
        basis2=para(
            "Căn cứ Kế hoạch số 05-KH/TU, ngày 10/02/2026 của Tỉnh uỷ Hưng Thịnh, Ban Thường vụ Đảng uỷ xã ban hành kế hoạch "
            "thực hiện phong trào như sau:",
            BODY,
        ),
        prose=para("I- MỤC ĐÍCH, YÊU CẦU", BODY, b=True) + para(PARTY_PROSE, BODY),
        item1=para("- Ban Thường vụ Tỉnh uỷ Hưng Thịnh (để báo cáo);", size=12),
    )


def chi_bo() -> bytes:
    p = party().parts
    return party().file(
        above=para("ĐẢNG BỘ XÃ BÌNH AN", CENTRE),
        issuer=para("CHI BỘ THÔN ĐÔNG", CENTRE, b=True),
        number=para("Số 02-BC/CB", CENTRE),
        kind=para("BÁO CÁO", CENTRE, 15, b=True),
        subject=para("kết quả thực hiện phong trào “Dân vận khéo” năm 2026", CENTRE, 15, b=True),
        kinh="",
        basis1="",
        basis2="",
        end=para(
            "Trên đây là báo cáo kết quả thực hiện phong trào của Chi bộ thôn Đông năm 2026 gửi Đảng uỷ xã.", BODY
        ),
        formula=para("T/M CHI BỘ", CENTRE, b=True),
        item1="",
        item2=para("- Đảng uỷ xã Bình An (để báo cáo);", size=12),
        kept=para("- Lưu Chi bộ.", size=12),
        title=p["title"],
    )


def office_letter() -> bytes:
    """An office of a đảng uỷ that signs by order."""
    return party_letter().file(
        number=para("Số 277-CV/VPĐU", CENTRE),
        above=para("ĐẢNG UỶ XÃ BÌNH AN", CENTRE),
        issuer=para("VĂN PHÒNG", CENTRE, b=True),
        formula=para("CHÁNH VĂN PHÒNG", CENTRE, b=True),
        office="",
    )


def several_addressees() -> bytes:
    return party_letter().file(
        kinh=kinh("Kính gửi:", "")
        + para("- Các chi bộ trực thuộc Đảng uỷ;", CENTRE)
        + para("- Uỷ ban Mặt trận Tổ quốc Việt Nam xã.", CENTRE)
    )


def state_submission() -> bytes:
    return state().file(
        number=para("Số: 45/TTr-UBND", CENTRE, 13),
        kind=para("TỜ TRÌNH", CENTRE, 14, b=True),
        subject=para("Về việc đề nghị khen thưởng thành tích năm 2026", CENTRE, 14, b=True),
        power=para("Kính gửi: Sở Nội vụ tỉnh Hưng Thịnh", CENTRE),
        basis1="",
        basis2="",
        basis3="",
        decides="",
        article1=para(PARTY_PROSE.replace("Ban Thường vụ Đảng uỷ", "Uỷ ban nhân dân"), STATE_BODY),
        article2="",
        end=para(
            "Uỷ ban nhân dân xã kính trình Sở Nội vụ xem xét, trình cấp có thẩm quyền quyết định khen thưởng./.",
            STATE_BODY,
        ),
        item1=para("- Như trên;", size=11),
        formula=para("TM. UỶ BAN NHÂN DÂN", CENTRE, b=True),
        office=para("CHỦ TỊCH", CENTRE, b=True),
    )


def state_unit() -> bytes:
    """A unit of a UBND xã, its lines under the names drawn as shapes."""
    return state_letter().file(
        issuer=para("UBND XÃ BÌNH AN", CENTRE, 13) + para("PHÒNG VĂN HOÁ - XÃ HỘI", CENTRE, 13, b=True),
        issuer_line=f"<w:p>{SHAPE}</w:p>",
        motto_line=f"<w:p>{SHAPE}</w:p>",
        number=para("Số: 08/VHXH", CENTRE, 13).replace("08/VHXH", "08/VHXH-VX"),
        formula=para("TRƯỞNG PHÒNG", CENTRE, b=True),
        office="",
    )


def front() -> bytes:
    """The Front of a xã."""
    return state_letter().file(
        issuer=para("UỶ BAN MTTQ VIỆT NAM XÃ BÌNH AN", CENTRE, 13) + para("BAN THƯỜNG TRỰC", CENTRE, 13, b=True),
        number=para("Số: 15/MTTQ-BTT", CENTRE, 13),
        formula=para("TM. BAN THƯỜNG TRỰC", CENTRE, b=True),
        kept=para("- Lưu: VT.", size=11),
    )


def landscape_annex() -> bytes:
    """An annex on its side, with its margins turned."""
    paper = party()
    side = (
        '<w:sectPr><w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/><w:pgMar w:top="1701" w:right="1134" '
        'w:bottom="850" w:left="1134" w:header="567" w:footer="567" w:gutter="0"/><w:pgNumType w:start="1"/></w:sectPr>'
    )
    first = f"<w:p><w:pPr>{paper.page}</w:pPr></w:p>"
    annex = (
        para("Phụ lục", CENTRE, b=True)
        + para("DANH SÁCH ĐIỂN HÌNH", CENTRE, b=True)
        + para("(Kèm theo Tờ trình số 12-TTr/ĐU, ngày 15/9/2026 của Ban Thường vụ Đảng uỷ xã)", CENTRE, i=True)
    )
    paper.page = side
    paper.after = first + annex
    return paper.file(
        item=para("Danh sách cụ thể các điển hình được đề nghị công nhận có tại Phụ lục kèm theo Tờ trình này.", BODY)
    )


def a_heading_of_powers() -> bytes:
    """A heading in capitals that begins like a formula of signing, a line “(Đã ký)”, a part of a name underlined."""
    return party().file(
        prose=para("I- QUYỀN HẠN, TRÁCH NHIỆM", BODY, b=True) + para("QUYỀN HẠN CỦA CẤP UỶ", BODY, b=True),
        name=para("(Đã ký)", CENTRE) + para("Nguyễn Văn Minh", CENTRE, b=True),
    )


def state_underlined_in_part() -> bytes:
    bold = size(13, "<w:b/>")
    half = f"{runs('XÃ BÌ', bold)}{runs('NH', bold + UNDERLINED)}{runs(' AN', bold)}"
    whole = para("UỶ BAN NHÂN DÂN", CENTRE, 13, b=True)
    part = f"<w:p><w:pPr>{CENTRE}</w:pPr>{half}</w:p>"
    return state().file(issuer=whole + part, issuer_line="", date=state().parts["date"])


def a_list_of_people() -> bytes:
    """A table of data whose days are padded in full."""
    head = row(para("STT"), para("Họ và tên"), para("Ngày sinh"), para("Số CCCD"))
    one = row(para("1"), para("Trần Thị Lan"), para("05/03/1990"), para("001190012345"))
    return party().file(item=grid(head, one, columns=4))


STRANGERS = {
    "head and foot by tabs": by_tabs(),
    "head in rows and merged cells": by_rows_and_merged_cells(),
    "a shape under the title": ruled_by_a_shape(),
    "an old shape under the title": ruled_by_an_old_shape(),
    "a border under the title": ruled_by_a_border(),
    "tones of the old way": old_tones(),
    "18 points by a style": spaced_by_a_style(),
    "both sides": mirrored(),
    "a number still blank": draft(),
    "a number in dots": draft("Số.......-TTr/ĐU", "Bình An, ngày...... tháng 9 năm 2026"),
    "a State number still blank": state_draft(),
    "a deputy of a UBND": state_deputy(),
    "two bodies that sign": joint(),
    "the guide itself": central_guide(),
    "a decision": decision(),
    "a plan with narrative bases": with_lists(),
    "a chi bộ": chi_bo(),
    "an office of a đảng uỷ": office_letter(),
    "several addressees": several_addressees(),
    "a State tờ trình": state_submission(),
    "a unit of a UBND": state_unit(),
    "the Front": front(),
    "an annex on its side": landscape_annex(),
    "a heading of powers": a_heading_of_powers(),
    "a part of the name underlined": state_underlined_in_part(),
    "a list of people": a_list_of_people(),
}
