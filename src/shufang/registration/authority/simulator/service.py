"""The simulated centre's HTTP service: signed JSON for libraries, a plain page for whoever demonstrates it.

| path | asked | answered |
|---|---|---|
| `/v1/cards/look-up` | `number`, `pin` | 200 with the card, 404 |
| `/v1/persons/look-up` | `person` | 200 with the good card, 404 |
| `/v1/messages` | a message with its `key` | 200 with `revision`; 404 or 409 with `code` |
| `/v1/changes` | `after` | 200 with `cards`, `read_to`, `is_all` |
| `/v1/mode` | `mode` or `latency`, `fails`, `loses`, `is_away` | 200; it behaves so from now on |
"""

import json
import logging
import threading
import time
from collections.abc import Callable
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import cast
from urllib.parse import parse_qs

from shufang.kernel import clock
from shufang.registration.authority import wire
from shufang.registration.authority.signing import SIGNATURE, Request, answer_signature, read_request
from shufang.registration.authority.simulator.books import Books
from shufang.registration.authority.simulator.modes import MODES, Luck, Mode

LARGEST = 2**20
log = logging.getLogger("shufang.card_centre")
Told = tuple[int, dict[str, object]]


class CardCentreService:
    """A service on one address, until `stop`. `requests` counts what came in and was rightly signed."""

    def __init__(self, books: Books, key: bytes, host: str = "127.0.0.1", port: int = 0) -> None:
        """Take the address; OSError when it cannot be had."""
        self.books = books
        self.key = key
        self.mode = Mode()
        self.luck = Luck()
        self.requests = 0
        self._server = _Server((host, port), _Handler, self)
        self.url = f"http://{host}:{self._server.server_address[1]}"

    def start(self) -> None:
        """Answer, in a thread."""
        threading.Thread(target=self.run, name="card-centre", daemon=True).start()

    def run(self) -> None:
        """Answer until `stop`."""
        self._server.serve_forever(poll_interval=0.05)

    def stop(self) -> None:
        """Stop answering and give the address back."""
        self._server.shutdown()
        self._server.server_close()

    def answer(self, path: str, told: dict[str, object]) -> Told:
        """Carry a request out. ValueError for one that cannot be read."""
        ways: dict[str, Callable[[dict[str, object]], Told]] = {
            "/v1/cards/look-up": self._look_up,
            "/v1/persons/look-up": self._look_for,
            "/v1/messages": self._take,
            "/v1/changes": self._changes,
            "/v1/mode": self._set_mode,
        }
        way = ways.get(path)
        return way(told) if way is not None else (404, {"code": "path_unknown"})

    def _look_up(self, told: dict[str, object]) -> Told:
        card = self.books.look_up(str(told.get("number", "")), str(told.get("pin", "")))
        return (404, {"code": "card_unknown"}) if card is None else (200, wire.write_answer(card))

    def _look_for(self, told: dict[str, object]) -> Told:
        card = self.books.look_for(bytes.fromhex(str(told.get("person", ""))))
        return (404, {"code": "person_unknown"}) if card is None else (200, wire.write_answer(card))

    def _take(self, told: dict[str, object]) -> Told:
        code, revision = self.books.take(wire.read_message(str(told.get("key", "")), told))
        if code:
            return 404 if code == "card_unknown" else 409, {"code": code}
        return 200, {"revision": revision}

    def _changes(self, told: dict[str, object]) -> Told:
        after = told.get("after")
        changes = self.books.changes(after if isinstance(after, int) else 0)
        cards = [wire.write_answer(card) for card in changes.cards]
        return 200, {"read_to": changes.read_to, "cards": cards, "is_all": changes.is_all}

    def _set_mode(self, told: dict[str, object]) -> Told:
        named = told.get("mode")
        if isinstance(named, str):
            if named not in MODES:
                raise ValueError("no such mode")
            self.mode = MODES[named]
        else:
            shares = {name: float(str(told.get(name, 0))) for name in ("latency", "fails", "loses")}
            self.mode = Mode(is_away=told.get("is_away") is True, **shares)
        return 200, {}


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(
        self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler], centre: CardCentreService
    ) -> None:
        super().__init__(address, handler)
        self.centre = centre


class _Handler(BaseHTTPRequestHandler):
    server_version = "CardCentre"
    timeout = 20

    @property
    def _centre(self) -> CardCentreService:
        return cast("_Server", self.server).centre

    def do_POST(self) -> None:  # the name that http.server calls
        body = self.rfile.read(min(int(self.headers.get("Content-Length") or 0), LARGEST))
        if self.path == "/mode":
            return self._choose_mode(body)
        centre, mode = self._centre, self._centre.mode
        is_control = self.path == "/v1/mode"
        if mode.is_away and not is_control:
            return None  # the line goes dead without a word
        request = read_request(centre.key, "POST", self.path, body, dict(self.headers.items()), clock.now())
        if request is None or not centre.books.is_first(request.request_id):
            return self._send(401, b"{}", "")
        centre.requests += 1
        time.sleep(0 if is_control else mode.latency)
        if centre.luck.strikes(mode.fails) and not is_control:
            return self._send_signed(request, 500, {})
        status, said = self._carried_out(request)
        if centre.luck.strikes(mode.loses) and not is_control:
            return None
        return self._send_signed(request, status, said)

    def do_GET(self) -> None:  # the name that http.server calls
        page = _page(self._centre).encode()
        self.send_response(200 if self.path == "/" else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, _format: str, *_args: object) -> None:
        """Say nothing: a request may name a card."""

    def _carried_out(self, request: Request) -> Told:
        try:
            told = wire.loads(request.body)
            return self._centre.answer(request.path, told if isinstance(told, dict) else {})
        except ValueError as error:
            log.warning("a request that cannot be read: %s", error)
            return 400, {"code": "request_invalid"}

    def _choose_mode(self, body: bytes) -> None:
        """Take the choice of whoever stands at the service's own page."""
        chosen = parse_qs(body.decode("ascii", "replace")).get("mode", [""])[0]
        self._centre.mode = MODES.get(chosen, self._centre.mode)
        self.send_response(303)
        self.send_header("Location", "/")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _send_signed(self, request: Request, status: int, said: dict[str, object]) -> None:
        body = json.dumps(said, ensure_ascii=False).encode()
        self._send(status, body, answer_signature(self._centre.key, request.request_id, status, body))

    def _send(self, status: int, body: bytes, signature: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header(SIGNATURE, signature)
        self.end_headers()
        self.wfile.write(body)


def _page(centre: CardCentreService) -> str:
    modes = "".join(
        f'<button name="mode" value="{name}"{" disabled" if mode == centre.mode else ""}>{name}</button> '
        for name, mode in MODES.items()
    )
    rows = "".join(
        f"<tr><td>{card.revision}</td><td>{escape(card.number)}</td><td>{escape(card.status)}</td>"
        f"<td>{escape(card.kind)}</td><td>{escape(card.library)}</td><td>{card.deposit}</td></tr>"
        for card in centre.books.cards()
    )
    return (
        '<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Card centre (simulator)</title>'
        '<h1>Card centre (simulator)</h1><p>How it behaves:</p><form method="post" action="/mode">'
        f"{modes}</form><table><thead><tr><th>Change<th>Card<th>Status<th>Kind<th>Library<th>Deposit</tr></thead>"
        f"<tbody>{rows}</tbody></table></html>"
    )
