"""What a kiosk is told for a time without a line agrees with what the verbs would say, for every card."""

from datetime import datetime

import pytest

from shufang.branches.models import Branch, Library
from shufang.circulation.checkout import CheckedOut, Checkout, checkout
from shufang.circulation.known_offline import LimitedCard, days_lent, known_books, limited_cards
from shufang.circulation.models import Policy
from shufang.circulation.patron_status import patron_status
from shufang.circulation.place import PinCheck, Place
from shufang.demo.cast import settle
from shufang.kernel import clock
from shufang.kernel.refusal import Refusal
from shufang.patrons.models import Block, Card, Patron


@pytest.fixture(autouse=True)
def now(db: None) -> datetime:
    now = clock.now()
    settle(now)
    Block.objects.create(patron=Patron.objects.get(cards__number="D0000007"), reason="test", placed_at=now)
    return now


@pytest.mark.parametrize("most", [0, 1, 5, 14, 15, 16])
def test_the_list_says_of_each_card_what_its_status_says(now: datetime, most: int) -> None:
    limited = {card.number: card for card in limited_cards(most, now)}
    for number in Card.objects.values_list("number", flat=True):
        status = patron_status(number, PinCheck.NOT_ASKED, now)
        assert status.charged_limit is not None
        left = status.charged_limit - status.charged
        if status.refusal is not None:
            assert limited[number] == LimitedCard(number, 0, status.refusal.code)
        elif left < most:
            assert limited[number] == LimitedCard(number, left, "")
        else:
            assert number not in limited


def test_what_is_lent_to_nobody_is_refused_by_the_verb_too(now: datetime) -> None:
    branch = Branch.objects.get(code="GMD")
    books = {book.barcode: book for book in known_books(branch.pk, now)}
    refused = {barcode: book.code for barcode, book in books.items() if book.code}
    assert refused
    for barcode, code in refused.items():
        done = checkout(Checkout(card_number="D0000001", barcode=barcode, place=Place(branch.pk)), now)
        assert isinstance(done, Refusal)
        assert done.code == code
    done = checkout(Checkout(card_number="D0000001", barcode="DX00000001", place=Place(branch.pk)), now)
    assert isinstance(done, CheckedOut)
    assert (done.due_at.date() - now.date()).days in {books["DX00000001"].days, books["DX00000001"].days + 1}


def test_no_longer_loan_is_promised_than_any_card_may_have(now: datetime) -> None:
    library = Library.objects.get(code="DX")
    assert days_lent(library.pk, now) == 42
    short = Policy.objects.filter(library=library).order_by("id").first() or Policy.objects.first()
    assert short is not None
    short.pk, short.loan_days, short.library = None, 9, library
    short.card_kind = Card.objects.get(number="D0000007").kind
    short.valid_from = now.date()
    short.save()
    assert days_lent(library.pk, now) == 9
    books = known_books(Branch.objects.get(code="GMD").pk, now)
    assert {book.days for book in books if not book.code} == {9}
