"""Reads over orders and lines, each with its scope in its name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    from marketplace.cooperative.models import Cooperative
    from marketplace.partner.models import Partner


class OrderQuerySet(models.QuerySet[Any]):
    """Orders."""

    def packed_by(self, cooperatives: Iterable[Cooperative]) -> OrderQuerySet:
        """Return the orders that these cooperatives pack, and no others."""
        return self.filter(cooperative__in=cooperatives)


class LineQuerySet(models.QuerySet[Any]):
    """Order lines."""

    def sold_by(self, households: Iterable[Partner]) -> LineQuerySet:
        """Return only the lines with goods of these households, never those of their neighbours."""
        return self.filter(partner__in=households)
