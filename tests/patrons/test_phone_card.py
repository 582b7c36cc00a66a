"""The card on the phone: read once, for a minute, while card and session stand; a database alone makes no code."""

import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from django.core import serializers
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from shufang.branches.models import OnceKey
from shufang.jobs import erase_phone_cards, erase_replies
from shufang.kernel.refusal import Refusal
from shufang.patrons import sessions
from shufang.patrons.models import Card, Patron, PatronSession, PhoneCard
from shufang.patrons.phone_card import (
    USED_KEPT,
    ShownOffline,
    code_for,
    phone_card,
    read_code,
    read_code_later,
    secret_of,
)
from shufang.patrons.phone_code import make_code, step_of
from shufang.patrons.pin import set_pin
from tests.circulation.readers import DUODUO, WANG, ZHANG, patron, settle

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
"""The beginning of a step."""
SECOND = timedelta(seconds=1)


def phone(number: str = ZHANG, now: datetime = NOW) -> PhoneCard:
    """Sign a reader in on one more own phone and return its card."""
    sessions.start(patron(number), now, is_own_device=True)
    session = PatronSession.objects.latest("pk")
    found = phone_card(session.pk, number, now)
    assert found is not None
    return found


def refused(code: str, now: datetime = NOW) -> str:
    answer = read_code(code, now)
    assert isinstance(answer, Refusal), answer
    return answer.code


@pytest.fixture
def shown(db: None) -> PhoneCard:
    """张伟's phone."""
    settle()
    return phone()


def test_a_code_is_read_as_the_number_of_its_card(shown: PhoneCard) -> None:
    assert read_code(code_for(shown, NOW), NOW) == ZHANG
    assert read_code(f"\n{code_for(shown, NOW + 30 * SECOND)} ", NOW + 30 * SECOND) == ZHANG


def test_reading_is_two_queries_and_one_statement(shown: PhoneCard) -> None:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert read_code(code_for(shown, NOW), NOW) == ZHANG
    said = [query["sql"] for query in queries if not query["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN"))]
    assert len(said) == 3


# Scenario 39
def test_a_code_is_accepted_once_and_another_phone_of_the_same_card_has_its_own(shown: PhoneCard) -> None:
    code = code_for(shown, NOW)
    assert read_code(code, NOW) == ZHANG
    assert refused(code, NOW + SECOND) == "phone_code_used"
    assert read_code(code_for(phone(), NOW), NOW + SECOND) == ZHANG


@pytest.mark.parametrize(
    ("seconds", "answer"),
    [
        (-31, "phone_clock_ahead"),
        (-30, ZHANG),
        (0, ZHANG),
        (29, ZHANG),
        (59, ZHANG),
        (60, "phone_code_old"),
        (3600, "phone_code_old"),
        (-600, "phone_clock_ahead"),
    ],
)
def test_a_clock_may_be_one_step_aside_and_a_code_is_refused_after_sixty_seconds(
    shown: PhoneCard, seconds: int, answer: str
) -> None:
    found = read_code(code_for(shown, NOW), NOW + seconds * SECOND)
    assert (found.code if isinstance(found, Refusal) else found) == answer


def test_how_far_a_clock_is_ahead_is_told(shown: PhoneCard) -> None:
    found = read_code(code_for(shown, NOW + timedelta(minutes=7)), NOW)
    assert found == Refusal("phone_clock_ahead", {"minutes": 7})


def test_a_refused_code_is_not_used_up(shown: PhoneCard) -> None:
    code = code_for(shown, NOW)
    assert refused(code, NOW + 90 * SECOND) == "phone_code_old"
    Card.objects.filter(number=ZHANG).update(status=Card.Status.LOST)
    assert refused(code) == "card_lost"
    Card.objects.filter(number=ZHANG).update(status=Card.Status.ACTIVE)
    assert read_code(code, NOW) == ZHANG


