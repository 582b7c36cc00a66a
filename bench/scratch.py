"""Scratch databases: prepared once, copied fresh for each run, on SQLite and on PostgreSQL."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

ITEMS_A_PATRON = 5
POSTGRESQL = os.environ.get("SHUFANG_BENCH_POSTGRESQL", "postgresql://postgres@127.0.0.1:5432/postgres")


@dataclass(frozen=True)
class Scratch:
    """A database for one run and the environment variables with which a program uses it."""

    folder: Path
    url: str = ""
    environ: dict[str, str] = field(default_factory=dict)

    @property
    def file(self) -> Path:
        """Return the SQLite file."""
        return self.folder / "shufang.sqlite3"

    @property
    def is_postgresql(self) -> bool:
        """Say which engine it is."""
        return bool(self.url)


def _environ(folder: Path, url: str) -> dict[str, str]:
    environ = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environ.update(SHUFANG_DATA=str(folder), SHUFANG_SIP2_CONNECTIONS_AN_ADDRESS="100000")
    if url:
        environ["DATABASE_URL"] = url
    return environ


def postgresql_is_there() -> bool:
    """Say whether a PostgreSQL answers at SHUFANG_BENCH_POSTGRESQL."""
    try:
        with psycopg.connect(POSTGRESQL, connect_timeout=3):
            return True
    except psycopg.OperationalError:
        return False


def _sql(statement: str) -> None:
    with psycopg.connect(POSTGRESQL, autocommit=True) as connection:
        connection.execute(statement)


def _url(name: str) -> str:
    return urlsplit(POSTGRESQL)._replace(path=f"/{name}").geturl()


def prepare(folder: Path, *, postgresql: bool, checkouts: int) -> Scratch:
    """Return a migrated database with the demo's network, and patrons and items for so many checkouts."""
    folder.mkdir(parents=True)
    url = ""
    if postgresql:
        _sql("DROP DATABASE IF EXISTS shufang_bench_base")
        _sql("CREATE DATABASE shufang_bench_base")
        url = _url("shufang_bench_base")
    scratch = Scratch(folder, url, _environ(folder, url))
    subprocess.run([sys.executable, "-m", "bench.fill", str(checkouts)], env=scratch.environ, check=True)
    return scratch


def fresh_copy(base: Scratch, folder: Path) -> Scratch:
    """Return a copy of `base` of its own; an older copy in `folder` is thrown away."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(base.folder, folder)
    url = ""
    if base.is_postgresql:
        _sql("DROP DATABASE IF EXISTS shufang_bench_run WITH (FORCE)")
        _sql("CREATE DATABASE shufang_bench_run TEMPLATE shufang_bench_base")
        url = _url("shufang_bench_run")
    return Scratch(folder, url, _environ(folder, url))


def drop(base: Scratch) -> None:
    """Throw everything away."""
    if base.is_postgresql:
        _sql("DROP DATABASE IF EXISTS shufang_bench_run WITH (FORCE)")
        _sql("DROP DATABASE IF EXISTS shufang_bench_base WITH (FORCE)")
    shutil.rmtree(base.folder, ignore_errors=True)


def empty(folder: Path) -> Scratch:
    """Return an SQLite database to be, of which nothing is there yet."""
    folder.mkdir(parents=True)
    return Scratch(folder, "", _environ(folder, ""))


def empty_postgresql(folder: Path) -> Scratch:
    """Return a PostgreSQL database without a table."""
    folder.mkdir(parents=True)
    _sql("DROP DATABASE IF EXISTS shufang_bench_base WITH (FORCE)")
    _sql("CREATE DATABASE shufang_bench_base")
    url = _url("shufang_bench_base")
    return Scratch(folder, url, _environ(folder, url))
