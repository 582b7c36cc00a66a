"""One ISO 2709 record: bytes to fields, by its directory where that is right, else by the field terminators."""

import re
from itertools import accumulate, chain, pairwise
from typing import NamedTuple

from shufang.marc.charset import EncodingError, decode_fields
from shufang.marc.dialect import dialect_of
from shufang.marc.framing import FIELD_END, FILLER, LEADER, LEADER_LENGTH, Frame
from shufang.marc.mending import mended_bytes
from shufang.marc.record import Broken, Dialect, Field, Form, Position, Reason, Record, Repair

_ENTRY = 12
_OVERSIZE = 9999
_ENTRIES = re.compile(r"(.{3})(.{4})(.{5})", re.DOTALL)
_WELL_BEGUN = re.compile(rb"\x1e[\x00-\x1d\x20-\x7f]{2}\x1f")
_STRANGE_CODE = re.compile(rb"\x1f[\x80-\xff]")


class Reading(NamedTuple):
    """How records are to be understood: None leaves the dialect or the encoding to the record itself."""

    dialect: Dialect | None = None
    encoding: str | None = None


class Unreadable(Exception):  # noqa: N818 - it is caught one function above and is the reason, not an error of ours.
    """Why a record cannot be read."""

    def __init__(self, reason: Reason, sentence: str) -> None:
        super().__init__(sentence)
        self.reason = reason
        self.sentence = sentence


class _Layout(NamedTuple):
    """The fields as bytes, with their tags, and what had to be repaired to find them."""

    tags: list[str]
    data: bytes
    repairs: tuple[Repair, ...]


def parse(frame: Frame, reading: Reading) -> Record | Broken:
    """Return the record of a frame, or why there is none. Never raises for any bytes."""
    position = Position(frame.number, frame.offset)
    if frame.overlong:
        return Broken(position, Reason.TOO_LONG, "no record ends within 16 MiB", frame.raw)
    try:
        layout = _layout(frame)
        mended = _mended(frame, position, reading) if Repair.RECORD_LENGTH in layout.repairs else None
        return mended or _record(frame.raw, layout, position, reading)
    except Unreadable as unreadable:
        return _mended(frame, position, reading) or Broken(position, unreadable.reason, unreadable.sentence, frame.raw)


def _mended(frame: Frame, position: Position, reading: Reading) -> Record | None:
    """Return the record as it was before it was wrapped into lines or encoded twice, if that explains every byte."""
    for raw, repair in mended_bytes(frame.raw):
        try:
            layout = _layout(frame._replace(raw=raw))
            if layout.repairs:
                continue
            record = _record(raw, layout, position, reading)
        except Unreadable:
            continue
        record.raw = frame.raw
        record.repairs = (repair, *record.repairs)
        return record
    return None


def _record(raw: bytes, layout: _Layout, position: Position, reading: Reading) -> Record:
    leader = raw[:LEADER_LENGTH].decode("latin-1")
    if Repair.LEADER in layout.repairs:
        leader = leader[:23] + "0"
    dialect = reading.dialect or dialect_of(layout.tags, leader)
    try:
        texts, encoding, overlooked = decode_fields(layout.data, raw[9:10], dialect, reading.encoding)
    except EncodingError as error:
        raise Unreadable(Reason.ENCODING, str(error)) from error
    repairs = layout.repairs + overlooked
    fields = list(map(Field._make, zip(layout.tags, texts, strict=True)))
    return Record(leader, fields, raw, position, dialect, Form.ISO2709, encoding, repairs + _oddities(layout))


def _oddities(layout: _Layout) -> tuple[Repair, ...]:
    """What is not as the standard wants it but can be read: indicators, codes, a record terminator inside a field."""
    odd: list[Repair] = []
    data_fields = sum(1 for tag in layout.tags if tag[:2] != "00")
    if len(_WELL_BEGUN.findall(FIELD_END + layout.data)) != data_fields:
        odd.append(Repair.INDICATORS)
    if _STRANGE_CODE.search(layout.data):
        odd.append(Repair.SUBFIELD_CODE)
    if b"\x1d" in layout.data:
        odd.append(Repair.CONTROL_CHARACTER)
    return tuple(odd)


