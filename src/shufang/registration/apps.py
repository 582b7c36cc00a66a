"""The app of registration: it hears of deposits, which lie below it."""

from django.apps import AppConfig


class RegistrationConfig(AppConfig):
    """Cards, the authority that keeps their register, and the machines that give them."""

    name = "shufang.registration"

    def ready(self) -> None:
        """Let the card centre be told of deposits."""
        from shufang.money.deposits import LISTENERS
        from shufang.registration.authority.errands import of_deposit

        LISTENERS["registration"] = of_deposit
