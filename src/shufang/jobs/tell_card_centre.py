"""Errands to the city's card centre are run, and what has changed there is read. Nothing to do with a local register."""

from datetime import datetime, timedelta

from shufang.jobs.portions import delete
from shufang.registration.authority.chosen import is_local
from shufang.registration.authority.deliver import deliver
from shufang.registration.authority.models import Errand
from shufang.registration.city_cards.read_changes import read_changes

KEPT = timedelta(days=30)
"""Errands that are done are kept so long, for whoever asks what the centre was told."""


def run(now: datetime) -> dict[str, int]:
    """Tell first, then read: what we have told comes back as news that is none. While the centre is away both wait."""
    if is_local():
        return {"told": 0}
    told = deliver(now)
    read = read_changes(now)
    over = Errand.objects.filter(state__in=[Errand.State.DONE, Errand.State.SETTLED], answered_at__lt=now - KEPT)
    return {
        "told": told.told,
        "refused": told.refused,
        "changed": read.changed,
        "away": int(told.is_away or read.is_away),
        "forgotten": delete(over),
    }
