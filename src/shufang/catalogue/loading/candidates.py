"""One record on its way into the catalogue, and the place from which all of a batch are looked up at once."""

from dataclasses import dataclass, field

from shufang.catalogue.loading.holdings import ItemValues, NoItem
from shufang.catalogue.loading.title_values import TitleValues
from shufang.marc.record import Position, Record


@dataclass(slots=True)
class Candidate:
    """A record that was read, what it says, and which profile read its items."""

    file: str
    record: Record
    values: TitleValues
    digest: bytes
    items: list[ItemValues]
    no_items: list[NoItem]
    profile: str
    clash_prefix: str | None = None
    default_branch: str = ""

    @property
    def position(self) -> Position:
        """Where it stands in its file."""
        return self.record.position

    def keys(self) -> set[tuple[str, str]]:
        """Return all by which another record could be found to be the same title, or its items to clash."""
        values = self.values
        found = {("key", f"{values.source}\t{values.control_number}")}
        found.add(("035", f"({values.source}){values.control_number}"))
        found.update((one.kind, one.value) for one in values.identifiers)
        found.update(("barcode", item.barcode) for item in self.items)
        return found


@dataclass(slots=True)
class LoadReport:
    """What a load did. Records: new + changed + same + linked + rejected = read."""

    read: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    linked: int = 0
    rejected: int = 0
    repaired: int = 0
    proposals: int = 0
    new_items: int = 0
    changed_items: int = 0
    no_items: int = 0
    reject_files: list[str] = field(default_factory=list)
