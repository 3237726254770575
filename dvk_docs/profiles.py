"""Format profiles: how each role looks and the fixed words of a regime, from a day to a day.

A profile is one TOML file of `data_schemas/quy_dinh/the-thuc/`: page, font, words, for each role its look, and in
`[kiem.<key>]` the limits that a checker holds a paper to; every entry with its `source` and whether that source was
seen (`confirmed`). Type and spacing in points, indents and margins in mm. Styles are found by their w:name
(`DVK Nội dung`), since office programs rewrite style ids on save.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from dvk_docs.errors import DvkError
from dvk_docs.package import pack, refuse, unpack
from dvk_docs.roles import PREFIX as PREFIX
from dvk_docs.units import Mm, Pt

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)  # one Jinja tag
Align = Literal["left", "center", "right", "both"]


@dataclass(frozen=True, slots=True)
class Look:
    """How one role looks. `line` 0 is spacing by `lines`; `hanging` moves the first line out, `indent` in.

    A role with a `rule` is a line drawn on paper: an empty paragraph with that line above it, between its indents.
    """

    size: float
    bold: bool = False
    italic: bool = False
    caps: bool = False
    underline: bool = False
    color: str = "000000"  # RRGGBB
    align: Align = "left"
    indent: float = 0  # mm, first line
    left: float = 0  # mm
    right: float = 0  # mm
    hanging: float = 0  # mm
    rule: float = 0  # pt, thickness of a line above the paragraph
    line: float = 0  # pt, exactly
    lines: float = 1  # of single spacing, where `line` is 0
    before: float = 0  # pt
    after: float = 0  # pt
    keep_next: bool = False
    keep_lines: bool = False
    source: str = ""
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """Sheet and margins in mm, held upright; on its side the binding edge is at the top."""

    width: float
    height: float
    top: float
    bottom: float
    left: float
    right: float
    header: float  # from the edge to the page number
    source: str = ""
    confirmed: bool = False

    def turned(self) -> Page:
        """The same page on its side: the left (binding) margin becomes the top one."""
        return replace(
            self,
            width=self.height,
            height=self.width,
            top=self.left,
            bottom=self.right,
            left=self.bottom,
            right=self.top,
        )

    @property
    def text_width(self) -> float:
        return self.width - self.left - self.right


@dataclass(frozen=True, slots=True)
class Frame:
    """The decorated edge of a paper that is hung on a wall: two lines, and a ground between them."""

    outer: float = 4.5  # pt
    inner: float = 1.5  # pt
    color: str = "000000"  # RRGGBB
    fill: str = "FFFFFF"
    source: str = ""
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Limit:
    """What a checker holds one measure to: a range, or the values that are right, give or take `tolerance`.

    >>> Limit(min=18, max=22).holds(19), Limit(values=(20,), tolerance=0.5).holds(20.4), Limit(max=5).holds(6)
    (True, True, False)
    """

    min: float | None = None
    max: float | None = None
    tolerance: float = 0
    values: tuple[float | str, ...] = ()
    unit: str = ""  # mm | pt | dong | "" for a number or a word
    source: str = ""
    confirmed: bool = False

    def holds(self, found: float | str) -> bool:
        """Whether `found` is right by this limit; a word is compared as it is, a number within the tolerance."""
        if isinstance(found, str):
            return not self.values or found in self.values
        low = self.min is None or found >= self.min - self.tolerance
        high = self.max is None or found <= self.max + self.tolerance
        near = any(isinstance(v, (int, float)) and abs(found - v) <= self.tolerance for v in self.values)
        return low and high and (near or not self.values)


@dataclass(frozen=True, slots=True)
class Profile:
    """One regime of presentation, in force from `from_day` to `to_day` (None: still)."""

    code: str  # DANG_HD05
    system: str  # dang | nha_nuoc
    title: str
    from_day: str  # ISO
    to_day: str | None
    font: str
    page: Page
    words: Mapping[str, str]
    roles: Mapping[str, Look]  # by the role's accented name, in order
    limits: Mapping[str, Limit] = field(default_factory=dict)  # `le_trai`, `co_noi_dung`: what a checker measures
    frame: Frame = field(default_factory=Frame)
    base: str = ""  # the system whose templates serve where a kind has none of its own for this one

    @property
    def tt(self) -> dict[str, str]:
        """The fixed words as a template names them: `tt.kinh_trinh`, `tt.ket`."""
        return dict(self.words)


def role_key(role: str) -> str:
    """Return the unaccented key of a role.

    >>> role_key("Số ký hiệu"), role_key("Địa danh ngày")
    ('so_ky_hieu', 'dia_danh_ngay')
    """
    flat = unicodedata.normalize("NFD", role.replace("Đ", "D").replace("đ", "d"))
    return re.sub(r"[^a-z0-9]+", "_", "".join(c for c in flat if not unicodedata.combining(c)).lower()).strip("_")


def style_id(role: str) -> str:
    """Return the id that our own templates give a role's style.

    >>> style_id("Số ký hiệu")
    'DvkSoKyHieu'
    """
    return "Dvk" + "".join(word.capitalize() for word in role_key(role).split("_"))


def load(path: Path) -> Profile:
    """Read one profile; raise `DvkError` naming the file and the entry that is not right."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        return _profile(data)
    except (tomllib.TOMLDecodeError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise DvkError(f"Tệp quy định thể thức {path.name} không đọc được: {error}.") from error


def _profile(data: Mapping[str, Any]) -> Profile:
    page = Page(**data["trang"])
    words = {key: entry["value"] for key, entry in data["loi"].items()}
    roles = {unicodedata.normalize("NFC", name): _look(name, entry) for name, entry in data["vai_tro"].items()}
    until = data.get("den_ngay")
    return Profile(
        data["ma"],
        data["he"],
        data["ten"],
        data["tu_ngay"].isoformat(),
        until.isoformat() if until else None,
        data["phong_chu"]["value"],
        page,
        words,
        roles,
        {key: _limit(key, entry) for key, entry in data.get("kiem", {}).items()},
        Frame(**data.get("khung", {})),
        data.get("nen", ""),
    )


_LOOK_KEYS = frozenset(f.name for f in fields(Look))
_LIMIT_KEYS = frozenset((*(f.name for f in fields(Limit)), "value"))


def _look(role: str, entry: Mapping[str, Any]) -> Look:
    if unknown := set(entry) - _LOOK_KEYS:
        raise ValueError(f"vai trò “{role}” có mục lạ {', '.join(sorted(unknown))}")
    return Look(**entry)


def _limit(key: str, entry: Mapping[str, Any]) -> Limit:
    """One `[kiem.<key>]`; `value` is a list of one. Raise `ValueError` naming the key for what is no limit."""
    if not isinstance(entry, Mapping):
        raise ValueError(f"giới hạn “{key}” phải là một bảng [kiem.{key}]")
    if unknown := set(entry) - _LIMIT_KEYS:
        raise ValueError(f"giới hạn “{key}” có mục lạ {', '.join(sorted(unknown))}")
    given = dict(entry)
    values = given.pop("values", [given.pop("value")] if "value" in given else [])
    limit = Limit(**given, values=tuple(values) if isinstance(values, list) else (values,))
    numbers = (limit.min, limit.max, limit.tolerance)
    if any(n is not None and (isinstance(n, bool) or not isinstance(n, (int, float))) for n in numbers):
        raise ValueError(f"giới hạn “{key}”: min, max, tolerance phải là số")
    if any(isinstance(v, bool) or not isinstance(v, (int, float, str)) for v in limit.values):
        raise ValueError(f"giới hạn “{key}”: values phải là số hoặc chữ")
    if not limit.values and limit.min is None and limit.max is None:
        raise ValueError(f"giới hạn “{key}” chưa có value, values, min hoặc max")
    if limit.min is not None and limit.max is not None and limit.min > limit.max:
        raise ValueError(f"giới hạn “{key}”: min lớn hơn max")
    if not limit.source:
        raise ValueError(f"giới hạn “{key}” chưa ghi source")
    return limit


@cache
def load_all(folder: Path) -> tuple[Profile, ...]:
    """Return every profile of `folder`, oldest first."""
    return tuple(sorted((load(path) for path in sorted(folder.glob("*.toml"))), key=lambda p: (p.system, p.from_day)))


def at(system: str, day: str | date, profiles: Sequence[Profile]) -> Profile:
    """Return the profile of `system` in force on `day` (ISO; before the first one, the first); `DvkError` if none."""
    own = [p for p in profiles if p.system == system]
    if not own:
        raise DvkError(f"Chưa có quy định thể thức cho hệ văn bản “{system}”.")
    iso = day.isoformat() if isinstance(day, date) else day
    in_force = [p for p in own if p.from_day <= iso]
    return in_force[-1] if in_force else own[0]


def newest(system: str, profiles: Sequence[Profile]) -> Profile:
    """Return the last profile of `system`: the one that committed templates carry."""
    return at(system, "9999-12-31", profiles)


# --- a look as WordprocessingML -----------------------------------------------------------------------------


def paragraph_properties(look: Look) -> str:
    """Return the w:pPr of a style, its children in the order of ECMA-376 (CT_PPrBase)."""
    out = ["<w:keepNext/>" if look.keep_next else "", "<w:keepLines/>" if look.keep_lines else "", "<w:widowControl/>"]
    if look.rule:
        edge = f'w:val="single" w:sz="{round(look.rule * 8)}" w:space="0" w:color="{look.color}"'
        out.append(f"<w:pBdr><w:top {edge}/></w:pBdr>")
    single = f'w:line="{round(240 * look.lines)}" w:lineRule="auto"'
    line = f'w:line="{Pt(look.line).twips}" w:lineRule="exact"' if look.line else single
    out.append(f'<w:spacing w:before="{Pt(look.before).twips}" w:after="{Pt(look.after).twips}" {line}/>')
    first = f'w:hanging="{Mm(look.hanging).twips}"' if look.hanging else f'w:firstLine="{Mm(look.indent).twips}"'
    out.append(f'<w:ind w:left="{Mm(look.left).twips}" w:right="{Mm(look.right).twips}" {first}/>')
    out.append(f'<w:jc w:val="{look.align}"/>')
    return f"<w:pPr>{''.join(out)}</w:pPr>"


def run_properties(look: Look, font: str) -> str:
    """Return the w:rPr of a style, its children in the order of ECMA-376 (CT_RPr)."""
    out = [f'<w:rFonts w:ascii="{font}" w:hAnsi="{font}" w:eastAsia="{font}" w:cs="{font}"/>']
    out += [f"<w:{tag}/><w:{tag}Cs/>" for tag, on in (("b", look.bold), ("i", look.italic)) if on]
    out.append("<w:caps/>" if look.caps else "")
    out.append(f'<w:color w:val="{look.color}"/><w:sz w:val="{Pt(look.size).half_points}"/>')
    out.append(f'<w:szCs w:val="{Pt(look.size).half_points}"/>')
    out.append('<w:u w:val="single"/>' if look.underline else "")
    return f"<w:rPr>{''.join(out)}</w:rPr>"


def style_xml(role: str, look: Look, font: str) -> str:
    """Return the w:style element of a role."""
    head = f'<w:style w:type="paragraph" w:customStyle="1" w:styleId="{style_id(role)}">'
    name = f'<w:name w:val="{PREFIX}{role}"/><w:basedOn w:val="Normal"/><w:qFormat/>'
    return f"{head}{name}{paragraph_properties(look)}{run_properties(look, font)}</w:style>"


# --- a profile put on a template ----------------------------------------------------------------------------


def apply(template: bytes, profile: Profile, kieu_dau: str = "moi", own_page: bool = False) -> bytes:
    """Return `template` with the looks, the page and the tone placement asked for; the rest is left as it lies.

    Roles that the template does not define are not added. `own_page`: the paper is no office document (a giấy khen),
    so its sheet and margins stay. Raise `TemplateInvalid` where `template` is no DOCX.
    """
    from dvk_docs.viet import kieu_dau as tone

    parts = unpack(template)
    for name, data in parts.items():
        if name == "word/styles.xml":
            parts[name] = _changed(name, data, lambda root: _set_styles(root, profile))
        elif re.fullmatch(r"word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml", name):

            def change(root: Element) -> None:
                if not own_page:
                    _set_page(root, profile.page)
                _convert_words(root, lambda text: tone.chuyen(text, kieu_dau))

            parts[name] = _changed(name, data, change)
    return pack(parts)


def _changed(name: str, data: bytes, change: Any) -> bytes:
    root = parse(name, data)
    change(root)
    return to_bytes(root)


def parse(name: str, data: bytes) -> Element:
    """Return the root of an XML part, without entities or network; raise `TemplateInvalid` where it is broken."""
    from lxml import etree

    try:
        return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))
    except etree.XMLSyntaxError as error:
        raise refuse("not_xml", "Một phần của tệp mẫu đã hỏng.", "Hãy mở bằng Word rồi lưu lại.", part=name) from error


