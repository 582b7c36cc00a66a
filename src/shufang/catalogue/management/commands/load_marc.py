"""`shufang load_marc FILE…`: load MARC 21 and CNMARC records into the catalogue (docs/loading.md)."""

import argparse
import re
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils import timezone
from tqdm import tqdm

from shufang.branches.models import Branch
from shufang.catalogue.loading.candidates import LoadReport
from shufang.catalogue.loading.load import LoadOptions, load_files
from shufang.catalogue.loading.profiles import Profile, ProfileError, read_profile, shipped
from shufang.catalogue.loading.rejects import RejectFile
from shufang.catalogue.models import SearchDocument
from shufang.catalogue.search import index
from shufang.marc.charset import known_encoding
from shufang.marc.record import Dialect


class Command(BaseCommand):
    """Load files of MARC records: ISO 2709 or MARCXML, plain, gz, xz or bz2."""

    help = "Load MARC 21 or CNMARC records (ISO 2709 or MARCXML; plain, gz, xz) into the catalogue."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the files and how to read them."""
        parser.add_argument("files", nargs="+", metavar="FILE", type=Path)
        parser.add_argument("--profile", help=f"mapping profile: a JSON file, or one of {', '.join(shipped())}")
        parser.add_argument("--format", choices=list(Dialect), help="take all records for this (else by content)")
        parser.add_argument("--encoding", help="utf-8, marc-8, gb18030, cp1251 …: for all records (else by content)")
        parser.add_argument("--branch", default="", help="branch of items whose record names none of ours")
        parser.add_argument("--source", default="", help="whose numbers 001 are (else 003, 801 or the profile's name)")
        parser.add_argument("--rejects", type=Path, help="folder of the reject files (else SHUFANG_DATA/rejects)")
        parser.add_argument(
            "--progress", action=argparse.BooleanOptionalAction, default=None, help="progress bar (else on a terminal)"
        )

    def handle(self, *_: object, **options: object) -> None:
        """Check everything that can be checked before the first record is read, then load."""
        if SearchDocument._meta.db_table not in connection.introspection.table_names():  # noqa: SLF001  # Django's public name
            raise CommandError("the database is not laid out yet: run `shufang upgrade` first")
        paths = [path for path in _list(options["files"]) if _readable(path)]
        chosen = _options(options)
        folder = options["rejects"]
        folder = folder if isinstance(folder, Path) else Path(settings.SHUFANG_DATA) / "rejects"
        total = sum(path.stat().st_size for path in paths)
        hidden = None if options["progress"] is None else not options["progress"]
        name = _reject_name(paths, timezone.localtime())
        try:
            with (
                RejectFile(folder, name) as rejects,
                tqdm(total=total, unit="B", unit_scale=True, disable=hidden, desc="load_marc") as bar,
            ):
                report = load_files(paths, chosen, rejects, bar.update)
                table = rejects.table_path
        except OSError as error:
            raise CommandError(f"{error}. What was loaded before stays; load the file again.") from error
        index.settle()
        if not report.read:
            raise CommandError(f"nothing was loaded: no MARC record is in {', '.join(map(str, paths))}")
        self._say(report, table)

    def _say(self, report: LoadReport, table: Path | None) -> None:
        self.stdout.write(
            f"{report.read} records: {report.new} new titles, {report.changed} changed, {report.same} unchanged, "
            f"{report.linked} linked to a title that was there, {report.rejected} rejected."
        )
        self.stdout.write(
            f"{report.new_items} new items, {report.changed_items} changed, {report.no_items} holdings made no item."
        )
        if report.repaired:
            self.stdout.write(f"{report.repaired} records were damaged and could be read all the same.")
        if report.proposals:
            self.stdout.write(f"{report.proposals} possible duplicates are in the duplicates list.")
        for path in report.reject_files:
            self.stdout.write(f"Rejected records, to be mended and loaded again: {path}")
        if table is not None:
            self.stdout.write(f"Why, line by line: {table}")


def _list(value: object) -> list[Path]:
    return [each for each in value if isinstance(each, Path)] if isinstance(value, list) else []


def _readable(path: Path) -> bool:
    if path.is_dir():
        raise CommandError(f"{path} is a folder: name the files in it")
    if not path.is_file():
        raise CommandError(f"{path}: there is no such file")
    try:
        with path.open("rb"):
            return True
    except OSError as error:
        raise CommandError(str(error)) from error


def _options(options: dict[str, object]) -> LoadOptions:
    branch, source, encoding = str(options["branch"]), str(options["source"]), options["encoding"]
    if branch and not Branch.objects.filter(code=branch).exists():
        raise CommandError(f"no branch has the code {branch!r}")
    if len(source) > 60:
        raise CommandError("--source has at most 60 characters")
    try:
        return LoadOptions(
            profile=_profile(options["profile"]),
            dialect=Dialect(str(options["format"])) if options["format"] else None,
            encoding=known_encoding(str(encoding)) if encoding else None,
            branch=branch,
            source=source,
        )
    except (ProfileError, ValueError) as error:
        raise CommandError(str(error)) from error


def _profile(name: object) -> Profile | None:
    return read_profile(str(name)) if name else None


def _reject_name(paths: list[Path], now: datetime) -> str:
    stem = re.sub(r"(\.(mrc|marc|iso|xml|dat|gz|xz|bz2))+$", "", paths[0].name, flags=re.IGNORECASE)
    return f"{stem}.{now:%Y%m%d-%H%M%S}.rejected"
