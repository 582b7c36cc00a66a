"""Sending what somebody waits for (a code) as soon as it is committed, in a thread of its own.

What this thread does not manage, because the process ends or the server is down, the next run of the jobs does: both
claim a notice before they send it (notices/delivery.py).
"""

import logging
import threading
from collections.abc import Collection
from queue import SimpleQueue

from django.db import Error, close_old_connections, connections, transaction

from shufang.kernel import clock
from shufang.notices.channels import CHANNELS
from shufang.notices.delivery import Render, deliver

log = logging.getLogger("shufang.notices")

_waiting: SimpleQueue[tuple[Collection[int], Render]] = SimpleQueue()
_start = threading.Lock()
_threads: list[threading.Thread] = []


def send_at_once(notice_ids: Collection[int], render: Render) -> None:
    """Send these notices after the commit of the transaction under way, if any. Returns at once; never fails."""
    transaction.on_commit(lambda: _enqueue(notice_ids, render))


def _enqueue(notice_ids: Collection[int], render: Render) -> None:
    _waiting.put((notice_ids, render))
    with _start:
        if not any(thread.is_alive() for thread in _threads):
            thread = threading.Thread(target=_work, name="notices-at-once", daemon=True)
            _threads[:] = [thread]
            thread.start()


def _work() -> None:
    while True:
        notice_ids, render = _waiting.get()
        close_old_connections()
        try:
            for channel in CHANNELS:
                deliver(channel, render, clock.now(), only=notice_ids)
        except Error:
            log.exception("a notice could not be sent at once")
        finally:
            connections.close_all()