def to_bytes(root: Element) -> bytes:
    """Return the bytes of an XML part as Word writes them: UTF-8, standalone."""
    from lxml import etree

    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def w(tag: str) -> str:
    """The full name of a WordprocessingML element or attribute."""
    return f"{{{W}}}{tag}"


def _set_styles(root: Element, profile: Profile) -> None:
    from lxml import etree

    for style in root.iter(w("style")):
        name = style.find(w("name"))
        role = str(name.get(w("val"), "")).removeprefix(PREFIX) if name is not None else ""
        look = profile.roles.get(unicodedata.normalize("NFC", role))
        if look is None or name is None or not str(name.get(w("val"))).startswith(PREFIX):
            continue
        fresh = etree.fromstring(f'<w:x xmlns:w="{W}">{style_xml(role, look, profile.font)}</w:x>')[0]
        for old in [e for e in style if e.tag in (w("pPr"), w("rPr"))]:
            style.remove(old)
        place = next((i for i, e in enumerate(style) if e.tag in (w("tblPr"), w("trPr"), w("tcPr"))), len(style))
        for offset, new in enumerate([e for e in fresh if e.tag in (w("pPr"), w("rPr"))]):
            style.insert(place + offset, new)


def section_page(page: Page) -> dict[str, dict[str, int]]:
    """Return the attributes of w:pgSz and w:pgMar, in twips."""
    size = {"w": Mm(page.width).twips, "h": Mm(page.height).twips}
    sides = {"top": page.top, "right": page.right, "bottom": page.bottom, "left": page.left}
    margins = {side: Mm(value).twips for side, value in sides.items()}
    return {
        "pgSz": size,
        "pgMar": {**margins, "header": Mm(page.header).twips, "footer": Mm(page.header).twips, "gutter": 0},
    }


