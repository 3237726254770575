"""Which books a year asks for: their papers in order, their names, and in how many copies each is made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dvk_docs.errors import DataInvalid, Place, Problem, Report, TemplateInvalid
from dvk_docs.making import CheckedPaper, CheckedYear, Kind

if TYPE_CHECKING:
    from dvk_docs.expressions import Record

WHOLE, EACH = WAYS = ("mot-quyen", "moi-doi-tuong")
MOST = 50  # copies of one book
ROLE = "x-vai-tro-quyen"
COVER, CONTENTS = "bia", "muc_luc"
_NAMED: Mapping[str, str] = {"ten": "'Hồ sơ'", "trich_yeu": "'năm ' ~ nam", "so_bo": "so_bo_loai or 1"}


@dataclass(frozen=True, slots=True)
class Volume:
    """One book, in one of its copies."""

    bo: str  # the set it is of
    member: Record | None  # the nominee it is for; None: the whole set
    members: tuple[Record, ...]  # all that the set is for
    papers: tuple[CheckedPaper, ...]  # those of this copy, in order
    name: str  # of the dossier: Hồ sơ, Báo cáo thành tích
    summary: str
    copy: int
    copies: int

    @property
    def code(self) -> str:
        return str(self.member.get("ma") or "") if self.member is not None else ""

    @property
    def id(self) -> str:
        """<bộ>[.<mã>][.bo-2]."""
        parts = (self.bo, self.code, f"bo-{self.copy}" if self.copies > 1 else "")
        return ".".join(part for part in parts if part)

    @property
    def title(self) -> str:
        """Hồ sơ đề nghị ... - Chi bộ thôn Đông."""
        whom = f" - {self.member.get('ten')}" if self.member is not None else ""
        return f"{self.name} {self.summary}{whom}"


def volumes(checked: CheckedYear, way: str) -> list[Volume]:
    """The books of every set of the year; raise `DataInvalid` for a number of copies that is none.

    Order of sets, of members and of papers is that of the year's plan.
    """
    sets: dict[str, list[CheckedPaper]] = {}
    for paper in checked.papers:
        if paper.bo:
            sets.setdefault(paper.bo, []).append(paper)
    return [volume for bo, papers in sets.items() for volume in _of_set(checked, bo, papers, way)]


def _of_set(checked: CheckedYear, bo: str, papers: Sequence[CheckedPaper], way: str) -> Iterator[Volume]:
    members = tuple(dict.fromkeys(p.moi for p in papers if p.moi is not None))
    bound = [p for p in papers if way in ways_of(p.kind)]
    for member in (None,) if way == WHOLE else members:
        own = [p for p in bound if member is None or p.moi is None or p.moi is member]
        copies = {p.id: _copies(checked, bo, p, member) for p in own}
        most = max(copies.values(), default=0)
        local = {"bo": bo, "doi_tuong": member}
        name, summary = (str(_named(checked, bo, word, local) or "") for word in ("ten", "trich_yeu"))
        for copy in range(1, most + 1):
            inside = tuple(p for p in own if copies[p.id] >= copy)
            yield Volume(bo, member, members, inside, name, summary, copy, most)


def ways_of(kind: Kind) -> Sequence[str]:
    """How a paper of this kind is bound: with its set, and where it is made for each nominee, also in theirs."""
    ways = kind.schema.get("x-quyen")
    if isinstance(ways, list):
        return ways
    return WAYS if "x-moi" in kind.schema else (WHOLE,)


def _named(checked: CheckedYear, bo: str, word: str, local: Mapping[str, Any]) -> Any:
    """What the year's schema says of a set (`x-bo`): an expression, with a common one where it says nothing."""
    words = checked.graph.schema.get("x-bo", {}).get(bo, {})
    return checked.graph.evaluate(words.get(word, _NAMED[word]), local)


def _copies(checked: CheckedYear, bo: str, paper: CheckedPaper, member: Record | None) -> int:
    rules = checked.graph.evaluate("quy_dinh").get("so_bo_loai") or {}
    local = {"bo": bo, "doi_tuong": member, "so_bo_loai": rules.get(paper.kind.stem)}
    number = _named(checked, bo, "so_bo", local)
    if not isinstance(number, int) or isinstance(number, bool) or not 1 <= number <= MOST:
        message = f"Số bộ của “{paper.kind.title}” là {number}, không phải là số từ 1 đến {MOST}."
        hint = "Sửa ô Số bộ hồ sơ đề nghị ở Thông tin chung, hoặc so_bo, so_bo_loai của bộ quy tắc."
        raise DataInvalid(Report((Problem(Place(), "copies_invalid", "loi", message, hint),)))
    return number


def kind_of(checked: CheckedYear, role: str) -> Kind:
    """The kind that serves as cover or contents of books; a pack's own comes before ours."""
    found = [kind for kind in checked.kinds.values() if kind.schema.get(ROLE) == role]
    if not found:
        raise TemplateInvalid(
            f"Chưa có loại văn bản nào làm {'bìa' if role == COVER else 'mục lục'} của quyển ({ROLE})."
        )
    return found[-1]
