"""Put goods into a basket, change how many, take them out; and read the basket by cooperative."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from marketplace.basket.models import Basket
from marketplace.catalogue.models import Product
from marketplace.cooperative.models import Cooperative, PickupPoint
from marketplace.cooperative.windows import OpenState, open_states
from marketplace.partner.models import StockRecord
from media.models import Photo

MOST: Final = 9_999
MOST_LINES: Final = 60
MOST_TOTAL_VND: Final = 1_000_000_000  # ours: it is paid in cash; Oscar's totals ended at 9,999,999,999


class CannotAdd(Exception):
    """The goods cannot be put into the basket; ``left`` is how many units could be (0: none)."""

    def __init__(self, left: int = 0) -> None:
        """Remember how many could be had."""
        super().__init__(left)
        self.left = left


class TooManyKinds(CannotAdd):
    """The basket holds MOST_LINES kinds of goods: a limit of ours, the goods themselves are there."""


class TooManyUnits(CannotAdd):
    """More than MOST units of one kind: a limit of ours, too."""


class TooMuchMoney(CannotAdd):
    """The basket would cost more than MOST_TOTAL_VND."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """What was typed for a line and cannot be taken, and why, in words."""

    typed: str
    words: str


NOTHING_WRONG: Final[Mapping[int, Wrong]] = {}


@dataclass(frozen=True, slots=True)
class BasketLine:
    """A line as the basket page shows it: ``problem`` is "", "gone", "few", "price" or "late"."""

    line: Any
    product: Product
    stock: StockRecord | None
    photo: Photo | None
    total: Decimal
    problem: str
    wrong: Wrong | None = None
    """What was typed just now and not taken."""


@dataclass(frozen=True, slots=True)
class BasketPart:
    """The lines of one cooperative; without a place to collect them (``has_pickup``) they cannot be ordered."""

    cooperative: Cooperative
    state: OpenState
    has_pickup: bool
    lines: list[BasketLine]
    total: Decimal

    @property
    def collection_on(self) -> dt.date | None:
        """Return the day on which all of it is collected; None: any day from now on."""
        return self.state.collection_day(one.product.ready_from for one in self.lines)

    @property
    def takes_orders(self) -> bool:
        """Return whether the cooperative can take this order now, whatever the single lines say."""
        return self.has_pickup and self.state.is_open


@transaction.atomic
def add(basket: Basket, product: Product, quantity: int) -> None:
    """Put ``quantity`` units more into the basket. Raises CannotAdd when fewer are left than that makes.

    Raises Basket.DoesNotExist when the basket was sent off meanwhile.
    """
    stock = StockRecord.objects.filter(product=product).first()
    if stock is None or stock.price is None or not product.is_public:
        raise CannotAdd
    Basket.objects.select_for_update().get(
        pk=basket.pk, status=Basket.OPEN
    )  # two taps at once add up, one after the other
    line = basket.lines.filter(product=product).first()
    _check_quantity(quantity + (line.quantity if line else 0), stock.net_stock_level)
    if line is None and basket.lines.count() >= MOST_LINES:
        raise TooManyKinds(stock.net_stock_level)
    _check_total(basket, stock, quantity + (line.quantity if line else 0))
    basket.add_product(product, quantity)
    basket.lines.filter(product=product).update(price_excl_tax=stock.price, price_incl_tax=stock.price)


@transaction.atomic
def set_quantity(basket: Basket, line_id: int, quantity: int) -> None:
    """Set how many units a line asks for; 0 takes it out. Raises CannotAdd beyond what is left.

    Raises Basket.DoesNotExist when the basket was sent off meanwhile: what is being ordered changes no more.
    """
    Basket.objects.select_for_update().get(pk=basket.pk, status=Basket.OPEN)
    line = basket.lines.select_related("stockrecord").filter(pk=line_id).first()
    if line is None:
        return
    if quantity == 0:
        line.delete()
        return
    left = line.stockrecord.net_stock_level if line.stockrecord else 0
    _check_quantity(quantity, left)
    if quantity > line.quantity:  # fewer may be asked for even when prices rose past the limit
        _check_total(basket, line.stockrecord, quantity)
    basket.lines.filter(pk=line_id).update(
        quantity=quantity, date_updated=timezone.now()
    )  # see forgetting.py


def _check_quantity(wanted: int, left: int) -> None:
    if wanted > left:
        raise CannotAdd(left)
    if wanted > MOST:
        raise TooManyUnits(left)


def _check_total(basket: Basket, stock: StockRecord, quantity: int) -> None:
    others = basket.lines.exclude(stockrecord=stock).values_list("quantity", "stockrecord__price")
    total = sum((units * (price or 0) for units, price in others), quantity * (stock.price or Decimal(0)))
    if total > MOST_TOTAL_VND:
        raise TooMuchMoney(stock.net_stock_level)


@transaction.atomic
def take_out(basket: Basket, cooperative_id: int) -> int:
    """Take the goods of one cooperative out of the basket; returns how many lines that were."""
    Basket.objects.select_for_update().get(pk=basket.pk, status=Basket.OPEN)
    lines = basket.lines.filter(product__household__cooperative=cooperative_id)
    return int(lines.delete()[1].get(lines.model._meta.label, 0))


@transaction.atomic
def refresh_prices(basket: Basket) -> None:
    """Take over today's prices into the basket; whoever calls this tells the buyer which of them changed."""
    Basket.objects.select_for_update().get(pk=basket.pk, status=Basket.OPEN)
    now = Subquery(StockRecord.objects.filter(pk=OuterRef("stockrecord_id")).values("price"))
    basket.lines.filter(stockrecord__price__isnull=False).update(price_excl_tax=now, price_incl_tax=now)


