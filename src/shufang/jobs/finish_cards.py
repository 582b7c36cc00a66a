"""Cards that somebody began to get at a machine and left: paid ones are finished, unpaid ones end."""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q

from shufang.jobs.portions import each_alone
from shufang.money.models import Deposit
from shufang.registration.get_card.give_up import GivenUp, GiveUp, Left, give_up
from shufang.registration.models import Application

SILENT = timedelta(minutes=2)
"""A visit of which nothing was heard so long is over (a power cut: the machine could not say so)."""
UNPAID = timedelta(minutes=15)
"""So long a deposit may still come for a card whose person has left."""
UNPRINTED = timedelta(days=1)
"""So long whoever comes back with his document gets his card printed."""


def run(now: datetime) -> dict[str, int]:
    """Leave what is silent, finish what was paid since, end what has waited too long. Each application by itself."""
    held = Deposit.objects.filter(patron_id=OuterRef("card__patron_id"), refunded_at__isnull=True)
    paid = Q(left_at__isnull=False, is_done=False) & Q(Exists(held))
    silent = Q(left_at__isnull=True, touched_at__lt=now - SILENT)
    over = Q(left_at__lt=now - UNPAID, is_done=False) | Q(left_at__lt=now - UNPRINTED)
    done = dict.fromkeys(Left, 0)

    def leave(application_id: int, *, for_good: bool) -> bool:
        left = give_up(GiveUp(application_id, for_good=for_good), now)
        if isinstance(left, GivenUp):
            done[left.left] += 1
        return isinstance(left, GivenUp)

    def ids(which: Q) -> list[int]:
        return list(Application.objects.filter(which).order_by("id").values_list("id", flat=True))

    each_alone(ids(paid | silent), lambda one: leave(one, for_good=False))
    each_alone(ids(over), lambda one: leave(one, for_good=True))
    return {
        "finished": done[Left.FINISHED] + done[Left.TO_BE_PRINTED],
        "ended": done[Left.ENDED],
        "left": done[Left.NOTHING] + done[Left.WAITING],
    }
