"""`shufang card_station`: a simulated document reader and card printer for a kiosk on this machine. See docs/kiosk.md."""

import signal

from django.core.management.base import BaseCommand, CommandError, CommandParser

from shufang.registration.card_station.simulator import StationSimulator

WRONG_USE = 2


class Command(BaseCommand):
    """Run the simulated station."""

    help = "Run a simulated document reader and card printer for a kiosk on this machine (docs/kiosk.md)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the address, the stock, and from which sites' pages it may be spoken to."""
        parser.add_argument("--port", type=int, default=8702, help="0 for any free one (default 8702)")
        parser.add_argument("--blanks", type=int, default=100, help="blank cards in the printer (default 100)")
        parser.add_argument(
            "--origin", action="append", default=[], help="https://… of the kiosk's pages; may be repeated"
        )

    def handle(self, *_args: object, **options: object) -> None:
        """Serve until SIGTERM or Ctrl-C; a busy port is a sentence and status 2."""
        port, blanks, origins = options["port"], options["blanks"], options["origin"]
        try:
            simulator = StationSimulator(
                port=port if isinstance(port, int) else 0,
                blanks=blanks if isinstance(blanks, int) else 0,
                origins=[str(origin) for origin in origins] if isinstance(origins, list) else [],
            )
        except OSError as error:
            raise CommandError(f"Port {port} cannot be had: {error}.", returncode=WRONG_USE) from error
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _stop)
        page = simulator.address.replace("ws://", "http://")
        self.stdout.write(f"Ready: card station (simulator) on {simulator.address}, its page on {page}/")
        self.stdout.flush()
        simulator.run()


def _stop(_number: int, _frame: object) -> None:
    raise SystemExit(0)
