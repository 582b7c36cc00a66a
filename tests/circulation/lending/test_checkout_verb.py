"""Checkout on the real database: what it writes, and what must give way."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shufang.audit.models import Entry
from shufang.branches.models import ClosingDays
from shufang.branches.replies import Repeated, RequestKey, keep_reply
from shufang.catalogue.item_life import ItemStatus
from shufang.catalogue.models import ItemKind
from shufang.circulation.checkout import CheckedOut, Checkout, checkout, refusals
from shufang.circulation.conflicts import Reported
from shufang.circulation.models import Conflict, Event, Hold, Limit, Loan, Policy, ReaderMonth, Transit
from shufang.circulation.place import PinCheck
from shufang.kernel.refusal import Refusal
from shufang.money.models import Charge
from shufang.patrons.models import Block, Card
from tests.circulation.lending.world import NOW, World

KEY = RequestKey(b"k" * 32, "line-1", "3")


def _refused(done: object) -> str:
    assert isinstance(done, Refusal), done
    return done.code


# Scenario 1
def test_a_loan_is_recorded_with_all_its_rows(world: World) -> None:
    card, item = world.reader(), world.item()
    done = checkout(Checkout(card.number, item.barcode, world.machine()), NOW)
    assert isinstance(done, CheckedOut)
    loan = Loan.objects.get()
    assert (loan.pk, loan.item_id, loan.patron_id, loan.status) == (done.loan_id, item.pk, card.patron_id, "open")
    assert (loan.library_id, loan.group_id, loan.card_kind_id) == (item.library_id, item.kind.group_id, card.kind_id)
    assert loan.borrowed_at == NOW
    assert loan.due_at == done.due_at == datetime(2026, 4, 15, 15, 59, 59, tzinfo=UTC)
    item.refresh_from_db()
    assert (item.status, item.status_since, item.current_branch.code) == (ItemStatus.ON_LOAN, NOW, "GMD")
    event = Event.objects.get()
    assert (event.pk, event.verb, event.loan_id, event.at) == (done.event_id, "checkout", loan.pk, NOW)
    assert (event.detail, event.age_band, event.policy_id) == ("available>on_loan", "18-59", loan.policy_id)
    card.patron.refresh_from_db()
    assert card.patron.revision == done.patron_revision == 1
    assert ReaderMonth.objects.get().month == date(2026, 3, 1)
    assert not done.is_renewal
    assert done.renewal_ok


def test_a_reader_counts_once_a_month_and_branch(world: World) -> None:
    card = world.reader()
    for _ in range(2):
        world.lend(card, world.item())
    assert ReaderMonth.objects.count() == 1


@pytest.mark.sqlite
def test_a_checkout_gathers_with_one_statement_and_writes_with_five(world: World) -> None:
    card, item, place = world.reader(), world.item(), world.machine()
    world.lend(card, world.item())
    with CaptureQueriesContext(
        connection,
    ) as queries:
        world.lend(card, item, place=place)
    told = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]][:-2]
    assert [sql.split()[0] for sql in told] == ["SELECT", "INSERT", "UPDATE", "UPDATE", "INSERT"]


@pytest.mark.postgresql
def test_a_checkout_takes_three_round_trips(world: World) -> None:
    card, item, place = world.reader(), world.item(), world.machine()
    world.lend(card, world.item())
    with CaptureQueriesContext(connection) as queries:
        world.lend(card, item, place=place)
    told = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]][:-2]
    assert [sql.split()[0] for sql in told] == ["WITH", "SELECT", "WITH"]


def test_unknown_card_and_item(world: World) -> None:
    card, item, place = world.reader(), world.item(), world.machine()
    assert _refused(checkout(Checkout("nobody", item.barcode, place), NOW)) == "card_unknown"
    assert _refused(checkout(Checkout(card.number, "nothing", place), NOW)) == "item_unknown"
    assert not Event.objects.exists()


# Scenario 7
@pytest.mark.parametrize(
    ("code", "arrange"),
    [
        ("card_lost", lambda w, c, i: Card.objects.update(status="lost")),
        ("card_expired", lambda w, c, i: Card.objects.update(expires_on=date(2026, 3, 3))),
        ("patron_blocked", lambda w, c, i: Block.objects.create(patron=c.patron, reason="x", placed_at=NOW)),
        ("item_withdrawn", lambda w, c, i: _status(i, ItemStatus.WITHDRAWN)),
        ("item_missing", lambda w, c, i: _status(i, ItemStatus.MISSING)),
        ("on_loan_to_another", lambda w, c, i: w.lend(w.reader(), i)),
        ("item_not_for_loan", lambda w, c, i: ItemKind.objects.update(is_for_loan=False)),
        ("no_policy", lambda w, c, i: Policy.objects.update(valid_from=date(2027, 1, 1))),
        ("held_for_another", lambda w, c, i: w.hold(w.reader(), i.title, status="ready", item=i)),
        ("too_young", lambda w, c, i: ItemKind.objects.update(least_age=60)),
        ("charges_above_limit", lambda w, c, i: _owe(c, i)),
        ("overdue_item_out", lambda w, c, i: _overdue(w, c)),
        ("limit_reached", lambda w, c, i: Limit.objects.filter(counts="loans").update(most=0)),
        ("clock_behind", lambda w, c, i: w.give_back(w.item(), at=NOW + timedelta(minutes=2))),
    ],
)
def test_refusals_reach_from_the_rows(world: World, code: str, arrange: object) -> None:
    assert callable(arrange)
    card, item = world.reader(), world.item()
    arrange(world, card, item)
    before = Loan.objects.count(), Event.objects.count()
    assert _refused(checkout(Checkout(card.number, item.barcode, world.machine()), NOW)) == code
    assert (Loan.objects.count(), Event.objects.count()) == before


def _status(item: object, status: ItemStatus) -> None:
    item.status = status  # type: ignore[attr-defined]  # any model
    item.save()  # type: ignore[attr-defined]


def _owe(card: Card, item: object) -> None:
    Policy.objects.update(charges_limit="0.10")
    Charge.objects.create(
        patron=card.patron, library=card.library, kind="other", amount="1.20", settled="1.00", created_at=NOW
    )


def _overdue(world: World, card: Card) -> None:
    world.lend(card, world.item(), at=NOW - timedelta(days=100))
    Policy.objects.update(overdue_refuses=True)


def test_settled_charges_and_loans_of_others_do_not_count(world: World) -> None:
    card, item = world.reader(), world.item()
    Policy.objects.update(charges_limit="0.10", overdue_refuses=True)
    Charge.objects.create(
        patron=card.patron, library=card.library, kind="other", amount=9, settled=9, created_at=NOW, settled_at=NOW
    )
    world.lend(world.reader(), world.item(), at=NOW - timedelta(days=100))
    world.lend(card, item)


def test_a_limit_of_a_group_counts_that_group_alone(world: World) -> None:
    card = world.reader("E")
    for _ in range(2):
        world.lend(card, world.item(kind="foreign"))
    done = checkout(Checkout(card.number, world.item(kind="foreign").barcode, world.machine()), NOW)
    assert isinstance(done, Refusal)
    assert (done.code, done.values["limit"], done.values["group_en"]) == ("group_limit_reached", 2, "Foreign books")
    world.lend(card, world.item(kind="book"))


def test_a_wrong_pin_lends_nothing(world: World) -> None:
    command = Checkout(world.reader().number, world.item().barcode, world.machine())
    assert _refused(checkout(replace(command, pin=PinCheck.WRONG), NOW)) == "pin_wrong"
    assert _refused(checkout(replace(command, pin=PinCheck.LOCKED), NOW)) == "pin_locked"
    assert isinstance(checkout(replace(command, pin=PinCheck.RIGHT), NOW), CheckedOut)


def test_a_changed_policy_is_seen_at_once(world: World) -> None:
    first = world.lend(world.reader(), world.item())
    Policy.objects.update(loan_days=7)
    second = world.lend(world.reader(), world.item())
    assert (first.due_at - second.due_at).days == 35
    ClosingDays.objects.create(branch=world.branch("GMD"), first=date(2026, 3, 11), last=date(2026, 3, 12))
    third = world.lend(world.reader(), world.item())
    assert (third.due_at - second.due_at).days == 2


def test_all_reasons_for_staff(world: World) -> None:
    card, item = world.reader(), world.item(status=ItemStatus.MISSING)
    Block.objects.create(patron=card.patron, reason="x", placed_at=NOW)
    found = refusals(Checkout(card.number, item.barcode, world.desk()), NOW)
    assert [refusal.code for refusal in found] == ["patron_blocked", "item_missing"]


def test_staff_set_aside_what_may_be_and_it_is_audited(world: World) -> None:
    card, item = world.reader(), world.item(status=ItemStatus.MISSING)
    Block.objects.create(patron=card.patron, reason="x", placed_at=NOW)
    command = Checkout(
        card.number, item.barcode, world.desk("GMD"), overrides=frozenset({"patron_blocked"}), reason="ok"
    )
    assert _refused(checkout(command, NOW)) == "item_missing"
    both = replace(command, overrides=frozenset({"patron_blocked", "item_missing"}))
    assert _refused(checkout(replace(both, place=world.machine()), NOW)) == "patron_blocked"
    assert isinstance(checkout(both, NOW), CheckedOut)
    entries = Entry.objects.order_by("id")
    assert [(e.user_name, e.action, e.subject_id) for e in entries] == [
        ("librarian", "override_patron_blocked", item.pk),
        ("librarian", "override_item_missing", item.pk),
    ]


def test_a_lost_card_is_never_set_aside(world: World) -> None:
    card, item = world.reader(), world.item()
    Card.objects.update(status="lost")
    command = Checkout(card.number, item.barcode, world.desk(), overrides=frozenset({"card_lost"}))
    assert _refused(checkout(command, NOW)) == "card_lost"


def test_a_second_checkout_renews_once_and_then_tells_the_due_date(world: World) -> None:
    card, item = world.reader(), world.item()
    loan = world.lend(card, item)
    command = Checkout(card.number, item.barcode, world.machine())
    no = checkout(replace(command, may_renew=False), NOW)
    assert isinstance(no, Refusal)
    assert (no.code, no.values["due_at"]) == ("already_on_loan", loan.due_at)
    renewed = checkout(command, world.days(10))
    assert isinstance(renewed, CheckedOut)
    assert renewed.is_renewal
    assert (renewed.due_at - loan.due_at).days == 28
    assert _refused(checkout(command, world.days(10))) == "already_on_loan"
    assert Loan.objects.count() == 1


# Scenario 8
def test_unattended_relending_records_both(world: World) -> None:
    first, second, item = world.reader(), world.reader(), world.item()
    old = world.lend(first, item)
    world.change_policies(relends_unattended=True)
    done = checkout(Checkout(second.number, item.barcode, world.machine()), world.days(1))
    assert isinstance(done, CheckedOut)
    old.refresh_from_db()
    assert (old.status, old.patron_id, old.returned_at) == ("closed", None, world.days(1))
    assert Loan.objects.get(pk=done.loan_id).patron_id == second.patron_id
    assert list(Event.objects.order_by("id").values_list("verb", "loan_id")) == [
        ("checkout", old.pk),
        ("checkin", old.pk),
        ("checkout", done.loan_id),
    ]
    attended = Checkout(first.number, item.barcode, world.desk())
    assert _refused(checkout(attended, world.days(2))) == "on_loan_to_another"


def test_relending_does_not_jump_the_queue(world: World) -> None:
    item = world.item()
    world.lend(world.reader(), item)
    world.hold(world.reader(), item.title)
    world.change_policies(relends_unattended=True)
    command = Checkout(world.reader().number, item.barcode, world.machine())
    assert _refused(checkout(command, world.days(1))) == "held_for_another"


def test_the_reader_of_a_hold_takes_his_book_and_the_hold_ends(world: World) -> None:
    card, item = world.reader(), world.item(status=ItemStatus.ON_HOLD_SHELF)
    hold = world.hold(card, item.title, status="ready", item=item)
    world.lend(card, item)
    hold.refresh_from_db()
    assert (hold.status, hold.patron_id) == ("fulfilled", None)


def test_another_copy_ends_the_hold_too_and_frees_what_was_kept(world: World) -> None:
    card, kept = world.reader(), world.item(status=ItemStatus.ON_HOLD_SHELF)
    other = world.item(title=kept.title)
    world.hold(card, kept.title, status="ready", item=kept)
    waits = world.hold(world.reader(), kept.title)
    world.lend(card, other)
    waits.refresh_from_db()
    kept.refresh_from_db()
    assert (waits.status, waits.item_id, kept.status) == ("ready", kept.pk, ItemStatus.ON_HOLD_SHELF)


def test_an_item_in_transit_arrives_in_the_readers_hand(world: World) -> None:
    item = world.item(status=ItemStatus.IN_TRANSIT)
    Transit.objects.create(
        item=item, origin=world.branch("HC"), destination=world.branch("DX"), reason="home", sent_at=NOW
    )
    world.lend(world.reader(), item)
    assert not Transit.objects.filter(received_at__isnull=True).exists()


def test_a_repeat_is_answered_and_not_done(world: World) -> None:
    card, item = world.reader(), world.item()
    command = Checkout(card.number, item.barcode, world.machine(), request=KEY)
    done = checkout(command, NOW)
    assert isinstance(done, CheckedOut)
    keep_reply("item", item.pk, KEY, done.event_id, b"12...", NOW)
    assert checkout(command, NOW + timedelta(minutes=9)) == Repeated(b"12...")
    assert Event.objects.count() == 1
    other_digit = replace(command, request=replace(KEY, sequence="4"))
    renewed = checkout(other_digit, NOW + timedelta(minutes=9))
    assert isinstance(renewed, CheckedOut)
    assert renewed.is_renewal
    assert not isinstance(checkout(command, NOW + timedelta(minutes=9)), Repeated)


class TestNoBlock:
    """What happened while the line was down."""

    def test_it_is_recorded_at_its_own_time_with_its_own_date(self, world: World) -> None:
        card, item = world.reader(), world.item()
        at, due = NOW - timedelta(hours=5), NOW + timedelta(days=30)
        command = Checkout(card.number, item.barcode, world.machine(), happened_at=at, due_at=due)
        done = checkout(command, NOW)
        assert isinstance(done, CheckedOut)
        loan = Loan.objects.get()
        assert (loan.borrowed_at, loan.due_at, done.conflict) == (at, due, None)
        assert Event.objects.get().detail == "available>on_loan happened=2026-03-04T07:00:00Z"

    @pytest.mark.parametrize("code", ["card_lost", "patron_blocked", "item_missing", "held_for_another"])
    def test_it_is_never_refused(self, world: World, code: str) -> None:
        card, item = world.reader(), world.item()
        if code == "card_lost":
            Card.objects.update(status="lost")
        elif code == "patron_blocked":
            Block.objects.create(patron=card.patron, reason="x", placed_at=NOW)
        elif code == "item_missing":
            _status(item, ItemStatus.MISSING)
        else:
            world.hold(world.reader(), item.title, status="ready", item=item)
        command = Checkout(card.number, item.barcode, world.machine(), happened_at=NOW - timedelta(hours=1))
        done = checkout(command, NOW)
        assert isinstance(done, CheckedOut)
        assert done.conflict == code
        conflict = Conflict.objects.get()
        assert (conflict.code, conflict.verb, conflict.card_number) == (code, "checkout", card.number)
        assert Loan.objects.filter(patron=card.patron).count() == 1
        assert not Hold.objects.exclude(status="waiting").exists()

    def test_anothers_loan_is_closed(self, world: World) -> None:
        item, card = world.item(), world.reader()
        old = world.lend(world.reader(), item, at=NOW - timedelta(days=3))
        command = Checkout(card.number, item.barcode, world.machine(), happened_at=NOW - timedelta(hours=1))
        done = checkout(command, NOW)
        assert isinstance(done, CheckedOut)
        old.refresh_from_db()
        assert (done.conflict, old.status) == ("on_loan_to_another", "closed")

    @pytest.mark.parametrize(("card_number", "barcode", "code"), [("X", "", "card_unknown"), ("", "X", "item_unknown")])
    def test_the_unknown_is_reported(self, world: World, card_number: str, barcode: str, code: str) -> None:
        card, item = world.reader(), world.item()
        command = Checkout(
            card_number or card.number, barcode or item.barcode, world.machine(), happened_at=NOW - timedelta(hours=1)
        )
        done = checkout(command, NOW)
        assert isinstance(done, Reported)
        assert (done.conflict, Conflict.objects.get().pk) == (code, done.conflict_id)
        assert Event.objects.get(pk=done.event_id).verb == "checkout_reported"
        assert not Loan.objects.exists()

    def test_what_came_back_since_is_not_lent_again(self, world: World) -> None:
        card, item = world.reader(), world.item()
        world.give_back(item, at=NOW - timedelta(minutes=10))
        command = Checkout(card.number, item.barcode, world.machine(), happened_at=NOW - timedelta(hours=1))
        done = checkout(command, NOW)
        assert isinstance(done, Reported)
        assert done.conflict == "moved_since"

    def test_a_batch_in_its_own_order_has_no_conflicts(self, world: World) -> None:
        item, place = world.item(), world.machine()
        for hours, card in ((5, world.reader()), (3, world.reader())):
            out = Checkout(card.number, item.barcode, place, happened_at=NOW - timedelta(hours=hours))
            assert isinstance(checkout(out, NOW), CheckedOut)
            back = NOW - timedelta(hours=hours - 1)
            from shufang.circulation.checkin import CheckedIn, Checkin, checkin

            assert isinstance(checkin(Checkin(item.barcode, place, happened_at=back), NOW), CheckedIn)
        assert not Conflict.objects.exists()
        assert Loan.objects.filter(status="closed").count() == 2
