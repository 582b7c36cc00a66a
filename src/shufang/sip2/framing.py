"""Finding lines in a stream of bytes: any cut of the stream gives the same lines."""

from collections.abc import Iterator

from shufang.sip2.errors import DecodingError, Fault

LONGEST_LINE = 4096
"""Bytes. The longest request with every field full has under 3,000."""


class Framer:
    """Collects bytes and gives whole lines, without their ends and without blanks before them."""

    __slots__ = ("_ends", "_limit", "_rest")

    def __init__(self, line_ends: bytes = b"\r\n", limit: int = LONGEST_LINE) -> None:
        self._rest = b""
        self.change_ends(line_ends)
        self._limit = limit

    def change_ends(self, line_ends: bytes) -> None:
        """Take other bytes as ends of lines from now on (the dialect is known after the login)."""
        self._ends = line_ends

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield the lines that `data` completes. DecodingError (too_long) when a line outgrows the limit; then hang up."""
        rest = self._rest + data if self._rest else data
        if len(self._ends) > 1:
            rest = rest.replace(b"\n", b"\r")
        end = b"\r" if b"\r" in self._ends else b"\n"
        *lines, self._rest = rest.split(end)
        for line in lines:
            if len(line) > self._limit:
                raise DecodingError(Fault.TOO_LONG)
            whole = line.lstrip(b" \t\r\n\0").rstrip(b"\r\n\0")
            if whole:
                yield whole
        if len(self._rest) > self._limit:
            raise DecodingError(Fault.TOO_LONG)
