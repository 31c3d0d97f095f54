"""Registers the fork with Django under Oscar's label."""

from oscar.apps.shipping import apps


class ShippingConfig(apps.ShippingConfig):
    """Oscar's configuration, found under our name."""

    name = "marketplace.shipping"
