"""Words typed wrong: letters that make no syllable, and a phrase of the office that is one mark or letter off.

A phrase is doubted only where its words cannot be read otherwise: no word of the language goes across its edge, and the
odd syllable is no function word. Lists: cum-tu.toml, tu-ghep.txt, am-tiet.toml.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ..errors import Problem, Severity
from . import lexicon
from .lines import Passage
from .syllables import fold, is_syllable, split, toneless
from .words import Word, known_pairs, known_words, light_words, pairs

LONGEST = 8
SOURCE = "Danh sách chính tả: cum-tu, am-tiet"
Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Index:
    """The phrases by two of their syllables, so that one that is a slip away is found without trying them all.

    With one syllable wrong the first two are right, or the last two, or (of three) the outer ones.
    """

    starts: Mapping[Phrase, tuple[Phrase, ...]]
    ends: Mapping[Phrase, tuple[Phrase, ...]]
    around: Mapping[Phrase, tuple[Phrase, ...]]
    singles: Mapping[str, tuple[Phrase, ...]]  # phrases of two, by either of them
    folded: Mapping[Phrase, tuple[Phrase, ...]]  # by the first two without marks
    shortened: Mapping[Phrase, tuple[tuple[Phrase, Phrase], ...]]  # by the first two: shortened, whole


def _grouped(items: Iterable[tuple[Any, Any]]) -> dict[Any, tuple[Any, ...]]:
    found: dict[Any, list[Any]] = defaultdict(list)
    for name, item in items:
        found[name].append(item)
    return {k: tuple(sorted(set(v), key=lambda x: (-len(x), x))) for k, v in found.items()}


@lru_cache(maxsize=1)
def index() -> Index:
    phrases = [p for p in sorted(lexicon.phrases()) if len(p) <= LONGEST]
    long, two = [p for p in phrases if len(p) > 2], [p for p in phrases if len(p) == 2]
    known = known_words()
    short = [
        (s, p)
        for p in lexicon.never_shortened()
        for n in range(1, len(p) - 1)
        if (s := p[:n] + p[n + 1 :]) not in known
    ]
    return Index(
        starts=_grouped((p[:2], p) for p in long),
        ends=_grouped((p[-2:], p) for p in long),
        around=_grouped(((p[0], p[2]), p) for p in long if len(p) == 3),
        singles=_grouped((s, p) for p in two for s in p),
        folded=_grouped((tuple(fold(x) for x in p[:2]), p) for p in phrases),
        shortened=_grouped((s[:2], (s, p)) for s, p in short),
    )


def check_spelling(passage: Passage) -> Iterator[Problem]:
    """Every word of a passage that is typed wrong as far as the lists can tell."""
    words = passage.words
    if len(words) > 5 and passage.text.isascii():
        return  # typed without marks, or in the letters of another code
    taken: set[int] = set()
    yield from _near_phrases(passage, words, taken)
    for n in range(len(words)):
        if n not in taken:
            yield from _check_syllable(passage, words, n)


# --- one syllable -----------------------------------------------------------------------------------------------------


def _check_syllable(passage: Passage, words: Sequence[Word], n: int) -> Iterator[Problem]:
    word = words[n]
    typed = word.typed
    if typed.isascii() or len(typed) < 2 or not _may_be_judged(typed) or is_syllable(typed.lower()):
        return
    if typed.lower() in lexicon.syllable_tables().exceptions or _is_part_of_symbol(passage.text, word):
        return
    place = passage.place(word.start, word.end)
    if glued := _two_syllables(typed.lower(), typed.islower()):
        message = f"“{typed}” là hai tiếng viết liền: thiếu dấu cách."
        yield Problem(place, "words_glued", "canh_bao", message, f"Viết “{glued}”.", SOURCE)
        return
    if typed[0].isupper() and not typed.isupper() and not _slip_of_typing(typed):
        return
    right = _mended(typed)
    hint = f"Có phải “{right}”?" if right else "Xem lại chữ này."
    name = typed[0].isupper() and not typed.isupper()  # Niê, Kđăm: names of other peoples are spelt by their own rules
    severity: Severity = "canh_bao" if name else "loi"
    yield Problem(place, "misspelt", severity, f"“{typed}” không phải là một tiếng viết đúng chính tả.", hint, SOURCE)


@lru_cache(maxsize=20_000)
def _may_be_judged(typed: str) -> bool:
    """Small letters, a capital first letter, or all capitals; letters of Vietnamese only."""
    if not (typed.islower() or typed.isupper() or (typed[0].isupper() and typed[1:].islower())):
        return False
    plain = toneless(typed)[0]
    if typed.isupper() and len(typed) < 5:
        return False
    return all(c in "aăâbcdđeêghiklmnoôơpqrstuưvxy" for c in plain)


def _is_part_of_symbol(text: str, word: Word) -> bool:
    around = text[max(0, word.start - 1) : word.start] + text[word.end : word.end + 1]
    return any(c in "/-&@_0123456789" for c in around)


def _two_syllables(typed: str, typed_small: bool) -> str:
    """Two right syllables written as one: a known word, or any two in small letters."""
    found = ""
    for cut in range(2, len(typed) - 1):
        left, right = typed[:cut], typed[cut:]
        if is_syllable(left) and is_syllable(right):
            if (lexicon.key(left), lexicon.key(right)) in lexicon.compounds():
                return f"{left} {right}"
            found = found or f"{left} {right}"
    return found if typed_small else ""


def _slip_of_typing(typed: str) -> bool:
    """A name of another tongue keeps its letters; one with a mark that Vietnamese gives to a near syllable does not."""
    return bool(_mended(typed)) and toneless(typed)[0][-1] in "aăâeêioôơuưymnpthcg"


_SLIPS = tuple(
    tuple(slip.split("/"))
    for slip in [
        "uo/ươ",
        "ưo/ươ",
        "uơ/ươ",
        "ie/iê",
        "ye/yê",
        "uo/uô",
        "ă/â",
        "â/ă",
        "ê/e",
        "ô/o",
        "ơ/o",
        "ư/u",
        "ô/ơ",
        "ơ/ô",
        "ngh/ng",
        "ng/ngh",
        "gh/g",
        "g/gh",
        "c/k",
        "k/c",
        "e/ê",
        "o/ô",
        "o/ơ",
        "a/â",
        "a/ă",
        "u/ư",
    ]
)


def _mended(typed: str) -> str:
    """The right syllable nearest to letters that are none: a mark moved, one hat or horn put right, one letter out."""
    letters, tone, _ = toneless(typed)
    tries = [letters, *(letters.replace(a, b, 1) for a, b in _SLIPS if a in letters)]
    tries += [letters[:n] + letters[n + 1 :] for n in range(len(letters))]
    for bare in tries:
        for mark in (tone[:1], "\u0323", "\u0301"):
            if found := _with_tone(bare, mark):
                return found.upper() if typed.isupper() else found.capitalize() if typed[0].isupper() else found
    return ""


def _with_tone(bare: str, tone: str) -> str:
    for n in range(len(bare)):
        if bare[n] not in "aăâeêioôơuưy":
            continue
        word = unicodedata.normalize("NFC", bare[: n + 1] + tone + bare[n + 1 :])
        if is_syllable(word) and split(word) is not None:
            return word
    return ""


# --- a phrase ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Window:
    """Some words in a row, and which of their neighbours belong together."""

    words: Sequence[Word]
    bound: Sequence[bool]
    first: int
    size: int

    @property
    def last(self) -> int:
        return self.first + self.size - 1

    @property
    def keys(self) -> Phrase:
        return tuple(w.key for w in self.words[self.first : self.last + 1])

    @property
    def fits(self) -> bool:
        return self.first >= 0 and self.last < len(self.words)

    @property
    def whole(self) -> bool:
        """Whether nothing but spaces (and for a longer phrase a comma or hyphen) stands between the words."""
        inside = self.words[self.first + 1 : self.last + 1]
        return all(w.gap == " " or (self.size > 2 and w.gap != "|") for w in inside)

    @property
    def is_known(self) -> bool:
        return self.keys in known_words()

    def is_a_name(self, phrase: Phrase) -> bool:
        """Whether the words have capitals inside, as a person's name has, where the phrase is no name: Đỗ Thị, đô
        thị."""
        inside = self.words[self.first + 1 : self.last + 1]
        capital = any(w.typed[0].isupper() and not w.typed.isupper() for w in inside)
        return capital and phrase not in lexicon.names()

    @property
    def is_crossed(self) -> bool:
        """Whether a known word goes across either edge."""
        return (self.first > 0 and self.bound[self.first - 1]) or self.bound[self.last]

    def crossed(self, at: int) -> bool:
        """Whether the word at `at` of the window makes a known word with a neighbour outside it."""
        left = at == 0 and self.first > 0 and self.bound[self.first - 1]
        right = at == self.size - 1 and self.bound[self.last]
        return left or right


def _near_phrases(passage: Passage, words: Sequence[Word], taken: set[int]) -> Iterator[Problem]:
    bound = pairs(words)
    told: set[int] = set()
    first = 0
    while first < len(words) - 1:
        size = _known_size(words, first)
        if size > 2:
            taken.update(range(first, first + size))
            first += size - 1  # the last word may begin another phrase
            continue
        slips = _slips(words, bound, first)
        found = next(((w, p) for w, p in slips if told.isdisjoint(range(w.first, w.last + 1))), None)
        if found:
            window, right = found
            told.update(range(window.first, window.last + 1))
            yield _near(passage, window, right)
            first = max(first, window.last)
        first += 1
    taken |= told


def _known_size(words: Sequence[Word], first: int) -> int:
    """How many words from `first` on are the longest phrase of the lists; 0 where they begin none."""
    pair = (words[first].key, words[first + 1].key)
    for phrase in index().starts.get(pair, ()):
        window = Window(words, (), first, len(phrase))
        if window.fits and window.keys == phrase and window.whole:
            return len(phrase)
    return 0


def _slips(words: Sequence[Word], bound: Sequence[bool], first: int) -> Iterator[tuple[Window, Phrase]]:
    """The phrases that the words from `first` on (or around it) are one slip away from, the longest first."""
    here, after = words[first].key, words[first + 1].key
    for phrase in index().starts.get((here, after), ()):
        yield from _one_off(Window(words, bound, first, len(phrase)), phrase)
    for phrase in index().ends.get((here, after), ()):
        yield from _one_off(Window(words, bound, first + 2 - len(phrase), len(phrase)), phrase)
    if first + 2 < len(words):
        for phrase in index().around.get((here, words[first + 2].key), ()):
            yield from _one_off(Window(words, bound, first, 3), phrase)
    for phrase in index().folded.get((fold(here), fold(after)), ()):
        window = Window(words, bound, first, len(phrase))
        yield from _one_off(window, phrase)
        yield from _all_off(window, phrase)
    for odd, single in ((here, after), (after, here)):
        if not is_syllable(odd):
            for phrase in index().singles.get(single, ()):
                yield from _one_off(Window(words, bound, first, 2), phrase)
    for short, whole in index().shortened.get((here, after), ()):
        yield from _left_out(Window(words, bound, first, len(short)), short, whole)


def _one_off(window: Window, phrase: Phrase) -> Iterator[tuple[Window, Phrase]]:
    if not window.fits:
        return
    keys = window.keys
    odd = [n for n, (a, b) in enumerate(zip(keys, phrase, strict=True)) if a != b]
    if (
        len(odd) == 1
        and window.whole
        and not window.is_known
        and not window.is_a_name(phrase)
        and _is_slip(window, keys, odd[0], phrase[odd[0]])
    ):
        yield window, phrase


def _all_off(window: Window, phrase: Phrase) -> Iterator[tuple[Window, Phrase]]:
    """Several syllables that differ from the phrase by their marks only."""
    if not window.fits:
        return
    keys = window.keys
    odd = [n for n, (a, b) in enumerate(zip(keys, phrase, strict=True)) if a != b]
    if (
        len(odd) < 2
        or any(fold(keys[n]) != fold(phrase[n]) for n in odd)
        or not window.whole
        or window.is_known
        or not light_words().isdisjoint(keys)
        or window.is_crossed
    ):
        return
    inside = range(window.first, window.last)
    bound = any(window.bound[i] for n in odd for i in (window.first + n - 1, window.first + n) if i in inside)
    if not bound and (window.size > 2 or window.words[window.last].typed.islower()):
        yield window, phrase


def _left_out(window: Window, short: Phrase, whole: Phrase) -> Iterator[tuple[Window, Phrase]]:
    if window.fits and window.keys == short and window.whole and not window.is_crossed:
        gap = next(n for n, (a, b) in enumerate(zip((*short, ""), whole, strict=True)) if a != b)
        if len(short) > 3 or (short[gap - 1], short[gap]) not in known_pairs():
            yield window, whole


def _is_slip(window: Window, keys: Phrase, at: int, right: str) -> bool:
    """Whether the odd syllable is a slip: near the right one, and not read otherwise with its neighbours."""
    typed = keys[at]
    if window.size == 2 and window.is_crossed:
        return False
    inside = (at > 0 and window.bound[window.first + at - 1]) or (
        at + 1 < window.size and window.bound[window.first + at]
    )
    if inside or window.crossed(at):
        return False
    edge = at in (0, window.size - 1)
    if window.size < 5 and typed in light_words():
        return False
    if fold(typed) == fold(right):
        return True
    if is_syllable(typed) and (window.size == 2 or (window.size == 3 and edge)):
        return False
    return len(typed) > 2 and _one_edit(fold(typed), fold(right))


def _one_edit(a: str, b: str) -> bool:
    """Whether two words differ by one letter put in, left out, changed, or two letters swapped."""
    if abs(len(a) - len(b)) > 1 or a == b:
        return False
    start = next((n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    x, y = a[start:], b[start:]
    if len(x) == len(y):
        return x[1:] == y[1:] or (x[:2] == y[1::-1] and x[2:] == y[2:])
    return x[1:] == y or x == y[1:]


def _near(passage: Passage, window: Window, right: Phrase) -> Problem:
    words = window.words
    start, end = words[window.first].start, words[window.last].end
    typed = re.sub(r"\s+", " ", passage.text[start:end])
    hint = f"Có phải “{' '.join(right)}”?"
    place = passage.place(start, end)
    if len(right) > window.size:
        return Problem(place, "word_missing", "canh_bao", f"“{typed}” như thiếu một tiếng.", hint, SOURCE)
    pairs_of = zip(words[window.first : window.last + 1], right, strict=True)
    odd = next((w.typed for w, key in pairs_of if w.key != key and not is_syllable(w.typed.lower())), "")
    if odd:
        message = f"“{odd}” không phải là một tiếng viết đúng chính tả."
        return Problem(place, "misspelt", "loi", message, hint, SOURCE)
    return Problem(place, "phrase_misspelt", "canh_bao", f"“{typed}” như gõ sai chính tả.", hint, SOURCE)
