"""What the catalogue has near a batch of records, in a few queries: titles by number, 035 and ISBN, items by barcode."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from shufang.catalogue.loading.candidates import Candidate
from shufang.catalogue.loading.matching import FORMER, LINKED, Known, Neighbours, folded, own_number
from shufang.catalogue.models import Item, LinkedRecord

_ALTERNATIVES = 200
"""So many conditions are joined by OR; SQLite takes at most 1,000."""

_KNOWN = (
    "SELECT t.id, t.source, t.control_number, m.digest, t.title, t.volume, t.year, t.publisher, t.material "
    "FROM catalogue_title t LEFT JOIN catalogue_marcrecord m ON m.title_id = t.id WHERE "
)


@dataclass(frozen=True, slots=True)
class KnownItem:
    """What an item in the catalogue says, as far as a record may change it."""

    item_id: int
    title_id: int
    call_number: str
    volume: str
    price: Decimal | None


def neighbours(batch: Sequence[Candidate]) -> Neighbours:
    """Return the titles near the records of a batch; three queries (more only for very many sources)."""
    keys: dict[str, set[str]] = {}
    identifiers: dict[str, set[str]] = {"isbn": set(), "035": set(), LINKED: set(), FORMER: set()}
    for candidate in batch:
        values = candidate.values
        keys.setdefault(values.source, set()).add(values.control_number)
        identifiers[LINKED].add(own_number(values))
        for one in values.identifiers:
            if one.kind == "035":
                identifiers[LINKED].add(one.value)
                source, _, number = one.value[1:].partition(")")
                keys.setdefault(source, set()).add(number.strip())
            if one.kind in identifiers and one.matches:
                identifiers[one.kind].add(one.value)
    identifiers[FORMER] = identifiers[LINKED]
    by_key = {(one.source, one.control_number): one for one in _titles("t.source", "t.control_number", keys)}
    cited = _cited(identifiers)
    ids = {title_id for title_id, _, _ in cited}
    titles = {one.title_id: one for one in _known(f"t.id IN ({_marks(ids)})", list(ids))} if ids else {}
    former = frozenset(value for _, kind, value in cited if kind == FORMER)
    near = Neighbours(by_key, {}, {}, {}, former)
    for title_id, kind, value in cited:
        if kind in {LINKED, FORMER}:
            near.linked[value] = titles[title_id]
        else:
            table = near.by_system_number if kind == "035" else near.by_isbn
            table.setdefault(value, []).append(titles[title_id])
    return near


def _titles(first: str, second: str, values: dict[str, set[str]]) -> list[Known]:
    """Return titles by pairs of two columns, as (one, several) each, so that the index of both serves."""
    found: list[Known] = []
    pairs = list(values.items())
    for start in range(0, len(pairs), _ALTERNATIVES):
        some = pairs[start : start + _ALTERNATIVES]
        where = " OR ".join(f"({first} = %s AND {second} IN ({_marks(many)}))" for _, many in some)
        found += _known(where, [text for one, many in some for text in (one, *many)])
    return found


def _known(where: str, parameters: Sequence[str | int]) -> list[Known]:
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN + where, list(parameters))
        return [
            Known(row[0], row[1], row[2], bytes(row[3] or b""), folded(row[4], row[5], row[6], row[7], row[8]))
            for row in cursor.fetchall()
        ]


def _cited(identifiers: dict[str, set[str]]) -> list[tuple[int, str, str]]:
    """Return (title, kind, value) of the identifiers that match and that the catalogue has."""
    parts: list[str] = []
    parameters: list[str] = []
    for kind, values in identifiers.items():
        if values:
            parts.append(f"(kind = %s AND value IN ({_marks(values)}))")
            parameters += [kind, *values]
    where = " OR ".join(parts)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT title_id, kind, value, matches FROM catalogue_titleidentifier WHERE {where} ORDER BY title_id",  # noqa: S608  # placeholders
            parameters,
        )
        return [(row[0], row[1], row[2]) for row in cursor.fetchall() if row[3]]


def linked_digests(title_ids: Collection[int]) -> dict[tuple[str, str], bytes]:
    """Return the digests of the records that are linked to these titles, by source and number; one query."""
    if not title_ids:
        return {}
    rows = LinkedRecord.objects.filter(title_id__in=list(title_ids)).values_list("source", "control_number", "digest")
    return {(source, number): bytes(digest) for source, number, digest in rows}


def _marks(values: Collection[str] | Collection[int]) -> str:
    return ", ".join(["%s"] * len(values))


def known_items(barcodes: Collection[str]) -> dict[str, KnownItem]:
    """Return the items of the network that have these barcodes; one query, none without barcodes."""
    if not barcodes:
        return {}
    rows = Item.objects.filter(barcode__in=list(barcodes)).values_list(
        "barcode", "id", "title_id", "call_number", "volume", "price"
    )
    return {
        barcode: KnownItem(item_id, title_id, call_number, volume, price)
        for barcode, item_id, title_id, call_number, volume, price in rows
    }
