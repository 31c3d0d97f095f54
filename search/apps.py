"""Registers the app with Django, its outbox handlers and its checks."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class SearchConfig(AppConfig):
    """Django's record of this app; Oscar's own search app holds the label "search"."""

    name = "search"
    label = "site_search"
    verbose_name = "Tìm kiếm"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from base.outbox import chores
        from base.outbox.forgetting import forget_after
        from search import checks, dictionary, facet_names, facets, indexing, missed, readiness, registry

        indexing.register_handlers()
        checks.register_checks()
        readiness.register_probe()
        facets.register_labels(facets.KIND, registry.labels)
        post_migrate.connect(dictionary.load_after_migrate, sender=self)
        forget_after("MISSED_SEARCHES_KEPT_DAYS", 1, missed.old_searches)
        chores.every(missed.EVERY_S, "count searches without result", missed.count_noted)
        chores.every(
            indexing.BUILD_EVERY_S, "build the search index if there is none", indexing.ask_for_missing
        )
        facet_names.register()
