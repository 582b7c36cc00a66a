"""Scheduled work beside a server: asks every minute (SHUFANG_JOBS_SECONDS) which jobs are due."""

import logging
import threading

from django.conf import settings
from django.db import Error, close_old_connections, connections

from shufang.jobs.run import run_due
from shufang.kernel import clock

log = logging.getLogger("shufang.jobs")


def keep_running(stop: threading.Event) -> None:
    """Run due jobs until `stop` is set; a database that does not answer is asked again the next time."""
    try:
        while not stop.is_set():
            close_old_connections()
            try:
                run_due(clock.now())
            except Error:
                log.exception("the jobs could not be started")
            stop.wait(settings.SHUFANG_JOBS_SECONDS)
    finally:
        connections.close_all()
