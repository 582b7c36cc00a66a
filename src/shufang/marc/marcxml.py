"""MARCXML, streamed: record elements are cut out of the text and parsed one by one.

Real files are several documents run together, SRU answers, namespaces of every kind or none, and control characters
that XML 1.0 forbids. So the text between `<record>` and `</record>` is the unit: one bad record spoils no other. A
document type or an entity of the file's own is never read, so entities cannot swell.
"""

import codecs
import re
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple
from xml.parsers import expat

from shufang.marc.dialect import dialect_of
from shufang.marc.framing import BLOCK, LONGEST
from shufang.marc.iso2709 import Reading
from shufang.marc.record import DELIMITER, Broken, Dialect, Field, Form, Position, Reason, Record, Repair

_TOKEN = re.compile(rb"<!--|<!\[CDATA\[|<\?xml[^>]*\?>|<(?:[\w.-]+:)?record(?=[\s/>])[^>]*>|</(?:[\w.-]+:)?record\s*>")
_CONTENT = re.compile(rb"<(?:[\w.-]+:)?(?:datafield|controlfield|leader)\b")
_DECLARED = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"']([\w.-]+)")
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|&#(?:x0*(?:[0-8bBcCeEfF]|1[0-9a-fA-F])|0*(?:[0-8]|1[1-24-9]|2[0-9]|3[01]));"
)
_TAG = re.compile(r"[0-9A-Za-z]{3}")
_CLOSERS = {b"<!--": b"-->", b"<![CDATA[": b"]]>"}


class _Element(NamedTuple):
    """The bytes of one record element, or of something that is none; `trouble` says what."""

    offset: int
    raw: bytes
    encoding: str
    trouble: tuple[Reason, str] | None = None


def read_marcxml(stream: BinaryIO, reading: Reading) -> Iterator[Record | Broken]:
    """Yield the records of an XML stream in any encoding that keeps ASCII, or UTF-16."""
    for number, element in enumerate(_elements(_as_ascii_compatible(stream), reading.encoding), start=1):
        position = Position(number, element.offset)
        if element.trouble:
            yield Broken(position, *element.trouble, element.raw, Form.MARCXML, element.encoding)
        else:
            yield _parse(element, position, reading.dialect)


def _as_ascii_compatible(stream: BinaryIO) -> Iterator[bytes]:
    """Yield the stream's blocks, UTF-16 turned to UTF-8."""
    block = stream.read(BLOCK)
    wide = block[:2] in {b"\xff\xfe", b"\xfe\xff"}
    decoder = codecs.getincrementaldecoder("utf-16")(errors="replace")
    while block:
        yield decoder.decode(block).encode("utf-8") if wide else block
        block = stream.read(BLOCK)


class _Scanner:
    """The text not yet passed, where it began, and the record element that is open."""

    def __init__(self, forced: str | None) -> None:
        self.buffer = b""
        self.place = 0
        self.offset = 0
        self.start = -1  # Of the innermost open record element.
        self.passed = 0  # Up to here everything has been given out or is of no interest.
        self.forced = forced
        self.encoding = forced or "utf-8"

    def forget(self) -> None:
        """Drop what has been given out."""
        keep = min(self.passed, self.place) if self.start < 0 else min(self.start, self.place, self.passed)
        self.buffer = self.buffer[keep:]
        self.offset += keep
        self.place -= keep
        self.passed -= keep
        if self.start >= 0:
            self.start -= keep

    def element(self, start: int, end: int, trouble: tuple[Reason, str] | None = None) -> _Element:
        self.passed = end
        return _Element(self.offset + start, self.buffer[start:end], self.encoding, trouble)


def _elements(blocks: Iterator[bytes], forced: str | None = None) -> Iterator[_Element]:
    scanner = _Scanner(forced)
    for block in blocks:
        scanner.forget()
        scanner.buffer += block
        yield from _scan(scanner, last=False)
        if len(scanner.buffer) > LONGEST:
            trouble = (Reason.TOO_LONG, "no record ends within 16 MiB")
            yield scanner.element(0, len(scanner.buffer), trouble)
            scanner.start, scanner.place = -1, len(scanner.buffer)
    yield from _scan(scanner, last=True)
    yield from _leftover(scanner, len(scanner.buffer), Reason.TRUNCATED, "the file ends inside this record")


def _scan(scanner: _Scanner, *, last: bool) -> Iterator[_Element]:
    """Pass over complete tokens. Not the last block: a token may be cut, so the final `<` waits for the next block."""
    end = len(scanner.buffer) if last else max(scanner.buffer.rfind(b"<"), 0)
    while found := _TOKEN.search(scanner.buffer, scanner.place, end):
        token = found.group()
        if token in _CLOSERS:
            close = scanner.buffer.find(_CLOSERS[token], found.end())
            if close < 0:
                if last:
                    scanner.place = len(scanner.buffer)
                return
            scanner.place = close + 3
            if token == b"<!--" and scanner.start < 0:
                scanner.passed = max(scanner.passed, scanner.place)
            continue
        scanner.place = found.end()
        yield from _token(scanner, token, found.start(), found.end())
    scanner.place = max(scanner.place, end)
    if scanner.start < 0 and not _CONTENT.search(scanner.buffer, scanner.passed, scanner.place):
        scanner.passed = scanner.place


