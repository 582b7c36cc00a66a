"""Issuing: one person one card, guardians for minors, deposits, typed refusals."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from shufang.audit.models import Entry
from shufang.kernel.refusal import Refusal
from shufang.money.deposits import DepositPaid, PayDeposit, pay_deposit
from shufang.patrons.models import Card, HistoryConsent, Patron
from shufang.registration.activate_card import ActivateCard, activate_card
from shufang.registration.issue_card import CardIssued, IssueCard, Person, issue_card
from shufang.registration.report_lost import ReportLost, report_lost
from shufang.registration.served import CardChanged

if TYPE_CHECKING:
    from tests.registration.conftest import Desk

CHILD = Person("王小明", date(2016, 5, 1))


def test_a_deposit_free_card_is_good_at_once(desk: "Desk", now: datetime) -> None:
    done = issue_card(desk.order(), now)
    assert isinstance(done, CardIssued)
    assert (done.status, done.deposit_due) == (Card.Status.ACTIVE, Decimal(0))
    card = Card.objects.select_related("patron").get(pk=done.card_id)
    assert card.expires_on == date(2036, 3, 2)
    assert card.patron.identity_mask == "E12****78"
    assert b"E12345678" not in bytes(card.patron.identity_hash or b"")
    assert Entry.objects.filter(action="card_issued", subject_id=card.pk, user_name="librarian").count() == 1


def test_a_card_with_deposit_waits_for_it(desk: "Desk", now: datetime) -> None:
    card = desk.issue(kind="B")
    assert card.status == Card.Status.ISSUED
    refusal = activate_card(ActivateCard(card.number), now)
    assert isinstance(refusal, Refusal)
    assert (refusal.code, refusal.values["deposit"]) == ("deposit_missing", Decimal(50))
    assert isinstance(pay_deposit(PayDeposit(card.number, "cash"), now), DepositPaid)
    done = activate_card(ActivateCard(card.number), now)
    assert isinstance(done, CardChanged)
    assert done.status == Card.Status.ACTIVE
    again = activate_card(ActivateCard(card.number), now)
    assert isinstance(again, Refusal)
    assert again.code == "card_is_active"


def test_a_card_without_pin_waits_for_it(desk: "Desk", now: datetime) -> None:
    card = desk.issue(pin="")
    refusal = activate_card(ActivateCard(card.number), now)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "pin_missing"


# Scenario 19
def test_one_person_one_record_one_good_card(desk: "Desk", now: datetime) -> None:
    card = desk.issue()
    refusal = issue_card(desk.order("T00002", person=desk.wang("e1234 5678")), now)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "patron_has_card"
    report_lost(ReportLost(card.number), now)
    second = desk.issue("T00002")
    assert second.patron_id == card.patron_id
    assert Patron.objects.count() == 1


def test_a_minor_comes_with_a_guardian(desk: "Desk", now: datetime) -> None:
    parent = desk.issue()
    alone = issue_card(desk.order("T00002", "child", person=CHILD), now)
    assert isinstance(alone, Refusal)
    assert alone.code == "guardian_needed"
    card = desk.issue("T00002", "child", person=CHILD, guardian_card=parent.number, relation="母亲")
    guardianship = card.patron.guardians.get()
    assert (guardianship.guardian_id, guardianship.relation) == (parent.patron_id, "母亲")


def test_consent_to_a_history_is_dated(desk: "Desk", now: datetime) -> None:
    card = desk.issue(person=Person("王小红", date(1990, 5, 1), keeps_history=True))
    assert HistoryConsent.objects.get(patron=card.patron).given_at == now


def _with(desk: "Desk", name: str) -> IssueCard:
    wang = desk.wang()
    return {
        "card_number_invalid": desk.order("T-1|"),
        "card_number_used": desk.order("T00009", person=desk.wang("E00000001")),
        "card_kind_unknown": desk.order(kind="Z"),
        "library_unknown": IssueCard("T00001", "adult", 0, wang),
        "name_missing": desk.order(person=Person("  ", date(1990, 1, 1))),
        "birth_date_missing": desk.order(person=desk.wang(birth=None)),
        "birth_date_invalid": desk.order(person=desk.wang(birth=date(2030, 1, 1))),
        "card_kind_too_young": desk.order(person=CHILD),
        "card_kind_too_old": desk.order(kind="child"),
        "guardian_unknown": desk.order(kind="child", person=CHILD, guardian_card="NOBODY"),
        "guardian_is_minor": desk.order("T00001", "child", person=CHILD, guardian_card="T00008"),
        "pin_too_simple": desk.order(pin="000000"),
    }[name]


@pytest.mark.parametrize(
    "code",
    [
        "card_number_invalid",
        "card_number_used",
        "card_kind_unknown",
        "library_unknown",
        "name_missing",
        "birth_date_missing",
        "birth_date_invalid",
        "card_kind_too_young",
        "card_kind_too_old",
        "guardian_unknown",
        "guardian_is_minor",
        "pin_too_simple",
    ],
)
def test_refusals_leave_nothing_behind(desk: "Desk", now: datetime, code: str) -> None:
    other = desk.issue("T00009", person=desk.wang("E00000009"))
    girl = Person("小美", date(2009, 5, 1))
    desk.issue("T00008", person=girl, guardian_card=other.number)
    before = Patron.objects.count()
    refusal = issue_card(_with(desk, code), now)
    assert isinstance(refusal, Refusal)
    assert refusal.code == code
    assert (Patron.objects.count(), Card.objects.count()) == (before, 2)


def test_a_card_number_is_kept_in_capitals_and_is_one_with_its_small_letters(desk: "Desk", now: datetime) -> None:
    done = issue_card(replace(desk.order(), number="dx7a"), now)
    assert isinstance(done, CardIssued)
    card = Card.objects.get(pk=done.card_id)
    assert (card.number, Card.objects.get(number="Dx7a")) == ("DX7A", card)
    again = issue_card(replace(desk.order(), number="Dx7A", person=CHILD), now)
    assert isinstance(again, Refusal)
    assert again.code == "card_number_used"
