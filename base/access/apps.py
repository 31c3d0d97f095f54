"""Registers the app with Django."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """Django's record of this app."""

    name = "base.access"
    label = "access"
    verbose_name = "Quyền"
    default_auto_field = "django.db.models.BigAutoField"
