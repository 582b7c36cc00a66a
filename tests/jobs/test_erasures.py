"""What is forgotten, and when (PRIVACY.md): each job run twice, the second time there is nothing to do."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from pytest_django import Settings

from shufang.branches.models import OnceKey, StoredReply
from shufang.catalogue.models import Item
from shufang.circulation.checkin import CheckedIn, Checkin, checkin
from shufang.circulation.mark_lost import MarkLost, mark_lost
from shufang.circulation.models import (
    Conflict,
    LastPatron,
    Loan,
    ReaderMonth,
    ReaderMonthCount,
)
from shufang.circulation.reader_months import first_kept, kept_until
from shufang.jobs import (
    erase_charges,
    erase_closed_patrons,
    erase_notices,
    erase_replies,
    erase_traces,
    fold_readers,
)
from shufang.money.charges import raise_charge
from shufang.money.deposits import PayDeposit, pay_deposit
from shufang.money.models import Charge, Payment, RefundDue
from shufang.money.pay import Paid, Pay, pay
from shufang.notices.models import Notice
from shufang.patrons.models import Patron, PinFailures
from tests.circulation.readers import DAY, LI, NOW, WANG, ZHANG, at, branch, copy, lend, patron, settle

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _cast() -> None:
    settle()


def twice(job: Callable[[datetime], Mapping[str, int]], now: datetime) -> dict[str, int]:
    """Run a job, then again: the second run must find nothing to do. Return the first run's counts."""
    first = {word: count for word, count in job(now).items() if count}
    assert not any(job(now).values())
    return first


def test_kept_replies_and_keys_go_in_time() -> None:
    StoredReply.objects.create(
        subject="item", subject_id=1, key=b"k", marker=1, connection="c", at=NOW - 10 * MINUTE, reply=b"12"
    )
    OnceKey.objects.create(scope="no_block", key=b"k", at=NOW, until=NOW)
    assert twice(erase_replies.run, NOW) == {}
    assert twice(erase_replies.run, NOW + MINUTE) == {"replies": 1, "keys": 1}


def overdue_charge(item: Item, loan: Loan) -> Charge:
    made = raise_charge(
        patron(ZHANG).pk, item.library_id, Charge.Kind.OVERDUE, Decimal(2), NOW, item_id=item.pk, loan_id=loan.pk
    )
    assert made is not None
    return Charge.objects.get(pk=made)


def test_a_settled_charge_forgets_its_item_at_once_and_its_patron_later(settings: Settings) -> None:
    settings.SHUFANG_SETTLED_CHARGE_DAYS = 30
    item = copy("H1")
    loan = lend(item, ZHANG)
    charge = overdue_charge(item, loan)
    Loan.objects.update(status="closed", patron=None, returned_at=NOW)
    assert twice(erase_charges.run, NOW + MINUTE) == {}
    pay(Pay(ZHANG, Decimal(2), "cash"), NOW)
    assert twice(erase_charges.run, NOW + MINUTE) == {"cut from their items": 1}
    charge.refresh_from_db()
    assert (charge.item_id, charge.loan_id, charge.patron_id) == (None, None, patron(ZHANG).pk)
    assert timezone.localtime(charge.created_at).hour == 0
    assert twice(erase_charges.run, NOW + 31 * DAY) == {"charges without patron": 1, "payments without patron": 1}
    assert Charge.objects.filter(patron=None).count() == Payment.objects.filter(patron=None).count() == 1


def test_a_charge_of_an_open_loan_keeps_all() -> None:
    item = copy("H1")
    overdue_charge(item, lend(item, ZHANG))
    pay(Pay(ZHANG, Decimal(2), "cash"), NOW)
    assert "cut from their items" not in twice(erase_charges.run, NOW + MINUTE)


def test_who_paid_for_a_lost_item_is_known_until_it_comes_back(settings: Settings) -> None:
    settings.SHUFANG_SETTLED_CHARGE_DAYS = 30
    lend(copy("H1", price=Decimal("28.00")), ZHANG)
    mark_lost(MarkLost("H1", at("GMD")), NOW)
    assert isinstance(pay(Pay(ZHANG, Decimal("33.00"), "cash"), NOW + DAY), Paid)
    erase_charges.run(NOW + 90 * DAY)
    assert isinstance(checkin(Checkin("H1", at("GMD")), NOW + 90 * DAY), CheckedIn)
    due = RefundDue.objects.get()
    assert (due.amount, due.patron_id) == (Decimal("28.00"), patron(ZHANG).pk)


def test_a_held_deposit_keeps_its_patron() -> None:
    pay_deposit(PayDeposit(LI, "cash"), NOW)
    assert twice(erase_charges.run, NOW + 400 * DAY) == {}


