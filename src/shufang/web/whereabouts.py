"""Where the copies of a title are now, place by place: what a reader wants to know before anything else.

It shows what the books say and decides nothing: whether a copy may be lent is the verbs' business.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from functools import lru_cache
from typing import Any

from django.db import connection
from django.utils import timezone

from shufang.branches.models import Branch
from shufang.catalogue.item_life import ItemStatus
from shufang.circulation.queries.stored import known_time
from shufang.web.nearby import distances


class State(IntEnum):
    """How a place can serve a reader, best first."""

    HERE = 0
    SHELVING = 1
    COMING = 2
    DUE = 3
    OUT = 4
    KEPT = 5
    STAYS = 6

    @property
    def tone(self) -> str:
        """Return the class of the dot: here, soon or none."""
        return "here" if self is State.HERE else "" if self in {State.STAYS, State.KEPT, State.OUT} else "soon"


@dataclass(frozen=True, slots=True)
class Place:
    """The best that one branch can offer of a title: `copies` in `state`; `expected` is the day the first is due."""

    branch: Branch
    state: State
    copies: int
    shelf: str = ""
    call_number: str = ""
    expected: date | None = None


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """All places of one title, best first; empty when no copy can be shown. `volumes`: the parts of a set among them."""

    places: tuple[Place, ...] = ()
    volumes: tuple[str, ...] = ()

    @property
    def best(self) -> Place | None:
        """Return the place to name first."""
        return self.places[0] if self.places else None

    @property
    def others_here(self) -> tuple[Place, ...]:
        """Return the further places where a copy stands on the shelf now."""
        return tuple(place for place in self.places[1:] if place.state is State.HERE)

    @property
    def copies_here(self) -> int:
        """Return how many copies stand on shelves now."""
        return sum(place.copies for place in self.places if place.state is State.HERE)


_STATES = {
    ItemStatus.AVAILABLE: State.HERE,
    ItemStatus.TO_BE_SHELVED: State.SHELVING,
    ItemStatus.IN_TRANSIT: State.COMING,
    ItemStatus.ON_LOAN: State.DUE,
    ItemStatus.ON_HOLD_SHELF: State.KEPT,
}


_COPIES = f"""
SELECT i.title_id, i.status, i.is_for_loan, k.is_for_loan, i.home_branch_id, i.current_branch_id, t.destination_id,
l.due_at, i.shelf, i.call_number, i.volume
FROM catalogue_item i JOIN catalogue_itemkind k ON k.id = i.kind_id
LEFT JOIN circulation_loan l ON l.item_id = i.id AND NOT (l.status = 'closed')
LEFT JOIN circulation_transit t ON t.item_id = i.id AND t.received_at IS NULL
WHERE i.title_id IN ({{titles}}) AND i.status IN ({", ".join(f"'{status}'" for status in _STATES)})
ORDER BY i.title_id, i.id
"""  # noqa: S608  # our own words only


def whereabouts(
    title_ids: Collection[int], branches: dict[int, Branch], nearest: int | None = None
) -> dict[int, Whereabouts]:
    """Return where each title is, for a whole page in one query. `nearest` is the branch that the reader asked for, or
    that he calls his: of places that are equally good it comes first, then those that lie near it.

    Lost, missing, damaged and withdrawn copies, and those not yet processed, are not shown.
    """
    rows = _copies(list(title_ids))
    today = timezone.localdate()
    found: dict[int, list[Place]] = {}
    volumes: dict[int, dict[str, None]] = {}
    for title_id, status, item_lends, kind_lends, home, current, destination, due_at, shelf, call_number, part in rows:
        state = _STATES[ItemStatus(status)]
        if state is State.HERE and not (item_lends and kind_lends):
            state = State.STAYS
        where = {State.COMING: destination, State.DUE: home}.get(state) or current
        expected = timezone.localdate(known_time(due_at)) if state is State.DUE and due_at else None
        if state is State.DUE and (expected is None or expected < today):
            state, expected = State.OUT, None
        place = Place(branches[where], state, 1, shelf if where == home else "", call_number, expected)
        found.setdefault(title_id, []).append(place)
        volumes.setdefault(title_id, {})[part] = None
    away = distances(branches, nearest)
    return {title_id: _gathered(found.get(title_id, []), volumes.get(title_id, {}), away) for title_id in title_ids}


def _copies(title_ids: list[int]) -> list[tuple[Any, ...]]:
    """Return the copies that can be shown, title by title. Plain SQL: the ORM would take longer to write it than to run it."""
    if not title_ids:
        return []
    with connection.cursor() as cursor:
        places = ", ".join(["%s"] * len(title_ids))
        cursor.execute(_COPIES.format(titles=places), title_ids)
        return list(cursor.fetchall())


def _gathered(copies: Iterable[Place], volumes: Iterable[str], away: Mapping[int, float]) -> Whereabouts:
    """Fold copies into one place a branch, the best state of each; order them as a reader would walk."""
    best: dict[int, Place] = {}
    for copy in copies:
        known = best.get(copy.branch.pk)
        if known is None or copy.state < known.state:
            best[copy.branch.pk] = copy
        elif copy.state == known.state:
            days = [day for day in (known.expected, copy.expected) if day]
            best[copy.branch.pk] = Place(
                known.branch,
                known.state,
                known.copies + 1,
                known.shelf or copy.shelf,
                known.call_number or copy.call_number,
                min(days, default=None),
            )
    places = sorted(best.values(), key=lambda place: _nearness(place, away))
    return Whereabouts(tuple(places), tuple(sorted(filter(None, volumes))))


def _nearness(place: Place, away: Mapping[int, float]) -> tuple[int, float, bool, str]:
    is_study = place.branch.kind == Branch.Kind.CITY_STUDY
    return place.state, away[place.branch.pk], not is_study, place.branch.code


def all_branches() -> dict[int, Branch]:
    """Return the network's branches by id, by their codes; to be read only. One small query: the stamp of the rules says
    whether those in memory are still right.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT stamp FROM circulation_rulesstamp")
        row = cursor.fetchone()
    return _read_branches() if row is None else _branches_at(row[0])


@lru_cache(maxsize=1)
def _branches_at(_stamp: int) -> dict[int, Branch]:
    return _read_branches()


def _read_branches() -> dict[int, Branch]:
    return {branch.pk: branch for branch in Branch.objects.select_related("library").order_by("code")}
