"""`shufang clock`: what time it is for lending, and the way out when the clock was wrong."""

import getpass
from datetime import date

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from shufang.circulation.time_believed import AcceptClock, ClockAccepted, accept_clock, newest_believed
from shufang.kernel import clock


class Command(BaseCommand):
    """Tell the time of machine and books, or accept the machine's."""

    help = (
        "Compare the machine's clock with what has been recorded. Lending refuses while the clock stands behind it. "
        "When the clock was wrong and is right now: --accept TODAY."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take today's date, which whoever calls must know, and why the clock was wrong."""
        parser.add_argument(
            "--accept",
            type=date.fromisoformat,
            metavar="TODAY",
            help="today's date (YYYY-MM-DD), to say that the clock is right: events that lie ahead count no more",
        )
        parser.add_argument("--reason", default="", help="why the clock was wrong, for the audit trail")

    def handle(self, *_args: object, **options: object) -> None:
        """Tell, or accept; status 1 while lending is refused."""
        now, newest = clock.now(), newest_believed()
        self.stdout.write(f"This machine says {timezone.localtime(now):%Y-%m-%d %H:%M:%S}.")
        if newest is not None:
            self.stdout.write(f"The newest event is of {timezone.localtime(newest):%Y-%m-%d %H:%M:%S}.")
        today = options["accept"]
        if isinstance(today, date):
            self._accept(today, str(options["reason"]))
        elif newest is not None and newest > now:
            raise CommandError(
                "The clock stands behind what has been recorded, and lending waits. If it is wrong, set it. "
                "If it is right and was wrong before, say so: shufang clock --accept TODAY"
            )

    def _accept(self, today: date, reason: str) -> None:
        now = clock.now()
        if today != timezone.localdate(now):
            raise CommandError(f"This machine does not think that today is {today}. Set its clock first.")
        done = accept_clock(AcceptClock(getpass.getuser(), reason), now)
        if not isinstance(done, ClockAccepted):
            self.stdout.write("Nothing lies ahead of the clock; nothing was changed.")
            return
        self.stdout.write(
            f"{done.events} events of a wrong clock count no more, and lending goes on. "
            f"{done.loans} open loans and {done.holds} holds of those times now count from today."
        )
        if done.charges:
            self.stdout.write(f"{done.charges} charges were raised at those times: look at them, staff may waive them.")
