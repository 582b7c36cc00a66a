"""Branches, libraries and item kinds by their codes, read once a load: where a new item belongs."""

from dataclasses import dataclass
from typing import NamedTuple

from shufang.branches.models import Branch, Library
from shufang.catalogue.loading.holdings import ItemValues, NoItem
from shufang.catalogue.models import ItemKind


class Place(NamedTuple):
    """The rows a new item points at."""

    library_id: int
    branch_id: int
    current_branch_id: int
    kind_id: int


@dataclass(frozen=True, slots=True)
class Places:
    """The network's codes; comparison is exact."""

    branches: dict[str, tuple[int, int]]
    libraries: dict[str, int]
    kinds: dict[str, int]

    @classmethod
    def of_network(cls) -> "Places":
        """Read all branches, libraries and item kinds; three queries."""
        return cls(
            {
                code: (branch, library)
                for code, branch, library in Branch.objects.values_list("code", "id", "library_id")
            },
            dict(Library.objects.values_list("code", "id")),
            dict(ItemKind.objects.values_list("code", "id")),
        )

    def place(self, item: ItemValues, default_branch: str, default_kind: str = "book") -> Place | NoItem:
        """Return where an item belongs, or why it cannot be made: a code that the network does not have.

        One that stands now in a branch which is none of ours counts as standing at home.
        """
        found = self.branches.get(item.branch) or self.branches.get(default_branch)
        if found is None:
            said = f"no branch has the code {item.branch!r}" if item.branch else "the record names no branch"
            return NoItem("unknown_branch", item.barcode, f"item {item.barcode}: {said}")
        library_id = self.libraries.get(item.library) if item.library else found[1]
        if library_id is None:
            return NoItem("unknown_library", item.barcode, f"item {item.barcode}: no library {item.library!r}")
        kind_id = self.kinds.get(item.kind) or self.kinds.get(default_kind)
        if kind_id is None:
            return NoItem("unknown_kind", item.barcode, f"item {item.barcode}: no item kind {item.kind!r}")
        now = self.branches.get(item.current_branch, found)
        return Place(library_id, found[0], now[0], kind_id)
