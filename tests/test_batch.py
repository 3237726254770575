"""Many papers of one kind from a plain list: Excel, CSV, .ods; bad rows named, the rest made, the answer in a copy."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import openpyxl
import pytest

from dvk_docs import cli, making, sources
from dvk_docs.errors import SourceInvalid
from dvk_docs.testing import outline

KIND = "dang-ky-mo-hinh"
SCHEMA = making.kind(KIND).schema
TITLES = {k: str(s.get("title", k)) for k, s in SCHEMA["properties"].items()}
COMMON = {
    "nam": 2026, "co_quan": "Chi bộ thôn Đông", "dia_danh": "Bình An", "trich_yeu": "xây dựng mô hình",
    "kinh_gui": "Ban Xây dựng Đảng", "loai_chu_the": "Tập thể", "loai_hinh": "Xây dựng mới",
    "co_quan_tham_dinh": "Ban Xây dựng Đảng", "nguoi_ky": "Lê An",
}  # fmt: skip
FIELD = next(iter(SCHEMA["properties"]["linh_vuc"].get("enum", ["Kinh tế"])))
ROWS = [
    {"chu_the": f"Chi bộ thôn {n}", "ten_mo_hinh": f"Đường hoa số {n}", "linh_vuc": "Kinh tế", "ngay": f"{n}/2/2026"}
    for n in range(1, 13)
]
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def dvk(capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*words: object) -> tuple[int, str, str]:
        status = cli.run([str(w) for w in words])
        return status, *capsys.readouterr()

    return run


def choice(key: str, value: Any) -> Any:
    """The label or code that the kind's own list has, where it has one."""
    schema = SCHEMA["properties"][key]
    return (schema.get("x-nhan") or schema["enum"])[0] if "enum" in schema else value


