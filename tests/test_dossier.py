"""The dossier: what is made, kept, laid beside and blocked, and that nothing of the clerk's is overwritten."""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from builders import TODAY, kind_schema, model, small_year, write_pack
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import dvk_docs as dvk
from dvk_docs import dossier, making
from dvk_docs.testing import outline

SLIP = "phieu-theo-doi"


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return write_pack(tmp_path / "goi")


@pytest.fixture
def make(tmp_path: Path, pack: Path) -> Callable[..., dvk.Result]:
    """Make the dossier of a year into one folder, the pack's slips among its papers."""

    def run(year: dict[str, Any], **options: Any) -> dvk.Result:
        settings: dict[str, Any] = {"today": TODAY, "packs": [pack], **options}
        return dvk.make_dossier(year, tmp_path / "ho-so", **settings)

    return run


def slip(result: dvk.Result, code: str = "MH01", stem: str = SLIP) -> dvk.Outcome:
    return next(o for o in result.outcomes if o.id == f"{stem}.{code}")


def path(result: dvk.Result, code: str = "MH01") -> Path:
    return result.folder / f"77-{SLIP}-{code}.docx"


def contents(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in sorted(folder.iterdir())}


def renamed(name: str) -> dict[str, Any]:
    year = small_year()
    year["mo_hinh"][0]["ten"] = name
    return year


def edit_by_hand(file: Path) -> bytes:
    edited = file.read_bytes() + b"by hand"
    file.write_bytes(edited)
    return edited


# --- a first run -----------------------------------------------------------------------------------------------------


def test_a_year_gives_its_papers_and_a_manifest(make: Callable[..., dvk.Result]) -> None:
    result = make(small_year())
    assert [o.id for o in result.blocked] == []
    assert result.exit_status == 0
    assert {f"{SLIP}.MH0{n}" for n in (1, 2, 3)} <= {o.id for o in result.made}
    assert "Mô hình “Tuyến đường hoa số 1” năm 2026" in outline(path(result).read_bytes())
    manifest = json.loads(result.manifest_path.read_text(encoding="utf-8"))
    assert {e["id"] for e in manifest["van_ban"]} == {o.id for o in result.made}
    assert manifest["ngay"] == TODAY
    assert str(result.folder) not in result.manifest_path.read_text(encoding="utf-8")


def test_two_folders_of_one_year_are_the_same_bytes(tmp_path: Path, pack: Path) -> None:
    for name in ("mot", "hai"):
        dvk.make_dossier(small_year(), tmp_path / name, today=TODAY, packs=[pack])
    assert contents(tmp_path / "mot") == contents(tmp_path / "hai")


@pytest.mark.parametrize("workers", ["threads", "processes"])
def test_parallel_rendering_gives_the_same_bytes(workers: str, tmp_path: Path, pack: Path) -> None:
    pool = ThreadPoolExecutor(2) if workers == "threads" else ProcessPoolExecutor(1, get_context("spawn"))
    dvk.make_dossier(small_year(), tmp_path / "mot", today=TODAY, packs=[pack])
    with pool as executor:
        dvk.make_dossier(small_year(), tmp_path / "hai", today=TODAY, packs=[pack], executor=executor)
    assert contents(tmp_path / "mot") == contents(tmp_path / "hai")


def test_progress_counts_every_paper(make: Callable[..., dvk.Result]) -> None:
    told: list[tuple[int, int, str]] = []
    result = make(small_year(), progress=lambda *said: told.append(said))
    assert [n for n, _, _ in told] == list(range(1, len(result.outcomes) + 1))
    assert {total for _, total, _ in told} == {len(result.outcomes)}


def test_a_stage_makes_only_its_papers_and_keeps_what_the_others_left(make: Callable[..., dvk.Result]) -> None:
    whole = make(small_year())
    part = make(small_year(), stage="de-nghi")
    assert part.outcomes == ()
    assert {e["id"] for e in manifest_of(part)} == {o.id for o in whole.made}


