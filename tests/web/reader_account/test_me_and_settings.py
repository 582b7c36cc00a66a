"""My card, reporting it lost, and the settings: language, branch, e-mail with confirmation, channels."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client

from shufang.audit.models import Entry
from shufang.branches.models import Branch
from shufang.circulation.models import Loan
from shufang.jobs.run import run_named
from shufang.kernel import clock
from shufang.notices.models import ChannelOff, Notice
from shufang.patrons.models import Block, Card, OneTimeCode, Patron
from shufang.patrons.one_time_code import digits_of
from tests.web.answers import Answer

pytestmark = pytest.mark.usefixtures("cast")

AsReader = Callable[..., Client]
NEW = "xiaohong@example.org"


def patron(card: str = "D0000001") -> Patron:
    return Patron.objects.get(cards__number=card)


def test_my_card_says_how_it_stands(as_reader: AsReader) -> None:
    page = as_reader("D0000001").get("/me/").content.decode()
    for words in ("D0000001", "Adult, no deposit", "Daxing District Library", "010-00000001", "d0000001@example.com"):
        assert words in page
    assert "Deposit" not in page
    assert "50.00 yuan" in as_reader("D0000006").get("/me/").content.decode()


@pytest.mark.parametrize(
    ("card", "said"), [("D0000003", "run out"), ("D0000004", "reported lost"), ("D0000005", "pay")]
)
def test_my_card_says_why_it_does_not_lend(as_reader: AsReader, card: str, said: str) -> None:
    page = as_reader(card).get("/me/").content.decode()
    assert said in page.split('role="note"')[1].split("</p>")[0].lower()


def test_a_child_sees_who_answers_for_it(as_reader: AsReader) -> None:
    assert "王小红" in as_reader("D0000007").get("/me/").content.decode()


def test_a_lost_card_is_stopped_after_a_question(as_reader: AsReader) -> None:
    client = as_reader("D0000002")
    assert b"Stop card D0000002?" in client.get("/me/lost/").content
    assert Card.objects.get(number="D0000002").status == Card.Status.ACTIVE
    assert client.post("/me/lost/")["Location"] == "/me/"
    card = Card.objects.get(number="D0000002")
    assert card.status == Card.Status.LOST
    assert Entry.objects.filter(action="card_lost", subject_kind="card", subject_id=card.pk).exists()
    page = client.get("/me/").content.decode()
    assert "reported lost" in page
    assert "/me/lost/" not in page
    assert Loan.objects.filter(patron=card.patron).exists()
    answer = client.post("/me/lost/")
    assert answer.status_code == 422
    assert b"reported lost" in answer.content


def test_the_language_changes_for_pages_and_messages(as_reader: AsReader) -> None:
    client = as_reader("D0000001")
    client.post("/me/settings/language/", {"language": "zh-hans"})
    assert patron().language == "zh-hans"
    assert '<html lang="zh-CN"' in client.get("/me/").content.decode()
    client.post("/me/settings/language/", {"language": "tlh"})
    assert patron().language == "zh-hans"


def test_an_own_branch_is_chosen_and_left(as_reader: AsReader) -> None:
    client = as_reader("D0000001")
    client.post("/me/settings/branch/", {"branch": "HC"})
    assert patron().home_branch == Branch.objects.get(code="HC")
    client.post("/me/settings/branch/", {"branch": "nowhere"})
    assert patron().home_branch == Branch.objects.get(code="HC")
    client.post("/me/settings/branch/", {"branch": ""})
    assert patron().home_branch is None


def test_notices_by_a_channel_are_switched_off_and_on(as_reader: AsReader) -> None:
    client = as_reader("D0000008")
    Notice.objects.update(created_at=clock.now())
    client.post("/me/settings/channels/", {})
    assert ChannelOff.objects.get().channel == "email"
    assert "checked" not in client.get("/me/settings/").content.decode()
    run_named(["deliver_notices"], clock.now())
    assert mail.outbox == []
    assert Notice.objects.get(template="hold_ready").state == Notice.State.DROPPED
    assert b"is ready at" in client.get("/me/messages/").content
    client.post("/me/settings/channels/", {"channel": "email"})
    assert not ChannelOff.objects.exists()
    assert "checked" in client.get("/me/settings/").content.decode()


def ask(client: Client, email: str = NEW, pin: str = "135790") -> Answer:
    return client.post("/me/settings/email/", {"email": email, "pin": pin})


def the_code() -> str:
    run_named(["deliver_notices"], clock.now())
    sent = next(message for message in mail.outbox if message.to == [NEW])
    found = re.search(r"\b(\d{6})\b", str(sent.body))
    assert found
    return found[1]


def test_an_address_counts_once_its_code_was_typed(as_reader: AsReader) -> None:
    client = as_reader("D0000001")
    assert ask(client)["Location"] == "/me/settings/email/code/"
    assert patron().email == "d0000001@example.com"
    code = the_code()
    assert client.post("/me/settings/email/code/", {"code": f"{code[:3]} {code[3:]}"})["Location"] == "/me/settings/"
    assert patron().email == NEW
    assert client.post("/me/settings/email/code/", {"code": code}).status_code == 422


@pytest.mark.parametrize(
    ("email", "pin", "said"),
    [
        ("no address", "135790", "no e-mail address"),
        ("", "135790", "no e-mail address"),
        (NEW, "970001", "PIN is wrong"),
    ],
)
def test_a_wrong_address_or_pin_sends_no_code(as_reader: AsReader, email: str, pin: str, said: str) -> None:
    answer = ask(as_reader("D0000001"), email, pin)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not OneTimeCode.objects.exists()


def test_another_readers_code_confirms_nothing(as_reader: AsReader) -> None:
    ask(as_reader("D0000001"))
    code = the_code()
    other = as_reader("D0000002")
    assert other.post("/me/settings/email/code/", {"code": code}).status_code == 422
    assert patron("D0000002").email == "d0000002@example.com"


def test_a_code_for_the_address_opens_no_pin(as_reader: AsReader, client: Client) -> None:
    ask(as_reader("D0000001"))
    body = {"card": "D0000001", "code": the_code(), "new": "246813", "again": "246813"}
    assert client.post("/sign-in/new-pin/", body).status_code == 422


def test_codes_are_limited(as_reader: AsReader) -> None:
    client = as_reader("D0000001")
    for _ in range(3):
        ask(client)
    assert b"60 minutes" in ask(client).content
    for _ in range(10):
        client.post("/me/settings/email/code/", {"code": "nothing"})
    assert (
        b"60 minutes" in client.post("/me/settings/email/code/", {"code": digits_of(OneTimeCode.objects.get())}).content
    )


def test_an_address_is_taken_off(as_reader: AsReader) -> None:
    as_reader("D0000001").post("/me/settings/email/remove/")
    assert patron().email == ""


def test_messages_are_what_is_true_now(as_reader: AsReader) -> None:
    client = as_reader("D0000002")
    page = client.get("/me/messages/").content.decode()
    assert "Nothing to tell you" in page
    loan = Loan.objects.get(patron=patron("D0000002"))
    Loan.objects.filter(pk=loan.pk).update(due_at=clock.now() + timedelta(days=2), borrowed_at=clock.now() - 9 * DAY)
    run_named(["write_notices"], clock.now())
    title = loan.item.title.title
    page = client.get("/me/messages/").content.decode()
    assert f"“{title}” is due on" in page
    assert "due" not in as_reader("D0000001").get("/me/messages/").content.decode().split("<main")[1]
    Loan.objects.filter(pk=loan.pk).update(due_at=clock.now() + timedelta(days=30))
    assert title not in client.get("/me/messages/").content.decode()


DAY = timedelta(days=1)


def test_messages_are_gone_after_some_days(as_reader: AsReader) -> None:
    client = as_reader("D0000008")
    assert b"is ready at" in client.get("/me/messages/").content
    Notice.objects.filter(template="hold_ready").update(created_at=clock.now() - 7 * DAY - timedelta(seconds=1))
    assert b"is ready at" not in client.get("/me/messages/").content


def test_a_blocked_reader_still_sees_his_account(as_reader: AsReader) -> None:
    Block.objects.create(patron=patron(), reason="desk", placed_at=clock.now())
    assert as_reader("D0000001").get("/me/").status_code == 200
