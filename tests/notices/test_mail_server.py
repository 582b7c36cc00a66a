"""Delivery against a mail server that really speaks SMTP (RFC 5321) on a loopback port, and misbehaves as told."""

import socket
import threading
from collections.abc import Iterator
from datetime import datetime
from email import message_from_bytes, policy
from io import BufferedRWPair

import pytest
from pytest_django import Settings

from shufang.notices.delivery import IN_DOUBT, Delivered, deliver
from shufang.notices.message import Message
from shufang.notices.models import Notice
from shufang.notices.outbox import put
from tests.circulation.readers import DAY, NOW

pytestmark = pytest.mark.django_db


class MailServer(threading.Thread):
    """One connection after the other; `manner` says what happens at the end of DATA or at the greeting."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.door = socket.create_server(("127.0.0.1", 0))
        self.manner = "takes"
        self.mails: list[bytes] = []
        self.start()

    def run(self) -> None:
        while True:
            try:
                line, _ = self.door.accept()
            except OSError:
                return
            with line, line.makefile("rwb") as talk:
                try:
                    self._talk(talk)
                except OSError:
                    continue

    def _talk(self, talk: BufferedRWPair) -> None:
        def say(text: str) -> None:
            talk.write(text.encode() + b"\r\n")
            talk.flush()

        if self.manner == "silent":
            talk.readline()
            return
        say("220 test")
        for command in iter(talk.readline, b""):
            word = command[:4].upper()
            if word == b"DATA":
                say("354 go on")
                self.mails.append(b"".join(iter(talk.readline, b".\r\n")))
                if self.manner == "dies after the message":
                    return
                say("250 taken")
            elif word == b"RCPT" and self.manner == "knows nobody":
                say("550 no such user")
            elif word == b"QUIT":
                say("221 bye")
                return
            else:
                say("250 test")


@pytest.fixture
def server(settings: Settings) -> Iterator[MailServer]:
    running = MailServer()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = running.door.getsockname()
    settings.EMAIL_TIMEOUT = 1
    settings.DEFAULT_FROM_EMAIL = "阅读大兴 <library@example.org>"
    yield running
    running.door.close()


def render(_notice: Notice, _now: datetime) -> Message | None:
    return Message("zhang@example.org", "《三体》\n到了", "在高米店城市书房等你", "zh-hans")


def waiting(number: int = 1) -> Notice:
    put("hold_ready", "hold", number, occasion="2026-03-07", now=NOW)
    return Notice.objects.get(subject_id=number)


def test_a_mail_arrives_whole(server: MailServer) -> None:
    notice = waiting()
    assert deliver("email", render, NOW) == Delivered(sent=1)
    mail = message_from_bytes(server.mails[0], policy=policy.default)
    assert (mail["Subject"], mail["To"]) == ("《三体》 到了", "zhang@example.org")
    assert mail["Message-ID"] == f"<notice-{notice.pk}@example.org>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_content().strip() == "在高米店城市书房等你"


def test_one_session_for_many(server: MailServer) -> None:
    for number in range(5):
        waiting(number)
    assert deliver("email", render, NOW) == Delivered(sent=5)
    assert len(server.mails) == 5


def test_a_server_that_takes_the_message_and_dies_gets_no_second_copy(server: MailServer) -> None:
    notice = waiting()
    server.manner = "dies after the message"
    assert deliver("email", render, NOW) == Delivered(failed=1, down=True)
    server.manner = "takes"
    assert deliver("email", render, NOW + DAY) == Delivered()
    notice.refresh_from_db()
    assert (notice.error, len(server.mails)) == (IN_DOUBT, 1)


def test_a_silent_server_is_a_dead_one(server: MailServer) -> None:
    notice = waiting()
    server.manner = "silent"
    assert deliver("email", render, NOW) == Delivered(down=True)
    notice.refresh_from_db()
    assert (notice.state, notice.tries) == ("waiting", 0)


def test_an_unknown_address_fails_for_good(server: MailServer) -> None:
    notice = waiting()
    server.manner = "knows nobody"
    assert deliver("email", render, NOW) == Delivered(failed=1)
    notice.refresh_from_db()
    assert (notice.state, notice.error) == ("failed", "SMTP 550")
