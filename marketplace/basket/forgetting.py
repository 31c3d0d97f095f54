"""Baskets that nobody comes back to. One that was sent off belongs to its orders and is never among them."""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, OuterRef, QuerySet

from marketplace.basket.models import Basket, Line  # type: ignore[attr-defined]  # comes by Oscar's star


def left_baskets(before: dt.datetime) -> QuerySet[Basket]:
    """Return open baskets without an owner into which nothing was put since ``before``."""
    from marketplace.order.models import Order

    touched = Line.objects.filter(basket=OuterRef("pk"), date_updated__gte=before)
    return (
        Basket.objects.filter(owner=None, parent=None, status=Basket.OPEN, date_created__lt=before)
        .exclude(Exists(touched))
        .exclude(Exists(Basket.objects.filter(parent=OuterRef("pk"))))
        .exclude(Exists(Order.objects.filter(basket=OuterRef("pk"))))
    )
