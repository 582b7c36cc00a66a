"""Whole visits over a real socket: what a reader does at a self-check machine, and what each refusal says."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from shufang.branches.models import Device, Library
from shufang.catalogue.models import Item, Title
from shufang.circulation.models import Agreement, Conflict, Hold, Loan
from shufang.kernel import clock
from shufang.money.models import Charge, Payment
from shufang.patrons.models import Block, Patron
from shufang.patrons.pin import hash_pin
from shufang.sip2 import dates, replies, requests
from shufang.sip2_server.server import Address
from tests.sip2_server import asking
from tests.sip2_server.cast import ITEMS, LOST, PIN, TITLE, WANG, ZHANG, owe
from tests.sip2_server.wire import Wire, today


def test_a_visit_from_login_to_goodbye(address: Address) -> None:
    """Scenario: a reader looks, borrows, renews by asking again, returns, goes."""
    with Wire(address) as wire:
        status = wire.ask(requests.StatusRequest("0", "080", "2.00"), replies.StatusReply)
        assert (status.online, status.supported, status.institution) == (True, "Y" * 16, "DX")
        patron = wire.ask(asking.status(), replies.PatronStatusReply)
        assert (patron.name, patron.is_valid, patron.pin_is_right, patron.status) == ("张伟", True, True, " " * 14)
        lent = wire.ask(asking.checkout(ITEMS[0]), replies.CheckoutReply)
        assert (lent.ok, lent.renewal_ok, lent.desensitize, lent.title) == (True, False, True, TITLE)
        assert lent.due > timezone.localdate().isoformat()
        assert lent.media_type == "001"
        shown = wire.ask(asking.item(ITEMS[0]), replies.ItemInformationReply)
        assert (shown.circulation, shown.due, shown.owner) == ("04", lent.due, "DX")
        listed = wire.ask(asking.information(summary="  Y       "), replies.PatronInformationReply)
        assert (listed.charged_count, listed.charged_items) == (1, (ITEMS[0],))
        renewed = wire.ask(asking.renew(ITEMS[0]), replies.RenewReply)
        assert (renewed.ok, renewed.renewal_ok) == (True, True)
        back = wire.ask(asking.checkin(ITEMS[0]), replies.CheckinReply)
        assert (back.ok, back.resensitize, back.permanent_location, back.title) == (True, True, "GMD", TITLE)
        assert wire.ask(asking.end(), replies.EndSessionReply).ended
    loan = Loan.objects.get()
    assert (loan.status, loan.patron_id) == ("closed", None)


def test_an_item_that_the_reader_has_already_is_renewed(address: Address) -> None:
    with Wire(address) as wire:
        first = wire.ask(asking.checkout(ITEMS[0]), replies.CheckoutReply)
        again = wire.ask(asking.checkout(ITEMS[0]), replies.CheckoutReply)
        assert first.ok
        assert (again.ok, again.renewal_ok) == (True, True)
        third = wire.ask(asking.checkout(ITEMS[0]), replies.CheckoutReply)
        assert not third.ok
        assert third.due == again.due
        assert third.screen
    assert Loan.objects.count() == 1


@pytest.mark.parametrize(
    ("request_", "kind"),
    [
        (asking.checkout(ITEMS[0], "NOBODY"), replies.CheckoutReply),
        (asking.checkout(ITEMS[0], LOST), replies.CheckoutReply),
        (asking.checkout(ITEMS[0], pin="000000"), replies.CheckoutReply),
        (asking.checkout("NOTHING"), replies.CheckoutReply),
        (asking.checkout("", ""), replies.CheckoutReply),
        (asking.checkin("NOTHING"), replies.CheckinReply),
        (asking.renew(ITEMS[0]), replies.RenewReply),
        (asking.renew(title="NOTHING"), replies.RenewReply),
        (asking.hold("+", "NOTHING"), replies.HoldReply),
        (asking.hold("?", ITEMS[0]), replies.HoldReply),
        (asking.hold("+", ITEMS[0], pickup="NOWHERE"), replies.HoldReply),
        (asking.hold("-", ITEMS[0]), replies.HoldReply),
        (requests.RenewAllRequest(today(), "DX", "NOBODY"), replies.RenewAllReply),
        (requests.ItemStatusUpdateRequest(today(), "DX", "NOTHING", "x"), replies.ItemStatusUpdateReply),
    ],
)
def test_refusals_say_why_and_do_nothing(
    address: Address, request_: requests.Request, kind: type[replies.CheckoutReply]
) -> None:
    with Wire(address) as wire:
        reply = wire.ask(request_, kind)
        assert not reply.ok
        assert reply.screen
        if isinstance(reply, replies.CheckoutReply):
            assert not reply.desensitize
    assert not Loan.objects.exists()


def test_refusals_name_the_item_and_to_its_reader_the_due_date(address: Address) -> None:
    with Wire(address) as wire:
        lent = wire.ask(asking.checkout(ITEMS[0]), replies.CheckoutReply)
        assert wire.ask(asking.renew(ITEMS[0]), replies.RenewReply).ok
        for no in (
            wire.ask(asking.checkout(ITEMS[0]), replies.CheckoutReply),
            wire.ask(asking.renew(ITEMS[0]), replies.RenewReply),
        ):
            assert (no.ok, no.title) == (False, TITLE)
            assert no.due > lent.due
        strange = wire.ask(asking.checkout(ITEMS[1], LOST), replies.CheckoutReply)
        assert (strange.ok, strange.title, strange.due) == (False, TITLE, "")
        Agreement.objects.update(returns="refuse")
        Item.objects.filter(barcode=ITEMS[2]).update(library=Library.objects.get(code="SD"))
        kept = wire.ask(asking.checkin(ITEMS[2]), replies.CheckinReply)
        assert (kept.ok, kept.title, kept.permanent_location) == (False, TITLE, "GMD")


def test_a_wrong_pin_shows_nothing_of_the_reader(address: Address) -> None:
    with Wire(address) as wire:
        for reply in (
            wire.ask(asking.status(pin="000000"), replies.PatronStatusReply),
            wire.ask(asking.information(pin="000000"), replies.PatronInformationReply),
        ):
            assert (reply.name, reply.pin_is_right) == ("", False)


def test_a_lost_card_is_told_to_be_lost(address: Address) -> None:
    with Wire(address) as wire:
        reply = wire.ask(asking.status(LOST), replies.PatronStatusReply)
        assert reply.status[0] == "Y"
        assert reply.status[4] == "Y"
        assert reply.is_valid is False


def test_an_unknown_card_is_told_to_be_unknown(address: Address) -> None:
    with Wire(address) as wire:
        reply = wire.ask(asking.information("NOBODY"), replies.PatronInformationReply)
        assert (reply.is_valid, reply.name, reply.status) == (False, "", "YYYY" + " " * 10)


def test_where_the_machine_asks_for_the_pin_none_is_wrong_until_one_was_right(address: Address) -> None:
    Device.objects.filter(account="gmd-1").update(needs_pin=True)
    with Wire(address) as wire:
        assert not wire.ask(asking.checkout(ITEMS[0], pin=""), replies.CheckoutReply).ok
        assert wire.ask(asking.status(), replies.PatronStatusReply).pin_is_right
        assert wire.ask(asking.checkout(ITEMS[0], pin=""), replies.CheckoutReply).ok
        assert not wire.ask(asking.checkout(ITEMS[1], WANG, pin=""), replies.CheckoutReply).ok
        assert not wire.ask(asking.checkout(ITEMS[1], pin=""), replies.CheckoutReply).ok
        wire.ask(asking.status(), replies.PatronStatusReply)
        wire.ask(asking.end(), replies.EndSessionReply)
        assert not wire.ask(asking.checkout(ITEMS[1], pin=""), replies.CheckoutReply).ok


@pytest.mark.parametrize("needs_pin", [False, True])
def test_a_pin_changed_elsewhere_stops_the_visit_at_once(address: Address, *, needs_pin: bool) -> None:
    """The change is another process's: what this one remembers of the visit is compared with the card's row."""
    Device.objects.filter(account="gmd-1").update(needs_pin=needs_pin)
    with Wire(address) as wire:
        assert wire.ask(asking.checkout(ITEMS[0]), replies.CheckoutReply).ok
        Patron.objects.filter(cards__number=ZHANG).update(pin_hash=hash_pin("975310"), pin_version=2)
        no = wire.ask(asking.checkout(ITEMS[1], pin="" if needs_pin else PIN), replies.CheckoutReply)
        assert (no.ok, "PIN" in no.screen[0] or "密码" in no.screen[0]) == (False, True)
        assert not wire.ask(asking.renew(ITEMS[0]), replies.RenewReply).ok
        assert not wire.ask(asking.status(), replies.PatronStatusReply).pin_is_right
        assert wire.ask(asking.checkout(ITEMS[1], pin="975310"), replies.CheckoutReply).ok
        assert wire.ask(asking.renew(ITEMS[1], pin="975310"), replies.RenewReply).ok
    assert Loan.objects.count() == 2


def test_the_language_of_an_answer(address: Address) -> None:
    """SIP2's field first, and for what follows in the visit; else the branch's."""
    with Wire(address) as wire:
        chinese = wire.ask(asking.checkout("NOTHING"), replies.CheckoutReply).screen[0]
        assert not chinese.isascii()
        wire.ask(asking.status(language="001"), replies.PatronStatusReply)
        english = wire.ask(asking.checkout("NOTHING"), replies.CheckoutReply).screen[0]
        assert english.isascii() or "“" in english
        assert english != chinese


def test_without_a_choice_a_reader_is_answered_in_his_own_language(address: Address) -> None:
    Patron.objects.filter(cards__number=WANG).update(language=Patron.Language.ENGLISH)
    with Wire(address) as wire:
        for patron, is_english in ((WANG, True), (ZHANG, False)):
            lent, refused = ITEMS[0], "NOTHING"
            asked = (
                wire.ask(asking.checkout(refused, patron), replies.CheckoutReply),
                wire.ask(asking.checkout(lent, patron), replies.CheckoutReply),
                wire.ask(asking.renew(refused, patron), replies.RenewReply),
                wire.ask(asking.paid("1.00", patron), replies.FeePaidReply),
            )
            assert ["“" in reply.screen[0] or reply.screen[0].isascii() for reply in asked] == [is_english] * 4
            assert wire.ask(asking.checkin(lent), replies.CheckinReply).screen[0].isascii() == is_english
        wire.ask(asking.status(WANG, language="019"), replies.PatronStatusReply)
        chosen = wire.ask(asking.checkout(ITEMS[1], WANG), replies.CheckoutReply)
        assert chosen.ok
        assert not chosen.screen[0].isascii()


def test_gb18030_both_ways(address: Address) -> None:
    Item.objects.filter(barcode=ITEMS[0]).update(barcode="三体001")
    with Wire(address, account="gmd-gbk", encoding="gb18030") as wire:
        lent = wire.ask(asking.checkout("三体001"), replies.CheckoutReply)
        assert (lent.ok, lent.item, lent.title) == (True, "三体001", TITLE)


def test_an_unfinished_checkout_and_an_unfinished_checkin_are_undone(address: Address) -> None:
    with Wire(address) as wire:
        assert wire.ask(asking.checkout(ITEMS[0]), replies.CheckoutReply).ok
        assert wire.ask(asking.checkin(ITEMS[0], cancel=True), replies.CheckinReply).ok
        assert not Loan.objects.filter(status="open").exists()
        lent = wire.ask(asking.checkout(ITEMS[0]), replies.CheckoutReply)
        assert lent.ok
        assert wire.ask(asking.checkin(ITEMS[0]), replies.CheckinReply).ok
        again = wire.ask(asking.checkout(ITEMS[0], cancel=True), replies.CheckoutReply)
        assert (again.ok, again.due) == (True, lent.due)
    assert Loan.objects.filter(status="open").count() == 1


def test_the_same_words_undo_again_also_with_no_block(address: Address) -> None:
    with Wire(address) as wire:
        undo = asking.checkin(ITEMS[0], no_block=True, cancel=True, date="20100101    000000")
        for _ in range(2):
            assert wire.ask(asking.checkout(ITEMS[0]), replies.CheckoutReply).ok
            assert wire.ask(undo, replies.CheckinReply).ok
            assert not wire.ask(undo, replies.CheckinReply).ok
    assert not Loan.objects.exclude(status=Loan.Status.CLOSED).exists()


def test_what_happened_while_the_line_was_down_is_never_refused(address: Address) -> None:
    past = dates.write(clock.now() - timedelta(hours=3), timezone.get_default_timezone())
    with Wire(address) as wire:
        assert wire.ask(asking.checkout(ITEMS[0], pin="", date=past, no_block=True), replies.CheckoutReply).ok
        assert wire.ask(asking.checkout(ITEMS[1], LOST, date=past, no_block=True), replies.CheckoutReply).ok
        assert wire.ask(asking.checkout("NOTHING", "NOBODY", date=past, no_block=True), replies.CheckoutReply).ok
        assert wire.ask(asking.checkin("NOTHING", date=past, no_block=True), replies.CheckinReply).ok
    assert Loan.objects.filter(item__barcode=ITEMS[0]).get().borrowed_at < clock.now() - timedelta(hours=2)
    assert Conflict.objects.filter(settled_at=None).count() == 3


@pytest.mark.parametrize("due", ["99991231   Z235959", "20990101    000000", "00010101   H000000", "nonsense of 18 by"])
def test_what_a_wrong_clock_has_promised_is_not_believed(address: Address, due: str) -> None:
    past = dates.write(clock.now() - timedelta(hours=3), timezone.get_default_timezone())
    request = replace(asking.checkout(ITEMS[0], pin="", date=past, no_block=True), no_block_due=due.ljust(18))
    with Wire(address) as wire:
        assert wire.ask(request, replies.CheckoutReply).ok
        held = replace(asking.hold("+", ITEMS[1], WANG), expiry=due.ljust(18))
        assert wire.ask(held, replies.HoldReply).ok
    assert Loan.objects.get().due_at < clock.now() + timedelta(days=80)


def test_a_terminal_whose_clock_stands_still_returns_now(address: Address) -> None:
    still = "20100101    000000"
    with Wire(address) as wire:
        assert wire.ask(asking.checkout(ITEMS[0], date=still), replies.CheckoutReply).ok
        assert wire.ask(asking.checkin(ITEMS[0], date=still), replies.CheckinReply).ok
    returned_at = Loan.objects.get().returned_at
    assert returned_at is not None
    assert clock.now() - returned_at < timedelta(minutes=1)


def test_holds(address: Address) -> None:
    with Wire(address) as wire:
        assert wire.ask(asking.checkout(ITEMS[0], WANG), replies.CheckoutReply).ok
        placed = wire.ask(asking.hold("+", ITEMS[0], hold_type="3", pickup="HC"), replies.HoldReply)
        assert (placed.ok, placed.queue_position, placed.pickup, placed.title) == (True, "1", "HC", TITLE)
        changed = wire.ask(asking.hold("*", ITEMS[0], pickup="GMD"), replies.HoldReply)
        assert (changed.ok, changed.pickup) == (True, "GMD")
        back = wire.ask(asking.checkin(ITEMS[0]), replies.CheckinReply)
        assert (back.ok, back.alert, back.alert_type) == (True, True, "01")
        assert wire.ask(asking.hold("-", ITEMS[0]), replies.HoldReply).ok
        by_words = asking.hold("+", title=str(Item.objects.get(barcode=ITEMS[0]).title_id))
        assert wire.ask(by_words, replies.HoldReply).ok
        assert wire.ask(asking.hold("-", title=TITLE), replies.HoldReply).ok
    assert not Hold.objects.exclude(status="cancelled", patron=None).exists()


@pytest.mark.parametrize("title", ["1984", "A|B", "史" * 150])
def test_a_loan_is_found_by_the_words_of_our_own_reply(address: Address, title: str) -> None:
    Title.objects.update(title=title)
    with Wire(address) as wire:
        shown = wire.ask(asking.checkout(ITEMS[0]), replies.CheckoutReply).title
        renewed = wire.ask(asking.renew(title=shown), replies.RenewReply)
        assert (renewed.ok, renewed.item) == (True, ITEMS[0])


def test_renew_all_tells_which(address: Address) -> None:
    with Wire(address) as wire:
        for barcode in ITEMS[:2]:
            assert wire.ask(asking.checkout(barcode), replies.CheckoutReply).ok
        assert wire.ask(asking.renew(title=TITLE), replies.RenewReply).ok
        reply = wire.ask(requests.RenewAllRequest(today(), "DX", ZHANG, pin=PIN), replies.RenewAllReply)
    assert (reply.ok, reply.renewed_count, reply.unrenewed_count) == (True, 1, 1)
    assert set(reply.renewed + reply.unrenewed) == set(ITEMS[:2])
    assert reply.screen


def test_paying_at_the_machine(address: Address) -> None:
    owe(ZHANG, "3.50")
    with Wire(address) as wire:
        assert wire.ask(asking.status(), replies.PatronStatusReply).fee == "3.50"
        assert wire.ask(asking.paid("2.00"), replies.FeePaidReply).accepted
        assert wire.ask(asking.status(), replies.PatronStatusReply).fee == "1.50"
        for wrong in ("9.00", "x", "NaN", "-1.00", "0.001", "", "1e0", "１", "1_0", "."):
            reply = wire.ask(asking.paid(wrong), replies.FeePaidReply)
            assert not reply.accepted
            assert reply.screen
        assert not wire.ask(asking.paid("1E999999999", transaction="B1"), replies.FeePaidReply).accepted
    assert Charge.objects.get().settled == 2
    assert Payment.objects.count() == 1


def test_a_card_left_behind_is_blocked_and_enabled_again(address: Address) -> None:
    with Wire(address) as wire:
        block = requests.BlockPatronRequest(True, today(), "DX", "left behind", ZHANG, "")
        assert wire.ask(block, replies.PatronStatusReply).status[0] == "Y"
        assert not wire.ask(asking.checkout(ITEMS[0]), replies.CheckoutReply).ok
        enable = requests.PatronEnableRequest(today(), "DX", ZHANG, pin=PIN)
        assert wire.ask(enable, replies.PatronEnableReply).status == " " * 14
        assert wire.ask(asking.checkout(ITEMS[0]), replies.CheckoutReply).ok
    assert Block.objects.get().card_retained
    assert Patron.objects.get(cards__number=ZHANG).revision > 0


def test_properties_of_an_item_are_recorded(address: Address) -> None:
    with Wire(address) as wire:
        request = requests.ItemStatusUpdateRequest(today(), "DX", ITEMS[0], "page torn")
        reply = wire.ask(request, replies.ItemStatusUpdateReply)
    assert (reply.ok, reply.title, reply.properties) == (True, TITLE, "page torn")
    assert Item.objects.get(barcode=ITEMS[0]).events.get().detail == "page torn"


def test_a_scanner_in_small_letters_is_the_same_reader_and_book(address: Address) -> None:
    card, book = ZHANG.lower(), ITEMS[0].lower()
    assert (card, book) != (ZHANG, ITEMS[0])
    with Wire(address) as wire:
        assert wire.ask(asking.status(card), replies.PatronStatusReply).is_valid
        lent = wire.ask(asking.checkout(book, card), replies.CheckoutReply)
        assert (lent.ok, lent.patron, lent.item) == (True, card, book)
        assert wire.ask(asking.item(book), replies.ItemInformationReply).circulation == "04"
        listed = wire.ask(asking.information(card, "  Y       "), replies.PatronInformationReply)
        assert listed.charged_items == (ITEMS[0],)
        assert wire.ask(asking.renew(book, card), replies.RenewReply).ok
        assert wire.ask(asking.checkin(book), replies.CheckinReply).ok
    assert Loan.objects.get().item.barcode == ITEMS[0]
