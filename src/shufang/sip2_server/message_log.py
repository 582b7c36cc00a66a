"""One structured line (JSON) a message, without secrets or names: a card only as a keyed hash, never with an item."""

import asyncio
import json
import logging
from datetime import datetime
from functools import lru_cache

from django.conf import settings

from shufang.kernel.identifiers import keyed_hash
from shufang.kernel.numbers import as_number

logger = logging.getLogger("shufang.sip2.messages")
WAIT_SECONDS = 0.05
"""Lines are written together, at the latest after this time: a handler call a message would cost a tenth of a checkout."""


class MessageLog:
    """Collects lines and writes them from the loop's thread."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._lines: list[str] = []

    def write(
        self,
        at: datetime,
        connection: str,
        account: str,
        address: str,
        request: str,
        reply: str,
        code: str,
        seconds: float,
        *,
        is_repeat: bool,
        card: str = "",
    ) -> None:
        """Log one message: codes of request and reply, a refusal's code, milliseconds."""
        if not logger.isEnabledFor(logging.INFO):
            return
        told: dict[str, str | float | bool] = {
            "at": at.isoformat(timespec="milliseconds"),
            "connection": connection,
            "account": account,
            "address": address,
            "message": request,
            "reply": reply,
            "code": code,
            "ms": round(seconds * 1000, 2),
        }
        if is_repeat:
            told["repeat"] = True
        if card:
            told["card"] = card_hash(card)
        if not self._lines:
            self._loop.call_later(WAIT_SECONDS, self.flush)
        self._lines.append(json.dumps(told, ensure_ascii=True, separators=(",", ":")))

    def flush(self) -> None:
        """Write what was collected."""
        if self._lines:
            lines, self._lines = self._lines, []
            logger.info("\n".join(lines))


@lru_cache(maxsize=1024)
def card_hash(number: str) -> str:
    """Return the keyed hash of a card's number as the log shows it."""
    return keyed_hash(settings.SHUFANG_LOG_KEY, b"card", as_number(number).encode(errors="surrogatepass")).hex()[:16]
