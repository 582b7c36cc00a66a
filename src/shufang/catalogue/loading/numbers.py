"""Standard numbers of a record: which identify this book, and which a set, a series or another book."""

import re

from shufang.catalogue.loading.texts import clean
from shufang.catalogue.loading.title_values import Identifier
from shufang.kernel.identifiers import isbn13

MOST = 200
"""A title keeps so many identifiers; real records have a few, damaged ones thousands."""

_OF_A_SET = re.compile(
    r"\b(?:set|series|v\.? ?1 ?-|vols?\.? ?1 ?-)|全套|套装|全[0-9一二三四五六七八九十]+[册冊卷]|丛书|叢書",
    re.IGNORECASE,
)
_ISSN = re.compile(r"([0-9]{4})-?([0-9]{3}[0-9Xx])")


def isbn_identifier(printed: str, qualifier: str = "", *, cancelled: bool = False) -> Identifier | None:
    """Return the ISBN, or None when it is not valid. One of a set or series, or a cancelled one, never matches."""
    number = isbn13(printed)
    if number is None:
        return None
    beyond = printed if not printed.isalnum() else ""
    of_a_set = bool((beyond or qualifier) and _OF_A_SET.search(f"{beyond} {qualifier}"))
    return Identifier("isbn", number, matches=not cancelled and not of_a_set)


def issn_identifier(printed: str) -> Identifier | None:
    """Return the ISSN as eight digits with a hyphen if its check digit is right (ISO 3297), else None."""
    found = _ISSN.match(printed.strip())
    if not found:
        return None
    digits = (found.group(1) + found.group(2)).upper()
    total = sum((8 - place) * (10 if sign == "X" else int(sign)) for place, sign in enumerate(digits))
    return Identifier("issn", f"{digits[:4]}-{digits[4:]}") if total % 11 == 0 else None


def system_number(printed: str) -> Identifier | None:
    """Return a 035 number with the code of its system in parentheses; one without a code identifies nothing."""
    text = clean(printed)
    if not text.startswith("(") or text.startswith("()") or not text[text.find(")") + 1 :].strip():
        return None
    return Identifier("035", text[:100])


def merged(identifiers: list[Identifier | None]) -> tuple[Identifier, ...]:
    """Return the identifiers once each; a number that stands both as matching and not matching does match nothing."""
    found: dict[tuple[str, str], Identifier] = {}
    for one in identifiers:
        if one is not None:
            before = found.get((one.kind, one.value))
            found[one.kind, one.value] = one if before is None or before.matches else before
    return tuple(found.values())[:MOST]
