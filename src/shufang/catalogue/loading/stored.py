"""A record out of the catalogue, understood as it was when it was loaded."""

import io

from shufang.catalogue.models import KeptRecord
from shufang.marc.iso2709 import Reading
from shufang.marc.reading import read_records
from shufang.marc.record import Broken, Dialect, Position, Reason, Record, Repair


def stored_record(stored: KeptRecord) -> Record | Broken:
    """Return the record of a row. One that was read in an encoding which it does not tell itself counts as repaired."""
    raw = bytes(stored.raw)
    dialect = Dialect(stored.format)
    found = _read(raw, Reading(dialect))
    if isinstance(found, Record) and found.encoding == stored.encoding:
        return found
    found = _read(raw, Reading(dialect, stored.encoding))
    if isinstance(found, Record):
        found.repairs = (*found.repairs, Repair.ENCODING_FLAG)
    return found


def _read(raw: bytes, reading: Reading) -> Record | Broken:
    nothing = Broken(Position(1, 0), Reason.NOT_A_RECORD, "the stored record is empty", raw)
    return next(read_records(io.BytesIO(raw), reading), nothing)