def manifest_of(result: dvk.Result) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = json.loads(result.manifest_path.read_text(encoding="utf-8"))["van_ban"]
    return entries


# --- a second run ----------------------------------------------------------------------------------------------------


def test_the_same_year_again_leaves_every_file_alone(make: Callable[..., dvk.Result]) -> None:
    first = make(small_year())
    before = contents(first.folder)
    times = {p.name: p.stat().st_mtime_ns for p in first.folder.glob("*.docx")}
    second = make(small_year())
    assert second.made == () and len(second.kept) == len(first.made)
    assert contents(first.folder) == before
    assert {p.name: p.stat().st_mtime_ns for p in first.folder.glob("*.docx")} == times


def test_another_day_remakes_nothing(make: Callable[..., dvk.Result]) -> None:
    make(small_year())
    assert make(small_year(), today="2026-01-06").made == ()


def test_a_changed_value_replaces_only_the_papers_that_hold_it(make: Callable[..., dvk.Result]) -> None:
    make(small_year())
    result = make(renamed("Bếp ấm"))
    assert slip(result).state == "made" and slip(result).fields == ("Tên mô hình",)
    assert slip(result, "MH02").state == "kept"
    assert "Bếp ấm" in outline(path(result).read_bytes())


def test_a_file_that_was_deleted_is_made_again(make: Callable[..., dvk.Result]) -> None:
    path(make(small_year())).unlink()
    result = make(small_year())
    assert [o.id for o in result.made] == [f"{SLIP}.MH01"]


def test_a_file_edited_by_hand_is_kept_while_its_inputs_stay(make: Callable[..., dvk.Result]) -> None:
    edited = edit_by_hand(path(make(small_year())))
    result = make(small_year())
    assert slip(result).state == "kept" and "sửa tay" in slip(result).note
    assert path(result).read_bytes() == edited


def test_a_file_edited_by_hand_gets_the_new_paper_beside_it_with_the_fields_named(
    make: Callable[..., dvk.Result],
) -> None:
    edited = edit_by_hand(path(make(small_year())))
    result = make(renamed("Bếp ấm"))
    outcome = slip(result)
    beside = result.folder / f"77-{SLIP}-MH01 (lap lai).docx"
    assert (outcome.state, outcome.file, outcome.fields) == ("beside", beside, ("Tên mô hình",))
    assert outcome.note == (
        f"Tệp 77-{SLIP}-MH01.docx đã được sửa tay nên được giữ nguyên; "
        f"bản mới là 77-{SLIP}-MH01 (lap lai).docx. Đã đổi: Tên mô hình."
    )
    assert path(result).read_bytes() == edited
    assert "Bếp ấm" in outline(beside.read_bytes())


def test_the_copy_beside_is_renewed_while_untouched_and_kept_once_edited(make: Callable[..., dvk.Result]) -> None:
    edit_by_hand(path(make(small_year())))
    beside = slip(make(renamed("Bếp ấm"))).file
    assert beside is not None
    assert slip(make(renamed("Bếp ấm"))).state == "kept"
    assert slip(make(renamed("Sân sạch"))).file == beside
    assert "Sân sạch" in outline(beside.read_bytes())
    edited = edit_by_hand(beside)
    third = slip(make(renamed("Ngõ sáng")))
    assert third.file == beside.with_name(f"77-{SLIP}-MH01 (lap lai 2).docx")
    assert beside.read_bytes() == edited


def test_a_copy_moved_into_the_paper_s_place_is_the_paper(make: Callable[..., dvk.Result]) -> None:
    edit_by_hand(path(make(small_year())))
    result = make(renamed("Bếp ấm"))
    beside = slip(result).file
    assert beside is not None
    beside.replace(path(result))
    assert slip(make(renamed("Bếp ấm"))).state == "kept"
    again = make(renamed("Sân sạch"))
    assert slip(again).state == "made" and slip(again).file == path(again)


