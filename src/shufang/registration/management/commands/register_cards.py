"""`shufang register_cards`: tell a card centre that was switched on today of the good cards that are here already."""

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import Exists, OuterRef

from shufang.kernel import clock
from shufang.money.models import Deposit
from shufang.patrons.models import Card
from shufang.registration.authority import errands
from shufang.registration.authority.chosen import is_local
from shufang.registration.authority.models import Errand

WRONG_USE = 2
AT_ONCE = 50


class Command(BaseCommand):
    """Write an errand for each good card of which the centre has not heard; again is once."""

    help = "Tell the city's card centre of the good cards that are here already (docs/card_authority.md)."

    def handle(self, *_args: object, **_options: object) -> None:
        """Write the errands, a few in a transaction; the scheduled work runs them."""
        if is_local():
            raise CommandError("SHUFANG_CARD_AUTHORITY is local: there is no centre to tell.", returncode=WRONG_USE)
        unheard = Card.objects.filter(
            ~Exists(Errand.objects.filter(card_id=OuterRef("pk"))),
            status__in=[Card.Status.ISSUED, Card.Status.ACTIVE],
            city__isnull=True,
        )
        ids = list(unheard.order_by("id").values_list("id", flat=True))
        for first in range(0, len(ids), AT_ONCE):
            with transaction.atomic():
                for card in unheard.filter(pk__in=ids[first : first + AT_ONCE]).order_by("id"):
                    _write(card)
        self.stdout.write(f"{len(ids)} cards will be told to the card centre by the scheduled work.")


def _write(card: Card) -> None:
    now = clock.now()
    errands.add(errands.Verb.REGISTER, card, now)
    deposit = Deposit.objects.filter(card=card, refunded_at__isnull=True).first()
    if deposit is not None:
        errands.of_deposit(deposit, now)
