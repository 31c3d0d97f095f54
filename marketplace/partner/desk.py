"""What a household sees at its desk: its goods by state, what is ordered of them. Never a buyer, never a neighbour."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Case, Count, F, IntegerField, OuterRef, QuerySet, Subquery, Sum, Value, When

from marketplace.catalogue.models import ListingState
from marketplace.order.models import Line, OrderStatus
from marketplace.partner.models import Partner, StockRecord
from marketplace.partner.units import Unit
from media.renditions import prefetch

OPEN_STATUSES: Final = (OrderStatus.PLACED, OrderStatus.PACKED)
# what she must do something about comes first
STATE_ORDER: Final = (
    ListingState.RETURNED,
    ListingState.DRAFT,
    ListingState.SUBMITTED,
    ListingState.APPROVED,
    ListingState.ARCHIVED,
)


def goods_of(households: Sequence[Partner]) -> QuerySet[StockRecord]:
    """Return the stock records of all goods of ``households`` with product, kind and photo at hand."""
    found: QuerySet[StockRecord] = StockRecord.objects.filter(product__household__in=households)
    return found.select_related("product__category", "product__cover", "product__household__cooperative")


def goods_by_state(households: Sequence[Partner], state: str = "") -> QuerySet[StockRecord]:
    """Return them with small photos, those that need something first; only those in ``state`` if given."""
    rank = Case(
        *(When(product__listing_state=one, then=Value(place)) for place, one in enumerate(STATE_ORDER)),
        output_field=IntegerField(),
    )
    found = goods_of(households).prefetch_related(prefetch("product__cover", "thumb"))
    if state:
        found = found.filter(product__listing_state=state)
    return found.order_by(rank, "-product__date_updated", "-product_id")


def good_with_sales(households: Sequence[Partner]) -> QuerySet[StockRecord]:
    """Return them with large photos and ``sold``, the units handed over so far."""
    sold = (
        Line.objects.filter(stockrecord=OuterRef("pk"), order__status=OrderStatus.HANDED_OVER)
        .order_by()
        .values("stockrecord")
        .annotate(units=Sum("quantity"))
        .values("units")
    )
    found = goods_of(households).prefetch_related(prefetch("product__cover", "cover"))
    return found.annotate(sold=Subquery(sold))


def counts_by_state(households: Sequence[Partner]) -> dict[str, int]:
    """Return how many goods stand in each state; states without any are left out."""
    rows = goods_of(households).order_by().values_list("product__listing_state").annotate(Count("pk"))
    return dict(rows)


@dataclass(frozen=True, slots=True)
class ToBring:
    """So much of one thing, for so many orders, by one day."""

    title: str
    quantity: int
    unit: str
    orders: int
    collection_on: dt.date | None


def to_bring(households: Sequence[Partner], most: int) -> list[ToBring]:
    """Return what is ordered and not handed over yet, added up by thing and day, the nearest day first."""
    rows = (
        Line.objects.sold_by(households)
        .filter(order__status__in=OPEN_STATUSES)
        .values("title", "unit", "product_id", "order__collection_on")
        .annotate(units=Sum("quantity"), orders=Count("order", distinct=True))
        .order_by(F("order__collection_on").asc(nulls_first=True), "title", "product_id")[:most]
    )
    return [
        ToBring(
            row["title"],
            row["units"],
            str(Unit(row["unit"]).label),
            row["orders"],
            row["order__collection_on"],
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class OrderedLine:
    """One line of an order with goods of the household: nothing of the buyer, nothing of the rest of the order."""

    title: str
    quantity: int
    unit: str
    collection_on: dt.date | None
    status: str
    household: str
    household_id: int


LINE_FIELDS: Final = (
    "title",
    "quantity",
    "unit",
    "order__collection_on",
    "order__status",
    "partner_id",
    "partner__name",
)


def ordered_lines(
    households: Sequence[Partner], statuses: Sequence[str], first: int, most: int
) -> list[OrderedLine]:
    """Return ``most`` lines from number ``first``: the nearest day first while open, else the newest."""
    lines: QuerySet[Any] = Line.objects.sold_by(households).filter(order__status__in=statuses)
    if set(statuses) <= set(OPEN_STATUSES):
        lines = lines.order_by(F("order__collection_on").asc(nulls_first=True), "title", "-pk")
    else:
        lines = lines.order_by("-pk")
    return [
        OrderedLine(
            title=row["title"],
            quantity=row["quantity"],
            unit=str(Unit(row["unit"]).label),
            collection_on=row["order__collection_on"],
            status=row["order__status"],
            household=row["partner__name"],
            household_id=row["partner_id"],
        )
        for row in lines.values(*LINE_FIELDS)[first : first + most]
    ]
