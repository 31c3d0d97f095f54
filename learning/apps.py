"""Registers the app with Django: search documents, the panel on the home page, and what happens at sign-in."""

from django.apps import AppConfig


class LearningConfig(AppConfig):
    """Django's record of this app."""

    name = "learning"
    label = "learning"
    verbose_name = "Học"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect signals, register documents and the panel of the home page."""
        from base.offline.packs import register as register_packs
        from base.outbox.forgetting import forget_after
        from base.shell import panels
        from learning import documents, home, packs, signals
        from learning.forgetting import lost_devices
        from search import facets, registry

        signals.connect()
        for source in documents.SOURCES:
            registry.register(source)
        facets.register_labels("dai", documents.length_names)
        facets.register_rows("cap", documents.levels)
        panels.register(home.PANEL)
        register_packs(packs.COURSE)
        forget_after("LEARNERS_KEPT_DAYS", 90, lost_devices)
