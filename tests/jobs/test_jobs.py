"""The scheduled work, each job run twice: the second time there is nothing to do."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.utils import timezone

from shufang.branches.models import StoredReply
from shufang.catalogue.item_life import ItemStatus
from shufang.catalogue.models import Item, Title
from shufang.catalogue.search.index import rebuild
from shufang.catalogue.search.query import search
from shufang.circulation.checkin import CheckedIn, Checkin, checkin
from shufang.circulation.hold import HoldPlaced, PlaceHold, place_hold
from shufang.circulation.hold_queue import trap
from shufang.circulation.models import (
    Event,
    Hold,
    Loan,
    Policy,
)
from shufang.circulation.suspend_hold import SuspendHold, suspend_hold
from shufang.jobs import (
    end_suspensions,
    expire_cards,
    expire_holds,
    mark_lost,
    popularity,
    run,
    write_notices,
)
from shufang.jobs.models import JobRun
from shufang.jobs.portions import in_portions
from shufang.jobs.schedule import Job, is_due
from shufang.jobs.write_notices import steps_of
from shufang.money.charges import owed
from shufang.notices.models import Notice
from shufang.patrons.models import Card
from tests.circulation.readers import DAY, NOW, WANG, ZHANG, at, branch, copy, lend, patron, settle, status, title

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _cast() -> None:
    settle()


def twice(job: Callable[[datetime], Mapping[str, int]], now: datetime) -> dict[str, int]:
    """Run a job, then again: the second run must find nothing to do. Return the first run's counts."""
    first = {word: count for word, count in job(now).items() if count}
    assert not any(job(now).values())
    return first


def reserve(number: str, item: Item, seconds: int = 0) -> Hold:
    placed = place_hold(PlaceHold(number, at("GMD"), title_id=item.title_id), NOW + timedelta(seconds=seconds))
    assert isinstance(placed, HoldPlaced)
    return Hold.objects.get(pk=placed.hold_id)


def make_ready(item: Item) -> None:
    trap(item.pk, branch("GMD").pk, is_attended=True, now=NOW)
    Item.objects.filter(pk=item.pk).update(status=ItemStatus.ON_HOLD_SHELF)


# Scenario 17
def test_a_missed_pickup_passes_the_item_on_and_gets_one_second_chance() -> None:
    item = copy("H1")
    first, second = reserve(ZHANG, item), reserve(WANG, item, 1)
    make_ready(item)
    assert twice(expire_holds.run, NOW + 2 * DAY) == {}
    assert twice(expire_holds.run, NOW + 4 * DAY) == {"given a second chance": 1}
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, first.had_second_chance, first.queued_at) == ("waiting", True, NOW + 4 * DAY)
    assert (second.status, second.item_id, status("H1")) == ("ready", item.pk, ItemStatus.ON_HOLD_SHELF)
    assert Notice.objects.filter(template="hold_missed", subject_id=first.pk).exists()
    assert twice(expire_holds.run, NOW + 8 * DAY) == {"given a second chance": 1}
    first.refresh_from_db()
    assert (first.status, first.item_id) == ("ready", item.pk)
    assert twice(expire_holds.run, NOW + 12 * DAY) == {"expired": 1}
    first.refresh_from_db()
    assert (first.status, first.patron_id) == ("expired", None)
    second.refresh_from_db()
    assert second.status == "ready"


def test_the_last_expiry_frees_the_item() -> None:
    item = copy("H1")
    hold = reserve(ZHANG, item)
    Hold.objects.update(had_second_chance=True)
    make_ready(item)
    revision = patron(ZHANG).revision
    assert twice(expire_holds.run, NOW + 4 * DAY) == {"expired": 1}
    hold.refresh_from_db()
    assert (hold.status, hold.patron_id, hold.item_id) == ("expired", None, None)
    assert (status("H1"), patron(ZHANG).revision) == (ItemStatus.TO_BE_SHELVED, revision + 1)


def test_a_second_chance_of_the_only_reader_keeps_the_item_for_him() -> None:
    item = copy("H1")
    hold = reserve(ZHANG, item)
    make_ready(item)
    expire_holds.run(NOW + 4 * DAY)
    hold.refresh_from_db()
    assert (hold.status, hold.item_id, hold.had_second_chance) == ("ready", item.pk, True)


def test_a_wish_past_its_last_day_ends() -> None:
    item = copy("H1")
    place_hold(PlaceHold(ZHANG, at("GMD"), title_id=item.title_id, not_needed_after=timezone.localdate(NOW)), NOW)
    assert twice(expire_holds.run, NOW) == {}
    assert twice(expire_holds.run, NOW + DAY) == {"expired": 1}
    assert Hold.objects.get().patron_id is None


def wish_until_today(number: str, item: Item) -> Hold:
    command = PlaceHold(number, at("GMD"), title_id=item.title_id, not_needed_after=timezone.localdate(NOW))
    placed = place_hold(command, NOW)
    assert isinstance(placed, HoldPlaced)
    return Hold.objects.get(pk=placed.hold_id)


