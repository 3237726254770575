"""Pages as pictures: which, how sharp, where they go, and what is refused."""

from __future__ import annotations

import builtins
import io
from pathlib import Path
from typing import Any

import pypdf
import pytest
from docx_parts import PAGE, docx, p

from dvk_docs import cli
from dvk_docs.errors import SourceInvalid, ToolMissing
from dvk_docs.pdf import fonts, preview

pytest.importorskip("pypdfium2", reason="pypdfium2 is not installed: pip install 'dvk-docs[preview]'")
Picture = pytest.importorskip("PIL.Image")


def blank(pages: int, password: str = "", size: float = 100) -> bytes:
    writer, out = pypdf.PdfWriter(), io.BytesIO()
    for _ in range(pages):
        writer.add_blank_page(size, size)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    writer.write(out)
    return out.getvalue()


def numbers(*wanted: tuple[int, int], pages: int = 5) -> list[int]:
    return [number for number, _, _ in preview.pictures(blank(pages), wanted, 20)]


def run(*words: object) -> int:
    return cli.run(["preview", *map(str, words)])


def refused(document: bytes, wanted: tuple[tuple[int, int], ...] = (), dpi: int = 100) -> str:
    with pytest.raises(SourceInvalid) as caught:
        list(preview.pictures(document, wanted, dpi))
    return caught.value.code


def test_a_word_file_gives_a_picture_of_each_page(tmp_path: Path) -> None:
    try:
        fonts.find()
    except ToolMissing:
        pytest.skip("no font with the Vietnamese letters: dvk doctor --fix")
    source = tmp_path / "to trinh.docx"
    source.write_bytes(docx(p("một", PAGE) + p("hai")))
    assert run(source, "-o", tmp_path / "anh", "--dpi", 50) == 0
    files = sorted((tmp_path / "anh").iterdir())
    assert [file.name for file in files] == ["to trinh-01.png", "to trinh-02.png"]
    for file in files:
        with Picture.open(file) as picture:
            assert picture.size == (414, 585)  # 595.3 x 841.9 points
            assert picture.getextrema()[0][0] < 100  # there is ink


def test_all_pages_are_drawn_or_those_asked_for_each_once() -> None:
    assert numbers() == [1, 2, 3, 4, 5]
    assert numbers((4, 5), (1, 2), (2, 2)) == [1, 2, 4, 5]


@pytest.mark.parametrize(
    "document,code",
    [
        (b"", "broken_pdf"),
        (b"%PDF-1.7\nno more", "broken_pdf"),
        (blank(1, "x"), "encrypted"),
        (blank(0), "broken_pdf"),
        (blank(1, size=14400), "too_large"),
    ],
    ids=["empty", "broken", "password", "no pages", "a sheet of 5 m"],
)
def test_what_cannot_be_drawn_is_named(document: bytes, code: str) -> None:
    assert refused(document, dpi=600) == code


def test_a_page_that_is_not_there_is_named() -> None:
    assert refused(blank(2), ((1, 3),)) == "no_such_page"
    assert refused(blank(2), ((0, 1),)) == "no_such_page"


def test_more_pages_than_a_call_may_draw_are_refused_before_any_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preview, "MAX_PAGES", 3)
    assert refused(blank(4)) == "too_many_pages"
    assert numbers((2, 4), pages=4) == [2, 3, 4]


def test_a_picture_that_lies_there_is_not_replaced_unasked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, folder = tmp_path / "a.pdf", tmp_path / "anh"
    source.write_bytes(blank(2))
    folder.mkdir()
    own = folder / "a-02.png"
    own.write_bytes(b"of the clerk")
    assert run(source, "-o", folder) == 3
    assert "a-02.png đã có" in capsys.readouterr().err
    assert [(file.name, file.read_bytes()) for file in folder.iterdir()] == [("a-02.png", b"of the clerk")]
    assert run(source, "-o", folder, "--ghi-de") == 0
    assert run(source, "-o", folder) == 0  # the same pictures
    assert own.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    "words", [["--trang", "a"], ["--trang", "3-1"], ["--trang", "1,"], ["--dpi", "7"], ["--dpi", "x"]]
)
def test_words_that_name_no_page_are_wrong_use(words: list[str], tmp_path: Path) -> None:
    source = tmp_path / "a.pdf"
    source.write_bytes(blank(1))
    assert run(source, "-o", tmp_path / "anh", *words) == 2
    assert not (tmp_path / "anh").exists()


@pytest.mark.parametrize(
    "data,said", [(b"\xd0\xcf\x11\xe0 old", "đời cũ (.doc) hoặc có mật khẩu"), (b"hello", "không phải tệp Word")]
)
def test_a_file_of_another_kind_is_named(
    data: bytes, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "a.docx"
    source.write_bytes(data)
    assert run(source, "-o", tmp_path / "anh") == 3
    assert said in capsys.readouterr().err


def test_without_the_package_the_way_to_get_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    there = builtins.__import__

    def importing(name: str, *rest: Any) -> Any:
        if name == "pypdfium2":
            raise ImportError(name)
        return there(name, *rest)

    monkeypatch.setattr(builtins, "__import__", importing)
    with pytest.raises(ToolMissing, match="pip install pypdfium2"):
        list(preview.pictures(blank(1)))
