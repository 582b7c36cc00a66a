"""MARC 21 or CNMARC, by content: the two share a frame, and nothing in it says which tags are meant."""

from collections.abc import Collection

from shufang.marc.record import Dialect

_ONLY_CNMARC = frozenset({"101", "102", "105", "106", "200", "210", "215", "701", "711", "801", "905"})


def dialect_of(tags: Collection[str], leader: str) -> Dialect:
    """Return the dialect of a record with these tags.

    CNMARC's title is 200 and it has no 245; a record with neither is judged by 008 (MARC 21 alone) and by the tags of
    UNIMARC's coded block. Leader byte 23 is undefined, blank, in UNIMARC and `0` in MARC 21.
    """
    if "245" in tags:
        return Dialect.MARC21
    if "200" in tags:
        return Dialect.CNMARC
    if "008" in tags:
        return Dialect.MARC21
    if sum(1 for tag in tags if tag in _ONLY_CNMARC) >= 2:
        return Dialect.CNMARC
    return Dialect.CNMARC if leader[20:24] == "450 " else Dialect.MARC21
