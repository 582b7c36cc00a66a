"""Lost, found, replaced, renewed, expired, closed: each step with what it keeps and what it refuses."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from shufang.branches.models import Branch
from shufang.catalogue.models import Item, ItemKind, Title
from shufang.circulation.models import Hold, Loan, Policy
from shufang.jobs import expire_cards
from shufang.kernel.refusal import Refusal
from shufang.money.charges import raise_charge
from shufang.money.deposits import PayDeposit, held, pay_deposit
from shufang.money.models import Charge
from shufang.patrons.models import Card, Patron
from shufang.registration.activate_card import ActivateCard, activate_card
from shufang.registration.close_card import CardClosed, CloseCard, close_card
from shufang.registration.renew_card import RenewCard, renew_card
from shufang.registration.replace_card import CardReplaced, ReplaceCard, replace_card
from shufang.registration.report_lost import CardFound, ReportLost, card_found, report_lost
from shufang.registration.served import CardChanged

if TYPE_CHECKING:
    from tests.registration.conftest import Desk


def code(done: object) -> str:
    assert isinstance(done, Refusal), done
    return done.code


def lend_and_hold(card: Card, now: datetime) -> None:
    """Give a patron one open loan and one waiting hold, as rows."""
    branch = Branch.objects.get(code="GMD")
    title = Title.objects.create(source="t", control_number="1", title="三体", created_at=now, updated_at=now)
    kind = ItemKind.objects.get(code="book")
    item = Item.objects.create(
        barcode="T1",
        title=title,
        library=branch.library,
        home_branch=branch,
        current_branch=branch,
        kind=kind,
        status="on_loan",
        status_since=now,
        created_at=now,
    )
    Loan.objects.create(
        item=item,
        patron=card.patron,
        card_kind=card.kind,
        group=kind.group,
        library=branch.library,
        policy=Policy.objects.filter(library=branch.library).order_by("id")[0],
        calendar_branch=branch,
        borrowed_at=now,
        due_at=now + timedelta(days=42),
    )
    Hold.objects.create(patron=card.patron, title=title, pickup_branch=branch, placed_at=now, queued_at=now)


def test_a_lost_card_stops_and_a_found_one_is_good(desk: "Desk", now: datetime) -> None:
    card = desk.issue()
    revision = card.patron.revision
    done = report_lost(ReportLost(card.number, desk.served), now)
    assert isinstance(done, CardChanged)
    assert done.patron_revision > revision
    assert code(report_lost(ReportLost(card.number), now)) == "card_lost"
    assert isinstance(card_found(CardFound(card.number), now), CardChanged)
    card.refresh_from_db()
    assert card.status == Card.Status.ACTIVE
    assert code(card_found(CardFound(card.number), now)) == "card_not_lost"
    assert code(report_lost(ReportLost("NOBODY"), now)) == "card_unknown"


def test_no_way_around_the_deposit(desk: "Desk", now: datetime) -> None:
    card = desk.issue(kind="B")
    report_lost(ReportLost(card.number), now)
    assert code(card_found(CardFound(card.number), now)) == "deposit_missing"
    done = replace_card(ReplaceCard(card.number, "T00002"), now)
    assert isinstance(done, CardReplaced)
    assert done.status == Card.Status.ISSUED
    Card.objects.filter(number="T00002").update(status="expired", expires_on=date(2026, 3, 1))
    assert code(renew_card(RenewCard("T00002"), now)) == "deposit_missing"


def test_a_small_deposit_is_not_enough_for_a_better_card(desk: "Desk", now: datetime) -> None:
    small = desk.issue(kind="B")
    pay_deposit(PayDeposit(small.number, "cash"), now)
    report_lost(ReportLost(small.number), now)
    better = desk.issue("T00002", kind="E")
    assert better.status == Card.Status.ISSUED
    assert code(activate_card(ActivateCard(better.number), now)) == "deposit_missing"


def test_a_found_card_is_not_good_beside_its_successor(desk: "Desk", now: datetime) -> None:
    card = desk.issue()
    report_lost(ReportLost(card.number), now)
    desk.issue("T00002")
    assert code(card_found(CardFound(card.number), now)) == "patron_has_card"
    assert code(replace_card(ReplaceCard(card.number, "T00003"), now)) == "patron_has_card"
    assert code(close_card(CloseCard(card.number), now)) == "patron_has_card"


# Scenario 20
def test_replacement_keeps_loans_holds_and_deposit(desk: "Desk", now: datetime) -> None:
    card = desk.issue(kind="B")
    pay_deposit(PayDeposit(card.number, "cash"), now)
    lend_and_hold(card, now)
    report_lost(ReportLost(card.number), now)
    done = replace_card(ReplaceCard(card.number, "T00002", Decimal(10), desk.served), now)
    assert isinstance(done, CardReplaced)
    new = Card.objects.get(number="T00002")
    assert (new.replaces_id, new.status, new.patron_id) == (card.pk, Card.Status.ACTIVE, card.patron_id)
    assert (new.patron.loans.count(), new.patron.holds.count()) == (1, 1)
    deposit = held(new.patron_id)
    assert deposit is not None
    assert deposit.card_id == new.pk
    assert Charge.objects.get(patron=new.patron_id).kind == Charge.Kind.CARD
    card.refresh_from_db()
    assert card.status == Card.Status.REPLACED
    assert code(replace_card(ReplaceCard(card.number, "T00003"), now)) == "patron_has_card"


def test_replacement_refuses(desk: "Desk", now: datetime) -> None:
    card = desk.issue()
    assert code(replace_card(ReplaceCard("NOBODY", "T00002"), now)) == "card_unknown"
    assert code(replace_card(ReplaceCard(card.number, card.number), now)) == "card_number_used"
    assert code(replace_card(ReplaceCard(card.number, "新卡"), now)) == "card_number_invalid"
    assert code(replace_card(ReplaceCard(card.number, "T00002", Decimal(-1)), now)) == "fee_invalid"
    assert Card.objects.get().status == Card.Status.ACTIVE


def test_cards_expire_and_are_renewed(desk: "Desk", now: datetime) -> None:
    card = desk.issue()
    last = datetime.combine(date(2036, 3, 2), now.timetz())
    assert not expire_cards.run(last).get("expired")
    after = last + timedelta(days=1)
    assert expire_cards.run(after) == {"expired": 1}
    card.refresh_from_db()
    assert card.status == Card.Status.EXPIRED
    assert isinstance(renew_card(RenewCard(card.number), after), CardChanged)
    card.refresh_from_db()
    assert card.status == Card.Status.ACTIVE
    assert card.expires_on == date(2046, 3, 4)


def test_renewal_refuses(desk: "Desk", now: datetime) -> None:
    issued = desk.issue(kind="B")
    assert code(renew_card(RenewCard(issued.number), now)) == "card_not_active"
    report_lost(ReportLost(issued.number), now)
    assert code(renew_card(RenewCard(issued.number), now)) == "card_lost"
    Card.objects.update(status=Card.Status.ACTIVE)
    assert code(renew_card(RenewCard(issued.number), now)) == "card_does_not_expire"
    Card.objects.update(kind=desk.issue("T00002", person=desk.wang("E00000002")).kind, expires_on=date(2026, 1, 1))
    assert code(renew_card(RenewCard("NOBODY"), now)) == "card_unknown"


def test_closing_refunds_the_deposit(desk: "Desk", now: datetime) -> None:
    card = desk.issue(kind="C")
    pay_deposit(PayDeposit(card.number, "cash"), now)
    done = close_card(CloseCard(card.number, "cash", desk.served), now)
    assert isinstance(done, CardClosed)
    assert done.refunded == Decimal(100)
    patron = Patron.objects.get()
    assert patron.closed_at == now
    assert patron.revision == done.patron_revision
    assert held(patron.pk) is None
    assert code(close_card(CloseCard(card.number), now)) == "card_closed"
    back = desk.issue("T00002")
    assert back.patron_id == patron.pk


def test_closing_is_refused_while_something_is_out_or_owed(desk: "Desk", now: datetime) -> None:
    card = desk.issue()
    lend_and_hold(card, now)
    assert code(close_card(CloseCard(card.number), now)) == "loans_open"
    Loan.objects.update(status="closed", patron=None, returned_at=now)
    assert code(close_card(CloseCard(card.number), now)) == "holds_open"
    Hold.objects.update(status="cancelled", patron=None, ended_at=now)
    raise_charge(card.patron_id, card.library_id, Charge.Kind.OTHER, Decimal(3), now)
    assert code(close_card(CloseCard(card.number), now)) == "charges_open"
    assert Card.objects.get().status == Card.Status.ACTIVE
