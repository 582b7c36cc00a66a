"""Threads with one queue: each takes what waits, up to so many at once, and works on it."""

import logging
import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

from django.db import connections

logger = logging.getLogger("shufang.sip2")
J = TypeVar("J")
IDLE_SECONDS = 1.0


class Threads(Generic[J]):
    """`count` threads that give lists of 1 to `most` waiting jobs to `work`, in the order in which they came.

    `idle` is called in a thread that has had nothing to do for IDLE_SECONDS.
    """

    def __init__(
        self, name: str, count: int, most: int, work: Callable[[list[J]], None], idle: Callable[[], None] | None = None
    ) -> None:
        self._queue: SimpleQueue[J | None] = SimpleQueue()
        self._most = most
        self._work = work
        self._idle = idle
        self._threads = [
            threading.Thread(target=self._run, name=f"{name}-{number}", daemon=True) for number in range(count)
        ]
        for thread in self._threads:
            thread.start()

    def put(self, job: J) -> None:
        """Let a job wait. Safe from any thread."""
        self._queue.put(job)

    def waiting(self) -> int:
        """Return about how many jobs wait."""
        return self._queue.qsize()

    def stop(self) -> None:
        """Finish what waits, close the threads' database connections and end."""
        for _ in self._threads:
            self._queue.put(None)
        for thread in self._threads:
            thread.join()

    def _run(self) -> None:
        try:
            while (jobs := self._take()) is not None:
                try:
                    self._work(jobs)
                except Exception:
                    logger.exception("a thread of the SIP2 server met what nobody expected")
        finally:
            connections.close_all()

    def _next(self) -> J | None:
        if self._idle is not None:
            try:
                return self._queue.get(timeout=IDLE_SECONDS)
            except Empty:
                self._idle()
        return self._queue.get()

    def _take(self) -> list[J] | None:
        job = self._next()
        if job is None:
            return None
        jobs = [job]
        while len(jobs) < self._most:
            try:
                job = self._queue.get_nowait()
            except Empty:
                break
            if job is None:
                self._queue.put(None)
                break
            jobs.append(job)
        return jobs
