"""A year of lending, invented: who borrows what where and when brings it back. Pure and deterministic, no database.

Times are whole seconds since the epoch, days are numbered from the simulation's first local midnight. People visit most
from 19 to 20 o'clock and at weekends, take one to four books, keep them for a few days, and now and then forget them.
"""

import heapq
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from random import Random
from typing import NamedTuple

DAY = 86400
HOUR = 3600
ROUND_THE_CLOCK = (2, 1, 1, 1, 1, 1, 2, 3, 5, 6, 7, 7, 6, 6, 7, 8, 9, 10, 13, 22, 21, 13, 8, 4)
"""How many of a study's visits fall into each hour of a day."""
OFFICE_HOURS = (0, 0, 0, 0, 0, 0, 0, 0, 0, 8, 10, 10, 6, 6, 9, 11, 11, 9, 9, 9, 0, 0, 0, 0)
WEEKDAYS = (0.88, 0.86, 0.88, 0.9, 1.0, 1.3, 1.26)
"""Monday to Sunday."""
TAKEN = (1, 1, 1, 1, 2, 2, 2, 3, 3, 4)
MEAN_TAKEN = sum(TAKEN) / len(TAKEN)
BROUGHT_ELSEWHERE = 0.07
RENEWS_IN_TIME = 0.6


@dataclass(slots=True)
class Site:
    """A branch: the loans of an average day, whether it is open on day n, the last second of its due day for day n."""

    branch: int
    loans_a_day: int
    is_open: Sequence[bool]
    due_after_loan: Sequence[int]
    due_after_renewal: Sequence[int]
    always_open: bool
    shelf: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Reader:
    """A patron: the site he goes to, how often he reads, how much he may have at once."""

    patron: int
    site: int
    eagerness: float
    limit: int


@dataclass(slots=True)
class Lent:
    """One loan; `back` is None while it is open. `home` and `back_site` are places in the list of sites."""

    item: int
    patron: int
    site: int
    out: int
    first_due: int
    due: int
    renewed: int | None
    back: int | None
    back_site: int


@dataclass(frozen=True, slots=True)
class Journey:
    """An item's way home after a return elsewhere; `received` is None while it is under way."""

    item: int
    origin: int
    home: int
    sent: int
    received: int | None


class Span(NamedTuple):
    """From a local midnight, whose weekday is given (0 Monday), to the moment up to which things have happened."""

    start: int
    end: int
    first_weekday: int


