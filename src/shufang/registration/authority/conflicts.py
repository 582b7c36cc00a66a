"""What the card centre and we do not agree on lies before staff until they have dealt with it."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from shufang.audit.trail import record
from shufang.kernel.refusal import Refusal
from shufang.registration.authority.models import CityConflict, Errand


@dataclass(frozen=True, slots=True)
class SettleCityConflict:
    """Staff have dealt with a conflict. `sends_again`: the errand is run once more, under its old key or a new one."""

    conflict_id: int
    user_id: int
    user_name: str = ""
    note: str = ""
    sends_again: bool = False


@dataclass(frozen=True, slots=True)
class CityConflictSettled:
    """It is settled; `waiting`: errands of its card that may go on."""

    waiting: int


def put_before_staff(
    code: str, card_number: str, now: datetime, *, errand: Errand | None = None, told: str = ""
) -> CityConflict:
    """Add a conflict, in the caller's transaction; the same one twice is once until it is settled.

    `told`: what the centre says of the card (its status), empty when it refused ours.
    """
    still = CityConflict.objects.filter(settled_at__isnull=True, code=code, card_number=card_number, errand=errand)
    return still.first() or CityConflict.objects.create(
        at=now, code=code, card_number=card_number, errand=errand, told=told
    )


def settle_city_conflict(command: SettleCityConflict, now: datetime) -> CityConflictSettled | Refusal:
    """Settle. Refuses conflict_unknown, conflict_settled. The number is erased; the errand, if it has one, ends or waits."""
    with transaction.atomic():
        conflict = CityConflict.objects.select_for_update(no_key=True).filter(pk=command.conflict_id).first()
        if conflict is None:
            return Refusal("conflict_unknown")
        if conflict.settled_at is not None:
            return Refusal("conflict_settled")
        conflict.settled_at, conflict.settled_by_user_id = now, command.user_id
        conflict.note, conflict.card_number = command.note[:255], ""
        conflict.save()
        record(
            command.user_id, command.user_name, "city_conflict_settled", "city_conflict", conflict.pk, command.note, now
        )
        return CityConflictSettled(_errand_goes_on(conflict, sends_again=command.sends_again))


def _errand_goes_on(conflict: CityConflict, *, sends_again: bool) -> int:
    errand = conflict.errand
    if errand is None:
        return 0
    errand.state = Errand.State.WAITING if sends_again else Errand.State.SETTLED
    errand.failures = 0
    if sends_again:
        errand.key = f"{errand.key[:28]}{conflict.pk % 10_000:04}"  # the centre answers the old key as it did before
    errand.save(update_fields=["state", "failures", "key"])
    return Errand.objects.filter(card_id=errand.card_id, state=Errand.State.WAITING).count()
