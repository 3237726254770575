"""What a Word file may carry that a template should not: changes, comments, macros, links, fields that reach out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from dvk_docs.compiling import paragraphs
from dvk_docs.errors import Place, Problem, Severity
from dvk_docs.lint.comments import AUTHOR
from dvk_docs.lint.reading import MERGED, Part, local
from dvk_docs.profiles import w

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_CHANGE = "Mẫu còn thay đổi đang theo dõi (Track Changes)."
_ACCEPT = "Hãy vào Review, chọn Accept All Changes rồi lưu lại."
_OBJECT = "Mẫu có đối tượng nhúng từ chương trình khác."
# element -> code, sentence, way out; all are warnings
_ELEMENTS: Mapping[str, tuple[str, str, str]] = {
    **dict.fromkeys(
        [
            "ins",
            "del",
            "moveFrom",
            "moveTo",
            "pPrChange",
            "rPrChange",
            "tblPrChange",
            "trPrChange",
            "tcPrChange",
            "sectPrChange",
            "numberingChange",
            "cellIns",
            "cellDel",
            "cellMerge",
        ],
        ("tracked_change", _CHANGE, _ACCEPT),
    ),
    "commentReference": ("comment", "Mẫu còn chú thích; mọi văn bản lập ra sẽ mang theo.", "Hãy xóa chú thích."),
    "dataBinding": (
        "bound_control",
        "Ô nhập này gắn với dữ liệu ẩn; khi mở, Word ghi đè chữ trong ô.",
        "Hãy bỏ Content Control, chỉ giữ lại chữ.",
    ),
    "altChunk": ("alt_chunk", "Mẫu chèn nguyên một tệp khác (altChunk).", "Hãy mở bằng Word rồi lưu lại."),
    "object": ("embedded_object", _OBJECT, "Hãy dán lại dưới dạng ảnh hoặc bảng."),
    "OLEObject": ("embedded_object", _OBJECT, "Hãy dán lại dưới dạng ảnh hoặc bảng."),
    "control": ("embedded_object", _OBJECT, "Hãy bỏ nút bấm, ô nhập ActiveX."),
    "subDoc": ("sub_document", "Mẫu nối tới một văn bản con ở tệp khác.", "Hãy chép nội dung vào mẫu."),
    "mailMerge": ("mail_merge", "Mẫu còn nối với nguồn trộn thư.", "Hãy chọn Normal Word Document rồi lưu lại."),
    "kern": (
        "kern",
        "Mẫu bật co kéo khoảng cách chữ (kerning) nên dòng có thể ngắt khác khi in.",
        "Hãy bỏ Kerning for fonts.",
    ),
}
_UNUSED = ("word/comments.xml", "word/stylesWithEffects.xml")  # not part of how a document looks
_OUTSIDE = re.compile(
    r"^\s*(INCLUDETEXT|INCLUDEPICTURE|INCLUDE|IMPORT|DDEAUTO|DDE|LINK|DATABASE|RD|MACROBUTTON|AUTOTEXT|AUTOTEXTLIST|EMBED"
    r"|MERGEFIELD)\b",
    re.I,
)
_RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


def risks(parts: Mapping[str, bytes], roots: Mapping[str, Element]) -> Iterator[Problem]:
    """Yield each risky thing once for each paragraph (or part) that holds it."""
    yield from _members(parts)
    comments = roots.get("word/comments.xml")
    own = {c.get(w("id")) for c in (() if comments is None else comments) if c.get(w("author")) == AUTHOR}
    if own:
        message = "Mẫu còn chú thích của lần soát trước; mọi văn bản lập ra sẽ mang theo."
        yield Problem(Place(part="word/comments.xml"), "comment", "canh_bao", message, "Hãy xóa chú thích.")
    for name, root in roots.items():
        if name.endswith(".rels"):
            yield from _links(name, root)
        elif name.startswith("word/") and name not in _UNUSED:
            yield from _elements(name, root, own)
    for name in sorted(set(parts) - set(roots)):
        if name.endswith((".xml", ".rels")) and b"<!DOCTYPE" in parts[name]:
            yield _refused("dtd", "Tệp mẫu có khai báo DOCTYPE nên không được nhận.", name)


def _refused(code: str, message: str, part: str, words: str = "", hint: str = "") -> Problem:
    return Problem(Place(part=part, words=words), code, "loi", message, hint or "Hãy mở bằng Word rồi lưu lại.")


def _members(parts: Mapping[str, bytes]) -> Iterator[Problem]:
    for name in parts:
        lower = name.lower()
        if lower.endswith("vbaproject.bin") or "/activex/" in lower:
            hint = "Hãy lưu lại ở dạng Word Document (.docx)."
            yield _refused("macro", "Tệp mẫu chứa macro nên không được nhận.", name, hint=hint)
        elif lower.startswith("word/embeddings/"):
            yield Problem(
                Place(part=name), "embedded_object", "canh_bao", _OBJECT, "Hãy dán lại dưới dạng ảnh hoặc bảng."
            )


def _links(name: str, root: Element) -> Iterator[Problem]:
    for link in root.iter(_RELATIONS, "Relationship"):
        kind = str(link.get("Type", "")).rpartition("/")[2]
        if link.get("TargetMode") != "External" or kind == "hyperlink":
            continue
        target = str(link.get("Target", ""))[:80]
        if kind == "attachedTemplate":
            hint = "Hãy vào Developer, Document Template và xóa đường dẫn."
            yield _refused("attached_template", "Mẫu gắn với một tệp mẫu (.dotx) khác.", name, target, hint)
        else:
            message = "Tệp mẫu nối tới một tệp bên ngoài nên không được nhận."
            yield _refused("external_link", message, name, target, "Hãy bỏ liên kết rồi lưu lại.")


def _elements(name: str, root: Element, own: set[str | None]) -> Iterator[Problem]:
    """Yield the risky elements of a part, but for the comments `own` that lint itself has written."""
    places = {p: where for where, p in paragraphs(root)} if MERGED.fullmatch(name) else {}
    told = set()
    for element in root.iter(*(f"{{*}}{tag}" for tag in (*_ELEMENTS, "fldSimple", "fldChar"))):
        risk = _ELEMENTS.get(local(element))
        field = _field(element)
        if risk is None and not field:
            continue
        code, message, hint = risk or _of_field(field)
        if code == "kern" and element.get(w("val")) in ("0", None):
            continue
        if code == "comment" and element.get(w("id")) in own:
            continue
        where = _where(element, places)
        key = (code, where if places else "")  # of styles and settings one is enough
        if key not in told:
            told.add(key)
            yield Problem(Place(part=name, where=where), code, "canh_bao", message, hint)


def _of_field(field: str) -> tuple[str, str, str]:
    if field == "MERGEFIELD":
        message = "Trường trộn thư (MERGEFIELD) không được điền, in ra nguyên như trong mẫu."
        return "merge_field", message, "Hãy thay bằng thẻ {{ ten }}."
    return "field_outside", f"Trường {field} lấy nội dung từ ngoài tệp.", "Hãy bỏ trường này."


def _field(element: Element) -> str:
    """Return the name of a field that reaches outside or waits for a mail merge, where `element` begins one."""
    if local(element) == "fldSimple":
        code = str(element.get(w("instr"), ""))
    elif local(element) == "fldChar" and element.get(w("fldCharType")) == "begin":
        code = _code_after(element)
    else:
        return ""
    found = _OUTSIDE.match(code)
    return found[1].upper() if found else ""


def _code_after(begin: Element) -> str:
    """Return the instruction of a field: the w:instrText up to the next w:fldChar, in runs of one paragraph."""
    run = begin.getparent()
    out: list[str] = []
    seen = False
    while run is not None:
        for one in run.iter(w("fldChar"), w("instrText")):
            if one is begin:
                seen = True
            elif seen and local(one) == "fldChar":
                return "".join(out)
            elif seen:
                out.append(one.text or "")
        run = run.getnext()
    return "".join(out)


def _where(element: Element, places: Mapping[Element, str]) -> str:
    """Return the paragraph that holds `element`; for a property of a row or table, its first paragraph."""
    for one in (element, *element.iterancestors()):
        if one in places:
            return places[one]
        inside = one.iter(w("p")) if local(one) in ("tr", "tbl", "sdt") else ()
        if first := next((places[p] for p in inside if p in places), ""):
            return first
    return next((_style_name(one) for one in element.iterancestors(w("style"))), "")


def _style_name(style: Element) -> str:
    name = style.find(w("name"))
    return f"kiểu “{'' if name is None else name.get(w('val'), '')}”"


def hidden_tags(part: Part) -> Iterator[Problem]:
    """Yield tags that stand where no reader sees them: in a property or a field code."""
    places = {line.element: line.where for line in part.lines}
    found: Any = part.root.xpath("//@*[contains(., '{{') or contains(., '{%')]")
    for value in found:
        holder = value.getparent()
        yield _hidden(part.name, "" if holder is None else _where(holder, places), str(value))
    for element in part.root.iter(w("instrText"), w("delText")):
        if "{{" in (element.text or "") or "{%" in (element.text or ""):
            yield _hidden(part.name, _where(element, places), element.text or "")


def _hidden(part: str, where: str, text: str, severity: Severity = "canh_bao") -> Problem:
    message = "Thẻ nằm ngoài chữ của văn bản (trong một thuộc tính hoặc mã trường)."
    return Problem(Place(part=part, where=where, words=text[:60]), "tag_hidden", severity, message, "Hãy xóa thẻ ở đó.")


def unmerged_tags(parts: Mapping[str, bytes]) -> Iterator[Problem]:
    """Yield parts of the document with tags that no render touches (charts, comments, text of diagrams)."""
    for name, data in parts.items():
        rendered = MERGED.fullmatch(name) or name.startswith("docProps/") or name in _UNUSED
        if name.endswith(".xml") and not rendered and (b"{{" in data or b"{%" in data):
            message = "Thẻ ở phần này không được điền."
            yield Problem(Place(part=name), "tag_unmerged", "canh_bao", message, "Hãy chuyển thẻ vào thân văn bản.")
