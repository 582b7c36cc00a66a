"""Getting a card at the kiosk, page by page: what each leads to, what stays nowhere, and a hundred people in a row."""

from collections.abc import Callable
from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client
from pytest_django import Settings

from shufang.branches.models import Device
from shufang.demo.cast import PIN as CAST_PIN
from shufang.kernel import clock
from shufang.money.models import Deposit, OnlinePayment
from shufang.money.online import ConfirmPayment, confirm_payment
from shufang.money.providers.simulator import call_back, order_of
from shufang.patrons.identity import IdentityKind, identity_hash
from shufang.patrons.models import Card, Guardianship, Patron
from shufang.registration.card_station.documents import DOCUMENTS, resident
from shufang.registration.models import Application, CardOffer, CardStation, NumberRange, ShownDocument, Terms
from tests.web.kiosk.conftest import Ask

STATION = "ws://127.0.0.1:8702"
PAGE = "/kiosk/card/"
PIN = "246813"
MOST_STATEMENTS = 110
"""Of the ten requests from a document to the next person's first page."""


@pytest.fixture
def station(device: Device) -> CardStation:
    return CardStation.objects.create(device=device, agent=STATION)


@pytest.fixture
def at(kiosk: Client, station: CardStation, settings: Settings) -> "Visitor":
    settings.SHUFANG_PAYMENT_PROVIDER = "simulator"
    return Visitor(kiosk)


