"""Records to bytes: ISO 2709 and MARCXML, always in UTF-8."""

import re
from xml.sax.saxutils import escape, quoteattr

from shufang.marc.record import DELIMITER, Dialect, Field, Record

NAMESPACE = "http://www.loc.gov/MARC21/slim"
COLLECTION_START = f'<?xml version="1.0" encoding="UTF-8"?>\n<collection xmlns="{NAMESPACE}">\n'.encode()
COLLECTION_END = b"</collection>\n"
_LONGEST_RECORD = 99_999
_LONGEST_FIELD = 9_999
_XML_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class TooLongError(ValueError):
    """A record that ISO 2709 cannot hold: above 99,999 bytes, or a field above 9,999. MARCXML can."""


class UnwritableError(ValueError):
    """A record with a tag that is not three ASCII characters or with a structural character inside a field."""


def to_iso2709(record: Record) -> bytes:
    """Return the record in UTF-8, its lengths counted anew. TooLongError, UnwritableError."""
    directory: list[bytes] = []
    bodies: list[bytes] = []
    start = 0
    for tag, text in record.fields:
        if len(tag) != 3 or not tag.isascii() or any(mark in text for mark in "\x1d\x1e"):
            raise UnwritableError(f"field {tag!r} cannot stand in ISO 2709")
        body = text.encode("utf-8") + b"\x1e"
        if len(body) > _LONGEST_FIELD:
            raise TooLongError(f"field {tag} has {len(body)} bytes, ISO 2709 holds {_LONGEST_FIELD}")
        directory.append(f"{tag}{len(body):04d}{start:05d}".encode("ascii"))
        bodies.append(body)
        start += len(body)
    base = 24 + sum(map(len, directory)) + 1
    length = base + start + 1
    if length > _LONGEST_RECORD:
        raise TooLongError(f"the record has {length} bytes, ISO 2709 holds {_LONGEST_RECORD}")
    return b"".join((_leader(record, length, base), *directory, b"\x1e", *bodies, b"\x1d"))


def _leader(record: Record, length: int, base: int) -> bytes:
    """Leader with new numbers (ISO 2709, 4.3); byte 9 says UTF-8 in MARC 21 and is not defined in CNMARC."""
    old = "".join(sign if " " <= sign <= "~" else " " for sign in record.leader.ljust(24)[:24])
    scheme = "a" if record.dialect is Dialect.MARC21 else old[9]
    end = old[17:20] + ("4500" if record.dialect is Dialect.MARC21 else "450 ")
    return f"{length:05d}{old[5:9]}{scheme}22{base:05d}{end}".encode("ascii")


def to_marcxml(record: Record) -> bytes:
    """Return one `record` element with its namespace, a line a field. Characters that XML forbids are left out."""
    lines = [f'<record xmlns="{NAMESPACE}">', f"  <leader>{_text(record.leader)}</leader>"]
    lines += [_control(field) if DELIMITER not in field.text else _data(field) for field in record.fields]
    lines.append("</record>\n")
    return "\n".join(lines).encode("utf-8")


def _control(field: Field) -> str:
    return f"  <controlfield tag={_attribute(field.tag)}>{_text(field.text)}</controlfield>"


def _data(field: Field) -> str:
    ind = field.indicators
    head = f"  <datafield tag={_attribute(field.tag)} ind1={_attribute(ind[0])} ind2={_attribute(ind[1])}>"
    parts = [f"    <subfield code={_attribute(code)}>{_text(value)}</subfield>" for code, value in field.subfields()]
    return "\n".join([head, *parts, "  </datafield>"])


def _text(value: str) -> str:
    return escape(_XML_FORBIDDEN.sub("", value))


def _attribute(value: str) -> str:
    return quoteattr(_XML_FORBIDDEN.sub("", value))
