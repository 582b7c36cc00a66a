"""The audit trail keeps what it is told, cut to what it holds, and nothing of it can be changed."""

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, transaction

from shufang.audit.models import Entry
from shufang.audit.trail import record

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


@pytest.mark.django_db
def test_a_line_stands_for_ever() -> None:
    record(7, "librarian", "override", "item", 5, "r" * 300, NOW)
    entry = Entry.objects.get()
    assert (entry.user_id, entry.action, entry.subject_kind, entry.subject_id) == (7, "override", "item", 5)
    assert (entry.at, len(entry.reason)) == (NOW, 255)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Entry.objects.update(reason="")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Entry.objects.all().delete()
