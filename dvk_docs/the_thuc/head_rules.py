"""Rules of the head: title or Quốc hiệu (P03, S02), issuer (P04, S03), number (P05, S04), place and day (P06, S05)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from dvk_docs.errors import Problem

from .elements import DATE, NATION, Head
from .findings import Case, others, size_fault
from .lines import Line
from .words import body_of, entry, key, kinds, names, pattern, symbols_of

_UPPER = "A-ZĐĂÂÊÔƠƯ"
_BLANK = r"[\s.…_]*"
_PARTY = re.compile(
    rf"Số(?: (?P<so>\d+)|{_BLANK})\s?-(?P<loai>[{_UPPER}]+[a-z]?(?:NS)?)/(?P<cq>[{_UPPER}]+(?:-[{_UPPER}]+)*)"
)
_STATE = re.compile(
    rf"Số:(?: ?(?P<so>\d+)|{_BLANK})\s?/(?:(?P<nam>20\d\d)/)?(?P<loai>[{_UPPER}a-zđ]+)(?P<cq>(?:-[{_UPPER}&]+)+)"
)


def title_rule(case: Case) -> Iterator[Problem]:
    """P03: the title of the Party, 15 bold, a line under it; no Quốc hiệu, no Tiêu ngữ."""
    head = case.paper.head
    if head.title is None:
        if _unseen(case, "P03 P04 P05 P06"):
            return
        place = head.lines[0] if head.lines else None
        where = "" if place else "đầu văn bản"
        message = "Thiếu tiêu đề “ĐẢNG CỘNG SẢN VIỆT NAM” ở góc phải dòng đầu."
        yield case.found("P03", place, message, "Thêm tiêu đề.", where=where)
    else:
        yield from _title_looks(case, head.title)
    for line in (head.nation, head.motto):
        if line is not None:
            yield case.found("P03", line, "Văn bản của Đảng không có Quốc hiệu, Tiêu ngữ.", "Xoá dòng này.")


def _unseen(case: Case, ids: str) -> bool:
    """Whether the head may be there and not be seen: a bare text cut from its head, or a head in text boxes."""
    if case.paper.head.known or case.paper.head.issuers:
        return False
    if not case.paper.has_looks:
        case.cannot(ids, "tệp không có phần đầu văn bản")
        return True
    if any(line.drawn for line in case.paper.lines[:15]):
        case.cannot(ids, "phần đầu văn bản nằm trong khung chữ hoặc hình, không đọc được")
        return True
    return False


def _title_looks(case: Case, line: Line) -> Iterator[Problem]:
    if not line.upper:
        yield case.found("P03", line, "Tiêu đề chưa viết IN HOA.", "Viết “ĐẢNG CỘNG SẢN VIỆT NAM”.")
    looks = line.looks
    if looks is None:
        return
    yield from size_fault(case, "P03", line, "co_tieu_de_dang", "Tiêu đề", grave=True)
    if not looks.bold:
        yield case.found("P03", line, "Tiêu đề chưa in đậm.", "In đậm tiêu đề.")
    if looks.italic:
        yield case.found("P03", line, "Tiêu đề in nghiêng; cần chữ đứng.", "Bỏ in nghiêng.")
    if not underlined(case, line):
        message = "Dưới tiêu đề chưa có đường kẻ ngang dài bằng tiêu đề."
        yield case.found("P03", line, message, "Kẻ đường liền nét dưới tiêu đề.")


def underlined(case: Case, line: Line) -> bool:
    """A line under it: underlined letters, a border, a shape near by, or typed underscores."""
    if any(s.look.underline and s.words.strip() for s in line.spans) or line.ruled or line.drawn:
        return True
    lines = case.paper.lines
    at = next(n for n, x in enumerate(lines) if x is line)
    for other in lines[at + 1 : at + 4]:
        if other.column != line.column and other.table == line.table and other.text:
            break
        if other.drawn or other.ruled or re.fullmatch(r"[_—–\s]{3,}", other.text or ""):
            return True
        if other.text:
            break
    return any(x.drawn for x in case.paper.head.lines) or any(x.drawn for x in lines[: at + 12] if not x.text)


def nation_rule(case: Case) -> Iterator[Problem]:
    """S02: Quốc hiệu and Tiêu ngữ, sizes, bold, a full line; no title of the Party."""
    head = case.paper.head
    if head.title is not None:
        yield case.found("S02", head.title, "Văn bản hành chính nhà nước không có tiêu đề của Đảng.", "Xoá dòng này.")
    if head.nation is None and head.motto is None:
        if _unseen(case, "S02 S03 S04 S05"):
            return
        place = head.lines[0] if head.lines else None
        where = "" if place else "đầu văn bản"
        yield case.found("S02", place, "Thiếu Quốc hiệu và Tiêu ngữ.", "Thêm hai dòng ở góc phải.", where=where)
        return
    yield from _nation(case, head)
    yield from _motto(case, head)


def _nation(case: Case, head: Head) -> Iterator[Problem]:
    line = head.nation
    if line is None:
        yield case.found("S02", head.motto, "Thiếu Quốc hiệu trên Tiêu ngữ.", "Thêm Quốc hiệu.")
        return
    if line.key != NATION or not line.upper:
        yield case.found("S02", line, "Quốc hiệu chưa đúng “CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM”.", "Viết IN HOA.")
    if line.looks is not None:
        yield from size_fault(case, "S02", line, "co_quoc_hieu", "Quốc hiệu", grave=True)
        if not line.bold:
            yield case.found("S02", line, "Quốc hiệu chưa in đậm.", "In đậm dòng này.")


def _motto(case: Case, head: Head) -> Iterator[Problem]:
    line = head.motto
    if line is None:
        yield case.found("S02", head.nation, "Thiếu Tiêu ngữ dưới Quốc hiệu.", "Thêm “Độc lập - Tự do - Hạnh phúc”.")
        return
    if not re.fullmatch(r"Độc lập [-–] Tự do [-–] Hạnh phúc", line.text):
        message = "Tiêu ngữ chưa đúng chữ, dấu gạch nối hoặc cách chữ."
        yield case.found("S02", line, message, "Viết “Độc lập - Tự do - Hạnh phúc”.")
    if line.looks is not None:
        yield from size_fault(case, "S02", line, "co_tieu_ngu", "Tiêu ngữ", grave=True)
        if not line.bold:
            yield case.found("S02", line, "Tiêu ngữ chưa in đậm.", "In đậm dòng này.")
        if not underlined(case, line):
            message = "Dưới Tiêu ngữ chưa có đường kẻ ngang dài bằng dòng chữ."
            yield case.found("S02", line, message, "Kẻ đường liền nét dưới Tiêu ngữ.")


# --- issuer ----------------------------------------------------------------------------------------------------------


def issuer_rule(case: Case) -> Iterator[Problem]:
    """P04: the lines of the issuer and the star."""
    head = case.paper.head
    if not head.known:
        return
    if not head.issuers:
        yield case.found("P04", head.number or head.title, "Không thấy tên cơ quan ban hành ở góc trái.", "Thêm tên.")
        return
    yield from _issuer_words(case, head)
    yield from _issuer_looks(case, "P04", head)
    if not case.paper.form and head.number is not None:
        yield from _star(case, head)


def _issuer_words(case: Case, head: Head) -> Iterator[Problem]:
    above, own = head.split_issuers()
    body = body_of(head.issuer, head.above, "dang")
    for line in head.issuers:
        if not line.upper:
            yield case.found("P04", line, "Tên cơ quan chưa viết IN HOA.", "Viết IN HOA.")
    if body is None:
        return
    if body.wrong:
        yield case.found("P04", own[0], f"Tên cơ quan chưa đúng: {body.wrong}.", "Sửa tên cơ quan ban hành.")
    elif body.above and not re.search(body.above, head.above) and not case.paper.form:
        wrong = above[0] if above else own[0]
        message = "Dòng trên tên cơ quan ban hành cần là tên đảng bộ cấp trên trực tiếp (ĐẢNG BỘ ...)."
        yield case.found("P04", wrong, message, "Thêm hoặc sửa dòng cơ quan cấp trên.")
    elif body.above == "" and above:
        yield case.found("P04", above[0], "Cơ quan này không ghi cơ quan cấp trên.", "Xoá dòng cơ quan cấp trên.")


def _issuer_looks(case: Case, rule: str, head: Head) -> Iterator[Problem]:
    if any(line.looks is None for line in head.issuers):
        return
    above, own = _by_words(case, head)
    for line in above:
        yield from size_fault(case, rule, line, "co_co_quan_cap_tren", "Tên cơ quan cấp trên")
    for line in own:
        yield from size_fault(case, rule, line, "co_co_quan_ban_hanh", "Tên cơ quan ban hành")
    thick, thin = [line for line in above if line.bold], [line for line in own if not line.bold]
    if thick:
        message = f"Tên cơ quan cấp trên in đậm; cần chữ không đậm{others(thick)}."
        yield case.found(rule, thick[0], message, "Bỏ in đậm.")
    if thin:
        yield case.found(rule, thin[0], f"Tên cơ quan ban hành chưa in đậm{others(thin)}.", "In đậm tên cơ quan.")


def _by_words(case: Case, head: Head) -> tuple[Sequence[Line], Sequence[Line]]:
    """The two groups by their words where all lines look alike, else by their looks."""
    lines = head.issuers
    above, own = head.split_issuers()
    if len({line.bold for line in lines}) > 1 and above:
        return above, own
    if len(lines) < 2 or not case.party:
        return above, own
    for at in range(1, len(lines)):
        name, over = (key(" ".join(x.text for x in part)) for part in (lines[at:], lines[:at]))
        body = body_of(name, over, "dang")
        if body is not None and (body.above or body.above_is) and re.search(body.above or body.above_is, over):
            return lines[:at], lines[at:]
    return above, own


def _star(case: Case, head: Head) -> Iterator[Problem]:
    last = head.issuers[-1]
    if head.star is None:
        message = "Dưới tên cơ quan ban hành thiếu dấu sao (*) ở dòng riêng."
        yield case.found("P04", last, message, "Thêm một dòng chỉ có dấu *.")
    elif len(head.star.text) > 1:
        yield case.found("P04", head.star, "Dấu sao dưới tên cơ quan chỉ có một dấu *.", "Chỉ để một dấu *.")


def state_issuer_rule(case: Case) -> Iterator[Problem]:
    """S03: the body above not bold, the issuer bold, a line of a third to a half under it."""
    head = case.paper.head
    if not head.known:
        return
    if not head.issuers and case.paper.form:
        case.cannot("S03", "đơn, cam kết của người dân không ghi tên cơ quan ban hành")
        return
    if not head.issuers:
        yield case.found("S03", head.number or head.nation, "Không thấy tên cơ quan ban hành ở góc trái.", "Thêm tên.")
        return
    for line in head.issuers:
        if not line.upper:
            yield case.found("S03", line, "Tên cơ quan chưa viết IN HOA.", "Viết IN HOA.")
    yield from _issuer_looks(case, "S03", head)
    if head.star is not None:
        message = "Dưới tên cơ quan nhà nước là đường kẻ, không phải dấu *."
        yield case.found("S03", head.star, message, "Thay dấu * bằng đường kẻ.")
    elif head.issuers[-1].looks is not None:
        yield from _short_line(case, head.issuers[-1])


def _short_line(case: Case, line: Line) -> Iterator[Problem]:
    if line.looks is not None and line.looks.underline:
        message = "Tên cơ quan gạch chân cả dòng; cần đường kẻ bằng 1/3 đến 1/2 dòng chữ, ở giữa phía dưới."
        yield case.found("S03", line, message, "Bỏ gạch chân, kẻ đường ngắn bên dưới.")
    elif not underlined(case, line):
        message = "Dưới tên cơ quan ban hành chưa có đường kẻ bằng 1/3 đến 1/2 dòng chữ."
        yield case.found("S03", line, message, "Kẻ đường ngắn bên dưới.")


# --- number ----------------------------------------------------------------------------------------------------------


def number_words_rule(case: Case) -> Iterator[Problem]:
    """P05: `Số 05-TTr/ĐU`; the type is that of the kind, the body that of the issuer."""
    line = case.paper.head.number
    if line is None:
        yield from _no_number(case, "P05")
        return
    found = _PARTY.fullmatch(_one_blank(line))
    if found is None:
        yield case.found("P05", line, _party_shape(line), "Viết như “Số 05-KH/ĐU”.")
        return
    yield from _padded(case, "P05", line, found["so"])
    yield from _kind_symbol(case, "P05", line, found["loai"])
    yield from _body_symbol(case, "P05", line, found["cq"])
    yield from _upright(case, "P05", line, "co_so_ky_hieu")


def _one_blank(line: Line) -> str:
    """As typed, without blanks at the ends."""
    return line.raw.replace("\u00a0", " ").strip() if "Số" in line.raw else line.text


def _party_shape(line: Line) -> str:
    text = line.text
    if re.match(r"Số\s*:", text):
        return "Sau chữ “Số” không có dấu hai chấm."
    if re.search(r"\s[-/]\s*\w|\w[-/]\s", text.removeprefix("Số")):
        return "Trong số và ký hiệu không có khoảng trắng quanh dấu “-”, “/”."
    if re.match(r"Số\s*\d*\s*/", text):
        return "Số và ký hiệu của Đảng có dấu “-” sau số, rồi “/” trước ký hiệu cơ quan."
    if not text.startswith("Số"):
        return "Chữ “Số” viết hoa chữ đầu."
    return "Số và ký hiệu không đúng dạng “Số <số>-<tên loại>/<cơ quan>”."


def _no_number(case: Case, rule: str) -> Iterator[Problem]:
    paper = case.paper
    if paper.form:
        case.cannot(rule, "biểu mẫu, danh sách hoặc giấy kèm theo: không xét số và ký hiệu")
        return
    if paper.head.known or (paper.has_looks and paper.kind and not any(x.drawn for x in paper.lines[:15])):
        place = paper.head.issuers[-1] if paper.head.issuers else paper.kind_line or paper.head.title
        where = "" if place else "đầu văn bản"
        yield case.found(rule, place, "Không thấy số và ký hiệu dưới tên cơ quan ban hành.", "Thêm số.", where=where)


def _padded(case: Case, rule: str, line: Line, number: str | None) -> Iterator[Problem]:
    if number is None:
        return
    if len(number) == 1 or (number.startswith("0") and len(number) > 2) or int(number) == 0:
        right = f"{int(number):02}"
        yield case.found(
            rule, line, f"Số “{number}” viết chưa đúng: số dưới 10 có một số 0 đứng trước.", f"Viết {right}."
        )


def _kind_symbol(case: Case, rule: str, line: Line, symbol: str) -> Iterator[Problem]:
    paper, system = case.paper, case.paper.system
    if paper.kind and paper.kind in kinds(system):
        right = symbols_of(paper.kind, system, case.day)
        special = case.limit("ky_hieu_quy_dinh") if paper.kind == "quy định" else None
        if special is not None:
            right = tuple(str(v) for v in special.values)
        if right and symbol not in right:
            message = f"Ký hiệu “{symbol}” không phải của {paper.kind}; cần {' hoặc '.join(right)}."
            yield case.found(rule, line, message, "Sửa ký hiệu tên loại.")
        return
    known = {s for found in kinds(system).values() for s in found}
    if symbol not in known:
        yield case.found(rule, line, f"Ký hiệu tên loại “{symbol}” không có trong danh mục.", "Xem lại ký hiệu.")


def _body_symbol(case: Case, rule: str, line: Line, symbol: str) -> Iterator[Problem]:
    head = case.paper.head
    body = body_of(head.issuer, head.above, "dang")
    if "-" in symbol or body is None or not body.symbols or body.wrong:
        return
    if symbol not in body.symbols:
        message = f"Ký hiệu “{symbol}” không phải của cơ quan ban hành; cần {' hoặc '.join(body.symbols)}."
        yield case.found(rule, line, message, "Sửa ký hiệu cơ quan hoặc tên cơ quan.")


def _upright(case: Case, rule: str, line: Line, limit: str) -> Iterator[Problem]:
    looks = line.looks
    if looks is None:
        return
    yield from size_fault(case, rule, line, limit, "Số và ký hiệu")
    if looks.bold or looks.italic:
        message = f"Số và ký hiệu in {'đậm' if looks.bold else 'nghiêng'}; cần chữ đứng, không đậm."
        yield case.found(rule, line, message, "Bỏ in đậm, in nghiêng.", severity="canh_bao")


def state_number_rule(case: Case) -> Iterator[Problem]:
    """S04: `Số: 15/QĐ-UBND`; công văn `Số: 12/UBND-VX`."""
    line = case.paper.head.number
    if line is None:
        yield from _no_number(case, "S04")
        return
    found = _STATE.fullmatch(_one_blank(line))
    if found is None:
        yield case.found("S04", line, _state_shape(line), "Viết như “Số: 05/TB-UBND”.")
        return
    yield from _padded(case, "S04", line, found["so"])
    symbol = found["loai"]
    if symbol in entry("ky_hieu_sai", "nha_nuoc"):
        yield case.found("S04", line, entry("ky_hieu_sai", "nha_nuoc")[symbol], "Viết như “Số: 12/UBND-VX”.")
        return
    letter = case.paper.is_letter or symbol not in {s for x in kinds("nha_nuoc").values() for s in x}
    if not letter or (case.paper.kind in kinds("nha_nuoc") and not case.paper.is_letter):
        yield from _kind_symbol(case, "S04", line, symbol)
    yield from _upright(case, "S04", line, "co_so_ky_hieu")


def _state_shape(line: Line) -> str:
    text = line.text
    if not re.match(r"Số\s?:", text):
        return "Sau chữ “Số” cần dấu hai chấm."
    if re.search(r"\s[-/]\s*\w|\w[-/]\s", text.removeprefix("Số:")):
        return "Trong số và ký hiệu không có khoảng trắng quanh dấu “/”, “-”."
    if re.match(r"Số\s?:\s*\d*\s*-", text):
        return "Số và ký hiệu có dấu “/” sau số, rồi “-” giữa các nhóm ký hiệu."
    return "Số và ký hiệu không đúng dạng “Số: <số>/<tên loại>-<cơ quan>”."


# --- place and day ---------------------------------------------------------------------------------------------------

_DAY = re.compile(r"ngày (?P<d>0[1-9]|[12]\d|3[01]) tháng (?P<m>0[12]|[3-9]|1[0-2]) năm (?P<y>20\d\d)")


def date_rule(case: Case) -> Iterator[Problem]:
    """P06, S05: the place by its name, a day that exists, padded, in italics."""
    rule = "P06" if case.party else "S05"
    line = case.paper.head.date
    if line is None:
        yield from _no_date(case, rule)
        return
    found = DATE.match(line.key)
    if found is None:
        message = "Ngày ở đầu văn bản viết bằng chữ “ngày ... tháng ... năm ...”."
        yield case.found(rule, line, message, "Viết như “<Địa danh>, ngày 05 tháng 9 năm 2026”.")
        return
    yield from _day_faults(case, rule, line, found)
    if not re.search(r"\S, ngày", line.text):
        yield case.found(rule, line, "Giữa địa danh và ngày cần dấu phẩy.", "Viết “<Địa danh>, ngày ...”.")
    yield from _place_faults(case, rule, line, found["place"])
    looks = line.looks
    if looks is not None:
        if not looks.italic:
            yield case.found(rule, line, "Địa danh và ngày chưa in nghiêng.", "In nghiêng dòng này.")
        if looks.bold:
            yield case.found(rule, line, "Địa danh và ngày in đậm.", "Bỏ in đậm.", severity="canh_bao")
        yield from size_fault(case, rule, line, "co_dia_danh_ngay", "Địa danh và ngày")


def _no_date(case: Case, rule: str) -> Iterator[Problem]:
    paper = case.paper
    if paper.form or paper.kind == "biên bản":
        case.cannot(rule, "loại giấy này có thể không ghi địa danh, ngày ở đầu")
    elif paper.head.known:
        place = paper.head.title or paper.head.motto or paper.head.nation or paper.head.number
        yield case.found(rule, place, "Không thấy địa danh, ngày, tháng, năm ở đầu văn bản.", "Thêm dòng này.")


def _day_faults(case: Case, rule: str, line: Line, found: re.Match[str]) -> Iterator[Problem]:
    blank = [not re.sub(r"[.…_\s]", "", found[part]) for part in ("d", "m", "y")]
    if any(blank):
        return  # a draft: the văn thư fills it in
    try:
        day = date(int(found["y"]), int(found["m"]), int(found["d"]))
    except ValueError:
        message = f"Không có {found['date'].strip()}."
        yield case.found(rule, line, message, "Xem lại ngày, tháng, năm.")
        return
    if not _DAY.search(line.text):
        month = f"{day.month:02}" if day.month < 3 else f"{day.month}"
        right = f"ngày {day.day:02} tháng {month} năm {day.year}"
        message = "Ngày dưới 10 và tháng 1, 2 có số 0 đứng trước; tháng 3 đến 12 thì không."
        yield case.found(rule, line, message, f"Viết “{right}”.")


_SEAT = re.compile(
    r"^(?:đảng uỷ|đảng bộ|uỷ ban nhân dân|ubnd|hội đồng nhân dân) (?:xã|phường|đặc khu|thị trấn) (?P<name>.+)$"
)


def _place_faults(case: Case, rule: str, line: Line, place: str) -> Iterator[Problem]:
    level = pattern("dia_danh", "cap").match(place)
    name = place[level.end() :].strip() if level else place.strip()
    if level is None and len(name.split()) == 1 and name:
        message = f"Địa danh “{name}” có một âm tiết nên cần ghi cả cấp."
        yield case.found(rule, line, message, "Ghi như “Thành phố Huế”.", severity=None if case.party else "canh_bao")
    elif level is None and name in names("dia_danh", "ten_nguoi"):
        message = f"Địa danh “{name.title()}” là tên người hoặc sự kiện nên cần ghi cả cấp."
        yield case.found(rule, line, message, "Ghi như “Phường Ngô Quyền”.")
    elif level is None and name.isdigit():
        yield case.found(rule, line, "Địa danh theo số cần ghi cả cấp.", "Ghi như “Phường 7”.")
    head = case.paper.head
    issuer = _SEAT.match(head.issuer) or _SEAT.match(head.above)
    if issuer and name and _plain(name) != _plain(issuer["name"]) and _plain(name) not in _plain(issuer["name"]):
        message = f"Địa danh “{name.title()}” khác nơi cơ quan ban hành đóng ({issuer['name'].title()})."
        yield case.found(rule, line, message, "Ghi tên đơn vị hành chính nơi cơ quan đóng.", severity="canh_bao")


def _plain(name: str) -> str:
    return pattern("dia_danh", "cap").sub("", key(name)).strip()
