"""Getting a card at a machine: every step, what it refuses, and that nothing is left half done."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from shufang.demo import network
from shufang.kernel.refusal import Refusal
from shufang.money.deposits import DepositPaid, PayDeposit, pay_deposit
from shufang.patrons.models import Card, Guardianship, Patron
from shufang.patrons.pin import check_pin
from shufang.patrons.pin_check import PinCheck
from shufang.registration.get_card.agree import Agree, agree
from shufang.registration.get_card.applications import Lacks, lacks
from shufang.registration.get_card.begin import BeginApplication, begin_application
from shufang.registration.get_card.choose_kind import ChooseKind, choose_kind, offers_for
from shufang.registration.get_card.choose_pin import ChoosePin, PinChosen, choose_pin
from shufang.registration.get_card.finish_card import CardFinished, CardPrinted, FinishCard, card_printed, finish_card
from shufang.registration.get_card.give_contact import ContactGiven, GiveContact, give_contact
from shufang.registration.get_card.give_up import GivenUp, GiveUp, Left, give_up
from shufang.registration.get_card.make_card import CardMade, MakeCard, make_card
from shufang.registration.get_card.name_guardian import GuardianNamed, NameGuardian, name_guardian
from shufang.registration.get_card.replace_lost import LostReplaced, ReplaceLost, replace_lost
from shufang.registration.models import Application, CardOffer, NumberRange, ShownDocument, Terms, TermsAgreed
from shufang.registration.report_lost import ReportLost, report_lost
from tests.registration.machine import BOY, LIN, MOTHER, NOW, PIN, VISITOR, Machine, document

pytestmark = pytest.mark.django_db


@pytest.fixture
def machine() -> Machine:
    network.lay_out(NOW)
    return Machine()


def code(done: object) -> str:
    assert isinstance(done, Refusal), done
    return done.code


def test_a_newcomer_gets_a_card_that_lends_at_once(machine: Machine) -> None:
    visit = machine.new_visit()
    begun = machine.begin(LIN, visit)
    steps = []
    for step in (
        lambda: machine.agree(begun.application_id),
        lambda: machine.choose(begun.application_id, phone="138 0000 0000"),
        lambda: choose_pin(ChoosePin(begun.application_id, PIN, PIN), NOW),
        lambda: machine.make(begun.application_id),
    ):
        application = machine.application(visit)
        assert application is not None
        steps.append(lacks(application, NOW.date()))
        step()
    assert steps == [Lacks.TERMS, Lacks.KIND, Lacks.PIN, Lacks.CARD]
    card = Card.objects.select_related("patron", "kind").get()
    assert (card.number, card.status, card.kind.code) == ("D5000001", Card.Status.ACTIVE, "adult")
    assert (card.patron.name, card.patron.phone, card.patron.birth_date) == ("林晓", "13800000000", date(1994, 7, 3))
    assert card.issued_branch_id == machine.device.branch_id
    assert check_pin(card.number, PIN, "device:1", NOW) is PinCheck.RIGHT
    agreed = TermsAgreed.objects.filter(patron=card.patron).values_list("terms__kind", "terms__version", "at")
    assert set(agreed) == {("reader", "2026-01", NOW), ("privacy", "2026-01", NOW)}


def test_of_the_document_only_hash_and_mask_are_kept(machine: Machine) -> None:
    card = machine.card()
    assert card.patron.identity_mask == "110*************" + LIN.number[-2:]
    for model in (Patron, Application, ShownDocument):
        for row in model.objects.values():
            assert not any(LIN.number[6:14] in str(value) and "-" not in str(value) for value in row.values()), row
            assert not any(LIN.number in str(value) for value in row.values())


@pytest.mark.parametrize(
    ("read", "refused"),
    [
        (replace(LIN, number="110115199407030010"), "document_invalid"),
        (replace(LIN, number=""), "document_invalid"),
        (replace(VISITOR, number="E1"), "document_invalid"),
        (replace(LIN, valid_until=date(2026, 3, 1)), "document_expired"),
        (replace(LIN, name=" "), "document_unreadable"),
        (replace(VISITOR, birth_date=None), "document_unreadable"),
        (replace(VISITOR, birth_date=date(2026, 3, 3)), "document_unreadable"),
        (replace(VISITOR, birth_date=date(1850, 3, 3)), "document_unreadable"),
    ],
)
def test_a_document_that_cannot_be_relied_on_is_refused(machine: Machine, read: object, refused: str) -> None:
    assert machine.refused(read) == refused  # type: ignore[arg-type]  # parametrised
    assert not Application.objects.exists()
    assert not ShownDocument.objects.exists()


def test_the_birth_date_is_that_of_the_number(machine: Machine) -> None:
    machine.begin(replace(LIN, birth_date=date(2001, 1, 1)))
    assert ShownDocument.objects.get().birth_date == date(1994, 7, 3)


def test_a_passport_will_do(machine: Machine) -> None:
    card = machine.card(VISITOR)
    assert (card.patron.identity_kind, card.patron.name) == ("passport", "ANNA BAKER")


def test_terms_are_those_in_force_and_all_of_them(machine: Machine) -> None:
    begun = machine.begin(LIN)
    reader, privacy = Terms.objects.get(kind="reader"), Terms.objects.get(kind="privacy")
    assert code(agree(Agree(begun.application_id, frozenset({reader.pk})), NOW)) == "terms_not_agreed"
    newer = Terms.objects.create(
        kind="privacy",
        version="2026-03",
        valid_from=date(2026, 3, 2),
        heading="个人信息",
        heading_en="Privacy",
        summary="新的",
        summary_en="new",
        text="新",
        text_en="new",
    )
    assert code(agree(Agree(begun.application_id, frozenset({reader.pk, privacy.pk})), NOW)) == "terms_not_agreed"
    assert agree(Agree(begun.application_id, frozenset({reader.pk, newer.pk})), NOW)
    machine.choose(begun.application_id)
    choose_pin(ChoosePin(begun.application_id, PIN, PIN), NOW)
    machine.make(begun.application_id)
    assert set(TermsAgreed.objects.values_list("terms__version", flat=True)) == {"2026-01", "2026-03"}


def test_kinds_on_offer_follow_the_age(machine: Machine) -> None:
    library_id = machine.device.branch.library_id

    def kinds(born: date) -> list[str]:
        return [offer.kind.code for offer in offers_for(library_id, born, NOW.date())]

    assert kinds(date(1994, 7, 3)) == ["adult", "C", "A"]
    assert kinds(date(2017, 5, 20)) == ["child", "A"]
    assert kinds(date(2011, 5, 20)) == ["child", "adult", "C", "A"]


def test_what_choosing_refuses(machine: Machine) -> None:
    begun = machine.begin(LIN)

    def chosen(kind: str) -> str:
        return code(choose_kind(ChooseKind(begun.application_id, CardOffer.objects.get(kind__code=kind).pk), NOW))

    assert chosen("child") == "card_kind_too_old"
    CardOffer.objects.filter(kind__code="C").update(is_enabled=False)
    assert chosen("C") == "card_kind_unknown"


def test_how_one_can_be_reached_is_asked_for_as_the_kind_says(machine: Machine) -> None:
    visit = machine.new_visit()
    begun = machine.begin(LIN, visit)
    machine.agree(begun.application_id)

    def comes_next(kind: str) -> Lacks:
        choose_kind(ChooseKind(begun.application_id, CardOffer.objects.get(kind__code=kind).pk), NOW)
        application = machine.application(visit)
        assert application is not None
        return lacks(application, NOW.date())

    assert code(give_contact(GiveContact(begun.application_id), NOW)) == "application_incomplete"
    assert comes_next("A") is Lacks.PIN
    assert comes_next("C") is Lacks.CONTACT
    assert code(give_contact(GiveContact(begun.application_id), NOW)) == "contact_missing"
    assert code(give_contact(GiveContact(begun.application_id, "12"), NOW)) == "phone_invalid"
    assert code(give_contact(GiveContact(begun.application_id, "", "nobody"), NOW)) == "email_invalid"
    assert comes_next("adult") is Lacks.CONTACT
    assert give_contact(GiveContact(begun.application_id), NOW) == ContactGiven(can_be_reached=False)
    assert comes_next("adult") is Lacks.PIN


def test_a_childs_card_that_ran_out_is_no_card_of_a_grown_up(machine: Machine) -> None:
    card = machine.card()
    Application.objects.all().delete()
    Card.objects.update(status=Card.Status.EXPIRED)
    assert machine.begin(LIN).card_id == card.pk
    Card.objects.update(kind=CardOffer.objects.get(kind__code="child").kind)
    assert machine.begin(LIN).card_id is None


@pytest.mark.parametrize(
    ("pin", "again", "refused"),
    [
        ("000000", "000000", "pin_too_simple"),
        ("123456", "123456", "pin_too_simple"),
        ("121212", "121212", "pin_too_simple"),
        ("123123", "123123", "pin_too_simple"),
        ("940703", "940703", "pin_too_simple"),  # the birth date
        ("12345", "12345", "pin_invalid"),
        ("24681x", "24681x", "pin_invalid"),
        ("246813", "246831", "pin_differs"),
    ],
)
def test_pins_that_are_refused(machine: Machine, pin: str, again: str, refused: str) -> None:
    begun = machine.begin(LIN)
    assert code(choose_pin(ChoosePin(begun.application_id, pin, again), NOW)) == refused


# Scenario 47
def test_a_minor_comes_with_an_adults_card_and_pin(machine: Machine) -> None:
    mother = machine.card(MOTHER)
    begun = machine.begin(BOY)
    machine.agree(begun.application_id)
    machine.choose(begun.application_id, "child")
    choose_pin(ChoosePin(begun.application_id, PIN, PIN), NOW)
    assert code(make_card(MakeCard(begun.application_id), NOW)) == "application_incomplete"

    def named(**more: object) -> object:
        command = NameGuardian(begun.application_id, "mother", mother.number, PinCheck.RIGHT)
        return name_guardian(replace(command, **more), NOW)  # type: ignore[arg-type]  # checked by the dataclass

    assert code(named(pin=PinCheck.WRONG)) == "pin_wrong"
    assert code(named(pin=PinCheck.NOT_ASKED)) == "pin_wrong"
    assert code(named(pin=PinCheck.LOCKED)) == "pin_locked"
    assert code(named(card_number="D9999999")) == "card_unknown"
    assert code(named(relation="")) == "relation_missing"
    report_lost(ReportLost(mother.number), NOW)
    assert code(named()) == "card_lost"
    Card.objects.filter(pk=mother.pk).update(status=Card.Status.ACTIVE)
    assert isinstance(named(), GuardianNamed)
    card = machine.make(begun.application_id)
    kept = Guardianship.objects.get(minor__cards=card.card_id)
    assert (kept.guardian_id, kept.relation) == (mother.patron_id, "母亲")
    agreed = TermsAgreed.objects.filter(patron__cards=card.card_id)
    assert set(agreed.values_list("terms__kind", "by_guardian")) == {
        (kind, mother.patron_id) for kind in ("reader", "privacy", "minor")
    }


def test_an_adult_without_a_card_answers_with_his_document(machine: Machine) -> None:
    begun = machine.begin(BOY)
    machine.agree(begun.application_id)
    machine.choose(begun.application_id, "child")
    choose_pin(ChoosePin(begun.application_id, PIN, PIN), NOW)
    by_document = NameGuardian(begun.application_id, "mother", document=MOTHER)
    assert code(name_guardian(replace(by_document, document=BOY), NOW)) == "guardian_is_self"
    sister = document("林小美", date(2010, 1, 1), 7)
    assert code(name_guardian(replace(by_document, document=sister), NOW)) == "guardian_is_minor"
    assert name_guardian(by_document, NOW) == GuardianNamed(None)
    machine.make(begun.application_id)
    guardian = Guardianship.objects.get().guardian
    assert (guardian.name, guardian.cards.count(), guardian.identity_kind) == ("林秋", 0, "resident")
    own = machine.card(MOTHER)
    assert own.patron_id == guardian.pk  # one person, one record


def test_a_card_with_a_deposit_lends_once_it_is_paid(machine: Machine) -> None:
    application_id = machine.ready(kind="C", phone="13800000000")
    made = machine.make(application_id)
    assert made.deposit_due == Decimal(100)
    assert code(finish_card(FinishCard(application_id), NOW)) == "deposit_missing"
    assert isinstance(pay_deposit(PayDeposit(made.number, "simulator"), NOW), DepositPaid)
    assert finish_card(FinishCard(application_id), NOW) == CardFinished(made.card_id)
    assert finish_card(FinishCard(application_id), NOW) == CardFinished(made.card_id)
    assert Card.objects.get().status == Card.Status.ACTIVE


def test_a_card_is_made_once_however_often_the_button_is_touched(machine: Machine) -> None:
    application_id = machine.ready()
    first = machine.make(application_id)
    assert machine.make(application_id) == first
    assert Card.objects.count() == 1
    assert NumberRange.objects.get().next_number == 5_000_002


def test_one_person_one_card_at_two_machines(machine: Machine) -> None:
    other = Machine("gmd-2")
    here, there = machine.ready(), other.ready()
    assert isinstance(make_card(MakeCard(here), NOW), CardMade)
    assert code(make_card(MakeCard(there), NOW)) == "patron_has_card"
    assert NumberRange.objects.get().next_number == 5_000_002  # the refused one took no number


def test_without_numbers_nothing_is_made(machine: Machine) -> None:
    NumberRange.objects.all().delete()
    application_id = machine.ready()
    assert code(make_card(MakeCard(application_id), NOW)) == "numbers_used_up"
    assert not Patron.objects.exists()


def test_who_has_a_card_is_told_so(machine: Machine) -> None:
    card = machine.card()
    again = machine.begin(LIN)
    assert (again.card_id, again.is_resumed) == (card.pk, False)
    give_up(GiveUp(again.application_id, for_good=True), NOW)
    assert machine.begin(LIN).card_id == card.pk
    report_lost(ReportLost(card.number), NOW)
    assert machine.begin(LIN).card_id == card.pk
    assert machine.begin(MOTHER).card_id is None


def test_a_lost_card_is_replaced_at_once_with_all_that_hangs_on_it(machine: Machine) -> None:
    card = machine.card()
    Application.objects.all().delete()
    begun = machine.begin(LIN)
    done = replace_lost(ReplaceLost(begun.application_id, wants_print=True), NOW)
    assert isinstance(done, LostReplaced)
    assert (done.number, done.fee) == ("D5000002", Decimal(10))
    assert replace_lost(ReplaceLost(begun.application_id), NOW) == done
    card.refresh_from_db()
    new = Card.objects.get(pk=done.card_id)
    assert (card.status, new.status, new.replaces_id) == (Card.Status.REPLACED, Card.Status.ACTIVE, card.pk)
    assert card.patron.charges.get().amount == Decimal(10)
    assert check_pin(new.number, PIN, "device:1", NOW) is PinCheck.RIGHT


def test_a_card_of_another_library_is_not_replaced_here(machine: Machine) -> None:
    elsewhere = Machine("dx-1")
    card = machine.card()
    Card.objects.filter(pk=card.pk).update(library=_capital())
    Application.objects.all().delete()
    begun = elsewhere.begin(LIN)
    assert code(replace_lost(ReplaceLost(begun.application_id), NOW)) == "card_of_another_library"
    card.refresh_from_db()
    assert card.status == Card.Status.ACTIVE


def _capital() -> object:
    from shufang.branches.models import Library

    return Library.objects.get(code="SD")


def test_who_walks_off_before_the_card_leaves_nothing(machine: Machine) -> None:
    visit = machine.new_visit()
    begun = machine.begin(LIN, visit)
    machine.agree(begun.application_id)
    assert give_up(GiveUp(begun.application_id), NOW) == GivenUp(Left.NOTHING)
    assert machine.application(visit) is None
    assert not any(model.objects.exists() for model in (Application, ShownDocument, Patron, Card))
    assert code(give_up(GiveUp(begun.application_id), NOW)) == "application_over"


def test_who_walks_off_before_paying_is_waited_for_and_then_forgotten(machine: Machine) -> None:
    visit = machine.new_visit()
    begun = machine.begin(LIN, visit)
    machine.agree(begun.application_id)
    machine.choose(begun.application_id, "C", phone="13800000000")
    choose_pin(ChoosePin(begun.application_id, PIN, PIN), NOW)
    machine.make(begun.application_id)
    assert give_up(GiveUp(begun.application_id), NOW) == GivenUp(Left.WAITING)
    assert machine.application(visit) is None  # the next person finds nothing of him
    assert give_up(GiveUp(begun.application_id, for_good=True), NOW) == GivenUp(Left.ENDED)
    card = Card.objects.select_related("patron").get()
    assert (card.number, card.status) == ("D5000001", Card.Status.CLOSED)
    assert (card.patron.name, card.patron.phone, card.patron.identity_hash) == ("-", "", None)
    assert not Application.objects.exists()
    assert not ShownDocument.objects.exists()
    assert not TermsAgreed.objects.exists()
    assert machine.card().number == "D5000002"


def test_who_comes_back_with_his_document_goes_on_where_he_left(machine: Machine) -> None:
    application_id = machine.ready(kind="C", phone="13800000000")
    made = machine.make(application_id)
    give_up(GiveUp(application_id), NOW)
    pay_deposit(PayDeposit(made.number, "simulator"), NOW)  # on his phone, on the way home
    again = Machine("gmd-2").begin(LIN)
    assert (again.application_id, again.is_resumed) == (application_id, True)
    assert isinstance(finish_card(FinishCard(application_id), NOW), CardFinished)


def test_who_has_paid_and_walked_off_has_his_card(machine: Machine) -> None:
    application_id = machine.ready(kind="C", phone="13800000000", wants_print=True)
    made = machine.make(application_id)
    pay_deposit(PayDeposit(made.number, "simulator"), NOW)
    assert give_up(GiveUp(application_id), NOW) == GivenUp(Left.TO_BE_PRINTED)
    assert Card.objects.get().status == Card.Status.ACTIVE
    assert machine.begin(LIN).is_resumed
    assert isinstance(card_printed(CardPrinted(application_id), NOW), CardFinished)
    assert give_up(GiveUp(application_id), NOW) == GivenUp(Left.FINISHED)
    assert not Application.objects.exists()


def test_a_replacement_that_waits_for_its_deposit_is_never_ended(machine: Machine) -> None:
    """Its patron has more here than this card."""
    card = machine.card()
    Application.objects.all().delete()
    Card.objects.filter(pk=card.pk).update(kind=CardOffer.objects.get(kind__code="C").kind)
    begun = machine.begin(LIN)
    assert isinstance(replace_lost(ReplaceLost(begun.application_id), NOW), LostReplaced)
    assert give_up(GiveUp(begun.application_id, for_good=True), NOW) == GivenUp(Left.FINISHED)
    assert set(Card.objects.values_list("status", flat=True)) == {"replaced", "issued"}
    assert Patron.objects.get().closed_at is None


def test_somebody_who_was_here_before_is_not_forgotten_with_the_card_he_did_not_pay(machine: Machine) -> None:
    card = machine.card()
    Application.objects.all().delete()
    report_lost(ReportLost(card.number), NOW)
    Card.objects.update(status=Card.Status.CLOSED)
    machine.now += timedelta(days=1)
    application_id = machine.ready(kind="C", phone="13800000001")
    machine.make(application_id)
    assert give_up(GiveUp(application_id, for_good=True), machine.now) == GivenUp(Left.ENDED)
    patron = Patron.objects.get()
    assert (patron.name, patron.closed_at) == ("林晓", machine.now)


def test_a_visit_finds_its_own_application_alone(machine: Machine) -> None:
    mine, hers = machine.new_visit(), machine.new_visit()
    machine.begin(LIN, mine)
    machine.begin(MOTHER, hers)
    here = machine.application(mine)
    assert here is not None
    assert here.document.name == "林晓"
    assert machine.application("") is None
    assert Machine("gmd-2").application(mine) is None


def test_a_second_document_in_the_same_visit_begins_anew(machine: Machine) -> None:
    visit = machine.new_visit()
    machine.begin(LIN, visit)
    machine.begin(MOTHER, visit)
    assert ShownDocument.objects.get().name == "林秋"
    application = machine.application(visit)
    assert application is not None
    machine.agree(application.pk)
    machine.choose(application.pk)
    assert isinstance(choose_pin(ChoosePin(application.pk, PIN, PIN), NOW), PinChosen)
    machine.make(application.pk)
    done = begin_application(BeginApplication(machine.device.pk, visit, LIN), NOW)
    assert code(done) == "application_open"
