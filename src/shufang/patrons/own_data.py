"""All that the database holds about one patron, found by its references and not by a list that somebody must keep.

A row is his when it names him, or one of his cards or sessions, or another row of his (the entries of his list, the
settlements of his charge), as deep as that goes. So a table that is added later is in it from its first day.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.apps import apps
from django.db import models

from shufang.patrons.models import Card, Patron

if TYPE_CHECKING:
    from django.db.models.options import Options

Value = str | int | float | bool | None | dict[str, object]
Row = dict[str, Value]
Found = dict[str, dict[int, models.Model]]
"""Rows by table and number."""

SECRETS = frozenset({"pin_hash", "share_key", "handle"})
"""Columns that would open something for whoever finds the file; hashes (binary columns) are left out as well."""
NOT_HIS = frozenset({"user_id", "placed_by_user_id", "settled_by_user_id"})
"""Numbers of members of staff."""
OF_STAFF = frozenset({"accounts", "admin", "auth", "contenttypes", "sessions"})
BY_KIND_AND_ID = {
    "notices.notice": ("subject", "subject_id"),
    "audit.entry": ("subject_kind", "subject_id"),
    "branches.storedreply": ("subject", "subject_id"),
}
"""Tables that name their subject by a word and a number."""
KINDS = {
    "patron": "patrons.patron",
    "card": "patrons.card",
    "block": "patrons.block",
    "loan": "circulation.loan",
    "hold": "circulation.hold",
    "charge": "money.charge",
    "code": "patrons.onetimecode",
}
WORDS_OF = {
    "catalogue.title": ("title", "author"),
    "catalogue.item": ("barcode", "title__title"),
    "catalogue.itemgroup": ("name",),
    "branches.branch": ("name",),
    "branches.library": ("name",),
    "branches.device": ("account",),
    "patrons.cardkind": ("name",),
    "patrons.patron": ("name",),
    "patrons.card": ("number",),
}
"""What is said of a row that one of his refers to."""


def own_data(patron_id: int) -> dict[str, list[Row]]:
    """Return every row about a patron by table (`patrons.patron` first, then by name). About one query a table."""
    found, words = _rows_of(patron_id), _Words()
    return {label: [_told(row, words) for row in rows.values()] for label, rows in _in_order(found)}


def tables_naming_a_patron() -> set[str]:
    """Return the labels of all tables that can name a patron, directly or through his rows."""
    found = {_label(Patron)}
    grown = True
    while grown:
        grown = False
        for model in _models():
            label = _label(model)
            if label not in found and any(target in found for _, target in _references(model)):
                found.add(label)
                grown = True
    return found | set(BY_KIND_AND_ID) | {_label(model) for model in _models() if _has_card_number(model)}


def _rows_of(patron_id: int) -> Found:
    found: Found = {_label(Patron): {patron_id: Patron.objects.get(pk=patron_id)}}
    numbers = list(Card.objects.filter(patron_id=patron_id).values_list("number", flat=True))
    new = {_label(Patron)}
    while new:
        last, new = new, set()
        for model in _models():
            if model is Patron:
                continue
            rows = found.setdefault(_label(model), {})
            before = len(rows)
            for condition in _conditions(model, found, last, numbers):
                rows.update({row.pk: row for row in _rows(model).filter(condition)})
            if len(rows) > before:
                new.add(_label(model))
        numbers = []
    return found


def _conditions(model: type[models.Model], found: Found, new: set[str], numbers: list[str]) -> Iterator[models.Q]:
    """Yield what makes rows of a table his, by the tables in which rows of his were found last."""
    for column, target in _references(model):
        if target in new:
            yield models.Q(**{f"{column}__in": list(found[target])})
    if _has_card_number(model) and numbers:
        yield models.Q(card_number__in=numbers)
    if _label(model) in BY_KIND_AND_ID:
        kind_column, id_column = BY_KIND_AND_ID[_label(model)]
        for kind, target in KINDS.items():
            if target in new:
                yield models.Q(**{kind_column: kind, f"{id_column}__in": list(found[target])})


def _models() -> Iterator[type[models.Model]]:
    for model in apps.get_models():
        if _about(model).managed and _about(model).app_label not in OF_STAFF:
            yield model


def _about(model: type[models.Model]) -> Options[models.Model]:
    return model._meta  # noqa: SLF001  # public in Django, whatever its name


def _label(model: type[models.Model]) -> str:
    return _about(model).label_lower


def _rows(model: type[models.Model]) -> models.QuerySet[models.Model]:
    return models.QuerySet(model)


def _references(model: type[models.Model]) -> Iterator[tuple[str, str]]:
    for field in _about(model).concrete_fields:
        if isinstance(field, models.ForeignKey) and field.related_model is not None:
            yield field.attname, _label(field.related_model)


def _has_card_number(model: type[models.Model]) -> bool:
    return any(field.name == "card_number" for field in _about(model).concrete_fields)


def _in_order(found: Found) -> list[tuple[str, dict[int, models.Model]]]:
    first = _label(Patron)
    return sorted(
        ((label, rows) for label, rows in found.items() if rows), key=lambda pair: (pair[0] != first, pair[0])
    )


def _told(row: models.Model, words: _Words) -> Row:
    told: Row = {}
    for field in _about(type(row)).concrete_fields:
        if field.name in SECRETS | NOT_HIS or isinstance(field, models.BinaryField):
            continue
        value = getattr(row, field.attname)
        if isinstance(field, models.ForeignKey) and field.related_model is not None:
            told[field.name] = None if value is None else words.of(field.related_model, value)
        else:
            told[field.name] = _plain(value)
    return told


class _Words:
    """What is said of rows that his refer to, each asked for once."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, int], Value] = {}

    def of(self, model: type[models.Model], key: int) -> Value:
        """Return the number of a row and, where it has one, its name."""
        which = (_label(model), key)
        if which not in self._known:
            columns = WORDS_OF.get(which[0])
            values = _rows(model).filter(pk=key).values_list(*columns).first() if columns else None
            words = " · ".join(str(value) for value in values or () if value)
            self._known[which] = {"id": key, "words": words} if words else {"id": key}
        return self._known[which]


def _plain(value: object) -> Value:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    if value is None or isinstance(value, str | int | float | bool):
        return value
    return str(value)
