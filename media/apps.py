"""Registers the app, its checks and what it does with rows of the outbox."""

from django.apps import AppConfig


class MediaConfig(AppConfig):
    """Django's record of this app."""

    name = "media"
    label = "media"
    verbose_name = "Ảnh và tệp"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the outbox handler and the checks by importing them."""
        from media import checks, renditions  # noqa: F401
