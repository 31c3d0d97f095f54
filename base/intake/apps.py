"""Registers the app with Django."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """Django's record of this app."""

    name = "base.intake"
    label = "intake"
    verbose_name = "Tiếp nhận"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Find the kinds of entries of all apps, and say what is forgotten after a time."""
        from django.utils.module_loading import autodiscover_modules

        from base.intake.forgetting import old_entries, old_uploads
        from base.outbox.forgetting import forget_after

        autodiscover_modules("intake")
        forget_after("INTAKE_KEPT_DAYS", 60, old_entries)  # 60: as long as a session, its owner, lives
        forget_after("INTAKE_FILES_KEPT_DAYS", 2, old_uploads)  # 2: a phone may lose its signal in between
