"""What all tests share: the real data beside the repository, and which engine they run on."""

import os
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management.color import Style
from django.db.backends.base.operations import BaseDatabaseOperations
from django.db.backends.sqlite3 import base as sqlite3_base

_BESIDE = Path(__file__).resolve().parent.parent.parent / "shared" / "data"
_ENGINES = ("postgresql", "sqlite")
_BROUGHT = frozenset({"catalogue_mainclass"})
"""Tables that a migration fills and no test changes: they stay full between tests, as titles point at their rows."""


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of real records; skipped where a user has none, a failure in CI."""
    folder = Path(os.environ.get("SHUFANG_TEST_DATA", _BESIDE))
    if not folder.is_dir():
        pytest.skip("the real data is not on this machine")
    return folder


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip, visibly, tests of the other engine. CI runs the suite on both and leaves them out of the wrong run."""
    engine = settings.DATABASES["default"]["ENGINE"]
    here = "postgresql" if engine == "django.db.backends.postgresql" else "sqlite"
    others = [item for item in items if any(item.get_closest_marker(name) for name in _ENGINES if name != here)]
    if os.environ.get("CI") == "true":
        config.hook.pytest_deselected(items=others)
        items[:] = [item for item in items if item not in others]
        return
    for item in others:
        item.add_marker(pytest.mark.skip(reason=f"this run's engine is {here}"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skip into a failure in CI: nothing may hide there."""
    report = yield
    if os.environ.get("CI") == "true" and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped in CI: {report.longrepr}"
    return report


@pytest.fixture(scope="session", autouse=True)
def _emptying_between_tests() -> Iterator[None]:
    """Let the emptying of tables after a transactional test pass the triggers of append-only tables; nothing else may.

    On PostgreSQL rows are deleted rather than tables truncated, which takes a tenth of the time for tables this small.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sqlite3_base.DatabaseWrapper.ops_class, "sql_flush", _empty_sqlite)
        if settings.DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
            from django.db.backends.postgresql import base as postgresql_base

            patch.setattr(postgresql_base.DatabaseWrapper.ops_class, "sql_flush", _empty_postgresql)
        yield


_delete = sqlite3_base.DatabaseWrapper.ops_class.sql_flush


def _empty_sqlite(
    operations: BaseDatabaseOperations, style: Style, tables: Sequence[str], **options: bool
) -> list[str]:
    with operations.connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%%_no_%%'")
        triggers = cursor.fetchall()
    drops = [f"DROP TRIGGER {name}" for name, _ in triggers]
    tables = [table for table in tables if table not in _BROUGHT]
    return drops + list(_delete(operations, style, tables, **options)) + [sql for _, sql in triggers]


def _empty_postgresql(
    operations: BaseDatabaseOperations, style: Style, tables: Sequence[str], **_options: bool
) -> list[str]:
    tables = [table for table in tables if table not in _BROUGHT]
    if not tables:
        return []
    with operations.connection.cursor() as cursor:
        cursor.execute("SELECT usesuper FROM pg_user WHERE usename = current_user")
        (is_superuser,) = cursor.fetchone()
    if not is_superuser:  # only a superuser may leave triggers and foreign keys unheeded
        return [f"TRUNCATE {', '.join(style.SQL_FIELD(operations.quote_name(table)) for table in tables)} CASCADE"]
    deletes = [f"DELETE FROM {operations.quote_name(table)}" for table in tables]
    return ["SET session_replication_role = replica", *deletes, "SET session_replication_role = DEFAULT"]
