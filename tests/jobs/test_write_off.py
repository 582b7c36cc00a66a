"""What was lost and paid for is written off, by staff at once or by the job when it can no longer be refunded."""

from datetime import timedelta
from decimal import Decimal

import pytest

from shufang.catalogue.item_life import ItemStatus
from shufang.circulation.checkin import CheckedIn, Checkin, checkin
from shufang.circulation.claim_returned import ClaimReturned, claim_returned
from shufang.circulation.item_at_hand import ItemChanged
from shufang.circulation.mark_lost import MarkLost, mark_lost
from shufang.circulation.models import Event, Loan
from shufang.circulation.write_off import WriteOff, write_off
from shufang.jobs import write_off as job
from shufang.kernel.refusal import Refusal
from shufang.money.charges import open_charges, owed
from shufang.money.models import RefundDue
from shufang.money.pay import Paid, Pay, pay
from shufang.money.waive import Waive, Waived, waive
from tests.circulation.readers import DAY, NOW, ZHANG, at, copy, lend, patron, settle, status

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _cast() -> None:
    settle()


def refused(answer: object) -> str:
    assert isinstance(answer, Refusal), answer
    return answer.code


def lose(barcode: str) -> Loan:
    loan = lend(copy(barcode, price=Decimal("28.00")), ZHANG)
    assert isinstance(mark_lost(MarkLost(barcode, at("GMD")), NOW), ItemChanged)
    return loan


def test_a_loss_that_is_paid_ends_and_nobody_is_named_any_more() -> None:
    loan = lose("W1")
    command = WriteOff("W1", at("GMD"))
    assert refused(write_off(command, NOW)) == "charges_open"
    assert isinstance(pay(Pay(ZHANG, Decimal("33.00"), "cash"), NOW), Paid)
    done = write_off(command, NOW + DAY)
    assert isinstance(done, ItemChanged)
    assert done.patron_revision == patron(ZHANG).revision
    loan.refresh_from_db()
    assert (loan.status, loan.patron_id, loan.returned_at) == (Loan.Status.CLOSED, None, NOW + DAY)
    assert status("W1") == ItemStatus.MISSING
    assert Event.objects.filter(verb="write_off", detail="lost>missing").count() == 1
    assert refused(write_off(command, NOW + DAY)) == "not_on_loan"


def test_what_turns_up_later_mends_the_item_and_no_money() -> None:
    lose("W1")
    pay(Pay(ZHANG, Decimal("33.00"), "cash"), NOW)
    write_off(WriteOff("W1", at("GMD")), NOW)
    assert isinstance(checkin(Checkin("W1", at("GMD")), NOW + DAY), CheckedIn)
    assert status("W1") == ItemStatus.AVAILABLE
    assert not RefundDue.objects.exists()
    assert owed(patron(ZHANG).pk) == 0


def test_a_claim_that_is_believed_ends_too_once_its_charges_are_waived() -> None:
    lose("W1")
    claim_returned(ClaimReturned("W1", at("GMD")), NOW)
    assert refused(write_off(WriteOff("W1", at("GMD")), NOW)) == "charges_open"
    for charge in open_charges(patron(ZHANG).pk):
        assert isinstance(waive(Waive(charge.charge_id, 1, "believed"), NOW), Waived)
    assert isinstance(write_off(WriteOff("W1", at("GMD")), NOW), ItemChanged)
    assert not Loan.objects.filter(patron=patron(ZHANG)).exists()


def test_what_is_not_lost_is_not_written_off() -> None:
    loan = lend(copy("W1"), ZHANG)
    copy("W2")
    assert refused(write_off(WriteOff("W1", at("GMD")), NOW)) == "not_lost"
    assert refused(write_off(WriteOff("W1", at("GMD"), loan_id=loan.pk + 1), NOW)) == "not_on_loan"
    assert refused(write_off(WriteOff("W2", at("GMD")), NOW)) == "not_on_loan"
    assert refused(write_off(WriteOff("none", at("GMD")), NOW)) == "item_unknown"


def test_the_job_waits_for_the_money_and_for_the_days_of_refund() -> None:
    loan = lose("W1")
    loan.policy.lost_refunds_days = 30
    loan.policy.save()
    assert job.run(NOW + 40 * DAY) == {"written off": 0}
    pay(Pay(ZHANG, Decimal("33.00"), "cash"), NOW)
    assert job.run(NOW + 30 * DAY) == {"written off": 0}
    assert job.run(NOW + 30 * DAY + timedelta(seconds=1)) == {"written off": 1}
    assert job.run(NOW + 31 * DAY) == {"written off": 0}
