"""`shufang backup`: the whole database into a new folder, the keys to another place, while everything runs."""

import shutil
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from shufang.config.backups.key_copies import copy_keys, last_copy
from shufang.config.backups.making import make_backup, oldest_beyond
from shufang.config.backups.manifest import BackupError
from shufang.kernel import clock


class Command(BaseCommand):
    """Back up."""

    help = (
        "Back up the database into a new folder, while everything runs, and read it back. The keys go to another place."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take where to, and how many to keep."""
        parser.add_argument("--to", type=Path, help="the folder of backups (SHUFANG_BACKUPS)")
        parser.add_argument(
            "--keys-to",
            type=Path,
            metavar="DIR",
            help="copy the keys there, another place than --to (SHUFANG_KEY_COPIES)",
        )
        parser.add_argument("--keep", type=int, help="delete all but the newest so many backups afterwards")

    def handle(self, *_args: object, **options: object) -> None:
        """Make one, and say where it is and what is secret in it."""
        to, keep = options["to"], options["keep"]
        parent = to if isinstance(to, Path) else settings.SHUFANG_BACKUPS
        if isinstance(keep, int) and keep < 1:
            raise CommandError("--keep takes 1 or more.")
        try:
            folder = make_backup(parent, clock.now())
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Backed up and read back: {folder}")
        self._keys(options["keys_to"], parent)
        for old in oldest_beyond(parent, keep) if isinstance(keep, int) else ():
            shutil.rmtree(old)
            self.stdout.write(f"Deleted the older backup {old}")

    def _keys(self, to: object, backups: Path) -> None:
        """Copy the keys where a place is named; say where they are, for the backup is worth nothing without them."""
        wanted = to if isinstance(to, Path) else settings.SHUFANG_KEY_COPIES
        if wanted is not None:
            try:
                copy_keys(wanted, backups, clock.now())
            except BackupError as error:
                raise CommandError(f"{error} The database is backed up.") from error
        copy = last_copy()
        if copy is None:
            self.stderr.write(
                f"The keys are not in it, and nobody has copied them from here: {settings.SHUFANG_KEYS_FILE}. Without them no "
                "reader can use a PIN again. Copy them once to another place: shufang backup --keys-to DIR"
            )
            return
        self.stdout.write(
            f"The keys are not in it. Last copy: {copy.path}, {timezone.localtime(copy.at):%Y-%m-%d %H:%M}"
        )
