"""`shufang sip2_status`: sessions and latencies of the SIP2 server on this machine."""

import json

from django.core.management.base import BaseCommand, CommandError, CommandParser

from shufang.kernel import clock
from shufang.sip2_server.board import Status, read_status
from shufang.sip2_server.configuration import status_file


class Command(BaseCommand):
    """Show what the SIP2 server told last."""

    help = "Show sessions and latencies of the SIP2 server on this machine."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the form of the answer."""
        parser.add_argument("--json", action="store_true", help="as JSON")

    def handle(self, *_args: object, **options: object) -> None:
        """Print it; status 1 when no server runs."""
        status = read_status(status_file(), clock.now())
        if status is None:
            raise CommandError("No SIP2 server has told anything in this data folder.")
        if options["json"]:
            self.stdout.write(json.dumps({**status.told, "is_running": status.is_running}, ensure_ascii=False))
        else:
            self._table(status)
        if not status.is_running:
            raise CommandError(f"The SIP2 server does not run; it told this at {status.at:%Y-%m-%d %H:%M:%S} UTC.")

    def _table(self, status: Status) -> None:
        self.stdout.write(f"connections {status.connections}, sessions {status.sessions}")
        accounts = status.told.get("accounts")
        if isinstance(accounts, dict):
            self.stdout.write("accounts " + ", ".join(f"{name} ({count})" for name, count in accounts.items()))
        self.stdout.write(
            f"{'message':8}{'count':>10}{'refused':>10}{'repeats':>9}{'p50 ms':>9}{'p99 ms':>9}{'max ms':>9}"
        )
        messages = status.told.get("messages")
        for code, row in messages.items() if isinstance(messages, dict) else ():
            self.stdout.write(
                f"{code:8}{row['count']:>10}{row['refusals']:>10}{row['repeats']:>9}"
                f"{row['p50_ms']:>9}{row['p99_ms']:>9}{row['max_ms']:>9}"
            )
