"""Every verb of lending in any order, by chance: none may fail, and afterwards `check_data` finds nothing to say."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection

from shufang.accounts.models import User
from shufang.branches.models import Device
from shufang.branches.replies import RequestKey, keep_reply
from shufang.catalogue.models import Item
from shufang.circulation.cancel_checkin import CancelCheckin, cancel_checkin
from shufang.circulation.cancel_checkout import CancelCheckout, cancel_checkout
from shufang.circulation.cancel_hold import CancelHold, cancel_hold
from shufang.circulation.change_pickup import ChangePickup, change_pickup
from shufang.circulation.checkin import CheckedIn, Checkin, checkin
from shufang.circulation.checkout import Checkout, checkout
from shufang.circulation.claim_returned import ClaimReturned, claim_returned
from shufang.circulation.hold import PlaceHold, place_hold
from shufang.circulation.in_house_use import InHouseUse, in_house_use
from shufang.circulation.keep_history import EraseHistory, KeepHistory, erase_history, keep_history
from shufang.circulation.mark_damaged import MarkDamaged, mark_damaged
from shufang.circulation.mark_lost import MarkLost, mark_lost
from shufang.circulation.mark_missing import MarkMissing, mark_missing
from shufang.circulation.models import Hold, Limit, Policy
from shufang.circulation.place import Place
from shufang.circulation.reinstate_item import ReinstateItem, reinstate_item
from shufang.circulation.renew import Renew, renew
from shufang.circulation.renew_all import RenewAll, renew_all
from shufang.circulation.shelve import Shelve, shelve
from shufang.circulation.suspend_hold import ResumeHold, SuspendHold, resume_hold, suspend_hold
from shufang.circulation.transfer import Transfer, transfer
from shufang.circulation.withdraw_item import WithdrawItem, withdraw_item
from shufang.circulation.write_off import WriteOff, write_off
from shufang.config.invariants import holds, loans, money, people
from shufang.jobs.run import run_named
from shufang.money.charges import owed
from shufang.money.pay import Pay, pay
from tests.circulation.readers import DUODUO, LI, NOW, WANG, ZHANG, branch, copy, patron, settle

CARDS = (ZHANG, WANG, LI, DUODUO)
BARCODES = ("F1", "F2", "F3", "F4", "F5")
DONE = frozenset({"CheckedOut", "CheckedIn", "HoldPlaced", "ItemChanged", "Reported", "AllRenewed", "Refusal"})
"""What at least must have come about in a run, so that it has tried something."""
STEPS = 200
EVERY = 10
"""Steps between two looks at the whole database; the last steps are shown when one finds a fault."""


class _Chance:
    """One run: a clock that goes forward, and dice."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.now: datetime = NOW
        self.unlend = CancelCheckout("", Place(0))
        self.unreturn = CancelCheckin("", "", Place(0))
        self.desk = User.objects.create(username="desk").pk
        self.branches = [branch(code).pk for code in ("GMD", "HC", "SD")]
        self.device = Device.objects.filter(account="gmd-1").get().pk

    def place(self) -> Place:
        kind = self.dice.choice(["machine", "machine", "desk"])
        where = self.dice.choice(self.branches)
        if kind == "desk":
            return Place(where, user_id=self.desk)
        return Place(where, device_id=self.device, is_attended=False)

    def card(self) -> str:
        return self.dice.choice(CARDS)

    def barcode(self) -> str:
        return self.dice.choice(BARCODES)

    def hold_id(self) -> int:
        return self.dice.choice([*Hold.objects.filter(patron__isnull=False).values_list("id", flat=True), 0])

    def earlier(self) -> datetime | None:
        return self.dice.choice([None, None, self.now - timedelta(minutes=self.dice.randrange(1, 5000))])

    def due(self) -> datetime | None:
        return self.dice.choice([None, self.now + timedelta(days=self.dice.randrange(-3, 30))])

    def give_back(self) -> object:
        request = RequestKey(self.dice.randbytes(32), "line")
        place = self.place()
        if place.user_id is not None:
            return checkin(Checkin(self.barcode(), place, returned_at=self.earlier()), self.now)
        done = checkin(Checkin(self.barcode(), place, happened_at=self.earlier(), request=request), self.now)
        if isinstance(done, CheckedIn):
            reply = f"101YNN|AA{done.patron_card}|".encode()
            keep_reply("item", done.item_id, request, done.event_id, reply, self.now)
            barcode = Item.objects.get(pk=done.item_id).barcode
            self.unreturn = CancelCheckin(done.patron_card or ZHANG, barcode, place)
        return done

    def lend(self) -> object:
        place = self.place()
        command = Checkout(self.card(), self.barcode(), place, happened_at=self.earlier(), due_at=self.due())
        self.unlend = CancelCheckout(command.barcode, place)
        return checkout(command, self.now)

    def cancel(self) -> object:
        """Undo the newest loan or return, as a terminal does at once: by chance it is too late, or not the newest."""
        if self.dice.random() < 0.5:
            return cancel_checkin(self.unreturn, self.now)
        return cancel_checkout(self.unlend, self.now)

    def pay(self) -> object:
        card = self.card()
        debt = owed(patron(card).pk)
        return pay(Pay(card, self.dice.choice([debt, debt / 2, Decimal(1)]), "cash"), self.now)


