"""Rules: each broken field of the sample year is found, by its code and at the field to mend."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from dvk_docs import checking, derive, rules
from dvk_docs.catalog import Catalog, root
from dvk_docs.errors import Problem
from dvk_docs.expressions import Tracker

CATALOG = Catalog()
YEAR: dict[str, Any] = json.loads((root() / "samples" / "nam-2026.json").read_text(encoding="utf-8"))
TODAY = "2026-11-22"


def row(year: dict[str, Any], table: str, code: str) -> dict[str, Any]:
    return next(r for r in year[table] if r["ma"] == code)


def at(table: str, code: str, field: str) -> str:
    """The pointer of a field of the sample year."""
    return f"/{table}/{[r['ma'] for r in YEAR[table]].index(code)}/{field}"


def found(change: Callable[[dict[str, Any]], object] | None = None, today: str = TODAY) -> list[Problem]:
    """What the rules find in the sample year with one change."""
    year = copy.deepcopy(YEAR)
    if change:
        change(year)
    return list(rules.check(derive.graph(year, CATALOG), CATALOG, today))


def put(table: str, code: str, **fields: Any) -> Callable[[dict[str, Any]], object]:
    return lambda year: row(year, table, code).update(fields)


def drop(table: str, code: str, *fields: str) -> Callable[[dict[str, Any]], object]:
    return lambda year: [row(year, table, code).pop(f, None) for f in fields]


def test_the_sample_year_breaks_no_rule() -> None:
    assert [str(p) for p in found() if p.severity == "loi"] == []


BROKEN: list[tuple[str, Callable[[dict[str, Any]], object], str]] = [
    ("model_one_subject", put("mo_hinh", "MH01", ca_nhan="NG24"), at("mo_hinh", "MH01", "tap_the")),
    ("model_one_subject", drop("mo_hinh", "MH04", "tap_the"), at("mo_hinh", "MH04", "tap_the")),
    ("nominee_one_subject", drop("dien_hinh", "DH05", "tap_the"), at("dien_hinh", "DH05", "tap_the")),
    ("nominee_under_discipline", put("nguoi", "NG24", ky_luat=True), at("dien_hinh", "DH07", "de_nghi")),
    ("nominee_twice", put("dien_hinh", "DH02", tap_the="DV01"), at("dien_hinh", "DH02", "de_nghi")),
    ("women_within_total", put("don_vi", "DV01", so_nguoi=5, so_nu=6), at("don_vi", "DV01", "so_nu")),
    (
        "party_days",
        put("nguoi", "NG01", ngay_sinh="1990-01-01", ngay_vao_dang="1980-01-01"),
        at("nguoi", "NG01", "ngay_vao_dang"),
    ),
    ("model_period", put("mo_hinh", "MH01", den_ngay="2025-01-01"), at("mo_hinh", "MH01", "den_ngay")),
    ("model_days", put("mo_hinh", "MH01", ngay_phe_duyet="2026-01-02"), at("mo_hinh", "MH01", "ngay_phe_duyet")),
    ("model_days", put("mo_hinh", "MH01", ngay_ra_mat="2026-03-01"), at("mo_hinh", "MH01", "ngay_ra_mat")),
    ("confirmation_days", put("dien_hinh", "DH01", ngay_bao_cao="2026-12-30"), ""),
    ("year_papers_days", put("van_ban", "quyet-dinh-cong-nhan", ngay="2026-10-20"), ""),
    (
        "citation_not_after_paper",
        put("van_ban", "thong-bao-ket-qua-tham-dinh", ngay="2026-10-05"),
        at("van_ban", "quyet-dinh-cong-nhan", "ngay"),
    ),
    (
        "citation_known",
        drop("van_ban", "thong-bao-ket-qua-tham-dinh", "ngay"),
        at("van_ban", "thong-bao-ket-qua-tham-dinh", "ngay"),
    ),
    ("approved_is_registered", drop("mo_hinh", "MH01", "ngay_dang_ky"), at("mo_hinh", "MH01", "ngay_dang_ky")),
    ("recognised_is_approved", drop("mo_hinh", "MH01", "ngay_phe_duyet"), at("mo_hinh", "MH01", "ngay_phe_duyet")),
    (
        "recognised_is_appraised",
        put("mo_hinh", "MH01", ket_luan_tham_dinh="bo_sung"),
        at("mo_hinh", "MH01", "ket_luan_tham_dinh"),
    ),
    ("recognised_not_withdrawn", put("mo_hinh", "MH01", bien_dong="rut"), at("mo_hinh", "MH01", "bien_dong")),
    ("nominee_is_recognised", put("dien_hinh", "DH01", mo_hinh="MH04"), at("dien_hinh", "DH01", "mo_hinh")),
    ("attendance_adds_up", put("cuoc_hop", "HOP05", so_trieu_tap=99), at("cuoc_hop", "HOP05", "so_trieu_tap")),
    ("chair_present", put("cuoc_hop", "HOP05", chu_tri="NG24"), at("cuoc_hop", "HOP05", "chu_tri")),
    ("secretary_present", put("cuoc_hop", "HOP05", thu_ky="NG24"), at("cuoc_hop", "HOP05", "thu_ky")),
    ("meeting_hours", put("cuoc_hop", "HOP05", gio_ket_thuc="7:00"), at("cuoc_hop", "HOP05", "gio_ket_thuc")),
    ("ballots_chain", put("cuoc_hop", "HOP05", phieu_phat_ra=99), at("cuoc_hop", "HOP05", "phieu_phat_ra")),
    ("model_votes_within", put("mo_hinh", "MH01", phieu_dong_y=99), at("mo_hinh", "MH01", "phieu_dong_y")),
    ("nominee_votes_within", put("dien_hinh", "DH01", phieu_dong_y=99), at("dien_hinh", "DH01", "phieu_dong_y")),
    ("nominee_votes_add_up", put("dien_hinh", "DH01", phieu_khong=5), at("dien_hinh", "DH01", "phieu_dong_y")),
    ("recognised_votes_enough", put("mo_hinh", "MH01", phieu_dong_y=1), at("mo_hinh", "MH01", "phieu_dong_y")),
    ("nominee_votes_enough", put("dien_hinh", "DH01", phieu_dong_y=1), at("dien_hinh", "DH01", "phieu_dong_y")),
    ("paper_code_unknown", put("van_ban", "bao-cao-dang-ky", ma="bao-cao"), at("van_ban", "bao-cao-dang-ky", "ma")),
    ("number_taken", put("van_ban", "quyet-dinh-cong-nhan", so=14), at("van_ban", "quyet-dinh-cong-nhan", "so")),
    ("number_order", put("van_ban", "quyet-dinh-cong-nhan", so=9), at("van_ban", "quyet-dinh-cong-nhan", "so")),
    (
        "issued_without_number",
        lambda y: [
            drop("van_ban", "quyet-dinh-cong-nhan", "so")(y),
            put("van_ban", "quyet-dinh-cong-nhan", trang_thai="phat_hanh")(y),
        ],
        at("van_ban", "quyet-dinh-cong-nhan", "so"),
    ),
    ("R004-CT-01", lambda y: [m.pop("ngay_dang_ky", None) for m in y["mo_hinh"][:13]], "/mo_hinh"),
    ("R004-CT-02", lambda y: [m.update(loai_hinh="duy_tri") for m in y["mo_hinh"]], "/mo_hinh"),
    ("R004-CT-03", drop("mo_hinh", "MH07", "ngay_dang_ky"), at("don_vi", "DV07", "truc_thuoc")),
    ("R004-CT-04", drop("dien_hinh", "DH08", "de_nghi"), "/dien_hinh"),
    ("R004-CT-05", drop("mo_hinh", "MH02", "muc_tieu"), at("mo_hinh", "MH02", "muc_tieu")),
    ("R004-DK-02", put("mo_hinh", "MH01", ngay_dang_ky="2026-02-11"), at("mo_hinh", "MH01", "ngay_dang_ky")),
    # the table of registrations has the day of the report that it goes with
    ("R004-DK-03", put("van_ban", "bao-cao-dang-ky", ngay="2026-03-20"), at("van_ban", "bao-cao-dang-ky", "ngay")),
    ("R004-RM-01", drop("mo_hinh", "MH01", "ngay_ra_mat"), at("mo_hinh", "MH01", "ngay_ra_mat")),
    ("R004-TD-02", put("mo_hinh", "MH01", so_tieu_chi_dat=7), at("mo_hinh", "MH01", "so_tieu_chi_dat")),
    (
        "R004-CN-01",
        put("van_ban", "quyet-dinh-cong-nhan", co_quan="UBND"),
        at("van_ban", "quyet-dinh-cong-nhan", "co_quan"),
    ),
    ("R004-CN-03", drop("mo_hinh", "MH01", "cong_nhan"), at("mo_hinh", "MH01", "cong_nhan")),
    ("R004-DH-01", put("dien_hinh", "DH01", xep_loai="hoan_thanh"), at("dien_hinh", "DH01", "xep_loai")),
    ("R004-HS-01", lambda y: put("cuoc_hop", "HOP05", loai="khac")(y), "/cuoc_hop"),
    ("R004-HS-02", lambda y: y["thong_tin"].update(so_bo_ho_so=2), "/thong_tin/so_bo_ho_so"),
    ("R004-HS-03", drop("don_vi", "DV01", "quan_ly"), at("don_vi", "DV01", "quan_ly")),
    ("R004-HS-04", put("van_ban", "to-trinh-de-nghi-cong-nhan", ngay="2026-10-16"), ""),
]


def said_by(code: str, change: Callable[[dict[str, Any]], object]) -> list[Problem]:
    """What the rules of one code find in the sample year with one change, as `check` judges them."""
    year = copy.deepcopy(YEAR)
    change(year)
    graph = derive.graph(year, CATALOG)
    bad, stages = checking.wrong_values(year, CATALOG), rules.begun(graph, CATALOG)
    own = [r for r in rules.of_year(graph, CATALOG, TODAY) if r.words["ma"] == code and rules.counts(r, stages)]
    return [problem for rule in own for problem in rules.judge(rule, bad)]


@pytest.mark.parametrize(("code", "change", "pointer"), BROKEN, ids=lambda x: x if isinstance(x, str) else "")
def test_a_broken_field_is_named_by_its_rule_and_place(
    code: str, change: Callable[[dict[str, Any]], object], pointer: str
) -> None:
    hits = [p for p in said_by(code, change) if p.code == code]
    assert [p.severity for p in hits][:1] == ["loi"]
    assert not pointer or pointer in [p.place.pointer for p in hits]


def test_no_rule_of_the_sets_fails_on_an_empty_year() -> None:
    year = {"phien_ban": 3, "thong_tin": {"bo_quy_tac": "xa-2026"}, "don_vi": [], "nguoi": [], "mo_hinh": []}
    problems = rules.check(derive.graph(year, CATALOG), CATALOG, "2026-12-31")
    assert [str(p) for p in problems if p.code == "rule_invalid"] == []


@pytest.mark.parametrize("table", [t for t in YEAR if isinstance(YEAR[t], list)])
def test_no_rule_of_the_sets_fails_where_a_field_is_blank(table: str, readers: Readers) -> None:
    fields = sorted({f for r in YEAR[table] for f in r})
    for field in fields:
        year = few_rows()
        for one in year[table]:
            one.pop(field, None)
        graph = derive.graph(year, CATALOG)
        stages = rules.begun(graph, CATALOG)
        for rule in rules.of_year(graph, CATALOG, TODAY):
            if rules.counts(rule, stages) and (field in READ_UNSEEN or may_read(rule, table, field, readers)):
                told = [str(p) for p in rules.judge(rule) if p.code == "rule_invalid"]
                assert told == [], field


def few_rows() -> dict[str, Any]:
    """A row of each sort is enough where only the blanks matter: those with the most fields."""
    year = copy.deepcopy(YEAR)
    return {k: sorted(v, key=len, reverse=True)[:6] if isinstance(v, list) else v for k, v in year.items()}


Readers = dict[str, set[tuple[str, str]]]  # the code of a rule -> table and field of all that was read to judge it
READ_UNSEEN = ("ma", "tinh_chat")  # fields that tell rows and papers apart, before any rule reads them


class Everything(Tracker):
    """Notes what one value read as read by whoever asked for it as well, so that nothing is lost on the way."""

    def during(self, work: Callable[[], Any]) -> tuple[Any, tuple[str, ...]]:
        value, reads = super().during(work)
        for pointer in reads:
            self.note(pointer)
        return value, reads


@pytest.fixture(scope="module")
def readers() -> Readers:
    """What each rule reads of the year: a blank that it does not read changes nothing of what it does."""
    read: Readers = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(derive, "Tracker", Everything)
        graph = derive.graph(few_rows(), CATALOG)
    for rule in rules.of_year(graph, CATALOG, TODAY):
        graph.worked_out.clear()  # so that each rule reads its tables itself
        _, pointers = graph.tracker.during(lambda r=rule: list(rules.judge(r)))  # type: ignore[misc]
        parts = [pointer.removeprefix(derive.ASIDE).split("/") for pointer in pointers]
        read[rule.words["ma"]] = {(part[1], part[3]) for part in parts if len(part) > 3}
    return read


def may_read(rule: rules.Rule, table: str, field: str, readers: Readers) -> bool:
    """Whether a rule reads the field; `ho_so_du` looks at what a record points to without reading it as a field."""
    return rule.words["kiem"] == "ho_so_du" or (table, field) in readers[rule.words["ma"]]


def test_the_rules_read_the_fields_of_every_table(readers: Readers) -> None:
    assert {table for read in readers.values() for table, _ in read} >= {t for t in YEAR if isinstance(YEAR[t], list)}
    assert all(
        any(place in read for read in readers.values()) for place in [("mo_hinh", "ngay_dang_ky"), ("nguoi", "ky_luat")]
    )


def test_a_quota_counts_from_its_stage_on() -> None:
    def february(year: dict[str, Any]) -> None:
        year["dien_hinh"] = []
        for model in year["mo_hinh"]:
            model.pop("cong_nhan", None)
        year["mo_hinh"] = year["mo_hinh"][:2]

    assert "R004-CT-01" not in [p.code for p in found(february, today="2026-02-05")]
    assert "R004-CT-04" not in [p.code for p in found(february, today="2026-02-05")]
    late = [p.code for p in found(february, today="2026-10-20")]
    assert {"R004-CT-01", "R004-CT-04"} <= set(late)


@pytest.mark.parametrize("today", ["2026-01-05", "2026-12-20"])
def test_the_wrong_day_of_the_rule_set_is_told_and_nothing_is_used_instead(today: str) -> None:
    def none_chosen(year: dict[str, Any]) -> None:
        del year["thong_tin"]["han_da_chon"]

    told = [p for p in found(none_chosen, today) if p.code == "rule_day_invalid"]
    assert [(p.severity, p.place.pointer) for p in told] == [("canh_bao", "/thong_tin/bo_quy_tac")]
    assert told[0].message == (
        "Quy tắc R004-BC-02 ghi 31/11/2026, không phải là một ngày có thật; chưa có ngày nào được dùng thay."
    )
    assert "R004-BC-02 = 30/11/2026" in told[0].hint
    assert "R004-BC-02" not in [p.code for p in found(none_chosen, today)]


def test_the_day_itself_is_a_warning() -> None:
    hits = [p for p in found(put("van_ban", "to-trinh-de-nghi-cong-nhan", ngay="2026-10-15")) if p.code == "R004-HS-04"]
    assert [p.severity for p in hits] == ["canh_bao"]


def test_a_rule_says_its_clause_and_a_way_out() -> None:
    (hit,) = [p for p in found(put("mo_hinh", "MH01", so_tieu_chi_dat=7)) if p.code == "R004-TD-02"]
    assert hit.message == f"Mô hình “{YEAR['mo_hinh'][0]['ten']}” được công nhận mà mới đạt 07/08 tiêu chí."
    assert hit.hint == "Nhập số tiêu chí đạt, hoặc bỏ công nhận."
    assert hit.source == "Hướng dẫn xã 2026, IV.1.a; IV.2.1"


def test_every_rule_names_a_check_that_exists_and_a_severity() -> None:
    for name in ("chung", *CATALOG.rule_sets()):
        codes = [r["ma"] for r in CATALOG.rule_set(name)["quy_tac"]]
        assert len(codes) == len(set(codes))
        for rule in CATALOG.rule_set(name)["quy_tac"]:
            assert rule["kiem"] in rules.CHECKS, rule["ma"]
            assert rule["muc"] in ("loi", "canh_bao", "thong_tin"), rule["ma"]


def rule(**words: Any) -> list[Problem]:
    """What one rule alone finds in the sample year."""
    words = {"ma": "X", "muc": "loi", **words}
    return list(rules.judge(rules.Rule(words, derive.graph(YEAR, CATALOG), TODAY, "")))


def test_the_checks_that_the_sets_do_not_use_yet() -> None:
    assert len(rule(kiem="trong_quy", voi_moi="mo_hinh_dang_ky", su_kien="nay.ngay_dang_ky", quy=2)) == len(
        [m for m in YEAR["mo_hinh"] if m.get("ngay_dang_ky") and m.get("bien_dong") != "phat_hien"]
    )
    assert rule(kiem="ty_le_toi_thieu", tu="8", mau="10", gia_tri=100, o="/mo_hinh")
    assert not rule(kiem="ty_le_toi_thieu", tu="10", mau="10", gia_tri=100)
    assert rule(kiem="tan_suat", su_kien="['2025-01-01', '2026-05-01']", so_lan=2, so_nam=1)
    assert not rule(kiem="tan_suat", su_kien="['2026-01-01', '2026-05-01']", so_lan=2, so_nam=1)


def test_a_deadline_on_a_weekend_is_said() -> None:
    (told,) = rule(kiem="truoc_ngay", su_kien="'2026-02-01'", ngay="2026-02-07")
    assert (told.code, told.severity) == ("deadline_weekend", "thong_tin")
    assert "thứ Bảy" in told.message


def test_a_rule_that_cannot_be_judged_is_a_warning_and_stops_no_other() -> None:
    (told,) = rule(kiem="bat_buoc_khi", voi_moi="mo_hinh[:1]", thi="nay.khong_co")
    assert (told.code, told.severity) == ("rule_invalid", "canh_bao")
    assert (
        told.message
        == "Quy tắc X không xét được: Biểu thức “nay.khong_co” không dùng được: không có trường “khong_co”."
    )


def test_two_reports_of_the_same_words_are_told() -> None:
    def copy_one(year: dict[str, Any]) -> None:
        row(year, "dien_hinh", "DH02")["ket_qua"] = row(year, "dien_hinh", "DH01")["ket_qua"]
        for field in ("cach_lam", "thuan_loi", "kho_khan"):
            row(year, "dien_hinh", "DH01").pop(field, None)
            row(year, "dien_hinh", "DH02").pop(field, None)

    assert [(p.severity, p.place.pointer) for p in found(copy_one) if p.code == "reports_alike"] == [
        ("canh_bao", at("dien_hinh", "DH02", "ket_qua"))
    ]


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("origin_missing", drop("mo_hinh", "MH02", "mo_hinh_goc")),
        ("birthday_odd", put("nguoi", "NG01", ngay_sinh="2025-01-01")),
        ("model_left_out", drop("mo_hinh", "MH04", "ket_luan_tham_dinh")),
        ("R004-DK-05", put("don_vi", "HND", phai_dang_ky=True)),
        ("R004-DK-04", lambda y: [drop("nguoi", "NG25", "tru_quan", "don_vi")(y)]),
        ("signer_missing", drop("cuoc_hop", "HOP05", "chu_tri")),
    ],
)
def test_a_doubt_is_a_warning(code: str, change: Callable[[dict[str, Any]], object]) -> None:
    hits = [p for p in found(change) if p.code == code]
    assert {p.severity for p in hits} == {"canh_bao"}


# --- what is named already is not said again


ECHOES: list[tuple[Callable[[dict[str, Any]], object]]] = [
    (put("mo_hinh", "MH01", ngay_dang_ky="2026-11-31"),),
    (put("mo_hinh", "MH07", ngay_dang_ky="2026-02-30"),),
    (put("mo_hinh", "MH01", tap_the="DV99"),),
    (lambda y: y["thong_tin"].update(nguong_dong_y=150),),
    (put("cuoc_hop", "HOP05", gio_bat_dau="25:00"),),
    (put("van_ban", "quyet-dinh-cong-nhan", ngay="2026-11-31"),),
    (lambda y: y["du_hop"][0].update(cuoc_hop="HOP99"),),
    (lambda y: row(y, "mo_hinh", "MH10").pop("ma"),),
    (lambda y: y.pop("mo_hinh"),),
]


@pytest.mark.parametrize(("change",), ECHOES)
def test_a_rule_says_nothing_of_a_value_that_checking_has_named(change: Callable[[dict[str, Any]], object]) -> None:
    assert [str(p) for p in found(change) if p.severity == "loi"] == []


def test_a_wrong_value_silences_only_the_rules_that_read_it() -> None:
    def change(year: dict[str, Any]) -> None:
        row(year, "mo_hinh", "MH01")["ngay_dang_ky"] = "2026-11-31"
        for code in ("MH01", "MH02"):
            row(year, "mo_hinh", code).update(tieu_chi=[], so_tieu_chi_dat=7)

    told = {(p.code, p.place.pointer) for p in found(change) if p.severity == "loi"}
    assert told == {("R004-TD-02", at("mo_hinh", code, "so_tieu_chi_dat")) for code in ("MH01", "MH02")}


def test_what_reading_the_file_has_named_is_not_said_again() -> None:
    year = copy.deepcopy(YEAR)
    year.pop("dien_hinh")
    graph = derive.graph(year, CATALOG)
    assert "R004-CT-04" in [p.code for p in rules.check(graph, CATALOG, TODAY)]
    assert "R004-CT-04" not in [p.code for p in rules.check(graph, CATALOG, TODAY, {"/dien_hinh"})]


def test_the_term_ends_after_it_begins() -> None:
    hits = found(lambda y: y["thong_tin"].update(nhiem_ky_tu=2035, nhiem_ky_den=2030))
    (hit,) = [p for p in hits if p.code == "term_order"]
    assert hit.place.pointer == "/thong_tin/nhiem_ky_den"
    assert hit.message == "Nhiệm kỳ từ năm 2035 đến năm 2030: năm đến phải sau năm từ."


def test_a_paper_that_is_not_there_is_called_by_its_title() -> None:
    told = rule(kiem="ho_so_du", voi_moi="mo_hinh[3:4]", loai=["bao-cao-thanh-tich-tap-the"])
    title = CATALOG.title("bao-cao-thanh-tich-tap-the")
    assert [p.message for p in told] == [f"“{YEAR['mo_hinh'][3]['ten']}” thiếu văn bản “{title}”."]
