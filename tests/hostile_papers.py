"""Hostile documents, built here: what office programs and people put into a .docx that our templates never hold.

`DRAWN` are drawn, `REFUSED` are refused with the code that stands beside each. To compare those drawn with LibreOffice
(it and pypdfium2 must be installed):  python tests/hostile_papers.py
"""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Iterator

from docx_parts import PAGE, STYLES, docx, p, row, table

from dvk_docs.package import pack

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
_WP = 'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
_A = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
_PIC = 'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
_M = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
_V = 'xmlns:v="urn:schemas-microsoft-com:vml"'
_PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def run(inner: str, look: str = "") -> str:
    return f"<w:r><w:rPr>{look}</w:rPr>{inner}</w:r>"


def words(text: str, look: str = "") -> str:
    return run(f'<w:t xml:space="preserve">{text}</w:t>', look)


def par(*runs: str, look: str = "") -> str:
    return f"<w:p><w:pPr>{look}</w:pPr>{''.join(runs)}</w:p>"


def cell(inner: str, look: str = "") -> str:
    return f"<w:tc><w:tcPr>{look}</w:tcPr>{inner if inner.startswith('<') else p(inner)}</w:tc>"


def cells(*made: str, look: str = "") -> str:
    return f"<w:tr><w:trPr>{look}</w:trPr>{''.join(made)}</w:tr>"


def field(code: str, shown: str = "") -> str:
    end = run('<w:fldChar w:fldCharType="end"/>')
    result = run('<w:fldChar w:fldCharType="separate"/>') + words(shown) if shown else ""
    return run('<w:fldChar w:fldCharType="begin"/>') + run(f"<w:instrText> {code} </w:instrText>") + result + end


def with_parts(document: bytes, parts: dict[str, bytes], links: str = "") -> bytes:
    """The document with members added, put in another's place or (where empty) left out; `links` are relationships."""
    old = zipfile.ZipFile(io.BytesIO(document))
    made = {name: old.read(name) for name in old.namelist()} | parts
    rels = "word/_rels/document.xml.rels"
    made[rels] = made[rels].replace(b"</Relationships>", f"{links}</Relationships>".encode())
    kinds = (
        b'<Default Extension="png" ContentType="image/png"/><Default Extension="xml" ContentType="application/xml"/>'
    )
    made["[Content_Types].xml"] = made["[Content_Types].xml"].replace(b"<Override", kinds + b"<Override", 1)
    return pack({name: data for name, data in made.items() if data})


def picture(link: str, kind: str = "inline", how: str = "embed") -> str:
    blip = f'<a:blip xmlns:r="{_RELS}" r:{how}="{link}"/>'
    graphic = (
        f'<a:graphic {_A}><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture">'
        f"<pic:pic {_PIC}><pic:blipFill>{blip}</pic:blipFill></pic:pic></a:graphicData></a:graphic>"
    )
    return run(f'<w:drawing><wp:{kind} {_WP}><wp:extent cx="360000" cy="360000"/>{graphic}</wp:{kind}></w:drawing>')


