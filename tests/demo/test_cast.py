"""Each line of the cast in docs/demo.md is true, and settling twice is once."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import timezone

from shufang.catalogue.models import Item, Title
from shufang.circulation.checkout import CheckedOut, Checkout, checkout
from shufang.circulation.models import Event, Hold, Loan
from shufang.circulation.place import PinCheck
from shufang.config.invariants.running import run_all
from shufang.demo import cast
from shufang.kernel.refusal import Refusal
from shufang.money.charges import owed
from shufang.patrons.models import Card
from shufang.patrons.pin import check_pin

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
LATER = datetime(2026, 3, 2, 2, 5, tzinfo=UTC)
FREE = "DX00000001"


@pytest.fixture(autouse=True)
def _settled(db: None) -> None:
    cast.settle(NOW)


def lend(card: str, barcode: str = FREE) -> str:
    """Return the code of the refusal, or nothing when it was lent."""
    done = checkout(Checkout(card, barcode, cast.machine(), PinCheck.RIGHT), LATER)
    if isinstance(done, CheckedOut):
        return ""
    assert isinstance(done, Refusal), done
    return done.code


@pytest.mark.parametrize(
    ("card", "code"),
    [
        ("D0000001", ""),
        ("D0000002", ""),
        ("D0000003", "card_expired"),
        ("D0000004", "card_lost"),
        ("D0000005", "charges_above_limit"),
        ("D0000006", "limit_reached"),
        ("D0000007", ""),
        ("D0000008", ""),
    ],
)
def test_who_may_borrow(card: str, code: str) -> None:
    assert lend(card) == code


@pytest.mark.parametrize("number", [member.number for member in cast.MEMBERS])
def test_everybody_has_the_same_pin(number: str) -> None:
    assert check_pin(number, "135790", "device:1", NOW) == PinCheck.RIGHT


def test_good_standing_with_history() -> None:
    patron = Card.objects.get(number="D0000001").patron
    assert patron.keeps_history
    assert patron.history_consents.count() == 1
    assert (patron.loans.count(), patron.holds.count(), owed(patron.pk)) == (0, 0, Decimal(0))


def test_loans_that_are_open() -> None:
    open_loans = Loan.objects.filter(patron__cards__number="D0000002").values_list("item__barcode", flat=True)
    assert list(open_loans) == ["DX00000201"]
    at_limit = Loan.objects.filter(patron__cards__number="D0000006").values_list("item__barcode", flat=True)
    assert list(at_limit.order_by("due_at")) == list(cast.AT_LIMIT)
    due = at_limit.order_by("due_at").values_list("due_at", flat=True)
    days = [(timezone.localdate(day) - timezone.localdate(NOW)).days for day in due]
    assert days == list(cast.AT_LIMIT_DAYS)
    assert Loan.objects.count() == 6


def test_what_is_owed() -> None:
    assert owed(Card.objects.get(number="D0000005").patron_id) == Decimal(35)


def test_the_child_and_its_guardian() -> None:
    card = Card.objects.get(number="D0000007")
    assert card.kind.is_child
    assert card.patron.guardians.get().guardian.cards.get().number == "D0000001"


def test_the_hold_that_is_ready() -> None:
    hold = Hold.objects.get()
    assert hold.patron is not None
    assert hold.patron.cards.get().number == "D0000008"
    assert (hold.status, hold.pickup_branch.code) == (Hold.Status.READY, "GMD")
    assert hold.item is not None
    assert (hold.item.barcode, hold.item.status) == ("DX00000202", "on_hold_shelf")
    assert lend("D0000001", "DX00000202") == "held_for_another"
    assert lend("D0000008", "DX00000202") == ""


def test_a_hundred_items_stand_free_at_gmd() -> None:
    barcodes = [f"DX{number:08}" for number in range(1, 101)]
    free = Item.objects.filter(barcode__in=barcodes, status="available", current_branch__code="GMD", is_for_loan=True)
    assert free.count() == 100
    assert Title.objects.filter(items__in=free).distinct().count() == 100


@pytest.mark.parametrize(
    ("barcode", "code"),
    [
        ("DX00000201", "on_loan_to_another"),
        ("DX00000203", "item_not_for_loan"),
        ("DX00000204", "item_missing"),
        ("DX00000221", ""),
        ("SD00000001", ""),
    ],
)
def test_special_items(barcode: str, code: str) -> None:
    assert lend("D0000001", barcode) == code


def test_sd_owns_its_item() -> None:
    item = Item.objects.get(barcode="SD00000001")
    assert (item.library.code, item.home_branch.code) == ("SD", "SD")


def test_a_second_time_changes_nothing() -> None:
    before = (Card.objects.count(), Item.objects.count(), Title.objects.count(), Event.objects.count())
    cast.settle(LATER)
    assert (Card.objects.count(), Item.objects.count(), Title.objects.count(), Event.objects.count()) == before


def test_the_cast_keeps_every_rule_of_the_data() -> None:
    assert [sentence for found in run_all() for sentence in found.violations] == []


def test_the_page_names_all_of_the_cast() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "demo.md").read_text(encoding="utf-8")
    assert set(re.findall(r"\| `(D[0-9]{7})` \|", page)) == {member.number for member in cast.MEMBERS}
    assert f"PIN `{cast.PIN}`" in page
