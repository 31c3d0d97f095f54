"""Registers the app with Django."""

from django.apps import AppConfig


class CmsConfig(AppConfig):
    """Django's record of this app."""

    name = "cms"
    label = "cms"
    verbose_name = "Bài viết"
    default_auto_field = "django.db.models.BigAutoField"
