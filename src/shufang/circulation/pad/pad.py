"""A simulated RFID pad with its card reader. No I/O."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256

VERSION = 1
Told = dict[str, object]


def tag_of(barcode: str) -> str:
    """Return the tag of a book: 16 hexadecimal digits beginning with E0, as ISO/IEC 15693 numbers its tags."""
    return "E0" + sha256(barcode.encode()).hexdigest()[:14].upper()


@dataclass(slots=True)
class Pad:
    """What lies on it, by tag, and for which books the gate would not ring."""

    lying: dict[str, str] = field(default_factory=dict)
    may_pass: set[str] = field(default_factory=set)

    def hear(self, said: Mapping[str, object]) -> list[Told]:
        """Return what is answered to a message of the kiosk's page; nothing for one that is not understood."""
        match said.get("type"):
            case "hello":
                return [{"type": "hello", "version": VERSION, "books": self._books(self.lying)}]
            case "secure":
                return [self._secure(str(said.get("tag", "")), is_on=said.get("on") is True)]
        return []

    def lay(self, barcodes: Iterable[str]) -> list[Told]:
        """Lay books down, several at once; those that lie there already say nothing more."""
        new = {tag_of(barcode): barcode for barcode in barcodes}
        new = {tag: barcode for tag, barcode in new.items() if tag not in self.lying}
        self.lying.update(new)
        return [{"type": "on", "books": self._books(new)}] if new else []

    def lift(self, barcodes: Iterable[str]) -> list[Told]:
        """Take books off."""
        tags = [tag for tag in map(tag_of, barcodes) if self.lying.pop(tag, None) is not None]
        return [{"type": "off", "tags": tags}] if tags else []

    def hold(self, number: str) -> list[Told]:
        """Hold a card to the reader."""
        return [{"type": "card", "number": number}] if number else []

    def spoil(self) -> list[Told]:
        """Lay something down that cannot be read."""
        return [{"type": "unreadable"}]

    def _secure(self, tag: str, *, is_on: bool) -> Told:
        """Write a tag; one that has been taken off is out of reach."""
        is_near = tag in self.lying
        if is_near and is_on:
            self.may_pass.discard(tag)
        elif is_near:
            self.may_pass.add(tag)
        return {"type": "secured", "tag": tag, "on": is_on, "ok": is_near}

    def _books(self, lying: Mapping[str, str]) -> list[Told]:
        return [{"tag": tag, "barcode": barcode} for tag, barcode in lying.items()]
