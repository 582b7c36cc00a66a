"""Borrowing with the phone: only who is there, for ten minutes, each book once."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from shufang.branches.models import Branch, Device
from shufang.branches.presence import code_of
from shufang.catalogue.item_life import ItemStatus
from shufang.catalogue.models import Item
from shufang.circulation.models import Event, Loan
from shufang.kernel import clock
from shufang.patrons import sessions
from shufang.patrons.models import Patron
from shufang.web.reader import self_checkout
from shufang.web.reader.signed_in import COOKIE
from tests.web.phone.conftest import token_of

AsReader = Callable[..., Client]
READER = "D0000002"


class Hands:
    """How far the pages' clock has been moved on."""

    ahead = timedelta(0)


@pytest.fixture
def hands(monkeypatch: pytest.MonkeyPatch) -> Hands:
    """Let tests move the clock of these pages."""
    moved, real = Hands(), clock.now
    monkeypatch.setattr(clock, "now", lambda: real() + moved.ahead)
    return moved


@pytest.fixture
def kiosk(cast: None) -> Device:
    """A kiosk at Gaomidian."""
    return new_kiosk("GMD")


def new_kiosk(branch: str) -> Device:
    return Device.objects.create(
        account=f"kiosk-of-{branch}",
        kind=Device.Kind.KIOSK,
        branch=Branch.objects.get(code=branch),
        encoding="utf-8",
        password_hash="scrypt$none",
    )


def code_at(kiosk: Device) -> str:
    return code_of(kiosk.pk, clock.now()).code


@pytest.fixture
def books(kiosk: Device) -> list[str]:
    """Barcodes of books that stand free at Gaomidian."""
    free = Item.objects.filter(
        current_branch=kiosk.branch, status=ItemStatus.AVAILABLE, kind__is_for_loan=True, is_for_loan=True
    ).exclude(title__holds__patron__isnull=False)
    found = list(free.order_by("pk").values_list("barcode", flat=True)[:4])
    assert len(found) == 4
    return found


def enter(client: Client, kiosk: Device) -> None:
    answer = client.get(f"/here/{code_at(kiosk)}/")
    assert (answer.status_code, answer["Location"]) == (302, "/here/")


def borrow(client: Client, barcode: str) -> str:
    answer = client.post("/here/borrow/", {"code": barcode}, follow=True)
    assert answer.status_code in {200, 422}
    return answer.content.decode()


# Scenario 41
def test_scan_the_kiosk_scan_a_book_done(as_reader: AsReader, kiosk: Device, books: list[str]) -> None:
    client = as_reader(READER)
    enter(client, kiosk)
    page = client.get("/here/").content.decode()
    assert "Gaomidian City Study" in page
    assert "Nothing borrowed yet" in page
    assert "Borrowed. Return by" in borrow(client, books[0])
    borrow(client, books[1].lower())
    loans = Loan.objects.filter(patron__cards__number=READER, item__barcode__in=books)
    assert loans.count() == 2
    events = Event.objects.filter(verb="checkout", item__barcode__in=books[:2])
    devices = Device.objects.filter(pk__in=events.values("device_id"))
    assert {(device.kind, device.branch_id) for device in devices} == {(Device.Kind.PHONE, kiosk.branch_id)}
    page = client.get("/here/").content.decode()
    for loan in loans.select_related("item__title"):
        assert loan.item.title.title in page
    finished = client.get("/here/done/").content.decode()
    assert "2 books borrowed" in finished
    assert "The eight digits under the code" in client.get("/here/").content.decode()


def test_the_code_can_be_typed(as_reader: AsReader, kiosk: Device) -> None:
    client = as_reader(READER)
    code = code_at(kiosk)
    answer = client.post("/here/", {"code": f"{code[:4]} {code[4:]}"})
    assert (answer.status_code, answer["Location"]) == (302, "/here/")
    assert "You are here" in client.get("/here/").content.decode()


def test_nothing_is_lent_to_who_is_not_there(as_reader: AsReader, kiosk: Device, books: list[str]) -> None:
    client = as_reader(READER)
    before = Loan.objects.count()
    answer = client.post("/here/borrow/", {"code": books[0]})
    assert answer.status_code == 422
    assert "Scan the code on the kiosk" in answer.content.decode()
    swapped = client.post("/here/borrow/", {"code": books[0]}, headers={"HX-Request": "true"})
    assert (swapped.status_code, swapped["HX-Redirect"]) == (204, "/here/")
    assert Loan.objects.count() == before


