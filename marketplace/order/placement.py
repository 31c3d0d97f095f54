"""Place a purchase: the basket is split into one order per cooperative, all in one transaction, all or none."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from oscar.apps.checkout.calculators import OrderTotalCalculator
from oscar.core import prices

from base.accounts import sms
from marketplace.basket.lines import MOST_TOTAL_VND, total_of
from marketplace.basket.models import Basket
from marketplace.basket.seen import seen_of
from marketplace.changes import stock_moved
from marketplace.cooperative.windows import OpenState, open_states
from marketplace.order.models import Purchase
from marketplace.order.utils import OrderCreator, OrderNumberGenerator
from marketplace.partner.allocation import InsufficientStock
from marketplace.partner.models import StockRecord
from marketplace.partner.strategy import MarketStrategy
from marketplace.shipping.methods import Pickup

if TYPE_CHECKING:
    from base.accounts.models import User
    from marketplace.catalogue.models import Product
    from marketplace.cooperative.models import Cooperative, PickupPoint


class CannotPlace(Exception):
    """The purchase cannot be placed as it stands; nothing was changed."""


class EmptyBasket(CannotPlace):
    """Nothing is left to order (or the basket was sent off already)."""


class BasketChanged(CannotPlace):
    """The basket is no longer what the buyer saw; she must look at it again."""


class TooMuchMoney(CannotPlace):
    """The purchase costs more than ``basket.lines.MOST_TOTAL_VND``."""


class NoPickupPoint(CannotPlace):
    """A cooperative in the basket has no pickup point chosen, or one that is not its own."""


@dataclass
class GoodsProblem(CannotPlace):
    """One product cannot be had as the basket says."""

    product: Product

    def __post_init__(self) -> None:
        """Give the exception a message for the log."""
        super().__init__(self.product.pk)


class OffTheMarket(GoodsProblem):
    """The product is no longer listed."""


@dataclass
class NotEnough(GoodsProblem):
    """Fewer units are left (``left`` of them) than the basket asks for."""

    left: int = 0


@dataclass
class PriceChanged(GoodsProblem):
    """The price is no longer the one the buyer saw (``basket.lines.refresh_prices`` shows the new one)."""

    price: Decimal = Decimal(0)


@dataclass
class WindowClosed(GoodsProblem):
    """The cooperative takes no orders now."""

    opens_at: dt.datetime | None = None


class NotReady(GoodsProblem):
    """The product is ready only after the day on which the cooperative hands over."""


@dataclass(frozen=True, slots=True)
class Contact:
    """Who buys: a name, a phone (E.164) and a note for the cooperatives."""

    name: str
    phone: str
    note: str = ""


def place_purchase(
    *,
    basket: Basket,
    contact: Contact,
    pickup_points: Mapping[int, PickupPoint],
    user: User | None = None,
    seen: str | None = None,
) -> Purchase:
    """Return the placed purchase with one order per cooperative; ``pickup_points`` is keyed by cooperative id.

    ``seen`` is what the buyer looked at (basket.seen), None where nobody looks (seed). Raises CannotPlace (see its
    subclasses) and then changes nothing. Never sells more than there is, never at a price the buyer has not seen, never
    past a closed order window.
    """
    try:
        with transaction.atomic():
            return _place(basket, contact, pickup_points, user, seen)
    except InsufficientStock as gone:
        record = StockRecord.objects.select_related("product").get(pk=gone.stockrecord_id)
        raise NotEnough(record.product, left=record.net_stock_level) from gone


def _place(
    basket: Basket,
    contact: Contact,
    pickup_points: Mapping[int, PickupPoint],
    user: User | None,
    seen: str | None,
) -> Purchase:
    now = timezone.now()
    if not Basket.objects.filter(pk=basket.pk, status=Basket.OPEN).update(status=Basket.FROZEN):
        raise EmptyBasket
    lines = list(
        basket.lines.select_related("product__household__cooperative", "stockrecord__partner").order_by(
            "stockrecord_id"
        )
    )
    if not lines:
        raise EmptyBasket
    by_cooperative = _split(lines)
    states = open_states([cooperative for cooperative, its_lines in by_cooperative.values()], now)
    # read once: the days that are compared here are those that the orders say
    days = {pk: _collection_day(states[pk], its_lines) for pk, (_one, its_lines) in by_cooperative.items()}
    if seen is not None and seen != seen_of(lines, days):  # frozen above, so it stays as compared here
        raise BasketChanged
    if total_of(lines) > MOST_TOTAL_VND:
        raise TooMuchMoney
    _check_points(by_cooperative, pickup_points)
    purchase = Purchase.objects.create(
        contact_name=contact.name, contact_phone=contact.phone, note=contact.note, user=user, placed_at=now
    )
    # by cooperative id, then by stock record: everybody takes the row locks in the same order, so no deadlock
    for cooperative_id in sorted(by_cooperative):
        cooperative, its_lines = by_cooperative[cooperative_id]
        _place_order(
            purchase,
            basket,
            cooperative,
            its_lines,
            pickup_points[cooperative_id],
            states[cooperative_id],
            days[cooperative_id],
            user,
        )
    Basket.objects.filter(pk=basket.pk).update(status=Basket.SUBMITTED, date_submitted=now)
    stock_moved(_units(lines))
    link = settings.SITE_BASE_URL + purchase.get_absolute_url()
    sms.send(
        "purchase placed",
        contact.phone,
        _("%(site)s: your order %(code)s was sent. Follow it: %(link)s")
        % {"site": settings.SITE_NAME, "code": purchase.code, "link": link},
    )
    return purchase


def _units(lines: Sequence[Any]) -> Counter[int]:
    """Return how many units of each product these lines hold."""
    units: Counter[int] = Counter()
    for line in lines:
        units[line.product_id] += line.quantity
    return units


def _split(lines: Sequence[Any]) -> dict[int, tuple[Cooperative, list[Any]]]:
    """Return cooperative id -> (cooperative, its basket lines). Raises OffTheMarket for goods without one."""
    parts: dict[int, tuple[Cooperative, list[Any]]] = {}
    for line in lines:
        household = line.product.household
        if household is None or household.cooperative is None:
            raise OffTheMarket(line.product)
        parts.setdefault(household.cooperative_id, (household.cooperative, []))[1].append(line)
    return parts


def _check_points(cooperatives: Iterable[int], pickup_points: Mapping[int, PickupPoint]) -> None:
    for cooperative_id in cooperatives:
        point = pickup_points.get(cooperative_id)
        if point is None or point.cooperative_id != cooperative_id or not point.is_active:
            raise NoPickupPoint(cooperative_id)


def _collection_day(state: OpenState, lines: Sequence[Any]) -> dt.date | None:
    return state.collection_day(line.product.ready_from for line in lines)


def _check_line(line: Any, state: OpenState) -> None:
    product, household = line.product, line.product.household
    is_listed = product.is_public and household.is_active and household.cooperative.is_active
    if not is_listed or line.stockrecord is None or line.stockrecord.price is None:
        raise OffTheMarket(product)
    if not state.is_open:
        raise WindowClosed(product, opens_at=state.changes_at)
    if state.misses(product.ready_from):
        raise NotReady(product)
    if line.stockrecord.price != line.price_excl_tax:
        raise PriceChanged(product, price=line.stockrecord.price)


def _place_order(
    purchase: Purchase,
    basket: Basket,
    cooperative: Cooperative,
    lines: Sequence[Any],
    pickup_point: PickupPoint,
    state: OpenState,
    collection_on: dt.date | None,
    user: User | None,
) -> None:
    child = Basket.objects.create(parent=basket, owner=basket.owner, status=Basket.FROZEN)
    child.strategy = MarketStrategy(None)
    basket.lines.filter(pk__in=[line.pk for line in lines]).update(basket=child)
    # Oscar sells what this cached read says: check this one, since a price may have changed a moment ago
    child._lines = (
        child.lines.select_related("product__household__cooperative", "stockrecord__partner")
        .prefetch_related("attributes")
        .order_by("pk")
    )
    if seen_of(child.all_lines()) != seen_of(lines):  # renamed, or another unit, since they were compared
        raise BasketChanged
    for line in child.all_lines():
        _check_line(line, state)
    shipping_method = Pickup()
    no_charge = prices.Price(settings.OSCAR_DEFAULT_CURRENCY, excl_tax=Decimal(0), tax=Decimal(0))
    OrderCreator().place_order(
        basket=child,
        total=OrderTotalCalculator().calculate(child, no_charge),
        shipping_method=shipping_method,
        shipping_charge=no_charge,
        user=user,
        order_number=OrderNumberGenerator().order_number(child),
        purchase=purchase,
        cooperative=cooperative,
        pickup_point=pickup_point,
        collection_on=collection_on,
        date_placed=purchase.placed_at,
    )
    child.submit()
