"""Registers the fork with Django under Oscar's label."""

from oscar.apps.payment import apps


class PaymentConfig(apps.PaymentConfig):
    """Oscar's configuration, found under our name."""

    name = "marketplace.payment"
