"""A clock that runs behind stops lending, whatever is recorded meanwhile; one that ran ahead is put behind us by a word."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shufang.audit.models import Entry
from shufang.circulation.checkout import CheckedOut, Checkout, checkout
from shufang.circulation.models import ClockCorrection, Event
from shufang.circulation.renew import Renew, Renewed, renew
from shufang.circulation.time_believed import AcceptClock, ClockAccepted, accept_clock, newest_believed
from shufang.config.invariants.running import run_all
from shufang.kernel import clock
from shufang.kernel.refusal import Refusal
from tests.circulation.lending.world import NOW, World

AHEAD = datetime(2031, 3, 4, 12, 0, tzinfo=UTC)


def _outcome(world: World, at: datetime = NOW) -> str:
    done = checkout(Checkout(world.reader().number, world.item().barcode, world.machine()), at)
    return done.code if isinstance(done, Refusal) else "lent"


# Scenario 13
def test_a_return_under_a_clock_that_fell_back_does_not_let_it_lend(world: World) -> None:
    world.lend(world.reader(), world.item())
    fallen = datetime(2000, 1, 1, tzinfo=UTC)
    world.give_back(world.item(), at=fallen)
    assert Event.objects.order_by("-id")[0].at == fallen
    assert _outcome(world, fallen + timedelta(minutes=1)) == "clock_behind"
    assert _outcome(world) == "lent"


def test_a_clock_that_ran_ahead_stops_lending_until_somebody_says_that_it_is_right(world: World) -> None:
    world.lend(world.reader(), world.item())
    world.give_back(world.item(), at=AHEAD)
    world.give_back(world.item())
    assert _outcome(world) == "clock_behind"
    done = accept_clock(AcceptClock("root", "battery"), NOW)
    assert isinstance(done, ClockAccepted)
    assert (done.newest, done.events, done.loans, done.holds, done.charges) == (AHEAD, 1, 0, 0, 0)
    assert _outcome(world) == "lent"
    assert newest_believed() == NOW
    assert _outcome(world, NOW - timedelta(minutes=1)) == "clock_behind"
    entry = Entry.objects.get()
    assert (entry.user_name, entry.action, entry.reason) == ("root", "clock_accepted", "battery")
    assert Event.objects.filter(at=AHEAD).exists()


def test_what_comes_later_is_believed_again_and_a_second_accident_mended(world: World) -> None:
    world.give_back(world.item(), at=AHEAD)
    accept_clock(AcceptClock("root"), NOW)
    again = AHEAD + timedelta(days=9)
    world.give_back(world.item(), at=again)
    assert newest_believed() == again
    done = accept_clock(AcceptClock("root"), NOW + timedelta(days=1))
    assert isinstance(done, ClockAccepted)
    assert (done.events, ClockCorrection.objects.count()) == (1, 2)
    assert _outcome(world, NOW + timedelta(days=1)) == "lent"


def test_nothing_is_accepted_while_nothing_lies_ahead(world: World) -> None:
    world.lend(world.reader(), world.item())
    refused = accept_clock(AcceptClock("root"), NOW)
    assert isinstance(refused, Refusal)
    assert refused.code == "clock_is_right"
    assert not ClockCorrection.objects.exists()
    assert not Entry.objects.exists()


def test_open_loans_and_holds_of_those_times_count_from_today(world: World) -> None:
    card, item, kept = world.reader(), world.item(), world.item()
    old = world.lend(card, world.item(), at=NOW - timedelta(days=3))
    loan = world.lend(card, item, at=AHEAD)
    days = (loan.due_at - AHEAD).days
    first = world.hold(world.reader(), kept.title, at=AHEAD)
    second = world.hold(world.reader(), kept.title, at=AHEAD + timedelta(seconds=1))
    ready = world.hold(
        world.reader(),
        item.title,
        at=NOW,
        status="ready",
        item=kept,
        ready_at=AHEAD,
        pickup_until=AHEAD + timedelta(days=7),
    )
    before = card.patron.revision
    done = accept_clock(AcceptClock("root"), NOW)
    assert isinstance(done, ClockAccepted)
    assert (done.loans, done.holds) == (1, 3)
    due = old.due_at
    for row in (loan, old, first, second, ready, card.patron):
        row.refresh_from_db()
    assert (loan.borrowed_at, (loan.due_at - NOW).days, old.due_at) == (NOW, days, due)
    assert NOW <= first.queued_at < second.queued_at < NOW + timedelta(seconds=1)
    assert ready.pickup_until is not None
    assert (ready.ready_at, (ready.pickup_until - NOW).days) == (NOW, 7)
    assert card.patron.revision > before
    renewed = renew(Renew(card.number, barcode=item.barcode, place=world.machine()), NOW)
    assert isinstance(renewed, Renewed)


def test_lending_after_the_accident_asks_one_thing_more(world: World) -> None:
    def statements() -> int:
        card, item, place = world.reader(), world.item(), world.machine()
        with CaptureQueriesContext(connection) as queries:
            assert isinstance(checkout(Checkout(card.number, item.barcode, place), NOW), CheckedOut)
        return len(queries)

    statements()
    usual = statements()
    world.give_back(world.item(), at=AHEAD)
    accept_clock(AcceptClock("root"), NOW)
    assert statements() == usual + 1


class TestCommand:
    """`shufang clock`."""

    @staticmethod
    def _run(*arguments: str) -> str:
        told = StringIO()
        call_command("clock", *arguments, stdout=told)
        return told.getvalue()

    @staticmethod
    def _faults() -> list[str]:
        return [
            sentence
            for checked in run_all()
            if checked.invariant.name == "no_event_from_the_future"
            for sentence in checked.violations
        ]

    def test_it_tells_and_mends(self, world: World) -> None:
        now = clock.now()
        world.give_back(world.item(), at=now - timedelta(hours=1))
        assert "The newest event is of" in self._run()
        world.give_back(world.item(), at=now + timedelta(days=1800))
        assert "shufang clock" in self._faults()[0]
        with pytest.raises(CommandError, match="lending waits"):
            self._run()
        with pytest.raises(CommandError, match="Set its clock first"):
            self._run("--accept", "2031-01-01")
        today = timezone.localdate(now).isoformat()
        assert "1 events of a wrong clock count no more" in self._run("--accept", today, "--reason", "battery")
        assert self._faults() == []
        assert "wrong" not in self._run()
        assert "nothing was changed" in self._run("--accept", today)
