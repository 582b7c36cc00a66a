"""Searching the catalogue: `search` is what every face calls."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise

from shufang.catalogue.models import MainClass, Title
from shufang.catalogue.search.availability import branches_with, on_shelf_at, places
from shufang.catalogue.search.document import facet_token
from shufang.catalogue.search.engine import engine
from shufang.catalogue.search.models import SearchFacet
from shufang.catalogue.search.phrases import Field, Phrase, Way, Words, initials_of
from shufang.catalogue.search.query_parser import Query, Word, parse
from shufang.catalogue.search.rank import facet_of, title_of
from shufang.catalogue.search.results import CONSIDERED, Chosen, Facets, FacetValue, Hit, Results

MOST_HITS = 200
"""A page has at most so many hits."""

_NAMES: dict[str, tuple[str, str]] = {}
"""The names of the main classes by their letters, as last read."""

Tier = tuple[tuple[tuple[Way, ...], ...], Field]


def search(
    text: str,
    *,
    facets: Chosen | None = None,
    limit: int = 20,
    offset: int = 0,
    with_facets: bool = True,
    with_places: bool = True,
) -> Results:
    """Return one page of the titles that have all words of `text`, best first.

    Order: title is the text, title begins with it, title has all words, title and author have them, rest; within each
    the more popular first, then the smaller id. Only the `CONSIDERED` most popular hits are counted, ordered and sorted
    into facets; with more, `is_more` is set. A blank text gives all titles (with the chosen facets) by popularity; a
    text of nothing but signs gives none. A word that nothing has falls apart (three queries more): neighbouring words of
    pinyin into single ones, hanzi where the index does not have two of them side by side.

    Costs about eight queries, one of them for the availability of all hits of the page; without `with_facets` two less,
    without `with_places` one; one more for each way to split a longer word of pinyin.
    ValueError for an `offset` below 0 or a `limit` not from 1 to `MOST_HITS`.
    """
    if offset < 0 or not 1 <= limit <= MOST_HITS:
        raise ValueError(f"a page of {limit} hits from {offset} on cannot be searched for")
    query = parse(text)
    if not query.words and text.strip():
        return Results()
    query = _without_unheard_ways(query)
    chosen = facets or Chosen()
    narrowed = _facet_tokens(chosen) or (() if query.words else (("%all",),))
    ranks = _considered(query, narrowed)
    if not ranks and query.words:
        query = _fallen_apart(query)
        ranks = _considered(query, narrowed) if query.words else []
    is_more = len(ranks) > CONSIDERED
    ranks = ranks[:CONSIDERED]
    last = ranks[-1] if ranks else 0
    if chosen.branch:
        kept = on_shelf_at(chosen.branch, [title_of(rank) for rank in ranks])
        ranks = [rank for rank in ranks if title_of(rank) in kept]
    page: list[int] = []
    if offset < len(ranks):
        page = _in_order(query, narrowed, ranks, last=last, wanted=offset + limit, read_all=bool(chosen.branch))[
            offset:
        ]
    hits = _hits(page, with_places=with_places)
    return Results(hits, len(ranks), is_more, count_facets(ranks) if with_facets and ranks else Facets())


def _considered(query: Query, narrowed: tuple[tuple[str, ...], ...]) -> list[int]:
    words = Words(tuple(word.ways for word in query.words), narrowed)
    return engine().ranks(words, "any", last=None, limit=CONSIDERED + 1)


def _in_order(
    query: Query, narrowed: tuple[tuple[str, ...], ...], ranks: list[int], *, last: int, wanted: int, read_all: bool
) -> list[int]:
    """Return the first `wanted` of the considered ranks, best first. Each tier holds the one before it.

    A tier is read only as far as it is needed, but to its end (`read_all`) where a branch, of which the index knows
    nothing, has thinned the ranks out.
    """
    found: dict[int, None] = {}
    considered = set(ranks)
    for ways, field in _tiers(query):
        if len(found) >= min(wanted, len(ranks)):
            break
        limit = CONSIDERED if read_all or field == "any" else wanted
        tier = engine().ranks(Words(ways, narrowed), field, last=last, limit=limit)
        found |= dict.fromkeys(rank for rank in tier if rank in considered)
    if len(found) < wanted:
        found |= dict.fromkeys(ranks)
    return list(found)[:wanted]


def _tiers(query: Query) -> Iterator[Tier]:
    """Yield what the considered titles of each tier but the last must have. Few titles are or begin with a text."""
    ways = tuple(word.ways for word in query.words)
    if query.is_title:
        yield (query.is_title,), "any"
        yield (query.begins,), "any"
    if ways:
        yield ways, "title"
        yield ways, "author"


def _facet_tokens(chosen: Chosen) -> tuple[tuple[str, ...], ...]:
    values = (("l", chosen.language), ("y", chosen.year), ("c", chosen.main_class), ("m", chosen.material))
    return tuple((facet_token(kind, value),) for kind, value in values if value not in {"", None})


def _without_unheard_ways(query: Query) -> Query:
    """Return the query without ways to split its pinyin of which nothing has the initials (zhong hu a shu ju).

    An index reads its longest lists to find that a phrase of common syllables stands nowhere. One query for each way.
    """
    unheard = [
        phrase.tokens
        for word in query.words
        if len(word.ways) > 2
        for way in word.ways
        for phrase in way
        if (initials := initials_of(phrase.tokens)) and not _has_hits((tuple(Phrase((one,)) for one in initials),))
    ]
    if not unheard:
        return query

    def heard(ways: tuple[Way, ...]) -> tuple[Way, ...]:
        return tuple(way for way in ways if not any(_holds(phrase, said) for phrase in way for said in unheard))

    words = tuple(replace(word, ways=heard(word.ways)) for word in query.words)
    return replace(query, words=words, begins=heard(query.begins), is_title=heard(query.is_title))


def _holds(phrase: Phrase, said: tuple[str, ...]) -> bool:
    return any(phrase.tokens[at : at + len(said)] == said for at in range(len(phrase.tokens) - len(said) + 1))


def _fallen_apart(query: Query) -> Query:
    """Return the query with each word that nothing has fallen apart; without words if one cannot."""
    words: list[Word] = []
    for word in query.words:
        parts = (word,) if _has_hits(word.ways) else word.apart or tuple(_known_parts(word))
        if not parts:
            return Query(())
        words.extend(parts)
    return Query(tuple(words))


def _known_parts(word: Word) -> Iterator[Word]:
    """Yield a word's runs without the bigrams that the index does not have (三体刘慈欣: 三体, 刘慈欣)."""
    for run in word.runs:
        said: list[str] = []
        bigrams = [one + other for one, other in pairwise(run.text)] if run.readings else []
        for token in [*bigrams, ""] if bigrams else [run.text, ""]:
            if token and _has_hits(((Phrase((token,)),),)):
                said.append(token)
            elif said:
                yield Word(((Phrase(tuple(said)),),))
                said = []


