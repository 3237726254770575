"""Paragraphs broken into lines, as Word 2010 does it (compatibility mode 14) or Word 2013 and later (15).

Every length is in twips. The rules, with how they were measured: `domain/pdf.md` of the project; here each stands
beside the code that holds it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from dvk_docs import ooxml
from dvk_docs.errors import FieldInvalid
from dvk_docs.ooxml import Look, Paragraph, TabStop

from .fonts import Fonts
from .truetype import Face

SMALL = 0.58  # size of raised and lowered letters
_HALF_SIZES = {170: 195, 190: 219, 200: 231, 210: 242, 230: 265, 250: 288, 270: 311}  # LibreOffice's, one twip higher
HARD_BLANK = "\xa0"  # neither breaks nor stretches
_TOKENS = re.compile(rf" +|{HARD_BLANK}|[^ {HARD_BLANK}]+ *")
_NONE_BEFORE = r"""\-–—.,;:!?)\]}/\\…”“’‘"'"""
_BREAK = re.compile(
    rf"""
      (?<=[^ ][-–—])(?=[^{_NONE_BEFORE}]) | (?<=^[-–—])(?=[^\W\d_])  # after a dash, not in “-5”
    | (?<=[^ ]/)(?=[^\W\d_(]|\() # after a slash before letters
    | (?<=[?!…])(?=[\w(]) | (?<=[.,;:])(?=\() | (?<=[^\W\d_])(?=%) | (?<=[^\W\d_]\\)(?=\w) | (?<=\w)(?=—)
    """,
    re.VERBOSE,
)
_GLUED = re.compile(r"[.,:;!?)\]}]|/(?![^\W\d_])")  # LibreOffice begins no line with these, though blanks stand before
_BREAKS = re.compile(r"[-–—/?!…(%\\]")
_DOTS = 6  # of a twip: LibreOffice measures each letter in whole dots of 1/8640 inch (reference device “MSO1”)
_FULL = 1e-6  # twips: sums of dots are exact but for the errors of binary fractions
_ROUNDED = 2 / _DOTS  # twips by which the rest of a run may be too long where only its rounded width is looked at
_DRIFT = 16.0  # twips by which a word of a justified line may stand from where LibreOffice sets it
_LOST = 0.7  # twips that a blank is narrower in its PDF: parts of a thousandth of the type are cut off at each letter
_OVERLONG = 66  # letters: only a path longer than this is parted after a slash before it is moved whole
_NOTHING = [0xAD, 0x34F, 0x61C, 0xFEFF]
for _first, _last in ((0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0xFE00, 0xFE0F)):
    _NOTHING += range(_first, _last + 1)
_ODD = {0x2011: "-"} | dict.fromkeys(
    _NOTHING, ""
)  # soft hyphen, joiners, marks of direction, variation: nothing on paper
_MOST_KNOWN, _MOST_LOOKS = 5_000, 100  # words of one look, and looks, that are kept
_MARKS = re.compile(r"[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]")  # set over a letter


@dataclass(frozen=True, slots=True)
class Rules:
    """Where the office programs differ from each other."""

    shrink: float = 0.0  # part of a space that may be taken to pull a word up: 0.25 in Word 2013 and later
    italic_edge: float = 1 / 12  # of the line height, kept free after italic letters at a line's end: LibreOffice
    dealt: bool = True  # what LibreOffice deals to two pages before it lays out is not kept together (`dealing`)
    old_places: bool = True  # compatibility below 15: tables hang out by the cell margin, hard breaks keep the space


@dataclass(frozen=True, slots=True)
class Word:
    """Letters of one look, or the blanks after them."""

    face: Face
    size: float  # points
    words: str
    look: Look
    width: float
    blank: bool = False


@dataclass(frozen=True, slots=True)
class Gap:
    """The room that a tab takes."""

    width: float
    leader: str
    face: Face
    look: Look


@dataclass(frozen=True, slots=True)
class Image:
    picture: ooxml.Picture
    width: float
    height: float


Bit: TypeAlias = Word | Gap | Image


@dataclass(slots=True)
class Line:
    height: float
    ascent: float  # from the top to the base line
    left: float  # of the first letter, from the left edge of the column
    stretch: float  # twips added to each blank after the last tab
    bits: list[Bit]
    end: str  # "" | line | page (a hard break) | end (of the paragraph)
    hangs: float = 0.0  # of its height: the room that a multiple adds below, which may reach out of the page


