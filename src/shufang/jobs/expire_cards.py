"""Cards past their last day become expired."""

from datetime import datetime

from django.db.models import F
from django.utils import timezone

from shufang.circulation.locks import lock_patrons
from shufang.jobs.portions import each_alone
from shufang.patrons.models import Card, Patron


def run(now: datetime) -> dict[str, int]:
    """Expire issued and active cards. Lending looks at the date itself; this makes the record say so."""
    past = Card.objects.filter(
        status__in=[Card.Status.ISSUED, Card.Status.ACTIVE], expires_on__lt=timezone.localdate(now)
    )

    def expire(card: tuple[int, int]) -> bool:
        card_id, patron_id = card
        lock_patrons([patron_id])
        changed = past.filter(pk=card_id).update(status=Card.Status.EXPIRED, status_since=now)
        if changed:
            Patron.objects.filter(pk=patron_id).update(revision=F("revision") + 1)
        return bool(changed)

    return {"expired": each_alone(past.order_by("id").values_list("id", "patron_id"), expire)}
