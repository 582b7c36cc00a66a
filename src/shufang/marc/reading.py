"""Reading a stream of MARC records, whatever they are wrapped in: ISO 2709 or MARCXML, plain, gzip, xz or bzip2."""

import bz2
import gzip
import lzma
import zlib
from collections.abc import Iterator
from typing import BinaryIO, Protocol, cast

from shufang.marc.framing import Frame, frames
from shufang.marc.iso2709 import Reading, parse
from shufang.marc.marcxml import read_marcxml
from shufang.marc.record import Broken, Form, Position, Reason, Record

_HEAD = 4096

Unit = Frame | Record | Broken


class _Packed(Protocol):
    """What gzip, lzma and bz2 files have: `read1` gives what one step of decompression yields."""

    def read1(self, size: int = -1, /) -> bytes:
        """Return at least one byte, or none at the end."""


class _Unpacked:
    """A compressed stream's content. Where it is damaged it ends, with `failure` set: what came before is good."""

    def __init__(self, packed: _Packed) -> None:
        self.packed = packed
        self.failure = ""

    def read(self, size: int = -1) -> bytes:
        parts: list[bytes] = []
        wanted = size
        while wanted > 0 and not self.failure:
            try:
                part = self.packed.read1(wanted)
            except (EOFError, gzip.BadGzipFile, lzma.LZMAError, zlib.error) as error:
                self.failure = str(error)
                break
            except OSError as error:
                if error.errno is not None:  # The medium fails; bz2 tells of damage by an OSError without a number.
                    raise
                self.failure = str(error)
                break
            if not part:
                break
            parts.append(part)
            wanted -= len(part)
        return b"".join(parts)


class _Prefixed:
    """A stream with its first bytes put back, which counts what it gives."""

    def __init__(self, head: bytes, stream: BinaryIO) -> None:
        self.head = head
        self.stream = stream
        self.offset = 0

    def read(self, size: int = -1) -> bytes:
        block, self.head = (self.head, b"") if self.head else (self.stream.read(size), b"")
        self.offset += len(block)
        return block


def decompressed(stream: BinaryIO) -> BinaryIO:
    """Return the stream's content, by its first bytes: gzip, xz, bzip2 or plain. The stream must be seekable."""
    magic = stream.read(6)
    stream.seek(0)
    if magic.startswith(b"\x1f\x8b"):
        return cast("BinaryIO", _Unpacked(gzip.GzipFile(fileobj=stream)))
    if magic.startswith(b"\xfd7zXZ\x00"):
        return cast("BinaryIO", _Unpacked(lzma.LZMAFile(stream)))
    if magic.startswith(b"BZh"):
        return cast("BinaryIO", _Unpacked(bz2.BZ2File(stream)))
    return stream


def form_of(head: bytes) -> Form:
    """Return the form of a stream by its first bytes: XML begins with `<`, and has none of ISO 2709's field terminators.

    Noise before a damaged first record may begin with `<` too; the terminator (0x1E) behind its directory gives it away.
    """
    start = head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x00")
    return Form.MARCXML if start.startswith(b"<") and b"\x1e" not in head else Form.ISO2709


def read_units(stream: BinaryIO, reading: Reading) -> Iterator[Unit]:
    """Yield what a seekable binary stream is cut into, in order: ISO 2709 as frames still to be parsed (`record_of`).

    One at a time is held, and a block of 1 MiB. Damaged compression comes as a last `Broken`. OSError where the medium
    itself fails.
    """
    content = decompressed(stream)
    head = content.read(_HEAD)
    source = _Prefixed(head, content)
    number = 0
    if form_of(head) is Form.MARCXML:
        for found in read_marcxml(cast("BinaryIO", source), reading):
            number = found.position.number
            yield found
    else:
        for frame in frames(cast("BinaryIO", source)):
            number = frame.number
            yield frame
    if isinstance(content, _Unpacked) and content.failure:
        sentence = f"the compressed file is damaged: {content.failure}"
        yield Broken(Position(number + 1, source.offset), Reason.COMPRESSION, sentence, b"")


def record_of(unit: Unit, reading: Reading) -> Record | Broken:
    """Return the record of a unit, or why there is none. Never raises for any bytes."""
    return parse(unit, reading) if isinstance(unit, Frame) else unit


def read_records(stream: BinaryIO, reading: Reading | None = None) -> Iterator[Record | Broken]:
    """Yield every record of a seekable binary stream, in order. `reading` overrides dialect and encoding.

    Records that cannot be read come out as `Broken`. OSError where the medium itself fails.
    """
    how = reading or Reading()
    for unit in read_units(stream, how):
        yield record_of(unit, how)
