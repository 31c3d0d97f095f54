"""Registers the fork with Django under Oscar's label."""

from oscar.apps.order import apps


class OrderConfig(apps.OrderConfig):
    """Oscar's configuration, found under our name."""

    name = "marketplace.order"
