"""What all connections of a server share: the engine, the log, the board, the limits, one buffer for reading."""

import asyncio
from collections import Counter
from typing import Protocol

from shufang.sip2_server.board import Board
from shufang.sip2_server.configuration import Configuration
from shufang.sip2_server.engine import Engine
from shufang.sip2_server.message_log import MessageLog
from shufang.sip2_server.terminal import Terminal

READ_BYTES = 16 * 1024


class Line(Protocol):
    """What the hub asks of a connection."""

    def close_if_idle(self, now: float) -> None:
        """Close it when it has been silent too long."""

    def renew_terminal(self, terminals: dict[int, Terminal]) -> None:
        """Take over the changed account, or close."""

    @property
    def is_busy(self) -> bool:
        """Say whether a request is under way."""

    def close(self) -> None:
        """Close when what was written has been sent."""

    def abort(self) -> None:
        """Close at once."""


class Hub:
    """Lives in the loop's thread. Connections come and go through `admit` and `forget`."""

    def __init__(self, configuration: Configuration, loop: asyncio.AbstractEventLoop) -> None:
        self.configuration = configuration
        self.loop = loop
        self.engine = Engine(loop, readers=configuration.readers, writers=configuration.writers)
        self.log = MessageLog(loop)
        self.board = Board(configuration.status_file)
        self.buffer = memoryview(bytearray(READ_BYTES))
        self.connections: set[Line] = set()
        self.is_stopping = False
        self._addresses: Counter[str] = Counter()
        self._number = 0

    def admit(self, connection: Line, address: str) -> int:
        """Count a new connection; return its number, 0 when the address has too many already or the server stops."""
        if self.is_stopping or self._addresses[address] >= self.configuration.connections_an_address:
            self.board.turned_away += 1
            return 0
        self._addresses[address] += 1
        self.connections.add(connection)
        self.board.connections = len(self.connections)
        self._number += 1
        return self._number

    def forget(self, connection: Line, address: str) -> None:
        """The connection is closed."""
        self.connections.discard(connection)
        self.board.connections = len(self.connections)
        self._addresses[address] -= 1
        if self._addresses[address] <= 0:
            del self._addresses[address]

    def close_idle(self, now: float) -> None:
        """Close what has been silent too long; `now` is the loop's time."""
        for connection in list(self.connections):
            connection.close_if_idle(now)

    def renew_terminals(self, terminals: dict[int, Terminal]) -> None:
        """Take over changed accounts; close the lines of those that are gone, disabled or have another password."""
        for connection in list(self.connections):
            connection.renew_terminal(terminals)
