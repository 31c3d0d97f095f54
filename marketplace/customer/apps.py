"""Registers the fork with Django under Oscar's label."""

from oscar.apps.customer import apps


class CustomerConfig(apps.CustomerConfig):
    """Oscar's configuration, found under our name."""

    name = "marketplace.customer"
