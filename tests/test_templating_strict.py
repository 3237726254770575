"""Nothing in is lost and nothing else comes out: any text in any place, and no trace of what is blank."""

from __future__ import annotations

import copy
import io
import json
import re
import unicodedata
from pathlib import Path
from typing import Any

import docx
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree

from dvk_docs import catalog as catalog_module
from dvk_docs import derive, making
from dvk_docs.errors import DataInvalid
from dvk_docs.package import pack, unpack
from dvk_docs.profiles import w
from dvk_docs.templating import Template
from dvk_docs.testing import outline

FORBIDDEN = [*range(9), 11, 12, *range(14, 32), 0xD800, 0xDBFF, 0xDC00, 0xDFFF, 0xFFFE, 0xFFFF]
PLANES = [0x0, *(plane << 16 for plane in range(1, 17))]
NOTES = (
    b'<w:footnotes xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:footnote w:id="1"><w:p>'
    b"<w:r><w:t>[{{ a }}]</w:t></w:r></w:p></w:footnote></w:footnotes>"
)
PLACES = ("word/document.xml", "word/header1.xml", "word/footer1.xml", "word/footnotes.xml")


def everywhere() -> Template:
    """One text in a paragraph, a cell, a loop, a run, an attribute, a header, a footer, a footnote and a property."""
    document, out = docx.Document(), io.BytesIO()
    document.add_paragraph("[{{ a }}]")
    document.add_table(1, 1).rows[0].cells[0].text = "[{{ a }}]"
    document.add_paragraph("{% for x in [a] %}[{{ x }}]{% endfor %}")
    document.add_paragraph("{{r a }}")
    document.add_paragraph("[{{ a ~ '' }}]")
    document.add_paragraph("{% set b = a %}[{{ b|trim('') }}]")
    document.sections[0].header.paragraphs[0].text = "[{{ a }}]"
    document.sections[0].footer.paragraphs[0].text = "[{{ a }}]"
    document.core_properties.title = "[{{ a }}]"
    document.save(out)
    return Template(pack({**unpack(out.getvalue()), "word/footnotes.xml": NOTES}))


TEMPLATE = everywhere()


def lines(part: bytes) -> list[str]:
    marks = {w("br"): "\n", w("tab"): "\t"}
    found = []
    for paragraph in etree.fromstring(part).iter(w("p")):
        text = "".join(marks.get(e.tag, e.text or "") for e in paragraph.iter(w("t"), w("br"), w("tab")))
        found += [text] if text else []
    return found


def check(text: str) -> None:
    made = unpack(TEMPLATE.render({"a": text}))
    nfc = unicodedata.normalize("NFC", text)
    wanted = re.sub("\r\n|[\r\u2028\u2029]", "\n", nfc)
    for place in PLACES:
        found = lines(made[place])
        assert found, place
        between = [line for line in found if line[:1] == "[" and line != wanted]  # one paragraph holds it bare
        assert {line.removeprefix("[").removesuffix("]") for line in between} <= {wanted}, place
    assert lines(made["word/document.xml"]).count(f"[{wanted}]") == 5
    title = etree.fromstring(made["docProps/core.xml"]).findtext("{http://purl.org/dc/elements/1.1/}title")
    assert title == f"[{nfc}]"


LEGAL = st.characters(
    exclude_categories=("Cs",), exclude_characters=[chr(code) for code in FORBIDDEN if not 0xD800 <= code <= 0xDFFF]
)


@settings(max_examples=150, deadline=None)
@given(st.text(LEGAL, max_size=40))
@example("[")
@example("[x]")
def test_any_text_is_read_back_from_every_place(text: str) -> None:
    check(text)


@pytest.mark.parametrize("plane", PLANES, ids=hex)
def test_every_character_of_every_plane_is_read_back(plane: int) -> None:
    """All that XML allows, in four texts a plane; a space keeps combining marks apart from their neighbours."""
    letters = [chr(c) for c in range(plane or 32, plane + 0x10000) if c not in FORBIDDEN and not 0xD800 <= c <= 0xDFFF]
    size = len(letters) // 4 + 1
    for start in range(0, len(letters), size):
        check(" ".join(letters[start : start + size]))


@pytest.mark.parametrize("code", FORBIDDEN, ids=hex)
def test_a_character_that_xml_forbids_is_refused_with_its_place(code: int) -> None:
    with pytest.raises(DataInvalid) as caught:
        TEMPLATE.render({"a": f"x{chr(code)}y", "khac": "z"})
    (problem,) = caught.value.report.problems
    assert (problem.code, problem.place.pointer) == ("illegal_character", "/a")
    assert f"U+{code:04X}" in problem.message


# --- what is blank leaves no trace -----------------------------------------------------------------------------------

FULL = sorted((catalog_module.root() / "samples").glob("*/day-du.json"))
TRACES = re.compile(r"\bNone\b|undefined|\bNaN\b|\{\{|\}\}|\{%|%\}|\{#|<w:|&amp;|&lt;|\bTrue\b|\bFalse\b")
EMPTY_BULLET = re.compile(r"^[^:|]*: *[-–+•*] *[;.,]?$|^[^:|]*: *[a-zđ0-9]{1,2}[.)] *[;.,]?$", re.MULTILINE)


def blanked(data: dict[str, Any], schema: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """The data with one optional field left out, at the top or in all the rows of a list, and with all of them out."""
    out, bare = [], {n: v for n, v in data.items() if n in schema["required"]}
    for name, spec in schema["properties"].items():
        if name in data and name not in schema["required"]:
            out.append((name, {n: v for n, v in data.items() if n != name}))
        rows, fields = data.get(name), spec.get("items", {})
        for field in fields.get("properties", {}) if isinstance(rows, list) else ():
            if field not in fields.get("required", ()) and any(field in row for row in rows):
                changed = copy.deepcopy(data)
                for row in changed[name]:
                    row.pop(field, None)
                out.append((f"{name}.{field}", changed))
    return [*out, ("*", bare)]


@pytest.mark.parametrize("file", FULL, ids=lambda p: p.parent.name)
def test_a_blank_field_leaves_no_trace(file: Path) -> None:
    one = making.kind(file.parent.name)
    data = json.loads(file.read_text(encoding="utf-8"))
    profile = one.profile(making.day_of(data))
    template = one.template(profile)
    for name, changed in blanked(data, one.schema):
        if not one.check(changed).ok:
            continue
        text = outline(template.render(derive.derived(one.schema, changed, profile.tt)))
        assert not TRACES.findall(text), name
        assert not EMPTY_BULLET.findall(text), name
