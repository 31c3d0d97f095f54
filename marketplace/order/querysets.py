"""Reads over orders and lines, each with its scope in its name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from marketplace.cooperative.models import Cooperative
    from marketplace.partner.models import Partner


class OrderQuerySet(models.QuerySet[Any]):
    """Orders."""

    def packed_by(self, cooperatives: Iterable[Cooperative]) -> OrderQuerySet:
        """Return the orders that these cooperatives pack, and no others."""
        return self.filter(cooperative__in=cooperatives)

    def unsettled(self) -> OrderQuerySet:
        """Return those with something left to do: to pack, to hand over, cash to take or to give back."""
        from marketplace.order.models import OrderStatus  # the models import this module

        to_do = Q(status__in=(OrderStatus.PLACED, OrderStatus.PACKED))
        to_take = Q(status=OrderStatus.HANDED_OVER, paid_at=None)
        to_give_back = Q(status=OrderStatus.CANCELLED, paid_at__isnull=False)
        return self.filter(to_do | to_take | to_give_back)


class LineQuerySet(models.QuerySet[Any]):
    """Order lines."""

    def sold_by(self, households: Iterable[Partner]) -> LineQuerySet:
        """Return only the lines with goods of these households, never those of their neighbours."""
        return self.filter(partner__in=households)
