"""The reject file: records that were not loaded, to be mended and loaded again, and a table that says why.

`NAME.mrc` (or `NAME.xml`) holds the raw records, one after another; `NAME.csv` beside it a line for each of them and
for each holding that made no item. Neither is made before there is something to write, and none is ever overwritten.
"""

import csv
from pathlib import Path
from typing import Self, TextIO

from shufang.catalogue.loading.candidates import Rejected
from shufang.marc.record import Form, Position

_HEAD = ("file", "record", "byte_offset", "control_number", "what", "reason", "sentence", "barcode")


class RejectFile:
    """Where one load's rejects go. Use as a context manager; `folder` is made when first needed."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder = folder
        self._name = name
        self._table: TextIO | None = None
        self._raw: dict[Form, Path] = {}
        self.table_path: Path | None = None

    @property
    def record_paths(self) -> list[Path]:
        """The files of raw records that were written so far."""
        return list(self._raw.values())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._table is not None:
            self._table.close()

    def record(self, file: str, one: Rejected) -> None:
        """Write a record that was not loaded: its bytes and a line. OSError when the folder cannot be written."""
        if one.raw:
            with self._raw_path(one.form).open("ab") as stream:
                stream.write(_apart(one))
        self._line(file, one.position, one.control_number, "record", one.reason, one.sentence, "")

    def holding(
        self, file: str, position: Position, control_number: str, reason: str, sentence: str, barcode: str
    ) -> None:
        """Write a line for a holding of a loaded record that made no item."""
        self._line(file, position, control_number, "item", reason, sentence, barcode)

    def _raw_path(self, form: Form) -> Path:
        if form not in self._raw:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._raw[form] = self._free(".xml" if form is Form.MARCXML else ".mrc")
            self._raw[form].touch()
        return self._raw[form]

    def _free(self, suffix: str) -> Path:
        """Return a name that is not taken: a reject file that somebody is mending is never touched."""
        path = self._folder / (self._name + suffix)
        count = 1
        while path.exists():
            count += 1
            path = self._folder / f"{self._name}-{count}{suffix}"
        return path

    def _line(
        self, file: str, position: Position, control: str, what: str, reason: str, sentence: str, barcode: str
    ) -> None:
        if self._table is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            self.table_path = self._free(".csv")
            self._table = self.table_path.open("w", encoding="utf-8", newline="")
            csv.writer(self._table).writerow(_HEAD)
        line = (file, position.number, position.offset, control, what, reason, sentence, barcode)
        csv.writer(self._table).writerow(line)


def _apart(one: Rejected) -> bytes:
    """Return the bytes so that the next record stands apart: an XML element is a document with its own encoding."""
    if one.form is Form.MARCXML:
        return f'<?xml version="1.0" encoding="{one.encoding}"?>\n'.encode("ascii", "replace") + one.raw + b"\n"
    return one.raw if one.raw.endswith(b"\x1d") else one.raw + b"\x1d"
