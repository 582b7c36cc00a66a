"""Where and by whom somebody was served, and the card that he showed: what all verbs of registration begin with."""

from dataclasses import dataclass
from datetime import datetime

from shufang.audit.trail import record
from shufang.kernel.refusal import Refusal
from shufang.money.charges import lock_patron, raise_revision
from shufang.money.deposits import is_missing
from shufang.patrons.card_life import transition_refusal
from shufang.patrons.models import Card, Patron
from shufang.registration.authority import errands
from shufang.registration.authority.models import CityCard


@dataclass(frozen=True, slots=True)
class Served:
    """The branch, and the machine or member of staff there. `is_told`: the card centre said it, and is not told it back."""

    branch_id: int | None = None
    device_id: int | None = None
    user_id: int | None = None
    user_name: str = ""
    is_told: bool = False


@dataclass(frozen=True, slots=True)
class CardChanged:
    """A card after a step of its life."""

    card_id: int
    patron_id: int
    patron_revision: int
    status: Card.Status


def lock_card(card_number: str) -> tuple[Card, Patron] | Refusal:
    """Lock the patron of a card and return both as they are under the lock. Refuses card_unknown."""
    patron_id = Card.objects.filter(number=card_number).values_list("patron_id", flat=True).first()
    if patron_id is None:
        return Refusal("card_unknown", {"card_number": card_number})
    patron = lock_patron(patron_id)
    card = Card.objects.select_related("kind", "library").get(number=card_number)
    return card, patron


def step(card: Card, patron: Patron, new: Card.Status, served: Served, now: datetime) -> CardChanged | Refusal:
    """Take one step of the card's life, if the table has it; the audit trail says who did it."""
    refusal = transition_refusal(card, new)
    if refusal is not None:
        return refusal
    old = card.status
    card.status, card.status_since = new, now
    card.save(update_fields=["status", "status_since", "expires_on"])
    write_down(served, f"card_{new.value}", card, f"{old} → {new.value}", now)
    if not served.is_told:
        errands.of_step(card, old, now)
    return CardChanged(card.pk, patron.pk, raise_revision(patron), new)


def missing(card: Card, patron: Patron) -> Refusal | None:
    """Refuse deposit_missing and pin_missing: what a card needs before it is good, whichever way it becomes so.

    A card of another library has both there.
    """
    if CityCard.objects.filter(card=card, is_of_another=True).exists():
        return None
    if is_missing(patron.pk, card.kind.deposit):
        return Refusal("deposit_missing", {"deposit": card.kind.deposit})
    return None if patron.pin_hash else Refusal("pin_missing")


def write_down(served: Served, action: str, card: Card, reason: str, now: datetime) -> None:
    """Add a line to the audit trail about a card."""
    record(served.user_id, served.user_name, action, "card", card.pk, reason, now)


def has_good_card(patron: Patron, *, other_than: Card | None = None) -> bool:
    """Say whether a patron has a card that is issued or active."""
    good = Card.objects.filter(patron=patron, status__in=[Card.Status.ISSUED, Card.Status.ACTIVE])
    return (good.exclude(pk=other_than.pk) if other_than else good).exists()
