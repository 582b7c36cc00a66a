"""A new card for an old one. Loans, holds, charges and deposit hang on the patron and so stay where they are."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone

from shufang.kernel.money import ZERO
from shufang.kernel.refusal import Refusal
from shufang.money.charges import raise_charge
from shufang.money.models import Charge, Deposit
from shufang.money.pay import is_payable
from shufang.patrons.card_life import is_expired, transition_refusal
from shufang.patrons.models import Card, Patron
from shufang.registration.authority import errands
from shufang.registration.issue_card import expiry
from shufang.registration.served import Served, has_good_card, lock_card, missing, step

_NUMBER = re.compile(r"[0-9A-Za-z]{4,40}")


@dataclass(frozen=True, slots=True)
class ReplaceCard:
    """`fee` is charged for the new card, if any."""

    card_number: str
    new_number: str
    fee: Decimal = ZERO
    served: Served = field(default_factory=Served)


@dataclass(frozen=True, slots=True)
class CardReplaced:
    """The new card."""

    card_id: int
    patron_id: int
    patron_revision: int
    status: Card.Status


def replace_card(command: ReplaceCard, now: datetime) -> CardReplaced | Refusal:
    """Replace. Refuses card_unknown, card_replaced, card_closed, card_number_invalid, card_number_used, patron_has_card,
    fee_invalid (no amount of money). Without its deposit or a PIN the new card is ISSUED, not ACTIVE.
    """
    try:
        with transaction.atomic():
            found = lock_card(command.card_number)
            if isinstance(found, Refusal):
                return found
            refusal = _refusal(command, *found)
            return refusal or _record(command, *found, now)
    except IntegrityError:
        return Refusal("card_number_used", {"card_number": command.new_number})


def _refusal(command: ReplaceCard, card: Card, patron: Patron) -> Refusal | None:
    if not _NUMBER.fullmatch(command.new_number):
        return Refusal("card_number_invalid", {"card_number": command.new_number[:40]})
    if Card.objects.filter(number=command.new_number).exists():
        return Refusal("card_number_used", {"card_number": command.new_number})
    if command.fee and not is_payable(command.fee):
        return Refusal("fee_invalid", {"amount": command.fee})
    if has_good_card(patron, other_than=card):
        return Refusal("patron_has_card")
    return transition_refusal(card, Card.Status.REPLACED)


def _record(command: ReplaceCard, old: Card, patron: Patron, now: datetime) -> CardReplaced | Refusal:
    today = timezone.localdate(now)
    is_good = old.status != Card.Status.ISSUED and missing(old, patron) is None
    status = Card.Status.ACTIVE if is_good else Card.Status.ISSUED
    expires_on = expiry(old.kind, today) if is_expired(old, today) else old.expires_on
    changed = step(old, patron, Card.Status.REPLACED, command.served, now)
    if isinstance(changed, Refusal):
        return changed
    card = Card.objects.create(
        number=command.new_number,
        patron=patron,
        kind=old.kind,
        library=old.library,
        status=status,
        issued_at=now,
        issued_branch_id=command.served.branch_id,
        expires_on=expires_on,
        status_since=now,
        replaces=old,
    )
    Deposit.objects.filter(patron=patron, refunded_at__isnull=True).update(card=card)
    errands.add(errands.Verb.REPLACE, old, now, other=card.number, status=status.value)
    raise_charge(patron.pk, old.library_id, Charge.Kind.CARD, command.fee, now)
    return CardReplaced(card.pk, patron.pk, changed.patron_revision, status)
