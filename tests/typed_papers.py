"""Papers as a stranger types them: no role styles, every look direct. Each part can be named and changed by a test.

`party()`, `party_letter()` and `state()` keep every rule of their regime; a test changes one part and sees one rule.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from docx_parts import PAGE, docx

from dvk_docs.package import pack, unpack

Parts = dict[str, str]
STYLES = (
    '<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman"/>'
    '<w:sz w:val="28"/></w:rPr></w:rPrDefault></w:docDefaults>'
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
)
CENTRE = '<w:jc w:val="center"/>'
BODY = '<w:spacing w:before="120" w:line="380" w:lineRule="exact"/><w:ind w:firstLine="720"/><w:jc w:val="both"/>'
STATE_BODY = '<w:spacing w:before="120" w:line="276" w:lineRule="auto"/><w:ind w:firstLine="720"/><w:jc w:val="both"/>'
UNDERLINED = '<w:u w:val="single"/>'
NUMBER_HEADER = "word/header1.xml"


def para(words: str = "", look: str = "", size: float = 14, b: bool = False, i: bool = False, u: bool = False) -> str:
    """A paragraph with direct looks; `|` in the words is a line break, `->` a tab."""
    run = f'{"<w:b/>" if b else ""}{"<w:i/>" if i else ""}<w:sz w:val="{round(size * 2)}"/>'
    run += '<w:u w:val="single"/>' if u else ""
    return f"<w:p><w:pPr>{look}</w:pPr>{runs(words, run)}</w:p>"


def runs(words: str, run: str = "") -> str:
    out = []
    for number, line in enumerate(words.split("|")):
        out.append("<w:r><w:br/></w:r>" if number else "")
        for at, piece in enumerate(line.split("->")):
            out.append(f"<w:r><w:rPr>{run}</w:rPr><w:tab/></w:r>" if at else "")
            if piece:
                out.append(f'<w:r><w:rPr>{run}</w:rPr><w:t xml:space="preserve">{piece}</w:t></w:r>')
    return "".join(out)


def kinh(label: str, to: str) -> str:
    """The addressees, the label in italics."""
    return f"<w:p><w:pPr>{CENTRE}</w:pPr>{runs(label, '<w:i/>')}{runs(to)}</w:p>"


def cells(left: str, right: str) -> str:
    """A table of two cells without borders."""
    grid = '<w:tblGrid><w:gridCol w:w="4600"/><w:gridCol w:w="4700"/></w:tblGrid>'
    row = "".join(f"<w:tc><w:tcPr/>{cell}</w:tc>" for cell in (left, right))
    return f"<w:tbl><w:tblPr/>{grid}<w:tr>{row}</w:tr></w:tbl>"


@dataclass
class Typed:
    """A paper in named parts, each WordprocessingML; `file()` are its bytes."""

    parts: Parts
    page: str
    order: Callable[[Mapping[str, str]], str]
    header: str = ""
    styles: str = STYLES
    settings: str = ""
    after: str = ""
    extra: dict[str, bytes] = field(default_factory=dict)

    def file(self, **changes: str) -> bytes:
        parts = {**self.parts, **changes}
        unknown = set(changes) - set(self.parts)
        assert not unknown, f"no such part: {unknown}"
        made = docx(self.order(parts) + self.after, styles=self.styles, page=self.page)
        members = unpack(made)
        if self.header:
            members |= _header(members, self.header)
        if self.settings:
            members["word/settings.xml"] = members["word/settings.xml"].replace(
                b"<w:compat>", self.settings.encode() + b"<w:compat>"
            )
        return pack({**members, **self.extra})


def _header(members: Mapping[str, bytes], header: str) -> dict[str, bytes]:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/header"
    link = f'<Relationship Id="rHead" Type="{kind}" Target="header1.xml"/></Relationships>'
    part = (
        '<Override PartName="/word/header1.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        'wordprocessingml.header+xml"/></Types>'
    )
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    rels, types = "word/_rels/document.xml.rels", "[Content_Types].xml"
    return {
        rels: members[rels].replace(b"</Relationships>", link.encode()),
        types: members[types].replace(b"</Types>", part.encode()),
        NUMBER_HEADER: f"<w:hdr {space}>{header}</w:hdr>".encode(),
    }


def page_number(look: str = CENTRE, size: float = 14) -> str:
    field_ = (
        '<w:r><w:rPr><w:sz w:val="{0}"/></w:rPr><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:rPr><w:sz w:val="{0}"/>'
        '</w:rPr><w:instrText> PAGE </w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    return f"<w:p><w:pPr>{look}</w:pPr>{field_.format(round(size * 2))}</w:p>"


def paged(page: str) -> str:
    """The page set-up with a running header from page 2 on."""
    link = '<w:headerReference w:type="default" r:id="rHead"/>'
    return page.replace("<w:sectPr>", f"<w:sectPr>{link}").replace("</w:sectPr>", "<w:titlePg/></w:sectPr>")


# --- the Party -------------------------------------------------------------------------------------------------------

PARTY_PROSE = (
    "Thực hiện Kế hoạch công tác năm 2026, Ban Thường vụ Đảng uỷ xã Bình An đã chỉ đạo các chi bộ trực thuộc vận động "
    "Nhân dân xây dựng mô hình “Dân vận khéo” gắn với nhiệm vụ chính trị của địa phương."
)


def party() -> Typed:
    """A tờ trình of a đảng uỷ xã, 15/9/2026."""
    parts = {
        "above": para("ĐẢNG BỘ TỈNH HƯNG THỊNH", CENTRE),
        "issuer": para("ĐẢNG UỶ XÃ BÌNH AN", CENTRE, b=True),
        "star": para("*", CENTRE),
        "number": para("Số 12-TTr/ĐU", CENTRE),
        "title": para("ĐẢNG CỘNG SẢN VIỆT NAM", CENTRE, 15, b=True, u=True),
        "date": para("Bình An, ngày 15 tháng 9 năm 2026", CENTRE, i=True),
        "kind": para("TỜ TRÌNH", CENTRE, 15, b=True),
        "subject": para("đề nghị công nhận điển hình “Dân vận khéo” năm 2026", CENTRE, 15, b=True),
        "dashes": para("-----", CENTRE),
        "kinh": kinh("Kính trình: ", "Ban Thường vụ Tỉnh uỷ Hưng Thịnh."),
        "basis1": para(
            "- Căn cứ Quyết định số 05-QĐ/TU, ngày 10/02/2026 của Tỉnh uỷ Hưng Thịnh về phong trào thi đua;", BODY
        ),
        "basis2": para("- Xét đề nghị của Ban Xây dựng Đảng.", BODY),
        "prose": para(PARTY_PROSE, BODY),
        "item": para(
            "1. Kết quả thực hiện: các chi bộ đã đăng ký 05 mô hình và được công nhận 03 mô hình trong năm 2026.", BODY
        ),
        "end": para(
            "Ban Thường vụ Đảng uỷ xã kính trình Ban Thường vụ Tỉnh uỷ xem xét, công nhận các điển hình nêu trên.", BODY
        ),
        "label": f"<w:p>{runs('Nơi nhận', UNDERLINED)}{runs(':')}</w:p>",
        "item1": para("- Như trên;", size=12),
        "item2": para("- Các chi bộ trực thuộc;", size=12),
        "kept": para("- Lưu Văn phòng Đảng uỷ.", size=12),
        "formula": para("T/M BAN THƯỜNG VỤ", CENTRE, b=True),
        "office": para("BÍ THƯ", CENTRE),
        "name": para() * 4 + para("Nguyễn Văn Minh", CENTRE, b=True),
    }
    return Typed(parts, PAGE, _party)


def _party(p: Mapping[str, str]) -> str:
    head = cells(p["above"] + p["issuer"] + p["star"] + p["number"], p["title"] + p["date"])
    body = "".join(p[x] for x in ("kind", "subject", "dashes", "kinh", "basis1", "basis2", "prose", "item", "end"))
    foot = cells(p["label"] + p["item1"] + p["item2"] + p["kept"], p["formula"] + p["office"] + p["name"])
    return head + body + foot + para()


def party_letter() -> Typed:
    """A công văn of a đảng uỷ xã: no kind, its subject under the number."""
    paper = party()
    parts = {k: v for k, v in paper.parts.items() if k not in ("kind", "subject", "dashes", "basis1", "basis2")}
    parts |= {
        "number": para("Số 12-CV/ĐU", CENTRE),
        "about": para("về việc đăng ký mô hình “Dân vận khéo” năm 2026", CENTRE, 12, i=True),
        "kind": "",
        "kinh": kinh("Kính gửi: ", "Các chi bộ trực thuộc."),
    }
    return Typed(parts, PAGE, _party_letter)


def _party_letter(p: Mapping[str, str]) -> str:
    head = cells(p["above"] + p["issuer"] + p["star"] + p["number"] + p["about"], p["title"] + p["date"])
    body = "".join(p[x] for x in ("kind", "kinh", "prose", "item", "end"))
    foot = cells(p["label"] + p["item1"] + p["item2"] + p["kept"], p["formula"] + p["office"] + p["name"])
    return head + body + foot + para()


# --- the State -------------------------------------------------------------------------------------------------------

ABOUT = f'<w:spacing w:before="120"/>{CENTRE}'
STATE_PAGE = PAGE.replace('w:right="850"', 'w:right="1020"')
LINE = '<w:pBdr><w:top w:val="single" w:sz="6" w:space="0" w:color="auto"/></w:pBdr>'


def rule(left: int = 1500, right: int = 1500) -> str:
    """An empty paragraph with a line above it."""
    look = f'{LINE}<w:spacing w:line="80" w:lineRule="exact"/><w:ind w:left="{left}" w:right="{right}"/>'
    return f"<w:p><w:pPr>{look}</w:pPr></w:p>"


def state() -> Typed:
    """A quyết định of the chairman of a UBND xã, 15/9/2026."""
    parts = {
        "issuer": para("UỶ BAN NHÂN DÂN", CENTRE, 13, b=True) + para("XÃ BÌNH AN", CENTRE, 13, b=True),
        "issuer_line": rule(),
        "number": para("Số: 31/QĐ-UBND", CENTRE, 13),
        "nation": para("CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM", CENTRE, 13, b=True),
        "motto": para("Độc lập - Tự do - Hạnh phúc", CENTRE, 13, b=True),
        "motto_line": rule(900, 900),
        "date": para("Bình An, ngày 15 tháng 9 năm 2026", CENTRE, 13, i=True),
        "kind": para("QUYẾT ĐỊNH", CENTRE, 14, b=True),
        "subject": para("Về việc tặng Giấy khen cho tập thể, cá nhân", CENTRE, 14, b=True),
        "subject_line": rule(3300, 3300),
        "power": para("CHỦ TỊCH UỶ BAN NHÂN DÂN XÃ BÌNH AN", CENTRE, 14, b=True),
        "basis1": para(
            "Căn cứ Luật Tổ chức chính quyền địa phương số 72/2025/QH15 ngày 16 tháng 6 năm 2025;", STATE_BODY, i=True
        ),
        "basis2": para(
            "Căn cứ Nghị định số 152/2025/NĐ-CP ngày 14 tháng 6 năm 2025 của Chính phủ;", STATE_BODY, i=True
        ),
        "basis3": para("Theo đề nghị của Trưởng phòng Văn hoá - Xã hội xã Bình An.", STATE_BODY, i=True),
        "decides": para("QUYẾT ĐỊNH:", CENTRE, 14, b=True),
        "article1": para(
            "Điều 1. Tặng Giấy khen cho 02 tập thể và 03 cá nhân có thành tích trong phong trào thi đua năm 2026.",
            STATE_BODY,
        ),
        "article2": para(
            "Điều 2. Quyết định này có hiệu lực từ ngày ký; các cơ quan, đơn vị liên quan chịu trách nhiệm thi hành.",
            STATE_BODY,
        ),
        "end": para(
            "Điều 3. Chánh Văn phòng, Trưởng phòng Văn hoá - Xã hội và các tập thể, cá nhân chịu trách nhiệm./.",
            STATE_BODY,
        ),
        "label": para("Nơi nhận:", size=12, b=True, i=True),
        "item1": para("- Như Điều 3;", size=11),
        "item2": para("- Đảng uỷ xã;", size=11),
        "kept": para("- Lưu: VT, VHXH.", size=11),
        "formula": para("CHỦ TỊCH", CENTRE, b=True),
        "office": "",
        "name": para() * 4 + para("Trần Văn Nam", CENTRE, b=True),
    }
    return Typed(parts, STATE_PAGE, _state)


def _state(p: Mapping[str, str]) -> str:
    left = p["issuer"] + p["issuer_line"] + p["number"]
    head = cells(left, p["nation"] + p["motto"] + p["motto_line"] + p["date"])
    names = "kind subject subject_line power basis1 basis2 basis3 decides article1 article2 end"
    body = "".join(p[x] for x in names.split())
    foot = cells(p["label"] + p["item1"] + p["item2"] + p["kept"], p["formula"] + p["office"] + p["name"])
    return head + body + foot + para()


def state_letter() -> Typed:
    """A công văn of a UBND xã."""
    paper = state()
    gone = ("kind", "subject", "subject_line", "power", "decides", "article1", "article2", "basis1", "basis2", "basis3")
    parts = {k: v for k, v in paper.parts.items() if k not in gone}
    parts |= {
        "number": para("Số: 12/UBND-VHXH", CENTRE, 13),
        "about": para("V/v đăng ký danh hiệu thi đua năm 2026", ABOUT, 12),
        "kinh": para("Kính gửi: Sở Nội vụ tỉnh Hưng Thịnh", CENTRE),
        "prose": para(PARTY_PROSE.replace("Ban Thường vụ Đảng uỷ", "Uỷ ban nhân dân"), STATE_BODY),
        "end": para(
            "Uỷ ban nhân dân xã Bình An kính đề nghị Sở Nội vụ quan tâm, xem xét và hướng dẫn thực hiện./.", STATE_BODY
        ),
        "item1": para("- Như trên;", size=11),
        "formula": para("TM. UỶ BAN NHÂN DÂN", CENTRE, b=True),
        "office": para("CHỦ TỊCH", CENTRE, b=True),
    }
    return Typed(parts, STATE_PAGE, _state_letter)


def _state_letter(p: Mapping[str, str]) -> str:
    left = p["issuer"] + p["issuer_line"] + p["number"] + p["about"]
    head = cells(left, p["nation"] + p["motto"] + p["motto_line"] + p["date"])
    foot = cells(p["label"] + p["item1"] + p["item2"] + p["kept"], p["formula"] + p["office"] + p["name"])
    return head + p["kinh"] + p["prose"] + p["end"] + foot + para()
