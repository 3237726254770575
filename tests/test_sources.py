"""Sources: a file is what its content says, and one year gives one shape from JSON and from Excel."""

from __future__ import annotations

import io
import json
import os
import sys
import unicodedata
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dvk_docs import sources, workbook
from dvk_docs.catalog import Catalog
from dvk_docs.errors import SourceInvalid

SCHEMA = Catalog().year_schema()
OLE = bytes.fromhex("D0CF11E0A1B11AE1")


def model(**changes: Any) -> dict[str, Any]:
    return {"ma": "MH01", "ten": "Đường hoa", "linh_vuc": "kinh_te", "loai_hinh": "xay_moi", **changes}


def year(**changes: Any) -> dict[str, Any]:
    """A small year; a test names only what it is about."""
    return {"phien_ban": 3, "thong_tin": {"nam": 2026}, "mo_hinh": [model(**changes)]}


def from_json(text: str | bytes, name: str = "nam.json") -> sources.Source:
    return sources.parse(text.encode() if isinstance(text, str) else text, name, SCHEMA)


def refusal(raw: bytes, name: str = "nam.xlsx") -> SourceInvalid:
    with pytest.raises(SourceInvalid) as e:
        sources.parse(raw, name, SCHEMA)
    return e.value


def zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return out.getvalue()


# --- one shape from both


def test_the_json_and_the_workbook_of_one_year_are_one(tmp_path: Path) -> None:
    data = year(
        thuc_trang=["a", "b"], cong_nhan=True, tien_do=[{"noi_dung": "k"}], muc_tieu=[{"noi_dung": "m", "dat": 2.0}]
    )
    (tmp_path / "nam.json").write_text(json.dumps(data), encoding="utf-8")
    (tmp_path / "nam.xlsx").write_bytes(workbook.write(SCHEMA, data))
    typed, book = sources.read(tmp_path / "nam.json"), sources.read(tmp_path / "nam.xlsx")
    assert json.dumps(typed.data) == json.dumps(book.data)
    assert typed.sha256 == book.sha256
    assert (typed.kind_of_file, book.kind_of_file) == ("json", "xlsx")
    assert (typed.name, book.name) == ("nam.json", "nam.xlsx")
    assert set(typed.places) <= set(book.places)


def test_the_name_of_a_file_does_not_matter(tmp_path: Path) -> None:
    (tmp_path / "nam.json").write_bytes(workbook.write(SCHEMA, year()))
    (tmp_path / "nam.xlsx").write_text(json.dumps(year()), encoding="utf-8")
    assert sources.read(tmp_path / "nam.json").kind_of_file == "xlsx"
    assert sources.read(tmp_path / "nam.xlsx").kind_of_file == "json"


def test_blanks_are_absent_and_keys_stand_in_the_order_of_the_schema() -> None:
    record = {"pham_vi": None, "ten": "a", "ma": "M", "ca_nhan": "", "cong_nhan": False, "bien_phap": [" "]}
    data = {"mo_hinh": [{**record, "thuc_trang": ["", "x\n\ny"]}], "don_vi": [], "phien_ban": 1.0}
    source = from_json(json.dumps(data))
    model = '{"ma": "M", "ten": "a", "cong_nhan": false, "thuc_trang": ["x", "y"]}'
    assert json.dumps(source.data) == f'{{"phien_ban": 1, "mo_hinh": [{model}]}}'


def test_text_is_composed_and_its_spaces_put_right_which_is_said() -> None:
    decomposed = unicodedata.normalize("NFD", "Đường  hoa ")
    source = from_json(json.dumps(year(ten=decomposed, pham_vi="a\r\nb\x07")))
    assert source.data["mo_hinh"][0]["ten"] == "Đường hoa"
    assert ("/mo_hinh/0/ten", "repaired_text") in [(p.place.pointer, p.code) for p in source.problems]
    assert source.data["mo_hinh"][0]["pham_vi"] == "a\nb\x07"


def test_a_key_in_decomposed_unicode_is_the_same_key() -> None:
    assert from_json(json.dumps({unicodedata.normalize("NFD", "tên"): 1})).data == {"tên": 1}


def test_a_lone_surrogate_is_kept_for_the_checker() -> None:
    assert from_json('{"a": "\\ud800"}').data == {"a": "\ud800"}


