"""Filters that say amounts of money, and what they are for."""

from decimal import Decimal

from django import template
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

register = template.Library()

_KINDS = {
    "overdue": _("Overdue"),
    "lost": _("Lost book"),
    "damage": _("Damaged book"),
    "processing": _("Processing"),
    "card": _("Card"),
    "other": _("Other"),
}
_METHODS = {
    "cash": _("Cash"),
    "card": _("Bank card"),
    "wechat": _("WeChat Pay"),
    "alipay": _("Alipay"),
    "terminal": _("Self-service machine"),
    "deposit": _("Kept from the deposit"),
    "simulator": _("Payment simulator"),
}


@register.filter
def money(amount: Decimal) -> str:
    """Return an amount with its currency: 35.00元, 35.00 yuan; another currency by its code."""
    currency: str = settings.SHUFANG_CURRENCY
    if currency != "CNY":
        return f"{currency} {amount:.2f}"
    return f"{amount:.2f} yuan" if get_language() == "en" else f"{amount:.2f}元"


@register.filter
def charge_kind(kind: str) -> str:
    """Return what a charge is for."""
    return str(_KINDS.get(kind, kind))


@register.filter
def method_name(method: str) -> str:
    """Return how something was paid, as people say it; a provider's own code where we have no name."""
    return str(_METHODS.get(method, method))
