"""Comments of a worksheet: the part that holds their words and the drawing that shows them, both patched in place.

A cell that has a comment of the clerk's keeps it, and ours is added to its words. Source: ECMA-376 Part 1, 18.7
(comments); Part 4, 19 (VML), without which Excel does not show a comment.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .patching import ORDER, REL, Book, child, column_of, new, tag, take_out, to_bytes

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

AUTHOR = "dvk"
ADDED = "\n— dvk: "  # how our words begin in a comment that is the clerk's
VML = "urn:schemas-microsoft-com:vml"
EXCEL = "urn:schemas-microsoft-com:office:excel"
_COMMENTS = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_DRAWING = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_EMPTY = (
    f'<xml xmlns:v="{VML}" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="{EXCEL}">'
    '<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/></o:shapelayout>'
    '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype></xml>'
)
_SHAPE = (
    f'<v:shape xmlns:v="{VML}" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="{EXCEL}" id="{{id}}"'
    ' type="#_x0000_t202" style="position:absolute;margin-left:60pt;margin-top:2pt;width:240pt;height:{height}pt;'
    'z-index:1;visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/>'
    '<v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto"/><x:ClientData ObjectType="Note">'
    "<x:MoveWithCells/><x:SizeWithCells/><x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row>"
    "<x:Column>{column}</x:Column></x:ClientData></v:shape>"
)


def add(book: Book, part: str, cell: str, text: str) -> None:
    """Lay a comment of ours on a cell."""
    comments = _comments(book, part, make=True)
    drawing = _drawing(book, part, make=True)
    assert comments is not None and drawing is not None
    listed = child(comments, "commentList", ("authors",))
    there = next((c for c in listed if c.get("ref") == cell), None)
    if there is not None:
        child(there, "text", ()).append(_run(f"{ADDED}{text}"))
        return
    note = new("comment", ref=cell, authorId=_author(comments))
    words = new("text")
    words.append(_run(text))
    note.append(words)
    listed.append(note)
    drawing.append(_shape(drawing, cell, text))


def remove_own(book: Book, part: str) -> None:
    """Take away the comments that an earlier answer laid on this sheet."""
    comments, drawing = _comments(book, part, make=False), _drawing(book, part, make=False)
    if comments is None:
        return
    authors = [str(a.text) for a in comments.iter(tag("author"))]
    for note in list(comments.iter(tag("comment"))):
        number = str(note.get("authorId", ""))
        if number.isdigit() and int(number) < len(authors) and authors[int(number)] == AUTHOR:
            take_out(note)
            if drawing is not None:
                _remove_shape(drawing, str(note.get("ref", "")))
        for run in [r for r in note.iter(tag("r")) if _words(r).startswith(ADDED)]:
            take_out(run)


def _words(run: Element) -> str:
    return "".join(t.text or "" for t in run.iter(tag("t")))


def _run(text: str) -> Element:
    run, words = new("r"), new("t")
    words.text = text
    words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    run.append(words)
    return run


def _author(comments: Element) -> int:
    authors = child(comments, "authors", ())
    names = [str(a.text) for a in authors]
    if AUTHOR not in names:
        fresh = new("author")
        fresh.text = AUTHOR
        authors.append(fresh)
        return len(names)
    return names.index(AUTHOR)


def _related(book: Book, part: str, kind: str) -> str | None:
    for relation in book.relations(part):
        if str(relation.get("Type", "")).endswith(f"/{kind}"):
            return book.target(part, relation)
    return None


def _comments(book: Book, part: str, make: bool) -> Element | None:
    name = _related(book, part, "comments")
    if name is None and make:
        name = book.free_name("xl/commentsDvk{}.xml")
        empty = new("comments")
        empty.append(new("authors"))
        empty.append(new("commentList"))
        book.add_part(name, to_bytes(empty), _COMMENTS)
        book.relate(part, "comments", name)
    return book.root(name) if name in book.parts or name in book.roots else None


def _drawing(book: Book, part: str, make: bool) -> Element | None:
    from lxml import etree

    root = book.root(part)
    held = root.find(tag("legacyDrawing"))
    name = None
    if held is not None:
        key = held.get(f"{{{REL}}}id")
        relation = next((r for r in book.relations(part) if r.get("Id") == key), None)
        name = book.target(part, relation) if relation is not None else None
    if name is None and make:
        name = book.free_name("xl/drawings/vmlDrawingDvk{}.vml")
        book.add_part(name, _EMPTY.encode(), _DRAWING, extension="vml")
        child(root, "legacyDrawing", ORDER[: ORDER.index("legacyDrawing")]).set(
            f"{{{REL}}}id", book.relate(part, "vmlDrawing", name)
        )
    if name is None or (name not in book.parts and name not in book.roots):
        return None
    if name not in book.roots:  # Excel's own drawings may hold an unclosed <br>
        parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True)
        book.roots[name] = etree.fromstring(book.parts[name], parser)
    return book.roots[name]


def _shape(drawing: Element, cell: str, text: str) -> Element:
    from lxml import etree

    numbers = [int(n) for s in drawing for n in re.findall(r"_s(\d+)$", str(s.get("id", "")))]
    lines = sum(1 + len(line) // 45 for line in text.split("\n"))
    row = int(re.sub(r"\D", "", cell)) - 1
    shape = _SHAPE.format(
        id=f"_x0000_s{max(numbers, default=1024) + 1}",
        height=min(400, 14 * lines + 10),
        row=row,
        column=column_of(cell) - 1,
    )
    return etree.fromstring(shape)


def _remove_shape(drawing: Element, cell: str) -> None:
    row, column = str(int(re.sub(r"\D", "", cell) or "1") - 1), str(column_of(cell) - 1)
    for shape in list(drawing):
        held = {e.tag: (e.text or "").strip() for e in shape.iter(f"{{{EXCEL}}}Row", f"{{{EXCEL}}}Column")}
        if held == {f"{{{EXCEL}}}Row": row, f"{{{EXCEL}}}Column": column}:
            drawing.remove(shape)