def test_an_unknown_phone_and_a_wrong_signature_are_told_alike(shown: PhoneCard) -> None:
    assert refused(make_code("1" * 18, secret_of(shown), step_of(NOW))) == "phone_code_unknown"
    assert refused(make_code(shown.handle, bytes(32), step_of(NOW))) == "phone_code_unknown"
    assert refused("D0000001") == "phone_code_unknown"


@pytest.mark.parametrize("status", [Card.Status.LOST, Card.Status.REPLACED, Card.Status.CLOSED, Card.Status.EXPIRED])
def test_a_card_that_ends_stops_its_phones_at_once(shown: PhoneCard, status: Card.Status) -> None:
    Card.objects.filter(number=ZHANG).update(status=status)
    assert refused(code_for(shown, NOW)) == f"card_{status.value}"


def test_a_card_past_its_last_day_is_expired_before_the_job_says_so(shown: PhoneCard) -> None:
    Card.objects.filter(number=ZHANG).update(expires_on=NOW.date() - timedelta(days=1))
    assert refused(code_for(shown, NOW)) == "card_expired"


def test_signing_out_stops_this_phone_and_no_other(shown: PhoneCard) -> None:
    other = phone()
    assert shown.session_id is not None
    assert sessions.end(patron(ZHANG).pk, shown.session_id)
    assert refused(code_for(shown, NOW)) == "phone_code_ended"
    assert read_code(code_for(other, NOW), NOW) == ZHANG
    sessions.end_all(patron(ZHANG).pk)
    assert refused(code_for(other, NOW + 30 * SECOND), NOW + 30 * SECOND) == "phone_code_ended"


def test_another_pin_and_long_disuse_end_it_too(shown: PhoneCard) -> None:
    later = NOW + timedelta(days=91)
    assert refused(code_for(shown, later), later) == "phone_code_ended"
    assert set_pin(patron(ZHANG), "280461") is None
    assert refused(code_for(shown, NOW)) == "phone_code_ended"


def test_a_session_has_one_handle_for_a_card_and_none_for_anothers(shown: PhoneCard) -> None:
    assert shown.session_id is not None
    again = phone_card(shown.session_id, ZHANG, NOW + timedelta(days=1))
    assert again is not None
    assert (again.pk, secret_of(again)) == (shown.pk, secret_of(shown))
    assert phone_card(shown.session_id, WANG, NOW) is None
    assert phone_card(shown.session_id, "T9999", NOW) is None
    assert secret_of(phone(DUODUO)) != secret_of(shown)


def test_another_card_in_the_row_makes_another_secret(shown: PhoneCard) -> None:
    """Who can write to the database cannot turn his phone's codes into another reader's."""
    code = code_for(shown, NOW)
    PhoneCard.objects.filter(pk=shown.pk).update(card=Card.objects.get(number=WANG))
    assert refused(code) == "phone_code_unknown"


def test_nothing_in_the_database_is_the_secret_or_a_used_code(shown: PhoneCard) -> None:
    code = code_for(shown, NOW)
    assert read_code(code, NOW) == ZHANG
    rows = [*PhoneCard.objects.all(), *OnceKey.objects.all(), *PatronSession.objects.all()]
    kept = serializers.serialize("json", rows)
    assert shown.handle in kept
    for secret in (secret_of(shown).hex(), code, code[-18:], code[-26:-18]):
        assert secret not in kept
    assert len(json.loads(kept)) == 3


def test_a_transaction_that_is_undone_undoes_the_use(shown: PhoneCard) -> None:
    code = code_for(shown, NOW)
    with transaction.atomic():
        assert read_code(code, NOW) == ZHANG
        transaction.set_rollback(True)
    assert not OnceKey.objects.exists()


def at_once(work: Callable[[], str]) -> list[str]:
    """Do it in four threads that begin together."""
    ready = threading.Barrier(4)
    answers: list[str] = []

    def one() -> None:
        try:
            ready.wait(30)
            answers.append(work())
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return sorted(answers)


