"""Running errands to the card centre: in order, each once; when it is away they wait, what it refuses goes before staff."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Exists, OuterRef

from shufang.kernel.refusal import Refusal
from shufang.patrons.models import Card
from shufang.registration.authority import city
from shufang.registration.authority.conflicts import put_before_staff
from shufang.registration.authority.interface import Accepted, Away, Message
from shufang.registration.authority.models import CityCard, Errand

MOST_FAILURES = 8
"""When the centre itself has broken down so often over one errand, staff must look at it, and the others go on."""
State = Errand.State


@dataclass(frozen=True, slots=True)
class Delivered:
    """How many were told, and refused; `is_away`: the rest waits."""

    told: int = 0
    refused: int = 0
    is_away: bool = False


def deliver(now: datetime) -> Delivered:
    """Run what waits, oldest first. When two do it at once each errand still counts once, by its key."""
    told = refused = 0
    for errand in _waiting():
        answer = city.tell(message_of(errand), now)
        match answer:
            case Away():
                if answer.broke_down and _has_failed_for_good(errand):
                    refused += _refused(errand, Refusal("centre_failed"), now)
                    continue
                return Delivered(told, refused, is_away=True)
            case Accepted():
                told += _accepted(errand, answer, now)
            case Refusal():
                refused += _refused(errand, answer, now)
    return Delivered(told, refused)


def _waiting() -> Iterator[Errand]:
    """Yield errands one after the other, as they are when their turn has come; those behind a conflict are kept back."""
    conflicts = Errand.objects.filter(card_id=OuterRef("card_id"), state=State.CONFLICT)
    rows = Errand.objects.select_related("card__kind", "card__library", "card__patron__city").order_by("id")
    last = 0
    while True:
        found = rows.filter(~Exists(conflicts), state=State.WAITING, pk__gt=last).first()
        if found is None:
            return
        last = found.pk
        yield found


def message_of(errand: Errand) -> Message:
    """Return what is told: the card as it stood then, its person as far as the centre knows him."""
    card, patron, values = errand.card, errand.card.patron, errand.values
    person = getattr(patron, "city", None)
    return Message(
        key=errand.key,
        verb=errand.verb,
        number=card.number,
        kind=card.kind.code,
        library=card.library.code,
        status=str(values.get("status", card.status)),
        name=patron.name,
        birth_date=patron.birth_date,
        expires_on=card.expires_on,
        person=bytes(person.digest) if person is not None else b"",
        other=str(values.get("other", "")),
        amount=Decimal(str(values.get("amount", "0"))),
    )


def _has_failed_for_good(errand: Errand) -> bool:
    errand.failures += 1
    errand.save(update_fields=["failures"])
    return errand.failures >= MOST_FAILURES


def _accepted(errand: Errand, answer: Accepted, now: datetime) -> bool:
    with transaction.atomic():
        done = Errand.objects.filter(pk=errand.pk, state=State.WAITING).update(state=State.DONE, answered_at=now)
        if done:
            _keep(errand, answer.revision, now)
    return bool(done)


def _keep(errand: Errand, revision: int, now: datetime) -> None:
    """Keep that the centre knows the card, and its successor, as we told it."""
    status = str(errand.values.get("status", errand.card.status))
    known = {errand.card_id: status}
    if errand.verb == Errand.Verb.REPLACE:
        successor = Card.objects.filter(number=str(errand.values.get("other", ""))).values_list("pk", flat=True)
        known = {errand.card_id: Card.Status.REPLACED.value, **dict.fromkeys(successor, status)}
    for card_id, stands in known.items():
        CityCard.objects.update_or_create(
            card_id=card_id, defaults={"status": stands, "revision": revision, "asked_at": now}
        )


def _refused(errand: Errand, refusal: Refusal, now: datetime) -> bool:
    with transaction.atomic():
        waiting = Errand.objects.filter(pk=errand.pk, state=State.WAITING)
        done = waiting.update(state=State.CONFLICT, code=refusal.code, answered_at=now)
        if done:
            put_before_staff(refusal.code, errand.card.number, now, errand=errand)
    return bool(done)
