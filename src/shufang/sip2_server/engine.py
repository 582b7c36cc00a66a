"""The one seam between the sockets and the database: `submit(operation) → future`.

SQLite: one writer thread takes up to 64 waiting operations into one durable transaction and answers after the commit;
when the commit fails all of them fail. PostgreSQL: a few threads, an operation each. Queries and PIN checks have threads
of their own, outside of transactions.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import TypeVar

from django.db import DatabaseError, OperationalError, connection, transaction

from shufang.circulation.queries.locking import MovedError, done_again_as_a_whole
from shufang.kernel import clock
from shufang.registration.authority.chosen import is_local
from shufang.sip2_server.handlers.handler import Way
from shufang.sip2_server.operation import NOT_NOW, PLEASE_RESEND, Operation, Outcome
from shufang.sip2_server.threads import Threads

logger = logging.getLogger("shufang.sip2")
T = TypeVar("T")

MOST_IN_A_TRANSACTION = 64
CITY_THREADS = 4
TRIES = 3
"""More, of an operation that PostgreSQL broke off (deadlock) or that found its item in other hands than it had locked."""
_AGAIN = frozenset({"40P01", "40001"})
FAILED = Outcome(PLEASE_RESEND, "not_recorded")
"""The commit failed, or nobody knows whether it did: the terminal asks again and the rule of repeats decides."""

Job = tuple[Operation, "asyncio.Future[Outcome]"]
Done = tuple["asyncio.Future[Outcome]", Outcome]


class RolledBackError(Exception):
    """SQLite broke the transaction off by itself (disk full, I/O error) while a savepoint hid it."""


class Engine:
    """Threads that carry operations out. Made, asked and stopped by the loop's thread."""

    def __init__(self, loop: asyncio.AbstractEventLoop, *, readers: int, writers: int) -> None:
        self._loop = loop
        is_sqlite = connection.vendor == "sqlite"
        # PostgreSQL's connections come from a pool that the web shares: who has nothing to do gives his back.
        idle = None if is_sqlite else _forget_connection
        self._writing: Threads[Job] = Threads(
            "sip2-writer", 1 if is_sqlite else writers, MOST_IN_A_TRANSACTION if is_sqlite else 1, self._write, idle
        )
        self._reading: Threads[Callable[[], None]] = Threads(
            "sip2-reader", min(2, readers) if is_sqlite else readers, 1, self._read, idle
        )
        # Who waits for the city's card centre waits beside the others.
        self._has_city = not is_local()
        self._asking: Threads[Callable[[], None]] = Threads(
            "sip2-city", CITY_THREADS if self._has_city else 0, 1, self._read, _forget_connection
        )

    def submit(self, operation: Operation) -> "asyncio.Future[Outcome]":
        """Carry an operation out; the future has its outcome, after the commit if it changed something."""
        future: asyncio.Future[Outcome] = self._loop.create_future()
        if self._has_city and operation.handler.way is not Way.HERE:
            self._reading.put(lambda: self._with_known_card(operation, future))
        else:
            self._go_on(operation, future)
        return future

    def _with_known_card(self, operation: Operation, future: "asyncio.Future[Outcome]") -> None:
        """Let an operation whose card is here go on, and others wait beside for the city's answer."""
        try:
            is_here = operation.knows_card()
        except Exception:
            logger.exception("a card could not be looked for")
            _forget_connection()
            is_here = True
        if is_here:
            self._go_on(operation, future)
        else:
            self._asking.put(lambda: self._ask_for_card(operation, future))

    def _ask_for_card(self, operation: Operation, future: "asyncio.Future[Outcome]") -> None:
        try:
            outcome = operation.ask_for_card()
        except Exception:
            logger.exception("the city could not be asked for a card")
            _forget_connection()
            outcome = operation.refuse(NOT_NOW)
        if outcome is not None:
            self._deliver([(future, outcome)])
        elif operation.needs_pin_check:
            self._after_pin_check(operation, future)
        elif operation.handler.way is Way.CHANGE:
            self._writing.put((operation, future))
        else:
            self._query(operation, future)

    def _go_on(self, operation: Operation, future: "asyncio.Future[Outcome]") -> None:
        if operation.needs_pin_check:
            self._reading.put(lambda: self._after_pin_check(operation, future))
        elif operation.handler.way is Way.CHANGE:
            self._writing.put((operation, future))
        else:
            self._reading.put(lambda: self._query(operation, future))

    def ask(self, work: Callable[[], T]) -> "asyncio.Future[T]":
        """Run a piece of work that only reads (a login, the terminals as they are now) on a reader's thread."""
        future: asyncio.Future[T] = self._loop.create_future()

        def run() -> None:
            try:
                result = work()
            except Exception as error:  # the loop learns of it
                logger.exception("a look into the database failed")
                _forget_connection()
                self._loop.call_soon_threadsafe(_fail, future, error)
            else:
                self._loop.call_soon_threadsafe(_settle, future, result)

        self._reading.put(run)
        return future

    def waiting(self) -> tuple[int, int]:
        """Return about how many changes and how many queries wait."""
        return self._writing.waiting(), self._reading.waiting()

    def stop(self) -> None:
        """Finish what waits, then end. Readers first: a checked PIN may still hand its operation to the writer."""
        self._reading.stop()
        self._asking.stop()
        self._writing.stop()

    def _read(self, jobs: list[Callable[[], None]]) -> None:
        for job in jobs:
            job()

    def _after_pin_check(self, operation: Operation, future: "asyncio.Future[Outcome]") -> None:
        try:
            operation.check_pin()
        except Exception:
            logger.exception("a PIN could not be checked")
            _forget_connection()
            self._deliver([(future, operation.refuse(NOT_NOW))])
            return
        if operation.handler.way is Way.CHANGE:
            self._writing.put((operation, future))
        else:
            self._query(operation, future)

    def _query(self, operation: Operation, future: "asyncio.Future[Outcome]") -> None:
        try:
            outcome = operation.carry_out()
        except Exception:
            logger.exception("a query failed")
            _forget_connection()
            outcome = operation.refuse(NOT_NOW)
        self._deliver([(future, outcome)])

    def _write(self, jobs: list[Job]) -> None:
        outcomes = _in_one_transaction([operation for operation, _ in jobs])
        if outcomes is not None:
            self._deliver([(future, outcome) for (_, future), outcome in zip(jobs, outcomes, strict=True)])
            return
        # One of them broke the transaction: each by itself, so that it alone fails.
        for operation, future in jobs:
            self._deliver([(future, _alone(operation))])

    def _deliver(self, done: list[Done]) -> None:
        self._loop.call_soon_threadsafe(_settle_all, done)


