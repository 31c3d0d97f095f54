"""Reads over orders and lines, each with its scope in its name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    from base.accounts.models import User
    from marketplace.cooperative.models import Cooperative
    from marketplace.partner.models import Partner


class OrderQuerySet(models.QuerySet[Any]):
    """Orders."""

    def of_cooperative(self, cooperative: Cooperative) -> OrderQuerySet:
        """Return the orders that ``cooperative`` packs."""
        return self.filter(cooperative=cooperative)

    def run_by(self, user: User) -> OrderQuerySet:
        """Return the orders of the active cooperatives whose desk ``user`` runs."""
        return self.filter(cooperative__memberships__user=user, cooperative__is_active=True)


class LineQuerySet(models.QuerySet[Any]):
    """Order lines."""

    def of_household(self, household: Partner) -> LineQuerySet:
        """Return only the lines with goods of ``household``, never those of its neighbours."""
        return self.filter(partner=household)
