"""A borrower takes three books: with a scanner, with the keyboard only, with touch only. In a real browser."""

import time
from collections.abc import Callable

import pytest

from shufang.branches.models import Device
from shufang.circulation.models import Loan
from shufang.demo.cast import PIN
from tests.web.kiosk.at_the_screen import Screen

pytestmark = pytest.mark.django_db(transaction=True)

GOOD, HAS_ONE, EXPIRED, OWES = "D0000001", "D0000002", "D0000003", "D0000005"
BOOKS = ("DX00000001", "DX00000002", "DX00000003")
NewScreen = Callable[..., Screen]


def loans_of(card: str) -> set[str]:
    return set(Loan.objects.filter(patron__cards__number=card).values_list("item__barcode", flat=True))


def test_three_books_with_card_and_scanner_in_fifteen_seconds(screen: NewScreen) -> None:
    kiosk = screen().open()
    began = time.monotonic()
    kiosk.scan(GOOD).sees("main.lay")
    for barcode in BOOKS:
        kiosk.scan(barcode)
    kiosk.books(3)
    kiosk.page.locator("[data-done]").click()
    kiosk.sees("main.finished")
    assert time.monotonic() - began < 15
    assert loans_of(GOOD) == set(BOOKS)
    assert "三本书" in kiosk.words()
    kiosk.page.locator("[data-leave]").click()
    kiosk.sees("main.idle")
    assert kiosk.complaints == []


def test_with_the_keyboard_only(screen: NewScreen) -> None:
    kiosk = screen().open()
    kiosk.press(".begin").sees("main.who")
    kiosk.press("[data-go=number]").sees("main.number")
    kiosk.type(GOOD).page.keyboard.press("Enter")
    kiosk.type(PIN).page.keyboard.press("Enter")
    kiosk.sees("main.lay")
    for barcode in BOOKS:
        kiosk.type(barcode)
        kiosk.page.wait_for_timeout(250)
        kiosk.page.keyboard.press("Enter")
        kiosk.sees("main.lay")
    kiosk.books(3)
    kiosk.press("[data-done]").sees("main.finished")
    kiosk.press("[data-leave]").sees("main.idle")
    assert loans_of(GOOD) == set(BOOKS)
    assert kiosk.complaints == []


def test_with_touch_only(screen: NewScreen) -> None:
    kiosk = screen(touch=True).open()
    kiosk.tap(".begin").tap("[data-go=number]")
    touch_in(kiosk, GOOD)
    kiosk.tap("[data-submit]")
    touch_in(kiosk, PIN)
    kiosk.tap("[data-submit]").sees("main.lay")
    for barcode in BOOKS:
        kiosk.tap("[data-go=book]")
        touch_in(kiosk, barcode)
        kiosk.tap("[data-submit]").sees("main.lay")
    kiosk.books(3)
    kiosk.tap("[data-done]").sees("main.finished")
    kiosk.tap("[data-leave]").sees("main.idle")
    assert loans_of(GOOD) == set(BOOKS)
    assert kiosk.complaints == []


def touch_in(kiosk: Screen, text: str) -> None:
    kiosk.sees("[data-keypad=digits]")
    for sign in text:
        if sign.isalpha() and not kiosk.page.locator("[data-keypad=letters]").is_visible():
            kiosk.tap("[data-keys=letters]")
        if sign.isdigit() and not kiosk.page.locator("[data-keypad=digits]").is_visible():
            kiosk.tap("[data-keys=digits]")
        kiosk.tap(f"[data-key='{sign}']")


def test_one_refusal_stops_no_other_and_says_what_to_do(screen: NewScreen) -> None:
    kiosk = screen().open().scan(GOOD).sees("main.lay")
    for barcode in ("DX00000001", "DX00000203", "NOTHING", "DX00000202", "DX00000002"):
        kiosk.scan(barcode)
    newest, held, unknown, stays, first = kiosk.books(5)
    assert "借好了" in newest
    assert "借好了" in first
    assert "这本没有借出" in held
    assert "预约架" in held
    assert "没认出这本书" in unknown
    assert "只在馆内看" in stays
    assert "item_" not in kiosk.words()
    assert kiosk.page.locator(".laid.newest").count() == 1
    assert "就这两本" in kiosk.page.locator("[data-done]").inner_text()
    assert loans_of(GOOD) == {"DX00000001", "DX00000002"}


