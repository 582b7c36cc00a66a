"""Pinyin: how hanzi are read, and every valid way to split letters into syllables. Tones are left out; ü, v and u are one."""

from functools import lru_cache
from importlib.resources import files
from operator import add

from shufang.catalogue.search.folding import fold

MOST_SPLITS = 24
"""So many ways to split one word are looked for; longer syllables come first."""

UNKNOWN = "¦"
_LONGEST_PHRASE = 8


class _First(dict[str, str]):
    def __missing__(self, sign: str) -> str:
        return UNKNOWN


class _Readings:
    """The table data/readings.txt: first and further readings of characters, phrases that read otherwise."""

    def __init__(self) -> None:
        self.first = _First()
        self.others: dict[str, tuple[str, ...]] = {}
        self.phrases: dict[str, tuple[str, ...]] = {}
        self.phrase_starts: set[str] = set()
        for line in (files(__package__) / "data/readings.txt").read_text("utf-8").splitlines():
            kind, readings, signs = line.split("\t")
            if kind == "1":
                self.first.update(dict.fromkeys(signs, readings))
            elif kind == "2":
                self.others.update(dict.fromkeys(signs, tuple(readings.split())))
            else:
                self.phrases[fold(signs)] = tuple(readings.split())
        for phrase in self.phrases:
            self.phrase_starts.add(phrase[:2])
        for sign, reading in list(self.first.items()):
            self.first.setdefault(fold(sign), reading)


_READINGS = _Readings()
SYLLABLES = frozenset(_READINGS.first.values())
_INITIALS = frozenset(syllable[0] for syllable in SYLLABLES)


def read(run: str, original: str) -> tuple[str, ...]:
    """Return the likeliest syllable of each character of a folded run; `UNKNOWN` for a character without reading.

    `original` is the run before folding, of the same length: a class may join characters that are read differently
    (乾 and 干).
    """
    said = map(_READINGS.first.__getitem__, original)
    if _READINGS.phrase_starts.isdisjoint(map(add, run, run[1:])):
        return tuple(said)
    return tuple(_read_phrases(run, list(said)))


def _read_phrases(run: str, said: list[str]) -> list[str]:
    """Put the readings of the longest phrases, from left to right, over those of single characters."""
    place, end = 0, len(run)
    while place < end - 1:
        step = 1
        if run[place : place + 2] in _READINGS.phrase_starts:
            for length in range(min(_LONGEST_PHRASE, end - place), 1, -1):
                phrase = _READINGS.phrases.get(run[place : place + length])
                if phrase:
                    said[place : place + length] = phrase
                    step = length
                    break
        place += step
    return said


@lru_cache(maxsize=30000)
def all_readings(sign: str) -> tuple[str, ...]:
    """Return the syllables of one folded character, the likeliest first; () for a character without reading."""
    first = _READINGS.first[sign]
    return () if first == UNKNOWN else (first, *_READINGS.others.get(sign, ()))


@lru_cache(maxsize=65536)
def splits(word: str) -> tuple[tuple[str, ...], ...]:
    """Return the valid ways to split lower-case letters into syllables (xian: xian, xi an); () when there is none.

    ü and v are taken for u; an apostrophe stands between syllables. At most `MOST_SPLITS` ways, fewest syllables first.
    """
    letters = word.replace("ü", "u").replace("v", "u")
    ways: list[list[tuple[str, ...]]] = [[()], *([] for _ in letters)]
    for end in range(1, len(letters) + 1):
        for length in range(min(6, end), 0, -1):
            if letters[end - length : end] in SYLLABLES:
                syllable = letters[end - length : end]
                ways[end].extend((*head, syllable) for head in ways[end - length])
        ways[end].sort(key=len)
        del ways[end][MOST_SPLITS:]
        if letters[end - 1] == "'":
            ways[end] = ways[end - 1] if end > 1 else []
    return tuple(ways[-1]) if letters else ()


def may_be_initials(word: str) -> bool:
    """Say whether each letter begins some syllable, so that the word can stand for initials (zhsj for 中华书局)."""
    return len(word) > 1 and all(letter in _INITIALS for letter in word)