def _has_hits(ways: tuple[Way, ...]) -> bool:
    return bool(engine().ranks(Words((ways,)), "any", last=None, limit=1))


def _hits(page: list[int], *, with_places: bool) -> tuple[Hit, ...]:
    ids = [title_of(rank) for rank in page]
    titles = Title.objects.select_related("main_class").in_bulk(ids)
    where = places(ids) if ids and with_places else {}
    return tuple(Hit(titles[number], where.get(number, ())) for number in ids if number in titles)


def count_facets(ranks: list[int]) -> Facets:
    """Return how often each value of each facet occurs among ranks; two queries."""
    numbers = Counter(map(facet_of, ranks))
    counts: tuple[Counter[str], ...] = (Counter(), Counter(), Counter(), Counter())
    rows = SearchFacet.objects.filter(id__in=list(numbers)).values_list(
        "id", "language", "year", "main_class", "material"
    )
    for number, *values in rows:
        for count, value in zip(counts, values, strict=True):
            if value:
                count[str(value)] += numbers[number]
    language, year, main_class, material = counts
    names = _main_classes(frozenset(main_class))
    classes = tuple(FacetValue(letter, count, *names.get(letter, ("", ""))) for letter, count in _frequent(main_class))
    return Facets(
        branch=branches_with([title_of(rank) for rank in ranks]),
        language=_values(_frequent(language)),
        year=_values(sorted(year.items(), reverse=True)),
        main_class=classes,
        material=_values(_frequent(material)),
    )


def _main_classes(letters: frozenset[str]) -> dict[str, tuple[str, str]]:
    """Return the names of main classes. They come with the migrations and are read once; one query where a new one shows."""
    if not letters <= _NAMES.keys():
        _NAMES.update({row.letter: (row.name, row.name_en) for row in MainClass.objects.all()})
    return _NAMES


def _frequent(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _values(counts: Iterable[tuple[str, int]]) -> tuple[FacetValue, ...]:
    return tuple(FacetValue(value, count) for value, count in counts)
