"""The simulated pad as a program: a WebSocket for the kiosk's page, and a page on which a hand lays books down.

Only pages of this machine (or of origins that are named) are spoken to.
"""

import json
import re
import threading
from collections.abc import Callable, Collection, Sequence
from http import HTTPStatus
from pathlib import Path

from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.sync.server import Server, ServerConnection, serve
from websockets.typing import Origin

from shufang.circulation.pad.pad import Pad, Told, tag_of

PAGE = Path(__file__).parent / "page"
_FILES = {
    "/": ("hand.html", "text/html"),
    "/hand.js": ("hand.js", "text/javascript"),
    "/hand.css": ("hand.css", "text/css"),
}
_HERE = re.compile(r"https?://(localhost|127\.0\.0\.1|\[::1\])(:[0-9]+)?")
_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self' ws:; frame-ancestors 'none'"
Books = Callable[[], Sequence[dict[str, str]]]


class PadSimulator:
    """One pad on one address, until `stop`. `books()` says what a hand may lay down, `cards` what it may hold up."""

    def __init__(
        self,
        books: Books = lambda: (),
        cards: Sequence[str] = (),
        host: str = "127.0.0.1",
        port: int = 0,
        origins: Sequence[str] = (),
    ) -> None:
        """Take the address; OSError when it cannot be had."""
        self.pad = Pad()
        self._books, self._cards = books, tuple(cards)
        self._lock = threading.Lock()
        self._pages: set[ServerConnection] = set()
        self._hands: set[ServerConnection] = set()
        allowed: list[Origin | re.Pattern[str] | None] = [_HERE, None, *(Origin(origin) for origin in origins)]
        self._server: Server = serve(self._talk, host, port, origins=allowed, process_request=_page)
        self.address = f"ws://{host}:{self._server.socket.getsockname()[1]}"

    def start(self) -> None:
        """Answer, in a thread."""
        threading.Thread(target=self.run, name="pad", daemon=True).start()

    def run(self) -> None:
        """Answer until `stop`."""
        self._server.serve_forever()

    def stop(self) -> None:
        """Close all lines and give the address back."""
        self._server.shutdown()

    def lay(self, *barcodes: str) -> None:
        """Lay books down."""
        self._do(lambda: self.pad.lay(barcodes))

    def lift(self, *barcodes: str) -> None:
        """Take books off."""
        self._do(lambda: self.pad.lift(barcodes))

    def hold(self, number: str) -> None:
        """Hold a card to the reader."""
        self._do(lambda: self.pad.hold(number))

    def spoil(self) -> None:
        """Lay something down that cannot be read."""
        self._do(self.pad.spoil)

    def rings_for(self, barcode: str) -> bool:
        """Say whether the gate would ring for a book."""
        with self._lock:
            return tag_of(barcode) not in self.pad.may_pass

    def _do(self, act: Callable[[], Sequence[Told]]) -> None:
        with self._lock:
            told, pages = act(), list(self._pages)
        for message in told:
            _send(pages, message)
        self._show()

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
        if is_hand:
            self._obey(said)
            return
        with self._lock:
            answers = self.pad.hear(said)
        for answer in answers:
            _send([line], answer)
        self._show()

    def _obey(self, said: dict[str, object]) -> None:
        """Do what the hand does."""
        given = said.get("barcodes")
        barcodes = [str(barcode) for barcode in given] if isinstance(given, list) else []
        match said.get("type"):
            case "lay":
                self.lay(*barcodes)
            case "lift":
                self.lift(*barcodes)
            case "hold":
                self.hold(str(said.get("number", "")))
            case "spoil":
                self.spoil()
            case "look":
                self._show()

    def _show(self) -> None:
        """Let the hands see how everything lies."""
        with self._lock:
            hands, lying, may_pass = list(self._hands), dict(self.pad.lying), set(self.pad.may_pass)
        if not hands:
            return
        known = [{**book, "passes": tag_of(book["barcode"]) in may_pass} for book in self._books()]
        shown: Told = {
            "type": "pad",
            "lying": [
                {"barcode": barcode, "title": _title(known, barcode), "passes": tag in may_pass}
                for tag, barcode in lying.items()
            ],
            "books": [book for book in known if book["barcode"] not in lying.values()],
            "cards": list(self._cards),
        }
        _send(hands, shown)


def _title(known: Sequence[dict[str, object]], barcode: str) -> object:
    return next((book["title"] for book in known if book["barcode"] == barcode), barcode)


def _send(lines: Collection[ServerConnection], message: Told) -> None:
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
