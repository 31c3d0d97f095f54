"""Reads over cooperatives and their pickup points, each with its scope in its name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, OuterRef, Q

if TYPE_CHECKING:
    from base.accounts.models import User


class CooperativeQuerySet(models.QuerySet[Any]):
    """Cooperatives."""

    def active(self) -> CooperativeQuerySet:
        """Return those shown to the public."""
        return self.filter(is_active=True)

    def run_by(self, user: User) -> CooperativeQuerySet:
        """Return those whose desk ``user`` may open: a closed one's too, while it has orders to finish."""
        from marketplace.order.models import Order  # which points to cooperatives

        has_work = Exists(Order.objects.unsettled().filter(cooperative=OuterRef("pk")).order_by())
        return self.filter(Q(is_active=True) | has_work, memberships__user=user)


class PickupPointQuerySet(models.QuerySet[Any]):
    """Pickup points."""

    def active(self) -> PickupPointQuerySet:
        """Return those a buyer may choose."""
        return self.filter(is_active=True)
