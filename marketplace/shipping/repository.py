"""Oscar's override point for shipping: pickup is the only way so far."""

from oscar.apps.shipping import repository

from marketplace.shipping.methods import Pickup


class Repository(repository.Repository):
    """Offers pickup."""

    methods = (Pickup(),)