class Year:
    """One simulation."""

    def __init__(self, sites: Sequence[Site], readers: Sequence[Reader], homes: dict[int, int], span: "Span") -> None:
        """`homes` gives each item its site; items stand on their sites' shelves."""
        self.loans: list[Lent] = []
        self.journeys: list[Journey] = []
        self._sites, self._homes, self._start, self._end = sites, homes, span.start, span.end
        self._first_weekday = span.first_weekday
        self._random = Random(20260101)  # noqa: S311  # the same year for everybody, no secret
        self._readers = [[reader for reader in readers if reader.site == place] for place in range(len(sites))]
        self._eagerness = [list(accumulate(reader.eagerness for reader in here)) for here in self._readers]
        self._has: dict[int, int] = {reader.patron: 0 for reader in readers}
        self._late_until: dict[int, tuple[int, int]] = {}
        self._coming: list[tuple[int, int, int]] = []

    def run(self) -> None:
        """Let the days pass."""
        for day in range((self._end - self._start) // DAY + 1):
            for at, place in self._visits(day):
                if at > self._end:
                    break
                self._happen_until(at)
                self._visit(at, place, day)
        self._happen_until(self._end)
        self._leave_open()

    def _visits(self, day: int) -> Iterator[tuple[int, int]]:
        """Yield a day's visits in their order."""
        random, midnight, found = self._random, self._start + day * DAY, list[tuple[int, int]]()
        weekday = (self._first_weekday + day) % 7
        for place, site in enumerate(self._sites):
            if not site.is_open[day]:
                continue
            count = round(site.loans_a_day / MEAN_TAKEN * WEEKDAYS[weekday] * random.uniform(0.85, 1.15))
            hours = random.choices(range(24), ROUND_THE_CLOCK if site.always_open else OFFICE_HOURS, k=count)
            found += [(midnight + hour * HOUR + random.randrange(HOUR), place) for hour in hours]
        found.sort()
        return iter(found)

    def _visit(self, at: int, place: int, day: int) -> None:
        random, site = self._random, self._sites[place]
        eagerness = self._eagerness[place]
        reader = self._readers[place][bisect_left(eagerness, random.random() * eagerness[-1])]
        late_from, late_until = self._late_until.get(reader.patron, (0, 0))
        if late_from <= at < late_until:
            return
        for step in range(min(random.choice(TAKEN), reader.limit - self._has[reader.patron], len(site.shelf))):
            if at + 20 * step <= self._end:
                self._lend(at + 20 * step, place, day, reader)

    def _lend(self, at: int, place: int, day: int, reader: Reader) -> None:
        random, shelf = self._random, self._sites[place].shelf
        which = max(random.randrange(len(shelf)), random.randrange(len(shelf)))
        shelf[which], shelf[-1] = shelf[-1], shelf[which]
        item = shelf.pop()
        site = self._sites[place]
        first_due, renewed = site.due_after_loan[day], None
        due = first_due
        back, back_site = self._return(at, place)
        if back > due and random.random() < RENEWS_IN_TIME:
            renewed = due - HOUR - random.randrange(4 * DAY)
            due = site.due_after_renewal[min((due - self._start) // DAY, len(site.due_after_renewal) - 1)]
        if back > due:
            known = self._late_until.get(reader.patron, (due, back))
            self._late_until[reader.patron] = (min(known[0], due), max(known[1], back))
        self._has[reader.patron] += 1
        self.loans.append(Lent(item, reader.patron, place, at, first_due, due, renewed, back, back_site))
        heapq.heappush(self._coming, (back, 0, len(self.loans) - 1))

    def _return(self, at: int, place: int) -> tuple[int, int]:
        """Say when and where a book comes back."""
        random = self._random
        dice = random.random()
        if dice < 0.88:
            days = 0.1 + random.expovariate(1 / 1.8)
        elif dice < 0.98:
            days = random.uniform(4, 14)
        elif dice < 0.992:
            days = random.uniform(14, 42)
        else:
            days = random.uniform(43, 80)
        if random.random() < BROUGHT_ELSEWHERE:
            place = random.randrange(len(self._sites))
        return self._in_hours(at + int(days * DAY), place, at), place

    def _in_hours(self, at: int, place: int, borrowed: int) -> int:
        """Move a time into the opening hours of a site that has any, never to before the loan."""
        site = self._sites[place]
        if site.always_open:
            return at
        day, second = divmod(at - self._start, DAY)
        second = 9 * HOUR + second * 11 // 24
        if self._start + day * DAY + second <= borrowed:
            day += 1
        while day < len(site.is_open) and not site.is_open[day]:
            day += 1
        return self._start + day * DAY + second

    def _happen_until(self, at: int) -> None:
        """Let everything come back that is due to come until now."""
        while self._coming and self._coming[0][0] <= at:
            when, kind, which = heapq.heappop(self._coming)
            if kind == 0:
                self._come_back(when, self.loans[which])
            else:
                journey = self.journeys[which]
                self._sites[journey.home].shelf.append(journey.item)

    def _come_back(self, when: int, lent: Lent) -> None:
        self._has[lent.patron] -= 1
        home = self._homes[lent.item]
        if lent.back_site == home:
            self._sites[home].shelf.append(lent.item)
            return
        arrives = when + DAY - (when - self._start) % DAY + 10 * HOUR + self._random.randrange(3 * HOUR)
        received = arrives if arrives <= self._end else None
        self.journeys.append(Journey(lent.item, lent.back_site, home, when, received))
        if received is not None:
            heapq.heappush(self._coming, (arrives, 1, len(self.journeys) - 1))

    def _leave_open(self) -> None:
        """What would come back after the end has not come back."""
        for _, kind, which in self._coming:
            if kind == 0:
                lent = self.loans[which]
                lent.back = None
                if lent.renewed is not None and lent.renewed > self._end:
                    lent.renewed, lent.due = None, lent.first_due
