"""One title: where its copies are, reserving one, its other editions, and what it is."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from shufang.branches.models import Branch
from shufang.catalogue.models import Title
from shufang.catalogue.search.editions import other_editions
from shufang.circulation.hold_queue import OPEN
from shufang.circulation.models import Hold, Loan
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


@dataclass(frozen=True, slots=True)
class Mine:
    """What the reader has to do with the title. `hold` and `loan` are his own; `lists` say whether it stands in them."""

    hold: Hold | None = None
    loan: Loan | None = None
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


@require_safe
def title(request: HttpRequest, title_id: int) -> HttpResponse:
    """Show a title; 404 when it is unknown or kept from readers."""
    titles = Title.objects.filter(is_suppressed=False).select_related("main_class", "marc", "search_document")
    found = get_object_or_404(titles, pk=title_id)
    reader = signed_in(request)
    mine = _mine(reader, title_id) if reader else Mine()
    branches = all_branches()
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


def _mine(reader: Reader, title_id: int) -> Mine:
    """Read what a reader has to do with a title. Four queries."""
    holds = Hold.objects.filter(patron_id=reader.patron_id, title_id=title_id, status__in=OPEN)
    return Mine(
        hold=holds.select_related("pickup_branch").order_by("id").first(),
        loan=Loan.objects.filter(patron_id=reader.patron_id, item__title_id=title_id).order_by("due_at").first(),
        lists=tuple(summaries(reader.patron_id, title_id)),
        home_branch_id=reader.home_branch_id,
    )
