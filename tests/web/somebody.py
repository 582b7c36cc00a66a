"""A reader with something of everything, whose things are called as nothing else is."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from shufang.audit.trail import record
from shufang.catalogue.models import Item, Title
from shufang.circulation.checkout import CheckedOut, Checkout, checkout
from shufang.circulation.hold import HoldPlaced, PlaceHold, place_hold
from shufang.circulation.models import History, LastPatron, Loan, ReaderMonth
from shufang.circulation.place import PinCheck
from shufang.demo.cast import machine
from shufang.jobs.run import run_named
from shufang.kernel import clock
from shufang.lists.models import BookList, ListEntry
from shufang.money.charges import raise_charge
from shufang.money.models import Charge, Deposit, OnlinePayment, Payment
from shufang.money.pay import Paid, Pay, pay
from shufang.notices.send_code import SendPinCode, send_pin_code
from shufang.patrons import sessions
from shufang.patrons.models import Card, HistoryConsent, Patron, PatronSession
from shufang.patrons.pin import set_pin

CARD = "D0000001"
PIN = "864209"
NAME, CHILD = "苏不为人知", "苏小不为人知"
PHONE, EMAIL, ADDRESS = "010-55507777", "known-to-nobody@example.net", "谁也不知道的胡同七号"
MASK, NOTE, LIST = "777*************77", "只写给图书馆看的备注", "谁也不该看到的书单"
BOOK = "只借给一个人的书"
REFERENCE = "reference-of-nobody-else-000777"
MARKS = (NAME, CHILD, PHONE, EMAIL, ADDRESS, MASK, NOTE, LIST)
"""What only this reader's own pages say. BOOK stands in the catalogue too."""


@dataclass(frozen=True, slots=True)
class Somebody:
    """The reader, and the values of all that may stand in an address."""

    patron: Patron
    values: dict[str, object]


def somebody() -> Somebody:
    """Give D0000001 of the cast a loan, a hold, charges, payments, lists, a history, a child with a loan and so on."""
    now = clock.now()
    patron = Patron.objects.get(cards__number=CARD)
    patron.name, patron.phone, patron.email, patron.address = NAME, PHONE, EMAIL, ADDRESS
    patron.identity_mask, patron.notes = MASK, NOTE
    patron.save()
    set_pin(patron, PIN)
    child = Patron.objects.get(cards__number="D0000007")
    Patron.objects.filter(pk=child.pk).update(name=CHILD)
    loan, childs_loan = _lend(CARD, "DX00000001"), _lend("D0000007", "DX00000002")
    Title.objects.filter(pk=loan.item.title_id).update(title=BOOK)
    hold = place_hold(PlaceHold(CARD, barcode="DX00000201", place=machine(), pin=PinCheck.RIGHT), now)
    assert isinstance(hold, HoldPlaced), hold
    payment_id = _money(patron)
    shared = _lists(patron, loan.item.title)
    sessions.start(patron, now)
    send_pin_code(SendPinCode(CARD, "address:somewhere"), now)
    HistoryConsent.objects.get_or_create(patron=patron, withdrawn_at=None, defaults={"given_at": now})
    history = History.objects.create(patron=patron, title=loan.item.title, borrowed_at=now, returned_at=now)
    item = Item.objects.get(barcode="DX00000221")
    LastPatron.objects.create(item=item, patron=patron, until=timezone.localdate() + timedelta(days=9))
    assert ReaderMonth.objects.filter(patron=patron).exists()
    record(7, "chen", "look", "patron", patron.pk, "admin", now)
    run_named(["write_notices"], now)
    values = {
        "loan_id": loan.pk,
        "hold_id": hold.hold_id,
        "title_id": loan.item.title_id,
        "ward_id": child.pk,
        "session_id": PatronSession.objects.filter(patron=patron).latest("pk").pk,
        "payment_id": payment_id,
        "reference": REFERENCE,
        "list_id": BookList.objects.get(patron=patron, name=LIST).pk,
        "share_key": shared.share_key,
        "history_id": history.pk,
        "charge_id": Charge.objects.filter(patron=patron).latest("pk").pk,
        "patron_id": patron.pk,
        "card_id": patron.cards.get().pk,
        "childs_loan_id": childs_loan.pk,
        "provider": "simulator",
        "code": "000000",
        "language": "en",
    }
    return Somebody(patron, values)


def _lend(card_number: str, barcode: str) -> Loan:
    done = checkout(Checkout(card_number, barcode, machine(), PinCheck.RIGHT), clock.now())
    assert isinstance(done, CheckedOut), done
    Loan.objects.filter(pk=done.loan_id).update(
        due_at=clock.now() + timedelta(days=2), borrowed_at=clock.now() - timedelta(days=30)
    )
    return Loan.objects.select_related("item__title").get(pk=done.loan_id)


def _money(patron: Patron) -> int:
    now, card = clock.now(), Card.objects.get(number=CARD)
    for amount in (Decimal("7.70"), Decimal("1.10")):
        raise_charge(patron.pk, card.library_id, Charge.Kind.OVERDUE, amount, now)
    paid = pay(Pay(CARD, Decimal("7.70"), "cash"), now)
    assert isinstance(paid, Paid), paid
    deposit = Payment.objects.create(patron=patron, amount=Decimal(50), method="cash", at=now)
    Deposit.objects.create(
        patron=patron, card=card, library_id=card.library_id, amount=Decimal(50), paid_at=now, payment=deposit
    )
    OnlinePayment.objects.create(
        reference=REFERENCE, provider="simulator", card=card, purpose="charges", amount=Decimal("1.10"), started_at=now
    )
    return paid.payment_id


def _lists(patron: Patron, title: Title) -> BookList:
    made = [
        BookList.objects.create(patron=patron, name=name, share_key=key, created_at=clock.now())
        for name, key in ((LIST, None), ("A list for everybody", "key-of-a-shared-list-000777"))
    ]
    for one in made:
        ListEntry.objects.create(list=one, title=title, added_at=clock.now())
    return made[1]
