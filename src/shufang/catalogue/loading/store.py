"""Writing a batch of titles as SQL, on both engines: a few statements for all of them, no row read back.

Titles get their ids before they are written, so that identifiers, records and search documents can name them.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import connection, transaction

from shufang.catalogue.loading.candidates import Candidate
from shufang.catalogue.loading.holdings import ItemValues
from shufang.catalogue.loading.places import Place
from shufang.catalogue.loading.title_values import Identifier, TitleValues
from shufang.marc.record import Form

_TITLE_COLUMNS = (
    "source", "control_number", "title", "title_romanised", "volume", "author", "author_romanised", "responsibility",
    "edition", "publisher", "place", "year", "language", "series", "class_number", "class_scheme", "main_class_id",
    "material", "subjects", "extent", "summary", "updated_at",
)  # fmt: skip
_MOST = {
    "title": 1000, "title_romanised": 1000, "volume": 200, "author": 400, "author_romanised": 400,
    "responsibility": 1000, "edition": 200, "publisher": 300, "place": 200, "series": 600, "class_number": 80,
    "extent": 200,
}  # fmt: skip

_Value = str | int | bytes | bool | datetime | None


def reserve_title_ids(count: int) -> list[int]:
    """Take `count` ids for new titles; nobody else gets them. One short transaction, ids not used leave a gap."""
    if not count:
        return []
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence('catalogue_title', 'id')) FROM generate_series(1, %s)", [count]
            )
            return [row[0] for row in cursor.fetchall()]
        with transaction.atomic():
            cursor.execute("UPDATE sqlite_sequence SET seq = seq + %s WHERE name = 'catalogue_title'", [count])
            if not cursor.rowcount:
                cursor.execute("INSERT INTO sqlite_sequence(name, seq) VALUES('catalogue_title', %s)", [count])
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = 'catalogue_title'")
            last: int = cursor.fetchone()[0]
    return list(range(last - count + 1, last + 1))


def add_titles(titles: Sequence[tuple[int, Candidate]], now: datetime) -> None:
    """Write new titles with their identifiers and records."""
    if not titles:
        return
    when = _time(now)
    columns = ("id", *_TITLE_COLUMNS, "popularity", "is_suppressed", "created_at")
    rows = [(title_id, *_title_row(each.values, when), 0, False, when) for title_id, each in titles]
    _insert("catalogue_title", columns, rows)
    _add_identifiers((title_id, each.values.identifiers) for title_id, each in titles)
    _insert("catalogue_marcrecord", ("title_id", *_RECORD_COLUMNS), [(i, *_record_row(c, when)) for i, c in titles])


def update_titles(titles: Sequence[tuple[int, Candidate]], now: datetime) -> None:
    """Overwrite titles whose records have changed, with the number that their source gives them now. Links stay."""
    if not titles:
        return
    when = _time(now)
    assignments = ", ".join(f"{name} = %s" for name in _TITLE_COLUMNS[1:])
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE catalogue_title SET {assignments} WHERE id = %s",  # noqa: S608  # our own column names
            [(*_title_row(each.values, when)[1:], title_id) for title_id, each in titles],
        )
        cursor.executemany(
            "DELETE FROM catalogue_titleidentifier WHERE title_id = %s AND kind NOT IN ('linked', 'former')",
            [(i,) for i, _ in titles],
        )
        _add_identifiers((title_id, each.values.identifiers) for title_id, each in titles)
        cursor.executemany("DELETE FROM catalogue_marcrecord WHERE title_id = %s", [(i,) for i, _ in titles])
    _insert("catalogue_marcrecord", ("title_id", *_RECORD_COLUMNS), [(i, *_record_row(c, when)) for i, c in titles])


_RECORD_COLUMNS = ("raw", "syntax", "format", "encoding", "digest", "profile", "loaded_at")


def _record_row(candidate: Candidate, when: _Value) -> tuple[_Value, ...]:
    record = candidate.record
    syntax = "iso2709" if record.form is Form.ISO2709 else "xml"
    return record.raw, syntax, record.dialect.value, record.encoding[:10], candidate.digest, candidate.profile, when


def _title_row(values: TitleValues, when: _Value) -> tuple[_Value, ...]:
    subjects = json.dumps(values.subjects, ensure_ascii=False)
    return (
        values.source, values.control_number, *(getattr(values, name)[: _MOST[name]] for name in _TITLE_COLUMNS[2:11]),
        values.year, values.language, values.series[:600], values.class_number[:80], values.class_scheme,
        values.main_class or None, values.material, subjects, values.extent[:200], values.summary, when,
    )  # fmt: skip


def _add_identifiers(titles: Iterable[tuple[int, Iterable[Identifier]]]) -> None:
    rows = [(title_id, one.kind, one.value, one.matches) for title_id, ones in titles for one in ones]
    _insert("catalogue_titleidentifier", ("title_id", "kind", "value", "matches"), rows)


def keep_linked(records: Sequence[tuple[int, Candidate]], now: datetime) -> None:
    """Keep records that were found to be a title of another record: new ones, and what has changed of those kept."""
    when = _time(now)
    own = ("title_id", *_RECORD_COLUMNS)
    _insert(
        "catalogue_linkedrecord",
        ("source", "control_number", *own),
        [(c.values.source, c.values.control_number, i, *_record_row(c, when)) for i, c in records],
        "ON CONFLICT (source, control_number) DO UPDATE SET " + ", ".join(f"{name} = excluded.{name}" for name in own),
    )


def add_links(links: Sequence[tuple[int, str, str]]) -> None:
    """Remember other numbers of titles: (title, kind, "(source)number"). Twice is once."""
    _insert(
        "catalogue_titleidentifier",
        ("title_id", "kind", "value", "matches"),
        [(*link, True) for link in links],
        "ON CONFLICT DO NOTHING",
    )


def add_proposals(proposals: Sequence[tuple[int, int, str, str]], now: datetime) -> None:
    """Write lines of the duplicates list: (title, other, ISBN, what differs). A pair stands there once."""
    when = _time(now)
    _insert(
        "catalogue_possibleduplicate",
        ("title_id", "other_id", "isbn", "differs_in", "found_at"),
        [(*each, when) for each in proposals],
        "ON CONFLICT DO NOTHING",
    )


def add_items(items: Sequence[tuple[int, ItemValues, Place]], now: datetime) -> None:
    """Write new items, each where its record says that it is, and in which state."""
    when = _time(now)
    columns = (
        "barcode", "title_id", "library_id", "home_branch_id", "current_branch_id", "kind_id", "call_number", "shelf",
        "volume", "price", "status", "status_since", "is_floating", "is_for_loan", "note", "created_at",
    )  # fmt: skip
    rows = [
        (
            item.barcode, title_id, place.library_id, place.branch_id, place.current_branch_id, place.kind_id,
            item.call_number, item.shelf, item.volume, None if item.price is None else str(item.price),
            item.status.value, when, False, item.is_for_loan, item.note, when,
        )
        for title_id, item, place in items
    ]  # fmt: skip
    _insert("catalogue_item", columns, rows)


def update_items(items: Sequence[tuple[int, ItemValues]]) -> None:
    """Overwrite what a record says of items that are there: call number, volume, price. Their life is not touched."""
    with connection.cursor() as cursor:
        for item_id, item in items:
            cursor.execute(
                "UPDATE catalogue_item SET call_number = %s, volume = %s, price = %s WHERE id = %s",
                [item.call_number, item.volume, None if item.price is None else str(item.price), item_id],
            )


def _time(now: datetime) -> _Value:
    return connection.ops.adapt_datetimefield_value(now)


def _insert(table: str, columns: Sequence[str], rows: Sequence[tuple[_Value, ...]], clause: str = "") -> None:
    if not rows:
        return
    marks = ", ".join(["%s"] * len(columns))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table}({', '.join(columns)}) VALUES({marks}) {clause}",
            rows,
        )
