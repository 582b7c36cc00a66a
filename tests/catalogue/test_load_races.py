"""Two loads at once: nothing twice, nothing lost."""

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from django.db import connection

from shufang.catalogue.loading.candidates import LoadReport
from shufang.catalogue.loading.load import Loader, LoadOptions
from shufang.catalogue.loading.rejects import RejectFile
from shufang.catalogue.models import MarcRecord, SearchDocument, Title, TitleIdentifier
from tests.catalogue.records import book

COUNT = 300


@pytest.mark.django_db(transaction=True)
def test_two_loads_of_the_same_file_make_each_title_once(tmp_path: Path) -> None:
    content = b"".join(book(str(number), f"书{number}").raw for number in range(COUNT))
    start = Barrier(2)

    def load(name: str) -> LoadReport:
        try:
            with RejectFile(tmp_path, name) as rejects:
                loader = Loader(LoadOptions(), rejects, lambda _: None)
                start.wait(timeout=30)
                loader.load(name, io.BytesIO(content))
                return loader.report
        finally:
            connection.close()

    call: Callable[[str], LoadReport] = load
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(call, ("first", "second"))
    assert Title.objects.count() == MarcRecord.objects.count() == SearchDocument.objects.count() == COUNT
    assert first.new + second.new == COUNT
    assert first.same + second.same == COUNT
    assert first.rejected == second.rejected == TitleIdentifier.objects.count() == 0
