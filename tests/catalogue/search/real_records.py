"""The real Chinese records as the index takes them, and a plain reading of every document that the index must agree with."""

import lzma
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pymarc import Field, MARCReader, Record

from shufang.catalogue.search.document import Document, facet_token
from shufang.catalogue.search.indexable import IndexableTitle
from shufang.catalogue.search.phrases import Phrase, Way
from shufang.catalogue.search.query_parser import Query, parse
from shufang.catalogue.search.results import CONSIDERED, Chosen
from shufang.kernel.identifiers import isbn13


def read(folder: Path) -> Iterator[IndexableTitle]:
    """Yield the 8,030 records with ids from 1 on and a made-up popularity that many titles share."""
    with lzma.open(folder / "marc/loc_chinese_8030.mrc.xz") as file:
        for number, record in enumerate(MARCReader(file.read()), 1):
            if record is not None:
                yield _indexable(number, record)


def _indexable(number: int, record: Record) -> IndexableTitle:
    title, title_romanised = _pair(record, "245", "ab")
    author, author_romanised = _pair(record, "100", "a")
    coded = record["008"].data or ""
    year = coded[7:11]
    return IndexableTitle(
        id=number,
        title=title,
        title_romanised=title_romanised,
        author=author,
        author_romanised=author_romanised,
        responsibility=_pair(record, "245", "c")[0],
        series=tuple(_texts(record, ("440", "490", "830"), "ap")),
        subjects=tuple(_texts(record, ("600", "610", "650", "651"), "axyz")),
        publishers=tuple(filter(None, [_pair(record, "260", "b")[0]])),
        identifiers=tuple(filter(None, (isbn13(field.get("a") or "") for field in record.get_fields("020")))),
        call_numbers=tuple(_text(field, "ab") for field in record.get_fields("050")[:1]),
        language=coded[35:38].strip(),
        year=int(year) if year.isdecimal() else None,
        popularity=number * 7919 % 50 if number % 5 == 0 else 0,
    )


def _text(field: Field, codes: str) -> str:
    return " ".join(each.value for each in field.subfields if each.code in codes).strip(" /:;,.")


def _linked(record: Record, tag: str) -> list[Field]:
    return [field for field in record.get_fields("880") if (field.get("6") or "").startswith(tag)]


def _pair(record: Record, tag: str, codes: str) -> tuple[str, str]:
    hanzi = [_text(field, codes) for field in _linked(record, tag)[:1]]
    plain = [_text(field, codes) for field in record.get_fields(tag)[:1]]
    return "".join(hanzi or plain), "".join(plain if hanzi else [])


def _texts(record: Record, tags: Sequence[str], codes: str) -> list[str]:
    fields = [field for tag in tags for field in (*_linked(record, tag), *record.get_fields(tag))]
    return [text for text in (_text(field, codes) for field in fields) if text]


@dataclass(frozen=True, slots=True)
class Entry:
    """A title and the columns of its document, a blank around each."""

    title: IndexableTitle
    in_title: str
    in_author: str
    in_rest: str

    @classmethod
    def of(cls, title: IndexableTitle, said: Document) -> "Entry":
        """Return the entry of a document."""
        return cls(title, f" {said.in_title} ", f" {said.in_author} ", f" {said.in_rest} ")


def expected(entries: Sequence[Entry], text: str, chosen: Chosen | None = None) -> list[int]:
    """Return the ids that a search must give, in order, found by reading every document: of the most popular hits.

    Words do not fall apart here.
    """
    query = parse(text)
    tokens = _facets(chosen or Chosen())
    found = [
        (-entry.title.popularity, entry.title.id, tier)
        for entry in entries
        if all(f" {token} " in entry.in_rest for token in tokens)
        for tier in [_tier(query, entry)]
        if tier is not None
    ]
    considered = sorted(found)[:CONSIDERED]
    return [number for _, _, number in sorted((tier, unpopular, number) for unpopular, number, tier in considered)]


def _tier(query: Query, entry: Entry) -> int | None:
    everywhere = (entry.in_title, entry.in_author, entry.in_rest)
    if not query.words or not _has_all(query, everywhere):
        return None
    if any(_has(way, (entry.in_title,)) for way in query.is_title):
        return 0
    if any(_has(way, (entry.in_title,)) for way in query.begins):
        return 1
    if _has_all(query, (entry.in_title,)):
        return 2
    return 3 if _has_all(query, (entry.in_title, entry.in_author)) else 4


def _has_all(query: Query, columns: Sequence[str]) -> bool:
    return all(any(_has(way, columns) for way in word.ways) for word in query.words)


def _has(way: Way, columns: Sequence[str]) -> bool:
    return all(any(_needle(phrase) in column for column in columns) for phrase in way)


def _needle(phrase: Phrase) -> str:
    return f" {' '.join(phrase.tokens)}" + ("" if phrase.is_open else " ")


def _facets(chosen: Chosen) -> list[str]:
    values = (("l", chosen.language), ("y", chosen.year), ("c", chosen.main_class), ("m", chosen.material))
    return [facet_token(kind, value) for kind, value in values if value]
