"""Getting a card where the city's card centre keeps the register: away, or with a card of another library in its books."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from shufang.branches.models import Device
from shufang.catalogue.loading.classification import main_classes
from shufang.catalogue.models import MainClass
from shufang.demo.cast import settle
from shufang.kernel import clock
from shufang.patrons.identity import Document, IdentityKind, read_document
from shufang.registration.authority.models import Errand
from shufang.registration.authority.simulator.service import CardCentreService
from shufang.registration.card_station.documents import DOCUMENTS
from shufang.registration.models import CardStation
from tests.registration.centre import AWAY, MENG, PIN, running_centre
from tests.web.kiosk.conftest import Ask, new_device
from tests.web.kiosk.test_get_card import PAGE, STATION, Visitor

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def device(transactional_db: None) -> Device:
    cache.clear()
    for row in main_classes():  # emptied after the test before, with all that migrations had brought
        MainClass.objects.update_or_create(letter=row.letter, defaults={"name": row.name, "name_en": row.name_en})
    settle(clock.now())
    return new_device()


@pytest.fixture
def centre(device: Device, settings: Settings) -> Iterator[CardCentreService]:
    CardStation.objects.create(device=device, agent=STATION)
    with running_centre(settings) as service:
        yield service


def test_a_newcomer_gets_his_card_while_it_is_away(centre: CardCentreService, kiosk: Client) -> None:
    centre.mode = AWAY
    visitor = Visitor(kiosk)
    visitor.gets_card()
    assert visitor.sees() == "nothing"
    assert Errand.objects.get().state == "waiting"


def test_a_card_of_another_library_is_found_by_the_document(centre: CardCentreService, kiosk: Client) -> None:
    document = read_document(IdentityKind.RESIDENT, str(DOCUMENTS["lin"]["number"]))
    assert isinstance(document, Document)
    centre.books.put(replace(MENG, name="林晓", person=document.city))
    visitor = Visitor(kiosk)
    visitor.lays("lin")
    shown = kiosk.get(PAGE)
    assert shown.context["card"].number == MENG.number
    assert "首都图书馆" in shown.content.decode()
    assert 'data-opens="lost"' not in shown.content.decode()  # it is replaced where it was issued


def test_a_card_of_another_library_borrows_at_the_kiosk_and_signs_in_to_the_app(
    centre: CardCentreService, kiosk: Client, ask: Ask, client: Client
) -> None:
    told = ask("visits", card=MENG.number, by="scan")
    assert told["ok"]
    assert ask("borrow", visit=told["visit"], barcode="DX00000001")["ok"]
    answer = client.post("/sign-in/", {"card": MENG.number, "pin": PIN})
    assert answer.status_code == 302
    centre.mode = AWAY
    away = ask("visits", card="SD0000099", by="scan")
    assert (away["ok"], away["refusal"]) == (False, "card_centre_away")
    assert ask("visits", card=MENG.number, by="scan")["ok"]


def test_the_sign_in_page_takes_the_number_from_the_machines_code(client: Client, device: Device) -> None:
    assert 'value="D5000001"' in client.get("/sign-in/?card=D5000001").content.decode()
