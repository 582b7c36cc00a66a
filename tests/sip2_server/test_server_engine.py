"""The seam to the database: batches, one that breaks, a commit that fails."""

import asyncio
from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection

from shufang.branches.models import Device
from shufang.circulation.models import Event, Loan
from shufang.circulation.place import PinCheck
from shufang.kernel import clock
from shufang.sip2.codec import Message
from shufang.sip2_server import engine
from shufang.sip2_server.asked import Answer, Asked
from shufang.sip2_server.engine import Engine
from shufang.sip2_server.handlers.handler import Handler, Way
from shufang.sip2_server.handlers.table import HANDLERS
from shufang.sip2_server.operation import Operation, Outcome
from shufang.sip2_server.terminal import Terminal, terminal_of
from tests.sip2_server import asking
from tests.sip2_server.cast import ITEMS, settle


@pytest.fixture
def terminal(transactional_db: None) -> Terminal:
    """Return gmd-1 on the network of the tests."""
    settle()
    return terminal_of(Device.objects.select_related("branch__library").get(account="gmd-1"))


def _operation(terminal: Terminal, item: str) -> Operation:
    asked = Asked(terminal, clock.now(), "en", PinCheck.NOT_ASKED, None)
    return Operation(HANDLERS["11"], asking.checkout(item), asked, None)


def _broken(terminal: Terminal, item: str) -> Operation:
    """An operation that lends and then meets a bug: nothing of it may stay."""

    def answer(message: Message, asked: Asked) -> Answer:
        HANDLERS["11"].answer(message, asked)
        raise RuntimeError("a bug")

    handler: Handler[Message] = Handler(Way.CHANGE, answer, HANDLERS["11"].refuse)
    return Operation(handler, asking.checkout(item), Asked(terminal, clock.now(), "en", PinCheck.NOT_ASKED, None), None)


def _all(make: Callable[[], list[Operation]]) -> list[Outcome]:
    """Submit operations together and return what came of each."""

    async def run() -> list[Outcome]:
        seam = Engine(asyncio.get_running_loop(), readers=1, writers=2)
        try:
            return list(await asyncio.gather(*(seam.submit(operation) for operation in operations)))
        finally:
            await asyncio.to_thread(seam.stop)

    operations = make()
    return asyncio.run(run())


def test_one_that_breaks_fails_alone(terminal: Terminal) -> None:
    items = ITEMS[:5]
    outcomes = _all(
        lambda: [_broken(terminal, item) if item == items[2] else _operation(terminal, item) for item in items]
    )
    assert [outcome.body[:3] for outcome in outcomes] == [b"121", b"121", b"120", b"121", b"121"]
    assert outcomes[2].code == "not_now"
    assert set(Loan.objects.values_list("item__barcode", flat=True)) == set(items) - {items[2]}
    assert Event.objects.filter(verb="checkout").count() == 4


@pytest.mark.sqlite
def test_when_the_commit_fails_all_of_the_batch_fail(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    from shufang.database.sqlite3.base import DatabaseWrapper

    def commit(self: DatabaseWrapper) -> None:
        raise DatabaseError("the disk is full")

    monkeypatch.setattr(DatabaseWrapper, "commit", commit)
    outcomes = _all(lambda: [_operation(terminal, item) for item in ITEMS[:4]])
    monkeypatch.undo()
    assert [outcome.body for outcome in outcomes] == [b"96"] * 4
    assert not Loan.objects.exists()
    assert all(
        outcome.body[:3] == b"121" for outcome in _all(lambda: [_operation(terminal, item) for item in ITEMS[:4]])
    )


@pytest.mark.sqlite
def test_a_transaction_that_sqlite_broke_off_is_not_taken_for_done(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite rolls back by itself on some errors; a statement that hid it must not lead to a yes."""

    def answer(message: Message, asked: Asked) -> Answer:
        done = HANDLERS["11"].answer(message, asked)
        assert isinstance(done, Answer)
        connection.connection.rollback()
        return done

    handler: Handler[Message] = Handler(Way.CHANGE, answer, HANDLERS["11"].refuse)
    asked = Asked(terminal, clock.now(), "en", PinCheck.NOT_ASKED, None)
    outcomes = _all(lambda: [Operation(handler, asking.checkout(ITEMS[0]), asked, None)])
    assert outcomes[0].body[:3] == b"120"
    assert not Loan.objects.exists()


@pytest.mark.sqlite
def test_what_waits_is_done_in_few_transactions(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []
    plain = engine._in_one_transaction

    def counted(operations: list[Operation]) -> list[Outcome] | None:
        sizes.append(len(operations))
        return plain(operations)

    monkeypatch.setattr(engine, "_in_one_transaction", counted)
    outcomes = _all(lambda: [_operation(terminal, ITEMS[0]) for _ in range(100)])
    assert sum(sizes) == 100
    assert len(sizes) <= 4
    assert max(sizes) <= engine.MOST_IN_A_TRANSACTION
    assert sum(outcome.body[:3] == b"121" for outcome in outcomes) == 2, "one loan, one renewal"
    assert Loan.objects.count() == 1
