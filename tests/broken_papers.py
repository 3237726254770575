"""One change to a good paper for each rule: what breaks that rule alone, and the words at which it must be named."""

# ruff: noqa: E501 - one paper a line reads as a table

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from typed_papers import (
    ABOUT,
    BODY,
    CENTRE,
    PARTY_PROSE,
    STATE_BODY,
    Typed,
    kinh,
    page_number,
    paged,
    para,
    party,
    party_letter,
    state,
    state_letter,
)

from dvk_docs.the_thuc import Issued


@dataclass(frozen=True)
class Broken:
    """A paper that breaks `rule` alone; `words` stand at the place of the finding, or `where` does."""

    name: str
    rule: str
    docx: bytes
    words: str = ""
    where: str = ""
    issued: tuple[Issued, ...] | None = None


def _with(paper: Typed, **changes: object) -> Typed:
    for name, value in changes.items():
        setattr(paper, name, value)
    return paper


def _p(called: str, rule: str, words: str, /, **changes: str) -> Broken:
    return Broken(called, rule, party().file(**changes), words)


def _s(called: str, rule: str, words: str, /, **changes: str) -> Broken:
    return Broken(called, rule, state().file(**changes), words)


def annexed(paper: Typed, annex: str, *, mention: str, start: bool = True, **changes: str) -> bytes:
    """A paper with an annex in a section of its own."""
    number = '<w:pgNumType w:start="1"/>' if start else ""
    first = f"<w:p><w:pPr>{paper.page}</w:pPr></w:p>"
    paper.page = paper.page.replace("</w:sectPr>", f"{number}</w:sectPr>")
    paper.after = first + annex
    body = BODY if "prose" in paper.parts else STATE_BODY
    name = "item" if "item" in paper.parts else "article2"
    return paper.file(**{name: para(mention, body), **changes})


PARTY_ANNEX = (
    para("Phụ lục", CENTRE, b=True)
    + para("DANH SÁCH ĐIỂN HÌNH", CENTRE, b=True)
    + para("(Kèm theo Tờ trình số 12-TTr/ĐU, ngày 15/9/2026 của Ban Thường vụ Đảng uỷ xã Bình An)", CENTRE, i=True)
    + para("1. Chi bộ thôn Đông.", BODY)
)
STATE_ANNEX = (
    para("Phụ lục", CENTRE, b=True)
    + para("DANH SÁCH TẬP THỂ", CENTRE, b=True)
    + para(
        "(Kèm theo Quyết định số 31/QĐ-UBND ngày 15 tháng 9 năm 2026 của Chủ tịch Uỷ ban nhân dân xã)", CENTRE, i=True
    )
    + para("1. Thôn Đông.", STATE_BODY)
)
MENTION = "Danh sách cụ thể các tập thể, cá nhân được đề nghị nêu tại Phụ lục kèm theo văn bản này."
LONG = "".join(para(PARTY_PROSE, BODY) for _ in range(12))
STATE_LONG = "".join(para(PARTY_PROSE, STATE_BODY) for _ in range(12))


def party_pages(header: str, page: str = "") -> bytes:
    """A tờ trình of two pages with a running header."""
    paper = party()
    paper.page = page or paged(paper.page)
    paper.header = header
    return paper.file(item=LONG)


def state_pages(header: str) -> bytes:
    paper = state()
    paper.page = paged(paper.page)
    paper.header = header
    return paper.file(article2=STATE_LONG)


def quy_dinh(symbol: str, day: str) -> bytes:
    """A quy định of a đảng uỷ xã, for the symbol that changed."""
    return party().file(
        number=para(f"Số 12-{symbol}/ĐU", CENTRE),
        date=para(f"Bình An, {day}", CENTRE, i=True),
        kind=para("QUY ĐỊNH", CENTRE, 15, b=True),
        subject=para("chức năng, nhiệm vụ của Ban Xây dựng Đảng", CENTRE, 15, b=True),
        kinh="",
        item1="",
    )


_LEFT_15 = party().page.replace('w:left="1701"', 'w:left="1417"')
_STATE_RIGHT_25 = state().page.replace('w:right="1020"', 'w:right="1417"')

