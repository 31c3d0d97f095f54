"""Registers the app, its checks and what it does with rows of the outbox."""

from django.apps import AppConfig


class PageCacheConfig(AppConfig):
    """Django's record of this app."""

    name = "base.pagecache"
    label = "pagecache"
    verbose_name = "Bộ nhớ trang"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the checks and the outbox handler."""
        from base import outbox
        from base.headers import checks as header_checks  # noqa: F401  (registers them; headers is no app)
        from base.pagecache import checks, generations  # noqa: F401

        outbox.handler(generations.TOPIC, batch=100)(generations.confirm)
