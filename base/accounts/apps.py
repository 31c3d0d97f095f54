"""Registers the app with Django."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Django's record of this app."""

    name = "base.accounts"
    label = "accounts"
    verbose_name = "Tài khoản"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect the outbox handler of text messages, the second factor's signal and the checks."""
        from base.accounts import checks, second_factor, sms  # noqa: F401
        from base.outbox import chores

        chores.every(3600, "forget old text messages", sms.prune)
