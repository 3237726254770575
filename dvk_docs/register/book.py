"""The book itself: one SQLite file. A number is recorded before anyone is told it, and is never given twice.

Every change is one `BEGIN IMMEDIATE` transaction, written through to the disk (`synchronous=EXTRA`) before the call
returns: writers wait for each other, and one that is killed leaves either nothing or a whole record. A new book is made
under a temporary name and put in place in one step, so that no one ever sees half of one.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path

from ..errors import DvkError
from .place import why_not_here

APPLICATION = 0x64766B31  # “dvk1”: how the file says that it is ours
VERSION = 1
PATIENCE = 30.0  # seconds that a writer waits for the others
CHECKED_UP_TO = 50_000_000  # bytes of a file that is proved sound each time it is opened

SCHEMA = f"""
PRAGMA application_id = {APPLICATION};
PRAGMA user_version = {VERSION};
CREATE TABLE thiet_lap (khoa TEXT PRIMARY KEY, gia_tri TEXT NOT NULL);
CREATE TABLE nhiem_ky (
    id INTEGER PRIMARY KEY,
    co_quan TEXT NOT NULL,
    tu TEXT NOT NULL,
    UNIQUE (co_quan, tu)
);
CREATE TABLE so_van_ban (
    day_so TEXT NOT NULL,
    so INTEGER NOT NULL CHECK (so > 0),
    trang_thai TEXT NOT NULL CHECK (trang_thai IN ('reserved', 'issued', 'void')),
    he TEXT NOT NULL,
    co_quan TEXT NOT NULL,
    ky_hieu TEXT NOT NULL,
    ten_loai TEXT NOT NULL,
    nhom TEXT NOT NULL,
    ky TEXT NOT NULL,
    so_ky_hieu TEXT NOT NULL,
    van_ban TEXT NOT NULL DEFAULT '',
    trich_yeu TEXT NOT NULL DEFAULT '',
    ngay TEXT NOT NULL DEFAULT '',
    nhap_tay INTEGER NOT NULL DEFAULT 0,
    giu_luc TEXT NOT NULL,
    giu_boi TEXT NOT NULL DEFAULT '',
    cap_luc TEXT NOT NULL DEFAULT '',
    huy_luc TEXT NOT NULL DEFAULT '',
    ly_do TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (day_so, so)
);
CREATE UNIQUE INDEX mot_van_ban_mot_so ON so_van_ban (van_ban) WHERE van_ban <> '' AND trang_thai <> 'void';
CREATE TABLE nhat_ky (id INTEGER PRIMARY KEY, luc TEXT NOT NULL, viec TEXT NOT NULL, day_so TEXT NOT NULL,
                      so INTEGER NOT NULL, ghi_chu TEXT NOT NULL DEFAULT '');
