"""What the kiosk is told for a time without a line, and what becomes of its queue when the line is back."""

import base64
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from shufang.branches.models import Device, OnceKey
from shufang.circulation.checkin import Checkin, checkin
from shufang.circulation.checkout import Checkout, checkout
from shufang.circulation.models import Conflict, Event, Loan
from shufang.circulation.place import Place
from shufang.kernel import clock
from shufang.kernel.identifiers import keyed_hash
from shufang.patrons import phone_card, sessions
from shufang.patrons.models import Card, Patron
from shufang.web.kiosk.last_known import shapes

Answer = dict[str, object]
Ask = Callable[..., Answer]
Seal = Callable[..., Answer]
GOOD, HAS_ONE, EXPIRED, LOST, OWES, FULL = (f"D000000{n}" for n in range(1, 7))
BOOKS = ("DX00000001", "DX00000002", "DX00000003")


def ago(**how: int) -> float:
    return (clock.now() - timedelta(**how)).timestamp() * 1000


def loans_of(card: str) -> set[str]:
    return set(Loan.objects.filter(patron__cards__number=card).values_list("item__barcode", flat=True))


def conflicts() -> list[str]:
    return list(Conflict.objects.order_by("id").values_list("code", flat=True))


def known_of(known: dict[str, object], card: str) -> tuple[str, int] | None:
    """Return what the list says of a card, as the kiosk's page reads it: the refusal's code and how many it may borrow."""
    rows = base64.b64decode(str(known["cards"]))
    hashed = keyed_hash(base64.b64decode(str(known["hash_key"])), card.encode())[:8]
    for start in range(0, len(rows), 10):
        if rows[start : start + 8] == hashed:
            codes = known["codes"]
            assert isinstance(codes, list)
            return codes[rows[start + 8]], rows[start + 9]
    return None


def test_the_list_names_who_may_borrow_little_and_why(kiosk: Client) -> None:
    known = kiosk.get("/kiosk/last-known/").json()
    assert known_of(known, GOOD) is None
    assert known_of(known, EXPIRED) == ("card_expired", 0)
    assert known_of(known, LOST) == ("card_lost", 0)
    assert known_of(known, OWES) == ("charges_above_limit", 0)
    assert known_of(known, FULL) == ("limit_reached", 0)
    assert known["shapes"] == ["D9999999"]
    assert (known["most"], known["hours"], known["lends"], known["days"]) == (5, 72, True, 42)
    rows = base64.b64decode(known["cards"])
    assert len(rows) == 10 * 4
    assert rows == b"".join(sorted(rows[start : start + 10] for start in range(0, 40, 10)))


def test_the_list_names_no_card(kiosk: Client) -> None:
    answer = kiosk.get("/kiosk/last-known/")
    told = answer.content + base64.b64decode(answer.json()["cards"])
    for card in Card.objects.select_related("patron"):
        assert card.number.encode() not in told
        assert card.patron.name.encode() not in told


def test_a_card_near_its_limit_may_borrow_the_rest(kiosk: Client) -> None:
    place = Place(Device.objects.get(account="gmd-9").branch_id)
    for barcode in BOOKS:
        checkout(Checkout(card_number=GOOD, barcode=barcode, place=place), clock.now())
    Device.objects.filter(account="gmd-9").update(offline_loans=13)
    assert known_of(kiosk.get("/kiosk/last-known/").json(), GOOD) == ("", 12)


def test_each_kiosk_has_a_list_that_no_other_can_read(kiosk: Client, client: Client) -> None:
    mine = kiosk.get("/kiosk/last-known/").json()
    Device.objects.filter(account="gmd-2").update(kind=Device.Kind.KIOSK)
    client.post("/kiosk/sign-in/", {"account": "gmd-2", "password": "demo"})
    other = client.get("/kiosk/last-known/").json()
    assert mine["key"] == other["key"]
    assert mine["hash_key"] != other["hash_key"]
    assert mine["cards"] != other["cards"]


