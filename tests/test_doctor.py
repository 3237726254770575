"""`dvk doctor --fix` with stand-ins for the machine's package clients: which is asked, what is kept, what is said."""

from __future__ import annotations

import os
import shutil
import sys
import tarfile
from pathlib import Path

import pytest

from dvk_docs import cli
from dvk_docs.errors import ToolMissing
from dvk_docs.pdf import doctor, fonts

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the stand-ins are shell scripts")


@pytest.fixture
def faces() -> list[Path]:
    """The four font files of this machine."""
    try:
        return [face.path for face in fonts.find().faces.values()]
    except ToolMissing:
        pytest.skip("no font with the Vietnamese letters: dvk doctor --fix")


@pytest.fixture
def bare(faces: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without fonts and without package clients; its folder of programs is returned."""
    programs = tmp_path / "bin"
    programs.mkdir()
    monkeypatch.setattr(fonts, "system_folders", lambda: [tmp_path / "fonts"])
    monkeypatch.delenv(fonts.OWN_FOLDER, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", str(programs))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    return programs


def program(folder: Path, name: str, body: str) -> None:
    file = folder / name
    said = folder.parent / "said"
    file.write_text(f'#!/bin/sh\nPATH=/usr/bin:/bin\necho "{name} $*" >> "{said}"\n{body}\n', encoding="utf-8")
    file.chmod(0o755)


def asked(folder: Path) -> list[str]:
    said = folder.parent / "said"
    return said.read_text(encoding="utf-8").splitlines() if said.exists() else []


def package(tmp_path: Path, faces: list[Path]) -> Path:
    """What the stand-ins give: an archive of font files under their usual names."""
    folder = tmp_path / "package"
    folder.mkdir()
    for file in faces:
        shutil.copyfile(file, folder / file.name)
    made = tmp_path / "package.tgz"
    with tarfile.open(made, "w:gz") as archive:
        archive.add(folder, "package")
    return made


def test_without_root_the_package_is_unpacked_into_the_users_own_cache(
    bare: Path, faces: list[Path], tmp_path: Path
) -> None:
    made = package(tmp_path, faces)
    program(bare, "apt-get", f'[ "$1" = download ] && cp "{made}" "$2.deb"')
    program(bare, "dpkg-deb", 'mkdir "$3" && tar xzf "$2" -C "$3"')
    assert cli.run(["doctor"]) == 6
    assert asked(bare) == []  # nothing is fetched unasked
    assert cli.run(["doctor", "--fix"]) == 0
    assert fonts.find().folder == fonts.cache_folder()
    assert sorted(file.name for file in fonts.cache_folder().iterdir()) == sorted(file.name for file in faces)
    assert asked(bare)[0] == "apt-get download fonts-liberation2"


def test_npm_is_asked_where_apt_has_nothing(bare: Path, faces: list[Path], tmp_path: Path) -> None:
    made = package(tmp_path, faces)
    program(bare, "apt-get", "exit 100")
    program(bare, "npm", f'cp "{made}" tinos.tgz')
    assert cli.run(["doctor", "--fix"]) == 0
    assert asked(bare)[-1] == f"npm pack {doctor.NPM_PACKAGE}"


def test_root_installs_and_a_fresh_machine_first_fetches_the_list(
    bare: Path, faces: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    made, listed, target = package(tmp_path, faces), tmp_path / "listed", tmp_path / "fonts"
    program(
        bare,
        "apt-get",
        f'[ "$1" = update ] && touch "{listed}" && exit 0\n[ -e "{listed}" ] || exit 100\n'
        f'mkdir -p "{target}" && tar xzf "{made}" -C "{target}"',
    )
    assert cli.run(["doctor", "--fix"]) == 0
    assert "apt-get update" in asked(bare)
    assert fonts.find().folder == target / "package"
    assert not fonts.cache_folder().exists()


@pytest.mark.parametrize("body", ["exit 100", "exit 0", 'echo broken > "$2.deb"; echo broken > a.tgz'])
def test_what_was_tried_and_what_to_install_is_said_where_nothing_helps(
    body: str, bare: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    program(bare, "apt-get", body)
    program(bare, "npm", body)
    assert cli.run(["doctor", "--fix"]) == 6
    said = capsys.readouterr().err
    assert "Đã thử apt-get, npm nhưng không tải được phông. Hãy tự cài fonts-liberation2" in said
    assert not fonts.cache_folder().exists()


def test_a_machine_without_package_clients_is_told_so(bare: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["doctor", "--fix"]) == 6
    assert "không có trình cài gói" in capsys.readouterr().err


def test_a_cache_that_cannot_be_written_to_is_named(
    bare: Path, faces: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "cache").write_text("a file", encoding="utf-8")
    made = package(tmp_path, faces)
    program(bare, "npm", f'cp "{made}" tinos.tgz')
    assert cli.run(["doctor", "--fix"]) == 6
    assert f"Không ghi được phông vào {fonts.cache_folder()}" in capsys.readouterr().err


def test_nothing_is_fetched_where_a_font_is_there(
    monkeypatch: pytest.MonkeyPatch, faces: list[Path], tmp_path: Path
) -> None:
    program(tmp_path, "apt-get", "exit 0")
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{Path(sys.executable).parent}")
    assert cli.run(["doctor", "--fix"]) == 0
    assert asked(tmp_path) == []
