"""PRIVACY.md 12: after a visit, the jobs and ten minutes, nothing in tables, files or logs links a reader and a title.

The dump of every table is read as a stranger with a copy of everything would read it: two rows belong together when they
share a reference (real or by a bare number), a number on a card or a book, or a moment. From the reader's row no path may
lead to the book, except over things that everybody shares (branches, rules, machines). The same search, before the visit
ends, finds the book: so the search can find.
"""

import logging
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, models

from shufang.branches.models import Device
from shufang.branches.replies import RequestKey, keep_reply
from shufang.circulation.cancel_checkin import CancelCheckin, CheckinCancelled, cancel_checkin
from shufang.circulation.checkin import CheckedIn, Checkin, checkin
from shufang.circulation.checkout import CheckedOut, Checkout, checkout
from shufang.circulation.hold import HoldPlaced, PlaceHold, place_hold
from shufang.circulation.mark_lost import MarkLost, mark_lost
from shufang.circulation.models import Hold, Loan
from shufang.circulation.place import Place
from shufang.circulation.renew import Renew, renew
from shufang.circulation.shelve import Shelve, Shelved, shelve
from shufang.jobs.run import run_named
from shufang.kernel.refusal import Refusal
from shufang.money.charges import owed
from shufang.money.models import Charge, RefundDue
from shufang.money.pay import Paid, Pay, pay
from shufang.money.refund import Refund, Refunded, refund
from tests.circulation.readers import DAY, NOW, WANG, ZHANG, branch, copy, patron, settle, title

SHARED = {
    "branches.branch",
    "branches.library",
    "branches.device",
    "accounts.organisation",
    "accounts.user",
    "patrons.cardkind",
    "catalogue.itemkind",
    "catalogue.itemgroup",
    "catalogue.mainclass",
    "circulation.policy",
    "contenttypes.contenttype",
    "auth.permission",
}
"""What everybody has in common: to share it links nobody."""
BARE = {"loan_id": "circulation.loan", "item_id": "catalogue.item", "title_id": "catalogue.title"}
"""Numbers that are references though the database does not know it."""
BARCODE = "PRIVAT-00000777"
BOOK = "一本谁也不该知道的书"
Token = tuple[str, object]


def tokens_of(row: models.Model) -> Iterator[Token]:
    """Yield what ties a row to other rows: itself, its references, numbers on cards and books, moments."""
    label = row._meta.label_lower
    if label not in SHARED:
        yield label, row.pk
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname)
        if value is None or value == "":
            continue
        if field.related_model is not None:
            target = field.related_model._meta.label_lower if not isinstance(field.related_model, str) else ""
            if target not in SHARED:
                yield target, value
        elif field.attname in BARE:
            yield BARE[field.attname], value
        elif isinstance(value, datetime):
            yield "moment", value
        elif isinstance(value, str):
            yield from (("text", word) for word in (BARCODE, BOOK, ZHANG, "张伟") if word in value)
        elif isinstance(value, bytes | memoryview):
            yield from (("text", word) for word in (BARCODE, BOOK, ZHANG) if word.encode() in bytes(value))
    yield from subject_of(row, label)


def subject_of(row: models.Model, label: str) -> Iterator[Token]:
    kinds = {
        "notices.notice": ("subject", "subject_id", {"loan": "circulation.loan", "hold": "circulation.hold"}),
        "branches.storedreply": ("subject", "subject_id", {"item": "catalogue.item", "patron": "patrons.patron"}),
        "audit.entry": (
            "subject_kind",
            "subject_id",
            {"patron": "patrons.patron", "item": "catalogue.item", "charge": "money.charge"},
        ),
    }
    if label in kinds:
        kind, number, names = kinds[label]
        yield names.get(getattr(row, kind), getattr(row, kind)), getattr(row, number)


def reachable_from(start: Token) -> set[Token]:
    """Return every token that a path of rows leads to."""
    rows_with: dict[Token, list[frozenset[Token]]] = defaultdict(list)
    for model in apps.get_models(include_auto_created=True):
        if not model._meta.managed or model._meta.label_lower.startswith(("sessions.", "admin.")):
            continue
        for row in model._default_manager.all().iterator(500):
            tokens = frozenset(tokens_of(row))
            for token in tokens:
                rows_with[token].append(tokens)
    seen, ahead = {start}, [start]
    while ahead:
        for tokens in rows_with[ahead.pop()]:
            new = tokens - seen
            seen |= new
            ahead.extend(new)
    return seen