def a_list(rows: list[dict[str, Any]] = ROWS, common: bool = True) -> bytes:
    """A list as a clerk makes it: a title, a running number, the constants in a sheet of their own."""
    book = openpyxl.Workbook()
    page = book.active
    page.title = "Danh sách"
    page["A1"] = "DANH SÁCH ĐĂNG KÝ MÔ HÌNH NĂM 2026"
    keys = [*rows[0], *([] if common else COMMON)]
    for number, title in enumerate(["STT", *(TITLES[k] for k in keys)], 1):
        page.cell(3, number).value = title
    for index, row in enumerate(rows):
        full = row if common else {**COMMON, **row}
        for number, value in enumerate([index + 1, *(choice(k, full[k]) for k in keys)], 1):
            page.cell(index + 4, number).value = value
    if common:
        sheet = book.create_sheet("Chung")
        for index, (key, value) in enumerate(COMMON.items(), 1):
            sheet.cell(index, 1).value, sheet.cell(index, 2).value = TITLES[key], choice(key, value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_row_is_a_paper_and_its_data(tmp_path: Path) -> None:
    (tmp_path / "ds.xlsx").write_bytes(a_list())
    papers = sources.read_list(tmp_path / "ds.xlsx", SCHEMA)
    assert papers is not None
    assert [r.number for r in papers.rows] == list(range(4, 16))
    assert papers.rows[2].data["ten_mo_hinh"] == "Đường hoa số 3"
    assert papers.rows[2].data["ngay"] == "2026-02-03"
    assert papers.rows[2].data["co_quan"] == "Chi bộ thôn Đông"
    assert papers.rows[2].places["/ten_mo_hinh"].cell == "C6"
    assert papers.rows[2].places["/co_quan"].sheet == "Chung"


def test_each_row_becomes_a_file_named_by_its_number_and_first_words(tmp_path: Path, dvk: Run) -> None:
    (tmp_path / "ds.xlsx").write_bytes(a_list())
    status, out, _ = dvk("make", KIND, tmp_path / "ds.xlsx", "-o", tmp_path / "ra")
    assert status == 0, out
    made = sorted(p.name for p in (tmp_path / "ra").glob("*.docx"))
    assert len(made) == 12
    assert made[0].startswith(f"004-{KIND}-")
    assert "“Đường hoa số 1”" in outline((tmp_path / "ra" / made[0]).read_bytes())


def test_a_bad_row_is_named_at_its_cell_and_does_not_stop_the_rest(tmp_path: Path, dvk: Run) -> None:
    rows = [dict(r) for r in ROWS]
    rows[3]["ngay"], rows[5]["ten_mo_hinh"] = "31/2/2026", None
    (tmp_path / "ds.xlsx").write_bytes(a_list(rows))
    status, out, _ = dvk("make", KIND, tmp_path / "ds.xlsx", "-o", tmp_path / "ra")
    assert status == 5
    assert "ô E7" in out
    assert "ô C9" in out
    assert "Đã lập 10 văn bản, 2 dòng chưa lập được" in out
    page = openpyxl.load_workbook(tmp_path / "ra" / "ds-ket-qua.xlsx")["Danh sách"]
    heads = {c.value: c.column for c in page[3]}
    assert page.cell(7, heads["Kết quả kiểm tra"]).value == "Cần sửa"
    assert page.cell(7, heads["Tệp đã lập"]).value is None
    link = page.cell(8, heads["Tệp đã lập"])
    assert (tmp_path / "ra" / str(link.value)).is_file()
    assert link.hyperlink.target == link.value


def test_the_answered_list_is_itself_a_list(tmp_path: Path, dvk: Run) -> None:
    rows = [dict(r) for r in ROWS]
    rows[3]["ngay"] = "31/2/2026"
    (tmp_path / "ds.xlsx").write_bytes(a_list(rows))
    dvk("make", KIND, tmp_path / "ds.xlsx", "-o", tmp_path / "ra")
    answer = tmp_path / "ra" / "ds-ket-qua.xlsx"
    book = openpyxl.load_workbook(answer)
    book["Danh sách"]["E7"] = "28/2/2026"
    book.save(answer)
    assert dvk("make", KIND, answer, "-o", tmp_path / "ra")[0] == 0
    assert len(list((tmp_path / "ra").glob("*.docx"))) == 12


def test_names_come_from_columns(tmp_path: Path, dvk: Run) -> None:
    (tmp_path / "ds.xlsx").write_bytes(a_list(ROWS[:2]))
    words = f"{{{TITLES['chu_the']}}} {{ten_mo_hinh}}"
    assert dvk("make", KIND, tmp_path / "ds.xlsx", "-o", tmp_path / "ra", "--ten-tep", words)[0] == 0
    assert sorted(p.name for p in (tmp_path / "ra").glob("*.docx")) == [
        "Chi-bo-thon-1-Duong-hoa-so-1.docx",
        "Chi-bo-thon-2-Duong-hoa-so-2.docx",
    ]


def test_a_name_of_no_column_is_refused_before_anything_is_made(tmp_path: Path, dvk: Run) -> None:
    (tmp_path / "ds.xlsx").write_bytes(a_list())
    status, _, err = dvk("make", KIND, tmp_path / "ds.xlsx", "-o", tmp_path / "ra", "--ten-tep", "{Số nhà}")
    assert (status, (tmp_path / "ra").exists()) == (3, False)
    assert "“Số nhà”" in err


def test_two_rows_of_one_name_are_two_files_and_a_second_run_changes_nothing(tmp_path: Path, dvk: Run) -> None:
    (tmp_path / "ds.xlsx").write_bytes(a_list([ROWS[0], {**ROWS[1], "chu_the": ROWS[0]["chu_the"]}]))
    for _ in range(2):
        dvk("make", KIND, tmp_path / "ds.xlsx", "-o", tmp_path / "ra", "--ten-tep", "{chu_the}")
    names = sorted(p.name for p in (tmp_path / "ra").glob("*.docx"))
    assert names == ["Chi-bo-thon-1 (2).docx", "Chi-bo-thon-1.docx"]


def test_one_row_may_be_looked_at_first(tmp_path: Path, dvk: Run) -> None:
    (tmp_path / "ds.xlsx").write_bytes(a_list())
    status, out, _ = dvk("make", KIND, tmp_path / "ds.xlsx", "--dong", 5, "-o", tmp_path / "xem.docx")
    assert status == 0, out
    assert "“Đường hoa số 2”" in outline((tmp_path / "xem.docx").read_bytes())
    status, _, err = dvk("make", KIND, tmp_path / "ds.xlsx", "--dong", 99, "-o", tmp_path / "xem2.docx")
    assert (status, "các dòng 4–15" in err) == (3, True)


def as_csv(mark: str, code: str) -> bytes:
    lines = [[TITLES[k] for k in (*COMMON, *ROWS[0])]]
    lines += [[str(choice(k, {**COMMON, **row}[k])) for k in (*COMMON, *row)] for row in ROWS]
    return "\r\n".join(mark.join(line) for line in lines).encode(code)


@pytest.mark.parametrize("mark,code", [(";", "utf-8-sig"), (",", "utf-8"), ("\t", "utf-16")])
def test_a_csv_is_read_whatever_its_comma_and_code(tmp_path: Path, dvk: Run, mark: str, code: str) -> None:
    (tmp_path / "ds.csv").write_bytes(as_csv(mark, code))
    status, out, _ = dvk("make", KIND, tmp_path / "ds.csv", "-o", tmp_path / "ra")
    assert status == 0, out
    assert len(list((tmp_path / "ra").glob("*.docx"))) == 12
    assert (tmp_path / "ra" / "ds-ket-qua.csv").read_text(encoding="utf-8-sig").count("Tốt") == 12


_MANIFEST = (
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
)


def ods(rows: list[list[str]]) -> bytes:
    """The smallest .ods of one sheet."""
    space = "urn:oasis:names:tc:opendocument:xmlns"
    cells = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{escape(t)}</text:p></table:table-cell>' for t in row
        )
        + "</table:table-row>"
        for row in rows
    )
    content = (
        f'<office:document-content xmlns:office="{space}:office:1.0" xmlns:table="{space}:table:1.0"'
        f' xmlns:text="{space}:text:1.0" office:version="1.2"><office:body><office:spreadsheet>'
        f'<table:table table:name="Danh sách">{cells}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", _MANIFEST)
        archive.writestr("content.xml", content)
    return out.getvalue()


def test_an_ods_is_read(tmp_path: Path, dvk: Run) -> None:
    pytest.importorskip("python_calamine", reason="bộ đọc .ods chưa cài")
    lines = [line.split(";") for line in as_csv(";", "utf-8").decode().split("\r\n")]
    (tmp_path / "ds.ods").write_bytes(ods(lines))
    status, out, _ = dvk("make", KIND, tmp_path / "ds.ods", "-o", tmp_path / "ra")
    assert status == 0, out
    assert len(list((tmp_path / "ra").glob("*.docx"))) == 12


def test_an_old_xls_is_read(tmp_path: Path, dvk: Run) -> None:
    pytest.importorskip("python_calamine", reason="bộ đọc .xls chưa cài")
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice không có trên máy này")
    (tmp_path / "ds.xlsx").write_bytes(a_list(common=False))
    profile = f"-env:UserInstallation=file://{tmp_path}/lo"
    words = [office, profile, "--headless", "--convert-to", "xls", "--outdir", str(tmp_path), str(tmp_path / "ds.xlsx")]
    subprocess.run(words, capture_output=True, check=True, timeout=120)
    status, out, _ = dvk("make", KIND, tmp_path / "ds.xls", "-o", tmp_path / "ra")
    assert status == 0, out
    assert len(list((tmp_path / "ra").glob("*.docx"))) == 12


def test_a_list_without_the_kind_s_columns_is_refused_with_what_it_wants(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "Gì đó"
    book.save(tmp_path / "la.xlsx")
    with pytest.raises(SourceInvalid, match=f"“{TITLES['ten_mo_hinh']}”"):
        sources.read_list(tmp_path / "la.xlsx", SCHEMA)


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path, dvk: Run) -> None:
    (tmp_path / "ds.xlsx").write_bytes(a_list())
    status, _, err = dvk("make", KIND, tmp_path / "ds.xlsx", "-o", tmp_path / "ra.docx")
    assert (status, "phải là một thư mục" in err) == (3, True)