def test_a_file_that_no_run_made_is_kept(make: Callable[..., dvk.Result], tmp_path: Path) -> None:
    mine = tmp_path / "ho-so" / f"77-{SLIP}-MH01.docx"
    mine.parent.mkdir()
    mine.write_bytes(b"mine")
    result = make(small_year())
    assert slip(result).state == "beside" and "không do lần chạy trước lập" in slip(result).note
    assert mine.read_bytes() == b"mine"


def test_papers_of_a_run_without_its_manifest_are_known_again(make: Callable[..., dvk.Result]) -> None:
    first = make(small_year())
    before = contents(first.folder)
    first.manifest_path.unlink()
    assert make(small_year()).made == ()
    assert contents(first.folder) == before


def test_a_manifest_that_cannot_be_read_is_put_aside(make: Callable[..., dvk.Result]) -> None:
    first = make(small_year())
    first.manifest_path.write_text("{", encoding="utf-8")
    second = make(small_year())
    assert second.made == () and "ho-so (2).json" in second.notes[0]
    assert (first.folder / "ho-so (2).json").read_text(encoding="utf-8") == "{"


def test_a_paper_no_longer_called_for_is_left_and_named(make: Callable[..., dvk.Result]) -> None:
    make(small_year())
    result = make(small_year(mo_hinh=[model(1), model(2)]))
    assert f"{SLIP}.MH03" in {o.id for o in result.extra}
    assert path(result, "MH03").exists()
    assert result.exit_status == 0


def test_a_published_paper_is_never_made_again(make: Callable[..., dvk.Result]) -> None:
    before = path(make(small_year())).read_bytes()
    year = renamed("Bếp ấm")
    issued = {"so": 1, "ngay": "2026-02-03", "trang_thai": "phat_hanh"}
    year["van_ban"] = [{"ma": f"{SLIP}.MH01", "tinh_chat": "lap", **issued}]
    result = make(year)
    assert slip(result).state == "kept" and "đã phát hành" in slip(result).note
    assert path(result).read_bytes() == before


def test_a_changed_template_remakes_the_paper(make: Callable[..., dvk.Result], pack: Path) -> None:
    make(small_year())
    write_pack(pack, source="Tên loại: PHIẾU MỚI\nNội dung: {{ dong }}\n")
    result = make(small_year())
    assert slip(result).state == "made" and slip(result).fields == ("mẫu in",)
    assert "PHIẾU MỚI" in outline(path(result).read_bytes())


def test_the_folder_of_another_year_is_refused(make: Callable[..., dvk.Result]) -> None:
    make(small_year())
    with pytest.raises(dvk.OutputInvalid, match="hồ sơ năm 2026"):
        make(small_year(nam=2027))


# --- what is blocked -------------------------------------------------------------------------------------------------


def test_a_wrong_cell_blocks_the_papers_that_read_it_and_no_other(make: Callable[..., dvk.Result]) -> None:
    year = small_year()
    year["mo_hinh"][1]["pham_vi"] = 5
    result = make(year)
    assert f"{SLIP}.MH02" in {o.id for o in result.blocked}
    assert slip(result, "MH01").state == slip(result, "MH03").state == "made"
    assert [p.place.pointer for p in slip(result, "MH02").problems] == ["/mo_hinh/1/pham_vi"]
    assert result.exit_status == 5


def test_a_file_is_left_as_it_was_when_its_paper_is_blocked(make: Callable[..., dvk.Result]) -> None:
    first = make(small_year())
    before = path(first, "MH02").read_bytes()
    year = small_year()
    year["mo_hinh"][1]["pham_vi"] = 5
    make(year)
    assert path(first, "MH02").read_bytes() == before
    assert slip(make(small_year()), "MH02").state == "kept"