@dataclass(slots=True)
class Chunk:
    """What may not be parted: letters up to a place to break, and the blanks after them.

    One that has blanks, or is closed, is whole: it is not changed any more, and may stand in several paragraphs.
    """

    bits: list[Word | Image] = field(default_factory=list)
    width: float = 0.0  # without the blanks
    blanks: int = 0
    blank_width: float = 0.0
    closed: bool = False  # a line may end after it, though no blank follows
    slash: bool = False  # closed by a slash
    joined: bool = False  # goes on from a closed one: the same word to a reader
    glued: bool = False  # begins with a sign that begins no line, though blanks stand before it
    look: Look | None = None  # of all its letters and blanks, where that is known

    @property
    def is_whole(self) -> bool:
        return self.closed or self.blanks > 0


Part: TypeAlias = Chunk | ooxml.Tab | ooxml.Break


class LetterMissing(FieldInvalid):
    """A letter that the font lacks: named, never replaced by a box or by another."""

    def __init__(self, letter: str, words: str, where: str) -> None:
        name = f"U+{ord(letter):04X}"
        message = f"Phông chữ không có ký tự “{letter}” ({name}) trong “{words}” ở {where}."
        super().__init__(message, "letter_missing", "Hãy thay ký tự đó trong văn bản.")


class _Dots(dict[int, int]):
    """The width of each letter of a face at one size, in whole dots: what LibreOffice adds up to fill a line."""

    def __init__(self, face: Face, size: float) -> None:
        super().__init__()
        self.widths = face.widths
        self.em = int(size * 20 + _FULL) * _DOTS

    def __missing__(self, letter: int) -> int:
        width = self[letter] = int(self.widths[letter] * self.em + 0.5)
        return width


class Measure:
    """Widths and heights of one family of fonts."""

    def __init__(self, fonts: Fonts) -> None:
        self.fonts = fonts
        self._words: dict[tuple[bool, bool, float], tuple[_Dots, dict[str, float]]] = {}
        self._heights: dict[tuple[float, bool], tuple[float, float]] = {}
        self._known: dict[Look, tuple[Look, dict[str, list[Chunk]]]] = {}

    def known(self, look: Look) -> tuple[Look, dict[str, list[Chunk]]]:
        """The one object that stands for a look, and the words with their blanks that were cut in it before.

        Papers use the same words over and over.
        """
        found = self._known.get(look)
        if found is None or len(found[1]) > _MOST_KNOWN:
            if len(self._known) > _MOST_LOOKS:
                self._known.clear()
            found = self._known[look] = (look, {})
        return found

    def face(self, look: Look) -> Face:
        return self.fonts.faces[look.bold, look.italic]

    def width(self, look: Look, size: float, words: str, where: str = "") -> float:
        """The width of `words`; raise `LetterMissing` naming the letter and where it stands."""
        dots, known = self._of_size(look, size)
        width = known.get(words)
        if width is None:
            try:
                width = known[words] = sum([dots[ord(letter)] for letter in words]) / _DOTS
            except KeyError as error:
                raise LetterMissing(chr(error.args[0]), words, where) from None
        return width + look.spacing * len(words) if look.spacing else width

    def _of_size(self, look: Look, size: float) -> tuple[_Dots, dict[str, float]]:
        key = (look.bold, look.italic, size)
        found = self._words.get(key)
        if found is None:
            found = self._words[key] = (_Dots(self.face(look), size), {})
        return found

    def height(self, look: Look) -> tuple[float, float]:
        """From the top of a line to its base, and from there to its foot; the gap of the font stands above.

        Rounded to a twip, as the office programs do.
        """
        key = (look.size, bool(look.vertical))
        if key not in self._heights:
            face = self.fonts.faces[False, False]
            size = look.size * 20 * (SMALL if look.vertical else 1.0)
            whole = _HALF_SIZES.get(int(size)) or round((face.ascent + face.descent + face.gap) * size)
            above = round((face.ascent + face.gap) * size)
            self._heights[key] = (above, whole - above)
        return self._heights[key]


# --- chunks ----------------------------------------------------------------------------------------------------------


