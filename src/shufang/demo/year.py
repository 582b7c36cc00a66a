"""One year of invented lending: the network's rows are turned into a simulation, and what it finds into rows again."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from django.db import connection, transaction
from django.utils import timezone

from shufang.branches.calendar import calendars
from shufang.branches.models import Branch
from shufang.branches.open_days import OpenDays
from shufang.catalogue.models import Item
from shufang.catalogue.search.index import refresh_popularity
from shufang.circulation.models import Event, Limit, Policy
from shufang.circulation.rules.due_dates import due_day, end_of_day, renewed_due_day
from shufang.demo import waiting
from shufang.demo.simulation import Reader, Site, Span, Year
from shufang.demo.world import World
from shufang.demo.year_money import write_charges
from shufang.demo.year_rows import write_lending

DAYS = 365
LOANS_A_DAY = {"GMD": 120, "HC": 38, "YZ": 34, "DX": 22, "XHM": 10, "QY": 8}
FIRST_BARCODE = "DX00001001"
"""The copies before it are the cast's and stay on their shelves."""

_AHEAD = 200
"""Days after the end for which calendars are needed: the longest loan, its renewal and a long delay."""


def write_year(now: datetime, days: int = DAYS) -> int:
    """Invent the year (or the days) that end at `now` and write it, in one transaction, once. Return the number of loans.

    Nothing is written where anything has happened already. Network, catalogue and readers must stand.
    """
    with transaction.atomic():
        if Event.objects.exists():
            return 0
        first = timezone.localdate(now) - timedelta(days=days)
        span = Span(_midnight(first), int(now.timestamp()) - 1, first.weekday())
        sites = _sites(first)
        world = World.of_network([site.branch for site in sites])
        homes = _shelve(sites)
        year = Year(sites, _readers(world), homes, span)
        year.run()
        begin = datetime.fromtimestamp(span.start, tz=timezone.get_default_timezone()) - timedelta(days=30)
        write_lending(world, sites, year, begin)
        write_charges(world, sites, year, now)
        _be_popular(world, year)
        waiting.reserve(now)
        return len(year.loans)


def _midnight(day: date) -> int:
    return int(datetime.combine(day, time(), tzinfo=timezone.get_default_timezone()).timestamp())


def _sites(first: date) -> list[Site]:
    branches = {branch.code: branch for branch in Branch.objects.filter(code__in=LOANS_A_DAY)}
    open_days = calendars(branches.values())
    terms = Policy.objects.get(library__code="DX", card_kind=None, item_kind=None)
    days = [first + timedelta(days=number) for number in range(DAYS + _AHEAD)]
    return [
        _site(branches[code], loans, open_days[branches[code].pk], days, terms) for code, loans in LOANS_A_DAY.items()
    ]


def _site(branch: Branch, loans: int, calendar: OpenDays, days: Sequence[date], terms: Policy) -> Site:
    zone = timezone.get_default_timezone()

    def end(day: date) -> int:
        return int(end_of_day(day, zone).timestamp())

    return Site(
        branch=branch.pk,
        loans_a_day=loans,
        is_open=[calendar.is_open(day) for day in days],
        due_after_loan=[end(due_day(day, terms.loan_days, calendar.is_open)) for day in days],
        due_after_renewal=[end(renewed_due_day(day, day, terms.renewal_days, calendar.is_open)) for day in days],
        always_open=branch.always_open,
    )


def _shelve(sites: Sequence[Site]) -> dict[int, int]:
    """Put the items that are lent onto their shelves; return the site at which each is at home."""
    places = {site.branch: place for place, site in enumerate(sites)}
    items = Item.objects.filter(
        home_branch__in=places, kind__is_for_loan=True, is_for_loan=True, barcode__gte=FIRST_BARCODE
    )
    homes: dict[int, int] = {}
    for item_id, branch_id in items.order_by("id").values_list("id", "home_branch_id"):
        homes[item_id] = places[branch_id]
        sites[places[branch_id]].shelf.append(item_id)
    return homes


def _readers(world: World) -> list[Reader]:
    """Some read a lot, many a little. Who may take five books in all or ten of a group takes no more."""
    books = Limit.objects.filter(counts="loans", most__gt=0, group__code="books")
    most = dict(books.values_list("card_kind_id", "most"))
    for kind_id, limit in Limit.objects.filter(counts="loans", group=None).values_list("card_kind_id", "most"):
        most[kind_id] = min(limit, most.get(kind_id, limit))
    places = {branch: place for place, branch in enumerate(world.branches)}
    return [
        Reader(
            patron=patron.patron_id,
            site=places[patron.home_branch_id],
            eagerness=((patron.patron_id * 7919) % 97 + 3) ** 2 / 1000,
            limit=most[patron.card_kind_id],
        )
        for patron in world.patrons.values()
    ]


def _be_popular(world: World, year: Year) -> None:
    """Do what the nightly job will do: popularity, and the order of search results after it."""
    lent: dict[int, int] = {}
    for loan in year.loans:
        title_id = world.items[loan.item].title_id
        lent[title_id] = lent.get(title_id, 0) + 1
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE catalogue_title SET popularity = %s WHERE id = %s",
            [(times, title_id) for title_id, times in sorted(lent.items())],
        )
    refresh_popularity()
