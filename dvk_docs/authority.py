"""Who may issue and sign what: a matrix of body, tên loại, signing formula and title, as data (`tham-quyen.toml`).

    may_issue("chi_bo", "Chỉ thị", date(2026, 3, 1))      Verdict: no, by which clause, whether that clause was seen
    signature_faults(Signature(...), day)                  what is wrong with quyền hạn and chức vụ, each at its field

A body is a code of sheet Đơn vị (`don_vi.loai`); `body_of` finds it from a name. What rests on a clause that nobody has
seen is a warning at most.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from .errors import Severity
from .folders import root
from .viet.kieu_dau import to_moi

PREFIX = re.compile(r"(?i)\s*(T/M|K/T|T/L|T/UQ|TUQ/|Q/|TM\.?|KT\.?|TL\.?|TUQ\.?|Q\.|Quyền(?=\s))\s*(.*)", re.DOTALL)
MEANING = {"t/m": "thay_mat", "k/t": "ky_thay", "t/l": "thua_lenh", "t/uq": "thua_uy_quyen", "tuq/": "thua_uy_quyen"}
MEANING |= {"tm": "thay_mat", "kt": "ky_thay", "tl": "thua_lenh", "tuq": "thua_uy_quyen", "q": "quyen", "q/": "quyen"}
MEANING |= {"quyền": "quyen"}
DEPUTY = "phó "
STANDING = " thường trực"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a body may issue a tên loại; why not, and by which clause."""

    allowed: bool
    confirmed: bool = True  # the clause was seen; one that was not gives a warning at most
    reason: str = ""
    source: str = ""

    @property
    def severity(self) -> Severity:
        return "loi" if self.confirmed else "canh_bao"


