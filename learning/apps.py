"""Registers the app with Django."""

from django.apps import AppConfig


class LearningConfig(AppConfig):
    """Django's record of this app."""

    name = "learning"
    label = "learning"
    verbose_name = "Học"
    default_auto_field = "django.db.models.BigAutoField"
