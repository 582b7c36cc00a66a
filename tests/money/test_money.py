"""Charges, payments, waivers, cancellations, refunds and deposits, on the real database."""

from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.db.models import Sum
from django.utils import timezone

from shufang.audit.models import Entry
from shufang.branches.models import Library
from shufang.branches.replies import WINDOW_OF_FEE_PAID, Repeated, RequestKey, keep_reply
from shufang.kernel.refusal import Refusal
from shufang.money.cancel_charge import Cancelled, cancel_charges_of_loan
from shufang.money.charges import open_charges, owed, raise_charge
from shufang.money.deposits import (
    DepositPaid,
    DepositRefunded,
    PayDeposit,
    RefundDeposit,
    held,
    move_deposit,
    pay_deposit,
    refund_deposit,
)
from shufang.money.models import Charge, Payment, RefundDue, Settlement
from shufang.money.pay import Paid, Pay, pay, terminal_reference
from shufang.money.refund import Refund, Refunded, refund
from shufang.money.waive import Waive, Waived, waive
from shufang.patrons.models import Card, CardKind
from tests.circulation.readers import DAY, LI, NOW, WANG, ZHANG, patron, settle

pytestmark = pytest.mark.django_db
K = Charge.Kind


@pytest.fixture(autouse=True)
def _cast() -> None:
    settle()


def charge(value: str, kind: K = K.OVERDUE, *, number: str = ZHANG, days: int = 0, loan_id: int | None = None) -> int:
    made = raise_charge(
        patron(number).pk, Library.objects.get(code="DX").pk, kind, Decimal(value), NOW + days * DAY, loan_id=loan_id
    )
    assert made is not None
    return made


def paid(value: str, **details: object) -> Paid:
    done = pay(Pay(ZHANG, Decimal(value), "cash", **details), NOW)  # type: ignore[arg-type]  # the fields of Pay by name
    assert isinstance(done, Paid), done
    return done


def refused(answer: object) -> str:
    assert isinstance(answer, Refusal), answer
    return answer.code


# Scenario 23
def test_oldest_charges_are_paid_first() -> None:
    newer, older = charge("5.00", days=1), charge("3.00")
    done = paid("4.00")
    assert (done.applied, done.left) == (Decimal("4.00"), Decimal("4.00"))
    assert done.patron_revision == patron(ZHANG).revision == 1
    assert Charge.objects.get(pk=older).settled_at == NOW
    assert [(one.charge_id, one.left) for one in open_charges(patron(ZHANG).pk)] == [(newer, Decimal("4.00"))]


def test_a_kind_comes_first_where_the_reader_names_one() -> None:
    charge("5.00")
    damage = charge("5.00", K.DAMAGE, days=1)
    paid("6.00", kind=K.DAMAGE)
    assert Charge.objects.get(pk=damage).settled == Decimal("5.00")
    assert owed(patron(ZHANG).pk) == Decimal("4.00")


def test_one_charge_only() -> None:
    charge("5.00")
    second = charge("5.00", days=1)
    paid("5.00", charge_id=second)
    assert refused(pay(Pay(ZHANG, Decimal("1.00"), "cash", charge_id=second), NOW)) == "charge_unknown"
    assert refused(pay(Pay(WANG, Decimal("1.00"), "cash", charge_id=second), NOW)) == "charge_unknown"


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("5.01", "overpayment"),
        ("0", "amount_invalid"),
        ("-1", "amount_invalid"),
        ("0.001", "amount_invalid"),
        ("NaN", "amount_invalid"),
    ],
)
def test_wrong_amounts(value: str, code: str) -> None:
    charge("5.00")
    assert refused(pay(Pay(ZHANG, Decimal(value), "cash"), NOW)) == code
    assert Payment.objects.count() == 0


def test_nothing_owed_and_nobody() -> None:
    assert refused(pay(Pay(ZHANG, Decimal("1.00"), "cash"), NOW)) == "nothing_to_pay"
    assert refused(pay(Pay("nobody", Decimal("1.00"), "cash"), NOW)) == "card_unknown"


# Scenario 23
def test_a_reference_counts_once() -> None:
    charge("10.00")
    first = paid("4.00", scope="gmd-1", reference="T1")
    again = paid("4.00", scope="gmd-1", reference="T1")
    assert (again.payment_id, again.was_paid_before, again.left) == (first.payment_id, True, Decimal("6.00"))
    assert Payment.objects.count() == 1
    assert not paid("4.00", scope="gmd-2", reference="T1").was_paid_before
    other = Pay(ZHANG, Decimal("1.00"), "cash", scope="gmd-1", reference="T1")
    assert refused(pay(other, NOW)) == "reference_used"


