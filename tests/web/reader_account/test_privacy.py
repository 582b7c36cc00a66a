"""The privacy page says what is true, the download is complete, and an account closes when nothing stands in its way."""

import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from shufang.audit.trail import record
from shufang.branches.models import Branch
from shufang.circulation.models import History, Hold, LastPatron, Loan, ReaderMonth
from shufang.jobs.run import run_named
from shufang.kernel import clock
from shufang.money.deposits import held
from shufang.money.models import Charge
from shufang.money.pay import Paid, Pay, pay
from shufang.notices.models import ChannelOff
from shufang.patrons.identity import Document, IdentityKind, read_document
from shufang.patrons.models import Card, HistoryConsent, Patron, PatronSession
from shufang.patrons.own_data import SECRETS, own_data, tables_naming_a_patron
from shufang.registration.issue_card import CardIssued, IssueCard, Person, issue_card
from shufang.web.reader.data_words import FIELDS, TABLES
from tests.web.answers import Answer

pytestmark = pytest.mark.usefixtures("cast")

AsReader = Callable[..., Client]
DAY = timedelta(days=1)


def patron(card: str = "D0000001") -> Patron:
    return Patron.objects.get(cards__number=card)


def page_of(client: Client) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", client.get("/me/privacy/").content.decode()).split())


def said(moment: datetime) -> str:
    local = timezone.localdate(moment)
    return f"{local.day} {local:%B}" + ("" if local.year == timezone.localdate().year else f" {local.year}")


def test_what_is_kept_is_what_there_is(as_reader: AsReader) -> None:
    page = page_of(as_reader("D0000002"))
    loan = Loan.objects.get(patron=patron("D0000002"))
    assert (
        f"1 loan Why So that the library knows where its books are Until when Until each is returned, the last by {said(loan.due_at)}"
        in page
    )
    assert "90 days after you close your account" in page
    assert "deposit" not in page.split("Take your data")[0]
    assert "Borrowing history" not in page
    assert "Borrowing history, 0 lines" in page_of(as_reader("D0000001"))
    assert "Your deposit of 50.00 yuan" in page_of(as_reader("D0000006"))
    assert "What you owe" in page_of(as_reader("D0000005"))
    assert "1 reservation" in page_of(as_reader("D0000008"))


def test_the_dates_come_from_rows_and_settings(as_reader: AsReader) -> None:
    settings_days = settings.SHUFANG_SETTLED_CHARGE_DAYS
    now, reader = clock.now(), patron("D0000005")
    assert isinstance(pay(Pay("D0000005", Decimal("35.00"), "cash"), now), Paid)
    page = page_of(as_reader("D0000005"))
    assert (
        f"What was settled and paid, without the books Why For your questions and the accounts Until when Until {said(now + settings_days * DAY)}"
        in page
    )
    assert "What you owe" not in page
    month = timezone.localdate(now).replace(day=1)
    ReaderMonth.objects.create(patron=reader, month=month, branch=Branch.objects.get(code="GMD"))
    LastPatron.objects.create(item=Loan.objects.all()[0].item, patron=reader, until=timezone.localdate(now + 9 * DAY))
    page = page_of(as_reader("D0000005"))
    assert f"Until {said(now + 9 * DAY)}" in page
    later = month.replace(year=month.year + 1)
    folded = (later.replace(day=28) + 14 * DAY).replace(day=1)
    folded = (folded.replace(day=28) + 14 * DAY).replace(day=1)
    assert f"the newest until {folded.day} {folded:%B} {folded.year}" in page
    run_named(["fold_readers"], timezone.make_aware(datetime.combine(folded, datetime.min.time())) + timedelta(hours=4))
    assert not ReaderMonth.objects.exists()


