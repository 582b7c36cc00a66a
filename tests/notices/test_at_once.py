"""What somebody waits for is sent as soon as it is committed, by a thread of its own, and never twice."""

import time
from datetime import datetime

import pytest
from django.core import mail
from django.db import transaction

from shufang.circulation.notice_texts import render
from shufang.jobs.run import run_named
from shufang.kernel import clock
from shufang.notices.at_once import send_at_once
from shufang.notices.models import Notice
from shufang.notices.send_code import CodeSent, SendPinCode, send_pin_code
from shufang.patrons.models import Card, CardKind, Patron
from tests.circulation.readers import ZHANG, patron, settle

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _readers(transactional_db: None) -> None:
    settle()
    Patron.objects.update(email="zhang@example.com")
    assert patron(ZHANG).email
    assert Card.objects.exists()
    assert CardKind.objects.exists()


def sent_within(seconds: float) -> int:
    until = time.monotonic() + seconds
    while time.monotonic() < until and not Notice.objects.filter(state=Notice.State.SENT).exists():
        time.sleep(0.02)
    return len(mail.outbox)


def ask(now: datetime) -> CodeSent:
    sent = send_pin_code(SendPinCode(ZHANG, "address:1"), now)
    assert isinstance(sent, CodeSent)
    return sent


def test_it_leaves_after_the_commit_and_once() -> None:
    with transaction.atomic():
        send_at_once(ask(clock.now()).notice_ids, render)
        assert sent_within(0.3) == 0
    assert sent_within(10) == 1
    run_named(["deliver_notices"], clock.now())
    assert len(mail.outbox) == 1


def test_nothing_leaves_when_the_transaction_is_undone() -> None:
    with transaction.atomic():
        send_at_once(ask(clock.now()).notice_ids, render)
        transaction.set_rollback(True)
    assert sent_within(0.3) == 0