"""


class RegisterInvalid(DvkError):
    """A register that cannot be used; the file is left as it lies. `code` is stable English."""

    exit_status = 3

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.code = code


class Book:
    """The file of a register, opened anew for each piece of work, so that no handle outlives it."""

    def __init__(self, path: Path, *, patience: float = PATIENCE, place: Callable[[Path], str | None] | None = None):
        self.path = path
        self.patience = patience
        why = (place or why_not_here)(path)
        if why:
            message = f"Sổ {path} {why}; ở đó hai máy có thể lấy trùng số."
            raise RegisterInvalid(f"{message} Hãy đặt sổ trên ổ đĩa của máy văn thư.", "network_share")

    @property
    def is_there(self) -> bool:
        return _is_there(self.path)

    def create(self) -> bool:
        """Make an empty register where there is none; whether this call made it."""
        if self.is_there:
            return False
        if not self.path.parent.is_dir():
            raise RegisterInvalid(f"Không có thư mục {self.path.parent} để đặt sổ. Hãy tạo thư mục trước.", "no_folder")
        temporary = self.path.with_name(f".~dvk-{os.getpid()}-{threading.get_ident()}-{self.path.name}")
        with self._said():
            try:
                temporary.unlink(missing_ok=True)
                with closing(sqlite3.connect(temporary, isolation_level=None)) as db:
                    db.executescript(f"BEGIN;{SCHEMA}COMMIT;")
                return _put_in_place(temporary, self.path)
            finally:
                with suppress(OSError):
                    temporary.unlink(missing_ok=True)

    @contextmanager
    def writing(self, keep: bool = True) -> Iterator[sqlite3.Connection]:
        """One transaction: whole, or nothing where the block raises or `keep` is false."""
        with self._said(), closing(self._open("rw")) as db:
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
            except BaseException:
                db.execute("ROLLBACK")
                raise
            db.execute("COMMIT" if keep else "ROLLBACK")

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """The register to look at; a writer that was killed is first tidied up after, where the file may be written."""
        with self._said(), closing(self._open("rw" if os.access(self.path, os.W_OK) else "ro")) as db:
            db.execute("BEGIN")
            yield db

    @contextmanager
    def in_memory(self) -> Iterator[sqlite3.Connection]:
        """An empty register that is nowhere kept: for asking what the first numbers would be."""
        with closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
            db.executescript(SCHEMA)
            db.row_factory = sqlite3.Row
            yield db

    def _open(self, mode: str) -> sqlite3.Connection:
        self._look()
        uri = f"{self.path.absolute().as_uri()}?mode={mode}"
        db = sqlite3.connect(uri, uri=True, timeout=self.patience, isolation_level=None)
        try:
            db.row_factory = sqlite3.Row
            db.execute("PRAGMA synchronous = EXTRA")
            db.execute("PRAGMA trusted_schema = OFF")
            if self.path.stat().st_size <= CHECKED_UP_TO and db.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
                raise self._damaged()
        except BaseException:
            db.close()
            raise
        return db

    def _look(self) -> None:
        """Read the head of the file alone: what is no register of ours is never given to SQLite."""
        if not self.is_there:
            raise RegisterInvalid(f"Không có sổ {self.path}. Hãy kiểm tra lại đường dẫn.", "no_register")
        if not self.path.is_file():
            raise RegisterInvalid(f"{self.path} không phải là một tệp. Hãy chọn tệp sổ khác.", "not_a_file")
        with self.path.open("rb") as file:
            head = file.read(100)
        ours = head.startswith(b"SQLite format 3\0") and int.from_bytes(head[68:72], "big") == APPLICATION
        if len(head) < 100 or not ours:
            message = f"Tệp {self.path} không phải là sổ số văn bản của dvk nên được để nguyên."
            raise RegisterInvalid(f"{message} Hãy chọn tệp khác, hoặc lấy lại bản sao lưu.", "not_a_register")
        version = int.from_bytes(head[60:64], "big")
        if version > VERSION:
            message = (
                f"Sổ {self.path} do phiên bản mới hơn của công cụ ghi ({version}, bản này đọc được đến {VERSION})."
            )
            raise RegisterInvalid(f"{message} Hãy cập nhật công cụ.", "version_newer")

    def _damaged(self) -> RegisterInvalid:
        message = f"Sổ {self.path} đã hỏng nên không lấy số từ đó."
        return RegisterInvalid(f"{message} Hãy cất riêng tệp này và lấy lại bản sao lưu gần nhất.", "damaged")

    @contextmanager
    def _said(self) -> Iterator[None]:
        """What the system or SQLite would not do, as one Vietnamese sentence."""
        try:
            yield
        except sqlite3.IntegrityError:
            raise
        except sqlite3.DatabaseError as error:
            raise self._why(error) from error
        except OSError as error:
            message = f"Không mở được sổ {self.path}: {error.strerror or error}."
            raise RegisterInvalid(f"{message} Hãy kiểm tra quyền của tệp và thư mục.", "unreadable") from error

    def _why(self, error: sqlite3.DatabaseError) -> RegisterInvalid:
        text = str(error).lower()
        if "locked" in text or "busy" in text:
            message = f"Sổ {self.path} đang được chương trình khác giữ quá {self.patience:.0f} giây."
            return RegisterInvalid(f"{message} Hãy đóng chương trình đó rồi chạy lại.", "locked")
        if "readonly" in text or "read-only" in text or "unable to open" in text:
            message = f"Không được phép ghi vào sổ {self.path} hoặc thư mục chứa nó."
            return RegisterInvalid(f"{message} Hãy bỏ thuộc tính chỉ đọc, hoặc đặt sổ ở nơi khác.", "read_only")
        if "full" in text:
            return RegisterInvalid(f"Ổ đĩa chứa sổ {self.path} đã đầy. Hãy xoá bớt tệp rồi chạy lại.", "disk_full")
        return self._damaged()


def _is_there(path: Path) -> bool:
    with suppress(OSError, ValueError):
        return path.exists() or path.is_symlink()
    return False


def _put_in_place(temporary: Path, target: Path) -> bool:
    """Give the finished file its name; False where another process was first."""
    try:
        os.link(temporary, target)
    except FileExistsError:
        return False
    except OSError:  # a disk without hard links
        with suppress(FileExistsError):
            with target.open("xb") as file:
                file.write(temporary.read_bytes())
            return True
        return False
    return True


def settings_of(db: sqlite3.Connection) -> Mapping[str, str]:
    return {row["khoa"]: row["gia_tri"] for row in db.execute("SELECT khoa, gia_tri FROM thiet_lap")}


def log(db: sqlite3.Connection, when: datetime, what: str, series: str, number: int, note: str = "") -> None:
    db.execute(
        "INSERT INTO nhat_ky (luc, viec, day_so, so, ghi_chu) VALUES (?, ?, ?, ?, ?)",
        (when.isoformat(timespec="seconds"), what, series, number, note),
    )
