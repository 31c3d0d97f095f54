"""Registers the app with Django, its outbox handlers and its checks."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    """Django's record of this app; Oscar's own search app holds the label "search"."""

    name = "search"
    label = "site_search"
    verbose_name = "Tìm kiếm"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from search import checks, facets, indexing, readiness, registry

        indexing.register_handlers()
        checks.register_checks()
        readiness.register_probe()
        facets.register_labels(facets.KIND, registry.labels)