@pytest.mark.parametrize(
    "changes",
    [
        {"x-khi": "moi.phieu_dong_y > 3"},
        {"x-van-ban": {"ten_loai": "Phiếu", "trich_yeu": "moi.phieu_dong_y + 1", "co_quan": "dang_uy"}},
        {
            "properties": {"ten": {"title": "Tên", "type": "integer", "x-tu": "moi.phieu_dong_y + 1"}},
            "required": ["ten"],
        },
    ],
    ids=["x-khi", "x-van-ban", "x-tu"],
)
def test_a_paper_that_a_blank_cell_stops_is_told_with_its_cell(tmp_path: Path, changes: dict[str, Any]) -> None:
    changes.setdefault("properties", {"ten": {"title": "Tên", "type": "string", "x-tu": "moi.ten"}})
    pack = write_pack(tmp_path / "goi", source="Nội dung: {{ ten }}\n", **{"required": ["ten"], **changes})
    models = [{**model(n), "phieu_dong_y": 12} for n in (1, 2, 3)]
    models[1].pop("phieu_dong_y")
    result = dvk.make_dossier(small_year(mo_hinh=models), tmp_path / "ho-so", today=TODAY, packs=[pack])
    assert [slip(result, code).state for code in ("MH01", "MH02", "MH03")] == ["made", "blocked", "made"]
    (told,) = slip(result, "MH02").problems
    assert (told.code, told.place.pointer) == ("field_needed", "/mo_hinh/1/phieu_dong_y")
    assert "ô “" in told.message
    assert told in result.report.errors


def test_a_paper_that_a_wrong_cell_keeps_out_of_the_plan_is_named(tmp_path: Path) -> None:
    pack = write_pack(tmp_path / "goi", **{"x-khi": "moi.ngay_ra_mat"})
    year = small_year()
    for row in year["mo_hinh"]:
        row["ngay_ra_mat"] = "2026-03-26"
    year["mo_hinh"][1]["ngay_ra_mat"] = "31/11/2026"
    result = dvk.make_dossier(year, tmp_path / "ho-so", today=TODAY, packs=[pack])
    assert slip(result, "MH02").state == "blocked"
    assert slip(result, "MH01").state == "made"


def two_kinds_of_one_set(pack: Path, source: str = "") -> None:
    write_pack(pack, **{"x-bo": "bo-thu"})
    one = {k: v for k, v in kind_schema().items() if k != "x-moi"}
    properties = {"ten": {"title": "Tên", "type": "string", "minLength": 1, "x-tu": "thong_tin.dia_danh"}}
    text = json.dumps({**one, "x-thu-tu": 78, "x-bo": "bo-thu", "required": ["ten"], "properties": properties})
    (pack / "bia-bo.schema.json").write_text(text, encoding="utf-8")
    (pack / "bia-bo.txt").write_text(source or "Tên loại: BÌA\nNội dung: {{ ten }}\n", encoding="utf-8")


def test_a_set_is_made_all_or_none(make: Callable[..., dvk.Result], pack: Path) -> None:
    two_kinds_of_one_set(pack)
    year = small_year()
    year["mo_hinh"][1]["pham_vi"] = 5
    result = make(year)
    states = {o.id: o.state for o in result.outcomes if o.id.startswith((SLIP, "bia-bo"))}
    assert set(states.values()) == {"blocked"} and len(states) == 4
    assert slip(result, "MH01").note == f"Cùng bộ hồ sơ với {SLIP}.MH02 nên chưa lập."
    assert not list(result.folder.glob("7[78]-*"))
    assert {o.state for o in make(small_year()).outcomes if o.id.startswith((SLIP, "bia-bo"))} == {"made"}


def test_a_template_that_is_not_right_blocks_its_set_and_no_other(make: Callable[..., dvk.Result], pack: Path) -> None:
    two_kinds_of_one_set(pack, "Tên loại: BÌA\nNội dung: {{ khong_co }}\n")
    result = make(small_year())
    blocked = {o.id: o for o in result.blocked}
    assert set(blocked) == {"bia-bo", f"{SLIP}.MH01", f"{SLIP}.MH02", f"{SLIP}.MH03"}
    assert "khong_co" in str(blocked["bia-bo"].problems[0])
    assert result.made and result.exit_status == 5


