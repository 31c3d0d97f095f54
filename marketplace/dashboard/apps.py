"""Registers the fork with Django under Oscar's label."""

from oscar.apps.dashboard import apps


class DashboardConfig(apps.DashboardConfig):
    """Oscar's configuration, found under our name."""

    name = "marketplace.dashboard"
