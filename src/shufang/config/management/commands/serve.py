"""`shufang serve`: web, SIP2 server and scheduled work until SIGTERM or Ctrl-C."""

import signal
import threading

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from shufang.config.serving.database import database_problems
from shufang.config.serving.preconditions import (
    account_problems,
    listening,
    payment_problems,
    port_problems,
    same_port_problems,
)
from shufang.config.serving.supervisor import Part, PartFailedError, Supervisor
from shufang.kernel.claim import AlreadyClaimedError, Claim

WRONG_USE = 2


class Command(BaseCommand):
    """Run everything."""

    help = "Run the web server, the SIP2 server and the scheduled work (docs/operations.md)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take ports that stand before the settings."""
        parser.add_argument("--http-port", type=int, help="web port, 0 for any free one (SHUFANG_HTTP_PORT)")
        parser.add_argument("--sip2-port", type=int, help="SIP2 port, 0 for any free one (SHUFANG_SIP2_PORT)")

    def handle(self, *_args: object, **options: object) -> None:
        """Check, start, wait. Status 2 and plain sentences when it cannot start."""
        http_port, sip2_port = options["http_port"], options["sip2_port"]
        http = http_port if isinstance(http_port, int) else settings.SHUFANG_HTTP_PORT
        sip2 = sip2_port if isinstance(sip2_port, int) else settings.SHUFANG_SIP2_PORT
        try:
            claim = Claim(settings.SHUFANG_DATA)
        except AlreadyClaimedError as error:
            raise CommandError(str(error), returncode=WRONG_USE) from error
        try:
            self._serve(claim, int(http), int(sip2))
        finally:
            claim.release()

    def _serve(self, claim: Claim, http: int, sip2: int) -> None:
        addresses = [
            (settings.SHUFANG_HTTP_HOST, http, "The web server"),
            (settings.SHUFANG_SIP2_HOST, sip2, "The SIP2 server"),
        ]
        problems = database_problems()
        problems += [] if problems else account_problems()
        problems += payment_problems()
        clash = same_port_problems(
            (settings.SHUFANG_HTTP_HOST, http, "SHUFANG_HTTP_PORT"),
            (settings.SHUFANG_SIP2_HOST, sip2, "SHUFANG_SIP2_PORT"),
        )
        problems += clash or port_problems(addresses)
        if problems:
            raise CommandError("\n".join(problems), returncode=WRONG_USE)
        listener = listening(settings.SHUFANG_HTTP_HOST, http)
        listener.listen(1024)
        handle = listener.fileno()
        parts = (
            Part("The web server", ("web", str(handle)), (handle, claim.handle)),
            Part("The SIP2 server", ("sip2", settings.SHUFANG_SIP2_HOST, str(sip2)), (claim.handle,)),
            Part("Scheduled work", ("jobs",), (claim.handle,)),
        )
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda _number, _frame: stop.set())
        try:
            Supervisor(parts, stop, self._say).run()
        except PartFailedError as error:
            raise CommandError(str(error), returncode=WRONG_USE) from error
        finally:
            listener.close()

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
