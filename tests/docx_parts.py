"""A .docx from the body alone: the smallest document that holds the one thing a test is about."""

from __future__ import annotations

from pathlib import Path

from dvk_docs.package import DOCUMENT, pack, unpack

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")
PAGE = (
    '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="1134" w:right="850" w:bottom="1134" w:left="1701" w:header="567" w:footer="567" w:gutter="0"/>'
    "</w:sectPr>"
)
STYLES = (
    '<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman"/>'
    '<w:sz w:val="28"/></w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>'
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
)


def docx(body: str, *, styles: str = STYLES, page: str = PAGE, compat: int = 14) -> bytes:
    """The document whose body is `body` (WordprocessingML)."""
    setting = f'<w:compat><w:compatSetting w:name="compatibilityMode" w:uri="" w:val="{compat}"/></w:compat>'
    types = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        f'wordprocessingml.{kind}+xml"/>'
        for name, kind in (("document", "document.main"), ("styles", "styles"), ("settings", "settings"))
    )
    parts = {
        "[Content_Types].xml": f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType='
        f'"application/vnd.openxmlformats-package.relationships+xml"/>{types}</Types>',
        "_rels/.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{_RELS}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{_RELS}/styles" Target="styles.xml"/><Relationship Id="r2" Type="{_RELS}/settings" '
        'Target="settings.xml"/></Relationships>',
        "word/document.xml": f"{_HEAD}<w:document {_W} {_R}><w:body>{body}{page}</w:body></w:document>",
        "word/styles.xml": f"{_HEAD}<w:styles {_W}>{styles}</w:styles>",
        "word/settings.xml": f"{_HEAD}<w:settings {_W}>{setting}</w:settings>",
    }
    return pack({name: text.encode() for name, text in parts.items()})


def p(words: str = "", look: str = "", run: str = "") -> str:
    """A paragraph; `look` goes into its properties, `run` into those of its letters."""
    text = f'<w:r><w:rPr>{run}</w:rPr><w:t xml:space="preserve">{words}</w:t></w:r>' if words else ""
    return f"<w:p><w:pPr>{look}</w:pPr>{text}</w:p>"


def table(*rows: str, columns: tuple[int, ...] = (4000, 5000), borders: bool = True) -> str:
    """A table of `rows` as `row` makes them."""
    sides = "".join(f'<w:{s} w:val="single" w:sz="4"/>' for s in _SIDES)
    grid = "".join(f'<w:gridCol w:w="{c}"/>' for c in columns)
    frame = f"<w:tblBorders>{sides}</w:tblBorders>" if borders else ""
    return f"<w:tbl><w:tblPr>{frame}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"


def row(*cells: str, look: str = "<w:cantSplit/>") -> str:
    """A row; a cell is text, or the blocks of a cell."""
    inner = "".join(f"<w:tc><w:tcPr/>{c if c.startswith('<') else p(c)}</w:tc>" for c in cells)
    return f"<w:tr><w:trPr>{look}</w:trPr>{inner}</w:tr>"


def retype(file: Path, old: str, new: str) -> None:
    """Change words of a Word file where they first stand, as a clerk does by hand."""
    parts = dict(unpack(file.read_bytes()))
    text = parts[DOCUMENT].decode("utf-8")
    assert old in text
    file.write_bytes(pack({**parts, DOCUMENT: text.replace(old, new, 1).encode("utf-8")}))
