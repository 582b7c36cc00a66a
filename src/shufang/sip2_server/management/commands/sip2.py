"""`shufang sip2`: run the SIP2 server until SIGTERM or Ctrl-C."""

from collections.abc import Sequence

from django.core.management.base import BaseCommand, CommandError, CommandParser

from shufang.sip2_server.configuration import ConfigurationError, configuration
from shufang.sip2_server.server import Address, serve


class Command(BaseCommand):
    """Run the SIP2 server."""

    help = "Run the SIP2 server for self-check machines (settings: SHUFANG_SIP2_…)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take addresses that stand before the settings."""
        parser.add_argument("--host", help="address to listen on (SHUFANG_SIP2_HOST)")
        parser.add_argument("--port", type=int, help="TCP port, 0 for any free one (SHUFANG_SIP2_PORT)")
        parser.add_argument("--tls-port", type=int, help="TLS port (SHUFANG_SIP2_TLS_PORT)")

    def handle(self, *_args: object, **options: object) -> None:
        """Serve; a busy port or a bad certificate is a plain sentence and status 2."""
        host, port, tls_port = options["host"], options["port"], options["tls_port"]
        try:
            serve(
                configuration(
                    host=str(host) if host else None,
                    port=port if isinstance(port, int) else None,
                    tls_port=tls_port if isinstance(tls_port, int) else None,
                ),
                self._ready,
            )
        except ConfigurationError as error:
            raise CommandError(str(error), returncode=2) from error

    def _ready(self, addresses: Sequence[Address]) -> None:
        self.stdout.write("Ready: SIP2 on " + ", ".join(str(address) for address in addresses))
        self.stdout.flush()
