"""Reads over products, each with its scope in its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import F
from oscar.apps.catalogue.managers import ProductQuerySet as OscarProductQuerySet

if TYPE_CHECKING:
    pass


class ProductQuerySet(OscarProductQuerySet):
    """Products; ``listed`` is what a stranger may see."""

    def listed(self) -> ProductQuerySet:
        """Return approved goods of active households and cooperatives, sold out or not."""
        return self.filter(is_public=True, household__is_active=True, household__cooperative__is_active=True)

    def in_stock(self) -> ProductQuerySet:
        """Return those with at least one unit left."""
        return self.filter(stockrecords__num_in_stock__gt=F("stockrecords__num_allocated"))
