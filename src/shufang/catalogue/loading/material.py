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


_ELECTRONIC = frozenset("oqs")  # MARC 21 008/23 of books and serials: online, direct electronic, electronic.


def material(leader: str, dialect: Dialect, *, is_electronic: bool = False) -> str:
    """Return a value of `Title.Material`; text is a periodical when byte 07 says serial (MARC 21: b, i, s; CNMARC: s).

    Text that is an electronic resource is a computer file: it stands on no shelf and is not the printed book.
    """
    kind, level = leader[6:7], leader[7:8]
    other = (_MARC21 if dialect is Dialect.MARC21 else _CNMARC).get(kind)
    if other:
        return other
    if is_electronic:
        return "computer_file"
    serial = {"b", "i", "s"} if dialect is Dialect.MARC21 else {"s"}
    return "periodical" if level in serial else "book"


def marc21_is_electronic(coded: str, designation: str) -> bool:
    """Whether 008 or 245 $h says so."""
    return coded[23:24] in _ELECTRONIC or "electronic" in designation.lower() or "电子" in designation


def cnmarc_is_electronic(designation: str, *, has_135: bool) -> bool:
    """Whether there is coded data for electronic resources (135), or 200 $b says so."""
    return has_135 or "电子" in designation or "電子" in designation
