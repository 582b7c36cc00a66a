"""The card centre's client: JSON over HTTP(S), signed both ways. Whatever goes wrong on the way is `Away`."""

import json
import secrets
import ssl
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from shufang.kernel import clock
from shufang.kernel.refusal import Refusal
from shufang.registration.authority import wire
from shufang.registration.authority.interface import Accepted, Away, Changes, CityAnswer, Message, NotThere
from shufang.registration.authority.signing import SIGNATURE, Request, is_answer

LARGEST = 2**20
_OK, _NOT_FOUND, _CONFLICT = 200, 404, 409


class CardCentre:
    """A line to the centre; no connection is kept between requests. `seconds`: how long each step may take."""

    is_here = False

    def __init__(self, url: str, account: str, key: bytes, seconds: float) -> None:
        self._url = urlsplit(url)
        self._account = account
        self._key = key
        self._seconds = seconds

    def look_up(self, number: str, pin: str = "") -> CityAnswer | NotThere | Away:
        """Ask for a card, with `pin` whether that is right."""
        return self._card("/v1/cards/look-up", {"number": number, "pin": pin})

    def look_for(self, person: bytes) -> CityAnswer | NotThere | Away:
        """Ask for the good card of a person."""
        return self._card("/v1/persons/look-up", {"person": person.hex()})

    def tell(self, message: Message) -> Accepted | Refusal | Away:
        """Tell what happened, under the message's own key."""
        told = self._ask("/v1/messages", wire.write_message(message), message.key)
        if isinstance(told, Away):
            return told
        status, values = told
        revision, code = values.get("revision"), values.get("code")
        if status == _OK and isinstance(revision, int):
            return Accepted(revision)
        if status in {_NOT_FOUND, _CONFLICT} and isinstance(code, str) and code:
            return Refusal(code[:40])
        return Away("an answer that cannot be read", broke_down=True)

    def changes(self, after: int) -> Changes | Away:
        """Ask what has changed."""
        told = self._ask("/v1/changes", {"after": after})
        if isinstance(told, Away):
            return told
        try:
            return wire.read_changes(told[1])
        except ValueError as error:
            return Away(f"an answer that cannot be read: {error}"[:60])

    def set_mode(self, mode: str) -> Away | None:
        """Tell a simulated centre how to behave (simulator/modes.py)."""
        told = self._ask("/v1/mode", {"mode": mode})
        return told if isinstance(told, Away) else None

    def _card(self, path: str, asked: dict[str, object]) -> CityAnswer | NotThere | Away:
        told = self._ask(path, asked)
        if isinstance(told, Away):
            return told
        status, values = told
        if status == _NOT_FOUND:
            return NotThere()
        try:
            return wire.read_answer(values)
        except ValueError as error:
            return Away(f"an answer that cannot be read: {error}"[:60])

    def _ask(self, path: str, asked: dict[str, object], key: str = "") -> tuple[int, dict[str, object]] | Away:
        """Return status (200, 404 or 409) and values of an answer that is truly the centre's."""
        body = json.dumps({**asked, "key": key} if key else asked).encode()
        request = Request("POST", self._url.path + path, body, self._account, secrets.token_hex(16), clock.now())
        try:
            status, said, signature = self._send(request)
        except (OSError, HTTPException) as error:
            return Away(type(error).__name__)
        if not is_answer(self._key, request.request_id, status, said, signature):
            return Away(f"an answer {status} that is not signed")
        if status not in {_OK, _NOT_FOUND, _CONFLICT}:
            return Away(f"status {status}", broke_down=True)
        try:
            values = wire.loads(said)
        except ValueError:
            values = None
        return (status, values) if isinstance(values, dict) else Away("an answer that is no JSON", broke_down=True)

    def _send(self, request: Request) -> tuple[int, bytes, str]:
        line = self._line()
        try:
            headers = {**request.headers(self._key), "Content-Type": "application/json", "Connection": "close"}
            line.request(request.method, request.path, request.body, headers)
            response = line.getresponse()
            return response.status, response.read(LARGEST), response.headers.get(SIGNATURE, "")
        finally:
            line.close()

    def _line(self) -> HTTPConnection:
        host = self._url.hostname or ""
        if self._url.scheme == "https":
            return HTTPSConnection(host, self._url.port, timeout=self._seconds, context=ssl.create_default_context())
        return HTTPConnection(host, self._url.port, timeout=self._seconds)
