"""`shufang run_jobs [NAME…]`: do the scheduled work now. Safe to run twice, and beside `serve` or cron."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from shufang.jobs.run import JOBS, in_words, run_due, run_named
from shufang.kernel.clock import now


class Command(BaseCommand):
    """Run all jobs, the named ones, or (--due) those whose time has come; one line each says what it did."""

    help = "Do the scheduled work: notices, expiries, erasures, figures."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("name", nargs="*", help="run these only: " + ", ".join(job.name for job in JOBS))
        parser.add_argument("--due", action="store_true", help="run only what is due, as serve does")

    def handle(self, *_args: object, **options: object) -> None:
        """Run and report; exits with 1 when a job failed."""
        names = options["name"]
        wanted = [str(name) for name in names] if isinstance(names, list) else []
        if options["due"] and wanted:
            raise CommandError("Name jobs or write --due, not both.")
        try:
            ran = run_due(now()) if options["due"] else run_named(wanted, now())
        except KeyError as error:
            raise CommandError(f"No job is called {error.args[0]}.") from error
        for one in ran:
            self.stdout.write(f"{one.name}: {one.error or in_words(one.done)}")
        failed = [one.name for one in ran if one.error]
        if failed:
            raise CommandError("These jobs failed: " + ", ".join(failed) + ". The log says why.")
