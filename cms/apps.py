"""Registers the app with Django: search documents and what happens when a page changes."""

from functools import partial

from django.apps import AppConfig
from django.core.management import call_command


class CmsConfig(AppConfig):
    """Django's record of this app."""

    name = "cms"
    label = "cms"
    verbose_name = "Bài viết"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect signals and register documents."""
        from base.outbox import chores
        from base.shell import crawlers
        from cms import crawled, documents, signals
        from search import facets, registry

        signals.connect()
        crawlers.register(crawled.SHELF)
        registry.register(documents.PolicyDocuments())
        facets.register_labels("chu-de", documents.topic_names)
        facets.register_labels("hieu-luc", documents.state_names)
        chores.every(1800, "index articles whose state turned", documents.index_what_turned)
        chores.every(60, "publish what is due", partial(call_command, "publish_scheduled", verbosity=0))
