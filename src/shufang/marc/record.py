"""What a MARC stream yields: a `Record` that could be read, or a `Broken` one with its place and reason."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

DELIMITER = "\x1f"


class Dialect(StrEnum):
    """Which tags mean what: MARC 21, or CNMARC (the Chinese UNIMARC)."""

    MARC21 = "marc21"
    CNMARC = "cnmarc"


class Form(StrEnum):
    """How a record is written down: ISO 2709 or MARCXML."""

    ISO2709 = "iso2709"
    MARCXML = "marcxml"


class Reason(StrEnum):
    """Why a record could not be read. The value is stable and for machines."""

    NOT_A_RECORD = "not_a_record"
    TRUNCATED = "truncated"
    LEADER = "leader"
    DIRECTORY = "directory"
    NO_FIELDS = "no_fields"
    ENCODING = "encoding"
    TOO_LONG = "too_long"
    XML = "xml"
    COMPRESSION = "compression"


class Repair(StrEnum):
    """What was wrong with a record that could be read all the same; structural ones end its byte-faithful export."""

    LEADER = "leader"
    RECORD_LENGTH = "record_length"
    BASE_ADDRESS = "base_address"
    DIRECTORY = "directory"
    TAG = "tag"
    TERMINATOR = "terminator"
    LINE_ENDS = "line_ends"
    TWICE_ENCODED = "twice_encoded"
    ENCODING_FLAG = "encoding_flag"
    INDICATORS = "indicators"
    SUBFIELD_CODE = "subfield_code"
    CONTROL_CHARACTER = "control_character"


class Position(NamedTuple):
    """Where a record stands: its number in the stream, from 1, and the offset of its first byte, uncompressed."""

    number: int
    offset: int


class Field(NamedTuple):
    """One field. `text` is a control field's data, else two indicators and subfields, each begun by 0x1F and a code."""

    tag: str
    text: str

    @property
    def indicators(self) -> str:
        """The two indicators, blanks where the record has none; two blanks for a control field."""
        return self.text.split(DELIMITER, 1)[0].ljust(2)[:2] if DELIMITER in self.text else "  "

    def subfields(self) -> list[tuple[str, str]]:
        """Return (code, value) pairs in the record's order; empty for a control field."""
        return [(part[:1], part[1:]) for part in self.text.split(DELIMITER)[1:]]

    def first(self, code: str) -> str:
        """Return the first value of `code`, or the empty string."""
        start = self.text.find(DELIMITER + code)
        if start < 0:
            return ""
        end = self.text.find(DELIMITER, start + 2)
        return self.text[start + 2 :] if end < 0 else self.text[start + 2 : end]

    def values(self, codes: str) -> list[str]:
        """Return the values of all subfields whose code is one of `codes`, in the record's order."""
        parts = self.text.split(DELIMITER)
        del parts[0]
        return [part[1:] for part in parts if part and part[0] in codes]


def data_field(tag: str, indicators: str, subfields: Iterable[tuple[str, str]]) -> Field:
    """Return a data field. `indicators` are two characters; a code is one."""
    return Field(tag, indicators + "".join(f"{DELIMITER}{code}{value}" for code, value in subfields))


@dataclass(slots=True)
class Record:
    """A record that was read. `raw` holds exactly the bytes it came as; `encoding` is how they were understood."""

    leader: str
    fields: list[Field]
    raw: bytes
    position: Position
    dialect: Dialect
    form: Form
    encoding: str
    repairs: tuple[Repair, ...] = ()

    @property
    def is_valid(self) -> bool:
        """Whether it came in with nothing to repair, so that its raw bytes may be exported as they are."""
        return not self.repairs

    def all(self, tag: str) -> list[Field]:
        """Return the fields of one tag, in the record's order."""
        return [field for field in self.fields if field.tag == tag]

    def control(self, tag: str) -> str:
        """Return the data of the first control field of that tag, or the empty string."""
        return next((field.text for field in self.fields if field.tag == tag), "")


@dataclass(frozen=True, slots=True)
class Broken:
    """A record that could not be read. `sentence` says why, in English; `raw` holds its bytes, to be mended."""

    position: Position
    reason: Reason
    sentence: str
    raw: bytes
    form: Form = Form.ISO2709
    encoding: str = "utf-8"
