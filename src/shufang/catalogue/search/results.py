"""What a search gives back, for pages, for the API and for the command line."""

from dataclasses import dataclass

from shufang.catalogue.models import Title

CONSIDERED = 5_000
"""So many of the most popular hits are counted, put in order and sorted into facets."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The facets that somebody has chosen; "" or None: not chosen. All that are must fit.

    `branch` is a branch's code (a copy on the shelf there now), `language` a MARC code, `main_class` a letter,
    `material` a value of `Title.Material`.
    """

    branch: str = ""
    language: str = ""
    year: int | None = None
    main_class: str = ""
    material: str = ""


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value of a facet and how many of the considered hits have it.

    `value` goes into `Chosen`; `name` and `name_en` are those of branches and main classes, else "" (the face knows
    the names of languages and materials).
    """

    value: str
    count: int
    name: str = ""
    name_en: str = ""


@dataclass(frozen=True, slots=True)
class Facets:
    """The values of each facet among the considered hits: the most frequent first, years from the newest."""

    branch: tuple[FacetValue, ...] = ()
    language: tuple[FacetValue, ...] = ()
    year: tuple[FacetValue, ...] = ()
    main_class: tuple[FacetValue, ...] = ()
    material: tuple[FacetValue, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """A branch that has copies of a title: how many, and how many of them stand on the shelf now."""

    branch: str
    name: str
    name_en: str
    copies: int
    on_shelf: int


@dataclass(frozen=True, slots=True)
class Hit:
    """A title that was found, and where its copies are (branches in the order of their codes)."""

    title: Title
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Results:
    """One page of hits. `count` is how many there are; with `is_more` there are more than `count`."""

    hits: tuple[Hit, ...] = ()
    count: int = 0
    is_more: bool = False
    facets: Facets = Facets()
