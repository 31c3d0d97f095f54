"""Registers the shell with Django; it has no models."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ShellConfig(AppConfig):
    name = "base.shell"
    label = "shell"
    verbose_name = _("Page frame")
