"""Rules of the foot: who signs and how (P14, S10), the recipients (P15, S12); numbers taken before (P19, S04)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from dvk_docs.errors import Problem
from dvk_docs.viet.ngay import ngay_so

from .findings import Case, Issued, others, size_fault
from .foot import FORMULA, Signature
from .lines import Line
from .words import entry, key, names, pattern

_RIGHT_PARTY = re.compile(r"^(T/M|K/T|T/L) [^\W\d_]|^Q\. [^\W\d_]")
_RIGHT_STATE = re.compile(r"^(TM|KT|TL|TUQ|Q)\. [^\W\d_]")
_ASKS = re.compile(r"^(t/m|t\.m|tm|k/t|kt|t/l|tl|tuq|t/uq|uq|q\.|q/)", re.IGNORECASE)


def signature_rule(case: Case) -> Iterator[Problem]:
    """P14, S10: the formula exact, the looks of its lines, no title of a person before the name."""
    rule = "P14" if case.party else "S10"
    signatures = case.paper.foot.signatures
    if not signatures:
        if any(x.drawn for x in case.paper.lines[-25:]) and not case.paper.foot.label:
            case.cannot(rule, "khối ký có thể nằm trong khung chữ hoặc hình, không đọc được")
        elif not case.paper.form and (case.paper.head.known or case.paper.has_looks):
            place = case.paper.body[-1] if case.paper.body else None
            where = "" if place else "cuối văn bản"
            yield case.found(
                rule, place, "Không thấy khối ký (quyền hạn, chức vụ, họ tên).", "Thêm khối ký.", where=where
            )
        return
    for block in signatures:
        yield from _formula(case, rule, block)
        yield from _looks(case, rule, block)
        yield from _name(case, rule, block)


def _formula(case: Case, rule: str, block: Signature) -> Iterator[Problem]:
    right = _RIGHT_PARTY if case.party else _RIGHT_STATE
    shown = "T/M, K/T, T/L hoặc Q." if case.party else "TM., KT., TL., TUQ. hoặc Q."
    for line in block.lines:
        text = line.text
        if re.match(r"^(tuq|t/uq|uq)\b", line.key) and case.party:
            yield case.found(rule, line, "Văn bản của Đảng không có TUQ; uỷ quyền ghi T/L.", "Sửa quyền hạn ký.")
        elif FORMULA.match(line.key) and not right.match(text) and _ASKS.match(line.key):
            yield case.found(rule, line, f"Quyền hạn ký viết chưa đúng; cần {shown}.", "Sửa dấu trong quyền hạn ký.")
        elif re.match(r"^(thay mặt|ký thay|quyền) ", line.key):
            yield case.found(rule, line, f"Quyền hạn ký viết tắt: {shown}.", "Viết tắt quyền hạn ký.")
        yield from _names_body(case, rule, line, block)
    if case.party:
        yield from _collective(case, rule, block)


def _names_body(case: Case, rule: str, line: Line, block: Signature) -> Iterator[Problem]:
    """A title with the name of the body in it; joint papers name the body on purpose."""
    text = line.key
    if FORMULA.match(text) or len(case.paper.foot.signatures) > 1:
        return
    for title in sorted(names("ky", "khong_kem_co_quan"), key=len, reverse=True):
        if text.startswith(f"{title} "):
            rest = text[len(title) + 1 :]
            if pattern("ky", "ten_co_quan").match(rest) and not _is_title(text):
                message = f"Chức vụ không ghi kèm tên cơ quan (“{line.text}”)."
                yield case.found(rule, line, message, f"Chỉ ghi {title.upper()}.")
            return


def _is_title(text: str) -> bool:
    return text in names("ky", "khong_kem_co_quan")


def _collective(case: Case, rule: str, block: Signature) -> Iterator[Problem]:
    """A committee is signed for with T/M by its deputy too: never K/T."""
    first = block.lines[0] if block.lines else None
    if first is None:
        return
    bodies = r"(đảng uỷ|ban thường vụ|ban chấp hành|chi bộ|chi uỷ|tỉnh uỷ|thành uỷ|bí thư|uỷ ban kiểm tra)"
    if re.match(rf"^k/t {bodies}\b", first.key):
        message = "Tập thể cấp uỷ không dùng K/T; cấp phó ký T/M tập thể."
        yield case.found(rule, first, message, "Viết T/M và tên tập thể.")
    elif any(re.match(rf"^k/t {bodies}\b", x.key) for x in block.lines[1:]):
        line = next(x for x in block.lines[1:] if x.key.startswith("k/t"))
        yield case.found(rule, line, "Tập thể cấp uỷ không dùng K/T dưới T/M.", "Xoá dòng K/T.")


def _looks(case: Case, rule: str, block: Signature) -> Iterator[Problem]:
    if any(line.looks is None for line in block.lines):
        return
    logical = _logical(block)
    begin = next((n for n, x in enumerate(logical) if FORMULA.match(x.key)), 0)
    for at, line in enumerate(logical[begin:]):
        first = at == 0
        name = "co_quyen_han" if first else "co_chuc_vu_ky"
        what = "Quyền hạn ký" if first and FORMULA.match(line.key) else "Chức vụ người ký"
        yield from size_fault(case, rule, line, name, what)
        if line.italic:
            yield case.found(rule, line, f"{what} in nghiêng; cần chữ đứng.", "Bỏ in nghiêng.")
        wants_bold = first or not case.party
        if _kiem(block):
            continue
        if wants_bold and not line.bold:
            yield case.found(rule, line, f"{what} chưa in đậm.", "In đậm dòng này.")
        if not wants_bold and line.bold:
            yield case.found(rule, line, "Chức vụ ở dòng thứ hai in đậm; cần chữ không đậm.", "Bỏ in đậm.")


def _logical(block: Signature) -> list[Line]:
    """The lines of a block, those that run over left out: they look like the line before."""
    out: list[Line] = []
    for line in block.lines:
        new = FORMULA.match(line.key) or pattern("ky", "chuc_vu").match(line.key) or not out
        if new:
            out.append(line)
    return out


def _kiem(block: Signature) -> bool:
    """BÍ THƯ / kiêm / TRƯỞNG BAN CHỈ ĐẠO: its third line is bold."""
    return any(line.key.startswith("kiêm") for line in block.lines)


def _name(case: Case, rule: str, block: Signature) -> Iterator[Problem]:
    line = block.name
    if line is None:
        return
    found = pattern("ky", "truoc_ten").match(line.key)
    sector = not case.party and re.search(
        entry("ky", "nganh_duoc_ghi"), f"{case.paper.head.issuer} {case.paper.head.above}"
    )
    if found and not sector and len(line.key[found.end() :].split()) >= 2:
        title = line.text[: found.end()].strip()
        message = f"Trước họ tên người ký không ghi học hàm, học vị, quân hàm, danh xưng (“{title}”)."
        yield case.found(rule, line, message, "Chỉ ghi họ và tên.")
    if line.looks is not None:
        yield from size_fault(case, rule, line, "co_ho_ten_ky", "Họ tên người ký")
        if not line.bold:
            yield case.found(rule, line, "Họ tên người ký chưa in đậm.", "In đậm họ tên.")


# --- recipients ------------------------------------------------------------------------------------------------------


def recipients_rule(case: Case) -> Iterator[Problem]:
    """P15, S12: the label, its list, `Như trên` where there are addressees, Lưu at the end."""
    rule = "P15" if case.party else "S12"
    foot, paper = case.paper.foot, case.paper
    if foot.label is None:
        if not paper.form and paper.kind not in ("biên bản",) and foot.signatures and paper.head.known:
            place = foot.signatures[0].lines[0] if foot.signatures[0].lines else None
            yield case.found(rule, place, "Không thấy “Nơi nhận”.", "Thêm nơi nhận ở góc trái, dưới nội dung.")
        return
    yield from _label(case, rule, foot.label)
    items = _items(foot.items)
    if not items:
        yield case.found(rule, foot.label, "Nơi nhận chưa có dòng nào.", "Thêm nơi nhận.")
        return
    yield from _marks(case, rule, items)
    yield from _as_above(case, rule, items)
    yield from _kept(case, rule, items)


def _label(case: Case, rule: str, line: Line) -> Iterator[Problem]:
    if not re.match(r"^nơi nhận\s?:", line.key):
        yield case.found(rule, line, "Sau “Nơi nhận” cần dấu hai chấm.", "Viết “Nơi nhận:”.")
    looks = line.part_looks(len(line.raw) - len(line.raw.lstrip()), len(line.raw.rstrip(" :")))
    if looks is None:
        return
    yield from size_fault(case, rule, line, "co_noi_nhan_nhan", "Chữ “Nơi nhận”", grave=True)
    if case.party:
        if looks.bold or looks.italic:
            message = f"Chữ “Nơi nhận” in {'đậm' if looks.bold else 'nghiêng'}; văn bản của Đảng in đứng, không đậm."
            yield case.found(rule, line, message, "Bỏ in đậm, in nghiêng.")
        if not looks.underline and not line.ruled and not line.drawn:
            yield case.found(rule, line, "Chữ “Nơi nhận” chưa gạch chân.", "Gạch chân hai chữ này.")
    elif not (looks.bold and looks.italic):
        yield case.found(rule, line, "Chữ “Nơi nhận” cần in nghiêng, đậm.", "In nghiêng, đậm dòng này.")


def _items(lines: Sequence[Line]) -> list[list[Line]]:
    """Each recipient as its lines: one that runs over has several."""
    out: list[list[Line]] = []
    for line in lines:
        starts = bool(re.match(r"^[-–+•*]", line.text))
        if starts or not out or (line.opens and line.stand is not None and _said(out[-1]).endswith((";", ".", ","))):
            out.append([line])
        else:
            out[-1].append(line)
    return out


def _said(item: Sequence[Line]) -> str:
    return " ".join(line.text for line in item)


def _marks(case: Case, rule: str, items: Sequence[Sequence[Line]]) -> Iterator[Problem]:
    between = case.word("noi_nhan_ngan", ";")
    open_: list[Line] = []
    ends: list[Line] = []
    for at, item in enumerate(items):
        last = at == len(items) - 1
        mark = "." if last else between
        if not re.match(r"^[-–]\s?\S", item[0].text):
            yield case.found(rule, item[0], "Mỗi nơi nhận bắt đầu bằng dấu gạch ngang (-).", "Thêm “- ” ở đầu.")
        if last and re.match(r"^[a-zđ]{2,8}[.-]?\s?\(?\d+\)?$", _said(item).lower()):
            continue  # the sign of who drafted it
        if not _said(item).endswith(mark):
            (ends if last else open_).append(item[-1])
    for lines, mark, what in ((open_, between, "Mỗi dòng nơi nhận"), (ends, ".", "Dòng nơi nhận cuối")):
        if lines:
            message = f"{what} kết thúc bằng dấu “{mark}”{others(lines)}."
            yield case.found(rule, lines[0], message, f"Sửa dấu cuối thành “{mark}”.")
    wrong = next((item[0] for item in items if size_fault(case, rule, item[0], "co_noi_nhan", "Nơi nhận")), None)
    yield from size_fault(case, rule, wrong, "co_noi_nhan", "Danh sách nơi nhận")


def _bare(item: Sequence[Line]) -> str:
    return re.sub(r"^[-–+•*]\s*", "", key(_said(item)))


def _as_above(case: Case, rule: str, items: Sequence[Sequence[Line]]) -> Iterator[Problem]:
    asks = case.paper.kind in ("công văn", "tờ trình")
    has = [item for item in items if _bare(item).startswith("như trên")]
    if asks and not has:
        message = f"Nơi nhận của {case.paper.kind} có dòng đầu “- Như trên”."
        yield case.found(rule, items[0][0], message, "Thêm “- Như trên;” ở dòng đầu.")
    elif asks and has[0] is not items[0]:
        yield case.found(rule, has[0][0], "“Như trên” đứng ở dòng đầu của nơi nhận.", "Chuyển lên dòng đầu.")
    elif has and not case.paper.kinh and not asks:
        message = "“Như trên” chỉ dùng khi có Kính gửi, Kính trình."
        yield case.found(rule, has[0][0], message, "Ghi rõ nơi nhận.")


def _kept(case: Case, rule: str, items: Sequence[Sequence[Line]]) -> Iterator[Problem]:
    kept = [item for item in items if _bare(item).startswith("lưu")]
    if not kept:
        yield case.found(rule, items[-1][0], "Nơi nhận thiếu dòng Lưu ở cuối.", _kept_hint(case))
        return
    line = kept[-1][0]
    if kept[-1] is not items[-1] and not re.match(r"^[a-zđ]{2,10}\W", _bare(items[-1])):
        yield case.found(rule, line, "Dòng Lưu đứng cuối nơi nhận.", "Chuyển dòng Lưu xuống cuối.")
    if case.party and re.match(r"^lưu\s*:", _bare(kept[-1])):
        yield case.found(rule, line, "Sau chữ “Lưu” không có dấu hai chấm.", _kept_hint(case))
    elif case.party and re.match(r"^lưu,? vt\b", _bare(kept[-1])):
        yield case.found(rule, line, "Văn bản của Đảng ghi lưu tại văn phòng, không ghi “VT”.", _kept_hint(case))
    elif case.paper.system == "nha_nuoc" and not re.match(r"^lưu\s?: ?vt\b", _bare(kept[-1])):
        yield case.found(rule, line, "Dòng cuối của nơi nhận ghi “- Lưu: VT, ...”.", _kept_hint(case))


def _kept_hint(case: Case) -> str:
    return "Viết “- Lưu Văn phòng Đảng uỷ.”." if case.party else "Viết “- Lưu: VT, <đơn vị soạn>.”."


# --- numbers taken before --------------------------------------------------------------------------------------------


def register_rule(case: Case) -> Iterator[Problem]:
    """P19 (and S04 where it asks for one number a year): the number is free, and later than those of earlier days."""
    rule = "P19" if case.party else "S04"
    line = case.paper.head.number
    if line is None:
        return
    if case.issued is None:
        case.cannot(rule, "số trùng và thứ tự số, vì cần sổ đăng ký văn bản đi")
        return
    day = case.paper.day
    own = _parts(line.text)
    if own is None or day is None:
        return
    for other in _same_series(case, own, day):
        parts = _parts(other.number)
        if parts is None or other.day == day:
            continue
        if parts[0] == own[0]:
            message = f"Số {other.number} đã cấp ngày {ngay_so(other.day)}."
            yield case.found(rule, line, message, "Lấy số tiếp theo trong sổ.")
        elif (parts[0] < own[0]) != (other.day < day):
            message = f"Số không theo thứ tự ngày: {other.number} đã cấp ngày {ngay_so(other.day)}."
            yield case.found(rule, line, message, "Xem lại số hoặc ngày.", severity=None if case.party else "canh_bao")


def _same_series(case: Case, own: tuple[int, str], day: date) -> list[Issued]:
    """The numbers counted with this one: of its kind, its body, and the term or year in which it falls."""
    issuer = case.paper.head.issuer
    found = [
        other
        for other in case.issued or ()
        if (parts := _parts(other.number)) is not None
        and parts[1] == own[1]
        and (not other.kind or key(other.kind) == case.paper.kind)
        and (not other.office or not issuer or key(other.office).startswith(issuer))
        and (case.party or other.day.year == day.year)
    ]
    before = [other for other in found if other.day <= day]
    nearest = max(before, key=lambda x: x.day) if before else min(found, key=lambda x: x.day, default=None)
    period = nearest.period if nearest else ""
    return [other for other in found if other.period == period]


_ANY_NUMBER = re.compile(r"^(?:Số\s*:?\s*)?0*(\d{1,6})\s*([-/].+)$")


def _parts(number: str) -> tuple[int, str] | None:
    """The number, and what stands after it."""
    found = _ANY_NUMBER.match(number.strip())
    return (int(found[1]), found[2].replace(" ", "")) if found else None
