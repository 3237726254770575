"""Whether this machine can make PDFs, and mending it: what `dvk doctor [--fix]` says and does.

Mending goes through the machine's ordinary package client: apt-get as root; without root the package is downloaded and
its fonts are put into the user's own font cache; else the npm package of Tinos. Nothing is fetched unless asked.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dvk_docs.errors import ToolMissing

from . import fonts, office

PACKAGES = ("fonts-liberation2", "fonts-liberation", "fonts-croscore")
NPM_PACKAGE = "@expo-google-fonts/tinos"
_NPM_NAMES = {
    "Tinos_400Regular.ttf": "Tinos-Regular.ttf",
    "Tinos_700Bold.ttf": "Tinos-Bold.ttf",
    "Tinos_400Regular_Italic.ttf": "Tinos-Italic.ttf",
    "Tinos_700Bold_Italic.ttf": "Tinos-BoldItalic.ttf",
}
_SAFELY: dict[str, Any] = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}  # from Python 3.11.4 on
_SECONDS = 300
_CLIENTS = ("apt-get", "npm")
_NO_CLIENT = "Máy không có trình cài gói (apt-get hoặc npm) nên không tự tải phông được"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: whether it is well, and one sentence about it."""

    ok: bool
    needed: bool
    message: str


def examine() -> list[Finding]:
    """What this machine has for making PDFs."""
    return [_fonts_finding(), *_refused(), _office_finding()]


def _fonts_finding() -> Finding:
    try:
        found = fonts.find()
    except ToolMissing as error:
        return Finding(False, True, str(error))
    return Finding(True, True, f"Phông: {found.family} ({found.folder}), đủ 134 chữ tiếng Việt, đúng bề rộng.")


def _refused() -> Iterator[Finding]:
    for candidate in fonts.candidates():
        if candidate.fonts is None:
            folder = candidate.files[0].parent if candidate.files else ""
            yield Finding(False, False, f"Phông {candidate.family} ({folder}) không dùng được: {candidate.faults[0]}.")


def _office_finding() -> Finding:
    try:
        return Finding(True, False, f"LibreOffice (không bắt buộc): {office.program()}.")
    except ToolMissing:
        return Finding(False, False, "LibreOffice (không bắt buộc): chưa cài.")


def mend() -> None:
    """Get a font where none passes the check.

    Raise `ToolMissing` that says what was tried and what to install where that fails, and where the font cache cannot
    be written to.
    """
    if _has_fonts():
        return
    for way in (_install, _unpack_debian, _unpack_npm):
        try:
            way()
        except OSError as error:
            reason = f"{error.strerror or error}"
            message = f"Không ghi được phông vào {fonts.cache_folder()} ({reason})."
            raise ToolMissing(
                f"{message} Hãy cho phép ghi vào đó, hoặc đặt {fonts.OWN_FOLDER} là thư mục có sẵn phông."
            ) from error
        if _has_fonts():
            return
    programs = [name for name in _CLIENTS if shutil.which(name)]
    tried = f"Đã thử {', '.join(programs)} nhưng không tải được phông" if programs else _NO_CLIENT
    raise ToolMissing(
        f"{tried}. Hãy tự cài {fonts.package_name()}, hoặc đặt {fonts.OWN_FOLDER} là thư mục có bốn tệp phông."
    )


def _has_fonts() -> bool:
    try:
        fonts.find()
    except ToolMissing:
        return False
    return True


def _run(words: Sequence[str], folder: Path | None = None) -> bool:
    """Whether a program of the machine ended well; absent is not well."""
    if shutil.which(words[0]) is None:
        return False
    try:
        done = subprocess.run(words, cwd=folder, capture_output=True, timeout=_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _install() -> None:
    """As root, through apt-get."""
    geteuid: Callable[[], int] = getattr(os, "geteuid", lambda: 1)
    if geteuid() != 0:
        return
    for refresh in (False, True):  # a fresh machine has no list of packages yet
        if refresh and not _run(["apt-get", "update"]):
            return
        for package in PACKAGES:
            if _run(["apt-get", "install", "-y", "--no-install-recommends", package]) and _has_fonts():
                return


def _unpack_debian() -> None:
    """Without root: the package is downloaded and unpacked, nothing is installed."""
    for package in PACKAGES:
        with tempfile.TemporaryDirectory(prefix="dvk-phong-") as name:
            folder = Path(name)
            if not _run(["apt-get", "download", package], folder):
                continue
            for file in folder.glob("*.deb"):
                if _run(["dpkg-deb", "-x", str(file), str(folder / "out")]):
                    keep(folder / "out", {})
        if any(c.fonts for c in fonts.candidates([fonts.cache_folder()])):
            return


def _unpack_npm() -> None:
    with tempfile.TemporaryDirectory(prefix="dvk-phong-") as name:
        folder = Path(name)
        if not _run(["npm", "pack", NPM_PACKAGE], folder):
            return
        for file in folder.glob("*.tgz"):
            with suppress(shutil.ReadError):  # half a download
                shutil.unpack_archive(file, folder / "out", "gztar", **_SAFELY)
                keep(folder / "out", _NPM_NAMES)


def keep(source: Path, names: dict[str, str]) -> None:
    """Copy the usable faces under `source` into the font cache, under the names that the search knows."""
    known = {n.lower() for sets in fonts.FAMILIES.values() for one in sets for n in one}
    target = fonts.cache_folder()
    for file in sorted(source.rglob("*.ttf")):
        name = names.get(file.name, file.name)
        if name.lower() in known:
            target.mkdir(parents=True, exist_ok=True)
            half = target / f".~{name}"
            shutil.copyfile(file, half)
            half.replace(target / name)
