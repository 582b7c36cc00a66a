"""The line is pulled: the kiosk says so, goes on lending, and everything counts once when the line is back. In a real browser."""

import json
from collections.abc import Callable

import pytest

from shufang.branches.models import Device, DeviceSession
from shufang.circulation.models import Conflict, Event, Loan
from shufang.demo.cast import PIN
from shufang.kernel import clock
from shufang.patrons import phone_card, sessions
from shufang.patrons.models import Card, Patron
from tests.web.kiosk.at_the_screen import Screen
from tests.web.kiosk.the_line import Line

pytestmark = pytest.mark.django_db(transaction=True)

GOOD, HAS_ONE, EXPIRED, LOST, OWES, FULL = (f"D000000{n}" for n in range(1, 7))
BOOKS = ("DX00000001", "DX00000002", "DX00000003")
NewScreen = Callable[..., Screen]
DOWN = "[data-line]"

QUEUE = """async () => {
  const database = await new Promise(done => { const r = indexedDB.open("shufang-kiosk"); r.onsuccess = () => done(r.result); });
  const found = {};
  for (const name of ["queue", "lent", "codes", "known"]) {
    const store = database.transaction(name).objectStore(name);
    found[name] = await new Promise(done => { const r = store.getAll(); r.onsuccess = () => done(r.result); });
  }
  database.close();
  return JSON.stringify(found);
}"""


def loans_of(card: str) -> set[str]:
    return set(Loan.objects.filter(patron__cards__number=card).values_list("item__barcode", flat=True))


def checkouts() -> int:
    return Event.objects.filter(verb="checkout", device__account="gmd-9").count()


def conflicts() -> list[str]:
    return list(Conflict.objects.order_by("id").values_list("code", flat=True))


def played_back(kiosk: Screen) -> None:
    """Wait until the line is up again and the queue is empty."""
    for _ in range(150):
        if not json.loads(kiosk.page.evaluate(QUEUE))["queue"]:
            return
        kiosk.page.wait_for_timeout(100)
    raise AssertionError(f"the queue is not played: {kiosk.complaints}")


def finish(kiosk: Screen) -> Screen:
    kiosk.page.locator("[data-done]").click()
    kiosk.sees("main.finished")
    kiosk.page.locator("[data-leave]").click()
    return kiosk.sees("main.idle")


def test_three_books_with_the_line_pulled_are_three_loans_once(screen: NewScreen, line: Line) -> None:
    kiosk = screen().open().kept()
    line.cut()
    kiosk.scan(GOOD).sees("main.lay").sees(DOWN)
    assert "暂时连不上总馆" in kiosk.words()
    for barcode in BOOKS:
        kiosk.scan(barcode)
    assert all("借好了" in book for book in kiosk.books(3))
    finish(kiosk)
    assert loans_of(GOOD) == set()
    line.mend()
    played_back(kiosk)
    assert loans_of(GOOD) == set(BOOKS)
    assert checkouts() == 3
    assert conflicts() == []
    kiosk.page.reload()
    kiosk.sees("main.idle").page.wait_for_timeout(1500)
    assert checkouts() == 3
    told = [said for said in kiosk.complaints if "ERR_" not in said]  # that the server was away is told by the browser
    assert told == []


def test_what_waits_is_unreadable_on_the_kiosk(screen: NewScreen, line: Line) -> None:
    kiosk = screen().open().kept()
    line.cut()
    kiosk.scan(GOOD).sees("main.lay").scan(BOOKS[0])
    kiosk.books(1)
    finish(kiosk)
    kept = json.loads(kiosk.page.evaluate(QUEUE))
    (entry,) = kept["queue"]
    assert set(entry) == {"id", "sealed", "key_id", "context", "seq"}
    waiting = json.dumps([kept["queue"], kept["lent"], kept["codes"]])
    for secret in (GOOD, GOOD.lower(), "0001", BOOKS[0], "checkout"):
        assert secret not in waiting
    assert GOOD not in json.dumps(kept["known"])


def test_the_line_breaks_in_the_midst_of_a_visit(screen: NewScreen, line: Line) -> None:
    kiosk = screen().open().kept().scan(GOOD).sees("main.lay").scan(BOOKS[0])
    kiosk.books(1)
    line.cut()
    kiosk.scan(BOOKS[1]).sees(DOWN)
    kiosk.books(2)
    line.mend()
    played_back(kiosk)
    kiosk.page.locator(DOWN).wait_for(state="hidden")
    kiosk.scan(BOOKS[2])
    kiosk.books(3)
    finish(kiosk)
    assert loans_of(GOOD) == set(BOOKS)
    assert checkouts() == 3
    assert conflicts() == []


