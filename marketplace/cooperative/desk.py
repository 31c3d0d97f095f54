"""What a cooperative sees at its desk: goods that wait, orders and their lines by household; each read is scoped."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any, Final

from django.db import transaction
from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery

from base.accounts.models import User
from base.codes import clean_code
from marketplace.catalogue.listing import approve, locked_goods, send_back
from marketplace.catalogue.models import ListingState, Product
from marketplace.cooperative.models import Cooperative
from marketplace.order.models import Order, OrderStatus
from marketplace.partner.models import StockRecord
from media.renditions import prefetch

# what a household has not sent off, or has put away, is its own affair
SEEN_STATES: Final = (ListingState.SUBMITTED, ListingState.APPROVED, ListingState.RETURNED)
FEWEST_DIGITS: Final = 3


class Changed(Exception):
    """The goods are no longer what the manager looked at."""


def waiting_goods(cooperative: Cooperative) -> QuerySet[StockRecord]:
    """Return what waits for approval, oldest first, with small photos; a closed cooperative approves nothing."""
    found: QuerySet[StockRecord] = StockRecord.objects.filter(
        product__household__cooperative=cooperative,
        product__household__cooperative__is_active=True,
        product__listing_state=ListingState.SUBMITTED,
    )
    return (
        found.select_related("product__cover", "product__category", "product__household")
        .prefetch_related(prefetch("product__cover", "thumb"))
        .order_by("product__submitted_at", "product_id")
    )


def goods_to_review(cooperatives: Sequence[Cooperative]) -> QuerySet[StockRecord]:
    """Return the goods that these cooperatives, but for closed ones, may look at, with large photos."""
    found: QuerySet[StockRecord] = StockRecord.objects.filter(
        product__household__cooperative__in=[one for one in cooperatives if one.is_active],
        product__listing_state__in=SEEN_STATES,
    )
    return (
        found.select_related("product__cover", "product__category", "product__household__commune")
        .select_related("product__household__cooperative", "product__approved_by")
        .prefetch_related(prefetch("product__cover", "cover"))
    )


@transaction.atomic
def approve_as_seen(product: Product, *, seen: str, by: User) -> None:
    """Approve the goods if they still are what the manager saw. Raises Changed, NotNow."""
    locked = locked_goods().get(pk=product.pk)
    if locked.listing_state == ListingState.SUBMITTED and version_of(locked) != seen:
        raise Changed
    approve(locked, by=by)


@transaction.atomic
def send_back_as_seen(product: Product, *, seen: str, reason: str) -> None:
    """Send the goods back if they still are what the manager saw; again with the same reason changes nothing. Raises
    Changed, NotNow."""
    locked = locked_goods().get(pk=product.pk)
    if locked.listing_state == ListingState.RETURNED and locked.return_reason == reason:
        return
    if locked.listing_state in SEEN_STATES and version_of(locked) != seen:
        raise Changed
    send_back(locked, reason=reason)


def version_of(product: Product) -> str:
    """Return what changes whenever the household saves the goods, or a manager decides on them."""
    updated: dt.datetime = product.date_updated
    return updated.isoformat()


@dataclass(frozen=True, slots=True)
class Load:
    """How much waits at one desk."""

    waiting: int
    to_pack: int


def loads(cooperatives: Sequence[Cooperative]) -> dict[int, Load]:
    """Return by cooperative id how many goods wait for approval and how many orders for packing; one query."""
    waiting = Product.objects.filter(
        household__cooperative=OuterRef("pk"), listing_state=ListingState.SUBMITTED
    ).order_by()
    to_pack = Order.objects.filter(cooperative=OuterRef("pk"), status=OrderStatus.PLACED).order_by()
    rows = (
        Cooperative.objects.filter(pk__in=[cooperative.pk for cooperative in cooperatives])
        .order_by()
        .values_list("pk", _count(waiting, "household__cooperative"), _count(to_pack, "cooperative"))
    )
    return {pk: Load(goods or 0, orders or 0) for pk, goods, orders in rows}


def _count(rows: Any, by: str) -> Subquery:
    return Subquery(rows.values(by).annotate(count=Count("pk")).values("count"), output_field=IntegerField())


def orders_of(cooperatives: Sequence[Cooperative]) -> QuerySet[Any]:
    """Return the orders of these cooperatives with buyer and pickup point."""
    return Order.objects.packed_by(cooperatives).select_related("purchase", "pickup_point")


def sorted_for_work(orders: QuerySet[Any]) -> QuerySet[Any]:
    """Return the orders with the nearest collection day first, then by time of ordering."""
    return orders.order_by(F("collection_on").asc(nulls_first=True), "date_placed", "pk")


def matching(orders: QuerySet[Any], typed: str) -> QuerySet[Any]:
    """Return the orders with this code, or whose code or phone number ends so; none for anything else."""
    code = clean_code(typed)
    if code is not None:
        found = orders.filter(Q(number=code) | Q(purchase__code=code))
        if found.exists():
            return found
    ending = "".join(
        char for char in unicodedata.normalize("NFKC", typed).upper() if char.isascii() and char.isalnum()
    )
    if not FEWEST_DIGITS <= len(ending) <= 12:
        return orders.none()
    rule = Q(number__endswith=ending) | Q(purchase__code__endswith=ending)
    if ending.isdigit():
        rule |= Q(purchase__contact_phone__endswith=_end_of_phone(ending))
    return orders.filter(rule)


def _end_of_phone(digits: str) -> str:
    """Return the digits without what a whole number begins with: "0912345678" and "84912345678" -> "912345678"."""
    if len(digits) >= 10:
        return digits.removeprefix("84").removeprefix("0")
    return digits


@dataclass(frozen=True, slots=True)
class HouseholdPart:
    """The lines of one household in an order."""

    name: str
    lines: Sequence[Any]

    @property
    def total(self) -> Decimal:
        """Return what these lines cost, in đồng."""
        return sum((line.line_price_incl_tax for line in self.lines), Decimal(0))


def by_household(order: Any) -> list[HouseholdPart]:
    """Return the order's lines household by household."""
    lines = order.lines.order_by("partner_name", "partner_id", "pk")
    return [
        HouseholdPart(name, list(group))
        for (_pk, name), group in groupby(lines, key=lambda line: (line.partner_id, line.partner_name))
    ]
