"""One name spelt in several ways: a body's capitals, a model's or a person's name one mark off, a word written two
ways.

Two names that are near but both legitimate (two people of one list) are left alone: only one that stands once is
doubted, beside one that stands more often, and not where each has an item or row of its own. Lists: cum-tu.toml,
tieng.toml.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ..errors import Problem, Severity
from ..viet.kieu_dau import to_moi
from . import lexicon
from .lines import Passage
from .spelling import _one_edit as one_edit
from .syllables import fold, is_syllable
from .whole import Whole
from .words import Word, known_pairs

SOURCE = "Danh sách tên gọi: cum-tu; K01, K21"
_QUOTED = re.compile(r"[“\"]([^“”\"\n]{8,160})[”\"]")
_TITLED = re.compile(r"\b(?:đồng chí|ông|bà|đ/c|anh|chị|cô|chú|bác|Họ và tên|họ tên)\s*:?\s+", re.I)
_PLACED = re.compile(
    r"(?<!\w)(xã|phường|thôn|xóm|bản|tổ dân phố|khu phố|ấp|tỉnh|huyện|đặc khu|thị trấn)\s+(?=[A-ZĐÀ-Ỹ])", re.I
)
_SIGNED = re.compile(
    r"(?:T/M|TM\.|K/T|KT\.|T/L|TL\.|TUQ\.|Q\.)|(?:PHÓ |QUYỀN )?(?:BÍ THƯ|CHỦ TỊCH|TRƯỞNG|GIÁM ĐỐC|"
    r"CHÁNH|CHỦ NHIỆM|HIỆU TRƯỞNG|NGƯỜI|THƯ KÝ|CHỦ TRÌ)"
)
_HALF = re.compile(r"\b(Ban|Phòng|Sở|Hội)\s+([A-ZĐ]{2,4})\s+(và|-)\s+([A-ZĐ]{2,4})\b")


@dataclass(frozen=True, slots=True)
class Name:
    """A name where it stands: its syllables for comparing, as typed, and its kind (quoted, person, place)."""

    keys: tuple[str, ...]
    typed: str
    passage: Passage
    start: int
    end: int
    kind: str


def check_names_whole(whole: Whole) -> Iterator[Problem]:
    yield from _check_bodies(whole)
    yield from _check_near(whole)
    yield from _check_signature(whole)
    yield from _check_pairs(whole)
    yield from _check_hyphens(whole)
    for passage in whole.passages:
        yield from _check_laws(passage)
        yield from _check_half(passage)


# --- the capitals of a body -------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _body_names() -> Mapping[tuple[str, str], tuple[tuple[str, ...], ...]]:
    found: dict[tuple[str, str], set[tuple[str, ...]]] = defaultdict(set)
    for name in lexicon.table("cum-tu")["co_quan"]:
        keys = lexicon.syllables_of(name)
        if len(keys) > 2:
            found[keys[0], keys[1]].add(keys)
    return {k: tuple(sorted(v, key=lambda x: (-len(x), x))) for k, v in found.items()}


@lru_cache(maxsize=1)
def _right_capitals() -> Mapping[tuple[str, ...], str]:
    return {
        lexicon.syllables_of(n): " ".join(re.findall(r"[^\W\d_]+", to_moi(n)))
        for n in lexicon.table("cum-tu")["co_quan"]
    }


def _check_bodies(whole: Whole) -> Iterator[Problem]:
    forms: dict[tuple[str, ...], dict[str, list[tuple[Passage, int, int]]]] = defaultdict(lambda: defaultdict(list))
    for passage in whole.passages:
        if not passage.is_capitals:
            for keys, words in _bodies_of(passage.words):
                typed = " ".join(to_moi(w.typed) for w in words)
                if words[0].typed[0].isupper() and not typed.isupper():
                    forms[keys][typed].append((passage, words[0].start, words[-1].end))
    for keys, ways in forms.items():
        if len(ways) > 1:
            yield from _varying(keys, ways)


def _bodies_of(words: Sequence[Word]) -> Iterator[tuple[tuple[str, ...], Sequence[Word]]]:
    n = 0
    while n < len(words) - 2:
        found = next((k for k in _body_names().get((words[n].key, words[n + 1].key), ()) if _stands(words, n, k)), None)
        if found:
            yield found, words[n : n + len(found)]
            n += len(found)
        else:
            n += 1


def _stands(words: Sequence[Word], n: int, keys: tuple[str, ...]) -> bool:
    part = words[n : n + len(keys)]
    return tuple(w.key for w in part) == keys and all(w.joined for w in part[1:])


def _varying(keys: tuple[str, ...], ways: Mapping[str, list[tuple[Passage, int, int]]]) -> Iterator[Problem]:
    right = _right_capitals().get(keys, "")
    best = right if right in ways else max(sorted(ways), key=lambda w: len(ways[w]))
    for typed in sorted(ways):
        if typed != best:
            passage, start, end = ways[typed][0]
            shown = passage.text[start:end]
            times = f" ({len(ways[typed])} chỗ)" if len(ways[typed]) > 1 else ""
            other_passage, a, b = ways[best][0]
            message = f"Tên “{shown}”{times} viết hoa khác chỗ còn lại “{other_passage.text[a:b]}”."
            yield Problem(
                passage.place(start, end), "name_varies", "canh_bao", message, "Viết một cách trong cả văn bản.", SOURCE
            )


# --- names one slip apart ---------------------------------------------------------------------------------------------


def _names_of(passage: Passage) -> Iterator[Name]:
    text = passage.text
    for found in _QUOTED.finditer(text):
        keys = lexicon.syllables_of(found[1])
        if len(keys) > 2:
            yield Name(keys, found[1].strip(), passage, found.start(1), found.end(1), "quoted")
    if passage.is_capitals:
        return
    for pattern, kind, least in ((_TITLED, "person", 3), (_PLACED, "place", 2)):
        for found in pattern.finditer(text):
            words = _capital_run(passage.words, found.end())
            if least <= len(words) <= 5:
                keys = tuple(w.key for w in words)
                prefix = (found[1].lower(),) if kind == "place" else ()
                yield Name(
                    (*prefix, *keys), text[words[0].start : words[-1].end], passage, words[0].start, words[-1].end, kind
                )


def _capital_run(words: Sequence[Word], at: int) -> list[Word]:
    """The words from `at` on that begin with a capital, one space apart."""
    low, high = 0, len(words)
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if words[middle].start < at else (low, middle)
    found: list[Word] = []
    for word in words[low : low + 6]:
        if not word.typed[0].isupper() or (word.typed.isupper() and len(word.typed) > 1) or (found and not word.joined):
            break
        found.append(word)
    return found


def _check_near(whole: Whole) -> Iterator[Problem]:
    names = [name for passage in whole.passages for name in _names_of(passage)]
    counts = Counter((n.kind, n.keys) for n in names)
    first: dict[tuple[str, tuple[str, ...]], Name] = {}
    for name in names:
        first.setdefault((name.kind, name.keys), name)
    holes: dict[tuple[str, int, tuple[str, ...]], list[tuple[str, ...]]] = defaultdict(list)
    for kind, keys in counts:
        for n in range(len(keys)):
            holes[kind, n, keys[:n] + keys[n + 1 :]].append(keys)
    told: set[tuple[str, ...]] = set()
    for (kind, n, _), group in holes.items():
        for rare, often in _doubtful(kind, group, counts):
            if (
                rare not in told
                and _is_near(rare[n], often[n])
                and not _both_listed(first[kind, rare], first[kind, often])
            ):
                told.add(rare)
                yield _near(first[kind, rare], first[kind, often])


def _doubtful(
    kind: str, group: Sequence[tuple[str, ...]], counts: Counter[tuple[str, tuple[str, ...]]]
) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Pairs of a name that stands once and one that stands at least twice."""
    if len(group) < 2:
        return
    often = max(group, key=lambda k: (counts[kind, k], k))
    least = 2 if kind == "quoted" else 3
    if counts[kind, often] >= least:
        yield from ((k, often) for k in group if k != often and counts[kind, k] == 1)


