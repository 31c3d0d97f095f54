"""Registers the app and its checks; it has no models."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OfflineConfig(AppConfig):
    """Django's record of this app."""

    name = "base.offline"
    label = "offline"
    verbose_name = _("Without a network")

    def ready(self) -> None:
        """Register the checks."""
        from base.offline import checks  # noqa: F401