def tells(seen: set[Token], item_id: int, title_id: int) -> set[Token]:
    book = {("catalogue.item", item_id), ("catalogue.title", title_id), ("text", BARCODE), ("text", BOOK)}
    return seen & book


class _Answers:
    """A terminal that gets each reply kept for it, as the SIP2 server does, card and title in it."""

    def __init__(self) -> None:
        self.number = 0

    def key(self) -> RequestKey:
        self.number += 1
        return RequestKey(self.number.to_bytes(32, "big"), "line 1", str(self.number % 10))

    def keep(self, subject: str, subject_id: int, key: RequestKey, marker: int, at: datetime) -> None:
        keep_reply(subject, subject_id, key, marker, f"12|AA{ZHANG}|AB{BARCODE}|AJ{BOOK}|".encode(), at)


def visit(place: Place) -> datetime:
    """张伟 borrows, renews, returns too late, reserves, picks up, returns and pays; return when he left."""
    terminal = _Answers()
    at = NOW + timedelta(microseconds=17)
    key = terminal.key()
    lent = checkout(Checkout(ZHANG, BARCODE, place, request=key), at)
    assert isinstance(lent, CheckedOut), lent
    terminal.keep("item", lent.item_id, key, lent.event_id, at)
    at += 10 * DAY
    assert not isinstance(renew(Renew(ZHANG, place, barcode=BARCODE), at), Refusal)
    at += 90 * DAY
    key = terminal.key()
    back = checkin(Checkin(BARCODE, place, request=key), at)
    assert isinstance(back, CheckedIn), back
    assert back.charge > 0
    terminal.keep("item", back.item_id, key, back.event_id, at)
    at += timedelta(minutes=3)
    held = place_hold(PlaceHold(ZHANG, place, barcode=BARCODE), at)
    assert isinstance(held, HoldPlaced), held
    run_named(["write_notices", "deliver_notices"], at)
    at += timedelta(minutes=2)
    shelved = shelve(Shelve(BARCODE, place), at)
    assert isinstance(shelved, Shelved)
    assert shelved.hold_id == held.hold_id
    run_named(["deliver_notices"], at)
    at += DAY
    assert isinstance(checkout(Checkout(ZHANG, BARCODE, place), at), CheckedOut)
    at += DAY
    assert isinstance(checkin(Checkin(BARCODE, place), at), CheckedIn)
    at += timedelta(minutes=5)
    key = terminal.key()
    settled = pay(Pay(ZHANG, back.charge, "terminal", place.branch_id, place.device_id, scope="gmd-1", request=key), at)
    assert isinstance(settled, Paid), settled
    terminal.keep("patron", settled.patron_id, key, settled.patron_revision, at)
    return at


@pytest.fixture
def place(transactional_db: None) -> Place:
    settle()
    assert not patron(ZHANG).keeps_history
    return Place(branch("GMD").pk, device_id=Device.objects.get(account="gmd-1").pk, is_attended=False)


