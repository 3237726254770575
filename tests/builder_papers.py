"""Papers without end that no template of ours makes: paragraph looks, tables, tabs, lists and sections put together.

The same seed gives the same papers. They stay within what the built-in engine draws.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

from docx_parts import STYLES, docx
from hostile_papers import cell, cells, par, run, with_parts, words
from papers import sentence

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")
_FORMATS = ("decimal", "lowerLetter", "upperRoman", "bullet")


def builder_papers(count: int, seed: int = 1) -> Iterator[tuple[str, bytes]]:
    for number in range(count):
        yield f"builder.{number:03}", _Builder(random.Random(f"{seed} {number}")).paper()


class _Builder:
    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        self.size = dice.choice((24, 26, 28))
        self.most = dice.choice((20, 60, 120))

    def paper(self) -> bytes:
        sections = [self._section() for _ in range(self.dice.choice((1, 1, 2)))]
        *before, (blocks, last) = sections
        body = "".join(f"{inner}<w:p><w:pPr>{look}</w:pPr></w:p>" for inner, look in before) + blocks
        styles = STYLES.replace('w:val="28"', f'w:val="{self.size}"')
        link = f'<Relationship Id="n1" Type="{_RELS}/numbering" Target="numbering.xml"/>'
        return with_parts(docx(body, styles=styles, page=last), {"word/numbering.xml": _numbering()}, link)

    def _section(self) -> tuple[str, str]:
        """The blocks of a section, and its own properties."""
        width, height = self.dice.choice(((11906, 16838), (11906, 16838), (16838, 11906)))
        left, right = self.dice.choice((1134, 1701)), self.dice.choice((850, 1134))
        self.width = width - left - right
        turn = ' w:orient="landscape"' if width > height else ""
        look = (
            f'<w:sectPr><w:pgSz w:w="{width}" w:h="{height}"{turn}/><w:pgMar w:top="1134" w:right="{right}" '
            f'w:bottom="1134" w:left="{left}" w:header="567" w:footer="567" w:gutter="0"/></w:sectPr>'
        )
        blocks = [self._block() for _ in range(self.dice.choice((3, 12, 30)))]
        return "".join(blocks) + par(words("Hết phần")), look

    def _block(self) -> str:
        kind = self.dice.choice(("text", "text", "text", "list", "tabs", "table"))
        return {"text": self._text, "list": self._list, "tabs": self._tabs, "table": self._table}[kind]()

    def _look(self) -> str:
        """Properties in the order of the schema: keeping, spacing, indents, alignment."""
        dice, out = self.dice, ""
        out += "<w:keepNext/>" if dice.random() < 0.1 else ""
        out += "<w:keepLines/>" if dice.random() < 0.1 else ""
        out += f'<w:widowControl w:val="{int(dice.random() < 0.9)}"/>'
        line, rule = dice.choice(((240, "auto"), (276, "auto"), (360, "auto"), (380, "exact"), (340, "atLeast")))
        before, after = dice.choice((0, 60, 120)), dice.choice((0, 60, 120))
        out += f'<w:spacing w:before="{before}" w:after="{after}" w:line="{line}" w:lineRule="{rule}"/>'
        first = dice.choice(('w:firstLine="567"', 'w:firstLine="0"', 'w:hanging="284"'))
        out += f'<w:ind w:left="{dice.choice((0, 0, 284, 567))}" {first}/>'
        return out + f'<w:jc w:val="{dice.choice(("both", "both", "left", "right", "center"))}"/>'

    def _runs(self, most: int) -> str:
        """A sentence in one to three looks."""
        parts = [sentence(self.dice, most) for _ in range(self.dice.choice((1, 1, 2, 3)))]
        looks = ("", "", "<w:b/>", "<w:i/>", "<w:b/><w:i/>", '<w:u w:val="single"/>')
        return "".join(words(f"{part} ", self.dice.choice(looks)) for part in parts)

    def _text(self) -> str:
        return par(self._runs(self.most), look=self._look())

    def _list(self) -> str:
        number = self.dice.randint(1, len(_FORMATS))
        look = f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{number}"/></w:numPr>'
        return "".join(par(self._runs(13), look=look) for _ in range(self.dice.choice((1, 3, 6))))

    def _tabs(self) -> str:
        stops = "".join(
            f'<w:tab w:val="{self.dice.choice(("left", "center", "right"))}" '
            f'w:leader="{self.dice.choice(("none", "dot"))}" w:pos="{place}"/>'
            for place in sorted(self.dice.sample(range(1500, self.width - 1200, 500), 2))
        )
        inner = run("<w:tab/>").join(words(sentence(self.dice, 2)) for _ in range(self.dice.choice((2, 3))))
        return par(inner, look=f"<w:tabs>{stops}</w:tabs>")

    def _table(self) -> str:
        columns = self.dice.choice((2, 3, 5))
        widths = [self.width // columns] * columns
        sides = "".join(f'<w:{side} w:val="single" w:sz="{self.dice.choice((4, 8))}"/>' for side in _SIDES)
        look = (
            f'<w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblBorders>{sides}</w:tblBorders>'
            '<w:tblLayout w:type="fixed"/></w:tblPr>'
        )
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        rows = [self._row(widths, head=number == 0) for number in range(self.dice.choice((2, 5, 20)))]
        return f"<w:tbl>{look}<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>{par(words('sau bảng'))}"

    def _row(self, widths: list[int], *, head: bool) -> str:
        made, column = [], 0
        while column < len(widths):
            span = 2 if self.dice.random() < 0.1 and column + 2 <= len(widths) else 1
            look = f'<w:tcW w:w="{sum(widths[column : column + span])}" w:type="dxa"/>'
            look += f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
            look += '<w:vAlign w:val="center"/>' if self.dice.random() < 0.5 else ""
            made.append(cell(par(self._runs(8)), look))
            column += span
        height = f'<w:trHeight w:val="{self.dice.choice((400, 900))}"/>' if self.dice.random() < 0.2 else ""
        return cells(*made, look=f"<w:cantSplit/>{height}{'<w:tblHeader/>' if head else ''}")


def _numbering() -> bytes:
    levels = "".join(
        f'<w:abstractNum w:abstractNumId="{at}"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="{name}"/>'
        f'<w:lvlText w:val="{"-" if name == "bullet" else "%1."}"/><w:lvlJc w:val="left"/>'
        '<w:pPr><w:ind w:left="720" w:hanging="360"/></w:pPr></w:lvl></w:abstractNum>'
        for at, name in enumerate(_FORMATS)
    )
    lists = "".join(f'<w:num w:numId="{at + 1}"><w:abstractNumId w:val="{at}"/></w:num>' for at in range(len(_FORMATS)))
    return f"<w:numbering {_W}>{levels}{lists}</w:numbering>".encode()
