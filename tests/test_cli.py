"""The command line: what it says, where, and what it ends with."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from builders import TODAY, small_year, write_pack

from dvk_docs import cli, making
from dvk_docs.cli import saying
from dvk_docs.dossier import Outcome, Result
from dvk_docs.errors import Place, Problem, Report

SLIP = "phieu-theo-doi"
Said = tuple[int, str, str]


@pytest.fixture
def dvk(capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    """Run one command line; give its exit status, stdout and stderr."""

    def run(*words: object) -> Said:
        status = cli.run([str(w) for w in words])
        return status, *capsys.readouterr()

    return run


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return write_pack(tmp_path / "goi")


def year_file(folder: Path, year: dict[str, Any] | None = None, name: str = "nam.json") -> Path:
    file = folder / name
    file.write_text(json.dumps(small_year() if year is None else year, ensure_ascii=False), encoding="utf-8")
    return file


def broken() -> dict[str, Any]:
    year = small_year()
    year["mo_hinh"][1]["pham_vi"] = 5
    return year


# --- kinds, workbook, check ------------------------------------------------------------------------------------------


def test_kinds_are_listed_with_their_titles(dvk: Callable[..., Said], pack: Path) -> None:
    status, out, err = dvk("kinds", "--pack", pack)
    assert (status, err) == (0, "")
    assert f"{SLIP} " in out and "Phiếu theo dõi mô hình" in out


def test_kinds_for_programs_are_one_json_document(dvk: Callable[..., Said]) -> None:
    _, out, _ = dvk("kinds", "--json")
    of_the_year = [k for k in making.kinds() if "x-vai-tro-cong" not in making.kind(k).schema]  # not the gate's page
    assert [k["kind"] for k in json.loads(out)] == of_the_year


def test_a_blank_workbook_is_made_once_and_never_over_another(dvk: Callable[..., Said], tmp_path: Path) -> None:
    file = tmp_path / "nam.xlsx"
    assert dvk("workbook", "-o", file)[:2] == (0, f"Đã tạo bảng tính {file}.\n")
    blank = file.read_bytes()
    assert dvk("workbook", "-o", file)[0] == 0
    status, _, err = dvk("workbook", "-o", file, "--tu", year_file(tmp_path))
    assert status == 3 and "đã có" in err
    assert file.read_bytes() == blank


def test_a_workbook_filled_from_json_is_the_same_year(dvk: Callable[..., Said], tmp_path: Path) -> None:
    source, file = year_file(tmp_path), tmp_path / "nam.xlsx"
    assert dvk("workbook", "-o", file, "--tu", source)[0] == 0
    assert making.read(file).sha256 == making.read(source).sha256


def test_a_good_year_is_said_to_be_good(dvk: Callable[..., Said], tmp_path: Path) -> None:
    status, out, err = dvk("check", year_file(tmp_path), "--ngay", TODAY)
    assert (status, err) == (0, "")
    assert out.splitlines()[-1].startswith("Không có lỗi")


def test_a_wrong_cell_of_a_workbook_is_named_by_sheet_and_cell(dvk: Callable[..., Said], tmp_path: Path) -> None:
    year = small_year()
    year["mo_hinh"][1]["den_ngay"] = "31/11/2026"
    file = tmp_path / "nam.xlsx"
    dvk("workbook", "-o", file, "--tu", year_file(tmp_path, year))
    place = making.read(file).places["/mo_hinh/1/den_ngay"]
    status, out, _ = dvk("check", file, "--ngay", "5/1/2026")
    assert status == 3
    assert f"LỖI: sheet {place.sheet}, ô {place.cell}: 31/11/2026 không phải là một ngày có thật." in out


def test_check_for_programs_is_one_json_document(dvk: Callable[..., Said], tmp_path: Path) -> None:
    status, out, err = dvk("check", year_file(tmp_path, broken()), "--json", "--ngay", TODAY)
    said = json.loads(out)
    assert (status, err, said["ok"]) == (3, "", False)
    assert ("/mo_hinh/1/pham_vi", "wrong_type", "loi") in {
        (p["place"]["pointer"], p["code"], p["severity"]) for p in said["problems"]
    }


# --- make ------------------------------------------------------------------------------------------------------------


def test_one_paper_of_a_year_is_chosen_by_its_code(dvk: Callable[..., Said], tmp_path: Path, pack: Path) -> None:
    out = tmp_path / "phieu.docx"
    status, said, _ = dvk("make", SLIP, year_file(tmp_path), "--chon", "MH02", "-o", out, "--pack", pack)
    assert (status, said) == (0, f"Đã lập {out}.\n")
    assert out.read_bytes()[:2] == b"PK"


def test_an_ambiguous_choice_is_refused_with_the_choices(dvk: Callable[..., Said], tmp_path: Path, pack: Path) -> None:
    status, _, err = dvk("make", SLIP, year_file(tmp_path), "-o", tmp_path / "x.docx", "--pack", pack)
    assert status == 2 and "MH01; MH02; MH03" in err
    status, _, err = dvk("make", SLIP, year_file(tmp_path), "--chon", "MH9", "-o", tmp_path / "x.docx", "--pack", pack)
    assert status == 2 and "Không có mã MH9" in err


def test_one_paper_is_made_of_its_own_json(dvk: Callable[..., Said], tmp_path: Path, pack: Path) -> None:
    file = year_file(tmp_path, {"nam": 2026, "ten": "Bếp ấm"}, "phieu.json")
    assert dvk("make", SLIP, file, "-o", tmp_path / "phieu.docx", "--pack", pack)[0] == 0
    file = year_file(tmp_path, {"nam": 2026}, "thieu.json")
    status, _, err = dvk("make", SLIP, file, "-o", tmp_path / "thieu.docx", "--pack", pack)
    assert status == 3 and "Chưa nhập Tên mô hình." in err
    assert not (tmp_path / "thieu.docx").exists()


def test_a_blocked_paper_is_not_made_and_its_cell_is_named(
    dvk: Callable[..., Said], tmp_path: Path, pack: Path
) -> None:
    words = ("make", SLIP, year_file(tmp_path, broken()), "--pack", pack, "-o", tmp_path / "x.docx")
    status, _, err = dvk(*words, "--chon", "MH02")
    assert status == 3 and "“5” ở Phạm vi, địa bàn không phải là chữ." in err
    assert dvk(*words, "--chon", "MH01")[0] == 0


def test_a_file_that_is_there_is_replaced_only_when_asked(dvk: Callable[..., Said], tmp_path: Path, pack: Path) -> None:
    out = tmp_path / "x.docx"
    out.write_bytes(b"mine")
    words = ("make", SLIP, year_file(tmp_path), "--chon", "MH01", "--pack", pack, "-o", out)
    assert dvk(*words)[0] == 3 and out.read_bytes() == b"mine"
    assert dvk(*words, "--ghi-de")[0] == 0 and out.read_bytes() != b"mine"


# --- dossier ---------------------------------------------------------------------------------------------------------


def test_a_dossier_ends_with_zero_when_all_is_made(dvk: Callable[..., Said], tmp_path: Path, pack: Path) -> None:
    status, out, err = dvk("dossier", year_file(tmp_path), "-o", tmp_path / "hs", "--ngay", TODAY, "--pack", pack)
    assert (status, err) == (0, "")
    assert out.splitlines()[-1].endswith(f"Hồ sơ ở: {tmp_path / 'hs'}")


def test_a_dossier_ends_with_five_when_some_are_blocked(dvk: Callable[..., Said], tmp_path: Path, pack: Path) -> None:
    words = ("dossier", year_file(tmp_path, broken()), "-o", tmp_path / "hs", "--ngay", TODAY, "--pack", pack)
    status, out, _ = dvk(*words)
    assert status == 5
    assert out.count("“5” ở Phạm vi, địa bàn không phải là chữ.") == 1
    assert f"\n    Chưa lập 3 văn bản: dang-ky-mo-hinh.MH02; ke-hoach-mo-hinh.MH02; {SLIP}.MH02.\n" in out
    assert (tmp_path / "hs" / f"77-{SLIP}-MH01.docx").exists()


def test_a_dossier_ends_with_three_when_nothing_could_be_made(dvk: Callable[..., Said], tmp_path: Path) -> None:
    year = small_year()
    year["thong_tin"]["nam"] = "năm nay"
    assert dvk("dossier", year_file(tmp_path, year), "-o", tmp_path / "hs", "--ngay", TODAY)[0] == 3
    assert not list((tmp_path / "hs").glob("*.docx"))


def test_a_dossier_for_programs_is_one_json_document(dvk: Callable[..., Said], tmp_path: Path, pack: Path) -> None:
    words = ("dossier", year_file(tmp_path, broken()), "-o", tmp_path / "hs", "--ngay", TODAY, "--pack", pack)
    status, out, err = dvk(*words, "--json")
    said = json.loads(out)
    assert (status, err, said["exit_status"]) == (5, "", 5)
    assert {p["state"] for p in said["papers"] if p["id"].startswith(SLIP)} == {"made", "blocked"}


def test_a_file_alone_is_checked_and_made_beside_itself(dvk: Callable[..., Said], tmp_path: Path) -> None:
    file = year_file(tmp_path)
    status, out, _ = dvk(file, "--ngay", TODAY)
    assert status == 0 and "Đã lập" in out.splitlines()[-1]
    assert (tmp_path / "nam-ho-so" / "ho-so.json").exists()


def test_a_window_that_was_opened_by_dropping_a_file_waits(
    dvk: Callable[..., Said], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setenv("DVK_CHO", "1")
    monkeypatch.setattr("builtins.input", lambda words: asked.append(words) or "")
    dvk(year_file(tmp_path), "--ngay", TODAY)
    assert dvk(tmp_path / "khong-co.xlsx")[0] == 3
    assert asked == ["Nhấn Enter để đóng."] * 2


# --- wrong use and errors --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words, sentence",
    [
        (["mak"], "Không có lệnh mak."),
        (["make", "x"], "Thiếu TỆP."),
        (["dossier", "x.json"], "Thiếu -o/--output."),
        (["check", "x.json", "--ngya", "1"], "Không có tuỳ chọn --ngya. Có phải --ngay?"),
        (["check", "x.json", "--ngay"], "Tuỳ chọn --ngay cần một giá trị đi kèm."),
        (["check", "x.json", "--ngay", "31/11/2026"], "--ngay: “31/11/2026” không phải là một ngày có thật."),
        (["check", "x.json", "y.json"], "Thừa chữ trong câu lệnh."),
        (["dossier", "x.json", "-o", "y", "--giai-doan", "z"], "--giai-doan: “z” không có trong danh sách: trien-khai"),
        (["make", "khong-co-loai-nay", "x.json"], "Không có loại văn bản “khong-co-loai-nay”"),
    ],
)
def test_wrong_use_ends_with_two_and_one_vietnamese_sentence(
    dvk: Callable[..., Said], words: list[str], sentence: str
) -> None:
    status, out, err = dvk(*words)
    assert (status, out) == (2, "")
    assert sentence in err


def test_a_file_that_is_not_there_ends_with_three(dvk: Callable[..., Said]) -> None:
    for words in (["check", "khong-co.xlsx"], ["khong-co.xlsx"], ["dossier", "khong-co.xlsx", "-o", "hs"]):
        status, _, err = dvk(*words)
        assert status == 3 and "Không tìm thấy tệp khong-co.xlsx" in err
    assert not Path("hs").exists()


def test_an_error_of_the_program_is_one_sentence(
    dvk: Callable[..., Said], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(making, "check", fail)
    status, out, err = dvk("check", year_file(tmp_path))
    assert (status, out) == (1, "")
    assert err.count("\n") == 1 and "Lỗi của chương trình (ZeroDivisionError)" in err
    monkeypatch.setenv("DVK_DEBUG", "1")
    assert "Traceback" in dvk("check", year_file(tmp_path))[2]


def test_help_is_vietnamese(dvk: Callable[..., Said]) -> None:
    for words in ([], ["make"], ["dossier"], ["check"], ["workbook"], ["kinds"]):
        status, out, _ = dvk(*words, "--help")
        assert status == 0
        assert "Cách dùng: dvk" in out and "Tuỳ chọn:" in out
        assert not {"Usage", "Options", "Commands", "Show this message"} & set(out.replace(":", " ").split())


def test_output_is_utf_8_whatever_the_console_s_code_page(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"}
    answer = subprocess.run(
        [sys.executable, "-m", "dvk_docs", "check", "không-có.xlsx"], capture_output=True, env=environment, check=False
    )
    assert answer.returncode == 3
    assert "Không tìm thấy tệp không-có.xlsx" in answer.stderr.decode("utf-8")


def test_an_error_for_programs_is_one_json_document_too(dvk: Callable[..., Said]) -> None:
    status, out, err = dvk("check", "khong-co.xlsx", "--json")
    assert status == 3 and "Không tìm thấy" in err
    assert json.loads(out)["exit_status"] == 3


def test_a_folder_of_templates_or_kinds_that_is_not_there_is_refused(dvk: Callable[..., Said], tmp_path: Path) -> None:
    words = ("dossier", year_file(tmp_path), "-o", tmp_path / "hs")
    for option in ("--mau", "--pack"):
        status, _, err = dvk(*words, option, tmp_path / "khong-co")
        assert status == 3 and "Không có thư mục mẫu" in err


def test_an_error_that_stops_no_paper_is_said_all_the_same(dvk: Callable[..., Said], tmp_path: Path) -> None:
    year = small_year()
    year["nguoi"].append({"ma": "NG09", "ho_ten": "Lê Văn Tám"})
    status, out, _ = dvk("dossier", year_file(tmp_path, year), "-o", tmp_path / "hs", "--ngay", TODAY)
    assert status == 5
    assert "Chưa nhập Giới tính." in out and "dữ liệu còn lỗi. Hồ sơ ở:" in out.splitlines()[-1]


def test_one_cause_is_said_once_with_the_papers_that_it_stops(dvk: Callable[..., Said], tmp_path: Path) -> None:
    year = small_year()
    for row in year["mo_hinh"][:2]:
        del row["ten"]
    _, out, _ = dvk("dossier", year_file(tmp_path, year), "-o", tmp_path / "hs", "--ngay", TODAY)
    assert out.count("Chưa nhập Tên mô hình.") == 1 and "(2 chỗ)" in out
    assert out.count("dang-ky-mo-hinh.MH01, MH02") == 1


def test_errors_of_the_headers_lead(tmp_path: Path) -> None:
    late = Problem(Place("/mo_hinh", sheet="Mô hình", cell="C1"), "missing_column", "loi", "Thiếu cột Lĩnh vực.")
    early = Problem(Place("/mo_hinh/0/linh_vuc", sheet="Mô hình", cell="A3"), "missing", "loi", "Chưa nhập Lĩnh vực.")
    blocked = Outcome("phieu", "Phiếu", "blocked", problems=(early, late))
    result = Result(tmp_path, (blocked,), Report((early, late)), tmp_path / "ho-so.json")
    assert list(saying.causes(result, reasons=True)) == [
        "LỖI: sheet Mô hình, ô C1: Thiếu cột Lĩnh vực.",
        "LỖI: sheet Mô hình, ô A3: Chưa nhập Lĩnh vực.",
        "    Chưa lập phieu – Phiếu.",
    ]
    assert list(saying.causes(result, reasons=False)) == ["Chưa lập phieu – Phiếu."]


def test_papers_that_wait_for_their_set_are_said_in_one_line(tmp_path: Path) -> None:
    wrong = Problem(Place("/x/0/y"), "missing", "loi", "Chưa nhập Y.")
    waiting = [
        Outcome(i, "Phiếu", "blocked", problems=(wrong,), because_of=("bia",), note="…", file=tmp_path / f"{i}.docx")
        for i in ("phieu.MH01", "phieu.MH02")
    ]
    outcomes = (Outcome("bia", "Bìa", "blocked", problems=(wrong,)), *waiting)
    lines = list(saying.causes(Result(tmp_path, outcomes, Report((wrong,)), tmp_path), reasons=True))
    assert lines == [
        "LỖI: /x/0/y: Chưa nhập Y.",
        "    Chưa lập bia – Bìa.",
        "Cùng bộ hồ sơ với bia nên chưa lập 2 văn bản: phieu.MH01, MH02.",
        "Bản cũ vẫn còn, theo dữ liệu trước: phieu.MH01.docx, phieu.MH02.docx.",
    ]


# --- what may be written where ---------------------------------------------------------------------------------------


def test_the_data_s_own_file_is_never_the_output(dvk: Callable[..., Said], tmp_path: Path, pack: Path) -> None:
    file = year_file(tmp_path)
    before = file.read_bytes()
    (tmp_path / "lien-ket.docx").symlink_to(file)
    for out in (file, tmp_path / "." / "nam.json", tmp_path / "lien-ket.docx"):
        status, _, err = dvk("make", SLIP, file, "--chon", "MH01", "--pack", pack, "-o", out, "--ghi-de")
        assert status == 3 and "là tệp dữ liệu đang đọc" in err
    assert file.read_bytes() == before


@pytest.mark.parametrize("suffix", [".xlsx", ".JSON", ".pdf"])
def test_a_paper_is_not_written_under_another_kind_of_name(
    dvk: Callable[..., Said], tmp_path: Path, pack: Path, suffix: str
) -> None:
    out = tmp_path / f"x{suffix}"
    status, _, err = dvk("make", SLIP, year_file(tmp_path), "--chon", "MH01", "--pack", pack, "-o", out)
    assert status == 3 and "không phải" in err and not out.exists()


@pytest.mark.parametrize("name, written", [("qd", "qd.docx"), ("qd.2026", "qd.2026.docx"), ("qd.DOCX", "qd.DOCX")])
def test_a_name_without_its_ending_gets_it(
    dvk: Callable[..., Said], tmp_path: Path, pack: Path, name: str, written: str
) -> None:
    words = ("make", SLIP, year_file(tmp_path), "--chon", "MH01", "--pack", pack, "-o", tmp_path / name)
    assert dvk(*words)[:2] == (0, f"Đã lập {tmp_path / written}.\n")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes of POSIX")
def test_a_pipe_is_not_written_to(dvk: Callable[..., Said], tmp_path: Path, pack: Path) -> None:
    pipe = tmp_path / "x.docx"
    os.mkfifo(pipe)
    status, _, err = dvk("make", SLIP, year_file(tmp_path), "--chon", "MH01", "--pack", pack, "-o", pipe, "--ghi-de")
    assert status == 3 and "không phải là một tệp thường" in err
    assert pipe.is_fifo()


@pytest.mark.parametrize("command", ["make", "dossier", "workbook"])
def test_a_name_too_long_for_the_machine_is_refused_with_the_name(
    dvk: Callable[..., Said], tmp_path: Path, pack: Path, command: str
) -> None:
    file, out = year_file(tmp_path), tmp_path / ("a" * 300)
    words = {"make": (SLIP, file, "--chon", "MH01", "--pack", pack), "dossier": (file,), "workbook": ()}[command]
    status, _, err = dvk(command, *words, "-o", out)
    assert status == 3 and "dài quá mức" in err and "a" * 300 in err
    assert dvk("a" * 5000)[0] == 2


@pytest.mark.parametrize(
    "words",
    [
        ["check", ""],
        ["dossier", "x.json", "-o", ""],
        ["make", "trich-ngang", "x.json", "-o", " "],
        ["workbook", "-o", ""],
        ["dossier", "x.json", "-o", "y", "--mau", ""],
        ["kinds", "--pack", ""],
    ],
)
def test_an_empty_name_is_wrong_use(dvk: Callable[..., Said], words: list[str]) -> None:
    status, _, err = dvk(*words)
    assert status == 2 and "Tên tệp hoặc thư mục để trống." in err


# --- what a file is --------------------------------------------------------------------------------------------------


def test_a_paper_s_data_is_known_by_its_words_not_its_name(
    dvk: Callable[..., Said], tmp_path: Path, pack: Path
) -> None:
    slip = {"nam": 2026, "ten": "Bếp ấm"}
    named_txt = year_file(tmp_path, slip, "phieu.txt")
    assert dvk("make", SLIP, named_txt, "-o", tmp_path / "a.docx", "--pack", pack)[0] == 0
    mixed = year_file(tmp_path, {**slip, "thong_tin": {}}, "lan.json")
    status, _, err = dvk("make", SLIP, mixed, "-o", tmp_path / "b.docx", "--pack", pack)
    assert status == 3 and "Không có trường “thong_tin”." in err
    year_txt = year_file(tmp_path, name="nam.txt")
    assert dvk("make", SLIP, year_txt, "--chon", "MH01", "-o", tmp_path / "c.docx", "--pack", pack)[0] == 0


def test_a_choice_is_of_a_year_only(dvk: Callable[..., Said], tmp_path: Path, pack: Path) -> None:
    file = year_file(tmp_path, {"nam": 2026, "ten": "Bếp ấm"}, "phieu.json")
    status, _, err = dvk("make", SLIP, file, "--chon", "ZZ", "-o", tmp_path / "a.docx", "--pack", pack)
    assert status == 2 and "--chon chỉ dùng với tệp dữ liệu của cả năm" in err


def test_a_paper_s_data_is_no_year(dvk: Callable[..., Said], tmp_path: Path) -> None:
    file = year_file(tmp_path, {"nam": 2026, "ten": "Bếp ấm"}, "phieu.json")
    for words in (["check", file], ["dossier", file, "-o", tmp_path / "hs"], [file]):
        status, _, err = dvk(*words)
        assert status == 3 and "là dữ liệu của một văn bản" in err and "dvk make LOẠI" in err
    assert not (tmp_path / "hs").exists()


def test_a_field_typed_twice_in_a_paper_s_data_is_refused(dvk: Callable[..., Said], tmp_path: Path, pack: Path) -> None:
    file = tmp_path / "phieu.json"
    file.write_text('{"nam": 2025, "ten": "Bếp ấm", "nam": 2026}', encoding="utf-8")
    status, _, err = dvk("make", SLIP, file, "-o", tmp_path / "a.docx", "--pack", pack)
    assert status == 3 and "“nam” xuất hiện hai lần" in err


def test_a_code_is_typed_as_it_stands_and_the_nearest_is_named(
    dvk: Callable[..., Said], tmp_path: Path, pack: Path
) -> None:
    words = ("make", SLIP, year_file(tmp_path), "--pack", pack, "-o", tmp_path / "a.docx", "--chon")
    status, _, err = dvk(*words, "mh02")
    assert status == 2 and "Không có mã mh02" in err and "Có phải MH02?" in err
    assert dvk(*words, " MH02 ")[0] == 0


def test_a_workbook_is_not_made_of_data_that_it_would_lose(dvk: Callable[..., Said], tmp_path: Path) -> None:
    file = tmp_path / "nam.xlsx"
    source = year_file(tmp_path, {**small_year(), "bang_la": [{"x": 1}]})
    status, _, err = dvk("workbook", "-o", file, "--tu", source)
    assert status == 3 and "bang_la" in err
    source.write_text('{"phien_ban": 1, "thong_tin": {"nam": 2025, "nam": 2026}}', encoding="utf-8")
    status, _, err = dvk("workbook", "-o", file, "--tu", source)
    assert status == 3 and "hai lần" in err
    assert not file.exists()


def test_data_of_a_newer_version_make_no_paper(dvk: Callable[..., Said], tmp_path: Path) -> None:
    file = year_file(tmp_path, {**small_year(), "phien_ban": 99})
    status, out, _ = dvk("dossier", file, "-o", tmp_path / "hs", "--ngay", TODAY)
    assert status == 3 and out.startswith("LỖI:") and "“99”" in out.splitlines()[0]
    assert not list((tmp_path / "hs").glob("*.docx"))


def test_an_unknown_name_comes_with_a_way_out(dvk: Callable[..., Said], tmp_path: Path) -> None:
    assert "dvk kinds" in dvk("make", "zzz", year_file(tmp_path))[2]
    assert "Có phải check?" in dvk("chec")[2]
    assert "Các lệnh: kinds" in dvk("zzzzz")[2]