def numbered(level: str) -> bytes:
    """A list whose first level is `level`."""
    numbering = (
        f'<w:numbering {_W}><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0">{level}</w:lvl></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    )
    body = p("việc", '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>')
    link = f'<Relationship Id="n1" Type="{_RELS}/numbering" Target="numbering.xml"/>'
    return with_parts(docx(body), {"word/numbering.xml": numbering.encode()}, link)


def noted() -> bytes:
    body = par(words("thân"), run('<w:footnoteReference w:id="2"/>'))
    note = f'<w:footnotes {_W}><w:footnote w:id="2">{p("chú thích")}</w:footnote></w:footnotes>'
    link = f'<Relationship Id="f1" Type="{_RELS}/footnotes" Target="footnotes.xml"/>'
    return with_parts(docx(body), {"word/footnotes.xml": note.encode()}, link)


def pictured(data: bytes, kind: str = "inline", how: str = "embed") -> bytes:
    link = f'<Relationship Id="p1" Type="{_RELS}/image" Target="media/anh.png"/>'
    return with_parts(docx(par(words("ảnh"), picture("p1", kind, how))), {"word/media/anh.png": data}, link)


def style(name: str, base: str = "", look: str = "") -> str:
    based = f'<w:basedOn w:val="{base}"/>' if base else ""
    head = f'<w:style w:type="paragraph" w:styleId="{name}"><w:name w:val="{name}"/>'
    return f"{head}{based}<w:pPr>{look}</w:pPr></w:style>"


_THREE = {"columns": (3000, 3000, 3000)}
_UP = '<w:vMerge w:val="restart"/>'
_ON = "<w:vMerge/>"
_MERGES = table(
    cells(cell("rộng hai cột", '<w:gridSpan w:val="2"/>'), cell("cao hai hàng", _UP)),
    cells(cell("trái"), cell("giữa"), cell("", _ON)),
    cells(cell("cao, rộng", '<w:gridSpan w:val="2"/>' + _UP), cell("phải")),
    cells(cell("", '<w:gridSpan w:val="2"/>' + _ON), cell("dưới")),
    columns=(3000, 3000, 3000),
)
_INNER = table(
    cells(cell("trong một", '<w:tcW w:w="1500" w:type="dxa"/>'), cell("trong hai", '<w:tcW w:w="1500" w:type="dxa"/>')),
    columns=(1500, 1500),
).replace("<w:tblPr>", '<w:tblPr><w:tblW w:w="3000" w:type="dxa"/><w:tblLayout w:type="fixed"/>')
_NESTED = table(row("ngoài", _INNER + p("sau bảng")))
_TAB = '<w:tabs><w:tab w:val="{}" w:pos="{}"/></w:tabs>'
_SECTION = f"<w:p><w:pPr>{PAGE}</w:pPr></w:p>"

DRAWN: dict[str, bytes] = {
    "gridSpan and vMerge in one table": docx(_MERGES),
    "a table in a table": docx(_NESTED),
    "a row with no paragraph but an empty one": docx(table(row("", ""), row("một", "hai"))),
    "a table wider than the page": docx(table(row("trái", "phải"), columns=(9000, 9000))),
    "a tab past the margin": docx(par(words("trước"), run("<w:tab/>"), words("sau"), look=_TAB.format("left", 20000))),
    "a huge indent": docx(p("thụt sâu", '<w:ind w:left="8000" w:firstLine="500"/>')),
    "styles based on each other in a ring": docx(
        p("vòng", '<w:pStyle w:val="A"/>'), styles=STYLES + style("A", "B") + style("B", "A")
    ),
    "a hundred styles one upon the other": docx(
        p("tầng", '<w:pStyle w:val="S99"/>'),
        styles=STYLES + "".join(style(f"S{n}", f"S{n - 1}" if n else "") for n in range(100)),
    ),
    "a list that is not there": docx(p("việc", '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="9"/></w:numPr>')),
    "a style that is not there": docx(p("mất kiểu", '<w:pStyle w:val="KhongCo"/>')),
    "a thousand pages of nothing": docx(par(run('<w:br w:type="page"/>')) * 1000 + p("hết")),
    "an insertion and a deletion": docx(
        par(
            words("giữ "),
            f'<w:ins w:id="1" w:author="x">{words("thêm")}</w:ins>',
            '<w:del w:id="2" w:author="x"><w:r><w:delText>xoá</w:delText></w:r></w:del>',
        )
    ),
    "comments": docx(
        par('<w:commentRangeStart w:id="0"/>', words("có chú"), '<w:commentRangeEnd w:id="0"/>')
        + par(words("thích"), run('<w:commentReference w:id="0"/>'))
    ),
    "fields saved with their results": docx(
        par(words("xem "), field("REF muc_1 \\h", "mục 1"), words(", "), field('DATE \\@ "d/M/yyyy"', "5/2/2026"))
        + par(field('TOC \\o "1-3"', "Mục lục một"))
    ),
    "content controls": docx(
        f"<w:sdt><w:sdtPr/><w:sdtContent>{p('cả khối')}</w:sdtContent></w:sdt>"
        + par(f"<w:sdt><w:sdtContent>{words('trong dòng')}</w:sdtContent></w:sdt>")
        + table(f"<w:sdt><w:sdtContent>{row('cả', 'hàng')}</w:sdtContent></w:sdt>")
    ),
    "hidden letters, and letters without width": docx(
        par(words("hiện"), words("ẩn", "<w:vanish/>"), words("\u200bra"))
    ),
    "a list with a bullet of Symbol": numbered(
        '<w:numFmt w:val="bullet"/><w:lvlText w:val="\uf0b7"/>'
        '<w:rPr><w:rFonts w:ascii="Symbol" w:hAnsi="Symbol"/></w:rPr>'
    ),
    "a picture": pictured(_PNG),
    "no styles at all": with_parts(
        docx(p("trần trụi", "", '<w:rFonts w:ascii="Times New Roman"/>')), {"word/styles.xml": b""}
    ),
}

_FRAME = '<w:framePr w:w="3000" w:hSpace="180" w:wrap="around" w:vAnchor="text" w:hAnchor="page" w:x="5000" w:y="200"/>'
_BOX = (
    f'<mc:AlternateContent {_MC}><mc:Choice Requires="wps"><w:drawing><wp:anchor {_WP}><wp:extent cx="900" cy="900"/>'
    f"</wp:anchor></w:drawing></mc:Choice><mc:Fallback><w:pict/></mc:Fallback></mc:AlternateContent>"
)
_CHART = (
    f'<w:drawing><wp:inline {_WP}><wp:extent cx="900" cy="900"/><a:graphic {_A}>'
    '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/{}"/></a:graphic></wp:inline></w:drawing>'
)
_SHAPE = (
    f"<w:pict><v:shape {_V}><v:textbox><w:txbxContent>{p('trong hình')}</w:txbxContent></v:textbox></v:shape></w:pict>"
)
_COLUMNS = PAGE.replace("</w:sectPr>", '<w:cols w:num="2" w:space="720"/></w:sectPr>')

REFUSED: dict[str, tuple[bytes, str]] = {
    "a row of exact height smaller than its text": (
        docx(table(row(p("cao") * 3, "hai", look='<w:trHeight w:val="300" w:hRule="exact"/>'))),
        "cannot_draw_row",
    ),
    "a frame": (docx(p("khung", _FRAME) + p("thân")), "unknown_framePr"),
    "a text box": (docx(par(run(_BOX))), "unknown_anchor"),
    "a floating picture": (pictured(_PNG, "anchor"), "unknown_anchor"),
    "a footnote": (noted(), "unknown_footnoteReference"),
    "columns": (docx(p("cột"), page=_COLUMNS), "unknown_cols"),
    "letters from right to left": (docx(p("שלום", "<w:bidi/>", "<w:rtl/>")), "unknown_bidi"),
    "letters of a script from the right": (docx(p("שלום", "", "<w:rtl/>")), "cannot_draw_direction"),
    "SmartArt": (docx(par(run(_CHART.format("diagram")))), "unknown_chart"),
    "a chart": (docx(par(run(_CHART.format("chart")))), "unknown_chart"),
    "an old drawing": (docx(par(run(_SHAPE))), "unknown_pict"),
    "an embedded object": (docx(par(run("<w:object/>"))), "unknown_object"),
    "a sign of another font": (docx(par(run('<w:sym w:font="Wingdings" w:char="F0FC"/>'))), "unknown_sym"),
    "a bullet of Wingdings": (
        numbered(
            '<w:numFmt w:val="bullet"/><w:lvlText w:val="\uf0fc"/>'
            '<w:rPr><w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/></w:rPr>'
        ),
        "unknown_bullet",
    ),
    "a decimal tab": (
        docx(par(run("<w:tab/>"), words("12,5"), look=_TAB.format("decimal", 2000))),
        "cannot_draw_tab",
    ),
    "a picture that is none": (pictured(_PNG[:20]), "cannot_draw_picture"),
    "a picture that is not there": (docx(par(picture("p9"))), "unknown_chart"),
    "a formula": (docx(f"<w:p><m:oMath {_M}><m:r><m:t>x=1</m:t></m:r></m:oMath></w:p>"), "unknown_oMath"),
    "a section that takes no new page": (
        docx(p("một") + _SECTION + p("hai"), page=PAGE.replace(">", '><w:type w:val="continuous"/>', 1)),
        "cannot_draw_section",
    ),
    "a page with no room": (
        docx(p("hẹp"), page=PAGE.replace('w:left="1701"', 'w:left="11000"')),
        "cannot_draw_page",
    ),
    "a field that was saved empty": (docx(par(field("AUTHOR"))), "unknown_fldSimple"),
    "a floating table": (
        docx(table(row("a", "b")).replace("<w:tblPr>", '<w:tblPr><w:tblpPr w:tblpX="1" w:tblpY="1"/>')),
        "unknown_tblpPr",
    ),
    "letters turned in a cell": (
        docx(table(cells(cell("xoay", '<w:textDirection w:val="btLr"/>'), cell("b")))),
        "unknown_textDirection",
    ),
}


def shown_words(document: bytes) -> str:
    """What `document` shows, read from its parts without our reader: letters, and a tab's or a list's own signs."""
    from lxml import etree

    w = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    root = etree.fromstring(zipfile.ZipFile(io.BytesIO(document)).read("word/document.xml"))
    shown = [t.text or "" for t in root.iter(f"{w}t") if t.getparent().find(f"{w}rPr/{w}vanish") is None]
    bullets = "•" if root.find(f".//{w}numPr") is not None and b"numbering.xml" in document else ""
    return bullets + "".join(shown).replace("\u200b", "")


def _differences() -> Iterator[str]:
    from positions import our_spots, spots_of

    from dvk_docs import ooxml
    from dvk_docs.pdf import builtin, fonts, office

    for name, theirs in zip(DRAWN, office.convert_each(list(DRAWN.values())), strict=True):
        if isinstance(theirs, str):
            yield f"{name}: {theirs}"
            continue
        count, spots = spots_of(theirs)
        pages = builtin.lay_out(ooxml.read(DRAWN[name]), fonts.find())
        ours = our_spots(pages)
        spots.sort(key=lambda s: s.page * 1e6 + round(s.y) * 1e3 + s.x)
        ours.sort(key=lambda s: s.page * 1e6 + round(s.y) * 1e3 + s.x)
        same = [(s.page, s.word) for s in ours] == [(s.page, s.word) for s in spots] and len(pages) == count
        far = max((max(abs(a.x - b.x), abs(a.y - b.y)) for a, b in zip(ours, spots, strict=False)), default=0.0)
        yield f"{'same' if same else 'DIFFERENT':9} {len(pages):5} {count:5} pages, farthest {far:6.1f} pt  {name}"
        if not same or far > 1:
            yield f"      ours {[(s.page, round(s.x), round(s.y), s.word) for s in ours][:9]}"
            yield f"      LO   {[(s.page, round(s.x), round(s.y), s.word) for s in spots][:9]}"


if __name__ == "__main__":
    for line in _differences():
        print(line)
