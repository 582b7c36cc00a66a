"""The record's own romanisation beside what the table reads: it decides how a polyphone is read in this title."""

import re

from shufang.catalogue.search import pinyin
from shufang.catalogue.search.folding import fold
from shufang.catalogue.search.tokens import Run

MOST_OTHER_READINGS = 4

_APOSTROPHES = str.maketrans(dict.fromkeys("ʼ’‘ʻ`´", "'"))
_LETTERS = re.compile(r"[a-z']+")
_NOT_LETTERS = re.compile(r"[^a-z]+")


def read_with(pieces: tuple[Run, ...], romanisation: str) -> list[tuple[Run, ...]]:
    """Return the text read in each way that is worth finding: the likeliest first, at most four others after it.

    With a romanisation that fits the characters its reading is the first, the table's (if it differs) the second. One
    that does not fit comes second by itself. Without one, each character with several readings gives other ways.
    """
    if not romanisation.strip():
        return [pieces, *_polyphones(pieces)]
    said = fold(romanisation.translate(_APOSTROPHES))
    letters = _NOT_LETTERS.sub("", said).replace("v", "u")
    if letters == _joined(pieces):
        return [pieces]
    fitted = _fit(pieces, letters)
    if fitted is not None:
        return [fitted, pieces]
    alone = from_romanisation(said)
    return [pieces, alone] if alone else [pieces, *_polyphones(pieces)]


def from_romanisation(said: str) -> tuple[Run, ...]:
    """Return a text that is nothing but pinyin as runs without characters; () when most of its words are no pinyin."""
    readings: list[str] = []
    failed = 0
    for word in _LETTERS.findall(said.translate(_APOSTROPHES)):
        ways = pinyin.splits(word.strip("'"))
        readings.extend(ways[0] if ways else (pinyin.UNKNOWN,))
        failed += not ways
    if readings and failed * 4 <= len(readings):
        return (Run("", tuple(readings)),)
    return ()


def _joined(pieces: tuple[Run, ...]) -> str:
    letters = "".join("".join(run.readings) if run.readings else run.text for run in pieces)
    return _NOT_LETTERS.sub("", letters).replace("v", "u")


def _fit(pieces: tuple[Run, ...], letters: str) -> tuple[Run, ...] | None:
    """Return the runs with the readings that spell `letters`, or None. Each state is a place in `letters`."""
    states: dict[int, tuple[str, ...]] = {0: ()}
    for run in pieces:
        if run.readings:
            for sign, reading in zip(run.text, run.readings, strict=True):
                following: dict[int, tuple[str, ...]] = {}
                for place, path in states.items():
                    for way in (reading, *pinyin.all_readings(sign)):
                        if letters.startswith(way, place):
                            following.setdefault(place + len(way), (*path, way))
                states = following
        else:
            word = _NOT_LETTERS.sub("", run.text).replace("v", "u")
            states = {place + len(word): path for place, path in states.items() if letters.startswith(word, place)}
        if not states:
            return None
    whole = states.get(len(letters))
    if whole is None:
        return None
    found, place = [], 0
    for run in pieces:
        end = place + len(run.readings)
        found.append(run._replace(readings=whole[place:end]))
        place = end
    return tuple(found)


def _polyphones(pieces: tuple[Run, ...]) -> list[tuple[Run, ...]]:
    """Return the text with one character read another way each, the first four such ways."""
    found: list[tuple[Run, ...]] = []
    for index, run in enumerate(pieces):
        for place, sign in enumerate(run.text if run.readings else ""):
            for way in pinyin.all_readings(sign):
                if way != run.readings[place]:
                    said = run._replace(readings=(*run.readings[:place], way, *run.readings[place + 1 :]))
                    found.append((*pieces[:index], said, *pieces[index + 1 :]))
                    if len(found) == MOST_OTHER_READINGS:
                        return found
    return found
