"""The web process: waitress serves the WSGI application on a socket that the parent has bound."""

import signal
import socket
import sys

from django.conf import settings
from waitress.server import create_server

THREADS = 8


def run(handle: int) -> None:
    """Serve on the bound socket with file descriptor `handle` until SIGTERM or SIGINT."""
    from shufang.config.wsgi import application

    listener = socket.socket(fileno=handle)
    proxy = settings.SHUFANG_PROXY if settings.SHUFANG_HTTPS else None  # the one whose word about visitors is believed
    server = create_server(
        application,
        sockets=[listener],
        threads=THREADS,
        ident=None,
        trusted_proxy=proxy,
        trusted_proxy_headers={"x-forwarded-for", "x-forwarded-proto"} if proxy else set(),
        clear_untrusted_proxy_headers=True,
    )
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stop)
    host, port = listener.getsockname()[:2]
    sys.stdout.write(f"Ready: web on http://{f'[{host}]' if ':' in host else host}:{port}/\n")
    sys.stdout.flush()
    server.run()


def _stop(_number: int, _frame: object) -> None:
    raise SystemExit(0)  # waitress finishes the requests under way and closes its sockets