PARTY = [
    Broken("left margin of 25 mm", "P01", _with(party(), page=_LEFT_15).file(), where="thiết lập trang"),
    _p("Arial", "P02", "1. Kết quả", item=para("1. Kết quả thực hiện: các chi bộ đã đăng ký 05 mô hình trong năm 2026 này.", BODY).replace("<w:rPr>", '<w:rPr><w:rFonts w:ascii="Arial"/>')),
    _p("red letters", "P02", "1. Kết quả", item=para("1. Kết quả thực hiện: các chi bộ đã đăng ký 05 mô hình trong năm 2026 này.", BODY).replace("<w:rPr>", '<w:rPr><w:color w:val="FF0000"/>')),
    _p("title of 13", "P03", "ĐẢNG CỘNG SẢN VIỆT NAM", title=para("ĐẢNG CỘNG SẢN VIỆT NAM", CENTRE, 13, b=True, u=True)),
    _p("no line under the title", "P03", "ĐẢNG CỘNG SẢN VIỆT NAM", title=para("ĐẢNG CỘNG SẢN VIỆT NAM", CENTRE, 15, b=True)),
    _p("Tiêu ngữ in a paper of the Party", "P03", "Độc lập", date=para("Độc lập - Tự do - Hạnh phúc", CENTRE, 13, b=True) + para("Bình An, ngày 15 tháng 9 năm 2026", CENTRE, i=True)),
    _p("body above in bold", "P04", "ĐẢNG BỘ TỈNH", above=para("ĐẢNG BỘ TỈNH HƯNG THỊNH", CENTRE, b=True)),
    _p("no star", "P04", "ĐẢNG UỶ XÃ", star=""),
    _p("three stars", "P04", "***", star=para("***", CENTRE)),
    _p("a tỉnh uỷ above", "P04", "TỈNH UỶ", above=para("TỈNH UỶ HƯNG THỊNH", CENTRE)),
    _p("colon after Số", "P05", "Số: 12", number=para("Số: 12-TTr/ĐU", CENTRE)),
    _p("State order of the number", "P05", "Số 12/", number=para("Số 12/TTr-ĐU", CENTRE)),
    _p("no word Số", "P05", "12-TTr/ĐU", number=para("12-TTr/ĐU", CENTRE)),
    _p("one figure", "P05", "Số 5-", number=para("Số 5-TTr/ĐU", CENTRE)),
    _p("symbol of another kind", "P05", "Số 12-", number=para("Số 12-BC/ĐU", CENTRE)),
    _p("symbol of another body", "P05", "Số 12-", number=para("Số 12-TTr/CB", CENTRE)),
    _p("blanks in the number", "P05", "Số 12 -", number=para("Số 12 - TTr/ĐU", CENTRE)),
    _p("a day that does not exist", "P06", "Bình An", date=para("Bình An, ngày 31 tháng 9 năm 2026", CENTRE, i=True)),
    _p("a day in figures", "P06", "Bình An", date=para("Bình An, ngày 15/9/2026", CENTRE, i=True)),
    _p("month padded", "P06", "Bình An", date=para("Bình An, ngày 15 tháng 09 năm 2026", CENTRE, i=True)),
    _p("day upright", "P06", "Bình An", date=para("Bình An, ngày 15 tháng 9 năm 2026", CENTRE)),
    Broken("a list with a number", "P07", party().file(number=para("Số 12-TTr/ĐU", CENTRE), kind=para("DANH SÁCH", CENTRE, 15, b=True), kinh="", item1=""), "DANH SÁCH"),
    _p("a quy chế of a ban thường vụ", "P07", "QUY CHẾ", number=para("Số 12-QC/ĐU", CENTRE), kind=para("QUY CHẾ", CENTRE, 15, b=True), kinh="", item1=""),
    _p("kind in small letters", "P08", "Tờ trình", kind=para("Tờ trình", CENTRE, 15, b=True)),
    _p("subject with a capital", "P08", "Đề nghị", subject=para("Đề nghị công nhận điển hình “Dân vận khéo” năm 2026", CENTRE, 15, b=True)),
    _p("six hyphens", "P08", "------", dashes=para("------", CENTRE)),
    _p("no hyphens", "P08", "đề nghị công nhận", dashes=""),
    Broken("kind on a công văn", "P09", party_letter().file(kind=para("CÔNG VĂN", CENTRE, 15, b=True)), "CÔNG VĂN"),
    Broken("V/v in a công văn", "P09", party_letter().file(about=para("V/v đăng ký mô hình “Dân vận khéo” năm 2026", CENTRE, 12, i=True)), "V/v"),
    Broken("a công văn without về việc", "P09", party_letter().file(about=para("mời dự Hội nghị Ban Chấp hành Đảng bộ xã", CENTRE, 12, i=True)), "mời dự"),
    Broken("upright subject of a công văn", "P09", party_letter().file(about=para("về việc đăng ký mô hình “Dân vận khéo”", CENTRE, 12)), "về việc"),
    Broken("no Kính gửi", "P09", party_letter().file(kinh=""), "Thực hiện"),
    _p("Kính gửi in a tờ trình", "P10", "Kính gửi", kinh=kinh("Kính gửi: ", "Ban Thường vụ Tỉnh uỷ Hưng Thịnh.")),
    _p("single lines", "P11", "Thực hiện", prose=para(PARTY_PROSE, BODY.replace('w:line="380" w:lineRule="exact"', 'w:line="240" w:lineRule="auto"'))),
    _p("left aligned", "P11", "Thực hiện", prose=para(PARTY_PROSE, BODY.replace('<w:jc w:val="both"/>', ""))),
    _p("no indent", "P11", "Thực hiện", prose=para(PARTY_PROSE, BODY.replace('w:firstLine="720"', 'w:firstLine="0"'))),
    _p("letters of 13", "P11", "Thực hiện", prose=para(PARTY_PROSE, BODY, 13)),
    _p("no gap", "P11", "Thực hiện", prose=para(PARTY_PROSE, BODY.replace('w:before="120"', 'w:before="0"'))),
    _p("end of the State", "P12", "nêu trên./.", end=para("Ban Thường vụ Đảng uỷ xã kính trình Ban Thường vụ Tỉnh uỷ xem xét, công nhận các điển hình nêu trên./.", BODY)),
    _p("last basis with a comma", "P13", "- Xét đề nghị", basis2=para("- Xét đề nghị của Ban Xây dựng Đảng,", BODY)),
    _p("basis without its dash", "P13", "Căn cứ", basis1=para("Căn cứ Quyết định số 05-QĐ/TU, ngày 10/02/2026 của Tỉnh uỷ Hưng Thịnh về phong trào thi đua;", BODY)),
    _p("TM. of the State", "P14", "TM.", formula=para("TM. BAN THƯỜNG VỤ", CENTRE, b=True)),
    _p("title in bold", "P14", "BÍ THƯ", office=para("BÍ THƯ", CENTRE, b=True)),
    _p("TUQ in the Party", "P14", "TUQ.", formula=para("TUQ. BAN THƯỜNG VỤ", CENTRE, b=True)),
    _p("K/T under T/M", "P14", "K/T BÍ THƯ", office=para("K/T BÍ THƯ", CENTRE) + para("PHÓ BÍ THƯ", CENTRE)),
    _p("degree before the name", "P14", "ThS. Nguyễn", name=para() + para("ThS. Nguyễn Văn Minh", CENTRE, b=True)),
    _p("body in the title", "P14", "BÍ THƯ ĐẢNG UỶ", office=para("BÍ THƯ ĐẢNG UỶ", CENTRE)),
    _p("recipients with commas", "P15", "- Như trên,", item1=para("- Như trên,", size=12)),
    _p("label of the State", "P15", "Nơi nhận", label=para("Nơi nhận:", size=14, b=True, i=True, u=True)),
    _p("no Như trên", "P15", "- Các chi bộ", item1=""),
    _p("no Lưu", "P15", "- Các chi bộ", item2="", kept=para("- Các chi bộ trực thuộc.", size=12)),
    _p("Lưu with a colon", "P15", "- Lưu:", kept=para("- Lưu: Văn phòng Đảng uỷ.", size=12)),
    Broken("number on page 1", "P16", party_pages(page_number(), paged(party().page).replace("<w:titlePg/>", "")), where="đầu trang 1"),
    Broken("number on the right", "P16", party_pages(page_number('<w:jc w:val="right"/>')), where="đầu trang 2"),
    Broken("no number", "P16", party().file(item=LONG), where="đầu trang 2"),
    Broken("annex that nothing names", "P17", annexed(party(), PARTY_ANNEX, mention=PARTY_PROSE), "Phụ lục"),
    Broken("Roman annex", "P17", annexed(party(), PARTY_ANNEX.replace("Phụ lục", "Phụ lục I"), mention=MENTION), "Phụ lục I"),
    Broken("annex without its pointer", "P17", annexed(party(), PARTY_ANNEX.replace("(Kèm theo", "(Theo"), mention=MENTION), "Phụ lục"),
    Broken("annex that goes on counting", "P17", annexed(party(), PARTY_ANNEX, mention=MENTION, start=False), "Phụ lục"),
    _p("a huyện uỷ", "P18", "- Huyện uỷ", item2=para("- Huyện uỷ Tân Minh;", size=12)),
    Broken("a number taken", "P19", party().file(), "Số 12-TTr/ĐU", issued=(Issued("12-TTr/ĐU", date(2026, 3, 2)),)),
    Broken("a number out of order", "P19", party().file(), "Số 12-TTr/ĐU", issued=(Issued("13-TTr/ĐU", date(2026, 8, 2)),)),
]  # fmt: skip

