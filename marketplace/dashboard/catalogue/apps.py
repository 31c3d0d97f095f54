"""Registers the fork with Django under Oscar's label."""

from oscar.apps.dashboard.catalogue import apps


class CatalogueDashboardConfig(apps.CatalogueDashboardConfig):
    """Oscar's configuration, found under our name."""

    name = "marketplace.dashboard.catalogue"
