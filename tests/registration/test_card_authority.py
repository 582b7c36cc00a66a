"""The joint card belongs to the city: what its centre is asked and told, what goes on while it is away, and its return."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connections, transaction
from pytest_django import Settings

from shufang.branches.models import Library
from shufang.circulation.checkout import CheckedOut, Checkout, checkout
from shufang.circulation.place import Place
from shufang.demo.network import lay_out
from shufang.jobs import tell_card_centre
from shufang.kernel.refusal import Refusal
from shufang.money.deposits import PayDeposit, pay_deposit
from shufang.patrons.models import Card, Patron
from shufang.patrons.pin import check_pin
from shufang.patrons.pin_check import PinCheck
from shufang.registration.activate_card import ActivateCard, activate_card
from shufang.registration.authority import city, line
from shufang.registration.authority.chosen import authority
from shufang.registration.authority.conflicts import SettleCityConflict, settle_city_conflict
from shufang.registration.authority.deliver import MOST_FAILURES, deliver
from shufang.registration.authority.interface import Away, CityAnswer, NotThere, PinSaid
from shufang.registration.authority.models import CardCentre, CityCard, CityConflict, Errand
from shufang.registration.authority.simulator.modes import Mode
from shufang.registration.authority.simulator.service import CardCentreService
from shufang.registration.city_cards.know_card import Known, know_card
from shufang.registration.city_cards.look_for_person import PersonLookedFor, look_for_person
from shufang.registration.city_cards.read_changes import read_changes
from shufang.registration.close_card import CloseCard, close_card
from shufang.registration.get_card.begin import ApplicationBegun
from shufang.registration.renew_card import RenewCard, renew_card
from shufang.registration.replace_card import ReplaceCard, replace_card
from shufang.registration.report_lost import CardFound, ReportLost, card_found, report_lost
from tests.circulation.readers import copy
from tests.registration.centre import AWAY, MENG, PIN, WELL, running_centre
from tests.registration.machine import HE, LIN, NOW, Machine, document

pytestmark = pytest.mark.django_db(transaction=True)
BOOK = "T1"
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def centre(settings: Settings) -> Iterator[CardCentreService]:
    lay_out(NOW - timedelta(days=1))
    copy(BOOK)
    with running_centre(settings) as service:
        yield service


@pytest.fixture
def machine(centre: CardCentreService) -> Machine:
    return Machine()


def later(minutes: int) -> datetime:
    return NOW + minutes * MINUTE


def at_centre(service: CardCentreService, number: str) -> CityAnswer:
    card = service.books.look_up(number)
    assert card is not None
    return card


def states() -> list[str]:
    return list(Errand.objects.order_by("id").values_list("state", flat=True))


class TestTheHotPath:
    def test_a_card_of_another_library_is_asked_for_once_and_lends(self, centre: CardCentreService) -> None:
        assert know_card(MENG.number, "", "device:1", NOW) is Known.ADOPTED
        asked = centre.requests
        place = Machine().device
        done = checkout(Checkout(MENG.number, BOOK, Place(place.branch_id, device_id=place.pk)), NOW)
        assert isinstance(done, CheckedOut)
        assert know_card(MENG.number, "", "device:1", NOW) is Known.HERE
        assert centre.requests == asked == 1
        card = Card.objects.select_related("patron", "library", "city").get(number=MENG.number)
        assert (card.patron.name, card.library.code, card.expires_on) == ("孟凡", "SD", MENG.expires_on)
        assert (card.city.is_of_another, card.city.asked_at) == (True, NOW)

    def test_small_letters_mean_the_same_card(self, centre: CardCentreService) -> None:
        assert know_card(MENG.number.lower(), "", "device:1", NOW) is Known.ADOPTED
        assert know_card(MENG.number, "", "device:1", NOW) is Known.HERE

    def test_its_pin_is_asked_for_once_and_then_known_here(self, centre: CardCentreService) -> None:
        know_card(MENG.number, "", "device:1", NOW)
        assert check_pin(MENG.number, PIN, "device:1", NOW) is PinCheck.WRONG  # nobody here knows it yet
        know_card(MENG.number, "111222", "device:1", NOW)
        assert check_pin(MENG.number, PIN, "device:1", NOW) is PinCheck.WRONG
        know_card(MENG.number, PIN, "device:1", NOW)
        asked = centre.requests
        centre.mode = AWAY
        assert check_pin(MENG.number, PIN, "device:1", NOW) is PinCheck.RIGHT
        assert know_card(MENG.number, PIN, "device:1", NOW) is Known.HERE
        assert centre.requests == asked

    def test_nobody_guesses_a_pin_through_us(self, centre: CardCentreService) -> None:
        know_card(MENG.number, "", "device:1", NOW)
        for guess in ("999111", "999112", "999113", "999114", "999115"):
            know_card(MENG.number, guess, "device:1", NOW)
            check_pin(MENG.number, guess, "device:1", NOW)
        asked = centre.requests
        know_card(MENG.number, PIN, "device:1", NOW)
        assert check_pin(MENG.number, PIN, "device:1", NOW) is PinCheck.LOCKED
        assert centre.requests == asked
        know_card(MENG.number, PIN, "device:2", NOW)
        assert check_pin(MENG.number, PIN, "device:2", NOW) is PinCheck.RIGHT

    def test_a_pin_that_was_changed_elsewhere_is_asked_for_again(self, centre: CardCentreService) -> None:
        know_card(MENG.number, PIN, "device:1", NOW)
        centre.books.put(at_centre(centre, MENG.number), "864213")
        read_changes(NOW)
        assert check_pin(MENG.number, PIN, "device:1", NOW) is PinCheck.WRONG
        know_card(MENG.number, "864213", "device:1", NOW)
        assert check_pin(MENG.number, "864213", "device:1", NOW) is PinCheck.RIGHT

    def test_a_number_that_nobody_knows_is_asked_for_once_a_minute(self, centre: CardCentreService) -> None:
        assert [know_card("NOBODY01", "", "device:1", NOW) for _ in range(3)] == [Known.NOWHERE] * 3
        assert centre.requests == 1

    def test_within_a_transaction_the_centre_is_never_asked(self, centre: CardCentreService) -> None:
        with transaction.atomic(), pytest.raises(RuntimeError, match="before a transaction"):
            city.look_up("X", "", NOW)
        assert centre.requests == 0

    def test_a_lost_card_is_taken_in_as_lost(self, centre: CardCentreService) -> None:
        centre.books.put(replace(MENG, number="SD0000002", status="lost"))
        assert know_card("SD0000002", "", "device:1", NOW) is Known.ADOPTED
        done = checkout(Checkout("SD0000002", BOOK, Place(Machine().device.branch_id)), NOW)
        assert isinstance(done, Refusal)
        assert done.code == "card_lost"

    def test_its_deposit_is_held_where_it_was_issued(self, centre: CardCentreService) -> None:
        centre.books.put(replace(MENG, number="SD0000003", kind="C", deposit=Decimal(100)))
        know_card("SD0000003", "", "device:1", NOW)
        assert CityCard.objects.get(card__number="SD0000003").deposit == Decimal(100)
        report_lost(ReportLost("SD0000003"), NOW)
        assert not isinstance(card_found(CardFound("SD0000003"), NOW), Refusal)

    def test_a_library_of_which_nothing_was_known_gets_its_row(self, centre: CardCentreService) -> None:
        card = replace(MENG, number="CY0000001", library="CY", library_name="朝阳区图书馆", library_name_en="Chaoyang")
        centre.books.put(card)
        know_card("CY0000001", "", "device:1", NOW)
        assert Library.objects.get(code="CY").name == "朝阳区图书馆"

    def test_a_kind_that_is_not_laid_out_here_goes_before_staff_once(self, centre: CardCentreService) -> None:
        centre.books.put(replace(MENG, number="SD0000009", kind="VIP"))
        assert [know_card("SD0000009", "", "device:1", NOW) for _ in range(2)] == [Known.REFUSED] * 2
        assert CityConflict.objects.get().code == "card_kind_unknown"
        assert not Card.objects.filter(number="SD0000009").exists()

    def test_eight_terminals_take_the_same_card_in_once(self, centre: CardCentreService) -> None:
        found: list[Known] = []

        def work() -> None:
            found.append(know_card(MENG.number, "", "device:1", NOW))
            connections.close_all()

        threads = [threading.Thread(target=work) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert len(found) == 8
        assert set(found) <= {Known.ADOPTED, Known.HERE}
        assert Card.objects.filter(number=MENG.number).count() == 1
        assert Patron.objects.filter(name="孟凡").count() == 1


class TestTelling:
    def test_a_new_card_is_registered_with_its_person_and_deposit(
        self, machine: Machine, centre: CardCentreService
    ) -> None:
        application_id = machine.ready(kind="C", phone="13800000000")
        number = machine.make(application_id).number
        assert tell_card_centre.run(NOW)["told"] == 1
        known = at_centre(centre, number)
        assert (known.status, known.kind, known.library, known.name) == ("issued", "C", "DX", "林晓")
        assert len(known.person) == 32
        pay_deposit(PayDeposit(number, "simulator"), NOW)
        activate_card(ActivateCard(number), NOW)
        assert tell_card_centre.run(NOW)["told"] == 2
        known = at_centre(centre, number)
        assert (known.status, known.deposit) == ("active", Decimal(100))
        assert CityCard.objects.get(card__number=number).status == "active"

    def test_every_step_of_a_card_is_told(self, machine: Machine, centre: CardCentreService) -> None:
        card = machine.card()
        report_lost(ReportLost(card.number), NOW)
        card_found(CardFound(card.number), NOW)
        renew_card(RenewCard(card.number), later(1))
        replace_card(ReplaceCard(card.number, "D5900000"), later(2))
        close_card(CloseCard("D5900000"), later(3))
        verbs = list(Errand.objects.order_by("id").values_list("verb", flat=True))
        assert verbs == ["register", "lost", "found", "renew", "replace", "close"]
        assert tell_card_centre.run(later(4)) == {"told": 6, "refused": 0, "changed": 0, "away": 0, "forgotten": 0}
        old, new = at_centre(centre, card.number), at_centre(centre, "D5900000")
        assert (old.status, old.replaced_by, new.status) == ("replaced", "D5900000", "closed")
        assert states() == ["done"] * 6

    def test_a_refund_is_told(self, machine: Machine, centre: CardCentreService) -> None:
        application_id = machine.ready(kind="C", phone="13800000000")
        number = machine.make(application_id).number
        pay_deposit(PayDeposit(number, "simulator"), NOW)
        activate_card(ActivateCard(number), NOW)
        close_card(CloseCard(number, "simulator"), NOW)
        tell_card_centre.run(NOW)
        known = at_centre(centre, number)
        assert (known.status, known.deposit) == ("closed", Decimal(0))

    def test_a_verb_that_is_rolled_back_leaves_no_errand(self, machine: Machine) -> None:
        card = machine.card()
        with transaction.atomic():
            report_lost(ReportLost(card.number), NOW)
            transaction.set_rollback(True)
        assert Errand.objects.count() == 1

    def test_with_a_local_register_nobody_is_told(self, settings: Settings) -> None:
        lay_out(NOW - timedelta(days=1))
        Machine().card()
        assert not Errand.objects.exists()
        assert tell_card_centre.run(NOW) == {"told": 0}
        assert know_card("NOBODY01", "", "device:1", NOW) is Known.HERE
        assert authority().is_here

    def test_what_is_done_is_forgotten_after_a_month(self, machine: Machine) -> None:
        machine.card()
        tell_card_centre.run(NOW)
        assert tell_card_centre.run(NOW + timedelta(days=29))["forgotten"] == 0
        assert tell_card_centre.run(NOW + timedelta(days=31))["forgotten"] == 1


class TestAnOutage:
    def test_known_cards_go_on_lending_and_their_age_is_known(self, centre: CardCentreService) -> None:
        know_card(MENG.number, PIN, "device:1", NOW)
        read_changes(NOW)
        centre.mode = AWAY
        assert read_changes(later(1)).is_away
        branch = Machine().device.branch_id
        done = checkout(Checkout(MENG.number, BOOK, Place(branch), PinCheck.RIGHT), later(2))
        assert isinstance(done, CheckedOut)
        now = line.how_it_is()
        assert (now.is_away, now.away_since) == (True, later(1))
        assert now.age(later(30)) == 30 * MINUTE

    def test_an_unknown_card_is_told_apart_from_one_that_nobody_knows(self, centre: CardCentreService) -> None:
        centre.mode = AWAY
        assert know_card(MENG.number, "", "device:1", NOW) is Known.AWAY
        assert not Card.objects.filter(number=MENG.number).exists()
        centre.mode = WELL
        assert know_card(MENG.number, "", "device:1", later(1)) is Known.ADOPTED

    # Scenario 53
    def test_new_cards_lend_at_once_and_are_registered_in_order_and_once_on_its_return(
        self, machine: Machine, centre: CardCentreService
    ) -> None:
        centre.mode = AWAY
        first, second = machine.card(), machine.card(HE)
        report_lost(ReportLost(first.number), NOW)
        branch = machine.device.branch_id
        assert isinstance(checkout(Checkout(second.number, BOOK, Place(branch)), NOW), CheckedOut)
        assert tell_card_centre.run(NOW)["away"] == 1
        assert states() == ["waiting"] * 3
        centre.mode = WELL
        assert tell_card_centre.run(later(1))["told"] == 3
        assert tell_card_centre.run(later(2))["told"] == 0
        cards = centre.books.cards()
        assert [card.number for card in cards[:2]] == [first.number, second.number]
        assert at_centre(centre, first.number).status == "lost"

    def test_requests_stand_back_longer_and_longer(self, centre: CardCentreService, settings: Settings) -> None:
        centre.stop()
        at, pauses = NOW, []
        for _ in range(9):
            city.look_up("X", "", at)
            row = CardCentre.objects.get()
            assert row.try_after is not None
            pauses.append((row.try_after - at).total_seconds())
            at = row.try_after
        assert pauses == [5, 10, 20, 40, 80, 160, 300, 300, 300]
        assert city.look_up("X", "", at - timedelta(seconds=1)) is city.PAUSE
        row = CardCentre.objects.get()
        assert (row.failures, row.reason) == (9, "ConnectionRefusedError")
        centre.start = lambda: None  # type: ignore[method-assign]  # it stays stopped
        centre.stop = lambda: None  # type: ignore[method-assign]  # and is not stopped twice

    def test_a_lost_answer_counts_once(self, machine: Machine, centre: CardCentreService) -> None:
        """The centre took it down and we never heard: told again under the same key it is no second registration."""
        card = machine.card()
        centre.mode = Mode(loses=1.0)
        assert deliver(NOW).is_away
        assert at_centre(centre, card.number).status == "active"
        revision = at_centre(centre, card.number).revision
        centre.mode = WELL
        assert deliver(later(1)).told == 1
        assert at_centre(centre, card.number).revision == revision
        assert states() == ["done"]

    def test_a_slow_centre_is_away(self, centre: CardCentreService, settings: Settings) -> None:
        settings.SHUFANG_CARD_CENTRE_SECONDS = 0.2
        centre.mode = Mode(latency=0.6)
        assert know_card(MENG.number, "", "device:1", NOW) is Known.AWAY

    def test_an_answer_that_is_not_the_centres_is_not_believed(
        self, centre: CardCentreService, settings: Settings
    ) -> None:
        settings.SHUFANG_CARD_CENTRE_KEY = b"another key"
        answer = city.look_up(MENG.number, "", NOW)
        assert isinstance(answer, Away)
        assert "not signed" in answer.reason
        assert centre.requests == 0

    def test_a_message_over_which_the_centre_breaks_down_holds_the_others_up_for_a_while_only(
        self, machine: Machine, centre: CardCentreService
    ) -> None:
        machine.card()
        centre.mode = Mode(fails=1.0)
        at = NOW
        for _ in range(MOST_FAILURES - 1):
            assert deliver(at).is_away
            at += HOUR
        assert deliver(at).refused == 1
        assert CityConflict.objects.get().code == "centre_failed"

    def test_many_deliverers_at_once_tell_each_thing_once(self, machine: Machine, centre: CardCentreService) -> None:
        for serial in range(1, 7):
            machine.card(document("某人", date(1990, 1, serial), serial))
        before = centre.books.changes(0).read_to

        def work() -> None:
            deliver(NOW)
            connections.close_all()

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert states() == ["done"] * 6
        assert centre.books.changes(0).read_to == before + 6


class TestTheCitySays:
    def test_a_card_that_is_reported_lost_elsewhere_stops_here(self, centre: CardCentreService) -> None:
        know_card(MENG.number, "", "device:1", NOW)
        centre.books.put(replace(at_centre(centre, MENG.number), status="lost"))
        assert read_changes(later(1)).changed == 1
        assert Card.objects.get(number=MENG.number).status == "lost"
        centre.books.put(replace(at_centre(centre, MENG.number), status="active"))
        read_changes(later(2))
        assert Card.objects.get(number=MENG.number).status == "active"

    def test_our_own_card_too(self, machine: Machine, centre: CardCentreService) -> None:
        card = machine.card()
        tell_card_centre.run(NOW)
        centre.books.put(replace(at_centre(centre, card.number), status="lost"))
        tell_card_centre.run(later(1))
        card.refresh_from_db()
        assert card.status == "lost"
        assert Errand.objects.count() == 1  # what we were told is not told back

    def test_what_we_told_comes_back_as_no_news(self, machine: Machine, centre: CardCentreService) -> None:
        card = machine.card()
        report_lost(ReportLost(card.number), NOW)
        deliver(NOW)
        centre.mode = AWAY
        card_found(CardFound(card.number), later(1))  # not told yet
        centre.mode = WELL
        assert read_changes(later(2)).changed == 0
        card.refresh_from_db()
        assert card.status == "active"

    def test_a_renewal_elsewhere_is_followed(self, centre: CardCentreService) -> None:
        know_card(MENG.number, "", "device:1", NOW)
        centre.books.put(replace(at_centre(centre, MENG.number), expires_on=date(2040, 1, 1)))
        read_changes(later(1))
        assert Card.objects.get(number=MENG.number).expires_on == date(2040, 1, 1)

    def test_a_replacement_elsewhere_keeps_loans_and_person(self, centre: CardCentreService) -> None:
        know_card(MENG.number, "", "device:1", NOW)
        branch = Machine().device.branch_id
        assert isinstance(checkout(Checkout(MENG.number, BOOK, Place(branch)), NOW), CheckedOut)
        centre.books.put(replace(at_centre(centre, MENG.number), status="replaced", replaced_by="SD0000077"))
        centre.books.put(replace(MENG, number="SD0000077"))
        read_changes(later(1))
        old, new = Card.objects.get(number=MENG.number), Card.objects.get(number="SD0000077")
        assert (old.status, new.status, new.replaces_id) == ("replaced", "active", old.pk)
        assert new.patron.loans.count() == 1

    def test_many_pages_are_read_to_the_end(self, centre: CardCentreService) -> None:
        know_card(MENG.number, "", "device:1", NOW)
        for number in range(250):
            centre.books.put(replace(MENG, number=f"SD1{number:06}"))
        centre.books.put(replace(at_centre(centre, MENG.number), status="lost"))
        assert read_changes(later(1)).told == 251
        assert Card.objects.get(number=MENG.number).status == "lost"
        assert read_changes(later(2)).told == 0

    def test_a_stop_between_two_pages_loses_nothing(self, centre: CardCentreService) -> None:
        know_card(MENG.number, "", "device:1", NOW)
        centre.books.put(replace(at_centre(centre, MENG.number), status="lost"))
        CardCentre.objects.update_or_create(pk=1, defaults={"read_to": 0})
        assert [read_changes(later(1)).changed, read_changes(later(2)).changed] == [1, 0]

    def test_the_first_reading_begins_where_the_centre_stands(self, centre: CardCentreService) -> None:
        """A city has a million cards; what happened to them before concerns nobody here."""
        for number in range(250):
            centre.books.put(replace(MENG, number=f"SD1{number:06}"))
        assert read_changes(NOW).told == 0
        assert centre.requests == 1
        know_card(MENG.number, "", "device:1", NOW)
        centre.books.put(replace(at_centre(centre, MENG.number), status="lost"))
        assert read_changes(later(1)).changed == 1

    def test_a_change_before_the_first_reading_is_not_missed(self, centre: CardCentreService) -> None:
        know_card(MENG.number, "", "device:1", NOW)
        centre.books.put(replace(at_centre(centre, MENG.number), status="lost"))
        assert read_changes(later(1)).changed == 1

    def test_changes_of_cards_that_are_not_here_are_nobodys(self, centre: CardCentreService) -> None:
        assert read_changes(NOW).changed == 0
        assert not Card.objects.filter(number=MENG.number).exists()


class TestTheDayOnWhichTheCentreIsSwitchedOn:
    def test_cards_of_before_are_registered_once(self, centre: CardCentreService, settings: Settings) -> None:
        settings.SHUFANG_CARD_AUTHORITY = "local"
        machine = Machine()
        good, lost = machine.card(), machine.card(HE)
        report_lost(ReportLost(lost.number), NOW)
        held = machine.make(machine.ready(document("某人", date(1990, 1, 1), 9), "C", phone="13800000000")).number
        pay_deposit(PayDeposit(held, "cash"), NOW)
        assert not Errand.objects.exists()
        settings.SHUFANG_CARD_AUTHORITY = "centre"
        told = StringIO()
        call_command("register_cards", stdout=told)
        assert "2 cards" in told.getvalue()
        call_command("register_cards", stdout=told)
        assert tell_card_centre.run(later(1))["told"] == 3
        assert at_centre(centre, good.number).status == "active"
        assert at_centre(centre, held).deposit == Decimal(100)
        assert centre.books.look_up(lost.number) is None

    def test_with_a_local_register_there_is_nobody_to_tell(self, settings: Settings) -> None:
        with pytest.raises(CommandError, match="SHUFANG_CARD_AUTHORITY"):
            call_command("register_cards")


class TestOnePersonOneCard:
    def test_who_has_a_card_of_another_library_is_told_so(self, machine: Machine, centre: CardCentreService) -> None:
        begun = machine.begin(LIN)
        assert begun.card_id is None
        centre.books.put(replace(MENG, name="林晓", person=begun.city))
        found = look_for_person(begun.city, NOW)
        assert found.card_id == Card.objects.get(number=MENG.number).pk
        again = machine.begin(LIN)
        assert again.card_id == found.card_id  # known here from now on, also while the centre is away

    def test_away_nobody_knows(self, machine: Machine, centre: CardCentreService) -> None:
        centre.mode = AWAY
        assert look_for_person(machine.begin(LIN).city, NOW) == PersonLookedFor(is_away=True)

    # Scenario 54
    def test_a_second_card_given_during_an_outage_goes_before_staff(
        self, machine: Machine, centre: CardCentreService
    ) -> None:
        begun = machine.begin(LIN)
        centre.books.put(replace(MENG, person=begun.city))
        centre.mode = AWAY
        card = machine.card()
        report_lost(ReportLost(card.number), NOW)
        other = machine.card(HE)
        centre.mode = WELL
        done = tell_card_centre.run(later(1))
        assert (done["told"], done["refused"]) == (1, 1)
        conflict = CityConflict.objects.get()
        assert (conflict.code, conflict.card_number) == ("patron_has_card", card.number)
        assert states() == ["conflict", "waiting", "done"]  # the later errand of the same card is kept back
        assert at_centre(centre, other.number).status == "active"
        settled = settle_city_conflict(
            SettleCityConflict(conflict.pk, 1, "librarian", "the other card was closed"), later(2)
        )
        assert not isinstance(settled, Refusal)
        conflict.refresh_from_db()
        assert (conflict.card_number, conflict.settled_at) == ("", later(2))
        again = settle_city_conflict(SettleCityConflict(conflict.pk, 1), later(2))
        assert isinstance(again, Refusal)
        assert again.code == "conflict_settled"

    def test_staff_may_let_it_be_told_again(self, machine: Machine, centre: CardCentreService) -> None:
        begun = machine.begin(LIN)
        centre.books.put(replace(MENG, person=begun.city))
        centre.mode = AWAY
        card = machine.card()
        centre.mode = WELL
        tell_card_centre.run(later(1))
        centre.books.put(replace(at_centre(centre, MENG.number), status="closed"))
        settle_city_conflict(SettleCityConflict(CityConflict.objects.get().pk, 1, sends_again=True), later(2))
        assert tell_card_centre.run(later(3))["told"] == 1
        assert at_centre(centre, card.number).status == "active"

    def test_a_person_taken_in_from_elsewhere_who_comes_with_his_document_is_one_record(
        self, machine: Machine, centre: CardCentreService
    ) -> None:
        begun = machine.begin(LIN)
        centre.books.put(replace(MENG, name="林晓", person=begun.city))
        know_card(MENG.number, "", "device:1", NOW)
        Card.objects.filter(number=MENG.number).update(status="closed")
        card = machine.card()
        assert card.patron_id == Card.objects.get(number=MENG.number).patron_id
        assert card.patron.identity_hash is not None


def test_the_local_register_answers_from_its_cards(settings: Settings) -> None:
    lay_out(NOW)
    card = Machine().card()
    found = authority().look_up(card.number)
    assert isinstance(found, CityAnswer)
    assert (found.status, found.pin) == ("active", PinSaid.NOT_ASKED)
    assert isinstance(authority().look_up("NOBODY01"), NotThere)
    assert isinstance(authority().look_for(b""), NotThere)


def test_a_begun_application_tells_the_citys_hash(machine: Machine) -> None:
    begun: ApplicationBegun = machine.begin(LIN)
    assert len(begun.city) == 32
