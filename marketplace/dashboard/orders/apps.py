"""Registers the fork with Django under Oscar's label."""

from oscar.apps.dashboard.orders import apps


class OrdersDashboardConfig(apps.OrdersDashboardConfig):
    """Oscar's configuration, found under our name."""

    name = "marketplace.dashboard.orders"