# --- the folder ------------------------------------------------------------------------------------------------------


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "ho-so"
    file.write_bytes(b"mine")
    for place in (file, file / "con"):
        with pytest.raises(dvk.OutputInvalid, match="là một tệp"):
            dvk.make_dossier(small_year(), place, today=TODAY)
    assert file.read_bytes() == b"mine"


@pytest.mark.skipif(not Path("/proc/sys/kernel").is_dir(), reason="needs a folder that nobody may write to")
def test_a_read_only_folder_is_refused() -> None:
    with pytest.raises(dvk.OutputInvalid, match="Hãy chọn thư mục khác"):
        dvk.make_dossier(small_year(), Path("/proc/sys/kernel"), today=TODAY)


def test_a_file_open_elsewhere_gets_a_numbered_copy_and_a_sentence(
    make: Callable[..., dvk.Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = make(small_year())
    before = path(first).read_bytes()
    move = Path.replace

    def locked(self: Path, target: Path) -> Path:
        if Path(target) == path(first):
            raise PermissionError(13, "in use")
        return move(self, target)

    monkeypatch.setattr(Path, "replace", locked)
    result = make(renamed("Bếp ấm"))
    copy_2 = result.folder / f"77-{SLIP}-MH01 (2).docx"
    assert slip(result).file == copy_2 and "đang mở" in slip(result).note
    assert "Bếp ấm" in outline(copy_2.read_bytes())
    assert path(result).read_bytes() == before
    monkeypatch.undo()
    again = make(renamed("Bếp ấm"))
    assert slip(again).file == path(again) and "Bếp ấm" in outline(path(again).read_bytes())
    assert not copy_2.exists()


def test_a_disk_that_fills_up_leaves_no_half_written_set(
    make: Callable[..., dvk.Result], pack: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    two_kinds_of_one_set(pack)
    write = Path.write_bytes

    def full(self: Path, data: bytes) -> int:
        if "bia-bo" in self.name:
            write(self, data[:10])
            raise OSError(28, "No space left on device")
        return write(self, data)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(dvk.OutputInvalid, match="đã đầy"):
        make(small_year())
    monkeypatch.undo()
    left = [p.name for p in (pack.parent / "ho-so").iterdir()]
    assert not [n for n in left if n.startswith(("77-", "78-", making.TEMPORARY))]
    assert make(small_year()).blocked == ()


def test_a_run_that_was_stopped_is_taken_up_again(make: Callable[..., dvk.Result]) -> None:
    def stop(done: int, total: int, name: str) -> None:
        if done == total - 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make(small_year(), progress=stop)
    result = make(small_year())
    assert len(result.made) < len(result.kept)
    assert make(small_year()).made == ()


def test_leftovers_of_a_killed_run_are_cleared(make: Callable[..., dvk.Result], tmp_path: Path) -> None:
    left = tmp_path / "ho-so" / f"{making.TEMPORARY}99-x.docx"
    left.parent.mkdir()
    left.write_bytes(b"half")
    make(small_year())
    assert not left.exists()


# --- names -----------------------------------------------------------------------------------------------------------


def test_a_file_name_is_short_ascii_and_never_used_twice(make: Callable[..., dvk.Result]) -> None:
    rows = [model(1, ma="MH.1"), model(2, ma="MH-1"), model(3, ma="M" * 80), model(4, ma="M" * 79 + "N")]
    result = make(small_year(mo_hinh=rows))
    names = [o.file.name for o in result.made if o.file]
    assert len({n.casefold() for n in names}) == len(names) == len(result.made)
    assert all(n.isascii() and len(Path(n).stem) <= 80 for n in names)


def test_the_office_s_own_template_keeps_its_looks(make: Callable[..., dvk.Result], pack: Path, tmp_path: Path) -> None:
    from dvk_docs import template_source

    own = tmp_path / "mau"
    own.mkdir()
    (own / f"{SLIP}.docx").write_bytes(template_source.build("Tên loại: MẪU RIÊNG\nNội dung: {{ dong }}{{ tt.ket }}\n"))
    result = make(small_year(), templates=own)
    assert "MẪU RIÊNG" in outline(path(result).read_bytes())
    (own / f"{SLIP}.docx").write_bytes(template_source.build("Tên loại: MẪU SỬA\nNội dung: {{ dong }}{{ tt.ket }}\n"))
    assert "MẪU SỬA" in outline(path(make(small_year(), templates=own)).read_bytes())


def test_the_data_handed_over_is_not_changed(make: Callable[..., dvk.Result]) -> None:
    year = small_year()
    before = copy.deepcopy(year)
    make(year)
    assert year == before


def test_results_are_plain_data_for_programs(make: Callable[..., dvk.Result]) -> None:
    year = small_year()
    year["mo_hinh"][1]["pham_vi"] = 5
    said = json.loads(json.dumps(make(year).as_dict(), ensure_ascii=False))
    assert {p["state"] for p in said["papers"]} == {"made", "blocked"}
    assert said["manifest"] == dossier.MANIFEST


@pytest.mark.skipif(os.name == "nt", reason="file modes of POSIX")
def test_papers_get_the_usual_file_mode(make: Callable[..., dvk.Result]) -> None:
    mask = os.umask(0)
    os.umask(mask)
    assert path(make(small_year())).stat().st_mode & 0o777 == 0o666 & ~mask


def test_a_value_that_a_paper_lacks_blocks_it_beside_any_other_wrong_cell_of_its_record(tmp_path: Path) -> None:
    properties = {"ten": {"title": "Nơi làm", "type": "string", "minLength": 1, "x-tu": "moi.pham_vi"}}
    pack = write_pack(tmp_path / "goi", source="Nội dung: {{ ten }}\n", properties=properties, required=["ten"])
    year = small_year()
    del year["mo_hinh"][1]["pham_vi"]
    year["mo_hinh"][1]["den_ngay"] = "31/11/2026"
    result = dvk.make_dossier(year, tmp_path / "ho-so", today=TODAY, packs=[pack])
    assert slip(result, "MH02").state == "blocked"
    assert [(p.place.pointer, p.code) for p in slip(result, "MH02").problems] == [("/mo_hinh/1/pham_vi", "missing")]


def test_two_records_of_one_code_block_both_their_papers(make: Callable[..., dvk.Result]) -> None:
    result = make(small_year(mo_hinh=[model(1), model(2, ma="MH01"), model(3)]))
    assert slip(result, "MH01").state == "blocked" and slip(result, "MH03").state == "made"
    assert {p.code for p in slip(result, "MH01").problems} == {"duplicate_code"}
    assert len({o.id for o in result.outcomes}) == len(result.outcomes)
    assert not path(result, "MH01").exists()


def test_a_year_that_was_not_typed_takes_nothing_from_the_folder(make: Callable[..., dvk.Result]) -> None:
    assert make({"phien_ban": 1}).made == ()
    first = make(small_year())
    before = manifest_of(first)
    assert make({"phien_ban": 1}).made == ()
    assert manifest_of(first) == before
    with pytest.raises(dvk.OutputInvalid):
        make(small_year(nam=2027))


@pytest.mark.parametrize("name", ["../ngoai.docx", "/etc/passwd", 5, None])
def test_a_manifest_that_names_files_elsewhere_is_not_ours(make: Callable[..., dvk.Result], name: object) -> None:
    first = make(small_year())
    manifest = json.loads(first.manifest_path.read_text(encoding="utf-8"))
    manifest["van_ban"][0]["tep"] = name
    first.manifest_path.write_text(json.dumps(manifest), encoding="utf-8")
    assert "được cất thành" in make(small_year()).notes[0]


STEPS = st.lists(
    st.sampled_from(["edit", "edit beside", "delete", "lose manifest", "Bếp ấm", "Sân sạch", "Ngõ sáng"]), max_size=5
)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_what_was_changed_by_hand_is_never_lost(steps: list[str], pack: Path) -> None:
    with TemporaryDirectory() as folder:
        mine: set[bytes] = set()
        file = Path(folder) / f"77-{SLIP}-MH01.docx"
        name = "Vườn xanh"
        for number, step in enumerate(["Vườn xanh", *steps]):
            if step == "lose manifest":
                (Path(folder) / dossier.MANIFEST).unlink(missing_ok=True)
            elif step == "delete":
                mine.discard(file.read_bytes())
                file.unlink()
            elif step.startswith("edit"):
                target = file if step == "edit" else max(Path(folder).glob(f"77-{SLIP}-MH01*"), key=lambda p: p.name)
                mine.discard(target.read_bytes())
                target.write_bytes(b"by hand %d" % number)
                mine.add(target.read_bytes())
            else:
                name = step
            result = dvk.make_dossier(renamed(name), folder, today=TODAY, packs=[pack], stage="dang-ky")
            assert mine <= set(contents(Path(folder)).values())
            outcome = slip(result)
            assert outcome.file is not None and outcome.file.exists()
            assert dvk.make_dossier(renamed(name), folder, today=TODAY, packs=[pack], stage="dang-ky").made == ()


def row_of(code: str, number: int) -> dict[str, Any]:
    return {"ma": code, "tinh_chat": "lap", "so": number, "ngay": "2026-02-03", "trang_thai": "trinh_ky"}


def test_two_rows_for_one_paper_block_it_and_no_other(make: Callable[..., dvk.Result]) -> None:
    rows = [row_of(f"{SLIP}.MH01", 1), row_of(f"{SLIP}.MH01", 77), row_of(f"{SLIP}.MH02", 2)]
    result = make(small_year(van_ban=rows))
    assert slip(result).state == "blocked" and slip(result, "MH02").state == "made"
    assert {p.code for p in slip(result).problems} == {"duplicate_code"}
    assert result.exit_status == 5


def test_sifting_the_rows_of_papers_is_no_reading_of_a_doubled_one(tmp_path: Path) -> None:
    count = "van_ban|selectattr('tinh_chat', 'eq', 'lap')|list|length"
    sifted = {"dem": {"title": "Đếm", "type": "integer", "x-tu": count}}
    pack = write_pack(tmp_path / "goi", source="Nội dung: {{ dem }}\n", properties=sifted, required=["dem"])
    rows = [row_of(f"{SLIP}.MH01", 1), row_of(f"{SLIP}.MH01", 77)]
    result = dvk.make_dossier(small_year(van_ban=rows), tmp_path / "ho-so", today=TODAY, packs=[pack])
    assert slip(result).state == "blocked" and slip(result, "MH02").state == "made"


def test_an_error_left_in_the_data_ends_with_five_though_all_is_made(make: Callable[..., dvk.Result]) -> None:
    year = small_year()
    year["nguoi"].append({"ma": "NG09", "ho_ten": "Lê Văn Tám"})
    result = make(year)
    assert (result.blocked, result.exit_status) == ((), 5)


def test_data_of_a_newer_version_block_everything(make: Callable[..., dvk.Result]) -> None:
    result = make({**small_year(), "phien_ban": 99})
    assert result.made == () and result.exit_status == 3
    assert all("/phien_ban" in {p.place.pointer for p in o.problems} for o in result.blocked)


@pytest.mark.parametrize("name", ["a" * 300, "a\0b"])
def test_a_folder_that_no_machine_takes_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(dvk.OutputInvalid):
        dvk.make_dossier(small_year(), tmp_path / name, today=TODAY)


def test_a_folder_in_a_paper_s_place_stops_that_paper(make: Callable[..., dvk.Result], tmp_path: Path) -> None:
    (tmp_path / "ho-so" / f"77-{SLIP}-MH01.docx").mkdir(parents=True)
    result = make(small_year())
    assert slip(result).state == "blocked" and "đang có một thư mục" in slip(result).problems[0].message
    assert slip(result, "MH02").state == "made" and result.exit_status == 5


def test_a_read_only_paper_is_called_so(make: Callable[..., dvk.Result], monkeypatch: pytest.MonkeyPatch) -> None:
    first = make(small_year())
    move = Path.replace

    def locked(self: Path, target: Path) -> Path:
        if Path(target) == path(first):
            raise PermissionError(1, "not permitted")
        return move(self, target)

    monkeypatch.setattr(Path, "replace", locked)
    monkeypatch.setattr(os, "access", lambda *_: False)
    note = slip(make(renamed("Bếp ấm"))).note
    assert "bị đặt chỉ đọc" in note and "đang mở" not in note


def test_a_blocked_paper_s_earlier_version_is_named(make: Callable[..., dvk.Result]) -> None:
    make(small_year())
    year = small_year()
    year["mo_hinh"][1]["pham_vi"] = 5
    result = make(year)
    assert slip(result, "MH02").note == f"Bản cũ 77-{SLIP}-MH02.docx vẫn còn, theo dữ liệu trước."
    assert slip(result, "MH02").file == path(result, "MH02")


def test_papers_of_a_run_that_was_killed_are_known_to_be_ours(
    make: Callable[..., dvk.Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as killed:
        killed.setattr(dossier._Run, "save_manifest", lambda self: None)
        killed.setattr(dossier._Journal, "end", lambda self: None)
        folder = make(small_year()).folder
    assert not (folder / dossier.MANIFEST).exists()
    edited = edit_by_hand(folder / f"77-{SLIP}-MH02.docx")
    year = renamed("Bếp ấm")
    year["mo_hinh"][1]["ten"] = "Sân sạch"
    result = make(year)
    assert slip(result).state == "made" and slip(result).fields == ("Tên mô hình",)
    assert slip(result, "MH02").state == "beside" and path(result, "MH02").read_bytes() == edited
    assert not list(folder.glob(f"{making.TEMPORARY}*")) and not list(folder.glob("*MH01 (*"))


def test_a_torn_journal_is_passed_over(make: Callable[..., dvk.Result], tmp_path: Path) -> None:
    journal = tmp_path / "ho-so" / f"{making.TEMPORARY}nhat-ky"
    journal.parent.mkdir()
    journal.write_text('[1]\n{"id": "x", "da_ghi": ["../x", "y"]}\n{"da_gh', encoding="utf-8")
    assert make(small_year()).blocked == () and not journal.exists()


def test_a_copy_of_the_same_bytes_is_not_laid_down_again(make: Callable[..., dvk.Result]) -> None:
    first = make(small_year())
    edit_by_hand(path(first))
    edit_by_hand(slip(make(renamed("Bếp ấm"))).file or Path())
    second = slip(make(renamed("Sân sạch"))).file
    first.manifest_path.unlink()
    assert slip(make(renamed("Sân sạch"))).file == second
    assert len(list(first.folder.glob(f"77-{SLIP}-MH01*"))) == 3


def test_our_copy_of_older_data_is_taken_away_and_said(make: Callable[..., dvk.Result]) -> None:
    edited = edit_by_hand(path(make(small_year())))
    copy_of = slip(make(renamed("Bếp ấm"))).file
    result = make(small_year())
    assert copy_of is not None and not copy_of.exists()
    assert slip(result).state == "kept" and f"Đã bỏ {copy_of.name}" in slip(result).note
    assert path(result).read_bytes() == edited
    assert "Đã bỏ" not in slip(make(small_year())).note