def test_a_terminals_reference_is_of_transaction_date_patron_and_amount() -> None:
    one = terminal_reference("B7", "20260304    200000", ZHANG, Decimal(5))
    assert one == terminal_reference("B7", "20260304    200000", ZHANG, Decimal("5.00"))
    others = {
        terminal_reference("B8", "20260304    200000", ZHANG, Decimal(5)),
        terminal_reference("B7", "20260304    200001", ZHANG, Decimal(5)),
        terminal_reference("B7", "20260304    200000", WANG, Decimal(5)),
        terminal_reference("B7", "20260304    200000", ZHANG, Decimal("5.01")),
    }
    assert len(others | {one}) == 5
    assert ZHANG not in one
    assert len(terminal_reference("B" * 255, "", "", Decimal(5))) <= 120


def test_a_repeat_without_reference_is_one_for_ninety_seconds() -> None:
    charge("10.00")
    key = RequestKey(b"p" * 32, "line 1", "1", WINDOW_OF_FEE_PAID)
    again = RequestKey(b"p" * 32, "line 2", "1", WINDOW_OF_FEE_PAID)
    done = paid("4.00", request=key)
    keep_reply("patron", done.patron_id, key, done.patron_revision, b"38Y", NOW)
    assert pay(Pay(ZHANG, Decimal("4.00"), "cash", request=again), NOW + WINDOW_OF_FEE_PAID) == Repeated(b"38Y")
    later = pay(Pay(ZHANG, Decimal("4.00"), "cash", request=again), NOW + 2 * WINDOW_OF_FEE_PAID)
    assert isinstance(later, Paid)


def test_a_lost_card_may_still_pay() -> None:
    charge("1.00")
    Card.objects.filter(number=ZHANG).update(status=Card.Status.LOST)
    assert paid("1.00").left == 0


def test_waiving_needs_a_reason_and_is_audited() -> None:
    one = charge("5.00")
    assert refused(waive(Waive(one, 7, "  "), NOW)) == "reason_missing"
    assert refused(waive(Waive(one + 1, 7, "x"), NOW)) == "charge_unknown"
    assert refused(waive(Waive(one, 7, "x", Decimal("5.01")), NOW)) == "overpayment"
    assert refused(waive(Waive(one, 7, "x", Decimal(0)), NOW)) == "amount_invalid"
    part = waive(Waive(one, 7, "雨天", Decimal("2.00"), "librarian"), NOW)
    assert isinstance(part, Waived)
    assert part.left == Decimal("3.00")
    assert isinstance(waive(Waive(one, 7, "雨天"), NOW), Waived)
    assert refused(waive(Waive(one, 7, "雨天"), NOW)) == "nothing_to_pay"
    assert set(Entry.objects.values_list("action", "subject_id")) == {("waive", one)}
    assert Charge.objects.get().settled_at == NOW


def test_a_charge_whose_reason_fell_away_is_cancelled_and_what_was_paid_is_owed_back() -> None:
    lost = charge("28.00", K.LOST, loan_id=11)
    charge("5.00", K.PROCESSING, loan_id=11, days=1)
    paid("10.00")
    with transaction.atomic():
        done = cancel_charges_of_loan(11, [K.LOST], NOW, "found")
    assert done == Cancelled(Decimal("18.00"), Decimal("10.00"))
    assert cancel_charges_of_loan(11, [K.LOST], NOW, "found") == Cancelled(Decimal("0.00"), Decimal("0.00"))
    settled_at = Charge.objects.get(pk=lost).settled_at
    assert settled_at is not None
    assert timezone.localtime(settled_at) == timezone.localtime(NOW).replace(hour=0, minute=0)
    assert owed(patron(ZHANG).pk) == Decimal("5.00")
    due = RefundDue.objects.get()
    back = refund(Refund(due.pk, "cash", 7), NOW)
    assert isinstance(back, Refunded)
    assert Payment.objects.get(pk=back.payment_id).amount == Decimal("-10.00")
    assert refused(refund(Refund(due.pk, "cash", 7), NOW)) == "refund_paid"
    assert refused(refund(Refund(due.pk + 1, "cash", 7), NOW)) == "refund_unknown"