@dataclass(frozen=True, slots=True)
class Signature:
    """How a paper is signed. `system` is dang | nha_nuoc | mttq, "" where it is not known."""

    body: str  # don_vi.loai of the issuer
    system: str
    quyen_han: str  # T/M Ban Thường vụ; several lines where there are (TM. ..., KT. Chủ tịch)
    chuc_vu: str
    ho_ten: str = ""
    is_head: bool = False  # the signer is the one who heads the body, or stands in its head's place
    has_head: bool = False  # the body has a head


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a signature, at the field where it is typed: quyen_han | chuc_vu_ky | ho_ten."""

    field: str
    code: str
    severity: Severity
    message: str
    hint: str
    source: str


@lru_cache(maxsize=1)
def matrix() -> Mapping[str, Any]:
    file = root() / "data_schemas" / "quy_dinh" / "tham-quyen.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def _before_a_name() -> re.Pattern[str]:
    """Degrees, ranks and forms of address, one after the other."""
    words = matrix()["hoc_vi"]
    return re.compile(rf"(?:(?:{words['viet_tat']})(?=[.,\s])[.,\s]*|(?:{words['day_du']})[.,\s]+|{words['ong']})+")


def key(text: str) -> str:
    """For comparing only: NFC, one tone placement, lower case, single blanks."""
    return " ".join(to_moi(unicodedata.normalize("NFC", text)).casefold().split())


def body_of(name: str) -> str | None:
    """The code of a body by its name: chi_bo of “CHI BỘ THÔN ĐÔNG”; None where no row of the matrix knows it."""
    said = key(name)
    rows = matrix()["ten"]
    return next((str(r["co_quan"]) for r in rows if any(said.startswith(key(b)) for b in r["bat_dau"])), None)


# --- who may issue what ----------------------------------------------------------------------------------------------


def may_issue(body: str, ten_loai: str, day: date | str, danh_nghia: str = "") -> Verdict:
    """Whether a body (its code, or its name) may issue a tên loại on a day (a date, or ISO).

    `danh_nghia` is the collective that it is signed for, where that is known: bch or btv, or the words `T/M Đảng uỷ`.
    """
    iso = day.isoformat() if isinstance(day, date) else day
    code = body if any(body in row["co_quan"] for row in matrix()["ban_hanh"]) else body_of(body) or body
    kind, collective = key(ten_loai), _collective(danh_nghia)
    for row in matrix()["ban_hanh"]:
        if code not in row["co_quan"] or kind not in map(key, row["khong"]):
            continue
        if row.get("danh_nghia", collective) != collective or not _in_force(row, iso):
            continue
        return Verdict(False, bool(row["confirmed"]), str(row["vi"]), str(row["nguon"]))
    return Verdict(True)


def _collective(words: str) -> str:
    said = key(words)
    if said in ("bch", "btv"):
        return said
    if "ban thường vụ" in said:
        return "btv"
    return "bch" if re.search(r"đảng uỷ|chi bộ|ban chấp hành", said) else ""


def _in_force(row: Mapping[str, Any], iso: str) -> bool:
    return str(row.get("tu_ngay", "")) <= iso <= str(row.get("den_ngay", "9999"))


# --- who signs how ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Line:
    """One line above the name: its formula (thay_mat, ky_thay ... or "") as typed, and the words after it."""

    field: str
    formula: str
    typed: str
    words: str


def signature_faults(signature: Signature) -> Iterator[Fault]:
    """Everything wrong with how a paper is signed."""
    lines = [*_lines(signature.quyen_han, "quyen_han"), *_lines(signature.chuc_vu, "chuc_vu_ky")]
    row = next((r for r in matrix()["ky"] if signature.body in r["co_quan"]), None)
    for line in lines:
        yield from _form(line, signature.system)
    if row is not None and lines:
        yield from _for_whom(lines, row)
        yield from _title(lines, row, signature)
    yield from _name(signature)


def _lines(text: str, field: str) -> Iterator[_Line]:
    for line in text.splitlines():
        found = PREFIX.fullmatch(line)
        if found:
            yield _Line(field, MEANING[found[1].casefold().rstrip(".")], found[1], found[2].strip())
        elif line.strip():
            yield _Line(field, "", "", line.strip())


def _form(line: _Line, system: str) -> Iterator[Fault]:
    """T/M in the Party's papers, TM. in the State's."""
    forms = matrix()["dau"].get(system)
    if forms is None or not line.formula:
        return
    wanted = forms.get(line.formula)
    if wanted is None:  # the Party has no TUQ.
        wanted = forms["thua_lenh"]
    if line.typed.casefold() != str(wanted).casefold():
        what = {"dang": "Đảng", "nha_nuoc": "Nhà nước", "mttq": "Mặt trận, đoàn thể"}[system]
        message = f"“{line.typed}” không đúng cách ghi quyền hạn của văn bản {what}."
        yield _fault(line.field, "signing_form", forms, message, f"Ghi “{wanted} {line.words}”.")


def _for_whom(lines: Sequence[_Line], row: Mapping[str, Any]) -> Iterator[Fault]:
    """T/M for a committee, K/T for a head, T/L for who was told to."""
    collective = row["che_do"] == "tap_the"
    if collective and not any(line.formula for line in lines):
        message = f"“{lines[0].words}” ký mà không ghi thay mặt tập thể."
        hint = f"Ghi T/M (văn bản Nhà nước: TM.) {row['thay_mat'][0]} ở trên."
        yield _fault("quyen_han", "collective_without_form", {**row, "confirmed": False}, message, hint)
    for line in lines:
        if line.formula == "thay_mat" and row["che_do"] == "thu_truong":
            message = f"Cơ quan này làm việc theo chế độ thủ trưởng, không ký “{line.typed} {line.words}”."
            yield _fault(line.field, "signing_not_collective", row, message, f"Ký thẳng chức vụ: {row['chuc_vu'][0]}.")
        elif line.formula == "thay_mat" and not _one_of(line.words, row["thay_mat"]):
            message = f"“{line.typed} {line.words}” không phải là cách ghi của cơ quan này."
            hint = f"Ghi {' hoặc '.join(f'{line.typed} {name}' for name in row['thay_mat'])}."
            yield _fault(line.field, "signing_for_other_body", {**row, "confirmed": False}, message, hint)
        elif line.formula == "ky_thay" and collective:
            message = f"Tập thể lãnh đạo không ký “{line.typed}”: cấp phó ký thay mặt tập thể như cấp trưởng."
            dau = line.typed.upper().replace("K/T", "T/M").replace("KT", "TM")
            yield _fault(line.field, "deputy_signs_for_collective", row, message, f"Ghi {dau} {row['thay_mat'][0]}.")


def _title(lines: Sequence[_Line], row: Mapping[str, Any], signature: Signature) -> Iterator[Fault]:
    first, last = lines[0], lines[-1]
    if last.formula in ("thay_mat", "thua_lenh"):
        return  # no title below it
    title = last.words
    told = first.formula in ("thua_lenh", "thua_uy_quyen")  # who was told to may be of another body, which he names
    short = _without_body(title, row)
    if short and not told:
        message = f"Chức vụ “{title}” kèm tên cơ quan."
        yield _fault(last.field, "title_with_body", matrix()["chuc_vu_kem_ten"], message, f"Chỉ ghi “{short}”.")
    base = key(short or title).removesuffix(STANDING)
    if first.formula == "thay_mat" and len(lines) > 1 and not _one_of(base, matrix()["tap_the"]["chuc_vu"]):
        message = f"Ký “{first.typed} {first.words}” mà chức vụ là “{title}”."
        hint = f"Thay mặt tập thể chỉ ghi {', '.join(row['chuc_vu'])}; người khác ký thừa lệnh hoặc ký ở cơ quan mình."
        yield _fault(last.field, "title_for_collective", matrix()["tap_the"], message, hint)
    if first.formula == "thua_lenh" and _one_of(base, matrix()["thua_lenh"]["khong"]):
        message = f"“{title}” không ký thừa lệnh “{first.typed} {first.words}”."
        hint = f"Ghi “{first.typed.upper().replace('L', 'M')} {first.words}”."
        yield _fault(first.field, "delegate_is_head", matrix()["thua_lenh"], message, hint)
    yield from _deputy(lines, base, row, signature)


def _deputy(lines: Sequence[_Line], base: str, row: Mapping[str, Any], signature: Signature) -> Iterator[Fault]:
    """A deputy of a head signs K/T; one who does is a deputy."""
    last, formulas = lines[-1], {line.formula for line in lines}
    for_head = next((line for line in lines if line.formula == "ky_thay"), None)
    if for_head is not None and last is not for_head and not base.startswith(DEPUTY):
        message = f"Ký “{for_head.typed} {for_head.words}” mà chức vụ là “{last.words}”, không phải cấp phó."
        yield _fault(last.field, "deputy_title", row, message, "Ghi chức vụ của cấp phó, hoặc bỏ dòng ký thay.")
    if (
        row["che_do"] == "tap_the"
        or formulas & {"ky_thay", "thua_lenh", "thua_uy_quyen"}
        or not base.startswith(DEPUTY)
    ):
        return
    in_charge = signature.is_head or not signature.has_head  # the Party's deputy in charge signs as he is
    if row["che_do"] == "thu_truong" and in_charge:
        return
    sign = "KT." if row["che_do"] == "ca_hai" else "K/T"
    message = f"“{last.words}” ký mà không ghi ký thay cấp trưởng."
    yield _fault(last.field, "deputy_without_kt", row, message, f"Ghi “{sign} {row['chuc_vu'][0]}” ở trên.")


def _name(signature: Signature) -> Iterator[Fault]:
    """No academic title, rank or form of address before a name."""
    found = _before_a_name().match(key(signature.ho_ten))
    if found is None or not key(signature.ho_ten)[found.end() :].strip():
        return
    rule = matrix()["hoc_vi"]
    if signature.system == "nha_nuoc" and signature.body in rule["nganh_duoc_ghi"]:
        return
    typed = " ".join(unicodedata.normalize("NFC", signature.ho_ten).split())
    message = f"Trước họ tên người ký có “{typed[: found.end()].strip()}”."
    yield _fault("ho_ten", "title_before_name", rule, message, f"Chỉ ghi “{typed[found.end() :].strip(' .,')}”.")


def _without_body(title: str, row: Mapping[str, Any]) -> str:
    """Bí thư of “Bí thư Đảng uỷ xã”; "" where the title stands alone."""
    said = key(title)
    known = sorted((t for r in matrix()["ky"] for t in r["chuc_vu"]), key=len, reverse=True)
    for name in known:
        rest = said.removeprefix(key(name))
        if rest != said:
            return "" if not rest.removeprefix(STANDING).strip() else str(name)
    return ""


def _one_of(words: str, names: Sequence[str]) -> bool:
    return key(words) in map(key, names)


def _fault(field: str, code: str, rule: Mapping[str, Any], message: str, hint: str) -> Fault:
    return Fault(field, code, "loi" if rule["confirmed"] else "canh_bao", message, hint, str(rule["nguon"]))
