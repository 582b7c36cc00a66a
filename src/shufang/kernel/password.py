"""Keeping passwords and PINs: scrypt (RFC 7914), and a memory of those that were right a moment ago.

n = 2**10, r = 8, p = 1: 1.6 ms a check. Django's default takes 200 ms and would stop the machines.
"""

import hmac
import secrets
import threading
from collections import OrderedDict
from hashlib import scrypt, sha256

_N, _R, _P, _LENGTH = 2**10, 8, 1, 32
_UNKNOWN_SALT = bytes(16)


def hash_secret(secret: bytes) -> str:
    """Return `scrypt$1024$salt$hash` (hex) with a fresh salt. ValueError when there is nothing to keep."""
    if not secret:
        raise ValueError("an empty password is never kept")
    salt = secrets.token_bytes(16)
    return f"scrypt${_N}${salt.hex()}${_scrypt(secret, salt).hex()}"


def is_right(secret: bytes, stored: str) -> bool:
    """Say whether `secret` made `stored`. Without a (readable) `stored` the same work is done and the answer is no."""
    salt, expected = _parts(stored)
    found = _scrypt(secret, salt)
    return bool(secret) and hmac.compare_digest(found, expected)


def _scrypt(secret: bytes, salt: bytes) -> bytes:
    return scrypt(secret, salt=salt, n=_N, r=_R, p=_P, dklen=_LENGTH)


def _parts(stored: str) -> tuple[bytes, bytes]:
    match stored.split("$"):
        case ["scrypt", "1024", salt, digest]:
            try:
                return bytes.fromhex(salt), bytes.fromhex(digest)
            except ValueError:
                pass
    return _UNKNOWN_SALT, b""


class RightOnes:
    """A bounded memory of what was found right, oldest out first. Keyed digests with a key of this process only.

    Safe to share between threads.
    """

    def __init__(self, most: int) -> None:
        """Remember at most `most` of them."""
        self._most = most
        self._key = secrets.token_bytes(32)
        self._found: OrderedDict[bytes, None] = OrderedDict()
        self._lock = threading.Lock()

    def knows(self, *parts: bytes) -> bool:
        """Say whether exactly these parts were remembered and not pushed out since."""
        digest = self._digest(parts)
        with self._lock:
            if digest not in self._found:
                return False
            self._found.move_to_end(digest)
            return True

    def remember(self, *parts: bytes) -> None:
        """Remember these parts as right."""
        digest = self._digest(parts)
        with self._lock:
            self._found[digest] = None
            self._found.move_to_end(digest)
            while len(self._found) > self._most:
                self._found.popitem(last=False)

    def forget_all(self) -> None:
        """Forget everything."""
        with self._lock:
            self._found.clear()

    def __len__(self) -> int:
        """Return how many are remembered."""
        with self._lock:
            return len(self._found)

    def _digest(self, parts: tuple[bytes, ...]) -> bytes:
        message = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
        return hmac.new(self._key, message, sha256).digest()
