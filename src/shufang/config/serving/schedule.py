"""The process of scheduled work."""

import signal
import sys
import threading

from shufang.jobs.keep_running import keep_running


def run() -> None:
    """Run due jobs until SIGTERM or SIGINT."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    sys.stdout.write("Ready: scheduled work\n")
    sys.stdout.flush()
    keep_running(stop)