def _layout(frame: Frame) -> _Layout:
    raw = frame.raw
    if not raw[:LEADER_LENGTH].isascii() and FIELD_END in raw:
        raise Unreadable(Reason.LEADER, "the leader holds a byte that is no ASCII")
    base = raw.find(FIELD_END) + 1
    if not base and not frame.ended and LEADER.match(raw):
        raise Unreadable(Reason.TRUNCATED, f"the record ends after {len(raw)} bytes, in its directory{_next(frame)}")
    if base < LEADER_LENGTH or raw[:5].strip(b"0123456789 "):
        raise Unreadable(Reason.NOT_A_RECORD, "these bytes have no leader and directory")
    repairs: list[Repair] = []
    said = raw[:5]
    if not said.isdigit() or int(said) != len(raw):
        repairs.append(Repair.RECORD_LENGTH)
    if not frame.ended:
        _refuse_truncated(frame, repairs)
    end = len(raw) - 1 if frame.ended else len(raw.rstrip(FILLER))
    if raw[end - 1 : end] == FIELD_END:
        end -= 1
    else:
        repairs.append(Repair.TERMINATOR)
    return _fields(raw, base, end, repairs)


def _next(frame: Frame) -> str:
    return "; the next one follows without an end mark (0x1D) between" if frame.run_on else ""


def _refuse_truncated(frame: Frame, repairs: list[Repair]) -> None:
    """A record without its 0x1D is whole only if nothing but that byte is missing."""
    raw = frame.raw
    said = raw[:5]
    body = raw.rstrip(FILLER)
    whole = body.endswith(FIELD_END) and said.isdigit() and int(said) in {len(body), len(body) + 1}
    if not whole:
        sentence = f"the record ends after {len(raw)} bytes, its leader says {said.decode('latin-1')}{_next(frame)}"
        raise Unreadable(Reason.TRUNCATED, sentence)
    repairs.append(Repair.TERMINATOR)


def _fields(raw: bytes, base: int, end: int, repairs: list[Repair]) -> _Layout:
    directory, data = raw[LEADER_LENGTH : base - 1], raw[base:end]
    pieces = data.split(FIELD_END)
    base_is_right = raw[12:17] == b"%05d" % base
    if base_is_right and (tags := _walk(directory, pieces)) is not None:
        if len(directory) != _ENTRY * len(tags):
            repairs.append(Repair.DIRECTORY)
        return _Layout(tags, data, tuple(repairs))
    displaced = _displaced(raw, base, end)
    if displaced is not None:
        return displaced._replace(repairs=(*repairs, *displaced.repairs))
    if not base_is_right:
        repairs.append(Repair.BASE_ADDRESS)
    if base == LEADER_LENGTH + 1:
        raise Unreadable(Reason.NO_FIELDS, "the record has no fields")
    if len(directory) % _ENTRY or not directory.isascii():
        raise Unreadable(Reason.DIRECTORY, f"the directory has {len(directory)} bytes, no multiple of 12")
    entries = _entries(directory.decode("ascii"))
    picked = _by_directory(entries, data)
    if picked is None:
        picked = _by_terminators(entries, pieces)
        repairs.append(Repair.DIRECTORY)
    return _Layout([tag for tag, _, _ in entries], FIELD_END.join(picked), tuple(repairs))


def _walk(directory: bytes, pieces: list[bytes]) -> list[str] | None:
    """Return the tags of a directory that says exactly how the pieces follow one another, as nearly every one does."""
    if not directory.isascii():
        return None
    text = directory.decode("ascii")
    if len(text) != _ENTRY * len(pieces):
        return _walk_wide(text, pieces)
    tags = list(map("".join, zip(text[0::12], text[1::12], text[2::12], strict=True)))
    lengths = [len(piece) + 1 for piece in pieces]
    starts = accumulate(lengths, initial=0)
    said = "%s%04d%05d" * len(tags) % tuple(chain.from_iterable(zip(tags, lengths, starts, strict=False)))
    return tags if said == text else None