def plain(words: str) -> str:
    """Letters as they are drawn: each with its marks as one letter, a hyphen that does not break as a hyphen.

    What has no width is nothing.

    >>> plain("Da\u0302\u0301u\u00ad \u200b15\u2011QĐ\ufeff")
    'Dấu 15-QĐ'
    """
    return words if words.isascii() else unicodedata.normalize("NFC", words.translate(_ODD))


def breaks(word: str) -> list[int]:
    """Where a line may break within a word: after a dash, after a slash before letters, after ? and ! and so on.

    >>> breaks("15-QĐ/ĐU"), breaks("-----"), breaks("25/9/2026"), breaks("-5"), breaks("a@b.vn"), breaks("(“a-”)")
    ([3, 6], [], [], [], [], [])
    """
    return [found.start() for found in _BREAK.finditer(word)] if _BREAKS.search(word) else []


def parts_of(paragraph: Paragraph, measure: Measure, numbers: Mapping[str, str]) -> list[Part]:
    """The paragraph cut where it may break; `numbers` gives PAGE and NUMPAGES."""
    out: list[Part] = []
    for piece in paragraph.pieces:
        if isinstance(piece, ooxml.Text):
            _cut(out, piece.words, piece.look, measure, paragraph.where)
        elif isinstance(piece, ooxml.Number):
            _cut(out, numbers.get(piece.name, "1"), piece.look, measure, paragraph.where)
        elif isinstance(piece, ooxml.Picture):
            chunk = _open_chunk(out)
            chunk.bits.append(Image(piece, piece.width, piece.height))
            chunk.width += piece.width
        else:
            out.append(piece)
    return out


def _open_chunk(out: list[Part]) -> Chunk:
    """The chunk that letters are added to: the last one, unless blanks or a place to break end it."""
    last = out[-1] if out else None
    if not isinstance(last, Chunk) or last.is_whole:
        last = Chunk(joined=isinstance(last, Chunk) and last.closed)
        out.append(last)
    last.look = None
    return last


def _is_open(out: list[Part]) -> bool:
    """Whether a word may go on: a run ends within a word as often as not."""
    last = out[-1] if out else None
    return isinstance(last, Chunk) and not last.is_whole


def _ends_blank(out: list[Part]) -> bool:
    last = out[-1] if out else None
    return isinstance(last, Chunk) and last.blanks > 0


def _tail(out: list[Part]) -> str:
    """The last letters of a word that may go on."""
    last = out[-1] if out else None
    if not isinstance(last, Chunk) or last.is_whole or not last.bits:
        return ""
    word = last.bits[-1]
    return word.words[-2:] if isinstance(word, Word) else ""


def _cut(out: list[Part], words: str, look: Look, measure: Measure, where: str) -> None:
    words = plain(words)
    mark = _MARKS.search(words)
    if mark:  # no letter of its own: it would be drawn beside the one that it belongs to
        raise LetterMissing(mark.group(), words[max(0, mark.start() - 12) : mark.end()].split()[-1], where)
    (look, known), is_open = measure.known(look), _is_open(out)
    for token in _TOKENS.findall(words):
        ended = token[-1] == " "
        if is_open or token[0] == " ":
            _cut_token(out, token, look, measure, where)
        else:
            made = known.get(token) or _cut_alone(token, look, measure, where)
            out += [replace(made[0], glued=True), *made[1:]] if _GLUED.match(token) and _ends_blank(out) else made
            if not ended:
                out[-1] = _copied(out[-1])
        is_open = not ended


def _cut_alone(token: str, look: Look, measure: Measure, where: str) -> list[Chunk]:
    """The chunks of a word that goes on from no other, known from now on."""
    fresh: list[Part] = []
    _cut_token(fresh, token, look, measure, where)
    made = [part for part in fresh if isinstance(part, Chunk)]
    for chunk in made:
        chunk.look = look
    measure.known(look)[1][token] = made
    return made


def _copied(part: Part) -> Part:
    """A chunk that may be added to."""
    if not isinstance(part, Chunk):
        return part
    return Chunk([*part.bits], part.width, 0, 0.0, False, part.slash, part.joined, part.glued, part.look)


