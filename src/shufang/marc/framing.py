"""Cutting a byte stream into ISO 2709 records, and finding the next one after damage.

A record ends with 0x1D, which no character set in use has inside a character; its leader's first five digits say its
length (ISO 2709, 4.3). Where the two disagree the terminator is believed: lengths lie after careless conversions and
cannot say more than 99,999. The length is believed only where it reaches past a 0x1D to another one and the
directory agrees (a stray 0x1D inside a field).
"""

import re
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

TERMINATOR = b"\x1d"
FIELD_END = b"\x1e"
LEADER_LENGTH = 24
BLOCK = 1 << 20
LONGEST = 16 << 20  # The longest real record that we know has 1.1 million bytes.
FILLER = b" \t\r\n\x00\x1a\x1d"
_BOM = b"\xef\xbb\xbf"
LEADER = re.compile(
    rb"[0-9]{5}[a-z #|-][a-z][\x20-\x7e]{5}[0-9]{5}[\x20-\x7e]{3}4[\x20-\x7e]{3}(?=[0-9A-Za-z]{3}[0-9]{9}|\x1e)"
)


class Frame(NamedTuple):
    """Bytes that ought to be one record. `ended` says whether its 0x1D stands; `overlong` that it was cut at LONGEST."""

    number: int
    offset: int
    raw: bytes
    ended: bool
    overlong: bool = False


class _Cutter:
    """The bytes not yet cut, the offset of their first one, and how many frames went before."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream
        self.buffer = b""
        self.place = 0
        self.offset = 0
        self.number = 0

    def fill(self) -> bool:
        """Read one block more; False at the end of the stream."""
        block = self.stream.read(BLOCK)
        if not block:
            return False
        self.offset += self.place
        self.buffer = self.buffer[self.place :] + block
        self.place = 0
        return True

    def next_end(self) -> int:
        """Return the index after the next 0x1D, reading as far as needed; -1 when none is near or none follows."""
        searched = self.place
        while (end := self.buffer.find(TERMINATOR, searched)) < 0:
            searched = len(self.buffer) - self.place
            if searched > LONGEST or not self.fill():
                return -1
        return end + 1

    def frame(self, start: int, end: int, *, ended: bool, overlong: bool = False) -> Frame:
        self.number += 1
        return Frame(self.number, self.offset + start, self.buffer[start:end], ended, overlong)


def frames(stream: BinaryIO) -> Iterator[Frame]:
    """Yield the frames of a stream in order. Filler between records (blanks, line ends, 0x00, 0x1A) is passed over."""
    cutter = _Cutter(stream)
    while True:
        end = cutter.next_end()
        if end < 0:
            start = cutter.place
            rest = len(cutter.buffer)
            if rest - start > LONGEST:
                yield cutter.frame(start, rest, ended=False, overlong=True)
                cutter.place = rest
                continue
            yield from _untangle(cutter, start, rest, ended=False)
            return
        start = cutter.place
        if not _says_length(cutter.buffer, start, end - start):
            end = _beyond_stray_terminator(cutter, end)
            start = cutter.place
        if _says_length(cutter.buffer, start, end - start):
            yield cutter.frame(start, end, ended=True)
        else:
            yield from _untangle(cutter, start, end, ended=True)
        cutter.place = end


def _says_length(buffer: bytes, start: int, length: int) -> bool:
    said = buffer[start : start + 5]
    return said.isdigit() and int(said) == length


def _beyond_stray_terminator(cutter: _Cutter, end: int) -> int:
    """Return the record's true end where a 0x1D inside a field cut it short, else `end`, moved if the buffer moved."""
    said = cutter.buffer[cutter.place : cutter.place + 5]
    reach = int(said) if said.isdigit() else 0
    length = end - cutter.place
    if reach <= length:
        return end
    while len(cutter.buffer) - cutter.place < reach:
        if not cutter.fill():
            return cutter.place + length
    whole = cutter.buffer[cutter.place : cutter.place + reach]
    if whole.endswith(TERMINATOR) and not LEADER.match(whole, length) and _directory_reaches(whole):
        return cutter.place + reach
    return cutter.place + length


def _directory_reaches(raw: bytes) -> bool:
    """Whether the furthest field that the directory names ends just before the record's terminator."""
    base = raw.find(FIELD_END) + 1
    directory = raw[LEADER_LENGTH : base - 1]
    if not directory.isdigit() or len(directory) % 12:
        return False
    ends = (int(directory[at + 3 : at + 7]) + int(directory[at + 7 : at + 12]) for at in range(0, len(directory), 12))
    return base + max(ends, default=0) + 1 == len(raw)


def _untangle(cutter: _Cutter, start: int, end: int, *, ended: bool) -> Iterator[Frame]:
    """Cut what stands before one 0x1D, or the stream's end, into filler, rubbish, records that lack their end, and one."""
    buffer = cutter.buffer
    start = _after_filler(buffer, start, end)
    if start >= end:
        return
    found = LEADER.search(buffer, start, end)
    if found and found.start() > start:
        yield cutter.frame(start, found.start(), ended=False)
        start = found.start()
    for inner in LEADER.finditer(buffer, start + LEADER_LENGTH, end):
        if _says_length(buffer, inner.start(), end - inner.start()):
            yield cutter.frame(start, inner.start(), ended=False)
            start = inner.start()
            break
    yield cutter.frame(start, end, ended=ended)


def _after_filler(buffer: bytes, start: int, end: int) -> int:
    while start < end:
        if buffer[start] in FILLER:
            start += 1
        elif buffer.startswith(_BOM, start):
            start += 3
        else:
            return start
    return end
