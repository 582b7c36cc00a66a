"""The simulated station as a program: a WebSocket for the kiosk's page, and a page on which a hand lays documents down.

Only pages of this machine (or of origins that are named) are spoken to.
"""

import json
import re
import threading
from collections.abc import Sequence
from http import HTTPStatus
from pathlib import Path

from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.sync.server import Server, ServerConnection, serve
from websockets.typing import Origin

from shufang.registration.card_station.documents import DOCUMENTS
from shufang.registration.card_station.station import Station, Told

PAGE = Path(__file__).parent / "page"
_FILES = {
    "/": ("hand.html", "text/html"),
    "/hand.js": ("hand.js", "text/javascript"),
    "/hand.css": ("hand.css", "text/css"),
}
_HERE = re.compile(r"https?://(localhost|127\.0\.0\.1|\[::1\])(:[0-9]+)?")
_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self' ws:; frame-ancestors 'none'"


class StationSimulator:
    """One station on one address, until `stop`. The station may be looked at and changed from any thread."""

    def __init__(self, host: str = "127.0.0.1", port: int = 0, origins: Sequence[str] = (), blanks: int = 100) -> None:
        """Take the address; OSError when it cannot be had."""
        self.station = Station(blanks=blanks)
        self._lock = threading.Lock()
        self._pages: set[ServerConnection] = set()
        self._hands: set[ServerConnection] = set()
        allowed: list[Origin | re.Pattern[str] | None] = [_HERE, None, *(Origin(origin) for origin in origins)]
        self._server: Server = serve(self._talk, host, port, origins=allowed, process_request=_page)
        self.address = f"ws://{host}:{self._server.socket.getsockname()[1]}"

    def start(self) -> None:
        """Answer, in a thread."""
        threading.Thread(target=self.run, name="card-station", daemon=True).start()

    def run(self) -> None:
        """Answer until `stop`."""
        self._server.serve_forever()

    def stop(self) -> None:
        """Close all lines and give the address back."""
        self._server.shutdown()

    def lay(self, name: str) -> None:
        """Lay an invented document down (documents.py), or one that cannot be read."""
        with self._lock:
            told = self.station.lay(DOCUMENTS.get(name))
        self._tell(told)

    def stock(self, blanks: int, *, is_jammed: bool = False) -> None:
        """Fill or empty the printer, jam or free it."""
        with self._lock:
            told = self.station.stock(blanks, is_jammed=is_jammed)
        self._tell(told)

    def _talk(self, line: ServerConnection) -> None:
        is_hand = line.request is not None and line.request.path == "/hand"
        lines = self._hands if is_hand else self._pages
        with self._lock:
            lines.add(line)
        try:
            if is_hand:
                self._show()
            for text in line:
                self._hear(line, text, is_hand=is_hand)
        except ConnectionClosed:
            return
        finally:
            with self._lock:
                lines.discard(line)

    def _hear(self, line: ServerConnection, text: str | bytes, *, is_hand: bool) -> None:
        try:
            said = json.loads(text)
        except ValueError:
            return
        if not isinstance(said, dict):
            return
        if is_hand and said.get("type") == "lay":
            self.lay(str(said.get("document", "")))
        elif is_hand and said.get("type") == "stock":
            blanks = said.get("blanks")
            self.stock(blanks if isinstance(blanks, int) else 0, is_jammed=said.get("jammed") is True)
        else:
            with self._lock:
                answers = self.station.hear(said)
            for answer in answers:
                line.send(json.dumps(answer, ensure_ascii=False))
        self._show()

    def _tell(self, told: Sequence[Told]) -> None:
        with self._lock:
            pages = list(self._pages)
        for message in told:
            _send(pages, message)

    def _show(self) -> None:
        """Let the hands see how the station is."""
        with self._lock:
            hands = list(self._hands)
            station = self.station
            shown = {
                "type": "station",
                "reading": station.is_reading,
                "printed": station.printed[-5:],
                "documents": {name: str(document["name"]) for name, document in DOCUMENTS.items()},
                **station.printer(),
            }
        _send(hands, shown)


def _send(lines: Sequence[ServerConnection], message: Told) -> None:
    text = json.dumps(message, ensure_ascii=False)
    for line in lines:
        try:
            line.send(text)
        except ConnectionClosed:
            continue


def _page(_line: ServerConnection, request: Request) -> Response | None:
    """Answer plain requests with the hand's page; let WebSockets through."""
    if "websocket" in request.headers.get("Upgrade", "").lower():
        return None
    name, kind = _FILES.get(request.path, ("", ""))
    body = (PAGE / name).read_bytes() if name else b""
    status = HTTPStatus.OK if name else HTTPStatus.NOT_FOUND
    headers = Headers(
        [
            ("Content-Type", f"{kind or 'text/plain'}; charset=utf-8"),
            ("Content-Length", str(len(body))),
            ("Content-Security-Policy", _POLICY),
            ("Connection", "close"),
        ]
    )
    return Response(status.value, status.phrase, headers, body)
