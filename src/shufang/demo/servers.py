"""The demonstration's servers in one process: web pages in the main thread, SIP2 and scheduled work beside them."""

import logging
import signal
import socket
import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from django.core.handlers.wsgi import WSGIHandler
from waitress.server import create_server

from shufang.demo import card_station, pad
from shufang.demo.network import DEVICES, PASSWORD
from shufang.jobs.keep_running import keep_running
from shufang.sip2_server.configuration import configuration
from shufang.sip2_server.server import Address, start

PATIENCE_SECONDS = 60.0
JOBS_SECONDS = 5.0
"""How long a job that is under way is waited for at the end; after that its transaction is rolled back."""


class BusyPortError(Exception):
    """A port cannot be had; the message is a plain sentence."""


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where both servers answer."""

    web: str
    sip2: str


@dataclass(slots=True)
class Listeners:
    """Both addresses, held from the start: a busy port is told before anything is made."""

    host: str
    http: socket.socket
    sip2_host: str
    sip2_port: int
    stopping: threading.Event = field(default_factory=threading.Event)


def claim(host: str, http_port: int, sip2_host: str, sip2_port: int) -> Listeners:
    """Take the web server's port and try the SIP2 server's. BusyPortError."""
    if http_port and http_port == sip2_port and host == sip2_host:
        raise BusyPortError(f"Web pages and SIP2 server cannot both have port {http_port}. Give another --sip2-port.")
    http = _bound(host, http_port, "--http-port")
    try:
        with closing(_bound(sip2_host, sip2_port, "--sip2-port")):
            return Listeners(host, http, sip2_host, sip2_port)
    except BusyPortError:
        http.close()
        raise


def run(listeners: Listeners, ready: Callable[[Endpoints], object]) -> None:
    """Serve until SIGTERM or SIGINT; call `ready` once both answer, then do the scheduled work too.

    Raises what the SIP2 server raises on its start.
    """
    jobs = threading.Thread(target=keep_running, args=(listeners.stopping,), name="demo-jobs", daemon=True)

    def answering(at: Endpoints) -> None:
        ready(at)
        jobs.start()

    sip2 = start(configuration(host=listeners.sip2_host, port=listeners.sip2_port))
    station, beside = card_station.start(), pad.start()
    try:
        listeners.http.listen(1024)
        web = create_server(WSGIHandler(), sockets=[listeners.http], threads=8, ident=None)
        threading.Thread(
            target=_announce, args=(listeners, sip2.addresses[0], answering), name="demo-ready", daemon=True
        ).start()
        web.run()  # a signal ends it: SystemExit is caught there, requests under way are finished
    finally:
        listeners.stopping.set()
        station.stop()
        beside.stop()
        sip2.stop()
        listeners.http.close()
        if jobs.is_alive():
            jobs.join(JOBS_SECONDS)


def end_on_signals() -> None:
    """Let SIGTERM and SIGINT end the program with status 0, also while the demonstration is being made."""

    def stop(_number: int, _frame: object) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
        raise SystemExit(0)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)


def log_to_files(folder: Path) -> None:
    """Keep the terminal for people: messages of the SIP2 server and everything else that is logged go to files."""
    plain = logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s")
    for names, file, formatter in (
        (("", "shufang", "waitress", "django"), "demo.log", plain),
        (("shufang.sip2.messages",), "sip2_messages.log", logging.Formatter("%(message)s")),
    ):
        handler = logging.FileHandler(folder / file, encoding="utf-8", delay=True)
        handler.setFormatter(formatter)
        for name in names:
            logging.getLogger(name).handlers = [handler] if name in {"", "shufang", "shufang.sip2.messages"} else []


def _bound(host: str, port: int, option: str) -> socket.socket:
    made = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((host, port))
        made.listen(1)  # on Linux a second bind with SO_REUSEADDR fails only at listen
    except OSError as error:
        made.close()
        reason = "is in use" if error.errno is not None and "in use" in str(error) else f"cannot be had ({error})"
        raise BusyPortError(f"Port {port} on {host} {reason}. Choose another with {option}.") from error
    return made


def _announce(listeners: Listeners, sip2: Address, ready: Callable[[Endpoints], object]) -> None:
    """Ask both servers until they answer, then tell."""
    host, port = listeners.http.getsockname()[:2]
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until and not listeners.stopping.is_set():
        if _web_answers(_reachable(host), port) and _sip2_answers(_reachable(sip2.host), sip2.port):
            shown = f"[{host}]" if ":" in host else host
            ready(Endpoints(f"http://{shown}:{port}/", str(sip2)))
            return
        listeners.stopping.wait(0.1)


def _reachable(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  # compared, not bound


def _web_answers(host: str, port: int) -> bool:
    try:
        with closing(HTTPConnection(host, port, timeout=10)) as line:
            line.request("GET", "/health/", headers={"Host": f"localhost:{port}"})
            return line.getresponse().status < 500
    except (OSError, HTTPException):
        return False


def _sip2_answers(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), 10) as line:
            line.sendall(f"9300CN{DEVICES[0][0]}|CO{PASSWORD}|\r".encode())
            return line.recv(64).startswith(b"94")
    except OSError:
        return False
