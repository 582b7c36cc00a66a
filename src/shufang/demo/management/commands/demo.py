"""`shufang demo`: the Daxing network on this machine, for looking at. See docs/demo.md."""

from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from shufang.demo import build, cast, guard, running, servers
from shufang.kernel.claim import AlreadyClaimedError, Claim
from shufang.money.providers.in_use import SIMULATOR
from shufang.sip2_server.configuration import ConfigurationError

WRONG_USE = 2


class Command(BaseCommand):
    """Run the demonstration."""

    help = "Run the Daxing network for demonstration: web pages and SIP2 server (docs/demo.md)."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Take a folder and ports that stand before the settings. `--data` is read before the settings are."""
        parser.add_argument("--data", metavar="DIR", help="folder of database, files and logs (SHUFANG_DATA)")
        parser.add_argument("--http-port", type=_port, help="web port, 0 for any free one (SHUFANG_HTTP_PORT)")
        parser.add_argument("--sip2-port", type=_port, help="SIP2 port, 0 for any free one (SHUFANG_SIP2_PORT)")
        parser.add_argument("--no-history", action="store_true", help="leave out the invented readers and their year")

    def handle(self, *_args: object, **options: object) -> None:
        """Make the demonstration if there is none, serve it. Status 2 and a plain sentence when it cannot start."""
        servers.end_on_signals()
        folder: Path = settings.SHUFANG_DATA
        try:
            claim = Claim(folder)
        except AlreadyClaimedError as error:
            raise CommandError(str(error), returncode=WRONG_USE) from error
        except OSError as error:
            raise CommandError(f"The folder {folder} cannot be used: {error}.", returncode=WRONG_USE) from error
        try:
            self._demonstrate(options)
        finally:
            claim.release()

    def _demonstrate(self, options: dict[str, object]) -> None:
        http, sip2 = options["http_port"], options["sip2_port"]
        try:
            listeners = servers.claim(
                settings.SHUFANG_HTTP_HOST,
                http if isinstance(http, int) else settings.SHUFANG_HTTP_PORT,
                settings.SHUFANG_SIP2_HOST,
                sip2 if isinstance(sip2, int) else settings.SHUFANG_SIP2_PORT,
            )
        except servers.BusyPortError as error:
            raise CommandError(str(error), returncode=WRONG_USE) from error
        settings.SHUFANG_PAYMENT_PROVIDER = settings.SHUFANG_PAYMENT_PROVIDER or SIMULATOR
        self._make(settings.SHUFANG_DATA, with_history=not options["no_history"])
        running.begin()
        try:
            servers.run(listeners, self._ready)
        except ConfigurationError as error:
            raise CommandError(str(error), returncode=WRONG_USE) from error
        finally:
            connections.close_all()
        self._say("Ended.")

    def _make(self, folder: Path, *, with_history: bool) -> None:
        try:
            servers.log_to_files(folder)
            if guard.is_real(folder):
                raise CommandError(
                    f"{guard.whose(folder)} holds something that is no demonstration, and was left alone. "
                    "Choose another folder with --data, and no DATABASE_URL.",
                    returncode=WRONG_USE,
                )
            call_command("migrate", verbosity=0)
            guard.mark(folder)
        except OSError as error:
            raise CommandError(f"The folder {folder} cannot be used: {error}.", returncode=WRONG_USE) from error
        self._say("Accounts, PINs and people are for demonstration only.")
        if build.build(self._say, with_history=with_history):
            build.tidy()

    def _ready(self, at: servers.Endpoints) -> None:
        self._say(
            f"Ready: web {at.web} (demo/: whom to be, admin/: librarian, password demo) · SIP2 {at.sip2} (gmd-1, password demo) · "
            f"cards {cast.MEMBERS[0].number} to {cast.MEMBERS[-1].number}, PIN {cast.PIN}, items DX00000001 to "
            f"DX00000100 · for demonstration only · Ctrl-C ends"
        )

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def _port(text: str) -> int:
    """Turn a TCP port, 0 to 65535. ValueError, of which argparse makes its sentence."""
    port = int(text)
    if not 0 <= port <= 65535:
        raise ValueError(text)
    return port


_port.__name__ = "port"
