"""Registers the fork with Django under Oscar's label."""

from oscar.apps.basket import apps


class BasketConfig(apps.BasketConfig):
    """Oscar's configuration, found under our name."""

    name = "marketplace.basket"