def _cut_token(out: list[Part], token: str, look: Look, measure: Measure, where: str) -> None:
    """Add a word and the blanks after it, or either of them."""
    size = look.size * SMALL if look.vertical else look.size
    face = measure.face(look)
    word = token.rstrip(" ")
    before = _tail(out)
    text, start = before + word, len(before)
    for end in [*breaks(text), len(text)] if word else ():
        if end == start and before:
            _close(out, text[end - 1])
        if end <= start:
            continue
        chunk, part = _open_chunk(out), text[start:end]
        width = measure.width(look, size, part, where)
        chunk.bits.append(Word(face, size, part, look, width))
        chunk.width += width
        if end < len(text):
            _close(out, part[-1])
        start = end
    blanks = token[len(word) :]
    if blanks:
        _add_blanks(out, Word(face, size, blanks, look, measure.width(look, size, blanks, where), True))


def _close(out: list[Part], letter: str) -> None:
    last = out[-1]
    if isinstance(last, Chunk):
        last.closed, last.slash = True, letter == "/"


def _add_blanks(out: list[Part], blanks: Word) -> None:
    last = out[-1] if out else None
    if not isinstance(last, Chunk):
        out.append(Chunk())
    elif last.blanks:
        out[-1] = replace(last, bits=[*last.bits])
    last = out[-1]
    assert isinstance(last, Chunk)
    last.look = last.look if last.look is blanks.look else None
    last.bits.append(blanks)
    last.blanks += len(blanks.words)
    last.blank_width += blanks.width


# --- lines -----------------------------------------------------------------------------------------------------------


class Breaker:
    """Breaks one paragraph for a column of one width."""

    def __init__(self, paragraph: Paragraph, width: float, measure: Measure, rules: Rules, default_tab: float) -> None:
        self.look = paragraph.look
        self.mark = paragraph.mark
        self.where = paragraph.where
        self.width = width
        self.measure = measure
        self.rules = rules
        self.default_tab = default_tab
        self.justified = self.look.align == "both"

    def lines(self, parts: list[Part]) -> list[Line]:
        out: list[Line] = []
        parts = list(parts)  # a word longer than the line is cut in place
        at, first = 0, True
        while True:
            indent = self.look.left + (self.look.first if first else 0.0)
            row = _Row(self, indent, first)
            at = row.fill(parts, at)
            ended = at >= len(parts)
            out.append(self._line(row, row.end or ("end" if ended else "")))
            first = False
            if ended:
                break
        if out[-1].end == "line" and row.used:  # a trailing break makes an empty line
            out.append(self._line(_Row(self, self.look.left, False), "end"))
        return out

    def _line(self, row: _Row, end: str) -> Line:
        height, ascent, hangs = self._heights(row)
        natural, blanks = row.without_trailing_blanks()
        free = row.room - natural - (row.italic_edge() if end in ("end", "line") else 0.0)
        stretch = left = 0.0
        pulled = free < 0 and self.rules.shrink > 0
        if self.justified and blanks and (pulled or (free > 0 and end in ("", "line"))):
            stretch = free / blanks
            if not pulled:
                stretch = _drifting(stretch, blanks, row.runs)
        elif self.look.align == "right":
            left = free
        elif self.look.align == "center":
            left = free / 2
        bits = [bit for bit in row.bits if bit is not None]
        return Line(height, ascent, row.indent + left, stretch, bits, end, hangs)

    def _heights(self, row: _Row) -> tuple[float, float, float]:
        """Height, ascent, and the extra room of a multiple below the line; that of `atLeast` stands above it."""
        heights = row.heights or {self.measure.height(self.mark)}
        if len(heights) == 1:
            ((ascent, below),) = heights
        else:
            ascent, below = max([above for above, _ in heights]), max([below for _, below in heights])
        height = ascent + below
        rule, line, natural = self.look.rule, self.look.line, height
        if rule == "auto" and line != 240:
            height = int(height * round(line * 100 / 240) / 100)  # cut off, not rounded
            return height, ascent, max(0.0, height - natural)
        if rule == "exact":
            height, ascent = line, line * 0.8
        elif rule == "atLeast" and height < line:
            height, ascent = line, ascent + line - height
        return height, ascent, 0.0


@dataclass(slots=True)
class _OpenTab:
    """A centre or right tab whose text is still coming."""

    start: float
    target: float
    kind: str
    place: int  # among the bits
    leader: str
    look: Look


