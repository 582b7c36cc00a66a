"""The app of the whole: its commands."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Carries the commands that concern the whole house (demo, serve, backup, check_data, …)."""

    name = "shufang.config"
    label = "shufang_config"
