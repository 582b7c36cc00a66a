"""Which authority this network has: SHUFANG_CARD_AUTHORITY."""

from django.conf import settings

from shufang.registration.authority.centre import CardCentre
from shufang.registration.authority.interface import CardAuthority
from shufang.registration.authority.local import LocalRegister


def authority() -> CardAuthority:
    """Return it. Costs nothing: a line to the centre is opened when it is used."""
    if is_local():
        return LocalRegister()
    return CardCentre(
        settings.SHUFANG_CARD_CENTRE_URL,
        settings.SHUFANG_CARD_CENTRE_ACCOUNT,
        settings.SHUFANG_CARD_CENTRE_KEY,
        settings.SHUFANG_CARD_CENTRE_SECONDS,
    )


def is_local() -> bool:
    """Say whether the register is this database: nothing is asked, nothing is told."""
    return bool(settings.SHUFANG_CARD_AUTHORITY == "local")