def test_settlements_and_payments_cannot_be_changed() -> None:
    charge("5.00")
    paid("2.00")
    for change in (
        lambda: Settlement.objects.update(amount=1),
        lambda: Settlement.objects.all().delete(),
        lambda: Payment.objects.update(amount=1),
        lambda: Payment.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()
    assert Payment.objects.update(patron=None) == 1


def test_a_charge_is_never_negative_and_nothing_is_no_charge() -> None:
    library = Library.objects.get(code="DX").pk
    assert raise_charge(patron(ZHANG).pk, library, K.OTHER, Decimal("0.004"), NOW) is None
    with pytest.raises(ValueError, match="never negative"):
        raise_charge(patron(ZHANG).pk, library, K.OTHER, Decimal("-0.01"), NOW)


def test_the_parts_of_a_charge_are_its_settled() -> None:
    one = charge("9.00")
    paid("2.00")
    waive(Waive(one, 7, "x", Decimal("3.00")), NOW)
    parts = Settlement.objects.filter(charge_id=one).aggregate(sum=Sum("amount"))["sum"]
    assert parts == Charge.objects.get(pk=one).settled == Decimal("5.00")


# Scenario 22
def test_a_deposit_is_paid_held_and_given_back() -> None:
    done = pay_deposit(PayDeposit(LI, "cash"), NOW)
    assert isinstance(done, DepositPaid)
    assert done.amount == Decimal("500.00")
    assert held(patron(LI).pk) is not None
    assert refused(pay_deposit(PayDeposit(LI, "cash"), NOW)) == "deposit_held"
    assert refused(pay_deposit(PayDeposit(ZHANG, "cash"), NOW)) == "deposit_not_needed"
    assert refused(pay_deposit(PayDeposit("nobody", "cash"), NOW)) == "card_unknown"
    back = refund_deposit(RefundDeposit(patron(LI).pk, "cash", ends_card=True), NOW)
    assert isinstance(back, DepositRefunded)
    assert (back.refunded, back.kept) == (Decimal("500.00"), Decimal(0))
    assert refused(refund_deposit(RefundDeposit(patron(LI).pk, "cash", ends_card=True), NOW)) == "deposit_not_held"
    assert Payment.objects.aggregate(sum=Sum("amount"))["sum"] == 0


def test_a_deposit_stays_while_a_good_card_needs_it() -> None:
    pay_deposit(PayDeposit(LI, "cash"), NOW)
    command = RefundDeposit(patron(LI).pk, "cash")
    assert refused(refund_deposit(command, NOW)) == "deposit_needed"
    Card.objects.filter(number=LI).update(kind=CardKind.objects.get(code="adult"))
    assert isinstance(refund_deposit(command, NOW), DepositRefunded)


def test_what_is_owed_is_kept_from_the_deposit_only_when_asked() -> None:
    pay_deposit(PayDeposit(LI, "cash"), NOW)
    charge("30.00", number=LI)
    assert refused(refund_deposit(RefundDeposit(patron(LI).pk, "cash", ends_card=True), NOW)) == "charges_open"
    back = refund_deposit(RefundDeposit(patron(LI).pk, "cash", settles_charges=True, ends_card=True), NOW)
    assert isinstance(back, DepositRefunded)
    assert (back.refunded, back.kept) == (Decimal("470.00"), Decimal("30.00"))
    assert owed(patron(LI).pk) == 0
    money_in_hand = Payment.objects.exclude(method="deposit").aggregate(sum=Sum("amount"))["sum"]
    assert money_in_hand == Decimal("30.00")


def test_a_deposit_smaller_than_the_debt_stays() -> None:
    pay_deposit(PayDeposit(LI, "cash"), NOW)
    charge("500.01", number=LI)
    assert (
        refused(refund_deposit(RefundDeposit(patron(LI).pk, "cash", settles_charges=True, ends_card=True), NOW))
        == "charges_open"
    )


def test_a_deposit_that_is_kept_whole_has_no_refund() -> None:
    pay_deposit(PayDeposit(LI, "cash"), NOW)
    charge("500.00", number=LI)
    back = refund_deposit(RefundDeposit(patron(LI).pk, "cash", settles_charges=True, ends_card=True), NOW)
    assert isinstance(back, DepositRefunded)
    assert (back.payment_id, back.refunded, back.kept) == (None, Decimal(0), Decimal("500.00"))


def test_a_replacement_card_carries_the_deposit() -> None:
    pay_deposit(PayDeposit(LI, "cash"), NOW)
    other = Card.objects.get(number=ZHANG)
    move_deposit(patron(LI).pk, other.pk)
    deposit = held(patron(LI).pk)
    assert deposit is not None
    assert deposit.card_id == other.pk