def test_a_reply_that_was_lost_makes_no_second_loan(screen: NewScreen, line: Line) -> None:
    kiosk = screen().open().kept().scan(GOOD).sees("main.lay")
    line.lose_reply_of("/kiosk/borrow/")
    kiosk.scan(BOOKS[0])
    assert line.swallowed.wait(10)
    assert "借好了" in kiosk.books(1)[0]
    kiosk.sees(DOWN)
    assert loans_of(GOOD) == {BOOKS[0]}  # the server had done it
    line.mend()
    played_back(kiosk)
    assert checkouts() == 1
    assert Loan.objects.get(item__barcode=BOOKS[0], status="open").renewals == 0
    assert conflicts() == []


def test_a_playback_whose_reply_was_lost_is_played_again_and_counts_once(screen: NewScreen, line: Line) -> None:
    kiosk = screen().open().kept()
    line.cut()
    kiosk.scan(GOOD).sees("main.lay").scan(BOOKS[0]).scan(BOOKS[1])
    kiosk.books(2)
    line.mend()
    line.lose_reply_of("/kiosk/happened/")
    assert line.swallowed.wait(15)
    assert checkouts() == 2
    assert len(json.loads(kiosk.page.evaluate(QUEUE))["queue"]) == 2
    line.mend()
    played_back(kiosk)
    assert checkouts() == 2
    assert conflicts() == []


def test_the_kiosk_starts_without_its_server(screen: NewScreen, line: Line) -> None:
    kiosk = screen().open().kept()
    line.cut()
    kiosk.page.reload()
    kiosk.sees("main.idle").scan(GOOD).sees("main.lay").sees(DOWN).scan(BOOKS[0])
    assert "借好了" in kiosk.books(1)[0]
    assert Loan.objects.filter(item__barcode=BOOKS[0], status="open").count() == 0
    line.mend()
    played_back(kiosk)
    assert loans_of(GOOD) == {BOOKS[0]}


def test_titles_and_days_are_known_without_the_server(screen: NewScreen, line: Line) -> None:
    kiosk = screen().open().kept().scan(GOOD).sees("main.lay").scan(BOOKS[0])
    online = kiosk.books(1)[0]
    line.cut()
    kiosk.scan(BOOKS[1])
    offline = kiosk.books(2)[0]
    title = Card.objects.get(number=GOOD) and Loan.objects.filter(item__barcode=BOOKS[1]).count()
    assert title == 0
    assert online.split("借好了")[1] == offline.split("借好了")[1]  # the same day
    assert BOOKS[1] not in offline


@pytest.mark.parametrize(
    ("card", "words"),
    [(EXPIRED, "到期了"), (LOST, "已挂失"), (OWES, "欠款"), (FULL, "到数了"), ("X123", "没认出这张卡")],
)
def test_the_list_of_cards_that_it_last_saw_counts(screen: NewScreen, line: Line, card: str, words: str) -> None:
    kiosk = screen().open().kept()
    line.cut()
    kiosk.scan(card).sees("main.who [data-slip]")
    assert words in kiosk.words()


def test_a_reading_book_stays_without_the_line_too(screen: NewScreen, line: Line) -> None:
    kiosk = screen().open().kept()
    line.cut()
    kiosk.scan(GOOD).sees("main.lay").scan("DX00000203").scan("DX00000202").scan(BOOKS[0])
    newest, held, stays = kiosk.books(3)
    assert "借好了" in newest
    assert "预约" in held
    assert "只在馆内看" in stays


def test_five_books_of_a_card_and_no_more_also_in_a_second_visit(screen: NewScreen, line: Line) -> None:
    Device.objects.filter(account="gmd-9").update(offline_loans=2)
    kiosk = screen().open().kept()
    line.cut()
    kiosk.scan(GOOD).sees("main.lay").scan(BOOKS[0]).scan(BOOKS[1]).scan(BOOKS[2])
    assert "这本没有借出" in kiosk.books(3)[0]
    finish(kiosk)
    kiosk.scan(GOOD).sees("main.lay").scan(BOOKS[2])
    assert "这本没有借出" in kiosk.books(1)[0]


def test_a_pin_cannot_be_checked_and_the_screen_says_so(screen: NewScreen, line: Line) -> None:
    Device.objects.filter(account="gmd-9").update(needs_pin=True)
    kiosk = screen().open().kept()
    line.cut()
    kiosk.page.locator(".begin").click()
    kiosk.page.locator("[data-go=number]").click()
    kiosk.type(GOOD).page.keyboard.press("Enter")
    kiosk.type(PIN).page.keyboard.press("Enter")
    kiosk.sees("[data-slip]")
    assert "验不了密码" in kiosk.words()
    kiosk.scan(GOOD).sees("main.lay")  # the card itself is enough: the network has decided so


