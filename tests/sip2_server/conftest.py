"""A server in this process on a free port, on the database of the tests."""

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest

from shufang.sip2_server.configuration import Configuration, Listener
from shufang.sip2_server.server import Address, RunningServer, start
from tests.sip2_server.cast import settle


class Starter(Protocol):
    """Starts a server with other limits than the usual ones."""

    def __call__(
        self,
        *,
        idle_seconds: float = 600.0,
        login_seconds: float = 60.0,
        connections_an_address: int = 64,
        refresh_seconds: float = 5.0,
        status_before_login: bool = False,
        certificate: Path | None = None,
        key: Path | None = None,
    ) -> RunningServer: ...


@pytest.fixture
def start_server(transactional_db: None, tmp_path: Path) -> Iterator[Starter]:
    """Return a function that starts a server; all are stopped at the end."""
    settle()
    running: list[RunningServer] = []

    def run(
        *,
        idle_seconds: float = 600.0,
        login_seconds: float = 60.0,
        connections_an_address: int = 64,
        refresh_seconds: float = 5.0,
        status_before_login: bool = False,
        certificate: Path | None = None,
        key: Path | None = None,
    ) -> RunningServer:
        server = start(
            Configuration(
                (Listener("127.0.0.1", 0, certificate, key, status_before_login),),
                tmp_path / "sip2_status.json",
                idle_seconds=idle_seconds,
                login_seconds=login_seconds,
                connections_an_address=connections_an_address,
                refresh_seconds=refresh_seconds,
            )
        )
        running.append(server)
        return server

    yield run
    for server in running:
        server.stop()


@pytest.fixture
def address(start_server: Starter) -> Address:
    """Return where a server with the usual limits listens."""
    return start_server().addresses[0]
