"""Registers the app with Django: search documents and what happens when a page changes."""

from django.apps import AppConfig


class CmsConfig(AppConfig):
    """Django's record of this app."""

    name = "cms"
    label = "cms"
    verbose_name = "Bài viết"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect signals and register documents."""
        from cms import documents, signals
        from search import registry

        signals.connect()
        registry.register(documents.PolicyDocuments())
