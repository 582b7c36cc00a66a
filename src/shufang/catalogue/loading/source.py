"""Whose number a record's 001 is: its source, which with the number names the title in the catalogue."""

import re
from hashlib import sha256

from shufang.catalogue.loading import cnmarc, marc21
from shufang.catalogue.loading.texts import clean
from shufang.catalogue.loading.title_values import TitleValues
from shufang.marc.record import Dialect, Record

LONGEST = 60
_CONTROLS = re.compile("[\x00-\x1f\x7f]")


def source_of(record: Record, default: str) -> str:
    """Return MARC 21's 003, CNMARC's 801 $b (the agency of origin first), else `default`, the load profile's name."""
    if record.dialect is Dialect.MARC21:
        said = record.control("003")
    else:
        agencies = record.all("801")
        agencies.sort(key=lambda field: field.indicators[1] != "0")
        said = agencies[0].first("b") if agencies else ""
    return clean(said)[:LONGEST] or default


def title_values(record: Record, source: str) -> TitleValues:
    """Return the title of a record. A record without a number, or with one too long, gets one made from its bytes."""
    extract = marc21.extract if record.dialect is Dialect.MARC21 else cnmarc.extract
    values = extract(record, source)
    values.control_number = _CONTROLS.sub("", values.control_number)
    if not values.control_number or len(values.control_number) > LONGEST:
        values.control_number = f"sha256:{sha256(record.raw).hexdigest()[:48]}"
    return values
