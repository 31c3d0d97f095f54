"""What a product's page shows, read in one query as plain columns."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any, Final, NamedTuple

from django.db.models import BigIntegerField, Exists, OuterRef, QuerySet

from base.prepared import Param, prepared
from marketplace.catalogue.models import Product
from marketplace.cooperative.models import PickupPoint
from marketplace.cooperative.windows import Seller
from marketplace.partner.units import Unit


class Offer(NamedTuple):
    """A product on the market with its stock and who sells it, in the order of ``COLUMNS``."""

    pk: int
    slug: str
    title: str
    description: str
    ready_from: dt.date | None
    cover_id: int | None
    kind: str | None
    kind_slug: str | None
    price: Decimal
    unit_code: str
    in_stock: int
    allocated: int
    household: str
    household_slug: str
    village: str
    commune: str | None
    province: str | None
    cooperative_id: int
    cooperative: str
    cooperative_slug: str
    is_always_open: bool
    has_pickup: bool

    @property
    def unit(self) -> str:
        """What it is sold by, in the active language."""
        return str(Unit(self.unit_code).label)

    @property
    def left(self) -> int:
        """How many units may still be ordered."""
        return max(0, self.in_stock - self.allocated)

    @property
    def seller(self) -> Seller:
        """The cooperative, as ``open_states`` asks for it."""
        return Seller(self.cooperative_id, self.is_always_open)


COLUMNS: Final = (
    "pk",
    "slug",
    "title",
    "description",
    "ready_from",
    "cover_id",
    "category__name",
    "category__slug",
    "stockrecords__price",
    "stockrecords__unit",
    "stockrecords__num_in_stock",
    "stockrecords__num_allocated",
    "household__name",
    "household__slug",
    "household__village",
    "household__commune__full_name",
    "household__commune__province__full_name",
    "household__cooperative_id",
    "household__cooperative__name",
    "household__cooperative__slug",
    "household__cooperative__is_always_open",
    "has_pickup",
)


def offer_of(pk: int) -> Offer | None:
    """Return the offer of a product on the market, sold out or not. None: it is not on the market."""
    if pk > BigIntegerField.MAX_BIGINT:  # typed into the address; no database has a number for it
        return None
    rows = _offer().rows(pk=pk)
    return Offer._make(rows[0]) if rows else None


@prepared
def _offer() -> QuerySet[Product, Any]:
    pickup = PickupPoint.objects.active().filter(cooperative=OuterRef("household__cooperative"))
    found = Product.objects.listed().filter(pk=Param("pk", BigIntegerField()), stockrecords__isnull=False)
    return found.annotate(has_pickup=Exists(pickup)).values_list(*COLUMNS)
