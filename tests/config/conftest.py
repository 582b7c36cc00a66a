"""An installation of its own for the commands that run the whole: a data folder, and a database on the run's engine."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from psycopg import sql

URL = os.environ.get("DATABASE_URL", "")
MAKE = """
from django.core.management import call_command
from shufang.demo.cast import settle
from shufang.kernel import clock
call_command("migrate", verbosity=0)
settle(clock.now())
"""


@dataclass(frozen=True, slots=True)
class House:
    """An installation with the cast in it."""

    folder: Path
    variables: Mapping[str, str]

    def environment(self, **more: str) -> dict[str, str]:
        """Return the environment of a command in this house."""
        kept = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
        return {**kept, **self.variables, **more}

    def run(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Run `shufang …` to its end."""
        command = [sys.executable, "-m", "shufang", *arguments]
        return subprocess.run(command, env=self.environment(**more), capture_output=True, text=True, check=False)

    def python(self, code: str) -> str:
        """Run code with Django set up and return what it prints."""
        start = (
            "import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'shufang.config.settings'; import django; django.setup()"
        )
        done = subprocess.run(
            [sys.executable, "-c", f"{start}\n{code}"],
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def backups(self) -> list[Path]:
        """Return the backups made so far."""
        return sorted((self.folder / "backups").glob("shufang-*"))

    @property
    def database(self) -> str:
        """Return the PostgreSQL database's name."""
        return urlsplit(self.variables["DATABASE_URL"]).path.lstrip("/")


def _name(folder: Path) -> str:
    return f"test_house_{os.getpid()}_{abs(hash(str(folder))) % 10**9}"


def _make(folder: Path, template: str = "") -> House:
    if not URL:
        return House(folder, {"SHUFANG_DATA": str(folder)})
    name = _name(folder)
    with closing(psycopg.connect(URL, autocommit=True)) as server:
        from_template = sql.Identifier(template or "template0")
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), from_template))
    return House(
        folder, {"SHUFANG_DATA": str(folder), "DATABASE_URL": urlunsplit(urlsplit(URL)._replace(path=f"/{name}"))}
    )


def _drop(start: str) -> None:
    if URL:
        with closing(psycopg.connect(URL, autocommit=True)) as server:
            found = server.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [start]).fetchall()
            for (name,) in found:
                server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(scope="session")
def _model_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    house = _make(tmp_path_factory.mktemp("model") / "data")
    try:
        house.python(MAKE)
        yield house
    finally:
        _drop(_name(house.folder))


@pytest.fixture
def house(_model_house: House, tmp_path: Path) -> Iterator[House]:
    """Return a house of one's own, as the cast left it."""
    folder = tmp_path / "data"
    shutil.copytree(_model_house.folder, folder)
    made = _make(folder, template="" if not URL else _model_house.database)
    yield made
    _drop(_name(folder))


@pytest.fixture
def empty_house(tmp_path: Path) -> Iterator[House]:
    """Return a house without a single table."""
    made = _make(tmp_path / "empty")
    yield made
    _drop(_name(tmp_path / "empty"))


def until(what: Callable[[], bool], seconds: float = 60.0) -> None:
    """Wait until something is so; fail when it never is."""
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it never came to be"
        time.sleep(0.05)
