"""The four faces of Times New Roman or of a font of the same widths: searched, checked, never taken on trust.

Order of search: the folder given (or named by DVK_PHONG), the fonts of the machine, then this user's own font cache,
which `dvk doctor --fix` fills. A face passes when it has the 134 Vietnamese letters and the widths of Times; a family
whose regular face passes but has no bold is passed over too. No font is kept with the program.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from dvk_docs.errors import ToolMissing
from dvk_docs.viet.be_rong import PLAIN, VIETNAMESE, width_of

from .truetype import Face, FontUnreadable, read_face

STYLES = ((False, False), (True, False), (False, True), (True, True))
FAMILIES: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "Times New Roman": (
        ("times.ttf", "timesbd.ttf", "timesi.ttf", "timesbi.ttf"),
        (
            "Times New Roman.ttf",
            "Times New Roman Bold.ttf",
            "Times New Roman Italic.ttf",
            "Times New Roman Bold Italic.ttf",
        ),
        (
            "Times_New_Roman.ttf",
            "Times_New_Roman_Bold.ttf",
            "Times_New_Roman_Italic.ttf",
            "Times_New_Roman_Bold_Italic.ttf",
        ),
    ),
    "Tinos": (("Tinos-Regular.ttf", "Tinos-Bold.ttf", "Tinos-Italic.ttf", "Tinos-BoldItalic.ttf"),),
    "Liberation Serif": (
        (
            "LiberationSerif-Regular.ttf",
            "LiberationSerif-Bold.ttf",
            "LiberationSerif-Italic.ttf",
            "LiberationSerif-BoldItalic.ttf",
        ),
    ),
}
OWN_FOLDER = "DVK_PHONG"
_TOLERANCE = 1.5 / 2048
_MISSING = (
    "Chưa có phông Times New Roman (hoặc Tinos, Liberation Serif từ bản 2) đủ chữ tiếng Việt để lập PDF. "
    "Chạy “dvk doctor --fix”, hoặc cài gói {package}."
)


@dataclass(frozen=True)
class Fonts:
    """The four faces of one family, all of them checked."""

    family: str
    faces: Mapping[tuple[bool, bool], Face]

    def __hash__(self) -> int:
        return hash(tuple(face.path for face in self.faces.values()))

    @property
    def folder(self) -> Path:
        return self.faces[False, False].path.parent


def cache_folder() -> Path:
    """This user's own fonts, filled by `dvk doctor --fix`."""
    if os.name == "nt":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "dvk-docs" / "phong"


def system_folders() -> list[Path]:
    """Where this machine keeps its fonts."""
    home = Path.home()
    if os.name == "nt":
        local = Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
        return [Path(os.environ.get("WINDIR") or r"C:\Windows") / "Fonts", local / "Microsoft" / "Windows" / "Fonts"]
    if sys.platform == "darwin":
        return [home / "Library/Fonts", Path("/Library/Fonts"), Path("/System/Library/Fonts/Supplemental")]
    return [home / ".local/share/fonts", home / ".fonts", Path("/usr/local/share/fonts"), Path("/usr/share/fonts")]


def package_name() -> str:
    """What to install here, in the words of this machine's package client."""
    if os.name == "nt" or sys.platform == "darwin":
        return "phông Tinos (fonts.google.com/specimen/Tinos)"
    return "fonts-liberation2 (Debian 13 trở lên: fonts-liberation) hoặc fonts-croscore"


def faults(face: Face, bold: bool, italic: bool) -> list[str]:
    """Why a face cannot be used: letters that it lacks, widths that are not those of Times; empty when it can."""
    missing = [letter for letter in VIETNAMESE + PLAIN if ord(letter) not in face.widths]
    if missing:
        return [f"thiếu {len(missing)} chữ, như {' '.join(missing[:5])}"]
    if face.family == "Times New Roman":
        return []
    wrong = [x for x in VIETNAMESE + PLAIN if abs(face.widths[ord(x)] - width_of(x, bold, italic)) > _TOLERANCE]
    return [f"{len(wrong)} chữ có bề rộng khác Times New Roman, như {' '.join(wrong[:5])}"] if wrong else []


@dataclass(frozen=True)
class Candidate:
    """Four files that may be a usable family, and why not."""

    family: str
    files: tuple[Path, ...]
    faults: tuple[str, ...]
    fonts: Fonts | None


def candidates(folders: Sequence[Path] | None = None) -> Iterator[Candidate]:
    """Every family found, in the order of search, checked; `folders` takes the place of the whole search."""
    for folder in search_order() if folders is None else folders:
        files = _ttf_files(folder)
        for family, sets in FAMILIES.items():
            for names in sets:
                if names[0].lower() in files:
                    yield _candidate(family, [files.get(name.lower()) for name in names])


def search_order() -> list[Path]:
    own = os.environ.get(OWN_FOLDER)
    return [*([Path(own)] if own else []), *system_folders(), cache_folder()]


def _ttf_files(folder: Path) -> dict[str, Path]:
    """File name in lower case -> path; the first of a name in the order of the alphabet."""
    found: dict[str, Path] = {}
    for root, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            if name.lower().endswith(".ttf"):
                found.setdefault(name.lower(), Path(root, name))
    return found


def _candidate(family: str, files: Sequence[Path | None]) -> Candidate:
    present = tuple(f for f in files if f is not None)
    if len(present) < len(STYLES):
        return Candidate(family, present, ("không đủ bốn kiểu thường, đậm, nghiêng, đậm nghiêng",), None)
    faces: dict[tuple[bool, bool], Face] = {}
    found: list[str] = []
    for style, file in zip(STYLES, present, strict=True):
        try:
            faces[style] = read_face(file)
        except FontUnreadable:
            found.append(f"{file.name}: không đọc được")
            continue
        found += [f"{file.name}: {fault}" for fault in faults(faces[style], *style)]
    return Candidate(family, present, tuple(found), None if found else Fonts(family, faces))


@lru_cache(maxsize=4)
def _find(folders: tuple[Path, ...]) -> Fonts:
    for candidate in candidates(folders):
        if candidate.fonts is not None:
            return candidate.fonts
    raise ToolMissing(_MISSING.format(package=package_name()))


def find() -> Fonts:
    """The first family that passes; raise `ToolMissing` that says how to get one."""
    return _find(tuple(search_order()))
