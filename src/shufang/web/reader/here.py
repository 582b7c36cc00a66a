"""Where a reader stands when he does something from home: at the branch that the thing itself names, else at his own."""

from shufang.branches.models import Branch
from shufang.circulation.place import Place
from shufang.patrons.models import Card
from shufang.web.reader.signed_in import Reader


def at(branch_id: int) -> Place:
    """Return a place at a branch where nobody of the staff stands."""
    return Place(branch_id, is_attended=False)


def own_place(reader: Reader) -> Place:
    """Return the place of what belongs to no branch: the reader's own branch, else where his card was issued, else the
    first of the library that issued it. Two queries at most.
    """
    branch_id, issued_at, library_id = Card.objects.values_list(
        "patron__home_branch_id", "issued_branch_id", "library_id"
    ).get(number=reader.card_number)
    found = branch_id or issued_at
    if found is None:
        found = Branch.objects.filter(library_id=library_id).order_by("id").values_list("pk", flat=True)[0]
    return at(found)