STATE = [
    Broken("right margin of 25 mm", "S01", _with(state(), page=_STATE_RIGHT_25).file(), where="thiết lập trang"),
    _s("Quốc hiệu of 11", "S02", "CỘNG HOÀ", nation=para("CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM", CENTRE, 11, b=True)),
    _s("no Tiêu ngữ", "S02", "CỘNG HOÀ", motto="", motto_line=""),
    _s("no line under Tiêu ngữ", "S02", "Độc lập", motto_line=""),
    _s("Tiêu ngữ without blanks", "S02", "Độc lập", motto=para("Độc lập-Tự do-Hạnh phúc", CENTRE, 13, b=True)),
    _s("issuer not bold", "S03", "UỶ BAN NHÂN DÂN", issuer=para("UỶ BAN NHÂN DÂN", CENTRE, 13) + para("XÃ BÌNH AN", CENTRE, 13)),
    _s("no line under the issuer", "S03", "XÃ BÌNH AN", issuer_line=""),
    _s("no colon", "S04", "Số 31", number=para("Số 31/QĐ-UBND", CENTRE, 13)),
    _s("Party order of the number", "S04", "Số: 31-", number=para("Số: 31-QĐ/UBND", CENTRE, 13)),
    Broken("CV in a State number", "S04", state_letter().file(number=para("Số: 12/CV-UBND", CENTRE, 13)), "Số: 12"),
    _s("symbol of another kind", "S04", "Số: 31", number=para("Số: 31/TB-UBND", CENTRE, 13)),
    Broken("a State number taken this year", "S04", state().file(), "Số: 31", issued=(Issued("31/QĐ-UBND", date(2026, 3, 2)),)),
    _s("one figure", "S04", "Số: 3/", number=para("Số: 3/QĐ-UBND", CENTRE, 13)),
    _s("day not padded", "S05", "Bình An", date=para("Bình An, ngày 5 tháng 9 năm 2026", CENTRE, 13, i=True)),
    _s("day upright", "S05", "Bình An", date=para("Bình An, ngày 15 tháng 9 năm 2026", CENTRE, 13)),
    _s("small subject", "S06", "về việc", subject=para("về việc tặng Giấy khen cho tập thể, cá nhân", CENTRE, 14, b=True)),
    Broken("về việc of the Party", "S06", state_letter().file(about=para("về việc đăng ký danh hiệu thi đua năm 2026", ABOUT, 12)), "về việc"),
    Broken("no room under the number", "S06", state_letter().file(about=para("V/v đăng ký danh hiệu thi đua năm 2026", CENTRE, 12)), "V/v"),
    _s("upright basis", "S07", "Căn cứ Nghị định", basis2=para("Căn cứ Nghị định số 152/2025/NĐ-CP ngày 14 tháng 6 năm 2025 của Chính phủ;", STATE_BODY)),
    _s("last basis with a semicolon", "S07", "Theo đề nghị", basis3=para("Theo đề nghị của Trưởng phòng Văn hoá - Xã hội xã Bình An;", STATE_BODY, i=True)),
    _s("two lines apart", "S08", "Điều 1.", article1=para("Điều 1. Tặng Giấy khen cho 02 tập thể và 03 cá nhân có thành tích thi đua năm 2026.", STATE_BODY.replace('w:line="276"', 'w:line="480"'))),
    _s("letters of 12", "S08", "Điều 1.", article1=para("Điều 1. Tặng Giấy khen cho 02 tập thể và 03 cá nhân có thành tích thi đua năm 2026.", STATE_BODY, 12)),
    _s("end of the Party", "S09", "chịu trách nhiệm.", end=para("Điều 3. Chánh Văn phòng và các tập thể, cá nhân có tên tại Điều 1 chịu trách nhiệm.", STATE_BODY)),
    Broken("T/M of the Party", "S10", state_letter().file(formula=para("T/M UỶ BAN NHÂN DÂN", CENTRE, b=True)), "T/M"),
    Broken("title not bold", "S10", state_letter().file(office=para("CHỦ TỊCH", CENTRE)), "CHỦ TỊCH"),
    _s("degree before the name", "S10", "ThS. Trần", name=para() + para("ThS. Trần Văn Nam", CENTRE, b=True)),
    Broken("no Kính gửi", "S11", state_letter().file(kinh=""), "Thực hiện"),
    Broken("list with commas", "S11", state_letter().file(kinh=para("Kính gửi:", CENTRE) + para("- Sở Nội vụ,") + para("- Sở Tài chính.")), "- Sở Nội vụ"),
    _s("label of the Party", "S12", "Nơi nhận", label=para("Nơi nhận:", size=12)),
    _s("Lưu without VT", "S12", "- Lưu", kept=para("- Lưu Văn phòng.", size=11)),
    _s("no QUYẾT ĐỊNH:", "S13", "QUYẾT ĐỊNH", decides=""),
    _s("no authority", "S13", "Căn cứ Luật", power=""),
    Broken("annex of 12", "S14", annexed(state(), STATE_ANNEX.replace(para("Phụ lục", CENTRE, b=True), para("Phụ lục", CENTRE, 12, b=True)), mention=MENTION), "Phụ lục"),
    Broken("Arabic annex", "S14", annexed(state(), STATE_ANNEX.replace("Phụ lục", "Phụ lục 1"), mention=MENTION), "Phụ lục 1"),
    Broken("number on the right", "S15", state_pages(page_number('<w:jc w:val="right"/>')), where="đầu trang 2"),
    _s("a decree that ended", "S16", "Căn cứ Nghị định", basis2=para("Căn cứ Nghị định số 98/2023/NĐ-CP ngày 31 tháng 12 năm 2023 của Chính phủ;", STATE_BODY, i=True)),
]  # fmt: skip