# Scenario 24
def test_after_the_visit_nothing_links_reader_and_title(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    item = copy(BARCODE, BOOK)
    start = ("patrons.patron", patron(ZHANG).pk)
    assert not tells(reachable_from(start), item.pk, title(BOOK).pk)
    left = visit(place)
    assert tells(reachable_from(start), item.pk, title(BOOK).pk)
    run_named([], left + timedelta(minutes=10, seconds=1))

    assert not Loan.objects.filter(patron__isnull=False).exists()
    assert not Hold.objects.filter(patron__isnull=False).exists()
    assert Charge.objects.get().patron_id == patron(ZHANG).pk
    assert tells(reachable_from(start), item.pk, title(BOOK).pk) == set()
    logged = "\n".join(record.getMessage() for record in caplog.records)
    for line in logged.splitlines():
        assert not (any(word in line for word in (ZHANG, "张伟")) and any(word in line for word in (BARCODE, BOOK)))


def test_a_lost_book_that_was_paid_for_and_came_back_leaves_no_link(place: Place) -> None:
    """What the return cancels and owes back is told by the day: by the moment it would lead to the return's event."""
    item = copy(BARCODE, BOOK)
    checkout(Checkout(ZHANG, BARCODE, place), NOW)
    mark_lost(MarkLost(BARCODE, place), NOW + timedelta(hours=1))
    assert isinstance(pay(Pay(ZHANG, Decimal("20.00"), "cash"), NOW + timedelta(hours=2)), Paid)
    back = NOW + timedelta(hours=3)
    assert isinstance(checkin(Checkin(BARCODE, place), back), CheckedIn)
    (due,) = RefundDue.objects.all()
    assert isinstance(refund(Refund(due.pk, "cash", 1), back + timedelta(minutes=1)), Refunded)
    assert isinstance(pay(Pay(ZHANG, owed(patron(ZHANG).pk), "cash"), back + timedelta(minutes=2)), Paid)
    run_named([], back + timedelta(minutes=12))
    assert Charge.objects.filter(patron=patron(ZHANG)).count() == 2
    assert tells(reachable_from(("patrons.patron", patron(ZHANG).pk)), item.pk, title(BOOK).pk) == set()


def test_an_undone_return_leaves_no_link_once_the_book_is_back(place: Place) -> None:
    item = copy(BARCODE, BOOK)
    terminal = _Answers()
    late, key = NOW + 60 * DAY, terminal.key()
    checkout(Checkout(ZHANG, BARCODE, place), NOW)
    back = checkin(Checkin(BARCODE, place, request=key), late)
    assert isinstance(back, CheckedIn)
    terminal.keep("item", back.item_id, key, back.event_id, late)
    undone = cancel_checkin(CancelCheckin(ZHANG, BARCODE, place), late + timedelta(minutes=1))
    assert isinstance(undone, CheckinCancelled)
    again = late + timedelta(minutes=2)
    assert isinstance(checkin(Checkin(BARCODE, place), again), CheckedIn)
    pay(Pay(ZHANG, owed(patron(ZHANG).pk), "cash"), again + timedelta(minutes=1))
    run_named([], again + timedelta(minutes=12))
    assert Charge.objects.filter(settled_at__isnull=False).count() == 2
    assert tells(reachable_from(("patrons.patron", patron(ZHANG).pk)), item.pk, title(BOOK).pk) == set()


@pytest.mark.sqlite
def test_the_files_forget_the_replies_too(place: Place) -> None:
    """The kept replies name card, barcode and title together; ten minutes later no file holds such bytes."""
    copy(BARCODE, BOOK)
    left = visit(place)
    needle = f"AA{ZHANG}|AB{BARCODE}".encode()
    assert any(needle in data for data in _files())
    run_named([], left + timedelta(minutes=10, seconds=1))
    assert not any(needle in data for data in _files())


def _files() -> Iterator[bytes]:
    database = Path(str(connection.settings_dict["NAME"]))
    folders = {database.parent, Path(settings.SHUFANG_DATA)}
    for path in {path for folder in folders for path in folder.rglob("*") if path.is_file()}:
        yield path.read_bytes()


def test_who_keeps_a_history_keeps_it(place: Place) -> None:
    """The consent that stands at return decides; somebody else's visit changes nothing about it."""
    item = copy(BARCODE, BOOK)
    reader = patron(WANG)
    reader.keeps_history = True
    reader.save(update_fields=["keeps_history"])
    checkout(Checkout(WANG, BARCODE, place), NOW)
    checkin(Checkin(BARCODE, place), NOW + DAY)
    run_named([], NOW + 2 * DAY)
    assert tells(reachable_from(("patrons.patron", reader.pk)), item.pk, title(BOOK).pk)
    assert not tells(reachable_from(("patrons.patron", patron(ZHANG).pk)), item.pk, title(BOOK).pk)


def test_a_moment_alone_would_give_a_reader_away(place: Place) -> None:
    """The search looks at moments too: a charge that kept the hour of its return would be found."""
    item = copy(BARCODE, BOOK)
    checkout(Checkout(ZHANG, BARCODE, place), NOW)
    checkin(Checkin(BARCODE, place), NOW + 60 * DAY)
    Charge.objects.update(item=None, loan_id=None)
    assert Charge.objects.get().amount > Decimal(0)
    assert tells(reachable_from(("patrons.patron", patron(ZHANG).pk)), item.pk, title(BOOK).pk)
