"""How goods reach the buyer: collected at a pickup point, without a fee."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from oscar.apps.shipping import methods
from oscar.core import prices


class Pickup(methods.Base):
    """Collected by the buyer."""

    code = "pickup"
    name = _("Collect it yourself")

    def calculate(self, basket: Any, options: Any = None, **kwargs: Any) -> prices.Price:
        """Return a charge of nothing."""
        return prices.Price(settings.OSCAR_DEFAULT_CURRENCY, excl_tax=Decimal(0), tax=Decimal(0))