class Visitor:
    """Somebody at the kiosk, and its page that does what he touches."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def sends(self, what: str, **values: object) -> str:
        """Send a form; return where it leads."""
        answer = self.client.post(f"{PAGE}{what}/", values)
        assert answer.status_code == 302, answer.content
        assert answer.headers["Cache-Control"] == "no-store"
        return answer.headers["Location"]

    def lays(self, name: str) -> str:
        return self.sends("document", **{key: value or "" for key, value in DOCUMENTS[name].items()})

    def sees(self) -> str:
        """Return which page is shown now, by the name of its template."""
        answer = self.client.get(PAGE)
        assert answer.status_code == 200
        names = [template.name for template in answer.templates if template.name and "kiosk/card/" in template.name]
        return names[0].rsplit("/", 1)[1].removesuffix(".html")

    def agrees(self) -> str:
        return self.sends("terms", terms=list(Terms.objects.values_list("id", flat=True)))

    def chooses(self, kind: str = "adult", *, plastic: bool = False) -> str:
        offer = CardOffer.objects.get(kind__code=kind)
        return self.sends("kind", offer=offer.pk, print="1" if plastic else "")

    def gets_to_pin(self, name: str = "lin", kind: str = "adult", phone: str = "") -> None:
        self.lays(name)
        self.agrees()
        self.chooses(kind)
        self.sends("contact", **({"phone": phone} if phone else {"skip": "1"}))
        assert self.sees() == "pin"

    def gets_card(self, name: str = "lin", kind: str = "adult", phone: str = "") -> Card:
        self.gets_to_pin(name, kind, phone)
        assert self.sends("pin", pin=PIN, again=PIN) == PAGE
        return Card.objects.order_by("-id")[0]

    def leaves(self, *, for_good: bool = False) -> None:
        assert self.sends("end", **({"for_good": "1"} if for_good else {})) == "/kiosk/"


def test_a_newcomer_walks_from_page_to_page_and_borrows_at_once(at: Visitor, ask: Ask) -> None:
    seen = [at.sees()]
    steps: list[Callable[[], str]] = [
        lambda: at.lays("lin"),
        at.agrees,
        at.chooses,
        lambda: at.sends("contact", phone="13800000000"),
        lambda: at.sends("pin", pin=PIN, again=PIN),
    ]
    for step in steps:
        assert step() == PAGE
        seen.append(at.sees())
    assert seen == ["document", "terms", "kind", "contact", "pin", "nothing"]
    told = at.client.post(f"{PAGE}borrow/").json()
    assert (told["ok"], told["card"], told["left"]) == (True, "D5000001", 15)
    lent = ask("borrow", visit=told["visit"], barcode="DX00000001")
    assert lent["ok"], lent
    assert Card.objects.get(number="D5000001").patron.loans.count() == 1
    assert at.sees() == "document"  # the next person begins anew


def test_a_refusal_is_told_on_its_page_and_a_touch_on_the_language_loads_it_again(at: Visitor) -> None:
    at.gets_to_pin()
    for pin, again, code in (("123456", "123456", "pin_too_simple"), (PIN, "246831", "pin_differs")):
        address = at.sends("pin", pin=pin, again=again)
        assert address == f"{PAGE}?refused={code}"
        shown = at.client.get(address)
        assert "slip" in shown.content.decode()
        assert pin not in shown.content.decode()
    at.client.cookies["shufang_kiosk_look"] = "en"
    assert "Begin again" in at.client.get(f"{PAGE}?refused=pin_differs").content.decode()
    assert "<script" not in at.client.get(f"{PAGE}?refused=<script>").content.decode().split("<main")[1]


@pytest.mark.parametrize(
    ("values", "code"),
    [
        (DOCUMENTS["forged"], "document_invalid"),
        (DOCUMENTS["expired"], "document_expired"),
        ({**DOCUMENTS["lin"], "kind": "library card"}, "document_unreadable"),
        ({**DOCUMENTS["lin"], "valid_until": "soon"}, "document_unreadable"),
        ({}, "document_unreadable"),
    ],
)
def test_a_document_that_will_not_do(at: Visitor, values: dict[str, object], code: str) -> None:
    assert at.sends("document", **values) == f"{PAGE}?refused={code}"
    assert at.sees() == "document"
    assert not Application.objects.exists()


def test_a_minor_and_her_mother(at: Visitor) -> None:
    at.lays("boy")
    assert at.sees() == "relation"
    shown = at.client.get(f"{PAGE}?relation=mother")
    assert "kiosk/card/guardian.html" in [
        template.name.removeprefix("web/") for template in shown.templates if template.name
    ]
    wrong = at.sends("guardian", relation="mother", card="D0000001", pin="000111")
    assert wrong == f"{PAGE}?relation=mother&refused=pin_wrong"
    assert at.sends("guardian", relation="mother", card="D0000001", pin=CAST_PIN) == PAGE
    assert at.client.get(PAGE).content.decode().count('name="terms"') == 3
    at.agrees()
    at.chooses("child")
    at.sends("contact", skip="1")
    at.sends("pin", pin=PIN, again=PIN)
    assert at.sees() == "nothing"
    kept = Guardianship.objects.get(minor__name="林小满")
    assert (kept.guardian.name, kept.relation) == ("王小红", "母亲")


def test_a_guardian_with_his_document(at: Visitor) -> None:
    at.lays("boy")
    assert (
        at.sends("guardian", relation="father", **DOCUMENTS["forged"])
        == f"{PAGE}?relation=father&refused=document_invalid"
    )
    assert (
        at.sends("guardian", relation="father", **DOCUMENTS["boy"])
        == f"{PAGE}?relation=father&refused=guardian_is_self"
    )
    assert (
        at.sends("guardian", relation="father", **DOCUMENTS["girl"])
        == f"{PAGE}?relation=father&refused=guardian_is_minor"
    )
    assert at.sends("guardian", relation="father", **DOCUMENTS["he"]) == PAGE
    assert at.sees() == "terms"


def test_a_deposit_is_paid_by_phone_and_the_page_goes_on(at: Visitor) -> None:
    card = at.gets_card(kind="C", phone="13800000000")
    assert at.sees() == "deposit"
    assert at.client.get(f"{PAGE}state/").json() == {"is_paid": False}
    pay(card)
    assert at.client.get(f"{PAGE}state/").json() == {"is_paid": True}
    assert at.sees() == "nothing"
    card.refresh_from_db()
    assert card.status == Card.Status.ACTIVE
    assert Deposit.objects.filter(card=card).count() == 1


def pay(card: Card) -> None:
    """Pay at the simulator's page."""
    order = OnlinePayment.objects.get(card=card, status="started")
    asked = order_of(parse_qs(urlsplit(order.address).query)["order"][0])
    assert asked is not None
    assert urlsplit(asked.return_url).path == f"{PAGE}paid/"
    body, headers = call_back(asked, is_paid=True)
    confirm_payment(ConfirmPayment("simulator", body, headers), clock.now())