def _is_near(a: str, b: str) -> bool:
    return a != b and (
        fold(a) == fold(b) or (one_edit(fold(a), fold(b)) and len(a) > 2 and not (is_syllable(a) and is_syllable(b)))
    )


def _both_listed(a: Name, b: Name) -> bool:
    """Whether each stands in its own cell or item: two entries of a list are two names."""
    listed = [
        n.passage.cell is not None or bool(re.match(r"\s*(?:[-+•]|\d{1,3}[.)])\s", n.passage.text)) for n in (a, b)
    ]
    return all(listed) and a.passage is not b.passage and a.kind != "quoted"


def _near(rare: Name, often: Name) -> Problem:
    place = rare.passage.place(rare.start, rare.end)
    message = f"Tên “{rare.typed}” chỉ có một chỗ, gần giống “{often.typed}” ở các chỗ khác."
    return Problem(place, "name_near", "canh_bao", message, f"Có phải “{often.typed}”?", SOURCE)


# --- the name under a signature ---------------------------------------------------------------------------------------


def _check_signature(whole: Whole) -> Iterator[Problem]:
    """A name of which one part is not capital, where a signer's name stands: Vũ viết Lập."""
    near = 0
    for passage in whole.passages:
        if passage.is_capitals and _SIGNED.match(passage.text):
            near = 6
            continue
        near -= 1
        words = passage.words
        if (
            near < 0
            or not 2 <= len(words) <= 5
            or re.search(r"[^\w\s.]", passage.text)
            or not all(w.joined for w in words[1:])
        ):
            continue
        if len(words[-1].typed) < 2 or (words[0].key, words[1].key) in known_pairs():
            continue
        capital = [w.typed[0].isupper() for w in words]
        if capital[0] and capital[-1] and not all(capital) and not any(c.isdigit() for c in passage.text):
            odd = next(w for w, c in zip(words, capital, strict=True) if not c)
            message = f"Họ tên “{passage.text}”: chữ “{odd.typed}” chưa viết hoa."
            right = " ".join(w.typed.capitalize() for w in words)
            yield Problem(
                passage.place(odd.start, odd.end),
                "name_not_capital",
                "canh_bao",
                message,
                f"Viết “{right}”.",
                "Nghị định 30/2020/NĐ-CP, Phụ lục II, mục II.1",
            )