def test_a_wrong_and_an_old_code_are_told_in_sentences(as_reader: AsReader, kiosk: Device, hands: Hands) -> None:
    client = as_reader(READER)
    code = code_at(kiosk)
    hands.ahead = timedelta(minutes=2)
    assert "This code has run out" in client.get(f"/here/{code}/").content.decode()
    for wrong in ("00000000", "hello", "9" * 300):
        answer = client.get(f"/here/{wrong}/")
        assert answer.status_code == 422
        assert "do not know this code" in answer.content.decode()


def test_after_ten_minutes_the_code_must_be_scanned_again(
    as_reader: AsReader, kiosk: Device, books: list[str], hands: Hands
) -> None:
    client = as_reader(READER)
    enter(client, kiosk)
    hands.ahead = timedelta(minutes=9, seconds=50)
    assert "Borrowed. Return by" in borrow(client, books[0])
    hands.ahead = timedelta(minutes=10, seconds=1)
    assert "counts for ten minutes" in borrow(client, books[1])
    assert not Loan.objects.filter(item__barcode=books[1]).exists()
    enter(client, kiosk)
    assert "Borrowed. Return by" in borrow(client, books[1])


def test_a_code_counts_once_for_a_reader(as_reader: AsReader, kiosk: Device) -> None:
    first, second = as_reader(READER), as_reader(READER)
    code = code_at(kiosk)
    assert first.get(f"/here/{code}/").status_code == 302
    assert first.get(f"/here/{code}/")["Location"] == "/here/"
    answer = second.get(f"/here/{code}/")
    assert answer.status_code == 422
    assert "used this code before" in answer.content.decode()
    assert as_reader("D0000008").get(f"/here/{code}/").status_code == 302


def test_a_proof_is_worth_nothing_in_another_sign_in(as_reader: AsReader, kiosk: Device, books: list[str]) -> None:
    there, elsewhere = as_reader(READER), as_reader("D0000008")
    enter(there, kiosk)
    elsewhere.cookies["shufang_here"] = there.cookies["shufang_here"].value
    assert "another sign-in" in borrow(elsewhere, books[0])
    assert not Loan.objects.filter(item__barcode=books[0]).exists()


def test_who_goes_on_to_another_study_is_there(as_reader: AsReader, kiosk: Device) -> None:
    client = as_reader(READER)
    enter(client, kiosk)
    enter(client, new_kiosk("HC"))
    page = client.get("/here/").content.decode()
    assert "Huangcun City Study" in page
    assert "Gaomidian" not in page


def test_who_signs_in_first_is_there_all_the_same(kiosk: Device, hands: Hands, books: list[str]) -> None:
    client = Client(headers={"Accept-Language": "en"})
    answer = client.get(f"/here/{code_at(kiosk)}/")
    assert answer["Location"] == "/sign-in/?next=%2Fhere%2F"
    hands.ahead = timedelta(minutes=4)
    client.cookies[COOKIE] = token_of(READER)
    assert client.get("/here/")["Location"] == "/here/"
    assert "You are here" in client.get("/here/").content.decode()
    hands.ahead = timedelta(minutes=10, seconds=1)
    assert "counts for ten minutes" in borrow(client, books[0])


def test_an_arrival_is_over_after_five_minutes(kiosk: Device, hands: Hands) -> None:
    client = Client(headers={"Accept-Language": "en"})
    client.get(f"/here/{code_at(kiosk)}/")
    client.cookies[COOKIE] = token_of(READER)
    hands.ahead = timedelta(minutes=5, seconds=1)
    assert "You are here" not in client.get("/here/").content.decode()


def test_refusals_are_the_verbs_with_the_title(as_reader: AsReader, kiosk: Device, books: list[str]) -> None:
    client = as_reader("D0000006")
    enter(client, kiosk)
    title = Item.objects.select_related("title").get(barcode=books[0]).title.title
    page = borrow(client, books[0])
    assert title in page
    assert "Return one to borrow another" in page
    assert "could not read this book" in borrow(client, "NOBOOK")
    assert not Loan.objects.filter(item__barcode=books[0]).exists()


def test_a_book_that_is_mine_already_is_not_renewed(
    as_reader: AsReader, kiosk: Device, books: list[str], hands: Hands
) -> None:
    client = as_reader(READER)
    enter(client, kiosk)
    borrow(client, books[0])
    client.get("/here/done/")
    hands.ahead = timedelta(seconds=31)
    enter(client, kiosk)
    assert "You have this book already" in borrow(client, books[0])
    assert Loan.objects.get(item__barcode=books[0]).renewals == 0