def test_who_looked_is_told(as_reader: AsReader) -> None:
    client = as_reader("D0000001")
    assert "Nobody of the staff" not in page_of(client)
    record(7, "chen", "look", "patron", patron().pk, "admin", clock.now())
    record(7, "li", "look", "patron", patron("D0000002").pk, "admin", clock.now())
    record(8, "wu", "look", "card", Card.objects.get(number="D0000001").pk, "admin", clock.now())
    page = page_of(client)
    assert "Your record was looked at chen" in page
    assert "Your record was looked at wu" in page
    assert "looked at li" not in page


def a_rich_record() -> Patron:
    reader = patron("D0000006")
    reader.keeps_history = True
    reader.save()
    HistoryConsent.objects.create(patron=reader, given_at=clock.now())
    item = Loan.objects.filter(patron=reader)[0].item
    History.objects.create(patron=reader, title=item.title, borrowed_at=clock.now(), returned_at=clock.now())
    ChannelOff.objects.create(patron=reader, channel="email")
    record(7, "chen", "look", "patron", reader.pk, "admin", clock.now())
    return reader


def test_the_download_has_every_row_of_every_table_that_names_the_reader(as_reader: AsReader) -> None:
    reader = a_rich_record()
    client = as_reader("D0000006")
    answer = client.get("/me/privacy/data.json")
    assert "attachment" in answer["Content-Disposition"]
    given = json.loads(answer.content)["tables"]
    for table, column, count in references_to(reader):
        label = label_of(table)
        assert label in tables_naming_a_patron(), table
        if label != "patrons.patron":
            assert len(given.get(label, [])) >= count, (table, column)
    assert len(given["circulation.loan"]) == 5
    assert given["circulation.history"][0]["title"]["words"]
    assert [entry["user_name"] for entry in given["audit.entry"]].count("chen") == 1
    assert given["patrons.patron"][0]["name"] == "杨帆"


def references_to(reader: Patron) -> list[tuple[str, str, int]]:
    """Ask the database itself which columns refer to patrons and cards, and how many rows name this reader."""
    cards = [card.pk for card in reader.cards.all()]
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            for column, (_, target) in connection.introspection.get_relations(cursor, table).items():
                keys = {"patrons_patron": [reader.pk], "patrons_card": cards}.get(target)
                if keys:
                    marks = ", ".join(["%s"] * len(keys))
                    cursor.execute(f'SELECT count(*) FROM "{table}" WHERE "{column}" IN ({marks})', keys)
                    found.append((table, column, cursor.fetchone()[0]))
    assert len(found) > 20
    return found


def label_of(table: str) -> str:
    return next(model._meta.label_lower for model in apps.get_models() if model._meta.db_table == table)


def test_the_download_has_nothing_of_others_and_no_secrets(as_reader: AsReader) -> None:
    reader = a_rich_record()
    text = as_reader("D0000006").get("/me/privacy/data.json").content.decode()
    for other in Patron.objects.exclude(pk=reader.pk):
        assert other.name not in text
        assert other.email not in text
    assert reader.pin_hash not in text
    rows = own_data(reader.pk)
    assert not any(name in row for table in rows.values() for row in table for name in SECRETS)
    assert not any("hash" in name for table in rows.values() for row in table for name in row)


def test_the_download_can_be_read_in_both_languages(as_reader: AsReader) -> None:
    a_rich_record()
    client = as_reader("D0000006")
    english = client.get("/me/privacy/data.html").content.decode()
    assert "What you have out" in english
    chinese = client.get("/me/privacy/data.html", headers={"Accept-Language": "zh-CN"}).content.decode()
    assert "手边的书" in chinese
    assert "押金" in chinese
    assert "应还时间" in chinese


def test_every_table_and_column_has_its_words() -> None:
    labels = tables_naming_a_patron()
    assert labels - set(TABLES) == set()
    names = {
        name
        for rows in map(own_data, Patron.objects.values_list("pk", flat=True))
        for table in rows.values()
        for row in table
        for name in row
    }
    assert len(names) > 40
    assert names - set(FIELDS) == set()


def close(client: Client, pin: str = "135790") -> Answer:
    return client.post("/me/close/", {"pin": pin})


