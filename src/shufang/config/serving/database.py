"""Whether the database can be worked with: it answers, is of this version, and belongs to our keys. Cheap, for every command."""

from contextlib import closing
from pathlib import Path
from pkgutil import iter_modules

from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.recorder import MigrationRecorder

from shufang.config.backups import postgresql
from shufang.config.backups.manifest import BackupError
from shufang.config.serving.key_check import key_problems

EMPTY = "The database is empty. Make its tables with: shufang upgrade"


def unreachable() -> list[str]:
    """Return why the PostgreSQL server does not let us in, asked once and directly: the pool would try for 20 seconds."""
    if connection.vendor != "postgresql":
        return []
    try:
        with closing(postgresql.connect(settings.DATABASES["default"])):
            return []
    except BackupError as error:
        return [str(error)]


def database_problems() -> list[str]:
    """Return why the database cannot be used: it does not answer, is empty, waits for migrations, or is of other keys."""
    if connection.vendor == "sqlite" and not Path(str(connection.settings_dict["NAME"])).exists():
        return [EMPTY]  # asking would make the file
    if problems := unreachable():
        return problems
    try:
        applied = set(MigrationRecorder(connection).applied_migrations())
        waiting = [] if _on_disk() <= applied else _waiting()
        if not waiting:
            return key_problems()
    except DatabaseError as error:
        return [f"The database cannot be opened: {str(error).strip()}."]
    if not applied:
        return [EMPTY]
    return [f"The database is of an older version ({len(waiting)} migrations wait). Bring it up with: shufang upgrade"]


def _on_disk() -> set[tuple[str, str]]:
    """Return every migration by its file name; importing them all would take as long as all the rest of a start."""
    return {
        (app.label, module.name)
        for app in apps.get_app_configs()
        for module in iter_modules([str(Path(app.path) / "migrations")])
        if not module.ispkg and module.name[0] not in "_~"
    }


def _waiting() -> list[object]:
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return list(executor.migration_plan(executor.loader.graph.leaf_nodes()))
