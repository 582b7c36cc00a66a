"""Jobs that run in several processes at the same time do each thing once."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection

from shufang.catalogue.item_life import ItemStatus
from shufang.catalogue.models import Item
from shufang.circulation.hold import HoldPlaced, PlaceHold, place_hold
from shufang.circulation.hold_queue import trap
from shufang.circulation.models import Event, Hold, Loan
from shufang.jobs import run
from shufang.money.models import Charge
from shufang.notices.models import Notice
from tests.circulation.readers import DAY, NOW, WANG, ZHANG, at, branch, copy, lend, settle

pytestmark = pytest.mark.django_db(transaction=True)
THREADS = 4


def at_once(work: Callable[[], object]) -> list[object]:
    """Do the work in THREADS threads that begin together; return what they returned."""
    ready = threading.Barrier(THREADS)
    answers: list[object] = []

    def one() -> None:
        try:
            ready.wait(30)
            answers.append(work())
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(answers) == THREADS
    return answers


def test_all_jobs_at_once_do_each_thing_once() -> None:
    settle()
    for number in range(6):
        item = copy(f"A{number}", f"书{number}")
        for place, reader in enumerate((ZHANG, WANG)):
            placed = place_hold(PlaceHold(reader, at("GMD"), title_id=item.title_id), NOW + timedelta(seconds=place))
            assert isinstance(placed, HoldPlaced)
        trap(item.pk, branch("GMD").pk, is_attended=True, now=NOW)
        Item.objects.filter(pk=item.pk).update(status=ItemStatus.ON_HOLD_SHELF)
        lend(copy(f"B{number}", f"别的书{number}"), ZHANG, borrowed_at=NOW - 300 * DAY)
    Notice.objects.all().delete()
    answers = at_once(lambda: run.run_named([], NOW + 4 * DAY))
    assert {ran.error for one in answers if isinstance(one, tuple) for ran in one} == {""}
    assert Event.objects.filter(verb="expire_hold").count() == 6
    assert Event.objects.filter(verb="mark_lost").count() == 6
    assert Charge.objects.count() == 12
    assert set(Loan.objects.values_list("status", flat=True)) == {"lost"}
    assert sorted(Hold.objects.values_list("status", flat=True)) == ["ready"] * 6 + ["waiting"] * 6
    told = [str(message.extra_headers["Message-ID"]) for message in mail.outbox]
    assert len(told) == len(set(told)) == Notice.objects.filter(state="sent").count() == 18


def test_a_due_job_runs_in_one_of_several_processes() -> None:
    answers = at_once(lambda: [ran.name for ran in run.run_due(NOW)])
    names = [name for one in answers if isinstance(one, list) for name in one]
    assert sorted(names) == sorted(job.name for job in run.JOBS)