def _verbs(c: _Chance) -> tuple[Callable[[], object], ...]:
    return (
        c.lend, c.lend, c.lend, c.give_back, c.give_back, c.pay, c.cancel, c.cancel, c.cancel,
        lambda: renew(Renew(c.card(), c.place(), c.barcode(), happened_at=c.earlier(), due_at=c.due()), c.now),
        lambda: renew_all(RenewAll(c.card(), c.place()), c.now),
        lambda: place_hold(PlaceHold(c.card(), c.place(), barcode=c.barcode(), any_copy=c.dice.random() < 0.7), c.now),
        lambda: place_hold(PlaceHold(c.card(), c.place(), barcode=c.barcode(), any_copy=True), c.now),
        lambda: cancel_hold(CancelHold(c.place(), c.hold_id()), c.now),
        lambda: suspend_hold(SuspendHold(c.place(), c.hold_id()), c.now),
        lambda: resume_hold(ResumeHold(c.place(), c.hold_id()), c.now),
        lambda: change_pickup(ChangePickup(c.place(), c.dice.choice(c.branches), hold_id=c.hold_id()), c.now),
        lambda: shelve(Shelve(c.barcode(), c.place()), c.now),
        lambda: transfer(Transfer(c.barcode(), c.dice.choice(c.branches), c.place()), c.now),
        lambda: mark_lost(MarkLost(c.barcode(), c.place()), c.now),
        lambda: mark_missing(MarkMissing(c.barcode(), c.place()), c.now),
        lambda: withdraw_item(WithdrawItem(c.barcode(), c.place(), "old"), c.now),
        lambda: reinstate_item(ReinstateItem(c.barcode(), c.place(), "good"), c.now),
        lambda: reinstate_item(ReinstateItem(c.barcode(), c.place(), "good"), c.now),
        lambda: mark_damaged(MarkDamaged(c.barcode(), c.place(), Decimal(c.dice.choice([0, 5, -1])), "wet"), c.now),
        lambda: claim_returned(ClaimReturned(c.barcode(), c.place()), c.now),
        lambda: write_off(WriteOff(c.barcode(), c.place()), c.now),
        lambda: in_house_use(InHouseUse(c.barcode(), c.place()), c.now),
        lambda: keep_history(KeepHistory(c.card()), c.now),
        lambda: erase_history(EraseHistory(c.card()), c.now),
        lambda: run_named(("expire_holds", "mark_lost", "write_off", "erase_charges", "erase_replies"), c.now),
    )  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(3))
def test_whatever_happens_in_whatever_order_the_books_stay_true(seed: int) -> None:
    settle()
    Policy.objects.update(relends_unattended=True, overdue_refuses=False, charges_limit=None)
    Policy.objects.update(damage_claim_days=3, lost_refunds_days=20)
    Limit.objects.filter(group__isnull=True, counts="loans").update(most=3)
    for barcode in BARCODES:
        copy(barcode, "三体" if barcode < "F4" else "活着", home="GMD" if barcode != "F5" else "SD")
    chance = _Chance(seed)
    verbs = _verbs(chance)
    told: list[str] = []
    kinds: set[str] = set()
    for step in range(STEPS):
        minutes = chance.dice.choice([0, 0, 1, 1, 1, 5, 60, 60 * 24, 60 * 24 * 9])
        chance.now += timedelta(minutes=minutes)
        answer = chance.dice.choice(verbs)()
        told.append(f"{chance.now:%m-%d %H:%M} {answer}")
        kinds.add(type(answer).__name__)
        if step % EVERY == 0 or step == STEPS - 1:
            _check(told)
    assert kinds >= DONE


def _check(told: list[str]) -> None:
    for module in (loans, holds, money, people):
        for rule in module.INVARIANTS:
            with connection.cursor() as cursor:
                cursor.execute(rule.sql)
                found = [rule.sentence.format(*row) for row in cursor.fetchall()]
            assert not found, "\n".join([*told[-12:], rule.name, *found])