def test_a_book_that_is_scanned_twice_is_lent_once_and_stands_on_top(screen: NewScreen) -> None:
    kiosk = screen().open().scan(GOOD).sees("main.lay")
    for barcode in ("DX00000001", "DX00000002", "dx00000001"):
        kiosk.scan(barcode)
    books = kiosk.books(2)
    title = Loan.objects.get(item__barcode="DX00000001", status="open").item.title.title
    assert title in books[0]
    assert Loan.objects.get(item__barcode="DX00000001", status="open").renewals == 0


@pytest.mark.parametrize(
    "focus", ["[data-go=glance]", "[data-go=book]", "[data-done]", "[data-language]", "[data-help]", ".pile"]
)
def test_a_scan_lands_whatever_has_the_focus(screen: NewScreen, focus: str) -> None:
    kiosk = screen().open().scan(GOOD).sees("main.lay").scan(BOOKS[0])
    kiosk.books(1)
    kiosk.page.locator(focus).first.focus()
    kiosk.scan(BOOKS[1])
    kiosk.books(2)
    assert kiosk.page.get_attribute("html", "lang") == "zh-CN"  # no button was pressed by the scanner's Enter
    assert not kiosk.page.locator("[data-helping]").is_visible()


def test_a_scan_into_a_field_leaves_nothing_there(screen: NewScreen) -> None:
    kiosk = screen().open()
    kiosk.page.locator(".begin").click()
    kiosk.page.locator("[data-go=number]").click()
    kiosk.type("D00")
    kiosk.page.wait_for_timeout(300)
    kiosk.scan("DX00000001")  # a book, while a card's number is being typed
    kiosk.sees("[data-slip]")
    assert kiosk.page.locator("#card").input_value() == "D00"
    assert "这是一本书" in kiosk.words()


def test_a_wrong_pin_is_said_beside_the_fields(screen: NewScreen) -> None:
    kiosk = screen().open()
    kiosk.page.locator(".begin").click()
    kiosk.page.locator("[data-go=number]").click()
    kiosk.type(GOOD).page.keyboard.press("Enter")
    kiosk.type("111111").page.keyboard.press("Enter")
    kiosk.sees("[data-slip]")
    assert "密码不对" in kiosk.words()
    assert kiosk.page.locator("#card").input_value() == GOOD
    assert kiosk.page.locator("#pin").input_value() == ""
    kiosk.type(PIN).page.keyboard.press("Enter")
    kiosk.sees("main.lay")


def test_a_kiosk_that_asks_for_the_pin_asks_after_the_card(screen: NewScreen) -> None:
    Device.objects.filter(account="gmd-9").update(needs_pin=True)
    kiosk = screen().open().scan(GOOD).sees("#pin")
    assert not kiosk.page.locator("#card").is_visible()
    kiosk.type(PIN).page.keyboard.press("Enter")
    kiosk.sees("main.lay")


def test_a_card_that_is_not_good_is_told_what_to_do(screen: NewScreen) -> None:
    kiosk = screen().open().scan(EXPIRED).sees("main.who [data-slip]")
    assert "到期了" in kiosk.words()
    kiosk.scan(GOOD).sees("main.lay")


def test_who_owes_is_told_before_the_first_book(screen: NewScreen) -> None:
    kiosk = screen().open().scan(OWES).sees("main.lay [data-slip]")
    assert "35.00" in kiosk.words()


def test_returning_without_a_card(screen: NewScreen) -> None:
    kiosk = screen().open()
    kiosk.page.locator(".begin").click()
    kiosk.page.locator("[data-go=back]").click()
    kiosk.scan("DX00000201").scan("DX00000211")
    assert all("还好了" in book for book in kiosk.books(2))
    kiosk.page.locator("[data-done]").click()
    kiosk.sees("main.finished")
    assert "两本书还好了" in kiosk.words()
    assert "0002" not in kiosk.words()
    assert loans_of(HAS_ONE) == set()


