"""`shufang restore FOLDER`: a backup in the place of the database."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from shufang.config.backups.manifest import BackupError
from shufang.config.backups.restoring import restore
from shufang.kernel import clock


class Command(BaseCommand):
    """Restore."""

    help = "Put a backup in the place of the database. The backup is verified first; the database of before is kept."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the backup's folder."""
        parser.add_argument("folder", type=Path, help="a folder that `shufang backup` has made")
        parser.add_argument(
            "--keys", type=Path, metavar="FILE", help="a copy of the backup's keys, to be used from now on"
        )

    def handle(self, *_args: object, **options: object) -> None:
        """Restore, and say what is kept where and what to do next."""
        keys = options["keys"]
        try:
            done = restore(Path(str(options["folder"])), clock.now(), keys=keys if isinstance(keys, Path) else None)
        except BackupError as error:
            raise CommandError(f"{error} Nothing has changed.") from error
        rows = sum(done.manifest.tables.values())
        self.stdout.write(f"Restored {rows} rows, as of {done.manifest.made_at:%Y-%m-%d %H:%M:%S} UTC.")
        if done.kept:
            self.stdout.write(f"The database of before is kept as {done.kept}; delete it when all is well.")
        if done.kept_keys:
            self.stdout.write(f"The keys of before are kept as {done.kept_keys}.")
        self.stdout.write("Next: shufang upgrade (if this is a newer version), shufang check_data, shufang serve")
