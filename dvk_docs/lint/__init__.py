"""A template checked before there is data: every fault at once, each at its place.

    report = lint(docx, schema)        what is wrong with the template; against the schema of its paper where given
    skeleton = fields(docx)            what the template needs, as a JSON Schema skeleton
    marked = annotate(docx, report)    the same template with a Word comment at each fault

A `loi` is what a render would stop at or lose; a `canh_bao` is a risk; a `thong_tin` is worth knowing. Nothing of the
template is executed. The tags are read one by one (`tags`), paired (`blocks`), laid on their tables (`tables`), and
their names followed through scopes (`names`, `values`, `needs`); `risks` looks at the rest of the file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from dvk_docs.errors import Place, Problem, Report, TemplateInvalid
from dvk_docs.package import DOCUMENT

__all__ = ["annotate", "fields", "lint"]


def lint(docx: bytes, schema: Mapping[str, Any] | None = None) -> Report:
    """Return every fault of a template, the parts in order; with `schema` also each name that it lacks.

    Problems have `part`, `where` (đoạn 3; bảng 1, hàng 2, ô 1) and the words around; a field that no tag reads has its
    pointer. A file that cannot be read at all is a report too.
    """
    from dvk_docs.lint import needs, reading, risks

    parts, refused = reading.members(docx)
    if not parts:
        return Report.of(refused)
    roots, found = reading.parse_all(parts)
    found += _strict(roots)
    marked = []
    for part in reading.merged_parts(roots):
        marks, own = _part_faults(part)
        marked.append(marks)
        found += own
    found += risks.risks(parts, roots)
    found += risks.unmerged_tags(parts)
    found += needs.alone(marked) if schema is None else needs.against(schema, marked)
    found += [p for p in refused if p.code not in {q.code for q in found} and not _same_place(p, found)]
    if not any(p.severity == "loi" for p in found):
        found += _compiles(docx)
    return Report.of(_ordered(found, roots))


def _part_faults(part: Any) -> tuple[list[Any], list[Problem]]:
    from dvk_docs.lint import blocks, risks, tables, tags

    marks, found = tags.marks_of(part)
    paired, faults = blocks.blocks_of(marks)
    found += faults
    found += tables.table_faults(part, marks, paired)
    found += risks.hidden_tags(part)
    return marks, found


def _strict(roots: Mapping[str, Any]) -> Iterator[Problem]:
    from dvk_docs.profiles import w

    if DOCUMENT in roots and roots[DOCUMENT].tag != w("document"):
        message = "Tệp mẫu lưu ở dạng Strict Open XML nên không đọc được."
        yield Problem(Place(part=DOCUMENT), "strict_docx", "loi", message, "Hãy lưu lại ở dạng Word Document (.docx).")


def _same_place(problem: Problem, found: Sequence[Problem]) -> bool:
    return any(p.severity == "loi" and p.place.part == problem.place.part for p in found)


def _compiles(docx: bytes) -> list[Problem]:
    """Return what the compiler itself refuses where nothing else was found: no template passes that cannot be used."""
    from dvk_docs.templating import Template

    try:
        Template(docx)
    except TemplateInvalid as error:
        return list(error.report)
    except (RecursionError, SyntaxError, ArithmeticError, ValueError, MemoryError):
        message = "Mẫu có quá nhiều khối lồng nhau nên không dùng được."
        return [Problem(Place(part=DOCUMENT), "too_deep", "loi", message, "Hãy bớt các khối lồng nhau.")]
    return []


def _ordered(found: Sequence[Problem], roots: Mapping[str, Any]) -> list[Problem]:
    """Return the problems once each, the document's own by paragraph, then the other parts, then the fields."""
    from dvk_docs.lint.reading import merged_parts

    places = [(p.name, line.where) for p in merged_parts(roots) for line in p.lines]
    order = {place: n for n, place in reversed([*enumerate(places)])}
    parts = list(dict.fromkeys(name for name, _ in places))

    def rank(problem: Problem) -> tuple[int, int]:
        place = problem.place
        part = parts.index(place.part) if place.part in parts else len(parts) + (not place.part)
        first = f"{place.where}, "
        inside = (n for (name, where), n in order.items() if name == place.part and where.startswith(first))
        return part, order.get((place.part, place.where), min(inside, default=0) if place.where else -1)

    return sorted(dict.fromkeys(found), key=rank)


def fields(docx: bytes) -> dict[str, Any]:
    """Return what a template needs as a JSON Schema skeleton: records, lists and texts, nested as they are used.

    `x-co-the-trong` marks what the template asks for before it prints, or only asks for. Raise `TemplateInvalid` where
    the file cannot be read; tags that are wrong are passed over (`lint` names them).
    """
    from dvk_docs.lint import needs, reading, tags

    parts, refused = reading.members(docx)
    if not parts:
        raise TemplateInvalid(Report.of(refused))
    roots, broken = reading.parse_all(parts)
    if DOCUMENT not in roots:
        raise TemplateInvalid(Report.of(broken or refused))
    return needs.skeleton([tags.marks_of(part)[0] for part in reading.merged_parts(roots)])


def annotate(docx: bytes, report: Report) -> bytes:
    """Return the template with a Word comment at each fault; what lies outside the body is in one at its beginning.

    Comments that an earlier run left are replaced. Raise `TemplateInvalid` where the file cannot be read.
    """
    from dvk_docs.lint import comments, reading

    parts, refused = reading.members(docx)
    roots, broken = reading.parse_all(parts)
    if not comments.can_hold(parts, roots):
        raise TemplateInvalid(Report.of(broken or refused or report))
    return comments.annotated(parts, roots, report)
