"""MARC-8 to Unicode, strictly (MARC 21 Specifications, Character Sets: MARC-8, with ANSEL and EACC).

The code tables are those of pymarc, made from the Library of Congress's. pymarc's own decoder drops what it does not
know; here an unknown byte is an error, since a record with lost characters is not a good record.
"""

import functools
import unicodedata
from collections.abc import Mapping

ESCAPE = 0x1B
BASIC_LATIN = 0x42
EXTENDED_LATIN = 0x45
EACC = 0x31
_EXTRA = {0x67: 0x67, 0x62: 0x62, 0x70: 0x70, 0x73: BASIC_LATIN}  # ESC g, ESC b, ESC p, ESC s: clause "Technique 1".
_PASS = {0x88: "", 0x89: "", 0x8D: "\u200d", 0x8E: "\u200c"}  # Non-sorting marks, joiner and non-joiner.


class Marc8Error(ValueError):
    """Bytes that are no MARC-8. The message names the byte and its place in the field."""


@functools.cache
def _tables() -> Mapping[int, Mapping[int, tuple[int, int]]]:
    """Return set → code → (Unicode, is combining); loaded when first needed, since EACC is large."""
    from pymarc import marc8_mapping

    tables: dict[int, dict[int, tuple[int, int]]] = {
        final: dict(codes) for final, codes in marc8_mapping.CODESETS.items()
    }
    for code, character in marc8_mapping.ODD_MAP.items():
        tables[EACC][code] = (character, 0)
    return tables


class _Decoder:
    """One field's state: which sets are G0 and G1, and combining marks that wait for their base character."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.place = 0
        self.left = BASIC_LATIN
        self.right = EXTENDED_LATIN
        self.waiting: list[str] = []
        self.out: list[str] = []

    def decode(self) -> str:
        while self.place < len(self.data):
            byte = self.data[self.place]
            if byte == ESCAPE:
                self._escape()
            elif byte < 0x21 or byte == 0x7F or 0x80 <= byte <= 0xA0:
                self._control(byte)
            else:
                self._graphic(byte)
        if self.waiting:
            raise Marc8Error("a diacritic at the end has no letter")
        return unicodedata.normalize("NFC", "".join(self.out))

    def _control(self, byte: int) -> None:
        if byte >= 0x80 and byte not in _PASS:
            raise Marc8Error(f"byte 0x{byte:02X} at {self.place} means nothing in MARC-8")
        if byte == 0x1F:  # Clause "Field- and subfield-level": a delimiter brings back the default sets.
            self.left, self.right = BASIC_LATIN, EXTENDED_LATIN
        self._put(_PASS.get(byte, chr(byte)))
        self.place += 1

    def _graphic(self, byte: int) -> None:
        final = self.left if byte < 0x80 else self.right
        if final == EACC:
            triple = self.data[self.place : self.place + 3]
            code = int.from_bytes(bytes(part & 0x7F for part in triple), "big") if len(triple) == 3 else -1
            width = 3
        else:
            code, width = byte, 1
        found = self._look_up(final, code)
        if found is None:
            shown = self.data[self.place : self.place + width].hex().upper()
            raise Marc8Error(f"byte 0x{shown} at {self.place} is not in the character set {chr(final)!r}")
        character, combining = found
        if combining:
            self.waiting.append(chr(character))
        else:
            self._put(chr(character))
        self.place += width

    def _look_up(self, final: int, code: int) -> tuple[int, int] | None:
        table = _tables().get(final, {})
        if final == EACC or code in table:
            return table.get(code)
        return table.get(code ^ 0x80)  # A set may be designated to either half.

    def _put(self, character: str) -> None:
        if self.waiting and character not in {"", "\x1f"}:
            self.out.append(character + "".join(self.waiting))
            self.waiting.clear()
        elif self.waiting:
            raise Marc8Error(f"a diacritic before byte {self.place} has no letter")
        else:
            self.out.append(character)

    def _escape(self) -> None:
        tail = self.data[self.place + 1 : self.place + 5]
        if tail[:1] and tail[0] in _EXTRA:
            self.left = _EXTRA[tail[0]]
            self.place += 2
            return
        multiple = tail[:1] == b"$"
        rest = tail[1:] if multiple else tail
        right = rest[:1] in {b")", b"-"}
        if rest[:1] in {b"(", b",", b")", b"-"}:
            rest = rest[1:]
            length = 3 + multiple
        elif multiple:
            length = 3
        else:
            raise Marc8Error(f"the escape sequence at {self.place} is not known")
        if rest[:1] == b"!":  # ESC ( ! E: ANSEL, an intermediate of its own.
            rest = rest[1:]
            length += 1
        if not rest or rest[0] not in _tables() or (rest[0] == EACC) != multiple:
            raise Marc8Error(f"the escape sequence at {self.place} is not known")
        if right:
            self.right = rest[0]
        else:
            self.left = rest[0]
        self.place += length


def decode_marc8(data: bytes) -> str:
    """Return one field's text, in NFC. Marc8Error where a byte, a sequence or a diacritic cannot be understood."""
    if data.isascii() and ESCAPE not in data:
        return data.decode("ascii")
    return _Decoder(data).decode()
