"""The parts of a paper, found by place, wording and look: in our own files and in those that a stranger typed by hand.

`find(lines)` gives a `Paper`: head, kind, subject, addressees, bases, body, foot, annexes. A part that
is not there is None or empty; nothing here says whether that is right.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from . import foot as feet
from .foot import Foot
from .lines import Line
from .words import entry, key, kind_in, names

TITLE = "đảng cộng sản việt nam"
NATION = "cộng hoà xã hội chủ nghĩa việt nam"
MOTTO = re.compile(r"^độc lập ?[-.:] ?tự do ?[-.:] ?hạnh phúc\W*$")
NUMBER = re.compile(r"^s[ốô]\s*:?\s*(?P<rest>[\d\s.…_/-]*[-/].*|\d+.*)$|^\d+ ?[-/] ?[a-zđ]{1,6} ?[-/] ?[a-zđ]{2,}$")
DATE = re.compile(
    r"^(?P<place>[^\W\d_][^,;:/]{0,60}?)\s*,?\s*(?P<date>ngày\s*(?P<d>[\d.…_\s]*?)\s*tháng\s*(?P<m>[\d.…_\s]*?)"
    r"\s*năm\s*(?P<y>[\d.…_\s]*?))\s*\.?$"
)
LOOSE_DATE = re.compile(
    r"^[^\W\d_][^;:/\d]{0,60}?,? ?(ngày|ngay)?\s*(?P<d>\d{1,2})\s*([/.-]|tháng)\s*(?P<m>\d{1,2})\s*([/.-]|,? ?năm)?\s*"
    r"(?P<y>(19|20)\d{2})\.?$"
)  # a day written in another way: known for what it is, so that the way can be said to be wrong
STAR = re.compile(r"^[*＊]+$")
RULE = re.compile(r"^[-–—_=.\s]*[-–—_=]{2,}[-–—_=.\s]*$")
KINH = re.compile(r"^kính (gửi|trình|mời)\b\s*:?")
BASIS = re.compile(r"^[-–+•*]?\s*(căn cứ|xét đề nghị|xét|theo đề nghị|thực hiện|trên cơ sở|tiếp tục thực hiện)\b")
FIRST_BASIS = re.compile(r"^[-–+•*]?\s*(căn cứ|xét đề nghị|theo đề nghị)\b")
DECIDES = re.compile(r"^(.{3,80} )?quyết (định|nghị)\s*:?$")
ANNEX = re.compile(r"^(phụ lục|biểu mẫu|mẫu)( số)?\s*(?P<n>\d{1,2}[a-z]?|[ivx]{1,5})?\s*[.:]?$")
POINTER = re.compile(r"^\(?\s*(ban hành )?(kèm theo|gửi kèm|đính kèm)")
_HEAD_REACH = 60  # lines in which a head may stand
_NEAR = 6  # lines between the parts of one head
_LONG = 140  # letters: a line of prose, not of a head


@dataclass
class Head:
    """What stands above the kind of a paper."""

    title: Line | None = None  # ĐẢNG CỘNG SẢN VIỆT NAM
    nation: Line | None = None  # Quốc hiệu
    motto: Line | None = None
    issuers: list[Line] = field(default_factory=list)
    star: Line | None = None
    number: Line | None = None
    date: Line | None = None
    under_number: list[Line] = field(default_factory=list)  # trích yếu of a công văn, marks
    lines: list[Line] = field(default_factory=list)  # all of them

    @property
    def known(self) -> bool:
        return any((self.title, self.nation, self.number, self.date, self.motto))

    @property
    def issuer(self) -> str:
        """The name of the issuer (`key`): the bold lines, or the last."""
        return key(" ".join(line.text for line in self.split_issuers()[1]))

    @property
    def above(self) -> str:
        return key(" ".join(line.text for line in self.split_issuers()[0]))

    def split_issuers(self) -> tuple[list[Line], list[Line]]:
        """The lines of the body above, and those of the issuer itself."""
        lines = self.issuers
        if len(lines) < 2:
            return [], lines
        bold = [line.bold for line in lines]
        if any(bold) and not all(bold) and all(line.looks for line in lines):
            at = bold.index(True)
            return lines[:at], lines[at:]
        return (lines[:1], lines[1:]) if _parent_first(lines) else ([], lines)


_OWN = re.compile(
    r"^(đảng uỷ|chi bộ|văn phòng|ban |uỷ ban|tỉnh uỷ|thành uỷ|phòng |trường |trung tâm |hội đồng |sở |chi cục |cục )"
)


def _parent_first(lines: Sequence[Line]) -> bool:
    """Whether the lines name two bodies, not one that runs over."""
    return any(_OWN.match(line.key) for line in lines[1:])


@dataclass
class Paper:
    """A paper taken apart."""

    lines: list[Line]
    has_looks: bool
    head: Head
    system: str = "none"  # dang | nha_nuoc | mttq | none
    kind: str = ""  # "tờ trình"; "" where none is known
    kind_line: Line | None = None
    thing: str = ""  # giấy khen, bằng khen: an object of honour, no paper of the office
    form: bool = False  # a form or list: not one of the kinds that are issued with a number
    subject: list[Line] = field(default_factory=list)
    pointer: Line | None = None  # (Kèm theo ...)
    dashes: Line | None = None
    after_subject: Line | None = None
    kinh: list[Line] = field(default_factory=list)  # Kính gửi and its addressees
    base_items: list[list[Line]] = field(default_factory=list)  # each căn cứ as its lines
    bases_open: bool = False  # a narrative follows them, so that the last one does not end the block
    decides: Line | None = None
    body: list[Line] = field(default_factory=list)  # all of the content: bases too
    foot: Foot = field(default_factory=Foot)
    annexes: list[list[Line]] = field(default_factory=list)
    day: date | None = None

    @property
    def bases(self) -> list[Line]:
        return [line for item in self.base_items for line in item]

    @property
    def is_letter(self) -> bool:
        return self.kind == "công văn"


def find(lines: list[Line], has_looks: bool, system: str = "") -> Paper:
    """Take a paper apart; with `system` it is read as one of that system."""
    paper = Paper(lines, has_looks, Head())
    end = _head_end(lines)
    paper.head = _head(lines[:end])
    paper.system = system or _system(paper, lines)
    rest = _kind(paper, lines, end)
    rest = _subject(paper, lines, rest)
    _foot_and_body(paper, lines, rest)
    if not system and paper.system == "none" and not paper.head.known:
        paper.system = _system_of_foot(paper)
    _letter(paper)
    paper.thing = next((x.key for x in lines[:_HEAD_REACH] if x.upper and x.key in names("hien_vat", "ten")), "")
    paper.kind = paper.thing or paper.kind
    paper.form = _is_form(paper)
    paper.day = day_of(paper)
    return paper


# --- head ------------------------------------------------------------------------------------------------------------


def is_date(text: str) -> bool:
    return bool(DATE.match(text)) or (len(text) < 70 and bool(LOOSE_DATE.match(text)))


def _is_anchor(line: Line) -> bool:
    text = line.key
    return (
        text == TITLE
        or text.startswith(NATION)
        or bool(MOTTO.match(text))
        or (bool(NUMBER.match(text)) and len(text) < 60)
        or is_date(text)
        or bool(STAR.match(text))
    )


def _head_end(lines: Sequence[Line]) -> int:
    """The number of lines that may belong to the head: up to the kind, the addressees or prose."""
    anchors = [n for n, line in enumerate(lines[:_HEAD_REACH]) if _is_anchor(line)]
    stop = min(len(lines), _HEAD_REACH)
    for n, line in enumerate(lines[:stop]):
        text = line.key
        kind = line.column == 0 and _names_kind(line)
        seen = [a for a in anchors if a < n]
        in_head_table = line.table and any(lines[a].table == line.table for a in anchors) and line.columns > 1
        prose = len(text) > _LONG and not line.table
        if KINH.match(text) or prose or text.startswith("căn cứ ") or (kind and not in_head_table):
            return _back_over(lines, n, anchors) if not (kind or KINH.match(text)) else n
        if seen and not in_head_table and line.table == 0 and line.centred and line.upper and line.column == 0:
            after = [a for a in anchors if n < a <= n + _NEAR]
            if not after and not _is_anchor(line) and not RULE.match(text):
                return n
    return anchors[-1] + 1 if anchors else 0


def _names_kind(line: Line) -> bool:
    """Whether a line is the name of a kind: in capitals, or alone in the middle."""
    name = kind_in(line.key, "dang") or kind_in(line.key, "nha_nuoc")
    return bool(name) and (line.upper or (line.key == name and line.centred))


def _back_over(lines: Sequence[Line], stop: int, anchors: Sequence[int]) -> int:
    """Prose begins at `stop`: the head ends after the last anchor and what stands in its table."""
    before = [a for a in anchors if a < stop]
    if not before:
        return 0
    end = before[-1] + 1
    while end < stop and lines[end].table and lines[end].table == lines[before[-1]].table:
        end += 1
    while end < stop and lines[end].italic and not lines[end].upper and lines[end].text:
        end += 1
    return end


def _head(lines: Sequence[Line]) -> Head:
    head = Head(lines=[line for line in lines if line.text])
    rest: list[Line] = []
    for line in head.lines:
        if not _take_anchor(head, line):
            rest.append(line)
    if not head.known:
        return Head()
    for line in rest:
        text = line.key
        after_number = head.number is not None and _follows(line, head.number, lines)
        if RULE.match(text) or text.startswith(("(", "mẫu", "phụ lục")):
            continue
        if after_number or (not line.upper and not _mostly_upper(line.text)):
            if head.number is not None and after_number and line.column == head.number.column:
                head.under_number.append(line)
        elif not after_number and _left(line, head):
            head.issuers.append(line)
    return head


def _take_anchor(head: Head, line: Line) -> bool:
    text = line.key
    if head.title is None and text == TITLE:
        head.title = line
    elif head.nation is None and text.startswith(NATION) and len(text) < len(NATION) + 3:
        head.nation = line
    elif head.motto is None and MOTTO.match(text):
        head.motto = line
    elif head.star is None and STAR.match(text):
        head.star = line
    elif head.number is None and NUMBER.match(text) and len(text) < 60:
        head.number = line
    elif head.date is None and is_date(text):
        head.date = line
    else:
        return False
    return True


def _mostly_upper(text: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    return len(letters) > 3 and sum(c.isupper() for c in letters) > 0.7 * len(letters)


def _follows(line: Line, other: Line, lines: Sequence[Line]) -> bool:
    return lines.index(line) > lines.index(other)


def _left(line: Line, head: Head) -> bool:
    """Not in the column of the title on the right."""
    right = head.title or head.nation or head.motto
    return right is None or line.table != right.table or line.column != right.column or line.columns == 1


# --- system ----------------------------------------------------------------------------------------------------------

_PARTY_NUMBER = re.compile(r"^s[ốô]\s*:?\s*[\d.…\s_]*-\s*[\wĐđ]+\s*/")
_STATE_NUMBER = re.compile(r"^s[ốô]\s*:?\s*[\d.…\s_]*/\s*[\wĐđ]+")


def _system(paper: Paper, lines: Sequence[Line]) -> str:
    head = paper.head
    issuer = " ".join(line.key for line in head.issuers)
    if not head.title and not head.nation and any(re.search(entry("he", "rieng"), x.key) for x in head.lines):
        return "none"
    if head.title and not head.nation:
        return "dang"
    front = bool(re.search(entry("he", "mttq"), issuer)) and not issuer.startswith(("đảng", "chi bộ"))
    if head.nation and not head.title:
        party = bool(head.issuers) and bool(re.search(entry("he", "dang"), head.issuers[-1].key))
        return "dang" if party else "mttq" if front else "nha_nuoc"
    for line in reversed(head.issuers):
        if re.search(entry("he", "dang"), line.key):
            return "dang"
        if re.search(entry("he", "nha_nuoc"), line.key):
            return "mttq" if front else "nha_nuoc"
    if front and head.number:
        return "mttq"
    if head.number:
        if _PARTY_NUMBER.match(head.number.key):
            return "dang"
        if _STATE_NUMBER.match(head.number.key):
            return "nha_nuoc"
    return "dang" if head.title else "none"


def _system_of_foot(paper: Paper) -> str:
    """By the formula of the signature, where there is no head."""
    for block in paper.foot.signatures:
        first = block.lines[0].key if block.lines else ""
        if re.match(r"^[tkq]/[mtl]\b", first):
            return "dang"
        if re.match(r"^(tm|kt|tl|tuq)\.", first):
            return "nha_nuoc"
    return "none"


# --- kind and subject ------------------------------------------------------------------------------------------------


def _kind(paper: Paper, lines: Sequence[Line], start: int) -> int:
    """Find the line of the kind; return where to go on."""
    system = "dang" if paper.system == "dang" else "nha_nuoc" if paper.system in ("nha_nuoc", "mttq") else ""
    for n in range(start, min(start + 12, len(lines))):
        line = lines[n]
        if not line.text or RULE.match(line.key):
            continue
        name = kind_in(line.key, system) if system else kind_in(line.key, "dang") or kind_in(line.key, "nha_nuoc")
        short = len(line.text) <= 120
        if short and name and (line.upper or (line.key == name and (line.centred or line.bold))):
            paper.kind, paper.kind_line = name, line
            return n + 1
        if KINH.match(line.key) or FIRST_BASIS.match(line.key):
            return n
        first_upper = line.upper and short and (line.centred or not paper.has_looks)
        if first_upper and paper.head.known and not line.table:
            paper.kind_line = line
            return n + 1
        if len(line.text) > _LONG:
            return n
        if line.bold and line.centred:
            return n  # a subject without its kind
    return start


def _subject(paper: Paper, lines: Sequence[Line], start: int) -> int:
    if paper.kind_line is None:
        return start
    n = start
    while n < min(start + 14, len(lines)):
        line = lines[n]
        if line.text and not _is_subject(paper, line):
            paper.after_subject = line
            break
        if RULE.match(line.key) and line.text:
            paper.dashes = line
            return n + 1
        if POINTER.match(line.key):
            paper.pointer = line
        elif line.text:
            paper.subject.append(line)
        n += 1
    return n


def _is_subject(paper: Paper, line: Line) -> bool:
    if RULE.match(line.key) or POINTER.match(line.key) or line.key.startswith("("):
        return True
    if KINH.match(line.key) or (line.table and line.table != getattr(paper.kind_line, "table", 0)):
        return False
    if FIRST_BASIS.match(line.key) or re.match(r"^([ivx]+|\d+|[a-z])[.)-]", line.key):
        return False
    if paper.has_looks:
        return line.centred or (line.bold and not paper.subject and len(line.text) < 200)
    return not paper.subject or (len(paper.subject) < 3 and len(line.text) < 100 and line.text[0].islower())


# --- body, foot, annexes ---------------------------------------------------------------------------------------------


def _foot_and_body(paper: Paper, lines: Sequence[Line], start: int) -> None:
    begin, end = feet.bounds(lines, start)
    paper.foot = feet.find(lines[begin:end])
    content = [line for line in lines[start:begin] if line.text]
    content = _kinh(paper, content)
    paper.body = content
    paper.base_items = _bases(content, paper)
    paper.decides = next((x for x in content if _is_decides(x)), None)
    paper.annexes = _annexes([line for line in lines[end:] if line.text])


def _is_decides(line: Line) -> bool:
    return len(line.text) < 90 and line.upper and bool(DECIDES.match(line.key))


def _kinh(paper: Paper, content: list[Line]) -> list[Line]:
    """Take the addressees out of the content."""
    at = next((n for n, line in enumerate(content[:8]) if KINH.match(line.key)), None)
    if at is None:
        return content
    end = at + 1
    label = content[at]
    while end < len(content) and _is_addressee(content[end], label):
        end += 1
    paper.kinh = content[at:end]
    return content[:at] + content[end:]


def _is_addressee(line: Line, label: Line) -> bool:
    if line.table and line.table == label.table:
        return True
    bullet = line.text.startswith(("-", "–", "+", "•"))
    return bullet and len(line.text) < 160 and not BASIS.match(line.key) and line.text.endswith((";", ".", ","))


def _bases(content: Sequence[Line], paper: Paper) -> list[list[Line]]:
    """The block of căn cứ at the beginning of the content, each basis as its lines.

    A narrative `Căn cứ ..., X báo cáo như sau:` is none; one that follows the bases leaves their end open.
    """
    at = next((n for n, line in enumerate(content[:6]) if FIRST_BASIS.match(line.key)), None)
    if at is None:
        return []
    items: list[list[Line]] = []
    for line in content[at:]:
        if items and _runs_over(items[-1], line):
            items[-1].append(line)
        elif items and not _goes_on([x for item in items for x in item], line):
            break
        else:
            items.append([line])
    whole = len(items)
    items = [item for item in items if not item[-1].text.endswith(":")]
    paper.bases_open = len(items) < whole
    deciding = paper.kind in ("quyết định", "nghị quyết", "quy định", "quy chế")
    closed = bool(items) and items[0][-1].text.endswith((";", ","))
    return items if deciding or closed or len(items) > 1 else []


_MOST = 8  # lines of one basis in a bare text


def _runs_over(item: Sequence[Line], line: Line) -> bool:
    """Whether a line goes on with a basis: a line of the same paragraph, or of a bare text cut at its margin."""
    if not line.opens:
        return True
    ended = item[-1].text.endswith((";", ".", ",", ":"))
    return line.stand is None and not ended and not BASIS.match(line.key) and len(item) < _MOST


def _goes_on(found: Sequence[Line], line: Line) -> bool:
    """Whether the block of bases goes on: prose that begins with Thực hiện looks otherwise than the bases."""
    if FIRST_BASIS.match(line.key):
        return True
    first, last = found[0], found[-1]
    alike = (first.text[0] in "-–") == (line.text[0] in "-–") and first.italic == line.italic
    weak = alike and (first.text[0] in "-–" or first.italic or len(line.text) < _LONG)
    return bool(BASIS.match(line.key)) and weak and last.text.endswith((";", ","))


def _annexes(lines: Sequence[Line]) -> list[list[Line]]:
    """What follows the signature, cut at each Phụ lục or new page with a heading."""
    out: list[list[Line]] = []
    for line in lines:
        starts = bool(ANNEX.match(line.key)) or (line.new_page and not out) or not out
        if starts:
            out.append([])
        out[-1].append(line)
    return [annex for annex in out if len(annex) > 1 or ANNEX.match(annex[0].key)]


# --- kinds without a name --------------------------------------------------------------------------------------------

_LETTER_SYMBOL = re.compile(r"-\s*cv\s*/")


def _letter(paper: Paper) -> None:
    """A paper without the name of its kind is a công văn where its number or its addressees say so."""
    number = paper.head.number
    if paper.kind or (paper.kind_line is not None and not (number and _LETTER_SYMBOL.search(number.key))):
        return
    if number is not None and (_LETTER_SYMBOL.search(number.key) or paper.kinh or _about(paper.head.under_number)):
        paper.kind = "công văn"


def _about(lines: Sequence[Line]) -> bool:
    return any(re.match(r"^(v/v|về việc|về )", line.key) for line in lines)


def _is_form(paper: Paper) -> bool:
    """A form, a list or an object of honour: it carries no number, so it is not held to what a numbered paper is."""
    if paper.head.number is not None:
        return False
    return paper.pointer is not None or not paper.kind or paper.kind not in _issued() or _attested(paper)


def _issued() -> set[str]:
    return {key(k) for s in ("dang", "nha_nuoc") for k in (*entry("the_loai", s), *entry("giay_to", s))}


def _attested(paper: Paper) -> bool:
    """A report of merits or a plan of a group that carries no number at all: our forms 02A, 02B."""
    return paper.head.star is None and paper.head.known


def day_of(paper: Paper) -> date | None:
    """The day in the head of a paper; None where it is blank, not there or no day."""
    line = paper.head.date
    found = (DATE.match(line.key) or LOOSE_DATE.match(line.key)) if line else None
    if found is None:
        return None
    try:
        return date(int(found["y"]), int(found["m"]), int(found["d"]))
    except ValueError:
        return None


def year_spoken_of(paper: Paper) -> int | None:
    """The last year that the subject names: a paper on the work of 2023 was not written long after it."""
    years = re.findall(r"(?<!\d)(20\d\d)(?!\d)", " ".join(line.text for line in paper.subject))
    return max(map(int, years), default=None)


def year_of(paper: Paper) -> tuple[int, int | None] | None:
    """The year of the head where the day itself is blank, and the month where that is written."""
    found = DATE.match(paper.head.date.key) if paper.head.date else None
    digits = re.fullmatch(r"20\d\d", found["y"].strip()) if found else None
    if found is None or digits is None:
        return None
    month = re.fullmatch(r"0?([1-9]|1[0-2])", found["m"].strip())
    return int(digits.group()), int(month[1]) if month else None
