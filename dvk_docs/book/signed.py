"""What was signed: the PDFs in the dossier's folder `da-ky`, those named in sheet Văn bản, those signed in place."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from dvk_docs.errors import Place, SourceInvalid
from dvk_docs.pdf import foreign

if TYPE_CHECKING:
    from dvk_docs.making import CheckedPaper, CheckedYear

SIGNED = "da-ky"
_JUNK = re.compile(r"^(\.|~\$)|^(thumbs\.db|desktop\.ini)$", re.IGNORECASE)
_TAIL = re.compile(r"[ ._-]*(\(?(signed|da[ _-]?ky|đã[ _-]?ký)\)?)$", re.IGNORECASE)  # signing programs add it


@dataclass(slots=True)
class SignedFiles:
    """The signed files of one dossier, and which of them were matched."""

    folder: Path
    by_stem: Mapping[str, list[Path]] = field(default_factory=dict)  # the last signed first
    matched: set[Path] = field(default_factory=set)

    @classmethod
    def of(cls, folder: Path) -> SignedFiles:
        """What lies in `da-ky`; a folder that cannot be looked into is told as `SourceInvalid`."""
        found: dict[str, list[tuple[int, Path]]] = {}
        inside = folder / SIGNED
        try:
            files = sorted(f for f in inside.iterdir() if f.is_file() and not _JUNK.search(f.name))
        except FileNotFoundError:
            files = []
        except OSError as error:
            why = "là một tệp, không phải thư mục" if inside.is_file() else "không mở được"
            raise SourceInvalid(f"{inside} {why}. Hãy đổi tên hoặc xem lại quyền truy cập.", "unreadable") from error
        for file in files:
            stem, times = plain_stem(file.stem)
            found.setdefault(stem, []).append((times, file))
        ordered = {k: [f for _, f in sorted(v, key=lambda x: (-x[0], x[1].name))] for k, v in found.items()}
        return cls(folder, ordered)

    def find(self, checked: CheckedYear, paper: CheckedPaper, name: str) -> Path | None:
        """The signed file of a paper whose Word file is called `name`; raise `SourceInvalid` for one that is not there.

        The one named in sheet Văn bản comes first, then the one of its stem in `da-ky`, then one signed beside it.
        """
        named = str(paper.vb.get("tep") or "").strip() if paper.vb is not None else ""
        if named:
            return self._named(checked, paper, named)
        found = self.by_stem.get(plain_stem(Path(name).stem)[0], [])
        if found:
            self.matched.update(found)
            return found[0]
        beside = (self.folder / name).with_suffix(".pdf")
        return beside if beside.is_file() and foreign.is_signed(read_file(beside)) else None

    def _named(self, checked: CheckedYear, paper: CheckedPaper, named: str) -> Path:
        path = Path(named.replace("\\", "/"))
        for place in (self.folder / SIGNED / path, self.folder / path, path):
            with suppress(OSError, ValueError):  # a name that the system does not take
                if place.is_file():
                    self.matched.add(place)
                    return place
        pointer = f"{paper.vb.pointer}/tep" if paper.vb is not None else ""
        place_typed = checked.year.places.get(pointer, Place(pointer))
        message = f"Tệp đã ký “{named}” ghi ở {place_typed} không có trong thư mục {SIGNED} của hồ sơ."
        raise SourceInvalid(message, "signed_missing", place_typed)

    def strangers(self, names: Iterable[str]) -> list[str]:
        """The names of files in `da-ky` that fit no paper of the year, of which `names` are the Word files."""
        known = {plain_stem(Path(name).stem)[0] for name in names}
        files = (file for stem, found in self.by_stem.items() if stem not in known for file in found)
        return sorted(file.name for file in files if file not in self.matched)


def plain_stem(stem: str) -> tuple[str, int]:
    """A stem without what signing programs add to it, and how often they did.

    >>> plain_stem("33-To-trinh.signed.signed"), plain_stem("33-to-trinh")
    (('33-to-trinh', 2), ('33-to-trinh', 0))
    """
    stem, times = unicodedata.normalize("NFC", stem), 0
    while (short := _TAIL.sub("", stem)) != stem and short:
        stem, times = short, times + 1
    return stem.casefold(), times


def read_file(file: Path) -> bytes:
    """The bytes of a file; raise `SourceInvalid` where it is too large to be bound or cannot be read."""
    try:
        size = file.stat().st_size
        if size > foreign.LARGEST:
            raise foreign.refused(file.name, "quá lớn", f"tệp nặng {size // 1_000_000} MB")
        return file.read_bytes()
    except OSError as error:
        raise foreign.refused(file.name, "không đọc được", error.strerror or "hãy đóng tệp rồi chạy lại") from error
