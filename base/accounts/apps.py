"""Registers the app with Django."""

from functools import partial

from django.apps import AppConfig
from django.core.management import call_command


class AccountsConfig(AppConfig):
    """Django's record of this app."""

    name = "base.accounts"
    label = "accounts"
    verbose_name = "Tài khoản"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect the outbox handler of text messages, the second factor's signal and the checks."""
        from base.accounts import checks, in_person, second_factor, sms  # noqa: F401
        from base.outbox import chores

        chores.every(3600, "forget old text messages", sms.prune)
        chores.every(6 * 3600, "forget old codes shown to people", in_person.prune)
        chores.every(6 * 3600, "forget old sessions", partial(call_command, "clearsessions"))