@pytest.mark.django_db(transaction=True)
def test_two_devices_at_once_accept_a_code_once() -> None:
    settle()
    shown = phone()

    def scan(now: datetime) -> str:
        found = read_code(code_for(shown, now), now)
        return found.code if isinstance(found, Refusal) else found

    for turn in range(10):
        assert at_once(partial(scan, NOW + turn * 30 * SECOND)) == [ZHANG, *["phone_code_used"] * 3]


@pytest.mark.django_db(transaction=True)
def test_a_phone_that_asks_twice_at_once_gets_one_handle() -> None:
    settle()
    sessions.start(patron(ZHANG), NOW)
    session = PatronSession.objects.get().pk

    def ask() -> str:
        found = phone_card(session, ZHANG, NOW)
        assert found is not None
        return found.handle

    handles = at_once(ask)
    assert len(handles) == 4
    assert len(set(handles)) == 1


class TestReadWhileTheLineWasDown:
    """A kiosk keeps what it read and hands it in when the line is back."""

    def test_it_is_read_for_the_time_at_which_it_was_shown(self, shown: PhoneCard) -> None:
        code = code_for(shown, NOW)
        later = NOW + timedelta(hours=9)
        assert read_code_later(code, NOW + 20 * SECOND, later) == ShownOffline(ZHANG)
        assert read_code_later(code, NOW - 61 * SECOND, later) == Refusal("phone_clock_ahead", {"minutes": 1})
        assert read_code_later(code[:-1] + "x", NOW, later) == Refusal("phone_code_unknown")

    def test_books_may_be_laid_down_for_half_an_hour_after_the_code_was_shown(self, shown: PhoneCard) -> None:
        code, later = code_for(shown, NOW), NOW + timedelta(hours=9)
        book = NOW + timedelta(minutes=30, seconds=59)
        assert read_code_later(code, book, later) == ShownOffline(ZHANG)
        assert read_code_later(code, book + SECOND, later) == Refusal("phone_code_old")

    def test_repeats_are_told_wherever_the_first_was(self, shown: PhoneCard) -> None:
        code = code_for(shown, NOW)
        assert read_code(code, NOW) == ZHANG
        later = NOW + timedelta(days=6)
        assert read_code_later(code, NOW, later) == ShownOffline(ZHANG, "phone_code_used")
        second = code_for(shown, NOW + 30 * SECOND)
        assert read_code_later(second, NOW + 30 * SECOND, later) == ShownOffline(ZHANG)
        assert read_code_later(second, NOW + 30 * SECOND, later) == ShownOffline(ZHANG, "phone_code_used")
        assert refused(second, NOW + 31 * SECOND) == "phone_code_used"

    def test_a_phone_signed_out_since_is_still_known_and_one_signed_out_before_is_told(self, shown: PhoneCard) -> None:
        sessions.end_all(patron(ZHANG).pk)
        assert erase_phone_cards.run(NOW + timedelta(hours=1)) == {"ended": 1, "erased": 0}
        later = NOW + timedelta(hours=9)
        assert read_code_later(code_for(shown, NOW), NOW, later) == ShownOffline(ZHANG)
        after = NOW + timedelta(hours=2)
        assert read_code_later(code_for(shown, after), after, later) == ShownOffline(ZHANG, "phone_code_ended")

    def test_it_is_forgotten_when_no_queue_can_name_it_any_more(self, shown: PhoneCard) -> None:
        assert read_code(code_for(shown, NOW), NOW) == ZHANG
        sessions.end_all(patron(ZHANG).pk)
        erase_phone_cards.run(NOW)
        assert erase_phone_cards.run(NOW + USED_KEPT)["erased"] == 0
        assert erase_phone_cards.run(NOW + USED_KEPT + SECOND)["erased"] == 1
        assert erase_replies.run(NOW + USED_KEPT + SECOND)["keys"] == 1
        assert not PhoneCard.objects.exists()


def test_a_patron_can_be_deleted_with_his_phones(shown: PhoneCard) -> None:
    Card.objects.filter(number=ZHANG).delete()
    Patron.objects.filter(pk=shown.card.patron_id).delete()
    assert not PhoneCard.objects.exists()
