"""Signed requests and answers between us and the card centre: HMAC-SHA-256 under the shared key. No Django, no I/O.

A request's signature covers method, path, account, time, request id and body; it is believed for five minutes, and each
request id once. An answer's covers the request id, the status and the body, so that no answer can serve another request.
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from shufang.kernel.identifiers import keyed_hash

ACCOUNT, TIME, REQUEST, SIGNATURE = "Shufang-Account", "Shufang-Time", "Shufang-Request", "Shufang-Signature"
BELIEVED_FOR = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Request:
    """What is signed of a request."""

    method: str
    path: str
    body: bytes
    account: str
    request_id: str
    at: datetime

    def headers(self, key: bytes) -> dict[str, str]:
        """Return the headers that sign it."""
        told = self.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        signature = _request_signature(key, self, told)
        return {ACCOUNT: self.account, TIME: told, REQUEST: self.request_id, SIGNATURE: signature}


def read_request(
    key: bytes, method: str, path: str, body: bytes, headers: Mapping[str, str], now: datetime
) -> Request | None:
    """Return a request that was signed with `key` within BELIEVED_FOR of `now`; None for any other."""
    told = headers.get(TIME, "")
    try:
        at = datetime.strptime(told, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None
    request = Request(method, path, body, headers.get(ACCOUNT, ""), headers.get(REQUEST, ""), at)
    is_right = hmac.compare_digest(_request_signature(key, request, told).encode(), headers.get(SIGNATURE, "").encode())
    return request if is_right and request.request_id and abs(now - at) <= BELIEVED_FOR else None


def answer_signature(key: bytes, request_id: str, status: int, body: bytes) -> str:
    """Return the signature of an answer."""
    return keyed_hash(key, b"answer", request_id.encode(), str(status).encode(), body).hex()


def is_answer(key: bytes, request_id: str, status: int, body: bytes, signature: str) -> bool:
    """Say whether this is the centre's own answer to this very request."""
    return hmac.compare_digest(answer_signature(key, request_id, status, body).encode(), signature.encode())


def _request_signature(key: bytes, request: Request, told: str) -> str:
    parts = (request.method, request.path, request.account, told, request.request_id)
    return keyed_hash(key, b"request", *(part.encode(errors="replace") for part in parts), request.body).hex()
