"""What somebody types becomes words; each word may be found in several ways.

Words are ANDed, quotes make a phrase. Hanzi are a phrase of bigrams (one alone is a token). Letters are a word, or
pinyin split every valid way, or, where they are no pinyin, initials. Neighbouring words that all are pinyin are read
together first (zhonghua shuju, as 中华书局) and one by one only if nothing has them side by side.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, groupby, islice, product

from shufang.catalogue.search import pinyin, tokens
from shufang.catalogue.search.folding import fold
from shufang.catalogue.search.phrases import Phrase, Way
from shufang.catalogue.search.tokens import Run
from shufang.kernel.identifiers import isbn13

LONGEST_QUERY = 400
"""Characters that are read of a query; whatever follows is left out."""
MOST_WORDS = 24
"""Words that are read of a query."""

_APOSTROPHES = str.maketrans(dict.fromkeys("ʼ’‘ʻ`´", "'") | dict.fromkeys("“”„‟«»「」『』＂", '"'))
_PARTS = re.compile(r'"([^"]*)"?|([^\s"、，。；！？《》〈〉【】（）()\[\]]+)')
_BETWEEN_CJK = re.compile(r"(?<=[\u3400-\u9fff\u3040-\u30ff])\s+(?=[\u3400-\u9fff\u3040-\u30ff])")
_LETTERS = re.compile(r"[a-zü]+(?:'[a-zü]+)*\Z")
_NUMBER = re.compile(r"[0-9][0-9-]{5,}[0-9x]\Z")
_ISBN_BEFORE = re.compile(r"isbn(?:-1[03])?[:：\s]*(?=[0-9])")
_CALL_NUMBER = re.compile(r"[a-z]{1,3}\s*[0-9][0-9a-z./:=\s-]*\Z")


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a query and the ways it may be found. `apart`: what it falls into when nothing has it whole."""

    ways: tuple[Way, ...]
    apart: tuple["Word", ...] = ()
    runs: tuple[Run, ...] = ()


@dataclass(frozen=True, slots=True)
class Query:
    """A query read: its words, and the whole of it as the beginning of a title and as a title, each in several ways."""

    words: tuple[Word, ...]
    begins: tuple[Way, ...] = ()
    is_title: tuple[Way, ...] = ()


@dataclass(frozen=True, slots=True)
class _Part:
    """What stands between blanks, or between quotes."""

    text: str
    is_quoted: bool = False

    @property
    def is_letters(self) -> bool:
        return bool(_LETTERS.match(self.text))

    @property
    def is_pinyin(self) -> bool:
        return self.is_letters and bool(pinyin.splits(self.text))


def parse(text: str) -> Query:
    """Return the words of a query; none where it has neither letter nor figure. Nothing is refused."""
    folded = fold(text[:LONGEST_QUERY].translate(_APOSTROPHES))
    folded = _ISBN_BEFORE.sub("", folded)
    parts = list(islice(_parts(folded), MOST_WORDS))
    words = tuple(word for group in _neighbours(parts) for word in _words(group))
    if words and _CALL_NUMBER.match(folded.strip()):
        call = Phrase((tokens.call_number(folded),), is_open=True)
        together = tuple(phrase for word in words for phrase in word.ways[0])
        words = (Word(((call,), together)),)
    whole = list(_whole(parts))
    return Query(words, tuple((_beginning(said),) for said in whole), tuple((_title(said),) for said in whole))


def _parts(folded: str) -> Iterator[_Part]:
    for match in _PARTS.finditer(folded):
        quoted, bare = match.group(1), match.group(2)
        text = bare if quoted is None else _BETWEEN_CJK.sub("", quoted)
        if tokens.runs(text):
            yield _Part(text, quoted is not None)


def _neighbours(parts: Iterable[_Part]) -> Iterator[list[_Part]]:
    """Yield the parts one by one, but neighbouring words that are pinyin together."""
    for is_pinyin, group in groupby(parts, lambda part: part.is_pinyin and not part.is_quoted):
        if is_pinyin:
            yield list(group)
        else:
            yield from ([part] for part in group)


def _words(group: Sequence[_Part]) -> Iterator[Word]:
    first = group[0]
    if first.is_quoted:
        yield Word(tuple(_ways_of_quoted(first.text)))
    elif first.is_pinyin:
        yield _pinyin_word([part.text for part in group])
    elif first.is_letters or _NUMBER.match(first.text):
        yield _letters_or_number(first)
    else:
        for pieces in _apart_at_signs(tokens.runs(first.text)):
            yield Word(((_phrase_of(pieces),),), runs=pieces)


