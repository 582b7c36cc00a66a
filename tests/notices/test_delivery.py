"""Notices leave the outbox once, survive a dead mail server, and say the right thing in both languages."""

import itertools
import socket
from collections.abc import Iterator
from datetime import datetime, timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from pytest_django import Settings

from shufang.circulation.hold import HoldPlaced, PlaceHold, place_hold
from shufang.circulation.hold_queue import fulfil, trap
from shufang.circulation.models import Hold, Loan
from shufang.circulation.notice_texts import WORDS, render
from shufang.notices import code_texts
from shufang.notices.delivery import IN_DOUBT, LEASE, WAITS, Delivered, deliver, send_again
from shufang.notices.message import Message
from shufang.notices.models import Notice
from shufang.notices.outbox import TEMPLATES, put
from shufang.patrons.models import Patron
from tests.circulation.readers import DAY, NOW, ZHANG, at, branch, copy, lend, patron, settle

pytestmark = pytest.mark.django_db


class Broken(BaseEmailBackend):
    """A mail server that answers with what the test puts here, one answer a message; None takes it."""

    answers: list[Exception | None] = []
    taken: list[EmailMessage] = []

    def send_messages(self, email_messages: object) -> int:
        messages = list(email_messages) if isinstance(email_messages, list) else []
        for message in messages:
            answer = Broken.answers.pop(0) if Broken.answers else None
            if answer is not None:
                raise answer
            Broken.taken.append(message)
        return len(messages)


@pytest.fixture
def broken(settings: Settings) -> Iterator[type[Broken]]:
    settings.EMAIL_BACKEND = "tests.notices.test_delivery.Broken"
    Broken.answers, Broken.taken = [], []
    yield Broken
    Broken.answers, Broken.taken = [], []


