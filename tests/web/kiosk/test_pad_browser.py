"""Books on the pad, a card on the reader: the kiosk hears them from the program beside it. In a real browser."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Route, expect

from shufang.branches.models import Device
from shufang.circulation.models import Loan
from shufang.circulation.pad.simulator import PadSimulator
from tests.web.kiosk.at_the_screen import Screen
from tests.web.kiosk.the_line import Line

pytestmark = pytest.mark.django_db(transaction=True)

GOOD, HAS_ONE = "D0000001", "D0000002"
BOOKS = ("DX00000001", "DX00000002", "DX00000003")
NewScreen = Callable[..., Screen]


@pytest.fixture
def pad(line: Line) -> Iterator[PadSimulator]:
    """Return a pad beside the kiosk, of which the kiosk's account knows."""
    running = PadSimulator(cards=[GOOD])
    running.start()
    Device.objects.filter(account="gmd-9").update(agent=running.address)
    yield running
    running.stop()


def beside(kiosk: Screen, pad: PadSimulator) -> Screen:
    """Wait until the page speaks with its pad."""
    for _ in range(100):
        if pad._pages:
            return kiosk
        kiosk.page.wait_for_timeout(50)
    raise AssertionError(f"the page does not reach its pad: {kiosk.complaints}")


def loans_of(card: str) -> set[str]:
    return set(Loan.objects.filter(patron__cards__number=card).values_list("item__barcode", flat=True))


def test_a_card_and_three_books_at_once_and_the_gate_lets_them_pass(screen: NewScreen, pad: PadSimulator) -> None:
    kiosk = beside(screen().open(), pad)
    pad.hold(GOOD)
    kiosk.sees("main.lay")
    pad.lay(*BOOKS)
    kiosk.books(3)
    assert loans_of(GOOD) == set(BOOKS)
    assert not any(pad.rings_for(barcode) for barcode in BOOKS)
    pad.lift(*BOOKS)
    kiosk.page.locator("[data-done]").click()
    kiosk.sees("main.finished")
    assert kiosk.complaints == []


def test_books_laid_down_before_the_card(screen: NewScreen, pad: PadSimulator) -> None:
    kiosk = beside(screen().open(), pad)
    pad.lay(*BOOKS[:2])
    pad.hold(GOOD)
    kiosk.sees("main.lay")
    kiosk.books(2)
    assert loans_of(GOOD) == set(BOOKS[:2])


def test_a_refused_book_may_not_pass(screen: NewScreen, pad: PadSimulator) -> None:
    kiosk = beside(screen().open(), pad)
    pad.hold(GOOD)
    kiosk.sees("main.lay")
    pad.lay("DX00000203", BOOKS[0])
    kiosk.books(2)
    kiosk.page.wait_for_timeout(200)
    assert pad.rings_for("DX00000203")
    assert not pad.rings_for(BOOKS[0])


def test_returned_books_ring_again_and_are_not_lent_by_lying_there(screen: NewScreen, pad: PadSimulator) -> None:
    kiosk = beside(screen().open(), pad)
    pad.pad.may_pass.add("E0")
    kiosk.page.locator(".begin").click()
    kiosk.page.locator("[data-go=back]").click()
    pad.lay("DX00000201")
    assert "还好了" in kiosk.books(1)[0]
    assert pad.rings_for("DX00000201")
    kiosk.page.locator("[data-go=who]").click()  # borrow too
    pad.hold(GOOD)
    kiosk.sees("main.lay").page.wait_for_timeout(500)
    assert loans_of(GOOD) == set()
    pad.lay(BOOKS[0])
    kiosk.books(2)
    assert loans_of(GOOD) == {BOOKS[0]}


