"""`shufang settings`: every variable with the value in force; what is secret stays hidden."""

from django.core.management.base import BaseCommand

from shufang.config.environment import READ, is_secret


class Command(BaseCommand):
    """List the settings."""

    help = "List every setting with the value in force (docs/settings.md explains them)."
    requires_system_checks: list[str] = []

    def handle(self, *_args: object, **_options: object) -> None:
        """Print one line a variable; * marks those that are set."""
        for name, (text, default) in sorted(READ.items()):
            shown = "hidden" if text and is_secret(name) else text or ("" if default is None else str(default))
            self.stdout.write(f"{'*' if text else ' '} {name}={shown}")