@pytest.mark.parametrize("has_next", [True, False])
def test_a_wish_past_its_last_day_lets_go_of_what_waits_for_the_second_scan(*, has_next: bool) -> None:
    item = copy("H1", status=ItemStatus.TO_BE_SHELVED)
    wish = wish_until_today(ZHANG, item)
    following = reserve(WANG, item, 1) if has_next else None
    trap(item.pk, branch("GMD").pk, is_attended=False, now=NOW)
    assert twice(expire_holds.run, NOW) == {}
    assert twice(expire_holds.run, NOW + DAY) == {"expired": 1}
    wish.refresh_from_db()
    assert (wish.status, wish.patron_id, wish.item_id) == ("expired", None, None)
    assert status("H1") == ItemStatus.TO_BE_SHELVED
    if following is not None:
        following.refresh_from_db()
        assert (following.status, following.item_id) == ("trapped", item.pk)


def test_a_wish_past_its_last_day_lets_go_of_what_travels_and_who_is_next_gets_it_there() -> None:
    item = copy("H1", home="HC")
    wish = wish_until_today(ZHANG, item)
    following = reserve(WANG, item, 1)
    trap(item.pk, branch("HC").pk, is_attended=True, now=NOW)
    Item.objects.filter(pk=item.pk).update(status=ItemStatus.IN_TRANSIT)
    assert twice(expire_holds.run, NOW + DAY) == {"expired": 1}
    wish.refresh_from_db()
    assert (wish.status, wish.item_id, status("H1")) == ("expired", None, ItemStatus.IN_TRANSIT)
    arrived = checkin(Checkin("H1", at("GMD")), NOW + DAY)
    assert isinstance(arrived, CheckedIn)
    assert (arrived.hold_id, status("H1")) == (following.pk, ItemStatus.ON_HOLD_SHELF)


def test_a_book_that_is_ready_stays_until_the_hour_its_reader_was_told() -> None:
    item = copy("H1")
    wish = wish_until_today(ZHANG, item)
    make_ready(item)
    assert twice(expire_holds.run, NOW + DAY) == {}
    assert twice(expire_holds.run, NOW + 4 * DAY) == {"expired": 1}
    wish.refresh_from_db()
    assert wish.status == "expired"


def test_suspensions_end_after_their_last_day() -> None:
    hold = reserve(ZHANG, copy("H1"))
    suspend_hold(SuspendHold(at("GMD"), hold.pk, timezone.localdate(NOW)), NOW)
    assert twice(end_suspensions.run, NOW) == {}
    assert twice(end_suspensions.run, NOW + DAY) == {"resumed": 1}
    hold.refresh_from_db()
    assert (hold.is_suspended, hold.suspended_until) == (False, None)


def test_a_loan_is_lost_after_its_policys_days_and_not_before() -> None:
    loan = lend(copy("H1"), ZHANG)
    assert twice(mark_lost.run, NOW + (42 + 179) * DAY) == {}
    assert twice(mark_lost.run, NOW + (42 + 180) * DAY) == {"lost": 1}
    loan.refresh_from_db()
    assert (loan.status, status("H1")) == (Loan.Status.LOST, ItemStatus.LOST)
    assert owed(patron(ZHANG).pk) == Decimal("33.00")
    assert Notice.objects.get().template == "lost"


def test_nothing_is_lost_before_it_is_overdue() -> None:
    Policy.objects.update(lost_after_days=0)
    lend(copy("H1"), ZHANG)
    assert twice(mark_lost.run, NOW + 42 * DAY - timedelta(minutes=1)) == {}
    assert twice(mark_lost.run, NOW + 42 * DAY + timedelta(minutes=1)) == {"lost": 1}


def test_a_policy_without_days_never_loses() -> None:
    Policy.objects.update(lost_after_days=None)
    lend(copy("H1"), ZHANG)
    assert twice(mark_lost.run, NOW + 2000 * DAY) == {}


def test_notices_before_and_after_the_due_date() -> None:
    lend(copy("H1"), ZHANG)

    def written(days: int) -> dict[str, int]:
        return twice(write_notices.run, NOW + days * DAY)

    assert written(0) == {}
    assert written(38) == {}
    assert written(39) == {"due soon": 1}
    assert written(41) == {}
    assert written(43) == {"overdue": 1}
    assert written(44) == {}
    assert written(60) == {"overdue": 1}
    occasions = Notice.objects.order_by("id").values_list("template", "occasion")
    assert list(occasions) == [
        ("due_soon", "2026-04-15"),
        ("overdue", "2026-04-15+1"),
        ("overdue", "2026-04-15+14"),
    ]


def test_what_was_just_lent_is_not_due_soon() -> None:
    lend(copy("H1"), ZHANG, days=2)
    assert twice(write_notices.run, NOW) == {}
    assert twice(write_notices.run, NOW + DAY) == {"due soon": 1}


@pytest.mark.parametrize(("text", "steps"), [("1,7,14", (1, 7, 14)), ("", ()), ("7, x,0,-1,1,7", (1, 7))])
def test_steps_of_overdue(text: str, steps: tuple[int, ...]) -> None:
    assert steps_of(text) == steps


