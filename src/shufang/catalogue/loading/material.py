"""What kind of thing a record describes, by leader bytes 06 and 07 of either dialect."""

from shufang.marc.record import Dialect

_MARC21 = {
    "c": "score", "d": "score", "e": "map", "f": "map", "g": "video", "i": "sound", "j": "sound", "k": "picture",
    "m": "computer_file", "o": "mixed", "p": "mixed", "r": "other",
}  # fmt: skip
_CNMARC = {
    "c": "score", "d": "score", "e": "map", "f": "map", "g": "video", "i": "sound", "j": "sound", "k": "picture",
    "l": "computer_file", "m": "mixed", "r": "other",
}  # fmt: skip


def material(leader: str, dialect: Dialect) -> str:
    """Return a value of `Title.Material`; text is a periodical when byte 07 says serial (MARC 21: b, i, s; CNMARC: s)."""
    kind, level = leader[6:7], leader[7:8]
    other = (_MARC21 if dialect is Dialect.MARC21 else _CNMARC).get(kind)
    if other:
        return other
    serial = {"b", "i", "s"} if dialect is Dialect.MARC21 else {"s"}
    return "periodical" if level in serial else "book"
