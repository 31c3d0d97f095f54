"""Registers the app with Django."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    """Django's record of this app."""

    name = "search"
    label = "site_search"
    verbose_name = "Tìm kiếm"
    default_auto_field = "django.db.models.BigAutoField"