def total_of(lines: Iterable[Any]) -> Decimal:
    """Return what these lines of a basket cost at the prices that the buyer was shown."""
    return sum((line.quantity * (line.price_excl_tax or 0) for line in lines), Decimal(0))


def units_in(basket: Basket | None) -> int:
    """Return how many lines the basket has (what the little number beside it says)."""
    return basket.lines.count() if basket is not None else 0


def parts_of(basket: Basket, wrong: Mapping[int, Wrong] = NOTHING_WRONG) -> list[BasketPart]:
    """Return the basket by cooperative, with whatever stands in the way of each line; five queries.

    ``wrong`` is what was typed for lines, by their id, and not taken.
    """
    lines = list(_lines(basket))
    photos = Photo.objects.with_renditions().in_bulk({line.product.cover_id for line in lines} - {None})
    cooperatives = {
        line.product.household.cooperative_id: line.product.household.cooperative
        for line in lines
        if line.product.household and line.product.household.cooperative
    }
    states = open_states(cooperatives.values())
    with_pickup = set(
        PickupPoint.objects.active()
        .filter(cooperative__in=cooperatives)
        .values_list("cooperative_id", flat=True)
    )
    parts = []
    for cooperative_id, cooperative in sorted(cooperatives.items()):
        own = [
            _shown(line, photos, states[cooperative_id], wrong.get(line.pk))
            for line in lines
            if line.product.household and line.product.household.cooperative_id == cooperative_id
        ]
        parts.append(
            BasketPart(
                cooperative,
                states[cooperative_id],
                cooperative_id in with_pickup,
                own,
                sum((one.total for one in own), Decimal(0)),
            )
        )
    return parts


def _lines(basket: Basket) -> QuerySet[Any]:
    return basket.lines.select_related("product__household__cooperative", "stockrecord").order_by("pk")


def _shown(line: Any, photos: dict[int, Photo], state: OpenState, wrong: Wrong | None) -> BasketLine:
    stock, product = line.stockrecord, line.product
    problem = ""
    if stock is None or stock.price is None or stock.net_stock_level == 0 or not _is_listed(product):
        problem = "gone"
    elif stock.net_stock_level < line.quantity:
        problem = "few"
    elif stock.price != line.price_excl_tax:
        problem = "price"
    elif state.misses(product.ready_from):
        problem = "late"
    price = line.price_excl_tax or Decimal(0)
    photo = photos.get(product.cover_id)
    return BasketLine(line, product, stock, photo, price * line.quantity, problem, wrong)


def _is_listed(product: Product) -> bool:
    household = product.household
    if household is None or household.cooperative is None:
        return False
    return product.is_public and household.is_active and household.cooperative.is_active
