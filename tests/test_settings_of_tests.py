"""The suite runs on a real database file (WAL, durable) or on PostgreSQL, never in memory."""

import pytest
from django.db import connection


@pytest.mark.django_db
def test_engine_is_as_in_production() -> None:
    if connection.vendor == "postgresql":
        assert connection.settings_dict["OPTIONS"]["pool"]
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode")
        assert cursor.fetchone() == ("wal",)
        cursor.execute("PRAGMA synchronous")
        assert cursor.fetchone() == (2,)
    assert "memory" not in str(connection.settings_dict["NAME"])
