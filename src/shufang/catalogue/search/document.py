"""The search document of a title: all its tokens in three columns, the keys that suggest it, its rank among all titles."""

import re
from dataclasses import dataclass

from shufang.catalogue.search import romanised, tokens
from shufang.catalogue.search.folding import fold
from shufang.catalogue.search.indexable import KEY_LENGTH, IndexableTitle
from shufang.catalogue.search.tokens import GAP, Rendered, Run

_BETWEEN = f" {GAP} "
_TITLE_PROPER_ENDS = re.compile(r"\s[:=;/]\s|\s*[：／]\s*|:\s")
_LONGEST_ROLE = 2
_NOT_IN_FACETS = re.compile(r"[^0-9a-z]")
_LANGUAGES_WRITTEN_IN_PINYIN = frozenset({"chi", "zho", ""})

Runs = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """What the index keeps of a title: tokens of title and volume, of author and responsibility, all others; keys."""

    in_title: str
    in_author: str
    in_rest: str
    title_key: str
    title_pinyin: str
    title_initials: str
    author_key: str
    author_pinyin: str
    author_initials: str


def document(title: IndexableTitle) -> Document:
    """Return the search document of a title."""
    in_title, title_runs = _title_column(title)
    in_author, author_runs = _author_column(title)
    return Document(
        in_title, in_author, _rest_column(title), *suggestion_keys(title_runs), *suggestion_keys(author_runs)
    )


def suggestion_keys(pieces: Runs) -> tuple[str, str, str]:
    """Return a text as its folded characters, its syllables and its initials, without signs, cut to `KEY_LENGTH`.

    A blank stands between two words, none beside characters. The last two are empty where there are no characters.
    """
    key = spoken = letters = ""
    after_word = False
    for text, readings in pieces:
        blank = " " if after_word and not readings else ""
        key += blank + text
        spoken += "".join(readings) or blank + text
        letters += "".join([reading[0] for reading in readings]) or blank + text
        after_word = not readings
    if not tokens.has_cjk(pieces):
        return key[:KEY_LENGTH], "", ""
    return key[:KEY_LENGTH], spoken[:KEY_LENGTH], letters[:KEY_LENGTH]


def facet_token(kind: str, value: str | int) -> str:
    """Return the token that all titles with a value have: kind `l` language, `y` year, `c` main class, `m` material."""
    return f"%{kind}" + _NOT_IN_FACETS.sub(".", str(value).lower())


def _title_column(title: IndexableTitle) -> tuple[str, Runs]:
    texts: list[Rendered] = []
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
    return _column(parts, texts), ways[0][: len(proper)]


def _title_parts(ways: list[Runs], proper: int, texts: list[Rendered]) -> list[str]:
    """Return the words, the syllables of each way to read, the initials of each that begin otherwise."""
    words: list[str] = []
    syllables: list[str] = []
    initials: list[str] = []
    for way in ways:
        first, rest = tokens.render(way[:proper]), tokens.render(way[proper:])
        texts.append(first)
        if rest is not tokens.NOTHING:
            texts.append(rest)
        if not words:
            words.append(_bounded(first.words, rest.words))
        if first.letters or rest.letters:
            syllables.append(_bounded(first.syllables, rest.syllables))
            initials.append(_bounded(first.initials, rest.initials))
    return [*words, *dict.fromkeys(syllables), *dict.fromkeys(initials)]


def _bounded(proper: str, rest: str) -> str:
    """Return the tokens of a title proper with signs at both ends, and of what follows it."""
    if not proper:
        return rest
    whole = f"^{proper.split(' ', 1)[0]} {proper} {proper.rsplit(' ', 1)[-1]}$"
    return f"{whole} {GAP} {rest}" if rest else whole


def _pinyin_alone(title: IndexableTitle) -> Runs:
    """Return the readings of a title in Latin letters where they are pinyin."""
    text = title.title_romanised or (title.title if title.language in _LANGUAGES_WRITTEN_IN_PINYIN else "")
    return romanised.from_romanisation(fold(text)) if text else ()


def _author_column(title: IndexableTitle) -> tuple[str, Runs]:
    parts: list[str] = []
    texts: list[Rendered] = []
    pieces = tokens.runs(title.author)
    if tokens.has_cjk(pieces):
        ways = romanised.read_with(pieces, title.author_romanised)
        pieces = ways[0]
        said = [tokens.render(way) for way in ways]
        texts += said
        parts.append(said[0].words)
        parts.extend(dict.fromkeys(text.syllables for text in said))
        parts.extend(dict.fromkeys(text.initials for text in said))
    else:
        for text in (title.author, title.author_romanised):
            _add_latin_name(text, parts, texts)
    if title.responsibility and not _only_names_author(title):
        _add_field(title.responsibility, parts, texts)
    return _column(parts, texts), pieces


def _only_names_author(title: IndexableTitle) -> bool:
    """Say whether the statement of responsibility adds but a role of up to two characters to the author (鲁迅著)."""
    author, said = title.author.strip(" .,"), title.responsibility
    return bool(author) and said.startswith(author) and len(said) - len(author) <= _LONGEST_ROLE


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


def _rest_column(title: IndexableTitle) -> str:
    parts: list[str] = []
    texts: list[Rendered] = []
    for text in (*title.publishers, *title.series, *title.subjects, *title.others):
        _add_field(text, parts, texts)
    single = [tokens.number(text) for text in title.identifiers]
    single += [tokens.call_number(text) for text in title.call_numbers]
    single += [facet_token("l", title.language), facet_token("c", title.main_class), facet_token("m", title.material)]
    if title.year is not None:
        single.append(facet_token("y", title.year))
    parts.append(" ".join(dict.fromkeys((*filter(None, single), "%all"))))
    return _column(parts, texts)


def _add_field(text: str, parts: list[str], texts: list[Rendered]) -> None:
    said, rendered = tokens.field(text)
    texts.append(rendered)
    parts.append(said)


def _column(parts: list[str], texts: list[Rendered]) -> str:
    return _BETWEEN.join(filter(None, (*parts, tokens.marks(texts))))