def test_the_books_of_the_branch_and_what_is_lent_to_nobody(kiosk: Client) -> None:
    books = {row[0]: row[1:] for row in kiosk.get("/kiosk/last-known/books/").json()["books"]}
    assert books["DX00000001"][2:] == [42, ""]
    assert books["DX00000001"][0]
    assert books["DX00000203"][2:] == [0, "item_not_for_loan"]
    assert books["DX00000204"][2:] == [0, "item_missing"]
    assert books["DX00000202"][2:] == [0, "held_for_another"]
    assert "SD00000001" not in books  # stands and belongs elsewhere


def test_three_books_are_lent_once_however_often_the_queue_is_played(ask: Ask, sealed: Seal) -> None:
    entries = [sealed("checkout", barcode, ago(minutes=30 - n), card=GOOD) for n, barcode in enumerate(BOOKS)]
    for _ in range(2):
        answer = ask("happened", entries=entries)
        assert answer["done"] == [entry["id"] for entry in entries]
    assert loans_of(GOOD) == set(BOOKS)
    assert Event.objects.filter(verb="checkout", device__account="gmd-9").count() == 3
    assert conflicts() == []
    first = Loan.objects.get(item__barcode=BOOKS[0], status="open")
    assert abs((clock.now() - timedelta(minutes=30) - first.borrowed_at).total_seconds()) < 60


def test_what_was_done_before_the_line_broke_is_not_done_again(ask: Ask, sealed: Seal) -> None:
    token = ask("visits", card=GOOD, by="scan")["visit"]
    entry = sealed("checkout", BOOKS[0], ago(seconds=5), visit=token)
    assert ask("borrow", visit=token, barcode=BOOKS[0], request=entry["id"])["ok"]  # and the answer never arrived
    ask("happened", entries=[entry])
    assert Event.objects.filter(verb="checkout", device__account="gmd-9").count() == 1
    assert Loan.objects.get(item__barcode=BOOKS[0], status="open").renewals == 0
    assert conflicts() == []


def test_a_visit_from_before_goes_on_without_the_line(ask: Ask, sealed: Seal) -> None:
    token = ask("visits", card=GOOD, by="scan")["visit"]
    ask("visits/end", visit=token)  # long ended when the queue is played
    ask("happened", entries=[sealed("checkout", BOOKS[0], ago(minutes=3), visit=token)])
    assert loans_of(GOOD) == {BOOKS[0]}
    ask("happened", entries=[sealed("checkout", BOOKS[1], ago(minutes=3), visit="forged")])
    assert conflicts() == ["card_unknown"]


def test_borrowing_and_returning_keep_their_order(ask: Ask, sealed: Seal) -> None:
    book = BOOKS[0]
    ask(
        "happened",
        entries=[
            sealed("checkout", book, ago(minutes=30), card=GOOD),
            sealed("checkin", book, ago(minutes=20)),
            sealed("checkout", book, ago(minutes=10), card=HAS_ONE),
        ],
    )
    assert loans_of(HAS_ONE) == {book, "DX00000201"}
    assert loans_of(GOOD) == set()
    assert conflicts() == []


def test_the_day_that_was_told_counts(ask: Ask, sealed: Seal) -> None:
    told = (clock.now() + timedelta(days=20)).date()
    ask("happened", entries=[sealed("checkout", BOOKS[0], ago(minutes=3), card=GOOD, due=told.isoformat())])
    due = Loan.objects.get(item__barcode=BOOKS[0], status="open").due_at
    assert due.astimezone(UTC).date() == told


def test_what_the_books_contradict_lies_before_staff(ask: Ask, sealed: Seal) -> None:
    Card.objects.filter(number=GOOD).update(status=Card.Status.LOST)  # reported while the line was down
    at = Place(Device.objects.get(account="gmd-1").branch_id, Device.objects.get(account="gmd-1").pk, is_attended=False)
    checkin(Checkin(barcode="DX00000201", place=at), clock.now())
    checkout(Checkout(card_number=HAS_ONE, barcode="DX00000201", place=at), clock.now())
    ask(
        "happened",
        entries=[
            sealed("checkout", BOOKS[0], ago(minutes=30), card=GOOD),
            sealed("checkout", BOOKS[1], ago(minutes=29), card="D7777777"),
            sealed("checkout", "DX00000203", ago(minutes=28), card=HAS_ONE),
            sealed("checkin", "DX00000201", ago(minutes=27)),
            sealed("checkout", "NOTHING", ago(minutes=26), card=HAS_ONE),
        ],
    )
    assert conflicts() == ["card_lost", "card_unknown", "item_not_for_loan", "moved_since", "item_unknown"]
    assert BOOKS[0] in loans_of(GOOD)  # the book has gone with him
    assert "DX00000201" in loans_of(HAS_ONE)
    assert set(Conflict.objects.values_list("device__account", flat=True)) == {"gmd-9"}


