"""My loans: what is out, urgent first; renewing one or all, each refusal with its reason."""

from collections.abc import Callable

import pytest
from django.test import Client

from shufang.circulation.models import Hold, Loan, Policy
from shufang.kernel import clock
from shufang.patrons.models import Block
from tests.web.lending.books import DAY, FULL, ME, OTHER, due, lend, patron_id, reserve, said, words

AsReader = Callable[[str], Client]


def test_what_is_out_stands_in_the_order_of_days(reader: Client) -> None:
    later, soon, late = (lend(ME, f"DX0000000{number}") for number in (1, 2, 3))
    due(later, 20)
    due(soon, 1)
    due(late, -3)
    page = words(reader.get("/me/loans/"))
    assert "3 out, 1 overdue" in page
    assert page.index("3 days overdue") < page.index("Tomorrow") < page.index("20 days")


def test_nothing_out_says_what_to_do(reader: Client) -> None:
    page = words(reader.get("/me/loans/"))
    assert "You have nothing out" in page
    assert "Find a book" in page
    assert "Renew all" not in page


@pytest.mark.parametrize(
    ("days", "says"),
    [(0, "1 out, 1 due today"), (1, "1 out, 1 due tomorrow"), (12, "1 out")],
)
def test_the_headline(reader: Client, days: int, says: str) -> None:
    due(lend(ME, "DX00000001"), days)
    assert words(reader.get("/me/loans/")).count(says) >= 1


def test_renewing_one_lengthens_it_and_says_until_when(reader: Client) -> None:
    loan = lend(ME, "DX00000001")
    due(loan, 2)
    page = said(reader, f"/me/loans/{loan.pk}/renew/")
    assert "Renewed. Return by" in page
    renewed = Loan.objects.get(pk=loan.pk)
    assert renewed.renewals == 1
    assert renewed.due_at > clock.now() + 20 * DAY


def test_a_refusal_stands_beside_its_book_in_the_readers_language(reader: Client) -> None:
    loan = lend(ME, "DX00000001")
    reader.post(f"/me/loans/{loan.pk}/renew/")
    assert "It was renewed already. Return by" in said(reader, f"/me/loans/{loan.pk}/renew/")
    reader.cookies["shufang_language"] = "zh-hans"
    assert "续过了，不能再续" in said(reader, f"/me/loans/{loan.pk}/renew/")


def test_htmx_gets_the_one_book(reader: Client) -> None:
    loan = lend(ME, "DX00000001")
    lend(ME, "DX00000002")
    answer = reader.post(f"/me/loans/{loan.pk}/renew/", headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert answer.content.decode().count("<li") == 1
    assert "Renewed. Return by" in words(answer)


def test_renewing_all_says_of_each_what_became_of_it(as_reader: AsReader) -> None:
    client = as_reader(FULL)
    first = Loan.objects.filter(patron_id=patron_id(FULL)).order_by("due_at", "id").first()
    assert first is not None
    Policy.objects.update(renews_when_held=False)
    reserve(ME, first.item.barcode)
    page = said(client, "/me/loans/renew-all/")
    assert "4 renewed, 1 not" in page
    assert page.count("Renewed. Return by") == 4
    assert page.count("Another reader is waiting for it. Return it in time.") == 1
    assert Loan.objects.filter(patron_id=patron_id(FULL), renewals=1).count() == 4


def test_renewing_all_with_a_bad_card_says_why(as_reader: AsReader) -> None:
    from shufang.kernel import clock

    client = as_reader(FULL)
    Block.objects.create(patron_id=patron_id(FULL), reason="x", placed_at=clock.now())
    assert "This card is on hold for now" in said(client, "/me/loans/renew-all/")
    assert not Loan.objects.filter(renewals=1).exists()


def test_a_lost_book_cannot_be_renewed_here(reader: Client) -> None:
    loan = lend(ME, "DX00000001")
    Loan.objects.filter(pk=loan.pk).update(status=Loan.Status.LOST)
    page = reader.get("/me/loans/")
    assert "Counts as lost" in words(page)
    assert f"/me/loans/{loan.pk}/renew/" not in page.content.decode()


def test_other_readers_loans_are_nobodys_here(reader: Client) -> None:
    loan = Loan.objects.get(patron_id=patron_id(OTHER))
    assert reader.post(f"/me/loans/{loan.pk}/renew/").status_code == 404
    assert Loan.objects.get(pk=loan.pk).renewals == 0
    assert "DX00000201" not in reader.get("/me/loans/").content.decode()


def test_strangers_sign_in_first(cast: None) -> None:
    answer = Client().get("/me/loans/")
    assert answer.status_code == 302
    assert answer["Location"] == "/sign-in/?next=/me/loans/"


def test_looking_changes_nothing(reader: Client) -> None:
    loan = lend(ME, "DX00000001")
    assert reader.get(f"/me/loans/{loan.pk}/renew/").status_code == 405
    assert reader.get("/me/loans/renew-all/").status_code == 405
    assert not Hold.objects.filter(patron_id=patron_id(ME)).exists()
