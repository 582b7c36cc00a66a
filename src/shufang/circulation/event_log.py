"""Writing down what happened, for the verbs outside of the hot path. Never a patron, never a card (PRIVACY.md 1)."""

from datetime import date, datetime

from django.utils import timezone

from shufang.catalogue.models import Item
from shufang.circulation.models import Event, Loan
from shufang.circulation.place import Place
from shufang.circulation.rules.holds import age_on
from shufang.kernel.texts import storable
from shufang.patrons.models import Patron

AGE_BANDS = ((6, "0-6"), (12, "7-12"), (17, "13-17"), (59, "18-59"))


def age_band(birth_date: date | None, day: date) -> str:
    """Return the band of an age, empty when it is unknown."""
    if birth_date is None:
        return ""
    age = age_on(birth_date, day)
    return next((band for most, band in AGE_BANDS if age <= most), "60+")


def log_event(
    verb: str,
    now: datetime,
    place: Place,
    *,
    item_id: int | None = None,
    title_id: int | None = None,
    policy_id: int | None = None,
    loan_id: int | None = None,
    card_kind_id: int | None = None,
    birth_date: date | None = None,
    detail: str = "",
) -> int:
    """Add one event in the caller's transaction and return its id. One statement."""
    event = Event.objects.create(
        at=now,
        verb=verb,
        user_id=place.user_id,
        device_id=place.device_id,
        branch_id=place.branch_id,
        item_id=item_id,
        title_id=title_id,
        policy_id=policy_id,
        loan_id=loan_id,
        card_kind_id=card_kind_id,
        age_band=age_band(birth_date, timezone.localdate(now)),
        detail=storable(detail)[:255],
    )
    return event.pk


def log_loan(verb: str, now: datetime, place: Place, item: Item, loan: Loan, detail: str, patron: Patron) -> int:
    """Add one event of a loan; `patron` is asked for his age band alone. One statement."""
    return log_event(
        verb,
        now,
        place,
        item_id=item.pk,
        title_id=item.title_id,
        policy_id=loan.policy_id,
        loan_id=loan.pk,
        card_kind_id=loan.card_kind_id,
        birth_date=patron.birth_date,
        detail=detail,
    )