@pytest.fixture
def dead(settings: Settings) -> Iterator[socket.socket]:
    """A real address on which nobody answers SMTP: the port is free and closed."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = free.getsockname()
        settings.EMAIL_TIMEOUT = 1
        yield free


def always(_notice: Notice, _now: datetime) -> Message | None:
    return Message("zhang@example.org", "到了", "你好", "zh-hans")


def waits(number: int = 1) -> Notice:
    put("hold_ready", "hold", number, occasion="2026-03-07", now=NOW)
    return Notice.objects.get(subject_id=number)


def test_a_notice_of_an_occasion_is_put_once() -> None:
    assert put("due_soon", "loan", 1, occasion="2026-03-07", now=NOW)
    assert not put("due_soon", "loan", 1, occasion="2026-03-07", now=NOW)
    assert put("due_soon", "loan", 1, occasion="2026-04-04", now=NOW)
    with pytest.raises(ValueError, match="no such notice"):
        put("gossip", "loan", 1, occasion="", now=NOW)


def test_what_waits_is_sent_once() -> None:
    waits()
    assert deliver("email", always, NOW) == Delivered(sent=1)
    assert deliver("email", always, NOW + DAY) == Delivered()
    (sent,) = mail.outbox
    assert (sent.to, sent.subject, sent.body) == (["zhang@example.org"], "到了", "你好")
    assert str(sent.extra_headers["Message-ID"]).startswith(f"<notice-{Notice.objects.get().pk}@")
    assert Notice.objects.get().sent_at == NOW


def test_a_dead_server_costs_no_tries_and_loses_nothing(dead: socket.socket) -> None:
    waits()
    for hour in range(20):
        assert deliver("email", always, NOW + timedelta(hours=hour)) == Delivered(down=True)
    notice = Notice.objects.get()
    assert (notice.state, notice.tries, notice.error) == ("waiting", 0, "")


def test_a_server_that_comes_back_gets_it(dead: socket.socket, settings: Settings) -> None:
    waits()
    deliver("email", always, NOW)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert deliver("email", always, NOW) == Delivered(sent=1)


def test_refused_for_now_is_tried_later_and_not_for_ever(broken: type[Broken]) -> None:
    waits()
    at_time = NOW
    for wait in WAITS:
        broken.answers = [SMTPDataError(451, b"later")]
        assert deliver("email", always, at_time) == Delivered(put_off=1)
        assert deliver("email", always, at_time + wait - timedelta(seconds=1)) == Delivered()
        at_time += wait
    broken.answers = [SMTPDataError(451, b"later")]
    assert deliver("email", always, at_time) == Delivered(failed=1)
    notice = Notice.objects.get()
    assert (notice.state, notice.tries, notice.error) == ("failed", len(WAITS) + 1, "SMTP 451")


def test_refused_for_good_is_not_tried_again(broken: type[Broken]) -> None:
    waits()
    waits(2)
    broken.answers = [SMTPRecipientsRefused({"zhang@example.org": (550, b"no such user")}), None]
    assert deliver("email", always, NOW) == Delivered(sent=1, failed=1)
    assert Notice.objects.get(state="failed").error == "SMTP 550"


@pytest.mark.parametrize("broken_line", [SMTPServerDisconnected("gone"), TimeoutError(), ConnectionResetError()])
def test_a_line_that_breaks_in_a_message_leaves_a_doubt_and_never_a_second_copy(
    broken: type[Broken], broken_line: Exception
) -> None:
    first, second = waits(), waits(2)
    broken.answers = [broken_line]
    assert deliver("email", always, NOW) == Delivered(failed=1, down=True)
    first.refresh_from_db()
    assert (first.state, first.error) == ("failed", IN_DOUBT)
    assert deliver("email", always, NOW + DAY) == Delivered(sent=1)
    second.refresh_from_db()
    assert second.state == "sent"
    assert send_again(first.pk, NOW)
    assert deliver("email", always, NOW + DAY) == Delivered(sent=1)
    assert not send_again(first.pk, NOW)


def test_a_process_that_dies_while_sending_leaves_a_doubt(broken: type[Broken]) -> None:
    notice = waits()

    def die(_notice: Notice, _now: datetime) -> Message | None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        deliver("email", die, NOW)
    assert deliver("email", always, NOW + timedelta(minutes=1)) == Delivered()
    assert deliver("email", always, NOW + LEASE) == Delivered(failed=1)
    notice.refresh_from_db()
    assert (notice.state, notice.error, broken.taken) == ("failed", IN_DOUBT, [])


def test_nothing_is_sent_where_no_server_is_set_up(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    waits()
    assert deliver("email", always, NOW) == Delivered()
    assert Notice.objects.get().state == "waiting"
    assert capsys.readouterr().out == ""


def test_an_unknown_channel_is_an_error() -> None:
    with pytest.raises(KeyError):
        deliver("pigeon", always, NOW)


def of_hold(language: str = "zh-hans") -> tuple[Hold, Notice]:
    settle()
    Patron.objects.update(language=language)
    item = copy("H1")
    placed = place_hold(PlaceHold(ZHANG, at("GMD"), title_id=item.title_id), NOW)
    assert isinstance(placed, HoldPlaced)
    trap(item.pk, branch("GMD").pk, is_attended=True, now=NOW)
    return Hold.objects.get(), Notice.objects.get()


@pytest.mark.parametrize(
    ("language", "subject", "day"),
    [
        ("zh-hans", "《三体》到了，在高米店城市书房等你", "3月7日"),
        ("en", "“三体” is ready at Gaomidian City Study", "7 March"),
    ],
)
def test_the_words_of_a_ready_hold(language: str, subject: str, day: str) -> None:
    _, notice = of_hold(language)
    message = render(notice, NOW)
    assert message is not None
    assert (message.to, message.subject, message.language) == (patron(ZHANG).email, subject, language)
    assert day in message.body


def test_a_hold_that_has_ended_is_not_told_of() -> None:
    hold, notice = of_hold()
    assert render(notice, NOW + 5 * DAY) is None
    fulfil(hold.pk, NOW)
    assert render(notice, NOW) is None
    assert deliver("email", render, NOW) == Delivered(dropped=1)


def test_who_has_no_address_is_not_written_to() -> None:
    _, notice = of_hold()
    Patron.objects.update(email="")
    assert render(notice, NOW) is None


def test_a_loans_notice_follows_its_due_date() -> None:
    settle()
    loan = lend(copy("H1"), ZHANG)
    put("due_soon", "loan", loan.pk, occasion="2026-04-15", now=NOW)
    put("overdue", "loan", loan.pk, occasion="2026-04-15+1", now=NOW)
    soon, late = Notice.objects.order_by("id")
    assert render(soon, NOW) is not None
    assert render(late, NOW) is None
    assert render(soon, NOW + 43 * DAY) is None
    assert render(late, NOW + 43 * DAY) is not None
    Loan.objects.update(due_at=NOW + 70 * DAY)
    assert render(soon, NOW) is None


def test_every_notice_has_words_in_both_languages() -> None:
    languages = [language for language, _ in Patron.Language.choices]
    assert set(WORDS) | set(code_texts.WORDS) == set(itertools.product(TEMPLATES, languages))
