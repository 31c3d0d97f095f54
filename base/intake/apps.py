"""Registers the app with Django."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """Django's record of this app."""

    name = "base.intake"
    label = "intake"
    verbose_name = "Tiếp nhận"
    default_auto_field = "django.db.models.BigAutoField"