def test_an_entry_that_nobody_can_read_stops_no_other(ask: Ask, sealed: Seal) -> None:
    good = sealed("checkout", BOOKS[0], ago(minutes=3), card=GOOD)
    torn = {**sealed("checkout", BOOKS[1], ago(minutes=3), card=GOOD), "sealed": "AQ=="}
    swapped = {**sealed("checkout", BOOKS[2], ago(minutes=3), card=GOOD), "sealed": good["sealed"]}
    for _ in range(2):
        assert len(ask("happened", entries=[torn, swapped, good])["done"]) == 3  # type: ignore[arg-type]
    assert loans_of(GOOD) == {BOOKS[0]}
    assert conflicts() == ["entry_unreadable", "entry_unreadable"]


def test_entries_of_another_kiosk_do_not_open(ask: Ask, sealed: Seal) -> None:
    entry = sealed("checkout", BOOKS[0], ago(minutes=3), card=GOOD)
    Device.objects.filter(account="gmd-9").update(account="gmd-10")
    ask("happened", entries=[entry])
    assert conflicts() == ["entry_unreadable"]


@pytest.mark.parametrize("at", [1e300, -1e300, 0, "now", None])
def test_a_clock_that_was_wrong_changes_no_order(ask: Ask, sealed: Seal, at: object) -> None:
    entry = sealed("checkout", BOOKS[0], at, card=GOOD)
    ask("happened", entries=[entry])
    if isinstance(at, int | float):
        borrowed_at = Loan.objects.get(item__barcode=BOOKS[0], status="open").borrowed_at
        assert clock.now() - borrowed_at < timedelta(minutes=1)
    else:
        assert conflicts() == ["entry_unreadable"]


def phone_code(at: datetime) -> str:
    reader = Patron.objects.get(cards__number=GOOD)
    sessions.start(reader, at)
    phone = phone_card.phone_card(reader.sessions.get().pk, GOOD, at)
    assert phone is not None
    return phone_card.code_for(phone, at)


def test_a_phones_code_that_was_shown_offline_is_believed_later_for_one_stay(ask: Ask, sealed: Seal) -> None:
    at = clock.now() - timedelta(minutes=5)
    shown = {"card": phone_code(at)}
    entries = [sealed("checkout", book, at.timestamp() * 1000, stay="one", **shown) for book in BOOKS[:2]]
    ask("happened", entries=entries)
    assert loans_of(GOOD) == set(BOOKS[:2])
    assert conflicts() == []
    ask("happened", entries=[sealed("checkout", BOOKS[2], at.timestamp() * 1000, stay="another", **shown)])
    assert conflicts() == ["phone_code_used"]


def test_a_forged_phones_code_lends_to_nobody(ask: Ask, sealed: Seal) -> None:
    code = phone_code(clock.now())
    forged = code[:-1] + str((int(code[-1]) + 1) % 10)
    ask("happened", entries=[sealed("checkout", BOOKS[0], ago(seconds=1), card=forged, stay="one")])
    assert conflicts() == ["card_unknown"]
    assert loans_of(GOOD) == set()


def test_what_is_kept_of_the_queue_names_nobody(ask: Ask, sealed: Seal) -> None:
    ask("happened", entries=[sealed("checkout", BOOKS[0], ago(minutes=3), card=GOOD)])
    assert all(GOOD.encode() not in bytes(once.reply) for once in OnceKey.objects.all())


def test_shapes() -> None:
    assert shapes(["D0000001", "D0000002", "110101"]) == {"D9999999", "999999"}
