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
        from base.accounts import checks, forgetting, in_person, second_factor, sms  # noqa: F401
        from base.outbox import chores
        from base.outbox.forgetting import forget_after

        chores.every(6 * 3600, "forget old codes shown to people", in_person.prune)
        chores.every(3600, "forget ended sessions", forgetting.forget_ended_sessions)
        forget_after("MESSAGES_KEPT_DAYS", 1, forgetting.old_messages)
