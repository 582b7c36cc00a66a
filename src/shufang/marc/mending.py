"""Two kinds of damage that can be undone byte for byte, because the record's own numbers prove the result."""

from collections.abc import Iterator

from shufang.marc.record import Repair


def mended_bytes(raw: bytes) -> Iterator[tuple[bytes, Repair]]:
    """Yield what `raw` may have been before: not wrapped into lines, or not encoded as UTF-8 once too often.

    The caller accepts one only if leader and directory then agree with every byte.
    """
    said = raw[:5]
    length = int(said) if said.isdigit() else 0
    if b"\n" in raw or b"\r" in raw:
        unwrapped = raw.replace(b"\r", b"").replace(b"\n", b"")
        if len(unwrapped) == length:
            yield unwrapped, Repair.LINE_ENDS
        unix = raw.replace(b"\r\n", b"\n")
        if len(unix) == length:
            yield unix, Repair.LINE_ENDS
    if len(raw) > length and not raw.isascii():
        try:
            once = raw.decode("utf-8").encode("latin-1")
        except UnicodeError:
            return
        if len(once) == length:
            yield once, Repair.TWICE_ENCODED