def test_a_book_before_the_card_asks_what_is_meant(screen: NewScreen) -> None:
    kiosk = screen().open().scan("DX00000201").sees("main.who [data-slip]")
    assert "这是一本书" in kiosk.words()
    kiosk.page.locator("[data-go=back]").click()
    assert "还好了" in kiosk.books(1)[0]  # it need not be shown again


def test_renewing_one_and_the_account_at_a_glance(screen: NewScreen) -> None:
    kiosk = screen().open()
    kiosk.page.locator(".begin").click()
    kiosk.page.locator("[data-purpose]").click()
    kiosk.scan(HAS_ONE).sees("[data-renew]")
    assert "手边有一本" in kiosk.words()
    kiosk.page.locator("[data-renew-all]").click()
    kiosk.sees(".glance .jade")
    assert "续好了" in kiosk.words()
    assert Loan.objects.get(item__barcode="DX00000201", status="open").renewals == 1
    kiosk.page.locator("[data-go=lay]").click()
    kiosk.scan("DX00000201")
    assert "这本已经在你手里" in kiosk.books(1)[0]


def test_a_book_at_hand_is_renewed_where_it_lies(screen: NewScreen) -> None:
    kiosk = screen().open().scan(HAS_ONE).sees("main.lay").scan("DX00000201")
    kiosk.books(1)
    kiosk.page.locator(".laid [data-renew]").click()
    kiosk.sees(".laid .did")
    assert "续好了" in kiosk.books(1)[0]
    assert Loan.objects.get(item__barcode="DX00000201", status="open").renewals == 1


def test_language_text_and_contrast_change_under_ones_hands(screen: NewScreen) -> None:
    kiosk = screen().open().scan(GOOD).sees("main.lay").scan(BOOKS[0])
    kiosk.books(1)
    kiosk.page.locator("[data-language]").click()
    assert "Borrowed. Return by" in kiosk.books(1)[0]
    assert kiosk.page.get_attribute("html", "lang") == "en"
    kiosk.page.locator("[data-look=large]").click()
    kiosk.page.locator("[data-look=more]").click()
    assert kiosk.page.get_attribute("html", "data-text") == "large"
    assert kiosk.page.get_attribute("html", "data-contrast") == "more"
    kiosk.page.locator("[data-done]").click()
    kiosk.sees("main.finished")
    kiosk.page.locator("[data-leave]").click()
    kiosk.sees("main.idle")
    assert kiosk.page.get_attribute("html", "lang") == "zh-CN"  # the next one begins as the house does
    assert kiosk.page.get_attribute("html", "data-text") is None
    assert kiosk.page.get_attribute("html", "data-contrast") is None


def test_help_is_always_there(screen: NewScreen) -> None:
    kiosk = screen().open()
    for select in (".begin", "[data-go=number]"):
        kiosk.page.locator("[data-help]").click()
        kiosk.sees("[data-helping]")
        kiosk.page.locator("[data-help-over]").click()
        kiosk.page.locator(select).click()
    kiosk.scan(GOOD).sees("main.lay")
    kiosk.page.locator("[data-help]").click()
    kiosk.sees("[data-helping]")


def test_the_list_goes_along_as_paper_or_as_a_code(screen: NewScreen) -> None:
    kiosk = screen().open().scan(GOOD).sees("main.lay").scan(BOOKS[0]).scan(BOOKS[1])
    kiosk.books(2)
    kiosk.page.locator("[data-done]").click()
    kiosk.page.evaluate("window.print = () => { window.printed = document.querySelector('.paper').innerText }")
    kiosk.page.locator("[data-print]").click()
    titles = Loan.objects.filter(item__barcode__in=BOOKS[:2], status="open").values_list(
        "item__title__title", flat=True
    )
    printed = str(kiosk.page.evaluate("window.printed || document.querySelector('.paper').textContent"))
    assert all(title[:20] in printed for title in titles)
    assert "0001" not in printed
    kiosk.page.locator("[data-receipt]").click()
    kiosk.sees("[data-receipt-code] svg")
