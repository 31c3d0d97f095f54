"""Reads over products, each with its scope in its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import F, Q
from django.utils import timezone
from oscar.apps.catalogue.managers import ProductQuerySet as OscarProductQuerySet

if TYPE_CHECKING:
    from base.accounts.models import User
    from marketplace.cooperative.models import Cooperative
    from marketplace.partner.models import Partner


class ProductQuerySet(OscarProductQuerySet):
    """Products; ``listed`` is what a stranger may see, the rest is scoped to an owner."""

    def listed(self) -> ProductQuerySet:
        """Return approved goods of active households and cooperatives, sold out or not."""
        return self.filter(is_public=True, household__is_active=True, household__cooperative__is_active=True)

    def in_stock(self) -> ProductQuerySet:
        """Return those with at least one unit left."""
        return self.filter(stockrecords__num_in_stock__gt=F("stockrecords__num_allocated"))

    def of_household(self, household: Partner) -> ProductQuerySet:
        """Return everything that ``household`` owns, in any state."""
        return self.filter(household=household)

    def of_member(self, user: User) -> ProductQuerySet:
        """Return everything owned by the active households that ``user`` belongs to."""
        return self.filter(household__users=user, household__is_active=True)

    def waiting_for(self, cooperative: Cooperative) -> ProductQuerySet:
        """Return what waits for the approval of ``cooperative``, oldest first."""
        return self.filter(household__cooperative=cooperative, listing_state="submitted").order_by(
            "submitted_at", "pk"
        )

    def ready_by_now(self) -> ProductQuerySet:
        """Return those that are ready today (no date means ready)."""
        return self.filter(Q(ready_from__isnull=True) | Q(ready_from__lte=timezone.localdate()))
