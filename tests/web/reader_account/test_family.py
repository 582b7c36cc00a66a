"""A guardian sees and renews a child's loans, until the child is of age; nobody else does."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from shufang.circulation.checkout import CheckedOut, Checkout, checkout
from shufang.circulation.models import Event, Loan
from shufang.circulation.place import PinCheck
from shufang.demo.cast import machine
from shufang.kernel import clock
from shufang.patrons.guardians import FULL_AGE
from shufang.patrons.models import Card, Guardianship, Patron

pytestmark = pytest.mark.usefixtures("cast")

AsReader = Callable[..., Client]


def patron(card: str) -> Patron:
    return Patron.objects.get(cards__number=card)


@pytest.fixture
def loan(cast: None) -> Loan:
    """Lend the child a book that is due soon."""
    done = checkout(Checkout("D0000007", "DX00000001", machine(), PinCheck.RIGHT), clock.now())
    assert isinstance(done, CheckedOut)
    Loan.objects.filter(pk=done.loan_id).update(due_at=clock.now() + timedelta(days=2))
    return Loan.objects.select_related("item__title").get(pk=done.loan_id)


def renew_address(loan: Loan) -> str:
    return f"/me/family/{patron('D0000007').pk}/loans/{loan.pk}/renew/"


def born_years_ago(years: int, *, days_later: int = 0) -> date:
    today = timezone.localdate()
    birthday = date(today.year - years, today.month, min(today.day, 28))
    return birthday + timedelta(days=days_later)


def test_the_guardian_sees_and_renews(as_reader: AsReader, loan: Loan) -> None:
    client = as_reader("D0000001")
    page = client.get("/me/family/").content.decode()
    assert "王一诺" in page
    assert loan.item.title.title in page
    assert client.post(renew_address(loan))["Location"] == "/me/family/"
    loan.refresh_from_db()
    assert loan.renewals == 1
    assert "third_party" in Event.objects.filter(verb="renew").latest("pk").detail
    assert b"Renewed. Return by" in client.get("/me/family/").content
    client.post(renew_address(loan))
    loan.refresh_from_db()
    assert loan.renewals == 1


def test_all_are_renewed_and_what_was_refused_says_why(as_reader: AsReader, loan: Loan) -> None:
    checkout(Checkout("D0000007", "DX00000002", machine(), PinCheck.RIGHT), clock.now())
    Loan.objects.filter(pk=loan.pk).update(renewals=1)
    client = as_reader("D0000001")
    client.post(f"/me/family/{patron('D0000007').pk}/renew-all/")
    page = client.get("/me/family/").content.decode()
    assert "1 renewed, 1 not" in page
    assert Loan.objects.get(item__barcode="DX00000002").renewals == 1


def test_the_ages_of_majority_end_it(as_reader: AsReader, loan: Loan) -> None:
    client = as_reader("D0000001")
    Patron.objects.filter(pk=patron("D0000007").pk).update(birth_date=born_years_ago(FULL_AGE, days_later=1))
    assert "王一诺" in client.get("/me/family/").content.decode()
    Patron.objects.filter(pk=patron("D0000007").pk).update(birth_date=born_years_ago(FULL_AGE))
    page = client.get("/me/family/").content.decode()
    assert "王一诺" not in page
    assert loan.item.title.title not in page
    assert client.post(renew_address(loan)).status_code == 404
    assert client.post(f"/me/family/{patron('D0000007').pk}/renew-all/").status_code == 404
    loan.refresh_from_db()
    assert loan.renewals == 0


def test_nobody_else_sees_or_renews(as_reader: AsReader, loan: Loan) -> None:
    other = as_reader("D0000002")
    assert "王一诺" not in other.get("/me/family/").content.decode()
    assert other.post(renew_address(loan)).status_code == 404
    Guardianship.objects.all().delete()
    assert as_reader("D0000001").post(renew_address(loan)).status_code == 404
    loan.refresh_from_db()
    assert loan.renewals == 0


def test_a_guardian_renews_nothing_but_the_childs_own(as_reader: AsReader, loan: Loan) -> None:
    theirs = Loan.objects.get(patron=patron("D0000002"))
    client = as_reader("D0000001")
    client.post(f"/me/family/{patron('D0000007').pk}/loans/{theirs.pk}/renew/")
    theirs.refresh_from_db()
    assert theirs.renewals == 0


def test_the_childs_own_card_decides(as_reader: AsReader, loan: Loan) -> None:
    Card.objects.filter(number="D0000007").update(status=Card.Status.LOST)
    client = as_reader("D0000001")
    client.post(renew_address(loan))
    assert b"reported lost" in client.get("/me/family/").content
    loan.refresh_from_db()
    assert loan.renewals == 0


def test_without_children_it_says_how_to_begin(as_reader: AsReader) -> None:
    assert b"no child here yet" in as_reader("D0000002").get("/me/family/").content
