"""The invented year as rows, written in bulk: loans, events, history, journeys, readers of a month, where items are.

What is written is what the verbs would have left: a closed loan names nobody, history stands only for those who consent,
every event follows the one before it in time.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import islice

from django.core.management.color import no_style
from django.db import connection
from django.db.models import Max

from shufang.catalogue.item_life import ItemStatus
from shufang.catalogue.models import Item, Title
from shufang.circulation.models import Event, Loan, Transit
from shufang.circulation.queries.stored import as_stored_day
from shufang.demo.simulation import DAY, Journey, Lent, Site, Year
from shufang.demo.world import World, moment

_CHECKIN, _ARRIVAL, _RENEW, _CHECKOUT = range(4)
"""What happens in one second happens in this order."""

_EPOCH = date(1970, 1, 1)
_NEVER = (0, ItemStatus.AVAILABLE, 0)

Stored = str | int | bool | date | datetime | None
Row = tuple[Stored, ...]

_AT_ONCE = 5000
_LOAN = (
    "INSERT INTO circulation_loan (id, item_id, patron_id, card_kind_id, group_id, library_id, policy_id,"
    " calendar_branch_id, status, borrowed_at, due_at, renewals, renewed_at, returned_at, returned_branch_id)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
)
_EVENT = (
    "INSERT INTO circulation_event (at, verb, user_id, device_id, branch_id, item_id, title_id, policy_id, loan_id,"
    " card_kind_id, age_band, detail) VALUES (%s, %s, NULL, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
)
_HISTORY = "INSERT INTO circulation_history (patron_id, title_id, borrowed_at, returned_at) VALUES (%s, %s, %s, %s)"
_JOURNEY = (
    "INSERT INTO circulation_transit (item_id, origin_id, destination_id, reason, hold_id, sent_at, received_at)"
    " VALUES (%s, %s, %s, 'home', NULL, %s, %s)"
)
_MONTH = "INSERT INTO circulation_readermonth (patron_id, month, branch_id) VALUES (%s, %s, %s)"
_ITEM = "UPDATE catalogue_item SET status = %s, status_since = %s, current_branch_id = %s WHERE id = %s"


def write_lending(world: World, sites: Sequence[Site], year: Year, begin: datetime) -> None:
    """Write everything but money, in the caller's transaction. Items and titles came into the house at `begin`."""
    Title.objects.update(created_at=begin, updated_at=begin)
    Item.objects.update(created_at=begin, status_since=begin)
    first_id = (Loan.objects.aggregate(most=Max("id"))["most"] or 0) + 1
    _many(_LOAN, (_loan(world, sites, lent, first_id + place) for place, lent in enumerate(year.loans)))
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [Loan, Event, Transit]):
            cursor.execute(statement)
    _many(_EVENT, _events(world, sites, year, first_id))
    _many(_HISTORY, _history(world, year.loans))
    _many(_JOURNEY, (_journey(sites, journey) for journey in year.journeys))
    _many(_MONTH, _months(sites, year.loans))
    _many(_ITEM, _whereabouts(sites, year))
    times = Counter(lent.patron for lent in year.loans)
    _many(
        "UPDATE patrons_patron SET revision = revision + %s WHERE id = %s",
        ((count, patron) for patron, count in sorted(times.items())),
    )


_HOURS = tuple(f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}" for second in range(DAY))


@lru_cache(maxsize=2000)
def _day_text(day: int) -> str:
    return datetime.fromtimestamp(day * DAY, tz=UTC).strftime("%Y-%m-%d ")


@lru_cache(maxsize=1)
def _keeps_text() -> bool:
    return connection.vendor == "sqlite"


