"""Preparing records in a second process while this one writes, in the order of the records.

Most of a load is reading and no database is needed for it. The second process is started only when a load turns out to
be long and only where there is a second processor; when it dies the load goes on without it.
"""

import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context

from shufang.catalogue.loading.candidates import Candidate, Rejected
from shufang.catalogue.loading.preparing import Preparer, prepare
from shufang.marc.reading import Unit

CHUNK = 64
LONG = 1000
"""A load of so many records is long: starting a process takes about as long as preparing them."""

_CHUNK_BYTES = 1 << 20
_AHEAD = 8
_WITH_WORKER = 3

Prepared = list[Candidate | Rejected]


@dataclass(slots=True)
class _Task:
    """A chunk and, once known, what became of it: here (`done`), or in the other process (`future`)."""

    units: list[Unit]
    future: Future[Prepared] | None = None
    done: Prepared | None = None

    @property
    def is_open(self) -> bool:
        return self.done is None and self.future is None

    @property
    def is_ready(self) -> bool:
        return self.done is not None or (self.future is not None and self.future.done())


class Helper:
    """The second process of a load. `close` ends it."""

    def __init__(self, preparer: Preparer) -> None:
        self._preparer = preparer
        self._pool: ProcessPoolExecutor | None = None
        self._warm: Future[Prepared] | None = None

    def start(self) -> None:
        """Start the process unless it runs; it can be given work when `is_warm`."""
        if self._pool is None and len(os.sched_getaffinity(0)) > 1:
            self._pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"))
            self._warm = self._pool.submit(prepare, self._preparer, "", [])

    @property
    def is_warm(self) -> bool:
        """Whether the process has started and can take work."""
        return self._warm is not None and self._warm.done() and self._warm.exception() is None

    def give(self, file: str, task: _Task) -> None:
        """Hand a chunk over; if that is impossible it stays for this process."""
        if self._pool is not None:
            try:
                task.future = self._pool.submit(prepare, self._preparer, file, task.units)
            except (BrokenProcessPool, RuntimeError):
                task.future = None

    def close(self) -> None:
        """End the process; work that it has not begun is dropped."""
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None


def prepared(units: Iterable[Unit], file: str, preparer: Preparer, helper: Helper | None) -> Iterator[Prepared]:
    """Yield prepared chunks in order; with a helper, both processes work at chunks ahead of the one that is asked for."""
    chunks = _chunks(units)
    waiting: deque[_Task] = deque()
    count = 0
    while True:
        if helper is not None and count >= LONG:
            helper.start()
        _look_ahead(chunks, waiting, file, preparer, helper)
        if not waiting:
            return
        task = waiting.popleft()
        count += len(task.units)
        yield _result(task, file, preparer)


def _look_ahead(
    chunks: Iterator[list[Unit]], waiting: deque[_Task], file: str, preparer: Preparer, helper: Helper | None
) -> None:
    """Keep the helper busy; while it works at the next chunk, prepare a later one here."""
    if helper is None or not helper.is_warm:
        if not waiting:
            waiting.extend(_Task(units) for units in _next(chunks))
        return
    while True:
        task = next((each for each in waiting if each.is_open), None)
        if task is None:
            found = _next(chunks) if len(waiting) < _AHEAD else []
            if not found:
                return
            task = _Task(found[0])
            waiting.append(task)
        if sum(1 for each in waiting if each.future is not None and not each.is_ready) < _WITH_WORKER:
            helper.give(file, task)
        elif waiting[0].is_ready:
            return
        if task.future is None:
            task.done = prepare(preparer, file, task.units)


def _next(chunks: Iterator[list[Unit]]) -> list[list[Unit]]:
    found = next(chunks, None)
    return [] if found is None else [found]


def _result(task: _Task, file: str, preparer: Preparer) -> Prepared:
    if task.done is not None:
        return task.done
    if task.future is not None and not task.future.cancel():
        try:
            return task.future.result()
        except BrokenProcessPool:
            pass  # The helper was killed: its chunk is prepared here, nothing is lost.
    return prepare(preparer, file, task.units)


def _chunks(units: Iterable[Unit]) -> Iterator[list[Unit]]:
    chunk: list[Unit] = []
    size = 0
    for unit in units:
        chunk.append(unit)
        size += len(unit.raw)
        if len(chunk) >= CHUNK or size >= _CHUNK_BYTES:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk
