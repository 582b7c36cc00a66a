"""`shufang check_data`: every invariant over the whole database."""

import json

from django.core.management.base import BaseCommand, CommandError, CommandParser

from shufang.config.invariants.running import run_all

SHOWN = 20


class Command(BaseCommand):
    """Check."""

    help = "Check every rule of the data over the whole database; status 1 and a sentence for each fault."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take how to answer."""
        parser.add_argument("--all", action="store_true", help=f"show all faults of a rule, not only the first {SHOWN}")
        parser.add_argument("--json", action="store_true", help="one JSON object instead of sentences")

    def handle(self, *_args: object, **options: object) -> None:
        """Check and tell."""
        as_json, shown = bool(options["json"]), None if options["all"] else SHOWN
        checked, faults = [], 0
        for found in run_all():
            faults += len(found.violations)
            checked.append(found)
            if as_json or not found.violations:
                continue
            for sentence in found.violations[:shown]:
                self.stdout.write(f"{found.invariant.name}: {sentence}")
            if shown is not None and len(found.violations) > shown:
                self.stdout.write(f"{found.invariant.name}: and {len(found.violations) - shown} more (--all)")
        if as_json:
            told = {found.invariant.name: list(found.violations) for found in checked}
            self.stdout.write(json.dumps({"faults": faults, "rules": told}, ensure_ascii=False))
        if faults:
            raise CommandError(f"{faults} faults, {len(checked)} rules checked.")
        if not as_json:
            seconds = sum(found.seconds for found in checked)
            self.stdout.write(f"The data keeps every rule ({len(checked)} rules, {seconds:.1f} s).")
