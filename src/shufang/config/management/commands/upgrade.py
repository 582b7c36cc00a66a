"""`shufang upgrade`: back up, migrate, check, and tell how to go back."""

from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from shufang.config.backups.making import make_backup
from shufang.config.backups.manifest import BackupError
from shufang.config.invariants.running import run_all
from shufang.config.serving.key_check import record
from shufang.kernel import clock
from shufang.kernel.claim import AlreadyClaimedError, Claim


class Command(BaseCommand):
    """Upgrade."""

    help = "Bring the database to this version: back up, migrate, check, and tell how to go back."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take where the backup goes."""
        parser.add_argument("--to", type=Path, help="the folder of backups (SHUFANG_BACKUPS)")

    def handle(self, *_args: object, **options: object) -> None:
        """Upgrade while no server runs."""
        try:
            claim = Claim(settings.SHUFANG_DATA)
        except AlreadyClaimedError as error:
            raise CommandError(str(error), returncode=2) from error
        try:
            to = options["to"]
            self._upgrade(to if isinstance(to, Path) else settings.SHUFANG_BACKUPS)
        finally:
            claim.release()

    def _upgrade(self, parent: Path) -> None:
        try:
            executor = MigrationExecutor(connection)
        except DatabaseError as error:
            raise CommandError(f"The database cannot be opened: {str(error).strip()}.", returncode=2) from error
        waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
        folder = self._backup(parent) if waiting and executor.loader.applied_migrations else None
        way_back = f"To go back: install the version of before, then shufang restore {folder}" if folder else ""
        if waiting:
            try:
                call_command("migrate", verbosity=0, interactive=False)
            except DatabaseError as error:
                raise CommandError(f"The migration failed: {str(error).strip()}. {way_back}".strip()) from error
            self.stdout.write(f"Migrated: {waiting} steps.")
        else:
            self.stdout.write("The database is of this version already.")
        record()
        violations = sum(1 for found in run_all() for _violation in found.violations)
        if violations:
            raise CommandError(f"The data has {violations} faults: shufang check_data tells them. {way_back}".strip())
        self.stdout.write("Checked: the data keeps every rule.")
        if way_back:
            self.stdout.write(way_back)

    def _backup(self, parent: Path) -> Path:
        try:
            folder = make_backup(parent, clock.now())
        except BackupError as error:
            raise CommandError(f"{error} Nothing has been migrated.") from error
        self.stdout.write(f"Backed up and read back: {folder}")
        return folder