def test_small_traces_go() -> None:
    today = timezone.localdate(NOW)
    LastPatron.objects.create(item=copy("H1"), patron=patron(ZHANG), until=today)
    LastPatron.objects.create(item=copy("H2"), patron=patron(ZHANG), until=today - DAY)
    PinFailures.objects.create(card_hash=b"1", place="device:1", failures=1, last_at=NOW - 2 * DAY)
    PinFailures.objects.create(card_hash=b"2", place="device:1", failures=1, last_at=NOW)
    for settled_at in (None, NOW):
        Conflict.objects.create(
            at=NOW, verb="checkout", code="x", happened_at=NOW, card_number="T1", barcode="H1", settled_at=settled_at
        )
    assert twice(erase_traces.run, NOW) == {"last patrons": 1, "PIN failures": 1, "conflicts": 1}
    assert Conflict.objects.get(settled_at=None).card_number == "T1"
    assert Conflict.objects.exclude(settled_at=None).get().barcode == ""


def test_a_conflict_that_nobody_settles_forgets_the_card_and_stays_before_staff(settings: Settings) -> None:
    settings.SHUFANG_CONFLICT_DAYS = 30
    for days in (29, 31):
        at_ = NOW - days * DAY
        Conflict.objects.create(
            at=at_, verb="checkout", code="moved_since", happened_at=at_, card_number="T1", barcode="H1"
        )
    assert twice(erase_traces.run, NOW) == {"unsettled conflicts": 1}
    old, young = Conflict.objects.order_by("at")
    assert (old.card_number, old.barcode, old.settled_at) == ("", "H1", None)
    assert young.card_number == "T1"


def test_a_conflict_forgets_the_card_once_its_item_has_come_back() -> None:
    copy("H2")
    for barcode in ("H1", "h2"):
        Conflict.objects.create(
            at=NOW - DAY, verb="checkout", code="card_expired", happened_at=NOW, card_number="T1", barcode=barcode
        )
    assert twice(erase_traces.run, NOW) == {}
    assert isinstance(checkin(Checkin("H2", at("GMD")), NOW), CheckedIn)
    assert twice(erase_traces.run, NOW) == {"unsettled conflicts": 1}
    kept, forgotten = Conflict.objects.order_by("id")
    assert (kept.card_number, forgotten.card_number, forgotten.barcode) == ("T1", "", "h2")


def notice(number: int, state: str, days: int, subject: str = "loan") -> None:
    Notice.objects.create(
        template="overdue", subject=subject, subject_id=number, occasion=f"{state}{days}", state=state,
        created_at=NOW - days * DAY, next_try_at=NOW,
    )  # fmt: skip


def test_told_notices_go_and_those_of_open_loans_stay() -> None:
    loan = lend(copy("H1"), ZHANG)
    for number in (loan.pk, 999999):
        for state, days in (("sent", 6), ("sent", 8), ("failed", 8), ("failed", 31), ("waiting", 8)):
            notice(number, state, days)
    assert twice(erase_notices.run, NOW) == {"dropped as too old": 2, "erased": 3}
    assert Notice.objects.filter(subject_id=loan.pk).count() == 5
    assert not Notice.objects.filter(state="waiting").exists()


def test_who_closed_is_forgotten_unless_something_is_open(settings: Settings) -> None:
    settings.SHUFANG_CLOSED_PATRON_DAYS = 90
    Patron.objects.filter(cards__number__in=[ZHANG, WANG]).update(closed_at=NOW)
    lend(copy("H1"), WANG)
    assert twice(erase_closed_patrons.run, NOW + 90 * DAY) == {}
    assert twice(erase_closed_patrons.run, NOW + 91 * DAY) == {"forgotten": 1}
    gone = patron(ZHANG)
    assert (gone.name, gone.email, gone.birth_date, gone.identity_hash) == ("-", "", None, None)
    assert patron(WANG).name == "王芳"


def test_readers_of_a_month_become_a_number() -> None:
    old, kept = date(2025, 1, 1), date(2025, 2, 1)
    for month, number, code in ((old, ZHANG, "GMD"), (old, ZHANG, "HC"), (old, WANG, "GMD"), (kept, ZHANG, "GMD")):
        ReaderMonth.objects.create(patron=patron(number), month=month, branch=branch(code))
    assert twice(fold_readers.run, NOW) == {"folded": 3}
    counts = ReaderMonthCount.objects.order_by("branch_id").values_list("month", "branch__code", "readers")
    assert set(counts) == {(old, "GMD", 2), (old, "HC", 1), (old, None, 2)}
    assert ReaderMonth.objects.get().month == kept


@pytest.mark.parametrize(
    ("today", "first"), [(date(2026, 3, 4), date(2025, 2, 1)), (date(2026, 1, 1), date(2024, 12, 1))]
)
def test_thirteen_months_are_kept(today: date, first: date) -> None:
    assert first_kept(today) == first
    assert kept_until(first) > today
    assert kept_until(first - timedelta(days=1)) <= today
