"""Registers the app with Django, and reads the matrix rows of every app."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class AccessConfig(AppConfig):
    """Django's record of this app."""

    name = "base.access"
    label = "access"
    verbose_name = "Quyền"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Import our own rows and checks, then ``access.py`` of each installed app that has one."""
        from base.access import checks, rates, rows  # noqa: F401
        from base.outbox import chores

        chores.every(600, "forget old rate limits", rates.prune)

        autodiscover_modules("access")