def _drifting(stretch: float, blanks: int, runs: tuple[int, ...]) -> float:
    """The room added to each blank so that no word stands more than `_DRIFT` from where LibreOffice sets it.

    Within a run it adds whole twips only and loses some in its PDF, and each run begins where it should: the last words
    of a long run stand up to a point left of it. We add the same to each blank of a line, as near to the full width as
    that allows.
    """
    most, least, begin, whole = stretch, 0.0, 0, int(stretch) - _LOST
    for end in (*runs, blanks):
        if end > begin:
            most = min(most, (begin * stretch + (end - begin) * whole + _DRIFT) / end)
        if begin:
            least = max(least, stretch - _DRIFT / begin)
        begin = end
    return most if least <= most else (least + most) / 2


def _rounded(x: float) -> float:
    """To a whole twip, halves up, as LibreOffice rounds the width of each run."""
    return int(x + 0.5 + _FULL)


def _run(bit: Bit) -> Look | str | None:
    """What is set in one piece with its neighbours: letters and blanks of one look, a hard blank for itself."""
    if not isinstance(bit, Word):
        return None
    return bit.words if bit.words == HARD_BLANK else bit.look


def _letter_count(part: Part) -> int:
    bits = part.bits if isinstance(part, Chunk) else []
    return sum(len(bit.words) for bit in bits if isinstance(bit, Word))