def _in_one_transaction(operations: list[Operation]) -> list[Outcome] | None:
    """Return the outcomes, all committed, or all FAILED with the commit; None when all was rolled back before."""
    is_committing = False
    try:
        with transaction.atomic(), done_again_as_a_whole():
            now = clock.now()
            outcomes = [operation.carry_out(now) for operation in operations]
            if connection.needs_rollback or not _is_whole():
                raise RolledBackError
            is_committing = True
    except Exception as error:  # noqa: BLE001  # whatever it is: logged, rolled back, and the terminals are told
        _log_break(error, len(operations))
        _forget_connection()
        return [FAILED] * len(operations) if is_committing else None
    return outcomes


def _is_whole() -> bool:
    if connection.vendor != "sqlite":
        return True
    return bool(connection.connection is not None and connection.connection.in_transaction)


def _alone(operation: Operation) -> Outcome:
    for _ in range(TRIES):
        outcomes = _in_one_transaction([operation])
        if outcomes is not None:
            return outcomes[0]
    return operation.refuse(NOT_NOW)


def _log_break(error: Exception, count: int) -> None:
    """Deadlocks are expected now and then and told in a line; everything else with its traceback."""
    state = getattr(error.__cause__, "sqlstate", None) if isinstance(error, OperationalError) else None
    if state in _AGAIN or isinstance(error, MovedError):
        logger.info("a transaction met another one (%s) and is done again", state or "moved")
    else:
        logger.error("a transaction of %d operations was rolled back", count, exc_info=error)


def _forget_connection() -> None:
    """Close this thread's connection, whatever state it is in; the next statement opens a new one."""
    try:
        connection.close()
    except DatabaseError:
        logger.exception("a connection could not be closed")


def _settle_all(done: list[Done]) -> None:
    for future, outcome in done:
        _settle(future, outcome)


def _settle(future: "asyncio.Future[T]", result: T) -> None:
    if not future.done():
        future.set_result(result)


def _fail(future: "asyncio.Future[T]", error: Exception) -> None:
    if not future.done():
        future.set_exception(error)
