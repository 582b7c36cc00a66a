"""One title: where its copies are, reserving one, its other editions, and what it is."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from shufang.branches.models import Branch
from shufang.catalogue.models import Title
from shufang.catalogue.search.editions import other_editions
from shufang.circulation.hold_queue import OPEN
from shufang.circulation.models import Hold
from shufang.circulation.queries.stored import from_stored
from shufang.lists.entries import Summary, summaries
from shufang.lists.models import BookList
from shufang.web.covers.cover import is_vertical, main_title
from shufang.web.reader.came_from import back_to_results
from shufang.web.reader.signed_in import Reader, never_cached, signed_in
from shufang.web.reader.told import told
from shufang.web.whereabouts import State, Whereabouts, all_branches, whereabouts


@dataclass(frozen=True, slots=True)
class Lead:
    """A word of the record that leads on: the address searches for exactly it."""

    text: str
    address: str


class Asked(NamedTuple):
    """The reader's open hold on a title."""

    pk: int
    pickup_branch: Branch


@dataclass(frozen=True, slots=True)
class Mine:
    """What the reader has to do with the title: his hold, the day his own copy is due, his lists and whether it is in them."""

    hold: Asked | None = None
    due_at: datetime | None = None
    lists: tuple[Summary, ...] = ()
    home_branch_id: int | None = None

    @property
    def is_wanted(self) -> bool:
        """Return whether the bookmark is set."""
        return any(found.kind == BookList.Kind.WANTED and found.has_title for found in self.lists)

    @property
    def own_lists(self) -> tuple[Summary, ...]:
        """Return the lists that he made himself."""
        return tuple(found for found in self.lists if found.kind == BookList.Kind.OWN)


_OPEN = ", ".join(f"'{status}'" for status in OPEN)
_OWN = f"""
SELECT (SELECT min(l.due_at) FROM circulation_loan l JOIN catalogue_item i ON i.id = l.item_id
 WHERE i.title_id = %s AND l.patron_id = %s),
h.id, h.pickup_branch_id
FROM (SELECT 1 AS one) one LEFT JOIN circulation_hold h ON h.id = (
 SELECT min(o.id) FROM circulation_hold o WHERE o.patron_id = %s AND o.title_id = %s AND o.status IN ({_OPEN}))
"""  # noqa: S608  # our own words only


@require_safe
def title(request: HttpRequest, title_id: int) -> HttpResponse:
    """Show a title; 404 when it is unknown or kept from readers."""
    titles = Title.objects.filter(is_suppressed=False).select_related("main_class", "marc", "search_document")
    found = get_object_or_404(titles, pk=title_id)
    reader = signed_in(request)
    branches = all_branches()
    mine = _mine(reader, title_id, branches) if reader else Mine()
    editions = other_editions(found)
    where = whereabouts([title_id, *(other.pk for other in editions)], branches, mine.home_branch_id)
    short = main_title(found.title)
    context = {
        "title": found,
        "short": short,
        "rest": "" if short == found.title else found.title,
        "is_column": is_vertical(short) and len(short) <= 24,
        "where": where[title_id],
        "author": exact(found.author) if found.author else None,
        "subjects": [exact(subject) for subject in found.subjects],
        "editions": [(other, where[other.pk]) for other in editions],
        "isbns": list(found.identifiers.filter(kind="isbn").values_list("value", flat=True).order_by("id")),
        "has_record": hasattr(found, "marc"),
        "back": back_to_results(request),
        "reader": reader,
        "mine": mine,
        "can_ask": can_ask(where[title_id]),
        "waiting": Hold.objects.filter(title_id=title_id, status=Hold.Status.WAITING).count(),
        "pickups": pickups(branches, mine.home_branch_id),
        "said": told(request).get(title_id),
    }
    response = render(request, "web/reader/title.html", context)
    return never_cached(response) if reader else response


def exact(text: str) -> Lead:
    """Return the link that searches for these words side by side."""
    return Lead(text, urlencode({"q": f'"{text.replace(chr(34), " ")}"'}))


def can_ask(where: Whereabouts) -> bool:
    """Return whether it makes sense to offer a reservation: some copy goes out at all. The verb decides."""
    return any(place.state is not State.STAYS for place in where.places)


def pickups(branches: dict[int, Branch], home_branch_id: int | None) -> list[Branch]:
    """Return where a book can be picked up: the reader's own branch first, then studies, then others."""
    found = [branch for branch in branches.values() if branch.is_enabled and branch.is_pickup]
    return sorted(
        found,
        key=lambda branch: (branch.pk != home_branch_id, branch.kind != Branch.Kind.CITY_STUDY, branch.code),
    )


def _mine(reader: Reader, title_id: int, branches: dict[int, Branch]) -> Mine:
    """Read what a reader has to do with a title. Two queries."""
    with connection.cursor() as cursor:
        cursor.execute(_OWN, [title_id, reader.patron_id, reader.patron_id, title_id])
        due_at, hold_id, pickup_id = cursor.fetchone()
    hold = Asked(hold_id, branches[pickup_id]) if hold_id is not None else None
    return Mine(hold, from_stored(due_at), tuple(summaries(reader.patron_id, title_id)), reader.home_branch_id)
