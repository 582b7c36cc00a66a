"""Every address of the pages, walked from the URLconf, so that a page added later is tested from its first day."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver, reverse

OTHERS = frozenset({"admin"})
"""Django's own pages, which have accounts of their own."""


@dataclass(frozen=True, slots=True)
class Page:
    """A named address and the names of what stands in it."""

    name: str
    parameters: tuple[str, ...]

    def path(self, values: Mapping[str, object]) -> str:
        """Return the address with these values. KeyError names a parameter that nobody has given a value."""
        return reverse(self.name, kwargs={name: values[name] for name in self.parameters})


def every_page() -> list[Page]:
    """Return all of them."""
    found = list(_walk(get_resolver(), ()))
    assert len(found) > 60
    return found


def _walk(resolver: URLResolver, above: tuple[str, ...]) -> Iterator[Page]:
    for entry in resolver.url_patterns:
        names = (*above, *entry.pattern.converters)
        if isinstance(entry, URLResolver):
            if entry.app_name not in OTHERS:
                yield from _walk(entry, names)
        elif isinstance(entry, URLPattern):
            assert entry.name, f"{entry.pattern} has no name"
            yield Page(entry.name, names)
