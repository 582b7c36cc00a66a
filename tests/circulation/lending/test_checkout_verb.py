"""Checkout on the real database."""

from shufang.catalogue.item_life import ItemStatus
from shufang.circulation.models import Event, ReaderMonth
from tests.circulation.lending.world import World


def test_a_loan_is_recorded_with_all_its_rows(world: World) -> None:
    card, item = world.reader(), world.item()
    loan = world.lend(card, item)
    assert (loan.item_id, loan.patron_id, loan.status) == (item.pk, card.patron_id, "open")
    assert item.status == ItemStatus.ON_LOAN
    event = Event.objects.get(item=item)
    assert (event.verb, event.loan_id, event.detail) == ("checkout", loan.pk, "available>on_loan")
    assert ReaderMonth.objects.filter(patron=card.patron).count() == 1


def test_back(world: World) -> None:
    card, item = world.reader(), world.item()
    world.lend(card, item)
    done = world.give_back(item)
    assert done.status == ItemStatus.TO_BE_SHELVED
