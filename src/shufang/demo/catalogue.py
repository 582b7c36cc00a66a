"""The demonstration's catalogue: real records with invented holdings, loaded as `load_marc` loads any file."""

import io
import lzma
from importlib.resources import files
from itertools import islice

from django.conf import settings
from django.db import transaction

from shufang.catalogue.loading.candidates import LoadReport
from shufang.catalogue.loading.load import Loader, LoadOptions
from shufang.catalogue.loading.rejects import RejectFile

CAST_RECORDS = 128
"""The first records of the file: the named cast's items are their only copies."""

_RECORD_END = b"\x1d"  # ISO 2709, 4.7; the shipped records hold no other one


def load(most: int | None = None) -> LoadReport:
    """Load the shipped records (the first `most`) with their items, in one transaction. Loading again changes nothing.

    RuntimeError when one of them does not arrive: the package is damaged.
    """
    packed = (files("shufang.demo") / "records.mrc.xz").read_bytes()
    data = lzma.decompress(packed)
    if most is not None:
        data = b"".join(record + _RECORD_END for record in islice(data.split(_RECORD_END), most))
    with RejectFile(settings.SHUFANG_DATA / "rejects", "demo") as rejects, transaction.atomic():
        loader = Loader(LoadOptions(), rejects, lambda _bytes: None)
        loader.load("records.mrc.xz", io.BytesIO(data))
    report = loader.report
    if report.rejected or report.no_items:
        raise RuntimeError(f"{report.rejected} records and {report.no_items} items of the demonstration were refused")
    return report
