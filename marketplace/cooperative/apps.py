"""Registers the app with Django."""

from django.apps import AppConfig


class CooperativeConfig(AppConfig):
    """Django's record of this app."""

    name = "marketplace.cooperative"
    label = "cooperative"
    verbose_name = "Hợp tác xã"
    default_auto_field = "django.db.models.BigAutoField"
