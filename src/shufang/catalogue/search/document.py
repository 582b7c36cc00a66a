"""The search document of a title: all its tokens in three columns, and its rank among all titles."""

import re
from dataclasses import dataclass

from shufang.catalogue.search import romanised, tokens
from shufang.catalogue.search.folding import fold
from shufang.catalogue.search.indexable import IndexableTitle
from shufang.catalogue.search.tokens import GAP, Rendered, Run

MOST_POPULAR = 2**22 - 1
_ID_BITS = 40
_BETWEEN = f" {GAP} "
_TITLE_PROPER_ENDS = re.compile(r"\s[:=;/]\s|\s*[：／]\s*|:\s")
_LANGUAGES_WRITTEN_IN_PINYIN = frozenset({"chi", "zho", ""})

Runs = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """What the index keeps of a title. Columns begin and end with a blank, so that whole tokens can be looked for.

    `rank` is unique and orders all titles by falling popularity, then by id: the index is read in this order.
    """

    rank: int
    title_id: int
    language: str
    year: int | None
    main_class: str
    material: str
    title: str
    author: str
    rest: str


def rank(title_id: int, popularity: int) -> int:
    """Return the place in the order by popularity (at most `MOST_POPULAR` counts), then by id. Smaller comes first."""
    return (MOST_POPULAR - min(max(popularity, 0), MOST_POPULAR) << _ID_BITS) | title_id


def document(title: IndexableTitle) -> Document:
    """Return the search document of a title."""
    texts: list[Rendered] = []
    return Document(
        rank=rank(title.id, title.popularity),
        title_id=title.id,
        language=title.language,
        year=title.year,
        main_class=title.main_class,
        material=title.material,
        title=_title_column(title, texts),
        author=_author_column(title, texts),
        rest=_rest_column(title, texts),
    )


def facet_token(kind: str, value: str | int) -> str:
    """Return the token that all titles with a value have: kind `l` language, `y` year, `c` main class, `m` material."""
    return f"%{kind}{value}".lower()


def _title_column(title: IndexableTitle, texts: list[Rendered]) -> str:
    end = _TITLE_PROPER_ENDS.search(title.title)
    proper = tokens.runs(title.title[: end.start()] if end else title.title)
    pieces = (*proper, *tokens.runs(title.title[end.end() :])) if end else proper
    ways: list[Runs] = [pieces]
    more = ""
    if tokens.has_cjk(pieces):
        ways = romanised.read_with(pieces, title.title_romanised)
    elif alone := _pinyin_alone(title):
        ways.append(alone)
    else:
        more = tokens.field(title.title_romanised)[0]
    parts = [more, *_title_parts(ways, len(proper), texts)]
    if title.volume:
        _add_field(title.volume, parts, texts)
    return f" {_BETWEEN.join(filter(None, parts))} "


def _title_parts(ways: list[Runs], proper: int, texts: list[Rendered]) -> list[str]:
    """Return the words, the syllables of each way to read, the initials of each that begin otherwise."""
    words: dict[str, None] = {}
    syllables: dict[str, None] = {}
    initials: dict[str, None] = {}
    for way in ways:
        first, rest = tokens.render(way[:proper]), tokens.render(way[proper:])
        texts += first, rest
        for said, part, remainder in zip((words, syllables, initials), first, rest, strict=False):
            if part and (part != first.words or said is words):
                said[f"^ {part} $ {GAP} {remainder}" if remainder else f"^ {part} $"] = None
    return [*words, *syllables, *initials]


def _pinyin_alone(title: IndexableTitle) -> Runs:
    """Return the readings of a title in Latin letters where they are pinyin."""
    text = title.title_romanised or (title.title if title.language in _LANGUAGES_WRITTEN_IN_PINYIN else "")
    return romanised.from_romanisation(fold(text)) if text else ()


def _author_column(title: IndexableTitle, texts: list[Rendered]) -> str:
    parts: list[str] = []
    pieces = tokens.runs(title.author)
    if tokens.has_cjk(pieces):
        ways = romanised.read_with(pieces, title.author_romanised)
        said = [tokens.render(way) for way in ways]
        texts += said
        parts.append(said[0].words)
        parts.extend(dict.fromkeys(text.syllables for text in said))
        parts.extend(dict.fromkeys(text.initials for text in said))
    else:
        for text in (title.author, title.author_romanised):
            _add_latin_name(text, parts, texts)
    if title.responsibility:
        _add_field(title.responsibility, parts, texts)
    return f" {_BETWEEN.join(filter(None, parts))} "


def _add_latin_name(text: str, parts: list[str], texts: list[Rendered]) -> None:
    """Add a name in Latin letters as words and, where it may be pinyin, as syllables."""
    if not text:
        return
    parts.append(tokens.field(text)[0])
    alone = romanised.from_romanisation(fold(text))
    if alone:
        said = tokens.render(alone)
        texts.append(said)
        parts += said.syllables, said.initials


def _rest_column(title: IndexableTitle, texts: list[Rendered]) -> str:
    parts: list[str] = []
    for text in (*title.publishers, *title.series, *title.subjects, *title.others):
        _add_field(text, parts, texts)
    single = [tokens.number(text) for text in title.identifiers]
    single += [tokens.call_number(text) for text in title.call_numbers]
    single += [facet_token("l", title.language), facet_token("c", title.main_class), facet_token("m", title.material)]
    if title.year is not None:
        single.append(facet_token("y", title.year))
    parts.append(" ".join(dict.fromkeys((*filter(None, single), "%all"))))
    parts.append(tokens.marks(texts))
    return f" {_BETWEEN.join(filter(None, parts))} "


def _add_field(text: str, parts: list[str], texts: list[Rendered]) -> None:
    said, rendered = tokens.field(text)
    texts.append(rendered)
    parts.append(said)
