"""Registers the fork with Django under Oscar's label; goods are read here and changed only on the desks.

Oscar's product forms know neither household nor approval, delete stock records that orders point to, and take
pictures past ``media``. Their addresses stay, because Oscar's templates reverse them, and lead to an explanation.
"""

from typing import Final

from django.urls import URLPattern, URLResolver
from oscar.apps.dashboard.catalogue import apps

NOT_HERE: Final = frozenset(
    {
        "catalogue-product",
        "catalogue-product-create",
        "catalogue-product-create-child",
        "catalogue-product-delete",
        "catalogue-product-bulk-action",
    }
)


class CatalogueDashboardConfig(apps.CatalogueDashboardConfig):
    """Oscar's configuration, found under our name."""

    name = "marketplace.dashboard.catalogue"

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Return Oscar's patterns, with those that write goods leading to an explanation."""
        from marketplace.dashboard.catalogue.views import goods_are_changed_on_the_desks

        patterns: list[URLPattern | URLResolver] = super().get_urls()
        for pattern in patterns:
            if isinstance(pattern, URLPattern) and pattern.name in NOT_HERE:
                pattern.callback = goods_are_changed_on_the_desks
        return patterns
