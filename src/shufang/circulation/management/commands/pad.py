"""`shufang pad`: a simulated RFID pad and card reader for a kiosk on this machine. See docs/kiosk.md."""

import signal

from django.core.management.base import BaseCommand, CommandError, CommandParser

from shufang.branches.models import Branch
from shufang.circulation.pad.books import books_of
from shufang.circulation.pad.simulator import PadSimulator

WRONG_USE = 2


class Command(BaseCommand):
    """Run the simulated pad."""

    help = "Run a simulated RFID pad and card reader for a kiosk on this machine (docs/kiosk.md)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the address, whose books lie at hand, which cards, and from which sites' pages it may be spoken to."""
        parser.add_argument("--port", type=int, default=8701, help="0 for any free one (default 8701)")
        parser.add_argument("--branch", default="", help="code of the branch whose books a hand may lay down")
        parser.add_argument("--card", action="append", default=[], help="number of a card to hold up; may be repeated")
        parser.add_argument(
            "--origin", action="append", default=[], help="https://… of the kiosk's pages; may be repeated"
        )

    def handle(self, *_args: object, **options: object) -> None:
        """Serve until SIGTERM or Ctrl-C; a busy port or an unknown branch is a sentence and status 2."""
        port, branch = options["port"], str(options["branch"])
        if branch and not Branch.objects.filter(code=branch).exists():
            raise CommandError(f"There is no branch with the code {branch!r}.", returncode=WRONG_USE)
        try:
            simulator = PadSimulator(
                lambda: books_of(branch),
                _texts(options["card"]),
                port=port if isinstance(port, int) else 0,
                origins=_texts(options["origin"]),
            )
        except OSError as error:
            raise CommandError(f"Port {port} cannot be had: {error}.", returncode=WRONG_USE) from error
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _stop)
        page = simulator.address.replace("ws://", "http://")
        self.stdout.write(f"Ready: pad (simulator) on {simulator.address}, its page on {page}/")
        self.stdout.flush()
        simulator.run()


def _texts(given: object) -> list[str]:
    return [str(text) for text in given] if isinstance(given, list) else []


def _stop(_number: int, _frame: object) -> None:
    raise SystemExit(0)
