"""The named cast: a small set of readers and items, each in one plain situation (docs/demo.md). PIN 135790 for all.

Everything goes through the verbs, so that each situation is one that lending itself can bring about.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TypeVar

from django.db import transaction
from django.utils import timezone

from shufang.accounts.models import User
from shufang.branches.models import Branch, Device, Library
from shufang.catalogue.models import Item
from shufang.circulation.checkin import CheckedIn, Checkin, checkin
from shufang.circulation.checkout import CheckedOut, Checkout, checkout
from shufang.circulation.hold import HoldPlaced, PlaceHold, place_hold
from shufang.circulation.item_at_hand import ItemChanged
from shufang.circulation.local_days import local_day
from shufang.circulation.mark_missing import MarkMissing, mark_missing
from shufang.circulation.place import PinCheck, Place
from shufang.circulation.rules.due_dates import end_of_day
from shufang.demo import catalogue, network
from shufang.jobs import expire_cards
from shufang.money.charges import lock_patron, raise_charge, raise_revision
from shufang.money.deposits import DepositPaid, PayDeposit, pay_deposit
from shufang.money.models import Charge
from shufang.patrons.models import Card
from shufang.registration.activate_card import ActivateCard, activate_card
from shufang.registration.issue_card import CardIssued, IssueCard, Person, issue_card
from shufang.registration.report_lost import ReportLost, report_lost
from shufang.registration.served import CardChanged

PIN = "135790"
ISSUED_BEFORE = timedelta(days=400)

AT_LIMIT = tuple(f"DX{number:08}" for number in range(211, 216))
"""What D0000006 has on loan."""
AT_LIMIT_DAYS = (1, 6, 16, 27, 42)
"""In how many days each of it is due: staff at the desk chose so."""

Done = TypeVar("Done")


@dataclass(frozen=True, slots=True)
class _Member:
    """A reader of the cast: born so many years before the cast is settled."""

    number: str
    name: str
    age: int
    kind: str = "adult"
    guardian: str = ""
    keeps_history: bool = False


MEMBERS = (
    _Member("D0000001", "王小红", 34, keeps_history=True),
    _Member("D0000002", "李文静", 41),
    _Member("D0000003", "张建国", 58),
    _Member("D0000004", "刘洋", 27),
    _Member("D0000005", "陈思远", 45),
    _Member("D0000006", "杨帆", 31, kind="B"),
    _Member("D0000007", "王一诺", 9, kind="child", guardian="D0000001"),
    _Member("D0000008", "赵敏", 22),
)


def settle(now: datetime) -> None:
    """Make the cast, once, with the network and the few titles it needs, in one transaction.

    DemonstrationError when a verb refuses.
    """
    with transaction.atomic():
        network.lay_out(now)
        if not Item.objects.filter(barcode="DX00000001").exists():
            catalogue.load(catalogue.CAST_RECORDS)
        if Card.objects.filter(number=MEMBERS[0].number).exists():
            return
        for member in MEMBERS:
            _issue(member, now)
        _loans(now)
        _troubles(now)
        _hold_on_the_shelf(now)


def machine() -> Place:
    """Return the place of the demonstration's first self-check machine."""
    device = Device.objects.get(account="gmd-1")
    return Place(device.branch_id, device_id=device.pk, is_attended=False)


class DemonstrationError(Exception):
    """A verb refused what the demonstration needs: demonstration and rules do not go together any more."""


def done_as(kind: type[Done], done: object) -> Done:
    """Return what a verb did. DemonstrationError when it refused."""
    if not isinstance(done, kind):
        raise DemonstrationError(f"the demonstration could not be made: {done}")
    return done


def _issue(member: _Member, now: datetime) -> None:
    issued = now - ISSUED_BEFORE
    command = IssueCard(
        number=member.number,
        kind=member.kind,
        library_id=Library.objects.get(code="DX").pk,
        person=Person(
            name=member.name,
            birth_date=date(now.year - member.age, 1, 15),
            phone=f"010-0000{member.number[-4:]}",
            email=f"{member.number.lower()}@example.com",
            keeps_history=member.keeps_history,
        ),
        pin=PIN,
        guardian_card=member.guardian,
        relation="母亲" if member.guardian else "",
    )
    card = done_as(CardIssued, issue_card(command, issued))
    if card.deposit_due:
        done_as(DepositPaid, pay_deposit(PayDeposit(member.number, "cash"), issued))
        done_as(CardChanged, activate_card(ActivateCard(member.number), issued))


def _loans(now: datetime) -> None:
    place = machine()
    done_as(CheckedOut, checkout(Checkout("D0000002", "DX00000201", place, PinCheck.RIGHT), now))
    desk = Place(place.branch_id, user_id=User.objects.get(username="librarian").pk)
    zone = timezone.get_current_timezone()
    for barcode, days in zip(AT_LIMIT, AT_LIMIT_DAYS, strict=True):
        due_at = end_of_day(local_day(now) + timedelta(days=days), zone)
        done_as(CheckedOut, checkout(Checkout("D0000006", barcode, desk, PinCheck.RIGHT, due_at=due_at), now))


def _troubles(now: datetime) -> None:
    Card.objects.filter(number="D0000003").update(expires_on=(now - timedelta(days=30)).date())
    expire_cards.run(now)
    done_as(CardChanged, report_lost(ReportLost("D0000004"), now))
    card = Card.objects.get(number="D0000005")
    patron = lock_patron(card.patron_id)
    raise_charge(patron.pk, card.library_id, Charge.Kind.OVERDUE, Decimal(30), now)
    raise_charge(patron.pk, card.library_id, Charge.Kind.PROCESSING, Decimal(5), now)
    raise_revision(patron)


def _hold_on_the_shelf(now: datetime) -> None:
    """Reserve at the machine; then the copy is scanned at GMD's attended shelf, and lies ready."""
    branch = Branch.objects.get(code="GMD")
    place = machine()
    done_as(HoldPlaced, place_hold(PlaceHold("D0000008", barcode="DX00000202", place=place, pin=PinCheck.RIGHT), now))
    attended = Place(branch.pk, is_attended=True)
    done_as(CheckedIn, checkin(Checkin("DX00000202", attended), now))
    done_as(ItemChanged, mark_missing(MarkMissing("DX00000204", attended), now))
