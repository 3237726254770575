"""Format profiles: chosen by date, put on a template by the names of its styles."""

from __future__ import annotations

import re
import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest

from dvk_docs import profiles, template_source
from dvk_docs.errors import DvkError, TemplateInvalid
from dvk_docs.package import pack, unpack
from dvk_docs.template_source import build
from dvk_docs.testing import outline, schema_faults

ALL = profiles.load_all(template_source.RULES)
SOURCE = "> dau-dang\nTên loại: TỜ TRÌNH\nNội dung: Đảng uỷ khoá {{ khoá }} và {{ 'hoà' }} hoà giải\n> ky-dang"


def style(docx: bytes, role: str) -> str:
    """The definition of a role's style, found by its name."""
    styles = unpack(docx)["word/styles.xml"].decode()
    found = [s for s in re.findall(r"<w:style .*?</w:style>", styles) if f'w:val="DVK {role}"' in s]
    assert len(found) == 1
    return str(found[0])


@pytest.mark.parametrize(
    ("day", "code"),
    [
        ("2018-04-03", "DANG_HD36"),
        ("2026-05-26", "DANG_HD36"),
        ("2026-05-27", "DANG_HD05"),
        (date(2030, 12, 31), "DANG_HD05"),
        ("2016-01-01", "DANG_HD36"),
    ],
)
def test_a_profile_is_chosen_by_the_day_of_the_paper(day: str | date, code: str) -> None:
    assert profiles.at("dang", day, ALL).code == code


@pytest.mark.parametrize(("system", "code"), [("nha_nuoc", "NN_ND30"), ("mttq", "MTTQ")])
def test_a_profile_is_chosen_by_the_system_of_the_paper(system: str, code: str) -> None:
    assert profiles.at(system, "2026-10-01", ALL).code == code


def test_a_system_without_a_profile_is_refused() -> None:
    with pytest.raises(DvkError, match="Chưa có quy định"):
        profiles.at("khong_co", "2026-01-01", ALL)


def test_one_profile_ends_the_day_before_the_next_begins() -> None:
    old, new = (p for p in ALL if p.system == "dang")
    assert (old.to_day, new.from_day, new.to_day) == ("2026-05-26", "2026-05-27", None)


def test_all_profiles_know_the_same_words() -> None:
    assert len({tuple(sorted(p.words)) for p in ALL}) == 1


@pytest.mark.parametrize("systems", [("dang",), ("nha_nuoc", "mttq")])
def test_profiles_of_one_look_know_the_same_roles_and_limits(systems: tuple[str, ...]) -> None:
    own = [p for p in ALL if p.system in systems]
    assert len(own) == 2
    assert len({tuple(p.roles) for p in own}) == 1
    assert len({tuple(p.limits) for p in own}) == 1


@pytest.mark.parametrize("profile", ALL, ids=lambda p: p.code)
def test_every_profile_has_the_roles_that_shared_blocks_name(profile: profiles.Profile) -> None:
    shared = {"Cơ quan ban hành", "Số ký hiệu", "Địa danh ngày", "Tên loại", "Trích yếu", "Căn cứ", "Nội dung", "Điều"}
    assert shared | {"Quyền hạn", "Chức vụ ký", "Họ tên ký", "Nơi nhận nhãn", "Nơi nhận", "Ô"} <= set(profile.roles)


@pytest.mark.parametrize("profile", ALL, ids=lambda p: p.code)
def test_every_entry_has_its_source(profile: profiles.Profile) -> None:
    assert profile.page.source
    assert [role for role, look in profile.roles.items() if not look.source] == []


@pytest.mark.parametrize("profile", ALL, ids=lambda p: p.code)
def test_a_look_is_within_the_limits_of_its_own_profile(profile: profiles.Profile) -> None:
    sizes = {f"co_{profiles.role_key(role)}": look.size for role, look in profile.roles.items()}
    assert [key for key, size in sizes.items() if key in profile.limits and not profile.limits[key].holds(size)] == []
    page, body = profile.page, profile.roles["Nội dung"]
    margins = {"le_tren": page.top, "le_duoi": page.bottom, "le_trai": page.left, "le_phai": page.right}
    measured = {**margins, "dong": body.line or body.lines, "cach_doan": body.before, "lui_dau_dong": body.indent}
    assert [key for key, found in measured.items() if not profile.limits[key].holds(found)] == []


