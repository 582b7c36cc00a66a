"""A simulated station: it reads invented documents and prints cards from a stock of blanks. No I/O."""

from collections.abc import Mapping
from dataclasses import dataclass, field

VERSION = 1
KEYS_KEPT = 1000
Told = dict[str, object]


@dataclass(slots=True)
class Station:
    """The state of one. `printed` are the numbers on the cards that lie in its tray, newest last."""

    blanks: int = 100
    is_jammed: bool = False
    is_reading: bool = False
    printed: list[str] = field(default_factory=list)
    _keys: dict[str, None] = field(default_factory=dict)

    def hear(self, said: Mapping[str, object]) -> list[Told]:
        """Return what is answered to a message of the kiosk's page; nothing for one that is not understood."""
        match said.get("type"):
            case "hello":
                return [{"type": "hello", "version": VERSION, "reader": True, **self.printer()}]
            case "read":
                self.is_reading = said.get("on") is True
                return []
            case "print":
                return [self._print(str(said.get("key", "")), str(said.get("number", "")))]
        return []

    def lay(self, document: Mapping[str, object] | None) -> list[Told]:
        """Lay a document on the reader (None: one that it cannot read); nothing happens while nobody wants one."""
        if not self.is_reading:
            return []
        self.is_reading = False
        return [{"type": "unreadable"} if document is None else {"type": "document", **document}]

    def stock(self, blanks: int, *, is_jammed: bool) -> list[Told]:
        """Fill or empty the printer, jam or free it."""
        self.blanks, self.is_jammed = max(0, blanks), is_jammed
        return [{"type": "printer", **self.printer()}]

    def printer(self) -> Told:
        """Return the printer's state."""
        state = "jammed" if self.is_jammed else "ready" if self.blanks else "no_blanks"
        return {"printer": state, "blanks": self.blanks}

    def _print(self, key: str, number: str) -> Told:
        state = self.printer()["printer"]
        if key in self._keys:
            return {"type": "printed", "key": key, "blanks": self.blanks}
        if state != "ready" or not key or not number:
            return {"type": "not_printed", "key": key, "reason": state, "blanks": self.blanks}
        self._keys[key] = None
        while len(self._keys) > KEYS_KEPT:
            del self._keys[next(iter(self._keys))]
        self.blanks -= 1
        self.printed.append(number)
        return {"type": "printed", "key": key, "blanks": self.blanks}