def test_an_account_closes(as_reader: AsReader) -> None:
    Charge.objects.all().delete()
    History.objects.create(
        patron=patron("D0000005"),
        title=Loan.objects.all()[0].item.title,
        borrowed_at=clock.now(),
        returned_at=clock.now(),
    )
    client = as_reader("D0000005")
    other_device = as_reader("D0000005")
    assert b"Yes, close it" in client.get("/me/close/").content
    answer = close(client)
    assert answer["Location"] == "/"
    reader = patron("D0000005")
    assert reader.closed_at is not None
    assert reader.cards.get().status == Card.Status.CLOSED
    assert not reader.keeps_history
    assert not History.objects.filter(patron=reader).exists()
    assert not PatronSession.objects.filter(patron=reader).exists()
    assert other_device.get("/me/").status_code == 302
    assert b"Your account is closed" in client.get("/").content
    assert client.post("/sign-in/", {"card": "D0000005", "pin": "135790"}).status_code == 422
    run_named(["erase_closed_patrons"], clock.now() + (settings.SHUFANG_CLOSED_PATRON_DAYS + 1) * DAY)
    assert patron("D0000005").name == "-"


@pytest.mark.parametrize(
    ("card", "said_why"),
    [("D0000002", "out"), ("D0000008", "eservation"), ("D0000005", "35.00"), ("D0000001", "王一诺")],
)
def test_what_stands_in_the_way_is_said(as_reader: AsReader, card: str, said_why: str) -> None:
    client = as_reader(card)
    page = client.get("/me/close/").content.decode()
    assert said_why in page.split("Not yet. First:")[1].split("</ul>")[0]
    assert "Yes, close it" not in page
    assert close(client).status_code == 422
    assert patron(card).closed_at is None
    assert PatronSession.objects.filter(patron=patron(card)).exists()


def test_closing_needs_the_pin(as_reader: AsReader) -> None:
    Charge.objects.all().delete()
    client = as_reader("D0000005")
    assert b"PIN is wrong" in close(client, "970001").content
    assert patron("D0000005").closed_at is None


def test_a_deposit_waits_at_the_desk_and_keeps_the_record(as_reader: AsReader) -> None:
    reader = patron("D0000006")
    for loan in Loan.objects.filter(patron=reader):
        Loan.objects.filter(pk=loan.pk).update(patron=None, status="closed", returned_at=clock.now())
    client = as_reader("D0000006")
    close(client)
    assert b"50.00 yuan waits at any desk" in client.get("/").content
    assert held(reader.pk) is not None
    run_named(["erase_closed_patrons"], clock.now() + (settings.SHUFANG_CLOSED_PATRON_DAYS + 1) * DAY)
    assert patron("D0000006").name == "杨帆"


def test_a_guardian_may_go_when_another_answers(as_reader: AsReader) -> None:
    HistoryConsent.objects.all().delete()
    child = patron("D0000007")
    child.guardians.create(guardian=patron("D0000002"))
    assert close(as_reader("D0000001")).status_code == 302


def test_holds_of_others_do_not_matter(as_reader: AsReader) -> None:
    assert Hold.objects.exclude(patron=patron("D0000003")).exists()
    assert close(as_reader("D0000003")).status_code == 302


def test_who_comes_back_in_time_is_the_same_person(as_reader: AsReader) -> None:
    document = read_document(IdentityKind.PASSPORT, "E12345678")
    assert isinstance(document, Document)
    Patron.objects.filter(pk=patron("D0000003").pk).update(identity_hash=document.digest)
    close(as_reader("D0000003"))
    back = issue_card(
        IssueCard(
            "D0000099",
            "adult",
            Card.objects.all()[0].library_id,
            Person("张建国", patron("D0000003").birth_date, document),
            pin="246813",
        ),
        clock.now(),
    )
    assert isinstance(back, CardIssued)
    assert patron("D0000099").closed_at is None
    assert as_reader("D0000099").get("/me/").status_code == 200
