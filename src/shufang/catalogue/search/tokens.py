"""Tokens: what a text becomes in the index, one blank between two tokens. Engine-free; both engines hold the same.

| token | stands for |
|---|---|
| 中华, 史 | two neighbouring characters of a run; the last one of a run; each character once more (`singles`) |
| history, 1999, c++ | a word of letters and figures |
| ~zhong | a syllable |
| =zgls | the initials of four neighbouring characters, fewer at the end of a run; two neighbours once more (`pairs`) |
| @i247.5.12 | a call number |
| %lchi, %y1999, %ci, %mbook | language, year, main class, material; %all is in every title |

A title proper begins with its first token once more with `^` before it and ends with its last one once more with `$`
after it (^中国 中国 国历 历史 史 史$), so that titles that begin with or are what is asked for can be found by phrases.
`¦` is a gap: no phrase reaches over it.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from operator import add
from typing import NamedTuple

from shufang.catalogue.search import pinyin
from shufang.catalogue.search.folding import fold
from shufang.kernel.identifiers import isbn13

GAP = "¦"
LONGEST_WORD = 200
"""Letters of a word that count; PostgreSQL takes lexemes of up to 2,046 bytes."""
LONGEST_TEXT = 4_000
"""Characters of one text that are indexed; PostgreSQL takes 1 MB a title and knows 16,383 places."""
WINDOW = 4
"""So many initials stand in one token; more are a phrase of such tokens."""

_CJK = "\u3005-\u3007\u3040-\u30ff\u3105-\u312f\u31f0-\u31ff\u3400-\u9fff\uac00-\ud7a3\U00020000-\U0003ffff"
_PIECE = re.compile(f"[{_CJK}]+|(?:[0-9a-z]|(?![{_CJK}])[^\\W_])+[+#]*")
is_cjk = re.compile(f"[{_CJK}]").match
"""Whether a text begins with a character that stands in runs."""
_FIRST_CJK = _CJK[0]
_WORD = re.compile(r"[0-9a-z]+[+#]*").findall
_UNKNOWN = "~" + GAP
_NOT_IN_CALL_NUMBERS = re.compile(r"[^0-9a-z]+")
_NOT_IN_NUMBERS = re.compile(r"[^0-9a-z]")


class Run(NamedTuple):
    """A run of characters with the syllable of each (`GAP` where unknown), or, without `readings`, one word."""

    text: str
    readings: tuple[str, ...] = ()


def runs(text: str) -> tuple[Run, ...]:
    """Return the runs and words of a text, folded and read."""
    text = text[:LONGEST_TEXT]
    folded = fold(text)
    pieces = _PIECE.findall(folded)
    if len(pieces) == 1 and len(pieces[0]) == len(text) and folded[0] >= _FIRST_CJK:
        return (Run(folded, pinyin.read(folded, text)),)
    aligned = text if len(text) == len(folded) else folded
    found, place = [], 0
    for piece in pieces:
        if piece[0] >= _FIRST_CJK and is_cjk(piece):
            place = folded.index(piece, place)
            found.append(Run(piece, pinyin.read(piece, aligned[place : place + len(piece)])))
            place += len(piece)
        else:
            found.append(Run(piece[:LONGEST_WORD]))
    return tuple(found)


def has_cjk(pieces: Iterable[Run]) -> bool:
    """Say whether a run of characters is among the pieces."""
    for run in pieces:  # noqa: SIM110  # twice as fast as any(), and this is called for each text
        if run[1]:
            return True
    return False


class Rendered(NamedTuple):
    """A text as tokens: its words, its syllables, its initials; `signs` and `letters` are what `marks` are made of."""

    words: str
    syllables: str
    initials: str
    signs: str
    letters: str


NOTHING = Rendered("", "", "", "", "")


def render(pieces: Sequence[Run]) -> Rendered:
    """Return the tokens of runs. Words stand as they are among syllables and initials; a gap is an unknown reading."""
    if not pieces:
        return NOTHING
    if len(pieces) == 1 and pieces[0].readings and GAP not in pieces[0].readings:
        return _render_run(*pieces[0])
    words: list[str] = []
    syllables: list[str] = []
    initials: list[str] = []
    signs: list[str] = []
    letters: list[str] = []
    follows_run = False
    for text, readings in pieces:
        if readings:
            if follows_run:
                syllables.append(GAP)
                initials.append(GAP)
            words.extend(map(add, text, text[1:]))
            words.append(text[-1:])
            signs.append(text)
            syllables.append("~" + " ~".join(readings))
            for run in "".join([reading[0] for reading in readings]).replace(GAP, " ").split():
                initials.append(windows(run))
                letters.append(run)
        else:
            words.append(text)
            syllables.append(text)
            initials.append(text)
        follows_run = bool(readings)
    spoken = " ".join(syllables)
    if GAP in spoken:
        spoken = spoken.replace(_UNKNOWN, GAP)
    return Rendered(" ".join(words), spoken, " ".join(initials), "".join(signs), " ".join(letters))


def _render_run(text: str, readings: tuple[str, ...]) -> Rendered:
    """Return what `render` returns of one run without unknown readings: most texts are one, and this is faster."""
    letters = "".join([reading[0] for reading in readings])
    bigrams = " ".join([*map(add, text, text[1:]), text[-1:]])
    return Rendered(bigrams, "~" + " ~".join(readings), windows(letters), text, letters)


def windows(letters: str) -> str:
    """Return a token for each place in the initials of a run: the letter there and up to three after it."""
    return "=" + " =".join([letters[place : place + WINDOW] for place in range(len(letters))])


def marks(rendered: Iterable[Rendered]) -> str:
    """Return, once each, the single characters and pairs of initials of all texts."""
    texts = list(rendered)
    signs = " ".join(dict.fromkeys("".join([text.signs for text in texts])))
    letters = " ".join(dict.fromkeys([text.letters for text in texts]))
    pairs = [pair for pair in dict.fromkeys(map(add, letters, letters[1:])) if " " not in pair]
    return f"{signs} ={' ='.join(pairs)}" if pairs else signs


@lru_cache(maxsize=20000)
def field(text: str) -> tuple[str, Rendered]:
    """Return (all tokens, tokens apart) of a text that many titles may share: a publisher, a series, a subject."""
    if text.isascii():
        return " ".join([word[:LONGEST_WORD] for word in _WORD(text[:LONGEST_TEXT].lower())]), NOTHING
    pieces = runs(text)
    rendered = render(pieces)
    if not rendered.signs:
        return rendered.words, rendered
    return f"{rendered.words} {GAP} {rendered.syllables} {GAP} {rendered.initials}", rendered


def number(text: str) -> str:
    """Return the token of an ISBN (13 digits, of an ISBN 10 too), an ISSN or any other number; "" for none."""
    if len(text) == 13 and text.isdecimal() and text.isascii():
        return text
    return isbn13(text) or _NOT_IN_NUMBERS.sub("", fold(text).split("(")[0])[:LONGEST_WORD]


def call_number(text: str) -> str:
    """Return the token of a call number, without blanks, one point for each other sign; "@" for none."""
    return "@" + _NOT_IN_CALL_NUMBERS.sub(".", "".join(fold(text).split())).strip(".")[:LONGEST_WORD]
