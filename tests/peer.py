"""docxtpl as the peer that our rendering is compared with."""

from __future__ import annotations

import io
from typing import Any

from docxtpl import DocxTemplate
from lxml import etree

from dvk_docs.package import unpack
from dvk_docs.profiles import w
from dvk_docs.templating import Template, environment


def canonical(document: bytes) -> bytes:
    """Canonical XML, without what docxtpl and we are known to differ in.

    1. Spaces are kept in every w:t of ours, in docxtpl's where a tag stood. 2. A cell that lost all its paragraphs is
    given one. 3. docxtpl writes a tab as three runs.
    """
    root = etree.fromstring(document)
    for text in root.iter(w("t")):
        text.attrib.pop("{http://www.w3.org/XML/1998/namespace}space", None)
    for cell in root.iter(w("tc")):
        if cell.find(w("p")) is None and cell.find(w("tbl")) is None:
            etree.SubElement(cell, w("p"))
    return etree.tostring(root, method="c14n")


def by_docxtpl(source: bytes, context: dict[str, Any]) -> bytes:
    template, out = DocxTemplate(io.BytesIO(source)), io.BytesIO()
    template.render(context, environment_for_docxtpl(), autoescape=True)
    template.save(out)
    return out.getvalue()


def environment_for_docxtpl() -> Any:
    """A plain Jinja environment with our filters; None prints nothing, the one thing docxtpl does otherwise."""
    from jinja2 import Environment

    env = Environment(autoescape=True, finalize=lambda value: "" if value is None else value)
    env.filters.update(environment().filters)
    env.globals.update(environment().globals)
    return env


def differing_parts(source: bytes, context: dict[str, Any]) -> list[str]:
    """The XML parts of Word's text that we and docxtpl render differently."""
    ours, theirs = unpack(Template(source).render(context)), unpack(by_docxtpl(source, dict(context)))
    names = [n for n in ours if n.startswith("word/") and n.endswith(".xml") and "/theme/" not in n]
    return [n for n in names if canonical(ours[n]) != canonical(theirs[n])]