@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "utf-16"])
def test_json_is_read_with_or_without_a_byte_order_mark(code: str) -> None:
    assert from_json('{"a": "Đảng uỷ"}'.encode(code)).data == {"a": "Đảng uỷ"}


def test_each_value_of_json_has_its_line() -> None:
    places = from_json('{\n "phien_ban": 1,\n "mo_hinh": [\n  {"ma": "a: {[,\\"b"},\n  {"ma":\n "c"}\n ]\n}').places
    lines = {pointer: place.where for pointer, place in places.items()}
    assert lines["/mo_hinh/0/ma"] == "dòng 4"
    assert lines["/mo_hinh/1"] == "dòng 5"
    assert lines["/mo_hinh/1/ma"] == "dòng 6"
    assert places["/mo_hinh/1/ma"].file == "nam.json"


def test_quotes_typed_around_the_name_of_a_model_are_a_reported_repair() -> None:
    for typed in ('"Đường hoa"', "“Đường hoa”"):
        source = sources.parse(workbook.write(SCHEMA, year(ten=typed)), "nam.xlsx", SCHEMA)
        assert source.data["mo_hinh"][0]["ten"] == "Đường hoa"
        (problem,) = source.problems
        assert (problem.code, problem.severity, problem.place.cell) == ("repaired_quotes", "thong_tin", "B3")
        assert problem.message == f"Đã bỏ dấu ngoặc kép gõ quanh tên {typed}; ngoặc kép được thêm khi in."


def test_quotes_inside_the_name_of_a_model_stay() -> None:
    source = from_json(json.dumps(year(ten="“Dân vận khéo” trong “Xây dựng”", pham_vi='"thôn"')))
    assert source.data["mo_hinh"][0]["ten"] == "“Dân vận khéo” trong “Xây dựng”"
    assert source.data["mo_hinh"][0]["pham_vi"] == '"thôn"'
    assert source.problems == ()


def test_a_key_that_stands_twice_is_an_error_at_its_last_line() -> None:
    source = from_json('{"thong_tin": {\n"nam": 2025,\n"nam": 2026}}')
    (problem,) = source.problems
    assert (problem.code, problem.severity, problem.place.where) == ("duplicate_key", "loi", "dòng 3")
    assert problem.message == "Trường “nam” xuất hiện hai lần trong cùng một đối tượng; chỉ giá trị sau được đọc."


@pytest.mark.parametrize(
    "text,named",
    [
        ('{"a": [{"ma": 1,\n"ma": 2},\n{"ma": 3}],\n"b": {"ma": 4}}', [("/a/0/ma", "dòng 2")]),
        ('{"a": {"x": 1},\n"a": {"x": 2}}', [("/a", "dòng 2")]),
        ('{"a": {"x": {"y": 1}},\n"a": {"x": {"y": 2}},\n"a": {}}', [("/a", "dòng 3")]),
        ('{"a/b": 1, "c": {"d": 1,\n"d": 1},\n"a/b": 2}', [("/c/d", "dòng 2"), ("/a~1b", "dòng 3")]),
    ],
)
def test_a_key_that_stands_twice_is_named_in_its_own_object(text: str, named: list[tuple[str, str]]) -> None:
    problems = from_json(text).problems
    assert [(p.place.pointer, p.place.where) for p in problems] == named
    assert all(p.code == "duplicate_key" for p in problems)


def test_a_key_that_stands_twice_in_a_very_long_file_is_said_without_its_line() -> None:
    (problem,) = from_json('{"a": 1, "a": 2, "b": "' + "x" * sources.MAX_SEARCHED + '"}').problems
    assert (problem.code, problem.place.file, problem.place.where) == ("duplicate_key", "nam.json", "")


def test_data_in_memory_takes_the_same_shape() -> None:
    assert sources.from_data(year(), SCHEMA).sha256 == from_json(json.dumps(year())).sha256


def test_the_json_of_one_paper_takes_the_shape_of_its_own_schema() -> None:
    source = sources.parse(b'{"b": 1, "a": null, "so": 5}', "a.json", {"properties": {"so": {}, "b": {}}})
    assert json.dumps(source.data) == '{"so": 5, "b": 1}'


def test_a_workbook_is_a_year_whatever_schema_was_meant() -> None:
    assert sources.parse(workbook.write(SCHEMA, year()), "a.json", {}).data == year()


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**6), 10**6)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["thong_tin", "mo_hinh", "don_vi", "la"]), JSON))
def test_the_canonical_shape_is_its_own(data: dict[str, Any]) -> None:
    once = sources.canonical(data, SCHEMA)
    assert sources.canonical(once, SCHEMA) == once