def _prose(name: str, rule: str, words: str, text: str) -> Broken:
    return Broken(name, rule, party().file(item=para(text, BODY)), words)


COMMON = [
    _prose("split Unicode", "C01", "1. Kết quả", "1. Kê\u0301t qua\u0309 thực hiện: các chi bộ đã đăng ký đủ số mô hình được giao trong năm 2026."),
    _prose("Đ of another alphabet", "C01", "1. Ðảng", "1. Ðảng bộ xã đã chỉ đạo các chi bộ đăng ký đủ số mô hình được giao trong năm 2026 này."),
    Broken("a font of TCVN3", "C01", party().file(item=para("1. Ket qua thuc hien trong nam 2026 cua cac chi bo truc thuoc tren dia ban xa ta.", BODY).replace("<w:rPr>", '<w:rPr><w:rFonts w:ascii=".VnTime"/>')), "1. Ket qua"),
    _prose("two ways of tones", "C02", "1. Các đơn vị văn hóa", "1. Các đơn vị văn hóa đã đăng ký đủ số mô hình được giao trong năm 2026 theo kế hoạch."),
    _prose("blank before a comma", "C03", "chi bộ ,", "1. Kết quả thực hiện: các chi bộ , đoàn thể đã đăng ký đủ số mô hình được giao trong năm 2026."),
    _prose("two blanks", "C03", "các  chi bộ", "1. Kết quả thực hiện: các  chi bộ đã đăng ký đủ số mô hình được giao trong năm 2026 theo kế hoạch."),
    _prose("no blank after a comma", "C03", "chi bộ,đoàn", "1. Kết quả thực hiện: các chi bộ,đoàn thể đã đăng ký đủ số mô hình được giao trong năm 2026."),
    _prose("a day not padded", "C04", "5/2/2026", "1. Kết quả thực hiện từ ngày 5/2/2026: các chi bộ đã đăng ký đủ số mô hình được giao trong năm."),
    _prose("commas between thousands", "C04", "1,500,000", "1. Kết quả thực hiện: các chi bộ đã hỗ trợ số tiền 1,500,000 đồng cho các hộ có hoàn cảnh khó khăn."),
    _prose("a count not padded", "C04", "5 mô hình", "1. Kết quả thực hiện: các chi bộ đã đăng ký 5 mô hình theo kế hoạch được giao trong năm 2026 này."),
    _prose("nhân dân", "C05", "nhân dân", "1. Kết quả thực hiện: các chi bộ đã vận động nhân dân tham gia các mô hình được giao trong năm 2026."),
    _prose("điều 5", "C05", "điều 5", "1. Kết quả thực hiện: các chi bộ đã làm đúng theo điều 5 của quy chế được ban hành trong năm 2026 này."),
    _prose("year of birth and number", "C06", "001199012345", "1. Bà Trần Thị Lan, sinh năm 1990, số CCCD 001199012345, ngụ tại thôn Đông, xã Bình An của tỉnh ta."),
    _prose("nine figures of a telephone", "C06", "091234567", "1. Bà Trần Thị Lan, số điện thoại 091234567, ngụ tại thôn Đông, xã Bình An, là đảng viên của chi bộ."),
]  # fmt: skip

BROKEN = [*PARTY, *STATE, *COMMON]
