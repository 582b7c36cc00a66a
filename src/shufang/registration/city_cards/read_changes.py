"""Reading what has changed in the city since last time, so that what is known here grows no older than the last reading."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Min

from shufang.registration.authority import city
from shufang.registration.authority.chosen import is_local
from shufang.registration.authority.interface import Away
from shufang.registration.authority.line import THE_ROW
from shufang.registration.authority.models import CardCentre, CityCard
from shufang.registration.city_cards.apply import apply

MOST_PAGES = 50
FROM_NOW = -1
"""Asked after this number, the centre tells where it stands and no card: what happened before concerns nobody here."""


@dataclass(frozen=True, slots=True)
class ChangesRead:
    """How many cards were told, how many of those here changed; `is_away`: the rest another time."""

    told: int = 0
    changed: int = 0
    is_away: bool = False


def read_changes(now: datetime) -> ChangesRead:
    """Read page after page; each is applied before its number is kept, so that a stop in between loses nothing."""
    told = changed = 0
    if is_local():
        return ChangesRead()
    row, _is_new = CardCentre.objects.get_or_create(pk=THE_ROW)
    read_to = row.read_to if row.read_at is not None or row.read_to else _first()
    for _ in range(MOST_PAGES):
        page = city.changes(read_to, now)
        if isinstance(page, Away):
            return ChangesRead(told, changed, is_away=True)
        told += len(page.cards)
        changed += sum(apply(card, now) for card in page.cards)
        read_to = max(read_to, page.read_to)
        CardCentre.objects.filter(pk=THE_ROW, read_to__lt=read_to).update(read_to=read_to)
        if page.is_all:
            CardCentre.objects.filter(pk=THE_ROW).update(read_at=now)
            break
    return ChangesRead(told, changed)


def _first() -> int:
    """Return after which number the first reading asks: from now, or since the oldest of what was told about cards here."""
    return CityCard.objects.aggregate(oldest=Min("revision"))["oldest"] or FROM_NOW