def test_whoever_pays_looks_at_the_machine_again(client: Client, db: None) -> None:
    assert client.get(f"{PAGE}paid/").status_code == 200


def test_asking_for_the_page_again_starts_no_second_payment(at: Visitor) -> None:
    at.gets_card(kind="C", phone="13800000000")
    for _ in range(3):
        assert at.sees() == "deposit"
    assert OnlinePayment.objects.count() == 1


def test_without_a_provider_no_kind_with_a_deposit_is_offered(at: Visitor, settings: Settings) -> None:
    settings.SHUFANG_PAYMENT_PROVIDER = ""
    at.lays("lin")
    at.agrees()
    assert [offered.offer.kind.code for offered in at.client.get(PAGE).context["offers"]] == ["adult", "A"]


def test_one_person_one_card(at: Visitor) -> None:
    card = at.gets_card()
    at.leaves()
    at.lays("lin")
    assert at.sees() == "known"
    assert at.sends("known", do="replace", print="") == PAGE
    assert at.sees() == "nothing"
    card.refresh_from_db()
    assert card.status == Card.Status.REPLACED
    assert Card.objects.get(number="D5000002").patron.charges.get().amount == 10


def test_who_has_a_card_has_it_on_the_phone_or_borrows(at: Visitor, ask: Ask) -> None:
    at.gets_card()
    at.leaves()
    at.lays("lin")
    shown = at.client.get(f"{PAGE}?show=phone")
    assert shown.context["code"] is not None
    assert "D5000001" not in shown.content.decode()  # its tail will do on a shared screen
    told = at.client.post(f"{PAGE}borrow/").json()
    assert ask("borrow", visit=told["visit"], barcode="DX00000001")["ok"]


def test_a_card_that_ran_out_is_renewed(at: Visitor) -> None:
    card = at.gets_card()
    at.leaves()
    Card.objects.update(status=Card.Status.EXPIRED, expires_on=date(2020, 1, 1))
    at.lays("lin")
    assert at.sees() == "known"
    assert at.sends("known", do="renew") == PAGE
    card.refresh_from_db()
    assert card.status == Card.Status.ACTIVE


def test_who_leaves_leaves_nothing(at: Visitor) -> None:
    at.gets_to_pin()
    at.leaves()
    assert not any(model.objects.exists() for model in (Application, ShownDocument))
    assert not Patron.objects.filter(name="林晓").exists()
    assert at.sees() == "document"
    assert at.sends("terms", terms=[]) == "/kiosk/"


def test_the_next_person_does_not_find_the_one_before(at: Visitor) -> None:
    """He walked off without a word; his cookie is still there. A new document begins a new visit."""
    at.gets_to_pin()
    before = dict(at.client.cookies)
    at.lays("he")
    assert "林晓" not in at.client.get(PAGE).content.decode()
    at.client.cookies["shufang_kiosk_card"] = before["shufang_kiosk_card"].value
    assert at.sees() == "document"