# --- words written two ways -------------------------------------------------------------------------------------------


def _check_pairs(whole: Whole) -> Iterator[Problem]:
    ways_of = lexicon.table("tieng")["viet_doi"]
    wanted = {tuple(way.lower().split()) for ways in ways_of for way in ways}
    places: dict[tuple[str, ...], list[tuple[Passage, int, int]]] = defaultdict(list)
    for passage in whole.passages:
        small = [w.typed.lower() for w in passage.words]
        for n, pair in enumerate(itertools.pairwise(small)):
            if pair in wanted:
                places[pair].append((passage, passage.words[n].start, passage.words[n + 1].end))
    for ways in ways_of:
        counts = [places[tuple(way.lower().split())] for way in ways]
        if all(counts):
            rare = min(range(len(ways)), key=lambda n: (len(counts[n]), n))
            passage, start, end = counts[rare][0]
            others = " và ".join(f"“{way}” ({len(c)} chỗ)" for way, c in zip(ways, counts, strict=True))
            message = f"Văn bản viết cả {others}."
            yield Problem(passage.place(start, end), "spelling_varies", "thong_tin", message, "Viết một cách.", SOURCE)


@lru_cache(maxsize=1)
def _hyphens() -> tuple[tuple[str, re.Pattern[str], re.Pattern[str]], ...]:
    """Each name with a hyphen, how it looks without it, and with a comma for it in a longer name."""
    data = lexicon.table("cum-tu")
    found = []
    for name in data["gach_noi_ten"] + data["gach_noi"]:
        left, right = (re.escape(lexicon.key(part)) for part in name.split(" - "))
        end = r"(?!\w)(?!\s*[-–,]?\s*(?:nghề|kinh tế|văn hoá|hợp tác))"
        comma = rf"(?<!\w){left}\s*,\s+{right}{end}" if name in data["gach_noi_ten"] else r"(?!)"
        found.append((name, re.compile(rf"(?<!\w){left}\s+{right}{end}"), re.compile(comma)))
    return tuple(found)