def test_the_spacing_of_lines_has_an_upper_bound_since_the_guide_of_2026() -> None:
    old, new = (p.limits["dong"] for p in ALL if p.system == "dang")
    assert (old.holds(18), old.holds(30), old.holds(17.9)) == (True, True, False)
    assert (new.holds(18), new.holds(22), new.holds(22.5)) == (True, True, False)


def test_a_limit_holds_within_its_tolerance() -> None:
    margin = profiles.Limit(values=(30,), tolerance=0.5, source="x")
    assert [margin.holds(found) for found in (29.4, 29.5, 30.5, 30.6)] == [False, True, True, False]
    assert profiles.Limit(values=("QĐ", "QĐi"), source="x").holds("QĐi")
    assert not profiles.Limit(values=("QĐ",), source="x").holds("QyĐ")


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        ('min = 1\nsource = "x"\nbien = 2', "mục lạ bien"),
        ('source = "x"', "chưa có value"),
        ("min = 1", "chưa ghi source"),
        ('min = 3\nmax = 1\nsource = "x"', "min lớn hơn max"),
        ('min = "ba"\nsource = "x"', "phải là số"),
        ('values = [true]\nsource = "x"', "số hoặc chữ"),
    ],
)
def test_a_limit_that_is_not_right_is_named(tmp_path: Path, entry: str, why: str) -> None:
    path = tmp_path / "sai.toml"
    text = (template_source.RULES / "dang-hd05.toml").read_text(encoding="utf-8")
    path.write_text(f"{text}\n[kiem.le_moi]\n{entry}\n", encoding="utf-8")
    with pytest.raises(DvkError, match=rf"sai\.toml.*le_moi.*{why}"):
        profiles.load(path)


def test_the_words_changed_with_the_guide_of_2026() -> None:
    old, new = (p.tt for p in ALL if p.system == "dang")
    assert (old["kinh_trinh"], new["kinh_trinh"]) == ("Kính gửi", "Kính trình")
    assert (old["can_cu_cuoi"], new["can_cu_cuoi"]) == (",", ".")
    assert (old["noi_nhan_ngan"], new["noi_nhan_ngan"]) == (",", ";")
    assert {old["ket"], new["ket"]} == {"."}


def test_the_sizes_are_those_of_the_guide() -> None:
    looks = profiles.newest("dang", ALL).roles
    sizes = {"Tiêu đề Đảng": 15, "Cơ quan ban hành": 14, "Tên loại": 15, "Nội dung": 14, "Nơi nhận": 12, "Số trang": 14}
    assert {role: looks[role].size for role in sizes} == sizes
    assert looks["Nội dung"].line == 19
    assert looks["Nội dung"].before >= 6
    assert looks["Địa danh ngày"].italic
    assert not looks["Chức vụ ký"].bold


def test_a_file_with_an_unknown_entry_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "sai.toml"
    text = (template_source.RULES / "dang-hd05.toml").read_text(encoding="utf-8")
    path.write_text(text.replace('[vai_tro."Gạch"]\nsize', '[vai_tro."Gạch"]\ncao'), encoding="utf-8")
    with pytest.raises(DvkError, match=r"sai\.toml"):
        profiles.load(path)


def test_a_line_on_paper_is_the_border_of_an_empty_paragraph() -> None:
    look = profiles.at("nha_nuoc", "2026-01-01", ALL).roles["Gạch tiêu ngữ"]
    made = profiles.paragraph_properties(look)
    assert '<w:pBdr><w:top w:val="single" w:sz="6"' in made
    assert f'w:right="{profiles.Mm(look.right).twips}"' in made


