"""A refusal names the item that lies there, and to its own reader until when he has it: SIP2's AJ and AH are never left out."""

import pytest

from shufang.branches.models import Branch
from shufang.catalogue.item_life import ItemStatus
from shufang.circulation.checkin import Checkin, checkin
from shufang.circulation.checkout import Checkout, checkout
from shufang.circulation.models import Agreement
from shufang.circulation.place import PinCheck
from shufang.circulation.renew import Renew, renew
from shufang.kernel.refusal import Refusal, Value
from tests.circulation.lending.world import NOW, World


def _values(done: object, code: str) -> dict[str, Value]:
    assert isinstance(done, Refusal), done
    assert done.code == code
    return dict(done.values)


def test_a_known_item_is_named_whatever_is_wrong(world: World) -> None:
    item = world.item(status=ItemStatus.MISSING, title=world.title("活着"))
    place = world.machine()
    card = world.reader()
    assert _values(checkout(Checkout(card.number, item.barcode, place), NOW), "item_missing") == {"title": "活着"}
    unknown = _values(checkout(Checkout("nobody", item.barcode, place), NOW), "card_unknown")
    assert unknown == {"title": "活着", "card_number": "nobody"}
    assert "title" not in _values(checkout(Checkout(card.number, "nothing", place), NOW), "item_unknown")
    assert _values(renew(Renew(card.number, place, item.barcode), NOW), "not_on_loan") == {"title": "活着"}


def test_the_reader_who_has_it_hears_until_when(world: World) -> None:
    card, other, item = world.reader(), world.reader(), world.item(title=world.title("活着"))
    loan = world.lend(card, item)
    world.hold(other, item.title)
    place = world.machine()
    kept = _values(renew(Renew(card.number, place, item.barcode), NOW), "hold_waiting")
    assert kept == {"title": "活着", "due_at": loan.due_at}
    again = _values(checkout(Checkout(card.number, item.barcode, place), NOW), "already_on_loan")
    assert (again["title"], again["due_at"]) == ("活着", loan.due_at)
    another = _values(checkout(Checkout(other.number, item.barcode, place), NOW), "on_loan_to_another")
    assert another == {"title": "活着"}


@pytest.mark.parametrize("pin", [PinCheck.WRONG, PinCheck.LOCKED])
def test_without_the_pin_nobody_hears_that_the_reader_has_it(world: World, pin: PinCheck) -> None:
    card, item = world.reader(), world.item(title=world.title("活着"))
    world.lend(card, item)
    code = f"pin_{pin.value}"
    command = Checkout(card.number, item.barcode, world.machine(), pin=pin)
    assert _values(checkout(command, NOW), code) == {"title": "活着"}
    assert _values(renew(Renew(card.number, world.machine(), item.barcode, pin=pin), NOW), code) == {"title": "活着"}


def test_a_refused_return_says_where_the_item_belongs(world: World) -> None:
    Agreement.objects.update(returns="refuse")
    item = world.item("SD", library="SD", title=world.title("活着"))
    values = _values(checkin(Checkin(item.barcode, world.machine()), NOW), "return_not_accepted")
    assert values == {"title": "活着", "home_branch": Branch.objects.get(pk=item.home_branch_id).code}
