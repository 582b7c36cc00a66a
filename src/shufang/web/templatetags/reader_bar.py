"""The bar of the reader's pages: home, search, card, loans, more."""

from dataclasses import dataclass

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

register = template.Library()


@dataclass(frozen=True, slots=True)
class _Part:
    url_name: str
    sign: str
    label: Promise
    pages: tuple[str, ...]
    is_card: bool = False


_ACCOUNT = (
    *("more", "me", "sign_in", "forgotten_pin", "new_pin", "pin", "sessions", "settings", "privacy", "family"),
    *("messages", "report_lost", "change_", "confirm_", "close_account"),
)
PARTS = (
    _Part("home", "首", _("Home"), ("home",)),
    _Part("results", "找", _("Search"), ("results", "title", "marc", "scan", "shared_list")),
    _Part("card", "卡", _("Card"), ("card", "self_checkout"), is_card=True),
    _Part("my_loans", "借", _("Loans"), ("my_",)),
    _Part("more", "我", _("More"), _ACCOUNT),
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


_MORE = (
    (
        _("Mine"),
        (
            ("my_loans", _("My loans")),
            ("my_holds", _("My reservations")),
            ("my_lists", _("My lists")),
            ("my_history", _("Borrowing history")),
            ("my_charges", _("Charges and payments")),
            ("messages", pgettext_lazy("from the library", "Messages")),
            ("family", _("Family")),
        ),
    ),
    (
        _("Card and account"),
        (
            ("me", _("My card")),
            ("settings", _("Settings")),
            ("pin", _("Change the PIN")),
            ("sessions", _("Where you are signed in")),
            ("privacy", _("Privacy and my data")),
        ),
    ),
)
"""The rows of the page `more`: names of pages with their labels."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line that leads to a page."""

    address: str
    label: Promise


@dataclass(frozen=True, slots=True)
class Group:
    """Lines under a heading."""

    label: Promise
    rows: tuple[Row, ...]


@register.simple_tag
def more_rows() -> list[Group]:
    """Return the reader's own pages, in groups."""
    return [
        Group(label, tuple(Row(at, words) for name, words in rows if (at := _address(name)) is not None))
        for label, rows in _MORE
    ]


def _address(name: str) -> str | None:
    try:
        return reverse(name)
    except NoReverseMatch:
        return None