def _walk_wide(directory: str, pieces: list[bytes]) -> list[str] | None:
    """As `_walk`, for entries of more than 12 bytes: a length of five digits, a start of six (above 99,999 bytes)."""
    tags: list[str] = []
    offset = at = 0
    for piece in pieces:
        length = len(piece) + 1
        said = f"{length:04d}{offset:05d}"
        after = at + 3 + len(said)
        if directory[at + 3 : after] != said:
            return None
        tags.append(directory[at : at + 3])
        offset += length
        at = after
    return tags if at == len(directory) else None


def _number(digits: str) -> int:
    """Return the number that digits say, -1 if they say none."""
    return int(digits) if digits.isdigit() else -1


def _displaced(raw: bytes, base: int, end: int) -> _Layout | None:
    """Return the fields where only the base address, the directory's end or one byte of the leader is wrong."""
    said = int(raw[12:17]) if raw[12:17].isdigit() else 0
    guesses = (
        (LEADER_LENGTH, base, Repair.BASE_ADDRESS),
        (LEADER_LENGTH, said, Repair.TERMINATOR),
        (LEADER_LENGTH - 1, base, Repair.LEADER),
    )
    for start, begin, repair in guesses:
        if not start < begin - 1 < end:
            continue
        data = raw[begin:end]
        tags = _walk(raw[start : begin - 1], data.split(FIELD_END))
        if tags is not None:
            return _Layout(tags, data, (repair,))
    return None


def _entries(directory: str) -> list[tuple[str, int, int]]:
    """Return (tag, length, start) of each entry; -1 for a number that is none."""
    return [(tag, _number(length), _number(start)) for tag, length, start in _ENTRIES.findall(directory)]


def _by_directory(entries: list[tuple[str, int, int]], data: bytes) -> list[bytes] | None:
    """Return the fields where every entry names exactly one, in any order, and none is left over; else None."""
    closed = data + FIELD_END
    picked: list[bytes] = []
    for _, length, start in entries:
        piece = closed[start : start + length] if start >= 0 and length > 0 else b""
        starts_well = start == 0 or closed[start - 1 : start] == FIELD_END
        if len(piece) != length or piece.find(FIELD_END) != length - 1 or not starts_well:
            return None
        picked.append(piece[:-1])
    starts = {start for _, _, start in entries}
    if len(starts) != len(entries) or sum(map(len, picked)) + len(picked) != len(closed):
        return None
    return picked


def _by_terminators(entries: list[tuple[str, int, int]], pieces: list[bytes]) -> list[bytes]:
    """Return the fields by counting terminators, where the directory's numbers are wrong but its tags must be right."""
    if len(pieces) != len(entries):
        raise Unreadable(Reason.DIRECTORY, f"the directory names {len(entries)} fields, the record has {len(pieces)}")
    for (tag, _, _), piece in zip(entries, pieces, strict=True):
        is_control = tag[:2] == "00"
        if (is_control and b"\x1f" in piece) or (not is_control and b"\x1f" not in piece[:5] and piece):
            raise Unreadable(Reason.DIRECTORY, f"the directory is wrong: no field {tag} stands where its turn is")
    fitting = sum(1 for (_, length, _), piece in zip(entries, pieces, strict=True) if _fits(length, len(piece) + 1))
    if _is_shuffled(entries) and fitting < len(pieces):
        raise Unreadable(Reason.DIRECTORY, "the directory's numbers are wrong and its fields are not in order")
    return pieces


def _fits(said: int, length: int) -> bool:
    """Whether a directory entry may say this length; four digits cannot hold one above 9,999."""
    return said == length or (length > _OVERSIZE and said in {_OVERSIZE, 0, length % 10_000})


def _is_shuffled(entries: list[tuple[str, int, int]]) -> bool:
    """Whether starts go back other than by running over 99,999, so that the n-th entry may not be the n-th field."""
    starts = [start for _, _, start in entries]
    return any(later < earlier - 1 and earlier - later < 50_000 for earlier, later in pairwise(starts))
