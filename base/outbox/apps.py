"""Registers the app with Django."""

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    """Django's record of this app."""

    name = "base.outbox"
    label = "outbox"
    verbose_name = "Hộp gửi"
    default_auto_field = "django.db.models.BigAutoField"