def _set_page(root: Element, page: Page) -> None:
    for section in root.iter(w("sectPr")):
        size = section.find(w("pgSz"))
        turned = size is not None and size.get(w("orient")) == "landscape"
        wanted = section_page(page.turned() if turned else page)
        for tag, attributes in wanted.items():
            element = section.find(w(tag))
            if element is None:
                continue
            for key, value in attributes.items():
                element.set(w(key), str(value))


def _convert_words(root: Element, convert: Any) -> None:
    for paragraph in root.iter(w("p")):
        pieces = list(own_texts(paragraph, BREAKS))
        whole = "".join(_words_of(piece) for piece in pieces)
        new = outside_tags(whole, convert)
        if new == whole or len(new) != len(whole):  # tone placement never changes the length of NFC text
            continue
        start = 0
        for piece in pieces:
            end = start + len(_words_of(piece))
            if piece.tag == w("t"):
                piece.text = new[start:end]
            start = end


BREAKS = ("br", "cr", "tab")  # a syllable ends at each


def _words_of(piece: Element) -> str:
    """The words of a w:t; of a break, the one mark that parts the words around it."""
    return piece.text or "" if piece.tag == w("t") else "\n"


def own_texts(paragraph: Element, breaks: tuple[str, ...] = ()) -> Iterator[Element]:
    """Yield the w:t of a paragraph, and the `breaks` asked for, not those of a paragraph inside it (a text box)."""
    for text in paragraph.iter(w("t"), *map(w, breaks)):
        holder = text.getparent()
        while holder is not None and holder.tag != w("p"):
            holder = holder.getparent()
        if holder is paragraph:
            yield text


def outside_tags(text: str, convert: Any) -> str:
    """Return `text` with `convert` applied to what lies outside Jinja tags.

    >>> outside_tags("abc {{ abc }} abc", str.upper)
    'ABC {{ abc }} ABC'
    """
    out, start = [], 0
    for tag in TAG.finditer(text):
        out += [convert(text[start : tag.start()]), tag.group()]
        start = tag.end()
    return "".join([*out, convert(text[start:])])
