"""Who is served next, how long an item waits for its reader, and when a waiting reader may expect one. Pure.

The queue of a title is ordered by (`queued_at`, `id`) and by nothing else: not by branch, not by card kind. A suspended
hold keeps its place and is passed over; so is one whose patron could not borrow today.
"""

import heapq
import itertools
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

TRANSIT_DAYS = 2
"""Days a van is reckoned to need between two branches; for estimates only, nothing is decided by it."""
LONGEST_CLOSURE = 366
"""Days after which the search for open days stops: a branch closed for a year has no shelf time to count."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A waiting hold as the queue sees it. `may_borrow`: its patron has a good card and no block today."""

    hold_id: int
    queued_at: datetime
    volume: str
    wanted_item_id: int | None
    pickup_branch_id: int
    pickup_library_id: int
    pickup_is_open: bool
    is_suspended: bool
    suspended_until: date | None
    not_needed_after: date | None
    card_kind_id: int | None
    birth_date: date | None
    may_borrow: bool


@dataclass(frozen=True, slots=True)
class Copy:
    """An item that might serve a hold. `lends_at`: libraries whose branches may hand it out (its owner's among them)."""

    item_id: int
    volume: str
    is_for_loan: bool
    least_age: int | None
    lends_at: frozenset[int]
    holdable_by: frozenset[int] | None = None
    """Card kinds for which the owner's policy lets it be held and lent; None: not asked."""


def is_paused(hold: Waiting, today: date) -> bool:
    """Say whether a suspension stands today; `suspended_until` is its last day."""
    return hold.is_suspended and (hold.suspended_until is None or hold.suspended_until >= today)


def is_wanted_copy(volume: str, wanted_item_id: int | None, copy_item_id: int, copy_volume: str) -> bool:
    """Say whether a hold on this item (or volume, or title) means this copy."""
    if wanted_item_id is not None:
        return wanted_item_id == copy_item_id
    return not volume or volume == copy_volume


def age_on(birth_date: date, day: date) -> int:
    """Return full years on `day`; who was born on 29 February is a year older on 1 March."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def serves(copy: Copy, hold: Waiting, today: date) -> bool:
    """Say whether `copy` may be kept for `hold` today."""
    if not copy.is_for_loan or not is_wanted_copy(hold.volume, hold.wanted_item_id, copy.item_id, copy.volume):
        return False
    if is_paused(hold, today) or not hold.may_borrow or not hold.pickup_is_open:
        return False
    if hold.not_needed_after is not None and hold.not_needed_after < today:
        return False
    if hold.pickup_library_id not in copy.lends_at:
        return False
    if copy.holdable_by is not None and hold.card_kind_id not in copy.holdable_by:
        return False
    if copy.least_age is None:
        return True
    return hold.birth_date is not None and age_on(hold.birth_date, today) >= copy.least_age


def first_served(queue: Iterable[Waiting], copy: Copy, today: date) -> Waiting | None:
    """Return the first hold of the queue (already in order) that `copy` serves."""
    return next((hold for hold in queue if serves(copy, hold, today)), None)


def before(own: Collection[int], queue: Sequence[Waiting]) -> tuple[Waiting, ...]:
    """Return who waits before the first of a patron's own holds; the whole queue when none of them waits in it."""
    return tuple(itertools.takewhile(lambda hold: hold.hold_id not in own, queue))


def is_needed(copy: Copy, others: Sequence[Copy], queue: Sequence[Waiting], today: date) -> bool:
    """Say whether fewer of `queue` could be served from what is free without `copy` than with it."""
    if first_served(queue, copy, today) is None:
        return False
    return _most_served(queue, (copy, *others), today) > _most_served(queue, others, today)


def _most_served(queue: Sequence[Waiting], copies: Sequence[Copy], today: date) -> int:
    """Return how many holds these copies can serve at most, one copy a hold (augmenting paths)."""
    kept: dict[int, Waiting] = {}

    def place(hold: Waiting, tried: set[int]) -> bool:
        for copy in copies:
            if copy.item_id in tried or not serves(copy, hold, today):
                continue
            tried.add(copy.item_id)
            if copy.item_id not in kept or place(kept[copy.item_id], tried):
                kept[copy.item_id] = hold
                return True
        return False

    for hold in queue:
        if len(kept) == len(copies):
            break
        place(hold, set())
    return len(kept)


def last_shelf_day(today: date, shelf_days: int, is_open: Callable[[date], bool]) -> date:
    """Return the last day on the hold shelf: the `shelf_days`-th open day after `today`.

    Where no day is open for LONGEST_CLOSURE days the count goes by plain days.
    """
    day, left = today, max(shelf_days, 1)
    for _ in range(LONGEST_CLOSURE):
        day += timedelta(days=1)
        if is_open(day):
            left -= 1
        if left == 0:
            return day
    return today + timedelta(days=max(shelf_days, 1))


@dataclass(frozen=True, slots=True)
class Supply:
    """When a copy comes free (a day, today or later), whether a van must bring it, and days one reader takes it away.

    `turn_days` is shelf time and loan together: what every reader ahead may keep it for.
    """

    free_on: date
    travels: bool
    turn_days: int


def expected_on(supplies: Sequence[Supply], ahead: int) -> date | None:
    """Return when the hold with `ahead` others before it may expect a copy, each reader keeping it the full time.

    None when no copy can be expected at all. Readers ahead take the copy that is free first.
    """
    if not supplies:
        return None
    free = [(supply.free_on, place, supply) for place, supply in enumerate(supplies)]
    heapq.heapify(free)
    for _ in range(ahead):
        day, place, supply = free[0]
        try:
            again = day + timedelta(days=max(supply.turn_days, 1))
        except OverflowError:
            return None
        heapq.heapreplace(free, (again, place, supply))
    return min(day + timedelta(days=TRANSIT_DAYS if supply.travels else 0) for day, _, supply in free)
