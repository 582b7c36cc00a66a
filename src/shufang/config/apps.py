"""The app of the whole: its commands."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ConfigConfig(AppConfig):
    """Carries the commands that concern the whole house (serve, backup, check_data, …)."""

    name = "shufang.config"
    label = "shufang_config"

    def ready(self) -> None:
        """Tell the health page what it may not import."""
        from shufang.config.health_checks import check_cards, check_jobs, check_sip2
        from shufang.web.health import register

        post_migrate.connect(_know_the_keys, sender=self)
        register("sip2", check_sip2)
        register("jobs", check_jobs)
        register("cards", check_cards)


def _know_the_keys(*, using: str, **_told: object) -> None:
    from shufang.config.serving.key_check import record

    record(using)
