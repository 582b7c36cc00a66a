"""`shufang backup`: the whole database and the keys into a new folder, while everything runs."""

import shutil
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from shufang.config.backups.making import KEYS, make_backup, oldest_beyond
from shufang.config.backups.manifest import BackupError
from shufang.kernel import clock


class Command(BaseCommand):
    """Back up."""

    help = "Back up the database and the keys into a new folder, while everything runs, and read the backup back."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take where to, and how many to keep."""
        parser.add_argument("--to", type=Path, help="the folder of backups (SHUFANG_BACKUPS)")
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
        self.stderr.write(
            f"{folder / KEYS} opens what the database hides (PINs, identity documents). Keep it in another place "
            "than the database, where nobody else can read it; without it no reader can use a PIN again."
        )
        for old in oldest_beyond(parent, keep) if isinstance(keep, int) else ():
            shutil.rmtree(old)
            self.stdout.write(f"Deleted the older backup {old}")
