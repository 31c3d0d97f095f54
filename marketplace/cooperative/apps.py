"""Registers the app with Django."""

from django.apps import AppConfig


class CooperativeConfig(AppConfig):
    """Django's record of this app."""

    name = "marketplace.cooperative"
    label = "cooperative"
    verbose_name = "Hợp tác xã"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Offer a pickup day as a pack; its kind of entry is found by itself (intake.py)."""
        from base.offline import packs
        from marketplace.cooperative.packs import SOURCE

        packs.register(SOURCE)
