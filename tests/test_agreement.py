"""Papers read again from their files: one that was changed by hand is held against the year and the other papers."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from docx_parts import retype
from hypothesis import given
from hypothesis import strategies as st

import dvk_docs as dvk
from dvk_docs.agreement import Known, Listed, Paper, Reading, check_folder, disagreements
from dvk_docs.agreement.known import key_of
from dvk_docs.making import CheckedYear, examine

TODAY = "2026-10-20"
Edited = Callable[[str, str, str], list[tuple[str, str]]]


@pytest.fixture(scope="module")
def year(samples: Path) -> dvk.Year:
    return dvk.read(samples / "nam-2026.json")


@pytest.fixture(scope="module")
def made(year: dvk.Year, tmp_path_factory: pytest.TempPathFactory) -> dvk.Result:
    result = dvk.make_dossier(year, tmp_path_factory.mktemp("ho-so"), today=TODAY)
    assert result.disagreements == ()
    return result


@pytest.fixture(scope="module")
def checked(year: dvk.Year) -> CheckedYear:
    return examine(year, date.fromisoformat(TODAY))


@pytest.fixture
def edited(checked: CheckedYear, made: dvk.Result, tmp_path: Path) -> Edited:
    """Change words in one file of the dossier as a clerk does in Word: what is found then, and in which file."""

    def change(name: str, old: str, new: str) -> list[tuple[str, str]]:
        lying = {o.id: o.file for o in made.outcomes if o.file is not None}
        paper_id, file = next((i, f) for i, f in lying.items() if f.match(name))
        copy = Path(shutil.copy(file, tmp_path))
        retype(copy, old, new)
        return [(p.code, p.place.file) for p in check_folder(checked, {**lying, paper_id: copy})]

    return change


EDITS = [
    ("33-*.docx", "số 15-QĐ/ĐU, ngày 30/9/2026", "số 17-QĐ/ĐU, ngày 30/9/2026", "citation_number_differs"),
    ("33-*.docx", "số 15-QĐ/ĐU, ngày 30/9/2026", "số 15-QĐ/ĐU, ngày 29/9/2026", "citation_day_differs"),
    ("33-*.docx", "07 điển hình", "08 điển hình", "count_not_its_parts"),
    ("37-*.docx", "“Tuyến đường hoa tự quản thôn Đông”", "“Tuyến đường hoa tự quản thôn Đồng”", "name_differs"),
    ("41-giay-khen-DH01.docx", "Chi bộ thôn Đông", "Chi bộ thôn Đôn", "name_differs"),
]


@pytest.mark.parametrize(("name", "old", "new", "code"), EDITS, ids=[f"{e[0][:2]}-{e[3]}" for e in EDITS])
def test_what_was_changed_by_hand_against_the_data_is_named_at_its_file(
    edited: Edited, name: str, old: str, new: str, code: str
) -> None:
    found = edited(name, old, new)
    assert code in [c for c, _ in found]
    assert name.split("-")[0] in {file.split("-")[0] for _, file in found}


def test_a_paper_that_disagrees_is_told_by_the_next_run_and_does_not_pass_the_gate(
    year: dvk.Year, made: dvk.Result, tmp_path: Path
) -> None:
    from dvk_docs import leaving

    folder = Path(shutil.copytree(made.folder, tmp_path / "ho-so"))
    retype(next(folder.glob("37-*.docx")), "hoa tự quản thôn Đông", "hoa tự quản thôn Đồng")
    result = dvk.make_dossier(year, folder, today=TODAY)
    assert {(p.code, p.place.file[:2]) for p in result.disagreements} == {("name_differs", "37")}
    assert result.exit_status == 5
    result = replace(result, outcomes=tuple(o for o in result.outcomes if o.id == "danh-sach-de-nghi"))
    answers = {a.candidate.id: a for a in leaving.pass_gate(result).answers}
    reasons = [str(r) for r in answers["danh-sach-de-nghi"].reasons]
    assert len(reasons) == 1 and "trong dữ liệu là “Tuyến đường hoa tự quản thôn Đông”" in reasons[0]


def test_a_sentence_that_was_only_worded_otherwise_is_the_clerks_own_affair(edited: Edited) -> None:
    assert edited("33-*.docx", "xem xét, công nhận", "xem xét và công nhận") == []


# --- small papers ----------------------------------------------------------------------------------------------------

REGISTER = Known(
    2026,
    (Listed("a", "Quyết định", "15-QĐ/ĐU", "2026-09-30"), Listed("b", "Tờ trình", "12-TTr/BXDĐ", "2026-09-21")),
    frozenset({"ĐU", "BXDĐ", "UBND"}),
    frozenset({"Chi bộ thôn Đông", "Tuyến đường hoa", "Nguyễn Văn An"}),
)


def paper(*lines: str, tables: tuple[tuple[tuple[str, ...], ...], ...] = (), **more: object) -> Paper:
    words = {"id": "x", "title": "Văn bản", "file": "x.docx", "number": "15-QĐ/ĐU", "day": "2026-09-30", **more}
    return Paper(reading=Reading(lines, tables), **words)  # type: ignore[arg-type]


def found(*papers: Paper, printed: Reading | None = None) -> list[str]:
    return [p.code for p in disagreements(papers, REGISTER, lambda p: printed or p.reading)]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Căn cứ Quyết định số 15-QĐ/ĐU, ngày 30/9/2026 của Đảng uỷ", []),
        ("Căn cứ Quyết định số 15-QĐ/ĐU ngày 30 tháng 9 năm 2026 của Đảng uỷ", []),
        ("Căn cứ Quyết định số 015-QĐ/ĐU, ngày 30/09/2026", []),
        ("Căn cứ Quyết định số 15-QĐ/ĐU", []),
        ("theo Quyết định số 15-QĐ/ĐU, ngày 01/10/2026", ["citation_day_differs"]),
        ("theo Quyết định số 15-QĐ/ĐU, ngày 30/9/2025", ["citation_day_differs"]),
        ("theo Tờ trình số 15-QĐ/ĐU, ngày 30/9/2026", ["citation_kind_differs"]),
        ("theo Tờ trình số 13-TTr/BXDĐ, ngày 21/9/2026", ["citation_number_differs"]),
        ("theo Thông báo số 9-TB/ĐU, ngày 02/3/2026", ["citation_unknown"]),
        ("theo Thông báo số 9-TB/ĐU, ngày 02/3/2024", []),
        ("Hướng dẫn số 12-HD/BTGDVTU, ngày 10/01/2026", []),
        ("Nghị định số 152/2025/NĐ-CP ngày 14 tháng 6 năm 2025", []),
    ],
)
def test_citations_are_those_of_the_register(line: str, expected: list[str]) -> None:
    assert found(paper(line)) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Số 15-QĐ/ĐU", []),
        ("Số 16-QĐ/ĐU", ["own_number_differs"]),
        ("Bình An, ngày 30 tháng 9 năm 2026", []),
        ("Bình An, ngày 29 tháng 9 năm 2026", ["own_day_differs"]),
        ("Bình An, ngày tháng 9 năm 2026", []),
    ],
)
def test_the_head_has_the_number_and_day_of_the_data(line: str, expected: list[str]) -> None:
    assert found(paper(line)) == expected


def test_a_number_that_the_data_do_not_know_is_told() -> None:
    assert found(paper("Số 15-QĐ/ĐU", number="", day="")) == ["own_number_unlisted"]


ROWS = (("STT", "Tên"), ("I. Tập thể", ""), ("1", "A"), ("2", "B"), ("II. Cá nhân", ""), ("1", "C"))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("đề nghị công nhận 03 điển hình, trong đó 02 tập thể, 01 cá nhân", []),
        ("đề nghị công nhận 03 điển hình (02 tập thể và 01 cá nhân)", []),
        ("đề nghị công nhận 03 điển hình, gồm 01 tập thể, 02 cá nhân", ["count_not_of_list"] * 2),
    ],
)
def test_a_number_in_a_sentence_is_the_number_of_rows(line: str, expected: list[str]) -> None:
    assert found(paper(line, tables=(ROWS,))) == expected


def test_the_line_under_a_list_counts_its_rows() -> None:
    rows = (("STT", "Tên mô hình"), ("1", "Vườn rau"), ("2", "Ao cá"))
    assert found(paper("Danh sách có 02 mô hình.", tables=(rows,))) == []
    assert found(paper("Danh sách có 03 mô hình.", tables=(rows,))) == ["count_not_of_list"]


def test_papers_of_one_set_count_alike() -> None:
    one = paper("công nhận 03 mô hình (02 tập thể, 01 cá nhân)", id="a", related=frozenset({"b"}))
    alike = paper("danh sách 03 mô hình, gồm 02 tập thể, 01 cá nhân", id="b", related=frozenset({"a"}))
    other = paper("danh sách 04 mô hình, gồm 03 tập thể, 01 cá nhân", id="b", related=frozenset({"a"}))
    alone = paper("danh sách 04 mô hình, gồm 03 tập thể, 01 cá nhân", id="c")
    assert [found(one, p) for p in (alike, other, alone)] == [[], ["count_differs"], []]


def test_a_name_of_the_data_stands_in_the_text_letter_by_letter() -> None:
    data = {"ten": "Chi bộ thôn Đông", "ds": [{"nguoi": "Ông Nguyễn Văn An, Bí thư"}]}
    right = ("CHI BỘ THÔN ĐÔNG", "Ông Nguyễn Văn An")
    assert found(paper(*right, data=data)) == []
    assert found(paper("CHI BỘ THÔN ĐỘNG", right[1], data=data), printed=Reading(right, ())) == ["name_differs"]
    assert found(paper(right[0], data=data), printed=Reading(right, ())) == ["name_lost"]


def test_a_name_that_the_template_does_not_print_is_not_missed() -> None:
    assert found(paper("x", data={"ten": "Tuyến đường hoa"})) == []


@given(st.text(alphabet="Số Qđ/ĐU-15ngày 30.9/2026 tập thể cá nhân mô hình,()\n", max_size=200))
def test_any_text_is_read_without_a_fault_of_ours(text: str) -> None:
    lines = text.split("\n")
    places = [p.place.where for p in disagreements([paper(*lines)], REGISTER, lambda p: p.reading)]
    assert set(places) <= {f"x.docx, đoạn {n}" for n in range(1, len(lines) + 1)}


@given(st.integers(1, 99999), st.integers(0, 3))
def test_leading_zeros_do_not_make_another_number(number: int, zeros: int) -> None:
    assert key_of(f"{'0' * zeros}{number}-QĐ/ĐU") == key_of(f"{number}-QĐ/ĐU")
