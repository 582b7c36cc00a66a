"""The first page. A reader sees what he has out, what is ready, which study is open; a stranger what is running."""

from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from shufang.branches.calendar import calendars
from shufang.branches.models import Branch
from shufang.catalogue.item_life import ItemStatus
from shufang.catalogue.models import Item, Title
from shufang.circulation.models import Event
from shufang.kernel import clock
from shufang.web.health import check_of
from shufang.web.reader.mine import headline, out, ready
from shufang.web.reader.offline import kept_offline
from shufang.web.reader.signed_in import Reader, never_cached, signed_in
from shufang.web.whereabouts import all_branches, whereabouts

STROKES = 20
SHELF = 6
KEEP_SECONDS = 20
_SIZES = """
SELECT (SELECT count(*) FROM catalogue_title WHERE NOT is_suppressed),
(SELECT count(*) FROM catalogue_item WHERE status <> 'withdrawn'),
(SELECT count(*) FROM patrons_card WHERE status IN ('issued', 'active')),
(SELECT count(*) FROM branches_device WHERE kind <> 'phone' AND is_enabled)
"""


@dataclass(frozen=True, slots=True)
class BranchLine:
    """A branch with its copies: all that belong there, and those on the shelf now. `is_open`: today."""

    branch: Branch
    copies: int
    here: int
    is_open: bool = True

    @property
    def lit(self) -> int:
        """Return how many of twenty strokes are lit."""
        return min(STROKES, -(-STROKES * self.here // self.copies)) if self.copies else 0

    @property
    def dark(self) -> int:
        """Return how many of twenty strokes are not lit."""
        return STROKES - self.lit


@dataclass(frozen=True, slots=True)
class Figures:
    """How large the network is and what happened today (since midnight, local)."""

    titles: int
    items: int
    cards: int
    machines: int
    borrowed: int
    returned: int


def branch_lines(now: datetime) -> list[BranchLine]:
    """Return all enabled branches, studies first. Four queries."""
    gone = [ItemStatus.WITHDRAWN, ItemStatus.LOST, ItemStatus.MISSING]
    owned = dict(Item.objects.exclude(status__in=gone).values_list("home_branch_id").annotate(n=Count("id")).order_by())
    standing = dict(
        Item.objects.filter(status=ItemStatus.AVAILABLE)
        .values_list("current_branch_id")
        .annotate(n=Count("id"))
        .order_by()
    )
    branches = list(Branch.objects.filter(is_enabled=True).order_by("code"))
    open_days, today = calendars(branches), timezone.localdate(now)
    lines = [
        BranchLine(branch, owned.get(branch.pk, 0), standing.get(branch.pk, 0), open_days[branch.pk].is_open(today))
        for branch in branches
    ]
    return sorted(lines, key=lambda line: (line.branch.kind != Branch.Kind.CITY_STUDY, line.branch.code))


def figures(now: datetime) -> Figures:
    """Count. Two queries."""
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    today = Event.objects.filter(at__gte=midnight).aggregate(
        borrowed=Count("id", filter=Q(verb="checkout")), returned=Count("id", filter=Q(verb="checkin"))
    )
    with connection.cursor() as cursor:
        cursor.execute(_SIZES)
        titles, items, cards, machines = cursor.fetchone()
    return Figures(titles, items, cards, machines, borrowed=int(today["borrowed"]), returned=int(today["returned"]))


def shelf(branch_ids: list[int]) -> list[Title]:
    """Return the most popular titles that stand in one of these branches now and may be taken home."""
    standing = Item.objects.filter(
        title=OuterRef("pk"),
        status=ItemStatus.AVAILABLE,
        current_branch_id__in=branch_ids,
        is_for_loan=True,
        kind__is_for_loan=True,
    )
    # The index of search keeps titles in this order, so that only the first few are looked at.
    titles = Title.objects.filter(Exists(standing), search_document__isnull=False)
    return list(titles.order_by("search_document__rank")[:SHELF])


def _lines(now: datetime) -> list[BranchLine]:
    """Return what `branch_lines` does, kept for everybody alike for a few seconds: this is the page opened most."""
    kept: list[BranchLine] | None = cache.get("web.home.lines")
    if kept is None:
        kept = branch_lines(now)
        cache.set("web.home.lines", kept, KEEP_SECONDS)
    return kept


def _figures(now: datetime) -> Figures:
    """Return the figures of the first page of strangers, kept as long."""
    kept: Figures | None = cache.get("web.home.figures")
    if kept is None:
        kept = figures(now)
        cache.set("web.home.figures", kept, KEEP_SECONDS)
    return kept


def _shelf(lines: list[BranchLine]) -> list[Title]:
    """Return what stands in the studies now, kept as long."""
    kept: list[Title] | None = cache.get("web.home.shelf")
    if kept is None:
        studies = [line.branch.pk for line in lines if line.branch.kind == Branch.Kind.CITY_STUDY]
        kept = shelf(studies or [line.branch.pk for line in lines])
        cache.set("web.home.shelf", kept, KEEP_SECONDS)
    return kept


@require_safe
@kept_offline
def home(request: HttpRequest) -> HttpResponse:
    """Show what concerns the reader who is signed in; to everybody else what is running."""
    reader = signed_in(request)
    return never_cached(_of_reader(request, reader)) if reader else _of_strangers(request)


def _of_reader(request: HttpRequest, reader: Reader) -> HttpResponse:
    """Show what he has out, urgent first, what is ready for him, and the studies, his own first."""
    lines = _lines(clock.now())
    own = reader.home_branch_id
    studies = [line for line in lines if line.branch.kind == Branch.Kind.CITY_STUDY]
    things = out(reader.patron_id)
    context: dict[str, object] = {
        "things": things[:SHELF],
        "headline": headline(things),
        "ready": ready(reader.patron_id, all_branches()),
        "studies": sorted(studies, key=lambda line: line.branch.pk != own),
        "open_count": _open(studies),
    }
    if not things:
        titles = _shelf(lines)
        found = whereabouts([title.pk for title in titles], all_branches(), own)
        context["shelf"] = [(title, found[title.pk].best) for title in titles]
    return render(request, "web/reader/lending/home.html", context)


def _open(lines: list[BranchLine]) -> int:
    return sum(line.is_open for line in lines)


def _of_strangers(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    lines = _lines(now)
    titles = _shelf(lines)
    studies = [line for line in lines if line.branch.kind == Branch.Kind.CITY_STUDY]
    found = whereabouts([title.pk for title in titles], all_branches())
    context = {
        "studies": studies,
        "open_count": _open(studies),
        "others": [line for line in lines if line.branch.kind != Branch.Kind.CITY_STUDY],
        "figures": _figures(now),
        "shelf": [(title, found[title.pk].best) for title in titles],
        "machines": check_of("sip2", now),
    }
    return render(request, "web/reader/home.html", context)
