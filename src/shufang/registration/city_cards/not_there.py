"""Card numbers that the centre did not know a moment ago. In the process's memory, as keyed digests, bounded."""

import threading
from collections import OrderedDict
from time import monotonic

from django.conf import settings

from shufang.kernel.identifiers import keyed_hash
from shufang.kernel.numbers import as_number

SECONDS = 60.0
MOST = 2000


class NotThereLately:
    """A memory of at most MOST numbers for SECONDS each; the oldest go first. Safe between threads."""

    def __init__(self) -> None:
        self._until: OrderedDict[bytes, float] = OrderedDict()
        self._lock = threading.Lock()

    def knows(self, number: str) -> bool:
        """Say whether this number was remembered within SECONDS."""
        with self._lock:
            return self._until.get(_digest(number), 0.0) > monotonic()

    def remember(self, number: str) -> None:
        """Remember a number that the centre does not know."""
        with self._lock:
            self._until[_digest(number)] = monotonic() + SECONDS
            self._until.move_to_end(_digest(number))
            while len(self._until) > MOST:
                self._until.popitem(last=False)

    def forget_all(self) -> None:
        """Forget everything."""
        with self._lock:
            self._until.clear()


def _digest(number: str) -> bytes:
    return keyed_hash(settings.SHUFANG_LOG_KEY, b"not there", as_number(number).encode(errors="replace"))
