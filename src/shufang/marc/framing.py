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
    rb"[0-9]{5}[\x20-\x7e](?![0-9])[\x20-\x7e]{6}[0-9]{5}[\x20-\x7e]{3}4[\x20-\x7e]{3}(?=[0-9A-Za-z]{3}[0-9]{9}|\x1e)"
)
"""What may begin a record. Some systems leave bytes 5 to 8 blank; a figure in byte 6 would make directories look so."""

_STRICT = re.compile(rb"[0-9]{5}[a-z #|-][a-z]")
_ENTRY = 12


class Frame(NamedTuple):
    """Bytes that ought to be one record. `ended` says whether its 0x1D stands; `overlong` that it was cut at LONGEST.

    `run_on`: it has no 0x1D and the leader of another record stands where it was cut.
    """

    number: int
    offset: int
    raw: bytes
    ended: bool
    overlong: bool = False
    run_on: bool = False


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

    def frame(self, start: int, end: int, *, ended: bool, overlong: bool = False, run_on: bool = False) -> Frame:
        self.number += 1
        return Frame(self.number, self.offset + start, self.buffer[start:end], ended, overlong, run_on)


def frames(stream: BinaryIO) -> Iterator[Frame]:
    """Yield the frames of a stream in order. Filler between records (blanks, line ends, 0x00, 0x1A) is passed over."""
    cutter = _Cutter(stream)
    while True:
        end = cutter.next_end()
        if end < 0:
            start = cutter.place
            rest = len(cutter.buffer)
            if rest - start > LONGEST:
                yield from _untangle_far(cutter, start, rest)
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
    if whole.endswith(TERMINATOR) and not LEADER.match(whole, length) and _is_whole(whole, 0, reach):
        return cutter.place + reach
    return cutter.place + length


def _is_whole(buffer: bytes, start: int, length: int) -> bool:
    """Whether each field that the directory names ends with its mark, the furthest just before the record's end."""
    base = buffer.find(FIELD_END, start + LEADER_LENGTH, start + length) + 1
    if not base:
        return False
    directory = buffer[start + LEADER_LENGTH : base - 1]
    if not directory or len(directory) % _ENTRY:
        return False
    furthest = 0
    for at in range(0, len(directory), _ENTRY):
        numbers = directory[at + 3 : at + _ENTRY]
        if not numbers.isdigit():
            return False
        end = base + int(numbers[:4]) + int(numbers[4:])
        if buffer[end - 1 : end] != FIELD_END:
            return False
        furthest = max(furthest, end)
    return furthest + 1 == start + length


def _untangle(cutter: _Cutter, start: int, end: int, *, ended: bool) -> Iterator[Frame]:
    """Cut what stands before one 0x1D, or the stream's end, into filler, rubbish, and records most of which lack it."""
    for first, last in _pieces(cutter.buffer, start, end):
        run_on = last < end
        yield cutter.frame(first, last, ended=ended and not run_on, run_on=run_on)


def _untangle_far(cutter: _Cutter, start: int, end: int) -> Iterator[Frame]:
    """Cut what has no 0x1D for LONGEST bytes; its last piece may go on and stays, unless it is all there is."""
    pieces = list(_pieces(cutter.buffer, start, end))
    if len(pieces) == 1:
        yield cutter.frame(start, end, ended=False, overlong=True)
        cutter.place = end
        return
    for first, last in pieces[:-1]:
        yield cutter.frame(first, last, ended=False, run_on=True)
    cutter.place = pieces[-1][0] if pieces else end


def _pieces(buffer: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield where records and rubbish begin and end: a record where its own numbers prove it, else at the next leader."""
    begin = _after_filler(buffer, start, end)
    leader = _next_leader(buffer, begin, end)
    while begin < end:
        if begin < leader:
            yield begin, leader
            begin = leader
            continue
        stop = begin + int(buffer[begin : begin + 5])
        if stop <= end + 1 and _is_whole(buffer, begin, stop - begin):
            stop -= stop != end  # Without its 0x1D, which stands at the end alone.
            leader = _next_leader(buffer, stop, end)
        else:
            stop = leader = _next_leader(buffer, begin + LEADER_LENGTH, end)
        yield begin, stop
        begin = _after_filler(buffer, stop, end)


def _next_leader(buffer: bytes, start: int, end: int) -> int:
    """Return where the next record may begin, or `end`. Without the usual letters its base address must be right."""
    while found := LEADER.search(buffer, start, end):
        at = found.start()
        mark = at + int(buffer[at + 12 : at + 17]) - 1
        if _STRICT.match(buffer, at):
            return at
        if buffer[mark : mark + 1] == FIELD_END and buffer.find(FIELD_END, at + LEADER_LENGTH, mark) < 0:
            return at
        start = at + 1
    return end


def _after_filler(buffer: bytes, start: int, end: int) -> int:
    while start < end:
        if buffer[start] in FILLER:
            start += 1
        elif buffer.startswith(_BOM, start):
            start += 3
        else:
            return start
    return end
