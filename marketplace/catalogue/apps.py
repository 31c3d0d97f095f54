"""Registers the fork with Django under Oscar's label."""

from oscar.apps.catalogue import apps


class CatalogueConfig(apps.CatalogueConfig):
    """Oscar's configuration, found under our name."""

    name = "marketplace.catalogue"