@given(JSON)
def test_every_value_of_any_json_has_a_line(value: Any) -> None:
    text = json.dumps({"a": value}, indent=1)
    found = dict(sources._lines(text))
    assert set(pointers({"a": value})) == set(found)


def pointers(value: Any, at: str = "") -> list[str]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [at, *(p for k, v in inner for p in pointers(v, f"{at}/{sources._step(str(k))}"))]


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_in_words(raw: bytes) -> None:
    for name in ("nam.json", "nam.xlsx"):
        try:
            sources.parse(raw, name, SCHEMA)
        except SourceInvalid as e:
            assert name in str(e)


# --- files that cannot be read


@pytest.mark.parametrize(
    "text,where,message",
    [
        ('{\n "a": 1\n "b": 2}', "dòng 3, cột 2", "thiếu dấu phẩy giữa hai phần"),
        ('{"a": }', "dòng 1, cột 7", "thiếu một giá trị"),
        ('{"a": 1} x', "dòng 1, cột 10", "còn thừa chữ sau khi đã hết dữ liệu"),
        ('{"a": "b', "dòng 1, cột 7", "chuỗi chữ chưa đóng ngoặc kép"),
        ('{"a": "b\n"}', "dòng 1, cột 9", "trong chuỗi chữ có ký tự xuống dòng hoặc điều khiển"),
    ],
)
def test_a_fault_in_json_is_named_by_line_and_column(text: str, where: str, message: str) -> None:
    problem = refusal(text.encode(), "nam.json")
    assert (problem.code, problem.place.file, problem.place.where) == ("json_syntax", "nam.json", where)
    assert str(problem) == f"Tệp nam.json sai cú pháp JSON ở {where}: {message}."


@pytest.mark.parametrize(
    "text,code",
    [
        ("[1]", "json_shape"),
        ('{"a": NaN}', "json_number"),
        ('{"a": -Infinity}', "json_number"),
        ('{"a": 1e999}', "json_number"),
        ('{"a": ' + "9" * 5000 + "}", "json_number"),
        ('{"a":' * 60 + "1" + "}" * 60, "json_depth"),
        ('{"a":' + "[" * 100_000 + "]" * 100_000 + "}", "json_depth"),
    ],
)
def test_json_that_is_no_data_is_refused(text: str, code: str) -> None:
    assert refusal(text.encode(), "nam.json").code == code


@pytest.mark.parametrize(
    "number,words",
    [
        ("NaN", "NaN ở dòng 2, cột 7, không phải là một số"),
        ("-Infinity", "-Infinity ở dòng 2, cột 7, không phải là một số"),
        ("1e999", "1e999 ở dòng 2, cột 7, một số quá lớn"),
        ("9" * 5000, "999999999999… (5000 ký tự) ở dòng 2, cột 7, một số quá dài"),
    ],
)
def test_a_number_that_is_none_is_named_by_line_and_column(number: str, words: str) -> None:
    problem = refusal(f'{{"a": "{number}",\n "b": {number}}}'.encode(), "nam.json")
    assert (problem.code, problem.place.where) == ("json_number", "dòng 2, cột 7")
    assert str(problem) == f"Tệp nam.json có {words}."


def test_json_in_another_encoding_is_refused_with_its_line() -> None:
    problem = refusal('{\n"a": "Đảng uỷ é"}'.encode().replace("é".encode(), b"\xe9"), "nam.json")
    assert str(problem) == "Tệp nam.json không phải mã UTF-8 (dòng 2); hãy lưu lại tệp bằng mã UTF-8."