def test_a_network_may_decide_that_nothing_is_lent_without_the_line(screen: NewScreen, line: Line) -> None:
    Device.objects.filter(account="gmd-9").update(lends_offline=False)
    kiosk = screen().open().kept()
    line.cut()
    kiosk.scan(GOOD).sees("[data-slip]")
    assert "还书照常" in kiosk.words()
    kiosk.page.locator("[data-go=back]").click()
    kiosk.scan("DX00000201")
    assert "还好了" in kiosk.books(1)[0]
    line.mend()
    played_back(kiosk)
    assert loans_of(HAS_ONE) == set()


def test_returns_without_the_line(screen: NewScreen, line: Line) -> None:
    kiosk = screen().open().kept()
    line.cut()
    kiosk.page.locator(".begin").click()
    kiosk.page.locator("[data-go=back]").click()
    kiosk.scan("DX00000201").scan("DX00000211")
    assert all("还好了" in book for book in kiosk.books(2))
    finish(kiosk)
    line.mend()
    played_back(kiosk)
    assert loans_of(HAS_ONE) == set()
    assert "DX00000211" not in loans_of(FULL)
    assert conflicts() == []


def test_what_cannot_be_done_is_not_offered(screen: NewScreen, line: Line) -> None:
    kiosk = screen().open().kept()
    line.cut()
    kiosk.scan(GOOD).sees("main.lay").sees(DOWN)
    assert not kiosk.page.locator("[data-go=glance]").is_visible()


def test_what_the_books_contradict_goes_to_the_staffs_list(screen: NewScreen, line: Line) -> None:
    kiosk = screen().open().kept()
    line.cut()
    kiosk.scan(GOOD).sees("main.lay").scan(BOOKS[0])
    kiosk.books(1)
    finish(kiosk)
    kiosk.scan("D7777777").sees("main.lay").scan(BOOKS[1])  # the shape of a card, but nobody's
    kiosk.books(1)
    finish(kiosk)
    Card.objects.filter(number=GOOD).update(status=Card.Status.LOST)
    line.mend()
    played_back(kiosk)
    assert conflicts() == ["card_lost", "card_unknown"]
    assert loans_of(GOOD) == {BOOKS[0]}  # the book has gone; the reader answers for it
    assert not Loan.objects.filter(item__barcode=BOOKS[1], status="open").exists()
    first = Conflict.objects.order_by("id").first()
    assert first is not None
    assert (first.verb, first.barcode, first.card_number) == ("checkout", BOOKS[0], GOOD)


def test_the_code_of_a_phone_without_the_line_once(screen: NewScreen, line: Line) -> None:
    kiosk = screen().open().kept()
    reader, now = Patron.objects.get(cards__number=GOOD), clock.now()
    sessions.start(reader, now)
    phone = phone_card.phone_card(reader.sessions.get().pk, GOOD, now)
    assert phone is not None
    code = phone_card.code_for(phone, clock.now())
    line.cut()
    kiosk.scan(code).sees("main.lay").scan(BOOKS[0]).scan(BOOKS[1])
    kiosk.books(2)
    finish(kiosk)
    kiosk.scan(code).sees("main.who [data-slip]")
    assert "这个码刚用过" in kiosk.words()
    line.mend()
    played_back(kiosk)
    assert loans_of(GOOD) == set(BOOKS[:2])
    assert conflicts() == []


def test_timer_and_second_person_find_nothing_without_the_line_too(screen: NewScreen, line: Line) -> None:
    kiosk = screen().stop_the_clock().open()
    for _ in range(6):
        kiosk.wait(1)
    kiosk.kept()
    line.cut()
    kiosk.scan(GOOD).sees("main.lay").scan(BOOKS[0])
    kiosk.books(1)
    kiosk.wait(47).sees("main.idle")
    title = kiosk.page.evaluate("document.body.innerText")
    assert GOOD[-4:] not in title
    kiosk.scan(HAS_ONE).sees("main.lay")
    assert not kiosk.page.locator(".pile .laid").count()
    assert f"尾数{HAS_ONE[-4:]}" in kiosk.words()


def test_a_kiosk_that_was_revoked_meanwhile_keeps_what_waits(screen: NewScreen, line: Line) -> None:
    kiosk = screen().open().kept()
    line.cut()
    kiosk.scan(GOOD).sees("main.lay").scan(BOOKS[0])
    kiosk.books(1)
    finish(kiosk)
    DeviceSession.objects.all().delete()
    line.mend()
    kiosk.page.wait_for_url("**/kiosk/sign-in/")
    kiosk.page.locator("#account").fill("gmd-9")
    kiosk.page.locator("#password").fill("a machine's long password")
    kiosk.page.locator("button[type=submit].ink").click()
    kiosk.sees("main.idle")
    played_back(kiosk)
    assert loans_of(GOOD) == {BOOKS[0]}
