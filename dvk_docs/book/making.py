"""Books made into the dossier's folder: parts found and laid out, contents numbered, the PDF written and told."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dvk_docs.errors import DataInvalid, FieldInvalid, Report, SourceInvalid, TemplateInvalid
from dvk_docs.making import FileBusy, free_name, save
from dvk_docs.sources import digest
from dvk_docs.viet import ten_tep

from .plan import CONTENTS, COVER, EACH, WHOLE, Volume, kind_of, volumes
from .signed import SIGNED, SignedFiles, read_file

if TYPE_CHECKING:
    from dvk_docs.making import CheckedPaper, CheckedYear, Kind
    from dvk_docs.pdf.binding import Laid, Part
    from dvk_docs.pdf.foreign import Foreign

FOLDER = "dong-quyen"
BESIDE = "lap lai"
OWN, SCANNED, SIGNED_COPY = "ban_lap", "ban_chup", "ban_ky_so"  # of the contents' schema: what a part is


@dataclass(frozen=True, slots=True)
class Lying:
    """What lies in the folder for one paper."""

    name: str  # of its Word file
    file: Path | None = None  # the Word file to bind; None where the paper was not made
    note: str = ""  # what is to be said when it is bound
    current: bool = True  # of this run; else of another stage of the year, as an earlier run left it


@dataclass(frozen=True, slots=True)
class Bound:
    """What became of one book."""

    id: str
    title: str
    state: str  # made | kept | beside (the file there was changed by others) | blocked
    file: Path | None = None
    note: str = ""
    pages: int = 0
    entry: Mapping[str, Any] = field(default_factory=dict)  # of the manifest

    def as_dict(self) -> dict[str, object]:
        name = f"{FOLDER}/{self.file.name}" if self.file else None
        return {"id": self.id, "title": self.title, "state": self.state, "file": name, "note": self.note}


@dataclass(frozen=True, slots=True)
class Books:
    """All books of a run, and what there is to say of the folder of signed papers."""

    bound: tuple[Bound, ...]
    notes: tuple[str, ...] = ()


def make_books(
    checked: CheckedYear,
    way: str,
    papers: Mapping[str, Lying],
    folder: Path,
    known: Mapping[str, Mapping[str, Any]],
    *,
    numbered: bool = False,
    engine: str = "builtin",
    tools: Mapping[str, str] | None = None,
) -> Books:
    """Bind the papers that lie in `folder` (by id); `known` are the manifest's entries of earlier books.

    A book of which a paper is missing or cannot be used is not made, and says why; the others are. Raise `ToolMissing`
    where there is no font or office program, `OutputInvalid` where the folder cannot be written to.
    """
    run = _Binding(checked, papers, folder, known, numbered, engine, dict(tools or {}), SignedFiles.of(folder))
    try:
        wanted = [v for v in volumes(checked, way) if any(p.id in papers and papers[p.id].current for p in v.papers)]
    except DataInvalid as error:
        return Books((Bound(way, "Quyển hồ sơ", "blocked", note=str(error)),))
    names = ten_tep.khac_nhau(ten_tep.ten_tep(v.bo, v.code, f"bo-{v.copy}" if v.copies > 1 else "") for v in wanted)
    bound = tuple(run.make(v, folder / FOLDER / f"{name}.pdf") for v, name in zip(wanted, names, strict=True))
    others = {i: entry for i, entry in known.items() if i not in {b.id for b in bound}}
    notes = [*run.notes(), *_left_over(known, way, bound, folder), *stale(others, folder)]
    if not wanted:
        notes.append("Chưa có bộ hồ sơ nào để đóng quyển.")
    return Books(bound, tuple(notes))


def stale(known: Mapping[str, Mapping[str, Any]], folder: Path) -> Iterator[str]:
    """A sentence for each book in the folder that was bound of papers which have changed since."""
    for entry in known.values():
        parts = entry.get("phan", [])
        if not (folder / str(entry["tep"])).is_file():
            continue
        changed = [p["tep"] for p in parts if _sha256_of(folder / str(p["tep"])) not in (None, p["sha256"])]
        if changed:
            way = f"chạy lại với --dong-quyen {entry['cach']}"
            yield f"{entry['tep']}: quyển đóng từ bản cũ của {', '.join(sorted(changed))}; {way}."


def _left_over(known: Mapping[str, Mapping[str, Any]], way: str, bound: Iterable[Bound], folder: Path) -> Iterator[str]:
    now = {b.id for b in bound}
    for book_id, entry in sorted(known.items()):
        if entry.get("cach") == way and book_id not in now and (folder / str(entry["tep"])).is_file():
            yield f"{entry['tep']}: quyển của lần chạy trước, nay dữ liệu không còn cần; tệp được để nguyên."


@dataclass(frozen=True, slots=True)
class _Found:
    """The file that stands in a book for one paper."""

    paper: CheckedPaper
    path: str  # in the dossier's folder, for the manifest
    data: bytes
    is_pdf: bool

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()

    @property
    def title(self) -> str:
        whom = self.paper.moi.get("ten") if self.paper.moi is not None else None
        return " - ".join(str(x) for x in (self.paper.kind.title, whom) if x)


@dataclass(slots=True)
class _Binding:
    """One run; what was laid out once serves every book and every copy."""

    checked: CheckedYear
    papers: Mapping[str, Lying]
    folder: Path
    known: Mapping[str, Mapping[str, Any]]
    numbered: bool
    engine: str
    tools: dict[str, str]
    signed: SignedFiles
    laid: dict[str, Laid | Foreign] = field(default_factory=dict)

    def make(self, volume: Volume, target: Path) -> Bound:
        """Make one book, or say why not."""
        missing = [p.id for p in volume.papers if self.papers.get(p.id, _NOTHING).file is None]
        if missing:
            note = f"Chưa đóng được vì còn văn bản chưa lập: {', '.join(missing)}."
            return self._blocked(volume, target, note)
        try:
            found = [self._find(paper) for paper in volume.papers]
            return self._make(volume, target, found)
        except (SourceInvalid, FieldInvalid, TemplateInvalid, DataInvalid) as error:
            return self._blocked(volume, target, str(error))

    def _blocked(self, volume: Volume, target: Path, note: str) -> Bound:
        old = target if target.is_file() else None
        note += f" Bản cũ {target.name} vẫn còn, theo các văn bản trước." if old else ""
        return Bound(volume.id, volume.title, "blocked", old, note)

    def _find(self, paper: CheckedPaper) -> _Found:
        lying = self.papers[paper.id]
        file = self.signed.find(self.checked, paper, lying.name)
        is_pdf = file is not None
        file = file or lying.file or self.folder / lying.name
        try:
            path = file.relative_to(self.folder).as_posix()
        except ValueError:
            path = file.name
        return _Found(paper, path, read_file(file), is_pdf)

    # --- one book

    def _make(self, volume: Volume, target: Path, found: Sequence[_Found]) -> Bound:
        spans = [(1, 1)] * len(found)  # page numbers follow from the papers, so they are no input
        cover, contents = kind_of(self.checked, COVER), kind_of(self.checked, CONTENTS)
        given = [self._data(kind, volume, found, spans) for kind in (cover, contents)]
        inputs = self._inputs(found, (cover, contents), given)
        entry = self.known.get(volume.id, {})
        lies = _sha256_of(target)
        if entry and entry.get("dau_vao") == inputs and lies == entry.get("sha256"):
            return Bound(volume.id, volume.title, "kept", target, self._note(found), int(entry["so_trang"]), entry)
        self._convert(found)
        parts = [self._part(f) for f in found]
        spans = list(_spans(parts))
        head = [
            self._head("Bìa", "cover", cover, self._data(cover, volume, found, spans)),
            self._head("Mục lục", "contents", contents, self._data(contents, volume, found, spans)),
        ]
        data = self._bind(volume, [*head, *parts], given[0])
        pages = sum(part.count for part in (*head, *parts))
        fresh = self._entry(volume, target, data, inputs, zip(found, spans, strict=True), pages)
        return self._write(volume, target, data, fresh, entry, self._note(found))

    def _bind(self, volume: Volume, parts: Sequence[Part], cover: Mapping[str, Any]) -> bytes:
        from dvk_docs.pdf import binding, dress

        about = dress.About(volume.title, str(cover.get("co_quan") or ""))
        return binding.bind(parts, about, numbered=self.numbered)

    def _data(
        self, kind: Kind, volume: Volume, found: Sequence[_Found], spans: Sequence[tuple[int, int]]
    ) -> Mapping[str, Any]:
        """The data of the cover or the contents; raise `DataInvalid` with what is wrong with it."""
        from dvk_docs import derive

        graph = self.checked.graph
        days = [day for f in found if f.paper.vb is not None and (day := f.paper.vb["ngay"])]
        rows = [
            {
                "vb": f.paper.vb,
                "doi_tuong": f.paper.moi,
                "ten": f.paper.kind.title,
                "nguon": self._source(f),
                "trang_dau": first,
                "trang_cuoi": last,
            }
            for f, (first, last) in zip(found, spans, strict=True)
        ]
        book = {
            "ten": volume.name,
            "trich_yeu": volume.summary,
            "doi_tuong": volume.member,
            "doi_tuong_ca_bo": list(volume.members),
            "bo_so": volume.copy,
            "so_bo": volume.copies,
            "ngay": max(days, default=None),
            "phan": rows,
            "so_trang": spans[-1][1] if spans else 0,
        }
        paper = derive.paper_of(graph, kind.stem)
        data = derive.paper_data(graph, paper, more={"quyen": book}).data
        wrong = kind.check(data)
        if not wrong.ok:
            raise DataInvalid(Report.of(wrong.errors))
        return data

    def _day(self, kind: Kind) -> str:
        """The day that picks the regime of the cover or the contents."""
        from dvk_docs import derive

        return str(derive.paper_of(self.checked.graph, kind.stem).vb["ngay_ap_dung"])

    def _head(self, title: str, numbering: Any, kind: Kind, data: Mapping[str, Any]) -> Part:
        from dvk_docs.pdf import binding

        docx = kind.render(data, self._day(kind), self.checked.kieu_dau).docx
        return binding.Part(title, binding.lay_out(docx), numbering)

    # --- its papers

    def _source(self, found: _Found) -> str:
        from dvk_docs.pdf import foreign

        if not found.is_pdf:
            return OWN
        return SIGNED_COPY if foreign.is_signed(found.data) else SCANNED

    def _convert(self, found: Sequence[_Found]) -> None:
        """The pages of the Word files by the other engine, which is started once for all of them."""
        from dvk_docs import pdf
        from dvk_docs.pdf import foreign

        wanted = {f.sha256: f for f in found if not f.is_pdf and f.sha256 not in self.laid}
        if self.engine != "builtin" and wanted:
            made = pdf.convert_all([f.data for f in wanted.values()], self.engine)
            for (key, f), data in zip(wanted.items(), made, strict=True):
                self.laid[key] = foreign.read(Path(f.path).name, data)

    def _part(self, found: _Found) -> Part:
        from dvk_docs.pdf import binding

        if found.sha256 not in self.laid:
            self.laid[found.sha256] = self._lay_out(found)
        return binding.Part(found.title, self.laid[found.sha256])

    def _lay_out(self, found: _Found) -> Laid | Foreign:
        from dvk_docs.pdf import binding, foreign

        name = Path(found.path).name
        if found.is_pdf:
            return foreign.read(name, found.data)
        try:
            return binding.lay_out(found.data)
        except TemplateInvalid as error:
            named = (replace(p, place=replace(p.place, part=name)) for p in error.report)
            raise TemplateInvalid(Report(tuple(named))) from error
        except FieldInvalid as error:
            raise FieldInvalid(f"{name}: {error}", error.code, error.hint) from error

    def _note(self, found: Sequence[_Found]) -> str:
        notes = [self.papers[f.paper.id].note for f in found if not f.is_pdf]
        for f in found:
            laid = self.laid.get(f.sha256)
            fonts = getattr(laid, "unembedded", ()) if f.is_pdf else ()
            if fonts:
                name = Path(f.path).name
                notes.append(f"Tệp {name} dùng phông không nhúng ({', '.join(fonts)}), máy khác có thể hiện chữ khác.")
        return " ".join(dict.fromkeys(note for note in notes if note))

    def notes(self) -> list[str]:
        """Of files among the signed ones that fit no paper."""
        strangers = self.signed.strangers(lying.name for lying in self.papers.values())
        return [
            f"Tệp {name} trong {SIGNED} không khớp văn bản nào của hồ sơ nên không được đóng." for name in strangers
        ]

    # --- the manifest and the file

    def _inputs(
        self, found: Sequence[_Found], kinds: Sequence[Kind], given: Sequence[Mapping[str, Any]]
    ) -> dict[str, Any]:
        """What the bytes of a book depend on."""
        looks = [
            [k.template_sha256(), digest(k.schema), digest(dict(d)), repr(k.profile(self._day(k)))]
            for k, d in zip(kinds, given, strict=True)
        ]
        return {
            "phan": [f.sha256 for f in found],
            "bia_muc_luc": digest(looks)[:16],
            "danh_so_to": self.numbered,
            "lap_pdf": self.engine,
            "kieu_dau": self.checked.kieu_dau,
            "cong_cu": digest({**self.tools, **_drawn_with()})[:16],
        }

    def _entry(
        self,
        volume: Volume,
        target: Path,
        data: bytes,
        inputs: Mapping[str, Any],
        found: Iterable[tuple[_Found, tuple[int, int]]],
        pages: int,
    ) -> dict[str, Any]:
        parts = [
            {
                "id": f.paper.id,
                "tep": f.path,
                "sha256": f.sha256,
                "nguon": self._source(f),
                "trang_dau": first,
                "trang_cuoi": last,
            }
            for f, (first, last) in found
        ]
        return {
            "id": volume.id,
            "cach": EACH if volume.member is not None else WHOLE,
            "tep": f"{FOLDER}/{target.name}",
            "sha256": hashlib.sha256(data).hexdigest(),
            "so_trang": pages,
            "dau_vao": inputs,
            "phan": parts,
        }

    def _write(
        self, volume: Volume, target: Path, data: bytes, fresh: dict[str, Any], entry: Mapping[str, Any], note: str
    ) -> Bound:
        """Write the book; a file there that is not as we wrote it is kept, and the new one laid beside it."""
        lies, state = _sha256_of(target), "made"
        if lies == fresh["sha256"]:
            return Bound(volume.id, volume.title, "kept", target, note, fresh["so_trang"], fresh)
        if lies is not None and lies != entry.get("sha256"):
            other = _beside(target, fresh["sha256"])
            note = f"Tệp {target.name} đã được sửa hoặc ký nên được giữ nguyên; bản mới là {other.name}. {note}".strip()
            target, state = other, "beside"
        try:
            save({target: data})
        except FileBusy as busy:
            other = free_name(target)
            save({other: data})
            note = f"Tệp {target.name} {busy.why} nên bản mới được ghi vào {other.name}. {note}".strip()
            target = other
        fresh = {**fresh, "tep": f"{FOLDER}/{target.name}"}
        return Bound(volume.id, volume.title, state, target, note, fresh["so_trang"], fresh)


_NOTHING = Lying("")


def _spans(parts: Iterable[Part]) -> Iterator[tuple[int, int]]:
    """The first and the last page of each part of the body, from 1."""
    first = 1
    for part in parts:
        yield first, first + part.count - 1
        first += part.count


def _beside(target: Path, sha256: str) -> Path:
    """Where a new book goes when the file there is kept; the same bytes are never laid down twice."""
    alike = (f for f in sorted(target.parent.glob(f"{target.stem} ({BESIDE}*).pdf")) if _sha256_of(f) == sha256)
    return next(alike, None) or free_name(target, BESIDE)


def _sha256_of(file: Path) -> str | None:
    """Of a file; None where there is none, "" where it cannot be read."""
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest()
    except FileNotFoundError:
        return None
    except OSError:
        return ""


def _drawn_with() -> dict[str, str]:
    """The libraries that draw a book, by version, and the faces that it is set in, by their bytes."""
    from importlib import metadata

    from dvk_docs.pdf import fonts

    faces = fonts.find().faces.values()
    found = {face.path.name: hashlib.sha256(face.path.read_bytes()).hexdigest()[:16] for face in faces}
    return {**found, **{name: metadata.version(name) for name in ("reportlab", "pypdf")}}