@pytest.mark.parametrize(
    "raw,code,words",
    [
        (b"", "empty_file", "Tệp nam.xlsx rỗng"),
        (b" \r\n", "empty_file", "rỗng"),
        (OLE + bytes(600), "old_excel", "Excel đời cũ (.xls); hãy mở bằng Excel, chọn Lưu thành (Save As) dạng .xlsx"),
        (OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "encrypted", "có mật khẩu"),
        (zipped(word__document_xml=b"<a/>"), "not_a_workbook", "là văn bản Word"),
        (zipped(**{"xl__workbook.bin": b"a"}), "not_a_workbook", ".xlsb"),
        (zipped(mimetype=b"a", content_xml=b"a"), "not_a_workbook", "LibreOffice"),
        (zipped(a=b"a"), "not_a_workbook", "không phải sổ Excel"),
        (b"PK\x05\x06" + bytes(18), "not_a_workbook", "không phải sổ Excel"),
        (b"PK\x03\x04 broken", "workbook_broken", "bị hỏng hoặc chép chưa hết"),
        (b"<html><table>", "not_a_workbook", "HTML"),
        (b"%PDF-1.7", "not_a_workbook", "là PDF"),
        (b"ma;ten\n1;2\n", "unknown_file", "không phải sổ Excel (.xlsx) hay tệp JSON"),
        (zipped(xl__workbook_xml=bytes(20_000_000), **{"[Content_Types].xml": b"<a/>"}), "too_large", "quá lớn"),
        (zipped(xl__workbook_xml=b"<a/>", **{"[Content_Types].xml": b"<a/>"}), "workbook_broken", "hãy mở bằng Excel"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused_in_one_sentence(raw: bytes, code: str, words: str) -> None:
    problem = refusal(raw)
    assert (problem.code, problem.place.file) == (code, "nam.xlsx")
    assert words in str(problem)


def test_a_real_password_protected_workbook_is_named(tmp_path: Path) -> None:
    msoffcrypto = pytest.importorskip("msoffcrypto.format.ooxml")
    out = io.BytesIO()
    msoffcrypto.OOXMLFile(io.BytesIO(workbook.write(SCHEMA))).encrypt("mat-khau", out)
    (tmp_path / "nam.xlsx").write_bytes(out.getvalue())
    with pytest.raises(SourceInvalid, match="có mật khẩu; hãy mở bằng Excel, bỏ mật khẩu rồi lưu lại"):
        sources.read(tmp_path / "nam.xlsx")


def test_a_file_that_is_not_there_or_a_folder_is_named(tmp_path: Path) -> None:
    for path, code in (
        (tmp_path / "khong.xlsx", "not_found"),
        (tmp_path, "is_folder"),
        (tmp_path / "a\0b", "not_found"),
    ):
        with pytest.raises(SourceInvalid) as e:
            sources.read(path)
        assert e.value.code == code


def test_a_file_of_200_megabytes_is_refused_before_it_is_read(tmp_path: Path) -> None:
    with (tmp_path / "nam.xlsx").open("wb") as file:
        file.truncate(200_000_000)
    with pytest.raises(SourceInvalid, match="lớn quá 50 MB"):
        sources.read(tmp_path / "nam.xlsx")


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="needs a user who can be refused")
def test_a_file_that_may_not_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "nam.json").write_text("{}")
    (tmp_path / "nam.json").chmod(0)
    with pytest.raises(SourceInvalid, match=r"Không được đọc tệp nam\.json"):
        sources.read(tmp_path / "nam.json")


def test_a_locked_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "nam.json").write_text("{}")

    def locked(*_: object, **__: object) -> None:
        raise PermissionError(13, "locked")

    monkeypatch.setattr(Path, "open", locked)
    with pytest.raises(SourceInvalid, match="nếu tệp đang mở trong Excel hãy đóng lại") as e:
        sources.read(tmp_path / "nam.json")
    assert e.value.code == "no_permission"


def test_a_sheet_with_many_empty_rows_is_read_as_without_them() -> None:
    """Formats dragged to the bottom of a sheet: rows without a cell."""
    raw, out = workbook.write(SCHEMA, year()), io.BytesIO()
    rows = b"".join(b'<row r="%d" ht="15" customHeight="1"/>' % n for n in range(1_000, 60_000))
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            sheet = name.endswith("sheet4.xml")
            new.writestr(name, data.replace(b"</sheetData>", rows + b"</sheetData>") if sheet else data)
    assert sources.parse(out.getvalue(), "nam.xlsx", SCHEMA).data == year()


@pytest.mark.parametrize(
    "member,code", [("xl/vbaProject.bin", "macro_ignored"), ("xl/externalLinks/externalLink1.xml", "link_ignored")]
)
def test_macros_and_links_are_passed_over_and_that_is_said(member: str, code: str) -> None:
    out = io.BytesIO(workbook.write(SCHEMA, year()))
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr(member, b"<a/>")
    source = sources.parse(out.getvalue(), "nam.xlsm", SCHEMA)
    assert (source.data, [(p.code, p.severity) for p in source.problems]) == (year(), [(code, "thong_tin")])
