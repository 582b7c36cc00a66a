"""What tests of the reader's pages do with the cast's books, through the verbs."""

import html
import re
from datetime import datetime, timedelta

from django.test import Client

from shufang.branches.models import Branch
from shufang.catalogue.models import Item
from shufang.circulation.checkin import CheckedIn, Checkin, checkin
from shufang.circulation.checkout import CheckedOut, Checkout, checkout
from shufang.circulation.hold import HoldPlaced, PlaceHold, place_hold
from shufang.circulation.models import Loan
from shufang.circulation.place import Place
from shufang.demo.cast import machine
from shufang.kernel import clock
from shufang.patrons.models import Patron
from tests.web.answers import Answer

ME, OTHER, FULL = "D0000001", "D0000002", "D0000006"
DAY = timedelta(days=1)


def patron_id(card: str) -> int:
    """Return whose card this is."""
    return Patron.objects.get(cards__number=card).pk


def title_id(barcode: str) -> int:
    """Return the title of a copy."""
    return Item.objects.get(barcode=barcode).title_id


def lend(card: str, barcode: str, now: datetime | None = None) -> Loan:
    """Lend a copy at the first machine."""
    done = checkout(Checkout(card, barcode, machine()), now or clock.now())
    assert isinstance(done, CheckedOut), done
    return Loan.objects.get(pk=done.loan_id)


def give_back(barcode: str, now: datetime | None = None) -> None:
    """Return a copy at the desk of Gaomidian."""
    desk = Place(Branch.objects.get(code="GMD").pk, is_attended=True)
    assert isinstance(checkin(Checkin(barcode, desk), now or clock.now()), CheckedIn)


def reserve(card: str, barcode: str, pickup: str = "GMD") -> HoldPlaced:
    """Reserve the title of a copy."""
    place = Place(Branch.objects.get(code=pickup).pk)
    done = place_hold(PlaceHold(card, place, title_id=title_id(barcode)), clock.now())
    assert isinstance(done, HoldPlaced), done
    return done


def due(loan: Loan, days: int) -> None:
    """Let a loan be due so many days from today on."""
    Loan.objects.filter(pk=loan.pk).update(due_at=clock.now() + timedelta(days=days))


def words(answer: Answer) -> str:
    """Return what a page says, without its tags and with single blanks."""
    text = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", answer.content.decode(), flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def said(client: Client, path: str, **fields: object) -> str:
    """Send a form and return what the page after it says."""
    answer = client.post(path, fields, follow=True)
    assert answer.status_code == 200, answer.status_code
    return words(answer)