def test_cards_past_their_day_expire() -> None:
    Card.objects.filter(number=ZHANG).update(expires_on=timezone.localdate(NOW))
    assert twice(expire_cards.run, NOW) == {}
    assert twice(expire_cards.run, NOW + DAY) == {"expired": 1}
    assert Card.objects.get(number=ZHANG).status == Card.Status.EXPIRED
    assert patron(ZHANG).revision == 1


def test_popularity_is_what_was_lent_in_the_last_year() -> None:
    one, two = title("三体"), title("红楼梦")
    Title.objects.filter(pk=two.pk).update(popularity=9)
    for days in (1, 2, 366):
        Event.objects.create(at=NOW - days * DAY, verb="checkout", title=one)
    Event.objects.create(at=NOW, verb="checkin", title=one)
    rebuild()
    assert [hit.title.pk for hit in search("").hits] == [two.pk, one.pk]
    assert twice(popularity.run, NOW) == {"titles": 2, "moved in the index": 2}
    assert [hit.title.pk for hit in search("").hits] == [one.pk, two.pk]
    assert dict(Title.objects.values_list("title", "popularity")) == {"三体": 2, "红楼梦": 0}


def test_due_jobs_run_once_an_interval() -> None:
    names = [job.name for job in run.JOBS]
    assert [ran.name for ran in run.run_due(NOW)] == names
    assert run.run_due(NOW + timedelta(seconds=30)) == ()
    later = {ran.name for ran in run.run_due(NOW + 5 * MINUTE)}
    assert {"erase_replies", "expire_holds", "deliver_notices"} <= later
    assert not {"popularity", "mark_lost"} & later
    assert set(JobRun.objects.values_list("name", flat=True)) == set(names)
    assert {ran.error for ran in run.run_due(NOW + 2 * DAY)} == {""}


@pytest.mark.parametrize(
    ("last", "now", "due"),
    [
        (None, datetime(2026, 3, 4, 12, tzinfo=UTC), True),
        (datetime(2026, 3, 4, 12, tzinfo=UTC), datetime(2026, 3, 4, 18, 59, tzinfo=UTC), False),
        (datetime(2026, 3, 4, 12, tzinfo=UTC), datetime(2026, 3, 4, 19, 0, tzinfo=UTC), True),
        (datetime(2026, 3, 4, 19, 1, tzinfo=UTC), datetime(2026, 3, 5, 18, 59, tzinfo=UTC), False),
        (datetime(2026, 3, 9, 12, tzinfo=UTC), datetime(2026, 3, 4, 12, tzinfo=UTC), True),
    ],
)
def test_nightly_is_three_o_clock_in_beijing(last: datetime | None, now: datetime, due: bool) -> None:
    assert is_due(Job("x", lambda _: {}), last, now) is due


def test_a_job_that_fails_keeps_no_other_from_running(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_now: datetime) -> dict[str, int]:
        raise RuntimeError("broken disk of 张伟")

    monkeypatch.setattr(run, "JOBS", (Job("bad", fail), Job("good", lambda _: {"done": 2})))
    bad, good = run.run_due(NOW)
    assert (bad.error, good.done) == ("RuntimeError", {"done": 2})
    assert JobRun.objects.get(name="bad").error == "RuntimeError"
    assert JobRun.objects.get(name="good").done == "2 done"


def test_the_command_runs_and_reports(capsys: pytest.CaptureFixture[str]) -> None:
    lend(copy("H1"), ZHANG, borrowed_at=NOW - 3000 * DAY)
    call_command("run_jobs", "mark_lost", "fold_readers")
    assert capsys.readouterr().out.splitlines() == ["mark_lost: 1 lost", "fold_readers: nothing to do"]
    call_command("run_jobs")
    assert len(capsys.readouterr().out.splitlines()) == len(run.JOBS)
    with pytest.raises(CommandError, match="No job is called tea"):
        call_command("run_jobs", "tea")
    with pytest.raises(CommandError, match="not both"):
        call_command("run_jobs", "mark_lost", "--due")


def test_a_visit_ends_in_a_mail() -> None:
    item = copy("H1")
    reserve(ZHANG, item)
    make_ready(item)
    run.run_due(NOW)
    (sent,) = mail.outbox
    assert sent.to == [patron(ZHANG).email]
    run.run_due(NOW + DAY)
    assert len(mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_bulk_work_commits_in_short_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = iter(range(1000))
    monkeypatch.setattr("shufang.jobs.portions.time.monotonic", lambda: next(ticks) * 0.015)

    def spend(number: int) -> bool:
        if number == 5:
            raise RuntimeError
        StoredReply.objects.create(
            subject="item", subject_id=number, key=b"k", marker=1, connection="c", at=NOW, reply=b""
        )
        return True

    with pytest.raises(RuntimeError):
        in_portions(range(10), spend)
    assert list(StoredReply.objects.order_by("subject_id").values_list("subject_id", flat=True)) == [0, 1, 2, 3]