# Scenario 41
def test_a_double_tap_lends_once_and_answers_twice(as_reader: AsReader, kiosk: Device, books: list[str]) -> None:
    client = as_reader(READER)
    enter(client, kiosk)
    answers = [
        client.post("/here/borrow/", {"code": books[0]}, headers={"HX-Request": "true"}).content.decode()
        for _ in range(2)
    ]
    assert answers[0] == answers[1]
    assert 'class="slip"' not in answers[1]
    assert Event.objects.filter(verb="checkout", item__barcode=books[0]).count() == 1


def test_staff_can_switch_it_off_in_a_branch(as_reader: AsReader, kiosk: Device, books: list[str]) -> None:
    client = as_reader(READER)
    enter(client, kiosk)
    borrow(client, books[0])
    Device.objects.filter(kind=Device.Kind.PHONE, branch=kiosk.branch).update(is_enabled=False)
    assert "Phones do not lend here" in borrow(client, books[1])
    other = as_reader("D0000008")
    assert "Phones do not lend here" in other.get(f"/here/{code_at(kiosk)}/").content.decode()
    assert not Loan.objects.filter(item__barcode=books[1]).exists()


def test_guessing_codes_is_stopped(as_reader: AsReader, kiosk: Device) -> None:
    client = as_reader(READER)
    for number in range(self_checkout.MOST_CODES):
        assert client.post("/here/", {"code": f"{number:08}"}).status_code == 422
    answer = client.get(f"/here/{code_at(kiosk)}/")
    assert answer.status_code == 429
    assert "Too many tries" in answer.content.decode()
    assert as_reader("D0000008").get(f"/here/{code_at(kiosk)}/").status_code == 302


def test_guessing_barcodes_is_stopped(as_reader: AsReader, kiosk: Device, books: list[str]) -> None:
    client = as_reader(READER)
    enter(client, kiosk)
    for number in range(self_checkout.MOST_BARCODES):
        client.post("/here/borrow/", {"code": f"NO{number}"}, headers={"HX-Request": "true"})
    assert "Too many tries" in borrow(client, books[0])
    assert not Loan.objects.filter(item__barcode=books[0]).exists()


def test_another_reader_sees_nothing_of_it(as_reader: AsReader, kiosk: Device, books: list[str]) -> None:
    mine, other = as_reader(READER), as_reader("D0000008")
    enter(mine, kiosk)
    enter(other, kiosk)
    borrow(mine, books[0])
    title = Item.objects.select_related("title").get(barcode=books[0]).title.title
    assert title not in other.get("/here/").content.decode()
    assert title not in other.get("/here/done/").content.decode()


def test_strange_barcodes_break_nothing(as_reader: AsReader, kiosk: Device) -> None:
    client = as_reader(READER)
    enter(client, kiosk)
    for barcode in ("", "\0", "\ud800", "书" * 40, "'; --"):
        data = {"code": barcode.encode("utf-8", "surrogatepass")}
        answer = client.post("/here/borrow/", data, headers={"HX-Request": "true"})
        assert answer.status_code == 200
        assert 'role="alert"' in answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_two_taps_at_the_same_moment_lend_once(as_reader: AsReader, kiosk: Device, books: list[str]) -> None:
    client = as_reader(READER)
    enter(client, kiosk)
    ready = threading.Barrier(4)
    answers: list[str] = []

    def tap() -> None:
        one = Client(headers={"Accept-Language": "en"})
        one.cookies.update(client.cookies)
        try:
            ready.wait(30)
            answer = one.post("/here/borrow/", {"code": books[0]}, headers={"HX-Request": "true"})
            answers.append(answer.content.decode())
        finally:
            connection.close()

    threads = [threading.Thread(target=tap) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(answers) == 4
    assert len(set(answers)) == 1
    assert 'class="slip"' not in answers[0]
    assert Event.objects.filter(verb="checkout", item__barcode=books[0]).count() == 1
    assert Loan.objects.filter(item__barcode=books[0], patron__isnull=False).count() == 1


def test_a_sign_out_ends_the_visit(as_reader: AsReader, kiosk: Device, books: list[str]) -> None:
    client = as_reader(READER)
    enter(client, kiosk)
    sessions.end_all(Patron.objects.get(cards__number=READER).pk)
    assert client.post("/here/borrow/", {"code": books[0]})["Location"].startswith("/sign-in/")
    client.cookies[COOKIE] = token_of(READER)
    assert "another sign-in" in borrow(client, books[0])
