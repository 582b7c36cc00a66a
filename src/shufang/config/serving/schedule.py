"""The process of scheduled work: asks every minute (SHUFANG_JOBS_SECONDS) which jobs are due."""

import logging
import signal
import sys
import threading

from django.conf import settings
from django.db import Error, close_old_connections

from shufang.jobs.run import run_due
from shufang.kernel import clock

log = logging.getLogger("shufang.jobs")


def run() -> None:
    """Run due jobs until SIGTERM or SIGINT; a database that does not answer is asked again the next time."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    sys.stdout.write("Ready: scheduled work\n")
    sys.stdout.flush()
    while not stop.is_set():
        close_old_connections()
        try:
            run_due(clock.now())
        except Error:
            log.exception("the jobs could not be started")
        stop.wait(settings.SHUFANG_JOBS_SECONDS)
