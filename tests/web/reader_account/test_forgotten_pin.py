"""A forgotten PIN: a code to the contact on record, good for 15 minutes, few tries, one use; silent about cards."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shufang.jobs.run import run_named
from shufang.kernel import clock
from shufang.notices.models import ChannelOff, Notice
from shufang.patrons.models import OneTimeCode, Patron, PatronSession
from shufang.patrons.one_time_code import MOST_TRIES, digits_of
from shufang.patrons.pin import check_pin
from shufang.patrons.pin_check import PinCheck
from tests.web.answers import Answer

pytestmark = pytest.mark.usefixtures("cast")

AsReader = Callable[..., Client]
NEW = "246813"


@pytest.fixture(autouse=True)
def _in_english(client: Client) -> None:
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"


def ask(client: Client, card: str = "D0000001") -> Answer:
    return client.post("/sign-in/forgotten/", {"card": card})


def the_code() -> str:
    run_named(["deliver_notices"], clock.now())
    found = re.search(r"\b(\d{6})\b", str(mail.outbox[-1].body))
    assert found
    return found[1]


def choose(client: Client, code: str, new: str = NEW, **more: str) -> Answer:
    return client.post("/sign-in/new-pin/", {"code": code, "new": new, "again": new, **more})


def is_pin(card: str, pin: str) -> bool:
    return check_pin(card, pin, "test", clock.now()) == PinCheck.RIGHT


def test_the_code_goes_to_the_contact_on_record_and_opens_a_new_pin(client: Client, as_reader: AsReader) -> None:
    signed_in = as_reader("D0000001")
    assert ask(client, "d0000001")["Location"] == "/sign-in/new-pin/"
    assert "D0000001" not in client.get("/sign-in/new-pin/").request["PATH_INFO"]
    code = the_code()
    assert mail.outbox[-1].to == ["d0000001@example.com"]
    assert code not in mail.outbox[-1].subject
    assert choose(client, code)["Location"] == "/sign-in/"
    assert is_pin("D0000001", NEW)
    assert signed_in.get("/me/devices/").status_code == 302
    assert not PatronSession.objects.exists()
    assert choose(client, code, "135791", card="D0000001").status_code == 422
    assert is_pin("D0000001", NEW)


def test_without_the_cookie_the_card_is_asked_for_again(client: Client) -> None:
    ask(client)
    code = the_code()
    other = Client()
    assert b'name="card"' in other.get("/sign-in/new-pin/").content
    assert choose(other, code, card="D0000002").status_code == 422
    assert choose(other, code, card="D0000001").status_code == 302


def test_the_code_stands_in_no_table(client: Client) -> None:
    ask(client)
    code = the_code()
    row = OneTimeCode.objects.get()
    assert digits_of(row) == code
    for model in (OneTimeCode, Notice):
        for values in model.objects.values_list():
            assert code not in str(values)


def told(client: Client, card: str) -> str:
    answer = ask(client, card)
    shown = client.get("/sign-in/new-pin/").content.decode()
    return f"{answer.status_code} {answer['Location']} {re.sub(r'csrf[^>]*', '', shown).replace(card, 'CARD')}"


def test_the_answer_is_the_same_whether_there_is_a_card_or_a_contact(client: Client) -> None:
    Patron.objects.filter(cards__number="D0000002").update(email="")
    Patron.objects.filter(cards__number="D0000005").update(closed_at=clock.now())
    answers = {told(client, card) for card in ("D0000001", "D0000002", "D0000005", "X9999999")}
    assert len(answers) == 1
    run_named(["deliver_notices"], clock.now())
    assert [message.to for message in mail.outbox if "code" in message.subject or "验证码" in message.subject] == [
        ["d0000001@example.com"]
    ]
    wrong = {
        re.sub(r"csrf[^>]*", "", choose(Client(), "000000", card=card).content.decode()).replace(card, "CARD")
        for card in ("D0000001", "D0000002", "D0000005", "X9999999")
    }
    assert len(wrong) == 1


def test_the_work_is_the_same_too(client: Client) -> None:
    def statements(work: Callable[[], object]) -> list[str]:
        with CaptureQueriesContext(connection) as seen:
            work()
        return [re.sub(r"\s.*", "", query["sql"]) for query in seen.captured_queries]

    assert statements(lambda: ask(client, "D0000001")) == statements(lambda: ask(client, "X9999999"))
    assert statements(lambda: choose(Client(), "000000", card="D0000001")) == statements(
        lambda: choose(Client(), "000000", card="X9999999")
    )


def test_a_code_is_good_for_a_quarter_of_an_hour(client: Client) -> None:
    ask(client)
    code = the_code()
    OneTimeCode.objects.update(created_at=clock.now() - timedelta(minutes=15, seconds=1))
    assert b"no longer good" in choose(client, code).content
    assert is_pin("D0000001", "135790")


def test_a_code_survives_few_tries(client: Client) -> None:
    ask(client)
    code = the_code()
    wrong = "000000" if code != "000000" else "000001"
    for _ in range(MOST_TRIES):
        assert choose(client, wrong).status_code == 422
    assert choose(client, code).status_code == 422
    assert is_pin("D0000001", "135790")


def test_a_new_code_ends_the_one_before(client: Client) -> None:
    ask(client)
    first = the_code()
    ask(client)
    second = the_code()
    assert choose(client, first).status_code == 422 or first == second
    assert choose(client, second).status_code == 302


def test_guessing_goes_no_faster_with_new_codes(client: Client) -> None:
    answers = []
    for _ in range(3):
        ask(client)
        answers += [choose(client, f"00000{number}") for number in range(4)]
    assert b"60 minutes" in answers[-1].content
    ask(client)
    assert choose(client, digits_of(OneTimeCode.objects.get())).status_code == 422


def test_codes_are_counted_by_card_and_by_address(client: Client) -> None:
    for _ in range(3):
        assert ask(client).status_code == 302
    assert b"60 minutes" in ask(client).content
    assert b"60 minutes" in ask(Client(REMOTE_ADDR="192.0.2.9", headers={"Accept-Language": "en"})).content
    for number in range(16):
        ask(client, f"X{number:07}")
    assert b"60 minutes" in ask(client, "D0000002").content
    assert ask(Client(REMOTE_ADDR="192.0.2.9"), "D0000002").status_code == 302


def test_a_bad_pin_costs_no_try(client: Client) -> None:
    ask(client)
    code = the_code()
    for new, said in (("123456", "easy to guess"), ("12", "six digits")):
        assert said in choose(client, code, new).content.decode()
    differs = client.post("/sign-in/new-pin/", {"code": code, "new": NEW, "again": "135791"})
    assert b"two PINs differ" in differs.content
    assert OneTimeCode.objects.get().tries == 0
    assert choose(client, code).status_code == 302


def test_who_locked_himself_out_is_let_in_with_the_new_pin(client: Client) -> None:
    for _ in range(5):
        client.post("/sign-in/", {"card": "D0000001", "pin": "000001"})
    ask(client)
    choose(client, the_code())
    assert client.post("/sign-in/", {"card": "D0000001", "pin": NEW}).status_code == 302


def test_codes_come_also_to_who_wants_no_notices(client: Client) -> None:
    ChannelOff.objects.create(patron=Patron.objects.get(cards__number="D0000001"), channel="email")
    ask(client)
    assert the_code()


def test_codes_and_their_notices_are_forgotten(client: Client) -> None:
    ask(client)
    the_code()
    later = clock.now() + timedelta(minutes=61)
    run_named(["erase_traces", "erase_notices"], later)
    assert not OneTimeCode.objects.exists()
    assert not Notice.objects.filter(subject="code").exists()