class _Row:
    """One line while it fills."""

    def __init__(self, breaker: Breaker, indent: float, first: bool) -> None:
        self.breaker = breaker
        self.indent = indent
        self.first = first
        self.room = breaker.width - breaker.look.right - indent
        self.end = ""
        self._start = 0  # the part that the line begins with
        self._clear()

    def _clear(self) -> None:
        self.x = 0.0
        self.bits: list[Bit | None] = []
        self.heights: set[tuple[float, float]] = set()
        self.blanks = 0  # since the last tab: only these stretch
        self.blank_width = 0.0
        self.runs: tuple[int, ...] = ()  # how many blanks stand before each run but the first
        self.run: Look | str | None = (
            None  # what is being set: the look of its letters; hard blanks are runs of their own
        )
        self.used = False
        self._tab: _OpenTab | None = None

    def fill(self, parts: list[Part], at: int) -> int:
        """Take parts from `at` on; return where the next line begins."""
        self._start = at
        while (at := self._take_words(parts, at)) < len(parts):
            part = parts[at]
            if isinstance(part, ooxml.Break):
                self.end = part.kind
                if part.kind == "line":
                    self.heights.add(self.breaker.measure.height(part.look))
                at += 1
                break
            if isinstance(part, ooxml.Tab):
                if not self._add_tab(part):
                    break
            elif not self._fits(parts, at):
                at = self._end_before(parts, at)
                break
            elif self._is_too_long(part) and self._cut_word(parts, at):
                break
            else:
                self._add(part)
            at += 1
        self._close_tab()
        return at

    # --- words

    def _take_words(self, parts: list[Part], at: int) -> int:
        """Take whole words of a known look while they fit, as `fill` would one by one."""
        breaker = self.breaker
        shrink = breaker.rules.shrink if breaker.justified else 0.0
        room, bits = self.room + _FULL, self.bits
        count = len(parts)
        while at < count:
            part = parts[at]
            if not isinstance(part, Chunk) or part.look is None or part.joined or part.closed or part.glued:
                break
            x, width = (self.x if part.look is self.run else _rounded(self.x)), part.width
            if not self.used:
                if self._is_too_long(part):
                    break
                self.used = True
            elif width:
                need = x + width
                if shrink and self.blanks:
                    need -= shrink * self.blank_width
                if need > room and not self._rounds_down(parts, at, need):
                    break
            if part.look is not self.run:
                self._change(part.look, part.look)
            bits += part.bits
            self.x = x + (width + part.blank_width)
            self.blanks += part.blanks
            self.blank_width += part.blank_width
            at += 1
        return at

    def _fits(self, parts: list[Part], at: int) -> bool:
        chunk = parts[at]
        if not self.used or not isinstance(chunk, Chunk) or chunk.width == 0:
            return True
        rules = self.breaker.rules
        need = self._reach(chunk)
        if rules.shrink and self.breaker.justified and self.blanks:
            need -= rules.shrink * self.blank_width
        return need <= self.room + _FULL or self._rounds_down(parts, at, need)

    def _reach(self, chunk: Chunk) -> float:
        """Where the letters of a chunk end."""
        x, run = self.x, self.run
        for bit in chunk.bits:
            if isinstance(bit, Word) and bit.blank:
                break
            x, run = (x if _run(bit) is run else _rounded(x)) + bit.width, _run(bit)
        return x

    def _change(self, run: Look | str | None, look: Look | None) -> None:
        """Begin a run: LibreOffice sets each for itself, at a whole twip."""
        self.x, self.run = _rounded(self.x), run
        self.runs = (*self.runs, self.blanks) if self.blanks else ()
        if look is not None:
            self.heights.add(self.breaker.measure.height(look))

    def _rounds_down(self, parts: list[Part], at: int, need: float) -> bool:
        """Whether the end of a run stays though it is a third of a twip too long.

        Where few and wide letters are left LibreOffice looks at the rounded width of all of them first.
        """
        part, after = parts[at], parts[at + 1] if at + 1 < len(parts) else None
        if need > self.room + _ROUNDED + _FULL or not isinstance(part, Chunk) or part.blanks:
            return False
        last = part.bits[-1]
        if not isinstance(last, Word) or (isinstance(after, Chunk) and _run(after.bits[0]) is _run(last)):
            return False
        letters, start = 0, need
        for bit in (*reversed(part.bits), *reversed(self.bits)):
            if bit is None or _run(bit) is not _run(last):
                break
            letters, start = letters + len(bit.words) if isinstance(bit, Word) else 0, start - bit.width
        return (self.room - start) * 2 > letters * sum(self.breaker.measure.height(last.look))

    def _edge(self, bit: Bit | None) -> float:
        """The room that LibreOffice keeps after italic letters at the end of a line."""
        part = self.breaker.rules.italic_edge
        if not part or not isinstance(bit, Word) or bit.blank or not bit.look.italic:
            return 0.0
        return part * sum(self.breaker.measure.height(bit.look))

    def italic_edge(self) -> float:
        return self._edge(self.bits[-1] if self.bits else None)  # not before blanks that hang out

    def _is_too_long(self, chunk: Chunk) -> bool:
        return not self.used and chunk.width > self.room + _FULL

    def _end_before(self, parts: list[Part], at: int) -> int:
        """Where the next line begins when the part at `at` does not fit.

        As LibreOffice asks its break iterator: the place where the line is full, unless a slash stands before it; else
        the last one before that. A slash is a poor place to end a line, for paths: the blank before the word is taken,
        unless there is none or it is far. Where no place is left on the line the word is cut where the line is full.
        """
        part = parts[at]
        if not isinstance(part, Chunk) or (not part.joined and not part.glued) or self._blanks_are_over(parts[at - 1]):
            return at
        is_within = self._fits_a_letter(part)
        if not is_within and not part.glued and not self._is_after_slash(parts, at):
            return at
        end = at if is_within else at - 1
        while end > self._start and isinstance(before := parts[end], Chunk) and before.glued:
            end -= 1
        if end > self._start and self._is_after_slash(parts, end):
            end = self._before_path(parts, end)
        if end > self._start:
            self._take_back(parts, end)
            return end
        if is_within:
            self._cut_word(parts, at)
        return at

    def _blanks_are_over(self, before: Part) -> bool:
        return isinstance(before, Chunk) and before.blanks > 0 and self.x > self.room + _FULL

    @staticmethod
    def _is_after_slash(parts: list[Part], at: int) -> bool:
        part, before = parts[at], parts[at - 1]
        return isinstance(part, Chunk) and part.joined and isinstance(before, Chunk) and before.slash

    @staticmethod
    def _before_path(parts: list[Part], at: int) -> int:
        """The beginning of the word that holds a slash just before `at`; `at` where that is no place to end a line."""
        begin, letters = at, 0
        while isinstance(part := parts[begin], Chunk) and part.joined:
            begin -= 1
            letters += _letter_count(parts[begin])
        return at if begin == 0 or letters >= _OVERLONG else begin

    def _take_back(self, parts: list[Part], end: int) -> None:
        """Fill the line anew with the parts before `end`, which fit."""
        self._clear()
        for part in parts[self._start : end]:
            if isinstance(part, Chunk):
                self._add(part)
            elif isinstance(part, ooxml.Tab):
                self._add_tab(part)

    def _fits_a_letter(self, chunk: Chunk) -> bool:
        word = chunk.bits[0]
        x = self.x if _run(word) is self.run else _rounded(self.x)
        return isinstance(word, Word) and x + self._letters(word, word.words[:1]).width <= self.room + _FULL

    def _cut_word(self, parts: list[Part], at: int) -> bool:
        """Cut the letters that fit off a word longer than the line; the rest stays for the next one."""
        chunk = parts[at]
        word = chunk.bits[0] if isinstance(chunk, Chunk) and chunk.bits else None
        if not isinstance(chunk, Chunk) or not isinstance(word, Word) or len(word.words) < 2:
            return False
        count = self._letters_that_fit(word)
        if count == len(word.words):
            return False
        rest = self._letters(word, word.words[count:])
        self._add(Chunk([self._letters(word, word.words[:count])]))
        shorter = chunk.width - word.width + rest.width
        parts[at] = replace(chunk, bits=[rest, *chunk.bits[1:]], width=shorter)
        return True

    def _letters_that_fit(self, word: Word) -> int:
        """How many letters the line takes: one at the least, so that there is an end."""
        x, count, measure = self.x, 0, self.breaker.measure
        for letter in word.words:
            x += measure.width(word.look, word.size, letter)
            if count and x > self.room + _FULL:
                break
            count += 1
        return count

    def _letters(self, word: Word, letters: str) -> Word:
        width = self.breaker.measure.width(word.look, word.size, letters, self.breaker.where)
        return Word(word.face, word.size, letters, word.look, width)

    def _add(self, chunk: Chunk) -> None:
        for bit in chunk.bits:
            self.bits.append(bit)
            if not isinstance(bit, Word):
                self.heights.add((bit.height, 0.0))
            if _run(bit) is not self.run:
                self._change(_run(bit), bit.look if isinstance(bit, Word) else None)
            self.x += bit.width
        self.blanks += chunk.blanks
        self.blank_width += chunk.blank_width
        self.used = True

    def without_trailing_blanks(self) -> tuple[float, int]:
        """The width, and how many blanks stretch: those at the end of a line hang out of it."""
        width, blanks = self.x, self.blanks
        for bit in reversed(self.bits):
            if not isinstance(bit, Word) or not bit.blank:
                break
            width -= bit.width
            blanks -= len(bit.words)
        return width, blanks

    # --- tabs

    def _add_tab(self, tab: ooxml.Tab) -> bool:
        """Go to the next stop; False where it lies beyond the line."""
        self._close_tab()
        look = self.breaker.look
        position = self.indent + self.x
        stop = self._next_stop(position)
        beyond = stop.position - self.indent > self.room and stop.position > self.breaker.width - look.right + 1
        if stop.kind in ("center", "right"):
            self._tab = _OpenTab(self.x, stop.position - self.indent, stop.kind, len(self.bits), stop.leader, tab.look)
            self.bits.append(None)
        elif beyond and self.used and not stop.leader:
            return False
        else:
            self.bits.append(Gap(stop.position - position, stop.leader, self.breaker.measure.face(tab.look), tab.look))
            self.x = stop.position - self.indent
        self.run, self.runs = None, ()
        self.heights.add(self.breaker.measure.height(tab.look))
        self.blanks, self.blank_width, self.used = 0, 0.0, True
        return True

    def _next_stop(self, position: float) -> TabStop:
        look = self.breaker.look
        stop = next((s for s in look.tabs if s.position > position + 0.01), None)
        hangs = self.first and look.first < 0 and position < look.left - 0.01
        if hangs and (stop is None or stop.position > look.left):
            return TabStop(look.left)
        if stop is not None:
            return stop
        return TabStop((int((position + 0.01) // self.breaker.default_tab) + 1) * self.breaker.default_tab)

    def _close_tab(self) -> None:
        """Give an open centre or right tab the room that its text leaves."""
        tab = self._tab
        if tab is None:
            return
        text = self.x - tab.start
        room = tab.target - tab.start - (text / 2 if tab.kind == "center" else text)
        gap = Gap(max(room, 0.0), tab.leader, self.breaker.measure.face(tab.look), tab.look)
        self.bits[tab.place] = gap
        self.x += gap.width
        self._tab = None
