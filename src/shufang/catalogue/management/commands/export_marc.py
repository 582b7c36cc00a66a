"""`shufang export_marc`: the catalogue's MARC records, as ISO 2709 or MARCXML (docs/loading.md)."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from django.core.management.base import BaseCommand, CommandError, CommandParser

from shufang.catalogue.export import Exported, NotExported, export, stored_records
from shufang.catalogue.models import Title
from shufang.marc.record import Form
from shufang.marc.writing import COLLECTION_END, COLLECTION_START


class Command(BaseCommand):
    """Write records to a file, or to standard output."""

    help = "Export MARC records: byte for byte where they came in valid. Without FILE to standard output."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare which titles, which form, and where to."""
        parser.add_argument("file", nargs="?", metavar="FILE", type=Path, help="made anew; must not exist")
        parser.add_argument("--form", choices=list(Form), default=Form.ISO2709, help="default: iso2709")
        parser.add_argument("--title", action="append", type=int, metavar="ID", help="only this title; repeatable")
        parser.add_argument("--source", help="only titles of this source (003, 801)")

    def handle(self, *_: object, **options: object) -> None:
        """Export; what cannot be written in this form is named on standard error, and the rest written."""
        form = Form(str(options["form"]))
        ids = _title_ids(options["title"], options["source"])
        file = options["file"]
        records = (export(stored, form) for stored in stored_records(ids))
        if isinstance(file, Path):
            try:
                with file.open("xb") as stream:
                    written, left = self._write(stream, records, form)
            except OSError as error:
                raise CommandError(str(error)) from error
            self.stdout.write(f"{written} records written to {file}.")
        else:
            written, left = self._write(sys.stdout.buffer, records, form)
        if left:
            raise CommandError(f"{left} records could not be written as {form.value}.")

    def _write(self, stream: BinaryIO, records: Iterable[Exported | NotExported], form: Form) -> tuple[int, int]:
        count = left = 0
        if form is Form.MARCXML:
            stream.write(COLLECTION_START)
        for each in records:
            if isinstance(each, NotExported):
                left += 1
                self.stderr.write(f"title {each.title_id}: {each.sentence}")
            else:
                count += 1
                stream.write(each.content)
        if form is Form.MARCXML:
            stream.write(COLLECTION_END)
        return count, left


def _title_ids(titles: object, source: object) -> list[int] | None:
    if isinstance(titles, list):
        wanted = [each for each in titles if isinstance(each, int)]
        known = set(Title.objects.filter(id__in=wanted).values_list("id", flat=True))
        if missing := [str(each) for each in wanted if each not in known]:
            raise CommandError(f"there is no title {', '.join(missing)}")
        return wanted
    if source:
        return list(Title.objects.filter(source=str(source)).values_list("id", flat=True))
    return None
