"""An echo server that commits one row durably a message: the floor of `terminals`. `python -m bench.echo PORT FILE`."""

import asyncio
import signal
import sqlite3
import sys


class _Echo(asyncio.Protocol):
    connection: sqlite3.Connection

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.connection.execute("BEGIN IMMEDIATE")
        self.connection.execute("INSERT INTO row (text) VALUES (?)", (data,))
        self.connection.execute("COMMIT")
        self.transport.write(data)


async def main(port: int, file: str) -> None:
    """Serve until SIGTERM."""
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE IF NOT EXISTS row (id INTEGER PRIMARY KEY, text BLOB)")
    _Echo.connection = connection
    loop = asyncio.get_running_loop()
    server = await loop.create_server(_Echo, "127.0.0.1", port)
    stop = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    await stop.wait()
    server.close()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2]))
