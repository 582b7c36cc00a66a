"""Running the server: listening, looking after connections, and a clean end.

`serve` blocks; `start` runs it in a thread for `shufang demo`, `shufang serve` and the tests.
"""

import asyncio
import logging
import resource
import signal
import threading
from asyncio import sslproto
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ssl import SSLError

from shufang.sip2_server.configuration import Configuration, ConfigurationError, Listener
from shufang.sip2_server.connection import Connection
from shufang.sip2_server.hub import Hub
from shufang.sip2_server.terminal import terminals_now

logger = logging.getLogger("shufang.sip2")

BACKLOG = 1024
MOST_FILES = 65_536
TLS_BUFFER = 16 * 1024
"""Bytes of asyncio's buffer for each TLS connection; its default of 256 KiB would take 256 MB for a thousand idle ones."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where the server listens. `port` is the real one also where any free one was asked for."""

    host: str
    port: int
    is_tls: bool

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}{' (TLS)' if self.is_tls else ''}"


Ready = Callable[[Sequence[Address]], None]


def serve(configuration: Configuration, ready: Ready | None = None, stop: threading.Event | None = None) -> None:
    """Serve until `stop` is set, or SIGTERM or SIGINT comes (in the main thread). Calls `ready` when it listens.

    ConfigurationError, a plain sentence, when an address is taken or a certificate cannot be used.
    """
    sslproto.SSLProtocol.max_size = TLS_BUFFER
    _allow_many_files()
    asyncio.run(_Server(configuration, ready, stop or threading.Event()).run())


@dataclass(frozen=True, slots=True)
class RunningServer:
    """A server in a thread of this process."""

    addresses: tuple[Address, ...]
    _stop: threading.Event
    _thread: threading.Thread

    def stop(self) -> None:
        """Finish what is under way, close all lines and wait for the end."""
        self._stop.set()
        self._thread.join()

    @property
    def is_running(self) -> bool:
        """Say whether the thread lives."""
        return self._thread.is_alive()


def start(configuration: Configuration) -> RunningServer:
    """Start a server in a thread and return when it listens. Raises what `serve` raises."""
    stop, settled = threading.Event(), threading.Event()
    addresses: list[Address] = []
    errors: list[BaseException] = []

    def ready(found: Sequence[Address]) -> None:
        addresses.extend(found)
        settled.set()

    def run() -> None:
        try:
            serve(configuration, ready, stop)
        except Exception as error:
            errors.append(error)
            if settled.is_set():
                logger.exception("the SIP2 server ended")
        finally:
            settled.set()

    thread = threading.Thread(target=run, name="sip2-loop", daemon=True)
    thread.start()
    settled.wait()
    if errors and not addresses:
        thread.join()
        raise errors[0]
    return RunningServer(tuple(addresses), stop, thread)


class _Server:
    """The life of one server within its loop."""

    def __init__(self, configuration: Configuration, ready: Ready | None, stop: threading.Event) -> None:
        self._configuration = configuration
        self._ready = ready
        self._stop = stop

    async def run(self) -> None:
        """Listen, serve, stop."""
        loop = asyncio.get_running_loop()
        hub = Hub(self._configuration, loop)
        stopped = asyncio.Event()
        servers: list[asyncio.Server] = []
        try:
            servers.extend([await _listen(hub, listener) for listener in self._configuration.listeners])
            hub.board.addresses = tuple(str(address) for address in _addresses(servers, self._configuration))
            _write_board(hub)
            self._watch(loop, stopped)
            if self._ready is not None:
                self._ready(_addresses(servers, self._configuration))
            await _look_after(hub, stopped)
        finally:
            await _shut(hub, servers)

    def _watch(self, loop: asyncio.AbstractEventLoop, stopped: asyncio.Event) -> None:
        """Set `stopped` when a signal comes or the event is set from another thread."""

        def wait() -> None:
            self._stop.wait()
            if not loop.is_closed():
                loop.call_soon_threadsafe(stopped.set)

        threading.Thread(target=wait, name="sip2-stop", daemon=True).start()
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGTERM, signal.SIGINT):
                loop.add_signal_handler(number, stopped.set)


async def _listen(hub: Hub, listener: Listener) -> asyncio.Server:
    before_login = listener.status_before_login
    try:
        return await hub.loop.create_server(
            lambda: Connection(hub, before_login=before_login),
            listener.host,
            listener.port,
            backlog=BACKLOG,
            ssl=listener.tls(),
        )
    except SSLError as error:
        raise ConfigurationError(
            f"The certificate or key for TLS cannot be used: {error.reason or 'no PEM file'}."
        ) from error
    except OSError as error:
        sentence = f"The SIP2 server cannot listen on {listener.host}:{listener.port}: {error.strerror or error}."
        raise ConfigurationError(sentence) from error


def _addresses(servers: Sequence[asyncio.Server], configuration: Configuration) -> list[Address]:
    found = []
    for server, listener in zip(servers, configuration.listeners, strict=True):
        for sock in server.sockets:
            host, port = sock.getsockname()[:2]
            found.append(Address(str(host), int(port), listener.certificate is not None))
    return found


async def _look_after(hub: Hub, stopped: asyncio.Event) -> None:
    """Every few seconds: close idle lines, take over changed accounts, write the status file."""
    pause = min(hub.configuration.refresh_seconds, max(0.05, hub.configuration.login_seconds / 4))
    renewal: asyncio.Task[None] | None = None
    while not stopped.is_set():
        try:
            await asyncio.wait_for(stopped.wait(), pause)
        except TimeoutError:
            hub.close_idle(hub.loop.time())
            _write_board(hub)
            if renewal is None or renewal.done():
                renewal = asyncio.ensure_future(_renew(hub))


async def _renew(hub: Hub) -> None:
    if not any(hub.board.sessions.values()):
        return
    try:
        hub.renew_terminals(await hub.engine.ask(terminals_now))
    except Exception:
        logger.exception("the terminals' accounts could not be read again")


async def _shut(hub: Hub, servers: Sequence[asyncio.Server]) -> None:
    """Let nobody in, answer what was asked, close all lines, end the threads."""
    hub.is_stopping = True
    for server in servers:
        server.close()
    for connection in list(hub.connections):
        if not connection.is_busy:
            connection.close()
    until = hub.loop.time() + hub.configuration.stop_seconds
    while hub.connections and hub.loop.time() < until:  # noqa: ASYNC110  # each line ends in its own time
        await asyncio.sleep(0.02)
    for connection in list(hub.connections):
        connection.abort()
    await asyncio.to_thread(hub.engine.stop)
    await asyncio.sleep(0)
    hub.log.flush()
    if hub.board.addresses:
        _write_board(hub, is_running=False)


def _write_board(hub: Hub, *, is_running: bool = True) -> None:
    try:
        hub.board.write(hub.engine.waiting(), is_running=is_running)
    except OSError:
        logger.exception("the status file could not be written")


def _allow_many_files() -> None:
    """Raise the soft limit of open files as far as the hard one lets us: each connection is a file."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, MOST_FILES)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    except (OSError, ValueError):
        logger.warning("only %d files may be open at once; more terminals than that cannot connect", soft)
