"""Word comments in a template, by hand: comments.xml, its content type, its relation, and the ranges in the body.

Source: ECMA-376 Part 1, 17.13.4 (comments). No date is written, so the same report gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from dvk_docs.errors import Problem, Report
from dvk_docs.lint.reading import Line, local, merged_parts
from dvk_docs.package import DOCUMENT, pack
from dvk_docs.profiles import W, to_bytes, w

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

AUTHOR = "dvk"
_PART = "word/comments.xml"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES, _RELS = "[Content_Types].xml", "word/_rels/document.xml.rels"


def can_hold(parts: Mapping[str, bytes], roots: Mapping[str, Element]) -> bool:
    """Whether the parts that a comment touches are there and not broken."""
    here = DOCUMENT in roots and _TYPES in roots
    return here and all(name in roots for name in (_RELS, _comments_name(roots)) if name in parts)


def annotated(
    parts: Mapping[str, bytes], roots: Mapping[str, Element], report: Report, lines: Sequence[Line] | None = None
) -> bytes:
    """Return the archive of `parts` with the problems of `report` as comments.

    `lines` are the paragraphs of the document under the places that the report names, where those are not a template's.
    """
    from lxml import etree

    document, made = roots[DOCUMENT], dict(parts)
    name = _comments_name(roots)
    comments = roots.get(name)
    if comments is None:
        comments = etree.Element(w("comments"), nsmap={"w": W})
    _remove_own(document, comments)
    lines = lines or [line for part in merged_parts({DOCUMENT: document}) for line in part.lines]
    following = max((int(i) for c in comments if (i := str(c.get(w("id"), ""))).isdigit()), default=-1) + 1
    for number, (line, texts) in enumerate(_placed(lines, report), following):
        _mark(line.element, number)
        comments.append(_comment(number, texts))
    if len(comments) or name in parts:
        made[name] = to_bytes(comments)
        made[_TYPES] = to_bytes(_with_type(roots[_TYPES], name))
        made[_RELS] = to_bytes(_with_relation(roots.get(_RELS), name))
    made[DOCUMENT] = to_bytes(document)
    return pack(made)


def _comments_name(roots: Mapping[str, Element]) -> str:
    relations = roots.get(_RELS)
    for relation in () if relations is None else relations:
        if relation.get("Type") == _RELATION:
            target = str(relation.get("Target", ""))
            return target.lstrip("/") if target.startswith("/") else f"word/{target}"
    return _PART


def _placed(lines: Sequence[Line], report: Report) -> list[tuple[Line, list[str]]]:
    """Return the problems by paragraph, one comment each; those that stand elsewhere are one comment at the first."""
    here: list[tuple[Line, list[str]]] = []
    elsewhere: list[str] = []
    for problem in report:
        line = _line(lines, problem)
        if line is None:
            elsewhere.append(str(problem))
        else:
            here.append((line, [f"{problem.message} {problem.hint}".strip()]))
    return ([(lines[0], elsewhere)] if elsewhere and lines else []) + here


def _line(lines: Sequence[Line], problem: Problem) -> Line | None:
    place = problem.place
    if place.part != DOCUMENT or not place.where:
        return None
    near = [one for one in lines if one.where == place.where or one.where.startswith(f"{place.where}, ")]
    exact = [one for one in near if place.words and place.words in one.text]
    return next(iter(exact or near), None)


def _mark(paragraph: Element, number: int) -> None:
    """Put the range of comment `number` around what a paragraph holds."""
    from lxml import etree

    key = {w("id"): str(number)}
    place = 1 if len(paragraph) and local(paragraph[0]) == "pPr" else 0
    paragraph.insert(place, etree.Element(w("commentRangeStart"), key))
    etree.SubElement(paragraph, w("commentRangeEnd"), key)
    etree.SubElement(etree.SubElement(paragraph, w("r")), w("commentReference"), key)


def _comment(number: int, texts: Sequence[str]) -> Element:
    from lxml import etree

    comment = etree.Element(w("comment"), {w("id"): str(number), w("author"): AUTHOR, w("initials"): AUTHOR})
    for text in texts:
        run = etree.SubElement(etree.SubElement(comment, w("p")), w("r"))
        words = etree.SubElement(run, w("t"), {"{http://www.w3.org/XML/1998/namespace}space": "preserve"})
        words.text = "".join(c if c.isprintable() else " " for c in text)
    return comment


def _remove_own(document: Element, comments: Element) -> None:
    """Take away the comments that this module wrote before, with their ranges and references."""
    own = {c.get(w("id")) for c in comments if c.get(w("author")) == AUTHOR}
    for comment in [c for c in comments if c.get(w("id")) in own]:
        comments.remove(comment)
    for name in ("commentRangeStart", "commentRangeEnd", "commentReference"):
        for element in [e for e in document.iter(w(name)) if e.get(w("id")) in own]:
            holder = element.getparent()
            if holder is None:
                continue
            holder.remove(element)
            above = holder.getparent()
            if local(holder) == "r" and above is not None and all(local(e) == "rPr" for e in holder):
                above.remove(holder)


def _with_type(types: Element, name: str) -> Element:
    from lxml import etree

    if not any(t.get("PartName") == f"/{name}" for t in types):
        fresh = etree.SubElement(types, f"{{{_PACKAGE}/content-types}}Override")
        fresh.set("PartName", f"/{name}")
        fresh.set("ContentType", _TYPE)
    return types


def _with_relation(relations: Element | None, name: str) -> Element:
    from lxml import etree

    if relations is None:
        relations = etree.Element(f"{{{_PACKAGE}/relationships}}Relationships")
    if not any(r.get("Type") == _RELATION for r in relations):
        taken = {r.get("Id") for r in relations}
        free = next(f"rId{n}" for n in range(1, len(taken) + 2) if f"rId{n}" not in taken)
        fresh = etree.SubElement(relations, f"{{{_PACKAGE}/relationships}}Relationship")
        fresh.set("Id", free)
        fresh.set("Type", _RELATION)
        fresh.set("Target", name.removeprefix("word/"))
    return relations