def test_what_was_left_behind_is_nobodys(screen: NewScreen, pad: PadSimulator) -> None:
    kiosk = beside(screen().open(), pad)
    pad.hold(GOOD)
    kiosk.sees("main.lay")
    pad.lay(BOOKS[0])
    kiosk.books(1)
    kiosk.page.locator("[data-done]").click()
    kiosk.sees("main.finished")
    kiosk.page.locator("[data-leave]").click()
    beside(kiosk.sees("main.idle"), pad)
    kiosk.page.wait_for_timeout(500)
    kiosk.page.locator(".begin").click()
    kiosk.page.locator("[data-go=back]").click()
    kiosk.sees("main.back [data-slip]")  # the next one is told, and returns nothing of the first one's
    assert "台面上原来就有书" in kiosk.words()
    assert loans_of(GOOD) == {BOOKS[0]}
    pad.lift(BOOKS[0])
    pad.lay(BOOKS[0])
    kiosk.books(1)
    assert loans_of(GOOD) == set()


def test_a_book_that_was_taken_too_fast_is_laid_down_once_more(screen: NewScreen, pad: PadSimulator) -> None:
    kiosk = beside(screen().open(), pad)
    pad.hold(GOOD)
    kiosk.sees("main.lay")

    def lift_first(route: Route) -> None:
        pad.lift(BOOKS[0])
        route.continue_()

    kiosk.page.route("**/kiosk/borrow/", lift_first)
    pad.lay(BOOKS[0])
    kiosk.books(1)
    expect(kiosk.page.locator("[data-slip]").first).to_contain_text("过门会响")
    assert pad.rings_for(BOOKS[0])
    pad.lay(BOOKS[0])
    for _ in range(50):
        if not pad.rings_for(BOOKS[0]):
            break
        kiosk.page.wait_for_timeout(50)
    assert not pad.rings_for(BOOKS[0])
    assert Loan.objects.get(item__barcode=BOOKS[0], status="open").renewals == 0


def test_what_cannot_be_read_is_said(screen: NewScreen, pad: PadSimulator) -> None:
    kiosk = beside(screen().open(), pad)
    pad.hold(GOOD)
    kiosk.sees("main.lay")
    pad.spoil()
    kiosk.sees("main.lay [data-slip]")
    assert "没认出这本书" in kiosk.words()


def test_the_program_may_come_and_go(screen: NewScreen, pad: PadSimulator) -> None:
    kiosk = beside(screen().open(), pad)
    address, port = pad.address, int(pad.address.rsplit(":", 1)[1])
    pad.stop()
    kiosk.scan(GOOD).sees("main.lay").scan(BOOKS[0])  # the scanner goes on
    kiosk.books(1)
    again = PadSimulator(port=port)
    again.start()
    try:
        assert again.address == address
        beside(kiosk, again)
        again.lay(BOOKS[1])
        kiosk.books(2)
    finally:
        again.stop()


def test_pad_and_line_are_two_things(screen: NewScreen, pad: PadSimulator, line: Line) -> None:
    kiosk = beside(screen().open().kept(), pad)
    line.cut()
    pad.hold(GOOD)
    kiosk.sees("main.lay")
    pad.lay(*BOOKS)
    kiosk.books(3)
    assert not any(pad.rings_for(barcode) for barcode in BOOKS)
    line.mend()
    kiosk.page.locator("[data-line]").wait_for(state="hidden", timeout=15_000)
    assert loans_of(GOOD) == set(BOOKS)


def test_the_hands_page_lays_books_down(screen: NewScreen, pad: PadSimulator) -> None:
    kiosk = beside(screen().open(), pad)
    hand = kiosk.page.context.new_page()
    hand.goto(pad.address.replace("ws://", "http://"))
    hand.locator("#cards button").click()
    kiosk.sees("main.lay")
    hand.locator("#book input").fill(BOOKS[0])
    hand.locator("#book button").click()
    kiosk.books(1)
    assert loans_of(GOOD) == {BOOKS[0]}
    hand.locator("#lying button").click()
    expect(hand.locator("#lying li")).to_have_count(0)
