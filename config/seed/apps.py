"""Registers the app with Django."""

from django.apps import AppConfig


class SeedConfig(AppConfig):
    """Django's record of this app."""

    name = "config.seed"
    label = "seed"
    verbose_name = "Dữ liệu mẫu"
    default_auto_field = "django.db.models.BigAutoField"
