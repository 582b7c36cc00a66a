"""What a reader narrowed a search down by, as it stands in the address, and the addresses of other choices."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext

from shufang.catalogue.search.results import Chosen, Facets, FacetValue
from shufang.web.templatetags.words import language_name, material_name, named, shortened

PARAMETERS = ("branch", "language", "year", "class", "material")
VALUES_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Value:
    """One value to narrow by; `address` chooses it, or takes the choice back where it is chosen."""

    label: str
    count: int
    address: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Group:
    """The values of one facet under its name."""

    label: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Choices:
    """The words searched for and what was chosen. `page` counts from 1."""

    query: str
    chosen: dict[str, str]
    page: int

    @property
    def facets(self) -> Chosen:
        """Return the choice as the search takes it."""
        get = self.chosen.get
        year = get("year", "")
        return Chosen(
            branch=get("branch", ""),
            language=get("language", ""),
            year=int(year) if year else None,
            main_class=get("class", ""),
            material=get("material", ""),
        )

    def address(self, page: int = 1, changed: Mapping[str, str] | None = None) -> str:
        """Return the address of these results with some choices changed ("" takes one back)."""
        values = {"q": self.query, **self.chosen, **(changed or {}), "page": str(page) if page > 1 else ""}
        parameters = QueryDict(mutable=True)
        for name, value in values.items():
            if value:
                parameters[name] = value
        text = parameters.urlencode()
        return reverse("results") + (f"?{text}" if text else "")

    @property
    def without(self) -> str:
        """Return the address of the same words with nothing chosen."""
        return Choices(self.query, {}, 1).address()


def read(parameters: QueryDict) -> Choices:
    """Read an address. What cannot be a choice (a year of letters, page 0) counts as not chosen."""
    chosen = {name: parameters.get(name, "")[:20] for name in PARAMETERS}
    if not (chosen["year"].isascii() and chosen["year"].isdigit() and len(chosen["year"]) <= 4):
        chosen["year"] = ""
    page = parameters.get("page", "")
    number = int(page) if page.isascii() and page.isdigit() and len(page) <= 4 else 1
    query = " ".join(parameters.get("q", "").replace("\x00", " ").split())[:200]
    return Choices(query, {name: value for name, value in chosen.items() if value}, max(1, number))


def branch_values(choices: Choices, facets: Facets) -> tuple[Value, ...]:
    """Return the branches with a copy on the shelf now; a chosen one stands there even without a hit."""
    return _values(choices, "branch", facets.branch, lambda value: shortened(named(value)), most=12)


def groups(choices: Choices, facets: Facets) -> list[Group]:
    """Return the other facets that have something to choose between (or something chosen)."""
    every: tuple[tuple[str, str, tuple[FacetValue, ...], Callable[[FacetValue], str]], ...] = (
        (gettext("Class"), "class", facets.main_class, named),
        (gettext("Language"), "language", facets.language, lambda value: language_name(value.value)),
        (gettext("Year"), "year", facets.year, lambda value: value.value),
        (gettext("Kind"), "material", facets.material, lambda value: material_name(value.value)),
    )
    made = [Group(label, _values(choices, name, values, words)) for label, name, values, words in every]
    return [group for group in made if len(group.values) > 1 or any(value.is_chosen for value in group.values)]


def _values(
    choices: Choices,
    name: str,
    values: Iterable[FacetValue],
    words: Callable[[FacetValue], str],
    most: int = VALUES_SHOWN,
) -> tuple[Value, ...]:
    now = choices.chosen.get(name, "")
    shown = [value for place, value in enumerate(values) if value.value and (place < most or value.value == now)]
    return tuple(
        Value(
            words(value) or value.value,
            value.count,
            choices.address(changed={name: "" if value.value == now else value.value}),
            value.value == now,
        )
        for value in shown
    )
