"""One record on its way into the catalogue, and the place from which all of a batch are looked up at once."""

from dataclasses import dataclass, field

from shufang.catalogue.loading.holdings import ItemValues, NoItem
from shufang.catalogue.loading.title_values import TitleValues
from shufang.catalogue.search.document import Document
from shufang.catalogue.search.indexable import IndexableTitle
from shufang.marc.record import Form, Position, Record


@dataclass(slots=True)
class Candidate:
    """A record that was read, what it says, and which profile read its items.

    `title` and `document` are for the search index, with the call numbers of all `items`; the title's id is still 0.
    The record's fields are gone: they take most of the memory and have been read.
    """

    file: str
    record: Record
    values: TitleValues
    digest: bytes
    items: list[ItemValues]
    no_items: list[NoItem]
    profile: str
    title: IndexableTitle
    document: Document
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


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record that is not loaded, and why: a stable code and an English sentence."""

    position: Position
    control_number: str
    reason: str
    sentence: str
    raw: bytes
    form: Form
    encoding: str


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
