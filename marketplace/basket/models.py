"""Basket: Oscar's, with a parent so that a purchase splits into one basket per cooperative."""

from django.db import models
from oscar.apps.basket.abstract_models import AbstractBasket


class Basket(AbstractBasket):
    """A buyer's basket; a child basket holds the lines of one cooperative when the purchase is placed."""

    parent = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="children"
    )


from oscar.apps.basket.models import *  # noqa: E402, F403  (Oscar's own models after ours)
