"""`shufang card_centre`: a simulated card centre of the city, for demonstration and tests. See docs/card_authority.md."""

import signal
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from shufang.registration.authority.centre import CardCentre
from shufang.registration.authority.interface import Away
from shufang.registration.authority.simulator.books import Books
from shufang.registration.authority.simulator.modes import MODES
from shufang.registration.authority.simulator.sample import fill
from shufang.registration.authority.simulator.service import CardCentreService

WRONG_USE = 2


class Command(BaseCommand):
    """Run the simulated centre, or tell a running one how to behave."""

    help = "Run a simulated card centre of the city (docs/card_authority.md). It needs SHUFANG_CARD_CENTRE_KEY."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the address, the file, and what to tell."""
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8700, help="0 for any free one (default 8700)")
        parser.add_argument("--file", type=Path, help="its books (default: card_centre.sqlite3 in SHUFANG_DATA)")
        parser.add_argument("--tell", choices=sorted(MODES), help="let the running one behave so; it is not started")

    def handle(self, *_args: object, **options: object) -> None:
        """Serve until SIGTERM or Ctrl-C. Status 2 and a sentence when it cannot."""
        key = bytes(settings.SHUFANG_CARD_CENTRE_KEY)
        if not key:
            raise CommandError("Set SHUFANG_CARD_CENTRE_KEY, the same for the centre and for us.", returncode=WRONG_USE)
        host, port = str(options["host"]), int(str(options["port"]))
        if options["tell"]:
            self._tell(f"http://{host}:{port}", key, str(options["tell"]))
            return
        file = options["file"] if isinstance(options["file"], Path) else settings.SHUFANG_DATA / "card_centre.sqlite3"
        self._serve(host, port, file, key)

    def _serve(self, host: str, port: int, file: Path, key: bytes) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        books = Books(file)
        if books.is_empty():
            fill(books)
        try:
            service = CardCentreService(books, key, host, port)
        except OSError as error:
            raise CommandError(f"Port {port} on {host} cannot be had: {error}.", returncode=WRONG_USE) from error
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _stop)
        self.stdout.write(f"Ready: card centre (simulator) on {service.url}")
        self.stdout.flush()
        try:
            service.run()
        finally:
            books.close()

    def _tell(self, url: str, key: bytes, mode: str) -> None:
        told = CardCentre(url, "simulator", key, 5).set_mode(mode)
        if isinstance(told, Away):
            raise CommandError(f"Nobody answers at {url}: {told.reason}.")
        self.stdout.write(f"The card centre is {mode} from now on.")


def _stop(_number: int, _frame: object) -> None:
    raise SystemExit(0)
