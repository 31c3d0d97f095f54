"""Registers the fork with Django under Oscar's label."""

from oscar.apps.partner import apps


class PartnerConfig(apps.PartnerConfig):
    """Oscar's configuration, found under our name."""

    name = "marketplace.partner"
