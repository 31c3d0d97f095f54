"""Registers the fork with Django under Oscar's label."""

from oscar.apps.address import apps


class AddressConfig(apps.AddressConfig):
    """Oscar's configuration, found under our name."""

    name = "marketplace.address"