def _check_hyphens(whole: Whole) -> Iterator[Problem]:
    """A name with a hyphen written with a comma for it, or without it where the text has it elsewhere.

    A name inside a longer one (chính trị - xã hội) is told with the longer one only.
    """
    covered: list[list[tuple[int, int]]] = [[] for _ in whole.passages]
    for name, bare, comma in sorted(_hyphens(), key=lambda one: -len(one[0])):
        left, right = (lexicon.key(part) for part in name.split(" - "))
        with_hyphen = re.compile(rf"{re.escape(left)}\s*[-–]\s*{re.escape(right)}")
        elsewhere = any(with_hyphen.search(p.key) for p in whole.passages)
        told = False
        for passage, taken in zip(whole.passages, covered, strict=True):
            for match in _outside(comma, passage.key, taken):
                yield _no_hyphen(passage, match, name, "canh_bao")
            for without in _outside(bare, passage.key, taken) if elsewhere else ():
                if not told:
                    yield _no_hyphen(passage, without, name, "thong_tin")
                told = True


def _outside(pattern: re.Pattern[str], text: str, taken: list[tuple[int, int]]) -> list[re.Match[str]]:
    """The matches that lie in no longer name; they are then taken themselves."""
    found = [m for m in pattern.finditer(text) if not any(a <= m.start() and m.end() <= b for a, b in taken)]
    taken += [m.span() for m in found]
    return found


def _no_hyphen(passage: Passage, match: re.Match[str], name: str, severity: Severity) -> Problem:
    typed = passage.text[match.start() : match.end()]
    place = passage.place(*match.span())
    return Problem(place, "hyphen_missing", severity, f"“{typed}” thiếu gạch nối.", f"Viết “{name}”.", SOURCE)


# --- laws -------------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _law_tails() -> tuple[
    Mapping[tuple[str, ...], tuple[tuple[tuple[str, ...], str], ...]], frozenset[tuple[str, ...]]
]:
    """The ends of the laws' names, three syllables or more, that are no law by themselves; by their first three."""
    names = {lexicon.syllables_of(n)[1:]: n for n in lexicon.table("cum-tu")["luat"] if n.startswith("Luật ")}
    tails: dict[tuple[str, ...], set[tuple[tuple[str, ...], str]]] = defaultdict(set)
    for keys, name in names.items():
        for n in range(1, len(keys) - 2):
            if keys[n:] not in names:
                tails[keys[n : n + 3]].add((keys[n:], name))
    return {k: tuple(sorted(v, key=lambda t: (-len(t[0]), t))) for k, v in tails.items()}, frozenset(names)


def _check_laws(passage: Passage) -> Iterator[Problem]:
    """Luật dân chủ ở cơ sở: the name of a law without its first words."""
    tails, names = _law_tails()
    words = passage.words
    for n, word in enumerate(words):
        if word.typed != "Luật":
            continue
        after = tuple(w.key for w in words[n + 1 : n + 16])
        if any(after[: len(name)] == name for name in names):
            continue
        found = next(((t, name) for t, name in tails.get(after[:3], ()) if after[: len(t)] == t), None)
        if found:
            end = words[n + len(found[0])].end
            typed = passage.text[word.start : end]
            message = f"“{typed}” không phải tên đầy đủ của luật."
            yield Problem(
                passage.place(word.start, end), "law_name", "canh_bao", message, f"Có phải “{found[1]}”?", SOURCE
            )


def _check_half(passage: Passage) -> Iterator[Problem]:
    """Ban TG và DV: a body half in abbreviations of its own making."""
    if passage.is_capitals:
        return
    for found in _HALF.finditer(passage.text):
        for name in lexicon.table("cum-tu")["co_quan"]:
            parts = re.fullmatch(rf"{found[1]}\s+(.+?)\s+{re.escape(found[3])}\s+(\S+\s+\S+)", name)
            if parts and all("".join(w[0] for w in parts[i].split()).upper() == found[i * 2] for i in (1, 2)):
                message = f"“{found.group()}” là cách viết tắt riêng của “{name}”."
                yield Problem(
                    passage.place(*found.span()), "name_abbreviated", "thong_tin", message, f"Viết “{name}”.", SOURCE
                )
