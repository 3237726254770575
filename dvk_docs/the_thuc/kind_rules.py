"""Rules of the kind, the subject, the addressees and the bases: P07-P10, P13, S06, S07, S11, S13, S16."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from dvk_docs.errors import Problem, Severity

from .findings import Case, figure, others, size_fault, wanted
from .lines import Line
from .words import bases, body_of, entry, key, names, pattern

_DASHES = 5
_PARTY_ABOUT = re.compile(r"^về việc |^về ")


def kind_rule(case: Case) -> Iterator[Problem]:
    """P07: one of the kinds of the Party, and one that such a body may issue."""
    paper = case.paper
    if paper.form or paper.is_letter:
        return
    if not paper.kind:
        if paper.kind_line is not None:
            message = f"“{paper.kind_line.text}” không phải một trong các thể loại văn bản của Đảng."
            yield case.found("P07", paper.kind_line, message, "Chọn tên loại đúng, hoặc ban hành dạng phụ lục.")
        elif paper.head.number is not None:
            yield case.found("P07", paper.head.number, "Không thấy tên loại văn bản.", "Thêm tên loại IN HOA, ở giữa.")
        else:
            case.cannot("P07", "không nhận ra tên loại văn bản")
        return
    body = body_of(paper.head.issuer, paper.head.above, "dang")
    barred = entry("tham_quyen").get(body.level, []) if body and body.level else []
    yield from _by_signature(case)
    if paper.kind in [key(k) for k in barred]:
        message = f"Cấp này thường không có thẩm quyền ban hành {paper.kind}."
        source = entry("tham_quyen", "source")
        yield case.found("P07", paper.kind_line, message, "Xem lại thẩm quyền.", severity="canh_bao", source=source)


def _by_signature(case: Case) -> Iterator[Problem]:
    """A kind that this collective does not sign for: told by the formula of the signature."""
    signatures = case.paper.foot.signatures
    formula = signatures[0].lines[0].key if signatures and signatures[0].lines else ""
    for collective, kinds_barred in entry("tham_quyen", "theo_quyen_han").items():
        if formula == f"t/m {key(collective)}" and case.paper.kind in [key(k) for k in kinds_barred]:
            message = f"{collective[:1].upper()}{collective[1:]} thường không ban hành {case.paper.kind}."
            source = entry("tham_quyen", "source")
            hint = "Xem lại thẩm quyền và quyền hạn ký."
            yield case.found("P07", case.paper.kind_line, message, hint, severity="canh_bao", source=source)


def subject_rule(case: Case) -> Iterator[Problem]:
    """P08: the kind in capitals and bold, the subject beginning small, then exactly five hyphens."""
    paper = case.paper
    if paper.is_letter or paper.kind_line is None:
        return
    yield from _kind_looks(case, "P08")
    if paper.kind in [key(k) for k in entry("giay_to", "dang")]:
        return  # no rule asks an invitation or a slip for a subject
    first = next((x for x in paper.subject if not x.upper and not x.key.startswith("(")), None)
    if first is None and not paper.form and paper.has_looks:
        yield case.found("P08", paper.kind_line, "Dưới tên loại không thấy trích yếu.", "Thêm trích yếu.")
    if first is not None and _capital_start(first):
        message = "Trích yếu bắt đầu bằng chữ thường."
        yield case.found("P08", first, message, f"Viết “{first.text[:1].lower()}{first.text[1:25]}...”.")
    for line in paper.subject[:3]:
        if line.looks is not None and not line.upper and not line.key.startswith("("):
            yield from size_fault(case, "P08", line, "co_trich_yeu", "Trích yếu")
            if not line.bold:
                yield case.found("P08", line, "Trích yếu chưa in đậm.", "In đậm trích yếu.")
                break
    yield from _dashes(case)


def _capital_start(line: Line) -> bool:
    word = line.text.split()[0].strip("“\"'(")
    if not word[:1].isupper() or (len(word) > 1 and word.isupper()):
        return False
    return not any(line.key.startswith(name) for name in names("trich_yeu", "duoc_viet_hoa"))


def _kind_looks(case: Case, rule: str) -> Iterator[Problem]:
    line = case.paper.kind_line
    if line is None:
        return
    if not line.upper:
        yield case.found(rule, line, "Tên loại chưa viết IN HOA.", f"Viết {line.text.upper()}.")
    if line.looks is not None:
        yield from size_fault(case, rule, line, "co_ten_loai", "Tên loại")
        if not line.bold:
            yield case.found(rule, line, "Tên loại chưa in đậm.", "In đậm tên loại.")
        if not line.centred:
            yield case.found(rule, line, "Tên loại chưa canh giữa.", "Canh giữa dòng này.")


def _dashes(case: Case) -> Iterator[Problem]:
    paper = case.paper
    last = paper.pointer or (paper.subject[-1] if paper.subject else paper.kind_line)
    dashes = paper.dashes
    if dashes is None:
        if not paper.has_looks and paper.pointer is None and not paper.head.known:
            return
        message = "Dưới trích yếu thiếu năm dấu gạch nối (-----)."
        yield case.found("P08", last, message, "Thêm một dòng có năm dấu gạch nối.")
    elif dashes.text != "-" * _DASHES:
        message = f"Dưới trích yếu cần đúng năm dấu gạch nối, đang là “{dashes.text}”."
        yield case.found("P08", dashes, message, "Viết “-----”.")


def letter_rule(case: Case) -> Iterator[Problem]:
    """P09: a công văn has no name of its kind, its subject in italics 12 under the number, and Kính gửi."""
    paper = case.paper
    if not paper.is_letter:
        return
    if paper.kind_line is not None:
        yield case.found("P09", paper.kind_line, "Công văn không ghi tên loại.", "Xoá dòng tên loại.")
    about = _about(case)
    if not about and paper.head.number is not None:
        yield case.found("P09", paper.head.number, "Dưới số và ký hiệu không thấy trích yếu.", "Thêm “về việc ...”.")
    elif about:
        yield from _party_about(case, about)
    if not paper.kinh:
        place = paper.body[0] if paper.body else paper.head.number
        yield case.found("P09", place, "Công văn không có “Kính gửi”.", "Thêm “Kính gửi:” trên nội dung.")
    elif not paper.kinh[0].key.startswith("kính gửi"):
        yield case.found("P09", paper.kinh[0], "Công văn dùng “Kính gửi”.", "Viết “Kính gửi:”.")
    yield from _kinh_colon(case, "P09")


def _about(case: Case) -> list[Line]:
    """The subject of a công văn: what stands under the number, but marks of urgency, secrecy or draft."""
    return [x for x in case.paper.head.under_number if not pattern("trich_yeu", "dau_chi").match(x.key)]


def _party_about(case: Case, about: Sequence[Line]) -> Iterator[Problem]:
    first = about[0]
    old = case.profile is not None and case.profile.words.get("kinh_trinh") == "Kính gửi"
    grave: Severity | None = "canh_bao" if old else None
    if first.key.startswith("v/v"):
        message = "Trích yếu công văn của Đảng bắt đầu bằng “về việc”, không viết “V/v”."
        yield case.found("P09", first, message, "Thay “V/v” bằng “về việc”.", severity=grave)
    elif first.text[:1].isupper() and first.key.startswith("về"):
        message = "Trích yếu công văn bắt đầu bằng chữ thường."
        yield case.found("P09", first, message, "Viết “về việc ...”.", severity="canh_bao")
    elif not old and not first.key.startswith("về "):
        message = "Trích yếu công văn bắt đầu bằng “về việc”."
        yield case.found("P09", first, message, "Viết “về việc ...”.", severity="canh_bao")
    for line in about:
        if line.looks is None:
            continue
        yield from size_fault(case, "P09", line, "co_trich_yeu_cong_van", "Trích yếu công văn", grave=True)
        if not line.italic:
            yield case.found("P09", line, "Trích yếu công văn chưa in nghiêng.", "In nghiêng trích yếu.")
            break


def _kinh_colon(case: Case, rule: str) -> Iterator[Problem]:
    if case.paper.kinh and not re.match(r"^kính (gửi|trình|mời)\s?:", case.paper.kinh[0].key):
        line = case.paper.kinh[0]
        message = "Sau “Kính gửi”, “Kính trình” cần dấu hai chấm."
        yield case.found(rule, line, message, "Thêm dấu hai chấm.")


def submission_rule(case: Case) -> Iterator[Problem]:
    """P10: a tờ trình says Kính trình, in italics; before HD 05 it said Kính gửi, which is not judged."""
    paper, right = case.paper, case.word("kinh_trinh", "Kính trình")
    if paper.kind != "tờ trình" or key(right) == "kính gửi":
        return
    if not paper.kinh:
        place = paper.subject[-1] if paper.subject else paper.kind_line
        yield case.found("P10", place, f"Tờ trình không có “{right}”.", f"Thêm “{right}:” dưới trích yếu.")
        return
    line = paper.kinh[0]
    if not line.key.startswith(key(right)):
        word = " ".join(line.text.split()[:2]).rstrip(":")
        yield case.found("P10", line, f"Tờ trình dùng “{right}”, không dùng “{word}”.", f"Viết “{right}:”.")
    looks = line.part_looks(0, len(right) + len(line.raw) - len(line.raw.lstrip()))
    if looks is not None and not looks.italic:
        limit = case.limit("co_kinh_trinh")
        message = f"Chữ “{right}” chưa in nghiêng."
        yield case.found("P10", line, message, "In nghiêng hai chữ này.", confirmed=bool(limit and limit.confirmed))
    yield from _kinh_colon(case, "P10")


# --- bases -----------------------------------------------------------------------------------------------------------


def bases_rule(case: Case) -> Iterator[Problem]:
    """P13, S07: each basis with the marks of the regime; upright for the Party, italic for the State."""
    paper = case.paper
    if not paper.bases:
        return
    rule = "P13" if case.party else "S07"
    lead, between, last = (case.word(f"can_cu_{x}") for x in ("dau", "ngan", "cuoi"))
    items = [(item[0], item[-1]) for item in paper.base_items]
    for lines, mark, what in (
        ([end for _, end in items[:-1]], between, "Mỗi căn cứ"),
        ([] if paper.bases_open else [items[-1][1]], last, "Căn cứ cuối cùng"),
    ):
        wrong = [x for x in lines if not x.text.endswith(mark) or x.text.endswith("./.")]
        if wrong:
            message = f"{what} kết thúc bằng dấu “{mark}”{others(wrong)}."
            yield case.found(rule, wrong[0], message, f"Sửa dấu cuối thành “{mark}”.")
    firsts = [first for first, _ in items]
    yield from _lead(case, rule, firsts, lead)
    yield from _slant(case, rule, firsts)


def _lead(case: Case, rule: str, lines: Sequence[Line], lead: str) -> Iterator[Problem]:
    if lead.strip():
        bare = [x for x in lines if not re.match(r"^[-–]\s?\S", x.text)]
        if bare:
            message = f"Trước mỗi căn cứ cần một dấu gạch ngang (-){others(bare)}."
            yield case.found(rule, bare[0], message, "Thêm “- ” ở đầu.")
    elif not case.party:
        dashed = [x for x in lines if re.match(r"^[-–•+*]", x.text)]
        if dashed:
            message = f"Trước căn cứ không có dấu gạch đầu dòng{others(dashed)}."
            yield case.found(rule, dashed[0], message, "Xoá dấu ở đầu.")


def _slant(case: Case, rule: str, lines: Sequence[Line]) -> Iterator[Problem]:
    looked = [x for x in lines if x.looks is not None]
    italic, upright = [x for x in looked if x.italic], [x for x in looked if not x.italic]
    if case.party and italic:
        message = f"Căn cứ trong văn bản của Đảng in chữ đứng{others(italic)}."
        yield case.found(rule, italic[0], message, "Bỏ in nghiêng.", severity="canh_bao")
    if not case.party and upright:
        message = f"Căn cứ trong văn bản nhà nước in nghiêng{others(upright)}."
        yield case.found(rule, upright[0], message, "In nghiêng căn cứ.")


def in_force_rule(case: Case) -> Iterator[Problem]:
    """S16: each basis in force on the day of the paper; what is cited elsewhere is history and not judged."""
    for line in case.paper.bases:
        for basis in bases():
            if not re.search(basis.pattern, line.key):
                continue
            if basis.until is not None and case.day > basis.until:
                instead = f" Thay bằng {basis.instead}." if basis.instead else ""
                message = f"{basis.name} đã hết hiệu lực từ sau ngày {basis.until:%d/%m/%Y}."
                yield case.found("S16", line, message, instead.strip())
            elif case.day < basis.since:
                message = f"{basis.name} có hiệu lực từ ngày {basis.since:%d/%m/%Y}, sau ngày của văn bản."
                yield case.found("S16", line, message, "Xem lại căn cứ.")


# --- the State's own -------------------------------------------------------------------------------------------------


def state_subject_rule(case: Case) -> Iterator[Problem]:
    """S06: kind and subject bold, `Về` with a capital; a công văn `V/v` under the number."""
    paper = case.paper
    if paper.is_letter:
        yield from _state_about(case)
        return
    if paper.kind_line is None:
        if paper.head.number is not None and not paper.form:
            yield case.found("S06", paper.head.number, "Không thấy tên loại văn bản.", "Thêm tên loại IN HOA, ở giữa.")
        return
    if not paper.kind and paper.head.number is not None:
        message = f"“{paper.kind_line.text}” không có trong danh mục tên loại văn bản hành chính."
        yield case.found("S06", paper.kind_line, message, "Xem lại tên loại.")
    yield from _kind_looks(case, "S06")
    first = paper.subject[0] if paper.subject else None
    if first is None and not paper.form and paper.has_looks and paper.kind not in names("trich_yeu", "co_the_khong"):
        yield case.found("S06", paper.kind_line, "Dưới tên loại không thấy trích yếu.", "Thêm trích yếu.")
    if first is not None and first.text[:1].islower():
        yield case.found("S06", first, "Trích yếu viết hoa chữ đầu.", "Viết “Về việc ...”.")
    for line in paper.subject[:3]:
        if line.looks is not None and not line.key.startswith("("):
            yield from size_fault(case, "S06", line, "co_trich_yeu", "Trích yếu")
            if not line.bold:
                yield case.found("S06", line, "Trích yếu chưa in đậm.", "In đậm trích yếu.")
                break
    if paper.dashes is not None and re.search("[-–]", paper.dashes.text):
        message = "Dưới trích yếu là đường kẻ liền, không phải dấu gạch nối."
        yield case.found("S06", paper.dashes, message, "Thay bằng đường kẻ dài 1/3 đến 1/2 dòng chữ.")


def _state_about(case: Case) -> Iterator[Problem]:
    about = _about(case)
    if not about:
        if case.paper.head.number is not None:
            line = case.paper.head.number
            yield case.found("S06", line, "Dưới số và ký hiệu không thấy trích yếu công văn.", "Thêm “V/v ...”.")
        return
    first = about[0]
    if not first.text.startswith("V/v"):
        yield case.found("S06", first, "Trích yếu công văn bắt đầu bằng “V/v”.", "Viết “V/v ...”.")
    if first.looks is not None:
        yield from size_fault(case, "S06", first, "co_trich_yeu_cong_van", "Trích yếu công văn")
        yield from _room_above(case, first)
        if first.italic or first.bold:
            message = f"Trích yếu công văn in {'nghiêng' if first.italic else 'đậm'}; cần chữ đứng, không đậm."
            yield case.found("S06", first, message, "Bỏ in nghiêng, in đậm.")


def _room_above(case: Case, line: Line) -> Iterator[Problem]:
    """The subject of a công văn stands 6 pt below the number; an empty line between them is room too."""
    limit, number = case.limit("cach_doan"), case.paper.head.number
    lines = case.paper.lines
    before = lines[lines.index(line) - 1]
    if limit is None or before is not number or number is None or line.stand is None or number.stand is None:
        return
    room = (number.stand.after + line.stand.before) / 20
    if not line.opens or not limit.holds(room):
        message = f"Trích yếu công văn cách số và ký hiệu {figure(room if line.opens else 0)} pt; cần {wanted(limit)}."
        yield case.found("S06", line, message, "Đặt khoảng cách trước đoạn này (Spacing Before).")


def addressee_rule(case: Case) -> Iterator[Problem]:
    """S11: Kính gửi only for tờ trình, báo cáo and công văn; the marks of its list."""
    paper = case.paper
    if not paper.kinh:
        if paper.is_letter:
            place = paper.body[0] if paper.body else paper.head.number
            yield case.found("S11", place, "Công văn không có “Kính gửi”.", "Thêm “Kính gửi:” trên nội dung.")
        return
    line = paper.kinh[0]
    if paper.kind and paper.kind not in names("kinh_gui", "loai") and line.key.startswith("kính gửi"):
        message = f"Kính gửi chỉ dùng trong công văn, tờ trình, báo cáo; {paper.kind} không có."
        yield case.found("S11", line, message, "Xoá phần Kính gửi.")
    if line.key.startswith("kính trình"):
        yield case.found("S11", line, "Văn bản nhà nước dùng “Kính gửi”.", "Viết “Kính gửi:”.")
    yield from _kinh_colon(case, "S11")
    yield from _list_marks(case, [x for x in paper.kinh[1:] if x.text.startswith("-")])
    looks = line.part_looks(0, 9)
    if looks is not None and looks.italic:
        yield case.found("S11", line, "Chữ “Kính gửi” in đứng.", "Bỏ in nghiêng.", severity="canh_bao")


def _list_marks(case: Case, items: Sequence[Line]) -> Iterator[Problem]:
    for at, item in enumerate(items):
        mark = "." if at == len(items) - 1 else ";"
        if not item.text.endswith(mark):
            yield case.found("S11", item, f"Dòng nơi nhận này kết thúc bằng dấu “{mark}”.", f"Sửa thành “{mark}”.")


def decision_rule(case: Case) -> Iterator[Problem]:
    """S13: a quyết định names its authority, then `QUYẾT ĐỊNH:`, then Điều 1."""
    paper = case.paper
    if paper.kind != "quyết định":
        return
    place = paper.kind_line
    if paper.decides is None:
        message = "Quyết định thiếu dòng “QUYẾT ĐỊNH:” sau phần căn cứ."
        yield case.found("S13", place, message, "Thêm dòng này ở giữa, in đậm.")
    elif paper.decides.text != case.word("quyet_dinh", "QUYẾT ĐỊNH:"):
        yield case.found("S13", paper.decides, "Dòng này viết “QUYẾT ĐỊNH:”, có dấu hai chấm.", "Sửa dòng này.")
    first = paper.bases[0] if paper.bases else paper.decides
    if first is not None:
        before = paper.body[: next((n for n, x in enumerate(paper.body) if x is first), 0)]
        candidates = [*before, *paper.subject, *([paper.after_subject] if paper.after_subject else [])]
        if not any(x.upper and len(x.text) > 6 and x is not first for x in candidates):
            message = "Quyết định thiếu dòng thẩm quyền ban hành (chức vụ hoặc tên cơ quan, IN HOA) trước căn cứ."
            yield case.found("S13", first, message, "Thêm dòng thẩm quyền ban hành.")
    if not any(re.match(r"^điều 1\b", x.key) for x in paper.body):
        yield case.found("S13", paper.decides or place, "Quyết định không có Điều 1.", "Trình bày nội dung theo Điều.")
