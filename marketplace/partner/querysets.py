"""Reads over households, each with its scope in its name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    from base.accounts.models import User


class HouseholdQuerySet(models.QuerySet[Any]):
    """Households."""

    def active(self) -> HouseholdQuerySet:
        """Return those that may sell and are shown to the public."""
        return self.filter(is_active=True, cooperative__is_active=True)

    def of_member(self, user: User) -> HouseholdQuerySet:
        """Return the active households that ``user`` belongs to."""
        return self.active().filter(users=user)
