"""A card that is here has changed in the city: reported lost at another library, renewed, closed, replaced."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from shufang.kernel.refusal import Refusal
from shufang.money.charges import lock_patron, raise_revision
from shufang.money.deposits import move_deposit
from shufang.patrons.card_life import is_expired
from shufang.patrons.models import Card, Patron
from shufang.patrons.pin import forget_pin
from shufang.registration.authority.conflicts import put_before_staff
from shufang.registration.authority.interface import CityAnswer
from shufang.registration.authority.models import CityCard, Errand
from shufang.registration.city_cards.adopt import BY_CENTRE, keep_answer
from shufang.registration.served import step, write_down

S = Card.Status
STOPS = frozenset({S.LOST, S.CLOSED, S.REPLACED, S.EXPIRED})
_OPEN = (Errand.State.WAITING, Errand.State.CONFLICT)


def apply(answer: CityAnswer, now: datetime) -> bool:
    """Let a known card follow what the centre says, and keep that; return whether anything changed. An unknown one is nobody's.

    What we have not been able to tell yet goes before what we are told, but for a stop: that always counts. What cannot
    be followed goes before staff.
    """
    try:
        with transaction.atomic():
            patron_id = Card.objects.filter(number=answer.number).values_list("patron_id", flat=True).first()
            if patron_id is None:
                return False
            patron = lock_patron(patron_id)
            card = Card.objects.select_related("kind", "city").get(number=answer.number)
            return _follow(card, patron, answer, now)
    except IntegrityError:  # the person has another good card by now
        with transaction.atomic():
            put_before_staff("patron_has_card", answer.number, now, told=answer.status)
        return False


def _follow(card: Card, patron: Patron, answer: CityAnswer, now: datetime) -> bool:
    before = getattr(card, "city", None)
    if before is not None and answer.revision <= before.revision:
        return False  # our own words, or what was heard before
    told = S(answer.status)
    if card.errands.filter(state__in=_OPEN).exists() and told not in STOPS:
        return False
    refusal, changed = None, False
    if told != card.status and not (told == S.EXPIRED and is_expired(card, timezone.localdate(now))):
        refusal = _step(card, patron, told, answer, now)
        changed = refusal is None
    if refusal is not None:
        put_before_staff(refusal.code, card.number, now, told=answer.status)
        return False
    changed |= _dates(card, patron, answer, now)
    _new_pin(patron, before, answer)
    keep_answer(card, answer, now, is_of_another=before is not None and before.is_of_another)
    return changed


def _step(card: Card, patron: Patron, told: Card.Status, answer: CityAnswer, now: datetime) -> Refusal | None:
    if told == S.ISSUED:
        return None  # good elsewhere only when it is active; here nothing lends before
    if told == S.REPLACED and not answer.replaced_by:
        told = S.CLOSED
    done = step(card, patron, told, BY_CENTRE, now)
    if isinstance(done, Refusal):
        return done
    if told == S.REPLACED:
        _successor(card, patron, answer.replaced_by, now)
    return None


def _successor(old: Card, patron: Patron, number: str, now: datetime) -> None:
    """Make the card that replaces another one elsewhere; the centre's next answers tell the rest of it."""
    card = Card.objects.create(
        number=number,
        patron=patron,
        kind=old.kind,
        library=old.library,
        status=S.ACTIVE,
        issued_at=now,
        expires_on=old.expires_on,
        status_since=now,
        replaces=old,
    )
    move_deposit(patron.pk, card.pk)
    city = getattr(old, "city", None)
    CityCard.objects.create(
        card=card,
        status=S.ACTIVE,
        revision=0,
        deposit=city.deposit if city else 0,
        pin_version=city.pin_version if city else 0,
        is_of_another=bool(city and city.is_of_another),
        asked_at=now,
    )
    write_down(BY_CENTRE, "card_adopted", card, f"replaces {old.pk}", now)


def _dates(card: Card, patron: Patron, answer: CityAnswer, now: datetime) -> bool:
    if card.expires_on == answer.expires_on:
        return False
    card.expires_on = answer.expires_on
    card.save(update_fields=["expires_on"])
    write_down(BY_CENTRE, "card_renewed", card, f"{answer.expires_on}", now)
    raise_revision(patron)
    return True


def _new_pin(patron: Patron, before: CityCard | None, answer: CityAnswer) -> None:
    """Forget a PIN that was set elsewhere and is another by now: the next one that is typed is asked for at the centre."""
    if before is not None and before.is_of_another and answer.pin_version > before.pin_version:
        forget_pin(patron)
