"""The bar of the reader's pages: home, search, card, loans, more."""

from dataclasses import dataclass

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

register = template.Library()


@dataclass(frozen=True, slots=True)
class _Part:
    url_name: str
    sign: str
    label: Promise
    pages: tuple[str, ...]
    is_card: bool = False


PARTS = (
    _Part("home", "首", _("Home"), ("home",)),
    _Part("results", "找", _("Search"), ("results", "title", "marc")),
    _Part("card", "卡", _("Card"), ("card",), is_card=True),
    _Part("my_loans", "借", _("Loans"), ("my_",)),
    _Part("more", "我", _("More"), ("",)),
)
"""In their order. `pages` are beginnings of the names of the pages on which a part is the present one."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A part of the bar as it is shown."""

    address: str
    sign: str
    label: Promise
    is_card: bool
    is_here: bool


@register.simple_tag(takes_context=True)
def bar_parts(context: template.Context) -> list[Shown]:
    """Return the parts that lead somewhere; the present page's is marked."""
    match = getattr(context.get("request"), "resolver_match", None)
    name = match.url_name if match else None
    here = next((part for part in PARTS if name and any(name.startswith(page) for page in part.pages)), None)
    return [
        Shown(address, part.sign, part.label, part.is_card, part is here)
        for part in PARTS
        if (address := _address(part.url_name)) is not None
    ]


def _address(name: str) -> str | None:
    try:
        return reverse(name)
    except NoReverseMatch:
        return None