def _token(scanner: _Scanner, token: bytes, start: int, end: int) -> Iterator[_Element]:
    if token.startswith(b"<?xml"):
        yield from _leftover(scanner, start, Reason.TRUNCATED, "a new document begins inside this record")
        declared = _DECLARED.match(token)
        said = declared.group(1).decode("ascii").lower() if declared else "utf-8"
        scanner.encoding = scanner.forced or ("utf-8" if said.startswith("utf-16") else said)  # That is turned already.
        scanner.passed = end
    elif token.startswith(b"</"):
        if scanner.start >= 0:
            yield scanner.element(scanner.start, end)
        scanner.start, scanner.passed = -1, end
    else:
        yield from _leftover(scanner, start, Reason.TRUNCATED, "the record has no end: another one begins inside it")
        if token.endswith(b"/>"):
            yield scanner.element(start, end)
        else:
            scanner.start = start


def _leftover(scanner: _Scanner, end: int, reason: Reason, sentence: str) -> Iterator[_Element]:
    """Give out fields that stand in no complete record: in one without its end, or outside any."""
    start = scanner.start if scanner.start >= 0 else scanner.passed
    if _CONTENT.search(scanner.buffer, start, end):
        if scanner.start < 0:
            reason, sentence = Reason.NOT_A_RECORD, "these fields stand outside any record"
        yield scanner.element(start, end, (reason, sentence))
    scanner.start = -1


class _Builder:
    """What the XML parser has told of one record so far."""

    def __init__(self) -> None:
        self.leader = ""
        self.fields: list[Field] = []
        self.repairs: set[Repair] = set()
        self.tag = ""
        self.parts: list[str] = []
        self.text: list[str] = []
        self.collecting = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if local == "subfield":
            self.parts.append(DELIMITER + self._code(attributes.get("code", "")))
        elif local == "datafield":
            self.tag = attributes.get("tag", "")
            self.parts = [self._indicator(attributes, "ind1") + self._indicator(attributes, "ind2")]
            return
        elif local == "controlfield":
            self.tag = attributes.get("tag", "")
        elif local != "leader":
            return
        self.text = []
        self.collecting = True

    def _code(self, code: str) -> str:
        if len(code) == 1 and code.isascii():
            return code
        self.repairs.add(Repair.SUBFIELD_CODE)
        return code[:1] or " "

    def _indicator(self, attributes: dict[str, str], name: str) -> str:
        value = attributes.get(name, "")
        if len(value) == 1:
            return value
        if value:
            self.repairs.add(Repair.INDICATORS)
        return value[:1] or " "

    def characters(self, text: str) -> None:
        if self.collecting:
            self.text.append(text)

    def end(self, name: str) -> None:
        local = name.rpartition(":")[2]
        if local == "subfield":
            self.parts.append("".join(self.text))
        elif local == "datafield":
            self._add(Field(self.tag, "".join(self.parts)))
        elif local == "controlfield":
            self._add(Field(self.tag, "".join(self.text)))
        elif local == "leader":
            self.leader = "".join(self.text)
        self.collecting = False

    def _add(self, field: Field) -> None:
        """Add a field; a tag of another length keeps its place, filled with zeros on the left, as 42 was meant for 042."""
        tag = field.tag.strip()
        if not _TAG.fullmatch(tag):
            self.repairs.add(Repair.TAG)
            tag = tag.rjust(3, "0")[:3]
        self.fields.append(Field(tag, field.text))


def _parse(element: _Element, position: Position, dialect: Dialect | None) -> Record | Broken:
    def broken(reason: Reason, sentence: str) -> Broken:
        return Broken(position, reason, sentence, element.raw, Form.MARCXML, element.encoding)

    try:
        text = element.raw.decode(element.encoding)
    except (UnicodeDecodeError, LookupError) as error:
        return broken(Reason.ENCODING, str(error))
    builder = _Builder()
    clean = _FORBIDDEN.sub("", text)
    if clean != text:
        builder.repairs.add(Repair.CONTROL_CHARACTER)
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.characters
    try:
        parser.Parse(clean.encode("utf-8"), True)  # noqa: FBT003 - expat takes no keywords.
    except expat.ExpatError as error:
        return broken(Reason.XML, f"not well-formed XML: {error}")
    if not builder.fields:
        return broken(Reason.NO_FIELDS, "the record has no fields")
    leader = builder.leader.ljust(24)[:24]
    tags = {field.tag for field in builder.fields}
    repairs = tuple(sorted(builder.repairs))
    which = dialect or dialect_of(tags, leader)
    return Record(leader, builder.fields, element.raw, position, which, Form.MARCXML, element.encoding, repairs)