def stored(seconds: int) -> str | datetime:
    """Return a time of the simulation as the engine keeps it; 600,000 of them are asked for."""
    if _keeps_text():
        return _day_text(seconds // DAY) + _HOURS[seconds % DAY]
    return datetime.fromtimestamp(seconds, tz=UTC)


def _many(statement: str, rows: Iterable[Row]) -> None:
    todo = iter(rows)
    with connection.cursor() as cursor:
        while some := list(islice(todo, _AT_ONCE)):
            cursor.executemany(statement, some)


def _loan(world: World, sites: Sequence[Site], lent: Lent, loan_id: int) -> Row:
    item, patron = world.items[lent.item], world.patrons[lent.patron]
    is_closed = lent.back is not None
    return (
        loan_id,
        lent.item,
        None if is_closed else lent.patron,
        patron.card_kind_id,
        item.group_id,
        item.library_id,
        patron.policy.policy_id,
        sites[lent.site].branch,
        Loan.Status.CLOSED if is_closed else Loan.Status.OPEN,
        stored(lent.out),
        stored(lent.due),
        0 if lent.renewed is None else 1,
        None if lent.renewed is None else stored(lent.renewed),
        None if lent.back is None else stored(lent.back),
        None if lent.back is None else sites[lent.back_site].branch,
    )


def _events(world: World, sites: Sequence[Site], year: Year, first_id: int) -> Iterator[Row]:
    """Yield the events of all loans and journeys in their order."""
    happened: list[tuple[int, int, int]] = []
    for place, lent in enumerate(year.loans):
        happened.append((lent.out, _CHECKOUT, place))
        if lent.renewed is not None:
            happened.append((lent.renewed, _RENEW, place))
        if lent.back is not None:
            happened.append((lent.back, _CHECKIN, place))
    happened.extend(
        (journey.received, _ARRIVAL, place)
        for place, journey in enumerate(year.journeys)
        if journey.received is not None
    )
    happened.sort()
    away = {(journey.item, journey.sent) for journey in year.journeys}
    today = moment(happened[-1][0]).date() if happened else date.min
    bands = {patron.patron_id: patron.age_band_on(today) for patron in world.patrons.values()}
    for at, what, place in happened:
        if what == _ARRIVAL:
            yield _arrival(world, sites, year.journeys[place], at)
            continue
        lent = year.loans[place]
        site, patron = lent.back_site if what == _CHECKIN else lent.site, world.patrons[lent.patron]
        machines = world.devices[site]
        device = machines[at % min(len(machines), 2)] if machines else None
        verb, detail = _told(what, lent, is_away=(lent.item, at) in away)
        yield (
            stored(at), verb, device, sites[site].branch, lent.item, world.items[lent.item].title_id,
            patron.policy.policy_id, first_id + place, patron.card_kind_id, bands[lent.patron], detail,
        )  # fmt: skip


def _told(what: int, lent: Lent, *, is_away: bool) -> tuple[str, str]:
    if what == _CHECKOUT:
        return "checkout", "available>on_loan"
    if what == _RENEW:
        was = datetime.fromtimestamp(lent.first_due, tz=UTC)
        return "renew", f"due={was:%Y-%m-%dT%H:%M:%SZ}"
    return "checkin", "on_loan>in_transit" if is_away else "on_loan>available"


def _arrival(world: World, sites: Sequence[Site], journey: Journey, at: int) -> Row:
    title_id, branch = world.items[journey.item].title_id, sites[journey.home].branch
    return (stored(at), "checkin", None, branch, journey.item, title_id, None, None, None, "", "in_transit>available")


def _history(world: World, loans: Iterable[Lent]) -> Iterable[Row]:
    for lent in loans:
        if lent.back is not None and world.patrons[lent.patron].keeps_history:
            yield lent.patron, world.items[lent.item].title_id, stored(lent.out), stored(lent.back)


def _journey(sites: Sequence[Site], journey: Journey) -> Row:
    received = None if journey.received is None else stored(journey.received)
    return journey.item, sites[journey.origin].branch, sites[journey.home].branch, stored(journey.sent), received


def _months(sites: Sequence[Site], loans: Iterable[Lent]) -> Iterator[Row]:
    @lru_cache(maxsize=1000)
    def month(day: int) -> date:
        return (_EPOCH + timedelta(days=day)).replace(day=1)

    zone_ahead = int((moment(0).utcoffset() or timedelta()).total_seconds())
    found = {(lent.patron, (lent.out + zone_ahead) // DAY, sites[lent.site].branch) for lent in loans}
    for patron, first, branch in sorted({(patron, month(day), branch) for patron, day, branch in found}):
        yield patron, as_stored_day(first), branch


def _whereabouts(sites: Sequence[Site], year: Year) -> Iterator[Row]:
    """Yield where each item that moved stands in the end: the last thing that happened to it says."""
    last: dict[int, tuple[int, ItemStatus, int]] = {}
    for lent in year.loans:
        if lent.out >= last.get(lent.item, _NEVER)[0]:
            last[lent.item] = (lent.out, ItemStatus.ON_LOAN, lent.site)
            if lent.back is not None:
                last[lent.item] = (lent.back, ItemStatus.AVAILABLE, lent.back_site)
    for journey in year.journeys:
        if journey.sent >= last[journey.item][0]:
            last[journey.item] = (journey.sent, ItemStatus.IN_TRANSIT, journey.origin)
            if journey.received is not None:
                last[journey.item] = (journey.received, ItemStatus.AVAILABLE, journey.home)
    for item, (at, status, site) in sorted(last.items()):
        yield status, stored(at), sites[site].branch, item
