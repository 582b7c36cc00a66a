"""Backing up and restoring a PostgreSQL database with its own tools, pg_dump and pg_restore."""

import os
import subprocess
from collections.abc import Mapping
from contextlib import closing
from datetime import datetime
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from shufang.config.backups.manifest import BackupError

FILE = "shufang.dump"
MAINTENANCE = "postgres"
PATIENCE_SECONDS = 5
"""Waited for a server that does not answer at all, unless DATABASE_URL says `connect_timeout`."""
_PASSED = {"NAME": "PGDATABASE", "USER": "PGUSER", "PASSWORD": "PGPASSWORD", "HOST": "PGHOST", "PORT": "PGPORT"}
_OPTIONS = {"sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT", "sslcert": "PGSSLCERT", "sslkey": "PGSSLKEY"}

Settings = Mapping[str, object]
"""The entry of Django's DATABASES."""


def connect(settings: Settings, database: str | None = None) -> psycopg.Connection[tuple[object, ...]]:
    """Open a connection outside of Django's pool, in autocommit; BackupError when the server does not answer."""
    wanted = environment(settings)
    options = settings.get("OPTIONS")
    passed = {"connect_timeout": str(PATIENCE_SECONDS)}
    passed |= (
        {name: told for name, told in options.items() if isinstance(told, str)} if isinstance(options, dict) else {}
    )
    address = make_conninfo(
        dbname=database or wanted["PGDATABASE"],
        user=wanted.get("PGUSER"),
        password=wanted.get("PGPASSWORD"),
        host=wanted.get("PGHOST"),
        port=wanted.get("PGPORT"),
        **passed,
    )
    try:
        return psycopg.connect(address, autocommit=True)
    except psycopg.OperationalError as error:
        raise BackupError(f"The PostgreSQL server does not let us in: {_sentence(error)}") from error


def environment(settings: Settings) -> dict[str, str]:
    """Return the settings as PostgreSQL's own variables, so that no password stands on a command line."""
    found = {variable: str(settings[name]) for name, variable in _PASSED.items() if settings.get(name)}
    options = settings.get("OPTIONS")
    if isinstance(options, Mapping):
        found |= {variable: str(options[name]) for name, variable in _OPTIONS.items() if name in options}
    return found


def dump(settings: Settings, snapshot: str, target: Path) -> None:
    """Dump the database as it stood in an exported snapshot, in pg_dump's custom format."""
    arguments = ["pg_dump", "--format=custom", "--no-owner", f"--snapshot={snapshot}", f"--file={target}"]
    _run(arguments, environment(settings))


def verify(path: Path) -> None:
    """Read a dump back to its end; BackupError when it is damaged."""
    _run(["pg_restore", "--file=/dev/null", str(path)], {})


def restore_beside(settings: Settings, path: Path, now: datetime) -> str:
    """Restore a dump into a new database beside the current one and return its name."""
    name = f"{settings['NAME']}_restored_{now:%Y%m%d_%H%M%S}"
    with closing(connect(settings, MAINTENANCE)) as server:
        try:
            server.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(sql.Identifier(name))
            )
        except psycopg.Error as error:
            raise BackupError(f"The new database cannot be made: {str(error).strip()}.") from error
    try:
        passed = {**environment(settings), "PGDATABASE": name}
        _run(["pg_restore", "--exit-on-error", "--no-owner", f"--dbname={name}", str(path)], passed)
    except BackupError:
        drop(settings, name)
        raise
    return name


def put_in_place(settings: Settings, restored: str, now: datetime) -> str:
    """Rename the current database away and the restored one to its name, both at once; return where the old one is.

    BackupError when anybody is connected to the current one.
    """
    current = str(settings["NAME"])
    kept = f"{current}_before_{now:%Y%m%d_%H%M%S}"
    rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
    with closing(connect(settings, MAINTENANCE)) as server:
        try:
            with server.transaction():
                server.execute(rename.format(sql.Identifier(current), sql.Identifier(kept)))
                server.execute(rename.format(sql.Identifier(restored), sql.Identifier(current)))
        except psycopg.errors.ObjectInUse as error:
            raise BackupError(
                f"The database {current} is in use. Stop every server and command on it, then restore again."
            ) from error
        except psycopg.Error as error:
            raise BackupError(f"The databases cannot be exchanged: {str(error).strip()}.") from error
    return kept


def drop(settings: Settings, name: str) -> None:
    """Drop a database that a restore has made and that is not wanted."""
    with closing(connect(settings, MAINTENANCE)) as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))


def _sentence(error: psycopg.Error) -> str:
    """Return libpq's own reason in one line."""
    told = " ".join(str(error).split())
    return told if told.endswith((".", "?")) else f"{told}."


def _run(arguments: list[str], variables: Mapping[str, str]) -> None:
    try:
        done = subprocess.run(  # noqa: S603  # fixed programs, no shell
            arguments, env={**os.environ, **variables}, capture_output=True, text=True, check=False
        )
    except FileNotFoundError as error:
        raise BackupError(
            f"{arguments[0]} is not installed. It comes with PostgreSQL's client (Debian: postgresql-client)."
        ) from error
    if done.returncode:
        said = done.stderr.strip().splitlines()
        raise BackupError(f"{arguments[0]} failed: {said[0] if said else f'status {done.returncode}'}")
