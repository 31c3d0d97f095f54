"""Registers the fork with Django under Oscar's label; goods are read here and changed only on the desks.

Oscar's product forms know neither household nor approval, delete stock records that orders point to, and take
pictures past ``media``.
"""

from typing import Final

from django.urls import URLPattern, URLResolver
from django.utils.translation import gettext_lazy as _
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
        from marketplace.dashboard.elsewhere import led_elsewhere

        return led_elsewhere(
            super().get_urls(),
            NOT_HERE.__contains__,
            _("Goods are not changed here"),
            _(
                "The household changes its goods on its own desk, and the cooperative approves them on its desk."
            ),
        )