def test_applying_the_profile_of_the_template_changes_no_style() -> None:
    template = build(SOURCE)
    applied = profiles.apply(template, profiles.newest("dang", ALL))
    assert style(applied, "Nội dung") == style(template, "Nội dung")
    assert outline(applied) == outline(template)
    assert schema_faults(applied) == []


def test_a_style_is_found_by_its_name_whatever_its_id() -> None:
    parts = unpack(build(SOURCE))
    for name, data in parts.items():
        parts[name] = data.replace(b'"DvkNoiDung"', b'"a17"').replace(b'<w:sz w:val="28"/>', b'<w:sz w:val="99"/>')
    applied = profiles.apply(pack(parts), ALL[0])
    assert 'w:styleId="a17"' in style(applied, "Nội dung")
    assert '<w:sz w:val="28"/>' in style(applied, "Nội dung")


def test_a_style_that_is_no_role_is_left_alone() -> None:
    parts = unpack(build(SOURCE))
    parts["word/styles.xml"] = parts["word/styles.xml"].replace(b'w:val="DVK N\xe1\xbb\x99i dung"', b'w:val="Rieng"')
    applied = unpack(profiles.apply(pack(parts), ALL[0]))["word/styles.xml"]
    assert applied.count(b'w:val="Rieng"') == 1


@pytest.mark.parametrize("head", ["@ kho: doc", "@ kho: ngang"])
def test_the_page_is_set_and_keeps_its_orientation(head: str) -> None:
    template = build(f"{head}\nNội dung: a")
    parts = unpack(template)
    parts["word/document.xml"] = re.sub(rb'w:top="\d+"', b'w:top="1"', parts["word/document.xml"])
    applied = unpack(profiles.apply(pack(parts), profiles.newest("dang", ALL)))["word/document.xml"].decode()
    own = unpack(template)["word/document.xml"].decode()
    assert re.findall("<w:pg.*?/>", applied) == re.findall("<w:pg.*?/>", own)


def test_the_office_spelling_is_given_to_the_words_but_not_to_the_tags() -> None:
    text = outline(profiles.apply(build(SOURCE), ALL[0], "cu"))
    assert "Đảng ủy khóa {{ khoá }} và {{ 'hoà' }} hòa giải" in text


@pytest.mark.parametrize("mark", ["↵", "⇥"])
def test_a_syllable_ends_at_a_line_break_and_at_a_tab(mark: str) -> None:
    text = outline(profiles.apply(build(f"Giữa đậm: CẤP UỶ{mark}TRỰC TIẾP"), ALL[0], "cu"))
    assert "CẤP ỦY" in text
    assert "TRỰC TIẾP" in text


def test_a_word_in_two_runs_is_one_word() -> None:
    text = outline(profiles.apply(build("Nội dung: Đảng u**ỷ** xã, u**ỷn**"), ALL[0], "cu"))
    assert "Đảng ủy xã, uỷn" in text.replace("*", "")


def test_a_file_that_is_no_docx_is_refused() -> None:
    with pytest.raises(TemplateInvalid, match=r"\.docx"):
        profiles.apply(b"khong phai zip", ALL[0])


@pytest.mark.skipif(shutil.which("soffice") is None, reason="cần LibreOffice")
def test_a_template_saved_by_another_office_program_still_takes_a_profile(tmp_path: Path) -> None:
    (tmp_path / "mau.docx").write_bytes(build(SOURCE))
    home = f"-env:UserInstallation={(tmp_path / 'lo').as_uri()}"
    out = tmp_path / "ra"
    order = ["soffice", "--headless", home, "--convert-to", "docx:MS Word 2007 XML", "--outdir", str(out)]
    subprocess.run([*order, str(tmp_path / "mau.docx")], check=True, capture_output=True, timeout=120)
    saved = (out / "mau.docx").read_bytes()
    parts = unpack(saved)
    parts["word/styles.xml"] = parts["word/styles.xml"].replace(b'<w:sz w:val="28"/>', b'<w:sz w:val="99"/>')
    assert '<w:sz w:val="28"/>' in style(profiles.apply(pack(parts), ALL[0]), "Nội dung")
