"""The catalogue: kinds by folder, packs, blocks merged, names that are nearly right."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from dvk_docs.catalog import Catalog, fold, nearest, root
from dvk_docs.errors import KindUnknown, SourceInvalid, TemplateInvalid

SMALL = {
    "title": "Giấy thử",
    "type": "object",
    "required": ["ten"],
    "properties": {"ten": {"title": "Tên", "type": "string"}},
}


def pack(folder: Path, **files: object) -> Path:
    for name, content in files.items():
        path = folder / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return folder


def test_the_kinds_stand_in_the_order_of_their_schemas() -> None:
    catalog = Catalog()
    order = [catalog.kind_schema(k)["x-thu-tu"] for k in catalog.kinds()]
    assert order == sorted(order) and len(order) >= 11


def test_every_kind_has_a_template_and_a_source() -> None:
    catalog = Catalog()
    papers = [(k, he) for k in catalog.kinds() for he in catalog.systems(k)]
    assert [p for p in papers if not catalog.source_path(*p)] == []
    assert [p for p in papers if not catalog.template_path(*p)] == []


def test_shared_blocks_are_merged_before_the_kind_s_own_fields() -> None:
    schema = Catalog().kind_schema("danh-sach-de-nghi")
    assert "allOf" not in schema
    assert next(iter(schema["properties"])) == "nam" and "nam" in schema["required"]


def test_an_hour_typed_as_anything_else_is_told_before_the_paper_is_made() -> None:
    loose = []
    for name in Catalog().kinds():
        spec = json.dumps(Catalog().kind_schema(name), ensure_ascii=False)
        for field, part in Catalog().kind_schema(name)["properties"].items():
            if f"{field}|gio_chu" in spec and "x-suy-ra" not in part and "pattern" not in part:
                loose.append(f"{name}.{field}")
    assert loose == []


def test_an_unknown_kind_names_the_nearest() -> None:
    with pytest.raises(KindUnknown) as raised:
        Catalog().kind_schema("Tờ trình đề nghị công nhận!")
    assert str(raised.value).startswith(
        "Không có loại văn bản “Tờ trình đề nghị công nhận!”; gần nhất: “to-trinh-de-nghi-cong-nhan”"
    )


def test_a_pack_in_folders_and_a_flat_one_add_kinds_after_ours(tmp_path: Path) -> None:
    deep = pack(
        tmp_path / "a",
        **{"data_schemas__giay-a.schema.json": SMALL, "templates__nguon__giay-a.txt": "Nội dung: {{ ten }}\n"},
    )
    flat = pack(tmp_path / "b", **{"giay-b.schema.json": SMALL, "giay-b.txt": "Nội dung: {{ ten }}\n"})
    catalog = Catalog([deep, flat])
    assert catalog.kinds()[-2:] == ["giay-a", "giay-b"]
    assert catalog.source_path("giay-a") == deep / "templates" / "nguon" / "giay-a.txt"
    assert catalog.template_bytes("giay-b").startswith(b"PK")
    assert catalog.kind_schema("giay-a")["required"] == ["ten"]


def test_a_pack_may_use_our_shared_blocks(tmp_path: Path) -> None:
    schema = {**SMALL, "allOf": [{"$ref": "chung/khoi.schema.json#/$defs/nam"}]}
    catalog = Catalog([pack(tmp_path, **{"giay-c.schema.json": schema, "giay-c.txt": "Nội dung: {{ ten }}\n"})])
    assert list(catalog.kind_schema("giay-c")["properties"]) == ["nam", "ten"]


def test_a_pack_that_is_not_there_or_not_json_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceInvalid, match="Không có thư mục"):
        Catalog([tmp_path / "none"])
    catalog = Catalog([pack(tmp_path, **{"hong.schema.json": "{"})])
    assert "hong" not in catalog.kinds() and len(catalog.kinds()) >= 11
    assert [(p.code, p.place.where) for p in catalog.faults] == [("json_syntax", "dòng 1, cột 2")]
    with pytest.raises(TemplateInvalid, match=r"hong\.schema\.json"):
        catalog.kind_schema("hong")


FIELD = {"title": "Tên", "type": "string"}


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"properties": {"ten": {**FIELD, "type": "obj"}}}, "/properties/ten/type"),
        ({"properties": {"ten": {**FIELD, "pattern": "("}}}, "/properties/ten/pattern"),
        ({"properties": {"ten": {**FIELD, "x-tu": "moi.("}}}, "/properties/ten/x-tu"),
        ({"properties": {"ten": {**FIELD, "x-suy-ra": 5}}}, "/properties/ten/x-suy-ra"),
        ({"properties": {"ten": {**FIELD, "items": {"type": "x"}}}}, "/properties/ten/items/type"),
        ({"properties": {"ten": {**FIELD, "minLength": "1"}}}, "/properties/ten/minLength"),
        ({"properties": {"ten": "chữ"}}, "/properties/ten"),
        ({"properties": 5}, "/properties"),
        ({"required": ["khong"]}, "/required"),
        ({"allOf": [{"$ref": "chung/khoi.schema.json#/$defs/khong"}]}, "/allOf/0/$ref"),
        ({"allOf": [{"$ref": "khong-co.json#/a"}]}, "/allOf/0/$ref"),
        ({"x-thu-tu": "a"}, "/x-thu-tu"),
        ({"x-bo": "((("}, "/x-bo"),
        ({"x-giai-doan": "de-ngi"}, "/x-giai-doan"),
        ({"x-he": "dang"}, "/x-he"),
        ({"x-khi": "moi.ten ==="}, "/x-khi"),
        ({"x-moi": ["mo_hinh"]}, "/x-moi"),
        ({"x-kem": "quyet-dinh-khong"}, "/x-kem"),
        ({"x-dien-tay": True}, "/x-dien-tay"),
        ({"x-van-ban": {"trich_yeu": "'a"}}, "/x-van-ban/trich_yeu"),
    ],
)
def test_a_broken_kind_of_a_pack_names_its_file_and_field_and_stops_no_other(
    tmp_path: Path, changes: dict[str, object], pointer: str
) -> None:
    files = {"giay-hong.schema.json": {**SMALL, **changes}, "giay-hong.txt": "Nội dung: {{ ten }}\n"}
    catalog = Catalog([pack(tmp_path, **files, **{"giay-b.schema.json": SMALL, "giay-b.txt": "Nội dung: {{ ten }}\n"})])
    assert "giay-hong" not in catalog.kinds() and "giay-b" in catalog.kinds()
    assert [(p.place.pointer, p.severity) for p in catalog.faults] == [(pointer, "loi")]
    assert catalog.faults[0].place.file.endswith("giay-hong.schema.json")
    assert not catalog.has("giay-hong")
    with pytest.raises(TemplateInvalid, match=r"giay-hong\.schema\.json"):
        catalog.kind_schema("giay-hong")


def test_a_kind_of_a_pack_without_a_template_is_left_out(tmp_path: Path) -> None:
    catalog = Catalog([pack(tmp_path, **{"giay-a.schema.json": SMALL})])
    assert [p.code for p in catalog.faults] == ["template_missing"]
    assert catalog.faults[0].message == "Loại văn bản “Giấy thử” chưa có tệp mẫu giay-a.docx hoặc giay-a.txt."
    assert "giay-a" not in catalog.kinds()


def test_a_name_like_no_other_says_where_the_names_are() -> None:
    with pytest.raises(KindUnknown, match="xem danh sách bằng lệnh dvk kinds"):
        Catalog().kind_schema("zzzzzz")
    with pytest.raises(KindUnknown, match=r"; hiện có: .*“xa-2026”"):
        Catalog().rule_set("zzzzzz")


def test_rule_sets_are_found_by_name() -> None:
    assert "xa-2026" in Catalog().rule_sets()
    with pytest.raises(KindUnknown, match="gần nhất: “xa-2026”"):
        Catalog().rule_set("xa-2025")


def test_names_are_compared_without_marks_case_and_separators() -> None:
    assert fold("Tờ-trình  ĐỀ nghị") == "to trinh de nghi"
    assert nearest("quyet dinh cong nhan", ["quyet-dinh-cong-nhan", "bien-ban"]) == ["quyet-dinh-cong-nhan"]


def test_kinds_need_no_heavy_library() -> None:
    code = (
        "import sys, dvk_docs.catalog as c; c.Catalog().kinds();"
        "print([m for m in ('jinja2','jsonschema','openpyxl','docx','lxml') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root())
    assert run.stdout.strip() == "[]"


def test_a_pack_s_broken_text_names_its_file_and_line_and_stops_no_other(tmp_path: Path) -> None:
    catalog = Catalog([pack(tmp_path, **{"giay-a.schema.json": SMALL, "giay-a.txt": "Không vai: {{ ten }}\n"})])
    assert "giay-a" not in catalog.kinds()
    assert [p.place.where for p in catalog.faults] == ["giay-a.txt, dòng 1"]
