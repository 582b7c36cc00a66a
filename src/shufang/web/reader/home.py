"""The first page: which studies are lit, what stands on their shelves now, and a field to search in."""

from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.db.models import Count, Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from shufang.branches.models import Branch, Device
from shufang.catalogue.item_life import ItemStatus
from shufang.catalogue.models import Item, Title
from shufang.circulation.models import Event
from shufang.kernel import clock
from shufang.patrons.models import Card
from shufang.web.health import all_checks
from shufang.web.whereabouts import all_branches, whereabouts

STROKES = 20
SHELF = 6
KEEP_SECONDS = 20


@dataclass(frozen=True, slots=True)
class BranchLine:
    """A branch with its copies: all that belong there, and those on the shelf now."""

    branch: Branch
    copies: int
    here: int

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


def branch_lines() -> list[BranchLine]:
    """Return all enabled branches, studies first. Three queries."""
    gone = [ItemStatus.WITHDRAWN, ItemStatus.LOST, ItemStatus.MISSING]
    owned = dict(Item.objects.exclude(status__in=gone).values_list("home_branch_id").annotate(n=Count("id")).order_by())
    standing = dict(
        Item.objects.filter(status=ItemStatus.AVAILABLE)
        .values_list("current_branch_id")
        .annotate(n=Count("id"))
        .order_by()
    )
    lines = [
        BranchLine(branch, owned.get(branch.pk, 0), standing.get(branch.pk, 0))
        for branch in Branch.objects.filter(is_enabled=True).order_by("code")
    ]
    return sorted(lines, key=lambda line: (line.branch.kind != Branch.Kind.CITY_STUDY, line.branch.code))


def figures(now: datetime) -> Figures:
    """Count. Five queries."""
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    today = Event.objects.filter(at__gte=midnight).aggregate(
        borrowed=Count("id", filter=Q(verb="checkout")), returned=Count("id", filter=Q(verb="checkin"))
    )
    return Figures(
        titles=Title.objects.filter(is_suppressed=False).count(),
        items=Item.objects.exclude(status=ItemStatus.WITHDRAWN).count(),
        cards=Card.objects.filter(status__in=[Card.Status.ISSUED, Card.Status.ACTIVE]).count(),
        machines=Device.objects.filter(is_enabled=True).count(),
        borrowed=int(today["borrowed"]),
        returned=int(today["returned"]),
    )


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


def _counted(now: datetime) -> tuple[list[BranchLine], Figures, list[Title]]:
    """Return what is counted for everybody alike, kept for a few seconds: the first page is the most opened one."""
    kept: tuple[list[BranchLine], Figures, list[Title]] | None = cache.get("web.home")
    if kept is None:
        lines = branch_lines()
        studies = [line.branch.pk for line in lines if line.branch.kind == Branch.Kind.CITY_STUDY]
        kept = (lines, figures(now), shelf(studies or [line.branch.pk for line in lines]))
        cache.set("web.home", kept, KEEP_SECONDS)
    return kept


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show what is running."""
    now = clock.now()
    lines, counted, titles = _counted(now)
    found = whereabouts([title.pk for title in titles], all_branches())
    context = {
        "studies": [line for line in lines if line.branch.kind == Branch.Kind.CITY_STUDY],
        "others": [line for line in lines if line.branch.kind != Branch.Kind.CITY_STUDY],
        "figures": counted,
        "shelf": [(title, found[title.pk].best) for title in titles],
        "machines": next((check for check in all_checks(now) if check.part == "sip2"), None),
    }
    return render(request, "web/reader/home.html", context)