def _apart_at_signs(pieces: Sequence[Run]) -> Iterator[tuple[Run, ...]]:
    """Yield the runs of a word; two runs of characters have a sign between them and part there (三体·刘慈欣)."""
    start = 0
    for place in range(1, len(pieces)):
        if pieces[place - 1].readings and pieces[place].readings:
            yield tuple(pieces[start:place])
            start = place
    yield tuple(pieces[start:])


def _letters_or_number(part: _Part) -> Word:
    pieces = tokens.runs(part.text)
    ways: list[Way] = [(_phrase_of(pieces),)]
    initials = _initials(part)
    if initials:
        ways.append((_initials_phrase(initials),))
    elif not part.is_letters:
        ways.append((Phrase((isbn13(part.text) or part.text.replace("-", ""),)),))
    return Word(tuple(ways))


def _initials(part: _Part) -> str:
    """Return the initials that the letters may stand for, "" for a word of pinyin or other letters."""
    letters = part.text.replace("v", "u")
    return letters if part.is_letters and not part.is_pinyin and pinyin.may_be_initials(letters) else ""


def _pinyin_word(group: Sequence[str]) -> Word:
    """Return neighbouring words of pinyin: side by side as syllables, or each as a word of Latin letters."""
    spoken = [(_syllable_phrase(said),) for said in _ways_to_say(group)]
    latin = tuple(_phrase_of(tokens.runs(text)) for text in group)
    apart = tuple(_pinyin_word([text]) for text in group) if len(group) > 1 else ()
    return Word((*spoken, latin), apart)


def _ways_to_say(group: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the syllables of words in each valid way, at most `pinyin.MOST_SPLITS`."""
    ways = product(*(pinyin.splits(text) for text in group))
    return list(dict.fromkeys(tuple(chain.from_iterable(way)) for way in islice(ways, pinyin.MOST_SPLITS)))


def _ways_of_quoted(text: str) -> Iterator[Way]:
    yield (_phrase_of(tokens.runs(text)),)
    if _is_spoken(text):
        yield from ((_syllable_phrase(way),) for way in _ways_to_say(text.split()))


def _phrase_of(pieces: Sequence[Run]) -> Phrase:
    """Return the tokens of a text that may go on on both sides."""
    said = tokens.render(pieces).words.split()
    last = pieces[-1]
    if last.readings and len(last.text) > 1:
        return Phrase(tuple(said[:-1]))
    return Phrase(tuple(said), is_open=bool(last.readings) and len(said) > 1)


def _syllable_phrase(said: Sequence[str]) -> Phrase:
    return Phrase(tuple("~" + syllable for syllable in said))


def _initials_phrase(letters: str) -> Phrase:
    if len(letters) <= tokens.WINDOW:
        return Phrase(("=" + letters,), is_open=len(letters) == tokens.WINDOW - 1)
    windows = tokens.windows(letters).split()
    return Phrase(tuple(windows[: len(letters) - tokens.WINDOW + 1]))


def _whole(parts: Sequence[_Part]) -> Iterator[list[str]]:
    """Yield the tokens of the whole query as those of a title would be: as words, as syllables, as initials."""
    pieces = [run for part in parts for run in tokens.runs(part.text)]
    if pieces:
        yield tokens.render(pieces).words.split()
    if parts and all(part.is_pinyin or (part.is_quoted and _is_spoken(part.text)) for part in parts):
        for way in _ways_to_say([word for part in parts for word in part.text.split()]):
            yield ["~" + syllable for syllable in way]
    elif len(parts) == 1 and _initials(parts[0]) and not parts[0].is_quoted:
        yield tokens.windows(_initials(parts[0])).split()


def _beginning(said: Sequence[str]) -> Phrase:
    """Return the phrase of titles that begin so. The tokens of a title go on where those of the query end."""
    first = said[0]
    if first[0] == "=" and len(first) <= tokens.WINDOW:
        return Phrase(("^" + first,), is_open=True)
    if first[0] == "=":
        going_on = [token for token in said if len(token) > tokens.WINDOW]
    else:
        last = said[-1]
        is_end_of_run = len(said) > 1 and len(last) == 1 and last == said[-2][-1:] and not last.isascii()
        going_on = list(said[:-1]) if is_end_of_run else list(said)
    if len(going_on) == 1:
        return Phrase(("^" + first,), is_open=len(first) == 1 and not first.isascii())
    return Phrase(("^" + first, *going_on))


def _title(said: Sequence[str]) -> Phrase:
    return Phrase(("^" + said[0], *said, said[-1] + "$"))


def _is_spoken(text: str) -> bool:
    said = text.split()
    return bool(said) and all(_LETTERS.match(word) and pinyin.splits(word) for word in said)
