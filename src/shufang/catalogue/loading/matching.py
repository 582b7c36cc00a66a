"""Which title of the catalogue a record is: by (source, number), then by 035, by ISBN only if all else agrees too."""

import re
from dataclasses import dataclass
from enum import StrEnum

from shufang.catalogue.loading.title_values import TitleValues
from shufang.catalogue.search.folding import fold

_NOT_LETTERS = re.compile(r"[\W_]+")
LINKED = "linked"
"""The kind of identifier that remembers which other records were found to be this title: "(source)number"."""
FORMER = "former"
"""The kind of identifier that remembers a number which the title's own source has given up for a new one."""


class Outcome(StrEnum):
    """What a record is to the catalogue."""

    NEW = "new"
    SAME = "same"
    CHANGED = "changed"
    LINKED = "linked"
    FORMER = "former"


@dataclass(frozen=True, slots=True)
class Known:
    """What matching needs of a title that the catalogue has (or that stands before it in the batch)."""

    title_id: int
    source: str
    control_number: str
    digest: bytes
    agreement: tuple[str, str, int | None, str, str]


@dataclass(frozen=True, slots=True)
class Match:
    """`title_id` is None for a new title. `proposals` are titles with the same ISBN: (id, ISBN, what differs).

    `formerly`: its source has given the title another number; this was the old one, as "(source)number".
    """

    outcome: Outcome
    title_id: int | None = None
    proposals: tuple[tuple[int, str, str], ...] = ()
    formerly: str = ""


@dataclass(frozen=True, slots=True)
class Neighbours:
    """What the catalogue has near a record: by key, by 035 or a link, by ISBN that may match.

    `linked` holds former numbers too; `former` names them.
    """

    by_key: dict[tuple[str, str], Known]
    by_system_number: dict[str, list[Known]]
    by_isbn: dict[str, list[Known]]
    linked: dict[str, Known]
    former: frozenset[str] = frozenset()


def agreement(values: TitleValues) -> tuple[str, str, int | None, str, str]:
    """Return what two records of one book agree in: title, volume, year, publisher, material, folded."""
    return folded(values.title, values.volume, values.year, values.publisher, values.material)


def folded(
    title: str, volume: str, year: int | None, publisher: str, material: str
) -> tuple[str, str, int | None, str, str]:
    """Return the five as they are compared: one script, lower case, letters and figures alone."""
    return (_letters(title), _letters(volume), year, _letters(publisher), material)


def _letters(text: str) -> str:
    return _NOT_LETTERS.sub("", fold(text))


def own_number(values: TitleValues) -> str:
    """Return "(source)number", as another system would cite this record in 035."""
    return cited_as(values.source, values.control_number)


def cited_as(source: str, control_number: str) -> str:
    """Return "(source)number"; at most 100 characters."""
    return f"({source}){control_number}"[:100]


def match(values: TitleValues, digest: bytes, near: Neighbours) -> Match:
    """Decide what a record is, by source and 001, then by 035, then by ISBN with all five agreeing.

    Only a record of the title's own source overwrites it, so that several records of one title that come in one file do
    not take turns at each load.
    """
    known = near.by_key.get((values.source, values.control_number))
    if known is not None:
        return Match(Outcome.SAME if known.digest == digest else Outcome.CHANGED, known.title_id)
    linked = near.linked.get(own_number(values))
    if linked is not None:
        own = own_number(values)
        return Match(Outcome.FORMER if own in near.former else Outcome.LINKED, linked.title_id)
    cited = _by_035(values, near)
    if cited is None:
        return _by_isbn(values, near)
    if cited.source != values.source:
        return Match(Outcome.LINKED, cited.title_id)
    return Match(Outcome.CHANGED, cited.title_id, formerly=cited_as(cited.source, cited.control_number))


def _by_035(values: TitleValues, near: Neighbours) -> Known | None:
    """A 035 names a title's own number, or both cite a third system's. Within one source the own number decides."""
    for identifier in values.identifiers:
        if identifier.kind != "035":
            continue
        code, _, number = identifier.value[1:].partition(")")
        named = near.by_key.get((code, number.strip())) or near.linked.get(identifier.value)
        if named is not None:
            return named
        shared = [one for one in near.by_system_number.get(identifier.value, ()) if one.source != values.source]
        if len(shared) == 1:
            return shared[0]
    return None


def _by_isbn(values: TitleValues, near: Neighbours) -> Match:
    ours = agreement(values)
    proposals: dict[int, tuple[int, str, str]] = {}
    for identifier in values.identifiers:
        if identifier.kind != "isbn" or not identifier.matches:
            continue
        for other in near.by_isbn.get(identifier.value, ()):
            differs = _differences(ours, other.agreement)
            if not differs:
                return Match(Outcome.LINKED, other.title_id)
            proposals.setdefault(other.title_id, (other.title_id, identifier.value, " ".join(differs)))
    return Match(Outcome.NEW, None, tuple(proposals.values()))


def _differences(
    ours: tuple[str, str, int | None, str, str], theirs: tuple[str, str, int | None, str, str]
) -> list[str]:
    """Return the names of what differs. A missing title, year or publisher agrees with nothing, a missing volume may."""
    names = ("title", "volume", "year", "publisher", "material")
    return [
        name
        for name, one, other in zip(names, ours, theirs, strict=True)
        if one != other or (not one and name in {"title", "year", "publisher"})
    ]