def test_a_visit_of_which_nothing_is_heard_is_over(at: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    at.gets_to_pin()
    later = clock.now() + timedelta(seconds=95)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert at.sees() == "document"
    assert at.client.get(f"{PAGE}state/").json() == {"is_over": True}
    assert at.sends("pin", pin=PIN, again=PIN) == "/kiosk/"


def test_a_page_that_waits_keeps_its_application_alive(at: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    at.gets_card(kind="C", phone="13800000000")
    began = Application.objects.get().touched_at
    for seconds in (40, 80, 120, 160):
        monkeypatch.setattr(clock, "now", lambda passed=seconds: began + timedelta(seconds=passed))
        assert at.client.get(f"{PAGE}state/").json() == {"is_paid": False}
    assert Application.objects.get().touched_at > began + timedelta(seconds=150)


def test_cancelled_for_good_the_card_ends(at: Visitor) -> None:
    card = at.gets_card(kind="C", phone="13800000000")
    at.leaves(for_good=True)
    card.refresh_from_db()
    assert (card.status, card.patron.name) == (Card.Status.CLOSED, "-")


def test_a_card_is_printed_and_that_is_written_down(at: Visitor) -> None:
    at.lays("lin")
    at.agrees()
    at.chooses(plastic=True)
    at.sends("contact", skip="1")
    at.sends("pin", pin=PIN, again=PIN)
    assert at.client.get(PAGE).context["prints"] is True
    at.leaves()
    at.lays("lin")  # the blanks had run out; he is back
    assert at.client.get(PAGE).context["prints"] is True
    assert at.sends("printed") == PAGE
    assert at.client.get(PAGE).context["prints"] is False
    at.leaves()
    assert not Application.objects.exists()


def test_without_numbers_or_a_station_it_says_so(kiosk: Client, device: Device) -> None:
    assert "不办卡" in kiosk.get(PAGE).content.decode()
    values = {key: value or "" for key, value in DOCUMENTS["lin"].items()}
    assert kiosk.post(f"{PAGE}document/", values).headers["Location"] == f"{PAGE}?refused=no_cards_here"
    assert not Application.objects.exists()
    CardStation.objects.create(device=device, agent=STATION)
    NumberRange.objects.all().delete()
    assert "卡号发完了" in kiosk.get(PAGE).content.decode()


def test_the_script_may_reach_the_station_and_nobody_else(at: Visitor) -> None:
    policy = at.client.get(PAGE).headers["Content-Security-Policy"]
    assert f"connect-src 'self' {STATION};" in policy


@pytest.mark.parametrize("path", ["", "state/"])
def test_only_a_kiosk_sees_these_pages(client: Client, db: None, path: str) -> None:
    answer = client.get(f"{PAGE}{path}")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/kiosk/sign-in/"


@pytest.mark.parametrize(
    "what", ["document", "terms", "kind", "contact", "pin", "make", "known", "printed", "borrow", "end"]
)
def test_only_a_kiosk_may_send(client: Client, db: None, what: str) -> None:
    assert client.post(f"{PAGE}{what}/").status_code == 401


class Statements:
    """Counts the statements that go to the database."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, execute: Callable[..., object], *arguments: object) -> object:
        self.count += 1
        return execute(*arguments)


# Scenario 51
def test_a_hundred_people_an_hour_at_one_machine(at: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counts, not seconds: a hundred people get the next hundred numbers, and the last costs no more than the first."""
    counted = []
    for place in range(100):
        born = date(1970, 1, 1) + timedelta(days=97 * place)
        monkeypatch.setitem(DOCUMENTS, "next", resident(f"新读者{place}", born, place + 1))
        statements = Statements()
        with connection.execute_wrapper(statements):
            at.gets_card("next")
            assert at.sees() == "nothing"
            at.leaves()
        counted.append(statements.count)
    numbers = Card.objects.filter(number__gte="D5000001").order_by("id").values_list("number", flat=True)
    assert list(numbers) == [f"D{5_000_001 + place}" for place in range(100)]
    assert Patron.objects.filter(name__startswith="新读者").count() == 100
    assert max(counted) <= MOST_STATEMENTS, counted
    assert max(counted[1:]) - min(counted[1:]) <= 2, counted
    assert not any(model.objects.exists() for model in (Application, ShownDocument))


def test_documents_are_known_by_their_hash_alone(at: Visitor) -> None:
    at.gets_card()
    number = str(DOCUMENTS["lin"]["number"])
    assert Patron.objects.filter(identity_hash=identity_hash(IdentityKind.RESIDENT, number)).exists()
    assert number not in at.client.get(PAGE).content.decode()
