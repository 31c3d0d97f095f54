"""Registers the app with Django."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    """Django's record of this app."""

    name = "base.places"
    label = "places"
    verbose_name = "Địa danh"
    default_auto_field = "django.db.models.BigAutoField"
