"""Which characters a record's bytes are: UTF-8, MARC-8 or GB18030, by its own flag and by what its bytes can be."""

import codecs
from collections.abc import Iterable

from shufang.marc.marc8 import ESCAPE, Marc8Error, decode_marc8
from shufang.marc.record import Dialect, Repair

UTF8 = "utf-8"
MARC8 = "marc-8"
GB18030 = "gb18030"
_COMMON_ROWS = range(0xB0, 0xD8)  # GB 2312 level 1: the 3,755 hanzi in common use.


class EncodingError(ValueError):
    """Bytes that are not text of any character set that the record may be in."""


def known_encoding(name: str) -> str:
    """Return the normal name of an encoding: `marc-8` or one of Python's. ValueError when there is none such."""
    if name.lower().replace("-", "").replace("_", "") == "marc8":
        return MARC8
    try:
        found = codecs.lookup(name).name
    except LookupError as error:
        raise ValueError(f"no such character encoding: {name!r}") from error
    if found.startswith(("utf-16", "utf-32")) or not _keeps_ascii(found):
        raise ValueError(f"the encoding {name!r} cannot stand in ISO 2709")
    return found


def _keeps_ascii(name: str) -> bool:
    try:
        return "az09\x1d\x1e\x1f".encode(name) == b"az09\x1d\x1e\x1f"
    except (LookupError, UnicodeError, TypeError):
        return False


def decode_fields(
    data: bytes, flag: bytes, dialect: Dialect, forced: str | None
) -> tuple[list[str], str, tuple[Repair, ...]]:
    """Return the texts of the fields that 0x1E parts in `data`, their encoding and what had to be overlooked.

    `flag` is leader byte 9 (MARC 21: `a` for Unicode). `forced` overrides every guess. EncodingError when nothing fits.
    """
    if forced is not None:
        return _decode_as(forced, data), forced, ()
    if dialect is Dialect.CNMARC:
        return _decode_cnmarc(data)
    if ESCAPE not in data:
        try:
            texts = data.decode(UTF8).split("\x1e")
        except UnicodeDecodeError as error:
            if flag == b"a":
                return _decode_hanzi(data, f"byte {error.start} of the data is not UTF-8, which the leader promises")
        else:
            if flag == b"a":
                return texts, UTF8, ()
            return (texts, MARC8, ()) if data.isascii() else (texts, UTF8, (Repair.ENCODING_FLAG,))
    if flag == b"a":
        return _decode_flagged_with_escape(data)
    try:
        return _decode_as(MARC8, data), MARC8, ()
    except EncodingError as error:
        return _decode_hanzi(data, str(error))


def _decode_flagged_with_escape(data: bytes) -> tuple[list[str], str, tuple[Repair, ...]]:
    """An escape character in a record that says it is UTF-8: MARC-8 whose flag lies, if it decodes; else stray bytes."""
    try:
        return _decode_as(MARC8, data), MARC8, (Repair.ENCODING_FLAG,)
    except EncodingError:
        return _decode_as(UTF8, data), UTF8, (Repair.CONTROL_CHARACTER,)


def _decode_cnmarc(data: bytes) -> tuple[list[str], str, tuple[Repair, ...]]:
    try:
        return data.decode(UTF8).split("\x1e"), UTF8, ()
    except UnicodeDecodeError as error:
        text = f"byte {error.start} of the data is not UTF-8 and the record is not GB18030 either"
    try:
        whole = data.decode(GB18030)
    except UnicodeDecodeError as error:
        raise EncodingError(text) from error
    if not _looks_chinese(whole, at_least=0.5):
        raise EncodingError(text)
    return whole.split("\x1e"), GB18030, ()


def _decode_hanzi(data: bytes, sentence: str) -> tuple[list[str], str, tuple[Repair, ...]]:
    """MARC 21 whose bytes do not fit its flag, but that are clearly Chinese in GB18030. Else EncodingError."""
    try:
        whole = data.decode(GB18030)
    except UnicodeDecodeError as error:
        raise EncodingError(sentence) from error
    if not _looks_chinese(whole, at_least=0.7):
        raise EncodingError(sentence)
    return whole.split("\x1e"), GB18030, (Repair.ENCODING_FLAG,)


def _looks_chinese(text: str, at_least: float) -> bool:
    """Whether the hanzi are mostly those in common use, which wrongly decoded letters are not, and at least four."""
    hanzi = [sign for sign in text if "\u3400" <= sign <= "\u9fff"]
    foreign = sum(1 for sign in text if sign > "\x7f") - len(hanzi)
    common = sum(1 for sign in hanzi if _is_common(sign))
    return len(hanzi) >= 4 and common >= at_least * len(hanzi) and foreign <= len(hanzi)


def _is_common(hanzi: str) -> bool:
    try:
        return hanzi.encode("gb2312")[0] in _COMMON_ROWS
    except UnicodeEncodeError:
        return False


def _decode_as(encoding: str, data: bytes) -> list[str]:
    try:
        if encoding == MARC8:
            return _decode_pieces(data.split(b"\x1e"))
        return data.decode(encoding).split("\x1e")
    except (UnicodeDecodeError, Marc8Error) as error:
        raise EncodingError(str(error)) from error


def _decode_pieces(pieces: Iterable[bytes]) -> list[str]:
    """Decode MARC-8 field by field, since every field begins with the default sets."""
    return [decode_marc8(piece) for piece in pieces]
