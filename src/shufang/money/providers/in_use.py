"""The provider of this network, as SHUFANG_PAYMENT_PROVIDER names it."""

from functools import lru_cache

from django.conf import settings
from django.utils.module_loading import import_string

from shufang.money.providers.interface import PaymentProvider
from shufang.money.providers.simulator import Simulator

SIMULATOR = "simulator"


def provider() -> PaymentProvider | None:
    """Return the network's provider; None: readers pay at a desk or a machine.

    The setting is `simulator`, or the dotted path of a class that is called without arguments. ImportError for a path
    that leads nowhere.
    """
    named: str = settings.SHUFANG_PAYMENT_PROVIDER
    return _made(named) if named else None


def provider_named(code: str) -> PaymentProvider | None:
    """Return the network's provider if this is its code."""
    found = provider()
    return found if found is not None and found.code == code else None


@lru_cache(maxsize=4)
def _made(named: str) -> PaymentProvider:
    if named == SIMULATOR:
        return Simulator()
    made: PaymentProvider = import_string(named)()
    return made
