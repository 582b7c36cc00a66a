"""Read a file with bare pymarc, then load it with the search index, in one process: `python -m bench.load_once FILE`.

Prints JSON: seconds of both, records of both, the peak of resident memory in MB.
"""

import json
import os
import resource
import sys
import time
from datetime import timedelta
from pathlib import Path

import django
import pymarc


def bare(path: Path) -> tuple[float, int]:
    """Return the seconds and the number of records of a bare pymarc read."""
    begin = time.perf_counter()
    with path.open("rb") as stream:
        count = sum(1 for record in pymarc.MARCReader(stream) if record is not None)
    return time.perf_counter() - begin, count


def main(path: Path) -> None:
    """Measure and print."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shufang.config.settings")
    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from shufang.catalogue.loading.load import LoadOptions, load_files
    from shufang.catalogue.loading.rejects import RejectFile
    from shufang.catalogue.models import Title
    from shufang.demo import network
    from shufang.kernel.clock import now

    call_command("migrate", verbosity=0)
    network.lay_out(now() - timedelta(days=1))
    pymarc_seconds, pymarc_count = bare(path)
    begin = time.perf_counter()
    with RejectFile(settings.SHUFANG_DATA / "rejects", "bench") as rejects:
        load_files([path], LoadOptions(), rejects, lambda _: None)
    seconds = time.perf_counter() - begin
    again = time.perf_counter()
    with RejectFile(settings.SHUFANG_DATA / "rejects", "bench") as rejects:
        load_files([path], LoadOptions(), rejects, lambda _: None)
    print(
        json.dumps(
            {
                "bare": pymarc_seconds,
                "bare_count": pymarc_count,
                "seconds": seconds,
                "again": time.perf_counter() - again,
                "count": Title.objects.count(),
                "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            }
        )
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
